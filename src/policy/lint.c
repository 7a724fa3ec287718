/*
 * lint.c — terms_findings, document_findings and finding_kind: what is wrong or doubtful about one document, as rows. The linter
 * itself is part of the core; sentences are in lint_text.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "policy/lint.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "value/book.h"

/* The columns, in the order of lint.sql */
enum
{
	COLUMN_SEVERITY,
	COLUMN_FINDING,
	COLUMN_REGION,
	COLUMN_SCHEME,
	COLUMN_FROM_DAY,
	COLUMN_LAYER,
	COLUMN_PATH,
	COLUMN_MESSAGE,
	COLUMN_MESSAGE_ZH,
	COLUMN_ARTICLE,
	COLUMN_EXCUSED_BY,
	FINDING_COLUMNS
};

enum
{
	KIND_COLUMN_FINDING,
	KIND_COLUMN_SEVERITY,
	KIND_COLUMN_CHECKED_BY,
	KIND_COLUMN_SINCE,
	KIND_COLUMN_ARTICLE,
	KIND_COLUMN_MEANING,
	KIND_COLUMN_MEANING_ZH,
	KIND_COLUMNS
};

#define MAX_PATH 512

static const char *const severity_name[] = {"arithmetic", "legal", "notice"};

typedef struct FindingRows
{
	ReturnSetInfo *rsinfo;
	const Book *book;
	StringInfoData zh;
	StringInfoData en;
} FindingRows;

typedef struct Row
{
	Datum		values[FINDING_COLUMNS];
	bool		nulls[FINDING_COLUMNS];
} Row;

static void
Put(Row *row, int column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

static void
PutText(Row *row, int column, const char *text, int length)
{
	if (text != NULL)
		Put(row, column, PointerGetDatum(cstring_to_text_with_len(text, length)));
}

static void
PutString(Row *row, int column, const char *text)
{
	if (text != NULL)
		Put(row, column, CStringGetTextDatum(text));
}

/* What the table of kinds and the sentences say */
static void
PutKind(Row *row, FindingKind kind, const FindingRows *rows)
{
	const FindingInfo *info = &finding_info[kind];

	PutString(row, COLUMN_SEVERITY, severity_name[info->severity]);
	PutString(row, COLUMN_FINDING, info->name);
	PutText(row, COLUMN_MESSAGE, rows->en.data, rows->en.len);
	PutText(row, COLUMN_MESSAGE_ZH, rows->zh.data, rows->zh.len);
	PutString(row, COLUMN_ARTICLE, info->article);
}

/* ---- findings about a book ---- */

/* "who: why (article)" */
static void
PutExcuse(Row *row, const Exception *excuse)
{
	if (excuse != NULL)
		PutString(row, COLUMN_EXCUSED_BY, psprintf("%.*s: %.*s (%.*s)", excuse->who.length, excuse->who.text, excuse->why.length,
												   excuse->why.text, excuse->article.length, excuse->article.text));
}

static void
PutFinding(void *context, const Finding *finding)
{
	FindingRows *rows = context;
	char		path[MAX_PATH];
	Row			row;

	CHECK_FOR_INTERRUPTS();
	if (finding == NULL)
		return;
	memset(row.nulls, true, sizeof(row.nulls));
	FindingSentences(finding, &rows->zh, &rows->en);
	FindingPath(rows->book, finding, path, sizeof(path));
	PutKind(&row, finding->kind, rows);
	PutText(&row, COLUMN_REGION, finding->page->region.text, finding->page->region.length);
	PutText(&row, COLUMN_SCHEME, finding->page->scheme.text, finding->page->scheme.length);
	Put(&row, COLUMN_FROM_DAY, DateADTGetDatum(finding->page->from_day));
	if (finding->layer != NULL)
		PutText(&row, COLUMN_LAYER, finding->layer->name.text, finding->layer->name.length);
	PutString(&row, COLUMN_PATH, path);
	PutExcuse(&row, finding->excuse);
	tuplestore_putvalues(rows->rsinfo->setResult, rows->rsinfo->setDesc, row.values, row.nulls);
}

/* ---- arguments ---- */

/* Codes of a text array; the texts stay where they are */
static const Code *
CodesOf(Datum array, int *n)
{
	Datum	   *elements;
	bool	   *nulls;
	Code	   *codes;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, n);
	codes = palloc0(sizeof(Code) * (*n + 1));
	for (int i = 0; i < *n; i++)
	{
		text	   *code = nulls[i] ? NULL : DatumGetTextPP(elements[i]);

		if (code == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_ASSISTANCE_ARRAY),
					 errmsg("a list of categories must not contain nulls"),
					 errhint("Use array_remove(list, NULL).")));
		if (VARSIZE_ANY_EXHDR(code) > MAX_CODE)
			continue;			/* longer than any code that a page declares */
		codes[i].text = VARDATA_ANY(code);
		codes[i].length = (uint8) VARSIZE_ANY_EXHDR(code);
	}
	return codes;
}

