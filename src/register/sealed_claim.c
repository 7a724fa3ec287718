/*
 * sealed_claim.c — is a claim sealed already? The trigger of the lines of charges asks, for whoever adds some: also for who may not
 * read seals, and with a snapshot from before the seal. What a seal is, and who makes it, is in chain.sql.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "register/job.h"
#include "register/plan.h"
#include "utils/snapmgr.h"

/* As the owner of the seals, with the latest snapshot, since rights and snapshot of the writer do not matter */
static Datum
FirstSealed(Datum *persons_and_claims, bool *isnull)
{
	Relation	seal = table_openrv(makeRangeVar("assistance_register", "seal", -1), AccessShareLock);
	Snapshot	latest = RegisterSnapshot(GetLatestSnapshot());
	ActingFor	before = ActAsOwner(seal);
	Datum		first;

	RunPlanUnder(PLAN_SEALED, persons_and_claims, latest);
	ActAsBefore(&before);
	UnregisterSnapshot(latest);
	table_close(seal, AccessShareLock);
	first = PlanColumn(SPI_tuptable, 0, 1, isnull);
	return first;
}

/* sealed_claim(claims bigint[]) RETURNS bigint: of those that the caller may read, so that nobody learns of others */
PG_FUNCTION_INFO_V1(assistance_sealed_claim);
Datum
assistance_sealed_claim(PG_FUNCTION_ARGS)
{
	Datum		claims = PG_GETARG_DATUM(0);
	Datum		found[2];
	Datum		first = 0;
	bool		isnull;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	RunPlan(PLAN_PERSONS_OF_CLAIMS, &claims);
	found[0] = PlanColumn(SPI_tuptable, 0, 1, &isnull);
	found[1] = PlanColumn(SPI_tuptable, 0, 2, &isnull);
	if (!isnull)
		first = FirstSealed(found, &isnull);
	SPI_finish();
	if (isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(first);
}
