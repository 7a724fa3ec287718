/*
 * setlinfo.c — a settled bill as the record that 2304 returns, and its fund lines. Amounts are whole fen here; what a line's
 * deductible has below a fen is rounded half up when the sum is shown.
 */
#include "postgres.h"

#include "errors.h"
#include "executor/executor.h"
#include "fen.h"
#include "lib/stringinfo.h"
#include "national/funds.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/typcache.h"
#include "value/bill.h"
#include "value/lines_value.h"
#include "value/make_bill.h"
#include "value/split.h"

/* The arguments, in the order of setlinfo.sql; setldetail has bill, split, acct_pay, routes */
enum
{
	ARG_BILL,
	ARG_SPLIT,
	ARG_DETAILS,
	ARG_ACCT_PAY,
	ARG_ROUTES,
	ARG_OWN
};

/* Layers of a bill that go to one fund */
typedef struct FundLine
{
	Word		code;
	Word		name;
	int64		paid_fen;
	int64		room_fen;
	StringInfoData info;		/* setl_proc_info without its brackets */
} FundLine;

/* A settled bill, opened */
typedef struct Settled
{
	Bill		room;			/* for a bill that is not just made */
	const Bill *bill;
	int64		amount_fen[SPLIT_AMOUNTS];
	StoredLines lines;
	Datum		lines_value;
	DateADT		day;
	int64		paid_fen[FIELDS];	/* by column of a fund */
	int64		funds_fen;
	int64		charity_fen;
	int64		commercial_fen;
	int64		deductible_fen;
	int			n_funds;
	FundLine	fund[MAX_LAYERS];
} Settled;

/* ---- opening ---- */

static bool
OpenSplit(HeapTupleHeader split, Settled *s)
{
	bool		isnull;

	for (int i = 0; i < SPLIT_AMOUNTS; i++)
	{
		Datum		amount = GetAttributeByNum(split, (AttrNumber) (i + 1), &isnull);

		s->amount_fen[i] = isnull ? 0 : NumericArgumentToFen(amount, "split");
	}
	s->lines_value = GetAttributeByNum(split, SPLIT_COLUMNS, &isnull);
	if (!isnull)
		DatumGetLines(s->lines_value, &s->lines);
	return !isnull;
}

static Word
CodeWord(Code code)
{
	return (Word) {code.text, code.length};
}

static Word
KeepWord(Word word)
{
	if (word.text != NULL)
		word.text = pnstrdup(word.text, word.length);
	return word;
}

static void
AppendFen(StringInfo out, int64 fen)
{
	appendStringInfo(out, "%s" INT64_FORMAT ".%02d", fen < 0 ? "-" : "", (fen < 0 ? -fen : fen) / 100,
					 (int) ((fen < 0 ? -fen : fen) % 100));
}

static void
AppendWord(StringInfo out, Word word)
{
	if (word.text == NULL)
		appendStringInfoString(out, "null");
	else
		escape_json(out, pnstrdup(word.text, word.length));
}

static void
AppendExact(StringInfo out, Exact amount)
{
	appendStringInfoString(out, DatumGetCString(DirectFunctionCall1(numeric_out, ExactToNumeric(amount))));
}

/* One layer more of a fund: what, by which rule, on what base and share */
static void
AddToFund(Settled *s, const StoredLine *line, Fund fund)
{
	FundLine   *f = s->fund;
	Exact		whole = ExactSub(line->line.base, line->line.deductible);

	while (f < s->fund + s->n_funds &&
		   (f->code.length != fund.code.length || memcmp(f->code.text, fund.code.text, f->code.length) != 0))
		f++;
	if (f == s->fund + s->n_funds)
	{
		s->n_funds++;
		f->code = KeepWord(fund.code);
		f->name = KeepWord(fund.name);
		f->paid_fen = 0;
		f->room_fen = NO_ROOM_LIMIT;
		initStringInfo(&f->info);
	}
	f->paid_fen += line->line.paid_fen;
	f->room_fen = Min(f->room_fen, line->line.room_fen);
	appendStringInfoString(&f->info, f->info.len > 0 ? ", {\"layer\": " : "{\"layer\": ");
	AppendWord(&f->info, CodeWord(line->layer));
	appendStringInfoString(&f->info, ", \"rule\": ");
	AppendWord(&f->info, CodeWord(line->rule));
	appendStringInfoString(&f->info, ", \"base\": ");
	AppendExact(&f->info, line->line.base);
	appendStringInfoString(&f->info, ", \"deductible\": ");
	AppendExact(&f->info, line->line.deductible);
	if (whole.fen > 0 && line->line.paid_fen > 0)
	{
		int64		share = (int64) (((i128) line->line.paid_fen * 20000 + whole.fen) / ((i128) 2 * whole.fen));

		appendStringInfo(&f->info, ", \"share\": %d.%04d", (int) (share / 10000), (int) (share % 10000));
	}
	appendStringInfoString(&f->info, ", \"paid\": ");
	AppendFen(&f->info, line->line.paid_fen);
	appendStringInfoChar(&f->info, '}');
}

