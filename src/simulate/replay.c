/*
 * replay.c — run after run: sort it by person and order key, fold every bill of a person under every scenario, count. The fold is
 * the one of the core; nothing is settled here in any other way.
 */
#include "postgres.h"

#include "simulate/simulate.h"
#include "simulate/sorted.h"

#define AHEAD 4					/* records that the processor is asked for before they are read */

/*
 * Find the cells of all records before the first is folded: one does not wait for another, so the processor can have many of them
 * on their way from memory at once.
 */
static void
FindCells(Replay *replay, const SortedRun *run)
{
	const Profiles *profiles = replay->profiles;

	for (int64 i = 0; i < run->n; i++)
	{
		Entry	   *entry = &run->entries[i];
		uint32		profile = RecordProfile(entry->record);

		entry->place = likely(profile != NO_PROFILE) ?
			CellOf(replay, profiles->profiles[profile].dims, entry->ordered_at) : NULL;
	}
}

/* ---- folding ---- */

/* what an error in the fold tells about where it is */
typedef struct Whereabouts
{
	const Replay *replay;
	const Scenario *scenario;	/* NULL: what is done concerns all of them */
	const char *record;			/* NULL: none has been looked at */
} Whereabouts;

static void
TellWhere(void *arg)
{
	const Whereabouts *where = arg;
	char		number[32];
	RecordHead	head;
	const char *person = number;
	int			length;

	if (where->record == NULL)
		return;
	RecordReadHead(where->record, &head);
	length = snprintf(number, sizeof(number), "%lld", (long long) head.person);
	if (where->replay->text_persons)
	{
		person = RecordKey(where->record);
		length = RecordKeyLength(where->record);
	}
	if (where->scenario == NULL)
		errcontext("simulating person %.*s", length, person);
	else
		errcontext("simulating person %.*s, scenario \"%s\"", length, person, where->scenario->name);
}

/* The income that a bill tells */
static inline int64
IncomeOf(const Study *study, const Bill *bill, int64 before)
{
	if (study->income_fact.text == NULL)
		return NO_AMOUNT;
	for (int i = 0; i < bill->n_facts; i++)
	{
		const BillFact *fact = &bill->facts[i];

		if (fact->name.length == study->income_fact.length && memcmp(fact->name.text, study->income_fact.text, fact->name.length) == 0)
			return fact->hundredths;
	}
	return before;
}

/* Settle a bill under a scenario; returns what the person bears of it */
static inline int64
FoldBill(Replay *replay, int number, const Bill *bill, uint32 profile, Cell *cell)
{
	Course	   *course = &replay->courses[number];
	Fault		fault;
	Status		status;

	ForeseeCell(cell, number);
	if (likely(profile != NO_PROFILE))
		status = SettleAlike(course->fold, bill, &course->hints[profile], &replay->split, &fault);
	else
		status = SettleStep(course->fold, bill, &replay->split, NULL, &fault);
	if (unlikely(status != ST_OK))
		RefuseRecorded(&fault, bill);
	return CountBill(replay, number, cell);
}

/* One record under every scenario; the bill is read once for all of them */
static inline void
FoldEntry(Replay *replay, Entry *entry, FoldedPerson *person, Whereabouts *where)
{
	uint32		profile;
	const Bill *bill;

	where->record = entry->record;
	bill = RecordBill(replay->profiles, entry->record, &profile);
	if (unlikely(entry->place == NULL))
		entry->place = CellOf(replay, RecordDims(replay->profiles, bill, profile), bill->ordered_at);
	CountCost(replay, entry->place, bill);
	for (int i = 0; i < replay->n_courses; i++)
	{
		where->scenario = replay->courses[i].scenario;
		person->burden_fen[i] += FoldBill(replay, i, bill, profile, entry->place);
	}
	where->scenario = NULL;
	person->income = IncomeOf(replay->study, bill, person->income);
}

