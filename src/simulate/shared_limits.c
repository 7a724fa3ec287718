/*
 * shared_limits.c — which deductibles, caps, numbers of payments and ceilings the rules of a page share, so that tally.c counts a
 * person once for the limit and not once for each rule.
 */
#include "postgres.h"

#include "simulate/simulate.h"

#define MAX_RULE_LIMITS (MAX_CAPS + MAX_CEILINGS + 2)

/* a limit of a rule that other rules may name too */
typedef struct NamedLimit
{
	LimitKind	which;
	int			index;
	Reach	   *reach;
} NamedLimit;

StaticAssertDecl(MAX_CEILINGS <= MAX_COUNTERS, "ceilings have room where counters have");
StaticAssertDecl(MAX_RULE_LIMITS <= PG_UINT8_MAX, "RuleSum counts them in eight bits");

/* The limits of a rule that have a counter or are ceilings */
static int
NamedLimits(const CorePage *page, const Layer *layer, const Rule *rule, RuleSum *sum, NamedLimit *out)
{
	int			n = 0;

	if (sum->has_deductible && rule->deductible.counter != NO_INDEX)
		out[n++] = (NamedLimit) {LIMIT_DEDUCTIBLE, rule->deductible.counter, &sum->deductible};
	for (int i = 0; i < rule->n_caps; i++)
		if (rule->caps[i].counter != NO_INDEX)
			out[n++] = (NamedLimit) {rule->caps[i].on_base ? LIMIT_BASE_CAP : LIMIT_CAP, rule->caps[i].counter, &sum->limits[i]};
	if (rule->times_counter != NO_INDEX)
		out[n++] = (NamedLimit) {LIMIT_TIMES, rule->times_counter, &sum->limits[rule->n_caps]};
	for (int i = 0; i < page->n_ceilings; i++)
		if (layer->ceilings & (1u << i))
			out[n++] = (NamedLimit) {LIMIT_CEILING, i, &sum->limits[rule->n_caps + 1 + i]};
	return n;
}

/* by kind and index: how many rules have the limit, and where it is counted */
typedef struct Table
{
	int			rules[LIMIT_KINDS][MAX_COUNTERS];
	const Rule *last[LIMIT_KINDS][MAX_COUNTERS];
	SharedLimit *shared[LIMIT_KINDS][MAX_COUNTERS];
	SharedLimit **end;			/* of the page's list */
} Table;

static void
CountRules(Table *table, const Rule *rule, const NamedLimit *limits, int n)
{
	for (int i = 0; i < n; i++)
	{
		table->rules[limits[i].which][limits[i].index] += table->last[limits[i].which][limits[i].index] != rule;
		table->last[limits[i].which][limits[i].index] = rule;
	}
}

/* Where a limit of several rules is counted; made at the first */
static SharedLimit *
SharedOf(Table *table, const NamedLimit *limit, int layer)
{
	SharedLimit **shared = &table->shared[limit->which][limit->index];

	if (*shared == NULL)
	{
		*shared = palloc0(sizeof(SharedLimit));
		(*shared)->which = limit->which;
		(*shared)->index = limit->index;
		(*shared)->layer = layer;
		*table->end = *shared;
		table->end = &(*shared)->next;
	}
	if ((*shared)->layer != layer)
	{
		(*shared)->layer = MAX_LAYERS;
		(*shared)->by_bill = true;
	}
	return *shared;
}

/* A limit of a rule: once in its list; a rule that has it twice may count a bill twice */
static void
LinkLimit(RuleSum *sum, Reach *reach, SharedLimit *shared)
{
	reach->shared = shared;
	for (int i = 0; i < sum->n_shared; i++)
	{
		if (sum->shared[i] == shared)
		{
			shared->by_bill = true;
			return;
		}
	}
	sum->shared[sum->n_shared++] = shared;
}

static void
LinkRule(Table *table, int layer, RuleSum *sum, const NamedLimit *limits, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (table->rules[limits[i].which][limits[i].index] < 2)
			continue;
		if (sum->shared == NULL)
			sum->shared = palloc(n * sizeof(SharedLimit *));
		LinkLimit(sum, limits[i].reach, SharedOf(table, &limits[i], layer));
	}
}

/* All rules are linked: those limits to the front that are counted by bill */
static void
OrderRule(RuleSum *sum)
{
	for (int i = 0; i < sum->n_shared; i++)
	{
		SharedLimit *shared = sum->shared[i];

		if (!shared->by_bill)
			continue;
		sum->shared[i] = sum->shared[sum->n_by_bill];
		sum->shared[sum->n_by_bill++] = shared;
	}
}

/* Tie the limits of a page together that several of its rules have */
void
ShareLimits(Course *course, int page_number)
{
	const CorePage *page = &course->book->pages[page_number];
	Table	   *table = palloc0(sizeof(Table));
	NamedLimit	limits[MAX_RULE_LIMITS];

	table->end = &course->shared[page_number];
	for (int pass = 0; pass < 3; pass++)
	{
		for (int l = 0; l < page->n_layers; l++)
		{
			const Layer *layer = &page->layers[l];

			for (int r = 0; r < layer->n_rules; r++)
			{
				RuleSum    *sum = &course->rules[page_number * MAX_LAYERS + l][r];
				int			n = NamedLimits(page, layer, &layer->rules[r], sum, limits);

				if (pass == 0)
					CountRules(table, &layer->rules[r], limits, n);
				else if (pass == 1)
					LinkRule(table, l, sum, limits, n);
				else
					OrderRule(sum);
			}
		}
	}
	pfree(table);
}
