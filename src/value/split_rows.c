/*
 * split_rows.c — split_lines and split_left: the lines of a split as rows.
 */
#include "postgres.h"

#include "errors.h"
#include "fen.h"
#include "utils/builtins.h"
#include "utils/typcache.h"
#include "value/lines_value.h"
#include "value/split.h"

/* The lines of a split argument; false when they are null. */
static bool
LinesArgument(FunctionCallInfo fcinfo, StoredLines *lines)
{
	HeapTupleHeader split = PG_GETARG_HEAPTUPLEHEADER(0);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(split), HeapTupleHeaderGetTypMod(split));
	bool		isnull;
	Datum		value;

	CheckSplitType(desc);
	ReleaseTupleDesc(desc);
	value = GetAttributeByNum(split, SPLIT_COLUMNS, &isnull);
	if (!isnull)
		DatumGetLines(value, lines);
	return !isnull;
}

static Datum
CodeText(Code code)
{
	return PointerGetDatum(cstring_to_text_with_len(code.text, code.length));
}

/* The columns of split_lines, in the order of split.sql */
static void
PutLineRow(ReturnSetInfo *rsinfo, int place, const StoredLine *stored)
{
	const Line *line = &stored->line;
	Datum		values[14];
	bool		nulls[14] = {false};
	int			i = 0;

	values[i++] = Int32GetDatum(place);
	values[i++] = CodeText(stored->layer);
	values[i++] = CStringGetTextDatum(layer_kind_name[stored->kind]);
	values[i++] = CStringGetTextDatum(line_state_name[line->state]);
	nulls[i] = stored->rule.text == NULL;
	values[i] = nulls[i] ? (Datum) 0 : CodeText(stored->rule);
	i++;
	values[i++] = ExactToNumeric(line->base);
	values[i++] = ExactToNumeric(line->cumulative);
	values[i++] = ExactToNumeric(line->deductible);
	values[i++] = FenToNumeric(line->due_fen);
	nulls[i] = line->room_fen == NO_ROOM_LIMIT;
	values[i] = nulls[i] ? (Datum) 0 : FenToNumeric(line->room_fen);
	i++;
	values[i++] = FenToNumeric(line->paid_fen);
	values[i++] = FenToNumeric(line->adjustment_fen);
	values[i++] = FenToNumeric(line->recoverable_fen);
	values[i++] = FenToNumeric(line->set_off_fen);
	Assert(i == lengthof(values));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(assistance_split_lines);
Datum
assistance_split_lines(PG_FUNCTION_ARGS)
{
	StoredLines lines;

	InitMaterializedSRF(fcinfo, 0);
	if (LinesArgument(fcinfo, &lines))
		for (int i = 0; i < lines.n_lines; i++)
			PutLineRow((ReturnSetInfo *) fcinfo->resultinfo, i + 1, &lines.lines[i]);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(assistance_split_left);
Datum
assistance_split_left(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	StoredLines lines;

	InitMaterializedSRF(fcinfo, 0);
	if (!LinesArgument(fcinfo, &lines))
		return (Datum) 0;
	for (int i = 0; i < BUCKET_PART + lines.n_parts; i++)
	{
		Datum		values[2];
		bool		nulls[2] = {false, false};

		if (lines.left_fen[i] == 0)
			continue;
		values[0] = CodeText(StoredBucketName(&lines, i));
		values[1] = FenToNumeric(lines.left_fen[i]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
