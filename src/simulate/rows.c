/*
 * rows.c — what a simulation found, as rows: one fact each, dimensions first, amounts in yuan.
 */
#include "postgres.h"

#include "fen.h"
#include "simulate/value.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "value/split.h"

#define MAX_ROW 24

/* a row in the making */
typedef struct Row
{
	ReturnSetInfo *rsinfo;
	const Simulation *simulation;
	int			n;
	Datum		values[MAX_ROW];
	bool		nulls[MAX_ROW];
} Row;

static void
OpenRows(FunctionCallInfo fcinfo, Row *row)
{
	InitMaterializedSRF(fcinfo, 0);
	row->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	row->simulation = DecodeSimulation(PG_GETARG_DATUM(0));
	row->n = 0;
}

static void
PutRow(Row *row)
{
	if (row->n != row->rsinfo->setDesc->natts)
		elog(ERROR, "a row of %d columns for %d", row->n, row->rsinfo->setDesc->natts);
	tuplestore_putvalues(row->rsinfo->setResult, row->rsinfo->setDesc, row->values, row->nulls);
	row->n = 0;
	CHECK_FOR_INTERRUPTS();
}

static void
PutNull(Row *row)
{
	row->nulls[row->n] = true;
	row->values[row->n++] = (Datum) 0;
}

static void
PutDatum(Row *row, Datum value)
{
	row->nulls[row->n] = false;
	row->values[row->n++] = value;
}

static void
PutNumber(Row *row, int64 value)
{
	PutDatum(row, Int64GetDatum(value));
}

static void
PutFen(Row *row, int64 fen)
{
	PutDatum(row, FenToNumeric(fen));
}

/* A text by its number */
static void
PutText(Row *row, uint32 number)
{
	const SimulatedText *text;

	if (number == NULL_TEXT)
	{
		PutNull(row);
		return;
	}
	text = &row->simulation->texts[number - 1];
	PutDatum(row, PointerGetDatum(cstring_to_text_with_len(text->text, text->length)));
}

static void
PutScenario(Row *row, uint32 scenario)
{
	PutText(row, row->simulation->scenarios[scenario].name);
}

/* Layer and kind */
static void
PutPayer(Row *row, uint32 payer)
{
	const SimulatedPayer *p = &row->simulation->payers[payer];

	PutText(row, p->layer);
	PutDatum(row, CStringGetTextDatum(p->kind == PAYER_IS_HOSPITAL ? "hospital" : p->kind == PAYER_IS_PATIENT ? "patient" :
									  layer_kind_name[p->kind]));
}

/* Region, scheme, level, care_type, category, month */
static void
PutCell(Row *row, const SimulatedCell *cell)
{
	const Dims *dims = &row->simulation->dims[cell->dims];

	for (int k = 0; k < DIMENSIONS; k++)
		PutText(row, dims->text[k]);
	PutDatum(row, DateADTGetDatum(date2j(cell->month / 12, cell->month % 12 + 1, 1) - POSTGRES_EPOCH_JDATE));
}

/* All persons (true, null), or those of a category */
static void
PutGroup(Row *row, uint32 group)
{
	const Simulation *s = row->simulation;

	PutDatum(row, BoolGetDatum(group == s->n_groups));
	if (group == s->n_groups)
		PutNull(row);
	else if (s->groups[group] > s->n_texts)
		PutDatum(row, CStringGetTextDatum("…"));
	else
		PutText(row, s->groups[group]);
}

/* ---- totals ---- */

/* The column of assistance.split that a payer's amounts belong to */
static int
SplitOfPayer(int kind)
{
	return kind == PAYER_IS_HOSPITAL ? SPLIT_HOSPITAL : kind < LAYER_KINDS ? split_of_kind[kind] : SPLIT_PATIENT;
}

