/*
 * test_lint.c — what the linter finds in small books, each by its kind and its path, and what it leaves alone beside it: rules and
 * pages that never count or never pay, marks, exceptions, limits. What is right follows from the texts; amounts are by hand.
 */
#include "lints.h"

/* ---- rules that never count ---- */

static void
TestUnreachable(void)
{
	RULES("other", "{'name':'r','ratio':0.5},{'name':'s','when':{'level':['1']},'ratio':0.5}", "unreachable_rule " R "s");
	CHECK(last.other != NULL && last.other->name.text[0] == 'r');
	RULES("other", "{'name':'r','when':{'level':['1']},'ratio':0.5},{'name':'s','ratio':0.4}", "");
	/* levels together leave nothing over */
	RULES("other", "{'name':'r','when':{'level':['1','2']},'ratio':0.5},{'name':'s','when':{'level':['3']},'ratio':0.5},"
		  "{'name':'t','ratio':0.1}", "unreachable_rule " R "t");
	/* but categories do not: somebody has none */
	RULES("other", "{'name':'r','when':{'category':['K','K2','L','O','P']},'ratio':0.5},{'name':'t','ratio':0.1}", "");
	/* tests that exclude each other */
	RULES("other", "{'name':'r','when':{'level':['1'],'none':[{'level':['1']}]},'ratio':0.5}", "unreachable_rule " R "r");
	CHECK(last.other == NULL);
	/* two categories are needed, and may be had */
	RULES("other", "{'name':'r','when':{'category':['K'],'any':[{'category':['L']}]},'ratio':0.9},{'name':'s','ratio':0.1}", "");
	/* one person cannot have two levels */
	RULES("other", "{'name':'r','when':{'level':['1'],'any':[{'level':['2']}]},'ratio':0.9},{'name':'s','ratio':0.1}",
		  "unreachable_rule " R "r");
}

/* Figures: intervals between the bounds of all tests */
static void
TestUnreachableFigures(void)
{
	RULES("other", "{'name':'r','when':{'age':{'at_least':60}},'ratio':0.5},{'name':'s','when':{'age':{'above':64}},'ratio':0.4}",
		  "unreachable_rule " R "s");
	RULES("other", "{'name':'r','when':{'age':{'at_least':65}},'ratio':0.5},{'name':'s','when':{'age':{'above':63}},'ratio':0.4}", "");
	RULES("other", "{'name':'r','when':{'age':{'at_least':151}},'ratio':0.5}", "unreachable_rule " R "r");
	RULES("other", "{'name':'r','when':{'base':{'above':10}},'ratio':0.5},{'name':'s','when':{'base':{'at_least':10}},'ratio"
		  "':0.4}", "");
	RULES("other", "{'name':'r','when':{'base':{'at_least':10}},'ratio':0.5},{'name':'s','when':{'base':{'above':10}},'ratio':0.4}",
		  "unreachable_rule " R "s");
	RULES("other", "{'name':'r','when':{'base':{'below':10}},'ratio':0.5},{'name':'s','when':{'base':{'up_to':10}},'ratio':0.4}", "");
	RULES("other", "{'name':'r','when':{'base':{'up_to':10}},'ratio':0.5},{'name':'s','when':{'base':{'below':10}},'ratio':0.4}",
		  "unreachable_rule " R "s");
	/* a base is never above what the patient bears */
	RULES("other", "{'name':'r','when':{'base':{'above':10},'self_pay':{'below':10}},'ratio':0.5}", "unreachable_rule " R "r");
	RULES("other", "{'name':'r','when':{'base':{'below':10},'self_pay':{'above':10}},'ratio':0.5}", "");
	RULES("other", "{'name':'r','when':{'self_pay':{'above':500}},'ratio':0.5},{'name':'s','when':{'base':{'above':0,'up_to':700}},"
		  "'ratio':0.5}", "");
	RULES("other", "{'name':'r','when':{'self_pay':{'above':500}},'ratio':0.5},{'name':'s','when':{'base':{'above':500}},"
		  "'ratio':0.5}", "unreachable_rule " R "s");
	RULES("other", "{'name':'r','when':{'stay_total':{'above':10},'total':{'below':10},'in_scope':{'above':5}},'ratio':0.5}", "");
	RULES("other", "{'name':'r','when':{'facts':{'f':{'below':0}}},'ratio':0.5},{'name':'s','when':{'facts':{'f':{'above':-5}}},"
		  "'ratio':0.4}", "");
	RULES("other", "{'name':'r','when':{'facts':{'f':{'at_least':1}}},'ratio':0.5},{'name':'s','when':{'facts':{'f':{'above':1}}},"
		  "'ratio':0.4}", "unreachable_rule " R "s");
	PAGE("'counts':{'n':{}},'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'stay_number':"
		 "{'count':'n','above':1}},'ratio':0.5},{'name':'s','when':{'stay_number':{'count':'n','at_least':2}},'ratio':0.5}]}]",
		 "unreachable_rule " R "s");
	/* days that the page does not have */
	PAGE("'to':'2022-12-31','layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{'date':"
		 "{'from':'2023-01-01'}},'ratio':0.5},{'name':'s','when':{'date':{'to':'2022-12-31'}},'ratio':0.5}]}]",
		 "unreachable_rule " R "r");
	RULES("other", "{'name':'r','when':{'designated':true},'ratio':0.5},{'name':'s','when':{'designated':false},'ratio':0.5},"
		  "{'name':'t','ratio':0.5}", "unreachable_rule " R "t");
}

