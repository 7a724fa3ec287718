/*
 * batch_rows.c — one chunk of a batch as rows: every person settled in order, or, for the register, the claims as they came. The
 * function batch_rows hands them to an INSERT … SELECT.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "executor/tuptable.h"
#include "fen.h"
#include "lib/stringinfo.h"
#include "simulate/batch.h"
#include "simulate/batch_record.h"
#include "simulate/sorted.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

Settling   *running_batch = NULL;

#define ROW_MEMORY (256 * 1024)
#define AHEAD 4					/* records that the processor is asked for before they are read */

/* What making rows keeps from one to the next */
typedef struct RowMaker
{
	Settling   *settling;
	RowSink		put;
	void	   *sink;
	MemoryContext memory;		/* of rows that the sink may still look at */
	TupleTableSlot *passed;
	const char *record;			/* the one at hand, for errors */
	int64		rows;
	Datum	   *values;
	bool	   *nulls;
	Split		split;
	const Bill *bill;			/* of that record */
	LinesHead	lines_head;
	char		bare[MAX_RECORD];
} RowMaker;

static void
TellWhere(void *arg)
{
	const RowMaker *maker = arg;
	RecordHead	head;

	if (maker->record == NULL)
		return;
	RecordReadHead(maker->record, &head);
	if (maker->settling->text_persons && maker->settling->fold != NULL)
		errcontext("settling person %.*s, chunk %d of %d", RecordKeyLength(maker->record), RecordKey(maker->record),
				   maker->settling->chunk + 1, maker->settling->n_chunks);
	else
		errcontext("settling person %lld, chunk %d of %d", (long long) head.person, maker->settling->chunk + 1,
				   maker->settling->n_chunks);
}

/* ---- one row ---- */

static Datum
LinesDatum(RowMaker *maker)
{
	char	   *lines = palloc(VARHDRSZ + LINES_MAX_BYTES);

	SET_VARSIZE(lines, VARHDRSZ + LinesEncode(&maker->split, &maker->lines_head, lines + VARHDRSZ));
	return PointerGetDatum(lines);
}

static Datum
PersonDatum(const RowMaker *maker)
{
	RecordHead	head;

	if (maker->settling->text_persons)
		return PointerGetDatum(cstring_to_text_with_len(RecordKey(maker->record), RecordKeyLength(maker->record)));
	RecordReadHead(maker->record, &head);
	return maker->settling->person_type == INT4OID ? Int32GetDatum((int32) head.person) : Int64GetDatum(head.person);
}

/* A numeric as short as tuples store it; *room is for it and those behind it */
static inline Datum
AmountDatum(const BatchColumn *column, const int64 *amount_fen, char **room)
{
	char	   *out = *room;
	int64		sum = 0;

	for (uint32 bits = column->amounts; bits != 0; bits &= bits - 1)
		sum += amount_fen[pg_rightmost_one_pos32(bits)];
	*room += NumericWriteShort(out, sum);
	return PointerGetDatum(out);
}

/* The columns of one row, all but those that are passed on */
static void
FillRow(RowMaker *maker)
{
	int64		amount_fen[SPLIT_AMOUNTS];
	char	   *room = palloc(maker->settling->n_columns * NUMERIC_SHORT_MAX);

	SplitAmounts(&maker->split, amount_fen);
	for (int i = 0; i < maker->settling->n_columns; i++)
	{
		const BatchColumn *column = &maker->settling->columns[i];

		switch (column->kind)
		{
			case BATCH_PERSON:
				maker->values[i] = PersonDatum(maker);
				break;
			case BATCH_ORDERED_AT:
				maker->values[i] = TimestampGetDatum(maker->bill->ordered_at);
				break;
			case BATCH_SEQ:
				maker->values[i] = Int64GetDatum(maker->bill->seq);
				break;
			case BATCH_AMOUNT:
				maker->values[i] = AmountDatum(column, amount_fen, &room);
				break;
			case BATCH_LINES:
				maker->values[i] = LinesDatum(maker);
				break;
			case BATCH_PASSED:
				break;
		}
	}
}

/* The columns of the source */
static void
FillPassed(RowMaker *maker, MinimalTuple tuple)
{
	ExecStoreMinimalTuple(tuple, maker->passed, false);
	slot_getallattrs(maker->passed);
	for (int i = 0; i < maker->settling->n_columns; i++)
	{
		const BatchColumn *column = &maker->settling->columns[i];

		if (column->kind != BATCH_PASSED)
			continue;
		maker->values[i] = maker->passed->tts_values[column->passed];
		maker->nulls[i] = maker->passed->tts_isnull[column->passed];
	}
}

/* Settle the bill of a record, or take the record as it is, and hand over the row */
static void
MakeRow(RowMaker *maker, const char *record)
{
	Settling   *settling = maker->settling;
	MemoryContext old = MemoryContextSwitchTo(maker->memory);
	uint32		profile;
	Fault		fault;

	maker->record = record;
	if (settling->passed != NULL)
	{
		FillPassed(maker, RecordDetach(record, maker->bare));
		record = maker->bare;
	}
	if (settling->fold != NULL)
	{
		Status		status;

		maker->bill = RecordBill(settling->profiles, record, &profile);
		status = likely(profile != NO_PROFILE) ?
			SettleAlike(settling->fold, maker->bill, &settling->hints[profile], &maker->split, &fault) :
			SettleStep(settling->fold, maker->bill, &maker->split, NULL, &fault);
		if (status != ST_OK)
			RefuseRecorded(&fault, maker->bill);
		FillRow(maker);
	}
	MemoryContextSwitchTo(old);
	if (maker->put(maker->sink, maker->values, maker->nulls))
		MemoryContextReset(maker->memory);
	maker->rows++;
	CHECK_FOR_INTERRUPTS();
}

