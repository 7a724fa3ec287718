/*
 * compile_rule.c — one rule: when it applies, how it accrues, and its parts in the order in which they depend on each other
 * (docs/policy-model.md, section 6).
 */
#include "compile.h"

enum
{
	RULE_NAME,
	RULE_LABEL,
	RULE_WHEN,
	RULE_CITE,
	RULE_ON,
	RULE_WINDOW,
	RULE_SETTLES,
	RULE_ACCRUAL,
	RULE_CUMULATIVE_FROM,
	RULE_DROP_PAID_BILLS,
	RULE_COUNTER,
	RULE_BASE,
	RULE_ENTER,
	RULE_DEDUCTIBLE,
	RULE_RATIO,
	RULE_BANDS,
	RULE_BANDING,
	RULE_EDGES,
	RULE_BAND_CLOSED,
	RULE_CAPS,
	RULE_TIMES,
	RULE_ROUNDING,
	RULE_MODIFIERS,
	RULE_KEYS
};

static const Key rule_keys[RULE_KEYS] = {
	[RULE_NAME] = {"name", REQUIRED},
	[RULE_LABEL] = {"label", OPTIONAL},
	[RULE_WHEN] = {"when", OPTIONAL},
	[RULE_CITE] = {"cite", OPTIONAL},
	[RULE_ON] = {"on", OPTIONAL},
	[RULE_WINDOW] = {"window", OPTIONAL},
	[RULE_SETTLES] = {"settles", OPTIONAL},
	[RULE_ACCRUAL] = {"accrual", OPTIONAL},
	[RULE_CUMULATIVE_FROM] = {"cumulative_from", OPTIONAL},
	[RULE_DROP_PAID_BILLS] = {"drop_paid_bills", OPTIONAL},
	[RULE_COUNTER] = {"counter", OPTIONAL},
	[RULE_BASE] = {"base", OPTIONAL},
	[RULE_ENTER] = {"enter", OPTIONAL},
	[RULE_DEDUCTIBLE] = {"deductible", OPTIONAL},
	[RULE_RATIO] = {"ratio", OPTIONAL},
	[RULE_BANDS] = {"bands", OPTIONAL},
	[RULE_BANDING] = {"banding", OPTIONAL},
	[RULE_EDGES] = {"edges", OPTIONAL},
	[RULE_BAND_CLOSED] = {"band_closed", OPTIONAL},
	[RULE_CAPS] = {"caps", OPTIONAL},
	[RULE_TIMES] = {"times", OPTIONAL},
	[RULE_ROUNDING] = {"rounding", OPTIONAL},
	[RULE_MODIFIERS] = {"modifiers", OPTIONAL}
};

/* ---- window of events ---- */

/* Codes of one attribute of earlier bills. */
static void
ReadFilterCodes(Compiler *c, int node, CodeAttribute attribute, struct WindowFilter *filter)
{
	int			n;
	Code	   *codes;

	ReadCodeTest(c, attribute, node, &n);
	codes = NewArray(c, &n, sizeof(Code));
	filter->codes[attribute] = codes;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
		codes[filter->n_codes[attribute]++] = ReadName(c, element);
}

/* Which of the window's bills count. */
static void
ReadFilter(Compiler *c, int node, struct WindowFilter *filter)
{
	static const Key keys[] = {
		[CODE_CARE_TYPE] = {"care_type", OPTIONAL},
		[CODE_LEVEL] = {"level", OPTIONAL},
		[CODE_REFERRAL] = {"referral", OPTIONAL},
		[CODE_PLACE] = {"place", OPTIONAL},
		{"designated", OPTIONAL}
	};
	int			value[CODE_PLACE + 2];

	if (node < 0 || !READ_KEYS(c, node, keys, value))
		return;
	for (int attribute = CODE_CARE_TYPE; attribute <= CODE_PLACE; attribute++)
		if (value[attribute] >= 0)
			ReadFilterCodes(c, value[attribute], (CodeAttribute) attribute, filter);
	if (value[CODE_PLACE + 1] >= 0)
		filter->designated = ReadBool(c, value[CODE_PLACE + 1], false);
}

/* The earlier bills that an event looks back at. */
static void
ReadWindow(Compiler *c, int node, Rule *rule)
{
	static const Key keys[] = {{"over", REQUIRED}, {"when", OPTIONAL}};
	static const char *const over[] = {"year_to_date", "previous_year", "last_12_months"};
	int			value[2];

	if (!READ_KEYS(c, node, keys, value))
		return;
	rule->window = (Window) (READ_WORD(c, value[0], over, 0) + WINDOW_YEAR_TO_DATE);
	ReadFilter(c, value[1], &rule->filter);
}

/* Bill or event, and what belongs to events or to bills only. */
static void
ReadOccasion(Compiler *c, int node, const int *value, Rule *rule)
{
	static const char *const on[] = {"bill", "application", "year_close"};

	rule->on = (BillKind) READ_WORD(c, value[RULE_ON], on, 0);
	rule->filter.designated = -1;
	if (rule->on == BILL_ORDINARY)
	{
		Forbid(c, value[RULE_WINDOW], "window in rules on application or year_close only");
		return;
	}
	if (value[RULE_WINDOW] < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "the key \"window\": the earlier bills that the event looks at",
			 "an event rule without a window");
	ReadWindow(c, value[RULE_WINDOW], rule);
	if (rule->year)
		Forbid(c, value[RULE_SETTLES], "settles \"visit\": events settle what their window holds");
	Forbid(c, value[RULE_COUNTER], "no counter: events move no base counter");
}

