/*
 * modifier.c — the parameters of a rule on this bill: facts resolved, then the modifiers that fit, in their stated
 * order per target (docs/policy-model.md, sections 6, 7 and 10).
 */
#include <string.h>

#include "fold.h"

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
ResolveStated(Run *run, Effective *e)
{
	const Rule *rule = e->rule;
	int64_t		milli;

	e->enter_micro = (int32_t) rule->enter.base * 1000;
	e->whole_ppm = true;
	e->payment_changed = false;
	e->ratio = rule->ratios;
	e->limit_fen = rule->limits_fen;
	if (rule->constant)
		return ST_OK;
	PROPAGATE(ResolveParam(run, &rule->enter, &milli));
	e->enter_micro = (int32_t) milli * 1000;
	for (int i = 0; i < rule->n_bands; i++)
		PROPAGATE(ResolveParam(run, &rule->bands[i].value, &e->own_ratio[i]));
	for (int i = 0; i < rule->n_caps; i++)
		PROPAGATE(ResolveParam(run, &rule->caps[i].limit, &e->own_limit[i]));
	e->ratio = e->own_ratio;
	e->limit_fen = e->own_limit;
	return ST_OK;
}

/* factor(n) x D - step x (n - 1), at least the floor and at least 0; in nano-fen */
static i128
Scheduled(const Run *run, Effective *e, int64_t amount_fen)
{
	const Deductible *d = &e->rule->deductible;
	i128		nano = (i128) amount_fen * NANO;
	int			n;
	int			factor;

	if (d->count == NO_INDEX)
		return nano;
	n = run->stay_number[d->count] < 1 ? 1 : run->stay_number[d->count];
	e->stay_number = n;
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

/* ---- the modifiers that fit, target by target ---- */

typedef struct Fitting
{
	int			n;
	uint8_t		index[2 * MAX_MODIFIERS];
	const Modifier *modifier[2 * MAX_MODIFIERS];
} Fitting;

/* Which of one list fit; penalties only when they are asked for */
static Status
CollectList(const Run *run, const Modifier *list, int n, int first, bool with_penalty, const Weights *weights, Fitting *fitting)
{
	Place		place;
	bool		holds;

	for (int i = 0; i < n; i++)
	{
		if (list[i].penalty && !with_penalty)
			continue;
		if (list[i].when.all.n_tests > 0 && list[i].when.all.tests[0].kind == TEST_CODE &&
			(run->codes[list[i].when.all.tests[0].index] & list[i].when.all.tests[0].mask) == 0)
			continue;			/* most modifiers end here; CheckNeeds has seen that the code is there */
		place.base = VisitBase(run, weights);
		PROPAGATE(ConditionHolds(run, &list[i].when, &place, &holds));
		if (!holds)
			continue;
		fitting->index[fitting->n] = (uint8_t) (first + i);
		fitting->modifier[fitting->n++] = &list[i];
	}
	return ST_OK;
}

/* More than the allowed number of multiplications of one target would leave the exact range */
static Status
CheckFactors(Run *run, const Fitting *fitting)
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
			return FaultSet(run->fault, ST_TOO_MANY_FACTORS, "modifiers",
							"more multiplications of one target fit this bill than can be kept exact",
							"conditions under which at most two multiplications of one target (of enter: one) fit together");
	}
	return ST_OK;
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
ModifyRatios(Effective *e, const Fitting *fitting)
{
	e->whole_ppm = false;
	for (int i = 0; i < e->rule->n_bands; i++)
		e->own_ratio[i] = e->rule->bands[i].fixed || e->ratio[i] == 0 ? e->ratio[i] : ModifyRatio(e->ratio[i], fitting);
	e->ratio = e->own_ratio;
}

/* Caps on payments: per visit, or per period (of one group); removed is not 0. Whole fen, down. */
static void
ModifyCap(Effective *e, int cap, const Fitting *fitting)
{
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
	e->own_limit[cap] = removed ? NO_LIMIT : (int64_t) (Clip(micro, 0, (i128) MAX_FEN * PPM) / PPM);
}

/* The whole payment: entitlement x factor + addition, in the stated order */
static void
ModifyPayment(Effective *e, const Modifier *m)
{
	if (!e->payment_changed)
	{
		e->payment_factor_micro = PPM;
		e->payment_add_micro = 0;
	}
	e->payment_changed = true;
	if (m->op == OP_SET)
		e->payment_factor_micro = 0;
	else if (m->op == OP_MULTIPLY)
		e->payment_factor_micro = (int64_t) Operate(e->payment_factor_micro, m, 0);
	e->payment_add_micro = Operate(e->payment_add_micro, m, (i128) m->value * PPM);
}

/* The deductible: stated, scheduled, modified, rounded once */
static Status
ResolveDeductible(Run *run, Effective *e, const Fitting *fitting)
{
	const Deductible *d = &e->rule->deductible;
	i128		nano;
	int64_t		amount;

	e->stay_number = 0;
	e->deductible_fen = 0;
	e->has_deductible = d->kind != DEDUCTIBLE_NONE;
	if (!e->has_deductible)
		return ST_OK;
	PROPAGATE(ResolveParam(run, &d->amount, &amount));
	if (fitting->n == 0 && d->count == NO_INDEX && d->rounding.unit_fen == 1)
	{
		e->deductible_fen = amount;		/* whole as stated */
		return ST_OK;
	}
	nano = Scheduled(run, e, amount);
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
	if (e->has_deductible && nano > 0)
		e->deductible_fen = RoundRatio((u128) Clip(nano, 0, (i128) MAX_FEN * NANO), NANO, d->rounding);
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
Modify(Effective *e, const Fitting *fitting, uint32_t touched)
{
	if (touched & (1u << TARGET_ENTER))
		ModifyEnter(e, fitting);
	if (touched & (1u << TARGET_RATIO | 1u << TARGET_SELF_SHARE))
		ModifyRatios(e, fitting);
	if (touched & (1u << TARGET_VISIT_CAP | 1u << TARGET_ANNUAL_CAP))
	{
		for (int i = 0; i < e->rule->n_caps; i++)
		{
			if (e->rule->caps[i].on_base)
				e->own_limit[i] = e->limit_fen[i];
			else
				ModifyCap(e, i, fitting);
		}
		e->limit_fen = e->own_limit;
	}
	if (touched & (1u << TARGET_PAYMENT))
	{
		for (int i = 0; i < fitting->n; i++)
		{
			if (fitting->modifier[i]->target == TARGET_PAYMENT)
				ModifyPayment(e, fitting->modifier[i]);
		}
	}
}

/* Everything that the rule's parameters are on this bill */
Status
ResolveEffective(Run *run, Effective *e, bool with_penalty)
{
	const Rule *rule = e->rule;
	const Layer *layer = e->layer;
	Fitting		fitting;

	fitting.n = 0;
	PROPAGATE(ResolveStated(run, e));
	if (layer->n_modifiers > 0 || rule->n_modifiers > 0)
	{
		PROPAGATE(CollectList(run, layer->modifiers, layer->n_modifiers, 0, with_penalty, rule->weights, &fitting));
		PROPAGATE(CollectList(run, rule->modifiers, rule->n_modifiers, layer->n_modifiers, with_penalty, rule->weights, &fitting));
		PROPAGATE(CheckFactors(run, &fitting));
	}
	if (fitting.n > 0)
		Modify(e, &fitting, TouchedTargets(run, e, &fitting));
	return ResolveDeductible(run, e, &fitting);
}
