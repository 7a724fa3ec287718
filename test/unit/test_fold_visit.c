/*
 * test_fold_visit.c — rules that settle each bill by itself: the first that fits, bases and weights, the order of taking,
 * rounding, fixed prices, alternatives. Conditions, deductibles, bands, caps and modifiers have files of their own.
 */
#include "fold_helpers.h"

/* The first rule that fits counts, not the better one; none: 0, and it says so */
static void
TestFirstFit(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'low','when':{'category':['low']},'ratio':0.2},"
		 "{'name':'poor','when':{'category':['poor']},'ratio':0.9}]}]");
	BILL("'in_scope':100,'category':['poor','low']");
	FITTED("a", 0);
	PAID("a", 2000);
	BILL("'in_scope':100,'category':['poor']");
	FITTED("a", 1);
	PAID("a", 9000);
	BILL("'in_scope':100,'category':[]");
	STATE("a", LINE_NO_RULE);
	FITTED("a", NO_INDEX);
	PAID("a", 0);
	LEFT("copay", 10000);
}

/* ---- bases ---- */

/* Weights count in the base, the payment comes out whole in the order of taking */
static void
TestWeights(void)
{
	/* 0.5 x 100.01 + 0.333 x 100.01 + 1 x 10 = 50.005 + 33.30333 + 10 = 93.30833, of which 0.9: 83.977497 -> 83.98 */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'first_share':0.5,'copay':0.333,'excluded':1,'over_limit':0},"
		 "'rules':[{'name':'r','ratio':0.9}]}]");
	BILL("'in_scope':100.01,'first_share':100.01,'excluded':10,'over_limit':7");
	PAID("a", 8398);
	/* copay goes first: 100.01 - 83.98 */
	LEFT("copay", 1603);
	LEFT("first_share", 10001);
	LEFT("excluded", 1000);
	LEFT("over_limit", 700);
	CHECK_INT(LineOf("a")->base.fen, 9330);
	CHECK_INT(LineOf("a")->base.nano, 833000000);
}

/* Without basic: in_scope is copay from the start. Order of taking: copay, first_share, over_limit, excluded, parts by name */
static void
TestOrderOfTaking(void)
{
	PAGE("'parts':{'excluded.z':'z','excluded.b':'b','first_share.a':'a','over_limit.m':'m'},"
		 "'layers':[{'name':'a','kind':'other','base':{'excluded.b':1,'first_share.a':1,'over_limit.m':1,'excluded.z':1,"
		 "'excluded':1,'over_limit':1,"
		 "'first_share':1,'copay':1},'rules':[{'name':'r','ratio':0.45}]}]");
	/* 8 buckets of 10 yuan; 45 % of 80 = 36 leaves 4 of over_limit and the rest whole */
	BILL("'in_scope':10,'first_share':20,'over_limit':20,'excluded':30,"
		 "'parts':{'excluded.z':10,'excluded.b':10,'first_share.a':10,'over_limit.m':10}");
	PAID("a", 3600);
	LEFT("copay", 0);
	LEFT("first_share", 0);
	LEFT("over_limit", 0);
	LEFT("excluded", 400);
	LEFT("excluded.b", 1000);
	LEFT("excluded.z", 1000);
	LEFT("first_share.a", 1000);
	LEFT("over_limit.m", 1000);
}

/* A part is taken out of its own column */
static void
TestParts(void)
{
	PAGE("'parts':{'excluded.x':'x','first_share.y':'y','over_limit.z':'z'},'layers':[]");
	BILL("'first_share':20,'over_limit':10,'excluded':40,'parts':{'over_limit.z':3,'first_share.y':5,'excluded.x':7}");
	LEFT("first_share", 1500);
	LEFT("over_limit", 700);
	LEFT("excluded", 3300);
	LEFT("first_share.y", 500);
	LEFT("over_limit.z", 300);
	LEFT("excluded.x", 700);
}

/* Parts in byte order of their full names; another order is the page's */
static void
TestOrderOfParts(void)
{
	PAGE("'parts':{'excluded.z':'z','excluded.b':'b','first_share.a':'a','over_limit.m':'m'},"
		 "'layers':[{'name':'a','kind':'other','base':{'excluded.b':1,'first_share.a':1,'over_limit.m':1,'excluded.z':1},"
		 "'rules':[{'name':'r','ratio':0.6}]},"
		 "{'name':'b','kind':'other','base':{'excluded.b':1,'first_share.a':1,'over_limit.m':1,'excluded.z':1},"
		 "'pays_from':['over_limit.m','excluded.z','excluded.b','first_share.a'],'rules':[{'name':'r','ratio':0.75}]}]");
	/* 24 of 40: excluded.b, excluded.z, then 4 of first_share.a */
	BILL("'first_share':10,'over_limit':10,'excluded':20,'parts':{'excluded.z':10,'excluded.b':10,'first_share.a':10,"
		 "'over_limit.m':10}");
	PAID("a", 2400);
	/* 12 of the 16 left: over_limit.m 10, then 2 of first_share.a */
	PAID("b", 1200);
	LEFT("excluded.b", 0);
	LEFT("excluded.z", 0);
	LEFT("over_limit.m", 0);
	LEFT("first_share.a", 400);
}

