/*
 * synthetic.c — a year of bills that nobody has had, for trying things out: persons, categories, bills with long tails. Whole
 * numbers only, from a counter and a seed, so that the same arguments give the same rows on every machine and version; a person's
 * rows do not depend on how many other persons there are. Which codes they bring is decided in synthetic.sql. What is published is
 * in docs/simulation.md; the rest is an example.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fen.h"
#include "errors.h"
#include "simulate/bytes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* The arguments, in the order of synthetic.sql */
enum
{
	ARG_PERSONS,
	ARG_SEED,
	ARG_DAYS,
	ARG_REGION,
	ARG_SCHEME,
	ARG_MEAN,
	ARG_CODES
};

#define ROW_COLUMNS 20
#define FIRST_NEW_COLUMN 14		/* person_type, after income */
#define CHOICES 4				/* codes that stand for equal chances */

/* Where assistance.synthetic_codes puts what */
typedef enum Slot
{
	SLOT_OUTPATIENT,
	SLOT_INPATIENT,
	SLOT_LEVEL,
	SLOT_CATEGORY = SLOT_LEVEL + 3,
	SLOT_PLACE = SLOT_CATEGORY + 5, /* the usual one, then the others */
	SLOT_REFERRAL = SLOT_PLACE + 1 + CHOICES,
	SLOT_PERSON_TYPE = SLOT_REFERRAL + 1 + CHOICES, /* children, adults, the old */
	SLOT_DISEASE = SLOT_PERSON_TYPE + 3 * CHOICES,
	SLOTS = SLOT_DISEASE + CHOICES
} Slot;

/* Categories in the order of their slots; the first is none */
typedef enum Category
{
	CATEGORY_NONE,
	CATEGORY_EXTREME_POVERTY,
	CATEGORY_ALLOWANCE,
	CATEGORY_MARGIN,
	CATEGORY_FELL_BACK,
	CATEGORY_BY_ILLNESS,
	CATEGORIES
} Category;
#define MAX_DAYS 366
#define MAX_PERSONS INT64CONST(10000000000)

/* Of a million persons: 8 751 万 of 13 亿 are helped to join the insurance; of the urban ones 29.4 万 of 889.9 万 live on 特困 */
#define HELPED 67315
#define IN_EXTREME_POVERTY 33037	/* of a million that are helped */

/* Of a million persons beside those; examples */
#define AT_MARGIN 10000
#define FELL_BACK 1000
#define BY_ILLNESS 2000

/* Of a hundred bills; examples */
#define AWAY 8
#define DESIGNATED 97
#define WITH_DISEASE 2

#define GROWN_UP 18
#define OLD 60

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

/* Whole years */
static const Knot age_of_person[] = {
	{0, 0}, {180, 18}, {400, 35}, {700, 55}, {900, 70}, {1000, 95}
};

/* Income of a year in yuan; of 低保 and 特困 a fifth of it, of other categories three tenths */
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
	DRAW_FIRST_SHARE,
	DRAW_AGE,
	DRAW_PERSON_TYPE,
	DRAW_AWAY,
	DRAW_PLACE,
	DRAW_REFERRAL,
	DRAW_DESIGNATED,
	DRAW_ILL,
	DRAW_DISEASE
} Draw;

