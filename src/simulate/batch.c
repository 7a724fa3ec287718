/*
 * batch.c — the procedure settle_batch: reads all bills once, then stores the splits chunk by chunk of persons, each chunk with its
 * mark of progress in one transaction. A chunk is a range of hashes, the same in every call: so a call that was interrupted is
 * taken up where it stopped. Everything is done with the caller's privileges, by statements that any user could write.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "simulate/batch.h"
#include "simulate/bytes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#define FETCH_ROWS 1000

/* The arguments, in the order of batch.sql */
enum
{
	ARG_SOURCE,
	ARG_TERMS,
	ARG_TARGET,
	ARG_RUNS,
	ARG_NAME,
	ARG_CHUNKS,
	ARG_BUDGET
};

Settling   *running_batch = NULL;

static const char *const row_column[BATCH_COLUMNS] = {
	"person_number", "person_text", "ordered_at", "seq", "total", "basic", "critical", "supplementary", "assistance", "tilt",
	"emergency", "government", "other", "charity", "hospital", "patient", "adjustment", "recoverable", "lines"
};

/* One call */
typedef struct Batch
{
	Settling	settling;
	char	   *source;			/* as given … */
	SPIPlanPtr	plan;			/* … and how it is read */
	Oid			person_type;
	char	   *target;			/* quoted, with schema */
	char	   *runs_table;
	Datum		name;			/* text */
	Datum		digest;			/* bytea */
	int			chunks_done;
	int64		bills;
	char		record[MAX_RECORD];
} Batch;

static void
RefuseBatch(const char *message, const char *found, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_BATCH),
			 errmsg("%s", message),
			 errdetail("Found %s.", found),
			 errhint("Expected %s.", expected)));
}

static char *
QualifiedName(Oid relation)
{
	const char *name = get_rel_name(relation);

	if (name == NULL)
		RefuseBatch("no such table", psprintf("no relation %u", relation), "the name of a table");
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), name);
}

/* ---- the table of runs ---- */

/* Run a statement of ours with the name of the run as $1 and up to two more arguments */
static void
Execute(Batch *batch, const char *statement, int expected, int n_more, Oid type, Datum first, Datum second)
{
	Oid			types[3] = {TEXTOID, type, type};
	Datum		values[3] = {batch->name, first, second};
	int			result = SPI_execute_with_args(statement, 1 + n_more, types, values, NULL, false, 0);

	if (result != expected)
		elog(ERROR, "%s: %s", statement, SPI_result_code_string(result));
}

/* Is the run that stands in the table the one that is asked for? */
static void
CheckSameRun(Batch *batch)
{
	HeapTuple	row = SPI_tuptable->vals[0];
	TupleDesc	desc = SPI_tuptable->tupdesc;
	const char *source = SPI_getvalue(row, desc, 1);
	const char *target = SPI_getvalue(row, desc, 2);
	const char *chunks = SPI_getvalue(row, desc, 3);
	const char *same_terms = SPI_getvalue(row, desc, 5);

	if (strcmp(source, batch->source) != 0 || strcmp(target, batch->target) != 0 || atoi(chunks) != batch->settling.n_chunks ||
		strcmp(same_terms, "t") != 0)
		RefuseBatch("a run of this name was started otherwise",
					psprintf("source %s, target %s, %s chunks%s", source, target, chunks, same_terms[0] == 't' ? "" : ", other terms"),
					"the same arguments, to go on, or another name");
	batch->chunks_done = atoi(SPI_getvalue(row, desc, 4));
}

