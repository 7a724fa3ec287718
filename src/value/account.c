/*
 * account.c — assistance.account as an SQL type: a format number and the canonical JSON of the account. What an account may
 * say is decided by AccountFromJson.
 */
#include "postgres.h"

#include "errors.h"
#include "value/account.h"
#include "value/value.h"

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

	StaticAssertStmt(MAX_ACCOUNT_BYTES == 16777216, "the limit is written out below");
	if (length > MAX_ACCOUNT_BYTES)
	{
		FaultFormat(&fault, ST_JSON_TOO_LARGE, "", "at most 16777216 bytes", "%zu bytes", length);
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
AccountGetTextDatum(const Account *account, AccountForm form)
{
	int			size = FIRST_SIZE;
	text	   *json = palloc(VARHDRSZ + size);
	int			length = AccountFormToJson(account, form, VARDATA(json), size);

	if (length > size)
	{
		pfree(json);
		json = palloc(VARHDRSZ + length);
		length = AccountFormToJson(account, form, VARDATA(json), length);
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

/* The canonical value of a JSON text; 0 after a soft error. */
static Datum
AccountFromText(const char *json, size_t length, Node *escontext)
{
	Account    *account = NewAccount();
	Datum		value = (Datum) 0;

	if (ReadAccount(json, length, account, escontext))
		value = AccountGetDatum(account);
	pfree(account);
	return value;
}

static char *
AccountText(Datum value, int *length)
{
	AccountValue *account = DatumGetAccountValue(value);

	*length = AccountJsonLength(account);
	return pnstrdup(account->json, *length);
}

/* Canonical JSON: equal accounts have equal bytes. */
static const ValueType account_type = {"account", AccountFromText, AccountText, StoredKey};

VALUE_IN_OUT(account);
VALUE_COMPARISONS(account);
VALUE_FUNCTION(account, from_json, ValueFromJson(&account_type, fcinfo));
VALUE_FUNCTION(account, from_jsonb, ValueFromJsonb(&account_type, fcinfo));
VALUE_FUNCTION(account, to_json, ValueToJson(&account_type, fcinfo));
VALUE_FUNCTION(account, to_jsonb, ValueToJsonb(&account_type, fcinfo));
