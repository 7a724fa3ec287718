/*
 * totals_sql.c — account_from_5206 and account_to_5206: the cumulative codes of a person's year as an account, and back. Which
 * counter is which code is decided in totals.c.
 */
#include "postgres.h"

#include "errors.h"
#include "fen.h"
#include "lib/stringinfo.h"
#include "national/totals.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "value/account.h"
#include "value/bill.h"
#include "value/book.h"

#define MAX_TOTALS 512			/* codes of one person and year */
#define BIZ "C0000_BIZ"

/* One code of the year: a yearly row counts, else the sum of its months */
typedef struct Total
{
	char		code[MAX_CUM_CODE + 1];
	bool		whole;			/* a yearly row has been seen */
	char		months[12];		/* 1: that month has been seen */
	int64		hundredths;
} Total;

typedef struct Totals
{
	int			n;
	Total		total[MAX_TOTALS];
} Totals;

/* What a call site keeps */
typedef struct TotalsCall
{
	BookUse		use;
	Bill		bill;
	Slots		slots;
	Totals		totals;
} TotalsCall;

static TotalsCall *
CallOf(FunctionCallInfo fcinfo)
{
	if (unlikely(fcinfo->flinfo->fn_extra == NULL))
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(TotalsCall));
	return fcinfo->flinfo->fn_extra;
}

static void
RefuseTotals(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_SETLINFO),
			 errmsg("the totals of 5206 cannot be read"),
			 errdetail("%s", detail),
			 errhint("Hand over an array of rows {\"insutype\", \"year\", \"cum_ym\", \"cum_type_code\", \"cum\"}; amounts in yuan, "
					 "visits as whole numbers.")));
}

/* ---- reading ---- */

/* A member as text; NULL where it is null, blank or missing */
static Word
Member(JsonbContainer *row, const char *name)
{
	JsonbValue	value;
	Word		none = {NULL, 0};

	if (getKeyJsonValueFromContainer(row, name, (int) strlen(name), &value) == NULL || value.type == jbvNull)
		return none;
	if (value.type == jbvNumeric)
		return WordOf(DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value.val.numeric))));
	if (value.type != jbvString || value.val.string.len == 0)
		return none;
	return (Word) {value.val.string.val, value.val.string.len};
}

/* Rows of another scheme are left alone; supplements (320, 330, 392) are enrolments beside it. */
static bool
IsOfScheme(const Slots *s, Word insutype)
{
	Word		words[3] = {WordOf("insutype"), insutype, s->region};
	const Answer *answer;

	if (insutype.text == NULL)
		return true;
	answer = Ask(ASK_MEANING, words, s->day);
	return answer->word[5].text == NULL ||
		(answer->word[5].length == s->scheme.length && memcmp(answer->word[5].text, s->scheme.text, s->scheme.length) == 0);
}

static Total *
TotalOf(Totals *totals, Word code)
{
	for (int i = 0; i < totals->n; i++)
		if (WordIs(code, totals->total[i].code))
			return &totals->total[i];
	if (code.length > MAX_CUM_CODE || totals->n == MAX_TOTALS)
		RefuseTotals(psprintf("cum_type_code \"%.*s\" is too long, or there are more than %d.", code.length, code.text, MAX_TOTALS));
	memset(&totals->total[totals->n], 0, sizeof(Total));
	memcpy(totals->total[totals->n].code, code.text, code.length);
	return &totals->total[totals->n++];
}

static inline bool
IsDigit(char c)
{
	return c >= '0' && c <= '9';
}

/* The month 0 .. 11 of a cum_ym YYYYMM; -1: the row is of the whole year */
static int
MonthOf(Word cum_ym, const char *year)
{
	int			month;

	if (cum_ym.text == NULL || WordIs(cum_ym, year))
		return -1;
	if (cum_ym.length != 6 || memcmp(cum_ym.text, year, 4) != 0 || !IsDigit(cum_ym.text[4]) || !IsDigit(cum_ym.text[5]))
		RefuseTotals(psprintf("cum_ym is \"%.*s\" in a row of %s.", cum_ym.length, cum_ym.text, year));
	month = (cum_ym.text[4] - '0') * 10 + cum_ym.text[5] - '0';
	if (month > 12)
		RefuseTotals(psprintf("cum_ym is \"%.*s\".", cum_ym.length, cum_ym.text));
	return month - 1;
}

