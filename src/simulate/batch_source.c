/*
 * batch_source.c — the source of settle_batch: a table or one read-only SELECT, read once into runs of persons. A record is that of
 * the simulation, and behind it what is passed on from the source to the target.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "errors.h"
#include "executor/tuptable.h"
#include "lib/stringinfo.h"
#include "simulate/batch.h"
#include "simulate/batch_record.h"
#include "simulate/bytes.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"

/* Receives the rows of the source from the executor */
typedef struct Receiver
{
	DestReceiver dest;			/* first */
	BatchSource *source;
	MemoryContext row;
	int			n_passed;
	Datum	   *values;
	bool	   *nulls;
	char		record[MAX_RECORD + MAX_PASSED];
} Receiver;

StaticAssertDecl(MAX_RECORD + MAX_PASSED <= PG_UINT16_MAX, "the length of a record fits");

/* ---- its columns ---- */

/* Does the text begin like a query? */
static bool
IsQuery(const char *source)
{
	static const char *const words[] = {"select", "with", "values", "table"};
	const char *word = source + strspn(source, " \t\r\n(");

	for (int i = 0; i < lengthof(words); i++)
	{
		int			length = (int) strlen(words[i]);

		if (pg_strncasecmp(word, words[i], length) == 0 && word[length] != '\0' && strchr(" \t\r\n(*'\"", word[length]) != NULL)
			return true;
	}
	return false;
}

static SPIPlanPtr
PrepareQuery(const char *query)
{
	SPIPlanPtr	plan = SPI_prepare(query, 0, NULL);

	if (plan == NULL || !SPI_is_cursor_plan(plan))
		RefuseBatch("the source cannot be read", "another statement", "the name of a table, or one SELECT");
	return plan;
}

/* The columns of what it reads, as they are now */
static TupleDesc
PlanDesc(SPIPlanPtr plan)
{
	return linitial_node(CachedPlanSource, SPI_plan_get_plan_sources(plan))->resultDesc;
}

