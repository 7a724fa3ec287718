/*
 * settle_scan.c — the executor's side of settle. Either rows come ordered by partition and order key; then each is settled and
 * handed on with its split, and nothing is kept but the account of the partition at hand. Or they come in any order; then all of
 * them are kept first (settle_hashed.c). The rules are those of call.h, as for the server's window node, which runs where a window
 * computes anything else.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/objectaccess.h"
#include "errors.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "settle/settle_scan.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* One column of PARTITION BY */
typedef struct WindowKey
{
	int			column;			/* in the row, from 0 */
	FmgrInfo	equal;
	Oid			collation;
	int16		length;
	bool		by_value;
	Datum		value;			/* in the partition at hand */
	bool		isnull;
} WindowKey;

/* One settle */
typedef struct SettleSite
{
	ExprState  *terms;
	ExprState  *bill;
	SettleCall *call;
} SettleSite;

typedef struct SettleScan
{
	CustomScanState custom;		/* first */
	MemoryContext memory;		/* of the query */
	int			n_columns;		/* of the row below */
	int			n_keys;
	WindowKey *keys;
	int			n_sites;
	SettleSite *sites;
	bool		begun;			/* there is a partition at hand */
	bool		done;
	bool		by_hash;		/* rows come in any order */
	Bitmapset  *wanted;			/* then: columns of the row below that are wanted above, from 1 */
	HashedRows *rows;			/* they; NULL: none has been read yet */
} SettleScan;

/* ---- partitions ---- */

/* Equal bytes are equal values; the operator decides on others */
static inline bool
SameKey(WindowKey *key, Datum value, bool isnull)
{
	if (isnull || key->isnull)
		return isnull && key->isnull;
	return datumIsEqual(value, key->value, key->by_value, key->length) ||
		DatumGetBool(FunctionCall2Coll(&key->equal, key->collation, value, key->value));
}

static void
KeepKey(WindowKey *key, Datum value, bool isnull, MemoryContext memory)
{
	MemoryContext old = MemoryContextSwitchTo(memory);

	if (!key->by_value && !key->isnull)
		pfree(DatumGetPointer(key->value));
	key->value = isnull ? (Datum) 0 : datumCopy(value, key->by_value, key->length);
	key->isnull = isnull;
	MemoryContextSwitchTo(old);
}

/* Does the row begin a partition? Then its keys are kept. */
static inline bool
BeginsPartition(SettleScan *scan, const TupleTableSlot *row)
{
	bool		same = scan->begun;

	for (int i = 0; same && i < scan->n_keys; i++)
		same = SameKey(&scan->keys[i], row->tts_values[scan->keys[i].column], row->tts_isnull[scan->keys[i].column]);
	if (likely(same))
		return false;
	for (int i = 0; i < scan->n_keys; i++)
		KeepKey(&scan->keys[i], row->tts_values[scan->keys[i].column], row->tts_isnull[scan->keys[i].column], scan->memory);
	scan->begun = true;
	return true;
}

/* ---- rows ---- */

/* Settle the row once */
static inline Datum
SettleRow(SettleSite *site, ExprContext *context, bool begins)
{
	bool		isnull;
	Datum		value = ExecEvalExpr(site->terms, context, &isnull);

	WindowBook(site->call, value, isnull, begins);
	value = ExecEvalExpr(site->bill, context, &isnull);
	WindowSettle(site->call, value, isnull);
	return WindowSplit(site->call);
}

/* The columns of the row below */
static inline void
CopyRow(SettleScan *scan, TupleTableSlot *below, TupleTableSlot *row)
{
	slot_getallattrs(below);
	ExecClearTuple(row);
	memcpy(row->tts_values, below->tts_values, scan->n_columns * sizeof(Datum));
	memcpy(row->tts_isnull, below->tts_isnull, scan->n_columns * sizeof(bool));
	ExecStoreVirtualTuple(row);
	scan->custom.ss.ps.ps_ExprContext->ecxt_scantuple = row;
}

/* The next row below, its columns in the scan tuple; false: there is none */
static inline bool
ReadRow(SettleScan *scan)
{
	TupleTableSlot *below;

	CHECK_FOR_INTERRUPTS();
	ResetExprContext(scan->custom.ss.ps.ps_ExprContext);
	below = ExecProcNode(outerPlanState(scan));
	if (TupIsNull(below))
		return false;
	CopyRow(scan, below, scan->custom.ss.ss_ScanTupleSlot);
	return true;
}

/* ---- rows in order ---- */

