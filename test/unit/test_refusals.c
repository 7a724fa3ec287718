/*
 * test_refusals.c — every wrong book is refused with its status and its path, and in words that say what would be right.
 */
#include "books.h"

/* ---- what is refused ---- */

typedef struct Refused
{
	const char *old;
	const char *new;
	Status		status;
	const char *path;			/* after $.pages[0] when it begins with a point or a bracket */
} Refused;

#define AID0 ".layers[2].rules[0]"
#define DERIVED_PRICE(year, share, more) \
	"'price':{'amount':10,'derived':{'statistic':'s','region':'R','year':" year ",'value':100,'share':" share more "}}"

static const Refused refused[] = {
	/* the book */
	{"{'format':1,", "{", ST_DOC_MISSING_KEY, "$"},
	{"'format':1,", "'format':2,", ST_DOC_VERSION, "$.format"},
	{"'format':1,", "'format':'1',", ST_DOC_VERSION, "$.format"},
	{"'engine':1,", "'engine':1.5,", ST_DOC_VERSION, "$.engine"},
	{"{'format':1,", "{'name':'x','format':1,", ST_DOC_UNKNOWN_KEY, "$.name"},

	/* the page */
	{"'title':'Test',", "", ST_DOC_MISSING_KEY, ""},
	{"'title':'Test'", "'title':5", ST_DOC_WRONG_TYPE, ".title"},
	{"'title':'Test'", "'title':''", ST_DOC_BAD_VALUE, ".title"},
	{"'title':'Test'", "'titel':'Test'", ST_DOC_UNKNOWN_KEY, ".titel"},
	{"'region':'R'", "'region':'12345678901234567890123456789012'", ST_DOC_BAD_VALUE, ".region"},
	{"'region':'R'", "'region':'a\\nb'", ST_DOC_BAD_VALUE, ".region"},
	{"'from':'2024-01-01'", "'from':'2024-02-30'", ST_DOC_BAD_VALUE, ".from"},
	{"'from':'2024-01-01'", "'from':'2024-01-\\u0030\\u0031 and much more'", ST_DOC_BAD_VALUE, ".from"},
	{"'from':'2024-01-01'", "'from':20240101", ST_DOC_WRONG_TYPE, ".from"},
	{"'to':'2024-12-31'", "'to':'2023-12-31'", ST_DOC_BAD_VALUE, ".to"},
	{"'order_by':'discharge'", "'order_by':'order'", ST_DOC_BAD_VALUE, ".order_by"},
	{"'order_by':'discharge'", "'order_by':null", ST_DOC_WRONG_TYPE, ".order_by"},
	{"'period_date':'admission'", "'period_date':'birth'", ST_DOC_BAD_VALUE, ".period_date"},
	{"'exceptions':[{'who':'w','why':'y',", "'exceptions':[{'who':'w',", ST_DOC_MISSING_KEY, ".exceptions[0]"},
	{"'exceptions':[{'who':'w','why':'y','article':'a'}]", "'exceptions':{}", ST_DOC_WRONG_TYPE, ".exceptions"},
	{"'exceptions':[{'who':'w','why':'y','article':'a'}]", "'exceptions':[{'who':'w','why':'y','article':'a','finding':1}]",
	ST_DOC_WRONG_TYPE, ".exceptions[0].finding"},
	{"'to':'2024-12-31'", "'to':'2024-12-31','admitted':{}", ST_DOC_MISSING_KEY, ".admitted"},
	{"'to':'2024-12-31'", "'to':'2024-12-31','admitted':'2024-01-01'", ST_DOC_WRONG_TYPE, ".admitted"},
	{"'to':'2024-12-31'", "'to':'2024-12-31','admitted':{'from':'2024-13-01'}", ST_DOC_BAD_VALUE, ".admitted.from"},
	{"'to':'2024-12-31'", "'to':'2024-12-31','admitted':{'from':'2024-01-02','to':'2024-01-01'}", ST_DOC_BAD_VALUE,
	".admitted.to"},
	{"'to':'2024-12-31'", "'to':'2024-12-31','admitted':{'until':'2024-01-02'}", ST_DOC_UNKNOWN_KEY, ".admitted.until"},

	/* sources and citations */
	{"'other':{'document':'Doc 2'}", "'other':{}", ST_DOC_MISSING_KEY, ".sources.other"},
	{"'grade':'B'", "'grade':'E'", ST_DOC_BAD_VALUE, ".sources.doc.grade"},
	{"'cite':{'source':'doc','article':'1'", "'cite':{'source':'dok','article':'1'", ST_DOC_UNKNOWN_NAME, ".cite.source"},
	{"'cite':{'source':'doc','article':'1'", "'cite':{'source':1,'article':'1'", ST_DOC_WRONG_TYPE, ".cite.source"},
	{"'mark':'inferred'", "'mark':'guessed'", ST_DOC_BAD_VALUE, ".cite.mark"},
	{"'mark':'inferred'", "'page':1", ST_DOC_UNKNOWN_KEY, ".cite.page"},
	{"'cite':{'source':'doc','article':'1','quote':'q','mark':'inferred'},", "", ST_DOC_NO_CITATION, ".fixed_prices[0].price"},

	/* codes and parts */
	{"'disease':{'D1':'d'}", "'desease':{'D1':'d'}", ST_DOC_BAD_VALUE, ".codes.desease"},
	{"'disease':{'D1':'d'}", "'disease':['D1']", ST_DOC_WRONG_TYPE, ".codes.disease"},
	{"'disease':{'D1':'d'}", "'disease':{'D1':1}", ST_DOC_WRONG_TYPE, ".codes.disease.D1"},
	{"'disease':{'D1':'d'}", "'disease':{'D1':{}}", ST_DOC_MISSING_KEY, ".codes.disease.D1"},
	{"'disease':{'D1':'d'}", "'disease':{'D1':{'de':'d'}}", ST_DOC_UNKNOWN_KEY, ".codes.disease.D1.de"},
	{"'disease':{'D1':'d'}", "'disease':{'':'d'}", ST_DOC_BAD_VALUE, ".codes.disease[\"\"]"},
	{"'over_limit.b':'b'", "'in_scope.b':'b'", ST_DOC_BAD_VALUE, ".parts[\"in_scope.b\"]"},
	{"'over_limit.b':'b'", "'over_limit':'b'", ST_DOC_BAD_VALUE, ".parts.over_limit"},
	{"'over_limit.b':'b'", "'over_limit.\\t':'b'", ST_DOC_BAD_VALUE, ".parts[\"over_limit.\\t\"]"},
	{"'over_limit.b':'b'", "'over_limit.b':7", ST_DOC_WRONG_TYPE, ".parts[\"over_limit.b\"]"},

	/* counters and counts */
	{"'every':'month'", "'every':'week'", ST_DOC_BAD_VALUE, ".counters.stays.every"},
	{"'starts':'07-28'", "'starts':'07-29'", ST_DOC_BAD_VALUE, ".counters.stays.starts"},
	{"'starts':'07-28'", "'starts':'07-30'", ST_DOC_BAD_VALUE, ".counters.stays.starts"},
	{"'starts':'07-28'", "'starts':'13-01'", ST_DOC_BAD_VALUE, ".counters.stays.starts"},
	{"'starts':'07-28'", "'starts':'7-1'", ST_DOC_BAD_VALUE, ".counters.stays.starts"},
	{"'starts':'07-28'", "'starts':701", ST_DOC_WRONG_TYPE, ".counters.stays.starts"},
	{"'per':'hospital'", "'per':'person'", ST_DOC_BAD_VALUE, ".counters.stays.per"},
	{"'chain':{'every':'chain',", "'chain':{'every':'chain','per':'level',", ST_DOC_CONFLICT, ".counters.chain.per"},
	{"'chain':{'every':'chain',", "'chain':{'every':'chain','starts':'01-01',", ST_DOC_CONFLICT, ".counters.chain.starts"},
	{"'level':{'1':'one','2':{'zh':'\xE4\xBA\x8C','en':'two'},'3':{'en':'three'}},", "", ST_DOC_UNKNOWN_NAME,
	".counters.basic_d.per"},
	{"'stays':{'when':{'care_type':['2']}", "'stays':{'when':{'care_type':['3']}", ST_DOC_UNKNOWN_NAME,
	".counts.stays.when.care_type[0]"},
	{"'any':{}},", "'any':{'when':{'stay_number':{'count':'stays','above':1}}}},", ST_DOC_CONFLICT, ".counts.any.when.stay_number"},
	{"'any':{}},", "'any':{'when':{'base':{'above':1}}}},", ST_DOC_CONFLICT, ".counts.any.when.base"},
	{"'any':{}},", "'any':[]},", ST_DOC_WRONG_TYPE, ".counts.any"},

	/* amounts that follow a published figure */
	{"'price':9000.5", "'price':{'amount':1,'derived':5}", ST_DOC_WRONG_TYPE, ".fixed_prices[1].price.derived"},
	{"'price':9000.5", "'price':{'amount':1,'derived':{},'rate':1}", ST_DOC_UNKNOWN_KEY, ".fixed_prices[1].price.rate"},
	{"'price':9000.5", "'price':{'amount':1,'derived':{}}", ST_DOC_MISSING_KEY, ".fixed_prices[1].price.derived"},
	{"'price':9000.5", "'price':{'amount':-1,'derived':{}}", ST_DOC_BAD_VALUE, ".fixed_prices[1].price.amount"},
	{"'price':9000.5", DERIVED_PRICE("2024", "0.1", ",'lag':1,'latest':true"), ST_DOC_CONFLICT,
	".fixed_prices[1].price.derived.latest"},
	{"'price':9000.5", DERIVED_PRICE("2024", "0.1", ",'latest':false"), ST_DOC_BAD_VALUE,
	".fixed_prices[1].price.derived.latest"},
	{"'price':9000.5", DERIVED_PRICE("2024", "0.1", ",'lag':10"), ST_DOC_BAD_VALUE, ".fixed_prices[1].price.derived.lag"},
	{"'price':9000.5", DERIVED_PRICE("1899", "0.1", ""), ST_DOC_BAD_VALUE, ".fixed_prices[1].price.derived.year"},
	{"'price':9000.5", DERIVED_PRICE("2024", "0.1000001", ""), ST_DOC_BAD_VALUE, ".fixed_prices[1].price.derived.share"},
	{"'price':9000.5", DERIVED_PRICE("2024", "-0.1", ""), ST_DOC_BAD_VALUE, ".fixed_prices[1].price.derived.share"},
	{"'price':9000.5", DERIVED_PRICE("2024", "0.2", ""), ST_DOC_CONFLICT, ".fixed_prices[1].price.amount"},
	{"'share':0.9", "'share':{'amount':1,'derived':{}}", ST_DOC_WRONG_TYPE, ".ceilings[0].share"},

	/* fixed prices */
	{"'name':'p2'", "'name':'p1'", ST_DOC_DUPLICATE, ".fixed_prices[1].name"},
	{"'price':9000.5", "'price':9000.555", ST_DOC_BAD_VALUE, ".fixed_prices[1].price"},
	{"'price':9000.5", "'price':-1", ST_DOC_BAD_VALUE, ".fixed_prices[1].price"},
	{"'price':9000.5", "'price':10000000000000.01", ST_DOC_BAD_VALUE, ".fixed_prices[1].price"},
	{"'price':9000.5", "'price':'9000'", ST_DOC_WRONG_TYPE, ".fixed_prices[1].price"},
	{"'takes_from':['in_scope','first_share','over_limit','excluded']", "'takes_from':['in_scope']", ST_DOC_BAD_VALUE,
	".fixed_prices[0].takes_from"},
	{"'takes_from':['in_scope','first_share','over_limit','excluded']",
	"'takes_from':['in_scope','first_share','in_scope','excluded']",
	ST_DOC_DUPLICATE, ".fixed_prices[0].takes_from[2]"},
	{"'takes_from':['in_scope','first_share','over_limit','excluded']",
	"'takes_from':['total','first_share','in_scope','excluded']",
	ST_DOC_BAD_VALUE, ".fixed_prices[0].takes_from[0]"},
	{"'takes_from':['in_scope','first_share','over_limit','excluded']", "'takes_from':'in_scope'", ST_DOC_WRONG_TYPE,
	".fixed_prices[0].takes_from"},

	/* ceilings */
	{"'name':'c2'", "'name':'c1'", ST_DOC_DUPLICATE, ".ceilings[1].name"},
	{"'layers':['aid']", "'layers':[]", ST_DOC_BAD_VALUE, ".ceilings[1].layers"},
	{"'layers':['aid']", "'layers':['help']", ST_DOC_UNKNOWN_NAME, ".ceilings[1].layers[0]"},
	{"'layers':['aid']", "'layers':['aid','aid']", ST_DOC_DUPLICATE, ".ceilings[1].layers[1]"},
	{"'layers':['aid']", "'layers':[5]", ST_DOC_WRONG_TYPE, ".ceilings[1].layers[0]"},
	{"'share':0.9", "'share':1.1", ST_DOC_BAD_VALUE, ".ceilings[0].share"},
	{"'share':0.9", "'share':0.1234567", ST_DOC_BAD_VALUE, ".ceilings[0].share"},
	{"'of':'first_share'", "'of':'copay'", ST_DOC_BAD_VALUE, ".ceilings[1].of"},
	{"'of':'first_share'", "'of':5", ST_DOC_WRONG_TYPE, ".ceilings[1].of"},
	{"'per':'visit','when'", "'per':'year','when'", ST_DOC_BAD_VALUE, ".ceilings[1].per"},
	{"'stay_number':{'count':'any','above':1}", "'paid_by':['basic']", ST_DOC_CONFLICT, ".ceilings[1].when.paid_by"},
	{"'stay_number':{'count':'any','above':1}", "'stay_number':{'count':'no','above':1}", ST_DOC_UNKNOWN_NAME,
	".ceilings[1].when.stay_number.count"},
	{"'stay_number':{'count':'any','above':1}", "'stay_number':{'above':1}", ST_DOC_MISSING_KEY, ".ceilings[1].when.stay_number"},
	{"'stay_number':{'count':'any','above':1}", "'stay_number':{'count':'any'}", ST_DOC_MISSING_KEY,
	".ceilings[1].when.stay_number"},
	{"'stay_number':{'count':'any','above':1}", "'stay_number':{'count':'any','above':1.5}", ST_DOC_BAD_VALUE,
	".ceilings[1].when.stay_number.above"},

	/* the chain */
	{"'name':'wide','kind':'charity'", "'name':'aid','kind':'charity'", ST_DOC_DUPLICATE, ".layers[4].name"},
	{"'kind':'charity'", "'kind':'gift'", ST_DOC_BAD_VALUE, ".layers[4].kind"},
	{"'kind':'charity'", "'kind':'basic'", ST_DOC_CONFLICT, ".layers[4].kind"},
	{"'kind':'basic','label'", "'kind':'tilt','label'", ST_DOC_CONFLICT, ".layers[0].kind"},
	{"'name':'critical','kind':'critical'", "'name':'critical','kind':'basic'", ST_DOC_CONFLICT, ".layers[1].kind"},
	{"'layers':[{'name':'basic'", "'layers':[{'name':'before','kind':'assistance','base':{'in_scope':1},'rules':[]},"
	"{'name':'basic'", ST_DOC_CONFLICT,
	".layers[0].kind"},
	{"'layers':[{'name':'basic'", "'layers':[5,{'name':'basic'", ST_DOC_WRONG_TYPE, ".layers[0]"},
	{"'name':'gross','kind':'other','base':{'of':'total','from':['copay','excluded']},", "'name':'gross','kind':'other',",
	ST_DOC_MISSING_KEY, ".layers[3]"},
	{"'label':'Basic',", "'label':'Basic','base':{'copay':1},", ST_DOC_CONFLICT, ".layers[0].base"},
	{"'label':'Basic',", "'label':'Basic','sum':1,", ST_DOC_UNKNOWN_KEY, ".layers[0].sum"},
	{"'name':'wide','kind':'charity','base'", "'name':'wide','kind':'charity','not_applicable':true,'base'", ST_DOC_CONFLICT,
	".layers[4].base"},
	{"'label':'Basic',", "'label':'Basic','not_applicable':true,", ST_DOC_CONFLICT, ".layers[0].rules"},
	{"'label':'Basic',", "'label':'Basic','not_applicable':false,", ST_DOC_BAD_VALUE, ".layers[0].not_applicable"},
	{"'label':'Basic',", "'label':'Basic','not_applicable':'yes',", ST_DOC_WRONG_TYPE, ".layers[0].not_applicable"},
	{"'name':'gross','kind':'other','base':{'of':'total','from':['copay','excluded']},'rules':[{'name':'g','ratio':0.1}]}",
	"'name':'gross','kind':'other','base':{'of':'total','from':['copay','excluded']}}", ST_DOC_MISSING_KEY, ".layers[3]"},
	{"'set_off':true", "'set_off':1", ST_DOC_WRONG_TYPE, ".layers[2].set_off"},
	{"'alternative':'set','set_off'", "'alternative':7,'set_off'", ST_DOC_WRONG_TYPE, ".layers[2].alternative"},

	/* bases */
	{"'copay':1,'penalty':0", "'copay':1", ST_DOC_MISSING_KEY, ".layers[1].base"},
	{"'excluded.drug':0.25,", "'excluded.pill':0.25,", ST_DOC_UNKNOWN_NAME, ".layers[2].base[\"excluded.pill\"]"},
	{"'excluded.drug':0.25,", "'excluded.drug':1.25,", ST_DOC_BAD_VALUE, ".layers[2].base[\"excluded.drug\"]"},
	{"'excluded.drug':0.25,", "'excluded.drug':0.2525,", ST_DOC_BAD_VALUE, ".layers[2].base[\"excluded.drug\"]"},
	{"'copay':1,'over_cap':0.5,'excluded.drug':0.25,'penalty':0", "'penalty':0", ST_DOC_BAD_VALUE, ".layers[2].base"},
	{"'base':{'copay':1,'over_cap':0.5,'excluded.drug':0.25,'penalty':0}", "'base':['copay']", ST_DOC_WRONG_TYPE,
	".layers[2].base"},
	{"'pays_from':['excluded.drug','copay',", "'pays_from':['excluded.drug',", ST_DOC_BAD_VALUE, ".layers[2].pays_from"},
	{"'pays_from':['excluded.drug','copay',", "'pays_from':['copay',", ST_DOC_BAD_VALUE, ".layers[2].pays_from"},
	{"'pays_from':['excluded.drug','copay',", "'pays_from':['excluded.drug','copay','deductible',", ST_DOC_BAD_VALUE,
	".layers[2].pays_from"},
	{"'pays_from':['excluded.drug','copay',", "'pays_from':['excluded.drug','copay','copay',", ST_DOC_DUPLICATE,
	".layers[2].pays_from[2]"},
	{"'pays_from':['excluded.drug','copay',", "'pays_from':['excluded.drug','all',", ST_DOC_UNKNOWN_NAME,
	".layers[2].pays_from[1]"},
	{"'of':'total','from'", "'of':'copay','from'", ST_DOC_BAD_VALUE, ".layers[3].base.of"},
	{"'from':['copay','excluded']", "'from':[]", ST_DOC_BAD_VALUE, ".layers[3].base.from"},
	{"'from':['copay','excluded']", "'from':['copay','copay']", ST_DOC_DUPLICATE, ".layers[3].base.from[1]"},
	{"'from':['copay','excluded']", "'copay':1", ST_DOC_UNKNOWN_KEY, ".layers[3].base.copay"},
	{"'from':['copay','excluded']", "'from':'copay'", ST_DOC_WRONG_TYPE, ".layers[3].base.from"},

	/* rules */
	{"{'name':'rest',", "{'name':'inpatient',", ST_DOC_DUPLICATE, ".layers[0].rules[1].name"},
	{"{'name':'rest',", "{", ST_DOC_MISSING_KEY, ".layers[0].rules[1]"},
	{"{'name':'rest',", "{'name':'rest','on':'visit',", ST_DOC_BAD_VALUE, ".layers[0].rules[1].on"},
	{"{'name':'rest',", "{'name':'rest','window':{'over':'year_to_date'},", ST_DOC_CONFLICT, ".layers[0].rules[1].window"},
	{"{'name':'rest',", "{'name':'rest','accrual':'slice',", ST_DOC_CONFLICT, ".layers[0].rules[1].accrual"},
	{"{'name':'rest',", "{'name':'rest','drop_paid_bills':true,", ST_DOC_CONFLICT, ".layers[0].rules[1].drop_paid_bills"},
	{"{'name':'rest',", "{'name':'rest','base':{'copay':1},", ST_DOC_CONFLICT, ".layers[0].rules[1].base"},
	{"{'name':'rest',", "{'name':'rest','bands':[{'ratio':1}],", ST_DOC_CONFLICT, ".layers[0].rules[1].ratio"},
	{"{'name':'rest',", "{'name':'rest','banding':'progressive',", ST_DOC_CONFLICT, ".layers[0].rules[1].banding"},
	{"{'name':'rest',", "{'name':'rest','edges':'above',", ST_DOC_CONFLICT, ".layers[0].rules[1].edges"},
	{"{'name':'rest',", "{'name':'rest','band_closed':'lower',", ST_DOC_CONFLICT, ".layers[0].rules[1].band_closed"},
	{"{'name':'rest',", "{'name':'rest','counter':'',", ST_DOC_BAD_VALUE, ".layers[0].rules[1].counter"},
	{"{'name':'rest',", "{'name':'rest','rounding':{'unit':'jiao'},", ST_DOC_BAD_VALUE, ".layers[0].rules[1].rounding.unit"},
	{"{'name':'rest',", "{'name':'rest','rounding':{'unit':'fen','to':'even'},", ST_DOC_UNKNOWN_KEY,
	".layers[0].rules[1].rounding.to"},
	{"'counter':'yearly'", "'counter':'chain'", ST_DOC_CONFLICT, AID0 ".counter"},
	{"'q':{'every':'quarter'}", "'q':{'every':'quarter'},'gross':{'every':'chain'}", ST_DOC_CONFLICT, ".layers[3].rules[0]"},
	{"'crossing':'critical'", "'crossing':'basic'", ST_DOC_BAD_VALUE, AID0 ".cumulative_from.crossing"},
	{"'crossing':'critical'", "'crossing':'gross'", ST_DOC_UNKNOWN_NAME, AID0 ".cumulative_from.crossing"},
	{"'cumulative_from':{'crossing':'critical'}", "'cumulative_from':{}", ST_DOC_MISSING_KEY, AID0 ".cumulative_from"},
	{"'settles':'year','cumulative_from'", "'cumulative_from'", ST_DOC_CONFLICT, AID0 ".cumulative_from"},
	{"{'name':'w',", "{'name':'w','settles':'never',", ST_DOC_BAD_VALUE, ".layers[4].rules[0].settles"},
	{"'name':'g','ratio':0.1", "'name':'g'", ST_DOC_MISSING_KEY, ".layers[3].rules[0]"},
	{"'name':'g','ratio':0.1", "'name':'g','ratio':1.01", ST_DOC_BAD_VALUE, ".layers[3].rules[0].ratio"},
	{"'name':'g','ratio':0.1", "'name':'g','ratio':-0.01", ST_DOC_BAD_VALUE, ".layers[3].rules[0].ratio"},
	{"'name':'g','ratio':0.1", "'name':'g','ratio':'10%'", ST_DOC_WRONG_TYPE, ".layers[3].rules[0].ratio"},
	{"'name':'g','ratio':0.1", "'name':'g','ratio':0.1,'enter':1.5", ST_DOC_BAD_VALUE, ".layers[3].rules[0].enter"},
	{"'name':'g','ratio':0.1", "'name':'g','ratio':0.1,'enter':0.5555", ST_DOC_BAD_VALUE, ".layers[3].rules[0].enter"},
	{"{'name':'g','ratio':0.1}", "5", ST_DOC_WRONG_TYPE, ".layers[3].rules[0]"},
	{"'rules':[{'name':'g','ratio':0.1}]", "'rules':{}", ST_DOC_WRONG_TYPE, ".layers[3].rules"},

	/* parameters with facts */
	{"'rate':-0.001,", "", ST_DOC_MISSING_KEY, ".layers[0].rules[1].ratio"},
	{"'rate':-0.001,", "'rate':0.0000001,", ST_DOC_BAD_VALUE, ".layers[0].rules[1].ratio.rate"},
	{"'rate':-0.001,", "'rate':1000001,", ST_DOC_BAD_VALUE, ".layers[0].rules[1].ratio.rate"},
	{"'fact':'years'", "'fact':5", ST_DOC_WRONG_TYPE, ".layers[0].rules[1].ratio.fact"},
	{"'fact':'years',", "", ST_DOC_MISSING_KEY, ".layers[0].rules[1].ratio"},
	{"'fact':'years'", "'cost':'total'", ST_DOC_CONFLICT, ".layers[0].rules[1].ratio.cost"},
	{"'fact':'years'", "'fact':'years','cost':'total'", ST_DOC_CONFLICT, ".layers[0].rules[1].ratio.cost"},
	{"'price':9000.5", "'price':{'base':1,'rate':1,'cost':'total'}", ST_DOC_CONFLICT, ".fixed_prices[1].price.cost"},
	{"'step':0.5", "'step':0", ST_DOC_BAD_VALUE, ".layers[0].rules[1].ratio.step"},
	{"'min':0.4", "'min':0.4,'max':0.3", ST_DOC_BAD_VALUE, ".layers[0].rules[1].ratio.max"},
	{"'min':0.4", "'min':-0.4", ST_DOC_BAD_VALUE, ".layers[0].rules[1].ratio.min"},
	{"'min':0.4", "'most':0.4", ST_DOC_UNKNOWN_KEY, ".layers[0].rules[1].ratio.most"},
	{"'max':20000}", "'max':20000,'cite':{'source':'none'}}", ST_DOC_UNKNOWN_NAME,
	".layers[1].rules[0].deductible.amount.cite.source"},

	/* deductibles */
	{"'amount':500,", "", ST_DOC_MISSING_KEY, ".layers[0].rules[0].deductible"},
	{"'amount':500,", "'amount':500,'closed':'upper',", ST_DOC_CONFLICT, ".layers[0].rules[0].deductible.closed"},
	{"'amount':500,'counter':'basic_d',", "'amount':500,'final_once_met':true,", ST_DOC_CONFLICT,
	".layers[0].rules[0].deductible.final_once_met"},
	{"'amount':1,'counter':'q',", "'amount':1,'counter':'q','final_once_met':1,", ST_DOC_WRONG_TYPE,
	".layers[2].rules[1].deductible.final_once_met"},
	{"'amount':500,", "'amount':500,'kind':'both',", ST_DOC_BAD_VALUE, ".layers[0].rules[0].deductible.kind"},
	{"'kind':'threshold',", "'kind':'threshold','counter':'x',", ST_DOC_CONFLICT, ".layers[2].rules[2].deductible.counter"},
	{"'kind':'threshold',", "'kind':'threshold','sum_cap':{'limit':1,'counter':'x'},", ST_DOC_CONFLICT,
	".layers[2].rules[2].deductible.sum_cap"},
	{"'amount':1,'counter':'q',", "'amount':1,", ST_DOC_CONFLICT, ".layers[2].rules[1].deductible.sum_cap"},
	{"'limit':2000,'counter':'basic_sum'", "'limit':2000", ST_DOC_MISSING_KEY, ".layers[0].rules[0].deductible.sum_cap"},
	{"'count':'stays','factors'", "'count':'visits','factors'", ST_DOC_UNKNOWN_NAME,
	".layers[0].rules[0].deductible.schedule.count"},
	{"'factors':[1,0.5]", "'factors':[1,10.5]", ST_DOC_BAD_VALUE, ".layers[0].rules[0].deductible.schedule.factors[1]"},
	{"'factors':[1,0.5]", "'factors':0.5", ST_DOC_WRONG_TYPE, ".layers[0].rules[0].deductible.schedule.factors"},
	{"'factors':[1,0.5],", "'factor':1,", ST_DOC_UNKNOWN_KEY, ".layers[0].rules[0].deductible.schedule.factor"},
	{"'floor':100.5", "'floor':-1", ST_DOC_BAD_VALUE, ".layers[0].rules[0].deductible.schedule.floor"},

	/* bands */
	{"{'to':2000,'ratio':0.7}", "{'from':900,'to':2000,'ratio':0.7}", ST_DOC_BANDS, ".layers[0].rules[0].bands[1].from"},
	{"{'to':2000,'ratio':0.7}", "{'ratio':0.7}", ST_DOC_BANDS, ".layers[0].rules[0].bands[1]"},
	{"{'to':2000,'ratio':0.7}", "{'to':1000,'ratio':0.7}", ST_DOC_BANDS, ".layers[0].rules[0].bands[1].to"},
	{"{'to':2000,'ratio':0.7}", "{'to':2000,'amount':5}", ST_DOC_CONFLICT, ".layers[0].rules[0].bands[1].amount"},
	{"{'to':2000,'ratio':0.7}", "{'to':2000}", ST_DOC_MISSING_KEY, ".layers[0].rules[0].bands[1]"},
	{"{'to':2000,'ratio':0.7}", "{'to':2000,'rate':0.7}", ST_DOC_UNKNOWN_KEY, ".layers[0].rules[0].bands[1].rate"},
	{"{'from':0,'to':1000", "{'from':1,'to':1000", ST_DOC_BANDS_GAP, ".layers[0].rules[0].bands[0].from"},
	{"{'from':0,'to':1000", "{'from':'0','to':1000", ST_DOC_WRONG_TYPE, ".layers[0].rules[0].bands[0].from"},
	{"{'from':0,'to':1000", "{'from':0,'to':'1000'", ST_DOC_WRONG_TYPE, ".layers[0].rules[0].bands[0].to"},
	{"{'to':100,'amount':5}", "{'to':100,'amount':5,'ratio':1}", ST_DOC_CONFLICT, ".layers[2].rules[1].bands[0].amount"},
	{"'bands':[{'to':100,'amount':5},{'to':200,'ratio':0.5}]", "'bands':[]", ST_DOC_BAD_VALUE, ".layers[2].rules[1].bands"},
	{"'banding':'whole_amount'", "'banding':'whole'", ST_DOC_BAD_VALUE, ".layers[2].rules[1].banding"},
	{"'closed':'upper'},'ratio':0.5", "'closed':'upper'},'bands':[{'ratio':0.5}],'edges':'above'", ST_DOC_CONFLICT,
	".layers[2].rules[2].edges"},

	/* caps */
	{"'caps':[{'limit':100000},", "'caps':[{'limit':100000},{'limit':5},", ST_DOC_DUPLICATE, ".layers[0].rules[0].caps[1]"},
	{"'caps':[{'limit':100000},", "'caps':[{'limit':100000,'group':'bases'},", ST_DOC_CONFLICT, ".layers[0].rules[0].caps[2]"},
	{"'limit':5000,'per':'visit'", "'limit':5000,'per':'visit','group':'x'", ST_DOC_CONFLICT, ".layers[0].rules[0].caps[1].group"},
	{"'limit':5000,'per':'visit'", "'limit':5000,'per':'day'", ST_DOC_BAD_VALUE, ".layers[0].rules[0].caps[1].per"},
	{"'limit':5000,'per':'visit'", "'per':'visit'", ST_DOC_MISSING_KEY, ".layers[0].rules[0].caps[1]"},
	{"'limit':9000", "'limit':9000,'on':'base','group':'bases'", ST_DOC_CONFLICT, AID0 ".caps[0].on"},
	{"'times':{'limit':3}", "'times':{'limit':0}", ST_DOC_BAD_VALUE, ".layers[0].rules[0].times.limit"},
	{"'times':{'limit':3}", "'times':{'limit':1.5}", ST_DOC_BAD_VALUE, ".layers[0].rules[0].times.limit"},
	{"'times':{'limit':3}", "'times':3", ST_DOC_WRONG_TYPE, ".layers[0].rules[0].times"},

	/* modifiers */
	{"'target':'ratio'", "'target':'rate'", ST_DOC_BAD_VALUE, ".layers[0].rules[0].modifiers[0].target"},
	{"'target':'ratio','add':-0.1,", "'target':'ratio',", ST_DOC_MISSING_KEY, ".layers[0].rules[0].modifiers[0]"},
	{"'target':'ratio','add':-0.1,", "'target':'ratio','add':-0.1,'set':0.5,", ST_DOC_CONFLICT,
	".layers[0].rules[0].modifiers[0].set"},
	{"'target':'ratio','add':-0.1,", "'target':'ratio','add':-1.1,", ST_DOC_BAD_VALUE, ".layers[0].rules[0].modifiers[0].add"},
	{"'target':'ratio','add':-0.1,", "'target':'ratio','set':-0.1,", ST_DOC_BAD_VALUE, ".layers[0].rules[0].modifiers[0].set"},
	{"'target':'ratio','add':-0.1,", "'target':'ratio','remove':true,", ST_DOC_CONFLICT, ".layers[0].rules[0].modifiers[0].remove"},
	{"'target':'ratio','add':-0.1,", "'target':'enter','remove':true,", ST_DOC_CONFLICT, ".layers[0].rules[0].modifiers[0].remove"},
	{"'target':'ratio','add':-0.1,", "'target':'payment','remove':true,", ST_DOC_CONFLICT,
	".layers[0].rules[0].modifiers[0].remove"},
	{"'target':'ratio','add':-0.1,", "'target':'deductible','remove':false,", ST_DOC_BAD_VALUE,
	".layers[0].rules[0].modifiers[0].remove"},
	{"'target':'ratio','add':-0.1,", "'target':'deductible','remove':1,", ST_DOC_WRONG_TYPE,
	".layers[0].rules[0].modifiers[0].remove"},
	{"'target':'ratio','add':-0.1,", "'target':'annual_cap','remove':null,", ST_DOC_WRONG_TYPE,
	".layers[0].rules[0].modifiers[0].remove"},
	{"'target':'ratio','add':-0.1,", "'target':'enter','add':0.1234,", ST_DOC_BAD_VALUE, ".layers[0].rules[0].modifiers[0].add"},
	{"'target':'ratio','add':-0.1,", "'target':'deductible','add':0.123,", ST_DOC_BAD_VALUE,
	".layers[0].rules[0].modifiers[0].add"},
	{"'multiply':1.5,", "'multiply':10.001,", ST_DOC_BAD_VALUE, ".layers[0].rules[0].modifiers[1].multiply"},
	{"'multiply':1.5,'group':'basic'", "'multiply':1.5,'group':'bases'", ST_DOC_UNKNOWN_NAME,
	".layers[0].rules[0].modifiers[1].group"},
	{"'multiply':1.5,'group':'basic'", "'multiply':1.5,'group':5", ST_DOC_WRONG_TYPE, ".layers[0].rules[0].modifiers[1].group"},
	{"{'target':'self_share',", "{'target':'self_share','group':'basic',", ST_DOC_CONFLICT,
	".layers[0].rules[0].modifiers[2].group"},
	{"{'target':'visit_cap','remove':true}", "{'target':'visit_cap','remove':true,'penalty':true}", ST_DOC_CONFLICT,
	".layers[2].modifiers[0].penalty"},
	{"{'target':'visit_cap','remove':true}", "7", ST_DOC_WRONG_TYPE, ".layers[2].modifiers[0]"},
	{"'modifiers':[{'target':'visit_cap','remove':true}]", "'modifiers':{}", ST_DOC_WRONG_TYPE, ".layers[2].modifiers"},

	/* events */
	{"'window':{'over':'previous_year'},", "", ST_DOC_MISSING_KEY, ".layers[2].rules[4]"},
	{"'over':'previous_year'", "'over':'ever'", ST_DOC_BAD_VALUE, ".layers[2].rules[4].window.over"},
	{"'over':'previous_year'", "'over':'previous_year','when':{'age':{'above':5}}", ST_DOC_UNKNOWN_KEY,
	".layers[2].rules[4].window.when.age"},
	{"'over':'previous_year'", "'when':{}", ST_DOC_MISSING_KEY, ".layers[2].rules[4].window"},
	{"'level':['3'],'designated':true", "'level':['9'],'designated':true", ST_DOC_UNKNOWN_NAME,
	".layers[2].rules[3].window.when.level[0]"},
	{"'level':['3'],'designated':true", "'level':['3'],'designated':1", ST_DOC_WRONG_TYPE,
	".layers[2].rules[3].window.when.designated"},
	{"'on':'year_close',", "'on':'year_close','enter':{'base':0,'rate':1,'cost':'cost'},", ST_DOC_BAD_VALUE,
	".layers[2].rules[4].enter.cost"},
	{"'on':'year_close',", "'on':'year_close','settles':'year',", ST_DOC_CONFLICT, ".layers[2].rules[4].settles"},
	{"'on':'year_close',", "'on':'year_close','counter':'x',", ST_DOC_CONFLICT, ".layers[2].rules[4].counter"},
	{"'on':'year_close',", "'on':'year_close','base':{'of':'total','from':['copay']},", ST_DOC_CONFLICT,
	".layers[2].rules[4].base"},
	{"'on':'year_close',", "'on':'year_close','deductible':{'amount':1,'counter':'x'},", ST_DOC_CONFLICT,
	".layers[2].rules[4].deductible.counter"},
	{"'on':'year_close',", "'on':'year_close','deductible':{'amount':1,'sum_cap':{'limit':1,'counter':'x'}},", ST_DOC_CONFLICT,
	".layers[2].rules[4].deductible.sum_cap"},
	{"{'name':'g','ratio':0.1}", "{'name':'g','on':'application','window':{'over':'year_to_date'},'ratio':0.1}", ST_DOC_CONFLICT,
	".layers[3].rules[0]"},

	/* conditions */
	{"'category':['low']", "'kategory':['low']", ST_DOC_UNKNOWN_KEY, AID0 ".when.kategory"},
	{"'category':['low']", "'category':'low'", ST_DOC_WRONG_TYPE, AID0 ".when.category"},
	{"'category':['low']", "'category':[]", ST_DOC_BAD_VALUE, AID0 ".when.category"},
	{"'category':['low']", "'category':['low','low']", ST_DOC_DUPLICATE, AID0 ".when.category[1]"},
	{"'category':['low']", "'category':['lo']", ST_DOC_UNKNOWN_NAME, AID0 ".when.category[0]"},
	{"'category':['low']", "'category':[1]", ST_DOC_WRONG_TYPE, AID0 ".when.category[0]"},
	{"'care_type':['2'],'level':['1','2']", "'care_type':['211'],'level':['1','2']", ST_DOC_UNKNOWN_NAME,
	".layers[0].rules[0].when.care_type[0]"},
	{"'when':{'care_type':['2'],'level':['1','2']}", "'when':['2']", ST_DOC_WRONG_TYPE, ".layers[0].rules[0].when"},
	{"'when':{'designated':false}", "'when':{'designated':'no'}", ST_DOC_WRONG_TYPE,
	".layers[0].rules[0].modifiers[0].when.designated"},
	{"'age':{'at_least':60,'below':70}", "'age':{'at_least':60.5}", ST_DOC_BAD_VALUE, AID0 ".when.age.at_least"},
	{"'age':{'at_least':60,'below':70}", "'age':{'at_least':60,'above':60}", ST_DOC_CONFLICT, AID0 ".when.age.at_least"},
	{"'age':{'at_least':60,'below':70}", "'age':{'up_to':60,'below':60}", ST_DOC_CONFLICT, AID0 ".when.age.up_to"},
	{"'age':{'at_least':60,'below':70}", "'age':{'at_least':60,'below':60}", ST_DOC_BAD_VALUE, AID0 ".when.age"},
	{"'age':{'at_least':60,'below':70}", "'age':{}", ST_DOC_MISSING_KEY, AID0 ".when.age"},
	{"'age':{'at_least':60,'below':70}", "'age':60", ST_DOC_WRONG_TYPE, AID0 ".when.age"},
	{"'age':{'at_least':60,'below':70}", "'age':{'over':60}", ST_DOC_UNKNOWN_KEY, AID0 ".when.age.over"},
	{"'base':{'above':10,'below':20}", "'base':{'above':10,'up_to':10}", ST_DOC_BAD_VALUE, AID0 ".when.base"},
	{"'base':{'above':10,'below':20}", "'base':{'at_least':10,'below':10}", ST_DOC_BAD_VALUE, AID0 ".when.base"},
	{"'base':{'above':10,'below':20}", "'base':{'at_least':10,'above_deductible_of':'basic'}", ST_DOC_CONFLICT,
	AID0 ".when.base.at_least"},
	{"'base':{'above':10,'below':20}", "'base':5", ST_DOC_WRONG_TYPE, AID0 ".when.base"},
	{"{'above_deductible_of':'critical'}", "{'above_deductible_of':'aid'}", ST_DOC_UNKNOWN_NAME,
	AID0 ".when.self_pay.above_deductible_of"},
	{"'paid_by':['basic','critical']", "'paid_by':['basic','gross']", ST_DOC_UNKNOWN_NAME, AID0 ".when.paid_by[1]"},
	{"'paid_by':['basic','critical']", "'paid_by':['basic','basic']", ST_DOC_DUPLICATE, AID0 ".when.paid_by[1]"},
	{"'paid_by':['basic','critical']", "'paid_by':[]", ST_DOC_BAD_VALUE, AID0 ".when.paid_by"},
	{"'paid_by':['basic','critical']", "'paid_by':'basic'", ST_DOC_WRONG_TYPE, AID0 ".when.paid_by"},
	{"'date':{'from':'2024-02-01'}", "'date':{}", ST_DOC_MISSING_KEY, AID0 ".when.date"},
	{"'date':{'from':'2024-02-01'}", "'date':{'from':'2024-02-01','to':'2024-01-01'}", ST_DOC_BAD_VALUE, AID0 ".when.date"},
	{"'date':{'from':'2024-02-01'}", "'date':'2024-02-01'", ST_DOC_WRONG_TYPE, AID0 ".when.date"},
	{"'income':{'up_to':100.5}", "'age':{'up_to':100}", ST_DOC_BAD_VALUE, AID0 ".when.facts.age"},
	{"'facts':{'income':{'up_to':100.5},'years':{'above':1}}", "'facts':{}", ST_DOC_BAD_VALUE, AID0 ".when.facts"},
	{"'facts':{'income':{'up_to':100.5},'years':{'above':1}}", "'facts':[]", ST_DOC_WRONG_TYPE, AID0 ".when.facts"},
	{"'income':{'up_to':100.5}", "'income':100", ST_DOC_WRONG_TYPE, AID0 ".when.facts.income"},
	{"'any':[{'level':['1']},", "'any':[{},", ST_DOC_BAD_VALUE, AID0 ".when.any[0]"},
	{"'any':[{'level':['1']},", "'any':[{'none':[]},", ST_DOC_CONFLICT, AID0 ".when.any[0].none"},
	{"'any':[{'level':['1']},", "'any':[5,", ST_DOC_WRONG_TYPE, AID0 ".when.any[0]"},
	{"'none':[{'referral':['no']}]", "'none':[]", ST_DOC_BAD_VALUE, AID0 ".when.none"},
	{"'none':[{'referral':['no']}]", "'none':{'referral':['no']}", ST_DOC_WRONG_TYPE, AID0 ".when.none"},

	/* JSON */
	{"'title':'Test'", "'title':'Test','title':'Test'", ST_JSON_SYNTAX, ".title"},
	{"'price':9000.5", "'price':9e3", ST_JSON_SYNTAX, ".fixed_prices[1].price"}
};

