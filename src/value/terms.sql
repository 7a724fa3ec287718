-- assistance.terms: a book of policy as one immutable value.

CREATE TYPE assistance.terms;

CREATE FUNCTION assistance.terms_in(document cstring) RETURNS assistance.terms
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'assistance_terms_in';
CREATE FUNCTION assistance.terms_out(terms assistance.terms) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_terms_out';
CREATE FUNCTION assistance.terms_recv(message internal) RETURNS assistance.terms
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'assistance_terms_recv';
CREATE FUNCTION assistance.terms_send(terms assistance.terms) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_terms_send';
COMMENT ON FUNCTION assistance.terms_in(cstring) IS 'Text input of terms: the JSON document of docs/policy-model.md. Errors MA001 to MA014 name the path to the fault and what was expected there.';
COMMENT ON FUNCTION assistance.terms_out(assistance.terms) IS 'Text output of terms: the canonical JSON document (keys in byte order, no white space).';
COMMENT ON FUNCTION assistance.terms_recv(internal) IS 'Binary input of terms: a 16-bit version (1), then the JSON document; checked like text. Errors MA001 to MA014, MA302.';
COMMENT ON FUNCTION assistance.terms_send(assistance.terms) IS 'Binary output of terms: a 16-bit version (1), then the canonical JSON document.';

CREATE TYPE assistance.terms (
	INPUT = assistance.terms_in, OUTPUT = assistance.terms_out,
	RECEIVE = assistance.terms_recv, SEND = assistance.terms_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = external
);
COMMENT ON TYPE assistance.terms IS 'A book of policy: pages by region, scheme and days, each with its layers, rules, bands, caps, modifiers and citations (docs/policy-model.md). Text form: JSON. Immutable, recognised by the SHA-256 of its canonical document.';

CREATE FUNCTION assistance.terms(document json) RETURNS assistance.terms
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'assistance_terms_from_json';
COMMENT ON FUNCTION assistance.terms(json) IS 'The terms of a JSON document. From json, not jsonb: jsonb silently keeps the last of duplicate keys, which are an error here. Errors MA001 to MA014.';

CREATE FUNCTION assistance.is_terms(document json) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'assistance_is_terms';
COMMENT ON FUNCTION assistance.is_terms(json) IS 'Would assistance.terms take this document? False where it would raise an error (MA001 to MA014).';

CREATE FUNCTION assistance.to_json(terms assistance.terms) RETURNS json
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_terms_to_json';
COMMENT ON FUNCTION assistance.to_json(assistance.terms) IS 'The canonical JSON document of terms.';

CREATE FUNCTION assistance.to_jsonb(terms assistance.terms) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'assistance_terms_to_jsonb';
COMMENT ON FUNCTION assistance.to_jsonb(assistance.terms) IS 'The document of terms as jsonb, to be queried.';

CREATE CAST (json AS assistance.terms) WITH FUNCTION assistance.terms(json);
CREATE CAST (assistance.terms AS json) WITH FUNCTION assistance.to_json(assistance.terms);
CREATE CAST (assistance.terms AS jsonb) WITH FUNCTION assistance.to_jsonb(assistance.terms);

CREATE FUNCTION assistance.terms_digest(terms assistance.terms) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_digest';
COMMENT ON FUNCTION assistance.terms_digest(assistance.terms) IS 'SHA-256 of the canonical document (32 bytes): equal digests are equal terms.';

