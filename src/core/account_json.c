/*
 * account_json.c — the JSON form of an account (account.h says what it looks like): reading it strictly, for it may come
 * from anyone's table, and writing it canonically. What an account means is decided elsewhere.
 *
 * A gross column accumulates under the bucket "gross". "encounter_stays" carries "n" like "stays". base, layer, place and
 * enter of an entered counter are always written. A period of 0 is left out.
 */
#include <string.h>

#include "fields.h"
#include "fold.h"

#define ACCOUNT_FORMAT 1
#define FIRST_PERIOD (FIRST_DAY - 365)	/* a year of a counter may begin in the year before its first bill */
#define NANO_DECIMALS 11				/* of a yuan: parts of a fen to 10^-9 */
#define MAX_FEN_NANO ((i128) MAX_FEN * NANO)
#define GROSS "gross"

enum AccountKey {KEY_FORMAT, KEY_LAST, KEY_BASES, KEY_TALLIES, KEY_UNKEPT, KEY_KEPT, ACCOUNT_KEYS};
static const char *const account_key[ACCOUNT_KEYS] = {"format", "last", "bases", "tallies", "unkept", "kept"};

enum LastKey {LAST_ORDERED_AT, LAST_SEQ, LAST_KEYS};
static const char *const last_key[LAST_KEYS] = {"ordered_at", "seq"};

enum BaseKey {BASE_NAME, BASE_PERIOD, BASE_SUB, BASE_BUCKETS, BASE_ACCRUED, BASE_PAID, BASE_DEDUCTIBLE, BASE_OPEN, BASE_CROSSED, BASE_KEYS};
static const char *const base_key[BASE_KEYS] = {
	"name", "period", "sub", "buckets", "accrued", "paid", "deductible", "open_recoverable", "crossed"
};

enum TallyKey {TALLY_KEY_KIND, TALLY_KEY_NAME, TALLY_KEY_PERIOD, TALLY_KEY_SUB, TALLY_KEY_USED, TALLY_KEY_N, TALLY_KEY_COST, TALLY_KEYS};
static const char *const tally_key[TALLY_KEYS] = {"kind", "name", "period", "sub", "used", "n", "cost"};

enum KeptKey
{
	KEPT_ORDERED_AT, KEPT_SEQ, KEPT_DAY, KEPT_CODE, KEPT_DESIGNATED = KEPT_CODE + 4, KEPT_ENTERED, KEPT_LEFT, KEPT_EVENT_PAID, KEPT_KEYS
};
static const char *const kept_key[KEPT_KEYS] = {
	"ordered_at", "seq", "day", "care_type", "level", "referral", "place", "designated", "entered", "left", "event_paid"
};

enum EnteredKey {ENTERED_BASE, ENTERED_LAYER, ENTERED_PLACE, ENTERED_ENTER, ENTERED_DROPPED, ENTERED_KEYS};
static const char *const entered_key[ENTERED_KEYS] = {"base", "layer", "place", "enter", "dropped"};

enum EventPaidKey {EVENT_LAYER, EVENT_BUCKETS, EVENT_KEYS};
static const char *const event_paid_key[EVENT_KEYS] = {"layer", "buckets"};

static const char *const tally_kind_name[TALLY_KINDS] = {
	"deductible", "deductible_sum", "cap", "stays", "times", "ceiling", "encounter", "encounter_deductible", "encounter_stays"
};

/* ---- what the figures may be ---- */

#define BAD ST_DOC_BAD_VALUE

static const Figure version = {0, ACCOUNT_FORMAT, ACCOUNT_FORMAT, ST_DOC_VERSION, ST_DOC_VERSION, "1, the format of accounts"};
static const Figure sequence = {0, INT64_MIN, INT64_MAX, BAD, BAD, "a whole number of 64 bits"};
static const Figure fen = {2, 0, MAX_FEN, BAD, BAD, "a number of yuan from 0 to 10000000000000.00 with at most two decimals"};
static const Figure signed_fen = {2, -MAX_FEN, MAX_FEN, BAD, BAD,
"a number of yuan from -10000000000000.00 to 10000000000000.00 with at most two decimals"};
static const Figure exact = {NANO_DECIMALS, 0, MAX_FEN_NANO, BAD, BAD,
"a number of yuan from 0 to 10000000000000.00 with at most eleven decimals"};
static const Figure signed_exact = {NANO_DECIMALS, -MAX_FEN_NANO, MAX_FEN_NANO, BAD, BAD,
"a number of yuan from -10000000000000.00 to 10000000000000.00 with at most eleven decimals"};
static const Figure number = {0, 0, MAX_FEN, BAD, BAD, "a whole number, 0 or more"};
static const Figure share = {6, 0, PPM, BAD, BAD, "a share from 0 to 1 with at most six decimals"};
static const Figure place_in_chain = {0, 0, MAX_LAYERS - 1, BAD, BAD, "a place in the chain from 0 to 23"};

/* Does a tally of this kind count stays or payments? */
static bool
IsCount(TallyKind kind)
{
	return kind == TALLY_STAYS || kind == TALLY_TIMES || kind == TALLY_ENCOUNTER_STAYS;
}

