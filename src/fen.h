/*
 * fen.h — the one door between numeric (yuan) and whole fen. Reads and writes the stored form of numeric directly: library
 * calls cost about ten times as much. FenInit checks that this server stores numeric as we think; if not, the door
 * goes through the library.
 */
#ifndef ASSISTANCE_FEN_H
#define ASSISTANCE_FEN_H

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

/* The fen of a numeric in yuan, negative ones too. */
extern FenFault NumericToFen(Datum yuan, int64 *fen);

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
