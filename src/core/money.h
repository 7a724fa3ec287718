/*
 * money.h — exact arithmetic: whole fen, exact parts of a fen, and the one rounding. Nothing here fails silently
 * and nothing is floating. Units stand in the names.
 *
 *	fen			int64, |x| <= MAX_FEN for one amount
 *	Exact		fen + nano: a sum of fen x share, exact to 10^-9 fen, 0 <= nano < 10^9
 *	milli		thousandths (weights, enter share, factors)
 *	ppm			parts per million (ratios in documents)
 *	pico		parts per 10^12 (ratios after modifiers)
 */
#ifndef ASSISTANCE_MONEY_H
#define ASSISTANCE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "limits.h"

typedef __int128 i128;
typedef unsigned __int128 u128;

#define MILLI 1000
#define PPM INT64_C(1000000)
#define NANO INT64_C(1000000000)
#define PICO INT64_C(1000000000000)
#define FEN_PER_YUAN 100

typedef struct Exact
{
	int64_t		fen;
	int32_t		nano;			/* always 0 .. 10^9 - 1, also when fen is negative */
} Exact;

typedef enum RoundMode
{
	ROUND_HALF_UP,				/* 四舍五入, away from zero */
	ROUND_DOWN,
	ROUND_UP
} RoundMode;

typedef struct Rounding
{
	int32_t		unit_fen;		/* 1 = fen, 100 = yuan */
	RoundMode	mode;
} Rounding;

static inline Exact
ExactFen(int64_t fen)
{
	Exact		x = {fen, 0};

	return x;
}

static inline i128
ExactNano(Exact x)
{
	return (i128) x.fen * NANO + x.nano;
}

extern Exact ExactFromNano(i128 nano);
static inline Exact
ExactAdd(Exact a, Exact b)
{
	Exact		x = {a.fen + b.fen, a.nano + b.nano};

	if (x.nano >= NANO)
	{
		x.nano -= (int32_t) NANO;
		x.fen += 1;
	}
	return x;
}
static inline Exact
ExactSub(Exact a, Exact b)
{
	Exact		x = {a.fen - b.fen, a.nano - b.nano};

	if (x.nano < 0)
	{
		x.nano += (int32_t) NANO;
		x.fen -= 1;
	}
	return x;
}
static inline int
ExactCompare(Exact a, Exact b)
{
	if (a.fen != b.fen)
		return a.fen < b.fen ? -1 : 1;
	return a.nano < b.nano ? -1 : a.nano > b.nano;
}
static inline Exact
ExactMin(Exact a, Exact b)
{
	return ExactCompare(a, b) <= 0 ? a : b;
}

/* numerator / denominator (> 0), rounded to a multiple of unit by the mode; numerator >= 0 */
extern int64_t RoundRatio(u128 numerator, u128 denominator, Rounding rounding);

/* fen x share, half up to the fen; share in milli or ppm as denominator says */
extern int64_t MulDivHalfUp(int64_t fen, int64_t share, int64_t denominator);

/* floor(fen x share_ppm / 10^6), fen >= 0 */
extern int64_t FloorShare(int64_t fen, int64_t share_ppm);

/* a + b into *sum; false when the result leaves -MAX_FEN .. MAX_FEN */
static inline bool
AddFen(int64_t a, int64_t b, int64_t *sum)
{
	int64_t		total;

	if (__builtin_add_overflow(a, b, &total) || (uint64_t) total + MAX_FEN > 2 * (uint64_t) MAX_FEN)
		return false;
	*sum = total;
	return true;
}

static inline int64_t
MinFen(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t
MaxFen(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
