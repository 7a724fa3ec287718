/*
 * test_fold_account.c — an account that is full, that was folded without keeping bills, or that would pass the largest amount;
 * going on under other terms; old bills that are forgotten; a trace that is full. That every account goes to JSON and back as
 * it was is checked with every bill of every test (fold_helpers.h).
 */
#include <stdarg.h>

#include "fold_helpers.h"

#define ACCOUNT_SAYS(what) CHECK(strstr(AccountText(), what) != NULL)
#define ACCOUNT_LACKS(what) CHECK(strstr(AccountText(), what) == NULL)

static char text[1024 * 1024];
static size_t used;

static void Add(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
Add(const char *format, ...)
{
	va_list		args;

	va_start(args, format);
	used += (size_t) vsnprintf(text + used, sizeof(text) - used, format, args);
	va_end(args);
}

/*
 * An account with n tallies of other layers and these, with these bases, and with kept bills of December 2024 whose codes bring
 * it to n_names names. Names are n000, n001, …
 */
static void
ResumeWith(int n, const char *tallies, const char *bases, int n_names)
{
	used = 0;
	Add("{'format':1,'last':{'ordered_at':'2024-12-31T00:00:00','seq':1},'bases':[%s],'tallies':[%s", bases, tallies);
	for (int i = 0; i < n; i++)
		Add("%s{'kind':'cap','name':'n%03d','period':'2025-01-01','used':1.00}", i > 0 || tallies[0] != '\0' ? "," : "", i);
	Add("],'kept':[");
	for (int i = n; i < n_names; i++)
		Add("%s{'ordered_at':'2024-12-01T00:00:00','seq':%d,'day':'2024-12-01','level':'n%03d'}", i > n ? "," : "", i, i);
	Add("]}");
	CheckStatus(ResumeFrom(text), ST_OK, __FILE__, __LINE__, "the account is read");
}

#define LAYER_A(more, rule) "'layers':[{'name':'a','kind':'other'," more "'base':{'copay':1},'rules':[{'name':'r'," rule "}]}]"
#define APPLICATION "'on':'application','window':{'over':'year_to_date'}"

/* ---- all tallies open ---- */

/* Under this page the bill finds no room for a counter when n are there, and settles in an empty account */
static void
FullAt(int n, const char *page, const char *bill, int line)
{
	CheckStatus(OpenPage(page), ST_OK, __FILE__, line, page);
	ResumeWith(n, "", "", 0);
	CheckRefused(bill, ST_ACCOUNT_FULL, "account", __FILE__, line);
	FoldPerson(&person);
	CheckSettled(bill, __FILE__, line);
}

#define FULL_AT(n, page, bill) FullAt(n, page, bill, __LINE__)

static void
TestTallies(void)
{
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'caps':[{'limit':5}]"), "'in_scope':1");
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'caps':[{'limit':5,'on':'base'}]"), "'in_scope':1");
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'times':{'limit':5}"), "'in_scope':1");
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'deductible':{'amount':1,'counter':'c'}"), "'in_scope':1");
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'deductible':{'amount':1,'sum_cap':{'limit':1,'counter':'c'}}"), "'in_scope':1");
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'caps':[{'limit':5}],'modifiers':[{'target':'annual_cap','remove':true}]"),
			"'in_scope':1");
	FULL_AT(MAX_TALLIES - 1, LAYER_A("", "'ratio':1,'deductible':{'amount':1}"),
			"'in_scope':1,'encounter':'e','encounter_total':9");
	FULL_AT(MAX_TALLIES, "'layers':[]", "'in_scope':1,'encounter':'e','encounter_total':9");
	FULL_AT(MAX_TALLIES, "'counts':{'stays':{}},'layers':[]", "'in_scope':1");
	FULL_AT(MAX_TALLIES - 2, "'counts':{'stays':{}},'layers':[]", "'in_scope':1,'encounter':'e','encounter_total':9");
	FULL_AT(MAX_TALLIES, "'ceilings':[{'name':'c','layers':['a'],'share':1,'of':'total','per':'period'}]," LAYER_A("", "'ratio':1"),
			"'in_scope':1");
}

