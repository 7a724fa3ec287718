/*
 * kept_checks.c — the CHECKs of claim, compiled once in a session instead of once in every statement that inserts a claim: reading
 * them from their text is the largest part of such a statement. The first claim of a session is inserted as the server does it; its
 * trigger keeps the CHECKs, and a statement that starts later finds them beside its table. They are evaluated by the server, at
 * the same place, in the same order, under the same names, and given up when the table changes.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "register/kept_checks.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "write/table_writer.h"

static struct
{
	Oid			relation;		/* 0: nothing is kept */
	MemoryContext memory;
	ExprState **checks;			/* NULL: the server compiles them */
} kept;

static ExecutorStart_hook_type next_hook = NULL;

static void
NoteChange(Datum unused, Oid relation)
{
	if (!OidIsValid(relation) || relation == kept.relation)
		kept.relation = InvalidOid;
}

/* Who still evaluates what was kept before does so in this transaction. A partition is left to the server. */
void
KeepChecks(Relation claim)
{
	static bool listening;
	MemoryContext memory;
	MemoryContext old;
	ExprState **checks;

	if (kept.relation == RelationGetRelid(claim) || claim->rd_rel->relkind != RELKIND_RELATION || claim->rd_rel->relispartition)
		return;
	if (!listening)
	{
		CacheRegisterRelcacheCallback(NoteChange, (Datum) 0);
		listening = true;
	}
	memory = AllocSetContextCreate(CurrentMemoryContext, "assistance kept checks", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(memory);
	kept.checks = NULL;
	kept.relation = RelationGetRelid(claim);
	checks = CompileChecks(claim);
	MemoryContextSwitchTo(old);
	if (kept.relation == RelationGetRelid(claim))
		kept.checks = checks;
	if (kept.memory != NULL)
		MemoryContextSetParent(kept.memory, TopTransactionContext);
	MemoryContextSetParent(memory, TopMemoryContext);
	kept.memory = memory;
}

/* The statement has locked its tables: what is kept is known to be what they have. */
static void
GiveChecks(EState *estate)
{
	ListCell   *cell;

	foreach(cell, estate->es_opened_result_relations)
	{
		ResultRelInfo *info = lfirst(cell);

		if (RelationGetRelid(info->ri_RelationDesc) == kept.relation && info->CHECK_EXPRESSIONS == NULL)
			info->CHECK_EXPRESSIONS = kept.checks;
	}
}

static void
StartExecutor(QueryDesc *query, int flags)
{
	if (next_hook != NULL)
		next_hook(query, flags);
	else
		standard_ExecutorStart(query, flags);
	if (OidIsValid(kept.relation) && kept.checks != NULL)
		GiveChecks(query->estate);
}

void
KeptChecksInit(void)
{
	next_hook = ExecutorStart_hook;
	ExecutorStart_hook = StartExecutor;
}
