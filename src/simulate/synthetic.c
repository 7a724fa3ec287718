/*
 * synthetic.c — a year of bills that nobody has had, for trying things out: persons, categories, bills with long tails. Whole
 * numbers only, from a counter and a seed, so that the same arguments give the same rows on every machine and version; a person's
 * rows do not depend on how many other persons there are. What is published is in docs/simulation.md; the rest is an example.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fen.h"
#include "errors.h"
#include "simulate/bytes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* The arguments, in the order of synthetic.sql */
enum
{
	ARG_PERSONS,
	ARG_SEED,
	ARG_YEAR,
	ARG_REGION,
	ARG_SCHEME,
	ARG_MEAN
};

#define ROW_COLUMNS 14
#define MAX_PERSONS INT64CONST(10000000000)

/* Of a million persons: 8 751 万 of 13 亿 are helped to join the insurance; of the urban ones 29.4 万 of 889.9 万 live on 特困 */
#define HELPED 67315
#define IN_EXTREME_POVERTY 33037	/* of a million that are helped */

/* a point of a distribution */
typedef struct Knot
{
	int32		thousandths;	/* of the persons or bills are below it … */
	int64		value;			/* … and this is the value there */
} Knot;

/* Bills of a person, in steps: 0.806 on average, as 7 050 万 treatments of 8 751 万 persons */
static const Knot bills_of_person[] = {
	{569, 0}, {823, 1}, {918, 2}, {958, 3}, {978, 4}, {988, 5}, {996, 8}, {1000, 12}
};

/* Cost of a bill in thousandths of the mean, straight between the points; the mean of the curve is 1000 */
static const Knot cost_of_bill[] = {
	{0, 5}, {250, 175}, {500, 420}, {750, 900}, {900, 1900}, {950, 3000}, {990, 7500}, {999, 25000}, {1000, 73750}
};

/* Income of a year in yuan; of those who are helped, a fifth of it */
static const Knot income_of_person[] = {
	{0, 6000}, {200, 12000}, {500, 24000}, {800, 45000}, {950, 90000}, {1000, 300000}
};

/* What draws are for: each has a stream of its own */
typedef enum Draw
{
	DRAW_CATEGORY,
	DRAW_POVERTY,
	DRAW_BILLS,
	DRAW_INCOME,
	DRAW_COST,
	DRAW_DAY,
	DRAW_CARE,
	DRAW_LEVEL,
	DRAW_EXCLUDED,
	DRAW_OVER_LIMIT,
	DRAW_FIRST_SHARE
} Draw;

typedef struct Year
{
	uint64		seed;
	int64		mean_fen;
	Timestamp	start;			/* first day, eight o'clock */
	int			days;
	Datum		region;
	Datum		scheme;
	Datum		category[3];	/* none, 低保, 特困 */
	Datum		code[5];		/* '11', '21', '1', '2', '3' */
	ReturnSetInfo *rsinfo;
	MemoryContext row_memory;
} Year;

/* A whole number from 0 to n - 1 for a person's k-th bill (0: the person) */
static int64
Drawn(const Year *year, int64 person, int bill, Draw draw, int64 n)
{
	uint64		x = Mix(Mix(year->seed + UINT64CONST(0x9E3779B97F4A7C15) * (uint64) person) + (uint64) bill * 64 + draw);

	return (int64) (((uint128) x * (uint64) n) >> 64);
}

/* The value at a point of a million, straight between the steps */
static int64
Between(const Knot *steps, int64 point)
{
	int			i = 1;
	int64		width;

	while (point >= (int64) steps[i].thousandths * 1000)
		i++;
	width = (int64) (steps[i].thousandths - steps[i - 1].thousandths) * 1000;
	return steps[i - 1].value + (steps[i].value - steps[i - 1].value) * (point - (int64) steps[i - 1].thousandths * 1000) / width;
}

static int
BillsOf(const Year *year, int64 person)
{
	int64		point = Drawn(year, person, 0, DRAW_BILLS, 1000);
	int			i = 0;

	while (point >= bills_of_person[i].thousandths)
		i++;
	return (int) bills_of_person[i].value;
}

/* 0: none, 1: 低保, 2: 特困 */
static int
CategoryOf(const Year *year, int64 person)
{
	if (Drawn(year, person, 0, DRAW_CATEGORY, 1000000) >= HELPED)
		return 0;
	return Drawn(year, person, 0, DRAW_POVERTY, 1000000) < IN_EXTREME_POVERTY ? 2 : 1;
}

/* Costs above the mean are mostly stays, and mostly in large hospitals */
static void
PutPlace(const Year *year, int64 person, int bill, bool dear, Datum *values)
{
	bool		stay = Drawn(year, person, bill, DRAW_CARE, 100) < (dear ? 95 : 35);
	int64		level = Drawn(year, person, bill, DRAW_LEVEL, 100) + (dear ? 30 : 0);

	values[0] = year->code[stay ? 1 : 0];
	values[1] = year->code[level < 40 ? 2 : level < 75 ? 3 : 4];
}

