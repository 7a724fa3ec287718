/*
 * lint_situation.c — the situations that the rules of one layer tell apart, and which rules fit in each: by the fold's own
 * ConditionHolds and ResolveInFull, on a bill that the situation makes up.
 */
#include <string.h>

#include "lint_work.h"

/* ---- variables and where their tests cut them ---- */

/* The variable of this kind, a new one if need be; NULL when there are too many */
static Variable *
FindVariable(LintWork *work, TestKind kind, int index)
{
	Variable   *v;

	for (int i = 0; i < work->n_variables; i++)
		if (work->variable[i].kind == kind && work->variable[i].index == index)
			return &work->variable[i];
	v = &work->variable[work->n_variables++];
	v->kind = kind;
	v->index = (uint8_t) index;
	v->n = 0;
	return v;
}

/* Insert a value in order, once; leave it out when there is no room */
static void
Cut(LintWork *work, Variable *v, int64_t value)
{
	int			i = 0;

	while (i < v->n && v->value[i] < value)
		i++;
	if (i < v->n && v->value[i] == value)
		return;
	if (v->n == MAX_VALUES - 1)
	{
		work->truncated = true;
		return;
	}
	memmove(&v->value[i + 1], &v->value[i], sizeof(int64_t) * (size_t) (v->n - i));
	v->value[i] = value;
	v->n++;
}

/* Where a range begins, and where it has just ended; bounds are whole units but for strict ones, and open at the extremes */
static void
CutRange(LintWork *work, const Test *test, TestKind kind, int index)
{
	Variable   *v = FindVariable(work, kind, index);

	Cut(work, v, test->low + test->low_strict);
	if (test->high < INT64_MAX)
		Cut(work, v, test->high + !test->high_strict);
}

/* Tell the codes of a mask from the others */
static void
SplitClasses(LintWork *work, int attribute, uint64_t mask)
{
	int			n = work->n_classes[attribute];

	for (int i = 0; i < n; i++)
	{
		uint64_t	in = work->classes[attribute][i] & mask;

		if (in == 0 || in == work->classes[attribute][i])
			continue;
		work->classes[attribute][work->n_classes[attribute]++] = work->classes[attribute][i] & ~mask;
		work->classes[attribute][i] = in;
	}
}

/* A test of a code: the first one of an attribute brings it in */
static void
TestCodes(LintWork *work, int attribute, uint64_t mask)
{
	int			n = work->page->codes[attribute].n;

	if ((work->tested >> attribute & 1) == 0)
	{
		work->tested |= 1u << attribute;
		work->n_classes[attribute] = 1;
		work->classes[attribute][0] = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
		FindVariable(work, TEST_CODE, attribute);
	}
	SplitClasses(work, attribute, mask);
}

/* Has the layer a rule that could make this true? A cap over a period, or a deductible */
static bool
MayExhaust(const Layer *layer)
{
	for (int r = 0; r < layer->n_rules; r++)
		for (int i = 0; i < layer->rules[r].n_caps; i++)
			if (!layer->rules[r].caps[i].visit && !layer->rules[r].caps[i].on_base)
				return true;
	return false;
}

static bool
MayDeduct(const Layer *layer)
{
	for (int r = 0; r < layer->n_rules; r++)
		if (layer->rules[r].deductible.kind != DEDUCTIBLE_NONE)
			return true;
	return false;
}

/* Something about an earlier layer that may be true */
static void
TestLayer(LintWork *work, TestKind kind, int place)
{
	const Layer *layer = &work->page->layers[place];
	Variable   *v = FindVariable(work, kind, place);

	Cut(work, v, 0);
	if (kind == TEST_PAID_BY ? !layer->not_applicable : kind == TEST_EXHAUSTED ? MayExhaust(layer) :
		work->on == BILL_ORDINARY && MayDeduct(layer))
		Cut(work, v, 1);
}

