/*
 * runs.h — records by run: a run holds the persons whose hashes begin alike, so that each can be sorted and folded by itself, in
 * cache. Beyond a budget of bytes the records go to a temporary file.
 */
#ifndef ASSISTANCE_SIMULATE_RUNS_H
#define ASSISTANCE_SIMULATE_RUNS_H

#include "compat.h"
#include "simulate/slabs.h"
#include "storage/buffile.h"

typedef struct Chunk
{
	struct Chunk *next;
	uint32		used;			/* of data; of a run's last chunk, where its tail ends */
	uint32		size;
	char		data[FLEXIBLE_ARRAY_MEMBER];
} Chunk;

/* a piece of a run in the file */
typedef struct Extent
{
	int			file_number;
	off_t		offset;
	Size		length;
} Extent;

/* where the next record of a run goes: visited with every record, so it is small */
typedef struct Tail
{
	char	   *next;			/* in the last chunk; NULL: there is none */
	char	   *end;
	int64		records;		/* of the run */
} Tail;

typedef struct Run
{
	Chunk	   *first;			/* in memory */
	Chunk	   *last;
	int64		bytes;			/* of all records but those of the last chunk */
	int			n_extents;
	int			max_extents;
	Extent	   *extents;
} Run;

typedef struct Runs
{
	MemoryContext memory;		/* this struct, the runs and their extents */
	Slabs		chunks;
	Size		budget;			/* bytes of chunks */
	Size		used;
	int			n_runs;			/* 1, or after the first split a power of two */
	int			bits;			/* of the hash that tell the run */
	Run		   *runs;
	Tail	   *tails;
	int64		spilled;		/* bytes written */
	bool		across_transactions;	/* the file outlives the transaction that made it */
	BufFile    *file;			/* NULL: nothing spilled */
} Runs;

#define MIN_BUDGET (64 * 1024)
#define MAX_RUNS 1024
#define BYTES_PER_RUN 8192		/* of the budget, so that pieces in the file are not too small */

extern Runs *NewRuns(MemoryContext memory, Size budget);

/* Split at once into so many runs, a power of two: which run a person is in then depends on the person alone. */
extern void RunsSplit(Runs *runs, int n);

/* The run of a person's hash. */
static inline int
RunOf(const Runs *runs, uint64 hash)
{
	return runs->bits == 0 ? 0 : (int) (hash >> (64 - runs->bits));
}

/* The hash of a record's person. */
extern uint64 RecordHash(const char *record);

/* How many records a run has */
static inline int64
RunRecords(const Runs *runs, int run)
{
	return runs->tails[run].records;
}

#define NEXT_RECORD 32			/* bytes that a record takes most often */

/* Where the next record of a run may be written in place, if that leaves room for so many bytes; else NULL */
static inline char *
RunsPlace(const Runs *runs, int run, int room)
{
	const Tail *tail = &runs->tails[run];

	return tail->end - tail->next >= room ? tail->next : NULL;
}

/* A record of this length has been written there. The line of memory for the next one is asked for long before it comes. */
static inline void
RunsAdvance(Runs *runs, int run, int length)
{
	Tail	   *tail = &runs->tails[run];

	tail->next += length;
	tail->records++;
	__builtin_prefetch(tail->next + NEXT_RECORD, 1);
}

/* Add a record, behind which are spare bytes; hash is that of the person. */
extern void RunsAdd(Runs *runs, uint64 hash, const char *record, int length);

/* The pieces of a run, each with its records one after the other: those of the file, read into memory, then those in memory */
typedef struct RunPiece
{
	const char *data;
	Size		length;
	int			extent;			/* the next one */
	const Chunk *chunk;			/* likewise */
} RunPiece;

/* Begin in front of the first piece */
extern void BeforePieces(Runs *runs, int run, RunPiece *piece);

/* Go to the next piece; false behind the last one. */
extern bool NextPiece(Runs *runs, int run, RunPiece *piece, MemoryContext memory);

/* All records of a run, one after the other: visit gets each of them, until the run is released. */
typedef void (*RecordVisitor) (void *context, const char *record);
extern void RunLoad(Runs *runs, int run, MemoryContext memory, RecordVisitor visit, void *context);

/* Give up the memory of all records: for a caller that needs none of them any more. */
extern void RunsForget(Runs *runs);

/* Read what was written to a temporary file; refuse one that is shorter. */
extern void ReadBack(BufFile *file, int file_number, off_t offset, void *data, Size length);

/* Close the file. */
extern void RunsClose(Runs *runs);

#endif
