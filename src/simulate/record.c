/*
 * record.c — compact records. Profiles hold what bills have in common: kind, region, scheme, codes. A record holds person, order
 * key, amounts, dates, and behind them, as stored, what only some bills have.
 */
#include "postgres.h"

#include "errors.h"
#include "simulate/bytes.h"
#include "simulate/record.h"

#define PROFILE_BYTES offsetof(Bill, parts)	/* of a bill without parts, given layers and facts */

/* the key of a profile: traits, then each code as CodeKey makes a number of it, longer ones with what is left of them */
#define MAX_KEY_WORDS (1 + (2 + CODE_SINGLE + CODE_LISTS * MAX_LIST) * (1 + (MAX_PART_NAME + 7) / 8))
#define TRAIT_LISTS 2			/* behind the kind: how many codes are in each and 1, or 0: 4 bits */
#define TRAIT_DESIGNATED (TRAIT_LISTS + 4 * CODE_LISTS)	/* 2 bits */
#define TRAIT_FIELDS (TRAIT_DESIGNATED + 2)	/* which other fields are given */
#define TRAIT_LONG (TRAIT_FIELDS + 11)	/* codes of more than 8 bytes, by their place */

StaticAssertDecl(TRAIT_LONG + 2 + CODE_SINGLE + CODE_LISTS * MAX_LIST <= 64, "the traits of a bill fit into a word");

/* ---- profiles ---- */