/* Where the cost is 0, a ceiling's counter is opened by who asks for its room, or by a given payment */
static void
TestCeilings(void)
{
#define CEILING "'ceilings':[{'name':'c','layers':['a'],'share':1,'of':'excluded','per':'period'}],"
	FULL_AT(MAX_TALLIES, CEILING LAYER_A("", "'ratio':1"), "'in_scope':1");
	FULL_AT(MAX_TALLIES, CEILING LAYER_A("", "'when':{'level':['1']},'ratio':1"),
			"'in_scope':1,'level':'2','given':{'a':{'amount':1}}");
	FULL_AT(MAX_TALLIES, LAYER_A("", APPLICATION ",'ratio':1,'caps':[{'limit':1}],"
			"'modifiers':[{'target':'annual_cap','remove':true}]"), "'kind':'application'");
	FULL_AT(MAX_TALLIES, CEILING LAYER_A("", APPLICATION ",'ratio':1"), "'kind':'application'");
}

/* A given deductible is taken also where a modifier has removed our own */
static void
TestGivenDeductible(void)
{
#define REMOVED ",'modifiers':[{'target':'deductible','remove':true}]"
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'deductible':{'amount':1,'counter':'c'}" REMOVED),
			"'in_scope':2,'given':{'a':{'amount':1,'deductible':1}}");
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'deductible':{'amount':1,'sum_cap':{'limit':1,'counter':'c'}}" REMOVED),
			"'in_scope':2,'given':{'a':{'amount':1,'deductible':1}}");
	/* nothing is left to be taken, but all of the bill lies beyond */
	FULL_AT(MAX_TALLIES, LAYER_A("", "'ratio':1,'deductible':{'amount':1,'counter':'c','final_once_met':true}" REMOVED),
			"'in_scope':2");
}

/* Only the computation with the penalty has a deductible, and finds no counter for it */
static void
TestPenalty(void)
{
	FULL_AT(MAX_TALLIES, "'layers':[{'name':'b','kind':'basic',"
			"'rules':[{'name':'r','ratio':0.5,'deductible':{'amount':1,'counter':'c'},"
			"'modifiers':[{'target':'deductible','remove':true},{'target':'deductible','set':10,'penalty':true}]}]}]",
			"'in_scope':100");
}

/* A later part of an encounter that was opened under terms without a count; with room it reads 0 */
static void
TestLaterPart(void)
{
	PAGE("'counts':{'stays':{}},'layers':[]");
	ResumeWith(MAX_TALLIES - 1, "{'kind':'encounter','sub':'e','used':1.00,'cost':9.00}", "", 0);
	REFUSED("'in_scope':1,'encounter':'e','encounter_total':9", ST_ACCOUNT_FULL, "account");
	ResumeWith(MAX_TALLIES - 2, "{'kind':'encounter','sub':'e','used':1.00,'cost':9.00}", "", 0);
	BILL("'in_scope':1,'encounter':'e','encounter_total':9");
}

/* A recoverable finds no counter for its set-off */
static void
TestRecoverable(void)
{
	PAGE(LAYER_A("'set_off':true,", "'settles':'year','accrual':'true_up','ratio':0.5"));
	ResumeWith(MAX_TALLIES, "", "{'name':'a','period':'2025-01-01','buckets':{'copay':100.00},'accrued':80.00,'paid':80.00}", 0);
	REFUSED("'in_scope':10", ST_ACCOUNT_FULL, "account");
	ResumeWith(MAX_TALLIES - 1, "", "{'name':'a','period':'2025-01-01','buckets':{'copay':100.00},'accrued':80.00,"
		"'paid':80.00}", 0);
	BILL("'in_scope':10");
	RECOVERABLE("a", 2500);
}

/* ---- all bases open ---- */

static char bases[64 * MAX_BASES];