/* What earlier layers did, and what they cannot have done */
static void
TestUnreachableLayers(void)
{
#define BEFORE "'layers':[{'name':'x','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.1%s}]}," \
	"{'name':'y','kind':'other','not_applicable':true}," \
	"{'name':'a','kind':'other','base':{'copay':1},'rules':[{'name':'r','when':{%s},'ratio':0.5}]}]"
	static const struct
	{
		const char *more;
		const char *when;
		const char *expected;
	}			cases[] = {
		{"", "'paid_by':['x']", ""},
		{"", "'paid_by':['y']", "unreachable_rule " R "r"},
		{"", "'paid_by':['x','y']", "unreachable_rule " R "r"},
		{",'caps':[{'limit':5}]", "'exhausted':['x']", ""},
		{"", "'exhausted':['x']", "unreachable_rule " R "r"},
		{",'caps':[{'limit':5,'per':'visit'},{'limit':5,'on':'base','group':'g'}]", "'exhausted':['x']", "unreachable_rule " R "r"},
		{",'deductible':{'amount':5}", "'base':{'above_deductible_of':'x'}", ""},
		{",'deductible':{'amount':5}", "'self_pay':{'above_deductible_of':'x'}", ""},
		{"", "'base':{'above_deductible_of':'x'}", "unreachable_rule " R "r"},
		{",'deductible':{'amount':5}", "'paid_by':['x'],'none':[{'base':{'above_deductible_of':'x'}}]", ""},
	};
	char		members[1024];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(members, sizeof(members), BEFORE, cases[i].more, cases[i].when);
		CHECK_TEXT(LintPageOf(members), cases[i].expected);
	}
}

/* Events: no cost, no base above anything; rules for bills and for events are tried by themselves */
static void
TestUnreachableEvents(void)
{
	RULES("other", "{'name':'r','ratio':0.5}," EVENT("e", ""), "");
	RULES("other", EVENT("e", "") "," EVENT("f", ""), "unreachable_rule " R "f");
	RULES("other", EVENT("e", "'when':{'total':{'above':0}},"), "unreachable_rule " R "e");
	RULES("other", EVENT("e", "'when':{'self_pay':{'up_to':0}},"), "");
	RULES("other", "{'name':'r','ratio':0}," EVENT("e", ""), "");
	/* on an event no base is above a deductible */
	PAGE("'layers':[{'name':'x','kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':0.1,'deductible':{'amount':5}}]},"
		 "{'name':'a','kind':'other','base':{'copay':1},'rules':[" EVENT("e", "'when':{'base':{'above_deductible_of':'x'}},") "]}]",
		 "unreachable_rule " R "e");
}

/* ---- pages ---- */

static void
TestUnreachablePage(void)
{
	PAGE("'to':'2022-12-31','admitted':{'from':'2022-12-31'},'layers':[]", "");
	PAGE("'to':'2022-12-31','admitted':{'from':'2023-01-01'},'layers':[]", "unreachable_page admitted");
	PAGE("'admitted':{'to':'2021-12-31'},'layers':[]", "");
	PAGE("'admitted':{'to':'2021-12-31'},'period_date':'admission','layers':[]", "unreachable_page admitted");
	PAGE("'admitted':{'to':'2022-01-01'},'period_date':'admission','layers':[]", "");
}