static void
OpenRows(FunctionCallInfo fcinfo, FindingRows *rows)
{
	InitMaterializedSRF(fcinfo, 0);
	rows->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	rows->book = NULL;
	initStringInfo(&rows->zh);
	initStringInfo(&rows->en);
}

/* Find everything about a compiled book; the groups are the second and third argument. */
static void
FindInBook(FunctionCallInfo fcinfo, FindingRows *rows, const Book *book)
{
	LintGroups	groups;
	char	   *memory = palloc_extended(LintWorkSize() + MAXIMUM_ALIGNOF * 2, MCXT_ALLOC_HUGE);

	groups.key = CodesOf(PG_GETARG_DATUM(1), &groups.n_key);
	groups.low = CodesOf(PG_GETARG_DATUM(2), &groups.n_low);
	rows->book = book;
	LintBook(book, &groups, (LintWork *) TYPEALIGN(16, memory), PutFinding, rows);
	pfree(memory);
}

PG_FUNCTION_INFO_V1(assistance_terms_findings);
Datum
assistance_terms_findings(PG_FUNCTION_ARGS)
{
	FindingRows rows;
	BookUse    *use = palloc0(sizeof(BookUse));	/* the book lets go of it when the memory of this call does */

	OpenRows(fcinfo, &rows);
	FindInBook(fcinfo, &rows, OpenBook(use, CurrentMemoryContext, PG_GETARG_DATUM(0)));
	return (Datum) 0;
}

/* ---- documents that do not compile ---- */

/* A text member of an object, into a column */
static void
PutMember(Row *row, int column, const Json *json, int object, const char *key)
{
	int			node = object >= 0 && json->nodes[object].type == JSON_OBJECT ? JsonMember(json, object, key) : -1;
	int			length = node < 0 ? 0 : json->nodes[node].end - json->nodes[node].start;
	char	   *buffer = palloc(length + 1);
	const char *text;

	if (node >= 0 && json->nodes[node].type == JSON_STRING && JsonString(json, node, buffer, length + 1, &text, &length))
		PutText(row, column, text, length);
}

/* The element of the page's layers in which a node stands, -1: in none */
static int
LayerNode(const Json *json, int page, int node)
{
	int			layers = page >= 0 && json->nodes[page].type == JSON_OBJECT ? JsonMember(json, page, "layers") : -1;

	if (layers < 0 || node <= layers || node >= json->nodes[layers].next)
		return -1;
	for (int element = layers + 1; element < json->nodes[layers].next; element = json->nodes[element].next)
		if (node < json->nodes[element].next)
			return json->nodes[element].type == JSON_OBJECT ? element : -1;
	return -1;
}

