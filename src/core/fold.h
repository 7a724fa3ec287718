/*
 * fold.h — private to the core: one bill on its way through the chain, and what the rooms of the fold offer each
 * other. The order of the rooms is the order of docs/policy-model.md, section 11.
 */
#ifndef ASSISTANCE_FOLD_H
#define ASSISTANCE_FOLD_H

#include <stddef.h>
#include <string.h>

#include "settle.h"

/* ---- keys of counters (account.c, period.c) ---- */

typedef struct CounterKey
{
	NameId		name;
	int32_t		period;
	Name		sub;
} CounterKey;

#define LONE_PERIOD INT32_MIN	/* a bill without a chain, in a counter by chain: forgotten after the bill */

/* Are two short texts the same? */
static inline bool
NameIs(const Name *name, const Name *other)
{
	return name->length == other->length && (name->length == 0 || memcmp(name->text, other->text, name->length) == 0);
}

extern int	AccountPart(Account *account, Code part);
extern BaseCounter *AccountBase(Account *account, const CounterKey *key);
extern Tally *AccountTallyIfOpen(Account *account, TallyKind kind, const CounterKey *key);
extern Tally *AccountTally(Account *account, TallyKind kind, const CounterKey *key);
extern void AccountForgetTally(Account *account, Tally *tally);

/* ---- one bill on its way ---- */

/* a cumulative base as it stood before this bill */
typedef struct Before
{
	uint8_t		base;			/* index into Account.bases */
	bool		fractional;
	Exact		deductible;
	int64_t		fen[ACCUMULATED];
	int32_t		nano[ACCUMULATED];
} Before;

typedef struct Run
{
	Fold	   *fold;
	const Page *page;
	const Bill *bill;
	Split	   *split;
	Trace	   *trace;			/* may be NULL */
	Fault	   *fault;
	bool		without_penalty;	/* the first of basic's two computations: marks the trace */

	int32_t		day;			/* period date … */
	int32_t		year;			/* … its year, and that year's first day */
	int32_t		year_first;

	uint64_t	codes[CODE_ATTRIBUTES];		/* the bill's codes as bits of the page's lists */
	SeenCode   *seen[4];		/* of care_type, level, referral, place: where the page declares them */
	uint32_t	known;			/* bits like Layer.needs_…: attributes that the bill brings */

	int64_t		column_fen[COLUMNS];		/* after the fixed price */
	int64_t	   *left;			/* split->left_fen */
	int32_t		stay_number[MAX_COUNTS];

	bool		later_part;		/* an earlier bill of the encounter has been settled */
	Tally	   *encounter;		/* NULL: the bill is an encounter of its own */

	uint32_t	paid_layers;	/* bits: paid more than 0 on this bill */
	uint32_t	exhausted_layers;
	uint32_t	newly_crossed;	/* bits: crossed on this bill for the first time in its period */
	uint32_t	alternatives_paid;			/* bits: sets of alternatives */
	int64_t		whole_deductible[MAX_LAYERS];	/* D of the rule applied; NO_AMOUNT: none */
	const Given *given[MAX_LAYERS];	/* what the bill brings for a layer, or NULL */
	uint32_t	ceilings_hold;	/* bits: ceilings whose condition holds */
	int64_t		ceiling_visit_paid[MAX_CEILINGS];

	uint8_t		n_before;
	Before		before[MAX_BASES];
	uint8_t		n_entered;
	Entered		entered[MAX_ENTERED];
} Run;

/* ---- a rule's parameters on this bill (modifier.c) ---- */

#define NO_LIMIT INT64_MAX

typedef struct Effective
{
	const Layer *layer;
	const Rule *rule;
	uint8_t		place;			/* of the layer in the chain */
	uint8_t		rule_index;
	int32_t		enter_micro;
	bool		has_deductible;
	int32_t		stay_number;	/* of the schedule; 0: none */
	int64_t		deductible_fen; /* D: whole, before what is used */
	bool		whole_ppm;		/* ratio is in ppm, else in pico */
	bool		payment_changed;
	int64_t		payment_factor_micro;
	i128		payment_add_micro;
	const int64_t *limit_fen;	/* by cap; NO_LIMIT: removed */
	const int64_t *ratio;		/* by band: ppm or pico; of a fixed band: fen */
	int64_t		own_limit[MAX_CAPS];	/* where they are not those of the rule */
	int64_t		own_ratio[MAX_BANDS];
} Effective;

extern Status ResolveEffective(Run *run, Effective *e, bool with_penalty);
extern Status FactValue(const Run *run, int16_t fact, int64_t *hundredths);
extern Status ResolveParam(const Run *run, const Param *param, int64_t *value);

/* ---- page.c: the page of a bill and its codes ---- */

extern Status FindPage(Run *run);
extern Status BindCodes(Run *run);
extern Status CheckNeeds(const Run *run, uint8_t place);
extern bool CodeIs(Code a, Code b);

/* What a layer's line says when no rule fits: that there is no such layer, where the terms say so */
static inline LineState
StateWithoutRule(const Layer *layer)
{
	return layer->not_applicable ? LINE_NOT_APPLICABLE : LINE_NO_RULE;
}

static inline Exact
NotNegative(Exact x)
{
	return x.fen < 0 ? ExactFen(0) : x;
}

/* ---- period.c ---- */

extern void DayToDate(int32_t day, int32_t *year, int8_t *month, int8_t *month_day);
extern int32_t DateToDay(int32_t year, int month, int month_day);
extern int32_t PeriodStart(const Counter *counter, int32_t year, int month, int month_day);
extern Status KeyOf(Run *run, uint8_t counter, CounterKey *key);
extern Status LayerNameId(Run *run, uint8_t place, NameId *id);
extern Status TallyOf(Run *run, TallyKind kind, uint8_t counter, Tally **tally);

