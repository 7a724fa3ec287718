/*
 * ledger.c — what settling posts. Rows are only ever added; a difference or a reversal is a row of its own, and says who owes
 * whom: a fund pays the hospital when a bill is settled at once, and the patient when it pays more later; what was paid too
 * much is owed by the patient, what a withdrawn bill had brought by the hospital.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fen.h"
#include "register/ledger.h"
#include "register/ledger_rows.h"
#include "register/plan.h"
#include "register/posted.h"
#include "register/posting.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "value/account.h"
#include "value/lines_value.h"
#include "value/make_bill.h"

#define HOSPITAL "hospital"
#define PATIENT "patient"

const Oid	settlement_types[S_COLUMNS] = {
	INT8OID, INT8OID, INT4OID, TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID,
	NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
	NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
	JSONOID, JSONOID, BYTEAOID, INT4OID, INT8OID, TIMESTAMPTZOID
};
const Oid	payment_types[P_COLUMNS] = {
	INT8OID, INT8OID, INT4OID, TEXTOID, TEXTOID, TEXTOID, INT2OID, TEXTOID, NUMERICOID, TEXTOID, TEXTOID
};
static const Oid account_types[A_COLUMNS] = {INT8OID, JSONOID, TIMESTAMPOID, INT8OID, INT8OID, BOOLOID, TIMESTAMPTZOID};
static const Oid recoverable_types[R_COLUMNS] = {INT8OID, INT8OID, INT4OID, TEXTOID, NUMERICOID, TEXTOID, TEXTOID};

/* what a line pays, in the order in which it is posted */
typedef enum Entry
{
	ENTRY_BILL,
	ENTRY_ADJUSTMENT,
	ENTRY_RECOVERABLE
} Entry;

#define ENTRIES 3

static const char *const entry_name[ENTRIES] = {"bill", "adjustment", "recoverable"};

/* Start over with empty batches */
static void
Clear(Ledger *ledger)
{
	MemoryContextReset(ledger->memory);
	BatchInit(&ledger->settlements, ledger->memory, settlement_types, S_COLUMNS);
	BatchInit(&ledger->payments, ledger->memory, payment_types, P_COLUMNS);
	BatchInit(&ledger->accounts, ledger->memory, account_types, A_COLUMNS);
	BatchInit(&ledger->recoverables, ledger->memory, recoverable_types, R_COLUMNS);
}

Ledger *
NewLedger(MemoryContext parent)
{
	Ledger	   *ledger = MemoryContextAlloc(parent, sizeof(Ledger));

	ledger->memory = AllocSetContextCreate(parent, "assistance ledger", ALLOCSET_DEFAULT_SIZES);
	Clear(ledger);
	return ledger;
}

LedgerMark
LedgerMarkNow(const Ledger *ledger)
{
	return (LedgerMark) {ledger->settlements.n, ledger->payments.n, ledger->accounts.n, ledger->recoverables.n};
}

void
LedgerTakeBack(Ledger *ledger, const LedgerMark *mark)
{
	BatchTruncate(&ledger->settlements, mark->settlements);
	BatchTruncate(&ledger->payments, mark->payments);
	BatchTruncate(&ledger->accounts, mark->accounts);
	BatchTruncate(&ledger->recoverables, mark->recoverables);
}

static Datum
CodeDatum(Code code)
{
	return PointerGetDatum(cstring_to_text_with_len(code.text, code.length));
}

Datum
BillJson(const Ledger *ledger, const Bill *bill)
{
	MemoryContext old = MemoryContextSwitchTo(ledger->memory);
	int			length;
	char	   *json = BillText(bill, &length);
	Datum		value = PointerGetDatum(cstring_to_text_with_len(json, length));

	pfree(json);
	MemoryContextSwitchTo(old);
	return value;
}

