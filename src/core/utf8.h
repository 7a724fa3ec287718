/*
 * utf8.h — which byte sequences are one UTF-8 character (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef ASSISTANCE_UTF8_H
#define ASSISTANCE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/* Is this byte the second or a later one of a character? */
static inline bool
Utf8Continues(char byte)
{
	return ((unsigned char) byte & 0xC0) == 0x80;
}

/* Is this one character of three bytes from U+1000 to U+CFFF, as most Chinese ones are? available >= 1 */
static inline bool
Utf8IsCommon(const char *text, int available)
{
	unsigned char first = (unsigned char) text[0];

	return available >= 3 && first >= 0xE1 && first <= 0xEC && Utf8Continues(text[1]) && Utf8Continues(text[2]);
}

/* Length of the character that text begins with; 0 when it is none (or cut off). available >= 1 */
static inline int
Utf8Length(const char *text, int available)
{
	unsigned char first = (unsigned char) text[0];
	unsigned char second;
	int			length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;

	if (length <= 1)
		return length;
	if (length > available)
		return 0;
	for (int i = 1; i < length; i++)
		if (!Utf8Continues(text[i]))
			return 0;
	second = (unsigned char) text[1];
	if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
		(first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
		return 0;
	return length;
}

#endif
