/*
 * study.h — what a simulation is asked: its scenarios (the first is the baseline), the fact that holds the income, the budget.
 */
#ifndef ASSISTANCE_SIMULATE_STUDY_H
#define ASSISTANCE_SIMULATE_STUDY_H

#include "value/book.h"

#define MAX_SCENARIOS 64
#define MAX_SCENARIO_NAME 1000	/* bytes: shift_scenarios calls them by path and step */

typedef struct Scenario
{
	const char *name;
	const char *parameter;		/* NULL: not a shift of the baseline */
	const char *step;			/* its numeric as text; NULL likewise */
	const char *plain_step;		/* the same without zeros at its end */
	BookUse		use;
} Scenario;

typedef struct Study
{
	struct Study *next;			/* of the call site */
	MemoryContext memory;
	Datum		given;			/* a copy of the argument */
	bool		is_terms;		/* … which was one book */
	int			n_scenarios;
	Scenario   *scenarios;
	Code		income_fact;	/* text NULL: none */
	Size		budget;
} Study;

/* Read the argument; memory is that of the call site. */
extern Study *OpenStudy(MemoryContext memory, Datum value, bool is_terms);

/* Is the argument, byte by byte, that of the study? */
extern bool IsStudy(const Study *study, Datum value);

#endif
