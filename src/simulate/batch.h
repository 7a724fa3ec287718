/*
 * batch.h — one call of settle_batch, between its rooms: the source is read into runs (batch_source.c), the columns of the target
 * are matched with what there is (batch_columns.c), a chunk becomes rows (batch_rows.c), and rows go into the target, by INSERT or
 * directly (batch_write.c). The call itself and its table of runs: batch.c.
 */
#ifndef ASSISTANCE_SIMULATE_BATCH_H
#define ASSISTANCE_SIMULATE_BATCH_H

#include "executor/spi.h"
#include "simulate/record.h"
#include "simulate/runs.h"
#include "utils/rel.h"
#include "value/book.h"
#include "value/split.h"

/* What a column of the target takes */
typedef enum BatchKind
{
	BATCH_PERSON,
	BATCH_ORDERED_AT,
	BATCH_SEQ,
	BATCH_AMOUNT,
	BATCH_LINES,
	BATCH_PASSED				/* a column of the source, as it is */
} BatchKind;

typedef struct BatchColumn
{
	AttrNumber	number;			/* in the target */
	char		name[NAMEDATALEN];
	BatchKind	kind;
	uint32		amounts;		/* bits: columns of assistance.split that are added up */
	int			passed;			/* which of the passed columns */
	Oid			type;			/* of what it takes */
	int32		typmod;
	bool		fits;			/* that is the type of the target's column */
} BatchColumn;

typedef struct Settling
{
	MemoryContext memory;		/* lives through the commits of the call */
	bool		registers;		/* the target is the register's table of claims, which settles by itself */
	BookUse		use;
	Fold	   *fold;			/* NULL: the register settles */
	Profiles   *profiles;
	PlanHint   *hints;			/* by profile; NULL before the first chunk */
	Runs	   *runs;
	Oid			person_type;
	bool		text_persons;
	TupleDesc	passed;			/* the columns of the source that are passed on; NULL: none */
	int			n_columns;		/* of the target that are filled */
	BatchColumn *columns;
	int			n_chunks;
	int			chunk;			/* that is stored now */
	bool		inserts;		/* the INSERT of the chunk is running: only meanwhile batch_rows may be called */
	int64		bills;			/* stored by the last chunk */
	TupleDesc	target_desc;	/* the target as it was when its columns were matched */
	TupleTableSlot **slots;		/* for rows that wait to be written: WRITER_ROWS, made when they are needed */
} Settling;

/* The batch of the call that is running in this session; NULL: none */
extern Settling *running_batch;

/* The first run of a chunk; that of the chunk behind it is the end. Depends on the number of chunks alone. */
static inline int
FirstRun(int chunk, int n_chunks)
{
	return chunk * MAX_RUNS / n_chunks;
}

extern void RefuseBatch(const char *message, const char *found, const char *expected) __attribute__((noreturn));
extern char *QualifiedName(Oid relation);

/* ---- batch_source.c ---- */

#define MAX_PASSED 32768		/* bytes of the passed columns of one row */

/* How a source is read */
typedef struct BatchSource
{
	Settling   *settling;
	bool		is_query;		/* a SELECT; else the name of a table */
	char	   *from;			/* what stands behind FROM */
	TupleDesc	desc;			/* all its columns */
	int			person;			/* numbers of columns, from 1 */
	int			bill;
	int			skip_before;	/* persons of runs before this one are passed over */
	int64		bills;			/* that were read */
} BatchSource;

/* Look at the columns of a source; refuse (MA352) one without persons and bills. Needs SPI. */
extern void OpenSource(BatchSource *source, Settling *settling, const char *text);

/* Read all its rows into the runs. Needs SPI. */
extern void ReadSource(BatchSource *source);

/* ---- batch_columns.c ---- */

/* Fill settling->columns and settling->passed. mapping: "target column=what" each, or NULL. */
extern void MatchColumns(BatchSource *source, Relation target, ArrayType *mapping);

/* ---- batch_rows.c ---- */

/* Takes a row of settling->columns; true: what earlier rows point to may go. */
typedef bool (*RowSink) (void *sink, Datum *values, bool *nulls);

/* The rows of the chunk: settled, or passed on; how many. */
extern int64 MakeRows(Settling *settling, RowSink put, void *sink);

/* INSERT INTO target … SELECT from the function batch_rows. */
extern char *InsertStatement(const Settling *settling, const char *target);

/* ---- batch_write.c ---- */

/* Write the rows of the chunk as COPY does. False: none was written; the target has more than constraints and indexes. */
extern bool WriteDirectly(Settling *settling, Relation target);

#endif
