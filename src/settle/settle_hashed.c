/*
 * settle_hashed.c — rows in any order, settled by person: the records and runs are those of the simulation (src/simulate), so bills
 * are sorted in cache instead of rows through memory. A record here is one of a bill, behind it a tuple of the columns that are
 * wanted above and that the bill does not hold, and one byte that says what is there.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "executor/tuptable.h"
#include "settle/settle_scan.h"
#include "simulate/record.h"
#include "simulate/sorted.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define MAX_TUPLE 32768			/* bytes that travel in a record; longer tuples go to a file of their own */
#define MAX_TAIL (MAX_TUPLE + (int) sizeof(uint16) + 1)
#define AHEAD 4					/* records that the processor is asked for before they are read */

StaticAssertDecl(MAX_RECORD + MAX_TAIL <= PG_UINT16_MAX, "the length of a record fits");

/* The last byte of a record */
enum
{
	TAIL_NO_SEQ = 1,			/* ORDER BY has a null where the bill has 0: it comes last */
	TAIL_TUPLE = 2,				/* before this byte stand the tuple and its length in two bytes … */
	TAIL_ASIDE = 4				/* … instead of the tuple, where it is in the file */
};

/* The first byte of the key of a person who is not simply a number */
enum
{
	PERSON_NULL,
	PERSON_NAME,				/* the text follows */
	PERSON_LONG					/* a longer text: its number follows */
};

/* A tuple in the file */
typedef struct Aside
{
	int			file_number;
	uint32		length;
	off_t		offset;
} Aside;

/* A column of the row that the record itself holds: its place from 0, or NOWHERE if it is not wanted; its type */
typedef struct HeldColumn
{
	int			place;
	Oid			type;
} HeldColumn;

#define NOWHERE (-1)

struct HashedRows
{
	MemoryContext memory;		/* of all this */
	int			person;			/* places in the row, from 0 */
	Oid			person_type;
	bool		text_persons;
	int			seq;			/* NOWHERE: ORDER BY has none */
	HeldColumn	held_person;	/* wanted columns */
	HeldColumn	held_ordered_at;
	HeldColumn	held_seq;
	int			n_passed;
	int		   *passed;			/* places in the row */
	TupleTableSlot *tuple;		/* of the passed columns */
	char	   *aligned;		/* the tuple of the record at hand */
	uint32		aligned_size;
	Profiles   *profiles;
	Dictionary	long_names;
	bool		keyed;			/* some person is not simply a number */
	bool		no_seqs;		/* some record is TAIL_NO_SEQ */
	Runs	   *runs;
	BufFile    *aside;			/* NULL: no tuple was too long */
	int64		most;			/* bytes in memory */
	/* coming out */
	PlanHint   *hints;			/* by profile; NULL: nothing has come out yet */
	SortedRun	sorted;
	int			run;			/* that is sorted; the next one after -1 is the first */
	int64		entry;			/* the next one */
	int64		next_person;
	char		record[MAX_RECORD + MAX_TAIL];
};

/* ---- columns ---- */

/* Does a record tell the value of a column of this type? */
static bool
IsHeld(const HashedRows *rows, int place, int ordered_at, Oid type)
{
	return place == rows->person || (place == ordered_at && type == TIMESTAMPOID) || (place == rows->seq && type == INT8OID);
}

/* Which wanted columns the record holds, and which are passed on as a tuple */
static void
ChooseColumns(HashedRows *rows, TupleDesc desc, int ordered_at, const Bitmapset *wanted)
{
	TupleDesc	passed;
	int			column = -1;

	rows->held_person.place = rows->held_ordered_at.place = rows->held_seq.place = NOWHERE;
	rows->passed = palloc(desc->natts * sizeof(int));
	while ((column = bms_next_member(wanted, column)) >= 0)
	{
		int			place = column - 1;
		HeldColumn	held = {place, TupleDescAttr(desc, place)->atttypid};

		if (!IsHeld(rows, place, ordered_at, held.type))
			rows->passed[rows->n_passed++] = place;
		else if (place == rows->person)
			rows->held_person = held;
		else if (place == ordered_at)
			rows->held_ordered_at = held;
		else
			rows->held_seq = held;
	}
	if (rows->n_passed == 0)
		return;
	passed = CreateTemplateTupleDesc(rows->n_passed);
	for (int i = 0; i < rows->n_passed; i++)
		TupleDescCopyEntry(passed, (AttrNumber) (i + 1), desc, (AttrNumber) (rows->passed[i] + 1));
	rows->tuple = MakeSingleTupleTableSlot(passed, &TTSOpsMinimalTuple);
}

