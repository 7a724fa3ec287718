/*
 * table_writer.c — rows written straight into a table, in the way of COPY: defaults, CHECKs, indexes, and the triggers that fire
 * AFTER. Half of what a statement of one row costs the server is reading the CHECKs of its table from their text; a form holds
 * them compiled and may be kept from statement to statement, until the table changes (register/posting.c). What a form cannot hold
 * is left to INSERT and UPDATE.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "write/table_writer.h"

/* ---- forms ---- */

/* Functions of the server are never replaced; others would be called as they were when the expression was compiled. */
static bool
IsOfOthers(Oid function, void *unused)
{
	return function >= FirstGenbkiObjectId;
}

/* Whole rows are read, and converted, with descriptors that the server makes once and keeps for one statement only. */
static bool
KeepsDescriptor(Node *node)
{
	return IsA(node, ConvertRowtypeExpr) || (IsA(node, Var) && ((Var *) node)->varattno == InvalidAttrNumber);
}

/* Is there something that must not outlive the statement in which it was compiled? */
static bool
DependsOnOthers(Node *node, void *unused)
{
	if (node == NULL)
		return false;
	return IsA(node, CoerceToDomain) || IsJsonQuery(node) || KeepsDescriptor(node) ||
		check_functions_in_node(node, IsOfOthers, NULL) || expression_tree_walker(node, DependsOnOthers, NULL);
}

/* Do the triggers of this command fire only after everything has been written, and, on UPDATE, none but those of foreign keys? */
static bool
HasLateTriggers(const TriggerDesc *triggers, CmdType command)
{
	if (triggers == NULL || command == CMD_SELECT)
		return true;
	if (command == CMD_INSERT)
		return !triggers->trig_insert_before_row;
	for (int i = 0; i < triggers->numtriggers; i++)
		if (TRIGGER_FOR_UPDATE(triggers->triggers[i].tgtype) && !triggers->triggers[i].tgisinternal)
			return false;
	return true;
}

/* Can the values be stored as they are, or as numeric(p, s)? */
static bool
TakeFilled(TableForm *form, Relation table, CmdType command, const FilledColumn *filled, int n_filled)
{
	form->n_filled = n_filled;
	form->filled = palloc(n_filled * sizeof(FilledColumn));
	form->cut = palloc0(n_filled * sizeof(bool));
	for (int i = 0; i < n_filled; i++)
	{
		Form_pg_attribute column;

		if (filled[i].number <= 0)
			return false;
		column = TupleDescAttr(RelationGetDescr(table), filled[i].number - 1);
		form->filled[i] = filled[i];
		form->cut[i] = column->atttypmod != -1 && column->atttypmod != filled[i].typmod;
		if (column->atttypid != filled[i].type || (form->cut[i] && column->atttypid != NUMERICOID) ||
			(command == CMD_INSERT && column->attidentity == ATTRIBUTE_IDENTITY_ALWAYS))
			return false;
	}
	return true;
}

static bool
IsFilled(const TableForm *form, AttrNumber number)
{
	for (int i = 0; i < form->n_filled; i++)
		if (form->filled[i].number == number)
			return true;
	return false;
}

/* Defaults of the other columns; no column may be generated */
static bool
TakeDefaults(TableForm *form, Relation table, CmdType command)
{
	TupleDesc	desc = RelationGetDescr(table);

	form->default_number = palloc(desc->natts * sizeof(AttrNumber));
	form->default_value = palloc(desc->natts * sizeof(ExprState *));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);
		Node	   *value;

		if (column->attgenerated != '\0')
			return false;
		if (column->attisdropped || command != CMD_INSERT || IsFilled(form, column->attnum))
			continue;
		if (get_typtype(column->atttypid) == TYPTYPE_DOMAIN)
			return false;
		value = build_column_default(table, column->attnum);
		if (value == NULL)
			continue;
		if (DependsOnOthers(value, NULL))
			return false;
		form->default_number[form->n_defaults] = column->attnum;
		form->default_value[form->n_defaults++] = ExecInitExpr(expression_planner((Expr *) value), NULL);
	}
	return true;
}

