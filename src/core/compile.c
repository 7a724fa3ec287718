/*
 * compile.c — a book and its pages: from the JSON document to terms.h. The tape of the document stands at the end of the arena,
 * what is compiled grows from its beginning.
 */
#include "compile.h"

#include <string.h>

/* ---- exceptions and other keys without effect on amounts ---- */

/* Recorded exceptions. */
static void
ReadExceptions(Compiler *c, int node)
{
	static const Key keys[] = {
		{"who", REQUIRED}, {"why", REQUIRED}, {"article", REQUIRED}, {"finding", OPTIONAL}, {"layer", OPTIONAL}
	};
	int			value[5];
	int			n = CountElements(c, node, INT32_MAX, "an array of exceptions");
	Exception  *exceptions = NewArray(c, &n, sizeof(Exception));

	c->page->exceptions = exceptions;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		Exception  *exception = &exceptions[c->page->n_exceptions++];

		READ_KEYS(c, element, keys, value);
		exception->who = ReadText(c, value[0]);
		exception->why = ReadText(c, value[1]);
		exception->article = ReadText(c, value[2]);
		exception->finding = ReadText(c, value[3]);
		exception->layer = ReadText(c, value[4]);
	}
}

/* ---- a page ---- */

enum
{
	PAGE_TITLE,
	PAGE_REGION,
	PAGE_SCHEME,
	PAGE_FROM,
	PAGE_TO,
	PAGE_ADMITTED,
	PAGE_ORDER_BY,
	PAGE_PERIOD_DATE,
	PAGE_SOURCES,
	PAGE_CODES,
	PAGE_PARTS,
	PAGE_COUNTERS,
	PAGE_COUNTS,
	PAGE_FIXED_PRICES,
	PAGE_CEILINGS,
	PAGE_LAYERS,
	PAGE_CITE,
	PAGE_EXCEPTIONS,
	PAGE_KEYS
};

static const Key page_keys[PAGE_KEYS] = {
	[PAGE_TITLE] = {"title", REQUIRED},
	[PAGE_REGION] = {"region", REQUIRED},
	[PAGE_SCHEME] = {"scheme", REQUIRED},
	[PAGE_FROM] = {"from", REQUIRED},
	[PAGE_TO] = {"to", OPTIONAL},
	[PAGE_ADMITTED] = {"admitted", OPTIONAL},
	[PAGE_ORDER_BY] = {"order_by", OPTIONAL},
	[PAGE_PERIOD_DATE] = {"period_date", OPTIONAL},
	[PAGE_SOURCES] = {"sources", REQUIRED},
	[PAGE_CODES] = {"codes", OPTIONAL},
	[PAGE_PARTS] = {"parts", OPTIONAL},
	[PAGE_COUNTERS] = {"counters", OPTIONAL},
	[PAGE_COUNTS] = {"counts", OPTIONAL},
	[PAGE_FIXED_PRICES] = {"fixed_prices", OPTIONAL},
	[PAGE_CEILINGS] = {"ceilings", OPTIONAL},
	[PAGE_LAYERS] = {"layers", REQUIRED},
	[PAGE_CITE] = {"cite", OPTIONAL},
	[PAGE_EXCEPTIONS] = {"exceptions", OPTIONAL}
};

/* Days of admission: "from", "to" or both. */
static void
ReadAdmitted(Compiler *c, int node)
{
	static const Key keys[] = {{"from", OPTIONAL}, {"to", OPTIONAL}};
	int			value[2] = {-1, -1};
	Page	   *page = c->page;

	page->by_admission = node >= 0;
	if (node >= 0 && READ_KEYS(c, node, keys, value) && value[0] < 0 && value[1] < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "from, to, or both", "a range of days of admission without ends");
	page->admitted_from = ReadDay(c, value[0], INT32_MIN);
	page->admitted_to = ReadDay(c, value[1], INT32_MAX);
	if (page->admitted_to < page->admitted_from)
		FailValue(c, value[1], ST_DOC_BAD_VALUE, "a last day that is not before the first");
}

