/*
 * funds.h — where the money of a layer goes under national names.
 */
#ifndef ASSISTANCE_NATIONAL_FUNDS_H
#define ASSISTANCE_NATIONAL_FUNDS_H

#include "core.h"
#include "national/record.h"

typedef struct Fund
{
	Word		code;			/* fund_pay_type; NULL: outside of the national fund total */
	Word		name;
	Word		column;			/* of setlinfo; NULL: outside */
} Fund;

/* The fund of a layer: by the routes (an object layer -> column), else by the dictionaries. Good until the next question. */
extern Fund FundOf(Word layer, const char *kind, Word scheme, Word region, DateADT day, Jsonb *routes);

#endif
