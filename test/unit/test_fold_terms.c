/*
 * test_fold_terms.c — what terms say of whole layers and pages, seen from the bills: layers that are not applicable, pages for
 * stays admitted in a range of days, pages that go by different dates, amounts that follow a published figure, exceptions.
 */
#include "fold_helpers.h"

/* ---- layers that are not applicable ---- */

#define NOT_APPLICABLE(name, kind) "{'name':'" name "','kind':'" kind "','not_applicable':true}"

/* basic: all copay; critical: asks for no penalty weight; later layers see the whole burden */
static void
TestNotApplicable(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['b','k','m'],'share':0.4,'of':'total','per':'period'}],"
		 "'counters':{'c':{'per':'hospital'}},"
		 "'layers':[" NOT_APPLICABLE("b", "basic") "," NOT_APPLICABLE("k", "critical") ","
		 "{'name':'m','kind':'assistance','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]}]");
	BILL("'in_scope':1000,'hospital':'h'");
	STATE("b", LINE_NOT_APPLICABLE);
	FITTED("b", NO_INDEX);
	PAID("b", 0);
	STATE("k", LINE_NOT_APPLICABLE);
	PAID("k", 0);
	PAID("m", 40000);			/* half of 1 000, at most 40 % of it */
	LEFT("copay", 60000);
	LEFT("deductible", 0);
	CHECK_INT(StepOf(STEP_LAYER, 0)->state, LINE_NOT_APPLICABLE);
	CHECK(StepOf(STEP_LAYER, 1)->cite != NULL);
	CHECK(strstr(AccountText(), "\"k\"") == NULL);	/* nothing moved */
}

/* A determination agrees with the terms; an amount contradicts them, even one of 0 */
static void
TestNotApplicableGiven(void)
{
	PAGE("'layers':[" NOT_APPLICABLE("b", "basic") "," NOT_APPLICABLE("k", "critical") "]");
	BILL("'in_scope':1000,'given':{'b':{'state':'waived'},'k':{'state':'not_applicable'}}");
	STATE("b", LINE_NOT_APPLICABLE);
	STATE("k", LINE_NOT_APPLICABLE);
	LEFT("copay", 100000);
	REFUSED("'in_scope':1000,'given':{'b':{'amount':10}}", ST_BILL_GIVEN, "given");
	CHECK_TEXT(fault.found, "layer \"b\" brings an amount");
	REFUSED("'in_scope':1000,'given':{'k':{'amount':0}}", ST_BILL_GIVEN, "given");
	CHECK_TEXT(fault.expected, "no amount for this layer: under these terms it is not applicable");
}

/* Also on events */
static void
TestNotApplicableEvent(void)
{
	PAGE("'layers':[" NOT_APPLICABLE("k", "critical") ",{'name':'m','kind':'assistance','base':{'copay':1},"
		 "'rules':[{'name':'r','on':'year_close','window':{'over':'year_to_date'},'ratio':0.5}]}]");
	BILL("'in_scope':1000");
	STATE("k", LINE_NOT_APPLICABLE);
	STATE("m", LINE_NO_RULE);
	OnDay("2025-12-31");
	BILL("'kind':'year_close'");
	STATE("k", LINE_NOT_APPLICABLE);
	CHECK_INT(StepOf(STEP_LAYER, 0)->state, LINE_NOT_APPLICABLE);
	STATE("m", LINE_APPLIED);
	ADJUSTED("m", 50000);
}

/* What later layers may ask about it: nothing was paid, exhausted or deducted, and it is never crossed */
static void
TestAskedAboutNotApplicable(void)
{
	PAGE("'layers':[" NOT_APPLICABLE("k", "critical") ",{'name':'m','kind':'assistance','base':{'copay':1},'rules':["
		 "{'name':'paid','when':{'paid_by':['k']},'ratio':1},{'name':'exhausted','when':{'exhausted':['k']},'ratio':1},"
		 "{'name':'above','when':{'base':{'above_deductible_of':'k'}},'ratio':1},"
		 "{'name':'rest','settles':'year','cumulative_from':{'crossing':'k'},'deductible':{'amount':100},'ratio':0.5}]}]");
	BILL("'in_scope':300");
	FITTED("m", 3);
	PAID("m", 10000);
	BILL("'in_scope':300");
	PAID("m", 10000);			/* per visit for ever: half of 300 - 100 */
}

/* ---- pages for stays admitted in a range of days ---- */

#define ADMITTED_PAGE(scheme, from, more, ratio) \
	"{'title':'t','region':'R','scheme':'" scheme "','from':'" from "'" more ",'sources':{'t':{'document':'made for this test'}}," \
	"'cite':{'source':'t'},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':" ratio "}]}]}"
