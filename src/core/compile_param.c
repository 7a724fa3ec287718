/*
 * compile_param.c — parameters: a number, base + rate x fact (or x what the bills of an event's window cost), or a share of a
 * published figure; and roundings.
 *
 * Limits, chosen so that base x 10^8 + rate x fact (in hundredths) stays far below 2^127 and no sum of the document leaves int64.
 * What the bills of a window cost is below 2^63 fen: there are MAX_KEPT of them.
 *
 *	number, min, max	money 0 .. 10^13 yuan, two decimals; ratio 0 .. 1, six; enter 0 .. 1, three
 *	base of a formula	money -10^13 .. 10^13; shares -1000 .. 1000, decimals as above
 *	rate				-10^6 .. 10^6 per 1.00 of the fact, six decimals
 *	step				0.01 .. 10^13, two decimals
 *	share of a statistic	0 .. 1000, six decimals: its product with 10^15 fen stays below 2^127, the amount below 2^63
 */
#include "compile.h"

#include <stdio.h>

/* how the numbers of one unit are written: alone, as the base of a formula, and what a rate of one millionth is inside */
typedef struct UnitFigures
{
	Number		number;
	Number		base;
	int64_t		rate_scale;		/* of a rate in millionths */
	int64_t		max;
} UnitFigures;

static const UnitFigures figures[] = {
	[UNIT_MONEY] = {
		{2, 0, MAX_FEN, "an amount in yuan from 0 to 10000000000000 with at most two decimals"},
		{2, -MAX_FEN, MAX_FEN, "an amount in yuan from -10000000000000 to 10000000000000 with at most two decimals"},
		FEN_PER_YUAN, MAX_FEN
	},
	[UNIT_RATIO] = {
		{6, 0, PPM, "a ratio from 0 to 1 with at most six decimals"},
		{6, -1000 * PPM, 1000 * PPM, "a share from -1000 to 1000 with at most six decimals"},
		PPM, PPM
	},
	[UNIT_ENTER] = {
		{3, 0, MILLI, "a share from 0 to 1 with at most three decimals"},
		{3, -1000 * MILLI, 1000 * MILLI, "a share from -1000 to 1000 with at most three decimals"},
		MILLI, MILLI
	}
};

static const Number rate_number = {6, -PPM * PPM, PPM * PPM, "a rate from -1000000 to 1000000 with at most six decimals"};
static const Number step_number = {2, 1, MAX_FEN, "a step above 0 with at most two decimals"};

enum
{
	PARAM_BASE,
	PARAM_RATE,
	PARAM_FACT,
	PARAM_COST,
	PARAM_STEP,
	PARAM_MIN,
	PARAM_MAX,
	PARAM_CITE,
	PARAM_KEYS
};

static const Key param_keys[PARAM_KEYS] = {
	[PARAM_BASE] = {"base", REQUIRED},
	[PARAM_RATE] = {"rate", REQUIRED},
	[PARAM_FACT] = {"fact", OPTIONAL},
	[PARAM_COST] = {"cost", OPTIONAL},
	[PARAM_STEP] = {"step", OPTIONAL},
	[PARAM_MIN] = {"min", OPTIONAL},
	[PARAM_MAX] = {"max", OPTIONAL},
	[PARAM_CITE] = {"cite", OPTIONAL}
};

Param
FixedParam(int64_t value, const Citation *cite)
{
	Param		param = {value, FACT_NONE, 0, 0, 0, 0, cite};

	return param;
}

/* What a formula follows: a fact of the person, or in a rule on events what the bills of its window cost */
static int16_t
ReadFollowed(Compiler *c, int node, int fact, int cost)
{
	if (fact >= 0)
	{
		Forbid(c, cost, "either \"fact\" or \"cost\"");
		return JsonIs(&c->json, fact, "age") ? FACT_AGE : (int16_t) ReadFact(c, fact);
	}
	if (cost < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "the key \"fact\", or in a rule on events \"cost\"", "base and rate without either");
	if (!c->in_event)
		Forbid(c, cost, "cost in rules on application or year_close only");
	c->follows_cost = true;
	return (int16_t) FACT_COST(READ_WORD(c, cost, column_name, COLUMN_TOTAL));
}

/* base + rate x fact, clipped to min .. max */
static Param
ReadFormula(Compiler *c, int node, const UnitFigures *unit, const Citation *cite)
{
	Param		param = FixedParam(0, cite);
	int			value[PARAM_KEYS];

	if (!READ_KEYS(c, node, param_keys, value))
		return param;
	param.base = ReadNumber(c, value[PARAM_BASE], &unit->base);
	param.rate = ReadNumber(c, value[PARAM_RATE], &rate_number) * unit->rate_scale;
	param.fact = ReadFollowed(c, node, value[PARAM_FACT], value[PARAM_COST]);
	param.step_hundredths = ReadNumber(c, value[PARAM_STEP], &step_number);
	param.min = ReadNumber(c, value[PARAM_MIN], &unit->number);
	param.max = value[PARAM_MAX] < 0 ? unit->max : ReadNumber(c, value[PARAM_MAX], &unit->number);
	param.cite = ReadCite(c, value[PARAM_CITE], cite);
	if (param.min > param.max)
		FailValue(c, value[PARAM_MAX], ST_DOC_BAD_VALUE, "a max that is not below the min");
	return param;
}

/* ---- amounts that follow a statistic ---- */

enum
{
	DERIVED_STATISTIC,
	DERIVED_REGION,
	DERIVED_YEAR,
	DERIVED_VALUE,
	DERIVED_SHARE,
	DERIVED_LAG,
	DERIVED_LATEST,
	DERIVED_ROUNDING,
	DERIVED_KEYS
};