/* A CHECK may read a column that is no more than an expression, which the server puts in its place */
static bool
HasGeneratedColumn(TupleDesc desc)
{
	for (int i = 0; i < desc->natts; i++)
		if (TupleDescAttr(desc, i)->attgenerated != '\0')
			return true;
	return false;
}

ExprState **
CompileChecks(Relation table)
{
	const TupleConstr *constraints = RelationGetDescr(table)->constr;
	ExprState **checks;

	if (constraints == NULL || constraints->num_check == 0 || HasGeneratedColumn(RelationGetDescr(table)))
		return NULL;
	checks = palloc0(constraints->num_check * sizeof(ExprState *));
	for (int i = 0; i < constraints->num_check; i++)
	{
		Node	   *check = stringToNode(constraints->check[i].ccbin);

		if (!IsCheckEnforced(&constraints->check[i]))
			continue;
		if (DependsOnOthers(check, NULL))
			return NULL;
		checks[i] = ExecInitExpr(expression_planner((Expr *) check), NULL);
	}
	return checks;
}

static bool
TakeChecks(TableForm *form, Relation table)
{
	const TupleConstr *constraints = RelationGetDescr(table)->constr;

	form->checks = CompileChecks(table);
	return form->checks != NULL || constraints == NULL || constraints->num_check == 0;
}

TableForm *
MakeTableForm(Relation table, CmdType command, const FilledColumn *filled, int n_filled)
{
	TableForm  *form;

	if (table->rd_rel->relkind != RELKIND_RELATION || table->rd_rel->relispartition || table->rd_rules != NULL ||
		(command != CMD_INSERT && table->rd_rel->relhassubclass) || !HasLateTriggers(table->trigdesc, command))
		return NULL;
	form = palloc0(sizeof(TableForm));
	if (!TakeFilled(form, table, command, filled, n_filled))
		return NULL;
	return command == CMD_SELECT || (TakeDefaults(form, table, command) && TakeChecks(form, table)) ? form : NULL;
}

bool
MayDirectly(Relation table, AclMode rights)
{
	Oid			id = RelationGetRelid(table);

	return (rights == ACL_SELECT || !XactReadOnly) && ExecutorCheckPerms_hook == NULL && !RELATION_IS_OTHER_TEMP(table) &&
		check_enable_rls(id, InvalidOid, true) != RLS_ENABLED && pg_class_aclmask(id, GetUserId(), rights, ACLMASK_ALL) == rights;
}

/* ---- a statement ---- */

EState *
BeginWriting(void)
{
	EState	   *estate;

	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	estate = CreateExecutorState();
	estate->es_snapshot = GetActiveSnapshot();
	AfterTriggerBeginQuery();
	return estate;
}

void
EndWriting(EState *estate)
{
	AfterTriggerEndQuery(estate);
	ExecResetTupleTable(estate->es_tupleTable, false);
	ExecCloseResultRelations(estate);
	FreeExecutorState(estate);
	PopActiveSnapshot();
	CommandCounterIncrement();
}

/* ---- rows ---- */

ResultRelInfo *
OpenResult(EState *estate, Relation table, const TableForm *form)
{
	ResultRelInfo *info = makeNode(ResultRelInfo);

	InitResultRelInfo(info, table, 0, NULL, 0);
	info->CHECK_EXPRESSIONS = form->checks;
	ExecOpenIndices(info, false);
	estate->es_opened_result_relations = lappend(estate->es_opened_result_relations, info);
	return info;
}

