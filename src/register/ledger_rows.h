/*
 * ledger_rows.h — the columns of the rows that a ledger gathers.
 */
#ifndef ASSISTANCE_REGISTER_LEDGER_ROWS_H
#define ASSISTANCE_REGISTER_LEDGER_ROWS_H

#include "value/split.h"

/* of settlement */
enum
{
	S_PERSON, S_CLAIM, S_REVISION, S_ENTRY, S_CORRECTS, S_REASON, S_REGION, S_SCHEME, S_AMOUNT,
	S_BILL = S_AMOUNT + SPLIT_AMOUNTS, S_LINES, S_DIGEST, S_ENGINE, S_PUBLICATION, S_KNOWN_AT, S_COLUMNS
};

/* of payment */
enum
{
	P_PERSON, P_CLAIM, P_REVISION, P_LAYER, P_KIND, P_ENTRY, P_PLACE, P_STATE, P_AMOUNT, P_OWED_BY, P_OWED_TO, P_COLUMNS
};

/* what becomes of an account: again: the number of claims is the whole one, and the policies known are these; else it grows */
enum
{
	A_PERSON, A_ACCOUNT, A_ORDERED_AT, A_SEQ, A_CLAIMS, A_AGAIN, A_KNOWN_AT, A_COLUMNS
};

/* of recoverable */
enum
{
	R_PERSON, R_CLAIM, R_REVISION, R_LAYER, R_AMOUNT, R_OWED_BY, R_REASON, R_COLUMNS
};

extern const Oid settlement_types[S_COLUMNS];
extern const Oid payment_types[P_COLUMNS];

#endif