#define N_REFUSED ((int) (sizeof(refused) / sizeof(refused[0])))

static void
TestRefused(void)
{
	CHECK(N_REFUSED > 200);
	for (int i = 0; i < N_REFUSED; i++)
	{
		CHECK_INT(Compile(With(refused[i].old, refused[i].new)), refused[i].status);
		CHECK_INT(fault.status, refused[i].status);
		CheckPath(refused[i].path);
	}
	CHECK_INT(Compile("[]"), ST_DOC_WRONG_TYPE);
	CHECK_TEXT(fault.path, "$");
	CHECK_INT(Compile("{'format':1,'engine':1,'pages':[]}"), ST_DOC_BAD_VALUE);
	CHECK_TEXT(fault.path, "$.pages");
	CHECK_INT(Compile("{'format':1,'engine':1,'pages':[1]}"), ST_DOC_WRONG_TYPE);
	CHECK_TEXT(fault.path, "$.pages[0]");
	CHECK_INT(Compile("{'format':1,'engine':1,'pages':{}}"), ST_DOC_WRONG_TYPE);
	CHECK_INT(Compile("{'format':1,'engine':2,'pages':[]}"), ST_DOC_VERSION);
	CHECK_INT(Compile("nothing"), ST_JSON_SYNTAX);
}

