/*
 * simulate.c — the aggregate: its arguments, its state, its end. Bills arrive in any order and are kept by run until the end.
 */
#include "postgres.h"

#include "errors.h"
#include "optimizer/optimizer.h"
#include "simulate/bytes.h"
#include "simulate/simulate.h"
#include "utils/memutils.h"

#define ARG_PERSON 1
#define ARG_BILL 2
#define ARG_STUDY 3

/* what the transition function keeps for all groups; lives in fn_extra */
typedef struct SimulateCall
{
	MemoryContext memory;
	Profiles   *profiles;
	Study	   *studies;		/* those seen, the last one first */
	bool		constant;		/* the study is the same on all rows of a group */
	char		record[MAX_RECORD];
} SimulateCall;

/* one group */
typedef struct SimulateState
{
	SimulateCall *call;
	const Study *study;
	bool		text_persons;
	MemoryContext memory;
	Runs	   *runs;
} SimulateState;

/* Does the plan say that an argument cannot change from row to row? */
static bool
IsConstant(FunctionCallInfo fcinfo, int argument)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Node	   *expression;

	if (aggref == NULL || list_length(aggref->args) < argument)
		return false;
	expression = (Node *) lfirst_node(TargetEntry, list_nth_cell(aggref->args, argument - 1))->expr;
	return !contain_var_clause(expression) && !contain_volatile_functions(expression);
}

static SimulateCall *
GetCall(FunctionCallInfo fcinfo)
{
	SimulateCall *call = fcinfo->flinfo->fn_extra;

	if (likely(call != NULL))
		return call;
	call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(SimulateCall));
	call->memory = fcinfo->flinfo->fn_mcxt;
	call->profiles = NewProfiles(AllocSetContextCreate(call->memory, "assistance simulate profiles", ALLOCSET_DEFAULT_SIZES));
	call->constant = IsConstant(fcinfo, ARG_STUDY);
	fcinfo->flinfo->fn_extra = call;
	return call;
}

/* The study of a new group: one seen before, if it is the same */
static const Study *
StudyOf(SimulateCall *call, Datum value, bool is_terms)
{
	for (Study *study = call->studies; study != NULL; study = study->next)
		if (study->is_terms == is_terms && IsStudy(study, value))
			return study;
	{
		Study	   *study = OpenStudy(call->memory, value, is_terms);

		study->next = call->studies;
		call->studies = study;
		return study;
	}
}

/* The group is over: its file goes. Not called after an error, when the server removes the file. */
static void
CloseState(Datum argument)
{
	RunsClose(((SimulateState *) DatumGetPointer(argument))->runs);
}

static SimulateState *
NewState(FunctionCallInfo fcinfo, SimulateCall *call, bool is_terms, bool text_persons)
{
	MemoryContext memory;
	MemoryContext own;
	SimulateState *state;

	if (!AggCheckCallContext(fcinfo, &memory))
		elog(ERROR, "simulate called outside an aggregate");
	own = AllocSetContextCreate(memory, "assistance simulate", ALLOCSET_SMALL_SIZES);
	state = MemoryContextAllocZero(own, sizeof(SimulateState));
	state->call = call;
	state->study = StudyOf(call, PG_GETARG_DATUM(ARG_STUDY), is_terms);
	state->text_persons = text_persons;
	state->memory = own;
	state->runs = NewRuns(own, state->study->budget);
	AggRegisterCallback(fcinfo, CloseState, PointerGetDatum(state));
	return state;
}

static void
RefuseOtherStudy(bool is_terms)
{
	const char *name = is_terms ? "terms" : "study";

	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_STUDY),
			 errmsg("the %s of a simulation must be the same on every row", name),
			 errhint("Write it as a scalar subquery; for a simulation of each, GROUP BY what tells them apart.")));
}

