/*
 * test_fold_modifiers.c — modifiers: every target with every operation, their order, clipping once at the end, and what they leave
 * alone. Penalties are in test_fold_basic.c.
 */
#include "fold_helpers.h"

/* A rule with these parts and these modifiers */
static void
Modified(const char *rule, const char *modifiers, int line)
{
	char		members[2048];

	snprintf(members, sizeof(members), "%s,'modifiers':[%s]", rule, modifiers);
	CheckStatus(OpenRule(members), ST_OK, __FILE__, line, modifiers);
}

#define MODIFIED(rule, modifiers) Modified(rule, modifiers, __LINE__)

/* What is paid of 100.00 */
static void
PaysOf100(int64_t fen, int line)
{
	CheckSettled("'in_scope':100,'level':'1'", __FILE__, line);
	CheckIntegers(LineOf("a")->paid_fen, fen, __FILE__, line, "paid of 100.00");
}

#define PAYS(fen) PaysOf100(fen, __LINE__)

/* ---- ratio and self-share ---- */

static void
TestRatio(void)
{
	MODIFIED("'ratio':0.5", "{'target':'ratio','add':0.05}");
	PAYS(5500);
	MODIFIED("'ratio':0.5", "{'target':'ratio','add':-0.05}");
	PAYS(4500);
	MODIFIED("'ratio':0.5", "{'target':'ratio','multiply':0.9}");
	PAYS(4500);
	MODIFIED("'ratio':0.5", "{'target':'ratio','set':0.123456}");
	PAYS(1235);					/* 12.3456 */
	/* self-share: 0.5 less 0.1 -> 0.4 borne; x 0.5 -> 0.25 borne; set 0.3 */
	MODIFIED("'ratio':0.5", "{'target':'self_share','add':-0.1}");
	PAYS(6000);
	MODIFIED("'ratio':0.5", "{'target':'self_share','multiply':0.5}");
	PAYS(7500);
	MODIFIED("'ratio':0.5", "{'target':'self_share','set':0.3}");
	PAYS(7000);
}

/* One sequence: (0.5 + 0.1) x 0.5 = 0.3, borne 0.7 x 0.5 = 0.35, so 0.65; and the other way round */
static void
TestSequence(void)
{
	MODIFIED("'ratio':0.5", "{'target':'ratio','add':0.1},{'target':'ratio','multiply':0.5},"
			 "{'target':'self_share','multiply':0.5}");
	PAYS(6500);
	MODIFIED("'ratio':0.5", "{'target':'self_share','multiply':0.5},{'target':'ratio','multiply':0.5},"
			 "{'target':'ratio','add':0.1}");
	PAYS(4750);					/* 0.75 x 0.5 + 0.1 */
	/* the layer's before the rule's: (0.5 x 0.5) + 0.1 */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'modifiers':[{'target':'ratio','multiply':0.5}],"
		 "'rules':[{'name':'r','ratio':0.5,'modifiers':[{'target':'ratio','add':0.1}]}]}]");
	PAYS(3500);
}

/* Exact to twelve decimals: 0.333333 x 0.999 x 0.999 = 0.332666667333; of 10 000 000.00 that is 3 326 666.67333 */
static void
TestExactRatio(void)
{
	MODIFIED("'ratio':0.333333", "{'target':'ratio','multiply':0.999},{'target':'ratio','multiply':0.999}");
	BILL("'in_scope':10000000");
	PAID("a", 332666667);
}

/* Clipped once, after the last: 0.9 + 0.3 - 0.25 = 0.95, not 0.75; below 0 likewise */
static void
TestClip(void)
{
	MODIFIED("'ratio':0.9", "{'target':'ratio','add':0.3},{'target':'ratio','add':-0.25}");
	PAYS(9500);
	MODIFIED("'ratio':0.9", "{'target':'ratio','add':0.3}");
	PAYS(10000);
	MODIFIED("'ratio':0.2", "{'target':'ratio','add':-0.3}");
	PAYS(0);
	MODIFIED("'ratio':0.2", "{'target':'ratio','add':-0.3},{'target':'ratio','add':0.2}");
	PAYS(1000);
	MODIFIED("'ratio':0.2", "{'target':'self_share','multiply':10}");
	PAYS(0);
}

