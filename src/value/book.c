/*
 * book.c — opening the book of a terms value. A backend keeps the books that it used last, compiled, and finds them by digest:
 * what a digest stands for never changes. A book in use is pinned by its call sites.
 */
#include "postgres.h"

#include "assistance.h"
#include "errors.h"
#include "lib/ilist.h"
#include "utils/memutils.h"
#include "value/book.h"

#define KEPT_BOOKS 8			/* books without a user that are kept */

struct KeptBook
{
	dlist_node	node;			/* in books, last used first */
	MemoryContext memory;		/* holds this struct and the arena */
	uint8		digest[DIGEST_BYTES];
	int			pins;
	Book		book;
};

static dlist_head books = DLIST_STATIC_INIT(books);

/* Forget the books that nobody uses beyond the number to keep, those used longest ago first. */
static void
TrimBooks(void)
{
	dlist_mutable_iter i;
	int			unused = 0;

	dlist_foreach_modify(i, &books)
	{
		KeptBook   *kept = dlist_container(KeptBook, node, i.cur);

		if (kept->pins > 0 || ++unused <= KEPT_BOOKS)
			continue;
		dlist_delete(&kept->node);
		MemoryContextDelete(kept->memory);
	}
}

static void
Unpin(BookUse *use)
{
	if (use->kept == NULL)
		return;
	Assert(use->kept->pins > 0);
	use->kept->pins--;
	use->kept = NULL;
	use->book = NULL;
	use->has_pointer = false;
}

/* The call site's memory goes. */
static void
UnpinCallback(void *use)
{
	Unpin((BookUse *) use);
	TrimBooks();
}

static KeptBook *
FindKept(const uint8 *digest)
{
	dlist_iter	i;

	dlist_foreach(i, &books)
	{
		KeptBook   *kept = dlist_container(KeptBook, node, i.cur);

		if (memcmp(kept->digest, digest, DIGEST_BYTES) == 0)
			return kept;
	}
	return NULL;
}

/* Compile a document that terms_in has accepted once already. */
static KeptBook *
Compile(const TermsValue *terms)
{
	int			length = TermsDocumentLength(terms);
	int64		arena_size = ArenaNeeded(length);
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance book", ALLOCSET_SMALL_SIZES);
	KeptBook   *kept = MemoryContextAllocZero(memory, sizeof(KeptBook));
	char	   *arena = MemoryContextAllocExtended(memory, arena_size, MCXT_ALLOC_HUGE);
	Fault		fault;

	CheckFault(CompileBook(terms->document, length, arena, arena_size, &kept->book, &fault), &fault);
	kept->memory = memory;
	memcpy(kept->digest, terms->digest, DIGEST_BYTES);
	MemoryContextSetParent(memory, TopMemoryContext);
	dlist_push_head(&books, &kept->node);
	return kept;
}

/* Pin the book for this call site, in place of the one that it used before. */
static void
Pin(BookUse *use, MemoryContext owner, KeptBook *kept)
{
	if (!use->has_callback)
	{
		use->callback.func = UnpinCallback;
		use->callback.arg = use;
		MemoryContextRegisterResetCallback(owner, &use->callback);
		use->has_callback = true;
	}
	Unpin(use);
	kept->pins++;
	use->kept = kept;
	use->book = &kept->book;
	memcpy(use->digest, kept->digest, DIGEST_BYTES);
	dlist_move_head(&books, &kept->node);
}

/* Remember where a toasted value lies, so that the next row need not fetch it. */
static void
RememberPointer(BookUse *use, const struct varlena *value)
{
	use->has_pointer = VARATT_IS_EXTERNAL_ONDISK(value);
	if (use->has_pointer)
		memcpy(&use->pointer, VARDATA_EXTERNAL(value), sizeof(use->pointer));
}

const Book *
OpenBook(BookUse *use, MemoryContext owner, Datum value)
{
	TermsValue *terms;

	CheckVersion();
	terms = DatumGetTerms(value);
	if (use->book == NULL || memcmp(use->digest, terms->digest, DIGEST_BYTES) != 0)
	{
		KeptBook   *kept = FindKept(terms->digest);

		if (kept == NULL)
			kept = Compile(terms);
		Pin(use, owner, kept);
		TrimBooks();
	}
	RememberPointer(use, (const struct varlena *) DatumGetPointer(value));
	if ((Pointer) terms != DatumGetPointer(value))
		pfree(terms);
	return use->book;
}
