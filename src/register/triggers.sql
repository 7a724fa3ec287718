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

CREATE FUNCTION assistance.touch_persons() RETURNS trigger
	LANGUAGE c COST 1000 AS 'MODULE_PATHNAME', 'assistance_touch_persons';
COMMENT ON FUNCTION assistance.touch_persons() IS 'Trigger of the tables of categories, enrolments, determinations and agreements: marks the accounts that may have to be settled again. docs/register.md, section 4.';
