/*
 * plan.c — the statements that the register's triggers run. Everything in them is qualified with its schema, operators too: they
 * are parsed under the search_path of whoever inserts.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "register/plan.h"

#define EQUAL " OPERATOR(pg_catalog.=) "
#define CONTAINS " OPERATOR(pg_catalog.@>) "
#define MAX_PARAMETERS 48

/* parts of PLAN_POST and of the statement that posts one settlement */
#define INSERT_SETTLEMENT \
	" INSERT INTO assistance_register.settlement (person_id, claim_id, revision, entry, corrects_revision, reason, region, scheme," \
	" total, basic, critical, supplementary, assistance, tilt, emergency, government, other, charity, hospital, patient," \
	" adjustment, recoverable, bill, lines, digest, engine, known_publication, known_at)"
#define INSERT_PAYMENTS \
	" INSERT INTO assistance_register.payment (person_id, claim_id, revision, layer, kind, entry, place, state, amount," \
	" owed_by, owed_to)"
#define UNNEST_PAYMENTS \
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

/*
 * A statement about one person, as it is or for each of an array of persons: planned alike, one person after the other, so that
 * each finds its partition. OFFSET 0 keeps the server from joining whole tables where it does not know yet how large they are.
 */
#define EACH_PERSON(query) "SELECT q.* FROM pg_catalog.unnest($1) asked(id) CROSS JOIN LATERAL (" query("asked.id") " OFFSET 0) q "
#define LIVE_BILLS(person) \
	"SELECT c.person_id, c.claim_id, c.bill, c.ordered_at, c.seq FROM assistance_register.claim_bill c" \
	" WHERE c.person_id" EQUAL person " AND c.reverses IS NULL AND c.not_settled IS NULL" \
	" AND NOT EXISTS (SELECT FROM assistance_register.claim r" \
	" WHERE r.reverses" EQUAL "c.claim_id AND r.person_id" EQUAL "c.person_id)"
#define NETS(person) \
	"SELECT s.person_id, s.claim_id, pg_catalog.max(s.revision), pg_catalog.sum(s.total), pg_catalog.sum(s.basic)," \
	" pg_catalog.sum(s.critical), pg_catalog.sum(s.supplementary), pg_catalog.sum(s.assistance), pg_catalog.sum(s.tilt)," \
	" pg_catalog.sum(s.emergency), pg_catalog.sum(s.government), pg_catalog.sum(s.other), pg_catalog.sum(s.charity)," \
	" pg_catalog.sum(s.hospital), pg_catalog.sum(s.patient), pg_catalog.sum(s.adjustment), pg_catalog.sum(s.recoverable)," \
	" (pg_catalog.array_agg(s.bill ORDER BY s.revision DESC))[1]" \
	" FROM assistance_register.settlement s WHERE s.person_id" EQUAL person " GROUP BY s.person_id, s.claim_id"
#define NET_PAYMENTS(person) \
	"SELECT p.person_id, p.claim_id, p.layer, p.kind, p.entry, pg_catalog.sum(p.amount), pg_catalog.max(p.place)" \
	" FROM assistance_register.settlement s CROSS JOIN LATERAL (SELECT o.* FROM assistance_register.payment o" \
	" WHERE o.claim_id" EQUAL "s.claim_id AND o.person_id" EQUAL "s.person_id AND o.revision" EQUAL "s.revision OFFSET 0) p" \
	" WHERE s.person_id" EQUAL person \
	" GROUP BY p.person_id, p.claim_id, p.layer, p.kind, p.entry"
