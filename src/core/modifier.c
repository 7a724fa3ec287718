/*
 * modifier.c — the parameters of a rule on this bill: facts resolved, then the modifiers that fit, in their stated
 * order per target (docs/policy-model.md, sections 6, 7 and 10).
 */
#include <string.h>

#include "weights.h"

/* base + rate x fact, the fact cut down to whole steps, clipped, half up to the parameter's resolution */
Status
ResolveParam(const Run *run, const Param *param, int64_t *value)
{
	Rounding	half_up = {1, ROUND_HALF_UP};
	int64_t		fact;
	i128		sum;

	*value = param->base;
	if (param->fact == FACT_NONE)
		return ST_OK;
	PROPAGATE(FactValue(run, param->fact, &fact));
	if (param->step_hundredths > 0)
	{
		int64_t		over = fact % param->step_hundredths;

		fact -= over < 0 ? over + param->step_hundredths : over;
	}
	sum = (i128) param->base * (PPM * 100) + (i128) param->rate * fact;
	if (sum > (i128) param->max * (PPM * 100))
		*value = param->max;
	else if (sum < (i128) param->min * (PPM * 100))
		*value = param->min;
	else
		*value = RoundRatio((u128) sum, PPM * 100, half_up);	/* min is at least 0 */
	return ST_OK;
}

/* Every parameter as the document states it */
static Status
ResolveStated(Run *run, Resolved *r)
{
	Effective  *e = &r->e;
	const Rule *rule = e->rule;
	int64_t		milli;

	e->enter_micro = (int32_t) rule->enter.base * 1000;
	e->whole_ppm = true;
	e->payment = NULL;
	e->ratio = rule->ratios;
	e->limit_fen = rule->limits_fen;
	if (rule->constant)
		return ST_OK;
	PROPAGATE(ResolveParam(run, &rule->enter, &milli));
	e->enter_micro = (int32_t) milli * 1000;
	for (int i = 0; i < rule->n_bands; i++)
		PROPAGATE(ResolveParam(run, &rule->bands[i].value, &r->ratio[i]));
	for (int i = 0; i < rule->n_caps; i++)
		PROPAGATE(ResolveParam(run, &rule->caps[i].limit, &r->limit_fen[i]));
	e->ratio = r->ratio;
	e->limit_fen = r->limit_fen;
	return ST_OK;
}

/* factor(n) x D - step x (n - 1), at least the floor and at least 0; in nano-fen */
static i128
Scheduled(const Deductible *d, int n, int64_t amount_fen)
{
	i128		nano = (i128) amount_fen * NANO;
	int			factor;

	if (n == 0)
		return nano;
	if (d->n_factors > 0)
	{
		factor = n <= d->n_factors ? n - 1 : d->n_factors - 1;
		nano = nano * d->factor_milli[factor] / MILLI;
	}
	nano -= (i128) d->step_fen * (n - 1) * NANO;
	if (nano < (i128) d->floor_fen * NANO)
		nano = (i128) d->floor_fen * NANO;
	return nano < 0 ? 0 : nano;
}

#define PREPARED_STAYS 4		/* of a schedule that goes down by steps */

/* ---- the modifiers that fit, target by target ---- */

typedef struct Fitting
{
	bool		open;			/* codes alone do not decide which fit */
	int			n;
	uint8_t		index[2 * MAX_MODIFIERS];
	const Modifier *modifier[2 * MAX_MODIFIERS];
} Fitting;

/* Which of one list fit; penalties only when they are asked for. Without a place: as far as a plan knows. */
static Status
CollectList(const Run *run, const Modifier *list, int n, int first, bool with_penalty, const Place *place, Fitting *fitting)
{
	Truth		truth;

	for (int i = 0; i < n; i++)
	{
		if (list[i].penalty && !with_penalty)
			continue;
		PROPAGATE(ConditionTruth(run, &list[i].when, place, &truth));
		fitting->open = fitting->open || truth == TRUTH_OPEN;
		if (truth != TRUTH_YES)
			continue;
		fitting->index[fitting->n] = (uint8_t) (first + i);
		fitting->modifier[fitting->n++] = &list[i];
	}
	return ST_OK;
}

