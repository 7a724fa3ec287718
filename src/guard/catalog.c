/*
 * catalog.c — what the catalogs say about the names in the arguments of insurer_first: tables, columns, types, the unique index of
 * the bills. Writes the queries, in which every name and operator is qualified. Nothing here lasts: cache.c keeps it.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "guard/guard.h"
#include "nodes/value.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* The type whose comparison serves: a domain's base, text for varchar */
static Oid
PlainType(Oid type)
{
	Oid			base = getBaseType(type);

	return base == VARCHAROID ? TEXTOID : base;
}

static AttrNumber
ColumnOf(Oid table, const char *column)
{
	AttrNumber	attnum = get_attnum(table, column);

	if (attnum <= 0)
		RefuseArguments(psprintf("Table %s has no column %s.", get_rel_name(table), column),
						"Name a column as in SQL; quote it if it has capitals.");
	return attnum;
}

static void
RefuseType(Oid table, const char *column, Oid type, const char *expected)
{
	RefuseArguments(psprintf("Column %s of table %s is of type %s.", column, get_rel_name(table), format_type_be(type)),
					psprintf("Name a column of type %s.", expected));
}

/* Texts, enums and whole numbers serve as codes: what counts is how they print. */
static bool
IsCode(Oid type)
{
	Oid			base = getBaseType(type);
	char		category = TypeCategory(base);

	return category == TYPCATEGORY_STRING || category == TYPCATEGORY_ENUM ||
		base == INT2OID || base == INT4OID || base == INT8OID;
}

static void
CheckFieldType(const Guard *guard, Field field, const char *column, Oid type)
{
	Oid			base = getBaseType(type);

	switch (field)
	{
		case FIELD_CLAIM:
			break;
		case FIELD_REVERSES:
			if (PlainType(type) != guard->key_type)
				RefuseType(guard->firing, column, type, format_type_be(guard->key_type));
			break;
		case FIELD_AMOUNT:
			if (base != NUMERICOID)
				RefuseType(guard->firing, column, type, "numeric, in yuan");
			break;
		case FIELD_REVISION:
		case FIELD_PLACE:
			if (base != INT2OID && base != INT4OID && base != INT8OID)
				RefuseType(guard->firing, column, type, "smallint, integer or bigint");
			break;
		case FIELD_LAYER:
		case FIELD_KIND:
		case FIELD_STATE:
		case FIELD_ONLY:
			if (!IsCode(type))
				RefuseType(guard->firing, column, type, "text, varchar, an enum or a whole number");
			break;
	}
}

/* How bills are compared: by the default operator class of the type of their number */
static void
FillKey(Guard *guard, Oid type, Oid collation)
{
	TypeCacheEntry *entry;

	guard->key_type = PlainType(type);
	guard->key_collation = collation;
	entry = lookup_type_cache(guard->key_type, TYPECACHE_EQ_OPR | TYPECACHE_CMP_PROC_FINFO);
	if (!OidIsValid(entry->eq_opr) || !OidIsValid(entry->cmp_proc_finfo.fn_oid) || !OidIsValid(get_array_type(guard->key_type)))
		RefuseType(guard->firing, guard->words.column[FIELD_CLAIM], type, "text, bigint, uuid or another that can be sorted");
	fmgr_info_cxt(entry->cmp_proc_finfo.fn_oid, &guard->key_compare, guard->context);
	get_typlenbyvalalign(guard->key_type, &guard->key_length, &guard->key_by_value, &guard->key_align);
}

/* The columns of the firing table */
static void
FillFields(Guard *guard)
{
	for (int field = 0; field < N_FIELDS; field++)
	{
		const char *column = guard->words.column[field];
		Oid			type;
		Oid			collation;
		int32		typmod;
		Oid			out;
		bool		is_varlena;

		if (column == NULL)
			continue;
		guard->attnum[field] = ColumnOf(guard->firing, column);
		get_atttypetypmodcoll(guard->firing, guard->attnum[field], &type, &typmod, &collation);
		if (field == FIELD_CLAIM)
			FillKey(guard, type, collation);
		CheckFieldType(guard, field, column, type);
		getTypeOutputInfo(type, &out, &is_varlena);
		fmgr_info_cxt(out, &guard->out[field], guard->context);
	}
}

