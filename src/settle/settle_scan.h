/*
 * settle_scan.h — settle in a node of our own instead of the server's window node: the planner's side (settle_path.c) and the
 * executor's (settle_scan.c).
 */
#ifndef ASSISTANCE_SETTLE_SCAN_H
#define ASSISTANCE_SETTLE_SCAN_H

#include "compat.h"

/* Called when the library is loaded: let the planner know. */
extern void SettleScanInit(void);

/*
 * What a plan says, in custom_private. The plan's custom_exprs are the arguments of one settle after the other, terms and bill; its
 * scan tuple is the row below, then one split for each settle.
 */
enum
{
	PLAN_KEYS,					/* the columns of PARTITION BY, from 1 */
	PLAN_OPERATORS,				/* the operators that tell them apart */
	PLAN_COLLATIONS,
	PLAN_FUNCTIONS,				/* by settle: its function … */
	PLAN_TYPES					/* … and the type of what it returns */
};

extern const CustomScanMethods settle_scan_methods;

#endif
