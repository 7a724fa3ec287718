/*
 * bill_alike.h — stored bills whose codes are the same, told apart from others by the bytes of their codes: these are then decoded
 * once, and the fold finds its plan without looking at them.
 */
#ifndef ASSISTANCE_VALUE_BILL_ALIKE_H
#define ASSISTANCE_VALUE_BILL_ALIKE_H

#include "value/bill.h"

#define ALIKE_SLOTS 512
#define MAX_ALIKE 256			/* when there are more kinds of bills, all are forgotten */
#define MAX_ALIKE_BYTES 256		/* of codes; longer ones are decoded each time */

typedef struct AlikeBill AlikeBill;

/* Of one call site; all zeros but for memory and also at first */
typedef struct AlikeBills
{
	MemoryContext memory;
	uint32		also;			/* flags that tell bills apart beside those that a plan stands on */
	int			n;
	AlikeBill  *all[MAX_ALIKE];		/* the first n are in slots, others are kept for use */
	AlikeBill  *slots[ALIKE_SLOTS];
} AlikeBills;

/*
 * The bill of a stored value; good until the next call. *hint belongs to its kind of bill and to the fold of the call site, or
 * is NULL. Raises MA302 when the bytes are damaged.
 */
extern const Bill *ReadAlike(AlikeBills *alike, const char *data, int length, Bill *room, PlanHint **hint);

/* A number that the caller keeps with this kind of bill; 0 at first */
extern uint32 *NoteOfAlike(PlanHint *hint);

#endif
