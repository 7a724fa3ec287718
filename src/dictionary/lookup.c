/*
 * lookup.c — find_code, code_meaning and local_person_type: questions to the dictionaries, each asked once a snapshot. How they are
 * answered stands in lookup.sql and read.sql; national_fund is in funds.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "dictionary/memo.h"
#include "utils/builtins.h"

/* Words from the first arguments, which are not null; the day behind them */
static const Answer *
AskArguments(FunctionCallInfo fcinfo, Question question, int n)
{
	Word		words[MAX_QUESTION_WORDS];

	for (int i = 0; i < n; i++)
		words[i] = TextWord(PG_GETARG_DATUM(i));
	return Ask(question, words, PG_GETARG_DATEADT(n));
}

/* A row of texts, as the function's row type has them */
static Datum
FormAnswer(FunctionCallInfo fcinfo, const Answer *answer)
{
	Datum		values[MAX_ANSWER_WORDS];
	bool		nulls[MAX_ANSWER_WORDS];
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != answer->n)
		elog(ERROR, "the answer does not fit the row type");
	for (int i = 0; i < answer->n; i++)
	{
		nulls[i] = answer->word[i].text == NULL;
		values[i] = nulls[i] ? (Datum) 0 : PointerGetDatum(cstring_to_text_with_len(answer->word[i].text, answer->word[i].length));
	}
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

PG_FUNCTION_INFO_V1(assistance_find_code);
Datum
assistance_find_code(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const Answer *answer = AskArguments(fcinfo, ASK_CODE, 3);

	if (rsinfo == NULL || !IsA(rsinfo, ReturnSetInfo))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("set-valued function called in context that cannot accept a set")));
	rsinfo->isDone = answer->found ? ExprSingleResult : ExprEndResult;
	if (!answer->found)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(FormAnswer(fcinfo, answer));
}

PG_FUNCTION_INFO_V1(assistance_code_meaning);
Datum
assistance_code_meaning(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(FormAnswer(fcinfo, AskArguments(fcinfo, ASK_MEANING, 3)));
}

PG_FUNCTION_INFO_V1(assistance_local_person_type);
Datum
assistance_local_person_type(PG_FUNCTION_ARGS)
{
	const Answer *answer = AskArguments(fcinfo, ASK_PERSON, 2);

	if (answer->word[0].text == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(answer->word[0].text, answer->word[0].length));
}
