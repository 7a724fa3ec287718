/*
 * test_fold_plan.c — plans: what a fold remembers for a combination of codes changes no amount and no error, however many
 * combinations there are, in whatever order they come, with parameters that need more than codes and with too little room.
 * Every bill is also settled with a trace, which works out all parameters anew: fold_helpers.h compares.
 */
#include "fold_helpers.h"

#include "fold.h"

static char text[MAX_JSON_BYTES];

/* ---- many combinations ---- */

static const char *const care_types[] = {"11", "21", "2101"};
static const char *const referrals[] = {"yes", "no"};
static const char *const places[] = {"local", "away"};
static const char *const person_types[] = {"worker", "resident"};
static const char *const categories[] = {"", "'poor'", "'low'", "'other'", "'poor','low'", "'poor','other'", "'low','other'",
	"'poor','low','other'"};

/* One page of two: level 1, 2, 3 pays 10, 20, 30 %, the poor 5 points more; in scheme T the page pays twice the rate */
static int
MakePage(char *out, size_t size, const char *scheme, int times)
{
	return snprintf(out, size, "{'title':'test','region':'R','scheme':'%s','from':'2000-01-01','sources':{'t':{'document':'d'}},"
					"'cite':{'source':'t'},'codes':{'care_type':{'11':'a','21':'b','2101':'c'},'level':{'1':'a','2':'b','3':'c'},"
					"'referral':{'yes':'a','no':'b'},'place':{'local':'a','away':'b'},'person_type':{'worker':'a','resident':'b'},"
					"'category':{'poor':'a','low':'b','other':'c'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},"
					"'modifiers':[{'target':'ratio','add':0.05,'when':{'category':['poor']}}],'rules':["
					"{'name':'one','when':{'level':['1']},'ratio':0.%d},{'name':'two','when':{'level':['2']},'ratio':0.%d},"
					"{'name':'three','when':{'level':['3']},'ratio':0.%d}]}]}", scheme, times, 2 * times, 3 * times);
}

/* One bill of 100.00 in both schemes */
static void
SettleCombination(int care_type, int level, int referral, int place, int person_type, int category)
{
	int			poor = category == 1 || category == 4 || category == 5 || category == 7;
	char		codes[256];
	char		bill[512];

	snprintf(codes, sizeof(codes), "'in_scope':100,'care_type':'%s','level':'%d','referral':'%s','place':'%s','person_type':'%s',"
			 "'category':[%s]", care_types[care_type], level, referrals[referral], places[place], person_types[person_type],
			 categories[category]);
	BILL(codes);
	PAID("a", 1000 * level + 500 * poor);
	snprintf(bill, sizeof(bill), "'scheme':'T',%s", codes);
	BILL(bill);
	PAID("a", 2000 * level + 500 * poor);
}

