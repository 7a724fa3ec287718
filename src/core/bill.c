/*
 * bill.c — an empty bill, and whether a bill is consistent in itself. Whether it fits a page (codes, parts, what rules
 * test) is decided when it is settled; the JSON form is in bill_json.c.
 */
#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "fold.h"
#include "text.h"

#define ROOM_YUAN 24			/* an amount in fen as text in yuan */
#define DAY_0001_01_01 (-730119)
#define DAY_9999_12_31 2921939

static const char *const an_amount = "an amount in yuan from 0 to 10000000000000.00";
static const char *const a_name = "1 to 31 bytes of valid UTF-8 without control characters";

/* Nothing given, all amounts 0. Lists beyond their counts are not touched. */
void
BillInit(Bill *bill)
{
	static const Code nothing = {NULL, 0};

	bill->kind = BILL_ORDINARY;
	bill->ordered_at = NO_TIMESTAMP;
	bill->seq = 0;
	bill->admitted_on = NO_DATE;
	bill->discharged_on = NO_DATE;
	bill->settled_on = NO_DATE;
	bill->region = nothing;
	bill->scheme = nothing;
	for (int i = 0; i < COLUMNS; i++)
		bill->column_fen[i] = 0;
	bill->encounter_total_fen = NO_AMOUNT;
	for (int i = 0; i < CODE_SINGLE; i++)
		bill->single[i] = nothing;
	for (int i = 0; i < CODE_LISTS; i++)
	{
		bill->list_known[i] = false;
		bill->n_list[i] = 0;
	}
	bill->designated = -1;
	bill->age = NO_AGE;
	bill->hospital = nothing;
	bill->encounter = nothing;
	bill->chain = nothing;
	bill->n_parts = 0;
	bill->n_given = 0;
	bill->n_facts = 0;
}

/* ---- words for faults ---- */

/* A path: head, the name of a member with quotes and backslashes escaped, tail */
static void
PathOf(char *path, const char *head, Code name, const char *tail)
{
	int			at = snprintf(path, MAX_FAULT_TEXT, "%s", head);

	for (int i = 0; i < name.length; i++)
	{
		if (name.text[i] == '"' || name.text[i] == '\\')
			path[at++] = '\\';
		path[at++] = name.text[i];
	}
	snprintf(path + at, (size_t) (MAX_FAULT_TEXT - at), "%s", tail);
}

/* Fen as yuan with two decimals */
static const char *
YuanText(char *text, int64_t fen)
{
	uint64_t	size = fen < 0 ? 0 - (uint64_t) fen : (uint64_t) fen;

	snprintf(text, ROOM_YUAN, "%s%llu.%02u", fen < 0 ? "-" : "", (unsigned long long) (size / FEN_PER_YUAN),
			 (unsigned) (size % FEN_PER_YUAN));
	return text;
}

/* A day outside the calendar of bills */
static Status
DayFault(const char *path, int32_t day, Fault *fault)
{
	static const char *const expected = "a date from 1990-01-01 to 2199-12-31";
	int			year,
				month,
				day_of_month;

	if (day < DAY_0001_01_01 || day > DAY_9999_12_31)
		return FaultSet(fault, ST_BILL_BAD_VALUE, path, day < 0 ? "a date before year 1" : "a date after year 9999", expected);
	CivilFromDay(day, &year, &month, &day_of_month);
	return FaultFormat(fault, ST_BILL_BAD_VALUE, path, expected, "%04d-%02d-%02d", year, month, day_of_month);
}

/* ---- dates, texts, numbers ---- */

/* A date that may be missing */
static Status
CheckDay(int32_t day, const char *path, Fault *fault)
{
	if (day == NO_DATE || (day >= FIRST_DAY && day <= LAST_DAY))
		return ST_OK;
	return DayFault(path, day, fault);
}

