/*
 * settle_again.c — a person settled again from nothing: all claims that count are folded in order with what is known now, and
 * what differs from the net of what was posted is posted. Nothing else changes the past.
 */
#include "postgres.h"

#include "errors.h"
#include "fen.h"
#include "register/claim_key.h"
#include "register/job.h"
#include "register/plan.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "value/account.h"
#include "value/bill.h"

#define PERSONS_READ 32			/* persons whose past is read by the same statements */

/* what is stored of a person, by claim */
typedef struct Nets
{
	int			n;
	const Net  *net;			/* ordered by claim */
} Nets;

/* the rows of a statement about several persons, in order of these; a person's are the next ones */
typedef struct PersonRows
{
	SPITupleTable *table;
	int			n;
	int			next;
} PersonRows;

/* what is known of several persons */
typedef struct Past
{
	int			n_nets;
	Net		   *net;			/* ordered by person and claim */
	int			next_net;
	PersonRows	reversals;
	PersonRows	bills;
} Past;

/* ---- what is stored ---- */

/* Run the statement for one person, or the other one for several */
static PersonRows
AskFor(RegisterPlan of_one, RegisterPlan of_many, const int64 *person, int n)
{
	Datum		persons = n == 1 ? Int64GetDatum(person[0]) : Int8Array(person, n);

	RunPlan(n == 1 ? of_one : of_many, &persons);
	return (PersonRows) {.table = SPI_tuptable, .n = (int) SPI_processed};
}

/* How many of the rows to come are of this person */
static int
RowsOfPerson(const PersonRows *rows, int64 person_id)
{
	int			n = 0;
	bool		isnull;

	while (rows->next + n < rows->n && DatumGetInt64(PlanColumn(rows->table, rows->next + n, 1, &isnull)) == person_id)
		n++;
	return n;
}

static int64
FenColumn(SPITupleTable *table, uint64 row, int column)
{
	bool		isnull;

	return NumericArgumentToFen(PlanColumn(table, row, column, &isnull), "amount");
}

/* The payments of all claims of the persons, ordered by person and claim */
static NetPayment *
ReadNetPayments(const int64 *person, int n_persons, int *n)
{
	PersonRows	rows = AskFor(PLAN_NET_PAYMENTS, PLAN_NET_PAYMENTS_OF_MANY, person, n_persons);
	NetPayment *payment = palloc_extended(Max(rows.n, 1) * sizeof(NetPayment), MCXT_ALLOC_HUGE);
	bool		isnull;

	for (int i = 0; i < rows.n; i++)
	{
		payment[i].person_id = DatumGetInt64(PlanColumn(rows.table, i, 1, &isnull));
		payment[i].claim_id = DatumGetInt64(PlanColumn(rows.table, i, 2, &isnull));
		payment[i].layer = TextDatumGetCString(PlanColumn(rows.table, i, 3, &isnull));
		payment[i].kind = TextDatumGetCString(PlanColumn(rows.table, i, 4, &isnull));
		payment[i].entry = TextDatumGetCString(PlanColumn(rows.table, i, 5, &isnull));
		payment[i].fen = FenColumn(rows.table, i, 6);
		payment[i].place = DatumGetInt16(PlanColumn(rows.table, i, 7, &isnull));
	}
	SPI_freetuptable(rows.table);
	*n = rows.n;
	return payment;
}

/* The payments of one claim: the next ones */
static int
TakePayments(Net *net, const NetPayment *payment, int n, int next)
{
	int			first = next;

	while (next < n && payment[next].person_id == net->person_id && payment[next].claim_id == net->claim_id)
		next++;
	net->payments = payment + first;
	net->n_payments = next - first;
	return next;
}

/* The net of one claim from its row */
static void
ReadNet(SPITupleTable *table, int row, Net *net)
{
	Datum		bill;
	bool		isnull;

	net->person_id = DatumGetInt64(PlanColumn(table, row, 1, &isnull));
	net->claim_id = DatumGetInt64(PlanColumn(table, row, 2, &isnull));
	net->revision = DatumGetInt32(PlanColumn(table, row, 3, &isnull));
	for (int amount = 0; amount < SPLIT_AMOUNTS; amount++)
		net->amount_fen[amount] = FenColumn(table, row, 4 + amount);
	bill = PlanColumn(table, row, 4 + SPLIT_AMOUNTS, &isnull);
	net->bill = isnull ? NULL : (const text *) PG_DETOAST_DATUM_COPY(bill);
}

