/*
 * settle.c — settle (window function) and settle_bill (scalar). The aggregate is in settle_year.c; all three fold with
 * SettleStep and nothing else. A node of ours that takes the place of the server's window node is in settle_scan.c.
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

SettleCall *
NewWindowCall(MemoryContext memory, Oid type_id)
{
	SettleCall *call = NewSettleCall(memory, type_id);

	call->show = NewSplitShow(call->former, type_id, memory);
	return call;
}

void
WindowBook(SettleCall *call, Datum terms, bool isnull, bool begins)
{
	if (unlikely(isnull))
		RefuseNull("terms");
	CallOpenBook(call, terms);
	if (begins)
		FoldPerson(call->fold);
}

void
WindowSettle(SettleCall *call, Datum bill, bool isnull)
{
	if (unlikely(isnull))
		RefuseNull("bill");
	CallSettle(call, bill, NULL);
}

Datum
WindowSplit(SettleCall *call)
{
	return ShowSplit(call->show, &call->split);
}

/* The state of a call site of settle, which returns assistance.split itself */
static SettleCall *
WindowCall(FunctionCallInfo fcinfo)
{
	Oid			type_id;

	if (likely(fcinfo->flinfo->fn_extra != NULL))
		return fcinfo->flinfo->fn_extra;
	if (get_call_result_type(fcinfo, &type_id, NULL) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "settle must return assistance.split");
	fcinfo->flinfo->fn_extra = NewWindowCall(fcinfo->flinfo->fn_mcxt, type_id);
	return fcinfo->flinfo->fn_extra;
}

/* The server's own window node calls this; where ours takes its place (settle_path.c), it is not called. */
PG_FUNCTION_INFO_V1(assistance_settle);
Datum
assistance_settle(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	SettleCall *call;
	int64		position;
	Datum		value;
	bool		isnull;

	if (!WindowObjectIsValid(window))
		elog(ERROR, "settle called outside a window");
	call = WindowCall(fcinfo);
	position = WinGetCurrentPosition(window);
	value = WinGetFuncArgCurrent(window, ARG_TERMS, &isnull);
	WindowBook(call, value, isnull, position == 0);
	if (position > 0 && position % MARK_EVERY == 0)
		WinSetMarkPosition(window, position);
	value = WinGetFuncArgCurrent(window, ARG_BILL, &isnull);
	WindowSettle(call, value, isnull);
	return WindowSplit(call);
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
