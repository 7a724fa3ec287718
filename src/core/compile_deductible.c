/*
 * compile_deductible.c — the deductible of a rule: its amount, counter, schedule by stay number, and cap on the sum
 * (docs/policy-model.md, section 7).
 */
#include "compile.h"

enum
{
	DEDUCTIBLE_AMOUNT,
	DEDUCTIBLE_KIND,
	DEDUCTIBLE_CLOSED,
	DEDUCTIBLE_COUNTER,
	DEDUCTIBLE_FINAL_ONCE_MET,
	DEDUCTIBLE_SCHEDULE,
	DEDUCTIBLE_ROUNDING,
	DEDUCTIBLE_SUM_CAP,
	DEDUCTIBLE_CITE,
	DEDUCTIBLE_KEYS
};

static const Key deductible_keys[DEDUCTIBLE_KEYS] = {
	[DEDUCTIBLE_AMOUNT] = {"amount", REQUIRED},
	[DEDUCTIBLE_KIND] = {"kind", OPTIONAL},
	[DEDUCTIBLE_CLOSED] = {"closed", OPTIONAL},
	[DEDUCTIBLE_COUNTER] = {"counter", OPTIONAL},
	[DEDUCTIBLE_FINAL_ONCE_MET] = {"final_once_met", OPTIONAL},
	[DEDUCTIBLE_SCHEDULE] = {"schedule", OPTIONAL},
	[DEDUCTIBLE_ROUNDING] = {"rounding", OPTIONAL},
	[DEDUCTIBLE_SUM_CAP] = {"sum_cap", OPTIONAL},
	[DEDUCTIBLE_CITE] = {"cite", OPTIONAL}
};

/* ---- schedule ---- */

enum
{
	SCHEDULE_COUNT,
	SCHEDULE_FACTORS,
	SCHEDULE_STEP,
	SCHEDULE_FLOOR,
	SCHEDULE_CITE,
	SCHEDULE_KEYS
};

static const Key schedule_keys[SCHEDULE_KEYS] = {
	[SCHEDULE_COUNT] = {"count", REQUIRED},
	[SCHEDULE_FACTORS] = {"factors", OPTIONAL},
	[SCHEDULE_STEP] = {"step", OPTIONAL},
	[SCHEDULE_FLOOR] = {"floor", OPTIONAL},
	[SCHEDULE_CITE] = {"cite", OPTIONAL}
};

/* The deductible by stay number. */
static void
ReadSchedule(Compiler *c, int node, const Citation *cite, Deductible *d)
{
	int			value[SCHEDULE_KEYS];
	int			factors;

	if (node < 0 || !READ_KEYS(c, node, schedule_keys, value))
		return;
	d->count = ReadCount(c, value[SCHEDULE_COUNT]);
	if (!Failed(c))
		c->needs |= CounterNeeds(c, c->counts[d->count].counter);
	factors = value[SCHEDULE_FACTORS];
	CountElements(c, factors, MAX_FACTORS, "an array of at most 16 factors");
	for (int element = FirstOf(c, factors); element >= 0; element = NextElement(c, factors, element))
		d->factor_milli[d->n_factors++] = (int32_t) ReadNumber(c, element, &number_factor);
	d->step_fen = ReadNumber(c, value[SCHEDULE_STEP], &number_money);
	d->floor_fen = ReadNumber(c, value[SCHEDULE_FLOOR], &number_money);
	CheckCited(c, node, ReadCite(c, value[SCHEDULE_CITE], cite));
}

/* ---- cap on the sum ---- */

/* At most this much under a counter name. */
static void
ReadSumCap(Compiler *c, int node, const Citation *cite, Deductible *d)
{
	static const Key keys[] = {{"limit", REQUIRED}, {"counter", REQUIRED}, {"cite", OPTIONAL}};
	int			value[3];

	if (node < 0 || !READ_KEYS(c, node, keys, value))
		return;
	d->sum_limit = ReadParam(c, value[0], UNIT_MONEY, ReadCite(c, value[2], cite));
	d->sum_counter = ReadCounter(c, value[1], (Code) {NULL, 0});
	c->needs |= CounterNeeds(c, d->sum_counter);
}

/* ---- the whole ---- */

/* What may not stand together. */
static void
CheckDeductible(Compiler *c, const int *value, const Rule *rule)
{
	if (rule->deductible.kind == DEDUCTIBLE_THRESHOLD)
	{
		Forbid(c, value[DEDUCTIBLE_COUNTER], "no counter: a threshold has none");
		Forbid(c, value[DEDUCTIBLE_SUM_CAP], "no sum_cap: a threshold has none");
	}
	else
		Forbid(c, value[DEDUCTIBLE_CLOSED], "closed with a threshold only");
	if (value[DEDUCTIBLE_COUNTER] < 0)
		Forbid(c, value[DEDUCTIBLE_FINAL_ONCE_MET], "final_once_met together with a counter");
	if (rule->on != BILL_ORDINARY)
	{
		Forbid(c, value[DEDUCTIBLE_COUNTER], "no counter: events move none");
		Forbid(c, value[DEDUCTIBLE_SUM_CAP], "no sum_cap: events move no deductible counter");
	}
	if (rule->year && value[DEDUCTIBLE_COUNTER] < 0)
		Forbid(c, value[DEDUCTIBLE_SUM_CAP], "sum_cap in a year rule together with a counter");
}

void
ReadDeductible(Compiler *c, int node, const Citation *cite, Rule *rule)
{
	static const char *const kinds[] = {"deductible", "threshold"};
	static const char *const closed[] = {"lower", "upper"};
	Deductible *d = &rule->deductible;
	int			value[DEDUCTIBLE_KEYS];

	d->counter = NO_INDEX;
	d->count = NO_INDEX;
	d->sum_counter = NO_INDEX;
	d->amount = FixedParam(0, cite);
	d->sum_limit = FixedParam(0, cite);
	d->rounding = ReadRounding(c, -1);
	if (node < 0 || !READ_KEYS(c, node, deductible_keys, value))
		return;
	d->cite = ReadCite(c, value[DEDUCTIBLE_CITE], cite);
	d->kind = READ_WORD(c, value[DEDUCTIBLE_KIND], kinds, 0) == 0 ? DEDUCTIBLE_PLAIN : DEDUCTIBLE_THRESHOLD;
	d->closed_upper = READ_WORD(c, value[DEDUCTIBLE_CLOSED], closed, 0) == 1;
	d->amount = ReadParam(c, value[DEDUCTIBLE_AMOUNT], UNIT_MONEY, d->cite);
	CheckDeductible(c, value, rule);
	if (value[DEDUCTIBLE_COUNTER] >= 0)
	{
		d->counter = ReadCounter(c, value[DEDUCTIBLE_COUNTER], (Code) {NULL, 0});
		c->needs |= CounterNeeds(c, d->counter);
	}
	d->final_once_met = ReadBool(c, value[DEDUCTIBLE_FINAL_ONCE_MET], false);
	ReadSchedule(c, value[DEDUCTIBLE_SCHEDULE], d->cite, d);
	d->rounding = ReadRounding(c, value[DEDUCTIBLE_ROUNDING]);
	ReadSumCap(c, value[DEDUCTIBLE_SUM_CAP], d->cite, d);
}