/* The table of the bills: without a schema, in that of the payments, whatever the search_path */
static Oid
BillTable(const Guard *guard)
{
	List	   *names = guard->words.bill;
	const char *name = llast(names);
	Oid			schema = list_length(names) == 2 ? LookupExplicitNamespace(linitial(names), true) :
		get_rel_namespace(guard->payments);
	Oid			table = OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
	char		kind;

	if (!OidIsValid(table))
		RefuseArguments(psprintf("Argument bill names table %s, which does not exist.", guard->words.bill_text),
						psprintf("Without a schema, a table of schema %s is meant; else write schema.table.",
								 get_namespace_name(get_rel_namespace(guard->payments))));
	kind = get_rel_relkind(table);
	if (kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE)
		RefuseArguments(psprintf("%s is no table.", guard->words.bill_text),
						"Name the table that holds the bills: their rows are locked.");
	return table;
}

/*
 * Does this index make sure that a bill is there once? A partitioned table cannot have a unique index on the key alone unless it is
 * partitioned by it: there the key comes first, the rest is what the partitions go by, and a bill that stands in two of them is
 * refused when it is paid (ReadLocked).
 */
static bool
IsUniqueOn(Oid index, AttrNumber attnum, bool partitioned)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	Form_pg_index form;
	bool		unique;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_index) GETSTRUCT(tuple);
	unique = form->indisunique && form->indimmediate && form->indisvalid && (form->indnkeyatts == 1 || partitioned) &&
		form->indkey.values[0] == attnum && heap_attisnull(tuple, Anum_pg_index_indpred, NULL);
	ReleaseSysCache(tuple);
	return unique;
}

static void
CheckUnique(Oid table, const char *column, AttrNumber attnum)
{
	Relation	relation = table_open(table, AccessShareLock);
	List	   *indexes = RelationGetIndexList(relation);
	bool		unique = false;
	ListCell   *cell;

	foreach(cell, indexes)
		unique |= IsUniqueOn(lfirst_oid(cell), attnum, relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE);
	table_close(relation, AccessShareLock);
	if (!unique)
		RefuseArguments(psprintf("Table %s has no unique index on %s alone.", get_rel_name(table), column),
						psprintf("CREATE UNIQUE INDEX ON %s (%s);", quote_identifier(get_rel_name(table)), quote_identifier(column)));
}

/* The columns of the bills */
static void
FillBill(Guard *guard)
{
	const GuardWords *words = &guard->words;
	AttrNumber	key;
	Oid			type;

	guard->bill = BillTable(guard);
	key = ColumnOf(guard->bill, words->bill_key);
	type = get_atttype(guard->bill, key);
	if (PlainType(type) != guard->key_type)
		RefuseType(guard->bill, words->bill_key, type,
				   psprintf("%s, as column %s of the payments", format_type_be(guard->key_type), words->column[FIELD_CLAIM]));
	CheckUnique(guard->bill, words->bill_key, key);
	type = get_atttype(guard->bill, ColumnOf(guard->bill, words->bill_total));
	if (getBaseType(type) != NUMERICOID)
		RefuseType(guard->bill, words->bill_total, type, "numeric, in yuan");
	if (words->bill_reverses != NULL)
	{
		type = get_atttype(guard->bill, ColumnOf(guard->bill, words->bill_reverses));
		if (PlainType(type) != guard->key_type)
			RefuseType(guard->bill, words->bill_reverses, type,
					   psprintf("%s, as column %s", format_type_be(guard->key_type), words->bill_key));
	}
	if (words->bill_chain == NULL)
		return;
	type = get_atttype(guard->bill, ColumnOf(guard->bill, words->bill_chain));
	if (getBaseType(type) != TEXTOID && getBaseType(type) != VARCHAROID)
		RefuseType(guard->bill, words->bill_chain, type, "text");
}

