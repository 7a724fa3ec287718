/*
 * test_fold_history.c — what reaches back: year adjustments booked on earlier bills, and events without cost.
 */
#include "fold_helpers.h"

/* Does the account's text say this? */
#define ACCOUNT_SAYS(text) CHECK(strstr(AccountText(), text) != NULL)
#define ACCOUNT_LACKS(text) CHECK(strstr(AccountText(), text) == NULL)

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
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'z','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'level':['1']},'ratio':0.95}]}]");
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
	PAGE("'parts':{'excluded.x':'x'},'layers':[{'name':'a','kind':'other','base':{'copay':1,'excluded':1,'excluded.x':1},'rules':[{'name':'r','settles':'year',"
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
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','deductible':{'amount':150,'kind':'threshold'},"
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
	PAGE("'layers':[{'name':'a','kind':'other','base':{'of':'total','from':['copay']},'rules':[{'name':'r','settles':'year','ratio':0.2}]}]");
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
	PAGE("'layers':[{'name':'b','kind':'basic','rules':[{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5,'caps':[{'limit':30,'per':'visit'}]},"
		 "{'name':'2','settles':'year','accrual':'true_up','ratio':0.9}]}]");
	BILL("'in_scope':100,'level':'1'");
	LEFT("over_cap", 4000);
	LEFT("copay", 3000);
	/* 0.9 x 110 - 50 accrued */
	BILL("'in_scope':10,'level':'2'");
	PAID("b", 1000);
	ADJUSTED("b", 3900);
	ACCOUNT_SAYS("\"left\":{\"over_cap\":1.00,\"copay\":30.00}");
	PAGE("'layers':[{'name':'b','kind':'basic','rules':[{'name':'1','when':{'level':['1']},'settles':'year','deductible':{'amount':20},'ratio':0.5},"
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
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','ratio':0.4}]}]");
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
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','deductible':{'amount':70},'ratio':0.4}]},"
		 "{'name':'c','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','deductible':{'amount':300,'counter':'c'},'ratio':0.4}]},"
		 "{'name':'d','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','deductible':{'amount':500,'kind':'threshold'},'ratio':0.4}]}]");
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
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','deductible':{'amount':15,'kind':'threshold'},'ratio':0.9}]},"
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
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','deductible':{'amount':15,'kind':'threshold'},'ratio':0.85}]},"
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
		 THRESHOLD("0.8", "") ",{'name':'g','kind':'other','base':{'of':'total'},'rules':[{'name':'r','settles':'year','ratio':0.1}]},"
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
	/* the same when another layer keeps the second bill in the counter: 0.45 x 170 = 76.50 */
	PAGE("'layers':[" THRESHOLD("0.45", "'counter':'x','drop_paid_bills':true,") ",{'name':'b','kind':'other','base':{'excluded':1},'rules':["
		 "{'name':'r','when':{'level':['2']},'settles':'year','counter':'x','ratio':0}]}," LEVEL_1_PAYS "]");
	BILL("'in_scope':100,'level':'1'");
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 9000);
	BILL("'in_scope':60,'level':'3'");
	DUE("a", 7650);
	ADJUSTED("a", 500);
	/* the other layer alone has entered the first bill: it is in the counter */
	PAGE("'layers':[" THRESHOLD("0.9", "'when':{'level':['1']},'counter':'x',") ",{'name':'b','kind':'other','base':{'excluded':1},'rules':["
		 "{'name':'r','when':{'level':['2']},'settles':'year','counter':'x','ratio':0}]}]");
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':100,'level':'3'");
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 10000);
	ADJUSTED("a", 8000);
}