Profiles *
NewProfiles(MemoryContext memory)
{
	Profiles   *profiles = MemoryContextAllocZero(memory, sizeof(Profiles));

	BillInit(&profiles->bill);
	profiles->memory = memory;
	profiles->alike.memory = memory;
	profiles->alike.also = ~COLUMN_FLAGS & ((UINT32_C(1) << FLAG_BITS) - 1);
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

/* Write a code so that a '+' of its own is not one that joins codes: that, and a backslash, come behind a backslash */
static char *
PutCategory(char *p, const Code *code)
{
	for (int i = 0; i < code->length; i++)
	{
		if (code->text[i] == '+' || code->text[i] == '\\')
			*p++ = '\\';
		*p++ = code->text[i];
	}
	return p;
}

/* The categories of a bill as one text: in byte order, each once, joined by '+'; '' when known to be none */
static uint32
CategoryText(Profiles *profiles, const Bill *bill)
{
	const int	list = CODE_CATEGORY - CODE_SINGLE;
	Code		codes[MAX_LIST];
	char		text[MAX_LIST * (2 * MAX_CODE + 1)];
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
		p = PutCategory(p, &codes[i]);
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

/* a key on its way */
typedef struct ProfileKey
{
	uint64		hash;
	int			n;				/* words */
	int			n_codes;
	uint64		word[MAX_KEY_WORDS];
} ProfileKey;

static inline void
AddWord(ProfileKey *key, uint64 word)
{
	key->hash = (key->hash << 11 | key->hash >> 53) + word;
	key->word[key->n++] = word;
}

/* A code of more than 8 bytes: the rest of it, and its length */
static pg_noinline void
AddLongCode(ProfileKey *key, const Code *code)
{
	key->word[0] |= UINT64CONST(1) << (TRAIT_LONG + key->n_codes);
	for (int at = 8; at < code->length; at += 8)
	{
		Code		rest = {code->text + at, (uint8) Min(8, code->length - at)};

		AddWord(key, CodeKey(rest));
	}
	AddWord(key, code->length);
}

static inline void
AddCode(ProfileKey *key, const Code *code)
{
	AddWord(key, CodeKey(*code));
	if (unlikely(code->length > 8))
		AddLongCode(key, code);
	key->n_codes++;
}

/* Everything about a bill but texts and figures */
static inline uint64
TraitsOf(const Bill *bill)
{
	uint64		fields = (bill->admitted_on != NO_DATE) | (bill->discharged_on != NO_DATE) << 1 | (bill->settled_on != NO_DATE) << 2 |
		(bill->encounter_total_fen != NO_AMOUNT) << 3 | (bill->age != NO_AGE) << 4 | (bill->hospital.text != NULL) << 5 |
		(bill->encounter.text != NULL) << 6 | (bill->chain.text != NULL) << 7 | (bill->n_parts > 0) << 8 | (bill->n_given > 0) << 9 |
		(bill->n_facts > 0) << 10;

	return bill->kind | fields << TRAIT_FIELDS | (uint64) (bill->designated + 1) << TRAIT_DESIGNATED;
}

/* What a bill has in common with others; a code that is not given is one without bytes, which no bill has */
static inline void
MakeProfileKey(const Bill *bill, ProfileKey *key)
{
	key->hash = 0;
	key->n_codes = 0;
	key->n = 1;
	key->word[0] = TraitsOf(bill);
	AddCode(key, &bill->region);
	AddCode(key, &bill->scheme);
#pragma GCC unroll 5
	for (int i = 0; i < CODE_SINGLE; i++)
	{
		if (bill->single[i].text != NULL)
			AddCode(key, &bill->single[i]);
		else
			AddWord(key, 0);
	}
	for (int i = 0; i < CODE_LISTS; i++)
	{
		if (!bill->list_known[i])
			continue;
		key->word[0] |= (uint64) (bill->n_list[i] + 1) << (TRAIT_LISTS + 4 * i);
		for (int k = 0; k < bill->n_list[i]; k++)
			AddCode(key, &bill->list[i][k]);
	}
	key->hash = Mix(key->hash + key->word[0]);
}

/* Keep what bills like this one have in common */
static void
AddProfile(Profiles *profiles, uint32 number, const Bill *bill)
{
	uint32		flags = BillFlags(bill);
	Size		size = flags & MEMBER_FLAGS ? sizeof(Bill) : PROFILE_BYTES;
	char		stored[BILL_MAX_BYTES];
	int			length = BillEncode(bill, stored);
	char	   *copy = MemoryContextAlloc(profiles->memory, length);
	Bill		kept;
	Profile    *profile;

	memcpy(copy, stored, length);
	if (!BillDecode(copy, length, &kept))
		RefuseDamaged("bill");
	if (number == profiles->capacity)
	{
		profiles->capacity *= 2;
		profiles->profiles = repalloc(profiles->profiles, profiles->capacity * sizeof(Profile));
	}
	profile = &profiles->profiles[number];
	profile->dims = DimsOf(profiles, &kept);
	profile->flags = flags & ~COLUMN_FLAGS;
	profile->bill = MemoryContextAlloc(profiles->memory, size);
	memcpy(profile->bill, &kept, size);
}

/* The profile of a bill, or NO_PROFILE when there are too many */
static inline uint32
ProfileOf(Profiles *profiles, const Bill *bill)
{
	ProfileKey	key;
	uint32		number;
	bool		is_new;

	MakeProfileKey(bill, &key);
	if (unlikely(profiles->keys.n >= MAX_PROFILES))
		return DictionaryFind(&profiles->keys, key.hash, (const char *) key.word, key.n * sizeof(uint64));
	number = DictionaryNumber(&profiles->keys, key.hash, (const char *) key.word, key.n * sizeof(uint64), &is_new);
	if (unlikely(is_new))
		AddProfile(profiles, number, bill);
	return number;
}

StaticAssertDecl(NOT_FOUND == NO_PROFILE, "what is not found has no profile");

/* The same for a bill of a kind that its maker tells, most often a known one */
static inline uint32
ProfileOfMade(Profiles *profiles, const MadeBill *made)
{
	uint32	   *known = &profiles->of_kind[made->alike];

	if (likely(made->alike != 0 && made->maker == profiles->maker && *known != 0))
		return *known - 1;
	if (made->maker != profiles->maker)
	{
		memset(profiles->of_kind, 0, sizeof(profiles->of_kind));
		profiles->maker = made->maker;
	}
	if (made->alike == 0)
		return ProfileOf(profiles, &made->bill);
	return (*known = ProfileOf(profiles, &made->bill) + 1) - 1;
}

/* ---- writing ---- */

/* A field that every record has, and how many bytes it takes */
static inline char *
PutField(char *p, uint32 *widths, int field, uint64 value)
{
	int			n = BytesOf(value);

	*widths |= (uint32) n << (4 * field);
	return PutBytes(p, value, n);
}

/* See UnpackTime */
static inline uint64
PackTime(int64 time)
{
	int64		seconds = time / MICROSECONDS;

	return seconds * MICROSECONDS == time ? ZigZag(seconds) << 1 : ZigZag(time) << 1 | 1;
}

/* What the flags say beyond codes and columns; dates as days from the day of the bill */
static char *
PutRest(char *p, const Bill *bill, uint32 flags)
{
	int32		day = DayOf(bill->ordered_at);

	if (flags & HAS_ENCOUNTER_TOTAL)
		p = PutVarint(p, (uint64) bill->encounter_total_fen);
	if (flags & HAS_ADMITTED)
		p = PutVarint(p, ZigZag((int64) bill->admitted_on - day));
	if (flags & HAS_DISCHARGED)
		p = PutVarint(p, ZigZag((int64) bill->discharged_on - day));
	if (flags & HAS_SETTLED)
		p = PutVarint(p, ZigZag((int64) bill->settled_on - day));
	return BillEncodeRest(bill, flags, p);
}

#define IN_REST (HAS_ENCOUNTER_TOTAL | HAS_ADMITTED | HAS_DISCHARGED | HAS_SETTLED | REST_FLAGS)

/* Write a record; returns its length */
static inline int
WriteRecord(const Profiles *profiles, int64 person, const char *key, int key_length, const Bill *bill, uint32 profile, char *out)
{
	uint32		widths = 0;
	uint16		length;
	char	   *p = out + RECORD_KEY;

	out[RECORD_KEY - 1] = (char) key_length;
	if (key_length > 0)
		memcpy(p, key, key_length);
	p = PutField(p + key_length, &widths, FIELD_PERSON, (uint64) person);
	p = PutField(p, &widths, FIELD_ORDERED_AT, PackTime(bill->ordered_at));
	p = PutField(p, &widths, FIELD_SEQ, ZigZag(bill->seq));
	p = PutField(p, &widths, FIELD_PROFILE, (uint32) (profile + 1));
	if (unlikely(profile == NO_PROFILE))
		p += BillEncode(bill, p);
	else
	{
		uint32		flags = profiles->profiles[profile].flags;

		for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
			p = PutField(p, &widths, FIELD_COLUMN + i - COLUMN_IN_SCOPE, (uint64) bill->column_fen[i]);
		if (flags & IN_REST)
			p = PutRest(p, bill, flags);
	}
	length = (uint16) (p - out);
	memcpy(out, &length, sizeof(length));
	memcpy(out + RECORD_WIDTHS, &widths, sizeof(widths));
	return length;
}

/* The same of a bill out of a table: its profile is that of the bills with the same bytes of codes */
static const Bill *
TakeStored(Profiles *profiles, Datum value, uint32 *profile)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
	PlanHint   *hint;
	const Bill *bill = ReadAlike(&profiles->alike, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), &profiles->bill, &hint);
	uint32	   *known = hint == NULL ? NULL : NoteOfAlike(hint);

	if (likely(known != NULL && *known != 0))
		*profile = *known - 1;
	else
	{
		*profile = ProfileOf(profiles, bill);
		if (known != NULL)
			*known = *profile + 1;
	}
	return bill;
}

