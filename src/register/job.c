/*
 * job.c — what settling claims and settling again share: the table that a trigger stands on, its rows, its owner; the fold and
 * the books.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "register/job.h"
#include "register/plan.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "value/account.h"
#include "value/bill.h"

#define SCHEMA "assistance_register"

/* ---- the trigger ---- */

static void
RefuseTrigger(const char *function, const char *table, const char *found)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_NO_REGISTER),
			 errmsg("%s is a trigger of " SCHEMA ".%s", function, table),
			 errdetail("Found %s.", found),
			 errhint("CALL assistance.create_register() makes the register's tables and triggers, and repairs them.")));
}

/* Is the table, or one that it is a partition of, the one of this name? */
static bool
IsRegisterTable(Oid relation, const char *table)
{
	Oid			schema = get_namespace_oid(SCHEMA, true);
	Oid			wanted = OidIsValid(schema) ? get_relname_relid(table, schema) : InvalidOid;

	if (!OidIsValid(wanted))
		return false;
	return relation == wanted || (get_rel_relispartition(relation) && list_member_oid(get_partition_ancestors(relation), wanted));
}

/* The trigger that calls the function, as create_register makes it: AFTER, on this table, for each statement or row */
static TriggerData *
TriggerAfter(FunctionCallInfo fcinfo, const char *function, const char *table, bool each_row)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		RefuseTrigger(function, table, "a call that is none of a trigger");
	if (!TRIGGER_FIRED_AFTER(trigger->tg_event) || (TRIGGER_FIRED_FOR_ROW(trigger->tg_event) != 0) != each_row)
		RefuseTrigger(function, table, each_row ? "a trigger that is not AFTER … FOR EACH ROW" :
					  "a trigger that is not AFTER … FOR EACH STATEMENT");
	if (!each_row && trigger->tg_newtable == NULL && trigger->tg_oldtable == NULL)
		RefuseTrigger(function, table, "a trigger without a transition table");
	if (!IsRegisterTable(RelationGetRelid(trigger->tg_relation), table))
		RefuseTrigger(function, table, psprintf("table %s", RelationGetRelationName(trigger->tg_relation)));
	return trigger;
}

TriggerData *
RegisterTrigger(FunctionCallInfo fcinfo, const char *function, const char *table)
{
	return TriggerAfter(fcinfo, function, table, false);
}

TriggerData *
RegisterRowTrigger(FunctionCallInfo fcinfo, const char *function, const char *table)
{
	return TriggerAfter(fcinfo, function, table, true);
}

ActingFor
ActAsOwner(Relation relation)
{
	ActingFor	before;

	GetUserIdAndSecContext(&before.user, &before.security);
	SetUserIdAndSecContext(relation->rd_rel->relowner, before.security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	return before;
}

void
ActAsBefore(const ActingFor *before)
{
	SetUserIdAndSecContext(before->user, before->security);
}

void
ReadRows(Relation relation, Tuplestorestate *rows, const char *const *names, int n_names, RowReader read, void *reader)
{
	TupleDesc	desc = RelationGetDescr(relation);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	int			pointer = tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND);
	int			columns[8];

	Assert(n_names <= (int) lengthof(columns));
	for (int i = 0; i < n_names; i++)
	{
		columns[i] = SPI_fnumber(desc, names[i]);
		if (columns[i] <= 0)
			RefuseTrigger("this function", RelationGetRelationName(relation), psprintf("no column %s", names[i]));
	}
	tuplestore_select_read_pointer(rows, pointer);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
		read(slot, columns, reader);
	ExecDropSingleTupleTableSlot(slot);
}

Datum
RequiredColumn(TupleTableSlot *slot, int column)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, column, &isnull);

	if (isnull)
		elog(ERROR, "column %d of a row of the register is null", column);
	return value;
}

/* ---- the fold ---- */

/* The backend's fold. It is large, so it is kept; a job within a job gets one of its own. */
static Fold *kept_fold;
static uint64 kept_bound;
static bool kept_fold_taken;

static void
ReturnKeptFold(void *unused)
{
	kept_fold_taken = false;
}

static void
TakeFold(SettleJob *job)
{
	MemoryContextCallback *callback;

	if (kept_fold_taken)
	{
		job->fold = MemoryContextAllocExtended(job->memory, sizeof(Fold), MCXT_ALLOC_HUGE);
		job->bound = MemoryContextAllocZero(job->memory, sizeof(uint64));
		AccountInit(&job->fold->account);
		job->fold->notes_reached = false;
		return;
	}
	if (kept_fold == NULL)
	{
		kept_fold = MemoryContextAllocExtended(TopMemoryContext, sizeof(Fold), MCXT_ALLOC_HUGE);
		AccountInit(&kept_fold->account);
		kept_fold->notes_reached = false;
	}
	callback = MemoryContextAllocZero(job->memory, sizeof(MemoryContextCallback));
	callback->func = ReturnKeptFold;
	MemoryContextRegisterResetCallback(job->memory, callback);
	kept_fold_taken = true;
	job->fold = kept_fold;
	job->bound = &kept_bound;
}

SettleJob *
NewSettleJob(void)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance settle job", ALLOCSET_DEFAULT_SIZES);
	SettleJob  *job = MemoryContextAlloc(memory, sizeof(SettleJob));

	memset(job, 0, offsetof(SettleJob, bill));
	job->memory = memory;
	job->person_memory = AllocSetContextCreate(memory, "assistance person", ALLOCSET_DEFAULT_SIZES);
	job->act = LastPolicyAct();
	job->ledger = NewLedger(memory);
	TakeFold(job);
	return job;
}

void
BillDays(const Bill *bill, int32 *first_day, int32 *last_day)
{
	int32		dates[] = {bill->admitted_on, bill->discharged_on, bill->settled_on};

	*first_day = *last_day = DayOf(bill->ordered_at);
	for (int i = 0; i < lengthof(dates); i++)
	{
		if (dates[i] == NO_DATE)
			continue;
		*first_day = Min(*first_day, dates[i]);
		*last_day = Max(*last_day, dates[i]);
	}
}

void
NeedYearsOf(SettleJob *job, const Datum *bill, int n, BookNeed *need)
{
	for (int i = 0; i < n; i++)
	{
		int32		first;
		int32		last;

		DatumGetBill(bill[i], &job->bill);
		BillDays(&job->bill, &first, &last);
		need->first_day = i == 0 ? first : Min(need->first_day, first);
		need->last_day = i == 0 ? last : Max(need->last_day, last);
	}
}

Status
JobSettle(SettleJob *job, const BookNeed *need)
{
	const KnownBook *book = FindKnownBook(job->bill.region, job->bill.scheme, need);

	CHECK_FOR_INTERRUPTS();
	if (*job->bound != book->number)
	{
		FoldChangeBook(job->fold, book->book);
		*job->bound = book->number;
	}
	job->book = book;
	return SettleStep(job->fold, &job->bill, &job->split, NULL, &job->fault);
}
