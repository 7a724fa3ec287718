/*
 * test_fold_deductible.c — what a deductible takes: on the visit, under a counter, by the number of the stay, at most in sum,
 * and the threshold. What basic makes of it is in test_fold_basic.c, the year's deductible in test_fold_year.c.
 */
#include "fold_helpers.h"

/* ---- on the visit ---- */

static void
TestVisit(void)
{
	RULE("'deductible':{'amount':100},'ratio':1");
	BILL("'in_scope':99.99");
	DEDUCTIBLE("a", 9999);
	PAID("a", 0);
	BILL("'in_scope':100");
	DEDUCTIBLE("a", 10000);
	PAID("a", 0);
	BILL("'in_scope':100.01");
	DEDUCTIBLE("a", 10000);
	PAID("a", 1);
	/* each bill anew */
	BILL("'in_scope':300");
	PAID("a", 20000);
}

/* Rounded once by its own rounding: 100.50 to the yuan */
static void
TestOwnRounding(void)
{
	RULE("'deductible':{'amount':100.50,'rounding':{'unit':'yuan'}},'ratio':1");
	BILL("'in_scope':200");
	DEDUCTIBLE("a", 10100);
	RULE("'deductible':{'amount':100.49,'rounding':{'unit':'yuan'}},'ratio':1");
	BILL("'in_scope':200");
	DEDUCTIBLE("a", 10000);
	RULE("'deductible':{'amount':100.01,'rounding':{'unit':'yuan','mode':'up'}},'ratio':1");
	BILL("'in_scope':200");
	DEDUCTIBLE("a", 10100);
	RULE("'deductible':{'amount':100.99,'rounding':{'unit':'yuan','mode':'down'}},'ratio':1");
	BILL("'in_scope':200");
	DEDUCTIBLE("a", 10000);
}

/* A base with parts of a fen: 0.333 x 0.10 = 3.33 fen, all of it deductible; 0.333 x 4.00 = 133.2, less 100 = 33.2 */
static void
TestParts(void)
{
	RULE("'enter':0.333,'deductible':{'amount':1},'ratio':1");
	BILL("'in_scope':0.10");
	DEDUCTIBLE("a", 3);
	CHECK_INT(LineOf("a")->deductible.nano, 330000000);
	PAID("a", 0);
	BILL("'in_scope':4");
	PAID("a", 33);
}

/* A whole base against a counter with parts of a fen: 0.5 taken, so 99.5 of 100 fen are left: 200 - 99.5 = 100.5 */
static void
TestPartsOfCounter(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'half','when':{'level':['1']},'enter':0.5,'deductible':{'amount':1,'counter':'c'},'ratio':1},"
		 "{'name':'r','deductible':{'amount':1,'counter':'c'},'ratio':1}]}]");
	BILL("'in_scope':0.01,'level':'1'");
	BILL("'in_scope':2,'level':'2'");
	DEDUCTIBLE("a", 99);
	CHECK_INT(LineOf("a")->deductible.nano, 500000000);
	PAID("a", 101);
}

/* Formulas of a fact: 20 + 2.5 x years, in steps of 2 years, from 22 to 30 */
static void
TestFormula(void)
{
	RULE("'deductible':{'amount':{'base':20,'rate':2.5,'fact':'years','step':2,'min':22,'max':30}},'ratio':1");
	BILL("'in_scope':100,'facts':{'years':2}");
	DEDUCTIBLE("a", 2500);
	BILL("'in_scope':100,'facts':{'years':3.99}");
	DEDUCTIBLE("a", 2500);
	BILL("'in_scope':100,'facts':{'years':1.99}");
	DEDUCTIBLE("a", 2200);		/* 20 is below the least */
	BILL("'in_scope':100,'facts':{'years':4}");
	DEDUCTIBLE("a", 3000);
	BILL("'in_scope':100,'facts':{'years':6}");
	DEDUCTIBLE("a", 3000);		/* 35 is above the most */
	/* a step down from -1 is -2: 20 - 5 = 15, below the least */
	BILL("'in_scope':100,'facts':{'years':-1}");
	DEDUCTIBLE("a", 2200);
	/* -4 years in steps of 2 stay -4 */
	RULE("'deductible':{'amount':{'base':20,'rate':2.5,'fact':'years','step':2}},'ratio':1");
	BILL("'in_scope':100,'facts':{'years':-4}");
	DEDUCTIBLE("a", 1000);
	BILL("'in_scope':100,'facts':{'years':-3.01}");
	DEDUCTIBLE("a", 1000);
	BILL("'in_scope':100,'facts':{'years':-10}");
	DEDUCTIBLE("a", 0);
	REFUSED("'in_scope':100", ST_BILL_MISSING, "facts");
	REFUSED("'in_scope':100,'facts':{'other':1}", ST_BILL_MISSING, "facts");
	/* half up: 0.005 x 1 = 0.5 fen -> 1; 0.0049 x 1 -> 0 */
	RULE("'deductible':{'amount':{'base':0,'rate':0.005,'fact':'age'}},'ratio':1");
	BILL("'in_scope':100,'age':1");
	DEDUCTIBLE("a", 1);
	RULE("'deductible':{'amount':{'base':0,'rate':0.0049,'fact':'age'}},'ratio':1");
	BILL("'in_scope':100,'age':1");
	DEDUCTIBLE("a", 0);
}

