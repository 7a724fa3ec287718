/*
 * compile_band.c — bands, caps and the limit on the number of payments (docs/policy-model.md, sections 8 and 9).
 */
#include "compile.h"

#include <stdio.h>

/* ---- bands ---- */

enum
{
	BAND_FROM,
	BAND_TO,
	BAND_RATIO,
	BAND_AMOUNT,
	BAND_CITE,
	BAND_KEYS
};

static const Key band_keys[BAND_KEYS] = {
	[BAND_FROM] = {"from", OPTIONAL},
	[BAND_TO] = {"to", OPTIONAL},
	[BAND_RATIO] = {"ratio", OPTIONAL},
	[BAND_AMOUNT] = {"amount", OPTIONAL},
	[BAND_CITE] = {"cite", OPTIONAL}
};

/* Does the band begin where the one before it ended, and end above? */
static void
CheckEdges(Compiler *c, int node, const int *value, const Band *band, int64_t from_fen, bool last)
{
	char		expected[96];

	snprintf(expected, sizeof(expected), "from %lld.%02d, where the band before it ends (0 for the first)",
			 (long long) (from_fen / FEN_PER_YUAN), (int) (from_fen % FEN_PER_YUAN));
	if (value[BAND_FROM] >= 0 && band->from_fen != from_fen)
		FailValue(c, value[BAND_FROM], band->from_fen > from_fen ? ST_DOC_BANDS_GAP : ST_DOC_BANDS, expected);
	if (value[BAND_TO] < 0 && !last)
		Fail(c, node, ST_DOC_BANDS, "a \"to\": only the last band may be without end", "a band without end before the last");
	if (value[BAND_TO] >= 0 && band->to_fen <= from_fen)
		FailValue(c, value[BAND_TO], ST_DOC_BANDS, "a \"to\" above the beginning of the band");
}

/* What the band pays: a ratio or, in whole-amount bands, a fixed amount. */
static void
ReadBandValue(Compiler *c, int node, const int *value, const Citation *cite, bool whole_amount, Band *band)
{
	if (value[BAND_RATIO] < 0 && value[BAND_AMOUNT] < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "the key \"ratio\" (or, in whole-amount bands, \"amount\")", "a band without a ratio");
	if (value[BAND_RATIO] >= 0)
		Forbid(c, value[BAND_AMOUNT], "either ratio or amount");
	if (!whole_amount)
		Forbid(c, value[BAND_AMOUNT], "amount in bands with \"banding\": \"whole_amount\" only");
	band->fixed = value[BAND_AMOUNT] >= 0;
	band->value = ReadParam(c, value[band->fixed ? BAND_AMOUNT : BAND_RATIO], band->fixed ? UNIT_MONEY : UNIT_RATIO, cite);
}

/* The list of bands, contiguous from 0. */
static void
ReadBandList(Compiler *c, int node, const Citation *cite, Rule *rule)
{
	static const char expected[] = "an array of 1 to 32 bands";
	int			n = CountElements(c, node, MAX_BANDS, expected);
	Band	   *bands = NewArray(c, &n, sizeof(Band));
	int64_t		from_fen = 0;

	if (n == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, expected);
	rule->bands = bands;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		Band	   *band = &bands[rule->n_bands++];
		int			value[BAND_KEYS];

		if (!READ_KEYS(c, element, band_keys, value))
			return;
		band->from_fen = value[BAND_FROM] < 0 ? from_fen : ReadNumber(c, value[BAND_FROM], &number_money);
		band->to_fen = value[BAND_TO] < 0 ? MAX_FEN_OPEN : ReadNumber(c, value[BAND_TO], &number_money);
		CheckEdges(c, element, value, band, from_fen, rule->n_bands == n);
		ReadBandValue(c, element, value, ReadCite(c, value[BAND_CITE], cite), rule->whole_amount, band);
		from_fen = band->to_fen;
	}
}

/* "ratio": one band without end. */
static void
ReadRatio(Compiler *c, int node, const Citation *cite, Rule *rule)
{
	int			n = 1;
	Band	   *band = NewArray(c, &n, sizeof(Band));

	if (band == NULL)
		return;
	band->to_fen = MAX_FEN_OPEN;
	rule->one_ratio = true;
	band->value = ReadParam(c, node, UNIT_RATIO, cite);
	rule->bands = band;
	rule->n_bands = 1;
}

