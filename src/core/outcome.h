/*
 * outcome.h — private to the core: what a rule computes on a bill before anything moves: what enters, the cumulative base, the
 * deductible, what is due, and what caps allow (docs/policy-model.md, section 11, steps 1 to 6). What only some rules have, and
 * what only a trace wants to know, is in outcome.c.
 */
#ifndef ASSISTANCE_OUTCOME_H
#define ASSISTANCE_OUTCOME_H

#include "bands.h"
#include "caps.h"
#include "deductible.h"
#include "weights.h"

/* The base as it stood before this bill, if it has moved since; else NULL */
static INLINE const Before *
BeforeOf(const Run *run, const BaseCounter *base)
{
	for (int i = 0; i < run->n_before; i++)
	{
		if (&run->fold->account.bases[run->before[i].base] == base)
			return &run->before[i];
	}
	return NULL;
}

/* A cumulative base for this bill; lasting: see IsBound */
static INLINE Status
OpenBase(Run *run, uint8_t counter, BaseCounter **base, bool lasting)
{
	const Hint *hint = &run->fold->base_hint[counter];

	*base = &run->fold->account.bases[hint->index];
	return IsBound(run, counter, hint, lasting) ? ST_OK : BindBase(run, counter, base);
}

/* The base under which it is remembered that a layer has been crossed: its default counter, in the period of the bill */
static INLINE Status
CrossingOf(Run *run, uint8_t place, BaseCounter **base)
{
	return OpenBase(run, run->page->layers[place].base_counter, base, false);
}

/* The entering vector before any base cap; of basic it is in_scope without the away share */
static INLINE void
Enter(Run *run, const Effective *e, Vector *v, Outcome *o, bool plain)
{
	int64_t		in_scope = run->left[BUCKET_IN_SCOPE];

	v->fractional = false;
	o->away_fen = 0;
	o->entering_fen = 0;
	if (e->layer->kind == KIND_BASIC)
	{
		if (!plain && e->enter_micro != PPM)
			o->away_fen = MulDivHalfUp(in_scope, PPM - e->enter_micro, PPM);
		o->entering_fen = in_scope - o->away_fen;
		v->fen[BUCKET_IN_SCOPE] = o->entering_fen;
		v->touched = 1u << BUCKET_IN_SCOPE;
	}
	else if (plain)
	{
		/* figure by figure: a copy in larger pieces waits for those just written */
		for (uint32_t live = run->live; live != 0; live &= live - 1)
			v->fen[__builtin_ctz(live)] = run->left[__builtin_ctz(live)];
		v->touched = run->live;
		o->entering_fen = WholeSum(e->rule->weights, NULL, run->left);
	}
	else
		EnterShare(run, e, v);
}

/* Visit rules, and year rules that wait for a crossing, look at this bill alone */
static INLINE Status
DecideForm(Run *run, const Effective *e, Outcome *o)
{
	uint8_t		awaited = e->rule->crossing_layer;
	BaseCounter *crossing;

	o->crossing_now = false;
	o->per_visit = !e->rule->year;
	if (awaited == NO_INDEX)
		return ST_OK;
	PROPAGATE(CrossingOf(run, awaited, &crossing));
	o->crossing_now = run->newly_crossed >> awaited & 1;
	o->per_visit = !crossing->crossed;
	return ST_OK;
}

/* Base on this bill; for the year form the cumulative base now and before */
static INLINE void
Cumulate(Run *run, const Effective *e, const BaseCounter *base, const Vector *v, Outcome *o, bool plain)
{
	const Weights *w = e->rule->weights;
	const Before *before;
	Exact		entering = plain ? ExactFen(o->entering_fen) : WeighedSum(w, NULL, v->fen, v->nano, v->fractional, false);
	Exact		now;
	Exact		then;

	if (o->per_visit)
	{
		o->base = entering;
		o->cumulative = entering;
		return;
	}
	before = BeforeOf(run, base);
	now = WeighedSum(w, run->fold->part_slot, base->fen, base->nano, base->fractional, plain);
	then = before == NULL ? now :
		WeighedSum(w, run->fold->part_slot, before->fen, before->nano, before->fractional, plain);
	o->cumulative_before = NotNegative(then);
	o->taken_before = Used(before == NULL ? base->deductible : before->deductible, plain);
	o->cumulative = NotNegative(ExactAdd(now, entering));
	o->base = ExactSub(o->cumulative, o->cumulative_before);
}

