/*
 * test_bill.c — bills as structures: empty, consistent or not. The JSON form is tested in test_bill_json.c, what a bill means
 * to a page with the fold.
 */
#include "bills.h"
#include "check.h"
#include "text.h"

static Fault fault;

static void
TestInit(void)
{
	Bill		bill;

	memset(&bill, 0x55, sizeof(bill));
	BillInit(&bill);
	CHECK_INT(bill.kind, BILL_ORDINARY);
	CHECK(bill.ordered_at == NO_TIMESTAMP && bill.seq == 0);
	CHECK(bill.admitted_on == NO_DATE && bill.discharged_on == NO_DATE && bill.settled_on == NO_DATE);
	CHECK(bill.region.text == NULL && bill.scheme.text == NULL && bill.hospital.text == NULL);
	CHECK(bill.encounter.text == NULL && bill.chain.text == NULL);
	for (int i = 0; i < COLUMNS; i++)
		CHECK_INT(bill.column_fen[i], 0);
	for (int i = 0; i < CODE_SINGLE; i++)
		CHECK(bill.single[i].text == NULL);
	for (int i = 0; i < CODE_LISTS; i++)
		CHECK(!bill.list_known[i] && bill.n_list[i] == 0);
	CHECK(bill.encounter_total_fen == NO_AMOUNT && bill.designated == -1 && bill.age == NO_AGE);
	CHECK(bill.n_parts == 0 && bill.n_given == 0 && bill.n_facts == 0);
}

/* ---- bad bills ---- */

/* A consistent bill to spoil */
static void
GoodBill(Bill *bill)
{
	BillInit(bill);
	bill->ordered_at = 0;
	bill->region = CodeOf("r");
	bill->scheme = CodeOf("s");
	bill->column_fen[COLUMN_TOTAL] = 100;
	bill->column_fen[COLUMN_EXCLUDED] = 100;
}

#define REFUSED(spoil, status, where) \
	do { \
		Bill bill; \
		GoodBill(&bill); \
		spoil; \
		memset(&fault, 0, sizeof(fault)); \
		CHECK_INT(CheckBill(&bill, &fault), status); \
		CHECK_TEXT(fault.path, where); \
		CHECK(fault.found[0] != '\0' && fault.expected[0] != '\0' && fault.line == 0); \
	} while (0)

static void
TestBadHeads(void)
{
	REFUSED(bill.kind = (BillKind) 3, ST_BILL_BAD_VALUE, "kind");
	REFUSED(bill.kind = (BillKind) -1, ST_BILL_BAD_VALUE, "kind");
	REFUSED(bill.ordered_at = NO_TIMESTAMP, ST_BILL_MISSING, "ordered_at");
	REFUSED(bill.ordered_at = INT64_MAX, ST_BILL_BAD_VALUE, "ordered_at");
	CHECK_TEXT(fault.found, "a date after year 9999");
	REFUSED(bill.ordered_at = INT64_MIN + 1, ST_BILL_BAD_VALUE, "ordered_at");
	CHECK_TEXT(fault.found, "a date before year 1");
	REFUSED(bill.ordered_at = INT64_C(86400000000) * FIRST_DAY - 1, ST_BILL_BAD_VALUE, "ordered_at");
	CHECK_TEXT(fault.found, "1989-12-31");
	REFUSED(bill.ordered_at = INT64_C(86400000000) * (LAST_DAY + 1), ST_BILL_BAD_VALUE, "ordered_at");
	CHECK_TEXT(fault.found, "2200-01-01");
	REFUSED(bill.admitted_on = INT32_MAX, ST_BILL_BAD_VALUE, "admitted_on");
	REFUSED((bill.admitted_on = FIRST_DAY + 1, bill.settled_on = FIRST_DAY), ST_BILL_BAD_VALUE, "settled_on");
	REFUSED(bill.discharged_on = FIRST_DAY - 1, ST_BILL_BAD_VALUE, "discharged_on");
	REFUSED(bill.settled_on = -730119, ST_BILL_BAD_VALUE, "settled_on");
	CHECK_TEXT(fault.found, "0001-01-01");
	REFUSED(bill.settled_on = 2921939, ST_BILL_BAD_VALUE, "settled_on");
	CHECK_TEXT(fault.found, "9999-12-31");
	REFUSED(bill.settled_on = 2921940, ST_BILL_BAD_VALUE, "settled_on");
	REFUSED(bill.designated = 2, ST_BILL_BAD_VALUE, "designated");
	REFUSED(bill.designated = -2, ST_BILL_BAD_VALUE, "designated");
	REFUSED(bill.age = -2, ST_BILL_BAD_VALUE, "age");
	REFUSED(bill.age = 151, ST_BILL_BAD_VALUE, "age");
	REFUSED(bill.region.text = NULL, ST_BILL_MISSING, "region");
	REFUSED(bill.scheme.text = NULL, ST_BILL_MISSING, "scheme");
	REFUSED(bill.region = CodeOf(""), ST_BILL_BAD_VALUE, "region");
	REFUSED(bill.scheme = CodeOf("12345678901234567890123456789012"), ST_BILL_BAD_VALUE, "scheme");
	REFUSED(bill.single[CODE_LEVEL] = CodeOf("\xFF"), ST_BILL_BAD_VALUE, "level");
	REFUSED(bill.single[CODE_PERSON_TYPE] = CodeOf("\xED\xA0\x80"), ST_BILL_BAD_VALUE, "person_type");
	REFUSED(bill.hospital = CodeOf("a\tb"), ST_BILL_BAD_VALUE, "hospital");
	REFUSED(bill.encounter = CodeOf("\xE4\xBA"), ST_BILL_BAD_VALUE, "encounter");
	REFUSED(bill.chain = CodeOf("\xC2\x80"), ST_BILL_BAD_VALUE, "chain");
	REFUSED((AddCode(&bill, 0, "ok"), AddCode(&bill, 0, "\x80")), ST_BILL_BAD_VALUE, "category[1]");
	REFUSED(AddCode(&bill, 1, NULL), ST_BILL_BAD_VALUE, "disease[0]");
	REFUSED(bill.n_list[1] = MAX_LIST + 1, ST_BILL_BAD_VALUE, "disease");
	REFUSED((AddCode(&bill, 0, "ok"), bill.list_known[0] = false), ST_BILL_BAD_VALUE, "category");
}

