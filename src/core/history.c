/*
 * history.c — what reaches back: bills kept for later, year adjustments booked against them, and events without cost
 * (docs/policy-model.md, section 13).
 */
#include <string.h>

#include "outcome.h"

/* basic's in_scope has become these on earlier bills */
static const uint8_t basic_order[] = {BUCKET_OVER_CAP, BUCKET_COPAY, BUCKET_DEDUCTIBLE};

/* The buckets of earlier bills that a layer may take from, in its order */
static void
TakingOrder(const Effective *e, const uint8_t **order, int *n)
{
	bool		basic = e->layer->kind == KIND_BASIC;

	*order = basic ? basic_order : e->rule->weights->order;
	*n = basic ? (int) sizeof(basic_order) : e->rule->weights->n_order;
}

/* Bills that were folded without being kept cannot be adjusted */
static Status
CheckKept(Run *run, int32_t from_day)
{
	const Account *account = &run->fold->account;

	if (!account->unkept || account->unkept_day < from_day)
		return ST_OK;
	return FaultSet(run->fault, ST_ACCOUNT_NO_HISTORY, "account",
					"earlier bills of the period were folded under terms that keep no bills",
					"an account folded from the start of the period under terms that adjust earlier bills");
}

/* Lower the base that an earlier bill entered, by what has now been paid of one of its buckets */
static void
LowerBase(Run *run, const Entered *entered, int bucket, int64_t taken_fen)
{
	BaseCounter *base = &run->fold->account.bases[entered->base];
	i128		micro = (i128) taken_fen * entered->enter_micro;
	Exact		now = {base->fen[bucket], base->nano[bucket]};
	Exact		off = {(int64_t) (micro / PPM), (int32_t) (micro % PPM) * 1000};

	RememberBefore(run, base);
	now = ExactSub(now, off);
	base->fen[bucket] = now.fen;
	base->nano[bucket] = now.nano;
	base->fractional = base->fractional || now.nano != 0;
	run->fold->fractions = run->fold->fractions || base->fractional;
}

/* An amount is paid of a bucket of an earlier bill: it leaves the bases of the layers behind this one */
static void
TakeFromKept(Run *run, const Effective *e, KeptBill *kept, int bucket, int64_t taken_fen)
{
	Step	   *step = TraceStep(run, STEP_BOOKED, e);

	kept->left_fen[bucket] -= taken_fen;
	for (int i = 0; i < kept->n_entered; i++)
	{
		if (kept->entered[i].place > e->place && !kept->entered[i].dropped && kept->entered[i].enter_micro != 0)
			LowerBase(run, &kept->entered[i], bucket, taken_fen);
	}
	if (step != NULL)
	{
		step->index = (uint8_t) bucket;
		step->ordered_at = kept->ordered_at;
		step->seq = kept->seq;
		step->result = ExactFen(taken_fen);
	}
}

/* Take an amount out of one earlier bill in the layer's order; returns what was taken */
static int64_t
TakeFromBill(Run *run, const Effective *e, KeptBill *kept, int64_t amount_fen, EventPaid *paid)
{
	const uint8_t *order;
	int			n;
	int64_t		rest = amount_fen;

	TakingOrder(e, &order, &n);
	for (int i = 0; i < n && rest > 0; i++)
	{
		int			bucket = AccountBucket(run, order[i]);
		int64_t		taken = MinFen(kept->left_fen[bucket], rest);

		if (taken == 0)
			continue;
		TakeFromKept(run, e, kept, bucket, taken);
		if (paid != NULL)
			paid->paid_fen[bucket] += taken;
		rest -= taken;
	}
	return amount_fen - rest;
}

/* Did the bill enter this base, and not leave it through this layer? */
static bool
IsInBase(const KeptBill *kept, uint8_t base, NameId layer)
{
	bool		in = false;

	for (int i = 0; i < kept->n_entered; i++)
	{
		const Entered *entered = &kept->entered[i];

		if (entered->base != base)
			continue;
		if (entered->layer == layer)
			return !entered->dropped;
		if (!entered->dropped)
			in = true;
	}
	return in;
}

/* Book a year adjustment against the earlier bills of the counter, oldest first */
Status
BookAdjustment(Run *run, const Effective *e, BaseCounter *base, int64_t amount_fen, int64_t *booked_fen)
{
	Account    *account = &run->fold->account;
	uint8_t		index = (uint8_t) (base - account->bases);
	NameId		layer;

	PROPAGATE(CheckKept(run, base->period));
	PROPAGATE(LayerNameId(run, e->place, &layer));
	*booked_fen = 0;
	for (int i = 0; i < account->n_kept && *booked_fen < amount_fen; i++)
	{
		if (IsInBase(&account->kept[i], index, layer))
			*booked_fen += TakeFromBill(run, e, &account->kept[i], amount_fen - *booked_fen, NULL);
	}
	return ST_OK;
}

