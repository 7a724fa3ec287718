/*
 * known_book.c — the books that settling needs, from the policy catalogue. The key of a book is (region, scheme, years,
 * publication): under one publication, with the moment it became known, the catalogue's answer is always the same. Where a region
 * has several schemes, one's rules that reach back do not make the bills of another kept.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "register/kept_table.h"
#include "register/known_book.h"
#include "register/plan.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#define KNOWN_BOOKS 32

static KnownBook *known[KNOWN_BOOKS];
static uint64 last_number;
static uint64 clock_hand;		/* counts uses */

static void
RefuseUnpublished(void)
{
	Fault		fault;

	CheckFault(FaultSet(&fault, ST_NO_PAGE, "", "no policy has been published",
						"assistance.publish_policy before the first claim"), &fault);
}

static PolicyAct
LastActByStatement(void)
{
	PolicyAct	act;
	bool		isnull;

	RunPlan(PLAN_PUBLICATION, NULL);
	if (SPI_processed == 0)
		RefuseUnpublished();
	act.id = DatumGetInt64(PlanColumn(SPI_tuptable, 0, 1, &isnull));
	act.at = DatumGetTimestampTz(PlanColumn(SPI_tuptable, 0, 2, &isnull));
	SPI_freetuptable(SPI_tuptable);
	return act;
}

/* The last row by the index on its id */
static PolicyAct
LastActByIndex(Relation table, const KeptForm *kept)
{
	Snapshot	snapshot = BeginLook();
	Relation	index = index_open(kept->index, AccessShareLock);
	SysScanDesc scan = systable_beginscan_ordered(table, index, snapshot, 0, NULL);
	HeapTuple	tuple = systable_getnext_ordered(scan, BackwardScanDirection);
	PolicyAct	act;
	bool		isnull;

	if (!HeapTupleIsValid(tuple))
		RefuseUnpublished();
	act.id = DatumGetInt64(heap_getattr(tuple, kept->form->filled[0].number, RelationGetDescr(table), &isnull));
	act.at = DatumGetTimestampTz(heap_getattr(tuple, kept->form->filled[1].number, RelationGetDescr(table), &isnull));
	systable_endscan_ordered(scan);
	index_close(index, AccessShareLock);
	EndLook(snapshot);
	return act;
}

PolicyAct
LastPolicyAct(void)
{
	KeptForm	kept;
	Relation	table = OpenKept(KEPT_PUBLICATION, &kept);
	PolicyAct	act;

	if (table == NULL)
		return LastActByStatement();
	act = LastActByIndex(table, &kept);
	table_close(table, NoLock);
	return act;
}

static int
YearOfDay(int32 day)
{
	int			year,
				month,
				month_day;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &month_day);
	return year;
}

static bool
IsCode(Code a, Code b)
{
	return a.length == b.length && (a.text == NULL) == (b.text == NULL) && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

static bool
IsBook(const KnownBook *book, const KnownBook *wanted)
{
	return book->act.id == wanted->act.id && book->act.at == wanted->act.at && book->first_year == wanted->first_year &&
		book->last_year == wanted->last_year && IsCode(book->region, wanted->region) && IsCode(book->scheme, wanted->scheme);
}

static Datum
CodeArray(Code code)
{
	Datum		text = PointerGetDatum(cstring_to_text_with_len(code.text, code.length));

	return PointerGetDatum(construct_array(&text, 1, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Ask the catalogue. The terms are palloc'd in the current memory context. */
static Datum
AskForBook(const KnownBook *book)
{
	Datum		values[5];
	Datum		terms;
	bool		isnull;

	values[0] = CodeArray(book->region);
	values[1] = DateADTGetDatum(date2j(book->first_year, 1, 1) - POSTGRES_EPOCH_JDATE);
	values[2] = DateADTGetDatum(date2j(book->last_year, 12, 31) - POSTGRES_EPOCH_JDATE);
	values[3] = TimestampTzGetDatum(book->act.at);
	values[4] = book->scheme.text == NULL ? (Datum) 0 : CodeArray(book->scheme);
	RunPlanWithNulls(PLAN_BOOK, values, book->scheme.text == NULL ? "    n" : "     ");
	terms = SPI_processed == 1 ? PlanColumn(SPI_tuptable, 0, 1, &isnull) : (Datum) 0;
	if (SPI_processed != 1 || isnull)
	{
		Fault		fault;

		CheckFault(FaultFormat(&fault, ST_NO_PAGE, "terms", "a published policy of this region", "region %.*s has no page from %d to %d",
							   book->region.length, book->region.text, book->first_year, book->last_year), &fault);
	}
	return terms;
}

/* A place in the table: an empty one, or that of the book used longest ago */
static int
FreePlace(void)
{
	int			oldest = 0;

	for (int i = 0; i < KNOWN_BOOKS; i++)
	{
		if (known[i] == NULL)
			return i;
		if (known[i]->last_used < known[oldest]->last_used)
			oldest = i;
	}
	MemoryContextDelete(known[oldest]->memory);
	known[oldest] = NULL;
	return oldest;
}

/* Copy a code of the key into the entry */
static Code
KeepCode(Code code, char *text)
{
	if (code.text == NULL)
		return code;
	memcpy(text, code.text, code.length);
	return (Code) {text, code.length};
}

/* A new entry; it is at hand only once it is complete. */
static KnownBook *
LearnBook(const KnownBook *wanted)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "assistance known book", ALLOCSET_SMALL_SIZES);
	KnownBook  *book = MemoryContextAllocZero(memory, sizeof(KnownBook));
	Datum		terms;
	int			place;

	*book = *wanted;
	book->region = KeepCode(wanted->region, book->region_text);
	book->scheme = KeepCode(wanted->scheme, book->scheme_text);
	book->memory = memory;
	book->number = ++last_number;
	terms = AskForBook(book);
	book->book = GetBook(&book->use, memory, terms);
	book->digest = (bytea *) MemoryContextAlloc(memory, VARHDRSZ + DIGEST_BYTES);
	SET_VARSIZE(book->digest, VARHDRSZ + DIGEST_BYTES);
	memcpy(VARDATA(book->digest), book->use.digest, DIGEST_BYTES);
	SPI_freetuptable(SPI_tuptable);
	place = FreePlace();
	MemoryContextSetParent(memory, TopMemoryContext);
	known[place] = book;
	return book;
}

const KnownBook *
FindKnownBook(Code region, Code scheme, const BookNeed *need)
{
	KnownBook	wanted = {
		.region = region, .scheme = need->all_schemes ? (Code) {NULL, 0} : scheme, .first_year = YearOfDay(need->first_day),
		.last_year = YearOfDay(need->last_day), .act = need->act
	};
	KnownBook  *book = NULL;

	for (int i = 0; i < KNOWN_BOOKS && book == NULL; i++)
		if (known[i] != NULL && IsBook(known[i], &wanted))
			book = known[i];
	if (book == NULL)
		book = LearnBook(&wanted);
	book->last_used = ++clock_hand;
	return book;
}
