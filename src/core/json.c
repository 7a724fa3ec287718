/*
 * json.c — the strict JSON parser: text to tape. Questions about the tape are answered in jsonnode.c.
 *
 * While a container is open its node's next is INT32_MAX, so that JsonPath can already name what stands inside it.
 */
#include "json.h"

#include <stdio.h>
#include <string.h>

#include "jsontext.h"
#include "limits.h"
#include "utf8.h"

#define MAX_DIGITS 30
#define MAX_MEMBERS 1024		/* members of one object: keys are compared pairwise */

typedef struct Reader
{
	Json	   *json;
	int			max_nodes;
	int			at;				/* offset of the next byte */
	int			depth;
	int32_t		open[MAX_JSON_DEPTH];	/* the containers around it, outermost first */
	int32_t		key;			/* key that waits for its value, -1: none */
	Fault	   *fault;
} Reader;

/* ---- faults ---- */

/* What stands at an offset, in words. */
static void
DescribeByte(const Json *json, int offset, char *out, size_t size)
{
	unsigned char byte = offset < json->length ? (unsigned char) json->text[offset] : 0;
	int			length = offset < json->length ? Utf8Length(json->text + offset, json->length - offset) : 0;

	if (offset >= json->length)
		snprintf(out, size, "the end of the document");
	else if (length == 0 || byte < 0x20 || byte == 0x7F)
		snprintf(out, size, "the byte 0x%02x", byte);
	else
		snprintf(out, size, "the character %.*s", length, json->text + offset);
}

/* Refuse what stands at an offset; found NULL: describe it. */
static bool
Refuse(Reader *r, Status status, int offset, const char *found, const char *expected)
{
	char		described[48];
	char		path[MAX_FAULT_TEXT] = "$";

	DescribeByte(r->json, offset, described, sizeof(described));
	if (r->key >= 0)
		JsonPath(r->json, r->key, path, (int) sizeof(path));
	else if (r->depth > 0)
		JsonPath(r->json, r->open[r->depth - 1], path, (int) sizeof(path));
	FaultSet(r->fault, status, path, found == NULL ? described : found, expected);
	JsonPosition(r->json, offset, &r->fault->line, &r->fault->column);
	return false;
}

static bool
RefuseSyntax(Reader *r, int offset, const char *found, const char *expected)
{
	return Refuse(r, ST_JSON_SYNTAX, offset, found, expected);
}

/* ---- tokens ---- */

static char
Peek(const Reader *r)
{
	return r->at < r->json->length ? r->json->text[r->at] : '\0';
}

static void
SkipSpace(Reader *r)
{
	while (Peek(r) == ' ' || Peek(r) == '\t' || Peek(r) == '\r' || Peek(r) == '\n')
		r->at++;
}

/* A new node that starts here; NULL with a fault when the caller's array is full. */
static JsonNode *
AddNode(Reader *r, JsonType type, int start)
{
	JsonNode   *node;

	if (r->json->n_nodes == r->max_nodes)
	{
		Refuse(r, ST_JSON_TOO_LARGE, start, "more values than there is room for", "a smaller document");
		return NULL;
	}
	node = &r->json->nodes[r->json->n_nodes++];
	memset(node, 0, sizeof(*node));
	node->type = type;
	node->start = start;
	node->next = r->json->n_nodes;
	return node;
}

