/*
 * memo.c — answers of the dictionaries, kept by the session. Questions are asked in SQL (lookup.sql, funds.sql); here is only what
 * was asked, under which snapshot, and what came back. Whoever changes a dictionary has another snapshot afterwards, and so has
 * everybody once that is committed.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "dictionary/memo.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#define BUCKETS_OF_MEMO 1024	/* a power of two */
#define MAX_ANSWERS 65536		/* then all are forgotten */

typedef struct Kept
{
	struct Kept *next;
	uint32		hash;
	int			stretch;
	int			length;
	Answer		answer;
	char		key[FLEXIBLE_ARRAY_MEMBER];
} Kept;

/* What decides which rows a snapshot sees, the lists of running transactions by their hash */
typedef struct Seen
{
	TransactionId xmin;
	TransactionId xmax;
	CommandId	curcid;
	uint32		running;
	uint32		running_subs;
	uint32		lists;			/* hash of the lists of both */
} Seen;

static struct
{
	MemoryContext answers;		/* reset with every new snapshot */
	bool		filled;			/* seen is that of the answers */
	Seen		seen;
	int			n_answers;
	Kept	   *first;			/* asked before the bounds were read: counts on its own day only */
	DateADT		first_day;
	bool		has_bounds;
	int			n_bounds;
	DateADT    *bounds;			/* days on which some code begins or ends, ascending */
	Kept	   *bucket[BUCKETS_OF_MEMO];
}			memo;

static const struct
{
	const char *sql;
	int			words;
}			questions[QUESTIONS] = {
	[ASK_CODE] = {"SELECT f.* FROM assistance.look_up_code($1, $2, $3, $4) f", 3},
	[ASK_MEANING] = {"SELECT f.* FROM assistance.look_up_meaning($1, $2, $3, $4) f", 3},
	[ASK_PERSON] = {"SELECT assistance.look_up_person_type($1, $2, $3)", 2},
	[ASK_FUND] = {"SELECT f.* FROM assistance.look_up_fund($1, $2, $3, $4, $5) f", 4}
};

/* The snapshot of this call; two with equal figures see the same rows */
static void
LookAtSnapshot(Seen *seen)
{
	Snapshot	snapshot = ActiveSnapshotSet() ? GetActiveSnapshot() : NULL;

	if (snapshot == NULL)
		elog(ERROR, "dictionaries are read outside of a query");
	memset(seen, 0, sizeof(*seen));
	seen->xmin = snapshot->xmin;
	seen->xmax = snapshot->xmax;
	seen->curcid = snapshot->curcid;
	seen->running = snapshot->xcnt;
	seen->running_subs = (uint32) snapshot->subxcnt << 1 | snapshot->suboverflowed;
	if (snapshot->xcnt > 0)
		seen->lists = hash_bytes((const unsigned char *) snapshot->xip, (int) (snapshot->xcnt * sizeof(TransactionId)));
	if (snapshot->subxcnt > 0)
		seen->lists ^= hash_bytes((const unsigned char *) snapshot->subxip, (int) (snapshot->subxcnt * sizeof(TransactionId)));
}

