/*
 * plan.h — the statements that the register's triggers run: constant texts, prepared once per backend.
 */
#ifndef ASSISTANCE_REGISTER_PLAN_H
#define ASSISTANCE_REGISTER_PLAN_H

#include "compat.h"
#include "executor/spi.h"
#include "utils/snapshot.h"

typedef enum RegisterPlan
{
	PLAN_PUBLICATION,			/* the last publication of the catalogue */
	PLAN_BOOK,					/* region, first day, last day, known at → terms */
	PLAN_ADD_ACCOUNTS,			/* persons */
	PLAN_LOCK_ACCOUNTS,			/* persons → accounts, locked in order */
	PLAN_LOCK_ACCOUNT,			/* person → account, locked */
	PLAN_BILLS,					/* claims → bills as known now, in order */
	PLAN_PERSON,				/* person, day, day of admission → enrolment (1), determinations (2), referrals (3) */
	PLAN_ENROLMENT,				/* person, day → enrolment */
	PLAN_AGREEMENT,				/* institution, day → level, designated */
	PLAN_CATEGORIES,			/* person, day, admission, discharge → text[] */
	PLAN_GIVEN,					/* person, day, given → given */
	PLAN_REFERRAL,				/* person, day, institution, place → code */
	PLAN_LIVE_BILLS,			/* person → bills that count, in order */
	PLAN_LIVE_BILLS_OF_MANY,	/* persons → the same, in order of the persons */
	PLAN_SETTLED_BILLS,			/* person, last order key, last act → bills as settled, and when their policies were known, in order */
	PLAN_NETS,					/* person → net of each claim and the bill it rests on */
	PLAN_NETS_OF_MANY,
	PLAN_NET_PAYMENTS,			/* person → net of each claim, layer and entry */
	PLAN_NET_PAYMENTS_OF_MANY,
	PLAN_REVERSALS,				/* person → reversals that are not posted yet */
	PLAN_REVERSALS_OF_MANY,
	PLAN_POST,					/* settlements, payments, accounts */
	PLAN_ADD_RECOVERABLES,
	PLAN_TOUCH,					/* persons, reason */
	PLAN_LOCK_INSTITUTIONS,		/* institutions, locked in order */
	PLAN_AGREEMENTS,			/* institutions → what is known of them, as one text */
	PLAN_TREATED,				/* institutions, days → persons with a claim there */
	PLAN_ADD_KEY,				/* what is once only of a claim */
	PLAN_REMOVE_KEY,			/* claim */
	PLAN_CLAIM_AWAY,			/* person → a claim that no partition has, or null */
	PLAN_PERSONS_OF_CLAIMS,		/* claims → persons and claims, or null */
	PLAN_SEALED,				/* persons, claims → the first that is sealed, or null */
	PLANS
} RegisterPlan;

/* Run one; the result is in SPI_tuptable. */
extern void RunPlan(RegisterPlan plan, Datum *values);

/* The same with a snapshot of its own, not that of the transaction; for statements that write nothing. */
extern void RunPlanUnder(RegisterPlan plan, Datum *values, Snapshot snapshot);
extern void RunPlanWithNulls(RegisterPlan plan, Datum *values, const char *nulls);

/* The usual case, one settlement: its values, then those of the account, then those of each payment that its settlement has not. */
#define ONE_ACCOUNT_AT 28
#define ONE_PAYMENTS_AT 35
#define ONE_PAYMENT_COLUMNS 8
#define ONE_PAYMENTS 8			/* so many at most */
#define ONE_PARAMETERS (ONE_PAYMENTS_AT + ONE_PAYMENTS * ONE_PAYMENT_COLUMNS)

extern void RunPostOne(int n_payments, Datum *values, const char *nulls);

/* A column of a result row. */
extern Datum PlanColumn(SPITupleTable *table, uint64 row, int column, bool *isnull);

#endif
