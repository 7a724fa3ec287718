/*
 * text.c — checks on short texts, and pieces of paths. Nothing here knows what a text is for.
 */
#include "text.h"
#include "utf8.h"

/* Is this valid character of n bytes a control character? */
static bool
IsControl(const char *text, int n)
{
	unsigned char first = (unsigned char) text[0];

	return n == 1 ? first < 0x20 || first == 0x7F : first == 0xC2 && (unsigned char) text[1] < 0xA0;
}

/* What keeps a text from being a name */
const char *
NameProblem(const char *text, int length, int max)
{
	int			n;

	if (length == 0)
		return "an empty text";
	if (length > max)
		return "a longer text";
	if (IsVisibleAscii(text, length))
		return NULL;
	for (int at = 0; at < length; at += n)
	{
		n = 3;
		if (Utf8IsCommon(text + at, length - at))
			continue;
		n = Utf8Length(text + at, length - at);
		if (n == 0)
			return "bytes that are not UTF-8";
		if (n < 3 && IsControl(text + at, n))
			return "a control character";
	}
	return NULL;
}

/* The longest prefix that cuts no character */
int
WholeCharacters(const char *text, int length, int max)
{
	if (length <= max)
		return length;
	while (max > 0 && Utf8Continues(text[max]))
		max--;
	return max;
}

/* An index in brackets: the digits from the last one on, then moved to the front */
int
IndexText(char *out, int index)
{
	char		digits[INDEX_BYTES];
	int			n = INDEX_BYTES;

	digits[--n] = ']';
	do
	{
		digits[--n] = (char) ('0' + index % 10);
		index /= 10;
	}
	while (index > 0);
	digits[--n] = '[';
	memcpy(out, digits + n, (size_t) (INDEX_BYTES - n));
	return INDEX_BYTES - n;
}
