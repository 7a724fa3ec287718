/*
 * settle.c — the fold: one bill from its columns to what everybody bears. The order of the steps is that of
 * docs/policy-model.md; each step lives in a room of its own.
 */
#include <string.h>

#include "fold.h"

/* Go on with the same account under another book */
void
FoldChangeBook(Fold *fold, const Book *book)
{
	fold->book = book;
	fold->page = NULL;
	fold->year_first = 1;
	fold->year_last = 0;
	fold->bill_number = 0;
	fold->names_number = 0;
	memset(fold->base_hint, 0, sizeof(fold->base_hint));
	memset(fold->tally_hint, 0, sizeof(fold->tally_hint));
	ForgetPlans(fold);
	FoldResume(fold);
}

/* Bind a book; no person yet */
void
FoldOpen(Fold *fold, const Book *book)
{
	AccountInit(&fold->account);
	fold->notes_reached = false;
	FoldChangeBook(fold, book);
}

/*
 * Start a person with an empty account. Names of counters and codes are nobody's own: their table stays while it is
 * short, and does not count against what this person may have open.
 */
void
FoldPerson(Fold *fold)
{
	Account    *account = &fold->account;
	uint16_t	n_names = account->n_names;

	AccountInit(account);
	fold->fractions = false;
	fold->fresh = fold->stretch = fold->bill_number + 1;
	fold->stale_parts = true;
	if (n_names > KEPT_NAMES)
		fold->stale_names = true;
	if (!fold->stale_names)
		account->n_names = account->n_inherited = n_names;
}

/* Go on with the account that the caller has filled in */
void
FoldResume(Fold *fold)
{
	fold->stretch = fold->bill_number + 1;
	fold->fresh = 0;
	fold->fractions = AccountHasFractions(&fold->account);
	fold->untidy = true;
	fold->stale_names = true;
	fold->stale_parts = true;
}

/* Bills of a person come in strictly increasing order */
static Status
CheckOrder(const Run *run)
{
	const Account *account = &run->fold->account;
	const Bill *bill = run->bill;

	if (!account->started || bill->ordered_at > account->last_ordered_at ||
		(bill->ordered_at == account->last_ordered_at && bill->seq > account->last_seq))
		return ST_OK;
	return FaultFormat(run->fault, ST_OUT_OF_ORDER, "ordered_at", "ORDER BY ordered_at, seq within PARTITION BY person, without ties",
					   "this bill (seq %lld) is not after the one before it (seq %lld)%s", (long long) bill->seq, (long long) account->last_seq,
					   bill->ordered_at == account->last_ordered_at ? " at the same time" : "");
}

/* ---- columns and buckets ---- */

/* The page's index of a part of the bill */
static Status
FindPart(const Run *run, const BillPart *part, int *index)
{
	for (int i = 0; i < run->page->n_parts; i++)
	{
		if (CodeIs(run->page->parts[i], part->name))
		{
			*index = i;
			return ST_OK;
		}
	}
	return FaultFormat(run->fault, ST_BILL_UNKNOWN_NAME, "parts", "a part that the page declares under \"parts\"", "\"%.*s\"",
					   part->name.length, part->name.text);
}

/* What is left at the start: columns without their parts, and the parts */
static Status
FillBuckets(Run *run)
{
	const Bill *bill = run->bill;
	int			index = 0;

	memcpy(run->column_fen, bill->column_fen, sizeof(run->column_fen));
	run->left = run->split->left_fen;
	ClearBuckets(run->left);
	run->left[BUCKET_IN_SCOPE] = bill->column_fen[COLUMN_IN_SCOPE];
	run->left[BUCKET_EXCLUDED] = bill->column_fen[COLUMN_EXCLUDED];
	run->left[BUCKET_OVER_LIMIT] = bill->column_fen[COLUMN_OVER_LIMIT];
	run->left[BUCKET_FIRST_SHARE] = bill->column_fen[COLUMN_FIRST_SHARE];
	run->live = 1u << BUCKET_IN_SCOPE | (uint32_t) (bill->column_fen[COLUMN_EXCLUDED] > 0) << BUCKET_EXCLUDED |
		(uint32_t) (bill->column_fen[COLUMN_OVER_LIMIT] > 0) << BUCKET_OVER_LIMIT |
		(uint32_t) (bill->column_fen[COLUMN_FIRST_SHARE] > 0) << BUCKET_FIRST_SHARE;
	for (int i = 0; i < bill->n_parts; i++)
	{
		const BillPart *part = &bill->parts[i];

		PROPAGATE(FindPart(run, part, &index));
		run->left[BUCKET_PART + index] = part->amount_fen;
		run->live |= 1u << (BUCKET_PART + index);
		run->left[part->column == COLUMN_EXCLUDED ? BUCKET_EXCLUDED : part->column == COLUMN_OVER_LIMIT ? BUCKET_OVER_LIMIT :
				  BUCKET_FIRST_SHARE] -= part->amount_fen;
	}
	return ST_OK;
}

