/*
 * fen.c — numeric (yuan) to whole fen and back, over the stored form of numeric: a 16-bit header (short form: sign, scale
 * and weight in it; long form: a 16-bit weight follows), then base-10000 digits, most significant first, without zeros at
 * either end. Exact amounts of explanations go through the library; they are not on the hot path.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "compat.h"
#include "fen.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#define NUMERIC_HEAD_MASK 0xC000
#define NUMERIC_HEAD_NEGATIVE 0x4000	/* long form */
#define NUMERIC_HEAD_SHORT 0x8000
#define NUMERIC_HEAD_SPECIAL 0xC000
#define NUMERIC_HEAD_NAN 0xC000
#define NUMERIC_SHORT_NEGATIVE 0x2000
#define NUMERIC_SHORT_SCALE_SHIFT 7
#define NUMERIC_SHORT_WEIGHT_NEGATIVE 0x0040
#define NUMERIC_SHORT_WEIGHT 0x003F
#define GROUP 10000				/* value of one digit */
#define TOP_WEIGHT 3			/* 10^13 yuan has four digits */

bool		fen_direct = false;		/* the stored form is as described above */

static inline uint16
Load16(const char *p)
{
	uint16		value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline void
Store16(char *p, uint16 value)
{
	memcpy(p, &value, sizeof(value));
}

/* Digits of the whole yuan, then those of the fraction; the sign is the caller's. */
static inline FenFault
DigitsToFen(const char *digits, int n_digits, int weight, int64 *fen)
{
	int64		sum = 0;
	int			n_whole = weight + 1;
	int			i = 0;

	if (n_digits == 0)
	{
		*fen = 0;
		return FEN_OK;
	}
	if (weight > TOP_WEIGHT)
		return FEN_TOO_LARGE;
	for (; i < n_whole; i++)
		sum = sum * GROUP + (i < n_digits ? Load16(digits + 2 * i) : 0);
	sum *= FEN_PER_YUAN;
	if (i < n_digits)
	{
		int			fraction;

		if (weight < -1)
			return FEN_DECIMALS;
		fraction = Load16(digits + 2 * i);
		if (fraction % 100 != 0 || i + 1 < n_digits)
			return FEN_DECIMALS;
		sum += fraction / 100;
	}
	if (sum > MAX_FEN)
		return FEN_TOO_LARGE;
	*fen = sum;
	return FEN_OK;
}

/* The stored form at p, n bytes after the length word. */
static inline FenFault
StoredToFen(const char *p, int n, int64 *fen)
{
	uint16		head = Load16(p);
	bool		negative;
	int			weight;
	FenFault	fault;

	if (likely((head & NUMERIC_HEAD_MASK) == NUMERIC_HEAD_SHORT))
	{
		negative = (head & NUMERIC_SHORT_NEGATIVE) != 0;
		weight = head & NUMERIC_SHORT_WEIGHT;
		if (head & NUMERIC_SHORT_WEIGHT_NEGATIVE)
			weight -= NUMERIC_SHORT_WEIGHT + 1;
		p += 2;
		n -= 2;
	}
	else if ((head & NUMERIC_HEAD_MASK) == NUMERIC_HEAD_SPECIAL)
		return head == NUMERIC_HEAD_NAN ? FEN_NAN : FEN_INFINITE;
	else
	{
		negative = (head & NUMERIC_HEAD_MASK) == NUMERIC_HEAD_NEGATIVE;
		weight = (int16) Load16(p + 2);
		p += 4;
		n -= 4;
	}
	fault = DigitsToFen(p, n / 2, weight, fen);
	if (negative && fault == FEN_OK)
		*fen = -*fen;
	return fault;
}

/* The same through the library's text, whatever the stored form. */
static FenFault
LibraryToFen(Datum yuan, int64 *fen)
{
	const char *text = DatumGetCString(DirectFunctionCall1(numeric_out, yuan));
	bool		negative = *text == '-';
	int			decimals = -1;	/* before the point */
	bool		beyond = false;
	int64		sum = 0;

	if (negative)
		text++;
	if (*text == 'N')
		return FEN_NAN;
	if (*text == 'I')
		return FEN_INFINITE;
	for (; *text != '\0'; text++)
	{
		if (*text == '.')
			decimals = 0;
		else if (decimals == 2)
			beyond |= *text != '0';
		else
		{
			if (sum > MAX_FEN)
				return FEN_TOO_LARGE;
			sum = sum * 10 + (*text - '0');
			decimals += decimals >= 0;
		}
	}
	if (beyond)
		return FEN_DECIMALS;
	if (sum > MAX_FEN)
		return FEN_TOO_LARGE;
	for (decimals = Max(decimals, 0); decimals < 2; decimals++)
		sum *= 10;
	if (sum > MAX_FEN)
		return FEN_TOO_LARGE;
	*fen = negative ? -sum : sum;
	return FEN_OK;
}

FenFault
NumericToFen(Datum yuan, int64 *fen)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(yuan);

	if (likely(QuickFen(yuan, fen)))
		return FEN_OK;
	if (unlikely(!fen_direct))
		return LibraryToFen(yuan, fen);
	if (unlikely(VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value)))
		value = detoast_attr(value);
	return StoredToFen(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), fen);
}

