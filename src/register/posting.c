/*
 * posting.c — a ledger written straight into settlement, payment and person_account, as one statement would. Where one of them has
 * what only statements do, ledger.c writes statements.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "register/kept_table.h"
#include "register/ledger_rows.h"
#include "register/posting.h"
#include "utils/fmgroids.h"
#include "utils/timestamp.h"

/* A table while it is written */
typedef struct OpenTable
{
	Relation	relation;
	KeptForm	kept;
} OpenTable;

/* ---- rows ---- */

static void
WriteBatch(TableWriter *writer, const Batch *batch)
{
	Datum		values[BATCH_MAX_COLUMNS];
	bool		nulls[BATCH_MAX_COLUMNS];

	for (int row = 0; row < batch->n; row++)
	{
		for (int i = 0; i < batch->columns; i++)
		{
			values[i] = batch->value[i][row];
			nulls[i] = batch->null[i][row];
		}
		WriteRow(writer, values, nulls);
	}
	CloseTableWriter(writer);
}

/* Do not look whether the rows are there that a foreign key needs */
static void
PassOver(ResultRelInfo *info, Oid foreign_key)
{
	TriggerDesc *triggers = info->ri_TrigDesc;

	for (int i = 0; OidIsValid(foreign_key) && i < triggers->numtriggers; i++)
		if (triggers->triggers[i].tgconstraint == foreign_key)
			triggers->triggers[i].tgenabled = TRIGGER_DISABLED;
}

static void
Insert(EState *estate, const OpenTable *table, const Batch *batch)
{
	TableWriter *writer;

	if (batch->n == 0)
		return;
	writer = OpenTableWriter(estate, table->relation, table->kept.form, batch->n);
	PassOver(writer->info, table->kept.certain);
	WriteBatch(writer, batch);
}

/* ---- accounts ---- */

/* An account that is changed */
typedef struct AccountUpdate
{
	EState	   *estate;
	const OpenTable *table;
	ResultRelInfo *info;
	TupleTableSlot *before;		/* only where it is */
	TupleTableSlot *after;
} AccountUpdate;

static void
SetColumn(const AccountUpdate *update, int column, Datum value, bool isnull)
{
	int			k = update->table->kept.form->filled[column].number - 1;

	update->after->tts_values[k] = value;
	update->after->tts_isnull[k] = isnull;
}

/* The account as the batch has it; what was there has been put into the slot */
static void
ChangeAccount(const AccountUpdate *update, const Batch *batch, int row)
{
	Datum	   *old = update->after->tts_values;
	int			claims = update->table->kept.form->filled[U_CLAIMS].number - 1;
	int64		n = DatumGetInt64(batch->value[A_CLAIMS][row]);
	bool		again = DatumGetBool(batch->value[A_AGAIN][row]);

	SetColumn(update, U_ACCOUNT, batch->value[A_ACCOUNT][row], batch->null[A_ACCOUNT][row]);
	SetColumn(update, U_ORDERED_AT, batch->value[A_ORDERED_AT][row], batch->null[A_ORDERED_AT][row]);
	SetColumn(update, U_SEQ, batch->value[A_SEQ][row], batch->null[A_SEQ][row]);
	SetColumn(update, U_CLAIMS, Int64GetDatum(again ? n : DatumGetInt64(old[claims]) + n), false);
	SetColumn(update, U_SETTLED_AT, TimestampTzGetDatum(GetCurrentTimestamp()), false);
	if (!again)
		return;
	SetColumn(update, U_KNOWN_AT, batch->value[A_KNOWN_AT][row], batch->null[A_KNOWN_AT][row]);
	SetColumn(update, U_STALE_SINCE, (Datum) 0, true);
	SetColumn(update, U_STALE_REASON, (Datum) 0, true);
}

/* All columns of a row into the slot; those that were dropped become null, as by UPDATE */
static void
TakeRow(TupleTableSlot *slot, HeapTuple tuple)
{
	TupleDesc	desc = slot->tts_tupleDescriptor;

	ExecClearTuple(slot);
	heap_deform_tuple(tuple, desc, slot->tts_values, slot->tts_isnull);
	for (int i = 0; i < desc->natts; i++)
		if (TupleDescAttr(desc, i)->attisdropped)
			slot->tts_isnull[i] = true;
}

/* The account is locked: what this transaction sees of it is what is there. */
static void
UpdateAccount(const AccountUpdate *update, const Batch *batch, int row)
{
	Datum		person = batch->value[A_PERSON][row];
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, update->table->kept.form->filled[U_PERSON].number, BTEqualStrategyNumber, F_INT8EQ, person);
	scan = systable_beginscan(update->table->relation, update->table->kept.index, true, update->estate->es_snapshot, 1, &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "the account of person %lld is not there", (long long) DatumGetInt64(person));
	TakeRow(update->after, tuple);
	ChangeAccount(update, batch, row);
	ExecStoreVirtualTuple(update->after);
	update->before->tts_tid = tuple->t_self;
	ExecSimpleRelationUpdate(update->info, update->estate, NULL, update->before, update->after);
	systable_endscan(scan);
	ResetPerTupleExprContext(update->estate);
}

static void
UpdateAccounts(EState *estate, const OpenTable *table, const Batch *batch)
{
	AccountUpdate update = {.estate = estate, .table = table};

	if (batch->n == 0)
		return;
	update.info = OpenResult(estate, table->relation, table->kept.form);
	update.before = table_slot_create(table->relation, &estate->es_tupleTable);
	update.after = table_slot_create(table->relation, &estate->es_tupleTable);
	for (int row = 0; row < batch->n; row++)
		UpdateAccount(&update, batch, row);
}

/* ---- all ---- */

#define TABLES (KEPT_ACCOUNT + 1)

static void
WriteAll(const OpenTable *table, const Batch *settlements, const Batch *payments, const Batch *accounts)
{
	EState	   *estate = BeginWriting();
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);

	Insert(estate, &table[KEPT_SETTLEMENT], settlements);
	Insert(estate, &table[KEPT_PAYMENT], payments);
	UpdateAccounts(estate, &table[KEPT_ACCOUNT], accounts);
	MemoryContextSwitchTo(old);
	EndWriting(estate);
}

bool
PostDirectly(const Batch *settlements, const Batch *payments, const Batch *accounts)
{
	OpenTable	table[TABLES];
	int			n = 0;

	while (n < TABLES && (table[n].relation = OpenKept((KeptTable) n, &table[n].kept)) != NULL)
		n++;
	if (n == TABLES)
		WriteAll(table, settlements, payments, accounts);
	for (int i = 0; i < n; i++)
		table_close(table[i].relation, NoLock);
	return n == TABLES;
}
