/*
 * sorted.c — bringing the records of a run into the order of the fold.
 */
#include "postgres.h"

#include "simulate/bytes.h"
#include "simulate/sorted.h"

/* Persons that are texts: the hash decides, then the bytes */
static inline int
ComparePersons(const char *a, const char *b)
{
	RecordHead	x;
	RecordHead	y;
	int			order;

	RecordReadHead(a, &x);
	RecordReadHead(b, &y);
	order = memcmp(RecordKey(a), RecordKey(b), Min(x.key_length, y.key_length));
	return order != 0 ? order : (int) x.key_length - (int) y.key_length;
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

static void
AddEntry(void *context, const char *record)
{
	SortedRun  *sorted = context;
	Entry	   *entry = &sorted->entries[sorted->n++];
	RecordHead	head;

	RecordReadHead(record, &head);
	entry->hash = Mix((uint64) head.person);
	entry->ordered_at = head.ordered_at;
	entry->seq = RecordSeq(record);
	entry->record = record;
}

/* Where each person begins */
static void
FindPersons(SortedRun *sorted, MemoryContext memory, bool text_persons)
{
	sorted->first = MemoryContextAllocHuge(memory, (sorted->n + 1) * sizeof(int64));
	sorted->n_persons = 0;
	for (int64 i = 0; i < sorted->n; i++)
	{
		const Entry *entry = &sorted->entries[i];

		if (i == 0 || entry->hash != entry[-1].hash ||
			(text_persons && ComparePersons(entry->record, entry[-1].record) != 0))
			sorted->first[sorted->n_persons++] = i;
	}
	sorted->first[sorted->n_persons] = sorted->n;
}

void
SortRun(SortedRun *sorted, MemoryContext memory, Runs *runs, int run, bool text_persons)
{
	sorted->n = 0;
	sorted->entries = MemoryContextAllocHuge(memory, runs->runs[run].records * sizeof(Entry));
	RunLoad(runs, run, memory, AddEntry, sorted);
	Assert(sorted->n == runs->runs[run].records);
	SortEntries(sorted->entries, sorted->n, &text_persons);
	FindPersons(sorted, memory, text_persons);
}