/* Whose page it is, and when. */
static void
ReadValidity(Compiler *c, const int *value)
{
	static const char *const order_by[] = {"discharge", "settlement"};
	static const char *const period_date[] = {"order", "admission", "discharge", "settlement", "split"};
	static const PeriodDate meaning[] = {PERIOD_ORDER, PERIOD_ADMISSION, PERIOD_DISCHARGE, PERIOD_SETTLEMENT, PERIOD_ORDER};
	Page	   *page = c->page;

	page->title = ReadText(c, value[PAGE_TITLE]);
	page->region = ReadName(c, value[PAGE_REGION]);
	page->scheme = ReadName(c, value[PAGE_SCHEME]);
	page->from_day = ReadDay(c, value[PAGE_FROM], 0);
	page->to_day = ReadDay(c, value[PAGE_TO], INT32_MAX);
	if (page->to_day < page->from_day)
		FailValue(c, value[PAGE_TO], ST_DOC_BAD_VALUE, "a last day that is not before the first");
	ReadAdmitted(c, value[PAGE_ADMITTED]);
	READ_WORD(c, value[PAGE_ORDER_BY], order_by, 0);
	page->period_date = meaning[READ_WORD(c, value[PAGE_PERIOD_DATE], period_date, 0)];
}

/* Forget what belongs to the page before. */
static void
BeginPage(Compiler *c, Page *page)
{
	c->page = page;
	c->n_facts = 0;
	c->n_counters = 0;
	c->n_counts = 0;
	c->n_layers = 0;
	memset(c->group_use, 0, sizeof(c->group_use));
	memset(c->group_node, 0, sizeof(c->group_node));
}

/* Keep the names that the page has gathered. */
static void
EndPage(Compiler *c)
{
	Page	   *page = c->page;

	page->facts = CopyArray(c, c->facts, &c->n_facts, sizeof(Code));
	page->n_facts = (uint8_t) c->n_facts;
	page->counters = CopyArray(c, c->counters, &c->n_counters, sizeof(Counter));
	page->n_counters = (uint8_t) c->n_counters;
}

/* One page: what is declared, then what refers to it. */
static void
ReadPage(Compiler *c, int node, Page *page)
{
	int			value[PAGE_KEYS];
	const Citation *cite;

	BeginPage(c, page);
	READ_KEYS(c, node, page_keys, value);
	ReadValidity(c, value);
	ReadSources(c, value[PAGE_SOURCES]);
	cite = page->cite = ReadCite(c, value[PAGE_CITE], NULL);
	ReadLayerNames(c, value[PAGE_LAYERS]);
	ReadCodes(c, value[PAGE_CODES]);
	ReadParts(c, value[PAGE_PARTS]);
	ReadCounters(c, value[PAGE_COUNTERS]);
	ReadCounts(c, value[PAGE_COUNTS], cite);
	ReadFixedPrices(c, value[PAGE_FIXED_PRICES], cite);
	ReadCeilings(c, value[PAGE_CEILINGS], cite);
	ReadLayers(c, value[PAGE_LAYERS], cite);
	CheckModifiedGroups(c);
	ReadExceptions(c, value[PAGE_EXCEPTIONS]);
	EndPage(c);
}

/* ---- a book ---- */

/* Byte order of two codes. */
static int
CompareCode(Code a, Code b)
{
	int			order = memcmp(a.text, b.text, a.length < b.length ? a.length : b.length);

	return order != 0 ? order : a.length - b.length;
}

/* Order of pages: region, scheme, first day, first day of admission. */
static int
ComparePage(const Page *a, const Page *b)
{
	int			order = CompareCode(a->region, b->region);

	if (order == 0)
		order = CompareCode(a->scheme, b->scheme);
	if (order == 0)
		order = (a->from_day > b->from_day) - (a->from_day < b->from_day);
	return order != 0 ? order : (a->admitted_from > b->admitted_from) - (a->admitted_from < b->admitted_from);
}

/* Are two pages for one region and scheme? */
static bool
SameScheme(const Page *a, const Page *b)
{
	return SameCode(a->region, b->region) && SameCode(a->scheme, b->scheme);
}

/* Does an earlier page in that order cover a day and an admission of a later one? */
static bool
Overlap(const Page *a, const Page *b)
{
	return b->from_day <= a->to_day && a->admitted_from <= b->admitted_to && b->admitted_from <= a->admitted_to;
}

/* Put the last of n pages at its place, and its node likewise. */
static void
PlacePage(Page *pages, int *nodes, int n)
{
	Page		page = pages[n - 1];
	int			node = nodes[n - 1];
	int			i = n - 1;

	for (; i > 0 && ComparePage(&pages[i - 1], &page) > 0; i--)
	{
		pages[i] = pages[i - 1];
		nodes[i] = nodes[i - 1];
	}
	pages[i] = page;
	nodes[i] = node;
}

/* Refuse pages that cover a day twice; see which of them go by different dates. */
static void
CheckOverlap(Compiler *c, Page *pages, const int *nodes, int n)
{
	for (int i = 1; i < n; i++)
	{
		for (int j = i - 1; j >= 0 && SameScheme(&pages[j], &pages[i]); j--)
		{
			if (Overlap(&pages[j], &pages[i]))
				FailValue(c, JsonMember(&c->json, nodes[i], "from"), ST_DOC_DUPLICATE,
						  "a first day after the last day of the earlier page for this region and scheme, or other days of admission");
			if (pages[j].period_date != pages[i].period_date)
				pages[j].mixed_dates = pages[i].mixed_dates = true;
		}
	}
}

