/*
 * seen.h — which bills a constraint trigger has checked in this transaction.
 */
#ifndef ASSISTANCE_SEEN_H
#define ASSISTANCE_SEEN_H

#include "guard/guard.h"

/* Was the bill checked after this command wrote the row? */
extern bool WasSeen(const Guard *guard, Datum bill, CommandId command);

/* It has been checked with all rows of the commands before now. */
extern void MarkSeen(const Guard *guard, Datum bill);

#endif
