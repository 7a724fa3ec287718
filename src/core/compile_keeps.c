/*
 * compile_keeps.c — must bills be kept because a later one may reach back to them? True for events, and for year rules
 * that can make more due than their bill has left (docs/policy-model.md, section 13). Must what they cost be kept with them? And
 * how far back may a rule reach?
 */
#include "compile.h"

/* Does the rule, or its layer, have a modifier of the whole payment? */
static bool
ModifiesPayment(const Modifier *modifiers, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (modifiers[i].target == TARGET_PAYMENT)
			return true;
	}
	return false;
}

/* May a year rule be due more than the bill brings? */
static bool
OutgrowsBill(const Layer *layer, const Rule *rule)
{
	return rule->true_up || rule->crossing_layer != NO_INDEX || rule->whole_amount || rule->weights->gross ||
		rule->deductible.kind == DEDUCTIBLE_THRESHOLD || rule->rounding.unit_fen != 1 ||
		ModifiesPayment(layer->modifiers, layer->n_modifiers) || ModifiesPayment(rule->modifiers, rule->n_modifiers);
}

/* Does any rule of the page reach back? */
static bool
PageKeepsBills(const Page *page)
{
	for (int l = 0; l < page->n_layers; l++)
	{
		const Layer *layer = &page->layers[l];

		for (int r = 0; r < layer->n_rules; r++)
		{
			const Rule *rule = &layer->rules[r];

			if (rule->on != BILL_ORDINARY || (rule->year && OutgrowsBill(layer, rule)))
				return true;
		}
	}
	return false;
}

/* One page is enough: an account goes from page to page */
bool
BookKeepsBills(const Page *pages, int n_pages)
{
	for (int i = 0; i < n_pages; i++)
	{
		if (PageKeepsBills(&pages[i]))
			return true;
	}
	return false;
}

/* Does a rule of the page ask what earlier bills cost? */
static bool
PageKeepsCosts(const Page *page)
{
	for (int l = 0; l < page->n_layers; l++)
	{
		for (int r = 0; r < page->layers[l].n_rules; r++)
		{
			if (page->layers[l].rules[r].follows_cost)
				return true;
		}
	}
	return false;
}

/* Here, too, one page is enough */
bool
BookKeepsCosts(const Page *pages, int n_pages)
{
	for (int i = 0; i < n_pages; i++)
	{
		if (PageKeepsCosts(&pages[i]))
			return true;
	}
	return false;
}

/* Does a rule reach back to the calendar year before: by its window, or by a period that does not begin with the year? */
static bool
ReachesLastYear(const Page *page, const Rule *rule)
{
	const Counter *counter = &page->counters[rule->base_counter];

	if (rule->on != BILL_ORDINARY)
		return rule->window != WINDOW_YEAR_TO_DATE;
	return counter->start_month != 1 || counter->start_day != 1;
}

/* How many calendar years back a rule of the page may reach; one more where bills do not come in the order of their period dates */
static uint8_t
PageReach(const Page *page)
{
	uint8_t		late = page->period_date != PERIOD_ORDER;

	for (int l = 0; l < page->n_layers; l++)
	{
		for (int r = 0; r < page->layers[l].n_rules; r++)
		{
			if (ReachesLastYear(page, &page->layers[l].rules[r]))
				return 1 + late;
		}
	}
	return late;
}

/* The page that reaches furthest */
uint8_t
BookReach(const Page *pages, int n_pages)
{
	uint8_t		reach = 0;

	for (int i = 0; i < n_pages; i++)
	{
		uint8_t		of_page = PageReach(&pages[i]);

		reach = of_page > reach ? of_page : reach;
	}
	return reach;
}
