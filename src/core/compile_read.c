/*
 * compile_read.c — the compiler's hands: reporting the first fault, memory from the arena, and reading keys, texts, names, labels,
 * numbers and dates. What the values mean is not known here.
 */
#include "compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "jsontext.h"
#include "text.h"

/* ---- faults ---- */

void
Fail(Compiler *c, int node, Status status, const char *expected, const char *found_format,...)
{
	char		found[MAX_FAULT_TEXT + 4];
	va_list		args;

	if (Failed(c))
		return;
	va_start(args, found_format);
	vsnprintf(found, sizeof(found), found_format, args);
	va_end(args);
	c->status = JsonFault(&c->json, node, c->fault, status, found, expected);
}

void
FailValue(Compiler *c, int node, Status status, const char *expected)
{
	static const char *const kind[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_TRUE] = "true", [JSON_FALSE] = "false", [JSON_NULL] = "null"
	};
	const JsonNode *n;
	const char *text;

	if (Failed(c))
		return;
	n = &c->json.nodes[node];
	text = c->json.text + n->start;
	if (n->type == JSON_STRING)
		Fail(c, node, status, expected, "the text \"%.*s\"", WholeCharacters(text, n->end - n->start, 80), text);
	else if (n->type == JSON_NUMBER)
		Fail(c, node, status, expected, "the number %.*s", n->end - n->start, text);
	else
		Fail(c, node, status, expected, "%s", kind[n->type]);
}

void
Forbid(Compiler *c, int node, const char *expected)
{
	const JsonNode *key;

	if (node < 0)
		return;
	key = &c->json.nodes[node - 1];
	Fail(c, node - 1, ST_DOC_CONFLICT, expected, "the key \"%.*s\"", key->end - key->start, c->json.text + key->start);
}

/* Append one word to a list in words; what does not fit is left out. */
static void
AddWord(char *out, size_t size, const char *before, int length, const char *word)
{
	size_t		used = strlen(out);

	snprintf(out + used, size - used, "%s%.*s", before, length, word);
}

void
ListNames(char *out, size_t size, const char *intro, const Code *names, int n)
{
	snprintf(out, size, "%s: %s", intro, n == 0 ? "none" : "");
	for (int i = 0; i < n; i++)
		AddWord(out, size, i == 0 ? "" : ", ", names[i].length, names[i].text);
}

/* ---- memory ---- */

/* Bytes of the arena, aligned for any structure of terms.h when align is set; NULL with a fault when it is used up. */
static void *
Take(Compiler *c, int64_t size, bool align)
{
	int64_t		start = align ? (c->arena_used + 7) / 8 * 8 : c->arena_used;

	if (size > c->arena_size - start)
	{
		Fail(c, 0, ST_INTERNAL, "more memory than ArenaNeeded", "%lld bytes do not fit", (long long) size);
		return NULL;
	}
	c->arena_used = start + size;
	return c->arena + start;
}

void *
NewArray(Compiler *c, int *n, size_t size)
{
	void	   *array = *n == 0 || Failed(c) ? NULL : Take(c, (int64_t) size * *n, true);

	if (array == NULL)
		*n = 0;
	else
		memset(array, 0, size * (size_t) *n);
	return array;
}

void *
CopyArray(Compiler *c, const void *array, int *n, size_t size)
{
	void	   *copy = NewArray(c, n, size);

	if (copy != NULL)
		memcpy(copy, array, size * (size_t) *n);
	return copy;
}

/* ---- objects and arrays ---- */

/* Is the node there, and of this type? Another type is refused. */
static bool
IsType(Compiler *c, int node, JsonType type, const char *expected)
{
	if (Failed(c) || node < 0)
		return false;
	if (c->json.nodes[node].type != type)
		FailValue(c, node, ST_DOC_WRONG_TYPE, expected);
	return !Failed(c);
}

