/*
 * terms.c — assistance.terms as an SQL type: text, binary and JSON forms, digest, equality. What a document may say is decided
 * by CompileBook; books that calls keep open are in book.c.
 */
#include "postgres.h"

#include "errors.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "value/terms.h"
#include "value/value.h"

TermsValue *
DatumGetTerms(Datum value)
{
	TermsValue *terms = (TermsValue *) PG_DETOAST_DATUM(value);

	if (VARSIZE(terms) < TERMS_HEADER || terms->format != TERMS_FORMAT)
		RefuseDamaged("terms");
	return terms;
}

/* SHA-256 of the document into the header. */
static void
SetDigest(TermsValue *terms)
{
	bytea	   *document = cstring_to_text_with_len(terms->document, TermsDocumentLength(terms));
	bytea	   *digest = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, PointerGetDatum(document)));

	Assert(VARSIZE_ANY_EXHDR(digest) == DIGEST_BYTES);
	memcpy(terms->digest, VARDATA_ANY(digest), DIGEST_BYTES);
	pfree(document);
	pfree(digest);
}

/* The value of a document; 0 after a soft error. */
static Datum
TermsFromText(const char *json, size_t length, Node *escontext)
{
	Fault		fault;
	Book		book;
	Status		status;
	int64		arena_size;
	char	   *arena;
	TermsValue *terms;
	int			canonical_length = 0;

	if (length > MAX_JSON_BYTES)
	{
		FaultFormat(&fault, ST_JSON_TOO_LARGE, "", "at most 262144 bytes", "%zu bytes", length);
		ReportFault(&fault, escontext);
		return (Datum) 0;
	}
	arena_size = ArenaNeeded((int) length);
	arena = palloc_extended(arena_size, MCXT_ALLOC_HUGE);
	terms = palloc(TERMS_HEADER + length);
	status = CompileBook(json, (int) length, arena, arena_size, &book, &fault);
	if (status == ST_OK)
	{
		terms->format = TERMS_FORMAT;
		terms->engine = (uint16) book.engine;
		status = CanonicalJson(json, (int) length, arena, arena_size, terms->document, &canonical_length, &fault);
	}
	pfree(arena);
	if (status != ST_OK)
	{
		ReportFault(&fault, escontext);
		return (Datum) 0;
	}
	SET_VARSIZE(terms, TERMS_HEADER + canonical_length);
	SetDigest(terms);
	return PointerGetDatum(terms);
}

static char *
TermsText(Datum value, int *length)
{
	TermsValue *terms = DatumGetTerms(value);

	*length = TermsDocumentLength(terms);
	return pnstrdup(terms->document, *length);
}

/* Only the header is fetched: documents are long. */
static ValueKey
TermsKey(Datum value)
{
	bool		extended = VARATT_IS_EXTENDED(DatumGetPointer(value));
	TermsValue *terms = (TermsValue *) (extended ? (Pointer) PG_DETOAST_DATUM_SLICE(value, 0, TERMS_HEADER - VARHDRSZ) :
										DatumGetPointer(value));

	if (VARSIZE(terms) < TERMS_HEADER || terms->format != TERMS_FORMAT)
		RefuseDamaged("terms");
	return (ValueKey) {(const char *) terms->digest, DIGEST_BYTES, extended ? terms : NULL};
}

static const ValueType terms_type = {"terms", TermsFromText, TermsText, TermsKey};

VALUE_IN_OUT(terms);
VALUE_COMPARISONS(terms);
VALUE_FUNCTION(terms, from_json, ValueFromJson(&terms_type, fcinfo));
VALUE_FUNCTION(terms, to_json, ValueToJson(&terms_type, fcinfo));
VALUE_FUNCTION(terms, to_jsonb, ValueToJsonb(&terms_type, fcinfo));

PG_FUNCTION_INFO_V1(assistance_terms_digest);
Datum
assistance_terms_digest(PG_FUNCTION_ARGS)
{
	ValueKey	key = TermsKey(PG_GETARG_DATUM(0));

	PG_RETURN_BYTEA_P(cstring_to_text_with_len(key.bytes, key.length));
}

/* Would terms of this document be refused? Asked where trying and catching an error would need a subtransaction. */
PG_FUNCTION_INFO_V1(assistance_is_terms);
Datum
assistance_is_terms(PG_FUNCTION_ARGS)
{
	text	   *json = PG_GETARG_TEXT_PP(0);
	int			length = (int) VARSIZE_ANY_EXHDR(json);
	int64		arena_size;
	char	   *arena;
	Fault		fault;
	Book		book;
	Status		status;

	if (length > MAX_JSON_BYTES)
		PG_RETURN_BOOL(false);
	arena_size = ArenaNeeded(length);
	arena = palloc_extended(arena_size, MCXT_ALLOC_HUGE);
	status = CompileBook(VARDATA_ANY(json), length, arena, arena_size, &book, &fault);
	pfree(arena);
	PG_RETURN_BOOL(status == ST_OK);
}