static int
FieldNamed(Word name)
{
	for (int i = F_HIFP_PAY; i <= F_OTH_PAY; i++)
		if (WordIs(name, field_name[i]))
			return i;
	elog(ERROR, "the dictionaries name the column \"%.*s\", which setlinfo does not have", name.length, name.text);
}

/* Send what a layer paid on the bill to its fund, or outside. */
static void
RouteLine(Settled *s, const StoredLine *line, Jsonb *routes)
{
	Fund		fund = FundOf(CodeWord(line->layer), layer_kind_name[line->kind], CodeWord(s->bill->scheme), CodeWord(s->bill->region),
							  s->day, routes);
	int64		paid = line->line.paid_fen;

	if (fund.column.text != NULL)
	{
		s->paid_fen[FieldNamed(fund.column)] += paid;
		s->funds_fen += paid;
		AddToFund(s, line, fund);
	}
	else if (line->kind == KIND_CHARITY)
		s->charity_fen += paid;
	else
		s->commercial_fen += paid;
}

/* Open bill and split, and route every layer that paid. */
static void
OpenSettled(FunctionCallInfo fcinfo, int routes, Settled *s)
{
	Exact		deductible = ExactFen(0);

	memset(&s->amount_fen, 0, sizeof(Settled) - offsetof(Settled, amount_fen));
	s->bill = BillOfDatum(PG_GETARG_DATUM(ARG_BILL), &s->room);
	s->day = DayOf(s->bill->ordered_at);
	if (!OpenSplit(PG_GETARG_HEAPTUPLEHEADER(ARG_SPLIT), s))
		return;
	for (int i = 0; i < s->lines.n_lines; i++)
	{
		const StoredLine *line = &s->lines.lines[i];

		if (line->kind == KIND_BASIC)
			deductible = ExactAdd(deductible, line->line.deductible);
		if (line->line.paid_fen != 0)
			RouteLine(s, line, PG_ARGISNULL(routes) ? NULL : PG_GETARG_JSONB_P(routes));
	}
	s->deductible_fen = deductible.fen + (deductible.nano >= NANO / 2);
}

/* ---- fund lines ---- */

static const char *
AccountFund(const Settled *s)
{
	return WordIs(CodeWord(s->bill->scheme), "employee") ? "310200" : "390500";
}

static const char *
AccountFundName(const Settled *s)
{
	return WordIs(CodeWord(s->bill->scheme), "employee") ? "职工基本医疗保险个人账户基金" : "居民家庭账户";
}

/* A line of setldetail as a member of a JSON array */
static void
AppendDetail(StringInfo out, const Settled *s, Word code, Word name, int64 paid_fen, int64 room_fen, const char *info)
{
	appendStringInfoString(out, out->data[out->len - 1] == '[' ? "{\"fund_pay_type\": " : ", {\"fund_pay_type\": ");
	AppendWord(out, code);
	appendStringInfoString(out, ", \"inscp_scp_amt\": ");
	AppendFen(out, s->bill->column_fen[COLUMN_IN_SCOPE]);
	appendStringInfoString(out, ", \"crt_payb_lmt_amt\": ");
	if (room_fen == NO_ROOM_LIMIT)
		appendStringInfoString(out, "null");
	else
		AppendFen(out, room_fen);
	appendStringInfoString(out, ", \"fund_payamt\": ");
	AppendFen(out, paid_fen);
	appendStringInfoString(out, ", \"fund_pay_type_name\": ");
	AppendWord(out, name);
	appendStringInfoString(out, ", \"setl_proc_info\": ");
	if (info == NULL)
		appendStringInfoString(out, "null");
	else
		escape_json(out, psprintf("[%s]", info));
	appendStringInfoChar(out, '}');
}