/* A band of 0 stays 0; set sets all others; a fixed amount is not touched */
static void
TestBands(void)
{
	MODIFIED("'bands':[{'to':20,'ratio':0},{'to':60,'ratio':0.5},{'ratio':0.8}]", "{'target':'ratio','add':0.1}");
	PAYS(6000);					/* 0.6 x 40 + 0.9 x 40 */
	MODIFIED("'bands':[{'to':20,'ratio':0},{'to':60,'ratio':0.5},{'ratio':0.8}]", "{'target':'ratio','set':0.5}");
	PAYS(4000);
	MODIFIED("'bands':[{'to':20,'ratio':0.5},{'amount':30}],'banding':'whole_amount'", "{'target':'ratio','set':0.9}");
	PAYS(3000);
	BILL("'in_scope':20");
	PAID("a", 1800);
}

/* Conditions: those that do not hold do nothing; base is that before the enter share */
static void
TestConditions(void)
{
	MODIFIED("'ratio':0.5", "{'when':{'level':['2']},'target':'ratio','set':0.9},"
			 "{'when':{'level':['1'],'base':{'at_least':100}},'target':'ratio','add':0.1}");
	PAYS(6000);
	BILL("'in_scope':99.99,'level':'1'");
	PAID("a", 5000);
	BILL("'in_scope':10,'level':'2'");
	PAID("a", 900);
	REFUSED("'in_scope':10", ST_BILL_MISSING, "level");
	/* a condition that cannot be answered: in the layer's modifiers and in the rule's */
	MODIFIED("'ratio':0.5", "{'when':{'facts':{'f':{'at_least':1}}},'target':'ratio','set':0.9}");
	REFUSED("'in_scope':10", ST_BILL_MISSING, "facts");
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'modifiers':[{'when':{'facts':{'f':{'at_least':1}}},'target':'ratio','set':0.9}],"
		 "'rules':[{'name':'r','ratio':0.5}]}]");
	REFUSED("'in_scope':10", ST_BILL_MISSING, "facts");
	BILL("'in_scope':10,'facts':{'f':1}");
	PAID("a", 900);
}

/* ---- the base entering ---- */

static void
TestEnter(void)
{
	MODIFIED("'ratio':0.5", "{'target':'enter','set':0.9}");
	PAYS(4500);
	MODIFIED("'ratio':0.5,'enter':0.8", "{'target':'enter','add':-0.05}");
	PAYS(3750);
	/* 0.333 x 0.999 = 0.332667, exactly: of 1000 yuan 332.667; x 1 -> 332.67 */
	MODIFIED("'ratio':1,'enter':0.333", "{'target':'enter','multiply':0.999}");
	BILL("'in_scope':1000");
	PAID("a", 33267);
	CHECK_INT(LineOf("a")->base.nano, 700000000);
	/* clipped once */
	MODIFIED("'ratio':0.5,'enter':0.8", "{'target':'enter','add':0.5},{'target':'enter','add':-0.4}");
	PAYS(4500);
	MODIFIED("'ratio':0.5,'enter':0.8", "{'target':'enter','add':0.5}");
	PAYS(5000);
	MODIFIED("'ratio':0.5,'enter':0.8", "{'target':'enter','add':-1}");
	PAYS(0);
}

/* ---- the deductible ---- */

