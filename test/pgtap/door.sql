-- door.sql — the door between numeric and fen (src/fen.c) reads and writes the stored form of numeric itself. Here: a million
-- values of all sizes and scales, and the edges, in and out again, compared byte by byte with what the server's own numeric makes.

BEGIN;
SELECT plan(7);
SELECT setseed(0.20251122);

CREATE TEMP TABLE amount (i bigserial, x numeric);
-- sizes 10^0 … 10^13 yuan, 0 to 2 decimals, every scale that a column may have, the long form too (scales above 63)
INSERT INTO amount (x)
SELECT CASE n % 4
		 WHEN 0 THEN trunc((random() * 10 ^ (n % 14))::numeric, (n / 4) % 3)
		 WHEN 1 THEN trunc((random() * 10 ^ (n % 14))::numeric, 2)::numeric(16,2)
		 WHEN 2 THEN round(trunc((random() * 10 ^ (n % 10))::numeric, 2), 2 + n % 30)
		 ELSE round((10000 ^ (n % 3) * (n % 10007))::numeric, n % 80)
	   END
  FROM generate_series(1, 1000000) n;
INSERT INTO amount (x)
SELECT p + d
  FROM unnest(ARRAY[0, 1, 10, 100, 1000, 9999, 10000, 99999999, 100000000, 999999999999, 1000000000000, 9999999999999]::numeric[]) p,
	   unnest(ARRAY[0, 0.00, 0.01, 0.09, 0.10, 0.5, 0.90, 0.99, 0.9900000000]) d
UNION ALL
SELECT 10000000000000
UNION ALL
SELECT 10000000000000.00000
UNION ALL
SELECT '10000000000000e0'::numeric;

CREATE FUNCTION pg_temp.accepts(x numeric) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM assistance.make_bill(total => x, in_scope => x, region => 'D', scheme => 'D', ordered_at => '2025-01-01');
	RETURN true;
EXCEPTION WHEN numeric_value_out_of_range OR invalid_parameter_value OR SQLSTATE 'MA101' THEN
	RETURN false;
END
$$;

CREATE TEMP TABLE book AS
SELECT '{"format": 1, "engine": 1, "pages": [{"title": "door", "region": "D", "scheme": "D", "from": "2025-01-01",
		"sources": {"s": {"document": "test"}}, "cite": {"source": "s"},
		"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 1}]}]}]}'::assistance.terms AS terms;

CREATE TEMP TABLE settled AS
SELECT i, x, (s).total, (s).basic, (s).patient
  FROM (SELECT i, x, assistance.settle((SELECT terms FROM book),
									   assistance.make_bill(total => x, in_scope => x, region => 'D', scheme => 'D', ordered_at => '2025-01-01'))
					   OVER (PARTITION BY i ORDER BY i) AS s
		  FROM amount) q;

SELECT cmp_ok(count(*), '>=', 1000000::bigint, 'a million values') FROM settled;
SELECT is(count(*) FILTER (WHERE x <> total), 0::bigint, 'every value comes back') FROM settled;
SELECT is(count(*) FILTER (WHERE numeric_send(x::numeric(16,2)) <> numeric_send(total)), 0::bigint,
		  'as the numeric that the server itself makes') FROM settled;
SELECT is(count(*) FILTER (WHERE pg_column_size(x::numeric(16,2)) < pg_column_size(total)), 0::bigint,
		  'and no longer') FROM settled;
SELECT is(count(*) FILTER (WHERE basic <> total OR patient <> 0 OR numeric_send(patient) <> numeric_send(0.00)), 0::bigint,
		  'zero too') FROM settled;

SELECT is(count(*) FILTER (WHERE ok), 0::bigint, 'more than two decimals, whatever their place, are refused')
  FROM (SELECT pg_temp.accepts(x) AS ok FROM unnest(ARRAY[0.001, 0.0001, 0.00001, 1.005, 9999.999, 123456789.1234, 1e-30]) x) t;
SELECT is(count(*) FILTER (WHERE ok), 0::bigint, 'NaN, infinities and what is above 10^13 are refused')
  FROM (SELECT pg_temp.accepts(x) AS ok
		  FROM unnest(ARRAY['NaN', 'Infinity', '-Infinity', 10000000000000.01, 1e14, 1e20, 1e100, -0.01, -1]::numeric[]) x) t;

SELECT * FROM finish();
ROLLBACK;