/* 3 x 3 x 2 x 2 x 2 x 8 combinations in two schemes: more than the table holds, so that plans are forgotten and made again */
static void
TestManyCombinations(void)
{
	int			n = snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[");

	n += MakePage(text + n, sizeof(text) - (size_t) n, "S", 1);
	n += snprintf(text + n, sizeof(text) - (size_t) n, ",");
	n += MakePage(text + n, sizeof(text) - (size_t) n, "T", 2);
	snprintf(text + n, sizeof(text) - (size_t) n, "]}");
	BOOK(text);
	for (int i = 0; i < 3 * 3 * 2 * 2 * 2 * 8; i++)
		SettleCombination(i % 3, i / 3 % 3 + 1, i / 9 % 2, i / 18 % 2, i / 36 % 2, i / 72);
	CHECK(person.plans.n_plans > 0 && person.plans.n_plans < 2 * 3 * 3 * 2 * 2 * 2 * 8);
}

/* The same with a hint for each combination, which the second round finds outdated: by then its plan has been forgotten */
static void
TestHints(void)
{
	static PlanHint hints[3 * 3 * 2 * 2 * 2 * 8 * 2];
	int			n = snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[");

	memset(hints, 0, sizeof(hints));
	n += MakePage(text + n, sizeof(text) - (size_t) n, "S", 1);
	n += snprintf(text + n, sizeof(text) - (size_t) n, ",");
	n += MakePage(text + n, sizeof(text) - (size_t) n, "T", 2);
	snprintf(text + n, sizeof(text) - (size_t) n, "]}");
	BOOK(text);
	for (int round = 0; round < 2; round++)
	{
		for (int i = 0; i < 3 * 3 * 2 * 2 * 2 * 8; i++)
		{
			char		codes[256];

			snprintf(codes, sizeof(codes), "'scheme':'%s','in_scope':100,'care_type':'%s','level':'%d','referral':'%s','place':'%s',"
					 "'person_type':'%s','category':[%s]", i % 2 == 0 ? "S" : "T", care_types[i % 3], i / 3 % 3 + 1,
					 referrals[i / 9 % 2], places[i / 18 % 2], person_types[i / 36 % 2], categories[i / 72]);
			hint = &hints[i];
			for (int k = 0; k < 2; k++)
			{
				BILL(codes);
				PAID("a", (1 + i % 2) * 1000 * (i / 3 % 3 + 1) + 500 * (i / 72 == 1 || i / 72 == 4 || i / 72 == 5 || i / 72 == 7));
			}
			CHECK_INT(hint->made, person.plans.made);
		}
	}
	hint = NULL;
}

/* A hint of one page on bills of another one for the same region and scheme; of another fold; after a refusal */
static void
TestHintElsewhere(void)
{
	static Fold copy;
	static PlanHint kept;
	static PlanHint other;

	memset(&kept, 0, sizeof(kept));
	memset(&other, 0, sizeof(other));
	BOOK("{'format':1,'engine':1,'pages':[{'title':'test','region':'R','scheme':'S','from':'2025-01-01','to':'2025-06-30','sources':"
		 "{'t':{'document':'d'}},'cite':{'source':'t'},'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','ratio':0.1}]}]},{'title':'test','region':'R','scheme':'S','from':'2025-07-01','sources':"
		 "{'t':{'document':'d'}},'cite':{'source':'t'},'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','ratio':0.2}]}]}]}");
	hint = &kept;
	BILL("'in_scope':100");
	PAID("a", 1000);
	OnDay("2025-06-30");
	BILL("'in_scope':100");
	PAID("a", 1000);
	OnDay("2025-07-01");
	BILL("'in_scope':100");
	PAID("a", 2000);
	REFUSED("'excluded':100,'parts':{'excluded.unknown':1}", ST_BILL_UNKNOWN_NAME, "parts");
	BILL("'in_scope':100");
	PAID("a", 2000);
	CHECK(kept.place[0] != 0 && kept.place[1] != 0 && kept.place[0] != kept.place[1]);
	NewPerson();
	hint = &other;
	BILL("'in_scope':100");
	PAID("a", 1000);
	hint = &kept;
	BILL("'in_scope':100");
	PAID("a", 1000);
	/* a fold that was copied has no plans of its own yet */
	copy = person;
	person.plans.owner = &copy;
	BILL("'in_scope':100");
	PAID("a", 1000);
	CHECK(person.plans.owner == &person);
	hint = NULL;
}

/* A hint has room for some pages: two pages that share a place in it */
static void
TestHintOfManyPages(void)
{
	static PlanHint kept;
	int			n = snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[");

	for (int i = 0; i <= HINTED_PAGES; i++)
		n += snprintf(text + n, sizeof(text) - (size_t) n, "%s{'title':'test','region':'R','scheme':'S','from':'%d-01-01',"
					  "'to':'%d-12-31','sources':{'t':{'document':'d'}},'cite':{'source':'t'},'layers':[{'name':'a','kind':'other',"
					  "'base':{'copay':1},'rules':[{'name':'r','ratio':0.%02d}]}]}", i > 0 ? "," : "", 2010 + i, 2010 + i, i + 1);
	snprintf(text + n, sizeof(text) - (size_t) n, "]}");
	BOOK(text);
	memset(&kept, 0, sizeof(kept));
	hint = &kept;
	for (int round = 0; round < 2; round++)
	{
		for (int i = 0; i <= HINTED_PAGES; i += HINTED_PAGES)
		{
			char		day[24];

			NewPerson();
			snprintf(day, sizeof(day), "%d-03-01", 2010 + i);
			OnDay(day);
			BILL("'in_scope':100");
			PAID("a", (i + 1) * 100);
		}
	}
	hint = NULL;
}

/* Codes whose first eight bytes are the same: 12345678, and with 9 or A behind it */
static void
TestLongCodes(void)
{
	BOOK("{'format':1,'engine':1,'pages':[{'title':'test','region':'R','scheme':'S','from':'2000-01-01','sources':{'t':"
		 "{'document':'d'}},'cite':{'source':'t'},'codes':{'level':{'12345678':'a','123456789':'b','12345678A':'c'},"
		 "'category':{'12345678':'a','123456789':'b','12345678A':'c'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'modifiers':[{'target':'ratio','add':0.5,'when':{'category':['12345678A']}}],"
		 "'rules':[{'name':'one','when':{'level':['12345678']},'ratio':0.1},{'name':'two','when':{'level':['123456789']},'ratio':0.2},"
		 "{'name':'three','when':{'level':['12345678A']},'ratio':0.3}]}]}]}");
	for (int i = 0; i < 2; i++)
	{
		BILL("'in_scope':100,'level':'12345678','category':[]");
		PAID("a", 1000);
		BILL("'in_scope':100,'level':'123456789','category':[]");
		PAID("a", 2000);
		BILL("'in_scope':100,'level':'12345678A','category':[]");
		PAID("a", 3000);
		BILL("'in_scope':100,'level':'12345678','category':['123456789']");
		PAID("a", 1000);
		BILL("'in_scope':100,'level':'12345678','category':['12345678A']");
		PAID("a", 6000);
		BILL("'in_scope':100,'level':'12345678','category':['12345678A','12345678']");
		PAID("a", 6000);
	}
	CHECK_INT(person.plans.n_plans, 6);
}

/* Codes of 31 bytes that differ in one byte: the first eight are the same, and most of the others */
static void
TestLongestCodes(void)
{
	BOOK("{'format':1,'engine':1,'pages':[{'title':'test','region':'R','scheme':'S','from':'2000-01-01','sources':{'t':"
		 "{'document':'d'}},'cite':{'source':'t'},'codes':{'level':{'12345678aaaaaaaabbbbbbbbccccccc':'a',"
		 "'12345678axaaaaaabbbbbbbbccccccc':'b','12345678aaaaaaaabbbbxbbbccccccc':'c','12345678aaaaaaaabbbbbbbbccccccx':'d'}},"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'one','when':{'level':['12345678aaaaaaaabbbbbbbbccccccc']},'ratio':0.1},"
		 "{'name':'two','when':{'level':['12345678axaaaaaabbbbbbbbccccccc']},'ratio':0.2},"
		 "{'name':'three','when':{'level':['12345678aaaaaaaabbbbxbbbccccccc']},'ratio':0.3},"
		 "{'name':'four','when':{'level':['12345678aaaaaaaabbbbbbbbccccccx']},'ratio':0.4}]}]}]}");
	for (int i = 0; i < 2; i++)
	{
		BILL("'in_scope':100,'level':'12345678aaaaaaaabbbbbbbbccccccc'");
		PAID("a", 1000);
		BILL("'in_scope':100,'level':'12345678axaaaaaabbbbbbbbccccccc'");
		PAID("a", 2000);
		BILL("'in_scope':100,'level':'12345678aaaaaaaabbbbxbbbccccccc'");
		PAID("a", 3000);
		BILL("'in_scope':100,'level':'12345678aaaaaaaabbbbbbbbccccccx'");
		PAID("a", 4000);
	}
	CHECK_INT(person.plans.n_plans, 4);
}

/* A page in a book of pages whose regions begin alike */
static int
RegionPage(char *out, size_t size, const char *region, const char *ratio)
{
	return snprintf(out, size, "{'title':'test','region':'%s','scheme':'S','from':'2000-01-01','sources':{'t':{'document':'d'}},"
					"'cite':{'source':'t'},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':%s}]}]}",
					region, ratio);
}

/* The page of a region is found by its first eight bytes, then by the others, then by its length */
static void
TestLikeRegions(void)
{
	static const char *const regions[] = {"1", "12", "13", "1234567", "12345678", "123456781", "123456782", "1234567811", "北京"};
	static const char *const ratios[] = {"0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"};
	int			n = snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[");

	for (int i = 8; i >= 0; i--)
	{
		n += RegionPage(text + n, sizeof(text) - (size_t) n, regions[i], ratios[i]);
		n += snprintf(text + n, sizeof(text) - (size_t) n, i > 0 ? "," : "]}");
	}
	BOOK(text);
	for (int i = 0; i < 2 * 9; i++)
	{
		char		codes[64];

		snprintf(codes, sizeof(codes), "'region':'%s','in_scope':100", regions[i * 4 % 9]);
		BILL(codes);
		PAID("a", (i * 4 % 9 + 1) * 1000);
	}
	REFUSED("'region':'123456783','in_scope':100", ST_NO_PAGE, "terms");
	REFUSED("'region':'1234','in_scope':100", ST_NO_PAGE, "terms");
}

/* A refused bill leaves no plan behind */
static void
TestUnknownCode(void)
{
	uint32_t	used;

	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'level':['1']},'ratio':0.5}]}]");
	BILL("'in_scope':100,'level':'1'");
	used = person.plans.used;
	REFUSED("'in_scope':100,'level':'9'", ST_BILL_UNKNOWN_CODE, "level");
	REFUSED("'in_scope':100,'level':'1','category':['9']", ST_BILL_UNKNOWN_CODE, "category");
	CHECK_INT(person.plans.n_plans, 1);
	CHECK_INT(person.plans.used, used);
	BILL("'in_scope':100,'level':'1'");
	PAID("a", 5000);
}

