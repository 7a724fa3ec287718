/*
 * fold_helpers.h — what the tests of the fold share: a small book from a few lines of JSON, and one person whose bills
 * are settled under it. In the texts ' stands for ", amounts are in yuan as in any document; expected amounts are fen.
 *
 * Every bill is settled twice, on a fold without a trace and on one that was resumed from the account's JSON form and
 * writes a trace. Whatever the test is about, both must agree, the bill must add up, and no amount may be negative.
 */
#ifndef ASSISTANCE_FOLD_HELPERS_H
#define ASSISTANCE_FOLD_HELPERS_H

#include "check.h"
#include "settle.h"

extern Fold person;				/* the fold without a trace */
extern Split split;				/* of the last bill */
extern Trace trace;
extern Fault fault;
extern PlanHint *hint;			/* of the bills that follow; NULL: none */
extern char broken[256];		/* what did not hold on the last bill; empty: all did */

/*
 * A book; a page of region R and scheme S from 2000-01-01 with a source, codes and these members; one layer "a" on copay with
 * one rule
 */
extern Status OpenBook(const char *json);
extern Status OpenPage(const char *members);
extern Status OpenRule(const char *members);

/* Bills that follow are ordered at this day; the numbers go on by themselves. OpenBook starts with 2025-01-01. */
extern void OnDay(const char *day);

/* Another person, whose bills begin again with 2025-01-01 and number 1 */
extern void NewPerson(void);

/* Settle one more bill; its total is the sum of its columns unless stated. A refused bill leaves the person as it was. */
extern Status Settle(const char *members);

extern const Line *LineOf(const char *layer);
extern int64_t LeftIn(const char *bucket);
extern int64_t HundredthsOf(const char *text, const char *key);

/* Steps of the last trace of one kind: how many, and the n-th (from 0; NULL: none) */
extern int	CountSteps(StepKind kind);
extern const Step *StepOf(StepKind kind, int n);

/* The account of the person in its JSON form, zero-terminated; and the other way round: go on from it */
extern const char *AccountText(void);
extern Status ResumeFrom(const char *json);

static inline void
CheckStatus(Status actual, Status expected, const char *file, int line, const char *what)
{
	CheckIntegers(actual, expected, file, line, what);
	if (actual != expected && actual != ST_OK)
		printf("\tat %s: found %s; expected %s\n", fault.path, fault.found, fault.expected);
}

static inline void
CheckSettled(const char *members, const char *file, int line)
{
	CheckStatus(Settle(members), ST_OK, file, line, members);
	CheckTexts(broken, "", file, line, members);
}

static inline void
CheckRefused(const char *members, Status expected, const char *path, const char *file, int line)
{
	CheckStatus(Settle(members), expected, file, line, members);
	CheckTexts(fault.path, path, file, line, members);
}

#define PAGE(members) CheckStatus(OpenPage(members), ST_OK, __FILE__, __LINE__, "the page compiles")
#define RULE(members) CheckStatus(OpenRule(members), ST_OK, __FILE__, __LINE__, "the page compiles")
#define BOOK(json) CheckStatus(OpenBook(json), ST_OK, __FILE__, __LINE__, "the book compiles")
#define BILL(members) CheckSettled(members, __FILE__, __LINE__)
#define REFUSED(members, status, path) CheckRefused(members, status, path, __FILE__, __LINE__)

#define PAID(layer, fen) CHECK_INT(LineOf(layer)->paid_fen, fen)
#define DUE(layer, fen) CHECK_INT(LineOf(layer)->due_fen, fen)
#define DEDUCTIBLE(layer, amount) CHECK_INT(LineOf(layer)->deductible.fen, amount)
#define ADJUSTED(layer, fen) CHECK_INT(LineOf(layer)->adjustment_fen, fen)
#define RECOVERABLE(layer, fen) CHECK_INT(LineOf(layer)->recoverable_fen, fen)
#define STATE(layer, what) CHECK_INT(LineOf(layer)->state, what)
#define FITTED(layer, index) CHECK_INT(LineOf(layer)->rule, index)
#define LEFT(bucket, fen) CHECK_INT(LeftIn(bucket), fen)

#endif
