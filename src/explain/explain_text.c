/*
 * explain_text.c — every step of the trace as one short sentence in Chinese and one in English. What the page labels is called
 * by its label. A value that is inferred, from a secondary source or an example says so in both.
 */
#include "postgres.h"

#include "explain/explain.h"
#include "fen.h"
#include "utils/builtins.h"

static const char *const bucket_zh[BUCKET_PART] = {
	"政策范围内费用", "起付线内费用", "封顶线以上费用", "按比例自付费用", "未按规定就医多自付费用", "异地就医先行自付费用",
	"先行自付费用", "超限价费用", "全自费费用"
};

static const char *const bucket_en[BUCKET_PART] = {
	"cost in scope", "cost under the deductible", "cost above the cap", "copayment", "penalty", "share of care elsewhere",
	"first share", "cost over the price limit", "excluded cost"
};

static const char *const column_zh[COLUMNS] = {"总费用", "政策范围内费用", "全自费费用", "超限价费用", "先行自付费用"};
static const char *const column_en[COLUMNS] = {
	"total cost", "cost in scope", "excluded cost", "cost over the price limit", "first share"
};

static const char *const target_zh[] = {"计入比例", "起付线", "支付比例", "自付比例", "单次限额", "年度限额", "支付额"};
static const char *const target_en[] = {
	"enter share", "deductible", "ratio", "self-paid share", "cap per visit", "annual cap", "payment"
};

/* One language of a sentence: its words, and which half of labels it takes */
typedef struct Speech
{
	StringInfo	out;
	bool		zh;
	const CorePage *page;
	const Step *step;
} Speech;

/* ---- figures and names ---- */

static char *
Yuan(Exact amount)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, ExactToNumeric(amount)));
}

static char *
YuanFen(int64 fen)
{
	return Yuan(ExactFen(fen));
}

/* 700000000000 pico -> 70% */
static char *
Percent(int64 pico)
{
	return psprintf("%s%%", DatumGetCString(DirectFunctionCall1(numeric_out, ScaledToNumeric(pico, 10, 0))));
}

/* 10^-21 fen, as yuan */
static char *
YuanProduct(i128 product)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, ScaledToNumeric(product, 23, 2)));
}

/* 2025-03-01, whatever DateStyle says */
static char *
DayText(int32 day)
{
	char	   *text = palloc0(16);
	JsonWriter	w = {text, 15, 0, false};

	JsonDate(&w, day);
	return pnstrdup(text + 1, w.length - 2);	/* without the quotes */
}

static const char *
LabelText(const Speech *s, const Label *label, const char *name, int length)
{
	const Text *text = s->zh ? &label->zh : &label->en;

	return text->text != NULL ? pnstrdup(text->text, text->length) : pnstrdup(name, length);
}

static const char *
LayerText(const Speech *s)
{
	const Layer *layer = s->step->layer < s->page->n_layers ? &s->page->layers[s->step->layer] : NULL;

	if (layer == NULL)
		return s->zh ? "基本医疗保险" : "basic insurance";
	return LabelText(s, &layer->label, layer->name.text, layer->name.length);
}

static const char *
RuleText(const Speech *s)
{
	const Rule *rule = StepRule(s->page, s->step);

	return rule == NULL ? "" : LabelText(s, &rule->label, rule->name.text, rule->name.length);
}

static const char *
BucketText(const Speech *s)
{
	int			bucket = s->step->index;

	if (bucket < BUCKET_PART)
		return s->zh ? bucket_zh[bucket] : bucket_en[bucket];
	if (bucket == BUCKET_GROSS)
	{
		Column		column = StepRule(s->page, s->step)->weights->column;

		return s->zh ? column_zh[column] : column_en[column];
	}
	bucket -= BUCKET_PART;
	return LabelText(s, &s->page->part_labels[bucket], s->page->parts[bucket].text, s->page->parts[bucket].length);
}

/* ---- sentences: the bill and its page ---- */

