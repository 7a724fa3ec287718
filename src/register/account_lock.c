/*
 * account_lock.c — accounts and their locks. A single one is locked without a statement, in the same way as SELECT … FOR NO KEY
 * UPDATE locks it.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "register/job.h"
#include "register/kept_table.h"
#include "register/plan.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

Datum
Int8Array(const int64 *value, int n)
{
	Datum	   *datum = palloc(Max(n, 1) * sizeof(Datum));

	for (int i = 0; i < n; i++)
		datum[i] = Int64GetDatum(value[i]);
	return PointerGetDatum(construct_array(datum, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

void
AddAccounts(const int64 *person, int n)
{
	Datum		persons = Int8Array(person, n);

	RunPlan(PLAN_ADD_ACCOUNTS, &persons);
}

/* An account from its columns; it is copied. */
static AccountRow
AccountOf(int64 person_id, NullableDatum json, NullableDatum last_ordered_at, NullableDatum last_seq)
{
	if (json.isnull)
		return (AccountRow) {.person_id = person_id, .last_ordered_at = DT_NOBEGIN};
	return (AccountRow) {
		.person_id = person_id, .account = PointerGetDatum(PG_DETOAST_DATUM_COPY(json.value)),
		.last_ordered_at = DatumGetTimestamp(last_ordered_at.value), .last_seq = DatumGetInt64(last_seq.value)
	};
}

static void
RefuseUnlocked(int n)
{
	ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					errmsg("could not lock the accounts of %d persons", n),
					errhint("Run the transaction again.")));
}

/* ---- by statements ---- */

static NullableDatum
ResultColumn(int row, int column)
{
	NullableDatum value;

	value.value = PlanColumn(SPI_tuptable, row, column, &value.isnull);
	return value;
}

/* Lock those that are there; how many */
static int
LockByStatement(const int64 *person, int n, AccountRow *account)
{
	Datum		persons = n == 1 ? Int64GetDatum(person[0]) : Int8Array(person, n);
	int			locked;

	RunPlan(n == 1 ? PLAN_LOCK_ACCOUNT : PLAN_LOCK_ACCOUNTS, &persons);
	locked = (int) SPI_processed;
	for (int i = 0; locked == n && i < n; i++)
	{
		account[i] = AccountOf(DatumGetInt64(ResultColumn(i, 1).value), ResultColumn(i, 2), ResultColumn(i, 3), ResultColumn(i, 4));
		if (account[i].person_id != person[i])
			elog(ERROR, "accounts are out of order");
	}
	SPI_freetuptable(SPI_tuptable);
	return locked;
}

/* ---- one, directly ---- */

/* Lock the version that is in force: wait for who has it, and go on to what they made of it where the isolation allows */
static bool
LockRow(Relation table, HeapTuple tuple, Snapshot snapshot, TupleTableSlot *slot)
{
	uint8		flags = TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS;
	TM_FailureData failure;

	if (!IsolationUsesXactSnapshot())
		flags |= TUPLE_LOCK_FLAG_FIND_LAST_VERSION;
	switch (table_tuple_lock(table, &tuple->t_self, snapshot, slot, GetCurrentCommandId(false), LockTupleNoKeyExclusive,
							 LockWaitBlock, flags, &failure))
	{
		case TM_Ok:
			return true;
		case TM_Updated:
		case TM_Deleted:
			if (IsolationUsesXactSnapshot())
				ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
								errmsg("could not serialize access due to concurrent update")));
			return false;
		case TM_SelfModified:
			return false;
		default:
			elog(ERROR, "an account cannot be locked");
	}
}

static NullableDatum
SlotColumn(TupleTableSlot *slot, const KeptForm *kept, int column)
{
	NullableDatum value;

	value.value = slot_getattr(slot, kept->form->filled[column].number, &value.isnull);
	return value;
}

/* Find and lock; a version that has become another person's does not count. */
static bool
LockByIndex(Relation table, const KeptForm *kept, int64 person, AccountRow *account)
{
	Snapshot	snapshot = BeginLook();
	TupleTableSlot *slot = table_slot_create(table, NULL);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		locked;

	ScanKeyInit(&key, kept->form->filled[U_PERSON].number, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(person));
	scan = systable_beginscan(table, kept->index, true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	locked = HeapTupleIsValid(tuple) && LockRow(table, tuple, snapshot, slot) &&
		DatumGetInt64(SlotColumn(slot, kept, U_PERSON).value) == person;
	if (locked)
		*account = AccountOf(person, SlotColumn(slot, kept, U_ACCOUNT), SlotColumn(slot, kept, U_ORDERED_AT),
							 SlotColumn(slot, kept, U_SEQ));
	systable_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	EndLook(snapshot);
	return locked;
}

static bool
LockOne(int64 person, AccountRow *account)
{
	KeptForm	kept;
	Relation	table = OpenKept(KEPT_ACCOUNT, &kept);
	bool		locked;

	if (table == NULL)
		return LockByStatement(&person, 1, account) == 1;
	locked = LockByIndex(table, &kept, person, account);
	table_close(table, NoLock);
	return locked;
}

/* ---- all ---- */

/* A single account that is missing is added after the first try: nothing is locked by then. Several are added before. */
AccountRow *
LockAccounts(const int64 *person, int n)
{
	AccountRow *account = palloc(n * sizeof(AccountRow));

	if (n == 1 && LockOne(person[0], account))
		return account;
	AddAccounts(person, n);
	if (n == 1 ? !LockOne(person[0], account) : LockByStatement(person, n, account) != n)
		RefuseUnlocked(n);
	return account;
}
