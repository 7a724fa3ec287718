/*
 * test_account_json.c — accounts from JSON: every key, hostile texts, limits. What is written is in test_account_write.c.
 */
#include "account_texts.h"

/* Does writing give exactly this text? */
static void
CheckWritten(const Account *a, const char *expected)
{
	int			length = AccountToJson(a, text, MAX_TEXT - 1);

	text[length] = '\0';
	CHECK_TEXT(text, expected);
}

/* ---- good accounts ---- */

#define LAST "\"last\":{\"ordered_at\":\"2025-03-01T00:00:00\",\"seq\":1}"

static const char *const full_account =
"{\"format\":1,\"last\":{\"ordered_at\":\"2025-03-01T12:00:00.5\",\"seq\":-9223372036854775808},"
"\"bases\":[{\"name\":\"assistance\",\"buckets\":{\"in_scope\":-0.01,\"deductible\":1.00,\"over_cap\":2.00,\"copay\":0.00000000001,"
"\"penalty\":3.00,\"away_share\":4.00,\"first_share\":5.00,\"over_limit\":6.00,\"excluded\":7.00,\"excluded.a\":-8.00,"
"\"over_limit.\xE4\xB9\x99\":9.123,\"gross\":10000000000000.00}},"
"{\"name\":\"critical\",\"period\":\"1989-07-01\",\"accrued\":-1.00,\"paid\":-2.00,\"deductible\":0.5500000005,\"crossed\":true},"
"{\"name\":\"critical\",\"period\":\"2025-01-01\"},"
"{\"name\":\"critical\",\"period\":\"2025-01-01\",\"sub\":\"H\\\"1\"}],"
"\"tallies\":[{\"kind\":\"deductible\",\"name\":\"basic\",\"period\":\"2025-01-01\",\"sub\":\"2\",\"used\":300.00},"
"{\"kind\":\"deductible_sum\",\"name\":\"basic\",\"period\":\"2025-01-01\",\"used\":0.33333333333},"
"{\"kind\":\"cap\",\"name\":\"basic\",\"period\":\"2025-01-01\",\"used\":-0.01},"
"{\"kind\":\"stays\",\"name\":\"inpatient\",\"period\":\"2025-01-01\",\"n\":3},"
"{\"kind\":\"times\",\"name\":\"second\",\"period\":\"2199-12-31\"},"
"{\"kind\":\"ceiling\",\"name\":\"all\",\"period\":\"2025-01-01\",\"used\":-5.00,\"cost\":9.00},"
"{\"kind\":\"encounter\",\"sub\":\"E1\",\"used\":2.00,\"cost\":5.00},"
"{\"kind\":\"encounter_deductible\",\"name\":\"basic\",\"sub\":\"E1\",\"used\":1.00},"
"{\"kind\":\"encounter_stays\",\"name\":\"inpatient\",\"sub\":\"E1\",\"n\":1},"
"{\"kind\":\"recoverable\",\"name\":\"assistance\",\"used\":12.34}],"
"\"unkept\":\"2024-12-31\","
"\"kept\":[{\"ordered_at\":\"2025-01-05T00:00:00\",\"seq\":9,\"day\":\"2025-01-04\"},"
"{\"ordered_at\":\"2025-01-05T00:00:00\",\"seq\":10,\"day\":\"2025-01-05\",\"care_type\":\"21\",\"level\":\"2\","
	"\"referral\":\"yes\","
"\"place\":\"county\",\"designated\":false,\"entered\":[{\"base\":1,\"layer\":\"critical\",\"place\":0,\"enter\":1},"
"{\"base\":1,\"layer\":\"second\",\"place\":1,\"enter\":0.5,\"dropped\":true},{\"base\":3,\"layer\":\"critical\",\"place\":23,"
	"\"enter\":0}],"
"\"cost\":{\"in_scope\":7.00,\"excluded\":1.00,\"over_limit\":2.00,\"first_share\":0.50},"
"\"left\":{\"copay\":5.00,\"excluded.a\":0.01},\"event_paid\":[{\"layer\":\"apply\",\"buckets\":{\"copay\":1.00}},"
"{\"layer\":\"second\"}]},"
"{\"ordered_at\":\"2025-03-01T12:00:00\",\"seq\":1,\"day\":\"2025-03-01\",\"designated\":true,\"cost\":{},\"event_paid\":[{"
"\"layer\":\"apply\","
"\"buckets\":{\"over_limit.\xE4\xB9\x99\":2.00}}]}]}";

