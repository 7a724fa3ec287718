/*
 * bill.h — the stored form of assistance.bill: what is given of a bill, one field after the other, without alignment.
 */
#ifndef ASSISTANCE_VALUE_BILL_H
#define ASSISTANCE_VALUE_BILL_H

#include "compat.h"
#include "core.h"

#define BILL_FORMAT 1
#define BILL_MAX_BYTES 4096		/* no bill that CheckBill accepts needs more */

/* Write a checked bill; returns its length, at most BILL_MAX_BYTES. */
extern int	BillEncode(const Bill *bill, char *out);

/* Read a bill whose texts point into data; false when the bytes are no bill. The bill has been checked when it was made. */
extern bool BillDecode(const char *data, int length, Bill *bill);

/* The bill of a datum, raising MA302 when it is damaged. */
extern void DatumGetBill(Datum value, Bill *bill);

#endif
