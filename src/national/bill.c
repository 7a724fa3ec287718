/*
 * bill.c — the bill of a settlement record: columns as they are, codes through the dictionaries, arguments before the record. Runs
 * once a row, so a record without given layers, parts and facts does not take the way through JSON.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "fen.h"
#include "lib/stringinfo.h"
#include "national/record.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "value/bill.h"
#include "value/make_bill.h"

/* The arguments, in the order of bill.sql */
enum
{
	ARG_RECORD,
	ARG_REGION,
	ARG_SCHEME,
	ARG_SEQ,
	ARG_CARE_TYPE,
	ARG_LEVEL,
	ARG_PERSON_TYPE,
	ARG_CATEGORY,
	ARG_DISEASE,
	ARG_REFERRAL,
	ARG_PLACE,
	ARG_DESIGNATED,
	ARG_GIVEN,
	ARG_PARTS,
	ARG_FACTS,
	ARG_CHECKED,
	ARGS
};

/* What a call site keeps */
typedef struct BillCall
{
	MadeBill   *made;
	RowForm		form;
	Record		record;
} BillCall;

static BillCall *
CallOf(FunctionCallInfo fcinfo)
{
	BillCall   *call = fcinfo->flinfo->fn_extra;

	StaticAssertStmt(ARGS == 16, "bill.sql declares bill_from_setlinfo with 16 arguments");
	if (unlikely(call == NULL))
	{
		call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(BillCall));
		call->made = NewMadeBill(fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = call;
	}
	return call;
}

static inline Code
CodeOf(Word word)
{
	Code		code = {word.text, (uint8) Min(word.length, PG_UINT8_MAX)};

	return code;
}

/* A code that outlives the next question to the dictionaries */
static inline Code
KeepCode(Word word)
{
	if (word.text != NULL)
		word.text = pnstrdup(word.text, word.length);
	return CodeOf(word);
}

static inline Code
CodeArgument(FunctionCallInfo fcinfo, int argument, Code otherwise)
{
	return PG_ARGISNULL(argument) ? otherwise : CodeOf(TextWord(PG_GETARG_DATUM(argument)));
}

/* ---- refusals ---- */

static const char *
Shown(const Record *record, Field field)
{
	Word		text = CellText(record, field);

	return text.text == NULL ? "" : pnstrdup(text.text, text.length);
}

static bool
IsNegative(const Record *record, Field field)
{
	return HasNumber(record, field) &&
		DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumberOf(record, field), NumericGetDatum(int64_to_numeric(0)))) < 0;
}

static bool
IsZero(const Record *record, Field field)
{
	return HasNumber(record, field) &&
		DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumberOf(record, field), NumericGetDatum(int64_to_numeric(0)))) == 0;
}

/* Rows that are no bills: they take one back, or add to one */
static void
RefuseOtherRows(const Record *record)
{
	if (WordIs(CellText(record, F_REFD_SETL_FLAG), "1") || IsNegative(record, F_MEDFEE_SUMAMT))
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_NO_REVERSAL),
				 errmsg("a reversal is not a bill"),
				 errdetail("Settlement %s takes back %s.", Shown(record, F_SETL_ID), Shown(record, F_INIT_SETL_ID)),
				 errhint("Leave out reversals and what they take back: WHERE vali_flag = '1' AND refd_setl_flag = '0', and no row that "
						 "another names as init_setl_id.")));
	if (WordIs(CellText(record, F_SETL_TYPE), "3") && IsZero(record, F_MEDFEE_SUMAMT))
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_NO_REVERSAL),
				 errmsg("a supplementary settlement is not a bill"),
				 errdetail("Settlement %s adds to %s and has no cost.", Shown(record, F_SETL_ID), Shown(record, F_INIT_SETL_ID)),
				 errhint("Leave out rows of setl_type 3 without cost: what they paid follows from the bills.")));
}

static void
RefuseContradiction(const Record *record)
{
	char	   *fails = FailedIdentities(record);

	if (fails != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_IDENTITY),
				 errmsg("the amounts of the settlement record contradict each other"),
				 errdetail("Settlement %s: %s.", record->cell[F_SETL_ID].kind <= CELL_NULL ? "(no setl_id)" : Shown(record, F_SETL_ID),
						   fails),
				 errhint("SELECT * FROM assistance.check_setlinfo(…) shows every identity; checked => false reads the scope columns "
						 "all the same.")));
}

