/*
 * batch_columns.c — which column of a target takes what: by the names of assistance.split, by the names of the source's columns, by
 * those names of the national interface that mean one amount of a split wherever it is, or as the caller says.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "errors.h"
#include "simulate/batch.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define MAX_MAPPED 256
#define LEAVE "-"

/* "target column=what" as the caller wrote it */
typedef struct Mapped
{
	const char *target;
	const char *what;
	bool		used;
} Mapped;

typedef struct Matching
{
	BatchSource *source;
	Relation	target;
	int			n_mapped;
	Mapped		mapped[MAX_MAPPED];
	int			n_passed;
	int		   *passed;			/* numbers of source columns */
	bool	   *seen;			/* source columns that have a place */
} Matching;

static const char *const amount_name[SPLIT_AMOUNTS] = {
	"total", "basic", "critical", "supplementary", "assistance", "tilt", "emergency", "government", "other", "charity", "hospital",
	"patient", "adjustment", "recoverable"
};

/* national names of one meaning … */
static const char *const national_name[][2] = {
	{"psn_no", "person"}, {"setl_time", "ordered_at"}, {"medfee_sumamt", "total"}, {"hifp_pay", "basic"}, {"maf_pay", "assistance"},
	{"hosp_part_amt", "hospital"}, {"ownpay_hosp_part", "hospital"}
};

/* … and those that depend on the scheme or the region: what a fund pays for is for the caller to say */
static const char *const national_choice[] = {
	"hifmi_pay", "hifob_pay", "hifes_pay", "cvlserv_pay", "oth_pay", "othfund_pay", "fund_pay_sumamt", "psn_part_amt", "psn_pay"
};

/* ---- what the caller says ---- */

/* Keep "target column=what"; a column takes one thing */
static void
AddMapped(Matching *matching, const char *target, const char *what)
{
	for (int i = 0; i < matching->n_mapped; i++)
		if (strcmp(matching->mapped[i].target, target) == 0)
			RefuseBatch("a column of the target is named twice", psprintf("%s=%s and %s=%s", target, matching->mapped[i].what, target, what),
						psprintf("%s once; amounts are added up by '%s=total+basic'", target, target));
	matching->mapped[matching->n_mapped++] = (Mapped) {.target = target, .what = what};
}

static void
ReadMapping(Matching *matching, ArrayType *mapping)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (mapping == NULL)
		return;
	deconstruct_array(mapping, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	if (n > MAX_MAPPED)
		RefuseBatch("there are too many columns", psprintf("%d", n), "at most 256");
	for (int i = 0; i < n; i++)
	{
		char	   *item = nulls[i] ? pstrdup("") : TextDatumGetCString(elements[i]);
		char	   *equals = strchr(item, '=');

		if (equals == NULL || equals == item || equals[1] == '\0')
			RefuseBatch("the columns cannot be read", quote_literal_cstr(item),
						"elements like 'medfee_sumamt=total', 'paid=basic+critical', 'hospital_code=source.hospital' or 'note=-'");
		*equals = '\0';
		AddMapped(matching, item, equals + 1);
	}
}

static const char *
MappedTo(Matching *matching, const char *column)
{
	for (int i = 0; i < matching->n_mapped; i++)
	{
		if (strcmp(matching->mapped[i].target, column) != 0)
			continue;
		matching->mapped[i].used = true;
		return matching->mapped[i].what;
	}
	return NULL;
}

/* ---- what there is ---- */

/* The bits of amounts joined by +; 0: that is something else */
static uint32
AmountsOf(const char *what)
{
	uint32		amounts = 0;

	while (true)
	{
		int			length = (int) strcspn(what, "+");
		uint32		bit = 0;

		for (int i = 0; i < SPLIT_AMOUNTS; i++)
			if (strlen(amount_name[i]) == length && strncmp(amount_name[i], what, length) == 0)
				bit = 1u << i;
		if (bit == 0 || (amounts & bit) != 0)
			return 0;
		amounts |= bit;
		if (what[length] == '\0')
			return amounts;
		what += length + 1;
	}
}

