/*
 * batch.h — rows to be written, column by column: what a set-based INSERT … SELECT FROM unnest(…) takes as parameters.
 */
#ifndef ASSISTANCE_REGISTER_BATCH_H
#define ASSISTANCE_REGISTER_BATCH_H

#include "compat.h"

#define BATCH_MAX_COLUMNS 32

typedef struct Batch
{
	MemoryContext memory;		/* holds the arrays below */
	const Oid  *types;			/* of the elements, by column */
	int			columns;
	int			n;				/* rows */
	int			capacity;
	Datum	   *value[BATCH_MAX_COLUMNS];
	bool	   *null[BATCH_MAX_COLUMNS];
} Batch;

/* An empty batch; everything it allocates lives in memory. */
extern void BatchInit(Batch *batch, MemoryContext memory, const Oid *types, int columns);

/* A new row, all null. */
extern void BatchAddRow(Batch *batch);

/* Set a column of the last row. */
static inline void
BatchSet(Batch *batch, int column, Datum value)
{
	Assert(batch->n > 0 && column < batch->columns);
	batch->value[column][batch->n - 1] = value;
	batch->null[column][batch->n - 1] = false;
}

/* Forget the rows from n on. */
static inline void
BatchTruncate(Batch *batch, int n)
{
	Assert(n <= batch->n);
	batch->n = n;
}

/* One array for each column into out, palloc'd in the current memory context. */
extern void BatchArrays(const Batch *batch, Datum *out);

/* One row from a column on, as values and as nulls in the manner of SPI. */
extern void BatchRow(const Batch *batch, int row, int first_column, Datum *out, char *nulls);

#endif
