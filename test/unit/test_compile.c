/*
 * test_compile.c — what a good book becomes: pages, names, rules, conditions, order of pages, which books keep bills, memory.
 */
#include "books.h"

/* ---- what a good book becomes ---- */

static bool
IsText(Text text, const char *expected)
{
	return text.length == (int) strlen(expected) && memcmp(text.text, expected, strlen(expected)) == 0;
}

static bool
IsCode(Code code, const char *expected)
{
	return code.length == (int) strlen(expected) && memcmp(code.text, expected, strlen(expected)) == 0;
}

/* Index of a counter of the page. */
static int
CounterIndex(const Page *page, const char *name)
{
	for (int i = 0; i < page->n_counters; i++)
		if (IsCode(page->counters[i].name, name))
			return i;
	return -1;
}

static void
TestPage(void)
{
	const Page *page;

	CHECK_INT(Compile(good), ST_OK);
	CHECK_TEXT(fault.found, "");
	CHECK_INT(book.n_pages, 1);
	CHECK_INT(book.engine, 1);
	CHECK(book.keeps_bills);
	page = &book.pages[0];
	CHECK(IsText(page->title, "Test"));
	CHECK(IsCode(page->region, "R"));
	CHECK(IsCode(page->scheme, "resident"));
	CHECK_INT(page->from_day, 8766);
	CHECK_INT(page->to_day, 8766 + 365);
	CHECK_INT(page->period_date, PERIOD_ADMISSION);
	CHECK_INT(page->n_sources, 2);
	CHECK_INT(page->sources[0].grade, 'B');
	CHECK_INT(page->sources[1].grade, 0);
	CHECK(page->sources[1].title.text == NULL);
	CHECK_INT(page->basic, 0);

	CHECK_INT(page->codes[CODE_CARE_TYPE].n, 3);
	CHECK(IsCode(page->codes[CODE_CARE_TYPE].codes[1], "21"));
	CHECK(IsText(page->codes[CODE_LEVEL].labels[1].en, "two"));
	CHECK(IsText(page->codes[CODE_LEVEL].labels[2].zh, "three"));
	CHECK(IsText(page->codes[CODE_REFERRAL].labels[0].en, "x"));
	CHECK(page->codes[CODE_DISEASE].declared);

	CHECK_INT(page->n_parts, 5);
	CHECK(IsCode(page->parts[0], "excluded.a"));
	CHECK(IsCode(page->parts[1], "excluded.drug"));
	CHECK(IsCode(page->parts[2], "excluded.drugs"));
	CHECK(IsCode(page->parts[3], "first_share.away"));
	CHECK(IsCode(page->parts[4], "over_limit.b"));
	CHECK_INT(page->part_column[1], COLUMN_EXCLUDED);
	CHECK_INT(page->part_column[3], COLUMN_FIRST_SHARE);
	CHECK(IsText(page->part_labels[4].zh, "b"));

	CHECK_INT(page->n_facts, 2);
	CHECK(IsCode(page->facts[0], "years"));
	CHECK(IsCode(page->facts[1], "income"));
}

static void
TestNames(void)
{
	const Page *page = &book.pages[0];
	const Counter *stays = &page->counters[CounterIndex(page, "stays")];
	static const char *const used[] = {
		"basic_d", "chain", "q", "any", "c1", "basic", "critical", "aid", "gross", "wide", "basic_sum", "bases", "set", "x",
		"shared", "yearly"
	};

	CHECK_INT(page->n_counters, 17);
	for (int i = 0; i < 16; i++)
		CHECK(CounterIndex(page, used[i]) >= 0);
	CHECK_INT(stays->every, EVERY_MONTH);
	CHECK_INT(stays->start_month, 7);
	CHECK_INT(stays->start_day, 28);
	CHECK_INT(stays->per, PER_HOSPITAL);
	CHECK_INT(page->counters[CounterIndex(page, "basic_d")].per, PER_LEVEL);
	CHECK_INT(page->counters[CounterIndex(page, "aid")].every, EVERY_YEAR);
	CHECK_INT(page->counters[CounterIndex(page, "aid")].start_month, 1);
	CHECK_INT(page->counters[CounterIndex(page, "chain")].every, EVERY_CHAIN);
	CHECK_INT(page->counters[CounterIndex(page, "q")].every, EVERY_QUARTER);

	CHECK_INT(page->n_counts, 2);
	CHECK_INT(page->counts[0].counter, CounterIndex(page, "stays"));
	CHECK_INT(page->counts[0].when.all.n_tests, 1);
	CHECK_INT(page->counts[0].when.all.tests[0].mask, 3);
	CHECK_INT(page->counts[1].when.all.n_tests, 0);

	CHECK_INT(page->n_fixed_prices, 2);
	CHECK_INT(page->fixed_prices[0].order[0], COLUMN_IN_SCOPE);
	CHECK_INT(page->fixed_prices[0].order[3], COLUMN_EXCLUDED);
	CHECK_INT(page->fixed_prices[1].order[0], COLUMN_EXCLUDED);
	CHECK_INT(page->fixed_prices[1].order[3], COLUMN_IN_SCOPE);
	CHECK_INT(page->fixed_prices[1].price.base, 900050);

	CHECK_INT(page->n_ceilings, 2);
	CHECK_INT(page->ceilings[0].layers, 5);
	CHECK_INT(page->ceilings[0].share_ppm, 900000);
	CHECK_INT(page->ceilings[0].counter, CounterIndex(page, "c1"));
	CHECK(!page->ceilings[0].visit);
	CHECK(page->ceilings[1].visit);
	CHECK_INT(page->ceilings[1].counter, NO_INDEX);
	CHECK_INT(page->ceilings[1].of, COLUMN_FIRST_SHARE);
	CHECK_INT(page->ceilings[1].when.all.tests[0].kind, TEST_STAY_NUMBER);
	CHECK_INT(page->ceilings[1].when.all.tests[0].index, 1);
	CHECK_INT(page->ceilings[1].when.all.tests[0].low, 2);
	CHECK_INT(page->layers[0].ceilings, 1);
	CHECK_INT(page->layers[1].ceilings, 0);
	CHECK_INT(page->layers[2].ceilings, 3);
}

