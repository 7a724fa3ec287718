/*
 * deductible.c — what the deductible of a layer has taken from earlier bills of an encounter, and that it has been met.
 * Everything else about a deductible on a bill is in deductible.h.
 */
#include "deductible.h"

/* The first bill of the period of which something lies beyond the deductible leaves that amount, up to the next fen */
Status
MeetDeductible(Run *run, const Effective *e, Exact beyond)
{
	int64_t		beyond_fen = beyond.fen + (beyond.nano != 0);
	Tally	   *tally;

	if (beyond_fen <= 0)
		return ST_OK;
	PROPAGATE(TallyOf(run, TALLY_DEDUCTIBLE, e->rule->deductible.counter, &tally, false));
	if (tally->cost_fen == 0)
		tally->cost_fen = beyond_fen;
	return ST_OK;
}

/* What earlier bills of the bill's encounter took for the layer; NULL when there are none and open is false */
Status
EncounterTally(Run *run, const Effective *e, bool open, Tally **tally)
{
	CounterKey	key;

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
