-- assistance.bill: one medical bill as a value.

CREATE TYPE assistance.bill;

CREATE FUNCTION assistance.bill_in(bill cstring) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_in';
CREATE FUNCTION assistance.bill_out(bill assistance.bill) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_out';
CREATE FUNCTION assistance.bill_recv(message internal) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_recv';
CREATE FUNCTION assistance.bill_send(bill assistance.bill) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_send';
COMMENT ON FUNCTION assistance.bill_in(cstring) IS 'Text input of a bill: the JSON object of docs/policy-model.md, section 3. Amounts in yuan. Errors MA001 to MA009, MA101 to MA108.';
COMMENT ON FUNCTION assistance.bill_out(assistance.bill) IS 'Text output of a bill: a JSON object with amounts in yuan.';
COMMENT ON FUNCTION assistance.bill_recv(internal) IS 'Binary input of a bill: a 16-bit version (1), then the JSON object; checked like text.';
COMMENT ON FUNCTION assistance.bill_send(assistance.bill) IS 'Binary output of a bill: a 16-bit version (1), then the JSON object.';

CREATE TYPE assistance.bill (
	INPUT = assistance.bill_in, OUTPUT = assistance.bill_out,
	RECEIVE = assistance.bill_recv, SEND = assistance.bill_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE assistance.bill IS 'One medical bill: amounts by column and named part (yuan), its order key (ordered_at, seq), given layers, and the codes and facts that rules test. Made by assistance.make_bill, or from JSON. A bill that contradicts itself does not exist.';

CREATE FUNCTION assistance.bill(bill json) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_from_json';
CREATE FUNCTION assistance.bill(bill jsonb) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_from_jsonb';
CREATE FUNCTION assistance.to_json(bill assistance.bill) RETURNS json
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_to_json';
CREATE FUNCTION assistance.to_jsonb(bill assistance.bill) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_to_jsonb';
COMMENT ON FUNCTION assistance.bill(json) IS 'The bill of a JSON object (docs/policy-model.md, section 3). Amounts in yuan. Errors MA001 to MA009, MA101 to MA108.';
COMMENT ON FUNCTION assistance.bill(jsonb) IS 'The bill of a jsonb object. jsonb has already dropped duplicate keys silently; where the text is at hand, use json.';
COMMENT ON FUNCTION assistance.to_json(assistance.bill) IS 'The JSON object of a bill, amounts in yuan.';
COMMENT ON FUNCTION assistance.to_jsonb(assistance.bill) IS 'The bill as jsonb, to be queried; amounts in yuan.';

CREATE CAST (json AS assistance.bill) WITH FUNCTION assistance.bill(json);
CREATE CAST (jsonb AS assistance.bill) WITH FUNCTION assistance.bill(jsonb);
CREATE CAST (assistance.bill AS json) WITH FUNCTION assistance.to_json(assistance.bill);
CREATE CAST (assistance.bill AS jsonb) WITH FUNCTION assistance.to_jsonb(assistance.bill);

CREATE FUNCTION assistance.bill_eq(a assistance.bill, b assistance.bill) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_eq';
CREATE FUNCTION assistance.bill_ne(a assistance.bill, b assistance.bill) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_ne';
CREATE FUNCTION assistance.bill_lt(a assistance.bill, b assistance.bill) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_lt';
CREATE FUNCTION assistance.bill_le(a assistance.bill, b assistance.bill) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_le';
CREATE FUNCTION assistance.bill_ge(a assistance.bill, b assistance.bill) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_ge';
CREATE FUNCTION assistance.bill_gt(a assistance.bill, b assistance.bill) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_gt';
CREATE FUNCTION assistance.bill_cmp(a assistance.bill, b assistance.bill) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_cmp';
CREATE FUNCTION assistance.bill_hash(bill assistance.bill) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_bill_hash';
COMMENT ON FUNCTION assistance.bill_eq(assistance.bill, assistance.bill) IS 'Are the bills the same, field by field? Members of parts, given and facts in any order, codes of a list in theirs.';
COMMENT ON FUNCTION assistance.bill_ne(assistance.bill, assistance.bill) IS 'Do the bills differ in any field?';
COMMENT ON FUNCTION assistance.bill_lt(assistance.bill, assistance.bill) IS 'Is a before? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.bill_le(assistance.bill, assistance.bill) IS 'Is a before or equal? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.bill_ge(assistance.bill, assistance.bill) IS 'Is a after or equal? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.bill_gt(assistance.bill, assistance.bill) IS 'Is a after? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.bill_cmp(assistance.bill, assistance.bill) IS 'Below, at or above 0 as a comes before, with or after b. An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.bill_hash(assistance.bill) IS 'Hash of the stored bytes of a bill.';

CREATE OPERATOR assistance.= (LEFTARG = assistance.bill, RIGHTARG = assistance.bill, FUNCTION = assistance.bill_eq,
	COMMUTATOR = OPERATOR(assistance.=), NEGATOR = OPERATOR(assistance.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR assistance.<> (LEFTARG = assistance.bill, RIGHTARG = assistance.bill, FUNCTION = assistance.bill_ne,
	COMMUTATOR = OPERATOR(assistance.<>), NEGATOR = OPERATOR(assistance.=), RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR assistance.< (LEFTARG = assistance.bill, RIGHTARG = assistance.bill, FUNCTION = assistance.bill_lt,
	COMMUTATOR = OPERATOR(assistance.>), NEGATOR = OPERATOR(assistance.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR assistance.<= (LEFTARG = assistance.bill, RIGHTARG = assistance.bill, FUNCTION = assistance.bill_le,
	COMMUTATOR = OPERATOR(assistance.>=), NEGATOR = OPERATOR(assistance.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR assistance.>= (LEFTARG = assistance.bill, RIGHTARG = assistance.bill, FUNCTION = assistance.bill_ge,
	COMMUTATOR = OPERATOR(assistance.<=), NEGATOR = OPERATOR(assistance.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR assistance.> (LEFTARG = assistance.bill, RIGHTARG = assistance.bill, FUNCTION = assistance.bill_gt,
	COMMUTATOR = OPERATOR(assistance.<), NEGATOR = OPERATOR(assistance.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR assistance.= (assistance.bill, assistance.bill) IS 'the same bill, field by field';
COMMENT ON OPERATOR assistance.<> (assistance.bill, assistance.bill) IS 'bills that differ in some field';
COMMENT ON OPERATOR assistance.< (assistance.bill, assistance.bill) IS 'before, in the order of stored bytes';
COMMENT ON OPERATOR assistance.<= (assistance.bill, assistance.bill) IS 'before or equal, in the order of stored bytes';
COMMENT ON OPERATOR assistance.>= (assistance.bill, assistance.bill) IS 'after or equal, in the order of stored bytes';
COMMENT ON OPERATOR assistance.> (assistance.bill, assistance.bill) IS 'after, in the order of stored bytes';

CREATE OPERATOR CLASS assistance.bill_hash_ops DEFAULT FOR TYPE assistance.bill USING hash AS
	OPERATOR 1 assistance.= , FUNCTION 1 assistance.bill_hash(assistance.bill);
COMMENT ON OPERATOR CLASS assistance.bill_hash_ops USING hash IS 'bills by their stored bytes: DISTINCT, GROUP BY, hash joins';
CREATE OPERATOR CLASS assistance.bill_ops DEFAULT FOR TYPE assistance.bill USING btree AS
	OPERATOR 1 assistance.< , OPERATOR 2 assistance.<= , OPERATOR 3 assistance.= , OPERATOR 4 assistance.>= , OPERATOR 5 assistance.> ,
	FUNCTION 1 assistance.bill_cmp(assistance.bill, assistance.bill);
COMMENT ON OPERATOR CLASS assistance.bill_ops USING btree IS 'bills by their stored bytes: sorting, merge joins, unique indexes; the order has no meaning';

CREATE FUNCTION assistance.make_bill(
	total numeric DEFAULT NULL,
	in_scope numeric DEFAULT NULL,
	excluded numeric DEFAULT NULL,
	over_limit numeric DEFAULT NULL,
	first_share numeric DEFAULT NULL,
	region text DEFAULT NULL,
	scheme text DEFAULT NULL,
	ordered_at timestamp without time zone DEFAULT NULL,
	seq bigint DEFAULT NULL,
	kind text DEFAULT NULL,
	admitted_on date DEFAULT NULL,
	discharged_on date DEFAULT NULL,
	settled_on date DEFAULT NULL,
	care_type text DEFAULT NULL,
	level text DEFAULT NULL,
	referral text DEFAULT NULL,
	place text DEFAULT NULL,
	person_type text DEFAULT NULL,
	category text[] DEFAULT NULL,
	disease text[] DEFAULT NULL,
	designated boolean DEFAULT NULL,
	age integer DEFAULT NULL,
	hospital text DEFAULT NULL,
	encounter text DEFAULT NULL,
	encounter_total numeric DEFAULT NULL,
	chain text DEFAULT NULL,
	parts json DEFAULT NULL,
	given json DEFAULT NULL,
	facts json DEFAULT NULL
) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_make_bill';
COMMENT ON FUNCTION assistance.make_bill(numeric, numeric, numeric, numeric, numeric, text, text, timestamp, bigint, text, date, date, date, text, text, text, text, text, text[], text[], boolean, integer, text, text, numeric, text, json, json, json) IS
'A bill from columns of any table; write the arguments by name. Amounts in yuan with at most two decimals, total = excluded + over_limit + first_share + in_scope (a null column is 0). Needs total (but for events), region, scheme and ordered_at; a null attribute is "not known", an empty list "known to be none". parts, given and facts are JSON objects as in docs/policy-model.md, section 3. Errors: MA101 to MA108 for a bill that contradicts itself, 22003 for NaN, Infinity and more than 10000000000000 yuan, 22023 for more than two decimals, MA304 for an array that is no list.';

CREATE FUNCTION assistance.make_bill_fen(
	total bigint DEFAULT NULL,
	in_scope bigint DEFAULT NULL,
	excluded bigint DEFAULT NULL,
	over_limit bigint DEFAULT NULL,
	first_share bigint DEFAULT NULL,
	region text DEFAULT NULL,
	scheme text DEFAULT NULL,
	ordered_at timestamp without time zone DEFAULT NULL,
	seq bigint DEFAULT NULL,
	kind text DEFAULT NULL,
	admitted_on date DEFAULT NULL,
	discharged_on date DEFAULT NULL,
	settled_on date DEFAULT NULL,
	care_type text DEFAULT NULL,
	level text DEFAULT NULL,
	referral text DEFAULT NULL,
	place text DEFAULT NULL,
	person_type text DEFAULT NULL,
	category text[] DEFAULT NULL,
	disease text[] DEFAULT NULL,
	designated boolean DEFAULT NULL,
	age integer DEFAULT NULL,
	hospital text DEFAULT NULL,
	encounter text DEFAULT NULL,
	encounter_total bigint DEFAULT NULL,
	chain text DEFAULT NULL,
	parts json DEFAULT NULL,
	given json DEFAULT NULL,
	facts json DEFAULT NULL
) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_make_bill_fen';
COMMENT ON FUNCTION assistance.make_bill_fen(bigint, bigint, bigint, bigint, bigint, text, text, timestamp, bigint, text, date, date, date, text, text, text, text, text, text[], text[], boolean, integer, text, text, bigint, text, json, json, json) IS
'make_bill for tables that keep amounts as whole fen: the five columns and encounter_total are bigint, in fen; amounts inside parts, given and facts stay yuan. Everything else, and every check, is that of make_bill; 22003 above 1000000000000000 fen, which is 10000000000000 yuan.';
