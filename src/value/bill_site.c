/*
 * bill_site.c — make_bill from the second row on: a call site keeps the last bill, in which arguments that are constants of the
 * query stay where they are, and reads the others into it. Only what most rows bring is decided here, and only that it is
 * good; everything else is left to make_bill.c and CheckBill, which also say what is wrong.
 */
#include "postgres.h"

#include "core/text.h"
#include "fen.h"
#include "nodes/primnodes.h"
#include "utils/array.h"
#include "utils/date.h"
#include "value/bill_site.h"

#define BIT(argument) (UINT32_C(1) << (argument))
#define ALL_ARGUMENTS (BIT(MAKE_BILL_ARGS) - 1)
#define SELDOM (BIT(ARG_KIND) | BIT(ARG_ADMITTED_ON) | BIT(ARG_DISCHARGED_ON) | BIT(ARG_SETTLED_ON) | BIT(ARG_DESIGNATED) | \
				BIT(ARG_AGE) | BIT(ARG_ENCOUNTER_TOTAL))	/* these are constants in most queries */
#define FIRST_TIME (FIRST_DAY * USECS_PER_DAY)
#define END_OF_TIME ((LAST_DAY + 1) * USECS_PER_DAY)

/* ---- which arguments vary ---- */

/* Is this expression a value that lies in the query itself, and is not packed in any way? */
static bool
IsPlainConstant(const Node *expression)
{
	const Const *constant = (const Const *) expression;

	return IsA(expression, Const) &&
		(constant->constisnull || constant->constbyval || !VARATT_IS_EXTENDED(DatumGetPointer(constant->constvalue)));
}

/* Bits of the arguments that differ from row to row; where the call is not known, all of them do */
static uint32
FindVarying(const FmgrInfo *flinfo)
{
	const FuncExpr *call = (const FuncExpr *) flinfo->fn_expr;
	uint32		varying = ALL_ARGUMENTS;
	int			argument = 0;
	ListCell   *cell;

	if (call == NULL || !IsA(call, FuncExpr) || call->funcid != flinfo->fn_oid || list_length(call->args) != MAKE_BILL_ARGS)
		return varying;
	foreach(cell, call->args)
	{
		if (IsPlainConstant(lfirst(cell)))
			varying &= ~BIT(argument);
		argument++;
	}
	return varying;
}

/* The trait of a kind that says that an argument is there */
static uint64
FieldOf(int argument)
{
	static const uint8 fields[8] = {
		ARG_ADMITTED_ON, ARG_DISCHARGED_ON, ARG_SETTLED_ON, ARG_AGE, ARG_ENCOUNTER_TOTAL, ARG_HOSPITAL, ARG_ENCOUNTER, ARG_CHAIN
	};

	for (int i = 0; i < lengthof(fields); i++)
		if (fields[i] == argument)
			return UINT64CONST(1) << (KIND_FIELDS + i);
	return 0;
}

/* A code that varies is read into the bill */
static void
AddCodeColumn(BillSite *site, int argument, Code *code)
{
	if (site->varying & BIT(argument))
		site->codes[site->n_codes++] = (CodeColumn) {.code = code, .argument = (uint8) argument, .field = FieldOf(argument)};
}

BillSite *
NewBillSite(FunctionCallInfo fcinfo, bool in_fen)
{
	static uint64 makers = 0;
	BillSite   *site = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(BillSite));
	Bill	   *bill;

	site->made = NewMadeBill(fcinfo->flinfo->fn_mcxt);
	site->made->maker = ++makers;
	InitKinds(&site->kinds, fcinfo->flinfo->fn_mcxt);
	site->in_fen = in_fen;
	site->varying = FindVarying(fcinfo->flinfo);
	bill = &site->made->bill;
	AddCodeColumn(site, ARG_REGION, &bill->region);
	AddCodeColumn(site, ARG_SCHEME, &bill->scheme);
	for (int i = 0; i < CODE_SINGLE; i++)
		AddCodeColumn(site, ARG_SINGLE + i, &bill->single[i]);
	AddCodeColumn(site, ARG_HOSPITAL, &bill->hospital);
	AddCodeColumn(site, ARG_ENCOUNTER, &bill->encounter);
	AddCodeColumn(site, ARG_CHAIN, &bill->chain);
	return site;
}

