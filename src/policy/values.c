/*
 * values.c — json_values: every value of a policy document with the path that names it and the citation that covers it. The
 * one place that writes paths (docs/policy-catalogue.md, section 2). What the values mean is not known here.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "core/jsontext.h"
#include "errors.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#define NONE (-1)

/* The name of an element that has been passed. */
typedef struct PassedName
{
	int			node;			/* NONE: it has none */
	uint32		hash;
} PassedName;

/* A container on the way from the document to a value. */
typedef struct Level
{
	int			node;
	int			child;			/* the member (its key) or element that comes next */
	int			index;			/* its number */
	int			path_length;	/* of the path to this container */
	int			citing;			/* the citation that covers what is inside, or NONE */
	bool		list;
	PassedName *names;			/* of a list: of its elements up to the one that comes next */
	bool		layers;			/* the array of layers of a page */
	bool		rules;			/* the array of rules of a layer */
} Level;

typedef struct Walk
{
	Json		json;
	StringInfoData path;
	Level		levels[MAX_JSON_DEPTH + 1];
	int			depth;			/* containers that are open */
	int			page,			/* nodes that the value is inside of, or NONE */
				page_index,
				layer,
				rule;
	bool		single_page;	/* paths leave the page out */
	int			place;
	MemoryContext memory;		/* of the levels */
	ReturnSetInfo *rsinfo;
} Walk;

/* ---- texts ---- */

/* Value of a member; NONE where the node is no object. */
static int
Member(const Json *json, int node, const char *key)
{
	return node != NONE && json->nodes[node].type == JSON_OBJECT ? JsonMember(json, node, key) : NONE;
}

/* A string node without its escapes; null for no node or another type. */
static text *
NodeText(const Json *json, int node)
{
	const JsonNode *string;
	const char *start;
	char	   *buffer = NULL;
	int			size,
				length;

	if (node == NONE || json->nodes[node].type != JSON_STRING)
		return NULL;
	string = &json->nodes[node];
	size = string->end - string->start;
	if (string->escaped)
		buffer = palloc(size + 1);
	if (!JsonString(json, node, buffer, size, &start, &length))
		elog(ERROR, "a string does not fit into its own length");
	return cstring_to_text_with_len(start, length);
}

/* The node as it stands in the document, quotes included. */
static text *
NodeSource(const Json *json, int node)
{
	const JsonNode *n = &json->nodes[node];
	int			quote = n->type == JSON_STRING ? 1 : 0;

	return cstring_to_text_with_len(json->text + n->start - quote, n->end - n->start + 2 * quote);
}

/* ---- paths ---- */

static bool
NeedsQuotes(const char *name, int length)
{
	for (int i = 0; i < length; i++)
		if (strchr(".[]\"", name[i]) != NULL)
			return true;
	return length == 0;
}

/* One more name at the end of the path: in double quotes where it would not be read as one name. */
static void
AppendName(StringInfo path, const text *name)
{
	const char *bytes = VARDATA_ANY(name);
	int			length = VARSIZE_ANY_EXHDR(name);

	if (path->len > 0)
		appendStringInfoChar(path, '.');
	if (!NeedsQuotes(bytes, length))
	{
		appendBinaryStringInfo(path, bytes, length);
		return;
	}
	appendStringInfoChar(path, '"');
	for (int i = 0; i < length; i++)
	{
		if (bytes[i] == '"')
			appendStringInfoChar(path, '"');
		appendStringInfoChar(path, bytes[i]);
	}
	appendStringInfoChar(path, '"');
}

/* The node of an element's name, or NONE. */
static int
NameNode(const Json *json, int element)
{
	int			name = Member(json, element, "name");

	return name != NONE && json->nodes[name].type == JSON_STRING ? name : NONE;
}

/* The name of the element that comes next in a list, if it has one that no earlier element of the list has. */
static text *
ElementName(const Json *json, Level *level)
{
	int			node = NameNode(json, level->child);
	text	   *name = node == NONE ? NULL : NodeText(json, node);
	uint32		hash;

	level->names[level->index].node = node;
	if (name == NULL)
		return NULL;
	hash = DatumGetUInt32(hash_any((unsigned char *) VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)));
	level->names[level->index].hash = hash;
	for (int i = 0; i < level->index; i++)
		if (level->names[i].node != NONE && level->names[i].hash == hash && JsonCompare(json, level->names[i].node, node) == 0)
			return NULL;
	return name;
}