typedef struct Year
{
	uint64		seed;
	int64		mean_fen;
	int			n_days;
	Timestamp	day[MAX_DAYS];	/* each at eight o'clock */
	Datum		region;
	Datum		scheme;
	bool		employee;		/* no children */
	Datum		code[SLOTS];
	bool		unknown[SLOTS]; /* the terms declare no such code */
	Datum		category[CATEGORIES];	/* arrays */
	Datum		disease[CHOICES + 1];	/* the first: none */
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

static Category
CategoryOf(const Year *year, int64 person)
{
	int64		point = Drawn(year, person, 0, DRAW_CATEGORY, 1000000);

	if (point < HELPED)
		return Drawn(year, person, 0, DRAW_POVERTY, 1000000) < IN_EXTREME_POVERTY ? CATEGORY_EXTREME_POVERTY : CATEGORY_ALLOWANCE;
	if (point < HELPED + AT_MARGIN)
		return CATEGORY_MARGIN;
	if (point < HELPED + AT_MARGIN + FELL_BACK)
		return CATEGORY_FELL_BACK;
	return point < HELPED + AT_MARGIN + FELL_BACK + BY_ILLNESS ? CATEGORY_BY_ILLNESS : CATEGORY_NONE;
}

static int64
IncomeOf(const Year *year, int64 person, Category category)
{
	int64		income = Between(income_of_person, Drawn(year, person, 0, DRAW_INCOME, 1000000));

	if (category == CATEGORY_NONE)
		return income;
	return category <= CATEGORY_ALLOWANCE ? income / 5 : income * 3 / 10;
}

static int64
AgeOf(const Year *year, int64 person)
{
	int64		age = Between(age_of_person, Drawn(year, person, 0, DRAW_AGE, 1000000));

	return year->employee && age < GROWN_UP ? age + GROWN_UP : age;
}

/* The code in a slot, or null where the terms declare none */
static void
PutCode(const Year *year, int slot, Datum *value, bool *null)
{
	*value = year->code[slot];
	*null = year->unknown[slot];
}

/* Costs above the mean are mostly stays, and mostly in large hospitals */
static void
PutCare(const Year *year, int64 person, int bill, bool dear, Datum *values, bool *nulls)
{
	bool		stay = Drawn(year, person, bill, DRAW_CARE, 100) < (dear ? 95 : 35);
	int64		level = Drawn(year, person, bill, DRAW_LEVEL, 100) + (dear ? 30 : 0);

	PutCode(year, stay ? SLOT_INPATIENT : SLOT_OUTPATIENT, &values[0], &nulls[0]);
	PutCode(year, SLOT_LEVEL + (level < 40 ? 0 : level < 75 ? 1 : 2), &values[1], &nulls[1]);
}

/* person_type, age */
static void
PutAge(const Year *year, int64 person, Datum *values, bool *nulls)
{
	int64		age = AgeOf(year, person);
	int			group = age < GROWN_UP ? 0 : age < OLD ? 1 : 2;

	PutCode(year, SLOT_PERSON_TYPE + CHOICES * group + (int) Drawn(year, person, 0, DRAW_PERSON_TYPE, CHOICES), &values[0], &nulls[0]);
	values[1] = Int32GetDatum((int32) age);
}

/* disease, referral, place, designated: who is treated away has another place and another referral */
static void
PutCircumstances(const Year *year, int64 person, int bill, Datum *values, bool *nulls)
{
	bool		away = Drawn(year, person, bill, DRAW_AWAY, 100) < AWAY;
	bool		ill = Drawn(year, person, bill, DRAW_ILL, 100) < WITH_DISEASE;
	int			place = away ? 1 + (int) Drawn(year, person, bill, DRAW_PLACE, CHOICES) : 0;
	int			referral = away ? 1 + (int) Drawn(year, person, bill, DRAW_REFERRAL, CHOICES) : 0;

	values[0] = year->disease[ill ? 1 + Drawn(year, person, bill, DRAW_DISEASE, CHOICES) : 0];
	PutCode(year, SLOT_REFERRAL + referral, &values[1], &nulls[1]);
	PutCode(year, SLOT_PLACE + place, &values[2], &nulls[2]);
	values[3] = BoolGetDatum(Drawn(year, person, bill, DRAW_DESIGNATED, 100) < DESIGNATED);
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
PutBill(const Year *year, int64 person, int bill, Category category, int64 income)
{
	MemoryContext old = MemoryContextSwitchTo(year->row_memory);
	int64		cost = Between(cost_of_bill, Drawn(year, person, bill, DRAW_COST, 1000000));
	Datum		values[ROW_COLUMNS];
	bool		nulls[ROW_COLUMNS] = {false};

	values[0] = Int64GetDatum(person);
	values[1] = TimestampGetDatum(year->day[Drawn(year, person, bill, DRAW_DAY, year->n_days)]);
	values[2] = Int64GetDatum(bill);
	values[3] = year->region;
	values[4] = year->scheme;
	values[5] = year->category[category];
	PutCare(year, person, bill, cost > 1000, &values[6], &nulls[6]);
	PutColumns(year, person, bill, year->mean_fen * cost / 1000, &values[8]);
	values[13] = FenToNumeric(income * FEN_PER_YUAN);
	PutAge(year, person, &values[FIRST_NEW_COLUMN], &nulls[FIRST_NEW_COLUMN]);
	PutCircumstances(year, person, bill, &values[FIRST_NEW_COLUMN + 2], &nulls[FIRST_NEW_COLUMN + 2]);
	tuplestore_putvalues(year->rsinfo->setResult, year->rsinfo->setDesc, values, nulls);
	MemoryContextSwitchTo(old);
	MemoryContextReset(year->row_memory);
}

static void
PutPerson(const Year *year, int64 person)
{
	int			n = BillsOf(year, person);
	Category	category;
	int64		income;

	if (n == 0)
		return;
	category = CategoryOf(year, person);
	income = IncomeOf(year, person, category);
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

/* The list of one code, or the empty one */
static Datum
ListOf(Datum code, bool unknown)
{
	return PointerGetDatum(construct_array(&code, unknown ? 0 : 1, TEXTOID, -1, false, TYPALIGN_INT));
}

/* What synthetic_codes has chosen */
static void
TakeCodes(ArrayType *codes, Year *year)
{
	Datum	   *code;
	bool	   *unknown;
	int			n;

	if (ARR_ELEMTYPE(codes) != TEXTOID || ARR_NDIM(codes) != 1)
		RefuseYear("codes", "what assistance.synthetic_codes gives");
	deconstruct_array(codes, TEXTOID, -1, false, TYPALIGN_INT, &code, &unknown, &n);
	if (n != SLOTS)
		RefuseYear("codes", "what assistance.synthetic_codes gives");
	memcpy(year->code, code, sizeof(year->code));
	memcpy(year->unknown, unknown, sizeof(year->unknown));
	year->category[CATEGORY_NONE] = ListOf((Datum) 0, true);
	for (int i = 1; i < CATEGORIES; i++)
		year->category[i] = ListOf(code[SLOT_CATEGORY + i - 1], unknown[SLOT_CATEGORY + i - 1]);
	year->disease[0] = ListOf((Datum) 0, true);
	for (int i = 1; i <= CHOICES; i++)
		year->disease[i] = ListOf(code[SLOT_DISEASE + i - 1], unknown[SLOT_DISEASE + i - 1]);
}

/* The days on which bills fall */
static void
TakeDays(ArrayType *days, Year *year)
{
	Datum	   *day;
	bool	   *unknown;

	if (ARR_ELEMTYPE(days) != DATEOID)
		RefuseYear("days", "what assistance.synthetic_codes gives");
	deconstruct_array(days, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &day, &unknown, &year->n_days);
	if (year->n_days < 1 || year->n_days > MAX_DAYS)
		RefuseYear("days", "1 to 366 days");
	for (int i = 0; i < year->n_days; i++)
	{
		if (unknown[i] || DATE_NOT_FINITE(DatumGetDateADT(day[i])))
			RefuseYear("days", "days that are known");
		year->day[i] = DatumGetTimestamp(DirectFunctionCall1(date_timestamp, day[i])) + 8 * USECS_PER_HOUR;
	}
}

/* The arguments, checked, and the texts of all rows */
static void
OpenYear(FunctionCallInfo fcinfo, Year *year)
{
	char	   *scheme = text_to_cstring(PG_GETARG_TEXT_PP(ARG_SCHEME));

	if (PG_GETARG_INT64(ARG_PERSONS) < 0 || PG_GETARG_INT64(ARG_PERSONS) > MAX_PERSONS)
		RefuseYear("persons", "0 to 10000000000");
	TakeDays(PG_GETARG_ARRAYTYPE_P(ARG_DAYS), year);
	year->mean_fen = NumericArgumentToFen(PG_GETARG_DATUM(ARG_MEAN), "mean_in_scope");
	if (year->mean_fen <= 0 || year->mean_fen > INT64CONST(100000000) * FEN_PER_YUAN)
		RefuseYear("mean_in_scope", "more than 0 and at most 100000000 yuan");
	year->seed = Mix((uint64) PG_GETARG_INT64(ARG_SEED));
	year->region = PG_GETARG_DATUM(ARG_REGION);
	year->scheme = PG_GETARG_DATUM(ARG_SCHEME);
	year->employee = strcmp(scheme, "employee") == 0;
	TakeCodes(PG_GETARG_ARRAYTYPE_P(ARG_CODES), year);
	year->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	year->row_memory = AllocSetContextCreate(CurrentMemoryContext, "assistance synthetic row", ALLOCSET_SMALL_SIZES);
}

PG_FUNCTION_INFO_V1(assistance_synthetic_bills);
Datum
assistance_synthetic_bills(PG_FUNCTION_ARGS)
{
	Year		year;

	InitMaterializedSRF(fcinfo, 0);
	if (((ReturnSetInfo *) fcinfo->resultinfo)->setDesc->natts != ROW_COLUMNS)
		elog(ERROR, "synthetic_bills must return %d columns", ROW_COLUMNS);
	OpenYear(fcinfo, &year);
	for (int64 person = 1; person <= PG_GETARG_INT64(ARG_PERSONS); person++)
	{
		PutPerson(&year, person);
		if (person % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}