/* The bill of a datum, and its profile */
static inline const Bill *
TakeBill(Profiles *profiles, Datum value, uint32 *profile)
{
	const MadeBill *made = MadeBillOf(value);

	if (likely(made != NULL))
	{
		*profile = ProfileOfMade(profiles, made);
		return &made->bill;
	}
	return TakeStored(profiles, value, profile);
}

int
RecordWrite(Profiles *profiles, int64 person, const char *key, int key_length, Datum value, char *out)
{
	uint32		profile;
	const Bill *bill = TakeBill(profiles, value, &profile);
	int			length = WriteRecord(profiles, person, key, key_length, bill, profile, out);

	Assert(length + SPARE_BYTES <= MAX_RECORD);
	return length;
}

#define PLAIN_RECORD (RECORD_KEY + 8 * 8)	/* bytes at most of one without a key and without anything behind its fields */

/* A copy would wait for the bytes just written, so most records are written where they belong. */
void
RecordAdd(Profiles *profiles, Runs *runs, uint64 hash, int64 person, const char *key, int key_length, Datum value, char *room)
{
	int			run = RunOf(runs, hash);
	char	   *place = RunsPlace(runs, run, PLAIN_RECORD + key_length);
	uint32		profile;
	const Bill *bill = TakeBill(profiles, value, &profile);

	if (likely(place != NULL && profile != NO_PROFILE && (profiles->profiles[profile].flags & IN_REST) == 0))
		RunsAdvance(runs, run, WriteRecord(profiles, person, key, key_length, bill, profile, place));
	else
		RunsAdd(runs, hash, room, WriteRecord(profiles, person, key, key_length, bill, profile, room));
}

