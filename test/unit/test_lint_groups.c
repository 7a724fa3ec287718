/*
 * test_lint_groups.c — what the linter finds by comparing what rules pay: larger burdens, groups at equal burdens, what key groups
 * are owed, rules that one person can meet. Amounts in comments are by hand.
 */
#include "lints.h"

/* ---- a larger burden ---- */


static void
TestRising(void)
{
	RULES("tilt", CRITICAL_RULE("{'to':500,'ratio':0.7},{'ratio':0.7}"), "");
	RULES("tilt", CRITICAL_RULE("{'to':500,'ratio':0.7},{'ratio':0.699999}"), "burden_regressive " R "r.bands[1].ratio");
	CHECK_INT(last.figure, 699999);
	CHECK_INT(last.limit, 700000);
	RULES("tilt", CRITICAL_RULE("{'to':100,'ratio':0.9},{'ratio':0.7}"), "");	/* the deductible eats the first band */
	RULES("tilt", CRITICAL_RULE("{'to':101,'ratio':0.9},{'ratio':0.7}"), "burden_regressive " R "r.bands[1].ratio");
	RULES("tilt", CRITICAL_RULE("{'to':500,'ratio':0.7},{'to':900,'ratio':0.8}"), "");	/* nothing above the last band */
	RULES("tilt", "{'name':'r','deductible':{'amount':100},'bands':[{'to':50,'ratio':0.9},{'ratio':0.7}],'edges':'above'}",
		  "burden_regressive " R "r.bands[1].ratio");
	RULES("tilt", "{'name':'r','deductible':{'amount':100,'kind':'threshold'},'bands':[{'to':50,'ratio':0.9},{'ratio':0.7}]}",
		  "burden_regressive " R "r.bands[1].ratio");
	/* other kinds may */
	RULES("other", CRITICAL_RULE("{'to':500,'ratio':0.7},{'ratio':0.6}"), "");
	RULES("critical", CRITICAL_RULE("{'to':500,'ratio':0.7},{'ratio':0.6}"),
		  "burden_regressive " R "r.bands[1].ratio; hardship_critical_not_better " R "r.deductible.amount");
	RULES("assistance", FOR("o", "O", "'bands':[{'to':500,'ratio':0.7},{'ratio':0.6}]"), "burden_regressive " R "o.bands[1].ratio");
	/* for some only: a modifier adds to all bands, but clips at 100 % */
	LAYER("tilt", "'modifiers':[{'when':{'level':['3']},'target':'ratio','add':0.4}],'rules':["
		  CRITICAL_RULE("{'to':500,'ratio':0.7},{'ratio':0.6}") "]", "burden_regressive " R "r.bands[1].ratio");
	CHECK_INT(last.situation.codes[CODE_LEVEL], 3);
	/* ratios with parts of a millionth: 0.600001 x 0.999 = 0.599400999, 0.700001 x 0.999 = 0.699300999 */
	LAYER("tilt", "'modifiers':[{'target':'ratio','multiply':0.999}],'rules':["
		  CRITICAL_RULE("{'to':500,'ratio':0.700001},{'ratio':0.600001}") "]", "burden_regressive " R "r.bands[1].ratio");
	CHECK_INT(last.figure, 599400);
	CHECK_INT(last.limit, 699300);
}

/* Whole amounts and fixed ones: 60 % of 1 000 are 600 */
static void
TestRisingWhole(void)
{
#define WHOLE(bands) "{'name':'r','bands':[" bands "],'banding':'whole_amount'}"
	RULES("tilt", WHOLE("{'to':1000,'ratio':0.6},{'ratio':0.5}"), "burden_regressive " R "r.bands[1].ratio");
	RULES("tilt", WHOLE("{'to':1000,'ratio':0.6},{'amount':600}"), "");
	RULES("tilt", WHOLE("{'to':1000,'ratio':0.6},{'amount':599}"), "burden_regressive " R "r.bands[1].amount");
	RULES("tilt", WHOLE("{'to':1000,'amount':600},{'ratio':0.6}"), "");
	RULES("tilt", WHOLE("{'to':1000,'amount':601},{'ratio':0.6}"), "burden_regressive " R "r.bands[1].ratio");
	RULES("tilt", WHOLE("{'to':1000,'amount':600},{'amount':700}"), "");
	/* 60 % of 1 000 less 100 are 540 */
	RULES("tilt", "{'name':'r','deductible':{'amount':100},'bands':[{'to':1000,'ratio':0.6},{'amount':540}],'banding':"
		  "'whole_amount'}", "");
}

