/*
 * settle_claims.c — the trigger that settles claims in the statement that inserts them. New claims that come after the last one
 * settled go on with the account; what comes late, or withdraws a claim, settles the person again (settle_again.c).
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "register/claim_bill.h"
#include "register/job.h"
#include "register/kept_checks.h"
#include "register/plan.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "value/account.h"
#include "value/bill.h"

#define SLICE_CLAIMS 1000		/* persons are taken together until they have so many claims */

typedef struct NewClaim
{
	int64		person_id;
	int64		claim_id;
	Timestamp	ordered_at;
	int64		seq;
	int64		reverses;		/* 0: a bill or an event */
} NewClaim;

typedef struct NewClaims
{
	int			n;
	int			capacity;
	NewClaim   *claim;
	HeapTuple	row;			/* of the first … */
	TupleDesc	desc;			/* … and what it looks like */
	ArrayBuildState *institutions;	/* where they were treated; only kept where the snapshot is older than the statement */
} NewClaims;

/* one person's part of the new claims */
typedef struct PersonClaims
{
	int			first;
	int			n;
	const char *again;			/* why the person is settled again; NULL: the account goes on */
} PersonClaims;

enum
{
	COLUMN_PERSON,
	COLUMN_CLAIM,
	COLUMN_ORDERED_AT,
	COLUMN_SEQ,
	COLUMN_REVERSES,
	COLUMN_NOT_SETTLED,
	COLUMN_INSTITUTION
};

static const char *const column_names[] = {
	"person_id", "claim_id", "ordered_at", "seq", "reverses", "not_settled", "institution_id"
};

/* A claim that is not settled (不予结算) is recorded, and no more. */
static void
ReadClaim(TupleTableSlot *slot, const int *columns, void *reader)
{
	NewClaims  *claims = reader;
	NewClaim   *claim;
	bool		isnull;

	slot_getattr(slot, columns[COLUMN_NOT_SETTLED], &isnull);
	if (!isnull)
		return;
	if (claims->n == claims->capacity)
	{
		claims->capacity = claims->capacity == 0 ? 16 : 2 * claims->capacity;
		claims->claim = claims->claim == NULL ? palloc(claims->capacity * sizeof(NewClaim)) :
			repalloc_huge(claims->claim, claims->capacity * sizeof(NewClaim));
	}
	if (IsolationUsesXactSnapshot())
	{
		Datum		institution = slot_getattr(slot, columns[COLUMN_INSTITUTION], &isnull);

		if (!isnull)
			claims->institutions = accumArrayResult(claims->institutions, institution, false, TEXTOID, CurrentMemoryContext);
	}
	if (claims->n == 0)
		claims->row = ExecCopySlotHeapTuple(slot);
	claim = &claims->claim[claims->n++];
	claim->person_id = DatumGetInt64(RequiredColumn(slot, columns[COLUMN_PERSON]));
	claim->claim_id = DatumGetInt64(RequiredColumn(slot, columns[COLUMN_CLAIM]));
	claim->ordered_at = DatumGetTimestamp(RequiredColumn(slot, columns[COLUMN_ORDERED_AT]));
	claim->seq = DatumGetInt64(RequiredColumn(slot, columns[COLUMN_SEQ]));
	claim->reverses = DatumGetInt64(slot_getattr(slot, columns[COLUMN_REVERSES], &isnull));
	if (isnull)
		claim->reverses = 0;
}

/* By person, then by order key */
static int
CompareClaims(const void *left, const void *right)
{
	const NewClaim *a = left;
	const NewClaim *b = right;

	if (a->person_id != b->person_id)
		return a->person_id < b->person_id ? -1 : 1;
	if (a->ordered_at != b->ordered_at)
		return a->ordered_at < b->ordered_at ? -1 : 1;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return a->claim_id < b->claim_id ? -1 : a->claim_id > b->claim_id;
}

/* Is the claim at or before the last one settled? */
static bool
IsLate(const NewClaim *claim, const AccountRow *account)
{
	if (account->account == (Datum) 0)
		return false;
	return claim->ordered_at < account->last_ordered_at ||
		(claim->ordered_at == account->last_ordered_at && claim->seq <= account->last_seq);
}

/* Why a person must be settled again, if so */
static const char *
WhyAgain(const NewClaim *claim, int n, const AccountRow *account)
{
	for (int i = 0; i < n; i++)
		if (claim[i].reverses != 0)
			return psprintf("claim %lld is reversed", (long long) claim[i].reverses);
	return IsLate(claim, account) ? psprintf("claim %lld came late", (long long) claim->claim_id) : NULL;
}

/* ---- one slice: whole persons ---- */