#define REVERSALS(person) \
	"SELECT r.person_id, r.claim_id, r.reverses, r.reason, o.person_id" EQUAL "r.person_id AND o.reverses IS NULL" \
	" AND o.not_settled IS NULL AND o.ordered_at" EQUAL "r.ordered_at AND o.seq" EQUAL "r.seq AND o.total" EQUAL "r.total" \
	" FROM assistance_register.claim r JOIN assistance_register.claim o ON o.claim_id" EQUAL "r.reverses" \
	" WHERE r.person_id" EQUAL person " AND r.reverses IS NOT NULL" \
	" AND NOT EXISTS (SELECT FROM assistance_register.settlement s" \
	" WHERE s.person_id" EQUAL "r.person_id AND s.claim_id" EQUAL "r.claim_id)"

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
		"SELECT assistance.terms_book($1, pg_catalog.daterange($2, $3, '[]'), $4, $5)",
		SPI_OK_SELECT, 5, {TEXTARRAYOID, DATEOID, DATEOID, TIMESTAMPTZOID, TEXTARRAYOID}
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
	[PLAN_LOCK_ACCOUNT] = {
		"SELECT a.person_id, a.account, a.last_ordered_at, a.last_seq FROM assistance_register.person_account a"
		" WHERE a.person_id" EQUAL "$1 FOR NO KEY UPDATE OF a",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_BILLS] = {
		"SELECT c.claim_id, c.bill FROM assistance_register.claim_bill c"
		" WHERE c.claim_id" EQUAL "ANY ($1) ORDER BY c.person_id, c.ordered_at, c.seq, c.claim_id",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_PERSON] = {
		"SELECT 1, e.region, e.scheme, e.person_type FROM assistance_register.enrolment e"
		" WHERE e.person_id" EQUAL "$1 AND pg_catalog.upper_inf(e.recorded) AND e.valid" CONTAINS "$2"
		" UNION ALL SELECT 2, NULL, NULL, NULL FROM assistance_register.determination d"
		" WHERE d.person_id" EQUAL "$1 AND pg_catalog.upper_inf(d.recorded) AND d.valid" CONTAINS "$2"
		" UNION ALL SELECT 3, NULL, NULL, NULL FROM assistance_register.referral r"
		" WHERE r.person_id" EQUAL "$1 AND pg_catalog.upper_inf(r.recorded) AND r.valid" CONTAINS "$3 AND r.code IS NOT NULL",
		SPI_OK_SELECT, 3, {INT8OID, DATEOID, DATEOID}
	},
	[PLAN_ENROLMENT] = {
		"SELECT e.region, e.scheme, e.person_type FROM assistance_register.enrolment e"
		" WHERE e.person_id" EQUAL "$1 AND pg_catalog.upper_inf(e.recorded) AND e.valid" CONTAINS "$2",
		SPI_OK_SELECT, 2, {INT8OID, DATEOID}
	},
	[PLAN_AGREEMENT] = {
		"SELECT a.level, a.designated FROM assistance_register.institution_agreement a"
		" WHERE a.institution_id" EQUAL "$1 AND pg_catalog.upper_inf(a.recorded) AND a.valid" CONTAINS "$2",
		SPI_OK_SELECT, 2, {TEXTOID, DATEOID}
	},
	[PLAN_CATEGORIES] = {
		"SELECT ARRAY(SELECT DISTINCT k.category FROM assistance_register.person_category k"
		" WHERE k.person_id" EQUAL "$1 AND pg_catalog.upper_inf(k.recorded) AND k.valid OPERATOR(pg_catalog.&&)"
		" pg_catalog.daterange(LEAST($3, $2), GREATEST(COALESCE($4, $2), $3), '[]') ORDER BY 1)",
		SPI_OK_SELECT, 4, {INT8OID, DATEOID, DATEOID, DATEOID}
	},
	[PLAN_GIVEN] = {
		"SELECT assistance_register.given_of($1, $2, $3)",
		SPI_OK_SELECT, 3, {INT8OID, DATEOID, JSONOID}
	},
	[PLAN_REFERRAL] = {
		"SELECT assistance_register.referral_of($1, $2, $3, $4)",
		SPI_OK_SELECT, 4, {INT8OID, DATEOID, TEXTOID, TEXTOID}
	},
	[PLAN_LIVE_BILLS] = {
		LIVE_BILLS("$1") " ORDER BY person_id, ordered_at, seq",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_LIVE_BILLS_OF_MANY] = {
		EACH_PERSON(LIVE_BILLS) "ORDER BY person_id, ordered_at, seq",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_SETTLED_BILLS] = {
		"SELECT c.claim_id, b.bill, CASE WHEN b.known_at OPERATOR(pg_catalog.<)"
		" (SELECT pg_catalog.min(p.at) FROM assistance.policy_publication p) THEN $4 ELSE b.known_at END"
		" FROM assistance_register.claim c CROSS JOIN LATERAL (SELECT s.bill, GREATEST(s.known_at, a.known_at) AS known_at"
		" FROM assistance_register.settlement s JOIN assistance_register.person_account a ON a.person_id" EQUAL "s.person_id"
		" WHERE s.person_id" EQUAL "c.person_id AND s.claim_id" EQUAL "c.claim_id ORDER BY s.revision DESC LIMIT 1) b"
		" WHERE c.person_id" EQUAL "$1 AND c.reverses IS NULL AND c.not_settled IS NULL"
		" AND ROW(c.ordered_at, c.seq) OPERATOR(pg_catalog.<=) ROW($2, $3)"
		" AND NOT EXISTS (SELECT FROM assistance_register.claim r"
		" WHERE r.reverses" EQUAL "c.claim_id AND r.person_id" EQUAL "c.person_id)"
		" ORDER BY c.ordered_at, c.seq",
		SPI_OK_SELECT, 4, {INT8OID, TIMESTAMPOID, INT8OID, TIMESTAMPTZOID}
	},
	[PLAN_NETS] = {
		NETS("$1") " ORDER BY person_id, claim_id",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_NETS_OF_MANY] = {
		EACH_PERSON(NETS) "ORDER BY person_id, claim_id",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_NET_PAYMENTS] = {
		NET_PAYMENTS("$1") " ORDER BY person_id, claim_id",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_NET_PAYMENTS_OF_MANY] = {
		EACH_PERSON(NET_PAYMENTS) "ORDER BY person_id, claim_id",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_REVERSALS] = {
		REVERSALS("$1") " ORDER BY person_id, claim_id",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_REVERSALS_OF_MANY] = {
		EACH_PERSON(REVERSALS) "ORDER BY person_id, claim_id",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_POST] = {
		"WITH settlements AS (" INSERT_SETTLEMENT
		" SELECT * FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
		" pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9),"
		" pg_catalog.unnest($10), pg_catalog.unnest($11), pg_catalog.unnest($12), pg_catalog.unnest($13), pg_catalog.unnest($14),"
		" pg_catalog.unnest($15), pg_catalog.unnest($16), pg_catalog.unnest($17), pg_catalog.unnest($18), pg_catalog.unnest($19),"
		" pg_catalog.unnest($20), pg_catalog.unnest($21), pg_catalog.unnest($22), pg_catalog.unnest($23), pg_catalog.unnest($24),"
		" pg_catalog.unnest($25), pg_catalog.unnest($26), pg_catalog.unnest($27), pg_catalog.unnest($28)) t"
		"), payments AS (" INSERT_PAYMENTS UNNEST_PAYMENTS ")" UPDATE_ACCOUNT
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
	[PLAN_ADD_RECOVERABLES] = {
		"INSERT INTO assistance_register.recoverable (person_id, claim_id, revision, layer, amount, owed_by, reason)"
		" SELECT * FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
		" pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7)) t",
		SPI_OK_INSERT, 7, {INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, NUMERICARRAYOID, TEXTARRAYOID, TEXTARRAYOID}
	},
	[PLAN_TOUCH] = {
		"UPDATE assistance_register.person_account a"
		" SET stale_since = CASE WHEN a.account IS NOT NULL THEN pg_catalog.clock_timestamp() END,"
		" stale_reason = CASE WHEN a.account IS NOT NULL THEN COALESCE(a.stale_reason, $2) END"
		" WHERE a.person_id" EQUAL "ANY ($1)",
		SPI_OK_UPDATE, 2, {INT8ARRAYOID, TEXTOID}
	},
	[PLAN_LOCK_INSTITUTIONS] = {
		"SELECT FROM assistance_register.institution i WHERE i.institution_id" EQUAL "ANY ($1) ORDER BY i.institution_id FOR UPDATE",
		SPI_OK_SELECT, 1, {TEXTARRAYOID}
	},
	[PLAN_AGREEMENTS] = {
		"SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.agreement_id, a.level, a.designated, a.valid, a.recorded), ','"
		" ORDER BY a.agreement_id) FROM assistance_register.institution_agreement a WHERE a.institution_id" EQUAL "ANY ($1)",
		SPI_OK_SELECT, 1, {TEXTARRAYOID}
	},
	[PLAN_TREATED] = {
		"SELECT DISTINCT c.person_id FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) t(institution_id, valid)"
		" JOIN assistance_register.claim c ON c.institution_id" EQUAL "t.institution_id"
		" AND t.valid OPERATOR(pg_catalog.@>) COALESCE(c.admitted_on, c.ordered_at::pg_catalog.date)"
		" WHERE c.level IS NULL OR c.designated IS NULL ORDER BY 1",
		SPI_OK_SELECT, 2, {TEXTARRAYOID, DATERANGEARRAYOID}
	},
	[PLAN_ADD_KEY] = {
		"INSERT INTO assistance_register.claim_key (claim_id, person_id, request_key, reverses, ordered_at, seq)"
		" VALUES ($1, $2, $3, $4, $5, $6)",
		SPI_OK_INSERT, 6, {INT8OID, INT8OID, TEXTOID, INT8OID, TIMESTAMPOID, INT8OID}
	},
	[PLAN_REMOVE_KEY] = {
		"DELETE FROM assistance_register.claim_key k WHERE k.claim_id" EQUAL "$1",
		SPI_OK_DELETE, 1, {INT8OID}
	},
	[PLAN_CLAIM_AWAY] = {
		"SELECT pg_catalog.min(k.claim_id) FROM assistance_register.claim_key k WHERE k.person_id" EQUAL "$1"
		" AND NOT EXISTS (SELECT FROM assistance_register.claim c"
		" WHERE c.claim_id" EQUAL "k.claim_id AND c.person_id" EQUAL "k.person_id)",
		SPI_OK_SELECT, 1, {INT8OID}
	},
	[PLAN_PERSONS_OF_CLAIMS] = {
		"SELECT pg_catalog.array_agg(q.person_id), pg_catalog.array_agg(q.claim_id) FROM pg_catalog.unnest($1) asked(id)"
		" CROSS JOIN LATERAL (SELECT c.person_id, c.claim_id FROM assistance_register.claim c"
		" WHERE c.claim_id" EQUAL "asked.id OFFSET 0) q",
		SPI_OK_SELECT, 1, {INT8ARRAYOID}
	},
	[PLAN_SEALED] = {
		"SELECT pg_catalog.min(t.claim_id) FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) t(person_id, claim_id)"
		" WHERE EXISTS (SELECT FROM assistance_register.settlement s JOIN assistance_register.seal e"
		" ON e.settlement_id" EQUAL "s.settlement_id"
		" WHERE s.person_id" EQUAL "t.person_id AND s.claim_id" EQUAL "t.claim_id OFFSET 0)",
		SPI_OK_SELECT, 2, {INT8ARRAYOID, INT8ARRAYOID}
	}
};

