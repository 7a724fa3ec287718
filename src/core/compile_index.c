/*
 * compile_index.c — what the fold would otherwise work out anew: keys of codes and names, code tests before others, constant
 * parameters in a row, flags. Nothing here changes what a page means.
 */
#include <string.h>

#include "compile.h"

/* An array in the arena; NULL and a fault when it is full */
static void *
IndexArray(Compiler *c, int n, size_t size)
{
	int			wanted = n;

	return NewArray(c, &wanted, size);
}

/* Keys of the codes that the page knows */
static void
IndexCodes(Compiler *c, CodeList *list)
{
	uint64_t   *keys = IndexArray(c, list->n, sizeof(uint64_t));

	for (int i = 0; i < list->n && !Failed(c); i++)
		keys[i] = CodeKey(list->codes[i]);
	list->keys = keys;
}

/* Is the key of a counter the same on all bills of a calendar year? */
static bool
IsLasting(const Counter *counter)
{
	return counter->every == EVERY_YEAR && counter->start_month == 1 && counter->start_day == 1 && counter->per == PER_NONE;
}

/* ---- conditions ---- */

/* Code tests first, the others in their order behind them */
static void
CodeTestsFirst(Conjunction *all)
{
	Test	   *tests = (Test *) all->tests;
	int			n = 0;

	for (int i = 0; i < all->n_tests; i++)
	{
		Test		test = tests[i];

		if (test.kind != TEST_CODE)
			continue;
		memmove(&tests[n + 1], &tests[n], sizeof(Test) * (size_t) (i - n));
		tests[n++] = test;
	}
}

/* Layers whose exhaustion a conjunction asks for, as bits */
static uint64_t
WatchedBy(const Conjunction *all)
{
	uint64_t	watched = 0;

	for (int i = 0; i < all->n_tests; i++)
	{
		if (all->tests[i].kind == TEST_EXHAUSTED)
			watched |= all->tests[i].mask;
	}
	return watched;
}

/* The same for a whole condition */
static uint64_t
WatchedByCondition(const Condition *when)
{
	uint64_t	watched = WatchedBy(&when->all);

	for (int i = 0; i < when->n_clauses; i++)
	{
		for (int a = 0; a < when->clauses[i].n_alternatives; a++)
			watched |= WatchedBy(&when->clauses[i].alternatives[a]);
	}
	return watched;
}

static uint64_t
WatchedByModifiers(const Modifier *modifiers, int n)
{
	uint64_t	watched = 0;

	for (int i = 0; i < n; i++)
		watched |= WatchedByCondition(&modifiers[i].when);
	return watched;
}

static bool
AnyPenalty(const Modifier *modifiers, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (modifiers[i].penalty)
			return true;
	}
	return false;
}

/* ---- rules ---- */

/* Are all counters of a rule lasting? */
static bool
HasLastingCounters(const Page *page, const Rule *rule)
{
	const uint8_t others[] = {rule->deductible.counter, rule->deductible.sum_counter, rule->times_counter};
	bool		lasting = page->counters[rule->base_counter].lasting;

	for (int i = 0; i < 3; i++)
		lasting = lasting && (others[i] == NO_INDEX || page->counters[others[i]].lasting);
	for (int i = 0; i < rule->n_caps; i++)
		lasting = lasting && (rule->caps[i].counter == NO_INDEX || page->counters[rule->caps[i].counter].lasting);
	return lasting;
}

/* Constant parameters in a row, and flags */
static void
IndexRule(Compiler *c, const Page *page, const Layer *layer, Rule *rule)
{
	int64_t    *ratios = IndexArray(c, rule->n_bands, sizeof(int64_t));
	int64_t    *limits = IndexArray(c, rule->n_caps, sizeof(int64_t));

	if (Failed(c))
		return;
	CodeTestsFirst(&rule->when.all);
	rule->constant = rule->enter.fact == FACT_NONE;
	for (int i = 0; i < rule->n_bands; i++)
	{
		ratios[i] = rule->bands[i].value.base;
		rule->constant = rule->constant && rule->bands[i].value.fact == FACT_NONE;
	}
	for (int i = 0; i < rule->n_caps; i++)
	{
		limits[i] = rule->caps[i].limit.base;
		rule->constant = rule->constant && rule->caps[i].limit.fact == FACT_NONE;
		rule->has_base_cap = rule->has_base_cap || rule->caps[i].on_base;
	}
	rule->lasting = HasLastingCounters(page, rule);
	rule->ratios = ratios;
	rule->limits_fen = limits;
	rule->has_penalty = AnyPenalty(layer->modifiers, layer->n_modifiers) || AnyPenalty(rule->modifiers, rule->n_modifiers);
}

