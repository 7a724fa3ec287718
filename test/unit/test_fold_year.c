/*
 * test_fold_year.c — rules of the year: cumulative bases, slices and true-ups, crossing, shared counters, entitlement that
 * falls. What is booked on earlier bills is in test_fold_history.c.
 */
#include "fold_helpers.h"

/* ---- the year by hand ---- */

#define CRITICAL "{'name':'k','kind':'critical','base':{'copay':1,'penalty':0}," \
	"'rules':[{'name':'r','settles':'year','deductible':{'amount':10000},'ratio':0.6}]}"

static void
BillOf(int64_t copay_fen, int64_t critical, int64_t assistance, int line)
{
	char		members[64];

	snprintf(members, sizeof(members), "'in_scope':%lld.%02lld", (long long) copay_fen / 100, (long long) copay_fen % 100);
	CheckSettled(members, __FILE__, line);
	CheckIntegers(LineOf("k")->paid_fen, critical, __FILE__, line, "critical");
	CheckIntegers(LineOf("m")->paid_fen, assistance, __FILE__, line, "assistance");
}

#define YEAR_BILL(copay, critical, assistance) BillOf(copay, critical, assistance, __LINE__)

/*
 * Critical 10 000 / 60 %; assistance annual deductible 2 100, 60 % to 10 000 and 70 % above, cap 9 000 (the example in the
 * description of the domain). Burdens 1 500, 6 500, 4 000, 9 000; and all of it as one bill.
 */
static void
TestYearByHand(void)
{
	PAGE("'layers':[" CRITICAL ",{'name':'m','kind':'assistance','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':2100},"
		 "'bands':[{'to':10000,'ratio':0.6},{'ratio':0.7}],'caps':[{'limit':9000}]}]}]");
	YEAR_BILL(150000, 0, 0);
	YEAR_BILL(650000, 0, 354000);	/* 0.6 x (8 000 - 2 100) */
	YEAR_BILL(400000, 120000, 176000);	/* 10 800: 0.6 x 7 900 + 0.7 x 800 - 3 540 */
	YEAR_BILL(900000, 540000, 252000);	/* 14 400: 4 740 + 0.7 x 4 400 - 5 300 */
	OnDay("2026-01-01");
	YEAR_BILL(2100000, 660000, 782000);
	/* the cap of 9 000 leaves 1 180: 0.7 x 0.4 x 6 000 = 1 680 due */
	YEAR_BILL(600000, 360000, 118000);
}

/* Burdens 8 000, 4 000, 5 000 with assistance of 70 % on each visit; and without the second */
static void
TestReversedExample(void)
{
	static const char *const page = "'layers':[" CRITICAL ","
		"{'name':'m','kind':'assistance','base':{'copay':1},'rules':[{'name':'r','ratio':0.7}]}]";

	PAGE(page);
	YEAR_BILL(800000, 0, 560000);
	YEAR_BILL(400000, 120000, 196000);
	YEAR_BILL(500000, 300000, 140000);
	PAGE(page);
	YEAR_BILL(800000, 0, 560000);
	YEAR_BILL(500000, 180000, 224000);
}

/* The edge of the deductible of the year, by fen */
static void
TestEdge(void)
{
	RULE("'settles':'year','deductible':{'amount':100},'ratio':1");
	BILL("'in_scope':99.99");
	PAID("a", 0);
	DEDUCTIBLE("a", 9999);
	BILL("'in_scope':0.01");
	PAID("a", 0);
	DEDUCTIBLE("a", 1);
	CHECK_INT(StepOf(STEP_DEDUCTIBLE, 0)->used.fen, 9999);
	CHECK_INT(StepOf(STEP_DEDUCTIBLE, 0)->limit_fen, 10000);
	CHECK_INT(StepOf(STEP_CUMULATIVE, 0)->low.fen, 9999);
	CHECK_INT(StepOf(STEP_CUMULATIVE, 0)->high.fen, 10000);
	BILL("'in_scope':0.01");
	PAID("a", 1);
	DEDUCTIBLE("a", 0);
	CHECK_INT(StepOf(STEP_DEDUCTIBLE, 0)->used.fen, 10000);
	CHECK_INT(LineOf("a")->cumulative.fen, 10001);
	CHECK_INT(LineOf("a")->base.fen, 1);
}

