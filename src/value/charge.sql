-- assistance.charge: the columns of a bill, made from its charge lines.

CREATE TYPE assistance.charge AS (
	total numeric(16,2),
	excluded numeric(16,2),
	over_limit numeric(16,2),
	first_share numeric(16,2),
	in_scope numeric(16,2)
);
COMMENT ON TYPE assistance.charge IS 'One charge line, or the lines of a bill together, by column in yuan: total = excluded + over_limit + first_share + in_scope. The columns have the names of the arguments of assistance.make_bill.';
COMMENT ON COLUMN assistance.charge.total IS '费用总额: the whole cost, yuan';
COMMENT ON COLUMN assistance.charge.excluded IS '全自费: lines that are excluded, yuan';
COMMENT ON COLUMN assistance.charge.over_limit IS '超限价: what is above the ceiling price, yuan';
COMMENT ON COLUMN assistance.charge.first_share IS '先行自付: what the patient pays first of the rest, half up to the fen on every line, yuan';
COMMENT ON COLUMN assistance.charge.in_scope IS '符合政策范围: what remains, yuan';

CREATE FUNCTION assistance.charge_line(
	amount numeric,
	limit_amount numeric DEFAULT NULL,
	first_share numeric DEFAULT 0,
	excluded boolean DEFAULT false
) RETURNS assistance.charge
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 5 AS 'MODULE_PATHNAME', 'assistance_charge_line';
COMMENT ON FUNCTION assistance.charge_line(numeric, numeric, numeric, boolean) IS
'One charge line (费用明细) by column, in yuan. amount: cost of the whole line; limit_amount: ceiling price times quantity, null = none; first_share: 先行自付 ratio, 0 to 1 with at most six decimals (甲类 0); excluded: 丙类 and 全自费, the whole line. over_limit = max(0, amount - limit_amount), first_share = ratio times the rest, half up to the fen, in_scope = what remains. Errors: MA101 and MA102 for amounts below 0 and above 10000000000000, MA107 for a ratio outside 0 to 1, MA104 for null (but limit_amount, and first_share of an excluded line), 22003 and 22023 as in make_bill. docs/policy-model.md, section 3.';

CREATE FUNCTION assistance.charge_lines_transition(
	state bigint[], amount numeric, limit_amount numeric, first_share numeric, excluded boolean
) RETURNS bigint[]
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_charge_lines_transition';
CREATE FUNCTION assistance.charge_lines_combine(state bigint[], other bigint[]) RETURNS bigint[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_charge_lines_combine';
CREATE FUNCTION assistance.charge_lines_final(state bigint[]) RETURNS assistance.charge
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5 AS 'MODULE_PATHNAME', 'assistance_charge_lines_final';
COMMENT ON FUNCTION assistance.charge_lines_transition(bigint[], numeric, numeric, numeric, boolean) IS 'Transition of the aggregate charge_lines: adds one line to the columns, in fen.';
COMMENT ON FUNCTION assistance.charge_lines_combine(bigint[], bigint[]) IS 'Combines two states of the aggregate charge_lines: columns in fen.';
COMMENT ON FUNCTION assistance.charge_lines_final(bigint[]) IS 'Result of the aggregate charge_lines: the columns in yuan.';

CREATE AGGREGATE assistance.charge_lines(amount numeric, limit_amount numeric, first_share numeric, excluded boolean) (
	SFUNC = assistance.charge_lines_transition, STYPE = bigint[], SSPACE = 64,
	COMBINEFUNC = assistance.charge_lines_combine,
	FINALFUNC = assistance.charge_lines_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE assistance.charge_lines(numeric, numeric, numeric, boolean) IS
'The charge lines of one bill together: the sums of charge_line, in yuan, for the columns of make_bill. Every line is rounded by itself; the order of the lines does not matter. No lines: null. Arguments and errors are those of charge_line; a column above 10000000000000 yuan is MA102. docs/policy-model.md, section 3.';

CREATE FUNCTION assistance.check_charges(bill assistance.bill, charge assistance.charge) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_check_charges';
COMMENT ON FUNCTION assistance.check_charges(assistance.bill, assistance.charge) IS
'The bill itself, when every column in yuan is that of its charge lines to the fen; else MA103, which names the first column that differs (in_scope last). A null column of charge is 0. A bill without lines has a null charge and gives null; take COALESCE(check_charges(bill, charge), bill) where that is right. docs/policy-model.md, section 3.';