/* The amount as text, the middle of a very long one left out. */
static char *
ShortText(Datum yuan)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, yuan));
	int			length = (int) strlen(text);

	return length <= 60 ? text : psprintf("%.30s…%s (%d characters)", text, text + length - 10, length);
}

/* 22023 or 22003 for an argument that is no amount */
static void
RefuseAmount(Datum yuan, const char *argument, FenFault fault)
{
	if (fault == FEN_DECIMALS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has more than two decimals", argument),
				 errdetail("%s: %s.", argument, ShortText(yuan)),
				 errhint("Amounts are yuan with at most two decimals; round them where the policy says how.")));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is out of range", argument),
			 errdetail("%s: %s.", argument, ShortText(yuan)),
			 errhint("Amounts are finite and at most 10000000000000.00 yuan.")));
}

int64
NumericArgumentToFen(Datum yuan, const char *argument)
{
	int64		fen = 0;
	FenFault	fault = NumericToFen(yuan, &fen);

	if (unlikely(fault != FEN_OK))
		RefuseAmount(yuan, argument, fault);
	return fen;
}

#define HEAD_16_2 (NUMERIC_HEAD_SHORT | (2 << NUMERIC_SHORT_SCALE_SHIFT))
#define QUICK_YUAN INT64CONST(1000000000000)	/* three digits; the fraction is a fourth one */

/* The head of an amount whose first digit has this weight */
static inline uint16
HeadOf(bool negative, int weight)
{
	return HEAD_16_2 | (negative ? NUMERIC_SHORT_NEGATIVE : 0) | (weight & (NUMERIC_SHORT_WEIGHT_NEGATIVE | NUMERIC_SHORT_WEIGHT));
}

/* Header and digits of numeric(16,2) at out; returns how many bytes. Writes up to 14 bytes: copying a fixed number is cheapest. */
static pg_noinline int
WriteLargeStored(char *out, bool negative, uint64 yuan, int cents)
{
	uint16		digit[12] = {0};	/* six of them, and room to copy six from any of them */
	int			first = 5;		/* digit[5] is the fraction, digit[4] the units */
	int			last = 5;

	digit[5] = (uint16) (cents * 100);
	for (; yuan != 0; yuan /= GROUP)
		digit[--first] = (uint16) (yuan % GROUP);
	while (digit[last] == 0)
		last--;
	Store16(out, HeadOf(negative, 4 - first));
	memcpy(out + 2, &digit[first], 6 * sizeof(uint16));
	return 2 + (last - first + 1) * (int) sizeof(uint16);
}

