/*
 * errors.h — the one table of our SQLSTATEs (class MA), and how a fault of the core becomes an error. Standard
 * SQLSTATEs are used where an amount leaves numeric (22003, 22023) and for a library of another version (55000).
 */
#ifndef ASSISTANCE_ERRORS_H
#define ASSISTANCE_ERRORS_H

#include "compat.h"
#include "core.h"

/*
 * X(status, last three characters of the SQLSTATE, primary message). MA0: documents, MA1: bills, MA2: the fold.
 */
#define STATUS_TABLE(X) \
	/* not JSON, or JSON that is refused: duplicate key, exponent, NUL, bad UTF-8 */ \
	X(ST_JSON_SYNTAX, "001", "the document is not valid JSON") \
	/* longer than 256 kB */ \
	X(ST_JSON_TOO_LARGE, "002", "the document is too large") \
	/* more than 16 levels of objects and arrays */ \
	X(ST_JSON_TOO_DEEP, "003", "the document is nested too deeply") \
	/* a key that is not part of the language: a slip of the pen must not mean a default */ \
	X(ST_DOC_UNKNOWN_KEY, "004", "unknown key in the document") \
	X(ST_DOC_MISSING_KEY, "005", "a required key is missing in the document") \
	/* a text where a number belongs, and the like */ \
	X(ST_DOC_WRONG_TYPE, "006", "a value in the document has the wrong type") \
	/* a ratio above 1, too many decimals, a date that does not exist */ \
	X(ST_DOC_BAD_VALUE, "007", "a value in the document is out of range") \
	/* a layer, counter, source, code, part or fact that the page does not declare */ \
	X(ST_DOC_UNKNOWN_NAME, "008", "the document refers to a name that it does not declare") \
	/* a name twice, a code twice in a list, pages that overlap */ \
	X(ST_DOC_DUPLICATE, "009", "duplicate or overlapping entries in the document") \
	/* an overlap, or not ascending; a gap */ \
	X(ST_DOC_BANDS, "010", "the bands are not contiguous and ascending from 0") \
	X(ST_DOC_BANDS_GAP, "010", "the bands are not contiguous and ascending from 0") \
	/* keys or values that may not stand together */ \
	X(ST_DOC_CONFLICT, "011", "parts of the document contradict each other") \
	/* every parameter names the document and article it follows */ \
	X(ST_DOC_NO_CITATION, "012", "a parameter has no citation") \
	/* more members than docs/policy-model.md, section 14, allows */ \
	X(ST_DOC_LIMIT, "013", "the document exceeds a limit") \
	/* a format or engine level that this library does not know */ \
	X(ST_DOC_VERSION, "014", "unknown format or engine level of the document") \
	X(ST_BILL_NEGATIVE, "101", "an amount of the bill is negative") \
	/* above 10^13 yuan */ \
	X(ST_BILL_TOO_LARGE, "102", "an amount of the bill is too large") \
	/* total is not the sum of the four columns, or the parts exceed their column */ \
	X(ST_BILL_SUM, "103", "the amounts of the bill do not add up") \
	/* always required, or tested by a rule of a layer that is tried */ \
	X(ST_BILL_MISSING, "104", "the bill lacks an attribute that is needed") \
	X(ST_BILL_UNKNOWN_CODE, "105", "the bill has a code that the policy does not declare") \
	/* a named part, or a given layer */ \
	X(ST_BILL_UNKNOWN_NAME, "106", "the bill has a name that the policy does not declare") \
	/* a date, an age, a text or a list out of range */ \
	X(ST_BILL_BAD_VALUE, "107", "an attribute of the bill is out of range") \
	X(ST_BILL_EVENT_COST, "108", "an event carries no cost") \
	/* above what is left when its turn comes, or above in_scope */ \
	X(ST_BILL_GIVEN, "109", "a given amount is more than the bill can carry") \
	/* the gap in the book is named */ \
	X(ST_NO_PAGE, "110", "no policy covers the bill") \
	/* (ordered_at, seq) must strictly increase within a person */ \
	X(ST_OUT_OF_ORDER, "111", "the bills of a person are out of order") \
	/* more counters, names or kept bills than one account holds */ \
	X(ST_ACCOUNT_FULL, "201", "the account is full") \
	/* an adjustment or event needs bills that were folded under terms that did not keep them */ \
	X(ST_ACCOUNT_NO_HISTORY, "202", "the account has not kept the bills that are needed") \
	/* above 10^13 yuan in one period */ \
	X(ST_OVERFLOW, "203", "a sum of the year is too large") \
	X(ST_PENALTY_PAYS, "204", "a penalty would pay more instead of less") \
	X(ST_TOO_MANY_FACTORS, "205", "more than two multiplications of one target fit on the bill") \
	/* an invariant of the fold is broken: a defect of this extension */ \
	X(ST_INTERNAL, "299", "internal error of the fold")

