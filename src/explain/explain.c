/*
 * explain.c — explain: the steps by which a bill was settled, as rows. They are the trace that SettleStep itself writes while it
 * settles; nothing is computed a second time. Sentences are in explain_text.c.
 */
#include "postgres.h"

#include "errors.h"
#include "explain/explain.h"
#include "fen.h"
#include "settle/call.h"
#include "utils/builtins.h"

/* figures of a step that its kind has, as bits */
enum
{
	HAS_BASE = 1 << 0,
	HAS_RANGE = 1 << 1,
	HAS_RATIO = 1 << 2,
	HAS_EXACT = 1 << 3,
	HAS_LIMIT = 1 << 4,
	HAS_USED = 1 << 5,
	HAS_AMOUNT = 1 << 6,
	ARE_COUNTS = 1 << 7			/* limit, used and amount are numbers of payments */
};

typedef struct StepForm
{
	const char *item;
	const char *item_before;	/* for the entitlement before this bill; NULL: as item */
	int			figures;
} StepForm;

static const StepForm step_form[STEP_KINDS] = {
	[STEP_PAGE] = {"page", NULL, HAS_BASE},
	[STEP_FIXED_PRICE] = {"fixed_price", NULL, HAS_BASE | HAS_LIMIT | HAS_AMOUNT},
	[STEP_LAYER] = {"layer", NULL, 0},
	[STEP_BUCKET_IN] = {"bucket_in", NULL, HAS_BASE | HAS_RATIO | HAS_AMOUNT},
	[STEP_AWAY_SHARE] = {"away_share", NULL, HAS_BASE | HAS_RATIO | HAS_AMOUNT},
	[STEP_ENTER] = {"enter", NULL, HAS_BASE | HAS_RATIO | HAS_AMOUNT},
	[STEP_BASE_CAP] = {"base_cap", NULL, HAS_BASE | HAS_LIMIT | HAS_AMOUNT},
	[STEP_MODIFIER] = {"modifier", NULL, 0},
	[STEP_CUMULATIVE] = {"cumulative", NULL, HAS_BASE | HAS_RANGE},
	[STEP_DEDUCTIBLE] = {"deductible", NULL, HAS_BASE | HAS_LIMIT | HAS_USED | HAS_AMOUNT},
	[STEP_BAND] = {"band", "band_before", HAS_BASE | HAS_RANGE | HAS_RATIO | HAS_EXACT},
	[STEP_ENTITLEMENT] = {"entitlement", "entitlement_before", HAS_BASE | HAS_USED | HAS_EXACT | HAS_AMOUNT},
	[STEP_ACCRUED] = {"accrued", NULL, HAS_AMOUNT},
	[STEP_DUE] = {"due", NULL, HAS_AMOUNT},
	[STEP_CAP] = {"cap", NULL, HAS_LIMIT | HAS_USED | HAS_AMOUNT},
	[STEP_TIMES] = {"times", NULL, HAS_LIMIT | HAS_USED | HAS_AMOUNT | ARE_COUNTS},
	[STEP_TAKEN] = {"taken", NULL, HAS_BASE | HAS_AMOUNT},
	[STEP_PAID] = {"paid", NULL, HAS_AMOUNT},
	[STEP_BOOKED] = {"booked", NULL, HAS_AMOUNT},
	[STEP_LAPSED] = {"lapsed", NULL, HAS_AMOUNT},
	[STEP_RECOVERABLE] = {"recoverable", NULL, HAS_LIMIT | HAS_USED | HAS_AMOUNT},
	[STEP_SET_OFF] = {"set_off", NULL, HAS_AMOUNT},
	[STEP_BUCKET_OUT] = {"bucket_out", NULL, HAS_AMOUNT},
	[STEP_PATIENT] = {"patient", NULL, HAS_AMOUNT}
};

/* The columns, in the order of explain.sql */
enum
{
	COLUMN_STEP,
	COLUMN_LAYER,
	COLUMN_RULE,
	COLUMN_ITEM,
	COLUMN_NAME,
	COLUMN_BASE,
	COLUMN_LOW,
	COLUMN_HIGH,
	COLUMN_RATIO,
	COLUMN_EXACT,
	COLUMN_LIMIT,
	COLUMN_USED,
	COLUMN_AMOUNT,
	COLUMN_WITHOUT_PENALTY,
	COLUMN_DOCUMENT,
	COLUMN_ARTICLE,
	COLUMN_QUOTE,
	COLUMN_MARK,
	COLUMN_ZH,
	COLUMN_EN,
	EXPLAIN_COLUMNS
};