/* Where in the document the fault is */
static void
PutPlace(Row *row, const Json *json, int node)
{
	char		path[MAX_PATH];
	int			page = PageNode(json, node);
	int			from = page >= 0 && json->nodes[page].type == JSON_OBJECT ? JsonMember(json, page, "from") : -1;
	int32		day;

	NamedPath(json, node, path, sizeof(path));
	PutString(row, COLUMN_PATH, path);
	PutMember(row, COLUMN_REGION, json, page, "region");
	PutMember(row, COLUMN_SCHEME, json, page, "scheme");
	PutMember(row, COLUMN_LAYER, json, LayerNode(json, page, node), "name");
	if (from >= 0 && json->nodes[from].type == JSON_STRING &&
		ParseDate(json->text + json->nodes[from].start, json->nodes[from].end - json->nodes[from].start, &day))
		Put(row, COLUMN_FROM_DAY, DateADTGetDatum(day));
}

/* The one finding about a document with this fault */
static void
PutFault(FindingRows *rows, const char *document, int length, const Fault *fault)
{
	int			nodes = length + 1;
	Json		json;
	Fault		again;
	bool		parsed = fault->node >= 0 &&
		JsonParse(document, length, palloc_extended(sizeof(JsonNode) * nodes, MCXT_ALLOC_HUGE), nodes, &json, &again) == ST_OK;
	FindingKind kind = FaultKind(fault, parsed ? &json : NULL);
	Row			row;

	memset(row.nulls, true, sizeof(row.nulls));
	FaultSentences(fault, kind, &rows->zh, &rows->en);
	PutKind(&row, kind, rows);
	if (parsed)
		PutPlace(&row, &json, fault->node);
	tuplestore_putvalues(rows->rsinfo->setResult, rows->rsinfo->setDesc, row.values, row.nulls);
}

PG_FUNCTION_INFO_V1(assistance_document_findings);
Datum
assistance_document_findings(PG_FUNCTION_ARGS)
{
	text	   *document = PG_GETARG_TEXT_PP(0);
	int			length = VARSIZE_ANY_EXHDR(document);
	int64		arena_size = ArenaNeeded(length > MAX_JSON_BYTES ? 0 : length);
	char	   *arena = palloc_extended(arena_size, MCXT_ALLOC_HUGE);
	FindingRows rows;
	Book		book;
	Fault		fault;

	OpenRows(fcinfo, &rows);
	if (CompileBook(VARDATA_ANY(document), length, arena, arena_size, &book, &fault) == ST_OK)
		FindInBook(fcinfo, &rows, &book);
	else
		PutFault(&rows, VARDATA_ANY(document), length, &fault);
	pfree(arena);
	return (Datum) 0;
}

/* ---- kinds ---- */

PG_FUNCTION_INFO_V1(assistance_finding_kind);
Datum
assistance_finding_kind(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < FINDING_KINDS; i++)
	{
		const FindingInfo *info = &finding_info[i];
		Datum		values[KIND_COLUMNS];
		bool		nulls[KIND_COLUMNS] = {false};

		values[KIND_COLUMN_FINDING] = CStringGetTextDatum(info->name);
		values[KIND_COLUMN_SEVERITY] = CStringGetTextDatum(severity_name[info->severity]);
		values[KIND_COLUMN_CHECKED_BY] = CStringGetTextDatum(info->by_catalogue ? "catalogue" : "document");
		nulls[KIND_COLUMN_SINCE] = info->since == PG_INT32_MIN;
		values[KIND_COLUMN_SINCE] = DateADTGetDatum(info->since);
		nulls[KIND_COLUMN_ARTICLE] = info->article == NULL;
		values[KIND_COLUMN_ARTICLE] = info->article == NULL ? (Datum) 0 : CStringGetTextDatum(info->article);
		values[KIND_COLUMN_MEANING] = CStringGetTextDatum(info->en);
		values[KIND_COLUMN_MEANING_ZH] = CStringGetTextDatum(info->zh);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
