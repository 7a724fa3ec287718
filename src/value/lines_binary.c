/*
 * lines_binary.c — the lines of a split as bytes: a head that all bills of a page share (names and kinds of its layers), then per
 * layer its state, its rule and the figures that are not 0, then what is left of buckets, named parts in the order of their names.
 * Equal lines have equal bytes. Written for every row of a window query, so it is a sequence of small copies.
 */
#include "postgres.h"

#include "value/bytes.h"
#include "value/lines.h"

const char *const line_state_name[LINE_STATES] = {
	"no_rule", "applied", "given", "waived", "not_applicable", "alternative_paid"
};

/* figures of a line that may be missing, as bits */
enum
{
	FIGURE_BASE = 1 << 0,
	FIGURE_CUMULATIVE = 1 << 1,	/* missing: as base */
	FIGURE_DEDUCTIBLE = 1 << 2,
	FIGURE_DUE = 1 << 3,		/* missing: as paid */
	FIGURE_ROOM = 1 << 4,		/* missing: no cap */
	FIGURE_PAID = 1 << 5,
	FIGURE_ADJUSTMENT = 1 << 6,
	FIGURE_RECOVERABLE = 1 << 7,
	FIGURE_SET_OFF = 1 << 8,
	NANO_BASE = 1 << 9,
	NANO_CUMULATIVE = 1 << 10,
	NANO_DEDUCTIBLE = 1 << 11
};

/* a layer of which no rule fitted: state, no rule, no figures */
#define EMPTY_LINE (2 + sizeof(uint16))

StaticAssertDecl(LINE_NO_RULE == 0, "an empty line is all zeros");

/* ---- writing ---- */

static inline char *
PutBytes(char *p, const char *text, int length)
{
	*p++ = (char) length;
	return CopyShort(p, text, length);
}

