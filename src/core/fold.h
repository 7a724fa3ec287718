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

/*
 * The hot functions of a layer's turn are compiled twice: for plain turns (see Candidate.plain) and in full. They take a constant
 * "plain"; coverage is counted on one copy.
 */
#ifdef ASSISTANCE_COVERAGE
#define INLINE inline
#else
#define INLINE inline __attribute__((always_inline))
#endif

/* what few bills need stays out of the way of the others */
#define APART __attribute__((noinline))

/* Are two short texts the same? */
static inline bool
NameIs(const Name *name, const Name *other)
{
	return name->length == other->length && (name->length == 0 || memcmp(name->text, other->text, name->length) == 0);
}

/* Most names are empty; copying the bytes behind the length would wait until the length just written has arrived. */
static INLINE void
CopyName(Name *to, const Name *from)
{
	if (from->length == 0)
		to->length = 0;
	else
		*to = *from;
}

extern int	AccountPart(Account *account, Code part);
extern BaseCounter *AccountBase(Account *account, const CounterKey *key);
extern Tally *AccountTallyIfOpen(Account *account, TallyKind kind, const CounterKey *key);
extern BaseCounter *AccountOpenBase(Account *account, const CounterKey *key);
extern Tally *AccountOpenTally(Account *account, TallyKind kind, const CounterKey *key);
extern Tally *AccountTally(Account *account, TallyKind kind, const CounterKey *key);
extern void AccountForgetTally(Account *account, Tally *tally);
extern bool AccountHasFractions(const Account *account);

/* ---- plans: what follows from the page and the codes of a bill (plan.c) ---- */

#define MAX_PLAN_CODES (CODE_SINGLE + CODE_LISTS * MAX_LIST)

struct Effective;

/* a rule that the codes leave in question */
typedef struct Candidate
{
	uint8_t		rule;
	bool		certain;		/* it holds, whatever else the bill brings */
	bool		penalised;		/* some modifier marked as penalty may fit */
	bool		plain;			/* prepared; weights, ratios and enter share leave whole fen, and nothing unusual is asked for */
	bool		goes_on;		/* later stays have the D of the last one prepared */
	uint8_t		n_stays;		/* D by stay number, from 1; 1: the schedule, if any, does not matter */
	const struct Effective *prepared;	/* parameters by stay; NULL: they depend on more than codes */
	const struct Effective *lenient;	/* the same without penalties */
} Candidate;

typedef struct LayerPlan
{
	bool		lacks;			/* the bill does not bring what the rules test: an error when the layer is tried */
	uint8_t		n;
	const Candidate *candidates;	/* to be tried in this order */
} LayerPlan;

typedef struct Plan
{
	/* the key: bills that agree in it share the plan */
	const Page *page;
	uint64_t	traits;			/* bits: kind, designated, attributes known, how many codes in the lists, which codes are long */
	uint64_t	word[MAX_PLAN_CODES];	/* CodeKey of each code */
	const Name *long_code;		/* texts of those of more than 8 bytes, in this order */

	/* what follows from it */
	uint32_t	known;			/* bits like Layer.needs_…: attributes that the bill brings */
	uint64_t	codes[CODE_ATTRIBUTES];		/* the bill's codes as bits of the page's lists */
	uint32_t	counts_hold;	/* bits: stay counts whose condition holds … */
	uint32_t	counts_open;	/* … or depends on more than codes */
	uint32_t	ceilings_hold;
	uint32_t	ceilings_open;
	uint8_t		first_price;	/* the fixed prices before it do not hold */
	uint32_t	idle;			/* bits: layers that have nothing to do on such bills unless something is given */
	uint32_t	names_number;	/* kept_code holds in this table of names */
	NameId		kept_code[4];	/* care_type, level, referral, place: names in the account */
	LayerPlan	layers[];		/* as many as the page has */
} Plan;

typedef enum Truth
{
	TRUTH_NO,
	TRUTH_YES,
	TRUTH_OPEN					/* codes alone do not decide */
} Truth;

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

/* what a rule let into a base that it shares with an alternative */
typedef struct Shared
{
	uint8_t		base;			/* index into Account.bases */
	Exact		deductible;		/* of T */
	int64_t		fen[ACCUMULATED];
	int32_t		nano[ACCUMULATED];
} Shared;