static bool
NextSorted(SettleScan *scan)
{
	ExprContext *context = scan->custom.ss.ps.ps_ExprContext;
	TupleTableSlot *row = scan->custom.ss.ss_ScanTupleSlot;
	MemoryContext old;
	bool		begins;

	if (!ReadRow(scan))
		return false;
	old = MemoryContextSwitchTo(context->ecxt_per_tuple_memory);
	begins = BeginsPartition(scan, row);
	for (int i = 0; i < scan->n_sites; i++)
	{
		row->tts_values[scan->n_columns + i] = SettleRow(&scan->sites[i], context, begins);
		row->tts_isnull[scan->n_columns + i] = false;
	}
	MemoryContextSwitchTo(old);
	return true;
}

/* ---- rows in any order ---- */

/* Keep the row that has just been read; the first one brings the book of all */
static void
KeepRow(SettleScan *scan)
{
	const SettleSite *site = &scan->sites[0];
	ExprContext *context = scan->custom.ss.ps.ps_ExprContext;
	MemoryContext old = MemoryContextSwitchTo(context->ecxt_per_tuple_memory);
	Datum		value;
	bool		isnull;

	if (!scan->begun)
	{
		value = ExecEvalExpr(site->terms, context, &isnull);
		WindowBook(site->call, value, isnull, true);
		scan->begun = true;
	}
	value = ExecEvalExpr(site->bill, context, &isnull);
	if (isnull)
		RefuseNull("bill");
	HashedAdd(scan->rows, scan->custom.ss.ss_ScanTupleSlot, value);
	MemoryContextSwitchTo(old);
}

/* All rows, into runs. What comes out of them again are the wanted columns only, the others are null. */
static void
ReadAll(SettleScan *scan)
{
	CustomScan *plan = (CustomScan *) scan->custom.ss.ps.plan;
	TupleTableSlot *row = scan->custom.ss.ss_ScanTupleSlot;

	scan->rows = NewHashedRows(scan->memory, ExecGetResultType(outerPlanState(scan)), scan->keys[0].column + 1,
							   list_nth(plan->custom_private, PLAN_ORDER), scan->wanted);
	while (ReadRow(scan))
		KeepRow(scan);
	ExecClearTuple(row);
	memset(row->tts_isnull, true, scan->n_columns * sizeof(bool));
}

static bool
NextHashed(SettleScan *scan)
{
	ExprContext *context = scan->custom.ss.ps.ps_ExprContext;
	TupleTableSlot *row = scan->custom.ss.ss_ScanTupleSlot;
	SettleCall *call = scan->sites[0].call;
	MemoryContext old;
	bool		found;

	if (scan->rows == NULL)
		ReadAll(scan);
	CHECK_FOR_INTERRUPTS();
	ResetExprContext(context);
	ExecClearTuple(row);
	old = MemoryContextSwitchTo(context->ecxt_per_tuple_memory);
	found = HashedNext(scan->rows, call, row);
	if (found)
	{
		row->tts_values[scan->n_columns] = WindowSplit(call);
		row->tts_isnull[scan->n_columns] = false;
		ExecStoreVirtualTuple(row);
		context->ecxt_scantuple = row;
	}
	MemoryContextSwitchTo(old);
	return found;
}

/* ---- the node ---- */

static TupleTableSlot *
NextRow(CustomScanState *node)
{
	SettleScan *scan = (SettleScan *) node;

	if (scan->done)
		return NULL;
	if (!(scan->by_hash ? NextHashed(scan) : NextSorted(scan)))
	{
		scan->done = true;
		return NULL;
	}
	return node->ss.ps.ps_ProjInfo != NULL ? ExecProject(node->ss.ps.ps_ProjInfo) : node->ss.ss_ScanTupleSlot;
}

/* The user must have the right to call a function, as in the server's node. */
static void
CheckRight(Oid function)
{
	AclResult	right = ExecuteCheck(function, GetUserId());

	if (right != ACLCHECK_OK)
		aclcheck_error(right, OBJECT_FUNCTION, get_func_name(function));
	InvokeFunctionExecuteHook(function);
}

static void
OpenKeys(SettleScan *scan, List *private, TupleDesc desc)
{
	List	   *columns = list_nth(private, PLAN_KEYS);

	scan->n_keys = list_length(columns);
	scan->keys = palloc0(scan->n_keys * sizeof(WindowKey));
	for (int i = 0; i < scan->n_keys; i++)
	{
		WindowKey *key = &scan->keys[i];
		Oid			function = get_opcode(list_nth_oid(list_nth(private, PLAN_OPERATORS), i));

		CheckRight(function);
		fmgr_info(function, &key->equal);
		key->collation = list_nth_oid(list_nth(private, PLAN_COLLATIONS), i);
		key->column = list_nth_int(columns, i) - 1;
		key->isnull = true;
		get_typlenbyval(TupleDescAttr(desc, key->column)->atttypid, &key->length, &key->by_value);
	}
}

