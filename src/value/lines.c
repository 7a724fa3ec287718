/*
 * lines.c — assistance.lines as an SQL type: JSON in and out, so that a table that keeps splits can be dumped and restored. Rows
 * come from split_lines and split_left (split_rows.c).
 */
#include "postgres.h"

#include "errors.h"
#include "value/bytes.h"
#include "value/lines_value.h"
#include "value/value.h"

#define FIRST_SIZE 2048			/* most lines are shorter */

#define EXACT_DECIMALS 11		/* nano of a fen, in yuan */
#define MAX_AMOUNT_CHARS 26		/* so that all digits and decimals fit in 128 bits */

void
DatumGetLines(Datum value, StoredLines *lines)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);

	if (!LinesDecode(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), lines))
		RefuseDamaged("lines");
}

Code
StoredBucketName(const StoredLines *lines, int bucket)
{
	Code		code;

	if (bucket >= BUCKET_PART)
		return lines->parts[bucket - BUCKET_PART];
	code.text = bucket_name[bucket];
	code.length = (uint8) strlen(bucket_name[bucket]);
	return code;
}

/* ---- writing ---- */

/* The figures of a line in the order of JSON; the first EXACT_FIGURES may have parts of a fen. */
typedef enum Figure
{
	FIGURE_BASE,
	FIGURE_CUMULATIVE,
	FIGURE_DEDUCTIBLE,
	FIGURE_DUE,
	FIGURE_ROOM,
	FIGURE_PAID,
	FIGURE_ADJUSTMENT,
	FIGURE_RECOVERABLE,
	FIGURE_SET_OFF
} Figure;

#define FIGURES 9
#define EXACT_FIGURES 3

static const char *const figure_name[FIGURES] = {
	"base", "cumulative", "deductible", "due", "room", "paid", "adjustment", "recoverable", "set_off"
};

static Exact *
ExactFigure(Line *line, Figure figure)
{
	return figure == FIGURE_BASE ? &line->base : figure == FIGURE_CUMULATIVE ? &line->cumulative : &line->deductible;
}

static int64 *
WholeFigure(Line *line, Figure figure)
{
	switch (figure)
	{
		case FIGURE_DUE:
			return &line->due_fen;
		case FIGURE_ROOM:
			return &line->room_fen;
		case FIGURE_PAID:
			return &line->paid_fen;
		case FIGURE_ADJUSTMENT:
			return &line->adjustment_fen;
		case FIGURE_RECOVERABLE:
			return &line->recoverable_fen;
		default:
			return &line->set_off_fen;
	}
}

static void
WriteLine(JsonWriter *w, StoredLine *stored)
{
	JsonOpen(w, '{');
	JsonKey(w, "layer", -1);
	JsonText(w, stored->layer.text, stored->layer.length);
	JsonKey(w, "kind", -1);
	JsonText(w, layer_kind_name[stored->kind], -1);
	JsonKey(w, "state", -1);
	JsonText(w, line_state_name[stored->line.state], -1);
	if (stored->rule.text != NULL)
	{
		JsonKey(w, "rule", -1);
		JsonText(w, stored->rule.text, stored->rule.length);
	}
	for (Figure i = 0; i < FIGURES; i++)
	{
		if (i == FIGURE_ROOM && stored->line.room_fen == NO_ROOM_LIMIT)
			continue;
		JsonKey(w, figure_name[i], -1);
		if (i >= EXACT_FIGURES)
			JsonScaled(w, *WholeFigure(&stored->line, i), 2, 2);
		else if (ExactFigure(&stored->line, i)->nano == 0)
			JsonScaled(w, ExactFigure(&stored->line, i)->fen, 2, 2);
		else
			JsonScaled(w, ExactNano(*ExactFigure(&stored->line, i)), EXACT_DECIMALS, 2);
	}
	JsonClose(w, '}');
}

/* { "lines": [ … ], "left": { bucket: amount } } */
static void
WriteLines(JsonWriter *w, StoredLines *lines)
{
	JsonOpen(w, '{');
	JsonKey(w, "lines", -1);
	JsonOpen(w, '[');
	for (int i = 0; i < lines->n_lines; i++)
		WriteLine(w, &lines->lines[i]);
	JsonClose(w, ']');
	JsonKey(w, "left", -1);
	JsonOpen(w, '{');
	for (int i = 0; i < BUCKET_PART + lines->n_parts; i++)
	{
		Code		name = StoredBucketName(lines, i);

		if (lines->left_fen[i] == 0)
			continue;
		JsonKey(w, name.text, name.length);
		JsonScaled(w, lines->left_fen[i], 2, 2);
	}
	JsonClose(w, '}');
	JsonClose(w, '}');
}

