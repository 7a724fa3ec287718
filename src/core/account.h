/*
 * account.h — what one person carries from bill to bill: open counters, keyed (counter, period), the last order key,
 * and, for books that can adjust earlier bills, those bills. An account knows counters by name, not by book: the same
 * account may continue under other terms.
 */
#ifndef ASSISTANCE_ACCOUNT_H
#define ASSISTANCE_ACCOUNT_H

#include "terms.h"

typedef uint16_t NameId;		/* index into Account.names; NAME_NONE: none */

#define NAME_NONE 0xFFFF

typedef struct Name
{
	uint8_t		length;
	char		text[MAX_CODE];
} Name;

typedef struct PartName
{
	uint8_t		length;
	char		text[MAX_PART_NAME - 1];
} PartName;

/* a cumulative base */
typedef struct BaseCounter
{
	NameId		name;
	int32_t		period;			/* first day of the period; 0 for a chain */
	Name		sub;			/* level, hospital or chain; length 0: none */
	bool		crossed;		/* of a layer's default counter: the layer has been crossed in this period */
	bool		fractional;		/* some nano is not 0 */
	int64_t		accrued_fen;
	int64_t		paid_fen;		/* payments + adjustments - recoverables */
	Exact		deductible;		/* T: taken by rules with a deductible counter */
	int64_t		fen[ACCUMULATED];		/* parts by the account's part table */
	int32_t		nano[ACCUMULATED];
} BaseCounter;

typedef enum TallyKind
{
	TALLY_DEDUCTIBLE,			/* used: sum taken; cost: what lay beyond a deductible that is final once met */
	TALLY_DEDUCTIBLE_SUM,		/* used: sum taken, for sum_cap */
	TALLY_CAP,					/* used: paid (or base entered) */
	TALLY_STAYS,				/* used.fen: number of stays */
	TALLY_TIMES,				/* used.fen: number of payments */
	TALLY_CEILING,				/* used: paid; cost: cost so far */
	TALLY_ENCOUNTER,			/* an open encounter (sub): used: billed so far, cost: its total */
	TALLY_ENCOUNTER_DEDUCTIBLE,	/* name: layer, sub: encounter; used: taken */
	TALLY_ENCOUNTER_STAYS,		/* name: stay count, sub: encounter; used.fen: its n */
	TALLY_RECOVERABLE			/* name: layer; used.fen: recoverables not yet set off (layers with set_off) */
} TallyKind;

#define TALLY_KINDS 10

typedef struct Tally
{
	TallyKind	kind;
	NameId		name;			/* NAME_NONE for TALLY_ENCOUNTER */
	int32_t		period;			/* 0 for chains and encounters */
	Name		sub;			/* level, hospital, chain or encounter; length 0: none */
	Exact		used;
	int64_t		cost_fen;
} Tally;

/* one base counter that a kept bill entered */
typedef struct Entered
{
	uint8_t		base;			/* index into Account.bases */
	uint8_t		place;			/* of the layer in the chain then */
	bool		dropped;		/* left the counter again (drop_paid_bills) */
	NameId		layer;
	int32_t		enter_micro;	/* effective enter share of that entry, x 10^6 */
} Entered;

typedef struct KeptBill
{
	int64_t		ordered_at;
	int64_t		seq;
	int32_t		day;			/* period date */
	NameId		code[4];		/* care_type (as on the bill), level, referral, place */
	int8_t		designated;
	uint8_t		n_entered;
	Entered		entered[MAX_ENTERED];
	bool		costed;			/* its cost is kept with it */
	int64_t		cost_fen[COLUMNS];	/* after the fixed price */
	int64_t		left_fen[BUCKETS];	/* parts by the account's part table */
} KeptBill;

/* what events of a layer have paid on a kept bill, by bucket */
typedef struct EventPaid
{
	uint16_t	bill;			/* index into Account.kept */
	NameId		layer;
	int64_t		paid_fen[BUCKETS];
} EventPaid;

/*
 * In memory; large, so that a fold never allocates. AccountInit touches only the counts.
 */
typedef struct Account
{
	bool		started;		/* a bill has been folded */
	int64_t		last_ordered_at;
	int64_t		last_seq;
	bool		unkept;			/* some bill was folded without being kept … */
	int32_t		unkept_day;		/* … the latest of their period dates */
	uint16_t	n_names;
	uint16_t	n_inherited;	/* names on top of MAX_NAMES: those that the person before has left in the table (FoldPerson); for
								 * an account that was read KEPT_NAMES, since its person may have come to use such names */
	uint8_t		n_parts;
	uint16_t	n_bases;
	uint16_t	n_tallies;
	uint16_t	n_kept;
	uint16_t	n_event_paid;
	Name		names[MAX_NAMES + KEPT_NAMES];
	PartName	parts[MAX_PARTS];
	BaseCounter bases[MAX_BASES];
	Tally		tallies[MAX_TALLIES];
	KeptBill	kept[MAX_KEPT];
	EventPaid	event_paid[MAX_EVENT_PAID];
} Account;

extern void AccountInit(Account *account);

/* NAME_NONE with a fault when the table is full */
extern NameId AccountName(Account *account, const char *text, int length, Fault *fault);

/*
 * The JSON form, canonical: equal accounts give equal bytes. Counters are ordered by kind, name, period, sub; names by text; all
 * zero figures and empty lists are left out. Money in yuan with as many decimals as it needs, at least 2 (at most 11).
 *
 * {"format":1,"last":{"ordered_at":"2025-03-01T00:00:00","seq":1},
 *	"bases":[{"name":"critical","period":"2025-01-01","sub":"…","buckets":{"copay":1200.00},"accrued":…,"paid":…,"deductible":…,
 *			  "crossed":true}],
 *	"tallies":[{"kind":"deductible","name":"…","period":"…","sub":"…","used":…,"cost":…}],
 *	"unkept":"2025-03-01",
 *	"kept":[{"ordered_at":…,"seq":…,"day":…,"care_type":…,"level":…,"referral":…,"place":…,"designated":…,
 *			 "entered":[{"base":0,"layer":"…","place":3,"enter":1,"dropped":true}],"cost":{"in_scope":…},
 *			 "left":{"copay":…},"event_paid":[{"layer":"…","buckets":{…}}]}]}
 *
 * "stays", "times" and "encounter_stays" tallies carry "n" instead of "used"; a gross column is the bucket "gross". "base" of an
 * entered counter is the position in "bases" as written. "cost" is there, even if empty, where the terms ask for costs; its total
 * is the sum of its columns. Of a deductible, "cost" says that it is final: what lay beyond it on the bill that met it.
 */
#define MAX_ACCOUNT_BYTES (16 * 1024 * 1024)	/* no account that fits in struct Account has a longer canonical form */

/* Bytes of scratch that always suffice; it needs no alignment. */
extern int	AccountScratchNeeded(int length);
extern Status AccountFromJson(const char *json, int length, char *scratch, int scratch_size, Account *account, Fault *fault);

/* What is written of an account. */
typedef enum AccountForm
{
	ACCOUNT_WHOLE,
	ACCOUNT_WITHOUT_BILLS,		/* kept bills are left out and count as not kept */
	ACCOUNT_COUNTERS			/* neither kept bills nor which are not kept; no account for reading */
} AccountForm;

/* Writes at most size bytes, never a final zero; returns the length that it needs. */
extern int	AccountFormToJson(const Account *account, AccountForm form, char *out, int size);
extern int	AccountToJson(const Account *account, char *out, int size);

#endif
