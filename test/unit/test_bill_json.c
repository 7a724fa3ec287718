/*
 * test_bill_json.c — bills from JSON and back. What makes a bill consistent is tested in test_bill.c.
 */
#include <stdint.h>
#include <stdlib.h>

#include "bills.h"
#include "check.h"
#include "random.h"

#define MAX_TEXT 16384

static Fault fault;

/* ---- helpers ---- */

/* Read from memory of exactly the needed size, so that a sanitizer sees every step beyond it; *kept must be freed after use */
static Status
Read(const char *json, int length, Bill *bill, char **kept)
{
	int			scratch_size = BillScratchNeeded(length);
	char	   *memory = malloc((size_t) (length + scratch_size + 1));

	memcpy(memory, json, (size_t) length);
	*kept = memory;
	memset(&fault, 0, sizeof(fault));
	return BillFromJson(memory, length, memory + length + 1, scratch_size, bill, &fault);
}

static bool
SameCode(Code a, Code b)
{
	return (a.text == NULL) == (b.text == NULL) && a.length == b.length &&
		(a.text == NULL || memcmp(a.text, b.text, a.length) == 0);
}

static bool
SameMembers(const Bill *a, const Bill *b)
{
	bool		same = a->n_parts == b->n_parts && a->n_given == b->n_given && a->n_facts == b->n_facts;

	for (int i = 0; same && i < a->n_parts; i++)
		same = a->parts[i].column == b->parts[i].column && SameCode(a->parts[i].name, b->parts[i].name) &&
			a->parts[i].amount_fen == b->parts[i].amount_fen;
	for (int i = 0; same && i < a->n_given; i++)
		same = SameCode(a->given[i].layer, b->given[i].layer) && a->given[i].state == b->given[i].state &&
			a->given[i].amount_fen == b->given[i].amount_fen && a->given[i].deductible_fen == b->given[i].deductible_fen &&
			a->given[i].over_cap_fen == b->given[i].over_cap_fen;
	for (int i = 0; same && i < a->n_facts; i++)
		same = SameCode(a->facts[i].name, b->facts[i].name) && a->facts[i].hundredths == b->facts[i].hundredths;
	return same;
}

static bool
SameBill(const Bill *a, const Bill *b)
{
	bool		same = a->kind == b->kind && a->ordered_at == b->ordered_at && a->seq == b->seq &&
		a->admitted_on == b->admitted_on && a->discharged_on == b->discharged_on && a->settled_on == b->settled_on &&
		SameCode(a->region, b->region) && SameCode(a->scheme, b->scheme) &&
		memcmp(a->column_fen, b->column_fen, sizeof(a->column_fen)) == 0 &&
		a->encounter_total_fen == b->encounter_total_fen && a->designated == b->designated && a->age == b->age &&
		SameCode(a->hospital, b->hospital) && SameCode(a->encounter, b->encounter) && SameCode(a->chain, b->chain);

	for (int i = 0; same && i < CODE_SINGLE; i++)
		same = SameCode(a->single[i], b->single[i]);
	for (int i = 0; same && i < CODE_LISTS; i++)
	{
		same = a->list_known[i] == b->list_known[i] && a->n_list[i] == b->n_list[i];
		for (int j = 0; same && j < a->n_list[i]; j++)
			same = SameCode(a->list[i][j], b->list[i][j]);
	}
	return same && SameMembers(a, b);
}

/* ---- good bills ---- */

static const char *const full_bill =
"{\"ordered_at\":\"2025-03-01T12:30:00.000001\",\"seq\":-7,\"admitted_on\":\"2025-02-10\",\"discharged_on\":\"2025-02-28\","
"\"settled_on\":\"2025-03-02\",\"region\":\"500112\",\"scheme\":\"resident\",\"total\":52000.00,\"excluded\":1000.50,"
"\"over_limit\":500.25,\"first_share\":499.25,\"in_scope\":50000.00,\"parts\":{\"excluded.special_drug\":800.00,"
"\"first_share.\xE4\xB9\x99\xE7\xB1\xBB\":0.01},\"given\":{\"basic\":{\"amount\":34790.00,\"deductible\":300.00,\"over_cap\":0.01},"
"\"critical\":{\"state\":\"waived\"},\"mutual\":{\"state\":\"not_applicable\"},\"tilt\":{\"amount\":0.00}},\"care_type\":\"21\","
"\"level\":\"2\",\"referral\":\"yes\",\"place\":\"county\",\"person_type\":\"adult\",\"category\":[\"low_income_margin\","
	"\"disabled\"],"
"\"disease\":[],\"designated\":true,\"age\":67,\"facts\":{\"family_income\":-28753.10,\"years\":12.00},\"hospital\":\"H\\\"1\\\\\","
"\"encounter\":\"E1\",\"encounter_total\":60000.00,\"chain\":\"C1\"}";