/* d, for every form of deductible */
static INLINE void
DecideDeductible(const Effective *e, Outcome *o)
{
	const Deductible *d = &e->rule->deductible;
	Exact		whole = ExactFen(e->deductible_fen);

	if (!e->has_deductible)
		o->deductible = ExactFen(0);
	else if (d->kind == DEDUCTIBLE_THRESHOLD)
		o->deductible = AtOrBelowThreshold(e, o->per_visit ? o->base : o->cumulative) ? NotNegative(o->base) : ExactFen(0);
	else if (o->per_visit || !InsideEntitlement(e))
		o->deductible = ExactMin(NotNegative(o->base), o->deductible_room);
	else
		o->deductible = NotNegative(ExactSub(ExactMin(o->cumulative, whole), ExactMin(o->cumulative_before, whole)));
}

/* How much of an amount of the year the deductible has eaten, after and before this bill */
static INLINE void
EatenOfYear(const Effective *e, const BaseCounter *base, const Outcome *o, Exact *after, Exact *before, bool plain)
{
	Exact		whole = ExactFen(e->has_deductible ? e->deductible_fen : 0);

	if (InsideEntitlement(e))
	{
		*after = ExactMin(o->cumulative, whole);
		*before = ExactMin(o->cumulative_before, whole);
		return;
	}
	*after = ExactAdd(Used(base->deductible, plain), o->deductible);
	*before = o->taken_before;
}

/* The due of this bill: E of the visit, or what the year's entitlement has grown by */
static INLINE void
DecideDue(Run *run, const Effective *e, const BaseCounter *base, Outcome *o, bool plain)
{
	Exact		after;
	Exact		before;
	Step	   *step;

	o->entitled_fen = 0;
	if (o->per_visit)
	{
		o->due_fen = Entitled(run, e, o->base, o->deductible, 1, plain);
		return;
	}
	EatenOfYear(e, base, o, &after, &before, plain);
	o->entitled_fen = Entitled(run, e, o->cumulative, after, 1, plain);
	if (!e->rule->true_up && !o->crossing_now)
	{
		o->due_fen = o->entitled_fen - Entitled(run, e, o->cumulative_before, before, -1, plain);
		return;
	}
	o->due_fen = o->entitled_fen - base->accrued_fen;
	step = plain ? NULL : TraceStep(run, STEP_ACCRUED, e);
	if (step != NULL)
		step->result = ExactFen(base->accrued_fen);
}

/* What basic, and in a plain turn any layer, pays on the bill: not more than there is */
static INLINE int64_t
PaidOfEntering(const Outcome *o)
{
	return MinFen(o->allowed_fen, o->entering_fen);
}

/* Everything that a rule computes before anything moves */
static INLINE Status
ComputeOutcome(Run *run, const Effective *e, BaseCounter *base, Vector *v, Outcome *o, bool plain)
{
	o->cut = ExactFen(0);
	o->entered = ExactFen(0);
	Enter(run, e, v, o, plain);
	if (!plain)
	{
		TraceEntering(run, e, v, o);
		if (e->rule->has_base_cap)
			PROPAGATE(CutBase(run, e, v, o));
	}
	PROPAGATE(DecideForm(run, e, o));
	Cumulate(run, e, base, v, o, plain);
	PROPAGATE(DeductibleRoom(run, e, &o->deductible_room, plain));
	DecideDeductible(e, o);
	if (!plain)
		TraceDeductible(run, e, o);
	DecideDue(run, e, base, o, plain);
	if (!plain)
		TraceDue(run, e, o);
	PROPAGATE(LeastRoom(run, e, &o->room_fen, plain));
	o->allowed_fen = o->due_fen > 0 ? MinFen(o->due_fen, o->room_fen) : 0;
	return ST_OK;
}

#endif
