/*
 * lint_text.c — findings in words, Chinese and English. Situations name the codes that tell them apart; of codes that a layer
 * treats alike the first few are named.
 */
#include "postgres.h"

#include "fen.h"
#include "policy/lint.h"
#include "utils/builtins.h"

#define NAMED_CODES 3

typedef struct Speech
{
	StringInfo	out;
	bool		zh;
	const Finding *finding;
} Speech;

static const char *const attribute_zh[CODE_ATTRIBUTES] = {"医疗类别", "医院级别", "转诊", "就医地", "人员类别", "对象类别", "病种"};
static const char *const attribute_en[CODE_ATTRIBUTES] = {
	"care type", "level", "referral", "place", "person type", "category", "disease"
};

/* ---- figures and names ---- */

static char *
Yuan(int64 fen)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, FenToNumeric(fen)));
}

/* 700000 ppm -> 70% */
static char *
Percent(int64 ppm)
{
	return psprintf("%s%%", DatumGetCString(DirectFunctionCall1(numeric_out, ScaledToNumeric(ppm, 4, 0))));
}

static char *
RuleName(const Rule *rule)
{
	return pnstrdup(rule->name.text, rule->name.length);
}

static char *
LayerName(const Finding *finding)
{
	return pnstrdup(finding->layer->name.text, finding->layer->name.length);
}

/* Codes of an attribute: 特困、低保 */
static void
SayCodes(Speech *s, const CodeList *list, uint64 codes)
{
	int			n = 0;

	for (int i = 0; i < list->n; i++)
	{
		if ((codes >> i & 1) == 0)
			continue;
		if (n++ == NAMED_CODES)
		{
			appendStringInfoString(s->out, " …");
			return;
		}
		appendStringInfo(s->out, "%s%.*s", n == 1 ? "" : s->zh ? "、" : ", ", list->codes[i].length, list->codes[i].text);
	}
}

/* A person by category */
static void
SayPerson(Speech *s, uint64 codes)
{
	if (codes == 0)
		appendStringInfoString(s->out, s->zh ? "无类别人员" : "somebody without category");
	else
		SayCodes(s, &s->finding->page->codes[CODE_CATEGORY], codes);
}

/* ": category 低保; level 3"; attributes in which all codes are alike are left out */
static void
SaySituation(Speech *s, bool with_category)
{
	const Situation *situation = &s->finding->situation;
	const char *separator = s->zh ? "（" : " (";
	bool		said = false;

	for (int a = 0; a < CODE_ATTRIBUTES; a++)
	{
		const CodeList *list = &s->finding->page->codes[a];
		uint64		all = list->n == 64 ? ~UINT64CONST(0) : (UINT64CONST(1) << list->n) - 1;

		if ((situation->tested >> a & 1) == 0 || situation->codes[a] == all || (a == CODE_CATEGORY && !with_category))
			continue;
		appendStringInfo(s->out, "%s%s ", separator, s->zh ? attribute_zh[a] : attribute_en[a]);
		if (situation->codes[a] == 0)
			appendStringInfoString(s->out, s->zh ? "无" : "none");
		SayCodes(s, list, situation->codes[a]);
		separator = s->zh ? "，" : "; ";
		said = true;
	}
	if (situation->designated >= 0)
	{
		appendStringInfo(s->out, "%s%s", separator, situation->designated ? (s->zh ? "定点" : "designated") :
						 s->zh ? "非定点" : "not designated");
		said = true;
	}
	if (said)
		appendStringInfoString(s->out, s->zh ? "）" : ")");
}

/* ---- sentences ---- */

static void
SayUnreachable(Speech *s)
{
	const Finding *f = s->finding;

	if (f->other == NULL)
		appendStringInfo(s->out, s->zh ? "规则“%s”对任何账单都不适用：其条件自相排斥" :
						 "rule \"%s\" fits on no bill: its tests exclude each other", RuleName(f->rule));
	else
		appendStringInfo(s->out, s->zh ? "规则“%s”永远轮不到：凡其适用之处，前面的规则（如“%s”）都适用" :
						 "rule \"%s\" never counts: wherever it fits, an earlier rule does, such as \"%s\"", RuleName(f->rule),
						 RuleName(f->other));
}