static const char *
Bases(int n)
{
	size_t		at = 0;

	for (int i = 0; i < n; i++)
		at += (size_t) snprintf(bases + at, sizeof(bases) - at,
			"%s{'name':'n%03d','period':'2025-01-01','paid':1.00}", i > 0 ? "," : "", i);
	return bases;
}

/* The crossing of a layer takes a base as well */
static void
TestBases(void)
{
	PAGE(LAYER_A("", "'ratio':1"));
	ResumeWith(0, "", Bases(MAX_BASES), 0);
	REFUSED("'in_scope':1", ST_ACCOUNT_FULL, "account");
	REFUSED("'in_scope':1,'given':{'a':{'amount':1}}", ST_ACCOUNT_FULL, "account");
	ResumeWith(0, "", Bases(MAX_BASES - 1), 0);
	BILL("'in_scope':1");
	PAGE("'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},"
		 "'rules':[{'name':'r','when':{'level':['1']},'counter':'n000','ratio':1}]},"
		 "{'name':'m','kind':'assistance','base':{'copay':1},"
		 "'rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},'counter':'n001','ratio':1}]}]");
	ResumeWith(0, "", Bases(MAX_BASES), 0);
	REFUSED("'in_scope':1,'level':'2'", ST_ACCOUNT_FULL, "account");
	REFUSED("'in_scope':1,'level':'1'", ST_ACCOUNT_FULL, "account");
	REFUSED("'in_scope':1,'level':'2','given':{'k':{'amount':1}}", ST_ACCOUNT_FULL, "account");
	ResumeWith(0, "", Bases(MAX_BASES - 1), 0);
	BILL("'in_scope':1,'level':'2','given':{'k':{'amount':1}}");
}

/* ---- all names taken ---- */

#define ROOM (MAX_NAMES + KEPT_NAMES)	/* of an account that was read */

/* One name too many when there are n of them; with 400 it settles */
static void
NamesFull(int n, const char *page, const char *tallies, const char *base, const char *bill, int line)
{
	CheckStatus(OpenPage(page), ST_OK, __FILE__, line, page);
	ResumeWith(200, tallies, base, n);
	CheckRefused(bill, ST_ACCOUNT_FULL, "account", __FILE__, line);
	ResumeWith(200, tallies, base, 400);
	CheckSettled(bill, __FILE__, line);
}

#define NAMES_FULL(n, page, bill) NamesFull(n, page, "", "", bill, __LINE__)

static void
TestNames(void)
{
	/* the base counter, a deductible counter, a count, a ceiling */
	NAMES_FULL(ROOM, LAYER_A("", "'ratio':1"), "'in_scope':1");
	NAMES_FULL(ROOM - 1, LAYER_A("", "'ratio':1,'deductible':{'amount':1,'counter':'c'}"), "'in_scope':1");
	NAMES_FULL(ROOM, "'counts':{'stays':{}},'layers':[]", "'in_scope':1");
	NAMES_FULL(ROOM, "'ceilings':[{'name':'c','layers':['a'],'share':1,'of':'total','per':'period'}]," LAYER_A("",
			   "'ratio':1"), "'in_scope':1");
	/* the layer's own name: of an event, of an encounter's deductible, of an entry of a kept bill */
	NAMES_FULL(ROOM, LAYER_A("", APPLICATION ",'ratio':1"), "'kind':'application'");
	NAMES_FULL(ROOM - 1, LAYER_A("", "'counter':'c','ratio':1,'deductible':{'amount':1}"),
			   "'in_scope':1,'encounter':'e','encounter_total':9");
	NAMES_FULL(ROOM - 1, LAYER_A("", "'counter':'c','settles':'year','accrual':'true_up','ratio':1"), "'in_scope':1");
	/* the codes of a kept bill */
	NAMES_FULL(ROOM - 1, LAYER_A("", "'settles':'year','accrual':'true_up','ratio':1"), "'in_scope':1,'level':'1'");
	/* a crossing */
	NAMES_FULL(ROOM - 1, "'layers':[{'name':'k','kind':'critical','base':{'copay':1,'penalty':0},'rules':[]},"
			   "{'name':'m','kind':'assistance','base':{'copay':1},"
			   "'rules':[{'name':'r','settles':'year','cumulative_from':{'crossing':'k'},'ratio':1}]}]", "'in_scope':1");
}

