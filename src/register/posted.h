/*
 * posted.h — what the fold is writing, for the guard of the register's own payments.
 */
#ifndef ASSISTANCE_REGISTER_POSTED_H
#define ASSISTANCE_REGISTER_POSTED_H

#include "register/batch.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

/* These payments are on their way into the table; returns those that were before. NULL: none. */
extern const Batch *SetPaymentsBeingWritten(const Batch *payments);

/* Are the rows of this transition table, one by one, the payments that the fold is writing? */
extern bool IsPostedByFold(Relation relation, Tuplestorestate *rows);

#endif
