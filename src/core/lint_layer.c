/*
 * lint_layer.c — what the linter looks for in one layer: in every situation that its rules tell apart, the rule that counts for
 * each person, and what it pays beside the rules that count for others.
 */
#include <string.h>

#include "lint_work.h"

#define FIVE_POINTS INT64_C(50000000000)	/* of a ratio in pico */
#define LAST_DAY_OF_2015 5843
#define FLOOR_PPM 700000
#define EARLY_FLOOR_PPM 500000
#define CRITICAL_FLOOR_PPM 600000

/* ---- who counts as what ---- */

typedef enum Group
{
	GROUP_KEY,
	GROUP_LOW,
	GROUP_OTHER
} Group;

static Group
GroupOf(const LintWork *work, int category)
{
	uint64_t	class = CategoryClass(work, category);

	return class & work->key ? GROUP_KEY : class & work->low ? GROUP_LOW : GROUP_OTHER;
}

/* A layer that does not ask for categories serves everybody, key groups too if the page knows any */
static bool
MayBeKey(const LintWork *work, int category)
{
	return work->category == NULL ? work->key != 0 : GroupOf(work, category) == GROUP_KEY;
}

/* May the bill of this situation be one for inpatient care? */
static bool
IsInpatient(const LintWork *work)
{
	if (work->on != BILL_ORDINARY)
		return false;
	return (work->tested >> CODE_CARE_TYPE & 1) == 0 || (work->plan.codes[CODE_CARE_TYPE] & work->inpatient) != 0;
}

/* ---- findings with a situation ---- */

/* Report something about a rule, once a layer */
static void
ReportOnce(LintWork *work, FindingKind kind, FindingPlace place, int rule, int index, int category, int64_t figure, int64_t limit)
{
	uint64_t	bit = UINT64_C(1) << rule;
	Finding		finding;

	if ((work->reported[kind] & bit) != 0)
		return;
	work->reported[kind] |= bit;
	finding = NewFinding(work, kind, place, &work->layer->rules[rule]);
	finding.index = index;
	finding.compared = true;
	finding.figure = figure;
	finding.limit = limit;
	DescribeSituation(work, category, category, &finding.situation);
	Report(work, &finding);
}

/* One rule (MAX_RULES: none) pays less than another at some burden; the pair is not looked at again */
static void
ReportPair(LintWork *work, FindingKind kind, int first, int second, int category, int other, const Comparison *c)
{
	const Rule *rules = work->layer->rules;
	Finding		finding;

	work->compared[kind][first] |= UINT64_C(1) << second;
	finding = NewFinding(work, kind, first < MAX_RULES ? PLACE_RULE : PLACE_LAYER, first < MAX_RULES ? &rules[first] : NULL);
	finding.other = &rules[second];
	finding.compared = true;
	finding.at_fen = c->at_fen;
	finding.pays_fen = c->first_fen;
	finding.other_fen = c->second_fen;
	DescribeSituation(work, category, other, &finding.situation);
	Report(work, &finding);
}

/* ---- one rule by itself ---- */

static int64_t
RatioPpm(const Effective *e, int band)
{
	return e->whole_ppm ? e->ratio[band] : e->ratio[band] / PPM;
}

/* 70 %, but 50 % on pages that end by 2015 */
static int64_t
KeyFloor(const LintWork *work)
{
	return work->page->to_day <= LAST_DAY_OF_2015 ? EARLY_FLOOR_PPM : FLOOR_PPM;
}

