/*
 * refuse.c — every refusal of the guard: SQLSTATE, message, the bill with its amounts in yuan, and what to type. What others paid,
 * and the total of the bill, are told only to a writer who could read them, as foreign keys do.
 */
#include "postgres.h"

#include "access/xact.h"
#include "errors.h"
#include "guard/guard.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"

/* May the writer of the rows read this table? */
static bool
Told(const Guard *guard, Oid table)
{
	return pg_class_aclcheck(table, guard->caller, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(table, guard->caller, true) != RLS_ENABLED;
}

static const char *
Yuan(i128 fen)
{
	char	   *text = palloc(64);
	JsonWriter	w = {text, 64, 0, false};

	JsonScaled(&w, fen, 2, 2);
	text[w.length] = '\0';
	return text;
}

/* " of 12.00 yuan", for those who may know */
static const char *
OfYuan(const Guard *guard, i128 fen)
{
	return Told(guard, guard->payments) ? psprintf(" of %s yuan", Yuan(fen)) : "";
}

static const char *
BillText(const Guard *guard, Datum bill)
{
	return OutputFunctionCall((FmgrInfo *) &guard->out[FIELD_CLAIM], bill);
}

static const char *
TableText(Oid table)
{
	return get_rel_name(table);
}

void
RefuseArguments(const char *detail, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_GUARD_ARGUMENTS),
			 errmsg("the trigger cannot work as it was created"),
			 errdetail("%s", detail),
			 errhint("%s", hint)));
}

void
RefuseMissing(const Guard *guard, Field field)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_PAYMENT_NULL),
			 errmsg("a payment lacks a value"),
			 errdetail("Column %s of a row of table %s is null.", guard->words.column[field], TableText(guard->payments)),
			 field == FIELD_AMOUNT ? errhint("Write the amount in yuan, 0 where the layer pays nothing.") :
			 errhint("Write a value, or declare the column NOT NULL.")));
}

void
RefuseUnknownBill(const Guard *guard, Datum bill, bool no_total)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_UNKNOWN_BILL),
			 errmsg("a payment on an unknown bill"),
			 no_total ? errdetail("Bill %s has no total in table %s.", BillText(guard, bill), TableText(guard->bill)) :
			 errdetail("Table %s has no bill %s.", TableText(guard->bill), BillText(guard, bill)),
			 errhint("Insert the bill with its total first.")));
}

/* Only in a partitioned table of bills: no index can see that. */
void
RefuseDoubleBill(const Guard *guard, Datum bill)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_UNKNOWN_BILL),
			 errmsg("a payment on a bill whose number stands twice"),
			 errdetail("Bill %s stands in more than one partition of table %s.", BillText(guard, bill), TableText(guard->bill)),
			 errhint("Give every bill a number of its own.")));
}

void
RefuseConcurrent(const Guard *guard, Datum bill)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize access due to a concurrent change of a bill"),
			 errdetail("Bill %s or its payments changed after this transaction began.", BillText(guard, bill)),
			 errhint("The transaction might succeed if retried.")));
}

static const char *
ChainText(const Chain *chain)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < chain->n; i++)
		appendStringInfo(&text, "%s%s", i == 0 ? "" : " ", chain->name[i]);
	return text.data;
}

void
RefuseUnknownLayer(const Guard *guard, Datum bill, const char *layer, const Chain *chain)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_UNKNOWN_LAYER),
			 errmsg("a payment of an unknown layer"),
			 errdetail("Bill %s: layer \"%s\" is not in the order %s.", BillText(guard, bill), layer, ChainText(chain)),
			 errhint("Correct the code, or add it to argument order or map of the trigger.")));
}

void
RefuseState(const Guard *guard, const char *state)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_PAYMENT_STATE),
			 errmsg("the state of a payment does not fit"),
			 errdetail("Column %s is \"%s\".", guard->words.column[FIELD_STATE], state),
			 errhint("Write null or paid with an amount, settled, waived or not_applicable; "
					 "other words need 'state=column(word:paid …)' in the trigger.")));
}

void
RefuseStateAmount(const Guard *guard, const Payment *payment)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_PAYMENT_STATE),
			 errmsg("the state of a payment does not fit"),
			 errdetail("Bill %s: layer %s is waived or not applicable and pays %s yuan.", BillText(guard, payment->bill),
					   payment->layer, Yuan(payment->fen)),
			 errhint("Leave the amount null or 0, or write the state as paid.")));
}

void
RefuseNegative(const Guard *guard, const Payment *payment)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_NEGATIVE_PAYMENT),
			 errmsg("a negative payment that reverses nothing"),
			 errdetail("Bill %s: layer %s pays %s yuan.", BillText(guard, payment->bill), payment->layer, Yuan(payment->fen)),
			 guard->words.column[FIELD_REVERSES] != NULL ?
			 errhint("Write the bill that is reversed into column %s.", guard->words.column[FIELD_REVERSES]) :
			 guard->words.bill_reverses != NULL ?
			 errhint("Write the bill that is reversed into column %s of the payment's own bill.", guard->words.bill_reverses) :
			 guard->words.column[FIELD_REVISION] != NULL ?
			 errhint("Only a later revision of a bill carries differences.") :
			 errhint("Negative amounts need argument reverses, bill_reverses or revision of the trigger.")));
}