/* MA3: values as SQL sees them */
#define ERRCODE_ASSISTANCE_NULL MAKE_SQLSTATE('M', 'A', '3', '0', '1')	/* terms or bill is null */
#define ERRCODE_ASSISTANCE_DAMAGED MAKE_SQLSTATE('M', 'A', '3', '0', '2')	/* stored or sent bytes of no known format */
#define ERRCODE_ASSISTANCE_ALTERED MAKE_SQLSTATE('M', 'A', '3', '0', '3')	/* somebody altered a type of the extension */
#define ERRCODE_ASSISTANCE_ARRAY MAKE_SQLSTATE('M', 'A', '3', '0', '4')	/* an array of codes with nulls or dimensions */

/* MA35: simulation and batches */
#define ERRCODE_ASSISTANCE_STUDY MAKE_SQLSTATE('M', 'A', '3', '5', '1')	/* what is asked of a simulation */
#define ERRCODE_ASSISTANCE_BATCH MAKE_SQLSTATE('M', 'A', '3', '5', '2')	/* what is asked of a batch */
#define ERRCODE_ASSISTANCE_BATCH_BUSY MAKE_SQLSTATE('M', 'A', '3', '5', '3')	/* somebody else works on this batch */
#define ERRCODE_ASSISTANCE_FORECAST MAKE_SQLSTATE('M', 'A', '3', '5', '4')	/* what a forecast cannot be made from; raised in SQL */

/* MA4: the policy catalogue; raised in src/policy */
#define ERRCODE_ASSISTANCE_NOT_IN_FORCE MAKE_SQLSTATE('M', 'A', '4', '0', '1')	/* no policy in force on a day */
#define ERRCODE_ASSISTANCE_NO_DRAFT MAKE_SQLSTATE('M', 'A', '4', '0', '2')	/* no such draft, or published already */
#define ERRCODE_ASSISTANCE_PUBLISHED MAKE_SQLSTATE('M', 'A', '4', '0', '3')	/* a published version does not change */
#define ERRCODE_ASSISTANCE_FINDINGS MAKE_SQLSTATE('M', 'A', '4', '0', '4')	/* findings stand against a draft */
#define ERRCODE_ASSISTANCE_OVERTAKEN MAKE_SQLSTATE('M', 'A', '4', '0', '5')	/* another publication came in */
#define ERRCODE_ASSISTANCE_SAME_HAND MAKE_SQLSTATE('M', 'A', '4', '0', '6')	/* who drafts does not publish */
#define ERRCODE_ASSISTANCE_NO_REASON MAKE_SQLSTATE('M', 'A', '4', '0', '7')	/* a correction without a reason */
#define ERRCODE_ASSISTANCE_NO_PATH MAKE_SQLSTATE('M', 'A', '4', '0', '8')	/* a path that leads nowhere */
#define ERRCODE_ASSISTANCE_NO_REPEAL MAKE_SQLSTATE('M', 'A', '4', '0', '9')	/* nothing to repeal */
#define ERRCODE_ASSISTANCE_ENGINES MAKE_SQLSTATE('M', 'A', '4', '1', '0')	/* pages of different engine levels */

/* MA5: dictionaries; raised in SQL (src/dictionary/lookup.sql) */
#define ERRCODE_ASSISTANCE_UNKNOWN_CODE MAKE_SQLSTATE('M', 'A', '5', '0', '1')	/* a dictionary lacks a code */
#define ERRCODE_ASSISTANCE_UNKNOWN_DICTIONARY MAKE_SQLSTATE('M', 'A', '5', '0', '2')	/* no such dictionary */
#define ERRCODE_ASSISTANCE_REGION_CIRCLE MAKE_SQLSTATE('M', 'A', '5', '0', '3')	/* regions that stand above each other */

