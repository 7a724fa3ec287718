/*
 * lines_value.h — assistance.lines as a datum.
 */
#ifndef ASSISTANCE_VALUE_LINES_VALUE_H
#define ASSISTANCE_VALUE_LINES_VALUE_H

#include "value/lines.h"

/* Raises MA302 when the bytes are damaged. Texts of *lines point into the (detoasted) value. */
extern void DatumGetLines(Datum value, StoredLines *lines);

/* Their JSON, palloc'd and with a final zero. */
extern char *LinesText(Datum value, int *length);

/* The name of a bucket, named parts included. */
extern Code StoredBucketName(const StoredLines *lines, int bucket);

#endif
