/*
 * plan.c — the statements that the register's triggers run. Everything in them is qualified with its schema, operators too: they
 * are parsed under the search_path of whoever inserts.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "register/plan.h"

#define EQUAL " OPERATOR(pg_catalog.=) "
#define MAX_PARAMETERS 48

/* parts of PLAN_POST and PLAN_POST_ONE */
#define INSERT_SETTLEMENT \
	" INSERT INTO assistance_register.settlement (person_id, claim_id, revision, entry, corrects_revision, reason, region, scheme," \
	" total, basic, critical, supplementary, assistance, tilt, emergency, government, other, charity, hospital, patient," \
	" adjustment, recoverable, bill, lines, digest, engine, known_publication, known_at)"
#define INSERT_PAYMENTS \
	" INSERT INTO assistance_register.payment (person_id, claim_id, revision, layer, kind, entry, place, state, amount," \
	" owed_by, owed_to)" \
	" SELECT * FROM ROWS FROM (pg_catalog.unnest($29), pg_catalog.unnest($30), pg_catalog.unnest($31), pg_catalog.unnest($32)," \
	" pg_catalog.unnest($33), pg_catalog.unnest($34), pg_catalog.unnest($35), pg_catalog.unnest($36), pg_catalog.unnest($37)," \
	" pg_catalog.unnest($38), pg_catalog.unnest($39)) t"
#define PAYMENT_TYPES \
	INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT2ARRAYOID, TEXTARRAYOID, \
	NUMERICARRAYOID, TEXTARRAYOID, TEXTARRAYOID
#define UPDATE_ACCOUNT \
	" UPDATE assistance_register.person_account a" \
	" SET account = t.account, last_ordered_at = t.last_ordered_at, last_seq = t.last_seq," \
	" claims = CASE WHEN t.again THEN t.claims ELSE a.claims OPERATOR(pg_catalog.+) t.claims END," \
	" known_at = CASE WHEN t.again THEN t.known_at ELSE a.known_at END," \
	" stale_since = CASE WHEN t.again THEN NULL ELSE a.stale_since END," \
	" stale_reason = CASE WHEN t.again THEN NULL ELSE a.stale_reason END," \
	" settled_at = pg_catalog.clock_timestamp()"
#define ACCOUNT_COLUMNS " (person_id, account, last_ordered_at, last_seq, claims, again, known_at)"

typedef struct PlanText
{
	const char *sql;
	int			expected;		/* SPI_OK_… */
	int			n_types;
	Oid			types[MAX_PARAMETERS];
} PlanText;

