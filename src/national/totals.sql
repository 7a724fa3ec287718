-- totals: the cumulative codes of 5206 as an account and back, so that one bill can be settled without its history being here.

CREATE FUNCTION assistance.account_from_5206(totals jsonb, terms assistance.terms, bill assistance.bill) RETURNS assistance.account
	LANGUAGE c STABLE STRICT PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'assistance_account_from_5206';
COMMENT ON FUNCTION assistance.account_from_5206(jsonb, assistance.terms, assistance.bill) IS
'The account on which a bill is settled, from the totals of the person''s year as 5206 returns them: an array of rows insutype, year, cum_ym, cum_type_code, cum (yuan; C0000 visits). Rows of other years and of other schemes are left alone; a yearly row (cum_ym null) comes before rows of its months, which are added up. An array without a row of the year: a person without bills. settle_bill(terms, account_from_5206(totals, terms, bill), bill) pays what the fold over all bills of the year would pay, or this function refuses: Q0000 is the deductible counter of basic, D… what the fund of a layer has paid (its yearly cap), S0000 the base of basic, TS390201 that of the critical illness insurance of residents, C0000 and C0000_BIZ<med_type> the number of stays. Errors MA807 (the terms or the bill need more, with the counter; a total is missing), MA801 (cannot be read), MA110, MA501.';

CREATE FUNCTION assistance.account_to_5206(
	account assistance.account,
	terms assistance.terms,
	bill assistance.bill,
	OUT insutype text,
	OUT year text,
	OUT cum_ym text,
	OUT cum_type_code text,
	OUT cum numeric
) RETURNS SETOF record
	LANGUAGE c STABLE STRICT PARALLEL SAFE COST 200 ROWS 8 AS 'MODULE_PATHNAME', 'assistance_account_to_5206';
COMMENT ON FUNCTION assistance.account_to_5206(assistance.account, assistance.terms, assistance.bill) IS
'The totals of 5206 that an account carries for the year, region and scheme of a bill: those that account_from_5206 would ask for. Amounts in yuan, C0000 a number; cum_ym null: the whole year. Errors MA807 (the terms need more than totals can carry), MA801 (a figure that totals cannot show), MA110.';