/* ---- events ---- */

/* First and last day of the event's window */
static void
WindowDays(const Run *run, Window window, int32_t *first, int32_t *last)
{
	int32_t		year;
	int8_t		month;
	int8_t		day;

	DayToDate(run->day, &year, &month, &day);
	*last = run->day;
	*first = DateToDay(year, 1, 1);
	if (window == WINDOW_PREVIOUS_YEAR)
	{
		*last = *first - 1;
		*first = DateToDay(year - 1, 1, 1);
	}
	else if (window == WINDOW_LAST_12_MONTHS)
	{
		*first = DateToDay(year - 1, month, month == 2 && day == 29 ? 28 : day) + 1;
	}
}

/* Is a kept code one of the filter's codes (care types: does it begin with one)? */
static bool
CodeFits(const Account *account, NameId id, const Code *codes, int n, bool prefix)
{
	const Name *name;

	if (n == 0)
		return true;
	if (id == NAME_NONE)
		return false;
	name = &account->names[id];
	for (int i = 0; i < n; i++)
	{
		if ((prefix ? codes[i].length <= name->length : codes[i].length == name->length) &&
			memcmp(codes[i].text, name->text, codes[i].length) == 0)
			return true;
	}
	return false;
}

/* Does a kept bill lie in the window and fit its filter? */
static bool
InWindow(const Run *run, const Rule *rule, const KeptBill *kept, int32_t first, int32_t last)
{
	const Account *account = &run->fold->account;

	if (kept->day < first || kept->day > last)
		return false;
	if (rule->filter.designated >= 0 && kept->designated != rule->filter.designated)
		return false;
	for (int i = 0; i < 4; i++)
	{
		if (!CodeFits(account, kept->code[i], rule->filter.codes[i], rule->filter.n_codes[i], i == CODE_CARE_TYPE))
			return false;
	}
	return true;
}

/* What events of the layer have paid on a bill; NULL when nothing and open is false */
static EventPaid *
FindEventPaid(Account *account, int bill, NameId layer, bool open)
{
	EventPaid  *paid;

	for (int i = 0; i < account->n_event_paid; i++)
	{
		paid = &account->event_paid[i];
		if (paid->bill == bill && paid->layer == layer)
			return paid;
	}
	if (!open || account->n_event_paid == MAX_EVENT_PAID)
		return NULL;
	paid = &account->event_paid[account->n_event_paid++];
	memset(paid, 0, sizeof(*paid));
	paid->bill = (uint16_t) bill;
	paid->layer = layer;
	return paid;
}

/* Add up the window: by bucket what is left and what events of this layer have paid; the latter also in sum */
static void
SumWindow(Run *run, const Rule *rule, NameId layer, int32_t first, int32_t last, int64_t *fen, int64_t *paid_fen)
{
	Account    *account = &run->fold->account;

	memset(fen, 0, sizeof(int64_t) * ACCUMULATED);
	*paid_fen = 0;
	for (int k = 0; k < account->n_kept; k++)
	{
		const EventPaid *paid;

		if (!InWindow(run, rule, &account->kept[k], first, last))
			continue;
		paid = FindEventPaid(account, k, layer, false);
		for (int i = 0; i < BUCKETS; i++)
		{
			fen[i] += account->kept[k].left_fen[i] + (paid != NULL ? paid->paid_fen[i] : 0);
			*paid_fen += paid != NULL ? paid->paid_fen[i] : 0;
		}
	}
}

/* What the bills of the window cost, where a parameter follows it */
static Status
CostWindow(Run *run, const Rule *rule, int32_t first, int32_t last)
{
	const Account *account = &run->fold->account;

	if (!rule->follows_cost)
		return ST_OK;
	memset(run->window_fen, 0, sizeof(run->window_fen));
	for (int k = 0; k < account->n_kept; k++)
	{
		const KeptBill *kept = &account->kept[k];

		if (!InWindow(run, rule, kept, first, last))
			continue;
		if (!kept->costed)
			return FaultSet(run->fault, ST_ACCOUNT_NO_HISTORY, "account",
							"earlier bills of the window were folded under terms that do not keep what they cost",
							"an account folded from the start of the window under terms that ask for its cost");
		for (int i = 0; i < COLUMNS; i++)
			run->window_fen[i] += kept->cost_fen[i];
	}
	return ST_OK;
}

