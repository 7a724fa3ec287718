/*
 * explain.h — one step of the trace in words.
 */
#ifndef ASSISTANCE_EXPLAIN_H
#define ASSISTANCE_EXPLAIN_H

#include "compat.h"
#include "core.h"
#include "lib/stringinfo.h"

/* What a step is about: bucket, modifier, cap or ceiling by name; empty when it is about none. */
extern Code StepName(const CorePage *page, const Step *step);

/* The modifier of a STEP_MODIFIER. */
extern const Modifier *StepModifier(const CorePage *page, const Step *step);

/* The rule of a step, NULL when it has none. */
extern const Rule *StepRule(const CorePage *page, const Step *step);

/* A sentence in Chinese and one in English, amounts in yuan. */
extern void StepSentences(const CorePage *page, const Step *step, StringInfo zh, StringInfo en);

#endif
