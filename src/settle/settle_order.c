/*
 * settle_order.c — may the bills of a window be sorted instead of its rows? The planner's question; nothing is executed here.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/optimizer.h"
#include "optimizer/tlist.h"
#include "parser/parsetree.h"
#include "settle/settle_scan.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
#include "value/bill_arguments.h"

extern Datum assistance_make_bill_fen(PG_FUNCTION_ARGS);

/* Persons that records can hold: told apart by the usual equality, which is that of bytes */
static bool
IsPerson(const SortGroupClause *key, const Node *expression)
{
	Oid			type = exprType(expression);
	Oid			collation = exprCollation(expression);

	if (lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr != key->eqop)
		return false;
	if (type == INT8OID || type == INT4OID)
		return true;
	return (type == TEXTOID || type == VARCHAROID) && OidIsValid(collation) && get_collation_isdeterministic(collation);
}

/* ASC NULLS LAST in the usual order of its type */
static bool
IsAscending(const SortGroupClause *key, const Node *expression)
{
	return !key->nulls_first && lookup_type_cache(exprType(expression), TYPECACHE_LT_OPR)->lt_opr == key->sortop;
}

/* What is written for a column of a subquery; NULL where it is none, or rows come from several */
static Node *
Below(PlannerInfo *root, Node *column, int varno, PlannerInfo **subroot)
{
	const Var  *var = (const Var *) column;
	RelOptInfo *rel;
	TargetEntry *entry;

	if (!IsA(var, Var) || var->varlevelsup != 0 || var->varno != varno || planner_rt_fetch(varno, root)->rtekind != RTE_SUBQUERY ||
		planner_rt_fetch(varno, root)->inh)
		return NULL;
	rel = root->simple_rel_array[varno];
	if (rel == NULL || rel->subroot == NULL || rel->subroot->parse->setOperations != NULL)
		return NULL;
	*subroot = rel->subroot;
	entry = get_tle_by_resno(rel->subroot->processed_tlist, var->varattno);
	return entry == NULL ? NULL : (Node *) entry->expr;
}

/* Is the argument the expression, or its value as a wider type that has the same order? */
static bool
IsSame(const Node *argument, const Node *expression)
{
	const FuncExpr *cast = (const FuncExpr *) argument;

	if (equal(argument, expression))
		return true;
	return IsA(cast, FuncExpr) && (cast->funcid == F_INT8_INT4 || cast->funcid == F_INT8_INT2 || cast->funcid == F_TIMESTAMP_DATE) &&
		equal(linitial(cast->args), expression);
}

/* Is this bill made with these expressions as its order key? Without seq two bills at one time are refused either way. */
static bool
IsOrderOf(const Node *bill, const Node *ordered_at, const Node *seq)
{
	const FuncExpr *made = (const FuncExpr *) bill;

	if (!IsA(made, FuncExpr) || list_length(made->args) != MAKE_BILL_ARGS || contain_volatile_functions((Node *) bill))
		return false;
	if (!IsOurs(made->funcid, "assistance_make_bill", assistance_make_bill) &&
		!IsOurs(made->funcid, "assistance_make_bill_fen", assistance_make_bill_fen))
		return false;
	if (!IsSame(list_nth(made->args, ARG_ORDERED_AT), ordered_at))
		return false;
	return seq == NULL ? IsA(list_nth(made->args, ARG_SEQ), Const) : IsSame(list_nth(made->args, ARG_SEQ), seq);
}

/* The same where the bill may be made in a subquery */
static bool
SameOrder(PlannerInfo *root, Node *bill, Node *ordered_at, Node *seq)
{
	while (bill != NULL && IsA(bill, Var))
	{
		int			varno = ((Var *) bill)->varno;
		PlannerInfo *subroot = NULL;

		bill = Below(root, bill, varno, &subroot);
		ordered_at = Below(root, ordered_at, varno, &subroot);
		if (seq != NULL && (seq = Below(root, seq, varno, &subroot)) == NULL)
			return false;
		if (ordered_at == NULL)
			return false;
		root = subroot;
	}
	return bill != NULL && IsOrderOf(bill, ordered_at, seq);
}

bool
MaySortByBill(PlannerInfo *root, const WindowClause *window, const WindowFunc *call)
{
	Node	   *order[2] = {NULL, NULL};
	ListCell   *cell;

	if (list_length(window->partitionClause) != 1 || window->orderClause == NIL || list_length(window->orderClause) > lengthof(order))
		return false;
	if (contain_var_clause(linitial(call->args)) ||
		!IsPerson(linitial(window->partitionClause), get_sortgroupclause_expr(linitial(window->partitionClause), root->processed_tlist)))
		return false;
	foreach(cell, window->orderClause)
	{
		SortGroupClause *key = lfirst_node(SortGroupClause, cell);
		Node	   *expression = get_sortgroupclause_expr(key, root->processed_tlist);

		if (!IsAscending(key, expression))
			return false;
		order[foreach_current_index(cell)] = expression;
	}
	return SameOrder(root, lsecond(call->args), order[0], order[1]);
}
