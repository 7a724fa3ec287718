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

/* Write a checked bill; returns its length, at most BILL_MAX_BYTES. */
extern int	BillEncode(const Bill *bill, char *out);

/* Read a bill whose texts point into data; false when the bytes are no bill. The bill has been checked when it was made. */
extern bool BillDecode(const char *data, int length, Bill *bill);

/* Where the sections of a stored bill lie: for a reader that regroups bills without decoding them. */
typedef struct BillOutline
{
	uint8		kind;
	uint32		code_flags;		/* which attributes are in codes, and designated */
	uint32		rest_flags;		/* which fields are in rest; 0: none */
	int64		ordered_at;
	int64		seq;
	int64		column_fen[COLUMNS];
	int64		encounter_total_fen;
	int32		admitted_on;
	int32		discharged_on;
	int32		settled_on;
	const char *names;			/* region and scheme */
	int			names_length;
	const char *codes;			/* single attributes and lists */
	int			codes_length;
	const char *rest;			/* age, hospital, encounter, chain, parts, given layers, facts */
	int			rest_length;
} BillOutline;

/* Find the sections; false when the bytes are no bill. */
extern bool BillSections(const char *data, int length, BillOutline *outline);

/* Fill age, hospital, encounter, chain, parts, given layers and facts of a bill from that section. */
extern bool BillDecodeRest(const char *rest, int length, uint32 rest_flags, Bill *bill);

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
	int			length;			/* of stored; 0: not written yet */
	char		stored[VARHDRSZ + BILL_MAX_BYTES];
} MadeBill;

extern MadeBill *NewMadeBill(MemoryContext memory);

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