void
RefuseReversal(const Guard *guard, const Payment *payment, bool twice)
{
	const char *bill = BillText(guard, payment->bill);

	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_WRONG_REVERSAL),
			 errmsg("a reversal without a payment that it takes back"),
			 payment->fen > 0 ?
			 errdetail("Bill %s: layer %s is reversed with %s yuan, which is not negative.", bill, payment->layer, Yuan(payment->fen)) :
			 twice ?
			 errdetail("Bill %s: layer %s is reversed twice by %s yuan.", bill, payment->layer, Yuan(payment->fen)) :
			 errdetail("Bill %s: layer %s has no payment of %s yuan.", bill, payment->layer, Yuan(-payment->fen)),
			 errhint("A reversal takes back one whole payment, with its sign turned; then insert the right payment.")));
}

void
RefuseBelowZero(const Guard *guard, const Payment *payment, i128 net)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_WRONG_REVERSAL),
			 errmsg("a reversal without a payment that it takes back"),
			 Told(guard, guard->payments) ?
			 errdetail("Bill %s: layer %s comes to %s yuan.", BillText(guard, payment->bill), payment->layer, Yuan(net)) :
			 errdetail("Bill %s: layer %s comes to less than 0.", BillText(guard, payment->bill), payment->layer),
			 errhint("Differences take back at most what the layer has paid on the bill.")));
}

void
RefuseSecond(const Guard *guard, const Payment *payment)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_SECOND_PAYMENT),
			 errmsg("a layer pays a bill twice"),
			 errdetail("Bill %s: layer %s has a second payment%s.", BillText(guard, payment->bill), payment->layer,
					   OfYuan(guard, payment->fen)),
			 guard->words.column[FIELD_REVISION] != NULL ?
			 errhint("Write a difference as one row of a later revision.") :
			 guard->words.column[FIELD_REVERSES] != NULL || guard->words.bill_reverses != NULL ?
			 errhint("Reverse the first payment in the same %s.", guard->at_commit ? "transaction" : "statement") :
			 errhint("Nothing is to be done if this is the same payment again.")));
}

void
RefuseEarly(const Guard *guard, const GuardedBill *bill, int early, int missing, i128 amount)
{
	const char *layer = bill->chain->name[missing];

	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_EARLY_LAYER),
			 errmsg("a layer pays before an earlier one is settled"),
			 errdetail("Bill %s: layer %s has a payment%s, but layer %s before it is not settled.", BillText(guard, bill->key),
					   bill->chain->name[early], OfYuan(guard, amount), layer),
			 guard->words.column[FIELD_STATE] != NULL ?
			 errhint("Insert %s first or with it: its amount, 0, or the state waived or not_applicable.", layer) :
			 errhint("Insert %s first or with it, with amount 0 where it pays nothing.", layer)));
}

void
RefusePlace(const Guard *guard, const Payment *payment, int64 place)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_UNKNOWN_LAYER),
			 errmsg("a payment of an unknown layer"),
			 errdetail("Bill %s: layer %s has place %lld.", BillText(guard, payment->bill), payment->layer, (long long) place),
			 errhint("Places are 1 to %d, the first payer first.", MAX_CHAIN)));
}

void
RefuseGap(const Guard *guard, const Payment *payment, int missing)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_EARLY_LAYER),
			 errmsg("a layer pays before an earlier one is settled"),
			 errdetail("Bill %s: layer %s has place %d and a payment%s, but no layer of place %d is settled.",
					   BillText(guard, payment->bill), payment->layer, payment->stated, OfYuan(guard, payment->fen), missing),
			 errhint("Insert every earlier layer of the settlement with it, with amount 0 where it pays nothing.")));
}

void
RefuseLowered(const Guard *guard, const GuardedBill *bill, int lowered, int later, i128 change, i128 amount, bool withdrawn)
{
	const char *unit = guard->at_commit ? "transaction" : "statement";

	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_LOWERED_LAYER),
			 withdrawn ? errmsg("a layer is withdrawn under a later one") : errmsg("a layer is lowered under a later one"),
			 withdrawn ?
			 errdetail("Bill %s: layer %s is no longer settled, but layer %s after it has a payment%s.",
					   BillText(guard, bill->key), bill->chain->name[lowered], bill->chain->name[later], OfYuan(guard, amount)) :
			 errdetail("Bill %s: layer %s changes by %s yuan, but layer %s after it keeps its payment%s.",
					   BillText(guard, bill->key), bill->chain->name[lowered], Yuan(change), bill->chain->name[later],
					   OfYuan(guard, amount)),
			 errhint("Settle every later layer again in the same %s.", unit)));
}

void
RefuseBeyond(const Guard *guard, const GuardedBill *bill, i128 sum)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_BEYOND_BILL),
			 errmsg("the layers pay more than the bill"),
			 Told(guard, guard->payments) && Told(guard, guard->bill) ?
			 errdetail("Bill %s: the layers pay %s yuan of %s yuan.", BillText(guard, bill->key), Yuan(sum), Yuan(bill->total)) :
			 errdetail("Bill %s.", BillText(guard, bill->key)),
			 errhint("Correct the amount: what is left is the patient's, and no layer pays it.")));
}

/* Amounts in yuan as the function that knows the caps wrote them */
void
RefuseBeyondCap(const Guard *guard, Datum bill, const char *layer, const char *paid, const char *room)
{
	ereport(ERROR,
			(errcode(ERRCODE_ASSISTANCE_BEYOND_CAP),
			 errmsg("a layer pays more than its caps leave"),
			 Told(guard, guard->payments) && Told(guard, guard->bill) ?
			 errdetail("Bill %s: layer %s pays %s yuan, its caps leave %s yuan.", BillText(guard, bill), layer, paid, room) :
			 errdetail("Bill %s: layer %s.", BillText(guard, bill), layer),
			 errhint("Correct the amount. What other systems paid belongs into given of the claim, to be settled with the rest.")));
}