/* The order key and the dates */
static Status
CheckDates(const Bill *bill, Fault *fault)
{
	Status		status;
	int32_t		day;

	if (bill->ordered_at == NO_TIMESTAMP)
		return FaultSet(fault, ST_BILL_MISSING, "ordered_at", "nothing",
						"the time by which bills are ordered, such as 2025-03-01T12:00:00");
	day = DayOf(bill->ordered_at);
	if (day < FIRST_DAY || day > LAST_DAY)
		return DayFault("ordered_at", day, fault);
	status = CheckDay(bill->admitted_on, "admitted_on", fault);
	if (status == ST_OK)
		status = CheckDay(bill->discharged_on, "discharged_on", fault);
	if (status == ST_OK)
		status = CheckDay(bill->settled_on, "settled_on", fault);
	if (status == ST_OK && bill->discharged_on != NO_DATE && bill->discharged_on < bill->admitted_on)
		return FaultSet(fault, ST_BILL_BAD_VALUE, "discharged_on", "a date before admitted_on",
						"the day of admission or a later one");
	if (status == ST_OK && bill->settled_on != NO_DATE && bill->settled_on < bill->admitted_on)
		return FaultSet(fault, ST_BILL_BAD_VALUE, "settled_on", "a date before admitted_on",
						"the day of admission or a later one");
	return status;
}

/* A code that may be missing */
static Status
CheckCode(Code code, const char *path, Fault *fault)
{
	const char *problem = code.text == NULL ? NULL : NameProblem(code.text, code.length, MAX_CODE);

	return problem == NULL ? ST_OK : FaultSet(fault, ST_BILL_BAD_VALUE, path, problem, a_name);
}

/* A code that must be there */
static Status
CheckRequired(Code code, const char *path, const char *expected, Fault *fault)
{
	if (code.text == NULL)
		return FaultSet(fault, ST_BILL_MISSING, path, "nothing", expected);
	return CheckCode(code, path, fault);
}

/* The codes of a list attribute */
static Status
CheckList(const Bill *bill, int list, Fault *fault)
{
	const char *attribute = code_attribute_name[CODE_SINGLE + list];

	if (bill->n_list[list] > MAX_LIST || (bill->n_list[list] > 0 && !bill->list_known[list]))
		return FaultFormat(fault, ST_BILL_BAD_VALUE, attribute, "at most 8 codes", "%d codes", (int) bill->n_list[list]);
	for (int i = 0; i < bill->n_list[list]; i++)
	{
		Code		code = bill->list[list][i];
		const char *problem = code.text == NULL ? "nothing" : NameProblem(code.text, code.length, MAX_CODE);
		char		path[MAX_FAULT_TEXT];

		if (problem == NULL)
			continue;
		snprintf(path, sizeof(path), "%s[%d]", attribute, i);
		return FaultSet(fault, ST_BILL_BAD_VALUE, path, problem, a_name);
	}
	return ST_OK;
}

/* All codes and identifiers */
static Status
CheckCodes(const Bill *bill, Fault *fault)
{
	Status		status = CheckRequired(bill->region, "region", "the code of the region, which chooses the page of terms", fault);

	if (status == ST_OK)
		status = CheckRequired(bill->scheme, "scheme", "the code of the scheme, which chooses the page of terms", fault);
	for (int i = 0; status == ST_OK && i < CODE_SINGLE; i++)
		status = CheckCode(bill->single[i], code_attribute_name[i], fault);
	for (int i = 0; status == ST_OK && i < CODE_LISTS; i++)
		status = CheckList(bill, i, fault);
	if (status == ST_OK)
		status = CheckCode(bill->hospital, "hospital", fault);
	if (status == ST_OK)
		status = CheckCode(bill->encounter, "encounter", fault);
	if (status == ST_OK)
		status = CheckCode(bill->chain, "chain", fault);
	return status;
}

