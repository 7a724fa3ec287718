/*
 * layer.c — one layer's turn on a bill: which rule fits, what it takes out of the buckets, and how its counters move
 * (docs/policy-model.md, section 11). What a rule computes before that is in outcome.c; what is special to basic insurance
 * in basic.c; what reaches back to earlier bills, and events, in history.c.
 */
#include <string.h>

#include "basic.h"

/* ---- what is paid ---- */

/* Σ left of the buckets that the layer may take from */
static INLINE int64_t
LeftOf(const Run *run, const Weights *weights)
{
	return WholeSum(weights, NULL, run->left);
}

/* Take an amount out of the buckets, each down to zero before the next */
static INLINE void
TakeFromBuckets(Run *run, uint8_t place, const Weights *weights, int64_t amount_fen, bool plain)
{
	for (int i = 0; i < weights->n_order && amount_fen > 0; i++)
	{
		int			bucket = weights->order[i];
		int64_t		taken = MinFen(run->left[bucket], amount_fen);

		if (taken == 0)
			continue;
		if (!plain && run->trace != NULL)
		{
			Step	   *step = AddStep(run, STEP_TAKEN, place, NO_INDEX);

			step->index = (uint8_t) bucket;
			step->base = ExactFen(run->left[bucket]);
			step->result = ExactFen(taken);
		}
		run->left[bucket] -= taken;
		amount_fen -= taken;
	}
}

/* Tell the trace one amount */
static void
TraceAmount(Run *run, const Effective *e, StepKind kind, int64_t amount_fen)
{
	Step	   *step;

	if ((amount_fen == 0 && kind != STEP_PAID) || (step = TraceStep(run, kind, e)) == NULL)
		return;
	step->result = ExactFen(amount_fen);
	step->cite = e->rule != NULL ? e->rule->cite : e->layer->cite;
}

/* Entitlement fell: what was paid above it becomes recoverable */
APART static Status
Recover(Run *run, const Effective *e, const BaseCounter *base, int64_t entitled_fen, Line *line)
{
	CounterKey	key = {0, 0, {0, {0}}};
	Tally	   *tally;
	Step	   *step;

	line->recoverable_fen = MinFen(-line->due_fen, MaxFen(0, base->paid_fen - entitled_fen));
	if (line->recoverable_fen == 0)
		return ST_OK;
	step = TraceStep(run, STEP_RECOVERABLE, e);
	if (step != NULL)
	{
		step->limit_fen = base->paid_fen;
		step->used = ExactFen(entitled_fen);
		step->result = ExactFen(line->recoverable_fen);
	}
	if (!e->layer->set_off)
		return ST_OK;
	PROPAGATE(LayerNameId(run, e->place, &key.name));
	tally = AccountTally(&run->fold->account, TALLY_RECOVERABLE, &key);
	if (tally == NULL)
		return FaultSet(run->fault, ST_ACCOUNT_FULL, "account", "more open counters than one account holds", "fewer open counters");
	tally->used.fen += line->recoverable_fen;
	return ST_OK;
}

/* Show how much of a payment is set off against open recoverables of the layer */
Status
SetOff(Run *run, const Effective *e, Line *line)
{
	CounterKey	key = {0, 0, {0, {0}}};
	Tally	   *tally;

	if (line->paid_fen + line->adjustment_fen == 0)
		return ST_OK;
	PROPAGATE(LayerNameId(run, e->place, &key.name));
	tally = AccountTallyIfOpen(&run->fold->account, TALLY_RECOVERABLE, &key);
	if (tally == NULL)
		return ST_OK;
	line->set_off_fen = MinFen(line->paid_fen + line->adjustment_fen, tally->used.fen);
	tally->used.fen -= line->set_off_fen;
	run->fold->untidy = run->fold->untidy || tally->used.fen == 0;
	TraceAmount(run, e, STEP_SET_OFF, line->set_off_fen);
	return ST_OK;
}

