/*
 * json.h — one strict JSON reader for documents, bills and accounts: RFC 8259 in UTF-8, without allocation or recursion.
 * Refused beyond the standard's errors: duplicate keys, exponents, -0 and numbers of more than 30 digits, U+0000, unpaired
 * surrogates, more than MAX_JSON_BYTES or MAX_JSON_DEPTH.
 *
 * The result is a tape of nodes in document order. An object's members are a key node (JSON_STRING) followed by its value.
 */
#ifndef ASSISTANCE_JSON_H
#define ASSISTANCE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

typedef enum JsonType
{
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL
} JsonType;

typedef struct JsonNode
{
	JsonType	type;
	bool		escaped;		/* a string with backslashes */
	int32_t		start;			/* offset of the first byte; of a string: after the quote */
	int32_t		end;			/* offset after the last byte; of a string: of the closing quote */
	int32_t		next;			/* index of the node after this one and everything inside it */
	int32_t		n_children;		/* members of an object, elements of an array */
} JsonNode;

typedef struct Json
{
	const char *text;
	int32_t		length;
	JsonNode   *nodes;
	int32_t		n_nodes;
} Json;

/* Parse text into the caller's nodes. max_nodes = length + 1 always suffices. */
extern Status JsonParse(const char *text, int length, JsonNode *nodes, int max_nodes, Json *json, Fault *fault);

/* The same for texts of at most limit bytes: accounts may be longer than documents. */
extern Status JsonParseLimited(const char *text, int length, int limit, JsonNode *nodes, int max_nodes, Json *json, Fault *fault);

/* Value of a member, or -1. Keys are compared unescaped. */
extern int	JsonMember(const Json *json, int object, const char *key);

/* Is this string node exactly this text (after unescaping)? */
extern bool JsonIs(const Json *json, int node, const char *text);

/*
 * Text of a string node: without escapes a pointer into the document, else unescaped into buffer (at most size bytes; false when it
 * does not fit). *text is not zero-terminated.
 */
extern bool JsonString(const Json *json, int node, char *buffer, int size, const char **text, int *length);

/* A number node x 10^decimals as a whole number; false when it has more decimals or |result| > 4 * 10^18. */
extern bool JsonDecimal(const Json *json, int node, int decimals, int64_t *result);

/* "$.pages[0].layers[1].name" for a node; keys that are not plain words are quoted: $.codes["低保 边缘"] */
extern void JsonPath(const Json *json, int node, char *path, int size);

/* 1-based line and column (in characters) of an offset */
extern void JsonPosition(const Json *json, int offset, int *line, int *column);

/* Fill in a fault about a node: its path, line and column. */
extern Status JsonFault(const Json *json, int node, Fault *fault, Status status, const char *found, const char *expected);

/* ---- writing ---- */

typedef struct JsonWriter
{
	char	   *out;			/* may be NULL: only count */
	int			size;
	int			length;			/* needed so far, may exceed size */
	bool		comma;			/* a comma is due before the next value */
} JsonWriter;

extern void JsonOpen(JsonWriter *w, char bracket);			/* '{' or '[' */
extern void JsonClose(JsonWriter *w, char bracket);			/* '}' or ']' */
extern void JsonKey(JsonWriter *w, const char *key, int length);	/* length -1: strlen */
extern void JsonText(JsonWriter *w, const char *text, int length);
extern void JsonInteger(JsonWriter *w, int64_t value);
extern void JsonBool(JsonWriter *w, bool value);
/* value / 10^decimals with at least min_decimals decimals, no superfluous zeros beyond them */
extern void JsonScaled(JsonWriter *w, __int128 value, int decimals, int min_decimals);
extern void JsonDate(JsonWriter *w, int32_t day);			/* days since 2000-01-01 -> "2025-03-01" */
extern void JsonTimestamp(JsonWriter *w, int64_t microseconds);	/* -> "2025-03-01T12:00:00[.ffffff]" */

/* "YYYY-MM-DD" and "YYYY-MM-DD[T ]HH:MM:SS[.ffffff]" (or only a date: midnight), proleptic Gregorian, real dates only */
extern bool ParseDate(const char *text, int length, int32_t *day);
extern bool ParseTimestamp(const char *text, int length, int64_t *microseconds);

#endif
