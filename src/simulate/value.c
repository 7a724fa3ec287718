/*
 * value.c — assistance.simulation as an SQL type. Stored: whole numbers in as many bytes as they need, one section after the
 * other. Text form: these bytes in hexadecimal, so that dumps carry the value; people read it through the functions of rows.c.
 * Whatever comes from outside is decoded once, with every count, place and length checked, before it is a value.
 */
#include "postgres.h"

#include "errors.h"
#include "common/int.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "simulate/bytes.h"
#include "simulate/value.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* ---- writing ---- */

static void
Put(StringInfo out, uint64 value)
{
	char		bytes[MAX_VARINT];

	appendBinaryStringInfo(out, bytes, (int) (PutVarint(bytes, value) - bytes));
}

static void
PutSigned(StringInfo out, int64 value)
{
	Put(out, ZigZag(value));
}

static void
PutHead(StringInfo out, const Simulation *s)
{
	Put(out, SIMULATION_FORMAT);
	Put(out, s->n_texts);
	for (uint32 i = 0; i < s->n_texts; i++)
	{
		Put(out, s->texts[i].length);
		appendBinaryStringInfo(out, s->texts[i].text, s->texts[i].length);
	}
	Put(out, s->n_scenarios);
	for (uint32 i = 0; i < s->n_scenarios; i++)
	{
		Put(out, s->scenarios[i].name);
		Put(out, s->scenarios[i].parameter);
		Put(out, s->scenarios[i].step);
		appendBinaryStringInfo(out, (const char *) s->scenarios[i].digest, DIGEST_BYTES);
	}
}

static void
PutCells(StringInfo out, const Simulation *s)
{
	Put(out, s->n_dims);
	for (uint32 i = 0; i < s->n_dims; i++)
		for (int k = 0; k < DIMENSIONS; k++)
			Put(out, s->dims[i].text[k]);
	Put(out, s->n_cells);
	for (uint32 i = 0; i < s->n_cells; i++)
	{
		CHECK_FOR_INTERRUPTS();
		Put(out, s->cells[i].dims);
		Put(out, (uint64) s->cells[i].month);
		Put(out, (uint64) s->cells[i].bills);
		for (int k = 0; k < COLUMNS; k++)
			PutSigned(out, s->cells[i].column_fen[k]);
	}
}

static void
PutSum(StringInfo out, const Sum *sum)
{
	Put(out, (uint64) sum->bills);
	PutSigned(out, sum->paid_fen);
	PutSigned(out, sum->adjustment_fen);
	PutSigned(out, sum->recoverable_fen);
}

static void
PutCosts(StringInfo out, const Simulation *s)
{
	Put(out, s->n_payers);
	for (uint32 i = 0; i < s->n_payers; i++)
	{
		Put(out, s->payers[i].layer);
		Put(out, s->payers[i].kind);
	}
	for (uint32 k = 0; k < s->n_scenarios; k++)
	{
		Put(out, s->n_costs[k]);
		for (uint32 i = 0; i < s->n_costs[k]; i++)
		{
			CHECK_FOR_INTERRUPTS();
			Put(out, s->costs[k][i].cell);
			Put(out, s->costs[k][i].payer);
			PutSum(out, &s->costs[k][i].sum);
		}
	}
}

static void
PutGroup(StringInfo out, const PersonGroup *group)
{
	int64		before = 0;

	Put(out, (uint64) group->burden.persons);
	PutSigned(out, group->burden.sum_fen);
	for (int i = 0; i < QUANTILES; i++)
	{
		PutSigned(out, group->burden.quantile_fen[i] - before);
		before = group->burden.quantile_fen[i];
	}
	Put(out, (uint64) group->with_income);
	for (int i = 0; i < INCOME_STEPS; i++)
		Put(out, (uint64) group->above_income[i]);
	for (int i = 0; i < CHANGE_BANDS; i++)
	{
		Put(out, (uint64) group->changes[i].persons);
		PutSigned(out, group->changes[i].sum_fen);
	}
}

