/*
 * jsonnode.c — asking a parsed document: members, texts, numbers, and where a node stands. Parsing is in json.c.
 */
#include "jsontext.h"

#include <string.h>

#include "limits.h"
#include "text.h"
#include "utf8.h"

#define MAX_DECIMAL INT64_C(4000000000000000000)

/* ---- texts ---- */

static int
HexValue(char digit)
{
	return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

static int
HexUnit(const char *digits)
{
	return HexValue(digits[0]) << 12 | HexValue(digits[1]) << 8 | HexValue(digits[2]) << 4 | HexValue(digits[3]);
}

/* UTF-8 of a code point; returns its length. */
static int
EncodeUtf8(int point, char *out)
{
	if (point < 0x80)
	{
		out[0] = (char) point;
		return 1;
	}
	if (point < 0x800)
	{
		out[0] = (char) (0xC0 | point >> 6);
		out[1] = (char) (0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000)
	{
		out[0] = (char) (0xE0 | point >> 12);
		out[1] = (char) (0x80 | (point >> 6 & 0x3F));
		out[2] = (char) (0x80 | (point & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | point >> 18);
	out[1] = (char) (0x80 | (point >> 12 & 0x3F));
	out[2] = (char) (0x80 | (point >> 6 & 0x3F));
	out[3] = (char) (0x80 | (point & 0x3F));
	return 4;
}

/* Read the escape that the cursor stands on (checked by the parser) into its unit. */
static void
ReadEscape(JsonCursor *cursor)
{
	static const char letter[] = "bfnrt";
	static const char meaning[] = "\b\f\n\r\t";
	const char *text = cursor->text + cursor->at;
	const char *found = strchr(letter, text[1]);
	int			point;

	cursor->n_read = 0;
	cursor->n_unit = 1;
	cursor->at += 2;
	if (text[1] == 'u')
	{
		point = HexUnit(text + 2);
		cursor->at += 4;
		if (point >= 0xD800 && point <= 0xDFFF)
		{
			point = 0x10000 + ((point & 0x3FF) << 10) + (HexUnit(text + 8) & 0x3FF);
			cursor->at += 6;
		}
		cursor->n_unit = (int8_t) EncodeUtf8(point, cursor->unit);
	}
	else
		cursor->unit[0] = found != NULL ? meaning[found - letter] : text[1];
}

JsonCursor
JsonCursorOf(const Json *json, int node)
{
	const JsonNode *string = &json->nodes[node];
	JsonCursor	cursor = {json->text, string->start, string->end, string->escaped, 0, 0, {0}};

	return cursor;
}

int
JsonNextByte(JsonCursor *cursor)
{
	if (cursor->n_read == cursor->n_unit)
	{
		if (cursor->at >= cursor->end)
			return -1;
		if (!cursor->escaped || cursor->text[cursor->at] != '\\')
			return (unsigned char) cursor->text[cursor->at++];
		ReadEscape(cursor);
	}
	return (unsigned char) cursor->unit[cursor->n_read++];
}

static int
CompareCursors(JsonCursor *a, JsonCursor *b)
{
	int			x,
				y;

	do
	{
		x = JsonNextByte(a);
		y = JsonNextByte(b);
	}
	while (x == y && x >= 0);
	return x - y;
}

int
JsonCompare(const Json *json, int a, int b)
{
	JsonCursor	x = JsonCursorOf(json, a);
	JsonCursor	y = JsonCursorOf(json, b);

	return CompareCursors(&x, &y);
}

/* Most strings have no escapes: their bytes are compared as they stand. */
bool
JsonSame(const Json *json, int a, int b)
{
	const JsonNode *x = &json->nodes[a];
	const JsonNode *y = &json->nodes[b];

	if (x->escaped || y->escaped)
		return JsonCompare(json, a, b) == 0;
	return x->end - x->start == y->end - y->start &&
		memcmp(json->text + x->start, json->text + y->start, (size_t) (x->end - x->start)) == 0;
}

bool
JsonIs(const Json *json, int node, const char *text)
{
	const JsonNode *string = &json->nodes[node];
	const char *from = json->text + string->start;
	int			length = string->end - string->start;
	JsonCursor	x;
	JsonCursor	y;

	if (!string->escaped)
		return (length == 0 || *from == *text) && strncmp(from, text, (size_t) length) == 0 && text[length] == '\0';
	x = JsonCursorOf(json, node);
	y = (JsonCursor) {text, 0, (int) strlen(text), false, 0, 0, {0}};
	return CompareCursors(&x, &y) == 0;
}

bool
JsonString(const Json *json, int node, char *buffer, int size, const char **text, int *length)
{
	const JsonNode *string = &json->nodes[node];
	JsonCursor	cursor = JsonCursorOf(json, node);
	int			n = 0;
	int			byte;

	*text = json->text + string->start;
	*length = string->end - string->start;
	if (!string->escaped)
		return true;
	while ((byte = JsonNextByte(&cursor)) >= 0)
	{
		if (n == size)
			return false;
		buffer[n++] = (char) byte;
	}
	*text = buffer;
	*length = n;
	return true;
}

int
JsonMember(const Json *json, int object, const char *key)
{
	int			node = object + 1;

	for (int i = 0; i < json->nodes[object].n_children; i++)
	{
		if (JsonIs(json, node, key))
			return node + 1;
		node = json->nodes[node + 1].next;
	}
	return -1;
}

/* ---- numbers ---- */

bool
JsonDecimal(const Json *json, int node, int decimals, int64_t *result)
{
	const char *at = json->text + json->nodes[node].start;
	const char *end = json->text + json->nodes[node].end;
	bool		negative = *at == '-';
	bool		fraction = false;
	int64_t		value = 0;

	for (at += negative; at < end || decimals > 0; at++)
	{
		int			digit = at < end ? *at - '0' : 0;

		if (at < end && *at == '.')
		{
			fraction = true;
			continue;
		}
		if ((fraction || at >= end) && decimals-- <= 0)
		{
			if (digit != 0)
				return false;
			continue;
		}
		if (value > (MAX_DECIMAL - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*result = negative ? -value : value;
	return true;
}

/* ---- where a node stands ---- */

typedef struct Path
{
	char	   *text;
	int			size;
	int			length;
} Path;

/* Append bytes; what does not fit is left out. */
static void
Append(Path *path, const char *text, int length)
{
	for (int i = 0; i < length && path->length < path->size - 1; i++)
		path->text[path->length++] = text[i];
}

static void
AppendIndex(Path *path, int index)
{
	char		brackets[INDEX_BYTES];

	Append(path, brackets, IndexText(brackets, index));
}

/* A letter or _ first, then also digits. */
static bool
IsPlainWord(const char *text, int length)
{
	for (int i = 0; i < length; i++)
	{
		bool		letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') || text[i] == '_';

		if (!letter && (i == 0 || text[i] < '0' || text[i] > '9'))
			return false;
	}
	return length > 0;
}

static void
AppendKey(Path *path, const Json *json, int key)
{
	const char *text = json->text + json->nodes[key].start;
	int			length = json->nodes[key].end - json->nodes[key].start;

	if (IsPlainWord(text, length))
	{
		Append(path, ".", 1);
		Append(path, text, length);
		return;
	}
	Append(path, "[\"", 2);
	Append(path, text, length);
	Append(path, "\"]", 2);
}

/* A text that was cut must not end within a character. */
static void
EndPath(Path *path)
{
	int			whole = path->length;

	while (whole > 0 && Utf8Continues(path->text[whole - 1]))
		whole--;
	if (whole > 0 && Utf8Length(path->text + whole - 1, path->length - whole + 1) == 0)
		path->length = whole - 1;
	path->text[path->length] = '\0';
}

/* Append the step from a container to the child that holds node, and return that child (or node itself when it is the key). */
static int
AppendStep(Path *path, const Json *json, int container, int node)
{
	int			child = container + 1;

	if (json->nodes[container].type == JSON_ARRAY)
	{
		int			index = 0;

		for (; json->nodes[child].next <= node; index++)
			child = json->nodes[child].next;
		AppendIndex(path, index);
		return child;
	}
	while (child != node && json->nodes[child + 1].next <= node)
		child = json->nodes[child + 1].next;
	AppendKey(path, json, child);
	return child == node ? node : child + 1;
}

void
JsonPath(const Json *json, int node, char *path, int size)
{
	Path		p = {path, size, 0};
	int			at = 0;

	Append(&p, "$", 1);
	while (at != node)
		at = AppendStep(&p, json, at, node);
	EndPath(&p);
}

void
JsonPosition(const Json *json, int offset, int *line, int *column)
{
	*line = 1;
	*column = 1;
	for (int i = 0; i < offset; i++)
	{
		if (json->text[i] == '\n')
		{
			++*line;
			*column = 1;
		}
		else if (!Utf8Continues(json->text[i]))
			++*column;
	}
}

Status
JsonFault(const Json *json, int node, Fault *fault, Status status, const char *found, const char *expected)
{
	const JsonNode *at = &json->nodes[node];
	char		path[MAX_FAULT_TEXT];

	JsonPath(json, node, path, (int) sizeof(path));
	FaultSet(fault, status, path, found, expected);
	fault->node = node;
	JsonPosition(json, at->type == JSON_STRING ? at->start - 1 : at->start, &fault->line, &fault->column);
	return status;
}
