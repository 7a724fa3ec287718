/*
 * book.h — compiled books, kept by the backend under their digest: they are immutable, so a copy is never stale.
 */
#ifndef ASSISTANCE_VALUE_BOOK_H
#define ASSISTANCE_VALUE_BOOK_H

#include "value/terms.h"

typedef struct KeptBook KeptBook;

/* What one call site (the fn_extra of one function call in a plan) remembers of its terms argument. Starts all zero. */
typedef struct BookUse
{
	KeptBook   *kept;			/* pinned until the call site's memory goes */
	const Book *book;
	uint8		digest[DIGEST_BYTES];
	bool		has_pointer;	/* the last value was toasted, at this place */
	struct varatt_external pointer;
	MemoryContextCallback callback;
	bool		has_callback;
} BookUse;

extern const Book *OpenBook(BookUse *use, MemoryContext owner, Datum terms);

/* Bytes that one look settles: the digest of an in-line value, or the toast pointer. */
static inline bool
BookIsOpen(const BookUse *use, const struct varlena *terms)
{
	if (!VARATT_IS_EXTENDED(terms))
		return memcmp(((const TermsValue *) terms)->digest, use->digest, DIGEST_BYTES) == 0;
	if (use->has_pointer && VARATT_IS_EXTERNAL_ONDISK(terms))
		return memcmp(VARDATA_EXTERNAL(terms), &use->pointer, sizeof(use->pointer)) == 0;
	return false;
}

/* The book of a terms value; owner is the memory context in which *use lives. */
static inline const Book *
GetBook(BookUse *use, MemoryContext owner, Datum terms)
{
	if (likely(use->book != NULL && BookIsOpen(use, (const struct varlena *) DatumGetPointer(terms))))
		return use->book;
	return OpenBook(use, owner, terms);
}

#endif