/* ---- amounts ---- */

/* An amount that is good by itself; null is the value for it */
static inline bool
ReadAmount(FunctionCallInfo fcinfo, int argument, bool in_fen, int64 null_fen, int64 *fen)
{
	if (PG_ARGISNULL(argument))
	{
		*fen = null_fen;
		return true;
	}
	if (in_fen)
		*fen = PG_GETARG_INT64(argument);
	else if (!QuickFen(PG_GETARG_DATUM(argument), fen))
		return NumericToFen(PG_GETARG_DATUM(argument), fen) == FEN_OK && *fen >= 0;
	return (uint64) *fen <= (uint64) MAX_FEN;
}

/* The columns that vary; they add up to the total, which is there */
static inline bool
ReadAmounts(FunctionCallInfo fcinfo, uint32 varying, bool in_fen, int64 *column_fen)
{
	if (PG_ARGISNULL(ARG_TOTAL))
		return false;
#pragma GCC unroll 5
	for (int i = 0; i < ARG_AMOUNTS; i++)
		if ((varying & BIT(i)) && !ReadAmount(fcinfo, i, in_fen, 0, &column_fen[i]))
			return false;
	return column_fen[COLUMN_IN_SCOPE] + column_fen[COLUMN_EXCLUDED] + column_fen[COLUMN_OVER_LIMIT] +
		column_fen[COLUMN_FIRST_SHARE] == column_fen[COLUMN_TOTAL];
}

/* ---- codes ---- */

/* The bytes of a value that is neither packed nor elsewhere */
static inline bool
PlainBytes(Datum value, const char **bytes, int *length)
{
	const char *p = DatumGetPointer(value);

	if (VARATT_IS_1B(p) && !VARATT_IS_1B_E(p))
	{
		*bytes = VARDATA_1B(p);
		*length = VARSIZE_1B(p) - VARHDRSZ_SHORT;
		return true;
	}
	*bytes = VARDATA_4B(p);
	*length = VARSIZE_4B(p) - VARHDRSZ;
	return VARATT_IS_4B_U(p);
}

/* A code that is not short visible ASCII: is it the one of the row before, or a good one? */
static bool
Accept(CodeColumn *column, const char *text, int length)
{
	if (length == column->length && memcmp(text, column->accepted, length) == 0)
		return true;
	if (NameProblem(text, length, MAX_CODE) != NULL)
		return false;
	column->length = (uint8) length;
	memcpy(column->accepted, text, length);
	return true;
}

static inline bool
IsGood(CodeColumn *column)
{
	return (column->code->length <= 8 && IsVisibleAscii(column->code->text, column->code->length)) ||
		Accept(column, column->code->text, column->code->length);
}

/* The codes that vary; region and scheme are there. Texts that belong to the kind of the bill are still to be looked at. */
static inline bool
ReadCodes(FunctionCallInfo fcinfo, BillSite *site, KindKey *key)
{
	for (int i = 0; i < site->n_codes; i++)
	{
		CodeColumn *column = &site->codes[i];
		const char *text = NULL;
		int			length = 0;

		if (!PG_ARGISNULL(column->argument) &&
			(!PlainBytes(PG_GETARG_DATUM(column->argument), &text, &length) || length == 0 || length > MAX_CODE))
			return false;
		*column->code = (Code) {text, (uint8) length};
		if (column->field == 0)
			AddKindCode(key, text, length);
		else if (length > 0)
		{
			if (!IsGood(column))
				return false;
			key->traits |= column->field;
		}
	}
	return !PG_ARGISNULL(ARG_REGION) && !PG_ARGISNULL(ARG_SCHEME);
}

