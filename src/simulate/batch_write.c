/*
 * batch_write.c — rows of a chunk written into a plain table many at a time, in the way of COPY. Constraints, defaults and indexes
 * hold; whatever else stands on a table (triggers, foreign keys, row security, rules, partitions, generated columns) is left to
 * INSERT … SELECT.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "compat.h"
#include "executor/executor.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "simulate/batch.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"

/* Writes into one table */
typedef struct Writer
{
	const Settling *settling;
	Relation	target;
	EState	   *estate;
	ResultRelInfo *info;
	BulkInsertState bulk;
	CommandId	command;
	int			n_defaults;
	AttrNumber *default_number;
	ExprState **default_value;
	int			n;				/* rows that wait */
	TupleTableSlot **slot;
} Writer;

/* ---- may we? ---- */

static bool
IsFilled(const Settling *settling, AttrNumber number)
{
	for (int i = 0; i < settling->n_columns; i++)
		if (settling->columns[i].number == number)
			return true;
	return false;
}

/* Do all values fit as they are, and can the other columns get their defaults? */
static bool
HasPlainColumns(const Settling *settling, Relation target)
{
	TupleDesc	desc = RelationGetDescr(target);

	for (int i = 0; i < settling->n_columns; i++)
		if (!settling->columns[i].fits ||
			TupleDescAttr(desc, settling->columns[i].number - 1)->attidentity == ATTRIBUTE_IDENTITY_ALWAYS)
			return false;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);

		if (column->attisdropped || IsFilled(settling, column->attnum))
			continue;
		if (column->attgenerated != '\0' || get_typtype(column->atttypid) == TYPTYPE_DOMAIN)
			return false;
		/* what reads tables must not miss rows that wait */
		if (contain_volatile_functions_not_nextval(build_column_default(target, column->attnum)))
			return false;
	}
	return true;
}

bool
CanWriteDirectly(const Settling *settling, Relation target)
{
	return !XactReadOnly && target->rd_rel->relkind == RELKIND_RELATION && !target->rd_rel->relispartition &&
		!IsSystemRelation(target) && !RELATION_IS_OTHER_TEMP(target) && target->trigdesc == NULL && target->rd_rules == NULL &&
		check_enable_rls(RelationGetRelid(target), InvalidOid, true) == RLS_NONE &&
		pg_class_aclcheck(RelationGetRelid(target), GetUserId(), ACL_INSERT) == ACLCHECK_OK &&
		HasPlainColumns(settling, target);
}

/* ---- writing ---- */

static void
PrepareDefaults(Writer *writer)
{
	TupleDesc	desc = RelationGetDescr(writer->target);

	writer->default_number = palloc(desc->natts * sizeof(AttrNumber));
	writer->default_value = palloc(desc->natts * sizeof(ExprState *));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);
		Expr	   *value;

		if (column->attisdropped || IsFilled(writer->settling, column->attnum))
			continue;
		value = (Expr *) build_column_default(writer->target, column->attnum);
		if (value == NULL)
			continue;
		writer->default_number[writer->n_defaults] = column->attnum;
		writer->default_value[writer->n_defaults++] = ExecInitExpr(expression_planner(value), NULL);
	}
}

static Writer *
OpenWriter(const Settling *settling, Relation target)
{
	Writer	   *writer = palloc0(sizeof(Writer));

	writer->settling = settling;
	writer->slot = settling->slots;
	writer->target = target;
	writer->estate = CreateExecutorState();
	writer->info = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->info, target, 0, NULL, 0);
	ExecOpenIndices(writer->info, false);
	writer->bulk = GetBulkInsertState();
	writer->command = GetCurrentCommandId(true);
	PrepareDefaults(writer);
	return writer;
}

/* Write the rows that wait, and their index entries */
static void
Flush(Writer *writer)
{
	MemoryContext old;

	if (writer->n == 0)
		return;
	old = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));
	table_multi_insert(writer->target, writer->slot, writer->n, writer->command, 0, writer->bulk);
	for (int i = 0; i < writer->n; i++)
	{
		if (writer->info->ri_NumIndices > 0)
			list_free(InsertIndexEntries(writer->info, writer->slot[i], writer->estate));
		ExecClearTuple(writer->slot[i]);
	}
	MemoryContextSwitchTo(old);
	ResetPerTupleExprContext(writer->estate);
	writer->n = 0;
}

/* A row of the target: what we have, defaults, nulls */
static void
FillSlot(Writer *writer, TupleTableSlot *slot, const Datum *values, const bool *nulls)
{
	const Settling *settling = writer->settling;
	ExprContext *context = GetPerTupleExprContext(writer->estate);

	ExecClearTuple(slot);
	memset(slot->tts_isnull, true, slot->tts_tupleDescriptor->natts * sizeof(bool));
	for (int i = 0; i < settling->n_columns; i++)
	{
		slot->tts_values[settling->columns[i].number - 1] = values[i];
		slot->tts_isnull[settling->columns[i].number - 1] = nulls[i];
	}
	for (int i = 0; i < writer->n_defaults; i++)
	{
		int			k = writer->default_number[i] - 1;

		slot->tts_values[k] = ExecEvalExprSwitchContext(writer->default_value[i], context, &slot->tts_isnull[k]);
	}
	ExecStoreVirtualTuple(slot);
	slot->tts_tableOid = RelationGetRelid(writer->target);
}

/* Slots outlive the chunk: a table has the same columns all the time, or the batch stops */
static TupleTableSlot *
NewSlot(const Writer *writer)
{
	MemoryContext old = MemoryContextSwitchTo(writer->settling->memory);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(writer->settling->target_desc, table_slot_callbacks(writer->target));

	MemoryContextSwitchTo(old);
	return slot;
}

static bool
PutInTable(void *sink, Datum *values, bool *nulls)
{
	Writer	   *writer = sink;
	TupleTableSlot *slot = writer->slot[writer->n];

	if (slot == NULL)
		slot = writer->slot[writer->n] = NewSlot(writer);
	FillSlot(writer, slot, values, nulls);
	if (writer->target->rd_att->constr != NULL)
		ExecConstraints(writer->info, slot, writer->estate);
	writer->n++;
	if (writer->n < WRITE_ROWS)
		return false;
	Flush(writer);
	return true;
}

static void
CloseWriter(Writer *writer)
{
	FreeBulkInsertState(writer->bulk);
	table_finish_bulk_insert(writer->target, 0);
	ExecCloseIndices(writer->info);
	FreeExecutorState(writer->estate);
}

void
WriteDirectly(Settling *settling, Relation target)
{
	Writer	   *writer = OpenWriter(settling, target);

	settling->bills = MakeRows(settling, PutInTable, writer);
	Flush(writer);
	CloseWriter(writer);
	CommandCounterIncrement();
}