static void
TestLayers(LintWork *work, TestKind kind, uint64_t mask)
{
	for (; mask != 0; mask &= mask - 1)
		TestLayer(work, kind, __builtin_ctzll(mask));
}

/* What one test tells apart */
static void
Tell(LintWork *work, const Test *test)
{
	switch (test->kind)
	{
		case TEST_CODE:
			TestCodes(work, test->index, test->mask);
			break;
		case TEST_DESIGNATED:
			Cut(work, FindVariable(work, TEST_DESIGNATED, 0), 0);
			Cut(work, FindVariable(work, TEST_DESIGNATED, 0), 1);
			break;
		case TEST_PAID_BY:
		case TEST_EXHAUSTED:
			TestLayers(work, test->kind, test->mask);
			break;
		case TEST_BASE_ABOVE_DEDUCTIBLE:
		case TEST_SELF_PAY_ABOVE_DEDUCTIBLE:
			TestLayer(work, TEST_BASE_ABOVE_DEDUCTIBLE, test->index);
			break;
		default:
			CutRange(work, test, test->kind, test->index);
	}
}

static void
TellAll(LintWork *work, const Conjunction *all)
{
	for (int i = 0; i < all->n_tests; i++)
		Tell(work, &all->tests[i]);
}

static void
TellCondition(LintWork *work, const Condition *when)
{
	TellAll(work, &when->all);
	for (int i = 0; i < when->n_clauses; i++)
		for (int a = 0; a < when->clauses[i].n_alternatives; a++)
			TellAll(work, &when->clauses[i].alternatives[a]);
}

static void
TellModifiers(LintWork *work, const Modifier *modifiers, int n)
{
	for (int i = 0; i < n; i++)
		TellCondition(work, &modifiers[i].when);
}

/* Costs of an event's window are facts behind those of the page */
#define COST_VARIABLE(column) (MAX_FACTS + (column))

/* A parameter that follows a fact is tried with none and some of it: at 0 and 10 000, at ages 0 and 60 */
static void
TellParam(LintWork *work, const Param *param)
{
	if (param->fact == FACT_AGE)
		Cut(work, FindVariable(work, TEST_AGE, 0), 60);
	else if (COST_OF(param->fact) >= 0)
		Cut(work, FindVariable(work, TEST_FACT, COST_VARIABLE(COST_OF(param->fact))), 1000000);
	else if (param->fact != FACT_NONE)
		Cut(work, FindVariable(work, TEST_FACT, param->fact), 1000000);
}

/* The schedule of a deductible tells the first stays apart */
static void
TellSchedule(LintWork *work, const Deductible *d)
{
	if (d->count == NO_INDEX)
		return;
	for (int n = 1; n <= d->n_factors || n <= 4; n++)
		Cut(work, FindVariable(work, TEST_STAY_NUMBER, d->count), n);
}

static void
TellRule(LintWork *work, const Rule *rule)
{
	TellCondition(work, &rule->when);
	TellModifiers(work, rule->modifiers, rule->n_modifiers);
	TellParam(work, &rule->enter);
	TellParam(work, &rule->deductible.amount);
	TellSchedule(work, &rule->deductible);
	for (int i = 0; i < rule->n_bands; i++)
		TellParam(work, &rule->bands[i].value);
	for (int i = 0; i < rule->n_caps; i++)
		TellParam(work, &rule->caps[i].limit);
}

/* ---- the values of a variable ---- */

/* The least value that a figure can have */
static int64_t
Least(const LintWork *work, const Variable *v)
{
	if (v->kind == TEST_DATE)
		return work->page->from_day;
	return v->kind == TEST_FACT && v->index < MAX_FACTS && v->value[0] <= 0 ? -MAX_FEN : 0;
}

/* The largest; an event has no cost */
static int64_t
Largest(const LintWork *work, const Variable *v)
{
	switch (v->kind)
	{
		case TEST_AGE:
			return 150;
		case TEST_DATE:
			return work->page->to_day;
		case TEST_STAY_NUMBER:
		case TEST_FACT:
			return MAX_FEN;
		default:
			return work->on == BILL_ORDINARY ? MAX_FEN : 0;
	}
}