/* The sums of the columns of assistance.split under one scenario */
static void
TotalsOf(const Simulation *s, uint32 scenario, int64 amount_fen[SPLIT_AMOUNTS])
{
	memset(amount_fen, 0, SPLIT_AMOUNTS * sizeof(int64));
	for (uint32 i = 0; i < s->n_cells; i++)
		amount_fen[SPLIT_TOTAL] += s->cells[i].column_fen[COLUMN_TOTAL];
	for (uint32 i = 0; i < s->n_costs[scenario]; i++)
	{
		const SimulatedCost *cost = &s->costs[scenario][i];
		uint32		kind = s->payers[cost->payer].kind;

		amount_fen[SplitOfPayer(kind)] += cost->sum.paid_fen;
		if (kind >= LAYER_KINDS)
			continue;
		amount_fen[SPLIT_ADJUSTMENT] += cost->sum.adjustment_fen;
		amount_fen[SPLIT_RECOVERABLE] += cost->sum.recoverable_fen;
	}
}

static int64
BillsOf(const Simulation *s)
{
	int64		bills = 0;

	for (uint32 i = 0; i < s->n_cells; i++)
		bills += s->cells[i].bills;
	return bills;
}

/* The parameter that a scenario shifts, and by how much; nulls of one that shifts none */
static void
PutShift(Row *row, const SimulatedScenario *scenario)
{
	const SimulatedText *step = scenario->step == NULL_TEXT ? NULL : &row->simulation->texts[scenario->step - 1];

	PutText(row, scenario->parameter);
	if (step == NULL)
		PutNull(row);
	else
		PutDatum(row, DirectFunctionCall3(numeric_in, CStringGetDatum(pnstrdup(step->text, step->length)), ObjectIdGetDatum(InvalidOid),
										  Int32GetDatum(-1)));
}

PG_FUNCTION_INFO_V1(assistance_simulated_totals);
Datum
assistance_simulated_totals(PG_FUNCTION_ARGS)
{
	Row			row;
	const Simulation *s;
	int64		amount_fen[SPLIT_AMOUNTS];

	OpenRows(fcinfo, &row);
	s = row.simulation;
	for (uint32 k = 0; k < s->n_scenarios; k++)
	{
		TotalsOf(s, k, amount_fen);
		PutScenario(&row, k);
		PutDatum(&row, PointerGetDatum(cstring_to_text_with_len((const char *) s->scenarios[k].digest, DIGEST_BYTES)));
		PutNumber(&row, s->in_group[k][s->n_groups].burden.persons);
		PutNumber(&row, BillsOf(s));
		for (int i = 0; i < SPLIT_AMOUNTS; i++)
			PutFen(&row, amount_fen[i]);
		PutFen(&row, s->in_group[k][s->n_groups].burden.sum_fen);
		PutFen(&row, s->in_group[k][s->n_groups].burden.sum_fen - s->in_group[0][s->n_groups].burden.sum_fen);
		PutShift(&row, &s->scenarios[k]);
		PutRow(&row);
	}
	return (Datum) 0;
}

/* ---- bills and costs by dimensions ---- */

PG_FUNCTION_INFO_V1(assistance_simulated_bills);
Datum
assistance_simulated_bills(PG_FUNCTION_ARGS)
{
	Row			row;
	const Simulation *s;

	OpenRows(fcinfo, &row);
	s = row.simulation;
	for (uint32 i = 0; i < s->n_cells; i++)
	{
		PutCell(&row, &s->cells[i]);
		PutNumber(&row, s->cells[i].bills);
		for (int k = 0; k < COLUMNS; k++)
			PutFen(&row, s->cells[i].column_fen[k]);
		PutRow(&row);
	}
	return (Datum) 0;
}

static int64
NetOf(const Sum *sum)
{
	return sum->paid_fen + sum->adjustment_fen - sum->recoverable_fen;
}

static int
CompareCosts(const SimulatedCost *a, const SimulatedCost *b)
{
	if (a->cell != b->cell)
		return a->cell < b->cell ? -1 : 1;
	return a->payer < b->payer ? -1 : a->payer > b->payer;
}

static void
PutCost(Row *row, uint32 scenario, const SimulatedCost *place, const Sum *sum, int64 baseline_fen)
{
	PutScenario(row, scenario);
	PutPayer(row, place->payer);
	PutCell(row, &row->simulation->cells[place->cell]);
	PutNumber(row, sum->bills);
	PutFen(row, sum->paid_fen);
	PutFen(row, sum->adjustment_fen);
	PutFen(row, sum->recoverable_fen);
	PutFen(row, NetOf(sum));
	PutFen(row, NetOf(sum) - baseline_fen);
	PutRow(row);
}

