/*
 * test_fold_history.c — year adjustments: what is booked on earlier bills, and what that does to later layers. Events are in
 * test_fold_events.c.
 */
#include "fold_helpers.h"

/* Does the account's text say this? */
#define ACCOUNT_SAYS(text) CHECK(strstr(AccountText(), text) != NULL)

/* ---- year adjustments ---- */

#define THRESHOLD(ratio, more) "{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r'," more "'settles':'year'," \
	"'deductible':{'amount':150,'kind':'threshold'},'ratio':" ratio "}]}"

/* 100; with the second 100 the threshold of 150 is passed: 0.8 x 200 = 160, of which 100 on the bill and 60 on the first */
static void
TestAdjustment(void)
{
	PAGE("'layers':[" THRESHOLD("0.8", "") "]");
	OnDay("2025-03-01");
	BILL("'in_scope':100");
	PAID("a", 0);
	OnDay("2025-04-01");
	BILL("'in_scope':100");
	DUE("a", 16000);
	PAID("a", 10000);
	ADJUSTED("a", 6000);
	LEFT("copay", 0);
	ACCOUNT_SAYS("\"left\":{\"copay\":40.00}");
	CHECK_INT(CountSteps(STEP_BOOKED), 1);
	CHECK_INT(StepOf(STEP_BOOKED, 0)->result.fen, 6000);
	CHECK_INT(StepOf(STEP_BOOKED, 0)->seq, 1);
	CHECK_INT(CountSteps(STEP_LAPSED), 0);
	/* below the threshold the base of a bill is what the deductible took */
	OnDay("2026-01-01");
	BILL("'in_scope':150");
	DEDUCTIBLE("a", 15000);
	BILL("'in_scope':0.01");
	DEDUCTIBLE("a", 0);
	DUE("a", 12001);			/* 0.8 x 150.01 = 120.008 */
	ADJUSTED("a", 12000);		/* on the bill of this year only */
	ACCOUNT_SAYS("\"left\":{\"copay\":40.00}");
}

/* 50, 50, 100: 0.9 x 200 = 180; 100 on the bill, 50 on the first, 30 on the second */
static void
TestOldestFirst(void)
{
	PAGE("'layers':[" THRESHOLD("0.9", "") "]");
	BILL("'in_scope':50");
	BILL("'in_scope':50");
	BILL("'in_scope':100");
	ADJUSTED("a", 8000);
	CHECK_INT(CountSteps(STEP_BOOKED), 2);
	CHECK_INT(StepOf(STEP_BOOKED, 1)->result.fen, 3000);
	ACCOUNT_SAYS("\"left\":{\"copay\":20.00}");
}

/* Another layer has paid 95 of the first 100: 5 are left there, the other 55 lapse */
static void
TestLapse(void)
{
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'z','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'level':['1']},'ratio':0.95}]}]");
	BILL("'in_scope':100,'level':'1'");
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 10000);
	ADJUSTED("a", 500);
	CHECK_INT(StepOf(STEP_LAPSED, 0)->result.fen, 5500);
	/* it is accrued: nothing of it comes back */
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 8000);
	ADJUSTED("a", 0);
}

/* In the layer's order of buckets: copay 30, then 14 of excluded */
static void
TestBuckets(void)
{
	PAGE("'parts':{'excluded.x':'x'},'layers':[{'name':'a','kind':'other','base':{'copay':1,'excluded':1,'excluded.x':1},"
		 "'rules':[{'name':'r','settles':'year',"
		 "'deductible':{'amount':150,'kind':'threshold'},'ratio':0.9}]}]");
	BILL("'in_scope':30,'excluded':40,'parts':{'excluded.x':10}");
	BILL("'in_scope':90");
	DUE("a", 14400);
	ADJUSTED("a", 5400);
	ACCOUNT_SAYS("\"left\":{\"excluded\":6.00,\"excluded.x\":10.00}");
}

/* Caps count adjustments: 130 of the 160, then nothing */
static void
TestCap(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':150,'kind':'threshold'},"
		 "'ratio':0.8,'caps':[{'limit':130}],'times':{'limit':5}}]}]");
	BILL("'in_scope':100");
	BILL("'in_scope':100");
	PAID("a", 10000);
	ADJUSTED("a", 3000);
	BILL("'in_scope':100");
	PAID("a", 0);
	ACCOUNT_SAYS("\"kind\":\"times\",\"name\":\"a\",\"period\":\"2025-01-01\",\"n\":1");
}

