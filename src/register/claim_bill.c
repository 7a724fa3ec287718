/*
 * claim_bill.c — the usual case of the view claim_bill: a statement that inserts a single claim. The row is at hand, so it is
 * not read again, and only what it leaves out is looked up. Many claims are read through the view, which says the same.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/spi.h"
#include "register/claim_bill.h"
#include "register/kept_table.h"
#include "register/plan.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "value/bill_arguments.h"

/* what the bill does not take over as it is */
#define NO_ARGUMENT (-1)

/* the columns of claim that a bill is made of, in the order in which the table has them */
static const struct
{
	const char *name;
	int			argument;		/* of make_bill */
}			bill_column[] = {
	{"person_id", NO_ARGUMENT}, {"kind", ARG_KIND}, {"region", ARG_REGION}, {"scheme", ARG_SCHEME}, {"ordered_at", ARG_ORDERED_AT},
	{"seq", ARG_SEQ}, {"admitted_on", ARG_ADMITTED_ON}, {"discharged_on", ARG_DISCHARGED_ON}, {"settled_on", ARG_SETTLED_ON},
	{"care_type", ARG_SINGLE + CODE_CARE_TYPE}, {"level", ARG_SINGLE + CODE_LEVEL}, {"referral", ARG_SINGLE + CODE_REFERRAL},
	{"place", ARG_SINGLE + CODE_PLACE}, {"person_type", ARG_SINGLE + CODE_PERSON_TYPE}, {"category", ARG_LIST},
	{"disease", ARG_LIST + 1}, {"designated", ARG_DESIGNATED}, {"age", ARG_AGE}, {"institution_id", ARG_HOSPITAL},
	{"encounter", ARG_ENCOUNTER}, {"encounter_total", ARG_ENCOUNTER_TOTAL}, {"chain", ARG_CHAIN}, {"total", ARG_TOTAL},
	{"in_scope", ARG_IN_SCOPE}, {"excluded", ARG_EXCLUDED}, {"over_limit", ARG_OVER_LIMIT}, {"first_share", ARG_FIRST_SHARE},
	{"parts", ARG_PARTS}, {"given", ARG_GIVEN}, {"facts", ARG_FACTS}
};

/* the arguments while they are gathered */
typedef struct Gathered
{
	FunctionCallInfo call;
	int64		person_id;
	DateADT		ordered_on;
	DateADT		admitted_on;	/* the day of the order key where it is left out */
} Gathered;

static bool
IsLeftOut(const Gathered *bill, int argument)
{
	return bill->call->args[argument].isnull;
}

/* Fill in what the claim leaves out, if it is known */
static void
FillIn(Gathered *bill, int argument, uint64 row, int column)
{
	NullableDatum *value = &bill->call->args[argument];

	if (value->isnull)
		value->value = PlanColumn(SPI_tuptable, row, column, &value->isnull);
}

/* A value as a parameter: its null goes into nulls. */
static Datum
Parameter(const Gathered *bill, int argument, char *null)
{
	*null = bill->call->args[argument].isnull ? 'n' : ' ';
	return bill->call->args[argument].value;
}

/* The columns of the row; those that follow each other in the table are found at once. */
static void
ReadRow(HeapTuple claim, TupleDesc desc, Gathered *bill)
{
	Datum		values[MaxHeapAttributeNumber];
	bool		nulls[MaxHeapAttributeNumber];
	int			column = 0;

	heap_deform_tuple(claim, desc, values, nulls);
	for (int i = 0; i < lengthof(bill_column); i++)
	{
		NullableDatum value;

		column++;
		if (column > desc->natts || strcmp(NameStr(TupleDescAttr(desc, column - 1)->attname), bill_column[i].name) != 0)
			column = SPI_fnumber(desc, bill_column[i].name);
		if (column <= 0)
			elog(ERROR, "table claim has no column %s", bill_column[i].name);
		value = (NullableDatum) {values[column - 1], nulls[column - 1]};
		if (bill_column[i].argument == NO_ARGUMENT)
			bill->person_id = DatumGetInt64(value.value);
		else
			bill->call->args[bill_column[i].argument] = value;
	}
	bill->ordered_on = DayOf(DatumGetTimestamp(bill->call->args[ARG_ORDERED_AT].value));
	bill->admitted_on = IsLeftOut(bill, ARG_ADMITTED_ON) ? bill->ordered_on :
		DatumGetDateADT(bill->call->args[ARG_ADMITTED_ON].value);
}

/* The level of the institution and whether it is designated */
static void
LookUpAgreement(Gathered *bill)
{
	Datum		values[2];

	if (IsLeftOut(bill, ARG_HOSPITAL) || (!IsLeftOut(bill, ARG_SINGLE + CODE_LEVEL) && !IsLeftOut(bill, ARG_DESIGNATED)))
		return;
	values[0] = bill->call->args[ARG_HOSPITAL].value;
	values[1] = DateADTGetDatum(bill->admitted_on);
	RunPlan(PLAN_AGREEMENT, values);
	if (SPI_processed > 0)
	{
		FillIn(bill, ARG_SINGLE + CODE_LEVEL, 0, 1);
		FillIn(bill, ARG_DESIGNATED, 0, 2);
	}
	if (IsLeftOut(bill, ARG_DESIGNATED))
		bill->call->args[ARG_DESIGNATED] = (NullableDatum) {BoolGetDatum(false), false};
}