/* Does a tally of this kind carry a cost? */
static bool
HasCost(TallyKind kind)
{
	return kind == TALLY_CEILING || kind == TALLY_ENCOUNTER;
}

/* Caps and ceilings fall when money becomes recoverable, in whatever period that happens; what else is counted never falls below 0 */
static const Figure *
FigureOfUsed(TallyKind kind)
{
	return kind == TALLY_CAP || kind == TALLY_CEILING ? &signed_exact : IsCount(kind) ? &number : &exact;
}

/* ---- reading ---- */

typedef struct Reader
{
	Fields		f;
	Account    *account;
} Reader;

/* The node after this one and everything in it */
static int
After(const Reader *r, int node)
{
	return r->f.json.nodes[node].next;
}

/* An array of at most max elements */
static Status
CheckArray(const Reader *r, int node, int max, const char *what)
{
	Status		status = FieldType(&r->f, node, JSON_ARRAY, "an array");

	return status == ST_OK ? FieldCount(&r->f, node, max, ST_DOC_LIMIT, what) : status;
}

/* A name for the account's table; left as it is when it is not given */
static Status
ReadNameId(Reader *r, int node, NameId *id)
{
	Code		name;
	Status		status;

	if (node == NOT_GIVEN)
		return ST_OK;
	status = FieldName(&r->f, node, MAX_CODE, &name);
	if (status != ST_OK)
		return status;
	*id = AccountName(r->account, name.text, name.length, r->f.fault);
	return *id != NAME_NONE ? ST_OK : FieldFault(&r->f, node, ST_DOC_LIMIT, "at most 512 different names");
}

/* The sub key of a counter; none when it is not given */
static Status
ReadSub(Reader *r, int node, Name *sub)
{
	Code		text = {"", 0};
	Status		status = node == NOT_GIVEN ? ST_OK : FieldName(&r->f, node, MAX_CODE, &text);

	sub->length = text.length;
	if (status == ST_OK)
		memcpy(sub->text, text.text, text.length);
	return status;
}

/* A date from first to the end of the calendar; left as it is when it is not given */
static Status
ReadDay(const Reader *r, int node, int32_t first, int32_t *day)
{
	Status		status = node == NOT_GIVEN ? ST_OK : FieldDate(&r->f, node, day);

	if (status == ST_OK && node != NOT_GIVEN && (*day < first || *day > LAST_DAY))
		return FieldFault(&r->f, node, BAD, "a date from 1990 to 2199");
	return status;
}

/* A whole figure; left as it is when it is not given */
static Status
ReadWhole(const Reader *r, int node, const Figure *figure, int64_t *value)
{
	return node == NOT_GIVEN ? ST_OK : FieldInteger(&r->f, node, figure, value);
}

/* A figure with parts of a fen; left as it is when it is not given */
static Status
ReadExact(const Reader *r, int node, const Figure *figure, Exact *value)
{
	i128		nano;
	Status		status = node == NOT_GIVEN ? ST_OK : FieldNumber(&r->f, node, figure, &nano);

	if (status == ST_OK && node != NOT_GIVEN)
		*value = ExactFromNano(nano);
	return status;
}

/* true or false; left as it is when it is not given */
static Status
ReadFlag(const Reader *r, int node, bool *flag)
{
	return node == NOT_GIVEN ? ST_OK : FieldBool(&r->f, node, flag);
}

/* An order key: both members must be there */
static Status
ReadOrderKey(const Reader *r, int object, const char *const *keys, const int *values, int64_t *ordered_at, int64_t *seq)
{
	Status		status = FieldRequired(&r->f, object, keys, values, LAST_ORDERED_AT);

	if (status == ST_OK)
		status = FieldRequired(&r->f, object, keys, values, LAST_SEQ);
	if (status == ST_OK)
		status = FieldTimestamp(&r->f, values[LAST_ORDERED_AT], ordered_at);
	if (status == ST_OK && (DayOf(*ordered_at) < FIRST_DAY || DayOf(*ordered_at) > LAST_DAY))
		return FieldFault(&r->f, values[LAST_ORDERED_AT], BAD, "a time from 1990 to 2199");
	return status == ST_OK ? FieldInteger(&r->f, values[LAST_SEQ], &sequence, seq) : status;
}

/* The last order key */
static Status
ReadLast(Reader *r, int node)
{
	int			value[LAST_KEYS];
	Status		status;

	if (node == NOT_GIVEN)
		return ST_OK;
	status = FieldMembers(&r->f, node, last_key, LAST_KEYS, value);
	r->account->started = true;
	return status == ST_OK ? ReadOrderKey(r, node, last_key, value, &r->account->last_ordered_at, &r->account->last_seq) : status;
}

