/*
 * bill_kinds.c — the kinds of bills of one call site: a small table with open addressing.
 */
#include "postgres.h"

#include "port/pg_bitutils.h"
#include "value/bill.h"
#include "value/bill_kinds.h"

pg_noinline void
AddLongKindCode(KindKey *key, const char *text, int length)
{
	key->traits |= UINT64CONST(1) << (KIND_LONG + key->n_codes);
	for (int at = 8; at < length; at += 8)
		AddKindWord(key, CodeKey((Code) {text + at, (uint8) Min(8, length - at)}));
	AddKindWord(key, length);
}

#define FIRST_KINDS 16

static void
MakeTables(BillKinds *kinds, uint32 capacity)
{
	Kind	   *larger = MemoryContextAlloc(kinds->memory, capacity * sizeof(Kind));

	if (kinds->kinds != NULL)
	{
		memcpy(larger, kinds->kinds, kinds->n * sizeof(Kind));
		pfree(kinds->kinds);
		pfree(kinds->slots);
	}
	kinds->kinds = larger;
	kinds->capacity = capacity;
	kinds->slot_bits = pg_leftmost_one_pos32(capacity) + 1;
	kinds->slots = MemoryContextAllocZero(kinds->memory, 2 * capacity * sizeof(uint16));
}

void
InitKinds(BillKinds *kinds, MemoryContext memory)
{
	memset(kinds, 0, sizeof(BillKinds));
	kinds->memory = memory;
	MakeTables(kinds, FIRST_KINDS);
}

static inline uint32
FirstSlot(const BillKinds *kinds, uint64 hash)
{
	return (uint32) (hash >> (64 - kinds->slot_bits));
}

static inline uint32
NextSlot(const BillKinds *kinds, uint32 slot)
{
	return (slot + 1) & ((UINT32_C(1) << kinds->slot_bits) - 1);
}

static inline bool
IsKind(const Kind *kind, const KindKey *key)
{
	if (kind->hash != key->hash || kind->n != key->n)
		return false;
	for (int i = 0; i < key->n; i++)
		if (kind->word[i] != key->word[i])
			return false;
	return true;
}

uint32
FindKind(const BillKinds *kinds, KindKey *key)
{
	uint32		number;

	key->word[0] = key->traits;
	key->hash = (key->hash + key->traits) * UINT64CONST(0x9E3779B97F4A7C15);
	for (uint32 slot = FirstSlot(kinds, key->hash); (number = kinds->slots[slot]) != 0; slot = NextSlot(kinds, slot))
		if (IsKind(&kinds->kinds[number - 1], key))
			return number;
	return 0;
}

/* Where a kind is looked for */
static void
EnterKind(BillKinds *kinds, uint32 number)
{
	uint32		slot = FirstSlot(kinds, kinds->kinds[number - 1].hash);

	while (kinds->slots[slot] != 0)
		slot = NextSlot(kinds, slot);
	kinds->slots[slot] = (uint16) number;
}

uint32
AddKind(BillKinds *kinds, const KindKey *key)
{
	Kind	   *kind;

	if (kinds->n == MAX_BILL_KINDS || key->n > KIND_WORDS)
		return 0;
	if (kinds->n == kinds->capacity)
	{
		MakeTables(kinds, 2 * kinds->capacity);
		for (uint32 number = 1; number <= kinds->n; number++)
			EnterKind(kinds, number);
	}
	kind = &kinds->kinds[kinds->n++];
	kind->hash = key->hash;
	kind->n = key->n;
	memcpy(kind->word, key->word, key->n * sizeof(uint64));
	EnterKind(kinds, kinds->n);
	return kinds->n;
}
