/*
 * jsontext.h — strings of a document byte by byte, as they read without their escapes. Private to the JSON reader, the compiler
 * and the canonical form; the strings have been checked by JsonParse.
 */
#ifndef ASSISTANCE_JSONTEXT_H
#define ASSISTANCE_JSONTEXT_H

#include "json.h"

typedef struct JsonCursor
{
	const char *text;
	int			at;
	int			end;
	bool		escaped;
	int8_t		n_unit;			/* bytes of the last escape, of which n_read have been given out */
	int8_t		n_read;
	char		unit[4];
} JsonCursor;

extern JsonCursor JsonCursorOf(const Json *json, int node);

/* The next byte, 0 .. 255; -1 at the end. */
extern int	JsonNextByte(JsonCursor *cursor);

/* Byte order of two strings of a document: below, at or above 0. */
extern int	JsonCompare(const Json *json, int a, int b);

/* Are two strings of a document equal? */
extern bool JsonSame(const Json *json, int a, int b);

/* Write a number or a word as it is given. */
extern void JsonVerbatim(JsonWriter *w, const char *text, int length);

#endif
