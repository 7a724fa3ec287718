/*
 * batch.c — the procedure settle_batch: reads the source once, then stores it chunk by chunk of persons, each chunk with its mark
 * of progress in one transaction. A chunk is a range of hashes, the same in every call: so a call that was interrupted is taken
 * up where it stopped. Everything is done with the caller's privileges.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "simulate/batch.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "write/table_writer.h"

/* The arguments, in the order of batch.sql */
enum
{
	ARG_SOURCE,
	ARG_TERMS,
	ARG_TARGET,
	ARG_RUNS,
	ARG_NAME,
	ARG_CHUNKS,
	ARG_BUDGET,
	ARG_COLUMNS
};

/* What is looked up of a run, in this order */
enum
{
	RUN_SOURCE,
	RUN_TARGET,
	RUN_CHUNKS,
	RUN_CHUNKS_DONE,
	RUN_OTHER,					/* how else it differs from the call; empty: it does not */
	RUN_COLUMNS
};

/* One call */
typedef struct Batch
{
	Settling	settling;
	BatchSource reading;
	char	   *source;			/* as given */
	Oid			target_id;
	char	   *target;			/* quoted, with schema */
	ArrayType  *mapping;		/* NULL: none */
	char	   *runs_table;
	Datum		name;			/* text */
	Datum		digest;			/* bytea */
	int			chunks_done;
	SPIPlanPtr	take_plan;		/* the statements of every chunk, prepared once */
	SPIPlanPtr	count_plan;
} Batch;

void
RefuseBatch(const char *message, const char *found, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_BATCH),
			 errmsg("%s", message),
			 errdetail("Found %s.", found),
			 errhint("Expected %s.", expected)));
}

char *
QualifiedName(Oid relation)
{
	const char *name = get_rel_name(relation);

	if (name == NULL)
		RefuseBatch("no such table", psprintf("no relation %u", relation), "the name of a table");
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), name);
}

/* ---- the table of runs ---- */

/* Run a statement of ours on the table of runs; how many rows it met */
static uint64
Execute(const char *statement, int expected, int n, Oid *types, Datum *values, const char *nulls)
{
	int			result = SPI_execute_with_args(statement, n, types, values, nulls, false, 0);

	if (result != expected)
		elog(ERROR, "%s: %s", statement, SPI_result_code_string(result));
	return SPI_processed;
}

static void
RefuseBusy(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_BATCH_BUSY),
			 errmsg("another session works on this run"),
			 errdetail("%s", detail),
			 errhint("Let that session finish, or end it and call settle_batch again.")));
}

/* The table is the caller's own: a row of it may say what settle_batch never wrote. */
static void
RefuseDamagedRun(const Batch *batch, const char *found)
{
	RefuseBatch("the table of runs is damaged", found,
				psprintf("one row of the name, without nulls, 0 <= chunks_done <= chunks: UPDATE %s SET … WHERE name = %s, or another name",
						 batch->runs_table, quote_literal_cstr(TextDatumGetCString(batch->name))));
}

/* The columns of the run that has been looked for */
static void
ReadRun(const Batch *batch, char *value[RUN_COLUMNS])
{
	TupleDesc	desc = SPI_tuptable->tupdesc;

	if (SPI_processed > 1)
		RefuseDamagedRun(batch, psprintf(UINT64_FORMAT " rows of one name", SPI_processed));
	for (int i = 0; i < RUN_COLUMNS; i++)
	{
		value[i] = SPI_getvalue(SPI_tuptable->vals[0], desc, i + 1);
		if (value[i] == NULL)
			RefuseDamagedRun(batch, psprintf("a run whose %s is null", NameStr(TupleDescAttr(desc, i)->attname)));
	}
}

/* Does nobody work on the run? */
static void
LockRun(Batch *batch)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {batch->name};

	if (Execute(psprintf("SELECT FROM %s WHERE name OPERATOR(pg_catalog.=) $1 FOR NO KEY UPDATE SKIP LOCKED", batch->runs_table),
				SPI_OK_SELECT, 1, types, values, NULL) != 1)
		RefuseBusy("It is storing a chunk.");
}

