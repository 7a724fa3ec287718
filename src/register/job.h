/*
 * job.h — one run of the settling triggers: a fold, a ledger, and as whom it works.
 */
#ifndef ASSISTANCE_REGISTER_JOB_H
#define ASSISTANCE_REGISTER_JOB_H

#include "commands/trigger.h"
#include "register/ledger.h"

#define WRITE_EVERY 1000		/* settlements that wait to be written */

typedef struct SettleJob
{
	MemoryContext memory;
	MemoryContext person_memory;	/* what one person needs; reset by SettleAgain */
	PolicyAct act;
	Ledger	   *ledger;
	Fold	   *fold;
	uint64	   *bound;			/* number of the book that the fold is bound to */
	const KnownBook *book;		/* of the last bill */
	Bill		bill;			/* from here on filled when a bill is settled */
	Split		split;
	Fault		fault;
} SettleJob;

/* An account as it was locked. */
typedef struct AccountRow
{
	int64		person_id;
	Datum		account;		/* json; 0: no claim has been settled */
	Timestamp	last_ordered_at;
	int64		last_seq;
} AccountRow;

/* who runs while the owner of a table is acted for */
typedef struct ActingFor
{
	Oid			user;
	int			security;
} ActingFor;

/* Is this a call by a trigger AFTER … FOR EACH STATEMENT of this table of the register, or of a partition of it? Else MA701. */
extern TriggerData *RegisterTrigger(FunctionCallInfo fcinfo, const char *function, const char *table);

/* The same of a trigger AFTER … FOR EACH ROW. */
extern TriggerData *RegisterRowTrigger(FunctionCallInfo fcinfo, const char *function, const char *table);

/* Act as the owner of a table, as triggers of foreign keys do. An error ends it too. */
extern ActingFor ActAsOwner(Relation relation);
extern void ActAsBefore(const ActingFor *before);

/* Call a function on every row of a transition table; columns are attribute numbers of the names asked for. */
typedef void (*RowReader) (TupleTableSlot *slot, const int *columns, void *reader);
extern void ReadRows(Relation relation, Tuplestorestate *rows, const char *const *names, int n_names, RowReader read, void *reader);

/* A column of a row that must not be null. */
extern Datum RequiredColumn(TupleTableSlot *slot, int column);

/* Needs SPI. */
extern SettleJob *NewSettleJob(void);

/* Fold the bill of the job under this book; job->split is the result. */
extern Status JobSettle(SettleJob *job, const BookNeed *need);

/* The first and last of the days that a bill mentions. */
extern void BillDays(const Bill *bill, int32 *first_day, int32 *last_day);

/* The years that n bills mention together; they pass through job->bill. */
extern void NeedYearsOf(SettleJob *job, const Datum *bill, int n, BookNeed *need);

/* bigint[] of n persons or claims. */
extern Datum Int8Array(const int64 *value, int n);

/* Add the accounts that are missing; lock those of n persons, in order. */
extern void AddAccounts(const int64 *person, int n);
extern AccountRow *LockAccounts(const int64 *person, int n);

/*
 * Bring the fold of the job to where the account stands, with the bills that it has not kept: what the person's claims rest on is
 * folded once more. False: that does not come to the same counters.
 */
extern bool RestoreBills(SettleJob *job, const AccountRow *account);

/* Settle a person again whose account is locked: fold all claims that count, post what differs; how many claims differ. */
extern int	SettleAgain(SettleJob *job, int64 person_id, const char *reason);

#endif
