/*
 * funds.c — national_fund: the fund and the column of setlinfo that a layer goes to. The dictionaries layer_fund and kind_fund are
 * asked in SQL (look_up_fund); a route of the caller comes before them.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "errors.h"
#include "national/funds.h"
#include "utils/builtins.h"

/* The fund that a column stands for when a caller routes a layer there */
static const struct
{
	const char *column;
	const char *code;
}			route_fund[] = {
	{"hifp_pay", "390100"}, {"cvlserv_pay", "320100"}, {"hifes_pay", "370100"}, {"hifmi_pay", "390200"}, {"hifob_pay", "330100"},
	{"hifdm_pay", "350100"}, {"maf_pay", "610100"}, {"oth_pay", "999997"}
};

static Fund
RoutedFund(Word route, Word layer, Word scheme, Word region, DateADT day)
{
	Fund		fund = {{NULL, 0}};

	if (WordIs(route, "outside"))
		return fund;
	for (int i = 0; i < lengthof(route_fund); i++)
	{
		Word		words[3] = {WordOf("fund_pay_type"), {NULL, 0}, region};

		if (!WordIs(route, route_fund[i].column))
			continue;
		fund.column = WordOf(route_fund[i].column);
		fund.code = WordOf(i == 0 && WordIs(scheme, "employee") ? "310100" : route_fund[i].code);
		words[1] = fund.code;
		fund.name = Ask(ASK_CODE, words, day)->word[3];
		return fund;
	}
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_NO_SCHEME),
			 errmsg("no column of a fund is named \"%.*s\"", route.length, route.text),
			 errdetail("The route of layer \"%.*s\".", layer.length, layer.text),
			 errhint("Write hifp_pay, cvlserv_pay, hifes_pay, hifmi_pay, hifob_pay, hifdm_pay, maf_pay, oth_pay or outside.")));
}

Fund
FundOf(Word layer, const char *kind, Word scheme, Word region, DateADT day, Jsonb *routes)
{
	Word		words[4] = {layer, WordOf(kind), scheme, region};
	const Answer *answer;
	JsonbValue	route;

	if (routes != NULL && JB_ROOT_IS_OBJECT(routes) &&
		getKeyJsonValueFromContainer(&routes->root, layer.text, layer.length, &route) != NULL && route.type == jbvString)
		return RoutedFund((Word) {route.val.string.val, route.val.string.len}, layer, scheme, region, day);
	answer = Ask(ASK_FUND, words, day);
	return (Fund) {answer->word[0], answer->word[1], answer->word[2]};
}

static Datum
WordText(Word word)
{
	return word.text == NULL ? (Datum) 0 : PointerGetDatum(cstring_to_text_with_len(word.text, word.length));
}

PG_FUNCTION_INFO_V1(assistance_national_fund);
Datum
assistance_national_fund(PG_FUNCTION_ARGS)
{
	Fund		fund = {{NULL, 0}};
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3) && !PG_ARGISNULL(4))
		fund = FundOf(TextWord(PG_GETARG_DATUM(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)), TextWord(PG_GETARG_DATUM(2)),
					  TextWord(PG_GETARG_DATUM(3)), PG_GETARG_DATEADT(4), PG_ARGISNULL(5) ? NULL : PG_GETARG_JSONB_P(5));
	values[0] = WordText(fund.code);
	values[1] = WordText(fund.name);
	values[2] = WordText(fund.column);
	for (int i = 0; i < 3; i++)
		nulls[i] = values[i] == (Datum) 0;
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
