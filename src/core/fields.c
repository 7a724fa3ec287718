/*
 * fields.c — reading the members of JSON objects into fields. Which keys there are, and what a value means, is the
 * caller's business.
 */
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "text.h"

#define SHOWN 80				/* bytes of a wrong value that a fault shows */
#define MAX_SHORT 48			/* bytes of a date, a timestamp, a count in words */

/* ---- a document and its scratch ---- */

/* Nodes that suffice: every node but those still open took two bytes or more (a value and a comma, bracket or quote) */
static int
NodesNeeded(int length)
{
	return length / 2 + MAX_JSON_DEPTH + 2;
}

/* Nodes, texts, and what alignment may cost */
int
FieldsScratch(int length, int limit)
{
	if (length < 0 || length > limit)
		length = 0;				/* refused before anything is parsed */
	return (int) sizeof(JsonNode) * (NodesNeeded(length) + 1) + length;
}

/* Parse a document whose root is an object */
Status
FieldsOpen(Fields *f, const char *text, int length, int limit, char *scratch, int scratch_size, Status bad_value,
		   Fault *fault)
{
	int			align = (int) (-(uintptr_t) scratch % _Alignof(JsonNode));
	JsonNode   *nodes = (JsonNode *) (void *) (scratch + align);
	int			n_nodes;
	Status		status;

	f->bad_value = bad_value;
	f->fault = fault;
	if (scratch_size < FieldsScratch(length, limit))
		return FaultFormat(fault, ST_INTERNAL, "$", "as much scratch as the header says", "%d bytes of scratch", scratch_size);
	n_nodes = length < 0 || length > limit ? 0 : NodesNeeded(length);
	f->room = (char *) (nodes + n_nodes);
	f->room_size = (int) (scratch + scratch_size - f->room);
	status = JsonParseLimited(text, length, limit, nodes, n_nodes, &f->json, fault);
	return status == ST_OK ? FieldType(f, 0, JSON_OBJECT, "an object") : status;
}

/* ---- faults ---- */

/* The node as it stands in the document, cut where it is long */
static void
Shown(const Fields *f, int node, char *found, int size)
{
	const JsonNode *n = &f->json.nodes[node];
	const char *text = f->json.text + n->start;
	int			length = n->end - n->start;
	int			cut = WholeCharacters(text, length, SHOWN);

	if (n->type == JSON_OBJECT)
		snprintf(found, (size_t) size, "an object");
	else if (n->type == JSON_ARRAY)
		snprintf(found, (size_t) size, "an array");
	else
		snprintf(found, (size_t) size, n->type == JSON_STRING ? "\"%.*s%s\"" : "%.*s%s", cut, text, cut < length ? "..." : "");
}

/* A fault about a node */
Status
FieldFault(const Fields *f, int node, Status status, const char *expected)
{
	char		found[MAX_FAULT_TEXT];

	Shown(f, node, found, sizeof(found));
	return JsonFault(&f->json, node, f->fault, status, found, expected);
}

/* An unknown key: say which ones there are */
static Status
UnknownKey(const Fields *f, int key, const char *const *keys, int n_keys)
{
	char		expected[MAX_FAULT_TEXT];
	int			at = snprintf(expected, sizeof(expected), "one of");

	for (int i = 0; i < n_keys && at < (int) sizeof(expected); i++)
		at += snprintf(expected + at, sizeof(expected) - (size_t) at, "%s %s", i == 0 ? "" : ",", keys[i]);
	return FieldFault(f, key, ST_DOC_UNKNOWN_KEY, expected);
}

/* ---- members and values ---- */

/* The place of a string in a list of texts, or -1 */
static int
PlaceOf(const Fields *f, int node, const char *const *texts, int n)
{
	for (int i = 0; i < n; i++)
		if (JsonIs(&f->json, node, texts[i]))
			return i;
	return -1;
}

/* The values of an object's members */
Status
FieldMembers(const Fields *f, int object, const char *const *keys, int n_keys, int *values)
{
	Status		status = FieldType(f, object, JSON_OBJECT, "an object");
	int			key = object + 1;

	if (status != ST_OK)
		return status;
	for (int i = 0; i < n_keys; i++)
		values[i] = NOT_GIVEN;
	for (int i = 0; i < f->json.nodes[object].n_children; i++)
	{
		int			place = PlaceOf(f, key, keys, n_keys);

		if (place < 0)
			return UnknownKey(f, key, keys, n_keys);
		values[place] = key + 1;
		key = f->json.nodes[key + 1].next;
	}
	return ST_OK;
}

/* A key that must be there */
Status
FieldRequired(const Fields *f, int object, const char *const *keys, const int *values, int which)
{
	char		found[MAX_SHORT];

	if (values[which] != NOT_GIVEN)
		return ST_OK;
	snprintf(found, sizeof(found), "an object without %s", keys[which]);
	return JsonFault(&f->json, object, f->fault, ST_DOC_MISSING_KEY, found, keys[which]);
}

/* At most max children */
Status
FieldCount(const Fields *f, int node, int max, Status status, const char *what)
{
	int			n = f->json.nodes[node].n_children;
	char		found[MAX_SHORT];
	char		expected[MAX_SHORT];

	if (n <= max)
		return ST_OK;
	snprintf(found, sizeof(found), "%d %s", n, what);
	snprintf(expected, sizeof(expected), "at most %d %s", max, what);
	return JsonFault(&f->json, node, f->fault, status, found, expected);
}

