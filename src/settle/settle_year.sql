-- settle_year: the fold as an aggregate.

CREATE TYPE assistance.year AS (
	bills bigint,
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
	account assistance.account
);
COMMENT ON TYPE assistance.year IS 'The bills of one person together: their number, the sums of the columns of assistance.split in yuan, and the account after the last one.';
COMMENT ON COLUMN assistance.year.bills IS 'number of bills and events';
COMMENT ON COLUMN assistance.year.total IS 'sum of split.total, yuan';
COMMENT ON COLUMN assistance.year.basic IS 'sum of split.basic, yuan';
COMMENT ON COLUMN assistance.year.critical IS 'sum of split.critical, yuan';
COMMENT ON COLUMN assistance.year.supplementary IS 'sum of split.supplementary, yuan';
COMMENT ON COLUMN assistance.year.assistance IS 'sum of split.assistance, yuan';
COMMENT ON COLUMN assistance.year.tilt IS 'sum of split.tilt, yuan';
COMMENT ON COLUMN assistance.year.emergency IS 'sum of split.emergency, yuan';
COMMENT ON COLUMN assistance.year.government IS 'sum of split.government, yuan';
COMMENT ON COLUMN assistance.year.other IS 'sum of split.other, yuan';
COMMENT ON COLUMN assistance.year.charity IS 'sum of split.charity, yuan';
COMMENT ON COLUMN assistance.year.hospital IS 'sum of split.hospital, yuan';
COMMENT ON COLUMN assistance.year.patient IS 'sum of split.patient (before year adjustments), yuan';
COMMENT ON COLUMN assistance.year.adjustment IS 'sum of split.adjustment, yuan';
COMMENT ON COLUMN assistance.year.recoverable IS 'sum of split.recoverable, yuan';
COMMENT ON COLUMN assistance.year.account IS 'the account after the last bill, to resume from';

CREATE FUNCTION assistance.settle_year_transition(state internal, terms assistance.terms, bill assistance.bill) RETURNS internal
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'assistance_settle_year_transition';
CREATE FUNCTION assistance.settle_year_resume(state internal, terms assistance.terms, account assistance.account, bill assistance.bill)
	RETURNS internal
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'assistance_settle_year_resume';
CREATE FUNCTION assistance.settle_year_final(state internal) RETURNS assistance.year
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'assistance_settle_year_final';
COMMENT ON FUNCTION assistance.settle_year_transition(internal, assistance.terms, assistance.bill) IS 'Transition of the aggregate settle_year(terms, bill): folds one bill.';
COMMENT ON FUNCTION assistance.settle_year_resume(internal, assistance.terms, assistance.account, assistance.bill) IS 'Transition of the aggregate settle_year(terms, account, bill): folds one bill; the account of the first row counts.';
COMMENT ON FUNCTION assistance.settle_year_final(internal) IS 'Result of the aggregate settle_year: sums in yuan, and the account.';

CREATE AGGREGATE assistance.settle_year(terms assistance.terms, bill assistance.bill) (
	SFUNC = assistance.settle_year_transition, STYPE = internal, SSPACE = 1024,
	FINALFUNC = assistance.settle_year_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE assistance.settle_year(assistance.terms, assistance.bill) IS
'Settles the bills of one person, settle_year(terms, bill ORDER BY ordered_at, seq), and returns their sums in yuan and the account. Bills that are out of order are refused (MA111), null terms or bills too (MA301). No bills: null.';

CREATE AGGREGATE assistance.settle_year(terms assistance.terms, account assistance.account, bill assistance.bill) (
	SFUNC = assistance.settle_year_resume, STYPE = internal, SSPACE = 1024,
	FINALFUNC = assistance.settle_year_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE
);
COMMENT ON AGGREGATE assistance.settle_year(assistance.terms, assistance.account, assistance.bill) IS
'The same, starting from an account (that of the first row; null: a new person). Sums are those of the bills given, not of the account.';