#define BOOK_OF(pages) "{'format':1,'engine':1,'pages':[" pages "]}"

/* Terms change on 1 July; stays admitted before 15 June keep the earlier ones */
static void
TestAdmitted(void)
{
	BOOK(BOOK_OF(ADMITTED_PAGE("S", "2025-01-01", ",'to':'2025-06-30'", "0.1") ","
				 ADMITTED_PAGE("S", "2025-07-01", ",'admitted':{'from':'2025-06-15'}", "0.3") ","
				 ADMITTED_PAGE("S", "2025-07-01", ",'to':'2025-12-31','admitted':{'to':'2025-06-14'}", "0.2")));
	OnDay("2025-06-30");
	BILL("'in_scope':100,'admitted_on':'2025-06-20'");
	PAID("a", 1000);
	OnDay("2025-07-01");
	BILL("'in_scope':100,'admitted_on':'2025-06-14'");
	PAID("a", 2000);
	BILL("'in_scope':100,'admitted_on':'2025-06-15'");
	PAID("a", 3000);
	BILL("'in_scope':100,'admitted_on':'2024-01-01'");
	PAID("a", 2000);
	BILL("'in_scope':100");		/* admitted, as far as anybody knows, on its own day */
	PAID("a", 3000);
	/* the day is covered, this admission is not */
	OnDay("2026-01-01");
	BILL("'in_scope':100,'admitted_on':'2025-06-15'");
	PAID("a", 3000);
	REFUSED("'in_scope':100,'admitted_on':'2025-06-14'", ST_NO_PAGE, "terms");
	CHECK_TEXT(fault.found, "region R, scheme S, admitted on 2025-06-14");
	OnDay("2024-12-31");
	NewPerson();
	OnDay("2024-12-31");
	REFUSED("'in_scope':100,'admitted_on':'2024-12-01'", ST_NO_PAGE, "terms");
	CHECK_TEXT(fault.found, "region R, scheme S, 2024-12-31");
}

/* A bill without a day of admission goes by its period date, also where that is what is refused */
static void
TestNotAdmittedAnywhere(void)
{
	BOOK(BOOK_OF(ADMITTED_PAGE("S", "2025-01-01", ",'admitted':{'from':'2025-02-01','to':'2025-02-28'}", "0.1") ","
				 ADMITTED_PAGE("T", "2025-01-01", "", "0.1")));
	OnDay("2025-02-28");
	BILL("'in_scope':100");
	PAID("a", 1000);
	OnDay("2025-03-01");
	REFUSED("'in_scope':100", ST_NO_PAGE, "terms");
	CHECK_TEXT(fault.found, "region R, scheme S, admitted on 2025-03-01");
	BILL("'in_scope':100,'admitted_on':'2025-02-01'");
	REFUSED("'in_scope':100,'admitted_on':'2025-01-31'", ST_NO_PAGE, "terms");
}

/*
 * Pages of one scheme that go by different dates may both cover a bill: the earlier one governs, whatever the bill before was
 * governed by.
 */
static void
TestMixedDates(void)
{
	BOOK(BOOK_OF(ADMITTED_PAGE("S", "2025-01-01", ",'to':'2025-06-30','period_date':'admission'", "0.1") ","
				 ADMITTED_PAGE("S", "2025-07-01", "", "0.2")));
	OnDay("2025-07-10");
	BILL("'in_scope':100,'admitted_on':'2025-07-01'");
	PAID("a", 2000);
	BILL("'in_scope':100,'admitted_on':'2025-06-30'");
	PAID("a", 1000);
	BILL("'in_scope':100,'admitted_on':'2025-07-01'");
	PAID("a", 2000);
}

/* ---- amounts that follow a published figure ---- */

#define DERIVED(amount, value, share, more) "{'amount':" amount ",'derived':{'statistic':'disposable_income','region':'R'," \
	"'year':2024,'value':" value ",'share':" share more "}}"

static void
TestDerived(void)
{
	const Citation *cite;

	RULE("'deductible':{'amount':" DERIVED("2400", "48000", "0.05", ",'lag':1") "},'ratio':1,"
		 "'caps':[{'limit':" DERIVED("24000", "48000", "0.5", ",'latest':true") "}]");
	BILL("'in_scope':30000");
	DEDUCTIBLE("a", 240000);
	PAID("a", 2400000);			/* 27 600 due, cap 24 000 */
	cite = StepOf(STEP_DEDUCTIBLE, 0)->cite;
	CHECK(cite->derived != NULL);
	CHECK_INT(cite->derived->year, 2024);
	CHECK_INT(cite->derived->value_fen, 4800000);
	CHECK_INT(cite->derived->share_ppm, 50000);
	CHECK_INT(cite->derived->region.length, 1);
	CHECK_INT(cite->derived->statistic.length, 17);
	CHECK_INT(StepOf(STEP_CAP, 0)->cite->derived->share_ppm, 500000);
	CHECK(StepOf(STEP_PAID, 0)->cite->derived == NULL);	/* the page's citation is nobody's own */
}