static void
TestBadAmounts(void)
{
	REFUSED(bill.column_fen[COLUMN_IN_SCOPE] = -1, ST_BILL_NEGATIVE, "in_scope");
	CHECK_TEXT(fault.found, "-0.01");
	REFUSED(bill.column_fen[COLUMN_TOTAL] = INT64_MIN, ST_BILL_NEGATIVE, "total");
	CHECK_TEXT(fault.found, "-92233720368547758.08");
	REFUSED(bill.column_fen[COLUMN_OVER_LIMIT] = MAX_FEN + 1, ST_BILL_TOO_LARGE, "over_limit");
	REFUSED(bill.column_fen[COLUMN_FIRST_SHARE] = INT64_MAX, ST_BILL_TOO_LARGE, "first_share");
	REFUSED(bill.column_fen[COLUMN_EXCLUDED] = 99, ST_BILL_SUM, "total");
	REFUSED(bill.encounter_total_fen = 0, ST_BILL_MISSING, "encounter");
	REFUSED(bill.encounter = CodeOf("e"), ST_BILL_MISSING, "encounter_total");
	REFUSED((bill.encounter = CodeOf("e"), bill.encounter_total_fen = -2), ST_BILL_NEGATIVE, "encounter_total");
	REFUSED((bill.encounter = CodeOf("e"), bill.encounter_total_fen = MAX_FEN + 1), ST_BILL_TOO_LARGE, "encounter_total");
	REFUSED(bill.kind = BILL_APPLICATION, ST_BILL_EVENT_COST, "total");
	REFUSED(bill.n_parts = MAX_PARTS + 1, ST_BILL_BAD_VALUE, "parts");
	REFUSED(AddPart(&bill, COLUMN_EXCLUDED, NULL, 0), ST_BILL_BAD_VALUE, "parts[0]");
	REFUSED(AddPart(&bill, COLUMN_EXCLUDED, "excluded.\x01", 0), ST_BILL_BAD_VALUE, "parts[0]");
	REFUSED(AddPart(&bill, COLUMN_OVER_LIMIT, "excluded.x", 0), ST_BILL_BAD_VALUE, "parts[\"excluded.x\"]");
	REFUSED(AddPart(&bill, COLUMN_TOTAL, "total.x", 0), ST_BILL_BAD_VALUE, "parts[\"total.x\"]");
	REFUSED((AddPart(&bill, COLUMN_EXCLUDED, "excluded.x", 1), AddPart(&bill, COLUMN_EXCLUDED, "excluded.y", 1),
			 AddPart(&bill, COLUMN_EXCLUDED, "excluded.x", 1)), ST_BILL_BAD_VALUE, "parts[\"excluded.x\"]");
	REFUSED(AddPart(&bill, COLUMN_EXCLUDED, "excluded.\"\\", -1), ST_BILL_NEGATIVE, "parts[\"excluded.\\\"\\\\\"]");
	REFUSED(AddPart(&bill, COLUMN_EXCLUDED, "excluded.x", MAX_FEN + 1), ST_BILL_TOO_LARGE, "parts[\"excluded.x\"]");
	REFUSED(AddPart(&bill, COLUMN_EXCLUDED, "excluded.x", 101), ST_BILL_SUM, "excluded");
}

