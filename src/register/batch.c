/*
 * batch.c — rows to be written, column by column.
 */
#include "postgres.h"

#include "register/batch.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define FIRST_ROWS 8

/* Room for so many rows: one block for all values, one for all nulls */
static void
MakeRoom(Batch *batch, int capacity)
{
	Size		rows = (Size) batch->columns * capacity;
	Datum	   *value = MemoryContextAllocHuge(batch->memory, rows * sizeof(Datum));
	bool	   *null = MemoryContextAllocHuge(batch->memory, rows * sizeof(bool));

	for (int i = 0; i < batch->columns; i++)
	{
		if (batch->n > 0)
		{
			memcpy(value + (Size) i * capacity, batch->value[i], batch->n * sizeof(Datum));
			memcpy(null + (Size) i * capacity, batch->null[i], batch->n * sizeof(bool));
		}
		batch->value[i] = value + (Size) i * capacity;
		batch->null[i] = null + (Size) i * capacity;
	}
	batch->capacity = capacity;
}

void
BatchInit(Batch *batch, MemoryContext memory, const Oid *types, int columns)
{
	Assert(columns <= BATCH_MAX_COLUMNS);
	batch->memory = memory;
	batch->types = types;
	batch->columns = columns;
	batch->n = 0;
	MakeRoom(batch, FIRST_ROWS);
}

/* Twice the room */
static void
Enlarge(Batch *batch)
{
	Datum	   *value = batch->value[0];
	bool	   *null = batch->null[0];

	MakeRoom(batch, 2 * batch->capacity);
	pfree(value);
	pfree(null);
}

void
BatchAddRow(Batch *batch)
{
	if (batch->n == batch->capacity)
		Enlarge(batch);
	for (int i = 0; i < batch->columns; i++)
		batch->null[i][batch->n] = true;
	batch->n++;
}

void
BatchArrays(const Batch *batch, Datum *out)
{
	int			lower = 1;
	int			n = batch->n;

	for (int i = 0; i < batch->columns; i++)
	{
		int16		length;
		bool		by_value;
		char		alignment;

		get_typlenbyvalalign(batch->types[i], &length, &by_value, &alignment);
		out[i] = PointerGetDatum(construct_md_array(batch->value[i], batch->null[i], 1, &n, &lower, batch->types[i],
													length, by_value, alignment));
	}
}

void
BatchRow(const Batch *batch, int row, int first_column, Datum *out, char *nulls)
{
	Assert(row < batch->n);
	for (int i = first_column; i < batch->columns; i++)
	{
		out[i - first_column] = batch->null[i][row] ? (Datum) 0 : batch->value[i][row];
		nulls[i - first_column] = batch->null[i][row] ? 'n' : ' ';
	}
}