typedef struct Row
{
	Datum		values[EXPLAIN_COLUMNS];
	bool		nulls[EXPLAIN_COLUMNS];
} Row;

static void
Put(Row *row, int column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

static void
PutText(Row *row, int column, const char *text, int length)
{
	if (text != NULL)
		Put(row, column, PointerGetDatum(cstring_to_text_with_len(text, length)));
}

/* ---- what a step refers to ---- */

const Rule *
StepRule(const CorePage *page, const Step *step)
{
	return step->layer == NO_INDEX || step->rule == NO_INDEX ? NULL : &page->layers[step->layer].rules[step->rule];
}

const Modifier *
StepModifier(const CorePage *page, const Step *step)
{
	const Layer *layer = &page->layers[step->layer];

	return step->index < layer->n_modifiers ? &layer->modifiers[step->index] :
		&layer->rules[step->rule].modifiers[step->index - layer->n_modifiers];
}

static Code
BucketCode(const CorePage *page, const Step *step)
{
	Code		code;

	if (step->index >= BUCKET_PART && step->index < BUCKET_GROSS)
		return page->parts[step->index - BUCKET_PART];
	code.text = step->index == BUCKET_GROSS ? column_name[StepRule(page, step)->weights->column] : bucket_name[step->index];
	code.length = (uint8) strlen(code.text);
	return code;
}

Code
StepName(const CorePage *page, const Step *step)
{
	Code		code = {NULL, 0};
	const Cap  *cap;

	switch (step->kind)
	{
		case STEP_BUCKET_IN:
		case STEP_TAKEN:
		case STEP_BOOKED:
		case STEP_BUCKET_OUT:
			return BucketCode(page, step);
		case STEP_MODIFIER:
			code.text = StepModifier(page, step)->name.text;
			code.length = (uint8) StepModifier(page, step)->name.length;
			return code;
		case STEP_CAP:
			if (step->ceiling)
				return page->ceilings[step->index].name;
			cap = &StepRule(page, step)->caps[step->index];
			return cap->visit ? code : page->counters[cap->counter].name;
		default:
			return code;
	}
}

/* ---- columns ---- */

static Datum
Count(int64 n)
{
	return ScaledToNumeric(n, 0, 0);
}

static void
PutFigures(Row *row, const Step *step)
{
	int			figures = step_form[step->kind].figures;

	if (figures & HAS_BASE || step->ceiling)
		Put(row, COLUMN_BASE, ExactToNumeric(step->base));
	if (figures & HAS_RANGE)
	{
		Put(row, COLUMN_LOW, ExactToNumeric(step->low));
		Put(row, COLUMN_HIGH, ExactToNumeric(step->high));
	}
	if (figures & HAS_RATIO)
		Put(row, COLUMN_RATIO, ScaledToNumeric(step->ratio_pico, 12, 6));
	if (figures & HAS_EXACT)
		Put(row, COLUMN_EXACT, ScaledToNumeric(step->product, 23, 2));
	if (figures & HAS_LIMIT)
		Put(row, COLUMN_LIMIT, figures & ARE_COUNTS ? Count(step->limit_fen) : FenToNumeric(step->limit_fen));
	if (figures & HAS_USED)
		Put(row, COLUMN_USED, figures & ARE_COUNTS ? Count(step->used.fen) : ExactToNumeric(step->used));
	if (figures & HAS_AMOUNT || step->state == LINE_GIVEN)
		Put(row, COLUMN_AMOUNT, figures & ARE_COUNTS ? Count(step->result.fen) : ExactToNumeric(step->result));
}

/* A modifier's value is money or a share */
static void
PutModifier(Row *row, const Modifier *m)
{
	if (m->op == OP_REMOVE)
		return;
	if (m->op == OP_MULTIPLY || m->target == TARGET_ENTER)
		Put(row, COLUMN_RATIO, ScaledToNumeric(m->value, 3, 3));
	else if (m->target == TARGET_RATIO || m->target == TARGET_SELF_SHARE)
		Put(row, COLUMN_RATIO, ScaledToNumeric(m->value, 6, 6));
	else
		Put(row, COLUMN_LIMIT, FenToNumeric(m->value));
}

static void
PutCitation(Row *row, const Citation *cite)
{
	static const char *const mark_name[] = {"stated", "secondary", "inferred", "example"};
	const Text *document;

	if (cite == NULL)
		return;
	if (cite->source != NULL)
	{
		document = cite->source->document.text != NULL ? &cite->source->document : &cite->source->key;
		PutText(row, COLUMN_DOCUMENT, document->text, document->length);
	}
	PutText(row, COLUMN_ARTICLE, cite->article.text, cite->article.length);
	PutText(row, COLUMN_QUOTE, cite->quote.text, cite->quote.length);
	PutText(row, COLUMN_MARK, mark_name[cite->mark], (int) strlen(mark_name[cite->mark]));
}

/* The rule that a layer's turn goes on with stands in its later steps; say it at once. */
static void
FillRule(Trace *trace, int i)
{
	Step	   *step = &trace->steps[i];

	if (step->kind != STEP_LAYER)
		return;
	for (int j = i + 1; j < trace->n_steps && trace->steps[j].kind != STEP_LAYER && step->rule == NO_INDEX; j++)
		if (trace->steps[j].layer == step->layer)
			step->rule = trace->steps[j].rule;
}

static void
PutStep(ReturnSetInfo *rsinfo, const CorePage *page, Trace *trace, int i, StringInfo zh, StringInfo en)
{
	const Step *step = &trace->steps[i];
	const StepForm *form = &step_form[step->kind];
	Code		name;
	const Rule *rule;
	const char *item;
	Row			row;

	memset(row.nulls, true, sizeof(row.nulls));
	FillRule(trace, i);
	name = StepName(page, step);
	rule = StepRule(page, step);
	item = step->ceiling ? "ceiling" : step->sign < 0 && form->item_before != NULL ? form->item_before : form->item;
	Put(&row, COLUMN_STEP, Int32GetDatum(i + 1));
	if (step->layer != NO_INDEX)
		PutText(&row, COLUMN_LAYER, page->layers[step->layer].name.text, page->layers[step->layer].name.length);
	if (rule != NULL)
		PutText(&row, COLUMN_RULE, rule->name.text, rule->name.length);
	PutText(&row, COLUMN_ITEM, item, (int) strlen(item));
	PutText(&row, COLUMN_NAME, name.text, name.length);
	PutFigures(&row, step);
	if (step->kind == STEP_MODIFIER)
		PutModifier(&row, StepModifier(page, step));
	Put(&row, COLUMN_WITHOUT_PENALTY, BoolGetDatum(step->without_penalty));
	PutCitation(&row, step->cite);
	StepSentences(page, step, zh, en);
	PutText(&row, COLUMN_ZH, zh->data, zh->len);
	PutText(&row, COLUMN_EN, en->data, en->len);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row.values, row.nulls);
}

