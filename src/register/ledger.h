/*
 * ledger.h — rows of money on their way into settlement, payment, recoverable and person_account.
 */
#ifndef ASSISTANCE_REGISTER_LEDGER_H
#define ASSISTANCE_REGISTER_LEDGER_H

#include "register/batch.h"
#include "register/known_book.h"
#include "value/split.h"

typedef struct Ledger
{
	MemoryContext memory;		/* holds what is not written yet; reset by LedgerWrite */
	Batch		settlements;
	Batch		payments;
	Batch		accounts;
	Batch		recoverables;
} Ledger;

/* How far a ledger was filled, to take rows back. */
typedef struct LedgerMark
{
	int			settlements;
	int			payments;
	int			accounts;
	int			recoverables;
} LedgerMark;

/* One entry of the payments of a claim, net. */
typedef struct NetPayment
{
	int64		person_id;
	int64		claim_id;
	const char *layer;
	const char *kind;
	const char *entry;
	int16		place;
	int64		fen;
} NetPayment;

/* What is stored of a claim, net. */
typedef struct Net
{
	int64		person_id;
	int64		claim_id;
	int32		revision;
	int64		amount_fen[SPLIT_AMOUNTS];
	const text *bill;			/* what the last entry rests on; NULL for a reversal */
	int			n_payments;
	const NetPayment *payments;
} Net;

/* What a settlement rests on. */
typedef struct Basis
{
	int64		person_id;
	int64		claim_id;
	const Bill *bill;
	Datum		bill_json;
	const KnownBook *book;
} Basis;

extern Ledger *NewLedger(MemoryContext parent);
extern LedgerMark LedgerMarkNow(const Ledger *ledger);
extern void LedgerTakeBack(Ledger *ledger, const LedgerMark *mark);

/* The JSON of a bill as settlements keep it. */
extern Datum BillJson(const Ledger *ledger, const Bill *bill);

/* The first settlement of a claim. */
extern void PostFirst(Ledger *ledger, const Basis *basis, const Split *split);

/* What a claim settled again has more or less than is stored; nothing when nothing differs. True when an amount does. */
extern bool PostDifference(Ledger *ledger, const Basis *basis, const Split *split, const Net *net, const char *reason);

/* The negated net of the claim that claim_id reverses. */
extern void PostReversal(Ledger *ledger, int64 person_id, int64 claim_id, const Net *net, const char *reason);

/* The account of a person after its last claim; account NULL: no claim counts. again: everything was folded anew. */
extern void PostAccount(Ledger *ledger, int64 person_id, const Account *account, int64 claims, bool again, const PolicyAct *act);

/* Write all rows. Needs SPI. */
extern void LedgerWrite(Ledger *ledger);

#endif