/* Which stays the page is for. */
static void
SayAdmitted(Speech *s)
{
	const char *from = s->page->admitted_from == PG_INT32_MIN ? NULL : DayText(s->page->admitted_from);
	const char *to = s->page->admitted_to == PG_INT32_MAX ? NULL : DayText(s->page->admitted_to);

	if (s->zh)
		appendStringInfo(s->out, "；适用于 %s%s%s%s入院者", from != NULL ? from : "", from == NULL ? "" : to == NULL ? " 起" : " 至 ",
						 to != NULL ? to : "", to == NULL ? "" : from == NULL ? " 及以前" : " ");
	else
		appendStringInfo(s->out, "; for stays admitted%s%s%s%s", from != NULL ? " from " : "", from != NULL ? from : "",
						 to != NULL ? " up to " : "", to != NULL ? to : "");
}

static void
SayPage(Speech *s)
{
	const CorePage *page = s->page;
	const char *title = pnstrdup(page->title.text, page->title.length);
	const char *from = DayText(page->from_day);
	const char *to = page->to_day == PG_INT32_MAX ? NULL : DayText(page->to_day);

	if (s->zh)
		appendStringInfo(s->out, "适用《%s》（%s 起%s%s），本次总费用 %s 元", title, from, to != NULL ? "至 " : "", to != NULL ? to : "",
						 Yuan(s->step->base));
	else
		appendStringInfo(s->out, "Governed by \"%s\" (from %s%s%s); total cost %s yuan", title, from, to != NULL ? " to " : "",
						 to != NULL ? to : "", Yuan(s->step->base));
	if (page->by_admission)
		SayAdmitted(s);
}

static void
SayFixedPrice(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "定额 %s 元：总费用 %s 元，超出的 %s 元由医院负担" :
					 "Fixed price %s yuan: of the total cost of %s yuan, %s yuan above it are borne by the hospital",
					 YuanFen(s->step->limit_fen), Yuan(s->step->base), Yuan(s->step->result));
}

static void
SayPatient(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "个人负担 %s 元" : "The patient bears %s yuan", Yuan(s->step->result));
}

/* ---- a layer's turn ---- */

static void
SayLayer(Speech *s)
{
	const char *layer = LayerText(s);

	switch (s->step->state)
	{
		case LINE_NO_RULE:
			appendStringInfo(s->out, s->zh ? "%s：没有适用的规则，支付 0 元" : "%s: no rule fits, it pays 0", layer);
			break;
		case LINE_APPLIED:
			appendStringInfo(s->out, s->zh ? "%s：适用规则“%s”" : "%s: rule \"%s\" applies", layer, RuleText(s));
			break;
		case LINE_GIVEN:
			appendStringInfo(s->out, s->zh ? "%s：已由经办方算定 %s 元" : "%s: %s yuan, computed elsewhere", layer, Yuan(s->step->result));
			break;
		case LINE_WAIVED:
			appendStringInfo(s->out, s->zh ? "%s：放弃，支付 0 元" : "%s: waived, it pays 0", layer);
			break;
		case LINE_NOT_APPLICABLE:
			if (s->step->layer < s->page->n_layers && s->page->layers[s->step->layer].not_applicable)
				appendStringInfo(s->out, s->zh ? "%s：本政策无此层，支付 0 元" : "%s: not applicable under these terms, it pays 0", layer);
			else
				appendStringInfo(s->out, s->zh ? "%s：不适用，支付 0 元" : "%s: not applicable, it pays 0", layer);
			break;
		case LINE_ALTERNATIVE_PAID:
			appendStringInfo(s->out, s->zh ? "%s：同组的另一层已支付，本层不再支付" : "%s: an alternative to it has paid, it pays 0", layer);
			break;
	}
}

static void
SayBucketIn(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "%s %s 元计入基数" : "%s of %s yuan enters the base", BucketText(s), Yuan(s->step->base));
	if (s->step->ratio_pico != PICO)
		appendStringInfo(s->out, s->zh ? "，按 %s 计 %s 元" : " at %s: %s yuan", Percent(s->step->ratio_pico), Yuan(s->step->result));
}

static void
SayAwayShare(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "政策范围内费用 %s 元按 %s 计入，另 %s 元先行自付" :
					 "Of %s yuan in scope %s enters; %s yuan are the share of care elsewhere",
					 Yuan(s->step->base), Percent(s->step->ratio_pico), Yuan(s->step->result));
}

static void
SayEnter(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "基数 %s 元按 %s 计入，为 %s 元" : "The base of %s yuan enters at %s: %s yuan",
					 Yuan(s->step->base), Percent(s->step->ratio_pico), Yuan(s->step->result));
}