/* The categories on any day of the stay */
static void
LookUpCategories(Gathered *bill)
{
	Datum		values[4];
	char		nulls[] = "    ";

	if (!IsLeftOut(bill, ARG_LIST))
		return;
	values[0] = Int64GetDatum(bill->person_id);
	values[1] = DateADTGetDatum(bill->ordered_on);
	values[2] = Parameter(bill, ARG_ADMITTED_ON, &nulls[2]);
	values[3] = Parameter(bill, ARG_DISCHARGED_ON, &nulls[3]);
	RunPlanWithNulls(PLAN_CATEGORIES, values, nulls);
	FillIn(bill, ARG_LIST, 0, 1);
}

/* The given layers with those that a determination settles */
static void
LookUpDeterminations(Gathered *bill)
{
	Datum		values[3];
	char		nulls[] = "   ";

	values[0] = Int64GetDatum(bill->person_id);
	values[1] = DateADTGetDatum(bill->ordered_on);
	values[2] = Parameter(bill, ARG_GIVEN, &nulls[2]);
	RunPlanWithNulls(PLAN_GIVEN, values, nulls);
	bill->call->args[ARG_GIVEN].value = PlanColumn(SPI_tuptable, 0, 1, &bill->call->args[ARG_GIVEN].isnull);
}

static void
LookUpReferral(Gathered *bill)
{
	Datum		values[4];
	char		nulls[] = "    ";

	values[0] = Int64GetDatum(bill->person_id);
	values[1] = DateADTGetDatum(bill->admitted_on);
	values[2] = Parameter(bill, ARG_HOSPITAL, &nulls[2]);
	values[3] = Parameter(bill, ARG_SINGLE + CODE_PLACE, &nulls[3]);
	RunPlanWithNulls(PLAN_REFERRAL, values, nulls);
	FillIn(bill, ARG_SINGLE + CODE_REFERRAL, 0, 1);
}

/* What the register knows of the person: the enrolment, and whether there are determinations and referrals to look at */
static void
LookUpAll(Gathered *bill)
{
	Datum		values[3];
	SPITupleTable *table;
	uint64		n;
	bool		determined = false;
	bool		referred = false;

	values[0] = Int64GetDatum(bill->person_id);
	values[1] = DateADTGetDatum(bill->ordered_on);
	values[2] = DateADTGetDatum(bill->admitted_on);
	RunPlan(PLAN_PERSON, values);
	table = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		bool		isnull;

		switch (DatumGetInt32(PlanColumn(table, i, 1, &isnull)))
		{
			case 1:
				FillIn(bill, ARG_REGION, i, 2);
				FillIn(bill, ARG_SCHEME, i, 3);
				FillIn(bill, ARG_SINGLE + CODE_PERSON_TYPE, i, 4);
				break;
			case 2:
				determined = true;
				break;
			default:
				referred = true;
		}
	}
	if (determined)
		LookUpDeterminations(bill);
	if (referred && IsLeftOut(bill, ARG_SINGLE + CODE_REFERRAL))
		LookUpReferral(bill);
}

/* Most persons have neither determinations nor referrals. */
static bool
NeedsAll(const Gathered *bill)
{
	Snapshot	snapshot = BeginLook();
	bool		needs = MayHaveRows(KEPT_DETERMINATION, bill->person_id, snapshot) ||
		(IsLeftOut(bill, ARG_SINGLE + CODE_REFERRAL) && MayHaveRows(KEPT_REFERRAL, bill->person_id, snapshot));

	EndLook(snapshot);
	return needs;
}

static void
LookUpEnrolment(Gathered *bill)
{
	Datum		values[2];

	if (!IsLeftOut(bill, ARG_REGION) && !IsLeftOut(bill, ARG_SCHEME) && !IsLeftOut(bill, ARG_SINGLE + CODE_PERSON_TYPE))
		return;
	values[0] = Int64GetDatum(bill->person_id);
	values[1] = DateADTGetDatum(bill->ordered_on);
	RunPlan(PLAN_ENROLMENT, values);
	if (SPI_processed > 0)
	{
		FillIn(bill, ARG_REGION, 0, 1);
		FillIn(bill, ARG_SCHEME, 0, 2);
		FillIn(bill, ARG_SINGLE + CODE_PERSON_TYPE, 0, 3);
	}
}

static void
LookUpPerson(Gathered *bill)
{
	if (NeedsAll(bill))
		LookUpAll(bill);
	else
		LookUpEnrolment(bill);
}

Datum
BillOfClaim(HeapTuple claim, TupleDesc desc)
{
	static FmgrInfo make_bill;	/* keeps the room for the bill */
	LOCAL_FCINFO(call, MAKE_BILL_ARGS);
	Gathered	bill = {.call = call};

	if (make_bill.fn_mcxt == NULL)
		make_bill.fn_mcxt = TopMemoryContext;
	InitFunctionCallInfoData(*call, &make_bill, MAKE_BILL_ARGS, InvalidOid, NULL, NULL);
	ReadRow(claim, desc, &bill);
	LookUpPerson(&bill);
	LookUpAgreement(&bill);
	LookUpCategories(&bill);
	return assistance_make_bill(call);
}