/* ---- condition.c ---- */

/* where a condition is tested: within the chain, the base of the layer being tried before the enter share; elsewhere 0 */
typedef struct Place
{
	Exact		base;
} Place;

extern Status ConditionHolds(const Run *run, const Condition *condition, const Place *place, bool *holds);

/* ---- weights.c: bases ---- */

/* A bucket of the page as the account counts it: parts go by the account's own table */
static inline int
AccountBucket(const Run *run, int bucket)
{
	if (bucket < BUCKET_PART || bucket == BUCKET_GROSS)
		return bucket;
	return BUCKET_PART + run->fold->part_slot[bucket - BUCKET_PART];
}

extern Exact VisitBase(const Run *run, const Weights *weights);
extern Exact WeighedSum(Run *run, const Weights *weights, const int64_t *fen, const int32_t *nano, bool fractional);

/* ---- bands.c: the entitlement ---- */

/* an exact entitlement: fen + frac / 10^27 */
typedef struct Entitlement
{
	int64_t		fen;
	u128		frac;
} Entitlement;

/* E(x, t) rounded; sign only marks the trace */
extern int64_t Entitled(Run *run, const Effective *e, Exact x, Exact t, int sign);
extern Entitlement EntitledExactly(const Effective *e, Exact x, Exact t);
extern bool ReachesRoom(Entitlement now, Entitlement before, int64_t room_fen);
extern bool AtOrBelowThreshold(const Effective *e, Exact x);

/* ---- deductible.c ---- */

extern Status DeductibleRoom(Run *run, const Effective *e, Exact *room);
extern Status TakeDeductible(Run *run, const Effective *e, Exact d);
extern bool InsideEntitlement(const Effective *e);

/* ---- caps.c ---- */

extern Status LeastRoom(Run *run, const Effective *e, int64_t *room);
extern Status BaseCapRoom(Run *run, const Effective *e, Exact *room);
extern Status ChargeCaps(Run *run, const Effective *e, int64_t paid_fen, Exact entered);
extern Status ChargeCeilings(Run *run, uint8_t place, int64_t paid_fen);
extern Status CountCeilingCosts(Run *run);
extern Status Exhausted(Run *run, const Effective *e, bool *exhausted);

/* ---- layer.c, basic.c ---- */

/* what a rule computes before anything moves */
typedef struct Outcome
{
	Exact		base;			/* b */
	Exact		cumulative;		/* B */
	Exact		cumulative_before;	/* B - b as the counter stood before this bill */
	Exact		taken_before;	/* T before */
	Exact		deductible;		/* d */
	Exact		deductible_room;
	Exact		cut;			/* of the base, by a base cap */
	int64_t		away_fen;		/* basic: away share … */
	int64_t		entering_fen;	/* … and the rest of in_scope, before any base cap */
	int64_t		due_fen;
	int64_t		entitled_fen;	/* E(B) of a year rule, for recoverables */
	int64_t		room_fen;
	int64_t		allowed_fen;	/* min(due, room), at least 0 */
	Exact		entered;		/* base charged to base caps */
	bool		per_visit;		/* the visit form: visit rules, and year rules before their crossing */
	bool		crossing_now;
	bool		fractional;		/* v has parts of a fen */
	uint8_t		n_touched;		/* buckets of v that are not 0 */
	uint8_t		touched[ACCUMULATED];
	int64_t		fen[ACCUMULATED];	/* v, by the account's buckets */
	int32_t		nano[ACCUMULATED];
} Outcome;

extern Status ApplyLayer(Run *run, uint8_t place);
extern Status SetOff(Run *run, const Effective *e, Line *line);
extern Status FitRule(Run *run, Effective *e);
extern const Before *BeforeOf(const Run *run, const BaseCounter *base);
extern void RememberBefore(Run *run, const BaseCounter *base);
extern Status BasicOnBill(Run *run, Effective *e, BaseCounter *base, Outcome *outcome);
extern Status GivenBasic(Run *run, const Given *given);
extern Status ComputeOutcome(Run *run, const Effective *e, BaseCounter *base, Outcome *outcome);
extern Status CrossingOf(Run *run, uint8_t place, BaseCounter **base);
extern Status OpenBase(Run *run, const Effective *e, BaseCounter **base);
extern int64_t LeftOf(const Run *run, const Weights *weights);
extern void TakeFromBuckets(Run *run, uint8_t place, const Weights *weights, int64_t amount_fen);
extern void BasicIsAllCopay(Run *run);

/* ---- history.c: kept bills, year adjustments, events ---- */

extern Status BookAdjustment(Run *run, const Effective *e, BaseCounter *base, int64_t amount_fen, int64_t *booked_fen);
extern Status ApplyEventLayer(Run *run, uint8_t place);
extern Status KeepBill(Run *run);

/* ---- trace.c ---- */

extern Step *AddStep(Run *run, StepKind kind, uint8_t layer, uint8_t rule);

/* the next step of the trace, or NULL when nobody listens */
static inline Step *
TraceStep(Run *run, StepKind kind, const Effective *e)
{
	if (__builtin_expect(run->trace == NULL, 1))
		return NULL;
	return AddStep(run, kind, e->place, e->rule_index);
}

#define PROPAGATE(call) \
	do { \
		Status		status_ = (call); \
		if (status_ != ST_OK) \
			return status_; \
	} while (0)

#endif