/* ---- slices ---- */

/* The difference of two rounded entitlements: 33.3333, 66.6666, 99.9999 */
static void
TestSlices(void)
{
	RULE("'settles':'year','ratio':0.333333");
	BILL("'in_scope':1");
	PAID("a", 33);
	BILL("'in_scope':1");
	PAID("a", 34);
	BILL("'in_scope':1");
	PAID("a", 33);
	/* rounded down: 33, 66, 99 */
	RULE("'settles':'year','ratio':0.333333,'rounding':{'mode':'down'}");
	BILL("'in_scope':1");
	BILL("'in_scope':1");
	PAID("a", 33);
}

/* A change of category is not a change of the past */
static void
TestChange(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'1','when':{'level':['1']},'settles':'year','deductible':{'amount':50},'ratio':0.5},"
		 "{'name':'2','settles':'year','ratio':0.8}]}]");
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 2500);
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 8000);			/* 0.8 x 200 - 0.8 x 100 */
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 5000);
}

/* Weights are those of now: 0.5 x (100 + 50) - 0.5 x 100, of first_share 100 then 50, at weight 0.5 and 1 */
static void
TestWeightsOfNow(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1,'first_share':0.5},"
		 "'rules':[{'name':'1','when':{'level':['1']},'settles':'year','ratio':0.5},"
		 "{'name':'2','base':{'copay':1,'first_share':1},'settles':'year','bands':[{'to':100,'ratio':0.2},{'ratio':0.6}]}]}]");
	BILL("'first_share':100,'level':'1'");
	PAID("a", 2500);
	BILL("'first_share':50,'level':'2'");
	PAID("a", 3000);			/* 20 + 0.6 x 50 less 20 */
}

/* Enter shares accumulate exactly: 0.333 x 1 = 33.3 fen each; 33, 67, 100 */
static void
TestEnter(void)
{
	RULE("'settles':'year','enter':0.333,'ratio':1");
	BILL("'in_scope':1");
	PAID("a", 33);
	BILL("'in_scope':1");
	PAID("a", 34);
	BILL("'in_scope':1");
	PAID("a", 33);				/* 99.9 -> 100 */
	CHECK_INT(LineOf("a")->cumulative.fen, 99);
	CHECK_INT(LineOf("a")->cumulative.nano, 900000000);
	BILL("'in_scope':1");
	PAID("a", 33);				/* 133.2 */
}

/* … and so does a gross column */
static void
TestGross(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'of':'total'},"
		 "'rules':[{'name':'r','settles':'year','enter':0.333,'ratio':1}]}]");
	BILL("'in_scope':1");
	PAID("a", 33);
	BILL("'excluded':1");
	PAID("a", 34);
	BILL("'in_scope':1");
	PAID("a", 33);
}

/* Product years and quarters */
static void
TestPeriods(void)
{
	PAGE("'counters':{'a':{'starts':'07-01'},'q':{'every':'quarter'}},'layers':["
		 "{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','settles':'year','deductible':{'amount':100},"
		 "'ratio':0.5}]},"
		 "{'name':'b','kind':'other','base':{'excluded':1},'rules':[{'name':'r','settles':'year','counter':'q',"
		 "'deductible':{'amount':100},'ratio':0.5}]}]");
	OnDay("2025-03-31");
	BILL("'in_scope':100,'excluded':100");
	OnDay("2025-06-30");
	BILL("'in_scope':100,'excluded':100");
	PAID("a", 5000);
	PAID("b", 0);
	OnDay("2025-07-01");
	BILL("'in_scope':100,'excluded':100");
	PAID("a", 0);
	OnDay("2026-06-30");
	BILL("'in_scope':100,'excluded':100");
	PAID("a", 5000);
	/* a year that begins within January */
	PAGE("'counters':{'a':{'starts':'01-15'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0.5}]}]");
	OnDay("2025-12-31");
	BILL("'in_scope':100");
	OnDay("2026-01-14");
	BILL("'in_scope':100");
	PAID("a", 5000);
	OnDay("2026-01-15");
	BILL("'in_scope':100");
	PAID("a", 0);
}