static void
TestFull(void)
{
	const BaseCounter *base = &account.bases[0];
	const KeptBill *kept = &account.kept[1];
	char		written[4096];
	const char *half = strstr(full_account, "12:00:00.5\"");
	int			length;

	CHECK_INT(Read(full_account, (int) strlen(full_account), &account), ST_OK);
	CHECK(account.started && account.last_seq == INT64_MIN);
	CHECK(account.last_ordered_at == INT64_C(9191) * 86400 * 1000000 + INT64_C(43200500000));
	CHECK(account.n_bases == 4 && account.n_tallies == 10 && account.n_kept == 3);
	CHECK(account.n_event_paid == 3 && account.n_parts == 2);
	CHECK(base->fen[BUCKET_IN_SCOPE] == -1 && base->nano[BUCKET_IN_SCOPE] == 0 && base->fen[BUCKET_COPAY] == 0);
	CHECK(base->nano[BUCKET_COPAY] == 1 && base->fractional && base->fen[BUCKET_GROSS] == MAX_FEN && base->period == 0);
	CHECK(base->fen[BUCKET_PART] == -800 && base->fen[BUCKET_PART + 1] == 912 && base->nano[BUCKET_PART + 1] == 300000000);
	CHECK(account.bases[1].period == -3836 && account.bases[1].crossed && !account.bases[1].fractional);
	CHECK(account.bases[1].accrued_fen == -100 && account.bases[1].paid_fen == -200);
	CHECK(account.bases[1].deductible.fen == 55 && account.bases[1].deductible.nano == 50);
	CHECK(account.bases[3].sub.length == 3 && memcmp(account.bases[3].sub.text, "H\"1", 3) == 0);
	CHECK(account.tallies[6].kind == TALLY_ENCOUNTER && account.tallies[6].name == NAME_NONE && account.tallies[6].cost_fen == 500);
	CHECK(account.tallies[3].kind == TALLY_STAYS && account.tallies[3].used.fen == 3 && account.tallies[3].used.nano == 0);
	CHECK(account.tallies[1].used.fen == 33 && account.tallies[1].used.nano == 333333333);
	CHECK(account.unkept && account.unkept_day == 9131);
	CHECK(account.kept[0].n_entered == 0 && account.kept[0].designated == -1 && account.kept[0].code[3] == NAME_NONE);
	CHECK(kept->designated == 0 && kept->n_entered == 3 && kept->entered[1].dropped && kept->entered[1].enter_micro == 500000);
	CHECK(kept->entered[0].base == 1 && kept->entered[0].enter_micro == 1000000 && !kept->entered[0].dropped);
	CHECK(kept->entered[2].place == 23 && kept->left_fen[BUCKET_COPAY] == 500 && kept->left_fen[BUCKET_PART] == 1);
	CHECK(!account.kept[0].costed && kept->costed && kept->cost_fen[COLUMN_TOTAL] == 1050 && kept->cost_fen[COLUMN_OVER_LIMIT] == 200);
	CHECK(account.kept[2].costed && account.kept[2].cost_fen[COLUMN_TOTAL] == 0);
	CHECK(account.event_paid[2].bill == 2 && account.event_paid[2].paid_fen[BUCKET_PART + 1] == 200);
	/* half a second is written with six digits */
	snprintf(written, sizeof(written), "%.*s12:00:00.500000%s", (int) (half - full_account), full_account, half + 10);
	CheckWritten(&account, written);
	length = AccountToJson(&account, NULL, 0);
	CHECK_INT(length, strlen(written));
	memset(text, '#', 20);
	CHECK_INT(AccountToJson(&account, text, 12), length);
	CHECK(memcmp(text, "{\"format\":1,########", 20) == 0);
}

/* What is written of an account in this form */
static void
CheckForm(const char *json, AccountForm form, const char *expected)
{
	int			length;

	CHECK_INT(Read(json, (int) strlen(json), &account), ST_OK);
	length = AccountFormToJson(&account, form, text, MAX_TEXT - 1);
	text[length] = '\0';
	CHECK_TEXT(text, expected);
}

/* Bills that are left out are not kept: the latest day of all counts */
static void
TestForms(void)
{
#define BILL(seq, day) "{\"ordered_at\":\"2025-06-0" seq "T00:00:00\",\"seq\":1,\"day\":\"" day "\"}"
#define ACCOUNT(unkept, kept) "{\"format\":1,\"last\":{\"ordered_at\":\"2025-06-09T00:00:00\",\"seq\":1}" unkept kept "}"
#define UNKEPT(day) ",\"unkept\":\"" day "\""
#define TWO ",\"kept\":[" BILL("1", "2025-03-02") "," BILL("2", "2025-03-01") "]"

	CheckForm(ACCOUNT("", TWO), ACCOUNT_WHOLE, ACCOUNT("", TWO));
	CheckForm(ACCOUNT("", TWO), ACCOUNT_WITHOUT_BILLS, ACCOUNT(UNKEPT("2025-03-02"), ""));
	CheckForm(ACCOUNT(UNKEPT("2024-12-31"), TWO), ACCOUNT_WITHOUT_BILLS, ACCOUNT(UNKEPT("2025-03-02"), ""));
	CheckForm(ACCOUNT(UNKEPT("2025-12-31"), TWO), ACCOUNT_WITHOUT_BILLS, ACCOUNT(UNKEPT("2025-12-31"), ""));
	CheckForm(ACCOUNT(UNKEPT("2025-12-31"), ""), ACCOUNT_WITHOUT_BILLS, ACCOUNT(UNKEPT("2025-12-31"), ""));
	CheckForm(ACCOUNT("", ""), ACCOUNT_WITHOUT_BILLS, ACCOUNT("", ""));
	CheckForm(ACCOUNT(UNKEPT("2024-12-31"), TWO), ACCOUNT_COUNTERS, ACCOUNT("", ""));
}