static inline char *
Put16(char *p, uint16 value)
{
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

static inline char *
Put32(char *p, uint32 value)
{
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

static inline char *
PutFen(char *p, int64 value)
{
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

/* A figure and its bit, if it is not what a missing one means */
static inline char *
PutFigure(char *p, uint16 *figures, int bit, int64 value, int64 missing)
{
	if (value == missing)
		return p;
	*figures |= bit;
	return PutFen(p, value);
}

static inline char *
PutNano(char *p, uint16 *figures, int bit, int32 nano)
{
	if (nano == 0)
		return p;
	*figures |= bit;
	return Put32(p, nano);
}

/* State, rule, figures of one layer */
static inline char *
PutLine(char *p, const Line *line, const char *rule, int rule_length)
{
	uint16		figures = 0;
	char	   *at;
	bool		other_cumulative = ExactCompare(line->cumulative, line->base) != 0;

	*p++ = (char) line->state;
	p = PutBytes(p, rule, rule_length);
	at = p;
	p += sizeof(figures);
	p = PutFigure(p, &figures, FIGURE_BASE, line->base.fen, 0);
	if (other_cumulative)
	{
		figures |= FIGURE_CUMULATIVE;
		p = PutFen(p, line->cumulative.fen);
	}
	p = PutFigure(p, &figures, FIGURE_DEDUCTIBLE, line->deductible.fen, 0);
	p = PutFigure(p, &figures, FIGURE_DUE, line->due_fen, line->paid_fen);
	p = PutFigure(p, &figures, FIGURE_ROOM, line->room_fen, NO_ROOM_LIMIT);
	p = PutFigure(p, &figures, FIGURE_PAID, line->paid_fen, 0);
	p = PutFigure(p, &figures, FIGURE_ADJUSTMENT, line->adjustment_fen, 0);
	p = PutFigure(p, &figures, FIGURE_RECOVERABLE, line->recoverable_fen, 0);
	p = PutFigure(p, &figures, FIGURE_SET_OFF, line->set_off_fen, 0);
	p = PutNano(p, &figures, NANO_BASE, line->base.nano);
	if (other_cumulative)
		p = PutNano(p, &figures, NANO_CUMULATIVE, line->cumulative.nano);
	p = PutNano(p, &figures, NANO_DEDUCTIBLE, line->deductible.nano);
	Put16(at, figures);
	return p;
}

/* What is left of the fixed buckets: a bit for each, then the amounts that are not 0 */
static inline char *
PutLeft(char *p, const int64 *left_fen)
{
	uint16		mask = 0;
	char	   *at = p;

	p += sizeof(mask);
	for (int i = 0; i < BUCKET_PART; i++)
	{
		if (left_fen[i] == 0)
			continue;
		mask |= 1 << i;
		p = PutFen(p, left_fen[i]);
	}
	Put16(at, mask);
	return p;
}

/* What is left of named parts: their number, then name and amount of each that is not 0 */
static inline char *
PutParts(char *p, const Code *parts, int n_parts, const int64 *left_fen)
{
	char	   *count = p++;

	*count = 0;
	for (int i = 0; i < n_parts; i++)
	{
		if (left_fen[BUCKET_PART + i] == 0)
			continue;
		p = PutBytes(p, parts[i].text, parts[i].length);
		p = PutFen(p, left_fen[BUCKET_PART + i]);
		++*count;
	}
	return p;
}

/* Format, count, names and kinds of layers */
static void
MakeHead(const CorePage *page, LinesHead *head)
{
	char	   *p = head->bytes;

	*p++ = LINES_FORMAT;
	*p++ = (char) page->n_layers;
	for (int i = 0; i < page->n_layers; i++)
	{
		*p++ = (char) page->layers[i].kind;
		p = PutBytes(p, page->layers[i].name.text, page->layers[i].name.length);
	}
	head->page = page;
	head->length = (int) (p - head->bytes);
	Assert(head->length <= sizeof(head->bytes));
}

int
LinesEncode(const Split *split, LinesHead *head, char *out)
{
	const CorePage *page = split->page;
	char	   *p = out;

	if (unlikely(head->page != page))
		MakeHead(page, head);
	memcpy(p, head->bytes, head->length);
	p += head->length;
	for (int i = 0; i < split->n_lines; i++)
	{
		const Line *line = &split->lines[i];
		const Text *rule;

		if (line->state == LINE_NO_RULE && line->room_fen == NO_ROOM_LIMIT)
		{
			memset(p, 0, EMPTY_LINE);
			p += EMPTY_LINE;
			continue;
		}
		rule = line->rule == NO_INDEX ? NULL : &page->layers[i].rules[line->rule].name;
		p = PutLine(p, line, rule != NULL ? rule->text : "", rule != NULL ? Min(rule->length, PG_UINT8_MAX) : 0);
	}
	p = PutLeft(p, split->left_fen);
	p = PutParts(p, page->parts, page->n_parts, split->left_fen);
	Assert(p - out <= LINES_MAX_BYTES);
	return (int) (p - out);
}

int
StoredLinesEncode(const StoredLines *lines, char *out)
{
	char	   *p = out;

	*p++ = LINES_FORMAT;
	*p++ = (char) lines->n_lines;
	for (int i = 0; i < lines->n_lines; i++)
	{
		*p++ = (char) lines->lines[i].kind;
		p = PutBytes(p, lines->lines[i].layer.text, lines->lines[i].layer.length);
	}
	for (int i = 0; i < lines->n_lines; i++)
	{
		Code		rule = lines->lines[i].rule;

		p = PutLine(p, &lines->lines[i].line, rule.text != NULL ? rule.text : "", rule.length);
	}
	p = PutLeft(p, lines->left_fen);
	p = PutParts(p, lines->parts, lines->n_parts, lines->left_fen);
	Assert(p - out <= LINES_MAX_BYTES);
	return (int) (p - out);
}

/* ---- reading ---- */

typedef struct Cursor
{
	const char *p;
	const char *end;
	bool		damaged;
} Cursor;

/* n bytes, or zeros when there are not so many */
static void
Get(Cursor *c, void *value, int n)
{
	if (c->end - c->p < n)
	{
		c->damaged = true;
		memset(value, 0, n);
		return;
	}
	memcpy(value, c->p, n);
	c->p += n;
}

static int
GetByte(Cursor *c)
{
	uint8		value;

	Get(c, &value, 1);
	return value;
}

static Code
GetText(Cursor *c)
{
	Code		code = {NULL, 0};
	int			length = GetByte(c);

	if (c->end - c->p < length)
		c->damaged = true;
	else if (length > 0)
	{
		code.text = c->p;
		code.length = (uint8) length;
		c->p += length;
	}
	return code;
}

static int64
GetFigure(Cursor *c, uint16 figures, int bit, int64 missing)
{
	if (figures & bit)
		Get(c, &missing, sizeof(missing));
	return missing;
}

static int32
GetNano(Cursor *c, uint16 figures, int bit)
{
	int32		nano = 0;

	if (figures & bit)
		Get(c, &nano, sizeof(nano));
	if (nano < 0 || nano >= NANO)
		c->damaged = true;
	return nano;
}

static void
GetLine(Cursor *c, StoredLine *stored)
{
	Line	   *line = &stored->line;
	bool		has_due;
	uint16		figures;

	line->state = (LineState) GetByte(c);
	c->damaged |= line->state >= LINE_STATES;
	line->rule = NO_INDEX;
	stored->rule = GetText(c);
	Get(c, &figures, sizeof(figures));
	has_due = (figures & FIGURE_DUE) != 0;
	line->base.fen = GetFigure(c, figures, FIGURE_BASE, 0);
	line->cumulative.fen = GetFigure(c, figures, FIGURE_CUMULATIVE, line->base.fen);
	line->deductible.fen = GetFigure(c, figures, FIGURE_DEDUCTIBLE, 0);
	line->due_fen = GetFigure(c, figures, FIGURE_DUE, 0);
	line->room_fen = GetFigure(c, figures, FIGURE_ROOM, NO_ROOM_LIMIT);
	line->paid_fen = GetFigure(c, figures, FIGURE_PAID, 0);
	line->adjustment_fen = GetFigure(c, figures, FIGURE_ADJUSTMENT, 0);
	line->recoverable_fen = GetFigure(c, figures, FIGURE_RECOVERABLE, 0);
	line->set_off_fen = GetFigure(c, figures, FIGURE_SET_OFF, 0);
	if (!has_due)
		line->due_fen = line->paid_fen;
	line->base.nano = GetNano(c, figures, NANO_BASE);
	line->cumulative.nano = GetNano(c, figures, NANO_CUMULATIVE);
	if (!(figures & FIGURE_CUMULATIVE))
		line->cumulative = line->base;
	line->deductible.nano = GetNano(c, figures, NANO_DEDUCTIBLE);
}

/* What is left of buckets; false when the bytes are no such thing */
static bool
GetLeft(Cursor *c, StoredLines *lines)
{
	uint16		mask;

	memset(lines->left_fen, 0, sizeof(lines->left_fen));
	Get(c, &mask, sizeof(mask));
	for (int i = 0; i < BUCKET_PART; i++)
		if (mask & (1 << i))
			Get(c, &lines->left_fen[i], sizeof(int64));
	lines->n_parts = GetByte(c);
	if (lines->n_parts > MAX_PARTS || mask >> BUCKET_PART != 0)
		return false;
	for (int i = 0; i < lines->n_parts; i++)
	{
		lines->parts[i] = GetText(c);
		c->damaged |= lines->parts[i].text == NULL;
		Get(c, &lines->left_fen[BUCKET_PART + i], sizeof(int64));
	}
	return true;
}

bool
LinesDecode(const char *data, int length, StoredLines *lines)
{
	Cursor		c = {data, data + length, false};

	if (GetByte(&c) != LINES_FORMAT)
		return false;
	lines->n_lines = GetByte(&c);
	if (lines->n_lines > MAX_LAYERS)
		return false;
	for (int i = 0; i < lines->n_lines; i++)
	{
		lines->lines[i].kind = (LayerKind) GetByte(&c);
		lines->lines[i].layer = GetText(&c);
		c.damaged |= lines->lines[i].kind >= LAYER_KINDS || lines->lines[i].layer.text == NULL;
	}
	for (int i = 0; i < lines->n_lines; i++)
		GetLine(&c, &lines->lines[i]);
	return GetLeft(&c, lines) && !c.damaged && c.p == c.end;
}
