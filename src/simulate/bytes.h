/*
 * bytes.h — small pieces of the simulation: hashing, and whole numbers in as many bytes as they need: in a value seven bits a byte,
 * lowest first; in a record whole bytes, whose number stands elsewhere. Signed ones in zigzag. Reading with checks is in value.c.
 */
#ifndef ASSISTANCE_SIMULATE_BYTES_H
#define ASSISTANCE_SIMULATE_BYTES_H

#include "port/pg_bitutils.h"
#include "port/pg_bswap.h"

#define MAX_VARINT 10			/* bytes of a 64-bit number */

static inline char *
PutVarint(char *p, uint64 value)
{
	for (; value >= 0x80; value >>= 7)
		*p++ = (char) (value | 0x80);
	*p++ = (char) value;
	return p;
}

static inline uint64
ZigZag(int64 value)
{
	return ((uint64) value << 1) ^ (uint64) (value >> 63);
}

static inline int64
UnZigZag(uint64 value)
{
	return (int64) (value >> 1) ^ -(int64) (value & 1);
}

/* From memory of our own, so without checks */
static inline uint64
TakeVarint(const char **p)
{
	uint64		value = 0;
	int			shift = 0;
	uint8		byte;

	do
	{
		byte = (uint8) *(*p)++;
		value |= (uint64) (byte & 0x7F) << shift;
		shift += 7;
	} while (byte & 0x80);
	return value;
}

/* How many bytes a number needs: 0 … 8 */
static inline int
BytesOf(uint64 value)
{
	return value == 0 ? 0 : (pg_leftmost_one_pos64(value) >> 3) + 1;
}

/* From the machine's order of bytes to that with the lowest byte first, and back */
static inline uint64
LowestFirst(uint64 value)
{
#ifdef WORDS_BIGENDIAN
	return pg_bswap64(value);
#else
	return value;
#endif
}

/* Write a number of n bytes, the lowest byte first, and zeros behind it up to 8 bytes. */
static inline char *
PutBytes(char *p, uint64 value, int n)
{
	value = LowestFirst(value);
	memcpy(p, &value, sizeof(value));
	return p + n;
}

/* Read a number of n bytes; 8 bytes must be readable. */
static inline uint64
TakeBytes(const char **p, int n)
{
	static const uint64 mask[] = {
		0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, UINT64CONST(0xFFFFFFFFFF), UINT64CONST(0xFFFFFFFFFFFF),
		UINT64CONST(0xFFFFFFFFFFFFFF), PG_UINT64_MAX
	};
	uint64		value;

	memcpy(&value, *p, sizeof(value));
	*p += n;
	return LowestFirst(value) & mask[n];
}

#define SPARE_BYTES 16			/* behind the last record of a piece of memory: TakeBytes and CopyRecord may look there */

/* Copy a record in steps of 16 bytes; behind both places are spare bytes. */
static inline void
CopyRecord(char *to, const char *from, int length)
{
	for (int i = 0; i < length; i += 16)
		memcpy(to + i, from + i, 16);
}

/* Different numbers give different results: a person's number and its mixture are the same person. */
static inline uint64
Mix(uint64 x)
{
	x ^= x >> 33;
	x *= UINT64CONST(0xFF51AFD7ED558CCD);
	x ^= x >> 33;
	x *= UINT64CONST(0xC4CEB9FE1A85EC53);
	return x ^ (x >> 33);
}

/* The same on every machine of one byte order; never stored beyond a query */
static inline uint64
HashBytes(uint64 hash, const char *p, int n)
{
	uint64		word;

	for (; n >= 8; p += 8, n -= 8)
	{
		memcpy(&word, p, 8);
		hash = (hash ^ word) * UINT64CONST(0x9E3779B97F4A7C15);
		hash ^= hash >> 29;
	}
	word = (uint64) n << 56;
	for (int i = 0; i < n; i++)
		word |= (uint64) (uint8) p[i] << (8 * i);
	hash = (hash ^ word) * UINT64CONST(0x9E3779B97F4A7C15);
	return hash ^ (hash >> 32);
}

#endif
