/*
 * basic.h — private to the core: what becomes of in_scope when basic insurance settles: deductible, over_cap, copay, penalty,
 * away_share (docs/policy-model.md, section 12).
 */
#ifndef ASSISTANCE_BASIC_H
#define ASSISTANCE_BASIC_H

#include "outcome.h"

/* in_scope is gone; these buckets take its place */
static INLINE void
MakeBuckets(Run *run, uint8_t place, int64_t deductible, int64_t over_cap, int64_t copay, int64_t penalty, int64_t away_share)
{
	run->left[BUCKET_IN_SCOPE] = 0;
	run->left[BUCKET_DEDUCTIBLE] += deductible;
	run->left[BUCKET_OVER_CAP] += over_cap;
	run->left[BUCKET_COPAY] += copay;
	run->left[BUCKET_PENALTY] += penalty;
	run->left[BUCKET_AWAY_SHARE] += away_share;
	run->live &= ~(1u << BUCKET_IN_SCOPE);
	run->live |= (uint32_t) (deductible > 0) << BUCKET_DEDUCTIBLE | (uint32_t) (over_cap > 0) << BUCKET_OVER_CAP |
		(uint32_t) (copay > 0) << BUCKET_COPAY | (uint32_t) (penalty > 0) << BUCKET_PENALTY |
		(uint32_t) (away_share > 0) << BUCKET_AWAY_SHARE;
	if (run->trace != NULL)
		TraceBuckets(run, place);
}

/* The cost above the point where the caps bind */
static INLINE int64_t
OverCap(const Effective *e, const BaseCounter *base, const Outcome *o, int64_t paid_fen)
{
	int64_t		x = o->entering_fen - o->cut.fen;
	int64_t		over = o->cut.fen;
	Outcome		seen;

	if (o->due_fen <= o->room_fen)
		return over;
	if (o->room_fen == 0)
		return over + x - o->deductible.fen;
	if (e->rule->whole_amount)
		return over + o->due_fen - paid_fen;
	seen = *o;					/* a copy, so that the compiler may keep o itself in registers */
	return over + x - BindingPoint(e, base, &seen, x);
}

/* The buckets of one computation; copay never below zero: over_cap, then deductible give way */
static INLINE void
ShareOut(Run *run, const Effective *e, const BaseCounter *base, const Outcome *o, int64_t paid_fen, int64_t penalty_fen)
{
	int64_t		over = OverCap(e, base, o, paid_fen);
	int64_t		deductible = o->deductible.fen;
	int64_t		copay = o->entering_fen - deductible - over - paid_fen;
	int64_t		lack;

	if (copay < 0)
	{
		lack = MinFen(-copay, over);
		over -= lack;
		copay += lack;
		lack = MinFen(-copay, deductible);
		deductible -= lack;
		copay += lack;
	}
	MakeBuckets(run, e->place, deductible, over, copay, penalty_fen, o->away_fen);
}

#endif