/* Every key: read into its field, written at its place */
static void
TestFull(void)
{
	Bill		bill;
	char	   *kept;
	char		out[MAX_TEXT];
	int			length;

	CHECK_INT(Read(full_bill, (int) strlen(full_bill), &bill, &kept), ST_OK);
	CHECK_INT(bill.kind, BILL_ORDINARY);
	CHECK(bill.ordered_at == (INT64_C(9191) * 86400 + 12 * 3600 + 30 * 60) * 1000000 + 1 && bill.seq == -7);
	CHECK(bill.admitted_on == 9172 && bill.discharged_on == 9190 && bill.settled_on == 9192);
	CHECK(SameCode(bill.region, CodeOf("500112")) && SameCode(bill.scheme, CodeOf("resident")));
	CHECK(bill.column_fen[COLUMN_TOTAL] == 5200000 && bill.column_fen[COLUMN_EXCLUDED] == 100050);
	CHECK(bill.column_fen[COLUMN_OVER_LIMIT] == 50025 && bill.column_fen[COLUMN_FIRST_SHARE] == 49925);
	CHECK_INT(bill.column_fen[COLUMN_IN_SCOPE], 5000000);
	CHECK(bill.n_parts == 2 && bill.parts[0].column == COLUMN_EXCLUDED && bill.parts[0].amount_fen == 80000);
	CHECK(bill.parts[1].column == COLUMN_FIRST_SHARE && bill.parts[1].amount_fen == 1);
	CHECK(bill.n_given == 4 && bill.given[0].state == GIVEN_AMOUNT && bill.given[0].amount_fen == 3479000);
	CHECK(bill.given[0].deductible_fen == 30000 && bill.given[0].over_cap_fen == 1);
	CHECK(bill.given[1].state == GIVEN_WAIVED && bill.given[2].state == GIVEN_NOT_APPLICABLE);
	CHECK(SameCode(bill.single[CODE_CARE_TYPE], CodeOf("21")) && SameCode(bill.single[CODE_LEVEL], CodeOf("2")));
	CHECK(SameCode(bill.single[CODE_REFERRAL], CodeOf("yes")) && SameCode(bill.single[CODE_PLACE], CodeOf("county")));
	CHECK(SameCode(bill.single[CODE_PERSON_TYPE], CodeOf("adult")));
	CHECK(bill.list_known[0] && bill.n_list[0] == 2 && SameCode(bill.list[0][1], CodeOf("disabled")));
	CHECK(bill.list_known[1] && bill.n_list[1] == 0);
	CHECK(bill.designated == 1 && bill.age == 67);
	CHECK(bill.n_facts == 2 && bill.facts[0].hundredths == -2875310 && bill.facts[1].hundredths == 1200);
	CHECK(SameCode(bill.hospital, CodeOf("H\"1\\")) && SameCode(bill.encounter, CodeOf("E1")));
	CHECK(SameCode(bill.chain, CodeOf("C1")));
	CHECK_INT(bill.encounter_total_fen, 6000000);
	length = BillToJson(&bill, out, MAX_TEXT);
	out[length] = '\0';
	CHECK_TEXT(out, full_bill);
	CHECK_INT(BillToJson(&bill, NULL, 0), length);
	memset(out, '#', 20);
	CHECK_INT(BillToJson(&bill, out, 10), length);
	CHECK(memcmp(out, "{\"ordered_##########", 20) == 0);
	free(kept);
}

