/*
 * charge.c — from charge lines to the columns of a bill, line by line, and whether a bill adds up to its lines
 * (docs/policy-model.md, section 3). Rounding happens once per line; sums of lines are sums of whole fen.
 */
#include <string.h>

#include "charge.h"
#include "json.h"
#include "terms.h"

#define ROOM_NUMBER 32			/* an amount or a ratio as text */

/* value / 10^decimals as text, with at least min_decimals decimals */
static const char *
NumberText(char *text, int64_t value, int decimals, int min_decimals)
{
	JsonWriter	w = {text, ROOM_NUMBER, 0, false};

	JsonScaled(&w, value, decimals, min_decimals);
	text[w.length] = '\0';
	return text;
}

/* An amount of the line within 0 .. MAX_FEN */
static Status
CheckAmount(int64_t fen, const char *path, Fault *fault)
{
	char		found[ROOM_NUMBER];

	if (fen >= 0 && fen <= MAX_FEN)
		return ST_OK;
	return FaultSet(fault, fen < 0 ? ST_BILL_NEGATIVE : ST_BILL_TOO_LARGE, path, NumberText(found, fen, 2, 2),
					"an amount of a charge line in yuan from 0 to 10000000000000.00");
}

/* Amount, limit and ratio of the line, also where it is excluded: what is given must make sense */
static Status
CheckCharge(const Charge *charge, Fault *fault)
{
	Status		status = CheckAmount(charge->amount_fen, "amount", fault);
	char		found[ROOM_NUMBER];

	if (status == ST_OK && charge->limited)
		status = CheckAmount(charge->limit_fen, "limit_amount", fault);
	if (status == ST_OK && (charge->first_share_ppm < 0 || charge->first_share_ppm > PPM))
		status = FaultSet(fault, ST_BILL_BAD_VALUE, "first_share", NumberText(found, charge->first_share_ppm, 6, 0),
						  "a share from 0 to 1, such as 0.1 for 10 %");
	return status;
}

/* The columns of one line that has been checked */
static void
LineColumns(const Charge *charge, int64_t column_fen[COLUMNS])
{
	int64_t		rest = charge->amount_fen;

	memset(column_fen, 0, COLUMNS * sizeof(column_fen[0]));
	column_fen[COLUMN_TOTAL] = rest;
	if (charge->excluded)
	{
		column_fen[COLUMN_EXCLUDED] = rest;
		return;
	}
	if (charge->limited)
		column_fen[COLUMN_OVER_LIMIT] = MaxFen(0, rest - charge->limit_fen);
	rest -= column_fen[COLUMN_OVER_LIMIT];
	column_fen[COLUMN_FIRST_SHARE] = MulDivHalfUp(rest, charge->first_share_ppm, PPM);
	column_fen[COLUMN_IN_SCOPE] = rest - column_fen[COLUMN_FIRST_SHARE];
}

Status
AddColumns(const int64_t added_fen[COLUMNS], int64_t column_fen[COLUMNS], Fault *fault)
{
	int64_t		sum[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		if (!AddFen(column_fen[i], added_fen[i], &sum[i]))
			return FaultSet(fault, ST_BILL_TOO_LARGE, column_name[i], "a sum of charge lines above 10000000000000.00 yuan",
							"the charge lines of one bill");
	memcpy(column_fen, sum, sizeof(sum));
	return ST_OK;
}

Status
SplitCharge(const Charge *charge, int64_t column_fen[COLUMNS], Fault *fault)
{
	int64_t		line[COLUMNS];
	Status		status = CheckCharge(charge, fault);

	if (status != ST_OK)
		return status;
	LineColumns(charge, line);
	return AddColumns(line, column_fen, fault);
}

/* in_scope is what the other columns leave: it is named only when nothing else differs */
Status
CheckCharges(const Bill *bill, const int64_t column_fen[COLUMNS], Fault *fault)
{
	static const Column order[COLUMNS] = {
		COLUMN_TOTAL, COLUMN_EXCLUDED, COLUMN_OVER_LIMIT, COLUMN_FIRST_SHARE, COLUMN_IN_SCOPE
	};
	char		text[2][ROOM_NUMBER];

	for (int i = 0; i < COLUMNS; i++)
	{
		Column		column = order[i];

		if (bill->column_fen[column] != column_fen[column])
			return FaultFormat(fault, ST_BILL_SUM, column_name[column], "the sum of its charge lines in every column",
							   "%s, but its charge lines add up to %s", NumberText(text[0], bill->column_fen[column], 2, 2),
							   NumberText(text[1], column_fen[column], 2, 2));
	}
	return ST_OK;
}
