/*
 * simulate.h — the simulation's rooms to each other: bills arrive (simulate.c), are replayed run by run under every scenario
 * (replay.c), counted (tally.c, persons.c), and become a value (result.c) from which functions make rows (rows.c).
 */
#ifndef ASSISTANCE_SIMULATE_H
#define ASSISTANCE_SIMULATE_H

#include "simulate/record.h"
#include "simulate/runs.h"
#include "simulate/study.h"
#include "utils/tuplesort.h"

/* ---- what is counted by bill: tally.c ---- */

/* a payer's amounts in one cell under one scenario */
typedef struct Sum
{
	int64		bills;			/* on which it bears more than 0 */
	int64		paid_fen;
	int64		adjustment_fen;
	int64		recoverable_fen;
} Sum;

/* the payers of one page: its layers, then hospital and patient */
typedef struct Block
{
	const CorePage *page;
	struct Block *next;
	struct RuleSum **rules;		/* of the page, by layer */
	Sum			sums[FLEXIBLE_ARRAY_MEMBER];
} Block;

#define PAYER_HOSPITAL(page) ((page)->n_layers)
#define PAYER_PATIENT(page) ((page)->n_layers + 1)
#define PAYERS(page) ((page)->n_layers + 2)

/* bills of the same dimensions and month */
typedef struct Cell
{
	uint32		dims;
	int32		month;			/* months since year 0 */
	int64		bills;
	int64		column_fen[COLUMNS];
	Block	   *block[FLEXIBLE_ARRAY_MEMBER];	/* by scenario */
} Cell;

/* what reports tell of a limit: its kind, and its place in the rule's caps or the page's ceilings */
typedef enum LimitKind
{
	LIMIT_DEDUCTIBLE,
	LIMIT_CAP,
	LIMIT_BASE_CAP,
	LIMIT_TIMES,
	LIMIT_CEILING
} LimitKind;

#define LIMIT_KINDS 5

/* bills and persons counted once, whatever number of rules they come from */
typedef struct Occurrence
{
	int64		bills;			/* summed when the result is written, unless the limit is counted by bill */
	int64		persons;
	int64		last_bill;		/* number of the bill counted last, and of the person */
	int64		last_person;
} Occurrence;

/* a limit that several rules of a page share: one counter, or one ceiling */
typedef struct SharedLimit
{
	LimitKind	which;
	int			index;			/* of the counter or ceiling in the page */
	int			layer;			/* of its rules; MAX_LAYERS: of several */
	bool		by_bill;		/* one bill may meet it twice: in several layers, or in one rule */
	Occurrence	applied;		/* some rule of it */
	Occurrence	reached;
	Exact		amount;			/* summed when the result is written */
	struct SharedLimit *next;
} SharedLimit;

/* how often one limit was reached */
typedef struct Reach
{
	int64		bills;
	int64		persons;
	int64		last_person;	/* number of the person counted last */
	Exact		amount;			/* of a deductible: taken, on whatever bill; of others: due, or entering, beyond them */
	SharedLimit *shared;		/* with other rules; NULL: not */
} Reach;

/* one rule of a page under one scenario */
typedef struct RuleSum
{
	int64		bills;			/* to which it was applied */
	int64		persons;
	int64		last_person;	/* as in Reach */
	bool		has_deductible;
	uint8		n_shared;
	uint8		n_by_bill;
	Reach		deductible;
	Reach	   *limits;			/* its caps, its number of payments, the ceilings of the page */
	SharedLimit **shared;		/* those of its limits that are; first those counted by bill */
} RuleSum;

/* a scenario on its way through the bills */
typedef struct Course
{
	const Scenario *scenario;
	const Book *book;
	Fold	   *fold;
	PlanHint   *hints;			/* by profile */
	RuleSum   **rules;			/* by page and layer: those of its rules */
	SharedLimit **shared;		/* by page: a list */
	char	   *room;			/* for blocks: side by side, as they are visited again and again */
	Size		room_left;
} Course;

typedef struct Persons Persons;

