/*
 * value.h — what terms, bill, account and lines have in common: each is a JSON text to the outside and bytes inside, of which
 * some decide equality and order. A type says how in a ValueType; the macros make its SQL functions.
 */
#ifndef ASSISTANCE_VALUE_VALUE_H
#define ASSISTANCE_VALUE_VALUE_H

#include "compat.h"

/* The bytes that decide equality and order: equal values have equal ones, in whatever form they are stored. */
typedef struct ValueKey
{
	const char *bytes;
	int			length;
	void	   *copy;			/* to be freed; NULL: the bytes are the value's own */
} ValueKey;

typedef struct ValueType
{
	const char *name;			/* as MA302 says it */
	Datum		(*from_text) (const char *json, size_t length, Node *escontext);	/* 0 after a soft error */
	char	   *(*to_text) (Datum value, int *length);	/* palloc'd, with a final zero */
	ValueKey	(*key) (Datum value);
} ValueType;

extern Datum ValueIn(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueOut(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueReceive(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueSend(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueFromJson(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueFromJsonb(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueToJson(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueToJsonb(const ValueType *type, FunctionCallInfo fcinfo);
extern Datum ValueHash(const ValueType *type, FunctionCallInfo fcinfo);

/* The key of a value whose stored bytes are canonical: all of them */
extern ValueKey StoredKey(Datum value);

/* Below, at or above 0 as the first argument comes before, with or after the second: by bytes, then by length */
extern int	ValueCompare(const ValueType *type, FunctionCallInfo fcinfo);

/* assistance_<type>_<name>, which SQL calls */
#define VALUE_FUNCTION(type, name, result) \
	PG_FUNCTION_INFO_V1(assistance_##type##_##name); \
	Datum \
	assistance_##type##_##name(PG_FUNCTION_ARGS) \
	{ \
		return result; \
	} \
	extern int	no_such_variable

/* Text and binary forms */
#define VALUE_IN_OUT(type) \
	VALUE_FUNCTION(type, in, ValueIn(&type##_type, fcinfo)); \
	VALUE_FUNCTION(type, out, ValueOut(&type##_type, fcinfo)); \
	VALUE_FUNCTION(type, recv, ValueReceive(&type##_type, fcinfo)); \
	VALUE_FUNCTION(type, send, ValueSend(&type##_type, fcinfo))

/* Equality, order, hash */
#define VALUE_COMPARISONS(type) \
	VALUE_FUNCTION(type, eq, BoolGetDatum(ValueCompare(&type##_type, fcinfo) == 0)); \
	VALUE_FUNCTION(type, ne, BoolGetDatum(ValueCompare(&type##_type, fcinfo) != 0)); \
	VALUE_FUNCTION(type, lt, BoolGetDatum(ValueCompare(&type##_type, fcinfo) < 0)); \
	VALUE_FUNCTION(type, le, BoolGetDatum(ValueCompare(&type##_type, fcinfo) <= 0)); \
	VALUE_FUNCTION(type, ge, BoolGetDatum(ValueCompare(&type##_type, fcinfo) >= 0)); \
	VALUE_FUNCTION(type, gt, BoolGetDatum(ValueCompare(&type##_type, fcinfo) > 0)); \
	VALUE_FUNCTION(type, cmp, Int32GetDatum(ValueCompare(&type##_type, fcinfo))); \
	VALUE_FUNCTION(type, hash, ValueHash(&type##_type, fcinfo))

#endif
