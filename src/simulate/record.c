/*
 * record.c — compact records. Profiles hold what bills have in common: kind, region, scheme, codes. A record holds person, order
 * key, amounts, dates, and behind them, as stored, what only some bills have.
 */
#include "postgres.h"

#include "errors.h"
#include "simulate/bytes.h"
#include "simulate/record.h"

/* RecordHead.has: columns at 1 << (Column - 1), then … */
#define HAS_ENCOUNTER_TOTAL (1 << 4)
#define HAS_DATES (1 << 5)		/* a byte that tells which */
#define HAS_REST (1 << 6)
#define IS_WHOLE (1 << 7)		/* the stored bill follows as it is */

/* what a profile keeps of a bill: before and behind its lists, which are long and mostly empty */
#define BEFORE_LISTS offsetof(Bill, list)
#define BEHIND_LISTS offsetof(Bill, designated)
#define PROFILE_BYTES offsetof(Bill, parts)
#define MAX_PROFILE_KEY BILL_MAX_BYTES

/* ---- profiles ---- */

Profiles *
NewProfiles(MemoryContext memory)
{
	Profiles   *profiles = MemoryContextAllocZero(memory, sizeof(Profiles));

	profiles->memory = memory;
	DictionaryInit(&profiles->keys, memory);
	DictionaryInit(&profiles->dims, memory);
	DictionaryInit(&profiles->texts, memory);
	profiles->capacity = 64;
	profiles->profiles = MemoryContextAlloc(memory, profiles->capacity * sizeof(Profile));
	return profiles;
}

static uint32
TextNumber(Profiles *profiles, const char *text, int length)
{
	if (text == NULL)
		return NO_TEXT;
	return DictionaryNumber(&profiles->texts, HashBytes(0, text, length), text, length, NULL);
}

static int
CompareCodes(const void *a, const void *b)
{
	const Code *x = a;
	const Code *y = b;
	int			order = memcmp(x->text, y->text, Min(x->length, y->length));

	return order != 0 ? order : (int) x->length - (int) y->length;
}

/* The categories of a bill as one text: in byte order, each once, joined by '+'; '' when known to be none */
static uint32
CategoryText(Profiles *profiles, const Bill *bill)
{
	const int	list = CODE_CATEGORY - CODE_SINGLE;
	Code		codes[MAX_LIST];
	char		text[MAX_LIST * (MAX_CODE + 1)];
	char	   *p = text;

	if (!bill->list_known[list])
		return NO_TEXT;
	memcpy(codes, bill->list[list], sizeof(codes));
	qsort(codes, bill->n_list[list], sizeof(Code), CompareCodes);
	for (int i = 0; i < bill->n_list[list]; i++)
	{
		if (i > 0 && CompareCodes(&codes[i], &codes[i - 1]) == 0)
			continue;
		if (p > text)
			*p++ = '+';
		memcpy(p, codes[i].text, codes[i].length);
		p += codes[i].length;
	}
	return TextNumber(profiles, text, (int) (p - text));
}

/* The number of a bill's dimensions */
static uint32
DimsOf(Profiles *profiles, const Bill *bill)
{
	Dims		dims;

	dims.text[DIMENSION_REGION] = TextNumber(profiles, bill->region.text, bill->region.length);
	dims.text[DIMENSION_SCHEME] = TextNumber(profiles, bill->scheme.text, bill->scheme.length);
	dims.text[DIMENSION_LEVEL] = TextNumber(profiles, bill->single[CODE_LEVEL].text, bill->single[CODE_LEVEL].length);
	dims.text[DIMENSION_CARE_TYPE] = TextNumber(profiles, bill->single[CODE_CARE_TYPE].text, bill->single[CODE_CARE_TYPE].length);
	dims.text[DIMENSION_CATEGORY] = CategoryText(profiles, bill);
	return DictionaryNumber(&profiles->dims, HashBytes(0, (const char *) &dims, sizeof(dims)), (const char *) &dims,
							sizeof(dims), NULL);
}

