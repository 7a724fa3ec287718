/*
 * bill_json.c — the JSON form of a bill (docs/policy-model.md, section 3). What makes a bill consistent is checked in
 * bill.c, after reading.
 *
 * Canonical form: keys in the order of bill_key, members of parts, given and facts in byte order, amounts with two
 * decimals, what is not given left out; kind is left out for an ordinary bill, the columns for an event.
 */
#include <string.h>

#include "fields.h"
#include "terms.h"

enum BillKey
{
	KEY_KIND,
	KEY_ORDERED_AT,
	KEY_SEQ,
	KEY_ADMITTED_ON,
	KEY_DISCHARGED_ON,
	KEY_SETTLED_ON,
	KEY_REGION,
	KEY_SCHEME,
	KEY_TOTAL,
	KEY_EXCLUDED,
	KEY_OVER_LIMIT,
	KEY_FIRST_SHARE,
	KEY_IN_SCOPE,
	KEY_PARTS,
	KEY_GIVEN,
	KEY_CARE_TYPE,				/* the code attributes, in the order of CodeAttribute */
	KEY_CATEGORY = KEY_CARE_TYPE + CODE_SINGLE,
	KEY_DESIGNATED = KEY_CARE_TYPE + CODE_ATTRIBUTES,
	KEY_AGE,
	KEY_FACTS,
	KEY_HOSPITAL,
	KEY_ENCOUNTER,
	KEY_ENCOUNTER_TOTAL,
	KEY_CHAIN,
	BILL_KEYS
};

static const char *const bill_key[BILL_KEYS] = {
	"kind", "ordered_at", "seq", "admitted_on", "discharged_on", "settled_on", "region", "scheme",
	"total", "excluded", "over_limit", "first_share", "in_scope", "parts", "given",
	"care_type", "level", "referral", "place", "person_type", "category", "disease",
	"designated", "age", "facts", "hospital", "encounter", "encounter_total", "chain"
};

/* the columns in the order in which they are written */
static const Column written_column[COLUMNS] = {
	COLUMN_TOTAL, COLUMN_EXCLUDED, COLUMN_OVER_LIMIT, COLUMN_FIRST_SHARE, COLUMN_IN_SCOPE
};

static const char *const kind_name[] = {"bill", "application", "year_close"};
static const char *const state_name[] = {"waived", "not_applicable"};	/* from GIVEN_WAIVED on */

#define STATES 2
#define KINDS 3

static const Figure amount = {2, 0, MAX_FEN, ST_BILL_NEGATIVE, ST_BILL_TOO_LARGE,
"a number of yuan from 0 to 10000000000000.00 with at most two decimals"};
static const Figure fact_value = {2, -MAX_FEN, MAX_FEN, ST_BILL_BAD_VALUE, ST_BILL_BAD_VALUE,
"a number from -10000000000000.00 to 10000000000000.00 with at most two decimals"};
static const Figure years = {0, 0, 150, ST_BILL_BAD_VALUE, ST_BILL_BAD_VALUE, "whole years from 0 to 150"};
static const Figure sequence = {0, INT64_MIN, INT64_MAX, ST_BILL_BAD_VALUE, ST_BILL_BAD_VALUE, "a whole number of 64 bits"};

/* ---- reading ---- */

/* The members of an object; null counts as not given */
static Status
Members(const Fields *f, int object, const char *const *keys, int n_keys, int *values)
{
	Status		status = FieldMembers(f, object, keys, n_keys, values);

	for (int i = 0; status == ST_OK && i < n_keys; i++)
		if (values[i] != NOT_GIVEN && f->json.nodes[values[i]].type == JSON_NULL)
			values[i] = NOT_GIVEN;
	return status;
}

/* An amount, left as it is when it is not given */
static Status
ReadAmount(const Fields *f, int node, int64_t *fen)
{
	return node == NOT_GIVEN ? ST_OK : FieldInteger(f, node, &amount, fen);
}

/* A date, left as it is when it is not given */
static Status
ReadDate(const Fields *f, int node, int32_t *day)
{
	return node == NOT_GIVEN ? ST_OK : FieldDate(f, node, day);
}

/* A code, left as it is when it is not given */
static Status
ReadCode(Fields *f, int node, Code *code)
{
	return node == NOT_GIVEN ? ST_OK : FieldName(f, node, MAX_CODE, code);
}