static void
PutGroups(StringInfo out, const Simulation *s)
{
	Put(out, s->n_groups);
	for (uint32 i = 0; i < s->n_groups; i++)
		Put(out, s->groups[i]);
	for (uint32 k = 0; k < s->n_scenarios; k++)
		for (uint32 i = 0; i <= s->n_groups; i++)
			PutGroup(out, &s->in_group[k][i]);
}

static void
PutLimit(StringInfo out, const SimulatedLimit *limit)
{
	Put(out, limit->region);
	Put(out, limit->scheme);
	PutSigned(out, limit->from_day);
	Put(out, limit->payer);
	Put(out, limit->rule);
	Put(out, limit->which);
	Put(out, limit->number);
	Put(out, limit->name);
	Put(out, (uint64) limit->persons);
	Put(out, (uint64) limit->persons_reached);
	Put(out, (uint64) limit->bills);
	Put(out, (uint64) limit->bills_reached);
	PutSigned(out, limit->amount.fen);
	Put(out, (uint64) limit->amount.nano);
}

Datum
EncodeSimulation(const Simulation *simulation)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoSpaces(&out, VARHDRSZ);
	PutHead(&out, simulation);
	PutCells(&out, simulation);
	PutCosts(&out, simulation);
	PutGroups(&out, simulation);
	for (uint32 k = 0; k < simulation->n_scenarios; k++)
	{
		Put(&out, simulation->n_limits[k]);
		for (uint32 i = 0; i < simulation->n_limits[k]; i++)
			PutLimit(&out, &simulation->limits[k][i]);
	}
	SET_VARSIZE(out.data, out.len);
	return PointerGetDatum(out.data);
}

/* ---- reading ---- */

typedef struct Reader
{
	const char *p;
	const char *end;
} Reader;

static void
Damaged(void)
{
	RefuseDamaged("simulation");
}

static uint64
Get(Reader *r)
{
	uint64		value = 0;

	for (int shift = 0; shift < 64; shift += 7)
	{
		uint8		byte;

		if (r->p >= r->end)
			Damaged();
		byte = (uint8) *r->p++;
		if (shift == 63 && byte > 1)
			Damaged();
		value |= (uint64) (byte & 0x7F) << shift;
		if (!(byte & 0x80))
			return value;
	}
	Damaged();
	return 0;
}

static int64
GetSigned(Reader *r)
{
	return UnZigZag(Get(r));
}

/* A number from 0 to max */
static uint32
GetUpTo(Reader *r, uint64 max)
{
	uint64		value = Get(r);

	if (value > max)
		Damaged();
	return (uint32) value;
}

/* A count of things of at least one byte each */
static uint32
GetCount(Reader *r)
{
	return GetUpTo(r, (uint64) (r->end - r->p));
}

/* An amount or a number of persons or bills, not below 0 */
static int64
GetNatural(Reader *r)
{
	uint64		value = Get(r);

	if (value > PG_INT64_MAX)
		Damaged();
	return (int64) value;
}

