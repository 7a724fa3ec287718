/*
 * lint.c — the linter's way through a book: pages, their layers, marks of their values, exceptions; and how a finding is handed on.
 * What is looked for in the rules of a layer is in lint_layer.c.
 */
#include "lint_work.h"

#include <string.h>

size_t
LintWorkSize(void)
{
	return sizeof(LintWork);
}

/* ---- handing on ---- */

Finding
NewFinding(const LintWork *work, FindingKind kind, FindingPlace place, const Rule *rule)
{
	Finding		finding;

	memset(&finding, 0, sizeof(finding));
	finding.kind = kind;
	finding.page = work->page;
	finding.layer = work->layer;
	finding.rule = rule;
	finding.place = place;
	finding.at_fen = -1;
	return finding;
}

/* Does the page hold when what this kind rests on was in force? */
bool
Applies(const LintWork *work, FindingKind kind)
{
	return work->page->to_day >= finding_info[kind].since;
}

static bool
IsNamed(Text text, const char *name, int length)
{
	return text.length == length && memcmp(text.text, name, (size_t) length) == 0;
}

/* Does the exception name this finding, and its layer if it names one? Every legal finding is about a layer. */
static bool
Excuses(const Exception *exception, const Finding *finding)
{
	const char *name = finding_info[finding->kind].name;

	if (exception->finding.text == NULL || !IsNamed(exception->finding, name, (int) strlen(name)))
		return false;
	return exception->layer.text == NULL ||
		IsNamed(exception->layer, finding->layer->name.text, finding->layer->name.length);
}

/* The exception under which a legal finding is passed; every one that would do counts as used */
static void
FindExcuse(LintWork *work, Finding *finding)
{
	for (int i = 0; i < work->page->n_exceptions; i++)
	{
		if (!Excuses(&work->page->exceptions[i], finding))
			continue;
		if (finding->excuse == NULL)
			finding->excuse = &work->page->exceptions[i];
		if (i < MAX_EXCUSES)
			work->excuses_used[i / 64] |= UINT64_C(1) << (i % 64);
	}
}

void
Report(LintWork *work, Finding *finding)
{
	if (finding_info[finding->kind].severity == SEVERITY_LEGAL)
		FindExcuse(work, finding);
	work->sink(work->context, finding);
}

/* ---- marks ---- */

/* where the first value with a mark stands, and how many there are */
typedef struct Marked
{
	int			n;
	Finding		first;
} Marked;

typedef struct Marks
{
	Marked		mark[MARK_EXAMPLE + 1];
	Marked		grade_d;
} Marks;

static void
Count(LintWork *work, Marked *marked, FindingKind kind, FindingPlace place, const Rule *rule, int index)
{
	if (marked->n++ > 0)
		return;
	marked->first = NewFinding(work, kind, place, rule);
	marked->first.index = index;
}

/* One value with its citation; what a modifier removes may have none */
static void
MarkValue(LintWork *work, Marks *marks, const Citation *cite, FindingPlace place, const Rule *rule, int index)
{
	static const FindingKind kinds[] = {
		[MARK_SECONDARY] = FINDING_SECONDARY_VALUE, [MARK_INFERRED] = FINDING_INFERRED_VALUE, [MARK_EXAMPLE] = FINDING_EXAMPLE_VALUE
	};

	if (cite == NULL)
		return;
	if (cite->mark != MARK_STATED)
		Count(work, &marks->mark[cite->mark], kinds[cite->mark], place, rule, index);
	if (cite->source->grade == 'D')
		Count(work, &marks->grade_d, FINDING_GRADE_D_SOURCE, place, rule, index);
}

static void
ReportMarked(LintWork *work, Marked *marked)
{
	if (marked->n == 0)
		return;
	marked->first.figure = marked->n;
	Report(work, &marked->first);
}

static void
ReportMarks(LintWork *work, Marks *marks)
{
	ReportMarked(work, &marks->mark[MARK_EXAMPLE]);
	ReportMarked(work, &marks->mark[MARK_INFERRED]);
	ReportMarked(work, &marks->mark[MARK_SECONDARY]);
	ReportMarked(work, &marks->grade_d);
}

static void
MarkModifiers(LintWork *work, Marks *marks, const Modifier *modifiers, int n, const Rule *rule)
{
	for (int i = 0; i < n; i++)
		MarkValue(work, marks, modifiers[i].cite, PLACE_RULE_MODIFIERS, rule, i);
}

/* The values of one rule; an enter share that is left out has no citation of its own and is none */
static void
MarkRule(LintWork *work, Marks *marks, const Rule *rule)
{
	if (rule->enter.fact != FACT_NONE || rule->enter.base != MILLI)
		MarkValue(work, marks, rule->enter.cite, PLACE_ENTER, rule, 0);
	if (rule->deductible.kind != DEDUCTIBLE_NONE)
		MarkValue(work, marks, rule->deductible.amount.cite, PLACE_DEDUCTIBLE, rule, 0);
	if (rule->deductible.sum_counter != NO_INDEX)
		MarkValue(work, marks, rule->deductible.sum_limit.cite, PLACE_SUM_CAP, rule, 0);
	for (int i = 0; i < rule->n_bands; i++)
		MarkValue(work, marks, rule->bands[i].value.cite, PLACE_BAND, rule, i);
	for (int i = 0; i < rule->n_caps; i++)
		MarkValue(work, marks, rule->caps[i].limit.cite, PLACE_CAP, rule, i);
	if (rule->times_counter != NO_INDEX)
		MarkValue(work, marks, rule->times_cite, PLACE_TIMES, rule, 0);
	MarkModifiers(work, marks, rule->modifiers, rule->n_modifiers, rule);
}

