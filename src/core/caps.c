/*
 * caps.c — room under per-visit caps, caps of a period, groups, limits on the number of payments, and overall
 * ceilings; and charging what was paid to them (docs/policy-model.md, section 9).
 */
#include "fold.h"

/* Tell the trace about one cap and keep the least room */
static void
Tighten(Run *run, const Effective *e, StepKind kind, int index, bool ceiling, int64_t limit_fen, Exact used, Exact base,
		const Citation *cite, int64_t *room_fen)
{
	int64_t		room = MaxFen(0, limit_fen - used.fen - (used.nano > 0));
	Step	   *step = TraceStep(run, kind, e);

	if (step != NULL)
	{
		step->index = (uint8_t) index;
		step->ceiling = ceiling;
		step->limit_fen = limit_fen;
		step->used = used;
		step->base = base;
		step->result = ExactFen(room);
		step->cite = cite;
	}
	*room_fen = MinFen(*room_fen, room);
}

/* Room for the base entering under all base caps */
Status
BaseCapRoom(Run *run, const Effective *e, Exact *room)
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
			PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally));
			left = ExactSub(left, tally->used);
		}
		if (left.fen < 0)
			left = ExactFen(0);
		*room = ExactMin(*room, left);
	}
	return ST_OK;
}

/* The caps of the rule */
static Status
RuleRoom(Run *run, const Effective *e, int64_t *room)
{
	const Rule *rule = e->rule;
	Tally	   *tally;

	for (int i = 0; i < rule->n_caps; i++)
	{
		const Cap  *cap = &rule->caps[i];
		Exact		used = ExactFen(0);

		if (cap->on_base || e->limit_fen[i] == NO_LIMIT)
			continue;
		if (!cap->visit)
		{
			PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally));
			used = tally->used;
		}
		Tighten(run, e, STEP_CAP, i, false, e->limit_fen[i], used, ExactFen(0), cap->limit.cite, room);
	}
	if (rule->times_counter != NO_INDEX)
	{
		int64_t		times_room = NO_LIMIT;

		PROPAGATE(TallyOf(run, TALLY_TIMES, rule->times_counter, &tally));
		Tighten(run, e, STEP_TIMES, 0, false, rule->times_limit, tally->used, ExactFen(0), rule->times_cite, &times_room);
		if (times_room == 0)
			*room = 0;
	}
	return ST_OK;
}

/* The overall ceilings that the layer is a member of */
static Status
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

			PROPAGATE(TallyOf(run, TALLY_CEILING, ceiling->counter, &tally));
			cost = tally->cost_fen;
			paid = tally->used;
		}
		Tighten(run, e, STEP_CAP, i, true, FloorShare(cost, ceiling->share_ppm), paid, ExactFen(cost), ceiling->cite, room);
	}
	return ST_OK;
}

/* Least room of everything that limits a payment; NO_ROOM_LIMIT when nothing does */
Status
LeastRoom(Run *run, const Effective *e, int64_t *room)
{
	*room = NO_ROOM_LIMIT;
	PROPAGATE(RuleRoom(run, e, room));
	if (e->layer->ceilings != 0)
		PROPAGATE(CeilingRoom(run, e, room));
	return ST_OK;
}

/* Charge a payment (recoverables are negative) and the base that entered to the rule's caps */
Status
ChargeCaps(Run *run, const Effective *e, int64_t paid_fen, Exact entered)
{
	const Rule *rule = e->rule;
	Tally	   *tally;

	for (int i = 0; i < rule->n_caps; i++)
	{
		const Cap  *cap = &rule->caps[i];

		if (cap->visit)
			continue;
		PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally));
		tally->used = ExactAdd(tally->used, cap->on_base ? entered : ExactFen(paid_fen));
	}
	if (rule->times_counter != NO_INDEX && paid_fen > 0)
	{
		PROPAGATE(TallyOf(run, TALLY_TIMES, rule->times_counter, &tally));
		tally->used.fen += 1;
	}
	return ChargeCeilings(run, e->place, paid_fen);
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
		PROPAGATE(TallyOf(run, TALLY_CEILING, ceiling->counter, &tally));
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

	run->ceilings_hold = 0;
	for (int i = 0; i < run->page->n_ceilings; i++)
	{
		const Ceiling *ceiling = &run->page->ceilings[i];

		run->ceiling_visit_paid[i] = 0;
		PROPAGATE(ConditionHolds(run, &ceiling->when, &nowhere, &holds));
		if (!holds)
			continue;
		run->ceilings_hold |= 1u << i;
		if (ceiling->visit || run->column_fen[ceiling->of] == 0)
			continue;
		PROPAGATE(TallyOf(run, TALLY_CEILING, ceiling->counter, &tally));
		if (!AddFen(tally->cost_fen, run->column_fen[ceiling->of], &tally->cost_fen))
			return FaultSet(run->fault, ST_OVERFLOW, "account", "the year's cost is above 10^13 yuan", "smaller amounts");
	}
	return ST_OK;
}

/* After the payment: did the rule have caps of a period, and is the least of their rooms 0? */
Status
Exhausted(Run *run, const Effective *e, bool *exhausted)
{
	Tally	   *tally;

	*exhausted = false;
	for (int i = 0; i < e->rule->n_caps && !*exhausted; i++)
	{
		const Cap  *cap = &e->rule->caps[i];

		if (cap->visit || cap->on_base || e->limit_fen[i] == NO_LIMIT)
			continue;
		PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally));
		*exhausted = tally->used.fen >= e->limit_fen[i];
	}
	return ST_OK;
}