static void
TestBasic(void)
{
	const Page *page = &book.pages[0];
	const Layer *layer = &page->layers[0];
	const Rule *rule = &layer->rules[0];
	const Deductible *d = &rule->deductible;

	CHECK(IsCode(layer->name, "basic"));
	CHECK_INT(layer->kind, KIND_BASIC);
	CHECK_INT(layer->alternative, NO_INDEX);
	CHECK_INT(layer->base_counter, CounterIndex(page, "basic"));
	CHECK_INT(layer->weights->mask, 1);
	CHECK_INT(layer->weights->n_order, 1);
	CHECK_INT(layer->weights->milli[BUCKET_IN_SCOPE], 1000);
	CHECK(layer->weights->whole);
	CHECK_INT(layer->n_rules, 2);
	CHECK_INT(layer->needs_ordinary, 1 << CODE_CARE_TYPE | 1 << CODE_LEVEL | NEEDS_DESIGNATED | NEEDS_HOSPITAL);
	CHECK_INT(layer->needs_event, 0);

	CHECK(IsText(rule->name, "inpatient"));
	CHECK(IsText(rule->label.en, "e"));
	CHECK_INT(rule->when.all.n_tests, 2);
	CHECK_INT(rule->when.all.tests[0].mask, 3);
	CHECK_INT(rule->when.all.tests[1].index, CODE_LEVEL);
	CHECK_INT(rule->enter.base, 950);
	CHECK_INT(rule->enter.cite->mark, MARK_INFERRED);
	CHECK_INT(d->kind, DEDUCTIBLE_PLAIN);
	CHECK_INT(d->amount.base, 50000);
	CHECK(IsText(d->amount.cite->source->document, "Doc 2"));
	CHECK_INT(d->counter, CounterIndex(page, "basic_d"));
	CHECK_INT(d->count, 0);
	CHECK_INT(d->n_factors, 2);
	CHECK_INT(d->factor_milli[1], 500);
	CHECK_INT(d->step_fen, 1000);
	CHECK_INT(d->floor_fen, 10050);
	CHECK_INT(d->sum_counter, CounterIndex(page, "basic_sum"));
	CHECK_INT(d->sum_limit.base, 200000);
	CHECK_INT(d->rounding.unit_fen, 100);
	CHECK_INT(d->rounding.mode, ROUND_DOWN);

	CHECK_INT(rule->n_bands, 3);
	CHECK_INT(rule->bands[0].to_fen, 100000);
	CHECK_INT(rule->bands[1].from_fen, 100000);
	CHECK_INT(rule->bands[2].to_fen, MAX_FEN_OPEN);
	CHECK_INT(rule->bands[2].value.base, 800000);
	CHECK_INT(rule->bands[2].value.cite->mark, MARK_EXAMPLE);
	CHECK(rule->edges_above && rule->band_closed_upper && !rule->whole_amount);
	CHECK_INT(rule->n_caps, 3);
	CHECK_INT(rule->caps[0].counter, CounterIndex(page, "basic"));
	CHECK(rule->caps[1].visit && rule->caps[1].counter == NO_INDEX);
	CHECK(rule->caps[2].on_base && rule->caps[2].counter == CounterIndex(page, "bases"));
	CHECK_INT(rule->times_limit, 3);
	CHECK_INT(rule->times_counter, CounterIndex(page, "basic"));
	CHECK(rule->times_cite != NULL);
	CHECK_INT(rule->rounding.unit_fen, 1);

	CHECK_INT(rule->n_modifiers, 3);
	CHECK(IsText(rule->modifiers[0].name, "m"));
	CHECK(rule->modifiers[0].penalty);
	CHECK_INT(rule->modifiers[0].value, -100000);
	CHECK_INT(rule->modifiers[0].group, NO_INDEX);
	CHECK_INT(rule->modifiers[1].value, 1500);
	CHECK_INT(rule->modifiers[1].op, OP_MULTIPLY);
	CHECK_INT(rule->modifiers[1].group, CounterIndex(page, "basic"));
	CHECK_INT(rule->modifiers[2].target, TARGET_SELF_SHARE);
	CHECK_INT(rule->modifiers[2].op, OP_SET);

	rule++;
	CHECK_INT(rule->n_bands, 1);
	CHECK_INT(rule->bands[0].value.base, 500000);
	CHECK_INT(rule->bands[0].value.rate, INT64_C(-1000000000));
	CHECK_INT(rule->bands[0].value.fact, 0);
	CHECK_INT(rule->bands[0].value.step_hundredths, 50);
	CHECK_INT(rule->bands[0].value.min, 400000);
	CHECK_INT(rule->bands[0].value.max, 1000000);
	CHECK(IsText(rule->bands[0].value.cite->source->document, "Doc 2"));
	CHECK_INT(rule->enter.base, 1000);
	CHECK_INT(rule->enter.fact, FACT_NONE);
	CHECK_INT(rule->times_counter, NO_INDEX);
	CHECK_INT(rule->crossing_layer, NO_INDEX);
	CHECK_INT(rule->deductible.kind, DEDUCTIBLE_NONE);
}