static void
MarkLayer(LintWork *work)
{
	Marks		marks;

	memset(&marks, 0, sizeof(marks));
	MarkModifiers(work, &marks, work->layer->modifiers, work->layer->n_modifiers, NULL);
	for (int r = 0; r < work->layer->n_rules; r++)
		MarkRule(work, &marks, &work->layer->rules[r]);
	ReportMarks(work, &marks);
}

/* What stands beside the layers */
static void
MarkPage(LintWork *work)
{
	const Page *page = work->page;
	Marks		marks;

	memset(&marks, 0, sizeof(marks));
	for (int i = 0; i < page->n_fixed_prices; i++)
		MarkValue(work, &marks, page->fixed_prices[i].price.cite, PLACE_FIXED_PRICE, NULL, i);
	for (int i = 0; i < page->n_ceilings; i++)
		MarkValue(work, &marks, page->ceilings[i].cite, PLACE_CEILING, NULL, i);
	ReportMarks(work, &marks);
}

/* ---- the chain ---- */

static bool
IsAssistance(LayerKind kind)
{
	return kind == KIND_ASSISTANCE || kind == KIND_TILT || kind == KIND_CHARITY;
}

/* An insurer behind assistance needs an article of its own (民发〔2017〕12号（六）) */
static void
CheckInsurer(LintWork *work, bool behind)
{
	const Layer *layer = work->layer;
	bool		insurer = layer->kind == KIND_CRITICAL || layer->kind == KIND_SUPPLEMENTARY;
	Finding		finding;

	if (!behind || !insurer || layer->not_applicable || !Applies(work, FINDING_INSURER_AFTER_ASSISTANCE))
		return;
	if (layer->cite != NULL && layer->cite != work->page->cite && layer->cite->article.text != NULL)
		return;
	finding = NewFinding(work, FINDING_INSURER_AFTER_ASSISTANCE, PLACE_CITE, NULL);
	Report(work, &finding);
}

/* ---- a page ---- */

/* No bill is admitted after its period date, unless that is the day of admission itself */
static void
CheckAdmitted(LintWork *work)
{
	const Page *page = work->page;
	bool		never = page->admitted_from > page->to_day ||
		(page->period_date == PERIOD_ADMISSION && page->admitted_to < page->from_day);
	Finding		finding;

	if (!never)
		return;
	finding = NewFinding(work, FINDING_UNREACHABLE_PAGE, PLACE_ADMITTED, NULL);
	Report(work, &finding);
}

/* Codes of an attribute that are in a list, as bits */
static uint64_t
CodesIn(const CodeList *list, const Code *codes, int n)
{
	uint64_t	bits = 0;

	for (int i = 0; i < list->n; i++)
		for (int k = 0; k < n; k++)
			if (CodeIs(list->codes[i], codes[k]))
				bits |= UINT64_C(1) << i;
	return bits;
}

/* National med_type 21 to 24 and 52 */
static uint64_t
InpatientCodes(const CodeList *list)
{
	uint64_t	bits = 0;

	for (int i = 0; i < list->n; i++)
	{
		Code		code = list->codes[i];

		if (code.text[0] == '2' || (code.length >= 2 && memcmp(code.text, "52", 2) == 0))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

/* Does an exception excuse something that is not there? One for a finding of the catalogue is not ours to judge. */
static void
CheckExceptions(LintWork *work)
{
	for (int i = 0; i < work->page->n_exceptions && i < MAX_EXCUSES; i++)
	{
		Text		name = work->page->exceptions[i].finding;
		bool		catalogue = false;
		Finding		finding;

		for (int k = 0; k < FINDING_KINDS && name.text != NULL; k++)
			catalogue = catalogue || (finding_info[k].by_catalogue &&
									  IsNamed(name, finding_info[k].name, (int) strlen(finding_info[k].name)));
		if (name.text == NULL || catalogue || (work->excuses_used[i / 64] >> (i % 64) & 1) != 0)
			continue;
		finding = NewFinding(work, FINDING_UNUSED_EXCEPTION, PLACE_EXCEPTION, NULL);
		finding.index = i;
		Report(work, &finding);
	}
}

static void
LintPage(LintWork *work)
{
	const Page *page = work->page;
	bool		behind = false;

	memset(work->excuses_used, 0, sizeof(work->excuses_used));
	work->key = CodesIn(&page->codes[CODE_CATEGORY], work->groups->key, work->groups->n_key);
	work->low = CodesIn(&page->codes[CODE_CATEGORY], work->groups->low, work->groups->n_low);
	work->inpatient = InpatientCodes(&page->codes[CODE_CARE_TYPE]);
	work->layer = NULL;
	CheckAdmitted(work);
	MarkPage(work);
	for (int l = 0; l < page->n_layers; l++)
	{
		work->layer = &page->layers[l];
		work->place = (uint8_t) l;
		CheckInsurer(work, behind);
		LintLayer(work);
		MarkLayer(work);
		behind = behind || IsAssistance(work->layer->kind);
	}
	work->layer = NULL;
	CheckExceptions(work);
}

void
LintBook(const Book *book, const LintGroups *groups, LintWork *work, FindingSink sink, void *context)
{
	memset(work, 0, sizeof(*work));
	work->book = book;
	work->groups = groups;
	work->sink = sink;
	work->context = context;
	for (int i = 0; i < book->n_pages; i++)
	{
		work->page = &book->pages[i];
		LintPage(work);
	}
}
