/*
 * test_fold_basic.c — what becomes of in_scope when basic settles: deductible, over_cap, copay, penalty, away_share. Given
 * amounts are in test_fold_given.c.
 */
#include "fold_helpers.h"

/* A chain of basic alone, with one rule */
static void
Basic(const char *rule, int line)
{
	char		members[2048];

	snprintf(members, sizeof(members), "'layers':[{'name':'b','kind':'basic','rules':[{'name':'r',%s}]}]", rule);
	CheckStatus(OpenPage(members), ST_OK, __FILE__, line, rule);
}

#define BASIC(rule) Basic(rule, __LINE__)

/* What basic pays and the buckets that it leaves, in fen: they add up to in_scope */
static void
Buckets(int64_t paid, int64_t deductible, int64_t over_cap, int64_t copay, int64_t penalty, int64_t away_share, int line)
{
	CheckIntegers(LineOf("b")->paid_fen, paid, __FILE__, line, "paid");
	CheckIntegers(LeftIn("in_scope"), 0, __FILE__, line, "in_scope");
	CheckIntegers(LeftIn("deductible"), deductible, __FILE__, line, "deductible");
	CheckIntegers(LeftIn("over_cap"), over_cap, __FILE__, line, "over_cap");
	CheckIntegers(LeftIn("copay"), copay, __FILE__, line, "copay");
	CheckIntegers(LeftIn("penalty"), penalty, __FILE__, line, "penalty");
	CheckIntegers(LeftIn("away_share"), away_share, __FILE__, line, "away_share");
}

#define BUCKETS_ARE(paid, deductible, over_cap, copay, penalty, away_share) \
	Buckets(paid, deductible, over_cap, copay, penalty, away_share, __LINE__)

/* 0.6 x 900 */
static void
TestPlain(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6");
	BILL("'in_scope':1000,'excluded':50");
	BUCKETS_ARE(54000, 10000, 0, 36000, 0, 0);
	LEFT("excluded", 5000);
	BILL("'in_scope':99.99");
	BUCKETS_ARE(0, 9999, 0, 0, 0, 0);
	BILL("'in_scope':100");
	BUCKETS_ARE(0, 10000, 0, 0, 0, 0);
	BILL("'in_scope':100.01");
	BUCKETS_ARE(1, 10000, 0, 0, 0, 0);	/* 0.006 -> 0.01 */
	BILL("'excluded':10");
	BUCKETS_ARE(0, 0, 0, 0, 0, 0);
}

/* No rule, no basic layer: all of in_scope is copay */
static void
TestNoRule(void)
{
	BASIC("'when':{'level':['1']},'ratio':0.6");
	BILL("'in_scope':1000,'level':'2'");
	STATE("b", LINE_NO_RULE);
	BUCKETS_ARE(0, 0, 0, 100000, 0, 0);
	PAGE("'layers':[]");
	BILL("'in_scope':1000,'excluded':10");
	LEFT("copay", 100000);
	CHECK_INT(split.n_lines, 0);
	CHECK_INT(split.patient_fen, 101000);
}

/* ---- over_cap ---- */

/* 300 is reached at 600: 0.6 x 500 */
static void
TestVisitCap(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':300,'per':'visit'}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(30000, 10000, 40000, 20000, 0, 0);
	/* not binding; binding by one fen: 0.6 x 500.01 = 300.006 -> 300.01 */
	BILL("'in_scope':600");
	BUCKETS_ARE(30000, 10000, 0, 20000, 0, 0);
	BILL("'in_scope':600.01");
	BUCKETS_ARE(30000, 10000, 1, 20000, 0, 0);
	/* 0.6 x 499.99 = 299.994 -> 299.99 */
	BILL("'in_scope':599.99");
	BUCKETS_ARE(29999, 10000, 0, 20000, 0, 0);
	/* the point in whole fen, rounded up: 0.6 x (y - 100) >= 300.01 at 600.02 */
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':300.01,'per':'visit'}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(30001, 10000, 39998, 20001, 0, 0);
}

