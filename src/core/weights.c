/*
 * weights.c — a base: the weighted sum of what is left on this bill, or of what has accumulated.
 */
#include "fold.h"

/* What a layer's base is on this bill, before the enter share */
Exact
VisitBase(const Run *run, const Weights *weights)
{
	int64_t		sum = 0;

	if (weights->gross)
		return ExactFen(run->column_fen[weights->column]);
	if (weights->whole)
	{
		for (int i = 0; i < weights->n_order; i++)
			sum += run->left[weights->order[i]];
		return ExactFen(sum);
	}
	for (int i = 0; i < weights->n_order; i++)
		sum += run->left[weights->order[i]] * weights->milli[weights->order[i]];
	return ExactFromNano((i128) sum * (NANO / MILLI));
}

/* Weighted sum of exact figures by bucket: fen and nano are indexed as the account does */
Exact
WeighedSum(Run *run, const Weights *weights, const int64_t *fen, const int32_t *nano, bool fractional)
{
	int64_t		whole = 0;
	i128		sum = 0;

	if (weights->gross)
	{
		Exact		gross = {fen[BUCKET_GROSS], fractional ? nano[BUCKET_GROSS] : 0};

		return gross;
	}
	if (weights->whole && !fractional)
	{
		for (int i = 0; i < weights->n_order; i++)
			whole += fen[AccountBucket(run, weights->order[i])];
		return ExactFen(whole);
	}
	for (int i = 0; i < weights->n_order; i++)
	{
		int			bucket = AccountBucket(run, weights->order[i]);
		Exact		x = {fen[bucket], fractional ? nano[bucket] : 0};

		/* nano is a multiple of 1000 here, so thousandths of it are exact */
		sum += ExactNano(x) / MILLI * weights->milli[weights->order[i]];
	}
	return ExactFromNano(sum);
}