/* ---- a deductible counter beside the cumulative base ---- */

/* 60 a quarter: the part taken so far eats the lowest part of the year's base */
static void
TestDeductibleCounter(void)
{
	PAGE("'counters':{'q':{'every':'quarter'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year',"
		 "'deductible':{'amount':60,'counter':'q'},'bands':[{'to':100,'ratio':0.5},{'ratio':0.8}]}]}]");
	BILL("'in_scope':50");
	DEDUCTIBLE("a", 5000);
	PAID("a", 0);
	BILL("'in_scope':100");
	DEDUCTIBLE("a", 1000);
	PAID("a", 6000);			/* 0.5 x 40 + 0.8 x 50 */
	BILL("'in_scope':100");
	PAID("a", 8000);
	OnDay("2025-04-01");
	BILL("'in_scope':100");
	DEDUCTIBLE("a", 6000);
	PAID("a", 4400);			/* 0.8 x (350 - 120) - 140 */
}

/* ---- shared counters ---- */

/* Layers that never meet on a bill share the year: 10 % of its first 100, then half */
static void
TestSharedBase(void)
{
#define OF_LEVEL(name, level) "{'name':'" name "','kind':'other','base':{'copay':1},'rules':[{'name':'r'," \
	"'when':{'level':['" level "']},'settles':'year','counter':'y','bands':[{'to':100,'ratio':0.1},{'ratio':0.5}]}]}"
	PAGE("'layers':[" OF_LEVEL("a", "1") "," OF_LEVEL("b", "2") "]");
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 1000);
	STATE("b", LINE_NO_RULE);
	BILL("'in_scope':100,'level':'2'");
	CHECK_INT(LineOf("b")->cumulative.fen, 20000);
	PAID("b", 5000);
}

/* A bill stands in the base of alternatives once: as the last one that was applied let it in */
static void
TestBaseOfAlternatives(void)
{
#define ALTERNATIVE(name, rule) "{'name':'" name "','kind':'other','alternative':'s','base':{'copay':1},'rules':[{'name':'r'," \
	"'settles':'year','counter':'y'," rule "}]}"
	PAGE("'layers':[" ALTERNATIVE("a", "'deductible':{'amount':150},'ratio':0.5") "," ALTERNATIVE("b", "'enter':0.5,'ratio':0.1")
		 "]");
	BILL("'in_scope':100");
	PAID("a", 0);
	CHECK_INT(LineOf("b")->base.fen, 5000);
	PAID("b", 500);
	BILL("'in_scope':200");		/* 50 + 200 */
	CHECK_INT(LineOf("a")->cumulative.fen, 25000);
	PAID("a", 5000);
	STATE("b", LINE_ALTERNATIVE_PAID);
	BILL("'in_scope':100");		/* 0.5 x 200 - 50 */
	PAID("a", 5000);
	/* given with nothing: the other one pays on 350 + 50 */
	BILL("'in_scope':100,'given':{'a':{'amount':0}}");
	CHECK_INT(LineOf("b")->cumulative.fen, 40000);
	PAID("b", 500);
	BILL("'in_scope':100,'given':{'a':{'amount':0},'b':{'amount':10}}");
	BILL("'in_scope':0.01");	/* 400 + 50 + 0.01: 0.5 x 300.01 - 0.5 x 300, half up */
	CHECK_INT(LineOf("a")->cumulative.fen, 45001);
	PAID("a", 1);
	/* two sets, each with a base of its own, behind a layer that keeps bills */
	PAGE("'layers':[{'name':'k','kind':'other','base':{'excluded':1},"
		 "'rules':[{'name':'r','settles':'year','accrual':'true_up','ratio':0}]},"
		 ALTERNATIVE("a", "'deductible':{'amount':150},'ratio':0.5") "," ALTERNATIVE("b", "'ratio':0") ","
		 "{'name':'c','kind':'other','alternative':'t','base':{'copay':1},'rules':[{'name':'r','counter':'z','ratio':0}]},"
		 "{'name':'d','kind':'other','alternative':'t','base':{'copay':1},'rules':[{'name':'r','settles':'year','counter':'z',"
		 "'ratio':0.1}]}]");
	BILL("'in_scope':100");
	BILL("'in_scope':100");
	PAID("a", 2500);
	CHECK_INT(LineOf("d")->cumulative.fen, 17500);
	PAID("d", 750);
	CHECK(strstr(AccountText(), "\"layer\":\"k\",\"place\":0,\"enter\":1},{\"base\":1,\"layer\":\"b\"") != NULL);
}

