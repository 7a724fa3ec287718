/*
 * call.h — what a call site of the fold keeps between calls: the book, the fold, and how a split is formed.
 */
#ifndef ASSISTANCE_SETTLE_CALL_H
#define ASSISTANCE_SETTLE_CALL_H

#include "value/bill_alike.h"
#include "value/book.h"
#include "value/split.h"

/* Lives in fn_extra. The fold is large, but only touched as far as accounts are filled. */
typedef struct SettleCall
{
	MemoryContext memory;
	BookUse		use;
	Fold	   *fold;
	SplitFormer *former;		/* NULL where no split is formed */
	SplitShow  *show;			/* NULL but in a window */
	Split		split;
	Bill		bill;
	AlikeBills	alike;
} SettleCall;

/* The call site's state; type_id is that of assistance.split, InvalidOid where no split is formed. */
extern SettleCall *NewSettleCall(MemoryContext memory, Oid type_id);

/* Open the book of a terms datum for the fold; the account stays. */
extern void CallOpenBook(SettleCall *call, Datum terms);

/* Start from the account in an argument; null: a new person. */
extern void CallStartFrom(SettleCall *call, FunctionCallInfo fcinfo, int argument);

/* Fold one bill into call->split; trace may be NULL. */
extern void CallSettle(SettleCall *call, Datum bill, Trace *trace);

/* ---- settle in a window, whoever executes the window: settle.c ---- */

/* The state of a settle; type_id is that of assistance.split. */
extern SettleCall *NewWindowCall(MemoryContext memory, Oid type_id);

/* A row of the window: its book first, then its bill; begins: it is the first of a partition. Null is refused. */
extern void WindowBook(SettleCall *call, Datum terms, bool isnull, bool begins);
extern void WindowSettle(SettleCall *call, Datum bill, bool isnull);

/* The split of the row, palloc'd; good until the next row. */
extern Datum WindowSplit(SettleCall *call);

#endif
