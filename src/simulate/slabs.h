/*
 * slabs.h — memory that is handed out from front to back, in large pieces, and given up as a whole.
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

/* Give everything up. */
extern void SlabsReset(Slabs *slabs);

#endif
