/*
 * dictionary.h — texts and keys by number: each different one gets the next number, from 0.
 */
#ifndef ASSISTANCE_SIMULATE_DICTIONARY_H
#define ASSISTANCE_SIMULATE_DICTIONARY_H

#include "compat.h"
#include "core.h"

typedef struct DictionaryEntry
{
	uint64		hash;
	const char *key;			/* in the dictionary's memory */
	int			length;
} DictionaryEntry;

typedef struct Dictionary
{
	MemoryContext memory;
	uint32		n;
	uint32		capacity;
	DictionaryEntry *entries;	/* by number */
	uint32		n_slots;		/* a power of two */
	uint32	   *slots;			/* number + 1; 0: free */
} Dictionary;

#define NOT_FOUND PG_UINT32_MAX

extern void DictionaryInit(Dictionary *dictionary, MemoryContext memory);

/* The number of a key, or NOT_FOUND. */
extern uint32 DictionaryFind(const Dictionary *dictionary, uint64 hash, const char *key, int length);

/* The number of a key, added when it is new: *is_new may be NULL. */
extern uint32 DictionaryNumber(Dictionary *dictionary, uint64 hash, const char *key, int length, bool *is_new);

#endif
