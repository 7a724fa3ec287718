/*
 * deductible.c — how much a deductible may still take on this bill, and remembering what it took
 * (docs/policy-model.md, section 7). D itself, with schedule and modifiers, is resolved in modifier.c.
 */
#include <string.h>

#include "fold.h"

/* room = max(0, limit - used), if that is less than the room so far */
static Exact
Tighter(Exact room, int64_t limit_fen, Exact used)
{
	Exact		left = ExactSub(ExactFen(limit_fen), used);

	if (left.fen < 0)
		left = ExactFen(0);
	return ExactMin(room, left);
}

/* What earlier bills of this encounter took for the layer; NULL when there are none and open is false */
static Status
EncounterTally(Run *run, const Effective *e, bool open, Tally **tally)
{
	CounterKey	key;

	*tally = NULL;
	if (run->encounter == NULL)
		return ST_OK;
	PROPAGATE(LayerNameId(run, e->place, &key.name));
	key.period = 0;
	key.sub = run->encounter->sub;
	*tally = open ? AccountTally(&run->fold->account, TALLY_ENCOUNTER_DEDUCTIBLE, &key) :
		AccountTallyIfOpen(&run->fold->account, TALLY_ENCOUNTER_DEDUCTIBLE, &key);
	if (open && *tally == NULL)
		return FaultSet(run->fault, ST_ACCOUNT_FULL, "account", "more open counters than one account holds",
						"bills whose encounters are completed: encounter_total reached");
	return ST_OK;
}

/* The most that the deductible may take on this bill */
Status
DeductibleRoom(Run *run, const Effective *e, Exact *room)
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
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE, d->counter, &tally));
		*room = Tighter(*room, e->deductible_fen, tally->used);
	}
	if (run->later_part)
	{
		PROPAGATE(EncounterTally(run, e, false, &tally));
		if (tally != NULL)
			*room = Tighter(*room, e->deductible_fen, tally->used);
	}
	if (d->sum_counter != NO_INDEX)
	{
		PROPAGATE(ResolveParam(run, &d->sum_limit, &limit));
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE_SUM, d->sum_counter, &tally));
		*room = Tighter(*room, limit, tally->used);
	}
	return ST_OK;
}

/* A year rule without a deductible counter has its deductible (or threshold) inside E(x) */
bool
InsideEntitlement(const Effective *e)
{
	return e->rule->deductible.counter == NO_INDEX;
}

/* Remember what the deductible took on this bill */
Status
TakeDeductible(Run *run, const Effective *e, Exact d)
{
	const Deductible *deductible = &e->rule->deductible;
	Tally	   *tally;

	if (ExactCompare(d, ExactFen(0)) == 0)
		return ST_OK;
	if (deductible->counter != NO_INDEX)
	{
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE, deductible->counter, &tally));
		tally->used = ExactAdd(tally->used, d);
	}
	if (deductible->sum_counter != NO_INDEX)
	{
		PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE_SUM, deductible->sum_counter, &tally));
		tally->used = ExactAdd(tally->used, d);
	}
	PROPAGATE(EncounterTally(run, e, true, &tally));
	if (tally != NULL)
		tally->used = ExactAdd(tally->used, d);
	return ST_OK;
}
