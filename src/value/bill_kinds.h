/*
 * bill_kinds.h — private to make_bill: bills of one call site that have the same codes, and bring the same other fields, are of one
 * kind. The texts of a known kind need not be looked at again, and whoever takes the bill may remember what follows from them.
 */
#ifndef ASSISTANCE_VALUE_BILL_KINDS_H
#define ASSISTANCE_VALUE_BILL_KINDS_H

#include "compat.h"
#include "core.h"

#define KIND_WORDS 16			/* of a kind that is kept */
#define MAX_KIND_CODES (2 + CODE_SINGLE + CODE_LISTS * MAX_LIST)
#define MAX_KIND_WORDS (1 + MAX_KIND_CODES * (2 + (MAX_CODE + 7) / 8))

/* the first word: which codes are long, and … */
#define KIND_LONG (64 - MAX_KIND_CODES)
#define KIND_LISTS 0			/* … how many codes are in each list and 1, or 0: 4 bits */
#define KIND_FIELDS (4 * CODE_LISTS)	/* … which of the other arguments are there */
#define KIND_DESIGNATED (KIND_FIELDS + 8)	/* … and 1 or 2 for the value of designated */

/* what tells one bill's kind, on its way; begin with n = 1, no codes, traits 0 */
typedef struct KindKey
{
	uint64		hash;
	int			n;				/* words, the first of which is still in traits */
	int			n_codes;
	uint64		traits;
	uint64		word[MAX_KIND_WORDS];
} KindKey;

typedef struct Kind
{
	uint64		hash;
	int			n;
	uint64		word[KIND_WORDS];
} Kind;

typedef struct BillKinds
{
	MemoryContext memory;
	uint32		n;
	uint32		capacity;		/* grows up to MAX_BILL_KINDS */
	int			slot_bits;
	Kind	   *kinds;
	uint16	   *slots;			/* twice as many: number of a kind, from 1; 0: free */
} BillKinds;

StaticAssertDecl(MAX_BILL_KINDS <= PG_UINT16_MAX, "the number of a kind fits");
StaticAssertDecl(KIND_DESIGNATED + 2 <= KIND_LONG, "the traits of a kind fit into a word");

static inline void
AddKindWord(KindKey *key, uint64 word)
{
	key->hash = (key->hash << 11 | key->hash >> 53) + word;
	key->word[key->n++] = word;
}

/* A code of more than 8 bytes: what is left of it, and its length */
extern void AddLongKindCode(KindKey *key, const char *text, int length);

/* A code that rules may test; length 0: it is not given */
static inline void
AddKindCode(KindKey *key, const char *text, int length)
{
	AddKindWord(key, CodeKey((Code) {text, (uint8) length}));
	if (unlikely(length > 8))
		AddLongKindCode(key, text, length);
	key->n_codes++;
}

extern void InitKinds(BillKinds *kinds, MemoryContext memory);

/* The number of a kind, from 1; 0: it is none of those that are kept */
extern uint32 FindKind(const BillKinds *kinds, KindKey *key);

/* Keep one that has not been found, if there is room; its number or 0 */
extern uint32 AddKind(BillKinds *kinds, const KindKey *key);

#endif
