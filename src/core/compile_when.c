/*
 * compile_when.c — conditions (docs/policy-model.md, section 4). Ranges become inclusive bounds on whole units, codes become masks,
 * names become indexes; what a condition needs of a bill is added to the compiler's needs.
 */
#include "compile.h"

#include <string.h>

/* the tests of one conjunction while it is read */
typedef struct Tests
{
	int			n;
	Test		test[MAX_TESTS];
} Tests;

#define WHEN_ANYWHERE (WHEN_COUNT | WHEN_PRICE | WHEN_CEILING | WHEN_CHAIN)

/* The next test, of this kind and without bounds; NULL with a fault when the condition is full. */
static Test *
AddTest(Compiler *c, int node, Tests *tests, TestKind kind, int index)
{
	Test	   *test;

	if (c->n_tests == MAX_TESTS)
		Fail(c, node, ST_DOC_LIMIT, "at most 64 tests in a condition", "one more test");
	if (Failed(c))
		return NULL;
	c->n_tests++;
	test = &tests->test[tests->n++];
	*test = (Test) {.kind = kind, .index = (uint8_t) index, .low = INT64_MIN, .high = INT64_MAX};
	return test;
}

/* ---- ranges ---- */

enum
{
	RANGE_ABOVE,
	RANGE_AT_LEAST,
	RANGE_BELOW,
	RANGE_UP_TO,
	RANGE_KEYS,
	RANGE_OTHER = RANGE_KEYS	/* a fifth key beside those of a range */
};

static const Key range_keys[RANGE_KEYS] = {
	[RANGE_ABOVE] = {"above", OPTIONAL},
	[RANGE_AT_LEAST] = {"at_least", OPTIONAL},
	[RANGE_BELOW] = {"below", OPTIONAL},
	[RANGE_UP_TO] = {"up_to", OPTIONAL}
};

static const Number age_number = {0, 0, 200, "an age in whole years"};
static const Number stay_number = {0, 0, 1000000, "a whole number of stays"};
static const Number fact_number = {2, -MAX_FEN, MAX_FEN, "a number with at most two decimals"};

/* Bounds from the values of the range keys; exact: strict bounds stay strict instead of moving to the next whole unit. */
static void
SetBounds(Compiler *c, int node, const int *value, const Number *number, bool exact, Test *test)
{
	bool		above = value[RANGE_ABOVE] >= 0;
	bool		below = value[RANGE_BELOW] >= 0;
	int			low = above ? value[RANGE_ABOVE] : value[RANGE_AT_LEAST];
	int			high = below ? value[RANGE_BELOW] : value[RANGE_UP_TO];

	if (above)
		Forbid(c, value[RANGE_AT_LEAST], "either above or at_least");
	if (below)
		Forbid(c, value[RANGE_UP_TO], "either below or up_to");
	if (low < 0 && high < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "some of above, at_least, below, up_to", "a range without bounds");
	if (Failed(c))
		return;
	if (low >= 0)
		test->low = ReadNumber(c, low, number) + (above && !exact);
	if (high >= 0)
		test->high = ReadNumber(c, high, number) - (below && !exact);
	test->low_strict = above && exact;
	test->high_strict = below && exact;
	if (test->low > test->high || (test->low == test->high && (test->low_strict || test->high_strict)))
		Fail(c, node, ST_DOC_BAD_VALUE, "a range that something can lie in", "an empty range");
}

/* A test on a range alone. */
static void
ReadRange(Compiler *c, int node, Tests *tests, TestKind kind, int index, const Number *number)
{
	int			value[RANGE_KEYS];
	Test	   *test = AddTest(c, node, tests, kind, index);

	if (test != NULL && READ_KEYS(c, node, range_keys, value))
		SetBounds(c, node, value, number, false, test);
}

/* ---- the tests ---- */

uint64_t
ReadCodeTest(Compiler *c, CodeAttribute attribute, int node, int *n)
{
	uint64_t	mask = 0;

	*n = CountElements(c, node, MAX_CODES, "an array of at most 64 codes");
	if (*n == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, "an array of at least one code");
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		mask |= CodeMask(c, attribute, element);
		CheckDistinct(c, node, element);
	}
	return mask;
}

static void
ReadCode(Compiler *c, int node, Tests *tests, int index)
{
	Test	   *test = AddTest(c, node, tests, TEST_CODE, index);
	int			n;

	if (test != NULL)
		test->mask = ReadCodeTest(c, (CodeAttribute) index, node, &n);
	c->needs |= 1u << index;
}

static void
ReadDesignated(Compiler *c, int node, Tests *tests, int index)
{
	Test	   *test = AddTest(c, node, tests, TEST_DESIGNATED, index);

	if (test != NULL)
		test->low = test->high = ReadBool(c, node, false);
	c->needs |= NEEDS_DESIGNATED;
}

