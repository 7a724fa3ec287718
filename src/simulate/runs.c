/*
 * runs.c — keeping records by run, in memory and in a temporary file. A small set stays one run; a larger one is split once into
 * so many runs that each fits in cache, and when the budget is used up, all runs are written out, one after the other.
 */
#include "postgres.h"

#include "simulate/bytes.h"
#include "simulate/record.h"
#include "simulate/runs.h"
#include "utils/memutils.h"

#define CHUNK_HEAD offsetof(Chunk, data)
#define FIRST_CHUNK 1024		/* bytes with the head; in larger runs more, so that little is left unused, up to … */
#define LAST_CHUNK 8192
#define CHUNKS_PER_RUN 4
#define SPLIT_BYTES (512 * 1024)	/* more than this is split */
#define MIN_RUNS 16

StaticAssertDecl(LAST_CHUNK - CHUNK_HEAD >= MAX_RECORD, "a record fits into a chunk");
StaticAssertDecl(sizeof(((Extent *) NULL)->length) == sizeof(Size), "a run of more than 4 GB is one extent");

Runs *
NewRuns(MemoryContext memory, Size budget)
{
	Runs	   *runs = MemoryContextAllocZero(memory, sizeof(Runs));

	runs->memory = memory;
	SlabsInit(&runs->chunks, AllocSetContextCreate(memory, "assistance simulate records", ALLOCSET_START_SMALL_SIZES));
	runs->budget = Max(budget, MIN_BUDGET);
	runs->n_runs = 1;
	runs->runs = MemoryContextAllocZero(memory, sizeof(Run));
	runs->tails = MemoryContextAllocZero(memory, sizeof(Tail));
	return runs;
}

/* The last chunk of a run says how much of it is used */
static void
CloseTail(Runs *runs, int run)
{
	Chunk	   *last = runs->runs[run].last;

	if (last != NULL)
		last->used = (uint32) (runs->tails[run].next - last->data);
}

/* A chunk with room for a record */
static void
AddChunk(Runs *runs, int number, int length)
{
	Run		   *run = &runs->runs[number];
	Size		size = FIRST_CHUNK;
	Chunk	   *chunk;

	CloseTail(runs, number);
	run->bytes += run->last == NULL ? 0 : run->last->used;
	while (size < LAST_CHUNK && (int64) size * CHUNKS_PER_RUN * 2 <= run->bytes)
		size *= 2;
	if (size - CHUNK_HEAD - SPARE_BYTES < length)
		size = Max(LAST_CHUNK, CHUNK_HEAD + SPARE_BYTES + (Size) length);
	chunk = SlabsTake(&runs->chunks, size);
	chunk->next = NULL;
	chunk->used = 0;
	chunk->size = (uint32) (size - CHUNK_HEAD - SPARE_BYTES);
	if (run->last == NULL)
		run->first = chunk;
	else
		run->last->next = chunk;
	run->last = chunk;
	runs->tails[number].next = chunk->data;
	runs->tails[number].end = chunk->data + chunk->size;
	runs->used += size;
}

