/*
 * test_lint_fault.c — which finding a document has that does not compile, and where it stands: the good book of books.h with one
 * piece replaced.
 */
#include "books.h"

#include "lint.h"

static JsonNode nodes[ROOM];

/* The kind of the fault of a document written with '; its path goes to where */
static FindingKind
KindOf(const char *text, char *where, int size)
{
	Json		json;
	Fault		second;

	where[0] = '\0';
	if (Compile(text) == ST_OK)
		return FINDING_KINDS;
	if (fault.node < 0 || JsonParse(document, (int) strlen(text), nodes, ROOM, &json, &second) != ST_OK)
		return FaultKind(&fault, NULL);
	NamedPath(&json, fault.node, where, size);
	return FaultKind(&fault, &json);
}

typedef struct Wrong
{
	const char *old;
	const char *new;
	FindingKind kind;
	const char *path;
} Wrong;

static const Wrong wrong[] = {
	{"{'format':1,", "{'format':2,", FINDING_UNKNOWN_VERSION, "format"},
	{"'title':'Test',", "", FINDING_MISSING_KEY, ""},
	{"'title':'Test'", "'titel':'Test'", FINDING_UNKNOWN_KEY, "titel"},
	{"'title':'Test'", "'title':5", FINDING_WRONG_TYPE, "title"},
	{"'from':'2024-01-01'", "'from':'2024-02-30'", FINDING_BAD_VALUE, "from"},
	{"'other':{'document':'Doc 2'}", "'other':{}", FINDING_MISSING_KEY, "sources.other"},
	{"'cite':{'source':'doc','article':'1'", "'cite':{'source':'dok','article':'1'", FINDING_UNKNOWN_NAME, "cite.source"},
	{"'cite':{'source':'doc','article':'1','quote':'q','mark':'inferred'},", "", FINDING_MISSING_CITATION, "fixed_prices.p1.price"},
	{"'over_limit.b':'b'", "'over_limit.b':7", FINDING_WRONG_TYPE, "parts.\"over_limit.b\""},
	{"'price':9000.5", "'price':9000.555", FINDING_BAD_NUMBER, "fixed_prices.p2.price"},
	{"'price':9000.5", "'price':{'derived':{'statistic':'s','share':1}}", FINDING_MISSING_STATISTIC, "fixed_prices.p2.price.derived"},
	{"'price':9000.5", "'price':{'derived':{}}", FINDING_MISSING_STATISTIC, "fixed_prices.p2.price.derived"},
	{"'price':9000.5", "'price':{'amount':10,'derived':{'statistic':'s','region':'R','year':2024,'value':100,'share':0.2}}",
	FINDING_DERIVED_AMOUNT, "fixed_prices.p2.price.amount"},
	{"'takes_from':['in_scope','first_share','over_limit','excluded']",
	"'takes_from':['in_scope','first_share','in_scope','excluded']", FINDING_DUPLICATE_NAME, "fixed_prices.p1.takes_from[2]"},
	{"'share':0.9", "'share':1.1", FINDING_RATIO_ABOVE_ONE, "ceilings.c1.share"},
	{"'share':0.9", "'share':-0.1", FINDING_RATIO_ABOVE_ONE, "ceilings.c1.share"},
	{"'share':0.9", "'share':0.1234567", FINDING_BAD_NUMBER, "ceilings.c1.share"},
	{"'name':'c2'", "'name':'c1'", FINDING_DUPLICATE_NAME, "ceilings.c1.name"},
	{"'name':'wide','kind':'charity'", "'name':'aid','kind':'charity'", FINDING_DUPLICATE_NAME, "layers.aid.name"},
	{"'kind':'charity'", "'kind':'gift'", FINDING_BAD_VALUE, "layers.wide.kind"},
	{"'kind':'charity'", "'kind':'basic'", FINDING_LAYER_ORDER, "layers.wide.kind"},
	{"'kind':'basic','label'", "'kind':'tilt','label'", FINDING_LAYER_ORDER, "layers.basic.kind"},
	{"'layers':[{'name':'basic'", "'layers':[5,{'name':'basic'", FINDING_WRONG_TYPE, "layers[0]"},
	{"'layers':[{'name':'basic'", "'layers':[{'name':7},{'name':'basic'", FINDING_MISSING_KEY, "layers[0]"},
	{"'label':'Basic',", "'label':'Basic','base':{'copay':1},", FINDING_CONTRADICTION, "layers.basic.base"},
	{"'name':'second'", "'name':'first'", FINDING_DUPLICATE_NAME, "layers.aid.rules.first.name"},
	{"{'to':2000,'ratio':0.7}", "{'from':900,'to':2000,'ratio':0.7}", FINDING_BANDS_INVERTED,
	"layers.basic.rules.inpatient.bands[1].from"},
	{"{'to':2000,'ratio':0.7}", "{'from':1000.01,'to':2000,'ratio':0.7}", FINDING_BANDS_GAP,
	"layers.basic.rules.inpatient.bands[1].from"},
	{"{'to':2000,'ratio':0.7}", "{'ratio':0.7}", FINDING_BANDS_INVERTED, "layers.basic.rules.inpatient.bands[1]"},
	{"{'to':2000,'ratio':0.7}", "{'to':2000,'ratio':1.7}", FINDING_RATIO_ABOVE_ONE, "layers.basic.rules.inpatient.bands[1].ratio"},
	{"'when':{'category':['low'],", "'when':{'category':['rich'],", FINDING_UNKNOWN_CODE, "layers.aid.rules.first.when.category[0]"},
	{"'cumulative_from':{'crossing':'critical'}", "'cumulative_from':{'crossing':'criticle'}", FINDING_UNKNOWN_NAME,
	"layers.aid.rules.first.cumulative_from.crossing"},
	{"'pages':[", "'pages':7,'more':[", FINDING_UNKNOWN_KEY, "more"},
	{"'counter':'yearly'", "'counter':'chain'", FINDING_CONTRADICTION, "layers.aid.rules.first.counter"},
};

