/*
 * split.c — assistance.split as a tuple. The header of the tuple is made once by the server; per row the amounts are written
 * behind it in the form that tuples store, which takes neither a Datum array nor a pass to measure it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "fen.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/typcache.h"
#include "value/split.h"

#define SPLIT_MAX_BYTES (LINES_MAX_BYTES + SPLIT_AMOUNTS * NUMERIC_SHORT_MAX + 64)

static const uint8 column_of_kind[LAYER_KINDS] = {
	[KIND_BASIC] = SPLIT_BASIC,
	[KIND_CRITICAL] = SPLIT_CRITICAL,
	[KIND_SUPPLEMENTARY] = SPLIT_SUPPLEMENTARY,
	[KIND_ASSISTANCE] = SPLIT_ASSISTANCE,
	[KIND_TILT] = SPLIT_TILT,
	[KIND_EMERGENCY] = SPLIT_EMERGENCY,
	[KIND_GOVERNMENT] = SPLIT_GOVERNMENT,
	[KIND_CHARITY] = SPLIT_CHARITY,
	[KIND_OTHER] = SPLIT_OTHER
};

#define NUMERIC_16_2 ((16 << 16 | 2) + VARHDRSZ)	/* typmod */

bool
AreSplitAmounts(TupleDesc desc, int first)
{
	for (int i = first; i < first + SPLIT_AMOUNTS; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);

		if (column->attisdropped || column->atttypid != NUMERICOID || column->atttypmod != NUMERIC_16_2)
			return false;
	}
	return true;
}

bool
IsColumnOf(TupleDesc desc, int index, const char *type)
{
	Form_pg_attribute column = TupleDescAttr(desc, index);

	return !column->attisdropped &&
		strcmp(format_type_extended(column->atttypid, -1, FORMAT_TYPE_FORCE_QUALIFY), type) == 0;
}

/* We write and read the tuple ourselves, so its row type must be what split.sql made. */
void
CheckSplitType(TupleDesc desc)
{
	if (desc->natts != SPLIT_COLUMNS || !AreSplitAmounts(desc, 0) || !IsColumnOf(desc, SPLIT_AMOUNTS, "assistance.lines"))
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_ALTERED),
				 errmsg("type assistance.split has been altered"),
				 errhint("Drop and create the extension, or undo ALTER TYPE assistance.split.")));
}

/* The header of a tuple of this row type, with its version where the server has such. */
static void
CopyHeader(SplitFormer *former, TupleDesc desc, MemoryContext memory)
{
	Datum		values[SPLIT_COLUMNS];
	bool		nulls[SPLIT_COLUMNS] = {false};
	HeapTuple	tuple;

	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		values[i] = FenToNumeric(0);
	values[SPLIT_AMOUNTS] = PointerGetDatum(cstring_to_text(""));
	tuple = heap_form_tuple(desc, values, nulls);
	former->header_length = tuple->t_data->t_hoff;
	former->header = MemoryContextAlloc(memory, former->header_length);
	memcpy(former->header, tuple->t_data, former->header_length);
	heap_freetuple(tuple);
}

SplitFormer *
NewSplitFormer(Oid type_id, MemoryContext memory)
{
	SplitFormer *former = MemoryContextAllocZero(memory, sizeof(SplitFormer));
	TupleDesc	desc = lookup_rowtype_tupdesc(type_id, -1);

	CheckSplitType(desc);
	CopyHeader(former, desc, memory);
	ReleaseTupleDesc(desc);
	former->buffer = MemoryContextAlloc(memory, SPLIT_MAX_BYTES);
	former->zero_length = NumericWriteShort(former->zero, 0);
	return former;
}

void
SplitAmounts(const Split *split, int64 amount_fen[SPLIT_AMOUNTS])
{
	memset(amount_fen, 0, SPLIT_AMOUNTS * sizeof(int64));
	amount_fen[SPLIT_TOTAL] = split->total_fen;
	amount_fen[SPLIT_HOSPITAL] = split->hospital_fen;
	amount_fen[SPLIT_PATIENT] = split->patient_fen;
	for (int i = 0; i < split->n_lines; i++)
	{
		const Line *line = &split->lines[i];

		amount_fen[column_of_kind[split->page->layers[i].kind]] += line->paid_fen;
		amount_fen[SPLIT_ADJUSTMENT] += line->adjustment_fen;
		amount_fen[SPLIT_RECOVERABLE] += line->recoverable_fen;
	}
}

/* Most amounts are 0 on most bills. */
static inline char *
PutAmount(const SplitFormer *former, char *p, int64 fen)
{
	if (fen != 0)
		return p + NumericWriteShort(p, fen);
	memcpy(p, former->zero, sizeof(former->zero));
	return p + former->zero_length;
}

Datum
FormSplit(SplitFormer *former, const Split *split)
{
	int64		amount_fen[SPLIT_AMOUNTS];
	char	   *start = former->buffer;
	char	   *p = start + former->header_length;
	char	   *lines;
	char	   *tuple;
	int			length;

	SplitAmounts(split, amount_fen);
	memcpy(start, former->header, former->header_length);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		p = PutAmount(former, p, amount_fen[i]);
	lines = start + INTALIGN(p - start);
	memset(p, 0, lines - p);
	length = VARHDRSZ + LinesEncode(split, &former->lines_head, lines + VARHDRSZ);
	SET_VARSIZE(lines, length);
	length += (int) (lines - start);
	HeapTupleHeaderSetDatumLength((HeapTupleHeader) start, length);
	tuple = palloc(length);
	memcpy(tuple, start, length);
	return PointerGetDatum(tuple);
}