/* The beginning of each interval: the least value, and the edges above it that can occur */
static void
MakeIntervals(LintWork *work, Variable *v)
{
	int64_t		least = Least(work, v);
	int64_t		largest = Largest(work, v);
	int			n = 0;

	Cut(work, v, least);
	for (int i = 0; i < v->n; i++)
		if (v->value[i] >= least && v->value[i] <= largest)
			v->value[n++] = v->value[i];
	v->n = n;
}

/* The first code of a class stands for it */
static int64_t
CodeOf(uint64_t codes)
{
	return (int64_t) (codes & -codes);
}

/* Codes of one attribute: each class; of a list also none, every pair and all */
static void
MakeCodes(LintWork *work, Variable *v)
{
	const uint64_t *classes = work->classes[v->index];
	int			n = work->n_classes[v->index];
	uint64_t	all = 0;

	v->n = 0;
	if (v->index >= CODE_SINGLE)
		v->value[v->n++] = 0;
	for (int i = 0; i < n; i++)
	{
		v->value[v->n++] = CodeOf(classes[i]);
		all |= classes[i];
	}
	v->n_alone = v->n;
	if (v->index < CODE_SINGLE)
		return;
	if (n > MAX_PAIRED)
		work->truncated = true;
	for (int i = 0; i < n && n <= MAX_PAIRED; i++)
		for (int j = i + 1; j < n; j++)
			v->value[v->n++] = CodeOf(classes[i]) | CodeOf(classes[j]);
	v->value[v->n++] = (int64_t) all;
}

static void
MakeValues(LintWork *work, Variable *v)
{
	switch (v->kind)
	{
		case TEST_CODE:
			MakeCodes(work, v);
			return;
		case TEST_DESIGNATED:
		case TEST_PAID_BY:
		case TEST_EXHAUSTED:
		case TEST_BASE_ABOVE_DEDUCTIBLE:
			break;
		default:
			MakeIntervals(work, v);
	}
	v->n_alone = v->n;
}

/* ---- the made-up bill ---- */

/* A bill of which everything is known, and nothing has happened yet */
static void
MakeRun(LintWork *work)
{
	Run		   *run = &work->run;

	memset(run, 0, sizeof(*run));
	memset(work->left, 0, sizeof(work->left));
	memset(&work->plan, 0, sizeof(work->plan));
	BillInit(&work->bill);
	run->page = work->page;
	run->bill = &work->bill;
	run->fault = &work->fault;
	run->left = work->left;
	run->live = UINT32_MAX;
	run->plan = &work->plan;
	work->plan.known = UINT32_MAX;
	run->day = work->page->from_day;
	work->bill.kind = work->on;
	work->bill.designated = 0;
	work->bill.age = 0;
	work->bill.encounter_total_fen = 0;
	work->base_fen = work->self_pay_fen = 0;
	work->bill.n_facts = work->page->n_facts;
	for (int i = 0; i < work->page->n_facts; i++)
		work->bill.facts[i].name = work->page->facts[i];
}

static void
SetBit(uint32_t *bits, int bit, bool on)
{
	*bits = on ? *bits | 1u << bit : *bits & ~(1u << bit);
}

