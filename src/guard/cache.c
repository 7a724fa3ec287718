/*
 * cache.c — the guards of this session, one for each trigger, and their plans. A guard holds what the catalogs say and nothing
 * else; it is forgotten when one of its relations changes, or a schema or an operator, whose names stand in the queries.
 */
#include "postgres.h"

#include "assistance.h"
#include "guard/guard.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

typedef struct GuardEntry
{
	Oid			trigger;		/* key */
	Guard	   *guard;
} GuardEntry;

static HTAB *guards = NULL;
static HTAB *told = NULL;		/* tables of payments of which this session has been told that caps are not checked */
static uint64 changes = 0;		/* how many invalidations have come */

static void
ForgetRelation(Datum arg, Oid relation)
{
	HASH_SEQ_STATUS status;
	GuardEntry *entry;

	changes++;
	hash_seq_init(&status, guards);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		Guard	   *guard = entry->guard;

		if (!OidIsValid(relation) || relation == guard->firing || relation == guard->payments || relation == guard->bill)
			guard->valid = false;
	}
}

static void
ForgetAll(Datum arg, int cache, uint32 hash)
{
	ForgetRelation(arg, InvalidOid);
}

static void
OpenCache(void)
{
	HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(GuardEntry), .hcxt = CacheMemoryContext};

	guards = hash_create("guards of assistance", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	control.entrysize = sizeof(Oid);
	told = hash_create("guards without caps", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	CacheRegisterRelcacheCallback(ForgetRelation, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, ForgetAll, (Datum) 0);
	CacheRegisterSyscacheCallback(OPEROID, ForgetAll, (Datum) 0);
}

static void
FreePlans(void *arg)
{
	Guard	   *guard = arg;

	for (int i = 0; i < N_QUERIES; i++)
		if (guard->plan[i] != NULL)
			SPI_freeplan(guard->plan[i]);
}

/* Changed guards go when the transaction ends: an outer trigger may still be using one. */
static void
Sweep(void)
{
	HASH_SEQ_STATUS status;
	GuardEntry *entry;

	hash_seq_init(&status, guards);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (entry->guard->valid)
			continue;
		MemoryContextSetParent(entry->guard->context, TopTransactionContext);
		hash_search(guards, &entry->trigger, HASH_REMOVE, NULL);
	}
}

/* Made in the transaction's memory, so that an error leaves nothing */
static Guard *
NewGuard(const TriggerData *data)
{
	MemoryContext context = AllocSetContextCreate(TopTransactionContext, "guard of assistance", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Guard	   *guard = palloc0(sizeof(Guard));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));
	uint64		before = changes;

	guard->context = context;
	guard->trigger = data->tg_trigger->tgoid;
	FillGuard(guard, data);
	guard->valid = before == changes;
	callback->func = FreePlans;
	callback->arg = guard;
	MemoryContextRegisterResetCallback(context, callback);
	MemoryContextSwitchTo(old);
	return guard;
}

/* A guard that does not know the caps says so, once in a session and table */
static void
TellOfCaps(const Guard *guard)
{
	bool		found;

	if (guard->words.caps != NIL)
		return;
	hash_search(told, &guard->payments, HASH_ENTER, &found);
	if (!found)
		ereport(NOTICE,
				(errmsg("the guard of \"%s\" does not check caps", get_rel_name(guard->payments)),
				 errdetail("Its trigger has no argument caps: only order, duplicates and the total of the bill are checked."),
				 errhint("Caps take accounts: settle through a register, or name a function that knows them, 'caps=function'.")));
}

Guard *
GuardOf(const TriggerData *data)
{
	Oid			trigger = data->tg_trigger->tgoid;
	GuardEntry *entry;
	Guard	   *guard;

	if (guards == NULL)
		OpenCache();
	entry = hash_search(guards, &trigger, HASH_FIND, NULL);
	if (entry != NULL && entry->guard->valid)
		return entry->guard;
	CheckVersion();
	Sweep();
	guard = NewGuard(data);
	entry = hash_search(guards, &trigger, HASH_ENTER, NULL);
	entry->guard = guard;
	MemoryContextSetParent(guard->context, CacheMemoryContext);
	TellOfCaps(guard);
	return guard;
}
