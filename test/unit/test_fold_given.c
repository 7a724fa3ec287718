/*
 * test_fold_given.c — layers that somebody else computed, waived or found not applicable: what they take, and how counters move
 * as if they had been computed here.
 */
#include "fold_helpers.h"

/* ---- amounts ---- */

#define CHAIN "'layers':[{'name':'b','kind':'basic','rules':[{'name':'r','when':{'level':['1']},'deductible':{'amount':100}," \
	"'ratio':0.5}]}," \
	"{'name':'k','kind':'critical','base':{'deductible':1,'copay':1,'over_cap':1,'penalty':0}," \
	"'rules':[{'name':'r','when':{'level':['1']}," \
	"'settles':'year','deductible':{'amount':200},'ratio':0.5,'caps':[{'limit':500}],'times':{'limit':2}}]}," \
	"{'name':'m','kind':'assistance','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]}]"

/* Basic brings its deductible and over_cap; the rest is copay */
static void
TestGivenBasic(void)
{
	PAGE(CHAIN);
	BILL("'in_scope':1000,'level':'2','given':{'b':{'amount':600,'deductible':150,'over_cap':50}}");
	STATE("b", LINE_GIVEN);
	FITTED("b", NO_INDEX);
	PAID("b", 60000);
	DUE("b", 60000);
	DEDUCTIBLE("b", 15000);
	LEFT("deductible", 15000);
	LEFT("over_cap", 5000);
	LEFT("copay", 10000);		/* 200, of which assistance pays half */
	PAID("m", 10000);
	BILL("'in_scope':1000,'level':'2','given':{'b':{'amount':600}}");
	LEFT("deductible", 0);
	LEFT("copay", 20000);
	/* at and above what is in scope, by one fen */
	BILL("'in_scope':1000,'level':'2','given':{'b':{'amount':600,'deductible':300,'over_cap':100}}");
	LEFT("copay", 0);
	REFUSED("'in_scope':1000,'level':'2','given':{'b':{'amount':600,'deductible':300,'over_cap':100.01}}", ST_BILL_GIVEN, "given");
	REFUSED("'in_scope':1000,'level':'2','given':{'b':{'amount':600.01,'deductible':300,'over_cap':100}}", ST_BILL_GIVEN, "given");
	BILL("'in_scope':0,'level':'2','given':{'b':{'amount':0}}");
	PAID("b", 0);
}

/* The rule that fits has its counters moved: a base of 500, accrued and paid 400, once; room is 100 */
static void
TestCountersMove(void)
{
	PAGE(CHAIN);
	BILL("'in_scope':600,'level':'1','given':{'k':{'amount':300,'deductible':1}}");
	PAID("b", 25000);			/* leaves deductible 100, copay 250 */
	FITTED("k", 0);
	PAID("k", 30000);
	DEDUCTIBLE("k", 100);
	CHECK_INT(LineOf("k")->base.fen, 35000);
	LEFT("copay", 0);
	LEFT("deductible", 5000);
	CHECK(strstr(AccountText(), "\"accrued\":300.00,\"paid\":300.00") != NULL);
	CHECK(strstr(AccountText(), "\"kind\":\"cap\",\"name\":\"k\",\"period\":\"2025-01-01\",\"used\":300.00") != NULL);
	CHECK(strstr(AccountText(), "\"kind\":\"times\",\"name\":\"k\",\"period\":\"2025-01-01\",\"n\":1") != NULL);
	/* computed again: 0.5 x (700 - 200) - 0.5 x (350 - 200) = 175 */
	BILL("'in_scope':600,'level':'1'");
	PAID("k", 17500);
	/* the trace tells the given amount, not what our own rule would have paid */
	FoldPerson(&person);
	BILL("'in_scope':600,'level':'1','given':{'k':{'amount':300}}");
	CHECK_INT(CountSteps(STEP_ENTITLEMENT), 2);	/* of basic and assistance */
	CHECK_INT(StepOf(STEP_LAYER, 1)->state, LINE_GIVEN);
	CHECK_INT(StepOf(STEP_LAYER, 1)->result.fen, 30000);
}

/* The given deductible goes to the deductible counter */
static void
TestDeductibleCounter(void)
{
	RULE("'deductible':{'amount':100,'counter':'c'},'ratio':1");
	BILL("'in_scope':500,'given':{'a':{'amount':300,'deductible':40}}");
	BILL("'in_scope':500");
	DEDUCTIBLE("a", 6000);
	PAID("a", 44000);
	/* none stated: 0 */
	FoldPerson(&person);
	BILL("'in_scope':500,'given':{'a':{'amount':300}}");
	BILL("'in_scope':500");
	DEDUCTIBLE("a", 10000);
}