static int
FindSourceColumn(TupleDesc desc, const char *name)
{
	for (int i = 0; i < desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
			return i + 1;
	return 0;
}

/* Persons that can be told apart, under an English or the national name */
static void
FindPerson(BatchSource *source)
{
	static const char *const names[] = {"person", "person_id", "psn_no"};
	Settling   *settling = source->settling;
	Oid			type;

	for (int i = 0; i < lengthof(names) && source->person == 0; i++)
		source->person = FindSourceColumn(source->desc, names[i]);
	if (source->person == 0)
		RefuseBatch("the source has no persons", source->from, "a column person, person_id or psn_no of type bigint, integer or text");
	settling->person_type = type = TupleDescAttr(source->desc, source->person - 1)->atttypid;
	settling->text_persons = type == TEXTOID || type == VARCHAROID;
	if (!settling->text_persons && type != INT8OID && type != INT4OID)
		RefuseBatch("the persons of the source cannot be told apart", format_type_be(type),
					"a column person, person_id or psn_no of type bigint, integer or text");
}

/* Bills, unless the register settles */
static void
FindBill(BatchSource *source)
{
	if (source->settling->registers)
		return;
	source->bill = FindSourceColumn(source->desc, "bill");
	if (source->bill == 0 || !IsColumnOf(source->desc, source->bill - 1, "assistance.bill"))
		RefuseBatch("the source has no bills",
					source->bill == 0 ? "no column bill" : format_type_be(TupleDescAttr(source->desc, source->bill - 1)->atttypid),
					"a column bill of type assistance.bill, made by make_bill");
}

void
OpenSource(BatchSource *source, Settling *settling, const char *text)
{
	MemoryContext old;
	SPIPlanPtr	plan;

	memset(source, 0, sizeof(BatchSource));
	source->settling = settling;
	source->is_query = IsQuery(text);
	source->from = source->is_query ? psprintf("(%s\n)", text) :
		QualifiedName(DatumGetObjectId(DirectFunctionCall1(regclassin, CStringGetDatum(text))));
	plan = PrepareQuery(psprintf("SELECT * FROM %s batch_source", source->from));
	old = MemoryContextSwitchTo(settling->memory);
	source->from = pstrdup(source->from);
	source->desc = CreateTupleDescCopy(PlanDesc(plan));
	MemoryContextSwitchTo(old);
	SPI_freeplan(plan);
	FindPerson(source);
	FindBill(source);
}

/* ---- its rows ---- */

/* Append the passed columns to a record; returns its new length */
static int
AppendPassed(Receiver *receiver, TupleTableSlot *slot, char *record, int length)
{
	const Settling *settling = receiver->source->settling;
	int			first = settling->registers ? 1 : 2;
	TupleDesc	desc = settling->passed;
	MinimalTuple tuple;

	memcpy(receiver->values, slot->tts_values + first, desc->natts * sizeof(Datum));
	memcpy(receiver->nulls, slot->tts_isnull + first, desc->natts * sizeof(bool));
	for (int i = 0; i < desc->natts; i++)
		if (!receiver->nulls[i] && TupleDescAttr(desc, i)->attlen == -1)
			receiver->values[i] = PointerGetDatum(PG_DETOAST_DATUM_PACKED(receiver->values[i]));
	tuple = FormMinimalTuple(desc, receiver->values, receiver->nulls);
	if (tuple->t_len > MAX_PASSED)
		RefuseBatch("the columns passed on from the source are too long", psprintf("%u bytes in one row", tuple->t_len),
					"at most 32768 bytes in a row");
	return RecordAppend(record, length, tuple);
}

/* A record of a person without a bill */
static int
BareRecord(int64 person, char *record)
{
	uint32		widths = sizeof(person);

	memcpy(record + RECORD_WIDTHS, &widths, sizeof(widths));
	record[RECORD_KEY - 1] = 0;
	return (int) (PutBytes(record + RECORD_KEY, (uint64) person, sizeof(person)) - record);
}

/* The number of a person, or the hash of its key */
static int64
PersonNumber(const Settling *settling, Datum value, const char **key, int *key_length)
{
	text	   *name;

	if (!settling->text_persons)
		return settling->person_type == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
	name = DatumGetTextPP(value);
	*key = VARDATA_ANY(name);
	*key_length = VARSIZE_ANY_EXHDR(name);
	if (*key_length > MAX_PERSON_KEY)
		RefuseBatch("the key of a person is too long", psprintf("%d bytes", *key_length), "at most 255 bytes");
	return (int64) HashBytes(0, *key, *key_length);
}

/* One row: person, bill, what is passed on. Persons of chunks that are stored already are passed over. */
static bool
ReceiveRow(TupleTableSlot *slot, DestReceiver *self)
{
	Receiver   *receiver = (Receiver *) self;
	BatchSource *source = receiver->source;
	Settling   *settling = source->settling;
	MemoryContext old;
	const char *key = NULL;
	int			key_length = 0;
	int64		person;
	uint64		hash;

	slot_getallattrs(slot);
	if (slot->tts_isnull[0])
		RefuseNull("person");
	if (!settling->registers && slot->tts_isnull[1])
		RefuseNull("bill");
	person = PersonNumber(settling, slot->tts_values[0], &key, &key_length);
	hash = Mix((uint64) person);
	if (RunOf(settling->runs, hash) < source->skip_before)
		return true;
	old = MemoryContextSwitchTo(receiver->row);
	if (settling->passed == NULL && !settling->registers)
		RecordAdd(settling->profiles, settling->runs, hash, person, key, key_length, slot->tts_values[1], receiver->record);
	else
	{
		int			length = settling->registers ? BareRecord(person, receiver->record) :
			RecordWrite(settling->profiles, person, key, key_length, slot->tts_values[1], receiver->record);

		if (settling->passed != NULL)
			length = AppendPassed(receiver, slot, receiver->record, length);
		RunsAdd(settling->runs, hash, receiver->record, length);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(receiver->row);
	source->bills++;
	return true;
}

static void
CheckColumn(Form_pg_attribute now, Form_pg_attribute described)
{
	if (now->atttypid != described->atttypid || now->atttypmod != described->atttypmod)
		RefuseBatch("the columns of the source have changed",
					psprintf("%s of type %s, which was %s", NameStr(now->attname), format_type_with_typemod(now->atttypid, now->atttypmod),
							 format_type_with_typemod(described->atttypid, described->atttypmod)),
					"the same call again, which reads the source as it is now");
}

/*
 * Between OpenSource and the reading the call has committed: the columns of ReadStatement must still be of the types for which
 * those of the target were chosen.
 */
static void
CheckColumns(const BatchSource *source, TupleDesc now)
{
	const Settling *settling = source->settling;
	int			n = 0;

	CheckColumn(TupleDescAttr(now, n++), TupleDescAttr(source->desc, source->person - 1));
	if (!settling->registers)
		CheckColumn(TupleDescAttr(now, n++), TupleDescAttr(source->desc, source->bill - 1));
	for (int i = 0; settling->passed != NULL && i < settling->passed->natts; i++)
		CheckColumn(TupleDescAttr(now, n++), TupleDescAttr(settling->passed, i));
}

static void
Nothing(DestReceiver *self, int operation, TupleDesc desc)
{
}

static void
NothingMore(DestReceiver *self)
{
}

static Receiver *
NewReceiver(BatchSource *source)
{
	Receiver   *receiver = palloc0(sizeof(Receiver));

	receiver->dest.receiveSlot = ReceiveRow;
	receiver->dest.rStartup = Nothing;
	receiver->dest.rShutdown = NothingMore;
	receiver->dest.rDestroy = NothingMore;
	receiver->dest.mydest = DestTuplestore;
	receiver->source = source;
	if (source->settling->passed != NULL)
	{
		receiver->values = palloc(source->settling->passed->natts * sizeof(Datum));
		receiver->nulls = palloc(source->settling->passed->natts * sizeof(bool));
	}
	receiver->row = AllocSetContextCreate(CurrentMemoryContext, "assistance batch row", ALLOCSET_DEFAULT_SIZES);
	return receiver;
}

/* Only the columns that are needed */
static char *
ReadStatement(const BatchSource *source)
{
	const Settling *settling = source->settling;
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfo(&query, "SELECT batch_source.%s",
					 quote_identifier(NameStr(TupleDescAttr(source->desc, source->person - 1)->attname)));
	if (!settling->registers)
		appendStringInfoString(&query, ", batch_source.bill");
	for (int i = 0; settling->passed != NULL && i < settling->passed->natts; i++)
		appendStringInfo(&query, ", batch_source.%s", quote_identifier(NameStr(TupleDescAttr(settling->passed, i)->attname)));
	appendStringInfo(&query, " FROM %s batch_source", source->from);
	return query.data;
}

void
ReadSource(BatchSource *source)
{
	SPIPlanPtr	plan = PrepareQuery(ReadStatement(source));
	Receiver   *receiver = NewReceiver(source);
	SPIExecuteOptions options = {.read_only = true, .must_return_tuples = true, .dest = &receiver->dest};
	int			result;

	CheckColumns(source, PlanDesc(plan));
	PushActiveSnapshot(GetTransactionSnapshot());
	result = SPI_execute_plan_extended(plan, &options);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "reading the source of a batch: %s", SPI_result_code_string(result));
	PopActiveSnapshot();
	MemoryContextDelete(receiver->row);
	pfree(receiver);
	SPI_freeplan(plan);
}
