/*
 * make_bill.c — assistance.make_bill and make_bill_fen: a bill from columns of any table. What they make is the bill that settle
 * reads; parts, given layers and facts come by the JSON reader. Here all arguments are read and checked; from the second row on
 * bill_site.c reads those that may have changed, and comes back here when it finds anything unusual.
 */
#include "postgres.h"

#include "errors.h"
#include "fen.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"
#include "value/bill_site.h"
#include "value/make_bill.h"

/* An argument that no bill can have */
static void
RefuseArgument(const char *argument, const char *found, const char *expected)
{
	Fault		fault;

	CheckFault(FaultSet(&fault, ST_BILL_BAD_VALUE, argument, found, expected), &fault);
}

/* A code or identifier; CheckBill refuses one that is too long */
static Code
CodeArgument(FunctionCallInfo fcinfo, int argument)
{
	Code		code = {NULL, 0};

	if (!PG_ARGISNULL(argument))
	{
		text	   *value = PG_GETARG_TEXT_PP(argument);

		code.text = VARDATA_ANY(value);
		code.length = (uint8) Min(VARSIZE_ANY_EXHDR(value), PG_UINT8_MAX);
	}
	return code;
}

/* An amount in yuan or fen that is not null */
static int64
AmountArgument(FunctionCallInfo fcinfo, int argument, const char *name, bool in_fen)
{
	int64		fen;

	if (!in_fen)
		return NumericArgumentToFen(PG_GETARG_DATUM(argument), name);
	fen = PG_GETARG_INT64(argument);
	if (fen > MAX_FEN || fen < -MAX_FEN)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s is out of range", name),
				 errdetail("%s: " INT64_FORMAT " fen.", name, fen),
				 errhint("Amounts are at most 1000000000000000 fen, which is 10000000000000.00 yuan.")));
	return fen;
}

/* The columns; what is not given is 0, but a bill must say its total */
static void
ReadColumns(FunctionCallInfo fcinfo, Bill *bill, bool in_fen)
{
	for (int i = 0; i < ARG_AMOUNTS; i++)
		if (!PG_ARGISNULL(i))
			bill->column_fen[i] = AmountArgument(fcinfo, i, column_name[i], in_fen);
	if (unlikely(PG_ARGISNULL(ARG_TOTAL)) && bill->kind == BILL_ORDINARY)
	{
		Fault		fault;

		CheckFault(FaultSet(&fault, ST_BILL_MISSING, "total", "nothing", "the whole cost of the bill in yuan"), &fault);
	}
}

static BillKind
ReadKind(FunctionCallInfo fcinfo)
{
	static const char *const name[] = {"bill", "application", "year_close"};
	Code		kind = CodeArgument(fcinfo, ARG_KIND);

	if (kind.text == NULL)
		return BILL_ORDINARY;
	for (int i = 0; i < lengthof(name); i++)
		if (strlen(name[i]) == kind.length && memcmp(name[i], kind.text, kind.length) == 0)
			return (BillKind) i;
	RefuseArgument("kind", psprintf("\"%.*s\"", pg_mbcliplen(kind.text, kind.length, 64), kind.text),
				   "bill, application or year_close");
	pg_unreachable();
}

static int32
ReadDate(FunctionCallInfo fcinfo, int argument, const char *name)
{
	DateADT		date;

	if (PG_ARGISNULL(argument))
		return NO_DATE;
	date = PG_GETARG_DATEADT(argument);
	if (unlikely(DATE_NOT_FINITE(date)))
		RefuseArgument(name, "an infinite date", "a date from 1990-01-01 to 2199-12-31");
	return date;
}

/* Order key and dates */
static void
ReadDates(FunctionCallInfo fcinfo, Bill *bill)
{
	if (!PG_ARGISNULL(ARG_ORDERED_AT))
	{
		bill->ordered_at = PG_GETARG_TIMESTAMP(ARG_ORDERED_AT);
		if (unlikely(TIMESTAMP_NOT_FINITE(bill->ordered_at)))
			RefuseArgument("ordered_at", "an infinite timestamp", "a time from 1990-01-01 to 2199-12-31");
	}
	if (!PG_ARGISNULL(ARG_SEQ))
		bill->seq = PG_GETARG_INT64(ARG_SEQ);
	bill->admitted_on = ReadDate(fcinfo, ARG_ADMITTED_ON, "admitted_on");
	bill->discharged_on = ReadDate(fcinfo, ARG_DISCHARGED_ON, "discharged_on");
	bill->settled_on = ReadDate(fcinfo, ARG_SETTLED_ON, "settled_on");
}