/* A given deductible counts for the encounter, whatever the rule that fits: 40 of 100 are left of a plain one */
static void
TestEncounter(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'none','when':{'level':['1']},'ratio':1},"
		 "{'name':'threshold','when':{'level':['2']},'deductible':{'amount':100,'kind':'threshold'},'ratio':1},"
		 "{'name':'r','deductible':{'amount':100},'ratio':1}]}]");
	BILL("'in_scope':500,'level':'1','encounter':'e','encounter_total':2000,'given':{'a':{'amount':300,'deductible':60}}");
	BILL("'in_scope':500,'level':'3','encounter':'e','encounter_total':2000");
	DEDUCTIBLE("a", 4000);
	BILL("'in_scope':500,'level':'2','encounter':'f','encounter_total':2000,'given':{'a':{'amount':300,'deductible':60}}");
	BILL("'in_scope':500,'level':'3','encounter':'f','encounter_total':2000");
	DEDUCTIBLE("a", 4000);
}

/* No more than what is left in the buckets of the base, by one fen; also of the layer when no rule fits */
static void
TestAboveWhatIsLeft(void)
{
	PAGE(CHAIN);
	BILL("'in_scope':600,'level':'1','given':{'k':{'amount':350}}");
	LEFT("deductible", 0);
	REFUSED("'in_scope':600,'level':'1','given':{'k':{'amount':350.01}}", ST_BILL_GIVEN, "given");
	BILL("'in_scope':600,'level':'2','given':{'k':{'amount':600}}");
	REFUSED("'in_scope':600,'level':'2','given':{'k':{'amount':600.01}}", ST_BILL_GIVEN, "given");
	/* before basic there is no copay */
	PAGE("'layers':[{'name':'s','kind':'supplementary','base':{'copay':1},'rules':[]},{'name':'b','kind':'basic','rules':[]}]");
	REFUSED("'in_scope':10,'given':{'s':{'amount':0.01}}", ST_BILL_GIVEN, "given");
	/* a rule with a base of its own */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'level':['1']},'base':{'excluded':1},'ratio':1}]}]");
	BILL("'excluded':10,'level':'1','given':{'a':{'amount':10}}");
	REFUSED("'in_scope':10,'level':'1','given':{'a':{'amount':10}}", ST_BILL_GIVEN, "given");
	BILL("'in_scope':10,'level':'2','given':{'a':{'amount':10}}");
}

/* Layers other than basic bring no over_cap, and no deductible above the total, by one fen */
static void
TestBounds(void)
{
	PAGE(CHAIN);
	REFUSED("'in_scope':600,'level':'1','given':{'k':{'amount':1,'over_cap':0.01}}", ST_BILL_GIVEN, "given");
	BILL("'in_scope':600,'excluded':10,'level':'1','given':{'k':{'amount':1,'deductible':610}}");
	DEDUCTIBLE("k", 61000);
	REFUSED("'in_scope':600,'excluded':10,'level':'1','given':{'k':{'amount':1,'deductible':610.01}}", ST_BILL_GIVEN, "given");
}

/* An amount that our own cap would not have allowed is charged to it */
static void
TestAboveTheCap(void)
{
	RULE("'ratio':0.5,'caps':[{'limit':50}]");
	BILL("'in_scope':100,'given':{'a':{'amount':80}}");
	PAID("a", 8000);
	BILL("'in_scope':100");
	CHECK_INT(LineOf("a")->room_fen, 0);
	PAID("a", 0);
}

/* A later layer hears of a given payment; a rule that does not fit moves ceilings only */
static void
TestLaterLayers(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['a','z'],'share':0.5,'of':'total','per':'period'},"
		 "{'name':'v','layers':['a','z'],'share':0.5,'of':'total','per':'visit'}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'level':['1']},'ratio':0.5,'caps':[{'limit':30}]}]},"
		 "{'name':'p','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'paid_by':['a']},'ratio':0}]},"
		 "{'name':'x','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'exhausted':['a']},'ratio':0}]},"
		 "{'name':'z','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':1}]}]");
	BILL("'in_scope':100,'level':'1','given':{'a':{'amount':30}}");
	STATE("p", LINE_APPLIED);
	STATE("x", LINE_APPLIED);
	PAID("z", 2000);
	BILL("'in_scope':100,'level':'2','given':{'a':{'amount':30}}");
	STATE("p", LINE_APPLIED);
	STATE("x", LINE_NO_RULE);
	PAID("z", 2000);			/* 50 % of 200 less 80 in the period, 50 % of 100 less 30 here */
	BILL("'in_scope':100,'level':'2','given':{'a':{'amount':0}}");
	STATE("p", LINE_NO_RULE);
	PAID("z", 5000);
}

