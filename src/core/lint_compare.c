/*
 * lint_compare.c — what a rule pays on a burden before caps, and two rules at equal burdens. A payment is piecewise linear in the
 * burden; between two neighbouring edges of both rules one of them is below the other somewhere only if it is so at an end. So
 * both are computed, exactly, at every edge, one fen beside it, and at the largest amount there is.
 */
#include "lint_work.h"

#define USUAL_BURDEN INT64_C(1000000)	/* 10 000 yuan: where nothing else tells two rules apart, a reader sees this one */

/* ---- one rule ---- */

static Exact
Entering(const Effective *e, int64_t burden_fen)
{
	return ExactFromNano((i128) burden_fen * e->enter_micro * (NANO / PPM));
}

/* What is due on a burden that the deductible sees for the first time */
Entitlement
PaysAt(const Effective *e, int64_t burden_fen)
{
	Exact		x = Entering(e, burden_fen);
	Exact		t = ExactFen(e->has_deductible ? e->deductible_fen : 0);

	return EntitledExactly(e, x, ExactMin(x, t));
}

static bool
Pays(Entitlement amount)
{
	return amount.fen > 0 || amount.frac > 0;
}

static int
CompareAmounts(Entitlement a, Entitlement b)
{
	if (a.fen != b.fen)
		return a.fen < b.fen ? -1 : 1;
	return a.frac < b.frac ? -1 : a.frac > b.frac;
}

/* Where the i-th band ends, in what enters */
static int64_t
BandEnd(const Effective *e, int band)
{
	int64_t		to = e->rule->bands[band].to_fen;

	if (to == MAX_FEN_OPEN)
		return MAX_FEN;
	return e->rule->edges_above && e->has_deductible ? to + e->deductible_fen : to;
}

/* ---- amounts to compare at ---- */

typedef struct Points
{
	int			n;
	int64_t		fen[MAX_POINTS];
} Points;

/* Both sides of an edge in what enters, as burdens; a rule has at most 34 edges */
static void
AddEdge(Points *points, const Effective *e, int64_t entering_fen)
{
	i128		burden = (i128) entering_fen * PPM / e->enter_micro;

	for (int i = -1; i <= 2; i++)
	{
		i128		at = burden + i;

		points->fen[points->n++] = at < 0 ? 0 : at > MAX_FEN ? MAX_FEN : (int64_t) at;
	}
}