/* Key groups: no deductible in inpatient assistance, and at least the floor */
static void
CheckKeyRule(LintWork *work, const Effective *e, int category)
{
	int			rule = e->rule_index;
	int			first = FirstPayingBand(e);
	int			band;

	if (work->layer->kind != KIND_ASSISTANCE || !IsInpatient(work) || !MayBeKey(work, category) || IsExcluded(e))
		return;
	if (Applies(work, FINDING_KEY_GROUP_DEDUCTIBLE))
	{
		if (e->has_deductible && e->deductible_fen > 0)
			ReportOnce(work, FINDING_KEY_GROUP_DEDUCTIBLE, PLACE_DEDUCTIBLE, rule, 0, category, e->deductible_fen, 0);
		else if (first > 0 && first < e->rule->n_bands)	/* bands of ratio 0 stand before it */
			ReportOnce(work, FINDING_KEY_GROUP_DEDUCTIBLE, PLACE_BAND, rule, 0, category, e->rule->bands[first].from_fen, 0);
	}
	if (Applies(work, FINDING_KEY_GROUP_RATIO_BELOW_70) && BandBelow(e, KeyFloor(work), &band))
		ReportOnce(work, FINDING_KEY_GROUP_RATIO_BELOW_70, PLACE_BAND, rule, band, category, SharePpm(e, band), KeyFloor(work));
}

/* Critical insurance pays at least 60 % */
static void
CheckCriticalRule(LintWork *work, const Effective *e, int category)
{
	int			band;

	if (work->layer->kind == KIND_CRITICAL && Applies(work, FINDING_CRITICAL_RATIO_BELOW_60) && !IsExcluded(e) &&
		BandBelow(e, CRITICAL_FLOOR_PPM, &band))
		ReportOnce(work, FINDING_CRITICAL_RATIO_BELOW_60, PLACE_BAND, e->rule_index, band, category, SharePpm(e, band),
				   CRITICAL_FLOOR_PPM);
}

/* A larger burden gets no lower ratio */
static void
CheckRising(LintWork *work, const Effective *e, int category)
{
	LayerKind	kind = work->layer->kind;
	int			band;

	if ((kind != KIND_CRITICAL && kind != KIND_ASSISTANCE && kind != KIND_TILT) || !Applies(work, FINDING_BURDEN_REGRESSIVE))
		return;
	band = FallingBand(e);
	if (band >= 0)
		ReportOnce(work, FINDING_BURDEN_REGRESSIVE, PLACE_BAND, e->rule_index, band, category, RatioPpm(e, band),
				   RatioPpm(e, band - 1));
}

/* Everything about the rule that counts for a person */
static void
CheckRule(LintWork *work, const Effective *e, int category)
{
	uint64_t	bit = UINT64_C(1) << e->rule_index;
	bool		capped;

	if ((work->can_pay & bit) == 0 && CanPay(work, e, &capped))
		work->can_pay |= bit;
	else if ((work->can_pay & bit) == 0 && capped)
		work->capped |= bit;
	if (category < CategoriesAlone(work))	/* of several categories one may lift a person above what the other is owed */
	{
		CheckKeyRule(work, e, category);
		CheckCriticalRule(work, e, category);
	}
	CheckRising(work, e, category);
}

/* ---- persons at equal burdens ---- */

/* What is found when one group pays less than another; FINDING_KINDS: nothing */
static FindingKind
KindOfGroups(Group group, Group other)
{
	if (group == GROUP_KEY)
		return other == GROUP_LOW ? FINDING_KEY_BELOW_LOW_INCOME : other == GROUP_OTHER ? FINDING_KEY_BELOW_OTHER : FINDING_KINDS;
	return group == GROUP_LOW && other == GROUP_OTHER ? FINDING_LOW_INCOME_BELOW_OTHER : FINDING_KINDS;
}

/* The rule that counts for a person of this category; MAX_RULES: none */
static int
CountingRule(const LintWork *work, int category)
{
	return work->fits[category] != 0 ? __builtin_ctzll(work->fits[category]) : MAX_RULES;
}

/* The person of one category against that of another, in the same situation */
static void
ComparePersons(LintWork *work, int category, int other)
{
	FindingKind kind = KindOfGroups(GroupOf(work, category), GroupOf(work, other));
	int			first = CountingRule(work, category);
	int			second = CountingRule(work, other);
	Comparison	c;

	if (kind == FINDING_KINDS || first == second || second == MAX_RULES || !Applies(work, kind) ||
		(work->compared[kind][first] >> second & 1) != 0)
		return;
	if (!CompareRules(work, first < MAX_RULES ? &work->resolved[category].e : NULL, &work->resolved[other].e, &c))
		work->skipped = true;
	else if (c.first_less)
		ReportPair(work, kind, first, second, category, other, &c);
}

