/*
 * account.c — an empty account, its table of names, and finding or opening a counter in it. Which period a bill
 * belongs to is decided in period.c; the JSON form is in account_json.c.
 */
#include <string.h>

#include "fold.h"

/* No bill yet. Only counts are touched: the tables are large. */
void
AccountInit(Account *account)
{
	account->started = false;
	account->last_ordered_at = 0;
	account->last_seq = 0;
	account->unkept = false;
	account->unkept_day = 0;
	account->n_names = 0;
	account->n_inherited = 0;
	account->n_parts = 0;
	account->n_bases = 0;
	account->n_tallies = 0;
	account->n_kept = 0;
	account->n_event_paid = 0;
}

/* The id of a name, entered into the table when it is new */
NameId
AccountName(Account *account, const char *text, int length, Fault *fault)
{
	Name	   *name;

	for (int i = 0; i < account->n_names; i++)
	{
		name = &account->names[i];
		if (name->length == length && memcmp(name->text, text, (size_t) length) == 0)
			return (NameId) i;
	}
	if (account->n_names == MAX_NAMES + account->n_inherited || length > MAX_CODE)
	{
		FaultFormat(fault, ST_ACCOUNT_FULL, "account", "fold the years of this person one after another, each from a fresh account",
					"%d different names of counters and codes", (int) account->n_names);
		return NAME_NONE;
	}
	name = &account->names[account->n_names];
	name->length = (uint8_t) length;
	memcpy(name->text, text, (size_t) length);
	return account->n_names++;
}

/* The slot of a named part in the account's part table, or -1 when the table is full */
int
AccountPart(Account *account, Code part)
{
	PartName   *slot;

	for (int i = 0; i < account->n_parts; i++)
	{
		slot = &account->parts[i];
		if (slot->length == part.length && memcmp(slot->text, part.text, part.length) == 0)
			return i;
	}
	if (account->n_parts == MAX_PARTS)
		return -1;
	slot = &account->parts[account->n_parts];
	slot->length = part.length;
	memcpy(slot->text, part.text, part.length);
	return account->n_parts++;
}

/* Does any base or tally have parts of a fen? */
bool
AccountHasFractions(const Account *account)
{
	for (int i = 0; i < account->n_bases; i++)
	{
		if (account->bases[i].fractional || account->bases[i].deductible.nano != 0)
			return true;
	}
	for (int i = 0; i < account->n_tallies; i++)
	{
		if (account->tallies[i].used.nano != 0)
			return true;
	}
	return false;
}

/* The cumulative base of a key, opened at zero when it is new; NULL when the table is full */
BaseCounter *
AccountBase(Account *account, const CounterKey *key)
{
	BaseCounter *base;

	for (int i = 0; i < account->n_bases; i++)
	{
		base = &account->bases[i];
		if (base->name == key->name && base->period == key->period && NameIs(&base->sub, &key->sub))
			return base;
	}
	return AccountOpenBase(account, key);
}

/* A new cumulative base at zero; NULL when the table is full */
BaseCounter *
AccountOpenBase(Account *account, const CounterKey *key)
{
	BaseCounter *base;

	if (account->n_bases == MAX_BASES)
		return NULL;
	base = &account->bases[account->n_bases++];
	memset(base, 0, sizeof(*base));
	base->name = key->name;
	base->period = key->period;
	CopyName(&base->sub, &key->sub);
	return base;
}

/* The tally of a kind and key if it is open, else NULL */
Tally *
AccountTallyIfOpen(Account *account, TallyKind kind, const CounterKey *key)
{
	for (int i = 0; i < account->n_tallies; i++)
	{
		Tally	   *tally = &account->tallies[i];

		if (tally->kind == kind && tally->name == key->name && tally->period == key->period && NameIs(&tally->sub, &key->sub))
			return tally;
	}
	return NULL;
}

/* The tally of a kind and key, opened at zero when it is new; NULL when the table is full */
Tally *
AccountTally(Account *account, TallyKind kind, const CounterKey *key)
{
	Tally	   *tally = AccountTallyIfOpen(account, kind, key);

	return tally != NULL ? tally : AccountOpenTally(account, kind, key);
}

/* A new tally at zero; NULL when the table is full */
Tally *
AccountOpenTally(Account *account, TallyKind kind, const CounterKey *key)
{
	Tally	   *tally;

	if (account->n_tallies == MAX_TALLIES)
		return NULL;
	tally = &account->tallies[account->n_tallies++];
	tally->kind = kind;
	tally->name = key->name;
	tally->period = key->period;
	CopyName(&tally->sub, &key->sub);
	tally->used = ExactFen(0);
	tally->cost_fen = 0;
	return tally;
}

/* Forget a tally: the last one takes its place */
void
AccountForgetTally(Account *account, Tally *tally)
{
	*tally = account->tallies[--account->n_tallies];
}