static void
RefuseLacks(const Record *record, const Bill *bill)
{
	StringInfoData list;

	initStringInfo(&list);
	if (bill->ordered_at == NO_TIMESTAMP)
		appendStringInfoString(&list, ", setl_time");
	if (bill->region.text == NULL)
		appendStringInfoString(&list, ", insu_admdvs");
	if (!HasNumber(record, F_MEDFEE_SUMAMT))
		appendStringInfoString(&list, ", medfee_sumamt");
	if (bill->scheme.text == NULL && record->cell[F_INSUTYPE].kind <= CELL_NULL)
		appendStringInfoString(&list, ", insutype");
	if (list.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_SETLINFO),
				 errmsg("the settlement record lacks what a bill needs"),
				 errdetail("Null or missing: %s.", list.data + 2),
				 errhint("setlinfo of 2304 does not name the insured place: pass region => '…'.")));
}

/* ---- columns ---- */

/* The four columns and their sum; a null inscp_scp_amt is what the others leave (I2). */
static void
ReadColumns(const Record *record, Bill *bill)
{
	static const struct
	{
		Field		field;
		Column		column;
	}			pair[] = {{F_MEDFEE_SUMAMT, COLUMN_TOTAL}, {F_FULAMT_OWNPAY_AMT, COLUMN_EXCLUDED}, {F_OVERLMT_SELFPAY, COLUMN_OVER_LIMIT},
	{F_PRESELFPAY_AMT, COLUMN_FIRST_SHARE}, {F_INSCP_SCP_AMT, COLUMN_IN_SCOPE}};

	for (int i = 0; i < lengthof(pair); i++)
		if (HasNumber(record, pair[i].field))
			bill->column_fen[pair[i].column] = NumericArgumentToFen(NumberOf(record, pair[i].field), field_name[pair[i].field]);
	if (!HasNumber(record, F_INSCP_SCP_AMT))
		bill->column_fen[COLUMN_IN_SCOPE] = bill->column_fen[COLUMN_TOTAL] - bill->column_fen[COLUMN_EXCLUDED] -
			bill->column_fen[COLUMN_OVER_LIMIT] - bill->column_fen[COLUMN_FIRST_SHARE];
}

/* Whole years of "60" or "60.5"; anything else says nothing */
static int16
AgeOf(Word text)
{
	int			age = 0;
	int			at = 0;

	for (; at < text.length && at < 3 && text.text[at] >= '0' && text.text[at] <= '9'; at++)
		age = age * 10 + text.text[at] - '0';
	if (at == 0)
		return NO_AGE;
	if (at < text.length)
	{
		if (text.text[at] != '.' || at + 1 == text.length)
			return NO_AGE;
		for (at++; at < text.length; at++)
			if (text.text[at] < '0' || text.text[at] > '9')
				return NO_AGE;
	}
	return (int16) age;
}

/* Days, age, hospital and disease of a record that is not one of ours */
static void
ReadPlainAttributes(const Record *record, Bill *bill)
{
	Timestamp	time;
	Word		disease = CellText(record, F_DISE_CODG);

	if (CellTime(record, F_SETL_TIME, &time))
		bill->ordered_at = time;
	if (bill->ordered_at != NO_TIMESTAMP)
		bill->settled_on = DayOf(bill->ordered_at);
	if (CellTime(record, F_BEGNDATE, &time))
		bill->admitted_on = DayOf(time);
	if (CellTime(record, F_ENDDATE, &time))
	{
		bill->discharged_on = DayOf(time);
		if (bill->ordered_at == NO_TIMESTAMP)
			bill->ordered_at = time;
	}
	bill->age = AgeOf(CellText(record, F_AGE));
	bill->hospital = CodeOf(CellText(record, F_FIXMEDINS_CODE));
	if (disease.text != NULL)
	{
		bill->list_known[CODE_DISEASE - CODE_SINGLE] = true;
		bill->n_list[CODE_DISEASE - CODE_SINGLE] = 1;
		bill->list[CODE_DISEASE - CODE_SINGLE][0] = CodeOf(disease);
	}
}