/* A given payment of critical is its crossing, with and without a rule that fits; a given assistance accrues */
static void
TestCrossing(void)
{
	static const char *const page = "'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},"
		"'rules':[{'name':'r','when':{'level':['1']},"
		"'settles':'year','deductible':{'amount':100},'ratio':0.5}]},"
		"{'name':'m','kind':'assistance','base':{'copay':1},"
		"'rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},'deductible':{'amount':20},'ratio':0.5}]}]";

	PAGE(page);
	BILL("'in_scope':40,'level':'1'");
	PAID("m", 1000);
	BILL("'in_scope':40,'level':'2','given':{'k':{'amount':10}}");
	PAID("m", 1500);			/* 0.5 x (40 + 30 - 20) - 10: crossed by what it pays */
	BILL("'in_scope':40,'level':'2'");
	PAID("m", 2000);			/* a slice */
	PAGE(page);
	BILL("'in_scope':40,'level':'1'");
	BILL("'in_scope':40,'level':'2','given':{'k':{'amount':0}}");
	PAID("m", 1000);			/* not crossed */
	BILL("'in_scope':40,'level':'1','given':{'k':{'amount':10}}");
	PAID("m", 2500);			/* crossed with 80 of 100: 0.5 x (40 + 40 + 30 - 20) - 20 */
	PAGE(page);
	BILL("'in_scope':90,'level':'1'");
	PAID("m", 3500);
	/* critical crosses, assistance is given: 12 accrue; then slices */
	BILL("'in_scope':30,'level':'1','given':{'m':{'amount':12}}");
	PAID("k", 1000);
	PAID("m", 1200);
	BILL("'in_scope':30,'level':'1'");
	PAID("k", 1500);
	PAID("m", 750);
}

/* A given payment can be set off as well */
static void
TestSetOff(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','set_off':true,'base':{'copay':1},"
		 "'rules':[{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5},"
		 "{'name':'2','when':{'level':['2']},'settles':'year','accrual':'true_up','ratio':0.8}]}]");
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 2500);
	BILL("'in_scope':10,'level':'1','given':{'a':{'amount':10}}");
	CHECK_INT(LineOf("a")->set_off_fen, 1000);
	BILL("'in_scope':10,'level':'3','given':{'a':{'amount':10}}");
	CHECK_INT(LineOf("a")->set_off_fen, 1000);
}

/* ---- alternatives ---- */

static void
TestAlternatives(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','alternative':'s','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'b','kind':'other','alternative':'s','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]}]");
	BILL("'in_scope':100,'given':{'a':{'amount':10}}");
	STATE("b", LINE_ALTERNATIVE_PAID);
	BILL("'in_scope':100,'given':{'a':{'amount':0},'b':{'amount':10}}");
	PAID("b", 1000);
	/* two that pay are refused; an alternative of 0 or waived is not */
	REFUSED("'in_scope':100,'given':{'b':{'amount':10}}", ST_BILL_GIVEN, "given");
	BILL("'in_scope':100,'given':{'b':{'amount':0}}");
	STATE("b", LINE_ALTERNATIVE_PAID);
	BILL("'in_scope':100,'given':{'b':{'state':'waived'}}");
	STATE("b", LINE_ALTERNATIVE_PAID);
}

/* ---- states ---- */

/* No rule is tried, nothing moves */
static void
TestStates(void)
{
	PAGE(CHAIN);
	BILL("'in_scope':1000,'level':'1','given':{'b':{'state':'waived'},'k':{'state':'not_applicable'}}");
	STATE("b", LINE_WAIVED);
	STATE("k", LINE_NOT_APPLICABLE);
	FITTED("k", NO_INDEX);
	PAID("b", 0);
	PAID("k", 0);
	PAID("m", 50000);			/* all of in_scope was copay */
	CHECK(strstr(AccountText(), "\"name\":\"k\"") == NULL);
	BILL("'in_scope':1000,'given':{'b':{'state':'not_applicable'},'k':{'state':'waived'}}");	/* no level, and nobody tests it */
	STATE("b", LINE_NOT_APPLICABLE);
	STATE("k", LINE_WAIVED);
	REFUSED("'in_scope':1000,'given':{'b':{'state':'waived'}}", ST_BILL_MISSING, "level");
	REFUSED("'in_scope':1000,'given':{'b':{'amount':1}}", ST_BILL_MISSING, "level");
}

/* ---- errors on the way ---- */

static void
TestErrors(void)
{
	PAGE(CHAIN);
	REFUSED("'in_scope':1000,'level':'1','given':{'nobody':{'amount':1}}", ST_BILL_UNKNOWN_NAME, "given");
	RULE("'ratio':{'base':0,'rate':0.1,'fact':'f'}");
	REFUSED("'in_scope':1000,'given':{'a':{'amount':1}}", ST_BILL_MISSING, "facts");
	BILL("'in_scope':1000,'facts':{'f':1},'given':{'a':{'amount':1}}");
	RULE("'ratio':0.5,'deductible':{'amount':1,'sum_cap':{'limit':{'base':0,'rate':1,'fact':'f'},'counter':'s'}}");
	REFUSED("'in_scope':1000,'given':{'a':{'amount':1}}", ST_BILL_MISSING, "facts");
}

int
main(void)
{
	TestGivenBasic();
	TestCountersMove();
	TestDeductibleCounter();
	TestEncounter();
	TestAboveWhatIsLeft();
	TestBounds();
	TestAboveTheCap();
	TestLaterLayers();
	TestCrossing();
	TestSetOff();
	TestAlternatives();
	TestStates();
	TestErrors();
	return CheckEnd();
}
