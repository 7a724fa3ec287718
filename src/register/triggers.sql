-- The triggers of the register. They run as the owner of the table that they stand on, as triggers of foreign keys do: whoever
-- inserts a claim needs no right on accounts or payments, and whoever attaches them to a table of their own is refused.

CREATE FUNCTION assistance.settle_claims() RETURNS trigger
	LANGUAGE c COST 10000 AS 'MODULE_PATHNAME', 'assistance_settle_claims';
COMMENT ON FUNCTION assistance.settle_claims() IS 'Trigger of assistance_register.claim (AFTER INSERT, FOR EACH STATEMENT): settles the new claims and writes settlements, payments, recoverables and accounts in yuan. Late claims and reversals settle their persons again. Errors: MA101 to MA205 of the fold, MA701, MA703. docs/register.md, section 2.';

CREATE FUNCTION assistance.keep_claim_key() RETURNS trigger
	LANGUAGE c COST 100 AS 'MODULE_PATHNAME', 'assistance_keep_claim_key';
COMMENT ON FUNCTION assistance.keep_claim_key() IS 'Trigger of a partitioned assistance_register.claim (AFTER INSERT OR UPDATE OR DELETE, FOR EACH ROW): keeps claim_key, whose unique keys hold for the whole register. Errors: 23505, MA701. docs/register.md, section 8.';

CREATE FUNCTION assistance.settle_again() RETURNS trigger
	LANGUAGE c COST 10000 AS 'MODULE_PATHNAME', 'assistance_settle_again';
COMMENT ON FUNCTION assistance.settle_again() IS 'Trigger of assistance_register.resettlement (AFTER INSERT, FOR EACH STATEMENT): settles the persons of the new rows again and posts differences in yuan. docs/register.md, section 4.';

CREATE FUNCTION assistance.end_recorded() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100
	AS $$
BEGIN
	IF upper_inf(old.recorded) AND lower(new.recorded) = lower(old.recorded) AND upper(new.recorded) BETWEEN transaction_timestamp() AND clock_timestamp() THEN
		RETURN new;
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'MA707', MESSAGE = 'what was recorded is only ended, and now', TABLE = tg_table_name,
		DETAIL = format('recorded is %s and would be %s.', old.recorded, new.recorded),
		HINT = format('UPDATE assistance_register.%I SET recorded = tstzrange(lower(recorded), clock_timestamp()) WHERE …; then insert the right row.', tg_table_name);
END
$$;
COMMENT ON FUNCTION assistance.end_recorded() IS 'Trigger of the tables of categories, enrolments, determinations, referrals and agreements (BEFORE UPDATE OF recorded, FOR EACH ROW): an open range is ended now, and changed in no other way (MA707). docs/register.md, section 1.';

CREATE FUNCTION assistance.touch_persons() RETURNS trigger
	LANGUAGE c COST 1000 AS 'MODULE_PATHNAME', 'assistance_touch_persons';
COMMENT ON FUNCTION assistance.touch_persons() IS 'Trigger of the tables of categories, enrolments, determinations and agreements: marks the accounts that may have to be settled again. docs/register.md, section 4.';
