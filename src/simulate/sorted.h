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
	union
	{
		uint64		hash;		/* of the person; of numbers it tells them apart */
		void	   *place;		/* free for whoever folds: the persons are known by then */
	};
	int64		ordered_at;
	int64		seq;
	const char *record;
} Entry;

/* one run after the other: what was allocated for one serves the next */
typedef struct SortedRun
{
	MemoryContext memory;
	MemoryContext pieces;		/* of the run that were in the file */
	int64		n;
	Entry	   *entries;
	int64		n_persons;
	uint32	   *first;			/* by person: its first entry; one more at the end */
	Entry	   *unsorted;
	int64		capacity;		/* of these three */
} SortedRun;

/* Begin without a run; everything is allocated in memory. */
extern void SortedRunInit(SortedRun *sorted, MemoryContext memory);

/* Load and sort a run, which takes the place of the one before. */
extern void SortRun(SortedRun *sorted, Runs *runs, int run, bool text_persons);

#endif