static void
TestConditions(void)
{
	const Rule *rule = &book.pages[0].layers[2].rules[0];
	const Test *t = rule->when.all.tests;

	CHECK_INT(rule->when.all.n_tests, 13);
	CHECK(t[0].kind == TEST_CODE && t[0].index == CODE_CATEGORY && t[0].mask == 1);
	CHECK(t[1].kind == TEST_AGE && t[1].low == 60 && t[1].high == 69);
	CHECK(t[2].kind == TEST_STAY_TOTAL && t[2].low == 10001 && t[2].high == 20050 && !t[2].low_strict);
	CHECK(t[3].kind == TEST_COLUMN && t[3].index == COLUMN_TOTAL && t[3].low == 100 && t[3].high == INT64_MAX);
	CHECK(t[4].kind == TEST_COLUMN && t[4].index == COLUMN_IN_SCOPE && t[4].low == INT64_MIN && t[4].high == 499);
	CHECK(t[5].kind == TEST_STAY_NUMBER && t[5].index == 0 && t[5].low == 2);
	CHECK(t[6].kind == TEST_BASE && t[6].low == 1000 && t[6].low_strict && t[6].high == 2000 && t[6].high_strict);
	CHECK(t[7].kind == TEST_SELF_PAY_ABOVE_DEDUCTIBLE && t[7].index == 1);
	CHECK(t[8].kind == TEST_PAID_BY && t[8].mask == 3);
	CHECK(t[9].kind == TEST_EXHAUSTED && t[9].mask == 2);
	CHECK(t[10].kind == TEST_DATE && t[10].low == 8797 && t[10].high == INT32_MAX);
	CHECK(t[11].kind == TEST_FACT && t[11].index == 1 && t[11].high == 10050);
	CHECK(t[12].kind == TEST_FACT && t[12].index == 0 && t[12].low == 101);
	CHECK_INT(rule->when.n_clauses, 2);
	CHECK(!rule->when.clauses[0].none);
	CHECK_INT(rule->when.clauses[0].n_alternatives, 2);
	CHECK_INT(rule->when.clauses[0].alternatives[1].n_tests, 2);
	CHECK_INT(rule->when.clauses[0].alternatives[1].tests[1].low, 1);
	CHECK(rule->when.clauses[1].none);
}