/* Names that are asked for late: of later parts of an encounter, of an adjustment, of a recoverable and its set-off */
static void
TestLateNames(void)
{
	static const char *const encounter = "{'kind':'encounter','sub':'e','used':1.00,'cost':9.00}";
	static const char *const base = "{'name':'n000','period':'2025-01-01','buckets':{'copay':100.00},'accrued':%s,'paid':80.00}";
	char		one[128];

	NamesFull(ROOM, "'counts':{'stays':{}},'layers':[]", encounter, "",
			  "'in_scope':1,'encounter':'e','encounter_total':9", __LINE__);
	NamesFull(ROOM, LAYER_A("", "'counter':'n000','ratio':1,'deductible':{'amount':1}"), encounter, "",
			  "'in_scope':1,'encounter':'e','encounter_total':9", __LINE__);
	/* 0.5 x 110 - 80 */
	snprintf(one, sizeof(one), base, "80.00");
	NamesFull(ROOM, LAYER_A("'set_off':true,", "'counter':'n000','settles':'year','accrual':'true_up','ratio':0.5"), "", one,
			  "'in_scope':10", __LINE__);
	/* a payment that looks for open recoverables; without set_off it is the entry of the kept bill that fails */
	snprintf(one, sizeof(one), base, "0.00");
	NamesFull(ROOM, LAYER_A("'set_off':true,", "'counter':'n000','settles':'year','accrual':'true_up','ratio':0.5"), "", one,
			  "'in_scope':10", __LINE__);
	/* a payment within the bill, which looks for open recoverables: 0.5 x 200 */
	NamesFull(ROOM, LAYER_A("'set_off':true,", "'counter':'n000','settles':'year','accrual':'true_up','ratio':0.5"), "", one,
			  "'in_scope':100", __LINE__);
	/* more is due than the bill has: 55 of 10 */
	NamesFull(ROOM, LAYER_A("", "'counter':'n000','settles':'year','accrual':'true_up','ratio':0.5"), "", one,
			  "'in_scope':10", __LINE__);
	NamesFull(ROOM, "'layers':[{'name':'a','kind':'other','set_off':true,'base':{'copay':1},'rules':[]}]", "", "",
			  "'in_scope':10,'given':{'a':{'amount':1}}", __LINE__);
	NamesFull(ROOM, LAYER_A("'set_off':true,", "'counter':'n000','ratio':1"), "", "",
			  "'in_scope':10,'given':{'a':{'amount':1}}", __LINE__);
}

/* A name that is too long is refused like one too many */
static void
TestLongName(void)
{
	FoldPerson(&person);
	CHECK(AccountName(&person.account, "1234567890123456789012345678901", 31, &fault) != NAME_NONE);
	CHECK_INT(AccountName(&person.account, "12345678901234567890123456789012", 32, &fault), NAME_NONE);
	CHECK_INT(fault.status, ST_ACCOUNT_FULL);
}

/* ---- one person after another ---- */

