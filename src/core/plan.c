/*
 * plan.c — what follows from the page and the codes of a bill alone: the codes as bits of the page's lists, and for each layer
 * the rules that they leave in question, with their parameters where these depend on nothing else. A plan is made for the
 * first bill that brings a combination of codes and serves all later ones; it changes no amount and no error. Nothing is
 * decided here that condition.c and modifier.c do not decide.
 */
#include <string.h>

#include "fold.h"

#define KNOWN 0xFFFF			/* bits of Plan.traits: what is known … */
#define TRAIT_KIND 16			/* … and from which bit on the others stand */
#define TRAIT_DESIGNATED 20
#define TRAIT_LISTS 24
#define TRAIT_LONG 32			/* codes of more than 8 bytes, by their number in the key */
#define FULL_TABLE (PLAN_SLOTS / 4 * 3)
#define LEAST_ROOM (64 * 1024)	/* a plan begins only where the store has so much room: the largest one without parameters fits */

/* the codes of a bill as they stand on it */
typedef struct PlanKey
{
	uint64_t	hash;
	uint64_t	traits;
	int			n;
	int			n_long;
	uint64_t	word[MAX_PLAN_CODES];
	const Code *long_code[MAX_PLAN_CODES];
} PlanKey;

/* ---- the store ---- */

/* Room in the store, or NULL */
void *
PlanRoom(Fold *fold, size_t size)
{
	PlanTable  *plans = &fold->plans;
	size_t		rounded = (size + PLAN_ALIGNMENT - 1) / PLAN_ALIGNMENT * PLAN_ALIGNMENT;
	void	   *room = (char *) plans->store + plans->used;

	if (rounded > PLAN_BYTES - plans->used)
		return NULL;
	plans->used += (uint32_t) rounded;
	return room;
}

/* No plans */
void
ForgetPlans(Fold *fold)
{
	fold->plans.owner = fold;
	fold->plans.made++;
	fold->plans.n_plans = 0;
	fold->plans.used = 0;
	memset(fold->plans.slot, 0, sizeof(fold->plans.slot));
}

/* ---- codes of the page ---- */

/* Does a code begin with a known one that is not longer? Both come with their keys. */
static inline bool
IsPrefix(Code known, uint64_t known_key, Code code, uint64_t key)
{
	if (known.length > 8)
		return memcmp(known.text, code.text, known.length) == 0;
	return known_key == (known.length == 8 ? key : key & ((UINT64_C(1) << (8 * known.length)) - 1));
}

/* The index of a code in the page's list, or -1; care types take the longest declared prefix */
static int
FindCode(const CodeList *list, Code code, bool prefix)
{
	int			best = -1;
	uint64_t	key = CodeKey(code);

	for (int i = 0; i < list->n; i++)
	{
		Code		known = list->codes[i];

		if (prefix)
		{
			if (known.length <= code.length && IsPrefix(known, list->keys[i], code, key) &&
				(best < 0 || known.length > list->codes[best].length))
				best = i;
		}
		else if (known.length == code.length && list->keys[i] == key && IsPrefix(known, key, code, key))
			return i;
	}
	return best;
}

/* A code that the page does not declare */
static Status
UnknownCode(const Run *run, CodeAttribute attribute, Code code)
{
	const CodeList *list = &run->page->codes[attribute];
	char		known[MAX_FAULT_TEXT];
	int			used = 0;

	for (int i = 0; i < list->n; i++)
	{
		if (used + list->codes[i].length + 3 > (int) sizeof(known))
			break;
		if (used > 0)
		{
			memcpy(known + used, ", ", 2);
			used += 2;
		}
		memcpy(known + used, list->codes[i].text, list->codes[i].length);
		used += list->codes[i].length;
	}
	known[used] = '\0';
	return FaultFormat(run->fault, ST_BILL_UNKNOWN_CODE, code_attribute_name[attribute], known, "\"%.*s\"", code.length, code.text);
}