/* Kind, designated, age */
static Status
CheckNumbers(const Bill *bill, Fault *fault)
{
	if ((unsigned) bill->kind > BILL_YEAR_CLOSE)
		return FaultFormat(fault, ST_BILL_BAD_VALUE, "kind", "bill, application or year_close", "kind number %d", (int) bill->kind);
	if (bill->designated < -1 || bill->designated > 1)
		return FaultFormat(fault, ST_BILL_BAD_VALUE, "designated", "true or false", "%d", (int) bill->designated);
	if (bill->age != NO_AGE && (bill->age < 0 || bill->age > MAX_AGE))
		return FaultFormat(fault, ST_BILL_BAD_VALUE, "age", "whole years from 0 to 150", "%d", (int) bill->age);
	return ST_OK;
}

/* ---- amounts ---- */

/* An amount outside 0 .. MAX_FEN; head, name and tail make its path */
static Status
AmountFault(int64_t fen, const char *head, Code name, const char *tail, Fault *fault)
{
	char		path[MAX_FAULT_TEXT];
	char		found[ROOM_YUAN];

	PathOf(path, head, name, tail);
	return FaultSet(fault, fen < 0 ? ST_BILL_NEGATIVE : ST_BILL_TOO_LARGE, path, YuanText(found, fen), an_amount);
}

/* An amount within 0 .. MAX_FEN */
static inline Status
CheckAmount(int64_t fen, const char *head, Code name, const char *tail, Fault *fault)
{
	return (uint64_t) fen <= (uint64_t) MAX_FEN ? ST_OK : AmountFault(fen, head, name, tail, fault);
}

/* The five columns and the encounter's total */
static Status
CheckColumns(const Bill *bill, Fault *fault)
{
	static const Code nothing = {NULL, 0};
	Status		status = ST_OK;

	for (int i = 0; status == ST_OK && i < COLUMNS; i++)
		status = CheckAmount(bill->column_fen[i], column_name[i], nothing, "", fault);
	if (status != ST_OK)
		return status;
	if (bill->encounter_total_fen != NO_AMOUNT)
	{
		if (bill->encounter.text == NULL)
			return FaultSet(fault, ST_BILL_MISSING, "encounter", "nothing",
							"the identifier of the encounter whose encounter_total is given");
		return CheckAmount(bill->encounter_total_fen, "encounter_total", nothing, "", fault);
	}
	if (bill->encounter.text != NULL)
		return FaultSet(fault, ST_BILL_MISSING, "encounter_total", "nothing", "the total of all bills of this encounter");
	return ST_OK;
}

/* The columns add up to the total */
static Status
CheckSum(const Bill *bill, Fault *fault)
{
	const int64_t *column = bill->column_fen;
	int64_t		sum = column[COLUMN_EXCLUDED] + column[COLUMN_OVER_LIMIT] + column[COLUMN_FIRST_SHARE] + column[COLUMN_IN_SCOPE];
	char		text[2][ROOM_YUAN];

	if (sum == column[COLUMN_TOTAL])
		return ST_OK;
	return FaultFormat(fault, ST_BILL_SUM, "total", "total = excluded + over_limit + first_share + in_scope",
					   "total %s, but the four columns add up to %s", YuanText(text[0], column[COLUMN_TOTAL]),
					   YuanText(text[1], sum));
}

/* ---- parts, given layers, facts ---- */

/* A fault about a member of parts, given or facts: its name is the path */
static Status
MemberFault(const char *head, Code name, const char *tail, const char *found, const char *expected, Fault *fault)
{
	char		path[MAX_FAULT_TEXT];

	PathOf(path, head, name, tail);
	return FaultSet(fault, ST_BILL_BAD_VALUE, path, found, expected);
}

/* The name of a member of parts, given or facts, which its place in the list tells while it is no name */
static Status
CheckMemberName(Code name, int max, const char *list, int i, const char *expected, Fault *fault)
{
	const char *problem = name.text == NULL ? "nothing" : NameProblem(name.text, name.length, max);
	char		path[MAX_FAULT_TEXT];

	if (problem == NULL)
		return ST_OK;
	snprintf(path, sizeof(path), "%s[%d]", list, i);
	return FaultSet(fault, ST_BILL_BAD_VALUE, path, problem, expected);
}

