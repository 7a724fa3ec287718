/*
 * outcome.c — what a rule computes on a bill before anything moves: what enters, the cumulative base, the deductible,
 * what is due, and what caps allow (docs/policy-model.md, section 11, steps 1 to 6).
 */
#include <string.h>

#include "fold.h"

/* ---- the cumulative base ---- */

/* A cumulative base for this bill: looked up once per bill, first where it was last time */
static Status
OpenBaseOf(Run *run, uint8_t counter, BaseCounter **base)
{
	Fold	   *fold = run->fold;
	Account    *account = &fold->account;
	Hint	   *hint = &fold->base_hint[counter];
	CounterKey	key;

	*base = &account->bases[hint->index];
	if (hint->bill_number == fold->bill_number)
		return ST_OK;
	PROPAGATE(KeyOf(run, counter, &key));
	if (hint->index >= account->n_bases || (*base)->name != key.name || (*base)->period != key.period ||
		!NameIs(&(*base)->sub, &key.sub))
		*base = AccountBase(account, &key);
	if (*base == NULL)
		return FaultFormat(run->fault, ST_ACCOUNT_FULL, "account",
						   "fold the years of this person one after another, each from a fresh account",
						   "more than %d cumulative bases", MAX_BASES);
	hint->index = (uint32_t) (*base - account->bases);
	hint->bill_number = fold->bill_number;
	return ST_OK;
}

/* The base counter of the rule for this bill */
Status
OpenBase(Run *run, const Effective *e, BaseCounter **base)
{
	return OpenBaseOf(run, e->rule->base_counter, base);
}

/* The base as it stood before this bill, if it has moved since; else NULL */
const Before *
BeforeOf(const Run *run, const BaseCounter *base)
{
	uint8_t		index = (uint8_t) (base - run->fold->account.bases);

	for (int i = 0; i < run->n_before; i++)
	{
		if (run->before[i].base == index)
			return &run->before[i];
	}
	return NULL;
}

/* Keep a copy of the base before it moves for the first time on this bill */
void
RememberBefore(Run *run, const BaseCounter *base)
{
	Before	   *before;

	if (BeforeOf(run, base) != NULL)
		return;
	before = &run->before[run->n_before++];
	before->base = (uint8_t) (base - run->fold->account.bases);
	before->fractional = base->fractional;
	before->deductible = base->deductible;
	memcpy(before->fen, base->fen, sizeof(before->fen));
	memcpy(before->nano, base->nano, sizeof(before->nano));
}

/* ---- what enters ---- */

/* Multiply one figure by the enter share, exactly */
static void
EnterFigure(Outcome *o, int bucket, int64_t fen, int32_t enter_micro)
{
	i128		micro;

	o->touched[o->n_touched++] = (uint8_t) bucket;
	if (enter_micro == PPM)
	{
		o->fen[bucket] = fen;
		return;
	}
	micro = (i128) fen * enter_micro;
	o->fen[bucket] = (int64_t) (micro / PPM);
	o->nano[bucket] = (int32_t) (micro % PPM) * 1000;
}

/* Tell the trace what the base is made of */
static void
TraceBase(Run *run, const Effective *e)
{
	const Weights *w = e->rule->weights;
	Step	   *step;

	if (run->trace == NULL)
		return;
	for (int i = 0; i < w->n_order && !w->gross; i++)
	{
		int			bucket = w->order[i];

		if (run->left[bucket] == 0)
			continue;
		step = TraceStep(run, STEP_BUCKET_IN, e);
		step->index = (uint8_t) bucket;
		step->base = ExactFen(run->left[bucket]);
		step->ratio_pico = w->milli[bucket] * (PICO / MILLI);
		step->result = ExactFromNano((i128) run->left[bucket] * w->milli[bucket] * (NANO / MILLI));
		step->cite = e->layer->cite;
	}
	if (w->gross)
	{
		step = TraceStep(run, STEP_BUCKET_IN, e);
		step->index = BUCKET_GROSS;
		step->base = ExactFen(run->column_fen[w->column]);
		step->ratio_pico = PICO;
		step->result = step->base;
		step->cite = e->layer->cite;
	}
}