/* The bucket that a key names: one of the fixed ones, gross where it accumulates, or a part by the account's table */
static Status
ReadBucket(Reader *r, int key, bool gross, int *bucket)
{
	Code		part;
	Status		status;

	for (*bucket = 0; *bucket < BUCKET_PART; ++*bucket)
		if (JsonIs(&r->f.json, key, bucket_name[*bucket]))
			return ST_OK;
	if (gross && JsonIs(&r->f.json, key, GROSS))
	{
		*bucket = BUCKET_GROSS;
		return ST_OK;
	}
	status = FieldName(&r->f, key, MAX_PART_NAME - 1, &part);
	if (status != ST_OK)
		return status;
	if (PartColumn(part) == COLUMN_TOTAL)
		return FieldFault(&r->f, key, ST_DOC_UNKNOWN_NAME, "a bucket, or the full name of a part, such as excluded.special_drug");
	*bucket = BUCKET_PART + AccountPart(r->account, part);
	return *bucket >= BUCKET_PART ? ST_OK : FieldFault(&r->f, key, ST_DOC_LIMIT, "at most 8 different parts");
}

/* Amounts by bucket in whole fen, 0 where not given */
static Status
ReadBuckets(Reader *r, int object, int64_t *amount)
{
	int			bucket;
	Status		status;

	memset(amount, 0, BUCKETS * sizeof(*amount));
	if (object == NOT_GIVEN)
		return ST_OK;
	status = FieldType(&r->f, object, JSON_OBJECT, "an object: bucket, amount");
	for (int key = object + 1; status == ST_OK && key < After(r, object); key = After(r, key + 1))
	{
		status = ReadBucket(r, key, false, &bucket);
		if (status == ST_OK)
			status = FieldInteger(&r->f, key + 1, &fen, &amount[bucket]);
	}
	return status;
}

/* The same for a base, with parts of a fen and a gross figure; the base is all zero before */
static Status
ReadAccumulated(Reader *r, int object, BaseCounter *base)
{
	int			bucket;
	Status		status;

	if (object == NOT_GIVEN)
		return ST_OK;
	status = FieldType(&r->f, object, JSON_OBJECT, "an object: bucket, amount");
	for (int key = object + 1; status == ST_OK && key < After(r, object); key = After(r, key + 1))
	{
		Exact		amount = {0, 0};

		status = ReadBucket(r, key, true, &bucket);
		if (status == ST_OK)
			status = ReadExact(r, key + 1, &signed_exact, &amount);
		if (status != ST_OK)
			return status;
		base->fen[bucket] = amount.fen;
		base->nano[bucket] = amount.nano;
		base->fractional = base->fractional || amount.nano != 0;
	}
	return status;
}

/* The figures of a base */
static Status
ReadBaseFigures(Reader *r, const int *value, BaseCounter *base)
{
	Status		status = ReadAccumulated(r, value[BASE_BUCKETS], base);

	if (status == ST_OK)
		status = ReadWhole(r, value[BASE_ACCRUED], &signed_fen, &base->accrued_fen);
	if (status == ST_OK)
		status = ReadWhole(r, value[BASE_PAID], &signed_fen, &base->paid_fen);
	if (status == ST_OK)
		status = ReadExact(r, value[BASE_DEDUCTIBLE], &exact, &base->deductible);
	if (status == ST_OK)
		status = ReadWhole(r, value[BASE_OPEN], &fen, &base->open_recoverable_fen);
	if (status == ST_OK)
		status = ReadFlag(r, value[BASE_CROSSED], &base->crossed);
	return status;
}

/* One cumulative base */
static Status
ReadBase(Reader *r, int node, BaseCounter *base)
{
	int			value[BASE_KEYS];
	Status		status = FieldMembers(&r->f, node, base_key, BASE_KEYS, value);

	memset(base, 0, sizeof(*base));
	if (status == ST_OK)
		status = FieldRequired(&r->f, node, base_key, value, BASE_NAME);
	if (status == ST_OK)
		status = ReadNameId(r, value[BASE_NAME], &base->name);
	if (status == ST_OK)
		status = ReadDay(r, value[BASE_PERIOD], FIRST_PERIOD, &base->period);
	if (status == ST_OK)
		status = ReadSub(r, value[BASE_SUB], &base->sub);
	return status == ST_OK ? ReadBaseFigures(r, value, base) : status;
}

/* All cumulative bases, each key once */
static Status
ReadBases(Reader *r, int array)
{
	Account    *account = r->account;
	Status		status = CheckArray(r, array, MAX_BASES, "bases");

	for (int node = array + 1; status == ST_OK && node < After(r, array); node = After(r, node))
	{
		BaseCounter *base = &account->bases[account->n_bases];

		status = ReadBase(r, node, base);
		for (int i = 0; status == ST_OK && i < account->n_bases; i++)
			if (account->bases[i].name == base->name && account->bases[i].period == base->period &&
				NameIs(&account->bases[i].sub, &base->sub))
				status = FieldFault(&r->f, node, ST_DOC_DUPLICATE, "each name, period and sub once");
		account->n_bases++;
	}
	return status;
}

