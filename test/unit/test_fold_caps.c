/*
 * test_fold_caps.c — room under caps per visit and per period, groups, caps on the base, numbers of payments and overall ceilings;
 * each limit at -1, 0, +1 fen.
 */
#include "fold_helpers.h"

/* ---- caps on the payment ---- */

static void
TestVisitCap(void)
{
	RULE("'ratio':0.5,'caps':[{'limit':50,'per':'visit'}]");
	BILL("'in_scope':99.98");
	PAID("a", 4999);
	BILL("'in_scope':100");
	PAID("a", 5000);
	BILL("'in_scope':100.02");
	DUE("a", 5001);
	PAID("a", 5000);
	CHECK_INT(LineOf("a")->room_fen, 5000);
	BILL("'in_scope':100.02");
	PAID("a", 5000);
}

static void
TestPeriodCap(void)
{
	RULE("'ratio':0.5,'caps':[{'limit':50}]");
	BILL("'in_scope':99.98");
	PAID("a", 4999);
	CHECK_INT(LineOf("a")->room_fen, 5000);
	BILL("'in_scope':1");
	PAID("a", 1);
	CHECK_INT(LineOf("a")->room_fen, 1);
	BILL("'in_scope':1");
	DUE("a", 50);
	PAID("a", 0);
	OnDay("2026-01-01");
	BILL("'in_scope':200");
	PAID("a", 5000);
	/* no cap: no room to show */
	RULE("'ratio':0.5");
	BILL("'in_scope':1");
	CHECK_INT(LineOf("a")->room_fen, NO_ROOM_LIMIT);
}

/* A limit by fact: 10 for each year, from 20 to 40 */
static void
TestLimitByFact(void)
{
	RULE("'ratio':1,'caps':[{'limit':{'base':0,'rate':10,'fact':'years','min':20,'max':40},'per':'visit'}]");
	BILL("'in_scope':100,'facts':{'years':3}");
	PAID("a", 3000);
	BILL("'in_scope':100,'facts':{'years':1}");
	PAID("a", 2000);
	BILL("'in_scope':100,'facts':{'years':9}");
	PAID("a", 4000);
	REFUSED("'in_scope':100", ST_BILL_MISSING, "facts");
}

/* The limit is that of the rule applied now; nothing is recovered when it falls */
static void
TestLimitOfTheRule(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'poor','when':{'category':['poor']},'ratio':0.5,'caps':[{'limit':100}]},"
		 "{'name':'r','ratio':0.5,'caps':[{'limit':30}]}]}]");
	BILL("'in_scope':160,'category':['poor']");
	PAID("a", 8000);
	BILL("'in_scope':160,'category':[]");
	PAID("a", 0);
	RECOVERABLE("a", 0);
	BILL("'in_scope':160,'category':['poor']");
	PAID("a", 2000);
}

/* Two layers share 100 in the order of the chain; one of them has 60 of its own */
static void
TestGroups(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','ratio':0.5,'caps':[{'limit':60},{'limit':100,'group':'both'}]}]},"
		 "{'name':'b','kind':'other','base':{'excluded':1},'rules':[{'name':'r','ratio':0.5,"
		 "'caps':[{'limit':100,'group':'both'}]}]}]");
	BILL("'in_scope':100,'excluded':60");
	PAID("a", 5000);
	PAID("b", 3000);
	/* a: min(its 10, group 20) = 10; b: the 10 that are left of the group */
	BILL("'in_scope':100,'excluded':60");
	PAID("a", 1000);
	PAID("b", 1000);
	BILL("'in_scope':100,'excluded':60");
	PAID("a", 0);
	PAID("b", 0);
}

/* Alternatives share one group of their own name unless they say otherwise */
static void
TestAlternativesShare(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','alternative':'s','base':{'copay':1},"
		 "'rules':[{'name':'r','when':{'level':['1']},'ratio':0.5,'caps':[{'limit':50}]}]},"
		 "{'name':'b','kind':'other','alternative':'s','base':{'copay':1},"
		 "'rules':[{'name':'r','ratio':0.5,'caps':[{'limit':50}]}]}]");
	BILL("'in_scope':80,'level':'1'");
	PAID("a", 4000);
	BILL("'in_scope':80,'level':'2'");
	PAID("b", 1000);
}