/* ---- rules that cannot pay ---- */

static void
TestCannotPay(void)
{
	RULES("other", "{'name':'r','ratio':0.5,'caps':[{'limit':0}]},{'name':'s','ratio':0.5}",
		  "cap_below_deductible " R "r.caps[0].limit; unreachable_rule " R "s; never_pays layers.a");
	RULES("other", "{'name':'r','ratio':0.5,'caps':[{'limit':5},{'limit':0,'per':'visit'}]}",
		  "cap_below_deductible " R "r.caps[1].limit; never_pays layers.a");
	/* a cap on the base that the deductible eats whole, and one fen more */
	RULES("other", "{'name':'r','deductible':{'amount':100},'ratio':0.5,'caps':[{'limit':100,'on':'base','group':'g'}]}",
		  "cap_below_deductible " R "r.caps[0].limit; never_pays layers.a");
	RULES("other", "{'name':'r','deductible':{'amount':100},'ratio':0.5,'caps':[{'limit':100.01,'on':'base','group':'g'},"
		  "{'limit':5}]}", "");
	/* what a year gathers may have entered by other rules; what others use of the deductible makes room */
	RULES("other", "{'name':'r','settles':'year','deductible':{'amount':100},'ratio':0.5,'caps':[{'limit':100,'on':'base',"
		  "'group':'g'}]}", "");
	RULES("other", "{'name':'r','deductible':{'amount':100,'counter':'d'},'ratio':0.5,'caps':[{'limit':100,'on':'base',"
		  "'group':'g'}]}", "");
	RULES("other", "{'name':'r','deductible':{'amount':100,'sum_cap':{'limit':5,'counter':'s'}},'ratio':0.5,'caps':[{'limit':100,"
		  "'on':'base','per':'visit'}]}", "");
	/* a last band that ends at the deductible */
	RULES("other", "{'name':'r','deductible':{'amount':100},'bands':[{'to':50,'ratio':0.5},{'to':100,'ratio':0.6}]}",
		  "cap_below_deductible " R "r.bands[1].ratio; never_pays layers.a");
	RULES("other", "{'name':'r','deductible':{'amount':100},'bands':[{'to':100.01,'ratio':0.6}]}", "");
	RULES("other", "{'name':'r','deductible':{'amount':100},'bands':[{'to':50,'ratio':0.6}],'edges':'above'}", "");
	RULES("other", "{'name':'r','bands':[{'to':50,'ratio':0.6}],'edges':'above'}", "");
	/* the end of the last band belongs to nobody, what is below it does */
	RULES("other", "{'name':'r','bands':[{'to':50,'ratio':0.6}],'banding':'whole_amount','band_closed':'upper'}", "");
	/* a threshold pays on everything above it */
	RULES("other", "{'name':'r','deductible':{'amount':100,'kind':'threshold'},'bands':[{'to':50,'ratio':0.6},{'ratio':0}]}", "");
	/* a modifier may lift what is in the way for some: then the rule can pay */
	LAYER("other", "'modifiers':[{'when':{'category':['K']},'target':'deductible','remove':true}],'rules':[{'name':'r',"
		  "'deductible':{'amount':100},'ratio':0.5,'caps':[{'limit':100,'on':'base','group':'g'}]}]", "");
	/* nothing but zeros: no mistake, but worth a word */
	RULES("other", "{'name':'r','ratio':0}", "never_pays layers.a");
	RULES("other", "{'name':'r','enter':0,'ratio':0.5}", "never_pays layers.a");
	RULES("other", "{'name':'r','when':{'level':['1']},'ratio':0},{'name':'s','ratio':0.5}", "");
	LAYER("other", "'rules':[]", "");
	PAGE("'layers':[{'name':'a','kind':'other','not_applicable':true}]", "");
}

/* ---- what parameters follow ---- */

