/*
 * compile_share.c — a base counter that rules of several layers name: a bill may stand in it once, so the rules must exclude each
 * other, or their layers be alternatives (docs/policy-model.md, section 6). Conditions exclude each other here by what cannot
 * change from layer to layer: single codes, designated, figures of the bill, facts, dates.
 */
#include "compile.h"

/* ---- tests and conjunctions ---- */

/* Is it impossible that both tests hold of one bill? A list may have codes of both; a base is another one in each layer. */
static bool
TestsExclude(const Test *a, const Test *b)
{
	if (a->kind != b->kind || a->index != b->index)
		return false;
	switch (a->kind)
	{
		case TEST_CODE:
			return a->index < CODE_SINGLE && (a->mask & b->mask) == 0;
		case TEST_DESIGNATED:
			return a->low != b->low;
		case TEST_AGE:
		case TEST_STAY_TOTAL:
		case TEST_COLUMN:
		case TEST_STAY_NUMBER:
		case TEST_DATE:
		case TEST_FACT:
			return a->high < b->low || b->high < a->low;
		default:
			return false;
	}
}

/* Does the second hold whenever the first does? Asked of the tests that "none" may have: what a layer does is not among them. */
static bool
TestImplies(const Test *a, const Test *b)
{
	if (a->kind != b->kind || a->index != b->index)
		return false;
	if (a->kind == TEST_CODE)
		return (a->mask & ~b->mask) == 0;
	return a->kind == TEST_DESIGNATED ? a->low == b->low : a->low >= b->low && a->high <= b->high;
}

/* Does some test of the one exclude some test of the other? */
static bool
ConjunctionsExclude(const Conjunction *a, const Conjunction *b)
{
	for (int i = 0; i < a->n_tests; i++)
	{
		for (int j = 0; j < b->n_tests; j++)
		{
			if (TestsExclude(&a->tests[i], &b->tests[j]))
				return true;
		}
	}
	return false;
}

/* Is every test of the second implied by one of the first? */
static bool
ConjunctionImplies(const Conjunction *a, const Conjunction *b)
{
	for (int j = 0; j < b->n_tests; j++)
	{
		int			i = 0;

		while (i < a->n_tests && !TestImplies(&a->tests[i], &b->tests[j]))
			i++;
		if (i == a->n_tests)
			return false;
	}
	return true;
}

/* ---- conditions ---- */

/* Does what must hold exclude a clause: every alternative of "any", or does it imply one of "none"? */
static bool
ClauseExcluded(const Clause *clause, const Conjunction *all)
{
	for (int i = 0; i < clause->n_alternatives; i++)
	{
		bool		decides = clause->none ? ConjunctionImplies(all, &clause->alternatives[i]) :
			ConjunctionsExclude(all, &clause->alternatives[i]);

		if (decides == clause->none)
			return decides;
	}
	return !clause->none;
}

/* Does what must hold of one exclude a clause of the other? */
static bool
ClausesExcluded(const Condition *when, const Conjunction *all)
{
	for (int i = 0; i < when->n_clauses; i++)
	{
		if (ClauseExcluded(&when->clauses[i], all))
			return true;
	}
	return false;
}

static bool
ConditionsExclude(const Condition *a, const Condition *b)
{
	return ConjunctionsExclude(&a->all, &b->all) || ClausesExcluded(a, &b->all) || ClausesExcluded(b, &a->all);
}

/* ---- rules of different layers ---- */

/* A rule of an earlier layer with the same base counter: alternatives are noted, others must exclude each other */
static void
CheckPair(Compiler *c, int node, const Layer *layer, Rule *earlier, Rule *rule)
{
	if (earlier->on != BILL_ORDINARY || earlier->base_counter != rule->base_counter ||
		ConditionsExclude(&earlier->when, &rule->when))
		return;
	if (layer->alternative == NO_INDEX || layer->alternative != c->layer->alternative)
		Fail(c, node, ST_DOC_CONFLICT, "a base counter of its own, a condition that excludes the other rule's by codes or ranges, "
			 "or layers that are alternatives: a bill stands in a base counter once",
			 "the base counter of rule \"%.*s\" of layer \"%.*s\", which may apply to the same bill",
			 earlier->name.length, earlier->name.text, layer->name.length, layer->name.text);
	earlier->shares_base = rule->shares_base = true;
}

/* The rule just read against those of all earlier layers */
void
CheckSharedBase(Compiler *c, int node, Rule *rule)
{
	int			counter = JsonMember(&c->json, node, "counter");

	for (int l = 0; l < c->place && !Failed(c) && rule->on == BILL_ORDINARY; l++)
	{
		const Layer *layer = &c->page->layers[l];

		for (int r = 0; r < layer->n_rules; r++)
			CheckPair(c, counter >= 0 ? counter : node, layer, (Rule *) &layer->rules[r], rule);
	}
}
