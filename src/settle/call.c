/*
 * call.c — one call site of the fold: opening books, folding bills. Window, scalar, aggregate and explain share it.
 */
#include "postgres.h"

#include "errors.h"
#include "settle/call.h"
#include "utils/memutils.h"
#include "value/account.h"
#include "value/bill.h"

SettleCall *
NewSettleCall(MemoryContext memory, Oid type_id)
{
	SettleCall *call = MemoryContextAllocZero(memory, sizeof(SettleCall));

	call->memory = call->alike.memory = memory;
	call->fold = MemoryContextAllocExtended(memory, sizeof(Fold), MCXT_ALLOC_HUGE);
	AccountInit(&call->fold->account);
	call->fold->notes_reached = false;
	if (OidIsValid(type_id))
		call->former = NewSplitFormer(type_id, memory);
	return call;
}

void
CallOpenBook(SettleCall *call, Datum terms)
{
	const Book *before = call->use.book;
	const Book *book = GetBook(&call->use, call->memory, terms);

	if (likely(book == before))
		return;
	FoldChangeBook(call->fold, book);
	if (call->former != NULL)
		SplitFormerForget(call->former);
}

/* A bill as make_bill hands it out, or a stored one; *hint as in ReadAlike */
static inline const Bill *
ReadBill(SettleCall *call, Datum value, PlanHint **hint)
{
	const char *p = DatumGetPointer(value);

	if (VARATT_IS_1B(p) && !VARATT_IS_1B_E(p))
		return ReadAlike(&call->alike, VARDATA_1B(p), VARSIZE_1B(p) - VARHDRSZ_SHORT, &call->bill, hint);
	if (VARATT_IS_4B_U(p))
		return ReadAlike(&call->alike, VARDATA_4B(p), VARSIZE_4B(p) - VARHDRSZ, &call->bill, hint);
	*hint = NULL;
	return BillOfDatum(value, &call->bill);
}

void
CallSettle(SettleCall *call, Datum value, Trace *trace)
{
	PlanHint   *hint;
	const Bill *bill = ReadBill(call, value, &hint);
	Fault		fault;
	Status		status;

	if (trace == NULL)
		status = SettleAlike(call->fold, bill, hint, &call->split, &fault);
	else
		status = SettleStep(call->fold, bill, &call->split, trace, &fault);
	if (unlikely(status != ST_OK))
		RefuseBill(&fault, bill);
}

void
CallStartFrom(SettleCall *call, FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
	{
		FoldPerson(call->fold);
		return;
	}
	DatumGetAccount(PG_GETARG_DATUM(argument), &call->fold->account);
	FoldResume(call->fold);
}