static void
ReadAge(Compiler *c, int node, Tests *tests, int index)
{
	ReadRange(c, node, tests, TEST_AGE, index, &age_number);
	c->needs |= NEEDS_AGE;
}

static void
ReadStayTotal(Compiler *c, int node, Tests *tests, int index)
{
	ReadRange(c, node, tests, TEST_STAY_TOTAL, index, &number_money);
}

static void
ReadColumn(Compiler *c, int node, Tests *tests, int index)
{
	ReadRange(c, node, tests, TEST_COLUMN, index, &number_money);
}

static void
ReadStayNumber(Compiler *c, int node, Tests *tests, int index)
{
	static const Key keys[] = {
		{"above", OPTIONAL}, {"at_least", OPTIONAL}, {"below", OPTIONAL}, {"up_to", OPTIONAL}, {"count", REQUIRED}
	};
	int			value[RANGE_OTHER + 1];
	Test	   *test = AddTest(c, node, tests, TEST_STAY_NUMBER, index);

	if (test == NULL || !READ_KEYS(c, node, keys, value))
		return;
	test->index = ReadCount(c, value[RANGE_OTHER]);
	SetBounds(c, node, value, &stay_number, false, test);
	if (!Failed(c))
		c->needs |= CounterNeeds(c, c->counts[test->index].counter);
}

/* base or self_pay (index): a range, or above the deductible of an earlier layer */
static void
ReadFigure(Compiler *c, int node, Tests *tests, int index)
{
	static const Key keys[] = {
		{"above", OPTIONAL}, {"at_least", OPTIONAL}, {"below", OPTIONAL}, {"up_to", OPTIONAL}, {"above_deductible_of", OPTIONAL}
	};
	int			value[RANGE_OTHER + 1];
	Test	   *test = AddTest(c, node, tests, (TestKind) index, 0);

	if (test == NULL || !READ_KEYS(c, node, keys, value))
		return;
	if (value[RANGE_OTHER] < 0)
	{
		SetBounds(c, node, value, &number_money, index == TEST_BASE, test);
		return;
	}
	for (int i = 0; i < RANGE_KEYS; i++)
		Forbid(c, value[i], "either above_deductible_of or a range");
	test->kind = index == TEST_BASE ? TEST_BASE_ABOVE_DEDUCTIBLE : TEST_SELF_PAY_ABOVE_DEDUCTIBLE;
	test->index = ReadLayerName(c, value[RANGE_OTHER], c->place, "one of the earlier layers");
}

/* paid_by or exhausted (index): all of these earlier layers */
static void
ReadLayerTest(Compiler *c, int node, Tests *tests, int index)
{
	Test	   *test = AddTest(c, node, tests, (TestKind) index, 0);

	if (test == NULL)
		return;
	if (CountElements(c, node, MAX_LAYERS, "an array of earlier layers") == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, "an array of at least one earlier layer");
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		test->mask |= UINT64_C(1) << ReadLayerName(c, element, c->place, "one of the earlier layers");
		CheckDistinct(c, node, element);
	}
}

static void
ReadDate(Compiler *c, int node, Tests *tests, int index)
{
	static const Key keys[] = {{"from", OPTIONAL}, {"to", OPTIONAL}};
	int			value[2];
	Test	   *test = AddTest(c, node, tests, TEST_DATE, index);

	if (test == NULL || !READ_KEYS(c, node, keys, value))
		return;
	test->low = ReadDay(c, value[0], INT32_MIN);
	test->high = ReadDay(c, value[1], INT32_MAX);
	if (value[0] < 0 && value[1] < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "from, to, or both", "a range without bounds");
	if (test->low > test->high)
		Fail(c, node, ST_DOC_BAD_VALUE, "a range of days that is not empty", "an empty range");
}

static void
ReadFacts(Compiler *c, int node, Tests *tests, int index)
{
	if (CountMembers(c, node, MAX_FACTS, "an object of at most 16 facts: fact to range") == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, "an object of at least one fact");
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
	{
		if (JsonIs(&c->json, key, "age"))
			Fail(c, key, ST_DOC_BAD_VALUE, "the test \"age\" beside \"facts\"", "age as a fact");
		index = ReadFact(c, key);
		ReadRange(c, key + 1, tests, TEST_FACT, index, &fact_number);
	}
}

/* ---- conditions ---- */

typedef struct TestKey
{
	const char *name;
	unsigned	places;			/* bits of WhenPlace */
	void		(*read) (Compiler *c, int node, Tests *tests, int index);
	int			index;
} TestKey;

