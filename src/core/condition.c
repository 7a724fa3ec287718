/*
 * condition.c — does a condition hold for this bill, at this place in the chain? (docs/policy-model.md, section 4)
 */
#include "fold.h"

/* low <= value <= high */
static inline bool
Within(const Test *test, int64_t value)
{
	return value >= test->low && value <= test->high;
}

/* The same for a value with parts of a fen, where a bound may be strict */
static bool
ExactWithin(const Test *test, Exact value)
{
	int			low = ExactCompare(value, ExactFen(test->low));
	int			high = ExactCompare(value, ExactFen(test->high));

	return (test->low_strict ? low > 0 : low >= 0) && (test->high_strict ? high < 0 : high <= 0);
}

/* A fact by its name */
static const BillFact *
FindFact(const Run *run, uint8_t fact)
{
	for (int i = 0; i < run->bill->n_facts; i++)
	{
		if (CodeIs(run->bill->facts[i].name, run->page->facts[fact]))
			return &run->bill->facts[i];
	}
	return NULL;
}

/* A fact that a condition or a parameter needs */
Status
FactValue(const Run *run, int16_t fact, int64_t *hundredths)
{
	const BillFact *found;
	Code		name;

	if (fact == FACT_AGE)
	{
		if (run->bill->age == NO_AGE)
			return FaultSet(run->fault, ST_BILL_MISSING, "age", "not given, but a parameter depends on it", "age in whole years");
		*hundredths = (int64_t) run->bill->age * 100;
		return ST_OK;
	}
	if (COST_OF(fact) >= 0)
	{
		*hundredths = run->window_fen[COST_OF(fact)];
		return ST_OK;
	}
	found = FindFact(run, (uint8_t) fact);
	if (found == NULL)
	{
		name = run->page->facts[fact];
		return FaultFormat(run->fault, ST_BILL_MISSING, "facts", "a number for this fact", "fact \"%.*s\" is not given",
						   name.length, name.text);
	}
	*hundredths = found->hundredths;
	return ST_OK;
}

/* Σ left of all buckets: what the patient would bear if nobody else paid */
static int64_t
SelfPay(const Run *run)
{
	int64_t		sum = 0;

	for (int i = 0; i < BUCKETS; i++)
		sum += run->left[i];
	return sum;
}

/* Is an amount above the whole deductible that another layer applied? False if it applied none. */
static bool
AboveDeductible(const Run *run, uint8_t layer, Exact amount)
{
	return (run->with_deductible >> layer & 1) != 0 && ExactCompare(amount, ExactFen(run->whole_deductible[layer])) > 0;
}

/* Does the answer to a test follow from what a plan knows: the bill's codes, and whether it is designated? */
static bool
IsPlanned(const Run *run, const Test *test)
{
	return test->kind == TEST_CODE ? (run->plan->known >> test->index & 1) != 0 :
		test->kind == TEST_DESIGNATED && run->bill->designated >= 0;
}

/* A test of an attribute that the bill does not bring */
static Status
Missing(const Run *run, const char *attribute)
{
	return FaultSet(run->fault, ST_BILL_MISSING, attribute, "not given, but a condition of the terms tests it", "a value");
}

/* One test */
static Status
TestHolds(const Run *run, const Test *test, const Place *place, bool *holds)
{
	int64_t		value;

	switch (test->kind)
	{
		case TEST_CODE:
			if ((run->plan->known >> test->index & 1) == 0)
				return Missing(run, code_attribute_name[test->index]);
			*holds = (run->plan->codes[test->index] & test->mask) != 0;
			break;
		case TEST_DESIGNATED:
			if (run->bill->designated < 0)
				return Missing(run, "designated");
			*holds = run->bill->designated == test->low;
			break;
		case TEST_AGE:
			if (run->bill->age == NO_AGE)
				return Missing(run, "age");
			*holds = Within(test, run->bill->age);
			break;
		case TEST_STAY_TOTAL:
			value = run->bill->encounter_total_fen;
			*holds = Within(test, value != NO_AMOUNT ? value : run->column_fen[COLUMN_TOTAL]);
			break;
		case TEST_COLUMN:
			*holds = Within(test, run->column_fen[test->index]);
			break;
		case TEST_STAY_NUMBER:
			*holds = Within(test, run->stay_number[test->index]);
			break;
		case TEST_BASE:
			*holds = ExactWithin(test, place->base);
			break;
		case TEST_BASE_ABOVE_DEDUCTIBLE:
			*holds = AboveDeductible(run, test->index, place->base);
			break;
		case TEST_SELF_PAY:
			*holds = Within(test, SelfPay(run));
			break;
		case TEST_SELF_PAY_ABOVE_DEDUCTIBLE:
			*holds = AboveDeductible(run, test->index, ExactFen(SelfPay(run)));
			break;
		case TEST_PAID_BY:
			*holds = (run->paid_layers & test->mask) == test->mask;
			break;
		case TEST_EXHAUSTED:
			*holds = (run->exhausted_layers & test->mask) == test->mask;
			break;
		case TEST_DATE:
			*holds = Within(test, run->day);
			break;
		case TEST_FACT:
			PROPAGATE(FactValue(run, test->index, &value));
			*holds = Within(test, value);
			break;
	}
	return ST_OK;
}

/* All tests of a conjunction, in their order; without a place only as far as a plan knows the answers */
static Status
ConjunctionHolds(const Run *run, const Conjunction *all, const Place *place, Truth *truth)
{
	bool		holds = true;

	for (int i = 0; i < all->n_tests && holds; i++)
	{
		if (place == NULL && !IsPlanned(run, &all->tests[i]))
		{
			*truth = TRUTH_OPEN;
			return ST_OK;
		}
		PROPAGATE(TestHolds(run, &all->tests[i], place, &holds));
	}
	*truth = holds ? TRUTH_YES : TRUTH_NO;
	return ST_OK;
}

/* any: at least one alternative holds; none: no alternative does */
static Status
ClauseHolds(const Run *run, const Clause *clause, const Place *place, Truth *truth)
{
	*truth = TRUTH_NO;
	for (int i = 0; i < clause->n_alternatives && *truth == TRUTH_NO; i++)
		PROPAGATE(ConjunctionHolds(run, &clause->alternatives[i], place, truth));
	if (clause->none && *truth != TRUTH_OPEN)
		*truth = *truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
	return ST_OK;
}

/* The whole condition; place is NULL where a plan is made: then the answer may stay open, and nothing is an error */
Status
ConditionTruth(const Run *run, const Condition *condition, const Place *place, Truth *truth)
{
	PROPAGATE(ConjunctionHolds(run, &condition->all, place, truth));
	for (int i = 0; i < condition->n_clauses && *truth == TRUTH_YES; i++)
		PROPAGATE(ClauseHolds(run, &condition->clauses[i], place, truth));
	return ST_OK;
}

/* Does the condition hold? */
Status
ConditionHolds(const Run *run, const Condition *condition, const Place *place, bool *holds)
{
	Truth		truth;

	PROPAGATE(ConditionTruth(run, condition, place, &truth));
	*holds = truth == TRUTH_YES;
	return ST_OK;
}