/* Take a part of the hospital's share out of one bucket of a column */
static void
HospitalTakes(Run *run, Column column, int bucket, int64_t *share_fen)
{
	int64_t		taken = MinFen(run->left[bucket], *share_fen);

	run->left[bucket] -= taken;
	run->column_fen[column] -= taken;
	run->column_fen[COLUMN_TOTAL] -= taken;
	*share_fen -= taken;
}

/* A fixed price (单病种定额): what is above it is the hospital's */
static void
ApplyFixedPrice(Run *run, const FixedPrice *fixed, int64_t price_fen)
{
	static const uint8_t rest_of[COLUMNS] = {BUCKET_IN_SCOPE, BUCKET_IN_SCOPE, BUCKET_EXCLUDED, BUCKET_OVER_LIMIT, BUCKET_FIRST_SHARE};
	int64_t		share = MaxFen(0, run->column_fen[COLUMN_TOTAL] - price_fen);
	Step	   *step;

	run->split->hospital_fen = share;
	if (run->trace != NULL)
	{
		step = AddStep(run, STEP_FIXED_PRICE, NO_INDEX, NO_INDEX);
		step->base = ExactFen(run->column_fen[COLUMN_TOTAL]);
		step->limit_fen = price_fen;
		step->result = ExactFen(share);
		step->cite = fixed->price.cite;
	}
	for (int i = 0; i < 4; i++)
	{
		HospitalTakes(run, fixed->order[i], rest_of[fixed->order[i]], &share);
		for (int p = 0; p < run->page->n_parts; p++)
		{
			if (run->page->part_column[p] == fixed->order[i])
				HospitalTakes(run, fixed->order[i], BUCKET_PART + p, &share);
		}
	}
}

/* The first fixed price that fits */
static Status
FixedPrices(Run *run)
{
	Place		nowhere = {{0, 0}};
	int64_t		price;
	bool		holds;

	for (int i = run->plan->first_price; i < run->page->n_fixed_prices; i++)
	{
		PROPAGATE(ConditionHolds(run, &run->page->fixed_prices[i].when, &nowhere, &holds));
		if (!holds)
			continue;
		PROPAGATE(ResolveParam(run, &run->page->fixed_prices[i].price, &price));
		ApplyFixedPrice(run, &run->page->fixed_prices[i], price);
		return ST_OK;
	}
	return ST_OK;
}

/* ---- encounters and stays ---- */

/* Is this bill one of several of an encounter, and not the first? */
static Status
OpenEncounter(Run *run)
{
	CounterKey	key = {NAME_NONE, 0, {0, {0}}};
	Account    *account = &run->fold->account;
	Code		encounter = run->bill->encounter;

	run->encounter = NULL;
	run->later_part = false;
	if (encounter.text == NULL)
		return ST_OK;
	key.sub.length = encounter.length;
	memcpy(key.sub.text, encounter.text, encounter.length);
	run->encounter = AccountTallyIfOpen(account, TALLY_ENCOUNTER, &key);
	run->later_part = run->encounter != NULL;
	if (run->encounter == NULL)
		run->encounter = AccountTally(account, TALLY_ENCOUNTER, &key);
	if (run->encounter == NULL)
		return FaultSet(run->fault, ST_ACCOUNT_FULL, "account", "more open counters than one account holds",
						"bills whose encounters are completed: encounter_total reached");
	run->encounter->cost_fen = run->bill->encounter_total_fen;
	return ST_OK;
}