static void
SayBaseCap(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "计入基数的限额 %s 元：%s 元中计入 %s 元" : "Cap on the base of %s yuan: of %s yuan, %s yuan enter",
					 YuanFen(s->step->limit_fen), Yuan(s->step->base), Yuan(s->step->result));
}

/* The value of a modifier in its unit */
static const char *
ModifierValue(const Speech *s, const Modifier *m)
{
	int64		value = m->op == OP_ADD && m->value < 0 ? -m->value : m->value;	/* the verb says minus */

	if (m->op == OP_MULTIPLY)
		return DatumGetCString(DirectFunctionCall1(numeric_out, ScaledToNumeric(value, 3, 0)));
	if (m->target == TARGET_ENTER)
		return Percent(value * (PICO / MILLI));
	if (m->target == TARGET_RATIO || m->target == TARGET_SELF_SHARE)
		return Percent(value * (PICO / PPM));
	return psprintf(s->zh ? "%s 元" : "%s yuan", YuanFen(value));
}

static void
SayModifier(Speech *s)
{
	static const char *const verb_zh[] = {"增加", "乘以", "定为"};
	static const char *const verb_en[] = {"plus", "times", "set to"};
	const Modifier *m = StepModifier(s->page, s->step);
	bool		less = m->op == OP_ADD && m->value < 0;

	if (m->name.text != NULL)
		appendStringInfo(s->out, s->zh ? "“%s”：" : "\"%s\": ", pnstrdup(m->name.text, m->name.length));
	appendStringInfoString(s->out, s->zh ? target_zh[m->target] : target_en[m->target]);
	if (m->op == OP_REMOVE)
		appendStringInfoString(s->out, s->zh ? "取消" : " removed");
	else
		appendStringInfo(s->out, s->zh ? "%s %s" : " %s %s", 
						 less ? (s->zh ? "减少" : "minus") : s->zh ? verb_zh[m->op] : verb_en[m->op], ModifierValue(s, m));
	if (m->penalty)
		appendStringInfoString(s->out, s->zh ? "（惩罚性）" : " (penalty)");
}

static void
SayCumulative(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "年度累计基数由 %s 元变为 %s 元，本次 %s 元" :
					 "The year's cumulative base goes from %s to %s yuan, %s yuan by this bill",
					 Yuan(s->step->low), Yuan(s->step->high), Yuan(s->step->base));
}

static void
SayDeductible(Speech *s)
{
	const Deductible *d = &StepRule(s->page, s->step)->deductible;

	if (d->kind == DEDUCTIBLE_THRESHOLD)
		appendStringInfo(s->out, s->zh ? "起付标准（门槛）%s 元，基数 %s 元" : "Threshold of %s yuan, base of %s yuan",
						 YuanFen(s->step->limit_fen), Yuan(s->step->base));
	else
		appendStringInfo(s->out, s->zh ? "起付线 %s 元" : "Deductible of %s yuan", YuanFen(s->step->limit_fen));
	if (s->step->index > 0)
		appendStringInfo(s->out, s->zh ? "（第 %d 次）" : " (stay number %d)", s->step->index);
	if (d->final_once_met && s->step->limit_fen > 0 && s->step->used.fen == s->step->limit_fen)
		appendStringInfoString(s->out, s->zh ? "，此前已付满" : ", met before");
	else if (s->step->used.fen != 0 || s->step->used.nano != 0)
		appendStringInfo(s->out, s->zh ? "，此前已扣 %s 元" : ", %s yuan taken before", Yuan(s->step->used));
	appendStringInfo(s->out, s->zh ? "，本次扣除 %s 元" : ", %s yuan taken now", Yuan(s->step->result));
}

/* ---- the entitlement ---- */

static void
SayBand(Speech *s)
{
	const Step *step = s->step;

	if (step->sign < 0)
		appendStringInfoString(s->out, s->zh ? "本次之前：" : "before this bill: ");
	if (StepRule(s->page, step)->bands[step->index].fixed)
		appendStringInfo(s->out, s->zh ? "第 %d 段：定额 %s 元" : "band %d: a fixed amount of %s yuan", step->index + 1,
						 YuanProduct(step->product));
	else
		appendStringInfo(s->out, s->zh ? "第 %d 段：%s 元至 %s 元，%s 元 × %s = %s 元" :
						 "band %d: from %s to %s yuan, %s yuan × %s = %s yuan",
						 step->index + 1, Yuan(step->low), Yuan(step->high), Yuan(step->base), Percent(step->ratio_pico),
						 YuanProduct(step->product));
}