/* The elements of a list without nulls; base is where the array's four-byte header would begin (see ReadElements) */
static inline bool
ReadPlainElements(const char *base, const char *end, int n, Code *code, KindKey *key)
{
	int			at = ARR_OVERHEAD_NONULLS(1);

	for (int i = 0; i < n; i++)
	{
		varattrib_4b header;
		int			length;

		at = INTALIGN(at);
		if (base + at + VARHDRSZ > end)
			return false;
		memcpy(&header, base + at, VARHDRSZ);
		length = VARSIZE(&header) - VARHDRSZ;
		code[i].text = base + at + VARHDRSZ;
		if ((unsigned) length > MAX_CODE || code[i].text + length > end)
			return false;
		code[i].length = (uint8) length;
		AddKindCode(key, code[i].text, length);
		at += VARSIZE(&header);
	}
	return true;
}

/* A list that is null, empty, or one-dimensional and without nulls */
static inline bool
ReadPlainList(FunctionCallInfo fcinfo, int list, Bill *bill, KindKey *key)
{
	const char *bytes;
	int			length;
	ArrayType	head;
	int			n;

	bill->n_list[list] = 0;
	bill->list_known[list] = !PG_ARGISNULL(ARG_LIST + list);
	if (!bill->list_known[list])
		return true;
	if (!PlainBytes(PG_GETARG_DATUM(ARG_LIST + list), &bytes, &length))
		return false;
	key->traits += UINT64CONST(1) << (KIND_LISTS + 4 * list);
	memcpy(&head.ndim, bytes, sizeof(head) - VARHDRSZ);
	if (head.ndim == 0)
		return true;
	if (head.ndim != 1 || head.dataoffset != 0)
		return false;
	memcpy(&n, bytes - VARHDRSZ + sizeof(head), sizeof(n));
	if ((unsigned) n > MAX_LIST || !ReadPlainElements(bytes - VARHDRSZ, bytes + length, n, bill->list[list], key))
		return false;
	key->traits += (uint64) n << (KIND_LISTS + 4 * list);
	bill->n_list[list] = (uint8) n;
	return true;
}

/* ---- the rest ---- */

static inline bool
ReadDay(FunctionCallInfo fcinfo, int argument, int32 *day)
{
	*day = PG_ARGISNULL(argument) ? NO_DATE : PG_GETARG_DATEADT(argument);
	return *day == NO_DATE ? PG_ARGISNULL(argument) : *day >= FIRST_DAY && *day <= LAST_DAY;
}

/* Which of the arguments that are constants in most queries are there; they have been read */
static uint64
SeldomTraits(const Bill *bill)
{
	return (bill->admitted_on != NO_DATE ? FieldOf(ARG_ADMITTED_ON) : 0) |
		(bill->discharged_on != NO_DATE ? FieldOf(ARG_DISCHARGED_ON) : 0) |
		(bill->settled_on != NO_DATE ? FieldOf(ARG_SETTLED_ON) : 0) | (bill->age != NO_AGE ? FieldOf(ARG_AGE) : 0) |
		(bill->encounter_total_fen != NO_AMOUNT ? FieldOf(ARG_ENCOUNTER_TOTAL) : 0) |
		(uint64) (bill->designated + 1) << KIND_DESIGNATED;
}

