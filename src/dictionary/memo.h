/*
 * memo.h — what the dictionaries have said to this session, so that a query over a million rows asks each question once. An
 * answer holds as long as the snapshot that it was read under, and for all days between two on which some code begins or ends.
 */
#ifndef ASSISTANCE_DICTIONARY_MEMO_H
#define ASSISTANCE_DICTIONARY_MEMO_H

#include "compat.h"
#include "utils/date.h"

typedef enum Question
{
	ASK_CODE,					/* look_up_code: dictionary, code, region */
	ASK_MEANING,				/* code_meaning, which raises MA501: dictionary, code, region */
	ASK_PERSON,					/* look_up_person_type: psn_type, region */
	ASK_FUND					/* look_up_fund: layer, kind, scheme, region */
} Question;

#define QUESTIONS 4
#define MAX_QUESTION_WORDS 4
#define MAX_ANSWER_WORDS 10

typedef struct Word
{
	const char *text;			/* NULL: null */
	int			length;
} Word;

typedef struct Answer
{
	bool		found;			/* a row came */
	int			n;
	Word		word[MAX_ANSWER_WORDS];
} Answer;

/* The answer, good until the next question. */
extern const Answer *Ask(Question question, const Word *words, DateADT day);

static inline Word
WordOf(const char *text)
{
	Word		word = {text, text == NULL ? 0 : (int) strlen(text)};

	return word;
}

static inline Word
TextWord(Datum value)
{
	text	   *t = DatumGetTextPP(value);
	Word		word = {VARDATA_ANY(t), (int) VARSIZE_ANY_EXHDR(t)};

	return word;
}

static inline bool
WordIs(Word word, const char *text)
{
	return word.text != NULL && word.length == (int) strlen(text) && memcmp(word.text, text, word.length) == 0;
}

#endif
