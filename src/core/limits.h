/*
 * limits.h — every array of the core has a named maximum; this is where they stand.
 */
#ifndef ASSISTANCE_LIMITS_H
#define ASSISTANCE_LIMITS_H

#define MAX_FEN INT64_C(1000000000000000)	/* 10^13 yuan: largest amount of a bill or of a year */
#define MAX_CODE 31				/* bytes of a name, code or identifier */
#define MAX_PART_NAME 48		/* "over_limit." + MAX_CODE, and room for the final zero */
#define MAX_PARTS 8				/* named parts of columns that a page knows */
#define MAX_CODES 64			/* codes that a page knows for one attribute: one bit each */
#define MAX_LIST 8				/* codes in a list attribute of a bill */
#define MAX_GIVEN 16			/* given layers of a bill */
#define MAX_FACTS 16			/* facts of a bill; fact names of a page */
#define MAX_PAGES 256			/* pages of a book */
#define MAX_LAYERS 24
#define MAX_RULES 64			/* rules of a layer */
#define MAX_BANDS 32
#define MAX_CAPS 16				/* caps of a rule */
#define MAX_MODIFIERS 32		/* modifiers of a layer or a rule */
#define MAX_TESTS 64			/* tests of a condition, those inside any/none counted */
#define MAX_CEILINGS 16
#define MAX_COUNTS 16			/* stay counts of a page */
#define MAX_COUNTERS 96			/* counter names of a page */
#define MAX_BOOK_NAMES 1024		/* different names of counters and layers in a book */
#define MAX_FIXED_PRICES 64
#define MAX_FACTORS 16			/* factors of a deductible's schedule */
#define MAX_JSON_BYTES (256 * 1024)
#define MAX_JSON_DEPTH 16

#define MAX_NAMES 512			/* names interned in one account … */
#define KEPT_NAMES 64			/* … and on top of them so many that stay in the table from the person before */
#define MAX_BASES 250			/* cumulative bases open in one account: twelve layers for twenty years */
#define MAX_TALLIES 500			/* other counters open in one account */
#define MAX_KEPT 2048			/* bills of one account that terms may reach back to: 5 on every day of a year, 2 on those of two */
#define MAX_EVENT_PAID 2048		/* (bill, layer) pairs that events have paid on */
#define MAX_ENTERED 24			/* base counters that one bill entered */

#endif
