/*
 * test_fold_events.c — applications and the close of a year: events without cost that pay on earlier bills. Year adjustments are in
 * test_fold_history.c.
 */
#include "fold_helpers.h"

/* Does the account's text say this? */
#define ACCOUNT_SAYS(text) CHECK(strstr(AccountText(), text) != NULL)

#define BILLS_PAY "{'name':'m','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]}"
#define EVENT(rule) "'layers':[" BILLS_PAY ",{'name':'t','kind':'tilt','base':{'copay':1}," \
	"'rules':[{'name':'r','on':'application'," rule "}]}]"
#define APPLY "'kind':'application'"

/* 50 + 30 are left of the inpatient bills; 0.5 x (80 - 30) = 25; again nothing; with 20 more left 10; then twice is enough */
static void
TestApplication(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date','when':{'care_type':['21']}},'deductible':{'amount':30},'ratio':0.5,"
		 "'times':{'limit':2}"));
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

/* A bill that does not fit is passed over, though it is older */
static void
TestOnlyBillsThatFit(void)
{
	PAGE(EVENT("'window':{'over':'year_to_date','when':{'care_type':['21']}},'ratio':0.6"));
	BILL("'in_scope':100,'care_type':'11'");
	BILL("'in_scope':100,'care_type':'21'");
	BILL(APPLY);
	ADJUSTED("t", 3000);
	ACCOUNT_SAYS("\"left\":{\"copay\":50.00}}");
	ACCOUNT_SAYS("\"left\":{\"copay\":20.00},\"event_paid\"");
}