static void
TestAid(void)
{
	const Page *page = &book.pages[0];
	const Layer *layer = &page->layers[2];
	const Rule *rule = layer->rules;

	CHECK_INT(page->layers[1].weights->mask, 1 << BUCKET_DEDUCTIBLE | 1 << BUCKET_OVER_CAP | 1 << BUCKET_COPAY);
	CHECK_INT(page->layers[1].weights->order[0], BUCKET_OVER_CAP);
	CHECK_INT(page->layers[1].weights->order[1], BUCKET_COPAY);
	CHECK_INT(page->layers[1].weights->order[2], BUCKET_DEDUCTIBLE);
	CHECK(page->layers[1].rules[0].year);
	CHECK_INT(page->layers[1].rules[0].deductible.amount.fact, FACT_AGE);
	CHECK_INT(page->layers[1].rules[0].deductible.amount.rate, 1250000000);
	CHECK_INT(page->layers[1].rules[0].deductible.amount.max, 2000000);

	CHECK(!layer->weights->whole);
	CHECK_INT(layer->weights->n_order, 3);
	CHECK_INT(layer->weights->order[0], BUCKET_PART + 1);
	CHECK_INT(layer->weights->order[2], BUCKET_OVER_CAP);
	CHECK_INT(layer->weights->milli[BUCKET_PART + 1], 250);
	CHECK_INT(layer->alternative, 0);
	CHECK(layer->set_off);
	CHECK_INT(layer->n_modifiers, 1);
	CHECK_INT(layer->modifiers[0].op, OP_REMOVE);
	CHECK_INT(layer->needs_event, 1 << CODE_PERSON_TYPE);
	CHECK_INT(layer->needs_ordinary,
		1 << CODE_CATEGORY | 1 << CODE_LEVEL | 1 << CODE_REFERRAL | NEEDS_AGE | NEEDS_DESIGNATED | NEEDS_HOSPITAL);

	CHECK_INT(rule[0].crossing_layer, 1);
	CHECK_INT(rule[0].base_counter, CounterIndex(page, "yearly"));
	CHECK_INT(rule[0].caps[0].counter, CounterIndex(page, "set"));
	CHECK(rule[1].true_up && rule[1].drop_paid_bills && rule[1].whole_amount);
	CHECK(rule[1].bands[0].fixed && rule[1].bands[0].value.base == 500);
	CHECK_INT(rule[1].bands[1].to_fen, 20000);
	CHECK_INT(rule[1].rounding.mode, ROUND_UP);
	CHECK_INT(rule[2].deductible.kind, DEDUCTIBLE_THRESHOLD);
	CHECK(rule[2].deductible.closed_upper);
	CHECK_INT(rule[2].times_counter, CounterIndex(page, "shared"));
	CHECK_INT(rule[2].weights->mask, 1 << BUCKET_COPAY);
	CHECK_INT(rule[3].on, BILL_APPLICATION);
	CHECK_INT(rule[3].window, WINDOW_LAST_12_MONTHS);
	CHECK_INT(rule[3].filter.n_codes[CODE_CARE_TYPE], 1);
	CHECK(IsCode(rule[3].filter.codes[CODE_LEVEL][0], "3"));
	CHECK_INT(rule[3].filter.designated, 1);
	CHECK_INT(rule[4].on, BILL_YEAR_CLOSE);
	CHECK_INT(rule[4].filter.designated, -1);
	CHECK_INT(rule[4].filter.n_codes[CODE_PLACE], 0);

	CHECK(page->layers[3].weights->gross);
	CHECK_INT(page->layers[3].weights->column, COLUMN_TOTAL);
	CHECK_INT(page->layers[3].weights->mask, 1 << BUCKET_COPAY | 1 << BUCKET_EXCLUDED);
	CHECK_INT(page->layers[4].weights->column, COLUMN_IN_SCOPE);
	CHECK_INT(page->layers[4].weights->n_order, BUCKET_PART + 4);	/* all but the penalty */
	CHECK_INT(page->layers[4].weights->order[7], BUCKET_PART);
	CHECK_INT(page->layers[4].weights->order[12], BUCKET_DEDUCTIBLE);
	CHECK_INT(page->layers[4].alternative, 0);
	CHECK(IsText(page->layers[4].rules[0].cite->article, "9"));
	CHECK_INT(page->layers[4].rules[0].when.all.tests[0].kind, TEST_BASE_ABOVE_DEDUCTIBLE);
	CHECK_INT(page->layers[4].rules[0].caps[0].counter, CounterIndex(page, "set"));
}

/* Small books that must be accepted. */
static const char *const accepted[][2] = {
	{"'to':'2024-12-31',", ""},
	{"'period_date':'admission',", ""},
	{"'period_date':'admission',", "'period_date':'split',"},
	{"'enter':0.95", "'enter':{'base':0.5,'rate':0.01,'fact':'years'}"},
	{"'enter':0.95", "'enter':1.000"},
	{"'starts':'07-28'", "'starts':'12-01'"},
	{"'add':-0.1", "'add':0.1"},
	{"'when':{'designated':false}", "'when':{}"},
	{"'set_off':true", "'set_off':false"},
	{"'pays_from':['excluded.drug','copay','over_cap','penalty'],", ""},
	{"'pays_from':['excluded.drug','copay','over_cap','penalty']", "'pays_from':['excluded.drug','copay','over_cap']"},
	{"{'target':'visit_cap','remove':true}", ""},
	{"'label':'Basic'", "'label':'\\u4f4e\\u4fdd'"},
	{"'date':{'from':'2024-02-01'}", "'date':{'to':'2024-02-01'}"},
	{",'exceptions':[{'who':'w','why':'y','article':'a'}]", ""},
	{"'pages':[", "\n\t'pages' : [\n"},
	{"{'to':2000,'ratio':0.7}", "{'to':2000,'ratio':{'base':0.5,'rate':0,'fact':'years'}}"},
	{"'closed':'upper'},'ratio':0.5", "'closed':'upper'},'bands':[{'ratio':0.5}],'edges':'above','banding':'whole_amount'"},
	{"'base':{'deductible':1,'over_cap':1,'copay':1,'penalty':0}", "'base':{'in_scope':1}"},
	{"'multiply':1.5,'group':'basic'}", "'multiply':1.5,'group':'basic'},{'target':'annual_cap','add':1,'group':'basic'}"},
	{"'level':['3'],'designated':true", "'level':['3']"},
	{"'base':{'above':10,'below':20}", "'base':{'at_least':10,'up_to':10}"},
	{"'category':{'low':'l',", "'category':{'low':'l','low-income-margin':'l',"},
	{"{'limit':5000,'per':'visit'}", "{'limit':{'base':1,'rate':1,'fact':'age'},'per':'visit'}"},
	{"{'limit':7,'group':'bases','on':'base'}]", "{'limit':7,'group':'bases','on':'base'},{'limit':8,'per':'visit'}]"},
	{"'label':'Basic'", "'label':'Basic','modifiers':[{'target':'ratio','add':0,'penalty':true}]"}
};

