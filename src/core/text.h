/*
 * text.h — is a text fit to be a name, a code or an identifier? And pieces of paths.
 */
#ifndef ASSISTANCE_TEXT_H
#define ASSISTANCE_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Eight bytes of a text, or all of a shorter one: some of them twice, or spaces with them; length >= 1 */
static inline uint64_t
EightBytes(const char *text, int length)
{
	uint64_t	eight;
	uint32_t	first,
				last;

	if (length >= 8)
	{
		memcpy(&eight, text, 8);
		return eight;
	}
	if (length >= 4)
	{
		memcpy(&first, text, 4);
		memcpy(&last, text + length - 4, 4);
		return (uint64_t) first << 32 | last;
	}
	return (0x20 * EACH_BYTE) << 24 | (uint64_t) (unsigned char) text[0] << 16 | (uint64_t) (unsigned char) text[length / 2] << 8 |
		(unsigned char) text[length - 1];
}

/* Are these visible ASCII characters or spaces? Otherwise some byte has its highest bit: before, plus one, or minus a space */
static inline bool
AllVisible(uint64_t eight)
{
	return ((eight | (eight + EACH_BYTE) | (eight - 0x20 * EACH_BYTE)) & 0x80 * EACH_BYTE) == 0;
}

/* The same for a text of any length but 0: most names are such */
static inline bool
IsVisibleAscii(const char *text, int length)
{
	for (; length > 8; length -= 8, text += 8)
		if (!AllVisible(EightBytes(text, 8)))
			return false;
	return AllVisible(EightBytes(text, length));
}

/*
 * What keeps a text from being a name of 1 .. max bytes in valid UTF-8 without control characters (U+0000 .. U+001F,
 * U+007F .. U+009F), as words for a fault; NULL when it is one.
 */
extern const char *NameProblem(const char *text, int length, int max);

/* The longest prefix of at most max bytes of a valid UTF-8 text that does not cut a character */
extern int	WholeCharacters(const char *text, int length, int max);

/* An index of at least 0 in brackets, without a final zero: "[12]"; returns its length */
#define INDEX_BYTES 12
extern int	IndexText(char *out, int index);

#endif