/* What the deductible of the one took is not taken from the base when the other is applied: 0.1 x (100 - 30), then 0.1 x 100 */
static void
TestDeductibleOfAlternatives(void)
{
	PAGE("'layers':[" ALTERNATIVE("a", "'deductible':{'amount':30,'counter':'d'},'ratio':0") ","
		 ALTERNATIVE("b", "'deductible':{'amount':30,'counter':'e'},'ratio':0.1") "]");
	BILL("'in_scope':100");
	DEDUCTIBLE("b", 3000);
	PAID("b", 700);
	BILL("'in_scope':100");
	DEDUCTIBLE("b", 0);
	PAID("b", 1000);
	CHECK_INT(LineOf("b")->base.fen, 10000);
}

/* Rules that name one counter share it: the dues of a visit rule are accrued for a true_up */
static void
TestVisitAccrues(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'1','when':{'level':['1']},'deductible':{'amount':20},'ratio':0.5},"
		 "{'name':'2','settles':'year','accrual':'true_up','ratio':0.6}]}]");
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 4000);
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 8000);			/* 0.6 x 200 - 40 */
}

/* ---- entitlement that falls ---- */

#define UP_AND_DOWN(layer, caps) "'layers':[{'name':'a','kind':'other'," layer "'base':{'copay':1},'rules':[" \
	"{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5" caps "}," \
	"{'name':'2','settles':'year','accrual':'true_up','ratio':0.8" caps "}]}]"

/* 80, then 0.5 x 110 - 80 = -25: recoverable, the bill carries 0; accrued is 55 */
static void
TestRecoverable(void)
{
	PAGE(UP_AND_DOWN("", ""));
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 8000);
	BILL("'in_scope':10,'level':'1'");
	DUE("a", -2500);
	PAID("a", 0);
	RECOVERABLE("a", 2500);
	LEFT("copay", 1000);
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 5000);			/* 105 - 55 */
	CHECK_INT(LineOf("a")->set_off_fen, 0);
	CHECK_INT(CountSteps(STEP_ACCRUED), 1);
	CHECK_INT(StepOf(STEP_ACCRUED, 0)->result.fen, 5500);
}

/* At most what was paid above the entitlement: a cap had refused part of it */
static void
TestRecoverableLimit(void)
{
	/* due 80, paid 60; 55 entitled: 5 */
	PAGE(UP_AND_DOWN("", ",'caps':[{'limit':60}]"));
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 6000);
	BILL("'in_scope':10,'level':'1'");
	DUE("a", -2500);
	RECOVERABLE("a", 500);
	/* the cap's paid side is 55: due 50, room 5 */
	BILL("'in_scope':100,'level':'1'");
	DUE("a", 5000);
	PAID("a", 500);
	/* paid 55 and entitled 55: nothing; and a fen less */
	PAGE(UP_AND_DOWN("'set_off':true,", ",'caps':[{'limit':55}]"));
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 0);
	PAGE(UP_AND_DOWN("", ",'caps':[{'limit':54.99}]"));
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 0);
	PAGE(UP_AND_DOWN("", ",'caps':[{'limit':55.01}]"));
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 1);
}