HashedRows *
NewHashedRows(MemoryContext parent, TupleDesc desc, int person, const List *order, const Bitmapset *wanted)
{
	MemoryContext memory = AllocSetContextCreate(parent, "assistance settle", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	HashedRows *rows = palloc0(sizeof(HashedRows));

	rows->memory = memory;
	rows->person = person - 1;
	rows->person_type = TupleDescAttr(desc, rows->person)->atttypid;
	rows->text_persons = rows->keyed = rows->person_type != INT8OID && rows->person_type != INT4OID;
	rows->seq = list_length(order) > 1 ? lsecond_int(order) - 1 : NOWHERE;
	ChooseColumns(rows, desc, linitial_int(order) - 1, wanted);
	rows->profiles = NewProfiles(memory);
	DictionaryInit(&rows->long_names, memory);
	rows->runs = NewRuns(memory, (Size) (work_mem * hash_mem_multiplier) * 1024);
	SortedRunInit(&rows->sorted, memory);
	rows->run = -1;
	MemoryContextSwitchTo(old);
	return rows;
}

/* ---- coming in ---- */

/* The key of a person by text: the text itself, or the number of one that is too long */
static int
PutName(HashedRows *rows, Datum value, char *key)
{
	const text *name = DatumGetTextPP(value);
	const char *bytes = VARDATA_ANY(name);
	int			length = VARSIZE_ANY_EXHDR(name);
	uint32		number;

	if (likely(length < MAX_PERSON_KEY))
	{
		key[0] = PERSON_NAME;
		memcpy(key + 1, bytes, length);
		return length + 1;
	}
	number = DictionaryNumber(&rows->long_names, HashBytes(0, bytes, length), bytes, length, NULL);
	key[0] = PERSON_LONG;
	memcpy(key + 1, &number, sizeof(number));
	return 1 + (int) sizeof(number);
}

/* The number of a person, and its key if it has one: 0 or the length */
static inline int64
PersonOf(HashedRows *rows, const TupleTableSlot *row, char *key, int *key_length)
{
	Datum		value = row->tts_values[rows->person];

	if (unlikely(row->tts_isnull[rows->person]))
	{
		rows->keyed = true;
		key[0] = PERSON_NULL;
		*key_length = 1;
	}
	else if (!rows->text_persons)
		return rows->person_type == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
	else
		*key_length = PutName(rows, value, key);
	return (int64) HashBytes(0, key, *key_length);
}

/* A tuple that is too long for a record */
static Aside
PutAside(HashedRows *rows, MinimalTuple tuple)
{
	MemoryContext old = MemoryContextSwitchTo(rows->memory);
	Aside		aside = {.length = tuple->t_len};

	if (rows->aside == NULL)
		rows->aside = BufFileCreateTemp(false);
	BufFileTell(rows->aside, &aside.file_number, &aside.offset);
	BufFileWrite(rows->aside, tuple, tuple->t_len);
	MemoryContextSwitchTo(old);
	return aside;
}

/* Append the passed columns and how long they are */
static int
AppendTuple(HashedRows *rows, const TupleTableSlot *row, char *record, int length, uint8 *tail)
{
	TupleTableSlot *slot = rows->tuple;
	MinimalTuple tuple;
	uint16		tuple_length;

	for (int i = 0; i < rows->n_passed; i++)
	{
		slot->tts_values[i] = row->tts_values[rows->passed[i]];
		slot->tts_isnull[i] = row->tts_isnull[rows->passed[i]];
	}
	tuple = FormMinimalTuple(slot->tts_tupleDescriptor, slot->tts_values, slot->tts_isnull);
	*tail |= TAIL_TUPLE;
	if (unlikely(tuple->t_len > MAX_TUPLE))
	{
		Aside		aside = PutAside(rows, tuple);

		*tail |= TAIL_ASIDE;
		tuple_length = sizeof(aside);
		memcpy(record + length, &aside, tuple_length);
	}
	else
	{
		tuple_length = (uint16) tuple->t_len;
		memcpy(record + length, tuple, tuple_length);
	}
	memcpy(record + length + tuple_length, &tuple_length, sizeof(tuple_length));
	return length + tuple_length + (int) sizeof(tuple_length);
}

void
HashedAdd(HashedRows *rows, const TupleTableSlot *row, Datum bill)
{
	char		key[MAX_PERSON_KEY];
	int			key_length = 0;
	int64		person = PersonOf(rows, row, key, &key_length);
	int			length = RecordWrite(rows->profiles, person, key, key_length, bill, rows->record);
	uint8		tail = 0;
	uint16		whole;

	if (rows->n_passed > 0)
		length = AppendTuple(rows, row, rows->record, length, &tail);
	if (rows->seq != NOWHERE && unlikely(row->tts_isnull[rows->seq]))
	{
		rows->no_seqs = true;
		tail |= TAIL_NO_SEQ;
	}
	rows->record[length] = (char) tail;
	whole = (uint16) (length + 1);
	memcpy(rows->record, &whole, sizeof(whole));
	RunsAdd(rows->runs, Mix((uint64) person), rows->record, whole);
	rows->most = Max(rows->most, (int64) rows->runs->used);
}

/* ---- coming out ---- */

static inline uint8
TailOf(const char *record)
{
	return (uint8) record[RecordLength(record) - 1];
}

/* How long the part behind the bill is */
static inline int
TailLength(const char *record, uint8 tail)
{
	uint16		tuple_length;

	if (!(tail & TAIL_TUPLE))
		return 1;
	memcpy(&tuple_length, record + RecordLength(record) - 1 - sizeof(tuple_length), sizeof(tuple_length));
	return tuple_length + (int) sizeof(tuple_length) + 1;
}

/* Among bills of one moment, those without seq to the end, where ORDER BY has them */
static void
MoveLast(SortedRun *run, int64 begin, int64 end)
{
	int64		kept = begin;
	int64		moved = 0;

	for (int64 i = begin; i < end; i++)
	{
		if (TailOf(run->entries[i].record) & TAIL_NO_SEQ)
			run->unsorted[moved++] = run->entries[i];
		else
			run->entries[kept++] = run->entries[i];
	}
	memcpy(&run->entries[kept], run->unsorted, moved * sizeof(Entry));
}

static void
PutNullsLast(SortedRun *run)
{
	for (int64 person = 0; person < run->n_persons; person++)
	{
		int64		end = run->first[person + 1];

		for (int64 i = run->first[person], next; i < end; i = next)
		{
			for (next = i + 1; next < end && run->entries[next].ordered_at == run->entries[i].ordered_at;)
				next++;
			if (next > i + 1)
				MoveLast(run, i, next);
		}
	}
}

/* The next run that has records; false: there is none */
static bool
NextRun(HashedRows *rows)
{
	do
	{
		CHECK_FOR_INTERRUPTS();
		if (++rows->run >= rows->runs->n_runs)
			return false;
	} while (RunRecords(rows->runs, rows->run) == 0);
	SortRun(&rows->sorted, rows->runs, rows->run, rows->keyed);
	if (rows->no_seqs)
		PutNullsLast(&rows->sorted);
	rows->entry = rows->next_person = 0;
	return true;
}

/* The person of a record */
static Datum
PersonDatum(const HashedRows *rows, const char *record, int64 number, bool *isnull)
{
	const char *key = RecordKey(record);
	const DictionaryEntry *long_name;
	uint32		name;

	*isnull = RecordKeyLength(record) > 0 && key[0] == PERSON_NULL;
	if (*isnull)
		return (Datum) 0;
	if (!rows->text_persons)
		return rows->person_type == INT4OID ? Int32GetDatum((int32) number) : Int64GetDatum(number);
	if (key[0] == PERSON_NAME)
		return PointerGetDatum(cstring_to_text_with_len(key + 1, RecordKeyLength(record) - 1));
	memcpy(&name, key + 1, sizeof(name));
	long_name = &rows->long_names.entries[name];
	return PointerGetDatum(cstring_to_text_with_len(long_name->key, long_name->length));
}

/* The wanted columns that the record holds */
static inline void
FillHeld(const HashedRows *rows, const char *record, uint8 tail, TupleTableSlot *row)
{
	RecordHead	head;

	RecordReadHead(record, &head);
	if (rows->held_person.place != NOWHERE)
		row->tts_values[rows->held_person.place] = PersonDatum(rows, record, head.person, &row->tts_isnull[rows->held_person.place]);
	if (rows->held_ordered_at.place != NOWHERE)
	{
		row->tts_values[rows->held_ordered_at.place] = TimestampGetDatum(head.ordered_at);
		row->tts_isnull[rows->held_ordered_at.place] = false;
	}
	if (rows->held_seq.place != NOWHERE)
	{
		row->tts_values[rows->held_seq.place] = Int64GetDatum(head.seq);
		row->tts_isnull[rows->held_seq.place] = (tail & TAIL_NO_SEQ) != 0;
	}
}

/* The tuple of a record at an aligned place */
static MinimalTuple
TakeTuple(HashedRows *rows, const char *at, uint8 tail, int length)
{
	Aside		aside = {.length = (uint32) length};

	if (tail & TAIL_ASIDE)
		memcpy(&aside, at, sizeof(aside));
	if (aside.length > rows->aligned_size)
	{
		if (rows->aligned != NULL)
			pfree(rows->aligned);
		rows->aligned_size = aside.length * 2;
		rows->aligned = MemoryContextAllocHuge(rows->memory, rows->aligned_size);
	}
	if (!(tail & TAIL_ASIDE))
		memcpy(rows->aligned, at, length);
	else
		ReadBack(rows->aside, aside.file_number, aside.offset, rows->aligned, aside.length);
	return (MinimalTuple) rows->aligned;
}

/* The wanted columns that were passed on */
static void
FillPassed(HashedRows *rows, const char *at, uint8 tail, int length, TupleTableSlot *row)
{
	ExecStoreMinimalTuple(TakeTuple(rows, at, tail, length), rows->tuple, false);
	slot_getallattrs(rows->tuple);
	for (int i = 0; i < rows->n_passed; i++)
	{
		row->tts_values[rows->passed[i]] = rows->tuple->tts_values[i];
		row->tts_isnull[rows->passed[i]] = rows->tuple->tts_isnull[i];
	}
}

/* Settle a bill of a record, which for that ends where its tail begins */
static inline void
SettleRecord(HashedRows *rows, SettleCall *call, char *record, uint16 bare)
{
	uint16		whole = (uint16) RecordLength(record);
	const Bill *bill;
	uint32		profile;
	Fault		fault;
	Status		status;

	memcpy(record, &bare, sizeof(bare));
	bill = RecordBill(rows->profiles, record, &profile);
	memcpy(record, &whole, sizeof(whole));
	if (likely(profile != NO_PROFILE))
		status = SettleAlike(call->fold, bill, &rows->hints[profile], &call->split, &fault);
	else
		status = SettleStep(call->fold, bill, &call->split, NULL, &fault);
	if (unlikely(status != ST_OK))
		RefuseBill(&fault, bill);
}

/* The hints belong to the book, which stays the same while rows come out, and to the profiles, of which there will be no more. */
static inline void
StartOut(HashedRows *rows)
{
	if (unlikely(rows->hints == NULL))
		rows->hints = MemoryContextAllocZero(rows->memory, Max(1, rows->profiles->keys.n) * sizeof(PlanHint));
}

bool
HashedNext(HashedRows *rows, SettleCall *call, TupleTableSlot *row)
{
	SortedRun  *run = &rows->sorted;
	const Entry *entry;
	char	   *record;
	uint8		tail;
	int			tail_length;

	StartOut(rows);
	if ((rows->run < 0 || rows->entry == run->n) && !NextRun(rows))
		return false;
	entry = &run->entries[rows->entry];
	if (likely(rows->entry + AHEAD < run->n))
		__builtin_prefetch(entry[AHEAD].record);
	if (rows->entry == run->first[rows->next_person])
	{
		FoldPerson(call->fold);
		rows->next_person++;
	}
	rows->entry++;
	record = (char *) entry->record;
	tail = TailOf(record);
	tail_length = TailLength(record, tail);
	SettleRecord(rows, call, record, (uint16) (RecordLength(record) - tail_length));
	FillHeld(rows, record, tail, row);
	if (rows->n_passed > 0)
		FillPassed(rows, record + RecordLength(record) - tail_length, tail, tail_length - 1 - (int) sizeof(uint16), row);
	return true;
}

void
HashedRewind(HashedRows *rows)
{
	rows->run = -1;
}

void
HashedClose(HashedRows *rows)
{
	RunsClose(rows->runs);
	if (rows->aside != NULL)
		BufFileClose(rows->aside);
	if (rows->tuple != NULL)
		ExecDropSingleTupleTableSlot(rows->tuple);
	MemoryContextDelete(rows->memory);
}

void
HashedSizes(const HashedRows *rows, int64 *memory, int64 *disk)
{
	*memory = rows->most;
	*disk = rows->runs->spilled;
}
