/*
 * bill_site.h — private to make_bill: its arguments, and what a call site of it keeps from row to row.
 */
#ifndef ASSISTANCE_VALUE_BILL_SITE_H
#define ASSISTANCE_VALUE_BILL_SITE_H

#include "value/bill.h"

/* The arguments, in the order of bill.sql. */
enum
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
	ARGS
};

#define ARG_AMOUNTS 5			/* from ARG_TOTAL */
#define CODE_ARGUMENTS (CODE_SINGLE + 5)	/* region, scheme, the single attributes, hospital, encounter, chain */

/* An argument that is a code and differs from row to row */
typedef struct CodeColumn
{
	Code	   *code;			/* where it goes */
	uint8		argument;
	uint8		length;			/* of accepted; 0: nothing accepted yet */
	char		accepted[MAX_CODE];		/* the last one that was checked: most often the next row brings it again */
} CodeColumn;

/* Lives in fn_extra. */
typedef struct BillSite
{
	MadeBill   *made;
	bool		ready;			/* made->bill has been read in full and found good; constant arguments stay in it */
	bool		in_fen;			/* amounts are bigint fen, else numeric yuan */
	uint32		varying;		/* bits: arguments that are no constants */
	int			n_codes;
	CodeColumn	codes[CODE_ARGUMENTS];
} BillSite;

/* The call site's state */
extern BillSite *NewBillSite(FunctionCallInfo fcinfo, bool in_fen);

/*
 * Read the arguments that vary into the bill of the row before. False: something is unusual, and the bill has to be read in full,
 * which also finds what is wrong with it.
 */
extern bool ReadVarying(FunctionCallInfo fcinfo, BillSite *site);

#endif