/* Other ways to write the same accounts */
static const struct
{
	const char *json;
	const char *canonical;
}			good[] = {
	{" { \"format\" : 1 } ", "{\"format\":1}"},
	{"{\"format\":1.0,\"bases\":[],\"tallies\":[],\"kept\":[]}", "{\"format\":1}"},
	{"{" LAST ",\"format\":1}", "{\"format\":1," LAST "}"},
	{"{\"format\":1,\"unkept\":\"1990-01-01\"}", "{\"format\":1,\"unkept\":\"1990-01-01\"}"},
	{"{\"format\":1,\"bases\":[{\"crossed\":false,\"period\":\"2000-01-01\",\"accrued\":0,\"paid\":0.00,\"deductible\":0,"
	"\"buckets\":{\"copay\":0,\"excluded.x\":0},\"name\":\"\\u0062\"}]}", "{\"format\":1,\"bases\":[{\"name\":\"b\"}]}"},
	{"{\"format\":1,\"bases\":[{\"name\":\"b\",\"buckets\":{}},{\"name\":\"ab\"},{\"name\":\"a\",\"period\":\"2025-01-01\"},"
		"{\"name\":\"a\",\"period\":\"2024-01-01\",\"sub\":\"y\"},{\"name\":\"a\",\"period\":\"2024-01-01\",\"sub\":\"x\"}]}",
		"{\"format\":1,\"bases\":[{\"name\":\"a\",\"period\":\"2024-01-01\",\"sub\":\"x\"},{\"name\":\"a\","
		"\"period\":\"2024-01-01\","
	"\"sub\":\"y\"},{\"name\":\"a\",\"period\":\"2025-01-01\"},{\"name\":\"ab\"},{\"name\":\"b\"}]}"},
	{"{\"format\":1,\"bases\":[{\"name\":\"b\",\"buckets\":{\"over_limit.x\":1,\"excluded.y\":1.5,\"excluded.x\":2}}]}",
	"{\"format\":1,\"bases\":[{\"name\":\"b\",\"buckets\":{\"excluded.x\":2.00,\"excluded.y\":1.50,\"over_limit.x\":1.00}}]}"},
	{"{\"format\":1,\"tallies\":[{\"kind\":\"encounter\",\"sub\":\"f\"},{\"kind\":\"times\",\"n\":2,\"name\":\"b\"},"
		"{\"kind\":\"times\",\"n\":0,\"name\":\"a\"},{\"kind\":\"encounter\",\"sub\":\"e\",\"cost\":0},{\"kind\":\"cap\","
		"\"name\":\"z\"}]}",
		"{\"format\":1,\"tallies\":[{\"kind\":\"cap\",\"name\":\"z\"},{\"kind\":\"times\",\"name\":\"a\"},{\"kind\":\"times\","
		"\"name\":\"b\","
	"\"n\":2},{\"kind\":\"encounter\",\"sub\":\"e\"},{\"kind\":\"encounter\",\"sub\":\"f\"}]}"},
	{"{\"format\":1," LAST ",\"kept\":[{\"ordered_at\":\"2025-03-01\",\"seq\":1,\"day\":\"2025-03-01\",\"entered\":["
		"{\"base\":1,\"layer\":\"l\",\"place\":2,\"enter\":1.000},{\"base\":0,\"layer\":\"m\",\"place\":1,\"enter\":0.000001,"
		"\"dropped\":false}],"
		"\"left\":{},\"event_paid\":[{\"layer\":\"y\",\"buckets\":{\"copay\":1}},{\"layer\":\"x\",\"buckets\":{}}]}],"
		"\"bases\":[{\"name\":\"z\"},{\"name\":\"a\"}]}",
		"{\"format\":1," LAST ",\"bases\":[{\"name\":\"a\"},{\"name\":\"z\"}],\"kept\":[{\"ordered_at\":\"2025-03-01T00:00:00\","
		"\"seq\":1,"
		"\"day\":\"2025-03-01\",\"entered\":[{\"base\":0,\"layer\":\"l\",\"place\":2,\"enter\":1},{\"base\":1,\"layer\":\"m\","
		"\"place\":1,"
	"\"enter\":0.000001}],\"event_paid\":[{\"layer\":\"x\"},{\"layer\":\"y\",\"buckets\":{\"copay\":1.00}}]}]}"},
};

static void
TestGood(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		CHECK_INT(Read(good[i].json, (int) strlen(good[i].json), &account), ST_OK);
		CheckWritten(&account, good[i].canonical);
		CHECK_INT(Read(good[i].canonical, (int) strlen(good[i].canonical), &again), ST_OK);
		CHECK(SameAccount(&account, &again));
		CheckWritten(&again, good[i].canonical);
	}
}

/* ---- bad accounts ---- */

#define BASE(members) "{\"format\":1,\"bases\":[{\"name\":\"b\"},{" members "}]}"
#define TALLY(members) "{\"format\":1,\"tallies\":[{" members "}]}"
#define KEPT(members) "{\"format\":1," LAST ",\"bases\":[{\"name\":\"b\"}],\"kept\":[{\"ordered_at\":\"2025-01-01\",\"seq\":1," \
	"\"day\":\"2025-01-01\"},{\"ordered_at\":\"2025-01-01\",\"seq\":2," members "}]}"
#define DAY "\"day\":\"2025-01-01\","
#define ENTERED(members) KEPT(DAY "\"entered\":[{" members "}]")