/* Does one of the first n parts have this name? */
static bool
PartNamed(const Bill *bill, int n, Code name)
{
	for (int i = 0; i < n; i++)
		if (CodeIs(bill->parts[i].name, name))
			return true;
	return false;
}

/* The column of a part's full name: that of which it begins with the name and a point, with a name of its own behind */
Column
PartColumn(Code name)
{
	for (int i = COLUMN_EXCLUDED; i < COLUMNS; i++)
	{
		int			stem = (int) strlen(column_name[i]);
		int			rest = name.length - stem - 1;

		if (rest > 0 && rest <= MAX_CODE && memcmp(name.text, column_name[i], (size_t) stem) == 0 && name.text[stem] == '.')
			return (Column) i;
	}
	return COLUMN_TOTAL;
}

/* One part: its name and its amount */
static Status
CheckPart(const Bill *bill, int i, Fault *fault)
{
	const BillPart *part = &bill->parts[i];
	static const char *const expected = "the name of a part, such as excluded.special_drug";
	Status		status = CheckMemberName(part->name, MAX_PART_NAME - 1, "parts", i, expected, fault);

	if (status != ST_OK)
		return status;
	if (part->column == COLUMN_TOTAL || PartColumn(part->name) != part->column)
		return MemberFault("parts[\"", part->name, "\"]", "a name that is not that of a part of its column",
						   "excluded, over_limit or first_share, a point, and a name of 1 to 31 bytes", fault);
	if (PartNamed(bill, i, part->name))
		return MemberFault("parts[\"", part->name, "\"]", "the same part twice", "each part once", fault);
	return CheckAmount(part->amount_fen, "parts[\"", part->name, "\"]", fault);
}

/* The named parts, each at most once and together at most their column */
static Status
CheckParts(const Bill *bill, Fault *fault)
{
	int64_t		sum[COLUMNS] = {0};
	char		text[2][ROOM_YUAN];
	Status		status;

	if (bill->n_parts > MAX_PARTS)
		return FaultFormat(fault, ST_BILL_BAD_VALUE, "parts", "at most 8 parts", "%d parts", (int) bill->n_parts);
	for (int i = 0; i < bill->n_parts; i++)
	{
		status = CheckPart(bill, i, fault);
		if (status != ST_OK)
			return status;
		sum[bill->parts[i].column] += bill->parts[i].amount_fen;
	}
	for (int i = 0; i < COLUMNS; i++)
		if (sum[i] > bill->column_fen[i])
			return FaultFormat(fault, ST_BILL_SUM, column_name[i], "at least the sum of its named parts",
							   "%s, but its parts add up to %s", YuanText(text[0], bill->column_fen[i]), YuanText(text[1], sum[i]));
	return ST_OK;
}

/* Is a layer given without any amount? */
static bool
NothingGiven(const Given *given)
{
	return given->amount_fen == 0 && given->deductible_fen == 0 && given->over_cap_fen == 0;
}

/* One given layer: its state and its amounts */
static Status
CheckGivenLayer(const Given *given, Fault *fault)
{
	Status		status;

	if ((unsigned) given->state > GIVEN_NOT_APPLICABLE)
		return MemberFault("given[\"", given->layer, "\"].state", "an unknown state", "waived or not_applicable", fault);
	if (given->state != GIVEN_AMOUNT && !NothingGiven(given))
		return MemberFault("given[\"", given->layer, "\"].state", "a layer that is not applied, with an amount",
						   "either an amount or a state", fault);
	status = CheckAmount(given->amount_fen, "given[\"", given->layer, "\"].amount", fault);
	if (status == ST_OK)
		status = CheckAmount(given->deductible_fen, "given[\"", given->layer, "\"].deductible", fault);
	if (status == ST_OK)
		status = CheckAmount(given->over_cap_fen, "given[\"", given->layer, "\"].over_cap", fault);
	return status;
}