/* total, in_scope, excluded, over_limit, first_share */
static void
PutColumns(const Year *year, int64 person, int bill, int64 in_scope_fen, Datum *values)
{
	int64		excluded = in_scope_fen * Drawn(year, person, bill, DRAW_EXCLUDED, 80) / 1000;
	int64		over_limit = Drawn(year, person, bill, DRAW_OVER_LIMIT, 4) == 0 ? in_scope_fen / 90 : 0;
	int64		first_share = in_scope_fen * Max(0, Drawn(year, person, bill, DRAW_FIRST_SHARE, 200) - 100) / 1000;

	values[0] = FenToNumeric(in_scope_fen + excluded + over_limit + first_share);
	values[1] = FenToNumeric(in_scope_fen);
	values[2] = FenToNumeric(excluded);
	values[3] = FenToNumeric(over_limit);
	values[4] = FenToNumeric(first_share);
}

static void
PutBill(const Year *year, int64 person, int bill, int category, int64 income)
{
	MemoryContext old = MemoryContextSwitchTo(year->row_memory);
	int64		cost = Between(cost_of_bill, Drawn(year, person, bill, DRAW_COST, 1000000));
	Datum		values[ROW_COLUMNS];
	bool		nulls[ROW_COLUMNS] = {false};

	values[0] = Int64GetDatum(person);
	values[1] = TimestampGetDatum(year->start + Drawn(year, person, bill, DRAW_DAY, year->days) * USECS_PER_DAY);
	values[2] = Int64GetDatum(bill);
	values[3] = year->region;
	values[4] = year->scheme;
	values[5] = year->category[category];
	PutPlace(year, person, bill, cost > 1000, &values[6]);
	PutColumns(year, person, bill, year->mean_fen * cost / 1000, &values[8]);
	values[13] = FenToNumeric(income * FEN_PER_YUAN);
	tuplestore_putvalues(year->rsinfo->setResult, year->rsinfo->setDesc, values, nulls);
	MemoryContextSwitchTo(old);
	MemoryContextReset(year->row_memory);
}

static void
PutPerson(const Year *year, int64 person)
{
	int			n = BillsOf(year, person);
	int			category;
	int64		income;

	if (n == 0)
		return;
	category = CategoryOf(year, person);
	income = Between(income_of_person, Drawn(year, person, 0, DRAW_INCOME, 1000000)) / (category == 0 ? 1 : 5);
	for (int bill = 1; bill <= n; bill++)
		PutBill(year, person, bill, category, income);
}

static void
RefuseYear(const char *argument, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_STUDY),
			 errmsg("%s is out of range", argument),
			 errhint("Expected %s.", expected)));
}

static Datum
TextArray(const char *element)
{
	Datum		value = element == NULL ? (Datum) 0 : CStringGetTextDatum(element);

	return PointerGetDatum(construct_array(&value, element == NULL ? 0 : 1, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The arguments, checked, and the texts of all rows */
static void
OpenYear(FunctionCallInfo fcinfo, Year *year)
{
	static const char *const codes[] = {"11", "21", "1", "2", "3"};
	int			first = PG_GETARG_INT32(ARG_YEAR);

	if (PG_GETARG_INT64(ARG_PERSONS) < 0 || PG_GETARG_INT64(ARG_PERSONS) > MAX_PERSONS)
		RefuseYear("persons", "0 to 10000000000");
	if (first < 1990 || first > 2199)
		RefuseYear("year", "1990 to 2199");
	year->mean_fen = NumericArgumentToFen(PG_GETARG_DATUM(ARG_MEAN), "mean_in_scope");
	if (year->mean_fen <= 0 || year->mean_fen > INT64CONST(100000000) * FEN_PER_YUAN)
		RefuseYear("mean_in_scope", "more than 0 and at most 100000000 yuan");
	year->seed = Mix((uint64) PG_GETARG_INT64(ARG_SEED));
	year->start = (Timestamp) (date2j(first, 1, 1) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY + 8 * USECS_PER_HOUR;
	year->days = date2j(first + 1, 1, 1) - date2j(first, 1, 1);
	year->region = PG_GETARG_DATUM(ARG_REGION);
	year->scheme = PG_GETARG_DATUM(ARG_SCHEME);
	year->category[0] = TextArray(NULL);
	year->category[1] = TextArray("低保");
	year->category[2] = TextArray("特困");
	for (int i = 0; i < lengthof(codes); i++)
		year->code[i] = CStringGetTextDatum(codes[i]);
	year->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	year->row_memory = AllocSetContextCreate(CurrentMemoryContext, "assistance synthetic row", ALLOCSET_SMALL_SIZES);
}

PG_FUNCTION_INFO_V1(assistance_synthetic_year);
Datum
assistance_synthetic_year(PG_FUNCTION_ARGS)
{
	Year		year;

	InitMaterializedSRF(fcinfo, 0);
	if (((ReturnSetInfo *) fcinfo->resultinfo)->setDesc->natts != ROW_COLUMNS)
		elog(ERROR, "synthetic_year must return %d columns", ROW_COLUMNS);
	OpenYear(fcinfo, &year);
	for (int64 person = 1; person <= PG_GETARG_INT64(ARG_PERSONS); person++)
	{
		PutPerson(&year, person);
		if (person % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}