/* All pages. */
static void
ReadPages(Compiler *c, int node, Book *book)
{
	static const char expected[] = "an array of 1 to 256 pages";
	int			n = CountElements(c, node, MAX_PAGES, expected);
	Page	   *pages = NewArray(c, &n, sizeof(Page));
	int			nodes[MAX_PAGES];

	if (n == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, expected);
	book->pages = pages;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		nodes[book->n_pages] = element;
		pages[book->n_pages].place = (uint16_t) book->n_pages;
		ReadPage(c, element, &pages[book->n_pages++]);
		if (!Failed(c))
			PlacePage(pages, nodes, book->n_pages);
	}
	if (!Failed(c))
		CheckOverlap(c, pages, nodes, book->n_pages);
}

/* A version that this engine knows: 1. */
static void
CheckVersion(Compiler *c, int node, int known)
{
	int64_t		version = known;

	if (!Failed(c) && (c->json.nodes[node].type != JSON_NUMBER || !JsonDecimal(&c->json, node, 0, &version) || version != known))
		FailValue(c, node, ST_DOC_VERSION, "1, the only version there is");
}

/* The document: format, engine, pages. */
static void
ReadBook(Compiler *c, Book *book)
{
	static const Key keys[] = {{"format", REQUIRED}, {"engine", REQUIRED}, {"pages", REQUIRED}};
	int			value[3];

	if (!READ_KEYS(c, 0, keys, value))
		return;
	CheckVersion(c, value[0], TERMS_FORMAT);
	CheckVersion(c, value[1], ENGINE_LEVEL);
	book->engine = ENGINE_LEVEL;
	ReadPages(c, value[2], book);
	if (!Failed(c))
		IndexBook(c, book);
	book->keeps_bills = !Failed(c) && BookKeepsBills(book->pages, book->n_pages);
	book->keeps_costs = !Failed(c) && BookKeepsCosts(book->pages, book->n_pages);
	book->reach_years = Failed(c) ? 0 : BookReach(book->pages, book->n_pages);
}

/* ---- memory ---- */

/*
 * Nodes that a document of this length can have. A scalar takes at least one byte, a container two, and each of them but one a
 * separator; an open container of a broken document has one byte only.
 */
static int64_t
NodesNeeded(int length)
{
	return (int64_t) length / 2 + 1 + MAX_JSON_DEPTH;
}

/*
 * Beside the tape: the largest structure for its text is a rule with its band, at least 23 bytes of document. Arrays are
 * taken for all their elements before the first of them is read, which at a fault may be too early, once on each level of
 * pages, layers, rules and tests.
 */
int64_t
ArenaNeeded(int length)
{
	int64_t		compiled = (int64_t) length * (int64_t) ((sizeof(Rule) + sizeof(Band)) / 23 + 24);
	int64_t		early = MAX_PAGES * sizeof(Page) + MAX_LAYERS * sizeof(Layer) + MAX_RULES * sizeof(Rule) + MAX_TESTS * sizeof(Test);

	return NodesNeeded(length) * (int64_t) sizeof(JsonNode) + compiled + early;
}

Status
OpenArena(Compiler *c, const char *json, int length, char *arena, int64_t arena_size, Fault *fault)
{
	int64_t		nodes = NodesNeeded(length > MAX_JSON_BYTES ? 0 : length);
	int64_t		tape = nodes * (int64_t) sizeof(JsonNode);
	int64_t		skip = (int64_t) (-(uintptr_t) arena % 8);	/* to where any structure may stand */

	memset(c, 0, sizeof(*c));
	c->fault = fault;
	c->arena = arena + skip;
	c->arena_size = (arena_size - skip - tape) / 8 * 8;
	if (arena_size < tape + 16)
		c->status = FaultSet(fault, ST_INTERNAL, "$", "an arena that is too small", "ArenaNeeded bytes");
	else
		c->status = JsonParse(json, length, (JsonNode *) (c->arena + c->arena_size), (int) nodes, &c->json, fault);
	return c->status;
}

Status
CompileBook(const char *json, int length, char *arena, int64_t arena_size, Book *book, Fault *fault)
{
	Compiler	c;

	memset(book, 0, sizeof(*book));
	if (OpenArena(&c, json, length, arena, arena_size, fault) == ST_OK)
		ReadBook(&c, book);
	return c.status;
}
