/*
 * lint_path.c — where a finding stands, in a compiled book or in a document that does not compile: both write the paths of
 * docs/policy-catalogue.md, section 2. An element of an array goes by its name if it has one; a name with a dot, bracket or
 * quote stands in quotes; pages[i] is left out where there is one page only.
 */
#include <string.h>

#include "jsontext.h"
#include "lint.h"
#include "text.h"

typedef struct PathWriter
{
	char	   *out;
	int			size;			/* with the final zero */
	int			length;
} PathWriter;

/* Whole characters as far as they fit */
static void
Append(PathWriter *w, const char *text, int length)
{
	int			fits = WholeCharacters(text, length, w->size - 1 - w->length);

	memcpy(w->out + w->length, text, (size_t) fits);
	w->length += fits;
	w->out[w->length] = '\0';
}

static void
AppendKey(PathWriter *w, const char *key)
{
	if (w->length > 0)
		Append(w, ".", 1);
	Append(w, key, (int) strlen(key));
}

static void
AppendIndex(PathWriter *w, int index)
{
	char		brackets[INDEX_BYTES];

	Append(w, brackets, IndexText(brackets, index));
}

/* A name, quoted where a dot, bracket or quote could be misread */
static void
AppendName(PathWriter *w, const char *name, int length)
{
	bool		quote = false;

	for (int i = 0; i < length; i++)
		quote = quote || memchr(".[]\"", name[i], 4) != NULL;
	if (w->length > 0)
		Append(w, ".", 1);
	if (quote)
		Append(w, "\"", 1);
	Append(w, name, length);
	if (quote)
		Append(w, "\"", 1);
}

/* ---- compiled books ---- */

/* "page.layers.…" up to the rule of the finding */
static void
AppendOwner(PathWriter *w, const Finding *f)
{
	if (f->layer == NULL)
		return;
	AppendKey(w, "layers");
	AppendName(w, f->layer->name.text, f->layer->name.length);
	if (f->rule == NULL)
		return;
	AppendKey(w, "rules");
	AppendName(w, f->rule->name.text, f->rule->name.length);
}

/* The ratio of a rule, or of one of its bands */
static void
AppendBand(PathWriter *w, const Finding *f)
{
	if (f->rule->one_ratio)
	{
		AppendKey(w, "ratio");
		return;
	}
	AppendKey(w, "bands");
	AppendIndex(w, f->index);
	AppendKey(w, f->rule->bands[f->index].fixed ? "amount" : "ratio");
}

/* A modifier goes by its name if it has one */
static void
AppendModifier(PathWriter *w, const Finding *f)
{
	const Modifier *m = f->rule != NULL ? &f->rule->modifiers[f->index] : &f->layer->modifiers[f->index];

	AppendKey(w, "modifiers");
	if (m->name.text != NULL)
		AppendName(w, m->name.text, m->name.length);
	else
		AppendIndex(w, f->index);
}

/* What stands behind page, layer and rule */
static void
AppendPlace(PathWriter *w, const Finding *f)
{
	static const char *const plain[] = {
		[PLACE_ADMITTED] = "admitted", [PLACE_CITE] = "cite", [PLACE_ENTER] = "enter", [PLACE_DEDUCTIBLE] = "deductible.amount",
		[PLACE_SUM_CAP] = "deductible.sum_cap.limit", [PLACE_TIMES] = "times.limit"
	};

	switch (f->place)
	{
		case PLACE_PAGE:
		case PLACE_LAYER:
		case PLACE_RULE:
			break;
		case PLACE_EXCEPTION:
			AppendKey(w, "exceptions");
			AppendIndex(w, f->index);
			break;
		case PLACE_FIXED_PRICE:
			AppendKey(w, "fixed_prices");
			AppendName(w, f->page->fixed_prices[f->index].name.text, f->page->fixed_prices[f->index].name.length);
			AppendKey(w, "price");
			break;
		case PLACE_CEILING:
			AppendKey(w, "ceilings");
			AppendName(w, f->page->ceilings[f->index].name.text, f->page->ceilings[f->index].name.length);
			AppendKey(w, "share");
			break;
		case PLACE_RULE_MODIFIERS:
			AppendModifier(w, f);
			break;
		case PLACE_BAND:
			AppendBand(w, f);
			break;
		case PLACE_CAP:
			AppendKey(w, "caps");
			AppendIndex(w, f->index);
			AppendKey(w, "limit");
			break;
		default:
			AppendKey(w, plain[f->place]);
	}
}

void
FindingPath(const Book *book, const Finding *finding, char *path, int size)
{
	PathWriter	w = {path, size, 0};

	path[0] = '\0';
	if (book->n_pages > 1)
	{
		AppendKey(&w, "pages");
		AppendIndex(&w, finding->page->place);
	}
	AppendOwner(&w, finding);
	AppendPlace(&w, finding);
}

/* ---- documents ---- */

/* The name of an element, -1 where it has none */
static int
NameNode(const Json *json, int element)
{
	int			name = json->nodes[element].type == JSON_OBJECT ? JsonMember(json, element, "name") : -1;

	return name >= 0 && json->nodes[name].type == JSON_STRING ? name : -1;
}

/* The text of a string node as it stands in the document */
static void
AppendString(PathWriter *w, const Json *json, int node)
{
	AppendName(w, json->text + json->nodes[node].start, json->nodes[node].end - json->nodes[node].start);
}

/* The child of a container in which a node stands (of an object: its key); its index */
static int
ChildHolding(const Json *json, int container, int node, int *index)
{
	bool		array = json->nodes[container].type == JSON_ARRAY;
	int			child = container + 1;
	int			end = json->nodes[array ? child : child + 1].next;

	for (*index = 0; end <= node; (*index)++)
	{
		child = end;
		end = json->nodes[array ? child : child + 1].next;
	}
	return child;
}

/* Append the step from a container towards a node; returns where it leads */
static int
AppendStep(PathWriter *w, const Json *json, int container, int node)
{
	int			index;
	int			child = ChildHolding(json, container, node, &index);

	if (json->nodes[container].type == JSON_OBJECT)
	{
		AppendString(w, json, child);
		return child == node ? node : child + 1;
	}
	if (NameNode(json, child) >= 0)
		AppendString(w, json, NameNode(json, child));
	else
		AppendIndex(w, index);
	return child;
}

/* The array of pages, -1 if there is none */
static int
PagesNode(const Json *json)
{
	int			pages = json->nodes[0].type == JSON_OBJECT ? JsonMember(json, 0, "pages") : -1;

	return pages >= 0 && json->nodes[pages].type == JSON_ARRAY ? pages : -1;
}

int
PageNode(const Json *json, int node)
{
	int			pages = PagesNode(json);
	int			index;

	if (pages < 0 || node <= pages || node >= json->nodes[pages].next)
		return -1;
	return ChildHolding(json, pages, node, &index);
}

void
NamedPath(const Json *json, int node, char *path, int size)
{
	PathWriter	w = {path, size, 0};
	int			page = PageNode(json, node);
	int			at = page >= 0 && json->nodes[PagesNode(json)].n_children == 1 ? page : 0;

	path[0] = '\0';
	while (at != node)
		at = AppendStep(&w, json, at, node);
}
