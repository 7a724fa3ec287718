/*
 * bill.h — the stored form of assistance.bill: what is given of a bill, one field after the other, without alignment.
 */
#ifndef ASSISTANCE_VALUE_BILL_H
#define ASSISTANCE_VALUE_BILL_H

#include "compat.h"
#include "core.h"
#include "utils/expandeddatum.h"

#define BILL_FORMAT 1
#define BILL_MAX_BYTES 4096		/* no bill that CheckBill accepts needs more */

/* which fields a stored bill has; the four columns are at 1 << (Column - 1) */
#define HAS_COLUMN(column) (UINT32_C(1) << ((column) - 1))
#define HAS_ENCOUNTER_TOTAL (UINT32_C(1) << 4)
#define HAS_ADMITTED (UINT32_C(1) << 5)
#define HAS_DISCHARGED (UINT32_C(1) << 6)
#define HAS_SETTLED (UINT32_C(1) << 7)
#define HAS_SINGLE(attribute) (UINT32_C(1) << (8 + (attribute)))
#define HAS_LIST(list) (UINT32_C(1) << (8 + CODE_SINGLE + (list)))
#define HAS_DESIGNATED (UINT32_C(1) << 15)
#define IS_DESIGNATED (UINT32_C(1) << 16)
#define HAS_AGE (UINT32_C(1) << 17)
#define HAS_HOSPITAL (UINT32_C(1) << 18)
#define HAS_ENCOUNTER (UINT32_C(1) << 19)
#define HAS_CHAIN (UINT32_C(1) << 20)
#define HAS_PARTS (UINT32_C(1) << 21)
#define HAS_GIVEN (UINT32_C(1) << 22)
#define HAS_FACTS (UINT32_C(1) << 23)
#define FLAG_BITS 24
#define CODE_FLAGS ((HAS_DESIGNATED - HAS_SINGLE(0)) | HAS_DESIGNATED | IS_DESIGNATED)	/* lists follow the single codes */
#define REST_FLAGS (HAS_AGE | HAS_HOSPITAL | HAS_ENCOUNTER | HAS_CHAIN | MEMBER_FLAGS)
#define MEMBER_FLAGS (HAS_PARTS | HAS_GIVEN | HAS_FACTS)
#define COLUMN_FLAGS (HAS_ENCOUNTER_TOTAL - 1)

/* Write a checked bill; returns its length, at most BILL_MAX_BYTES. */
extern int	BillEncode(const Bill *bill, char *out);

/* Read a bill whose texts point into data; false when the bytes are no bill. The bill has been checked when it was made. */
extern bool BillDecode(const char *data, int length, Bill *bill);

/* format, kind, length of the codes, flags, ordered_at, seq, total */
#define BILL_FIXED_BYTES (1 + 1 + sizeof(uint16) + sizeof(uint32) + 3 * sizeof(int64))

/* Where a stored bill has what; numbers are in front of the codes. */
typedef struct BillSections
{
	uint32		flags;
	const char *codes;			/* region, scheme, single codes, lists */
	int			codes_length;
	const char *rest;			/* see BillEncodeRest */
	int			rest_length;
} BillSections;

/* Find the sections; false when the bytes are no bill. All numbers are there then. */
extern bool BillFindSections(const char *data, int length, BillSections *sections);

/* Read one section into a bill: what is in front of the codes; the codes and designated, false when they are damaged. */
extern void BillDecodeNumbers(const char *data, uint32 flags, Bill *bill);
extern bool BillDecodeCodes(const char *codes, int length, uint32 flags, Bill *bill);

/* Which fields of a bill are given, as flags. */
extern uint32 BillFlags(const Bill *bill);

/* The last section of the stored form: age, hospital, encounter, chain, parts, given layers, facts. Writing returns its end. */
extern char *BillEncodeRest(const Bill *bill, uint32 flags, char *p);
extern bool BillDecodeRest(const char *rest, int length, uint32 flags, Bill *bill);

/* The bill of a datum, raising MA302 when it is damaged. Its texts point into the datum. */
extern void DatumGetBill(Datum value, Bill *bill);

/*
 * A bill that make_bill has just made, as an expanded object: settle takes it as it is, and bytes are only written for those who
 * store it. Read-only; holds until the same call of make_bill makes the next one, and as long as its arguments.
 */
typedef struct MadeBill
{
	ExpandedObjectHeader header;	/* first: its methods are ours */
	Bill		bill;
	uint64		maker;			/* tells the call of make_bill from all others; 0: none */
	uint32		alike;			/* its kind among the bills of this call, from 1: same codes, and the same other fields given; 0: not known */
	int			length;			/* of stored; 0: not written yet */
	char		stored[VARHDRSZ + BILL_MAX_BYTES];
} MadeBill;

#define MAX_BILL_KINDS 2048		/* that a call of make_bill tells apart */

extern MadeBill *NewMadeBill(MemoryContext memory);
extern const ExpandedObjectMethods made_bill_methods;

/* The bill of a datum that has just been made, or NULL */
static inline MadeBill *
MadeBillOf(Datum value)
{
	MadeBill   *made;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(value)))
		return NULL;
	made = (MadeBill *) DatumGetEOHP(value);
	return likely(made->header.eoh_methods == &made_bill_methods) ? made : NULL;
}

/* The changed bill as a datum */
static inline Datum
MadeBillGetDatum(MadeBill *made)
{
	made->length = 0;
	return EOHPGetRODatum(&made->header);
}

/* The bill of a datum: one that has just been made, or *bill, into which it is read */
extern const Bill *BillOfDatum(Datum value, Bill *bill);

#endif
