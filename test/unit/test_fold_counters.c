/*
 * test_fold_counters.c — encounters that are billed in parts, stay counts, periods, and the page that governs a bill.
 */
#include "fold_helpers.h"

#define ACCOUNT_SAYS(text) CHECK(strstr(AccountText(), text) != NULL)
#define ACCOUNT_LACKS(text) CHECK(strstr(AccountText(), text) == NULL)

/* ---- encounters ---- */

/* The deductible of 100 is taken once: 60, 40, nothing; then the encounter is over and forgotten */
static void
TestDeductibleOnce(void)
{
	RULE("'deductible':{'amount':100},'ratio':1");
	BILL("'in_scope':60,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 6000);
	/* another encounter in between */
	BILL("'in_scope':300,'encounter':'f','encounter_total':300");
	DEDUCTIBLE("a", 10000);
	ACCOUNT_LACKS("\"sub\":\"f\"");
	BILL("'in_scope':50,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 4000);
	PAID("a", 1000);
	BILL("'in_scope':100,'excluded':89.99,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 0);
	ACCOUNT_SAYS("\"sub\":\"e\"");
	BILL("'in_scope':0.01,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 0);
	ACCOUNT_LACKS("\"sub\":\"e\"");
	/* the same name again is another stay */
	BILL("'in_scope':60,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 6000);
	/* without an encounter each bill is one of its own */
	BILL("'in_scope':60");
	DEDUCTIBLE("a", 6000);
}

/* A later bill takes its own D less what earlier bills took: 50, then 120 - 50; never below 0 */
static void
TestOtherDeductible(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'1','when':{'level':['1']},'deductible':{'amount':50},'ratio':1},"
		 "{'name':'2','when':{'level':['2']},'deductible':{'amount':120},'ratio':1},"
		 "{'name':'3','when':{'level':['3']},'deductible':{'amount':80,'kind':'threshold'},'ratio':1}]}]");
	BILL("'in_scope':200,'level':'1','encounter':'e','encounter_total':1000");
	DEDUCTIBLE("a", 5000);
	BILL("'in_scope':200,'level':'2','encounter':'e','encounter_total':1000");
	DEDUCTIBLE("a", 7000);
	BILL("'in_scope':200,'level':'1','encounter':'e','encounter_total':1000");
	DEDUCTIBLE("a", 0);
	/* a threshold eats nothing */
	BILL("'in_scope':60,'level':'3','encounter':'g','encounter_total':1000");
	PAID("a", 0);
	BILL("'in_scope':200,'level':'1','encounter':'g','encounter_total':1000");
	DEDUCTIBLE("a", 5000);
}

/* With a counter both count: the encounter's bills in two years share one deductible */
static void
TestOverTheYear(void)
{
	RULE("'deductible':{'amount':100,'counter':'c'},'ratio':1");
	OnDay("2025-12-31");
	BILL("'in_scope':70,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 7000);
	OnDay("2026-01-01");
	BILL("'in_scope':100,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 3000);
	/* 70 of the new year's counter are left */
	BILL("'in_scope':100");
	DEDUCTIBLE("a", 7000);
	/* the other way: the counter is used up by another bill */
	FoldPerson(&person);
	BILL("'in_scope':10,'encounter':'e','encounter_total':300");
	BILL("'in_scope':80");
	DEDUCTIBLE("a", 8000);
	BILL("'in_scope':100,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 1000);
}

/* The first part took nothing: the second finds nothing taken */
static void
TestNothingTaken(void)
{
	RULE("'deductible':{'amount':100},'ratio':1");
	BILL("'excluded':60,'encounter':'e','encounter_total':300");
	BILL("'in_scope':200,'encounter':'e','encounter_total':300");
	DEDUCTIBLE("a", 10000);
	/* an event is not a part of it */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','deductible':{'amount':100},'ratio':1}]}]");
	BILL("'in_scope':60,'encounter':'e','encounter_total':300");
	REFUSED("'kind':'application','encounter':'e','encounter_total':300", ST_BILL_EVENT_COST, "encounter_total");
}

/* ---- stay counts ---- */

/* Parts of one stay count once and keep its number; the other stay in between is the second */
static void
TestCounts(void)
{
	PAGE("'counts':{'stays':{'when':{'care_type':['21']}}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'one','when':{'stay_number':{'count':'stays','up_to':1}},'ratio':0.1},"
		 "{'name':'two','when':{'stay_number':{'count':'stays','up_to':2}},'ratio':0.2},"
		 "{'name':'more','ratio':0.3}]}]");
	BILL("'in_scope':10,'care_type':'21','encounter':'e','encounter_total':30");
	FITTED("a", 0);
	BILL("'in_scope':10,'care_type':'21'");
	FITTED("a", 1);
	BILL("'in_scope':10,'care_type':'21','encounter':'e','encounter_total':30");
	FITTED("a", 0);
	/* a part that would not fit by itself keeps the number too */
	BILL("'in_scope':10,'care_type':'11','encounter':'e','encounter_total':30");
	FITTED("a", 0);
	ACCOUNT_LACKS("encounter_stays");
	BILL("'in_scope':10,'care_type':'11'");
	FITTED("a", 1);
	BILL("'in_scope':10,'care_type':'21'");
	FITTED("a", 2);
}

/* Counted in the period of the first bill; per hospital; a rule that does not fit counts all the same */
static void
TestCountPeriods(void)
{
	PAGE("'counters':{'stays':{'per':'hospital'}},'counts':{'stays':{}},"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'two','when':{'stay_number':{'count':'stays','at_least':2}},'ratio':0.2}]}]");
	OnDay("2025-12-31");
	BILL("'in_scope':10,'hospital':'H1'");
	STATE("a", LINE_NO_RULE);
	BILL("'in_scope':10,'hospital':'H2'");
	STATE("a", LINE_NO_RULE);
	BILL("'in_scope':10,'hospital':'H1','encounter':'e','encounter_total':20");
	STATE("a", LINE_APPLIED);
	OnDay("2026-01-01");
	BILL("'in_scope':10,'hospital':'H1','encounter':'e','encounter_total':20");
	STATE("a", LINE_APPLIED);
	BILL("'in_scope':10,'hospital':'H1'");
	STATE("a", LINE_NO_RULE);
	BILL("'in_scope':10,'hospital':'H1'");
	STATE("a", LINE_APPLIED);
	REFUSED("'in_scope':10", ST_BILL_MISSING, "hospital");
}

/* An event reads the count as it stands */
static void
TestCountOnEvent(void)
{
	PAGE("'counts':{'stays':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'two','when':{'stay_number':{'count':'stays','at_least':2}},'on':'application',"
		 "'window':{'over':'year_to_date'},'ratio':0.5}]}]");
	BILL("'in_scope':10");
	BILL("'kind':'application'");
	STATE("a", LINE_NO_RULE);
	BILL("'kind':'application'");
	STATE("a", LINE_NO_RULE);
	BILL("'in_scope':10");
	BILL("'kind':'application'");
	STATE("a", LINE_APPLIED);
	ADJUSTED("a", 1000);
}

/* ---- the page that governs ---- */

#define TWO_PAGES(date) "{'format':1,'engine':1,'pages':[" \
	"{'title':'old','region':'R','scheme':'S','from':'2024-01-01','to':'2024-12-31','period_date':'" date "'," \
	"'sources':{'t':{'document':'d'}},'cite':{'source':'t'}," \
	"'parts':{'excluded.x':'x'},'layers':[{'name':'a','kind':'other','base':{'copay':1,'excluded.x':1}," \
	"'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0.5}]}]}," \
	"{'title':'new','region':'R','scheme':'S','from':'2025-01-01','to':'2025-12-31','period_date':'" date "'," \
	"'sources':{'t':{'document':'d'}},'cite':{'source':'t'}," \
	"'parts':{'excluded.w':'w','excluded.x':'x'},'layers':[{'name':'n','kind':'other','base':{'excluded':1},'rules':[]}," \
	"{'name':'a','kind':'other','base':{'copay':1,'excluded.x':1}," \
	"'rules':[{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0.8}]}]}," \
	"{'title':'other','region':'R','scheme':'T','from':'2025-01-01','sources':{'t':{'document':'d'}},'cite':{'source':'t'}," \
	"'layers':[]}]}"

/* Each at the turn of the year; an account goes on under the next page, names and parts are found again */
static void
TestPages(void)
{
	BOOK(TWO_PAGES("order"));
	OnDay("2024-12-31T23:59:59");
	BILL("'in_scope':110,'excluded':20,'parts':{'excluded.x':10}");
	CHECK_INT(split.n_lines, 1);
	PAID("a", 1000);
	OnDay("2025-01-01");
	BILL("'in_scope':110,'excluded':20,'parts':{'excluded.w':5,'excluded.x':10}");
	CHECK_INT(split.n_lines, 2);
	PAID("a", 1600);
	BILL("'in_scope':10,'excluded':20,'parts':{'excluded.x':10}");
	PAID("a", 1600);
	LEFT("excluded.x", 400);
	ACCOUNT_SAYS("\"excluded.x\":20.00");
	/* back under the first page is possible: bills come by order key, not by period */
	BILL("'in_scope':1,'scheme':'T'");
	CHECK_INT(split.n_lines, 0);
	FoldPerson(&person);
	BILL("'in_scope':110,'excluded':20,'parts':{'excluded.w':5,'excluded.x':10}");
	PAID("a", 1600);
}

/* Which date decides: admission, discharge, settlement */
static void
TestPeriodDates(void)
{
	BOOK(TWO_PAGES("admission"));
	OnDay("2025-01-05");
	BILL("'in_scope':110,'admitted_on':'2024-12-31','discharged_on':'2025-01-01','settled_on':'2025-01-02'");
	CHECK_INT(split.n_lines, 1);
	REFUSED("'in_scope':110,'discharged_on':'2025-01-01','settled_on':'2025-01-02'", ST_BILL_MISSING, "admitted_on");
	BOOK(TWO_PAGES("discharge"));
	OnDay("2025-01-05");
	BILL("'in_scope':110,'admitted_on':'2024-12-30','discharged_on':'2024-12-31','settled_on':'2025-01-02'");
	CHECK_INT(split.n_lines, 1);
	REFUSED("'in_scope':110", ST_BILL_MISSING, "discharged_on");
	BOOK(TWO_PAGES("settlement"));
	OnDay("2025-01-05");
	BILL("'in_scope':110,'settled_on':'2024-12-31'");
	CHECK_INT(split.n_lines, 1);
	BILL("'in_scope':110,'settled_on':'2025-01-01'");
	CHECK_INT(split.n_lines, 2);
	REFUSED("'in_scope':110", ST_BILL_MISSING, "settled_on");
	BOOK(TWO_PAGES("split"));
	OnDay("2024-12-31");
	BILL("'in_scope':110");
	CHECK_INT(split.n_lines, 1);
}

/* No page: the gap is named */
static void
TestNoPage(void)
{
	BOOK(TWO_PAGES("order"));
	OnDay("2023-12-31");
	REFUSED("'in_scope':110", ST_NO_PAGE, "terms");
	CHECK_TEXT(fault.found, "region R, scheme S, 2023-12-31");
	CHECK(strstr(fault.expected, "whose days include this date") != NULL);
	OnDay("2026-01-01");
	REFUSED("'in_scope':110", ST_NO_PAGE, "terms");
	REFUSED("'in_scope':110,'scheme':'U'", ST_NO_PAGE, "terms");
	CHECK(strstr(fault.expected, "this scheme") != NULL);
	REFUSED("'in_scope':110,'region':'Q'", ST_NO_PAGE, "terms");
	CHECK(strstr(fault.expected, "this region") != NULL);
	BOOK(TWO_PAGES("admission"));
	REFUSED("'in_scope':110,'admitted_on':'2023-12-31'", ST_NO_PAGE, "terms");
	CHECK_TEXT(fault.found, "region R, scheme S, 2023-12-31");
}

/* ---- what a bill must bring ---- */

static void
TestMissing(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'care_type':['21'],'disease':['d1'],'designated':true,'age':{'above':5}},'ratio':1}]}]");
	REFUSED("'in_scope':1,'disease':[],'designated':true,'age':1", ST_BILL_MISSING, "care_type");
	REFUSED("'in_scope':1,'care_type':'11','designated':true,'age':1", ST_BILL_MISSING, "disease");
	REFUSED("'in_scope':1,'care_type':'11','disease':[],'age':1", ST_BILL_MISSING, "designated");
	REFUSED("'in_scope':1,'care_type':'11','disease':[],'designated':true", ST_BILL_MISSING, "age");
	BILL("'in_scope':1,'care_type':'11','disease':[],'designated':true,'age':1");
	/* a code that nobody declared; one of an attribute that nobody declared is nobody's concern */
	REFUSED("'in_scope':1,'care_type':'31','disease':[],'designated':true,'age':1", ST_BILL_UNKNOWN_CODE, "care_type");
	CHECK_TEXT(fault.found, "\"31\"");
	CHECK_TEXT(fault.expected, "11, 21, 2101");
	REFUSED("'in_scope':1,'care_type':'2','disease':[],'designated':true,'age':1", ST_BILL_UNKNOWN_CODE, "care_type");
	REFUSED("'in_scope':1,'care_type':'11','disease':['d1','d3'],'designated':true,'age':1", ST_BILL_UNKNOWN_CODE, "disease");
	REFUSED("'in_scope':1,'care_type':'11','disease':[],'level':'9','designated':true,'age':1", ST_BILL_UNKNOWN_CODE, "level");
	REFUSED("'in_scope':1,'excluded':1,'parts':{'excluded.x':1}", ST_BILL_UNKNOWN_NAME, "parts");
	BOOK(TWO_PAGES("order"));
	BILL("'in_scope':1,'level':'9','category':['q']");
	REFUSED("'in_scope':1,'excluded':1,'parts':{'excluded.y':1}", ST_BILL_UNKNOWN_NAME, "parts");
}

