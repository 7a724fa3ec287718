/*
 * guard.h — the guard of insurer first: what the arguments of a trigger say, what the catalogs make of it, and the payments of a
 * bill. Amounts are fen. docs/register.md, section 5.
 */
#ifndef ASSISTANCE_GUARD_H
#define ASSISTANCE_GUARD_H

#include "postgres.h"

#include "commands/trigger.h"
#include "compat.h"
#include "core.h"
#include "executor/spi.h"

#define MAX_CHAIN 32			/* layers of a chain */
#define MAX_GUARD_CODES 256			/* codes of a list or map */
#define MAX_AT_ONCE 1000		/* bills that are locked and read by one query */

/* The columns of a payment, in the order in which they are read */
typedef enum Field
{
	FIELD_CLAIM,
	FIELD_LAYER,
	FIELD_AMOUNT,
	FIELD_REVERSES,
	FIELD_REVISION,
	FIELD_PLACE,
	FIELD_KIND,
	FIELD_STATE,
	FIELD_ONLY
} Field;

#define N_FIELDS (FIELD_ONLY + 1)

typedef struct Chain
{
	int			n;
	const char *name[MAX_CHAIN];
} Chain;

/* Codes and what each stands for */
typedef struct Codes
{
	int			n;
	const char *code[MAX_GUARD_CODES];
	const char *name[MAX_GUARD_CODES];
} Codes;

/* What the arguments say, before anybody has looked at a catalog */
typedef struct GuardWords
{
	char	   *column[N_FIELDS];	/* NULL: not given */
	char	   *bill_text;		/* the table of the bills as it was written */
	List	   *bill;			/* its qualified name: texts */
	char	   *bill_key;
	char	   *bill_total;
	char	   *bill_chain;		/* NULL: not given */
	char	   *bill_reverses;	/* NULL: not given */
	Chain		order;			/* empty: not given */
	Codes		map;
	Codes		states;
	Codes		only;
	char	   *caps_text;		/* the function that knows the caps as it was written; NULL: not given */
	List	   *caps;			/* its qualified name: texts */
} GuardWords;

/* The queries of a guard, each for one bill and for many: lock, read payments, what is taken back, what is beyond a cap */
typedef enum GuardQuery
{
	LOCK_ONE,
	LOCK_MANY,
	READ_ONE,
	READ_MANY,
	REVERSED_ONE,
	REVERSED_MANY,
	CAPS_ONE,
	CAPS_MANY
} GuardQuery;

#define N_QUERIES (CAPS_MANY + 1)

typedef struct Guard
{
	GuardWords	words;
	MemoryContext context;
	bool		valid;			/* no relation of it has changed since it was made */
	bool		at_commit;		/* a constraint trigger: the unit is the transaction */
	Oid			trigger;
	Oid			firing;			/* the table that the trigger stands on */
	Oid			caller;			/* who wrote the rows that are checked */
	Oid			payments;		/* its topmost partitioned table: all payments of a bill are there */
	Oid			bill;
	AttrNumber	attnum[N_FIELDS];	/* in the firing table; 0: not given */
	int			result[N_FIELDS];	/* column of the reading queries; 0: not given */
	int			result_reversed;	/* the bill that the payment's own bill takes back; only with bill_reverses */
	int			result_xmin;	/* only at_commit */
	FmgrInfo	out[N_FIELDS];
	Oid			key_type;
	Oid			key_collation;
	int16		key_length;
	bool		key_by_value;
	char		key_align;
	FmgrInfo	key_compare;
	char	   *query[N_QUERIES];
	SPIPlanPtr	plan[N_QUERIES];
} Guard;

/* One payment as the rules see it */
typedef struct Payment
{
	Datum		bill;			/* the bill that it counts for: the reversed one, else its own */
	int			group;			/* which of the bills at hand */
	int			place;			/* of the layer in the chain of the bill; -1: not in it */
	int			stated;			/* place from 1 that the row itself states; 0: none */
	const char *layer;
	int64		fen;
	int64		revision;
	uint64		source;			/* of a reversal with revisions: hash of its own bill */
	bool		reversal;
	bool		determined;		/* waived or not applicable */
	bool		own;			/* of the unit that is checked */
	bool		removed;		/* the old row of an UPDATE or DELETE */
} Payment;

