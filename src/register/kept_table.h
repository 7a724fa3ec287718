/*
 * kept_table.h — tables that settling reads and writes without a statement, and what a session keeps of them.
 */
#ifndef ASSISTANCE_REGISTER_KEPT_TABLE_H
#define ASSISTANCE_REGISTER_KEPT_TABLE_H

#include "write/table_writer.h"

typedef enum KeptTable
{
	KEPT_SETTLEMENT,			/* columns S_… of ledger_rows.h */
	KEPT_PAYMENT,				/* P_… */
	KEPT_ACCOUNT,				/* U_… */
	KEPT_DETERMINATION,
	KEPT_REFERRAL,
	KEPT_CLAIM,					/* claim_id */
	KEPT_PUBLICATION,			/* id, at */
	KEPT_TABLES
} KeptTable;

/* the columns of person_account; the first is its key */
enum
{
	U_PERSON, U_ACCOUNT, U_ORDERED_AT, U_SEQ, U_CLAIMS, U_KNOWN_AT, U_STALE_SINCE, U_STALE_REASON, U_SETTLED_AT, U_COLUMNS
};

/* Holds until the table is opened again. */
typedef struct KeptForm
{
	TableForm  *form;
	Oid			index;			/* on the first column, to find rows by */
	Oid			guard;			/* of payment: the function of the guard, which passes what the fold writes; 0: it is to look */
	Oid			certain;		/* the foreign key of a payment to its settlement, of a settlement to its claim; 0: it has none */
} KeptForm;

/*
 * Open a table to read it or to write it as is its use here, with what is kept of it. NULL: it is not there, or has something
 * that only statements do, or the current user may not.
 */
extern Relation OpenKept(KeptTable table, KeptForm *kept);

/* Between these two: what is there now, as the next statement would see it. */
extern Snapshot BeginLook(void);
extern void EndLook(Snapshot snapshot);

/* May the table (determination, referral) have rows of this person? */
extern bool MayHaveRows(KeptTable table, int64 person_id, Snapshot snapshot);

#endif