/* What a bill lacks is its own: a plan for one that brings everything does not serve it, and neither the other way round */
static void
TestLacks(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'designated':true},'ratio':0.5}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'level':['1']},'ratio':0.5}]}]");
	BILL("'in_scope':100,'level':'1','designated':true");
	PAID("a", 5000);
	REFUSED("'in_scope':100", ST_BILL_MISSING, "designated");
	REFUSED("'in_scope':100,'designated':true", ST_BILL_MISSING, "level");
	REFUSED("'in_scope':100,'level':'1'", ST_BILL_MISSING, "designated");
	BILL("'in_scope':100,'level':'1','designated':false");
	PAID("a", 0);
	PAID("b", 5000);
}

/* ---- room ---- */

#define LAYERS 24
#define RULES 24

/* 24 layers of 24 rules, each with its own ratio for a stay and a deductible that goes down: age decides, so all are candidates */
static void
MakeLargePage(void)
{
	int			n = snprintf(text, sizeof(text), "'counts':{'c':{}},'layers':[");

	for (int l = 0; l < LAYERS; l++)
	{
		n += snprintf(text + n, sizeof(text) - (size_t) n, "%s{'name':'l%d','kind':'other','base':{'copay':1},'modifiers':["
					  "{'target':'ratio','add':0.001,'when':{'level':['1','2']}},{'target':'annual_cap','add':0,'when':{'level':['2']}}],"
					  "'rules':[", l > 0 ? "," : "", l);
		for (int r = 0; r < RULES; r++)
			n += snprintf(text + n, sizeof(text) - (size_t) n, "%s{'name':'r%d','when':{'age':{'at_least':%d,'up_to':%d}},"
						  "'deductible':{'amount':9,'schedule':{'count':'c','step':1}},'ratio':0.0%02d,'caps':[{'limit':5000}]}",
						  r > 0 ? "," : "", r, r * 5, r * 5 + 4, r + 1);
		n += snprintf(text + n, sizeof(text) - (size_t) n, "]}");
	}
	snprintf(text + n, sizeof(text) - (size_t) n, "]");
}