/* ---- caps on the base ---- */

/* 150 a year enter, copay before excluded; 0.5 of what entered */
static void
TestBaseCap(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1,'excluded':1},"
		 "'rules':[{'name':'r','ratio':0.5,'caps':[{'limit':150,'on':'base'}]}]}]");
	BILL("'in_scope':60,'excluded':40");
	PAID("a", 5000);
	CHECK_INT(LineOf("a")->base.fen, 10000);
	BILL("'in_scope':49.99,'excluded':40");
	CHECK_INT(LineOf("a")->base.fen, 5000);
	PAID("a", 2500);
	BILL("'in_scope':49.99,'excluded':40");
	PAID("a", 0);
	/* per visit */
	RULE("'ratio':0.5,'caps':[{'limit':50,'per':'visit','on':'base'}]");
	BILL("'in_scope':49.98");
	PAID("a", 2499);
	BILL("'in_scope':50");
	PAID("a", 2500);
	BILL("'in_scope':50.02");
	PAID("a", 2500);
	BILL("'in_scope':50.02");
	PAID("a", 2500);
}

/* Caps on the base, and of a visit, do not make a layer exhausted */
static void
TestNotExhausted(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','ratio':0.5,'caps':[{'limit':50,'on':'base','group':'g'},{'limit':10,'per':'visit'},"
		 "{'limit':15}]}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'exhausted':['a']},'ratio':0}]}]");
	BILL("'in_scope':50");
	PAID("a", 1000);
	STATE("b", LINE_NO_RULE);
	FoldPerson(&person);
	BILL("'in_scope':20");
	BILL("'in_scope':10");
	PAID("a", 500);
	STATE("b", LINE_APPLIED);
}

/* A lower limit than what has entered: no room, not a negative one */
static void
TestBaseCapFalls(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':["
		 "{'name':'poor','when':{'category':['poor']},'ratio':0.5,'caps':[{'limit':100,'on':'base'}]},"
		 "{'name':'r','ratio':0.5,'caps':[{'limit':30,'on':'base'},{'limit':1,'per':'visit'}]}]}]");
	BILL("'in_scope':60,'category':['poor']");
	PAID("a", 3000);
	BILL("'in_scope':60,'category':[]");
	PAID("a", 0);
	CHECK_INT(LineOf("a")->base.fen, 0);
	BILL("'in_scope':60,'category':['poor']");
	PAID("a", 2000);
}

/* An enter share makes parts of a fen: 0.333 x 10.01 = 3.33333 enter; room 5 - 3.33333 = 1.66667 of the next 3.33333 */
static void
TestBaseCapExact(void)
{
	RULE("'enter':0.333,'ratio':1,'caps':[{'limit':5,'on':'base'}]");
	BILL("'in_scope':10.01");
	PAID("a", 333);
	BILL("'in_scope':10.01");
	CHECK_INT(LineOf("a")->base.fen, 166);
	CHECK_INT(LineOf("a")->base.nano, 667000000);
	PAID("a", 167);
	BILL("'in_scope':10.01");
	PAID("a", 0);
	/* a whole vector cut to a room with parts: the second layer has no enter share but the same group */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','enter':0.333,'ratio':0,'caps':[{'limit':5,'on':'base','group':'g'}]}]},"
		 "{'name':'b','kind':'other','base':{'copay':1,'excluded':1},"
		 "'rules':[{'name':'r','ratio':1,'caps':[{'limit':5,'on':'base','group':'g'}]}]}]");
	BILL("'in_scope':10.01,'excluded':1");
	CHECK_INT(LineOf("b")->base.fen, 166);
	CHECK_INT(LineOf("b")->base.nano, 667000000);
	PAID("b", 167);
	/* parts of a fen of every bucket: 3.33333 + 3.33333 = 6.66666 */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1,'excluded':1},"
		 "'rules':[{'name':'r','enter':0.333,'ratio':1,'caps':[{'limit':100,'on':'base'}]}]}]");
	BILL("'in_scope':10.01,'excluded':10.01");
	PAID("a", 667);
	/* a gross column is cut as one figure */
	PAGE("'layers':[{'name':'a','kind':'other','base':{'of':'total'},"
		 "'rules':[{'name':'r','ratio':0.5,'caps':[{'limit':50,'on':'base'}]}]}]");
	BILL("'in_scope':30,'excluded':30");
	PAID("a", 2500);
}