/* The claims of those persons whose accounts go on, in order; how many */
static int
ClaimsThatGoOn(const NewClaim *claim, const PersonClaims *group, int n_groups, int64 *ids)
{
	int			n = 0;

	for (int g = 0; g < n_groups; g++)
		for (int i = 0; group[g].again == NULL && i < group[g].n; i++)
			ids[n++] = claim[group[g].first + i].claim_id;
	return n;
}

/* Their bills */
static Datum *
ReadBills(const NewClaims *claims, const PersonClaims *group, int n_groups)
{
	int			n_claims = group[n_groups - 1].first + group[n_groups - 1].n - group[0].first;
	int64	   *ids = palloc(n_claims * sizeof(int64));
	Datum	   *bill = palloc(n_claims * sizeof(Datum));
	int			n = ClaimsThatGoOn(claims->claim, group, n_groups, ids);
	Datum		array;

	if (claims->n == 1 && n == 1)
		bill[0] = BillOfClaim(claims->row, claims->desc);
	if (claims->n == 1 || n == 0)
		return bill;
	array = Int8Array(ids, n);
	RunPlan(PLAN_BILLS, &array);
	if (SPI_processed != (uint64) n)
		elog(ERROR, "%d claims were inserted, but " UINT64_FORMAT " are there to be settled", n, SPI_processed);
	for (int i = 0; i < n; i++)
	{
		bool		isnull;

		if (DatumGetInt64(PlanColumn(SPI_tuptable, i, 1, &isnull)) != ids[i])
			elog(ERROR, "bills are out of order");
		bill[i] = PlanColumn(SPI_tuptable, i, 2, &isnull);
	}
	return bill;
}

/* Fold a bill and post its settlement */
static Status
SettleBill(SettleJob *job, Datum bill, const NewClaim *claim)
{
	Basis		basis = {.person_id = claim->person_id, .claim_id = claim->claim_id, .bill = &job->bill};
	BookNeed	need = {.act = job->act};
	const Bill *made = BillOfDatum(bill, &job->bill);
	Status		status;

	if (made != &job->bill)
		job->bill = *made;
	BillDays(&job->bill, &need.first_day, &need.last_day);
	status = JobSettle(job, &need);
	if (status != ST_OK)
		return status;
	basis.book = job->book;
	basis.bill_json = BillJson(job->ledger, &job->bill);
	PostFirst(job->ledger, &basis, &job->split);
	return ST_OK;
}

/* Start from an account, or from nothing */
static void
StartFrom(SettleJob *job, const AccountRow *account)
{
	if (account->account == (Datum) 0)
		FoldPerson(job->fold);
	else
	{
		AccountFromTextDatum(account->account, &job->fold->account);
		FoldResume(job->fold);
	}
}

/* Settle one person's new claims on the account that the fold stands at */
static Status
SettleBills(SettleJob *job, const NewClaim *claim, int n, const Datum *bill)
{
	LedgerMark	mark = LedgerMarkNow(job->ledger);

	for (int i = 0; i < n; i++)
	{
		Status		status = SettleBill(job, bill[i], &claim[i]);

		if (status == ST_ACCOUNT_NO_HISTORY)
			LedgerTakeBack(job->ledger, &mark);
		if (status != ST_OK)
			return status;
	}
	return ST_OK;
}

/*
 * An account does not hold the bills that a rule may reach back to: where one does, they are restored. Where that does not help,
 * since they were folded under terms without a need for earlier bills, the person is settled again; so is one whose first claims
 * come together, the earlier of them under such terms.
 */
static void
GoOn(SettleJob *job, const NewClaim *claim, PersonClaims *group, const AccountRow *account, const Datum *bill)
{
	Status		status;

	StartFrom(job, account);
	status = SettleBills(job, claim, group->n, bill);
	if (status == ST_ACCOUNT_NO_HISTORY)
	{
		if (account->account != (Datum) 0 && RestoreBills(job, account))
			status = SettleBills(job, claim, group->n, bill);
		if (status == ST_ACCOUNT_NO_HISTORY)
		{
			group->again = "new terms need earlier bills";
			return;
		}
	}
	if (status != ST_OK)
		RefuseBill(&job->fault, &job->bill);
	PostAccount(job->ledger, claim->person_id, &job->fold->account, group->n, account->account == (Datum) 0, &job->act);
}

