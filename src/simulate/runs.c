/*
 * runs.c — keeping records by run, in memory and in a temporary file. A small set stays one run; a larger one is split once into
 * so many runs that each fits in cache, and when the budget is used up, all runs are written out, one after the other.
 */
#include "postgres.h"

#include "simulate/record.h"
#include "simulate/runs.h"
#include "simulate/bytes.h"
#include "utils/memutils.h"

#define CHUNK_HEAD offsetof(Chunk, data)
#define FIRST_CHUNK 1024		/* bytes with the head; in larger runs more, so that little is left unused, up to … */
#define LAST_CHUNK 8192			/* … the largest that an allocation set serves from its blocks */
#define CHUNKS_PER_RUN 4
#define SPLIT_BYTES (512 * 1024)	/* more than this is split */
#define MIN_RUNS 16
#define BYTES_PER_RUN 8192		/* of the budget, so that pieces in the file are not too small */

StaticAssertDecl(LAST_CHUNK - CHUNK_HEAD >= MAX_RECORD, "a record fits into a chunk");

Runs *
NewRuns(MemoryContext memory, Size budget)
{
	Runs	   *runs = MemoryContextAllocZero(memory, sizeof(Runs));

	runs->memory = memory;
	runs->chunks = AllocSetContextCreate(memory, "assistance simulate records", ALLOCSET_START_SMALL_SIZES);
	runs->budget = Max(budget, MIN_BUDGET);
	runs->n_runs = 1;
	runs->runs = MemoryContextAllocZero(memory, sizeof(Run));
	return runs;
}

/* A chunk with room for a record */
static Chunk *
AddChunk(Runs *runs, Run *run, int length)
{
	Size		size = FIRST_CHUNK;
	Chunk	   *chunk;

	while (size < LAST_CHUNK && (int64) size * CHUNKS_PER_RUN * 2 <= run->bytes)
		size *= 2;
	if (size - CHUNK_HEAD < length)
		size = Max(LAST_CHUNK, CHUNK_HEAD + (Size) length);
	chunk = MemoryContextAlloc(runs->chunks, size);
	chunk->next = NULL;
	chunk->used = 0;
	chunk->size = (uint32) (size - CHUNK_HEAD);
	if (run->last == NULL)
		run->first = chunk;
	else
		run->last->next = chunk;
	run->last = chunk;
	runs->used += size;
	return chunk;
}

static inline void
AddToRun(Runs *runs, Run *run, const char *record, int length)
{
	Chunk	   *chunk = run->last;

	if (unlikely(chunk == NULL || chunk->size - chunk->used < length))
		chunk = AddChunk(runs, run, length);
	memcpy(chunk->data + chunk->used, record, length);
	chunk->used += length;
	run->records++;
	run->bytes += length;
}

/* ---- the file ---- */

static Extent *
AddExtent(Runs *runs, Run *run)
{
	if (run->n_extents == run->max_extents)
	{
		run->max_extents = Max(4, 2 * run->max_extents);
		run->extents = run->extents == NULL ? MemoryContextAlloc(runs->memory, run->max_extents * sizeof(Extent)) :
			repalloc(run->extents, run->max_extents * sizeof(Extent));
	}
	return &run->extents[run->n_extents++];
}

/* Write what a run has in memory */
static void
WriteRun(Runs *runs, Run *run)
{
	Extent	   *extent;

	if (run->first == NULL)
		return;
	extent = AddExtent(runs, run);
	extent->length = 0;
	BufFileTell(runs->file, &extent->file_number, &extent->offset);
	for (Chunk *chunk = run->first; chunk != NULL; chunk = chunk->next)
	{
		BufFileWrite(runs->file, chunk->data, chunk->used);
		extent->length += chunk->used;
	}
	runs->spilled += extent->length;
	run->first = run->last = NULL;
}