static const struct
{
	const char *json;
	Status		status;
	const char *path;
}			bad[] = {
	/* the whole */
	{"", ST_JSON_SYNTAX, "$"},
	{"{\"format\":1", ST_JSON_SYNTAX, "$"},
	{"[1]", ST_DOC_WRONG_TYPE, "$"},
	{"{}", ST_DOC_MISSING_KEY, "$"},
	{"{\"format\":2}", ST_DOC_VERSION, "$.format"},
	{"{\"format\":0}", ST_DOC_VERSION, "$.format"},
	{"{\"format\":1.5}", ST_DOC_BAD_VALUE, "$.format"},
	{"{\"format\":\"1\"}", ST_DOC_WRONG_TYPE, "$.format"},
	{"{\"format\":1,\"format\":1}", ST_JSON_SYNTAX, "$.format"},
	{"{\"format\":1,\"names\":[]}", ST_DOC_UNKNOWN_KEY, "$.names"},
	{"{\"format\":1,\"bases\":{}}", ST_DOC_WRONG_TYPE, "$.bases"},
	{"{\"format\":1,\"bases\":null}", ST_DOC_WRONG_TYPE, "$.bases"},
	{"{\"format\":1,\"tallies\":1}", ST_DOC_WRONG_TYPE, "$.tallies"},
	{"{\"format\":1,\"kept\":{}}", ST_DOC_WRONG_TYPE, "$.kept"},
	{"{\"format\":1,\"unkept\":true}", ST_DOC_WRONG_TYPE, "$.unkept"},
	{"{\"format\":1,\"unkept\":\"1989-12-31\"}", ST_DOC_BAD_VALUE, "$.unkept"},
	{"{\"format\":1,\"unkept\":\"2200-01-01\"}", ST_DOC_BAD_VALUE, "$.unkept"},
	{"{\"format\":1,\"unkept\":\"2025-02-30\"}", ST_DOC_BAD_VALUE, "$.unkept"},
	/* last */
	{"{\"format\":1,\"last\":null}", ST_DOC_WRONG_TYPE, "$.last"},
	{"{\"format\":1,\"last\":{\"ordered_at\":\"2025-01-01\"}}", ST_DOC_MISSING_KEY, "$.last"},
	{"{\"format\":1,\"last\":{\"seq\":1}}", ST_DOC_MISSING_KEY, "$.last"},
	{"{\"format\":1,\"last\":{\"seq\":1,\"ordered_at\":\"1989-12-31T23:59:59.999999\"}}", ST_DOC_BAD_VALUE, "$.last.ordered_at"},
	{"{\"format\":1,\"last\":{\"seq\":1,\"ordered_at\":\"2200-01-01\"}}", ST_DOC_BAD_VALUE, "$.last.ordered_at"},
	{"{\"format\":1,\"last\":{\"seq\":1,\"ordered_at\":\"yesterday\"}}", ST_DOC_BAD_VALUE, "$.last.ordered_at"},
	{"{\"format\":1,\"last\":{\"seq\":0.5,\"ordered_at\":\"2025-01-01\"}}", ST_DOC_BAD_VALUE, "$.last.seq"},
	{"{\"format\":1,\"last\":{\"seq\":1,\"ordered_at\":\"2025-01-01\",\"id\":1}}", ST_DOC_UNKNOWN_KEY, "$.last.id"},
	/* bases */
	{"{\"format\":1,\"bases\":[1]}", ST_DOC_WRONG_TYPE, "$.bases[0]"},
	{BASE("\"period\":\"2025-01-01\""), ST_DOC_MISSING_KEY, "$.bases[1]"},
	{BASE("\"name\":\"\""), ST_DOC_BAD_VALUE, "$.bases[1].name"},
	{BASE("\"name\":7"), ST_DOC_WRONG_TYPE, "$.bases[1].name"},
	{BASE("\"name\":\"12345678901234567890123456789012\""), ST_DOC_BAD_VALUE, "$.bases[1].name"},
	{BASE("\"name\":\"\\u0001\""), ST_DOC_BAD_VALUE, "$.bases[1].name"},
	{BASE("\"name\":\"b\""), ST_DOC_DUPLICATE, "$.bases[1]"},
	{BASE("\"name\":\"b\",\"period\":\"2000-01-01\""), ST_DOC_DUPLICATE, "$.bases[1]"},
	{BASE("\"name\":\"c\",\"period\":\"1988-12-31\""), ST_DOC_BAD_VALUE, "$.bases[1].period"},
	{BASE("\"name\":\"c\",\"period\":\"2200-01-01\""), ST_DOC_BAD_VALUE, "$.bases[1].period"},
	{BASE("\"name\":\"c\",\"period\":2025"), ST_DOC_WRONG_TYPE, "$.bases[1].period"},
	{BASE("\"name\":\"c\",\"sub\":\"\""), ST_DOC_BAD_VALUE, "$.bases[1].sub"},
	{BASE("\"name\":\"c\",\"sub\":false"), ST_DOC_WRONG_TYPE, "$.bases[1].sub"},
	{BASE("\"name\":\"c\",\"nano\":1"), ST_DOC_UNKNOWN_KEY, "$.bases[1].nano"},
	{BASE("\"name\":\"c\",\"open_recoverable\":1"), ST_DOC_UNKNOWN_KEY, "$.bases[1].open_recoverable"},
	{BASE("\"name\":\"c\",\"accrued\":0.001"), ST_DOC_BAD_VALUE, "$.bases[1].accrued"},
	{BASE("\"name\":\"c\",\"accrued\":10000000000000.01"), ST_DOC_BAD_VALUE, "$.bases[1].accrued"},
	{BASE("\"name\":\"c\",\"paid\":-10000000000000.01"), ST_DOC_BAD_VALUE, "$.bases[1].paid"},
	{BASE("\"name\":\"c\",\"paid\":\"1\""), ST_DOC_WRONG_TYPE, "$.bases[1].paid"},
	{BASE("\"name\":\"c\",\"deductible\":-0.00000000001"), ST_DOC_BAD_VALUE, "$.bases[1].deductible"},
	{BASE("\"name\":\"c\",\"deductible\":0.000000000001"), ST_DOC_BAD_VALUE, "$.bases[1].deductible"},
	{BASE("\"name\":\"c\",\"deductible\":999999999999999999999999999999"), ST_DOC_BAD_VALUE, "$.bases[1].deductible"},
	{BASE("\"name\":\"c\",\"crossed\":1"), ST_DOC_WRONG_TYPE, "$.bases[1].crossed"},
	{BASE("\"name\":\"c\",\"buckets\":[]"), ST_DOC_WRONG_TYPE, "$.bases[1].buckets"},
	{BASE("\"name\":\"c\",\"buckets\":{\"co-pay\":1}"), ST_DOC_UNKNOWN_NAME, "$.bases[1].buckets[\"co-pay\"]"},
	{BASE("\"name\":\"c\",\"buckets\":{\"in_scope.x\":1}"), ST_DOC_UNKNOWN_NAME, "$.bases[1].buckets[\"in_scope.x\"]"},
	{BASE("\"name\":\"c\",\"buckets\":{\"\":1}"), ST_DOC_BAD_VALUE, "$.bases[1].buckets[\"\"]"},
	{BASE("\"name\":\"c\",\"buckets\":{\"copay\":10000000000000.00000000001}"), ST_DOC_BAD_VALUE, "$.bases[1].buckets.copay"},
	{BASE("\"name\":\"c\",\"buckets\":{\"gross\":-10000000000000.00000000001}"), ST_DOC_BAD_VALUE, "$.bases[1].buckets.gross"},
	{BASE("\"name\":\"c\",\"buckets\":{\"copay\":{}}"), ST_DOC_WRONG_TYPE, "$.bases[1].buckets.copay"},
	{BASE("\"name\":\"c\",\"buckets\":{\"excluded.1\":1,\"excluded.2\":1,\"excluded.3\":1,\"excluded.4\":1,\"excluded.5\":1,"
	"\"excluded.6\":1,\"excluded.7\":1,\"excluded.8\":1,\"excluded.9\":1}"), ST_DOC_LIMIT, "$.bases[1].buckets[\"excluded.9\"]"},
	/* tallies */
	{"{\"format\":1,\"tallies\":[[]]}", ST_DOC_WRONG_TYPE, "$.tallies[0]"},
	{TALLY("\"name\":\"a\""), ST_DOC_MISSING_KEY, "$.tallies[0]"},
	{TALLY("\"kind\":\"caps\",\"name\":\"a\""), ST_DOC_BAD_VALUE, "$.tallies[0].kind"},
	{TALLY("\"kind\":2,\"name\":\"a\""), ST_DOC_WRONG_TYPE, "$.tallies[0].kind"},
	{TALLY("\"kind\":\"cap\""), ST_DOC_MISSING_KEY, "$.tallies[0]"},
	{TALLY("\"kind\":\"cap\",\"name\":null"), ST_DOC_WRONG_TYPE, "$.tallies[0].name"},
	{TALLY("\"kind\":\"encounter\",\"name\":\"a\",\"sub\":\"e\""), ST_DOC_CONFLICT, "$.tallies[0].name"},
	{TALLY("\"kind\":\"encounter\""), ST_DOC_MISSING_KEY, "$.tallies[0]"},
	{TALLY("\"kind\":\"encounter_deductible\",\"name\":\"a\""), ST_DOC_MISSING_KEY, "$.tallies[0]"},
	{TALLY("\"kind\":\"encounter_stays\",\"name\":\"a\""), ST_DOC_MISSING_KEY, "$.tallies[0]"},
	{TALLY("\"kind\":\"encounter_stays\",\"sub\":\"a\""), ST_DOC_MISSING_KEY, "$.tallies[0]"},
	{TALLY("\"kind\":\"stays\",\"name\":\"a\",\"used\":1"), ST_DOC_CONFLICT, "$.tallies[0].used"},
	{TALLY("\"kind\":\"cap\",\"name\":\"a\",\"n\":1"), ST_DOC_CONFLICT, "$.tallies[0].n"},
	{TALLY("\"kind\":\"cap\",\"name\":\"a\",\"cost\":1"), ST_DOC_CONFLICT, "$.tallies[0].cost"},
	{TALLY("\"kind\":\"times\",\"name\":\"a\",\"n\":-1"), ST_DOC_BAD_VALUE, "$.tallies[0].n"},
	{TALLY("\"kind\":\"times\",\"name\":\"a\",\"n\":1.5"), ST_DOC_BAD_VALUE, "$.tallies[0].n"},
	{TALLY("\"kind\":\"deductible\",\"name\":\"a\",\"used\":-0.01"), ST_DOC_BAD_VALUE, "$.tallies[0].used"},
	{TALLY("\"kind\":\"recoverable\",\"name\":\"a\",\"used\":-0.01"), ST_DOC_BAD_VALUE, "$.tallies[0].used"},
	{TALLY("\"kind\":\"cap\",\"name\":\"a\",\"used\":-10000000000000.01"), ST_DOC_BAD_VALUE, "$.tallies[0].used"},
	{TALLY("\"kind\":\"ceiling\",\"name\":\"a\",\"cost\":-0.01"), ST_DOC_BAD_VALUE, "$.tallies[0].cost"},
	{TALLY("\"kind\":\"deductible\",\"name\":\"a\",\"cost\":-0.01"), ST_DOC_BAD_VALUE, "$.tallies[0].cost"},
	{TALLY("\"kind\":\"deductible_sum\",\"name\":\"a\",\"cost\":1"), ST_DOC_CONFLICT, "$.tallies[0].cost"},
	{TALLY("\"kind\":\"ceiling\",\"name\":\"a\",\"period\":\"1988-12-31\""), ST_DOC_BAD_VALUE, "$.tallies[0].period"},
	{TALLY("\"kind\":\"ceiling\",\"name\":\"a\",\"sub\":\"\x7F\""), ST_DOC_BAD_VALUE, "$.tallies[0].sub"},
	{TALLY("\"kind\":\"ceiling\",\"name\":\"a\",\"limit\":1"), ST_DOC_UNKNOWN_KEY, "$.tallies[0].limit"},
	{TALLY("\"kind\":\"cap\",\"name\":\"a\",\"sub\":\"s\"},{\"kind\":\"times\",\"name\":\"a\",\"sub\":\"s\"},{\"kind\":\"cap\","
	"\"name\":\"a\","
	"\"sub\":\"s\""), ST_DOC_DUPLICATE, "$.tallies[2]"},
	{TALLY("\"kind\":\"encounter\",\"sub\":\"s\"},{\"kind\":\"encounter\",\"sub\":\"s\","
	"\"used\":1"), ST_DOC_DUPLICATE, "$.tallies[1]"},
	/* kept bills */
	{KEPT("\"seq2\":1"), ST_DOC_UNKNOWN_KEY, "$.kept[1].seq2"},
	{KEPT("\"designated\":true"), ST_DOC_MISSING_KEY, "$.kept[1]"},
	{KEPT("\"day\":\"2200-01-01\""), ST_DOC_BAD_VALUE, "$.kept[1].day"},
	{KEPT(DAY "\"designated\":\"yes\""), ST_DOC_WRONG_TYPE, "$.kept[1].designated"},
	{KEPT(DAY "\"care_type\":\"\""), ST_DOC_BAD_VALUE, "$.kept[1].care_type"},
	{KEPT(DAY "\"place\":5"), ST_DOC_WRONG_TYPE, "$.kept[1].place"},
	{KEPT(DAY "\"person_type\":\"adult\""), ST_DOC_UNKNOWN_KEY, "$.kept[1].person_type"},
	{KEPT(DAY "\"left\":1"), ST_DOC_WRONG_TYPE, "$.kept[1].left"},
	{KEPT(DAY "\"left\":{\"copay\":-0.01}"), ST_DOC_BAD_VALUE, "$.kept[1].left.copay"},
	{KEPT(DAY "\"left\":{\"copay\":0.001}"), ST_DOC_BAD_VALUE, "$.kept[1].left.copay"},
	{KEPT(DAY "\"left\":{\"gross\":1}"), ST_DOC_UNKNOWN_NAME, "$.kept[1].left.gross"},
	{KEPT(DAY "\"cost\":1"), ST_DOC_WRONG_TYPE, "$.kept[1].cost"},
	{KEPT(DAY "\"cost\":{\"total\":1}"), ST_DOC_UNKNOWN_KEY, "$.kept[1].cost.total"},
	{KEPT(DAY "\"cost\":{\"in_scope\":-1}"), ST_DOC_BAD_VALUE, "$.kept[1].cost.in_scope"},
	{KEPT(DAY "\"cost\":{\"in_scope\":10000000000000,\"excluded\":0.01}"), ST_DOC_BAD_VALUE, "$.kept[1].cost"},
	{KEPT(DAY "\"entered\":{}"), ST_DOC_WRONG_TYPE, "$.kept[1].entered"},
	{ENTERED(""), ST_DOC_MISSING_KEY, "$.kept[1].entered[0]"},
	{ENTERED("\"base\":0,\"layer\":\"l\",\"place\":0"), ST_DOC_MISSING_KEY, "$.kept[1].entered[0]"},
	{ENTERED("\"base\":1,\"layer\":\"l\",\"place\":0,\"enter\":1"), ST_DOC_BAD_VALUE, "$.kept[1].entered[0].base"},
	{ENTERED("\"base\":-1,\"layer\":\"l\",\"place\":0,\"enter\":1"), ST_DOC_BAD_VALUE, "$.kept[1].entered[0].base"},
	{ENTERED("\"base\":256,\"layer\":\"l\",\"place\":0,\"enter\":1"), ST_DOC_BAD_VALUE, "$.kept[1].entered[0].base"},
	{ENTERED("\"base\":0,\"layer\":0,\"place\":0,\"enter\":1"), ST_DOC_WRONG_TYPE, "$.kept[1].entered[0].layer"},
	{ENTERED("\"base\":0,\"layer\":\"l\",\"place\":24,\"enter\":1"), ST_DOC_BAD_VALUE, "$.kept[1].entered[0].place"},
	{ENTERED("\"base\":0,\"layer\":\"l\",\"place\":0,\"enter\":1.000001"), ST_DOC_BAD_VALUE, "$.kept[1].entered[0].enter"},
	{ENTERED("\"base\":0,\"layer\":\"l\",\"place\":0,\"enter\":0.0000001"), ST_DOC_BAD_VALUE, "$.kept[1].entered[0].enter"},
	{ENTERED("\"base\":0,\"layer\":\"l\",\"place\":0,\"enter\":1,"
	"\"dropped\":0"), ST_DOC_WRONG_TYPE, "$.kept[1].entered[0].dropped"},
	{ENTERED("\"base\":0,\"layer\":\"l\",\"place\":0,\"enter\":1,\"nano\":0"), ST_DOC_UNKNOWN_KEY, "$.kept[1].entered[0].nano"},
	{ENTERED("\"base\":0,\"layer\":\"l\",\"place\":0,\"enter\":1},{\"base\":0,\"layer\":\"m\",\"place\":1,\"enter\":1},{\"base\":0,"
	"\"layer\":\"l\",\"place\":2,\"enter\":1"), ST_DOC_DUPLICATE, "$.kept[1].entered[2]"},
	{KEPT(DAY "\"event_paid\":{}"), ST_DOC_WRONG_TYPE, "$.kept[1].event_paid"},
	{KEPT(DAY "\"event_paid\":[{}]"), ST_DOC_MISSING_KEY, "$.kept[1].event_paid[0]"},
	{KEPT(DAY "\"event_paid\":[{\"layer\":\"l\",\"paid\":1}]"), ST_DOC_UNKNOWN_KEY, "$.kept[1].event_paid[0].paid"},
	{KEPT(DAY "\"event_paid\":[{\"layer\":1}]"), ST_DOC_WRONG_TYPE, "$.kept[1].event_paid[0].layer"},
	{KEPT(DAY "\"event_paid\":[{\"layer\":\"l\",\"buckets\":{\"copay\":-1}}]"), ST_DOC_BAD_VALUE,
	"$.kept[1].event_paid[0].buckets.copay"},
	{KEPT(DAY "\"event_paid\":[{\"layer\":\"l\"},{\"layer\":\"m\"},{\"layer\":\"l\"}]"), ST_DOC_DUPLICATE,
	"$.kept[1].event_paid[2]"},
	/* the order of kept bills */
	{"{\"format\":1,\"kept\":[{\"ordered_at\":\"2025-01-01\",\"seq\":1,\"day\":\"2025-01-01\"}]}", ST_DOC_BAD_VALUE, "$.kept[0]"},
	{"{\"format\":1," LAST ",\"kept\":[{\"ordered_at\":\"2025-03-01\",\"seq\":2,"
	"\"day\":\"2025-01-01\"}]}", ST_DOC_BAD_VALUE, "$.kept[0]"},
	{"{\"format\":1," LAST ",\"kept\":[{\"ordered_at\":\"2025-03-02\",\"seq\":0,"
	"\"day\":\"2025-01-01\"}]}", ST_DOC_BAD_VALUE, "$.kept[0]"},
	{"{\"format\":1," LAST ",\"kept\":[{\"ordered_at\":\"2025-01-01\",\"seq\":1,"
	"\"day\":\"2025-01-01\"},{\"ordered_at\":\"2025-01-01\","
	"\"seq\":1,\"day\":\"2025-01-01\"}]}", ST_DOC_BAD_VALUE, "$.kept[1]"},
	{"{\"format\":1," LAST ",\"kept\":[{\"ordered_at\":\"2025-01-02\",\"seq\":1,"
	"\"day\":\"2025-01-01\"},{\"ordered_at\":\"2025-01-01\","
	"\"seq\":2,\"day\":\"2025-01-01\"}]}", ST_DOC_BAD_VALUE, "$.kept[1]"},
};

