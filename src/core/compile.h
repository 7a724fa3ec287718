/*
 * compile.h — private to the compiler: the state that its rooms share, and how they read the document.
 *
 * The first fault is kept and everything after it does nothing: readers return a harmless default, loops over members and elements
 * end. So the rooms read straight through a document, and only what they compute from what they read must ask Failed().
 * A node of -1 is a key that is not there; every reader then returns the default.
 */
#ifndef ASSISTANCE_COMPILE_H
#define ASSISTANCE_COMPILE_H

#include <stddef.h>

#include "json.h"
#include "terms.h"

/* what a counter is the cap group of */
typedef enum GroupUse
{
	GROUP_UNUSED,
	GROUP_OF_PAYMENTS,
	GROUP_OF_BASES
} GroupUse;

typedef struct Compiler
{
	Json		json;
	char	   *arena;
	int64_t		arena_size;
	int64_t		arena_used;
	Status		status;
	Fault	   *fault;
	bool		empty_texts;	/* allowed: in the canonical form, which knows no policy */

	/* the page being compiled */
	Page	   *page;
	int			n_facts;
	Code		facts[MAX_FACTS];
	bool		in_event;		/* in a rule on events: its parameters may follow what its window cost … */
	bool		follows_cost;	/* … and one does */
	int			n_counters;
	Counter		counters[MAX_COUNTERS];
	GroupUse	group_use[MAX_COUNTERS];
	int			group_node[MAX_COUNTERS];	/* where a modifier first names it as a group of payments; 0: nowhere */
	int			n_counts;
	StayCount	counts[MAX_COUNTS];
	int			n_layers;		/* names are known before anything else of a layer */
	Code		layer_name[MAX_LAYERS];
	LayerKind	layer_kind[MAX_LAYERS];
	int			n_alternatives;
	Code		alternatives[MAX_LAYERS];

	/* the layer being compiled */
	int			place;
	Layer	   *layer;
	int			pays_from;		/* its node, -1: none */
	int			n_pays_from;
	uint8_t		pays_from_order[BUCKETS];
	uint32_t	named_buckets;	/* named in one of its bases */

	/* what the conditions and counters read since the last reset need of a bill */
	uint32_t	needs;
	int			n_tests;		/* of the condition being read */
} Compiler;

static inline bool
Failed(const Compiler *c)
{
	return c->status != ST_OK;
}

/* ---- compile.c: the tape of the document at the end of the arena; what is compiled grows from its beginning ---- */

extern Status OpenArena(Compiler *c, const char *json, int length, char *arena, int64_t arena_size, Fault *fault);

/* ---- compile_read.c: faults, memory, values ---- */

extern void Fail(Compiler *c, int node, Status status, const char *expected, const char *found_format,...)
	__attribute__((format(printf, 5, 6)));

/* Refuse the value of a node as it stands. */
extern void FailValue(Compiler *c, int node, Status status, const char *expected);

/* Refuse a key that may not stand here (its value is node; -1: nothing to refuse). */
extern void Forbid(Compiler *c, int node, const char *expected);

/* "intro: a, b, c", or "intro: none" */
extern void ListNames(char *out, size_t size, const char *intro, const Code *names, int n);

/* Zeroed memory for *n members; sets *n to 0 when there is none. */
extern void *NewArray(Compiler *c, int *n, size_t size);
extern void *CopyArray(Compiler *c, const void *array, int *n, size_t size);

/* one key of an object */
typedef struct Key
{
	const char *name;
	bool		required;
} Key;

#define REQUIRED true
#define OPTIONAL false

/* Values of the keys of an object, -1 where absent; unknown keys and missing required ones are refused. */
extern bool ReadKeys(Compiler *c, int node, const Key *keys, int n_keys, int *value);

#define READ_KEYS(c, node, keys, value) ReadKeys(c, node, keys, (int) (sizeof(keys) / sizeof((keys)[0])), value)

/* Members of an object (their keys; the value is key + 1) and elements of an array; -1 at the end. */
extern int	CountMembers(Compiler *c, int node, int max, const char *expected);
extern int	CountElements(Compiler *c, int node, int max, const char *expected);
extern int	FirstOf(const Compiler *c, int node);
extern int	NextMember(const Compiler *c, int object, int key);
extern int	NextElement(const Compiler *c, int array, int element);

/* Refuse an element (a text) that an earlier element of the array equals. */
extern void CheckDistinct(Compiler *c, int array, int element);

/* a number as it may stand at some place */
typedef struct Number
{
	int			decimals;
	int64_t		min;			/* in units of the last decimal */
	int64_t		max;
	const char *expected;
} Number;

extern const Number number_money;
extern const Number number_share;	/* ppm */
extern const Number number_weight;	/* milli */
extern const Number number_factor;	/* milli, 0 .. 10 */

