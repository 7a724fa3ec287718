/*
 * sorted.c — bringing the records of a run into the order of the fold: first each to one of as many places as there are records,
 * by the hash of its person, so that a place holds a person or two; then every place by itself.
 */
#include "postgres.h"

#include "simulate/bytes.h"
#include "simulate/sorted.h"
#include "utils/memutils.h"

#define INTERRUPT_EVERY 4096	/* places */

/* Persons that are texts: the hash decides, then the bytes */
static inline int
ComparePersons(const char *a, const char *b)
{
	int			x = RecordKeyLength(a);
	int			y = RecordKeyLength(b);
	int			order = memcmp(RecordKey(a), RecordKey(b), Min(x, y));

	return order != 0 ? order : x - y;
}

static inline int
CompareEntries(const Entry *a, const Entry *b, const bool *text_persons)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (*text_persons)
	{
		int			order = ComparePersons(a->record, b->record);

		if (order != 0)
			return order;
	}
	if (a->ordered_at != b->ordered_at)
		return a->ordered_at < b->ordered_at ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

#define ST_SORT SortEntries
#define ST_ELEMENT_TYPE Entry
#define ST_COMPARE(a, b, text_persons) CompareEntries(a, b, text_persons)
#define ST_COMPARE_ARG_TYPE const bool
#define ST_SCOPE static
#define ST_DEFINE
#define ST_CHECK_FOR_INTERRUPTS
#include "lib/sort_template.h"

/* a run on its way */
typedef struct Sorting
{
	int			shift;			/* of the bits of the hash that all persons of the run share … */
	int			bits;			/* … and how many of the others tell the place */
	int64		n;
	Entry	   *entries;		/* in the order of the records */
	uint32	   *first;			/* by place: where it begins */
} Sorting;

#define MAX_PLACE_BITS 20
#define SMALL_PLACE 16			/* entries that are sorted one by one */

static inline uint32
PlaceOf(const Sorting *sorting, uint64 hash)
{
	return (uint32) (hash << sorting->shift >> (64 - sorting->bits));
}

static inline void
AddEntry(Sorting *sorting, const char *record)
{
	Entry	   *entry = &sorting->entries[sorting->n++];
	RecordHead	head;

	RecordReadHead(record, &head);
	entry->hash = Mix((uint64) head.person);
	entry->ordered_at = head.ordered_at;
	entry->seq = head.seq;
	entry->record = record;
	sorting->first[PlaceOf(sorting, entry->hash) + 1]++;
}

/* All records of the run */
static void
AddEntries(Sorting *sorting, Runs *runs, int run, MemoryContext memory)
{
	RunPiece	piece;

	BeforePieces(runs, run, &piece);
	while (NextPiece(runs, run, &piece, memory))
		for (Size at = 0; at < piece.length; at += RecordLength(piece.data + at))
			AddEntry(sorting, piece.data + at);
}

/* Few entries: each goes where it belongs among those before it */
static inline void
SortFew(Entry *entries, uint32 n, const bool *text_persons)
{
	for (uint32 i = 1; i < n; i++)
	{
		Entry		entry = entries[i];
		uint32		k = i;

		for (; k > 0 && CompareEntries(&entries[k - 1], &entry, text_persons) > 0; k--)
			entries[k] = entries[k - 1];
		entries[k] = entry;
	}
}

/* Where each person of a place begins */
static inline void
FindPersons(SortedRun *sorted, uint32 begin, uint32 end, bool text_persons)
{
	for (uint32 i = begin; i < end; i++)
	{
		const Entry *entry = &sorted->entries[i];

		if (i == begin || entry->hash != entry[-1].hash ||
			(text_persons && ComparePersons(entry->record, entry[-1].record) != 0))
			sorted->first[sorted->n_persons++] = i;
	}
}

/* All entries to their places, then every place in order; the persons of two places are different ones */
static void
SortPlaces(Sorting *sorting, SortedRun *sorted, bool text_persons)
{
	uint32		places = UINT32_C(1) << sorting->bits;
	Entry	   *out = sorted->entries;
	uint32		begin = 0;

	for (uint32 i = 0; i < places; i++)
		sorting->first[i + 1] += sorting->first[i];
	for (int64 i = 0; i < sorting->n; i++)
		out[sorting->first[PlaceOf(sorting, sorting->entries[i].hash)]++] = sorting->entries[i];
	sorted->n_persons = 0;
	/* the first of each place has become that of the next one */
	for (uint32 i = 0; i < places; i++)
	{
		uint32		end = sorting->first[i];

		if (i % INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		if (likely(end - begin <= SMALL_PLACE))
			SortFew(out + begin, end - begin, &text_persons);
		else
			SortEntries(out + begin, end - begin, &text_persons);
		FindPersons(sorted, begin, end, text_persons);
		begin = end;
	}
	sorted->first[sorted->n_persons] = (uint32) sorted->n;
}

void
SortedRunInit(SortedRun *sorted, MemoryContext memory)
{
	memset(sorted, 0, sizeof(SortedRun));
	sorted->memory = memory;
	sorted->pieces = AllocSetContextCreate(memory, "assistance simulate pieces", ALLOCSET_DEFAULT_SIZES);
}

/* Room for n entries, and for as many places or persons */
static void
MakeRoom(SortedRun *sorted, int64 n)
{
	if (n > PG_INT32_MAX)
		elog(ERROR, "%lld bills in one run of a simulation", (long long) n);
	if (n < sorted->capacity)
		return;
	if (sorted->capacity > 0)
	{
		pfree(sorted->entries);
		pfree(sorted->unsorted);
		pfree(sorted->first);
	}
	sorted->capacity = n + n / 8 + 1;
	sorted->entries = MemoryContextAllocHuge(sorted->memory, sorted->capacity * sizeof(Entry));
	sorted->unsorted = MemoryContextAllocHuge(sorted->memory, sorted->capacity * sizeof(Entry));
	sorted->first = MemoryContextAllocHuge(sorted->memory, sorted->capacity * sizeof(uint32));
}

void
SortRun(SortedRun *sorted, Runs *runs, int run, bool text_persons)
{
	int64		n = RunRecords(runs, run);
	Sorting		sorting = {runs->bits};

	MakeRoom(sorted, n);
	MemoryContextReset(sorted->pieces);
	sorting.bits = Min(pg_leftmost_one_pos64(n | 2), MAX_PLACE_BITS);
	sorting.entries = sorted->unsorted;
	sorting.first = MemoryContextAllocZero(sorted->pieces, (((Size) 1 << sorting.bits) + 1) * sizeof(uint32));
	AddEntries(&sorting, runs, run, sorted->pieces);
	Assert(sorting.n == n);
	sorted->n = n;
	SortPlaces(&sorting, sorted, text_persons);
}
