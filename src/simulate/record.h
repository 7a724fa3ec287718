/*
 * record.h — bills on their way to the replay: what many bills share (region, scheme, codes) is a profile, what is left is a
 * compact record. Also the dimensions of a bill in the reports.
 */
#ifndef ASSISTANCE_SIMULATE_RECORD_H
#define ASSISTANCE_SIMULATE_RECORD_H

#include "simulate/dictionary.h"
#include "value/bill.h"

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

typedef struct Profile
{
	Bill	   *bill;			/* up to its parts; texts in the profiles' memory */
	uint32		dims;			/* number of its dimensions */
} Profile;

/* Shared by all groups of one call site: grows with the kinds of bills, not with their number. */
typedef struct Profiles
{
	MemoryContext memory;
	Dictionary	keys;			/* of profiles */
	Profile    *profiles;
	uint32		capacity;
	Dictionary	dims;			/* keys are struct Dims */
	Dictionary	texts;
} Profiles;

#define MAX_PROFILES 16384		/* a bill of no kept profile travels whole */
#define MAX_PERSON_KEY 255		/* bytes of a person's key that is a text */
#define MAX_RECORD (BILL_MAX_BYTES + MAX_PERSON_KEY + 1 + 256)

/* the head of a record; a text person's key follows, as one byte of length and its bytes */
typedef struct RecordHead
{
	int64		person;			/* the person's number, or the hash of its key */
	int64		ordered_at;
	uint16		length;			/* of the whole record */
	uint8		has;			/* which parts follow */
	uint8		key_length;		/* of a text person's key */
} RecordHead;

#define RECORD_HEAD 20			/* bytes of it that are stored */

extern Profiles *NewProfiles(MemoryContext memory);

/* Write the record of a stored bill; key is NULL for a person by number. Returns its length, at most MAX_RECORD. */
extern int	RecordWrite(Profiles *profiles, int64 person, const char *key, int key_length, Datum bill, char *out);

static inline void
RecordReadHead(const char *record, RecordHead *head)
{
	memcpy(head, record, RECORD_HEAD);
}

static inline const char *
RecordKey(const char *record)
{
	return record + RECORD_HEAD;
}

/* The second part of a record's order key. */
extern int64 RecordSeq(const char *record);

/* The bill of a record. The same *bill serves all records of a replay; texts point into the record or the profiles. */
extern void RecordReadBill(const Profiles *profiles, const char *record, Bill *bill);

/* The number of the dimensions of a record's bill. */
extern uint32 RecordDims(Profiles *profiles, const char *record);

#endif