/* The bill's codes of one attribute as bits */
static Status
BindAttribute(Run *run, CodeAttribute attribute, const Code *codes, int n)
{
	for (int i = 0; i < n; i++)
	{
		int			found = FindCode(&run->page->codes[attribute], codes[i], attribute == CODE_CARE_TYPE);

		if (found < 0)
			return UnknownCode(run, attribute, codes[i]);
		run->plan->codes[attribute] |= UINT64_C(1) << found;
	}
	return ST_OK;
}

/* All codes that the page declares, as bits; codes of attributes that it does not declare are nobody's concern */
static Status
BindCodes(Run *run)
{
	const Bill *bill = run->bill;

	memset(run->plan->codes, 0, sizeof(run->plan->codes));
	for (int a = 0; a < CODE_SINGLE; a++)
	{
		if (bill->single[a].text != NULL && run->page->codes[a].declared)
			PROPAGATE(BindAttribute(run, (CodeAttribute) a, &bill->single[a], 1));
	}
	for (int a = CODE_SINGLE; a < CODE_ATTRIBUTES; a++)
	{
		if (bill->list_known[a - CODE_SINGLE] && run->page->codes[a].declared)
			PROPAGATE(BindAttribute(run, (CodeAttribute) a, bill->list[a - CODE_SINGLE], bill->n_list[a - CODE_SINGLE]));
	}
	return ST_OK;
}

/* ---- the key ---- */

/* Add a code to the key */
static inline void
AddWord(PlanKey *key, const Code *code)
{
	uint64_t	word = CodeKey(*code);

	if (code->length > 8)
	{
		key->traits |= UINT64_C(1) << (TRAIT_LONG + key->n);
		key->long_code[key->n_long++] = code;
	}
	key->word[key->n++] = word;
	key->hash = (key->hash << 11 | key->hash >> 53) + word;
}

/* The bill brings no code here, or none that the page declares */
static inline void
AddNothing(PlanKey *key)
{
	key->word[key->n++] = 0;
}

/* What the bill is in the eyes of a plan */
static void
MakeKey(const Run *run, PlanKey *key)
{
	const Bill *bill = run->bill;
	uint32_t	declared = run->page->declared;
	uint32_t	known = (bill->designated >= 0 ? NEEDS_DESIGNATED : 0) | (bill->age != NO_AGE ? NEEDS_AGE : 0) |
		(bill->hospital.text != NULL ? NEEDS_HOSPITAL : 0);

	key->n = key->n_long = 0;
	key->hash = 0;
	key->traits = (uint64_t) bill->kind << TRAIT_KIND | (uint64_t) (bill->designated > 0) << TRAIT_DESIGNATED;
#pragma GCC unroll 5
	for (int a = 0; a < CODE_SINGLE; a++)
	{
		bool		given = bill->single[a].text != NULL;

		known |= (uint32_t) given << a;
		if (given && (declared >> a & 1))
			AddWord(key, &bill->single[a]);
		else
			AddNothing(key);
	}
	for (int a = 0; a < CODE_LISTS; a++)
	{
		if (!bill->list_known[a] || (declared >> (CODE_SINGLE + a) & 1) == 0)
			continue;
		known |= 1u << (CODE_SINGLE + a);
		key->traits |= (uint64_t) bill->n_list[a] << (TRAIT_LISTS + 4 * a);
		for (int i = 0; i < bill->n_list[a]; i++)
			AddWord(key, &bill->list[a][i]);
	}
	key->traits |= known;
	key->hash = (key->hash + key->traits + (uint64_t) (run->page - run->fold->book->pages)) * UINT64_C(0x9E3779B97F4A7C15);
}

/* Is the rest of a long code that of the name? Eight bytes at a time; the last eight of them may overlap others. */
static inline bool
SameRest(const Name *name, const Code *code)
{
	const char *a = name->text;
	const char *b = code->text;
	int			last = code->length - 8;

	for (int at = 8; at < last; at += 8)
		if (LoadEight(a + at) != LoadEight(b + at))
			return false;
	return LoadEight(a + last) == LoadEight(b + last);
}