static void
TestBad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		Status		status = Read(bad[i].json, (int) strlen(bad[i].json), &account);

		if (status != bad[i].status || strcmp(fault.path, bad[i].path) != 0)
			printf("bad[%d]: %s\n", (int) i, bad[i].json);
		CHECK_INT(status, bad[i].status);
		CHECK_INT(fault.status, bad[i].status);
		CHECK_TEXT(fault.path, bad[i].path);
		CHECK(fault.found[0] != '\0' && fault.expected[0] != '\0' && fault.line > 0);
	}
}

/* ---- limits ---- */

/* n times a pattern with its number, separated by commas, between head and tail */
static void
CheckRepeated(const char *head, const char *pattern, int n, const char *tail, Status status, const char *path)
{
	int			length = snprintf(text, MAX_TEXT, "%s", head);

	for (int i = 0; i < n; i++)
	{
		text[length] = ',';
		length += i > 0;
		length += snprintf(text + length, (size_t) (MAX_TEXT - length), pattern, i, i);
	}
	length += snprintf(text + length, (size_t) (MAX_TEXT - length), "%s", tail);
	CHECK_INT(Read(text, length, &account), status);
	if (status != ST_OK)
		CHECK_TEXT(fault.path, path);
}

#define ONE_KEPT "{\"format\":1," LAST ",\"bases\":[{\"name\":\"l0\"}],\"kept\":[{\"ordered_at\":\"2025-01-01\",\"seq\":1," \
	"\"day\":\"2025-01-01\","