/* The same for any amount. Most need four digits at most, which are made in one word. */
static pg_attribute_always_inline int
WriteStored(char *out, int64 fen)
{
	uint64		rest = fen < 0 ? -(uint64) fen : (uint64) fen;
	uint64		yuan = rest / FEN_PER_YUAN;
	uint64		cents = rest % FEN_PER_YUAN;

	if (fen == 0)
	{
		Store16(out, HEAD_16_2);
		return 2;
	}
#ifndef WORDS_BIGENDIAN
	if (likely(yuan < QUICK_YUAN))
	{
		uint64		digits = yuan / (GROUP * GROUP) | yuan / GROUP % GROUP << 16 | yuan % GROUP << 32 | cents * 100 << 48;
		int			first = pg_rightmost_one_pos64(digits) / 16;
		int			last = pg_leftmost_one_pos64(digits) / 16;

		digits >>= 16 * first;
		Store16(out, HeadOf(fen < 0, 2 - first));
		memcpy(out + 2, &digits, sizeof(digits));
		return 2 + (last - first + 1) * (int) sizeof(uint16);
	}
#endif
	return WriteLargeStored(out, fen < 0, yuan, (int) cents);
}

int
NumericWriteShort(char *out, int64 fen)
{
	int			size;

	if (unlikely(!fen_direct))
	{
		struct varlena *value = (struct varlena *) DatumGetPointer(FenToNumeric(fen));

		size = VARSIZE_ANY_EXHDR(value);
		memcpy(out + VARHDRSZ_SHORT, VARDATA_ANY(value), size);
	}
	else
		size = WriteStored(out + VARHDRSZ_SHORT, fen);
	SET_VARSIZE_SHORT(out, size + VARHDRSZ_SHORT);
	return size + VARHDRSZ_SHORT;
}

void
NumericWrite(char *out, int64 fen)
{
	if (unlikely(!fen_direct))
	{
		struct varlena *value = (struct varlena *) DatumGetPointer(ScaledToNumeric(fen, 2, 2));

		memcpy(out, value, VARSIZE(value));
		pfree(value);
	}
	else
		SET_VARSIZE(out, VARHDRSZ + WriteStored(out + VARHDRSZ, fen));
}

Datum
FenToNumeric(int64 fen)
{
	char	   *value;

	if (unlikely(!fen_direct))
		return ScaledToNumeric(fen, 2, 2);
	value = palloc(NUMERIC_MAX);
	NumericWrite(value, fen);
	return PointerGetDatum(value);
}

Datum
ExactToNumeric(Exact amount)
{
	return amount.nano == 0 ? FenToNumeric(amount.fen) : ScaledToNumeric(ExactNano(amount), 11, 2);
}

Datum
ScaledToNumeric(i128 value, int decimals, int min_decimals)
{
	char		text[64];
	char	   *p = text + sizeof(text);
	u128		rest = value < 0 ? -(u128) value : (u128) value;

	Assert(decimals <= 30 && min_decimals <= decimals);
	*--p = '\0';
	while (decimals > min_decimals && rest % 10 == 0)
	{
		rest /= 10;
		decimals--;
	}
	for (int i = 0; rest != 0 || i <= decimals; i++)
	{
		if (i == decimals && i > 0)
			*--p = '.';
		*--p = (char) ('0' + (int) (rest % 10));
		rest /= 10;
	}
	if (value < 0)
		*--p = '-';
	return DirectFunctionCall3(numeric_in, CStringGetDatum(p), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* Does our form of these amounts equal the library's, byte for byte, and read back? */
static bool
FormIsKnown(void)
{
	static const int64 sample[] = {0, 1, -1, 99, 100, 1000000, -123456789, INT64_C(10000000000), MAX_FEN};

	for (int i = 0; i < lengthof(sample); i++)
	{
		struct varlena *library = (struct varlena *) DatumGetPointer(ScaledToNumeric(sample[i], 2, 2));
		char		own[NUMERIC_SHORT_MAX];
		int			size = WriteStored(own, sample[i]);
		int64		back;

		if (VARSIZE_ANY_EXHDR(library) != size || memcmp(VARDATA_ANY(library), own, size) != 0 ||
			StoredToFen(own, size, &back) != FEN_OK || back != sample[i] ||
			(QuickStoredToFen(own, size, &back) && back != sample[i]))
			return false;
		pfree(library);
	}
	return true;
}

void
FenInit(void)
{
	fen_direct = FormIsKnown();
}
