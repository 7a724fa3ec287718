/*
 * test_fold_visit.c — rules that settle each bill by itself: which rule fits, every test of a condition at its edge, bases and
 * weights, the order of taking, rounding, fixed prices, alternatives. Deductibles, bands, caps and modifiers have files of
 * their own.
 */
#include "fold_helpers.h"

/* One layer whose first rule pays 50 % when the condition holds, whose second pays nothing */
static void
When(const char *condition)
{
	char		members[1024];

	snprintf(members, sizeof(members),
			 "'counts':{'stays':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
			 "{'name':'fits','when':%s,'ratio':0.5},{'name':'else','ratio':0}]}]", condition);
	PAGE(members);
}

/* Does the first rule fit this bill? */
static void
Fits(const char *bill, int expected, int line)
{
	CheckSettled(bill, __FILE__, line);
	CheckIntegers(LineOf("a")->rule, expected ? 0 : 1, __FILE__, line, bill);
}

#define FITS(bill) Fits(bill, 1, __LINE__)
#define FITS_NOT(bill) Fits(bill, 0, __LINE__)

/* ---- conditions ---- */

static void
TestCodes(void)
{
	When("{'level':['1','3']}");
	FITS("'in_scope':10,'level':'1'");
	FITS("'in_scope':10,'level':'3'");
	FITS_NOT("'in_scope':10,'level':'2'");
	/* a care type begins with the code; the longest declared one counts */
	When("{'care_type':['21']}");
	FITS("'in_scope':10,'care_type':'21'");
	FITS("'in_scope':10,'care_type':'2101'");
	FITS("'in_scope':10,'care_type':'210199'");
	FITS("'in_scope':10,'care_type':'219'");
	FITS_NOT("'in_scope':10,'care_type':'11'");
	When("{'care_type':['2101']}");
	FITS("'in_scope':10,'care_type':'210199'");
	FITS_NOT("'in_scope':10,'care_type':'219'");
	When("{'referral':['yes'],'place':['away'],'person_type':['worker']}");
	FITS("'in_scope':10,'referral':'yes','place':'away','person_type':'worker'");
	FITS_NOT("'in_scope':10,'referral':'no','place':'away','person_type':'worker'");
	FITS_NOT("'in_scope':10,'referral':'yes','place':'local','person_type':'worker'");
	FITS_NOT("'in_scope':10,'referral':'yes','place':'away','person_type':'resident'");
}

/* Codes of all lengths around 8 bytes; the longest declared prefix counts in whatever order they are declared */
static void
TestLongCodes(void)
{
	static const char *const page = "{'format':1,'engine':1,"
		"'pages':[{'title':'t','region':'a long name of a region','scheme':'S','from':'2020-01-01',"
		"'sources':{'t':{'document':'d'}},'cite':{'source':'t'},"
		"'codes':{'level':{'1234567':'a','12345678':'b','123456789':'c','123456780':'d'},"
		"'care_type':{'1234567890':'a','12345678':'b','1234':'c','123':'d'}},"
		"'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		"{'name':'0','when':{'level':['1234567'],'care_type':['1234567890']},'ratio':0},"
		"{'name':'1','when':{'level':['12345678'],'care_type':['12345678']},'ratio':0},"
		"{'name':'2','when':{'level':['123456789'],'care_type':['1234']},'ratio':0},"
		"{'name':'3','when':{'level':['123456780']},'ratio':0}]}]}]}";

	BOOK(page);
#define LONG_BILL(level, care_type) BILL("'region':'a long name of a region','in_scope':1,'level':'" level "'," \
	"'care_type':'" care_type "'")
	for (int again = 0; again < 2; again++)
	{
		LONG_BILL("1234567", "12345678901");
		FITTED("a", 0);
		LONG_BILL("1234567", "123456789");
		STATE("a", LINE_NO_RULE);
		LONG_BILL("12345678", "123456789");
		FITTED("a", 1);
		LONG_BILL("12345678", "12345678");
		FITTED("a", 1);
		LONG_BILL("123456789", "1234567");
		FITTED("a", 2);
		LONG_BILL("123456780", "123");
		FITTED("a", 3);
		LONG_BILL("12345678", "1235");
		STATE("a", LINE_NO_RULE);
	}
	REFUSED("'region':'a long name of a region','in_scope':1,'level':'123456781','care_type':'123'", ST_BILL_UNKNOWN_CODE, "level");
	REFUSED("'region':'a long name of a region','in_scope':1,'level':'123456','care_type':'123'", ST_BILL_UNKNOWN_CODE, "level");
	REFUSED("'region':'a long name of a regior','in_scope':1", ST_NO_PAGE, "terms");
	REFUSED("'region':'a long name of','in_scope':1", ST_NO_PAGE, "terms");
}

