/*
 * charge.c — charge lines in SQL: charge_line, the aggregate charge_lines and check_charges. What a line makes is decided in
 * core/charge.c. The state of the aggregate is a bigint[] with the columns in fen, indexed by Column: it needs no functions
 * of its own to go from worker to leader.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "core/charge.h"
#include "errors.h"
#include "fen.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/typcache.h"
#include "value/bill.h"

/* The columns of assistance.charge in the order of charge.sql. */
static const Column column_of[COLUMNS] = {
	COLUMN_TOTAL, COLUMN_EXCLUDED, COLUMN_OVER_LIMIT, COLUMN_FIRST_SHARE, COLUMN_IN_SCOPE
};

/* ---- rows of type assistance.charge ---- */

/* We take its columns for numeric, so the row type must be what charge.sql made. */
static void
CheckRowType(TupleDesc desc)
{
	bool		right = desc->natts == COLUMNS;

	for (int i = 0; right && i < COLUMNS; i++)
		right = !TupleDescAttr(desc, i)->attisdropped && TupleDescAttr(desc, i)->atttypid == NUMERICOID;
	if (!right)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_ALTERED),
				 errmsg("type assistance.charge has been altered"),
				 errhint("Drop and create the extension, or undo ALTER TYPE assistance.charge.")));
}

/* The row type of the result, kept from call to call */
static TupleDesc
ChargeDesc(FunctionCallInfo fcinfo)
{
	TupleDesc	desc = fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (desc != NULL)
		return desc;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	CheckRowType(desc);
	desc = BlessTupleDesc(CreateTupleDescCopy(desc));
	fcinfo->flinfo->fn_extra = desc;
	MemoryContextSwitchTo(old);
	return desc;
}

/* The columns as the result of this call */
static Datum
FormCharge(FunctionCallInfo fcinfo, const int64_t column_fen[COLUMNS])
{
	TupleDesc	desc = ChargeDesc(fcinfo);
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS] = {false};

	for (int i = 0; i < COLUMNS; i++)
		values[i] = FenToNumeric(column_fen[column_of[i]]);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/* The columns of a row; a null is 0, as in make_bill */
static void
ReadColumns(HeapTupleHeader row, int64_t column_fen[COLUMNS])
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	CheckRowType(desc);
	heap_deform_tuple(&tuple, desc, values, nulls);
	for (int i = 0; i < COLUMNS; i++)
		column_fen[column_of[i]] = nulls[i] ? 0 : NumericArgumentToFen(values[i], column_name[column_of[i]]);
	ReleaseTupleDesc(desc);
}

/* ---- arguments of a line ---- */

/* An argument of a line that must be known */
static void
RefuseMissing(const char *argument, const char *expected)
{
	Fault		fault;

	CheckFault(FaultSet(&fault, ST_BILL_MISSING, argument, "nothing", expected), &fault);
}