/* Modifiers, too, look at codes first */
static void
IndexModifiers(const Modifier *modifiers, int n)
{
	for (int i = 0; i < n; i++)
		CodeTestsFirst((Conjunction *) &modifiers[i].when.all);
}

/* One layer */
static void
IndexLayer(Compiler *c, const Page *page, Layer *layer)
{
	layer->key = CodeKey(layer->name);
	IndexModifiers(layer->modifiers, layer->n_modifiers);
	for (int r = 0; r < layer->n_rules && !Failed(c); r++)
	{
		IndexModifiers(layer->rules[r].modifiers, layer->rules[r].n_modifiers);
		IndexRule(c, page, layer, (Rule *) &layer->rules[r]);
	}
}

/* Does a rule of the page wait until a layer of this name is crossed? */
static bool
PageAwaits(const Page *page, Code name)
{
	for (int l = 0; l < page->n_layers; l++)
	{
		for (int r = 0; r < page->layers[l].n_rules; r++)
		{
			uint8_t		awaited = page->layers[l].rules[r].crossing_layer;

			if (awaited != NO_INDEX && page->layers[awaited].name.length == name.length &&
				memcmp(page->layers[awaited].name.text, name.text, name.length) == 0)
				return true;
		}
	}
	return false;
}

/* A crossing belongs to the layer, whichever page governs the bill on which it happens */
static void
IndexAwaited(Page *pages, int n_pages, Layer *layer)
{
	for (int i = 0; i < n_pages && !layer->awaited; i++)
		layer->awaited = PageAwaits(&pages[i], layer->name);
}

/* One page that has been read without a fault */
static void
IndexPage(Compiler *c, Page *page)
{
	uint64_t	watched = 0;

	page->region_key = CodeKey(page->region);
	page->scheme_key = CodeKey(page->scheme);
	for (int a = 0; a < CODE_ATTRIBUTES && !Failed(c); a++)
	{
		IndexCodes(c, &page->codes[a]);
		page->declared |= (uint32_t) page->codes[a].declared << a;
	}
	for (int i = 0; i < page->n_counters; i++)
		((Counter *) page->counters)[i].lasting = IsLasting(&page->counters[i]);
	for (int l = 0; l < page->n_layers && !Failed(c); l++)
	{
		Layer	   *layer = (Layer *) &page->layers[l];

		IndexLayer(c, page, layer);
		watched |= WatchedByModifiers(layer->modifiers, layer->n_modifiers);
		for (int r = 0; r < layer->n_rules; r++)
			watched |= WatchedByCondition(&layer->rules[r].when) |
				WatchedByModifiers(layer->rules[r].modifiers, layer->rules[r].n_modifiers);
	}
	for (int l = 0; l < page->n_layers; l++)
		((Layer *) &page->layers[l])->watched = watched >> l & 1;
}

/* ---- names ---- */

/* The number of a name in the book, a new one if it is new */
static uint16_t
NumberName(Compiler *c, Code *names, int *n, Code name)
{
	for (int i = 0; i < *n; i++)
	{
		if (names[i].length == name.length && memcmp(names[i].text, name.text, name.length) == 0)
			return (uint16_t) i;
	}
	if (*n == MAX_BOOK_NAMES)
	{
		Fail(c, 0, ST_DOC_LIMIT, "at most 1024 different names of counters and layers in a book", "more names");
		return 0;
	}
	names[*n] = name;
	return (uint16_t) (*n)++;
}

/* Equal names of counters and layers get equal numbers, on all pages */
static int
NumberNames(Compiler *c, Page *pages, int n_pages)
{
	Code		names[MAX_BOOK_NAMES];
	int			n = 0;

	for (int i = 0; i < n_pages && !Failed(c); i++)
	{
		Counter    *counters = (Counter *) pages[i].counters;
		Layer	   *layers = (Layer *) pages[i].layers;

		for (int k = 0; k < pages[i].n_counters; k++)
			counters[k].name_number = NumberName(c, names, &n, counters[k].name);
		for (int l = 0; l < pages[i].n_layers; l++)
			layers[l].name_number = NumberName(c, names, &n, layers[l].name);
	}
	return n;
}

/* All pages of a book that has been read without a fault */
void
IndexBook(Compiler *c, Book *book)
{
	Page	   *pages = (Page *) book->pages;

	for (int i = 0; i < book->n_pages && !Failed(c); i++)
		IndexPage(c, &pages[i]);
	for (int i = 0; i < book->n_pages && !Failed(c); i++)
	{
		for (int l = 0; l < pages[i].n_layers; l++)
			IndexAwaited(pages, book->n_pages, (Layer *) &pages[i].layers[l]);
	}
	book->n_names = NumberNames(c, pages, book->n_pages);
}