/* The table runs full in the middle of a plan: what has found no room is worked out on each bill, as before */
static void
TestRoom(void)
{
	char		bill[128];

	MakeLargePage();
	PAGE(text);
	for (int i = 0; i < 12; i++)
	{
		int			age = i * 7 % (RULES * 5);
		int			rule = age / 5;
		int64_t		base = 1000000 - 100 * (i < 9 ? 9 - i : 0);		/* 10 000.00 less 9.00, 8.00, … */
		int64_t		ppm = (rule + 1) * 1000 + (i % 3 < 2 ? 1000 : 0);

		snprintf(bill, sizeof(bill), "'in_scope':10000,'age':%d,'level':'%d'", age, i % 3 + 1);
		BILL(bill);
		FITTED("l0", rule);
		PAID("l0", (base * ppm + 500000) / 1000000);
		CHECK_INT(person.plans.n_plans, i % 2 + 1);
	}
}

/* Plans point into the fold that made them: a copy of the fold makes its own */
static void
TestCopy(void)
{
	static const char json[] = "{\"region\":\"R\",\"scheme\":\"S\",\"ordered_at\":\"2025-01-02\",\"seq\":9,\"total\":100,"
		"\"in_scope\":100,\"level\":\"1\"}";
	static Fold copy;
	static char scratch[4096];
	Bill		bill;

	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'modifiers':[{'target':'ratio','add':0.1,'when':{'level':['1']}}],"
		 "'rules':[{'name':'r','ratio':0.5}]}]");
	BILL("'in_scope':100,'level':'1'");
	copy = person;
	memset(&person.plans, 0xFF, sizeof(person.plans));	/* whoever reads them now finds nothing sensible */
	CHECK_INT(BillFromJson(json, (int) strlen(json), scratch, sizeof(scratch), &bill, &fault), ST_OK);
	CHECK_INT(SettleStep(&copy, &bill, &split, NULL, &fault), ST_OK);
	PAID("a", 6000);
	CHECK(copy.plans.owner == &copy);
	CHECK_INT(copy.plans.n_plans, 1);
	CHECK_INT(SettleStep(&copy, &bill, &split, NULL, &fault), ST_OUT_OF_ORDER);
}

