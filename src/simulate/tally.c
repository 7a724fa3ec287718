/*
 * tally.c — counting settled bills: what every payer bears, by dimensions and month, and how often deductibles and caps are
 * reached. A cell is made once per kind of bill and month, so that a bill only adds to a few sums.
 */
#include "postgres.h"

#include "errors.h"
#include "simulate/bytes.h"
#include "simulate/simulate.h"
#include "utils/datetime.h"

/* Months since year 0 of a day */
static pg_noinline int32
MonthOfDay(int32 day)
{
	int			year;
	int			month;
	int			month_day;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &month_day);
	return year * 12 + month - 1;
}

/* The same of a bill; each day of the calendar is asked for once */
static inline int32
MonthOf(Profiles *profiles, int64 ordered_at)
{
	int32		day = DayOf(ordered_at);
	uint16	   *known;

	if (unlikely(day < FIRST_DAY || day > LAST_DAY))
		return MonthOfDay(day);
	known = &profiles->months[day - FIRST_DAY];
	if (unlikely(*known == 0))
		*known = (uint16) MonthOfDay(day);
	return *known;
}

static Cell *
NewCell(Replay *replay, uint32 number, uint32 dims, int32 month)
{
	Cell	   *cell = MemoryContextAllocZero(replay->memory, offsetof(Cell, block) + replay->n_courses * sizeof(Block *));

	cell->dims = dims;
	cell->month = month;
	if (number == replay->max_cells)
	{
		replay->max_cells *= 2;
		replay->cells = repalloc_huge(replay->cells, replay->max_cells * sizeof(Cell *));
	}
	replay->cells[number] = cell;
	return cell;
}

/* Found in the table of all cells, or made */
static Cell *
LookUpCell(Replay *replay, uint32 dims, int32 month)
{
	uint32		key[2] = {dims, (uint32) month};
	uint64		hash = Mix((uint64) key[0] << 32 | key[1]);
	bool		is_new;
	uint32		number = DictionaryNumber(&replay->cell_keys, hash, (const char *) key, sizeof(key), &is_new);

	return is_new ? NewCell(replay, number, dims, month) : replay->cells[number];
}

Cell *
CellOf(Replay *replay, uint32 dims, int64 ordered_at)
{
	int32		month = MonthOf(replay->profiles, ordered_at);
	Cell	  **recent;

	if (unlikely(dims >= replay->recent_dims))
		return LookUpCell(replay, dims, month);
	recent = &replay->recent[(Size) dims * RECENT_MONTHS + (uint32) month % RECENT_MONTHS];
	if (unlikely(*recent == NULL || (*recent)->month != month))
		*recent = LookUpCell(replay, dims, month);
	return *recent;
}

#define BLOCKS_ROOM (16 * 1024)

/* A new block of a page */
static Block *
NewBlock(Replay *replay, Course *course, const CorePage *page)
{
	Size		size = offsetof(Block, sums) + PAYERS(page) * sizeof(Sum);
	Block	   *block;

	if (course->room_left < size)
	{
		course->room = MemoryContextAllocZero(replay->memory, BLOCKS_ROOM);
		course->room_left = BLOCKS_ROOM;
	}
	block = (Block *) course->room;
	course->room += size;
	course->room_left -= size;
	block->page = page;
	block->rules = &course->rules[(page - course->book->pages) * MAX_LAYERS];
	return block;
}

StaticAssertDecl(BLOCKS_ROOM >= offsetof(Block, sums) + (MAX_LAYERS + 2) * sizeof(Sum), "a block of any page has room");

/* The page's sums in a cell */
static Block *
BlockOf(Replay *replay, int course, Cell *cell, const CorePage *page)
{
	Block	   *block = cell->block[course];

	while (block != NULL && block->page != page)
		block = block->next;
	if (likely(block != NULL))
		return block;
	block = NewBlock(replay, &replay->courses[course], page);
	block->next = cell->block[course];
	cell->block[course] = block;
	return block;
}

/* ---- deductibles and caps ---- */

/* The sums of a layer's rules */
static RuleSum *
NewRuleSums(const CorePage *page, const Layer *layer)
{
	RuleSum    *sums = palloc0(Max(1, layer->n_rules) * sizeof(RuleSum));

	for (int i = 0; i < layer->n_rules; i++)
	{
		sums[i].has_deductible = layer->rules[i].deductible.kind != DEDUCTIBLE_NONE;
		sums[i].limits = palloc0((layer->rules[i].n_caps + 1 + page->n_ceilings) * sizeof(Reach));
	}
	return sums;
}

/* Bind a scenario to its fold, and make room for what is counted of its rules */
void
OpenCourse(Replay *replay, Course *course, const Scenario *scenario, Fold *fold)
{
	MemoryContext old = MemoryContextSwitchTo(replay->memory);
	const Book *book = scenario->use.book;

	course->scenario = scenario;
	course->book = book;
	course->fold = fold;
	course->hints = palloc0(Max(1, replay->profiles->keys.n) * sizeof(PlanHint));
	course->rules = palloc_extended(book->n_pages * MAX_LAYERS * sizeof(RuleSum *), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int page = 0; page < book->n_pages; page++)
		for (int layer = 0; layer < book->pages[page].n_layers; layer++)
			course->rules[page * MAX_LAYERS + layer] = NewRuleSums(&book->pages[page], &book->pages[page].layers[layer]);
	course->shared = palloc_extended(book->n_pages * sizeof(SharedLimit *), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int page = 0; page < book->n_pages; page++)
		ShareLimits(course, page);
	FoldOpen(fold, book);
	fold->notes_reached = true;
	MemoryContextSwitchTo(old);
}