/* Are the long codes of the bill those of the plan? */
static inline bool
SameLongCodes(const Plan *plan, const PlanKey *key)
{
	for (int i = 0; i < key->n_long; i++)
	{
		const Name *name = &plan->long_code[i];

		if (name->length != key->long_code[i]->length || !SameRest(name, key->long_code[i]))
			return false;
	}
	return true;
}

/* Is this the plan for the key? */
static inline bool
PlanIsFor(const Plan *plan, const Run *run, const PlanKey *key)
{
	uint64_t	differ = plan->traits ^ key->traits;

	if (plan->page != run->page)
		return false;
	for (int i = 0; i < CODE_SINGLE; i++)
		differ |= plan->word[i] ^ key->word[i];
	for (int i = CODE_SINGLE; i < key->n; i++)
		differ |= plan->word[i] ^ key->word[i];
	return differ == 0 && SameLongCodes(plan, key);
}

/* ---- making a plan ---- */

/* Copy the key into the plan; there is room */
static void
KeepKey(Run *run, Plan *plan, const PlanKey *key)
{
	Name	   *names = PlanRoom(run->fold, sizeof(Name) * (size_t) key->n_long);

	plan->page = run->page;
	plan->traits = key->traits;
	plan->long_code = names;
	memcpy(plan->word, key->word, sizeof(uint64_t) * (size_t) key->n);
	for (int i = 0; i < key->n_long; i++)
	{
		names[i].length = key->long_code[i]->length;
		memcpy(names[i].text, key->long_code[i]->text, names[i].length);
	}
}

/* One condition that is asked once a bill, as bits: it holds; it stays open */
static Truth
PlanCondition(const Run *run, const Condition *when, int index, uint32_t *hold, uint32_t *open)
{
	Truth		truth;

	ConditionTruth(run, when, NULL, &truth);
	*hold |= (uint32_t) (truth == TRUTH_YES) << index;
	*open |= (uint32_t) (truth == TRUTH_OPEN) << index;
	return truth;
}

/* What stands beside the layers */
static void
PlanPage(Run *run)
{
	const Page *page = run->page;
	Plan	   *plan = run->plan;
	uint32_t	unused = 0;

	plan->counts_hold = plan->counts_open = plan->ceilings_hold = plan->ceilings_open = 0;
	for (int i = 0; i < page->n_counts; i++)
		PlanCondition(run, &page->counts[i].when, i, &plan->counts_hold, &plan->counts_open);
	for (int i = 0; i < page->n_ceilings; i++)
		PlanCondition(run, &page->ceilings[i].when, i, &plan->ceilings_hold, &plan->ceilings_open);
	plan->first_price = 0;
	while (plan->first_price < page->n_fixed_prices &&
		   PlanCondition(run, &page->fixed_prices[plan->first_price].when, 0, &unused, &unused) == TRUTH_NO)
		plan->first_price++;
	plan->names_number = 0;
}

/* The rules of a layer that are left in question, up to the first one that holds for certain; there is room */
static void
PlanRules(Run *run, uint8_t place)
{
	const Layer *layer = &run->page->layers[place];
	LayerPlan  *plan = &run->plan->layers[place];
	Truth		truth = TRUTH_NO;

	plan->n = 0;
	plan->lacks = MissingNeeds(run, layer) != 0;
	plan->candidates = (Candidate *) ((char *) run->fold->plans.store + run->fold->plans.used);
	for (uint8_t r = 0; r < layer->n_rules && truth != TRUTH_YES && !plan->lacks; r++)
	{
		Candidate  *candidate;

		if (layer->rules[r].on != run->bill->kind)
			continue;
		ConditionTruth(run, &layer->rules[r].when, NULL, &truth);
		if (truth == TRUTH_NO)
			continue;
		candidate = PlanRoom(run->fold, sizeof(Candidate));
		candidate->rule = r;
		candidate->certain = truth == TRUTH_YES;
		plan->n++;
	}
	if (plan->n == 0 && !plan->lacks && layer->alternative == NO_INDEX &&
		(layer->kind != KIND_BASIC || run->bill->kind != BILL_ORDINARY))
		run->plan->idle |= 1u << place;
}

