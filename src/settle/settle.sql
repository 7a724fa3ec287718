-- settle and settle_bill: the fold as a window function and as a scalar.

CREATE FUNCTION assistance.settle_support(request internal) RETURNS internal
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1 AS 'MODULE_PATHNAME', 'assistance_settle_support';
COMMENT ON FUNCTION assistance.settle_support(internal) IS 'Planner support of settle: it reads no window frame.';

CREATE FUNCTION assistance.settle(terms assistance.terms, bill assistance.bill) RETURNS assistance.split
	LANGUAGE c WINDOW IMMUTABLE PARALLEL SAFE COST 20 SUPPORT assistance.settle_support
	AS 'MODULE_PATHNAME', 'assistance_settle';
COMMENT ON FUNCTION assistance.settle(assistance.terms, assistance.bill) IS
'Window function: settles the bills of each person in order, settle(terms, bill) OVER (PARTITION BY person ORDER BY ordered_at, seq), and returns one split per bill in yuan. A partition starts with an empty account. (ordered_at, seq) of the bills must strictly increase (MA111); null terms or bills are refused (MA301). Pass one constant book, for instance from a scalar subquery: do not join it to the bills. Other errors: MA104 to MA110, MA201 to MA205. docs/policy-model.md, sections 11 to 13.';

CREATE FUNCTION assistance.settle_bill(
	terms assistance.terms,
	account assistance.account,
	bill assistance.bill,
	OUT account assistance.account,
	OUT split assistance.split
) RETURNS record
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_settle_bill';
COMMENT ON FUNCTION assistance.settle_bill(assistance.terms, assistance.account, assistance.bill) IS
'Settles one bill on an account (null: a new person) and returns the next account and the split in yuan; writes nothing, so it is also the preview (试算). Null terms or bill are refused (MA301), so is a bill that is not after the account''s last one (MA111). Other errors: MA104 to MA110, MA201 to MA205.';