/* No room: everything above the deductible; also for the number of payments */
static void
TestNoRoom(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':300}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(30000, 10000, 40000, 20000, 0, 0);
	BILL("'in_scope':1000");
	BUCKETS_ARE(0, 10000, 90000, 0, 0, 0);
	BILL("'in_scope':100");
	BUCKETS_ARE(0, 10000, 0, 0, 0, 0);
	BASIC("'deductible':{'amount':100},'ratio':0.6,'times':{'limit':1}");
	BILL("'in_scope':1000");
	BILL("'in_scope':1000");
	BUCKETS_ARE(0, 10000, 90000, 0, 0, 0);
	/* whole-amount bands too: with no room everything above the deductible */
	BASIC("'deductible':{'amount':100},'banding':'whole_amount','bands':[{'ratio':0.6}],'times':{'limit':1}");
	BILL("'in_scope':1000");
	BILL("'in_scope':1000");
	BUCKETS_ARE(0, 10000, 90000, 0, 0, 0);
}

/* In a whole-amount band there is no such point: the payment lost, 540 - 300 */
static void
TestWholeAmount(void)
{
	BASIC("'deductible':{'amount':100},'banding':'whole_amount','bands':[{'ratio':0.6}],'caps':[{'limit':300,'per':'visit'}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(30000, 10000, 24000, 36000, 0, 0);
}

/* Several bands: 0.5 x 400 = 200, then 0.8: 260 is reached at 500 + 75 */
static void
TestBands(void)
{
	BASIC("'deductible':{'amount':100},'bands':[{'to':500,'ratio':0.5},{'ratio':0.8}],'caps':[{'limit':260,'per':'visit'}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(26000, 10000, 42500, 21500, 0, 0);
	/* edges above the deductible: 0.5 x 500 = 250, 0.8 x 12.50 = 10: at 100 + 512.50 */
	BASIC("'deductible':{'amount':100},'edges':'above','bands':[{'to':500,'ratio':0.5},{'ratio':0.8}],"
		  "'caps':[{'limit':260,'per':'visit'}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(26000, 10000, 38750, 25250, 0, 0);
}

/* The base above a cap on the base; and both kinds of cap */
static void
TestBaseCap(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':500,'per':'visit','on':'base'}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(24000, 10000, 50000, 16000, 0, 0);
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':800,'on':'base','group':'g'},{'limit':300,'per':'visit'}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(30000, 10000, 40000, 20000, 0, 0);
	BILL("'in_scope':1000");	/* nothing enters any more, and no deductible is taken of it */
	BUCKETS_ARE(0, 0, 100000, 0, 0, 0);
}

/* Only by rounding up is more due than there is room: no point reaches it, nothing is above it */
static void
TestNeverReached(void)
{
	BASIC("'ratio':0.5,'rounding':{'unit':'yuan','mode':'up'},'caps':[{'limit':0.80,'per':'visit'}]");
	BILL("'in_scope':0.99");
	BUCKETS_ARE(80, 0, 0, 19, 0, 0);
}

/* The whole payment is halved: 0.5 x 0.6 x (y - 100) reaches 90 at 400 */
static void
TestPaymentModifier(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':90,'per':'visit'}],"
		  "'modifiers':[{'target':'payment','multiply':0.5}]");
	BILL("'in_scope':1000");
	BUCKETS_ARE(9000, 10000, 60000, 21000, 0, 0);
}

/* Ceilings are caps as well: 20 % of 1050 = 210, reached at 450 */
static void
TestCeiling(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['b'],'share':0.2,'of':'total','per':'visit'}],"
		 "'layers':[{'name':'b','kind':'basic','rules':[{'name':'r','deductible':{'amount':100},'ratio':0.6}]}]");
	BILL("'in_scope':1000,'excluded':50");
	BUCKETS_ARE(21000, 10000, 55000, 14000, 0, 0);
}