/* Whole yuan: 0.40 gives 0, 0.80 gives 1.00: 0.40 here, 0.40 there, 0.20 lapse */
static void
TestYuan(void)
{
	RULE("'settles':'year','ratio':1,'rounding':{'unit':'yuan'}");
	BILL("'in_scope':0.40");
	PAID("a", 0);
	BILL("'in_scope':0.40");
	DUE("a", 100);
	PAID("a", 40);
	ADJUSTED("a", 40);
	CHECK_INT(StepOf(STEP_LAPSED, 0)->result.fen, 20);
}

/* A gross base pays out of copay: 40 due of 200; then 40 due, 10 here and 30 on the first bill */
static void
TestGross(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'of':'total','from':['copay']},"
		 "'rules':[{'name':'r','settles':'year','ratio':0.2}]}]");
	BILL("'in_scope':100,'excluded':100");
	PAID("a", 4000);
	BILL("'in_scope':10,'excluded':190");
	PAID("a", 1000);
	ADJUSTED("a", 3000);
	ACCOUNT_SAYS("\"gross\":400.00");
}

/* Basic takes from what in_scope has become: over_cap, copay, deductible */
static void
TestBasic(void)
{
	PAGE("'layers':[{'name':'b','kind':'basic','rules':[{'name':'1','when':{'level':['1']},'settles':'year',"
		 "'accrual':'true_up','ratio':0.5,'caps':[{'limit':30,'per':'visit'}]},"
		 "{'name':'2','settles':'year','accrual':'true_up','ratio':0.9}]}]");
	BILL("'in_scope':100,'level':'1'");
	LEFT("over_cap", 4000);
	LEFT("copay", 3000);
	/* 0.9 x 110 - 50 accrued */
	BILL("'in_scope':10,'level':'2'");
	PAID("b", 1000);
	ADJUSTED("b", 3900);
	ACCOUNT_SAYS("\"left\":{\"over_cap\":1.00,\"copay\":30.00}");
	PAGE("'layers':[{'name':'b','kind':'basic','rules':[{'name':'1','when':{'level':['1']},'settles':'year',"
		 "'deductible':{'amount':20},'ratio':0.5},"
		 "{'name':'2','settles':'year','accrual':'true_up','ratio':0.95}]}]");
	BILL("'in_scope':100,'level':'1'");
	/* 0.95 x 110 - 40 = 64.50: 10, copay 40, deductible 14.50 */
	BILL("'in_scope':10,'level':'2'");
	ADJUSTED("b", 5450);
	ACCOUNT_SAYS("\"left\":{\"deductible\":5.50}");
}

/* ---- what a booked amount does to later layers ---- */

/* The second layer had paid 40 of the first bill; 60 of its base are gone now: 0.4 x (100 - 60 + 0) - 40 = -24 */
static void
TestLaterBase(void)
{
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'b','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','ratio':0.4}]}]");
	BILL("'in_scope':100");
	PAID("b", 4000);
	BILL("'in_scope':100");
	ADJUSTED("a", 6000);
	CHECK_INT(LineOf("b")->base.fen, -6000);
	CHECK_INT(LineOf("b")->cumulative.fen, 4000);
	DUE("b", -2400);
	RECOVERABLE("b", 2400);
	PAID("b", 0);
	/* from there it goes on: 0.4 x (40 + 20) - 16 */
	BILL("'in_scope':100");
	PAID("a", 8000);
	PAID("b", 800);
}

/* A negative base takes no deductible */
static void
TestLaterDeductible(void)
{
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'b','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':70},'ratio':0.4}]},"
		 "{'name':'c','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year',"
		 "'deductible':{'amount':300,'counter':'c'},'ratio':0.4}]},"
		 "{'name':'d','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year',"
		 "'deductible':{'amount':500,'kind':'threshold'},'ratio':0.4}]}]");
	BILL("'in_scope':100");
	DEDUCTIBLE("b", 7000);
	PAID("b", 1200);
	DEDUCTIBLE("c", 8800);
	DEDUCTIBLE("d", 8800);
	/* 88 are left of the first bill: 60 are booked there; b: 0.4 x 0 - 12, its base 40 is under the deductible */
	BILL("'in_scope':100");
	ADJUSTED("a", 6000);
	DEDUCTIBLE("b", 0);
	DUE("b", -1200);
	RECOVERABLE("b", 1200);
	DEDUCTIBLE("c", 0);
	DEDUCTIBLE("d", 0);
	CHECK_INT(LineOf("d")->base.fen, -6000);
}