static void
OpenSites(SettleScan *scan, List *private, List *arguments)
{
	List	   *functions = list_nth(private, PLAN_FUNCTIONS);
	List	   *types = list_nth(private, PLAN_TYPES);
	PlanState  *parent = &scan->custom.ss.ps;

	scan->n_sites = list_length(functions);
	scan->sites = palloc0(scan->n_sites * sizeof(SettleSite));
	for (int i = 0; i < scan->n_sites; i++)
	{
		SettleSite *site = &scan->sites[i];

		CheckRight(list_nth_oid(functions, i));
		site->terms = ExecInitExpr(list_nth(arguments, 2 * i), parent);
		site->bill = ExecInitExpr(list_nth(arguments, 2 * i + 1), parent);
		site->call = NewWindowCall(scan->memory, list_nth_oid(types, i));
	}
}

/* The columns of the row below that a target list takes */
static Bitmapset *
WantedColumns(List *targets, int n_columns)
{
	Bitmapset  *found = NULL;
	Bitmapset  *wanted = NULL;

	pull_varattnos((Node *) targets, INDEX_VAR, &found);
	for (int column = 1; column <= n_columns; column++)
		if (bms_is_member(column - FirstLowInvalidHeapAttributeNumber, found))
			wanted = bms_add_member(wanted, column);
	return wanted;
}

static void
Begin(CustomScanState *node, EState *estate, int eflags)
{
	SettleScan *scan = (SettleScan *) node;
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	TupleDesc	desc;

	scan->memory = estate->es_query_cxt;
	outerPlanState(node) = ExecInitNode(outerPlan(plan), estate, eflags);
	desc = ExecGetResultType(outerPlanState(node));
	scan->n_columns = desc->natts;
	OpenKeys(scan, plan->custom_private, desc);
	OpenSites(scan, plan->custom_private, plan->custom_exprs);
	scan->by_hash = list_nth(plan->custom_private, PLAN_ORDER) != NIL;
	if (scan->by_hash)
		scan->wanted = WantedColumns(plan->scan.plan.targetlist, scan->n_columns);
}

/* What was read goes */
static void
Forget(SettleScan *scan)
{
	if (scan->rows != NULL)
		HashedClose(scan->rows);
	scan->rows = NULL;
}

/* Rows that were kept come out again, unless something that they depend on has changed. */
static void
Rescan(CustomScanState *node)
{
	SettleScan *scan = (SettleScan *) node;

	scan->done = false;
	if (scan->rows != NULL && node->ss.ps.chgParam == NULL)
	{
		HashedRewind(scan->rows);
		return;
	}
	Forget(scan);
	scan->begun = false;
	if (outerPlanState(node)->chgParam == NULL)
		ExecReScan(outerPlanState(node));
}

static void
End(CustomScanState *node)
{
	Forget((SettleScan *) node);
	ExecEndNode(outerPlanState(node));
}

static void
Explain(CustomScanState *node, List *ancestors, ExplainState *es)
{
	SettleScan *scan = (SettleScan *) node;
	int64		memory;
	int64		disk;

	ExplainPropertyText("Strategy", scan->by_hash ? "Hashed" : "Sorted", es);
	if (!es->analyze || scan->rows == NULL)
		return;
	HashedSizes(scan->rows, &memory, &disk);
	ExplainPropertyInteger("Memory Usage", "kB", (memory + 1023) / 1024, es);
	if (disk > 0)
		ExplainPropertyInteger("Disk Usage", "kB", (disk + 1023) / 1024, es);
}

/*
 * EXPLAIN writes a window function with the window of the node that computes it, and from PostgreSQL 18 on fails where that is no
 * WindowAgg. The planner has found the calls by now; from here on they are only shown, so they become plain calls. The plan may be
 * shared, but every execution would write the same.
 */
static void
ShowPlainCalls(CustomScan *plan)
{
	MemoryContext old = MemoryContextSwitchTo(GetMemoryChunkContext(plan));
	ListCell   *cell;

	foreach(cell, plan->custom_scan_tlist)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);
		WindowFunc *call = (WindowFunc *) entry->expr;

		if (IsA(call, WindowFunc))
			entry->expr = (Expr *) makeFuncExpr(call->winfnoid, call->wintype, call->args, call->wincollid, call->inputcollid,
												COERCE_EXPLICIT_CALL);
	}
	MemoryContextSwitchTo(old);
}

static const CustomExecMethods exec_methods = {
	.CustomName = "Settle",
	.BeginCustomScan = Begin,
	.ExecCustomScan = NextRow,
	.EndCustomScan = End,
	.ReScanCustomScan = Rescan,
	.ExplainCustomScan = Explain
};

static Node *
NewScan(CustomScan *plan)
{
	SettleScan *scan = (SettleScan *) newNode(sizeof(SettleScan), T_CustomScanState);

	ShowPlainCalls(plan);
	scan->custom.methods = &exec_methods;
	return (Node *) scan;
}

const CustomScanMethods settle_scan_methods = {.CustomName = "Settle", .CreateCustomScanState = NewScan};
