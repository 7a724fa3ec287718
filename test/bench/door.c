/*
 * door.c — times the door between numeric and fen (src/fen.c, linked in), alone. Bench only: not part of the extension.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/array.h"

#include "fen.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);
PG_FUNCTION_INFO_V1(bench_read);
PG_FUNCTION_INFO_V1(bench_write);

void
_PG_init(void)
{
	FenInit();
}

/* read(amounts numeric[], rounds int): nanoseconds per value, numeric to fen */
Datum
bench_read(PG_FUNCTION_ARGS)
{
	Datum	   *values;
	int			n;
	int			rounds = PG_GETARG_INT32(1);
	int64		sum = 0;
	instr_time	start;
	instr_time	end;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), NUMERICOID, -1, false, TYPALIGN_INT, &values, NULL, &n);
	INSTR_TIME_SET_CURRENT(start);
	for (int round = 0; round < rounds; round++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < n; i++)
		{
			int64		fen;

			if (NumericToFen(values[i], &fen) != FEN_OK)
				elog(ERROR, "not an amount");
			sum += fen;
		}
	}
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	elog(DEBUG1, "sum " INT64_FORMAT, sum);
	PG_RETURN_FLOAT8(INSTR_TIME_GET_DOUBLE(end) * 1e9 / ((double) n * rounds));
}

/* write(amounts numeric[], rounds int): nanoseconds per value, fen to the stored form */
Datum
bench_write(PG_FUNCTION_ARGS)
{
	Datum	   *values;
	int64	   *fens;
	int			n;
	int			rounds = PG_GETARG_INT32(1);
	int64		sum = 0;
	char		out[NUMERIC_SHORT_MAX + 1];
	instr_time	start;
	instr_time	end;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), NUMERICOID, -1, false, TYPALIGN_INT, &values, NULL, &n);
	fens = palloc(n * sizeof(int64));
	for (int i = 0; i < n; i++)
	{
		if (NumericToFen(values[i], &fens[i]) != FEN_OK)
			elog(ERROR, "not an amount");
	}
	INSTR_TIME_SET_CURRENT(start);
	for (int round = 0; round < rounds; round++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < n; i++)
			sum += NumericWriteShort(out, fens[i]);
	}
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	elog(DEBUG1, "sum " INT64_FORMAT, sum);
	PG_RETURN_FLOAT8(INSTR_TIME_GET_DOUBLE(end) * 1e9 / ((double) n * rounds));
}