/* ---- rules of the year ---- */

/* slice: 180 of 400; then 0.6 y reaches the 120 that are left of 300 at 200 */
static void
TestSlice(void)
{
	BASIC("'settles':'year','deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':300}]");
	BILL("'in_scope':400");
	BUCKETS_ARE(18000, 10000, 0, 12000, 0, 0);
	BILL("'in_scope':400");
	BUCKETS_ARE(12000, 0, 20000, 8000, 0, 0);
}

/* The deductible of the year lies inside: 0.6 (y - 100) reaches 60 at 200; on the second bill 0.6 y reaches it at 100 */
static void
TestSliceAndDeductible(void)
{
	BASIC("'settles':'year','deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':60,'per':'visit'}]");
	BILL("'in_scope':400");
	BUCKETS_ARE(6000, 10000, 20000, 4000, 0, 0);
	BILL("'in_scope':400");
	BUCKETS_ARE(6000, 0, 30000, 4000, 0, 0);
}

/* Thirds: e(2 fen) = 0.666666; 0.333333 (2 + y) - 0.666666 reaches 1 fen at y = 4 (1.333332), not at 3 (0.999999) */
static void
TestSliceOfThirds(void)
{
	BASIC("'settles':'year','ratio':0.333333,'caps':[{'limit':0.01,'per':'visit'}]");
	BILL("'in_scope':0.02");
	BUCKETS_ARE(1, 0, 0, 1, 0, 0);
	BILL("'in_scope':0.10");
	BUCKETS_ARE(1, 0, 6, 3, 0, 0);
}

/* true_up: 50 accrued at 50 %; at 80 % of the year 110 are due, 60 allowed: 0.8 (100 + y) - 50 = 60 at 37.50; copay gives way */
static void
TestTrueUp(void)
{
	PAGE("'layers':[{'name':'b','kind':'basic','rules':["
		 "{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5},"
		 "{'name':'3','when':{'level':['3']},'settles':'year','accrual':'true_up','ratio':0.8,'caps':[{'limit':60,'per':'visit'}]},"
		 "{'name':'2','settles':'year','accrual':'true_up','ratio':0.8,'caps':[{'limit':20,'per':'visit'}]}]}]");
	BILL("'in_scope':100,'level':'1'");
	BUCKETS_ARE(5000, 0, 0, 5000, 0, 0);
	BILL("'in_scope':100,'level':'3'");
	DUE("b", 11000);
	/* 100 - 62.50 - 60 is below 0 by 22.50: over_cap 40 */
	BUCKETS_ARE(6000, 0, 4000, 0, 0, 0);
	/* another person: 30 are due before any of this bill, the room of 20 is reached at 0 */
	FoldPerson(&person);
	BILL("'in_scope':100,'level':'1'");
	BILL("'in_scope':100,'level':'2'");
	BUCKETS_ARE(2000, 0, 8000, 0, 0, 0);
}

/* A deductible counter: 60 of 100 taken; 0.6 (y - 40) reaches 30 at 90 */
static void
TestDeductibleCounter(void)
{
	BASIC("'settles':'year','deductible':{'amount':100,'counter':'c'},'ratio':0.6,'caps':[{'limit':30,'per':'visit'}]");
	BILL("'in_scope':60");
	BUCKETS_ARE(0, 6000, 0, 0, 0, 0);
	BILL("'in_scope':100");
	BUCKETS_ARE(3000, 4000, 1000, 2000, 0, 0);
}

/* No deductible at all in the year, and one that is removed */
static void
TestNoDeductible(void)
{
	BASIC("'settles':'year','ratio':0.5,'caps':[{'limit':40,'per':'visit'}]");
	BILL("'in_scope':100");
	BUCKETS_ARE(4000, 0, 2000, 4000, 0, 0);
	BASIC("'deductible':{'amount':50},'ratio':0.5,'caps':[{'limit':40,'per':'visit'}],"
		  "'modifiers':[{'target':'deductible','remove':true}]");
	BILL("'in_scope':100");
	BUCKETS_ARE(4000, 0, 2000, 4000, 0, 0);
}

