/*
 * result.c — from what a replay counted to the value: texts, cells and groups are brought into one order, so that the same bills
 * give the same bytes in whatever order they came.
 */
#include "postgres.h"

#include "simulate/bytes.h"
#include "simulate/value.h"

typedef struct Builder
{
	Replay	   *replay;
	Dictionary	texts;
	uint32	   *text_place;		/* by number in texts: its number in the value */
	uint32	   *dims_place;		/* by number in the profiles: its place in the value */
	uint32	   *cell_place;		/* by number in the replay */
	Simulation	simulation;
} Builder;

/* ---- texts ---- */

static void
AddText(Builder *b, const char *text, int length)
{
	DictionaryNumber(&b->texts, HashBytes(0, text, length), text, length, NULL);
}

/* The number of a text in the value; every text has been added before */
static uint32
TextOf(const Builder *b, const char *text, int length)
{
	if (text == NULL)
		return NULL_TEXT;
	return b->text_place[DictionaryFind(&b->texts, HashBytes(0, text, length), text, length)];
}

static uint32
ProfileText(const Builder *b, uint32 number)
{
	const DictionaryEntry *entry = &b->replay->profiles->texts.entries[number];

	return TextOf(b, entry->key, entry->length);
}

static void
AddBookTexts(Builder *b, const Book *book)
{
	for (int i = 0; i < book->n_pages; i++)
	{
		const CorePage *page = &book->pages[i];

		AddText(b, page->region.text, page->region.length);
		AddText(b, page->scheme.text, page->scheme.length);
		for (int c = 0; c < page->n_counters; c++)
			AddText(b, page->counters[c].name.text, page->counters[c].name.length);
		for (int c = 0; c < page->n_ceilings; c++)
			AddText(b, page->ceilings[c].name.text, page->ceilings[c].name.length);
		for (int l = 0; l < page->n_layers; l++)
		{
			const Layer *layer = &page->layers[l];

			AddText(b, layer->name.text, layer->name.length);
			for (int r = 0; r < layer->n_rules; r++)
				AddText(b, layer->rules[r].name.text, layer->rules[r].name.length);
		}
	}
}

/* The texts of all that the replay has met */
static void
AddTexts(Builder *b)
{
	Replay	   *replay = b->replay;
	const Dictionary *dims = &replay->profiles->dims;

	for (uint32 i = 0; i < replay->cell_keys.n; i++)
	{
		const Dims *d = (const Dims *) dims->entries[replay->cells[i]->dims].key;

		for (int k = 0; k < DIMENSIONS; k++)
		{
			if (d->text[k] != NO_TEXT)
				AddText(b, replay->profiles->texts.entries[d->text[k]].key, replay->profiles->texts.entries[d->text[k]].length);
		}
	}
	for (int s = 0; s < replay->n_courses; s++)
	{
		const Scenario *scenario = replay->courses[s].scenario;

		AddText(b, scenario->name, (int) strlen(scenario->name));
		if (scenario->parameter != NULL)
			AddText(b, scenario->parameter, (int) strlen(scenario->parameter));
		if (scenario->step != NULL)
			AddText(b, scenario->step, (int) strlen(scenario->step));
		AddBookTexts(b, replay->courses[s].book);
	}
}

/* a text on its way into order */
typedef struct NumberedText
{
	SimulatedText text;
	uint32		number;
} NumberedText;

static int
CompareTexts(const void *a, const void *b)
{
	const SimulatedText *x = &((const NumberedText *) a)->text;
	const SimulatedText *y = &((const NumberedText *) b)->text;
	int			order = memcmp(x->text, y->text, Min(x->length, y->length));

	return order != 0 ? order : x->length - y->length;
}