/* Tell the trace about the enter share (basic: the away share) */
static void
TraceEnter(Run *run, const Effective *e, const Outcome *o)
{
	bool		basic = e->layer->kind == KIND_BASIC;
	Step	   *step;

	if (e->enter_micro == PPM || (step = TraceStep(run, basic ? STEP_AWAY_SHARE : STEP_ENTER, e)) == NULL)
		return;
	step->base = basic ? ExactFen(run->left[BUCKET_IN_SCOPE]) : VisitBase(run, e->rule->weights);
	step->ratio_pico = (int64_t) e->enter_micro * PPM;
	step->result = basic ? ExactFen(o->away_fen) : WeighedSum(run, e->rule->weights, o->fen, o->nano, o->fractional);
	step->cite = e->rule->enter.cite;
}

/* The entering vector before any base cap */
static void
Enter(Run *run, const Effective *e, Outcome *o)
{
	const Weights *w = e->rule->weights;

	memset(o->fen, 0, sizeof(o->fen));
	o->n_touched = 0;
	o->fractional = e->enter_micro != PPM && e->layer->kind != KIND_BASIC;
	if (o->fractional)
		memset(o->nano, 0, sizeof(o->nano));
	o->away_fen = 0;
	if (e->layer->kind == KIND_BASIC)
	{
		if (e->enter_micro != PPM)
			o->away_fen = MulDivHalfUp(run->left[BUCKET_IN_SCOPE], PPM - e->enter_micro, PPM);
		o->entering_fen = run->left[BUCKET_IN_SCOPE] - o->away_fen;
		o->fen[BUCKET_IN_SCOPE] = o->entering_fen;
		o->touched[o->n_touched++] = BUCKET_IN_SCOPE;
	}
	else if (w->gross)
		EnterFigure(o, BUCKET_GROSS, run->column_fen[w->column], e->enter_micro);
	else
	{
		int			last = BUCKET_PART + run->page->n_parts;

		for (int i = 0; i < last; i++)
		{
			if (run->left[i] != 0)
				EnterFigure(o, AccountBucket(run, i), run->left[i], e->enter_micro);
		}
	}
}

/* Cut one figure to the room and tighten the room */
static void
CutFigure(Outcome *o, int bucket, Exact *room)
{
	Exact		v = {o->fen[bucket], o->fractional ? o->nano[bucket] : 0};
	Exact		in = ExactMin(v, *room);

	*room = ExactSub(*room, in);
	o->cut = ExactAdd(o->cut, ExactSub(v, in));
	o->fen[bucket] = in.fen;
	if (!o->fractional && in.nano != 0)
	{
		o->fractional = true;
		memset(o->nano, 0, sizeof(o->nano));
	}
	if (o->fractional)
		o->nano[bucket] = in.nano;
}

/* Base caps cut the vector, bucket by bucket in the order of taking */
static Status
CutBase(Run *run, const Effective *e, Outcome *o)
{
	const Weights *w = e->rule->weights;
	Exact		room;
	Exact		before = WeighedSum(run, w, o->fen, o->nano, o->fractional);
	Step	   *step;

	PROPAGATE(BaseCapRoom(run, e, &room));
	if (w->gross)
		CutFigure(o, BUCKET_GROSS, &room);
	else
	{
		for (int i = 0; i < w->n_order; i++)
			CutFigure(o, AccountBucket(run, w->order[i]), &room);
	}
	o->entered = WeighedSum(run, w, o->fen, o->nano, o->fractional);
	step = TraceStep(run, STEP_BASE_CAP, e);
	if (step != NULL)
	{
		step->base = before;
		step->result = o->entered;
		step->cite = e->rule->cite;
		for (int i = 0; i < e->rule->n_caps; i++)
		{
			if (e->rule->caps[i].on_base)
			{
				step->index = (uint8_t) i;
				step->limit_fen = e->limit_fen[i];
				step->cite = e->rule->caps[i].limit.cite;
			}
		}
	}
	return ST_OK;
}

/* ---- what is due ---- */

/* Base on this bill; for the year form the cumulative base now and before */
static void
Cumulate(Run *run, const Effective *e, const BaseCounter *base, Outcome *o)
{
	const Weights *w = e->rule->weights;
	const Before *before;
	Exact		v = WeighedSum(run, w, o->fen, o->nano, o->fractional);
	Exact		now;

	if (o->per_visit)
	{
		o->base = o->cumulative = v;
		return;
	}
	before = BeforeOf(run, base);
	now = WeighedSum(run, w, base->fen, base->nano, base->fractional);
	o->cumulative_before = NotNegative(before == NULL ? now : WeighedSum(run, w, before->fen, before->nano, before->fractional));
	o->taken_before = before == NULL ? base->deductible : before->deductible;
	o->cumulative = NotNegative(ExactAdd(now, v));
	o->base = ExactSub(o->cumulative, o->cumulative_before);
}