/* Give the bill the value that the variable is at */
static void
SetVariable(LintWork *work, const Variable *v)
{
	int64_t		value = v->value[v->at];

	switch (v->kind)
	{
		case TEST_CODE:
			work->plan.codes[v->index] = (uint64_t) value;
			break;
		case TEST_DESIGNATED:
			work->bill.designated = (int8_t) value;
			break;
		case TEST_AGE:
			work->bill.age = (int16_t) value;
			break;
		case TEST_STAY_TOTAL:
			work->bill.encounter_total_fen = value;
			break;
		case TEST_COLUMN:
			work->run.column_fen[v->index] = value;
			break;
		case TEST_STAY_NUMBER:
			work->run.stay_number[v->index] = (int32_t) value;
			break;
		case TEST_BASE:
			work->base_fen = value;
			break;
		case TEST_SELF_PAY:
			work->self_pay_fen = value;
			break;
		case TEST_PAID_BY:
			SetBit(&work->run.paid_layers, v->index, value != 0);
			break;
		case TEST_EXHAUSTED:
			SetBit(&work->run.exhausted_layers, v->index, value != 0);
			break;
		case TEST_DATE:
			work->run.day = (int32_t) value;
			break;
		case TEST_FACT:
			if (v->index < MAX_FACTS)
				work->bill.facts[v->index].hundredths = value;
			else
				work->run.window_fen[v->index - COST_VARIABLE(0)] = value;
			break;
		default:				/* above the deductible of a layer: base and self-pay alike */
			SetBit(&work->run.with_deductible, v->index, value != 0);
			work->run.whole_deductible[v->index] = -1;
	}
}

/* ---- going through them ---- */

/* Everything that the rules for this kind of bill tell apart */
void
PrepareSituations(LintWork *work)
{
	work->n_variables = 0;
	work->kinds = 0;
	work->tested = 0;
	memset(work->n_classes, 0, sizeof(work->n_classes));
	work->category = NULL;
	for (uint64_t rules = work->rules; rules != 0; rules &= rules - 1)
		TellRule(work, &work->layer->rules[__builtin_ctzll(rules)]);
	TellModifiers(work, work->layer->modifiers, work->layer->n_modifiers);
	SplitClasses(work, CODE_CATEGORY, work->key);	/* no classes, nothing to split, where it is not tested */
	SplitClasses(work, CODE_CATEGORY, work->low);
	SplitClasses(work, CODE_CARE_TYPE, work->inpatient);
	for (int i = 0; i < work->n_variables; i++)
	{
		Variable   *v = &work->variable[i];

		MakeValues(work, v);
		work->kinds |= 1u << v->kind;
		if (v->kind == TEST_CODE && v->index == CODE_CATEGORY)
			work->category = v;
	}
}

int
CategoryValues(const LintWork *work)
{
	return work->category != NULL ? work->category->n : 1;
}

/* None, and one class alone */
int
CategoriesAlone(const LintWork *work)
{
	return work->category != NULL ? work->category->n_alone : 1;
}

/* All codes that the layer treats like that of a value, or those of a set; 0: none */
uint64_t
CategoryClass(const LintWork *work, int value)
{
	if (work->category == NULL || value == 0)
		return 0;
	return value < work->category->n_alone ? work->classes[CODE_CATEGORY][value - 1] : (uint64_t) work->category->value[value];
}

void
SetCategory(LintWork *work, int value)
{
	if (work->category == NULL)
		return;
	work->category->at = value;
	SetVariable(work, work->category);
}

/* A base cannot be more than what the patient would bear: take as much self-pay as its interval allows, if that is enough */
static bool
IsPossible(LintWork *work)
{
	uint32_t	both = 1u << TEST_BASE | 1u << TEST_SELF_PAY;
	const Variable *self_pay;

	if ((work->kinds & both) != both || work->base_fen <= work->self_pay_fen)
		return true;
	self_pay = FindVariable(work, TEST_SELF_PAY, 0);
	if (self_pay->at + 1 < self_pay->n && self_pay->value[self_pay->at + 1] <= work->base_fen)
		return false;
	work->self_pay_fen = work->base_fen;
	return true;
}

static void
SetAll(LintWork *work)
{
	for (int i = 0; i < work->n_variables; i++)
		SetVariable(work, &work->variable[i]);
}

/* The next combination of all variables but category; false: there is none */
static bool
Advance(LintWork *work)
{
	for (int i = 0; i < work->n_variables; i++)
	{
		Variable   *v = &work->variable[i];

		if (v == work->category)
			continue;
		if (++v->at < v->n)
			return true;
		v->at = 0;
	}
	return false;
}