/* everything of one replay */
typedef struct Replay
{
	MemoryContext memory;
	const Study *study;
	Profiles   *profiles;
	bool		text_persons;
	int			n_courses;
	Course	   *courses;
	Dictionary	cell_keys;
	Cell	  **cells;
	uint32		max_cells;
	Cell	  **recent;			/* by dimensions and month, as far as they were known at the start; NULL: look into cell_keys */
	uint32		recent_dims;
	Persons    *persons;
	int64		persons_met;	/* the number of the person … */
	int64		bills_met;		/* … and of the bill on their way */
	int64		total_fen;		/* of all bills */
	Split		split;
} Replay;

#define RECENT_MONTHS 16

/* The cell of bills of these dimensions (their number) at this time */
extern Cell *CellOf(Replay *replay, uint32 dims, int64 ordered_at);
extern void ShareLimits(Course *course, int page_number);
extern void OpenCourse(Replay *replay, Course *course, const Scenario *scenario, Fold *fold);

/*
 * Ask the processor for the sums of a cell: the fold that comes first takes longer than memory. Inlined by force: as a function
 * it has no effect that gcc knows of, and is left out.
 */
static pg_attribute_always_inline void
ForeseeCell(const Cell *cell, int course)
{
	const char *block = (const char *) cell->block[course];

	if (block != NULL)
	{
		__builtin_prefetch(block, 1);
		__builtin_prefetch(block + 64, 1);
		__builtin_prefetch(block + 128, 1);
		__builtin_prefetch(block + 192, 1);
	}
}

/* Count what a bill itself costs, whatever the scenario; first of all that is counted of it. */
extern void CountCost(Replay *replay, Cell *cell, const Bill *bill);

/* Count one settled bill; returns what the person bears of it, net, in fen. */
extern int64 CountBill(Replay *replay, int course, Cell *cell);

/* ---- what is counted by person: persons.c ---- */

#define MAX_GROUPS 8191			/* texts of categories that are told apart by person; the last is all others */
#define OTHERS (PG_UINT32_MAX - 1)	/* … and its text */
#define QUANTILES 103			/* 0.00 … 1.00, 0.995, 0.999 */
#define INCOME_STEPS 102		/* above 0 … 100 % of the income … */
#define CHANGE_BANDS 15			/* of what a person loses or gains; the middle one is no change */

typedef struct Distribution
{
	int64		persons;
	int64		sum_fen;
	int64		quantile_fen[QUANTILES];
} Distribution;

typedef struct Change
{
	int64		persons;
	int64		sum_fen;
} Change;

/* persons of one group under one scenario */
typedef struct PersonGroup
{
	Distribution burden;
	int64		with_income;
	int64		above_income[INCOME_STEPS];	/* by the least whole percentage of income that is not exceeded */
	Change		changes[CHANGE_BANDS];
} PersonGroup;

/* what persons bear under one scenario, for the quantiles: group << BURDEN_BITS | burden */
typedef struct Burdens
{
	int64	   *keys;
	int64		n;
	int64		capacity;
	Tuplesortstate *sort;		/* instead of keys, when they are too many */
} Burdens;

#define BURDEN_BITS 50			/* a year's sums are at most 10^15 fen */

struct Persons
{
	MemoryContext memory;
	const Study *study;
	Size		budget;
	Dictionary	groups;			/* keys are numbers of texts */
	int			max_groups;
	PersonGroup **by_scenario;	/* [scenario][group]; quantiles after FinishPersons */
	PersonGroup *all;			/* [scenario] */
	Burdens    *burdens;
};

/* one person, folded under every scenario */
typedef struct FoldedPerson
{
	uint32		category;		/* number of its text: that of the last bill */
	int64		income;			/* hundredths of a yuan; NO_AMOUNT: not known */
	int64		burden_fen[MAX_SCENARIOS];
} FoldedPerson;

extern Persons *NewPersons(MemoryContext memory, const Study *study);
extern void CountPerson(Persons *persons, const FoldedPerson *person);
extern void FinishPersons(Persons *persons);
extern int	QuantileMilli(int quantile);
extern const int64 change_edge_fen[CHANGE_BANDS / 2];

/* ---- replay.c ---- */

/* folds of a call site, kept from group to group: they are large */
typedef struct Folds
{
	MemoryContext memory;
	int			n;
	Fold	   *fold[MAX_SCENARIOS];
} Folds;

extern Replay *RunReplay(MemoryContext memory, const Study *study, Profiles *profiles, Runs *runs, Folds *folds, bool text_persons);

/* ---- result.c ---- */

extern Datum SimulationGetDatum(Replay *replay);

#endif