/* A ratio in parts per million: the hundredths of 10 000 times the share, so that the one door reads it */
static int64
RatioToPpm(Datum ratio)
{
	int64		ppm = 0;
	FenFault	fault = NumericToFen(DirectFunctionCall2(numeric_mul, ratio, FenToNumeric(PPM)), &ppm);

	if (unlikely(fault != FEN_OK))
	{
		const char *text = DatumGetCString(DirectFunctionCall1(numeric_out, ratio));

		ereport(ERROR,
				(errcode(fault == FEN_DECIMALS ? ERRCODE_INVALID_PARAMETER_VALUE : ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 fault == FEN_DECIMALS ? errmsg("first_share has more than six decimals") : errmsg("first_share is out of range"),
				 errdetail("first_share: %.60s%s.", text, strlen(text) > 60 ? "…" : ""),
				 errhint("Ratios are shares from 0 to 1 with at most six decimals: 0.1 for 10 %%.")));
	}
	return ppm;
}

/* The line of these arguments, of which the first has this number */
static void
ReadCharge(FunctionCallInfo fcinfo, int first, Charge *charge)
{
	int			limit = first + 1;
	int			first_share = first + 2;
	int			excluded = first + 3;

	if (PG_ARGISNULL(first))
		RefuseMissing("amount", "the cost of the charge line in yuan; FILTER (WHERE amount IS NOT NULL) leaves out rows without one");
	if (PG_ARGISNULL(excluded))
		RefuseMissing("excluded", "whether the charge line is excluded (丙类, 全自费): true or false");
	charge->excluded = PG_GETARG_BOOL(excluded);
	if (PG_ARGISNULL(first_share) && !charge->excluded)
		RefuseMissing("first_share", "the share that the patient pays first, 0 for class A");
	charge->amount_fen = NumericArgumentToFen(PG_GETARG_DATUM(first), "amount");
	charge->limited = !PG_ARGISNULL(limit);
	charge->limit_fen = charge->limited ? NumericArgumentToFen(PG_GETARG_DATUM(limit), "limit_amount") : 0;
	charge->first_share_ppm = PG_ARGISNULL(first_share) ? 0 : RatioToPpm(PG_GETARG_DATUM(first_share));
}

PG_FUNCTION_INFO_V1(assistance_charge_line);
Datum
assistance_charge_line(PG_FUNCTION_ARGS)
{
	int64_t		column_fen[COLUMNS] = {0};
	Charge		charge;
	Fault		fault;

	ReadCharge(fcinfo, 0, &charge);
	CheckFault(SplitCharge(&charge, column_fen, &fault), &fault);
	PG_RETURN_DATUM(FormCharge(fcinfo, column_fen));
}

/* ---- the aggregate ---- */

/* A state without lines, in the memory of the group */
static ArrayType *
NewState(MemoryContext memory)
{
	MemoryContext old = MemoryContextSwitchTo(memory);
	Datum		zeros[COLUMNS];
	ArrayType  *state;

	for (int i = 0; i < COLUMNS; i++)
		zeros[i] = Int64GetDatum(0);
	state = construct_array(zeros, COLUMNS, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
	MemoryContextSwitchTo(old);
	return state;
}

/* The columns in a state. Anybody can make an aggregate of our functions with a state of his own. */
static int64_t *
StateColumns(ArrayType *state)
{
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != COLUMNS || ARR_HASNULL(state) || ARR_ELEMTYPE(state) != INT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_DAMAGED),
				 errmsg("damaged state of charge_lines"),
				 errdetail("It is not an array of %d bigint.", COLUMNS)));
	return (int64_t *) ARR_DATA_PTR(state);
}

/* The state of argument 0, which an aggregate alone may change in place. NULL: the first line. */
static ArrayType *
GetState(FunctionCallInfo fcinfo, MemoryContext *memory)
{
	if (!AggCheckCallContext(fcinfo, memory))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("charge_lines called outside an aggregate"),
				 errhint("SELECT assistance.charge_lines(amount, limit_amount, first_share, excluded) FROM the lines of a bill.")));
	return PG_ARGISNULL(0) ? NULL : PG_GETARG_ARRAYTYPE_P(0);
}

PG_FUNCTION_INFO_V1(assistance_charge_lines_transition);
Datum
assistance_charge_lines_transition(PG_FUNCTION_ARGS)
{
	MemoryContext memory;
	ArrayType  *state = GetState(fcinfo, &memory);
	Charge		charge;
	Fault		fault;

	if (state == NULL)
		state = NewState(memory);
	ReadCharge(fcinfo, 1, &charge);
	CheckFault(SplitCharge(&charge, StateColumns(state), &fault), &fault);
	PG_RETURN_ARRAYTYPE_P(state);
}

PG_FUNCTION_INFO_V1(assistance_charge_lines_combine);
Datum
assistance_charge_lines_combine(PG_FUNCTION_ARGS)
{
	MemoryContext memory;
	ArrayType  *state = GetState(fcinfo, &memory);
	Fault		fault;

	CheckFault(AddColumns(StateColumns(PG_GETARG_ARRAYTYPE_P(1)), StateColumns(state), &fault), &fault);
	PG_RETURN_ARRAYTYPE_P(state);
}

PG_FUNCTION_INFO_V1(assistance_charge_lines_final);
Datum
assistance_charge_lines_final(PG_FUNCTION_ARGS)
{
	MemoryContext memory;

	PG_RETURN_DATUM(FormCharge(fcinfo, StateColumns(GetState(fcinfo, &memory))));
}

/* ---- the check ---- */

PG_FUNCTION_INFO_V1(assistance_check_charges);
Datum
assistance_check_charges(PG_FUNCTION_ARGS)
{
	int64_t		column_fen[COLUMNS];
	Bill		room;
	const Bill *bill = BillOfDatum(PG_GETARG_DATUM(0), &room);
	Fault		fault;

	ReadColumns(PG_GETARG_HEAPTUPLEHEADER(1), column_fen);
	if (unlikely(CheckCharges(bill, column_fen, &fault) != ST_OK))
		RefuseBill(&fault, bill);
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}
