/*
 * bill.h — one bill as the fold sees it. Texts are pointers into the caller's memory, never copied; a null pointer
 * is "not given". Bills are checked once, by CheckBill, when they are made.
 */
#ifndef ASSISTANCE_BILL_H
#define ASSISTANCE_BILL_H

#include "money.h"
#include "status.h"

typedef struct Code
{
	const char *text;			/* NULL: not given */
	uint8_t		length;
} Code;

typedef enum BillKind
{
	BILL_ORDINARY,
	BILL_APPLICATION,
	BILL_YEAR_CLOSE
} BillKind;

/* attributes whose values are codes; the first CODE_SINGLE of them have one value, the others a list */
typedef enum CodeAttribute
{
	CODE_CARE_TYPE,
	CODE_LEVEL,
	CODE_REFERRAL,
	CODE_PLACE,
	CODE_PERSON_TYPE,
	CODE_CATEGORY,
	CODE_DISEASE
} CodeAttribute;

#define CODE_SINGLE 5
#define CODE_ATTRIBUTES 7
#define CODE_LISTS (CODE_ATTRIBUTES - CODE_SINGLE)

typedef enum Column
{
	COLUMN_TOTAL,
	COLUMN_IN_SCOPE,
	COLUMN_EXCLUDED,
	COLUMN_OVER_LIMIT,
	COLUMN_FIRST_SHARE
} Column;

#define COLUMNS 5

typedef struct BillPart
{
	Column		column;			/* excluded, over_limit or first_share */
	Code		name;			/* the full name: "excluded.special_drug" */
	int64_t		amount_fen;
} BillPart;

typedef enum GivenState
{
	GIVEN_AMOUNT,
	GIVEN_WAIVED,
	GIVEN_NOT_APPLICABLE
} GivenState;

typedef struct Given
{
	Code		layer;
	GivenState	state;
	int64_t		amount_fen;
	int64_t		deductible_fen;	/* 0 when not known */
	int64_t		over_cap_fen;	/* 0 when not known */
} Given;

typedef struct BillFact
{
	Code		name;
	int64_t		hundredths;		/* two decimals: 28753.00 -> 2875300 */
} BillFact;

#define NO_TIMESTAMP INT64_MIN
#define NO_DATE INT32_MIN
#define NO_AGE (-1)
#define MAX_AGE 150				/* years */
#define NO_AMOUNT (-1)

#define FIRST_DAY (-3652)		/* 1990-01-01: the calendar of bills, in days since 2000-01-01 */
#define LAST_DAY 73048			/* 2199-12-31 */

typedef struct Bill
{
	BillKind	kind;
	int64_t		ordered_at;		/* microseconds since 2000-01-01, civil time */
	int64_t		seq;
	int32_t		admitted_on;	/* days since 2000-01-01, or NO_DATE */
	int32_t		discharged_on;
	int32_t		settled_on;
	Code		region;
	Code		scheme;
	int64_t		column_fen[COLUMNS];	/* indexed by Column */
	int64_t		encounter_total_fen;	/* NO_AMOUNT: not one of several bills */
	Code		single[CODE_SINGLE];	/* indexed by CodeAttribute */
	bool		list_known[CODE_LISTS];	/* indexed by CodeAttribute - CODE_SINGLE; an empty list may be known */
	uint8_t		n_list[CODE_LISTS];
	Code		list[CODE_LISTS][MAX_LIST];
	int8_t		designated;		/* 1, 0, or -1: not given */
	int16_t		age;			/* whole years, or NO_AGE */
	Code		hospital;
	Code		encounter;
	Code		chain;
	uint8_t		n_parts;
	uint8_t		n_given;
	uint8_t		n_facts;
	BillPart	parts[MAX_PARTS];
	Given		given[MAX_GIVEN];
	BillFact	facts[MAX_FACTS];
} Bill;

extern void BillInit(Bill *bill);	/* nothing given, all amounts 0 */

/*
 * Is the bill consistent in itself? Amounts within 0 .. MAX_FEN, total = the four columns, parts within their columns
 * and not twice, an event without cost, dates 1990-01-01 .. 2199-12-31 with admission <= discharge, age 0 .. 150, encounter and
 * encounter_total both or neither, lengths within MAX_CODE, valid UTF-8 without control characters.
 */
extern Status CheckBill(const Bill *bill, Fault *fault);

/*
 * The JSON form (docs/policy-model.md, section 3). Texts of the bill point into json, or into scratch where unescaped.
 * BillScratchNeeded(length) bytes of scratch always suffice; it needs no alignment.
 */
extern int	BillScratchNeeded(int length);
extern Status BillFromJson(const char *json, int length, char *scratch, int scratch_size, Bill *bill, Fault *fault);

/* Only "parts", "given" and "facts" of an object, into a bill that has none of them; it is checked with them. Scratch as above. */
extern Status BillMembersFromJson(const char *json, int length, char *scratch, int scratch_size, Bill *bill, Fault *fault);

/* Writes at most size bytes, never a final zero; returns the length that it needs. */
extern int	BillToJson(const Bill *bill, char *out, int size);

/* The column of a part's full name ("excluded.special_drug"); COLUMN_TOTAL when it is not such a name */
extern Column PartColumn(Code name);

static inline int32_t
DayOf(int64_t microseconds)
{
	int64_t		day = microseconds / INT64_C(86400000000);

	return (int32_t) (microseconds % INT64_C(86400000000) < 0 ? day - 1 : day);
}

#endif