/* What one person leaves behind does not reach the next: parts, names, refused bills */
static void
TestNextPerson(void)
{
	used = 0;
	Add("{'format':1,'engine':1,'pages':[");
	for (int p = 0; p < 3; p++)
	{
		Add("%s{'title':'p','region':'R','scheme':'%c','from':'2020-01-01','sources':{'t':{'document':'d'}},"
			"'cite':{'source':'t'},'parts':{", p > 0 ? "," : "", 'A' + p);
		for (int i = 0; i < 4; i++)
			Add("%s'excluded.p%02d':'p'", i > 0 ? "," : "", p * 4 + i);
		Add("},'layers':[{'name':'a','kind':'other','base':{'excluded.p%02d':1},"
			"'rules':[{'name':'r','settles':'year','ratio':0.5}]}]}", p * 4);
	}
	Add("]}");
	BOOK(text);
	BILL("'excluded':1,'parts':{'excluded.p00':1},'scheme':'A'");
	BILL("'excluded':1,'parts':{'excluded.p04':1},'scheme':'B'");
	/* parts of B and C are eight */
	FoldPerson(&person);
	BILL("'excluded':1,'parts':{'excluded.p04':1},'scheme':'B'");
	BILL("'excluded':1,'parts':{'excluded.p08':1},'scheme':'C'");
	PAID("a", 50);
	CHECK_INT(LineOf("a")->cumulative.fen, 100);
}

/* The next person after a refused bill, on a fold that is not put back as it was */
static void
TestAfterRefusal(void)
{
	static char scratch[16384];
	static const char json[] = "{\"region\":\"R\",\"scheme\":\"C\",\"ordered_at\":\"2025-01-02\",\"seq\":1,"
		"\"total\":1,\"excluded\":1,\"parts\":{\"excluded.p08\":1}}";
	Bill		bill;
	Split		own;

	FoldPerson(&person);
	BILL("'excluded':1,'scheme':'A'");
	BILL("'excluded':1,'scheme':'B'");
	CHECK_INT(BillFromJson(json, (int) strlen(json), scratch, sizeof(scratch), &bill, &fault), ST_OK);
	CHECK_INT(SettleStep(&person, &bill, &own, NULL, &fault), ST_ACCOUNT_FULL);
	FoldPerson(&person);
	CHECK_INT(SettleStep(&person, &bill, &own, NULL, &fault), ST_OK);
	CHECK_INT(own.lines[0].paid_fen, 50);
	CHECK(strstr(AccountText(), "\"excluded.p08\":1.00") != NULL);
}

/* A person with many names leaves room for the next */
static void
TestManyNames(void)
{
	PAGE(LAYER_A("", "'ratio':1"));
	ResumeWith(200, "", "", 300);
	BILL("'in_scope':1");
	FoldPerson(&person);
	CHECK_INT(person.account.n_names, 0);
	BILL("'in_scope':1");
	PAID("a", 100);
}

/* ---- named parts ---- */

/* Eight parts over a person's bills; a page that names others finds no place for them */
static void
TestParts(void)
{
	used = 0;
	Add("{'format':1,'engine':1,'pages':[");
	for (int p = 0; p < 3; p++)
	{
		Add("%s{'title':'p','region':'R','scheme':'%c','from':'2020-01-01','sources':{},'parts':{", p > 0 ? "," : "", 'A' + p);
		for (int i = 0; i < 4; i++)
			Add("%s'excluded.p%d':'p'", i > 0 ? "," : "", p * 4 + i);
		Add("},'layers':[]}");
	}
	Add("]}");
	BOOK(text);
	BILL("'excluded':1,'parts':{'excluded.p3':1},'scheme':'A'");
	BILL("'excluded':1,'parts':{'excluded.p4':1},'scheme':'B'");
	LEFT("excluded.p4", 100);
	REFUSED("'excluded':1,'scheme':'C'", ST_ACCOUNT_FULL, "account");
	BILL("'excluded':1,'parts':{'excluded.p0':1},'scheme':'A'");
	FoldPerson(&person);
	BILL("'excluded':1,'scheme':'C'");
}

/* ---- the largest amounts ---- */