/* Several layers pay, are exhausted, belong to sets: each is heard of */
static void
TestSeveralLayers(void)
{
#define PAYS_ON_EVENT(name, more, when, cap) "{'name':'" name "','kind':'tilt'," more "'base':{'copay':1}," \
	"'rules':[{'name':'r'," when "'on':'application','window':{'over':'year_to_date'},'ratio':0.1" cap "}]}"
	PAGE("'layers':[" PAYS_ON_EVENT("t", "'alternative':'x',", "", ",'caps':[{'limit':1}]") ","
		 PAYS_ON_EVENT("u", "'alternative':'y',", "", ",'caps':[{'limit':1}]") ","
		 PAYS_ON_EVENT("v", "'alternative':'x',", "", "") "," PAYS_ON_EVENT("w", "'alternative':'y',", "", "") ","
		 PAYS_ON_EVENT("p", "", "'when':{'paid_by':['t','u']},", "") "," PAYS_ON_EVENT("e", "",
			"'when':{'exhausted':['t','u']},", "") "]");
	BILL("'in_scope':100");
	BILL(APPLY);
	ADJUSTED("t", 100);
	ADJUSTED("u", 100);
	STATE("v", LINE_ALTERNATIVE_PAID);
	STATE("w", LINE_ALTERNATIVE_PAID);
	STATE("p", LINE_APPLIED);
	STATE("e", LINE_APPLIED);
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
	/* the 29th of another month */
	PAGE(EVENT("'window':{'over':'last_12_months'},'ratio':1"));
	OnDay("2024-05-29");
	BILL("'in_scope':2");
	OnDay("2024-05-30");
	BILL("'in_scope':20");
	OnDay("2025-05-29");
	BILL(APPLY);
	ADJUSTED("t", 1000);
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
	PAGE(EVENT("'window':{'over':'year_to_date','when':{'level':['1','2'],'referral':['yes'],'place':['away'],"
		 "'designated':true}},'ratio':1"));
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

/*
 * Care types by prefix, also those that are longer than the declared one; codes that the page does not declare are kept all the
 * same
 */
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
	BOOK("{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2020-01-01',"
		 "'sources':{'t':{'document':'d'}},'cite':{'source':'t'},"
		 "'layers':[{'name':'t','kind':'tilt','base':{'copay':1},"
		 "'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5}]}]}]}");
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
	PAGE("'layers':[{'name':'t','kind':'tilt','base':{'copay':0.5,'excluded':0},"
		 "'rules':[{'name':'r','on':'year_close','window':{'over':'previous_year'},"
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
	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':0.5,'caps':[{'limit':20},{'limit':15,'per':'visit'}],"
		 "'modifiers':[{'target':'payment','add':1}]"));
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
	PAGE("'layers':[{'name':'b','kind':'basic','rules':[{'name':'r','deductible':{'amount':20},'ratio':0.5,"
		 "'caps':[{'limit':30,'per':'visit'}]},"
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
		 "{'name':'p','layers':['m','t'],'share':0.6,'of':'total','per':'period','when':{'level':['1']}},"
		 "{'name':'o','layers':['m'],'share':1,'of':'total','per':'period'}],"
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
		 "{'name':'t','kind':'tilt','alternative':'s','base':{'copay':1},"
		 "'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'deductible':{'amount':10},'ratio':0.5,"
		 "'caps':[{'limit':25}]}]},"
		 "{'name':'u','kind':'tilt','alternative':'s','base':{'copay':1},"
		 "'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5}]},"
		 "{'name':'p','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','when':{'paid_by':['t']},'on':'application',"
		 "'window':{'over':'year_to_date'},'ratio':0}]},"
		 "{'name':'x','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','when':{'exhausted':['t']},'on':'application',"
		 "'window':{'over':'year_to_date'},'ratio':0}]},"
		 "{'name':'d','kind':'tilt','base':{'copay':1},'rules':[{'name':'r','when':{'self_pay':{'above_deductible_of':'t'}},"
		 "'on':'application','window':{'over':'year_to_date'},'ratio':0}]}]");
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
	PAGE("'layers':[{'name':'t','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5}]},"
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
	PAGE("'layers':[{'name':'a','kind':'other','set_off':true,'base':{'copay':1},"
		 "'rules':[{'name':'1','when':{'level':['1']},'settles':'year','accrual':'true_up','ratio':0.5},"
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
	PAGE(EVENT("'when':{'facts':{'income':{'below':1000}}},'window':{'over':'year_to_date'},"
		 "'deductible':{'amount':{'base':0,'rate':0.01,'fact':'income'}},'ratio':1"));
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

/*
 * A deductible of a tenth of what the window cost: bills of 100 and of 60 + 40, one elsewhere. Left is 50 + 30; in scope they
 * cost 160, in all 200
 */
static void
TestWindowCost(void)
{
#define TENTH_OF(column) "'window':{'over':'year_to_date','when':{'care_type':['21']}}," \
	"'deductible':{'amount':{'base':0,'rate':0.1,'cost':'" column "'}},'ratio':1"
#define THREE_BILLS BILL("'in_scope':100,'care_type':'21'"); \
	BILL("'in_scope':100,'care_type':'11'"); \
	BILL("'in_scope':60,'excluded':40,'care_type':'21'")
	PAGE(EVENT(TENTH_OF("in_scope")));
	BILL(APPLY);
	ADJUSTED("t", 0);
	THREE_BILLS;
	ACCOUNT_SAYS("\"cost\":{\"in_scope\":60.00,\"excluded\":40.00},"
				 "\"left\":{\"copay\":30.00,\"excluded\":40.00}");
	BILL(APPLY);
	DEDUCTIBLE("t", 1600);
	ADJUSTED("t", 6400);
	BILL(APPLY);				/* 80 - 16, of which 64 are paid */
	DEDUCTIBLE("t", 1600);
	DUE("t", 0);
	PAGE(EVENT(TENTH_OF("total")));
	THREE_BILLS;
	BILL(APPLY);
	DEDUCTIBLE("t", 2000);
	ADJUSTED("t", 6000);
	/* a fixed price comes first: 80 instead of 100 */
	PAGE("'fixed_prices':[{'name':'p','when':{'care_type':['21']},'price':80}]," EVENT(TENTH_OF("total")));
	BILL("'in_scope':100,'care_type':'21'");
	BILL(APPLY);
	DEDUCTIBLE("t", 800);
	/* a limit: at least 5, a tenth of whole thirties, and nothing of what is not there */
	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':1,'caps':[{'limit':{'base':0,'rate':0.1,'cost':'excluded',"
			   "'step':30,'min':5},'per':'visit'}]"));
	BILL("'in_scope':100");
	BILL(APPLY);
	ADJUSTED("t", 500);
	BILL("'in_scope':100,'excluded':99");
	BILL(APPLY);
	ADJUSTED("t", 900);
	DUE("t", 9500);
}

/* Bills that were kept without their cost cannot answer; those outside the window need not */
static void
TestWindowCostUnknown(void)
{
	char		before[1024];

	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':1"));
	BILL("'in_scope':100,'care_type':'11'");
	CHECK(strstr(AccountText(), "cost") == NULL);
	snprintf(before, sizeof(before), "%s", AccountText());
	PAGE(EVENT(TENTH_OF("in_scope")));
	CHECK_INT(ResumeFrom(before), ST_OK);
	BILL("'in_scope':100,'care_type':'21'");
	BILL(APPLY);
	ADJUSTED("t", 4000);
	PAGE(EVENT("'window':{'over':'year_to_date'},'ratio':{'base':0,'rate':0.1,'cost':'total'}"));
	CHECK_INT(ResumeFrom(before), ST_OK);
	REFUSED(APPLY, ST_ACCOUNT_NO_HISTORY, "account");
}

int
main(void)
{
	TestApplication();
	TestEventOnSeveralBills();
	TestOnlyBillsThatFit();
	TestSeveralLayers();
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
	TestWindowCost();
	TestWindowCostUnknown();
	return CheckEnd();
}
