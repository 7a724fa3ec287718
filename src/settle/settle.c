/*
 * settle.c — settle (window function) and settle_bill (scalar). The aggregate is in settle_year.c; all three fold with
 * SettleStep and nothing else.
 */
#include "postgres.h"

#include "errors.h"
#include "settle/call.h"
#include "value/account.h"
#include "windowapi.h"

#define ARG_TERMS 0
#define ARG_BILL 1				/* of settle */
#define MARK_EVERY 64			/* rows between two releases of what the window keeps */

/* ---- the window function ---- */

/* The state of a call site of settle, which returns assistance.split itself */
static SettleCall *
WindowCall(FunctionCallInfo fcinfo)
{
	MemoryContext memory = fcinfo->flinfo->fn_mcxt;
	SettleCall *call;
	Oid			type_id;

	if (likely(fcinfo->flinfo->fn_extra != NULL))
		return fcinfo->flinfo->fn_extra;
	if (get_call_result_type(fcinfo, &type_id, NULL) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "settle must return assistance.split");
	call = NewSettleCall(memory, type_id);
	call->show = NewSplitShow(call->former, type_id, memory);
	fcinfo->flinfo->fn_extra = call;
	return call;
}

/* An argument on the current row; a window function is never STRICT */
static inline Datum
CurrentArgument(WindowObject window, int argument, const char *name)
{
	bool		isnull;
	Datum		value = WinGetFuncArgCurrent(window, argument, &isnull);

	if (unlikely(isnull))
		RefuseNull(name);
	return value;
}

PG_FUNCTION_INFO_V1(assistance_settle);
Datum
assistance_settle(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	SettleCall *call;
	int64		position;

	if (!WindowObjectIsValid(window))
		elog(ERROR, "settle called outside a window");
	call = WindowCall(fcinfo);
	position = WinGetCurrentPosition(window);
	CallOpenBook(call, CurrentArgument(window, ARG_TERMS, "terms"));
	if (position == 0)
		FoldPerson(call->fold);
	else if (position % MARK_EVERY == 0)
		WinSetMarkPosition(window, position);
	CallSettle(call, CurrentArgument(window, ARG_BILL, "bill"), NULL);
	return ShowSplit(call->show, &call->split);
}

/* The planner asks: settle reads no frame, so the cheapest one does (from PostgreSQL 16). */
PG_FUNCTION_INFO_V1(assistance_settle_support);
Datum
assistance_settle_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	PG_RETURN_POINTER(WantRowsFrame(request) ? request : NULL);
}

/* ---- the scalar ---- */

#define COLUMN_ACCOUNT 0
#define COLUMN_SPLIT 1

/* The state of a call site of settle_bill, and the row that it returns */
typedef struct BillCall
{
	SettleCall *call;
	TupleDesc	desc;
} BillCall;

static BillCall *
ScalarCall(FunctionCallInfo fcinfo)
{
	BillCall   *bill_call = fcinfo->flinfo->fn_extra;
	MemoryContext old;
	TupleDesc	desc;

	if (bill_call != NULL)
		return bill_call;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != 2)
		elog(ERROR, "settle_bill must return account and split");
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	bill_call = palloc(sizeof(BillCall));
	bill_call->desc = BlessTupleDesc(CreateTupleDescCopy(desc));
	bill_call->call = NewSettleCall(CurrentMemoryContext, TupleDescAttr(desc, COLUMN_SPLIT)->atttypid);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = bill_call;
	return bill_call;
}

PG_FUNCTION_INFO_V1(assistance_settle_bill);
Datum
assistance_settle_bill(PG_FUNCTION_ARGS)
{
	BillCall   *bill_call;
	SettleCall *call;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (PG_ARGISNULL(0))
		RefuseNull("terms");
	if (PG_ARGISNULL(2))
		RefuseNull("bill");
	bill_call = ScalarCall(fcinfo);
	call = bill_call->call;
	CallOpenBook(call, PG_GETARG_DATUM(0));
	CallStartFrom(call, fcinfo, 1);
	CallSettle(call, PG_GETARG_DATUM(2), NULL);
	values[COLUMN_ACCOUNT] = AccountGetDatum(&call->fold->account);
	values[COLUMN_SPLIT] = FormSplit(call->former, &call->split);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(bill_call->desc, values, nulls)));
}