/* Refuse a key that is not in the table. */
static void
FailUnknownKey(Compiler *c, int key, const Key *keys, int n_keys)
{
	const JsonNode *node = &c->json.nodes[key];
	char		expected[2 * MAX_FAULT_TEXT] = "one of the keys";

	for (int i = 0; i < n_keys; i++)
		AddWord(expected, sizeof(expected), i == 0 ? " " : ", ", (int) strlen(keys[i].name), keys[i].name);
	Fail(c, key, ST_DOC_UNKNOWN_KEY, expected, "the key \"%.*s\"", node->end - node->start, c->json.text + node->start);
}

bool
ReadKeys(Compiler *c, int node, const Key *keys, int n_keys, int *value)
{
	for (int i = 0; i < n_keys; i++)
		value[i] = -1;
	if (!IsType(c, node, JSON_OBJECT, "an object"))
		return false;
	for (int key = FirstOf(c, node); key >= 0; key = NextMember(c, node, key))
	{
		int			i = 0;

		while (i < n_keys && !JsonIs(&c->json, key, keys[i].name))
			i++;
		if (i < n_keys)
			value[i] = key + 1;
		else
			FailUnknownKey(c, key, keys, n_keys);
	}
	for (int i = 0; i < n_keys; i++)
	{
		char		expected[48];

		snprintf(expected, sizeof(expected), "the key \"%s\"", keys[i].name);
		if (keys[i].required && value[i] < 0)
			Fail(c, node, ST_DOC_MISSING_KEY, expected, "an object without the key \"%s\"", keys[i].name);
	}
	return !Failed(c);
}

/* The members of a container of this type, at most max. */
static int
CountOf(Compiler *c, int node, JsonType type, int max, const char *expected)
{
	if (!IsType(c, node, type, expected))
		return 0;
	if (c->json.nodes[node].n_children > max)
		Fail(c, node, ST_DOC_LIMIT, expected, "%d of them", c->json.nodes[node].n_children);
	return Failed(c) ? 0 : c->json.nodes[node].n_children;
}

int
CountMembers(Compiler *c, int node, int max, const char *expected)
{
	return CountOf(c, node, JSON_OBJECT, max, expected);
}

int
CountElements(Compiler *c, int node, int max, const char *expected)
{
	return CountOf(c, node, JSON_ARRAY, max, expected);
}

int
FirstOf(const Compiler *c, int node)
{
	return Failed(c) || node < 0 || c->json.nodes[node].n_children == 0 ? -1 : node + 1;
}

int
NextMember(const Compiler *c, int object, int key)
{
	return NextElement(c, object, key + 1);
}

int
NextElement(const Compiler *c, int array, int element)
{
	int			next = c->json.nodes[element].next;

	return Failed(c) || next >= c->json.nodes[array].next ? -1 : next;
}

void
CheckDistinct(Compiler *c, int array, int element)
{
	for (int other = FirstOf(c, array); other >= 0 && other != element; other = NextElement(c, array, other))
		if (JsonCompare(&c->json, other, element) == 0)
			FailValue(c, element, ST_DOC_DUPLICATE, "each of them once");
}

/* ---- texts ---- */