/* The first situation, whoever the person: the least of every figure, which is possible */
void
FirstSituation(LintWork *work)
{
	MakeRun(work);
	for (int i = 0; i < work->n_variables; i++)
		work->variable[i].at = 0;
	SetAll(work);
}

bool
NextSituation(LintWork *work)
{
	do
	{
		if (!Advance(work))
			return false;
		SetAll(work);
	}
	while (!IsPossible(work));
	return true;
}

/* Has the bill at most one class of diseases? */
bool
AloneSituation(const LintWork *work)
{
	for (int i = 0; i < work->n_variables; i++)
		if (&work->variable[i] != work->category && work->variable[i].at >= work->variable[i].n_alone)
			return false;
	return true;
}

/* Have earlier layers done everything that the rules may wait for? */
bool
HasBegun(const LintWork *work)
{
	for (int i = 0; i < work->n_variables; i++)
	{
		const Variable *v = &work->variable[i];

		if ((v->kind == TEST_PAID_BY || v->kind == TEST_EXHAUSTED || v->kind == TEST_BASE_ABOVE_DEDUCTIBLE) && v->at < v->n - 1)
			return false;
	}
	return true;
}

/* ---- rules in a situation ---- */

/* The bucket of the base with the largest weight, and one that is not in it */
static void
Buckets(const Weights *weights, int *in, int *out)
{
	*in = weights->order[0];
	*out = BUCKET_IN_SCOPE;
	for (int i = 0; i < BUCKETS; i++)
	{
		if (weights->milli[i] > weights->milli[*in])
			*in = i;
		if (weights->milli[i] < weights->milli[*out])
			*out = i;
	}
}

/* Leave so much of the bill that base and self-pay are what the situation says */
static void
SetLeft(LintWork *work, const Weights *weights)
{
	int			in;
	int			out;

	memset(work->left, 0, sizeof(work->left));
	if (work->base_fen == 0 && work->self_pay_fen == 0)
		return;
	Buckets(weights, &in, &out);
	work->left[in] = (int64_t) ((i128) work->base_fen * MILLI / MaxFen(weights->milli[in], 1));
	if (work->self_pay_fen > work->left[in])
		work->left[out] += work->self_pay_fen - work->left[in];
}

/* Do the rule's tests hold? Nothing can be missing on a bill of which everything is known. */
bool
RuleFits(LintWork *work, const Rule *rule)
{
	Place		place = {ExactFen(work->base_fen)};
	bool		holds = false;

	SetLeft(work, rule->weights);
	ConditionHolds(&work->run, &rule->when, &place, &holds);
	return holds;
}

/* The rule as it stands in the situation; false: more multiplications fit than can be kept exact */
bool
ResolveRule(LintWork *work, int rule, Resolved *r)
{
	Candidate	candidate = {.rule = (uint8_t) rule};

	SetLeft(work, work->layer->rules[rule].weights);
	return ResolveInFull(&work->run, work->place, &candidate, true, r) == ST_OK;
}

/* What the situation says of codes, for the reader of a finding */
void
DescribeSituation(const LintWork *work, int category, int other, Situation *situation)
{
	memset(situation, 0, sizeof(*situation));
	situation->designated = -1;
	situation->tested = work->tested;
	for (int i = 0; i < work->n_variables; i++)
	{
		const Variable *v = &work->variable[i];
		int			class = v->index < CODE_SINGLE ? v->at : v->at - 1;

		if (v->kind == TEST_DESIGNATED)
			situation->designated = (int8_t) v->value[v->at];
		else if (v->kind == TEST_CODE && v != work->category)
			situation->codes[v->index] = class < 0 ? 0 : work->classes[v->index][class];
	}
	situation->codes[CODE_CATEGORY] = CategoryClass(work, category);
	situation->other_category = CategoryClass(work, other);
}
