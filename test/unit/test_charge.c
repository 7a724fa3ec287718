/*
 * test_charge.c — charge lines to columns. Amounts are by hand; one line is a published one. What a line makes is also checked
 * against what the words of the rule say, without its formula.
 */
#include "bills.h"
#include "charge.h"
#include "check.h"
#include "terms.h"

#define NO_LIMIT (-1)

static Fault fault;

static Charge
Line(int64_t amount_fen, int64_t limit_fen, int64_t first_share_ppm, bool excluded)
{
	Charge		charge = {amount_fen, limit_fen != NO_LIMIT, limit_fen, first_share_ppm, excluded};

	return charge;
}

/* One line alone makes these columns */
static void
CheckLine(Charge charge, int64_t excluded, int64_t over_limit, int64_t first_share, int64_t in_scope, int line)
{
	int64_t		column[COLUMNS] = {0};
	char		what[32];

	snprintf(what, sizeof(what), "of line %d", line);
	CheckIntegers(SplitCharge(&charge, column, &fault), ST_OK, __FILE__, line, what);
	CheckIntegers(column[COLUMN_TOTAL], charge.amount_fen, __FILE__, line, what);
	CheckIntegers(column[COLUMN_EXCLUDED], excluded, __FILE__, line, what);
	CheckIntegers(column[COLUMN_OVER_LIMIT], over_limit, __FILE__, line, what);
	CheckIntegers(column[COLUMN_FIRST_SHARE], first_share, __FILE__, line, what);
	CheckIntegers(column[COLUMN_IN_SCOPE], in_scope, __FILE__, line, what);
}

static void
TestClasses(void)
{
	/* 甲类: 100.00 in scope */
	CheckLine(Line(10000, NO_LIMIT, 0, false), 0, 0, 0, 10000, __LINE__);
	/* 乙类 10 % of 33.33 = 3.333 -> 3.33; 30.00 */
	CheckLine(Line(3333, NO_LIMIT, 100000, false), 0, 0, 333, 3000, __LINE__);
	/* a line of the national interface: 4.52 x 0.05 = 0.226 -> 0.23 */
	CheckLine(Line(452, NO_LIMIT, 50000, false), 0, 0, 23, 429, __LINE__);
	/* 丙类: the whole line, whatever else it says */
	CheckLine(Line(10000, NO_LIMIT, PPM, true), 10000, 0, 0, 0, __LINE__);
	CheckLine(Line(10000, 8000, 100000, true), 10000, 0, 0, 0, __LINE__);
	/* a ratio of 1 alone is a first share */
	CheckLine(Line(10000, NO_LIMIT, PPM, false), 0, 0, 10000, 0, __LINE__);
	CheckLine(Line(0, NO_LIMIT, 500000, false), 0, 0, 0, 0, __LINE__);
}

static void
TestLimits(void)
{
	/* ceiling 80 on 100, 10 %: 20 above, 8 of 80, 72 remain */
	CheckLine(Line(10000, 8000, 100000, false), 0, 2000, 800, 7200, __LINE__);
	/* at the ceiling, one fen above, below */
	CheckLine(Line(8000, 8000, 0, false), 0, 0, 0, 8000, __LINE__);
	CheckLine(Line(8001, 8000, 0, false), 0, 1, 0, 8000, __LINE__);
	CheckLine(Line(7999, 8000, 200000, false), 0, 0, 1600, 6399, __LINE__);
	/* a ceiling of 0 leaves nothing */
	CheckLine(Line(10000, 0, 500000, false), 0, 10000, 0, 0, __LINE__);
	/* what is no limit is not read */
	CheckLine((Charge) {10000, false, -5, 0, false}, 0, 0, 0, 10000, __LINE__);
}

