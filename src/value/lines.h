/*
 * lines.h — the stored form of assistance.lines: what every layer did on a bill and what is left of its buckets.
 */
#ifndef ASSISTANCE_VALUE_LINES_H
#define ASSISTANCE_VALUE_LINES_H

#include "compat.h"
#include "core.h"

#define LINES_FORMAT 1
#define LINES_MAX_BYTES 16384	/* no split needs more */

/* The part of the stored form that all bills of one page share, kept from row to row. Starts all zero. */
typedef struct LinesHead
{
	const CorePage *page;
	int			length;
	char		bytes[2048];
} LinesHead;

/* Write the lines of a split; returns the length, at most LINES_MAX_BYTES. */
extern int	LinesEncode(const Split *split, LinesHead *head, char *out);

/* One line as stored. Texts point into the stored value. */
typedef struct StoredLine
{
	Code		layer;
	LayerKind	kind;
	Code		rule;			/* text NULL: no rule was applied */
	Line		line;			/* line.rule is not set */
} StoredLine;

typedef struct StoredLines
{
	int			n_lines;
	int			n_parts;
	StoredLine	lines[MAX_LAYERS];
	Code		parts[MAX_PARTS];	/* buckets BUCKET_PART …, in the order of their names */
	int64		left_fen[BUCKETS];
} StoredLines;

/* Read them; false when the bytes are no lines. */
extern bool LinesDecode(const char *data, int length, StoredLines *lines);

/* Write what LinesDecode has read (or JSON has said); returns the length. */
extern int	StoredLinesEncode(const StoredLines *lines, char *out);

extern const char *const line_state_name[];

#define LINE_STATES 6

#endif