/* Kind, order key and dates */
static Status
ReadKey(const Fields *f, const int *value, Bill *bill)
{
	int			kind = BILL_ORDINARY;
	Status		status = ST_OK;

	if (value[KEY_KIND] != NOT_GIVEN)
		status = FieldChoice(f, value[KEY_KIND], kind_name, KINDS, "\"bill\", \"application\" or \"year_close\"", &kind);
	if (status == ST_OK && value[KEY_ORDERED_AT] != NOT_GIVEN)
		status = FieldTimestamp(f, value[KEY_ORDERED_AT], &bill->ordered_at);
	if (status == ST_OK && value[KEY_SEQ] != NOT_GIVEN)
		status = FieldInteger(f, value[KEY_SEQ], &sequence, &bill->seq);
	if (status == ST_OK)
		status = ReadDate(f, value[KEY_ADMITTED_ON], &bill->admitted_on);
	if (status == ST_OK)
		status = ReadDate(f, value[KEY_DISCHARGED_ON], &bill->discharged_on);
	if (status == ST_OK)
		status = ReadDate(f, value[KEY_SETTLED_ON], &bill->settled_on);
	bill->kind = (BillKind) kind;
	return status;
}

/* The columns; an ordinary bill has at least a total */
static Status
ReadColumns(const Fields *f, const int *value, Bill *bill)
{
	Status		status = ST_OK;

	if (bill->kind == BILL_ORDINARY && value[KEY_TOTAL] == NOT_GIVEN)
		return FaultSet(f->fault, ST_BILL_MISSING, "total", "nothing", "the whole cost of the bill in yuan, such as 52000.00");
	for (int i = 0; status == ST_OK && i < COLUMNS; i++)
		status = ReadAmount(f, value[KEY_TOTAL + i], &bill->column_fen[written_column[i]]);
	return status;
}

/* The named parts */
static Status
ReadParts(Fields *f, int object, Bill *bill)
{
	Status		status = FieldType(f, object, JSON_OBJECT, "an object: name of the part, amount");

	if (status == ST_OK)
		status = FieldCount(f, object, MAX_PARTS, ST_BILL_BAD_VALUE, "parts");
	for (int key = object + 1; status == ST_OK && key < f->json.nodes[object].next; key = f->json.nodes[key + 1].next)
	{
		BillPart   *part = &bill->parts[bill->n_parts++];

		status = FieldName(f, key, MAX_PART_NAME - 1, &part->name);
		if (status == ST_OK)
			status = FieldInteger(f, key + 1, &amount, &part->amount_fen);
		if (status == ST_OK)
			part->column = PartColumn(part->name);	/* CheckBill refuses a name without a column */
	}
	return status;
}

/* One given layer: an amount, or a state */
static Status
ReadGivenLayer(Fields *f, int node, Given *given)
{
	static const char *const key[] = {"amount", "deductible", "over_cap", "state"};
	int			value[4];
	int			state;
	Status		status = Members(f, node, key, 4, value);

	given->state = GIVEN_AMOUNT;
	given->amount_fen = 0;
	given->deductible_fen = 0;
	given->over_cap_fen = 0;
	if (status != ST_OK)
		return status;
	if (value[3] == NOT_GIVEN && value[0] == NOT_GIVEN)
		return FieldFault(f, node, ST_DOC_MISSING_KEY, "amount, or state");
	if (value[3] == NOT_GIVEN)
	{
		status = ReadAmount(f, value[0], &given->amount_fen);
		if (status == ST_OK)
			status = ReadAmount(f, value[1], &given->deductible_fen);
		return status == ST_OK ? ReadAmount(f, value[2], &given->over_cap_fen) : status;
	}
	for (int i = 0; i < 3; i++)
		if (value[i] != NOT_GIVEN)
			return FieldFault(f, value[i], ST_DOC_CONFLICT, "either an amount or a state");
	status = FieldChoice(f, value[3], state_name, STATES, "\"waived\" or \"not_applicable\"", &state);
	if (status == ST_OK)
		given->state = (GivenState) (GIVEN_WAIVED + state);
	return status;
}