/* Rises and falls again: paid 50 of 80; nothing back at 55; 28 back at 22; 28 more at 88; 28 back at 22 */
static void
TestRecoverableTwice(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','set_off':true,'base':{'copay':1},'rules':["
		 "{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5,'caps':[{'limit':50}]},"
		 "{'name':'2','when':{'level':['2']},'settles':'year','accrual':'true_up','ratio':0.8,'caps':[{'limit':50}]},"
		 "{'name':'3','settles':'year','accrual':'true_up','ratio':0.2,'caps':[{'limit':50}]}]}]");
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 5000);
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 0);
	BILL("'in_scope':0,'level':'3'");
	DUE("a", -3300);
	RECOVERABLE("a", 2800);
	BILL("'in_scope':0,'level':'2'");
	DUE("a", 6600);
	ADJUSTED("a", 2800);
	CHECK_INT(LineOf("a")->set_off_fen, 2800);
	BILL("'in_scope':0,'level':'3'");
	DUE("a", -6600);
	RECOVERABLE("a", 2800);
}

/* Open recoverables add up: 0.8, 0.5, 0.2 of the same year */
static void
TestRecoverablesAddUp(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','set_off':true,'base':{'copay':1},'rules':["
		 "{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5},"
		 "{'name':'2','when':{'level':['2']},'settles':'year','accrual':'true_up','ratio':0.8},"
		 "{'name':'3','settles':'year','accrual':'true_up','ratio':0.2}]}]");
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':0,'level':'1'");
	RECOVERABLE("a", 3000);
	BILL("'in_scope':0,'level':'3'");
	RECOVERABLE("a", 3000);
	/* 0.8 x 200 - 20 = 140: 100 here, 20 on the first bill */
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 10000);
	ADJUSTED("a", 2000);
	CHECK_INT(LineOf("a")->set_off_fen, 6000);
}

/* The paid side of a cap may fall below 0 when the payment was in another period: 80 in the first quarter, 25 back in the second */
static void
TestRecoverableInAnotherPeriod(void)
{
	PAGE("'counters':{'q':{'every':'quarter'}},'ceilings':[{'name':'c','layers':['a'],'share':1,'of':'total',"
		 "'per':'period'}]," UP_AND_DOWN("", ",'caps':[{'limit':90,'group':'q'}]"));
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 8000);
	OnDay("2025-04-01");
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 2500);
	/* 0.5 x 400 - 55 = 145 due, 90 + 25 allowed */
	BILL("'in_scope':290,'level':'1'");
	DUE("a", 14500);
	CHECK_INT(LineOf("a")->room_fen, 11500);
	PAID("a", 11500);
}

/* Shown as set off against later payments, bill by bill: 25 open, 5, 20 of 50, nothing */
static void
TestSetOff(void)
{
	PAGE(UP_AND_DOWN("'set_off':true,", ""));
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':10,'level':'1'");
	RECOVERABLE("a", 2500);
	CHECK_INT(LineOf("a")->set_off_fen, 0);
	CHECK(strstr(AccountText(), "\"recoverable\"") != NULL);
	BILL("'in_scope':10,'level':'1'");
	PAID("a", 500);
	CHECK_INT(LineOf("a")->set_off_fen, 500);
	BILL("'in_scope':0,'level':'1'");
	CHECK_INT(LineOf("a")->set_off_fen, 0);
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 5000);
	CHECK_INT(LineOf("a")->set_off_fen, 2000);
	CHECK_INT(StepOf(STEP_SET_OFF, 0)->result.fen, 2000);
	CHECK(strstr(AccountText(), "\"recoverable\"") == NULL);
	BILL("'in_scope':100,'level':'1'");
	CHECK_INT(LineOf("a")->set_off_fen, 0);
}