static const TestKey test_keys[] = {
	{"care_type", WHEN_ANYWHERE, ReadCode, CODE_CARE_TYPE},
	{"level", WHEN_ANYWHERE, ReadCode, CODE_LEVEL},
	{"referral", WHEN_ANYWHERE, ReadCode, CODE_REFERRAL},
	{"place", WHEN_ANYWHERE, ReadCode, CODE_PLACE},
	{"person_type", WHEN_ANYWHERE, ReadCode, CODE_PERSON_TYPE},
	{"category", WHEN_ANYWHERE, ReadCode, CODE_CATEGORY},
	{"disease", WHEN_ANYWHERE, ReadCode, CODE_DISEASE},
	{"designated", WHEN_ANYWHERE, ReadDesignated, 0},
	{"age", WHEN_ANYWHERE, ReadAge, 0},
	{"stay_total", WHEN_ANYWHERE, ReadStayTotal, 0},
	{"total", WHEN_ANYWHERE, ReadColumn, COLUMN_TOTAL},
	{"in_scope", WHEN_ANYWHERE, ReadColumn, COLUMN_IN_SCOPE},
	{"stay_number", WHEN_CEILING | WHEN_CHAIN, ReadStayNumber, 0},
	{"base", WHEN_CHAIN, ReadFigure, TEST_BASE},
	{"self_pay", WHEN_CHAIN, ReadFigure, TEST_SELF_PAY},
	{"paid_by", WHEN_CHAIN, ReadLayerTest, TEST_PAID_BY},
	{"exhausted", WHEN_CHAIN, ReadLayerTest, TEST_EXHAUSTED},
	{"date", WHEN_ANYWHERE, ReadDate, 0},
	{"facts", WHEN_ANYWHERE, ReadFacts, 0}
};

#define TEST_KEYS ((int) (sizeof(test_keys) / sizeof(test_keys[0])))

/* Is this the key of a clause? */
static bool
IsClause(const Compiler *c, int key)
{
	return JsonIs(&c->json, key, "any") || JsonIs(&c->json, key, "none");
}

/* One test of a conjunction. */
static void
ReadTest(Compiler *c, int key, WhenPlace place, Tests *tests)
{
	static const char expected[] =
		"one of the tests care_type, level, referral, place, person_type, category, disease, designated, age, stay_total, total, "
		"in_scope, stay_number, base, self_pay, paid_by, exhausted, date, facts, any, none";
	const JsonNode *node = &c->json.nodes[key];
	int			i = 0;

	while (i < TEST_KEYS && !JsonIs(&c->json, key, test_keys[i].name))
		i++;
	if (i == TEST_KEYS)
		Fail(c, key, ST_DOC_UNKNOWN_KEY, expected, "the key \"%.*s\"", node->end - node->start, c->json.text + node->start);
	else if ((test_keys[i].places & place) == 0)
		Forbid(c, key + 1, "a test that is known here: this one may be used in rules and modifiers of layers only");
	else
		test_keys[i].read(c, key + 1, tests, test_keys[i].index);
}

/* All tests of an object, in a conjunction; clauses are left to the caller or, when nested, refused. */
static Conjunction
ReadConjunction(Compiler *c, int node, WhenPlace place, bool nested)
{
	Tests		tests;
	Conjunction conjunction = {NULL, 0};

	tests.n = 0;
	CountMembers(c, node, INT32_MAX, "an object: test to value");
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
	{
		if (!IsClause(c, key))
			ReadTest(c, key, place, &tests);
		else if (nested)
			Forbid(c, key + 1, "plain tests only, within any and none");
	}
	conjunction.tests = CopyArray(c, tests.test, &tests.n, sizeof(Test));
	conjunction.n_tests = (uint8_t) tests.n;
	return conjunction;
}

/* any or none: its alternatives */
static void
ReadClause(Compiler *c, int key, WhenPlace place, Clause *clause)
{
	static const char expected[] = "an array of 1 to 64 conditions";
	int			node = key + 1;
	int			n = CountElements(c, node, MAX_TESTS, expected);
	Conjunction *alternatives = NewArray(c, &n, sizeof(Conjunction));

	if (n == 0)
		FailValue(c, node, ST_DOC_BAD_VALUE, expected);
	clause->none = JsonIs(&c->json, key, "none");
	clause->alternatives = alternatives;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		Conjunction one = ReadConjunction(c, element, place, true);

		if (one.n_tests == 0)
			Fail(c, element, ST_DOC_BAD_VALUE, "a condition with at least one test", "a condition without tests");
		alternatives[clause->n_alternatives++] = one;
	}
}

Condition
ReadCondition(Compiler *c, int node, WhenPlace place)
{
	Condition	condition = {{NULL, 0}, NULL, 0};
	Clause		clauses[2];
	int			n = 0;

	if (node < 0 || Failed(c))
		return condition;
	c->n_tests = 0;
	condition.all = ReadConjunction(c, node, place, false);
	memset(clauses, 0, sizeof(clauses));
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
		if (IsClause(c, key))
			ReadClause(c, key, place, &clauses[n++]);
	condition.clauses = CopyArray(c, clauses, &n, sizeof(Clause));
	condition.n_clauses = (uint8_t) n;
	return condition;
}
