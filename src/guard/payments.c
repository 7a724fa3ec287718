/*
 * payments.c — rows of a payment table become payments: new ones from a transition table or an event, standing ones from a query.
 * Refuses what no rule could judge: a missing value, an unknown state, an amount that contradicts its row.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "common/hashfn.h"
#include "fen.h"
#include "guard/guard.h"
#include "utils/datum.h"

/* The columns of one row, and what is known of the bill that it takes back */
typedef struct Fields
{
	Datum		value[N_FIELDS];
	bool		null[N_FIELDS];
	bool		reversal;
	Datum		reversed;
	bool		unknown;		/* only the row's own bill says whether it is a reversal */
} Fields;

int
CompareKeys(const Guard *guard, Datum a, Datum b)
{
	return DatumGetInt32(FunctionCall2Coll((FmgrInfo *) &guard->key_compare, guard->key_collation, a, b));
}

Payment *
AddPayment(Payments *payments)
{
	if (payments->n == payments->room)
	{
		payments->room = payments->room == 0 ? 16 : 2 * payments->room;
		payments->row = payments->row == NULL ? palloc(payments->room * sizeof(Payment)) :
			repalloc_huge(payments->row, (Size) payments->room * sizeof(Payment));
	}
	memset(&payments->row[payments->n], 0, sizeof(Payment));
	return &payments->row[payments->n++];
}

/* How a code prints; char(n) without the blanks that pad it */
static char *
CodeText(const Guard *guard, const Fields *fields, Field field)
{
	char	   *text = OutputFunctionCall((FmgrInfo *) &guard->out[field], fields->value[field]);
	int			length = strlen(text);

	while (length > 0 && text[length - 1] == ' ')
		text[--length] = '\0';
	return text;
}

/* Does a row with these columns count at all? */
static bool
Counts(const Guard *guard, const Fields *fields)
{
	if (guard->words.column[FIELD_ONLY] == NULL)
		return true;
	return !fields->null[FIELD_ONLY] && CodeName(&guard->words.only, CodeText(guard, fields, FIELD_ONLY)) != NULL;
}

/* The layer that a code means; NULL: none pays this row */
static const char *
LayerName(const Guard *guard, const Fields *fields)
{
	char	   *code = CodeText(guard, fields, FIELD_LAYER);
	const char *name = CodeName(&guard->words.map, code);
	int			place;

	if (name == NULL)
	{
		place = ChainPlace(&guard->words.order, code);
		if (place < 0)
			return code;
		name = guard->words.order.name[place];
	}
	pfree(code);
	return strcmp(name, "-") == 0 ? NULL : name;
}

/* The same with the kind, where two layers may share a name */
static const char *
LayerOfKind(const Guard *guard, const Fields *fields)
{
	const char *name = LayerName(guard, fields);

	if (name == NULL || guard->words.column[FIELD_KIND] == NULL)
		return name;
	if (fields->null[FIELD_KIND])
		RefuseMissing(guard, FIELD_KIND);
	return psprintf("%s (%s)", name, CodeText(guard, fields, FIELD_KIND));
}

/* What the state column says about the amount: waived and not_applicable have none, settled need not have one. */
static bool
ReadState(const Guard *guard, const Fields *fields, Payment *payment)
{
	const char *text;
	const char *meaning;

	if (guard->words.column[FIELD_STATE] == NULL || fields->null[FIELD_STATE])
		return false;
	text = CodeText(guard, fields, FIELD_STATE);
	meaning = CodeName(&guard->words.states, text);
	if (meaning == NULL)
		RefuseState(guard, text);
	payment->determined = strcmp(meaning, "waived") == 0 || strcmp(meaning, "not_applicable") == 0;
	return payment->determined || strcmp(meaning, "settled") == 0;
}

static void
ReadAmount(const Guard *guard, const Fields *fields, Payment *payment)
{
	bool		without = ReadState(guard, fields, payment);

	if (!fields->null[FIELD_AMOUNT])
		payment->fen = NumericArgumentToFen(fields->value[FIELD_AMOUNT], guard->words.column[FIELD_AMOUNT]);
	else if (!without)
		RefuseMissing(guard, FIELD_AMOUNT);
	if (payment->determined && payment->fen != 0)
		RefuseStateAmount(guard, payment);
	if (payment->reversal && payment->fen > 0)
		RefuseReversal(guard, payment, false);
	if (payment->fen < 0 && !payment->reversal && !fields->unknown && guard->words.column[FIELD_REVISION] == NULL)
		RefuseNegative(guard, payment);
}