/* Through the enter share of that entry, exactly: 0.333 x 6.68 = 2.22444 of 3.33333 */
static void
TestLaterEnter(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':15,'kind':'threshold'},'ratio':0.9}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','enter':0.333,'ratio':1}]}]");
	BILL("'in_scope':10.01");
	PAID("b", 333);
	/* 0.9 x 20.02 = 18.018: 10.01 here, all of the 6.68 there */
	BILL("'in_scope':10.01");
	ADJUSTED("a", 668);
	CHECK_INT(LineOf("b")->cumulative.fen, 110);
	CHECK_INT(LineOf("b")->cumulative.nano, 889000000);
	CHECK_INT(LineOf("b")->base.fen, -223);
	CHECK_INT(LineOf("b")->base.nano, 556000000);
	RECOVERABLE("b", 222);		/* 1.11 - 3.33 */
	/* a whole figure gets parts of a fen: 0.85 x 20.04 = 17.034, 7.01 booked, 3.505 leave 5.01 */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':15,'kind':'threshold'},'ratio':0.85}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','enter':0.5,'ratio':0}]}]");
	BILL("'in_scope':10.02");
	BILL("'in_scope':10.02");
	ADJUSTED("a", 701);
	CHECK_INT(LineOf("b")->cumulative.fen, 150);
	CHECK_INT(LineOf("b")->cumulative.nano, 500000000);
}

/* A gross column is not lowered, nor a layer whose place comes before, nor an entry with share 0 */
static void
TestNotLowered(void)
{
	PAGE("'layers':[{'name':'f','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','ratio':0}]},"
		 THRESHOLD("0.8", "") ",{'name':'g','kind':'other','base':{'of':'total'},"
			"'rules':[{'name':'r','settles':'year','ratio':0.1}]},"
		 "{'name':'o','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','enter':0,'ratio':1}]}]");
	BILL("'in_scope':100");
	PAID("g", 1000);
	BILL("'in_scope':100");
	ADJUSTED("a", 6000);
	CHECK_INT(LineOf("f")->cumulative.fen, 20000);
	CHECK_INT(LineOf("g")->cumulative.fen, 20000);
	CHECK_INT(LineOf("o")->cumulative.fen, 0);
	/* g is due 10 more; nothing is left here, 30 are left there */
	PAID("g", 0);
	ADJUSTED("g", 1000);
	BILL("'in_scope':0");
	CHECK_INT(LineOf("f")->cumulative.fen, 20000);
}

/* ---- paid bills that left the base ---- */

#define LEVEL_1_PAYS "{'name':'z','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'level':['1']},'ratio':0.95}]}"

/* 100 (5 left), 100 (paid 90, leaves the base, 10 left), 60: 0.45 x 160 = 72; 5 on the first, none on the second */
static void
TestDropped(void)
{
	PAGE("'layers':[" THRESHOLD("0.45", "'drop_paid_bills':true,") "," LEVEL_1_PAYS "]");
	BILL("'in_scope':100,'level':'1'");
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 9000);
	BILL("'in_scope':60,'level':'2'");
	DUE("a", 7200);
	PAID("a", 6000);
	ADJUSTED("a", 500);
	/* the other layer alone has entered the first bill: it is in the counter */
	PAGE("'layers':[" THRESHOLD("0.9", "'when':{'level':['1']},'counter':'x',") ","
		 "{'name':'b','kind':'other','base':{'excluded':1},'rules':["
		 "{'name':'r','when':{'level':['2']},'settles':'year','counter':'x','ratio':0}]}]");
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':100,'level':'3'");
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 10000);
	ADJUSTED("a", 8000);
}