/* Remember that this bill entered the base, for later adjustments */
static INLINE Status
NoteEntered(Run *run, const Effective *e, bool dropped, bool plain)
{
	Entered    *entered;

	if (!run->fold->book->keeps_bills)
		return ST_OK;
	entered = &run->entered[run->n_entered++];
	entered->base = (uint8_t) run->fold->base_hint[e->rule->base_counter].index;
	entered->place = e->place;
	entered->dropped = dropped;
	entered->enter_micro = plain ? PPM : e->rule->weights->gross ? 0 : e->enter_micro;
	return LayerNameId(run, e->place, &entered->layer);
}

/* Add the entering vector to the base */
static INLINE Status
MoveBase(Run *run, BaseCounter *base, const Vector *v, bool plain)
{
	for (uint32_t touched = v->touched; touched != 0; touched &= touched - 1)
	{
		int			bucket = __builtin_ctz(touched);
		int			i = AccountBucket(run, bucket);
		Exact		in = {v->fen[bucket], !plain && v->fractional ? v->nano[bucket] : 0};
		Exact		now = {base->fen[i], plain ? 0 : base->nano[i]};

		now = ExactAdd(now, in);
		if (now.fen > MAX_FEN)
			return FaultSet(run->fault, ST_OVERFLOW, "account", "the cumulative base of a year is above 10^13 yuan", "smaller amounts");
		base->fen[i] = now.fen;
		if (!plain)
			base->nano[i] = now.nano;
	}
	if (!plain)
		base->fractional = base->fractional || v->fractional;
	return ST_OK;
}

/* Move every counter of the rule by what it computed and paid */
static INLINE Status
MoveCounters(Run *run, const Effective *e, BaseCounter *base, const Vector *v, const Outcome *o, const Line *line, bool plain)
{
	int64_t		paid = line->paid_fen + line->adjustment_fen;
	bool		dropped = e->rule->drop_paid_bills && paid > 0;

	if (!plain && e->rule->shares_base)
		RememberBefore(run, base);
	if (!plain)
		run->fold->fractions = run->fold->fractions || v->fractional || o->deductible.nano != 0;
	if (!dropped)
		PROPAGATE(MoveBase(run, base, v, plain));
	if (e->rule->deductible.counter != NO_INDEX)
	{
		if (!dropped)
			base->deductible = ExactAdd(Used(base->deductible, plain), o->deductible);
		if (e->rule->deductible.final_once_met)
			PROPAGATE(MeetDeductible(run, e, line->state == LINE_GIVEN ? ExactFen(line->paid_fen) : ExactSub(o->base, o->deductible)));
	}
	if (!plain && e->rule->shares_base && !dropped)
		NoteShared(run, base, v, e->rule->deductible.counter != NO_INDEX ? o->deductible : ExactFen(0));
	if (!AddFen(base->accrued_fen, o->due_fen, &base->accrued_fen) ||
		!AddFen(base->paid_fen, paid - line->recoverable_fen, &base->paid_fen))
		return FaultSet(run->fault, ST_OVERFLOW, "account", "the payments of a year are above 10^13 yuan", "smaller amounts");
	if (e->rule->deductible.kind != DEDUCTIBLE_THRESHOLD || line->state == LINE_GIVEN)
		PROPAGATE(TakeDeductible(run, e, o->deductible, plain));	/* a threshold eats nothing */
	PROPAGATE(ChargeCaps(run, e, paid - line->recoverable_fen, o->entered, plain));
	return NoteEntered(run, e, dropped, plain);
}

/* Remember the first crossing of a layer that a rule of the page waits for */
static Status
NoteCrossing(Run *run, uint8_t place, bool crossed)
{
	BaseCounter *crossing;

	if (!crossed || !run->page->layers[place].awaited)
		return ST_OK;
	PROPAGATE(CrossingOf(run, place, &crossing));
	if (!crossing->crossed)
		run->newly_crossed |= 1u << place;
	crossing->crossed = true;
	return ST_OK;
}