static void
TestWrong(void)
{
	char		path[MAX_FAULT_TEXT];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
	{
		FindingKind kind = KindOf(With(wrong[i].old, wrong[i].new), path, sizeof(path));

		CHECK_INT(kind, wrong[i].kind);
		CHECK_TEXT(path, wrong[i].path);
		if (kind != wrong[i].kind)
			printf("\t%s\n", wrong[i].new);
	}
}

/* Texts that do not parse, and books that are not even objects */
static void
TestNoDocument(void)
{
	char		path[MAX_FAULT_TEXT];

	CHECK_INT(KindOf("{", path, sizeof(path)), FINDING_NOT_JSON);
	CHECK_INT(KindOf("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", path, sizeof(path)), FINDING_NOT_JSON);
	CHECK_INT(KindOf("5", path, sizeof(path)), FINDING_WRONG_TYPE);
	CHECK_TEXT(path, "");
	CHECK_INT(KindOf("{'format':1,'engine':1,'pages':7}", path, sizeof(path)), FINDING_WRONG_TYPE);
	CHECK_TEXT(path, "pages");
	CHECK_INT(KindOf("{'format':1,'engine':1,'pages':[]}", path, sizeof(path)), FINDING_BAD_VALUE);
	CHECK_INT(KindOf("{'format':1,'engine':1}", path, sizeof(path)), FINDING_MISSING_KEY);
	CHECK_INT(KindOf("{'format':1,'engine':1,'pages':[7]}", path, sizeof(path)), FINDING_WRONG_TYPE);
	CHECK_TEXT(path, "");
	CHECK_INT(KindOf("{'format':1,'engine':1,'pages':[7,8]}", path, sizeof(path)), FINDING_WRONG_TYPE);
	CHECK_TEXT(path, "pages[0]");
	CHECK_INT(KindOf(With("{'format':1,", "{'page':[],'format':1,"), path, sizeof(path)), FINDING_UNKNOWN_KEY);
	CHECK_TEXT(path, "page");
}

/* On the second of two pages; two pages on one day */
static void
TestTwoPages(void)
{
	static char text[4096];
	char		path[MAX_FAULT_TEXT];
	char		small[1024];

	snprintf(small, sizeof(small), small_page, "A", "x", "2024-01-01", "");
	snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[%s,%s]}", small, small);
	CHECK_INT(KindOf(text, path, sizeof(path)), FINDING_OVERLAP);
	CHECK_TEXT(path, "pages[1].from");
	snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[%s],'zzz':1}", small);
	CHECK_INT(KindOf(text, path, sizeof(path)), FINDING_UNKNOWN_KEY);
	CHECK_TEXT(path, "zzz");
}

/* Limits, and faults that are nobody's document */
static void
TestOther(void)
{
	Fault		other;
	char		path[MAX_FAULT_TEXT];

	CHECK_INT(KindOf(With("'takes_from':['in_scope','first_share','over_limit','excluded']",
						  Repeat("'takes_from':[", "%s'%d'", 5, "]")), path, sizeof(path)), FINDING_TOO_LARGE);
	CHECK_TEXT(path, "fixed_prices.p1.takes_from");
	FaultSet(&other, ST_JSON_TOO_LARGE, "", "", "");
	CHECK_INT(other.node, -1);
	CHECK_INT(FaultKind(&other, NULL), FINDING_TOO_LARGE);
	FaultSet(&other, ST_INTERNAL, "", "", "");
	CHECK_INT(FaultKind(&other, NULL), FINDING_NOT_COMPILABLE);
}

int
main(void)
{
	MakeGood();
	TestWrong();
	TestNoDocument();
	TestTwoPages();
	TestOther();
	FreeBooks();
	return CheckEnd();
}
