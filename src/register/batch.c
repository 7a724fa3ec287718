/*
 * batch.c — rows to be written, column by column.
 */
#include "postgres.h"

#include "register/batch.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define FIRST_ROWS 16

void
BatchInit(Batch *batch, MemoryContext memory, const Oid *types, int columns)
{
	Assert(columns <= BATCH_MAX_COLUMNS);
	batch->memory = memory;
	batch->types = types;
	batch->columns = columns;
	batch->n = 0;
	batch->capacity = FIRST_ROWS;
	for (int i = 0; i < columns; i++)
	{
		batch->value[i] = MemoryContextAlloc(memory, FIRST_ROWS * sizeof(Datum));
		batch->null[i] = MemoryContextAlloc(memory, FIRST_ROWS * sizeof(bool));
	}
}

/* Twice the room */
static void
Enlarge(Batch *batch)
{
	batch->capacity *= 2;
	for (int i = 0; i < batch->columns; i++)
	{
		batch->value[i] = repalloc(batch->value[i], batch->capacity * sizeof(Datum));
		batch->null[i] = repalloc(batch->null[i], batch->capacity * sizeof(bool));
	}
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
BatchOnlyRow(const Batch *batch, Datum *out, char *nulls)
{
	Assert(batch->n == 1);
	for (int i = 0; i < batch->columns; i++)
	{
		out[i] = batch->null[i][0] ? (Datum) 0 : batch->value[i][0];
		nulls[i] = batch->null[i][0] ? 'n' : ' ';
	}
}
