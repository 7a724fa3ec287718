/*
 * claim_key.c — the trigger that keeps the unique keys of a partitioned table of claims. No index of such a table can say that a
 * request key, a reversed claim, an order key or a number of a claim comes once in all partitions; those of the plain table
 * assistance_register.claim_key do. A register that is not partitioned has neither the table nor the trigger.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "register/claim_key.h"
#include "register/job.h"
#include "register/plan.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

static Datum
ClaimColumn(HeapTuple claim, TupleDesc desc, const char *name, bool *isnull)
{
	int			column = SPI_fnumber(desc, name);

	if (column <= 0)
		elog(ERROR, "a claim has no column %s", name);
	return SPI_getbinval(claim, desc, column, isnull);
}

/* The order key is taken by claims that count at first: no reversal, none that is not settled. */
static void
AddKey(HeapTuple claim, TupleDesc desc)
{
	static const char *const columns[] = {"claim_id", "person_id", "request_key", "reverses", "ordered_at", "seq"};
	Datum		values[lengthof(columns)];
	char		nulls[lengthof(columns) + 1] = {0};
	bool		isnull;
	bool		counts;

	for (int i = 0; i < lengthof(columns); i++)
	{
		values[i] = ClaimColumn(claim, desc, columns[i], &isnull);
		nulls[i] = isnull ? 'n' : ' ';
	}
	(void) ClaimColumn(claim, desc, "not_settled", &isnull);
	counts = isnull && nulls[3] == 'n';
	if (!counts)
		nulls[4] = nulls[5] = 'n';
	RunPlanWithNulls(PLAN_ADD_KEY, values, nulls);
}

static void
RemoveKey(HeapTuple claim, TupleDesc desc)
{
	bool		isnull;
	Datum		claim_id = ClaimColumn(claim, desc, "claim_id", &isnull);

	RunPlan(PLAN_REMOVE_KEY, &claim_id);
}

void
CheckClaimsAreHere(int64 person_id)
{
	Oid			schema = get_namespace_oid("assistance_register", true);
	Datum		person = Int64GetDatum(person_id);
	Datum		claim;
	bool		isnull;

	if (!OidIsValid(get_relname_relid("claim_key", schema)))
		return;
	RunPlan(PLAN_CLAIM_AWAY, &person);
	claim = PlanColumn(SPI_tuptable, 0, 1, &isnull);
	if (!isnull)
		ereport(ERROR,
				(errcode(ERRCODE_ASSISTANCE_CLAIMS_AWAY),
				 errmsg("claims of person %lld are away", (long long) person_id),
				 errdetail("Claim %lld, for one, is in no partition of the register.", (long long) DatumGetInt64(claim)),
				 errhint("Attach the partition of its year again, then settle. New claims after the last one go on meanwhile.")));
	SPI_freetuptable(SPI_tuptable);
}

/* AFTER INSERT OR UPDATE OR DELETE FOR EACH ROW: the server clones it to every partition, also to one made later. */
PG_FUNCTION_INFO_V1(assistance_keep_claim_key);
Datum
assistance_keep_claim_key(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = RegisterRowTrigger(fcinfo, "keep_claim_key", "claim");
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);
	bool		inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	ActingFor	before;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	before = ActAsOwner(trigger->tg_relation);
	if (!inserted)
		RemoveKey(trigger->tg_trigtuple, desc);
	if (!TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		AddKey(inserted ? trigger->tg_trigtuple : trigger->tg_newtuple, desc);
	ActAsBefore(&before);
	SPI_finish();
	return PointerGetDatum(NULL);
}