static void
AddTotal(Total *total, int month, int64 hundredths)
{
	if (month < 0 ? total->whole : total->months[month] != 0)
		RefuseTotals(psprintf("Code %s stands twice for the same %s.", total->code, month < 0 ? "year" : "month"));
	if (month < 0)
		total->hundredths = hundredths;
	else if (!total->whole)
		total->hundredths += hundredths;
	if (month < 0)
		total->whole = true;
	else
		total->months[month] = 1;
}

static void
ReadRow(const Slots *s, JsonbContainer *row, const char *year, Totals *totals)
{
	Word		code = Member(row, "cum_type_code");
	Word		cum = Member(row, "cum");
	Datum		number;
	int64		hundredths = 0;

	if (Member(row, "year").text == NULL || code.text == NULL || cum.text == NULL)
		RefuseTotals("A row lacks year, cum_type_code or cum.");
	if (!WordIs(Member(row, "year"), year) || !IsOfScheme(s, Member(row, "insutype")))
		return;
	if (!TextAmount(cum, &number) || NumericToFen(number, &hundredths) != FEN_OK)
		RefuseTotals(psprintf("cum of %.*s is \"%.*s\".", code.length, code.text, cum.length, cum.text));
	AddTotal(TotalOf(totals, code), MonthOf(Member(row, "cum_ym"), year), hundredths);
}

static const char *
YearOf(const Slots *s)
{
	int			y,
				m,
				d;

	j2date(s->year + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return psprintf("%04d", y);
}

static void
ReadTotals(const Slots *s, Jsonb *rows, Totals *totals)
{
	const char *year = YearOf(s);

	totals->n = 0;
	if (!JB_ROOT_IS_ARRAY(rows) || JB_ROOT_IS_SCALAR(rows))
		RefuseTotals("Found something else than an array.");
	for (uint32 i = 0; i < JsonContainerSize(&rows->root); i++)
	{
		JsonbValue *row = getIthJsonbValueFromContainer(&rows->root, i);

		if (row->type != jbvBinary || !JsonContainerIsObject(row->val.binary.data))
			RefuseTotals("A row is no object.");
		ReadRow(s, row->val.binary.data, year, totals);
	}
}

/* ---- the account ---- */

static void
RefuseMissing(const char *code)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_TOTALS),
			 errmsg("the totals of 5206 lack one that these terms need"),
			 errdetail("There are totals of the year, but none under %s.", code),
			 errhint("Add a row with cum_type_code %s, with cum 0 if the person has none.", code)));
}

/* The sum of a slot's codes. Totals without any row of the year are those of a person without bills. */
static int64
SumOfSlot(const Slots *s, const Slot *slot, const Totals *totals)
{
	int64		sum = 0;
	bool		any = false;

	if (totals->n == 0)
		return 0;
	for (int i = 0; i < totals->n && slot->narrowed; i++)
	{
		const Total *total = &totals->total[i];

		if (strncmp(total->code, BIZ, strlen(BIZ)) != 0)
			continue;
		any = true;
		if (CountsCareType(s->page, &s->page->counts[slot->count], WordOf(total->code + strlen(BIZ))))
			sum += total->hundredths;
	}
	if (slot->narrowed && !any)
		RefuseMissing(BIZ "…");
	for (int c = 0; c < slot->n_codes; c++)
	{
		any = false;
		for (int i = 0; i < totals->n; i++)
			if (strcmp(totals->total[i].code, slot->code[c]) == 0)
			{
				any = true;
				sum += totals->total[i].hundredths;
			}
		if (!any && !slot->optional[c])
			RefuseMissing(slot->code[c]);
	}
	return sum;
}

static const char *
Yuan(int64 fen)
{
	return psprintf("%s" INT64_FORMAT ".%02d", fen < 0 ? "-" : "", (fen < 0 ? -fen : fen) / 100, (int) ((fen < 0 ? -fen : fen) % 100));
}

static void
AppendCounter(StringInfo json, const Slots *s, const Slot *slot)
{
	const Counter *counter = &s->page->counters[slot->counter];

	appendStringInfoString(json, "\"name\":");
	escape_json(json, pnstrdup(counter->name.text, counter->name.length));
	appendStringInfo(json, ",\"period\":\"%s-01-01\"", YearOf(s));
}

static const char *
BucketText(const Slots *s, int bucket)
{
	if (bucket < BUCKET_PART)
		return bucket_name[bucket];
	return pnstrdup(s->page->parts[bucket - BUCKET_PART].text, s->page->parts[bucket - BUCKET_PART].length);
}

