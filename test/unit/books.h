/*
 * books.h — one good book that uses every part of the policy language, and how tests make others from it.
 *
 * Documents are written with ' for " and made from the good book by replacing a piece of it.
 */
#ifndef ASSISTANCE_BOOKS_H
#define ASSISTANCE_BOOKS_H

#include "check.h"

#include <stdlib.h>

#include "terms.h"

#define ROOM (MAX_JSON_BYTES + 4096)

static const char page_start[] =
	"{'title':'Test','region':'R','scheme':'resident','from':'2024-01-01','to':'2024-12-31','order_by':'discharge',"
	"'period_date':'admission',"
	"'sources':{'doc':{'document':'Doc 1','title':'T','issued':'2024','url':'u','grade':'B'},'other':{'document':'Doc 2'}},"
	"'cite':{'source':'doc','article':'1','quote':'q','mark':'inferred'},"
	"'codes':{'care_type':{'2':'inpatient','21':'ordinary','11':'clinic'},'level':{'1':'one','2':{'zh':'\xE4\xBA\x8C','en':'two'},"
	"'3':{'en':'three'}},"
	"'referral':{'no':{'zh':'x'}},'place':{'city':'c'},'person_type':{'worker':'w'},'category':{'low':'l','margin':'m'},"
	"'disease':{'D1':'d'}},"
	"'parts':{'over_limit.b':'b','excluded.drug':'drug','first_share.away':'away','excluded.a':'a','excluded.drugs':'more'},"
	"'counters':{'stays':{'every':'month','starts':'07-28','per':'hospital'},'basic_d':{'per':'level'},'chain':{'every':'chain',"
	"'cite':{'source':'doc'}},"
	"'q':{'every':'quarter'}},"
	"'counts':{'stays':{'when':{'care_type':['2']},'cite':{'source':'doc'}},'any':{}},"
	"'fixed_prices':[{'name':'p1','when':{'level':['1']},'price':8000,'takes_from':['in_scope','first_share','over_limit',"
	"'excluded']},"
	"{'name':'p2','price':9000.5}],"
	"'ceilings':[{'name':'c1','layers':['basic','aid'],'share':0.9,'of':'total','per':'period'},"
	"{'name':'c2','layers':['aid'],'share':1,'of':'first_share','per':'visit','when':{'stay_number':{'count':'any','above':1}}}],"
	"'layers':[";

static const char basic_layer[] =
	"{'name':'basic','kind':'basic','label':'Basic','rules':[{'name':'inpatient','label':{'zh':'z','en':'e'},"
	"'when':{'care_type':['2'],'level':['1','2']},'enter':0.95,"
	"'deductible':{'amount':500,'counter':'basic_d','schedule':{'count':'stays','factors':[1,0.5],'step':10,'floor':100.5},"
	"'rounding':{'unit':'yuan','mode':'down'},'sum_cap':{'limit':2000,'counter':'basic_sum'},'cite':{'source':'other'}},"
	"'bands':[{'from':0,'to':1000,'ratio':0.6},{'to':2000,'ratio':0.7},{'from':2000,'ratio':0.8,'cite':{'source':'other',"
	"'mark':'example'}}],"
	"'banding':'progressive','edges':'above','band_closed':'upper',"
	"'caps':[{'limit':100000},{'limit':5000,'per':'visit'},{'limit':7,'group':'bases','on':'base'}],'times':{'limit':3},"
	"'modifiers':[{'name':'m','when':{'designated':false},'target':'ratio','add':-0.1,'penalty':true},"
	"{'target':'annual_cap','multiply':1.5,'group':'basic'},{'target':'self_share','set':0.25}]},"
	"{'name':'rest','ratio':{'base':0.5,'rate':-0.001,'fact':'years','step':0.5,'min':0.4,'cite':{'source':'other'}}}]},";

static const char critical_layer[] =
	"{'name':'critical','kind':'critical','base':{'deductible':1,'over_cap':1,'copay':1,'penalty':0},"
	"'rules':[{'name':'year','settles':'year','deductible':{'amount':{'base':10000,'rate':12.5,'fact':'age','max':20000}},"
	"'ratio':0.6}]},";

