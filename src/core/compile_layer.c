/*
 * compile_layer.c — the chain: names, kinds and order of the layers first, then each with its modifiers and rules
 * (docs/policy-model.md, section 5).
 */
#include "compile.h"

enum
{
	LAYER_NAME,
	LAYER_KIND,
	LAYER_LABEL,
	LAYER_NOT_APPLICABLE,
	LAYER_BASE,
	LAYER_PAYS_FROM,
	LAYER_ALTERNATIVE,
	LAYER_SET_OFF,
	LAYER_MODIFIERS,
	LAYER_RULES,
	LAYER_CITE,
	LAYER_KEYS
};

static const Key layer_keys[LAYER_KEYS] = {
	[LAYER_NAME] = {"name", REQUIRED},
	[LAYER_KIND] = {"kind", REQUIRED},
	[LAYER_LABEL] = {"label", OPTIONAL},
	[LAYER_NOT_APPLICABLE] = {"not_applicable", OPTIONAL},
	[LAYER_BASE] = {"base", OPTIONAL},
	[LAYER_PAYS_FROM] = {"pays_from", OPTIONAL},
	[LAYER_ALTERNATIVE] = {"alternative", OPTIONAL},
	[LAYER_SET_OFF] = {"set_off", OPTIONAL},
	[LAYER_MODIFIERS] = {"modifiers", OPTIONAL},
	[LAYER_RULES] = {"rules", OPTIONAL},
	[LAYER_CITE] = {"cite", OPTIONAL}
};

static const char layers_expected[] = "an array of at most 24 layers";

/* ---- the chain ---- */

/* Name and kind of the next layer. */
static void
ReadChainMember(Compiler *c, int node)
{
	int			value[LAYER_KEYS];
	int			i = c->n_layers++;

	READ_KEYS(c, node, layer_keys, value);
	c->layer_name[i] = ReadName(c, value[LAYER_NAME]);
	c->layer_kind[i] = (LayerKind) READ_WORD(c, value[LAYER_KIND], layer_kind_name, KIND_OTHER);
	for (int other = 0; other < i; other++)
		if (SameCode(c->layer_name[other], c->layer_name[i]))
			FailValue(c, value[LAYER_NAME], ST_DOC_DUPLICATE, "a name that no other layer has");
}

/* Index of the first layer of a kind, or -1. */
static int
FirstOfKind(const Compiler *c, LayerKind kind)
{
	for (int i = 0; i < c->n_layers; i++)
		if (c->layer_kind[i] == kind)
			return i;
	return -1;
}

/* Insurance before assistance (2017-12, 6), and one basic layer at most. */
static void
CheckChainMember(Compiler *c, int i, int kind_node, int basic, int critical)
{
	LayerKind	kind = c->layer_kind[i];

	if (kind == KIND_BASIC && i > basic)
		FailValue(c, kind_node, ST_DOC_CONFLICT, "at most one layer of kind basic");
	if (kind < KIND_ASSISTANCE || kind > KIND_CHARITY)
		return;
	if (i < basic)
		FailValue(c, kind_node, ST_DOC_CONFLICT, "a place after the layer of kind basic: insurance before assistance");
	else if (i < critical)
		FailValue(c, kind_node, ST_DOC_CONFLICT, "a place after the first layer of kind critical: insurance before assistance");
}

void
ReadLayerNames(Compiler *c, int node)
{
	int			i = 0;
	int			basic;
	int			critical;

	CountElements(c, node, MAX_LAYERS, layers_expected);
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
		ReadChainMember(c, element);
	basic = FirstOfKind(c, KIND_BASIC);
	critical = FirstOfKind(c, KIND_CRITICAL);
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
		CheckChainMember(c, i++, JsonMember(&c->json, element, "kind"), basic, critical);
	c->page->basic = basic < 0 ? NO_INDEX : (uint8_t) basic;
}

/* ---- one layer ---- */

/* Number of the set of alternatives with this name. */
static uint8_t
ReadAlternative(Compiler *c, int node)
{
	Code		name = ReadName(c, node);

	if (node < 0)
		return NO_INDEX;
	for (int i = 0; i < c->n_alternatives; i++)
		if (SameCode(c->alternatives[i], name))
			return (uint8_t) i;
	c->alternatives[c->n_alternatives] = name;
	return (uint8_t) c->n_alternatives++;
}

/* The layer's own base. */
static const Weights *
ReadLayerBase(Compiler *c, int node, int base, const Citation *cite)
{
	if (c->layer->kind == KIND_BASIC)
	{
		Forbid(c, base, "no base: that of a basic layer is in_scope alone");
		return BasicBase(c);
	}
	if (base < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "the key \"base\": the buckets that the layer takes, with their weights",
			 "a layer without the key \"base\"");
	return ReadBase(c, base, cite);
}

/* What rules on bills and on events need. */
typedef struct Gathered
{
	uint32_t	ordinary;
	uint32_t	event;
	bool		has_ordinary;
	bool		has_event;
} Gathered;