typedef struct Run
{
	Fold	   *fold;
	const Page *page;
	const Bill *bill;
	PlanHint   *hint;			/* NULL: nothing is known of bills like this one */
	Split	   *split;
	Trace	   *trace;			/* may be NULL */
	Fault	   *fault;
	bool		without_penalty;	/* the first of basic's two computations: marks the trace */

	int32_t		day;			/* period date … */
	int32_t		year;			/* … its year, and that year's first day */
	int32_t		year_first;

	Plan	   *plan;
	int64_t		column_fen[COLUMNS];		/* after the fixed price */
	int64_t	   *left;			/* split->left_fen … */
	uint32_t	live;			/* … and bits: buckets of it that may not be 0 */
	int32_t		stay_number[MAX_COUNTS];
	int64_t		window_fen[COLUMNS];		/* what the bills of the event's window cost */

	bool		later_part;		/* an earlier bill of the encounter has been settled */
	Tally	   *encounter;		/* NULL: the bill is an encounter of its own */

	uint32_t	paid_layers;	/* bits: paid more than 0 on this bill */
	uint32_t	exhausted_layers;
	uint32_t	newly_crossed;	/* bits: crossed on this bill for the first time in its period */
	uint32_t	alternatives_paid;			/* bits: sets of alternatives */
	uint32_t	with_deductible;	/* bits: layers whose rule applied had one … */
	int64_t		whole_deductible[MAX_LAYERS];	/* … and what D was */
	uint32_t	is_given;		/* bits: layers for which the bill brings something … */
	const Given *given[MAX_LAYERS];	/* … and what */
	int64_t		noted_fen;		/* what is due, while limits are looked at again to note those that it reaches; else 0 */
	uint32_t	ceilings_hold;	/* bits: ceilings whose condition holds */
	int64_t		ceiling_visit_paid[MAX_CEILINGS];

	uint8_t		n_before;
	Before		before[MAX_BASES];
	uint8_t		n_entered;
	Entered		entered[MAX_ENTERED];
	uint8_t		n_shared;
	Shared		shared[MAX_ENTERED];
} Run;

/* ---- a rule's parameters on this bill (modifier.c) ---- */

#define NO_LIMIT INT64_MAX

/* the parameters; in a plan, or in Resolved */
typedef struct Effective
{
	const Layer *layer;
	const Rule *rule;			/* NULL: no rule fits */
	const int64_t *limit_fen;	/* by cap; NO_LIMIT: removed */
	const int64_t *ratio;		/* by band: ppm or pico; of a fixed band: fen */
	const struct Payment *payment;	/* modifiers of the whole payment; NULL: none */
	int64_t		deductible_fen; /* D: whole, before what is used */
	int32_t		enter_micro;
	int32_t		stay_number;	/* of the schedule; 0: none */
	uint8_t		place;			/* of the layer in the chain */
	uint8_t		rule_index;
	bool		has_deductible;
	bool		whole_ppm;		/* ratio is in ppm, else in pico */
} Effective;

/* entitlement x factor + addition */
typedef struct Payment
{
	int64_t		factor_micro;
	i128		add_micro;
} Payment;

/* parameters worked out for one bill */
typedef struct Resolved
{
	Effective	e;
	Payment		payment;
	int64_t		limit_fen[MAX_CAPS];
	int64_t		ratio[MAX_BANDS];
} Resolved;

extern Status FactValue(const Run *run, int16_t fact, int64_t *hundredths);
extern Status ResolveParam(const Run *run, const Param *param, int64_t *value);
extern Status ResolveInFull(Run *run, uint8_t place, const Candidate *candidate, bool with_penalty, Resolved *r);
extern void PrepareRule(Run *run, uint8_t place, Candidate *candidate);

/* Which stay is this for the schedule of a deductible? 0: it has none */
static inline int
StayOf(const Run *run, const Deductible *d)
{
	if (d->count == NO_INDEX)
		return 0;
	return run->stay_number[d->count] < 1 ? 1 : run->stay_number[d->count];
}

/* Everything that the rule's parameters are on this bill: the plan's, or worked out in r; a trace hears how they came about */
static INLINE Status
ResolveEffective(Run *run, uint8_t place, const Candidate *candidate, bool with_penalty, Resolved *r, const Effective **e)
{
	const Effective *prepared = with_penalty ? candidate->prepared : candidate->lenient;

	*e = prepared;
	if (prepared != NULL && run->trace == NULL)
	{
		int			stay = candidate->n_stays == 1 ? 1 : StayOf(run, &prepared->rule->deductible);

		*e = &prepared[MinFen(stay, candidate->n_stays) - 1];
		if (stay <= candidate->n_stays || candidate->goes_on)
			return ST_OK;
	}
	*e = &r->e;
	return ResolveInFull(run, place, candidate, with_penalty, r);
}

