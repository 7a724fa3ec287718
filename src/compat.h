/*
 * compat.h — all differences between PostgreSQL 14 and 18 that concern us; no other file asks for PG_VERSION_NUM.
 * Include it right after postgres.h and fmgr.h.
 */
#ifndef ASSISTANCE_COMPAT_H
#define ASSISTANCE_COMPAT_H

#include "fmgr.h"
#include "catalog/pg_proc.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "nodes/extensible.h"
#include "nodes/nodes.h"
#include "nodes/supportnodes.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/tuplesort.h"
#include "utils/tuplestore.h"

/* 16 moved the macros of variable-length values out of postgres.h */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 16 has soft errors: an input function may report a fault instead of raising it; before, a fault is raised */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#else
#define errsave(context, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
	} while (0)
#define SOFT_ERROR_OCCURRED(context) ((void) (context), false)
#endif

/* 16 lets a window function that reads no frame ask for the cheapest one; false when the request is not about that */
#if PG_VERSION_NUM >= 160000
#include "nodes/parsenodes.h"
static inline bool
WantRowsFrame(Node *request)
{
	if (!IsA(request, SupportRequestOptimizeWindowClause))
		return false;
	((SupportRequestOptimizeWindowClause *) request)->frameOptions =
		FRAMEOPTION_NONDEFAULT | FRAMEOPTION_ROWS | FRAMEOPTION_START_UNBOUNDED_PRECEDING | FRAMEOPTION_END_CURRENT_ROW;
	return true;
}
#else
static inline bool
WantRowsFrame(Node *request)
{
	return false;
}
#endif

/* 18 can leave room before a minimal tuple */
#if PG_VERSION_NUM >= 180000
#define FormMinimalTuple(desc, values, nulls) heap_form_minimal_tuple(desc, values, nulls, 0)
#else
#define FormMinimalTuple(desc, values, nulls) heap_form_minimal_tuple(desc, values, nulls)
#endif

/* 15 opens the tuplestore of a set-returning function */
#if PG_VERSION_NUM < 150000
static inline void
InitMaterializedSRF(FunctionCallInfo fcinfo, bits32 flags)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;

	if (rsinfo == NULL || !IsA(rsinfo, ReturnSetInfo) || !(rsinfo->allowedModes & SFRM_Materialize))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("set-valued function called in context that cannot accept a set")));
	old = MemoryContextSwitchTo(rsinfo->econtext->ecxt_per_query_memory);
	if (get_call_result_type(fcinfo, NULL, &rsinfo->setDesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	rsinfo->setResult = tuplestore_begin_heap((rsinfo->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	rsinfo->returnMode = SFRM_Materialize;
	MemoryContextSwitchTo(old);
}
#endif

/* 16 added an argument for indexes that summarize only; the entries of a new row in all indexes */
static inline List *
InsertIndexEntries(ResultRelInfo *info, TupleTableSlot *slot, EState *estate)
{
#if PG_VERSION_NUM >= 160000
	return ExecInsertIndexTuples(info, slot, estate, false, false, NULL, NIL, false);
#else
	return ExecInsertIndexTuples(info, slot, estate, false, false, NULL, NIL);
#endif
}

/* 18 renamed the compiled CHECKs of a table that is written, and may leave one unenforced */
#if PG_VERSION_NUM >= 180000
#define CHECK_EXPRESSIONS ri_CheckConstraintExprs
#define IsCheckEnforced(check) ((check)->ccenforced)
#else
#define CHECK_EXPRESSIONS ri_ConstraintExprs
#define IsCheckEnforced(check) ((void) (check), true)
#endif

/* since 17, JSON_VALUE and its like keep what they have read of a type in the memory of the statement that first asks for it */
#if PG_VERSION_NUM >= 170000
#define IsJsonQuery(node) IsA(node, JsonExpr)
#else
#define IsJsonQuery(node) ((void) (node), false)
#endif

/* 15 made flags of what was one boolean */
#if PG_VERSION_NUM < 150000
#define TUPLESORT_RANDOMACCESS true
#endif

/* 16 lets the caller keep the sort's own copy of a value; the next value of a sort of datums */
static inline bool
SortedDatum(Tuplesortstate *sort, Datum *value, bool *isnull)
{
#if PG_VERSION_NUM >= 160000
	return tuplesort_getdatum(sort, true, true, value, isnull, NULL);
#else
	return tuplesort_getdatum(sort, true, value, isnull, NULL);
#endif
}

/* 18 keeps what EXPLAIN prints with in headers of its own */
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

/* 18 counts the nodes of a path that a setting forbids, instead of giving them an enormous cost; take the count of another path */
#if PG_VERSION_NUM >= 180000
#define TakeDisabledNodes(path, from) ((path)->disabled_nodes = (from)->disabled_nodes)
#else
#define TakeDisabledNodes(path, from) ((void) (from))
#endif

/* 15 asks a custom path whether it can compute a target list; before, it always can */
#ifndef CUSTOMPATH_SUPPORT_PROJECTION
#define CUSTOMPATH_SUPPORT_PROJECTION 0
#endif

/* 16 checks privileges on objects of all kinds in one function; may the user call this function? */
static inline AclResult
ExecuteCheck(Oid function, Oid user)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ProcedureRelationId, function, user, ACL_EXECUTE);
#else
	return pg_proc_aclcheck(function, user, ACL_EXECUTE);
#endif
}

#endif