/* Which keys go with the kind of a tally */
static Status
CheckTallyKeys(const Reader *r, int node, const int *value, TallyKind kind)
{
	int			wrong = IsCount(kind) ? value[TALLY_KEY_USED] : value[TALLY_KEY_N];

	if (wrong != NOT_GIVEN)
		return FieldFault(&r->f, wrong, ST_DOC_CONFLICT, IsCount(kind) ? "n: this kind counts" : "used: this kind adds up amounts");
	if (value[TALLY_KEY_COST] != NOT_GIVEN && !HasCost(kind))
		return FieldFault(&r->f, value[TALLY_KEY_COST], ST_DOC_CONFLICT, "cost for ceilings and encounters only");
	if (kind == TALLY_ENCOUNTER && value[TALLY_KEY_NAME] != NOT_GIVEN)
		return FieldFault(&r->f, value[TALLY_KEY_NAME], ST_DOC_CONFLICT, "an encounter without a name; its identifier is sub");
	if (kind >= TALLY_ENCOUNTER)
	{
		Status		status = FieldRequired(&r->f, node, tally_key, value, TALLY_KEY_SUB);

		if (status != ST_OK)
			return status;
	}
	return kind == TALLY_ENCOUNTER ? ST_OK : FieldRequired(&r->f, node, tally_key, value, TALLY_KEY_NAME);
}

/* The figures of a tally, whose kind is known */
static Status
ReadTallyFigures(const Reader *r, const int *value, Tally *tally)
{
	Status		status;

	tally->used = ExactFen(0);
	tally->cost_fen = 0;
	if (IsCount(tally->kind))
		status = ReadWhole(r, value[TALLY_KEY_N], FigureOfUsed(tally->kind), &tally->used.fen);
	else
		status = ReadExact(r, value[TALLY_KEY_USED], FigureOfUsed(tally->kind), &tally->used);
	return status == ST_OK ? ReadWhole(r, value[TALLY_KEY_COST], &fen, &tally->cost_fen) : status;
}

/* One tally */
static Status
ReadTally(Reader *r, int node, Tally *tally)
{
	int			value[TALLY_KEYS];
	int			kind = 0;
	Status		status = FieldMembers(&r->f, node, tally_key, TALLY_KEYS, value);

	if (status == ST_OK)
		status = FieldRequired(&r->f, node, tally_key, value, TALLY_KEY_KIND);
	if (status == ST_OK)
		status = FieldChoice(&r->f, value[TALLY_KEY_KIND], tally_kind_name, TALLY_KINDS,
							 "deductible, deductible_sum, cap, stays, times, ceiling, encounter, encounter_deductible or encounter_stays",
							 &kind);
	if (status == ST_OK)
		status = CheckTallyKeys(r, node, value, (TallyKind) kind);
	tally->kind = (TallyKind) kind;
	tally->name = NAME_NONE;
	tally->period = 0;
	if (status == ST_OK)
		status = ReadNameId(r, value[TALLY_KEY_NAME], &tally->name);
	if (status == ST_OK)
		status = ReadDay(r, value[TALLY_KEY_PERIOD], FIRST_PERIOD, &tally->period);
	if (status == ST_OK)
		status = ReadSub(r, value[TALLY_KEY_SUB], &tally->sub);
	return status == ST_OK ? ReadTallyFigures(r, value, tally) : status;
}

/* All tallies, each key once */
static Status
ReadTallies(Reader *r, int array)
{
	Account    *account = r->account;
	Status		status = CheckArray(r, array, MAX_TALLIES, "tallies");

	for (int node = array + 1; status == ST_OK && node < After(r, array); node = After(r, node))
	{
		Tally	   *tally = &account->tallies[account->n_tallies];

		status = ReadTally(r, node, tally);
		if (status == ST_OK)
		{
			CounterKey	key = {tally->name, tally->period, tally->sub};

			if (AccountTallyIfOpen(account, tally->kind, &key) != NULL)
				status = FieldFault(&r->f, node, ST_DOC_DUPLICATE, "each kind, name, period and sub once");
		}
		account->n_tallies++;
	}
	return status;
}

/* One base that a kept bill entered */
static Status
ReadEntered(Reader *r, int node, Entered *entered)
{
	int			value[ENTERED_KEYS];
	int64_t		base = 0;
	int64_t		place = 0;
	int64_t		enter = 0;
	Status		status = FieldMembers(&r->f, node, entered_key, ENTERED_KEYS, value);

	for (int i = 0; status == ST_OK && i < ENTERED_DROPPED; i++)
		status = FieldRequired(&r->f, node, entered_key, value, i);
	entered->dropped = false;
	if (status == ST_OK)
		status = FieldInteger(&r->f, value[ENTERED_BASE], &number, &base);
	if (status == ST_OK && base >= r->account->n_bases)
		status = FieldFault(&r->f, value[ENTERED_BASE], BAD, "a position in bases, counted from 0");
	if (status == ST_OK)
		status = ReadNameId(r, value[ENTERED_LAYER], &entered->layer);
	if (status == ST_OK)
		status = FieldInteger(&r->f, value[ENTERED_PLACE], &place_in_chain, &place);
	if (status == ST_OK)
		status = FieldInteger(&r->f, value[ENTERED_ENTER], &share, &enter);
	if (status == ST_OK)
		status = ReadFlag(r, value[ENTERED_DROPPED], &entered->dropped);
	entered->base = (uint8_t) base;
	entered->place = (uint8_t) place;
	entered->enter_micro = (int32_t) enter;
	return status;
}