/* Facts, ages and stays on which only a parameter depends */
static void
TestParams(void)
{
	/* at 10 000 of income the deductible is above 0 */
	RULES("assistance", FOR("k", "K", "'ratio':0.7,'deductible':{'amount':" FORMULA("0", "0.1", "income") "}"),
		  "key_group_deductible " R "k.deductible.amount");
	CHECK_INT(last.figure, 100000);
	/* at 60 years the ratio is 60 % */
	RULES("assistance", FOR("k", "K", "'ratio':" FORMULA("0.9", "-0.005", "age")), "key_group_ratio_below_70 " R "k.ratio");
	CHECK_INT(last.figure, 600000);
	RULES("assistance", FOR("k", "K", "'ratio':0.7,'enter':" FORMULA("0.9", "0.1", "income")),
		  "key_group_ratio_below_70 " R "k.ratio");
	RULES("other", "{'name':'r','ratio':0.5,'caps':[{'limit':" FORMULA("0", "1", "income") "}]}", "");
	/* what the window cost may be nothing, and may be more: the cap binds not always */
	RULES("other", "{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5,'caps':[{'limit':"
		  "{'base':0,'rate':1,'cost':'excluded'}}]}", "");
	RULES("other", "{'name':'r','on':'application','window':{'over':'year_to_date'},'ratio':0.5,'caps':[{'limit':"
		  "{'base':0,'rate':-1,'cost':'excluded'}}]}", "cap_below_deductible " R "r.caps[0].limit; never_pays layers.a");
	/* a second stay costs nothing, the first does */
	PAGE("'counts':{'n':{}},'layers':[{'name':'a','kind':'assistance','base':{'copay':1},'rules':[" FOR("k", "K", "'ratio':0.7,"
		 "'deductible':{'amount':100,'schedule':{'count':'n','factors':[0,0,0,0,0,1]}}") "]}]",
		 "key_group_deductible " R "k.deductible.amount");
	PAGE("'counts':{'n':{}},'layers':[{'name':'a','kind':'assistance','base':{'copay':1},'rules':[" FOR("k", "K", "'ratio':0.7,"
		 "'deductible':{'amount':100,'schedule':{'count':'n','factors':[0]}}") "]}]", "");
}

/* ---- marks and exceptions ---- */

static void
TestMarks(void)
{
#define MARKED(mark) ",'cite':{'source':'s','mark':'" mark "'}"
#define BAD ",'cite':{'source':'d'}"
	RULES("other", "{'name':'r','ratio':0.5" MARKED("example") "}", "example_value " R "r.ratio");
	CHECK_INT(last.figure, 1);
	RULES("other", "{'name':'r','enter':0.5,'deductible':{'amount':1},'bands':[{'to':5,'ratio':0.5},{'ratio':0.6}],"
		  "'caps':[{'limit':5}],'times':{'limit':1}" MARKED("inferred") "}", "inferred_value " R "r.enter");
	CHECK_INT(last.figure, 6);
	RULES("other", "{'name':'r','deductible':{'amount':1" MARKED("secondary") "},'ratio':0.5}",
		  "secondary_value " R "r.deductible.amount");
	RULES("other", "{'name':'r','deductible':{'amount':1,'counter':'c','sum_cap':{'limit':5,'counter':'c'" MARKED("example") "}},"
		  "'ratio':0.5}", "example_value " R "r.deductible.sum_cap.limit");
	RULES("other", "{'name':'r','bands':[{'to':5,'ratio':0.5},{'ratio':0.6" BAD "}]}", "grade_d_source " R "r.bands[1].ratio");
	RULES("other", "{'name':'r','bands':[{'to':5,'ratio':0.5},{'amount':6" BAD "}],'banding':'whole_amount'}",
		  "grade_d_source " R "r.bands[1].amount");
	RULES("other", "{'name':'r','ratio':0.5,'caps':[{'limit':5},{'limit':5,'per':'visit'" BAD "}]}",
		  "grade_d_source " R "r.caps[1].limit");
	RULES("other", "{'name':'r','ratio':0.5,'times':{'limit':5" BAD "}}", "grade_d_source " R "r.times.limit");
	RULES("other", "{'name':'r','ratio':0.5,'modifiers':[{'target':'ratio','add':0.1},{'target':'ratio','add':0.1" BAD "}]}",
		  "grade_d_source " R "r.modifiers[1]");
	LAYER("other", "'modifiers':[{'name':'m.n','target':'ratio','add':0.1" BAD "}],'rules':[{'name':'r','ratio':0.5}]",
		  "grade_d_source layers.a.modifiers.\"m.n\"");
	RULES("other", "{'name':'r','enter':" FORMULA("0", "1", "f") ",'ratio':0.5" MARKED("example") "}", "example_value " R "r.enter");
	PAGE("'fixed_prices':[{'name':'p','price':5" MARKED("example") "}],'ceilings':[{'name':'c','layers':['a'],'share':0.5,'of':"
		  "'total',"
		 "'per':'visit'" BAD "}],'layers':[{'name':'a','kind':'other','base':{'copay':1},'rules':[]}]",
		 "example_value fixed_prices.p.price; grade_d_source ceilings.c.share");
	/* what a modifier removes needs no citation */
	CHECK_TEXT(LintDocument("{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2022-01-01','sources':"
							"{'s':{'document':'made for this test'}},'layers':[{'name':'a','kind':'basic','rules':[{'name':'r',"
							"'modifiers':[{'target':'deductible','remove':true}],'ratio':0.5,'cite':{'source':'s'}}],"
							"'modifiers':[{'target':'deductible','remove':true}]}]}]}"), "");
}