static void
SayCapped(Speech *s)
{
	const Finding *f = s->finding;

	appendStringInfo(s->out, s->zh ? "规则“%s”永远付不出：%s" : "rule \"%s\" can pay nothing: %s", RuleName(f->rule),
					 f->place == PLACE_BAND ? (s->zh ? "末段上限不高于起付线" : "its last band ends at or below the deductible") :
					 f->rule->caps[f->index].on_base ? (s->zh ? "计入基数的限额不高于起付线" : "its cap on the base is not above the deductible") :
					 s->zh ? "封顶线为 0" : "its cap is 0");
}

static void
SayRegressive(Speech *s)
{
	const Finding *f = s->finding;

	if (f->rule->bands[f->index].fixed || f->rule->bands[f->index - 1].fixed)
		appendStringInfo(s->out, s->zh ? "第 %d 段支付少于第 %d 段" : "band %d pays less than band %d", f->index + 1, f->index);
	else
		appendStringInfo(s->out, s->zh ? "第 %d 段比例 %s，低于前一段的 %s" : "band %d pays %s, the one before it %s", f->index + 1,
						 Percent(f->figure), Percent(f->limit));
	SaySituation(s, true);
}

/* One of two compared persons: "低保 gets 700.00 yuan by rule "a"" */
static void
SayGets(Speech *s, uint64 person, int64 fen, const Rule *rule)
{
	SayPerson(s, person);
	appendStringInfo(s->out, s->zh ? "得 %s 元" : " gets %s yuan", Yuan(fen));
	if (rule != NULL)
		appendStringInfo(s->out, s->zh ? "（规则“%s”）" : " by rule \"%s\"", RuleName(rule));
	else
		appendStringInfoString(s->out, s->zh ? "（无适用规则）" : " (no rule fits)");
}

static void
SayBelow(Speech *s)
{
	const Finding *f = s->finding;

	appendStringInfo(s->out, s->zh ? "负担 %s 元时" : "at a burden of %s yuan ", Yuan(f->at_fen));
	SayGets(s, f->situation.codes[CODE_CATEGORY], f->pays_fen, f->rule);
	appendStringInfoString(s->out, s->zh ? "，" : ", ");
	SayGets(s, f->situation.other_category, f->other_fen, f->other);
	appendStringInfoString(s->out, s->zh ? "，均为封顶和取整前" : ", before caps and rounding");
	SaySituation(s, false);
}

static void
SayKeyDeductible(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "住院救助对重点救助对象有起付线 %s 元" :
					 "inpatient assistance has a deductible of %s yuan for a key group", Yuan(s->finding->figure));
	SaySituation(s, true);
}

static void
SayFloor(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "比例 %s，应不低于 %s" : "the ratio is %s, at least %s is required", Percent(s->finding->figure),
					 Percent(s->finding->limit));
	SaySituation(s, true);
}

static void
SayHardship(Speech *s)
{
	const Finding *f = s->finding;

	if (f->place == PLACE_DEDUCTIBLE)
		appendStringInfo(s->out, s->zh ? "重点救助对象起付线 %s 元，高于普通人员 %s 元的一半" :
						 "the deductible of a key group is %s yuan, more than half of the %s yuan of others", Yuan(f->figure),
						 Yuan(f->limit));
	else if (f->place == PLACE_BAND)
		appendStringInfo(s->out, s->zh ? "重点救助对象比例 %s，比普通人员提高不足 5 个百分点" :
						 "the ratio of a key group is %s, less than 5 points above that of others", Percent(f->figure));
	else
		appendStringInfo(s->out, s->zh ? "重点救助对象仍有封顶线 %s 元" : "a cap of %s yuan still stands for a key group", Yuan(f->figure));
	SaySituation(s, true);
}

static void
SayInsurer(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "“%s”排在救助之后而未引用自己的条款" :
					 "layer \"%s\" stands behind assistance and cites no article of its own", LayerName(s->finding));
}

static void
SayNotComparable(Speech *s)
{
	const Finding *f = s->finding;

	appendStringInfo(s->out, s->zh ? "同时适用规则“%s”和“%s”者按前者：负担 %s 元时得 %s 元，后者为 %s 元" :
					 "who meets rules \"%s\" and \"%s\" gets the first: at a burden of %s yuan it pays %s, the other %s yuan",
					 RuleName(f->rule), RuleName(f->other), Yuan(f->at_fen), Yuan(f->pays_fen), Yuan(f->other_fen));
	SaySituation(s, true);
}

