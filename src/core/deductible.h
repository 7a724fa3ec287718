/*
 * deductible.h — private to the core: how much a deductible may still take on this bill, and remembering what it took
 * (docs/policy-model.md, section 7). D itself, with schedule and modifiers, is resolved in modifier.c.
 */
#ifndef ASSISTANCE_DEDUCTIBLE_H
#define ASSISTANCE_DEDUCTIBLE_H

#include "fold.h"

/* room = max(0, limit - used), if that is less than the room so far */
static INLINE Exact
Tighter(Exact room, int64_t limit_fen, Exact used)
{
	Exact		left = ExactSub(ExactFen(limit_fen), used);

	if (left.fen < 0)
		left = ExactFen(0);
	return ExactMin(room, left);
}

/* A year rule without a deductible counter has its deductible (or threshold) inside E(x) */
static INLINE bool
InsideEntitlement(const Effective *e)
{
	return e->rule->deductible.counter == NO_INDEX;
}

/* The most that the deductible may take on this bill */
static INLINE Status
DeductibleRoom(Run *run, const Effective *e, Exact *room, bool plain)
{
	const Deductible *d = &e->rule->deductible;
	Tally	   *tally;
	int64_t		limit;

	*room = ExactFen(0);
	if (!e->has_deductible || d->kind == DEDUCTIBLE_THRESHOLD)
		return ST_OK;
	*room = ExactFen(e->deductible_fen);
	if (d->counter != NO_INDEX)
	{
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE, d->counter, &tally, plain));
		*room = Tighter(*room, e->deductible_fen, Used(tally->used, plain));
		if (d->final_once_met && tally->cost_fen > 0)
			*room = ExactFen(0);
	}
	if (run->later_part)
	{
		PROPAGATE(EncounterTally(run, e, false, &tally));
		if (tally != NULL)
			*room = Tighter(*room, e->deductible_fen, Used(tally->used, plain));
	}
	if (d->sum_counter != NO_INDEX)
	{
		PROPAGATE(ResolveParam(run, &d->sum_limit, &limit));
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE_SUM, d->sum_counter, &tally, plain));
		*room = Tighter(*room, limit, Used(tally->used, plain));
	}
	return ST_OK;
}

/* Remember that something of a bill lay beyond a deductible that is final once met: what is more than 0 */
extern Status MeetDeductible(Run *run, const Effective *e, Exact beyond);

/* Remember what the deductible took on this bill */
static INLINE Status
TakeDeductible(Run *run, const Effective *e, Exact d, bool plain)
{
	const Deductible *deductible = &e->rule->deductible;
	Tally	   *tally;

	if (d.fen == 0 && d.nano == 0)
		return ST_OK;
	if (deductible->counter != NO_INDEX)
	{
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE, deductible->counter, &tally, plain));
		tally->used = ExactAdd(Used(tally->used, plain), d);
	}
	if (deductible->sum_counter != NO_INDEX)
	{
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE_SUM, deductible->sum_counter, &tally, plain));
		tally->used = ExactAdd(Used(tally->used, plain), d);
	}
	if (run->encounter != NULL)
	{
		PROPAGATE(EncounterTally(run, e, true, &tally));
		tally->used = ExactAdd(Used(tally->used, plain), d);
	}
	return ST_OK;
}

#endif
