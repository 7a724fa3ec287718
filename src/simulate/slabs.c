/*
 * slabs.c — memory from front to back. A slab is an eighth of what there is before it, so that little of the last one is unused.
 */
#include "postgres.h"

#include "simulate/slabs.h"
#include "utils/memutils.h"

#define FIRST_SLAB ((Size) 8 * 1024)
#define LAST_SLAB ((Size) 32 * 1024 * 1024)

void
SlabsInit(Slabs *slabs, MemoryContext memory)
{
	memset(slabs, 0, sizeof(Slabs));
	slabs->memory = memory;
}

/* Another slab, with room for so many bytes */
static void
AddSlab(Slabs *slabs, Size needed)
{
	Size		size = FIRST_SLAB;

	while (size < LAST_SLAB && size * 8 <= slabs->taken)
		size *= 2;
	size = Max(size, needed);
	slabs->next = MemoryContextAllocHuge(slabs->memory, size);
	slabs->left = size;
	slabs->taken += size;
}

void *
SlabsTake(Slabs *slabs, Size size)
{
	void	   *place;

	size = MAXALIGN(size);
	if (slabs->left < size)
		AddSlab(slabs, size);
	place = slabs->next;
	slabs->next += size;
	slabs->left -= size;
	return place;
}

void
SlabsReset(Slabs *slabs)
{
	MemoryContextReset(slabs->memory);
	SlabsInit(slabs, slabs->memory);
}
