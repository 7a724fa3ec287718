/*
 * shown.h — rows that a call site shows one after the other: an expanded record over columns that lie in the call site's memory.
 * Read-only; what is shown holds until the next row is shown, and whoever keeps it keeps a copy that the methods write.
 */
#ifndef ASSISTANCE_VALUE_SHOWN_H
#define ASSISTANCE_VALUE_SHOWN_H

#include "utils/expandedrecord.h"

/* Let *record show these columns; desc, values, nulls and *record live in memory. */
extern void InitShown(ExpandedRecordHeader *record, const ExpandedObjectMethods *methods, TupleDesc desc, Datum *values,
					  bool *nulls, MemoryContext memory);

/* The value for the caller of an SQL function, in its memory: the server copies results that are elsewhere, and a copy is flat. */
static inline Datum
ShownGetDatum(const ExpandedRecordHeader *record)
{
	char	   *pointer = palloc(EXPANDED_POINTER_SIZE);

	memcpy(pointer, record->hdr.eoh_ro_ptr, EXPANDED_POINTER_SIZE);
	return PointerGetDatum(pointer);
}

#endif