/* The layers that were computed elsewhere, each at most once */
static Status
CheckGiven(const Bill *bill, Fault *fault)
{
	Status		status = ST_OK;

	if (bill->n_given > MAX_GIVEN)
		return FaultFormat(fault, ST_BILL_BAD_VALUE, "given", "at most 16 layers", "%d layers", (int) bill->n_given);
	for (int i = 0; status == ST_OK && i < bill->n_given; i++)
	{
		const Given *given = &bill->given[i];

		status = CheckMemberName(given->layer, MAX_CODE, "given", i, "the name of a layer", fault);
		for (int j = 0; status == ST_OK && j < i; j++)
			if (CodeIs(bill->given[j].layer, given->layer))
				status = MemberFault("given[\"", given->layer, "\"]", "the same layer twice", "each layer once", fault);
		if (status == ST_OK)
			status = CheckGivenLayer(given, fault);
	}
	return status;
}

/* The facts, each at most once */
static Status
CheckFacts(const Bill *bill, Fault *fault)
{
	char		found[ROOM_YUAN];
	Status		status = ST_OK;

	if (bill->n_facts > MAX_FACTS)
		return FaultFormat(fault, ST_BILL_BAD_VALUE, "facts", "at most 16 facts", "%d facts", (int) bill->n_facts);
	for (int i = 0; status == ST_OK && i < bill->n_facts; i++)
	{
		const BillFact *fact = &bill->facts[i];

		status = CheckMemberName(fact->name, MAX_CODE, "facts", i, "the name of a fact", fault);
		for (int j = 0; status == ST_OK && j < i; j++)
			if (CodeIs(bill->facts[j].name, fact->name))
				status = MemberFault("facts[\"", fact->name, "\"]", "the same fact twice", "each fact once", fault);
		if (status == ST_OK && (fact->hundredths > MAX_FEN || fact->hundredths < -MAX_FEN))
			status = MemberFault("facts[\"", fact->name, "\"]", YuanText(found, fact->hundredths),
								 "a number from -10000000000000.00 to 10000000000000.00", fault);
	}
	return status;
}

/* An event carries no cost */
static Status
CheckEvent(const Bill *bill, Fault *fault)
{
	static const char *const expected = "no amounts on an application or a year_close; an ordinary bill has kind bill";
	char		path[MAX_FAULT_TEXT];
	char		found[ROOM_YUAN];

	for (int i = 0; i < COLUMNS; i++)
		if (bill->column_fen[i] != 0)
			return FaultSet(fault, ST_BILL_EVENT_COST, column_name[i], YuanText(found, bill->column_fen[i]), expected);
	if (bill->encounter_total_fen > 0)
		return FaultSet(fault, ST_BILL_EVENT_COST, "encounter_total", YuanText(found, bill->encounter_total_fen), expected);
	for (int i = 0; i < bill->n_given; i++)
		if (!NothingGiven(&bill->given[i]))
		{
			PathOf(path, "given[\"", bill->given[i].layer, "\"]");
			return FaultSet(fault, ST_BILL_EVENT_COST, path, "an amount", expected);
		}
	return ST_OK;
}

/* Is the bill consistent in itself? */
Status
CheckBill(const Bill *bill, Fault *fault)
{
	Status		status = CheckDates(bill, fault);

	if (status == ST_OK)
		status = CheckNumbers(bill, fault);
	if (status == ST_OK)
		status = CheckCodes(bill, fault);
	if (status == ST_OK)
		status = CheckColumns(bill, fault);
	if (status == ST_OK && bill->n_given > 0)
		status = CheckGiven(bill, fault);
	if (status == ST_OK && bill->n_facts > 0)
		status = CheckFacts(bill, fault);
	if (status == ST_OK && bill->kind != BILL_ORDINARY)
		status = CheckEvent(bill, fault);
	if (status == ST_OK)
		status = CheckSum(bill, fault);
	if (status == ST_OK && bill->n_parts > 0)
		status = CheckParts(bill, fault);
	return status;
}
