/*
 * posting.c — a ledger written straight into settlement, payment and person_account, as one statement would. How these tables are
 * written is kept in the session until one of them changes; where one has what only statements do, ledger.c writes statements.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "register/ledger_rows.h"
#include "register/posting.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "write/table_writer.h"

#define SCHEMA "assistance_register"

/* ---- what is kept ---- */

/* columns of person_account that a posting changes */
enum
{
	U_PERSON, U_ACCOUNT, U_ORDERED_AT, U_SEQ, U_CLAIMS, U_KNOWN_AT, U_STALE_SINCE, U_STALE_REASON, U_SETTLED_AT, U_COLUMNS
};

typedef struct KeptTable
{
	const char *name;
	CmdType		command;
	int			n_columns;
	const char *const *columns;
	const Oid  *types;
	/* the rest is of the table as it is now */
	Oid			relation;
	uint64		seen;			/* changes, when it was looked at */
	MemoryContext memory;
	TableForm  *form;			/* NULL: by statements only */
	Oid			key;			/* of persons, to find an account; of settlement, whose rows are there for certain */
} KeptTable;

static const char *const settlement_columns[S_COLUMNS] = {
	"person_id", "claim_id", "revision", "entry", "corrects_revision", "reason", "region", "scheme", "total", "basic", "critical",
	"supplementary", "assistance", "tilt", "emergency", "government", "other", "charity", "hospital", "patient", "adjustment",
	"recoverable", "bill", "lines", "digest", "engine", "known_publication", "known_at"
};
static const char *const payment_columns[P_COLUMNS] = {
	"person_id", "claim_id", "revision", "layer", "kind", "entry", "place", "state", "amount", "owed_by", "owed_to"
};
static const char *const account_columns[U_COLUMNS] = {
	"person_id", "account", "last_ordered_at", "last_seq", "claims", "known_at", "stale_since", "stale_reason", "settled_at"
};
static const Oid account_types[U_COLUMNS] = {
	INT8OID, JSONOID, TIMESTAMPOID, INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID
};

enum
{
	SETTLEMENT, PAYMENT, ACCOUNT, TABLES
};

static KeptTable kept[TABLES] = {
	[SETTLEMENT] = {"settlement", CMD_INSERT, S_COLUMNS, settlement_columns, settlement_types},
	[PAYMENT] = {"payment", CMD_INSERT, P_COLUMNS, payment_columns, payment_types},
	[ACCOUNT] = {"person_account", CMD_UPDATE, U_COLUMNS, account_columns, account_types}
};

static uint64 changes;			/* of any of these tables, as far as this session has heard */

static void
NoteChange(Datum unused, Oid relation)
{
	for (int i = 0; i < TABLES; i++)
		if (!OidIsValid(relation) || relation == kept[i].relation)
			changes++;
}

/* The primary key, if it is that of persons; 0: another, or none */
static Oid
KeyOfPersons(Relation table, AttrNumber person)
{
	Relation	key;
	bool		is_person;

	list_free(RelationGetIndexList(table));
	if (!OidIsValid(table->rd_pkindex))
		return InvalidOid;
	key = index_open(table->rd_pkindex, AccessShareLock);
	is_person = key->rd_index->indnkeyatts == 1 && key->rd_index->indkey.values[0] == person;
	index_close(key, AccessShareLock);
	return is_person ? table->rd_pkindex : InvalidOid;
}

/* The foreign key by which a payment needs its settlement; 0: none. Both are written together, the settlement first. */
static Oid
KeyOfSettlement(Relation payment, Oid settlement)
{
	ListCell   *cell;

	foreach(cell, RelationGetFKeyList(payment))
	{
		const ForeignKeyCacheInfo *key = lfirst(cell);
		int			same = 0;

		for (int i = 0; key->confrelid == settlement && i < key->nkeys; i++)
			for (int k = P_PERSON; k <= P_REVISION; k++)
				same += key->conkey[i] == get_attnum(RelationGetRelid(payment), payment_columns[k]) &&
					key->confkey[i] == get_attnum(settlement, settlement_columns[k]);
		if (same == key->nkeys)
			return key->conoid;
	}
	return InvalidOid;
}

/* What a form needs beside its columns */
static bool
TakeKey(KeptTable *keep, Relation table)
{
	keep->key = InvalidOid;
	if (keep == &kept[ACCOUNT])
		keep->key = KeyOfPersons(table, keep->form->filled[U_PERSON].number);
	if (keep == &kept[PAYMENT])
		keep->key = KeyOfSettlement(table, kept[SETTLEMENT].relation);
	return keep != &kept[ACCOUNT] || OidIsValid(keep->key);
}

