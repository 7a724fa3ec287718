/*
 * value.c — the text, binary and JSON forms of the base types, and their equality, order and hash. What a JSON text of each type
 * may say, and how it is stored, is decided in the room of the type.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "errors.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "value/value.h"

#define WIRE_VERSION 1			/* of the binary form: this number in 16 bits, then the JSON text */

Datum
ValueIn(const ValueType *type, FunctionCallInfo fcinfo)
{
	char	   *json = PG_GETARG_CSTRING(0);
	Datum		value = type->from_text(json, strlen(json), fcinfo->context);

	if (value == (Datum) 0)
		PG_RETURN_NULL();
	return value;
}

Datum
ValueOut(const ValueType *type, FunctionCallInfo fcinfo)
{
	int			length;

	PG_RETURN_CSTRING(type->to_text(PG_GETARG_DATUM(0), &length));
}

Datum
ValueReceive(const ValueType *type, FunctionCallInfo fcinfo)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	char	   *json;
	int			length;

	if (pq_getmsgint(message, 2) != WIRE_VERSION)
		RefuseDamaged(type->name);
	json = pq_getmsgtext(message, message->len - message->cursor, &length);
	return type->from_text(json, length, NULL);
}

Datum
ValueSend(const ValueType *type, FunctionCallInfo fcinfo)
{
	int			length;
	char	   *json = type->to_text(PG_GETARG_DATUM(0), &length);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint16(&message, WIRE_VERSION);
	pq_sendtext(&message, json, length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

Datum
ValueFromJson(const ValueType *type, FunctionCallInfo fcinfo)
{
	text	   *json = PG_GETARG_TEXT_PP(0);

	return type->from_text(VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json), NULL);
}

Datum
ValueFromJsonb(const ValueType *type, FunctionCallInfo fcinfo)
{
	char	   *json = DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(0)));

	return type->from_text(json, strlen(json), NULL);
}

Datum
ValueToJson(const ValueType *type, FunctionCallInfo fcinfo)
{
	int			length;
	char	   *json = type->to_text(PG_GETARG_DATUM(0), &length);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(json, length));
}

Datum
ValueToJsonb(const ValueType *type, FunctionCallInfo fcinfo)
{
	int			length;

	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(type->to_text(PG_GETARG_DATUM(0), &length))));
}

ValueKey
StoredKey(Datum value)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
	bool		copied = (Pointer) bytes != DatumGetPointer(value);

	return (ValueKey) {VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), copied ? bytes : NULL};
}

/* Copies do not pile up: an index compares many values before anybody clears its memory. */
static void
FreeKey(ValueKey *key)
{
	if (key->copy != NULL)
		pfree(key->copy);
}

int
ValueCompare(const ValueType *type, FunctionCallInfo fcinfo)
{
	ValueKey	a = type->key(PG_GETARG_DATUM(0));
	ValueKey	b = type->key(PG_GETARG_DATUM(1));
	int			order = memcmp(a.bytes, b.bytes, Min(a.length, b.length));

	if (order == 0)
		order = a.length - b.length;
	FreeKey(&a);
	FreeKey(&b);
	return order;
}

Datum
ValueHash(const ValueType *type, FunctionCallInfo fcinfo)
{
	ValueKey	key = type->key(PG_GETARG_DATUM(0));
	Datum		hash = hash_any((const unsigned char *) key.bytes, key.length);

	FreeKey(&key);
	return hash;
}