/* Is the run that stands in the table the one that is asked for? */
static void
CheckRun(Batch *batch)
{
	char	   *value[RUN_COLUMNS];

	ReadRun(batch, value);
	if (strcmp(value[RUN_SOURCE], batch->source) != 0 || strcmp(value[RUN_TARGET], batch->target) != 0 ||
		atoi(value[RUN_CHUNKS]) != batch->settling.n_chunks || value[RUN_OTHER][0] != '\0')
		RefuseBatch("a run of this name was started otherwise",
					psprintf("source %s, target %s, %s chunks%s", value[RUN_SOURCE], value[RUN_TARGET], value[RUN_CHUNKS],
							 value[RUN_OTHER]),
					"the same arguments, to go on, or another name");
	batch->chunks_done = atoi(value[RUN_CHUNKS_DONE]);
	if (batch->chunks_done < 0 || batch->chunks_done > batch->settling.n_chunks)
		RefuseDamagedRun(batch, psprintf("chunks_done %d of %d chunks", batch->chunks_done, batch->settling.n_chunks));
}

/* Find the run, or enter it */
static void
EnterRun(Batch *batch)
{
	Oid			types[6] = {TEXTOID, BYTEAOID, TEXTOID, TEXTOID, INT4OID, TEXTARRAYOID};
	Datum		values[6] = {batch->name, batch->digest, CStringGetTextDatum(batch->source), CStringGetTextDatum(batch->target),
	Int32GetDatum(batch->settling.n_chunks), PointerGetDatum(batch->mapping)};
	const char *nulls = batch->mapping == NULL ? "     n" : NULL;

	/* the columns in the order of RUN_… */
	if (Execute(psprintf("SELECT source, target, chunks::pg_catalog.int4, chunks_done::pg_catalog.int4, pg_catalog.concat("
						 "CASE WHEN digest IS NULL OR digest OPERATOR(pg_catalog.<>) $2 THEN ', other terms' END, "
						 "CASE WHEN COALESCE(columns, '{}') OPERATOR(pg_catalog.<>) COALESCE($6, '{}') THEN ', other columns' END) "
						 "FROM %s WHERE name OPERATOR(pg_catalog.=) $1", batch->runs_table),
				SPI_OK_SELECT, 6, types, values, nulls) > 0)
	{
		CheckRun(batch);
		LockRun(batch);
	}
	else if (Execute(psprintf("INSERT INTO %s (name, digest, source, target, chunks, columns) "
							  "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING", batch->runs_table),
					 SPI_OK_INSERT, 6, types, values, nulls) != 1)
		RefuseBusy("It has just entered the run.");
}

/* Tell how many bills there are. What another session counted that has stored chunks meanwhile stays as it is. */
static void
CountRead(Batch *batch)
{
	Oid			types[3] = {TEXTOID, INT8OID, INT4OID};
	Datum		values[3] = {batch->name, Int64GetDatum(batch->reading.bills), Int32GetDatum(batch->chunks_done)};

	if (Execute(psprintf("UPDATE %s SET bills_read = bills_stored OPERATOR(pg_catalog.+) $2, "
						 "updated_at = pg_catalog.clock_timestamp() "
						 "WHERE name OPERATOR(pg_catalog.=) $1 AND chunks_done OPERATOR(pg_catalog.=) $3", batch->runs_table),
				SPI_OK_UPDATE, 3, types, values, NULL) != 1)
		RefuseBusy("It has stored a chunk while the source was read.");
}

/* ---- storing ---- */