/* Key groups before low income before others, in assistance and tilt; a layer that is not for a group says nothing about it */
static void
CompareGroups(LintWork *work)
{
	int			n = CategoriesAlone(work);

	if ((work->layer->kind != KIND_ASSISTANCE && work->layer->kind != KIND_TILT) || !HasBegun(work))
		return;
	for (int category = 1; category < n; category++)
		for (int other = 0; other < n && work->served[category]; other++)
			ComparePersons(work, category, other);
}

/* ---- critical insurance for key groups ---- */

static int64_t
RatioPico(const Effective *e, int band)
{
	return e->whole_ppm ? e->ratio[band] * PPM : e->ratio[band];
}

/* Is a band of the key group's rule less than five points above that of others, and below 100 %? */
static bool
NotFiveMore(const Effective *key, int key_band, const Effective *other, int other_band)
{
	return !key->rule->bands[key_band].fixed && !other->rule->bands[other_band].fixed &&
		RatioPico(key, key_band) < MinFen(RatioPico(other, other_band) + FIVE_POINTS, PICO);
}

/* The first such band; -1: none. Bands are compared one by one, or first and last where there are not as many. */
static int
BandNotBetter(const Effective *key, const Effective *other)
{
	int			first = FirstPayingBand(key);
	int			last = LastPayingBand(key);
	int			other_first = FirstPayingBand(other);
	int			other_last = LastPayingBand(other);

	if (first > last || other_first > other_last)
		return -1;
	if (last - first != other_last - other_first)
		return NotFiveMore(key, first, other, other_first) ? first : NotFiveMore(key, last, other, other_last) ? last : -1;
	for (int i = first; i <= last; i++)
		if (NotFiveMore(key, i, other, other_first + i - first))
			return i;
	return -1;
}

/* A cap on the payments of a period that still stands; -1: none */
static int
StandingCap(const Effective *e)
{
	for (int i = 0; i < e->rule->n_caps; i++)
		if (!e->rule->caps[i].visit && !e->rule->caps[i].on_base && e->limit_fen[i] != NO_LIMIT)
			return i;
	return -1;
}

/* Half the deductible, five points more, no cap: the key group's rule beside that of a person without category */
static void
CheckHardship(LintWork *work, const Effective *key, const Effective *other, int category)
{
	int64_t		d = key->has_deductible ? key->deductible_fen : 0;
	int64_t		other_d = other->has_deductible ? other->deductible_fen : 0;
	int			band = BandNotBetter(key, other);
	int			cap = StandingCap(key);
	int			rule = key->rule_index;

	if (2 * d > other_d)
		ReportOnce(work, FINDING_HARDSHIP_CRITICAL_NOT_BETTER, PLACE_DEDUCTIBLE, rule, 0, category, d, other_d);
	else if (band >= 0)
		ReportOnce(work, FINDING_HARDSHIP_CRITICAL_NOT_BETTER, PLACE_BAND, rule, band, category, RatioPpm(key, band), 0);
	else if (cap >= 0)
		ReportOnce(work, FINDING_HARDSHIP_CRITICAL_NOT_BETTER, PLACE_CAP, rule, cap, category, key->limit_fen[cap], 0);
}

static void
CompareHardship(LintWork *work)
{
	int			n = CategoriesAlone(work);

	if (work->layer->kind != KIND_CRITICAL || work->on != BILL_ORDINARY || !Applies(work, FINDING_HARDSHIP_CRITICAL_NOT_BETTER))
		return;
	if (work->category == NULL)
	{
		if (work->key != 0 && work->fits[0] != 0)
			CheckHardship(work, &work->resolved[0].e, &work->resolved[0].e, 0);
		return;
	}
	for (int category = 1; category < n; category++)
		if (GroupOf(work, category) == GROUP_KEY && work->fits[category] != 0 && work->fits[0] != 0)
			CheckHardship(work, &work->resolved[category].e, &work->resolved[0].e, category);
}