/* Is the node of this type? */
Status
FieldType(const Fields *f, int node, JsonType type, const char *expected)
{
	return f->json.nodes[node].type == type ? ST_OK : FieldFault(f, node, ST_DOC_WRONG_TYPE, expected);
}

/* A name, code or identifier: points into the document, or into the scratch where it has escapes */
Status
FieldName(Fields *f, int node, int max, Code *name)
{
	Status		status = FieldType(f, node, JSON_STRING, "a text");
	const char *text;
	const char *problem;
	char		expected[MAX_FAULT_TEXT];
	int			length;
	bool		fits;

	if (status != ST_OK)
		return status;
	fits = JsonString(&f->json, node, f->room, max < f->room_size ? max : f->room_size, &text, &length);
	problem = fits ? NameProblem(text, length, max) : "a longer text";
	if (problem != NULL)
	{
		snprintf(expected, sizeof(expected), "1 to %d bytes of valid UTF-8 without control characters", max);
		return JsonFault(&f->json, node, f->fault, f->bad_value, problem, expected);
	}
	if (text == f->room)
	{
		f->room += length;
		f->room_size -= length;
	}
	name->text = text;
	name->length = (uint8_t) length;
	return ST_OK;
}

/* A number (of at most 30 digits) as a whole number x 10^decimals; false when it has more decimals. Large values stop growing. */
static bool
ScaledDigits(const char *text, int length, int decimals, i128 *value)
{
	const i128	enough = (i128) PICO * PICO * PICO;
	bool		negative = text[0] == '-';
	int			after = -1;		/* decimals seen, -1: before the point */
	i128		sum = 0;

	for (int i = negative ? 1 : 0; i < length; i++)
	{
		if (text[i] == '.')
		{
			after = 0;
			continue;
		}
		if (after >= decimals)
		{
			if (text[i] != '0')
				return false;
			continue;
		}
		after += after >= 0 ? 1 : 0;
		sum = sum * 10 + (text[i] - '0');
	}
	for (int i = after < 0 ? 0 : after; i < decimals; i++)
		sum = sum >= enough ? enough : sum * 10;
	*value = negative ? -sum : sum;
	return true;
}

/* A number with at most so many decimals, in a range */
Status
FieldNumber(const Fields *f, int node, const Figure *figure, i128 *value)
{
	Status		status = FieldType(f, node, JSON_NUMBER, figure->expected);
	const JsonNode *n = &f->json.nodes[node];

	if (status != ST_OK)
		return status;
	if (!ScaledDigits(f->json.text + n->start, n->end - n->start, figure->decimals, value))
		return FieldFault(f, node, f->bad_value, figure->expected);
	if (*value < figure->low)
		return FieldFault(f, node, figure->below, figure->expected);
	if (*value > figure->high)
		return FieldFault(f, node, figure->above, figure->expected);
	return ST_OK;
}

/* The same for a range within 64 bits */
Status
FieldInteger(const Fields *f, int node, const Figure *figure, int64_t *value)
{
	i128		wide = 0;
	Status		status = FieldNumber(f, node, figure, &wide);

	*value = (int64_t) wide;
	return status;
}

/* true or false */
Status
FieldBool(const Fields *f, int node, bool *value)
{
	JsonType	type = f->json.nodes[node].type;

	*value = type == JSON_TRUE;
	return type == JSON_TRUE || type == JSON_FALSE ? ST_OK : FieldFault(f, node, ST_DOC_WRONG_TYPE, "true or false");
}

/* A short text without keeping it */
static Status
ShortText(const Fields *f, int node, char *buffer, const char *expected, const char **text, int *length)
{
	Status		status = FieldType(f, node, JSON_STRING, expected);

	if (status == ST_OK && !JsonString(&f->json, node, buffer, MAX_SHORT, text, length))
		return FieldFault(f, node, f->bad_value, expected);
	return status;
}

/* A date */
Status
FieldDate(const Fields *f, int node, int32_t *day)
{
	static const char *const expected = "a date, such as \"2025-03-01\"";
	char		buffer[MAX_SHORT];
	const char *text;
	int			length;
	Status		status = ShortText(f, node, buffer, expected, &text, &length);

	if (status == ST_OK && !ParseDate(text, length, day))
		return FieldFault(f, node, f->bad_value, expected);
	return status;
}

/* A time of civil life */
Status
FieldTimestamp(const Fields *f, int node, int64_t *microseconds)
{
	static const char *const expected = "a time without time zone, such as \"2025-03-01T12:00:00\"";
	char		buffer[MAX_SHORT];
	const char *text;
	int			length;
	Status		status = ShortText(f, node, buffer, expected, &text, &length);

	if (status == ST_OK && !ParseTimestamp(text, length, microseconds))
		return FieldFault(f, node, f->bad_value, expected);
	return status;
}

/* One of some words */
Status
FieldChoice(const Fields *f, int node, const char *const *choices, int n, const char *expected, int *choice)
{
	Status		status = FieldType(f, node, JSON_STRING, expected);

	if (status != ST_OK)
		return status;
	*choice = PlaceOf(f, node, choices, n);
	return *choice >= 0 ? ST_OK : FieldFault(f, node, f->bad_value, expected);
}
