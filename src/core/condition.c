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
	int64_t		whole = run->whole_deductible[layer];

	return whole != NO_AMOUNT && ExactCompare(amount, ExactFen(whole)) > 0;
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
			if ((run->known & (1u << test->index)) == 0)
				return Missing(run, code_attribute_name[test->index]);
			*holds = (run->codes[test->index] & test->mask) != 0;
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

/* All tests of a conjunction */
static Status
ConjunctionHolds(const Run *run, const Conjunction *all, const Place *place, bool *holds)
{
	*holds = true;
	for (int i = 0; i < all->n_tests && *holds; i++)
		PROPAGATE(TestHolds(run, &all->tests[i], place, holds));
	return ST_OK;
}

/* any: at least one alternative holds; none: no alternative does */
static Status
ClauseHolds(const Run *run, const Clause *clause, const Place *place, bool *holds)
{
	bool		one = false;

	for (int i = 0; i < clause->n_alternatives && !one; i++)
		PROPAGATE(ConjunctionHolds(run, &clause->alternatives[i], place, &one));
	*holds = clause->none ? !one : one;
	return ST_OK;
}

/* The whole condition */
Status
ConditionHolds(const Run *run, const Condition *condition, const Place *place, bool *holds)
{
	PROPAGATE(ConjunctionHolds(run, &condition->all, place, holds));
	for (int i = 0; i < condition->n_clauses && *holds; i++)
		PROPAGATE(ClauseHolds(run, &condition->clauses[i], place, holds));
	return ST_OK;
}