/* Entries of other layers: a bill is in the counter if one of them has not dropped it */
static void
TestEntriesOfOthers(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'level':['1']},'settles':'year','accrual':'true_up','counter':'x',"
		 "'deductible':{'amount':150,'kind':'threshold'},'ratio':0.9}]},"
		 "{'name':'c','kind':'other','base':{'over_limit':1},'rules':[{'name':'r','when':{'level':['2']},'counter':'x','ratio':0}]},"
		 "{'name':'b','kind':'other','base':{'excluded':1},'rules':[{'name':'r','when':{'level':['2','3']},'settles':'year','drop_paid_bills':true,'counter':'x','ratio':0.5}]},"
		 "{'name':'d','kind':'other','base':{'over_limit':1},'rules':[{'name':'r','when':{'level':['2']},'counter':'x','ratio':0}]}]");
	BILL("'in_scope':50,'excluded':10,'level':'3'");
	PAID("b", 500);
	BILL("'in_scope':100,'excluded':10,'level':'2'");
	PAID("b", 1000);			/* 0.5 x 20: the first has left, c has entered the second already */
	/* copay 200 of c and d, and 100: 0.9 x 300 - 15 accrued = 255; 100 here, 100 on the second, none on the first */
	BILL("'in_scope':100,'level':'1'");
	DUE("a", 25500);
	PAID("a", 10000);
	ADJUSTED("a", 10000);
}

