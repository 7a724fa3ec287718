/*
 * claim_bill.h — the bill of one claim that has just come in, with what it leaves out.
 */
#ifndef ASSISTANCE_REGISTER_CLAIM_BILL_H
#define ASSISTANCE_REGISTER_CLAIM_BILL_H

#include "access/htup.h"
#include "access/tupdesc.h"
#include "compat.h"

/* As view claim_bill has it. Holds until the next call; its texts point into the row and into what SPI has read. Needs SPI. */
extern Datum BillOfClaim(HeapTuple claim, TupleDesc desc);

#endif