/* Look at the table as it is now */
static void
LookAt(KeptTable *keep, Relation table)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance table form", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	FilledColumn filled[BATCH_MAX_COLUMNS];

	for (int i = 0; i < keep->n_columns; i++)
		filled[i] = (FilledColumn) {get_attnum(RelationGetRelid(table), keep->columns[i]), keep->types[i], -1};
	keep->form = MakeTableForm(table, keep->command, filled, keep->n_columns);
	if (keep->form != NULL && !TakeKey(keep, table))
		keep->form = NULL;
	MemoryContextSwitchTo(old);
	/* who is still writing with the old form does so in this transaction */
	if (keep->memory != NULL)
		MemoryContextSetParent(keep->memory, TopTransactionContext);
	MemoryContextSetParent(memory, TopMemoryContext);
	keep->memory = memory;
}

/* Open a table and bring what is kept of it up to date; NULL: it is not there */
static Relation
OpenKept(KeptTable *keep)
{
	static bool listening;
	Oid			schema = get_namespace_oid(SCHEMA, true);
	Oid			relation = OidIsValid(schema) ? get_relname_relid(keep->name, schema) : InvalidOid;
	Relation	table;
	uint64		now;

	if (!listening)
	{
		CacheRegisterRelcacheCallback(NoteChange, (Datum) 0);
		listening = true;
	}
	if (!OidIsValid(relation))
		return NULL;
	table = table_open(relation, RowExclusiveLock);
	now = changes;
	if (keep->relation != relation || keep->seen != now)
	{
		keep->relation = relation;
		keep->form = NULL;
		LookAt(keep, table);
		keep->seen = now;
	}
	return table;
}

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
Insert(EState *estate, Relation table, const KeptTable *keep, const Batch *batch)
{
	TableWriter *writer;

	if (batch->n == 0)
		return;
	writer = OpenTableWriter(estate, table, keep->form, batch->n);
	if (keep == &kept[PAYMENT])
		PassOver(writer->info, keep->key);
	WriteBatch(writer, batch);
}

/* ---- accounts ---- */

/* An account that is changed */
typedef struct AccountUpdate
{
	EState	   *estate;
	Relation	table;
	const TableForm *form;
	ResultRelInfo *info;
	TupleTableSlot *before;		/* only where it is */
	TupleTableSlot *after;
} AccountUpdate;

static void
SetColumn(const AccountUpdate *update, int column, Datum value, bool isnull)
{
	int			k = update->form->filled[column].number - 1;

	update->after->tts_values[k] = value;
	update->after->tts_isnull[k] = isnull;
}

/* The account as the batch has it; what was there has been put into the slot */
static void
ChangeAccount(const AccountUpdate *update, const Batch *batch, int row)
{
	Datum	   *old = update->after->tts_values;
	int			claims = update->form->filled[U_CLAIMS].number - 1;
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

	ScanKeyInit(&key, update->form->filled[U_PERSON].number, BTEqualStrategyNumber, F_INT8EQ, person);
	scan = systable_beginscan(update->table, kept[ACCOUNT].key, true, update->estate->es_snapshot, 1, &key);
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
UpdateAccounts(EState *estate, Relation table, const Batch *batch)
{
	AccountUpdate update = {.estate = estate, .table = table, .form = kept[ACCOUNT].form};

	if (batch->n == 0)
		return;
	update.info = OpenResult(estate, table, update.form);
	update.before = table_slot_create(table, &estate->es_tupleTable);
	update.after = table_slot_create(table, &estate->es_tupleTable);
	for (int row = 0; row < batch->n; row++)
		UpdateAccount(&update, batch, row);
}

/* ---- all ---- */

/* Open the tables; true when all can be written */
static bool
OpenAll(Relation *table)
{
	bool		can = true;

	for (int i = 0; i < TABLES; i++)
	{
		table[i] = OpenKept(&kept[i]);
		can = can && table[i] != NULL && kept[i].form != NULL &&
			MayWriteTable(table[i], kept[i].command == CMD_INSERT ? ACL_INSERT : ACL_SELECT | ACL_UPDATE);
	}
	return can;
}

bool
PostDirectly(const Batch *settlements, const Batch *payments, const Batch *accounts)
{
	Relation	table[TABLES];
	bool		can = OpenAll(table);

	if (can)
	{
		EState	   *estate = BeginWriting();
		MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);

		Insert(estate, table[SETTLEMENT], &kept[SETTLEMENT], settlements);
		Insert(estate, table[PAYMENT], &kept[PAYMENT], payments);
		UpdateAccounts(estate, table[ACCOUNT], accounts);
		MemoryContextSwitchTo(old);
		EndWriting(estate);
	}
	for (int i = 0; i < TABLES; i++)
		if (table[i] != NULL)
			table_close(table[i], NoLock);
	return can;
}