/* ---- what more than codes decides ---- */

/* Stay counts, ceilings and fixed prices that ask for age or for the day */
static void
TestOpenConditions(void)
{
	PAGE("'counts':{'c':{'when':{'age':{'at_least':18}}}},"
		 "'ceilings':[{'name':'k','layers':['a'],'share':0.5,'of':'total','per':'visit','when':{'age':{'up_to':17}}}],"
		 "'fixed_prices':[{'name':'p','when':{'level':['3']},'price':1},{'name':'q','when':{'age':{'at_least':60}},'price':80},"
		 "{'name':'z','when':{'level':['2']},'price':90}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','deductible':{'amount':10,'schedule':"
		 "{'count':'c','factors':[1,0.5]}},'ratio':1}]}]");
	/* an adult's first stay: 100 - 10 */
	BILL("'in_scope':100,'age':30,'level':'1'");
	PAID("a", 9000);
	/* a second one: half the deductible */
	BILL("'in_scope':100,'age':30,'level':'1'");
	PAID("a", 9500);
	/* a child's is not counted, and the ceiling holds: 50 of 100 */
	BILL("'in_scope':100,'age':3,'level':'1'");
	PAID("a", 5000);
	/* from 60 on the price is 80, which leaves 80 - 5; below that level 2 costs 90, which leaves 90 - 5 */
	BILL("'in_scope':100,'age':60,'level':'2'");
	CHECK_INT(split.hospital_fen, 2000);
	PAID("a", 7500);
	BILL("'in_scope':100,'age':59,'level':'2'");
	CHECK_INT(split.hospital_fen, 1000);
	PAID("a", 8500);
	/* a price that does not hold for certain comes before one that does */
	BILL("'in_scope':100,'age':59,'level':'1'");
	CHECK_INT(split.hospital_fen, 0);
}