static const Key derived_keys[DERIVED_KEYS] = {
	[DERIVED_STATISTIC] = {"statistic", REQUIRED},
	[DERIVED_REGION] = {"region", OPTIONAL},
	[DERIVED_YEAR] = {"year", OPTIONAL},
	[DERIVED_VALUE] = {"value", OPTIONAL},
	[DERIVED_SHARE] = {"share", REQUIRED},
	[DERIVED_LAG] = {"lag", OPTIONAL},
	[DERIVED_LATEST] = {"latest", OPTIONAL},
	[DERIVED_ROUNDING] = {"rounding", OPTIONAL}
};

static const Number share_of_statistic = {6, 0, 1000 * PPM, "a share from 0 to 1000 with at most six decimals"};
static const Number year_number = {0, 1900, 9999, "a year from 1900 to 9999"};
static const Number lag_number = {0, 0, 9, "a whole number of years from 0 to 9"};

/* The amount must be the share of the figure, rounded. */
static void
CheckDerived(Compiler *c, int node, int64_t amount_fen, const Derived *derived, Rounding rounding)
{
	int64_t		right = RoundRatio((u128) derived->value_fen * (u128) derived->share_ppm, PPM, rounding);
	char		expected[96];

	if (Failed(c) || amount_fen == right)
		return;
	snprintf(expected, sizeof(expected), "%lld.%02lld: value x share, rounded", (long long) right / 100, (long long) right % 100);
	FailValue(c, node, ST_DOC_CONFLICT, expected);
}

/* How an amount follows from a figure; a draft's form, which does not know the figure yet, is refused. */
static const Derived *
ReadDerived(Compiler *c, int node, int amount, int64_t amount_fen)
{
	int			value[DERIVED_KEYS];
	int			one = 1;
	Derived    *derived = NewArray(c, &one, sizeof(Derived));
	Rounding	rounding;

	if (derived == NULL || !READ_KEYS(c, node, derived_keys, value))
		return NULL;
	if (amount < 0 || value[DERIVED_REGION] < 0 || value[DERIVED_YEAR] < 0 || value[DERIVED_VALUE] < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "amount, region, year and value: a draft leaves them out, and publish_policy fills them in",
			 "a derived amount without its figure");
	if (value[DERIVED_LAG] >= 0 && value[DERIVED_LATEST] >= 0)
		Forbid(c, value[DERIVED_LATEST], "either \"lag\" or \"latest\"");
	derived->statistic = ReadText(c, value[DERIVED_STATISTIC]);
	derived->region = ReadName(c, value[DERIVED_REGION]);
	derived->year = (int32_t) ReadNumber(c, value[DERIVED_YEAR], &year_number);
	derived->value_fen = ReadNumber(c, value[DERIVED_VALUE], &number_money);
	derived->share_ppm = ReadNumber(c, value[DERIVED_SHARE], &share_of_statistic);
	ReadNumber(c, value[DERIVED_LAG], &lag_number);
	if (!ReadBool(c, value[DERIVED_LATEST], true))
		FailValue(c, value[DERIVED_LATEST], ST_DOC_BAD_VALUE, "true, or no key \"latest\"");
	rounding = ReadRounding(c, value[DERIVED_ROUNDING]);
	CheckDerived(c, amount, amount_fen, derived, rounding);
	return derived;
}

/* An amount that is a share of a figure: behaves like the amount; its citation, which nothing else has, remembers the figure. */
static Param
ReadDerivedAmount(Compiler *c, int node, const Citation *cite)
{
	static const Key keys[] = {{"amount", OPTIONAL}, {"derived", REQUIRED}, {"cite", OPTIONAL}};
	Param		param = FixedParam(0, cite);
	int			value[3];
	int			one = 1;
	Citation   *own;
	const Derived *derived;

	if (!READ_KEYS(c, node, keys, value))
		return param;
	param.base = ReadNumber(c, value[0], &number_money);
	derived = ReadDerived(c, value[1], value[0], param.base);
	param.cite = ReadCite(c, value[2], cite);
	CheckCited(c, node, param.cite);
	own = CopyArray(c, param.cite, &one, sizeof(Citation));
	if (own != NULL)
	{
		own->derived = derived;
		param.cite = own;
	}
	return param;
}

Param
ReadParam(Compiler *c, int node, Unit unit, const Citation *cite)
{
	Param		param = FixedParam(0, cite);

	if (node < 0 || Failed(c))
		return param;
	if (unit == UNIT_MONEY && JsonMember(&c->json, node, "derived") >= 0)
		param = ReadDerivedAmount(c, node, cite);
	else if (c->json.nodes[node].type == JSON_OBJECT)
		param = ReadFormula(c, node, &figures[unit], cite);
	else
		param.base = ReadNumber(c, node, &figures[unit].number);
	CheckCited(c, node, param.cite);
	return param;
}

Rounding
ReadRounding(Compiler *c, int node)
{
	static const Key keys[] = {{"unit", OPTIONAL}, {"mode", OPTIONAL}};
	static const char *const units[] = {"fen", "yuan"};
	static const char *const modes[] = {"half_up", "down", "up"};
	Rounding	rounding = {1, ROUND_HALF_UP};
	int			value[2];

	if (node < 0 || !READ_KEYS(c, node, keys, value))
		return rounding;
	rounding.unit_fen = READ_WORD(c, value[0], units, 0) == 0 ? 1 : FEN_PER_YUAN;
	rounding.mode = (RoundMode) READ_WORD(c, value[1], modes, ROUND_HALF_UP);
	return rounding;
}
