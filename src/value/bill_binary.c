/*
 * bill_binary.c — a bill as bytes: format, kind, how long the codes are, a word of flags that tells which fields follow; order key
 * and amounts and dates; codes, which are the same in many bills (bill_alike.c); the rest. Integers in the machine's order, texts
 * as one byte of length and their bytes. The form never leaves the server: other programs get JSON.
 */
#include "postgres.h"

#include "value/bill.h"
#include "value/bytes.h"

#define FIXED_BYTES BILL_FIXED_BYTES

/* ---- writing ---- */

static inline char *
PutByte(char *p, int value)
{
	*p = (char) value;
	return p + 1;
}

static inline char *
Put32(char *p, uint32 value)
{
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

static inline char *
Put64(char *p, int64 value)
{
	memcpy(p, &value, sizeof(value));
	return p + sizeof(value);
}

static inline char *
PutCode(char *p, Code code)
{
	*p++ = (char) code.length;
	return CopyShort(p, code.text, code.length);
}

uint32
BillFlags(const Bill *bill)
{
	uint32		flags = 0;

	for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
		flags |= bill->column_fen[i] != 0 ? HAS_COLUMN(i) : 0;
	flags |= bill->encounter_total_fen != NO_AMOUNT ? HAS_ENCOUNTER_TOTAL : 0;
	flags |= bill->admitted_on != NO_DATE ? HAS_ADMITTED : 0;
	flags |= bill->discharged_on != NO_DATE ? HAS_DISCHARGED : 0;
	flags |= bill->settled_on != NO_DATE ? HAS_SETTLED : 0;
	for (int i = 0; i < CODE_SINGLE; i++)
		flags |= bill->single[i].text != NULL ? HAS_SINGLE(i) : 0;
	for (int i = 0; i < CODE_LISTS; i++)
		flags |= bill->list_known[i] ? HAS_LIST(i) : 0;
	flags |= bill->designated >= 0 ? HAS_DESIGNATED : 0;
	flags |= bill->designated > 0 ? IS_DESIGNATED : 0;
	flags |= bill->age != NO_AGE ? HAS_AGE : 0;
	flags |= bill->hospital.text != NULL ? HAS_HOSPITAL : 0;
	flags |= bill->encounter.text != NULL ? HAS_ENCOUNTER : 0;
	flags |= bill->chain.text != NULL ? HAS_CHAIN : 0;
	flags |= bill->n_parts > 0 ? HAS_PARTS : 0;
	flags |= bill->n_given > 0 ? HAS_GIVEN : 0;
	flags |= bill->n_facts > 0 ? HAS_FACTS : 0;
	return flags;
}

/* Lists of codes that are known */
static char *
PutLists(char *p, const Bill *bill, uint32 flags)
{
	for (int i = 0; i < CODE_LISTS; i++)
	{
		if (!(flags & HAS_LIST(i)))
			continue;
		p = PutByte(p, bill->n_list[i]);
		for (int j = 0; j < bill->n_list[i]; j++)
			p = PutCode(p, bill->list[i][j]);
	}
	return p;
}

/* Parts, given layers, facts */
static char *
PutMembers(char *p, const Bill *bill, uint32 flags)
{
	if (flags & HAS_PARTS)
		p = PutByte(p, bill->n_parts);
	for (int i = 0; i < bill->n_parts; i++)
		p = Put64(PutCode(PutByte(p, bill->parts[i].column), bill->parts[i].name), bill->parts[i].amount_fen);
	if (flags & HAS_GIVEN)
		p = PutByte(p, bill->n_given);
	for (int i = 0; i < bill->n_given; i++)
	{
		const Given *given = &bill->given[i];

		p = PutCode(PutByte(p, given->state), given->layer);
		p = Put64(Put64(Put64(p, given->amount_fen), given->deductible_fen), given->over_cap_fen);
	}
	if (flags & HAS_FACTS)
		p = PutByte(p, bill->n_facts);
	for (int i = 0; i < bill->n_facts; i++)
		p = Put64(PutCode(p, bill->facts[i].name), bill->facts[i].hundredths);
	return p;
}

char *
BillEncodeRest(const Bill *bill, uint32 flags, char *p)
{
	if (flags & HAS_AGE)
		p = PutByte(p, bill->age);
	if (flags & HAS_HOSPITAL)
		p = PutCode(p, bill->hospital);
	if (flags & HAS_ENCOUNTER)
		p = PutCode(p, bill->encounter);
	if (flags & HAS_CHAIN)
		p = PutCode(p, bill->chain);
	return PutMembers(p, bill, flags);
}

/* Region, scheme, single codes, lists */
static inline char *
PutCodes(char *p, const Bill *bill, uint32 flags)
{
	p = PutCode(PutCode(p, bill->region), bill->scheme);
	for (int i = 0; i < CODE_SINGLE; i++)
		if (flags & HAS_SINGLE(i))
			p = PutCode(p, bill->single[i]);
	return PutLists(p, bill, flags);
}

int
BillEncode(const Bill *bill, char *out)
{
	uint32		flags = BillFlags(bill);
	char	   *p = out + FIXED_BYTES;
	char	   *codes;
	uint16		codes_length;

	for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
		if (flags & HAS_COLUMN(i))
			p = Put64(p, bill->column_fen[i]);
	if (flags & HAS_ENCOUNTER_TOTAL)
		p = Put64(p, bill->encounter_total_fen);
	if (flags & HAS_ADMITTED)
		p = Put32(p, bill->admitted_on);
	if (flags & HAS_DISCHARGED)
		p = Put32(p, bill->discharged_on);
	if (flags & HAS_SETTLED)
		p = Put32(p, bill->settled_on);
	codes = p;
	p = PutCodes(p, bill, flags);
	codes_length = (uint16) (p - codes);
	codes = PutByte(PutByte(out, BILL_FORMAT), bill->kind);
	memcpy(codes, &codes_length, sizeof(codes_length));
	Put64(Put64(Put64(Put32(codes + sizeof(codes_length), flags), bill->ordered_at), bill->seq), bill->column_fen[COLUMN_TOTAL]);
	if (flags & REST_FLAGS)
		p = BillEncodeRest(bill, flags, p);
	Assert(p - out <= BILL_MAX_BYTES);
	return (int) (p - out);
}

/* ---- reading; a cursor past its end yields zeros and stays damaged ---- */

typedef struct Cursor
{
	const char *p;
	const char *end;
	bool		damaged;
} Cursor;

static inline bool
Take(Cursor *c, int n)
{
	if (unlikely(c->end - c->p < n))
	{
		c->damaged = true;
		return false;
	}
	return true;
}

static inline int
GetByte(Cursor *c)
{
	return Take(c, 1) ? (uint8) *c->p++ : 0;
}

static inline int64
Get64(Cursor *c)
{
	int64		value = 0;

	if (Take(c, sizeof(value)))
	{
		memcpy(&value, c->p, sizeof(value));
		c->p += sizeof(value);
	}
	return value;
}

static inline Code
GetCode(Cursor *c)
{
	Code		code = {NULL, 0};
	int			length = GetByte(c);

	c->damaged |= length > MAX_PART_NAME - 1;
	if (Take(c, length))
	{
		code.text = c->p;
		code.length = (uint8) length;
		c->p += length;
	}
	return code;
}

/* A code or name that is no part's: at most MAX_CODE bytes */
static inline Code
GetName(Cursor *c)
{
	Code		code = GetCode(c);

	c->damaged |= code.length > MAX_CODE;
	return code;
}

static inline Code
GetCodeIf(Cursor *c, bool given)
{
	static const Code nothing = {NULL, 0};

	return given ? GetName(c) : nothing;
}

/* A count of members, at most max */
static inline uint8
GetCount(Cursor *c, bool given, int max)
{
	int			n = given ? GetByte(c) : 0;

	if (n <= max)
		return (uint8) n;
	c->damaged = true;
	return 0;
}

static inline void
GetLists(Cursor *c, uint32 flags, Bill *bill)
{
	for (int i = 0; i < CODE_LISTS; i++)
	{
		bill->list_known[i] = (flags & HAS_LIST(i)) != 0;
		bill->n_list[i] = GetCount(c, bill->list_known[i], MAX_LIST);
		for (int j = 0; j < bill->n_list[i]; j++)
			bill->list[i][j] = GetName(c);
	}
}

/* Parts, given layers, facts */
static inline void
GetMembers(Cursor *c, uint32 flags, Bill *bill)
{
	bill->n_parts = GetCount(c, flags & HAS_PARTS, MAX_PARTS);
	for (int i = 0; i < bill->n_parts; i++)
	{
		bill->parts[i].column = (Column) GetByte(c);
		bill->parts[i].name = GetCode(c);
		bill->parts[i].amount_fen = Get64(c);
		c->damaged |= bill->parts[i].column >= COLUMNS;
	}
	bill->n_given = GetCount(c, flags & HAS_GIVEN, MAX_GIVEN);
	for (int i = 0; i < bill->n_given; i++)
	{
		bill->given[i].state = (GivenState) GetByte(c);
		bill->given[i].layer = GetName(c);
		bill->given[i].amount_fen = Get64(c);
		bill->given[i].deductible_fen = Get64(c);
		bill->given[i].over_cap_fen = Get64(c);
		c->damaged |= bill->given[i].state > GIVEN_NOT_APPLICABLE;
	}
	bill->n_facts = GetCount(c, flags & HAS_FACTS, MAX_FACTS);
	for (int i = 0; i < bill->n_facts; i++)
	{
		bill->facts[i].name = GetName(c);
		bill->facts[i].hundredths = Get64(c);
	}
}

/* What stands behind the lists */
static inline void
GetRest(Cursor *c, uint32 flags, Bill *bill)
{
	bill->age = (int16) (flags & HAS_AGE ? GetByte(c) : NO_AGE);
	bill->hospital = GetCodeIf(c, flags & HAS_HOSPITAL);
	bill->encounter = GetCodeIf(c, flags & HAS_ENCOUNTER);
	bill->chain = GetCodeIf(c, flags & HAS_CHAIN);
	GetMembers(c, flags, bill);
}

bool
BillFindSections(const char *data, int length, BillSections *sections)
{
	static const uint8 ones[8] = {0, 1, 1, 2, 1, 2, 2, 3};
	uint16		codes_length;
	uint32		flags;
	int			codes;

	if (length < (int) FIXED_BYTES || data[0] != BILL_FORMAT || (uint8) data[1] > BILL_YEAR_CLOSE)
		return false;
	memcpy(&codes_length, data + 2, sizeof(codes_length));
	memcpy(&flags, data + 4, sizeof(flags));
	/* four columns and encounter_total of 8 bytes, three dates of 4 */
	codes = FIXED_BYTES + 8 * (ones[flags & 7] + ones[flags >> 3 & 3]) + 4 * ones[flags >> 5 & 7];
	sections->flags = flags;
	sections->codes = data + codes;
	sections->codes_length = codes_length;
	sections->rest = sections->codes + codes_length;
	sections->rest_length = length - codes - codes_length;
	return sections->rest_length >= 0;
}

bool
BillDecodeCodes(const char *codes, int length, uint32 flags, Bill *bill)
{
	Cursor		c = {codes, codes + length, false};

	bill->region = GetCode(&c);
	bill->scheme = GetCode(&c);
	for (int i = 0; i < CODE_SINGLE; i++)
		bill->single[i] = GetCodeIf(&c, flags & HAS_SINGLE(i));
	GetLists(&c, flags, bill);
	bill->designated = flags & HAS_DESIGNATED ? (flags & IS_DESIGNATED) != 0 : -1;
	return !c.damaged && c.p == c.end;
}

/* The next number, which is there */
static inline int64
Next64(const char **p)
{
	int64		value;

	memcpy(&value, *p, sizeof(value));
	*p += sizeof(value);
	return value;
}

static inline int32
Next32(const char **p)
{
	int32		value;

	memcpy(&value, *p, sizeof(value));
	*p += sizeof(value);
	return value;
}

void
BillDecodeNumbers(const char *data, uint32 flags, Bill *bill)
{
	const char *p = data + FIXED_BYTES - 3 * sizeof(int64);

	bill->kind = (BillKind) data[1];
	bill->ordered_at = Next64(&p);
	bill->seq = Next64(&p);
	bill->column_fen[COLUMN_TOTAL] = Next64(&p);
	for (int i = COLUMN_IN_SCOPE; i < COLUMNS; i++)
		bill->column_fen[i] = flags & HAS_COLUMN(i) ? Next64(&p) : 0;
	bill->encounter_total_fen = NO_AMOUNT;
	bill->admitted_on = bill->discharged_on = bill->settled_on = NO_DATE;
	if (!(flags & (HAS_ENCOUNTER_TOTAL | HAS_ADMITTED | HAS_DISCHARGED | HAS_SETTLED)))
		return;
	if (flags & HAS_ENCOUNTER_TOTAL)
		bill->encounter_total_fen = Next64(&p);
	if (flags & HAS_ADMITTED)
		bill->admitted_on = Next32(&p);
	if (flags & HAS_DISCHARGED)
		bill->discharged_on = Next32(&p);
	if (flags & HAS_SETTLED)
		bill->settled_on = Next32(&p);
}

bool
BillDecode(const char *data, int length, Bill *bill)
{
	BillSections sections;

	if (!BillFindSections(data, length, &sections))
		return false;
	BillDecodeNumbers(data, sections.flags, bill);
	return BillDecodeCodes(sections.codes, sections.codes_length, sections.flags, bill) &&
		BillDecodeRest(sections.rest, sections.rest_length, sections.flags, bill);
}

bool
BillDecodeRest(const char *rest, int length, uint32 flags, Bill *bill)
{
	Cursor		c = {rest, rest + length, false};

	GetRest(&c, flags, bill);
	return !c.damaged && c.p == c.end;
}
