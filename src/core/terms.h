/*
 * terms.h — a book of policy as the fold reads it: small arrays in one arena that CompileBook fills from the JSON
 * document (docs/policy-model.md). Nothing here is stored on disk: what is stored is the document.
 */
#ifndef ASSISTANCE_TERMS_H
#define ASSISTANCE_TERMS_H

#include <string.h>

#include "bill.h"

/* ---- buckets ---- */

enum
{
	BUCKET_IN_SCOPE,			/* before basic has settled */
	BUCKET_DEDUCTIBLE,
	BUCKET_OVER_CAP,
	BUCKET_COPAY,
	BUCKET_PENALTY,
	BUCKET_AWAY_SHARE,
	BUCKET_FIRST_SHARE,
	BUCKET_OVER_LIMIT,
	BUCKET_EXCLUDED,
	BUCKET_PART,				/* the page's named parts follow, in byte order of their full names */
	BUCKETS = BUCKET_PART + MAX_PARTS,
	BUCKET_GROSS = BUCKETS,		/* a gross column: accumulates, is never paid from */
	ACCUMULATED
};

/* four bytes as a number, the first one lowest, on every machine (compilers make one load of it) */
static inline uint64_t
LoadFour(const char *text)
{
	const unsigned char *b = (const unsigned char *) text;

	return (uint32_t) b[0] | (uint32_t) b[1] << 8 | (uint32_t) b[2] << 16 | (uint32_t) b[3] << 24;
}

/* eight bytes as a number */
static inline uint64_t
LoadEight(const char *text)
{
	return LoadFour(text) | LoadFour(text + 4) << 32;
}

/* the first 8 bytes of a code as a number: codes of at most 8 bytes are equal when keys and lengths are */
static inline uint64_t
CodeKey(Code code)
{
	uint64_t	key;

	if (code.length >= 8)
		return LoadEight(code.text);
	if (code.length >= 4)
		return LoadFour(code.text) | LoadFour(code.text + code.length - 4) << (8 * (code.length - 4));
	if (code.length == 0)
		return 0;
	/* one, two or three bytes: the first, the middle and the last one, which may be the same */
	key = (unsigned char) code.text[0];
	key |= (uint64_t) (unsigned char) code.text[code.length >> 1] << (8 * (code.length >> 1));
	return key | (uint64_t) (unsigned char) code.text[code.length - 1] << (8 * (code.length - 1));
}

/* Is a code this known one, whose key is prepared? */
static inline bool
CodeHasKey(Code code, Code known, uint64_t known_key)
{
	return code.length == known.length && CodeKey(code) == known_key &&
		(code.length <= 8 || memcmp(code.text + 8, known.text + 8, code.length - 8u) == 0);
}

extern const char *const bucket_name[BUCKET_PART];
extern const char *const column_name[COLUMNS];
extern const char *const code_attribute_name[CODE_ATTRIBUTES];

/* ---- citations and parameters ---- */

typedef enum Mark
{
	MARK_STATED,
	MARK_SECONDARY,
	MARK_INFERRED,
	MARK_EXAMPLE
} Mark;

typedef struct Text			/* points into the arena; NULL when absent */
{
	const char *text;
	int32_t		length;
} Text;

typedef struct Label
{
	Text		zh;				/* a plain text label fills both */
	Text		en;
} Label;

typedef struct Source
{
	Text		key;
	Text		document;		/* 文号 */
	Text		title;
	Text		issued;
	Text		url;
	char		grade;			/* 'A' .. 'D', 0 when absent */
} Source;

/* a figure that an amount is a share of */
typedef struct Derived
{
	Text		statistic;
	Code		region;
	int32_t		year;
	int64_t		value_fen;
	int64_t		share_ppm;
} Derived;

typedef struct Citation
{
	const Source *source;
	Text		article;
	Text		quote;
	Mark		mark;
	const Derived *derived;		/* the one amount that has this citation is derived so; NULL: not */
} Citation;

/* a number, base + rate x fact, or base + rate x cost of an event's window; unit (fen, ppm or milli) by where it stands */
typedef struct Param
{
	int64_t		base;
	int16_t		fact;			/* index into Page.facts, FACT_AGE, a FACT_COST, or FACT_NONE: the number is base */
	int64_t		rate;			/* in units per 1.00 of the fact, x 10^6 */
	int64_t		step_hundredths;	/* 0: no step */
	int64_t		min;
	int64_t		max;
	const Citation *cite;
} Param;

#define FACT_NONE (-1)
#define FACT_AGE (-2)
#define FACT_COST(column) (-3 - (column))	/* what this column adds up to on the bills of an event's window … */
#define COST_OF(fact) (-3 - (fact))			/* … and the column of such a fact; negative: it is none */