static const PlanText plan_text[PLANS] = {
	[PLAN_PUBLICATION] = {
		"SELECT p.id, p.at FROM assistance.policy_publication p ORDER BY p.id DESC LIMIT 1",
		SPI_OK_SELECT, 0, {0}
	},
	[PLAN_BOOK] = {
		"SELECT assistance.terms_book($1, pg_catalog.daterange($2, $3, '[]'), $4)",
		SPI_OK_SELECT, 4, {TEXTARRAYOID, DATEOID, DATEOID, TIMESTAMPTZOID}
	},
	[PLAN_ADD_ACCOUNTS] = {
		"INSERT INTO assistance_register.person_account (person_id)"
		" SELECT p.id FROM pg_catalog.unnest($1) p(id)"
		" WHERE NOT EXISTS (SELECT FROM assistance_register.person_account a WHERE a.person_id" EQUAL "p.id)"
		" ORDER BY p.id ON CONFLICT (person_id) DO NOTHING",
		SPI_OK_INSERT, 1, {INT8ARRAYOID}
	},
	[PLAN_LOCK_ACCOUNTS] = {
		"SELECT a.person_id, a.account, a.last_ordered_at, a.last_seq FROM assistance_register.person_account a"
		" WHERE a.person_id" EQUAL "ANY ($1) ORDER BY a.person_id FOR NO KEY UPDATE OF a",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_BILLS] = {
		"SELECT c.person_id, c.claim_id, c.bill FROM assistance_register.claim_bill c"
		" WHERE c.claim_id" EQUAL "ANY ($1) ORDER BY c.person_id, c.ordered_at, c.seq, c.claim_id",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_LIVE_BILLS] = {
		"SELECT c.claim_id, c.bill FROM assistance_register.claim_bill c"
		" WHERE c.person_id" EQUAL "$1 AND c.reverses IS NULL AND c.not_settled IS NULL"
		" AND NOT EXISTS (SELECT FROM assistance_register.claim r WHERE r.reverses" EQUAL "c.claim_id)"
		" ORDER BY c.ordered_at, c.seq",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_NETS] = {
		"SELECT s.claim_id, pg_catalog.max(s.revision), pg_catalog.sum(s.total), pg_catalog.sum(s.basic), pg_catalog.sum(s.critical),"
		" pg_catalog.sum(s.supplementary), pg_catalog.sum(s.assistance), pg_catalog.sum(s.tilt), pg_catalog.sum(s.emergency),"
		" pg_catalog.sum(s.government), pg_catalog.sum(s.other), pg_catalog.sum(s.charity), pg_catalog.sum(s.hospital),"
		" pg_catalog.sum(s.patient), pg_catalog.sum(s.adjustment), pg_catalog.sum(s.recoverable),"
		" (pg_catalog.array_agg(s.bill ORDER BY s.revision DESC))[1]"
		" FROM assistance_register.settlement s WHERE s.person_id" EQUAL "$1 GROUP BY s.claim_id ORDER BY s.claim_id",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_NET_PAYMENTS] = {
		"SELECT p.claim_id, p.layer, p.kind, p.entry, pg_catalog.sum(p.amount), pg_catalog.max(p.place)"
		" FROM assistance_register.payment p WHERE p.person_id" EQUAL "$1"
		" GROUP BY p.claim_id, p.layer, p.kind, p.entry ORDER BY p.claim_id",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_REVERSALS] = {
		"SELECT r.claim_id, r.reverses, r.reason, o.person_id" EQUAL "r.person_id AND o.reverses IS NULL AND o.not_settled IS NULL"
		" AND o.ordered_at" EQUAL "r.ordered_at AND o.seq" EQUAL "r.seq AND o.total" EQUAL "r.total"
		" FROM assistance_register.claim r JOIN assistance_register.claim o ON o.claim_id" EQUAL "r.reverses"
		" WHERE r.person_id" EQUAL "$1 AND r.reverses IS NOT NULL"
		" AND NOT EXISTS (SELECT FROM assistance_register.settlement s"
		" WHERE s.person_id" EQUAL "r.person_id AND s.claim_id" EQUAL "r.claim_id)"
		" ORDER BY r.claim_id",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_POST] = {
		"WITH settlements AS (" INSERT_SETTLEMENT
		" SELECT * FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
		" pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9),"
		" pg_catalog.unnest($10), pg_catalog.unnest($11), pg_catalog.unnest($12), pg_catalog.unnest($13), pg_catalog.unnest($14),"
		" pg_catalog.unnest($15), pg_catalog.unnest($16), pg_catalog.unnest($17), pg_catalog.unnest($18), pg_catalog.unnest($19),"
		" pg_catalog.unnest($20), pg_catalog.unnest($21), pg_catalog.unnest($22), pg_catalog.unnest($23), pg_catalog.unnest($24),"
		" pg_catalog.unnest($25), pg_catalog.unnest($26), pg_catalog.unnest($27), pg_catalog.unnest($28)) t"
		"), payments AS (" INSERT_PAYMENTS ")" UPDATE_ACCOUNT
		" FROM ROWS FROM (pg_catalog.unnest($40), pg_catalog.unnest($41), pg_catalog.unnest($42), pg_catalog.unnest($43),"
		" pg_catalog.unnest($44), pg_catalog.unnest($45), pg_catalog.unnest($46)) t" ACCOUNT_COLUMNS
		" WHERE a.person_id" EQUAL "t.person_id",
		SPI_OK_UPDATE, 46, {
			INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID,
			NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID,
			NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID,
			JSONARRAYOID, JSONARRAYOID, BYTEAARRAYOID, INT4ARRAYOID, INT8ARRAYOID, TIMESTAMPTZARRAYOID,
			PAYMENT_TYPES,
			INT8ARRAYOID, JSONARRAYOID, TIMESTAMPARRAYOID, INT8ARRAYOID, INT8ARRAYOID, BOOLARRAYOID, TIMESTAMPTZARRAYOID
		}
	},
	[PLAN_POST_ONE] = {
		"WITH settlements AS (" INSERT_SETTLEMENT
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,"
		" $26, $27, $28)"
		"), payments AS (" INSERT_PAYMENTS ")" UPDATE_ACCOUNT
		" FROM (VALUES ($40, $41, $42, $43, $44, $45, $46)) t" ACCOUNT_COLUMNS
		" WHERE a.person_id" EQUAL "$40",
		SPI_OK_UPDATE, 46, {
			INT8OID, INT8OID, INT4OID, TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID,
			NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			JSONOID, JSONOID, BYTEAOID, INT4OID, INT8OID, TIMESTAMPTZOID,
			PAYMENT_TYPES,
			INT8OID, JSONOID, TIMESTAMPOID, INT8OID, INT8OID, BOOLOID, TIMESTAMPTZOID
		}
	},
	[PLAN_ADD_RECOVERABLES] = {
		"INSERT INTO assistance_register.recoverable (person_id, claim_id, revision, layer, amount, owed_by, reason)"
		" SELECT * FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
		" pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7)) t",
		SPI_OK_INSERT, 7, {INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, NUMERICARRAYOID, TEXTARRAYOID, TEXTARRAYOID}
	},
	[PLAN_TOUCH] = {
		"UPDATE assistance_register.person_account a SET stale_since = COALESCE(a.stale_since, pg_catalog.clock_timestamp()),"
		" stale_reason = COALESCE(a.stale_reason, $2)"
		" WHERE a.person_id" EQUAL "ANY ($1) AND a.account IS NOT NULL",
		SPI_OK_UPDATE, 2, {INT8ARRAYOID, TEXTOID}
	},
	[PLAN_TREATED] = {
		"SELECT DISTINCT c.person_id FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) t(institution_id, valid)"
		" JOIN assistance_register.claim c ON c.institution_id" EQUAL "t.institution_id"
		" AND t.valid OPERATOR(pg_catalog.@>) COALESCE(c.admitted_on, c.ordered_at::pg_catalog.date)"
		" WHERE c.level IS NULL OR c.designated IS NULL ORDER BY 1",
		SPI_OK_SELECT, 2, {TEXTARRAYOID, DATERANGEARRAYOID}
	}
};

