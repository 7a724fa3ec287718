/*
 * batch_rows.c — the splits of one chunk of a batch as rows, for the INSERT … SELECT of settle_batch.
 */
#include "postgres.h"

#include "errors.h"
#include "fen.h"
#include "simulate/batch.h"
#include "simulate/sorted.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "value/split.h"

/* What making rows keeps from one to the next */
typedef struct RowMaker
{
	Settling   *settling;
	ReturnSetInfo *rsinfo;
	MemoryContext row_memory;
	Split		split;
	LinesHead	lines_head;
} RowMaker;

static Datum
LinesDatum(RowMaker *maker)
{
	char	   *lines = palloc(VARHDRSZ + LINES_MAX_BYTES);

	SET_VARSIZE(lines, VARHDRSZ + LinesEncode(&maker->split, &maker->lines_head, lines + VARHDRSZ));
	return PointerGetDatum(lines);
}

static void
PutSplit(RowMaker *maker, const char *record)
{
	Datum		values[BATCH_COLUMNS];
	bool		nulls[BATCH_COLUMNS];
	int64		amount_fen[SPLIT_AMOUNTS];
	RecordHead	head;

	RecordReadHead(record, &head);
	SplitAmounts(&maker->split, amount_fen);
	for (int i = 0; i < BATCH_COLUMNS; i++)
		nulls[i] = (maker->settling->wanted >> i & 1) == 0;
	values[0] = Int64GetDatum(head.person);
	values[1] = nulls[1] ? (Datum) 0 : PointerGetDatum(cstring_to_text_with_len(RecordKey(record), RecordKeyLength(record)));
	values[2] = TimestampGetDatum(head.ordered_at);
	values[3] = Int64GetDatum(head.seq);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		values[BATCH_AMOUNTS + i] = nulls[BATCH_AMOUNTS + i] ? (Datum) 0 : FenToNumeric(amount_fen[i]);
	values[BATCH_LINES] = nulls[BATCH_LINES] ? (Datum) 0 : LinesDatum(maker);
	tuplestore_putvalues(maker->rsinfo->setResult, maker->rsinfo->setDesc, values, nulls);
}

static void
SettleRecord(RowMaker *maker, const char *record)
{
	Settling   *settling = maker->settling;
	MemoryContext old = MemoryContextSwitchTo(maker->row_memory);
	const Bill *bill;
	uint32		profile;
	Fault		fault;

	bill = RecordBill(settling->profiles, record, &profile);
	if (SettleStep(settling->fold, bill, &maker->split, NULL, &fault) != ST_OK)
		RefuseBill(&fault, bill);
	PutSplit(maker, record);
	settling->bills++;
	MemoryContextSwitchTo(old);
	MemoryContextReset(maker->row_memory);
	CHECK_FOR_INTERRUPTS();
}

/* All persons of a run */
static void
SettleRun(RowMaker *maker, int number)
{
	Settling   *settling = maker->settling;
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance batch run", ALLOCSET_DEFAULT_SIZES);
	SortedRun	run;

	SortedRunInit(&run, memory);
	SortRun(&run, settling->runs, number, settling->text_persons);
	for (int64 person = 0; person < run.n_persons; person++)
	{
		FoldPerson(settling->fold);
		for (int64 i = run.first[person]; i < run.first[person + 1]; i++)
			SettleRecord(maker, run.entries[i].record);
	}
	MemoryContextDelete(memory);
}

PG_FUNCTION_INFO_V1(assistance_batch_rows);
Datum
assistance_batch_rows(PG_FUNCTION_ARGS)
{
	RowMaker   *maker = palloc0(sizeof(RowMaker));
	Settling   *settling = running_batch;

	if (settling == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_BATCH),
				 errmsg("assistance.batch_rows is called by assistance.settle_batch only"),
				 errhint("CALL assistance.settle_batch(…).")));
	InitMaterializedSRF(fcinfo, 0);
	if (((ReturnSetInfo *) fcinfo->resultinfo)->setDesc->natts != BATCH_COLUMNS)
		elog(ERROR, "batch_rows must return %d columns", BATCH_COLUMNS);
	maker->settling = settling;
	maker->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	maker->row_memory = AllocSetContextCreate(CurrentMemoryContext, "assistance batch row", ALLOCSET_DEFAULT_SIZES);
	settling->bills = 0;
	for (int run = FirstRun(settling->chunk, settling->n_chunks); run < FirstRun(settling->chunk + 1, settling->n_chunks); run++)
		if (RunRecords(settling->runs, run) > 0)
			SettleRun(maker, run);
	return (Datum) 0;
}