/* A recoverable that is set off in the middle of an encounter does not disturb it */
static void
TestSetOffInEncounter(void)
{
	PAGE(UP_AND_DOWN("'set_off':true,", ""));
	BILL("'in_scope':100,'level':'2'");
	BILL("'in_scope':10,'level':'1'");
	BILL("'in_scope':100,'level':'1','encounter':'e','encounter_total':110");
	CHECK_INT(LineOf("a")->set_off_fen, 2500);
	CHECK(strstr(AccountText(), "\"kind\":\"encounter\"") != NULL);
	CHECK(strstr(AccountText(), "\"used\":100.00,\"cost\":110.00") != NULL);
	BILL("'in_scope':10,'level':'1','encounter':'e','encounter_total':110");
	CHECK(strstr(AccountText(), "\"kind\":\"encounter\"") == NULL);
}

/* A ceiling of the visit has no more room because an earlier payment is recovered */
static void
TestRecoverableAndCeiling(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['a','b'],'share':0.5,'of':'total','per':'visit'}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.1},"
		 "{'name':'2','settles':'year','accrual':'true_up','ratio':0.4}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':1}]}]");
	BILL("'in_scope':100,'level':'2'");
	PAID("a", 4000);
	PAID("b", 1000);
	/* 0.1 x 200 - 40 = -20; b: 0.5 x 100 */
	BILL("'in_scope':100,'level':'1'");
	RECOVERABLE("a", 2000);
	PAID("b", 5000);
}

/* ---- crossing ---- */

#define CROSSING(counters, assistance) counters "'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},'rules':[" \
	"{'name':'r','when':{'designated':true},'settles':'year','deductible':{'amount':100},'ratio':0.5}]}," \
	"{'name':'m','kind':'assistance','base':{'copay':1},'rules':[{'name':'r'," assistance "'settles':'year'," \
	"'cumulative_from':{'crossing':'k'}," \
	"'deductible':{'amount':20},'ratio':0.5}]}]"

/* Per visit until critical starts; there the whole year less what was accrued; then slices */
static void
TestCrossing(void)
{
	PAGE(CROSSING("", ""));
	BILL("'in_scope':60,'designated':true");
	PAID("m", 2000);			/* 0.5 x (60 - 20) */
	BILL("'in_scope':60,'designated':true");
	PAID("k", 1000);
	PAID("m", 2500);			/* 0.5 x (60 + 50 - 20) - 20 */
	BILL("'in_scope':60,'designated':true");
	PAID("k", 3000);
	PAID("m", 1500);			/* 0.5 x 30 */
	OnDay("2026-01-01");
	BILL("'in_scope':60,'designated':true");
	PAID("m", 2000);
}

/* At, and one fen above, the deductible of critical */
static void
TestCrossingEdge(void)
{
	PAGE(CROSSING("", ""));
	BILL("'in_scope':60,'designated':true");
	BILL("'in_scope':39.99,'designated':true");
	PAID("m", 1000);			/* 9.995 */
	PAGE(CROSSING("", ""));
	BILL("'in_scope':60,'designated':true");
	BILL("'in_scope':40,'designated':true");
	PAID("m", 1000);			/* not above: 0.5 x 20 */
	PAGE(CROSSING("", ""));
	BILL("'in_scope':60,'designated':true");
	BILL("'in_scope':40.01,'designated':true");
	PAID("k", 1);
	PAID("m", 2000);			/* 0.5 x (100 - 20) - 20 */
}

