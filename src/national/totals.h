/*
 * totals.h — which counters of an account the cumulative codes of 5206 carry, under terms.
 */
#ifndef ASSISTANCE_NATIONAL_TOTALS_H
#define ASSISTANCE_NATIONAL_TOTALS_H

#include "core.h"
#include "national/funds.h"

#define MAX_CUM_CODE 24			/* bytes of a cumulative code, _BIZ… included */
#define MAX_SLOT_CODES 8		/* codes that one counter adds up */
#define MAX_SLOTS (2 * MAX_COUNTERS + MAX_LAYERS)

typedef enum SlotKind
{
	SLOT_BASE,					/* a cumulative base: the amount goes into one bucket */
	SLOT_BASE_PAID,				/* its paid side */
	SLOT_TAKEN,					/* its deductible taken (T) */
	SLOT_TALLY
} SlotKind;

/* One counter of the account and the codes whose sum it is */
typedef struct Slot
{
	SlotKind	kind;
	TallyKind	tally;			/* SLOT_TALLY */
	uint8_t		counter;		/* of the page */
	uint8_t		bucket;			/* SLOT_BASE */
	uint8_t		count;			/* TALLY_STAYS: stay count of the page */
	bool		narrowed;		/* TALLY_STAYS: only care types that fit: C0000_BIZ… */
	int			n_codes;
	char		code[MAX_SLOT_CODES][MAX_CUM_CODE + 1];	/* the first is the one that is written */
	bool		optional[MAX_SLOT_CODES];	/* may be missing in totals that have others */
} Slot;

typedef struct Slots
{
	const CorePage *page;
	int32		year;			/* first day */
	DateADT		day;
	Word		region;
	Word		scheme;
	int			n;
	Slot		slot[MAX_SLOTS];
} Slots;

/* The page that governs a bill; raises MA110. */
extern const CorePage *PageOfBill(const Book *book, const Bill *bill, DateADT *day);

/* What the totals carry for this bill; raises MA807 where the terms need more. */
extern void FindSlots(const Book *book, const Bill *bill, Slots *slots);

/* Does a stay count count this care type? */
extern bool CountsCareType(const CorePage *page, const StayCount *count, Word care_type);

#endif