/* The encounter is over once its bills add up to its total: forget what was kept for it */
static void
CloseEncounter(Run *run)
{
	Account    *account = &run->fold->account;
	Name		sub;
	int			i = 0;

	if (run->encounter == NULL)
		return;
	run->encounter->used.fen += run->bill->column_fen[COLUMN_TOTAL];
	if (run->encounter->used.fen < run->encounter->cost_fen)
		return;
	sub = run->encounter->sub;
	while (i < account->n_tallies)
	{
		Tally	   *tally = &account->tallies[i];

		if ((tally->kind == TALLY_ENCOUNTER || tally->kind == TALLY_ENCOUNTER_DEDUCTIBLE || tally->kind == TALLY_ENCOUNTER_STAYS) &&
			NameIs(&tally->sub, &sub))
			AccountForgetTally(account, tally);
		else
			i++;
	}
	run->fold->stretch = run->fold->bill_number + 1;	/* tallies have moved */
}

/* The n of an encounter in a count, remembered for its later bills */
static Status
EncounterStays(Run *run, uint8_t counter, Tally **tally)
{
	CounterKey	key;

	PROPAGATE(KeyOf(run, counter, &key));
	key.period = 0;
	key.sub = run->encounter->sub;
	*tally = AccountTally(&run->fold->account, TALLY_ENCOUNTER_STAYS, &key);
	if (*tally == NULL)
		return FaultSet(run->fault, ST_ACCOUNT_FULL, "account", "more open counters than one account holds",
						"bills whose encounters are completed: encounter_total reached");
	return ST_OK;
}

/* One stay count: up by one for the first bill of an encounter that fits */
static Status
CountStay(Run *run, int index)
{
	const StayCount *count = &run->page->counts[index];
	Place		nowhere = {{0, 0}};
	Tally	   *tally;
	Tally	   *remembered;
	bool		fits;

	if (run->later_part)
	{
		PROPAGATE(EncounterStays(run, count->counter, &remembered));
		run->stay_number[index] = (int32_t) remembered->used.fen;
		return ST_OK;
	}
	PROPAGATE(TallyOf(run, TALLY_STAYS, count->counter, &tally, false));
	if (run->bill->kind == BILL_ORDINARY)
	{
		fits = run->plan->counts_hold >> index & 1;
		if (run->plan->counts_open >> index & 1)
			PROPAGATE(ConditionHolds(run, &count->when, &nowhere, &fits));
		tally->used.fen += fits;
	}
	run->stay_number[index] = (int32_t) tally->used.fen;
	if (run->encounter == NULL)
		return ST_OK;
	PROPAGATE(EncounterStays(run, count->counter, &remembered));
	remembered->used.fen = run->stay_number[index];
	return ST_OK;
}

/* All stay counts of the page */
static Status
CountStays(Run *run)
{
	for (int i = 0; i < run->page->n_counts; i++)
		PROPAGATE(CountStay(run, i));
	return ST_OK;
}

/* ---- the bill ---- */

/* What the bill brings for each layer; every given layer must be one of the chain */
static Status
BindGiven(Run *run)
{
	run->is_given = 0;
	for (int i = 0; i < run->bill->n_given; i++)
	{
		const Given *given = &run->bill->given[i];
		int			l = 0;

		while (l < run->page->n_layers && !CodeHasKey(given->layer, run->page->layers[l].name, run->page->layers[l].key))
			l++;
		if (l == run->page->n_layers)
			return FaultFormat(run->fault, ST_BILL_UNKNOWN_NAME, "given", "a layer of the page", "\"%.*s\"",
							   given->layer.length, given->layer.text);
		run->given[l] = given;
		run->is_given |= 1u << l;
	}
	return ST_OK;
}

/* Nothing paid yet */
static void
StartSplit(Run *run)
{
	Split	   *split = run->split;

	split->page = run->page;
	split->total_fen = run->bill->column_fen[COLUMN_TOTAL];
	split->hospital_fen = 0;
	split->n_lines = run->page->n_layers;
	memcpy(split->lines, run->fold->blank, sizeof(Line) * split->n_lines);
	run->with_deductible = run->paid_layers = run->exhausted_layers = run->newly_crossed = run->alternatives_paid = 0;
	run->n_before = 0;
	run->n_entered = 0;
	run->n_shared = 0;
	run->without_penalty = false;
}

/* Tell the trace which page governs */
static void
TracePage(Run *run)
{
	Step	   *step;

	if (run->trace == NULL)
		return;
	run->trace->n_steps = 0;
	run->trace->truncated = false;
	step = AddStep(run, STEP_PAGE, NO_INDEX, NO_INDEX);
	step->base = ExactFen(run->split->total_fen);
}

