/*
 * bill_alike.c — bills that are alike: a table by the bytes of their codes. The stored form itself is in bill_binary.c.
 */
#include "postgres.h"

#include "errors.h"
#include "value/bill_alike.h"
#include "value/bytes.h"

/* the parts of the flags that decide, with the codes, what a plan stands on (PlanHint) */
#define KIND_SHIFT 24
#define ALIKE_FLAGS (CODE_FLAGS | HAS_AGE | HAS_HOSPITAL)

struct AlikeBill
{
	uint64		hash;
	uint32		traits;			/* flags, and kind */
	int			codes_length;
	uint32		note;
	PlanHint	hint;
	char		codes[MAX_ALIKE_BYTES];
	Bill		bill;			/* its codes point into ours */
};

StaticAssertDecl(FLAG_BITS <= KIND_SHIFT, "flags and kind fit into a word");

static inline uint64
Load64(const char *p)
{
	uint64		word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Every byte counts; the highest bits are the best */
static inline uint64
HashCodes(const char *codes, int length, uint32 traits)
{
	uint64		hash = traits;
	int			at = 0;

	for (; at + 8 <= length; at += 8)
		hash = (hash << 11 | hash >> 53) + Load64(codes + at);
	if (at < length)
		hash = (hash << 11 | hash >> 53) + (length >= 8 ? Load64(codes + length - 8) : (uint8) codes[length - 1]);
	return hash * UINT64CONST(0x9E3779B97F4A7C15);
}

/* Are these the codes? */
static inline bool
SameCodes(const AlikeBill *entry, const char *codes, int length)
{
	int			at = 0;

	for (; at + 8 <= length; at += 8)
		if (Load64(entry->codes + at) != Load64(codes + at))
			return false;
	if (length >= 8)
		return Load64(entry->codes + length - 8) == Load64(codes + length - 8);
	return memcmp(entry->codes, codes, length) == 0;
}

/* A place for another kind of bill */
static AlikeBill *
NewEntry(AlikeBills *alike)
{
	AlikeBill  *entry;

	if (alike->n == MAX_ALIKE)
	{
		memset(alike->slots, 0, sizeof(alike->slots));
		alike->n = 0;
	}
	entry = alike->all[alike->n];
	if (entry == NULL)
		entry = alike->all[alike->n] = MemoryContextAlloc(alike->memory, sizeof(AlikeBill));
	return entry;
}

/* The first bill of its kind: its codes are decoded, from a copy */
static AlikeBill *
AddAlike(AlikeBills *alike, uint64 hash, uint32 traits, const BillSections *sections)
{
	AlikeBill  *entry = NewEntry(alike);
	int			slot;

	memcpy(entry->codes, sections->codes, sections->codes_length);
	if (!BillDecodeCodes(entry->codes, sections->codes_length, sections->flags, &entry->bill))
		RefuseDamaged("bill");
	entry->hash = hash;
	entry->traits = traits;
	entry->codes_length = sections->codes_length;
	entry->note = 0;
	memset(&entry->hint, 0, sizeof(entry->hint));
	slot = hash >> 55;
	while (alike->slots[slot] != NULL)
		slot = (slot + 1) % ALIKE_SLOTS;
	alike->slots[slot] = entry;
	alike->n++;
	return entry;
}

static inline AlikeBill *
FindAlike(AlikeBills *alike, const BillSections *sections, uint32 traits)
{
	uint64		hash = HashCodes(sections->codes, sections->codes_length, traits);
	int			slot = hash >> 55;	/* as many bits as ALIKE_SLOTS has */
	AlikeBill  *entry;

	StaticAssertStmt(ALIKE_SLOTS == 1 << 9, "a slot is 9 bits of the hash");
	for (; (entry = alike->slots[slot]) != NULL; slot = (slot + 1) % ALIKE_SLOTS)
		if (entry->hash == hash && entry->traits == traits && entry->codes_length == sections->codes_length &&
			SameCodes(entry, sections->codes, sections->codes_length))
			return entry;
	return AddAlike(alike, hash, traits, sections);
}

/* Most bills have nothing behind their codes */
static inline void
ForgetRest(Bill *bill)
{
	static const Code nothing = {NULL, 0};

	bill->age = NO_AGE;
	bill->hospital = bill->encounter = bill->chain = nothing;
	bill->n_parts = bill->n_given = bill->n_facts = 0;
}

const Bill *
ReadAlike(AlikeBills *alike, const char *data, int length, Bill *room, PlanHint **hint)
{
	BillSections sections;
	AlikeBill  *entry;

	*hint = NULL;
	if (!BillFindSections(data, length, &sections))
		RefuseDamaged("bill");
	if (sections.codes_length > MAX_ALIKE_BYTES)
	{
		if (!BillDecode(data, length, room))
			RefuseDamaged("bill");
		return room;
	}
	entry = FindAlike(alike, &sections, (sections.flags & (ALIKE_FLAGS | alike->also)) | (uint32) (uint8) data[1] << KIND_SHIFT);
	BillDecodeNumbers(data, sections.flags, &entry->bill);
	if ((sections.flags & REST_FLAGS) == 0 && sections.rest_length == 0)
		ForgetRest(&entry->bill);
	else if (!BillDecodeRest(sections.rest, sections.rest_length, sections.flags, &entry->bill))
		RefuseDamaged("bill");
	*hint = &entry->hint;
	return &entry->bill;
}

uint32 *
NoteOfAlike(PlanHint *hint)
{
	return &((AlikeBill *) ((char *) hint - offsetof(AlikeBill, hint)))->note;
}