/* The bill that a record of ours carries, with the columns of the record; its texts stay where they are put here. */
static bool
ReadOwnBill(const Record *record, Bill *bill)
{
	JsonbValue	own;
	JsonbValue	amount;
	StringInfoData json;
	char	   *scratch;
	int			size;
	Fault		fault;
	const Cell *cell = &record->cell[F_ASSISTANCE];
	int64		column_fen[COLUMNS];

	if (cell->kind != CELL_OTHER || cell->json.type != jbvBinary || !JsonContainerIsObject(cell->json.val.binary.data) ||
		getKeyJsonValueFromContainer(cell->json.val.binary.data, "bill", 4, &own) == NULL || own.type != jbvBinary)
		return false;
	initStringInfo(&json);
	JsonbToCString(&json, own.val.binary.data, own.val.binary.len);
	if (json.len < 2 || json.data[0] != '{' || json.data[1] == '}')
		return false;
	memcpy(column_fen, bill->column_fen, sizeof(column_fen));
	for (int i = 0; i < COLUMNS; i++)
	{
		char		member[64];
		int			n = snprintf(member, sizeof(member), "\"%s\":" INT64_FORMAT ".%02d,", column_name[i], column_fen[i] / 100,
								 (int) (column_fen[i] % 100));

		if (getKeyJsonValueFromContainer(own.val.binary.data, column_name[i], (int) strlen(column_name[i]), &amount) != NULL)
			continue;
		enlargeStringInfo(&json, n);
		memmove(json.data + 1 + n, json.data + 1, json.len);
		memcpy(json.data + 1, member, n);
		json.len += n;
	}
	size = BillScratchNeeded(json.len);
	scratch = palloc(size);
	CheckFault(BillFromJson(json.data, json.len, scratch, size, bill, &fault), &fault);
	SortMembers(bill);
	memcpy(bill->column_fen, column_fen, sizeof(column_fen));
	return true;
}

/* ---- codes ---- */

static const Answer *
Meaning(const char *dictionary, Word code, const Bill *bill)
{
	Word		words[3] = {WordOf(dictionary), code, {bill->region.text, bill->region.length}};

	return Ask(ASK_MEANING, words, DayOf(bill->ordered_at));
}

#define MAPS_TO 5				/* of an answer about a code */

static void
ReadScheme(const Record *record, Bill *bill)
{
	Word		insutype = CellText(record, F_INSUTYPE);

	if (bill->scheme.text != NULL)
		return;
	bill->scheme = KeepCode(Meaning("insutype", insutype, bill)->word[MAPS_TO]);
	if (bill->scheme.text == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_NO_SCHEME),
				 errmsg("insutype %.*s is no scheme of its own", insutype.length, insutype.text),
				 errdetail("Supplements are enrolments beside a scheme."),
				 errhint("Pass scheme => '…', or map the code in assistance.code_local (maps_to).")));
}

static void
ReadCareType(const Record *record, Bill *bill)
{
	Word		med_type = CellText(record, F_MED_TYPE);

	if (med_type.text == NULL)
		return;
	(void) Meaning("med_type", med_type, bill);
	bill->single[CODE_CARE_TYPE] = CodeOf(med_type);
}

static void
ReadLevel(const Record *record, Bill *bill)
{
	Word		level = CellText(record, F_DEDC_HOSP_LV);

	if (level.text != NULL)
	{
		(void) Meaning("dedc_hosp_lv", level, bill);
		bill->single[CODE_LEVEL] = CodeOf(level);
		return;
	}
	level = CellText(record, F_HOSP_LV);
	if (level.text != NULL)
		bill->single[CODE_LEVEL] = KeepCode(Meaning("hosp_lv", level, bill)->word[MAPS_TO]);
}

static void
ReadPersonType(const Record *record, Bill *bill)
{
	Word		words[2] = {CellText(record, F_PSN_TYPE), {bill->region.text, bill->region.length}};

	if (words[0].text != NULL)
		bill->single[CODE_PERSON_TYPE] = KeepCode(Ask(ASK_PERSON, words, DayOf(bill->ordered_at))->word[0]);
}