static void
RefusePayment(const NetPayment *payment)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_DAMAGED_REGISTER),
			 errmsg("the register has payments without a settlement"),
			 errdetail("Person %lld, claim %lld.", (long long) payment->person_id, (long long) payment->claim_id),
			 errhint("SELECT * FROM assistance.verify(%lld) lists what does not fit.", (long long) payment->person_id)));
}

static void
ReadNets(const int64 *person, int n_persons, Past *past)
{
	int			n_payments;
	NetPayment *payment = ReadNetPayments(person, n_persons, &n_payments);
	PersonRows	rows = AskFor(PLAN_NETS, PLAN_NETS_OF_MANY, person, n_persons);
	int			next = 0;

	past->n_nets = rows.n;
	past->net = palloc_extended(Max(rows.n, 1) * sizeof(Net), MCXT_ALLOC_HUGE);
	for (int i = 0; i < rows.n; i++)
	{
		ReadNet(rows.table, i, &past->net[i]);
		next = TakePayments(&past->net[i], payment, n_payments, next);
	}
	SPI_freetuptable(rows.table);
	if (next != n_payments)
		RefusePayment(&payment[next]);
}

/* What is known of persons, who are given in order */
static Past
ReadPast(const int64 *person, int n)
{
	Past		past = {0};

	for (int i = 0; i < n; i++)
		CheckClaimsAreHere(person[i]);
	ReadNets(person, n, &past);
	past.reversals = AskFor(PLAN_REVERSALS, PLAN_REVERSALS_OF_MANY, person, n);
	past.bills = AskFor(PLAN_LIVE_BILLS, PLAN_LIVE_BILLS_OF_MANY, person, n);
	return past;
}

/* What is stored of the next person */
static Nets
TakeNets(Past *past, int64 person_id)
{
	Nets		nets = {.net = past->net + past->next_net};

	while (past->next_net < past->n_nets && past->net[past->next_net].person_id == person_id)
	{
		past->next_net++;
		nets.n++;
	}
	return nets;
}

static const Net *
FindNet(const Nets *nets, int64 claim_id)
{
	int			low = 0;
	int			high = nets->n;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (nets->net[middle].claim_id == claim_id)
			return &nets->net[middle];
		if (nets->net[middle].claim_id < claim_id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- reversals ---- */

static void
RefuseReversal(int64 claim_id, int64 reverses)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_REVERSAL),
			 errmsg("claim %lld cannot be reversed", (long long) reverses),
			 errdetail("Claim %lld would have to be of the same person, order key and total, and of a settled claim that is no reversal.",
					   (long long) claim_id),
			 errhint("Use assistance.reverse_claim(claim_id, request_key, reason).")));
}

/* Post the reversals of a person that are not posted yet: the negated net of what they reverse */
static void
PostReversals(SettleJob *job, int64 person_id, PersonRows *rows, const Nets *nets)
{
	int			end = rows->next + RowsOfPerson(rows, person_id);
	bool		isnull;

	for (; rows->next < end; rows->next++)
	{
		int64		claim_id = DatumGetInt64(PlanColumn(rows->table, rows->next, 2, &isnull));
		int64		reverses = DatumGetInt64(PlanColumn(rows->table, rows->next, 3, &isnull));
		char	   *reason = TextDatumGetCString(PlanColumn(rows->table, rows->next, 4, &isnull));
		const Net  *net = FindNet(nets, reverses);

		if (!DatumGetBool(PlanColumn(rows->table, rows->next, 5, &isnull)) || net == NULL)
			RefuseReversal(claim_id, reverses);
		PostReversal(job->ledger, person_id, claim_id, net, reason);
	}
}

/* ---- given amounts that no longer fit ---- */

/* Fold the bill of the job from the account before it */
static Status
TryAgain(SettleJob *job, Datum before, const BookNeed *need)
{
	if (before == (Datum) 0)
		FoldPerson(job->fold);
	else
	{
		AccountFromTextDatum(before, &job->fold->account);
		FoldResume(job->fold);
	}
	return JobSettle(job, need);
}