/* What the reports of persons tell a person by: the categories of the last bill */
static uint32
LastCategory(const Replay *replay, const Entry *last)
{
	const Dims *dims = (const Dims *) replay->profiles->dims.entries[((const Cell *) last->place)->dims].key;

	return dims->text[DIMENSION_CATEGORY];
}

static void
StartPerson(Replay *replay, FoldedPerson *person)
{
	replay->persons_met++;
	person->income = NO_AMOUNT;
	for (int i = 0; i < replay->n_courses; i++)
	{
		FoldPerson(replay->courses[i].fold);
		person->burden_fen[i] = 0;
	}
}

/* The bills of one person, from the first to the one before the end */
static void
FoldPersonBills(Replay *replay, const SortedRun *run, int64 first, int64 end, Whereabouts *where)
{
	FoldedPerson person;

	StartPerson(replay, &person);
	for (int64 i = first; i < end; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (likely(i + AHEAD < run->n))
			__builtin_prefetch(run->entries[i + AHEAD].record);
		FoldEntry(replay, &run->entries[i], &person, where);
	}
	person.category = LastCategory(replay, &run->entries[end - 1]);
	CountPerson(replay->persons, &person);
}

/* One run from its records to its counts */
static void
ReplayRun(Replay *replay, const SortedRun *run)
{
	Whereabouts where = {replay, NULL, NULL};
	ErrorContextCallback callback = {.previous = error_context_stack, .callback = TellWhere, .arg = &where};

	FindCells(replay, run);
	error_context_stack = &callback;
	for (int64 i = 0; i < run->n_persons; i++)
		FoldPersonBills(replay, run, run->first[i], run->first[i + 1], &where);
	error_context_stack = callback.previous;
}

/* The folds that a call site keeps, as many as there are scenarios */
static Fold *
FoldNumber(Folds *folds, int number)
{
	while (folds->n <= number)
	{
		Fold	   *fold = MemoryContextAllocExtended(folds->memory, sizeof(Fold), MCXT_ALLOC_HUGE);

		folds->fold[folds->n++] = fold;
	}
	return folds->fold[number];
}

static Replay *
NewReplay(MemoryContext memory, const Study *study, Profiles *profiles, Folds *folds, bool text_persons)
{
	Replay	   *replay = MemoryContextAllocZero(memory, sizeof(Replay));

	replay->memory = memory;
	replay->study = study;
	replay->profiles = profiles;
	replay->text_persons = text_persons;
	replay->n_courses = study->n_scenarios;
	replay->courses = MemoryContextAllocZero(memory, study->n_scenarios * sizeof(Course));
	for (int s = 0; s < study->n_scenarios; s++)
		OpenCourse(replay, &replay->courses[s], &study->scenarios[s], FoldNumber(folds, s));
	DictionaryInit(&replay->cell_keys, memory);
	replay->max_cells = 64;
	replay->cells = MemoryContextAlloc(memory, replay->max_cells * sizeof(Cell *));
	replay->recent_dims = profiles->dims.n;
	replay->recent = MemoryContextAllocExtended(memory, (Size) replay->recent_dims * RECENT_MONTHS * sizeof(Cell *),
												MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	replay->persons = NewPersons(memory, study);
	return replay;
}

Replay *
RunReplay(MemoryContext memory, const Study *study, Profiles *profiles, Runs *runs, Folds *folds, bool text_persons)
{
	Replay	   *replay = NewReplay(memory, study, profiles, folds, text_persons);
	SortedRun	sorted;			/* the place of an entry is its cell; NULL until its bill has been read, if it has no profile */

	SortedRunInit(&sorted, memory);
	for (int run = 0; run < runs->n_runs; run++)
	{
		CHECK_FOR_INTERRUPTS();
		if (RunRecords(runs, run) == 0)
			continue;
		SortRun(&sorted, runs, run, text_persons);
		ReplayRun(replay, &sorted);
	}
	FinishPersons(replay->persons);
	return replay;
}
