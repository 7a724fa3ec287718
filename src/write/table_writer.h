/*
 * table_writer.h — rows written straight into a table, in the way of COPY: no statement is parsed, planned or set up for them.
 */
#ifndef ASSISTANCE_WRITE_TABLE_WRITER_H
#define ASSISTANCE_WRITE_TABLE_WRITER_H

#include "access/heapam.h"
#include "commands/trigger.h"
#include "compat.h"
#include "utils/rel.h"

#define WRITER_ROWS 1000		/* that wait to be written together, at most */

/* A column that gets values, and what they are */
typedef struct FilledColumn
{
	AttrNumber	number;
	Oid			type;
	int32		typmod;			/* -1: of any precision */
} FilledColumn;

/* How a table is written: the columns that get values, defaults for the others, CHECKs. Nothing in it belongs to one statement. */
typedef struct TableForm
{
	int			n_filled;
	FilledColumn *filled;
	bool	   *cut;			/* numerics that have to be brought to the precision and scale of their columns */
	int			n_defaults;
	AttrNumber *default_number;
	ExprState **default_value;
	ExprState **checks;			/* NULL: none */
} TableForm;

/* One statement's worth of rows */
typedef struct TableWriter
{
	const TableForm *form;
	Relation	table;
	EState	   *estate;
	ResultRelInfo *info;
	TransitionCaptureState *capture;	/* for triggers that see all new rows; NULL: none does */
	CommandId	command;
	int			n;				/* rows that wait … */
	int			capacity;		/* … at most */
	TupleTableSlot **slot;		/* of such rows, made when they are needed */
	/* for many rows, set after opening */
	BulkInsertState bulk;
	TupleDesc	slot_desc;		/* with it slots outlive the statement … */
	MemoryContext slot_memory;	/* … here */
} TableWriter;

/*
 * The form for CMD_INSERT, CMD_UPDATE (then no defaults) or CMD_SELECT (then columns only), in the current memory context. NULL:
 * the table has something that only a statement does: rules, partitions, generated columns, domains, a column of another type,
 * triggers BEFORE ROW INSERT or any of a user's on UPDATE, or a CHECK or a default that reads the whole row or calls a function
 * which may be replaced.
 */
extern TableForm *MakeTableForm(Relation table, CmdType command, const FilledColumn *filled, int n_filled);

/*
 * The CHECKs of a table in its order, in the current memory context; nothing in them belongs to one statement. NULL: it has none,
 * or one that reads the whole row or calls a function which may be replaced.
 */
extern ExprState **CompileChecks(Relation table);

/* Has the current user these rights now, without row security, and with nobody who listens to statements? */
extern bool MayDirectly(Relation table, AclMode rights);

/* What is written between these two is one statement, seen by later ones. EndWriting fires the triggers AFTER it, as they say. */
extern EState *BeginWriting(void);
extern void EndWriting(EState *estate);

/* A table whose rows are added or changed, with its indexes, and with the CHECKs of the form. */
extern ResultRelInfo *OpenResult(EState *estate, Relation table, const TableForm *form);

/* A writer of new rows, n of them as far as is known; triggers BEFORE the statement fire. */
extern TableWriter *OpenTableWriter(EState *estate, Relation table, const TableForm *form, int n);

/* Write a row: what has no value gets its default, or null. True when no value is needed any more. */
extern bool WriteRow(TableWriter *writer, const Datum *values, const bool *nulls);

/* Write what waits. Triggers AFTER are queued for EndWriting. */
extern void CloseTableWriter(TableWriter *writer);

#endif
