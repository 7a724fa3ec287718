-- settle.sql — the window function, the aggregate and the scalar: the same fold three times.

SET search_path = public, assistance;

-- ---- published examples ----

-- 重庆市渝北区 2023 (official example, t20231030_12491196): 52 000 total, 50 000 in scope, low-income margin, second-level hospital:
-- basic 34 790.00, assistance 10 647.00, tilt 937.80, together 46 374.80; so the person bears 52 000 − 46 374.80 = 5 625.20
SELECT total, basic, critical, assistance, tilt, basic + assistance + tilt AS together, patient
  FROM (SELECT (settle_bill(test.terms('yubei'), NULL, make_bill(total => 52000, in_scope => 50000, excluded => 2000,
		region => '500112', scheme => 'resident', ordered_at => '2023-06-01', care_type => '21', level => '2', category => '{低保边缘}'))).split.*) s;

-- the year by hand: burdens 1 500, 6 500, 4 000, 9 000; critical 0, 0, 1 200, 5 400; assistance 0, 3 540, 1 760, 2 520
CREATE TABLE burden (person text, ordered_at timestamp, seq bigint, amount numeric(16,2));
INSERT INTO burden VALUES
	('P0001', '2025-02-01', 1, 1500), ('P0001', '2025-03-01', 1, 6500), ('P0001', '2025-03-01', 2, 4000), ('P0001', '2025-11-30', 1, 9000),
	-- as one bill of 21 000: critical 6 600, assistance 7 820
	('P0002', '2025-06-15', 1, 21000);
SELECT person, seq, (s).total, (s).critical, (s).assistance, (s).patient
  FROM (SELECT person, ordered_at, seq, settle(test.terms('year by hand'), test.bill(amount, ordered_at, seq)) OVER person AS s
		  FROM burden WINDOW person AS (PARTITION BY person ORDER BY ordered_at, seq)) b
 ORDER BY person, ordered_at, seq;
SELECT person, (y).bills, (y).total, (y).critical, (y).assistance, (y).patient
  FROM (SELECT person, settle_year(test.terms('year by hand'), test.bill(amount, ordered_at, seq) ORDER BY ordered_at, seq) AS y
		  FROM burden GROUP BY person) b
 ORDER BY person;

-- ---- by hand, policy 'plain' ----

-- First bill, second level, 52 000, 50 000 in scope: basic (50 000 − 300) × 70 % = 34 790.00, left 300 + 14 910;
-- critical (15 210 − 10 000) × 60 % = 3 126.00 out of the copayment, left 300 + 11 784; aid 12 084 × 70 % = 8 458.80, cap 6 000.00;
-- patient 52 000 − 34 790 − 3 126 − 6 000 = 8 084.00.
-- Second, 1 000.01 in scope: basic 700.01 × 70 % = 490.007 = 490.01, left 300 + 210.00; critical 60 % of 510 = 306.00, copayment first,
-- left 204.00 under the deductible; aid has no room; patient 204.00.
CREATE TABLE two AS
	SELECT n, make_bill(total => total, in_scope => in_scope, excluded => total - in_scope, region => 'T', scheme => 'resident',
						ordered_at => '2025-01-31', seq => n, level => '2', category => '{low}') AS bill
	  FROM (VALUES (1, 52000, 50000), (2, 1000.01, 1000.01)) v (n, total, in_scope);
SELECT n, (s).* FROM (SELECT n, settle(test.terms('plain'), bill) OVER (ORDER BY n) AS s FROM two) b \gx
SELECT n, l.place, l.layer, l.state, l.rule, l.base, l.cumulative, l.deductible, l.due, l.room, l.paid
  FROM (SELECT n, settle(test.terms('plain'), bill) OVER (ORDER BY n) AS s FROM two) b, split_lines(s) l ORDER BY 1, 2;
SELECT n, l.* FROM (SELECT n, settle(test.terms('plain'), bill) OVER (ORDER BY n) AS s FROM two) b, split_left(s) l ORDER BY 1, 2;

-- a named part at half weight: 1 000 excluded, 400 of it special drugs; no rest in scope; aid 200 × 70 % = 140.00
SELECT (split).basic, (split).assistance, (split).patient
  FROM settle_bill(test.terms('plain'), NULL, make_bill(total => 1000, excluded => 1000, region => 'T', scheme => 'resident', ordered_at => '2025-01-31',
		level => '2', category => '{low}', parts => '{"excluded.special_drug": 400}'));
-- given by the insurer: basic 600 with a deductible of 100; aid (1 000 − 600) × 70 % = 280.00
SELECT (split).basic, (split).assistance, (split).patient
  FROM settle_bill(test.terms('plain'), NULL, make_bill(total => 1000, in_scope => 1000, region => 'T', scheme => 'resident', ordered_at => '2025-01-31',
		level => '2', category => '{low}', given => '{"basic": {"amount": 600, "deductible": 100}}'));

