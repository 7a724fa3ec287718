/*
 * identities.c — I1 to I6 of a settlement record (docs/national.md, section 2), in numeric: a record may have any decimals.
 */
#include "postgres.h"

#include "national/record.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

const char *const identity_formula[IDENTITIES] = {
	"medfee_sumamt = fund_pay_sumamt + psn_part_amt + hosp_part_amt",
	"medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt",
	"psn_part_amt = acct_pay + psn_cash_pay",
	"fund_pay_sumamt = hifp_pay + cvlserv_pay + hifes_pay + hifmi_pay + hifob_pay + hifdm_pay + maf_pay + oth_pay",
	"sum of fund_payamt in setldetail = fund_pay_sumamt + acct_pay + hosp_part_amt",
	"act_pay_dedc is not above inscp_scp_amt"
};

/* Left and right of the first four */
static const struct
{
	Field		left;
	int			n;
	Field		right[8];
}			equation[ERROR_IDENTITIES] = {
	{F_MEDFEE_SUMAMT, 3, {F_FUND_PAY_SUMAMT, F_PSN_PART_AMT, F_HOSP_PART_AMT}},
	{F_MEDFEE_SUMAMT, 4, {F_FULAMT_OWNPAY_AMT, F_OVERLMT_SELFPAY, F_PRESELFPAY_AMT, F_INSCP_SCP_AMT}},
	{F_PSN_PART_AMT, 2, {F_ACCT_PAY, F_PSN_CASH_PAY}},
	{F_FUND_PAY_SUMAMT, 8, {F_HIFP_PAY, F_CVLSERV_PAY, F_HIFES_PAY, F_HIFMI_PAY, F_HIFOB_PAY, F_HIFDM_PAY, F_MAF_PAY, F_OTH_PAY}}
};

static Datum
Add(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_add, a, b);
}

/* The sum of fields; false when one is null. hifdm_pay, which 2304 does not return, counts as 0. */
static bool
SumOf(const Record *record, const Field *fields, int n, Datum *sum)
{
	bool		first = true;

	for (int i = 0; i < n; i++)
	{
		if (!HasNumber(record, fields[i]) && fields[i] == F_HIFDM_PAY)
			continue;
		if (!HasNumber(record, fields[i]))
			return false;
		*sum = first ? NumberOf(record, fields[i]) : Add(*sum, NumberOf(record, fields[i]));
		first = false;
	}
	return true;
}

static Verdict
Judge(const Identity *identity, bool at_most)
{
	int			order;

	if (!identity->has_left || !identity->has_right)
		return SKIPPED;
	order = DatumGetInt32(DirectFunctionCall2(numeric_cmp, identity->left, identity->right));
	return order == 0 || (at_most && order < 0) ? HOLDS : FAILS;
}

/* fund_payamt of a line as a number; false when it is no amount. A missing one adds nothing. */
static bool
LineAmount(JsonbContainer *line, Datum *amount, bool *is_null)
{
	JsonbValue	value;
	JsonbValue *found = getKeyJsonValueFromContainer(line, "fund_payamt", 11, &value);

	*is_null = found == NULL || value.type == jbvNull;
	if (*is_null)
		return true;
	if (value.type == jbvNumeric)
	{
		*amount = NumericGetDatum(value.val.numeric);
		return true;
	}
	return value.type == jbvString && TextAmount((Word) {value.val.string.val, value.val.string.len}, amount);
}

/* The sum of setldetail; false when it is no array or has something else than amounts. */
static bool
SumOfLines(const JsonbValue *lines, Datum *sum)
{
	JsonbContainer *array;

	if (lines == NULL || lines->type != jbvBinary || !JsonContainerIsArray(lines->val.binary.data))
		return false;
	array = lines->val.binary.data;
	*sum = NumericGetDatum(int64_to_numeric(0));
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbValue *line = getIthJsonbValueFromContainer(array, i);
		Datum		amount = (Datum) 0;
		bool		is_null;

		if (line->type != jbvBinary || !JsonContainerIsObject(line->val.binary.data))
			continue;
		if (!LineAmount(line->val.binary.data, &amount, &is_null))
			return false;
		if (!is_null)
			*sum = Add(*sum, amount);
	}
	return true;
}

