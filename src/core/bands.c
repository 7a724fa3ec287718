/*
 * bands.c — the entitlement e(x, t) of an amount x of which the deductible has eaten t, and its rounding
 * (docs/policy-model.md, section 8). Products are kept exact; a short path serves whole fen and whole ppm.
 */
#include "bands.h"

#define E21 ((u128) NANO * (u128) PICO)
#define E27 (E21 * (u128) PPM)

/* Is the amount not above the threshold? */
bool
AtOrBelowThreshold(const Effective *e, Exact x)
{
	int			side = ExactCompare(x, ExactFen(e->deductible_fen));

	return e->rule->deductible.closed_upper ? side < 0 : side <= 0;
}

/* Does the rule pay on everything above a threshold? */
static bool
HasThreshold(const Effective *e)
{
	return e->has_deductible && e->rule->deductible.kind == DEDUCTIBLE_THRESHOLD;
}

/* The amount, not below this band, does not lie above it: an edge belongs to the lower band, or to the upper one */
static bool
InBand(const Rule *rule, const Band *band, Exact x)
{
	int			to = band->to_fen == MAX_FEN_OPEN ? -1 : ExactCompare(x, ExactFen(band->to_fen));

	return rule->band_closed_upper ? to < 0 : to <= 0;
}

/* The band's part of low .. high */
static bool
Overlap(const Band *band, Exact low, Exact high, Exact *from, Exact *to)
{
	*from = ExactCompare(low, ExactFen(band->from_fen)) > 0 ? low : ExactFen(band->from_fen);
	*to = band->to_fen == MAX_FEN_OPEN ? high : ExactMin(high, ExactFen(band->to_fen));
	return ExactCompare(*from, *to) < 0;
}

static int64_t
RatioPico(const Effective *e, int band)
{
	return e->whole_ppm ? e->ratio[band] * PPM : e->ratio[band];
}

/* Tell the trace about one band */
static void
TraceBand(Run *run, const Effective *e, int band, Exact from, Exact to, i128 product, int sign)
{
	Step	   *step;

	if (sign == 0 || (step = TraceStep(run, STEP_BAND, e)) == NULL)
		return;
	step->index = (uint8_t) band;
	step->sign = (int8_t) sign;
	step->low = from;
	step->high = to;
	step->base = ExactSub(to, from);
	step->ratio_pico = e->rule->bands[band].fixed ? 0 : RatioPico(e, band);
	step->product = product;
	step->cite = e->rule->bands[band].value.cite;
}

/* Progressive bands over low .. high, x 10^-21 fen */
static i128
Progressive(Run *run, const Effective *e, Exact low, Exact high, int sign)
{
	i128		sum = 0;
	Exact		from;
	Exact		to;

	for (int i = 0; i < e->rule->n_bands; i++)
	{
		if (Overlap(&e->rule->bands[i], low, high, &from, &to))
		{
			i128		product = ExactNano(ExactSub(to, from)) * RatioPico(e, i);

			sum += product;
			TraceBand(run, e, i, from, to, product, sign);
		}
	}
	return sum;
}

/* One rate (or fixed amount) for the whole amount */
static i128
WholeAmount(Run *run, const Effective *e, Exact x, Exact t, int sign)
{
	const Rule *rule = e->rule;
	bool		threshold = HasThreshold(e);
	Exact		paid_on = threshold ? x : ExactSub(x, t);
	Exact		looked_up = !rule->edges_above ? x : threshold ? ExactSub(x, ExactFen(e->deductible_fen)) : paid_on;

	if (ExactCompare(paid_on, ExactFen(0)) <= 0)
		return 0;
	for (int i = 0; i < rule->n_bands; i++)
	{
		if (InBand(rule, &rule->bands[i], looked_up))
		{
			i128		product = rule->bands[i].fixed ? (i128) e->ratio[i] * (i128) E21 : ExactNano(paid_on) * RatioPico(e, i);

			TraceBand(run, e, i, ExactFen(0), paid_on, product, sign);
			return product;
		}
	}
	return 0;
}