/* ---- numbers of payments ---- */

/* Two payments a year; a bill that pays nothing does not count */
static void
TestTimes(void)
{
	RULE("'deductible':{'amount':10},'ratio':0.5,'times':{'limit':2}");
	BILL("'in_scope':20");
	PAID("a", 500);
	BILL("'in_scope':10");
	PAID("a", 0);
	BILL("'in_scope':20");
	PAID("a", 500);
	BILL("'in_scope':20");
	DUE("a", 500);
	PAID("a", 0);
	CHECK_INT(LineOf("a")->room_fen, 0);
	OnDay("2026-01-01");
	BILL("'in_scope':20");
	PAID("a", 500);
}

/* Two layers count in one counter, by quarter */
static void
TestTimesShared(void)
{
	PAGE("'counters':{'n':{'every':'quarter'}},'layers':["
		 "{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'level':['1']},'ratio':0.5,"
		 "'times':{'limit':3,'counter':'n'}}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.5,'times':{'limit':3,'counter':'n'},"
		 "'caps':[{'limit':100}]}]}]");
	BILL("'in_scope':20,'level':'1'");
	PAID("a", 1000);
	PAID("b", 500);
	BILL("'in_scope':20,'level':'1'");
	PAID("a", 1000);
	PAID("b", 0);
	CHECK_INT(LineOf("b")->room_fen, 0);
	OnDay("2025-04-01");
	BILL("'in_scope':20,'level':'2'");
	PAID("b", 1000);
	CHECK_INT(LineOf("b")->room_fen, 9500);
}

/* ---- ceilings ---- */

/* a and b together at most 70 % of the total of the visit: the last is cut first */
static void
TestVisitCeiling(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['a','b'],'share':0.7,'of':'total','per':'visit','when':{'level':['1']}}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'b','kind':'other','base':{'copay':1,'excluded':1},'rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'c','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.1}]}]");
	/* 33.33 + 66.68 = 100.01: ceiling floor(70.007) = 70.00; a 16.67 (16.665); b 0.5 x 83.34 = 41.67 within 53.33 */
	BILL("'in_scope':33.33,'excluded':66.68,'level':'1'");
	PAID("a", 1667);
	CHECK_INT(LineOf("a")->room_fen, 7000);
	PAID("b", 4167);
	CHECK_INT(LineOf("b")->room_fen, 5333);
	/* 100: a 50, b min(25, 20) */
	BILL("'in_scope':100,'level':'1'");
	PAID("b", 2000);
	CHECK_INT(LineOf("c")->room_fen, NO_ROOM_LIMIT);
	PAID("c", 300);
	/* where its condition does not hold it does not bind */
	BILL("'in_scope':100,'level':'2'");
	PAID("b", 2500);
	CHECK_INT(LineOf("b")->room_fen, NO_ROOM_LIMIT);
}

/* Three members: 40, 30 of the rest, then 10 are left of 80 */
static void
TestThreeMembers(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['a','b','c'],'share':0.8,'of':'total','per':'visit'}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.4}]},"
		 "{'name':'b','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.5}]},"
		 "{'name':'c','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':1}]}]");
	BILL("'in_scope':100");
	PAID("a", 4000);
	PAID("b", 3000);
	PAID("c", 1000);
}