-- ---- the surfaces agree ----

CREATE TABLE history AS
	SELECT 'P' || lpad(p::text, 4, '0') AS person, timestamp '2025-01-01' + interval '1 day' * (hashint8extended(p * 100 + n, 1) & 255) AS ordered_at,
		   n::bigint AS seq, p, n
	  FROM generate_series(1, 300) p, generate_series(1, 1 + p % 7) n;
CREATE TABLE history_bill AS
	SELECT person, ordered_at, seq, make_bill(total => (a + b)::numeric / 100, in_scope => a::numeric / 100, excluded => b::numeric / 100, region => 'T',
		   scheme => 'resident', ordered_at => ordered_at, seq => seq, level => CASE WHEN a % 3 = 0 THEN '3' ELSE '2' END,
		   category => CASE WHEN p % 2 = 0 THEN '{low}' ELSE '{}' END::text[]) AS bill
	  FROM (SELECT *, hashint8extended(p * 1000 + n, 2) & 2097151 AS a, hashint8extended(p * 1000 + n, 3) & 65535 AS b FROM history) h;

-- bill by bill with settle_bill, each on the account before it
CREATE TABLE scalar AS
	WITH RECURSIVE numbered AS (
		SELECT *, row_number() OVER (PARTITION BY person ORDER BY ordered_at, seq) AS k FROM history_bill
	), chain AS (
		SELECT person, k, s.account, s.split FROM numbered, settle_bill(test.terms('plain'), NULL, bill) s WHERE k = 1
		UNION ALL
		SELECT n.person, n.k, s.account, s.split
		  FROM chain c JOIN numbered n ON n.person = c.person AND n.k = c.k + 1, settle_bill(test.terms('plain'), c.account, n.bill) s
	)
	SELECT * FROM chain;
CREATE TABLE windowed AS
	SELECT person, row_number() OVER w AS k, settle(test.terms('plain'), bill) OVER w AS split
	  FROM history_bill WINDOW w AS (PARTITION BY person ORDER BY ordered_at, seq);
SELECT count(*) AS bills, count(*) FILTER (WHERE s.split::text <> w.split::text) AS different
  FROM scalar s JOIN windowed w USING (person, k);
SELECT count(*) AS unequal FROM windowed WHERE (split).total <> (split).basic + (split).critical + (split).assistance + (split).patient;
-- the frame makes no difference
SELECT count(*) AS different
  FROM (SELECT person, row_number() OVER w AS k, settle(test.terms('plain'), bill) OVER w AS split FROM history_bill
		WINDOW w AS (PARTITION BY person ORDER BY ordered_at, seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW)) f
  JOIN windowed w USING (person, k) WHERE f.split::text <> w.split::text;

-- the aggregate: sums of the splits, and the account after the last bill
CREATE TABLE aggregated AS
	SELECT person, settle_year(test.terms('plain'), bill ORDER BY ordered_at, seq) AS y FROM history_bill GROUP BY person;
SELECT count(*) AS persons,
	   count(*) FILTER (WHERE (y).account::text <> last.account::text) AS other_account,
	   count(*) FILTER (WHERE ((y).bills, (y).total, (y).basic, (y).critical, (y).assistance, (y).patient)
							  IS DISTINCT FROM (sums.n, sums.total, sums.basic, sums.critical, sums.assistance, sums.patient)) AS other_sums
  FROM aggregated
  JOIN (SELECT DISTINCT ON (person) person, account FROM scalar ORDER BY person, k DESC) last USING (person)
  JOIN (SELECT person, count(*) AS n, sum((split).total) AS total, sum((split).basic) AS basic, sum((split).critical) AS critical,
			   sum((split).assistance) AS assistance, sum((split).patient) AS patient
		  FROM windowed GROUP BY person) sums USING (person);
-- groups that interleave in a hash aggregate
SET enable_sort = off;
SELECT test.plan('SELECT person, settle_year(test.terms(''plain''), bill) FROM (SELECT * FROM history_bill ORDER BY ordered_at, seq, person OFFSET 0) b GROUP BY person');
SELECT count(*) AS persons, count(*) FILTER (WHERE h.y::text <> a.y::text) AS different
  FROM (SELECT person, settle_year(test.terms('plain'), bill) AS y
		  FROM (SELECT * FROM history_bill ORDER BY ordered_at, seq, person OFFSET 0) b GROUP BY person) h
  JOIN aggregated a USING (person);