/* Find the run, or enter it */
static void
EnterRun(Batch *batch)
{
	Oid			types[5] = {TEXTOID, BYTEAOID, TEXTOID, TEXTOID, INT4OID};
	Datum		values[5] = {batch->name, batch->digest, CStringGetTextDatum(batch->source), CStringGetTextDatum(batch->target),
	Int32GetDatum(batch->settling.n_chunks)};

	Execute(batch, psprintf("SELECT source, target, chunks, chunks_done, digest OPERATOR(pg_catalog.=) $2 FROM %s "
							"WHERE name OPERATOR(pg_catalog.=) $1", batch->runs_table), SPI_OK_SELECT, 1, BYTEAOID, batch->digest, 0);
	if (SPI_processed > 0)
	{
		CheckSameRun(batch);
		return;
	}
	if (SPI_execute_with_args(psprintf("INSERT INTO %s (name, digest, source, target, chunks) VALUES ($1, $2, $3, $4, $5)",
									   batch->runs_table), 5, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not enter the run");
}

/* ---- reading ---- */

/* The statement that reads person and bill: of a table, or of a query */
static char *
SourceQuery(const char *source)
{
	const char *word = source + strspn(source, " \t\r\n(");

	if (pg_strncasecmp(word, "select", 6) == 0 || pg_strncasecmp(word, "with", 4) == 0 || pg_strncasecmp(word, "values", 6) == 0 ||
		pg_strncasecmp(word, "table ", 6) == 0)
		return psprintf("SELECT batch_source.person, batch_source.bill FROM (%s\n) batch_source", source);
	return psprintf("SELECT batch_source.person, batch_source.bill FROM %s batch_source",
					QualifiedName(DatumGetObjectId(DirectFunctionCall1(regclassin, CStringGetDatum(source)))));
}

/* Read-only, with bills, and with persons that can be told apart? */
static void
PrepareSource(Batch *batch)
{
	TupleDesc	desc;
	Oid			type;

	batch->plan = SPI_prepare(SourceQuery(batch->source), 0, NULL);
	if (batch->plan == NULL || !SPI_is_cursor_plan(batch->plan))
		RefuseBatch("the source cannot be read", "another statement", "the name of a table, or one SELECT");
	desc = linitial_node(CachedPlanSource, SPI_plan_get_plan_sources(batch->plan))->resultDesc;
	batch->person_type = type = TupleDescAttr(desc, 0)->atttypid;
	batch->settling.text_persons = type == TEXTOID || type == VARCHAROID;
	if (!batch->settling.text_persons && type != INT8OID && type != INT4OID)
		RefuseBatch("the persons of the source cannot be told apart", format_type_be(type),
					"a column person of type bigint, integer or text");
	if (!IsColumnOf(desc, 1, "assistance.bill"))
		RefuseBatch("the source has no bills", format_type_be(TupleDescAttr(desc, 1)->atttypid),
					"a column bill of type assistance.bill, made by make_bill");
}

/* One row of the source; persons of chunks that are stored already are passed over */
static void
KeepRow(Batch *batch, HeapTuple row, TupleDesc desc)
{
	Settling   *settling = &batch->settling;
	bool		no_person;
	bool		no_bill;
	Datum		value = SPI_getbinval(row, desc, 1, &no_person);
	Datum		bill = SPI_getbinval(row, desc, 2, &no_bill);
	int64		person;
	const char *key = NULL;
	int			key_length = 0;
	uint64		hash;

	if (no_person)
		RefuseNull("person");
	if (no_bill)
		RefuseNull("bill");
	if (settling->text_persons)
	{
		text	   *name = DatumGetTextPP(value);

		key = VARDATA_ANY(name);
		key_length = VARSIZE_ANY_EXHDR(name);
		if (key_length > MAX_PERSON_KEY)
			RefuseBatch("the key of a person is too long", psprintf("%d bytes", key_length), "at most 255 bytes");
		person = (int64) HashBytes(0, key, key_length);
	}
	else
		person = batch->person_type == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
	hash = Mix((uint64) person);
	if (RunOf(settling->runs, hash) < FirstRun(batch->chunks_done, settling->n_chunks))
		return;
	RunsAdd(settling->runs, hash, batch->record,
			RecordWrite(settling->profiles, person, key, key_length, bill, batch->record));
	batch->bills++;
}

/* All bills of the source, by run */
static void
ReadSource(Batch *batch)
{
	Portal		portal;

	PushActiveSnapshot(GetTransactionSnapshot());
	portal = SPI_cursor_open(NULL, batch->plan, NULL, NULL, true);
	do
	{
		MemoryContext rows = AllocSetContextCreate(CurrentMemoryContext, "assistance batch rows", ALLOCSET_DEFAULT_SIZES);
		MemoryContext old = MemoryContextSwitchTo(rows);

		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, FETCH_ROWS);
		for (uint64 i = 0; i < SPI_processed; i++)
			KeepRow(batch, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
		SPI_freetuptable(SPI_tuptable);
		MemoryContextSwitchTo(old);
		MemoryContextDelete(rows);
	} while (SPI_processed > 0);
	SPI_cursor_close(portal);
	PopActiveSnapshot();
}

/* ---- storing ---- */

/* The column of batch_rows for a column of the target; -1: there is none */
static int
RowColumn(const char *column, bool text_persons)
{
	for (int i = text_persons ? 1 : 0; i < BATCH_COLUMNS; i++)
		if (strcmp(column, i < 2 ? "person" : row_column[i]) == 0)
			return i;
	return -1;
}

/* INSERT into those columns of the target that batch_rows has */
static char *
InsertStatement(Batch *batch, Oid target)
{
	Relation	relation = table_open(target, AccessShareLock);
	TupleDesc	desc = RelationGetDescr(relation);
	StringInfoData columns;
	StringInfoData values;

	initStringInfo(&columns);
	initStringInfo(&values);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);
		int			k = RowColumn(NameStr(column->attname), batch->settling.text_persons);

		if (column->attisdropped || column->attgenerated != '\0' || k < 0)
			continue;
		batch->settling.wanted |= 1u << k;
		appendStringInfo(&columns, "%s%s", columns.len > 0 ? ", " : "", quote_identifier(NameStr(column->attname)));
		appendStringInfo(&values, "%sr.%s", values.len > 0 ? ", " : "", row_column[k]);
	}
	table_close(relation, AccessShareLock);
	if ((batch->settling.wanted & 3) == 0)
		RefuseBatch("the target has no column for the person", batch->target,
					"columns person, ordered_at, seq, and amounts of assistance.split");
	return psprintf("INSERT INTO %s (%s) SELECT %s FROM assistance.batch_rows() r",
					batch->target, columns.data, values.data);
}