/* A base, with what its rules have taken as deductible where there is a slot for that */
static void
AppendBase(StringInfo json, const Slots *s, const Slot *slot, const Totals *totals)
{
	appendStringInfoString(json, "{");
	AppendCounter(json, s, slot);
	appendStringInfoString(json, ",\"buckets\":{");
	escape_json(json, BucketText(s, slot->bucket));
	appendStringInfo(json, ":%s}", Yuan(SumOfSlot(s, slot, totals)));
	for (int i = 0; i < s->n; i++)
		if (s->slot[i].kind == SLOT_TAKEN && s->slot[i].counter == slot->counter)
			appendStringInfo(json, ",\"deductible\":%s", Yuan(SumOfSlot(s, &s->slot[i], totals)));
	appendStringInfoString(json, "}");
}

static void
AppendTally(StringInfo json, const Slots *s, const Slot *slot, const Totals *totals)
{
	static const char *const kind[] = {
		[TALLY_DEDUCTIBLE] = "deductible", [TALLY_DEDUCTIBLE_SUM] = "deductible_sum", [TALLY_CAP] = "cap", [TALLY_STAYS] = "stays"
	};
	int64		sum = SumOfSlot(s, slot, totals);

	appendStringInfo(json, "{\"kind\":\"%s\",", kind[slot->tally]);
	AppendCounter(json, s, slot);
	if (slot->tally != TALLY_STAYS)
		appendStringInfo(json, ",\"used\":%s}", Yuan(sum));
	else if (sum % 100 != 0 || sum < 0)
		RefuseTotals(psprintf("A number of visits is %s.", Yuan(sum)));
	else
		appendStringInfo(json, ",\"n\":" INT64_FORMAT "}", sum / 100);
}

/* The slots of one kind as a JSON array */
static void
AppendSlots(StringInfo json, const char *key, SlotKind kind, const Slots *s, const Totals *totals)
{
	const char *comma = "";

	appendStringInfo(json, ",\"%s\":[", key);
	for (int i = 0; i < s->n; i++)
	{
		if (s->slot[i].kind != kind)
			continue;
		appendStringInfoString(json, comma);
		comma = ",";
		if (kind == SLOT_BASE)
			AppendBase(json, s, &s->slot[i], totals);
		else
			AppendTally(json, s, &s->slot[i], totals);
	}
	appendStringInfoChar(json, ']');
}

/* Terms and bill, and what the totals carry between them */
static TotalsCall *
OpenTotals(FunctionCallInfo fcinfo)
{
	TotalsCall *call = CallOf(fcinfo);

	FindSlots(GetBook(&call->use, fcinfo->flinfo->fn_mcxt, PG_GETARG_DATUM(1)), BillOfDatum(PG_GETARG_DATUM(2), &call->bill),
			  &call->slots);
	return call;
}