/* The JSON of the lines of a split */
static Datum
LinesJson(const Split *split)
{
	LinesHead	head = {0};
	struct varlena *lines = palloc(VARHDRSZ + LINES_MAX_BYTES);
	int			length = LinesEncode(split, &head, VARDATA(lines));
	char	   *json;
	Datum		value;

	SET_VARSIZE(lines, VARHDRSZ + length);
	json = LinesText(PointerGetDatum(lines), &length);
	value = PointerGetDatum(cstring_to_text_with_len(json, length));
	pfree(json);
	pfree(lines);
	return value;
}

/* ---- rows ---- */

/* The row of a settlement without what it rests on */
static void
AddSettlement(Ledger *ledger, int64 person_id, int64 claim_id, int32 revision, const char *entry, const int64 *amount_fen)
{
	Batch	   *batch = &ledger->settlements;

	BatchAddRow(batch);
	BatchSet(batch, S_PERSON, Int64GetDatum(person_id));
	BatchSet(batch, S_CLAIM, Int64GetDatum(claim_id));
	BatchSet(batch, S_REVISION, Int32GetDatum(revision));
	BatchSet(batch, S_ENTRY, CStringGetTextDatum(entry));
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		BatchSet(batch, S_AMOUNT + i, FenToNumeric(amount_fen[i]));
}

/* What the last row rests on */
static void
AddBasis(Ledger *ledger, const Basis *basis, const Split *split)
{
	Batch	   *batch = &ledger->settlements;

	BatchSet(batch, S_REGION, CodeDatum(basis->bill->region));
	BatchSet(batch, S_SCHEME, CodeDatum(basis->bill->scheme));
	BatchSet(batch, S_BILL, basis->bill_json);
	BatchSet(batch, S_LINES, LinesJson(split));
	BatchSet(batch, S_DIGEST, PointerGetDatum(basis->book->digest));
	BatchSet(batch, S_ENGINE, Int32GetDatum(basis->book->book->engine));
	BatchSet(batch, S_PUBLICATION, Int64GetDatum(basis->book->act.id));
	BatchSet(batch, S_KNOWN_AT, TimestampTzGetDatum(basis->book->act.at));
}

/* one payment of the settlement that was added last */
typedef struct Payment
{
	int64		person_id;
	int64		claim_id;
	int32		revision;
	Datum		layer;
	const char *kind;
	Entry		entry;
	int16		place;
	const char *state;			/* NULL: of a layer that is no longer in the chain, or of a reversal */
	int64		fen;
	bool		later;			/* not of a first settlement: the patient has paid the hospital by now */
	bool		withdrawn;		/* of a reversal: the hospital gives back */
	const char *reason;
} Payment;

/* Who owes a payment that the fund makes (fen > 0) or gets back */
static void
AddOwing(Batch *batch, const Payment *payment)
{
	bool		fund_owes = (payment->entry == ENTRY_RECOVERABLE) == (payment->fen < 0);
	const char *other = payment->entry != ENTRY_BILL || (payment->later && !payment->withdrawn) ? PATIENT : HOSPITAL;

	BatchSet(batch, P_OWED_BY, fund_owes ? payment->layer : CStringGetTextDatum(other));
	BatchSet(batch, P_OWED_TO, fund_owes ? CStringGetTextDatum(other) : payment->layer);
}

/* Money to be recovered (追回); a negative amount takes back an earlier one */
static void
AddRecoverable(Ledger *ledger, const Payment *payment, int64 fen, const char *reason)
{
	Batch	   *batch = &ledger->recoverables;

	BatchAddRow(batch);
	BatchSet(batch, R_PERSON, Int64GetDatum(payment->person_id));
	BatchSet(batch, R_CLAIM, Int64GetDatum(payment->claim_id));
	BatchSet(batch, R_REVISION, Int32GetDatum(payment->revision));
	BatchSet(batch, R_LAYER, payment->layer);
	BatchSet(batch, R_AMOUNT, FenToNumeric(fen));
	BatchSet(batch, R_OWED_BY, CStringGetTextDatum(PATIENT));
	BatchSet(batch, R_REASON, CStringGetTextDatum(reason));
}

