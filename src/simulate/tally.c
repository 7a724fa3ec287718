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
CellOf(Replay *replay, const Bill *bill, uint32 profile)
{
	uint32		dims = RecordDims(replay->profiles, bill, profile);
	int32		month = MonthOf(replay->profiles, bill->ordered_at);
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

/* Number the rules of all pages, so that each has its limits */
void
OpenCourse(Replay *replay, Course *course, const Scenario *scenario, Fold *fold)
{
	MemoryContext old = MemoryContextSwitchTo(replay->memory);
	const Book *book = scenario->use.book;

	course->scenario = scenario;
	course->book = book;
	course->fold = fold;
	course->hints = palloc0(Max(1, replay->profiles->keys.n) * sizeof(PlanHint));
	course->first_rule = palloc0(book->n_pages * MAX_LAYERS * sizeof(uint32));
	for (int page = 0; page < book->n_pages; page++)
	{
		for (int layer = 0; layer < book->pages[page].n_layers; layer++)
		{
			course->first_rule[page * MAX_LAYERS + layer] = course->n_rules;
			course->n_rules += book->pages[page].layers[layer].n_rules;
		}
	}
	course->limits = palloc0(Max(1, course->n_rules) * LIMITS * sizeof(LimitSum));
	FoldOpen(fold, book);
	MemoryContextSwitchTo(old);
}

/* A limit met a bill; the person is counted once */
static inline void
CountLimit(LimitSum *limit, int64 person, bool reached, Exact amount)
{
	limit->bills++;
	if (limit->stamp != person)
		limit->persons++;
	limit->stamp = person;
	limit->amount = ExactAdd(limit->amount, amount);
	if (!reached)
		return;
	limit->bills_reached++;
	if (limit->reached_stamp != person)
		limit->persons_reached++;
	limit->reached_stamp = person;
}

/* The deductible is reached when the base goes beyond what it took, the caps when as much or more is due than they leave */
static inline void
CountLimits(Course *course, int layer, const Split *split, const Line *line)
{
	uint32		page = (uint32) (split->page - course->book->pages);
	const Rule *rule = &split->page->layers[layer].rules[line->rule];
	LimitSum   *limits = &course->limits[(course->first_rule[page * MAX_LAYERS + layer] + line->rule) * LIMITS];
	bool		reached;

	if (rule->deductible.kind != DEDUCTIBLE_NONE)
		CountLimit(&limits[LIMIT_DEDUCTIBLE], course->persons, ExactCompare(line->base, line->deductible) > 0, line->deductible);
	if (line->room_fen == NO_ROOM_LIMIT)
		return;
	reached = line->due_fen > 0 && line->due_fen >= line->room_fen;
	CountLimit(&limits[LIMIT_CAP], course->persons, reached, ExactFen(reached ? line->due_fen - line->room_fen : 0));
}

/* ---- the bill ---- */

static inline void
AddToSum(Sum *sum, int64 paid_fen, int64 adjustment_fen, int64 recoverable_fen)
{
	sum->bills += paid_fen > 0;
	sum->paid_fen += paid_fen;
	sum->adjustment_fen += adjustment_fen;
	sum->recoverable_fen += recoverable_fen;
}

/* No sum of parts can leave 64 bits while the sum of the totals stays within the limit of a year. */
static inline void
AddTotal(Course *course, int64 total_fen)
{
	Fault		fault;

	if (unlikely(!AddFen(course->total_fen, total_fen, &course->total_fen)))
		CheckFault(FaultSet(&fault, ST_OVERFLOW, "simulate", "a sum above 10000000000000.00 yuan",
							"fewer bills in one simulation: GROUP BY region, for instance"), &fault);
}

int64
CountBill(Replay *replay, int number, Cell *cell)
{
	Course	   *course = &replay->courses[number];
	const Split *split = &replay->split;
	const CorePage *page = split->page;
	Sum		   *sums = BlockOf(replay, number, cell, page)->sums;
	int64		adjustment = 0;
	int64		recoverable = 0;

	AddTotal(course, split->total_fen);
	for (int i = 0; i < split->n_lines; i++)
	{
		const Line *line = &split->lines[i];

		if (line->state == LINE_APPLIED)
			CountLimits(course, i, split, line);
		if (line->paid_fen == 0 && line->adjustment_fen == 0 && line->recoverable_fen == 0)
			continue;
		AddToSum(&sums[i], line->paid_fen, line->adjustment_fen, line->recoverable_fen);
		adjustment += line->adjustment_fen;
		recoverable += line->recoverable_fen;
	}
	AddToSum(&sums[PAYER_HOSPITAL(page)], split->hospital_fen, 0, 0);
	AddToSum(&sums[PAYER_PATIENT(page)], split->patient_fen, -adjustment, -recoverable);
	return split->patient_fen - adjustment + recoverable;
}