/* The largest amount up to the one given that the bill can carry, as long as later layers are given nothing */
static void
LimitGiven(SettleJob *job, Given *given, int64 wanted, Datum before, const BookNeed *need)
{
	int64		low = 0;
	int64		high = wanted;

	while (low < high)
	{
		int64		middle = low + (high - low + 1) / 2;

		given->amount_fen = middle;
		if (TryAgain(job, before, need) == ST_OK)
			low = middle;
		else
			high = middle - 1;
	}
	given->amount_fen = low;
}

/*
 * A given amount that fitted when the bill was settled first may be more than what is left now. It is cut to what is left, in the
 * order of the chain; so the rest becomes recoverable like any amount that falls.
 */
static Status
SettleWithLess(SettleJob *job, Datum before, const BookNeed *need)
{
	int64		wanted[MAX_GIVEN];
	Bill	   *bill = &job->bill;
	Status		status;

	for (int i = 0; i < bill->n_given; i++)
	{
		wanted[i] = bill->given[i].amount_fen;
		bill->given[i].amount_fen = 0;
	}
	status = TryAgain(job, before, need);
	for (int place = 0; status == ST_OK && place < job->split.page->n_layers; place++)
		for (int i = 0; i < bill->n_given; i++)
			if (wanted[i] > 0 && bill->given[i].layer.length == job->split.page->layers[place].name.length &&
				memcmp(bill->given[i].layer.text, job->split.page->layers[place].name.text, bill->given[i].layer.length) == 0)
				LimitGiven(job, &bill->given[i], wanted[i], before, need);
	return status == ST_OK ? TryAgain(job, before, need) : status;
}

/* Fold the bill of the job, at most a bill that has been settled before with less than it was given */
static void
FoldBill(SettleJob *job, bool settled_before, const BookNeed *need)
{
	bool		may_shrink = settled_before && job->bill.n_given > 0;
	Datum		before = may_shrink && job->fold->account.started ? AccountGetTextDatum(&job->fold->account, ACCOUNT_WHOLE) : (Datum) 0;
	Status		status = JobSettle(job, need);
	Fault		fault = job->fault;

	if (status == ST_BILL_GIVEN && may_shrink)
		status = SettleWithLess(job, before, need);
	if (status != ST_OK)
		RefuseBill(status == ST_BILL_GIVEN ? &fault : &job->fault, &job->bill);
	if (before != (Datum) 0)
		pfree(DatumGetPointer(before));
}

/* Fold one bill and post what it has more or less than is stored; true when an amount differs */
static bool
SettleBillAgain(SettleJob *job, const Basis *known, Datum bill, const BookNeed *need, const Nets *nets,
				const char *reason)
{
	Basis		basis = *known;
	const Net  *net = FindNet(nets, basis.claim_id);

	DatumGetBill(bill, &job->bill);
	FoldBill(job, net != NULL, need);
	basis.book = job->book;
	basis.bill_json = BillJson(job->ledger, &job->bill);
	if (net != NULL)
		return PostDifference(job->ledger, &basis, &job->split, net, reason);
	PostFirst(job->ledger, &basis, &job->split);
	return true;
}

/* Fold all bills of a person; returns how many claims differ */
static int
FoldAgain(SettleJob *job, int64 person_id, PersonRows *rows, const Nets *nets, const char *reason)
{
	Basis		basis = {.person_id = person_id, .bill = &job->bill};
	BookNeed	need = {.all_schemes = true, .act = job->act};
	int			n = RowsOfPerson(rows, person_id);
	Datum	   *bill = palloc_extended(Max(n, 1) * sizeof(Datum), MCXT_ALLOC_HUGE);
	int			differ = 0;
	bool		isnull;

	for (int i = 0; i < n; i++)
		bill[i] = PlanColumn(rows->table, rows->next + i, 3, &isnull);
	NeedYearsOf(job, bill, n, &need);
	FoldPerson(job->fold);
	for (int i = 0; i < n; i++)
	{
		basis.claim_id = DatumGetInt64(PlanColumn(rows->table, rows->next + i, 2, &isnull));
		differ += SettleBillAgain(job, &basis, bill[i], &need, nets, reason);
	}
	rows->next += n;
	pfree(bill);
	PostAccount(job->ledger, person_id, n == 0 ? NULL : &job->fold->account, n, true, &job->act);
	return differ;
}

