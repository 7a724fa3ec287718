/*
 * trace.c — the next step of the trace.
 */
#include <string.h>

#include "fold.h"

/* A cleared step, or NULL when the trace is full */
Step *
AddStep(Run *run, StepKind kind, uint8_t layer, uint8_t rule)
{
	Trace	   *trace = run->trace;
	Step	   *step;

	if (trace->n_steps == MAX_STEPS)
	{
		trace->truncated = true;
		return NULL;
	}
	step = &trace->steps[trace->n_steps++];
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	step->layer = layer;
	step->rule = rule;
	step->without_penalty = run->without_penalty;
	return step;
}
