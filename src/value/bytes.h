/*
 * bytes.h — short texts in stored values: copying them (a call of memcpy costs more than the copy), and their order.
 */
#ifndef ASSISTANCE_VALUE_BYTES_H
#define ASSISTANCE_VALUE_BYTES_H

#include "core.h"

/* Copy n bytes; up to 16 by two overlapping moves. */
static inline char *
CopyShort(char *out, const char *in, int n)
{
	uint64		head;
	uint64		tail;
	uint32		half[2];

	if (n > 16)
		memcpy(out, in, n);
	else if (n >= 8)
	{
		memcpy(&head, in, 8);
		memcpy(&tail, in + n - 8, 8);
		memcpy(out, &head, 8);
		memcpy(out + n - 8, &tail, 8);
	}
	else if (n >= 4)
	{
		memcpy(&half[0], in, 4);
		memcpy(&half[1], in + n - 4, 4);
		memcpy(out, &half[0], 4);
		memcpy(out + n - 4, &half[1], 4);
	}
	else
		for (int i = 0; i < n; i++)
			out[i] = in[i];
	return out + n;
}

/* Byte order: below, at or above 0 */
static inline int
CompareCodes(Code a, Code b)
{
	int			order = memcmp(a.text, b.text, Min(a.length, b.length));

	return order != 0 ? order : a.length - b.length;
}

#endif