char *
LinesText(Datum value, int *length)
{
	StoredLines lines;
	JsonWriter	w = {palloc(FIRST_SIZE), FIRST_SIZE - 1, 0, false};

	DatumGetLines(value, &lines);
	WriteLines(&w, &lines);
	*length = w.length;
	if (*length >= FIRST_SIZE)
	{
		pfree(w.out);
		w = (JsonWriter) {palloc(*length + 1), *length, 0, false};
		WriteLines(&w, &lines);
	}
	w.out[*length] = '\0';
	return w.out;
}

/* ---- reading ---- */

typedef struct Reading
{
	Json		json;
	Fault		fault;
	StoredLines *lines;
	char	   *texts;			/* room for names without their escapes */
} Reading;

static bool
Wrong(Reading *r, int node, const char *expected)
{
	JsonFault(&r->json, node, &r->fault, ST_DOC_BAD_VALUE, "another value", expected);
	return false;
}

/* A name of at most 255 bytes, copied */
static bool
ReadName(Reading *r, int node, int max, Code *code)
{
	const char *text;
	int			length;

	if (r->json.nodes[node].type != JSON_STRING ||
		!JsonString(&r->json, node, r->texts, max, &text, &length) || length == 0 || length > max)
		return Wrong(r, node, "a name");
	if (text == r->texts)
		r->texts += length;
	code->text = text;
	code->length = (uint8) length;
	return true;
}

/* One of a list of words */
static int
ReadWord(Reading *r, int node, const char *const *words, int n_words)
{
	if (r->json.nodes[node].type == JSON_STRING)
		for (int i = 0; i < n_words; i++)
			if (JsonIs(&r->json, node, words[i]))
				return i;
	Wrong(r, node, "one of the words that split_lines shows");
	return -1;
}

/* A number in yuan; the fraction of a fen only where it may be */
static bool
ReadAmount(Reading *r, int node, Exact *amount, bool whole)
{
	const JsonNode *number = &r->json.nodes[node];
	i128		value = 0;
	int			decimals = -1;

	if (number->type != JSON_NUMBER || number->end - number->start > MAX_AMOUNT_CHARS)
		return Wrong(r, node, "an amount in yuan");
	for (int i = number->start; i < number->end; i++)
	{
		char		c = r->json.text[i];

		if (c == '.')
			decimals = 0;
		else if (c != '-')
		{
			value = value * 10 + (c - '0');
			decimals += decimals >= 0;
		}
	}
	for (decimals = Max(decimals, 0); decimals < EXACT_DECIMALS; decimals++)
		value *= 10;
	if (decimals > EXACT_DECIMALS || value > (i128) PG_INT64_MAX / 2 * NANO)
		return Wrong(r, node, "an amount in yuan with at most 11 decimals");
	*amount = ExactFromNano(r->json.text[number->start] == '-' ? -value : value);
	return !whole || amount->nano == 0 || Wrong(r, node, "an amount in yuan with at most 2 decimals");
}

static bool
ReadFigure(Reading *r, int key, Line *line)
{
	for (Figure i = 0; i < FIGURES; i++)
	{
		Exact		amount;

		if (!JsonIs(&r->json, key, figure_name[i]))
			continue;
		if (!ReadAmount(r, key + 1, &amount, i >= EXACT_FIGURES))
			return false;
		if (i < EXACT_FIGURES)
			*ExactFigure(line, i) = amount;
		else
			*WholeFigure(line, i) = amount.fen;
		return true;
	}
	return Wrong(r, key, "a column of split_lines");
}

static bool
ReadMember(Reading *r, int key, StoredLine *stored)
{
	int			word;

	if (JsonIs(&r->json, key, "layer"))
		return ReadName(r, key + 1, MAX_CODE, &stored->layer);
	if (JsonIs(&r->json, key, "rule"))
		return ReadName(r, key + 1, MAX_CODE, &stored->rule);
	if (JsonIs(&r->json, key, "kind"))
	{
		word = ReadWord(r, key + 1, layer_kind_name, LAYER_KINDS);
		stored->kind = (LayerKind) word;
		return word >= 0;
	}
	if (JsonIs(&r->json, key, "state"))
	{
		word = ReadWord(r, key + 1, line_state_name, LINE_STATES);
		stored->line.state = (LineState) word;
		return word >= 0;
	}
	return ReadFigure(r, key, &stored->line);
}

