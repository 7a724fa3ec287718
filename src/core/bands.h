/*
 * bands.h — private to the core: the entitlement of whole fen under progressive bands of whole ppm, which is what most rules
 * come to. Everything else about bands is in bands.c.
 */
#ifndef ASSISTANCE_BANDS_H
#define ASSISTANCE_BANDS_H

#include "fold.h"

#define SHORT_FEN INT64_C(8000000000000)		/* x ratio in ppm stays within int64 */

/* Progressive bands over x of which t is eaten, both at most SHORT_FEN; x 10^-6 fen */
static INLINE int64_t
ShortProduct(const Effective *e, int64_t x_fen, int64_t t_fen)
{
	const Rule *rule = e->rule;
	int64_t		eaten = MinFen(t_fen, x_fen);
	int64_t		low = rule->edges_above ? 0 : eaten;
	int64_t		high = rule->edges_above ? x_fen - eaten : x_fen;
	int64_t		sum = 0;

	for (int i = 0; i < rule->n_bands && rule->bands[i].from_fen < high; i++)
	{
		int64_t		from = MaxFen(low, rule->bands[i].from_fen);
		int64_t		to = MinFen(high, rule->bands[i].to_fen);

		if (to > from)
			sum += (to - from) * e->ratio[i];
	}
	return sum;
}

/* E(x, t); sign only marks the trace. plain: whole fen, whole ppm, progressive bands, rounded half up to the fen, no trace */
static INLINE int64_t
Entitled(Run *run, const Effective *e, Exact x, Exact t, int sign, bool plain)
{
	if (plain && x.fen <= SHORT_FEN)
		return (int64_t) (((uint64_t) ShortProduct(e, x.fen, t.fen) + PPM / 2) / PPM);
	return EntitledInFull(run, e, x, t, sign);
}

#endif
