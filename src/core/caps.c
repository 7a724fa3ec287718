/*
 * caps.c — base caps and overall ceilings (docs/policy-model.md, section 9). Caps on payments, which most bills meet, are in
 * caps.h.
 */
#include "caps.h"

/* ---- limits that are reached ---- */

/* Note a limit; where basic computes twice, the second time counts */
void
AddReached(Run *run, const Effective *e, ReachedKind kind, int index, Exact beyond)
{
	Fold	   *fold = run->fold;

	if (run->without_penalty)
		return;
	fold->reached[fold->n_reached++] = (Reached) {.kind = kind, .place = e->place, .index = (uint8_t) index, .beyond = beyond};
}

/* Look at all limits of a payment again and note those that leave no more than is due. All have been found on this bill. */
void
NoteReached(Run *run, const Effective *e, int64_t due_fen)
{
	Trace	   *trace = run->trace;
	int64_t		room;

	run->trace = NULL;			/* it has heard of them */
	run->noted_fen = due_fen;
	(void) LeastRoom(run, e, &room, false);
	run->noted_fen = 0;
	run->trace = trace;
}

/* ---- base caps ---- */

/* Room for the base entering under all base caps */
Status
BaseCapRoom(Run *run, const Effective *e, Exact entering, Exact *room)
{
	Tally	   *tally;

	*room = ExactFen(NO_LIMIT);
	for (int i = 0; i < e->rule->n_caps; i++)
	{
		const Cap  *cap = &e->rule->caps[i];
		Exact		left = ExactFen(e->limit_fen[i]);

		if (!cap->on_base)
			continue;
		if (!cap->visit)
		{
			PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally, false));
			left = ExactSub(left, tally->used);
		}
		if (left.fen < 0)
			left = ExactFen(0);
		if (run->fold->notes_reached && ExactCompare(entering, ExactFen(0)) > 0 && ExactCompare(entering, left) >= 0)
			AddReached(run, e, REACHED_BASE_CAP, i, ExactSub(entering, left));
		*room = ExactMin(*room, left);
	}
	return ST_OK;
}

/* ---- ceilings ---- */

/* Room under the overall ceilings that the layer is a member of */
Status
CeilingRoom(Run *run, const Effective *e, int64_t *room)
{
	uint32_t	mine = e->layer->ceilings & run->ceilings_hold;

	for (int i = 0; i < run->page->n_ceilings; i++)
	{
		const Ceiling *ceiling = &run->page->ceilings[i];
		int64_t		cost = run->column_fen[ceiling->of];
		Exact		paid = ExactFen(run->ceiling_visit_paid[i]);

		if ((mine & (1u << i)) == 0)
			continue;
		if (ceiling->visit && run->bill->kind != BILL_ORDINARY)
			continue;			/* an event has no cost of its own: only ceilings of the period bind it */
		if (!ceiling->visit)
		{
			Tally	   *tally;

			PROPAGATE(TallyOf(run, TALLY_CEILING, ceiling->counter, &tally, false));
			cost = tally->cost_fen;
			paid = tally->used;
		}
		Tighten(run, e, STEP_CAP, i, true, FloorShare(cost, ceiling->share_ppm), paid, ExactFen(cost), ceiling->cite, room, false);
	}
	return ST_OK;
}

/* Charge a payment to the overall ceilings of a layer */
Status
ChargeCeilings(Run *run, uint8_t place, int64_t paid_fen)
{
	uint32_t	mine = run->page->layers[place].ceilings & run->ceilings_hold;
	Tally	   *tally;

	for (int i = 0; mine != 0 && i < run->page->n_ceilings; i++)
	{
		const Ceiling *ceiling = &run->page->ceilings[i];

		if ((mine & (1u << i)) == 0)
			continue;
		run->ceiling_visit_paid[i] += MaxFen(0, paid_fen);	/* a recoverable concerns earlier bills */
		if (ceiling->visit)
			continue;
		PROPAGATE(TallyOf(run, TALLY_CEILING, ceiling->counter, &tally, false));
		tally->used.fen += paid_fen;
	}
	return ST_OK;
}

/* At the start of a bill: which ceilings hold, and its cost */
Status
CountCeilingCosts(Run *run)
{
	Place		nowhere = {{0, 0}};
	Tally	   *tally;
	bool		holds;

	for (int i = 0; i < run->page->n_ceilings; i++)
	{
		const Ceiling *ceiling = &run->page->ceilings[i];

		run->ceiling_visit_paid[i] = 0;
		holds = run->plan->ceilings_hold >> i & 1;
		if (run->plan->ceilings_open >> i & 1)
			PROPAGATE(ConditionHolds(run, &ceiling->when, &nowhere, &holds));
		if (!holds)
			continue;
		run->ceilings_hold |= 1u << i;
		if (ceiling->visit || run->column_fen[ceiling->of] == 0)
			continue;
		PROPAGATE(TallyOf(run, TALLY_CEILING, ceiling->counter, &tally, false));
		if (!AddFen(tally->cost_fen, run->column_fen[ceiling->of], &tally->cost_fen))
			return FaultSet(run->fault, ST_OVERFLOW, "account", "the year's cost is above 10^13 yuan", "smaller amounts");
	}
	return ST_OK;
}