/* An array of codes must be a plain list */
static void
RefuseArray(const char *argument, const char *found)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_ARRAY),
			 errmsg("%s is not a list of codes", argument),
			 errdetail("%s: found %s.", argument, found),
			 errhint("Expected a one-dimensional array of at most 8 codes without nulls; '{}' stands for \"known to be none\".")));
}

/*
 * The elements of a one-dimensional text[] without nulls, which begin at an offset from base. A short array in a tuple has a
 * one-byte header and no alignment; it is read where it lies: base is where its four-byte header would begin.
 */
static void
ReadElements(const char *base, int at, int n, Code *code)
{
	for (int i = 0; i < n; i++)
	{
		varattrib_4b header;

		at = INTALIGN(at);
		memcpy(&header, base + at, VARHDRSZ);	/* elements of arrays have the long header */
		code[i].text = base + at + VARHDRSZ;
		code[i].length = (uint8) Min(VARSIZE(&header) - VARHDRSZ, PG_UINT8_MAX);
		at += VARSIZE(&header);
	}
}

/* A list attribute from text[] */
static void
ReadList(FunctionCallInfo fcinfo, int list, Bill *bill)
{
	const char *name = code_attribute_name[CODE_SINGLE + list];
	struct varlena *array;
	const char *base;
	ArrayType	head;
	int			n;

	if (PG_ARGISNULL(ARG_LIST + list))
		return;
	array = PG_GETARG_VARLENA_PP(ARG_LIST + list);
	base = VARDATA_ANY(array) - VARHDRSZ;
	memcpy(&head.ndim, base + VARHDRSZ, sizeof(head) - VARHDRSZ);
	bill->list_known[list] = true;
	if (head.ndim == 0)
		return;
	if (head.ndim != 1)
		RefuseArray(name, "an array of several dimensions");
	memcpy(&n, base + sizeof(head), sizeof(n));
	if (head.dataoffset != 0 && array_contains_nulls(PG_GETARG_ARRAYTYPE_P(ARG_LIST + list)))
		RefuseArray(name, "a null");
	if (n > MAX_LIST)
		RefuseArray(name, psprintf("%d codes", n));
	ReadElements(base, head.dataoffset != 0 ? head.dataoffset : ARR_OVERHEAD_NONULLS(1), n, bill->list[list]);
	bill->n_list[list] = (uint8) n;
}

/* What rules test */
static void
ReadAttributes(FunctionCallInfo fcinfo, Bill *bill, bool in_fen)
{
	bill->region = CodeArgument(fcinfo, ARG_REGION);
	bill->scheme = CodeArgument(fcinfo, ARG_SCHEME);
	for (int i = 0; i < CODE_SINGLE; i++)
		bill->single[i] = CodeArgument(fcinfo, ARG_SINGLE + i);
	for (int i = 0; i < CODE_LISTS; i++)
		ReadList(fcinfo, i, bill);
	if (!PG_ARGISNULL(ARG_DESIGNATED))
		bill->designated = PG_GETARG_BOOL(ARG_DESIGNATED);
	if (!PG_ARGISNULL(ARG_AGE))
	{
		int32		age = PG_GETARG_INT32(ARG_AGE);

		if (age < 0 || age > PG_INT16_MAX)
			RefuseArgument("age", psprintf("%d", age), "whole years from 0 to 150");
		bill->age = (int16) age;
	}
	bill->hospital = CodeArgument(fcinfo, ARG_HOSPITAL);
	bill->encounter = CodeArgument(fcinfo, ARG_ENCOUNTER);
	bill->chain = CodeArgument(fcinfo, ARG_CHAIN);
	if (!PG_ARGISNULL(ARG_ENCOUNTER_TOTAL))
	{
		bill->encounter_total_fen = AmountArgument(fcinfo, ARG_ENCOUNTER_TOTAL, "encounter_total", in_fen);
		if (bill->encounter_total_fen < 0)
			RefuseArgument("encounter_total", "a negative amount", "the total of all bills of the encounter");
	}
}

