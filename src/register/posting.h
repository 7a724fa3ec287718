/*
 * posting.h — a ledger written straight into settlement, payment and person_account.
 */
#ifndef ASSISTANCE_REGISTER_POSTING_H
#define ASSISTANCE_REGISTER_POSTING_H

#include "register/batch.h"

/* Write all rows, as one statement. False: nothing was written, since a table has something that only statements do. */
extern bool PostDirectly(const Batch *settlements, const Batch *payments, const Batch *accounts);

#endif
