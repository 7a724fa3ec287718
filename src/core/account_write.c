/*
 * account_write.c — writing the JSON form of an account (account.h says what it looks like), canonically. Reading is in
 * account_json.c.
 */
#include <string.h>

#include "account_form.h"
#include "fold.h"
#include "json.h"

const char *const tally_kind_name[TALLY_KINDS] = {
	"deductible", "deductible_sum", "cap", "stays", "times", "ceiling", "encounter", "encounter_deductible", "encounter_stays",
	"recoverable"
};

/* ---- the canonical order ---- */

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
CompareKeys(const Account *account, const CounterKey *a, const CounterKey *b)
{
	int			order = CompareNames(account, a->name, b->name);

	if (order == 0)
		order = (a->period > b->period) - (a->period < b->period);
	return order != 0 ? order : CompareTexts(a->sub.text, a->sub.length, b->sub.text, b->sub.length);
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
	CounterKey	x = {account->bases[a].name, account->bases[a].period, account->bases[a].sub};
	CounterKey	y = {account->bases[b].name, account->bases[b].period, account->bases[b].sub};

	return CompareKeys(account, &x, &y);
}

static int
CompareTallies(const Account *account, int a, int b)
{
	const Tally *x = &account->tallies[a];
	const Tally *y = &account->tallies[b];

	CounterKey	key_x = {x->name, x->period, x->sub};
	CounterKey	key_y = {y->name, y->period, y->sub};

	return x->kind != y->kind ? (int) x->kind - (int) y->kind : CompareKeys(account, &key_x, &key_y);
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

/* ---- figures ---- */

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

/* ---- counters and bills ---- */

static void
WriteBase(Writer *o, const BaseCounter *base)
{
	JsonOpen(&o->w, '{');
	WriteCounterKey(o, base->name, base->period, &base->sub);
	WriteBuckets(o, "buckets", base->fen, base->nano, ACCUMULATED);
	WriteFen(o, "accrued", base->accrued_fen);
	WriteFen(o, "paid", base->paid_fen);
	WriteExact(o, "deductible", -1, base->deductible);
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

/* What a kept bill costs, where the terms ask for it */
static void
WriteCost(Writer *o, const KeptBill *kept)
{
	if (!kept->costed)
		return;
	JsonKey(&o->w, "cost", -1);
	JsonOpen(&o->w, '{');
	for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
		WriteFen(o, column_name[i], kept->cost_fen[i]);
	JsonClose(&o->w, '}');
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
		WriteName(o, code_attribute_name[i], kept->code[i]);
	if (kept->designated >= 0)
	{
		JsonKey(&o->w, "designated", -1);
		JsonBool(&o->w, kept->designated);
	}
	WriteEntered(o, kept);
	WriteCost(o, kept);
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

/* The last day of a bill that is not kept; without the bills none is */
static void
WriteUnkept(Writer *o, bool without_bills)
{
	const Account *account = o->account;
	bool		unkept = account->unkept;
	int32_t		day = account->unkept_day;

	for (int i = 0; without_bills && i < account->n_kept; i++)
	{
		if (!unkept || account->kept[i].day > day)
			day = account->kept[i].day;
		unkept = true;
	}
	if (!unkept)
		return;
	JsonKey(&o->w, "unkept", -1);
	JsonDate(&o->w, day);
}

/* Which bills are not kept, and those that are */
static void
WriteBills(Writer *o, bool without_bills)
{
	const Account *account = o->account;
	int			next_event_paid = 0;

	WriteUnkept(o, without_bills);
	if (account->n_kept > 0 && !without_bills)
	{
		OpenList(o, "kept");
		for (int i = 0; i < account->n_kept; i++)
			WriteKept(o, i, &next_event_paid);
		JsonClose(&o->w, ']');
	}
}

int
AccountFormToJson(const Account *account, AccountForm form, char *out, int size)
{
	Writer		o;				/* large, and filled as far as it is needed */

	o.w = (JsonWriter) {out, size, 0, false};
	o.account = account;
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
	if (form != ACCOUNT_COUNTERS)
		WriteBills(&o, form == ACCOUNT_WITHOUT_BILLS);
	JsonClose(&o.w, '}');
	return o.w.length;
}

int
AccountToJson(const Account *account, char *out, int size)
{
	return AccountFormToJson(account, ACCOUNT_WHOLE, out, size);
}
