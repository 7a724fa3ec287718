/*
 * make_bill.h — what make_bill and the type assistance.bill share.
 */
#ifndef ASSISTANCE_VALUE_MAKE_BILL_H
#define ASSISTANCE_VALUE_MAKE_BILL_H

#include "compat.h"
#include "core.h"

/* The bill of a JSON text; 0 after a soft error. */
extern Datum BillFromText(const char *json, size_t length, Node *escontext);

/* Put parts, given layers and facts in the order of their names: that of every stored bill. */
extern void SortMembers(Bill *bill);

/* The JSON of a bill, palloc'd and with a final zero. */
extern char *BillText(const Bill *bill, int *length);

#endif
