/*
 * bill_site.h — private to make_bill: what a call site of it keeps from row to row.
 */
#ifndef ASSISTANCE_VALUE_BILL_SITE_H
#define ASSISTANCE_VALUE_BILL_SITE_H

#include "lib/stringinfo.h"
#include "value/bill.h"
#include "value/bill_arguments.h"
#include "value/bill_kinds.h"

#define ARG_AMOUNTS 5			/* from ARG_TOTAL */
#define CODE_ARGUMENTS (CODE_SINGLE + 5)	/* region, scheme, the single attributes, hospital, encounter, chain */

/* An argument that is a code and differs from row to row */
typedef struct CodeColumn
{
	Code	   *code;			/* where it goes */
	uint8		argument;
	uint64		field;			/* 0: rules may test it; else the trait of a kind that says it is there */
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
	BillKinds	kinds;			/* of bills whose texts have been looked at */
	StringInfoData members;		/* parts, given and facts of the last bill that had any; its texts may point here … */
	char	   *scratch;		/* … or here; NULL: there was none */
	int			scratch_size;
} BillSite;

/* The call site's state */
extern BillSite *NewBillSite(FunctionCallInfo fcinfo, bool in_fen);

/*
 * Read the arguments that vary into the bill of the row before. False: something is unusual, and the bill has to be read in full,
 * which also finds what is wrong with it.
 */
extern bool ReadVarying(FunctionCallInfo fcinfo, BillSite *site);

#endif
