/*
 * lints.h — what the tests of the linter share: small books written with ' for ", and their findings as one text.
 */
#ifndef ASSISTANCE_LINTS_H
#define ASSISTANCE_LINTS_H

#include "check.h"

#include <stdlib.h>

#include "lint.h"

#define ROOM 65536

static char document[ROOM];
static char found[8192];
static Finding last;			/* the last finding */
static Book book;
static Fault fault;
static char *arena;
static LintWork *work;
static int	n_idle;				/* how often the linter said that it is still at work */

/* ---- the harness ---- */

static inline void
Take(void *context, const Finding *finding)
{
	char		path[256];
	size_t		used = strlen(found);

	(void) context;
	if (finding == NULL)
	{
		n_idle++;
		return;
	}
	last = *finding;
	FindingPath(&book, finding, path, sizeof(path));
	snprintf(found + used, sizeof(found) - used, "%s%s %s%s", used > 0 ? "; " : "", finding_info[finding->kind].name, path,
			 finding->excuse != NULL ? " (excused)" : "");
}

/* The findings about a document written with ', as one text */
static inline const char *
LintDocument(const char *text)
{
	static const Code key[] = {{"K", 1}, {"K2", 2}};
	static const Code low[] = {{"L", 1}};
	LintGroups	groups = {2, key, 1, low};
	int			length = 0;

	for (; text[length] != '\0'; length++)
		document[length] = text[length] == '\'' ? '"' : text[length];
	document[length] = '\0';
	free(arena);
	free(work);
	arena = malloc((size_t) ArenaNeeded(length));
	work = malloc(LintWorkSize());
	found[0] = '\0';
	n_idle = 0;
	if (CompileBook(document, length, arena, ArenaNeeded(length), &book, &fault) != ST_OK)
		return fault.path;
	LintBook(&book, &groups, work, Take, NULL);
	return found;
}

#define PAGE_FROM(from) \
	"{'title':'t','region':'R','scheme':'S','from':'" from "','sources':{'s':{'document':'made for this test'}," \
	"'d':{'document':'unreliable','grade':'D'}},'cite':{'source':'s'}," \
	"'codes':{'care_type':{'11':'a','21':'b','52':'c','5':'d'},'level':{'1':'a','2':'b','3':'c'},'referral':{'yes':'a','no':'b'}," \
	"'category':{'K':'a','K2':'b','L':'c','O':'d','P':'e'},'disease':{'d1':'a','d2':'b'}},"

/* A page from 2022 with these members; the whole book; a page with one layer of this kind and these rules */
static inline const char *
LintPageOf(const char *members)
{
	static char text[ROOM];

	snprintf(text, sizeof(text), "{'format':1,'engine':1,'pages':[" PAGE_FROM("2022-01-01") "%s}]}", members);
	return LintDocument(text);
}

static inline const char *
LintLayerOf(const char *kind, const char *members)
{
	static char text[ROOM];

	snprintf(text, sizeof(text), "'layers':[{'name':'a','kind':'%s',%s%s}]", kind,
			 strcmp(kind, "basic") == 0 ? "" : "'base':{'copay':1,'penalty':0},", members);
	return LintPageOf(text);
}

/* The memory of the last book */
static inline void
EndLint(void)
{
	free(arena);
	free(work);
}

#define PAGE(members, expected) CHECK_TEXT(LintPageOf(members), expected)
#define LAYER(kind, members, expected) CHECK_TEXT(LintLayerOf(kind, members), expected)
#define RULES(kind, rules, expected) CHECK_TEXT(LintLayerOf(kind, "'rules':[" rules "]"), expected)
#define R "layers.a.rules."
#define FOR(name, category, more) "{'name':'" name "','when':{'category':['" category "']}," more "}"
#define CRITICAL_RULE(bands) "{'name':'r','deductible':{'amount':100},'bands':[" bands "]}"
#define FORMULA(base, rate, fact) "{'base':" base ",'rate':" rate ",'fact':'" fact "'}"
#define EVENT(name, when) "{'name':'" name "','on':'application','window':{'over':'year_to_date'}," when "'ratio':0.5}"

#endif
