/*
 * money.c — exact sums and the one rounding (docs/policy-model.md, sections 8 and 11). No PostgreSQL, no floating point.
 */
#include "money.h"

/* Split nano-fen into fen and a part that is never negative */
Exact
ExactFromNano(i128 nano)
{
	Exact		x;
	i128		fen = nano / NANO;
	i128		rest = nano % NANO;

	if (rest < 0)
	{
		rest += NANO;
		fen -= 1;
	}
	x.fen = (int64_t) fen;
	x.nano = (int32_t) rest;
	return x;
}

/* Does a remainder (of a division by denominator) lift the quotient by one? */
static bool
RoundsUp(u128 remainder, u128 denominator, RoundMode mode)
{
	if (mode == ROUND_DOWN)
		return false;
	if (mode == ROUND_UP)
		return remainder > 0;
	return remainder >= denominator - remainder;
}

/* numerator / denominator, rounded once to a multiple of the unit */
int64_t
RoundRatio(u128 numerator, u128 denominator, Rounding rounding)
{
	u128		unit = denominator * (u128) rounding.unit_fen;
	uint64_t	quotient;
	u128		remainder;

	if ((numerator >> 64) == 0 && (unit >> 64) == 0)
	{
		quotient = (uint64_t) numerator / (uint64_t) unit;
		remainder = (uint64_t) numerator % (uint64_t) unit;
	}
	else
	{
		quotient = (uint64_t) (numerator / unit);
		remainder = numerator % unit;
	}
	if (RoundsUp(remainder, unit, rounding.mode))
		quotient += 1;
	return (int64_t) quotient * rounding.unit_fen;
}

/* fen x share / denominator, half up to the fen */
int64_t
MulDivHalfUp(int64_t fen, int64_t share, int64_t denominator)
{
	Rounding	half_up = {1, ROUND_HALF_UP};

	return RoundRatio((u128) fen * (u128) share, (u128) denominator, half_up);
}

/* floor(fen x share) */
int64_t
FloorShare(int64_t fen, int64_t share_ppm)
{
	return (int64_t) ((u128) fen * (u128) share_ppm / (u128) PPM);
}