typedef struct Payments
{
	Payment    *row;
	int			n;
	int			room;
	SPITupleTable *table;		/* where keys of read rows stand */
} Payments;

/* A bill with its payments, ready to be checked */
typedef struct GuardedBill
{
	Datum		key;
	bool		locked;			/* its row was found */
	bool		wanted;			/* the unit pays on it; otherwise rows were only removed */
	bool		no_total;
	int64		total;
	Chain	   *chain;			/* in force for it; with argument place: the layers that have payments */
	i128		change[MAX_CHAIN];	/* what the unit adds to each layer */
	bool		touched[MAX_CHAIN];	/* the unit has a row of the layer */
	bool		removed[MAX_CHAIN];	/* the unit took a row of the layer away */
} GuardedBill;

/* arguments.c: what the arguments say; raises MA601 */
extern void ParseArguments(GuardWords *words, const Trigger *trigger);
extern void ParseChain(Chain *chain, const char *text, const char *where);
extern int	ChainPlace(const Chain *chain, const char *name);
extern const char *CodeName(const Codes *codes, const char *code);

/* cache.c: the guard of a trigger, made when it first fires; raises MA601 */
extern Guard *GuardOf(const TriggerData *data);

/* catalog.c: looks everything up that the words name, and writes the queries */
extern void FillGuard(Guard *guard, const TriggerData *data);

/* payments.c: rows become payments */
extern bool DecodeSlot(const Guard *guard, TupleTableSlot *slot, bool removed, Payment *payment);
extern void DecodeResult(const Guard *guard, Payments *payments);
extern Payment *AddPayment(Payments *payments);
extern int	CompareKeys(const Guard *guard, Datum a, Datum b);

/* rules.c: what may stand for a bill; the payments are sorted by PaymentOrder */
extern int	PaymentOrder(const void *a, const void *b);
extern void JudgeBill(const Guard *guard, const GuardedBill *bill, const Payment *payment, int n);

/* refuse.c: every refusal. Amounts of others are told only to those who may read them. */
extern void RefuseArguments(const char *detail, const char *hint) __attribute__((noreturn));
extern void RefuseMissing(const Guard *guard, Field field) __attribute__((noreturn));
extern void RefuseUnknownBill(const Guard *guard, Datum bill, bool no_total) __attribute__((noreturn));
extern void RefuseDoubleBill(const Guard *guard, Datum bill) __attribute__((noreturn));
extern void RefuseConcurrent(const Guard *guard, Datum bill) __attribute__((noreturn));
extern void RefuseUnknownLayer(const Guard *guard, Datum bill, const char *layer, const Chain *chain) __attribute__((noreturn));
extern void RefuseState(const Guard *guard, const char *state) __attribute__((noreturn));
extern void RefuseStateAmount(const Guard *guard, const Payment *payment) __attribute__((noreturn));
extern void RefuseNegative(const Guard *guard, const Payment *payment) __attribute__((noreturn));
extern void RefuseReversal(const Guard *guard, const Payment *payment, bool twice) __attribute__((noreturn));
extern void RefuseBelowZero(const Guard *guard, const Payment *payment, i128 net) __attribute__((noreturn));
extern void RefuseSecond(const Guard *guard, const Payment *payment) __attribute__((noreturn));
extern void RefuseEarly(const Guard *guard, const GuardedBill *bill, int early, int missing, i128 amount)
	__attribute__((noreturn));
extern void RefusePlace(const Guard *guard, const Payment *payment, int64 place) __attribute__((noreturn));
extern void RefuseGap(const Guard *guard, const Payment *payment, int missing) __attribute__((noreturn));
extern void RefuseLowered(const Guard *guard, const GuardedBill *bill, int lowered, int later, i128 change, i128 amount,
						  bool withdrawn) __attribute__((noreturn));
extern void RefuseBeyond(const Guard *guard, const GuardedBill *bill, i128 sum) __attribute__((noreturn));
extern void RefuseBeyondCap(const Guard *guard, Datum bill, const char *layer, const char *paid, const char *room)
	__attribute__((noreturn));

#endif