static void
TestDeductible(void)
{
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','multiply':0.5}");
	PAYS(7500);
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','add':-20}");
	PAYS(7000);
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','set':10}");
	PAYS(9000);
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','remove':true}");
	PAYS(10000);
	/* removed is not 0: adding does not bring it back, setting does */
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','remove':true},{'target':'deductible','add':20}");
	PAYS(10000);
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','remove':true},{'target':'deductible','set':20}");
	PAYS(8000);
	/* never below 0, and only at the end: 50 - 80 + 40 = 10 */
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','add':-80}");
	PAYS(10000);
	MODIFIED("'ratio':1,'deductible':{'amount':50}", "{'target':'deductible','add':-80},{'target':'deductible','add':40}");
	PAYS(9000);
	/* rounded once, after the last: 10.01 x 0.5 = 5.005 -> 5.01; to the yuan 10.01 x 0.55 = 5.5055 -> 6 */
	MODIFIED("'ratio':1,'deductible':{'amount':10.01}", "{'target':'deductible','multiply':0.5}");
	PAYS(9499);
	MODIFIED("'ratio':1,'deductible':{'amount':10.01,'rounding':{'unit':'yuan'}}", "{'target':'deductible','multiply':0.55}");
	PAYS(9400);
	/* nothing to change */
	MODIFIED("'ratio':0.5", "{'target':'deductible','set':10}");
	PAYS(5000);
	/* at most 10^13 yuan */
	MODIFIED("'ratio':1,'deductible':{'amount':10000000000000}", "{'target':'deductible','multiply':10}");
	PAYS(0);
}

/* Large figures are not cut: a deductible of 20 000.01, a cap of 20 000 000.01 */
static void
TestLarge(void)
{
	MODIFIED("'ratio':1,'deductible':{'amount':10000}", "{'target':'deductible','add':10000.01}");
	BILL("'in_scope':30000");
	PAID("a", 999999);
	MODIFIED("'ratio':1,'caps':[{'limit':10000000,'per':'visit'}]", "{'target':'visit_cap','add':10000000.01}");
	BILL("'in_scope':30000000");
	PAID("a", 2000000001);
}

/* A threshold that is removed pays on everything */
static void
TestThreshold(void)
{
	MODIFIED("'ratio':0.5,'deductible':{'amount':200,'kind':'threshold'}",
			 "{'when':{'level':['1']},'target':'deductible','remove':true}");
	PAYS(5000);
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 0);
	MODIFIED("'ratio':0.5,'deductible':{'amount':200,'kind':'threshold'}", "{'target':'deductible','set':99.99}");
	PAYS(5000);
	MODIFIED("'ratio':0.5,'deductible':{'amount':200,'kind':'threshold'}", "{'target':'deductible','set':100}");
	PAYS(0);
}

/* Removed for one bill: the counter goes on for the others */
static void
TestDeductibleCounter(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','ratio':1,'deductible':{'amount':150,'counter':'c'},"
		 "'modifiers':[{'when':{'category':['poor']},'target':'deductible','remove':true}]}]}]");
	BILL("'in_scope':100,'category':[]");
	PAID("a", 0);
	BILL("'in_scope':100,'category':['poor']");
	PAID("a", 10000);
	BILL("'in_scope':100,'category':[]");
	PAID("a", 5000);
}

/* ---- caps ---- */

static void
TestCaps(void)
{
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]", "{'target':'visit_cap','add':10.01}");
	PAYS(6001);
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]", "{'target':'visit_cap','multiply':1.5}");
	PAYS(7500);
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]", "{'target':'visit_cap','set':20}");
	PAYS(2000);
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]", "{'target':'visit_cap','remove':true}");
	PAYS(10000);
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]",
			 "{'target':'visit_cap','remove':true},{'target':'visit_cap','multiply':1.5}");
	PAYS(10000);
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]",
			 "{'target':'visit_cap','remove':true},{'target':'visit_cap','set':20}");
	PAYS(2000);
	/* rounded down to the fen: 10.01 x 0.5 = 5.005; at least 0 */
	MODIFIED("'ratio':1,'caps':[{'limit':10.01,'per':'visit'}]", "{'target':'visit_cap','multiply':0.5}");
	PAYS(500);
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]", "{'target':'visit_cap','add':-50.01}");
	PAYS(0);
	/* no such cap, and another target: nothing happens */
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit'}]", "{'target':'annual_cap','set':20}");
	PAYS(5000);
	MODIFIED("'ratio':1,'caps':[{'limit':50}]", "{'target':'visit_cap','set':20}");
	PAYS(5000);
	/* a cap on the base is not a payment cap */
	MODIFIED("'ratio':1,'caps':[{'limit':50,'per':'visit','on':'base'}]", "{'target':'visit_cap','set':20}");
	PAYS(5000);
}

