/*
 * record.c — reading settlement records: names, spellings, blanks, amounts, times. What a bill makes of them is in bill.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "national/record.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/formatting.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#define MAX_FIELD_NAME 24		/* no name or spelling is longer */

const char *const field_name[FIELDS] = {
#define X(constant, name, amount) [F_##constant] = name,
	FIELD_TABLE(X)
#undef X
};

const bool field_is_amount[FIELDS] = {
#define X(constant, name, amount) [F_##constant] = amount,
	FIELD_TABLE(X)
#undef X
};

typedef struct Spelling
{
	const char *name;
	Field		field;
} Spelling;

/* Spellings met in messages, and the names of 5203, SETL_D and 6.1 of the collected interface material; in lower case */
static const Spelling aliases[] = {
	{"cashpayamt", F_PSN_CASH_PAY}, {"cash_payamt", F_PSN_CASH_PAY}, {"psncash_pay", F_PSN_CASH_PAY}, {"pdn_cash_pay", F_PSN_CASH_PAY},
	{"prese_ifpay_amt", F_PRESELFPAY_AMT}, {"med_fee_sumamt", F_MEDFEE_SUMAMT}, {"psn_pay", F_PSN_PART_AMT},
	{"ownpay_hosp_part", F_HOSP_PART_AMT}, {"othfund_pay", F_OTH_PAY}, {"inscp_amt", F_INSCP_SCP_AMT}, {"dise_no", F_DISE_CODG},
	{"opsp_dise_code", F_DISE_CODG}, {"hi_agre_sumfee", F_MED_SUMFEE}, {"insuplc_admdvs", F_INSU_ADMDVS}
};

#define SPELLINGS (FIELDS + lengthof(aliases))

void
RefuseRecord(const char *detail, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_SETLINFO),
			 errmsg("the settlement record cannot be read"),
			 errdetail("%s", detail),
			 errhint("%s", hint)));
}

/* ---- names ---- */

static int
CompareSpellings(const void *a, const void *b)
{
	return strcmp(((const Spelling *) a)->name, ((const Spelling *) b)->name);
}

/* All names and spellings, sorted once a session */
static const Spelling *
SortedSpellings(void)
{
	static Spelling sorted[SPELLINGS];
	static bool ready = false;

	if (!ready)
	{
		for (int i = 0; i < FIELDS; i++)
			sorted[i] = (Spelling) {field_name[i], (Field) i};
		memcpy(sorted + FIELDS, aliases, sizeof(aliases));
		qsort(sorted, SPELLINGS, sizeof(Spelling), CompareSpellings);
		ready = true;
	}
	return sorted;
}

/* The field of a name in any case; -1: none of ours */
static int
FieldOf(const char *name, int length)
{
	char		lower[MAX_FIELD_NAME + 1];
	Spelling	wanted = {lower, 0};
	const Spelling *found;

	if (length > MAX_FIELD_NAME)
		return -1;
	for (int i = 0; i < length; i++)
		lower[i] = (char) pg_ascii_tolower((unsigned char) name[i]);
	lower[length] = '\0';
	found = bsearch(&wanted, SortedSpellings(), SPELLINGS, sizeof(Spelling), CompareSpellings);
	return found == NULL ? -1 : (int) found->field;
}

/* ---- cells ---- */

/* '' and 'null' stand for null, as JSON messages and the files of 3202 write it */
static bool
IsBlank(Word text)
{
	int			from = 0;
	int			to = text.length;

	while (from < to && strchr(" \t\r\n", text.text[from]) != NULL)
		from++;
	while (to > from && strchr(" \t\r\n", text.text[to - 1]) != NULL)
		to--;
	return from == to || (to - from == 4 && memcmp(text.text + from, "null", 4) == 0);
}

/* Of several spellings the first that is not null counts, the name of 2304 before all */
static bool
IsBetter(const Cell *a, const Cell *b)
{
	if ((a->kind == CELL_NULL) != (b->kind == CELL_NULL))
		return b->kind == CELL_NULL;
	if (a->own_name != b->own_name)
		return a->own_name;
	return strncmp(a->spelling.text, b->spelling.text, Min(a->spelling.length, b->spelling.length)) < 0;
}

static void
PutCell(Record *record, Field field, Cell *cell)
{
	Cell	   *there = &record->cell[field];

	cell->own_name = cell->spelling.length == (int) strlen(field_name[field]) &&
		pg_strncasecmp(cell->spelling.text, field_name[field], cell->spelling.length) == 0;
	if (there->kind == CELL_ABSENT || IsBetter(cell, there))
		*there = *cell;
}

