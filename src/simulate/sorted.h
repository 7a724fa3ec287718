/*
 * sorted.h — one run in the order in which it is folded: by person, then by order key.
 */
#ifndef ASSISTANCE_SIMULATE_SORTED_H
#define ASSISTANCE_SIMULATE_SORTED_H

#include "simulate/record.h"
#include "simulate/runs.h"

/* one record in that order */
typedef struct Entry
{
	uint64		hash;			/* of the person; of numbers it tells them apart */
	int64		ordered_at;
	int64		seq;
	const char *record;
} Entry;

typedef struct SortedRun
{
	int64		n;
	Entry	   *entries;
	int64		n_persons;
	int64	   *first;			/* by person: its first entry; one more at the end */
} SortedRun;

/* Load and sort a run; everything is allocated in memory. */
extern void SortRun(SortedRun *sorted, MemoryContext memory, Runs *runs, int run, bool text_persons);

#endif
