/*
 * seen.c — a constraint trigger fires once for each row, but a bill is checked once with all its rows. A row needs no check of its
 * own when its bill was checked after the command that wrote it. Rolling back to a savepoint forgets everything: the rows that
 * were checked may be gone, and the events fire again.
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "guard/seen.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

typedef struct SeenKey
{
	Oid			trigger;
	const char *bill;			/* how its number prints */
} SeenKey;

typedef struct SeenEntry
{
	SeenKey		key;
	CommandId	command;		/* rows of earlier commands were checked */
} SeenEntry;

static HTAB *seen = NULL;		/* lives in the transaction's memory */

static uint32
HashKey(const void *key, Size size)
{
	const SeenKey *k = key;

	return hash_combine(k->trigger, hash_bytes((const unsigned char *) k->bill, (int) strlen(k->bill)));
}

static int
MatchKey(const void *a, const void *b, Size size)
{
	const SeenKey *x = a;
	const SeenKey *y = b;

	return x->trigger == y->trigger ? strcmp(x->bill, y->bill) : 1;
}

static void
ForgetAtEnd(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_PRE_COMMIT && event != XACT_EVENT_PRE_PREPARE)
		seen = NULL;
}

static void
ForgetAtRollback(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		seen = NULL;
}

static void
OpenSeen(void)
{
	static bool registered = false;
	HASHCTL		control = {.keysize = sizeof(SeenKey), .entrysize = sizeof(SeenEntry), .hash = HashKey, .match = MatchKey,
	.hcxt = TopTransactionContext};

	seen = hash_create("checked bills", 64, &control, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
	if (!registered)
	{
		RegisterXactCallback(ForgetAtEnd, NULL);
		RegisterSubXactCallback(ForgetAtRollback, NULL);
		registered = true;
	}
}

static SeenKey
KeyOf(const Guard *guard, Datum bill)
{
	SeenKey		key = {guard->trigger, OutputFunctionCall((FmgrInfo *) &guard->out[FIELD_CLAIM], bill)};

	return key;
}

bool
WasSeen(const Guard *guard, Datum bill, CommandId command)
{
	SeenKey		key;
	SeenEntry  *entry;

	if (seen == NULL)
		return false;
	key = KeyOf(guard, bill);
	entry = hash_search(seen, &key, HASH_FIND, NULL);
	return entry != NULL && command < entry->command;
}

void
MarkSeen(const Guard *guard, Datum bill)
{
	SeenKey		key = KeyOf(guard, bill);
	SeenEntry  *entry;
	bool		found;

	if (seen == NULL)
		OpenSeen();
	entry = hash_search(seen, &key, HASH_ENTER, &found);
	if (!found)
		entry->key.bill = MemoryContextStrdup(TopTransactionContext, key.bill);
	entry->command = GetCurrentCommandId(false);
}