/* What later layers may ask about this one */
static INLINE Status
NoteState(Run *run, const Effective *e, const Outcome *o, const BaseCounter *base, const Line *line)
{
	uint32_t	bit = 1u << e->place;
	int64_t		whole = e->has_deductible ? e->deductible_fen : 0;
	bool		exhausted;

	NoteDeductible(run, e);
	if (e->layer->watched && e->rule->n_caps > 0)
	{
		PROPAGATE(Exhausted(run, e, &exhausted));
		if (exhausted)
			run->exhausted_layers |= bit;
	}
	if (e->layer->awaited)
	{
		Exact		cumulative = !o->per_visit ? o->cumulative :
			WeighedSum(e->rule->weights, run->fold->part_slot, base->fen, base->nano, base->fractional, false);

		PROPAGATE(NoteCrossing(run, e->place, ExactCompare(cumulative, ExactFen(whole)) > 0 ||
							   line->paid_fen + line->adjustment_fen > 0));
	}
	return ST_OK;
}

/* A payment on the bill: later layers and alternatives hear of it */
static INLINE void
NotePaid(Run *run, uint8_t place, int64_t paid_fen)
{
	uint8_t		set = run->page->layers[place].alternative;

	if (paid_fen <= 0)
		return;
	run->paid_layers |= 1u << place;
	if (set != NO_INDEX)
		run->alternatives_paid |= 1u << set;
}

/* Pay what is allowed: on the bill, beyond it as a year adjustment */
static INLINE Status
Pay(Run *run, const Effective *e, BaseCounter *base, const Outcome *o, Line *line, bool plain)
{
	bool		basic = e->layer->kind == KIND_BASIC;
	int64_t		beyond;

	line->paid_fen = plain || basic ? PaidOfEntering(o) : MinFen(o->allowed_fen, LeftOf(run, e->rule->weights));
	beyond = o->allowed_fen - line->paid_fen;
	if (!plain)
		TraceAmount(run, e, STEP_PAID, line->paid_fen);
	if (!basic)
		TakeFromBuckets(run, e->place, e->rule->weights, line->paid_fen, plain);
	if (beyond > 0 && !o->per_visit)
		PROPAGATE(BookAdjustment(run, e, base, beyond, &line->adjustment_fen));
	if (!plain)
		TraceAmount(run, e, STEP_LAPSED, beyond - line->adjustment_fen);
	return ST_OK;
}

/* Copy the figures of the computation into the line */
static INLINE void
FillLine(const Effective *e, const Outcome *o, Line *line)
{
	line->rule = e->rule_index;
	line->base = o->base;
	line->cumulative = o->cumulative;
	line->deductible = o->deductible;
	line->due_fen = o->due_fen;
	line->room_fen = o->room_fen;
}

/* A rule fits: compute, pay, move */
static INLINE Status
ApplyRule(Run *run, uint8_t place, const Candidate *candidate, Line *line, bool plain)
{
	const Layer *layer = &run->page->layers[place];
	const Rule *rule = &layer->rules[candidate->rule];
	bool		basic = layer->kind == KIND_BASIC;
	const Effective *e;
	BaseCounter *base;
	Resolved	r;
	Vector		v;
	Outcome		o;

	line->state = LINE_APPLIED;
	PROPAGATE(OpenBase(run, rule->base_counter, &base, plain));
	if (!plain && rule->shares_base)
		LeaveShared(run, base);
	if (!plain && basic && (run->trace != NULL ? rule->has_penalty : candidate->penalised))
		PROPAGATE(BasicWithPenalty(run, place, candidate, base, &r, &e, &v, &o));
	else
	{
		PROPAGATE(ResolveEffective(run, place, candidate, true, &r, &e));
		PROPAGATE(ComputeOutcome(run, e, base, &v, &o, plain));
		if (basic)
			ShareOut(run, e, base, &o, PaidOfEntering(&o), 0);
	}
	FillLine(e, &o, line);
	NoteIfReached(run, e, o.due_fen, o.room_fen);
	PROPAGATE(Pay(run, e, base, &o, line, plain));
	if (o.due_fen < 0)
		PROPAGATE(Recover(run, e, base, o.entitled_fen, line));
	if (layer->set_off)
		PROPAGATE(SetOff(run, e, line));
	PROPAGATE(MoveCounters(run, e, base, &v, &o, line, plain));
	NotePaid(run, place, line->paid_fen);
	return NoteState(run, e, &o, base, line);
}

