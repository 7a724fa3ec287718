/*
 * settle.h — the fold: settle_step(terms, account, bill) -> split, and the trace that explains it.
 */
#ifndef ASSISTANCE_SETTLE_H
#define ASSISTANCE_SETTLE_H

#include "account.h"

typedef enum LineState
{
	LINE_NO_RULE,				/* no rule fitted: pays 0 */
	LINE_APPLIED,				/* a rule was applied */
	LINE_GIVEN,					/* amount computed elsewhere */
	LINE_WAIVED,
	LINE_NOT_APPLICABLE,
	LINE_ALTERNATIVE_PAID		/* another layer of its set has paid */
} LineState;

/* what one layer did on the bill */
typedef struct Line
{
	LineState	state;
	uint8_t		rule;			/* NO_INDEX: none fitted */
	Exact		base;			/* b: this bill's base, after enter share and base cap; negative when adjustments of earlier layers outweigh it */
	Exact		cumulative;		/* B after this bill; equal to base for the visit form */
	Exact		deductible;		/* d */
	int64_t		due_fen;		/* before caps; negative when entitlement fell */
	int64_t		room_fen;		/* least room of its caps before this bill; NO_ROOM_LIMIT: no cap */
	int64_t		paid_fen;		/* on the bill */
	int64_t		adjustment_fen;	/* year adjustment, booked against earlier bills */
	int64_t		recoverable_fen;
	int64_t		set_off_fen;	/* part of the payment that is set off against open recoverables */
} Line;

#define NO_ROOM_LIMIT INT64_MAX

typedef struct Split
{
	const Page *page;
	int64_t		total_fen;
	int64_t		hospital_fen;	/* above a fixed price */
	int64_t		patient_fen;	/* Σ left */
	uint8_t		n_lines;		/* = page->n_layers, in chain order */
	Line		lines[MAX_LAYERS];
	int64_t		left_fen[BUCKETS];
} Split;

/* ---- the trace ---- */

typedef enum StepKind
{
	STEP_PAGE,					/* the page that governs */
	STEP_FIXED_PRICE,			/* limit = price, result = hospital */
	STEP_LAYER,					/* a layer's turn: state, rule; result = 0 */
	STEP_BUCKET_IN,				/* index = bucket, base = left, ratio = weight (pico), result = weighted */
	STEP_AWAY_SHARE,			/* ratio = enter, result = away share */
	STEP_ENTER,					/* base before, ratio = enter, result after */
	STEP_BASE_CAP,				/* index = cap, limit, used, base before, result after */
	STEP_MODIFIER,				/* index = modifier (layer's first, then rule's), value in limit or ratio */
	STEP_CUMULATIVE,			/* low = B - b, high = B: what a year rule sees */
	STEP_DEDUCTIBLE,			/* limit = D, used, result = d; index = n of the schedule (0: none) */
	STEP_BAND,					/* index = band, sign = +1 for E(B), -1 for E(B - b); low..high = part of the base in it, ratio; product */
	STEP_ENTITLEMENT,			/* sign as in bands; product = exact, result = rounded */
	STEP_ACCRUED,				/* result = accrued before (true_up, crossing) */
	STEP_DUE,					/* result = due */
	STEP_CAP,					/* index = cap (or ceiling when ceiling is set); limit, used, result = room; base = cost for a ceiling */
	STEP_TIMES,					/* limit = n, used = times so far, result = room (0 or none) */
	STEP_TAKEN,					/* index = bucket, base = left before, result = taken */
	STEP_PAID,					/* result = paid on the bill */
	STEP_BOOKED,				/* year adjustment: index = bucket, bill key, result = amount */
	STEP_LAPSED,				/* result = due that no bucket could carry */
	STEP_RECOVERABLE,			/* limit = paid on the counter, used = E(B), result */
	STEP_SET_OFF,				/* result */
	STEP_BUCKET_OUT,			/* basic has settled: index = bucket, result */
	STEP_PATIENT				/* result = what the patient bears */
} StepKind;

#define STEP_KINDS 24

typedef struct Step
{
	StepKind	kind;
	uint8_t		layer;			/* NO_INDEX: the bill itself */
	uint8_t		rule;			/* NO_INDEX: none */
	uint8_t		index;
	LineState	state;
	int8_t		sign;
	bool		without_penalty;	/* the first of basic's two computations */
	bool		ceiling;
	Exact		base;
	Exact		low;
	Exact		high;
	int64_t		ratio_pico;
	i128		product;		/* 10^-21 fen */
	int64_t		limit_fen;
	Exact		used;
	Exact		result;
	int64_t		ordered_at;		/* STEP_BOOKED */
	int64_t		seq;
	const Citation *cite;
} Step;

#define MAX_STEPS 2048

typedef struct Trace
{
	int			n_steps;
	bool		truncated;		/* more steps than MAX_STEPS: the rest is not kept */
	Step		steps[MAX_STEPS];
	Step		spill;			/* takes what does not fit */
} Trace;