/* Everything goes to the file, in the order of the runs */
static void
Spill(Runs *runs)
{
	MemoryContext old = MemoryContextSwitchTo(runs->memory);

	if (runs->file == NULL)
		runs->file = BufFileCreateTemp(runs->across_transactions);
	for (int i = 0; i < runs->n_runs; i++)
	{
		CHECK_FOR_INTERRUPTS();
		WriteRun(runs, &runs->runs[i]);
	}
	MemoryContextReset(runs->chunks);
	runs->used = 0;
	MemoryContextSwitchTo(old);
}

/* ---- splitting ---- */

uint64
RecordHash(const char *record)
{
	RecordHead	head;

	RecordReadHead(record, &head);
	return Mix((uint64) head.person);
}

/* From one run to many; the first run's chunks are freed as they are read */
void
RunsSplit(Runs *runs, int n)
{
	Chunk	   *chunk = runs->runs[0].first;

	pfree(runs->runs);
	runs->runs = MemoryContextAllocZero(runs->memory, n * sizeof(Run));
	runs->n_runs = n;
	runs->bits = pg_leftmost_one_pos32(n);
	while (chunk != NULL)
	{
		Chunk	   *next = chunk->next;
		RecordHead	head;

		for (uint32 at = 0; at < chunk->used; at += head.length)
		{
			uint64		hash = RecordHash(chunk->data + at);

			RecordReadHead(chunk->data + at, &head);
			AddToRun(runs, &runs->runs[RunOf(runs, hash)], chunk->data + at, head.length);
		}
		runs->used -= chunk->size + CHUNK_HEAD;
		pfree(chunk);
		chunk = next;
	}
}

/* So many runs that the pieces in a file are not too small */
static int
RunsFor(Size budget)
{
	int			n = MIN_RUNS;

	while (n < MAX_RUNS && (Size) n * BYTES_PER_RUN < budget)
		n *= 2;
	return n;
}

void
RunsAdd(Runs *runs, uint64 hash, const char *record, int length)
{
	AddToRun(runs, &runs->runs[RunOf(runs, hash)], record, length);
	runs->records++;
	if (likely(runs->used <= Min(runs->budget, SPLIT_BYTES)))
		return;
	if (runs->n_runs == 1)
		RunsSplit(runs, RunsFor(runs->budget));
	if (runs->used > runs->budget)
		Spill(runs);
}

/* ---- reading ---- */

static void
VisitRecords(const char *data, Size length, RecordVisitor visit, void *context)
{
	RecordHead	head;

	for (Size at = 0; at < length; at += head.length)
	{
		RecordReadHead(data + at, &head);
		visit(context, data + at);
	}
}

/* The pieces of a run in the file, read into memory */
static void
LoadExtents(Runs *runs, const Run *run, MemoryContext memory, RecordVisitor visit, void *context)
{
	for (int i = 0; i < run->n_extents; i++)
	{
		const Extent *extent = &run->extents[i];
		char	   *data = MemoryContextAllocHuge(memory, extent->length);

		CHECK_FOR_INTERRUPTS();
		if (BufFileSeek(runs->file, extent->file_number, extent->offset, SEEK_SET) != 0 ||
			BufFileRead(runs->file, data, extent->length) != extent->length)
			ereport(ERROR, (errcode_for_file_access(), errmsg("could not read the temporary file of the simulation: %m")));
		VisitRecords(data, extent->length, visit, context);
	}
}

void
RunLoad(Runs *runs, int run, MemoryContext memory, RecordVisitor visit, void *context)
{
	LoadExtents(runs, &runs->runs[run], memory, visit, context);
	for (Chunk *chunk = runs->runs[run].first; chunk != NULL; chunk = chunk->next)
		VisitRecords(chunk->data, chunk->used, visit, context);
}

void
RunsClose(Runs *runs)
{
	if (runs->file != NULL)
		BufFileClose(runs->file);
	runs->file = NULL;
}
