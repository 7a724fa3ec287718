/*
 * bills.h — building bills in tests, field by field.
 */
#ifndef ASSISTANCE_BILLS_H
#define ASSISTANCE_BILLS_H

#include <string.h>

#include "bill.h"

static inline Code
CodeOf(const char *text)
{
	Code		code = {text, (uint8_t) (text == NULL ? 0 : strlen(text))};

	return code;
}

static inline void
AddPart(Bill *bill, Column column, const char *name, int64_t amount_fen)
{
	BillPart   *part = &bill->parts[bill->n_parts++];

	part->column = column;
	part->name = CodeOf(name);
	part->amount_fen = amount_fen;
}

static inline void
AddGiven(Bill *bill, const char *layer, GivenState state, int64_t amount_fen, int64_t deductible_fen, int64_t over_cap_fen)
{
	Given	   *given = &bill->given[bill->n_given++];

	given->layer = CodeOf(layer);
	given->state = state;
	given->amount_fen = amount_fen;
	given->deductible_fen = deductible_fen;
	given->over_cap_fen = over_cap_fen;
}

static inline void
AddFact(Bill *bill, const char *name, int64_t hundredths)
{
	bill->facts[bill->n_facts].name = CodeOf(name);
	bill->facts[bill->n_facts++].hundredths = hundredths;
}

static inline void
AddCode(Bill *bill, int list, const char *code)
{
	bill->list_known[list] = true;
	bill->list[list][bill->n_list[list]++] = CodeOf(code);
}

#endif