/* ---- the walk ---- */

static void
PutText(Datum *values, bool *nulls, int column, const text *value)
{
	nulls[column] = value == NULL;
	values[column] = PointerGetDatum(value);
}

/* What the citation says, and the document of its source. */
static void
PutCitation(const Walk *walk, int cite, Datum *values, bool *nulls, int column)
{
	const Json *json = &walk->json;
	text	   *key = NodeText(json, Member(json, cite, "source"));
	int			holder = walk->page == NONE ? 0 : walk->page;
	int			sources = Member(json, holder, "sources");
	int			source = NONE;
	text	   *mark = NodeText(json, Member(json, cite, "mark"));

	if (key != NULL)
		source = Member(json, sources, text_to_cstring(key));
	PutText(values, nulls, column, NodeSource(json, cite));
	PutText(values, nulls, column + 1, NodeText(json, Member(json, source, "document")));
	PutText(values, nulls, column + 2, NodeText(json, Member(json, cite, "article")));
	PutText(values, nulls, column + 3, NodeText(json, Member(json, cite, "quote")));
	PutText(values, nulls, column + 4, mark == NULL ? cstring_to_text("stated") : mark);
}

static text *
MemberText(const Json *json, int object, const char *key)
{
	return NodeText(json, Member(json, object, key));
}

/* The columns of json_values, in the order of values.sql */
static void
PutValue(Walk *walk, int node, text *key)
{
	const Json *json = &walk->json;
	const Level *level = &walk->levels[walk->depth - 1];
	Datum		values[15];
	bool		nulls[15] = {false};

	values[0] = Int32GetDatum(++walk->place);
	values[1] = PointerGetDatum(cstring_to_text_with_len(walk->path.data, walk->path.len));
	nulls[2] = walk->page_index == NONE;
	values[2] = Int32GetDatum(walk->page_index);
	PutText(values, nulls, 3, MemberText(json, walk->page, "region"));
	PutText(values, nulls, 4, MemberText(json, walk->page, "scheme"));
	PutText(values, nulls, 5, MemberText(json, walk->layer, "name"));
	PutText(values, nulls, 6, MemberText(json, walk->rule, "name"));
	PutText(values, nulls, 7, key);
	values[8] = PointerGetDatum(NodeSource(json, node));
	/* numbers of a book or page itself are its format and engine level */
	values[9] = BoolGetDatum(json->nodes[node].type == JSON_NUMBER && level->node != 0 && level->node != walk->page);
	if (level->citing != NONE)
		PutCitation(walk, level->citing, values, nulls, 10);
	else
		memset(nulls + 10, true, 5);
	tuplestore_putvalues(walk->rsinfo->setResult, walk->rsinfo->setDesc, values, nulls);
}

/* Descend into a container. Array flags come from the key that it stands under. */
static void
OpenLevel(Walk *walk, int node, const text *key)
{
	const JsonNode *n = &walk->json.nodes[node];
	const Level *above = walk->depth > 0 ? &walk->levels[walk->depth - 1] : NULL;
	Level	   *level = &walk->levels[walk->depth];
	int			cite = Member(&walk->json, node, "cite");
	bool		under_object = above != NULL && !above->list && key != NULL && n->type == JSON_ARRAY;

	Assert(walk->depth <= MAX_JSON_DEPTH);
	level->node = node;
	level->child = node + 1;
	level->index = 0;
	level->path_length = walk->path.len;
	level->citing = cite != NONE ? cite : above != NULL ? above->citing : NONE;
	level->list = n->type == JSON_ARRAY;
	level->names = level->list ? MemoryContextAlloc(walk->memory, sizeof(PassedName) * n->n_children) : NULL;
	level->layers = under_object && walk->layer == NONE && strcmp(text_to_cstring(key), "layers") == 0;
	level->rules = under_object && walk->layer == above->node && strcmp(text_to_cstring(key), "rules") == 0;
	walk->depth++;
}

/* What comes next is no longer inside this node. */
static void
LeaveNode(Walk *walk, int node)
{
	if (node == walk->rule)
		walk->rule = NONE;
	if (node == walk->layer)
		walk->layer = NONE;
	if (node == walk->page)
		walk->page = walk->page_index = NONE;
}

/* Back to the container above. */
static void
CloseLevel(Walk *walk)
{
	Level	   *level = &walk->levels[--walk->depth];

	if (level->list)
		pfree(level->names);
	LeaveNode(walk, level->node);
}