RESET enable_sort;
-- the aggregate over a window: a running total
SELECT count(*) AS different
  FROM (SELECT person, k, (settle_year(test.terms('plain'), bill) OVER w).assistance AS so_far
		  FROM (SELECT *, row_number() OVER (PARTITION BY person ORDER BY ordered_at, seq) AS k FROM history_bill) b
		WINDOW w AS (PARTITION BY person ORDER BY ordered_at, seq)) r
  JOIN (SELECT person, k, sum((split).assistance) OVER (PARTITION BY person ORDER BY k) AS so_far FROM windowed) w USING (person, k)
 WHERE r.so_far <> w.so_far;
-- resumed from the account at the end of June
SELECT count(*) AS persons, count(*) FILTER (WHERE (second.y).account::text <> (a.y).account::text) AS other_account,
	   count(*) FILTER (WHERE COALESCE((first.y).patient, 0) + (second.y).patient <> (a.y).patient) AS other_sums
  FROM (SELECT b.person, settle_year(test.terms('plain'), (f.y).account, bill ORDER BY ordered_at, seq) AS y
		  FROM history_bill b LEFT JOIN (SELECT person, settle_year(test.terms('plain'), bill ORDER BY ordered_at, seq) AS y
										   FROM history_bill WHERE ordered_at < '2025-07-01' GROUP BY person) f USING (person)
		 WHERE ordered_at >= '2025-07-01' GROUP BY b.person) second
  LEFT JOIN (SELECT person, settle_year(test.terms('plain'), bill ORDER BY ordered_at, seq) AS y
			   FROM history_bill WHERE ordered_at < '2025-07-01' GROUP BY person) first USING (person)
  JOIN aggregated a USING (person);
-- no bills
SELECT settle_year(test.terms('plain'), bill) FROM history_bill WHERE false;

-- ---- plans ----

-- a prepared statement, from custom to generic plan, under two books
PREPARE year (text) AS
	SELECT sum((s).assistance) FROM (SELECT settle(test.terms($1), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM burden) b;
SET plan_cache_mode = force_generic_plan;
EXECUTE year('year by hand');
EXECUTE year('plain');
EXECUTE year('year by hand');
RESET plan_cache_mode;
-- the book changes within a person: from 2025-03-01 the plain one, in which these persons have no assistance. The account goes on.
SELECT person, seq, (s).critical, (s).assistance
  FROM (SELECT person, ordered_at, seq, settle(CASE WHEN ordered_at < '2025-03-01' THEN test.terms('year by hand') ELSE test.terms('plain') END,
		test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM burden WHERE person = 'P0001') b
 ORDER BY ordered_at, seq;
-- more books than a backend keeps, each joined to its bills and read from where it is stored
CREATE TABLE book AS
	SELECT i, replace(terms::text, '"ratio":0.6,"to"', format('"ratio":0.%s,"to"', 10 + i))::terms AS terms FROM test.policy, generate_series(1, 20) i
	 WHERE name = 'year by hand';
SELECT count(DISTINCT terms_digest(terms)) AS books FROM book;
-- critical: (21 000 − 10 000) × 60 %; assistance with its first band at 11 % … 30 %: B = 21 000 − 6 600 = 14 400;
-- (10 000 − 2 100) × 11 % + 4 400 × 70 % = 869 + 3 080 = 3 949.00, and 79.00 more for each point: 5 450.00 at 30 %
SELECT min(a), max(a), count(*) FROM
	(SELECT (settle(terms, test.bill(21000, '2025-06-15')) OVER (PARTITION BY i, again)).assistance AS a FROM book, generate_series(1, 3) again) s;
SELECT i, (settle_bill(terms, NULL, test.bill(21000, '2025-06-15'))).split.assistance FROM book WHERE i IN (1, 2, 20) ORDER BY i;
BEGIN;
DECLARE kept SCROLL CURSOR WITH HOLD FOR
	SELECT seq, (settle(test.terms('year by hand'), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq)).assistance
	  FROM burden WHERE person = 'P0001' ORDER BY ordered_at, seq;
COMMIT;
FETCH LAST FROM kept;
FETCH BACKWARD 2 FROM kept;
CLOSE kept;

-- ---- one person with very many bills: 100 000 of 1.00, a year of 100 000.00 ----
-- critical (100 000 − 10 000) × 60 % = 54 000.00; assistance on 46 000: 7 900 × 60 % + 36 000 × 70 % = 29 940, cap 9 000.00
SELECT count(*), sum((s).critical) AS critical, sum((s).assistance) AS assistance, sum((s).patient) AS patient
  FROM (SELECT settle(test.terms('year by hand'), test.bill(1, timestamp '2025-01-01' + n * interval '5 minutes')) OVER (ORDER BY n) AS s
		  FROM generate_series(1, 100000) n) b;

DROP TABLE burden, two, history, history_bill, scalar, windowed, aggregated, book;
