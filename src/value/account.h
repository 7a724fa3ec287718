/*
 * account.h — the stored form of assistance.account.
 */
#ifndef ASSISTANCE_VALUE_ACCOUNT_H
#define ASSISTANCE_VALUE_ACCOUNT_H

#include "compat.h"
#include "core.h"

#define ACCOUNT_FORMAT 1

/* Every released format stays readable. */
typedef struct AccountValue
{
	int32		vl_len_;
	uint16		format;
	char		json[FLEXIBLE_ARRAY_MEMBER];	/* canonical, no final zero */
} AccountValue;

#define ACCOUNT_HEADER offsetof(AccountValue, json)

static inline int
AccountJsonLength(const AccountValue *value)
{
	return (int) (VARSIZE(value) - ACCOUNT_HEADER);
}

/* An empty account, palloc'd. */
extern Account *NewAccount(void);

/* The value with its header checked; detoasted, as short as it may be. */
extern AccountValue *DatumGetAccountValue(Datum value);

/* Fill *account from a value. */
extern void DatumGetAccount(Datum value, Account *account);

/* The same from and to text or json, as tables of built-in types hold an account. */
extern void AccountFromTextDatum(Datum json, Account *account);
extern Datum AccountGetTextDatum(const Account *account, AccountForm form);

/* The stored form of an account, palloc'd. */
extern Datum AccountGetDatum(const Account *account);

#endif