static void
AddPayment(Ledger *ledger, const Payment *payment)
{
	Batch	   *batch = &ledger->payments;

	BatchAddRow(batch);
	BatchSet(batch, P_PERSON, Int64GetDatum(payment->person_id));
	BatchSet(batch, P_CLAIM, Int64GetDatum(payment->claim_id));
	BatchSet(batch, P_REVISION, Int32GetDatum(payment->revision));
	BatchSet(batch, P_LAYER, payment->layer);
	BatchSet(batch, P_KIND, CStringGetTextDatum(payment->kind));
	BatchSet(batch, P_ENTRY, CStringGetTextDatum(entry_name[payment->entry]));
	BatchSet(batch, P_PLACE, Int16GetDatum(payment->place));
	if (payment->state != NULL)
		BatchSet(batch, P_STATE, CStringGetTextDatum(payment->state));
	BatchSet(batch, P_AMOUNT, FenToNumeric(payment->fen));
	AddOwing(batch, payment);
	if (payment->entry == ENTRY_RECOVERABLE)
		AddRecoverable(ledger, payment, payment->fen, payment->later ? payment->reason : "entitlement_fell");
	else if (payment->fen < 0 && payment->later && !payment->withdrawn)
		AddRecoverable(ledger, payment, -payment->fen, payment->reason);
}

/* ---- what is posted ---- */

static int64
LineFen(const Line *line, Entry entry)
{
	return entry == ENTRY_BILL ? line->paid_fen : entry == ENTRY_ADJUSTMENT ? line->adjustment_fen : line->recoverable_fen;
}

static Payment
LinePayment(const Basis *basis, const Split *split, int place, int32 revision)
{
	const Layer *layer = &split->page->layers[place];

	return (Payment) {
		.person_id = basis->person_id, .claim_id = basis->claim_id, .revision = revision,
		.layer = CodeDatum(layer->name), .kind = layer_kind_name[layer->kind], .place = (int16) (place + 1),
		.state = line_state_name[split->lines[place].state]
	};
}

void
PostFirst(Ledger *ledger, const Basis *basis, const Split *split)
{
	MemoryContext old = MemoryContextSwitchTo(ledger->memory);
	int64		amount_fen[SPLIT_AMOUNTS];

	SplitAmounts(split, amount_fen);
	AddSettlement(ledger, basis->person_id, basis->claim_id, 1, "first", amount_fen);
	AddBasis(ledger, basis, split);
	for (int place = 0; place < split->n_lines; place++)
	{
		Payment		payment = LinePayment(basis, split, place, 1);

		for (payment.entry = 0; payment.entry < ENTRIES; payment.entry++)
		{
			payment.fen = LineFen(&split->lines[place], payment.entry);
			if (payment.fen != 0 || payment.entry == ENTRY_BILL)
				AddPayment(ledger, &payment);
		}
	}
	MemoryContextSwitchTo(old);
}

/* Is this what the net payment is for? */
static bool
IsSamePayment(const NetPayment *net, const Layer *layer, Entry entry)
{
	return strlen(net->layer) == layer->name.length && memcmp(net->layer, layer->name.text, layer->name.length) == 0 &&
		strcmp(net->kind, layer_kind_name[layer->kind]) == 0 && strcmp(net->entry, entry_name[entry]) == 0;
}

/* What is stored of a layer's entry */
static int64
NetFen(const Net *net, const Layer *layer, Entry entry)
{
	for (int i = 0; i < net->n_payments; i++)
		if (IsSamePayment(&net->payments[i], layer, entry))
			return net->payments[i].fen;
	return 0;
}

/* Does some layer of the page stand for this net payment? */
static bool
IsInChain(const Split *split, const NetPayment *net)
{
	for (int place = 0; place < split->n_lines; place++)
		for (int entry = 0; entry < ENTRIES; entry++)
			if (IsSamePayment(net, &split->page->layers[place], (Entry) entry))
				return true;
	return false;
}