/* Rules and modifiers that ask for age: any and none of alternatives, two modifiers whose conditions are open */
static void
TestOpenRules(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'modifiers':[{'target':'ratio','add':0.1,'when':{'age':{'at_least':60}}},"
		 "{'target':'ratio','add':0.01,'when':{'age':{'at_least':70}}},"
		 "{'target':'ratio','add':0.001,'when':{'level':['2']}}],"
		 "'rules':[{'name':'none','when':{'none':[{'level':['2']},{'age':{'at_least':18}}]},'ratio':0.1},"
		 "{'name':'any','when':{'any':[{'level':['2']},{'age':{'up_to':40}}]},'ratio':0.2},"
		 "{'name':'level','when':{'level':['1'],'age':{'up_to':65}},'ratio':0.3},"
		 "{'name':'rest','when':{'level':['1','3']},'ratio':0.4},{'name':'never','ratio':0.5}]}]");
	for (int i = 0; i < 2; i++)
	{
		BILL("'in_scope':100,'age':3,'level':'1'");
		PAID("a", 1000);
		BILL("'in_scope':100,'age':3,'level':'2'");
		PAID("a", 2010);
		BILL("'in_scope':100,'age':30,'level':'1'");
		PAID("a", 2000);
		BILL("'in_scope':100,'age':50,'level':'1'");
		PAID("a", 3000);
		BILL("'in_scope':100,'age':62,'level':'1'");
		PAID("a", 4000);
		BILL("'in_scope':100,'age':71,'level':'1'");
		PAID("a", 5100);
		BILL("'in_scope':100,'age':50,'level':'3'");
		PAID("a", 4000);
		BILL("'in_scope':100,'age':71,'level':'2'");
		PAID("a", 3110);
	}
	REFUSED("'in_scope':100,'level':'1'", ST_BILL_MISSING, "age");
}

/* D of stays beyond those prepared: 1 000 less 100 for each stay, at least 200 */
static void
TestManyStays(void)
{
	PAGE("'counts':{'c':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','deductible':{'amount':1000,"
		 "'schedule':{'count':'c','step':100,'floor':200}},'ratio':1}]}]");
	for (int stay = 1; stay <= 11; stay++)
	{
		BILL("'in_scope':1000");
		PAID("a", stay < 9 ? (stay - 1) * 10000 : 80000);
	}
	/* two factors: later stays go on with the second */
	PAGE("'counts':{'c':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','deductible':{'amount':1000,"
		 "'schedule':{'count':'c','factors':[1,0.25]}},'ratio':1}]}]");
	for (int stay = 1; stay <= 4; stay++)
	{
		BILL("'in_scope':1000");
		PAID("a", stay == 1 ? 0 : 75000);
	}
}

/* Nothing to do on an event: basic and other layers without a rule for it */
static void
TestIdleOnEvents(void)
{
	PAGE("'layers':[{'name':'basic','kind':'basic','rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[]},"
		 "{'name':'c','kind':'other','base':{'copay':1},'rules':[{'name':'e','on':'year_close','window':{'over':'year_to_date'},"
		 "'ratio':0.5}]}]");
	BILL("'in_scope':100");
	PAID("basic", 5000);
	STATE("b", LINE_NO_RULE);
	STATE("c", LINE_NO_RULE);
	BILL("'kind':'year_close'");
	STATE("basic", LINE_NO_RULE);
	STATE("b", LINE_NO_RULE);
	ADJUSTED("c", 2500);
}