/* Entries of another layer that shares the base: a bill is in the counter unless that layer has dropped it */
static void
TestEntriesOfOthers(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'level':['1']},'settles':'year','accrual':'true_up','counter':'x',"
		 "'deductible':{'amount':100,'kind':'threshold'},'ratio':1}]},"
		 "{'name':'b','kind':'other','base':{'excluded':1},'rules':[{'name':'r','when':{'level':['2','3']},'settles':'year',"
		 "'drop_paid_bills':true,'counter':'x','ratio':0.5}]}]");
	BILL("'in_scope':50,'excluded':10,'level':'3'");
	PAID("b", 500);
	BILL("'in_scope':60,'level':'2'");
	/* copay 60 of b's second bill and 100: 160 - 5 accrued; 100 here, 55 on the second, none on the first */
	BILL("'in_scope':100,'level':'1'");
	DUE("a", 15500);
	PAID("a", 10000);
	ADJUSTED("a", 5500);
	CHECK(strstr(AccountText(), "\"left\":{\"copay\":50.00,\"excluded\":5.00}") != NULL);
	CHECK(strstr(AccountText(), "\"left\":{\"copay\":5.00}") != NULL);
}

/* One alternative has dropped a bill, the other has let it in: it is in the counter, but not for the first */
static void
TestDroppedByAlternative(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','alternative':'s','base':{'of':'total','from':['copay']},"
		 "'rules':[{'name':'r','when':{'level':['1']},'settles':'year','drop_paid_bills':true,'counter':'x',"
		 "'deductible':{'amount':50,'kind':'threshold'},'ratio':0.2}]},"
		 "{'name':'b','kind':'other','alternative':'s','base':{'excluded':1},"
		 "'rules':[{'name':'r','when':{'level':['1']},'counter':'x','ratio':0}]},"
		 "{'name':'c','kind':'other','base':{'excluded':1},'rules':[{'name':'r','when':{'level':['2']},'settles':'year',"
		 "'accrual':'true_up','counter':'x','ratio':0.8}]}]");
	BILL("'in_scope':40,'level':'1'");
	PAID("a", 0);
	BILL("'excluded':100,'level':'1'");
	ADJUSTED("a", 2000);		/* 0.2 x 100, on the first bill, which b has let in */
	STATE("b", LINE_APPLIED);
	BILL("'excluded':60,'level':'2'");
	DUE("c", 10800);			/* 0.8 x 160 - 20 accrued */
	PAID("c", 6000);
	ADJUSTED("c", 4800);
}

/* A bill that left a later layer's base is not taken out of it again */
static void
TestDroppedLater(void)
{
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'b','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','drop_paid_bills':true,'ratio':0.4}]}]");
	BILL("'in_scope':100");
	PAID("b", 4000);
	BILL("'in_scope':100");
	ADJUSTED("a", 6000);
	CHECK_INT(LineOf("b")->base.fen, 0);
	RECOVERABLE("b", 0);
}

/* An adjustment is not a payment on the bill: paid_by and alternatives do not see it */
static void
TestAdjustmentIsNoPayment(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','alternative':'s','base':{'copay':1},"
		 "'rules':[{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5},"
		 "{'name':'2','settles':'year','accrual':'true_up','ratio':0.8}]},"
		 "{'name':'b','kind':'other','alternative':'s','base':{'excluded':1},'rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'c','kind':'other','base':{'excluded':1},'rules':[{'name':'r','when':{'paid_by':['a']},'ratio':0.5}]}]");
	BILL("'in_scope':100,'excluded':10,'level':'1'");
	STATE("b", LINE_ALTERNATIVE_PAID);
	STATE("c", LINE_APPLIED);
	BILL("'excluded':10,'level':'2'");
	PAID("a", 0);
	ADJUSTED("a", 3000);
	PAID("b", 500);
	STATE("c", LINE_NO_RULE);
}

int
main(void)
{
	TestAdjustment();
	TestOldestFirst();
	TestLapse();
	TestBuckets();
	TestCap();
	TestYuan();
	TestGross();
	TestBasic();
	TestLaterBase();
	TestLaterDeductible();
	TestLaterEnter();
	TestNotLowered();
	TestDropped();
	TestEntriesOfOthers();
	TestDroppedByAlternative();
	TestDroppedLater();
	TestAdjustmentIsNoPayment();
	return CheckEnd();
}