/* The bases that a kept bill entered, each by the same layer once */
static Status
ReadAllEntered(Reader *r, int array, KeptBill *kept)
{
	Status		status;

	kept->n_entered = 0;
	if (array == NOT_GIVEN)
		return ST_OK;
	status = CheckArray(r, array, MAX_ENTERED, "bases entered");
	for (int node = array + 1; status == ST_OK && node < After(r, array); node = After(r, node))
	{
		Entered    *entered = &kept->entered[kept->n_entered];

		status = ReadEntered(r, node, entered);
		for (int i = 0; status == ST_OK && i < kept->n_entered; i++)
			if (kept->entered[i].base == entered->base && kept->entered[i].layer == entered->layer)
				status = FieldFault(&r->f, node, ST_DOC_DUPLICATE, "each base by the same layer once");
		kept->n_entered++;
	}
	return status;
}

/* What events of one layer have paid on the kept bill that is being read */
static Status
ReadEventPaid(Reader *r, int node, EventPaid *paid)
{
	int			value[EVENT_KEYS];
	Status		status = FieldMembers(&r->f, node, event_paid_key, EVENT_KEYS, value);

	if (status == ST_OK)
		status = FieldRequired(&r->f, node, event_paid_key, value, EVENT_LAYER);
	if (status == ST_OK)
		status = ReadNameId(r, value[EVENT_LAYER], &paid->layer);
	return status == ST_OK ? ReadBuckets(r, value[EVENT_BUCKETS], paid->paid_fen) : status;
}

/* What events have paid on a kept bill, each layer once */
static Status
ReadAllEventPaid(Reader *r, int array)
{
	Account    *account = r->account;
	int			first = account->n_event_paid;
	Status		status;

	if (array == NOT_GIVEN)
		return ST_OK;
	status = CheckArray(r, array, MAX_EVENT_PAID - first, "layers with event payments (512 on all bills)");
	for (int node = array + 1; status == ST_OK && node < After(r, array); node = After(r, node))
	{
		EventPaid  *paid = &account->event_paid[account->n_event_paid];

		status = ReadEventPaid(r, node, paid);
		for (int i = first; status == ST_OK && i < account->n_event_paid; i++)
			if (account->event_paid[i].layer == paid->layer)
				status = FieldFault(&r->f, node, ST_DOC_DUPLICATE, "each layer once");
		paid->bill = account->n_kept;
		account->n_event_paid++;
	}
	return status;
}

/* Codes and designated of a kept bill */
static Status
ReadKeptAttributes(Reader *r, const int *value, KeptBill *kept)
{
	bool		designated = false;
	Status		status = ReadFlag(r, value[KEPT_DESIGNATED], &designated);

	kept->designated = value[KEPT_DESIGNATED] == NOT_GIVEN ? -1 : designated;
	for (int i = 0; i < 4; i++)
	{
		kept->code[i] = NAME_NONE;
		if (status == ST_OK)
			status = ReadNameId(r, value[KEPT_CODE + i], &kept->code[i]);
	}
	return status;
}

/* One kept bill */
static Status
ReadKeptBill(Reader *r, int node, KeptBill *kept)
{
	int			value[KEPT_KEYS];
	Status		status = FieldMembers(&r->f, node, kept_key, KEPT_KEYS, value);

	if (status == ST_OK)
		status = ReadOrderKey(r, node, kept_key, value, &kept->ordered_at, &kept->seq);
	if (status == ST_OK)
		status = FieldRequired(&r->f, node, kept_key, value, KEPT_DAY);
	if (status == ST_OK)
		status = ReadDay(r, value[KEPT_DAY], FIRST_DAY, &kept->day);
	if (status == ST_OK)
		status = ReadKeptAttributes(r, value, kept);
	if (status == ST_OK)
		status = ReadAllEntered(r, value[KEPT_ENTERED], kept);
	if (status == ST_OK)
		status = ReadBuckets(r, value[KEPT_LEFT], kept->left_fen);
	return status == ST_OK ? ReadAllEventPaid(r, value[KEPT_EVENT_PAID]) : status;
}

/* Does one order key come after another? */
static bool
ComesAfter(int64_t ordered_at, int64_t seq, int64_t other_at, int64_t other_seq)
{
	return ordered_at > other_at || (ordered_at == other_at && seq > other_seq);
}

/* The place of a kept bill: after the one before it, not after the last bill of the account */
static Status
CheckKeptOrder(const Reader *r, int node, const KeptBill *kept)
{
	const Account *account = r->account;
	const KeptBill *before = kept - 1;

	if (account->n_kept > 0 && !ComesAfter(kept->ordered_at, kept->seq, before->ordered_at, before->seq))
		return FieldFault(&r->f, node, BAD, "kept bills in strictly ascending order of ordered_at, seq");
	if (!account->started || ComesAfter(kept->ordered_at, kept->seq, account->last_ordered_at, account->last_seq))
		return FieldFault(&r->f, node, BAD, "kept bills not after the order key in last");
	return ST_OK;
}