static void
TestBadMembers(void)
{
	REFUSED(bill.n_given = MAX_GIVEN + 1, ST_BILL_BAD_VALUE, "given");
	REFUSED(AddGiven(&bill, NULL, GIVEN_AMOUNT, 0, 0, 0), ST_BILL_BAD_VALUE, "given[0]");
	REFUSED((AddGiven(&bill, "a", GIVEN_AMOUNT, 0, 0, 0), AddGiven(&bill, "", GIVEN_AMOUNT, 0, 0, 0)), ST_BILL_BAD_VALUE,
			"given[1]");
	REFUSED((AddGiven(&bill, "a", GIVEN_AMOUNT, 0, 0, 0), AddGiven(&bill, "a", GIVEN_WAIVED, 0, 0, 0)), ST_BILL_BAD_VALUE,
			"given[\"a\"]");
	REFUSED(AddGiven(&bill, "a", (GivenState) 3, 0, 0, 0), ST_BILL_BAD_VALUE, "given[\"a\"].state");
	REFUSED(AddGiven(&bill, "a", GIVEN_WAIVED, 1, 0, 0), ST_BILL_BAD_VALUE, "given[\"a\"].state");
	REFUSED(AddGiven(&bill, "a", GIVEN_NOT_APPLICABLE, 0, 1, 0), ST_BILL_BAD_VALUE, "given[\"a\"].state");
	REFUSED(AddGiven(&bill, "a", GIVEN_WAIVED, 0, 0, 1), ST_BILL_BAD_VALUE, "given[\"a\"].state");
	REFUSED(AddGiven(&bill, "a", GIVEN_AMOUNT, -1, 0, 0), ST_BILL_NEGATIVE, "given[\"a\"].amount");
	REFUSED(AddGiven(&bill, "a", GIVEN_AMOUNT, 0, MAX_FEN + 1, 0), ST_BILL_TOO_LARGE, "given[\"a\"].deductible");
	REFUSED(AddGiven(&bill, "a", GIVEN_AMOUNT, 0, 0, -1), ST_BILL_NEGATIVE, "given[\"a\"].over_cap");
	REFUSED(bill.n_facts = MAX_FACTS + 1, ST_BILL_BAD_VALUE, "facts");
	REFUSED(AddFact(&bill, NULL, 0), ST_BILL_BAD_VALUE, "facts[0]");
	REFUSED((AddFact(&bill, "a", 0), AddFact(&bill, "b", 0), AddFact(&bill, "a", 0)), ST_BILL_BAD_VALUE, "facts[\"a\"]");
	REFUSED(AddFact(&bill, "a", MAX_FEN + 1), ST_BILL_BAD_VALUE, "facts[\"a\"]");
	REFUSED(AddFact(&bill, "a", -MAX_FEN - 1), ST_BILL_BAD_VALUE, "facts[\"a\"]");
}

/* ---- texts ---- */

static void
TestTexts(void)
{
	CHECK(NameProblem("a", 1, 1) == NULL);
	CHECK(NameProblem("\xC2\xA0", 2, 31) == NULL);
	CHECK(NameProblem("\xE4\xBA\x8C\xF0\x9F\x98\x80", 7, 31) == NULL);
	CHECK_TEXT(NameProblem("", 0, 31), "an empty text");
	CHECK_TEXT(NameProblem("ab", 2, 1), "a longer text");
	CHECK_TEXT(NameProblem("a\x7F", 2, 31), "a control character");
	CHECK_TEXT(NameProblem("\x1F", 1, 31), "a control character");
	CHECK_TEXT(NameProblem("\xC2\x9F", 2, 31), "a control character");
	CHECK_TEXT(NameProblem("a\xE4\xBA", 3, 31), "bytes that are not UTF-8");
	CHECK_INT(WholeCharacters("abc", 3, 3), 3);
	CHECK_INT(WholeCharacters("abc", 3, 2), 2);
	CHECK_INT(WholeCharacters("a\xE4\xBA\x8C", 4, 3), 1);
	CHECK_INT(WholeCharacters("\xE4\xBA\x8C", 3, 2), 0);
	CHECK_INT(PartColumn(CodeOf("over_limit.x")), COLUMN_OVER_LIMIT);
	CHECK_INT(PartColumn(CodeOf("total.x")), COLUMN_TOTAL);
}

int
main(void)
{
	TestInit();
	TestBadHeads();
	TestBadAmounts();
	TestBadMembers();
	TestTexts();
	return CheckEnd();
}