/* ---- reading: the records are our own, so nothing is checked twice ---- */

static void
TakeRest(const char *p, const char *end, uint32 flags, Bill *bill)
{
	int32		day = DayOf(bill->ordered_at);

	if (flags & HAS_ENCOUNTER_TOTAL)
		bill->encounter_total_fen = (int64) TakeVarint(&p);
	if (flags & HAS_ADMITTED)
		bill->admitted_on = day + (int32) UnZigZag(TakeVarint(&p));
	if (flags & HAS_DISCHARGED)
		bill->discharged_on = day + (int32) UnZigZag(TakeVarint(&p));
	if (flags & HAS_SETTLED)
		bill->settled_on = day + (int32) UnZigZag(TakeVarint(&p));
	if ((flags & REST_FLAGS) != 0 && !BillDecodeRest(p, (int) (end - p), flags, bill))
		RefuseDamaged("bill");
}

/* A bill of no kept profile */
static const Bill *
WholeBill(Profiles *profiles, const char *stored, const char *end)
{
	if (!BillDecode(stored, (int) (end - stored), &profiles->bill))
		RefuseDamaged("bill");
	return &profiles->bill;
}

const Bill *
RecordBill(Profiles *profiles, const char *record, uint32 *profile)
{
	const char *p = RecordKey(record) + RecordKeyLength(record);
	const char *end = record + RecordLength(record);
	uint32		widths = RecordWidths(record);
	uint32		flags;
	Bill	   *bill;
	int64		ordered_at;
	int64		seq;
	int64		total = 0;

	TakeField(&p, &widths);
	ordered_at = UnpackTime(TakeField(&p, &widths));
	seq = UnZigZag(TakeField(&p, &widths));
	*profile = (uint32) TakeField(&p, &widths) - 1;
	if (unlikely(*profile == NO_PROFILE))
		return WholeBill(profiles, p, end);
	bill = profiles->profiles[*profile].bill;
	flags = profiles->profiles[*profile].flags;
	bill->ordered_at = ordered_at;
	bill->seq = seq;
	for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
		total += bill->column_fen[i] = (int64) TakeField(&p, &widths);
	bill->column_fen[COLUMN_TOTAL] = total;
	if (flags & IN_REST)
		TakeRest(p, end, flags, bill);
	return bill;
}

uint32
RecordDims(Profiles *profiles, const Bill *bill, uint32 profile)
{
	return likely(profile != NO_PROFILE) ? profiles->profiles[profile].dims : DimsOf(profiles, bill);
}

void
RefuseRecorded(const Fault *fault, const Bill *bill)
{
	Fault		same_key;

	if (fault->status != ST_OUT_OF_ORDER)
		RefuseBill(fault, bill);
	FaultSet(&same_key, fault->status, fault->path, fault->found,
			 "one bill of a person for each ordered_at and seq: leave out reversed bills and their reversals, or number bills by seq");
	RefuseBill(&same_key, bill);
	pg_unreachable();
}