/* All kept bills */
static Status
ReadKept(Reader *r, int array)
{
	Account    *account = r->account;
	Status		status = CheckArray(r, array, MAX_KEPT, "kept bills");

	for (int node = array + 1; status == ST_OK && node < After(r, array); node = After(r, node))
	{
		KeptBill   *kept = &account->kept[account->n_kept];

		status = ReadKeptBill(r, node, kept);
		if (status == ST_OK)
			status = CheckKeptOrder(r, node, kept);
		account->n_kept++;
	}
	return status;
}

/* The members of an account, in the order in which they need each other */
static Status
ReadAccount(Reader *r)
{
	int			value[ACCOUNT_KEYS];
	int64_t		format;
	Status		status = FieldMembers(&r->f, 0, account_key, ACCOUNT_KEYS, value);

	if (status == ST_OK)
		status = FieldRequired(&r->f, 0, account_key, value, KEY_FORMAT);
	if (status == ST_OK)
		status = FieldInteger(&r->f, value[KEY_FORMAT], &version, &format);
	if (status == ST_OK)
		status = ReadLast(r, value[KEY_LAST]);
	if (status == ST_OK && value[KEY_BASES] != NOT_GIVEN)
		status = ReadBases(r, value[KEY_BASES]);
	if (status == ST_OK && value[KEY_TALLIES] != NOT_GIVEN)
		status = ReadTallies(r, value[KEY_TALLIES]);
	if (status == ST_OK)
		status = ReadDay(r, value[KEY_UNKEPT], FIRST_DAY, &r->account->unkept_day);
	r->account->unkept = status == ST_OK && value[KEY_UNKEPT] != NOT_GIVEN;
	return status == ST_OK && value[KEY_KEPT] != NOT_GIVEN ? ReadKept(r, value[KEY_KEPT]) : status;
}

int
AccountScratchNeeded(int length)
{
	return FieldsScratch(length, MAX_ACCOUNT_BYTES);
}

Status
AccountFromJson(const char *json, int length, char *scratch, int scratch_size, Account *account, Fault *fault)
{
	Reader		r = {.account = account};
	Status		status = FieldsOpen(&r.f, json, length, MAX_ACCOUNT_BYTES, scratch, scratch_size, BAD, fault);

	AccountInit(account);
	return status == ST_OK ? ReadAccount(&r) : status;
}

/* ---- writing: the canonical order ---- */

typedef struct Writer
{
	JsonWriter	w;
	const Account *account;
	uint8_t		part[MAX_PARTS];		/* parts, bases, tallies, event payments in the order in which they are written */
	uint16_t	base[MAX_BASES];
	uint16_t	tally[MAX_TALLIES];
	uint16_t	event_paid[MAX_EVENT_PAID];
	uint8_t		base_position[MAX_BASES];
} Writer;

/* Byte order of two texts: below, at or above 0 */
static int
CompareTexts(const char *a, int length_a, const char *b, int length_b)
{
	int			order = memcmp(a, b, (size_t) (length_a < length_b ? length_a : length_b));

	return order != 0 ? order : length_a - length_b;
}

/* Byte order of two names of the account; no name comes first */
static int
CompareNames(const Account *account, NameId a, NameId b)
{
	static const Name none = {0, ""};
	const Name *x = a == NAME_NONE ? &none : &account->names[a];
	const Name *y = b == NAME_NONE ? &none : &account->names[b];

	return CompareTexts(x->text, x->length, y->text, y->length);
}

/* Order of two counters by name, period, sub */
static int
CompareKeys(const Account *account, NameId name_a, int32_t period_a, const Name *sub_a, NameId name_b, int32_t period_b, const Name *sub_b)
{
	int			order = CompareNames(account, name_a, name_b);

	if (order == 0)
		order = (period_a > period_b) - (period_a < period_b);
	return order != 0 ? order : CompareTexts(sub_a->text, sub_a->length, sub_b->text, sub_b->length);
}

static int
CompareParts(const Account *account, int a, int b)
{
	const PartName *x = &account->parts[a];
	const PartName *y = &account->parts[b];

	return CompareTexts(x->text, x->length, y->text, y->length);
}

static int
CompareBases(const Account *account, int a, int b)
{
	const BaseCounter *x = &account->bases[a];
	const BaseCounter *y = &account->bases[b];

	return CompareKeys(account, x->name, x->period, &x->sub, y->name, y->period, &y->sub);
}

static int
CompareTallies(const Account *account, int a, int b)
{
	const Tally *x = &account->tallies[a];
	const Tally *y = &account->tallies[b];

	if (x->kind != y->kind)
		return (int) x->kind - (int) y->kind;
	return CompareKeys(account, x->name, x->period, &x->sub, y->name, y->period, &y->sub);
}

static int
CompareEventPaid(const Account *account, int a, int b)
{
	const EventPaid *x = &account->event_paid[a];
	const EventPaid *y = &account->event_paid[b];

	if (x->bill != y->bill)
		return (int) x->bill - (int) y->bill;
	return CompareNames(account, x->layer, y->layer);
}

