/*
 * slabs.h — memory that is handed out from front to back and given up as a whole: large pieces, for which the operating system is
 * asked for large pages. Records are scattered over them, and each small page would cost a fault and a place in the
 * processor's table of pages.
 */
#ifndef ASSISTANCE_SIMULATE_SLABS_H
#define ASSISTANCE_SIMULATE_SLABS_H

#include "compat.h"

typedef struct Slabs
{
	MemoryContext memory;		/* of the slabs and nothing else */
	Size		taken;			/* bytes of all slabs */
	char	   *next;			/* in the last slab … */
	Size		left;			/* … bytes behind it */
} Slabs;

extern void SlabsInit(Slabs *slabs, MemoryContext memory);

/* So many bytes, aligned for anything */
extern void *SlabsTake(Slabs *slabs, Size size);

/* Ask for large pages for memory that is large enough; a system that has none does as before. */
extern void AskForLargePages(void *memory, Size size);

/* Give everything up. */
extern void SlabsReset(Slabs *slabs);

#endif
