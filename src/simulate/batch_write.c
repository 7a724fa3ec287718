/*
 * batch_write.c — rows of a chunk written straight into a plain table, many at a time. Constraints, defaults and indexes hold;
 * whatever else stands on a table (triggers, foreign keys, row security, rules, partitions, generated columns) is left to
 * INSERT … SELECT.
 */
#include "postgres.h"

#include "catalog/catalog.h"
#include "simulate/batch.h"
#include "write/table_writer.h"

/* All values fit as they are; triggers might read the table, and must not miss rows that wait. */
static TableForm *
FormOf(const Settling *settling, Relation target)
{
	FilledColumn *filled = palloc(settling->n_columns * sizeof(FilledColumn));

	if (target->trigdesc != NULL || IsSystemRelation(target) || !MayWriteTable(target, ACL_INSERT))
		return NULL;
	for (int i = 0; i < settling->n_columns; i++)
	{
		const BatchColumn *column = &settling->columns[i];

		if (!column->fits)
			return NULL;
		filled[i] = (FilledColumn) {column->number, column->type, column->typmod};
	}
	return MakeTableForm(target, CMD_INSERT, filled, settling->n_columns);
}

static bool
PutInTable(void *writer, Datum *values, bool *nulls)
{
	return WriteRow(writer, values, nulls);
}

bool
WriteDirectly(Settling *settling, Relation target)
{
	const TableForm *form = FormOf(settling, target);
	EState	   *estate;
	TableWriter *writer;

	if (form == NULL)
		return false;
	estate = BeginWriting();
	writer = OpenTableWriter(estate, target, form, WRITER_ROWS);
	writer->bulk = GetBulkInsertState();
	writer->slot = settling->slots;
	writer->slot_desc = settling->target_desc;
	writer->slot_memory = settling->memory;
	settling->bills = MakeRows(settling, PutInTable, writer);
	CloseTableWriter(writer);
	FreeBulkInsertState(writer->bulk);
	table_finish_bulk_insert(target, 0);
	EndWriting(estate);
	return true;
}