/* A gross column: the base is the whole column with its parts, the payment comes out of what is left */
static void
TestGross(void)
{
	PAGE("'parts':{'excluded.x':'x'},'layers':[{'name':'a','kind':'other','base':{'of':'excluded','from':['excluded.x','copay']},"
		 "'rules':[{'name':'r','when':{'base':{'at_least':50}},'ratio':0.5}]},"
		 "{'name':'b','kind':'other','base':{'of':'total'},'rules':[{'name':'r','enter':0.999,'ratio':0.5}]}]");
	/* 0.5 x 50 = 25: copay 10, excluded.x 15; 0.5 x 0.999 x 90.01 = 44.959995 -> 44.96 of the 65.01 left */
	BILL("'in_scope':10,'first_share':30.01,'excluded':50,'parts':{'excluded.x':20}");
	PAID("a", 2500);
	PAID("b", 4496);
	/* b takes first_share 30.01, then excluded 14.95 of 30 */
	LEFT("first_share", 0);
	LEFT("excluded", 1505);
	LEFT("excluded.x", 500);
	/* 25 due of a column of 50, but only the copay of 3 is in "from": the rest lapses */
	BILL("'in_scope':3,'excluded':50");
	DUE("a", 2500);
	PAID("a", 300);
	LEFT("excluded", 2353);		/* b: 0.4995 x 53 = 26.4735 -> 26.47 of the 50 left */
	BILL("'excluded':49.99");
	STATE("a", LINE_NO_RULE);
}

/* A rule's own base and its enter share; 0.333 x 10.01 = 3.33333, x 0.5 = 1.666665 -> 1.67 */
static void
TestEnter(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'own','when':{'level':['1']},'base':{'excluded':1},'enter':0.333,'ratio':0.5},"
		 "{'name':'r','enter':0,'ratio':1}]}]");
	BILL("'in_scope':50,'excluded':10.01,'level':'1'");
	PAID("a", 167);
	LEFT("excluded", 834);
	LEFT("copay", 5000);
	BILL("'in_scope':50,'level':'2'");
	PAID("a", 0);
	LEFT("copay", 5000);
}

/* ---- rounding ---- */

/* 0.5 x 3 fen = 1.5; once, at the end */
static void
TestRounding(void)
{
	RULE("'ratio':0.5");
	BILL("'in_scope':0.03");
	PAID("a", 2);
	BILL("'in_scope':0.01");
	PAID("a", 1);
	RULE("'ratio':0.499999");
	BILL("'in_scope':0.01");
	PAID("a", 0);
	RULE("'ratio':0.5,'rounding':{'mode':'down'}");
	BILL("'in_scope':0.03");
	PAID("a", 1);
	RULE("'ratio':0.333333,'rounding':{'mode':'up'}");
	BILL("'in_scope':0.03");
	PAID("a", 1);				/* 0.999999 -> 1 */
	BILL("'in_scope':0.04");
	PAID("a", 2);				/* 1.333332 -> 2 */
}

/* Whole yuan: 0.5 x 24.99 = 12.495, 25.00 = 12.50 */
static void
TestRoundingYuan(void)
{
	RULE("'ratio':0.5,'rounding':{'unit':'yuan'}");
	BILL("'in_scope':24.99");
	PAID("a", 1200);
	BILL("'in_scope':25.00");
	PAID("a", 1300);
	RULE("'ratio':0.5,'rounding':{'unit':'yuan','mode':'down'}");
	BILL("'in_scope':25.99");
	PAID("a", 1200);			/* 12.995 */
	BILL("'in_scope':26");
	PAID("a", 1300);
	/* up, and what is left on the bill is less: 0.99 of 0.99 -> 1.00, but only 0.99 is there; the cent lapses */
	RULE("'ratio':1,'rounding':{'unit':'yuan','mode':'up'}");
	BILL("'in_scope':0.99");
	DUE("a", 100);
	PAID("a", 99);
	CHECK_INT(CountSteps(STEP_LAPSED), 1);
	CHECK_INT(StepOf(STEP_LAPSED, 0)->result.fen, 1);
}

