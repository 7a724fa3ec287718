/*
 * fen.h — the one door between numeric (yuan) and whole fen. Reads and writes the stored form of numeric directly: library
 * calls cost about ten times as much. FenInit checks that this server stores numeric as we think; if not, the door
 * goes through the library.
 */
#ifndef ASSISTANCE_FEN_H
#define ASSISTANCE_FEN_H

#include "compat.h"
#include "core.h"

typedef enum FenFault
{
	FEN_OK,
	FEN_NAN,
	FEN_INFINITE,
	FEN_TOO_LARGE,				/* |x| above 10^13 yuan */
	FEN_DECIMALS				/* more than two decimals that are not 0 */
} FenFault;

#define NUMERIC_SHORT_MAX 15	/* bytes that NumericWriteShort writes at most */
#define NUMERIC_MAX 20			/* bytes that NumericWrite writes at most, rounded up to its alignment */

extern void FenInit(void);

extern bool fen_direct;			/* the stored form of numeric is the one that we know */

/* The fen of a numeric in yuan, negative ones too. */
extern FenFault NumericToFen(Datum yuan, int64 *fen);

/*
 * The stored form at p, n bytes after the length word, as most amounts have it: not negative, below 10^12 yuan, in at most three
 * digits (fen.c). No loop and hardly a branch. False: ask NumericToFen.
 */
static inline bool
QuickStoredToFen(const char *p, int n, int64 *fen)
{
	uint16		head;
	uint32		low;
	uint32		high;
	uint64		digit;
	int			weight;

#ifdef WORDS_BIGENDIAN
	return false;
#endif
	if (n < 2 || n > 8)
		return false;
	memcpy(&head, p, sizeof(head));
	if ((head & 0xE000) != 0x8000)	/* short and positive */
		return false;
	if (n < 4)
	{
		*fen = 0;
		return true;
	}
	memcpy(&low, p, sizeof(low));
	memcpy(&high, p + n - 4, sizeof(high));
	digit = (low | (uint64) high << (8 * (n - 4))) >> 16;	/* the most significant one in the lowest 16 bits */
	weight = ((head & 0x7F) ^ 0x40) - 0x40;
	if (weight < -1 || weight > 2 || n / 2 - 3 > weight)
		return false;
	digit <<= 16 * (2 - weight);	/* the fraction in the highest 16 bits */
	if ((digit >> 48) % 100 != 0)
		return false;
	*fen = (int64) (((digit & 0xFFFF) * 100000000 + (digit >> 16 & 0xFFFF) * 10000 + (digit >> 32 & 0xFFFF)) * 100 +
					(digit >> 48) / 100);
	return true;
}

/* The same for a numeric in yuan */
static inline bool
QuickFen(Datum yuan, int64 *fen)
{
	const char *value = DatumGetPointer(yuan);

	if (!fen_direct)
		return false;
	if (VARATT_IS_1B(value))	/* of an external one the size below is -1 */
		return QuickStoredToFen(VARDATA_1B(value), VARSIZE_1B(value) - VARHDRSZ_SHORT, fen);
	return VARATT_IS_4B_U(value) && QuickStoredToFen(VARDATA_4B(value), VARSIZE_4B(value) - VARHDRSZ, fen);
}

/* The same for the argument of this name: raises 22003 or 22023. */
extern int64 NumericArgumentToFen(Datum yuan, const char *argument);

/* A numeric(16,2) in the short form that tuples store (one byte of length, no alignment); returns its size. */
extern int	NumericWriteShort(char *out, int64 fen);

/* A numeric(16,2) in the form that functions take, at out, which is aligned to four bytes. */
extern void NumericWrite(char *out, int64 fen);

/* A numeric(16,2), palloc'd. */
extern Datum FenToNumeric(int64 fen);

/* An exact amount: two decimals, up to eleven where it has parts of a fen. */
extern Datum ExactToNumeric(Exact amount);

/* value / 10^decimals with at least min_decimals decimals and none superfluous beyond them; decimals <= 30. */
extern Datum ScaledToNumeric(i128 value, int decimals, int min_decimals);

#endif