/* ---- accrual ---- */

/* { "crossing": layer }: an earlier layer of kind critical */
static uint8_t
ReadCrossing(Compiler *c, int node)
{
	static const Key keys[] = {{"crossing", REQUIRED}};
	int			value[1];
	uint8_t		layer;

	if (node < 0 || !READ_KEYS(c, node, keys, value))
		return NO_INDEX;
	layer = ReadLayerName(c, value[0], c->place, "an earlier layer of kind critical, one of");
	if (!Failed(c) && c->layer_kind[layer] != KIND_CRITICAL)
		FailValue(c, value[0], ST_DOC_BAD_VALUE, "a layer of kind critical");
	return layer;
}

/* Visit or year, and what belongs to year rules only. */
static void
ReadAccrual(Compiler *c, const int *value, Rule *rule)
{
	static const char *const settles[] = {"visit", "year"};
	static const char *const accrual[] = {"slice", "true_up"};

	rule->year = READ_WORD(c, value[RULE_SETTLES], settles, 0) == 1;
	rule->true_up = READ_WORD(c, value[RULE_ACCRUAL], accrual, 0) == 1;
	rule->crossing_layer = ReadCrossing(c, value[RULE_CUMULATIVE_FROM]);
	rule->drop_paid_bills = ReadBool(c, value[RULE_DROP_PAID_BILLS], false);
	if (rule->year)
		return;
	Forbid(c, value[RULE_ACCRUAL], "accrual with \"settles\": \"year\" only");
	Forbid(c, value[RULE_CUMULATIVE_FROM], "cumulative_from with \"settles\": \"year\" only");
	Forbid(c, value[RULE_DROP_PAID_BILLS], "drop_paid_bills with \"settles\": \"year\" only");
}

/* ---- the whole ---- */

/* The counter of the cumulative base; events do not move it. */
static uint8_t
ReadBaseCounter(Compiler *c, int node, int counter_node, const Rule *rule)
{
	uint8_t		counter = ReadCounter(c, counter_node, c->layer->name);

	if (rule->on != BILL_ORDINARY)
		return counter;
	c->needs |= CounterNeeds(c, counter);
	if (c->counters[counter].every == EVERY_CHAIN)
		Fail(c, counter_node >= 0 ? counter_node : node, ST_DOC_CONFLICT, "a counter by year, quarter or month for the base",
			 "the counter %.*s by chain", c->counters[counter].name.length, c->counters[counter].name.text);
	return counter;
}

/* The base that the rule works on: its own or the layer's. */
static void
ReadRuleBase(Compiler *c, int node, int base, const Citation *cite, Rule *rule)
{
	rule->weights = c->layer->weights;
	if (base >= 0)
	{
		if (c->layer->kind == KIND_BASIC)
			Forbid(c, base, "no base: that of a basic layer is in_scope alone");
		rule->weights = ReadBase(c, base, cite);
	}
	if (rule->on != BILL_ORDINARY && rule->weights->gross)
		Fail(c, base >= 0 ? base : node, ST_DOC_CONFLICT, "a base by buckets: events work on what is left of earlier bills",
			 "a gross base in an event rule");
}

void
ReadRule(Compiler *c, int node, const Citation *cite, Rule *rule)
{
	int			value[RULE_KEYS];
	Code		name;
	BandNodes	bands;

	if (!READ_KEYS(c, node, rule_keys, value))
		return;
	bands = (BandNodes) {value[RULE_RATIO], value[RULE_BANDS], value[RULE_BANDING], value[RULE_EDGES], value[RULE_BAND_CLOSED]};
	name = ReadName(c, value[RULE_NAME]);
	rule->name = (Text) {name.text, name.length};
	rule->label = ReadLabel(c, value[RULE_LABEL]);
	rule->cite = cite = ReadCite(c, value[RULE_CITE], cite);
	rule->when = ReadCondition(c, value[RULE_WHEN], WHEN_CHAIN);
	ReadAccrual(c, value, rule);
	ReadOccasion(c, node, value, rule);
	c->in_event = rule->on != BILL_ORDINARY;
	c->follows_cost = false;
	rule->base_counter = ReadBaseCounter(c, node, value[RULE_COUNTER], rule);
	ReadRuleBase(c, node, value[RULE_BASE], cite, rule);
	rule->enter = value[RULE_ENTER] < 0 ? FixedParam(MILLI, cite) : ReadParam(c, value[RULE_ENTER], UNIT_ENTER, cite);
	ReadDeductible(c, value[RULE_DEDUCTIBLE], cite, rule);
	ReadBands(c, node, bands, cite, rule);
	ReadCaps(c, value[RULE_CAPS], cite, rule);
	ReadTimes(c, value[RULE_TIMES], cite, rule);
	rule->rounding = ReadRounding(c, value[RULE_ROUNDING]);
	rule->modifiers = ReadModifiers(c, value[RULE_MODIFIERS], cite, &rule->n_modifiers);
	rule->follows_cost = c->follows_cost;
	c->in_event = false;
}
