/*
 * shown.c — expanded records over columns of our own. What the columns are, and how the row is written, is said where it is shown.
 */
#include "postgres.h"

#include "utils/typcache.h"
#include "value/shown.h"

void
InitShown(ExpandedRecordHeader *record, const ExpandedObjectMethods *methods, TupleDesc desc, Datum *values,
		  bool *nulls, MemoryContext memory)
{
	memset(record, 0, sizeof(*record));
	EOH_init_header(&record->hdr, methods, memory);
	record->er_magic = ER_MAGIC;
	record->flags = ER_FLAG_DVALUES_VALID;
	record->er_decltypeid = desc->tdtypeid;
	record->er_typeid = desc->tdtypeid;
	record->er_typmod = desc->tdtypmod;
	record->er_tupdesc = desc;
	record->er_tupdesc_id = assign_record_type_identifier(desc->tdtypeid, desc->tdtypmod);
	record->dvalues = values;
	record->dnulls = nulls;
	record->nfields = desc->natts;
}
