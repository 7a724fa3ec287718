/*
 * posted.c — which rows of payment are the fold's own. The fold has put them in order, kept them within the bill and reckoned with
 * all that was there, under the lock of the person's account; the guard judges what others write, and what a trigger has changed.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "fen.h"
#include "register/posted.h"

#define PAYMENT_COLUMNS 11

static const char *const payment_column[PAYMENT_COLUMNS] = {
	"person_id", "claim_id", "revision", "layer", "kind", "entry", "place", "state", "amount", "owed_by", "owed_to"
};

static const Batch *being_written;

const Batch *
SetPaymentsBeingWritten(const Batch *payments)
{
	const Batch *before = being_written;

	Assert(payments == NULL || payments->columns == PAYMENT_COLUMNS);
	being_written = payments;
	return before;
}

/* Equal values of a type that payments have */
static bool
IsSame(Oid type, Datum a, Datum b)
{
	int64		fen_a;
	int64		fen_b;

	switch (type)
	{
		case NUMERICOID:
			return NumericToFen(a, &fen_a) == FEN_OK && NumericToFen(b, &fen_b) == FEN_OK && fen_a == fen_b;
		case TEXTOID:
			return VARSIZE_ANY_EXHDR(DatumGetPointer(a)) == VARSIZE_ANY_EXHDR(DatumGetPointer(b)) &&
				memcmp(VARDATA_ANY(DatumGetPointer(a)), VARDATA_ANY(DatumGetPointer(b)),
					   VARSIZE_ANY_EXHDR(DatumGetPointer(a))) == 0;
		default:
			return a == b;
	}
}

/* Is the row of a transition table this payment? */
static bool
IsPayment(TupleTableSlot *slot, const int *columns, int row)
{
	for (int i = 0; i < PAYMENT_COLUMNS; i++)
	{
		bool		isnull;
		Datum		value = slot_getattr(slot, columns[i], &isnull);

		if (isnull != being_written->null[i][row] ||
			(!isnull && !IsSame(being_written->types[i], value, being_written->value[i][row])))
			return false;
	}
	return true;
}

/* The columns of payment by number; false where a column is not what the fold writes */
static bool
FindColumns(TupleDesc desc, int *columns)
{
	for (int i = 0; i < PAYMENT_COLUMNS; i++)
	{
		columns[i] = SPI_fnumber(desc, payment_column[i]);
		if (columns[i] <= 0 || TupleDescAttr(desc, columns[i] - 1)->atttypid != being_written->types[i])
			return false;
	}
	return true;
}

bool
IsPostedByFold(Relation relation, Tuplestorestate *rows)
{
	TupleTableSlot *slot;
	int			columns[PAYMENT_COLUMNS];
	int			row = 0;

	if (being_written == NULL || rows == NULL || tuplestore_tuple_count(rows) != being_written->n ||
		!FindColumns(RelationGetDescr(relation), columns))
		return false;
	slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot) && IsPayment(slot, columns, row))
		row++;
	ExecDropSingleTupleTableSlot(slot);
	return row == being_written->n;
}
