/*
 * lint.h — the linter as the PostgreSQL side sees it, and how its findings are put in words.
 */
#ifndef ASSISTANCE_POLICY_LINT_H
#define ASSISTANCE_POLICY_LINT_H

#include "compat.h"
#include "core.h"
#include "lib/stringinfo.h"

#define Name CoreName
#define Page CorePage
#define Param CoreParam

#include "core/lint.h"

#undef Name
#undef Page
#undef Param

/* A finding as one sentence in Chinese and one in English */
extern void FindingSentences(const Finding *finding, StringInfo zh, StringInfo en);

/* A fault of the compiler likewise */
extern void FaultSentences(const Fault *fault, FindingKind kind, StringInfo zh, StringInfo en);

#endif