TableWriter *
OpenTableWriter(EState *estate, Relation table, const TableForm *form, int n)
{
	TableWriter *writer = palloc0(sizeof(TableWriter));

	writer->form = form;
	writer->table = table;
	writer->estate = estate;
	writer->info = OpenResult(estate, table, form);
	writer->capacity = Min(n, WRITER_ROWS);
	writer->slot = palloc0(writer->capacity * sizeof(TupleTableSlot *));
	writer->command = GetCurrentCommandId(true);
	ExecBSInsertTriggers(estate, writer->info);
	writer->capture = MakeTransitionCaptureState(writer->info->ri_TrigDesc, RelationGetRelid(table), CMD_INSERT);
	return writer;
}

/* A row of the table: what there is, defaults, nulls */
static void
FillSlot(TableWriter *writer, TupleTableSlot *slot, const Datum *values, const bool *nulls)
{
	const TableForm *form = writer->form;
	ExprContext *context = GetPerTupleExprContext(writer->estate);

	ExecClearTuple(slot);
	memset(slot->tts_isnull, true, slot->tts_tupleDescriptor->natts * sizeof(bool));
	for (int i = 0; i < form->n_filled; i++)
	{
		int			k = form->filled[i].number - 1;

		slot->tts_isnull[k] = nulls[i];
		slot->tts_values[k] = !form->cut[i] || nulls[i] ? values[i] :
			DirectFunctionCall2(numeric, values[i], Int32GetDatum(TupleDescAttr(slot->tts_tupleDescriptor, k)->atttypmod));
	}
	for (int i = 0; i < form->n_defaults; i++)
	{
		int			k = form->default_number[i] - 1;

		slot->tts_values[k] = ExecEvalExpr(form->default_value[i], context, &slot->tts_isnull[k]);
	}
	ExecStoreVirtualTuple(slot);
	slot->tts_tableOid = RelationGetRelid(writer->table);
}

/* Write the rows that wait and their index entries; queue the triggers AFTER each of them */
static void
Flush(TableWriter *writer)
{
	MemoryContext old;

	if (writer->n == 0)
		return;
	old = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));
	table_multi_insert(writer->table, writer->slot, writer->n, writer->command, 0, writer->bulk);
	for (int i = 0; i < writer->n; i++)
	{
		List	   *recheck = NIL;

		if (writer->info->ri_NumIndices > 0)
			recheck = InsertIndexEntries(writer->info, writer->slot[i], writer->estate);
		ExecARInsertTriggers(writer->estate, writer->info, writer->slot[i], recheck, writer->capture);
		list_free(recheck);
		ExecClearTuple(writer->slot[i]);
	}
	MemoryContextSwitchTo(old);
	ResetPerTupleExprContext(writer->estate);
	writer->n = 0;
}

static TupleTableSlot *
MakeSlot(TableWriter *writer)
{
	MemoryContext old = MemoryContextSwitchTo(writer->slot_desc != NULL ? writer->slot_memory : writer->estate->es_query_cxt);
	TupleTableSlot *slot = writer->slot_desc != NULL ?
		MakeSingleTupleTableSlot(writer->slot_desc, table_slot_callbacks(writer->table)) :
		table_slot_create(writer->table, &writer->estate->es_tupleTable);

	MemoryContextSwitchTo(old);
	return slot;
}

bool
WriteRow(TableWriter *writer, const Datum *values, const bool *nulls)
{
	TupleTableSlot *slot = writer->slot[writer->n];
	MemoryContext old;

	if (slot == NULL)
		slot = writer->slot[writer->n] = MakeSlot(writer);
	old = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));
	FillSlot(writer, slot, values, nulls);
	MemoryContextSwitchTo(old);
	if (writer->table->rd_att->constr != NULL)
		ExecConstraints(writer->info, slot, writer->estate);
	writer->n++;
	if (writer->n < writer->capacity)
		return false;
	Flush(writer);
	return true;
}

void
CloseTableWriter(TableWriter *writer)
{
	Flush(writer);
	ExecASInsertTriggers(writer->estate, writer->info, writer->capture);
}