/* The base of an event: Σ weight x sum x enter share, exactly. Basic's buckets are those that in_scope has become. */
static Exact
EventBase(Run *run, const Effective *e, const int64_t *fen)
{
	const Weights *w = e->rule->weights;
	const uint8_t *order;
	int			n;
	i128		milli = 0;

	TakingOrder(e, &order, &n);
	for (int i = 0; i < n; i++)
		milli += (i128) fen[AccountBucket(run, order[i])] * (e->layer->kind == KIND_BASIC ? MILLI : w->milli[order[i]]);
	return ExactFromNano(milli * e->enter_micro);
}

/* Is there anything to take out of an earlier bill? */
static bool
HasLeft(const Run *run, const Effective *e, const KeptBill *kept)
{
	const uint8_t *order;
	int			n;

	TakingOrder(e, &order, &n);
	for (int i = 0; i < n; i++)
	{
		if (kept->left_fen[AccountBucket(run, order[i])] > 0)
			return true;
	}
	return false;
}

/* Book the event's payment on the bills of its window, oldest first */
static Status
BookEvent(Run *run, const Effective *e, NameId layer, int32_t first, int32_t last, int64_t amount_fen, int64_t *booked_fen)
{
	Account    *account = &run->fold->account;

	*booked_fen = 0;
	for (int k = 0; k < account->n_kept && *booked_fen < amount_fen; k++)
	{
		EventPaid  *paid;

		if (!InWindow(run, e->rule, &account->kept[k], first, last) || !HasLeft(run, e, &account->kept[k]))
			continue;
		paid = FindEventPaid(account, k, layer, true);
		if (paid == NULL)
			return FaultFormat(run->fault, ST_ACCOUNT_FULL, "account", "fewer events in one account",
							   "events have paid on more than %d bills", MAX_EVENT_PAID);
		*booked_fen += TakeFromBill(run, e, &account->kept[k], amount_fen - *booked_fen, paid);
	}
	return ST_OK;
}

/* Compute and book one event rule */
static Status
ApplyEvent(Run *run, uint8_t place, const Candidate *candidate, Line *line)
{
	const Rule *rule = &run->page->layers[place].rules[candidate->rule];
	Resolved	r;
	const Effective *e;
	NameId		layer;
	int32_t		first;
	int32_t		last;
	int64_t		fen[ACCUMULATED];
	int64_t		paid;
	int64_t		allowed;
	Exact		x;
	bool		exhausted;

	WindowDays(run, rule->window, &first, &last);
	PROPAGATE(CheckKept(run, first));
	PROPAGATE(CostWindow(run, rule, first, last));
	PROPAGATE(ResolveEffective(run, place, candidate, true, &r, &e));
	PROPAGATE(LayerNameId(run, place, &layer));
	SumWindow(run, rule, layer, first, last, fen, &paid);
	x = EventBase(run, e, fen);
	line->state = LINE_APPLIED;
	line->rule = e->rule_index;
	line->base = line->cumulative = x;
	if (e->has_deductible && e->rule->deductible.kind == DEDUCTIBLE_THRESHOLD)
		line->deductible = AtOrBelowThreshold(e, x) ? x : ExactFen(0);
	else
		line->deductible = ExactMin(x, ExactFen(e->has_deductible ? e->deductible_fen : 0));
	line->due_fen = MaxFen(0, Entitled(run, e, x, line->deductible, 1, false) - paid);
	PROPAGATE(LeastRoom(run, e, &line->room_fen, false));
	allowed = MinFen(line->due_fen, line->room_fen);
	NoteIfReached(run, e, line->due_fen, line->room_fen);
	PROPAGATE(BookEvent(run, e, layer, first, last, allowed, &line->adjustment_fen));
	if (e->layer->set_off)
		PROPAGATE(SetOff(run, e, line));
	PROPAGATE(ChargeCaps(run, e, line->adjustment_fen, ExactFen(0), false));
	PROPAGATE(Exhausted(run, e, &exhausted));
	if (exhausted)
		run->exhausted_layers |= 1u << place;
	NoteDeductible(run, e);
	if (line->adjustment_fen > 0)
	{
		run->paid_layers |= 1u << place;
		if (e->layer->alternative != NO_INDEX)
			run->alternatives_paid |= 1u << e->layer->alternative;
	}
	return ST_OK;
}

/* One layer's turn on an event */
Status
ApplyEventLayer(Run *run, uint8_t place)
{
	const Layer *layer = &run->page->layers[place];
	Line	   *line = &run->split->lines[place];
	const Candidate *candidate;
	Step	   *step;

	if (layer->alternative != NO_INDEX && (run->alternatives_paid >> layer->alternative & 1))
	{
		line->state = LINE_ALTERNATIVE_PAID;
		return ST_OK;
	}
	PROPAGATE(FitRule(run, place, &candidate));
	if (run->trace != NULL)
	{
		step = AddStep(run, STEP_LAYER, place, NO_INDEX);
		step->state = candidate != NULL ? LINE_APPLIED : line->state;
		step->cite = layer->cite;
	}
	return candidate != NULL ? ApplyEvent(run, place, candidate, line) : ST_OK;
}

