/*
 * known_book.h — the book of a region as known at a publication. What a publication number stands for never changes, so a backend
 * may keep such books.
 */
#ifndef ASSISTANCE_REGISTER_KNOWN_BOOK_H
#define ASSISTANCE_REGISTER_KNOWN_BOOK_H

#include "utils/timestamp.h"
#include "value/book.h"

/* A state of the catalogue: its last publication and when that became known. */
typedef struct PolicyAct
{
	int64		id;
	TimestampTz at;
} PolicyAct;

/* Which book: the pages of the years of two days as known at an act. */
typedef struct BookNeed
{
	int32		first_day;
	int32		last_day;
	bool		all_schemes;	/* of the region; else that of the bill */
	PolicyAct	act;
} BookNeed;

typedef struct KnownBook
{
	Code		region;			/* points into region_text */
	Code		scheme;			/* points into scheme_text; without text: all */
	char		region_text[MAX_CODE];
	char		scheme_text[MAX_CODE];
	int			first_year;
	int			last_year;
	PolicyAct	act;
	MemoryContext memory;
	uint64		number;			/* of this entry, never used twice */
	uint64		last_used;
	BookUse		use;
	const Book *book;
	bytea	   *digest;
} KnownBook;

/* The last publication that is visible; raises MA110 when there is none. Needs SPI. */
extern PolicyAct LastPolicyAct(void);

/* The pages for a region and scheme. The book stays at hand until the next call. Needs SPI. */
extern const KnownBook *FindKnownBook(Code region, Code scheme, const BookNeed *need);

#endif