static bool
ReadLine(Reading *r, int object)
{
	StoredLine *stored = &r->lines->lines[r->lines->n_lines];

	if (r->json.nodes[object].type != JSON_OBJECT || r->lines->n_lines == MAX_LAYERS)
		return Wrong(r, object, "at most 24 objects, one for each layer");
	memset(stored, 0, sizeof(*stored));
	stored->line.rule = NO_INDEX;
	stored->line.room_fen = NO_ROOM_LIMIT;
	for (int key = object + 1; key < r->json.nodes[object].next; key = r->json.nodes[key + 1].next)
		if (!ReadMember(r, key, stored))
			return false;
	if (stored->layer.text == NULL)
		return Wrong(r, object, "an object with a layer");
	r->lines->n_lines++;
	return true;
}

/* A new part of this name, in the order of names; returns its bucket */
static int
AddPart(StoredLines *lines, Code name)
{
	int			at = lines->n_parts++;

	for (; at > 0 && CompareCodes(name, lines->parts[at - 1]) < 0; at--)
	{
		lines->parts[at] = lines->parts[at - 1];
		lines->left_fen[BUCKET_PART + at] = lines->left_fen[BUCKET_PART + at - 1];
	}
	lines->parts[at] = name;
	return BUCKET_PART + at;
}

/* A bucket by its name */
static bool
ReadLeft(Reading *r, int key)
{
	int			bucket = 0;
	Exact		amount;
	Code		name;

	while (bucket < BUCKET_PART && !JsonIs(&r->json, key, bucket_name[bucket]))
		bucket++;
	if (bucket == BUCKET_PART)
	{
		if (r->lines->n_parts == MAX_PARTS)
			return Wrong(r, key, "at most 8 named parts");
		if (!ReadName(r, key, MAX_PART_NAME - 1, &name))
			return false;
		bucket = AddPart(r->lines, name);
	}
	if (!ReadAmount(r, key + 1, &amount, true))
		return false;
	r->lines->left_fen[bucket] = amount.fen;
	return true;
}

static bool
ReadLines(Reading *r)
{
	int			array = r->json.nodes[0].type == JSON_OBJECT ? JsonMember(&r->json, 0, "lines") : -1;
	int			left = array < 0 ? -1 : JsonMember(&r->json, 0, "left");

	if (left < 0 || r->json.nodes[0].n_children != 2 || r->json.nodes[array].type != JSON_ARRAY ||
		r->json.nodes[left].type != JSON_OBJECT)
		return Wrong(r, 0, "{\"lines\": […], \"left\": {…}}");
	for (int i = array + 1; i < r->json.nodes[array].next; i = r->json.nodes[i].next)
		if (!ReadLine(r, i))
			return false;
	for (int i = left + 1; i < r->json.nodes[left].next; i = r->json.nodes[i + 1].next)
		if (!ReadLeft(r, i))
			return false;
	return true;
}

/* The value of a JSON text; 0 after a soft error. */
static Datum
LinesFromText(const char *json, size_t length, Node *escontext)
{
	Reading    *r = palloc0(sizeof(Reading));
	struct varlena *value;
	JsonNode   *nodes;
	int			size;

	if (length > MAX_JSON_BYTES)
	{
		FaultFormat(&r->fault, ST_JSON_TOO_LARGE, "", "at most 262144 bytes", "%zu bytes", length);
		ReportFault(&r->fault, escontext);
		return (Datum) 0;
	}
	nodes = palloc((length + 1) * sizeof(JsonNode));
	r->lines = palloc0(sizeof(StoredLines));
	r->texts = palloc(length + 2 * PG_UINT8_MAX);
	if (JsonParse(json, (int) length, nodes, (int) length + 1, &r->json, &r->fault) != ST_OK || !ReadLines(r))
	{
		ReportFault(&r->fault, escontext);
		return (Datum) 0;
	}
	value = palloc(VARHDRSZ + LINES_MAX_BYTES);
	size = StoredLinesEncode(r->lines, VARDATA(value));
	SET_VARSIZE(value, VARHDRSZ + size);
	return PointerGetDatum(value);
}

/* Equal lines have equal bytes: figures that are 0 and parts of which nothing is left are not stored. */
static const ValueType lines_type = {"lines", LinesFromText, LinesText, StoredKey};

VALUE_IN_OUT(lines);
VALUE_COMPARISONS(lines);
