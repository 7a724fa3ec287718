/*
 * restore_bills.c — the bills that an account does not hold. Terms that reach back need the earlier bills of a person as the fold
 * left them. An account would grow with every bill if it held them, and hardly any bill reaches back; so they are folded once
 * more when one does, each as it was settled and under the policies that were known then. Nothing is looked up anew.
 */
#include "postgres.h"

#include "register/job.h"
#include "register/plan.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "value/account.h"
#include "value/bill.h"
#include "value/make_bill.h"

/* The bills in the second column, which is json, as values of their type */
static Datum *
ReadSettledBills(SPITupleTable *table, int n)
{
	Datum	   *bill = palloc(n * sizeof(Datum));

	for (int i = 0; i < n; i++)
	{
		bool		isnull;
		text	   *json = DatumGetTextPP(PlanColumn(table, i, 2, &isnull));

		bill[i] = BillFromText(VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json), NULL);
	}
	return bill;
}

/* Fold what the claims rest on, each under the policies of its time */
static bool
FoldSettledBills(SettleJob *job, SPITupleTable *table, int n)
{
	Datum	   *bill = ReadSettledBills(table, n);
	BookNeed	need = {.all_schemes = true};

	NeedYearsOf(job, bill, n, &need);
	FoldPerson(job->fold);
	for (int i = 0; i < n; i++)
	{
		bool		isnull;
		TimestampTz at = DatumGetTimestampTz(PlanColumn(table, i, 3, &isnull));

		need.act = at == job->act.at ? job->act : (PolicyAct) {0, at};
		DatumGetBill(bill[i], &job->bill);
		if (JobSettle(job, &need) != ST_OK)
			return false;
	}
	return true;
}

bool
RestoreBills(SettleJob *job, const AccountRow *account)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance restored bills", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Datum		values[4];
	SPITupleTable *table;
	text	   *stored;
	text	   *folded;
	bool		same;

	AccountFromTextDatum(account->account, &job->fold->account);
	stored = DatumGetTextPP(AccountGetTextDatum(&job->fold->account, ACCOUNT_COUNTERS));
	values[0] = Int64GetDatum(account->person_id);
	values[1] = TimestampGetDatum(account->last_ordered_at);
	values[2] = Int64GetDatum(account->last_seq);
	values[3] = TimestampTzGetDatum(job->act.at);
	RunPlan(PLAN_SETTLED_BILLS, values);
	table = SPI_tuptable;
	same = FoldSettledBills(job, table, (int) SPI_processed);
	if (same)
	{
		folded = DatumGetTextPP(AccountGetTextDatum(&job->fold->account, ACCOUNT_COUNTERS));
		same = VARSIZE(stored) == VARSIZE(folded) && memcmp(stored, folded, VARSIZE(stored)) == 0;
	}
	SPI_freetuptable(table);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	return same;
}