/* The layers that were computed elsewhere */
static Status
ReadGiven(Fields *f, int object, Bill *bill)
{
	Status		status = FieldType(f, object, JSON_OBJECT, "an object: name of the layer, what is given for it");

	if (status == ST_OK)
		status = FieldCount(f, object, MAX_GIVEN, ST_BILL_BAD_VALUE, "given layers");
	for (int key = object + 1; status == ST_OK && key < f->json.nodes[object].next; key = f->json.nodes[key + 1].next)
	{
		Given	   *given = &bill->given[bill->n_given++];

		status = FieldName(f, key, MAX_CODE, &given->layer);
		if (status == ST_OK)
			status = ReadGivenLayer(f, key + 1, given);
	}
	return status;
}

/* The facts */
static Status
ReadFacts(Fields *f, int object, Bill *bill)
{
	Status		status = FieldType(f, object, JSON_OBJECT, "an object: name of the fact, number");

	if (status == ST_OK)
		status = FieldCount(f, object, MAX_FACTS, ST_BILL_BAD_VALUE, "facts");
	for (int key = object + 1; status == ST_OK && key < f->json.nodes[object].next; key = f->json.nodes[key + 1].next)
	{
		BillFact   *fact = &bill->facts[bill->n_facts++];

		status = FieldName(f, key, MAX_CODE, &fact->name);
		if (status == ST_OK)
			status = FieldInteger(f, key + 1, &fact_value, &fact->hundredths);
	}
	return status;
}

/* One list attribute */
static Status
ReadList(Fields *f, int array, int list, Bill *bill)
{
	Status		status = FieldType(f, array, JSON_ARRAY, "an array of codes");

	if (status == ST_OK)
		status = FieldCount(f, array, MAX_LIST, ST_BILL_BAD_VALUE, "codes");
	for (int node = array + 1; status == ST_OK && node < f->json.nodes[array].next; node = f->json.nodes[node].next)
		status = FieldName(f, node, MAX_CODE, &bill->list[list][bill->n_list[list]++]);
	bill->list_known[list] = true;
	return status;
}

/* All codes and identifiers */
static Status
ReadCodes(Fields *f, const int *value, Bill *bill)
{
	Status		status = ReadCode(f, value[KEY_REGION], &bill->region);

	if (status == ST_OK)
		status = ReadCode(f, value[KEY_SCHEME], &bill->scheme);
	for (int i = 0; status == ST_OK && i < CODE_SINGLE; i++)
		status = ReadCode(f, value[KEY_CARE_TYPE + i], &bill->single[i]);
	for (int i = 0; status == ST_OK && i < CODE_LISTS; i++)
		if (value[KEY_CATEGORY + i] != NOT_GIVEN)
			status = ReadList(f, value[KEY_CATEGORY + i], i, bill);
	if (status == ST_OK)
		status = ReadCode(f, value[KEY_HOSPITAL], &bill->hospital);
	if (status == ST_OK)
		status = ReadCode(f, value[KEY_ENCOUNTER], &bill->encounter);
	if (status == ST_OK)
		status = ReadCode(f, value[KEY_CHAIN], &bill->chain);
	return status;
}

/* Designated and age */
static Status
ReadPerson(const Fields *f, const int *value, Bill *bill)
{
	bool		designated;
	int64_t		age;
	Status		status = ST_OK;

	if (value[KEY_DESIGNATED] != NOT_GIVEN)
	{
		status = FieldBool(f, value[KEY_DESIGNATED], &designated);
		bill->designated = designated;
	}
	if (status == ST_OK && value[KEY_AGE] != NOT_GIVEN)
	{
		status = FieldInteger(f, value[KEY_AGE], &years, &age);
		bill->age = (int16_t) age;
	}
	return status;
}

/* What has members of its own */
static Status
ReadMembers(Fields *f, int parts, int given, int facts, Bill *bill)
{
	Status		status = ST_OK;

	if (parts != NOT_GIVEN)
		status = ReadParts(f, parts, bill);
	if (status == ST_OK && given != NOT_GIVEN)
		status = ReadGiven(f, given, bill);
	if (status == ST_OK && facts != NOT_GIVEN)
		status = ReadFacts(f, facts, bill);
	return status;
}

int
BillScratchNeeded(int length)
{
	return FieldsScratch(length, MAX_JSON_BYTES);
}

