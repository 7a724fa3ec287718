-- synthetic_year: bills for trying things out.

CREATE FUNCTION assistance.synthetic_year(
	persons bigint,
	seed bigint DEFAULT 1,
	year integer DEFAULT 2025,
	region text DEFAULT '000000',
	scheme text DEFAULT 'resident',
	mean_in_scope numeric DEFAULT 3392.10,
	OUT person bigint, OUT ordered_at timestamp without time zone, OUT seq bigint, OUT region text, OUT scheme text,
	OUT category text[], OUT care_type text, OUT level text,
	OUT total numeric, OUT in_scope numeric, OUT excluded numeric, OUT over_limit numeric, OUT first_share numeric,
	OUT income numeric
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 80000 AS 'MODULE_PATHNAME', 'assistance_synthetic_year';
COMMENT ON FUNCTION assistance.synthetic_year(bigint, bigint, integer, text, text, numeric) IS
'A year of bills that nobody has had, reproducible by seed on every machine: columns as make_bill takes them, amounts in yuan, and the income of the person (yuan a year). Persons without bills have no row. From 医保函〔2020〕56号 (2019): 8 751 of 130 000 persons are helped to join the insurance (低保, 特困), 特困 to 低保 as 29.4 to 860.5, 7 050 treatments of 8 751 persons; mean_in_scope such that 70 % of basic insurance and 70 % of assistance make 502.2 亿 yuan of 7 050 万 treatments. All else is an example: docs/simulation.md.';