static void
AppendDetails(StringInfo out, const Settled *s, int64 account_fen)
{
	appendStringInfoChar(out, '[');
	for (int i = 0; i < s->n_funds; i++)
		AppendDetail(out, s, s->fund[i].code, s->fund[i].name, s->fund[i].paid_fen, s->fund[i].room_fen, s->fund[i].info.data);
	if (account_fen != 0)
		AppendDetail(out, s, WordOf(AccountFund(s)), WordOf(AccountFundName(s)), account_fen, NO_ROOM_LIMIT, NULL);
	if (s->amount_fen[SPLIT_HOSPITAL] != 0)
		AppendDetail(out, s, WordOf("999996"), WordOf("医院垫付"), s->amount_fen[SPLIT_HOSPITAL], NO_ROOM_LIMIT, NULL);
	appendStringInfoChar(out, ']');
}

/* A row of setldetail */
static void
PutDetail(ReturnSetInfo *rsinfo, const Settled *s, Word code, Word name, int64 paid_fen, int64 room_fen, const char *info)
{
	Datum		values[6];
	bool		nulls[6] = {false, false, room_fen == NO_ROOM_LIMIT, false, name.text == NULL, info == NULL};

	values[0] = PointerGetDatum(cstring_to_text_with_len(code.text, code.length));
	values[1] = FenToNumeric(s->bill->column_fen[COLUMN_IN_SCOPE]);
	values[2] = nulls[2] ? (Datum) 0 : FenToNumeric(room_fen);
	values[3] = FenToNumeric(paid_fen);
	values[4] = nulls[4] ? (Datum) 0 : PointerGetDatum(cstring_to_text_with_len(name.text, name.length));
	values[5] = nulls[5] ? (Datum) 0 : CStringGetTextDatum(psprintf("[%s]", info));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(assistance_setldetail);
Datum
assistance_setldetail(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Settled    *s = palloc(sizeof(Settled));
	int64		account_fen = PG_ARGISNULL(2) ? 0 : NumericArgumentToFen(PG_GETARG_DATUM(2), "acct_pay");

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(ARG_BILL) || PG_ARGISNULL(ARG_SPLIT))
		return (Datum) 0;
	OpenSettled(fcinfo, 3, s);
	for (int i = 0; i < s->n_funds; i++)
		PutDetail(rsinfo, s, s->fund[i].code, s->fund[i].name, s->fund[i].paid_fen, s->fund[i].room_fen, s->fund[i].info.data);
	if (account_fen != 0)
		PutDetail(rsinfo, s, WordOf(AccountFund(s)), WordOf(AccountFundName(s)), account_fen, NO_ROOM_LIMIT, NULL);
	if (s->amount_fen[SPLIT_HOSPITAL] != 0)
		PutDetail(rsinfo, s, WordOf("999996"), WordOf("医院垫付"), s->amount_fen[SPLIT_HOSPITAL], NO_ROOM_LIMIT, NULL);
	return (Datum) 0;
}

/* ---- the record ---- */

static void
AppendKey(StringInfo out, const char *key)
{
	appendStringInfo(out, "%s\"%s\": ", out->len > 1 ? ", " : "", key);
}

/* A cell as it came; null where there is none */
static void
AppendCell(StringInfo out, const Cell *cell)
{
	JsonbValue	value = cell->json;

	if (cell->kind == CELL_NUMBER)
		appendStringInfoString(out, DatumGetCString(DirectFunctionCall1(numeric_out, cell->number)));
	else if (cell->kind == CELL_TEXT)
		AppendWord(out, cell->text);
	else if (cell->kind == CELL_OTHER)
		appendStringInfoString(out, JsonbToCString(NULL, &JsonbValueToJsonb(&value)->root, 0));
	else
		appendStringInfoString(out, "null");
}

/* A field of the details, or where they say nothing this word */
static void
AppendField(StringInfo out, const Record *details, Field field, Word otherwise)
{
	AppendKey(out, field_name[field]);
	if (details->cell[field].kind > CELL_NULL)
		AppendCell(out, &details->cell[field]);
	else
		AppendWord(out, otherwise);
}