static void
ReadCategory(const Record *record, Bill *bill)
{
	Word		code = CellText(record, F_MAT_IDET_CODE);

	if (code.text == NULL)
		code = CellText(record, F_PSN_IDET_TYPE);
	if (code.text == NULL)
		return;
	bill->list_known[0] = true;
	bill->n_list[0] = 1;
	bill->list[0][0] = KeepCode(Meaning("category", code, bill)->word[MAPS_TO]);
}

/* ---- arguments ---- */

static void
ListArgument(FunctionCallInfo fcinfo, int argument, const char *name, int list, Bill *bill)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (PG_ARGISNULL(argument))
		return;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	bill->list_known[list] = true;
	bill->n_list[list] = (uint8) Min(n, MAX_LIST);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i] || i == MAX_LIST)
			ereport(ERROR,
					(errcode(ERRCODE_ASSISTANCE_ARRAY),
					 errmsg("%s is not a list of codes", name),
					 errdetail("%s: found %s.", name, nulls[i] ? "a null" : psprintf("%d codes", n)),
					 errhint("Expected a one-dimensional array of at most 8 codes without nulls; '{}' stands for \"known to be none\".")));
		bill->list[list][i] = CodeOf(TextWord(elements[i]));
	}
}

static void
ReadArguments(FunctionCallInfo fcinfo, Bill *bill)
{
	static const int single[CODE_SINGLE] = {ARG_CARE_TYPE, ARG_LEVEL, ARG_REFERRAL, ARG_PLACE, ARG_PERSON_TYPE};

	if (!PG_ARGISNULL(ARG_SEQ))
		bill->seq = PG_GETARG_INT64(ARG_SEQ);
	for (int i = 0; i < CODE_SINGLE; i++)
		bill->single[i] = CodeArgument(fcinfo, single[i], bill->single[i]);
	ListArgument(fcinfo, ARG_CATEGORY, "category", 0, bill);
	ListArgument(fcinfo, ARG_DISEASE, "disease", 1, bill);
	if (!PG_ARGISNULL(ARG_DESIGNATED))
		bill->designated = PG_GETARG_BOOL(ARG_DESIGNATED);
}

/* ---- given layers, parts, facts ---- */

static void
AppendValue(StringInfo json, JsonbValue *value)
{
	appendStringInfoString(json, JsonbToCString(NULL, &JsonbValueToJsonb(value)->root, 0));
}

/* The amount of a column for a layer; hifp_pay brings the deductible. Nothing where the column is null. */
static void
AppendColumn(StringInfo json, const Record *record, Word column, bool *any)
{
	for (int i = 0; i < FIELDS; i++)
	{
		if (!field_is_amount[i] || !WordIs(column, field_name[i]) || !HasNumber(record, i))
			continue;
		*any = true;
		appendStringInfo(json, "{\"amount\":%s", DatumGetCString(DirectFunctionCall1(numeric_out, NumberOf(record, i))));
		if (i == F_HIFP_PAY && HasNumber(record, F_ACT_PAY_DEDC))
			appendStringInfo(json, ",\"deductible\":%s",
							 DatumGetCString(DirectFunctionCall1(numeric_out, NumberOf(record, F_ACT_PAY_DEDC))));
		appendStringInfoChar(json, '}');
	}
}

/* layer -> column of the record, or layer -> a given layer as bills write it */
static void
AppendGiven(StringInfo json, const Record *record, Jsonb *given)
{
	JsonbIterator *it = JsonbIteratorInit(&given->root);
	JsonbValue	key;
	JsonbValue	value;
	JsonbIteratorToken token;
	const char *comma = "";

	appendStringInfoString(json, ",\"given\":{");
	while ((token = JsonbIteratorNext(&it, &key, true)) != WJB_DONE)
	{
		int			before = json->len;
		bool		any = true;

		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&it, &value, true);
		appendStringInfoString(json, comma);
		AppendValue(json, &key);
		appendStringInfoChar(json, ':');
		any = value.type != jbvString;
		if (any)
			AppendValue(json, &value);
		else
			AppendColumn(json, record, (Word) {value.val.string.val, value.val.string.len}, &any);
		if (any)
			comma = ",";
		else
		{
			json->len = before;
			json->data[before] = '\0';
		}
	}
	appendStringInfoChar(json, '}');
}

