-- explain: why a bill was split so.

CREATE FUNCTION assistance.explain(
	terms assistance.terms,
	account assistance.account,
	bill assistance.bill,
	OUT step integer,
	OUT layer text,
	OUT rule text,
	OUT item text,
	OUT name text,
	OUT base numeric,
	OUT low numeric,
	OUT high numeric,
	OUT ratio numeric,
	OUT exact numeric,
	OUT limit_amount numeric,
	OUT used numeric,
	OUT amount numeric,
	OUT without_penalty boolean,
	OUT document text,
	OUT article text,
	OUT quote text,
	OUT mark text,
	OUT zh text,
	OUT en text
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 1000 ROWS 50 AS 'MODULE_PATHNAME', 'assistance_explain';
COMMENT ON FUNCTION assistance.explain(assistance.terms, assistance.account, assistance.bill) IS
'Settles one bill on an account (null: a new person) like settle_bill and returns every step as a row, written by the fold itself. item: page, fixed_price, layer, bucket_in, away_share, enter, base_cap, modifier, cumulative, deductible, band and entitlement (…_before: of the year before this bill), accrued, due, cap, ceiling, times, taken, paid, booked, lapsed, recoverable, set_off, bucket_out, patient. name: the bucket, modifier, cap group or ceiling. Amounts in yuan, exact ones unrounded; ratio: a share of 1; limit_amount, used and amount of item times are numbers of payments. document to mark: the citation that the value follows. zh, en: the step in words; what is inferred, secondary or an example says so. Errors as settle_bill.';