/* All caps of the period, or that of one group */
static void
TestAnnualCaps(void)
{
	MODIFIED("'ratio':1,'caps':[{'limit':50},{'limit':30,'group':'g'}]", "{'target':'annual_cap','add':10}");
	PAYS(4000);
	MODIFIED("'ratio':1,'caps':[{'limit':50},{'limit':30,'group':'g'}]", "{'target':'annual_cap','group':'g','add':10}");
	PAYS(4000);
	MODIFIED("'ratio':1,'caps':[{'limit':50},{'limit':30,'group':'g'}]", "{'target':'annual_cap','group':'a','set':10}");
	PAYS(1000);
	MODIFIED("'ratio':1,'caps':[{'limit':50},{'limit':30,'group':'g'}]", "{'target':'annual_cap','group':'g','remove':true}");
	PAYS(5000);
	MODIFIED("'ratio':1,'caps':[{'limit':50},{'limit':30,'group':'g'}]", "{'target':'annual_cap','remove':true}");
	PAYS(10000);
	CHECK_INT(LineOf("a")->room_fen, NO_ROOM_LIMIT);
}

/* A cap that is removed is charged all the same, and is not exhausted */
static void
TestRemovedCap(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.5,'caps':[{'limit':50}],"
		 "'modifiers':[{'when':{'category':['poor']},'target':'annual_cap','remove':true}]}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'exhausted':['a']},'ratio':0}]}]");
	BILL("'in_scope':120,'category':['poor']");
	PAID("a", 6000);
	STATE("b", LINE_NO_RULE);
	BILL("'in_scope':120,'category':[]");
	PAID("a", 0);
	STATE("b", LINE_APPLIED);
}

/* ---- the whole payment ---- */

/* On the exact entitlement where that is above 0, then rounded */
static void
TestPayment(void)
{
	MODIFIED("'ratio':0.5", "{'target':'payment','multiply':0.333}");
	PAYS(1665);
	MODIFIED("'ratio':0.5", "{'target':'payment','add':-10.01}");
	PAYS(3999);
	MODIFIED("'ratio':0.5", "{'target':'payment','set':12.34}");
	PAYS(1234);
	MODIFIED("'ratio':0.5", "{'target':'payment','add':10},{'target':'payment','multiply':0.5}");
	PAYS(3000);
	MODIFIED("'ratio':0.5", "{'target':'payment','set':12.34},{'target':'payment','multiply':0.5},{'target':'payment','add':1}");
	PAYS(717);
	/* at least 0 after the last: 50 - 60 + 20 = 10 */
	MODIFIED("'ratio':0.5", "{'target':'payment','add':-60},{'target':'payment','add':20}");
	PAYS(1000);
	MODIFIED("'ratio':0.5", "{'target':'payment','add':-50.01}");
	PAYS(0);
	/* nothing where the entitlement is 0 */
	MODIFIED("'ratio':0.5,'deductible':{'amount':100}", "{'target':'payment','set':12.34}");
	PAYS(0);
	BILL("'in_scope':100.01,'level':'1'");
	PAID("a", 1234);			/* the entitlement is half a fen */
}

