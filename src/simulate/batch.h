/*
 * batch.h — one call of settle_batch: between the procedure and the function that hands the splits of a chunk to INSERT.
 */
#ifndef ASSISTANCE_SIMULATE_BATCH_H
#define ASSISTANCE_SIMULATE_BATCH_H

#include "simulate/record.h"
#include "simulate/runs.h"
#include "value/book.h"
#include "value/split.h"

typedef struct Settling
{
	MemoryContext memory;		/* lives through the commits of the call */
	BookUse		use;
	Fold	   *fold;
	Profiles   *profiles;
	Runs	   *runs;
	bool		text_persons;
	int			n_chunks;
	int			chunk;			/* that is stored now */
	int64		bills;			/* stored by the last chunk */
	uint32		wanted;			/* bits: columns of batch_rows that the target takes; the others are null */
} Settling;

/* The columns of batch_rows: person by number and by text, ordered_at, seq, the amounts, lines */
#define BATCH_AMOUNTS 4
#define BATCH_LINES (BATCH_AMOUNTS + SPLIT_AMOUNTS)
#define BATCH_COLUMNS (BATCH_LINES + 1)

/* The batch of the call that is running in this session; NULL: none */
extern Settling *running_batch;

/* The first run of a chunk; that of the chunk behind it is the end. Depends on the number of chunks alone. */
static inline int
FirstRun(int chunk, int n_chunks)
{
	return chunk * MAX_RUNS / n_chunks;
}

#endif