/* ---- words of a fault ---- */

static void
TestWords(void)
{
	Compile(With("'share':0.9", "'share':90"));
	CHECK_TEXT(fault.found, "the number 90");
	CHECK_TEXT(fault.expected, "a share from 0 to 1 with at most six decimals");
	Compile(With("'name':'g','ratio':0.1", "'name':'g','ratio':1.1"));
	CHECK_TEXT(fault.expected, "a ratio from 0 to 1 with at most six decimals");
	Compile(With("'order_by':'discharge'", "'order_by':'bill'"));
	CHECK_TEXT(fault.found, "the text \"bill\"");
	CHECK_TEXT(fault.expected, "one of \"discharge\", \"settlement\"");
	Compile(With("'paid_by':['basic','critical']", "'paid_by':['gross']"));
	CHECK_TEXT(fault.expected, "one of the earlier layers: basic, critical");
	Compile(With("'care_type':['2'],'level':['1','2']", "'base':{'above_deductible_of':'basic'}"));
	CHECK_TEXT(fault.expected, "one of the earlier layers: none");
	Compile(With("'category':['low']", "'category':['poor']"));
	CHECK_TEXT(fault.expected, "a code that \"codes\" declares for category: low, margin");
	Compile(With("'floor':100.5", "'flor':100.5"));
	CHECK_TEXT(fault.found, "the key \"flor\"");
	CHECK_TEXT(fault.expected, "one of the keys count, factors, step, floor, cite");
	Compile(With("'title':'Test',", ""));
	CHECK_TEXT(fault.found, "an object without the key \"title\"");
	CHECK_TEXT(fault.expected, "the key \"title\"");
	Compile(With("{'to':2000,'ratio':0.7}", "{'from':900,'to':2000,'ratio':0.7}"));
	CHECK_TEXT(fault.expected, "from 1000.00, where the band before it ends (0 for the first)");
	Compile(With("'title':'Test'", "'title':null"));
	CHECK_TEXT(fault.found, "null");
	Compile(With("'set_off':true", "'set_off':{}"));
	CHECK_TEXT(fault.found, "an object");
	Compile(With("'price':9000.5", "'price':false"));
	CHECK_TEXT(fault.found, "false");
	/* a long text is cut, a long list of names too */
	Compile(With("'order_by':'discharge'", Repeat("'order_by':'", "%s%06d", 40, "'")));
	CHECK_INT(strlen(fault.found), strlen("the text \"\"") + 80);
	Compile(With("'category':{'low':'l','margin':'m'}", Repeat("'category':{", "%s'code-number-%02d':'l'", 60, "}")));
	CHECK_INT(fault.status, ST_DOC_UNKNOWN_NAME);
	CHECK_INT(strlen(fault.expected), MAX_FAULT_TEXT - 1);
	Compile(With("'sources':{", Repeat("'sources':{", "%s'source-%03d':{'document':'d'}", 20, ",")));
	CHECK_INT(fault.status, ST_OK);
	Compile(With("'cite':{'source':'doc','article':'1'", "'cite':{'source':'none','article':'1'"));
	CHECK_TEXT(fault.expected, "a source that the page declares: doc, other");
	snprintf(piece, sizeof(piece), "%s", With("'sources':{", Repeat("'sources':{", "%s'source-%03d':{'document':'d'}", 20, ",")));
	memcpy(strstr(piece, "'cite':{'source':'doc'") + 18, "dok", 3);
	CHECK_INT(Compile(piece), ST_DOC_UNKNOWN_NAME);
}