/* Keep what bills like this one have in common */
static void
AddProfile(Profiles *profiles, uint32 number, const char *stored, int length)
{
	char	   *copy = MemoryContextAlloc(profiles->memory, length);
	Bill		bill;
	Profile    *profile;

	memcpy(copy, stored, length);
	if (!BillDecode(copy, length, &bill))
		RefuseDamaged("bill");
	if (number == profiles->capacity)
	{
		profiles->capacity *= 2;
		profiles->profiles = repalloc(profiles->profiles, profiles->capacity * sizeof(Profile));
	}
	profile = &profiles->profiles[number];
	profile->dims = DimsOf(profiles, &bill);
	bill.encounter_total_fen = NO_AMOUNT;
	bill.admitted_on = bill.discharged_on = bill.settled_on = NO_DATE;
	bill.age = NO_AGE;
	bill.hospital.text = bill.encounter.text = bill.chain.text = NULL;
	bill.hospital.length = bill.encounter.length = bill.chain.length = 0;
	bill.n_parts = bill.n_given = bill.n_facts = 0;
	profile->bill = MemoryContextAlloc(profiles->memory, PROFILE_BYTES);
	memcpy(profile->bill, &bill, PROFILE_BYTES);
}

/* The profile of a bill, or NOT_FOUND when there are too many */
static inline uint32
ProfileOf(Profiles *profiles, const BillOutline *outline, const char *stored, int length)
{
	char		key[MAX_PROFILE_KEY];
	char	   *p = key;
	uint64		hash;
	uint32		number;
	bool		is_new;

	*p++ = (char) outline->kind;
	memcpy(p, &outline->code_flags, sizeof(uint32));
	p += sizeof(uint32);
	memcpy(p, outline->names, outline->names_length);
	p += outline->names_length;
	memcpy(p, outline->codes, outline->codes_length);
	p += outline->codes_length;
	hash = HashBytes(0, key, (int) (p - key));
	if (unlikely(profiles->keys.n >= MAX_PROFILES))
		return DictionaryFind(&profiles->keys, hash, key, (int) (p - key));
	number = DictionaryNumber(&profiles->keys, hash, key, (int) (p - key), &is_new);
	if (unlikely(is_new))
		AddProfile(profiles, number, stored, length);
	return number;
}

/* ---- writing ---- */

/* Dates as days from the day of the bill */
static char *
PutDates(char *p, const BillOutline *outline)
{
	const int32 dates[3] = {outline->admitted_on, outline->discharged_on, outline->settled_on};
	const int32 day = DayOf(outline->ordered_at);
	char	   *which = p++;

	*which = 0;
	for (int i = 0; i < 3; i++)
	{
		if (dates[i] == NO_DATE)
			continue;
		*which |= 1 << i;
		p = PutVarint(p, ZigZag((int64) dates[i] - day));
	}
	return p;
}

/* What follows the profile's number */
static char *
PutBill(char *p, const BillOutline *outline, uint8 *has)
{
	p = PutVarint(p, ZigZag(outline->seq));
	for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
	{
		if (outline->column_fen[i] == 0)
			continue;
		*has |= 1 << (i - 1);
		p = PutVarint(p, (uint64) outline->column_fen[i]);
	}
	if (outline->encounter_total_fen != NO_AMOUNT)
	{
		*has |= HAS_ENCOUNTER_TOTAL;
		p = PutVarint(p, (uint64) outline->encounter_total_fen);
	}
	if (outline->admitted_on != NO_DATE || outline->discharged_on != NO_DATE || outline->settled_on != NO_DATE)
	{
		*has |= HAS_DATES;
		p = PutDates(p, outline);
	}
	if (outline->rest_flags != 0)
	{
		*has |= HAS_REST;
		p = PutVarint(p, outline->rest_flags);
		memcpy(p, outline->rest, outline->rest_length);
		p += outline->rest_length;
	}
	return p;
}

