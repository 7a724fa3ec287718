-- charge.sql — charge lines to the columns of a bill: one line, the lines of a bill, and whether a bill adds up to its lines.

SET search_path = public, assistance;

-- 甲类, 乙类 10 %, a ceiling price of 80, a published line (4.52 at 5 %), 丙类 with and without a ratio; by hand
CREATE TABLE line (bill bigint, n int, amount numeric(16,2), limit_amount numeric(16,2), first_share numeric(5,4), excluded boolean);
INSERT INTO line VALUES
	(1, 1, 100, NULL, 0, false),
	(1, 2, 33.33, NULL, 0.1, false),
	(1, 3, 100, 80, 0.1, false),
	(1, 4, 50, NULL, 1, true),
	(1, 5, 50, NULL, NULL, true),
	(2, 1, 4.52, NULL, 0.05, false),
	(3, 1, 0.05, NULL, 0.1, false),
	(3, 2, 0.05, NULL, 0.1, false),
	(3, 3, 0.04, 0.05, 0.1, false);
SELECT bill, n, c.* FROM line, charge_line(amount, limit_amount, first_share, excluded) c ORDER BY bill, n;
SELECT bill, (c).*
  FROM (SELECT bill, charge_lines(amount, limit_amount, first_share, excluded) AS c FROM line GROUP BY bill) s ORDER BY bill;

-- defaults and names of arguments; a ratio of six decimals; zeros beyond them do no harm
SELECT charge_line(12.34), charge_line(amount => 10, first_share => 0.123456000), charge_line(10, excluded => true);

-- no lines, no charge
SELECT charge_lines(amount, limit_amount, first_share, excluded) IS NULL AS nothing FROM line WHERE bill = 9;

-- the columns are those of make_bill
SELECT bill, make_bill(total => (c).total, excluded => (c).excluded, over_limit => (c).over_limit, first_share => (c).first_share,
					   in_scope => (c).in_scope, region => 'T', scheme => 'resident', ordered_at => '2025-03-01', seq => bill)
  FROM (SELECT bill, charge_lines(amount, limit_amount, first_share, excluded) AS c FROM line GROUP BY bill) s ORDER BY bill;

-- running sums: the state is not used up by a result
SELECT n, charge_lines(amount, limit_amount, first_share, excluded) OVER (ORDER BY n) FROM line WHERE bill = 1 ORDER BY n;

-- ---- many lines, against numeric itself; in any order, and in parallel ----

CREATE TABLE many AS
	SELECT i % 700 AS bill, i, (hashint8extended(i, 1) & 1048575)::numeric / 100 AS amount,
		   CASE WHEN i % 3 = 0 THEN (hashint8extended(i, 2) & 1048575)::numeric / 100 END AS limit_amount,
		   (ARRAY[0, 0.05, 0.1, 0.2, 0.3333, 0.5, 0.666667, 1])[i % 8 + 1] AS first_share, i % 11 = 0 AS excluded
	  FROM generate_series(1, 40000) i;
ANALYZE many;
CREATE VIEW by_numeric AS
	SELECT bill, sum(amount) AS total, sum(amount) FILTER (WHERE excluded) AS excluded,
		   sum(amount - rest) FILTER (WHERE NOT excluded) AS over_limit, sum(round(rest * ratio, 2)) FILTER (WHERE NOT excluded) AS first_share,
		   sum(rest - round(rest * ratio, 2)) FILTER (WHERE NOT excluded) AS in_scope
	  FROM (SELECT bill, amount, first_share AS ratio, excluded, least(amount, limit_amount) AS rest FROM many) s GROUP BY bill;
CREATE TABLE serial AS
	SELECT bill, (c).* FROM (SELECT bill, charge_lines(amount, limit_amount, first_share, excluded) AS c FROM many GROUP BY bill) s;
SELECT count(*) AS bills, count(*) FILTER (WHERE (s.total, s.excluded, s.over_limit, s.first_share, s.in_scope) IS DISTINCT FROM
		(n.total, COALESCE(n.excluded, 0), n.over_limit, n.first_share, n.in_scope)) AS wrong
  FROM serial s JOIN by_numeric n USING (bill);
SELECT count(*) AS wrong FROM serial WHERE total <> excluded + over_limit + first_share + in_scope;
SELECT count(*) AS wrong
  FROM serial s JOIN (SELECT bill, charge_lines(amount, limit_amount, first_share, excluded ORDER BY i DESC) AS c FROM many GROUP BY bill) d USING (bill)
 WHERE (s.total, s.excluded, s.over_limit, s.first_share, s.in_scope) IS DISTINCT FROM
	((c).total, (c).excluded, (c).over_limit, (c).first_share, (c).in_scope);