static void
TestExceptions(void)
{
#define EXCUSED(more) "'exceptions':[" more "],'layers':[{'name':'a','kind':'tilt','base':{'copay':1},'rules':[" \
	CRITICAL_RULE("{'to':500,'ratio':0.7},{'ratio':0.6}") "]}]"
#define EXCEPTION(more) "{'who':'w','why':'y','article':'a'" more "}"
	PAGE(EXCUSED(EXCEPTION(",'finding':'burden_regressive'")), "burden_regressive " R "r.bands[1].ratio (excused)");
	PAGE(EXCUSED(EXCEPTION(",'finding':'burden_regressive','layer':'a'")), "burden_regressive " R "r.bands[1].ratio (excused)");
	PAGE(EXCUSED(EXCEPTION(",'finding':'burden_regressive','layer':'b'")),
		 "burden_regressive " R "r.bands[1].ratio; unused_exception exceptions[0]");
	PAGE(EXCUSED(EXCEPTION(",'finding':'burden_regressive'") "," EXCEPTION(",'finding':'burden_regressive','layer':'a'")),
		 "burden_regressive " R "r.bands[1].ratio (excused)");
	CHECK(last.excuse == &book.pages[0].exceptions[0]);
	PAGE(EXCUSED(EXCEPTION("")), "burden_regressive " R "r.bands[1].ratio");
	PAGE(EXCUSED(EXCEPTION(",'finding':'layer_missing'")), "burden_regressive " R "r.bands[1].ratio");
	PAGE(EXCUSED(EXCEPTION(",'layer':'a'") "," EXCEPTION(",'finding':'nonsense'")),
		 "burden_regressive " R "r.bands[1].ratio; unused_exception exceptions[1]");
	/* only legal findings can be excused, and one about the page has no layer */
	PAGE("'exceptions':[" EXCEPTION(",'finding':'never_pays'") "],'layers':[{'name':'a','kind':'other','base':{'copay':1},"
		 "'rules':[{'name':'r','ratio':0}]}]", "never_pays layers.a; unused_exception exceptions[0]");
}

/* More exceptions than are remembered: they still excuse, but nothing is said of those that do not */
static void
TestManyExceptions(void)
{
	static char text[ROOM];
	int			length = snprintf(text, sizeof(text), "'exceptions':[");

	for (int i = 0; i < 257; i++)
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'who':'w','why':'y','article':'a','finding':'%s'}",
						   i == 0 ? "" : ",", i == 256 ? "burden_regressive" : i == 12 ? "nonsense" : "conflict");
	snprintf(text + length, sizeof(text) - (size_t) length, "],'layers':[{'name':'a','kind':'tilt','base':{'copay':1},'rules':[%s]}]",
			 CRITICAL_RULE("{'to':500,'ratio':0.7},{'ratio':0.6}"));
	CHECK_TEXT(LintPageOf(text), "burden_regressive " R "r.bands[1].ratio (excused); unused_exception exceptions[12]");
}

/* ---- before an article was in force ---- */

