/*
 * settle_year.c — the aggregate settle_year: the totals and the account of a person. A fold is large, so all groups of an
 * aggregate share one: the group whose bills come holds it; when groups interleave (a hash aggregate over bills that are sorted
 * by time only), a group that must give it up keeps its account in the stored form until its next bill.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "fen.h"
#include "settle/call.h"
#include "value/account.h"

typedef struct YearState YearState;

/* What the transition function keeps for all groups; lives in fn_extra. */
typedef struct YearCall
{
	SettleCall *call;
	YearState  *holder;			/* the group whose account is in call->fold; NULL: none */
} YearCall;

/* One group. */
struct YearState
{
	YearCall   *year;
	int64		bills;
	int64		amount_fen[SPLIT_AMOUNTS];
	Datum		account;		/* stored form while another group holds the fold; 0: never gave it up */
	MemoryContextCallback gone;
};

/* The group's memory goes: it holds the fold no longer. */
static void
GroupGone(void *arg)
{
	YearState  *state = arg;

	if (state->year->holder == state)
		state->year->holder = NULL;
}

static YearCall *
GetYearCall(FunctionCallInfo fcinfo)
{
	YearCall   *year = fcinfo->flinfo->fn_extra;

	if (year == NULL)
	{
		year = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(YearCall));
		year->call = NewSettleCall(fcinfo->flinfo->fn_mcxt, InvalidOid);
		fcinfo->flinfo->fn_extra = year;
	}
	return year;
}

/* The holder puts its account aside. */
static void
PutAside(YearState *holder, MemoryContext memory)
{
	MemoryContext old = MemoryContextSwitchTo(memory);

	if (holder->account != (Datum) 0)
		pfree(DatumGetPointer(holder->account));
	holder->account = AccountGetDatum(&holder->year->call->fold->account);
	MemoryContextSwitchTo(old);
}

/* The group takes the fold, with its own account in it. */
static void
TakeFold(YearState *state, MemoryContext memory)
{
	YearCall   *year = state->year;

	if (likely(year->holder == state))
		return;
	if (year->holder != NULL)
		PutAside(year->holder, GetMemoryChunkContext(year->holder));
	year->holder = NULL;
	if (state->account == (Datum) 0)
		FoldPerson(year->call->fold);
	else
	{
		DatumGetAccount(state->account, &year->call->fold->account);
		FoldResume(year->call->fold);
	}
	year->holder = state;
}

/* A new group; first_account: 0 for a new person. */
static YearState *
NewState(YearCall *year, MemoryContext memory, Datum first_account)
{
	YearState  *state = MemoryContextAllocZero(memory, sizeof(YearState));
	MemoryContext old = MemoryContextSwitchTo(memory);

	state->year = year;
	if (first_account != (Datum) 0)
		state->account = PointerGetDatum(PG_DETOAST_DATUM_COPY(first_account));
	MemoryContextSwitchTo(old);
	state->gone.func = GroupGone;
	state->gone.arg = state;
	MemoryContextRegisterResetCallback(memory, &state->gone);
	return state;
}

static void
AddAmounts(YearState *state, const Split *split)
{
	int64		amount_fen[SPLIT_AMOUNTS];
	Fault		fault;

	SplitAmounts(split, amount_fen);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		if (!AddFen(state->amount_fen[i], amount_fen[i], &state->amount_fen[i]))
			CheckFault(FaultSet(&fault, ST_OVERFLOW, "settle_year", "a sum above 10000000000000.00 yuan",
								"the bills of one person in one group"), &fault);
	state->bills++;
}

/* terms is argument 1, the bill argument n */
static Datum
Transition(FunctionCallInfo fcinfo, int bill_argument, Datum first_account)
{
	MemoryContext memory;
	YearCall   *year;
	YearState  *state;

	if (!AggCheckCallContext(fcinfo, &memory))
		elog(ERROR, "settle_year called outside an aggregate");
	if (PG_ARGISNULL(1))
		RefuseNull("terms");
	if (PG_ARGISNULL(bill_argument))
		RefuseNull("bill");
	year = GetYearCall(fcinfo);
	state = PG_ARGISNULL(0) ? NewState(year, memory, first_account) : (YearState *) PG_GETARG_POINTER(0);
	CallOpenBook(year->call, PG_GETARG_DATUM(1));
	TakeFold(state, memory);
	CallSettle(year->call, PG_GETARG_DATUM(bill_argument), NULL);
	AddAmounts(state, &year->call->split);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(assistance_settle_year_transition);
Datum
assistance_settle_year_transition(PG_FUNCTION_ARGS)
{
	return Transition(fcinfo, 2, (Datum) 0);
}

PG_FUNCTION_INFO_V1(assistance_settle_year_resume);
Datum
assistance_settle_year_resume(PG_FUNCTION_ARGS)
{
	return Transition(fcinfo, 3, PG_ARGISNULL(2) ? (Datum) 0 : PG_GETARG_DATUM(2));
}

/* bills, the amounts, account */
#define YEAR_COLUMNS (1 + SPLIT_AMOUNTS + 1)

/* The row type of the result, kept from group to group */
static TupleDesc
YearDesc(FunctionCallInfo fcinfo)
{
	TupleDesc	desc = fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (desc != NULL)
		return desc;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != YEAR_COLUMNS ||
		TupleDescAttr(desc, 0)->atttypid != INT8OID || !AreSplitAmounts(desc, 1) ||
		!IsColumnOf(desc, YEAR_COLUMNS - 1, "assistance.account"))
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_ALTERED),
				 errmsg("type assistance.year has been altered"),
				 errhint("Drop and create the extension, or undo ALTER TYPE assistance.year.")));
	desc = BlessTupleDesc(CreateTupleDescCopy(desc));
	fcinfo->flinfo->fn_extra = desc;
	MemoryContextSwitchTo(old);
	return desc;
}

PG_FUNCTION_INFO_V1(assistance_settle_year_final);
Datum
assistance_settle_year_final(PG_FUNCTION_ARGS)
{
	YearState  *state;
	TupleDesc	desc;
	Datum		values[YEAR_COLUMNS];
	bool		nulls[YEAR_COLUMNS] = {false};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (YearState *) PG_GETARG_POINTER(0);
	desc = YearDesc(fcinfo);
	values[0] = Int64GetDatum(state->bills);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		values[1 + i] = FenToNumeric(state->amount_fen[i]);
	values[YEAR_COLUMNS - 1] = state->year->holder == state ?
		AccountGetDatum(&state->year->call->fold->account) : state->account;
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