/* MA6: the guard of payments (insurer_first, append_only) */
#define ERRCODE_ASSISTANCE_GUARD_ARGUMENTS MAKE_SQLSTATE('M', 'A', '6', '0', '1')	/* a trigger that cannot work */
#define ERRCODE_ASSISTANCE_EARLY_LAYER MAKE_SQLSTATE('M', 'A', '6', '0', '2')	/* an earlier layer is not settled */
#define ERRCODE_ASSISTANCE_SECOND_PAYMENT MAKE_SQLSTATE('M', 'A', '6', '0', '3')	/* the layer has paid this bill */
#define ERRCODE_ASSISTANCE_LOWERED_LAYER MAKE_SQLSTATE('M', 'A', '6', '0', '4')	/* withdrawn or lowered under a later one */
#define ERRCODE_ASSISTANCE_BEYOND_BILL MAKE_SQLSTATE('M', 'A', '6', '0', '5')	/* the layers pay more than the bill */
#define ERRCODE_ASSISTANCE_UNKNOWN_LAYER MAKE_SQLSTATE('M', 'A', '6', '0', '6')	/* not in the order */
#define ERRCODE_ASSISTANCE_UNKNOWN_BILL MAKE_SQLSTATE('M', 'A', '6', '0', '7')	/* no such bill, or it has no total */
#define ERRCODE_ASSISTANCE_NEGATIVE_PAYMENT MAKE_SQLSTATE('M', 'A', '6', '0', '8')	/* without a reversal */
#define ERRCODE_ASSISTANCE_WRONG_REVERSAL MAKE_SQLSTATE('M', 'A', '6', '0', '9')	/* of what is not there, or twice */
#define ERRCODE_ASSISTANCE_PAYMENT_NULL MAKE_SQLSTATE('M', 'A', '6', '1', '0')	/* a column that is needed */
#define ERRCODE_ASSISTANCE_APPEND_ONLY MAKE_SQLSTATE('M', 'A', '6', '1', '1')	/* UPDATE, DELETE, TRUNCATE */
#define ERRCODE_ASSISTANCE_PAYMENT_STATE MAKE_SQLSTATE('M', 'A', '6', '1', '2')	/* an unknown state, or with an amount */
#define ERRCODE_ASSISTANCE_BEYOND_CAP MAKE_SQLSTATE('M', 'A', '6', '1', '3')	/* more than the caps leave */

/* MA7: the register */
#define ERRCODE_ASSISTANCE_NO_REGISTER MAKE_SQLSTATE('M', 'A', '7', '0', '1')	/* a trigger that create_register did not make */
#define ERRCODE_ASSISTANCE_REQUEST_KEY MAKE_SQLSTATE('M', 'A', '7', '0', '2')	/* in SQL: the key belongs to another request */
#define ERRCODE_ASSISTANCE_REVERSAL MAKE_SQLSTATE('M', 'A', '7', '0', '3')	/* a claim that cannot be reversed */
#define ERRCODE_ASSISTANCE_DAMAGED_REGISTER MAKE_SQLSTATE('M', 'A', '7', '0', '4')	/* stored rows contradict each other */
#define ERRCODE_ASSISTANCE_TRIAL MAKE_SQLSTATE('M', 'A', '7', '0', '5')	/* in SQL, inside preview_claim: taken back */
#define ERRCODE_ASSISTANCE_CLAIMS_AWAY MAKE_SQLSTATE('M', 'A', '7', '0', '6')	/* in a partition that has been detached */
#define ERRCODE_ASSISTANCE_RECORDED MAKE_SQLSTATE('M', 'A', '7', '0', '7')	/* in SQL: a recorded range changed but not ended */
#define ERRCODE_ASSISTANCE_STEP MAKE_SQLSTATE('M', 'A', '7', '0', '8')	/* in SQL: a step of a recoverable that does not fit */

/* MA8: the national interface; raised in SQL (src/national) */
#define ERRCODE_ASSISTANCE_SETLINFO MAKE_SQLSTATE('M', 'A', '8', '0', '1')	/* a settlement record that cannot be read */
#define ERRCODE_ASSISTANCE_IDENTITY MAKE_SQLSTATE('M', 'A', '8', '0', '2')	/* its amounts contradict each other */
#define ERRCODE_ASSISTANCE_NO_SCHEME MAKE_SQLSTATE('M', 'A', '8', '0', '3')	/* no scheme, no column of a fund */
#define ERRCODE_ASSISTANCE_NO_REVERSAL MAKE_SQLSTATE('M', 'A', '8', '0', '4')	/* a reversal where a bill belongs, or of one */
#define ERRCODE_ASSISTANCE_ACCT_PAY MAKE_SQLSTATE('M', 'A', '8', '0', '5')	/* more than the person bears */
#define ERRCODE_ASSISTANCE_RELATION MAKE_SQLSTATE('M', 'A', '8', '0', '6')	/* a table without a column that is needed */
#define ERRCODE_ASSISTANCE_TOTALS MAKE_SQLSTATE('M', 'A', '8', '0', '7')	/* more than the totals of 5206 carry */
#define ERRCODE_ASSISTANCE_IMPORT MAKE_SQLSTATE('M', 'A', '8', '0', '8')	/* faulty records among those to import */

/* Report a fault: softly where the server and the caller can (escontext), else as an error. */
extern void ReportFault(const Fault *fault, Node *escontext);

/* Raise unless status is ST_OK. */
static inline void
CheckFault(Status status, const Fault *fault)
{
	if (unlikely(status != ST_OK))
		ReportFault(fault, NULL);
}

/* Raise a fault of settling this bill, and say which bill that was: a query settles millions. */
extern void RefuseBill(const Fault *fault, const Bill *bill) __attribute__((noreturn));

/* A null argument of a function that cannot be STRICT. */
extern void RefuseNull(const char *argument) __attribute__((noreturn));

/* Stored or received bytes that are no value of ours. */
extern void RefuseDamaged(const char *type) __attribute__((noreturn));

#endif