static void
TestSince(void)
{
	static const struct
	{
		const char *to;
		const char *ratio;
		const char *expected;
	}			cases[] = {
		{"2012-05-24", "0.4", ""},
		{"2012-05-25", "0.49", "key_group_ratio_below_70 " R "k.bands[0].ratio"},
		{"2015-12-31", "0.51", ""},
		{"2016-01-01", "0.51", "key_group_deductible " R "k.deductible.amount; key_group_ratio_below_70 " R "k.bands[0].ratio; "
		"burden_regressive " R "k.bands[1].ratio"},
	};
	char		text[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[" PAGE_FROM("2010-01-01") "'to':'%s','layers':[{'name':'a',"
				 "'kind':'assistance','base':{'copay':1},'rules':[{'name':'k','when':{'category':['K']},'deductible':{'amount':1},"
				 "'bands':[{'to':5,'ratio':%s},{'ratio':0.5}]}]}]}]}", cases[i].to, cases[i].ratio);
		CHECK_TEXT(LintDocument(text), cases[i].expected);
	}
	CHECK_TEXT(LintDocument("{'format':1,'engine':1,'pages':[" PAGE_FROM("2010-01-01") "'to':'2015-12-31','layers':["
							"{'name':'c','kind':'critical','base':{'copay':1,'penalty':0},'rules':[{'name':'r','ratio':0.1}]},"
							"{'name':'a','kind':'tilt','base':{'copay':1},'rules':[" FOR("k", "K", "'ratio':0.5") ","
							FOR("l", "L", "'ratio':0.4") "," FOR("o", "O", "'ratio':0.3") ",{'name':'r','ratio':0.2}]},"
							"{'name':'i','kind':'supplementary','base':{'copay':1},'rules':[]}]}]}"), "");
	CHECK_TEXT(LintDocument("{'format':1,'engine':1,'pages':[" PAGE_FROM("2010-01-01") "'to':'2015-12-31','layers':["
							"{'name':'a','kind':'tilt','base':{'copay':1},'rules':[{'name':'k','when':{'category':['K'],'level':['1']},"
							"'ratio':0.5}," FOR("l", "L", "'ratio':0.4") "]}]}]}"), "");
}

/* ---- more than is tried ---- */

/* 2 to the 17th situations; each attribute by itself is no trouble */
static void
TestTooMany(void)
{
	static char text[ROOM];
	int			length = snprintf(text, sizeof(text), "'layers':[");

	for (int i = 0; i < 17; i++)
		length += snprintf(text + length, sizeof(text) - (size_t) length, "{'name':'x%d','kind':'other','base':{'copay':1},"
						   "'rules':[]},", i);
	length += snprintf(text + length, sizeof(text) - (size_t) length, "{'name':'a','kind':'other','base':{'copay':1},"
					   "'rules':[{'name':'r','ratio':0},{'name':'s','when':{'any':[");
	for (int i = 0; i < 17; i++)
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'paid_by':['x%d']}", i == 0 ? "" : ",", i);
	snprintf(text + length, sizeof(text) - (size_t) length, "]},'ratio':0}," EVENT("e", "") "]}]");
	CHECK_TEXT(LintPageOf(text), "not_fully_compared layers.a");
	CHECK_INT(n_idle, 200004);
	/* whether nothing is ever paid is then not known either */
	strcpy(strstr(text, "," EVENT("e", "")), "]}]");
	CHECK_TEXT(LintPageOf(text), "not_fully_compared layers.a");
	CHECK_INT(n_idle, 200002);
}

/* 22 categories that are treated differently: pairs are not tried, so nothing is said about reachability */
static void
TestManyCategories(void)
{
	static char text[ROOM];
	int			length = snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S',"
								  "'from':'2022-01-01','sources':{'s':{'document':'made for this test'}},'cite':{'source':'s'},"
								  "'codes':{'category':{");

	for (int i = 0; i < 64; i++)
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s'c%d':'x'", i == 0 ? "" : ",", i);
	length += snprintf(text + length, sizeof(text) - (size_t) length, "}},'layers':[{'name':'a','kind':'other','base':{'copay':1},"
					   "'rules':[");
	for (int i = 0; i < 64; i++)
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'name':'r%d','when':{'category':['c%d']},'ratio':0.5}",
						   i == 0 ? "" : ",", i, i);
	snprintf(text + length, sizeof(text) - (size_t) length, "]}]}]}");
	CHECK_TEXT(LintDocument(text), "not_fully_compared layers.a");
}

/* More bounds of a figure than there is room for */
static void
TestManyBounds(void)
{
	static char text[ROOM];
	int			length = snprintf(text, sizeof(text), "'rules':[");

	for (int r = 0; r < 10; r++)
	{
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'name':'r%d','ratio':0.5,'when':{'any':[",
		r == 0 ? "" : ",", r);
		for (int i = 0; i < 30; i++)
			length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'total':{'at_least':%d,'below':%d}}", i == 0 ? "" : ",",
							   r * 100 + i * 2 + 1, r * 100 + i * 2 + 2);
		length += snprintf(text + length, sizeof(text) - (size_t) length, "]}}");
	}
	snprintf(text + length, sizeof(text) - (size_t) length, "]");
	CHECK_TEXT(LintLayerOf("other", text), "not_fully_compared layers.a");
}