/* 0.01 x 0.333333 = 0.00333333; x 0.999 x 0.999 + 0.01 = 0.013326...: rounded once 0.01; x 10 x 10: 0.333333 -> 0.33 */
static void
TestPaymentExact(void)
{
	MODIFIED("'ratio':0.333333", "{'target':'payment','multiply':0.999},{'target':'payment','multiply':0.999},"
			 "{'target':'payment','add':0.01}");
	BILL("'in_scope':0.01");
	DUE("a", 1);
	BILL("'in_scope':0.02");
	DUE("a", 2);				/* 0.666666 x 0.998001 + 1 = 1.665 fen */
	MODIFIED("'ratio':0.333333", "{'target':'payment','multiply':10},{'target':'payment','multiply':10}");
	BILL("'in_scope':0.01");
	DUE("a", 33);
	PAID("a", 1);				/* more than the bill: the rest lapses */
	/* the smallest part of a fen is rounded up: 0.000001 x 0.1 of a fen */
	MODIFIED("'ratio':0.000001,'rounding':{'mode':'up'}", "{'target':'payment','multiply':0.1}");
	BILL("'in_scope':0.01");
	DUE("a", 1);
	/* below one fen of entitlement: 0.5 - 1 = -0.5 -> 0 */
	MODIFIED("'ratio':0.5", "{'target':'payment','add':-0.01}");
	BILL("'in_scope':0.01");
	DUE("a", 0);
	BILL("'in_scope':0.03");
	DUE("a", 1);				/* 1.5 - 1 = 0.5 */
}

/* ---- limits ---- */

/* At most two multiplications of one target; ratio and self-share are one; of enter one */
static void
TestFactors(void)
{
	MODIFIED("'ratio':0.5", "{'target':'ratio','multiply':0.5},{'target':'self_share','multiply':0.5},"
			 "{'when':{'level':['2']},'target':'ratio','multiply':0.5}");
	PAYS(6250);					/* 0.25; 0.75 x 0.5 borne */
	REFUSED("'in_scope':1,'level':'2'", ST_TOO_MANY_FACTORS, "modifiers");
	MODIFIED("'ratio':0.5", "{'target':'enter','multiply':0.5},{'when':{'level':['2']},'target':'enter','multiply':0.5}");
	PAYS(2500);
	REFUSED("'in_scope':1,'level':'2'", ST_TOO_MANY_FACTORS, "modifiers");
	MODIFIED("'ratio':0.5,'deductible':{'amount':40}", "{'target':'deductible','multiply':0.5},"
			 "{'target':'deductible','multiply':0.5},{'target':'payment','multiply':0.5}");
	PAYS(2250);					/* 0.5 x (100 - 10) x 0.5 */
}

/* The trace names each modifier that fitted, the layer's first */
static void
TestTrace(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'modifiers':[{'target':'ratio','multiply':0.5},{'when':{'level':['2']},'target':'ratio','add':0.1}],"
		 "'rules':[{'name':'r','ratio':0.5,'enter':0.5,'modifiers':[{'target':'enter','add':0.1},"
		 "{'target':'payment','add':0}]}]}]");
	PAYS(1500);					/* 0.25 x 60 */
	CHECK_INT(CountSteps(STEP_MODIFIER), 3);
	CHECK_INT(StepOf(STEP_MODIFIER, 0)->index, 0);
	CHECK_INT(StepOf(STEP_MODIFIER, 1)->index, 2);
	CHECK_INT(StepOf(STEP_MODIFIER, 2)->index, 3);
	CHECK_INT(StepOf(STEP_ENTER, 0)->base.fen, 10000);
	CHECK_INT(StepOf(STEP_ENTER, 0)->result.fen, 6000);
	CHECK_INT(StepOf(STEP_ENTER, 0)->ratio_pico, INT64_C(600000000000));
}

int
main(void)
{
	TestRatio();
	TestSequence();
	TestExactRatio();
	TestClip();
	TestBands();
	TestConditions();
	TestEnter();
	TestDeductible();
	TestLarge();
	TestThreshold();
	TestDeductibleCounter();
	TestCaps();
	TestAnnualCaps();
	TestRemovedCap();
	TestPayment();
	TestPaymentExact();
	TestFactors();
	TestTrace();
	return CheckEnd();
}
