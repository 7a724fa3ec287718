/*
 * compile_keeps.c — must bills be kept because a later one may reach back to them? True for events, and for year rules
 * that can make more due than their bill has left (docs/policy-model.md, section 13). Must what they cost be kept with them?
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
