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

/* ---- the result ---- */

/* bills, the amounts, account */
#define COLUMN_AMOUNTS 1
#define COLUMN_ACCOUNT (COLUMN_AMOUNTS + SPLIT_AMOUNTS)
#define YEAR_COLUMNS (COLUMN_ACCOUNT + 1)

/*
 * The result of the group that was finished last, shown like a split (split.h): an account is long, and only written for those
 * who store it. Its group still holds the fold then, as no bill is folded before the result has been used.
 */
typedef struct YearShow
{
	ExpandedRecordHeader record;	/* first: its methods are ours */
	ExpandedObjectHeader account;
	MemoryContext memory;
	const Account *held;		/* the account of the group */
	struct varlena *stored;		/* it, written; NULL: not yet */
	HeapTuple	tuple;			/* the whole, written; NULL: not yet */
	Datum		values[YEAR_COLUMNS];
	bool		nulls[YEAR_COLUMNS];
	char		amounts[SPLIT_AMOUNTS][NUMERIC_MAX];
} YearShow;

static YearShow *
ShowOfAccount(ExpandedObjectHeader *account)
{
	return (YearShow *) ((char *) account - offsetof(YearShow, account));
}

static Size
AccountSize(ExpandedObjectHeader *account)
{
	YearShow   *show = ShowOfAccount(account);
	MemoryContext old = MemoryContextSwitchTo(show->memory);

	if (show->stored == NULL)
		show->stored = (struct varlena *) DatumGetPointer(AccountGetDatum(show->held));
	MemoryContextSwitchTo(old);
	return VARSIZE(show->stored);
}

static void
FlattenAccount(ExpandedObjectHeader *account, void *result, Size size)
{
	memcpy(result, ShowOfAccount(account)->stored, size);
}

static Size
YearSize(ExpandedObjectHeader *record)
{
	YearShow   *show = (YearShow *) record;
	MemoryContext old = MemoryContextSwitchTo(show->memory);

	if (show->tuple == NULL)
		show->tuple = heap_form_tuple(show->record.er_tupdesc, show->values, show->nulls);
	MemoryContextSwitchTo(old);
	return show->tuple->t_len;
}

static void
FlattenYear(ExpandedObjectHeader *record, void *result, Size size)
{
	memcpy(result, ((YearShow *) record)->tuple->t_data, size);
}

static const ExpandedObjectMethods year_methods = {YearSize, FlattenYear};
static const ExpandedObjectMethods account_methods = {AccountSize, FlattenAccount};

/* The row type of the result, which must be what settle_year.sql made */
static TupleDesc
YearDesc(FunctionCallInfo fcinfo)
{
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != YEAR_COLUMNS ||
		TupleDescAttr(desc, 0)->atttypid != INT8OID || !AreSplitAmounts(desc, COLUMN_AMOUNTS) ||
		!IsColumnOf(desc, COLUMN_ACCOUNT, "assistance.account"))
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_ALTERED),
				 errmsg("type assistance.year has been altered"),
				 errhint("Drop and create the extension, or undo ALTER TYPE assistance.year.")));
	return CreateTupleDescCopy(desc);
}

/* What the final function keeps from group to group */
static YearShow *
GetYearShow(FunctionCallInfo fcinfo)
{
	YearShow   *show = fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (show != NULL)
		return show;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	show = palloc0(sizeof(YearShow));
	show->memory = CurrentMemoryContext;
	InitShown(&show->record, &year_methods, YearDesc(fcinfo), show->values, show->nulls, show->memory);
	EOH_init_header(&show->account, &account_methods, show->memory);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = show;
	return show;
}

/* Forget what was written of the group before. */
static void
ForgetWritten(YearShow *show)
{
	if (show->stored != NULL)
		pfree(show->stored);
	if (show->tuple != NULL)
		heap_freetuple(show->tuple);
	show->stored = NULL;
	show->tuple = NULL;
}

PG_FUNCTION_INFO_V1(assistance_settle_year_final);
Datum
assistance_settle_year_final(PG_FUNCTION_ARGS)
{
	YearState  *state;
	YearShow   *show;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (YearState *) PG_GETARG_POINTER(0);
	show = GetYearShow(fcinfo);
	ForgetWritten(show);
	show->held = &state->year->call->fold->account;
	show->values[0] = Int64GetDatum(state->bills);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
	{
		NumericWrite(show->amounts[i], state->amount_fen[i]);
		show->values[COLUMN_AMOUNTS + i] = PointerGetDatum(show->amounts[i]);
	}
	show->values[COLUMN_ACCOUNT] = state->year->holder == state ? EOHPGetRODatum(&show->account) : state->account;
	return ShownGetDatum(&show->record);
}
