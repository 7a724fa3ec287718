/*
 * test_money.c — exact sums and the one rounding, each at the point where it turns. Nothing of the fold.
 */
#include "check.h"
#include "money.h"

#define TWO_64 ((u128) 1 << 64)
#define E27 ((u128) PICO * (u128) PICO * 1000)

static const Rounding fen_half_up = {1, ROUND_HALF_UP};
static const Rounding fen_down = {1, ROUND_DOWN};
static const Rounding fen_up = {1, ROUND_UP};
static const Rounding yuan_half_up = {100, ROUND_HALF_UP};
static const Rounding yuan_down = {100, ROUND_DOWN};
static const Rounding yuan_up = {100, ROUND_UP};

static void
CheckExact(Exact x, int64_t fen, int32_t nano, int line)
{
	CheckIntegers(x.fen, fen, __FILE__, line, "fen");
	CheckIntegers(x.nano, nano, __FILE__, line, "nano");
}

/* nano is never negative: -1 nano is -1 fen and 999999999 */
static void
TestExact(void)
{
	Exact		third = {0, 333333333};
	Exact		rest = {0, 666666667};

	CheckExact(ExactFromNano(0), 0, 0, __LINE__);
	CheckExact(ExactFromNano(NANO - 1), 0, 999999999, __LINE__);
	CheckExact(ExactFromNano(NANO), 1, 0, __LINE__);
	CheckExact(ExactFromNano(NANO + 1), 1, 1, __LINE__);
	CheckExact(ExactFromNano(-1), -1, 999999999, __LINE__);
	CheckExact(ExactFromNano(-NANO), -1, 0, __LINE__);
	CheckExact(ExactFromNano(-NANO - 1), -2, 999999999, __LINE__);
	CHECK(ExactNano(ExactFromNano(-NANO - 1)) == -NANO - 1);
	/* 1/3 + 2/3 carries, 1/3 + 1/3 does not; 0 - 1/3 borrows */
	CheckExact(ExactAdd(third, rest), 1, 0, __LINE__);
	CheckExact(ExactAdd(third, third), 0, 666666666, __LINE__);
	CheckExact(ExactSub(ExactFen(0), third), -1, 666666667, __LINE__);
	CheckExact(ExactSub(rest, third), 0, 333333334, __LINE__);
	CheckExact(ExactAdd(ExactSub(ExactFen(5), third), third), 5, 0, __LINE__);
}

static void
TestCompare(void)
{
	Exact		low = {7, 4};
	Exact		high = {7, 5};

	CHECK_INT(ExactCompare(low, low), 0);
	CHECK_INT(ExactCompare(low, high), -1);
	CHECK_INT(ExactCompare(high, low), 1);
	CHECK_INT(ExactCompare(ExactFen(-1), ExactFen(0)), -1);
	CHECK_INT(ExactCompare(ExactFen(8), high), 1);
	CheckExact(ExactMin(low, high), 7, 4, __LINE__);
	CheckExact(ExactMin(high, low), 7, 4, __LINE__);
	CHECK_INT(MinFen(1, 2), 1);
	CHECK_INT(MinFen(2, 1), 1);
	CHECK_INT(MaxFen(1, 2), 2);
	CHECK_INT(MaxFen(2, 1), 2);
}

/* thousandths of a fen: 499, 500, 501 of 1000 */
static void
TestRoundFen(void)
{
	CHECK_INT(RoundRatio(0, 1000, fen_half_up), 0);
	CHECK_INT(RoundRatio(12499, 1000, fen_half_up), 12);
	CHECK_INT(RoundRatio(12500, 1000, fen_half_up), 13);
	CHECK_INT(RoundRatio(12501, 1000, fen_half_up), 13);
	/* an odd denominator has no half: 1/3 down, 2/3 up */
	CHECK_INT(RoundRatio(1, 3, fen_half_up), 0);
	CHECK_INT(RoundRatio(2, 3, fen_half_up), 1);
	CHECK_INT(RoundRatio(12999, 1000, fen_down), 12);
	CHECK_INT(RoundRatio(13000, 1000, fen_down), 13);
	CHECK_INT(RoundRatio(12000, 1000, fen_up), 12);
	CHECK_INT(RoundRatio(12001, 1000, fen_up), 13);
	CHECK_INT(RoundRatio(0, 1000, fen_up), 0);
}