/* More entitlements than are computed: 240 totals, 3 levels and 2 referrals, 32 bands in each of three rules */
static void
TestManyEvaluations(void)
{
	static char text[ROOM];
	int			length = snprintf(text, sizeof(text), "'modifiers':[{'when':{'level':['1'],'referral':['no']},'target':'ratio','add':0.001},"
								  "{'when':{'level':['2']},'target':'ratio','add':0.001},");

	for (int m = 0; m < 2; m++)
	{
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'target':'ratio','add':0.001,'when':{'any':[",
		m == 0 ? "" : ",");
		for (int i = 0; i < 60; i++)
			length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'total':{'at_least':%d,'below':%d}}", i == 0 ? "" : ",",
							   m * 300 + i * 4 + 1, m * 300 + i * 4 + 2);
		length += snprintf(text + length, sizeof(text) - (size_t) length, "]}}");
	}
	length += snprintf(text + length, sizeof(text) - (size_t) length, "],'rules':[");
	for (int r = 0; r < 3; r++)
	{
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'name':'r%d','when':{'category':['%s']},'bands':[",
						   r == 0 ? "" : ",", r, r == 0 ? "K" : r == 1 ? "L" : "O");
		for (int i = 0; i < 32; i++)
			length += snprintf(text + length, sizeof(text) - (size_t) length, "%s{'to':%d,'ratio':0.%d}", i == 0 ? "" : ",",
							   100 * (i + 1), 9 - r);
		length += snprintf(text + length, sizeof(text) - (size_t) length, "]}");
	}
	snprintf(text + length, sizeof(text) - (size_t) length, "]");
	CHECK_TEXT(LintLayerOf("tilt", text), "not_fully_compared layers.a");
}

/* ---- several pages ---- */

static void
TestPages(void)
{
	CHECK_TEXT(LintDocument("{'format':1,'engine':1,'pages':[" PAGE_FROM("2023-01-01") "'layers':[{'name':'a','kind':'other','base':"
							"{'copay':1},'rules':[{'name':'r','ratio':0}]}]}," PAGE_FROM("2022-01-01") "'to':'2022-12-31','layers':["
							"{'name':'a[1]','kind':'other','base':{'copay':1},'rules':[{'name':'r\\\"','ratio':0},{'name':'s','ratio':0}]}]}]}"),
			   "unreachable_rule pages[1].layers.\"a[1]\".rules.s; never_pays pages[1].layers.\"a[1]\"; never_pays pages[0].layers.a");
	CHECK_INT(last.page->from_day, 8401);
}

/* A path is cut between characters */
static void
TestShortPath(void)
{
	char		path[20];

	LintPageOf("'layers':[{'name':'\xE5\xB1\x82\xE5\xB1\x82\xE5\xB1\x82\xE5\xB1\x82\xE5\xB1\x82','kind':'other','base':{'copay"
		  "':1},'rules':"
			   "[{'name':'r','ratio':0}]}]");
	FindingPath(&book, &last, path, sizeof(path));
	CHECK_TEXT(path, "layers.\xE5\xB1\x82\xE5\xB1\x82\xE5\xB1\x82\xE5\xB1\x82");
}

/* ---- the table of kinds ---- */

static void
TestKinds(void)
{
	for (int i = 0; i < FINDING_KINDS; i++)
	{
		const FindingInfo *info = &finding_info[i];

		CHECK(info->name != NULL && info->en != NULL && info->zh != NULL);
		CHECK((info->severity == SEVERITY_LEGAL) == (info->since != INT32_MIN));
		CHECK(info->severity != SEVERITY_LEGAL || info->article != NULL);
		for (int k = 0; k < i; k++)
			CHECK(strcmp(info->name, finding_info[k].name) != 0);
	}
}

int
main(void)
{
	TestUnreachable();
	TestUnreachableFigures();
	TestUnreachableLayers();
	TestUnreachableEvents();
	TestUnreachablePage();
	TestCannotPay();
	TestParams();
	TestMarks();
	TestExceptions();
	TestManyExceptions();
	TestSince();
	TestTooMany();
	TestManyCategories();
	TestManyBounds();
	TestManyEvaluations();
	TestPages();
	TestShortPath();
	TestKinds();
	EndLint();
	return CheckEnd();
}