static Entry
EntryOf(const NetPayment *net)
{
	for (int entry = 0; entry < ENTRIES; entry++)
		if (strcmp(net->entry, entry_name[entry]) == 0)
			return (Entry) entry;
	elog(ERROR, "unknown entry \"%s\" of a payment", net->entry);
}

/* Take back what is stored of a net payment */
static void
AddNegated(Ledger *ledger, int64 person_id, int64 claim_id, int32 revision, const NetPayment *net, const char *reason,
		   bool withdrawn)
{
	Payment		payment = {
		.person_id = person_id, .claim_id = claim_id, .revision = revision, .layer = CStringGetTextDatum(net->layer),
		.kind = net->kind, .entry = EntryOf(net), .place = net->place, .fen = -net->fen, .later = true, .withdrawn = withdrawn,
		.reason = reason
	};

	if (net->fen != 0)
		AddPayment(ledger, &payment);
}

/* Differences of the layers of the chain, and all of those that have left it; how many */
static int
AddDifferences(Ledger *ledger, const Basis *basis, const Split *split, const Net *net, const char *reason)
{
	int32		revision = net->revision + 1;
	int			before = ledger->payments.n;

	for (int place = 0; place < split->n_lines; place++)
	{
		Payment		payment = LinePayment(basis, split, place, revision);

		payment.later = true;
		payment.reason = reason;
		for (payment.entry = 0; payment.entry < ENTRIES; payment.entry++)
		{
			payment.fen = LineFen(&split->lines[place], payment.entry) - NetFen(net, &split->page->layers[place], payment.entry);
			if (payment.fen != 0)
				AddPayment(ledger, &payment);
		}
	}
	for (int i = 0; i < net->n_payments; i++)
		if (!IsInChain(split, &net->payments[i]))
			AddNegated(ledger, basis->person_id, basis->claim_id, revision, &net->payments[i], reason, false);
	return ledger->payments.n - before;
}

/* Does the claim rest on other facts than before? */
static bool
RestsOnOther(const Basis *basis, const Net *net)
{
	const text *now = (const text *) DatumGetPointer(basis->bill_json);

	return net->bill == NULL || VARSIZE_ANY_EXHDR(now) != VARSIZE_ANY_EXHDR(net->bill) ||
		memcmp(VARDATA_ANY(now), VARDATA_ANY(net->bill), VARSIZE_ANY_EXHDR(now)) != 0;
}

bool
PostDifference(Ledger *ledger, const Basis *basis, const Split *split, const Net *net, const char *reason)
{
	MemoryContext old = MemoryContextSwitchTo(ledger->memory);
	int64		amount_fen[SPLIT_AMOUNTS];
	bool		differs = false;

	SplitAmounts(split, amount_fen);
	for (int i = 0; i < SPLIT_AMOUNTS; i++)
	{
		amount_fen[i] -= net->amount_fen[i];
		differs = differs || amount_fen[i] != 0;
	}
	if (AddDifferences(ledger, basis, split, net, reason) > 0 || differs || RestsOnOther(basis, net))
	{
		AddSettlement(ledger, basis->person_id, basis->claim_id, net->revision + 1, "difference", amount_fen);
		BatchSet(&ledger->settlements, S_CORRECTS, Int32GetDatum(net->revision));
		BatchSet(&ledger->settlements, S_REASON, CStringGetTextDatum(reason));
		AddBasis(ledger, basis, split);
	}
	MemoryContextSwitchTo(old);
	return differs;
}

void
PostReversal(Ledger *ledger, int64 person_id, int64 claim_id, const Net *net, const char *reason)
{
	MemoryContext old = MemoryContextSwitchTo(ledger->memory);
	int64		amount_fen[SPLIT_AMOUNTS];

	for (int i = 0; i < SPLIT_AMOUNTS; i++)
		amount_fen[i] = -net->amount_fen[i];
	AddSettlement(ledger, person_id, claim_id, 1, "reversal", amount_fen);
	BatchSet(&ledger->settlements, S_REASON, CStringGetTextDatum(reason));
	for (int i = 0; i < net->n_payments; i++)
		AddNegated(ledger, person_id, claim_id, 1, &net->payments[i], reason, true);
	MemoryContextSwitchTo(old);
}

