-- insurer_first and append_only: triggers that guard anyone's payment table.

CREATE FUNCTION assistance.insurer_first() RETURNS trigger
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'assistance_insurer_first';
COMMENT ON FUNCTION assistance.insurer_first() IS
'Trigger for a table of payments by layer, amounts in yuan: AFTER INSERT … REFERENCING NEW TABLE … FOR EACH STATEMENT checks each statement, a CONSTRAINT TRIGGER … DEFERRABLE INITIALLY DEFERRED FOR EACH ROW checks at commit. Refuses a layer before an earlier one is settled (MA602), a second payment of a layer (MA603), an earlier layer withdrawn or lowered under a later one (MA604), layers beyond the bill (MA605), unknown layers (MA606) and bills (MA607), negative amounts (MA608) and reversals (MA609) of nothing, nulls (MA610), unknown states (MA612), layers beyond their caps (MA613) where argument caps names a function that knows these. Arguments are key=value: claim, layer, amount, bill and order (or place), and where they apply reverses, bill_reverses, revision, kind, state, map, only, caps; wrong ones are refused when it first fires (MA601). Acts with the rights of the owner of the table. Without argument caps it does not check caps: that needs the accounts of a register. 民发〔2017〕12号 (六); docs/register.md, section 5.';

CREATE FUNCTION assistance.append_only() RETURNS trigger
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'assistance_append_only';
COMMENT ON FUNCTION assistance.append_only() IS
'Trigger BEFORE UPDATE OR DELETE OR TRUNCATE for a table of money: refuses always (MA611), whatever the rows. Make it ENABLE ALWAYS, so that it also holds in replica role. docs/register.md, section 5.';