/* What a bill may be, and its canonical form */
static const struct
{
	const char *json;
	const char *canonical;
}			good[] = {
	{" { \"scheme\" : \"s\", \"total\":1, \"region\":\"r\", \"in_scope\":1.0, \"ordered_at\":\"2025-03-01\" } ",
		"{\"ordered_at\":\"2025-03-01T00:00:00\",\"seq\":0,\"region\":\"r\",\"scheme\":\"s\",\"total\":1.00,\"excluded\":0.00,"
	"\"over_limit\":0.00,\"first_share\":0.00,\"in_scope\":1.00}"},
	{"{\"kind\":null,\"ordered_at\":\"1990-01-01 00:00:00\",\"seq\":null,\"admitted_on\":null,\"discharged_on\":\"2199-12-31\","
		"\"settled_on\":\"1990-01-01\",\"region\":\"r\",\"scheme\":\"s\",\"total\":10000000000000,\"excluded\":10000000000000.000,"
		"\"over_limit\":null,\"first_share\":null,\"in_scope\":null,\"parts\":null,\"given\":null,\"care_type\":null,"
		"\"level\":null,"
		"\"referral\":null,\"place\":null,\"person_type\":null,\"category\":null,\"disease\":[\"a\",\"a\"],\"designated\":null,"
		"\"age\":null,"
		"\"facts\":null,\"hospital\":null,\"encounter\":null,\"encounter_total\":null,\"chain\":null}",
		"{\"ordered_at\":\"1990-01-01T00:00:00\",\"seq\":0,\"discharged_on\":\"2199-12-31\",\"settled_on\":\"1990-01-01\","
		"\"region\":\"r\","
		"\"scheme\":\"s\",\"total\":10000000000000.00,\"excluded\":10000000000000.00,\"over_limit\":0.00,\"first_share\":0.00,"
	"\"in_scope\":0.00,\"disease\":[\"a\",\"a\"]}"},
	{"{\"kind\":\"application\",\"ordered_at\":\"2199-12-31T23:59:59.999999\",\"seq\":9223372036854775807,\"region\":\"r\","
	"\"scheme\":\"s\"}",
		"{\"kind\":\"application\",\"ordered_at\":\"2199-12-31T23:59:59.999999\",\"seq\":9223372036854775807,\"region\":\"r\","
	"\"scheme\":\"s\"}"},
	{"{\"kind\":\"year_close\",\"ordered_at\":\"2025-12-31\",\"seq\":-9223372036854775808,\"region\":\"r\",\"scheme\":\"s\","
	"\"total\":0,"
		"\"in_scope\":0.00,\"encounter\":\"e\",\"encounter_total\":0,\"given\":{\"x\":{\"state\":\"waived\"},\"a\":{\"amount\":0}},"
		"\"parts\":{\"excluded.b\":0,\"excluded.a\":0}}",
		"{\"kind\":\"year_close\",\"ordered_at\":\"2025-12-31T00:00:00\",\"seq\":-9223372036854775808,\"region\":\"r\","
		"\"scheme\":\"s\","
		"\"parts\":{\"excluded.a\":0.00,\"excluded.b\":0.00},\"given\":{\"a\":{\"amount\":0.00},\"x\":{\"state\":\"waived\"}},"
	"\"encounter\":\"e\",\"encounter_total\":0.00}"},
	{"{\"kind\":\"bill\",\"ordered_at\":\"2025-03-01\",\"region\":\"r\\u0041\",\"scheme\":\"\\u4f4e\",\"total\":3,\"over_limit\":1,"
		"\"excluded\":2,\"parts\":{\"over_limit.\\u0041\":1,\"excluded.aa\":0.5,\"excluded.a\":1.5},\"facts\":{\"b\":1,\"ab\":2,"
		"\"a\":-0.5},"
		"\"age\":0,\"designated\":false,\"admitted_on\":\"2025-01-01\",\"discharged_on\":\"2025-01-01\",\"category\":[]}",
		"{\"ordered_at\":\"2025-03-01T00:00:00\",\"seq\":0,\"admitted_on\":\"2025-01-01\",\"discharged_on\":\"2025-01-01\","
		"\"region\":\"rA\","
		"\"scheme\":\"\xE4\xBD\x8E\",\"total\":3.00,\"excluded\":2.00,\"over_limit\":1.00,\"first_share\":0.00,\"in_scope\":0.00,"
		"\"parts\":{\"excluded.a\":1.50,\"excluded.aa\":0.50,\"over_limit.A\":1.00},\"category\":[],\"designated\":false,\"age\":0,"
	"\"facts\":{\"a\":-0.50,\"ab\":2.00,\"b\":1.00}}"},
	{"{\"ordered_at\":\"2025-03-01\",\"region\":\"1234567890123456789012345678901\",\"scheme\":\"s\",\"total\":0,\"age\":150,"
		"\"parts\":{\"first_share.1234567890123456789012345678901\":0},\"given\":{\"a\":{\"amount\":1,\"deductible\":null,"
		"\"state\":null}},"
		"\"facts\":{\"x\":10000000000000,\"y\":-10000000000000.00}}",
		"{\"ordered_at\":\"2025-03-01T00:00:00\",\"seq\":0,\"region\":\"1234567890123456789012345678901\",\"scheme\":\"s\","
		"\"total\":0.00,"
		"\"excluded\":0.00,\"over_limit\":0.00,\"first_share\":0.00,\"in_scope\":0.00,"
		"\"parts\":{\"first_share.1234567890123456789012345678901\":0.00},\"given\":{\"a\":{\"amount\":1.00}},\"age\":150,"
	"\"facts\":{\"x\":10000000000000.00,\"y\":-10000000000000.00}}"},
};

static void
TestGood(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		Bill		bill;
		Bill		again;
		char	   *kept;
		char	   *kept_again;
		char		out[MAX_TEXT];
		int			length;

		CHECK_INT(Read(good[i].json, (int) strlen(good[i].json), &bill, &kept), ST_OK);
		length = BillToJson(&bill, out, MAX_TEXT - 1);
		out[length] = '\0';
		CHECK_TEXT(out, good[i].canonical);
		CHECK_INT(Read(out, length, &again, &kept_again), ST_OK);
		length = BillToJson(&again, out, MAX_TEXT - 1);
		out[length] = '\0';
		CHECK_TEXT(out, good[i].canonical);
		free(kept);
		free(kept_again);
	}
}

/* ---- bad JSON ---- */

#define HEAD "\"ordered_at\":\"2025-03-01\",\"region\":\"r\",\"scheme\":\"s\","
#define NINE "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1"
#define SEVENTEEN NINE ",\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1}"