/* A bill that left a later layer's base is not taken out of it again */
static void
TestDroppedLater(void)
{
	PAGE("'layers':[" THRESHOLD("0.8", "") ",{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','drop_paid_bills':true,'ratio':0.4}]}]");
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
	PAGE("'layers':[{'name':'a','kind':'other','alternative':'s','base':{'copay':1},'rules':[{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5},"
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

/* ---- events ---- */

#define BILLS_PAY "{'name':'m','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]}"
#define EVENT(rule) "'layers':[" BILLS_PAY ",{'name':'t','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','on':'application'," rule "}]}]"
#define APPLY "'kind':'application'"

/* 50 + 30 are left of the inpatient bills; 0.5 x (80 - 30) = 25; again nothing; with 20 more left 10; then twice is enough */
static void
TestApplication(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date','when':{'care_type':['21']}},'deductible':{'amount':30},'ratio':0.5,'times':{'limit':2}"));
	OnDay("2025-01-10");
	BILL("'in_scope':100,'care_type':'21'");
	STATE("t", LINE_NO_RULE);
	BILL("'in_scope':100,'care_type':'11'");
	OnDay("2025-03-10");
	BILL("'in_scope':60,'care_type':'2101'");
	OnDay("2025-04-01");
	BILL(APPLY);
	STATE("m", LINE_NO_RULE);
	CHECK_INT(LineOf("t")->base.fen, 8000);
	DEDUCTIBLE("t", 3000);
	PAID("t", 0);
	ADJUSTED("t", 2500);
	ACCOUNT_SAYS("\"left\":{\"copay\":25.00},\"event_paid\":[{\"layer\":\"t\",\"buckets\":{\"copay\":25.00}}]");
	BILL(APPLY);
	CHECK_INT(LineOf("t")->base.fen, 8000);
	DUE("t", 0);
	BILL("'in_scope':40,'care_type':'21'");
	BILL(APPLY);
	ADJUSTED("t", 1000);		/* 0.5 x 70 - 25 */
	BILL("'in_scope':40,'care_type':'21'");
	BILL(APPLY);
	DUE("t", 1000);
	ADJUSTED("t", 0);
}

/* Two bills carry one payment: 50 + 10 */
static void
TestEventOnSeveralBills(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':0.6"));
	BILL("'in_scope':100");
	BILL("'in_scope':100");
	BILL(APPLY);
	ADJUSTED("t", 6000);
	ACCOUNT_SAYS("\"left\":{\"copay\":40.00}");
	CHECK_INT(CountSteps(STEP_BOOKED), 2);
	/* a bill in between on which nothing is left */
	BILL("'excluded':100");
	BILL("'in_scope':200");
	BILL(APPLY);
	ADJUSTED("t", 6000);		/* 0.6 x 200 - 60: 40 and 20 */
}

/* Dates, one day around every edge */
static void
TestWindows(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':1"));
	OnDay("2024-12-31");
	BILL("'in_scope':2");
	OnDay("2025-01-01");
	BILL("'in_scope':20");
	OnDay("2025-05-01");
	BILL("'in_scope':200");
	BILL(APPLY);
	ADJUSTED("t", 11000);
	PAGE(EVENT("'window':{'over':'previous_year'},'ratio':1"));
	OnDay("2023-12-31");
	BILL("'in_scope':2");
	OnDay("2024-01-01");
	BILL("'in_scope':20");
	OnDay("2024-12-31");
	BILL("'in_scope':200");
	OnDay("2025-01-01");
	BILL("'in_scope':2000");
	BILL(APPLY);
	ADJUSTED("t", 11000);
	PAGE(EVENT("'window':{'over':'last_12_months'},'ratio':1"));
	OnDay("2024-06-15");
	BILL("'in_scope':2");
	OnDay("2024-06-16");
	BILL("'in_scope':20");
	OnDay("2025-06-15");
	BILL("'in_scope':200");
	BILL(APPLY);
	ADJUSTED("t", 11000);
	/* 12 months before 29 February is 28 February */
	PAGE(EVENT("'window':{'over':'last_12_months'},'ratio':1"));
	OnDay("2023-02-28");
	BILL("'in_scope':2");
	OnDay("2023-03-01");
	BILL("'in_scope':20");
	OnDay("2024-02-29");
	BILL(APPLY);
	ADJUSTED("t", 1000);
	/* and of 28 February it is the same day */
	PAGE(EVENT("'window':{'over':'last_12_months'},'ratio':1"));
	OnDay("2023-02-28");
	BILL("'in_scope':2");
	OnDay("2023-03-01");
	BILL("'in_scope':20");
	OnDay("2024-02-28");
	BILL(APPLY);
	ADJUSTED("t", 1000);
}

/* The period date counts: a bill that is settled after the event is not in its window */
static void
TestWindowBySettlement(void)
{
	PAGE("'period_date':'settlement'," EVENT("'window':{'over':'year_to_date'},'ratio':1"));
	BILL("'in_scope':20,'settled_on':'2025-07-01'");
	BILL(APPLY ",'settled_on':'2025-06-30'");
	ADJUSTED("t", 0);
	BILL(APPLY ",'settled_on':'2025-07-01'");
	ADJUSTED("t", 1000);
}

/* Level, referral, place, designated of the earlier bills; a bill that does not say is not meant */
static void
TestFilter(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date','when':{'level':['1','2'],'referral':['yes'],'place':['away'],'designated':true}},'ratio':1"));
	BILL("'in_scope':2,'level':'1','referral':'yes','place':'away','designated':true");
	BILL("'in_scope':20,'level':'2','referral':'yes','place':'away','designated':true");
	BILL("'in_scope':200,'level':'3','referral':'yes','place':'away','designated':true");
	BILL("'in_scope':200,'level':'1','referral':'no','place':'away','designated':true");
	BILL("'in_scope':200,'level':'1','referral':'yes','place':'local','designated':true");
	BILL("'in_scope':200,'level':'1','referral':'yes','place':'away','designated':false");
	BILL("'in_scope':200,'level':'1','referral':'yes','place':'away'");
	BILL("'in_scope':200,'referral':'yes','place':'away','designated':true");
	BILL(APPLY);
	ADJUSTED("t", 1100);
	PAGE(EVENT("'window':{'over':'year_to_date','when':{'designated':false}},'ratio':1"));
	BILL("'in_scope':2,'designated':true");
	BILL("'in_scope':20,'designated':false");
	BILL("'in_scope':200");
	BILL(APPLY);
	ADJUSTED("t", 1000);
}

/* Care types by prefix, also those that are longer than the declared one; codes that the page does not declare are kept all the same */
static void
TestKeptCodes(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date','when':{'care_type':['2101']}},'ratio':1"));
	BILL("'in_scope':2,'care_type':'210199'");
	BILL("'in_scope':20,'care_type':'2101'");
	BILL("'in_scope':200,'care_type':'21'");
	BILL("'in_scope':2000");
	BILL(APPLY);
	ADJUSTED("t", 1100);
	ACCOUNT_SAYS("\"care_type\":\"210199\"");
	BOOK("{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2020-01-01','sources':{'t':{'document':'d'}},'cite':{'source':'t'},"
		 "'layers':[{'name':'t','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5}]}]}]}");
	BILL("'in_scope':10,'level':'whatever','place':'anywhere'");
	BILL("'in_scope':10,'level':'whatever'");
	ACCOUNT_SAYS("\"level\":\"whatever\",\"place\":\"anywhere\"");
	BILL(APPLY);
	ADJUSTED("t", 1000);
}

/* Weights and enter share, exactly: 0.5 x 10.01 x 0.333 = 1.666665 */
static void
TestEventBase(void)
{
	PAGE("'layers':[{'name':'t','kind':'tilt','base':{'copay':0.5,'excluded':0},'rules':[{'name':'r','on':'year_close','window':{'over':'previous_year'},"
		 "'enter':0.333,'ratio':1}]}]");
	BILL("'in_scope':10.01,'excluded':7");
	OnDay("2026-01-15");
	BILL(APPLY);
	STATE("t", LINE_NO_RULE);
	BILL("'kind':'year_close'");
	CHECK_INT(LineOf("t")->base.fen, 166);
	CHECK_INT(LineOf("t")->base.nano, 666500000);
	ADJUSTED("t", 167);
	ACCOUNT_SAYS("\"left\":{\"copay\":8.34,\"excluded\":7.00}");
}

/* A threshold at, and one fen above; payment modifiers; caps and rounding */
static void
TestEventForms(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date'},'deductible':{'amount':50,'kind':'threshold'},'ratio':0.5"));
	BILL("'in_scope':100");
	BILL(APPLY);
	ADJUSTED("t", 0);
	DEDUCTIBLE("t", 5000);
	BILL("'in_scope':0.01");	/* 0.005 -> 0.01 paid: nothing more is left */
	BILL(APPLY);
	ADJUSTED("t", 0);
	BILL("'in_scope':0.02");
	BILL(APPLY);
	ADJUSTED("t", 2501);		/* 0.5 x 50.01 = 25.005 */
	DEDUCTIBLE("t", 0);
	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':0.5,'caps':[{'limit':20},{'limit':15,'per':'visit'}],'modifiers':[{'target':'payment','add':1}]"));
	BILL("'in_scope':100");
	BILL(APPLY);
	DUE("t", 2600);
	ADJUSTED("t", 1500);
	BILL(APPLY);
	DUE("t", 1100);
	ADJUSTED("t", 500);
	BILL(APPLY);
	ADJUSTED("t", 0);
	OnDay("2026-01-01");
	BILL(APPLY);
	CHECK_INT(LineOf("t")->room_fen, 1500);
}

/* Basic pays on what in_scope has become */
static void
TestEventOfBasic(void)
{
	PAGE("'layers':[{'name':'b','kind':'basic','rules':[{'name':'r','deductible':{'amount':20},'ratio':0.5,'caps':[{'limit':30,'per':'visit'}]},"
		 "{'name':'e','on':'application','window':{'over':'year_to_date'},'ratio':0.95}]}]");
	/* 0.5 x (y - 20) = 30 at 80: over_cap 20, copay 30, deductible 20 */
	BILL("'in_scope':100,'excluded':50");
	LEFT("over_cap", 2000);
	BILL(APPLY);
	CHECK_INT(LineOf("b")->base.fen, 7000);
	ADJUSTED("b", 6650);
	ACCOUNT_SAYS("\"left\":{\"deductible\":3.50,\"excluded\":50.00}");
}

/* Ceilings of the period bind, those of a visit have nothing to say; the event's cost is none */
static void
TestEventCeilings(void)
{
	PAGE("'ceilings':[{'name':'v','layers':['t'],'share':0.1,'of':'total','per':'visit'},"
		 "{'name':'p','layers':['m','t'],'share':0.6,'of':'total','per':'period','when':{'level':['1']}},{'name':'o','layers':['m'],'share':1,'of':'total','per':'period'}],"
		 EVENT("'window':{'over':'year_to_date'},'ratio':1"));
	BILL("'in_scope':100,'level':'1'");
	PAID("m", 5000);
	BILL(APPLY ",'level':'1'");
	CHECK_INT(LineOf("t")->room_fen, 1000);
	ADJUSTED("t", 1000);
	BILL(APPLY ",'level':'1'");
	ADJUSTED("t", 0);
	/* where its condition does not hold it does not bind an event either */
	BILL(APPLY ",'level':'2'");
	CHECK_INT(LineOf("t")->room_fen, NO_ROOM_LIMIT);
	ADJUSTED("t", 4000);
}

/* What later layers may ask of an event: paid (adjustments count here), exhausted, deductible, alternatives */
static void
TestEventChain(void)
{
	PAGE("'layers':[" BILLS_PAY ","
		 "{'name':'t','kind':'tilt','alternative':'s','base':{'copay':1},'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'deductible':{'amount':10},'ratio':0.5,'caps':[{'limit':25}]}]},"
		 "{'name':'u','kind':'tilt','alternative':'s','base':{'copay':1},'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5}]},"
		 "{'name':'p','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','when':{'paid_by':['t']},'on':'application','window':{'over':'year_to_date'},'ratio':0}]},"
		 "{'name':'x','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','when':{'exhausted':['t']},'on':'application','window':{'over':'year_to_date'},'ratio':0}]},"
		 "{'name':'d','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','when':{'self_pay':{'above_deductible_of':'t'}},'on':'application','window':{'over':'year_to_date'},'ratio':0}]}]");
	BILL("'in_scope':20");
	/* 10 left, all of it deductible */
	BILL(APPLY);
	ADJUSTED("t", 0);
	ADJUSTED("u", 500);
	STATE("p", LINE_NO_RULE);
	STATE("x", LINE_NO_RULE);
	STATE("d", LINE_NO_RULE);
	BILL("'in_scope':100");
	/* 5 + 50 left: 0.5 x 45 = 22.50 */
	BILL(APPLY);
	ADJUSTED("t", 2250);
	STATE("u", LINE_ALTERNATIVE_PAID);
	STATE("p", LINE_APPLIED);
	STATE("x", LINE_NO_RULE);
	BILL("'in_scope':100");
	BILL(APPLY);
	ADJUSTED("t", 250);
	STATE("x", LINE_APPLIED);
	ACCOUNT_SAYS("\"event_paid\":[{\"layer\":\"t\"");
}

/* A payment of an event leaves the base that the bill entered through a later layer: 100 - 25 */
static void
TestEventLowersBase(void)
{
	PAGE("'layers':[{'name':'t','kind':'other','base':{'copay':1},'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','ratio':0.5}]}]");
	BILL("'in_scope':100");
	BILL(APPLY);
	ADJUSTED("t", 2500);
	BILL("'in_scope':100");
	CHECK_INT(LineOf("b")->cumulative.fen, 17500);
	PAID("b", 5000);
}

/* A layer with open recoverables sets an event's payment off too; another one has none */
static void
TestEventSetOff(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','set_off':true,'base':{'copay':1},'rules':[{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5},"
		 "{'name':'2','when':{'level':['2']},'settles':'year','accrual':'true_up','ratio':0.8},"
		 "{'name':'e','on':'application','window':{'over':'year_to_date'},'ratio':0.5}]}]");
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 2500);
	/* 20 + 10 are left */
	BILL(APPLY ",'level':'1'");
	ADJUSTED("a", 1500);
	CHECK_INT(LineOf("a")->set_off_fen, 1500);
}