/* What an object is, by the array that it stands in: a page, a layer, a rule. */
static void
NoteElement(Walk *walk, const Level *array, int node)
{
	if (walk->json.nodes[node].type != JSON_OBJECT)
		return;
	if (walk->depth == 2 && walk->page == NONE && Member(&walk->json, 0, "pages") == array->node)
	{
		walk->page = node;
		walk->page_index = array->index;
	}
	if (array->layers)
		walk->layer = node;
	if (array->rules)
		walk->rule = node;
}

/* The next member or element of the innermost container: its path, and either a row or a level more. */
static void
StepInto(Walk *walk)
{
	Level	   *level = &walk->levels[walk->depth - 1];
	const Json *json = &walk->json;
	text	   *name = NULL;
	int			node = level->child;
	bool		is_page;

	walk->path.len = level->path_length;
	walk->path.data[walk->path.len] = '\0';
	if (level->list)
	{
		NoteElement(walk, level, node);
		is_page = walk->page == node;
		name = ElementName(json, level);
		if (is_page)
			name = NULL;
		if (is_page && walk->single_page)
			resetStringInfo(&walk->path);
		else if (name != NULL)
			AppendName(&walk->path, name);
		else
			appendStringInfo(&walk->path, "[%d]", level->index);
		name = NULL;
	}
	else
	{
		name = NodeText(json, node);
		AppendName(&walk->path, name);
		node = level->child + 1;
	}
	level->child = json->nodes[node].next;
	level->index++;
	if (name != NULL && strcmp(text_to_cstring(name), "cite") == 0)
		return;
	if (json->nodes[node].n_children > 0)
		OpenLevel(walk, node, name);
	else
	{
		PutValue(walk, node, name);
		LeaveNode(walk, node);
	}
}

/* A document of its own: a book, a page, or a layer. */
static void
StartWalk(Walk *walk)
{
	const Json *json = &walk->json;
	int			pages,
				layers;

	walk->page = walk->page_index = walk->layer = walk->rule = NONE;
	if (json->nodes[0].type != JSON_OBJECT)
		return;
	pages = Member(json, 0, "pages");
	layers = Member(json, 0, "layers");
	walk->single_page = pages != NONE && json->nodes[pages].type == JSON_ARRAY && json->nodes[pages].n_children == 1;
	if (pages != NONE)
		return;
	if (layers != NONE || Member(json, 0, "region") != NONE)
		walk->page = 0;
	else if (Member(json, 0, "kind") != NONE)
		walk->layer = 0;
}

/* From the outermost container through all that it holds; what a step needs is forgotten after it. */
static void
RunWalk(Walk *walk)
{
	MemoryContext before = CurrentMemoryContext;
	MemoryContext step = AllocSetContextCreate(before, "json_values step", ALLOCSET_DEFAULT_SIZES);

	walk->memory = before;
	initStringInfo(&walk->path);
	StartWalk(walk);
	if (walk->json.nodes[0].n_children > 0)
		OpenLevel(walk, 0, NULL);
	while (walk->depth > 0)
	{
		const Level *level = &walk->levels[walk->depth - 1];

		CHECK_FOR_INTERRUPTS();
		if (level->index == walk->json.nodes[level->node].n_children)
		{
			CloseLevel(walk);
			continue;
		}
		MemoryContextSwitchTo(step);
		StepInto(walk);
		MemoryContextSwitchTo(before);
		MemoryContextReset(step);
	}
	MemoryContextDelete(step);
}

PG_FUNCTION_INFO_V1(assistance_json_values);
Datum
assistance_json_values(PG_FUNCTION_ARGS)
{
	text	   *document = PG_GETARG_TEXT_PP(0);
	int			length = VARSIZE_ANY_EXHDR(document);
	Walk		walk = {0};
	JsonNode   *nodes;
	Fault		fault;

	InitMaterializedSRF(fcinfo, 0);
	walk.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	if (length > MAX_JSON_BYTES)
	{
		FaultFormat(&fault, ST_JSON_TOO_LARGE, "", "at most 262144 bytes", "%d bytes", length);
		ReportFault(&fault, NULL);
	}
	nodes = palloc(sizeof(JsonNode) * (length + 1));
	CheckFault(JsonParse(VARDATA_ANY(document), length, nodes, length + 1, &walk.json, &fault), &fault);
	RunWalk(&walk);
	pfree(nodes);
	return (Datum) 0;
}
