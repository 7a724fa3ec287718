/*
 * compile_page.c — what stands beside the layers of a page: stay counts, fixed prices and ceilings.
 */
#include "compile.h"

/* ---- stay counts ---- */

/* One count: the name of its counter is its own. */
static void
ReadStayCount(Compiler *c, int key, const Citation *cite)
{
	static const Key keys[] = {{"when", OPTIONAL}, {"cite", OPTIONAL}};
	int			value[2];
	StayCount  *count = &c->counts[c->n_counts];

	count->counter = CounterNamed(c, key, ReadName(c, key));
	READ_KEYS(c, key + 1, keys, value);
	count->when = ReadCondition(c, value[0], WHEN_COUNT);
	ReadCite(c, value[1], cite);
	c->n_counts++;
}

void
ReadCounts(Compiler *c, int node, const Citation *cite)
{
	int			n;

	CountMembers(c, node, MAX_COUNTS, "an object of at most 16 stay counts: name to count");
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
		ReadStayCount(c, key, cite);
	n = c->n_counts;
	c->page->counts = CopyArray(c, c->counts, &n, sizeof(StayCount));
	c->page->n_counts = (uint8_t) n;
}

/* ---- fixed prices ---- */

/* The columns that the hospital's share leaves first. */
static void
ReadTakesFrom(Compiler *c, int node, Column *order)
{
	static const char expected[] = "an array of in_scope, excluded, over_limit and first_share, each once";
	static const Column usual[] = {COLUMN_EXCLUDED, COLUMN_OVER_LIMIT, COLUMN_FIRST_SHARE, COLUMN_IN_SCOPE};
	int			n = 0;

	for (int i = 0; i < 4; i++)
		order[i] = usual[i];
	if (CountElements(c, node, 4, expected) != 4 && node >= 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, expected);
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		/* column_name without its first, total */
		order[n++] = (Column) (ReadWord(c, element, column_name + COLUMN_IN_SCOPE, COLUMNS - 1, 0) + COLUMN_IN_SCOPE);
		CheckDistinct(c, node, element);
	}
}

enum
{
	PRICE_NAME,
	PRICE_WHEN,
	PRICE_PRICE,
	PRICE_TAKES_FROM,
	PRICE_CITE,
	PRICE_KEYS
};

static const Key price_keys[PRICE_KEYS] = {
	[PRICE_NAME] = {"name", REQUIRED},
	[PRICE_WHEN] = {"when", OPTIONAL},
	[PRICE_PRICE] = {"price", REQUIRED},
	[PRICE_TAKES_FROM] = {"takes_from", OPTIONAL},
	[PRICE_CITE] = {"cite", OPTIONAL}
};

/* The i-th fixed price. */
static void
ReadFixedPrice(Compiler *c, int node, const Citation *cite, FixedPrice *prices, int i)
{
	int			value[PRICE_KEYS];
	FixedPrice *price = &prices[i];
	Code		name;

	READ_KEYS(c, node, price_keys, value);
	name = ReadName(c, value[PRICE_NAME]);
	price->name = (Text) {name.text, name.length};
	for (int other = 0; other < i; other++)
		if (SameText(prices[other].name, price->name))
			FailValue(c, value[PRICE_NAME], ST_DOC_DUPLICATE, "a name that no other fixed price has");
	cite = ReadCite(c, value[PRICE_CITE], cite);
	price->when = ReadCondition(c, value[PRICE_WHEN], WHEN_PRICE);
	price->price = ReadParam(c, value[PRICE_PRICE], UNIT_MONEY, cite);
	ReadTakesFrom(c, value[PRICE_TAKES_FROM], price->order);
}

void
ReadFixedPrices(Compiler *c, int node, const Citation *cite)
{
	int			n = CountElements(c, node, MAX_FIXED_PRICES, "an array of at most 64 fixed prices");
	FixedPrice *prices = NewArray(c, &n, sizeof(FixedPrice));

	c->page->fixed_prices = prices;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
		ReadFixedPrice(c, element, cite, prices, c->page->n_fixed_prices++);
}

/* ---- ceilings ---- */

enum
{
	CEILING_NAME,
	CEILING_LAYERS,
	CEILING_SHARE,
	CEILING_OF,
	CEILING_PER,
	CEILING_WHEN,
	CEILING_CITE,
	CEILING_KEYS
};

static const Key ceiling_keys[CEILING_KEYS] = {
	[CEILING_NAME] = {"name", REQUIRED},
	[CEILING_LAYERS] = {"layers", REQUIRED},
	[CEILING_SHARE] = {"share", REQUIRED},
	[CEILING_OF] = {"of", REQUIRED},
	[CEILING_PER] = {"per", REQUIRED},
	[CEILING_WHEN] = {"when", OPTIONAL},
	[CEILING_CITE] = {"cite", OPTIONAL}
};

/* The layers that a ceiling holds down, as bits. */
static uint32_t
ReadMembers(Compiler *c, int node)
{
	static const char expected[] = "an array of 1 to 24 layers";
	uint32_t	layers = 0;

	if (CountElements(c, node, MAX_LAYERS, expected) == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, expected);
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		layers |= 1u << ReadLayerName(c, element, c->n_layers, "one of the layers");
		CheckDistinct(c, node, element);
	}
	return layers;
}

/* The i-th ceiling. */
static void
ReadCeiling(Compiler *c, int node, const Citation *cite, Ceiling *ceilings, int i)
{
	static const char *const per[] = {"visit", "period"};
	int			value[CEILING_KEYS];
	Ceiling    *ceiling = &ceilings[i];

	READ_KEYS(c, node, ceiling_keys, value);
	ceiling->name = ReadName(c, value[CEILING_NAME]);
	for (int other = 0; other < i; other++)
		if (SameCode(ceilings[other].name, ceiling->name))
			FailValue(c, value[CEILING_NAME], ST_DOC_DUPLICATE, "a name that no other ceiling has");
	ceiling->cite = ReadCite(c, value[CEILING_CITE], cite);
	ceiling->layers = ReadMembers(c, value[CEILING_LAYERS]);
	ceiling->share_ppm = ReadNumber(c, value[CEILING_SHARE], &number_share);
	CheckCited(c, value[CEILING_SHARE], ceiling->cite);
	ceiling->of = (Column) ReadWord(c, value[CEILING_OF], column_name, COLUMNS, COLUMN_TOTAL);
	ceiling->visit = READ_WORD(c, value[CEILING_PER], per, 0) == 0;
	ceiling->counter = ceiling->visit ? NO_INDEX : CounterNamed(c, node, ceiling->name);
	ceiling->when = ReadCondition(c, value[CEILING_WHEN], WHEN_CEILING);
}

void
ReadCeilings(Compiler *c, int node, const Citation *cite)
{
	int			n = CountElements(c, node, MAX_CEILINGS, "an array of at most 16 ceilings");
	Ceiling    *ceilings = NewArray(c, &n, sizeof(Ceiling));

	c->page->ceilings = ceilings;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
		ReadCeiling(c, element, cite, ceilings, c->page->n_ceilings++);
}
