/*
 * trace.c — the next step of the trace.
 */
#include <string.h>

#include "fold.h"

/* A cleared step; when the trace is full, one that is not kept */
Step *
AddStep(Run *run, StepKind kind, uint8_t layer, uint8_t rule)
{
	Trace	   *trace = run->trace;
	Step	   *step;

	trace->truncated = trace->n_steps == MAX_STEPS;
	step = trace->truncated ? &trace->spill : &trace->steps[trace->n_steps++];
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	step->layer = layer;
	step->rule = rule;
	step->without_penalty = run->without_penalty;
	return step;
}