/* Is this text [+-]digits[.digits], with at most 20 and 10 of them, in blanks? */
static bool
IsAmountText(Word text, char *digits)
{
	int			n = 0;
	int			whole = 0;
	int			parts = 0;
	int			at = 0;
	int			end = text.length;

	while (at < end && text.text[at] == ' ')
		at++;
	while (end > at && text.text[end - 1] == ' ')
		end--;
	if (at < end && (text.text[at] == '+' || text.text[at] == '-'))
		digits[n++] = text.text[at++];
	for (; at < end && text.text[at] >= '0' && text.text[at] <= '9' && whole < 20; whole++)
		digits[n++] = text.text[at++];
	if (at < end && text.text[at] == '.')
	{
		digits[n++] = text.text[at++];
		for (; at < end && text.text[at] >= '0' && text.text[at] <= '9' && parts < 10; parts++)
			digits[n++] = text.text[at++];
		if (parts == 0)
			return false;
	}
	digits[n] = '\0';
	return at == end && whole > 0;
}

static void
RefuseAmount(Field field, const char *found)
{
	RefuseRecord(psprintf("%s is %s.", field_name[field], found), "Amounts are numbers or texts of digits, in yuan.");
}

bool
TextAmount(Word text, Datum *number)
{
	char		digits[40];

	if (!IsAmountText(text, digits))
		return false;
	*number = DirectFunctionCall3(numeric_in, CStringGetDatum(digits), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	return true;
}

/* Make a number of an amount that came as text. */
static void
ReadAmount(Cell *cell, Field field)
{
	if (cell->kind == CELL_TEXT && TextAmount(cell->text, &cell->number))
		cell->kind = CELL_NUMBER;
	else if (cell->kind == CELL_TEXT)
		RefuseAmount(field, psprintf("\"%.*s\"", cell->text.length, cell->text.text));
	else if (cell->kind > CELL_NUMBER)
		RefuseAmount(field, "no number");
	else if (cell->kind == CELL_NUMBER && numeric_is_nan(DatumGetNumeric(cell->number)))
		RefuseAmount(field, "NaN");
}

/* A share is 0.87 here; engines that write 87 mean the same, and must say it as 0.87. */
static void
RefuseShare(const Cell *share)
{
	if (share->kind == CELL_NUMBER &&
		DatumGetInt32(DirectFunctionCall2(numeric_cmp, share->number, NumericGetDatum(int64_to_numeric(1)))) > 0)
		RefuseRecord(psprintf("pool_prop_selfpay is %s.", DatumGetCString(DirectFunctionCall1(numeric_out, share->number))),
					 "Shares are from 0 to 1: 0.87, not 87.");
}

static void
ReadAmounts(Record *record)
{
	for (int i = 0; i < FIELDS; i++)
		if (field_is_amount[i])
			ReadAmount(&record->cell[i], (Field) i);
	RefuseShare(&record->cell[F_POOL_PROP_SELFPAY]);
}

/* ---- from jsonb ---- */

static void
CellFromJson(const JsonbValue *key, const JsonbValue *value, Cell *cell)
{
	cell->spelling = (Word) {key->val.string.val, key->val.string.len};
	cell->json = *value;
	cell->kind = CELL_OTHER;
	if (value->type == jbvNull)
		cell->kind = CELL_NULL;
	else if (value->type == jbvNumeric)
	{
		cell->kind = CELL_NUMBER;
		cell->number = NumericGetDatum(value->val.numeric);
	}
	else if (value->type == jbvString)
	{
		cell->text = (Word) {value->val.string.val, value->val.string.len};
		cell->kind = IsBlank(cell->text) ? CELL_NULL : CELL_TEXT;
		if (cell->kind == CELL_NULL)
			cell->json.type = jbvNull;
	}
}

/* A member that we do not know is kept under its name in lower case. */
static void
PutOther(Record *record, const JsonbValue *key, const Cell *cell, int room)
{
	JsonbValue *pair;

	if (record->others == NULL)
		record->others = palloc(2 * room * sizeof(JsonbValue));
	pair = record->others + 2 * record->n_others++;
	pair[0] = *key;
	pair[0].val.string.val = asc_tolower(key->val.string.val, key->val.string.len);
	pair[1] = cell->json;
}

/* The members of an object into cells; those of setldetail beside setlinfo too */
static void
ReadMembers(JsonbContainer *object, Record *record, bool keep_others, Word only)
{
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbValue	key;
	JsonbValue	value;
	JsonbIteratorToken token;

	while ((token = JsonbIteratorNext(&it, &key, true)) != WJB_DONE)
	{
		Cell		cell = {CELL_ABSENT};
		int			field;

		if (token != WJB_KEY)
			continue;
		JsonbIteratorNext(&it, &value, true);
		field = FieldOf(key.val.string.val, key.val.string.len);
		if (only.text != NULL && (field < 0 || !WordIs(only, field_name[field])))
			continue;
		CellFromJson(&key, &value, &cell);
		if (field >= 0)
			PutCell(record, (Field) field, &cell);
		else if (keep_others)
			PutOther(record, &key, &cell, (int) JsonContainerSize(object));
	}
}

void
RecordFromJsonb(Jsonb *setlinfo, Record *record)
{
	JsonbValue	inner;

	memset(record, 0, sizeof(*record));
	if (!JB_ROOT_IS_OBJECT(setlinfo))
		RefuseRecord(psprintf("Found %s, expected an object.", JB_ROOT_IS_SCALAR(setlinfo) ? "a scalar" : "an array"),
					 "Hand over setlinfo, or the object that holds setlinfo and setldetail.");
	if (getKeyJsonValueFromContainer(&setlinfo->root, "setlinfo", 8, &inner) != NULL && inner.type == jbvBinary &&
		JsonContainerIsObject(inner.val.binary.data))
	{
		ReadMembers(inner.val.binary.data, record, true, (Word) {NULL, 0});
		ReadMembers(&setlinfo->root, record, false, WordOf("setldetail"));
	}
	else
		ReadMembers(&setlinfo->root, record, true, (Word) {NULL, 0});
	ReadAmounts(record);
}

/* ---- to jsonb ---- */

static void
PushMember(JsonbParseState **state, JsonbValue *key, JsonbValue *value)
{
	pushJsonbValue(state, WJB_KEY, key);
	pushJsonbValue(state, WJB_VALUE, value);
}

/* What was not null pushes out what was, so nulls come first. */
static void
PushOthers(JsonbParseState **state, const Record *record)
{
	for (int null = 1; null >= 0; null--)
		for (int i = 0; i < record->n_others; i++)
			if ((record->others[2 * i + 1].type == jbvNull) == null)
				PushMember(state, &record->others[2 * i], &record->others[2 * i + 1]);
}

Jsonb *
RecordToJsonb(const Record *record)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushOthers(&state, record);
	for (int i = 0; i < FIELDS; i++)
	{
		const Cell *cell = &record->cell[i];
		JsonbValue	key = {jbvString};
		JsonbValue	value = cell->json;

		if (cell->kind == CELL_ABSENT)
			continue;
		key.val.string.val = unconstify(char *, field_name[i]);
		key.val.string.len = (int) strlen(field_name[i]);
		if (cell->kind == CELL_NUMBER)
		{
			value.type = jbvNumeric;
			value.val.numeric = DatumGetNumeric(cell->number);
		}
		PushMember(&state, &key, &value);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* ---- from a row ---- */

static void
FillForm(RowForm *form, TupleDesc desc, MemoryContext memory)
{
	MemoryContext old = MemoryContextSwitchTo(memory);

	form->desc = CreateTupleDescCopy(desc);
	form->field = palloc(Max(1, desc->natts) * sizeof(int16));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);

		form->field[i] = -1;
		if (!column->attisdropped)
			form->field[i] = (int16) FieldOf(NameStr(column->attname), (int) strlen(NameStr(column->attname)));
	}
	MemoryContextSwitchTo(old);
}