/* ---- citations ---- */

/* A page without a citation of its own: every kind of parameter must find one. */
static void
TestCitations(void)
{
	static const struct
	{
		const char *layers;
		const char *path;		/* NULL: accepted */
	}			cases[] = {
		{"{'name':'l','kind':'basic','rules':[{'name':'r','ratio':1}]}", ".layers[0].rules[0].ratio"},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','ratio':1,'cite':{'source':'s'}}]}", NULL},
		{"{'name':'l','kind':'basic','cite':{'source':'s'},'rules':[{'name':'r','ratio':1}]}", NULL},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','bands':[{'ratio':1,'cite':{'source':'s'}}]}]}", NULL},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','bands':[{'ratio':1}]}]}", ".layers[0].rules[0].bands[0].ratio"},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','ratio':{'base':0,'rate':0,'fact':'f','cite':{'source':'s'}}}]}", NULL},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','enter':1,'bands':[{'ratio':1,'cite':{'source':'s'}}]}]}",
		".layers[0].rules[0].enter"},
		{"{'name':'l','kind':'other','base':{'copay':1},'rules':[]}", ".layers[0].base"},
		{"{'name':'l','kind':'other','base':{'copay':1,'cite':{'source':'s'}},'rules':[]}", NULL},
		{"{'name':'l','kind':'other','base':{'of':'total'},'rules':[]}", NULL},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','deductible':{'amount':1},'bands':[{'ratio':1,'cite':{'source':'s'}}]}]}",
		".layers[0].rules[0].deductible.amount"},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','deductible':{'amount':1,'cite':{'source':'s'}},'bands':[{'ratio':1,"
		"'cite':{'source':'s'}}]}]}", NULL},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','deductible':{'amount':{'base':1,'rate':0,'fact':'f',"
		"'cite':{'source':'s'}},"
		"'schedule':{'count':'n'}},'bands':[{'ratio':1,'cite':{'source':'s'}}]}]}", ".layers[0].rules[0].deductible.schedule"},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','deductible':{'amount':{'base':1,'rate':0,'fact':'f',"
		"'cite':{'source':'s'}},"
		"'sum_cap':{'limit':1,'counter':'n'}},'bands':[{'ratio':1,'cite':{'source':'s'}}]}]}",
		".layers[0].rules[0].deductible.sum_cap.limit"},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','caps':[{'limit':1}],'bands':[{'ratio':1,'cite':{'source':'s'}}]}]}",
		".layers[0].rules[0].caps[0].limit"},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','caps':[{'limit':1,'cite':{'source':'s'}}],'bands':[{'ratio':1,"
		"'cite':{'source':'s'}}]}]}", NULL},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','times':{'limit':1},'bands':[{'ratio':1,'cite':{'source':'s'}}]}]}",
		".layers[0].rules[0].times.limit"},
		{"{'name':'l','kind':'basic','rules':[{'name':'r','times':{'limit':1,'cite':{'source':'s'}},'bands':[{'ratio':1,"
		"'cite':{'source':'s'}}]}]}", NULL},
		{"{'name':'l','kind':'basic','modifiers':[{'target':'ratio','add':0.1}],'rules':[]}", ".layers[0].modifiers[0].add"},
		{"{'name':'l','kind':'basic','modifiers':[{'target':'ratio','add':0.1,'cite':{'source':'s'}}],'rules':[]}", NULL},
		{"{'name':'l','kind':'basic','modifiers':[{'target':'deductible','remove':true}],'rules':[]}", NULL},
	};
	char		text[2048];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[{'title':'t','region':'r','scheme':'s','from':'2024-01-01',"
				 "'sources':{'s':{'document':'d'}},'counts':{'n':{}},'layers':[%s]}]}", cases[i].layers);
		CHECK_INT(Compile(text), cases[i].path == NULL ? ST_OK : ST_DOC_NO_CITATION);
		if (cases[i].path != NULL)
			CheckPath(cases[i].path);
	}
	CHECK_INT(Compile("{'format':1,'engine':1,'pages':[{'title':'t','region':'r','scheme':'s','from':'2024-01-01','sources':{},"
					  "'ceilings':[{'name':'c','layers':['l'],'share':1,'of':'total','per':'visit'}],"
					  "'layers':[{'name':'l','kind':'basic','rules':[]}]}]}"), ST_DOC_NO_CITATION);
	CheckPath(".ceilings[0].share");
}

