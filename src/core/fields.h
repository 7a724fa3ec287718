/*
 * fields.h — reading the members of JSON objects into the fields of a struct, strictly: what bill_json.c and
 * account_json.c have in common. Every refusal is a fault with path, line and column.
 */
#ifndef ASSISTANCE_FIELDS_H
#define ASSISTANCE_FIELDS_H

#include "bill.h"
#include "json.h"

typedef struct Fields
{
	Json		json;
	char	   *room;			/* for texts with escapes */
	int			room_size;
	Status		bad_value;		/* what a value of the right type but out of its range is */
	Fault	   *fault;
} Fields;

/* a number: value x 10^decimals lies in low .. high */
typedef struct Figure
{
	int			decimals;
	i128		low;
	i128		high;
	Status		below;			/* status of a value under low … */
	Status		above;			/* … and over high */
	const char *expected;
} Figure;

#define NOT_GIVEN (-1)			/* no node: the key is absent */

/* Scratch for a document of this length: its nodes and its unescaped texts, with room to align them */
extern int	FieldsScratch(int length, int limit);

/* Parse a document whose root is an object. Fields and texts live as long as text and scratch. */
extern Status FieldsOpen(Fields *f, const char *text, int length, int limit, char *scratch, int scratch_size,
						 Status bad_value, Fault *fault);

/* A fault about a node: found is the node as it stands there */
extern Status FieldFault(const Fields *f, int node, Status status, const char *expected);

/* The values of an object's members, one place per key, NOT_GIVEN where absent; any other key is a fault */
extern Status FieldMembers(const Fields *f, int object, const char *const *keys, int n_keys, int *values);

/* A fault when a value of an object's members is NOT_GIVEN */
extern Status FieldRequired(const Fields *f, int object, const char *const *keys, const int *values, int which);

/* At most max children of an object or array, else a fault of this status; what they are stands in the words */
extern Status FieldCount(const Fields *f, int node, int max, Status status, const char *what);

/* Each is a fault when the node is of another type or its value out of range */
extern Status FieldType(const Fields *f, int node, JsonType type, const char *expected);
extern Status FieldName(Fields *f, int node, int max, Code *name);
extern Status FieldNumber(const Fields *f, int node, const Figure *figure, i128 *value);
extern Status FieldInteger(const Fields *f, int node, const Figure *figure, int64_t *value);
extern Status FieldBool(const Fields *f, int node, bool *value);
extern Status FieldDate(const Fields *f, int node, int32_t *day);
extern Status FieldTimestamp(const Fields *f, int node, int64_t *microseconds);
extern Status FieldChoice(const Fields *f, int node, const char *const *choices, int n, const char *expected, int *choice);

#endif