/* What only a page-level condition tests is missed there, and only where it is tested */
static void
TestMissingOnPage(void)
{
	PAGE("'counts':{'stays':{'when':{'level':['1']}}},'layers':[]");
	REFUSED("'in_scope':1", ST_BILL_MISSING, "level");
	PAGE("'fixed_prices':[{'name':'p','when':{'designated':true},'price':1}],'layers':[]");
	REFUSED("'in_scope':1", ST_BILL_MISSING, "designated");
	PAGE("'fixed_prices':[{'name':'p','when':{'age':{'above':1}},'price':1}],'layers':[]");
	REFUSED("'in_scope':1", ST_BILL_MISSING, "age");
	PAGE("'ceilings':[{'name':'c','layers':['a'],'share':0.5,'of':'total','per':'visit','when':{'category':['poor']}}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[]}]");
	REFUSED("'in_scope':1", ST_BILL_MISSING, "category");
	PAGE("'ceilings':[{'name':'c','layers':['a'],'share':0.5,'of':'total','per':'visit',"
		 "'when':{'any':[{'category':['poor']},{'facts':{'f':{'above':1}}}]}}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[]}]");
	REFUSED("'in_scope':1,'category':[]", ST_BILL_MISSING, "facts");
}

/* Many declared codes: as many of them are named as fit */
static void
TestManyCodes(void)
{
	char		members[4096] = "{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2020-01-01',"
		"'sources':{},'codes':{'level':{";
	size_t		used = strlen(members);

	for (int i = 0; i < 20; i++)
		used += (size_t) snprintf(members + used, sizeof(members) - used,
			"%s'a_rather_long_code_of_level_%02d':'l'", i > 0 ? "," : "", i);
	snprintf(members + used, sizeof(members) - used, "}},'layers':[]}]}");
	BOOK(members);
	REFUSED("'in_scope':1,'level':'9'", ST_BILL_UNKNOWN_CODE, "level");
	CHECK(strstr(fault.expected, "a_rather_long_code_of_level_07") != NULL);
	CHECK(strstr(fault.expected, "a_rather_long_code_of_level_08") == NULL);
}

