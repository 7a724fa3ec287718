/*
 * batch_record.h — records of a batch: a record of the simulation, then, if columns are passed on, a tuple of them and its length.
 */
#ifndef ASSISTANCE_SIMULATE_BATCH_RECORD_H
#define ASSISTANCE_SIMULATE_BATCH_RECORD_H

#include "access/htup.h"
#include "simulate/record.h"

/* Append a tuple to the record of this length; returns the new length, which the record's head tells from now on. */
static inline int
RecordAppend(char *record, int length, MinimalTuple tuple)
{
	uint16		tail = (uint16) tuple->t_len;
	RecordHead	head;

	RecordReadHead(record, &head);
	memcpy(record + length, tuple, tail);
	memcpy(record + length + tail, &tail, sizeof(tail));
	head.length = (uint16) (length + tail + sizeof(tail));
	memcpy(record, &head, RECORD_HEAD);
	return head.length;
}

/* The length of the tuple at the end of a record. */
static inline int
RecordTail(const char *record, int length)
{
	uint16		tail;

	memcpy(&tail, record + length - sizeof(tail), sizeof(tail));
	return tail;
}

/* Split a record with a tuple at its end: the record of the bill alone goes to out, the tuple, aligned, is returned. */
static inline MinimalTuple
RecordDetach(const char *record, char *out)
{
	RecordHead	head;
	MinimalTuple tuple;
	int			tail;

	RecordReadHead(record, &head);
	tail = RecordTail(record, head.length);
	head.length = (uint16) (head.length - tail - sizeof(uint16));
	tuple = palloc(tail);
	memcpy(tuple, record + head.length, tail);
	memcpy(out, record, head.length);
	memcpy(out, &head, RECORD_HEAD);
	return tuple;
}

#endif
