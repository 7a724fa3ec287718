/*
 * settle_path.c — the planner's side of settle: where a window computes nothing but settle, a node of ours takes the place of the
 * server's window node. It reads the same rows in the same order and gives the same rows; how is in settle_scan.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_language.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "optimizer/tlist.h"
#include "settle/settle_scan.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#define SHARE_OF_WINDOW 0.5		/* of the cost that the server's node would add to that of its input */

extern Datum assistance_settle(PG_FUNCTION_ARGS);

static create_upper_paths_hook_type next_hook = NULL;

/* ---- which windows ---- */

/* Does the catalogue call it what settle.sql calls settle? A look that loads no other library */
static bool
MayBeSettle(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		may_be = false;
	bool		isnull;
	Datum		source;

	if (!HeapTupleIsValid(tuple))
		return false;
	source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	if (((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId && !isnull)
		may_be = strcmp(TextDatumGetCString(source), "assistance_settle") == 0;
	ReleaseSysCache(tuple);
	return may_be;
}

/* Is the function our settle? Its address says so, not its name; one with a SET of its own has that of the server. */
static bool
IsSettle(Oid function)
{
	FmgrInfo	info;

	if (!MayBeSettle(function))
		return false;
	fmgr_info(function, &info);
	return info.fn_addr == assistance_settle;
}

/* the window functions of a query, as far as they are settle over one window */
typedef struct Calls
{
	Index		window;
	List	   *calls;			/* each once */
} Calls;

/* Collect them; true: there is another one, or one that has to be called as often as it is written */
static bool
FindOthers(Node *node, Calls *found)
{
	WindowFunc *call = (WindowFunc *) node;

	if (node == NULL)
		return false;
	if (!IsA(node, WindowFunc))
		return expression_tree_walker(node, FindOthers, found);
	if (call->winref != found->window || !IsSettle(call->winfnoid) || contain_volatile_functions((Node *) call->args))
		return true;
	found->calls = list_append_unique(found->calls, call);
	return false;
}

/* The calls of a window that computes nothing but settle, or NIL */
static List *
SettleCalls(const WindowAggPath *window)
{
	Calls		found = {window->winclause->winref, NIL};

	return FindOthers((Node *) window->path.pathtarget->exprs, &found) ? NIL : found.calls;
}

/* ---- the plan ---- */

/* Columns, operators and collations of PARTITION BY in the rows of a plan */
static List *
DescribeKeys(const WindowClause *window, List *tlist)
{
	List	   *columns = NIL;
	List	   *operators = NIL;
	List	   *collations = NIL;
	ListCell   *cell;

	foreach(cell, window->partitionClause)
	{
		SortGroupClause *key = lfirst_node(SortGroupClause, cell);
		TargetEntry *entry = get_sortgroupclause_tle(key, tlist);

		columns = lappend_int(columns, entry->resno);
		operators = lappend_oid(operators, key->eqop);
		collations = lappend_oid(collations, exprCollation((Node *) entry->expr));
	}
	return list_make3(columns, operators, collations);
}

/* The row below, then the splits: the planner finds the calls in it and lets everything above take the splits from there */
static List *
ScanColumns(List *below, List *calls)
{
	List	   *columns = NIL;
	ListCell   *cell;

	foreach(cell, below)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);

		columns = lappend(columns, makeTargetEntry(copyObjectImpl(entry->expr), entry->resno, NULL, false));
	}
	foreach(cell, calls)
		columns = lappend(columns, makeTargetEntry(copyObjectImpl(lfirst(cell)), list_length(columns) + 1, NULL, false));
	return columns;
}

static Plan *
PlanSettle(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist, List *clauses, List *custom_plans)
{
	CustomScan *scan = makeNode(CustomScan);
	Plan	   *below = linitial(custom_plans);
	List	   *calls = lsecond(path->custom_private);
	List	   *functions = NIL;
	List	   *types = NIL;
	ListCell   *cell;

	foreach(cell, calls)
	{
		WindowFunc *call = lfirst_node(WindowFunc, cell);

		functions = lappend_oid(functions, call->winfnoid);
		types = lappend_oid(types, call->wintype);
		scan->custom_exprs = list_concat(scan->custom_exprs, copyObjectImpl(call->args));
	}
	scan->scan.plan.targetlist = tlist;
	scan->scan.plan.lefttree = below;
	scan->flags = path->flags;
	scan->custom_scan_tlist = ScanColumns(below->targetlist, calls);
	scan->custom_private = lappend(lappend(DescribeKeys(linitial(path->custom_private), below->targetlist), functions), types);
	scan->methods = &settle_scan_methods;
	return &scan->scan.plan;
}

static const CustomPathMethods path_methods = {.CustomName = "Settle", .PlanCustomPath = PlanSettle};

/* ---- the path ---- */

/* The server's path with our node in place of its own: same input, same order, same columns */
static CustomPath *
SortedPath(const WindowAggPath *window, List *calls)
{
	CustomPath *path = makeNode(CustomPath);
	const Path *below = window->subpath;

	path->path = window->path;
	path->path.type = T_CustomPath;
	path->path.pathtype = T_CustomScan;
	path->path.startup_cost = below->startup_cost;
	path->path.total_cost = below->total_cost + SHARE_OF_WINDOW * (window->path.total_cost - below->total_cost);
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	path->custom_paths = list_make1(window->subpath);
	path->custom_private = list_make2(window->winclause, calls);
	path->methods = &path_methods;
	return path;
}

/* Our node is the cheaper one in every respect, so it takes the place of the server's. */
static void
ReplaceWindows(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input, RelOptInfo *output, void *extra)
{
	ListCell   *cell;

	if (next_hook != NULL)
		next_hook(root, stage, input, output, extra);
	if (stage != UPPERREL_WINDOW)
		return;
	foreach(cell, output->pathlist)
	{
		WindowAggPath *window = lfirst(cell);
		List	   *calls = IsA(window, WindowAggPath) ? SettleCalls(window) : NIL;

		if (calls != NIL)
			lfirst(cell) = SortedPath(window, calls);
	}
}

void
SettleScanInit(void)
{
	RegisterCustomScanMethods(&settle_scan_methods);
	next_hook = create_upper_paths_hook;
	create_upper_paths_hook = ReplaceWindows;
}