static void
TestLimits(void)
{
	const char *base = "{\"name\":\"a%d\"}";
	const char *tally = "{\"kind\":\"cap\",\"name\":\"a%d\"}";
	const char *same_name = "{\"kind\":\"cap\",\"name\":\"a\",\"sub\":\"%d\"}";
	const char *kept = "{\"ordered_at\":\"2025-01-01\",\"seq\":%d,\"day\":\"2025-01-01\"}";
	const char *codes = "{\"ordered_at\":\"2025-01-01\",\"seq\":%d,\"day\":\"2025-01-01\",\"level\":\"l%d\"}";
	const char *entered = "{\"base\":0,\"layer\":\"l%d\",\"place\":0,\"enter\":1}";
	const char *paid = "{\"layer\":\"l%d\"}";
	const char *head = "{\"format\":1," LAST ",\"kept\":[";
	const char *paid_bill = "{\"ordered_at\":\"2025-01-02\",\"seq\":%d,\"day\":\"2025-01-01\",\"event_paid\":[{\"layer\":\"l\"}]}";

	CheckRepeated("{\"format\":1,\"bases\":[", base, MAX_BASES, "]}", ST_OK, "");
	CheckRepeated("{\"format\":1,\"bases\":[", base, MAX_BASES + 1, "]}", ST_DOC_LIMIT, "$.bases");
	CheckRepeated("{\"format\":1,\"tallies\":[", tally, MAX_TALLIES, "]}", ST_OK, "");
	CheckRepeated("{\"format\":1,\"tallies\":[", same_name, MAX_TALLIES + 1, "]}", ST_DOC_LIMIT, "$.tallies");
	CheckRepeated(head, kept, MAX_KEPT, "]}", ST_OK, "");
	CheckRepeated(head, kept, MAX_KEPT + 1, "]}", ST_DOC_LIMIT, "$.kept");
	CheckRepeated(head, codes, MAX_NAMES + KEPT_NAMES, "]}", ST_OK, "");
	CheckRepeated(head, codes, MAX_NAMES + KEPT_NAMES + 1, "]}", ST_DOC_LIMIT, "$.kept[576].level");
	CheckRepeated(ONE_KEPT "\"entered\":[", entered, MAX_ENTERED, "]}]}", ST_OK, "");
	CheckRepeated(ONE_KEPT "\"entered\":[", entered, MAX_ENTERED + 1, "]}]}", ST_DOC_LIMIT, "$.kept[0].entered");
	CheckRepeated(ONE_KEPT "\"event_paid\":[{\"layer\":\"l\"},{\"layer\":\"m\"}]},", paid_bill, MAX_EVENT_PAID - 2, "]}", ST_OK, "");
	CheckRepeated(ONE_KEPT "\"event_paid\":[{\"layer\":\"l\"},{\"layer\":\"m\"}]},", paid_bill, MAX_EVENT_PAID - 1, "]}", ST_DOC_LIMIT,
				  "$.kept[2047].event_paid");
	CheckRepeated(ONE_KEPT "\"event_paid\":[", paid, MAX_EVENT_PAID + 1, "]}]}", ST_DOC_LIMIT, "$.kept[0].event_paid");
}

