/*
 * insurer_first.c — the trigger: gathers the payments that were written, locks their bills in order, reads all payments of these
 * bills with the latest snapshot, and has rules.c judge them.
 *
 * Lock and read are two queries: one query would read with the snapshot from before it waited for the lock. Under REPEATABLE READ
 * and SERIALIZABLE the row of the bill is only locked, so waiting for it raises no error; what the transaction sees of the bill
 * must therefore be what is there, else it is refused with 40001.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "fen.h"
#include "guard/guard.h"
#include "guard/seen.h"
#include "register/posted.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* ---- the queries ---- */

static void
PreparePlan(Guard *guard, GuardQuery query)
{
	bool		many = query % 2 == 1;
	Oid			type = many ? get_array_type(guard->key_type) : guard->key_type;
	SPIPlanPtr	plan = SPI_prepare_cursor(guard->query[query], 1, &type, many ? CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare \"%s\": %s", guard->query[query], SPI_result_code_string(SPI_result));
	guard->plan[query] = plan;
}

/* Plans made while a table was small would read all of it later; a plan is made where there is none or where it was outdated. */
static int
EnterPlanning(Guard *guard, GuardQuery query)
{
	int			level;

	if (guard->plan[query] != NULL && SPI_plan_is_valid(guard->plan[query]))
		return 0;
	if (guard->plan[query] == NULL)
		PreparePlan(guard, query);
	level = NewGUCNestLevel();
	(void) set_config_option("enable_seqscan", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/* The argument of a query: one key or an array of them */
static Datum
KeyArgument(const Guard *guard, const GuardedBill *bills, int n)
{
	Datum	   *keys;

	if (n == 1)
		return bills[0].key;
	keys = palloc(n * sizeof(Datum));
	for (int i = 0; i < n; i++)
		keys[i] = bills[i].key;
	return PointerGetDatum(construct_array(keys, n, guard->key_type, guard->key_length, guard->key_by_value, guard->key_align));
}

/* Run the form for one or for many; snapshot InvalidSnapshot: that of a new command */
static void
RunQuery(Guard *guard, GuardQuery one, const GuardedBill *bills, int n, Snapshot snapshot)
{
	GuardQuery	query = n == 1 ? one : one + 1;
	Datum		argument = KeyArgument(guard, bills, n);
	MemoryContext old = CurrentMemoryContext;
	int			level = EnterPlanning(guard, query);
	int			result = SPI_execute_snapshot(guard->plan[query], &argument, NULL, snapshot, InvalidSnapshot, false, false, 0);

	MemoryContextSwitchTo(old);	/* SPI leaves its own */

	if (result != SPI_OK_SELECT)
		elog(ERROR, "could not run \"%s\": %s", guard->query[query], SPI_result_code_string(result));
	if (level != 0)
		AtEOXact_GUC(true, level);
}

/* ---- the bills ---- */

/* Which of the bills, sorted by key, this is; -1: none */
static int
FindBill(const Guard *guard, const GuardedBill *bills, int n, Datum key)
{
	int			low = 0;

	while (low < n)
	{
		int			middle = low + (n - low) / 2;
		int			order = CompareKeys(guard, bills[middle].key, key);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			n = middle;
	}
	return -1;
}

/* The order that a bill brings with it; equal texts that follow each other are read once */
static Chain *
OwnChain(const Guard *guard, const char *text, const char **last_text, Chain **last)
{
	Chain	   *chain;

	if (*last_text != NULL && strcmp(*last_text, text) == 0)
		return *last;
	chain = palloc(sizeof(Chain));
	ParseChain(chain, text, psprintf("Column %s of the bill", guard->words.bill_chain));
	*last_text = text;
	*last = chain;
	return chain;
}

/* Total and order of the bills that the locking query returned */
static void
ReadLocked(const Guard *guard, GuardedBill *bills, int n)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;
	const char *last_text = NULL;
	Chain	   *last = NULL;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		bool		isnull;
		Datum		value = SPI_getbinval(tuple, desc, 1, &isnull);
		int			index = FindBill(guard, bills, n, value);

		if (index < 0)
			continue;
		if (bills[index].locked)
			RefuseDoubleBill(guard, value);
		bills[index].locked = true;
		value = SPI_getbinval(tuple, desc, 2, &isnull);
		bills[index].no_total = isnull;
		if (!isnull)
			bills[index].total = NumericArgumentToFen(value, guard->words.bill_total);
		if (guard->words.bill_chain == NULL)
			continue;
		value = SPI_getbinval(tuple, desc, 3, &isnull);
		if (!isnull)
			bills[index].chain = OwnChain(guard, TextDatumGetCString(value), &last_text, &last);
	}
}

