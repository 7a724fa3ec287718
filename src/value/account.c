/*
 * account.c — assistance.account as an SQL type: a format number and the canonical JSON of the account. What an account may
 * say is decided by AccountFromJson.
 */
#include "postgres.h"

#include "errors.h"
#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "value/account.h"

#define ACCOUNT_WIRE_VERSION 1
#define FIRST_SIZE 2048			/* most accounts are shorter */

/* A struct Account is large and only ever touched as far as it is filled. */
Account *
NewAccount(void)
{
	Account    *account = palloc_extended(sizeof(Account), MCXT_ALLOC_HUGE);

	AccountInit(account);
	return account;
}

AccountValue *
DatumGetAccountValue(Datum value)
{
	AccountValue *account = (AccountValue *) PG_DETOAST_DATUM(value);

	if (VARSIZE(account) < ACCOUNT_HEADER || account->format != ACCOUNT_FORMAT)
		RefuseDamaged("account");
	return account;
}

/* Read JSON into *account; false after a soft error. */
static bool
ReadAccount(const char *json, size_t length, Account *account, Node *escontext)
{
	Fault		fault;
	Status		status;
	char	   *scratch;
	int			scratch_size;

	if (length > MAX_ACCOUNT_BYTES)
	{
		FaultFormat(&fault, ST_JSON_TOO_LARGE, "", "at most 8388608 bytes", "%zu bytes", length);
		ReportFault(&fault, escontext);
		return false;
	}
	scratch_size = AccountScratchNeeded((int) length);
	scratch = palloc_extended(scratch_size, MCXT_ALLOC_HUGE);
	status = AccountFromJson(json, (int) length, scratch, scratch_size, account, &fault);
	pfree(scratch);
	if (status != ST_OK)
		ReportFault(&fault, escontext);
	return status == ST_OK;
}

void
AccountFromTextDatum(Datum json, Account *account)
{
	text	   *bytes = DatumGetTextPP(json);

	ReadAccount(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), account, NULL);
	if ((Pointer) bytes != DatumGetPointer(json))
		pfree(bytes);
}

Datum
AccountGetTextDatum(const Account *account)
{
	int			size = FIRST_SIZE;
	text	   *json = palloc(VARHDRSZ + size);
	int			length = AccountToJson(account, VARDATA(json), size);

	if (length > size)
	{
		pfree(json);
		json = palloc(VARHDRSZ + length);
		length = AccountToJson(account, VARDATA(json), length);
	}
	SET_VARSIZE(json, VARHDRSZ + length);
	return PointerGetDatum(json);
}

void
DatumGetAccount(Datum value, Account *account)
{
	AccountValue *stored = DatumGetAccountValue(value);

	ReadAccount(stored->json, AccountJsonLength(stored), account, NULL);
	if ((Pointer) stored != DatumGetPointer(value))
		pfree(stored);
}

Datum
AccountGetDatum(const Account *account)
{
	int			size = FIRST_SIZE;
	AccountValue *value = palloc(ACCOUNT_HEADER + size);
	int			length = AccountToJson(account, value->json, size);

	if (length > size)
	{
		pfree(value);
		value = palloc(ACCOUNT_HEADER + length);
		length = AccountToJson(account, value->json, length);
	}
	value->format = ACCOUNT_FORMAT;
	SET_VARSIZE(value, ACCOUNT_HEADER + length);
	return PointerGetDatum(value);
}

/* The canonical value of a JSON text; false after a soft error. */
static bool
AccountFromText(const char *json, size_t length, Node *escontext, Datum *value)
{
	Account    *account = NewAccount();
	bool		read = ReadAccount(json, length, account, escontext);

	if (read)
		*value = AccountGetDatum(account);
	pfree(account);
	return read;
}

PG_FUNCTION_INFO_V1(assistance_account_in);
Datum
assistance_account_in(PG_FUNCTION_ARGS)
{
	char	   *json = PG_GETARG_CSTRING(0);
	Datum		value;

	if (!AccountFromText(json, strlen(json), fcinfo->context, &value))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_account_out);
Datum
assistance_account_out(PG_FUNCTION_ARGS)
{
	AccountValue *value = DatumGetAccountValue(PG_GETARG_DATUM(0));

	PG_RETURN_CSTRING(pnstrdup(value->json, AccountJsonLength(value)));
}

PG_FUNCTION_INFO_V1(assistance_account_recv);
Datum
assistance_account_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	char	   *json;
	int			length;
	Datum		value = (Datum) 0;

	if (pq_getmsgint(message, 2) != ACCOUNT_WIRE_VERSION)
		RefuseDamaged("account");
	json = pq_getmsgtext(message, message->len - message->cursor, &length);
	AccountFromText(json, length, NULL, &value);
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_account_send);
Datum
assistance_account_send(PG_FUNCTION_ARGS)
{
	AccountValue *value = DatumGetAccountValue(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint16(&message, ACCOUNT_WIRE_VERSION);
	pq_sendtext(&message, value->json, AccountJsonLength(value));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

PG_FUNCTION_INFO_V1(assistance_account_from_json);
Datum
assistance_account_from_json(PG_FUNCTION_ARGS)
{
	text	   *json = PG_GETARG_TEXT_PP(0);
	Datum		value = (Datum) 0;

	AccountFromText(VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json), NULL, &value);
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_account_from_jsonb);
Datum
assistance_account_from_jsonb(PG_FUNCTION_ARGS)
{
	char	   *json = DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(0)));
	Datum		value = (Datum) 0;

	AccountFromText(json, strlen(json), NULL, &value);
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_account_to_json);
Datum
assistance_account_to_json(PG_FUNCTION_ARGS)
{
	AccountValue *value = DatumGetAccountValue(PG_GETARG_DATUM(0));

	PG_RETURN_TEXT_P(cstring_to_text_with_len(value->json, AccountJsonLength(value)));
}

PG_FUNCTION_INFO_V1(assistance_account_to_jsonb);
Datum
assistance_account_to_jsonb(PG_FUNCTION_ARGS)
{
	AccountValue *value = DatumGetAccountValue(PG_GETARG_DATUM(0));
	char	   *json = pnstrdup(value->json, AccountJsonLength(value));

	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(json)));
}

/* Canonical JSON: equal accounts have equal bytes. */
static bool
SameAccount(AccountValue *a, AccountValue *b)
{
	return VARSIZE(a) == VARSIZE(b) && memcmp(a->json, b->json, AccountJsonLength(a)) == 0;
}

PG_FUNCTION_INFO_V1(assistance_account_eq);
Datum
assistance_account_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SameAccount(DatumGetAccountValue(PG_GETARG_DATUM(0)), DatumGetAccountValue(PG_GETARG_DATUM(1))));
}

PG_FUNCTION_INFO_V1(assistance_account_ne);
Datum
assistance_account_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!SameAccount(DatumGetAccountValue(PG_GETARG_DATUM(0)), DatumGetAccountValue(PG_GETARG_DATUM(1))));
}

PG_FUNCTION_INFO_V1(assistance_account_hash);
Datum
assistance_account_hash(PG_FUNCTION_ARGS)
{
	AccountValue *value = DatumGetAccountValue(PG_GETARG_DATUM(0));

	PG_RETURN_DATUM(hash_any((const unsigned char *) value->json, AccountJsonLength(value)));
}
