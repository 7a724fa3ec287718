/*
 * period.c — days and dates, the period of a counter, and the key under which a bill finds it.
 */
#include <string.h>

#include "calendar.h"
#include "fold.h"

/* Days since 2000-01-01 to year, month, day */
void
DayToDate(int32_t day, int32_t *year, int8_t *month, int8_t *month_day)
{
	int			civil[3];

	CivilFromDay(day, &civil[0], &civil[1], &civil[2]);
	*year = civil[0];
	*month = (int8_t) civil[1];
	*month_day = (int8_t) civil[2];
}

/* The other way round */
int32_t
DateToDay(int32_t year, int month, int month_day)
{
	return DayFromCivil(year, month, month_day);
}

/* First day of the counter's period that holds a date */
int32_t
PeriodStart(const Counter *counter, int32_t year, int month, int month_day)
{
	int			start_month = counter->start_month;
	int			length = counter->every == EVERY_YEAR ? 12 : counter->every == EVERY_QUARTER ? 3 : 1;
	int			months = year * 12 + (month - 1);		/* of the date */
	int			behind;

	if (month_day < counter->start_day)
		months -= 1;			/* still in the month-long stretch that began in the month before */
	behind = (months - (start_month - 1)) % length;		/* years of bills are far above 0 */
	months -= behind;
	return DateToDay(months / 12, months % 12 + 1, counter->start_day);
}

/* The account's id of a name of the book, looked up once for each table of names */
Status
BookNameId(Run *run, Code name, uint16_t number, NameId *id)
{
	int16_t    *known = &run->fold->name_id[number];

	if (*known < 0)
	{
		*id = AccountName(&run->fold->account, name.text, name.length, run->fault);
		if (*id == NAME_NONE)
			return ST_ACCOUNT_FULL;
		*known = (int16_t) *id;
	}
	*id = (NameId) *known;
	return ST_OK;
}

/* Copy a code into a name */
static void
SetName(Name *name, Code code)
{
	name->length = code.length;
	if (code.length > 0)
		memcpy(name->text, code.text, code.length);
}

/* The key under which this bill finds a counter of the page */
Status
KeyOf(Run *run, uint8_t counter, CounterKey *key)
{
	const Counter *c = &run->page->counters[counter];

	PROPAGATE(BookNameId(run, c->name, c->name_number, &key->name));
	key->sub.length = 0;
	if (c->lasting)
	{
		key->period = run->year_first;
		return ST_OK;
	}
	if (c->every == EVERY_CHAIN)
	{
		key->period = run->bill->chain.text == NULL ? LONE_PERIOD : 0;
		run->fold->untidy = run->fold->untidy || key->period == LONE_PERIOD;
		SetName(&key->sub, run->bill->chain);
		return ST_OK;
	}
	if (c->every == EVERY_YEAR && c->start_month == 1 && c->start_day == 1)
		key->period = run->year_first;
	else
	{
		int32_t		year;
		int8_t		month;
		int8_t		day;

		DayToDate(run->day, &year, &month, &day);
		key->period = PeriodStart(c, year, month, day);
	}
	if (c->per == PER_LEVEL)
		SetName(&key->sub, run->bill->single[CODE_LEVEL]);
	else if (c->per == PER_HOSPITAL)
		SetName(&key->sub, run->bill->hospital);
	return ST_OK;
}

/* Is this the tally of a key? */
static inline bool
TallyIs(const Tally *tally, TallyKind kind, const CounterKey *key)
{
	return tally->kind == kind && tally->name == key->name && tally->period == key->period && NameIs(&tally->sub, &key->sub);
}

/* The tally of a counter of the page for this bill: looked up first where it was last time */
Status
BindTally(Run *run, TallyKind kind, uint8_t counter, Tally **tally)
{
	Fold	   *fold = run->fold;
	Account    *account = &fold->account;
	Hint	   *hint = &fold->tally_hint[kind][counter];
	CounterKey	key;

	if (!LastingKey(run, counter, &key))
		PROPAGATE(KeyOf(run, counter, &key));
	if (IsUnopened(fold, hint))
		*tally = AccountOpenTally(account, kind, &key);
	else if (hint->index >= account->n_tallies || !TallyIs(*tally, kind, &key))
		*tally = AccountTally(account, kind, &key);
	if (*tally == NULL)
		return FaultFormat(run->fault, ST_ACCOUNT_FULL, "account",
						   "fold the years of this person one after another, each from a fresh account",
						   "more than %d open counters", MAX_TALLIES);
	hint->index = (uint32_t) (*tally - account->tallies);
	hint->bill_number = fold->bill_number;
	return ST_OK;
}