static char *
TableName(Oid table)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(table)), get_rel_name(table));
}

/* The operator that compares keys, written out */
static char *
KeyOperator(const Guard *guard)
{
	Oid			equal = lookup_type_cache(guard->key_type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(equal));
	Form_pg_operator form;
	char	   *text;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", equal);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	text = psprintf("OPERATOR(%s.%s)", quote_identifier(get_namespace_name(form->oprnamespace)), NameStr(form->oprname));
	ReleaseSysCache(tuple);
	return text;
}

/* "table.column = $1" or "table.column = ANY ($1)" */
static char *
KeyTest(const Guard *guard, const char *table, const char *column, bool many)
{
	return psprintf("%s.%s %s %s", table, quote_identifier(column), KeyOperator(guard), many ? "ANY ($1)" : "$1");
}

/* The bills in a FROM: a plain table without its children, in which a key may come again */
static char *
BillsFrom(const Guard *guard)
{
	return psprintf("%s%s b", get_rel_relkind(guard->bill) == RELKIND_RELATION ? "ONLY " : "", TableName(guard->bill));
}

static char *
LockQuery(const Guard *guard, bool many)
{
	const GuardWords *words = &guard->words;
	const char *key = quote_identifier(words->bill_key);
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfo(&query, "SELECT b.%s, b.%s", key, quote_identifier(words->bill_total));
	if (words->bill_chain != NULL)
		appendStringInfo(&query, ", b.%s", quote_identifier(words->bill_chain));
	appendStringInfo(&query, " FROM %s WHERE %s", BillsFrom(guard), KeyTest(guard, "b", words->bill_key, many));
	if (many)
		appendStringInfo(&query, " ORDER BY b.%s", key);
	appendStringInfoString(&query, " FOR NO KEY UPDATE");
	return query.data;
}

static char *
ReversedQuery(const Guard *guard, bool many)
{
	const GuardWords *words = &guard->words;
	const char *reverses = quote_identifier(words->bill_reverses);

	return psprintf("SELECT b.%s, b.%s FROM %s WHERE %s AND b.%s IS NOT NULL", quote_identifier(words->bill_key), reverses,
					BillsFrom(guard), KeyTest(guard, "b", words->bill_key, many), reverses);
}

/* The columns of payments; reversed: where the bill stands that the payment's own bill takes back */
static void
AppendColumns(StringInfo query, Guard *guard, const char *reversed)
{
	int			column = 0;

	appendStringInfoString(query, "SELECT");
	for (int field = 0; field < N_FIELDS; field++)
	{
		if (guard->words.column[field] == NULL)
			continue;
		appendStringInfo(query, "%s p.%s", column == 0 ? "" : ",", quote_identifier(guard->words.column[field]));
		guard->result[field] = ++column;
	}
	if (guard->words.bill_reverses != NULL)
	{
		appendStringInfo(query, ", %s", reversed);
		guard->result_reversed = ++column;
	}
	if (guard->at_commit)
	{
		appendStringInfoString(query, ", p.xmin");
		guard->result_xmin = ++column;
	}
	appendStringInfo(query, " FROM %s p", TableName(guard->payments));
}