/* ---- under a counter ---- */

/* 100 a year: 60, then 40 of the next bill, then nothing; the next year again */
static void
TestCounter(void)
{
	RULE("'deductible':{'amount':100,'counter':'c'},'ratio':1");
	BILL("'in_scope':60");
	DEDUCTIBLE("a", 6000);
	BILL("'in_scope':39.99");
	DEDUCTIBLE("a", 3999);
	PAID("a", 0);
	BILL("'in_scope':0.02");
	DEDUCTIBLE("a", 1);
	PAID("a", 1);
	BILL("'in_scope':50");
	DEDUCTIBLE("a", 0);
	PAID("a", 5000);
	OnDay("2025-12-31T23:59:59");
	BILL("'in_scope':50");
	PAID("a", 5000);
	OnDay("2026-01-01");
	BILL("'in_scope':50");
	PAID("a", 0);
}

/* Once a year at the highest level used: D(level) - used */
static void
TestHighestLevel(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'1','when':{'level':['1']},'deductible':{'amount':100,'counter':'c'},'ratio':1},"
		 "{'name':'3','when':{'level':['3']},'deductible':{'amount':800,'counter':'c'},'ratio':1}]}]");
	BILL("'in_scope':1000,'level':'1'");
	PAID("a", 90000);
	BILL("'in_scope':1000,'level':'3'");
	PAID("a", 30000);			/* 800 - 100 */
	BILL("'in_scope':1000,'level':'1'");
	PAID("a", 100000);			/* 100 - 800 is nothing */
}

/* Per quarter, per level, per hospital */
static void
TestCounterPeriods(void)
{
	PAGE("'counters':{'q':{'every':'quarter'},'l':{'per':'level'},'h':{'every':'month','per':'hospital'}},'layers':["
		 "{'name':'q','kind':'other','base':{'copay':1},'rules':[{'name':'r','deductible':{'amount':10,'counter':'q'},"
		 "'ratio':0.1}]},"
		 "{'name':'l','kind':'other','base':{'excluded':1},'rules':[{'name':'r','deductible':{'amount':10,'counter':'l'},"
		 "'ratio':0.1}]},"
		 "{'name':'h','kind':'other','base':{'over_limit':1},"
		 "'rules':[{'name':'r','deductible':{'amount':10,'counter':'h'},'ratio':0.1}]}]");
	OnDay("2025-03-31");
	BILL("'in_scope':20,'excluded':20,'over_limit':20,'level':'1','hospital':'H1'");
	PAID("q", 100);
	PAID("l", 100);
	PAID("h", 100);
	BILL("'in_scope':20,'excluded':20,'over_limit':20,'level':'2','hospital':'H2'");
	PAID("q", 200);
	PAID("l", 100);
	PAID("h", 100);
	BILL("'in_scope':20,'excluded':20,'over_limit':20,'level':'1','hospital':'H1'");
	PAID("q", 200);
	PAID("l", 200);
	PAID("h", 200);
	OnDay("2025-04-01");
	BILL("'in_scope':20,'excluded':20,'over_limit':20,'level':'1','hospital':'H1'");
	PAID("q", 100);
	PAID("l", 200);
	PAID("h", 100);
	REFUSED("'in_scope':20,'level':'1'", ST_BILL_MISSING, "hospital");
	REFUSED("'in_scope':20,'hospital':'H1'", ST_BILL_MISSING, "level");
}

