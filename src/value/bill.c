/*
 * bill.c — assistance.bill as an SQL type: text, binary and JSON forms. make_bill is in make_bill.c, the stored form in
 * bill_binary.c; what a bill may say is decided by CheckBill.
 */
#include "postgres.h"

#include "errors.h"
#include "value/bill.h"
#include "value/bytes.h"
#include "value/make_bill.h"
#include "value/value.h"

void
DatumGetBill(Datum value, Bill *bill)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);

	if (unlikely(!BillDecode(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), bill)))
		RefuseDamaged("bill");
}

static Datum
BillGetDatum(const Bill *bill)
{
	char		bytes[BILL_MAX_BYTES];
	int			length = BillEncode(bill, bytes);
	struct varlena *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), bytes, length);
	return PointerGetDatum(value);
}

/* ---- a bill that has just been made ---- */

/* Its stored form, written once; returns the length. */
static Size
MadeBillSize(ExpandedObjectHeader *header)
{
	MadeBill   *made = (MadeBill *) header;

	if (made->length == 0)
	{
		made->length = VARHDRSZ + BillEncode(&made->bill, made->stored + VARHDRSZ);
		SET_VARSIZE(made->stored, made->length);
	}
	return made->length;
}

static void
FlattenMadeBill(ExpandedObjectHeader *header, void *result, Size size)
{
	Assert(size == ((MadeBill *) header)->length);
	memcpy(result, ((MadeBill *) header)->stored, size);
}

const ExpandedObjectMethods made_bill_methods = {MadeBillSize, FlattenMadeBill};

MadeBill *
NewMadeBill(MemoryContext memory)
{
	MadeBill   *made = MemoryContextAlloc(memory, sizeof(MadeBill));

	EOH_init_header(&made->header, &made_bill_methods, memory);
	made->maker = 0;
	made->alike = 0;
	return made;
}

const Bill *
BillOfDatum(Datum value, Bill *bill)
{
	MadeBill   *made = MadeBillOf(value);

	if (likely(made != NULL))
		return &made->bill;
	DatumGetBill(value, bill);
	return bill;
}

/* ---- the order of members: that of their names ---- */

static int
ComparePart(const void *a, const void *b)
{
	return CompareCodes(((const BillPart *) a)->name, ((const BillPart *) b)->name);
}

static int
CompareGiven(const void *a, const void *b)
{
	return CompareCodes(((const Given *) a)->layer, ((const Given *) b)->layer);
}

static int
CompareFact(const void *a, const void *b)
{
	return CompareCodes(((const BillFact *) a)->name, ((const BillFact *) b)->name);
}

/* Members of a JSON object have no order, so equal bills have theirs in the same one. */
void
SortMembers(Bill *bill)
{
	qsort(bill->parts, bill->n_parts, sizeof(BillPart), ComparePart);
	qsort(bill->given, bill->n_given, sizeof(Given), CompareGiven);
	qsort(bill->facts, bill->n_facts, sizeof(BillFact), CompareFact);
}

/* ---- forms ---- */

Datum
BillFromText(const char *json, size_t length, Node *escontext)
{
	Datum		value;
	Fault		fault;
	Bill		bill;
	char	   *scratch;
	int			scratch_size;

	if (length > MAX_JSON_BYTES)
	{
		FaultFormat(&fault, ST_JSON_TOO_LARGE, "", "at most 262144 bytes", "%zu bytes", length);
		ReportFault(&fault, escontext);
		return (Datum) 0;
	}
	scratch_size = BillScratchNeeded((int) length);
	scratch = palloc(scratch_size);
	if (BillFromJson(json, (int) length, scratch, scratch_size, &bill, &fault) != ST_OK)
	{
		ReportFault(&fault, escontext);
		return (Datum) 0;
	}
	SortMembers(&bill);
	value = BillGetDatum(&bill);
	pfree(scratch);
	return value;
}

char *
BillText(const Bill *bill, int *length)
{
	int			size = 1024;
	char	   *json = palloc(size);

	*length = BillToJson(bill, json, size - 1);
	if (*length >= size)
	{
		size = *length + 1;
		pfree(json);
		json = palloc(size);
		*length = BillToJson(bill, json, size - 1);
	}
	json[*length] = '\0';
	return json;
}

static char *
StoredBillText(Datum value, int *length)
{
	Bill		bill;

	DatumGetBill(value, &bill);
	return BillText(&bill, length);
}

/* Equal bills have equal bytes: fields stand in one order, members in that of their names. */
static const ValueType bill_type = {"bill", BillFromText, StoredBillText, StoredKey};

VALUE_IN_OUT(bill);
VALUE_COMPARISONS(bill);
VALUE_FUNCTION(bill, from_json, ValueFromJson(&bill_type, fcinfo));
VALUE_FUNCTION(bill, from_jsonb, ValueFromJsonb(&bill_type, fcinfo));
VALUE_FUNCTION(bill, to_json, ValueToJson(&bill_type, fcinfo));
VALUE_FUNCTION(bill, to_jsonb, ValueToJsonb(&bill_type, fcinfo));