/* Everything before the first layer */
static Status
Prepare(Run *run)
{
	PROPAGATE(CheckOrder(run));
	PROPAGATE(FindPage(run));
	PROPAGATE(FindPlan(run));
	PROPAGATE(BindGiven(run));
	StartSplit(run);
	TracePage(run);
	PROPAGATE(FillBuckets(run));
	PROPAGATE(OpenEncounter(run));
	PROPAGATE(CountStays(run));
	if (run->bill->kind == BILL_ORDINARY)
		PROPAGATE(FixedPrices(run));
	run->ceilings_hold = 0;
	if (run->page->n_ceilings > 0)
		PROPAGATE(CountCeilingCosts(run));
	if (run->page->basic == NO_INDEX)
		BasicIsAllCopay(run);
	return ST_OK;
}

/* What nobody paid is the patient's; the bill must add up */
static Status
PatientBears(Run *run)
{
	Split	   *split = run->split;
	int64_t		paid = 0;
	Step	   *step;

	split->patient_fen = 0;
	for (uint32_t live = run->live; live != 0; live &= live - 1)
		split->patient_fen += split->left_fen[__builtin_ctz(live)];
	for (int i = 0; i < split->n_lines; i++)
		paid += split->lines[i].paid_fen;
	if (run->trace != NULL)
	{
		step = AddStep(run, STEP_PATIENT, NO_INDEX, NO_INDEX);
		step->result = ExactFen(split->patient_fen);
	}
	if (paid + split->hospital_fen + split->patient_fen != split->total_fen)
		return FaultFormat(run->fault, ST_INTERNAL, "split", "a split that adds up to the bill",
						   "layers %lld + hospital %lld + patient %lld is not total %lld fen",
						   (long long) paid, (long long) split->hospital_fen, (long long) split->patient_fen, (long long) split->total_fen);
	return ST_OK;
}

/* Forget what ends with this bill: counters by chain of a bill without one, recoverables that are set off */
static void
ForgetEnded(Run *run)
{
	Account    *account = &run->fold->account;

	if (!run->fold->untidy)
		return;
	for (int i = account->n_tallies - 1; i >= 0; i--)
	{
		Tally	   *tally = &account->tallies[i];

		if (tally->period == LONE_PERIOD || (tally->kind == TALLY_RECOVERABLE && tally->used.fen == 0))
			AccountForgetTally(account, tally);
	}
	run->fold->untidy = false;
	run->fold->stretch = run->fold->bill_number + 1;	/* tallies have moved */
}

/* The bill from its columns to the account behind it */
static Status
Settle(Run *run)
{
	Account    *account = &run->fold->account;
	const Bill *bill = run->bill;
	uint32_t	turns;

	PROPAGATE(Prepare(run));
	turns = (1u << run->page->n_layers) - 1;
	if (run->trace == NULL)
		turns &= ~run->plan->idle | run->is_given;
	for (; turns != 0; turns &= turns - 1)
	{
		uint8_t		place = (uint8_t) __builtin_ctz(turns);

		PROPAGATE(bill->kind == BILL_ORDINARY ? ApplyLayer(run, place) : ApplyEventLayer(run, place));
	}
	PROPAGATE(PatientBears(run));
	if (bill->kind == BILL_ORDINARY)
		PROPAGATE(KeepBill(run));
	CloseEncounter(run);
	ForgetEnded(run);
	account->started = true;
	account->last_ordered_at = bill->ordered_at;
	account->last_seq = bill->seq;
	return ST_OK;
}

/* Settle one bill; after a refusal nothing that was looked up for it counts any more */
static inline Status
SettleOne(Fold *fold, const Bill *bill, PlanHint *hint, Split *split, Trace *trace, Fault *fault)
{
	Run			run;
	Status		status;

	run.fold = fold;
	run.bill = bill;
	run.hint = hint;
	run.split = split;
	run.trace = trace;
	run.fault = fault;
	run.noted_fen = 0;
	fold->n_reached = 0;
	fold->bill_number++;
	status = Settle(&run);
	if (status != ST_OK)
		FoldResume(fold);
	return status;
}

Status
SettleStep(Fold *fold, const Bill *bill, Split *split, Trace *trace, Fault *fault)
{
	return SettleOne(fold, bill, NULL, split, trace, fault);
}

Status
SettleAlike(Fold *fold, const Bill *bill, PlanHint *hint, Split *split, Fault *fault)
{
	return SettleOne(fold, bill, hint, split, NULL, fault);
}