/* Settle persons again, who are given in order; how many claims differ */
static int
SettlePersons(SettleJob *job, const int64 *person, char *const *reason, int n)
{
	MemoryContext old = MemoryContextSwitchTo(job->person_memory);
	Past		past = ReadPast(person, n);
	int			differ = 0;

	for (int i = 0; i < n; i++)
	{
		Nets		nets = TakeNets(&past, person[i]);

		PostReversals(job, person[i], &past.reversals, &nets);
		differ += FoldAgain(job, person[i], &past.bills, &nets, reason[i]);
		if (job->ledger->settlements.n >= WRITE_EVERY)
			LedgerWrite(job->ledger);
	}
	SPI_freetuptable(past.reversals.table);
	SPI_freetuptable(past.bills.table);
	MemoryContextSwitchTo(old);
	MemoryContextReset(job->person_memory);
	return differ;
}

int
SettleAgain(SettleJob *job, int64 person_id, const char *reason)
{
	char	   *why = (char *) reason;

	return SettlePersons(job, &person_id, &why, 1);
}

/* ---- the trigger of resettlement ---- */

typedef struct Request
{
	int64		person_id;
	char	   *reason;
} Request;

typedef struct Requests
{
	int			n;
	int			capacity;
	Request    *request;
} Requests;

static const char *const column_names[] = {"person_id", "reason"};

static void
ReadRequest(TupleTableSlot *slot, const int *columns, void *reader)
{
	Requests   *requests = reader;

	if (requests->n == requests->capacity)
	{
		requests->capacity = requests->capacity == 0 ? 16 : 2 * requests->capacity;
		requests->request = requests->request == NULL ? palloc(requests->capacity * sizeof(Request)) :
			repalloc_huge(requests->request, requests->capacity * sizeof(Request));
	}
	requests->request[requests->n++] = (Request) {
		DatumGetInt64(RequiredColumn(slot, columns[0])), TextDatumGetCString(RequiredColumn(slot, columns[1]))
	};
}

static int
CompareRequests(const void *left, const void *right)
{
	const Request *a = left;
	const Request *b = right;

	return a->person_id < b->person_id ? -1 : a->person_id > b->person_id;
}

/* Settle the persons again, each once, in order */
static void
SettleAllAgain(SettleJob *job, Requests *requests)
{
	int64	   *person = palloc_extended(requests->n * sizeof(int64), MCXT_ALLOC_HUGE);
	char	  **reason = palloc_extended(requests->n * sizeof(char *), MCXT_ALLOC_HUGE);
	int			n = 0;

	qsort(requests->request, requests->n, sizeof(Request), CompareRequests);
	for (int i = 0; i < requests->n; i++)
	{
		if (n > 0 && person[n - 1] == requests->request[i].person_id)
			continue;
		reason[n] = requests->request[i].reason;
		person[n++] = requests->request[i].person_id;
	}
	pfree(LockAccounts(person, n));
	for (int first = 0; first < n; first += PERSONS_READ)
		SettlePersons(job, person + first, reason + first, Min(PERSONS_READ, n - first));
	LedgerWrite(job->ledger);
}

PG_FUNCTION_INFO_V1(assistance_settle_again);
Datum
assistance_settle_again(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = RegisterTrigger(fcinfo, "settle_again", "resettlement");
	Requests	requests = {0};
	ActingFor	before;
	SettleJob  *job;

	if (trigger->tg_newtable == NULL || !TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		elog(ERROR, "settle_again must be a trigger AFTER INSERT with a NEW TABLE");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	ReadRows(trigger->tg_relation, trigger->tg_newtable, column_names, lengthof(column_names), ReadRequest, &requests);
	if (requests.n > 0)
	{
		before = ActAsOwner(trigger->tg_relation);
		job = NewSettleJob();
		SettleAllAgain(job, &requests);
		MemoryContextDelete(job->memory);
		ActAsBefore(&before);
	}
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
