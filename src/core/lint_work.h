/*
 * lint_work.h — private to the linter: the situations of one layer, and what its rooms share. All memory is the caller's.
 *
 * A situation gives every attribute and figure that the layer's rules test a value. Codes that all tests treat alike are one
 * value; of a figure each interval between the edges of the tests is one. The fold's own functions then say which rules fit.
 */
#ifndef ASSISTANCE_LINT_WORK_H
#define ASSISTANCE_LINT_WORK_H

#include <stddef.h>

#include "fold.h"
#include "lint.h"

#define MAX_VARIABLES 160		/* attributes and figures that the rules of a layer may test */
#define MAX_VALUES 256			/* of one of them */
#define MAX_PAIRED 21			/* classes of a list attribute of which all pairs are tried as well */
#define MAX_SITUATIONS 100000	/* of one layer */
#define MAX_EVALUATIONS 4000000	/* entitlements computed for one layer */
#define MAX_POINTS 512			/* amounts at which two rules are compared */
#define MAX_EXCUSES 256			/* exceptions of a page of which it is known whether they excuse something */

/* codes of one attribute are TEST_CODE; paid_by and exhausted are by layer; one ABOVE is for base and self-pay alike */
typedef struct Variable
{
	TestKind	kind;
	uint8_t		index;
	int			at;				/* which value the situation has */
	int			n;
	int			n_alone;		/* of codes: none and single classes come first, sets of classes behind them */
	int64_t		value[MAX_VALUES];
} Variable;

struct LintWork
{
	const Book *book;
	const LintGroups *groups;
	FindingSink sink;
	void	   *context;
	uint64_t	excuses_used[MAX_EXCUSES / 64];

	/* the layer, and which of its rules are tried */
	const Page *page;
	const Layer *layer;
	uint8_t		place;
	BillKind	on;
	uint64_t	rules;			/* bits */
	bool		truncated;		/* not every situation is tried */
	bool		skipped;		/* not every pair of rules is compared */
	int64_t		evaluations;

	/* codes of the page, as bits */
	uint64_t	key;
	uint64_t	low;
	uint64_t	inpatient;
	uint32_t	tested;
	int			n_classes[CODE_ATTRIBUTES];
	uint64_t	classes[CODE_ATTRIBUTES][MAX_CODES];

	uint32_t	kinds;			/* of variables, as bits */
	int			n_variables;
	Variable	variable[MAX_VARIABLES];
	Variable   *category;		/* NULL: not tested */

	/* the situation */
	Run			run;
	Bill		bill;
	Fault		fault;
	int64_t		left[BUCKETS];
	int64_t		base_fen;
	int64_t		self_pay_fen;

	/* which rules fit there, by category; the first of them as it stands */
	uint64_t	fits[MAX_VALUES];
	bool		served[MAX_VALUES]; /* some rule fits somewhere */
	Resolved	resolved[MAX_CODES + 2];	/* none, each class alone; the last for sets of classes */
	Resolved	other;

	/* what has been seen of the layer's rules, as bits */
	uint64_t	fitted;
	uint64_t	counted;
	uint64_t	can_pay;
	uint64_t	capped;			/* cannot pay because of a cap, or a last band, and not because of its ratios */
	uint8_t		shadow[MAX_RULES];	/* a rule that counted where this one only fitted */
	uint64_t	reported[FINDING_KINDS];	/* by rule */
	uint64_t	compared[FINDING_KINDS][MAX_RULES + 1];	/* by the first rule (MAX_RULES: none), bits of the other */

	Plan		plan;			/* of the run: the codes; without layers, and so at the end */
};

/* ---- lint_situation.c ---- */

extern void PrepareSituations(LintWork *work);
extern void FirstSituation(LintWork *work);
extern bool NextSituation(LintWork *work);
extern bool AloneSituation(const LintWork *work);
extern bool HasBegun(const LintWork *work);
extern int	CategoryValues(const LintWork *work);
extern int	CategoriesAlone(const LintWork *work);
extern uint64_t CategoryClass(const LintWork *work, int value);
extern void SetCategory(LintWork *work, int value);
extern bool RuleFits(LintWork *work, const Rule *rule);
extern bool ResolveRule(LintWork *work, int rule, Resolved *r);
extern void DescribeSituation(const LintWork *work, int category, int other, Situation *situation);

/* ---- lint_compare.c ---- */

/* two rules at equal burdens: somewhere the one, somewhere the other pays less, and where */
typedef struct Comparison
{
	bool		first_less;
	bool		second_less;
	int64_t		at_fen;			/* where the first pays less */
	int64_t		first_fen;
	int64_t		second_fen;
} Comparison;

extern Entitlement PaysAt(const Effective *e, int64_t burden_fen);
extern bool CompareRules(LintWork *work, const Effective *first, const Effective *second, Comparison *comparison);
extern bool CanPay(LintWork *work, const Effective *e, bool *capped);
extern int	FallingBand(const Effective *e);
extern int64_t SharePpm(const Effective *e, int band);
extern bool IsExcluded(const Effective *e);
extern bool BandBelow(const Effective *e, int64_t share_ppm, int *band);
extern int	FirstPayingBand(const Effective *e);
extern int	LastPayingBand(const Effective *e);

/* ---- lint_layer.c ---- */

extern void LintLayer(LintWork *work);

/* ---- lint.c ---- */

extern Finding NewFinding(const LintWork *work, FindingKind kind, FindingPlace place, const Rule *rule);
extern void Report(LintWork *work, Finding *finding);
extern bool Applies(const LintWork *work, FindingKind kind);

#endif