/* ---- keeping bills ---- */

/* A bill is no longer, or was never, among the kept ones: whoever reaches back to its day hears of it */
static void
NoteUnkept(Account *account, int32_t day)
{
	account->unkept_day = account->unkept && account->unkept_day > day ? account->unkept_day : day;
	account->unkept = true;
}

/* Forget bills of the years to which no rule of the book reaches back, and what events have paid on them */
static void
ForgetOldBills(Run *run, int32_t cut)
{
	Account    *account = &run->fold->account;
	int			kept = 0;
	int			paid = 0;
	int			moved[MAX_KEPT];

	for (int i = 0; i < account->n_kept; i++)
	{
		moved[i] = account->kept[i].day >= cut ? kept : -1;
		if (moved[i] >= 0)
			account->kept[kept++] = account->kept[i];
		else
			NoteUnkept(account, account->kept[i].day);
	}
	account->n_kept = (uint16_t) kept;
	for (int i = 0; i < account->n_event_paid; i++)
	{
		if (moved[account->event_paid[i].bill] < 0)
			continue;
		account->event_paid[paid] = account->event_paid[i];
		account->event_paid[paid++].bill = (uint16_t) moved[account->event_paid[i].bill];
	}
	account->n_event_paid = (uint16_t) paid;
}

/* A code as a name of the account */
static Status
KeepCode(Run *run, int attribute, NameId *id)
{
	Code		code = run->bill->single[attribute];

	*id = NAME_NONE;
	if (code.text == NULL)
		return ST_OK;
	*id = AccountName(&run->fold->account, code.text, code.length, run->fault);
	return *id == NAME_NONE ? ST_ACCOUNT_FULL : ST_OK;
}

/* The codes that windows of events ask for; the plan knows those that the page declares, once it has seen this table of names */
static Status
KeepCodes(Run *run, NameId *id)
{
	Plan	   *plan = run->plan;
	uint32_t	unknown = 0xF;

	if (plan->names_number == run->fold->names_number)
		unknown &= plan->known & ~run->page->declared;
	memcpy(id, plan->kept_code, sizeof(plan->kept_code));
	for (; unknown != 0; unknown &= unknown - 1)
		PROPAGATE(KeepCode(run, __builtin_ctz(unknown), &id[__builtin_ctz(unknown)]));
	memcpy(plan->kept_code, id, sizeof(plan->kept_code));
	plan->names_number = run->fold->names_number;
	return ST_OK;
}

/* What the bill costs, for books that ask */
static void
KeepCost(const Run *run, KeptBill *kept)
{
	kept->costed = run->fold->book->keeps_costs;
	for (int i = 0; i < COLUMNS; i++)
		kept->cost_fen[i] = kept->costed ? run->column_fen[i] : 0;
}

/* Copy the bill into the next free place */
static Status
FillKept(Run *run, KeptBill *kept)
{
	const Bill *bill = run->bill;

	kept->ordered_at = bill->ordered_at;
	kept->seq = bill->seq;
	kept->day = run->day;
	PROPAGATE(KeepCodes(run, kept->code));
	kept->designated = bill->designated;
	kept->n_entered = run->n_entered;
	for (int i = 0; i < run->n_entered; i++)
		kept->entered[i] = run->entered[i];
	KeepCost(run, kept);
	ClearBuckets(kept->left_fen);
	for (uint32_t live = run->live; live != 0; live &= live - 1)
		kept->left_fen[AccountBucket(run, __builtin_ctz(live))] = run->left[__builtin_ctz(live)];
	return ST_OK;
}

/* Keep the bill for later adjustments and events, when the book has any; else note that it was not kept */
Status
KeepBill(Run *run)
{
	Account    *account = &run->fold->account;

	int			first_year = run->year - run->fold->book->reach_years;

	if (!run->fold->book->keeps_bills)
	{
		NoteUnkept(account, run->day);
		return ST_OK;
	}
	if (account->n_kept == MAX_KEPT)
		ForgetOldBills(run, DateToDay(first_year, 1, 1));
	if (account->n_kept == MAX_KEPT)
		return FaultFormat(run->fault, ST_ACCOUNT_FULL, "account", "fewer bills: add up small outpatient bills of one day",
						   "more than %d bills since %d, to which the terms may reach back", MAX_KEPT, first_year);
	return FillKept(run, &account->kept[account->n_kept++]);
}