/* ---- one settlement ---- */

/* what the row of its settlement and that of the account take, and what each payment adds to them */
static const Oid one_types[ONE_PAYMENTS_AT] = {
	INT8OID, INT8OID, INT4OID, TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID,
	NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
	NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
	JSONOID, JSONOID, BYTEAOID, INT4OID, INT8OID, TIMESTAMPTZOID,
	INT8OID, JSONOID, TIMESTAMPOID, INT8OID, INT8OID, BOOLOID, TIMESTAMPTZOID
};
static const Oid one_payment_types[ONE_PAYMENT_COLUMNS] = {
	TEXTOID, TEXTOID, TEXTOID, INT2OID, TEXTOID, NUMERICOID, TEXTOID, TEXTOID
};

static void
AppendParameters(StringInfo sql, const char *before, int first, int n)
{
	appendStringInfoString(sql, before);
	for (int i = 0; i < n; i++)
		appendStringInfo(sql, "%s$%d", i == 0 ? "" : ", ", first + i);
}

/* The statement that posts one settlement with n payments and the account: no arrays, no unnest */
static SPIPlanPtr
PreparePostOne(int n_payments)
{
	StringInfoData sql;
	Oid			types[ONE_PARAMETERS];

	initStringInfo(&sql);
	AppendParameters(&sql, "WITH settlements AS (" INSERT_SETTLEMENT " VALUES (", 1, ONE_ACCOUNT_AT);
	appendStringInfoString(&sql, ")), payments AS (" INSERT_PAYMENTS " VALUES");
	memcpy(types, one_types, sizeof(one_types));
	for (int i = 0; i < n_payments; i++)
	{
		int			at = ONE_PAYMENTS_AT + i * ONE_PAYMENT_COLUMNS;

		AppendParameters(&sql, i == 0 ? " ($1, $2, $3, " : ", ($1, $2, $3, ", at + 1, ONE_PAYMENT_COLUMNS);
		appendStringInfoChar(&sql, ')');
		memcpy(types + at, one_payment_types, sizeof(one_payment_types));
	}
	appendStringInfoChar(&sql, ')');
	AppendParameters(&sql, UPDATE_ACCOUNT " FROM (VALUES (", ONE_ACCOUNT_AT + 1, ONE_PAYMENTS_AT - ONE_ACCOUNT_AT);
	appendStringInfo(&sql, ")) t" ACCOUNT_COLUMNS " WHERE a.person_id" EQUAL "$%d", ONE_ACCOUNT_AT + 1);
	return SPI_prepare_cursor(sql.data, ONE_PAYMENTS_AT + n_payments * ONE_PAYMENT_COLUMNS, types, CURSOR_OPT_GENERIC_PLAN);
}

/* Run it; values and nulls are those of the settlement, the account and each payment. */
void
RunPostOne(int n_payments, Datum *values, const char *nulls)
{
	static SPIPlanPtr prepared[ONE_PAYMENTS + 1];
	int			result;

	Assert(n_payments >= 1 && n_payments <= ONE_PAYMENTS);
	if (unlikely(prepared[n_payments] == NULL))
	{
		SPIPlanPtr	made = PreparePostOne(n_payments);

		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "the statement that posts a settlement cannot be prepared: %s", SPI_result_code_string(SPI_result));
		prepared[n_payments] = made;
	}
	result = SPI_execute_plan(prepared[n_payments], values, nulls, false, 0);
	if (result != SPI_OK_UPDATE)
		elog(ERROR, "the statement that posts a settlement failed: %s", SPI_result_code_string(result));
}

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
RunPlanUnder(RegisterPlan plan, Datum *values, Snapshot snapshot)
{
	int			result = SPI_execute_snapshot(GetPlan(plan), values, NULL, snapshot, InvalidSnapshot, false, false, 0);

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
