/*
 * test_fold_conditions.c — every test of a condition at its edge, with any and none, and what conditions ask of earlier layers.
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

/* … over all of its buckets, with whole weights and with parts */
static void
TestBaseOfBuckets(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1,'excluded':1},"
		 "'rules':[{'name':'fits','when':{'base':{'at_least':30}},'ratio':0},{'name':'else','ratio':0}]}]");
	FITS("'in_scope':20,'excluded':10");
	FITS_NOT("'in_scope':20,'excluded':9.99");
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1,'excluded':0.5},"
		 "'rules':[{'name':'fits','when':{'base':{'at_least':25}},'ratio':0},{'name':'else','ratio':0}]}]");
	FITS("'in_scope':20,'excluded':10");
	FITS_NOT("'in_scope':20,'excluded':9.99");
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
	TestBaseOfBuckets();
	TestDates();
	TestFacts();
	TestClauses();
	TestEarlierLayers();
	TestSeveralLayers();
	return CheckEnd();
}
