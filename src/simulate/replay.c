/*
 * replay.c — run after run: sort it by person and order key, fold every person under every scenario, count. The fold is the one of
 * the core; nothing is settled here in any other way.
 */
#include "postgres.h"

#include "errors.h"
#include "simulate/simulate.h"
#include "simulate/sorted.h"
#include "utils/memutils.h"

#define INTERRUPT_EVERY 4096	/* records */
#define AHEAD 4					/* records that the processor is asked for before they are read */

/* one run on its way */
typedef struct Batch
{
	Replay	   *replay;
	MemoryContext memory;		/* reset after the run */
	SortedRun	run;			/* the place of an entry is its cell; NULL until its bill has been read, if it has no profile */
	PersonYear *years;			/* by person */
	int64	   *burden_fen;		/* by scenario and person */
} Batch;

/*
 * Find the cells of all records before the first is folded: one does not wait for another, so the processor can have many of them
 * on their way from memory at once.
 */
static void
FindCells(Replay *replay, SortedRun *run)
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

/* The records of a run in order */
static void
LoadBatch(Batch *batch, Runs *runs, int run)
{
	Replay	   *replay = batch->replay;

	SortRun(&batch->run, runs, run, replay->text_persons);
	FindCells(replay, &batch->run);
	batch->years = MemoryContextAllocHuge(batch->memory, batch->run.n_persons * sizeof(PersonYear));
	batch->burden_fen = MemoryContextAllocHuge(batch->memory, batch->run.n_persons * replay->n_courses * sizeof(int64));
}

/* ---- folding ---- */

/* what an error in the fold tells about where it is */
typedef struct Whereabouts
{
	const Replay *replay;
	const Scenario *scenario;
	const char *record;
} Whereabouts;

static void
TellWhere(void *arg)
{
	const Whereabouts *where = arg;
	RecordHead	head;

	if (where->record == NULL)
		return;
	RecordReadHead(where->record, &head);
	if (where->replay->text_persons)
		errcontext("simulating person %.*s, scenario \"%s\"", RecordKeyLength(where->record), RecordKey(where->record),
				   where->scenario->name);
	else
		errcontext("simulating person %lld, scenario \"%s\"", (long long) head.person, where->scenario->name);
}

/* What a bill itself costs, whatever the scenario */
static inline void
CountCost(Cell *cell, const Bill *bill)
{
	cell->bills++;
	for (int i = 0; i < COLUMNS; i++)
		cell->column_fen[i] += bill->column_fen[i];
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

/* Settle one record under a scenario; returns what the person bears of it */
static inline int64
FoldEntry(Replay *replay, int number, Entry *entry, const Bill **bill)
{
	Course	   *course = &replay->courses[number];
	uint32		profile;
	Fault		fault;
	Status		status;

	*bill = RecordBill(replay->profiles, entry->record, &profile);
	if (unlikely(entry->place == NULL))
		entry->place = CellOf(replay, RecordDims(replay->profiles, *bill, profile), (*bill)->ordered_at);
	ForeseeCell(entry->place, number);
	if (likely(profile != NO_PROFILE))
		status = SettleAlike(course->fold, *bill, &course->hints[profile], &replay->split, &fault);
	else
		status = SettleStep(course->fold, *bill, &replay->split, NULL, &fault);
	if (unlikely(status != ST_OK))
		RefuseRecorded(&fault, *bill);
	return CountBill(replay, number, entry->place);
}

/* What the reports of persons tell a person by: the categories of the last bill */
static uint32
LastCategory(const Replay *replay, const Entry *last)
{
	const Dims *dims = (const Dims *) replay->profiles->dims.entries[((const Cell *) last->place)->dims].key;

	return dims->text[DIMENSION_CATEGORY];
}

/* One person under one scenario; under the first also what does not depend on it */
static int64
FoldYear(Batch *batch, int number, int64 person, Whereabouts *where)
{
	Replay	   *replay = batch->replay;
	int64		end = batch->run.first[person + 1];
	Course	   *course = &replay->courses[number];
	int64		burden = 0;
	int64		income = NO_AMOUNT;

	FoldPerson(course->fold);
	course->persons++;
	for (int64 i = batch->run.first[person]; i < end; i++)
	{
		Entry	   *entry = &batch->run.entries[i];
		const Bill *bill;

		if (i % INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		if (likely(i + AHEAD < batch->run.n))
			__builtin_prefetch(entry[AHEAD].record);
		where->record = entry->record;
		burden += FoldEntry(replay, number, entry, &bill);
		if (number > 0)
			continue;
		CountCost(entry->place, bill);
		income = IncomeOf(replay->study, bill, income);
	}
	if (number == 0)
		batch->years[person] = (PersonYear) {LastCategory(replay, &batch->run.entries[end - 1]), income};
	return burden;
}

/* All persons of the run under one scenario */
static void
FoldBatch(Batch *batch, int number)
{
	Replay	   *replay = batch->replay;
	int64	   *burden_fen = &batch->burden_fen[number * batch->run.n_persons];
	Whereabouts where = {replay, replay->courses[number].scenario, NULL};
	ErrorContextCallback callback = {.previous = error_context_stack, .callback = TellWhere, .arg = &where};

	error_context_stack = &callback;
	for (int64 i = 0; i < batch->run.n_persons; i++)
		burden_fen[i] = FoldYear(batch, number, i, &where);
	error_context_stack = callback.previous;
}

/* One run from its records to its counts */
static void
ReplayRun(Batch *batch, Runs *runs, int run)
{
	Replay	   *replay = batch->replay;

	LoadBatch(batch, runs, run);
	for (int s = 0; s < replay->n_courses; s++)
		FoldBatch(batch, s);
	for (int64 i = 0; i < batch->run.n_persons; i++)
		CountPerson(replay->persons, &batch->years[i], &batch->burden_fen[i], batch->run.n_persons);
	MemoryContextReset(batch->memory);
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
	Batch		batch = {replay};

	batch.memory = AllocSetContextCreate(memory, "assistance simulate run", ALLOCSET_DEFAULT_SIZES);
	SortedRunInit(&batch.run, memory);
	for (int run = 0; run < runs->n_runs; run++)
	{
		CHECK_FOR_INTERRUPTS();
		if (RunRecords(runs, run) > 0)
			ReplayRun(&batch, runs, run);
	}
	MemoryContextDelete(batch.memory);
	FinishPersons(replay->persons);
	return replay;
}