/* The same over the period: cost counts on every bill of the condition, also before anybody pays */
static void
TestPeriodCeiling(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['a'],'share':0.5,'of':'in_scope','per':'period','when':{'level':['1']}},"
		 "{'name':'d','layers':['b'],'share':0.333333,'of':'excluded','per':'period'}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'designated':true},'ratio':0.8}]},"
		 "{'name':'b','kind':'other','base':{'excluded':1},'rules':[{'name':'r','ratio':1}]}]");
	BILL("'in_scope':100,'level':'1','designated':false");
	PAID("a", 0);
	/* 0.5 x 200 = 100; 80 due */
	BILL("'in_scope':100,'level':'1','designated':true");
	PAID("a", 8000);
	/* 0.5 x 300.01 = 150.005 -> 150.00; room 70.00 */
	BILL("'in_scope':100.01,'level':'1','designated':true");
	CHECK_INT(LineOf("a")->room_fen, 7000);
	PAID("a", 7000);
	/* not in the condition: no room to mind and nothing charged */
	BILL("'in_scope':100,'level':'2','designated':true");
	PAID("a", 8000);
	BILL("'in_scope':2,'level':'1','designated':true");
	CHECK_INT(LineOf("a")->room_fen, 100);
	PAID("a", 100);
	/* floor(0.333333 x 3 fen) = 0; x 4 fen = 1.33 -> 1 */
	BILL("'excluded':0.03,'level':'1','designated':false");
	PAID("b", 0);
	BILL("'excluded':0.01,'level':'1','designated':false");
	PAID("b", 1);
}

/* A ceiling's counter may have another period */
static void
TestCeilingByQuarter(void)
{
	PAGE("'counters':{'c':{'every':'quarter'}},'ceilings':[{'name':'c','layers':['a'],'share':0.5,'of':'total','per':'period'}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':1}]}]");
	BILL("'in_scope':100");
	PAID("a", 5000);
	OnDay("2025-04-01");
	BILL("'in_scope':10");
	PAID("a", 500);
}

/* ---- the trace ---- */

static void
TestTrace(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['a'],'share':0.5,'of':'total','per':'visit'}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':1,"
		 "'caps':[{'limit':80},{'limit':70,'per':'visit'},{'limit':90,'per':'visit','on':'base'}],'times':{'limit':3}}]}]");
	BILL("'in_scope':100");
	PAID("a", 5000);
	BILL("'in_scope':100");
	PAID("a", 3000);
	CHECK_INT(CountSteps(STEP_CAP), 3);
	CHECK_INT(StepOf(STEP_CAP, 0)->limit_fen, 8000);
	CHECK_INT(StepOf(STEP_CAP, 0)->used.fen, 5000);
	CHECK_INT(StepOf(STEP_CAP, 0)->result.fen, 3000);
	CHECK_INT(StepOf(STEP_CAP, 1)->result.fen, 7000);
	CHECK(StepOf(STEP_CAP, 2)->ceiling);
	CHECK_INT(StepOf(STEP_CAP, 2)->limit_fen, 5000);
	CHECK_INT(StepOf(STEP_CAP, 2)->base.fen, 10000);
	CHECK_INT(StepOf(STEP_TIMES, 0)->used.fen, 1);
	CHECK_INT(StepOf(STEP_TIMES, 0)->result.fen, 2);
	CHECK_INT(StepOf(STEP_BASE_CAP, 0)->index, 2);
	CHECK_INT(StepOf(STEP_BASE_CAP, 0)->limit_fen, 9000);
	CHECK_INT(StepOf(STEP_BASE_CAP, 0)->base.fen, 10000);
	CHECK_INT(StepOf(STEP_BASE_CAP, 0)->result.fen, 9000);
}

/* ---- limits that are noted when they are reached ---- */

/* The n-th limit noted on the last bill */
static void
CheckReached(int n, ReachedKind kind, int place, int index, int64_t beyond_fen)
{
	CHECK(n < person.n_reached);
	CHECK_INT(person.reached[n].kind, kind);
	CHECK_INT(person.reached[n].place, place);
	CHECK_INT(person.reached[n].index, index);
	CHECK_INT(person.reached[n].beyond.fen, beyond_fen);
	CHECK_INT(person.reached[n].beyond.nano, 0);
}