/* Which modifiers of the layer and the rule fit */
static Status
CollectFitting(const Run *run, const Effective *e, bool with_penalty, const Place *place, Fitting *fitting)
{
	const Layer *layer = e->layer;
	const Rule *rule = e->rule;

	fitting->n = 0;
	fitting->open = false;
	PROPAGATE(CollectList(run, layer->modifiers, layer->n_modifiers, 0, with_penalty, place, fitting));
	return CollectList(run, rule->modifiers, rule->n_modifiers, layer->n_modifiers, with_penalty, place, fitting);
}

/* More than the allowed number of multiplications of one target would leave the exact range */
static bool
TooManyFactors(const Fitting *fitting)
{
	int			count[TARGET_PAYMENT + 1] = {0};

	for (int i = 0; i < fitting->n; i++)
	{
		Target		target = fitting->modifier[i]->target;

		if (fitting->modifier[i]->op != OP_MULTIPLY)
			continue;
		if (target == TARGET_SELF_SHARE)
			target = TARGET_RATIO;
		if (++count[target] > (target == TARGET_ENTER ? 1 : 2))
			return true;
	}
	return false;
}

/* One operation on a figure whose unit is 1 = one; value and factor already in that unit and in thousandths */
static i128
Operate(i128 x, const Modifier *m, i128 value)
{
	switch (m->op)
	{
		case OP_ADD:
			return x + value;
		case OP_MULTIPLY:
			return x * m->value / MILLI;
		case OP_SET:
			return value;
		case OP_REMOVE:
			break;
	}
	return x;
}

static i128
Clip(i128 x, i128 low, i128 high)
{
	return x < low ? low : x > high ? high : x;
}

/* Base entering */
static void
ModifyEnter(Effective *e, const Fitting *fitting)
{
	i128		micro = e->enter_micro;

	for (int i = 0; i < fitting->n; i++)
	{
		if (fitting->modifier[i]->target == TARGET_ENTER)
			micro = Operate(micro, fitting->modifier[i], (i128) fitting->modifier[i]->value * 1000);
	}
	e->enter_micro = (int32_t) Clip(micro, 0, PPM);
}

/* Ratio and self-share of one band are one sequence; a ratio of 0 stays 0 */
static int64_t
ModifyRatio(int64_t ratio_ppm, const Fitting *fitting)
{
	i128		pico = (i128) ratio_ppm * PPM;

	for (int i = 0; i < fitting->n; i++)
	{
		const Modifier *m = fitting->modifier[i];

		if (m->target == TARGET_RATIO)
			pico = Operate(pico, m, (i128) m->value * PPM);
		else if (m->target == TARGET_SELF_SHARE)
			pico = PICO - Operate(PICO - pico, m, (i128) m->value * PPM);
	}
	return (int64_t) Clip(pico, 0, PICO);
}

/* All bands of the rule */
static void
ModifyRatios(Resolved *r, const Fitting *fitting)
{
	Effective  *e = &r->e;
	bool		whole_ppm = true;

	for (int i = 0; i < e->rule->n_bands; i++)
	{
		r->ratio[i] = e->rule->bands[i].fixed || e->ratio[i] == 0 ? e->ratio[i] : ModifyRatio(e->ratio[i], fitting);
		whole_ppm = whole_ppm && !e->rule->bands[i].fixed && r->ratio[i] % PPM == 0;
	}
	for (int i = 0; i < e->rule->n_bands && whole_ppm; i++)
		r->ratio[i] /= PPM;
	e->whole_ppm = whole_ppm;
	e->ratio = r->ratio;
}

/* Caps on payments: per visit, or per period (of one group); removed is not 0. Whole fen, down. */
static void
ModifyCap(Resolved *r, int cap, const Fitting *fitting)
{
	const Effective *e = &r->e;
	const Cap  *c = &e->rule->caps[cap];
	bool		removed = false;
	i128		micro = (i128) e->limit_fen[cap] * PPM;

	for (int i = 0; i < fitting->n; i++)
	{
		const Modifier *m = fitting->modifier[i];

		if (m->target != (c->visit ? TARGET_VISIT_CAP : TARGET_ANNUAL_CAP) || (m->group != NO_INDEX && m->group != c->counter))
			continue;
		if (m->op == OP_REMOVE)
			removed = true;
		else if (m->op == OP_SET)
			removed = false;
		micro = Operate(micro, m, (i128) m->value * PPM);
	}
	r->limit_fen[cap] = removed ? NO_LIMIT : (int64_t) (Clip(micro, 0, (i128) MAX_FEN * PPM) / PPM);
}

