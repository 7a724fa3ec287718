/*
 * outcome.c — of what a rule computes on a bill: what only some rules have (enter shares, gross bases, base caps), and what only
 * a trace wants to know. The course of the computation is in outcome.h.
 */
#include <string.h>

#include "outcome.h"

/* ---- the cumulative base ---- */

/* A cumulative base for this bill: looked up first where it was last time; *base points there */
Status
BindBase(Run *run, uint8_t counter, BaseCounter **base)
{
	Fold	   *fold = run->fold;
	Account    *account = &fold->account;
	Hint	   *hint = &fold->base_hint[counter];
	CounterKey	key;

	if (!LastingKey(run, counter, &key))
		PROPAGATE(KeyOf(run, counter, &key));
	if (IsUnopened(fold, hint))
		*base = AccountOpenBase(account, &key);
	else if (hint->index >= account->n_bases || (*base)->name != key.name || (*base)->period != key.period ||
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

/* Remember what a rule has let into a base, in case an alternative to its layer is applied */
void
NoteShared(Run *run, const BaseCounter *base, const Vector *v, Exact deductible)
{
	Shared	   *shared = &run->shared[run->n_shared++];

	memset(shared, 0, sizeof(*shared));
	shared->base = (uint8_t) (base - run->fold->account.bases);
	shared->deductible = deductible;
	for (uint32_t touched = v->touched; touched != 0; touched &= touched - 1)
	{
		int			bucket = __builtin_ctz(touched);
		int			i = AccountBucket(run, bucket);

		shared->fen[i] = v->fen[bucket];
		shared->nano[i] = v->fractional ? v->nano[bucket] : 0;
	}
}

/* The bill leaves a base that an alternative let it into: it stands there once, as the last rule applied lets it in */
void
LeaveShared(Run *run, BaseCounter *base)
{
	uint8_t		index = (uint8_t) (base - run->fold->account.bases);
	const Shared *shared = run->shared;
	int			kept = 0;

	while (shared < run->shared + run->n_shared && shared->base != index)
		shared++;
	if (shared == run->shared + run->n_shared)
		return;
	for (int i = 0; i < ACCUMULATED; i++)
	{
		Exact		now = ExactSub((Exact) {base->fen[i], base->nano[i]}, (Exact) {shared->fen[i], shared->nano[i]});

		base->fen[i] = now.fen;
		base->nano[i] = now.nano;
	}
	base->deductible = ExactSub(base->deductible, shared->deductible);
	run->shared[shared - run->shared] = run->shared[--run->n_shared];
	for (int i = 0; i < run->n_entered; i++)
	{
		if (run->entered[i].base != index)
			run->entered[kept++] = run->entered[i];
	}
	run->n_entered = (uint8_t) kept;
}

/* ---- what enters ---- */

/* Multiply one figure by the enter share, exactly */
static void
EnterFigure(Vector *v, int bucket, int64_t fen, int32_t enter_micro)
{
	i128		micro;

	v->touched |= 1u << bucket;
	if (enter_micro == PPM)
	{
		v->fen[bucket] = fen;
		return;
	}
	micro = (i128) fen * enter_micro;
	v->fen[bucket] = (int64_t) (micro / PPM);
	v->nano[bucket] = (int32_t) (micro % PPM) * 1000;
}

/* The entering vector of a gross base, or one that may have an enter share */
void
EnterShare(Run *run, const Effective *e, Vector *v)
{
	const Weights *w = e->rule->weights;

	memset(v->fen, 0, sizeof(v->fen));
	memset(v->nano, 0, sizeof(v->nano));
	v->touched = 0;
	v->fractional = e->enter_micro != PPM;
	if (w->gross)
		EnterFigure(v, BUCKET_GROSS, run->column_fen[w->column], e->enter_micro);
	else
	{
		for (uint32_t live = run->live; live != 0; live &= live - 1)
			EnterFigure(v, __builtin_ctz(live), run->left[__builtin_ctz(live)], e->enter_micro);
	}
}

/* Tell the trace what the base is made of */
static void
TraceBase(Run *run, const Effective *e)
{
	const Weights *w = e->rule->weights;
	Step	   *step;

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
TraceEnter(Run *run, const Effective *e, const Vector *v, const Outcome *o)
{
	bool		basic = e->layer->kind == KIND_BASIC;
	Step	   *step;

	if (e->enter_micro == PPM || (step = TraceStep(run, basic ? STEP_AWAY_SHARE : STEP_ENTER, e)) == NULL)
		return;
	step->base = basic ? ExactFen(run->left[BUCKET_IN_SCOPE]) : VisitBase(run, e->rule->weights);
	step->ratio_pico = (int64_t) e->enter_micro * PPM;
	step->result = basic ? ExactFen(o->away_fen) : WeighedSum(e->rule->weights, NULL, v->fen, v->nano, v->fractional, false);
	step->cite = e->rule->enter.cite;
}

/* Tell the trace what enters */
void
TraceEntering(Run *run, const Effective *e, const Vector *v, const Outcome *o)
{
	if (run->trace != NULL)
		TraceBase(run, e);
	TraceEnter(run, e, v, o);
}

/* Cut one figure to the room and tighten the room */
static void
CutFigure(Vector *v, int bucket, Exact *room, Exact *cut)
{
	Exact		figure = {v->fen[bucket], v->fractional ? v->nano[bucket] : 0};
	Exact		in = ExactMin(figure, *room);

	*room = ExactSub(*room, in);
	*cut = ExactAdd(*cut, ExactSub(figure, in));
	v->fen[bucket] = in.fen;
	if (!v->fractional && in.nano != 0)
	{
		v->fractional = true;
		memset(v->nano, 0, sizeof(v->nano));
	}
	if (v->fractional)
		v->nano[bucket] = in.nano;
}

/* Base caps cut the vector, bucket by bucket in the order of taking */
Status
CutBase(Run *run, const Effective *e, Vector *v, Outcome *o)
{
	const Weights *w = e->rule->weights;
	Exact		room;
	Exact		before = WeighedSum(w, NULL, v->fen, v->nano, v->fractional, false);
	Step	   *step;

	PROPAGATE(BaseCapRoom(run, e, before, &room));
	if (w->gross)
		CutFigure(v, BUCKET_GROSS, &room, &o->cut);
	else
	{
		for (int i = 0; i < w->n_order; i++)
			CutFigure(v, w->order[i], &room, &o->cut);
	}
	o->entered = WeighedSum(w, NULL, v->fen, v->nano, v->fractional, false);
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

/* Tell the trace how the deductible came about */
void
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

/* Tell the trace what is due */
void
TraceDue(Run *run, const Effective *e, const Outcome *o)
{
	Step	   *step = TraceStep(run, STEP_DUE, e);

	if (step != NULL)
		step->result = ExactFen(o->due_fen);
}
