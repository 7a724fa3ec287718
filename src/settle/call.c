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

	call->memory = memory;
	call->fold = MemoryContextAllocExtended(memory, sizeof(Fold), MCXT_ALLOC_HUGE);
	AccountInit(&call->fold->account);
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

void
CallSettle(SettleCall *call, Datum value, Trace *trace)
{
	const Bill *bill = BillOfDatum(value, &call->bill);
	Fault		fault;

	if (unlikely(SettleStep(call->fold, bill, &call->split, trace, &fault) != ST_OK))
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
