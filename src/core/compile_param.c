/*
 * compile_param.c — parameters: a number, or base + rate x fact; and roundings.
 *
 * Limits, chosen so that base x 10^8 + rate x fact (in hundredths) stays far below 2^127 and no sum of the document leaves int64:
 *
 *	number, min, max	money 0 .. 10^13 yuan, two decimals; ratio 0 .. 1, six; enter 0 .. 1, three
 *	base of a formula	money -10^13 .. 10^13; shares -1000 .. 1000, decimals as above
 *	rate				-10^6 .. 10^6 per 1.00 of the fact, six decimals
 *	step				0.01 .. 10^13, two decimals
 */
#include "compile.h"

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
	PARAM_STEP,
	PARAM_MIN,
	PARAM_MAX,
	PARAM_CITE,
	PARAM_KEYS
};

static const Key param_keys[PARAM_KEYS] = {
	[PARAM_BASE] = {"base", REQUIRED},
	[PARAM_RATE] = {"rate", REQUIRED},
	[PARAM_FACT] = {"fact", REQUIRED},
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
	param.fact = JsonIs(&c->json, value[PARAM_FACT], "age") ? FACT_AGE : (int16_t) ReadFact(c, value[PARAM_FACT]);
	param.step_hundredths = ReadNumber(c, value[PARAM_STEP], &step_number);
	param.min = ReadNumber(c, value[PARAM_MIN], &unit->number);
	param.max = value[PARAM_MAX] < 0 ? unit->max : ReadNumber(c, value[PARAM_MAX], &unit->number);
	param.cite = ReadCite(c, value[PARAM_CITE], cite);
	if (param.min > param.max)
		FailValue(c, value[PARAM_MAX], ST_DOC_BAD_VALUE, "a max that is not below the min");
	return param;
}

Param
ReadParam(Compiler *c, int node, Unit unit, const Citation *cite)
{
	Param		param = FixedParam(0, cite);

	if (node < 0 || Failed(c))
		return param;
	if (c->json.nodes[node].type == JSON_OBJECT)
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