/* ---- limits ---- */

typedef struct Limit
{
	int			max;
	const char *old;
	const char *start;
	const char *format;
	const char *end;
	const char *path;
	bool		at_most;		/* max of them are accepted here */
} Limit;

static const Limit limits[] = {
	{24, "'layers':[{'name':'basic'", "'layers':[", "%s{'name':'l%d','kind':'other','base':{'copay':1},'rules':[]}",
		",{'name':'basic'", ".layers", false},
	{64, "'rules':[{'name':'g','ratio':0.1}]", "'rules':[", "%s{'name':'r%d','ratio':0}", "]", ".layers[3].rules", true},
	{32, "'name':'g','ratio':0.1", "'name':'g','bands':[", "%s{'ratio':1,'to':1%04d}", "]", ".layers[3].rules[0].bands", true},
	{16, "'name':'g','ratio':0.1", "'name':'g','ratio':0.1,'caps':[", "%s{'limit':1,'group':'g%d'}", "]",
		".layers[3].rules[0].caps", true},
	{32, "'name':'g','ratio':0.1", "'name':'g','ratio':0.1,'modifiers':[", "%s{'target':'ratio','set':0.%d}", "]",
		".layers[3].rules[0].modifiers",
	true},
	{64, "'disease':{'D1':'d'}", "'disease':{", "%s'D%d':'d'", "}", ".codes.disease", true},
	{8, "'parts':{'over_limit.b':'b',", "'parts':{", "%s'over_limit.%d':'b'", ",", ".parts", false},
	{16, "'any':{}},", "'any':{},", "%s'a%d':{}", "},", ".counts", false},
	{64, "{'name':'p2','price':9000.5}", "", "%s{'name':'q%d','price':1}", "", ".fixed_prices", false},
	{16, "'ceilings':[{'name':'c1'", "'ceilings':[", "%s{'name':'k%d','layers':['aid'],'share':1,'of':'total','per':'visit'}",
		",{'name':'c1'", ".ceilings",
	false},
	{16, "'factors':[1,0.5]", "'factors':[", "%s1.%d", "]", ".layers[0].rules[0].deductible.schedule.factors", true},
	{64, "'any':[{'level':['1']},", "'any':[", "%s{'total':{'above':%d}}", ",", AID0 ".when.any", false},
	{96, "'q':{'every':'quarter'}", "", "%s'k%d':{}", "", ".counters", false}
};