/* ---- rules that one person can meet ---- */

/* The mask of a rule's own test of an attribute; all codes if there is none */
static uint64_t
MaskOf(const Rule *rule, int attribute)
{
	for (int i = 0; i < rule->when.all.n_tests; i++)
		if (rule->when.all.tests[i].kind == TEST_CODE && rule->when.all.tests[i].index == attribute)
			return rule->when.all.tests[i].mask;
	return ~UINT64_C(0);
}

/* The rule that counts beside one that fits as well: is it better throughout, or at least meant to differ for the same persons? */
static void
CompareMet(LintWork *work, const Effective *first, int second, int category)
{
	const Rule *rules = work->layer->rules;
	int			index = first->rule_index;
	Comparison	c;

	if ((work->compared[FINDING_RULES_NOT_COMPARABLE][index] >> second & 1) != 0)
		return;
	if (!ResolveRule(work, second, &work->other))
		return;
	if (!CompareRules(work, first, &work->other.e, &c))
		work->skipped = true;
	else if (c.first_less && (c.second_less || MaskOf(&rules[index], CODE_CATEGORY) != MaskOf(&rules[second], CODE_CATEGORY)))
		ReportPair(work, FINDING_RULES_NOT_COMPARABLE, index, second, category, category, &c);
}

static void
CompareMetRules(LintWork *work, const Effective *first, int category)
{
	for (uint64_t others = work->fits[category] & (work->fits[category] - 1); others != 0; others &= others - 1)
		CompareMet(work, first, __builtin_ctzll(others), category);
}

/* ---- situations ---- */

/* Which rules fit for a category, and which of them counts */
static void
FitCategory(LintWork *work, int category)
{
	uint64_t	fits = 0;
	uint64_t	first;

	SetCategory(work, category);
	for (uint64_t rules = work->rules; rules != 0; rules &= rules - 1)
		if (RuleFits(work, &work->layer->rules[__builtin_ctzll(rules)]))
			fits |= rules & -rules;
	work->fits[category] = fits;
	work->served[category] = work->served[category] || fits != 0;
	first = fits & -fits;
	for (uint64_t later = (fits ^ first) & ~work->fitted; later != 0; later &= later - 1)
		work->shadow[__builtin_ctzll(later)] = (uint8_t) __builtin_ctzll(first);
	work->fitted |= fits;
	work->counted |= first;
}

/* The rule that counts for a category as it stands there; false: it cannot be resolved, which is a finding */
static bool
ResolveCategory(LintWork *work, int category, Resolved *r)
{
	int			rule = CountingRule(work, category);

	SetCategory(work, category);
	if (ResolveRule(work, rule, r))
		return true;
	ReportOnce(work, FINDING_TOO_MANY_FACTORS, PLACE_RULE, rule, 0, category, 0, 0);
	work->can_pay |= UINT64_C(1) << rule;	/* nothing is known of what it pays */
	work->fits[category] = 0;
	return false;
}

/* Look at the rule that counts for each category of the situation, and at the persons beside each other */
static void
CheckSituation(LintWork *work)
{
	int			n = CategoryValues(work);
	int			alone = CategoriesAlone(work);

	for (int category = 0; category < n; category++)
	{
		Resolved   *r = &work->resolved[category < alone ? category : MAX_CODES + 1];

		if (work->fits[category] == 0 || !ResolveCategory(work, category, r))
			continue;
		CheckRule(work, &r->e, category);
		CompareMetRules(work, &r->e, category);
	}
	CompareGroups(work);
	CompareHardship(work);
}