Status
BillFromJson(const char *json, int length, char *scratch, int scratch_size, Bill *bill, Fault *fault)
{
	Fields		f;
	int			value[BILL_KEYS];
	Status		status = FieldsOpen(&f, json, length, MAX_JSON_BYTES, scratch, scratch_size, ST_BILL_BAD_VALUE, fault);

	BillInit(bill);
	if (status == ST_OK)
		status = Members(&f, 0, bill_key, BILL_KEYS, value);
	if (status == ST_OK)
		status = ReadKey(&f, value, bill);
	if (status == ST_OK)
		status = ReadColumns(&f, value, bill);
	if (status == ST_OK)
		status = ReadMembers(&f, value[KEY_PARTS], value[KEY_GIVEN], value[KEY_FACTS], bill);
	if (status == ST_OK)
		status = ReadCodes(&f, value, bill);
	if (status == ST_OK)
		status = ReadPerson(&f, value, bill);
	if (status == ST_OK)
		status = ReadAmount(&f, value[KEY_ENCOUNTER_TOTAL], &bill->encounter_total_fen);
	return status == ST_OK ? CheckBill(bill, fault) : status;
}

Status
BillMembersFromJson(const char *json, int length, char *scratch, int scratch_size, Bill *bill, Fault *fault)
{
	static const char *const keys[] = {"parts", "given", "facts"};
	Fields		f;
	int			value[3];
	Status		status = FieldsOpen(&f, json, length, MAX_JSON_BYTES, scratch, scratch_size, ST_BILL_BAD_VALUE, fault);

	if (status == ST_OK)
		status = Members(&f, 0, keys, 3, value);
	if (status == ST_OK)
		status = ReadMembers(&f, value[0], value[1], value[2], bill);
	return status == ST_OK ? CheckBill(bill, fault) : status;
}

/* ---- writing ---- */

/* Byte order of two names */
static bool
Before(Code a, Code b)
{
	int			shorter = a.length < b.length ? a.length : b.length;
	int			order = memcmp(a.text, b.text, (size_t) shorter);

	return order != 0 ? order < 0 : a.length < b.length;
}

/* The places of n names, the i-th of them at name(bill, i), in byte order */
static void
SortNames(const Bill *bill, int n, Code (*name) (const Bill *, int), uint8_t *order)
{
	for (int i = 0; i < n; i++)
	{
		int			at = i;

		for (; at > 0 && Before(name(bill, i), name(bill, order[at - 1])); at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t) i;
	}
}

static Code
NameOfPart(const Bill *bill, int i)
{
	return bill->parts[i].name;
}

static Code
NameOfGiven(const Bill *bill, int i)
{
	return bill->given[i].layer;
}

static Code
NameOfFact(const Bill *bill, int i)
{
	return bill->facts[i].name;
}

static void
WriteKey(JsonWriter *w, enum BillKey key)
{
	JsonKey(w, bill_key[key], -1);
}

static void
WriteAmount(JsonWriter *w, const char *key, int64_t fen)
{
	JsonKey(w, key, -1);
	JsonScaled(w, fen, 2, 2);
}

static void
WriteCode(JsonWriter *w, enum BillKey key, Code code)
{
	if (code.text == NULL)
		return;
	WriteKey(w, key);
	JsonText(w, code.text, code.length);
}

static void
WriteDate(JsonWriter *w, enum BillKey key, int32_t day)
{
	if (day == NO_DATE)
		return;
	WriteKey(w, key);
	JsonDate(w, day);
}

/* Kind, order key, dates, region and scheme */
static void
WriteHead(JsonWriter *w, const Bill *bill)
{
	if (bill->kind != BILL_ORDINARY)
	{
		WriteKey(w, KEY_KIND);
		JsonText(w, kind_name[bill->kind], -1);
	}
	WriteKey(w, KEY_ORDERED_AT);
	JsonTimestamp(w, bill->ordered_at);
	WriteKey(w, KEY_SEQ);
	JsonInteger(w, bill->seq);
	WriteDate(w, KEY_ADMITTED_ON, bill->admitted_on);
	WriteDate(w, KEY_DISCHARGED_ON, bill->discharged_on);
	WriteDate(w, KEY_SETTLED_ON, bill->settled_on);
	WriteCode(w, KEY_REGION, bill->region);
	WriteCode(w, KEY_SCHEME, bill->scheme);
}

/* The named parts in byte order */
static void
WriteParts(JsonWriter *w, const Bill *bill)
{
	uint8_t		order[MAX_PARTS];

	SortNames(bill, bill->n_parts, NameOfPart, order);
	WriteKey(w, KEY_PARTS);
	JsonOpen(w, '{');
	for (int i = 0; i < bill->n_parts; i++)
	{
		const BillPart *part = &bill->parts[order[i]];

		JsonKey(w, part->name.text, part->name.length);
		JsonScaled(w, part->amount_fen, 2, 2);
	}
	JsonClose(w, '}');
}