/* Add a record to a run; true when that took memory */
static inline bool
AddToRun(Runs *runs, int number, const char *record, int length)
{
	bool		full = RunsPlace(runs, number, length) == NULL;

	if (unlikely(full))
		AddChunk(runs, number, length);
	CopyRecord(runs->tails[number].next, record, length);
	RunsAdvance(runs, number, length);
	return full;
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
WriteRun(Runs *runs, int number)
{
	Run		   *run = &runs->runs[number];
	Extent	   *extent;

	if (run->first == NULL)
		return;
	CloseTail(runs, number);
	extent = AddExtent(runs, run);
	extent->length = 0;
	BufFileTell(runs->file, &extent->file_number, &extent->offset);
	for (Chunk *chunk = run->first; chunk != NULL; chunk = chunk->next)
	{
		BufFileWrite(runs->file, chunk->data, chunk->used);
		extent->length += chunk->used;
	}
	runs->spilled += extent->length;
	run->bytes += run->last->used;
	run->first = run->last = NULL;
	runs->tails[number].next = runs->tails[number].end = NULL;
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
		WriteRun(runs, i);
	}
	SlabsReset(&runs->chunks);
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

/* From one run to many */
void
RunsSplit(Runs *runs, int n)
{
	Chunk	   *chunk = runs->runs[0].first;
	MemoryContext old = runs->chunks.memory;

	CloseTail(runs, 0);
	SlabsInit(&runs->chunks, AllocSetContextCreate(runs->memory, "assistance simulate records", ALLOCSET_START_SMALL_SIZES));
	runs->used = 0;
	pfree(runs->runs);
	pfree(runs->tails);
	runs->runs = MemoryContextAllocZero(runs->memory, n * sizeof(Run));
	runs->tails = MemoryContextAllocZero(runs->memory, n * sizeof(Tail));
	runs->n_runs = n;
	runs->bits = pg_leftmost_one_pos32(n);
	for (; chunk != NULL; chunk = chunk->next)
	{
		int			length;

		for (uint32 at = 0; at < chunk->used; at += length)
		{
			const char *record = chunk->data + at;

			length = RecordLength(record);
			AddToRun(runs, RunOf(runs, RecordHash(record)), record, length);
		}
	}
	MemoryContextDelete(old);
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
	if (likely(!AddToRun(runs, RunOf(runs, hash), record, length)) || runs->used <= Min(runs->budget, SPLIT_BYTES))
		return;
	if (runs->n_runs == 1)
		RunsSplit(runs, RunsFor(runs->budget));
	if (runs->used > runs->budget)
		Spill(runs);
}

/* ---- reading ---- */

void
BeforePieces(Runs *runs, int run, RunPiece *piece)
{
	CloseTail(runs, run);
	piece->extent = 0;
	piece->chunk = runs->runs[run].first;
}

void
ReadBack(BufFile *file, int file_number, off_t offset, void *data, Size length)
{
	Size		found = 0;

	if (BufFileSeek(file, file_number, offset, SEEK_SET) == 0)
		found = BufFileRead(file, data, length);
	/* an error of the system was BufFile's to tell: here errno says nothing */
	if (found != length)
		ereport(ERROR,
				(errcode(ERRCODE_IO_ERROR),
				 errmsg("a temporary file is shorter than what was written"),
				 errdetail("Read %zu of %zu bytes.", found, length),
				 errhint("Look at the disk of temp_tablespaces, and run the statement again.")));
}

/* A piece of the file, read into memory */
static const char *
ReadExtent(Runs *runs, const Extent *extent, MemoryContext memory)
{
	char	   *data = MemoryContextAllocHuge(memory, extent->length + SPARE_BYTES);

	CHECK_FOR_INTERRUPTS();
	ReadBack(runs->file, extent->file_number, extent->offset, data, extent->length);
	return data;
}

bool
NextPiece(Runs *runs, int number, RunPiece *piece, MemoryContext memory)
{
	const Run  *run = &runs->runs[number];

	if (piece->extent < run->n_extents)
	{
		const Extent *extent = &run->extents[piece->extent++];

		piece->data = ReadExtent(runs, extent, memory);
		piece->length = extent->length;
		return true;
	}
	if (piece->chunk == NULL)
		return false;
	piece->data = piece->chunk->data;
	piece->length = piece->chunk->used;
	piece->chunk = piece->chunk->next;
	return true;
}

void
RunLoad(Runs *runs, int run, MemoryContext memory, RecordVisitor visit, void *context)
{
	RunPiece	piece;

	BeforePieces(runs, run, &piece);
	while (NextPiece(runs, run, &piece, memory))
		for (Size at = 0; at < piece.length; at += RecordLength(piece.data + at))
			visit(context, piece.data + at);
}

void
RunsForget(Runs *runs)
{
	SlabsReset(&runs->chunks);
}

void
RunsClose(Runs *runs)
{
	if (runs->file != NULL)
		BufFileClose(runs->file);
	runs->file = NULL;
}