#define N_ACCEPTED ((int) (sizeof(accepted) / sizeof(accepted[0])))

static void
TestAccepted(void)
{
	for (int i = 0; i < N_ACCEPTED; i++)
	{
		CHECK_INT(Compile(With(accepted[i][0], accepted[i][1])), ST_OK);
		CHECK_TEXT(fault.found, "");
	}
}

/* ---- pages in order ---- */

/* A book of three small pages. */
static Status
CompilePages(const char *a, const char *b, const char *c)
{
	char		text[2048];

	snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[%s,%s,%s]}", a, b, c);
	return Compile(text);
}

static void
TestPageOrder(void)
{
	char		a[512],
				b[512],
				c[512];

	snprintf(a, sizeof(a), small_page, "B", "x", "2024-01-01", "");
	snprintf(b, sizeof(b), small_page, "AB", "y", "2024-01-01", "");
	snprintf(c, sizeof(c), small_page, "A", "z", "2024-01-01", "");
	CHECK_INT(CompilePages(a, b, c), ST_OK);
	CHECK(IsCode(book.pages[0].region, "A"));
	CHECK(IsCode(book.pages[1].region, "AB"));
	CHECK(IsCode(book.pages[2].region, "B"));
	CHECK_INT(book.pages[0].to_day, INT32_MAX);
	CHECK(!book.keeps_bills);
	CHECK_INT(book.pages[0].basic, NO_INDEX);

	snprintf(a, sizeof(a), small_page, "A", "y", "2024-01-01", "");
	snprintf(b, sizeof(b), small_page, "A", "x", "2024-02-01", "");
	snprintf(c, sizeof(c), small_page, "A", "x", "2023-01-01", ",'to':'2024-01-31'");
	CHECK_INT(CompilePages(a, b, c), ST_OK);
	CHECK_INT(book.pages[0].from_day, 8401);
	CHECK(IsCode(book.pages[2].scheme, "y"));

	snprintf(c, sizeof(c), small_page, "A", "x", "2023-01-01", ",'to':'2024-02-01'");
	CHECK_INT(CompilePages(a, b, c), ST_DOC_DUPLICATE);
	CHECK_TEXT(fault.path, "$.pages[1].from");
	snprintf(c, sizeof(c), small_page, "A", "x", "2024-02-01", "");
	CHECK_INT(CompilePages(a, b, c), ST_DOC_DUPLICATE);
	CHECK_TEXT(fault.path, "$.pages[2].from");
}

/* Two pages for one day: only when no stay was admitted under both. */
static void
TestAdmittedPages(void)
{
	static const struct
	{
		const char *a;
		const char *b;
		const char *c;
		Status		status;
	}			cases[] = {
		{",'admitted':{'to':'2023-12-31'}", ",'admitted':{'from':'2024-01-01'}", ",'to':'2024-01-31'", ST_DOC_DUPLICATE},
		{",'admitted':{'to':'2023-12-31'}", ",'admitted':{'from':'2024-01-01','to':'2024-01-31'}", ",'admitted':{'from':'2024-02-01'}",
		ST_OK},
		{",'admitted':{'to':'2024-01-01'}", ",'admitted':{'from':'2024-01-01','to':'2024-01-31'}", ",'admitted':{'from':'2024-02-01'}",
		ST_DOC_DUPLICATE},
		/* the first and the last overlap, not the neighbours */
		{",'admitted':{'to':'2024-02-01'}", ",'to':'2024-03-31','admitted':{'from':'2024-03-01'}", ",'admitted':{'to':'2024-02-01'}",
		ST_DOC_DUPLICATE},
	};
	char		pages[3][512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(pages[0], sizeof(pages[0]), small_page, "A", "x", "2024-01-01", cases[i].a);
		snprintf(pages[1], sizeof(pages[1]), small_page, "A", "x", "2024-01-01", cases[i].b);
		snprintf(pages[2], sizeof(pages[2]), small_page, "A", "x", "2024-01-01", cases[i].c);
		CHECK_INT(CompilePages(pages[2], pages[0], pages[1]), cases[i].status);
		if (cases[i].status != ST_OK)
			continue;
		CHECK(book.pages[0].by_admission && !book.pages[0].mixed_dates);
		CHECK_INT(book.pages[0].admitted_from, INT32_MIN);
		CHECK_INT(book.pages[0].admitted_to, book.pages[1].admitted_from - 1);
		CHECK_INT(book.pages[2].admitted_from, 8766 + 31);
		CHECK_INT(book.pages[2].admitted_to, INT32_MAX);
	}
	/* the earlier page for the later stays */
	snprintf(pages[0], sizeof(pages[0]), small_page, "A", "x", "2024-01-01", ",'admitted':{'from':'2024-06-01'}");
	snprintf(pages[1], sizeof(pages[1]), small_page, "A", "x", "2024-02-01", ",'admitted':{'to':'2024-05-31'}");
	snprintf(pages[2], sizeof(pages[2]), small_page, "A", "y", "2024-02-01", "");
	CHECK_INT(CompilePages(pages[0], pages[1], pages[2]), ST_OK);
}

