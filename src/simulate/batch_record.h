/*
 * batch_record.h — records of a batch: a record of the simulation, then, if columns are passed on, a tuple of them and its length.
 */
#ifndef ASSISTANCE_SIMULATE_BATCH_RECORD_H
#define ASSISTANCE_SIMULATE_BATCH_RECORD_H

#include "access/htup.h"
#include "simulate/record.h"

/* Append a tuple to the record of this length; returns the new length, which the record tells from now on. */
static inline int
RecordAppend(char *record, int length, MinimalTuple tuple)
{
	uint16		tail = (uint16) tuple->t_len;
	uint16		whole = (uint16) (length + tail + sizeof(tail));

	memcpy(record + length, tuple, tail);
	memcpy(record + length + tail, &tail, sizeof(tail));
	memcpy(record, &whole, sizeof(whole));
	return whole;
}

/*
 * Take a record with a tuple at its end apart: the record alone goes to out, with room for MAX_RECORD; the tuple is palloc'd, as
 * it wants to be aligned.
 */
static inline MinimalTuple
RecordDetach(const char *record, char *out)
{
	int			whole = RecordLength(record);
	uint16		tail;
	uint16		length;
	MinimalTuple tuple;

	memcpy(&tail, record + whole - sizeof(tail), sizeof(tail));
	length = (uint16) (whole - tail - sizeof(tail));
	tuple = palloc(tail);
	memcpy(tuple, record + length, tail);
	memcpy(out, record, length);
	memcpy(out, &length, sizeof(length));
	return tuple;
}

#endif