static const char aid_layer[] =
	"{'name':'aid','kind':'assistance','base':{'copay':1,'over_cap':0.5,'excluded.drug':0.25,'penalty':0},"
	"'pays_from':['excluded.drug','copay','over_cap','penalty'],'alternative':'set','set_off':true,"
	"'modifiers':[{'target':'visit_cap','remove':true}],'rules':["
	"{'name':'first','when':{'category':['low'],'age':{'at_least':60,'below':70},'stay_total':{'above':100,'up_to':200.5},"
	"'total':{'at_least':1},"
	"'in_scope':{'below':5},'stay_number':{'count':'stays','at_least':2},'base':{'above':10,'below':20},"
	"'self_pay':{'above_deductible_of':'critical'},"
	"'paid_by':['basic','critical'],'exhausted':['critical'],'date':{'from':'2024-02-01'},'facts':{'income':{'up_to':100.5},"
	"'years':{'above':1}},"
	"'any':[{'level':['1']},{'level':['2'],'designated':true}],'none':[{'referral':['no']}]},"
	"'settles':'year','cumulative_from':{'crossing':'critical'},'counter':'yearly','ratio':0.7,'caps':[{'limit':9000}]},"
	"{'name':'second','settles':'year','accrual':'true_up','drop_paid_bills':true,'deductible':{'amount':1,'counter':'q',"
	"'sum_cap':{'limit':1,'counter':'x'}},"
	"'bands':[{'to':100,'amount':5},{'to':200,'ratio':0.5}],'banding':'whole_amount','rounding':{'unit':'yuan','mode':'up'}},"
	"{'name':'third','base':{'copay':1},'deductible':{'amount':5,'kind':'threshold','closed':'upper'},'ratio':0.5,"
	"'caps':[{'limit':5,'on':'base','group':'bases'}],'times':{'limit':2,'counter':'shared'}},"
	"{'name':'event','on':'application','window':{'over':'last_12_months','when':{'care_type':['2'],'level':['3'],"
	"'designated':true}},'ratio':0.5},"
	"{'name':'close','on':'year_close','window':{'over':'previous_year'},'when':{'person_type':['worker']},'ratio':0.5}]},";

static const char other_layer[] =
	"{'name':'gross','kind':'other','base':{'of':'total','from':['copay','excluded']},'rules':[{'name':'g','ratio':0.1}]},"
	"{'name':'wide','kind':'charity','base':{'of':'in_scope'},'alternative':'set','cite':{'source':'other','article':'9'},"
	"'rules':[{'name':'w','base':{'in_scope':1,'cite':{'source':'doc'}},'when':{'base':{'above_deductible_of':'aid'},"
	"'self_pay':{'at_least':5}},'ratio':1,"
	"'caps':[{'limit':1}]}]}";

static const char page_end[] = "],'exceptions':[{'who':'w','why':'y','article':'a'}]}";

/* a page without layers: region, scheme, first day, and what follows */
static const char small_page[] =
	"{'title':'t','region':'%s','scheme':'%s','from':'%s'%s,'sources':{},'layers':[]}";

static char good[ROOM];			/* the good book, with ' */
static char document[ROOM];		/* the book being compiled, with " */
static char piece[ROOM];		/* a long replacement */
static char *arena;
static int64_t arena_size;
static Book book;
static Fault fault;

/* Compile a text written with '. */
static inline Status
Compile(const char *text)
{
	int			length = 0;
	int64_t		needed;

	for (; text[length] != '\0'; length++)
		document[length] = text[length] == '\'' ? '"' : text[length];
	needed = ArenaNeeded(length);
	if (needed > arena_size)
	{
		arena = realloc(arena, (size_t) needed);
		arena_size = needed;
	}
	memset(&fault, 0, sizeof(fault));
	return CompileBook(document, length, arena, needed, &book, &fault);
}

/* The good book with one piece replaced; the piece must stand in it once. */
static inline const char *
With(const char *old, const char *new)
{
	static char changed[ROOM];
	const char *at = strstr(good, old);
	size_t		before;
	size_t		added = strlen(new);

	CHECK(at != NULL && strstr(at + 1, old) == NULL);
	if (at == NULL || strlen(good) + added >= ROOM)
	{
		printf("\t%s\n", old);
		return good;
	}
	before = (size_t) (at - good);
	at += strlen(old);
	memcpy(changed, good, before);
	memcpy(changed + before, new, added);
	memcpy(changed + before + added, at, strlen(at) + 1);
	return changed;
}

/* A piece made of n numbered pieces. */
static inline const char *
Repeat(const char *start, const char *format, int n, const char *end)
{
	int			length = snprintf(piece, sizeof(piece), "%s", start);

	for (int i = 0; i < n; i++)
		length += snprintf(piece + length, sizeof(piece) - (size_t) length, format, i == 0 ? "" : ",", i);
	snprintf(piece + length, sizeof(piece) - (size_t) length, "%s", end);
	return piece;
}

static inline void
MakeGood(void)
{
	snprintf(good, sizeof(good), "{'format':1,'engine':1,'pages':[%s%s%s%s%s%s]}", page_start, basic_layer, critical_layer,
		aid_layer,
			 other_layer, page_end);
}

/* Is the fault at this path, relative to the first page unless it begins with $? */
static inline void
CheckPath(const char *path)
{
	char		full[MAX_FAULT_TEXT];

	snprintf(full, sizeof(full), "%s%s", path[0] == '$' ? "" : "$.pages[0]", path);
	CHECK_TEXT(fault.path, full);
	CHECK(fault.line == 1 && fault.column > 0);
	CHECK(fault.found[0] != '\0');
	CHECK(fault.expected[0] != '\0');
}

/* The memory of the last book. */
static inline void
FreeBooks(void)
{
	free(arena);
}

#endif