/* The base under which it is remembered that a layer has been crossed: its default counter, in the period of the bill */
Status
CrossingOf(Run *run, uint8_t place, BaseCounter **base)
{
	return OpenBaseOf(run, run->page->layers[place].base_counter, base);
}

/* Visit rules, and year rules that wait for a crossing, look at this bill alone */
static Status
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

/* d, for every form of deductible */
static void
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
static void
EatenOfYear(const Effective *e, const BaseCounter *base, const Outcome *o, Exact *after, Exact *before)
{
	Exact		whole = ExactFen(e->has_deductible ? e->deductible_fen : 0);

	if (InsideEntitlement(e))
	{
		*after = ExactMin(o->cumulative, whole);
		*before = ExactMin(o->cumulative_before, whole);
		return;
	}
	*after = ExactAdd(base->deductible, o->deductible);
	*before = o->taken_before;
}

/* The due of this bill: E of the visit, or what the year's entitlement has grown by */
static void
DecideDue(Run *run, const Effective *e, const BaseCounter *base, Outcome *o)
{
	Exact		after;
	Exact		before;
	Step	   *step;

	o->entitled_fen = 0;
	if (o->per_visit)
	{
		o->due_fen = Entitled(run, e, o->base, o->deductible, 1);
		return;
	}
	EatenOfYear(e, base, o, &after, &before);
	o->entitled_fen = Entitled(run, e, o->cumulative, after, 1);
	if (!e->rule->true_up && !o->crossing_now)
	{
		o->due_fen = o->entitled_fen - Entitled(run, e, o->cumulative_before, before, -1);
		return;
	}
	o->due_fen = o->entitled_fen - base->accrued_fen;
	step = TraceStep(run, STEP_ACCRUED, e);
	if (step != NULL)
		step->result = ExactFen(base->accrued_fen);
}

/* Tell the trace how the deductible came about */
static void
TraceDeductible(Run *run, const Effective *e, const Outcome *o)
{
	Step	   *step;

	if (!o->per_visit && (step = TraceStep(run, STEP_CUMULATIVE, e)) != NULL)
	{
		step->low = o->cumulative_before;
		step->high = o->cumulative;
		step->base = o->base;
	}
	if (!e->has_deductible || (step = TraceStep(run, STEP_DEDUCTIBLE, e)) == NULL)
		return;
	step->limit_fen = e->deductible_fen;
	step->index = (uint8_t) (e->stay_number > 255 ? 255 : e->stay_number);
	step->used = e->rule->deductible.kind == DEDUCTIBLE_PLAIN && (o->per_visit || !InsideEntitlement(e)) ?
		ExactSub(ExactFen(e->deductible_fen), o->deductible_room) :
		e->rule->deductible.kind == DEDUCTIBLE_PLAIN ? ExactMin(o->cumulative_before, ExactFen(e->deductible_fen)) : ExactFen(0);
	step->base = o->per_visit ? o->base : o->cumulative;
	step->result = o->deductible;
	step->cite = e->rule->deductible.amount.cite;
}

/* Everything that a rule computes before anything moves */
Status
ComputeOutcome(Run *run, const Effective *e, BaseCounter *base, Outcome *o)
{
	Step	   *step;

	o->cut = ExactFen(0);
	o->entered = ExactFen(0);
	TraceBase(run, e);
	Enter(run, e, o);
	TraceEnter(run, e, o);
	if (e->rule->has_base_cap)
		PROPAGATE(CutBase(run, e, o));
	PROPAGATE(DecideForm(run, e, o));
	Cumulate(run, e, base, o);
	PROPAGATE(DeductibleRoom(run, e, &o->deductible_room));
	DecideDeductible(e, o);
	if (run->trace != NULL)
		TraceDeductible(run, e, o);
	DecideDue(run, e, base, o);
	step = TraceStep(run, STEP_DUE, e);
	if (step != NULL)
		step->result = ExactFen(o->due_fen);
	PROPAGATE(LeastRoom(run, e, &o->room_fen));
	o->allowed_fen = o->due_fen > 0 ? MinFen(o->due_fen, o->room_fen) : 0;
	return ST_OK;
}