/* Add what one rule, just read, has left with the compiler. */
static void
Gather(Compiler *c, const Rule *rule, Gathered *all)
{
	if (rule->on == BILL_ORDINARY)
	{
		all->ordinary |= c->needs;
		all->has_ordinary = true;
	}
	else
	{
		all->event |= c->needs;
		all->has_event = true;
	}
	c->needs = 0;
}

/* All rules, each with a name of its own. */
static void
ReadRules(Compiler *c, int node, const Citation *cite, Gathered *all)
{
	int			n = CountElements(c, node, MAX_RULES, "an array of at most 64 rules");
	Rule	   *rules = NewArray(c, &n, sizeof(Rule));

	c->layer->rules = rules;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		Rule	   *rule = &rules[c->layer->n_rules];

		ReadRule(c, element, cite, rule);
		for (int i = 0; i < c->layer->n_rules && !Failed(c); i++)
			if (SameText(rules[i].name, rule->name))
				FailValue(c, JsonMember(&c->json, element, "name"), ST_DOC_DUPLICATE, "a name that no other rule of the layer has");
		c->layer->n_rules++;
		CheckSharedBase(c, element, rule);
		Gather(c, rule, all);
	}
}

/* The layer's modifiers, which may concern each of its rules. */
static void
ReadLayerModifiers(Compiler *c, int node, const Citation *cite, const Gathered *all)
{
	c->layer->modifiers = ReadModifiers(c, node, cite, &c->layer->n_modifiers);
	c->layer->needs_ordinary = all->ordinary | (all->has_ordinary ? c->needs : 0);
	c->layer->needs_event = all->event | (all->has_event ? c->needs : 0);
}

/* The ceilings that the layer is a member of, and what their counters need. */
static void
JoinCeilings(Compiler *c)
{
	for (int i = 0; i < c->page->n_ceilings; i++)
	{
		const Ceiling *ceiling = &c->page->ceilings[i];
		uint32_t	needs = ceiling->visit ? 0 : CounterNeeds(c, ceiling->counter);

		if ((ceiling->layers >> c->place & 1) == 0)
			continue;
		c->layer->ceilings |= (uint16_t) (1u << i);
		c->layer->needs_ordinary |= needs;
		c->layer->needs_event |= needs;
	}
}

/* The scheme has no such layer, and says where that is written: nothing else can be said of it. */
static void
ReadNotApplicable(Compiler *c, const int *value)
{
	static const Weights nothing = {0};
	static const char expected[] = "only name, kind, label and cite beside \"not_applicable\"";

	if (!ReadBool(c, value[LAYER_NOT_APPLICABLE], false))
		FailValue(c, value[LAYER_NOT_APPLICABLE], ST_DOC_BAD_VALUE, "true, or no key \"not_applicable\"");
	for (int key = LAYER_BASE; key <= LAYER_RULES; key++)
		Forbid(c, value[key], expected);
	CheckCited(c, value[LAYER_NOT_APPLICABLE], c->layer->cite);
	c->layer->not_applicable = true;
	c->layer->weights = &nothing;
}

/* What a layer pays: its base, rules and modifiers. */
static void
ReadPayer(Compiler *c, int node, const int *value)
{
	Layer	   *layer = c->layer;
	Gathered	all = {0};

	if (value[LAYER_RULES] < 0)
		Fail(c, node, ST_DOC_MISSING_KEY, "the key \"rules\", or \"not_applicable\": true", "a layer without the key \"rules\"");
	layer->alternative = ReadAlternative(c, value[LAYER_ALTERNATIVE]);
	layer->set_off = ReadBool(c, value[LAYER_SET_OFF], false);
	ReadPaysFrom(c, value[LAYER_PAYS_FROM]);
	layer->weights = ReadLayerBase(c, node, value[LAYER_BASE], layer->cite);
	ReadRules(c, value[LAYER_RULES], layer->cite, &all);
	CheckPaysFrom(c);
	ReadLayerModifiers(c, value[LAYER_MODIFIERS], layer->cite, &all);
	JoinCeilings(c);
}

/* One layer, at its place in the chain. */
static void
ReadLayer(Compiler *c, int node, const Citation *cite, Layer *layer)
{
	int			value[LAYER_KEYS];

	READ_KEYS(c, node, layer_keys, value);
	c->layer = layer;
	c->needs = 0;
	layer->name = c->layer_name[c->place];
	layer->kind = c->layer_kind[c->place];
	layer->label = ReadLabel(c, value[LAYER_LABEL]);
	layer->cite = ReadCite(c, value[LAYER_CITE], cite);
	layer->alternative = NO_INDEX;
	layer->base_counter = CounterNamed(c, node, layer->name);
	if (value[LAYER_NOT_APPLICABLE] >= 0)
		ReadNotApplicable(c, value);
	else
		ReadPayer(c, node, value);
}

void
ReadLayers(Compiler *c, int node, const Citation *cite)
{
	int			n = CountElements(c, node, MAX_LAYERS, layers_expected);
	Layer	   *layers = NewArray(c, &n, sizeof(Layer));

	c->page->layers = layers;
	c->n_alternatives = 0;
	for (int element = FirstOf(c, node); element >= 0; element = NextElement(c, node, element))
	{
		c->place = c->page->n_layers++;
		ReadLayer(c, element, cite, &layers[c->place]);
	}
}
