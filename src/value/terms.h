/*
 * terms.h — the stored form of assistance.terms: a header that tells which document it is, then the canonical JSON.
 */
#ifndef ASSISTANCE_VALUE_TERMS_H
#define ASSISTANCE_VALUE_TERMS_H

#include "compat.h"
#include "core.h"

#define DIGEST_BYTES 32

/*
 * Format 1. Every released format stays readable. The stored form is never compressed (STORAGE external), so that a value that is
 * not toasted can be recognised by its digest where it lies.
 */
typedef struct TermsValue
{
	int32		vl_len_;
	uint16		format;
	uint16		engine;			/* engine level of the document */
	uint8		digest[DIGEST_BYTES];	/* SHA-256 of the document below */
	char		document[FLEXIBLE_ARRAY_MEMBER];	/* no final zero */
} TermsValue;

#define TERMS_HEADER offsetof(TermsValue, document)

static inline int
TermsDocumentLength(const TermsValue *terms)
{
	return (int) (VARSIZE(terms) - TERMS_HEADER);
}

/* The value with its header checked; detoasted, as short as it may be. */
extern TermsValue *DatumGetTerms(Datum value);

#endif