/* A sentence about the layer, or about the rule where there is one */
static void
SayOf(Speech *s, const char *zh, const char *en)
{
	appendStringInfo(s->out, s->zh ? zh : en, s->finding->rule != NULL ? RuleName(s->finding->rule) : LayerName(s->finding));
}

static void
SayMarked(Speech *s)
{
	const Finding *f = s->finding;
	const char *of = f->layer != NULL ? LayerName(f) : s->zh ? "定额和总额限制" : "fixed prices and ceilings";

	appendStringInfo(s->out, s->zh ? "%s：“%s” %lld 个" : "%s: %s, %lld of them",
					 s->zh ? finding_info[f->kind].zh : finding_info[f->kind].en, of, (long long) f->figure);
}

static void
SayUnused(Speech *s)
{
	const Exception *exception = &s->finding->page->exceptions[s->finding->index];

	appendStringInfo(s->out, s->zh ? "例外“%.*s”没有对应的发现" : "there is no finding \"%.*s\" that this exception would excuse",
					 exception->finding.length, exception->finding.text);
}

static void
Say(Speech *s)
{
	switch (s->finding->kind)
	{
		case FINDING_UNREACHABLE_RULE:
			return SayUnreachable(s);
		case FINDING_CAP_BELOW_DEDUCTIBLE:
			return SayCapped(s);
		case FINDING_BURDEN_REGRESSIVE:
			return SayRegressive(s);
		case FINDING_KEY_BELOW_LOW_INCOME:
		case FINDING_KEY_BELOW_OTHER:
		case FINDING_LOW_INCOME_BELOW_OTHER:
			return SayBelow(s);
		case FINDING_KEY_GROUP_DEDUCTIBLE:
			return SayKeyDeductible(s);
		case FINDING_KEY_GROUP_RATIO_BELOW_70:
		case FINDING_CRITICAL_RATIO_BELOW_60:
			return SayFloor(s);
		case FINDING_HARDSHIP_CRITICAL_NOT_BETTER:
			return SayHardship(s);
		case FINDING_INSURER_AFTER_ASSISTANCE:
			return SayInsurer(s);
		case FINDING_RULES_NOT_COMPARABLE:
			return SayNotComparable(s);
		case FINDING_NEVER_PAYS:
			return SayOf(s, "“%s”的所有规则均支付 0", "all rules of layer \"%s\" pay 0");
		case FINDING_TOO_MANY_FACTORS:
			SayOf(s, "规则“%s”有过多乘数同时适用", "too many multiplications fit together with rule \"%s\"");
			return SaySituation(s, true);
		case FINDING_NOT_FULLY_COMPARED:
			return SayOf(s, "“%s”未能全部比较", "layer \"%s\" could not be compared in full");
		case FINDING_EXAMPLE_VALUE:
		case FINDING_INFERRED_VALUE:
		case FINDING_SECONDARY_VALUE:
		case FINDING_GRADE_D_SOURCE:
			return SayMarked(s);
		case FINDING_UNUSED_EXCEPTION:
			return SayUnused(s);
		default:
			appendStringInfoString(s->out, s->zh ? finding_info[s->finding->kind].zh : finding_info[s->finding->kind].en);
	}
}

void
FindingSentences(const Finding *finding, StringInfo zh, StringInfo en)
{
	Speech		chinese = {zh, true, finding};
	Speech		english = {en, false, finding};

	resetStringInfo(zh);
	resetStringInfo(en);
	Say(&chinese);
	Say(&english);
}

void
FaultSentences(const Fault *fault, FindingKind kind, StringInfo zh, StringInfo en)
{
	resetStringInfo(zh);
	resetStringInfo(en);
	appendStringInfo(zh, "%s", finding_info[kind].zh);
	appendStringInfo(en, "%s", finding_info[kind].en);
	if (fault->line > 0)
	{
		appendStringInfo(zh, "（第 %d 行第 %d 列）", fault->line, fault->column);
		appendStringInfo(en, " (line %d, column %d)", fault->line, fault->column);
	}
	if (fault->found[0] != '\0')
	{
		appendStringInfo(zh, "：%s", fault->found);
		appendStringInfo(en, ": %s", fault->found);
	}
	if (fault->expected[0] != '\0')
	{
		appendStringInfo(zh, "；应为 %s", fault->expected);
		appendStringInfo(en, "; expected %s", fault->expected);
	}
}
