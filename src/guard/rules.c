/*
 * rules.c — what may stand for one bill (2017-12 (六): 保险在先、救助在后; nothing paid twice, nothing beyond the bill). Pure
 * arithmetic over the payments of a bill; the errors are in refuse.c.
 */
#include "postgres.h"

#include "guard/guard.h"

/* What the payments of one layer come to */
typedef struct LayerState
{
	bool		settled;		/* paid, zero, waived or not applicable */
	bool		stands;			/* settled by a payment, which may be zero */
	i128		net;
} LayerState;

static inline int
Order(int64 a, int64 b)
{
	return (a > b) - (a < b);
}

/*
 * By bill and layer; in a layer payments before reversals, by revision, by size. Of two equal ones a determination comes first: a
 * reversal takes it back before the payment, so that what stands is judged more strictly, not less.
 */
int
PaymentOrder(const void *a, const void *b)
{
	const Payment *x = a;
	const Payment *y = b;
	int			order = Order(x->group, y->group);

	if (order == 0)
		order = Order(x->place, y->place);
	if (order == 0)
		order = Order(x->reversal, y->reversal);
	if (order == 0)
		order = (x->source > y->source) - (x->source < y->source);
	if (order == 0)
		order = Order(x->revision, y->revision);
	if (order == 0)
		order = x->reversal ? Order(y->fen, x->fen) : Order(x->fen, y->fen);
	return order != 0 ? order : Order(y->determined, x->determined);
}

/* Was some payment of this size there to be reversed? */
static bool
HasPayment(const Payment *payment, int n, int64 fen)
{
	for (int i = 0; i < n && !payment[i].reversal; i++)
		if (payment[i].fen == fen)
			return true;
	return false;
}

/* One layer, where a reversal takes back exactly one payment: at most one payment may be left. */
static void
SumReversals(const Guard *guard, const Payment *payment, int n, LayerState *state)
{
	const Payment *left = NULL;
	int			reversal = 0;

	while (reversal < n && !payment[reversal].reversal)
		reversal++;
	for (int i = 0; i < n && !payment[i].reversal; i++)
	{
		if (reversal < n && payment[reversal].fen == -payment[i].fen)
		{
			reversal++;
			continue;
		}
		if (reversal < n && -payment[reversal].fen < payment[i].fen)
			break;
		if (left != NULL)
			RefuseSecond(guard, &payment[i]);
		left = &payment[i];
	}
	if (reversal < n)
		RefuseReversal(guard, &payment[reversal], HasPayment(payment, n, -payment[reversal].fen));
	if (left == NULL)
		return;
	state->settled = true;
	state->stands = !left->determined;
	state->net = left->fen;
}

/* One layer, where each revision of the bill, and of a bill that takes it back, adds a difference; first: the bill's first one. */
static void
SumRevisions(const Guard *guard, const Payment *payment, int n, int64 first, LayerState *state)
{
	for (int i = 0; i < n; i++)
	{
		bool		reversal = payment[i].reversal;

		if (i > 0 && reversal == payment[i - 1].reversal && payment[i].source == payment[i - 1].source &&
			payment[i].revision == payment[i - 1].revision)
			RefuseSecond(guard, &payment[i]);
		if (payment[i].fen < 0 && !reversal && payment[i].revision == first)
			RefuseNegative(guard, &payment[i]);
		state->net += payment[i].fen;
		state->stands |= !reversal && !payment[i].determined;
	}
	if (state->net < 0)
		RefuseBelowZero(guard, &payment[n - 1], state->net);
	state->settled = true;
}

static int64
FirstRevision(const Payment *payment, int n)
{
	int64		first = PG_INT64_MAX;

	for (int i = 0; i < n; i++)
		if (!payment[i].reversal)
			first = Min(first, payment[i].revision);
	return first;
}

static void
SumLayers(const Guard *guard, const GuardedBill *bill, const Payment *payment, int n, LayerState *states)
{
	bool		revisions = guard->words.column[FIELD_REVISION] != NULL;
	int64		first = revisions ? FirstRevision(payment, n) : 0;
	int			next;

	for (int i = 0; i < n; i = next)
	{
		LayerState *state;

		if (payment[i].place < 0)
			RefuseUnknownLayer(guard, bill->key, payment[i].layer, bill->chain);
		for (next = i + 1; next < n && payment[next].place == payment[i].place;)
			next++;
		state = &states[payment[i].place];
		if (revisions)
			SumRevisions(guard, payment + i, next - i, first, state);
		else
			SumReversals(guard, payment + i, next - i, state);
	}
}

/* No payment stands over a layer that is not settled. */
static void
CheckOrder(const Guard *guard, const GuardedBill *bill, const LayerState *states)
{
	int			missing = 0;

	while (missing < bill->chain->n && states[missing].settled)
		missing++;
	for (int i = missing + 1; i < bill->chain->n; i++)
	{
		if (!states[i].stands)
			continue;
		if (bill->touched[missing] || bill->removed[missing])
			RefuseLowered(guard, bill, missing, i, bill->change[missing], states[i].net, true);
		RefuseEarly(guard, bill, i, missing, states[i].net);
	}
}

/* A layer falls only where every later one that pays is settled again with it. */
static void
CheckLowered(const Guard *guard, const GuardedBill *bill, const LayerState *states)
{
	int			lowered = 0;

	while (lowered < bill->chain->n && bill->change[lowered] >= 0)
		lowered++;
	for (int i = lowered + 1; i < bill->chain->n; i++)
		if (states[i].net > 0 && !bill->touched[i])
			RefuseLowered(guard, bill, lowered, i, bill->change[lowered], states[i].net, false);
}

/* The first settlement of a bill has a row for every place before one that pays. Later ones hold only what differs. */
static void
CheckPlaces(const Guard *guard, const Payment *payment, int n)
{
	int64		first = FirstRevision(payment, n);
	const Payment *last = NULL;
	uint64		places = 0;

	for (int i = 0; i < n; i++)
	{
		if (payment[i].reversal || payment[i].revision != first)
			continue;
		places |= UINT64CONST(1) << payment[i].stated;
		if (!payment[i].determined && (last == NULL || payment[i].stated > last->stated))
			last = &payment[i];
	}
	for (int place = 1; last != NULL && place < last->stated; place++)
		if ((places & (UINT64CONST(1) << place)) == 0)
			RefuseGap(guard, last, place);
}

static void
CheckTotal(const Guard *guard, const GuardedBill *bill, const LayerState *states)
{
	i128		sum = 0;

	for (int i = 0; i < bill->chain->n; i++)
		sum += states[i].net;
	if (sum > bill->total)
		RefuseBeyond(guard, bill, sum);
}

void
JudgeBill(const Guard *guard, const GuardedBill *bill, const Payment *payment, int n)
{
	LayerState	states[MAX_CHAIN] = {0};

	Assert(bill->chain->n > 0 && bill->chain->n <= MAX_CHAIN);
	SumLayers(guard, bill, payment, n, states);
	if (guard->words.column[FIELD_PLACE] != NULL)
		CheckPlaces(guard, payment, n);
	else
	{
		CheckOrder(guard, bill, states);
		CheckLowered(guard, bill, states);
	}
	CheckTotal(guard, bill, states);
}