/*
 * Per visit until a critical layer before it is crossed: 25; then 0.5 x 150 - 25 = 50 of which 30: 0.5 (50 + y) - 25 = 30 at
 * 60; then slices
 */
static void
TestCrossing(void)
{
	PAGE("'layers':[{'name':'k','kind':'critical','base':{'in_scope':1,'penalty':0},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0}]},"
		 "{'name':'b','kind':'basic','rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},'ratio':0.5,"
		 "'caps':[{'limit':30,'per':'visit'}]}]}]");
	BILL("'in_scope':50");
	BUCKETS_ARE(2500, 0, 0, 2500, 0, 0);
	BILL("'in_scope':100");
	DUE("b", 5000);
	BUCKETS_ARE(3000, 0, 4000, 3000, 0, 0);
	BILL("'in_scope':100");
	BUCKETS_ARE(3000, 0, 4000, 3000, 0, 0);
}

/* ---- copay that would be negative ---- */

/* Fixed amounts: deductible 100, paid 300 of 300; with a cap on the base the over_cap gives way first */
static void
TestGivesWay(void)
{
	BASIC("'deductible':{'amount':100},'banding':'whole_amount','bands':[{'amount':500}]");
	BILL("'in_scope':300");
	DUE("b", 50000);
	BUCKETS_ARE(30000, 0, 0, 0, 0, 0);
	BASIC("'banding':'whole_amount','bands':[{'amount':250}],'caps':[{'limit':200,'per':'visit','on':'base'}]");
	BILL("'in_scope':300");
	BUCKETS_ARE(25000, 0, 5000, 0, 0, 0);
	BASIC("'deductible':{'amount':50},'banding':'whole_amount','bands':[{'amount':280}],"
		  "'caps':[{'limit':200,'per':'visit','on':'base'}]");
	BILL("'in_scope':300");
	BUCKETS_ARE(28000, 2000, 0, 0, 0, 0);
}

/* ---- away_share ---- */

/* 0.15 x 100.01 = 15.0015 goes out first; 0.6 x 75.01 = 45.006 */
static void
TestAwayShare(void)
{
	BASIC("'enter':0.85,'deductible':{'amount':10},'ratio':0.6");
	BILL("'in_scope':100.01");
	BUCKETS_ARE(4501, 1000, 0, 3000, 0, 1500);
	CHECK_INT(StepOf(STEP_AWAY_SHARE, 0)->result.fen, 1500);
	CHECK_INT(CountSteps(STEP_BUCKET_OUT), 3);
	CHECK_INT(StepOf(STEP_BUCKET_OUT, 2)->index, BUCKET_AWAY_SHARE);
	CHECK_INT(StepOf(STEP_BUCKET_OUT, 2)->result.fen, 1500);
	/* half up: 0.15 x 0.10 = 0.015 */
	BILL("'in_scope':0.10");
	BUCKETS_ARE(0, 8, 0, 0, 0, 2);
	/* by a modifier */
	BASIC("'ratio':0.5,'modifiers':[{'when':{'place':['away']},'target':'enter','set':0.9}]");
	BILL("'in_scope':100,'place':'away'");
	BUCKETS_ARE(4500, 0, 0, 4500, 0, 1000);
	BILL("'in_scope':100,'place':'local'");
	BUCKETS_ARE(5000, 0, 0, 5000, 0, 0);
}

/* ---- penalty ---- */

#define PENALTY(operation) "'modifiers':[{'when':{'referral':['no']}," operation ",'penalty':true}]"