/* 0 .. n - 1 in the order of compare; tables are nearly in order, or short */
static void
Sort(const Account *account, int n, int (*compare) (const Account *, int, int), uint16_t *order)
{
	for (int i = 0; i < n; i++)
	{
		int			at = i;

		for (; at > 0 && compare(account, i, order[at - 1]) < 0; at--)
			order[at] = order[at - 1];
		order[at] = (uint16_t) i;
	}
}

/* ---- writing: figures ---- */

static void
WriteFen(Writer *o, const char *key, int64_t amount)
{
	if (amount == 0)
		return;
	JsonKey(&o->w, key, -1);
	JsonScaled(&o->w, amount, 2, 2);
}

static void
WriteExact(Writer *o, const char *key, int length, Exact amount)
{
	if (amount.fen == 0 && amount.nano == 0)
		return;
	JsonKey(&o->w, key, length);
	JsonScaled(&o->w, ExactNano(amount), NANO_DECIMALS, 2);
}

static void
WriteName(Writer *o, const char *key, NameId id)
{
	if (id == NAME_NONE)
		return;
	JsonKey(&o->w, key, -1);
	JsonText(&o->w, o->account->names[id].text, o->account->names[id].length);
}

/* Name, period and sub of a counter */
static void
WriteCounterKey(Writer *o, NameId name, int32_t period, const Name *sub)
{
	WriteName(o, "name", name);
	if (period != 0)
	{
		JsonKey(&o->w, "period", -1);
		JsonDate(&o->w, period);
	}
	if (sub->length > 0)
	{
		JsonKey(&o->w, "sub", -1);
		JsonText(&o->w, sub->text, sub->length);
	}
}

static void
WriteOrderKey(Writer *o, int64_t ordered_at, int64_t seq)
{
	JsonKey(&o->w, "ordered_at", -1);
	JsonTimestamp(&o->w, ordered_at);
	JsonKey(&o->w, "seq", -1);
	JsonInteger(&o->w, seq);
}

/* true under this key, or nothing */
static void
WriteFlag(Writer *o, const char *key, bool flag)
{
	if (!flag)
		return;
	JsonKey(&o->w, key, -1);
	JsonBool(&o->w, true);
}

/* Amounts by bucket, nano NULL: whole fen. Fixed buckets, parts in byte order, gross (where there is one). */
static void
WriteBuckets(Writer *o, const char *key, const int64_t *whole, const int32_t *nano, int n)
{
	bool		empty = true;

	for (int i = 0; i < n; i++)
		empty = empty && whole[i] == 0 && (nano == NULL || nano[i] == 0);
	if (empty)
		return;
	JsonKey(&o->w, key, -1);
	JsonOpen(&o->w, '{');
	for (int i = 0; i < BUCKET_PART; i++)
		WriteExact(o, bucket_name[i], -1, (Exact) {whole[i], nano == NULL ? 0 : nano[i]});
	for (int i = 0; i < o->account->n_parts; i++)
	{
		const PartName *part = &o->account->parts[o->part[i]];
		int			bucket = BUCKET_PART + o->part[i];

		WriteExact(o, part->text, part->length, (Exact) {whole[bucket], nano == NULL ? 0 : nano[bucket]});
	}
	if (nano != NULL)
		WriteExact(o, GROSS, -1, (Exact) {whole[BUCKET_GROSS], nano[BUCKET_GROSS]});
	JsonClose(&o->w, '}');
}

/* ---- writing: counters and bills ---- */

static void
WriteBase(Writer *o, const BaseCounter *base)
{
	JsonOpen(&o->w, '{');
	WriteCounterKey(o, base->name, base->period, &base->sub);
	WriteBuckets(o, "buckets", base->fen, base->nano, ACCUMULATED);
	WriteFen(o, "accrued", base->accrued_fen);
	WriteFen(o, "paid", base->paid_fen);
	WriteExact(o, "deductible", -1, base->deductible);
	WriteFen(o, "open_recoverable", base->open_recoverable_fen);
	WriteFlag(o, "crossed", base->crossed);
	JsonClose(&o->w, '}');
}

static void
WriteTally(Writer *o, const Tally *tally)
{
	JsonOpen(&o->w, '{');
	JsonKey(&o->w, "kind", -1);
	JsonText(&o->w, tally_kind_name[tally->kind], -1);
	WriteCounterKey(o, tally->name, tally->period, &tally->sub);
	if (!IsCount(tally->kind))
		WriteExact(o, "used", -1, tally->used);
	else if (tally->used.fen != 0)
	{
		JsonKey(&o->w, "n", -1);
		JsonInteger(&o->w, tally->used.fen);
	}
	WriteFen(o, "cost", tally->cost_fen);
	JsonClose(&o->w, '}');
}

