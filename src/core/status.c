/*
 * status.c — filling in a Fault. Nothing here knows what a fault means.
 */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Length of the longest prefix of a text that ends at a character boundary and leaves room for the final zero. */
static int
CutLength(const char *text)
{
	int			length = 0;

	while (length < MAX_FAULT_TEXT && text[length] != '\0')
		length++;
	if (length < MAX_FAULT_TEXT)
		return length;
	length = MAX_FAULT_TEXT - 1;
	while (length > 0 && ((unsigned char) text[length] & 0xC0) == 0x80)
		length--;
	return length;
}

/* Copy a text (NULL: the empty text) into a field of a fault, which it may already stand in. */
static void
CopyText(char *field, const char *text)
{
	int			length = text == NULL ? 0 : CutLength(text);

	if (length > 0)
		memmove(field, text, (size_t) length);
	field[length] = '\0';
}

Status
FaultSet(Fault *fault, Status status, const char *path, const char *found, const char *expected)
{
	fault->status = status;
	fault->node = -1;
	fault->line = 0;
	fault->column = 0;
	CopyText(fault->path, path);
	CopyText(fault->found, found);
	CopyText(fault->expected, expected);
	return status;
}

Status
FaultFormat(Fault *fault, Status status, const char *path, const char *expected, const char *found_format,...)
{
	char		found[MAX_FAULT_TEXT + 4];	/* so that CutLength sees whether the text went on */
	va_list		args;

	va_start(args, found_format);
	vsnprintf(found, sizeof(found), found_format, args);
	va_end(args);
	return FaultSet(fault, status, path, found, expected);
}
