/*
 * basic.c — what becomes of in_scope when basic insurance settles: deductible, over_cap, copay, penalty, away_share
 * (docs/policy-model.md, section 12).
 */
#include <string.h>

#include "fold.h"

/* Tell the trace about one bucket that basic made */
static void
TraceBucket(Run *run, uint8_t place, int bucket)
{
	Step	   *step;

	if (run->trace == NULL || run->left[bucket] == 0)
		return;
	step = AddStep(run, STEP_BUCKET_OUT, place, NO_INDEX);
	step->index = (uint8_t) bucket;
	step->result = ExactFen(run->left[bucket]);
}

/* in_scope is gone; these buckets take its place */
static void
MakeBuckets(Run *run, uint8_t place, int64_t deductible, int64_t over_cap, int64_t copay, int64_t penalty, int64_t away_share)
{
	run->left[BUCKET_IN_SCOPE] = 0;
	run->left[BUCKET_DEDUCTIBLE] += deductible;
	run->left[BUCKET_OVER_CAP] += over_cap;
	run->left[BUCKET_COPAY] += copay;
	run->left[BUCKET_PENALTY] += penalty;
	run->left[BUCKET_AWAY_SHARE] += away_share;
	for (int i = BUCKET_DEDUCTIBLE; i <= BUCKET_AWAY_SHARE; i++)
		TraceBucket(run, place, i);
}

/* No rule, waived, not applicable, or no basic layer at all */
void
BasicIsAllCopay(Run *run)
{
	uint8_t		place = run->page->basic;

	if (run->left[BUCKET_IN_SCOPE] > 0)
		MakeBuckets(run, place, 0, 0, run->left[BUCKET_IN_SCOPE], 0, 0);
}

/* The exact entitlement of the first y fen of this bill, and what is to be subtracted from it */
static Entitlement
EntitledOnBill(const Effective *e, const Outcome *o, int64_t y)
{
	Exact		amount = ExactFen(y);
	Exact		eaten = e->has_deductible ? ExactMin(amount, o->deductible_room) : ExactFen(0);

	if (!o->per_visit)
	{
		amount = ExactAdd(o->cumulative_before, amount);
		eaten = InsideEntitlement(e) ? ExactFen(e->has_deductible ? e->deductible_fen : 0) : ExactAdd(o->taken_before, eaten);
	}
	return EntitledExactly(e, amount, eaten);
}

/* What true_up (or a crossing) has accrued, or slice was entitled to, before this bill */
static Entitlement
EntitledBefore(const Effective *e, const BaseCounter *base, const Outcome *o)
{
	Entitlement accrued = {0, 0};

	if (o->per_visit)
		return accrued;
	if (!e->rule->true_up && !o->crossing_now)
		return EntitledOnBill(e, o, 0);
	accrued.fen = base->accrued_fen;
	return accrued;
}

/* The smallest whole-fen part of the bill whose exact entitlement reaches the room; all of it if none does */
static int64_t
BindingPoint(const Effective *e, const BaseCounter *base, const Outcome *o, int64_t x_fen)
{
	Entitlement before = EntitledBefore(e, base, o);
	int64_t		low = 0;
	int64_t		high = x_fen;

	while (low < high)
	{
		int64_t		middle = low + (high - low) / 2;

		if (ReachesRoom(EntitledOnBill(e, o, middle), before, o->room_fen))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The cost above the point where the caps bind */
static int64_t
OverCap(const Effective *e, const BaseCounter *base, const Outcome *o, int64_t paid_fen)
{
	int64_t		x = o->entering_fen - o->cut.fen;
	int64_t		over = o->cut.fen;

	if (o->due_fen <= o->room_fen)
		return over;
	if (o->room_fen == 0)
		return over + x - o->deductible.fen;
	if (e->rule->whole_amount)
		return over + o->due_fen - paid_fen;
	return over + x - BindingPoint(e, base, o, x);
}

/* The buckets of one computation; copay never below zero: over_cap, then deductible give way */
static void
ShareOut(Run *run, const Effective *e, const BaseCounter *base, const Outcome *o, int64_t paid_fen, int64_t penalty_fen)
{
	int64_t		over = OverCap(e, base, o, paid_fen);
	int64_t		deductible = o->deductible.fen;
	int64_t		copay = o->entering_fen - deductible - over - paid_fen;
	int64_t		lack;

	if (copay < 0)
	{
		lack = MinFen(-copay, over);
		over -= lack;
		copay += lack;
		lack = MinFen(-copay, deductible);
		deductible -= lack;
		copay += lack;
	}
	MakeBuckets(run, e->place, deductible, over, copay, penalty_fen, o->away_fen);
}

/* What basic pays on the bill: not more than what enters */
static int64_t
PaidByBasic(const Outcome *o)
{
	return MinFen(o->allowed_fen, o->entering_fen);
}

/* Basic's turn: computed with its penalties, and once more without them for the buckets */
Status
BasicOnBill(Run *run, Effective *e, BaseCounter *base, Outcome *o)
{
	Effective	lenient = *e;
	Outcome		without;
	int64_t		penalty;

	if (!e->rule->has_penalty)
	{
		PROPAGATE(ResolveEffective(run, e, true));
		PROPAGATE(ComputeOutcome(run, e, base, o));
		ShareOut(run, e, base, o, PaidByBasic(o), 0);
		return ST_OK;
	}
	run->without_penalty = true;
	PROPAGATE(ResolveEffective(run, &lenient, false));
	PROPAGATE(ComputeOutcome(run, &lenient, base, &without));
	run->without_penalty = false;
	PROPAGATE(ResolveEffective(run, e, true));
	PROPAGATE(ComputeOutcome(run, e, base, o));
	penalty = PaidByBasic(&without) - PaidByBasic(o);
	if (penalty < 0)
		return FaultSet(run->fault, ST_PENALTY_PAYS, "modifiers", "basic would pay more with the penalty than without it",
						"a penalty that lowers the payment");
	ShareOut(run, &lenient, base, &without, PaidByBasic(&without), penalty);
	return ST_OK;
}

/* Basic was computed by someone else */
Status
GivenBasic(Run *run, const Given *given)
{
	int64_t		in_scope = run->left[BUCKET_IN_SCOPE];
	int64_t		copay = in_scope - given->amount_fen - given->deductible_fen - given->over_cap_fen;

	if (copay < 0)
		return FaultFormat(run->fault, ST_BILL_GIVEN, "given", "amount + deductible + over_cap at most in_scope",
						   "basic brings %lld.%02lld yuan more than is in scope", (long long) -copay / 100, (long long) -copay % 100);
	MakeBuckets(run, run->page->basic, given->deductible_fen, given->over_cap_fen, copay, 0, 0);
	return ST_OK;
}