/* With given layers, parts or facts: the bill so far as JSON, these instead of its own, through the one JSON reader */
static Datum
ThroughJson(FunctionCallInfo fcinfo, const Record *record, Bill *bill)
{
	StringInfoData json;
	int			length;
	char	   *text;

	if (!PG_ARGISNULL(ARG_GIVEN))
		bill->n_given = 0;
	if (!PG_ARGISNULL(ARG_PARTS))
		bill->n_parts = 0;
	if (!PG_ARGISNULL(ARG_FACTS))
		bill->n_facts = 0;
	text = BillText(bill, &length);
	initStringInfo(&json);
	appendBinaryStringInfo(&json, text, length - 1);
	if (!PG_ARGISNULL(ARG_GIVEN))
		AppendGiven(&json, record, PG_GETARG_JSONB_P(ARG_GIVEN));
	for (int i = ARG_PARTS; i <= ARG_FACTS; i++)
		if (!PG_ARGISNULL(i))
		{
			appendStringInfo(&json, ",\"%s\":", i == ARG_PARTS ? "parts" : "facts");
			JsonbToCString(&json, &PG_GETARG_JSONB_P(i)->root, 0);
		}
	appendStringInfoChar(&json, '}');
	return BillFromText(json.data, json.len, NULL);
}

/* ---- the whole ---- */

static Datum
BillOfRecord(FunctionCallInfo fcinfo, BillCall *call)
{
	const Record *record = &call->record;
	Bill	   *bill = &call->made->bill;
	bool		own;
	Fault		fault;

	RefuseOtherRows(record);
	if (PG_ARGISNULL(ARG_CHECKED) || PG_GETARG_BOOL(ARG_CHECKED))
		RefuseContradiction(record);
	BillInit(bill);
	ReadColumns(record, bill);
	own = ReadOwnBill(record, bill);
	if (!own)
		ReadPlainAttributes(record, bill);
	if (bill->region.text == NULL)
		bill->region = CodeOf(CellText(record, F_INSU_ADMDVS));
	bill->region = CodeArgument(fcinfo, ARG_REGION, bill->region);
	bill->scheme = CodeArgument(fcinfo, ARG_SCHEME, bill->scheme);
	RefuseLacks(record, bill);
	ReadScheme(record, bill);
	if (PG_ARGISNULL(ARG_CARE_TYPE) && bill->single[CODE_CARE_TYPE].text == NULL)
		ReadCareType(record, bill);
	if (PG_ARGISNULL(ARG_LEVEL) && bill->single[CODE_LEVEL].text == NULL)
		ReadLevel(record, bill);
	if (PG_ARGISNULL(ARG_PERSON_TYPE) && bill->single[CODE_PERSON_TYPE].text == NULL)
		ReadPersonType(record, bill);
	if (PG_ARGISNULL(ARG_CATEGORY) && !bill->list_known[0])
		ReadCategory(record, bill);
	ReadArguments(fcinfo, bill);
	CheckFault(CheckBill(bill, &fault), &fault);
	if (!PG_ARGISNULL(ARG_GIVEN) || !PG_ARGISNULL(ARG_PARTS) || !PG_ARGISNULL(ARG_FACTS))
		return ThroughJson(fcinfo, record, bill);
	return MadeBillGetDatum(call->made);
}

PG_FUNCTION_INFO_V1(assistance_bill_from_setlinfo);
Datum
assistance_bill_from_setlinfo(PG_FUNCTION_ARGS)
{
	BillCall   *call = CallOf(fcinfo);

	if (PG_ARGISNULL(ARG_RECORD))
		PG_RETURN_NULL();
	RecordFromJsonb(PG_GETARG_JSONB_P(ARG_RECORD), &call->record);
	PG_RETURN_DATUM(BillOfRecord(fcinfo, call));
}

PG_FUNCTION_INFO_V1(assistance_bill_from_setl_d);
Datum
assistance_bill_from_setl_d(PG_FUNCTION_ARGS)
{
	BillCall   *call = CallOf(fcinfo);

	if (PG_ARGISNULL(ARG_RECORD))
		PG_RETURN_NULL();
	RecordFromRow(PG_GETARG_HEAPTUPLEHEADER(ARG_RECORD), &call->form, fcinfo->flinfo->fn_mcxt, &call->record);
	PG_RETURN_DATUM(BillOfRecord(fcinfo, call));
}
