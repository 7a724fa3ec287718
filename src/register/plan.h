/*
 * plan.h — the statements that the register's triggers run: constant texts, prepared once per backend.
 */
#ifndef ASSISTANCE_REGISTER_PLAN_H
#define ASSISTANCE_REGISTER_PLAN_H

#include "compat.h"
#include "executor/spi.h"

typedef enum RegisterPlan
{
	PLAN_PUBLICATION,			/* the last publication of the catalogue */
	PLAN_BOOK,					/* region, first day, last day, known at → terms */
	PLAN_ADD_ACCOUNTS,			/* persons */
	PLAN_LOCK_ACCOUNTS,			/* persons → accounts, locked in order */
	PLAN_BILLS,					/* claims → bills as known now, in order */
	PLAN_LIVE_BILLS,			/* person → bills that count, in order */
	PLAN_NETS,					/* person → net of each claim and the bill it rests on */
	PLAN_NET_PAYMENTS,			/* person → net of each claim, layer and entry */
	PLAN_REVERSALS,				/* person → reversals that are not posted yet */
	PLAN_POST,					/* settlements, payments, accounts */
	PLAN_POST_ONE,				/* one settlement, its payments, one account */
	PLAN_ADD_RECOVERABLES,
	PLAN_TOUCH,					/* persons, reason */
	PLAN_TREATED,				/* institutions, days → persons with a claim there */
	PLANS
} RegisterPlan;

/* Run one; the result is in SPI_tuptable. */
extern void RunPlan(RegisterPlan plan, Datum *values);
extern void RunPlanWithNulls(RegisterPlan plan, Datum *values, const char *nulls);

/* A column of a result row. */
extern Datum PlanColumn(SPITupleTable *table, uint64 row, int column, bool *isnull);

#endif