/* ---- conditions ---- */

typedef enum TestKind
{
	TEST_CODE,					/* attribute, mask */
	TEST_DESIGNATED,			/* low = 0 or 1 */
	TEST_AGE,					/* low .. high, all ranges inclusive on whole units */
	TEST_STAY_TOTAL,
	TEST_COLUMN,				/* index = Column: total, in_scope */
	TEST_STAY_NUMBER,			/* index = stay count of the page */
	TEST_BASE,					/* low .. high fen, see exact note below */
	TEST_BASE_ABOVE_DEDUCTIBLE,	/* index = layer */
	TEST_SELF_PAY,
	TEST_SELF_PAY_ABOVE_DEDUCTIBLE,
	TEST_PAID_BY,				/* mask of layers: all of them paid */
	TEST_EXHAUSTED,				/* mask of layers: all of them */
	TEST_DATE,					/* low .. high days */
	TEST_FACT					/* index = fact, low .. high hundredths */
} TestKind;

/*
 * TEST_BASE compares a base that may have parts of a fen: "above x" is low = x fen with low_strict, and so on;
 * for all other kinds the bounds are already whole and inclusive and the strict flags are false.
 */
typedef struct Test
{
	TestKind	kind;
	uint8_t		index;
	bool		low_strict;
	bool		high_strict;
	uint64_t	mask;
	int64_t		low;
	int64_t		high;
} Test;

/* all of tests[0 .. n_all); then, for each clause, at least one (or none) of its alternatives holds */
typedef struct Conjunction
{
	const Test *tests;
	uint8_t		n_tests;
} Conjunction;

typedef struct Clause
{
	bool		none;			/* false: any of, true: none of */
	const Conjunction *alternatives;
	uint8_t		n_alternatives;
} Clause;

typedef struct Condition
{
	Conjunction all;
	const Clause *clauses;
	uint8_t		n_clauses;
} Condition;

/* ---- counters ---- */

typedef enum Every
{
	EVERY_YEAR,
	EVERY_QUARTER,
	EVERY_MONTH,
	EVERY_CHAIN
} Every;

typedef enum Per
{
	PER_NONE,
	PER_LEVEL,
	PER_HOSPITAL
} Per;

/* a counter name of the page with its period; rules refer to it by index */
typedef struct Counter
{
	Code		name;
	Every		every;
	uint8_t		start_month;	/* 1 .. 12 */
	uint8_t		start_day;		/* 1 .. 28 */
	Per			per;
	uint16_t	name_number;	/* the same for the same name on all pages of the book */
	bool		lasting;		/* its key is the same on all bills of one calendar year: prepared by IndexPage */
} Counter;

typedef struct StayCount
{
	uint8_t		counter;
	Condition	when;
} StayCount;

/* ---- rules ---- */

typedef struct Weights
{
	bool		gross;
	Column		column;			/* when gross */
	bool		whole;			/* every weight is 0 or 1000 */
	uint32_t	mask;			/* buckets with weight > 0; when gross, those in "from" */
	uint16_t	milli[ACCUMULATED];
	uint8_t		n_order;		/* buckets of the base in the order of taking */
	uint8_t		order[BUCKETS];
} Weights;

typedef enum DeductibleKind
{
	DEDUCTIBLE_NONE,
	DEDUCTIBLE_PLAIN,
	DEDUCTIBLE_THRESHOLD
} DeductibleKind;

#define NO_INDEX 0xFF

typedef struct Deductible
{
	DeductibleKind kind;
	bool		closed_upper;	/* of a threshold */
	Param		amount;
	uint8_t		counter;		/* NO_INDEX: none */
	bool		final_once_met; /* nothing more in the counter's period once something lay beyond it */
	uint8_t		count;			/* stay count of the schedule, NO_INDEX: no schedule */
	uint8_t		n_factors;
	int32_t		factor_milli[MAX_FACTORS];
	int64_t		step_fen;
	int64_t		floor_fen;
	uint8_t		sum_counter;	/* NO_INDEX: no cap on the sum */
	Param		sum_limit;
	Rounding	rounding;
	const Citation *cite;
} Deductible;

typedef struct Band
{
	int64_t		from_fen;
	int64_t		to_fen;			/* MAX_FEN_OPEN: no end */
	bool		fixed;			/* pays the fixed amount in value instead of a ratio */
	Param		value;			/* ppm, or fen */
} Band;

#define MAX_FEN_OPEN INT64_MAX