/* ---- fixed prices ---- */

static void
TestFixedPrice(void)
{
	PAGE("'parts':{'excluded.x':'x','over_limit.y':'y'},'fixed_prices':[{'name':'p','when':{'disease':['d1']},'price':100},"
		 "{'name':'q','when':{'disease':['d2']},'price':10}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'total':{'up_to':100}},'ratio':0.5}]}]");
	/*
	 * 150: the hospital bears 50, of excluded (10), its part (10), over_limit (10), its part (10), first_share (5), in_scope 5
	 * of 105
	 */
	BILL("'in_scope':105,'excluded':20,'over_limit':20,'first_share':5,'parts':{'excluded.x':10,'over_limit.y':10},"
		 "'disease':['d1']");
	CHECK_INT(split.hospital_fen, 5000);
	LEFT("excluded", 0);
	LEFT("excluded.x", 0);
	LEFT("over_limit.y", 0);
	PAID("a", 5000);			/* the total in the condition is 100 after the price; 0.5 x 100 */
	CHECK_INT(split.patient_fen, 5000);
	/* one fen above, at and below the price */
	BILL("'in_scope':100.01,'disease':['d1']");
	CHECK_INT(split.hospital_fen, 1);
	BILL("'in_scope':100,'disease':['d1']");
	CHECK_INT(split.hospital_fen, 0);
	BILL("'in_scope':99.99,'disease':['d1']");
	CHECK_INT(split.hospital_fen, 0);
	PAID("a", 5000);			/* 49.995 */
	/* the first that fits */
	BILL("'in_scope':50,'disease':['d1','d2']");
	CHECK_INT(split.hospital_fen, 0);
	BILL("'in_scope':50,'disease':['d2']");
	CHECK_INT(split.hospital_fen, 4000);
	BILL("'in_scope':50,'disease':[]");
	CHECK_INT(split.hospital_fen, 0);
}

/* Of each column the rest, then its parts; other columns are not touched before: 15 of excluded */
static void
TestFixedPriceParts(void)
{
	PAGE("'parts':{'excluded.x':'x','over_limit.y':'y'},'fixed_prices':[{'name':'p','price':100}],'layers':[]");
	BILL("'in_scope':80,'excluded':20,'over_limit':15,'parts':{'excluded.x':10,'over_limit.y':10}");
	CHECK_INT(split.hospital_fen, 1500);
	LEFT("excluded", 0);
	LEFT("excluded.x", 500);
	LEFT("over_limit", 500);
	LEFT("over_limit.y", 1000);
}

/* Another order, and a price by fact: 20 + 2 x age */
static void
TestFixedPriceOrder(void)
{
	PAGE("'fixed_prices':[{'name':'p','price':{'base':20,'rate':2,'fact':'age'},"
		 "'takes_from':['in_scope','first_share','over_limit','excluded']}],"
		 "'layers':[{'name':'a','kind':'other','base':{'of':'first_share'},'rules':[{'name':'r','ratio':0.5}]}]");
	/* price 80; 150 - 80 = 70: in_scope 50, first_share 20 of 50 */
	BILL("'in_scope':50,'first_share':50,'excluded':50,'age':30");
	CHECK_INT(split.hospital_fen, 7000);
	LEFT("copay", 0);
	PAID("a", 1500);			/* the gross column is what the price left of it: 0.5 x 30 */
	LEFT("first_share", 1500);
	LEFT("excluded", 5000);
	REFUSED("'in_scope':50", ST_BILL_MISSING, "age");
}

/* ---- alternatives ---- */

/* The first that pays more than 0 is alone; one that pays 0 does not stop the others */
static void
TestAlternatives(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','alternative':'set','base':{'copay':1},"
		 "'rules':[{'name':'r','deductible':{'amount':50},'ratio':0.5}]},"
		 "{'name':'b','kind':'other','alternative':'set','base':{'copay':1},'rules':[{'name':'r','ratio':0.2}]},"
		 "{'name':'c','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.1}]},"
		 "{'name':'d','kind':'other','alternative':'set','base':{'copay':1},'rules':[{'name':'r','ratio':1}]}]");
	BILL("'in_scope':50");
	PAID("a", 0);
	STATE("a", LINE_APPLIED);
	PAID("b", 1000);
	PAID("c", 400);				/* 10 % of the 40 left */
	STATE("d", LINE_ALTERNATIVE_PAID);
	BILL("'in_scope':50.02");
	PAID("a", 1);
	STATE("b", LINE_ALTERNATIVE_PAID);
	PAID("b", 0);
	PAID("c", 500);				/* 10 % of 50.01 = 5.001 */
}