/* Is the bill there for others, though this transaction's snapshot is older? */
static void
RefuseUnlocked(Guard *guard, const GuardedBill *bill)
{
	if (IsolationUsesXactSnapshot())
	{
		RunQuery(guard, LOCK_ONE, bill, 1, GetLatestSnapshot());
		if (SPI_processed > 0)
			RefuseConcurrent(guard, bill->key);
	}
	RefuseUnknownBill(guard, bill->key, false);
}

/* Lock the rows of the bills in the order of their keys. */
static void
LockBills(Guard *guard, GuardedBill *bills, int n)
{
	bool		places = guard->words.column[FIELD_PLACE] != NULL;

	RunQuery(guard, LOCK_ONE, bills, n, InvalidSnapshot);
	for (int i = 0; i < n; i++)
		bills[i].chain = places ? palloc0(sizeof(Chain)) : &guard->words.order;
	ReadLocked(guard, bills, n);
	SPI_freetuptable(SPI_tuptable);
	for (int i = 0; i < n; i++)
	{
		if (!bills[i].wanted)
			continue;
		if (!bills[i].locked)
			RefuseUnlocked(guard, &bills[i]);
		if (bills[i].no_total)
			RefuseUnknownBill(guard, bills[i].key, true);
		if (bills[i].chain->n == 0 && !places)
			RefuseArguments(psprintf("Column %s of a bill is null, and there is no argument order.", guard->words.bill_chain),
							"Write the order into the bill, or 'order=…' for bills without one.");
	}
}

/* ---- the payments ---- */

/* The place of a payment's layer in the chain; where payments state their places, the chain is of the layers as they come. */
static int
PlaceIn(const Guard *guard, Chain *chain, const Payment *payment)
{
	int			place = ChainPlace(chain, payment->layer);

	if (place >= 0 || payment->stated == 0)
		return place;
	if (chain->n == MAX_CHAIN)
		RefusePlace(guard, payment, MAX_CHAIN + 1);
	chain->name[chain->n] = payment->layer;
	return chain->n++;
}

/* All payments of the bills as this snapshot sees them, sorted for the rules */
static Payments
ReadPayments(Guard *guard, const GuardedBill *bills, int n, Snapshot snapshot)
{
	Payments	payments = {0};

	RunQuery(guard, READ_ONE, bills, n, snapshot);
	payments.table = SPI_tuptable;
	DecodeResult(guard, &payments);
	for (int i = 0; i < payments.n; i++)
	{
		Payment    *payment = &payments.row[i];

		payment->group = FindBill(guard, bills, n, payment->bill);
		if (payment->group < 0)
			elog(ERROR, "a payment was read that belongs to no bill at hand");
		payment->place = PlaceIn(guard, bills[payment->group].chain, payment);
	}
	if (payments.n > 1)
		qsort(payments.row, payments.n, sizeof(Payment), PaymentOrder);
	return payments;
}

/* What the transaction sees of the bills must be what is there. */
static void
CheckSnapshot(Guard *guard, const GuardedBill *bills, int n, const Payments *latest)
{
	Payments	seen = ReadPayments(guard, bills, n, GetTransactionSnapshot());
	int			i = 0;

	while (i < seen.n && i < latest->n && PaymentOrder(&seen.row[i], &latest->row[i]) == 0)
		i++;
	if (i < seen.n || i < latest->n)
		RefuseConcurrent(guard, i < latest->n ? latest->row[i].bill : seen.row[i].bill);
	SPI_freetuptable(seen.table);
}

/* What the unit adds to the layers of its bills */
static void
AddChange(GuardedBill *bill, const Payment *payment)
{
	int			place = payment->layer == NULL ? -1 : ChainPlace(bill->chain, payment->layer);

	if (place < 0)
		return;
	bill->change[place] += payment->removed ? -(i128) payment->fen : payment->fen;
	bill->touched[place] |= !payment->removed;
	bill->removed[place] |= payment->removed;
}

/* Where somebody knows the caps: does a layer pay more than they leave? */
static void
CheckCaps(Guard *guard, const GuardedBill *bills, int n)
{
	HeapTuple	tuple;
	TupleDesc	desc;
	bool		isnull;

	if (guard->words.caps == NIL)
		return;
	RunQuery(guard, CAPS_ONE, bills, n, InvalidSnapshot);
	if (SPI_processed > 0)
	{
		tuple = SPI_tuptable->vals[0];
		desc = SPI_tuptable->tupdesc;
		RefuseBeyondCap(guard, SPI_getbinval(tuple, desc, 1, &isnull), SPI_getvalue(tuple, desc, 2), SPI_getvalue(tuple, desc, 3),
						SPI_getvalue(tuple, desc, 4));
	}
	SPI_freetuptable(SPI_tuptable);
}