/* Something of the bill or of its split; false: not such a name */
static bool
TakeOwn(const Settling *settling, BatchColumn *column, const char *what)
{
	column->typmod = -1;
	if (strcmp(what, "person") == 0)
	{
		column->kind = BATCH_PERSON;
		column->type = settling->text_persons ? TEXTOID : settling->person_type;
	}
	else if (strcmp(what, "ordered_at") == 0)
	{
		column->kind = BATCH_ORDERED_AT;
		column->type = TIMESTAMPOID;
	}
	else if (strcmp(what, "seq") == 0)
	{
		column->kind = BATCH_SEQ;
		column->type = INT8OID;
	}
	else if (strcmp(what, "lines") == 0)
	{
		column->kind = BATCH_LINES;
		column->type = DatumGetObjectId(DirectFunctionCall1(regtypein, CStringGetDatum("assistance.lines")));
	}
	else if ((column->amounts = AmountsOf(what)) != 0)
	{
		column->kind = BATCH_AMOUNT;
		column->type = NUMERICOID;
	}
	else
		return false;
	return true;
}

/* A column of the source; false: it has none of this name, or it is the one that holds the bills and nobody asked for it */
static bool
TakePassed(Matching *matching, BatchColumn *column, const char *name, bool asked_for)
{
	const BatchSource *source = matching->source;

	for (int i = 0; i < source->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(source->desc, i);

		if (strcmp(NameStr(attribute->attname), name) != 0 || (i + 1 == source->bill && !asked_for))
			continue;
		if (attribute->atttypid == UNKNOWNOID || attribute->atttypid == RECORDOID)
			RefuseBatch("a column of the source cannot be passed on", psprintf("%s of type %s", name, format_type_be(attribute->atttypid)),
						"a cast to the type of the target's column");
		column->kind = BATCH_PASSED;
		column->type = attribute->atttypid;
		column->typmod = attribute->atttypmod;
		column->passed = matching->n_passed;
		matching->passed[matching->n_passed++] = i;
		matching->seen[i] = true;
		return true;
	}
	return false;
}

/* What the caller asks for */
static void
TakeAsked(Matching *matching, BatchColumn *column, const char *what)
{
	static const char prefix[] = "source.";
	bool		of_source = strncmp(what, prefix, strlen(prefix)) == 0;
	const char *name = of_source ? what + strlen(prefix) : what;

	if (!of_source && !matching->source->settling->registers && TakeOwn(matching->source->settling, column, name))
		return;
	if (!TakePassed(matching, column, name, true))
		RefuseBatch("there is no such column to take", psprintf("%s=%s", column->name, what),
					"a column of the source, or person, ordered_at, seq, lines or amounts of assistance.split joined by +");
}

/* By the column's name; false: nothing has this name */
static bool
TakeByName(Matching *matching, BatchColumn *column)
{
	const Settling *settling = matching->source->settling;
	const char *person = NameStr(TupleDescAttr(matching->source->desc, matching->source->person - 1)->attname);

	if (settling->registers)
		return TakePassed(matching, column, strcmp(column->name, "person_id") == 0 ? person : column->name, false);
	if (TakeOwn(settling, column, column->name) || TakePassed(matching, column, column->name, false))
		return true;
	for (int i = 0; i < lengthof(national_name); i++)
		if (strcmp(national_name[i][0], column->name) == 0)
			return TakeOwn(settling, column, national_name[i][1]);
	for (int i = 0; i < lengthof(national_choice); i++)
		if (strcmp(national_choice[i], column->name) == 0)
			RefuseBatch("what a column of the target takes depends on the scheme and the region", column->name,
						psprintf("columns => ARRAY['%s=…'] with amounts of assistance.split joined by +, or '%s=-' to leave it out",
								 column->name, column->name));
	return false;
}

/* ---- the target ---- */

/* Is a value of ours one of the target's column as it is? */
static bool
FitsColumn(BatchColumn *column, Form_pg_attribute attribute)
{
	if (column->type != attribute->atttypid)
		return false;
	if (column->kind == BATCH_AMOUNT && attribute->atttypmod >= 0)
	{
		int32		typmod = attribute->atttypmod - VARHDRSZ;

		/* numeric(16,2) or wider; a sum may be wider still */
		if ((typmod >> 16 & 0xffff) < 16 || (typmod & 0xffff) != 2 || (column->amounts & (column->amounts - 1)) != 0)
			return false;
		column->typmod = attribute->atttypmod;
		return true;
	}
	return attribute->atttypmod == -1 || attribute->atttypmod == column->typmod;
}

