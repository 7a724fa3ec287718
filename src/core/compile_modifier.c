/*
 * compile_modifier.c — modifiers: one target, one operation (docs/policy-model.md, section 10).
 */
#include "compile.h"

static const char *const target_name[] = {"enter", "deductible", "ratio", "self_share", "visit_cap", "annual_cap", "payment"};

/* what add and set take, by target */
static const Number add_enter = {3, -MILLI, MILLI, "a share from -1 to 1 with at most three decimals"};
static const Number add_ratio = {6, -PPM, PPM, "a share from -1 to 1 with at most six decimals"};
static const Number add_money = {2, -MAX_FEN, MAX_FEN, "an amount in yuan with at most two decimals"};

static const Number *const add_number[] = {
	[TARGET_ENTER] = &add_enter, [TARGET_DEDUCTIBLE] = &add_money, [TARGET_RATIO] = &add_ratio, [TARGET_SELF_SHARE] = &add_ratio,
	[TARGET_VISIT_CAP] = &add_money, [TARGET_ANNUAL_CAP] = &add_money, [TARGET_PAYMENT] = &add_money
};
static const Number *const set_number[] = {
	[TARGET_ENTER] = &number_weight, [TARGET_DEDUCTIBLE] = &number_money, [TARGET_RATIO] = &number_share,
	[TARGET_SELF_SHARE] = &number_share, [TARGET_VISIT_CAP] = &number_money, [TARGET_ANNUAL_CAP] = &number_money,
	[TARGET_PAYMENT] = &number_money
};

enum
{
	MODIFIER_NAME,
	MODIFIER_WHEN,
	MODIFIER_TARGET,
	MODIFIER_OPERATION,			/* add, multiply, set, remove, in the order of Operation */
	MODIFIER_PENALTY = MODIFIER_OPERATION + OP_REMOVE + 1,
	MODIFIER_GROUP,
	MODIFIER_CITE,
	MODIFIER_KEYS
};

static const Key modifier_keys[MODIFIER_KEYS] = {
	[MODIFIER_NAME] = {"name", OPTIONAL},
	[MODIFIER_WHEN] = {"when", OPTIONAL},
	[MODIFIER_TARGET] = {"target", REQUIRED},
	[MODIFIER_OPERATION + OP_ADD] = {"add", OPTIONAL},
	[MODIFIER_OPERATION + OP_MULTIPLY] = {"multiply", OPTIONAL},
	[MODIFIER_OPERATION + OP_SET] = {"set", OPTIONAL},
	[MODIFIER_OPERATION + OP_REMOVE] = {"remove", OPTIONAL},
	[MODIFIER_PENALTY] = {"penalty", OPTIONAL},
	[MODIFIER_GROUP] = {"group", OPTIONAL},
	[MODIFIER_CITE] = {"cite", OPTIONAL}
};

/* The one operation that is stated. */
static Operation
FindOperation(Compiler *c, int node, const int *value)
{
	int			found = -1;

	for (int op = OP_ADD; op <= OP_REMOVE; op++)
	{
		if (found >= 0)
			Forbid(c, value[MODIFIER_OPERATION + op], "one of add, multiply, set, remove");
		else if (value[MODIFIER_OPERATION + op] >= 0)
			found = op;
	}
	if (found < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "one of the keys add, multiply, set, remove", "a modifier without an operation");
	return found < 0 ? OP_ADD : (Operation) found;
}

/* "remove": true, of what can be removed */
static void
ReadRemove(Compiler *c, int node, Target target)
{
	if (target != TARGET_DEDUCTIBLE && target != TARGET_VISIT_CAP && target != TARGET_ANNUAL_CAP)
		Forbid(c, node, "remove with the targets deductible, visit_cap and annual_cap only");
	if (!ReadBool(c, node, true))
		FailValue(c, node, ST_DOC_BAD_VALUE, "true");
}

/* The value of the operation. */
static int64_t
ReadValue(Compiler *c, int node, Target target, Operation op)
{
	if (op == OP_REMOVE)
	{
		ReadRemove(c, node, target);
		return 0;
	}
	return ReadNumber(c, node, op == OP_ADD ? add_number[target] : op == OP_SET ? set_number[target] : &number_factor);
}

/* The group whose annual cap is changed; whether the page has such a group is known at its end. */
static uint8_t
ReadCapGroup(Compiler *c, int node, Target target)
{
	uint8_t		group;

	if (node < 0)
		return NO_INDEX;
	if (target != TARGET_ANNUAL_CAP)
		Forbid(c, node, "group with the target annual_cap only");
	group = ReadCounter(c, node, (Code) {NULL, 0});
	if (!Failed(c) && c->group_node[group] == 0)
		c->group_node[group] = node;
	return group;
}

/* Every group that a modifier names must be one that a cap on payments names. */
void
CheckModifiedGroups(Compiler *c)
{
	Code		names[MAX_COUNTERS];
	int			n = 0;
	char		expected[MAX_FAULT_TEXT];

	for (int i = 0; i < c->n_counters; i++)
		if (c->group_use[i] == GROUP_OF_PAYMENTS)
			names[n++] = c->counters[i].name;
	ListNames(expected, sizeof(expected), "the group of a cap on payments per period", names, n);
	for (int i = 0; i < c->n_counters && !Failed(c); i++)
		if (c->group_node[i] > 0 && c->group_use[i] != GROUP_OF_PAYMENTS)
			FailValue(c, c->group_node[i], ST_DOC_UNKNOWN_NAME, expected);
}

/* One modifier. */
static void
ReadModifier(Compiler *c, int node, const Citation *cite, Modifier *m)
{
	int			value[MODIFIER_KEYS];
	int			operation;
	Code		name;

	if (!READ_KEYS(c, node, modifier_keys, value))
		return;
	name = ReadName(c, value[MODIFIER_NAME]);
	m->name = (Text) {name.text, name.length};
	m->when = ReadCondition(c, value[MODIFIER_WHEN], WHEN_CHAIN);
	m->cite = ReadCite(c, value[MODIFIER_CITE], cite);
	m->target = (Target) READ_WORD(c, value[MODIFIER_TARGET], target_name, 0);
	m->op = FindOperation(c, node, value);
	operation = value[MODIFIER_OPERATION + m->op];
	m->value = ReadValue(c, operation, m->target, m->op);
	if (m->op != OP_REMOVE)
		CheckCited(c, operation, m->cite);
	m->group = ReadCapGroup(c, value[MODIFIER_GROUP], m->target);
	m->penalty = ReadBool(c, value[MODIFIER_PENALTY], false);
	if (m->penalty && c->layer->kind != KIND_BASIC)
		Forbid(c, value[MODIFIER_PENALTY], "penalty in a layer of kind basic only");
}

const Modifier *
ReadModifiers(Compiler *c, int node, const Citation *cite, uint8_t *n_modifiers)
{
	int			n = CountElements(c, node, MAX_MODIFIERS, "an array of at most 32 modifiers");
	Modifier   *modifiers = NewArray(c, &n, sizeof(Modifier));

	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
		ReadModifier(c, element, cite, &modifiers[(*n_modifiers)++]);
	return modifiers;
}