CREATE FUNCTION assistance.terms_eq(a assistance.terms, b assistance.terms) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_eq';
CREATE FUNCTION assistance.terms_ne(a assistance.terms, b assistance.terms) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_ne';
CREATE FUNCTION assistance.terms_lt(a assistance.terms, b assistance.terms) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_lt';
CREATE FUNCTION assistance.terms_le(a assistance.terms, b assistance.terms) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_le';
CREATE FUNCTION assistance.terms_ge(a assistance.terms, b assistance.terms) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_ge';
CREATE FUNCTION assistance.terms_gt(a assistance.terms, b assistance.terms) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_gt';
CREATE FUNCTION assistance.terms_cmp(a assistance.terms, b assistance.terms) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_cmp';
CREATE FUNCTION assistance.terms_hash(terms assistance.terms) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_terms_hash';
COMMENT ON FUNCTION assistance.terms_eq(assistance.terms, assistance.terms) IS 'Are the canonical documents equal? Compares digests.';
COMMENT ON FUNCTION assistance.terms_ne(assistance.terms, assistance.terms) IS 'Are the canonical documents different? Compares digests.';
COMMENT ON FUNCTION assistance.terms_lt(assistance.terms, assistance.terms) IS 'Is a before? An order of digests, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.terms_le(assistance.terms, assistance.terms) IS 'Is a before or equal? An order of digests, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.terms_ge(assistance.terms, assistance.terms) IS 'Is a after or equal? An order of digests, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.terms_gt(assistance.terms, assistance.terms) IS 'Is a after? An order of digests, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.terms_cmp(assistance.terms, assistance.terms) IS 'Below, at or above 0 as a comes before, with or after b. An order of digests, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.terms_hash(assistance.terms) IS 'Hash of terms, of their digest.';

CREATE OPERATOR assistance.= (LEFTARG = assistance.terms, RIGHTARG = assistance.terms, FUNCTION = assistance.terms_eq,
	COMMUTATOR = OPERATOR(assistance.=), NEGATOR = OPERATOR(assistance.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR assistance.<> (LEFTARG = assistance.terms, RIGHTARG = assistance.terms, FUNCTION = assistance.terms_ne,
	COMMUTATOR = OPERATOR(assistance.<>), NEGATOR = OPERATOR(assistance.=), RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR assistance.< (LEFTARG = assistance.terms, RIGHTARG = assistance.terms, FUNCTION = assistance.terms_lt,
	COMMUTATOR = OPERATOR(assistance.>), NEGATOR = OPERATOR(assistance.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR assistance.<= (LEFTARG = assistance.terms, RIGHTARG = assistance.terms, FUNCTION = assistance.terms_le,
	COMMUTATOR = OPERATOR(assistance.>=), NEGATOR = OPERATOR(assistance.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR assistance.>= (LEFTARG = assistance.terms, RIGHTARG = assistance.terms, FUNCTION = assistance.terms_ge,
	COMMUTATOR = OPERATOR(assistance.<=), NEGATOR = OPERATOR(assistance.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR assistance.> (LEFTARG = assistance.terms, RIGHTARG = assistance.terms, FUNCTION = assistance.terms_gt,
	COMMUTATOR = OPERATOR(assistance.<), NEGATOR = OPERATOR(assistance.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR assistance.= (assistance.terms, assistance.terms) IS 'equal canonical documents';
COMMENT ON OPERATOR assistance.<> (assistance.terms, assistance.terms) IS 'different canonical documents';
COMMENT ON OPERATOR assistance.< (assistance.terms, assistance.terms) IS 'before, in the order of digests';
COMMENT ON OPERATOR assistance.<= (assistance.terms, assistance.terms) IS 'before or equal, in the order of digests';
COMMENT ON OPERATOR assistance.>= (assistance.terms, assistance.terms) IS 'after or equal, in the order of digests';
COMMENT ON OPERATOR assistance.> (assistance.terms, assistance.terms) IS 'after, in the order of digests';

CREATE OPERATOR CLASS assistance.terms_hash_ops DEFAULT FOR TYPE assistance.terms USING hash AS
	OPERATOR 1 assistance.= , FUNCTION 1 assistance.terms_hash(assistance.terms);
COMMENT ON OPERATOR CLASS assistance.terms_hash_ops USING hash IS 'terms by digest: DISTINCT, GROUP BY, hash joins';
CREATE OPERATOR CLASS assistance.terms_ops DEFAULT FOR TYPE assistance.terms USING btree AS
	OPERATOR 1 assistance.< , OPERATOR 2 assistance.<= , OPERATOR 3 assistance.= , OPERATOR 4 assistance.>= , OPERATOR 5 assistance.> ,
	FUNCTION 1 assistance.terms_cmp(assistance.terms, assistance.terms);
COMMENT ON OPERATOR CLASS assistance.terms_ops USING btree IS 'terms by digest: sorting, merge joins, unique indexes; the order has no meaning';