static bool
IsHex(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* The four digits after \u at an offset, or -1. */
static int
HexAt(const Reader *r, int offset)
{
	int			value = 0;

	if (offset + 4 > r->json->length)
		return -1;
	for (int i = 0; i < 4; i++)
	{
		char		byte = r->json->text[offset + i];

		if (!IsHex(byte))
			return -1;
		value = value << 4 | (byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10);
	}
	return value;
}

/* Is there a low surrogate escape at an offset? */
static bool
LowSurrogateAt(const Reader *r, int offset)
{
	int			unit;

	if (offset + 6 > r->json->length || memcmp(r->json->text + offset, "\\u", 2) != 0)
		return false;
	unit = HexAt(r, offset + 2);
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Step over \uXXXX (and its second half). */
static bool
SkipUnicodeEscape(Reader *r)
{
	int			unit = HexAt(r, r->at + 2);

	if (unit < 0)
		return RefuseSyntax(r, r->at, "an incomplete escape", "four hexadecimal digits after \\u");
	if (unit == 0)
		return RefuseSyntax(r, r->at, "the character U+0000", "a text without U+0000");
	if (unit >= 0xD800 && unit <= 0xDFFF)
	{
		if (unit >= 0xDC00 || !LowSurrogateAt(r, r->at + 6))
			return RefuseSyntax(r, r->at, "half of a surrogate pair", "both halves, \\uD8xx\\uDCxx");
		r->at += 6;
	}
	r->at += 6;
	return true;
}

/* Step over one escape. */
static bool
SkipEscape(Reader *r)
{
	char		letter = r->at + 1 < r->json->length ? r->json->text[r->at + 1] : '\0';

	if (letter == 'u')
		return SkipUnicodeEscape(r);
	if (letter == '\0' || strchr("\"\\/bfnrt", letter) == NULL)
		return RefuseSyntax(r, r->at, "an unknown escape", "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
	r->at += 2;
	return true;
}

/* Step over the characters of ASCII that stand for themselves. */
static void
SkipPlain(Reader *r)
{
	while ((unsigned char) (Peek(r) - 0x20) < 0x80 - 0x20 && Peek(r) != '"' && Peek(r) != '\\')
		r->at++;
}

/* Step over one character of a string that is neither its end nor an escape. */
static bool
SkipCharacter(Reader *r)
{
	int			length = Utf8Length(r->json->text + r->at, r->json->length - r->at);

	if (length == 0)
		return RefuseSyntax(r, r->at, NULL, "text in UTF-8");
	if ((unsigned char) r->json->text[r->at] < 0x20)
		return RefuseSyntax(r, r->at, NULL, "the closing quote; control characters are written as escapes");
	r->at += length;
	return true;
}

static bool
ReadString(Reader *r)
{
	JsonNode   *node = AddNode(r, JSON_STRING, r->at + 1);

	if (node == NULL)
		return false;
	r->at++;
	SkipPlain(r);
	while (r->at < r->json->length && r->json->text[r->at] != '"')
	{
		bool		escape = r->json->text[r->at] == '\\';

		node->escaped = node->escaped || escape;
		if (!(escape ? SkipEscape(r) : SkipCharacter(r)))
			return false;
		SkipPlain(r);
	}
	if (r->at >= r->json->length)
		return RefuseSyntax(r, r->at, NULL, "the closing quote of a text");
	node->end = r->at++;
	return true;
}

/* Step over digits; returns how many, and whether one of them is not 0. */
static int
SkipDigits(Reader *r, bool *not_zero)
{
	int			first = r->at;

	for (; Peek(r) >= '0' && Peek(r) <= '9'; r->at++)
		*not_zero = *not_zero || Peek(r) != '0';
	return r->at - first;
}

/* The digits of a number after its sign. */
static bool
ReadDigits(Reader *r, bool *not_zero)
{
	int			first = r->at;
	int			whole = SkipDigits(r, not_zero);
	int			fraction = 0;

	if (whole == 0)
		return RefuseSyntax(r, r->at, NULL, "a digit");
	if (whole > 1 && r->json->text[first] == '0')
		return RefuseSyntax(r, first, "a number that begins with 0", "a number without leading zeros");
	if (Peek(r) == '.')
	{
		r->at++;
		fraction = SkipDigits(r, not_zero);
		if (fraction == 0)
			return RefuseSyntax(r, r->at, NULL, "a digit after the decimal point");
	}
	if ((Peek(r) | 0x20) == 'e')
		return RefuseSyntax(r, r->at, "a number with an exponent", "a number in plain decimal notation");
	if (whole + fraction > MAX_DIGITS)
		return RefuseSyntax(r, first, "a number of more than 30 digits", "a number of at most 30 digits");
	return true;
}

static bool
ReadNumber(Reader *r)
{
	int			start = r->at;
	bool		negative = Peek(r) == '-';
	bool		not_zero = false;
	JsonNode   *node = AddNode(r, JSON_NUMBER, start);

	if (node == NULL)
		return false;
	r->at += negative;
	if (!ReadDigits(r, &not_zero))
		return false;
	if (negative && !not_zero)
		return RefuseSyntax(r, start, "a negative zero", "0");
	node->end = r->at;
	return true;
}

/* true, false or null */
static bool
ReadWord(Reader *r)
{
	static const char *const word[] = {"true", "false", "null"};
	static const JsonType type[] = {JSON_TRUE, JSON_FALSE, JSON_NULL};

	for (int i = 0; i < 3; i++)
	{
		int			length = (int) strlen(word[i]);

		if (r->json->length - r->at >= length && memcmp(r->json->text + r->at, word[i], (size_t) length) == 0)
		{
			JsonNode   *node = AddNode(r, type[i], r->at);

			if (node == NULL)
				return false;
			r->at += length;
			node->end = r->at;
			return true;
		}
	}
	return RefuseSyntax(r, r->at, NULL, "a value: an object, an array, a text, a number, true, false or null");
}

/* ---- containers ---- */

/* Has the object whose last key is this one an equal key before it? */
static bool
IsDuplicateKey(const Json *json, int object, int key)
{
	for (int other = object + 1; other != key; other = json->nodes[other + 1].next)
		if (JsonSame(json, other, key))
			return true;
	return false;
}

/* A key and its colon, within the innermost container. */
static bool
ReadKey(Reader *r)
{
	int			object = r->open[r->depth - 1];
	int			key = r->json->n_nodes;
	int			start;

	SkipSpace(r);
	start = r->at;
	if (Peek(r) != '"')
		return RefuseSyntax(r, r->at, NULL, "a key in double quotes");
	if (r->json->nodes[object].n_children == MAX_MEMBERS)
		return Refuse(r, ST_JSON_TOO_LARGE, r->at, "an object of more than 1024 members", "at most 1024 members in an object");
	if (!ReadString(r))
		return false;
	r->key = key;
	if (IsDuplicateKey(r->json, object, key))
		return RefuseSyntax(r, start, "the same key twice in one object", "each key once");
	SkipSpace(r);
	if (Peek(r) != ':')
		return RefuseSyntax(r, r->at, NULL, "a colon after the key");
	r->at++;
	return true;
}

static bool
OpenContainer(Reader *r)
{
	bool		is_object = Peek(r) == '{';
	int			index = r->json->n_nodes;
	JsonNode   *node;

	if (r->depth == MAX_JSON_DEPTH)
		return Refuse(r, ST_JSON_TOO_DEEP, r->at, "a value nested more than 16 deep",
					  "at most 16 objects and arrays within each other");
	node = AddNode(r, is_object ? JSON_OBJECT : JSON_ARRAY, r->at);
	if (node == NULL)
		return false;
	node->next = INT32_MAX;
	r->open[r->depth++] = index;
	r->key = -1;
	r->at++;
	return true;
}

static void
CloseContainer(Reader *r)
{
	JsonNode   *node = &r->json->nodes[r->open[--r->depth]];

	r->at++;
	node->end = r->at;
	node->next = r->json->n_nodes;
}

static bool
InObject(const Reader *r)
{
	return r->json->nodes[r->open[r->depth - 1]].type == JSON_OBJECT;
}

/* After a whole value: close what closes here, up to the place of the next value. Sets *done at the end of the outermost value. */
static bool
AfterValue(Reader *r, bool *done)
{
	for (;;)
	{
		r->key = -1;
		*done = r->depth == 0;
		if (*done)
			return true;
		r->json->nodes[r->open[r->depth - 1]].n_children++;
		SkipSpace(r);
		if (Peek(r) == ',')
		{
			r->at++;
			return InObject(r) ? ReadKey(r) : true;
		}
		if (Peek(r) != (InObject(r) ? '}' : ']'))
			return RefuseSyntax(r, r->at, NULL, InObject(r) ? "a comma or }" : "a comma or ]");
		CloseContainer(r);
	}
}

/* One scalar, or the opening of a container; *whole says whether the value is complete. */
static bool
ReadValue(Reader *r, bool *whole)
{
	char		first;

	SkipSpace(r);
	first = Peek(r);
	*whole = true;
	if (first == '"')
		return ReadString(r);
	if (first == '-' || (first >= '0' && first <= '9'))
		return ReadNumber(r);
	if (first != '{' && first != '[')
		return ReadWord(r);
	if (!OpenContainer(r))
		return false;
	SkipSpace(r);
	*whole = Peek(r) == (first == '{' ? '}' : ']');
	if (*whole)
		CloseContainer(r);
	else if (first == '{')
		return ReadKey(r);
	return true;
}

Status
JsonParseLimited(const char *text, int length, int limit, JsonNode *nodes, int max_nodes, Json *json, Fault *fault)
{
	Reader		r = {json, max_nodes, 0, 0, {0}, -1, fault};
	bool		whole;
	bool		done = false;
	char		expected[48];

	*json = (Json) {text, length, nodes, 0};
	if (length > limit)
	{
		snprintf(expected, sizeof(expected), "a document of at most %d kB", limit / 1024);
		return FaultFormat(fault, ST_JSON_TOO_LARGE, "$", expected, "%d bytes", length);
	}
	while (!done)
		if (!ReadValue(&r, &whole) || (whole && !AfterValue(&r, &done)))
			return fault->status;
	SkipSpace(&r);
	if (r.at < length)
		RefuseSyntax(&r, r.at, NULL, "the end of the document");
	return r.at < length ? fault->status : ST_OK;
}

Status
JsonParse(const char *text, int length, JsonNode *nodes, int max_nodes, Json *json, Fault *fault)
{
	return JsonParseLimited(text, length, MAX_JSON_BYTES, nodes, max_nodes, json, fault);
}