/* The smallest burden on which the rule pays: an amount taken off the whole payment ends at no edge */
static int64_t
FirstPaid(const Effective *e)
{
	int64_t		low = 0;
	int64_t		high = MAX_FEN;

	while (low < high)
	{
		int64_t		middle = low + (high - low) / 2;

		if (Pays(PaysAt(e, middle)))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Every edge of a rule */
static void
AddEdges(Points *points, const Effective *e)
{
	if (e->enter_micro == 0)
		return;
	if (e->has_deductible)
		AddEdge(points, e, e->deductible_fen);
	for (int i = 0; i < e->rule->n_bands; i++)
		AddEdge(points, e, BandEnd(e, i));
	if (e->payment != NULL)
	{
		int64_t		first = FirstPaid(e);

		points->fen[points->n++] = first;
		points->fen[points->n++] = MaxFen(first - 1, 0);
	}
}

/* ---- two rules ---- */

static bool
SameBase(const Weights *a, const Weights *b)
{
	if (a == b)
		return true;
	if (a->gross != b->gross || a->mask != b->mask || (a->gross && a->column != b->column))
		return false;
	for (int i = 0; i < BUCKETS; i++)
		if (!a->gross && a->milli[i] != b->milli[i])
			return false;
	return true;
}

/* What a rule pays, or none (NULL) */
static Entitlement
PaysOrNot(const Effective *e, int64_t burden_fen)
{
	Entitlement nothing = {0, 0};

	return e != NULL ? PaysAt(e, burden_fen) : nothing;
}

/* Compare at one burden; of those where the first pays less the smallest is kept */
static void
CompareAt(const Effective *first, const Effective *second, int64_t burden_fen, Comparison *c)
{
	int			order = CompareAmounts(PaysOrNot(first, burden_fen), PaysAt(second, burden_fen));

	c->second_less = c->second_less || order > 0;
	if (order >= 0 || (c->first_less && c->at_fen <= burden_fen))
		return;
	c->first_less = true;
	c->at_fen = burden_fen;
}

/* Is what the first pays less by a fen or more, as a reader sees it? */
static bool
IsLess(const Effective *first, const Effective *second, int64_t burden_fen)
{
	return PaysOrNot(first, burden_fen).fen < PaysAt(second, burden_fen).fen;
}

/*
 * Where the first begins to pay less by a fen: the smallest of the points at which it does, and from there down towards the next
 * lower point, for between the two both are linear. INT64_MAX: nowhere by a whole fen.
 */
static int64_t
BeginsLess(const Effective *first, const Effective *second, const Points *points)
{
	int64_t		high = INT64_MAX;
	int64_t		low = 0;

	for (int i = 0; i < points->n; i++)
		if (points->fen[i] < high && IsLess(first, second, points->fen[i]))
			high = points->fen[i];
	if (high == INT64_MAX)
		return high;
	for (int i = 0; i < points->n; i++)
		if (points->fen[i] < high && points->fen[i] > low)
			low = points->fen[i];
	while (low + 1 < high)
	{
		int64_t		middle = low + (high - low) / 2;

		if (IsLess(first, second, middle))
			high = middle;
		else
			low = middle;
	}
	return high;
}

/* The burden that a reader is shown: a usual one if it shows there, else where it begins */
static void
FindWhere(const Effective *first, const Effective *second, const Points *points, Comparison *c)
{
	int64_t		begins = IsLess(first, second, USUAL_BURDEN) ? USUAL_BURDEN : BeginsLess(first, second, points);

	if (begins < INT64_MAX)
		c->at_fen = begins;
	c->first_fen = PaysOrNot(first, c->at_fen).fen;
	c->second_fen = PaysAt(second, c->at_fen).fen;
}

/* A rule (NULL: none, which pays nothing) and another at every burden; false: they cannot be compared */
bool
CompareRules(LintWork *work, const Effective *first, const Effective *second, Comparison *comparison)
{
	Points		points = {0, {0}};

	comparison->first_less = comparison->second_less = false;
	if (first != NULL && !SameBase(first->rule->weights, second->rule->weights))
		return false;
	if (first != NULL)
		AddEdges(&points, first);
	AddEdges(&points, second);
	work->evaluations += 2 * points.n;
	if (work->evaluations > MAX_EVALUATIONS)
		return false;
	for (int i = 0; i < points.n; i++)
		CompareAt(first, second, points.fen[i], comparison);
	if (comparison->first_less)
		FindWhere(first, second, &points, comparison);
	return true;
}

/* ---- what one rule can pay at all ---- */

/* The most that may enter, under caps on the base; what a year gathers may have entered by other rules */
static int64_t
MostEntering(const Effective *e)
{
	int64_t		most = MAX_FEN;

	for (int i = 0; i < e->rule->n_caps; i++)
		if (e->rule->caps[i].on_base && !e->rule->year)
			most = MinFen(most, e->limit_fen[i]);
	return most;
}

/* Is a cap on payments 0? */
static bool
NoRoom(const Effective *e)
{
	for (int i = 0; i < e->rule->n_caps; i++)
		if (!e->rule->caps[i].on_base && e->limit_fen[i] == 0)
			return true;
	return false;
}

/* Does the rule pay on what enters? A deductible with a counter, or a cap on its sum, may have been used up before. */
static bool
PaysOn(const Effective *e, int64_t entering_fen)
{
	const Deductible *d = &e->rule->deductible;
	Exact		x = ExactFen(entering_fen);
	Exact		t = ExactFen(e->has_deductible && d->counter == NO_INDEX && d->sum_counter == NO_INDEX ? e->deductible_fen : 0);

	return Pays(EntitledExactly(e, x, ExactMin(x, t)));
}

/* Is there an amount on which the rule pays? capped: there would be one but for a cap, or for where the last band ends */
bool
CanPay(LintWork *work, const Effective *e, bool *capped)
{
	int64_t		most = MostEntering(e);
	bool		pays = false;
	bool		ratio = false;

	*capped = false;
	if (e->enter_micro == 0)
		return false;
	for (int i = 0; i < e->rule->n_bands; i++)
	{
		int64_t		end = BandEnd(e, i);

		ratio = ratio || e->ratio[i] != 0;
		pays = pays || PaysOn(e, MinFen(end, most)) || PaysOn(e, MinFen(end - 1, most));
	}
	work->evaluations += 2 * e->rule->n_bands;
	*capped = ratio && (!pays || NoRoom(e));
	return pays && !NoRoom(e);
}

/* ---- bands as they stand ---- */

/* Does the deductible eat the whole band? */
static bool
IsEaten(const Effective *e, int band)
{
	return !e->rule->whole_amount && !e->rule->edges_above && e->has_deductible &&
		e->rule->deductible.kind != DEDUCTIBLE_THRESHOLD && e->rule->bands[band].to_fen <= e->deductible_fen;
}

int
FirstPayingBand(const Effective *e)
{
	int			i = 0;

	while (i < e->rule->n_bands && (e->ratio[i] == 0 || IsEaten(e, i)))
		i++;
	return i;
}

/* -1: none */
int
LastPayingBand(const Effective *e)
{
	int			i = e->rule->n_bands - 1;

	while (i >= 0 && e->ratio[i] == 0)
		i--;
	return i;
}

/* Does the payment fall where one band passes into the next? Both are fixed, or one is. */
static bool
FallsAtEdge(const Effective *e, int band)
{
	int64_t		end = BandEnd(e, band);
	Exact		t = ExactFen(e->has_deductible ? e->deductible_fen : 0);
	Exact		below = ExactFen(end - 1);
	Exact		above = ExactFen(end + 1);

	return CompareAmounts(EntitledExactly(e, above, ExactMin(above, t)), EntitledExactly(e, below, ExactMin(below, t))) < 0;
}

/* The first band that pays less on the next yuan, or on the whole, than the one before it; -1: none */
int
FallingBand(const Effective *e)
{
	for (int i = FirstPayingBand(e) + 1; i < e->rule->n_bands; i++)
	{
		bool		fixed = e->rule->bands[i].fixed || e->rule->bands[i - 1].fixed;

		if (fixed ? FallsAtEdge(e, i - 1) : e->ratio[i] < e->ratio[i - 1])
			return i;
	}
	return -1;
}

/* ratio x enter share x factor of the payment, in 10^-24 */
static i128
ShareOfBurden(const Effective *e, int band)
{
	i128		pico = e->whole_ppm ? (i128) e->ratio[band] * PPM : e->ratio[band];

	return pico * e->enter_micro * (e->payment != NULL ? e->payment->factor_micro : PPM);
}

/* The same in ppm, for a reader */
int64_t
SharePpm(const Effective *e, int band)
{
	return (int64_t) (ShareOfBurden(e, band) / ((i128) PPM * PPM * PPM));
}

/* Does the rule say only that it pays nothing here: nothing enters, or the payment is taken times 0? */
bool
IsExcluded(const Effective *e)
{
	return e->enter_micro == 0 || (e->payment != NULL && e->payment->factor_micro == 0);
}

/* A band between the first and the last that pay, of which the share of the burden is below a floor */
bool
BandBelow(const Effective *e, int64_t share_ppm, int *band)
{
	int			last = LastPayingBand(e);

	for (*band = FirstPayingBand(e); *band <= last; ++*band)
		if (!e->rule->bands[*band].fixed && ShareOfBurden(e, *band) < (i128) share_ppm * PPM * PPM * PPM)
			return true;
	return false;
}
