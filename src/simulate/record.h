/*
 * record.h — bills on their way to the replay: what many bills share (region, scheme, codes) is a profile, what is left is a
 * compact record. Also the dimensions of a bill in the reports.
 */
#ifndef ASSISTANCE_SIMULATE_RECORD_H
#define ASSISTANCE_SIMULATE_RECORD_H

#include "simulate/bytes.h"
#include "simulate/dictionary.h"
#include "simulate/runs.h"
#include "value/bill_alike.h"

/* what reports tell bills apart by; equal texts are equal pointers */
typedef enum Dimension
{
	DIMENSION_REGION,
	DIMENSION_SCHEME,
	DIMENSION_LEVEL,
	DIMENSION_CARE_TYPE,
	DIMENSION_CATEGORY
} Dimension;

#define DIMENSIONS 5
#define NO_TEXT PG_UINT32_MAX

typedef struct Dims
{
	uint32		text[DIMENSIONS];	/* numbers in Profiles.texts; NO_TEXT: not known */
} Dims;

/* What bills have in common: kind, region, scheme, codes, and which other fields they bring. */
typedef struct Profile
{
	Bill	   *bill;			/* the other fields are those of the record read last; up to its parts if it has none */
	uint32		flags;			/* BillFlags */
	uint32		dims;			/* number of its dimensions */
} Profile;

/* Shared by all groups of one call site: grows with the kinds of bills, not with their number. */
typedef struct Profiles
{
	MemoryContext memory;
	Dictionary	keys;			/* of profiles */
	uint64		maker;			/* MadeBill.maker of the last bill … */
	uint32		of_kind[MAX_BILL_KINDS + 1];	/* … and the profiles of its kinds and 1; 0: not known yet */
	AlikeBills	alike;			/* of stored bills; the notes are numbers of profiles and 1 */
	Profile    *profiles;
	uint32		capacity;
	Dictionary	dims;			/* keys are struct Dims */
	Dictionary	texts;
	Bill		bill;			/* one of no kept profile; one on its way from its stored form */
	uint16		months[LAST_DAY - FIRST_DAY + 1];	/* since year 0, by day of the calendar; 0: not known yet */
} Profiles;

#define MAX_PROFILES 16384		/* a bill of no kept profile travels whole */
#define NO_PROFILE PG_UINT32_MAX
#define MAX_PERSON_KEY 255		/* bytes of a person's key that is a text */

/*
 * A record: its length in two bytes, in four bytes the numbers of bytes of the fields that every bill has (four bits each), one
 * byte of length and the bytes of a text person's key, these fields, then what the flags of the profile say.
 */
#define RECORD_WIDTHS 2
#define RECORD_KEY 7
#define MAX_RECORD (RECORD_KEY + MAX_PERSON_KEY + 8 * 8 + BILL_MAX_BYTES + SPARE_BYTES)	/* with spare bytes behind it */

/* the fields of every record, in this order */
enum
{
	FIELD_PERSON,				/* the person's number, or the hash of its key */
	FIELD_ORDERED_AT,
	FIELD_SEQ,
	FIELD_PROFILE,				/* its number and 1; 0: the stored bill follows */
	FIELD_COLUMN				/* in_scope and the others */
};

/* what sorting needs of a record */
typedef struct RecordHead
{
	int64		person;
	int64		ordered_at;
	int64		seq;
} RecordHead;

extern Profiles *NewProfiles(MemoryContext memory);

/*
 * Write the record of a bill; key is NULL for a person by number. Returns its length; out has room for MAX_RECORD.
 * What a stored bill needs in between is allocated where the caller is.
 */
extern int	RecordWrite(Profiles *profiles, int64 person, const char *key, int key_length, Datum bill, char *out);

/* The same, and the record goes into the runs; room for MAX_RECORD is for one that cannot be written in place. */
extern void RecordAdd(Profiles *profiles, Runs *runs, uint64 hash, int64 person, const char *key, int key_length, Datum bill,
					  char *room);

static inline int
RecordLength(const char *record)
{
	uint16		length;

	memcpy(&length, record, sizeof(length));
	return length;
}

static inline int
RecordKeyLength(const char *record)
{
	return (uint8) record[RECORD_KEY - 1];
}

static inline const char *
RecordKey(const char *record)
{
	return record + RECORD_KEY;
}

static inline uint32
RecordWidths(const char *record)
{
	uint32		widths;

	memcpy(&widths, record + RECORD_WIDTHS, sizeof(widths));
	return widths;
}

/* The next field */
static inline uint64
TakeField(const char **p, uint32 *widths)
{
	uint64		value = TakeBytes(p, *widths & 15);

	*widths >>= 4;
	return value;
}

#define MICROSECONDS INT64CONST(1000000)

/* A time: seconds, or microseconds and the lowest bit */
static inline int64
UnpackTime(uint64 packed)
{
	int64		time = UnZigZag(packed >> 1);

	return packed & 1 ? time : time * MICROSECONDS;
}

static inline void
RecordReadHead(const char *record, RecordHead *head)
{
	const char *p = RecordKey(record) + RecordKeyLength(record);
	uint32		widths = RecordWidths(record);

	head->person = (int64) TakeField(&p, &widths);
	head->ordered_at = UnpackTime(TakeField(&p, &widths));
	head->seq = UnZigZag(TakeField(&p, &widths));
}

/* The number of the profile of a record, or NO_PROFILE */
static inline uint32
RecordProfile(const char *record)
{
	uint32		widths = RecordWidths(record);
	const char *p = RecordKey(record) + RecordKeyLength(record) + (widths & 15) + (widths >> 4 & 15) + (widths >> 8 & 15);

	widths >>= 4 * FIELD_PROFILE;
	return (uint32) TakeField(&p, &widths) - 1;
}

/*
 * The bill of a record, until the next one is read; texts point into the record or the profiles. *profile is its number or
 * NO_PROFILE.
 */
extern const Bill *RecordBill(Profiles *profiles, const char *record, uint32 *profile);

/* The fold refuses the bill of a record: like RefuseBill; records are in order, so two bills that are not have the same key. */
extern void RefuseRecorded(const Fault *fault, const Bill *bill) __attribute__((noreturn));

/* The number of the dimensions of a bill that has just been read */
extern uint32 RecordDims(Profiles *profiles, const Bill *bill, uint32 profile);

#endif