static void
TestLimits(void)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
	{
		const Limit *l = &limits[i];

		CHECK_INT(Compile(With(l->old, Repeat(l->start, l->format, l->max + 1, l->end))), ST_DOC_LIMIT);
		CheckPath(l->path);
		if (l->at_most)
			CHECK_INT(Compile(With(l->old, Repeat(l->start, l->format, l->max, l->end))), ST_OK);
	}
	/* counters by use, facts and tests */
	CHECK_INT(Compile(With("'q':{'every':'quarter'}", Repeat("'q':{'every':'quarter'},", "%s'k%d':{}", 79, ""))), ST_OK);
	CHECK_INT(book.pages[0].n_counters, 96);
	CHECK_INT(Compile(With("'q':{'every':'quarter'}", Repeat("'q':{'every':'quarter'},", "%s'k%d':{}", 80, ""))), ST_DOC_LIMIT);
	CheckPath(".layers[4]");
	CHECK_INT(Compile(With("'name':'g',", Repeat("'name':'g','when':{'facts':{", "%s'f%d':{'above':1}", 14, "}},"))), ST_OK);
	CHECK_INT(book.pages[0].n_facts, 16);
	CHECK_INT(Compile(With("'name':'g',", Repeat("'name':'g','when':{'facts':{", "%s'f%d':{'above':1}", 15, "}},"))), ST_DOC_LIMIT);
	CheckPath(".layers[3].rules[0].when.facts.f14");
	CHECK_INT(Compile(With("'name':'g',", Repeat("'name':'g','when':{'facts':{", "%s'f%d':{'above':1}", 17, "}},"))), ST_DOC_LIMIT);
	CheckPath(".layers[3].rules[0].when.facts");
	CHECK_INT(Compile(With("'name':'g',", Repeat("'name':'g','when':{'any':[", "%s{'total':{'above':%d}}", 64, "]},"))), ST_OK);
	CHECK_INT(Compile(With("'name':'g',", Repeat("'name':'g','when':{'designated':true,'any':[", "%s{'total':{'above':%d}}", 64,
		"]},"))), ST_DOC_LIMIT);
	CheckPath(".layers[3].rules[0].when.any[63].total");
}

