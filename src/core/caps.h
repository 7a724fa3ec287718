/*
 * caps.h — private to the core: room under per-visit caps, caps of a period, groups and limits on the number of payments, and
 * charging what was paid to them (docs/policy-model.md, section 9). Base caps and overall ceilings are in caps.c.
 */
#ifndef ASSISTANCE_CAPS_H
#define ASSISTANCE_CAPS_H

#include "fold.h"

/* Tell the trace about one cap and keep the least room */
static INLINE void
Tighten(Run *run, const Effective *e, StepKind kind, int index, bool ceiling, int64_t limit_fen, Exact used, Exact base,
		const Citation *cite, int64_t *room_fen, bool plain)
{
	int64_t		room = MaxFen(0, limit_fen - used.fen - (used.nano > 0));
	Step	   *step = plain ? NULL : TraceStep(run, kind, e);

	if (!plain && run->noted_fen > 0 && kind == STEP_CAP && run->noted_fen >= room)
		AddReached(run, e, ceiling ? REACHED_CEILING : REACHED_CAP, index, ExactFen(run->noted_fen - room));

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

/* Least room of everything that limits a payment; NO_ROOM_LIMIT when nothing does */
static INLINE Status
LeastRoom(Run *run, const Effective *e, int64_t *room, bool plain)
{
	const Rule *rule = e->rule;
	Tally	   *tally;

	*room = NO_ROOM_LIMIT;
	for (int i = 0; i < rule->n_caps; i++)
	{
		const Cap  *cap = &rule->caps[i];
		Exact		used = ExactFen(0);

		if (cap->on_base || e->limit_fen[i] == NO_LIMIT)
			continue;
		if (!cap->visit)
		{
			PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally, plain));
			used = Used(tally->used, plain);
		}
		Tighten(run, e, STEP_CAP, i, false, e->limit_fen[i], used, ExactFen(0), cap->limit.cite, room, plain);
	}
	if (rule->times_counter != NO_INDEX)
	{
		int64_t		times_room = NO_LIMIT;

		PROPAGATE(TallyOf(run, TALLY_TIMES, rule->times_counter, &tally, plain));
		Tighten(run, e, STEP_TIMES, 0, false, rule->times_limit, Used(tally->used, plain), ExactFen(0), rule->times_cite,
				&times_room, plain);
		if (times_room == 0)
			*room = 0;
		if (!plain && run->noted_fen > 0 && times_room == 0)
			AddReached(run, e, REACHED_TIMES, 0, ExactFen(run->noted_fen));
	}
	return e->layer->ceilings != 0 ? CeilingRoom(run, e, room) : ST_OK;
}

/* Before anything is charged: which limits does the payment reach? Asked for by few, and seldom the case */
static INLINE void
NoteIfReached(Run *run, const Effective *e, int64_t due_fen, int64_t room_fen)
{
	if (due_fen > 0 && due_fen >= room_fen && run->fold->notes_reached)
		NoteReached(run, e, due_fen);
}

/* Charge a payment (recoverables are negative) and the base that entered to the rule's caps */
static INLINE Status
ChargeCaps(Run *run, const Effective *e, int64_t paid_fen, Exact entered, bool plain)
{
	const Rule *rule = e->rule;
	Tally	   *tally;

	for (int i = 0; i < rule->n_caps; i++)
	{
		const Cap  *cap = &rule->caps[i];

		if (cap->visit)
			continue;
		PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally, plain));
		tally->used = ExactAdd(Used(tally->used, plain), cap->on_base ? entered : ExactFen(paid_fen));
	}
	if (rule->times_counter != NO_INDEX && paid_fen > 0)
	{
		PROPAGATE(TallyOf(run, TALLY_TIMES, rule->times_counter, &tally, plain));
		tally->used.fen += 1;
	}
	return e->layer->ceilings != 0 ? ChargeCeilings(run, e->place, paid_fen) : ST_OK;
}

/* After the payment: did the rule have caps of a period, and is the least of their rooms 0? */
static INLINE Status
Exhausted(Run *run, const Effective *e, bool *exhausted)
{
	Tally	   *tally;

	*exhausted = false;
	for (int i = 0; i < e->rule->n_caps && !*exhausted; i++)
	{
		const Cap  *cap = &e->rule->caps[i];

		if (cap->visit || cap->on_base || e->limit_fen[i] == NO_LIMIT)
			continue;
		PROPAGATE(TallyOf(run, TALLY_CAP, cap->counter, &tally, false));
		*exhausted = tally->used.fen >= e->limit_fen[i];
	}
	return ST_OK;
}

#endif