/* The plain turn: figures of the account and of the rule are whole, and nobody listens */
APART static Status
ApplyPlainly(Run *run, uint8_t place, const Candidate *candidate, Line *line)
{
	return ApplyRule(run, place, candidate, line, true);
}

/* The turn in full */
APART static Status
ApplyInFull(Run *run, uint8_t place, const Candidate *candidate, Line *line)
{
	return ApplyRule(run, place, candidate, line, false);
}

/* ---- given layers ---- */

/* A given amount takes the place of the computed one; the counters move as if it had been computed */
static void
OverrideOutcome(const Given *given, Outcome *o)
{
	o->due_fen = given->amount_fen;
	o->allowed_fen = given->amount_fen;
	o->deductible = ExactFen(given->deductible_fen);
	o->crossing_now = false;
}

/* Refuse a given amount above what is left in the layer's buckets */
static Status
CheckGiven(Run *run, uint8_t place, const Given *given, const Weights *weights)
{
	const Layer *layer = &run->page->layers[place];
	int64_t		left = LeftOf(run, weights);

	if (given->over_cap_fen > 0)
		return FaultFormat(run->fault, ST_BILL_GIVEN, "given", "over_cap for a layer of kind basic only",
						   "layer \"%.*s\" brings over_cap", layer->name.length, layer->name.text);
	if (given->deductible_fen > run->column_fen[COLUMN_TOTAL])
		return FaultFormat(run->fault, ST_BILL_GIVEN, "given", "a deductible of at most the total of the bill",
						   "layer \"%.*s\" brings a deductible above the bill", layer->name.length, layer->name.text);
	if (given->amount_fen <= left)
		return ST_OK;
	return FaultFormat(run->fault, ST_BILL_GIVEN, "given", "an amount that the buckets of this layer's base can carry",
					   "layer \"%.*s\" brings %lld.%02lld yuan, but only %lld.%02lld is left", layer->name.length, layer->name.text,
					   (long long) given->amount_fen / 100, (long long) given->amount_fen % 100, (long long) left / 100, (long long) left % 100);
}

/* The amount was computed by someone else */
APART static Status
ApplyGiven(Run *run, uint8_t place, const Given *given, Line *line)
{
	const Layer *layer = &run->page->layers[place];
	const Weights *weights = layer->weights;
	const Candidate *candidate;
	Resolved	r;
	const Effective *e = &r.e;
	BaseCounter *base = NULL;
	Vector		v;
	Outcome		o;

	line->state = LINE_GIVEN;
	PROPAGATE(FitRule(run, place, &candidate));
	if (candidate == NULL)
		r.e = (Effective) {.layer = layer, .place = place, .rule_index = NO_INDEX};
	else
	{
		Trace	   *trace = run->trace;

		run->trace = NULL;		/* what our own rule would have paid is not part of the explanation */
		PROPAGATE(ResolveEffective(run, place, candidate, true, &r, &e));
		PROPAGATE(OpenBase(run, e->rule->base_counter, &base, false));
		LeaveShared(run, base);
		PROPAGATE(ComputeOutcome(run, e, base, &v, &o, false));
		run->trace = trace;
		OverrideOutcome(given, &o);
		FillLine(e, &o, line);
		weights = e->rule->weights;
	}
	line->due_fen = given->amount_fen;
	line->deductible = ExactFen(given->deductible_fen);
	line->paid_fen = given->amount_fen;
	if (layer->kind == KIND_BASIC)
		PROPAGATE(GivenBasic(run, given));
	else
	{
		PROPAGATE(CheckGiven(run, place, given, weights));
		TakeFromBuckets(run, place, weights, given->amount_fen, false);
	}
	NotePaid(run, place, line->paid_fen);
	if (layer->set_off)
		PROPAGATE(SetOff(run, e, line));
	if (candidate == NULL)
	{
		PROPAGATE(NoteCrossing(run, place, line->paid_fen > 0));
		return ChargeCeilings(run, place, line->paid_fen);
	}
	PROPAGATE(MoveCounters(run, e, base, &v, &o, line, false));
	return NoteState(run, e, &o, base, line);
}

