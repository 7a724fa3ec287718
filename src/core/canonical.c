/*
 * canonical.c — the canonical form of a document: no white space, keys in byte order, fewest escapes, shortest numbers.
 * Two documents that say the same have the same canonical form.
 */
#include "compile.h"
#include "jsontext.h"

/* one container on the way down */
typedef struct Level
{
	int			node;
	int			i;				/* members or elements written */
	int			next;			/* node of the next element of an array */
	int32_t    *keys;			/* of an object, in byte order */
} Level;

typedef struct Canonical
{
	Compiler	c;				/* its document and its arena */
	JsonWriter	writer;
	int			depth;
	Level		levels[MAX_JSON_DEPTH];
} Canonical;

/* ---- keys in byte order ---- */

/* Let the key at a place sink to where it belongs in the heap of n keys. */
static void
Sink(const Json *json, int32_t *keys, int n, int place)
{
	for (int child = 2 * place + 1; child < n; child = 2 * place + 1)
	{
		int32_t		key = keys[place];

		if (child + 1 < n && JsonCompare(json, keys[child], keys[child + 1]) < 0)
			child++;
		if (JsonCompare(json, key, keys[child]) >= 0)
			return;
		keys[place] = keys[child];
		keys[child] = key;
		place = child;
	}
}

/* Heap sort: no recursion, no memory. */
static void
SortKeys(const Json *json, int32_t *keys, int n)
{
	for (int place = n / 2 - 1; place >= 0; place--)
		Sink(json, keys, n, place);
	for (int last = n - 1; last > 0; last--)
	{
		int32_t		key = keys[0];

		keys[0] = keys[last];
		keys[last] = key;
		Sink(json, keys, last, 0);
	}
}

/* The keys of an object in byte order. */
static int32_t *
KeysOf(Compiler *c, int object)
{
	int			n = c->json.nodes[object].n_children;
	int32_t    *keys = NewArray(c, &n, sizeof(int32_t));

	n = 0;
	for (int key = FirstOf(c, object); key >= 0; key = NextMember(c, object, key))
		keys[n++] = key;
	SortKeys(&c->json, keys, n);
	return keys;
}

/* ---- values ---- */

/* A text without the escapes that it does not need. */
static void
WriteText(Canonical *out, int node, bool is_key)
{
	Text		text = ReadText(&out->c, node);

	if (is_key)
		JsonKey(&out->writer, text.text, text.length);
	else
		JsonText(&out->writer, text.text, text.length);
}

/* A number without superfluous zeros. */
static void
WriteNumber(Canonical *out, const JsonNode *node)
{
	const char *text = out->c.json.text;
	int			end = node->end;
	bool		fraction = false;

	for (int i = node->start; i < node->end; i++)
		fraction = fraction || text[i] == '.';
	while (fraction && (text[end - 1] == '0' || text[end - 1] == '.'))
		fraction = text[--end] != '.';
	JsonVerbatim(&out->writer, text + node->start, end - node->start);
}

/* A value, or the opening of a container. */
static void
WriteValue(Canonical *out, int node)
{
	const JsonNode *n = &out->c.json.nodes[node];

	switch (n->type)
	{
		case JSON_OBJECT:
			JsonOpen(&out->writer, '{');
			out->levels[out->depth++] = (Level) {node, 0, -1, KeysOf(&out->c, node)};
			break;
		case JSON_ARRAY:
			JsonOpen(&out->writer, '[');
			out->levels[out->depth++] = (Level) {node, 0, node + 1, NULL};
			break;
		case JSON_STRING:
			WriteText(out, node, false);
			break;
		case JSON_NUMBER:
			WriteNumber(out, n);
			break;
		case JSON_TRUE:
		case JSON_FALSE:
			JsonBool(&out->writer, n->type == JSON_TRUE);
			break;
		default:				/* JSON_NULL */
			JsonVerbatim(&out->writer, "null", 4);
			break;
	}
}

/* The next member or element of the innermost container, or its end. */
static void
WriteNext(Canonical *out)
{
	Level	   *level = &out->levels[out->depth - 1];
	const JsonNode *nodes = out->c.json.nodes;
	bool		is_object = nodes[level->node].type == JSON_OBJECT;
	int			value = level->next;

	if (level->i == nodes[level->node].n_children)
	{
		JsonClose(&out->writer, is_object ? '}' : ']');
		out->depth--;
		return;
	}
	if (is_object)
	{
		value = level->keys[level->i] + 1;
		WriteText(out, value - 1, true);
	}
	else
		level->next = nodes[value].next;
	level->i++;
	WriteValue(out, value);
}

Status
CanonicalJson(const char *json, int length, char *arena, int64_t arena_size, char *out, int *out_length, Fault *fault)
{
	Canonical	canonical;

	canonical.writer = (JsonWriter) {out, length, 0, false};
	canonical.depth = 0;
	if (OpenArena(&canonical.c, json, length, arena, arena_size, fault) != ST_OK)
		return fault->status;
	canonical.c.empty_texts = true;
	WriteValue(&canonical, 0);
	while (canonical.depth > 0 && !Failed(&canonical.c))
		WriteNext(&canonical);
	*out_length = canonical.writer.length;
	return canonical.c.status;
}
