/*
 * test_account_write.c — accounts to JSON and back: the largest one, names of the person before, random accounts. Reading what
 * anyone may have written is in test_account_json.c.
 */
#include "account_texts.h"

static char text_again[MAX_TEXT];

static NameId
NameOf(Account *a, const char *name)
{
	return AccountName(a, name, (int) strlen(name), &fault);
}

static Name
Sub(const char *sub)
{
	Name		name = {(uint8_t) strlen(sub), {0}};

	memcpy(name.text, sub, name.length);
	return name;
}

/* ---- the largest account ---- */

/* A name of full length in which everything that may be escaped is */
static NameId
LongName(Account *a, int number)
{
	char		name[MAX_CODE + 1];

	snprintf(name, sizeof(name), "%03d\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"", number);
	return NameOf(a, name);
}

/* Kept bills with everything at its longest; the last seq is that of the last bill */
static void
FillKept(Account *a)
{
	for (int i = 0; i < MAX_KEPT; i++)
	{
		KeptBill   *kept = &a->kept[a->n_kept++];

		memset(kept, 0, sizeof(*kept));
		kept->ordered_at = INT64_C(86400000000) * LAST_DAY + 999999;
		kept->seq = INT64_MIN + i;
		kept->day = LAST_DAY;
		for (int j = 0; j < 4; j++)
			kept->code[j] = LongName(a, j);
		for (int j = 0; j < BUCKETS; j++)
			kept->left_fen[j] = MAX_FEN;
		kept->costed = true;
		for (int j = COLUMN_IN_SCOPE; j < COLUMNS; j++)
			kept->cost_fen[j] = MAX_FEN / 4 - 1;
		kept->cost_fen[COLUMN_TOTAL] = MAX_FEN - 4;
		for (uint8_t j = 0; j < MAX_ENTERED; j++)
			kept->entered[kept->n_entered++] = (Entered) {MAX_BASES - 1 - j, MAX_LAYERS - 1, true, LongName(a, j), 999999};
	}
	a->last_ordered_at = a->kept[MAX_KEPT - 1].ordered_at;
	a->last_seq = a->kept[MAX_KEPT - 1].seq;
}

/* The largest account: it has a form within the limit, and comes back */
static void
TestLargest(void)
{
	int			length;

	AccountInit(&account);
	account.started = true;
	account.unkept = true;
	account.unkept_day = LAST_DAY;
	for (account.n_parts = 0; account.n_parts < MAX_PARTS; account.n_parts++)
	{
		PartName   *part = &account.parts[account.n_parts];

		part->length = 43;
		memset(part->text, '"', 43);
		memcpy(part->text, "first_share.", 12);
		part->text[12] = (char) ('0' + account.n_parts);
	}
	for (account.n_bases = 0; account.n_bases < MAX_BASES; account.n_bases++)
	{
		BaseCounter *base = &account.bases[account.n_bases];

		memset(base, 0, sizeof(*base));
		base->name = LongName(&account, account.n_bases);
		base->period = LAST_DAY;
		base->sub = account.names[base->name];
		base->crossed = true;
		base->accrued_fen = base->paid_fen = -MAX_FEN;
		base->deductible = (Exact) {MAX_FEN - 1, 999999999};
		for (int j = 0; j < ACCUMULATED; j++)
		{
			base->fen[j] = -MAX_FEN;
			base->nano[j] = 1;
		}
	}
	for (account.n_tallies = 0; account.n_tallies < MAX_TALLIES; account.n_tallies++)
	{
		NameId		name = LongName(&account, account.n_tallies);

		account.tallies[account.n_tallies] = (Tally) {TALLY_CEILING, name, LAST_DAY, account.names[name], {-MAX_FEN, 1}, MAX_FEN};
	}
	FillKept(&account);
	for (account.n_event_paid = 0; account.n_event_paid < MAX_EVENT_PAID; account.n_event_paid++)
	{
		EventPaid  *paid = &account.event_paid[account.n_event_paid];

		paid->bill = account.n_event_paid;
		paid->layer = LongName(&account, MAX_NAMES - 1 - account.n_event_paid % MAX_NAMES);
		for (int j = 0; j < BUCKETS; j++)
			paid->paid_fen[j] = MAX_FEN;
	}
	length = AccountToJson(&account, text, MAX_TEXT);
	CHECK(length > 4 * 1024 * 1024 && length <= MAX_ACCOUNT_BYTES);
	CHECK_INT(Read(text, length, &again), ST_OK);
	CHECK(SameAccount(&account, &again));
	CHECK_INT(AccountToJson(&again, text_again, MAX_TEXT), length);
	CHECK(memcmp(text, text_again, (size_t) length) == 0);
}

/* A person who comes to use every name of the person before, and then as many of their own as fit: readable, and no fuller */
static void
TestInheritedNames(void)
{
	static Account again;
	char		name[MAX_CODE + 1];
	int			length;

	AccountInit(&account);
	for (int i = 0; i < KEPT_NAMES; i++)
	{
		snprintf(name, sizeof(name), "before %d", i);
		NameOf(&account, name);
	}
	account.n_inherited = account.n_names;
	for (int i = 0; i < MAX_NAMES; i++)
	{
		snprintf(name, sizeof(name), "own %d", i);
		CHECK(AccountName(&account, name, (int) strlen(name), &fault) == KEPT_NAMES + i);
	}
	CHECK_INT(AccountName(&account, "one more", 8, &fault), NAME_NONE);
	CHECK_INT(fault.status, ST_ACCOUNT_FULL);
	account.started = true;
	account.last_seq = MAX_NAMES + KEPT_NAMES;
	for (NameId id = 0; id < account.n_names; id++)
	{
		KeptBill   *kept = &account.kept[account.n_kept++];

		memset(kept, 0, sizeof(*kept));
		kept->seq = id;
		for (int i = 0; i < 4; i++)
			kept->code[i] = id;
	}
	length = AccountToJson(&account, text, MAX_TEXT);
	CHECK_INT(Read(text, length, &again), ST_OK);
	CHECK(SameAccount(&account, &again));
	CHECK_INT(AccountName(&again, "one more", 8, &fault), NAME_NONE);
}

/* ---- random accounts ---- */

static const char *const some_name[] = {
	"a", "b", "basic", "critical", "\"", "\\", "1234567890123456789012345678901", "\xE4\xBD\x8E\xE4\xBF\x9D", "P0001", "ab"
};

static int64_t
SomeFen(bool negative)
{
	int64_t		fen = Below(3) == 0 ? 0 : (int64_t) (Random() % (uint64_t) (Below(2) ? 100 : MAX_FEN));

	return negative && Below(2) ? -fen : fen;
}

static Exact
SomeExact(bool negative)
{
	Exact		amount = {SomeFen(negative), Below(2) ? 0 : Below(1000000000)};

	return amount;
}

static void
SomeBuckets(const Account *a, int64_t *fen)
{
	memset(fen, 0, BUCKETS * sizeof(*fen));
	for (int i = 0; i < BUCKET_PART + a->n_parts; i++)
		fen[i] = Below(3) == 0 ? SomeFen(false) : 0;
}

static void
SomeBase(Account *a, const CounterKey *key)
{
	BaseCounter *base = AccountBase(a, key);

	base->crossed = Below(2);
	base->accrued_fen = SomeFen(true);
	base->paid_fen = SomeFen(true);
	base->deductible = SomeExact(false);
	for (int i = 0; i < ACCUMULATED; i++)
	{
		Exact		amount = SomeExact(true);

		if (Below(2) || (i >= BUCKET_PART + a->n_parts && i != BUCKET_GROSS))
			continue;
		base->fen[i] = amount.fen;
		base->nano[i] = amount.nano;
	}
}

static void
SomeTally(Account *a, CounterKey *key)
{
	TallyKind	kind = (TallyKind) Below(TALLY_KINDS);
	Tally	   *tally;

	if (kind == TALLY_ENCOUNTER)
		key->name = NAME_NONE;
	if (kind == TALLY_ENCOUNTER || kind == TALLY_ENCOUNTER_DEDUCTIBLE || kind == TALLY_ENCOUNTER_STAYS)
		key->sub = Sub(some_name[Below(10)]);
	tally = AccountTally(a, kind, key);
	tally->used = IsCount(kind) ? ExactFen(Below(50)) : SomeExact(kind == TALLY_CAP || kind == TALLY_CEILING);
	tally->cost_fen = kind == TALLY_CEILING || kind == TALLY_ENCOUNTER || kind == TALLY_DEDUCTIBLE ? SomeFen(false) : 0;
}

static void
SomeKept(Account *a)
{
	KeptBill   *kept = &a->kept[a->n_kept];

	kept->ordered_at = a->last_ordered_at + (Below(2) ? Below(2000000000) : 0);
	kept->seq = a->last_seq + 1 + Below(3);
	kept->day = DayOf(kept->ordered_at) - Below(10);
	kept->designated = (int8_t) (Below(3) - 1);
	kept->n_entered = 0;
	for (int i = 0; i < 4; i++)
		kept->code[i] = Below(3) == 0 ? NAME_NONE : NameOf(a, some_name[Below(10)]);
	for (int i = 0; i < a->n_bases && Below(3) > 0; i++)
		kept->entered[kept->n_entered++] = (Entered) {(uint8_t) i, (uint8_t) Below(MAX_LAYERS), Below(2),
			NameOf(a, some_name[Below(10)]), Below(3) == 0 ? 1000000 : Below(1000001)};
	kept->costed = Below(2);
	memset(kept->cost_fen, 0, sizeof(kept->cost_fen));
	for (int i = COLUMN_IN_SCOPE; kept->costed && i < COLUMNS; i++)
		kept->cost_fen[COLUMN_TOTAL] += kept->cost_fen[i] = Below(3) * 1234;
	SomeBuckets(a, kept->left_fen);
	a->last_ordered_at = kept->ordered_at;
	a->last_seq = kept->seq;
	a->n_kept++;
}

static void
SomeEventPaid(Account *a)
{
	for (int i = 0; i < 10; i++)
	{
		EventPaid  *paid = &a->event_paid[a->n_event_paid];

		if (Below(3) > 0 || a->n_kept == 0)
			continue;
		paid->bill = (uint16_t) Below(a->n_kept);
		paid->layer = NameOf(a, some_name[i]);
		SomeBuckets(a, paid->paid_fen);
		a->n_event_paid++;
	}
}

static void
SomeAccount(Account *a)
{
	static const char *const part[] = {"over_limit.z", "excluded.b", "excluded.a", "first_share.\""};

	AccountInit(a);
	a->started = Below(10) > 0;
	for (int i = 0; i < 4; i++)
		if (Below(2))
			AccountPart(a, (Code) {part[i], (uint8_t) strlen(part[i])});
	for (int i = Below(12); i > 0; i--)
	{
		CounterKey	key = {NameOf(a, some_name[Below(10)]), Below(3) == 0 ? 0 : FIRST_DAY + Below(1000),
		Sub(Below(2) ? "" : some_name[Below(10)])};

		if (Below(2))
			SomeBase(a, &key);
		else
			SomeTally(a, &key);
	}
	a->unkept = Below(2);
	a->unkept_day = a->unkept ? FIRST_DAY + Below(LAST_DAY - FIRST_DAY) : 0;
	if (!a->started)
		return;
	a->last_ordered_at = Below(80000) * INT64_C(86400000000) / 2 + Below(1000000000);
	a->last_seq = Below(1000) - 500;
	for (int i = Below(6); i > 0; i--)
		SomeKept(a);
	SomeEventPaid(a);
	a->last_seq += Below(2);
}

/* Struct to text to struct to text: nothing changes */
static void
TestRandom(void)
{
	int			differ = 0;

	for (int i = 0; i < 10000; i++)
	{
		int			length;

		SomeAccount(&account);
		length = AccountToJson(&account, text, MAX_TEXT);
		if (Read(text, length, &again) != ST_OK || !SameAccount(&account, &again) ||
			AccountToJson(&again, text_again, MAX_TEXT) != length || memcmp(text, text_again, (size_t) length) != 0)
			differ++;
	}
	CHECK_INT(differ, 0);
}

int
main(void)
{
	TestLargest();
	TestInheritedNames();
	TestRandom();
	return CheckEnd();
}