/* It is remembered with critical: a bill to which assistance did not apply crosses all the same, and there is no true-up later */
static void
TestCrossingElsewhere(void)
{
	PAGE(CROSSING("", "'when':{'level':['1']},"));
	BILL("'in_scope':60,'designated':true,'level':'1'");
	BILL("'in_scope':60,'designated':true,'level':'2'");
	STATE("m", LINE_NO_RULE);
	BILL("'in_scope':60,'designated':true,'level':'1'");
	PAID("k", 3000);
	PAID("m", 1500);			/* E(90) - E(60) = 35 - 20 */
	/* critical does not apply on a bill: not crossed by it */
	PAGE(CROSSING("", ""));
	BILL("'in_scope':200,'designated':false");
	PAID("m", 9000);
	BILL("'in_scope':100,'designated':true");
	PAID("m", 4000);
}

/* … whichever page governs the bill on which it happens: 110 under T, where nobody waits; then slices under S */
static void
TestCrossingUnderAnotherPage(void)
{
	BOOK("{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2020-01-01',"
		 "'sources':{'t':{'document':'d'}},'cite':{'source':'t'},"
		 "'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0.5}]},"
		 "{'name':'m','kind':'assistance','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},'deductible':{'amount':20},'ratio':0.5}]}]},"
		 "{'title':'t','region':'R','scheme':'T','from':'2020-01-01','sources':{'t':{'document':'d'}},'cite':{'source':'t'},"
		 "'layers':[{'name':'x','kind':'other','base':{'copay':1},'rules':[]},"
		 "{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0.5}]}]}]}");
	BILL("'in_scope':60");
	PAID("m", 2000);
	BILL("'in_scope':50,'scheme':'T'");
	PAID("k", 500);
	BILL("'in_scope':60");
	PAID("k", 3000);
	PAID("m", 1500);			/* E(90) - E(60) */
}

/* Two layers cross on one bill; each is heard of by who waits for it */
static void
TestTwoCrossings(void)
{
#define CRITICAL_OF(name) "{'name':'" name "','kind':'critical','base':{'copay':1,'penalty':0}," \
	"'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0}]}"
#define WAITS_FOR(name, layer) "{'name':'" name "','kind':'other','base':{'copay':1}," \
	"'rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'" layer "'},'deductible':{'amount':20},'ratio':0.5}]}"
	PAGE("'layers':[" CRITICAL_OF("k") "," CRITICAL_OF("l") "," WAITS_FOR("m", "k") "," WAITS_FOR("n", "l") "]");
	BILL("'in_scope':60");
	PAID("m", 2000);
	PAID("n", 1000);			/* 0.5 x (40 - 20) */
	BILL("'in_scope':60");
	PAID("m", 3000);			/* 0.5 x (120 - 20) - 20 */
	PAID("n", 1500);			/* 0.5 x (40 + 30 - 20) - 10 */
}

/*
 * An adjustment is a payment too: 50 are at, not above, a threshold of 50 (closed upper); 0.9 x 50 are due when the bill of 0
 * lowers the threshold to that, all of it on the first bill, of which 25 are left. Assistance: 0.5 x (50 - 25) - 25.
 */
static void
TestCrossingByAdjustment(void)
{
	PAGE("'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},"
		 "'rules':[{'name':'1','when':{'level':['1']},'settles':'year',"
		 "'deductible':{'amount':100,'kind':'threshold'},'ratio':0.9},{'name':'2','settles':'year','accrual':'true_up',"
		 "'deductible':{'amount':50,'kind':'threshold','closed':'upper'},'ratio':0.9}]},"
		 "{'name':'m','kind':'assistance','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},'ratio':0.5}]}]");
	BILL("'in_scope':50,'level':'1'");
	PAID("m", 2500);
	BILL("'in_scope':0,'level':'2'");
	PAID("k", 0);
	ADJUSTED("k", 2500);
	DUE("m", -1250);
	RECOVERABLE("m", 1250);
}