/* half up to the fen */
static void
TestRounding(void)
{
	/* 0.05 x 10 % = 0.005 -> 0.01; 0.04 x 10 % = 0.004 -> 0.00; 0.06 x 10 % = 0.006 -> 0.01 */
	CheckLine(Line(5, NO_LIMIT, 100000, false), 0, 0, 1, 4, __LINE__);
	CheckLine(Line(4, NO_LIMIT, 100000, false), 0, 0, 0, 4, __LINE__);
	CheckLine(Line(6, NO_LIMIT, 100000, false), 0, 0, 1, 5, __LINE__);
	/* 0.25 x 10 % = 0.025 -> 0.03, not to the even 0.02 */
	CheckLine(Line(25, NO_LIMIT, 100000, false), 0, 0, 3, 22, __LINE__);
	/* 0.01 x 50 % = 0.005 -> 0.01; x 49.9999 % -> 0.00 */
	CheckLine(Line(1, NO_LIMIT, 500000, false), 0, 0, 1, 0, __LINE__);
	CheckLine(Line(1, NO_LIMIT, 499999, false), 0, 0, 0, 1, __LINE__);
	/* the share is of what is within the limit: 100.05 with ceiling 0.05 */
	CheckLine(Line(10005, 5, 100000, false), 0, 10000, 1, 4, __LINE__);
	/* the largest amount: 10^13 yuan x 0.000001 = 10^7 yuan */
	CheckLine(Line(MAX_FEN, NO_LIMIT, 1, false), 0, 0, MAX_FEN / PPM, MAX_FEN - MAX_FEN / PPM, __LINE__);
}

/* Small amounts with many ratios: nothing is lost, and no other whole fen is nearer to the share; of two, the larger counts */
static void
TestNearest(void)
{
	static const int64_t ratio[] = {0, 1, 49999, 50000, 100000, 333333, 333334, 500000, 666667, 999999, PPM};

	for (int i = 0; i < (int) (sizeof(ratio) / sizeof(ratio[0])); i++)
		for (int64_t amount = 0; amount <= 400; amount++)
		{
			Charge		charge = Line(amount, NO_LIMIT, ratio[i], false);
			int64_t		column[COLUMNS] = {0};
			int64_t		above;	/* twice the distance of the share from the exact one, in 10^-6 fen */
			bool		right = SplitCharge(&charge, column, &fault) == ST_OK;

			above = 2 * (column[COLUMN_FIRST_SHARE] * PPM - amount * ratio[i]);
			right = right && above > -PPM && above <= PPM && column[COLUMN_FIRST_SHARE] + column[COLUMN_IN_SCOPE] == amount &&
				column[COLUMN_FIRST_SHARE] >= 0 && column[COLUMN_IN_SCOPE] >= 0 && column[COLUMN_TOTAL] == amount;
			CHECK(right);
		}
}

/* Lines add up; each is rounded by itself: 3 x 0.05 at 10 % are 0.03, where 10 % of 0.15 would be 0.02 */
static void
TestSums(void)
{
	int64_t		column[COLUMNS] = {0};
	Charge		lines[] = {
		Line(5, NO_LIMIT, 100000, false), Line(5, NO_LIMIT, 100000, false), Line(5, NO_LIMIT, 100000, false),
		Line(10000, 8000, 100000, false), Line(3000, NO_LIMIT, 0, true)
	};

	for (int i = 0; i < (int) (sizeof(lines) / sizeof(lines[0])); i++)
		CHECK_INT(SplitCharge(&lines[i], column, &fault), ST_OK);
	CHECK_INT(column[COLUMN_TOTAL], 13015);
	CHECK_INT(column[COLUMN_EXCLUDED], 3000);
	CHECK_INT(column[COLUMN_OVER_LIMIT], 2000);
	CHECK_INT(column[COLUMN_FIRST_SHARE], 803);
	CHECK_INT(column[COLUMN_IN_SCOPE], 7212);
}

/* ---- refusals ---- */

#define REFUSED(charge, code, where, what) \
	do { \
		Charge bad = charge; \
		int64_t untouched[COLUMNS] = {7, 7, 0, 0, 0}; \
		memset(&fault, 0, sizeof(fault)); \
		CHECK_INT(SplitCharge(&bad, untouched, &fault), code); \
		CHECK_INT(fault.status, code); \
		CHECK_TEXT(fault.path, where); \
		CHECK_TEXT(fault.found, what); \
		CHECK(fault.expected[0] != '\0'); \
		CHECK(untouched[COLUMN_TOTAL] == 7 && untouched[COLUMN_IN_SCOPE] == 7 && untouched[COLUMN_EXCLUDED] == 0); \
	} while (0)

