/*
 * charge.h — the lines of charges (费用明细) behind a bill, and the columns that they make (docs/policy-model.md, section 3).
 * Which class and which ratio an item has is data of its catalogue and stands on the line.
 */
#ifndef ASSISTANCE_CHARGE_H
#define ASSISTANCE_CHARGE_H

#include "bill.h"

typedef struct Charge
{
	int64_t		amount_fen;		/* cost of the whole line */
	bool		limited;		/* there is a ceiling price */
	int64_t		limit_fen;		/* the ceiling price x the quantity, when limited */
	int64_t		first_share_ppm;	/* 先行自付比例 of what is within the limit */
	bool		excluded;		/* 丙类, 全自费: the whole line */
} Charge;

/*
 * Adds one line to the columns of its bill. An excluded line is excluded whole. Of another, what is above the limit is over_limit,
 * the ratio of the rest is first_share, half up to the fen, and what remains is in_scope. Refuses amounts outside 0 .. MAX_FEN,
 * ratios outside 0 .. 1 and sums above MAX_FEN; the columns are then not touched.
 */
extern Status SplitCharge(const Charge *charge, int64_t column_fen[COLUMNS], Fault *fault);

/* Adds columns to columns; refuses sums above MAX_FEN, all columns are then not touched. */
extern Status AddColumns(const int64_t added_fen[COLUMNS], int64_t column_fen[COLUMNS], Fault *fault);

/* Are the columns of a bill those of its lines, to the fen? The fault names the first column that is not. */
extern Status CheckCharges(const Bill *bill, const int64_t column_fen[COLUMNS], Fault *fault);

#endif