typedef struct Cap
{
	bool		visit;
	bool		on_base;
	uint8_t		counter;		/* the group; NO_INDEX when visit */
	Param		limit;
} Cap;

typedef enum Target
{
	TARGET_ENTER,
	TARGET_DEDUCTIBLE,
	TARGET_RATIO,
	TARGET_SELF_SHARE,
	TARGET_VISIT_CAP,
	TARGET_ANNUAL_CAP,
	TARGET_PAYMENT
} Target;

typedef enum Operation
{
	OP_ADD,
	OP_MULTIPLY,				/* value in milli */
	OP_SET,
	OP_REMOVE
} Operation;

typedef struct Modifier
{
	Text		name;
	Condition	when;
	Target		target;
	Operation	op;
	bool		penalty;
	uint8_t		group;			/* annual_cap: counter of the group, NO_INDEX: all */
	int64_t		value;			/* fen, ppm (ratio, self_share), milli (enter, factors) */
	const Citation *cite;
} Modifier;

typedef enum Window
{
	WINDOW_NONE,
	WINDOW_YEAR_TO_DATE,
	WINDOW_PREVIOUS_YEAR,
	WINDOW_LAST_12_MONTHS
} Window;

typedef struct Rule
{
	Text		name;
	Label		label;
	Condition	when;
	BillKind	on;
	Window		window;
	bool		follows_cost;	/* some parameter follows what the bills of the window cost */
	/* filter on earlier bills: plain code lists (as texts, compared with the kept bill) and designated */
	struct WindowFilter
	{
		uint8_t		n_codes[4];		/* care_type (prefix), level, referral, place; 0: not tested */
		const Code *codes[4];
		int8_t		designated;		/* -1: not tested */
	}			filter;
	bool		year;
	bool		true_up;
	bool		drop_paid_bills;
	uint8_t		crossing_layer;	/* NO_INDEX: cumulative from the start */
	uint8_t		base_counter;
	bool		shares_base;	/* with a rule of an alternative to its layer, which may have been applied to the same bill */
	const Weights *weights;
	Param		enter;			/* milli */
	Deductible	deductible;
	bool		whole_amount;
	bool		edges_above;
	bool		band_closed_upper;
	bool		one_ratio;		/* stated as "ratio", not as "bands" */
	uint8_t		n_bands;
	const Band *bands;
	uint8_t		n_caps;
	const Cap  *caps;
	uint8_t		times_counter;	/* NO_INDEX: no limit on the number of payments */
	int32_t		times_limit;
	Rounding	rounding;
	uint8_t		n_modifiers;
	const Modifier *modifiers;
	const Citation *cite;
	const Citation *times_cite;

	/* prepared by IndexPage, so that the fold need not look again */
	bool		constant;		/* no parameter but the deductible depends on a fact: ratios and limits_fen hold */
	bool		has_base_cap;
	bool		lasting;		/* all its counters are (Counter) */
	bool		has_penalty;	/* the rule or its layer has a modifier marked as penalty */
	const int64_t *ratios;		/* by band: ppm, or fen of a fixed amount */
	const int64_t *limits_fen;	/* by cap */
} Rule;

typedef enum LayerKind
{
	KIND_BASIC,
	KIND_CRITICAL,
	KIND_SUPPLEMENTARY,
	KIND_ASSISTANCE,
	KIND_TILT,
	KIND_EMERGENCY,
	KIND_GOVERNMENT,
	KIND_CHARITY,
	KIND_OTHER
} LayerKind;

#define LAYER_KINDS 9
extern const char *const layer_kind_name[LAYER_KINDS];

/* attributes that the layer's rules and modifiers test: a missing one is an error when the layer is tried */
enum
{
	NEEDS_DESIGNATED = 1 << CODE_ATTRIBUTES,
	NEEDS_AGE = 1 << (CODE_ATTRIBUTES + 1),
	NEEDS_HOSPITAL = 1 << (CODE_ATTRIBUTES + 2)		/* a counter per hospital; per level needs the level code */
};

typedef struct Layer
{
	Code		name;
	LayerKind	kind;
	bool		not_applicable; /* the scheme says that it has no such layer: no rules */
	Label		label;
	uint8_t		alternative;	/* number of its set of alternatives, NO_INDEX: none */
	bool		set_off;
	uint32_t	needs_ordinary;	/* bits: CodeAttribute, NEEDS_… tested by rules on bills */
	uint32_t	needs_event;
	uint8_t		n_modifiers;
	const Modifier *modifiers;
	uint8_t		n_rules;
	const Rule *rules;
	const Weights *weights;		/* of the layer; never NULL */
	const Citation *cite;
	uint8_t		base_counter;	/* the default counter named like the layer */
	uint16_t	ceilings;		/* bit: ceiling of the page that has this layer as a member */

	/* prepared by IndexPage */
	uint64_t	key;			/* CodeKey of the name */
	uint16_t	name_number;	/* like that of a counter */
	bool		watched;		/* some condition asks whether this layer is exhausted */
	bool		awaited;		/* some rule of the book waits until a layer of this name is crossed */
} Layer;

