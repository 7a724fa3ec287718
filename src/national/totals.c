/*
 * totals.c — what the cumulative codes of 5206 say of an account, and terms that need more than they say. A total is taken for a
 * counter only where both are the same sum by construction: the same payments (or deductibles, stays, costs) of the same year.
 */
#include "postgres.h"

#include "errors.h"
#include "national/totals.h"
#include "utils/date.h"
#include "utils/datetime.h"

/* MA807: the counter, what of it the totals do not say, and what to do instead */
static void
RefuseTerms(const CorePage *page, int counter, const Layer *layer, const char *why)
{
	const char *title = layer == NULL ? "" : psprintf(" of layer \"%.*s\"", layer->name.length, layer->name.text);

	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_TOTALS),
			 errmsg("the totals of 5206 cannot carry what these terms need"),
			 counter == NO_INDEX ? errdetail("The terms%s: %s.", title, why) :
			 errdetail("Counter \"%.*s\"%s: %s.", page->counters[counter].name.length, page->counters[counter].name.text, title, why),
			 errhint("Settle on the person's account or history: assistance.settle_year(…) or the register; "
					 "docs/national.md, section 7, names what the totals carry.")));
}

/* ---- the page ---- */

static bool
SameCode(Code a, Code b)
{
	return a.text != NULL && b.text != NULL && a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* The date of a bill that a page goes by; a missing one is that of the order */
static DateADT
PeriodDay(const CorePage *page, const Bill *bill)
{
	int32		day = page->period_date == PERIOD_ADMISSION ? bill->admitted_on :
		page->period_date == PERIOD_DISCHARGE ? bill->discharged_on :
		page->period_date == PERIOD_SETTLEMENT ? bill->settled_on : NO_DATE;

	return day == NO_DATE ? DayOf(bill->ordered_at) : day;
}

static bool
Governs(const CorePage *page, const Bill *bill)
{
	DateADT		day = PeriodDay(page, bill);
	DateADT		admitted = bill->admitted_on == NO_DATE ? day : bill->admitted_on;

	return SameCode(page->region, bill->region) && SameCode(page->scheme, bill->scheme) && page->from_day <= day &&
		day <= page->to_day && (!page->by_admission || (page->admitted_from <= admitted && admitted <= page->admitted_to));
}

const CorePage *
PageOfBill(const Book *book, const Bill *bill, DateADT *day)
{
	Fault		fault;

	for (int i = 0; i < book->n_pages; i++)
		if (Governs(&book->pages[i], bill))
		{
			*day = PeriodDay(&book->pages[i], bill);
			return &book->pages[i];
		}
	FaultFormat(&fault, ST_NO_PAGE, "terms", "terms with a page for the bill's region, scheme and date", "region %.*s, scheme %.*s",
				bill->region.length, bill->region.text, bill->scheme.length, bill->scheme.text);
	ReportFault(&fault, NULL);
	pg_unreachable();
}

/* Totals of a year know one set of rules: another page that governed earlier days may have counted otherwise. */
static void
RefuseOtherPages(const Book *book, const Slots *s)
{
	for (int i = 0; i < book->n_pages; i++)
	{
		const CorePage *other = &book->pages[i];

		if (other != s->page && SameCode(other->region, s->page->region) && SameCode(other->scheme, s->page->scheme) &&
			other->from_day <= s->day && other->to_day >= s->year)
			RefuseTerms(s->page, NO_INDEX, NULL, "the terms have changed within the year; what was counted before is in no total");
	}
}

/* ---- slots ---- */

/* A slot for a counter of the calendar year, or one that is there already */
static Slot *
AddSlot(Slots *s, SlotKind kind, TallyKind tally, int counter, const Layer *layer)
{
	const Counter *c = &s->page->counters[counter];
	Slot	   *slot;

	if (c->every != EVERY_YEAR || c->start_month != 1 || c->start_day != 1)
		RefuseTerms(s->page, counter, layer, "its period is not the calendar year");
	if (c->per != PER_NONE)
		RefuseTerms(s->page, counter, layer, "it is kept for each level or hospital, and the totals are one figure for all of them");
	for (int i = 0; i < s->n; i++)
		if (s->slot[i].kind == kind && s->slot[i].tally == tally && s->slot[i].counter == counter)
			return NULL;
	Assert(s->n < MAX_SLOTS);
	slot = &s->slot[s->n++];
	memset(slot, 0, sizeof(*slot));
	slot->kind = kind;
	slot->tally = tally;
	slot->counter = (uint8) counter;
	return slot;
}

static void
AddCode(Slot *slot, const char *code, bool optional)
{
	for (int i = 0; i < slot->n_codes; i++)
		if (strcmp(slot->code[i], code) == 0)
			return;
	if (slot->n_codes == MAX_SLOT_CODES)
		elog(ERROR, "too many codes of one counter");
	slot->optional[slot->n_codes] = optional;
	strlcpy(slot->code[slot->n_codes++], code, sizeof(slot->code[0]));
}

/* The cumulative code of what a layer's fund has paid, such as D390101; false where there is none */
static bool
PaidCode(const Slots *s, const Layer *layer, char *code)
{
	Fund		fund = FundOf((Word) {layer->name.text, layer->name.length}, layer_kind_name[layer->kind], s->scheme, s->region,
							  s->day, NULL);
	Word		words[3] = {WordOf("cum_type"), {NULL, 0}, s->region};

	if (fund.code.text == NULL || fund.code.length != 6)
		return false;
	snprintf(code, MAX_CUM_CODE + 1, "D%.5s1", fund.code.text);
	words[1] = WordOf(code);
	return Ask(ASK_CODE, words, s->day)->found;
}

/* ---- payments: caps of a period ---- */

/* How often a payment of a rule is charged to a group */
static int
Charges(const Rule *rule, int counter)
{
	int			n = 0;

	for (int i = 0; i < rule->n_caps; i++)
		n += !rule->caps[i].visit && rule->caps[i].counter == counter;
	return n;
}

/* A group is the sum of funds when every rule of every layer that pays from these funds is charged to it, once */
static void
AddGroup(Slots *s, int counter, const Layer *layer)
{
	Slot	   *slot = AddSlot(s, SLOT_TALLY, TALLY_CAP, counter, layer);
	char		code[MAX_CUM_CODE + 1];
	char		other[MAX_CUM_CODE + 1];

	if (slot == NULL)
		return;
	for (int l = 0; l < s->page->n_layers; l++)
	{
		const Layer *member = &s->page->layers[l];
		bool		charged = false;

		for (int r = 0; r < member->n_rules; r++)
			charged |= Charges(&member->rules[r], counter) > 0;
		if (!charged)
			continue;
		if (!PaidCode(s, member, code))
			RefuseTerms(s->page, counter, member, "no cumulative code says what the layer has paid");
		AddCode(slot, code, false);
		if (strcmp(code, "D390101") == 0)
			AddCode(slot, "D390102", true);
		for (int k = 0; k < s->page->n_layers; k++)
			for (int r = 0; r < s->page->layers[k].n_rules; r++)
				if (PaidCode(s, &s->page->layers[k], other) && strcmp(other, code) == 0 &&
					Charges(&s->page->layers[k].rules[r], counter) != 1)
					RefuseTerms(s->page, counter, &s->page->layers[k], "the layer's fund also pays what the cap does not count");
	}
}

/* ---- deductibles ---- */

static bool
ModifiesTarget(const Modifier *modifiers, int n, Target target)
{
	for (int i = 0; i < n; i++)
		if (modifiers[i].target == target)
			return true;
	return false;
}

/* May the rule take a deductible at all? */
static bool
TakesDeductible(const Layer *layer, const Rule *rule)
{
	const Deductible *d = &rule->deductible;

	return d->kind != DEDUCTIBLE_NONE &&
		(d->amount.fact != FACT_NONE || d->amount.base != 0 || d->kind == DEDUCTIBLE_THRESHOLD || d->n_factors > 0 ||
		 ModifiesTarget(layer->modifiers, layer->n_modifiers, TARGET_DEDUCTIBLE) ||
		 ModifiesTarget(rule->modifiers, rule->n_modifiers, TARGET_DEDUCTIBLE));
}

/* Q0000 is the counter when every deductible of basic is counted there, and no other layer's */
static void
AddDeductible(Slots *s, int counter, TallyKind kind, const Layer *layer)
{
	Slot	   *slot;

	if (layer->kind != KIND_BASIC)
		RefuseTerms(s->page, counter, layer, "Q0000 is the deductible of the basic layer alone");
	slot = AddSlot(s, SLOT_TALLY, kind, counter, layer);
	if (slot == NULL)
		return;
	AddCode(slot, "Q0000", false);
	for (int l = 0; l < s->page->n_layers; l++)
		for (int r = 0; r < s->page->layers[l].n_rules; r++)
		{
			const Layer *other = &s->page->layers[l];
			const Rule *rule = &other->rules[r];
			bool		counted = (kind == TALLY_DEDUCTIBLE ? rule->deductible.counter : rule->deductible.sum_counter) == counter;

			if (other->kind == KIND_BASIC && TakesDeductible(other, rule) && !counted)
				RefuseTerms(s->page, counter, other, "Q0000 also has deductibles that this counter does not count");
		}
}

/* ---- cumulative bases ---- */

/* Does another layer add to the same base? */
static bool
IsShared(const CorePage *page, const Layer *layer, int counter)
{
	for (int l = 0; l < page->n_layers; l++)
		for (int r = 0; &page->layers[l] != layer && r < page->layers[l].n_rules; r++)
			if (page->layers[l].rules[r].base_counter == counter)
				return true;
	return false;
}

/* Year rules whose state is more than one figure */
static void
RefuseForms(const Slots *s, const Layer *layer, const Rule *rule)
{
	int			c = rule->base_counter;

	if (rule->true_up || rule->crossing_layer != NO_INDEX)
		RefuseTerms(s->page, c, layer, "what has become due so far (true_up, crossing) is in no total");
	if (rule->drop_paid_bills)
		RefuseTerms(s->page, c, layer, "paid bills leave the base, and the totals do not say which");
	if (rule->whole_amount || rule->weights->gross || rule->deductible.kind == DEDUCTIBLE_THRESHOLD || rule->rounding.unit_fen != 1 ||
		ModifiesTarget(layer->modifiers, layer->n_modifiers, TARGET_PAYMENT) ||
		ModifiesTarget(rule->modifiers, rule->n_modifiers, TARGET_PAYMENT) || IsShared(s->page, layer, c))
		RefuseTerms(s->page, c, layer, "the rule may book against earlier bills, which the totals do not keep");
	if (rule->deductible.counter != NO_INDEX && layer->kind != KIND_BASIC)
		RefuseTerms(s->page, rule->deductible.counter, layer, "Q0000 is the deductible of the basic layer alone");
}

/* The rules that add to a base must all add the same: whole, with equal weights, whatever the bill */
static void
RefuseEntries(const Slots *s, const Layer *layer, const Rule *year)
{
	int			c = year->base_counter;

	if (!year->weights->whole)
		RefuseTerms(s->page, c, layer, "its base is weighted, and the total is one figure");
	for (int r = 0; r < layer->n_rules; r++)
	{
		const Rule *rule = &layer->rules[r];

		if (rule->base_counter != c)
			RefuseTerms(s->page, c, layer, "the layer counts in several bases, and the total is one figure");
		if (rule->weights->mask != year->weights->mask || rule->weights->gross)
			RefuseTerms(s->page, c, layer, "its rules have different bases, and the total is one figure");
		if (rule->enter.fact != FACT_NONE || rule->enter.base != MILLI ||
			ModifiesTarget(layer->modifiers, layer->n_modifiers, TARGET_ENTER) ||
			ModifiesTarget(rule->modifiers, rule->n_modifiers, TARGET_ENTER))
			RefuseTerms(s->page, c, layer, "only a share of the bills enters its base");
		if (rule->has_base_cap)
			RefuseTerms(s->page, c, layer, "its base is capped");
		if (layer->kind == KIND_BASIC && (rule->deductible.counter == NO_INDEX) != (year->deductible.counter == NO_INDEX))
			RefuseTerms(s->page, c, layer, "only some rules have their deductible in a counter");
	}
}

/* The total that is a year rule's base: S0000 of basic, TS390201 of the critical illness insurance of residents */
static void
AddBase(Slots *s, const Layer *layer, const Rule *rule)
{
	int			c = rule->base_counter;
	char		paid[MAX_CUM_CODE + 1];
	Slot	   *slot;

	RefuseForms(s, layer, rule);
	RefuseEntries(s, layer, rule);
	if (!PaidCode(s, layer, paid) || (layer->kind != KIND_BASIC && strcmp(paid, "D390201") != 0))
		RefuseTerms(s->page, c, layer, "no cumulative code says what has entered its base");
	slot = AddSlot(s, SLOT_BASE, TALLY_CAP, c, layer);
	if (slot == NULL)
		return;
	AddCode(slot, layer->kind == KIND_BASIC ? "S0000" : "TS390201", false);
	slot->bucket = rule->weights->order[0];
	for (int l = 0; l < s->page->n_layers; l++)
	{
		char		other[MAX_CUM_CODE + 1];

		if (&s->page->layers[l] != layer && s->page->layers[l].n_rules > 0 && PaidCode(s, &s->page->layers[l], other) &&
			strcmp(other, paid) == 0)
			RefuseTerms(s->page, c, layer, "several layers belong to its fund");
	}
	if (rule->deductible.counter == NO_INDEX)
		return;
	slot = AddSlot(s, SLOT_TAKEN, TALLY_CAP, c, layer);
	AddCode(slot, "Q0000", false);
}

/* ---- stays ---- */

/* Is a count's condition about the care type alone? */
static bool
IsByCareType(const StayCount *count)
{
	return count->when.n_clauses == 0 && count->when.all.n_tests == 1 && count->when.all.tests[0].kind == TEST_CODE &&
		count->when.all.tests[0].index == CODE_CARE_TYPE;
}

bool
CountsCareType(const CorePage *page, const StayCount *count, Word care_type)
{
	const CodeList *codes = &page->codes[CODE_CARE_TYPE];
	int			longest = -1;

	for (int i = 0; i < codes->n; i++)
		if (codes->codes[i].length <= care_type.length && memcmp(codes->codes[i].text, care_type.text, codes->codes[i].length) == 0 &&
			(longest < 0 || codes->codes[i].length > codes->codes[longest].length))
			longest = i;
	return longest >= 0 && (count->when.all.tests[0].mask >> longest & 1) != 0;
}

static void
AddStays(Slots *s, int place)
{
	const StayCount *count = &s->page->counts[place];
	bool		narrowed = count->when.all.n_tests > 0 || count->when.n_clauses > 0;
	Slot	   *slot;

	if (narrowed && !IsByCareType(count))
		RefuseTerms(s->page, count->counter, NULL, "its stays are counted by more than the care type");
	slot = AddSlot(s, SLOT_TALLY, TALLY_STAYS, count->counter, NULL);
	if (slot == NULL)
		return;
	slot->count = (uint8) place;
	slot->narrowed = narrowed;
	if (!narrowed)
		AddCode(slot, "C0000", false);
}

/* ---- the whole ---- */

static void
AddRule(Slots *s, const Layer *layer, const Rule *rule)
{
	if (rule->on != BILL_ORDINARY)
		return;
	if (rule->year)
		AddBase(s, layer, rule);
	for (int i = 0; i < rule->n_caps; i++)
	{
		if (rule->caps[i].visit)
			continue;
		if (rule->caps[i].on_base)
			RefuseTerms(s->page, rule->caps[i].counter, layer, "it caps the base, and no total says what has entered");
		AddGroup(s, rule->caps[i].counter, layer);
	}
	if (rule->times_counter != NO_INDEX)
		RefuseTerms(s->page, rule->times_counter, layer, "no total counts payments");
	if (rule->deductible.counter != NO_INDEX)
	{
		if (rule->deductible.final_once_met)
			RefuseTerms(s->page, rule->deductible.counter, layer, "no total says whether a deductible that is final once met has been met");
		AddDeductible(s, rule->deductible.counter, TALLY_DEDUCTIBLE, layer);
	}
	if (rule->deductible.sum_counter != NO_INDEX)
		AddDeductible(s, rule->deductible.sum_counter, TALLY_DEDUCTIBLE_SUM, layer);
}

static void
RefuseBills(const Bill *bill)
{
	const char *what = bill->kind != BILL_ORDINARY ? "an event looks at earlier bills" :
		bill->encounter.text != NULL ? "a stay in several bills needs what its earlier bills have taken" :
		bill->chain.text != NULL ? "a referral chain needs what its earlier bills have taken" : NULL;

	if (what != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_TOTALS),
				 errmsg("the totals of 5206 cannot carry what this bill needs"),
				 errdetail("The bill: %s.", what),
				 errhint("Settle it on the person's account or history.")));
}

void
FindSlots(const Book *book, const Bill *bill, Slots *s)
{
	int			y,
				m,
				d;

	memset(s, 0, offsetof(Slots, slot));
	RefuseBills(bill);
	s->page = PageOfBill(book, bill, &s->day);
	s->region = (Word) {bill->region.text, bill->region.length};
	s->scheme = (Word) {bill->scheme.text, bill->scheme.length};
	j2date(s->day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	s->year = date2j(y, 1, 1) - POSTGRES_EPOCH_JDATE;
	for (int i = 0; i < s->page->n_ceilings; i++)
		if (!s->page->ceilings[i].visit)
			RefuseTerms(s->page, s->page->ceilings[i].counter, NULL, "a ceiling of the year needs costs and payments of its own");
	for (int l = 0; l < s->page->n_layers; l++)
		for (int r = 0; r < s->page->layers[l].n_rules; r++)
			AddRule(s, &s->page->layers[l], &s->page->layers[l].rules[r]);
	for (int i = 0; i < s->page->n_counts; i++)
		AddStays(s, i);
	if (s->n > 0)
		RefuseOtherPages(book, s);
}