/* ---- whole fen and parts of a fen ---- */

/* The next bill is settled by a fold that has been resumed, without a trace */
static void
ResumePerson(void)
{
	static char account[1024 * 1024];

	snprintf(account, sizeof(account), "%s", AccountText());
	CHECK_INT(ResumeFrom(account), ST_OK);
}

/* Half of 0.01 is 0.5 fen: of the deductible's counter, then of a base cap's; whole amounts go on with what is left */
static void
TestParts(void)
{
	static const char layers[] = "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		"{'name':'half','when':{'level':['1']},'base':{'copay':0.5},'deductible':{'amount':1,'counter':'c'},'ratio':1},"
		"{'name':'whole','deductible':{'amount':1,'counter':'c'},'ratio':1}]}]";

	for (int resumed = 0; resumed < 2; resumed++)
	{
		PAGE(layers);
		BILL("'in_scope':2,'level':'2'");
		PAID("a", 100);
		PAGE(layers);
		BILL("'in_scope':0.01,'level':'1'");
		CHECK(person.fractions);
		if (resumed)
			ResumePerson();
		/* 99.5 fen are left of the deductible: 200 - 99.5 = 100.5 */
		BILL("'in_scope':2,'level':'2'");
		PAID("a", 101);
		NewPerson();
		CHECK(!person.fractions);
		BILL("'in_scope':2,'level':'2'");
		PAID("a", 100);
	}
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'half','when':{'level':['1']},'enter':0.5,"
		 "'ratio':1,'caps':[{'limit':1,'on':'base','group':'g'}]},"
		 "{'name':'r','ratio':1,'caps':[{'limit':1,'on':'base','group':'g'}]}]}]");
	BILL("'in_scope':0.01,'level':'1'");
	CHECK(person.fractions);
	ResumePerson();
	CHECK(person.fractions);
	/* of 100 fen 99.5 are left, which is 100 rounded */
	BILL("'in_scope':10,'level':'2'");
	PAID("a", 100);
}

/* An account whose only part of a fen is in a tally: 100 - 0.5 = 99.5 of the deductible are left, 200 - 99.5 = 100.5 */
static void
TestPartsOfTally(void)
{
	RULE("'deductible':{'amount':1,'counter':'c'},'ratio':1");
	CHECK_INT(ResumeFrom("{'format':1,'last':{'ordered_at':'2025-01-01T00:00:00','seq':0},'tallies':[{'kind':'deductible','name':'c',"
						 "'period':'2025-01-01','used':0.005}]}"), ST_OK);
	CHECK(person.fractions);
	BILL("'in_scope':2");
	PAID("a", 101);
	CHECK_INT(ResumeFrom("{'format':1,'last':{'ordered_at':'2025-01-01T00:00:00','seq':0},'tallies':[{'kind':'deductible','name':'c',"
						 "'period':'2025-01-01','used':0.01}]}"), ST_OK);
	CHECK(!person.fractions);
	BILL("'in_scope':2");
	PAID("a", 101);
}

/* Modified ratios: 60 % + 5 points is whole ppm, 60 % x 0.333 x 0.777 is not; a fixed amount is no ratio */
static void
TestRatios(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'modifiers':["
		 "{'target':'ratio','add':0.05,'when':{'level':['1']}},{'target':'ratio','multiply':0.333,'when':{'level':['2']}},"
		 "{'target':'ratio','multiply':0.777,'when':{'level':['2']}}],"
		 "'rules':[{'name':'r','bands':[{'to':100,'ratio':0.611111},{'ratio':0.7}]}]}]");
	BILL("'in_scope':200,'level':'1'");
	PAID("a", 14111);			/* 66.1111 + 75 */
	BILL("'in_scope':200,'level':'2'");
	PAID("a", 3392);			/* 0.258741 x (61.1111 + 70) = 33.9238… */
	BILL("'in_scope':200,'level':'3'");
	PAID("a", 13111);
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'modifiers':[{'target':'ratio','add':0.05,'when':{'level':['1']}}],"
		 "'rules':[{'name':'r','banding':'whole_amount','bands':[{'to':100,'amount':30},{'ratio':0.7}]}]}]");
	BILL("'in_scope':50,'level':'1'");
	PAID("a", 3000);
	BILL("'in_scope':200,'level':'1'");
	PAID("a", 15000);
}

