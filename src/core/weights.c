/*
 * weights.c — a base as an exact sum where figures or weights have parts. The plain sum is in weights.h.
 */
#include "weights.h"

/* Weighted sum of exact figures by bucket; see WeighedSum */
Exact
WeighedParts(const Weights *weights, const int8_t *slots, const int64_t *fen, const int32_t *nano, bool fractional)
{
	i128		sum = 0;

	if (weights->gross)
	{
		Exact		gross = {fen[BUCKET_GROSS], fractional ? nano[BUCKET_GROSS] : 0};

		return gross;
	}
	for (int i = 0; i < weights->n_order; i++)
	{
		int			bucket = BucketIn(slots, weights->order[i]);
		Exact		x = {fen[bucket], fractional ? nano[bucket] : 0};

		/* nano is a multiple of 1000 here, so thousandths of it are exact */
		sum += ExactNano(x) / MILLI * weights->milli[weights->order[i]];
	}
	return ExactFromNano(sum);
}