/* All payments of bills: their own, and those that take them back */
static char *
ReadQuery(Guard *guard, bool many)
{
	const GuardWords *words = &guard->words;
	const char *claim = words->column[FIELD_CLAIM];
	const char *reverses = words->column[FIELD_REVERSES];
	StringInfoData query;

	initStringInfo(&query);
	AppendColumns(&query, guard, psprintf("CAST(NULL AS %s)", format_type_be_qualified(guard->key_type)));
	appendStringInfo(&query, " WHERE %s", KeyTest(guard, "p", claim, many));
	if (reverses != NULL)
	{
		appendStringInfo(&query, " AND p.%s IS NULL UNION ALL ", quote_identifier(reverses));
		AppendColumns(&query, guard, NULL);
		appendStringInfo(&query, " WHERE %s", KeyTest(guard, "p", reverses, many));
	}
	if (words->bill_reverses != NULL)
	{
		appendStringInfoString(&query, " UNION ALL ");
		AppendColumns(&query, guard, psprintf("b.%s", quote_identifier(words->bill_reverses)));
		appendStringInfo(&query, " JOIN %s ON b.%s %s p.%s WHERE %s", BillsFrom(guard), quote_identifier(words->bill_key),
						 KeyOperator(guard), quote_identifier(claim), KeyTest(guard, "b", words->bill_reverses, many));
	}
	return query.data;
}

/* Does the function return rows of four columns? One that returns a named type is believed. */
static bool
ReturnsFour(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	TupleDesc	desc;
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		return false;
	desc = build_function_result_tupdesc_t(tuple);
	type = ((Form_pg_proc) GETSTRUCT(tuple))->prorettype;
	ReleaseSysCache(tuple);
	return desc != NULL ? desc->natts == 4 : type != RECORDOID && type_is_rowtype(type);
}

/* The function that argument caps names: of bills, in the schema of the payments unless it is qualified */
static char *
CapsFunction(const Guard *guard)
{
	Oid			type = get_array_type(guard->key_type);
	List	   *names = guard->words.caps;
	char	   *schema = list_length(names) == 2 ? linitial(names) : get_namespace_name(get_rel_namespace(guard->firing));
	char	   *name = llast(names);

	if (!ReturnsFour(LookupFuncName(list_make2(makeString(schema), makeString(name)), 1, &type, true)))
		RefuseArguments(psprintf("There is no function %s(%s) that returns rows of four columns.", guard->words.caps_text,
								 format_type_be(type)),
						"Name a function of an array of bills that returns rows (bill, layer, paid, room) of what is beyond a cap; "
						"assistance.beyond_caps knows the claims of a register.");
	return quote_qualified_identifier(schema, name);
}

/* What is beyond a cap: the first of it is enough */
static char *
CapsQuery(const Guard *guard, bool many)
{
	return psprintf("SELECT c.bill, c.layer, c.paid::pg_catalog.text, c.room::pg_catalog.text"
					" FROM %s(%s) c(bill, layer, paid, room) LIMIT 1", CapsFunction(guard), many ? "$1" : "ARRAY[$1]");
}

/* All payments of a bill must be in one place to be read. */
static void
FillPayments(Guard *guard, Relation firing)
{
	guard->firing = RelationGetRelid(firing);
	guard->payments = guard->firing;
	if (firing->rd_rel->relispartition)
		guard->payments = llast_oid(get_partition_ancestors(guard->firing));
	else if (has_superclass(guard->firing))
		RefuseArguments(psprintf("Table %s inherits from another table.", RelationGetRelationName(firing)),
						"Use a partitioned table: a bill's payments in other children would not be seen.");
}

void
FillGuard(Guard *guard, const TriggerData *data)
{
	FillPayments(guard, data->tg_relation);
	guard->at_commit = OidIsValid(data->tg_trigger->tgconstraint);
	ParseArguments(&guard->words, data->tg_trigger);
	FillFields(guard);
	FillBill(guard);
	guard->query[LOCK_ONE] = LockQuery(guard, false);
	guard->query[LOCK_MANY] = LockQuery(guard, true);
	guard->query[READ_ONE] = ReadQuery(guard, false);
	guard->query[READ_MANY] = ReadQuery(guard, true);
	if (guard->words.bill_reverses != NULL)
	{
		guard->query[REVERSED_ONE] = ReversedQuery(guard, false);
		guard->query[REVERSED_MANY] = ReversedQuery(guard, true);
	}
	if (guard->words.caps != NIL)
	{
		guard->query[CAPS_ONE] = CapsQuery(guard, false);
		guard->query[CAPS_MANY] = CapsQuery(guard, true);
	}
}