/* A referral chain carries one deductible; a bill without a chain stands alone */
static void
TestChain(void)
{
	PAGE("'counters':{'c':{'every':'chain'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'1','when':{'level':['1']},'deductible':{'amount':100,'counter':'c'},'ratio':1},"
		 "{'name':'3','deductible':{'amount':800,'counter':'c'},'ratio':1}]}]");
	BILL("'in_scope':1000,'level':'1','chain':'C1'");
	PAID("a", 90000);
	BILL("'in_scope':1000,'level':'3','chain':'C2'");
	PAID("a", 20000);
	/* referred up: the difference; down again: nothing */
	BILL("'in_scope':1000,'level':'3','chain':'C1'");
	PAID("a", 30000);
	BILL("'in_scope':1000,'level':'1','chain':'C1'");
	PAID("a", 100000);
	/* a chain lasts over the end of the year */
	OnDay("2026-01-01");
	BILL("'in_scope':1000,'level':'3','chain':'C1'");
	PAID("a", 100000);
	BILL("'in_scope':1000,'level':'1'");
	PAID("a", 90000);
	BILL("'in_scope':1000,'level':'1'");
	PAID("a", 90000);
	CHECK(strstr(AccountText(), "sub\":\"C1") != NULL);
}

/* Final once met: once something lay beyond it, nothing more in the chain; until then the rest of the receiving hospital's */
static void
TestFinal(void)
{
	PAGE("'counters':{'c':{'every':'chain'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'half','when':{'level':['1']},'enter':0.5,'deductible':{'amount':800,'counter':'c','final_once_met':true},'ratio':1},"
		 "{'name':'2','when':{'level':['2']},'deductible':{'amount':800,'counter':'c','final_once_met':true},'ratio':1},"
		 "{'name':'3','when':{'level':['3'],'in_scope':{'up_to':2000}},"
		 "'deductible':{'amount':1300,'counter':'c','final_once_met':true},'ratio':1},"
		 "{'name':'not final','deductible':{'amount':1300,'counter':'c'},'ratio':1}]}]");
	/* one fen beyond 800: final */
	BILL("'in_scope':800.01,'level':'2','chain':'over'");
	PAID("a", 1);
	CHECK(strstr(AccountText(), "\"sub\":\"over\",\"used\":800.00,\"cost\":0.01") != NULL);
	BILL("'in_scope':2000,'level':'3','chain':'over'");
	DEDUCTIBLE("a", 0);
	PAID("a", 200000);
	CHECK(strstr(AccountText(), "\"sub\":\"over\",\"used\":800.00,\"cost\":0.01") != NULL);
	/* a rule that does not say so goes on counting: 1300 - 800 */
	BILL("'in_scope':3000,'level':'3','chain':'over'");
	DEDUCTIBLE("a", 50000);
	/* 800 to the fen and one fen less: not */
	BILL("'in_scope':800,'level':'2','chain':'at'");
	BILL("'in_scope':2000,'level':'3','chain':'at'");
	DEDUCTIBLE("a", 50000);
	BILL("'in_scope':2000,'level':'3','chain':'at'");
	DEDUCTIBLE("a", 0);
	BILL("'in_scope':799.99,'level':'2','chain':'under'");
	BILL("'in_scope':2000,'level':'3','chain':'under'");
	DEDUCTIBLE("a", 50001);
	/* half a fen beyond: 1600.01 x 0.5 = 800.005 */
	BILL("'in_scope':1600.01,'level':'1','chain':'half'");
	DEDUCTIBLE("a", 80000);
	BILL("'in_scope':2000,'level':'3','chain':'half'");
	DEDUCTIBLE("a", 0);
	/* half a fen short: 1599.99 x 0.5 = 799.995, so 500.005 of 1300 are left */
	BILL("'in_scope':1599.99,'level':'1','chain':'short'");
	BILL("'in_scope':2000,'level':'3','chain':'short'");
	DEDUCTIBLE("a", 50000);
	CHECK_INT(LineOf("a")->deductible.nano, 500000000);
	/* each chain and each bill without one for itself; a rule that does not say so leaves no mark */
	BILL("'in_scope':2000,'level':'2'");
	BILL("'in_scope':2000,'level':'3'");
	DEDUCTIBLE("a", 130000);
	BILL("'in_scope':2000,'level':'2','chain':'plain'");
	DEDUCTIBLE("a", 80000);
	BILL("'in_scope':3000,'level':'3','chain':'first'");
	DEDUCTIBLE("a", 130000);
	CHECK(strstr(AccountText(), "\"sub\":\"first\",\"used\":1300.00}") != NULL);
	/* the mark is read back */
	CHECK_INT(ResumeFrom("{'format':1,'tallies':[{'kind':'deductible','name':'c','sub':'C1','used':800,'cost':0.01}]}"), ST_OK);
	BILL("'in_scope':2000,'level':'3','chain':'C1'");
	DEDUCTIBLE("a", 0);
}

