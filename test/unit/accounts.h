/*
 * accounts.h — do two accounts say the same, whatever the order of their tables? For tests.
 */
#ifndef ASSISTANCE_ACCOUNTS_H
#define ASSISTANCE_ACCOUNTS_H

#include <string.h>

#include "fold.h"

static inline bool
SameNameId(const Account *a, NameId x, const Account *b, NameId y)
{
	if (x == NAME_NONE || y == NAME_NONE)
		return x == y;
	return NameIs(&a->names[x], &b->names[y]);
}

/* The bucket of b that stands for a bucket of a; -1 when b has no such part */
static inline int
SameBucket(const Account *a, int bucket, const Account *b)
{
	if (bucket < BUCKET_PART || bucket == BUCKET_GROSS)
		return bucket;
	for (int i = 0; i < b->n_parts; i++)
	{
		const PartName *part = &a->parts[bucket - BUCKET_PART];

		if (part->length == b->parts[i].length && memcmp(part->text, b->parts[i].text, part->length) == 0)
			return BUCKET_PART + i;
	}
	return -1;
}

static inline bool
SameFigures(const Account *a, const int64_t *fen_a, const Account *b, const int64_t *fen_b, int n)
{
	for (int i = 0; i < n; i++)
	{
		bool		unused = i >= BUCKET_PART + a->n_parts && i != BUCKET_GROSS;
		int			other = unused ? -1 : SameBucket(a, i, b);

		if (!unused && fen_a[i] != (other < 0 ? 0 : fen_b[other]))
			return false;
	}
	return true;
}

static inline bool
SameNano(const Account *a, const BaseCounter *x, const Account *b, const BaseCounter *y)
{
	bool		fractional = false;

	for (int i = 0; i < ACCUMULATED; i++)
	{
		bool		unused = i >= BUCKET_PART + a->n_parts && i != BUCKET_GROSS;
		int			other = unused ? -1 : SameBucket(a, i, b);

		if (!unused && x->nano[i] != (other < 0 ? 0 : y->nano[other]))
			return false;
		fractional = fractional || (!unused && x->nano[i] != 0);
	}
	return y->fractional == fractional;
}

static inline int
FindBase(const Account *a, const BaseCounter *x, const Account *b)
{
	for (int i = 0; i < b->n_bases; i++)
		if (SameNameId(a, x->name, b, b->bases[i].name) && x->period == b->bases[i].period && NameIs(&x->sub, &b->bases[i].sub))
			return i;
	return -1;
}

static inline bool
SameBases(const Account *a, const Account *b)
{
	for (int i = 0; i < a->n_bases; i++)
	{
		const BaseCounter *x = &a->bases[i];
		int			other = FindBase(a, x, b);
		const BaseCounter *y = &b->bases[other < 0 ? 0 : other];

		if (other < 0 || x->crossed != y->crossed || x->accrued_fen != y->accrued_fen || x->paid_fen != y->paid_fen ||
			ExactCompare(x->deductible, y->deductible) != 0 || !SameFigures(a, x->fen, b, y->fen, ACCUMULATED) ||
			!SameNano(a, x, b, y))
			return false;
	}
	return a->n_bases == b->n_bases;
}

static inline bool
SameTallies(const Account *a, const Account *b)
{
	for (int i = 0; i < a->n_tallies; i++)
	{
		const Tally *x = &a->tallies[i];
		bool		found = false;

		for (int j = 0; !found && j < b->n_tallies; j++)
		{
			const Tally *y = &b->tallies[j];

			found = x->kind == y->kind && SameNameId(a, x->name, b, y->name) && x->period == y->period &&
				NameIs(&x->sub, &y->sub) && ExactCompare(x->used, y->used) == 0 && x->cost_fen == y->cost_fen;
		}
		if (!found)
			return false;
	}
	return a->n_tallies == b->n_tallies;
}

static inline bool
SameKept(const Account *a, const KeptBill *x, const Account *b, const KeptBill *y)
{
	bool		same = x->ordered_at == y->ordered_at && x->seq == y->seq && x->day == y->day && x->designated == y->designated &&
		x->n_entered == y->n_entered && x->costed == y->costed &&
		memcmp(x->cost_fen, y->cost_fen, sizeof(x->cost_fen)) == 0 && SameFigures(a, x->left_fen, b, y->left_fen, BUCKETS);

	for (int i = 0; i < 4; i++)
		same = same && SameNameId(a, x->code[i], b, y->code[i]);
	for (int i = 0; same && i < x->n_entered; i++)
	{
		const Entered *e = &x->entered[i];
		const Entered *f = &y->entered[i];

		same = FindBase(a, &a->bases[e->base], b) == f->base && e->place == f->place && e->dropped == f->dropped &&
			SameNameId(a, e->layer, b, f->layer) && e->enter_micro == f->enter_micro;
	}
	return same;
}

static inline bool
SameEventPaid(const Account *a, const Account *b)
{
	for (int i = 0; i < a->n_event_paid; i++)
	{
		const EventPaid *x = &a->event_paid[i];
		bool		found = false;

		for (int j = 0; !found && j < b->n_event_paid; j++)
			found = x->bill == b->event_paid[j].bill && SameNameId(a, x->layer, b, b->event_paid[j].layer) &&
				SameFigures(a, x->paid_fen, b, b->event_paid[j].paid_fen, BUCKETS);
		if (!found)
			return false;
	}
	return a->n_event_paid == b->n_event_paid;
}

static inline bool
SameAccount(const Account *a, const Account *b)
{
	bool		same = a->started == b->started && a->last_ordered_at == b->last_ordered_at && a->last_seq == b->last_seq &&
		a->unkept == b->unkept && a->unkept_day == b->unkept_day && a->n_kept == b->n_kept;

	for (int i = 0; same && i < a->n_kept; i++)
		same = SameKept(a, &a->kept[i], b, &b->kept[i]);
	return same && SameBases(a, b) && SameTallies(a, b) && SameEventPaid(a, b);
}

#endif