/* 540 without, 0.48 x 900 = 432 with it */
static void
TestPenalty(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6," PENALTY("'target':'ratio','multiply':0.8"));
	BILL("'in_scope':1000,'referral':'no'");
	BUCKETS_ARE(43200, 10000, 0, 36000, 10800, 0);
	BILL("'in_scope':1000,'referral':'yes'");
	BUCKETS_ARE(54000, 10000, 0, 36000, 0, 0);
	/* in the layer's modifiers it is the same */
	PAGE("'layers':[{'name':'b','kind':'basic'," PENALTY("'target':'ratio','multiply':0.8")
		 ",'rules':[{'name':'r','deductible':{'amount':100},'ratio':0.6,'modifiers':[{'target':'ratio','add':0}]}]}]");
	BILL("'in_scope':1000,'referral':'no'");
	BUCKETS_ARE(43200, 10000, 0, 36000, 10800, 0);
}

/* Both after caps: 300 and 300; 450 (reached at 850) and 432 */
static void
TestPenaltyAndCap(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':300,'per':'visit'}]," PENALTY("'target':'ratio',"
		  "'multiply':0.8"));
	BILL("'in_scope':1000,'referral':'no'");
	BUCKETS_ARE(30000, 10000, 40000, 20000, 0, 0);
	BASIC("'deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':450,'per':'visit'}]," PENALTY("'target':'ratio',"
		  "'multiply':0.8"));
	BILL("'in_scope':1000,'referral':'no'");
	BUCKETS_ARE(43200, 10000, 15000, 30000, 1800, 0);
}

/* On the deductible: 540 and 0.6 x 850; the counter moves by the computation with the penalty */
static void
TestPenaltyDeductible(void)
{
	BASIC("'deductible':{'amount':100,'counter':'c'},'ratio':0.6," PENALTY("'target':'deductible','add':50"));
	BILL("'in_scope':1000,'referral':'no'");
	BUCKETS_ARE(51000, 10000, 0, 36000, 3000, 0);
	DEDUCTIBLE("b", 15000);
	BILL("'in_scope':1000,'referral':'yes'");
	BUCKETS_ARE(60000, 0, 0, 40000, 0, 0);
}

/* On what enters: 540 and 0.6 x (900 - 100); no away share, for the buckets are those without the penalty */
static void
TestPenaltyEnter(void)
{
	BASIC("'deductible':{'amount':100},'ratio':0.6," PENALTY("'target':'enter','set':0.9"));
	BILL("'in_scope':1000,'referral':'no'");
	BUCKETS_ARE(48000, 10000, 0, 36000, 6000, 0);
}

/* Refused: a penalty that would pay more; errors in either computation */
static void
TestPenaltyErrors(void)
{
	BASIC("'ratio':0.6," PENALTY("'target':'ratio','add':0.1"));
	REFUSED("'in_scope':1000,'referral':'no'", ST_PENALTY_PAYS, "modifiers");
	BILL("'in_scope':1000,'referral':'yes'");
	BASIC("'ratio':0.6,'modifiers':[{'target':'ratio','multiply':0.5},{'target':'ratio','multiply':0.5},"
		  "{'target':'ratio','multiply':0.5,'penalty':true}]");
	REFUSED("'in_scope':1000", ST_TOO_MANY_FACTORS, "modifiers");
	BASIC("'ratio':0.6,'deductible':{'amount':{'base':0,'rate':1,'fact':'f'}}," PENALTY("'target':'ratio','multiply':0.5"));
	REFUSED("'in_scope':1000,'referral':'no'", ST_BILL_MISSING, "facts");
	BASIC("'ratio':0.6,'deductible':{'amount':{'base':0,'rate':1,'fact':'f'}}");
	REFUSED("'in_scope':1000", ST_BILL_MISSING, "facts");
	/* only the computation of the room fails: the sum_cap depends on the fact */
	BASIC("'ratio':0.6,'deductible':{'amount':1,'sum_cap':{'limit':{'base':0,'rate':1,'fact':'f'},"
		  "'counter':'s'}}," PENALTY("'target':'ratio','multiply':0.5"));
	REFUSED("'in_scope':1000,'referral':'no'", ST_BILL_MISSING, "facts");
	BASIC("'ratio':0.6,'deductible':{'amount':1,'sum_cap':{'limit':{'base':0,'rate':1,'fact':'f'},'counter':'s'}}");
	REFUSED("'in_scope':1000", ST_BILL_MISSING, "facts");
}