/* ---- the function ---- */

/* A trace has 128-bit figures, which palloc does not align for. */
static Trace *
NewTrace(void)
{
	return (Trace *) TYPEALIGN(_Alignof(Trace), palloc_extended(sizeof(Trace) + _Alignof(Trace), MCXT_ALLOC_HUGE));
}

/* Settle the bill with the trace on; everything is per call, explaining is not done by the million. */
static Trace *
TraceBill(SettleCall *call, FunctionCallInfo fcinfo)
{
	Trace	   *trace = NewTrace();

	CallOpenBook(call, PG_GETARG_DATUM(0));
	CallStartFrom(call, fcinfo, 1);
	CallSettle(call, PG_GETARG_DATUM(2), trace);
	if (trace->truncated)
		ereport(WARNING, (errmsg("the explanation has more than %d steps; the rest is left out", MAX_STEPS)));
	return trace;
}

PG_FUNCTION_INFO_V1(assistance_explain);
Datum
assistance_explain(PG_FUNCTION_ARGS)
{
	SettleCall *call;
	Trace	   *trace;
	StringInfoData zh;
	StringInfoData en;

	if (PG_ARGISNULL(0))
		RefuseNull("terms");
	if (PG_ARGISNULL(2))
		RefuseNull("bill");
	InitMaterializedSRF(fcinfo, 0);
	call = NewSettleCall(CurrentMemoryContext, InvalidOid);
	trace = TraceBill(call, fcinfo);
	initStringInfo(&zh);
	initStringInfo(&en);
	for (int i = 0; i < trace->n_steps; i++)
		PutStep((ReturnSetInfo *) fcinfo->resultinfo, call->split.page, trace, i, &zh, &en);
	return (Datum) 0;
}