/* A counter by level is looked for on each bill, also for a person who begins with an empty account */
static void
TestCountersByLevel(void)
{
	PAGE("'counters':{'c':{'every':'year','per':'level'}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'r','deductible':{'amount':10,'counter':'c'},'ratio':1}]}]");
	for (int i = 0; i < 3; i++)
	{
		NewPerson();
		BILL("'in_scope':8,'level':'1'");
		PAID("a", 0);
		BILL("'in_scope':8,'level':'2'");
		PAID("a", 0);
		BILL("'in_scope':8,'level':'1'");
		PAID("a", 600);
		OnDay("2026-01-01");
		BILL("'in_scope':8,'level':'1'");
		PAID("a", 0);
	}
}

/* ---- where the cap of basic insurance binds ---- */

/* The cost above the binding point: with a ratio in parts of ppm, with nothing in the last band, with very large amounts */
static void
TestBindingPoint(void)
{
	/* 50 % x 0.333 x 0.333 = 5.54445 %: 10.00 is reached (9.9999…6 is not enough) at 180.361 yuan, so at 18037 fen */
	PAGE("'layers':[{'name':'basic','kind':'basic','modifiers':[{'target':'ratio','multiply':0.333},"
		 "{'target':'ratio','multiply':0.333,'when':{'level':['1']}}],"
		 "'rules':[{'name':'r','ratio':0.5,'caps':[{'limit':10,'group':'g'}]}]}]");
	BILL("'in_scope':1000,'level':'1'");
	PAID("basic", 1000);
	LEFT("over_cap", 100000 - 18037);
	LEFT("copay", 18037 - 1000);
	/* 50 % up to 100.00, nothing above: 10.00 is reached at 20.00 */
	PAGE("'layers':[{'name':'basic','kind':'basic','rules':[{'name':'r','bands':[{'to':100,'ratio':0.5},{'ratio':0}],"
		 "'caps':[{'limit':10}]}]}]");
	BILL("'in_scope':1000");
	PAID("basic", 1000);
	LEFT("over_cap", 98000);
	/* 80 % up to 100.00, 50 % above, after a deductible of 10.00: 72.00 for the first 100.00; 90.00 is reached at 136.00 */
	PAGE("'layers':[{'name':'basic','kind':'basic','rules':[{'name':'r','deductible':{'amount':10},"
		 "'bands':[{'to':100,'ratio':0.8},{'ratio':0.5}],'caps':[{'limit':90}]}]}]");
	BILL("'in_scope':1000");
	PAID("basic", 9000);
	LEFT("over_cap", 86400);
	LEFT("deductible", 1000);
	/* 10^13 yuan at 90 %, cap 9.00: reached at 10.00 */
	PAGE("'layers':[{'name':'basic','kind':'basic','rules':[{'name':'r','ratio':0.9,'caps':[{'limit':9}]}]}]");
	BILL("'in_scope':10000000000000");
	PAID("basic", 900);
	LEFT("over_cap", INT64_C(999999999999000));
}

int
main(void)
{
	TestManyCombinations();
	TestHints();
	TestHintElsewhere();
	TestHintOfManyPages();
	TestLongCodes();
	TestLongestCodes();
	TestLikeRegions();
	TestUnknownCode();
	TestLacks();
	TestRoom();
	TestCopy();
	TestOpenConditions();
	TestOpenRules();
	TestManyStays();
	TestIdleOnEvents();
	TestParts();
	TestPartsOfTally();
	TestRatios();
	TestCountersByLevel();
	TestBindingPoint();
	return CheckEnd();
}