/* Take the next chunk: in the same transaction as its rows, so that they stand together or not at all */
static void
TakeChunk(Batch *batch)
{
	Execute(batch, psprintf("UPDATE %s SET chunks_done = chunks_done OPERATOR(pg_catalog.+) 1, "
							"updated_at = pg_catalog.clock_timestamp(), "
							"finished_at = CASE WHEN chunks_done OPERATOR(pg_catalog.+) 1 OPERATOR(pg_catalog.=) chunks "
							"THEN pg_catalog.clock_timestamp() END "
							"WHERE name OPERATOR(pg_catalog.=) $1 AND chunks_done OPERATOR(pg_catalog.=) $2", batch->runs_table),
			SPI_OK_UPDATE, 1, INT4OID, Int32GetDatum(batch->settling.chunk), 0);
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_BATCH_BUSY),
				 errmsg("another session works on this run"),
				 errdetail("Chunk %d of run %s has been taken.", batch->settling.chunk + 1, TextDatumGetCString(batch->name)),
				 errhint("Let that session finish, or end it and call settle_batch again.")));
}

static void
StoreChunk(Batch *batch, const char *insert)
{
	int			result;

	TakeChunk(batch);
	result = SPI_execute(insert, false, 0);
	if (result != SPI_OK_INSERT)
		elog(ERROR, "%s: %s", insert, SPI_result_code_string(result));
	Execute(batch, psprintf("UPDATE %s SET bills_stored = bills_stored OPERATOR(pg_catalog.+) $2 "
							"WHERE name OPERATOR(pg_catalog.=) $1", batch->runs_table),
			SPI_OK_UPDATE, 1, INT8OID, Int64GetDatum(batch->settling.bills), 0);
}