/* Every situation, as many as are tried: which rules fit, and once that is known everything else */
static void
TrySituations(LintWork *work, bool check)
{
	int			tried = 0;

	FirstSituation(work);
	do
	{
		tried += CategoryValues(work);
		work->sink(work->context, NULL);
		if (tried > MAX_SITUATIONS)
		{
			work->truncated = true;
			return;
		}
		if (check && !AloneSituation(work))
			continue;
		for (int category = 0; category < CategoryValues(work); category++)
			FitCategory(work, category);
		if (check)
			CheckSituation(work);
	}
	while (NextSituation(work));
}

/* ---- what all situations together show ---- */

/* A rule that never counts */
static void
ReportUnreachable(LintWork *work, int rule)
{
	Finding		finding = NewFinding(work, FINDING_UNREACHABLE_RULE, PLACE_RULE, &work->layer->rules[rule]);

	if ((work->fitted >> rule & 1) != 0)
		finding.other = &work->layer->rules[work->shadow[rule]];
	Report(work, &finding);
}

/* A rule that pays nothing because of a cap or a last band, in every situation in which it counts */
static void
ReportCapped(LintWork *work, int rule)
{
	const Rule *r = &work->layer->rules[rule];
	Finding		finding = NewFinding(work, FINDING_CAP_BELOW_DEDUCTIBLE, PLACE_BAND, r);

	finding.index = r->n_bands - 1;
	for (int i = r->n_caps - 1; i >= 0; i--)
	{
		if (r->caps[i].on_base || r->limits_fen[i] == 0)
		{
			finding.place = PLACE_CAP;
			finding.index = i;
		}
	}
	Report(work, &finding);
}

static void
ReportRules(LintWork *work)
{
	for (uint64_t rules = work->rules; rules != 0; rules &= rules - 1)
	{
		int			rule = __builtin_ctzll(rules);

		if ((work->counted >> rule & 1) == 0)
			ReportUnreachable(work, rule);
		else if ((work->can_pay >> rule & 1) == 0 && (work->capped >> rule & 1) != 0)
			ReportCapped(work, rule);
	}
}

/* The layer's rules for one kind of bill */
static void
LintRules(LintWork *work)
{
	work->fitted = work->counted = work->can_pay = work->capped = 0;
	work->truncated = work->skipped = false;
	work->evaluations = 0;
	memset(work->reported, 0, sizeof(work->reported));
	memset(work->compared, 0, sizeof(work->compared));
	memset(work->served, 0, sizeof(work->served));
	PrepareSituations(work);
	TrySituations(work, false);
	TrySituations(work, true);
	if (!work->truncated)
		ReportRules(work);
	if (work->truncated || work->skipped)
	{
		Finding		finding = NewFinding(work, FINDING_NOT_FULLY_COMPARED, PLACE_LAYER, NULL);

		Report(work, &finding);
	}
}

/* The layer's rules for one kind of bill, as bits */
static uint64_t
RulesOn(const Layer *layer, BillKind kind)
{
	uint64_t	rules = 0;

	for (int i = 0; i < layer->n_rules; i++)
		rules |= (uint64_t) (layer->rules[i].on == kind) << i;
	return rules;
}

/* One layer: rules on bills, then those on each event; a layer without any rule that pays */
void
LintLayer(LintWork *work)
{
	uint64_t	can_pay = 0;
	uint64_t	counted = 0;
	bool		all_tried = true;

	for (int on = BILL_ORDINARY; on <= BILL_YEAR_CLOSE; on++)
	{
		work->on = (BillKind) on;
		work->rules = RulesOn(work->layer, (BillKind) on);
		if (work->rules == 0)
			continue;
		LintRules(work);
		can_pay |= work->can_pay;
		counted |= work->counted;
		all_tried = all_tried && !work->truncated;
	}
	if (counted != 0 && can_pay == 0 && all_tried)
	{
		Finding		finding = NewFinding(work, FINDING_NEVER_PAYS, PLACE_LAYER, NULL);

		Report(work, &finding);
	}
}
