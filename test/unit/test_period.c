/*
 * test_period.c — days, dates and the first day of a counter's period, against a calendar that is counted day by day here. How
 * bills find counters by period is tested in test_fold_counters.c.
 */
#include "check.h"
#include "fold.h"

#define FIRST_YEAR 1990
#define LAST_YEAR 2199

typedef struct Date
{
	int			year;
	int			month;
	int			day;
} Date;

/* The calendar as it is taught: one day after another */
static Date
NextDate(Date d)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = (d.year % 4 == 0 && d.year % 100 != 0) || d.year % 400 == 0;
	int			last = days[d.month - 1] + (d.month == 2 && leap);

	if (d.day < last)
		return (Date) {d.year, d.month, d.day + 1};
	return d.month < 12 ? (Date) {d.year, d.month + 1, 1} : (Date) {d.year + 1, 1, 1};
}

/* Every day of the calendar of bills, there and back; 1990-01-01 is 3652 days before 2000-01-01 */
static void
TestEveryDay(void)
{
	Date		date = {FIRST_YEAR, 1, 1};
	int			wrong = 0;

	for (int32_t number = FIRST_DAY; number <= LAST_DAY; number++)
	{
		int32_t		year;
		int8_t		month;
		int8_t		day;

		DayToDate(number, &year, &month, &day);
		wrong += year != date.year || month != date.month || day != date.day;
		wrong += DateToDay(date.year, date.month, date.day) != number;
		date = NextDate(date);
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(date.year, LAST_YEAR + 1);
	CHECK_INT(DateToDay(2000, 1, 1), 0);
	CHECK_INT(DateToDay(1999, 12, 31), -1);
	CHECK_INT(DateToDay(2000, 2, 29), 59);
	CHECK_INT(DateToDay(2000, 3, 1), 60);
	CHECK_INT(DateToDay(2001, 1, 1), 366);
}

/* A timestamp belongs to the day it is in, also before 2000 */
static void
TestDayOf(void)
{
	const int64_t one = INT64_C(86400000000);

	CHECK_INT(DayOf(0), 0);
	CHECK_INT(DayOf(one - 1), 0);
	CHECK_INT(DayOf(one), 1);
	CHECK_INT(DayOf(-1), -1);
	CHECK_INT(DayOf(-one), -1);
	CHECK_INT(DayOf(-one - 1), -2);
}

/* The first day of the period that holds a date: the last of the days on which periods begin that is not after it */
static void
CheckPeriods(Every every, int start_month, int start_day)
{
	Counter		counter = {{"c", 1}, every, (uint8_t) start_month, (uint8_t) start_day, PER_NONE, 0, false};
	int			length = every == EVERY_YEAR ? 12 : every == EVERY_QUARTER ? 3 : 1;
	Date		date = {FIRST_YEAR - 1, 1, 1};
	int32_t		number = FIRST_DAY - 365;	/* 1989 has 365 days */
	int32_t		begun = INT32_MIN;
	int			wrong = 0;

	for (; date.year < FIRST_YEAR + 12; date = NextDate(date), number++)
	{
		if (date.day == start_day && (date.month - start_month + 12) % length == 0)
			begun = number;
		if (date.year >= FIRST_YEAR)
			wrong += PeriodStart(&counter, date.year, date.month, date.day) != begun;
	}
	CHECK_INT(wrong, 0);
}

static void
TestPeriods(void)
{
	static const int days[] = {1, 2, 15, 28};

	for (int month = 1; month <= 12; month++)
	{
		for (int i = 0; i < 4; i++)
		{
			CheckPeriods(EVERY_YEAR, month, days[i]);
			CheckPeriods(EVERY_QUARTER, month, days[i]);
			CheckPeriods(EVERY_MONTH, month, days[i]);
		}
	}
}

/* The turn of a product year that begins on 1 July */
static void
TestTurnOfYear(void)
{
	Counter		product = {{"c", 1}, EVERY_YEAR, 7, 1, PER_NONE, 0, false};

	CHECK_INT(PeriodStart(&product, 2025, 6, 30), DateToDay(2024, 7, 1));
	CHECK_INT(PeriodStart(&product, 2025, 7, 1), DateToDay(2025, 7, 1));
	CHECK_INT(PeriodStart(&product, 2025, 7, 2), DateToDay(2025, 7, 1));
	CHECK_INT(PeriodStart(&product, 2026, 1, 1), DateToDay(2025, 7, 1));
}

int
main(void)
{
	TestEveryDay();
	TestDayOf();
	TestPeriods();
	TestTurnOfYear();
	return CheckEnd();
}