/* Which books keep bills: events, and year rules that can jump. */
static void
TestKeepsBills(void)
{
	static const struct
	{
		const char *rule;
		bool		keeps;
	}			cases[] = {
		{"'settles':'year','ratio':0.5", false},
		{"'ratio':0.5,'rounding':{'unit':'yuan'}", false},
		{"'ratio':0.5,'modifiers':[{'target':'payment','add':1}]", false},
		{"'ratio':0.5,'deductible':{'amount':1,'kind':'threshold'}", false},
		{"'settles':'year','ratio':0.5,'rounding':{'unit':'yuan'}", true},
		{"'settles':'year','ratio':0.5,'modifiers':[{'target':'payment','add':1}]", true},
		{"'settles':'year','ratio':0.5,'modifiers':[{'target':'ratio','add':0}]", false},
		{"'settles':'year','ratio':0.5,'deductible':{'amount':1,'kind':'threshold'}", true},
		{"'settles':'year','bands':[{'ratio':0.5}],'banding':'whole_amount'", true},
		{"'settles':'year','ratio':0.5,'accrual':'true_up'", true},
		{"'settles':'year','ratio':0.5,'cumulative_from':{'crossing':'c'}", true},
		{"'settles':'year','ratio':0.5,'base':{'of':'total'}", true},
		{"'settles':'year','ratio':0.5,'counter':'c'", false},
		{"'ratio':0.5},{'name':'q','settles':'year','ratio':0.5", false},
		{"'settles':'year','ratio':0.5}],'modifiers':[{'target':'payment','add':1", true},
		{"'settles':'year','ratio':0.5}],'modifiers':[{'target':'enter','set':1", false},
		{"'on':'application','window':{'over':'year_to_date'},'ratio':0.5", true},
		{"'on':'application','window':{'over':'year_to_date'},'ratio':{'base':0,'rate':0.1,'cost':'over_limit'}", true}
	};
	char		text[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[{'title':'t','region':'r','scheme':'s','from':'2024-01-01',"
				 "'sources':{'s':{'document':'d'}},'cite':{'source':'s'},"
				 "'layers':[{'name':'c','kind':'critical','base':{'copay':1,'penalty':1},'rules':[]},"
				 "{'name':'m','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0}]},"
				 "{'name':'l','kind':'other','base':{'copay':1},'rules':[{'name':'r',%s}]}]}]}", cases[i].rule);
		CHECK_INT(Compile(text), ST_OK);
		CHECK_INT(book.keeps_bills, cases[i].keeps);
		CHECK_INT(book.keeps_costs, strstr(cases[i].rule, "'cost'") != NULL);
	}
	CHECK_INT(Compile(With("{'target':'visit_cap','remove':true}", "{'target':'payment','multiply':0.5}")), ST_OK);
}

/* How many years back rules may reach */
static void
TestReach(void)
{
	static const struct
	{
		const char *page;
		const char *rule;
		int			reach;
	}			cases[] = {
		{"", "'settles':'year','accrual':'true_up','ratio':0.5", 0},
		{"'counters':{'l':{'every':'quarter'}},", "'settles':'year','accrual':'true_up','ratio':0.5", 0},
		{"'counters':{'l':{'starts':'07-01'}},", "'settles':'year','accrual':'true_up','ratio':0.5", 1},
		{"'counters':{'l':{'every':'month','starts':'01-15'}},", "'settles':'year','accrual':'true_up','ratio':0.5", 1},
		{"", "'on':'application','window':{'over':'year_to_date'},'ratio':0.5", 0},
		{"", "'on':'application','window':{'over':'previous_year'},'ratio':0.5", 1},
		{"", "'on':'year_close','window':{'over':'last_12_months'},'ratio':0.5", 1},
		{"'period_date':'split',", "'on':'application','window':{'over':'year_to_date'},'ratio':0.5", 0},
		{"'period_date':'admission',", "'on':'application','window':{'over':'year_to_date'},'ratio':0.5", 1},
		{"'period_date':'discharge',", "'on':'application','window':{'over':'previous_year'},'ratio':0.5", 2}
	};
	char		text[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[{'title':'t','region':'r','scheme':'s','from':'2024-01-01',"
				 "'sources':{'s':{'document':'d'}},'cite':{'source':'s'},%s"
				 "'layers':[{'name':'l','kind':'other','base':{'copay':1},'rules':[{'name':'r',%s}]}]}]}", cases[i].page, cases[i].rule);
		CHECK_INT(Compile(text), ST_OK);
		CHECK_INT(book.reach_years, cases[i].reach);
	}
}

/* ---- a base counter of two layers ---- */

/* The rules of a and b name one base counter; conditions that exclude each other, or alternatives, are needed */
static void
TestSharedBases(void)
{
	static const struct
	{
		const char *a;			/* members of the layers … */
		const char *b;
		const char *when_a;		/* … and the conditions of their rules */
		const char *when_b;
		bool		compiles;
		bool		shares;
	}			cases[] = {
		{"", "", "", "", false, false},
		{"'alternative':'s',", "'alternative':'s',", "", "", true, true},
		{"'alternative':'s',", "'alternative':'t',", "", "", false, false},
		{"'alternative':'s',", "", "", "", false, false},
		{"'alternative':'s',", "'alternative':'s',", "'level':['1']", "'level':['2']", true, false},
		{"", "", "'level':['1']", "'level':['2']", true, false},
		{"", "", "'level':['1']", "", false, false},
		{"", "", "'level':['1','2']", "'level':['2','3']", false, false},
		{"", "", "'level':['1'],'place':['in']", "'place':['out']", true, false},
		{"", "", "'level':['1']", "'place':['out']", false, false},
		{"", "", "'care_type':['1']", "'care_type':['2']", true, false},
		{"", "", "'care_type':['2']", "'care_type':['21']", false, false},
		{"", "", "'category':['K']", "'category':['L']", false, false},
		{"", "", "'category':['K']", "'category':['L'],'none':[{'category':['K']}]", true, false},
		{"", "", "'none':[{'category':['K','L']}]", "'category':['K']", true, false},
		{"", "", "'none':[{'category':['K']}]", "'category':['K','L']", false, false},
		{"", "", "'category':['K'],'level':['1']", "'none':[{'category':['K'],'level':['1','2']}]", true, false},
		{"", "", "'category':['K']", "'none':[{'category':['K'],'level':['1','2']}]", false, false},
		{"", "", "'category':['K']", "'none':[{'category':['L']},{'category':['K']}]", true, false},
		{"", "", "'designated':true", "'designated':false", true, false},
		{"", "", "'designated':true", "'designated':true", false, false},
		{"", "", "'designated':true", "'none':[{'designated':true}]", true, false},
		{"", "", "'designated':true", "'none':[{'designated':false}]", false, false},
		{"", "", "'age':{'below':60}", "'age':{'at_least':60}", true, false},
		{"", "", "'age':{'above':60}", "'age':{'up_to':60}", true, false},
		{"", "", "'age':{'up_to':60}", "'age':{'at_least':60}", false, false},
		{"", "", "'age':{'below':50}", "'none':[{'age':{'below':60}}]", true, false},
		{"", "", "'age':{'below':60}", "'none':[{'age':{'below':50}}]", false, false},
		{"", "", "'age':{'above':60}", "'none':[{'age':{'above':60,'below':70}}]", false, false},
		{"", "", "'age':{'above':10}", "'none':[{'age':{'above':20}}]", false, false},
		{"", "", "'level':['1']", "'none':[{'place':['in']}]", false, false},
		{"", "", "'level':['1']", "'none':[{'designated':true}]", false, false},
		{"", "", "'stay_total':{'up_to':1}", "'stay_total':{'above':1}", true, false},
		{"", "", "'total':{'up_to':1}", "'total':{'above':1}", true, false},
		{"", "", "'total':{'up_to':1}", "'in_scope':{'above':1}", false, false},
		{"", "", "'stay_number':{'count':'n','up_to':1}", "'stay_number':{'count':'n','above':1}", true, false},
		{"", "", "'date':{'to':'2024-06-30'}", "'date':{'from':'2024-07-01'}", true, false},
		{"", "", "'facts':{'f':{'below':1}}", "'facts':{'f':{'at_least':1}}", true, false},
		{"", "", "'facts':{'f':{'below':1}}", "'facts':{'g':{'at_least':1}}", false, false},
		{"", "", "'base':{'below':1}", "'base':{'at_least':1}", false, false},
		{"", "", "'self_pay':{'below':1}", "'self_pay':{'at_least':1}", false, false},
		{"", "", "'any':[{'level':['1']},{'level':['2']}]", "'level':['3']", true, false},
		{"", "", "'any':[{'level':['1']},{'place':['in']}]", "'level':['3']", false, false},
		{"", "", "'level':['3']", "'any':[{'level':['1']},{'level':['2']}]", true, false},
		{"", "", "'any':[{'age':{'below':60}}],'none':[{'level':['3']}]", "'level':['3']", true, false},
		{"", "", "", "'paid_by':['a']", false, false}
	};
	char		text[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[{'title':'t','region':'r','scheme':'s','from':'2024-01-01',"
				 "'sources':{'s':{'document':'d'}},'cite':{'source':'s'},'counts':{'n':{}},"
				 "'codes':{'level':{'1':'a','2':'b','3':'c'},'place':{'in':'i','out':'o'},'care_type':{'1':'o','2':'i','21':'j'},"
				 "'category':{'K':'k','L':'l'}},"
				 "'layers':[{'name':'a','kind':'other',%s'base':{'copay':1},'rules':[{'name':'r','when':{%s},'counter':'b','ratio':0}]},"
				 "{'name':'b','kind':'other',%s'base':{'copay':1},'rules':[{'name':'e','on':'application',"
				 "'window':{'over':'year_to_date'},'ratio':0.5},{'name':'q','when':{%s},'settles':'year','ratio':0}]}]}]}",
				 cases[i].a, cases[i].when_a, cases[i].b, cases[i].when_b);
		CHECK_INT(Compile(text), cases[i].compiles ? ST_OK : ST_DOC_CONFLICT);
		CHECK_TEXT(fault.path, cases[i].compiles ? "" : "$.pages[0].layers[1].rules[1]");
		if (!cases[i].compiles)
			continue;
		CHECK_INT(book.pages[0].layers[0].rules[0].shares_base, cases[i].shares);
		CHECK_INT(book.pages[0].layers[1].rules[1].shares_base, cases[i].shares);
	}
	/* the fault is where the counter is named; events enter no base */
	CHECK_INT(Compile(With("{'name':'g','ratio':0.1}", "{'name':'g','counter':'aid','ratio':0.1}")), ST_DOC_CONFLICT);
	CHECK_TEXT(fault.path, "$.pages[0].layers[3].rules[0].counter");
}

/* ---- memory ---- */

/* The most of arena for its text: many short rules. ArenaNeeded suffices; less is refused without harm. */
static void
TestArena(void)
{
	static char text[ROOM];
	int			length = snprintf(text, sizeof(text),
		"{'format':1,'engine':1,'pages':[{'title':'t','region':'r','scheme':'s','from':'2024-01-01',"
								  "'sources':{'s':{'document':'d'}},'cite':{'source':'s'},'layers':[");
	int			needed;
	Status		status;

	for (int i = 0; i < MAX_LAYERS; i++)
	{
		length += snprintf(text + length, sizeof(text) - (size_t) length,
			"%s{'name':'l%d','kind':'other','base':{'copay':1},'rules':[",
						   i == 0 ? "" : ",", i);
		for (int j = 0; j < MAX_RULES; j++)
			length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'name':'%d','ratio':0}", j == 0 ? "" : ",", j);
		length += snprintf(text + length, sizeof(text) - (size_t) length, "]}");
	}
	length += snprintf(text + length, sizeof(text) - (size_t) length, "]}]}");
	CHECK_INT(Compile(text), ST_OK);

	CHECK_INT(Compile(good), ST_OK);
	needed = (int) strlen(good);
	CHECK_INT(CompileBook(document, needed, arena, 16, &book, &fault), ST_INTERNAL);
	for (int64_t size = 20000; (status = CompileBook(document, needed, arena, size, &book, &fault)) != ST_OK; size += 24)
		CHECK_INT(status, ST_INTERNAL);
	/* an arena that begins anywhere */
	for (int i = 1; i < 8; i++)
		CHECK_INT(CompileBook(document, needed, arena + i, ArenaNeeded(needed) - i, &book, &fault), ST_OK);
	memset(document, ' ', sizeof(document));
	CHECK_INT(CompileBook(document, MAX_JSON_BYTES + 1, arena, ArenaNeeded(10), &book, &fault), ST_JSON_TOO_LARGE);
}

/* Every prefix of the good book is refused, and nothing breaks. */
static void
TestPrefixes(void)
{
	int			length;

	CHECK_INT(Compile(good), ST_OK);
	length = (int) strlen(good);
	for (int cut = 0; cut < length; cut += 7)
		CHECK_INT(CompileBook(document, cut, arena, ArenaNeeded(cut), &book, &fault), ST_JSON_SYNTAX);
}

int
main(void)
{
	MakeGood();
	TestPage();
	TestNames();
	TestBasic();
	TestConditions();
	TestAid();
	TestAccepted();
	TestPageOrder();
	TestAdmittedPages();
	TestKeepsBills();
	TestReach();
	TestSharedBases();
	TestArena();
	TestPrefixes();
	FreeBooks();
	return CheckEnd();
}