/* a limit that left no more than was due, or than entered: noted on request */
typedef enum ReachedKind
{
	REACHED_CAP,				/* of a rule, on the payment; index: in Rule.caps */
	REACHED_BASE_CAP,			/* of a rule, on the base; index likewise */
	REACHED_TIMES,				/* a rule's number of payments */
	REACHED_CEILING				/* index: in Page.ceilings */
} ReachedKind;

typedef struct Reached
{
	ReachedKind kind;
	uint8_t		place;			/* of the layer */
	uint8_t		index;
	Exact		beyond;			/* what was due, or entered, beyond it */
} Reached;

#define MAX_REACHED (MAX_LAYERS * (MAX_CAPS + MAX_CEILINGS + 1))

/* where a counter was found: valid on this bill, a lasting one (Counter) since Fold.stretch; found earlier: to be checked */
typedef struct Hint
{
	uint64_t	bill_number;
	uint32_t	index;
} Hint;

/*
 * Plans (plan.c): what follows from the page and the codes of a bill, worked out for the first bill that brings them. They
 * point to each other inside the table; a fold that was copied makes new ones.
 */
#define PLAN_SLOT_BITS 9
#define PLAN_SLOTS (1 << PLAN_SLOT_BITS)
#define PLAN_BYTES (256 * 1024)
#define PLAN_ALIGNMENT 8			/* so that a place is less than 2^16 */

typedef struct PlanTable
{
	const struct Fold *owner;	/* the fold that made the plans */
	int			n_plans;
	uint32_t	made;			/* counts how often the table began anew */
	uint32_t	used;			/* bytes of the store */
	uint32_t	slot[PLAN_SLOTS];	/* by hash: 1 + the plan's place in the store; 0: empty */
	uint64_t	store[PLAN_BYTES / PLAN_ALIGNMENT];
} PlanTable;

/*
 * Where a fold found the plans of bills that are alike, by page: kept by a caller that knows which bills have the same kind,
 * region, scheme, codes and designated, and alike bring an age and a hospital or none. One for each such kind of bill and each
 * fold; all zeros at first. It changes no amount and no error.
 */
#define HINTED_PAGES 16

typedef struct PlanHint
{
	uint32_t	made;			/* PlanTable.made */
	uint16_t	place[HINTED_PAGES];	/* PlanTable.slot, by the number of the page modulo HINTED_PAGES */
} PlanHint;

/*
 * Everything a fold needs between bills of one person. Large; the caller allocates one and keeps it. FoldOpen binds a book;
 * FoldChangeBook goes on with the account under another one; FoldPerson starts a person with an empty account (cheap: it
 * touches counts only); to resume, fill fold->account with AccountFromJson (or a copy) and call FoldResume.
 */
typedef struct Fold
{
	const Book *book;
	const Page *page;			/* hint: the page of the last bill */
	Account		account;
	bool		stale_names;	/* the account's table of names is not the one that name_id knows */
	bool		stale_parts;	/* nor is its table of parts the one of part_slot */
	int32_t		year;			/* of the last bill … */
	int32_t		year_first;		/* … and its first and last day; first > last: none yet */
	int32_t		year_last;
	bool		fractions;		/* some base or tally of the account may have parts of a fen */
	bool		untidy;			/* the account may hold tallies that end with a bill */
	uint64_t	bill_number;	/* of this fold, from 1 */
	uint64_t	stretch;		/* the bill with which the present page, year and account began: older hints are to be checked … */
	uint64_t	fresh;			/* … and if the account began empty with this one, what they point to is not open yet */
	uint32_t	names_number;	/* counts the tables of names, so that old ids are recognised */
	int16_t		name_id[MAX_BOOK_NAMES];	/* names of the book as the account's; -1 unknown */
	int8_t		part_slot[MAX_PARTS];		/* parts of the hinted page as the account's parts */
	Hint		base_hint[MAX_COUNTERS];	/* where a counter of the page was found last */
	Hint		tally_hint[TALLY_KINDS][MAX_COUNTERS];
	Line		blank[MAX_LAYERS];	/* lines of the hinted page before anything has happened */
	bool		notes_reached;	/* asked for by the caller, after FoldOpen … */
	uint16_t	n_reached;		/* … of the last bill */
	Reached		reached[MAX_REACHED];
	PlanTable	plans;
} Fold;

extern void FoldOpen(Fold *fold, const Book *book);
extern void FoldChangeBook(Fold *fold, const Book *book);
extern void FoldPerson(Fold *fold);
extern void FoldResume(Fold *fold);

/*
 * Settle one bill: moves fold->account and fills *split; trace may be NULL. On any status but ST_OK neither the account nor the
 * split may be used any further (a caller that wants to go on keeps a copy of the account).
 */
extern Status SettleStep(Fold *fold, const Bill *bill, Split *split, Trace *trace, Fault *fault);

/* The same for a bill of a known kind, without a trace */
extern Status SettleAlike(Fold *fold, const Bill *bill, PlanHint *hint, Split *split, Fault *fault);

#endif