/* A value of a column by its type; types that we do not know are read as their text */
static void
CellFromColumn(Form_pg_attribute column, Datum value, Cell *cell)
{
	Oid			output;
	bool		varlena;

	cell->kind = CELL_NUMBER;
	switch (getBaseType(column->atttypid))
	{
		case NUMERICOID:
			cell->number = NumericGetDatum(DatumGetNumeric(value));
			return;
		case INT2OID:
			cell->number = NumericGetDatum(int64_to_numeric(DatumGetInt16(value)));
			return;
		case INT4OID:
			cell->number = NumericGetDatum(int64_to_numeric(DatumGetInt32(value)));
			return;
		case INT8OID:
			cell->number = NumericGetDatum(int64_to_numeric(DatumGetInt64(value)));
			return;
		case TIMESTAMPOID:
			cell->kind = CELL_TIME;
			cell->time = DatumGetTimestamp(value);
			return;
		case DATEOID:
			cell->kind = CELL_TIME;
			cell->time = (int64) DatumGetDateADT(value) * USECS_PER_DAY;
			if (DATE_NOT_FINITE(DatumGetDateADT(value)))
				cell->time = DT_NOEND;
			return;
		case TIMESTAMPTZOID:
			RefuseRecord(psprintf("Column %s is a timestamp with time zone.", NameStr(column->attname)),
						 "Times are civil time: write setl_time AT TIME ZONE 'Asia/Shanghai'.");
		case TEXTOID:
		case VARCHAROID:
			cell->text = TextWord(value);
			break;
		case BPCHAROID:
			cell->text = TextWord(value);
			cell->text.length = bpchartruelen(unconstify(char *, cell->text.text), cell->text.length);
			break;
		default:
			getTypeOutputInfo(column->atttypid, &output, &varlena);
			cell->text = WordOf(OidOutputFunctionCall(output, value));
	}
	cell->kind = IsBlank(cell->text) ? CELL_NULL : CELL_TEXT;
}