static void
ReadRevision(const Guard *guard, const Fields *fields, Payment *payment)
{
	if (guard->words.column[FIELD_REVISION] == NULL)
		return;
	if (fields->null[FIELD_REVISION])
		RefuseMissing(guard, FIELD_REVISION);
	payment->revision = strtoll(CodeText(guard, fields, FIELD_REVISION), NULL, 10);
	if (payment->reversal)
	{
		const char *claim = CodeText(guard, fields, FIELD_CLAIM);

		payment->source = hash_bytes_extended((const unsigned char *) claim, (int) strlen(claim), 0);
	}
}

static void
ReadPlace(const Guard *guard, const Fields *fields, Payment *payment)
{
	int64		place;

	if (guard->words.column[FIELD_PLACE] == NULL)
		return;
	if (fields->null[FIELD_PLACE])
		RefuseMissing(guard, FIELD_PLACE);
	place = strtoll(CodeText(guard, fields, FIELD_PLACE), NULL, 10);
	if (place < 1 || place > MAX_CHAIN)
		RefusePlace(guard, payment, place);
	payment->stated = (int) place;
}

/* Fill in a payment; false: the row does not count. */
static bool
Decode(const Guard *guard, const Fields *fields, Payment *payment)
{
	if (!Counts(guard, fields))
		return false;
	if (fields->null[FIELD_LAYER])
		RefuseMissing(guard, FIELD_LAYER);
	payment->layer = LayerOfKind(guard, fields);
	if (payment->layer == NULL)
		return false;
	if (fields->null[FIELD_CLAIM])
		RefuseMissing(guard, FIELD_CLAIM);
	payment->reversal = fields->reversal;
	payment->bill = fields->reversal ? fields->reversed : fields->value[FIELD_CLAIM];
	ReadRevision(guard, fields, payment);
	ReadPlace(guard, fields, payment);
	ReadAmount(guard, fields, payment);
	return true;
}

/* A row that is gone: its bill and what is known of its amount. It may be one that no rule would have let in. */
static bool
DecodeRemoved(const Guard *guard, const Fields *fields, Payment *payment)
{
	if (!Counts(guard, fields) || fields->null[FIELD_CLAIM])
		return false;
	payment->removed = true;
	payment->reversal = fields->reversal;
	payment->bill = fields->reversal ? fields->reversed : fields->value[FIELD_CLAIM];
	payment->layer = fields->null[FIELD_LAYER] ? NULL : LayerOfKind(guard, fields);
	if (fields->null[FIELD_AMOUNT] || NumericToFen(fields->value[FIELD_AMOUNT], &payment->fen) != FEN_OK)
		payment->fen = 0;
	return true;
}

/* What the row itself says of the bill that it takes back */
static void
SetReversed(const Guard *guard, Fields *fields)
{
	fields->unknown = false;
	fields->reversal = guard->words.column[FIELD_REVERSES] != NULL && !fields->null[FIELD_REVERSES];
	if (fields->reversal)
		fields->reversed = fields->value[FIELD_REVERSES];
}

/* A row of the firing table. Its key is copied: the slot goes on. */
bool
DecodeSlot(const Guard *guard, TupleTableSlot *slot, bool removed, Payment *payment)
{
	Fields		fields;

	for (int field = 0; field < N_FIELDS; field++)
		if (guard->attnum[field] != 0)
			fields.value[field] = slot_getattr(slot, guard->attnum[field], &fields.null[field]);
	SetReversed(guard, &fields);
	fields.unknown = guard->words.bill_reverses != NULL;
	if (!(removed ? DecodeRemoved(guard, &fields, payment) : Decode(guard, &fields, payment)))
		return false;
	payment->bill = datumCopy(payment->bill, guard->key_by_value, guard->key_length);
	return true;
}

/* The rows of the reading query that SPI has just run */
void
DecodeResult(const Guard *guard, Payments *payments)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		Payment    *payment = AddPayment(payments);
		Fields		fields;
		bool		isnull;

		for (int field = 0; field < N_FIELDS; field++)
			if (guard->result[field] != 0)
				fields.value[field] = SPI_getbinval(tuple, desc, guard->result[field], &fields.null[field]);
		SetReversed(guard, &fields);
		if (guard->result_reversed != 0)
		{
			fields.reversed = SPI_getbinval(tuple, desc, guard->result_reversed, &isnull);
			fields.reversal = !isnull;
		}
		if (!Decode(guard, &fields, payment))
			payments->n--;
		else if (guard->at_commit)
			payment->own = TransactionIdIsCurrentTransactionId(
				DatumGetTransactionId(SPI_getbinval(tuple, desc, guard->result_xmin, &isnull)));
	}
}