typedef struct Ceiling
{
	Code		name;
	bool		visit;
	uint8_t		counter;		/* its period; NO_INDEX when visit */
	uint32_t	layers;			/* bits */
	int64_t		share_ppm;
	Column		of;
	Condition	when;
	const Citation *cite;
} Ceiling;

typedef struct FixedPrice
{
	Text		name;
	Condition	when;
	Param		price;
	Column		order[4];		/* which columns the hospital's share leaves first */
} FixedPrice;

typedef enum PeriodDate
{
	PERIOD_ORDER,				/* the day of ordered_at; also for "split" */
	PERIOD_ADMISSION,
	PERIOD_DISCHARGE,
	PERIOD_SETTLEMENT
} PeriodDate;

typedef struct CodeList
{
	bool		declared;
	uint8_t		n;
	const Code *codes;			/* n of them, in document order; bit i of a mask is codes[i] */
	const uint64_t *keys;		/* CodeKey of each: prepared by IndexPage */
	const Label *labels;
} CodeList;

/* a recorded exception to a legal finding; finding and layer are NULL where it does not say */
typedef struct Exception
{
	Text		who;
	Text		why;
	Text		article;
	Text		finding;
	Text		layer;
} Exception;

typedef struct Page
{
	Text		title;
	Code		region;
	Code		scheme;
	int32_t		from_day;
	int32_t		to_day;			/* INT32_MAX: open */
	bool		by_admission;	/* governs bills admitted in a range of days only */
	bool		mixed_dates;	/* pages of its region and scheme go by different dates: the first that covers a bill governs */
	int32_t		admitted_from;	/* INT32_MIN: open */
	int32_t		admitted_to;	/* INT32_MAX: open */
	PeriodDate	period_date;
	CodeList	codes[CODE_ATTRIBUTES];
	uint8_t		n_parts;
	const Code *parts;			/* full names in byte order: bucket BUCKET_PART + i */
	const Column *part_column;
	const Label *part_labels;
	uint8_t		n_facts;
	const Code *facts;
	uint8_t		n_counters;
	const Counter *counters;
	uint8_t		n_counts;
	const StayCount *counts;
	uint8_t		n_fixed_prices;
	const FixedPrice *fixed_prices;
	uint8_t		n_ceilings;
	const Ceiling *ceilings;
	uint8_t		n_layers;
	const Layer *layers;
	uint8_t		basic;			/* index of the layer of kind basic, NO_INDEX: none */
	uint16_t	place;			/* of the page in the document */
	const Citation *cite;		/* of the page itself, or NULL */
	uint64_t	region_key;		/* prepared by IndexPage: CodeKey of region … */
	uint64_t	scheme_key;		/* … and scheme */
	uint32_t	declared;		/* bits: attributes whose codes are declared */
	int			n_sources;
	const Source *sources;
	int			n_exceptions;
	const Exception *exceptions;
} Page;

typedef struct Book
{
	int32_t		engine;
	int			n_pages;
	const Page *pages;			/* ordered by region, scheme, from_day, admitted_from */
	int			n_names;		/* name numbers of counters and layers: 0 .. n_names - 1 */
	bool		keeps_bills;	/* some page can reach back to earlier bills: see compile_keeps.c … */
	bool		keeps_costs;	/* … asks what they cost */
	uint8_t		reach_years;	/* … and may reach back to bills of so many calendar years before that of the bill at hand */
} Book;

#define ENGINE_LEVEL 1
#define TERMS_FORMAT 1

/*
 * Compile a book. The arena is the caller's; ArenaNeeded(length) bytes always suffice. Everything in *book points into
 * the arena (nothing into json). Refuses what docs/policy-model.md refuses, with path, line, column and what was expected.
 */
extern int64_t ArenaNeeded(int length);
extern Status CompileBook(const char *json, int length, char *arena, int64_t arena_size, Book *book, Fault *fault);

/*
 * The canonical form of any JSON document that the reader accepts: no white space, keys in byte order, strings with the
 * fewest escapes, numbers without superfluous zeros. Never longer than the input. Returns its length; uses the arena for work.
 */
extern Status CanonicalJson(const char *json, int length, char *arena, int64_t arena_size, char *out, int *out_length,
							Fault *fault);

#endif