void
PostAccount(Ledger *ledger, int64 person_id, const Account *account, int64 claims, bool again, const PolicyAct *act)
{
	MemoryContext old = MemoryContextSwitchTo(ledger->memory);
	Batch	   *batch = &ledger->accounts;

	BatchAddRow(batch);
	BatchSet(batch, A_PERSON, Int64GetDatum(person_id));
	if (account != NULL)
	{
		BatchSet(batch, A_ACCOUNT, AccountGetTextDatum(account, ACCOUNT_WITHOUT_BILLS));
		BatchSet(batch, A_ORDERED_AT, TimestampGetDatum(account->last_ordered_at));
		BatchSet(batch, A_SEQ, Int64GetDatum(account->last_seq));
	}
	BatchSet(batch, A_CLAIMS, Int64GetDatum(claims));
	BatchSet(batch, A_AGAIN, BoolGetDatum(again));
	BatchSet(batch, A_KNOWN_AT, TimestampTzGetDatum(act->at));
	MemoryContextSwitchTo(old);
}

#define POST_PARAMETERS (S_COLUMNS + P_COLUMNS + A_COLUMNS)

/* One settlement needs no arrays */
static void
WriteOne(const Ledger *ledger)
{
	Datum		values[ONE_PARAMETERS];
	char		nulls[ONE_PARAMETERS + 1];

	StaticAssertStmt(S_COLUMNS == ONE_ACCOUNT_AT && S_COLUMNS + A_COLUMNS == ONE_PAYMENTS_AT &&
					 P_COLUMNS - P_LAYER == ONE_PAYMENT_COLUMNS, "plan.h counts the columns of one settlement");
	BatchRow(&ledger->settlements, 0, 0, values, nulls);
	BatchRow(&ledger->accounts, 0, 0, values + ONE_ACCOUNT_AT, nulls + ONE_ACCOUNT_AT);
	for (int i = 0; i < ledger->payments.n; i++)
	{
		int			at = ONE_PAYMENTS_AT + i * ONE_PAYMENT_COLUMNS;

		BatchRow(&ledger->payments, i, P_LAYER, values + at, nulls + at);
	}
	nulls[ONE_PAYMENTS_AT + ledger->payments.n * ONE_PAYMENT_COLUMNS] = '\0';
	RunPostOne(ledger->payments.n, values, nulls);
}

/* Everything that has been posted as one statement, recoverables by another */
static void
WriteRows(Ledger *ledger)
{
	Datum		values[POST_PARAMETERS];

	if (PostDirectly(&ledger->settlements, &ledger->payments, &ledger->accounts))
		 /* all is written */ ;
	else if (ledger->settlements.n == 1 && ledger->accounts.n == 1 && ledger->payments.n >= 1 && ledger->payments.n <= ONE_PAYMENTS)
		WriteOne(ledger);
	else if (ledger->settlements.n > 0 || ledger->accounts.n > 0)
	{
		BatchArrays(&ledger->settlements, values);
		BatchArrays(&ledger->payments, values + S_COLUMNS);
		BatchArrays(&ledger->accounts, values + S_COLUMNS + P_COLUMNS);
		RunPlan(PLAN_POST, values);
	}
	if (ledger->recoverables.n > 0)
	{
		BatchArrays(&ledger->recoverables, values);
		RunPlan(PLAN_ADD_RECOVERABLES, values);
	}
}

void
LedgerWrite(Ledger *ledger)
{
	const Batch *before;
	MemoryContext old;

	if (ledger->settlements.n == 0 && ledger->accounts.n == 0)
		return;
	old = MemoryContextSwitchTo(ledger->memory);
	before = SetPaymentsBeingWritten(&ledger->payments);
	PG_TRY();
	{
		WriteRows(ledger);
	}
	PG_FINALLY();
	{
		SetPaymentsBeingWritten(before);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(old);
	Clear(ledger);
}