/* Bills sorted by key; unit: the written rows, or NULL where the transaction's own rows are the unit */
static void
CheckBills(Guard *guard, GuardedBill *bills, int n, const Payments *unit)
{
	Payments	payments;
	int			next = 0;

	LockBills(guard, bills, n);
	payments = ReadPayments(guard, bills, n, IsolationUsesXactSnapshot() ? GetLatestSnapshot() : InvalidSnapshot);
	if (IsolationUsesXactSnapshot())
		CheckSnapshot(guard, bills, n, &payments);
	for (int i = 0; unit != NULL && i < unit->n; i++)
		AddChange(&bills[unit->row[i].group], &unit->row[i]);
	for (int i = 0; unit == NULL && i < payments.n; i++)
		if (payments.row[i].own)
			AddChange(&bills[payments.row[i].group], &payments.row[i]);
	for (int i = 0; i < n; i++)
	{
		int			first = next;

		while (next < payments.n && payments.row[next].group == i)
			next++;
		if (bills[i].locked && !bills[i].no_total && bills[i].chain->n > 0)
			JudgeBill(guard, &bills[i], payments.row + first, next - first);
	}
	SPI_freetuptable(payments.table);
	CheckCaps(guard, bills, n);
}

/* ---- the statement ---- */

static int
UnitOrder(const void *a, const void *b, void *guard)
{
	return CompareKeys(guard, ((const Payment *) a)->bill, ((const Payment *) b)->bill);
}

