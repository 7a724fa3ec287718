/*
 * make_bill.h — what make_bill and the type assistance.bill share.
 */
#ifndef ASSISTANCE_VALUE_MAKE_BILL_H
#define ASSISTANCE_VALUE_MAKE_BILL_H

#include "compat.h"
#include "core.h"
#include "fmgr.h"

/* The arguments of assistance.make_bill, in the order of bill.sql. */
typedef enum MakeBillArgument
{
	ARG_TOTAL,
	ARG_IN_SCOPE,
	ARG_EXCLUDED,
	ARG_OVER_LIMIT,
	ARG_FIRST_SHARE,
	ARG_REGION,
	ARG_SCHEME,
	ARG_ORDERED_AT,
	ARG_SEQ,
	ARG_KIND,
	ARG_ADMITTED_ON,
	ARG_DISCHARGED_ON,
	ARG_SETTLED_ON,
	ARG_SINGLE,					/* care_type, level, referral, place, person_type */
	ARG_LIST = ARG_SINGLE + CODE_SINGLE,	/* category, disease */
	ARG_DESIGNATED = ARG_LIST + CODE_LISTS,
	ARG_AGE,
	ARG_HOSPITAL,
	ARG_ENCOUNTER,
	ARG_ENCOUNTER_TOTAL,
	ARG_CHAIN,
	ARG_PARTS,
	ARG_GIVEN,
	ARG_FACTS,
	MAKE_BILL_ARGS
} MakeBillArgument;

extern Datum assistance_make_bill(PG_FUNCTION_ARGS);

/* The bill of a JSON text; 0 after a soft error. */
extern Datum BillFromText(const char *json, size_t length, Node *escontext);

/* The JSON of a bill, palloc'd and with a final zero. */
extern char *BillText(const Bill *bill, int *length);

#endif
