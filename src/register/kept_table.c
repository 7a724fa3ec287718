/*
 * kept_table.c — tables that settling reads and writes without a statement. How a table is written, and by which index it is read,
 * is found out once and kept in the session until one of these tables changes. Where a table has what only statements do, they run.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "register/kept_table.h"
#include "register/ledger_rows.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* ---- the tables ---- */

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
static const char *const person_columns[] = {"person_id"};
static const char *const claim_columns[] = {"claim_id"};
static const char *const publication_columns[] = {"id", "at"};
static const Oid publication_types[] = {INT8OID, TIMESTAMPTZOID};

#define AMOUNT (((16 << 16) | 2) + VARHDRSZ)	/* the type modifier of numeric(16,2): amounts have no more digits */

/* of the guard */
extern Datum assistance_insurer_first(PG_FUNCTION_ARGS);

/* What a table is used for */
typedef struct Use
{
	const char *schema;
	const char *table;
	CmdType		command;
	AclMode		rights;
	int			n_columns;
	const char *const *columns;
	const Oid  *types;
} Use;

static const Use use_of[KEPT_TABLES] = {
	[KEPT_SETTLEMENT] = {"assistance_register", "settlement", CMD_INSERT, ACL_INSERT, S_COLUMNS, settlement_columns, settlement_types},
	[KEPT_PAYMENT] = {"assistance_register", "payment", CMD_INSERT, ACL_INSERT, P_COLUMNS, payment_columns, payment_types},
	[KEPT_ACCOUNT] = {"assistance_register", "person_account", CMD_UPDATE, ACL_SELECT | ACL_UPDATE, U_COLUMNS, account_columns,
	account_types},
	[KEPT_DETERMINATION] = {"assistance_register", "determination", CMD_SELECT, ACL_SELECT, 1, person_columns, publication_types},
	[KEPT_REFERRAL] = {"assistance_register", "referral", CMD_SELECT, ACL_SELECT, 1, person_columns, publication_types},
	[KEPT_CLAIM] = {"assistance_register", "claim", CMD_SELECT, ACL_SELECT, 1, claim_columns, publication_types},
	[KEPT_PUBLICATION] = {"assistance", "policy_publication", CMD_SELECT, ACL_SELECT, 2, publication_columns, publication_types}
};

/* ---- what is kept ---- */

typedef struct Kept
{
	Oid			relation;
	uint64		seen;			/* changes, when it was looked at */
	MemoryContext memory;
	KeptForm	form;			/* without a form: by statements only */
} Kept;

static Kept kept_of[KEPT_TABLES];
static uint64 changes;			/* of any of these tables, as far as this session has heard */

static void
NoteChange(Datum unused, Oid relation)
{
	for (int i = 0; i < KEPT_TABLES; i++)
		if (!OidIsValid(relation) || relation == kept_of[i].relation)
			changes++;
}

/* Can rows be found by the first key column of this index, whoever asks? */
static bool
Serves(Relation index, AttrNumber column, bool one_row)
{
	return index->rd_rel->relam == BTREE_AM_OID && index->rd_index->indisvalid && !index->rd_index->indcheckxmin &&
		index->rd_index->indkey.values[0] == column && index->rd_opcintype[0] == INT8OID &&
		RelationGetIndexPredicate(index) == NIL &&
		(!one_row || (index->rd_index->indisprimary && index->rd_index->indnkeyatts == 1));
}

/* An index on a column of type bigint; 0: there is none. one_row: the primary key */
static Oid
IndexOn(Relation table, AttrNumber column, bool one_row)
{
	List	   *indexes = RelationGetIndexList(table);
	Oid			found = InvalidOid;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		if (Serves(index, column, one_row))
			found = RelationGetRelid(index);
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return found;
}

/* The foreign key to a table of the register by columns that have the same names in both; 0: none */
static Oid
KeyTo(Relation from, const char *table, const char *const *columns, int n_columns)
{
	Oid			to = get_relname_relid(table, RelationGetNamespace(from));
	ListCell   *cell;

	foreach(cell, RelationGetFKeyList(from))
	{
		const ForeignKeyCacheInfo *key = lfirst(cell);
		int			same = 0;

		for (int i = 0; key->confrelid == to && i < key->nkeys; i++)
			for (int k = 0; k < n_columns; k++)
				same += key->conkey[i] == get_attnum(RelationGetRelid(from), columns[k]) &&
					key->confkey[i] == get_attnum(to, columns[k]);
		if (same == key->nkeys)
			return key->conoid;
	}
	return InvalidOid;
}

