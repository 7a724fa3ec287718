/*
 * weights.h — private to the core: a base as the weighted sum of what is left on a bill, or of what has accumulated.
 */
#ifndef ASSISTANCE_WEIGHTS_H
#define ASSISTANCE_WEIGHTS_H

#include "fold.h"

/* Sum of whole figures whose weights are all 1; slots: see WeighedSum */
static INLINE int64_t
WholeSum(const Weights *weights, const int8_t *slots, const int64_t *fen)
{
	int64_t		sum = 0;

	for (int i = 0; i < weights->n_order; i++)
		sum += fen[BucketIn(slots, weights->order[i])];
	return sum;
}

/*
 * Weighted sum of exact figures by bucket: of an account, whose parts stand in these slots, or of a bill (slots NULL).
 * plain: the figures are whole, and so are the weights.
 */
static INLINE Exact
WeighedSum(const Weights *weights, const int8_t *slots, const int64_t *fen, const int32_t *nano, bool fractional, bool plain)
{
	if (plain || (weights->whole && !fractional && !weights->gross))
		return ExactFen(WholeSum(weights, slots, fen));
	return WeighedParts(weights, slots, fen, nano, fractional);
}

/* What a layer's base is on this bill, before the enter share */
static INLINE Exact
VisitBase(const Run *run, const Weights *weights)
{
	if (weights->gross)
		return ExactFen(run->column_fen[weights->column]);
	return WeighedSum(weights, NULL, run->left, NULL, false, false);
}

#endif
