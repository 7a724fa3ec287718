/*
 * settle_scan.h — settle in a node of our own instead of the server's window node: the planner's side (settle_path.c,
 * settle_order.c) and the executor's (settle_scan.c, settle_hashed.c).
 */
#ifndef ASSISTANCE_SETTLE_SCAN_H
#define ASSISTANCE_SETTLE_SCAN_H

#include "compat.h"
#include "settle/call.h"

/* Called when the library is loaded: let the planner know. */
extern void SettleScanInit(void);

/* ---- the planner ---- */

/* Is the function this one of ours, which is called name in C? */
extern bool IsOurs(Oid function, const char *name, PGFunction ours);

/*
 * Is the order of the window that of the bills themselves, by person and order key, so that bills can be sorted instead of rows?
 * Only where that can be seen in the query: ORDER BY has the expressions that make_bill takes as ordered_at and seq.
 */
extern bool MaySortByBill(PlannerInfo *root, const WindowClause *window, const WindowFunc *call);

/* ---- the plan ---- */

/*
 * What a plan says, in custom_private. The plan's custom_exprs are the arguments of one settle after the other, terms and bill; its
 * scan tuple is the row below, then one split for each settle.
 */
enum
{
	PLAN_KEYS,					/* the columns of PARTITION BY, from 1 */
	PLAN_OPERATORS,				/* the operators that tell them apart */
	PLAN_COLLATIONS,
	PLAN_FUNCTIONS,				/* by settle: its function … */
	PLAN_TYPES,					/* … and the type of what it returns */
	PLAN_ORDER					/* the columns of ORDER BY where rows come in any order; else NIL */
};

extern const CustomScanMethods settle_scan_methods;

/* ---- rows in any order: settle_hashed.c ---- */

typedef struct HashedRows HashedRows;

/*
 * Rows of this form: person is the column of PARTITION BY, order those of ORDER BY, from 1; only the wanted columns come out again.
 * Everything is kept in memory, up to a budget of work_mem times hash_mem_multiplier, then in a temporary file.
 */
extern HashedRows *NewHashedRows(MemoryContext memory, TupleDesc desc, int person, const List *order, const Bitmapset *wanted);

/* Keep a row with its bill. What is needed meanwhile is allocated where the caller is. */
extern void HashedAdd(HashedRows *rows, const TupleTableSlot *row, Datum bill);

/* Settle the next bill into call->split and fill the wanted columns of the row; false: there is none. */
extern bool HashedNext(HashedRows *rows, SettleCall *call, TupleTableSlot *row);

/* Begin again with the first row. */
extern void HashedRewind(HashedRows *rows);

extern void HashedClose(HashedRows *rows);

/* For EXPLAIN: bytes kept in memory at most, and bytes written */
extern void HashedSizes(const HashedRows *rows, int64 *memory, int64 *disk);

#endif