/* ---- one run ---- */

/* All persons of a run, each in the order of the bills */
static void
SettleRun(RowMaker *maker, SortedRun *run, int number)
{
	Settling   *settling = maker->settling;

	SortRun(run, settling->runs, number, settling->text_persons);
	for (int64 person = 0; person < run->n_persons; person++)
	{
		FoldPerson(settling->fold);
		for (int64 i = run->first[person]; i < run->first[person + 1]; i++)
		{
			if (i + AHEAD < run->n)
				__builtin_prefetch(run->entries[i + AHEAD].record);
			MakeRow(maker, run->entries[i].record);
		}
	}
}

static void
PassRecord(void *context, const char *record)
{
	MakeRow(context, record);
}

static void
OpenMaker(RowMaker *maker, Settling *settling, RowSink put, void *sink)
{
	if (settling->fold != NULL && settling->hints == NULL)
		settling->hints = MemoryContextAllocZero(settling->memory, Max(1, settling->profiles->keys.n) * sizeof(PlanHint));
	maker->settling = settling;
	maker->put = put;
	maker->sink = sink;
	/* its first block stays when it is reset, large enough for the rows that a sink lets wait */
	maker->memory = AllocSetContextCreate(CurrentMemoryContext, "assistance batch row", ROW_MEMORY, ROW_MEMORY,
										  ALLOCSET_DEFAULT_MAXSIZE);
	maker->values = palloc0(settling->n_columns * sizeof(Datum));
	maker->nulls = palloc0(settling->n_columns * sizeof(bool));
	if (settling->passed != NULL)
		maker->passed = MakeSingleTupleTableSlot(settling->passed, &TTSOpsMinimalTuple);
}

int64
MakeRows(Settling *settling, RowSink put, void *sink)
{
	RowMaker   *maker = palloc0(sizeof(RowMaker));
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance batch run", ALLOCSET_DEFAULT_SIZES);
	SortedRun	sorted;
	ErrorContextCallback callback = {.previous = error_context_stack, .callback = TellWhere, .arg = maker};

	OpenMaker(maker, settling, put, sink);
	SortedRunInit(&sorted, memory);
	error_context_stack = &callback;
	for (int run = FirstRun(settling->chunk, settling->n_chunks); run < FirstRun(settling->chunk + 1, settling->n_chunks); run++)
	{
		if (RunRecords(settling->runs, run) == 0)
			continue;
		if (settling->fold != NULL)
			SettleRun(maker, &sorted, run);
		else
		{
			RunLoad(settling->runs, run, memory, PassRecord, maker);
			MemoryContextReset(memory);
		}
		maker->record = NULL;
	}
	error_context_stack = callback.previous;
	if (maker->passed != NULL)
		ExecDropSingleTupleTableSlot(maker->passed);
	return maker->rows;
}

/* ---- for INSERT ---- */

char *
InsertStatement(const Settling *settling, const char *target)
{
	StringInfoData names;
	StringInfoData types;

	initStringInfo(&names);
	initStringInfo(&types);
	for (int i = 0; i < settling->n_columns; i++)
	{
		const BatchColumn *column = &settling->columns[i];
		const char *comma = i > 0 ? ", " : "";

		appendStringInfo(&names, "%s%s", comma, quote_identifier(column->name));
		appendStringInfo(&types, "%s%s %s", comma, quote_identifier(column->name),
						 format_type_extended(column->type, column->typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY));
	}
	return psprintf("INSERT INTO %s (%s) SELECT * FROM assistance.batch_rows() AS batch_row (%s)", target, names.data, types.data);
}

static bool
PutInStore(void *sink, Datum *values, bool *nulls)
{
	ReturnSetInfo *rsinfo = sink;

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	return true;
}

/*
 * The batch whose INSERT is running. What else runs during a call (functions of the source, triggers of the table of runs, indexes
 * of a target that is written directly) gets no rows: the runs are being filled then, or the fold is with a person. The INSERT may
 * ask more than once, by a rule of the target: what it asks for is complete before anything of the caller's runs.
 */
static Settling *
InsertingBatch(void)
{
	if (running_batch == NULL || !running_batch->inserts)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_BATCH),
				 errmsg("assistance.batch_rows is called by assistance.settle_batch only"),
				 errdetail("It gives its rows to the INSERT of a chunk."),
				 errhint("CALL assistance.settle_batch(…).")));
	return running_batch;
}

PG_FUNCTION_INFO_V1(assistance_batch_rows);
Datum
assistance_batch_rows(PG_FUNCTION_ARGS)
{
	Settling   *settling = InsertingBatch();
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	if (rsinfo->setDesc->natts != settling->n_columns)
		RefuseBatch("assistance.batch_rows is called by assistance.settle_batch only", "a call with other columns",
					"the statement of assistance.settle_batch");
	for (int i = 0; i < settling->n_columns; i++)
		if (TupleDescAttr(rsinfo->setDesc, i)->atttypid != settling->columns[i].type)
			RefuseBatch("assistance.batch_rows is called by assistance.settle_batch only", "a call with other types",
						"the statement of assistance.settle_batch");
	settling->bills = MakeRows(settling, PutInStore, rsinfo);
	return (Datum) 0;
}
