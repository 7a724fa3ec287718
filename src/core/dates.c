/*
 * dates.c — days and microseconds since 2000-01-01, in the proleptic Gregorian calendar, as text and back. Civil time only.
 */
#include "calendar.h"
#include "json.h"

#define MICROSECONDS_PER_SECOND INT64_C(1000000)
#define SECONDS_PER_DAY 86400

/* Days from 0000-03-01 to 2000-01-01. */
#define EPOCH_FROM_MARCH 730425

static bool
IsLeapYear(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
DaysInMonth(int year, int month)
{
	static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && IsLeapYear(year) ? 29 : days[month - 1];
}

/* Days since 2000-01-01 of a real date of the years 0 .. 9999; years are counted from March, so that leap days come last. */
int32_t
DayFromCivil(int year, int month, int day)
{
	int			y = month <= 2 ? year - 1 + 400 : year + 400;
	int			m = month <= 2 ? month + 9 : month - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 146097 - EPOCH_FROM_MARCH;
}

/* The date of a day from 0000-03-01 on. */
void
CivilFromDay(int32_t day, int *year, int *month, int *day_of_month)
{
	int64_t		days = (int64_t) day + EPOCH_FROM_MARCH;
	int64_t		era = days / 146097;
	int			of_era = (int) (days % 146097);
	int			y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int			of_year = of_era - (365 * y + y / 4 - y / 100);
	int			m = (5 * of_year + 2) / 153;

	*day_of_month = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = (int) (era * 400) + y + (m >= 10 ? 1 : 0);
}

/* Exactly n digits as a number, or -1. */
static int
Digits(const char *text, int n)
{
	int			value = 0;

	for (int i = 0; i < n; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

bool
ParseDate(const char *text, int length, int32_t *day)
{
	int			year,
				month,
				day_of_month;

	if (length != 10 || text[4] != '-' || text[7] != '-')
		return false;
	year = Digits(text, 4);
	month = Digits(text + 5, 2);
	day_of_month = Digits(text + 8, 2);
	if (year < 1 || month < 1 || month > 12 || day_of_month < 1 || day_of_month > DaysInMonth(year, month))
		return false;
	*day = DayFromCivil(year, month, day_of_month);
	return true;
}

/* "HH:MM:SS" as seconds, or -1. */
static int
ParseClock(const char *text)
{
	int			hour = Digits(text, 2);
	int			minute = Digits(text + 3, 2);
	int			second = Digits(text + 6, 2);

	if (text[2] != ':' || text[5] != ':')
		return -1;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return -1;
	return (hour * 60 + minute) * 60 + second;
}

/* ".f" to ".ffffff" as microseconds, or -1. */
static int
ParseFraction(const char *text, int length)
{
	int			value;

	if (length < 2 || length > 7 || text[0] != '.')
		return -1;
	value = Digits(text + 1, length - 1);
	for (int i = length; i < 7 && value > 0; i++)
		value *= 10;
	return value;
}

bool
ParseTimestamp(const char *text, int length, int64_t *microseconds)
{
	int32_t		day;
	int			seconds = 0;
	int			fraction = 0;

	if (length < 10 || !ParseDate(text, 10, &day))
		return false;
	if (length > 10)
	{
		if (length < 19 || (text[10] != 'T' && text[10] != ' '))
			return false;
		seconds = ParseClock(text + 11);
		if (length > 19)
			fraction = ParseFraction(text + 19, length - 19);
	}
	if (seconds < 0 || fraction < 0)
		return false;
	*microseconds = ((int64_t) day * SECONDS_PER_DAY + seconds) * MICROSECONDS_PER_SECOND + fraction;
	return true;
}