/* ---- the layer's turn ---- */

/* The first candidate that fits, or NULL */
Status
FitRule(Run *run, uint8_t place, const Candidate **candidate)
{
	const LayerPlan *plan = &run->plan->layers[place];
	Place		where;
	bool		holds;

	if (plan->lacks)
		return LacksNeed(run, place);
	for (int i = 0; i < plan->n; i++)
	{
		const Rule *rule = &run->page->layers[place].rules[plan->candidates[i].rule];

		*candidate = &plan->candidates[i];
		if ((*candidate)->certain)
			return ST_OK;
		where.base = VisitBase(run, rule->weights);
		PROPAGATE(ConditionHolds(run, &rule->when, &where, &holds));
		if (holds)
			return ST_OK;
	}
	*candidate = NULL;
	return ST_OK;
}

/* Tell the trace that a layer's turn has come, and how it went in */
static void
TraceLayer(Run *run, uint8_t place, LineState state, const Given *given)
{
	Step	   *step;

	if (run->trace == NULL)
		return;
	step = AddStep(run, STEP_LAYER, place, NO_INDEX);
	step->state = state;
	step->result = ExactFen(given != NULL ? given->amount_fen : 0);
	step->cite = run->page->layers[place].cite;
}

/* No computation: no rule, waived, not applicable, or an alternative has paid */
static Status
Idle(Run *run, uint8_t place, LineState state, Line *line)
{
	line->state = state;
	TraceLayer(run, place, state, NULL);
	if (run->page->layers[place].kind == KIND_BASIC)
		BasicIsAllCopay(run);
	return ST_OK;
}

/* One layer's turn on an ordinary bill */
Status
ApplyLayer(Run *run, uint8_t place)
{
	const Layer *layer = &run->page->layers[place];
	const Given *given = run->is_given >> place & 1 ? run->given[place] : NULL;
	const LayerPlan *plan = &run->plan->layers[place];
	const Candidate *candidate = plan->candidates;
	Line	   *line = &run->split->lines[place];

	if (layer->alternative != NO_INDEX && (run->alternatives_paid >> layer->alternative & 1))
	{
		if (given != NULL && given->amount_fen > 0)
			return FaultFormat(run->fault, ST_BILL_GIVEN, "given", "an amount for one layer of a set of alternatives",
							   "layer \"%.*s\" is given, but an alternative to it has paid", layer->name.length, layer->name.text);
		return Idle(run, place, LINE_ALTERNATIVE_PAID, line);
	}
	if (given != NULL && given->state != GIVEN_AMOUNT)
		return Idle(run, place, given->state == GIVEN_WAIVED && !layer->not_applicable ? LINE_WAIVED : LINE_NOT_APPLICABLE, line);
	if (given != NULL)
	{
		if (layer->not_applicable)
			return FaultFormat(run->fault, ST_BILL_GIVEN, "given", "no amount for this layer: under these terms it is not applicable",
							   "layer \"%.*s\" brings an amount", layer->name.length, layer->name.text);
		TraceLayer(run, place, LINE_GIVEN, given);
		return ApplyGiven(run, place, given, line);
	}
	if (plan->n == 0 || !candidate->certain)	/* most often the codes decide */
		PROPAGATE(FitRule(run, place, &candidate));
	if (candidate == NULL)
		return Idle(run, place, StateWithoutRule(layer), line);
	TraceLayer(run, place, LINE_APPLIED, NULL);
	if (candidate->plain && run->trace == NULL && !run->fold->fractions)
		return ApplyPlainly(run, place, candidate, line);
	return ApplyInFull(run, place, candidate, line);
}