int
RecordWrite(Profiles *profiles, int64 person, const char *key, int key_length, Datum bill, char *out)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(bill);
	const char *stored = VARDATA_ANY(bytes);
	int			length = (int) VARSIZE_ANY_EXHDR(bytes);
	BillOutline outline;
	RecordHead	head = {person, 0, 0, 0, (uint8) key_length};
	char	   *p = out + RECORD_HEAD;
	uint32		profile;

	if (unlikely(length > BILL_MAX_BYTES || !BillSections(stored, length, &outline)))
		RefuseDamaged("bill");
	head.ordered_at = outline.ordered_at;
	memcpy(p, key, key_length);
	p += key_length;
	profile = ProfileOf(profiles, &outline, stored, length);
	if (unlikely(profile == NOT_FOUND))
	{
		head.has = IS_WHOLE;
		p = PutVarint(p, ZigZag(outline.seq));
		memcpy(p, stored, length);
		p += length;
	}
	else
		p = PutBill(PutVarint(p, profile), &outline, &head.has);
	head.length = (uint16) (p - out);
	Assert(head.length <= MAX_RECORD);
	memcpy(out, &head, RECORD_HEAD);
	if ((Pointer) bytes != DatumGetPointer(bill))
		pfree(bytes);
	return head.length;
}

/* ---- reading: the records are our own, so nothing is checked twice ---- */

static void
TakeDates(const char **p, int32 day, Bill *bill)
{
	int			which = (uint8) *(*p)++;

	if (which & 1)
		bill->admitted_on = day + (int32) UnZigZag(TakeVarint(p));
	if (which & 2)
		bill->discharged_on = day + (int32) UnZigZag(TakeVarint(p));
	if (which & 4)
		bill->settled_on = day + (int32) UnZigZag(TakeVarint(p));
}

/* A bill of no kept profile */
static void
ReadWhole(const char *p, const RecordHead *head, const char *record, Bill *bill)
{
	TakeVarint(&p);
	if (!BillDecode(p, (int) (record + head->length - p), bill))
		RefuseDamaged("bill");
}

int64
RecordSeq(const char *record)
{
	RecordHead	head;
	const char *p;

	RecordReadHead(record, &head);
	p = record + RECORD_HEAD + head.key_length;
	if (likely(!(head.has & IS_WHOLE)))
		TakeVarint(&p);
	return UnZigZag(TakeVarint(&p));
}

/* The bill of a profile; what lies behind the codes of a list is left as it is */
static inline void
ReadProfile(const Bill *profile, Bill *bill)
{
	memcpy(bill, profile, BEFORE_LISTS);
	memcpy((char *) bill + BEHIND_LISTS, (const char *) profile + BEHIND_LISTS, PROFILE_BYTES - BEHIND_LISTS);
	for (int i = 0; i < CODE_LISTS; i++)
		for (int k = 0; k < profile->n_list[i]; k++)
			bill->list[i][k] = profile->list[i][k];
}

void
RecordReadBill(const Profiles *profiles, const char *record, Bill *bill)
{
	RecordHead	head;
	const char *p;

	RecordReadHead(record, &head);
	p = record + RECORD_HEAD + head.key_length;
	if (unlikely(head.has & IS_WHOLE))
	{
		ReadWhole(p, &head, record, bill);
		return;
	}
	ReadProfile(profiles->profiles[TakeVarint(&p)].bill, bill);
	bill->ordered_at = head.ordered_at;
	bill->seq = UnZigZag(TakeVarint(&p));
	bill->column_fen[COLUMN_TOTAL] = 0;
	for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
	{
		bill->column_fen[i] = head.has & (1 << (i - 1)) ? (int64) TakeVarint(&p) : 0;
		bill->column_fen[COLUMN_TOTAL] += bill->column_fen[i];
	}
	if (head.has & HAS_ENCOUNTER_TOTAL)
		bill->encounter_total_fen = (int64) TakeVarint(&p);
	if (head.has & HAS_DATES)
		TakeDates(&p, DayOf(head.ordered_at), bill);
	if (head.has & HAS_REST)
	{
		uint32		rest_flags = (uint32) TakeVarint(&p);

		if (!BillDecodeRest(p, (int) (record + head.length - p), rest_flags, bill))
			RefuseDamaged("bill");
	}
}

uint32
RecordDims(Profiles *profiles, const char *record)
{
	RecordHead	head;
	const char *p;
	Bill		bill;

	RecordReadHead(record, &head);
	p = record + RECORD_HEAD + head.key_length;
	if (likely(!(head.has & IS_WHOLE)))
		return profiles->profiles[TakeVarint(&p)].dims;
	ReadWhole(p, &head, record, &bill);
	return DimsOf(profiles, &bill);
}