static void
TestOverflow(void)
{
	PAGE(LAYER_A("", "'ratio':0"));
	BILL("'in_scope':9999999999999.99");
	BILL("'in_scope':0.01");
	REFUSED("'in_scope':0.01", ST_OVERFLOW, "account");
	/* what is due, or paid, in a year */
	PAGE(LAYER_A("", "'ratio':1"));
	ResumeWith(0, "", "{'name':'a','period':'2025-01-01','accrued':9999999999999.99}", 0);
	BILL("'in_scope':0.01");
	REFUSED("'in_scope':0.01", ST_OVERFLOW, "account");
	ResumeWith(0, "", "{'name':'a','period':'2025-01-01','paid':9999999999999.99}", 0);
	BILL("'in_scope':0.01");
	REFUSED("'in_scope':0.01", ST_OVERFLOW, "account");
	/* the cost under a ceiling */
	PAGE("'ceilings':[{'name':'c','layers':['a'],'share':1,'of':'total','per':'period'}]," LAYER_A("", "'ratio':0"));
	ResumeWith(0, "{'kind':'ceiling','name':'c','period':'2025-01-01','cost':9999999999999.99}", "", 0);
	BILL("'in_scope':0.01");
	REFUSED("'in_scope':0.01", ST_OVERFLOW, "account");
}

/* ---- bills that were not kept ---- */

/* Terms that cannot adjust keep no bills; those that can refuse to reach back over them, and only over them */
static void
TestUnkept(void)
{
	PAGE(LAYER_A("", "'settles':'year','ratio':0.5"));
	OnDay("2025-03-01");
	BILL("'in_scope':100");
	ACCOUNT_SAYS("\"unkept\":\"2025-03-01\"");
	ACCOUNT_LACKS("\"kept\"");
	OnDay("2025-04-01");
	BILL("'in_scope':100");
	ACCOUNT_SAYS("\"unkept\":\"2025-04-01\"");
	/* a true_up of 0.8 x 210 - 100 = 68 of which 58 would have to be booked earlier */
	PAGE(LAYER_A("", "'settles':'year','accrual':'true_up','ratio':0.8"));
	CHECK_INT(ResumeFrom("{'format':1,'bases':[{'name':'a','period':'2025-01-01','buckets':{'copay':200.00},'accrued':100.00,"
			  "'paid':100.00}],'unkept':'2025-04-01'}"), ST_OK);
	REFUSED("'in_scope':10", ST_ACCOUNT_NO_HISTORY, "account");
	BILL("'in_scope':1000");	/* enough is left on the bill itself */
	/* the last day before the period does not matter, its first day does */
	CHECK_INT(ResumeFrom("{'format':1,'bases':[{'name':'a','period':'2025-01-01','buckets':{'copay':200.00},'accrued':100.00,"
			  "'paid':100.00}],'unkept':'2024-12-31'}"), ST_OK);
	BILL("'in_scope':10");
	ADJUSTED("a", 0);			/* nothing is kept: it lapses */
	CHECK_INT(ResumeFrom("{'format':1,'bases':[{'name':'a','period':'2025-01-01','buckets':{'copay':200.00},'accrued':100.00,"
			  "'paid':100.00}],'unkept':'2025-01-01'}"), ST_OK);
	REFUSED("'in_scope':10", ST_ACCOUNT_NO_HISTORY, "account");
	/* an event: its window */
	PAGE(LAYER_A("", APPLICATION ",'ratio':0.8"));
	CHECK_INT(ResumeFrom("{'format':1,'unkept':'2025-01-01'}"), ST_OK);
	REFUSED("'kind':'application'", ST_ACCOUNT_NO_HISTORY, "account");
	CHECK_INT(ResumeFrom("{'format':1,'unkept':'2024-12-31'}"), ST_OK);
	BILL("'kind':'application'");
}

/* The latest day counts, whatever order the periods came in */
static void
TestUnkeptLatest(void)
{
	PAGE("'period_date':'settlement'," LAYER_A("", "'ratio':0.5"));
	BILL("'in_scope':1,'settled_on':'2025-05-01'");
	BILL("'in_scope':1,'settled_on':'2025-04-01'");
	ACCOUNT_SAYS("\"unkept\":\"2025-05-01\"");
}

/* ---- 2 048 kept bills ---- */