static void
CheckLines(const Record *record, const JsonbValue *lines, Identity *identity)
{
	static const Field of_record[] = {F_FUND_PAY_SUMAMT, F_ACCT_PAY, F_HOSP_PART_AMT};

	identity->has_left = SumOfLines(lines, &identity->left);
	identity->has_right = SumOf(record, of_record, lengthof(of_record), &identity->right);
	identity->verdict = Judge(identity, false);
}

static void
CheckDeductible(const Record *record, Identity *identity)
{
	identity->has_left = HasNumber(record, F_ACT_PAY_DEDC);
	identity->has_right = HasNumber(record, F_INSCP_SCP_AMT);
	if (identity->has_left)
		identity->left = DirectFunctionCall1(numeric_abs, NumberOf(record, F_ACT_PAY_DEDC));
	if (identity->has_right)
		identity->right = DirectFunctionCall1(numeric_abs, NumberOf(record, F_INSCP_SCP_AMT));
	identity->verdict = Judge(identity, true);
}

void
CheckIdentities(const Record *record, const JsonbValue *lines, int n, Identity *identity)
{
	memset(identity, 0, n * sizeof(Identity));
	for (int i = 0; i < Min(n, ERROR_IDENTITIES); i++)
	{
		identity[i].has_left = HasNumber(record, equation[i].left);
		identity[i].left = NumberOf(record, equation[i].left);
		identity[i].has_right = SumOf(record, equation[i].right, equation[i].n, &identity[i].right);
		identity[i].verdict = Judge(&identity[i], false);
	}
	if (n > ERROR_IDENTITIES)
	{
		CheckLines(record, lines, &identity[ERROR_IDENTITIES]);
		CheckDeductible(record, &identity[ERROR_IDENTITIES + 1]);
	}
}

static char *
NumberText(Datum number)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, number));
}

char *
FailedIdentities(const Record *record)
{
	Identity	identity[ERROR_IDENTITIES];
	char	   *text = NULL;

	CheckIdentities(record, NULL, ERROR_IDENTITIES, identity);
	for (int i = 0; i < ERROR_IDENTITIES; i++)
	{
		if (identity[i].verdict == FAILS)
			text = psprintf("%s%sI%d: %s, but %s and %s", text == NULL ? "" : text, text == NULL ? "" : "; ", i + 1,
							identity_formula[i], NumberText(identity[i].left), NumberText(identity[i].right));
	}
	return text;
}

/* ---- SQL ---- */

/* A row of check_setlinfo: identity, severity, verdict, left_amount, right_amount, formula */
static void
PutIdentity(ReturnSetInfo *rsinfo, int i, const Identity *identity)
{
	static const char *const verdict[] = {"skipped", "holds", "fails"};
	Datum		values[6];
	bool		nulls[6] = {false, false, false, !identity->has_left, !identity->has_right, false};

	values[0] = CStringGetTextDatum(psprintf("I%d", i + 1));
	values[1] = CStringGetTextDatum(i < ERROR_IDENTITIES ? "error" : "warning");
	values[2] = CStringGetTextDatum(verdict[identity->verdict]);
	values[3] = identity->left;
	values[4] = identity->right;
	values[5] = CStringGetTextDatum(identity_formula[i]);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(assistance_check_setlinfo);
Datum
assistance_check_setlinfo(PG_FUNCTION_ARGS)
{
	Record		record;
	JsonbValue	lines;
	Identity	identity[IDENTITIES];

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		memset(&record, 0, sizeof(record));
	else
		RecordFromJsonb(PG_GETARG_JSONB_P(0), &record);
	lines = record.cell[F_SETLDETAIL].json;
	if (record.cell[F_SETLDETAIL].kind != CELL_OTHER)
		lines.type = jbvNull;
	if (!PG_ARGISNULL(1))
	{
		lines.type = jbvBinary;
		lines.val.binary.data = &PG_GETARG_JSONB_P(1)->root;
	}
	CheckIdentities(&record, &lines, IDENTITIES, identity);
	for (int i = 0; i < IDENTITIES; i++)
		PutIdentity((ReturnSetInfo *) fcinfo->resultinfo, i, &identity[i]);
	return (Datum) 0;
}