/* Lists: one of the bill's codes is enough; the empty list is known to be none */
static void
TestLists(void)
{
	When("{'category':['poor','low']}");
	FITS("'in_scope':10,'category':['low']");
	FITS("'in_scope':10,'category':['other','poor']");
	FITS_NOT("'in_scope':10,'category':['other']");
	FITS_NOT("'in_scope':10,'category':[]");
	When("{'disease':['d1']}");
	FITS("'in_scope':10,'disease':['d2','d1']");
	FITS_NOT("'in_scope':10,'disease':['d2']");
}

static void
TestPlainAttributes(void)
{
	When("{'designated':true}");
	FITS("'in_scope':10,'designated':true");
	FITS_NOT("'in_scope':10,'designated':false");
	When("{'designated':false}");
	FITS("'in_scope':10,'designated':false");
	When("{'age':{'at_least':60,'below':80}}");
	FITS_NOT("'in_scope':10,'age':59");
	FITS("'in_scope':10,'age':60");
	FITS("'in_scope':10,'age':79");
	FITS_NOT("'in_scope':10,'age':80");
	When("{'age':{'above':60,'up_to':80}}");
	FITS_NOT("'in_scope':10,'age':60");
	FITS("'in_scope':10,'age':61");
	FITS("'in_scope':10,'age':80");
	FITS_NOT("'in_scope':10,'age':81");
}

/* Each at -1, 0, +1 fen */
static void
TestAmounts(void)
{
	When("{'total':{'above':100}}");
	FITS_NOT("'in_scope':49.99,'excluded':50");
	FITS_NOT("'in_scope':50,'excluded':50");
	FITS("'in_scope':50.01,'excluded':50");
	When("{'in_scope':{'at_least':100}}");
	FITS_NOT("'in_scope':99.99,'excluded':50");
	FITS("'in_scope':100,'excluded':50");
	FITS("'in_scope':100.01");
	When("{'total':{'below':100}}");
	FITS("'in_scope':99.99");
	FITS_NOT("'in_scope':100");
	FITS_NOT("'in_scope':100.01");
	When("{'in_scope':{'up_to':100}}");
	FITS("'in_scope':99.99");
	FITS("'in_scope':100");
	FITS_NOT("'in_scope':100.01");
	/* self_pay is everything that is left, of all columns */
	When("{'self_pay':{'above':100}}");
	FITS_NOT("'in_scope':40,'excluded':20,'over_limit':20,'first_share':19.99");
	FITS_NOT("'in_scope':40,'excluded':20,'over_limit':20,'first_share':20");
	FITS("'in_scope':40,'excluded':20,'over_limit':20,'first_share':20.01");
}

/* The total of the stay is that of the encounter where the bill has one */
static void
TestStayTotal(void)
{
	When("{'stay_total':{'above':100}}");
	FITS_NOT("'in_scope':100");
	FITS("'in_scope':100.01");
	FITS("'in_scope':10,'encounter':'e1','encounter_total':100.01");
	FITS_NOT("'in_scope':10,'encounter':'e2','encounter_total':100");
}