/* One given layer; a deductible or over_cap of 0 is left out */
static void
WriteGivenLayer(JsonWriter *w, const Given *given)
{
	JsonKey(w, given->layer.text, given->layer.length);
	JsonOpen(w, '{');
	if (given->state != GIVEN_AMOUNT)
	{
		JsonKey(w, "state", -1);
		JsonText(w, state_name[given->state - GIVEN_WAIVED], -1);
	}
	else
	{
		WriteAmount(w, "amount", given->amount_fen);
		if (given->deductible_fen != 0)
			WriteAmount(w, "deductible", given->deductible_fen);
		if (given->over_cap_fen != 0)
			WriteAmount(w, "over_cap", given->over_cap_fen);
	}
	JsonClose(w, '}');
}

/* The given layers in byte order */
static void
WriteGiven(JsonWriter *w, const Bill *bill)
{
	uint8_t		order[MAX_GIVEN];

	SortNames(bill, bill->n_given, NameOfGiven, order);
	WriteKey(w, KEY_GIVEN);
	JsonOpen(w, '{');
	for (int i = 0; i < bill->n_given; i++)
		WriteGivenLayer(w, &bill->given[order[i]]);
	JsonClose(w, '}');
}

/* The facts in byte order */
static void
WriteFacts(JsonWriter *w, const Bill *bill)
{
	uint8_t		order[MAX_FACTS];

	SortNames(bill, bill->n_facts, NameOfFact, order);
	WriteKey(w, KEY_FACTS);
	JsonOpen(w, '{');
	for (int i = 0; i < bill->n_facts; i++)
	{
		const BillFact *fact = &bill->facts[order[i]];

		JsonKey(w, fact->name.text, fact->name.length);
		JsonScaled(w, fact->hundredths, 2, 2);
	}
	JsonClose(w, '}');
}

/* The code attributes; a list that is known to be empty is written */
static void
WriteCodes(JsonWriter *w, const Bill *bill)
{
	for (int i = 0; i < CODE_SINGLE; i++)
		WriteCode(w, (enum BillKey) (KEY_CARE_TYPE + i), bill->single[i]);
	for (int i = 0; i < CODE_LISTS; i++)
	{
		if (!bill->list_known[i])
			continue;
		WriteKey(w, (enum BillKey) (KEY_CATEGORY + i));
		JsonOpen(w, '[');
		for (int j = 0; j < bill->n_list[i]; j++)
			JsonText(w, bill->list[i][j].text, bill->list[i][j].length);
		JsonClose(w, ']');
	}
}

/* Designated, age, facts and identifiers */
static void
WriteRest(JsonWriter *w, const Bill *bill)
{
	if (bill->designated >= 0)
	{
		WriteKey(w, KEY_DESIGNATED);
		JsonBool(w, bill->designated);
	}
	if (bill->age != NO_AGE)
	{
		WriteKey(w, KEY_AGE);
		JsonInteger(w, bill->age);
	}
	if (bill->n_facts > 0)
		WriteFacts(w, bill);
	WriteCode(w, KEY_HOSPITAL, bill->hospital);
	WriteCode(w, KEY_ENCOUNTER, bill->encounter);
	if (bill->encounter_total_fen != NO_AMOUNT)
		WriteAmount(w, bill_key[KEY_ENCOUNTER_TOTAL], bill->encounter_total_fen);
	WriteCode(w, KEY_CHAIN, bill->chain);
}

int
BillToJson(const Bill *bill, char *out, int size)
{
	JsonWriter	w = {out, size, 0, false};

	JsonOpen(&w, '{');
	WriteHead(&w, bill);
	for (int i = 0; bill->kind == BILL_ORDINARY && i < COLUMNS; i++)
		WriteAmount(&w, bill_key[KEY_TOTAL + i], bill->column_fen[written_column[i]]);
	if (bill->n_parts > 0)
		WriteParts(&w, bill);
	if (bill->n_given > 0)
		WriteGiven(&w, bill);
	WriteCodes(&w, bill);
	WriteRest(&w, bill);
	JsonClose(&w, '}');
	return w.length;
}