static void
TestRefusals(void)
{
	REFUSED(Line(-1, NO_LIMIT, 0, false), ST_BILL_NEGATIVE, "amount", "-0.01");
	REFUSED(Line(INT64_MIN, NO_LIMIT, 0, false), ST_BILL_NEGATIVE, "amount", "-92233720368547758.08");
	REFUSED(Line(MAX_FEN + 1, NO_LIMIT, 0, false), ST_BILL_TOO_LARGE, "amount", "10000000000000.01");
	REFUSED(Line(1, -2, 0, false), ST_BILL_NEGATIVE, "limit_amount", "-0.02");
	REFUSED(((Charge) {1, true, -1, 0, false}), ST_BILL_NEGATIVE, "limit_amount", "-0.01");
	REFUSED(Line(1, MAX_FEN + 1, 0, false), ST_BILL_TOO_LARGE, "limit_amount", "10000000000000.01");
	REFUSED(Line(1, NO_LIMIT, -1, false), ST_BILL_BAD_VALUE, "first_share", "-0.000001");
	REFUSED(Line(1, NO_LIMIT, PPM + 1, false), ST_BILL_BAD_VALUE, "first_share", "1.000001");
	/* an excluded line does not excuse them */
	REFUSED(Line(1, NO_LIMIT, 10 * PPM, true), ST_BILL_BAD_VALUE, "first_share", "10");
	REFUSED(Line(1, -2, 0, true), ST_BILL_NEGATIVE, "limit_amount", "-0.02");
}

/* 10^13 yuan are the most for a column: the line above is refused, the columns stay */
static void
TestOverflow(void)
{
	int64_t		column[COLUMNS] = {0};
	int64_t		other[COLUMNS] = {0};
	Charge		all = Line(MAX_FEN, NO_LIMIT, 0, true);
	Charge		fen = Line(1, NO_LIMIT, 0, false);

	CHECK_INT(SplitCharge(&all, column, &fault), ST_OK);
	CHECK_INT(SplitCharge(&fen, column, &fault), ST_BILL_TOO_LARGE);
	CHECK_TEXT(fault.path, "total");
	CHECK(column[COLUMN_TOTAL] == MAX_FEN && column[COLUMN_EXCLUDED] == MAX_FEN && column[COLUMN_IN_SCOPE] == 0);
	CHECK_INT(SplitCharge(&fen, other, &fault), ST_OK);
	CHECK_INT(AddColumns(column, other, &fault), ST_BILL_TOO_LARGE);
	CHECK(other[COLUMN_TOTAL] == 1 && other[COLUMN_IN_SCOPE] == 1 && other[COLUMN_EXCLUDED] == 0);
}

/* ---- the check ---- */

static void
TestCheckCharges(void)
{
	static const Column column[] = {COLUMN_EXCLUDED, COLUMN_OVER_LIMIT, COLUMN_FIRST_SHARE, COLUMN_IN_SCOPE};
	Charge		charge = Line(10000, 8000, 100000, false);
	int64_t		sum[COLUMNS] = {0};
	Bill		bill;

	BillInit(&bill);
	CHECK_INT(CheckCharges(&bill, sum, &fault), ST_OK);
	CHECK_INT(SplitCharge(&charge, sum, &fault), ST_OK);
	memcpy(bill.column_fen, sum, sizeof(sum));
	CHECK_INT(CheckCharges(&bill, sum, &fault), ST_OK);
	for (int i = 0; i < 4; i++)
	{
		sum[column[i]]++;
		CHECK_INT(CheckCharges(&bill, sum, &fault), ST_BILL_SUM);
		CHECK_TEXT(fault.path, column_name[column[i]]);
		sum[column[i]]--;
	}
	/* a fen less of first share is a fen more in scope: first_share is named */
	bill.column_fen[COLUMN_FIRST_SHARE]--;
	bill.column_fen[COLUMN_IN_SCOPE]++;
	CHECK_INT(CheckCharges(&bill, sum, &fault), ST_BILL_SUM);
	CHECK_TEXT(fault.path, "first_share");
	CHECK_TEXT(fault.found, "7.99, but its charge lines add up to 8.00");
	bill.column_fen[COLUMN_TOTAL]++;
	CHECK_INT(CheckCharges(&bill, sum, &fault), ST_BILL_SUM);
	CHECK_TEXT(fault.path, "total");
}

int
main(void)
{
	TestClasses();
	TestLimits();
	TestRounding();
	TestNearest();
	TestSums();
	TestRefusals();
	TestOverflow();
	TestCheckCharges();
	return CheckEnd();
}