/* Facts of the event itself; what is missing is an error */
static void
TestEventFacts(void)
{
	PAGE(EVENT("'when':{'facts':{'income':{'below':1000}}},'window':{'over':'year_to_date'},'deductible':{'amount':{'base':0,'rate':0.01,'fact':'income'}},'ratio':1"));
	BILL("'in_scope':100");
	REFUSED(APPLY, ST_BILL_MISSING, "facts");
	BILL(APPLY ",'facts':{'income':999.99}");
	ADJUSTED("t", 4000);		/* 50 - 9.9999, rounded to 10.00 */
	BILL(APPLY ",'facts':{'income':1000}");
	STATE("t", LINE_NO_RULE);
	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':{'base':0,'rate':0.01,'fact':'income'}"));
	REFUSED(APPLY, ST_BILL_MISSING, "facts");
	REFUSED(APPLY ",'total':1", ST_BILL_EVENT_COST, "total");
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
	TestDroppedLater();
	TestAdjustmentIsNoPayment();
	TestApplication();
	TestEventOnSeveralBills();
	TestWindows();
	TestWindowBySettlement();
	TestFilter();
	TestKeptCodes();
	TestEventBase();
	TestEventForms();
	TestEventOfBasic();
	TestEventCeilings();
	TestEventChain();
	TestEventLowersBase();
	TestEventSetOff();
	TestEventFacts();
	return CheckEnd();
}
