/*
 * jsonwriter.c — writing JSON into a caller's buffer, counting what does not fit. Commas are the writer's business, the order and
 * the sense of what is written the caller's.
 */
#include "jsontext.h"

#include <string.h>

#include "calendar.h"

#define MICROSECONDS_PER_SECOND INT64_C(1000000)
#define MICROSECONDS_PER_DAY INT64_C(86400000000)

static void
Put(JsonWriter *w, char byte)
{
	if (w->out != NULL && w->length < w->size)
		w->out[w->length] = byte;
	w->length++;
}

static void
PutText(JsonWriter *w, const char *text, int length)
{
	int			room = w->out == NULL ? 0 : w->size - w->length;

	if (room > 0)
		memcpy(w->out + w->length, text, (size_t) (length < room ? length : room));
	w->length += length;
}

/* Exactly n digits of a value that has no more. */
static void
PutDigits(JsonWriter *w, int64_t value, int n)
{
	char		digits[20];

	for (int i = n - 1; i >= 0; i--)
	{
		digits[i] = (char) ('0' + value % 10);
		value /= 10;
	}
	PutText(w, digits, n);
}

/* What comes before every value: the comma that is due. */
static void
BeginValue(JsonWriter *w)
{
	if (w->comma)
		Put(w, ',');
	w->comma = true;
}

/* Control characters, the quote and the backslash do not stand for themselves. */
static bool
NeedsEscape(char byte)
{
	return (unsigned char) byte < 0x20 || byte == '"' || byte == '\\';
}

/* Escapes of two bytes have a letter, other control characters \u00xx. */
static void
PutEscaped(JsonWriter *w, char byte)
{
	static const char plain[] = "\"\\\b\f\n\r\t";
	static const char letter[] = "\"\\bfnrt";
	static const char hex[] = "0123456789abcdef";
	const char *found = byte == '\0' ? NULL : strchr(plain, byte);

	if (found != NULL)
	{
		Put(w, '\\');
		Put(w, letter[found - plain]);
	}
	else
	{
		PutText(w, "\\u00", 4);
		Put(w, hex[byte >> 4]);
		Put(w, hex[byte & 15]);
	}
}

static void
PutQuoted(JsonWriter *w, const char *text, int length)
{
	int			done = 0;

	if (length < 0)
		length = (int) strlen(text);
	Put(w, '"');
	for (int i = 0; i < length; i++)
	{
		if (!NeedsEscape(text[i]))
			continue;
		PutText(w, text + done, i - done);
		PutEscaped(w, text[i]);
		done = i + 1;
	}
	PutText(w, text + done, length - done);
	Put(w, '"');
}

void
JsonOpen(JsonWriter *w, char bracket)
{
	BeginValue(w);
	Put(w, bracket);
	w->comma = false;
}

void
JsonClose(JsonWriter *w, char bracket)
{
	Put(w, bracket);
	w->comma = true;
}

void
JsonKey(JsonWriter *w, const char *key, int length)
{
	BeginValue(w);
	PutQuoted(w, key, length);
	Put(w, ':');
	w->comma = false;
}

void
JsonText(JsonWriter *w, const char *text, int length)
{
	BeginValue(w);
	PutQuoted(w, text, length);
}

void
JsonVerbatim(JsonWriter *w, const char *text, int length)
{
	BeginValue(w);
	PutText(w, text, length);
}

void
JsonInteger(JsonWriter *w, int64_t value)
{
	JsonScaled(w, value, 0, 0);
}

void
JsonBool(JsonWriter *w, bool value)
{
	BeginValue(w);
	PutText(w, value ? "true" : "false", value ? 4 : 5);
}

void
JsonScaled(JsonWriter *w, __int128 value, int decimals, int min_decimals)
{
	unsigned __int128 rest = value < 0 ? -(unsigned __int128) value : (unsigned __int128) value;
	uint64_t	low;
	char		digits[64];
	int			n = 0;			/* digits, the last one first */
	int			last = 0;		/* digits that are left out at the end */

	for (; rest > UINT64_MAX; rest /= 10)
		digits[n++] = (char) ('0' + (int) (rest % 10));
	for (low = (uint64_t) rest; low > 0 || n <= decimals; low /= 10)
		digits[n++] = (char) ('0' + (int) (low % 10));
	while (decimals - last > min_decimals && digits[last] == '0')
		last++;
	BeginValue(w);
	if (value < 0)
		Put(w, '-');
	for (int i = n - 1; i >= last; i--)
	{
		if (i == decimals - 1)
			Put(w, '.');
		Put(w, digits[i]);
	}
}

static void
PutDate(JsonWriter *w, int32_t day)
{
	int			year,
				month,
				day_of_month;

	CivilFromDay(day, &year, &month, &day_of_month);
	PutDigits(w, year, 4);
	Put(w, '-');
	PutDigits(w, month, 2);
	Put(w, '-');
	PutDigits(w, day_of_month, 2);
}

void
JsonDate(JsonWriter *w, int32_t day)
{
	BeginValue(w);
	Put(w, '"');
	PutDate(w, day);
	Put(w, '"');
}

void
JsonTimestamp(JsonWriter *w, int64_t microseconds)
{
	int64_t		in_day = microseconds % MICROSECONDS_PER_DAY;
	int64_t		day = microseconds / MICROSECONDS_PER_DAY;
	int64_t		second;

	if (in_day < 0)
	{
		in_day += MICROSECONDS_PER_DAY;
		day--;
	}
	second = in_day / MICROSECONDS_PER_SECOND;
	BeginValue(w);
	Put(w, '"');
	PutDate(w, (int32_t) day);
	Put(w, 'T');
	PutDigits(w, second / 3600, 2);
	Put(w, ':');
	PutDigits(w, second / 60 % 60, 2);
	Put(w, ':');
	PutDigits(w, second % 60, 2);
	if (in_day % MICROSECONDS_PER_SECOND != 0)
	{
		Put(w, '.');
		PutDigits(w, in_day % MICROSECONDS_PER_SECOND, 6);
	}
	Put(w, '"');
}