bool
SameCode(Code a, Code b)
{
	return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

bool
SameText(Text a, Text b)
{
	return a.length == b.length && memcmp(a.text, b.text, (size_t) a.length) == 0;
}

Text
ReadText(Compiler *c, int node)
{
	Text		text = {NULL, 0};
	int			size;
	char	   *copy;
	const char *read;
	int			length;

	if (!IsType(c, node, JSON_STRING, "a text"))
		return text;
	size = c->json.nodes[node].end - c->json.nodes[node].start;
	copy = Take(c, size, false);
	if (copy != NULL && size == 0 && !c->empty_texts)
		FailValue(c, node, ST_DOC_BAD_VALUE, "a text that is not empty");
	if (Failed(c))
		return text;
	JsonString(&c->json, node, copy, size, &read, &length);
	if (read != copy)
		memcpy(copy, read, (size_t) length);
	text.text = copy;
	text.length = length;
	return text;
}

Code
ReadName(Compiler *c, int node)
{
	Text		text = ReadText(c, node);
	Code		name = {NULL, 0};
	const char *problem = text.text == NULL ? NULL : NameProblem(text.text, text.length, MAX_CODE);

	if (problem != NULL)
		Fail(c, node, ST_DOC_BAD_VALUE, "a name of 1 to 31 bytes without control characters", "%s", problem);
	if (Failed(c) || text.text == NULL)
		return name;
	name.text = text.text;
	name.length = (uint8_t) text.length;
	return name;
}

Label
ReadLabel(Compiler *c, int node)
{
	static const Key keys[] = {{"zh", OPTIONAL}, {"en", OPTIONAL}};
	int			value[2];
	Label		label = {{NULL, 0}, {NULL, 0}};

	if (node < 0 || Failed(c))
		return label;
	if (c->json.nodes[node].type == JSON_OBJECT)
	{
		READ_KEYS(c, node, keys, value);
		if (value[0] < 0 && value[1] < 0)
			Fail(c, node, ST_DOC_MISSING_KEY, "zh, en, or both", "a label without text");
		label.zh = ReadText(c, value[value[0] < 0 ? 1 : 0]);
		label.en = ReadText(c, value[value[1] < 0 ? 0 : 1]);
	}
	else if (IsType(c, node, JSON_STRING, "a text, or an object with zh and en"))
		label.zh = label.en = ReadText(c, node);
	return label;
}

/* ---- numbers, words, dates ---- */

const Number number_money = {2, 0, MAX_FEN, "an amount in yuan from 0 to 10000000000000 with at most two decimals"};
const Number number_share = {6, 0, PPM, "a share from 0 to 1 with at most six decimals"};
const Number number_weight = {3, 0, MILLI, "a share from 0 to 1 with at most three decimals"};
const Number number_factor = {3, 0, 10 * MILLI, "a factor from 0 to 10 with at most three decimals"};

int64_t
ReadNumber(Compiler *c, int node, const Number *number)
{
	int64_t		value;

	if (!IsType(c, node, JSON_NUMBER, number->expected))
		return 0;
	if (JsonDecimal(&c->json, node, number->decimals, &value) && value >= number->min && value <= number->max)
		return value;
	FailValue(c, node, ST_DOC_BAD_VALUE, number->expected);
	return 0;
}

bool
ReadBool(Compiler *c, int node, bool absent)
{
	if (node < 0 || Failed(c))
		return absent;
	if (c->json.nodes[node].type != JSON_TRUE && c->json.nodes[node].type != JSON_FALSE)
		FailValue(c, node, ST_DOC_WRONG_TYPE, "true or false");
	return c->json.nodes[node].type == JSON_TRUE;
}

int
ReadWord(Compiler *c, int node, const char *const *words, int n_words, int absent)
{
	char		expected[MAX_FAULT_TEXT] = "one of";
	int			length = (int) strlen(expected);

	for (int i = 0; i < n_words; i++)
		length += snprintf(expected + length, sizeof(expected) - (size_t) length, "%s \"%s\"", i == 0 ? "" : ",", words[i]);
	if (!IsType(c, node, JSON_STRING, expected))
		return absent;
	for (int i = 0; i < n_words; i++)
		if (JsonIs(&c->json, node, words[i]))
			return i;
	FailValue(c, node, ST_DOC_BAD_VALUE, expected);
	return absent;
}

int32_t
ReadDay(Compiler *c, int node, int32_t absent)
{
	const char *text;
	int			length;
	char		buffer[16];
	int32_t		day;

	if (!IsType(c, node, JSON_STRING, "a date, \"YYYY-MM-DD\""))
		return absent;
	if (JsonString(&c->json, node, buffer, (int) sizeof(buffer), &text, &length) && ParseDate(text, length, &day))
		return day;
	FailValue(c, node, ST_DOC_BAD_VALUE, "a date, \"YYYY-MM-DD\"");
	return absent;
}