/* 50 % of the base, of which 90.00 at most enters: 80.00 a year, 45.00 on a visit, half of the total, three times */
static void
TestReached(void)
{
	PAGE("'ceilings':[{'name':'c','layers':['a'],'share':0.5,'of':'total','per':'visit'}],"
		 "'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.5,"
		 "'caps':[{'limit':80},{'limit':45,'per':'visit'},{'limit':90,'per':'visit','on':'base'}],'times':{'limit':3}}]}]");
	person.notes_reached = true;
	/* 60.00: due 30.00, which is also the ceiling */
	BILL("'in_scope':60");
	CHECK_INT(person.n_reached, 1);
	CheckReached(0, REACHED_CEILING, 0, 0, 0);
	/* 200.00: 110.00 do not enter; due 45.00: room 50.00 of the year, 45.00 of the visit, ceiling 100.00 */
	BILL("'in_scope':200");
	CHECK_INT(person.n_reached, 2);
	CheckReached(0, REACHED_BASE_CAP, 0, 2, 11000);
	CheckReached(1, REACHED_CAP, 0, 1, 0);
	/* 20.00 and 20.00 excluded: due 10.00, of the year 5.00 is left */
	BILL("'in_scope':20,'excluded':20");
	CHECK_INT(person.n_reached, 1);
	CheckReached(0, REACHED_CAP, 0, 0, 500);
	PAID("a", 500);
	/* nothing is left of the year, and three payments have been made: due 1.00 goes beyond both, and the ceiling is 1.00 */
	BILL("'in_scope':2");
	CHECK_INT(person.n_reached, 3);
	CheckReached(0, REACHED_CAP, 0, 0, 100);
	CheckReached(1, REACHED_TIMES, 0, 0, 100);
	CheckReached(2, REACHED_CEILING, 0, 0, 0);
	/* nothing is due, nothing enters */
	BILL("'excluded':2");
	CHECK_INT(person.n_reached, 0);
	/* less is due than is left; then as much */
	RULE("'ratio':0.5,'caps':[{'limit':80}]");
	person.notes_reached = true;
	BILL("'in_scope':100");
	CHECK_INT(person.n_reached, 0);
	BILL("'in_scope':60");
	CHECK_INT(person.n_reached, 1);
	CheckReached(0, REACHED_CAP, 0, 0, 0);
	/* on request only */
	person.notes_reached = false;
	BILL("'in_scope':200");
	CHECK_INT(person.n_reached, 0);
}

/* Basic is computed with and without its penalty: what counts is with it. Base 100.00 of which 30.00 enter, or 24.00. */
static void
TestReachedWithPenalty(void)
{
	PAGE("'layers':[{'name':'basic','kind':'basic','rules':[{'name':'r','enter':0.3,'ratio':1,'caps':[{'limit':24},"
		 "{'limit':27,'on':'base','per':'visit'}],"
		 "'modifiers':[{'when':{'level':['1']},'target':'enter','multiply':0.8,'penalty':true}]}]}]");
	person.notes_reached = true;
	BILL("'in_scope':100,'level':'1'");
	CHECK_INT(person.n_reached, 1);
	CheckReached(0, REACHED_CAP, 0, 0, 0);
	PAID("basic", 2400);
}

/* An application: half of what the year left, 50.00 at most */
static void
TestReachedByEvent(void)
{
	PAGE("'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','on':'application',"
		 "'window':{'over':'year_to_date'},'ratio':0.5,'caps':[{'limit':50}]}]}]");
	person.notes_reached = true;
	BILL("'in_scope':200");
	CHECK_INT(person.n_reached, 0);
	BILL("'kind':'application'");
	CHECK_INT(person.n_reached, 1);
	CheckReached(0, REACHED_CAP, 0, 0, 5000);
	ADJUSTED("a", 5000);
}

int
main(void)
{
	TestReached();
	TestReachedWithPenalty();
	TestReachedByEvent();
	TestVisitCap();
	TestPeriodCap();
	TestLimitByFact();
	TestLimitOfTheRule();
	TestGroups();
	TestAlternativesShare();
	TestBaseCap();
	TestNotExhausted();
	TestBaseCapFalls();
	TestBaseCapExact();
	TestTimes();
	TestTimesShared();
	TestVisitCeiling();
	TestThreeMembers();
	TestPeriodCeiling();
	TestCeilingByQuarter();
	TestTrace();
	return CheckEnd();
}