/* Does a modifier of the whole payment stand between the exact entitlement and its rounding? */
static bool
HasPaymentModifier(const Speech *s)
{
	const Layer *layer = &s->page->layers[s->step->layer];
	const Rule *rule = StepRule(s->page, s->step);

	for (int i = 0; i < layer->n_modifiers; i++)
		if (layer->modifiers[i].target == TARGET_PAYMENT)
			return true;
	for (int i = 0; i < rule->n_modifiers; i++)
		if (rule->modifiers[i].target == TARGET_PAYMENT)
			return true;
	return false;
}

static void
SayEntitlement(Speech *s)
{
	const char *exact = YuanProduct(s->step->product);
	const char *rounded = Yuan(s->step->result);

	if (s->step->sign < 0)
		appendStringInfoString(s->out, s->zh ? "本次之前" : "before this bill: ");
	appendStringInfo(s->out, s->zh ? "应付 %s 元" : "entitlement of %s yuan", exact);
	if (strcmp(exact, rounded) == 0)
		return;
	if (HasPaymentModifier(s))
		appendStringInfo(s->out, s->zh ? "，调整并取整后 %s 元" : ", %s yuan after modifiers and rounding", rounded);
	else
		appendStringInfo(s->out, s->zh ? "，取整为 %s 元" : ", rounded to %s yuan", rounded);
}

/* Per visit, or the period of the cap's counter */
static const char *
CapPeriod(const Speech *s)
{
	static const char *const period_zh[] = {"年度", "季度", "月度", "转诊期间"};
	static const char *const period_en[] = {"Annual", "Quarterly", "Monthly", "Referral chain"};
	const Cap  *cap = &StepRule(s->page, s->step)->caps[s->step->index];

	if (cap->visit)
		return s->zh ? "单次" : "Per-visit";
	return (s->zh ? period_zh : period_en)[s->page->counters[cap->counter].every];
}

static void
SayCap(Speech *s)
{
	const Step *step = s->step;

	if (step->ceiling)
	{
		const Ceiling *ceiling = &s->page->ceilings[step->index];

		appendStringInfo(s->out, s->zh ? "各层合计不超过%s %s 元的 %s，即 %s 元" :
						 "Ceiling over the layers: of the %s of %s yuan, %s, that is %s yuan",
						 s->zh ? column_zh[ceiling->of] : column_en[ceiling->of], Yuan(step->base),
						 Percent(ceiling->share_ppm * (PICO / PPM)), YuanFen(step->limit_fen));
	}
	else
		appendStringInfo(s->out, s->zh ? "%s封顶线 %s 元" : "%s cap of %s yuan", CapPeriod(s), YuanFen(step->limit_fen));
	appendStringInfo(s->out, s->zh ? "，已用 %s 元，剩余 %s 元" : ", %s yuan used, %s yuan left", Yuan(step->used), Yuan(step->result));
}

static void
SayTimes(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "支付次数限 %lld 次，此前 %lld 次" : "Pays at most %lld times, so far %lld times",
					 (long long) s->step->limit_fen, (long long) s->step->used.fen);
}

/* A sentence with one amount */
static void
SayAmount(Speech *s, const char *zh, const char *en)
{
	appendStringInfo(s->out, s->zh ? zh : en, Yuan(s->step->result));
}

/* ---- where the money comes from ---- */

static void
SayTaken(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "从%s %s 元中支付 %s 元" :
					 "Out of the %s of %s yuan, %s yuan are paid", BucketText(s), Yuan(s->step->base),
					 Yuan(s->step->result));
}

static void
SayPaid(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "%s本次支付 %s 元" : "%s pays %s yuan on this bill", LayerText(s), Yuan(s->step->result));
}

static void
SayBooked(Speech *s)
{
	char	   *at = DayText(DayOf(s->step->ordered_at));

	appendStringInfo(s->out, s->zh ? "年度调整：记在 %s（序号 %lld）账单的%s上 %s 元" :
					 "Year adjustment: on the bill of %s (number %lld), out of its %s, %s yuan",
					 at, (long long) s->step->seq, BucketText(s), Yuan(s->step->result));
}