/* The state, with the arguments of this row checked */
static SimulateState *
StateOf(FunctionCallInfo fcinfo, bool is_terms, bool text_persons)
{
	SimulateCall *call;
	SimulateState *state;

	if (PG_ARGISNULL(ARG_PERSON))
		RefuseNull("person");
	if (PG_ARGISNULL(ARG_BILL))
		RefuseNull("bill");
	if (PG_ARGISNULL(ARG_STUDY))
		RefuseNull(is_terms ? "terms" : "study");
	call = GetCall(fcinfo);
	if (PG_ARGISNULL(0))
		return NewState(fcinfo, call, is_terms, text_persons);
	state = (SimulateState *) PG_GETARG_POINTER(0);
	if (unlikely(!call->constant && !IsStudy(state->study, PG_GETARG_DATUM(ARG_STUDY))))
		RefuseOtherStudy(is_terms);
	return state;
}

/* A person by number */
static Datum
TransitionNumber(FunctionCallInfo fcinfo, bool is_terms)
{
	SimulateState *state = StateOf(fcinfo, is_terms, false);
	int64		person = PG_GETARG_INT64(ARG_PERSON);

	RecordAdd(state->call->profiles, state->runs, Mix((uint64) person), person, NULL, 0, PG_GETARG_DATUM(ARG_BILL),
			  state->call->record);
	PG_RETURN_POINTER(state);
}

/* A person by a text, told apart byte by byte */
static Datum
TransitionText(FunctionCallInfo fcinfo, bool is_terms)
{
	SimulateState *state = StateOf(fcinfo, is_terms, true);
	text	   *person = PG_GETARG_TEXT_PP(ARG_PERSON);
	const char *key = VARDATA_ANY(person);
	int			key_length = VARSIZE_ANY_EXHDR(person);
	int64		hash = (int64) HashBytes(0, key, key_length);

	if (key_length > MAX_PERSON_KEY)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_STUDY),
				 errmsg("the key of a person is too long"),
				 errdetail("Found %d bytes.", key_length),
				 errhint("Expected at most %d bytes.", MAX_PERSON_KEY)));
	RecordAdd(state->call->profiles, state->runs, Mix((uint64) hash), hash, key, key_length, PG_GETARG_DATUM(ARG_BILL),
			  state->call->record);
	if ((Pointer) person != DatumGetPointer(PG_GETARG_DATUM(ARG_PERSON)))
		pfree(person);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(assistance_simulate_number_terms);
Datum
assistance_simulate_number_terms(PG_FUNCTION_ARGS)
{
	return TransitionNumber(fcinfo, true);
}

PG_FUNCTION_INFO_V1(assistance_simulate_number_study);
Datum
assistance_simulate_number_study(PG_FUNCTION_ARGS)
{
	return TransitionNumber(fcinfo, false);
}

PG_FUNCTION_INFO_V1(assistance_simulate_text_terms);
Datum
assistance_simulate_text_terms(PG_FUNCTION_ARGS)
{
	return TransitionText(fcinfo, true);
}

PG_FUNCTION_INFO_V1(assistance_simulate_text_study);
Datum
assistance_simulate_text_study(PG_FUNCTION_ARGS)
{
	return TransitionText(fcinfo, false);
}

/* The folds of this call site */
static Folds *
GetFolds(FunctionCallInfo fcinfo)
{
	Folds	   *folds = fcinfo->flinfo->fn_extra;

	if (folds == NULL)
	{
		folds = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Folds));
		folds->memory = fcinfo->flinfo->fn_mcxt;
		fcinfo->flinfo->fn_extra = folds;
	}
	return folds;
}

/* All bills have come: replay them. The records go with the state's memory. */
PG_FUNCTION_INFO_V1(assistance_simulate_final);
Datum
assistance_simulate_final(PG_FUNCTION_ARGS)
{
	SimulateState *state;
	MemoryContext memory;
	Datum		result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (SimulateState *) PG_GETARG_POINTER(0);
	memory = AllocSetContextCreate(state->memory, "assistance simulate replay", ALLOCSET_DEFAULT_SIZES);
	result = SimulationGetDatum(RunReplay(memory, state->study, state->call->profiles, state->runs, GetFolds(fcinfo),
										  state->text_persons));
	MemoryContextDelete(memory);
	RunsForget(state->runs);
	RunsClose(state->runs);
	PG_RETURN_DATUM(result);
}