void
RecordFromRow(HeapTupleHeader row, RowForm *form, MemoryContext memory, Record *record)
{
	Oid			type = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	uint64		identifier = assign_record_type_identifier(type, typmod);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	Datum	   *values;
	bool	   *nulls;

	if (form->identifier != identifier)
	{
		TupleDesc	desc = lookup_rowtype_tupdesc(type, typmod);

		FillForm(form, desc, memory);
		ReleaseTupleDesc(desc);
		form->identifier = identifier;
	}
	values = palloc(Max(1, form->desc->natts) * sizeof(Datum));
	nulls = palloc(Max(1, form->desc->natts) * sizeof(bool));
	memset(record->cell, 0, sizeof(record->cell));
	record->n_others = 0;
	record->others = NULL;
	heap_deform_tuple(&tuple, form->desc, values, nulls);
	for (int i = 0; i < form->desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(form->desc, i);
		Cell		cell = {CELL_NULL};

		if (form->field[i] < 0)
			continue;
		cell.spelling = WordOf(NameStr(column->attname));
		if (!nulls[i])
			CellFromColumn(column, values[i], &cell);
		PutCell(record, (Field) form->field[i], &cell);
	}
	ReadAmounts(record);
}

/* ---- times and texts ---- */

/* n digits, all of them digits */
static bool
AreDigits(Word text, int n)
{
	for (int i = 0; i < text.length; i++)
		if (text.text[i] < '0' || text.text[i] > '9')
			return false;
	return text.length == n;
}

/* 20250301100000, 20250301 and 2025-03-01 10:00 in the form that the core reads */
static int
SpellTime(Word text, char *out)
{
	const char *t = text.text;

	if (AreDigits(text, 14))
		return sprintf(out, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", t, t + 4, t + 6, t + 8, t + 10, t + 12);
	if (AreDigits(text, 8))
		return sprintf(out, "%.4s-%.2s-%.2s", t, t + 4, t + 6);
	if (text.length == 16)
		return sprintf(out, "%.16s:00", t);
	if (text.length > 26)
		return 0;
	memcpy(out, t, text.length);
	return text.length;
}

bool
CellTime(const Record *record, Field field, Timestamp *time)
{
	const Cell *cell = &record->cell[field];
	Word		text;
	char		spelled[40];

	if (cell->kind == CELL_TIME && !TIMESTAMP_NOT_FINITE(cell->time))
	{
		*time = cell->time;
		return true;
	}
	text = CellText(record, field);
	if (text.text == NULL)
		return false;
	for (; text.length > 0 && text.text[0] == ' '; text.text++)
		text.length--;
	while (text.length > 0 && text.text[text.length - 1] == ' ')
		text.length--;
	if (!ParseTimestamp(spelled, SpellTime(text, spelled), time))
		RefuseRecord(psprintf("%s is \"%.*s\".", field_name[field], text.length, text.text),
					 "Times are civil time: 2025-03-01 10:00:00, 20250301100000, 2025-03-01 or 20250301.");
	return true;
}

Word
CellText(const Record *record, Field field)
{
	const Cell *cell = &record->cell[field];

	switch (cell->kind)
	{
		case CELL_TEXT:
			return cell->text;
		case CELL_NUMBER:
			return WordOf(DatumGetCString(DirectFunctionCall1(numeric_out, cell->number)));
		case CELL_TIME:
			return WordOf(DatumGetCString(DirectFunctionCall1(timestamp_out, TimestampGetDatum(cell->time))));
		case CELL_OTHER:
			return cell->json.type == jbvBool ? WordOf(cell->json.val.boolean ? "true" : "false") : (Word) {"", 0};
		default:
			return (Word) {NULL, 0};
	}
}

/* ---- SQL ---- */

PG_FUNCTION_INFO_V1(assistance_read_setlinfo);
Datum
assistance_read_setlinfo(PG_FUNCTION_ARGS)
{
	Record		record;

	RecordFromJsonb(PG_GETARG_JSONB_P(0), &record);
	PG_RETURN_JSONB_P(RecordToJsonb(&record));
}

PG_FUNCTION_INFO_V1(assistance_setlinfo_day);
Datum
assistance_setlinfo_day(PG_FUNCTION_ARGS)
{
	Word		name = TextWord(PG_GETARG_DATUM(1));
	int			field = FieldOf(name.text, name.length);
	Record		record;
	Timestamp	time;

	RecordFromJsonb(PG_GETARG_JSONB_P(0), &record);
	if (field < 0 || !CellTime(&record, (Field) field, &time))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMP(time);
}