/* ---- plan.c ---- */

/* D of the rule that a layer applied, for conditions of later layers */
static INLINE void
NoteDeductible(Run *run, const Effective *e)
{
	run->with_deductible |= (uint32_t) e->has_deductible << e->place;
	run->whole_deductible[e->place] = e->deductible_fen;
}

/* Where the hint of a bill speaks of a page */
static inline int
HintedPlace(const Run *run, const Page *page)
{
	return (int) ((page - run->fold->book->pages) % HINTED_PAGES);
}

/* The plan that bills like this one had under a page, or NULL */
static inline Plan *
HintedPlan(const Run *run, const Page *page)
{
	PlanTable  *plans = &run->fold->plans;
	uint16_t	place;
	Plan	   *plan;

	if (run->hint == NULL || run->hint->made != plans->made || plans->owner != run->fold)
		return NULL;
	place = run->hint->place[HintedPlace(run, page)];
	if (place == 0)
		return NULL;
	plan = (Plan *) &plans->store[place - 1];
	return plan->page == page ? plan : NULL;
}

extern void ForgetPlans(Fold *fold);
extern Status FindPlan(Run *run);
extern void *PlanRoom(Fold *fold, size_t size);

/* A figure that may have parts of a fen; plain: it is known to have none */
static INLINE Exact
Used(Exact x, bool plain)
{
	return plain ? ExactFen(x.fen) : x;
}

/* ---- page.c: the page of a bill ---- */

extern Status FindPage(Run *run);
extern uint32_t MissingNeeds(const Run *run, const Layer *layer);
extern Status LacksNeed(const Run *run, uint8_t place);
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
extern Status BookNameId(Run *run, Code name, uint16_t number, NameId *id);

/* The account's id of a layer's name */
static inline Status
LayerNameId(Run *run, uint8_t place, NameId *id)
{
	const Layer *layer = &run->page->layers[place];
	int16_t		known = run->fold->name_id[layer->name_number];

	*id = (NameId) known;
	return known >= 0 ? ST_OK : BookNameId(run, layer->name, layer->name_number, id);
}

/* The key of a lasting counter, unless its name is still to be looked up (KeyOf); most are such */
static inline bool
LastingKey(const Run *run, uint8_t counter, CounterKey *key)
{
	const Counter *c = &run->page->counters[counter];
	int16_t		known = run->fold->name_id[c->name_number];

	key->name = (NameId) known;
	key->period = run->year_first;
	key->sub.length = 0;
	return c->lasting && known >= 0;
}

/* All buckets 0; in two pieces, for which compilers need no call */
static inline void
ClearBuckets(int64_t *fen)
{
	memset(fen, 0, BUCKET_PART * sizeof(*fen));
	memset(fen + BUCKET_PART, 0, (BUCKETS - BUCKET_PART) * sizeof(*fen));
}

extern Status BindTally(Run *run, TallyKind kind, uint8_t counter, Tally **tally);

/* Is a counter of the page still where it was found? lasting: it is known to be one of these */
static INLINE bool
IsBound(const Run *run, uint8_t counter, const Hint *hint, bool lasting)
{
	return hint->bill_number >= (lasting || run->page->counters[counter].lasting ? run->fold->stretch : run->fold->bill_number);
}

/* Has the account begun empty since the counter was found last? Then this one is not open yet. */
static inline bool
IsUnopened(const Fold *fold, const Hint *hint)
{
	return fold->fresh == fold->stretch && hint->bill_number < fold->fresh;
}

/* The tally of a counter of the page for this bill */
static INLINE Status
TallyOf(Run *run, TallyKind kind, uint8_t counter, Tally **tally, bool lasting)
{
	const Hint *hint = &run->fold->tally_hint[kind][counter];

	*tally = &run->fold->account.tallies[hint->index];
	return IsBound(run, counter, hint, lasting) ? ST_OK : BindTally(run, kind, counter, tally);
}

/* ---- condition.c ---- */

/* where a condition is tested: within the chain, the base of the layer being tried before the enter share; elsewhere 0 */
typedef struct Place
{
	Exact		base;
} Place;