/* The function of the guard, if a trigger of the table calls it; 0: none does */
static Oid
GuardOf(Relation table)
{
	for (int i = 0; table->trigdesc != NULL && i < table->trigdesc->numtriggers; i++)
	{
		Oid			function = table->trigdesc->triggers[i].tgfoid;
		char	   *name = get_func_name(function);
		FmgrInfo	called;

		if (name == NULL || strcmp(name, "insurer_first") != 0)
			continue;
		fmgr_info(function, &called);
		if (called.fn_addr == assistance_insurer_first)
			return function;
	}
	return InvalidOid;
}

/* How the table is read and written, in the current memory context */
static void
FindForm(KeptTable table, Relation relation, KeptForm *form)
{
	const Use  *use = &use_of[table];
	FilledColumn filled[S_COLUMNS];	/* no table has more */

	*form = (KeptForm) {NULL};
	for (int i = 0; i < use->n_columns; i++)
		filled[i] = (FilledColumn) {
			get_attnum(RelationGetRelid(relation), use->columns[i]), use->types[i], use->types[i] == NUMERICOID ? AMOUNT : -1
		};
	form->form = MakeTableForm(relation, use->command, filled, use->n_columns);
	if (form->form == NULL)
		return;
	if (table == KEPT_PAYMENT && !form->form->cut[P_AMOUNT])
		form->guard = GuardOf(relation);
	if (table == KEPT_PAYMENT)
		form->certain = KeyTo(relation, "settlement", payment_columns, P_REVISION + 1);
	if (table == KEPT_SETTLEMENT)
		form->certain = KeyTo(relation, "claim", claim_columns, 1);
	if (use->command == CMD_INSERT)
		return;
	form->index = IndexOn(relation, filled[0].number, table == KEPT_ACCOUNT || table == KEPT_CLAIM);
	if (!OidIsValid(form->index))
		form->form = NULL;
}

/* Look at the table as it is now. Who is still at work with the old form is so in this transaction. */
static void
LookAt(KeptTable table, Relation relation)
{
	Kept	   *kept = &kept_of[table];
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance kept table", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	uint64		now = changes;

	kept->relation = RelationGetRelid(relation);
	kept->form = (KeptForm) {NULL};
	FindForm(table, relation, &kept->form);
	MemoryContextSwitchTo(old);
	if (kept->memory != NULL)
		MemoryContextSetParent(kept->memory, TopTransactionContext);
	MemoryContextSetParent(memory, TopMemoryContext);
	kept->memory = memory;
	kept->seen = now;
}

Relation
OpenKept(KeptTable table, KeptForm *kept)
{
	static bool listening;
	const Use  *use = &use_of[table];
	Oid			schema = get_namespace_oid(use->schema, true);
	Oid			id = OidIsValid(schema) ? get_relname_relid(use->table, schema) : InvalidOid;
	Relation	relation;

	if (!listening)
	{
		CacheRegisterRelcacheCallback(NoteChange, (Datum) 0);
		listening = true;
	}
	if (!OidIsValid(id))
		return NULL;
	relation = table_open(id, use->command == CMD_SELECT ? AccessShareLock : RowExclusiveLock);
	if (kept_of[table].relation != id || kept_of[table].seen != changes)
		LookAt(table, relation);
	*kept = kept_of[table].form;
	if (kept->form != NULL && MayDirectly(relation, use->rights))
		return relation;
	table_close(relation, NoLock);
	return NULL;
}

/* ---- reading ---- */

Snapshot
BeginLook(void)
{
	CommandCounterIncrement();
	return RegisterSnapshot(GetTransactionSnapshot());
}

void
EndLook(Snapshot snapshot)
{
	UnregisterSnapshot(snapshot);
}

bool
MayHaveRows(KeptTable table, int64 person_id, Snapshot snapshot)
{
	KeptForm	kept;
	Relation	relation = OpenKept(table, &kept);
	ScanKeyData key;
	SysScanDesc scan;
	bool		found;

	if (relation == NULL)
		return true;
	ScanKeyInit(&key, kept.form->filled[0].number, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(person_id));
	scan = systable_beginscan(relation, kept.index, true, snapshot, 1, &key);
	found = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	table_close(relation, NoLock);
	return found;
}