/* The costs of a scenario beside those of the baseline: a row where either has one */
static void
PutScenarioCosts(Row *row, uint32 scenario)
{
	static const Sum nothing;
	const Simulation *s = row->simulation;
	const SimulatedCost *mine = s->costs[scenario];
	const SimulatedCost *mine_end = mine + s->n_costs[scenario];
	const SimulatedCost *base = s->costs[0];
	const SimulatedCost *base_end = base + s->n_costs[0];

	while (mine < mine_end || base < base_end)
	{
		int			order = mine == mine_end ? 1 : base == base_end ? -1 : CompareCosts(mine, base);

		if (order > 0)
			PutCost(row, scenario, base, &nothing, NetOf(&base->sum));
		else
			PutCost(row, scenario, mine, &mine->sum, order == 0 ? NetOf(&base->sum) : 0);
		mine += order <= 0;
		base += order >= 0;
	}
}

PG_FUNCTION_INFO_V1(assistance_simulated_costs);
Datum
assistance_simulated_costs(PG_FUNCTION_ARGS)
{
	Row			row;

	OpenRows(fcinfo, &row);
	for (uint32 k = 0; k < row.simulation->n_scenarios; k++)
		PutScenarioCosts(&row, k);
	return (Datum) 0;
}

/* ---- persons ---- */

PG_FUNCTION_INFO_V1(assistance_simulated_burden);
Datum
assistance_simulated_burden(PG_FUNCTION_ARGS)
{
	Row			row;
	const Simulation *s;

	OpenRows(fcinfo, &row);
	s = row.simulation;
	for (uint32 k = 0; k < s->n_scenarios; k++)
	{
		for (uint32 g = 0; g <= s->n_groups; g++)
		{
			for (int i = 0; i < QUANTILES; i++)
			{
				PutScenario(&row, k);
				PutGroup(&row, g);
				PutNumber(&row, s->in_group[k][g].burden.persons);
				PutDatum(&row, ScaledToNumeric(QuantileMilli(i), 3, 3));
				PutFen(&row, s->in_group[k][g].burden.quantile_fen[i]);
				PutFen(&row, s->in_group[k][g].burden.quantile_fen[i] - s->in_group[0][g].burden.quantile_fen[i]);
				PutRow(&row);
			}
		}
	}
	return (Datum) 0;
}

/* Persons of a group that bear more than p of 100 of their income, p = 0 … 100 */
static void
PutHardship(Row *row, uint32 scenario, uint32 group)
{
	const PersonGroup *g = &row->simulation->in_group[scenario][group];
	int64		above = g->with_income;

	for (int percent = 0; percent < INCOME_STEPS - 1; percent++)
	{
		above -= g->above_income[percent];
		PutScenario(row, scenario);
		PutGroup(row, group);
		PutNumber(row, g->with_income);
		PutDatum(row, Int32GetDatum(percent));
		PutNumber(row, above);
		PutRow(row);
	}
}

PG_FUNCTION_INFO_V1(assistance_simulated_hardship);
Datum
assistance_simulated_hardship(PG_FUNCTION_ARGS)
{
	Row			row;
	const Simulation *s;

	OpenRows(fcinfo, &row);
	s = row.simulation;
	for (uint32 k = 0; k < s->n_scenarios; k++)
		for (uint32 g = 0; g <= s->n_groups; g++)
			if (s->in_group[k][g].with_income > 0)
				PutHardship(&row, k, g);
	return (Datum) 0;
}

/* The edges of a band of changes in yuan, signed; null where it is open */
static void
PutBand(Row *row, int band)
{
	const int	half = CHANGE_BANDS / 2;
	int			k = band < half ? half - band : band - half;
	bool		wins = band < half;
	int64		near_fen = k == 0 ? 0 : change_edge_fen[k - 1];
	bool		open = k == half;
	int64		far_fen = open || k == 0 ? 0 : change_edge_fen[k];

	PutDatum(row, CStringGetTextDatum(k == 0 ? "same" : wins ? "wins" : "loses"));
	if (open && wins)
		PutNull(row);
	else
		PutFen(row, wins ? -far_fen : near_fen);
	if (open && !wins)
		PutNull(row);
	else
		PutFen(row, wins ? -near_fen : far_fen);
}

