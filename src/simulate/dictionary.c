/*
 * dictionary.c — texts and keys by number: a hash table with open addressing.
 */
#include "postgres.h"

#include "simulate/dictionary.h"

#define FIRST_SLOTS 64

void
DictionaryInit(Dictionary *dictionary, MemoryContext memory)
{
	dictionary->memory = memory;
	dictionary->n = 0;
	dictionary->capacity = FIRST_SLOTS / 2;
	dictionary->entries = MemoryContextAlloc(memory, dictionary->capacity * sizeof(DictionaryEntry));
	dictionary->n_slots = FIRST_SLOTS;
	dictionary->slots = MemoryContextAllocZero(memory, FIRST_SLOTS * sizeof(uint32));
}

/* The slot of a key, or the free one where it belongs */
static inline uint32
SlotOf(const Dictionary *dictionary, uint64 hash, const char *key, int length)
{
	uint32		slot = (uint32) hash & (dictionary->n_slots - 1);

	while (dictionary->slots[slot] != 0)
	{
		const DictionaryEntry *entry = &dictionary->entries[dictionary->slots[slot] - 1];

		if (entry->hash == hash && entry->length == length && memcmp(entry->key, key, length) == 0)
			break;
		slot = (slot + 1) & (dictionary->n_slots - 1);
	}
	return slot;
}

/* Twice the room; entries keep their numbers */
static void
Grow(Dictionary *dictionary)
{
	pfree(dictionary->slots);
	dictionary->n_slots *= 2;
	dictionary->slots = MemoryContextAllocExtended(dictionary->memory, dictionary->n_slots * sizeof(uint32),
												   MCXT_ALLOC_ZERO | MCXT_ALLOC_HUGE);
	dictionary->capacity *= 2;
	dictionary->entries = repalloc_huge(dictionary->entries, dictionary->capacity * sizeof(DictionaryEntry));
	for (uint32 i = 0; i < dictionary->n; i++)
	{
		const DictionaryEntry *entry = &dictionary->entries[i];

		dictionary->slots[SlotOf(dictionary, entry->hash, entry->key, entry->length)] = i + 1;
	}
}

uint32
DictionaryFind(const Dictionary *dictionary, uint64 hash, const char *key, int length)
{
	return dictionary->slots[SlotOf(dictionary, hash, key, length)] - 1;
}

uint32
DictionaryNumber(Dictionary *dictionary, uint64 hash, const char *key, int length, bool *is_new)
{
	uint32		slot = SlotOf(dictionary, hash, key, length);
	DictionaryEntry *entry;
	char	   *copy;

	if (is_new != NULL)
		*is_new = dictionary->slots[slot] == 0;
	if (dictionary->slots[slot] != 0)
		return dictionary->slots[slot] - 1;
	if (dictionary->n == dictionary->capacity)
	{
		Grow(dictionary);
		slot = SlotOf(dictionary, hash, key, length);
	}
	copy = MemoryContextAlloc(dictionary->memory, Max(length, 1));
	memcpy(copy, key, length);
	entry = &dictionary->entries[dictionary->n];
	entry->hash = hash;
	entry->key = copy;
	entry->length = length;
	dictionary->slots[slot] = ++dictionary->n;
	return dictionary->n - 1;
}