/* whole yuan: 49, 50, 51 fen above 12 yuan */
static void
TestRoundYuan(void)
{
	CHECK_INT(RoundRatio(1249, 1, yuan_half_up), 1200);
	CHECK_INT(RoundRatio(1250, 1, yuan_half_up), 1300);
	CHECK_INT(RoundRatio(1251, 1, yuan_half_up), 1300);
	/* rounded once: 12.4996 yuan is not first 12.50 and then 13 */
	CHECK_INT(RoundRatio(124996, 100, yuan_half_up), 1200);
	CHECK_INT(RoundRatio(1299, 1, yuan_down), 1200);
	CHECK_INT(RoundRatio(1300, 1, yuan_down), 1300);
	CHECK_INT(RoundRatio(1200, 1, yuan_up), 1200);
	CHECK_INT(RoundRatio(1201, 1, yuan_up), 1300);
	CHECK_INT(RoundRatio(1, 1000, yuan_up), 100);
}

/* numerators and denominators beyond 64 bits, one and both */
static void
TestRoundWide(void)
{
	/* 2^64 / 2^10 = 2^54 */
	CHECK_INT(RoundRatio(TWO_64, 1024, fen_down), INT64_C(1) << 54);
	CHECK_INT(RoundRatio(TWO_64 - 1, 1024, fen_down), (INT64_C(1) << 54) - 1);
	CHECK_INT(RoundRatio(TWO_64 - 1, 1024, fen_half_up), INT64_C(1) << 54);
	CHECK_INT(RoundRatio(TWO_64 / 2, TWO_64, fen_half_up), 1);
	CHECK_INT(RoundRatio(TWO_64 / 2 - 1, TWO_64, fen_half_up), 0);
	/* the denominator x 100 is what leaves 64 bits: 2^63 / (100 x 2^60) = 0.08 */
	CHECK_INT(RoundRatio(TWO_64 / 2, TWO_64 / 16, yuan_half_up), 0);
	CHECK_INT(RoundRatio(TWO_64 / 2, TWO_64 / 16, yuan_up), 100);
	/* 10^27 parts of a fen: one below a half, a half */
	CHECK_INT(RoundRatio(41 * E27 + E27 / 2 - 1, E27, fen_half_up), 41);
	CHECK_INT(RoundRatio(41 * E27 + E27 / 2, E27, fen_half_up), 42);
	CHECK_INT(RoundRatio(49 * E27 + E27 - 1, E27, yuan_half_up), 0);
	CHECK_INT(RoundRatio(50 * E27, E27, yuan_half_up), 100);
}

static void
TestShares(void)
{
	/* 1 fen x 0.5 = 0.5 -> 1; x 0.499999 -> 0; 3 fen x 0.15 = 0.45 -> 0; 10 fen x 0.15 = 1.5 -> 2 */
	CHECK_INT(MulDivHalfUp(1, 500000, PPM), 1);
	CHECK_INT(MulDivHalfUp(1, 499999, PPM), 0);
	CHECK_INT(MulDivHalfUp(3, 150, MILLI), 0);
	CHECK_INT(MulDivHalfUp(10, 150, MILLI), 2);
	CHECK_INT(MulDivHalfUp(MAX_FEN, PPM, PPM), MAX_FEN);
	CHECK_INT(MulDivHalfUp(MAX_FEN, 1, PPM), MAX_FEN / PPM);
	/* 3 fen x 0.333333 = 0.999999 -> 0; x 0.333334 = 1.000002 -> 1 */
	CHECK_INT(FloorShare(3, 333333), 0);
	CHECK_INT(FloorShare(3, 333334), 1);
	CHECK_INT(FloorShare(MAX_FEN, PPM), MAX_FEN);
	CHECK_INT(FloorShare(MAX_FEN - 1, 999999), MAX_FEN - 1 - MAX_FEN / PPM);
}

/* refused beyond 10^13 yuan on either side; *sum is then not touched */
static void
TestAdd(void)
{
	int64_t		sum = 17;

	CHECK(AddFen(MAX_FEN - 1, 1, &sum));
	CHECK_INT(sum, MAX_FEN);
	CHECK(!AddFen(MAX_FEN, 1, &sum));
	CHECK_INT(sum, MAX_FEN);
	CHECK(AddFen(-MAX_FEN, 0, &sum));
	CHECK_INT(sum, -MAX_FEN);
	CHECK(!AddFen(-MAX_FEN, -1, &sum));
	CHECK(!AddFen(INT64_MAX, 1, &sum));
	CHECK(!AddFen(INT64_MIN, -1, &sum));
	CHECK_INT(sum, -MAX_FEN);
	CHECK(AddFen(-5, 12, &sum));
	CHECK_INT(sum, 7);
}

int
main(void)
{
	TestExact();
	TestCompare();
	TestRoundFen();
	TestRoundYuan();
	TestRoundWide();
	TestShares();
	TestAdd();
	return CheckEnd();
}
