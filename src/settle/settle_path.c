/*
 * settle_path.c — the planner's side of settle: where a window computes nothing but settle, a node of ours takes the place of the
 * server's window node. It reads the same rows and gives the same rows; how is in settle_scan.c. Whether they may come to it in any
 * order is found out in settle_order.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_language.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/planner.h"
#include "optimizer/tlist.h"
#include "settle/settle_scan.h"
#include "utils/builtins.h"
#include "utils/selfuncs.h"
#include "utils/syscache.h"

#define SHARE_OF_WINDOW 0.5		/* of the cost that the server's node would add to that of its input */
#define HASHED_START 250.0		/* a few thousand rows are sorted sooner than runs are opened for them */
#define MAX_BILLS_EACH 100000.0	/* by person, on average */
#define HASHED_ROW 1.0			/* of the cost of a tuple: to keep a row and to find its place */

extern Datum assistance_settle(PG_FUNCTION_ARGS);

static create_upper_paths_hook_type next_hook = NULL;

/* ---- which windows ---- */

/* Is the function written in C, under this name? A look that loads no library */
static bool
IsNamed(Oid function, const char *name)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		named = false;
	bool		isnull;
	Datum		source;

	if (!HeapTupleIsValid(tuple))
		return false;
	source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	if (((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId && !isnull)
		named = strcmp(TextDatumGetCString(source), name) == 0;
	ReleaseSysCache(tuple);
	return named;
}

/* Its address says whether a function is ours, not its name; one with a SET of its own has that of the server. */
bool
IsOurs(Oid function, const char *name, PGFunction ours)
{
	FmgrInfo	info;

	if (!IsNamed(function, name))
		return false;
	fmgr_info(function, &info);
	return info.fn_addr == ours;
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
	if (call->winref != found->window || !IsOurs(call->winfnoid, "assistance_settle", assistance_settle) ||
		contain_volatile_functions((Node *) call->args))
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

/* Columns of ORDER BY in the rows of a plan */
static List *
DescribeOrder(List *order, List *tlist)
{
	List	   *columns = NIL;
	ListCell   *cell;

	foreach(cell, order)
		columns = lappend_int(columns, get_sortgroupclause_tle(lfirst_node(SortGroupClause, cell), tlist)->resno);
	return columns;
}

static Plan *
PlanSettle(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist, List *clauses, List *custom_plans)
{
	CustomScan *scan = makeNode(CustomScan);
	Plan	   *below = linitial(custom_plans);
	const WindowClause *window = linitial(path->custom_private);
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
	scan->custom_private = lappend(lappend(DescribeKeys(window, below->targetlist), functions), types);
	scan->custom_private = lappend(scan->custom_private, DescribeOrder(lthird(path->custom_private), below->targetlist));
	scan->methods = &settle_scan_methods;
	return &scan->scan.plan;
}

static const CustomPathMethods path_methods = {.CustomName = "Settle", .PlanCustomPath = PlanSettle};

/* ---- the path ---- */

/*
 * A path to the columns that the server's node would compute, from rows of another path; order: NIL, or ORDER BY, which the node
 * is to bring about itself. Costs are still the server's.
 */
static CustomPath *
NewPath(const WindowAggPath *window, List *calls, Path *below, List *order)
{
	CustomPath *path = makeNode(CustomPath);

	path->path = window->path;
	path->path.type = T_CustomPath;
	path->path.pathtype = T_CustomScan;
	path->path.parallel_safe &= below->parallel_safe;
	TakeDisabledNodes(&path->path, below);
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	path->custom_paths = list_make1(below);
	path->custom_private = list_make3(window->winclause, calls, order);
	path->methods = &path_methods;
	return path;
}

/* What the node itself costs */
static Cost
OwnCost(const WindowAggPath *window)
{
	return SHARE_OF_WINDOW * (window->path.total_cost - window->subpath->total_cost);
}

/* The server's path with our node in place of its own: same input, same order, same columns */
static CustomPath *
SortedPath(const WindowAggPath *window, List *calls)
{
	CustomPath *path = NewPath(window, calls, window->subpath, NIL);

	path->path.startup_cost = window->subpath->startup_cost;
	path->path.total_cost = window->subpath->total_cost + OwnCost(window);
	return path;
}

/* The same from rows in any order, which the node brings into one of its own: persons by hash, their bills by order key */
static CustomPath *
HashedPath(const WindowAggPath *window, List *calls, Path *below)
{
	CustomPath *path = NewPath(window, calls, below, window->winclause->orderClause);

	path->path.pathkeys = NIL;
	path->path.startup_cost = below->total_cost + HASHED_START + HASHED_ROW * cpu_tuple_cost * below->rows;
	path->path.total_cost = path->path.startup_cost + OwnCost(window);
	return path;
}

/* A run holds all bills of its persons at once, so no person may have very many. */
static bool
HasManyPersons(PlannerInfo *root, const WindowClause *window, double rows)
{
	Node	   *person = get_sortgroupclause_expr(linitial(window->partitionClause), root->processed_tlist);

	return rows <= MAX_BILLS_EACH * estimate_num_groups(root, list_make1(person), rows, NULL, NULL);
}

/*
 * Our node is cheaper than the server's in every respect, so it takes its place; what comes from rows in any order is one path
 * more, which the planner takes where it is cheaper than sorting and nothing above wants an order.
 */
static void
AddPaths(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input, RelOptInfo *output, void *extra)
{
	CustomPath *hashed = NULL;
	ListCell   *cell;

	if (next_hook != NULL)
		next_hook(root, stage, input, output, extra);
	if (stage != UPPERREL_WINDOW)
		return;
	foreach(cell, output->pathlist)
	{
		WindowAggPath *window = lfirst(cell);
		List	   *calls = IsA(window, WindowAggPath) ? SettleCalls(window) : NIL;

		if (calls == NIL)
			continue;
		lfirst(cell) = SortedPath(window, calls);
		if (hashed == NULL && enable_hashagg && list_length(calls) == 1 &&
			MaySortByBill(root, window->winclause, linitial_node(WindowFunc, calls)) &&
			HasManyPersons(root, window->winclause, input->cheapest_total_path->rows))
			hashed = HashedPath(window, calls, input->cheapest_total_path);
	}
	if (hashed != NULL)
		add_path(output, &hashed->path);
}

void
SettleScanInit(void)
{
	RegisterCustomScanMethods(&settle_scan_methods);
	next_hook = create_upper_paths_hook;
	create_upper_paths_hook = AddPaths;
}