static void
AppendAmount(StringInfo out, Field field, int64 fen)
{
	AppendKey(out, field_name[field]);
	AppendFen(out, fen);
}

/* The effective share of the basic fund, half up to four decimals; never above 1 */
static void
AppendShare(StringInfo out, const Settled *s)
{
	int64		base = s->bill->column_fen[COLUMN_IN_SCOPE] - s->deductible_fen;
	int64		paid = s->paid_fen[F_HIFP_PAY];
	int64		share = 0;

	if (base > 0 && paid > 0)
		share = Min((int64) (((i128) paid * 20000 + base) / ((i128) 2 * base)), 10000);
	AppendKey(out, field_name[F_POOL_PROP_SELFPAY]);
	appendStringInfo(out, "%d.%04d", (int) (share / 10000), (int) (share % 10000));
}

static Word
DateWord(int32 day)
{
	int			y,
				m,
				d;

	if (day == NO_DATE)
		return (Word) {NULL, 0};
	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return WordOf(psprintf("%04d-%02d-%02d", y, m, d));
}

static Word
TimeWord(Timestamp time)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(time, NULL, &tm, &fsec, NULL, NULL) != 0)
		elog(ERROR, "timestamp out of range");
	return WordOf(psprintf("%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec));
}

/* maps_to of a code of the bill's region */
static Word
MappedCode(const Settled *s, const char *dictionary, Code code)
{
	Word		words[3] = {WordOf(dictionary), CodeWord(code), CodeWord(s->bill->region)};
	const Answer *answer;

	if (code.text == NULL)
		return (Word) {NULL, 0};
	answer = Ask(ASK_CODE, words, s->day);
	return answer->found ? KeepWord(answer->word[5]) : (Word) {NULL, 0};
}

/* Civil servants by psn_type (1102, 1202), or because their fund paid */
static Word
CivilServant(const Settled *s, Word psn_type)
{
	bool		is = psn_type.text != NULL && psn_type.length >= 4 &&
		(strncmp(psn_type.text, "1102", 4) == 0 || strncmp(psn_type.text, "1202", 4) == 0);

	return WordOf(is || s->paid_fen[F_CVLSERV_PAY] > 0 ? "1" : "0");
}

/* Fields 1 to 16 of 2304: who, when, what kind of care */
static void
AppendHead(StringInfo out, const Settled *s, const Record *d)
{
	Word		none = {NULL, 0};
	Word		psn_type = MappedCode(s, "psn_type", s->bill->single[CODE_PERSON_TYPE]);
	Timestamp	time = s->bill->ordered_at;

	if (psn_type.text == NULL)
		psn_type = CodeWord(s->bill->single[CODE_PERSON_TYPE]);
	if (d->cell[F_PSN_TYPE].kind == CELL_TEXT)
		psn_type = d->cell[F_PSN_TYPE].text;
	for (int i = F_MDTRT_ID; i <= F_BRDY; i++)
		AppendField(out, d, i, none);
	AppendField(out, d, F_AGE, s->bill->age == NO_AGE ? none : (Word) {NULL, 0});
	if (d->cell[F_AGE].kind <= CELL_NULL && s->bill->age != NO_AGE)
	{
		out->len -= 4;
		appendStringInfo(out, "%d", s->bill->age);
	}
	AppendField(out, d, F_INSUTYPE, MappedCode(s, "scheme", s->bill->scheme));
	AppendField(out, d, F_PSN_TYPE, psn_type);
	AppendField(out, d, F_CVLSERV_FLAG, CivilServant(s, psn_type));
	(void) CellTime(d, F_SETL_TIME, &time);
	AppendKey(out, field_name[F_SETL_TIME]);
	AppendWord(out, TimeWord(time));
	AppendField(out, d, F_MDTRT_CERT_TYPE, none);
	AppendField(out, d, F_MED_TYPE, CodeWord(s->bill->single[CODE_CARE_TYPE]));
}

/* Fields 17 to 42: amounts, then clearing */
static void
AppendAmounts(StringInfo out, const Settled *s, const Record *d, int64 account_fen)
{
	int64		person = s->amount_fen[SPLIT_TOTAL] - s->funds_fen - s->amount_fen[SPLIT_HOSPITAL];

	AppendAmount(out, F_MEDFEE_SUMAMT, s->amount_fen[SPLIT_TOTAL]);
	AppendAmount(out, F_FULAMT_OWNPAY_AMT, s->bill->column_fen[COLUMN_EXCLUDED]);
	AppendAmount(out, F_OVERLMT_SELFPAY, s->bill->column_fen[COLUMN_OVER_LIMIT]);
	AppendAmount(out, F_PRESELFPAY_AMT, s->bill->column_fen[COLUMN_FIRST_SHARE]);
	AppendAmount(out, F_INSCP_SCP_AMT, s->bill->column_fen[COLUMN_IN_SCOPE]);
	AppendAmount(out, F_ACT_PAY_DEDC, s->deductible_fen);
	AppendAmount(out, F_HIFP_PAY, s->paid_fen[F_HIFP_PAY]);
	AppendShare(out, s);
	for (int i = F_CVLSERV_PAY; i <= F_MAF_PAY; i++)
		AppendAmount(out, i, s->paid_fen[i]);
	AppendAmount(out, F_HOSP_PART_AMT, s->amount_fen[SPLIT_HOSPITAL]);
	AppendAmount(out, F_OTH_PAY, s->paid_fen[F_OTH_PAY]);
	AppendAmount(out, F_FUND_PAY_SUMAMT, s->funds_fen);
	AppendAmount(out, F_PSN_PART_AMT, person);
	AppendAmount(out, F_ACCT_PAY, account_fen);
	AppendAmount(out, F_PSN_CASH_PAY, person - account_fen);
	AppendField(out, d, F_BALC, (Word) {NULL, 0});
	if (d->cell[F_ACCT_MULAID_PAY].kind == CELL_NUMBER)
		AppendField(out, d, F_ACCT_MULAID_PAY, (Word) {NULL, 0});
	else
		AppendAmount(out, F_ACCT_MULAID_PAY, 0);
	for (int i = F_MEDINS_SETL_ID; i <= F_CLR_TYPE; i++)
		AppendField(out, d, i, (Word) {NULL, 0});
}

/* Of 5203 and SETL_D */
static void
AppendContext(StringInfo out, const Settled *s, const Record *d)
{
	static const Field given[] = {F_HOSP_LV, F_MAT_IDET_CODE, F_PSN_IDET_TYPE, F_MED_SUMFEE, F_DEDC_STD, F_CRT_DEDC};
	const Bill *b = s->bill;
	bool		has_disease = b->n_list[CODE_DISEASE - CODE_SINGLE] > 0;

	AppendField(out, d, F_INSU_ADMDVS, CodeWord(b->region));
	AppendField(out, d, F_FIXMEDINS_CODE, CodeWord(b->hospital));
	AppendField(out, d, F_DEDC_HOSP_LV, CodeWord(b->single[CODE_LEVEL]));
	AppendField(out, d, F_BEGNDATE, DateWord(b->admitted_on));
	AppendField(out, d, F_ENDDATE, DateWord(b->discharged_on));
	AppendField(out, d, F_DISE_CODG, has_disease ? CodeWord(b->list[CODE_DISEASE - CODE_SINGLE][0]) : (Word) {NULL, 0});
	AppendField(out, d, F_YEAR, (Word) {TimeWord(b->ordered_at).text, 4});
	AppendField(out, d, F_SETL_TYPE, WordOf("2"));
	AppendKey(out, field_name[F_REFD_SETL_FLAG]);
	AppendWord(out, WordOf("0"));
	for (int i = 0; i < lengthof(given); i++)
		if (d->cell[given[i]].kind > CELL_NULL)
			AppendField(out, d, given[i], (Word) {NULL, 0});
}

/* Members of the details that only warehouses know: as they came, but for names of ours and what a second row would say */
static void
AppendOthers(StringInfo out, const Record *d)
{
	static const char *const ours[] = {"charity_pay", "commercial_pay", "cash_after_charity", "entry", "layer", "setlinfo"};

	for (int i = 0; i < d->n_others; i++)
	{
		JsonbValue *pair = &d->others[2 * i];
		char	   *name = pnstrdup(pair[0].val.string.val, pair[0].val.string.len);
		bool		skip = pair[1].type == jbvNull;

		for (int k = 0; k < lengthof(ours); k++)
			skip |= strcmp(name, ours[k]) == 0;
		for (int k = 0; k < i; k++)
			skip |= d->others[2 * k].val.string.len == pair[0].val.string.len && d->others[2 * k + 1].type != jbvNull &&
				memcmp(d->others[2 * k].val.string.val, name, pair[0].val.string.len) == 0;
		if (skip)
			continue;
		appendStringInfoString(out, ", ");
		escape_json(out, name);
		appendStringInfoString(out, ": ");
		appendStringInfoString(out, JsonbToCString(NULL, &JsonbValueToJsonb(&pair[1])->root, 0));
	}
}

/* What gives bill and split back whole */
static void
AppendOwn(StringInfo out, const Settled *s)
{
	static const char *const amount_name[SPLIT_AMOUNTS] = {
		"total", "basic", "critical", "supplementary", "assistance", "tilt", "emergency", "government", "other", "charity", "hospital",
		"patient", "adjustment", "recoverable"
	};
	int			length;
	char	   *text = BillText(s->bill, &length);

	AppendKey(out, "assistance");
	appendStringInfoString(out, "{\"bill\": ");
	appendBinaryStringInfo(out, text, length);
	appendStringInfoString(out, ", \"split\": {");
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
	{
		appendStringInfo(out, "%s\"%s\": ", i > 0 ? ", " : "", amount_name[i]);
		AppendFen(out, s->amount_fen[i]);
	}
	text = LinesText(s->lines_value, &length);
	appendStringInfo(out, ", \"lines\": %s}}", text);
}

static void
CheckAccount(FunctionCallInfo fcinfo, const Settled *s, int64 *account_fen)
{
	*account_fen = 0;
	if (PG_ARGISNULL(ARG_ACCT_PAY))
		return;
	if (NumericToFen(PG_GETARG_DATUM(ARG_ACCT_PAY), account_fen) != FEN_OK || *account_fen < 0 ||
		*account_fen > s->amount_fen[SPLIT_PATIENT])
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_ACCT_PAY),
				 errmsg("the personal account cannot pay this amount"),
				 errdetail("acct_pay is %s yuan; " INT64_FORMAT ".%02d are left to the person.",
						   DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(ARG_ACCT_PAY))),
						   s->amount_fen[SPLIT_PATIENT] / 100, (int) (s->amount_fen[SPLIT_PATIENT] % 100)),
				 errhint("acct_pay is at least 0, at most what the person bears after every layer, with two decimals.")));
}

