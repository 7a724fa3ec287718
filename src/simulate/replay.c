/*
 * replay.c — run after run: sort it by person and order key, fold every person under every scenario, count. The fold is the one of
 * the core; nothing is settled here in any other way.
 */
#include "postgres.h"

#include "errors.h"
#include "simulate/bytes.h"
#include "simulate/simulate.h"
#include "utils/memutils.h"

#define INTERRUPT_EVERY 4096	/* records */

/* one record in the order of the replay */
typedef struct Entry
{
	uint64		hash;			/* of the person; of numbers it tells them apart */
	int64		ordered_at;
	int64		seq;
	const char *record;
	Cell	   *cell;
} Entry;

/* one run on its way */
typedef struct Batch
{
	Replay	   *replay;
	MemoryContext memory;		/* reset after the run */
	int64		n;
	Entry	   *entries;
	int64		n_persons;
	int64	   *first;			/* by person: its first entry; one more at the end */
	PersonYear *years;			/* by person */
	int64	   *burden_fen;		/* by scenario and person */
} Batch;

/* ---- sorting ---- */

/* Persons that are texts: the hash decides, then the bytes */
static inline int
ComparePersons(const char *a, const char *b)
{
	RecordHead	x;
	RecordHead	y;
	int			order;

	RecordReadHead(a, &x);
	RecordReadHead(b, &y);
	order = memcmp(RecordKey(a), RecordKey(b), Min(x.key_length, y.key_length));
	return order != 0 ? order : (int) x.key_length - (int) y.key_length;
}

static inline int
CompareEntries(const Entry *a, const Entry *b)
{
	int			order;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	order = ComparePersons(a->record, b->record);
	if (order != 0)
		return order;
	if (a->ordered_at != b->ordered_at)
		return a->ordered_at < b->ordered_at ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

#define ST_SORT SortEntries
#define ST_ELEMENT_TYPE Entry
#define ST_COMPARE(a, b) CompareEntries(a, b)
#define ST_SCOPE static
#define ST_DEFINE
#define ST_CHECK_FOR_INTERRUPTS
#include "lib/sort_template.h"

static void
AddEntry(void *context, const char *record)
{
	Batch	   *batch = context;
	Entry	   *entry = &batch->entries[batch->n++];
	RecordHead	head;

	RecordReadHead(record, &head);
	entry->hash = Mix((uint64) head.person);
	entry->ordered_at = head.ordered_at;
	entry->seq = RecordSeq(record);
	entry->record = record;
}

/* Where each person begins */
static void
FindPersons(Batch *batch)
{
	batch->first = MemoryContextAllocHuge(batch->memory, (batch->n + 1) * sizeof(int64));
	batch->n_persons = 0;
	for (int64 i = 0; i < batch->n; i++)
	{
		const Entry *entry = &batch->entries[i];

		if (i == 0 || entry->hash != entry[-1].hash || ComparePersons(entry->record, entry[-1].record) != 0)
			batch->first[batch->n_persons++] = i;
	}
	batch->first[batch->n_persons] = batch->n;
}

/* The records of a run in order, with their cells */
static void
LoadBatch(Batch *batch, Runs *runs, int run)
{
	Replay	   *replay = batch->replay;

	batch->n = 0;
	batch->entries = MemoryContextAllocHuge(batch->memory, runs->runs[run].records * sizeof(Entry));
	RunLoad(runs, run, batch->memory, AddEntry, batch);
	Assert(batch->n == runs->runs[run].records);
	SortEntries(batch->entries, batch->n);
	FindPersons(batch);
	for (int64 i = 0; i < batch->n; i++)
	{
		if (i % INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		batch->entries[i].cell = CellOf(replay, batch->entries[i].record);
	}
	batch->years = MemoryContextAllocHuge(batch->memory, batch->n_persons * sizeof(PersonYear));
	batch->burden_fen = MemoryContextAllocHuge(batch->memory, batch->n_persons * replay->n_courses * sizeof(int64));
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
		errcontext("simulating person %.*s, scenario \"%s\"", head.key_length, RecordKey(where->record), where->scenario->name);
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
FoldRecord(Replay *replay, int number, const Entry *entry)
{
	Fault		fault;

	RecordReadBill(replay->profiles, entry->record, &replay->bill);
	if (unlikely(SettleStep(replay->courses[number].fold, &replay->bill, &replay->split, NULL, &fault) != ST_OK))
		RefuseBill(&fault, &replay->bill);
	return CountBill(replay, number, entry->cell);
}

/* One person under one scenario; under the first also what does not depend on it */
static int64
FoldYear(Replay *replay, int number, const Entry *entries, int64 n, PersonYear *year, Whereabouts *where)
{
	Course	   *course = &replay->courses[number];
	int64		burden = 0;
	int64		income = NO_AMOUNT;

	FoldPerson(course->fold);
	course->persons++;
	for (int64 i = 0; i < n; i++)
	{
		if (i % INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		where->record = entries[i].record;
		burden += FoldRecord(replay, number, &entries[i]);
		if (number > 0)
			continue;
		CountCost(entries[i].cell, &replay->bill);
		income = IncomeOf(replay->study, &replay->bill, income);
	}
	if (number == 0)
	{
		const Dims *dims = (const Dims *) replay->profiles->dims.entries[entries[n - 1].cell->dims].key;

		year->category = dims->text[DIMENSION_CATEGORY];
		year->income = income;
	}
	return burden;
}

/* All persons of the run under one scenario */
static void
FoldBatch(Batch *batch, int number)
{
	Replay	   *replay = batch->replay;
	int64	   *burden_fen = &batch->burden_fen[number * batch->n_persons];
	Whereabouts where = {replay, replay->courses[number].scenario, NULL};
	ErrorContextCallback callback = {.previous = error_context_stack, .callback = TellWhere, .arg = &where};

	error_context_stack = &callback;
	for (int64 i = 0; i < batch->n_persons; i++)
		burden_fen[i] = FoldYear(replay, number, &batch->entries[batch->first[i]], batch->first[i + 1] - batch->first[i],
								 &batch->years[i], &where);
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
	for (int64 i = 0; i < batch->n_persons; i++)
		CountPerson(replay->persons, &batch->years[i], &batch->burden_fen[i], batch->n_persons);
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
	replay->persons = NewPersons(memory, study);
	return replay;
}

Replay *
RunReplay(MemoryContext memory, const Study *study, Profiles *profiles, Runs *runs, Folds *folds, bool text_persons)
{
	Replay	   *replay = NewReplay(memory, study, profiles, folds, text_persons);
	Batch		batch = {replay};

	batch.memory = AllocSetContextCreate(memory, "assistance simulate run", ALLOCSET_DEFAULT_SIZES);
	for (int run = 0; run < runs->n_runs; run++)
	{
		CHECK_FOR_INTERRUPTS();
		if (runs->runs[run].records > 0)
			ReplayRun(&batch, runs, run);
	}
	MemoryContextDelete(batch.memory);
	FinishPersons(replay->persons);
	return replay;
}