/*
 * Count a person, or a bill, by its number: once, however often it happens. Without branches: whether a person's bill is the first
 * of its kind is more than a processor can guess.
 */
static inline void
CountOnce(int64 *count, int64 *last, int64 number, bool happens)
{
	*count += happens & (*last != number);
	*last = happens ? number : *last;
}

/* A limit is reached by the bill on its way, or not */
static inline void
CountReach(const Replay *replay, Reach *reach, bool happens)
{
	SharedLimit *shared = reach->shared;

	reach->bills += happens;
	CountOnce(&reach->persons, &reach->last_person, replay->persons_met, happens);
	if (shared == NULL)
		return;
	CountOnce(&shared->reached.persons, &shared->reached.last_person, replay->persons_met, happens);
	if (unlikely(shared->by_bill))
		CountOnce(&shared->reached.bills, &shared->reached.last_bill, replay->bills_met, happens);
}

/* A rule was applied. Its deductible is reached when the base goes beyond what it took. */
static inline void
CountRule(const Replay *replay, RuleSum *rule, const Line *line)
{
	rule->bills++;
	CountOnce(&rule->persons, &rule->last_person, replay->persons_met, true);
	for (int i = 0; i < rule->n_shared; i++)
		CountOnce(&rule->shared[i]->applied.persons, &rule->shared[i]->applied.last_person, replay->persons_met, true);
	for (int i = 0; i < rule->n_by_bill; i++)
		CountOnce(&rule->shared[i]->applied.bills, &rule->shared[i]->applied.last_bill, replay->bills_met, true);
	if (!rule->has_deductible)
		return;
	rule->deductible.amount = ExactAdd(rule->deductible.amount, line->deductible);
	CountReach(replay, &rule->deductible, ExactCompare(line->base, line->deductible) > 0);
}

/* What the fold has noted: other limits are reached when at least as much is due, or enters, as they leave */
static pg_noinline void
CountReached(const Replay *replay, const Fold *fold, const Block *block)
{
	const Split *split = &replay->split;

	for (int i = 0; i < fold->n_reached; i++)
	{
		const Reached *reached = &fold->reached[i];
		const Line *line = &split->lines[reached->place];
		const Rule *rule = &block->page->layers[reached->place].rules[line->rule];
		Reach	   *reach;

		if (line->state != LINE_APPLIED)
			continue;
		reach = block->rules[reached->place][line->rule].limits + reached->index +
			(reached->kind == REACHED_TIMES ? rule->n_caps : reached->kind == REACHED_CEILING ? rule->n_caps + 1 : 0);
		CountReach(replay, reach, true);
		reach->amount = ExactAdd(reach->amount, reached->beyond);
	}
}

/* ---- the bill ---- */

/* No sum of parts can leave 64 bits while the sum of the totals stays within the limit of a year. */
void
CountCost(Replay *replay, Cell *cell, const Bill *bill)
{
	Fault		fault;

	if (unlikely(!AddFen(replay->total_fen, bill->column_fen[COLUMN_TOTAL], &replay->total_fen)))
		CheckFault(FaultSet(&fault, ST_OVERFLOW, "simulate", "a sum above 10000000000000.00 yuan",
							"fewer bills in one simulation: GROUP BY region, for instance"), &fault);
	replay->bills_met++;
	cell->bills++;
	for (int i = 0; i < COLUMNS; i++)
		cell->column_fen[i] += bill->column_fen[i];
}

static inline void
AddPaid(Sum *sum, int64 paid_fen)
{
	sum->bills += paid_fen > 0;
	sum->paid_fen += paid_fen;
}

/* What moves between a layer and the patient after the bills on which it was paid; returns how much more the layer bears */
static pg_noinline int64
AddAfterwards(Block *block, int layer, const Line *line)
{
	Sum		   *sum = &block->sums[layer];
	Sum		   *patient = &block->sums[PAYER_PATIENT(block->page)];

	sum->adjustment_fen += line->adjustment_fen;
	sum->recoverable_fen += line->recoverable_fen;
	patient->adjustment_fen -= line->adjustment_fen;
	patient->recoverable_fen -= line->recoverable_fen;
	return line->adjustment_fen - line->recoverable_fen;
}

int64
CountBill(Replay *replay, int number, Cell *cell)
{
	const Split *split = &replay->split;
	const Fold *fold = replay->courses[number].fold;
	Block	   *block = BlockOf(replay, number, cell, split->page);
	int64		burden = split->patient_fen;

	for (int i = 0; i < split->n_lines; i++)
	{
		const Line *line = &split->lines[i];

		if (line->state == LINE_APPLIED)
			CountRule(replay, &block->rules[i][line->rule], line);
		AddPaid(&block->sums[i], line->paid_fen);
		if (unlikely((line->adjustment_fen | line->recoverable_fen) != 0))
			burden -= AddAfterwards(block, i, line);
	}
	if (unlikely(fold->n_reached > 0))
		CountReached(replay, fold, block);
	AddPaid(&block->sums[PAYER_HOSPITAL(split->page)], split->hospital_fen);
	AddPaid(&block->sums[PAYER_PATIENT(split->page)], split->patient_fen);
	return burden;
}