/*
 * The plan of a statement, prepared as a generic one: the arrays differ in length only, and the tables grow from nothing. The
 * server plans it anew when what it depends on changes.
 */
static SPIPlanPtr
GetPlan(RegisterPlan plan)
{
	static SPIPlanPtr prepared[PLANS];
	const PlanText *text = &plan_text[plan];
	SPIPlanPtr	made;

	if (likely(prepared[plan] != NULL))
		return prepared[plan];
	made = SPI_prepare_cursor(text->sql, text->n_types, (Oid *) text->types, CURSOR_OPT_GENERIC_PLAN);
	if (made == NULL || SPI_keepplan(made) != 0)
		elog(ERROR, "statement %d of the register cannot be prepared: %s", (int) plan, SPI_result_code_string(SPI_result));
	prepared[plan] = made;
	return made;
}

void
RunPlanWithNulls(RegisterPlan plan, Datum *values, const char *nulls)
{
	int			result = SPI_execute_plan(GetPlan(plan), values, nulls, false, 0);

	if (result != plan_text[plan].expected)
		elog(ERROR, "statement %d of the register failed: %s", (int) plan, SPI_result_code_string(result));
}

void
RunPlan(RegisterPlan plan, Datum *values)
{
	RunPlanWithNulls(plan, values, NULL);
}

Datum
PlanColumn(SPITupleTable *table, uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(table->vals[row], table->tupdesc, column, isnull);
}