static void
AppendMember(StringInfo json, FunctionCallInfo fcinfo, int argument, const char *key)
{
	text	   *value;

	if (PG_ARGISNULL(argument))
		return;
	value = PG_GETARG_TEXT_PP(argument);
	appendStringInfo(json, ",\"%s\":", key);
	appendBinaryStringInfo(json, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* Parts, given layers and facts are one JSON object in the call site's memory */
static void
CollectMembers(FunctionCallInfo fcinfo, BillSite *site)
{
	MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	StringInfo	json = &site->members;
	int			needed;

	if (json->data == NULL)
		initStringInfo(json);
	resetStringInfo(json);
	AppendMember(json, fcinfo, ARG_PARTS, "parts");
	AppendMember(json, fcinfo, ARG_GIVEN, "given");
	AppendMember(json, fcinfo, ARG_FACTS, "facts");
	appendStringInfoChar(json, '}');
	json->data[0] = '{';
	needed = json->len > MAX_JSON_BYTES ? 0 : BillScratchNeeded(json->len);
	if (site->scratch_size < needed)
	{
		if (site->scratch != NULL)
			pfree(site->scratch);
		site->scratch = palloc(needed);
		site->scratch_size = needed;
	}
	MemoryContextSwitchTo(old);
}

/* Add them to the bill; false: something is wrong */
static bool
ReadMembers(FunctionCallInfo fcinfo, BillSite *site)
{
	Bill	   *bill = &site->made->bill;
	Fault		fault;

	CollectMembers(fcinfo, site);
	if (site->members.len > MAX_JSON_BYTES ||
		BillMembersFromJson(site->members.data, site->members.len, site->scratch, site->scratch_size, bill, &fault) != ST_OK)
		return false;
	SortMembers(bill);
	site->made->alike = 0;
	return true;
}

static void
ForgetMembers(Bill *bill)
{
	bill->n_parts = bill->n_given = bill->n_facts = 0;
}

/* The whole bill as JSON, through the reader that says where in it the fault is */
static Datum
ThroughJson(FunctionCallInfo fcinfo, const Bill *bill)
{
	StringInfoData json;
	int			length;
	char	   *text = BillText(bill, &length);
	Datum		value;

	Assert(length > 2 && text[length - 1] == '}');
	initStringInfo(&json);
	appendBinaryStringInfo(&json, text, length - 1);
	AppendMember(&json, fcinfo, ARG_PARTS, "parts");
	AppendMember(&json, fcinfo, ARG_GIVEN, "given");
	AppendMember(&json, fcinfo, ARG_FACTS, "facts");
	appendStringInfoChar(&json, '}');
	value = BillFromText(json.data, json.len, NULL);
	pfree(text);
	pfree(json.data);
	return value;
}

/* Every argument, into a new bill that is checked as a whole */
static void
ReadInFull(FunctionCallInfo fcinfo, BillSite *site)
{
	Bill	   *bill = &site->made->bill;
	Fault		fault;

	site->ready = false;
	site->made->alike = 0;
	BillInit(bill);
	bill->kind = ReadKind(fcinfo);
	ReadColumns(fcinfo, bill, site->in_fen);
	ReadDates(fcinfo, bill);
	ReadAttributes(fcinfo, bill, site->in_fen);
	CheckFault(CheckBill(bill, &fault), &fault);
	site->ready = true;
}

/* Either function: they differ in how they read amounts */
static inline Datum
MakeBill(FunctionCallInfo fcinfo, bool in_fen)
{
	BillSite   *site = fcinfo->flinfo->fn_extra;

	StaticAssertStmt(MAKE_BILL_ARGS == 29, "bill.sql declares make_bill with 29 arguments");
	if (unlikely(site == NULL))
		fcinfo->flinfo->fn_extra = site = NewBillSite(fcinfo, in_fen);
	ForgetMembers(&site->made->bill);
	if (unlikely(!site->ready || !ReadVarying(fcinfo, site)))
		ReadInFull(fcinfo, site);
	if (unlikely(!PG_ARGISNULL(ARG_PARTS) || !PG_ARGISNULL(ARG_GIVEN) || !PG_ARGISNULL(ARG_FACTS)) && !ReadMembers(fcinfo, site))
	{
		ForgetMembers(&site->made->bill);
		return ThroughJson(fcinfo, &site->made->bill);
	}
	return MadeBillGetDatum(site->made);
}

PG_FUNCTION_INFO_V1(assistance_make_bill);
Datum
assistance_make_bill(PG_FUNCTION_ARGS)
{
	return MakeBill(fcinfo, false);
}

PG_FUNCTION_INFO_V1(assistance_make_bill_fen);
Datum
assistance_make_bill_fen(PG_FUNCTION_ARGS)
{
	return MakeBill(fcinfo, true);
}