/* Two sets: a payment in one is no payment in the other, and does not open it again */
static void
TestTwoSets(void)
{
#define ONE_OF(name, set) "{'name':'" name "','kind':'other','alternative':'" set "','base':{'copay':1}," \
	"'rules':[{'name':'r','ratio':0.1}]}"
	PAGE("'layers':[" ONE_OF("a", "s") "," ONE_OF("b", "t") "," ONE_OF("c", "s") "," ONE_OF("d", "t") "]");
	BILL("'in_scope':100");
	PAID("a", 1000);
	PAID("b", 900);
	STATE("c", LINE_ALTERNATIVE_PAID);
	STATE("d", LINE_ALTERNATIVE_PAID);
}

/* ---- a whole chain ---- */

/* Each layer sees what the earlier ones left */
static void
TestChain(void)
{
	PAGE("'layers':[{'name':'a','kind':'supplementary','base':{'copay':1},'rules':[{'name':'r','ratio':0.6}]},"
		 "{'name':'b','kind':'charity','base':{'copay':1,'excluded':0.5},'rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'c','kind':'government','base':{'copay':1,'excluded':1},'rules':[{'name':'r','ratio':1}]}]");
	/* 60; 0.5 x (40 + 10) = 25; the 15 + 20 that are left */
	BILL("'in_scope':100,'excluded':20");
	PAID("a", 6000);
	PAID("b", 2500);
	PAID("c", 3500);
	CHECK_INT(split.patient_fen, 0);
	/* a bill of nothing */
	BILL("'in_scope':0");
	PAID("c", 0);
	CHECK_INT(split.total_fen, 0);
}

/* ---- the trace ---- */

/* 100 of 120 after a fixed price; 0.5 x 20 + 1 x 80 enter; 36 are taken: copay, nothing of first_share, excluded */
static void
TestTrace(void)
{
	const Step *step;

	PAGE("'fixed_prices':[{'name':'p','price':100,'takes_from':['over_limit','excluded','first_share','in_scope']}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':0.5,'excluded':1,'first_share':1},"
		 "'rules':[{'name':'r','ratio':0.4}]}]");
	BILL("'in_scope':20,'excluded':80,'over_limit':20");
	PAID("a", 3600);
	CHECK_INT(CountSteps(STEP_PAGE), 1);
	CHECK_INT(StepOf(STEP_PAGE, 0)->base.fen, 12000);
	CHECK_INT(StepOf(STEP_FIXED_PRICE, 0)->base.fen, 12000);
	CHECK_INT(StepOf(STEP_FIXED_PRICE, 0)->limit_fen, 10000);
	CHECK_INT(StepOf(STEP_FIXED_PRICE, 0)->result.fen, 2000);
	CHECK_INT(StepOf(STEP_LAYER, 0)->state, LINE_APPLIED);
	/* only buckets with something in them */
	CHECK_INT(CountSteps(STEP_BUCKET_IN), 2);
	step = StepOf(STEP_BUCKET_IN, 0);
	CHECK_INT(step->index, BUCKET_COPAY);
	CHECK_INT(step->base.fen, 2000);
	CHECK_INT(step->ratio_pico, PICO / 2);
	CHECK_INT(step->result.fen, 1000);
	CHECK_INT(StepOf(STEP_BUCKET_IN, 1)->index, BUCKET_EXCLUDED);
	CHECK_INT(StepOf(STEP_DUE, 0)->result.fen, 3600);
	CHECK_INT(StepOf(STEP_PAID, 0)->result.fen, 3600);
	CHECK_INT(CountSteps(STEP_TAKEN), 2);
	CHECK_INT(StepOf(STEP_TAKEN, 0)->index, BUCKET_COPAY);
	CHECK_INT(StepOf(STEP_TAKEN, 1)->index, BUCKET_EXCLUDED);
	CHECK_INT(StepOf(STEP_TAKEN, 1)->base.fen, 8000);
	CHECK_INT(StepOf(STEP_TAKEN, 1)->result.fen, 1600);
	CHECK_INT(StepOf(STEP_PATIENT, 0)->result.fen, 6400);
}

int
main(void)
{
	TestFirstFit();
	TestWeights();
	TestOrderOfTaking();
	TestParts();
	TestOrderOfParts();
	TestGross();
	TestEnter();
	TestRounding();
	TestRoundingYuan();
	TestFixedPrice();
	TestFixedPriceParts();
	TestFixedPriceOrder();
	TestAlternatives();
	TestTwoSets();
	TestChain();
	TestTrace();
	return CheckEnd();
}
