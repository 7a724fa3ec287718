/*
 * posting.c — a ledger written straight into settlement, payment and person_account, as one statement would. Where one of them has
 * what only statements do, ledger.c writes statements.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_trigger.h"
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

/* Is this the guard in a form that passes all that the fold writes (posted.c)? No trigger has changed the rows. */
static bool
IsGuard(const Trigger *trigger, Oid function)
{
	return OidIsValid(function) && trigger->tgfoid == function && TRIGGER_FOR_AFTER(trigger->tgtype) &&
		!TRIGGER_FOR_ROW(trigger->tgtype) && TRIGGER_FOR_INSERT(trigger->tgtype) && trigger->tgnewtable != NULL;
}

/* Do without the triggers whose answer is known, and without the table of new rows where no other needs it */
static void
PassOver(TableWriter *writer, Oid foreign_key, Oid guard)
{
	TriggerDesc *triggers = writer->info->ri_TrigDesc;
	bool		needed = false;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		Trigger    *trigger = &triggers->triggers[i];

		if ((OidIsValid(foreign_key) && trigger->tgconstraint == foreign_key) || IsGuard(trigger, guard))
			trigger->tgenabled = TRIGGER_DISABLED;
		else if (TRIGGER_FOR_INSERT(trigger->tgtype) && trigger->tgnewtable != NULL)
			needed = true;
	}
	if (!needed)
		writer->capture = NULL;
}

/* certain: a foreign key whose rows are there; 0: none */
static void
Insert(EState *estate, const OpenTable *table, const Batch *batch, Oid certain)
{
	TableWriter *writer;

	if (batch->n == 0)
		return;
	writer = OpenTableWriter(estate, table->relation, table->kept.form, batch->n);
	PassOver(writer, certain, table->kept.guard);
	WriteBatch(writer, batch);
}

/* ---- claims ---- */

/* Did this transaction insert the claim, and has it not taken it away? */
static bool
IsOurs(Relation claims, const KeptForm *kept, Datum claim, Snapshot snapshot)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		ours;

	ScanKeyInit(&key, kept->form->filled[0].number, BTEqualStrategyNumber, F_INT8EQ, claim);
	scan = systable_beginscan(claims, kept->index, true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	ours = HeapTupleIsValid(tuple) && TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));
	systable_endscan(scan);
	return ours;
}

/*
 * Nobody else can take away the claims that this transaction has inserted, so that their rows need no lock; when it takes one away
 * itself, the foreign key is checked at the claim.
 */
static bool
ClaimsAreOurs(const Batch *settlements, Snapshot snapshot)
{
	KeptForm	kept;
	Relation	claims = OpenKept(KEPT_CLAIM, &kept);
	int			n = 0;

	if (claims == NULL)
		return false;
	while (n < settlements->n && IsOurs(claims, &kept, settlements->value[S_CLAIM][n], snapshot))
		n++;
	table_close(claims, NoLock);
	return n == settlements->n;
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
	bool		ours = ClaimsAreOurs(settlements, estate->es_snapshot);

	Insert(estate, &table[KEPT_SETTLEMENT], settlements, ours ? table[KEPT_SETTLEMENT].kept.certain : InvalidOid);
	Insert(estate, &table[KEPT_PAYMENT], payments, table[KEPT_PAYMENT].kept.certain);
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
