/*
 * split.c — assistance.split as a tuple, and as an expanded record. The header of the tuple is made once by the server; the
 * amounts are written behind it in the form that tuples store, which takes neither a Datum array nor a pass to measure it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/typcache.h"
#include "value/split.h"

#define LINES_MAX_SIZE (VARHDRSZ + LINES_MAX_BYTES)
#define SPLIT_MAX_SIZE (LINES_MAX_SIZE + SPLIT_AMOUNTS * NUMERIC_SHORT_MAX + 64)

const uint8 split_of_kind[LAYER_KINDS] = {
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
	former->lines = MemoryContextAlloc(memory, LINES_MAX_SIZE);
	former->tuple = MemoryContextAlloc(memory, SPLIT_MAX_SIZE);
	former->zero_length = NumericWriteShort(former->zero, 0);
	return former;
}

void
SplitAmounts(const Split *split, int64 amount_fen[SPLIT_AMOUNTS])
{
	const CorePage *page = split->page;
	int			n = split->n_lines;
	int64		adjustment_fen = 0;
	int64		recoverable_fen = 0;

	memset(amount_fen, 0, SPLIT_AMOUNTS * sizeof(int64));
	for (int i = 0; i < n; i++)
	{
		const Line *line = &split->lines[i];

		amount_fen[split_of_kind[page->layers[i].kind]] += line->paid_fen;
		adjustment_fen += line->adjustment_fen;
		recoverable_fen += line->recoverable_fen;
	}
	amount_fen[SPLIT_TOTAL] = split->total_fen;
	amount_fen[SPLIT_HOSPITAL] = split->hospital_fen;
	amount_fen[SPLIT_PATIENT] = split->patient_fen;
	amount_fen[SPLIT_ADJUSTMENT] = adjustment_fen;
	amount_fen[SPLIT_RECOVERABLE] = recoverable_fen;
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

/* Another split: nothing of it is written yet. */
static inline void
StartSplit(SplitFormer *former, const Split *split)
{
	former->split = split;
	former->lines_length = 0;
	former->tuple_length = 0;
}

/* Write the lines, once; returns their length. */
static int
WriteLines(SplitFormer *former)
{
	if (former->lines_length == 0)
	{
		former->lines_length = VARHDRSZ + LinesEncode(former->split, &former->lines_head, former->lines + VARHDRSZ);
		SET_VARSIZE(former->lines, former->lines_length);
	}
	return former->lines_length;
}

/* Write the tuple, once; returns its length. */
static int
WriteTuple(SplitFormer *former)
{
	int64		amount_fen[SPLIT_AMOUNTS];
	char	   *start = former->tuple;
	char	   *p = start + former->header_length;
	char	   *lines;

	if (former->tuple_length > 0)
		return former->tuple_length;
	SplitAmounts(former->split, amount_fen);
	memcpy(start, former->header, former->header_length);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		p = PutAmount(former, p, amount_fen[i]);
	lines = start + INTALIGN(p - start);
	memset(p, 0, lines - p);
	memcpy(lines, former->lines, WriteLines(former));
	former->tuple_length = (int) (lines - start) + former->lines_length;
	HeapTupleHeaderSetDatumLength((HeapTupleHeader) start, former->tuple_length);
	return former->tuple_length;
}

Datum
FormSplit(SplitFormer *former, const Split *split)
{
	char	   *tuple;
	int			length;

	StartSplit(former, split);
	length = WriteTuple(former);
	tuple = palloc(length);
	memcpy(tuple, former->tuple, length);
	return PointerGetDatum(tuple);
}

/* ---- as an expanded record ---- */

static Size
TupleSize(ExpandedObjectHeader *record)
{
	return WriteTuple(((SplitShow *) record)->former);
}

static void
FlattenTuple(ExpandedObjectHeader *record, void *result, Size size)
{
	SplitFormer *former = ((SplitShow *) record)->former;

	Assert(size == former->tuple_length);
	memcpy(result, former->tuple, size);
}

static SplitFormer *
FormerOfLines(ExpandedObjectHeader *lines)
{
	return ((SplitShow *) ((char *) lines - offsetof(SplitShow, lines)))->former;
}

static Size
LinesSize(ExpandedObjectHeader *lines)
{
	return WriteLines(FormerOfLines(lines));
}

static void
FlattenLines(ExpandedObjectHeader *lines, void *result, Size size)
{
	SplitFormer *former = FormerOfLines(lines);

	Assert(size == former->lines_length);
	memcpy(result, former->lines, size);
}

static const ExpandedObjectMethods tuple_methods = {TupleSize, FlattenTuple};
static const ExpandedObjectMethods lines_methods = {LinesSize, FlattenLines};

SplitShow *
NewSplitShow(SplitFormer *former, Oid type_id, MemoryContext memory)
{
	SplitShow  *show = MemoryContextAllocZero(memory, sizeof(SplitShow));
	MemoryContext old = MemoryContextSwitchTo(memory);

	InitShown(&show->record, &tuple_methods, lookup_rowtype_tupdesc_copy(type_id, -1), show->values, show->nulls, memory);
	EOH_init_header(&show->lines, &lines_methods, memory);
	show->former = former;
	show->zero = FenToNumeric(0);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		show->values[i] = show->zero;
	show->values[SPLIT_AMOUNTS] = EOHPGetRODatum(&show->lines);
	MemoryContextSwitchTo(old);
	return show;
}

/* Most amounts are 0 on most bills: what was 0 before and is 0 now need not be shown anew. */
Datum
ShowSplit(SplitShow *show, const Split *split)
{
	int64		amount_fen[SPLIT_AMOUNTS];
	uint32		written = 0;

	StartSplit(show->former, split);
	SplitAmounts(split, amount_fen);
#pragma GCC unroll 14
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		written |= (uint32) (amount_fen[i] != 0) << i;
	for (uint32 gone = show->written & ~written; gone != 0; gone &= gone - 1)
		show->values[pg_rightmost_one_pos32(gone)] = show->zero;
	show->written = written;
	for (; written != 0; written &= written - 1)
	{
		int			i = pg_rightmost_one_pos32(written);

		NumericWrite(show->amounts[i], amount_fen[i]);
		show->values[i] = PointerGetDatum(show->amounts[i]);
	}
	return ShownGetDatum(&show->record);
}