static const struct
{
	const char *json;
	Status		status;
	const char *path;
}			bad[] = {
	/* structure */
	{"", ST_JSON_SYNTAX, "$"},
	{"[]", ST_DOC_WRONG_TYPE, "$"},
	{"null", ST_DOC_WRONG_TYPE, "$"},
	{"{" HEAD "\"total\":1,\"in_scope\":1", ST_JSON_SYNTAX, "$"},
	{"{" HEAD "\"total\":1,\"total\":1}", ST_JSON_SYNTAX, "$.total"},
	{"{" HEAD "\"total\":1,\"in_scope\":1}x", ST_JSON_SYNTAX, "$"},
	{"{" HEAD "\"total\":1e2}", ST_JSON_SYNTAX, "$.total"},
	{"{" HEAD "\"total\":1,\"inscope\":1}", ST_DOC_UNKNOWN_KEY, "$.inscope"},
	{"{" HEAD "\"total\":1,\"Total\":1}", ST_DOC_UNKNOWN_KEY, "$.Total"},
	/* what is always required */
	{"{}", ST_BILL_MISSING, "total"},
	{"{" HEAD "\"in_scope\":1}", ST_BILL_MISSING, "total"},
	{"{" HEAD "\"total\":null}", ST_BILL_MISSING, "total"},
	{"{\"kind\":\"application\"}", ST_BILL_MISSING, "ordered_at"},
	{"{\"ordered_at\":null,\"region\":\"r\",\"scheme\":\"s\",\"total\":0}", ST_BILL_MISSING, "ordered_at"},
	{"{\"ordered_at\":\"2025-03-01\",\"scheme\":\"s\",\"total\":0}", ST_BILL_MISSING, "region"},
	{"{\"ordered_at\":\"2025-03-01\",\"region\":\"r\",\"scheme\":null,\"total\":0}", ST_BILL_MISSING, "scheme"},
	/* kind, times */
	{"{" HEAD "\"total\":0,\"kind\":1}", ST_DOC_WRONG_TYPE, "$.kind"},
	{"{" HEAD "\"total\":0,\"kind\":\"Bill\"}", ST_BILL_BAD_VALUE, "$.kind"},
	{"{\"ordered_at\":20250301,\"region\":\"r\",\"scheme\":\"s\",\"total\":0}", ST_DOC_WRONG_TYPE, "$.ordered_at"},
	{"{\"ordered_at\":\"2025-02-29\",\"region\":\"r\",\"scheme\":\"s\",\"total\":0}", ST_BILL_BAD_VALUE, "$.ordered_at"},
	{"{\"ordered_at\":\"2025-03-01T12:00:00Z\",\"region\":\"r\",\"scheme\":\"s\",\"total\":0}", ST_BILL_BAD_VALUE, "$.ordered_at"},
	{"{\"ordered_at\":\"\\u0032025-03-01 but very much longer than any time can be\",\"region\":\"r\",\"scheme\":\"s\","
	"\"total\":0}",
	ST_BILL_BAD_VALUE, "$.ordered_at"},
	{"{\"ordered_at\":\"1989-12-31T23:59:59\",\"region\":\"r\",\"scheme\":\"s\",\"total\":0}", ST_BILL_BAD_VALUE, "ordered_at"},
	{"{\"ordered_at\":\"2200-01-01\",\"region\":\"r\",\"scheme\":\"s\",\"total\":0}", ST_BILL_BAD_VALUE, "ordered_at"},
	{"{" HEAD "\"total\":0,\"seq\":\"1\"}", ST_DOC_WRONG_TYPE, "$.seq"},
	{"{" HEAD "\"total\":0,\"seq\":1.5}", ST_BILL_BAD_VALUE, "$.seq"},
	{"{" HEAD "\"total\":0,\"seq\":9223372036854775808}", ST_BILL_BAD_VALUE, "$.seq"},
	{"{" HEAD "\"total\":0,\"seq\":-9223372036854775809}", ST_BILL_BAD_VALUE, "$.seq"},
	{"{" HEAD "\"total\":0,\"admitted_on\":\"2025-13-01\"}", ST_BILL_BAD_VALUE, "$.admitted_on"},
	{"{" HEAD "\"total\":0,\"admitted_on\":true}", ST_DOC_WRONG_TYPE, "$.admitted_on"},
	{"{" HEAD "\"total\":0,\"admitted_on\":\"1989-12-31\"}", ST_BILL_BAD_VALUE, "admitted_on"},
	{"{" HEAD "\"total\":0,\"discharged_on\":\"2200-01-01\"}", ST_BILL_BAD_VALUE, "discharged_on"},
	{"{" HEAD "\"total\":0,\"discharged_on\":\"2025-1-1\"}", ST_BILL_BAD_VALUE, "$.discharged_on"},
	{"{" HEAD "\"total\":0,\"settled_on\":\"9999-12-31\"}", ST_BILL_BAD_VALUE, "settled_on"},
	{"{" HEAD "\"total\":0,\"settled_on\":\"2025-03-01T00:00:00\"}", ST_BILL_BAD_VALUE, "$.settled_on"},
	{"{" HEAD "\"total\":0,\"admitted_on\":\"2025-03-02\",\"discharged_on\":\"2025-03-01\"}", ST_BILL_BAD_VALUE, "discharged_on"},
	/* texts */
	{"{" HEAD "\"total\":0,\"level\":\"\"}", ST_BILL_BAD_VALUE, "$.level"},
	{"{" HEAD "\"total\":0,\"level\":3}", ST_DOC_WRONG_TYPE, "$.level"},
	{"{" HEAD "\"total\":0,\"level\":\"12345678901234567890123456789012\"}", ST_BILL_BAD_VALUE, "$.level"},
	{"{" HEAD "\"total\":0,\"level\":\"1234567890123456789012345678901\\u0041\"}", ST_BILL_BAD_VALUE, "$.level"},
	{"{" HEAD "\"total\":0,\"care_type\":\"a\\nb\"}", ST_BILL_BAD_VALUE, "$.care_type"},
	{"{" HEAD "\"total\":0,\"place\":\"\x7F\"}", ST_BILL_BAD_VALUE, "$.place"},
	{"{" HEAD "\"total\":0,\"referral\":\"\\u0085\"}", ST_BILL_BAD_VALUE, "$.referral"},
	{"{" HEAD "\"total\":0,\"person_type\":\"\xC3\x28\"}", ST_JSON_SYNTAX, "$.person_type"},
	{"{" HEAD "\"total\":0,\"hospital\":[\"h\"]}", ST_DOC_WRONG_TYPE, "$.hospital"},
	{"{" HEAD "\"total\":0,\"chain\":\"\"}", ST_BILL_BAD_VALUE, "$.chain"},
	{"{\"ordered_at\":\"2025-03-01\",\"region\":5,\"scheme\":\"s\",\"total\":0}", ST_DOC_WRONG_TYPE, "$.region"},
	{"{\"ordered_at\":\"2025-03-01\",\"region\":\"r\",\"scheme\":\"\",\"total\":0}", ST_BILL_BAD_VALUE, "$.scheme"},
	{"{" HEAD "\"total\":0,\"category\":\"a\"}", ST_DOC_WRONG_TYPE, "$.category"},
	{"{" HEAD "\"total\":0,\"category\":[\"a\",null]}", ST_DOC_WRONG_TYPE, "$.category[1]"},
	{"{" HEAD "\"total\":0,\"disease\":[\"a\",\"\"]}", ST_BILL_BAD_VALUE, "$.disease[1]"},
	{"{" HEAD "\"total\":0,\"disease\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}", ST_BILL_BAD_VALUE, "$.disease"},
	{"{" HEAD "\"total\":0,\"designated\":1}", ST_DOC_WRONG_TYPE, "$.designated"},
	{"{" HEAD "\"total\":0,\"age\":-1}", ST_BILL_BAD_VALUE, "$.age"},
	{"{" HEAD "\"total\":0,\"age\":151}", ST_BILL_BAD_VALUE, "$.age"},
	{"{" HEAD "\"total\":0,\"age\":6.5}", ST_BILL_BAD_VALUE, "$.age"},
	{"{" HEAD "\"total\":0,\"age\":\"65\"}", ST_DOC_WRONG_TYPE, "$.age"},
	/* amounts */
	{"{" HEAD "\"total\":\"1\"}", ST_DOC_WRONG_TYPE, "$.total"},
	{"{" HEAD "\"total\":1.005}", ST_BILL_BAD_VALUE, "$.total"},
	{"{" HEAD "\"total\":-0.01}", ST_BILL_NEGATIVE, "$.total"},
	{"{" HEAD "\"total\":1,\"in_scope\":2,\"excluded\":-1}", ST_BILL_NEGATIVE, "$.excluded"},
	{"{" HEAD "\"total\":10000000000000.01}", ST_BILL_TOO_LARGE, "$.total"},
	{"{" HEAD "\"total\":1,\"over_limit\":999999999999999999999999999999}", ST_BILL_TOO_LARGE, "$.over_limit"},
	{"{" HEAD "\"total\":1,\"over_limit\":-999999999999999999999999999999}", ST_BILL_NEGATIVE, "$.over_limit"},
	{"{" HEAD "\"total\":1,\"first_share\":false}", ST_DOC_WRONG_TYPE, "$.first_share"},
	{"{" HEAD "\"total\":1}", ST_BILL_SUM, "total"},
	{"{" HEAD "\"total\":1,\"in_scope\":0.99}", ST_BILL_SUM, "total"},
	{"{" HEAD "\"total\":1,\"in_scope\":1.01}", ST_BILL_SUM, "total"},
	{"{" HEAD "\"total\":0,\"encounter\":\"e\"}", ST_BILL_MISSING, "encounter_total"},
	{"{" HEAD "\"total\":0,\"encounter_total\":5}", ST_BILL_MISSING, "encounter"},
	{"{" HEAD "\"total\":0,\"encounter\":\"e\",\"encounter_total\":-0.01}", ST_BILL_NEGATIVE, "$.encounter_total"},
	{"{" HEAD "\"total\":0,\"encounter\":\"\",\"encounter_total\":1}", ST_BILL_BAD_VALUE, "$.encounter"},
	/* parts */
	{"{" HEAD "\"total\":0,\"parts\":[]}", ST_DOC_WRONG_TYPE, "$.parts"},
	{"{" HEAD "\"total\":0,\"parts\":" NINE "}}", ST_BILL_BAD_VALUE, "$.parts"},
	{"{" HEAD "\"total\":0,\"parts\":{\"excluded.x\":null}}", ST_DOC_WRONG_TYPE, "$.parts[\"excluded.x\"]"},
	{"{" HEAD "\"total\":0,\"parts\":{\"excluded.x\":-1}}", ST_BILL_NEGATIVE, "$.parts[\"excluded.x\"]"},
	{"{" HEAD "\"total\":0,\"parts\":{\"\":1}}", ST_BILL_BAD_VALUE, "$.parts[\"\"]"},
	{"{" HEAD "\"total\":0,\"parts\":{\"excluded.\":0}}", ST_BILL_BAD_VALUE, "parts[\"excluded.\"]"},
	{"{" HEAD "\"total\":0,\"parts\":{\"in_scope.x\":0}}", ST_BILL_BAD_VALUE, "parts[\"in_scope.x\"]"},
	{"{" HEAD "\"total\":0,\"parts\":{\"over_limit-x\":0}}", ST_BILL_BAD_VALUE, "parts[\"over_limit-x\"]"},
	{"{" HEAD "\"total\":0,\"parts\":{\"excluded.12345678901234567890123456789012\":0}}", ST_BILL_BAD_VALUE,
	"parts[\"excluded.12345678901234567890123456789012\"]"},
	{"{" HEAD "\"total\":1,\"excluded\":1,\"parts\":{\"excluded.x\":0.51,\"excluded.y\":0.50}}", ST_BILL_SUM, "excluded"},
	{"{" HEAD "\"total\":1,\"excluded\":1,\"parts\":{\"first_share.x\":0.01}}", ST_BILL_SUM, "first_share"},
	/* given layers */
	{"{" HEAD "\"total\":0,\"given\":\"basic\"}", ST_DOC_WRONG_TYPE, "$.given"},
	{"{" HEAD "\"total\":0,\"given\":" SEVENTEEN "}", ST_BILL_BAD_VALUE, "$.given"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":5}}", ST_DOC_WRONG_TYPE, "$.given.basic"},
	{"{" HEAD "\"total\":0,\"given\":{\"\":{\"amount\":1}}}", ST_BILL_BAD_VALUE, "$.given[\"\"]"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{}}}", ST_DOC_MISSING_KEY, "$.given.basic"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"amount\":null}}}", ST_DOC_MISSING_KEY, "$.given.basic"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"amounts\":1}}}", ST_DOC_UNKNOWN_KEY, "$.given.basic.amounts"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"amount\":-1}}}", ST_BILL_NEGATIVE, "$.given.basic.amount"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"amount\":1,\"deductible\":0.001}}}", ST_BILL_BAD_VALUE,
	"$.given.basic.deductible"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"amount\":1,\"over_cap\":\"1\"}}}", ST_DOC_WRONG_TYPE, "$.given.basic.over_cap"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"amount\":1,\"state\":\"waived\"}}}", ST_DOC_CONFLICT, "$.given.basic.amount"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"over_cap\":1,"
	"\"state\":\"waived\"}}}", ST_DOC_CONFLICT, "$.given.basic.over_cap"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"state\":\"amount\"}}}", ST_BILL_BAD_VALUE, "$.given.basic.state"},
	{"{" HEAD "\"total\":0,\"given\":{\"basic\":{\"state\":true}}}", ST_DOC_WRONG_TYPE, "$.given.basic.state"},
	/* facts */
	{"{" HEAD "\"total\":0,\"facts\":1}", ST_DOC_WRONG_TYPE, "$.facts"},
	{"{" HEAD "\"total\":0,\"facts\":" SEVENTEEN "}", ST_BILL_BAD_VALUE, "$.facts"},
	{"{" HEAD "\"total\":0,\"facts\":{\"\":1}}", ST_BILL_BAD_VALUE, "$.facts[\"\"]"},
	{"{" HEAD "\"total\":0,\"facts\":{\"x\":\"1\"}}", ST_DOC_WRONG_TYPE, "$.facts.x"},
	{"{" HEAD "\"total\":0,\"facts\":{\"x\":0.005}}", ST_BILL_BAD_VALUE, "$.facts.x"},
	{"{" HEAD "\"total\":0,\"facts\":{\"x\":10000000000000.01}}", ST_BILL_BAD_VALUE, "$.facts.x"},
	{"{" HEAD "\"total\":0,\"facts\":{\"x\":-10000000000000.01}}", ST_BILL_BAD_VALUE, "$.facts.x"},
	/* events */
	{"{" HEAD "\"kind\":\"application\",\"total\":1,\"in_scope\":1}", ST_BILL_EVENT_COST, "total"},
	{"{" HEAD "\"kind\":\"year_close\",\"in_scope\":0.01}", ST_BILL_EVENT_COST, "in_scope"},
	{"{" HEAD "\"kind\":\"year_close\",\"encounter\":\"e\",\"encounter_total\":1}", ST_BILL_EVENT_COST, "encounter_total"},
	{"{" HEAD "\"kind\":\"application\",\"given\":{\"a\":{\"amount\":0},"
	"\"tilt\":{\"amount\":1}}}", ST_BILL_EVENT_COST, "given[\"tilt\"]"},
	{"{" HEAD "\"kind\":\"application\",\"given\":{\"tilt\":{\"amount\":0,"
	"\"deductible\":1}}}", ST_BILL_EVENT_COST, "given[\"tilt\"]"},
	{"{" HEAD "\"kind\":\"application\",\"given\":{\"tilt\":{\"amount\":0,"
	"\"over_cap\":1}}}", ST_BILL_EVENT_COST, "given[\"tilt\"]"},
	{"{" HEAD "\"kind\":\"application\",\"parts\":{\"excluded.a\":1}}", ST_BILL_SUM, "excluded"},
};