extern Text ReadText(Compiler *c, int node);
extern Code ReadName(Compiler *c, int node);
extern Label ReadLabel(Compiler *c, int node);
extern int64_t ReadNumber(Compiler *c, int node, const Number *number);
extern bool ReadBool(Compiler *c, int node, bool absent);
extern int	ReadWord(Compiler *c, int node, const char *const *words, int n_words, int absent);
extern int32_t ReadDay(Compiler *c, int node, int32_t absent);

#define READ_WORD(c, node, words, absent) ReadWord(c, node, words, (int) (sizeof(words) / sizeof((words)[0])), absent)

extern bool SameCode(Code a, Code b);
extern bool SameText(Text a, Text b);

/* ---- compile_name.c: names of the page, resolved to indexes ---- */

extern void ReadSources(Compiler *c, int node);
extern const Citation *ReadCite(Compiler *c, int node, const Citation *inherited);
extern void CheckCited(Compiler *c, int node, const Citation *cite);
extern void ReadCodes(Compiler *c, int node);
extern uint64_t CodeMask(Compiler *c, CodeAttribute attribute, int node);
extern void ReadParts(Compiler *c, int node);
extern int	ReadBucket(Compiler *c, int node);
extern int	ReadFact(Compiler *c, int node);
extern void ReadCounters(Compiler *c, int node);
extern uint8_t CounterNamed(Compiler *c, int node, Code name);
extern uint8_t ReadCounter(Compiler *c, int node, Code absent);
extern uint32_t CounterNeeds(const Compiler *c, uint8_t counter);
extern uint8_t ReadCount(Compiler *c, int node);
extern uint8_t ReadLayerName(Compiler *c, int node, int n_layers, const char *expected);

/* ---- compile_param.c ---- */

typedef enum Unit
{
	UNIT_MONEY,
	UNIT_RATIO,
	UNIT_ENTER
} Unit;

extern Param FixedParam(int64_t value, const Citation *cite);
extern Param ReadParam(Compiler *c, int node, Unit unit, const Citation *cite);
extern Rounding ReadRounding(Compiler *c, int node);

/* ---- compile_when.c ---- */

/* where a condition stands: which tests may be used */
typedef enum WhenPlace
{
	WHEN_COUNT = 1,
	WHEN_PRICE = 2,
	WHEN_CEILING = 4,
	WHEN_CHAIN = 8
} WhenPlace;

extern Condition ReadCondition(Compiler *c, int node, WhenPlace place);

/* The codes of one test: their mask, and how many there are. */
extern uint64_t ReadCodeTest(Compiler *c, CodeAttribute attribute, int node, int *n);

/* ---- compile_page.c ---- */

extern void ReadCounts(Compiler *c, int node, const Citation *cite);
extern void ReadFixedPrices(Compiler *c, int node, const Citation *cite);
extern void ReadCeilings(Compiler *c, int node, const Citation *cite);

/* ---- compile_base.c ---- */

extern void ReadPaysFrom(Compiler *c, int node);
extern void CheckPaysFrom(Compiler *c);
extern const Weights *ReadBase(Compiler *c, int node, const Citation *cite);
extern const Weights *BasicBase(Compiler *c);

/* ---- compile_layer.c ---- */

extern void ReadLayerNames(Compiler *c, int node);
extern void ReadLayers(Compiler *c, int node, const Citation *cite);

/* ---- compile_rule.c, compile_deductible.c, compile_band.c, compile_modifier.c ---- */

extern void ReadRule(Compiler *c, int node, const Citation *cite, Rule *rule);
extern void ReadDeductible(Compiler *c, int node, const Citation *cite, Rule *rule);

/* the keys of a rule that state its bands; -1 where absent */
typedef struct BandNodes
{
	int			ratio;
	int			bands;
	int			banding;
	int			edges;
	int			band_closed;
} BandNodes;

extern void ReadBands(Compiler *c, int rule_node, BandNodes nodes, const Citation *cite, Rule *rule);
extern void ReadCaps(Compiler *c, int node, const Citation *cite, Rule *rule);
extern void ReadTimes(Compiler *c, int node, const Citation *cite, Rule *rule);
extern const Modifier *ReadModifiers(Compiler *c, int node, const Citation *cite, uint8_t *n_modifiers);
extern void CheckModifiedGroups(Compiler *c);

/* ---- compile_share.c ---- */

extern void CheckSharedBase(Compiler *c, int node, Rule *rule);

/* ---- compile_index.c ---- */

extern void IndexBook(Compiler *c, Book *book);

/* ---- compile_keeps.c ---- */

extern bool BookKeepsBills(const Page *pages, int n_pages);
extern bool BookKeepsCosts(const Page *pages, int n_pages);
extern uint8_t BookReach(const Page *pages, int n_pages);

#endif