static void
MatchColumn(Matching *matching, Form_pg_attribute attribute)
{
	Settling   *settling = matching->source->settling;
	BatchColumn column = {.number = attribute->attnum};
	const char *what;

	strlcpy(column.name, NameStr(attribute->attname), NAMEDATALEN);
	what = MappedTo(matching, column.name);
	if (what != NULL && strcmp(what, LEAVE) == 0)
		return;
	if (what != NULL)
		TakeAsked(matching, &column, what);
	else if (!TakeByName(matching, &column))
		return;
	column.fits = FitsColumn(&column, attribute);
	settling->columns[settling->n_columns++] = column;
}

/* Does the split of a bill bring it, whatever the source says? */
static bool
IsOwn(const Settling *settling, const char *name)
{
	BatchColumn column;

	return !settling->registers && TakeOwn(settling, &column, name);
}

/* Everything that was asked for must have its place: no column of money is dropped in silence. */
static void
CheckPlaces(Matching *matching)
{
	const BatchSource *source = matching->source;
	char	   *target = QualifiedName(RelationGetRelid(matching->target));

	for (int i = 0; i < matching->n_mapped; i++)
		if (!matching->mapped[i].used)
			RefuseBatch("the target has no such column", psprintf("%s, which %s lacks", matching->mapped[i].target, target),
						"names of columns of the target that are not generated before the =");
	for (int i = 0; i < source->desc->natts; i++)
	{
		const char *name = NameStr(TupleDescAttr(source->desc, i)->attname);

		if (matching->seen[i] || i + 1 == source->person || i + 1 == source->bill || IsOwn(source->settling, name) ||
			!(source->is_query || source->settling->registers))
			continue;
		RefuseBatch("the target has no column for one of the source", psprintf("%s, which %s lacks", name, target),
					psprintf("a SELECT without it, or columns => ARRAY['column of the target=source.%s']", name));
	}
}

/* Without the person nobody could tell whose row it is. */
static void
CheckPerson(const Matching *matching)
{
	const Settling *settling = matching->source->settling;
	char	   *target = QualifiedName(RelationGetRelid(matching->target));
	bool		has_person = settling->registers;
	bool		has_amount = settling->registers;

	for (int i = 0; i < settling->n_columns; i++)
	{
		const BatchColumn *column = &settling->columns[i];

		has_person |= column->kind == BATCH_PERSON ||
			(column->kind == BATCH_PASSED && matching->passed[column->passed] + 1 == matching->source->person);
		has_amount |= column->kind == BATCH_AMOUNT || column->kind == BATCH_LINES;
	}
	if (!has_person)
		RefuseBatch("the target has no column for the person", target,
					"columns person, ordered_at, seq, and amounts of assistance.split");
	if (!has_amount)
		RefuseBatch("the target has no column for an amount", target, "amounts of assistance.split, or lines");
}

static TupleDesc
PassedDesc(const Matching *matching)
{
	TupleDesc	desc;

	if (matching->n_passed == 0)
		return NULL;
	desc = CreateTemplateTupleDesc(matching->n_passed);
	for (int i = 0; i < matching->n_passed; i++)
		TupleDescCopyEntry(desc, i + 1, matching->source->desc, matching->passed[i] + 1);
	return desc;
}

void
MatchColumns(BatchSource *source, Relation target, ArrayType *mapping)
{
	Settling   *settling = source->settling;
	TupleDesc	desc = RelationGetDescr(target);
	MemoryContext old = MemoryContextSwitchTo(settling->memory);
	Matching   *matching = palloc0(sizeof(Matching));

	matching->source = source;
	matching->target = target;
	matching->passed = palloc(desc->natts * sizeof(int));
	matching->seen = palloc0(source->desc->natts * sizeof(bool));
	settling->columns = palloc(desc->natts * sizeof(BatchColumn));
	settling->n_columns = 0;
	ReadMapping(matching, mapping);
	for (int i = 0; i < desc->natts; i++)
		if (!TupleDescAttr(desc, i)->attisdropped && TupleDescAttr(desc, i)->attgenerated == '\0')
			MatchColumn(matching, TupleDescAttr(desc, i));
	CheckPlaces(matching);
	CheckPerson(matching);
	settling->passed = PassedDesc(matching);
	MemoryContextSwitchTo(old);
}