PG_FUNCTION_INFO_V1(assistance_simulated_changes);
Datum
assistance_simulated_changes(PG_FUNCTION_ARGS)
{
	Row			row;
	const Simulation *s;

	OpenRows(fcinfo, &row);
	s = row.simulation;
	for (uint32 k = 1; k < s->n_scenarios; k++)
	{
		for (uint32 g = 0; g <= s->n_groups; g++)
		{
			for (int band = 0; band < CHANGE_BANDS; band++)
			{
				PutScenario(&row, k);
				PutGroup(&row, g);
				PutBand(&row, band);
				PutNumber(&row, s->in_group[k][g].changes[band].persons);
				PutFen(&row, s->in_group[k][g].changes[band].sum_fen);
				PutRow(&row);
			}
		}
	}
	return (Datum) 0;
}

/* ---- limits ---- */

static void
PutLimitRow(Row *row, uint32 scenario, const SimulatedLimit *limit)
{
	static const char *const kind[LIMIT_KINDS] = {"deductible", "cap", "base_cap", "times", "ceiling"};

	PutScenario(row, scenario);
	PutText(row, limit->region);
	PutText(row, limit->scheme);
	PutDatum(row, DateADTGetDatum(limit->from_day));
	if (limit->payer < row->simulation->n_payers)
		PutPayer(row, limit->payer);
	else
	{
		PutNull(row);
		PutNull(row);
	}
	PutText(row, limit->rule);
	PutDatum(row, CStringGetTextDatum(kind[limit->which]));
	if (limit->number > 0)
		PutDatum(row, Int32GetDatum(limit->number));
	else
		PutNull(row);
	PutText(row, limit->name);
	PutNumber(row, limit->persons);
	PutNumber(row, limit->persons_reached);
	PutNumber(row, limit->bills);
	PutNumber(row, limit->bills_reached);
	PutDatum(row, ExactToNumeric(limit->amount));
	PutRow(row);
}

PG_FUNCTION_INFO_V1(assistance_simulated_limits);
Datum
assistance_simulated_limits(PG_FUNCTION_ARGS)
{
	Row			row;

	OpenRows(fcinfo, &row);
	for (uint32 k = 0; k < row.simulation->n_scenarios; k++)
		for (uint32 i = 0; i < row.simulation->n_limits[k]; i++)
			PutLimitRow(&row, k, &row.simulation->limits[k][i]);
	return (Datum) 0;
}

/* ---- marginal costs ---- */

/* Net costs under a scenario by payer */
static int64 *
CostsByPayer(const Simulation *s, uint32 scenario)
{
	int64	   *by_payer = palloc0(s->n_payers * sizeof(int64));

	for (uint32 i = 0; i < s->n_costs[scenario]; i++)
		by_payer[s->costs[scenario][i].payer] += NetOf(&s->costs[scenario][i].sum);
	return by_payer;
}

/* One row by shifted scenario and payer */
PG_FUNCTION_INFO_V1(assistance_simulated_margins);
Datum
assistance_simulated_margins(PG_FUNCTION_ARGS)
{
	Row			row;
	const Simulation *s;
	int64	   *baseline;

	OpenRows(fcinfo, &row);
	s = row.simulation;
	baseline = CostsByPayer(s, 0);
	for (uint32 k = 1; k < s->n_scenarios; k++)
	{
		int64	   *shifted;

		if (s->scenarios[k].parameter == NULL_TEXT)
			continue;
		shifted = CostsByPayer(s, k);
		for (uint32 p = 0; p < s->n_payers; p++)
		{
			PutShift(&row, &s->scenarios[k]);
			PutPayer(&row, p);
			PutFen(&row, baseline[p]);
			PutFen(&row, shifted[p]);
			PutFen(&row, shifted[p] - baseline[p]);
			PutRow(&row);
		}
		pfree(shifted);
	}
	return (Datum) 0;
}