PG_FUNCTION_INFO_V1(assistance_setlinfo);
Datum
assistance_setlinfo(PG_FUNCTION_ARGS)
{
	Settled    *s;
	Record	   *d;
	StringInfoData out;
	int64		account_fen;

	if (PG_ARGISNULL(ARG_BILL) || PG_ARGISNULL(ARG_SPLIT))
		PG_RETURN_NULL();
	s = palloc(sizeof(Settled));
	d = palloc0(sizeof(Record));
	OpenSettled(fcinfo, ARG_ROUTES, s);
	if (!PG_ARGISNULL(ARG_DETAILS))
		RecordFromJsonb(PG_GETARG_JSONB_P(ARG_DETAILS), d);
	CheckAccount(fcinfo, s, &account_fen);
	initStringInfo(&out);
	enlargeStringInfo(&out, 4096);
	appendStringInfoChar(&out, '{');
	AppendHead(&out, s, d);
	AppendAmounts(&out, s, d, account_fen);
	AppendContext(&out, s, d);
	AppendOthers(&out, d);
	AppendKey(&out, "charity_pay");
	AppendFen(&out, s->charity_fen);
	AppendKey(&out, "commercial_pay");
	AppendFen(&out, s->commercial_fen);
	AppendKey(&out, "cash_after_charity");
	AppendFen(&out, s->amount_fen[SPLIT_PATIENT] - account_fen);
	AppendKey(&out, "setldetail");
	AppendDetails(&out, s, account_fen);
	if (!PG_ARGISNULL(ARG_OWN) && PG_GETARG_BOOL(ARG_OWN))
		AppendOwn(&out, s);
	appendStringInfoChar(&out, '}');
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
