/*
 * account_json.c — reading the JSON form of an account (account.h says what it looks like), strictly: it may come from
 * anyone's table. Writing is in account_write.c; what an account means is decided elsewhere.
 */
#include <string.h>

#include "account_form.h"
#include "fields.h"
#include "fold.h"

#define FIRST_PERIOD (FIRST_DAY - 365)	/* a year of a counter may begin in the year before its first bill */
#define MAX_FEN_NANO ((i128) MAX_FEN * NANO)

/* ---- keys ---- */

enum AccountKey
{
	KEY_FORMAT, KEY_LAST, KEY_BASES, KEY_TALLIES, KEY_UNKEPT, KEY_KEPT, ACCOUNT_KEYS
};
static const char *const account_key[ACCOUNT_KEYS] = {"format", "last", "bases", "tallies", "unkept", "kept"};

enum OrderKey					/* kept bills begin with the same keys */
{
	ORDERED_AT, SEQ, ORDER_KEYS
};
static const char *const last_key[ORDER_KEYS] = {"ordered_at", "seq"};

enum BaseKey
{
	BASE_NAME, BASE_PERIOD, BASE_SUB, BASE_BUCKETS, BASE_ACCRUED, BASE_PAID, BASE_DEDUCTIBLE, BASE_CROSSED, BASE_KEYS
};
static const char *const base_key[BASE_KEYS] = {"name", "period", "sub", "buckets", "accrued", "paid", "deductible", "crossed"};

enum TallyKey
{
	TALLY_KEY_KIND, TALLY_KEY_NAME, TALLY_KEY_PERIOD, TALLY_KEY_SUB, TALLY_KEY_USED, TALLY_KEY_N, TALLY_KEY_COST, TALLY_KEYS
};
static const char *const tally_key[TALLY_KEYS] = {"kind", "name", "period", "sub", "used", "n", "cost"};

enum KeptKey
{
	KEPT_DAY = ORDER_KEYS, KEPT_CODE, KEPT_DESIGNATED = KEPT_CODE + 4, KEPT_ENTERED, KEPT_COST, KEPT_LEFT, KEPT_EVENT_PAID, KEPT_KEYS
};
static const char *const kept_key[KEPT_KEYS] = {
	"ordered_at", "seq", "day", "care_type", "level", "referral", "place", "designated", "entered", "cost", "left",
	"event_paid"
};

enum EnteredKey
{
	ENTERED_BASE, ENTERED_LAYER, ENTERED_PLACE, ENTERED_ENTER, ENTERED_DROPPED, ENTERED_KEYS
};
static const char *const entered_key[ENTERED_KEYS] = {"base", "layer", "place", "enter", "dropped"};

enum EventPaidKey
{
	EVENT_LAYER, EVENT_BUCKETS, EVENT_KEYS
};
static const char *const event_paid_key[EVENT_KEYS] = {"layer", "buckets"};

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

/* Does a tally of this kind carry a cost? */
static bool
HasCost(TallyKind kind)
{
	return kind == TALLY_CEILING || kind == TALLY_ENCOUNTER || kind == TALLY_DEDUCTIBLE;
}

/* Is the tally's sub an encounter? */
static bool
IsOfEncounter(TallyKind kind)
{
	return kind == TALLY_ENCOUNTER || kind == TALLY_ENCOUNTER_DEDUCTIBLE || kind == TALLY_ENCOUNTER_STAYS;
}

/* Caps and ceilings fall when money becomes recoverable, in whatever period that happens; nothing else falls below 0 */
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
	return *id != NAME_NONE ? ST_OK : FieldFault(&r->f, node, ST_DOC_LIMIT, "at most 576 different names");
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
	Status		status = FieldRequired(&r->f, object, keys, values, ORDERED_AT);

	if (status == ST_OK)
		status = FieldRequired(&r->f, object, keys, values, SEQ);
	if (status == ST_OK)
		status = FieldTimestamp(&r->f, values[ORDERED_AT], ordered_at);
	if (status == ST_OK && (DayOf(*ordered_at) < FIRST_DAY || DayOf(*ordered_at) > LAST_DAY))
		return FieldFault(&r->f, values[ORDERED_AT], BAD, "a time from 1990 to 2199");
	return status == ST_OK ? FieldInteger(&r->f, values[SEQ], &sequence, seq) : status;
}

/* The last order key */
static Status
ReadLast(Reader *r, int node)
{
	int			value[ORDER_KEYS];
	Status		status;

	if (node == NOT_GIVEN)
		return ST_OK;
	status = FieldMembers(&r->f, node, last_key, ORDER_KEYS, value);
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

/* What a kept bill costs: its columns, and their sum as its total */
static Status
ReadCost(const Reader *r, int object, KeptBill *kept)
{
	int			value[COLUMNS - COLUMN_IN_SCOPE];
	Status		status;

	memset(kept->cost_fen, 0, sizeof(kept->cost_fen));
	kept->costed = object != NOT_GIVEN;
	if (!kept->costed)
		return ST_OK;
	status = FieldMembers(&r->f, object, column_name + COLUMN_IN_SCOPE, COLUMNS - COLUMN_IN_SCOPE, value);
	for (int i = COLUMN_IN_SCOPE; status == ST_OK && i < COLUMNS; i++)
	{
		status = ReadWhole(r, value[i - COLUMN_IN_SCOPE], &fen, &kept->cost_fen[i]);
		kept->cost_fen[COLUMN_TOTAL] += kept->cost_fen[i];
	}
	if (status == ST_OK && kept->cost_fen[COLUMN_TOTAL] > MAX_FEN)
		return FieldFault(&r->f, object, BAD, "columns of together at most 10000000000000.00 yuan");
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
	Status		status = ST_OK;

	if (wrong != NOT_GIVEN)
		return FieldFault(&r->f, wrong, ST_DOC_CONFLICT, IsCount(kind) ? "n: this kind counts" : "used: this kind adds up amounts");
	if (value[TALLY_KEY_COST] != NOT_GIVEN && !HasCost(kind))
		return FieldFault(&r->f, value[TALLY_KEY_COST], ST_DOC_CONFLICT, "cost for ceilings, encounters and deductibles only");
	if (kind == TALLY_ENCOUNTER && value[TALLY_KEY_NAME] != NOT_GIVEN)
		return FieldFault(&r->f, value[TALLY_KEY_NAME], ST_DOC_CONFLICT, "an encounter without a name; its identifier is sub");
	if (kind != TALLY_ENCOUNTER)
		status = FieldRequired(&r->f, node, tally_key, value, TALLY_KEY_NAME);
	if (status == ST_OK && IsOfEncounter(kind))
		status = FieldRequired(&r->f, node, tally_key, value, TALLY_KEY_SUB);
	return status;
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
							 "deductible, deductible_sum, cap, stays, times, ceiling, encounter, encounter_deductible, "
							 "encounter_stays or recoverable",
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
	status = CheckArray(r, array, MAX_EVENT_PAID - first, "layers with event payments (2048 on all bills)");
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
		status = ReadCost(r, value[KEPT_COST], kept);
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
	account->n_inherited = KEPT_NAMES;
	return status == ST_OK ? ReadAccount(&r) : status;
}