/* The whole payment: entitlement x factor + addition, in the stated order */
static void
ModifyPayment(Resolved *r, const Modifier *m)
{
	Payment    *payment = &r->payment;

	if (r->e.payment == NULL)
		*payment = (Payment) {PPM, 0};
	r->e.payment = payment;
	if (m->op == OP_SET)
		payment->factor_micro = 0;
	else if (m->op == OP_MULTIPLY)
		payment->factor_micro = (int64_t) Operate(payment->factor_micro, m, 0);
	payment->add_micro = Operate(payment->add_micro, m, (i128) m->value * PPM);
}

/* The deductible of the n-th stay: stated, scheduled, modified, rounded once; sets whether there is one */
static int64_t
DeductibleOf(Effective *e, const Fitting *fitting, int64_t amount_fen, int n)
{
	const Deductible *d = &e->rule->deductible;
	i128		nano;

	e->has_deductible = d->kind != DEDUCTIBLE_NONE;
	if (!e->has_deductible)
		return 0;
	if (fitting->n == 0 && n == 0 && d->rounding.unit_fen == 1)
		return amount_fen;		/* whole as stated */
	nano = Scheduled(d, n, amount_fen);
	for (int i = 0; i < fitting->n; i++)
	{
		const Modifier *m = fitting->modifier[i];

		if (m->target != TARGET_DEDUCTIBLE)
			continue;
		if (m->op == OP_REMOVE)
			e->has_deductible = false;
		else if (m->op == OP_SET)
			e->has_deductible = true;
		nano = Operate(nano, m, (i128) m->value * NANO);
	}
	if (!e->has_deductible || nano <= 0)
		return 0;
	return RoundRatio((u128) Clip(nano, 0, (i128) MAX_FEN * NANO), NANO, d->rounding);
}

/* The deductible of this bill */
static Status
ResolveDeductible(Run *run, Effective *e, const Fitting *fitting)
{
	const Deductible *d = &e->rule->deductible;
	int64_t		amount = 0;

	if (d->kind != DEDUCTIBLE_NONE)
		PROPAGATE(ResolveParam(run, &d->amount, &amount));
	e->stay_number = StayOf(run, d);
	e->deductible_fen = DeductibleOf(e, fitting, amount, e->stay_number);
	return ST_OK;
}

/* Which targets do the fitting modifiers touch, as bits; the trace hears of each */
static uint32_t
TouchedTargets(Run *run, const Effective *e, const Fitting *fitting)
{
	uint32_t	touched = 0;

	for (int i = 0; i < fitting->n; i++)
	{
		const Modifier *m = fitting->modifier[i];
		Step	   *step = TraceStep(run, STEP_MODIFIER, e);

		touched |= 1u << m->target;
		if (step != NULL)
		{
			step->index = fitting->index[i];
			step->limit_fen = m->value;
			step->cite = m->cite;
		}
	}
	return touched;
}

/* Apply the fitting modifiers to everything but the deductible */
static void
Modify(Resolved *r, const Fitting *fitting, uint32_t touched)
{
	Effective  *e = &r->e;

	if (touched & (1u << TARGET_ENTER))
		ModifyEnter(e, fitting);
	if (touched & (1u << TARGET_RATIO | 1u << TARGET_SELF_SHARE))
		ModifyRatios(r, fitting);
	if (touched & (1u << TARGET_VISIT_CAP | 1u << TARGET_ANNUAL_CAP))
	{
		for (int i = 0; i < e->rule->n_caps; i++)
		{
			if (e->rule->caps[i].on_base)
				r->limit_fen[i] = e->limit_fen[i];
			else
				ModifyCap(r, i, fitting);
		}
		e->limit_fen = r->limit_fen;
	}
	if (touched & (1u << TARGET_PAYMENT))
	{
		for (int i = 0; i < fitting->n; i++)
		{
			if (fitting->modifier[i]->target == TARGET_PAYMENT)
				ModifyPayment(r, fitting->modifier[i]);
		}
	}
}

/* The layer and the rule whose parameters are resolved */
static void
SetRule(const Run *run, uint8_t place, uint8_t rule, Effective *e)
{
	e->place = place;
	e->layer = &run->page->layers[place];
	e->rule_index = rule;
	e->rule = &e->layer->rules[rule];
}

