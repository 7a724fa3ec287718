-- assistance.account: what one person carries from bill to bill.

CREATE TYPE assistance.account;

CREATE FUNCTION assistance.account_in(account cstring) RETURNS assistance.account
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_account_in';
CREATE FUNCTION assistance.account_out(account assistance.account) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_account_out';
CREATE FUNCTION assistance.account_recv(message internal) RETURNS assistance.account
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_account_recv';
CREATE FUNCTION assistance.account_send(account assistance.account) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_account_send';
COMMENT ON FUNCTION assistance.account_in(cstring) IS 'Text input of an account: the JSON that account_out writes. Amounts in yuan. Errors MA001 to MA014, MA201.';
COMMENT ON FUNCTION assistance.account_out(assistance.account) IS 'Text output of an account: canonical JSON, amounts in yuan. Equal accounts give equal texts.';
COMMENT ON FUNCTION assistance.account_recv(internal) IS 'Binary input of an account: a 16-bit version (1), then JSON; checked like text.';
COMMENT ON FUNCTION assistance.account_send(assistance.account) IS 'Binary output of an account: a 16-bit version (1), then canonical JSON.';

CREATE TYPE assistance.account (
	INPUT = assistance.account_in, OUTPUT = assistance.account_out,
	RECEIVE = assistance.account_recv, SEND = assistance.account_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE assistance.account IS 'What one person carries from bill to bill: open counters by name and period (cumulative bases, deductibles, caps, stays), the last order key and, where terms need them, earlier bills. A checkpoint to resume from; text form JSON, amounts in yuan.';

CREATE FUNCTION assistance.account(account json) RETURNS assistance.account
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_account_from_json';
CREATE FUNCTION assistance.account(account jsonb) RETURNS assistance.account
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_account_from_jsonb';
CREATE FUNCTION assistance.to_json(account assistance.account) RETURNS json
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_account_to_json';
CREATE FUNCTION assistance.to_jsonb(account assistance.account) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_account_to_jsonb';
COMMENT ON FUNCTION assistance.account(json) IS 'The account of a JSON object as to_json(account) writes it. Errors MA001 to MA014, MA201.';
COMMENT ON FUNCTION assistance.account(jsonb) IS 'The account of a jsonb object as to_jsonb(account) writes it. Errors MA001 to MA014, MA201.';
COMMENT ON FUNCTION assistance.to_json(assistance.account) IS 'The canonical JSON of an account, amounts in yuan.';
COMMENT ON FUNCTION assistance.to_jsonb(assistance.account) IS 'The account as jsonb, to be queried or stored; amounts in yuan.';

CREATE CAST (json AS assistance.account) WITH FUNCTION assistance.account(json);
CREATE CAST (jsonb AS assistance.account) WITH FUNCTION assistance.account(jsonb);
CREATE CAST (assistance.account AS json) WITH FUNCTION assistance.to_json(assistance.account);
CREATE CAST (assistance.account AS jsonb) WITH FUNCTION assistance.to_jsonb(assistance.account);

CREATE FUNCTION assistance.account_eq(a assistance.account, b assistance.account) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_eq';
CREATE FUNCTION assistance.account_ne(a assistance.account, b assistance.account) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_ne';
CREATE FUNCTION assistance.account_lt(a assistance.account, b assistance.account) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_lt';
CREATE FUNCTION assistance.account_le(a assistance.account, b assistance.account) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_le';
CREATE FUNCTION assistance.account_ge(a assistance.account, b assistance.account) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_ge';
CREATE FUNCTION assistance.account_gt(a assistance.account, b assistance.account) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_gt';
CREATE FUNCTION assistance.account_cmp(a assistance.account, b assistance.account) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_cmp';
CREATE FUNCTION assistance.account_hash(account assistance.account) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_account_hash';
COMMENT ON FUNCTION assistance.account_eq(assistance.account, assistance.account) IS 'Are the accounts the same, figure by figure?';
COMMENT ON FUNCTION assistance.account_ne(assistance.account, assistance.account) IS 'Do the accounts differ in any figure?';
COMMENT ON FUNCTION assistance.account_lt(assistance.account, assistance.account) IS 'Is a before? An order of canonical JSON, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.account_le(assistance.account, assistance.account) IS 'Is a before or equal? An order of canonical JSON, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.account_ge(assistance.account, assistance.account) IS 'Is a after or equal? An order of canonical JSON, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.account_gt(assistance.account, assistance.account) IS 'Is a after? An order of canonical JSON, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.account_cmp(assistance.account, assistance.account) IS 'Below, at or above 0 as a comes before, with or after b. An order of canonical JSON, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.account_hash(assistance.account) IS 'Hash of the canonical JSON of an account.';

CREATE OPERATOR assistance.= (LEFTARG = assistance.account, RIGHTARG = assistance.account, FUNCTION = assistance.account_eq,
	COMMUTATOR = OPERATOR(assistance.=), NEGATOR = OPERATOR(assistance.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR assistance.<> (LEFTARG = assistance.account, RIGHTARG = assistance.account, FUNCTION = assistance.account_ne,
	COMMUTATOR = OPERATOR(assistance.<>), NEGATOR = OPERATOR(assistance.=), RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR assistance.< (LEFTARG = assistance.account, RIGHTARG = assistance.account, FUNCTION = assistance.account_lt,
	COMMUTATOR = OPERATOR(assistance.>), NEGATOR = OPERATOR(assistance.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR assistance.<= (LEFTARG = assistance.account, RIGHTARG = assistance.account, FUNCTION = assistance.account_le,
	COMMUTATOR = OPERATOR(assistance.>=), NEGATOR = OPERATOR(assistance.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR assistance.>= (LEFTARG = assistance.account, RIGHTARG = assistance.account, FUNCTION = assistance.account_ge,
	COMMUTATOR = OPERATOR(assistance.<=), NEGATOR = OPERATOR(assistance.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR assistance.> (LEFTARG = assistance.account, RIGHTARG = assistance.account, FUNCTION = assistance.account_gt,
	COMMUTATOR = OPERATOR(assistance.<), NEGATOR = OPERATOR(assistance.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR assistance.= (assistance.account, assistance.account) IS 'the same account, figure by figure';
COMMENT ON OPERATOR assistance.<> (assistance.account, assistance.account) IS 'accounts that differ in some figure';
COMMENT ON OPERATOR assistance.< (assistance.account, assistance.account) IS 'before, in the order of canonical JSON';
COMMENT ON OPERATOR assistance.<= (assistance.account, assistance.account) IS 'before or equal, in the order of canonical JSON';
COMMENT ON OPERATOR assistance.>= (assistance.account, assistance.account) IS 'after or equal, in the order of canonical JSON';
COMMENT ON OPERATOR assistance.> (assistance.account, assistance.account) IS 'after, in the order of canonical JSON';

CREATE OPERATOR CLASS assistance.account_hash_ops DEFAULT FOR TYPE assistance.account USING hash AS
	OPERATOR 1 assistance.= , FUNCTION 1 assistance.account_hash(assistance.account);
COMMENT ON OPERATOR CLASS assistance.account_hash_ops USING hash IS 'accounts by their canonical JSON: DISTINCT, GROUP BY, hash joins';
CREATE OPERATOR CLASS assistance.account_ops DEFAULT FOR TYPE assistance.account USING btree AS
	OPERATOR 1 assistance.< , OPERATOR 2 assistance.<= , OPERATOR 3 assistance.= , OPERATOR 4 assistance.>= , OPERATOR 5 assistance.> ,
	FUNCTION 1 assistance.account_cmp(assistance.account, assistance.account);
COMMENT ON OPERATOR CLASS assistance.account_ops USING btree IS 'accounts by their canonical JSON: sorting, merge joins, unique indexes; the order has no meaning';
