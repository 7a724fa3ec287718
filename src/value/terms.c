/*
 * terms.c — assistance.terms as an SQL type: text, binary and JSON forms, digest, equality. What a document may say is decided
 * by CompileBook; books that calls keep open are in book.c.
 */
#include "postgres.h"

#include "errors.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "value/terms.h"

#define TERMS_WIRE_VERSION 1

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

/* The value of a document; NULL after a soft error. */
static TermsValue *
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
		return NULL;
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
		return NULL;
	}
	SET_VARSIZE(terms, TERMS_HEADER + canonical_length);
	SetDigest(terms);
	return terms;
}

PG_FUNCTION_INFO_V1(assistance_terms_in);
Datum
assistance_terms_in(PG_FUNCTION_ARGS)
{
	char	   *json = PG_GETARG_CSTRING(0);
	TermsValue *terms = TermsFromText(json, strlen(json), fcinfo->context);

	if (terms == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(terms);
}

PG_FUNCTION_INFO_V1(assistance_terms_out);
Datum
assistance_terms_out(PG_FUNCTION_ARGS)
{
	TermsValue *terms = DatumGetTerms(PG_GETARG_DATUM(0));

	PG_RETURN_CSTRING(pnstrdup(terms->document, TermsDocumentLength(terms)));
}

PG_FUNCTION_INFO_V1(assistance_terms_recv);
Datum
assistance_terms_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	char	   *json;
	int			length;

	if (pq_getmsgint(message, 2) != TERMS_WIRE_VERSION)
		RefuseDamaged("terms");
	json = pq_getmsgtext(message, message->len - message->cursor, &length);
	PG_RETURN_POINTER(TermsFromText(json, length, NULL));
}

PG_FUNCTION_INFO_V1(assistance_terms_send);
Datum
assistance_terms_send(PG_FUNCTION_ARGS)
{
	TermsValue *terms = DatumGetTerms(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint16(&message, TERMS_WIRE_VERSION);
	pq_sendtext(&message, terms->document, TermsDocumentLength(terms));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

PG_FUNCTION_INFO_V1(assistance_terms_from_json);
Datum
assistance_terms_from_json(PG_FUNCTION_ARGS)
{
	text	   *json = PG_GETARG_TEXT_PP(0);

	PG_RETURN_POINTER(TermsFromText(VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json), NULL));
}

PG_FUNCTION_INFO_V1(assistance_terms_to_json);
Datum
assistance_terms_to_json(PG_FUNCTION_ARGS)
{
	TermsValue *terms = DatumGetTerms(PG_GETARG_DATUM(0));

	PG_RETURN_TEXT_P(cstring_to_text_with_len(terms->document, TermsDocumentLength(terms)));
}

PG_FUNCTION_INFO_V1(assistance_terms_to_jsonb);
Datum
assistance_terms_to_jsonb(PG_FUNCTION_ARGS)
{
	TermsValue *terms = DatumGetTerms(PG_GETARG_DATUM(0));
	char	   *json = pnstrdup(terms->document, TermsDocumentLength(terms));

	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(json)));
}

PG_FUNCTION_INFO_V1(assistance_terms_digest);
Datum
assistance_terms_digest(PG_FUNCTION_ARGS)
{
	TermsValue *terms = DatumGetTerms(PG_GETARG_DATUM(0));

	PG_RETURN_BYTEA_P(cstring_to_text_with_len((const char *) terms->digest, DIGEST_BYTES));
}

PG_FUNCTION_INFO_V1(assistance_terms_eq);
Datum
assistance_terms_eq(PG_FUNCTION_ARGS)
{
	TermsValue *a = DatumGetTerms(PG_GETARG_DATUM(0));
	TermsValue *b = DatumGetTerms(PG_GETARG_DATUM(1));

	PG_RETURN_BOOL(memcmp(a->digest, b->digest, DIGEST_BYTES) == 0);
}

PG_FUNCTION_INFO_V1(assistance_terms_ne);
Datum
assistance_terms_ne(PG_FUNCTION_ARGS)
{
	TermsValue *a = DatumGetTerms(PG_GETARG_DATUM(0));
	TermsValue *b = DatumGetTerms(PG_GETARG_DATUM(1));

	PG_RETURN_BOOL(memcmp(a->digest, b->digest, DIGEST_BYTES) != 0);
}

PG_FUNCTION_INFO_V1(assistance_terms_hash);
Datum
assistance_terms_hash(PG_FUNCTION_ARGS)
{
	TermsValue *terms = DatumGetTerms(PG_GETARG_DATUM(0));
	uint32		hash;

	memcpy(&hash, terms->digest, sizeof(hash));
	PG_RETURN_UINT32(hash);
}