static void
SettleSlice(SettleJob *job, const NewClaims *claims, PersonClaims *group, int n_groups)
{
	int64	   *person = palloc(n_groups * sizeof(int64));
	AccountRow *account;
	Datum	   *bill;
	SPITupleTable *bills;

	for (int g = 0; g < n_groups; g++)
		person[g] = claims->claim[group[g].first].person_id;
	account = LockAccounts(person, n_groups);
	for (int g = 0; g < n_groups; g++)
		group[g].again = WhyAgain(&claims->claim[group[g].first], group[g].n, &account[g]);
	bill = ReadBills(claims, group, n_groups);
	bills = SPI_tuptable;
	for (int g = 0; g < n_groups; g++)
	{
		if (group[g].again != NULL)
			continue;
		GoOn(job, &claims->claim[group[g].first], &group[g], &account[g], bill);
		bill += group[g].n;
	}
	LedgerWrite(job->ledger);
	for (int g = 0; g < n_groups; g++)
		if (group[g].again != NULL)
			SettleAgain(job, person[g], group[g].again);
	LedgerWrite(job->ledger);
	SPI_freetuptable(bills);
}

/* ---- all new claims ---- */

/* What this snapshot knows of the institutions, as one text */
static char *
AgreementsUnder(Datum institutions, Snapshot snapshot)
{
	Snapshot	registered = RegisterSnapshot(snapshot);
	char	   *text;

	RunPlanUnder(PLAN_AGREEMENTS, &institutions, registered);
	text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	UnregisterSnapshot(registered);
	return text == NULL ? "" : text;
}

/*
 * What the transaction sees of the agreements must be what is there: whoever changes one looks for the claims that rest on it, and
 * may have looked already (touch_persons.c).
 */
static void
CheckAgreements(const NewClaims *claims)
{
	Datum		institutions;

	if (claims->institutions == NULL)
		return;
	institutions = makeArrayResult(claims->institutions, CurrentMemoryContext);
	if (strcmp(AgreementsUnder(institutions, GetTransactionSnapshot()), AgreementsUnder(institutions, GetLatestSnapshot())) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access: an agreement of the institution has changed"),
				 errhint("Run the transaction again.")));
}

/* Cut the sorted claims into persons */
static PersonClaims *
GroupClaims(const NewClaims *claims, int *n_groups)
{
	PersonClaims	   *group = palloc_extended(claims->n * sizeof(PersonClaims), MCXT_ALLOC_HUGE);
	int			n = 0;

	for (int i = 0; i < claims->n; i++)
	{
		if (i == 0 || claims->claim[i].person_id != claims->claim[i - 1].person_id)
			group[n++] = (PersonClaims) {.first = i};
		group[n - 1].n++;
	}
	*n_groups = n;
	return group;
}

/* Accounts that are missing are added before any is locked, in the order of locking: no two statements wait in a ring. */
static void
AddMissingAccounts(const NewClaims *claims, const PersonClaims *group, int n_groups)
{
	int64	   *person = palloc_extended(n_groups * sizeof(int64), MCXT_ALLOC_HUGE);

	for (int g = 0; g < n_groups; g++)
		person[g] = claims->claim[group[g].first].person_id;
	AddAccounts(person, n_groups);
	pfree(person);
}

static void
SettleAll(SettleJob *job, NewClaims *claims)
{
	int			n_groups;
	PersonClaims	   *group;
	MemoryContext memory = AllocSetContextCreate(job->memory, "assistance slice", ALLOCSET_DEFAULT_SIZES);

	qsort(claims->claim, claims->n, sizeof(NewClaim), CompareClaims);
	group = GroupClaims(claims, &n_groups);
	if (n_groups > 1)
		AddMissingAccounts(claims, group, n_groups);
	for (int first = 0; first < n_groups;)
	{
		MemoryContext old = MemoryContextSwitchTo(memory);
		int			n = 1;
		int			n_claims = group[first].n;

		while (first + n < n_groups && n_claims + group[first + n].n <= SLICE_CLAIMS)
			n_claims += group[first + n++].n;
		SettleSlice(job, claims, &group[first], n);
		first += n;
		MemoryContextSwitchTo(old);
		MemoryContextReset(memory);
	}
}

PG_FUNCTION_INFO_V1(assistance_settle_claims);
Datum
assistance_settle_claims(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = RegisterTrigger(fcinfo, "settle_claims", "claim");
	NewClaims	claims = {.desc = RelationGetDescr(trigger->tg_relation)};
	ActingFor	before;
	SettleJob  *job;

	if (trigger->tg_newtable == NULL || !TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		elog(ERROR, "settle_claims must be a trigger AFTER INSERT with a NEW TABLE");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	ReadRows(trigger->tg_relation, trigger->tg_newtable, column_names, lengthof(column_names), ReadClaim, &claims);
	if (claims.n > 0)
	{
		before = ActAsOwner(trigger->tg_relation);
		job = NewSettleJob();
		CheckAgreements(&claims);
		SettleAll(job, &claims);
		MemoryContextDelete(job->memory);
		ActAsBefore(&before);
	}
	KeepChecks(trigger->tg_relation);
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