/* Bills before this one are known only by their sums: the fold refuses (MA202) to book anything against them. */
PG_FUNCTION_INFO_V1(assistance_account_from_5206);
Datum
assistance_account_from_5206(PG_FUNCTION_ARGS)
{
	TotalsCall *call = OpenTotals(fcinfo);
	Slots	   *s = &call->slots;
	StringInfoData json;
	Account    *account = NewAccount();

	ReadTotals(s, PG_GETARG_JSONB_P(0), &call->totals);
	initStringInfo(&json);
	appendStringInfoString(&json, "{\"format\":1");
	AppendSlots(&json, "bases", SLOT_BASE, s, &call->totals);
	AppendSlots(&json, "tallies", SLOT_TALLY, s, &call->totals);
	if (call->totals.n > 0)
	{
		int			y,
					m,
					d;

		j2date(s->day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
		appendStringInfo(&json, ",\"unkept\":\"%04d-%02d-%02d\"", y, m, d);
	}
	appendStringInfoChar(&json, '}');
	AccountFromTextDatum(PointerGetDatum(cstring_to_text_with_len(json.data, json.len)), account);
	PG_RETURN_DATUM(AccountGetDatum(account));
}

/* ---- and back ---- */

static bool
IsCounter(const Account *account, const Slots *s, const Slot *slot, NameId name, int32 period)
{
	const Counter *counter = &s->page->counters[slot->counter];
	const CoreName *text = &account->names[name];

	return name != NAME_NONE && period == s->year && text->length == counter->name.length &&
		memcmp(text->text, counter->name.text, text->length) == 0;
}

/* The cumulative base with the weights of the rule that reads it */
static Exact
BaseOf(const Slots *s, const Slot *slot, const BaseCounter *base)
{
	Exact		sum = ExactFen(0);

	for (int l = 0; l < s->page->n_layers; l++)
		for (int r = 0; r < s->page->layers[l].n_rules; r++)
		{
			const Rule *rule = &s->page->layers[l].rules[r];

			if (!rule->year || rule->base_counter != slot->counter)
				continue;
			for (int b = 0; b < BUCKET_PART; b++)
				if (rule->weights->mask >> b & 1)
					sum = ExactAdd(sum, (Exact) {base->fen[b], base->fractional ? base->nano[b] : 0});
			if (rule->weights->mask >> BUCKET_PART != 0)
				RefuseTotals("The base has named parts of columns, which no total carries.");
			return sum;
		}
	return sum;
}

/* What the account has in a slot's counter; 0 where it is not open */
static Exact
AmountOfSlot(const Account *account, const Slots *s, const Slot *slot)
{
	for (int i = 0; i < account->n_bases && slot->kind != SLOT_TALLY; i++)
		if (IsCounter(account, s, slot, account->bases[i].name, account->bases[i].period))
			return slot->kind == SLOT_TAKEN ? account->bases[i].deductible : BaseOf(s, slot, &account->bases[i]);
	for (int i = 0; i < account->n_tallies && slot->kind == SLOT_TALLY; i++)
		if (account->tallies[i].kind == slot->tally && IsCounter(account, s, slot, account->tallies[i].name, account->tallies[i].period))
			return account->tallies[i].used;
	return ExactFen(0);
}

/* The code that a slot is written under: of narrowed stays, the one care type that it counts */
static const char *
CodeOfSlot(const Slots *s, const Slot *slot)
{
	const StayCount *count = &s->page->counts[slot->count];
	uint64		mask;
	Code		code;

	if (!slot->narrowed)
		return slot->code[0];
	mask = count->when.all.tests[0].mask;
	if (mask == 0 || (mask & (mask - 1)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_TOTALS),
				 errmsg("the account does not say what the totals of 5206 ask for"),
				 errdetail("Counter \"%.*s\" counts stays of several care types together; C0000_BIZ… is one figure for each.",
						   s->page->counters[slot->counter].name.length, s->page->counters[slot->counter].name.text),
				 errhint("Count them from the bills.")));
	code = s->page->codes[CODE_CARE_TYPE].codes[__builtin_ctzll(mask)];
	return psprintf(BIZ "%.*s", code.length, code.text);
}

static void
PutTotal(ReturnSetInfo *rsinfo, const Slots *s, const char *insutype, const char *code, Datum cum)
{
	Datum		values[5];
	bool		nulls[5] = {insutype == NULL, false, true, false, false};

	values[0] = insutype == NULL ? (Datum) 0 : CStringGetTextDatum(insutype);
	values[1] = CStringGetTextDatum(YearOf(s));
	values[2] = (Datum) 0;
	values[3] = CStringGetTextDatum(code);
	values[4] = cum;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(assistance_account_to_5206);
Datum
assistance_account_to_5206(PG_FUNCTION_ARGS)
{
	TotalsCall *call = OpenTotals(fcinfo);
	Slots	   *s = &call->slots;
	Account    *account = NewAccount();
	Word		words[3] = {WordOf("scheme"), s->scheme, s->region};
	const char *insutype;

	InitMaterializedSRF(fcinfo, 0);
	DatumGetAccount(PG_GETARG_DATUM(0), account);
	insutype = Ask(ASK_CODE, words, s->day)->word[5].text;
	if (insutype != NULL)
		insutype = pstrdup(insutype);
	call->totals.n = 0;
	for (int i = 0; i < s->n; i++)
	{
		const char *code = CodeOfSlot(s, &s->slot[i]);
		Exact		amount = AmountOfSlot(account, s, &s->slot[i]);
		int			before = call->totals.n;
		Total	   *total = TotalOf(&call->totals, WordOf(code));

		if (s->slot[i].tally == TALLY_STAYS && s->slot[i].kind == SLOT_TALLY)
			amount.fen *= 100;
		if (s->slot[i].n_codes > 1 && !s->slot[i].optional[1])
			RefuseTotals(psprintf("One counter has the payments of several funds (%s, %s).", s->slot[i].code[0], s->slot[i].code[1]));
		if (amount.nano != 0 || (before == call->totals.n && total->hundredths != amount.fen))
			RefuseTotals(psprintf("%s would have parts of a fen, or two figures.", code));
		total->hundredths = amount.fen;
	}
	for (int i = 0; i < call->totals.n; i++)
		PutTotal((ReturnSetInfo *) fcinfo->resultinfo, s, insutype, call->totals.total[i].code,
				 FenToNumeric(call->totals.total[i].hundredths));
	return (Datum) 0;
}