static void
OrderTexts(Builder *b)
{
	Simulation *simulation = &b->simulation;
	NumberedText *texts = palloc_extended((b->texts.n + 1) * sizeof(NumberedText), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < b->texts.n; i++)
		texts[i] = (NumberedText) {{b->texts.entries[i].key, b->texts.entries[i].length}, i};
	qsort(texts, b->texts.n, sizeof(NumberedText), CompareTexts);
	simulation->n_texts = b->texts.n;
	simulation->texts = palloc_extended((b->texts.n + 1) * sizeof(SimulatedText), MCXT_ALLOC_HUGE);
	b->text_place = palloc_extended((b->texts.n + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < b->texts.n; i++)
	{
		simulation->texts[i] = texts[i].text;
		b->text_place[texts[i].number] = i + 1;
	}
}

/* ---- dimensions and cells ---- */

typedef struct NumberedDims
{
	Dims		dims;
	uint32		number;
} NumberedDims;

static int
CompareNumbers(const uint32 *a, const uint32 *b, int n)
{
	for (int i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

static int
CompareDims(const void *a, const void *b)
{
	return CompareNumbers(((const NumberedDims *) a)->dims.text, ((const NumberedDims *) b)->dims.text, DIMENSIONS);
}

/* The dimensions that some cell has, in order */
static void
OrderDims(Builder *b)
{
	const Dictionary *all = &b->replay->profiles->dims;
	Simulation *simulation = &b->simulation;
	NumberedDims *dims = palloc_extended((all->n + 1) * sizeof(NumberedDims), MCXT_ALLOC_HUGE);
	uint32		n = 0;

	b->dims_place = palloc_extended((all->n + 1) * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 i = 0; i < b->replay->cell_keys.n; i++)
	{
		uint32		number = b->replay->cells[i]->dims;
		const Dims *d = (const Dims *) all->entries[number].key;

		if (b->dims_place[number]++ > 0)
			continue;
		dims[n].number = number;
		for (int k = 0; k < DIMENSIONS; k++)
			dims[n].dims.text[k] = d->text[k] == NO_TEXT ? NULL_TEXT : ProfileText(b, d->text[k]);
		n++;
	}
	qsort(dims, n, sizeof(NumberedDims), CompareDims);
	simulation->n_dims = n;
	simulation->dims = palloc_extended((n + 1) * sizeof(Dims), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
	{
		simulation->dims[i] = dims[i].dims;
		b->dims_place[dims[i].number] = i;
	}
}

typedef struct NumberedCell
{
	SimulatedCell cell;
	uint32		number;
} NumberedCell;

static int
CompareCells(const void *a, const void *b)
{
	const SimulatedCell *x = &((const NumberedCell *) a)->cell;
	const SimulatedCell *y = &((const NumberedCell *) b)->cell;

	if (x->dims != y->dims)
		return x->dims < y->dims ? -1 : 1;
	return x->month < y->month ? -1 : x->month > y->month;
}

static void
OrderCells(Builder *b)
{
	Replay	   *replay = b->replay;
	uint32		n = replay->cell_keys.n;
	NumberedCell *cells = palloc_extended((n + 1) * sizeof(NumberedCell), MCXT_ALLOC_HUGE);
	Simulation *simulation = &b->simulation;

	for (uint32 i = 0; i < n; i++)
	{
		const Cell *cell = replay->cells[i];

		cells[i].cell = (SimulatedCell) {b->dims_place[cell->dims], cell->month, cell->bills};
		memcpy(cells[i].cell.column_fen, cell->column_fen, sizeof(cell->column_fen));
		cells[i].number = i;
	}
	qsort(cells, n, sizeof(NumberedCell), CompareCells);
	simulation->n_cells = n;
	simulation->cells = palloc_extended((n + 1) * sizeof(SimulatedCell), MCXT_ALLOC_HUGE);
	b->cell_place = palloc_extended((n + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
	{
		simulation->cells[i] = cells[i].cell;
		b->cell_place[cells[i].number] = i;
	}
}

/* ---- payers and costs ---- */

/* The number of a layer by name and kind, added when it is new */
static uint32
PayerOf(Builder *b, uint32 layer, uint32 kind)
{
	Simulation *simulation = &b->simulation;

	for (uint32 i = 0; i < simulation->n_payers; i++)
		if (simulation->payers[i].layer == layer && simulation->payers[i].kind == kind)
			return i;
	simulation->payers = simulation->payers == NULL ? palloc(sizeof(SimulatedPayer)) :
		repalloc_huge(simulation->payers, (simulation->n_payers + 1) * sizeof(SimulatedPayer));
	simulation->payers[simulation->n_payers] = (SimulatedPayer) {layer, kind};
	return simulation->n_payers++;
}

static uint32
LayerPayer(Builder *b, const Layer *layer)
{
	return PayerOf(b, TextOf(b, layer->name.text, layer->name.length), layer->kind);
}

/* Layers in the order of the books and chains, then hospital and patient */
static void
OrderPayers(Builder *b)
{
	for (int s = 0; s < b->replay->n_courses; s++)
	{
		const Book *book = b->replay->courses[s].book;

		for (int p = 0; p < book->n_pages; p++)
		{
			CHECK_FOR_INTERRUPTS();
			for (int l = 0; l < book->pages[p].n_layers; l++)
				LayerPayer(b, &book->pages[p].layers[l]);
		}
	}
	PayerOf(b, NULL_TEXT, PAYER_IS_HOSPITAL);
	PayerOf(b, NULL_TEXT, PAYER_IS_PATIENT);
}

static uint32
PagePayer(Builder *b, const CorePage *page, int payer)
{
	if (payer == PAYER_HOSPITAL(page))
		return PayerOf(b, NULL_TEXT, PAYER_IS_HOSPITAL);
	if (payer == PAYER_PATIENT(page))
		return PayerOf(b, NULL_TEXT, PAYER_IS_PATIENT);
	return LayerPayer(b, &page->layers[payer]);
}

/* Add the sums of all pages of a cell to one sum by payer */
static void
SumCell(Builder *b, const Cell *cell, int scenario, Sum *by_payer)
{
	for (const Block *block = cell->block[scenario]; block != NULL; block = block->next)
	{
		for (int i = 0; i < PAYERS(block->page); i++)
		{
			const Sum  *sum = &block->sums[i];
			Sum		   *to;

			if (sum->bills == 0 && sum->paid_fen == 0 && sum->adjustment_fen == 0 && sum->recoverable_fen == 0)
				continue;
			to = &by_payer[PagePayer(b, block->page, i)];
			to->bills += sum->bills;
			to->paid_fen += sum->paid_fen;
			to->adjustment_fen += sum->adjustment_fen;
			to->recoverable_fen += sum->recoverable_fen;
		}
	}
}

/* The costs of one scenario, in order; sums of nothing have no row */
static void
OrderCosts(Builder *b, int scenario)
{
	static const Sum nothing;
	Simulation *simulation = &b->simulation;
	Size		most = (Size) simulation->n_cells * simulation->n_payers;
	SimulatedCost *costs = palloc_extended((most + 1) * sizeof(SimulatedCost), MCXT_ALLOC_HUGE);
	Sum		   *by_payer = palloc(simulation->n_payers * sizeof(Sum));
	uint32	   *number = palloc_extended((simulation->n_cells + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	uint32		n = 0;

	for (uint32 i = 0; i < simulation->n_cells; i++)
		number[b->cell_place[i]] = i;
	for (uint32 i = 0; i < simulation->n_cells; i++)
	{
		CHECK_FOR_INTERRUPTS();
		memset(by_payer, 0, simulation->n_payers * sizeof(Sum));
		SumCell(b, b->replay->cells[number[i]], scenario, by_payer);
		for (uint32 p = 0; p < simulation->n_payers; p++)
			if (memcmp(&by_payer[p], &nothing, sizeof(Sum)) != 0)
				costs[n++] = (SimulatedCost) {i, p, by_payer[p]};
	}
	simulation->costs[scenario] = repalloc_huge(costs, (n + 1) * sizeof(SimulatedCost));
	simulation->n_costs[scenario] = n;
}

/* ---- persons ---- */

typedef struct NumberedGroup
{
	uint32		text;
	uint32		number;
} NumberedGroup;

static int
CompareGroups(const void *a, const void *b)
{
	return CompareNumbers(&((const NumberedGroup *) a)->text, &((const NumberedGroup *) b)->text, 1);
}

static void
OrderGroups(Builder *b)
{
	const Persons *persons = b->replay->persons;
	Simulation *simulation = &b->simulation;
	uint32		n = persons->groups.n;
	NumberedGroup *groups = palloc((n + 1) * sizeof(NumberedGroup));

	for (uint32 i = 0; i < n; i++)
	{
		uint32		category;

		memcpy(&category, persons->groups.entries[i].key, sizeof(category));
		groups[i].number = i;
		groups[i].text = category == NO_TEXT ? NULL_TEXT : category == OTHERS ? simulation->n_texts + 1 : ProfileText(b, category);
	}
	qsort(groups, n, sizeof(NumberedGroup), CompareGroups);
	simulation->n_groups = n;
	simulation->groups = palloc((n + 1) * sizeof(uint32));
	for (uint32 i = 0; i < n; i++)
		simulation->groups[i] = groups[i].text;
	for (int s = 0; s < b->replay->n_courses; s++)
	{
		simulation->in_group[s] = palloc_extended((n + 1) * sizeof(PersonGroup), MCXT_ALLOC_HUGE);
		for (uint32 i = 0; i < n; i++)
			simulation->in_group[s][i] = persons->by_scenario[s][groups[i].number];
		simulation->in_group[s][n] = persons->all[s];
	}
}

/* ---- limits ---- */

/* The name of a counter, where there is one */
static uint32
CounterText(const Builder *b, const CorePage *page, uint8 counter)
{
	return counter == NO_INDEX ? NULL_TEXT : TextOf(b, page->counters[counter].name.text, page->counters[counter].name.length);
}

/* where limits are written, and what the limits of one rule have in common */
typedef struct LimitWriter
{
	SimulatedLimit *out;
	uint32		n;
	SimulatedLimit common;
} LimitWriter;

static void
AddLimit(LimitWriter *writer, LimitKind which, int number, uint32 name, const Reach *reach)
{
	SimulatedLimit *limit = &writer->out[writer->n++];

	*limit = writer->common;
	limit->which = which;
	limit->number = (uint32) number;
	limit->name = name;
	limit->persons_reached = reach->persons;
	limit->bills_reached = reach->bills;
	limit->amount = reach->amount;
	if (reach->shared == NULL)
		return;
	reach->shared->amount = ExactAdd(reach->shared->amount, reach->amount);
	if (!reach->shared->by_bill)
		reach->shared->reached.bills += reach->bills;
}

/* All limits of a rule that was applied: deductible, caps, number of payments, ceilings of its layer */
static void
AddRuleLimits(Builder *b, LimitWriter *writer, const CorePage *page, const Layer *layer, const Rule *rule, const RuleSum *sum)
{
	writer->common.rule = TextOf(b, rule->name.text, rule->name.length);
	writer->common.persons = sum->persons;
	writer->common.bills = sum->bills;
	for (int i = sum->n_by_bill; i < sum->n_shared; i++)
		sum->shared[i]->applied.bills += sum->bills;
	if (sum->has_deductible)
		AddLimit(writer, LIMIT_DEDUCTIBLE, 0, CounterText(b, page, rule->deductible.counter), &sum->deductible);
	for (int i = 0; i < rule->n_caps; i++)
		AddLimit(writer, rule->caps[i].on_base ? LIMIT_BASE_CAP : LIMIT_CAP, i + 1, CounterText(b, page, rule->caps[i].counter),
				 &sum->limits[i]);
	if (rule->times_counter != NO_INDEX)
		AddLimit(writer, LIMIT_TIMES, 0, CounterText(b, page, rule->times_counter), &sum->limits[rule->n_caps]);
	for (int i = 0; i < page->n_ceilings; i++)
		if (layer->ceilings & (1u << i))
			AddLimit(writer, LIMIT_CEILING, i + 1, TextOf(b, page->ceilings[i].name.text, page->ceilings[i].name.length),
					 &sum->limits[rule->n_caps + 1 + i]);
}

/* A limit that several rules share, after these rules */
static void
AddSharedLimit(Builder *b, LimitWriter *writer, const CorePage *page, const SharedLimit *shared)
{
	bool		ceiling = shared->which == LIMIT_CEILING;
	Reach		reach = {shared->reached.bills, shared->reached.persons, 0, shared->amount, NULL};

	writer->common.payer = shared->layer == MAX_LAYERS ? b->simulation.n_payers : LayerPayer(b, &page->layers[shared->layer]);
	writer->common.rule = NULL_TEXT;
	writer->common.persons = shared->applied.persons;
	writer->common.bills = shared->applied.bills;
	AddLimit(writer, shared->which, ceiling ? shared->index + 1 : 0,
			 ceiling ? TextOf(b, page->ceilings[shared->index].name.text, page->ceilings[shared->index].name.length) :
			 CounterText(b, page, (uint8) shared->index), &reach);
}

/* How many limits a page can have: those of its rules, and fewer that rules share */
static Size
LimitsOf(const CorePage *page)
{
	Size		n = 0;

	for (int l = 0; l < page->n_layers; l++)
		for (int r = 0; r < page->layers[l].n_rules; r++)
			n += page->layers[l].rules[r].n_caps + 2 + page->n_ceilings;
	return 2 * n;
}

/* In the order of the book: pages, layers, rules; at the end of a page what its rules share */
static void
OrderLimits(Builder *b, int scenario)
{
	const Course *course = &b->replay->courses[scenario];
	LimitWriter writer = {NULL};
	Size		most = 0;

	for (int p = 0; p < course->book->n_pages; p++)
		most += LimitsOf(&course->book->pages[p]);
	writer.out = palloc_extended((most + 1) * sizeof(SimulatedLimit), MCXT_ALLOC_HUGE);
	for (int p = 0; p < course->book->n_pages; p++)
	{
		const CorePage *page = &course->book->pages[p];

		CHECK_FOR_INTERRUPTS();
		writer.common.region = TextOf(b, page->region.text, page->region.length);
		writer.common.scheme = TextOf(b, page->scheme.text, page->scheme.length);
		writer.common.from_day = page->from_day;
		for (int l = 0; l < page->n_layers; l++)
		{
			const RuleSum *sums = course->rules[p * MAX_LAYERS + l];

			writer.common.payer = LayerPayer(b, &page->layers[l]);
			for (int r = 0; r < page->layers[l].n_rules; r++)
				if (sums[r].bills > 0)
					AddRuleLimits(b, &writer, page, &page->layers[l], &page->layers[l].rules[r], &sums[r]);
		}
		for (const SharedLimit *shared = course->shared[p]; shared != NULL; shared = shared->next)
			if (shared->applied.bills > 0)
				AddSharedLimit(b, &writer, page, shared);
	}
	b->simulation.limits[scenario] = writer.out;
	b->simulation.n_limits[scenario] = writer.n;
}

/* ---- all of it ---- */

static void
DescribeScenario(Builder *b, int number)
{
	const Scenario *scenario = b->replay->courses[number].scenario;
	SimulatedScenario *out = &b->simulation.scenarios[number];

	out->name = TextOf(b, scenario->name, (int) strlen(scenario->name));
	out->parameter = scenario->parameter == NULL ? NULL_TEXT : TextOf(b, scenario->parameter, (int) strlen(scenario->parameter));
	out->step = scenario->step == NULL ? NULL_TEXT : TextOf(b, scenario->step, (int) strlen(scenario->step));
	memcpy(out->digest, scenario->use.digest, DIGEST_BYTES);
}

Datum
SimulationGetDatum(Replay *replay)
{
	MemoryContext caller = MemoryContextSwitchTo(replay->memory);
	Builder		b = {replay};
	int			n = replay->n_courses;
	Datum		value;

	DictionaryInit(&b.texts, replay->memory);
	AddTexts(&b);
	OrderTexts(&b);
	OrderDims(&b);
	OrderCells(&b);
	OrderPayers(&b);
	b.simulation.n_scenarios = n;
	b.simulation.scenarios = palloc0(n * sizeof(SimulatedScenario));
	b.simulation.n_costs = palloc0(n * sizeof(uint32));
	b.simulation.costs = palloc0(n * sizeof(SimulatedCost *));
	b.simulation.in_group = palloc0(n * sizeof(PersonGroup *));
	b.simulation.n_limits = palloc0(n * sizeof(uint32));
	b.simulation.limits = palloc0(n * sizeof(SimulatedLimit *));
	OrderGroups(&b);
	for (int s = 0; s < n; s++)
	{
		DescribeScenario(&b, s);
		OrderCosts(&b, s);
		OrderLimits(&b, s);
	}
	MemoryContextSwitchTo(caller);
	value = EncodeSimulation(&b.simulation);
	return value;
}