/* e(x, t) before payment modifiers, x 10^-21 fen */
static i128
Product(Run *run, const Effective *e, Exact x, Exact t, int sign)
{
	if (ExactCompare(x, ExactFen(0)) <= 0)
		return 0;
	if (HasThreshold(e))
	{
		if (AtOrBelowThreshold(e, x))
			return 0;
		t = ExactFen(0);
	}
	t = ExactMin(t, x);
	if (e->rule->whole_amount)
		return WholeAmount(run, e, x, t, sign);
	if (e->rule->edges_above)
		return Progressive(run, e, ExactFen(0), ExactSub(x, t), sign);
	return Progressive(run, e, t, x, sign);
}

/* The payment modifiers: product x factor + addition where the product is above 0, at least 0 */
static Entitlement
AfterPaymentModifiers(const Effective *e, i128 product)
{
	Entitlement r = {0, 0};
	i128		micro;
	u128		frac;

	if (product <= 0)
		return r;
	if (e->payment == NULL)
	{
		r.fen = (int64_t) ((u128) product / E21);
		r.frac = (u128) product % E21 * (u128) PPM;
		return r;
	}
	/* product = whole x 10^21 + rest: whole x factor + addition is in millionths, rest x factor in 10^-27 */
	micro = (i128) ((u128) product / E21) * e->payment->factor_micro + e->payment->add_micro;
	frac = (u128) product % E21 * (u128) e->payment->factor_micro;
	micro += (i128) (frac / E21);
	frac %= E21;
	if (micro < 0)
		return r;
	r.fen = (int64_t) (micro / PPM);
	r.frac = (u128) (micro % PPM) * E21 + frac;
	return r;
}

/* Round an exact entitlement by the rule's own rounding */
static int64_t
RoundEntitlement(Entitlement exact, Rounding rounding)
{
	int64_t		units = exact.fen / rounding.unit_fen;
	u128		numerator = (u128) (exact.fen % rounding.unit_fen) * E27 + exact.frac;

	return units * rounding.unit_fen + RoundRatio(numerator, E27, rounding);
}

/* Whole fen, whole ppm, progressive, nothing else? */
static bool
IsShort(const Effective *e, Exact x, Exact t)
{
	return e->whole_ppm && e->payment == NULL && !e->rule->whole_amount && x.nano == 0 && t.nano == 0 && x.fen <= SHORT_FEN &&
		!HasThreshold(e);
}

/* E(x, t) */
int64_t
EntitledInFull(Run *run, const Effective *e, Exact x, Exact t, int sign)
{
	int64_t		rounded;
	i128		product;
	Step	   *step;

	if (run->trace == NULL && IsShort(e, x, t))
		return RoundRatio((u128) ShortProduct(e, x.fen, t.fen), PPM, e->rule->rounding);
	product = Product(run, e, x, t, sign);
	rounded = RoundEntitlement(AfterPaymentModifiers(e, product), e->rule->rounding);
	if ((step = TraceStep(run, STEP_ENTITLEMENT, e)) != NULL)
	{
		step->sign = (int8_t) sign;
		step->base = x;
		step->used = t;
		step->product = product;
		step->result = ExactFen(rounded);
		step->cite = e->rule->cite;
	}
	return rounded;
}

/* e(x, t) with payment modifiers, unrounded */
Entitlement
EntitledExactly(const Effective *e, Exact x, Exact t)
{
	Entitlement r;
	int64_t		micro;

	if (!IsShort(e, x, t))
		return AfterPaymentModifiers(e, Product(NULL, e, x, t, 0));
	micro = ShortProduct(e, x.fen, t.fen);
	r.fen = micro / PPM;
	r.frac = (u128) (micro % PPM) * E21;
	return r;
}

/* Does now - before reach the room? */
bool
ReachesRoom(Entitlement now, Entitlement before, int64_t room_fen)
{
	int64_t		fen = now.fen - before.fen;

	if (now.frac < before.frac)
		fen -= 1;				/* the difference of the fractions borrows one fen */
	return fen >= room_fen;
}
