/*
 * lint.h — what is wrong or doubtful about a document of terms by itself (docs/policy-model.md, section 15). The linter reads a
 * compiled book, tries the situations that its rules tell apart, and hands each finding to the caller; a document that does
 * not compile has one finding, made of its fault. What concerns versions, regions and dictionaries is the catalogue's.
 */
#ifndef ASSISTANCE_LINT_H
#define ASSISTANCE_LINT_H

#include "json.h"
#include "settle.h"

typedef enum Severity
{
	SEVERITY_ARITHMETIC,		/* never excused */
	SEVERITY_LEGAL,				/* may be excused by a recorded exception */
	SEVERITY_NOTICE				/* for the author to confirm */
} Severity;

typedef enum FindingKind
{
	/* documents that do not compile */
	FINDING_NOT_JSON,
	FINDING_TOO_LARGE,
	FINDING_UNKNOWN_VERSION,
	FINDING_UNKNOWN_KEY,
	FINDING_MISSING_KEY,
	FINDING_WRONG_TYPE,
	FINDING_BAD_VALUE,
	FINDING_BAD_NUMBER,
	FINDING_RATIO_ABOVE_ONE,
	FINDING_BANDS_GAP,
	FINDING_BANDS_INVERTED,
	FINDING_MISSING_CITATION,
	FINDING_UNKNOWN_CODE,
	FINDING_UNKNOWN_NAME,
	FINDING_DUPLICATE_NAME,
	FINDING_OVERLAP,
	FINDING_CONTRADICTION,
	FINDING_LAYER_ORDER,
	FINDING_DERIVED_AMOUNT,
	FINDING_MISSING_STATISTIC,
	FINDING_NOT_COMPILABLE,

	/* books */
	FINDING_UNREACHABLE_RULE,
	FINDING_UNREACHABLE_PAGE,
	FINDING_CAP_BELOW_DEDUCTIBLE,
	FINDING_BURDEN_REGRESSIVE,
	FINDING_KEY_BELOW_LOW_INCOME,
	FINDING_KEY_BELOW_OTHER,
	FINDING_LOW_INCOME_BELOW_OTHER,
	FINDING_KEY_GROUP_DEDUCTIBLE,
	FINDING_KEY_GROUP_RATIO_BELOW_70,
	FINDING_CRITICAL_RATIO_BELOW_60,
	FINDING_HARDSHIP_CRITICAL_NOT_BETTER,
	FINDING_INSURER_AFTER_ASSISTANCE,
	FINDING_RULES_NOT_COMPARABLE,
	FINDING_NEVER_PAYS,
	FINDING_TOO_MANY_FACTORS,
	FINDING_NOT_FULLY_COMPARED,
	FINDING_EXAMPLE_VALUE,
	FINDING_INFERRED_VALUE,
	FINDING_SECONDARY_VALUE,
	FINDING_GRADE_D_SOURCE,
	FINDING_UNUSED_EXCEPTION,

	/* the catalogue's */
	FINDING_GAP,
	FINDING_CYCLIC_INHERITANCE,
	FINDING_UNKNOWN_SUPERIOR,
	FINDING_NOT_A_SUPERIOR,
	FINDING_CONFLICT,
	FINDING_UNKNOWN_REGION,
	FINDING_UNKNOWN_SCHEME,
	FINDING_UNKNOWN_CATEGORY,
	FINDING_UNKNOWN_CARE_TYPE,
	FINDING_UNKNOWN_LEVEL,
	FINDING_LAYER_MISSING,
	FINDING_BACKDATED_WITHOUT_REASON,
	FINDING_TRANSITION_WITHOUT_PREDECESSOR,
	FINDING_CRITICAL_DEDUCTIBLE_ABOVE_HALF_INCOME
} FindingKind;

#define FINDING_KINDS (FINDING_CRITICAL_DEDUCTIBLE_ABOVE_HALF_INCOME + 1)

typedef struct FindingInfo
{
	const char *name;
	Severity	severity;
	bool		by_catalogue;	/* not found in a document by itself */
	int32_t		since;			/* first day for which the linter looks for it; INT32_MIN: always */
	const char *article;		/* NULL: none but policy-model.md */
	const char *en;
	const char *zh;
} FindingInfo;

extern const FindingInfo finding_info[FINDING_KINDS];

/* ---- findings about a book ---- */

typedef enum FindingPlace
{
	PLACE_PAGE,
	PLACE_ADMITTED,
	PLACE_EXCEPTION,			/* index */
	PLACE_FIXED_PRICE,			/* index */
	PLACE_CEILING,				/* index */
	PLACE_LAYER,
	PLACE_CITE,					/* of the layer */
	PLACE_RULE,
	PLACE_RULE_MODIFIERS,		/* of the layer when there is no rule */
	PLACE_ENTER,
	PLACE_DEDUCTIBLE,
	PLACE_BAND,					/* index */
	PLACE_CAP,					/* index */
	PLACE_SUM_CAP,
	PLACE_TIMES
} FindingPlace;

/* the codes of one bill: of each attribute all that the layer treats alike; 0: none, or not tested */
typedef struct Situation
{
	uint32_t	tested;			/* bits: attributes that the layer tests */
	uint64_t	codes[CODE_ATTRIBUTES];
	uint64_t	other_category; /* of the person compared with */
	int8_t		designated;		/* -1: not tested */
} Situation;

typedef struct Finding
{
	FindingKind kind;
	const Page *page;
	const Layer *layer;			/* NULL: the page itself */
	const Rule *rule;			/* NULL: the layer itself */
	const Rule *other;			/* compared with it; NULL: none fits */
	FindingPlace place;
	int			index;			/* of a band, cap, modifier, exception, price or ceiling */
	bool		compared;		/* the situation, and the amounts where at_fen >= 0, are filled in */
	Situation	situation;
	int64_t		at_fen;			/* a burden at which it shows, -1: none */
	int64_t		pays_fen;		/* there, whole fen: what the rule pays … */
	int64_t		other_fen;		/* … and what the other one does */
	int64_t		figure;			/* what stands there: ppm, fen or a number */
	int64_t		limit;			/* what it is measured against */
	const Exception *excuse;	/* a legal finding that is passed on purpose */
} Finding;

/* takes one finding; NULL now and then, with nothing to report: the caller may look for interrupts */
typedef void (*FindingSink) (void *context, const Finding *finding);

/* codes of category that count as key groups (重点救助对象) and as low income (低收入救助对象) */
typedef struct LintGroups
{
	int			n_key;
	const Code *key;
	int			n_low;
	const Code *low;
} LintGroups;

typedef struct LintWork LintWork;

/* Bytes of work memory, aligned for any structure */
extern size_t LintWorkSize(void);

/* Every finding about a compiled book, page by page, in the order of the document within a page */
extern void LintBook(const Book *book, const LintGroups *groups, LintWork *work, FindingSink sink, void *context);

/* Where a finding stands, as docs/policy-catalogue.md, section 2, writes paths; zero-terminated, cut where it does not fit */
extern void FindingPath(const Book *book, const Finding *finding, char *path, int size);

/* ---- documents that do not compile ---- */

/* The kind of a compiler's fault; json is the parsed document, NULL when it does not parse */
extern FindingKind FaultKind(const Fault *fault, const Json *json);

/* The page in which a node stands, -1: in none; and its path */
extern int	PageNode(const Json *json, int node);
extern void NamedPath(const Json *json, int node, char *path, int size);

#endif