static void
GatherRows(const Guard *guard, Relation relation, Tuplestorestate *rows, bool removed, Payments *unit)
{
	TupleTableSlot *slot;

	if (rows == NULL || tuplestore_tuple_count(rows) == 0)
		return;
	slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		if (!DecodeSlot(guard, slot, removed, AddPayment(unit)))
			unit->n--;
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* The bills of the next rows, at most MAX_AT_ONCE; *taken: how many rows those are */
static int
NextBills(const Guard *guard, Payment *row, int n, GuardedBill *bills, int *taken)
{
	int			n_bills = 0;
	int			i = 0;

	for (; i < n; i++)
	{
		if (n_bills == 0 || CompareKeys(guard, bills[n_bills - 1].key, row[i].bill) != 0)
		{
			if (n_bills == MAX_AT_ONCE)
				break;
			memset(&bills[n_bills], 0, sizeof(GuardedBill));
			bills[n_bills++].key = row[i].bill;
		}
		row[i].group = n_bills - 1;
		bills[n_bills - 1].wanted |= !row[i].removed;
	}
	*taken = i;
	return n_bills;
}

static void
SortUnit(Guard *guard, Payments *unit)
{
	if (unit->n > 1)
		qsort_arg(unit->row, unit->n, sizeof(Payment), UnitOrder, guard);
}

/* Rows of bills that take others back count for those others. The unit is sorted by bill, before and after. */
static void
FindReversed(Guard *guard, Payments *unit, GuardedBill *bills)
{
	int			taken;

	for (int i = 0; i < unit->n; i += taken)
	{
		Payment    *row = unit->row + i;
		int			n = NextBills(guard, row, unit->n - i, bills, &taken);
		Datum	   *reversed = palloc0(n * sizeof(Datum));
		bool	   *found = palloc0(n * sizeof(bool));

		RunQuery(guard, REVERSED_ONE, bills, n, InvalidSnapshot);
		for (uint64 j = 0; j < SPI_processed; j++)
		{
			bool		isnull;
			int			index = FindBill(guard, bills, n, SPI_getbinval(SPI_tuptable->vals[j], SPI_tuptable->tupdesc, 1, &isnull));
			Datum		value = SPI_getbinval(SPI_tuptable->vals[j], SPI_tuptable->tupdesc, 2, &isnull);

			if (index < 0)
				continue;
			found[index] = true;
			reversed[index] = datumCopy(value, guard->key_by_value, guard->key_length);
		}
		for (int j = 0; j < taken; j++)
		{
			if (!found[row[j].group])
				continue;
			row[j].bill = reversed[row[j].group];
			row[j].reversal = true;
		}
		SPI_freetuptable(SPI_tuptable);
	}
	SortUnit(guard, unit);
}

static void
CheckStatement(Guard *guard, const TriggerData *data)
{
	Payments	unit = {0};
	GuardedBill *bills;
	MemoryContext chunk;
	MemoryContext old;
	int			taken;

	GatherRows(guard, data->tg_relation, data->tg_oldtable, true, &unit);
	GatherRows(guard, data->tg_relation, data->tg_newtable, false, &unit);
	SortUnit(guard, &unit);
	bills = palloc(Min(unit.n, MAX_AT_ONCE) * sizeof(GuardedBill));
	if (guard->words.bill_reverses != NULL)
		FindReversed(guard, &unit, bills);
	chunk = AllocSetContextCreate(CurrentMemoryContext, "bills at once", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(chunk);
	for (int i = 0; i < unit.n; i += taken)
	{
		int			n_bills = NextBills(guard, unit.row + i, unit.n - i, bills, &taken);
		Payments	slice = {.row = unit.row + i, .n = taken};

		CheckBills(guard, bills, n_bills, &slice);
		MemoryContextReset(chunk);
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextSwitchTo(old);
}

/* ---- the transaction ---- */

/* One row of a constraint trigger: its bill is checked once for all rows that were there. */
static void
CheckEvent(Guard *guard, const TriggerData *data)
{
	GuardedBill bill = {0};
	Payment		payment = {0};
	Payments	unit = {.row = &payment, .n = 1};
	Datum		claim;

	if (!DecodeSlot(guard, data->tg_trigslot, false, &payment))
		return;
	if (WasSeen(guard, payment.bill, HeapTupleHeaderGetCmin(data->tg_trigtuple->t_data)))
		return;
	claim = payment.bill;
	if (guard->words.bill_reverses != NULL)
		FindReversed(guard, &unit, &bill);
	memset(&bill, 0, sizeof(bill));
	bill.key = payment.bill;
	bill.wanted = true;
	CommandCounterIncrement();
	CheckBills(guard, &bill, 1, NULL);
	MarkSeen(guard, claim);
}

/* ---- the trigger ---- */

/* How the trigger was created: AFTER, for each statement with transition tables, or as a constraint on INSERT */
static void
CheckForm(const TriggerData *data)
{
	const char *hint = "CREATE TRIGGER … AFTER INSERT … REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT, "
		"or CREATE CONSTRAINT TRIGGER … AFTER INSERT … DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.";

	if (!TRIGGER_FIRED_AFTER(data->tg_event))
		RefuseArguments("It does not fire AFTER the rows are written.", hint);
	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
		RefuseArguments("It fires on TRUNCATE.", "Refuse TRUNCATE with assistance.append_only.");
	if (TRIGGER_FIRED_FOR_ROW(data->tg_event))
	{
		if (!OidIsValid(data->tg_trigger->tgconstraint))
			RefuseArguments("It fires FOR EACH ROW and is no constraint trigger.", hint);
		if (!TRIGGER_FIRED_BY_INSERT(data->tg_event))
			RefuseArguments("It fires FOR EACH ROW on UPDATE or DELETE.",
							"Refuse these with assistance.append_only, or check them FOR EACH STATEMENT.");
		return;
	}
	if (data->tg_newtable == NULL && !TRIGGER_FIRED_BY_DELETE(data->tg_event))
		RefuseArguments("It has no transition table of the new rows.", "Write REFERENCING NEW TABLE AS new_rows; on UPDATE "
						"REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows.");
	if (data->tg_oldtable == NULL && !TRIGGER_FIRED_BY_INSERT(data->tg_event))
		RefuseArguments("It has no transition table of the old rows.", "Write REFERENCING OLD TABLE AS old_rows; on UPDATE "
						"REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows.");
}

/* With the rights of the table's owner; an error restores those of the caller. */
static void
CheckAsOwner(const TriggerData *data)
{
	Guard	   *guard;
	Oid			caller;
	int			context;

	GetUserIdAndSecContext(&caller, &context);
	SetUserIdAndSecContext(data->tg_relation->rd_rel->relowner,
						   context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	guard = GuardOf(data);
	guard->caller = caller;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (TRIGGER_FIRED_FOR_ROW(data->tg_event))
		CheckEvent(guard, data);
	else
		CheckStatement(guard, data);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	SetUserIdAndSecContext(caller, context);
}

/* What the register's fold writes into its own payments stands in order by itself; anything else is judged. */
static bool
IsFoldsOwn(const TriggerData *data)
{
	return TRIGGER_FIRED_BY_INSERT(data->tg_event) && TRIGGER_FIRED_FOR_STATEMENT(data->tg_event) &&
		IsPostedByFold(data->tg_relation, data->tg_newtable);
}

/* Which trigger it was */
static void
AddContext(void *arg)
{
	const TriggerData *data = arg;

	errcontext("trigger %s on table %s", data->tg_trigger->tgname, RelationGetRelationName(data->tg_relation));
}

PG_FUNCTION_INFO_V1(assistance_insurer_first);
Datum
assistance_insurer_first(PG_FUNCTION_ARGS)
{
	ErrorContextCallback context = {.callback = AddContext, .arg = fcinfo->context, .previous = error_context_stack};

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function insurer_first was not called as a trigger")));
	error_context_stack = &context;
	CheckForm((TriggerData *) fcinfo->context);
	if (!IsFoldsOwn((TriggerData *) fcinfo->context))
		CheckAsOwner((TriggerData *) fcinfo->context);
	error_context_stack = context.previous;
	return PointerGetDatum(NULL);
}