/* The trace marks the computation without penalties */
static void
TestPenaltyTrace(void)
{
	BASIC("'ratio':0.6," PENALTY("'target':'ratio','multiply':0.5"));
	BILL("'in_scope':1000,'referral':'no'");
	CHECK_INT(CountSteps(STEP_ENTITLEMENT), 2);
	CHECK(StepOf(STEP_ENTITLEMENT, 0)->without_penalty);
	CHECK_INT(StepOf(STEP_ENTITLEMENT, 0)->result.fen, 60000);
	CHECK(!StepOf(STEP_ENTITLEMENT, 1)->without_penalty);
	CHECK_INT(StepOf(STEP_ENTITLEMENT, 1)->result.fen, 30000);
	CHECK_INT(CountSteps(STEP_BUCKET_OUT), 2);
	CHECK_INT(StepOf(STEP_BUCKET_OUT, 0)->index, BUCKET_COPAY);
	CHECK_INT(StepOf(STEP_BUCKET_OUT, 1)->index, BUCKET_PENALTY);
}

/* ---- what other layers make of it ---- */

/* A layer before basic takes of in_scope; critical takes deductible, copay and over_cap; assistance leaves the penalty */
static void
TestChain(void)
{
	PAGE("'layers':[{'name':'s','kind':'supplementary','base':{'in_scope':1},'rules':[{'name':'r','ratio':0.1}]},"
		 "{'name':'b','kind':'basic','rules':[{'name':'r','deductible':{'amount':100},'ratio':0.5,"
		 "'caps':[{'limit':300,'per':'visit'}],"
		 "'modifiers':[{'target':'ratio','multiply':0.5,'penalty':true}]}]},"
		 "{'name':'k','kind':'critical','base':{'deductible':1,'copay':1,'over_cap':1,'penalty':0},"
		 "'rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'m','kind':'assistance','base':{'deductible':1,'copay':1,'over_cap':1,'penalty':1},"
		 "'rules':[{'name':'r','ratio':1,'caps':[{'limit':350,'per':'visit'}]}]}]");
	/* 1000: s 100; b of 900: without penalty 0.5 x 800 = 400 -> 300 (at 700: over_cap 200, copay 300), with it 200, penalty 100 */
	BILL("'in_scope':1000");
	PAID("s", 10000);
	PAID("b", 20000);
	/* k: 0.5 x (100 + 300 + 200) = 300: over_cap 200, copay 100 */
	PAID("k", 30000);
	/* m: of copay 200, deductible 100, penalty 100 it pays 350: copay, deductible, 50 of the penalty */
	PAID("m", 35000);
	LEFT("copay", 0);
	LEFT("over_cap", 0);
	LEFT("deductible", 0);
	LEFT("penalty", 5000);
}

int
main(void)
{
	TestPlain();
	TestNoRule();
	TestVisitCap();
	TestNoRoom();
	TestWholeAmount();
	TestBands();
	TestBaseCap();
	TestNeverReached();
	TestPaymentModifier();
	TestCeiling();
	TestSlice();
	TestSliceAndDeductible();
	TestSliceOfThirds();
	TestTrueUp();
	TestDeductibleCounter();
	TestNoDeductible();
	TestCrossing();
	TestGivesWay();
	TestAwayShare();
	TestPenalty();
	TestPenaltyAndCap();
	TestPenaltyDeductible();
	TestPenaltyEnter();
	TestPenaltyErrors();
	TestPenaltyTrace();
	TestChain();
	return CheckEnd();
}