static void
WriteEntered(Writer *o, const KeptBill *kept)
{
	if (kept->n_entered == 0)
		return;
	JsonKey(&o->w, "entered", -1);
	JsonOpen(&o->w, '[');
	for (int i = 0; i < kept->n_entered; i++)
	{
		const Entered *entered = &kept->entered[i];

		JsonOpen(&o->w, '{');
		JsonKey(&o->w, "base", -1);
		JsonInteger(&o->w, o->base_position[entered->base]);
		WriteName(o, "layer", entered->layer);
		JsonKey(&o->w, "place", -1);
		JsonInteger(&o->w, entered->place);
		JsonKey(&o->w, "enter", -1);
		JsonScaled(&o->w, entered->enter_micro, 6, 0);
		WriteFlag(o, "dropped", entered->dropped);
		JsonClose(&o->w, '}');
	}
	JsonClose(&o->w, ']');
}

/* What events have paid on a bill: the run of sorted event payments that begins at *next and belongs to it */
static void
WriteEventPaid(Writer *o, int bill, int *next)
{
	const Account *account = o->account;
	int			first = *next;

	for (; *next < account->n_event_paid && account->event_paid[o->event_paid[*next]].bill == bill; ++*next)
	{
		const EventPaid *paid = &account->event_paid[o->event_paid[*next]];

		if (*next == first)
		{
			JsonKey(&o->w, "event_paid", -1);
			JsonOpen(&o->w, '[');
		}
		JsonOpen(&o->w, '{');
		WriteName(o, "layer", paid->layer);
		WriteBuckets(o, "buckets", paid->paid_fen, NULL, BUCKETS);
		JsonClose(&o->w, '}');
	}
	if (*next > first)
		JsonClose(&o->w, ']');
}

static void
WriteKept(Writer *o, int bill, int *next_event_paid)
{
	const KeptBill *kept = &o->account->kept[bill];

	JsonOpen(&o->w, '{');
	WriteOrderKey(o, kept->ordered_at, kept->seq);
	JsonKey(&o->w, "day", -1);
	JsonDate(&o->w, kept->day);
	for (int i = 0; i < 4; i++)
		WriteName(o, kept_key[KEPT_CODE + i], kept->code[i]);
	if (kept->designated >= 0)
	{
		JsonKey(&o->w, "designated", -1);
		JsonBool(&o->w, kept->designated);
	}
	WriteEntered(o, kept);
	WriteBuckets(o, "left", kept->left_fen, NULL, BUCKETS);
	WriteEventPaid(o, bill, next_event_paid);
	JsonClose(&o->w, '}');
}

/* The canonical order of everything that has none of its own */
static void
SortAccount(Writer *o)
{
	const Account *account = o->account;
	uint16_t	part[MAX_PARTS];

	Sort(account, account->n_parts, CompareParts, part);
	for (int i = 0; i < account->n_parts; i++)
		o->part[i] = (uint8_t) part[i];
	Sort(account, account->n_bases, CompareBases, o->base);
	for (int i = 0; i < account->n_bases; i++)
		o->base_position[o->base[i]] = (uint8_t) i;
	Sort(account, account->n_tallies, CompareTallies, o->tally);
	Sort(account, account->n_event_paid, CompareEventPaid, o->event_paid);
}

/* Open a list under a key */
static void
OpenList(Writer *o, const char *key)
{
	JsonKey(&o->w, key, -1);
	JsonOpen(&o->w, '[');
}

/* Bases and tallies */
static void
WriteCounters(Writer *o)
{
	const Account *account = o->account;

	if (account->n_bases > 0)
	{
		OpenList(o, "bases");
		for (int i = 0; i < account->n_bases; i++)
			WriteBase(o, &account->bases[o->base[i]]);
		JsonClose(&o->w, ']');
	}
	if (account->n_tallies > 0)
	{
		OpenList(o, "tallies");
		for (int i = 0; i < account->n_tallies; i++)
			WriteTally(o, &account->tallies[o->tally[i]]);
		JsonClose(&o->w, ']');
	}
}

/* Which bills are not kept, and those that are */
static void
WriteBills(Writer *o)
{
	const Account *account = o->account;
	int			next_event_paid = 0;

	if (account->unkept)
	{
		JsonKey(&o->w, "unkept", -1);
		JsonDate(&o->w, account->unkept_day);
	}
	if (account->n_kept > 0)
	{
		OpenList(o, "kept");
		for (int i = 0; i < account->n_kept; i++)
			WriteKept(o, i, &next_event_paid);
		JsonClose(&o->w, ']');
	}
}

int
AccountToJson(const Account *account, char *out, int size)
{
	Writer		o = {.w = {out, size, 0, false}, .account = account};

	SortAccount(&o);
	JsonOpen(&o.w, '{');
	JsonKey(&o.w, "format", -1);
	JsonInteger(&o.w, ACCOUNT_FORMAT);
	if (account->started)
	{
		JsonKey(&o.w, "last", -1);
		JsonOpen(&o.w, '{');
		WriteOrderKey(&o, account->last_ordered_at, account->last_seq);
		JsonClose(&o.w, '}');
	}
	WriteCounters(&o);
	WriteBills(&o);
	JsonClose(&o.w, '}');
	return o.w.length;
}
