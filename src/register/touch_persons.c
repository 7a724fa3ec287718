/*
 * touch_persons.c — the trigger on what the register knows of persons and institutions: categories, enrolments, determinations,
 * agreements. It marks the accounts whose past may look different now, so that the queue finds them. Taking the lock that
 * settling takes, it also makes sure that a claim settled at the same time either sees the new row or is marked.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "register/job.h"
#include "register/plan.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

typedef struct Touched
{
	int			n;
	int			capacity;
	Datum	   *key;			/* person_id, or institution_id … */
	Datum	   *valid;			/* … and the days of its agreement */
	bool		institutions;
} Touched;

static const char *const person_columns[] = {"person_id"};
static const char *const institution_columns[] = {"institution_id", "valid"};

static void
ReadTouched(TupleTableSlot *slot, const int *columns, void *reader)
{
	Touched    *touched = reader;

	if (touched->n == touched->capacity)
	{
		touched->capacity = touched->capacity == 0 ? 16 : 2 * touched->capacity;
		touched->key = touched->key == NULL ? palloc(touched->capacity * sizeof(Datum)) :
			repalloc_huge(touched->key, touched->capacity * sizeof(Datum));
		touched->valid = touched->valid == NULL ? palloc(touched->capacity * sizeof(Datum)) :
			repalloc_huge(touched->valid, touched->capacity * sizeof(Datum));
	}
	touched->key[touched->n] = RequiredColumn(slot, columns[0]);
	if (touched->institutions)
	{
		touched->key[touched->n] = PointerGetDatum(PG_DETOAST_DATUM_COPY(touched->key[touched->n]));
		touched->valid[touched->n] = PointerGetDatum(PG_DETOAST_DATUM_COPY(RequiredColumn(slot, columns[1])));
	}
	touched->n++;
}

static int
CompareIds(const void *left, const void *right)
{
	int64		a = *(const int64 *) left;
	int64		b = *(const int64 *) right;

	return a < b ? -1 : a > b;
}

/* The persons of the rows, each once, in order */
static int64 *
PersonsOfRows(const Touched *touched, int *n)
{
	int64	   *person = palloc_extended(touched->n * sizeof(int64), MCXT_ALLOC_HUGE);

	for (int i = 0; i < touched->n; i++)
		person[i] = DatumGetInt64(touched->key[i]);
	qsort(person, touched->n, sizeof(int64), CompareIds);
	*n = 0;
	for (int i = 0; i < touched->n; i++)
		if (*n == 0 || person[*n - 1] != person[i])
			person[(*n)++] = person[i];
	return person;
}

/*
 * The persons who were treated in the institutions in the days of the agreements, and whose claims rest on these. The foreign key
 * of claim holds the row of an institution while a claim there is settled: locking it waits for these, and holds up new ones.
 * What has come in by then is read with the latest snapshot.
 */
static int64 *
PersonsTreated(const Touched *touched, int *n)
{
	Snapshot	latest;
	Datum		values[2];
	int64	   *person;
	bool		isnull;

	values[0] = PointerGetDatum(construct_array(touched->key, touched->n, TEXTOID, -1, false, TYPALIGN_INT));
	values[1] = PointerGetDatum(construct_array(touched->valid, touched->n, DATERANGEOID, -1, false, TYPALIGN_INT));
	RunPlan(PLAN_LOCK_INSTITUTIONS, values);
	latest = RegisterSnapshot(GetLatestSnapshot());
	RunPlanUnder(PLAN_TREATED, values, latest);
	UnregisterSnapshot(latest);
	*n = (int) SPI_processed;
	person = palloc_extended(Max(*n, 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	for (int i = 0; i < *n; i++)
		person[i] = DatumGetInt64(PlanColumn(SPI_tuptable, i, 1, &isnull));
	SPI_freetuptable(SPI_tuptable);
	return person;
}

/* Lock the accounts, then mark those that have settled something */
static void
MarkAccounts(const Touched *touched, const char *table)
{
	Datum		values[2];
	int			n;
	int64	   *person = touched->institutions ? PersonsTreated(touched, &n) : PersonsOfRows(touched, &n);

	if (n == 0)
		return;
	AddAccounts(person, n);
	pfree(LockAccounts(person, n));
	values[0] = Int8Array(person, n);
	values[1] = CStringGetTextDatum(table);
	RunPlan(PLAN_TOUCH, values);
}

PG_FUNCTION_INFO_V1(assistance_touch_persons);
Datum
assistance_touch_persons(PG_FUNCTION_ARGS)
{
	static const char *const tables[] = {"person_category", "enrolment", "determination", "referral", "institution_agreement"};
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Touched		touched = {0};
	const char *table = tables[0];
	ActingFor	before;

	if (CALLED_AS_TRIGGER(fcinfo))
		for (int i = 0; i < lengthof(tables); i++)
			if (strcmp(RelationGetRelationName(trigger->tg_relation), tables[i]) == 0)
				table = tables[i];
	trigger = RegisterTrigger(fcinfo, "touch_persons", table);
	touched.institutions = table == tables[lengthof(tables) - 1];
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	for (int old = 0; old < 2; old++)
	{
		Tuplestorestate *rows = old ? trigger->tg_oldtable : trigger->tg_newtable;

		if (rows != NULL)
			ReadRows(trigger->tg_relation, rows, touched.institutions ? institution_columns : person_columns,
					 touched.institutions ? 2 : 1, ReadTouched, &touched);
	}
	if (touched.n > 0)
	{
		before = ActAsOwner(trigger->tg_relation);
		MarkAccounts(&touched, table);
		ActAsBefore(&before);
	}
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