/* ---- groups at equal burdens ---- */


static void
TestGroups(void)
{
	RULES("assistance", FOR("k", "K", "'ratio':0.8") "," FOR("l", "L", "'ratio':0.7") "," FOR("o", "O", "'ratio':0.6"), "");
	RULES("assistance", FOR("k", "K", "'ratio':0.8") "," FOR("l", "L", "'ratio':0.8") "," FOR("o", "O", "'ratio':0.8"), "");
	RULES("assistance", FOR("k", "K", "'ratio':0.8") "," FOR("l", "L", "'ratio':0.800001"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	CHECK_INT(last.pays_fen, 800000);	/* of 10 000 yuan */
	CHECK_INT(last.other_fen, 800001);
	CHECK_INT(last.at_fen, 1000000);
	CHECK_INT(last.situation.codes[CODE_CATEGORY], 1);
	CHECK_INT(last.situation.other_category, 4);
	RULES("tilt", FOR("k", "K", "'ratio':0.5") "," FOR("o", "O", "'ratio':0.6"),
		  "rules_not_comparable " R "k; key_below_other " R "k");
	RULES("tilt", FOR("l", "L", "'ratio':0.5") "," FOR("o", "O", "'ratio':0.6"),
		  "rules_not_comparable " R "l; low_income_below_other " R "l");
	/* others among themselves, and key groups among themselves, may differ */
	RULES("tilt", FOR("k", "K", "'ratio':0.8") "," FOR("k2", "K2", "'ratio':0.7") "," FOR("o", "O", "'ratio':0.6") ","
		  FOR("p", "P", "'ratio':0.5"), "");
	/* other kinds do not rank */
	RULES("supplementary", FOR("l", "L", "'ratio':0.6") "," FOR("k", "K", "'ratio':0.5"), "");
	/* nobody's category is an other, too */
	RULES("tilt", FOR("k", "K", "'ratio':0.5") ",{'name':'rest','ratio':0.6}",
		  "rules_not_comparable " R "k; key_below_other " R "k; key_below_low_income " R "k");
	RULES("tilt", "{'name':'k','when':{'category':['K']},'ratio':0.5},{'name':'r','when':{'none':[{'category':['L','O','P','K2']}]},"
		  "'ratio':0.6}", "rules_not_comparable " R "k; key_below_other " R "k");
	CHECK_INT(last.situation.other_category, 0);
	/* a layer that is not for a group says nothing about it; one that leaves it out somewhere does */
	RULES("tilt", FOR("l", "L", "'ratio':0.5"), "");
	RULES("tilt", "{'name':'k','when':{'category':['K'],'level':['1']},'ratio':0.9}," FOR("l", "L", "'ratio':0.5"),
		  "key_below_low_income layers.a");
	CHECK(last.rule == NULL && last.other->name.text[0] == 'l');
	CHECK_INT(last.situation.codes[CODE_LEVEL], 6);
	/* before the articles were in force */
	PAGE("'to':'2022-12-31','layers':[]", "");
}

/* Somewhere in between: 70 % of all against 90 % above 2 000: below from 9 000 on. 10 000 shows it; 8 999 yuan would not. */
static void
TestCrossing(void)
{
	RULES("tilt", FOR("k", "K", "'ratio':0.7") "," FOR("l", "L", "'deductible':{'amount':2000},'ratio':0.9"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	CHECK_INT(last.at_fen, 1000000);
	/* 90 % of what is above 5 000 against 70 %: from 22 500 on */
	RULES("tilt", FOR("k", "K", "'ratio':0.7") "," FOR("l", "L", "'deductible':{'amount':5000},'ratio':0.9"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	CHECK(last.at_fen > 2250000 && last.at_fen <= 2250010 && last.pays_fen + 1 == last.other_fen);
	/* 70 % to 9 000 and 71 % above against 90 % above 8 000: 0.71 x - 90 = 0.9 x - 7 200 at 37 421.05 */
	RULES("tilt", FOR("k", "K", "'bands':[{'to':9000,'ratio':0.7},{'ratio':0.71}]") ","
		  FOR("l", "L", "'deductible':{'amount':8000},'ratio':0.9"), "rules_not_comparable " R "k; key_below_low_income " R "k");
	CHECK(last.at_fen > 3742105 && last.at_fen <= 3742115);
	/* a deductible of 0, and nothing that enters */
	RULES("tilt", FOR("k", "K", "'deductible':{'amount':0},'ratio':0.7") "," FOR("l", "L", "'ratio':0.7"), "");
	RULES("tilt", FOR("k", "K", "'enter':0,'ratio':0.7") "," FOR("l", "L", "'ratio':0.7"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	/* only between 100 and 200: 80 % of 100 there, against 40 % of 200 */
	RULES("tilt", FOR("k", "K", "'bands':[{'to':100,'ratio':0.4},{'ratio':0.9}]") "," FOR("l", "L", "'bands':[{'to':100,'ratio':0.5},"
		  "{'ratio':0.6}]"), "rules_not_comparable " R "k; key_below_low_income " R "k");
	CHECK(last.at_fen < 15000);
	/* an enter share moves every edge: 50 % of the burden at 100 % is less than 60 % of it */
	RULES("tilt", FOR("k", "K", "'enter':0.5,'ratio':1") "," FOR("l", "L", "'ratio':0.5"), "");
	RULES("tilt", FOR("k", "K", "'enter':0.5,'ratio':1") "," FOR("l", "L", "'ratio':0.51"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	/* the whole payment: 70 % less 500 against 50 %; below until 2 500 */
	RULES("tilt", FOR("k", "K", "'ratio':0.7,'modifiers':[{'target':'payment','add':-500}]") "," FOR("l", "L", "'ratio':0.5"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	CHECK(last.at_fen < 250000);
	/* 60 % less 50 against 50 % less 49: equal at 10, where neither pays; 83.34 … 98 is where one pays alone */
	RULES("tilt", FOR("k", "K", "'ratio':0.6,'modifiers':[{'target':'payment','add':-50}]") ","
		  FOR("l", "L", "'ratio':0.5,'modifiers':[{'target':'payment','add':-49}]"), "");
	/* less than a fen: shown where it is */
	RULES("tilt", FOR("k", "K", "'bands':[{'to':0.01,'ratio':0.5},{'ratio':0.9}]") ","
		  FOR("l", "L", "'bands':[{'to':0.01,'ratio':0.6},{'ratio':0.8}]"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	CHECK_INT(last.at_fen, 1);
	CHECK_INT(last.pays_fen, 0);
	CHECK_INT(last.other_fen, 0);
}

/* What earlier layers did: compared once they have done it, whatever they did for one of the two before */
static void
TestGroupsLater(void)
{
	PAGE("'layers':[{'name':'x','kind':'assistance','base':{'copay':1},'rules':[" FOR("k", "K",
		  "'ratio':0.8,'caps':[{'limit':5}]") "]},"
		 "{'name':'a','kind':'assistance','base':{'copay':1},'rules':[{'name':'k','when':{'category':['K'],'exhausted':['x']},"
		 "'ratio':0.8}," FOR("l", "L", "'ratio':0.7") "]}]", "");
	PAGE("'layers':[{'name':'x','kind':'assistance','base':{'copay':1},'rules':[" FOR("k", "K",
		  "'ratio':0.8,'caps':[{'limit':5}]") "]},"
		 "{'name':'a','kind':'assistance','base':{'copay':1},'rules':[{'name':'k','when':{'category':['K'],'paid_by':['x'],"
		 "'exhausted':['x']},'ratio':0.7}," FOR("l", "L", "'ratio':0.8") "]}]",
		 "rules_not_comparable " R "k; key_below_low_income " R "k");
	PAGE("'layers':[{'name':'x','kind':'assistance','base':{'copay':1},'rules':[" FOR("k", "K", "'ratio':0.8") "," FOR("o", "O",
		 "'ratio':0.7,'deductible':{'amount':5}") "]},"
		 "{'name':'a','kind':'assistance','base':{'copay':1},'rules':[{'name':'k','when':{'category':['K'],'self_pay':"
		 "{'above_deductible_of':'x'}},'ratio':0.8}," FOR("l", "L", "'ratio':0.7") "]}]", "");
}

/* Different bases cannot be compared; the same ones stated twice can */
static void
TestBases(void)
{
	RULES("tilt", FOR("k", "K", "'ratio':0.7") "," FOR("l", "L", "'base':{'copay':1,'excluded':1},'ratio':0.8"),
		  "not_fully_compared layers.a");
	RULES("tilt", FOR("k", "K", "'ratio':0.7,'base':{'copay':0.5,'penalty':0}") "," FOR("l", "L", "'base':{'copay':0.6},'ratio':0.8"),
		  "not_fully_compared layers.a");
	RULES("tilt", FOR("k", "K", "'ratio':0.7,'base':{'copay':1,'penalty':0}") "," FOR("l", "L", "'ratio':0.8"),
		  "rules_not_comparable " R "k; key_below_low_income " R "k");
	RULES("tilt", FOR("k", "K", "'ratio':0.7,'base':{'of':'total'}") "," FOR("l", "L", "'ratio':0.8"), "not_fully_compared layers.a");
	RULES("tilt", FOR("k", "K", "'ratio':0.7,'base':{'of':'total','from':['copay']}") "," FOR("l", "L", "'base':{'of':'in_scope',"
		  "'from':['copay']},'ratio':0.8"), "not_fully_compared layers.a");
	RULES("tilt", FOR("k", "K", "'ratio':0.7,'base':{'of':'total','from':['copay']}") "," FOR("l", "L", "'base':{'of':'total',"
		  "'from':['copay']},'ratio':0.8"), "rules_not_comparable " R "k; key_below_low_income " R "k");
	/* a test of the base where every weight is a fraction, and of a gross one */
	RULES("other", "{'name':'r','when':{'base':{'above':10}},'base':{'copay':1,'over_cap':0.5},'ratio':0.5},"
		  "{'name':'s','base':{'copay':1,'over_cap':0.5},'ratio':0.4}", "");
	RULES("basic", "{'name':'r','when':{'base':{'above':10},'self_pay':{'above':20}},'ratio':0.5},{'name':'s','ratio':0.4}", "");
	RULES("other", "{'name':'r','when':{'base':{'above':10}},'base':{'copay':0.5},'ratio':0.5},{'name':'s','base':{'copay':0.5},"
		  "'ratio':0.4}", "");
	RULES("other", "{'name':'r','when':{'base':{'above':10}},'base':{'of':'total'},'ratio':0.5},{'name':'s','base':{'of':'total'},"
		  "'ratio':0.4}", "");
}

/* ---- what key groups are owed in inpatient assistance ---- */

static void
TestKeyGroups(void)
{
#define KEY(more) FOR("k", "K", more)
	RULES("assistance", KEY("'ratio':0.7"), "");
	RULES("assistance", KEY("'ratio':0.699999"), "key_group_ratio_below_70 " R "k.ratio");
	CHECK_INT(last.figure, 699999);
	CHECK_INT(last.limit, 700000);
	RULES("assistance", KEY("'bands':[{'to':100,'ratio':0.7},{'ratio':0.8}],'enter':0.9"),
		  "key_group_ratio_below_70 " R "k.bands[0].ratio");
	CHECK_INT(last.figure, 630000);
	RULES("assistance", KEY("'ratio':0.700001,'modifiers':[{'target':'ratio','multiply':0.999}]"),
		  "key_group_ratio_below_70 " R "k.ratio");
	CHECK_INT(last.figure, 699300);
	RULES("assistance", KEY("'ratio':0.8,'modifiers':[{'target':'payment','multiply':0.8}]"), "key_group_ratio_below_70 " R "k.ratio");
	RULES("assistance", KEY("'ratio':0.7,'deductible':{'amount':0}"), "");
	RULES("assistance", KEY("'ratio':0.7,'deductible':{'amount':0.01}"), "key_group_deductible " R "k.deductible.amount");
	CHECK_INT(last.figure, 1);
	RULES("assistance", KEY("'ratio':0.7,'deductible':{'amount':5,'kind':'threshold'}"),
		  "key_group_deductible " R "k.deductible.amount");
	RULES("assistance", KEY("'bands':[{'to':100,'ratio':0},{'ratio':0.7}]"), "key_group_deductible " R "k.bands[0].ratio");
	RULES("assistance", KEY("'bands':[{'to':100,'ratio':0.7},{'ratio':0}]"), "burden_regressive " R "k.bands[1].ratio");
	RULES("assistance", KEY("'bands':[{'to':100,'ratio':0.7},{'to':200,'ratio':0},{'ratio':0.9}]"),
		  "key_group_ratio_below_70 " R "k.bands[1].ratio; burden_regressive " R "k.bands[1].ratio");
	RULES("assistance", KEY("'bands':[{'to':100,'amount':5},{'ratio':0.7}],'banding':'whole_amount'"), "");
	RULES("assistance", KEY("'ratio':0"), "never_pays layers.a");
	/* bands that the deductible eats are no offer */
	RULES("assistance", KEY("'deductible':{'amount':100},'bands':[{'to':100,'ratio':0.1},{'ratio':0.7}]"),
		  "key_group_deductible " R "k.deductible.amount");
	/* not for others, not in tilt, not for outpatients, not on application */
	RULES("assistance", FOR("o", "O", "'ratio':0.1,'deductible':{'amount':5}"), "");
	RULES("tilt", KEY("'ratio':0.1,'deductible':{'amount':5}"), "");
	RULES("assistance", "{'name':'k','when':{'category':['K'],'care_type':['11']},'ratio':0.1}", "");
	RULES("assistance", "{'name':'k','when':{'category':['K'],'care_type':['11','52']},'ratio':0.1}",
		  "key_group_ratio_below_70 " R "k.ratio");
	CHECK_INT(last.situation.codes[CODE_CARE_TYPE], 4);
	RULES("assistance", "{'name':'k','when':{'category':['K']},'on':'application','window':{'over':'year_to_date'},'ratio':0.1}", "");
	/* a modifier that takes everything is an exclusion, one that takes part is not */
	RULES("assistance", KEY("'ratio':0.7,'modifiers':[{'when':{'referral':['no']},'target':'enter','multiply':0}]"), "");
	RULES("assistance", KEY("'ratio':0.7,'modifiers':[{'when':{'referral':['no']},'target':'payment','multiply':0}]"), "");
	RULES("assistance", KEY("'ratio':0.7,'modifiers':[{'when':{'referral':['no']},'target':'ratio','add':-0.1}]"),
		  "key_group_ratio_below_70 " R "k.ratio");
	CHECK_INT(last.situation.codes[CODE_REFERRAL], 2);
	/* a layer that asks nobody's category serves everybody, unless the page knows no key group */
	RULES("assistance", "{'name':'r','ratio':0.6}", "key_group_ratio_below_70 " R "r.ratio");
	CHECK_TEXT(LintDocument("{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2022-01-01','sources':"
							"{'s':{'document':'made for this test'}},'cite':{'source':'s'},'layers':[{'name':'a','kind':'assistance',"
							"'base':{'copay':1},'rules':[{'name':'r','ratio':0.6}]},{'name':'c','kind':'charity','base':{'copay':1},"
							"'rules':[]}]}]}"), "");
	CHECK_TEXT(LintDocument("{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2022-01-01','sources':"
							"{'s':{'document':'made for this test'}},'cite':{'source':'s'},'layers':[{'name':'a','kind':'critical',"
							"'base':{'copay':1,'penalty':0},'rules':[{'name':'r','ratio':0.6}]}]}]}"), "");
	/* the finding names what tells the situation apart */
	RULES("assistance", "{'name':'k','when':{'category':['K'],'designated':true,'none':[{'disease':['d1']}]},'ratio':0.6},"
		  "{'name':'d','when':{'category':['K'],'disease':['d1']},'ratio':0.7}", "key_group_ratio_below_70 " R "k.ratio");
	CHECK_INT(last.situation.designated, 1);
	CHECK_INT(last.situation.codes[CODE_DISEASE], 0);
	RULES("assistance", "{'name':'k','when':{'category':['K'],'disease':['d2']},'ratio':0.6}",
		  "key_group_ratio_below_70 " R "k.ratio");
	CHECK_INT(last.situation.codes[CODE_DISEASE], 2);
	CHECK_INT(last.situation.designated, -1);
	/* said once, however many situations show it */
	RULES("assistance", "{'name':'k','when':{'category':['K'],'level':['1','2']},'ratio':0.6,'modifiers':[{'when':{'level':['1']},"
		  "'target':'ratio','add':-0.1}]}", "key_group_ratio_below_70 " R "k.ratio");
}

/* ---- critical insurance ---- */

static void
TestCritical(void)
{
#define MORE(deductible, ratio, cap) "'modifiers':[{'when':{'category':['K','K2']},'target':'deductible'," deductible "}," \
	"{'when':{'category':['K','K2']},'target':'ratio'," ratio "}," cap "],"
#define OPEN "{'when':{'category':['K','K2']},'target':'annual_cap','remove':true}"
#define YEAR "'rules':[{'name':'r','deductible':{'amount':100},'bands':[{'to':500,'ratio':0.6},{'ratio':0.97}],'caps':[{" \
	"'limit':5000}]}]"
	LAYER("critical", MORE("'multiply':0.5", "'add':0.05", OPEN) YEAR, "");	/* 65 %, and 100 % where 102 % would be too much */
	LAYER("critical", MORE("'add':-49.99", "'add':0.05", OPEN) YEAR, "hardship_critical_not_better " R "r.deductible.amount");
	CHECK_INT(last.figure, 5001);
	CHECK_INT(last.limit, 10000);
	LAYER("critical", MORE("'remove':true", "'add':0.049999", OPEN) YEAR, "hardship_critical_not_better " R "r.bands[0].ratio");
	CHECK_INT(last.figure, 649999);
	LAYER("critical", MORE("'remove':true", "'add':0.05", "{'target':'visit_cap','remove':true}") YEAR,
		  "hardship_critical_not_better " R "r.caps[0].limit");
	CHECK_INT(last.figure, 500000);
	/* 0.600001 x 1.083 = 0.649801083 */
	LAYER("critical", MORE("'remove':true", "'multiply':1.083", OPEN) "'rules':[{'name':'r','deductible':{'amount':100},"
		  "'ratio':0.600001}]", "hardship_critical_not_better " R "r.ratio");
	CHECK_INT(last.figure, 649801);
	/* caps of a visit and on the base may stand */
	LAYER("critical", MORE("'multiply':0.5", "'add':0.05", OPEN)
		  "'rules':[{'name':'r','deductible':{'amount':100},'ratio':0.6,'caps':[{'limit':5000,'per':'visit'},"
		  "{'limit':900,'on':'base','group':'g'}]}]", "");
	/* rules of their own, with as many bands or not; with nothing to compare */
	RULES("critical", FOR("k", "K','K2", "'ratio':0.65") ",{'name':'r','ratio':0.6}", "");
	RULES("critical", FOR("k", "K','K2", "'bands':[{'to':5,'ratio':0.65},{'ratio':0.7}]") ",{'name':'r','ratio':0.61}",
		  "hardship_critical_not_better " R "k.bands[0].ratio");
	RULES("critical", FOR("k", "K','K2", "'bands':[{'to':5,'ratio':0.65},{'ratio':0.7}]") ",{'name':'r','ratio':0.6}", "");
	RULES("critical", FOR("k", "K','K2", "'bands':[{'to':5,'ratio':0.65},{'ratio':0.7}]") ",{'name':'r','bands':[{'to':5,'ratio':0.6},"
		  "{'to':6,'ratio':0.62},{'ratio':0.66}]}", "hardship_critical_not_better " R "k.bands[1].ratio");
	RULES("critical", FOR("k", "K','K2", "'bands':[{'to':100,'amount':5},{'ratio':0.7}],'banding':'whole_amount'") ",{'name':'r"
		  "','ratio':0}",
		  "");
	RULES("critical", FOR("k", "K','K2", "'ratio':0") ",{'name':'r','ratio':0.6}", "rules_not_comparable " R "k");
	RULES("critical", FOR("k", "K','K2", "'bands':[{'to':100,'ratio':0.6},{'ratio':0.7}],'banding':'whole_amount'")
		  ",{'name':'r','bands':[{'to':100,'amount':1},{'ratio':0.65}],'banding':'whole_amount'}", "");
	RULES("critical", FOR("k", "K','K2", "'bands':[{'to':100,'amount':5},{'ratio':0.7}],'banding':'whole_amount'")
		  ",{'name':'r','bands':[{'to':100,'amount':1},{'ratio':0.6}],'banding':'whole_amount'}", "");
	/* no rule for one of the two */
	RULES("critical", FOR("k", "K','K2", "'ratio':0.6"), "");
	RULES("critical", FOR("o", "O", "'ratio':0.6"), "");
	RULES("critical", "{'name':'k','on':'year_close','window':{'over':'year_to_date'},'ratio':0.6}", "");
	/* a layer that makes no difference */
	RULES("critical", "{'name':'r','ratio':0.6}", "hardship_critical_not_better " R "r.ratio");
	RULES("critical", "{'name':'r','ratio':1}", "");
	RULES("critical", "{'name':'r','when':{'level':['1']},'ratio':0.59}",
		  "critical_ratio_below_60 " R "r.ratio; hardship_critical_not_better " R "r.ratio");
	CHECK_INT(last.situation.codes[CODE_LEVEL], 1);
	RULES("critical", FOR("o", "O", "'ratio':0.6,'modifiers':[{'when':{'level':['1']},'target':'enter','set':0}]"), "");
}

/* ---- insurers behind assistance ---- */

static void
TestInsurer(void)
{
#define CHAIN(first, kind, more) "'layers':[{'name':'x','kind':'" first "','base':{'copay':1},'rules':[]}," \
	"{'name':'a','kind':'" kind "'," more "}]"
#define BASE "'base':{'copay':1,'penalty':0},'rules':[]"
	PAGE(CHAIN("assistance", "supplementary", BASE), "insurer_after_assistance layers.a.cite");
	PAGE(CHAIN("tilt", "supplementary", BASE), "insurer_after_assistance layers.a.cite");
	PAGE(CHAIN("charity", "supplementary", BASE), "insurer_after_assistance layers.a.cite");
	PAGE(CHAIN("government", "supplementary", BASE), "");
	PAGE(CHAIN("supplementary", "supplementary", BASE), "");
	PAGE(CHAIN("assistance", "government", BASE), "");
	PAGE(CHAIN("assistance", "supplementary", BASE ",'cite':{'source':'s'}"), "insurer_after_assistance layers.a.cite");
	PAGE(CHAIN("assistance", "supplementary", BASE ",'cite':{'source':'s','article':'3'}"), "");
	PAGE(CHAIN("assistance", "supplementary", "'not_applicable':true"), "");
	PAGE("'layers':[{'name':'c','kind':'critical'," BASE "},{'name':'x','kind':'assistance'," BASE "},"
		 "{'name':'a','kind':'critical'," BASE "}]", "insurer_after_assistance layers.a.cite");
	PAGE("'to':'2022-12-31'," CHAIN("assistance", "supplementary", BASE), "insurer_after_assistance layers.a.cite");
	/* neither the page nor the layer cites anything: each base does */
	CHECK_TEXT(LintDocument("{'format':1,'engine':1,'pages':[{'title':'t','region':'R','scheme':'S','from':'2022-01-01','sources':"
							"{'s':{'document':'made for this test'}},"
							"'layers':[{'name':'a','kind':'tilt','base':{'copay':1,'cite':{'source':'s'}},'rules':[]},{'name':'b',"
							"'kind':'supplementary','base':{'copay':1,'cite':{'source':'s'}},'rules':[]}]}]}"),
							"insurer_after_assistance layers.b.cite");
}

/* ---- rules that one person can meet ---- */

static void
TestMet(void)
{
	/* better throughout; equal; crossing; worse throughout for other categories, or for the same ones */
	RULES("other", FOR("k", "K", "'ratio':0.8") ",{'name':'r','ratio':0.7}", "");
	RULES("other", FOR("k", "K", "'ratio':0.7") ",{'name':'r','ratio':0.7}", "");
	RULES("other", FOR("k", "K", "'deductible':{'amount':100},'ratio':0.8") ",{'name':'r','ratio':0.7}",
		  "rules_not_comparable " R "k");
	RULES("other", FOR("k", "K", "'ratio':0.6") ",{'name':'r','ratio':0.7}", "rules_not_comparable " R "k");
	RULES("other", "{'name':'k','when':{'category':['K'],'referral':['no']},'ratio':0.6}," FOR("r", "K", "'ratio':0.7"), "");
	RULES("other", "{'name':'k','when':{'referral':['no']},'ratio':0.6},{'name':'r','ratio':0.7}", "");
	RULES("other", "{'name':'k','when':{'age':{'at_least':60}},'ratio':0.6},{'name':'r','ratio':0.7}", "");
	RULES("other", "{'name':'k','when':{'referral':['no']},'ratio':0.9,'deductible':{'amount':1}},{'name':'r','ratio':0.7}",
		  "rules_not_comparable " R "k");
	/* two categories at once */
	RULES("other", FOR("k", "K", "'ratio':0.6") "," FOR("l", "L", "'ratio':0.7"), "rules_not_comparable " R "k");
	CHECK(last.situation.codes[CODE_CATEGORY] != 0);
	/* nobody meets both */
	RULES("other", "{'name':'r','when':{'level':['1']},'ratio':0.6},{'name':'s','when':{'level':['2']},'ratio':0.7}", "");
	RULES("other", "{'name':'r','when':{'age':{'below':60},'category':['K']},'ratio':0.6},"
		  "{'name':'s','when':{'age':{'at_least':60},'category':['L']},'ratio':0.7}", "");
	/* diseases: one at a time for what is paid */
	RULES("other", "{'name':'r','when':{'disease':['d1']},'ratio':0.6},{'name':'s','when':{'disease':['d2']},'ratio':0.7}", "");
	/* three rules: each against those behind it */
	RULES("other", FOR("k", "K", "'ratio':0.6") "," FOR("l", "L", "'ratio':0.7") ",{'name':'r','ratio':0.8}",
		  "rules_not_comparable " R "k; rules_not_comparable " R "l; rules_not_comparable " R "k");
}

/* More multiplications than can be kept exact: a bill of that situation would be refused */
static void
TestFactors(void)
{
#define TIMES(when) "{" when "'target':'ratio','multiply':0.9}"
	LAYER("other", "'modifiers':[" TIMES("") "," TIMES("") "],'rules':[{'name':'r','ratio':0.6}]", "");
	LAYER("other", "'modifiers':[" TIMES("") "," TIMES("") "," TIMES("'when':{'level':['1']},") "],'rules':[{'name':'r','ratio':0.6}]",
		  "too_many_factors " R "r");
	CHECK_INT(last.situation.codes[CODE_LEVEL], 1);
	LAYER("other", "'modifiers':[" TIMES("") "," TIMES("") "," TIMES("") "],'rules':[{'name':'r','ratio':0.6}]",
		  "too_many_factors " R "r");
	/* a rule behind the first cannot be resolved: nothing to compare */
	RULES("other", FOR("k", "K", "'ratio':0.5") ",{'name':'r','ratio':0.7,'modifiers':[" TIMES("") "," TIMES("") "," TIMES("") "]}",
		  "too_many_factors " R "r");
}

int
main(void)
{
	TestRising();
	TestRisingWhole();
	TestGroups();
	TestCrossing();
	TestGroupsLater();
	TestBases();
	TestKeyGroups();
	TestCritical();
	TestInsurer();
	TestMet();
	TestFactors();
	EndLint();
	return CheckEnd();
}