static void
SayRecoverable(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "应付额下降：已付 %s 元，应付 %s 元，追回 %s 元" :
					 "The entitlement fell: paid %s yuan, entitled to %s yuan, %s yuan to be recovered",
					 YuanFen(s->step->limit_fen), Yuan(s->step->used), Yuan(s->step->result));
}

static void
SayBucketOut(Speech *s)
{
	appendStringInfo(s->out, s->zh ? "基本医保结算后：%s %s 元" :
					 "After basic insurance: %s of %s yuan", BucketText(s), Yuan(s->step->result));
}

/* ---- one step ---- */

static void
SayStep(Speech *s)
{
	switch (s->step->kind)
	{
		case STEP_PAGE:
			return SayPage(s);
		case STEP_FIXED_PRICE:
			return SayFixedPrice(s);
		case STEP_LAYER:
			return SayLayer(s);
		case STEP_BUCKET_IN:
			return SayBucketIn(s);
		case STEP_AWAY_SHARE:
			return SayAwayShare(s);
		case STEP_ENTER:
			return SayEnter(s);
		case STEP_BASE_CAP:
			return SayBaseCap(s);
		case STEP_MODIFIER:
			return SayModifier(s);
		case STEP_CUMULATIVE:
			return SayCumulative(s);
		case STEP_DEDUCTIBLE:
			return SayDeductible(s);
		case STEP_BAND:
			return SayBand(s);
		case STEP_ENTITLEMENT:
			return SayEntitlement(s);
		case STEP_ACCRUED:
			return SayAmount(s, "此前已计应付 %s 元", "Accrued before this bill: %s yuan");
		case STEP_DUE:
			return SayAmount(s, "本次应付 %s 元", "Due on this bill: %s yuan");
		case STEP_CAP:
			return SayCap(s);
		case STEP_TIMES:
			return SayTimes(s);
		case STEP_TAKEN:
			return SayTaken(s);
		case STEP_PAID:
			return SayPaid(s);
		case STEP_BOOKED:
			return SayBooked(s);
		case STEP_LAPSED:
			return SayAmount(s, "另有 %s 元应付无处可付，不再支付", "%s yuan more were due but find no cost to pay: they lapse");
		case STEP_RECOVERABLE:
			return SayRecoverable(s);
		case STEP_SET_OFF:
			return SayAmount(s, "其中 %s 元抵扣待追回款", "Of this, %s yuan are set off against what is to be recovered");
		case STEP_BUCKET_OUT:
			return SayBucketOut(s);
		case STEP_PATIENT:
			return SayPatient(s);
	}
}

/* An amount that is a share of a published figure says of which. */
static void
SayDerivation(Speech *s)
{
	const Derived *derived = s->step->cite != NULL ? s->step->cite->derived : NULL;
	const char *statistic;

	if (derived == NULL)
		return;
	statistic = pnstrdup(derived->statistic.text, derived->statistic.length);
	appendStringInfo(s->out, s->zh ? "（%s %d 年为 %s 元，按其 %s 计）" : " (%s of %d: %s yuan, of which %s)", statistic, derived->year,
					 YuanFen(derived->value_fen), Percent(derived->share_ppm * (PICO / PPM)));
}

/* What is not stated by a primary source says so. */
static void
SayMark(Speech *s)
{
	static const char *const mark_zh[] = {"", "（二手来源）", "（推断）", "（示例）"};
	static const char *const mark_en[] = {"", " (secondary source)", " (inferred)", " (example)"};

	if (s->step->cite != NULL)
		appendStringInfoString(s->out, s->zh ? mark_zh[s->step->cite->mark] : mark_en[s->step->cite->mark]);
}

static void
Say(Speech *s)
{
	if (s->step->without_penalty)
		appendStringInfoString(s->out, s->zh ? "（不计惩罚）" : "without penalties: ");
	SayStep(s);
	SayDerivation(s);
	SayMark(s);
	appendStringInfoString(s->out, s->zh ? "。" : ".");
}

void
StepSentences(const CorePage *page, const Step *step, StringInfo zh, StringInfo en)
{
	Speech		chinese = {zh, true, page, step};
	Speech		english = {en, false, page, step};

	resetStringInfo(zh);
	resetStringInfo(en);
	Say(&chinese);
	Say(&english);
	en->data[0] = (char) pg_toupper((unsigned char) en->data[0]);
}
