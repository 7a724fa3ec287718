/*
 * basic.c — basic insurance: the point from which its caps bind, its penalties, and amounts given for it
 * (docs/policy-model.md, section 12). What becomes of in_scope is in basic.h.
 */
#include <string.h>

#include "basic.h"

/* Tell the trace about the buckets that basic made */
void
TraceBuckets(Run *run, uint8_t place)
{
	for (int i = BUCKET_DEDUCTIBLE; i <= BUCKET_AWAY_SHARE; i++)
	{
		Step	   *step;

		if (run->left[i] == 0)
			continue;
		step = AddStep(run, STEP_BUCKET_OUT, place, NO_INDEX);
		step->index = (uint8_t) i;
		step->result = ExactFen(run->left[i]);
	}
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

/* Near the binding point where all of the bill above it lies in the last band; somewhere else where not */
static int64_t
GuessBindingPoint(const Effective *e, const Outcome *o, int64_t x_fen)
{
	int64_t		ratio = e->ratio[e->rule->n_bands - 1];
	int64_t		above = o->due_fen - o->room_fen;

	return !e->whole_ppm || ratio == 0 || above > SHORT_FEN ? x_fen / 2 : x_fen - above * PPM / ratio;
}

/* The smallest whole-fen part of the bill whose exact entitlement reaches the room; all of it if none does */
APART int64_t
BindingPoint(const Effective *e, const BaseCounter *base, const Outcome *o, int64_t x_fen)
{
	Entitlement before = EntitledBefore(e, base, o);
	int64_t		low = 0;
	int64_t		high = x_fen;
	int64_t		guess = GuessBindingPoint(e, o, x_fen);
	int64_t		probes[] = {guess + 2, guess - 3};

	/* by halves, but first on both sides of the guess: it decides how soon the point is found, not which one it is */
	for (int i = 0; low < high; i++)
	{
		int64_t		middle = i < 2 && probes[i] >= low && probes[i] < high ? probes[i] : low + (high - low) / 2;

		if (ReachesRoom(EntitledOnBill(e, o, middle), before, o->room_fen))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Basic's turn where it has penalties: computed with them, and once more without them for the buckets */
Status
BasicWithPenalty(Run *run, uint8_t place, const Candidate *candidate, BaseCounter *base, Resolved *r, const Effective **e,
				 Vector *v, Outcome *o)
{
	Resolved	worked_out;
	const Effective *lenient;
	Outcome		without;
	int64_t		penalty;

	run->without_penalty = true;
	PROPAGATE(ResolveEffective(run, place, candidate, false, &worked_out, &lenient));
	PROPAGATE(ComputeOutcome(run, lenient, base, v, &without, false));
	run->without_penalty = false;
	PROPAGATE(ResolveEffective(run, place, candidate, true, r, e));
	PROPAGATE(ComputeOutcome(run, *e, base, v, o, false));
	penalty = PaidOfEntering(&without) - PaidOfEntering(o);
	if (penalty < 0)
		return FaultSet(run->fault, ST_PENALTY_PAYS, "modifiers", "basic would pay more with the penalty than without it",
						"a penalty that lowers the payment");
	ShareOut(run, lenient, base, &without, PaidOfEntering(&without), penalty);
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
