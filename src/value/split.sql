-- assistance.split: what each layer pays on one bill.

CREATE TYPE assistance.lines;

CREATE FUNCTION assistance.lines_in(lines cstring) RETURNS assistance.lines
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_lines_in';
CREATE FUNCTION assistance.lines_out(lines assistance.lines) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_lines_out';
CREATE FUNCTION assistance.lines_recv(message internal) RETURNS assistance.lines
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_lines_recv';
CREATE FUNCTION assistance.lines_send(lines assistance.lines) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_lines_send';
COMMENT ON FUNCTION assistance.lines_in(cstring) IS 'Text input of lines: the JSON that lines_out writes, for dumps. Amounts in yuan. Errors MA001 to MA007.';
COMMENT ON FUNCTION assistance.lines_out(assistance.lines) IS 'Text output of lines: a JSON object with the lines by layer and what is left by bucket; amounts in yuan.';
COMMENT ON FUNCTION assistance.lines_recv(internal) IS 'Binary input of lines: a 16-bit version (1), then JSON; checked like text.';
COMMENT ON FUNCTION assistance.lines_send(assistance.lines) IS 'Binary output of lines: a 16-bit version (1), then JSON.';

CREATE TYPE assistance.lines (
	INPUT = assistance.lines_in, OUTPUT = assistance.lines_out,
	RECEIVE = assistance.lines_recv, SEND = assistance.lines_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE assistance.lines IS 'The lines of a split: what every layer did on the bill and what is left of its buckets. Rows: assistance.split_lines and assistance.split_left.';

CREATE FUNCTION assistance.lines_eq(a assistance.lines, b assistance.lines) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_eq';
CREATE FUNCTION assistance.lines_ne(a assistance.lines, b assistance.lines) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_ne';
CREATE FUNCTION assistance.lines_lt(a assistance.lines, b assistance.lines) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_lt';
CREATE FUNCTION assistance.lines_le(a assistance.lines, b assistance.lines) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_le';
CREATE FUNCTION assistance.lines_ge(a assistance.lines, b assistance.lines) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_ge';
CREATE FUNCTION assistance.lines_gt(a assistance.lines, b assistance.lines) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_gt';
CREATE FUNCTION assistance.lines_cmp(a assistance.lines, b assistance.lines) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_cmp';
CREATE FUNCTION assistance.lines_hash(lines assistance.lines) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_lines_hash';
COMMENT ON FUNCTION assistance.lines_eq(assistance.lines, assistance.lines) IS 'Are the lines the same, figure by figure?';
COMMENT ON FUNCTION assistance.lines_ne(assistance.lines, assistance.lines) IS 'Do the lines differ in any figure?';
COMMENT ON FUNCTION assistance.lines_lt(assistance.lines, assistance.lines) IS 'Is a before? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.lines_le(assistance.lines, assistance.lines) IS 'Is a before or equal? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.lines_ge(assistance.lines, assistance.lines) IS 'Is a after or equal? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.lines_gt(assistance.lines, assistance.lines) IS 'Is a after? An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.lines_cmp(assistance.lines, assistance.lines) IS 'Below, at or above 0 as a comes before, with or after b. An order of stored bytes, for sorting and uniqueness; it has no meaning.';
COMMENT ON FUNCTION assistance.lines_hash(assistance.lines) IS 'Hash of the stored bytes of lines.';

CREATE OPERATOR assistance.= (LEFTARG = assistance.lines, RIGHTARG = assistance.lines, FUNCTION = assistance.lines_eq,
	COMMUTATOR = OPERATOR(assistance.=), NEGATOR = OPERATOR(assistance.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR assistance.<> (LEFTARG = assistance.lines, RIGHTARG = assistance.lines, FUNCTION = assistance.lines_ne,
	COMMUTATOR = OPERATOR(assistance.<>), NEGATOR = OPERATOR(assistance.=), RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR assistance.< (LEFTARG = assistance.lines, RIGHTARG = assistance.lines, FUNCTION = assistance.lines_lt,
	COMMUTATOR = OPERATOR(assistance.>), NEGATOR = OPERATOR(assistance.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR assistance.<= (LEFTARG = assistance.lines, RIGHTARG = assistance.lines, FUNCTION = assistance.lines_le,
	COMMUTATOR = OPERATOR(assistance.>=), NEGATOR = OPERATOR(assistance.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR assistance.>= (LEFTARG = assistance.lines, RIGHTARG = assistance.lines, FUNCTION = assistance.lines_ge,
	COMMUTATOR = OPERATOR(assistance.<=), NEGATOR = OPERATOR(assistance.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR assistance.> (LEFTARG = assistance.lines, RIGHTARG = assistance.lines, FUNCTION = assistance.lines_gt,
	COMMUTATOR = OPERATOR(assistance.<), NEGATOR = OPERATOR(assistance.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR assistance.= (assistance.lines, assistance.lines) IS 'the same lines, figure by figure';
COMMENT ON OPERATOR assistance.<> (assistance.lines, assistance.lines) IS 'lines that differ in some figure';
COMMENT ON OPERATOR assistance.< (assistance.lines, assistance.lines) IS 'before, in the order of stored bytes';
COMMENT ON OPERATOR assistance.<= (assistance.lines, assistance.lines) IS 'before or equal, in the order of stored bytes';
COMMENT ON OPERATOR assistance.>= (assistance.lines, assistance.lines) IS 'after or equal, in the order of stored bytes';
COMMENT ON OPERATOR assistance.> (assistance.lines, assistance.lines) IS 'after, in the order of stored bytes';

CREATE OPERATOR CLASS assistance.lines_hash_ops DEFAULT FOR TYPE assistance.lines USING hash AS
	OPERATOR 1 assistance.= , FUNCTION 1 assistance.lines_hash(assistance.lines);
COMMENT ON OPERATOR CLASS assistance.lines_hash_ops USING hash IS 'lines by their stored bytes: DISTINCT, GROUP BY, hash joins';
CREATE OPERATOR CLASS assistance.lines_ops DEFAULT FOR TYPE assistance.lines USING btree AS
	OPERATOR 1 assistance.< , OPERATOR 2 assistance.<= , OPERATOR 3 assistance.= , OPERATOR 4 assistance.>= , OPERATOR 5 assistance.> ,
	FUNCTION 1 assistance.lines_cmp(assistance.lines, assistance.lines);
COMMENT ON OPERATOR CLASS assistance.lines_ops USING btree IS 'lines by their stored bytes: sorting, merge joins, unique indexes; the order has no meaning';

CREATE TYPE assistance.split AS (
	total numeric(16,2),
	basic numeric(16,2),
	critical numeric(16,2),
	supplementary numeric(16,2),
	assistance numeric(16,2),
	tilt numeric(16,2),
	emergency numeric(16,2),
	government numeric(16,2),
	other numeric(16,2),
	charity numeric(16,2),
	hospital numeric(16,2),
	patient numeric(16,2),
	adjustment numeric(16,2),
	recoverable numeric(16,2),
	lines assistance.lines
);
COMMENT ON TYPE assistance.split IS 'How one bill is split, in yuan: total = basic + critical + supplementary + assistance + tilt + emergency + government + other + charity + hospital + patient.';
COMMENT ON COLUMN assistance.split.total IS 'whole cost of the bill, yuan';
COMMENT ON COLUMN assistance.split.basic IS '基本医疗保险: paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.critical IS '大病保险、职工大额: paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.supplementary IS '补充保险 (公务员补助、企业补充、商业保险、惠民保): paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.assistance IS '医疗救助: paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.tilt IS '倾斜救助: paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.emergency IS '疾病应急救助: paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.government IS '政府兜底: paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.other IS 'paid by layers of kind other on the bill, yuan';
COMMENT ON COLUMN assistance.split.charity IS '慈善援助: paid by layers of this kind on the bill, yuan';
COMMENT ON COLUMN assistance.split.hospital IS '医院负担: cost above a fixed price, yuan';
COMMENT ON COLUMN assistance.split.patient IS '个人负担: what is left of all buckets, yuan';
COMMENT ON COLUMN assistance.split.adjustment IS 'year adjustments of all layers: outside the bill, booked against earlier bills, yuan';
COMMENT ON COLUMN assistance.split.recoverable IS '追回: recoverables of all layers, outside the bill, yuan';
COMMENT ON COLUMN assistance.split.lines IS 'by layer, with bases, deductibles and caps: see assistance.split_lines and assistance.split_left';

CREATE FUNCTION assistance.split_lines(
	split assistance.split,
	OUT place integer,
	OUT layer text,
	OUT kind text,
	OUT state text,
	OUT rule text,
	OUT base numeric,
	OUT cumulative numeric,
	OUT deductible numeric,
	OUT due numeric,
	OUT room numeric,
	OUT paid numeric,
	OUT adjustment numeric,
	OUT recoverable numeric,
	OUT set_off numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 6 AS 'MODULE_PATHNAME', 'assistance_split_lines';
COMMENT ON FUNCTION assistance.split_lines(assistance.split) IS
'One row for each layer of the chain, in order; amounts in yuan. base: this bill''s base; cumulative: the year''s (a visit rule: the same); due: entitlement before caps (negative when it fell); room: least room of the caps before this bill, null = no cap; paid: on the bill; adjustment, recoverable: outside the bill; set_off: the part of paid that is set off against open recoverables. state: no_rule, applied, given, waived, not_applicable, alternative_paid. docs/policy-model.md, section 11.';

CREATE FUNCTION assistance.split_left(split assistance.split, OUT bucket text, OUT amount numeric) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 4 AS 'MODULE_PATHNAME', 'assistance_split_left';
COMMENT ON FUNCTION assistance.split_left(assistance.split) IS 'What the patient bears by bucket (deductible, over_cap, copay, penalty, away_share, first_share, over_limit, excluded and named parts), in yuan; buckets without a rest have no row.';