/* A given layer makes it final with an amount, and only so; where a modifier has removed it, all of the bill lies beyond */
static void
TestFinalGiven(void)
{
	PAGE("'counters':{'c':{'every':'chain'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':1300,'counter':'c','final_once_met':true},'ratio':1,"
		 "'modifiers':[{'target':'deductible','remove':true,'when':{'level':['1']}}]}]}]");
	BILL("'in_scope':2000,'chain':'paid','level':'3','given':{'a':{'amount':0.01,'deductible':800}}");
	BILL("'in_scope':2000,'chain':'paid','level':'3'");
	DEDUCTIBLE("a", 0);
	BILL("'in_scope':2000,'chain':'unpaid','level':'3','given':{'a':{'amount':0,'deductible':800}}");
	BILL("'in_scope':2000,'chain':'unpaid','level':'3'");
	DEDUCTIBLE("a", 50000);
	BILL("'in_scope':0.01,'chain':'removed','level':'1'");
	BILL("'in_scope':2000,'chain':'removed','level':'3'");
	DEDUCTIBLE("a", 0);
	/* nothing of the bill enters: not met */
	BILL("'in_scope':0,'chain':'empty','level':'1'");
	BILL("'in_scope':2000,'chain':'empty','level':'3'");
	DEDUCTIBLE("a", 130000);
}

/* Year rules too: of a bill that the base loses again the mark stays, 800 + 100 paid, then nothing more of 1300 */
static void
TestFinalYear(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'2','when':{'level':['2']},'settles':'year','drop_paid_bills':true,"
		 "'deductible':{'amount':800,'counter':'c','final_once_met':true},'ratio':1},"
		 "{'name':'3','settles':'year','drop_paid_bills':true,"
		 "'deductible':{'amount':1300,'counter':'c','final_once_met':true},'ratio':1}]}]");
	BILL("'in_scope':900,'level':'2'");
	PAID("a", 10000);
	BILL("'in_scope':2000,'level':'3'");
	PAID("a", 200000);
}

/* ---- by the number of the stay ---- */

/* factors 1, 0.5; step 10; floor 30: 100, 0.5 x 100 - 10 = 40, 0.5 x 100 - 20 = 30, then 20 -> 30 */
static void
TestSchedule(void)
{
	PAGE("'counts':{'stays':{'when':{'care_type':['21']}}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':100,'schedule':{'count':'stays','factors':[1,0.5],'step':10,'floor':30}},"
		 "'ratio':1}]}]");
	/* not a stay: the first one's deductible, and it does not count */
	BILL("'in_scope':1000,'care_type':'11'");
	DEDUCTIBLE("a", 10000);
	BILL("'in_scope':1000,'care_type':'21'");
	DEDUCTIBLE("a", 10000);
	BILL("'in_scope':1000,'care_type':'21'");
	DEDUCTIBLE("a", 4000);
	/* an outpatient bill reads the count as it stands */
	BILL("'in_scope':1000,'care_type':'11'");
	DEDUCTIBLE("a", 4000);
	BILL("'in_scope':1000,'care_type':'2101'");
	DEDUCTIBLE("a", 3000);
	BILL("'in_scope':1000,'care_type':'21'");
	DEDUCTIBLE("a", 3000);
	OnDay("2026-01-01");
	BILL("'in_scope':1000,'care_type':'21'");
	DEDUCTIBLE("a", 10000);
}

/* A trace has room for the number of the stay up to 255 */
static void
TestManyStays(void)
{
	PAGE("'counts':{'stays':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':100,'schedule':{'count':'stays','factors':[1,0.5]}},'ratio':1}]}]");
	CHECK_INT(ResumeFrom("{'format':1,'tallies':[{'kind':'stays','name':'stays','period':'2025-01-01','n':254}]}"), ST_OK);
	BILL("'in_scope':1000");
	DEDUCTIBLE("a", 5000);
	CHECK_INT(StepOf(STEP_DEDUCTIBLE, 0)->index, 255);
	BILL("'in_scope':1000");
	CHECK_INT(StepOf(STEP_DEDUCTIBLE, 0)->index, 255);
}

/* No factors: 1; a step without a floor ends at 0: 25, 15, 5, 0 */
static void
TestScheduleStep(void)
{
	PAGE("'counts':{'stays':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':25,'schedule':{'count':'stays','step':10}},'ratio':1}]}]");
	BILL("'in_scope':1000");
	DEDUCTIBLE("a", 2500);
	BILL("'in_scope':1000");
	DEDUCTIBLE("a", 1500);
	BILL("'in_scope':1000");
	DEDUCTIBLE("a", 500);
	BILL("'in_scope':1000");
	DEDUCTIBLE("a", 0);
	PAID("a", 100000);
}