/* A visit critical rule crosses by its accumulated base, or because it pays; without a deductible above 0 */
static void
TestCrossingOfVisit(void)
{
	PAGE("'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},'rules':["
		 "{'name':'1','when':{'level':['1']},'deductible':{'amount':100},'ratio':0.5},{'name':'2','ratio':0}]},"
		 "{'name':'m','kind':'assistance','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','accrual':'true_up','cumulative_from':{'crossing':'k'},"
		 "'deductible':{'amount':20},'ratio':0.5}]}]");
	BILL("'in_scope':60,'level':'1'");
	PAID("m", 2000);
	/* 120 in the year, 0.5 x (120 - 20) - 20 */
	BILL("'in_scope':60,'level':'1'");
	PAID("k", 0);
	PAID("m", 3000);
	/* true_up afterwards */
	BILL("'in_scope':60,'level':'1'");
	PAID("m", 3000);
	FoldPerson(&person);
	/* the other rule has no deductible: any base above 0 crosses; a base of 0 does not */
	BILL("'in_scope':0,'level':'2'");
	BILL("'excluded':1,'level':'2'");
	CHECK(strstr(AccountText(), "\"crossed\"") == NULL);
	BILL("'in_scope':0.01,'level':'2'");
	CHECK(strstr(AccountText(), "\"crossed\":true") != NULL);
}

/* A cap on the visit form lapses what it refuses */
static void
TestVisitFormLapses(void)
{
	PAGE("'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},"
		 "'rules':[{'name':'r','settles':'year','deductible':{'amount':1000},'ratio':0.5}]},"
		 "{'name':'m','kind':'assistance','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},"
		 "'banding':'whole_amount','bands':[{'amount':30}]}]}]");
	BILL("'in_scope':100");
	PAID("m", 3000);
	BILL("'in_scope':10");
	DUE("m", 3000);
	PAID("m", 1000);
	ADJUSTED("m", 0);
}

/* ---- paid bills leave the base ---- */

/* Deductible 100, 50 %: 60; 60 (10, and leaves); 60 again meets a base of 60 */
static void
TestDropPaidBills(void)
{
	RULE("'settles':'year','drop_paid_bills':true,'deductible':{'amount':100},'ratio':0.5");
	BILL("'in_scope':60");
	PAID("a", 0);
	BILL("'in_scope':60");
	PAID("a", 1000);
	BILL("'in_scope':60");
	PAID("a", 1000);
	CHECK_INT(LineOf("a")->cumulative.fen, 12000);
	/* with a deductible counter: its 40 of the paid bill leave the base too, but stay used */
	RULE("'settles':'year','drop_paid_bills':true,'deductible':{'amount':100,'counter':'c'},'ratio':0.5");
	BILL("'in_scope':60");
	BILL("'in_scope':60");
	PAID("a", 1000);
	BILL("'in_scope':60");
	DEDUCTIBLE("a", 0);
	PAID("a", 3000);			/* 0.5 x (120 - 60) */
}

int
main(void)
{
	TestYearByHand();
	TestReversedExample();
	TestEdge();
	TestSlices();
	TestChange();
	TestWeightsOfNow();
	TestEnter();
	TestGross();
	TestPeriods();
	TestDeductibleCounter();
	TestSharedBase();
	TestBaseOfAlternatives();
	TestDeductibleOfAlternatives();
	TestVisitAccrues();
	TestRecoverable();
	TestRecoverableLimit();
	TestRecoverableTwice();
	TestRecoverablesAddUp();
	TestRecoverableInAnotherPeriod();
	TestSetOff();
	TestSetOffInEncounter();
	TestRecoverableAndCeiling();
	TestCrossing();
	TestCrossingEdge();
	TestCrossingElsewhere();
	TestCrossingUnderAnotherPage();
	TestTwoCrossings();
	TestCrossingByAdjustment();
	TestCrossingOfVisit();
	TestVisitFormLapses();
	TestDropPaidBills();
	return CheckEnd();
}