/* The days on which a meaning may change */
static void
ReadBounds(void)
{
	SPI_connect();
	if (SPI_execute("SELECT DISTINCT b.day "
					"FROM (SELECT c.valid FROM assistance.code c UNION ALL SELECT g.valid FROM assistance.category g) v, "
					"LATERAL (VALUES (pg_catalog.lower(v.valid)), (pg_catalog.upper(v.valid))) b (day) "
					"WHERE b.day IS NOT NULL AND pg_catalog.isfinite(b.day) ORDER BY b.day", true, 0) != SPI_OK_SELECT)
		elog(ERROR, "the days of the dictionaries cannot be read");
	memo.n_bounds = (int) SPI_processed;
	memo.bounds = MemoryContextAlloc(memo.answers, Max(1, memo.n_bounds) * sizeof(DateADT));
	for (int i = 0; i < memo.n_bounds; i++)
	{
		bool		isnull;

		memo.bounds[i] = DatumGetDateADT(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	}
	memo.has_bounds = true;
	SPI_finish();
}

/* A savepoint that is rolled back takes rows away without another command. */
static void
ForgetAborted(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		memo.filled = false;
}

/* Forget what was read under another snapshot. */
static void
Refresh(void)
{
	Seen		seen;

	LookAtSnapshot(&seen);
	if (likely(memo.filled && memo.n_answers < MAX_ANSWERS && memcmp(&seen, &memo.seen, sizeof(seen)) == 0))
		return;
	if (memo.answers == NULL)
	{
		memo.answers = AllocSetContextCreate(CacheMemoryContext, "answers of dictionaries", ALLOCSET_SMALL_SIZES);
		RegisterSubXactCallback(ForgetAborted, NULL);
	}
	memo.filled = false;
	MemoryContextReset(memo.answers);
	memset(memo.bucket, 0, sizeof(memo.bucket));
	memo.first = NULL;
	memo.has_bounds = false;
	memo.n_answers = 0;
	memo.seen = seen;
	memo.filled = true;
}

/* Which of the stretches between two bounds holds a day */
static int
StretchOf(DateADT day)
{
	int			low = 0;
	int			high = memo.n_bounds;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (memo.bounds[middle] <= day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Ask the database; the answer's words are copied into the memo. */
static void
AskDatabase(Question question, const Word *words, DateADT day, Answer *answer)
{
	int			n = questions[question].words;
	Oid			types[MAX_QUESTION_WORDS + 1];
	Datum		values[MAX_QUESTION_WORDS + 1];
	MemoryContext old;

	SPI_connect();
	for (int i = 0; i < n; i++)
	{
		types[i] = TEXTOID;
		values[i] = PointerGetDatum(cstring_to_text_with_len(words[i].text, words[i].length));
	}
	types[n] = DATEOID;
	values[n] = DateADTGetDatum(day);
	if (SPI_execute_with_args(questions[question].sql, n + 1, types, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "the dictionaries cannot be read");
	answer->found = SPI_processed > 0;
	answer->n = SPI_tuptable->tupdesc->natts;
	Assert(answer->n <= MAX_ANSWER_WORDS);
	old = MemoryContextSwitchTo(memo.answers);
	for (int i = 0; answer->found && i < answer->n; i++)
	{
		char	   *text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1);

		answer->word[i] = WordOf(text == NULL ? NULL : pstrdup(text));
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
}

/* The question as bytes: what, and each word with its length */
static int
WriteKey(Question question, const Word *words, char *key)
{
	int			at = 0;

	key[at++] = (char) question;
	for (int i = 0; i < questions[question].words; i++)
	{
		memcpy(key + at, &words[i].length, sizeof(int));
		at += (int) sizeof(int);
		memcpy(key + at, words[i].text, words[i].length);
		at += words[i].length;
	}
	return at;
}

/* The kept answer to a question in a stretch of days */
static Kept *
FindKept(const char *key, int length, int stretch, uint32 hash)
{
	Kept	   *kept;

	for (kept = memo.bucket[hash % BUCKETS_OF_MEMO]; kept != NULL; kept = kept->next)
		if (kept->hash == hash && kept->stretch == stretch && kept->length == length && memcmp(kept->key, key, length) == 0)
			break;
	return kept;
}

/* Ask, and keep the answer. */
static Kept *
AskAndKeep(Question question, const Word *words, DateADT day, const char *key, int length)
{
	Kept	   *kept = MemoryContextAllocZero(memo.answers, offsetof(Kept, key) + length);

	memcpy(kept->key, key, length);
	kept->length = length;
	AskDatabase(question, words, day, &kept->answer);
	memo.n_answers++;
	return kept;
}

/*
 * The first question under a snapshot is often the only one, and then the bounds are not worth reading: until there is a second
 * one its answer stands alone.
 */
const Answer *
Ask(Question question, const Word *words, DateADT day)
{
	char		room[512];
	char	   *key = room;
	int			length = 1;
	uint32		hash;
	int			stretch;
	Kept	   *kept;

	Refresh();
	for (int i = 0; i < questions[question].words; i++)
		length += (int) sizeof(int) + words[i].length;
	if (length > (int) sizeof(room))
		key = palloc(length);
	length = WriteKey(question, words, key);
	if (memo.first != NULL && memo.first_day == day && memo.first->length == length && memcmp(memo.first->key, key, length) == 0)
		return &memo.first->answer;
	if (memo.first == NULL)
	{
		kept = AskAndKeep(question, words, day, key, length);
		memo.first_day = day;
		memo.first = kept;
		return &kept->answer;
	}
	if (!memo.has_bounds)
		ReadBounds();
	stretch = StretchOf(day);
	hash = hash_bytes((const unsigned char *) key, length) ^ (uint32) stretch;
	kept = FindKept(key, length, stretch, hash);
	if (kept == NULL)
	{
		kept = AskAndKeep(question, words, day, key, length);
		kept->stretch = stretch;
		kept->hash = hash;
		kept->next = memo.bucket[hash % BUCKETS_OF_MEMO];
		memo.bucket[hash % BUCKETS_OF_MEMO] = kept;
	}
	return &kept->answer;
}
