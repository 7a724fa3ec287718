/*
 * status.h — how the core reports that it cannot answer. The core never prints and never jumps: it returns a
 * Status and fills in a Fault; src/errors.h turns both into SQLSTATE, message, detail and hint.
 */
#ifndef ASSISTANCE_STATUS_H
#define ASSISTANCE_STATUS_H

typedef enum Status
{
	ST_OK = 0,

	/* documents */
	ST_JSON_SYNTAX,				/* not JSON, or JSON that this reader refuses (duplicate key, exponent, NUL, bad UTF-8) */
	ST_JSON_TOO_LARGE,			/* longer than MAX_JSON_BYTES */
	ST_JSON_TOO_DEEP,			/* deeper than MAX_JSON_DEPTH */
	ST_DOC_UNKNOWN_KEY,
	ST_DOC_MISSING_KEY,
	ST_DOC_WRONG_TYPE,			/* a value of another type than expected */
	ST_DOC_BAD_VALUE,			/* right type, wrong value: range, decimals, date, name */
	ST_DOC_UNKNOWN_NAME,		/* refers to a layer, counter, source, code, part or fact that is not declared */
	ST_DOC_DUPLICATE,			/* a name or a list member twice, pages that overlap */
	ST_DOC_BANDS,				/* bands that overlap or do not ascend */
	ST_DOC_BANDS_GAP,			/* bands with a gap between them, or before the first */
	ST_DOC_CONFLICT,			/* keys that may not stand together */
	ST_DOC_NO_CITATION,			/* a parameter without a citation */
	ST_DOC_LIMIT,				/* more members than the named maximum */
	ST_DOC_VERSION,				/* unknown format or engine level */

	/* bills */
	ST_BILL_NEGATIVE,			/* an amount below 0 */
	ST_BILL_TOO_LARGE,			/* an amount above MAX_FEN */
	ST_BILL_SUM,				/* columns do not add up to the total, or parts exceed their column */
	ST_BILL_MISSING,			/* an attribute that is always required, or that a rule tests, is missing */
	ST_BILL_UNKNOWN_CODE,
	ST_BILL_UNKNOWN_NAME,		/* unknown part or given layer */
	ST_BILL_BAD_VALUE,			/* date, age, text or list out of range */
	ST_BILL_EVENT_COST,			/* an event with an amount */
	ST_BILL_GIVEN,				/* a given amount above what is left, or above in_scope */
	ST_NO_PAGE,					/* no page covers the bill: the gap is named */
	ST_OUT_OF_ORDER,			/* order key not above the last one */

	/* accounts and the fold */
	ST_ACCOUNT_FULL,			/* more open counters, names or kept bills than the named maximum */
	ST_ACCOUNT_NO_HISTORY,		/* adjustments or events need bills that this account did not keep */
	ST_OVERFLOW,				/* a year's sum above MAX_FEN */
	ST_PENALTY_PAYS,			/* a penalty that would pay more */
	ST_TOO_MANY_FACTORS,		/* more than two multiplications of one target fit on a bill */
	ST_INTERNAL					/* an invariant broken: never expected */
} Status;

#define MAX_FAULT_TEXT 256

typedef struct Fault
{
	Status		status;
	int			node;						/* of the document's tape; -1: not a document */
	char		path[MAX_FAULT_TEXT];		/* JSON path or attribute: "$.pages[0].layers[1].rules[0].bands[2].ratio" */
	int			line;						/* 1-based; 0 = not a document */
	int			column;
	char		expected[MAX_FAULT_TEXT];	/* what would have been right there, to be shown in the hint */
	char		found[MAX_FAULT_TEXT];		/* what was found, to be shown in the detail */
} Fault;

/* Fill in a fault (texts are cut at a character boundary, never overrun) and return its status. */
extern Status FaultSet(Fault *fault, Status status, const char *path, const char *found, const char *expected);
extern Status FaultFormat(Fault *fault, Status status, const char *path, const char *expected, const char *found_format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
