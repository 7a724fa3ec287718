/*
 * bill_arguments.h — the arguments of make_bill by position, for make_bill itself and for C that calls it.
 */
#ifndef ASSISTANCE_VALUE_BILL_ARGUMENTS_H
#define ASSISTANCE_VALUE_BILL_ARGUMENTS_H

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

#endif