/* Kept bills: so many of each of these days, each with 1.00 of copay left */
static void
ResumeWithBills(const char *first_day, int n_first, const char *second_day, int n_second)
{
	used = 0;
	Add("{'format':1,'last':{'ordered_at':'%sT12:00:00','seq':0},'kept':[", n_second > 0 ? second_day : first_day);
	for (int i = 0; i < n_first + n_second; i++)
	{
		const char *day = i < n_first ? first_day : second_day;

		Add("%s{'ordered_at':'%sT00:00:00','seq':%d,'day':'%s','left':{'copay':1.00}}", i > 0 ? "," : "", day, i, day);
	}
	Add("]}");
	CheckStatus(ResumeFrom(text), ST_OK, __FILE__, __LINE__, "the account is read");
}

static int
CountIn(const char *in, const char *what)
{
	int			n = 0;

	for (const char *at = in; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

/* When the table is full, bills of the years that no rule reaches are forgotten, with what events have paid on them */
static void
TestForgetting(void)
{
	PAGE(LAYER_A("", APPLICATION ",'ratio':0.01"));
	ResumeWithBills("2024-12-31", 2, "2025-01-01", MAX_KEPT - 2);
	OnDay("2025-06-01");
	BILL("'kind':'application'");
	ADJUSTED("a", 2046);		/* 1 % of 2 046.00: 1.00 of 20 bills, 0.46 of one */
	ACCOUNT_LACKS("\"unkept\"");
	BILL("'in_scope':5");
	ACCOUNT_LACKS("\"day\":\"2024-12-31\"");
	ACCOUNT_SAYS("\"unkept\":\"2024-12-31\"");
	CHECK_INT(CountIn(AccountText(), "event_paid"), 21);
	/* one more has room, the next has not; in 2026 the others go, and the event's payments with them */
	BILL("'in_scope':5");
	REFUSED("'in_scope':5", ST_ACCOUNT_FULL, "account");
	OnDay("2026-01-01");
	BILL("'in_scope':5");
	ACCOUNT_LACKS("\"day\":\"2025-01-01\"");
	ACCOUNT_SAYS("\"unkept\":\"2025-06-01\"");
	ACCOUNT_LACKS("event_paid");
	CHECK_INT(person.account.n_event_paid, 0);
	BILL("'kind':'application'");
	ADJUSTED("a", 5);
	/* terms that reach further hear of it */
	snprintf(text, sizeof(text), "%s", AccountText());
	PAGE(LAYER_A("", "'on':'application','window':{'over':'previous_year'},'ratio':0.01"));
	CHECK_INT(ResumeFrom(text), ST_OK);
	OnDay("2026-01-02");
	REFUSED("'kind':'application'", ST_ACCOUNT_NO_HISTORY, "account");
}

/* A window of the year before keeps that year; a page that goes by the settlement one more */
static void
TestReach(void)
{
	PAGE(LAYER_A("", "'on':'application','window':{'over':'previous_year'},'ratio':0.01"));
	ResumeWithBills("2023-12-31", 1, "2024-01-01", MAX_KEPT - 1);
	OnDay("2025-03-01");
	BILL("'in_scope':5");
	ACCOUNT_LACKS("\"day\":\"2023-12-31\"");
	REFUSED("'in_scope':5", ST_ACCOUNT_FULL, "account");
	CHECK(strstr(fault.found, "since 2024") != NULL);
	BILL("'kind':'application'");
	ADJUSTED("a", 2047);
	PAGE("'period_date':'settlement'," LAYER_A("", "'on':'application','window':{'over':'previous_year'},'ratio':0.01"));
	ResumeWithBills("2022-12-31", 1, "2023-01-01", MAX_KEPT - 1);
	OnDay("2025-03-01");
	BILL("'in_scope':5,'settled_on':'2025-03-01'");
	ACCOUNT_LACKS("\"day\":\"2022-12-31\"");
	REFUSED("'in_scope':5,'settled_on':'2025-03-01'", ST_ACCOUNT_FULL, "account");
}

/* Events pay on at most 2 048 bills and layers; a bill on which nothing is left is none of them */
static void
TestEventPaid(void)
{
#define UP_TO(name, bucket, fact) "{'name':'" name "','kind':'other','base':{'" bucket "':1},'rules':[{'name':'r'," APPLICATION \
	",'ratio':1,'caps':[{'limit':{'base':0,'rate':1,'fact':'" fact "','max':10000}}]}]}"
	PAGE("'layers':[" UP_TO("a", "copay", "f") "," UP_TO("b", "excluded", "g") "]");
	ResumeWithBills("2025-01-01", MAX_KEPT, "", 0);
	for (int i = 0; i < 3; i++)
		person.account.kept[MAX_KEPT - 1 - i].left_fen[BUCKET_EXCLUDED] = 100;
	person.account.kept[0].left_fen[BUCKET_COPAY] = 0;
	CHECK_INT(ResumeFrom(AccountText()), ST_OK);
	OnDay("2025-01-02");
	BILL("'kind':'application','facts':{'f':2046,'g':1}");
	ADJUSTED("a", 204600);
	ADJUSTED("b", 100);
	CHECK_INT(person.account.n_event_paid, MAX_EVENT_PAID - 1);
	BILL("'kind':'application','facts':{'f':2046,'g':2}");
	REFUSED("'kind':'application','facts':{'f':2046,'g':3}", ST_ACCOUNT_FULL, "account");
}

/* ---- a trace that is full ---- */

/* 32 modifiers that change nothing */
static void
AddModifiers(void)
{
	Add("'modifiers':[");
	for (int i = 0; i < 32; i++)
		Add("%s{'target':'deductible','add':0}", i > 0 ? "," : "");
	Add("]");
}

/* A rule of 32 bands of 1 yuan each */
static void
AddRule(const char *members)
{
	Add("{%s'bands':[", members);
	for (int band = 1; band <= 32; band++)
		Add("%s{'to':%d,'ratio':0.01}", band > 1 ? "," : "", band);
	Add("],");
	AddModifiers();
	Add("}");
}

/* Layers with 64 modifiers and 32 bands each leave more steps than are kept; the amounts are the same */
static void
TestFullTrace(void)
{
	used = 0;
	Add("'layers':[");
	for (int i = 0; i < MAX_LAYERS; i++)
	{
		Add("%s{'name':'l%d',%s,", i > 0 ? "," : "", i, i == 22 ? "'kind':'basic'" : i == 21 ? "'kind':'other',"
			"'base':{'of':'total'}" :
			"'kind':'other','base':{'copay':1,'in_scope':1,'excluded':1}");
		AddModifiers();
		Add(",'rules':[");
		AddRule(i == 21 ? "'name':'y','settles':'year','deductible':{'amount':1}," : "'name':'r',");
		if (i != 21)
		{
			Add(",");
			AddRule("'name':'e'," APPLICATION ",");
		}
		Add("]}");
	}
	Add("]");
	PAGE(text);
	BILL("'in_scope':1000,'excluded':1000");
	CHECK(trace.truncated);
	CHECK_INT(trace.n_steps, MAX_STEPS);
	PAID("l0", 32);				/* 1 % of 32.00 */
	PAID("l21", 31);
	PAID("l22", 32);
	PAID("l23", 32);
	BILL("'kind':'application'");
	CHECK(trace.truncated);
	ADJUSTED("l0", 32);
}

int
main(void)
{
	TestTallies();
	TestCeilings();
	TestGivenDeductible();
	TestPenalty();
	TestLaterPart();
	TestRecoverable();
	TestBases();
	TestNames();
	TestLateNames();
	TestLongName();
	TestNextPerson();
	TestAfterRefusal();
	TestManyNames();
	TestParts();
	TestOverflow();
	TestUnkept();
	TestUnkeptLatest();
	TestForgetting();
	TestReach();
	TestEventPaid();
	TestFullTrace();
	return CheckEnd();
}