static void *
NewArray(uint32 n, Size size)
{
	return palloc_extended(((Size) n + 1) * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static const char *
GetBytes(Reader *r, Size n)
{
	const char *p = r->p;

	if ((Size) (r->end - r->p) < n)
		Damaged();
	r->p += n;
	return p;
}

static void
GetHead(Reader *r, Simulation *s)
{
	if (Get(r) != SIMULATION_FORMAT)
		Damaged();
	s->n_texts = GetCount(r);
	s->texts = NewArray(s->n_texts, sizeof(SimulatedText));
	for (uint32 i = 0; i < s->n_texts; i++)
	{
		s->texts[i].length = (int) GetCount(r);
		s->texts[i].text = GetBytes(r, s->texts[i].length);
		if (!pg_verifymbstr(s->texts[i].text, s->texts[i].length, true))
			Damaged();
	}
	s->n_scenarios = GetUpTo(r, MAX_SCENARIOS);
	s->scenarios = NewArray(s->n_scenarios, sizeof(SimulatedScenario));
	for (uint32 i = 0; i < s->n_scenarios; i++)
	{
		s->scenarios[i].name = GetUpTo(r, s->n_texts);
		s->scenarios[i].parameter = GetUpTo(r, s->n_texts);
		s->scenarios[i].step = GetUpTo(r, s->n_texts);
		if (s->scenarios[i].name == NULL_TEXT || (s->scenarios[i].parameter == NULL_TEXT) != (s->scenarios[i].step == NULL_TEXT))
			Damaged();
		memcpy(s->scenarios[i].digest, GetBytes(r, DIGEST_BYTES), DIGEST_BYTES);
	}
	if (s->n_scenarios == 0)
		Damaged();
}

#define LAST_MONTH (10000 * 12)

static void
GetCells(Reader *r, Simulation *s)
{
	s->n_dims = GetCount(r);
	s->dims = NewArray(s->n_dims, sizeof(Dims));
	for (uint32 i = 0; i < s->n_dims; i++)
		for (int k = 0; k < DIMENSIONS; k++)
			s->dims[i].text[k] = GetUpTo(r, s->n_texts);
	s->n_cells = GetCount(r);
	s->cells = NewArray(s->n_cells, sizeof(SimulatedCell));
	for (uint32 i = 0; i < s->n_cells; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (s->n_dims == 0)
			Damaged();
		s->cells[i].dims = GetUpTo(r, s->n_dims - 1);
		s->cells[i].month = (int32) GetUpTo(r, LAST_MONTH);
		s->cells[i].bills = GetNatural(r);
		for (int k = 0; k < COLUMNS; k++)
			s->cells[i].column_fen[k] = GetSigned(r);
	}
}

static void
GetSum(Reader *r, Sum *sum)
{
	sum->bills = GetNatural(r);
	sum->paid_fen = GetSigned(r);
	sum->adjustment_fen = GetSigned(r);
	sum->recoverable_fen = GetSigned(r);
}

/* One scenario's costs, in order of cell and payer */
static void
GetScenarioCosts(Reader *r, Simulation *s, uint32 scenario)
{
	SimulatedCost *costs;

	s->n_costs[scenario] = GetCount(r);
	s->costs[scenario] = costs = NewArray(s->n_costs[scenario], sizeof(SimulatedCost));
	for (uint32 i = 0; i < s->n_costs[scenario]; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (s->n_cells == 0 || s->n_payers == 0)
			Damaged();
		costs[i].cell = GetUpTo(r, s->n_cells - 1);
		costs[i].payer = GetUpTo(r, s->n_payers - 1);
		GetSum(r, &costs[i].sum);
		if (i > 0 && (costs[i].cell < costs[i - 1].cell ||
					  (costs[i].cell == costs[i - 1].cell && costs[i].payer <= costs[i - 1].payer)))
			Damaged();
	}
}

static void
GetCosts(Reader *r, Simulation *s)
{
	s->n_payers = GetCount(r);
	s->payers = NewArray(s->n_payers, sizeof(SimulatedPayer));
	for (uint32 i = 0; i < s->n_payers; i++)
	{
		s->payers[i].layer = GetUpTo(r, s->n_texts);
		s->payers[i].kind = GetUpTo(r, PAYER_KINDS - 1);
	}
	s->n_costs = NewArray(s->n_scenarios, sizeof(uint32));
	s->costs = NewArray(s->n_scenarios, sizeof(SimulatedCost *));
	for (uint32 k = 0; k < s->n_scenarios; k++)
		GetScenarioCosts(r, s, k);
}

static void
GetGroup(Reader *r, PersonGroup *group)
{
	int64		before = 0;

	group->burden.persons = GetNatural(r);
	group->burden.sum_fen = GetSigned(r);
	for (int i = 0; i < QUANTILES; i++)
	{
		if (pg_add_s64_overflow(before, GetSigned(r), &before))
			Damaged();
		group->burden.quantile_fen[i] = before;
	}
	group->with_income = GetNatural(r);
	for (int i = 0; i < INCOME_STEPS; i++)
		group->above_income[i] = GetNatural(r);
	for (int i = 0; i < CHANGE_BANDS; i++)
	{
		group->changes[i].persons = GetNatural(r);
		group->changes[i].sum_fen = GetSigned(r);
	}
}

static void
GetGroups(Reader *r, Simulation *s)
{
	s->n_groups = GetUpTo(r, MAX_GROUPS);
	s->groups = NewArray(s->n_groups, sizeof(uint32));
	for (uint32 i = 0; i < s->n_groups; i++)
		s->groups[i] = GetUpTo(r, (uint64) s->n_texts + 1);
	s->in_group = NewArray(s->n_scenarios, sizeof(PersonGroup *));
	for (uint32 k = 0; k < s->n_scenarios; k++)
	{
		s->in_group[k] = NewArray(s->n_groups, sizeof(PersonGroup));
		for (uint32 i = 0; i <= s->n_groups; i++)
			GetGroup(r, &s->in_group[k][i]);
	}
}

static void
GetLimit(Reader *r, const Simulation *s, SimulatedLimit *limit)
{
	int64		day;

	if (s->n_payers == 0)
		Damaged();
	limit->region = GetUpTo(r, s->n_texts);
	limit->scheme = GetUpTo(r, s->n_texts);
	day = GetSigned(r);
	if (day < FIRST_DAY || day > LAST_DAY)
		Damaged();
	limit->from_day = (int32) day;
	limit->payer = GetUpTo(r, s->n_payers);
	limit->rule = GetUpTo(r, s->n_texts);
	limit->which = GetUpTo(r, LIMIT_KINDS - 1);
	limit->number = GetUpTo(r, Max(MAX_CAPS, MAX_CEILINGS));
	limit->name = GetUpTo(r, s->n_texts);
	limit->persons = GetNatural(r);
	limit->persons_reached = GetNatural(r);
	limit->bills = GetNatural(r);
	limit->bills_reached = GetNatural(r);
	limit->amount.fen = GetSigned(r);
	limit->amount.nano = (int32) GetUpTo(r, NANO - 1);
}

Simulation *
DecodeSimulation(Datum value)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
	Reader		r = {VARDATA_ANY(bytes), VARDATA_ANY(bytes) + VARSIZE_ANY_EXHDR(bytes)};
	Simulation *s = palloc0(sizeof(Simulation));

	GetHead(&r, s);
	GetCells(&r, s);
	GetCosts(&r, s);
	GetGroups(&r, s);
	s->n_limits = NewArray(s->n_scenarios, sizeof(uint32));
	s->limits = NewArray(s->n_scenarios, sizeof(SimulatedLimit *));
	for (uint32 k = 0; k < s->n_scenarios; k++)
	{
		s->n_limits[k] = GetCount(&r);
		s->limits[k] = NewArray(s->n_limits[k], sizeof(SimulatedLimit));
		for (uint32 i = 0; i < s->n_limits[k]; i++)
			GetLimit(&r, s, &s->limits[k][i]);
	}
	if (r.p != r.end)
		Damaged();
	return s;
}

/* ---- input and output ---- */

PG_FUNCTION_INFO_V1(assistance_simulation_in);
Datum
assistance_simulation_in(PG_FUNCTION_ARGS)
{
	Datum		value = DirectFunctionCall1(byteain, PG_GETARG_DATUM(0));

	DecodeSimulation(value);
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(assistance_simulation_out);
Datum
assistance_simulation_out(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Size		length = VARSIZE_ANY_EXHDR(value);
	char	   *out = palloc_extended(2 * length + 3, MCXT_ALLOC_HUGE);

	out[0] = '\\';
	out[1] = 'x';
	hex_encode(VARDATA_ANY(value), length, out + 2);
	out[2 * length + 2] = '\0';
	PG_RETURN_CSTRING(out);
}

PG_FUNCTION_INFO_V1(assistance_simulation_recv);
Datum
assistance_simulation_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	bytea	   *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	pq_copymsgbytes(message, VARDATA(value), length);
	DecodeSimulation(PointerGetDatum(value));
	PG_RETURN_BYTEA_P(value);
}

PG_FUNCTION_INFO_V1(assistance_simulation_send);
Datum
assistance_simulation_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(PG_GETARG_BYTEA_P_COPY(0));
}