/* The base is exact: half of 33.33 is 16.665, above 16.66 and below 16.67 */
static void
TestBase(void)
{
	static const char *const layer = "'layers':[{'name':'a','kind':'other','base':{'copay':0.5},'rules':["
		"{'name':'fits','when':{'base':%s},'enter':0.1,'ratio':0.5},{'name':'else','ratio':0}]}]";
	char		members[512];

	snprintf(members, sizeof(members), layer, "{'above':16.66}");
	PAGE(members);
	FITS("'in_scope':33.33");
	FITS_NOT("'in_scope':33.32");	/* 16.66 is not above; the enter share does not count here */
	snprintf(members, sizeof(members), layer, "{'at_least':16.67}");
	PAGE(members);
	FITS_NOT("'in_scope':33.33");
	FITS("'in_scope':33.34");
	snprintf(members, sizeof(members), layer, "{'below':16.67}");
	PAGE(members);
	FITS("'in_scope':33.33");
	FITS_NOT("'in_scope':33.34");
	snprintf(members, sizeof(members), layer, "{'up_to':16.66}");
	PAGE(members);
	FITS_NOT("'in_scope':33.33");
	FITS("'in_scope':33.32");
}

static void
TestDates(void)
{
	When("{'date':{'from':'2025-03-01','to':'2025-03-31'}}");
	OnDay("2025-02-28T23:59:59");
	FITS_NOT("'in_scope':10");
	OnDay("2025-03-01");
	FITS("'in_scope':10");
	OnDay("2025-03-31T23:59:59.999999");
	FITS("'in_scope':10");
	OnDay("2025-04-01");
	FITS_NOT("'in_scope':10");
}

static void
TestFacts(void)
{
	When("{'facts':{'income':{'below':1000},'years':{'at_least':2}}}");
	FITS("'in_scope':10,'facts':{'income':999.99,'years':2}");
	FITS_NOT("'in_scope':10,'facts':{'income':1000,'years':2}");
	FITS_NOT("'in_scope':10,'facts':{'income':0,'years':1.99}");
	REFUSED("'in_scope':10,'facts':{'income':1}", ST_BILL_MISSING, "facts");
	/* the first test already fails: the second is not asked */
	FITS_NOT("'in_scope':10,'facts':{'income':1000}");
}

/* any and none, with all of the rest */
static void
TestClauses(void)
{
	When("{'level':['1'],'any':[{'age':{'below':6}},{'age':{'at_least':70},'designated':true}],"
		"'none':[{'category':['other']},{'disease':['d1']}]}");
	FITS("'in_scope':10,'level':'1','age':5,'designated':false,'category':[],'disease':[]");
	FITS("'in_scope':10,'level':'1','age':70,'designated':true,'category':['poor'],'disease':['d2']");
	FITS_NOT("'in_scope':10,'level':'1','age':70,'designated':false,'category':[],'disease':[]");
	FITS_NOT("'in_scope':10,'level':'2','age':5,'designated':false,'category':[],'disease':[]");
	FITS_NOT("'in_scope':10,'level':'1','age':5,'designated':false,'category':['other'],'disease':[]");
	FITS_NOT("'in_scope':10,'level':'1','age':5,'designated':false,'category':[],'disease':['d1']");
}