extern Status ConditionHolds(const Run *run, const Condition *condition, const Place *place, bool *holds);
extern Status ConditionTruth(const Run *run, const Condition *condition, const Place *place, Truth *truth);

/* ---- weights.c: bases ---- */

/* A bucket of the page as an account with these slots of parts counts it; slots NULL: as the page does */
static inline int
BucketIn(const int8_t *slots, int bucket)
{
	if (bucket < BUCKET_PART || bucket == BUCKET_GROSS || slots == NULL)
		return bucket;
	return BUCKET_PART + slots[bucket - BUCKET_PART];
}

/* A bucket of the page as the fold's account counts it */
static inline int
AccountBucket(const Run *run, int bucket)
{
	return BucketIn(run->fold->part_slot, bucket);
}

extern Exact WeighedParts(const Weights *weights, const int8_t *slots, const int64_t *fen, const int32_t *nano, bool fractional);

/* ---- bands.c: the entitlement ---- */

/* an exact entitlement: fen + frac / 10^27 */
typedef struct Entitlement
{
	int64_t		fen;
	u128		frac;
} Entitlement;

extern int64_t EntitledInFull(Run *run, const Effective *e, Exact x, Exact t, int sign);
extern Entitlement EntitledExactly(const Effective *e, Exact x, Exact t);
extern bool ReachesRoom(Entitlement now, Entitlement before, int64_t room_fen);
extern bool AtOrBelowThreshold(const Effective *e, Exact x);

/* ---- deductible.c ---- */

extern Status EncounterTally(Run *run, const Effective *e, bool open, Tally **tally);

/* ---- caps.c ---- */

extern Status BaseCapRoom(Run *run, const Effective *e, Exact entering, Exact *room);
extern void AddReached(Run *run, const Effective *e, ReachedKind kind, int index, Exact beyond);
extern void NoteReached(Run *run, const Effective *e, int64_t due_fen);
extern Status CeilingRoom(Run *run, const Effective *e, int64_t *room);
extern Status ChargeCeilings(Run *run, uint8_t place, int64_t paid_fen);
extern Status CountCeilingCosts(Run *run);

/* ---- layer.c, basic.c ---- */

/* v: what enters the base of a rule, by the page's buckets */
typedef struct Vector
{
	bool		fractional;		/* it has parts of a fen */
	uint32_t	touched;		/* bits: buckets that may not be 0; in a plain turn only these are set */
	int64_t		fen[ACCUMULATED];
	int32_t		nano[ACCUMULATED];
} Vector;

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
	int64_t		entering_fen;	/* … and the rest of in_scope, before any base cap; in a plain turn of others what may be paid from */
	int64_t		due_fen;
	int64_t		entitled_fen;	/* E(B) of a year rule, for recoverables */
	int64_t		room_fen;
	int64_t		allowed_fen;	/* min(due, room), at least 0 */
	Exact		entered;		/* base charged to base caps */
	bool		per_visit;		/* the visit form: visit rules, and year rules before their crossing */
	bool		crossing_now;
} Outcome;

extern Status ApplyLayer(Run *run, uint8_t place);
extern Status SetOff(Run *run, const Effective *e, Line *line);
extern Status FitRule(Run *run, uint8_t place, const Candidate **candidate);
extern void RememberBefore(Run *run, const BaseCounter *base);
extern Status BasicWithPenalty(Run *run, uint8_t place, const Candidate *candidate, BaseCounter *base, Resolved *r,
							   const Effective **e, Vector *v, Outcome *o);
extern int64_t BindingPoint(const Effective *e, const BaseCounter *base, const Outcome *o, int64_t x_fen);
extern void TraceBuckets(Run *run, uint8_t place);
extern Status GivenBasic(Run *run, const Given *given);
extern void NoteShared(Run *run, const BaseCounter *base, const Vector *v, Exact deductible);
extern void LeaveShared(Run *run, BaseCounter *base);
extern Status BindBase(Run *run, uint8_t counter, BaseCounter **base);
extern void EnterShare(Run *run, const Effective *e, Vector *v);
extern Status CutBase(Run *run, const Effective *e, Vector *v, Outcome *o);
extern void TraceEntering(Run *run, const Effective *e, const Vector *v, const Outcome *o);
extern void TraceDeductible(Run *run, const Effective *e, const Outcome *o);
extern void TraceDue(Run *run, const Effective *e, const Outcome *o);
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