/* ---- parameters that codes decide ---- */

/* The parameters as they stand in r into the plan, once for each stay; NULL: no room */
static const Effective *
KeepEffective(Run *run, Resolved *r, const Fitting *fitting, const Candidate *candidate)
{
	const Rule *rule = r->e.rule;
	size_t		n_ratios = r->e.ratio == r->ratio ? rule->n_bands : 0;	/* else they are the rule's own */
	size_t		n_limits = r->e.limit_fen == r->limit_fen ? rule->n_caps : 0;
	Effective  *kept = PlanRoom(run->fold, sizeof(Effective) * candidate->n_stays + sizeof(int64_t) * (n_ratios + n_limits));
	int64_t    *figures;

	if (kept == NULL)
		return NULL;
	figures = (int64_t *) (kept + candidate->n_stays);
	memcpy(figures, r->ratio, sizeof(int64_t) * n_ratios);
	memcpy(figures + n_ratios, r->limit_fen, sizeof(int64_t) * n_limits);
	r->e.ratio = n_ratios > 0 ? figures : rule->ratios;
	r->e.limit_fen = n_limits > 0 ? figures + n_ratios : rule->limits_fen;
	for (int stay = 1; stay <= candidate->n_stays; stay++)
	{
		r->e.stay_number = rule->deductible.count == NO_INDEX ? 0 : stay;
		r->e.deductible_fen = DeductibleOf(&r->e, fitting, rule->deductible.amount.base, r->e.stay_number);
		kept[stay - 1] = r->e;
	}
	return kept;
}

/* With or without penalties; NULL when the parameters depend on more than codes, or when the plan has no room for them */
static const Effective *
PrepareParameters(Run *run, uint8_t place, Candidate *candidate, bool with_penalty)
{
	Resolved	r;
	Fitting		fitting;

	SetRule(run, place, candidate->rule, &r.e);
	if (!r.e.rule->constant || r.e.rule->deductible.amount.fact != FACT_NONE)
		return NULL;
	ResolveStated(run, &r);
	CollectFitting(run, &r.e, with_penalty, NULL, &fitting);
	if (fitting.open || TooManyFactors(&fitting))
		return NULL;
	Modify(&r, &fitting, TouchedTargets(run, &r.e, &fitting));
	if (r.e.payment != NULL)
		return NULL;
	for (int i = 0; i < fitting.n; i++)
		candidate->penalised = candidate->penalised || fitting.modifier[i]->penalty;
	return KeepEffective(run, &r, &fitting, candidate);
}

/* The parameters of a rule for a plan, as far as codes decide them */
void
PrepareRule(Run *run, uint8_t place, Candidate *candidate)
{
	const Rule *rule = &run->page->layers[place].rules[candidate->rule];
	const Deductible *d = &rule->deductible;

	candidate->n_stays = d->step_fen != 0 ? PREPARED_STAYS : d->n_factors > 0 ? d->n_factors : 1;
	candidate->goes_on = d->step_fen == 0;
	candidate->penalised = false;
	candidate->prepared = PrepareParameters(run, place, candidate, true);
	if (candidate->prepared == NULL)
		candidate->penalised = rule->has_penalty;
	candidate->lenient = candidate->penalised ? PrepareParameters(run, place, candidate, false) : candidate->prepared;
}

/* Everything that the rule's parameters are on this bill, worked out; a trace hears how they came about */
Status
ResolveInFull(Run *run, uint8_t place, const Candidate *candidate, bool with_penalty, Resolved *r)
{
	Effective  *e = &r->e;
	Fitting		fitting;
	Place		where;

	SetRule(run, place, candidate->rule, e);
	PROPAGATE(ResolveStated(run, r));
	where.base = VisitBase(run, e->rule->weights);
	PROPAGATE(CollectFitting(run, e, with_penalty, &where, &fitting));
	if (TooManyFactors(&fitting))
		return FaultSet(run->fault, ST_TOO_MANY_FACTORS, "modifiers",
						"more multiplications of one target fit this bill than can be kept exact",
						"conditions under which at most two multiplications of one target (of enter: one) fit together");
	if (fitting.n > 0)
		Modify(r, &fitting, TouchedTargets(run, e, &fitting));
	return ResolveDeductible(run, e, &fitting);
}