static void
TestBad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		Bill		bill;
		char	   *kept;
		Status		status = Read(bad[i].json, (int) strlen(bad[i].json), &bill, &kept);

		if (status != bad[i].status || strcmp(fault.path, bad[i].path) != 0)
			printf("bad[%d]: %s\n", (int) i, bad[i].json);
		CHECK_INT(status, bad[i].status);
		CHECK_INT(fault.status, bad[i].status);
		CHECK_TEXT(fault.path, bad[i].path);
		CHECK(fault.found[0] != '\0' && fault.expected[0] != '\0');
		CHECK((fault.line > 0) == (fault.path[0] == '$'));
		free(kept);
	}
}

#define YUAN "a number of yuan from 0 to 10000000000000.00 with at most two decimals"

/* What a clerk reads */
static void
TestWords(void)
{
	static const struct
	{
		const char *json;
		int			line;
		int			column;
		const char *found;
		const char *expected;
	}			words[] = {
		{"{\"total\":52000.005,\n \"in_scope\": -1}", 1, 10, "52000.005", YUAN},
		{"{\"total\":1,\n \"in_scope\": -1}", 2, 14, "-1", YUAN},
		{"{\"total\":1,\n \"given\": {\"a\":{\"sum\":{}}}}", 2, 17, "\"sum\"", "one of amount, deductible, over_cap, state"},
		{"{\"total\":{}}", 1, 10, "an object", YUAN},
		{"{\"total\":[]}", 1, 10, "an array", YUAN},
		{"{" HEAD "\"total\":2.5,\"in_scope\":2}", 0, 0, "total 2.50, but the four columns add up to 2.00",
		"total = excluded + over_limit + first_share + in_scope"},
		{"{" HEAD "\"total\":1,\"excluded\":1,\"parts\":{\"excluded.x\":1.01}}", 0, 0, "1.00, but its parts add up to 1.01",
		"at least the sum of its named parts"},
		{"{" HEAD "\"total\":0,\"level\":\"\xE4\xBA\x8C\xE4\xBA\x8C\xE4\xBA\x8C\xE4\xBA\x8C\xE4\xBA\x8C\xE4\xBA\x8C\xE4\xBA\x8C"
			"\xE4\xBA\x8C\xE4\xBA\x8C\xE4\xBA\x8C\xE4\xBA\x8C\"}", 1, 72, "a longer text",
		"1 to 31 bytes of valid UTF-8 without control characters"},
		{"{" HEAD "\"total\":0,\"age\":\"0123456789012345678901234567890123456789012345678901234567890123456789012345678"
			"\xE4\xBA\x8C end\"}", 1, 70, "\"0123456789012345678901234567890123456789012345678901234567890123456789012345678...\"",
		"whole years from 0 to 150"},
		{"{" HEAD "\"total\":0,\"settled_on\":\"2200-01-01\"}", 0, 0, "2200-01-01", "a date from 1990-01-01 to 2199-12-31"},
		{"{" HEAD "\"total\":0,\"disease\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\","
		"\"9\"]}", 1, 74, "9 codes", "at most 8 codes"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		Bill		bill;
		char	   *kept;

		CHECK(Read(words[i].json, (int) strlen(words[i].json), &bill, &kept) != ST_OK);
		CHECK_INT(fault.line, words[i].line);
		CHECK_INT(fault.column, words[i].column);
		CHECK_TEXT(fault.found, words[i].found);
		CHECK_TEXT(fault.expected, words[i].expected);
		free(kept);
	}
}

/* Scratch: too little, not aligned; lengths that no document has */
static void
TestScratch(void)
{
	static char scratch[65536];
	int			length = (int) strlen(full_bill);
	int			needed = BillScratchNeeded(length);
	Bill		bill;

	CHECK(needed < (int) sizeof(scratch) - 8);
	for (int shift = 0; shift < 8; shift++)
		CHECK_INT(BillFromJson(full_bill, length, scratch + shift, needed, &bill, &fault), ST_OK);
	CHECK_INT(BillFromJson(full_bill, length, scratch, needed - 1, &bill, &fault), ST_INTERNAL);
	CHECK_TEXT(fault.path, "$");
	CHECK_INT(BillFromJson(full_bill, MAX_JSON_BYTES + 1, scratch, (int) sizeof(scratch), &bill, &fault), ST_JSON_TOO_LARGE);
	CHECK_INT(BillFromJson(full_bill, -1, scratch, (int) sizeof(scratch), &bill, &fault), ST_JSON_SYNTAX);
}

static const char *const ten_yuan =
	"{\"ordered_at\":\"2025-01-01 00:00:00\",\"region\":\"r\",\"scheme\":\"s\",\"total\":10,\"in_scope\":6,\"excluded\":4}";

/* What an object adds to a bill of 10 yuan, 4 of them excluded */
static Status
AddMembers(const char *json, Bill *bill)
{
	static char scratch[65536];

	CHECK_INT(BillFromJson(ten_yuan, (int) strlen(ten_yuan), scratch, (int) sizeof(scratch), bill, &fault), ST_OK);
	return BillMembersFromJson(json, (int) strlen(json), scratch, (int) sizeof(scratch), bill, &fault);
}

/* Parts, given layers and facts by themselves */
static void
TestMembers(void)
{
	Bill		bill;

	CHECK_INT(AddMembers("{}", &bill), ST_OK);
	CHECK_INT(bill.n_parts + bill.n_given + bill.n_facts, 0);
	CHECK_INT(AddMembers("{\"given\":null,\"facts\":{\"income\":1.5}}", &bill), ST_OK);
	CHECK_INT(bill.n_facts, 1);
	CHECK_INT(bill.facts[0].hundredths, 150);
	CHECK_INT(AddMembers("{\"parts\":{\"excluded.a\":4},\"given\":{\"b\":{\"amount\":3}}}", &bill), ST_OK);
	CHECK_INT(bill.parts[0].amount_fen, 400);
	CHECK_INT(bill.given[0].amount_fen, 300);
	CHECK_INT(bill.column_fen[COLUMN_TOTAL], 1000);
	CHECK_INT(AddMembers("{\"parts\":{\"excluded.a\":4.01}}", &bill), ST_BILL_SUM);
	CHECK_INT(AddMembers("{\"given\":[]}", &bill), ST_DOC_WRONG_TYPE);
	CHECK_TEXT(fault.path, "$.given");
	CHECK_INT(AddMembers("{\"total\":1}", &bill), ST_DOC_UNKNOWN_KEY);
	CHECK_INT(AddMembers("{\"given\":", &bill), ST_JSON_SYNTAX);
}

/* ---- random bills ---- */

static const char *const some_text[] = {
	"a", "21", "330100", "\"", "\\", "a/b", "low_income", "1234567890123456789012345678901",
	"\xE4\xBD\x8E\xE4\xBF\x9D", "P0001", "{", "null"
};

static Code
SomeCode(void)
{
	return Below(3) == 0 ? CodeOf(NULL) : CodeOf(some_text[Below(12)]);
}

static int64_t
SomeAmount(void)
{
	return Below(4) == 0 ? 0 : (int64_t) (Random() % (uint64_t) (Below(2) ? 1000 : MAX_FEN / 8));
}

/* Parts, given layers and facts, in byte order of their names so that structures can be compared */
static void
SomeMembers(Bill *bill)
{
	static const char *const part[] = {"excluded.a", "excluded.b", "excluded.\xE4\xBD\x8E", "first_share.\"", "over_limit.z"};
	static const Column column[] = {COLUMN_EXCLUDED, COLUMN_EXCLUDED, COLUMN_EXCLUDED, COLUMN_FIRST_SHARE, COLUMN_OVER_LIMIT};
	static const char *const name[] = {"\"", "\\", "a", "aa", "b", "\xE4\xBD\x8E"};
	int64_t		rest[COLUMNS];

	memcpy(rest, bill->column_fen, sizeof(rest));
	for (int i = 0; i < 5; i++)
	{
		int64_t		amount_fen = rest[column[i]] == 0 ? 0 : (int64_t) (Random() % (uint64_t) rest[column[i]]);

		if (Below(2) == 0)
			continue;
		AddPart(bill, column[i], part[i], amount_fen);
		rest[column[i]] -= amount_fen;
	}
	for (int i = 0; i < 6; i++)
	{
		bool		event = bill->kind != BILL_ORDINARY;

		if (Below(3) == 0)
			AddGiven(bill, name[i], GIVEN_AMOUNT, event ? 0 : SomeAmount(), event ? 0 : SomeAmount(), event ? 0 : SomeAmount());
		else if (Below(3) == 0)
			AddGiven(bill, name[i], Below(2) ? GIVEN_WAIVED : GIVEN_NOT_APPLICABLE, 0, 0, 0);
		if (Below(2) == 0)
			AddFact(bill, name[i], SomeAmount() * (Below(2) ? 1 : -1));
	}
}

static void
SomeBill(Bill *bill)
{
	BillInit(bill);
	bill->kind = Below(4) == 0 ? (BillKind) Below(3) : BILL_ORDINARY;
	bill->ordered_at = (FIRST_DAY + Below(LAST_DAY - FIRST_DAY)) * INT64_C(86400000000);
	bill->ordered_at += (int64_t) (Random() % UINT64_C(86400000000));
	bill->seq = (int64_t) Random();
	bill->admitted_on = Below(2) ? NO_DATE : FIRST_DAY + Below(1000);
	bill->discharged_on = Below(2) ? NO_DATE : FIRST_DAY + 1000 + Below(1000);
	bill->settled_on = Below(2) ? NO_DATE : LAST_DAY - Below(1000);
	bill->region = CodeOf(some_text[Below(12)]);
	bill->scheme = CodeOf(some_text[Below(12)]);
	for (int i = COLUMN_IN_SCOPE; bill->kind == BILL_ORDINARY && i < COLUMNS; i++)
	{
		bill->column_fen[i] = SomeAmount();
		bill->column_fen[COLUMN_TOTAL] += bill->column_fen[i];
	}
	for (int i = 0; i < CODE_SINGLE; i++)
		bill->single[i] = SomeCode();
	for (int i = 0; i < CODE_LISTS; i++)
	{
		bill->list_known[i] = Below(2);
		for (int n = bill->list_known[i] ? Below(MAX_LIST + 1) : 0; n > 0; n--)
			AddCode(bill, i, some_text[Below(12)]);
	}
	bill->designated = (int8_t) (Below(3) - 1);
	bill->age = (int16_t) (Below(152) - 1);
	bill->hospital = SomeCode();
	bill->chain = SomeCode();
	bill->encounter = SomeCode();
	if (bill->encounter.text != NULL)
		bill->encounter_total_fen = bill->kind == BILL_ORDINARY ? SomeAmount() : 0;
	SomeMembers(bill);
}

/* Struct to text to struct to text: nothing changes */
static void
TestRandom(void)
{
	int			differ = 0;

	for (int i = 0; i < 20000; i++)
	{
		Bill		bill;
		Bill		again;
		char		out[MAX_TEXT];
		char		out_again[MAX_TEXT];
		int			length;
		char	   *kept;

		SomeBill(&bill);
		length = BillToJson(&bill, out, MAX_TEXT);
		if (Read(out, length, &again, &kept) != ST_OK || !SameBill(&bill, &again) ||
			BillToJson(&again, out_again, MAX_TEXT) != length || memcmp(out, out_again, (size_t) length) != 0)
			differ++;
		free(kept);
	}
	CHECK_INT(differ, 0);
}

/* Damaged texts: refused, or read as a bill that is written and read again */
static void
TestDamaged(void)
{
	int			refused = 0;
	int			lost = 0;
	int			n = (int) strlen(full_bill);

	for (int i = 0; i < n; i++)
	{
		Bill		bill;
		char	   *kept;

		CHECK(Read(full_bill, i, &bill, &kept) != ST_OK);
		free(kept);
	}
	for (int i = 0; i < 20000; i++)
	{
		Bill		bill;
		Bill		again;
		char	   *kept;
		char	   *kept_again;
		char		text[2048];
		char		out[MAX_TEXT];

		memcpy(text, full_bill, (size_t) n);
		for (int j = Below(3); j >= 0; j--)
			text[Below(n)] = "0123456789-.\"\\{}[],:null\xE4\xFF\x01 "[Below(29)];
		if (Read(text, n, &bill, &kept) != ST_OK)
			refused++;
		else
		{
			if (Read(out, BillToJson(&bill, out, MAX_TEXT), &again, &kept_again) != ST_OK)
				lost++;
			free(kept_again);
		}
		free(kept);
	}
	CHECK(refused > 0 && refused < 20000);
	CHECK_INT(lost, 0);
}

int
main(void)
{
	TestFull();
	TestGood();
	TestBad();
	TestWords();
	TestScratch();
	TestMembers();
	TestRandom();
	TestDamaged();
	return CheckEnd();
}