/* Every test of a full condition is refused where it stands. */
static void
TestFullCondition(void)
{
	static const char *const tests[] = {
		"'care_type':['2']", "'designated':true", "'age':{'above':1}", "'stay_number':{'count':'any','above':1}",
		"'base':{'above':1}",
		"'paid_by':['aid']", "'date':{'from':'2024-01-01'}", "'facts':{'income':{'above':1}}"
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
	{
		char		end[128];

		snprintf(end, sizeof(end), "],'none':[{%s}]},", tests[i]);
		CHECK_INT(Compile(With("'name':'g',", Repeat("'name':'g','when':{'any':[", "%s{'total':{'above':%d}}", 64, end))),
			ST_DOC_LIMIT);
	}
}

/* 256 pages, and one more. */
static void
TestManyPages(void)
{
	static char text[ROOM];
	int			length;

	for (int n = MAX_PAGES; n <= MAX_PAGES + 1; n++)
	{
		length = snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[");
		for (int i = 0; i < n; i++)
		{
			char		region[16];

			snprintf(region, sizeof(region), "%d", 999 - i);
			length += snprintf(text + length, sizeof(text) - (size_t) length, i == 0 ? "" : ",");
			length += snprintf(text + length, sizeof(text) - (size_t) length, small_page, region, "x", "2024-01-01", "");
		}
		snprintf(text + length, sizeof(text) - (size_t) length, "]}");
		CHECK_INT(Compile(text), n > MAX_PAGES ? ST_DOC_LIMIT : ST_OK);
	}
}

int
main(void)
{
	MakeGood();
	TestRefused();
	TestWords();
	TestCitations();
	TestLimits();
	TestFullCondition();
	TestManyPages();
	FreeBooks();
	return CheckEnd();
}