/* The target, locked for writing; refuse one that is gone, or no longer as it was when its columns were matched */
static Relation
OpenTarget(Batch *batch)
{
	Relation	target = try_relation_open(batch->target_id, RowExclusiveLock);

	if (target == NULL)
		RefuseBatch("the target is gone", batch->target, "the same table in place, to go on, or another run");
	if (batch->settling.target_desc != NULL && !equalTupleDescs(RelationGetDescr(target), batch->settling.target_desc))
		RefuseBatch("the columns of the target have changed", batch->target, "another call, which goes on after the last chunk");
	return target;
}

/* The same for a statement of every chunk */
static void
ExecuteKept(Batch *batch, SPIPlanPtr *plan, const char *statement, Oid type, Datum value)
{
	Oid			types[2] = {TEXTOID, type};
	Datum		values[2] = {batch->name, value};
	int			result;

	if (*plan == NULL)
	{
		SPIPlanPtr	made = SPI_prepare(statement, 2, types);

		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "%s: %s", statement, SPI_result_code_string(SPI_result));
		*plan = made;
	}
	result = SPI_execute_plan(*plan, values, NULL, false, 0);
	if (result != SPI_OK_UPDATE)
		elog(ERROR, "%s: %s", statement, SPI_result_code_string(result));
}

static void
ForgetPlans(Batch *batch)
{
	if (batch->take_plan != NULL)
		SPI_freeplan(batch->take_plan);
	if (batch->count_plan != NULL)
		SPI_freeplan(batch->count_plan);
}

/* Take the next chunk: in the same transaction as its rows, so that they stand together or not at all */
static void
TakeChunk(Batch *batch)
{
	ExecuteKept(batch, &batch->take_plan,
				psprintf("UPDATE %s SET chunks_done = chunks_done OPERATOR(pg_catalog.+) 1, "
						 "updated_at = pg_catalog.clock_timestamp(), "
						 "finished_at = CASE WHEN chunks_done OPERATOR(pg_catalog.+) 1 OPERATOR(pg_catalog.=) chunks "
						 "THEN pg_catalog.clock_timestamp() END "
						 "WHERE name OPERATOR(pg_catalog.=) $1 AND chunks_done OPERATOR(pg_catalog.=) $2", batch->runs_table),
				INT4OID, Int32GetDatum(batch->settling.chunk));
	if (SPI_processed != 1)
		RefuseBusy(psprintf("Chunk %d of run %s has been taken.", batch->settling.chunk + 1, TextDatumGetCString(batch->name)));
}

