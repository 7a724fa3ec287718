-- change_of_terms.sql — the account goes on when the terms change from bill to bill, and groups under different terms keep
-- their accounts apart; altered row types and damaged values are refused.

CREATE FUNCTION pg_temp.critical(ratio numeric) RETURNS assistance.terms LANGUAGE sql IMMUTABLE
RETURN format('{"format": 1, "engine": 1, "pages": [{"title": "by hand", "region": "T", "scheme": "resident", "from": "2025-01-01",
	"sources": {"s": {"document": "by hand"}}, "cite": {"source": "s", "mark": "example"}, "layers": [{"name": "critical", "kind": "critical",
	"base": {"copay": 1, "penalty": 0}, "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": %s}]}]}]}',
	ratio)::assistance.terms;

CREATE TEMP TABLE bill AS
	SELECT person, n, assistance.make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident',
										   ordered_at => '2025-03-01', seq => n) AS bill
	  FROM (VALUES (1, 8000), (2, 4000), (3, 5000)) v (n, amount), generate_series(1, 2) AS person;

-- 60 %, 50 %, 60 %: nothing below 10 000; (12 000 − 10 000) × 50 % = 1 000; (17 000 − 12 000) × 60 % = 3 000
SELECT n, (s).critical, (s).patient
  FROM (SELECT n, assistance.settle(CASE n WHEN 2 THEN pg_temp.critical(0.5) ELSE pg_temp.critical(0.6) END, bill) OVER (ORDER BY n) AS s
		  FROM bill WHERE person = 1) b ORDER BY n;
SELECT (y).bills, (y).critical
  FROM (SELECT assistance.settle_year(CASE n WHEN 2 THEN pg_temp.critical(0.5) ELSE pg_temp.critical(0.6) END, bill ORDER BY n) AS y
		  FROM bill WHERE person = 1) b;

-- 60 % throughout: 1 200 + 3 000 = 4 200; 50 % throughout: 1 000 + 2 500 = 3 500; groups interleaved under a hash aggregate
SET enable_sort = off;
SELECT ratio, sum((y).critical)
  FROM (SELECT ratio, person, assistance.settle_year(pg_temp.critical(ratio), bill) AS y
		  FROM (SELECT * FROM bill, (VALUES (0.5), (0.6)) v (ratio) ORDER BY n, ratio, person OFFSET 0) q
		 GROUP BY ratio, person) g
 GROUP BY ratio ORDER BY ratio;
RESET enable_sort;

-- the order key, too, goes on
SELECT assistance.settle(CASE n WHEN 2 THEN pg_temp.critical(0.5) ELSE pg_temp.critical(0.6) END, bill) OVER (ORDER BY n DESC)
  FROM bill WHERE person = 1;

-- no terms: the usual cause is a subquery without a row
SELECT assistance.settle((SELECT pg_temp.critical(0.5) WHERE false), bill) OVER (ORDER BY n) FROM bill WHERE person = 1;

-- ---- altered row types ----

BEGIN;
ALTER TYPE assistance.year ALTER ATTRIBUTE bills TYPE text;
SELECT assistance.settle_year(pg_temp.critical(0.5), bill ORDER BY n) FROM bill WHERE person = 1;
ROLLBACK;
BEGIN;
ALTER TYPE assistance.year DROP ATTRIBUTE account;
SELECT assistance.settle_year(pg_temp.critical(0.5), bill ORDER BY n) FROM bill WHERE person = 1;
ROLLBACK;
BEGIN;
ALTER TYPE assistance.split ALTER ATTRIBUTE total TYPE numeric(4,0);
SELECT assistance.settle(pg_temp.critical(0.5), bill) OVER (ORDER BY n) FROM bill WHERE person = 1;
ROLLBACK;
BEGIN;
ALTER TYPE assistance.split ALTER ATTRIBUTE lines TYPE int;
SELECT * FROM assistance.split_lines(ROW(1,1,1,1,1,1,1,1,1,1,1,1,1,1,7)::assistance.split);
ROLLBACK;

-- ---- a damaged stored bill: an encounter of 255 bytes, which no bill can have ----

BEGIN;
CREATE CAST (bytea AS assistance.bill) WITHOUT FUNCTION;
CREATE CAST (assistance.bill AS bytea) WITHOUT FUNCTION;
CREATE TEMP TABLE stored AS
	SELECT assistance.make_bill(total => 1000, in_scope => 1000, region => 'T', scheme => 'resident', ordered_at => '2025-02-02', seq => 1,
								encounter => 'E', encounter_total => 5000)::bytea AS bytes;
SELECT assistance.settle_bill(pg_temp.critical(0.5), NULL, (substr(bytes, 1, position('\x0145'::bytea IN bytes) - 1) || '\xff'
	   || decode(repeat('41', 255), 'hex') || substr(bytes, position('\x0145'::bytea IN bytes) + 2))::assistance.bill) FROM stored;
ROLLBACK;
