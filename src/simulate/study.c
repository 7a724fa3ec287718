/*
 * study.c — reading the last argument of simulate: terms, or a study with its scenarios.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "simulate/study.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"
#include "value/split.h"

#define STUDY_COLUMNS 3			/* scenarios, income_fact, budget */
#define SCENARIO_COLUMNS 4		/* name, terms, parameter, step */

static void
RefuseAltered(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_ALTERED),
			 errmsg("type assistance.%s has been altered", type),
			 errhint("Drop and create the extension, or undo ALTER TYPE assistance.%s.", type)));
}

static void
RefuseStudy(const char *found, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_STUDY),
			 errmsg("the study cannot be simulated"),
			 errdetail("Found %s.", found),
			 errhint("Expected %s.", expected)));
}

/* Is the column there, and of this type of the server's? */
static bool
IsColumn(TupleDesc desc, int index, Oid type)
{
	return !TupleDescAttr(desc, index)->attisdropped && TupleDescAttr(desc, index)->atttypid == type;
}

/* A member of a study as text, or NULL */
static const char *
TextMember(Datum value, bool isnull)
{
	return isnull ? NULL : TextDatumGetCString(value);
}

/* A scenario's name: given, of some length, and not one of those before it */
static const char *
ScenarioName(const Study *study, Datum value, bool isnull)
{
	const char *name = TextMember(value, isnull);

	if (name == NULL || name[0] == '\0')
		RefuseStudy("a scenario without a name", "a name for every scenario");
	if (strlen(name) > MAX_SCENARIO_NAME)
		RefuseStudy(psprintf("a name of %zu bytes", strlen(name)), "names of at most 1000 bytes");
	for (int i = 0; i < study->n_scenarios; i++)
		if (strcmp(study->scenarios[i].name, name) == 0)
			RefuseStudy(psprintf("two scenarios named \"%s\"", name), "different names");
	return name;
}

/* Add one scenario; its book is open as long as the study */
static void
AddScenario(Study *study, const char *name, Datum terms)
{
	Scenario   *scenario = &study->scenarios[study->n_scenarios++];

	scenario->name = name;
	OpenBook(&scenario->use, study->memory, terms);
}

/* The parameter that a scenario shifts, and by how much: differences are against the first, which therefore shifts none */
static void
ReadShift(const Study *study, Scenario *scenario, const char *parameter, Datum step, bool no_step)
{
	if ((parameter == NULL) != no_step)
		RefuseStudy(psprintf("scenario \"%s\" with only one of parameter and step", scenario->name), "both or neither");
	if (no_step)
		return;
	if (scenario == study->scenarios)
		RefuseStudy(psprintf("a first scenario, \"%s\", that shifts a parameter", scenario->name), "the baseline first: "
					"assistance.make_study(assistance.make_scenario('in force', terms) || assistance.shift_scenarios(terms, path, step))");
	scenario->parameter = parameter;
	scenario->step = DatumGetCString(DirectFunctionCall1(numeric_out, step));
	scenario->plain_step = numeric_normalize(DatumGetNumeric(step));
	for (const Scenario *other = study->scenarios; other < scenario; other++)
		if (other->parameter != NULL && strcmp(other->parameter, parameter) == 0 && strcmp(other->plain_step, scenario->plain_step) == 0)
			RefuseStudy(psprintf("\"%s\" and \"%s\", which shift %s by %s", other->name, scenario->name, parameter, scenario->plain_step),
						"each step of a parameter once");
}

/* One element of the array of scenarios */
static void
ReadScenario(Study *study, Datum value)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};
	Datum		values[SCENARIO_COLUMNS];
	bool		nulls[SCENARIO_COLUMNS];
	Scenario   *scenario = &study->scenarios[study->n_scenarios];

	if (desc->natts != SCENARIO_COLUMNS || !IsColumn(desc, 0, TEXTOID) || !IsColumnOf(desc, 1, "assistance.terms") ||
		!IsColumn(desc, 2, TEXTOID) || !IsColumn(desc, 3, NUMERICOID))
		RefuseAltered("scenario");
	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	if (nulls[1])
		RefuseNull("terms");
	AddScenario(study, ScenarioName(study, values[0], nulls[0]), values[1]);
	ReadShift(study, scenario, TextMember(values[2], nulls[2]), values[3], nulls[3]);
}

static void
ReadScenarios(Study *study, Datum value)
{
	ArrayType  *array = DatumGetArrayTypeP(value);
	int16		length;
	bool		by_value;
	char		align;
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &elements, &nulls, &n);
	if (n < 1 || n > MAX_SCENARIOS)
		RefuseStudy(psprintf("%d scenarios", n), "1 to 64 scenarios, the baseline first");
	study->scenarios = palloc0(n * sizeof(Scenario));
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			RefuseStudy("a null scenario", "scenarios made by assistance.make_scenario");
		ReadScenario(study, elements[i]);
	}
}

/* The fact that holds the income */
static void
ReadIncomeFact(Study *study, Datum value, bool isnull)
{
	const char *name = TextMember(value, isnull);

	if (name == NULL)
		return;
	if (strlen(name) > MAX_CODE)
		RefuseStudy(psprintf("an income_fact of %zu bytes", strlen(name)), "the name of a fact, at most 31 bytes");
	study->income_fact.text = name;
	study->income_fact.length = (uint8) strlen(name);
}

static void
ReadStudy(Study *study)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(study->given);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};
	Datum		values[STUDY_COLUMNS];
	bool		nulls[STUDY_COLUMNS];

	if (desc->natts != STUDY_COLUMNS || !IsColumnOf(desc, 0, "assistance.scenario[]") ||
		!IsColumn(desc, 1, TEXTOID) || !IsColumn(desc, 2, INT8OID))
		RefuseAltered("study");
	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	if (nulls[0])
		RefuseNull("scenarios");
	ReadScenarios(study, values[0]);
	ReadIncomeFact(study, values[1], nulls[1]);
	if (!nulls[2])
	{
		if (DatumGetInt64(values[2]) <= 0)
			RefuseStudy("a budget of no bytes", "a number of bytes above 0, or null for work_mem");
		study->budget = (Size) DatumGetInt64(values[2]);
	}
}

Study *
OpenStudy(MemoryContext memory, Datum value, bool is_terms)
{
	MemoryContext own = AllocSetContextCreate(memory, "assistance study", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	Study	   *study = palloc0(sizeof(Study));

	study->memory = own;
	study->is_terms = is_terms;
	study->budget = (Size) work_mem * 1024;
	study->given = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
	if (is_terms)
	{
		study->scenarios = palloc0(sizeof(Scenario));
		AddScenario(study, "baseline", study->given);
	}
	else
		ReadStudy(study);
	MemoryContextSwitchTo(old);
	return study;
}

bool
IsStudy(const Study *study, Datum value)
{
	struct varlena *mine = (struct varlena *) DatumGetPointer(study->given);
	struct varlena *other = PG_DETOAST_DATUM(value);
	bool		equal = VARSIZE(mine) == VARSIZE(other) && memcmp(mine, other, VARSIZE(mine)) == 0;

	if ((Pointer) other != DatumGetPointer(value))
		pfree(other);
	return equal;
}