void
ReadBands(Compiler *c, int rule_node, BandNodes nodes, const Citation *cite, Rule *rule)
{
	static const char *const bandings[] = {"progressive", "whole_amount"};
	static const char *const edges[] = {"absolute", "above"};
	static const char *const closed[] = {"lower", "upper"};

	rule->whole_amount = READ_WORD(c, nodes.banding, bandings, 0) == 1;
	rule->edges_above = READ_WORD(c, nodes.edges, edges, 0) == 1;
	rule->band_closed_upper = READ_WORD(c, nodes.band_closed, closed, 0) == 1;
	if (nodes.bands >= 0)
	{
		Forbid(c, nodes.ratio, "either ratio or bands");
		ReadBandList(c, nodes.bands, cite, rule);
	}
	else
	{
		Forbid(c, nodes.banding, "banding beside bands only");
		Forbid(c, nodes.edges, "edges beside bands only");
		Forbid(c, nodes.band_closed, "band_closed beside bands only");
		if (nodes.ratio < 0)
			Fail(c, rule_node, ST_DOC_MISSING_KEY, "the key \"ratio\" or \"bands\"", "a rule without ratio and bands");
		ReadRatio(c, nodes.ratio, cite, rule);
	}
	if (rule->deductible.kind == DEDUCTIBLE_THRESHOLD && rule->edges_above && !rule->whole_amount)
		Forbid(c, nodes.edges, "edges \"absolute\": progressive bands above a threshold are not defined");
}

/* ---- caps ---- */

enum
{
	CAP_LIMIT,
	CAP_PER,
	CAP_GROUP,
	CAP_ON,
	CAP_CITE,
	CAP_KEYS
};

static const Key cap_keys[CAP_KEYS] = {
	[CAP_LIMIT] = {"limit", REQUIRED},
	[CAP_PER] = {"per", OPTIONAL},
	[CAP_GROUP] = {"group", OPTIONAL},
	[CAP_ON] = {"on", OPTIONAL},
	[CAP_CITE] = {"cite", OPTIONAL}
};

/* The default group: the set of alternatives, or the layer. */
static Code
DefaultGroup(const Compiler *c)
{
	return c->layer->alternative == NO_INDEX ? c->layer->name : c->alternatives[c->layer->alternative];
}

/* The group of a cap per period: of payments or of bases, and once in a rule. */
static uint8_t
ReadGroup(Compiler *c, int node, int group_node, bool on_base, const Rule *rule)
{
	uint8_t		group = ReadCounter(c, group_node, DefaultGroup(c));
	GroupUse	use = on_base ? GROUP_OF_BASES : GROUP_OF_PAYMENTS;

	if (Failed(c))
		return NO_INDEX;
	if (c->group_use[group] != GROUP_UNUSED && c->group_use[group] != use)
		Fail(c, node, ST_DOC_CONFLICT, "a group that caps either payments or bases", "the group %.*s, which caps both",
			 c->counters[group].name.length, c->counters[group].name.text);
	for (int i = 0; i < rule->n_caps; i++)
		if (rule->caps[i].counter == group)
			Fail(c, node, ST_DOC_DUPLICATE, "one cap per period of each group in a rule", "the group %.*s twice",
				 c->counters[group].name.length, c->counters[group].name.text);
	c->group_use[group] = use;
	c->needs |= CounterNeeds(c, group);
	return group;
}

/* One cap. */
static Cap
ReadCap(Compiler *c, int node, const Citation *cite, const Rule *rule)
{
	static const char *const per[] = {"period", "visit"};
	static const char *const on[] = {"payment", "base"};
	int			value[CAP_KEYS];
	Cap			cap = {false, false, NO_INDEX, FixedParam(0, cite)};

	if (!READ_KEYS(c, node, cap_keys, value))
		return cap;
	cap.visit = READ_WORD(c, value[CAP_PER], per, 0) == 1;
	cap.on_base = READ_WORD(c, value[CAP_ON], on, 0) == 1;
	cap.limit = ReadParam(c, value[CAP_LIMIT], UNIT_MONEY, ReadCite(c, value[CAP_CITE], cite));
	if (cap.visit)
		Forbid(c, value[CAP_GROUP], "group with a cap per period only");
	else
		cap.counter = ReadGroup(c, node, value[CAP_GROUP], cap.on_base, rule);
	if (cap.on_base && !rule->weights->whole)
		Forbid(c, value[CAP_ON], "a cap on the base only where every weight is 0 or 1");
	return cap;
}

void
ReadCaps(Compiler *c, int node, const Citation *cite, Rule *rule)
{
	int			n = CountElements(c, node, MAX_CAPS, "an array of at most 16 caps");
	Cap		   *caps = NewArray(c, &n, sizeof(Cap));

	rule->caps = caps;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		caps[rule->n_caps] = ReadCap(c, element, cite, rule);
		rule->n_caps++;
	}
}

void
ReadTimes(Compiler *c, int node, const Citation *cite, Rule *rule)
{
	static const Key keys[] = {{"limit", REQUIRED}, {"counter", OPTIONAL}, {"cite", OPTIONAL}};
	static const Number times = {0, 1, 1000000, "a whole number of payments from 1 to 1000000"};
	int			value[3];

	rule->times_counter = NO_INDEX;
	if (node < 0 || !READ_KEYS(c, node, keys, value))
		return;
	rule->times_limit = (int32_t) ReadNumber(c, value[0], &times);
	rule->times_cite = ReadCite(c, value[2], cite);
	CheckCited(c, value[0], rule->times_cite);
	rule->times_counter = ReadCounter(c, value[1], c->layer->name);
	c->needs |= CounterNeeds(c, rule->times_counter);
}