/* From the first chunk that is missing to the last */
static void
RunBatch(Batch *batch, Oid target)
{
	char	   *insert;

	PrepareSource(batch);
	insert = InsertStatement(batch, target);
	EnterRun(batch);
	SPI_commit();
	if (batch->chunks_done == batch->settling.n_chunks)
	{
		ereport(NOTICE, (errmsg("run %s is complete", TextDatumGetCString(batch->name))));
		return;
	}
	ReadSource(batch);
	Execute(batch, psprintf("UPDATE %s SET bills_read = bills_stored OPERATOR(pg_catalog.+) $2, "
							"updated_at = pg_catalog.clock_timestamp() WHERE name OPERATOR(pg_catalog.=) $1", batch->runs_table),
			SPI_OK_UPDATE, 1, INT8OID, Int64GetDatum(batch->bills), 0);
	SPI_commit();
	for (batch->settling.chunk = batch->chunks_done; batch->settling.chunk < batch->settling.n_chunks; batch->settling.chunk++)
	{
		StoreChunk(batch, insert);
		SPI_commit();
	}
}

/* ---- the call ---- */

static void
CheckArguments(FunctionCallInfo fcinfo)
{
	static const char *const name[] = {"source", "terms", "target", "runs", "name", "chunks"};

	for (int i = 0; i < lengthof(name); i++)
		if (PG_ARGISNULL(i))
			RefuseNull(name[i]);
	if (PG_GETARG_INT32(ARG_CHUNKS) < 1 || PG_GETARG_INT32(ARG_CHUNKS) > MAX_RUNS)
		RefuseBatch("the number of chunks is out of range", psprintf("%d", PG_GETARG_INT32(ARG_CHUNKS)), "1 to 1024");
	if (!PG_ARGISNULL(ARG_BUDGET) && PG_GETARG_INT64(ARG_BUDGET) <= 0)
		RefuseBatch("the budget is out of range", "no bytes", "a number of bytes above 0, or null for maintenance_work_mem");
	if (fcinfo->context == NULL || !IsA(fcinfo->context, CallContext) || castNode(CallContext, fcinfo->context)->atomic)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
				 errmsg("settle_batch commits and cannot run inside a transaction block"),
				 errhint("CALL it outside BEGIN … COMMIT and outside functions.")));
	if (running_batch != NULL)
		RefuseBatch("a batch is running in this session", "a call inside a call", "one batch at a time");
}

/* Everything that the call needs, in memory that its commits leave alone */
static Batch *
NewBatch(FunctionCallInfo fcinfo)
{
	MemoryContext memory = AllocSetContextCreate(PortalContext, "assistance batch", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Batch	   *batch = palloc0(sizeof(Batch));
	Settling   *settling = &batch->settling;

	settling->memory = memory;
	settling->n_chunks = PG_GETARG_INT32(ARG_CHUNKS);
	settling->fold = palloc_extended(sizeof(Fold), MCXT_ALLOC_HUGE);
	FoldOpen(settling->fold, OpenBook(&settling->use, memory, PG_GETARG_DATUM(ARG_TERMS)));
	settling->profiles = NewProfiles(memory);
	settling->runs = NewRuns(memory, PG_ARGISNULL(ARG_BUDGET) ? (Size) maintenance_work_mem * 1024 :
							 (Size) PG_GETARG_INT64(ARG_BUDGET));
	settling->runs->across_transactions = true;
	RunsSplit(settling->runs, MAX_RUNS);
	batch->source = text_to_cstring(PG_GETARG_TEXT_PP(ARG_SOURCE));
	batch->target = QualifiedName(PG_GETARG_OID(ARG_TARGET));
	batch->runs_table = QualifiedName(PG_GETARG_OID(ARG_RUNS));
	batch->name = PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(ARG_NAME)));
	batch->digest = PointerGetDatum(cstring_to_text_with_len((const char *) settling->use.digest, DIGEST_BYTES));
	MemoryContextSwitchTo(old);
	return batch;
}

PG_FUNCTION_INFO_V1(assistance_settle_batch);
Datum
assistance_settle_batch(PG_FUNCTION_ARGS)
{
	Batch	   *batch;

	CheckArguments(fcinfo);
	batch = NewBatch(fcinfo);
	if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "settle_batch cannot connect to SPI");
	running_batch = &batch->settling;
	PG_TRY();
	{
		RunBatch(batch, PG_GETARG_OID(ARG_TARGET));
	}
	PG_FINALLY();
	{
		running_batch = NULL;
		RunsClose(batch->settling.runs);
	}
	PG_END_TRY();
	SPI_finish();
	MemoryContextDelete(batch->settling.memory);
	PG_RETURN_VOID();
}