/* Does a turn of the rule with these parameters leave whole fen whole, and ask for nothing unusual? */
static bool
IsPlain(const Effective *e)
{
	const Rule *rule = e->rule;

	return rule->weights->whole && !rule->weights->gross && e->enter_micro == PPM && e->whole_ppm && !rule->whole_amount &&
		rule->deductible.kind != DEDUCTIBLE_THRESHOLD && rule->rounding.unit_fen == 1 && rule->rounding.mode == ROUND_HALF_UP &&
		!rule->has_base_cap && !rule->shares_base && rule->lasting;
}

/* Parameters of all candidates, as far as there is room */
static void
PlanParameters(Run *run, uint8_t place)
{
	const LayerPlan *plan = &run->plan->layers[place];

	for (int i = 0; i < plan->n; i++)
	{
		Candidate  *candidate = (Candidate *) &plan->candidates[i];

		PrepareRule(run, place, candidate);
		candidate->plain = candidate->prepared != NULL && !candidate->penalised && IsPlain(candidate->prepared);
	}
}

/* Make the plan; a code that the page does not know ends it, and the room is given back */
static Status
MakePlan(Run *run, const PlanKey *key)
{
	PlanTable  *plans = &run->fold->plans;
	Trace	   *trace = run->trace;
	uint32_t	used = plans->used;
	Status		status;

	run->plan = PlanRoom(run->fold, sizeof(Plan) + sizeof(LayerPlan) * run->page->n_layers);
	run->plan->known = (uint32_t) key->traits & KNOWN;
	KeepKey(run, run->plan, key);
	status = BindCodes(run);
	if (status != ST_OK)
	{
		plans->used = used;
		return status;
	}
	run->plan->idle = 0;
	run->trace = NULL;			/* a trace hears of what happens on the bill */
	PlanPage(run);
	for (uint8_t place = 0; place < run->page->n_layers; place++)
		PlanRules(run, place);
	for (uint8_t place = 0; place < run->page->n_layers; place++)
		PlanParameters(run, place);
	run->trace = trace;
	return ST_OK;
}

/* Look for the plan, or make it; *offset is 1 + its place in the store */
static Status
LookUpPlan(Run *run, uint32_t *offset)
{
	PlanTable  *plans = &run->fold->plans;
	PlanKey		key;
	uint32_t	slot;

	MakeKey(run, &key);
	if (plans->owner != run->fold)
		ForgetPlans(run->fold);
	for (slot = (uint32_t) (key.hash >> (64 - PLAN_SLOT_BITS)); (*offset = plans->slot[slot]) != 0; slot = (slot + 1) % PLAN_SLOTS)
	{
		run->plan = (Plan *) &plans->store[*offset - 1];
		if (PlanIsFor(run->plan, run, &key))
			return ST_OK;
	}
	if (PLAN_BYTES - plans->used < LEAST_ROOM || plans->n_plans == FULL_TABLE)
	{
		ForgetPlans(run->fold);
		slot = (uint32_t) (key.hash >> (64 - PLAN_SLOT_BITS));
	}
	*offset = plans->used / PLAN_ALIGNMENT + 1;
	PROPAGATE(MakePlan(run, &key));
	plans->slot[slot] = *offset;
	plans->n_plans++;
	return ST_OK;
}

/* Remember it for bills like this one */
static void
KeepHint(const Run *run, uint32_t offset)
{
	PlanHint   *hint = run->hint;

	if (hint->made != run->fold->plans.made)
		memset(hint, 0, sizeof(*hint));
	hint->made = run->fold->plans.made;
	hint->place[HintedPlace(run, run->page)] = (uint16_t) offset;
}

/* The plan of the bill */
Status
FindPlan(Run *run)
{
	uint32_t	offset;

	run->plan = HintedPlan(run, run->page);
	if (run->plan != NULL)
		return ST_OK;
	PROPAGATE(LookUpPlan(run, &offset));
	if (run->hint != NULL)
		KeepHint(run, offset);
	return ST_OK;
}