/* The product, half up to the fen or as its rounding says: 333.33 x 0.05 = 16.6665; 10 x 0.33 = 3.3; 0.1 x 0.5 = 0.05 */
static void
TestDerivedRounding(void)
{
	static const struct
	{
		const char *amount;
		const char *value;
		const char *share;
		const char *rounding;
		Status		status;
	}			cases[] = {
		{"16.67", "333.33", "0.05", "", ST_OK},
		{"16.66", "333.33", "0.05", "", ST_DOC_CONFLICT},
		{"16.66", "333.33", "0.05", ",'rounding':{'mode':'down'}", ST_OK},
		{"17", "333.33", "0.05", ",'rounding':{'unit':'yuan'}", ST_OK},
		{"16", "333.33", "0.05", ",'rounding':{'unit':'yuan','mode':'down'}", ST_OK},
		{"4", "10", "0.33", ",'rounding':{'unit':'yuan','mode':'up'}", ST_OK},
		{"0.01", "0.1", "0.05", "", ST_OK},	/* 0.5 fen */
		{"0", "0", "1000", "", ST_OK},
		{"10000000000000", "10000000000", "1000", "", ST_OK},
		{"10000000000000", "10000000000000", "1000", "", ST_DOC_CONFLICT},	/* the right one is beyond any amount */
		{"0.07", "0.07", "1.000001", "", ST_OK},
	};
	char		rule[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(rule, sizeof(rule), "'deductible':{'amount':{'amount':%s,'derived':{'statistic':'s','region':'R','year':2024,"
				 "'value':%s,'share':%s%s}}},'ratio':1", cases[i].amount, cases[i].value, cases[i].share, cases[i].rounding);
		CHECK_INT(OpenRule(rule), cases[i].status);
	}
	CHECK_INT(OpenRule("'deductible':{'amount':" DERIVED("2401", "48000", "0.05", "") "},'ratio':1"), ST_DOC_CONFLICT);
	CHECK_TEXT(fault.path, "$.pages[0].layers[0].rules[0].deductible.amount.amount");
	CHECK_TEXT(fault.expected, "2400.00: value x share, rounded");
	CHECK_TEXT(fault.found, "the number 2401");
}

/* A draft's form does not know its figure yet */
static void
TestDerivedDraft(void)
{
	static const char *const missing[] = {
		"{'derived':{'statistic':'s','region':'R','year':2024,'value':100,'share':0.5}}",
		"{'amount':50,'derived':{'statistic':'s','year':2024,'value':100,'share':0.5}}",
		"{'amount':50,'derived':{'statistic':'s','region':'R','value':100,'share':0.5}}",
		"{'amount':50,'derived':{'statistic':'s','region':'R','year':2024,'share':0.5}}",
	};
	char		rule[512];

	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
	{
		snprintf(rule, sizeof(rule), "'deductible':{'amount':%s},'ratio':1", missing[i]);
		CHECK_INT(OpenRule(rule), ST_DOC_MISSING_KEY);
		CHECK_TEXT(fault.path, "$.pages[0].layers[0].rules[0].deductible.amount.derived");
		CHECK(strstr(fault.expected, "publish_policy fills them in") != NULL);
	}
}

/* ---- exceptions ---- */

static bool
IsText(Text text, const char *expected)
{
	return text.length == (int) strlen(expected) && memcmp(text.text, expected, strlen(expected)) == 0;
}

static void
TestExceptions(void)
{
	const Exception *exceptions;

	PAGE("'layers':[],'exceptions':[{'who':'w','why':'y','article':'a'},"
		 "{'who':'w','why':'y','article':'b','finding':'f','layer':'l'}]");
	BILL("'in_scope':1");
	CHECK_INT(split.page->n_exceptions, 2);
	exceptions = split.page->exceptions;
	CHECK(exceptions[0].finding.text == NULL && exceptions[0].layer.text == NULL);
	CHECK(IsText(exceptions[1].who, "w") && IsText(exceptions[1].why, "y") && IsText(exceptions[1].article, "b"));
	CHECK(IsText(exceptions[1].finding, "f") && IsText(exceptions[1].layer, "l"));
}

int
main(void)
{
	TestNotApplicable();
	TestNotApplicableGiven();
	TestNotApplicableEvent();
	TestAskedAboutNotApplicable();
	TestAdmitted();
	TestNotAdmittedAnywhere();
	TestMixedDates();
	TestDerived();
	TestDerivedRounding();
	TestDerivedDraft();
	TestExceptions();
	return CheckEnd();
}