/* ---- order ---- */

/* Order key of the next bill: after, before, equal */
static void
TestOrder(void)
{
	RULE("'ratio':1");
	OnDay("2025-03-01");
	BILL("'in_scope':1");
	OnDay("2025-02-28T23:59:59.999999");
	REFUSED("'in_scope':1", ST_OUT_OF_ORDER, "ordered_at");
	OnDay("2025-03-01");
	BILL("'in_scope':1");
	CHECK_INT(ResumeFrom("{'format':1,'last':{'ordered_at':'2025-03-01T00:00:00','seq':1000000}}"), ST_OK);
	REFUSED("'in_scope':1", ST_OUT_OF_ORDER, "ordered_at");
	CHECK(strstr(fault.found, "at the same time") != NULL);
	/* the same number at the same time, and one more */
	NewPerson();
	OnDay("2025-03-01");
	BILL("'in_scope':1");
	CHECK_INT(ResumeFrom("{'format':1,'last':{'ordered_at':'2025-03-01T00:00:00','seq':2}}"), ST_OK);
	REFUSED("'in_scope':1", ST_OUT_OF_ORDER, "ordered_at");
	BILL("'in_scope':1");
	OnDay("2025-03-01T00:00:00.000001");
	BILL("'in_scope':1");
	/* another person begins anew */
	FoldPerson(&person);
	OnDay("2024-01-01");
	BILL("'in_scope':1");
}

int
main(void)
{
	TestDeductibleOnce();
	TestOtherDeductible();
	TestOverTheYear();
	TestNothingTaken();
	TestCounts();
	TestCountPeriods();
	TestCountOnEvent();
	TestPages();
	TestPeriodDates();
	TestNoPage();
	TestMissing();
	TestMissingOnPage();
	TestManyCodes();
	TestOrder();
	return CheckEnd();
}
