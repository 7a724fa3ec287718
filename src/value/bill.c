/*
 * bill.c — assistance.bill as an SQL type: text, binary and JSON forms. make_bill is in make_bill.c, the stored form in
 * bill_binary.c; what a bill may say is decided by CheckBill.
 */
#include "postgres.h"

#include "errors.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "value/bill.h"
#include "value/make_bill.h"

#define BILL_WIRE_VERSION 1

void
DatumGetBill(Datum value, Bill *bill)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);

	if (unlikely(!BillDecode(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), bill)))
		RefuseDamaged("bill");
}

Datum
BillGetDatum(const Bill *bill)
{
	char		bytes[BILL_MAX_BYTES];
	int			length = BillEncode(bill, bytes);
	struct varlena *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), bytes, length);
	return PointerGetDatum(value);
}

bool
BillFromText(const char *json, size_t length, Node *escontext, Datum *value)
{
	Fault		fault;
	Bill		bill;
	char	   *scratch;
	int			scratch_size;

	if (length > MAX_JSON_BYTES)
	{
		FaultFormat(&fault, ST_JSON_TOO_LARGE, "", "at most 262144 bytes", "%zu bytes", length);
		ReportFault(&fault, escontext);
		return false;
	}
	scratch_size = BillScratchNeeded((int) length);
	scratch = palloc(scratch_size);
	if (BillFromJson(json, (int) length, scratch, scratch_size, &bill, &fault) != ST_OK)
	{
		ReportFault(&fault, escontext);
		return false;
	}
	*value = BillGetDatum(&bill);
	pfree(scratch);
	return true;
}

char *
BillText(const Bill *bill, int *length)
{
	int			size = 1024;
	char	   *json = palloc(size);

	*length = BillToJson(bill, json, size - 1);
	if (*length >= size)
	{
		size = *length + 1;
		pfree(json);
		json = palloc(size);
		*length = BillToJson(bill, json, size - 1);
	}
	json[*length] = '\0';
	return json;
}

PG_FUNCTION_INFO_V1(assistance_bill_in);
Datum
assistance_bill_in(PG_FUNCTION_ARGS)
{
	char	   *json = PG_GETARG_CSTRING(0);
	Datum		value;

	if (!BillFromText(json, strlen(json), fcinfo->context, &value))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_bill_out);
Datum
assistance_bill_out(PG_FUNCTION_ARGS)
{
	Bill		bill;
	int			length;

	DatumGetBill(PG_GETARG_DATUM(0), &bill);
	PG_RETURN_CSTRING(BillText(&bill, &length));
}

PG_FUNCTION_INFO_V1(assistance_bill_recv);
Datum
assistance_bill_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	char	   *json;
	int			length;
	Datum		value = (Datum) 0;

	if (pq_getmsgint(message, 2) != BILL_WIRE_VERSION)
		RefuseDamaged("bill");
	json = pq_getmsgtext(message, message->len - message->cursor, &length);
	BillFromText(json, length, NULL, &value);
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_bill_send);
Datum
assistance_bill_send(PG_FUNCTION_ARGS)
{
	Bill		bill;
	int			length;
	char	   *json;
	StringInfoData message;

	DatumGetBill(PG_GETARG_DATUM(0), &bill);
	json = BillText(&bill, &length);
	pq_begintypsend(&message);
	pq_sendint16(&message, BILL_WIRE_VERSION);
	pq_sendtext(&message, json, length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

PG_FUNCTION_INFO_V1(assistance_bill_from_json);
Datum
assistance_bill_from_json(PG_FUNCTION_ARGS)
{
	text	   *json = PG_GETARG_TEXT_PP(0);
	Datum		value = (Datum) 0;

	BillFromText(VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json), NULL, &value);
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_bill_from_jsonb);
Datum
assistance_bill_from_jsonb(PG_FUNCTION_ARGS)
{
	char	   *json = DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(0)));
	Datum		value = (Datum) 0;

	BillFromText(json, strlen(json), NULL, &value);
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_bill_to_json);
Datum
assistance_bill_to_json(PG_FUNCTION_ARGS)
{
	Bill		bill;
	int			length;
	char	   *json;

	DatumGetBill(PG_GETARG_DATUM(0), &bill);
	json = BillText(&bill, &length);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(json, length));
}

PG_FUNCTION_INFO_V1(assistance_bill_to_jsonb);
Datum
assistance_bill_to_jsonb(PG_FUNCTION_ARGS)
{
	Bill		bill;
	int			length;

	DatumGetBill(PG_GETARG_DATUM(0), &bill);
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(BillText(&bill, &length))));
}