/* The rows of the chunk into the target; what that took in memory is given back */
static void
StoreRows(Batch *batch, Relation target)
{
	MemoryContext memory = AllocSetContextCreate(batch->settling.memory, "assistance batch chunk", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);

	if (!WriteDirectly(&batch->settling, target))
	{
		char	   *insert = InsertStatement(&batch->settling, QualifiedName(batch->target_id));
		int			result;

		batch->settling.inserts = true;
		result = SPI_execute(insert, false, 0);
		batch->settling.inserts = false;
		if (result != SPI_OK_INSERT)
			elog(ERROR, "%s: %s", insert, SPI_result_code_string(result));
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
}

static void
StoreChunk(Batch *batch)
{
	Relation	target;

	TakeChunk(batch);
	target = OpenTarget(batch);
	StoreRows(batch, target);
	relation_close(target, NoLock);
	ExecuteKept(batch, &batch->count_plan,
				psprintf("UPDATE %s SET bills_stored = bills_stored OPERATOR(pg_catalog.+) $2 "
						 "WHERE name OPERATOR(pg_catalog.=) $1", batch->runs_table),
				INT8OID, Int64GetDatum(batch->settling.bills));
}

/* Match the target's columns with what the source brings */
static void
MatchTarget(Batch *batch)
{
	Relation	target = OpenTarget(batch);
	MemoryContext old = MemoryContextSwitchTo(batch->settling.memory);

	MatchColumns(&batch->reading, target, batch->mapping);
	batch->settling.target_desc = CreateTupleDescCopyConstr(RelationGetDescr(target));
	MemoryContextSwitchTo(old);
	relation_close(target, NoLock);
}

/* From the first chunk that is missing to the last */
static void
RunBatch(Batch *batch)
{
	Settling   *settling = &batch->settling;

	OpenSource(&batch->reading, settling, batch->source);
	MatchTarget(batch);
	EnterRun(batch);
	SPI_commit();
	if (batch->chunks_done == settling->n_chunks)
	{
		ereport(NOTICE, (errmsg("run %s is complete", TextDatumGetCString(batch->name))));
		return;
	}
	batch->reading.skip_before = FirstRun(batch->chunks_done, settling->n_chunks);
	ReadSource(&batch->reading);
	CountRead(batch);
	SPI_commit();
	for (settling->chunk = batch->chunks_done; settling->chunk < settling->n_chunks; settling->chunk++)
	{
		StoreChunk(batch);
		SPI_commit();
	}
}

/* ---- the call ---- */

/* Is this the table of claims of the register, whose trigger settles what is inserted? */
static bool
IsRegister(Oid relation)
{
	Oid			schema = get_namespace_oid("assistance_register", true);

	return OidIsValid(schema) && relation == get_relname_relid("claim", schema);
}

static void
CheckArguments(FunctionCallInfo fcinfo)
{
	static const char *const name[] = {"source", "terms", "target", "runs", "name", "chunks"};
	bool		registers = !PG_ARGISNULL(ARG_TARGET) && IsRegister(PG_GETARG_OID(ARG_TARGET));

	for (int i = 0; i < lengthof(name); i++)
		if (PG_ARGISNULL(i) && !(i == ARG_TERMS && registers))
			RefuseNull(name[i]);
	if (registers && !PG_ARGISNULL(ARG_TERMS))
		RefuseBatch("the register settles by the policy catalogue", "terms of the caller's", "terms => NULL");
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

/* Bytes of records in memory. All runs are there from the start: with less each would go to the file in pieces of a few records. */
static Size
BudgetOf(FunctionCallInfo fcinfo)
{
	Size		budget = PG_ARGISNULL(ARG_BUDGET) ? (Size) maintenance_work_mem * 1024 : (Size) PG_GETARG_INT64(ARG_BUDGET);

	return Max(budget, (Size) MAX_RUNS * BYTES_PER_RUN);
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
	settling->registers = PG_ARGISNULL(ARG_TERMS);
	if (!settling->registers)
	{
		settling->fold = palloc_extended(sizeof(Fold), MCXT_ALLOC_HUGE);
		FoldOpen(settling->fold, OpenBook(&settling->use, memory, PG_GETARG_DATUM(ARG_TERMS)));
	}
	settling->profiles = NewProfiles(memory);
	settling->runs = NewRuns(memory, BudgetOf(fcinfo));
	settling->runs->across_transactions = true;
	RunsSplit(settling->runs, MAX_RUNS);
	settling->slots = palloc0(WRITER_ROWS * sizeof(TupleTableSlot *));
	batch->source = text_to_cstring(PG_GETARG_TEXT_PP(ARG_SOURCE));
	batch->target_id = PG_GETARG_OID(ARG_TARGET);
	batch->target = QualifiedName(batch->target_id);
	if (!PG_ARGISNULL(ARG_COLUMNS))
		batch->mapping = (ArrayType *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(ARG_COLUMNS));
	batch->runs_table = QualifiedName(PG_GETARG_OID(ARG_RUNS));
	batch->name = PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(ARG_NAME)));
	batch->digest = PointerGetDatum(cstring_to_text_with_len((const char *) settling->use.digest,
															 settling->registers ? 0 : DIGEST_BYTES));
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
		RunBatch(batch);
	}
	PG_FINALLY();
	{
		running_batch = NULL;
		ForgetPlans(batch);
		RunsClose(batch->settling.runs);
	}
	PG_END_TRY();
	SPI_finish();
	MemoryContextDelete(batch->settling.memory);
	PG_RETURN_VOID();
}