/* What is a constant in most queries */
static bool
ReadSeldom(FunctionCallInfo fcinfo, const BillSite *site, Bill *bill)
{
	uint32		varying = site->varying;

	if (varying & BIT(ARG_KIND))
	{
		if (!PG_ARGISNULL(ARG_KIND))
			return false;
		bill->kind = BILL_ORDINARY;
	}
	if (((varying & BIT(ARG_ADMITTED_ON)) && !ReadDay(fcinfo, ARG_ADMITTED_ON, &bill->admitted_on)) ||
		((varying & BIT(ARG_DISCHARGED_ON)) && !ReadDay(fcinfo, ARG_DISCHARGED_ON, &bill->discharged_on)) ||
		((varying & BIT(ARG_SETTLED_ON)) && !ReadDay(fcinfo, ARG_SETTLED_ON, &bill->settled_on)))
		return false;
	if (varying & BIT(ARG_DESIGNATED))
		bill->designated = PG_ARGISNULL(ARG_DESIGNATED) ? -1 : PG_GETARG_BOOL(ARG_DESIGNATED);
	if (varying & BIT(ARG_AGE))
	{
		int32		age = PG_ARGISNULL(ARG_AGE) ? NO_AGE : PG_GETARG_INT32(ARG_AGE);

		if (!PG_ARGISNULL(ARG_AGE) && (age < 0 || age > MAX_AGE))
			return false;
		bill->age = (int16) age;
	}
	return !(varying & BIT(ARG_ENCOUNTER_TOTAL)) ||
		ReadAmount(fcinfo, ARG_ENCOUNTER_TOTAL, site->in_fen, NO_AMOUNT, &bill->encounter_total_fen);
}

/* Are the texts that tell the kind of a bill good ones? */
static pg_noinline bool
TextsAreGood(BillSite *site)
{
	const Bill *bill = &site->made->bill;

	for (int i = 0; i < site->n_codes; i++)
		if (site->codes[i].field == 0 && site->codes[i].code->text != NULL && !IsGood(&site->codes[i]))
			return false;
	for (int list = 0; list < CODE_LISTS; list++)
		for (int i = 0; (site->varying & BIT(ARG_LIST + list)) && i < bill->n_list[list]; i++)
			if (NameProblem(bill->list[list][i].text, bill->list[list][i].length, MAX_CODE) != NULL)
				return false;
	return true;
}

/* The kind of a bill that has been read; texts of a known kind have been looked at */
static inline bool
FindItsKind(BillSite *site, KindKey *key)
{
	site->made->alike = FindKind(&site->kinds, key);
	if (likely(site->made->alike != 0))
		return true;
	if (!TextsAreGood(site))
		return false;
	site->made->alike = AddKind(&site->kinds, key);
	return true;
}

bool
ReadVarying(FunctionCallInfo fcinfo, BillSite *site)
{
	Bill	   *bill = &site->made->bill;
	uint32		varying = site->varying;
	KindKey		key;

	key.hash = 0;
	key.traits = 0;
	key.n = 1;
	key.n_codes = 0;
	if (varying & BIT(ARG_ORDERED_AT))
	{
		bill->ordered_at = PG_ARGISNULL(ARG_ORDERED_AT) ? NO_TIMESTAMP : PG_GETARG_INT64(ARG_ORDERED_AT);
		if (bill->ordered_at < FIRST_TIME || bill->ordered_at >= END_OF_TIME)
			return false;
	}
	if (varying & BIT(ARG_SEQ))
		bill->seq = PG_ARGISNULL(ARG_SEQ) ? 0 : PG_GETARG_INT64(ARG_SEQ);
	if (varying & SELDOM)
	{
		if (!ReadSeldom(fcinfo, site, bill))
			return false;
		key.traits = SeldomTraits(bill);
	}
	if (bill->kind != BILL_ORDINARY || !ReadAmounts(fcinfo, varying, site->in_fen, bill->column_fen) ||
		!ReadCodes(fcinfo, site, &key))
		return false;
	for (int i = 0; i < CODE_LISTS; i++)
		if ((varying & BIT(ARG_LIST + i)) && !ReadPlainList(fcinfo, i, bill, &key))
			return false;
	return FindItsKind(site, &key) && (bill->discharged_on == NO_DATE || bill->discharged_on >= bill->admitted_on) &&
		(bill->settled_on == NO_DATE || bill->settled_on >= bill->admitted_on) &&
		(bill->encounter.text != NULL) == (bill->encounter_total_fen != NO_AMOUNT);
}