BEGIN;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL enable_sort = off;
CREATE FUNCTION plan_has(query text, word text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan::text LIKE '%' || word || '%';
END
$$;
SELECT plan_has('SELECT bill, charge_lines(amount, limit_amount, first_share, excluded) FROM many GROUP BY bill', '"Partial"') AS in_parallel;
SELECT count(*) AS wrong
  FROM serial s JOIN (SELECT bill, charge_lines(amount, limit_amount, first_share, excluded) AS c FROM many GROUP BY bill) d USING (bill)
 WHERE (s.total, s.excluded, s.over_limit, s.first_share, s.in_scope) IS DISTINCT FROM
	((c).total, (c).excluded, (c).over_limit, (c).first_share, (c).in_scope);
ROLLBACK;

-- ---- a bill adds up to its lines ----

CREATE FUNCTION bill_1(first_share numeric, in_scope numeric, excluded numeric) RETURNS bill LANGUAGE sql
AS $$ SELECT make_bill(total => 20 + first_share + in_scope + excluded, first_share => first_share, in_scope => in_scope,
					   excluded => excluded, over_limit => 20, region => 'T', scheme => 'resident', ordered_at => '2025-03-01', seq => 4) $$;
CREATE FUNCTION charge_1() RETURNS charge LANGUAGE sql
AS $$ SELECT charge_lines(amount, limit_amount, first_share, excluded) FROM line WHERE bill = 1 $$;
SELECT check_charges(bill_1(11.33, 202, 100), charge_1())::text = bill_1(11.33, 202, 100)::text AS same;
SELECT check_charges(bill_1(11.34, 201.99, 100), charge_1());
SELECT (test.raises(statement)).*
  FROM unnest(ARRAY[
	'SELECT assistance.check_charges(bill_1(11.33, 202, 100.01), charge_1())',
	'SELECT assistance.check_charges(bill_1(11.33, 202.01, 99.99), charge_1())',
	'SELECT assistance.check_charges(bill_1(11.33, 202, 100), (333.33, 100, 20, 11.33, 202.01))',
	'SELECT assistance.check_charges(bill_1(11.33, 202, 100), (333.33, 100, 19, 12.33, 202))',
	'SELECT assistance.check_charges(bill_1(11.33, 202, 100), (NULL, NULL, NULL, NULL, NULL))']) statement;
SELECT check_charges(bill_1(11.33, 202, 100), NULL) IS NULL AS no_lines, check_charges(NULL, charge_1()) IS NULL AS no_bill;

-- ---- refusals ----

SELECT statement, (test.raises(statement)).*
  FROM (SELECT 'SELECT assistance.charge_line(' || arguments || ')' AS statement FROM unnest(ARRAY[
	'-0.01', '0.001', '''NaN''', '10000000000000.01', 'NULL',
	'1, -0.01', '1, 0.005', '1, 999999', '1, ''Infinity''',
	'1, NULL, -0.1', '1, NULL, 1.000001', '1, NULL, 10', '1, NULL, 0.1234567', '1, NULL, ''NaN''', '1, NULL, 1e20', '1, NULL, NULL',
	'1, NULL, 1e-400', '1, NULL, NULL, true', '1, NULL, 2, true', '1, NULL, 0, NULL']) arguments) s;
SELECT (test.raises('SELECT assistance.charge_lines(amount, NULL, 0, false) FROM (VALUES (1), (NULL)) l (amount)')).*;
SELECT (test.raises('SELECT assistance.charge_lines(10000000000000, NULL, 0, i = 1) FROM generate_series(1, 2) i')).*;
SELECT (test.raises('SELECT assistance.charge_lines_transition(NULL, 1, NULL, 0, false)')).*;
SELECT (test.raises('SELECT assistance.charge_lines_combine(''{1,2,3,4,5}'', ''{1,2,3,4,5}'')')).*;
SELECT (test.raises('SELECT assistance.charge_lines_final(''{1,2,3,4,5}'')')).*;

-- an aggregate of somebody else with our functions and a state of his own
CREATE AGGREGATE forged(numeric, numeric, numeric, boolean) (SFUNC = charge_lines_transition, STYPE = bigint[], INITCOND = '{1,2}');
SELECT (test.raises('SELECT forged(1, NULL, 0, false)')).*;
DROP AGGREGATE forged(numeric, numeric, numeric, boolean);

-- somebody has altered the type: it is neither written nor read
BEGIN;
ALTER TYPE charge ADD ATTRIBUTE remark text;
SELECT (test.raises('SELECT assistance.charge_line(1)')).*;
SELECT (test.raises('SELECT assistance.check_charges(bill_1(0, 0, 0), (1, 1, 1, 1, 1, '''')::assistance.charge)')).*;
ROLLBACK;

DROP VIEW by_numeric;
DROP TABLE line, many, serial;
DROP FUNCTION bill_1, charge_1;