/* What earlier layers did: 30 of 100 at once, the rest up to 50 in the year */
static void
TestEarlierLayers(void)
{
	PAGE("'layers':[{'name':'first','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','when':{'level':['1']},'deductible':{'amount':20},'ratio':0.5,'caps':[{'limit':50}]},"
		 "{'name':'s','when':{'level':['2']},'ratio':0}]},"
		 "{'name':'paid','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'paid_by':['first']},'ratio':0}]},"
		 "{'name':'used','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'exhausted':['first']},'ratio':0}]},"
		 "{'name':'base','kind':'other','base':{'copay':1},'rules':[{'name':'r',"
		 "'when':{'base':{'above_deductible_of':'first'}},'ratio':0}]},"
		 "{'name':'self','kind':'other','base':{'copay':1},'rules':[{'name':'r',"
		 "'when':{'self_pay':{'above_deductible_of':'first'}},'ratio':0}]}]");
	/* 20.00 - 20.00 = 0: nothing paid; what is left, 20.00, is not above 20.00 */
	BILL("'in_scope':20,'level':'1'");
	STATE("paid", LINE_NO_RULE);
	STATE("used", LINE_NO_RULE);
	STATE("base", LINE_NO_RULE);
	STATE("self", LINE_NO_RULE);
	/* 20.02: pays 0.01, left 20.01 */
	BILL("'in_scope':20.02,'level':'1'");
	PAID("first", 1);
	STATE("paid", LINE_APPLIED);
	STATE("used", LINE_NO_RULE);
	STATE("base", LINE_APPLIED);
	STATE("self", LINE_APPLIED);
	/* self_pay counts the excluded 0.01 as well, the base does not */
	BILL("'in_scope':20,'excluded':0.01,'level':'1'");
	STATE("base", LINE_NO_RULE);
	STATE("self", LINE_APPLIED);
	/* 119.96: (119.96 - 20) / 2 = 49.98, which leaves 0.01 of the 50.00 of the year */
	BILL("'in_scope':119.96,'level':'1'");
	PAID("first", 4998);
	STATE("used", LINE_NO_RULE);
	BILL("'in_scope':60,'level':'1'");
	PAID("first", 1);
	STATE("used", LINE_APPLIED);
	/* a rule without deductible and caps: neither */
	BILL("'in_scope':60,'level':'2'");
	STATE("paid", LINE_NO_RULE);
	STATE("used", LINE_NO_RULE);
	STATE("base", LINE_NO_RULE);
	STATE("self", LINE_NO_RULE);
	/* no rule at all */
	BILL("'in_scope':60,'level':'3'");
	STATE("first", LINE_NO_RULE);
	STATE("base", LINE_NO_RULE);
}

/* All of the named layers must have paid, all be exhausted */
static void
TestSeveralLayers(void)
{
	PAGE("'layers':[{'name':'x','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'level':['1','3']},'ratio':0.1,'caps':[{'limit':1}]}]},"
		 "{'name':'y','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'level':['2','3']},'ratio':0.1,"
		 "'caps':[{'limit':1}]}]},"
		 "{'name':'paid','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'paid_by':['x','y']},'ratio':0}]},"
		 "{'name':'used','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'exhausted':['x','y']},'ratio':0}]}]");
	BILL("'in_scope':1,'level':'1'");
	STATE("paid", LINE_NO_RULE);
	BILL("'in_scope':1,'level':'2'");
	STATE("paid", LINE_NO_RULE);
	BILL("'in_scope':1,'level':'3'");
	STATE("paid", LINE_APPLIED);
	STATE("used", LINE_NO_RULE);
	BILL("'in_scope':100,'level':'1'");
	STATE("used", LINE_NO_RULE);
	BILL("'in_scope':100,'level':'3'");
	STATE("used", LINE_APPLIED);
	/* exhausted, and so paid nothing more */
	BILL("'in_scope':100,'level':'3'");
	STATE("paid", LINE_NO_RULE);
	STATE("used", LINE_APPLIED);
}

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

int
main(void)
{
	TestCodes();
	TestLongCodes();
	TestLists();
	TestPlainAttributes();
	TestAmounts();
	TestStayTotal();
	TestBase();
	TestDates();
	TestFacts();
	TestClauses();
	TestEarlierLayers();
	TestSeveralLayers();
	TestFirstFit();
	TestWeights();
	TestOrderOfTaking();
	TestOrderOfParts();
	TestGross();
	TestEnter();
	TestRounding();
	TestRoundingYuan();
	TestFixedPrice();
	TestFixedPriceOrder();
	TestAlternatives();
	TestChain();
	return CheckEnd();
}