/* Scratch: too little, not aligned; lengths that no account has */
static void
TestScratch(void)
{
	static char scratch[131072];
	int			length = (int) strlen(full_account);
	int			needed = AccountScratchNeeded(length);

	CHECK(needed < (int) sizeof(scratch) - 8);
	for (int shift = 0; shift < 8; shift++)
		CHECK_INT(AccountFromJson(full_account, length, scratch + shift, needed, &account, &fault), ST_OK);
	CHECK_INT(AccountFromJson(full_account, length, scratch, needed - 1, &account, &fault), ST_INTERNAL);
	CHECK_INT(AccountFromJson(text, MAX_ACCOUNT_BYTES + 1, scratch, (int) sizeof(scratch), &account, &fault), ST_JSON_TOO_LARGE);
	CHECK_TEXT(fault.expected, "a document of at most 16384 kB");
	CHECK_INT(AccountFromJson(full_account, -1, scratch, (int) sizeof(scratch), &account, &fault), ST_JSON_SYNTAX);
}

/* Damaged texts: refused, or read as an account that is written and read again */
static void
TestDamaged(void)
{
	int			refused = 0;
	int			lost = 0;
	int			n = (int) strlen(full_account);

	for (int i = 0; i < n; i++)
		if (Read(full_account, i, &account) != ST_OK)
			refused++;
	CHECK_INT(refused, n);
	refused = 0;
	for (int i = 0; i < 10000; i++)
	{
		memcpy(text, full_account, (size_t) n);
		for (int j = Below(3); j >= 0; j--)
			text[Below(n)] = "0123456789-.\"\\{}[],:null\xE4\xFF\x01 "[Below(28)];
		if (Read(text, n, &account) != ST_OK)
			refused++;
		else if (Read(text, AccountToJson(&account, text, MAX_TEXT), &again) != ST_OK || !SameAccount(&account, &again))
			lost++;
	}
	CHECK(refused > 0 && refused < 10000);
	CHECK_INT(lost, 0);
}

int
main(void)
{
	TestForms();
	TestFull();
	TestGood();
	TestBad();
	TestLimits();
	TestScratch();
	TestDamaged();
	return CheckEnd();
}