/* Exact to the end: 0.333 x 10.01 = 3.33333; half up 3.33; factor 0.335 x 1.00 = 33.5 fen -> 34 */
static void
TestScheduleRounding(void)
{
	PAGE("'counts':{'stays':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':10.01,'schedule':{'count':'stays','factors':[0.333]}},'ratio':1}]},"
		 "{'name':'b','kind':'other','base':{'excluded':1},'rules':["
		 "{'name':'r','deductible':{'amount':1,'schedule':{'count':'stays','factors':[0.335]}},'ratio':1}]}]");
	BILL("'in_scope':100,'excluded':100");
	DEDUCTIBLE("a", 333);
	DEDUCTIBLE("b", 34);
}

/* The number of the stay as a condition */
static void
TestStayNumber(void)
{
	PAGE("'counts':{'stays':{'when':{'level':['3']}}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'many','when':{'stay_number':{'count':'stays','at_least':2}},'ratio':1},{'name':'one','ratio':0.5}]}]");
	BILL("'in_scope':1,'level':'3'");
	FITTED("a", 1);
	BILL("'in_scope':1,'level':'1'");
	FITTED("a", 1);
	BILL("'in_scope':1,'level':'3'");
	FITTED("a", 0);
	BILL("'in_scope':1,'level':'1'");
	FITTED("a", 0);
	REFUSED("'in_scope':1", ST_BILL_MISSING, "level");
}

/* ---- in sum ---- */

/* 40 a bill, at most 100 a year over both layers */
static void
TestSumCap(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':40,'sum_cap':{'limit':100,'counter':'sum'}},'ratio':0}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':40,'counter':'mine','sum_cap':{'limit':100,'counter':'sum'}},'ratio':0}]}]");
	BILL("'in_scope':50");
	DEDUCTIBLE("a", 4000);
	DEDUCTIBLE("b", 4000);
	BILL("'in_scope':19.99");
	DEDUCTIBLE("a", 1999);
	DEDUCTIBLE("b", 0);			/* its own 40 are used */
	BILL("'in_scope':50");
	DEDUCTIBLE("a", 1);
	BILL("'in_scope':50");
	DEDUCTIBLE("a", 0);
	/* a sum that grows with age: 1 a year of age */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','deductible':{'amount':40,"
		 "'sum_cap':{'limit':{'base':0,'rate':1,'fact':'age'},'counter':'sum'}},'ratio':0}]}]");
	BILL("'in_scope':50,'age':30");
	DEDUCTIBLE("a", 3000);
	BILL("'in_scope':50,'age':31");
	DEDUCTIBLE("a", 100);
	BILL("'in_scope':50,'age':10");
	DEDUCTIBLE("a", 0);
	REFUSED("'in_scope':50", ST_BILL_MISSING, "age");
}

/* ---- thresholds ---- */

/* Up to and including it nothing, above it everything; closed upper turns the edge */
static void
TestThreshold(void)
{
	RULE("'deductible':{'amount':100,'kind':'threshold'},'ratio':0.5");
	BILL("'in_scope':99.99");
	PAID("a", 0);
	DEDUCTIBLE("a", 9999);
	BILL("'in_scope':100");
	PAID("a", 0);
	DEDUCTIBLE("a", 10000);
	BILL("'in_scope':100.01");
	PAID("a", 5001);			/* 50.005 */
	DEDUCTIBLE("a", 0);
	RULE("'deductible':{'amount':100,'kind':'threshold','closed':'upper'},'ratio':0.5");
	BILL("'in_scope':99.99");
	PAID("a", 0);
	BILL("'in_scope':100");
	PAID("a", 5000);
	DEDUCTIBLE("a", 0);
	BILL("'in_scope':100.01");
	PAID("a", 5001);
	/* a threshold of 0, closed lower: a base of 0 is not above it */
	RULE("'deductible':{'amount':0,'kind':'threshold'},'ratio':0.5");
	BILL("'in_scope':0");
	PAID("a", 0);
	BILL("'in_scope':0.02");
	PAID("a", 1);
}

int
main(void)
{
	TestVisit();
	TestOwnRounding();
	TestParts();
	TestPartsOfCounter();
	TestFormula();
	TestCounter();
	TestHighestLevel();
	TestCounterPeriods();
	TestChain();
	TestFinal();
	TestFinalGiven();
	TestFinalYear();
	TestSchedule();
	TestManyStays();
	TestScheduleStep();
	TestScheduleRounding();
	TestStayNumber();
	TestSumCap();
	TestThreshold();
	return CheckEnd();
}
