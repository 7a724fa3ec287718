-- kept.sql — settle and make_bill hand out values that hold until their next row: whoever keeps one longer keeps a copy. Everything
-- below keeps them in another way, and compares them with bills from JSON and splits of settle_bill.

BEGIN;
SELECT plan(49);
SET LOCAL search_path = assistance, public;

CREATE TEMP TABLE claim AS
	SELECT 'P000' || p AS person, i AS seq, timestamp '2025-01-01 08:00' + i * interval '9 days' AS ordered_at,
		   (p * 1000 + i * 137.5)::numeric AS total, (p * 900 + i * 130.25)::numeric AS in_scope,
		   CASE WHEN i % 2 = 0 THEN '{low,poor}'::text[] ELSE '{}' END AS category, (1 + (i % 3 > 0)::int)::text AS level,
		   CASE WHEN i % 5 > 0 THEN 'hospital ' || repeat('h', i) END AS hospital
	  FROM generate_series(1, 4) p, generate_series(1, 12) i;

CREATE TEMP TABLE book AS
	SELECT '{"format": 1, "engine": 1, "pages": [{"title": "T", "region": "R", "scheme": "居民医保", "from": "2025-01-01",
		"codes": {"category": {"low": "low", "poor": "poor"}, "level": {"1": "1", "2": "2"}},
		"sources": {"x": {"document": "X"}}, "cite": {"source": "x"}, "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "first", "when": {"level": ["1"]}, "ratio": 0.9, "deductible": {"amount": 100}},
													 {"name": "all", "ratio": 0.6, "deductible": {"amount": 300}}]},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1, "deductible": 1},
		 "rules": [{"name": "low", "when": {"category": ["low"]}, "settles": "year", "ratio": 0.7, "caps": [{"limit": 1500}]}]}]}]}'::terms AS terms;

-- the bills, and their splits, each made by itself
CREATE TEMP TABLE plain AS
	SELECT person, seq, json_strip_nulls(json_build_object('total', total, 'in_scope', in_scope, 'excluded', total - in_scope, 'region', 'R',
		'scheme', '居民医保', 'ordered_at', ordered_at, 'seq', seq, 'category', category, 'level', level, 'hospital', hospital))::bill AS bill
	  FROM claim;
ALTER TABLE plain ADD split split;
DO $$
DECLARE
	who text;
	p record;
	carried account;
	settled record;
BEGIN
	CREATE TEMP TABLE year_end (person text, account account);
	FOR who IN SELECT DISTINCT person FROM claim LOOP
		carried := NULL;
		FOR p IN SELECT * FROM plain WHERE person = who ORDER BY seq LOOP
			SELECT * INTO settled FROM settle_bill((SELECT terms FROM book), carried, p.bill);
			carried := settled.account;
			UPDATE plain SET split = settled.split WHERE person = p.person AND seq = p.seq;
		END LOOP;
		INSERT INTO year_end VALUES (who, carried);
	END LOOP;
END $$;
SELECT is((SELECT count(DISTINCT bill) FROM plain), 48::bigint, 'the bills are different');
SELECT cmp_ok((SELECT count(DISTINCT (split).assistance) FROM plain), '>', 10::bigint, 'and so are their splits');

CREATE FUNCTION pg_temp.made(c claim) RETURNS bill LANGUAGE sql AS $$
	SELECT make_bill(total => c.total, in_scope => c.in_scope, excluded => c.total - c.in_scope, region => upper('r'), scheme => '居民' || '医保',
		ordered_at => c.ordered_at, seq => c.seq, category => c.category, level => c.level, hospital => c.hospital) $$;
CREATE TEMP VIEW live AS
	SELECT person, seq, make_bill(total => total, in_scope => in_scope, excluded => total - in_scope, region => upper('r'), scheme => '居民' || '医保',
		ordered_at => ordered_at, seq => seq, category => category, level => level, hospital => hospital) AS bill
	  FROM claim;
CREATE TEMP VIEW shown AS
	SELECT person, seq, settle((SELECT terms FROM book), bill) OVER (PARTITION BY person ORDER BY seq) AS split FROM live;

-- all bills (splits) that a query keeps, in their order, against those made one by one
CREATE FUNCTION pg_temp.same_bills(query text, what text) RETURNS text LANGUAGE sql AS $$
	SELECT results_eq(query, 'SELECT bill FROM plain ORDER BY person, seq', what) $$;
CREATE FUNCTION pg_temp.same_splits(query text, what text) RETURNS text LANGUAGE sql AS $$
	SELECT results_eq(query, 'SELECT split FROM plain ORDER BY person, seq', what) $$;

-- ---- bills ----

SELECT pg_temp.same_bills('SELECT bill FROM live ORDER BY person, seq', 'sorted');
SELECT pg_temp.same_bills('SELECT x.bill FROM (SELECT array_agg(bill ORDER BY person, seq) AS a FROM live) y, unnest(a) WITH ORDINALITY x(bill, n) ORDER BY n',
	'in an array');
SELECT pg_temp.same_bills('SELECT x.bill FROM (SELECT array_agg(bill) AS a FROM live) y, unnest(a) x(bill) JOIN plain p ON p.bill = x.bill
	ORDER BY p.person, p.seq', 'in an array without order, joined by equality');
SELECT pg_temp.same_bills('WITH x AS MATERIALIZED (SELECT * FROM live) SELECT bill FROM x ORDER BY person, seq', 'in a CTE');
SELECT pg_temp.same_bills('SELECT bill FROM (SELECT person, seq, bill FROM live GROUP BY person, seq, bill) x ORDER BY person, seq', 'as a group');
SELECT pg_temp.same_bills('SELECT DISTINCT ON (person, seq) bill FROM (SELECT * FROM live UNION ALL SELECT * FROM live) x ORDER BY person, seq', 'twice');
SELECT pg_temp.same_bills('SELECT bill::text::bill FROM live ORDER BY person, seq', 'through the text');
SELECT pg_temp.same_bills('SELECT bill::json::bill FROM live ORDER BY person, seq', 'through JSON');
SELECT pg_temp.same_bills('SELECT (SELECT bill FROM live l WHERE l.person = c.person AND l.seq = c.seq) FROM claim c ORDER BY person, seq', 'from a subquery');
SELECT pg_temp.same_bills('SELECT pg_temp.made(c) FROM claim c ORDER BY person, seq', 'from a function in SQL');
SELECT pg_temp.same_bills('SELECT b FROM (SELECT person, seq, ARRAY[bill, bill, NULL] AS a FROM live) x, LATERAL (SELECT a[2] AS b) y ORDER BY person, seq',
	'twice in an array');
SELECT pg_temp.same_bills('SELECT lag(bill, 0) OVER w FROM live WINDOW w AS (PARTITION BY person ORDER BY seq) ORDER BY person, seq', 'by lag');
SELECT results_eq('SELECT lag(bill) OVER w, bill, lead(bill) OVER w, first_value(bill) OVER w, nth_value(bill, 3) OVER w FROM live
		WINDOW w AS (PARTITION BY person ORDER BY seq) ORDER BY person, seq',
	'SELECT lag(bill) OVER w, bill, lead(bill) OVER w, first_value(bill) OVER w, nth_value(bill, 3) OVER w FROM plain
		WINDOW w AS (PARTITION BY person ORDER BY seq) ORDER BY person, seq', 'beside its neighbours in a window');
SELECT results_eq('SELECT l.bill FROM live l JOIN live m ON l.bill = m.bill WHERE m.seq > 3 ORDER BY l.person, l.seq',
	'SELECT bill FROM plain WHERE seq > 3 ORDER BY person, seq', 'as the key of a join');
SELECT results_eq('SELECT p.seq, (SELECT count(*) FROM live l WHERE l.bill < p.bill) FROM plain p WHERE person = $$P0001$$ ORDER BY seq',
	'SELECT p.seq, (SELECT count(*) FROM plain l WHERE l.bill < p.bill) FROM plain p WHERE person = $$P0001$$ ORDER BY seq', 'compared');
SELECT results_eq('SELECT bill_hash(bill), pg_column_size(bill) > 60 FROM live ORDER BY person, seq',
	'SELECT bill_hash(bill), true FROM plain ORDER BY person, seq', 'hashed and measured');
SELECT is(bill, make_bill(total => 5, in_scope => 5, region => 'R', scheme => 'S', ordered_at => '2025-03-01'),
		'the default of a column') FROM (SELECT '{"region":"R","scheme":"S","ordered_at":"2025-03-01","total":5,"in_scope":5}'::bill) x(bill);
CREATE TEMP TABLE stored_bill (seq int, bill bill);
CREATE INDEX ON stored_bill ((bill::text));
INSERT INTO stored_bill SELECT seq, bill FROM live WHERE person = 'P0002';
UPDATE stored_bill s SET bill = l.bill FROM live l WHERE l.person = 'P0003' AND l.seq = s.seq;
SELECT results_eq('SELECT bill FROM stored_bill ORDER BY seq', 'SELECT bill FROM plain WHERE person = $$P0003$$ ORDER BY seq', 'stored and updated');

-- a variable keeps the bill while the expression that made it makes the next, also when the function calls itself
CREATE FUNCTION pg_temp.nested(n int, kept bill) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
	mine bill;
	below text := '';
BEGIN
	mine := make_bill(total => n, in_scope => n, region => 'R' || n, scheme => 'S', ordered_at => timestamp '2025-03-01', hospital => repeat('h', n));
	IF n > 1 THEN
		below := pg_temp.nested(n - 1, make_bill(total => n * 10, in_scope => n * 10, region => 'K' || n, scheme => 'S', ordered_at => timestamp '2025-03-01'));
	END IF;
	RETURN below || format('%s %s %s %s;', mine::jsonb ->> 'total', mine::jsonb ->> 'region', length(mine::jsonb ->> 'hospital'), kept::jsonb ->> 'region');
END $f$;
SELECT is(pg_temp.nested(4, make_bill(total => 50, in_scope => 50, region => 'K5', scheme => 'S', ordered_at => '2025-03-01')),
	'1.00 R1 1 K2;2.00 R2 2 K3;3.00 R3 3 K4;4.00 R4 4 K5;', 'in variables of a function that calls itself');
CREATE FUNCTION pg_temp.loop() RETURNS SETOF bill LANGUAGE plpgsql AS $f$
DECLARE
	bills bill[] := '{}';
	c claim;
BEGIN
	FOR c IN SELECT * FROM claim ORDER BY person, seq LOOP
		bills := bills || make_bill(total => c.total, in_scope => c.in_scope, excluded => c.total - c.in_scope, region => 'R', scheme => '居民医保',
			ordered_at => c.ordered_at, seq => c.seq, category => c.category, level => c.level, hospital => c.hospital);
	END LOOP;
	RETURN QUERY SELECT * FROM unnest(bills);
END $f$;
SELECT pg_temp.same_bills('SELECT pg_temp.loop()', 'in an array that grows in a loop');

-- texts that do not lie in the row: compressed and out of line
CREATE TEMP TABLE toasted (hospital text, category text[], long text);
ALTER TABLE toasted SET (toast_tuple_target = 128), ALTER long SET STORAGE PLAIN, ALTER hospital SET STORAGE EXTERNAL;
INSERT INTO toasted SELECT repeat('h', 31), ARRAY[repeat('a', 31), repeat('b', 31), repeat('c', 31), repeat('d', 31)], repeat('long', 600);
SELECT is(make_bill(total => 0, region => 'R', scheme => 'S', ordered_at => '2025-03-01', hospital => hospital, category => category)::jsonb -> 'category' ->> 3,
	repeat('d', 31), 'from toasted arguments') FROM toasted;

-- parts, given layers and facts lie in a buffer of the call, which grows: some of them, all, none, escaped, in every row others
CREATE TEMP VIEW members AS
SELECT i, CASE WHEN i % 2 = 0 THEN json_build_object('x', i, 'y"' || i, 2) END AS facts,
	   CASE WHEN i % 3 = 0 THEN json_build_object('excluded.' || repeat('p', 1 + i % 20), i % 10) END AS parts,
	   CASE WHEN i % 5 < 2 THEN json_build_object('层' || i, json_build_object('amount', i), 'a', json_build_object('state', 'waived')) END AS given
  FROM generate_series(1, 90) i;
SELECT results_eq(
	$$ SELECT array_agg(make_bill(total => 110, in_scope => 100, excluded => 10, region => 'R', scheme => 'S', ordered_at => '2025-03-01',
		seq => i, facts => facts, parts => parts, given => given) ORDER BY i) FROM members $$,
	$$ SELECT array_agg(json_strip_nulls(json_build_object('total', 110, 'in_scope', 100, 'excluded', 10, 'region', 'R', 'scheme', 'S',
		'ordered_at', '2025-03-01', 'seq', i, 'facts', facts, 'parts', parts, 'given', given))::bill ORDER BY i) FROM members $$,
	'with members and without in turn');
SELECT throws_ok(format($$ SELECT count(make_bill(total => 1, in_scope => 1, region => 'R', scheme => 'S', ordered_at => '2025-03-01',
	facts => CASE WHEN i = 3 THEN '%s'::json END)) FROM generate_series(1, 4) i $$, bad), code, NULL, bad)
  FROM (VALUES ('{"x": "y"}', 'MA006'), ('{"x": 1, "x": 2}', 'MA001'), ('[]', 'MA006')) b (bad, code);

-- ---- splits ----

SELECT pg_temp.same_splits('SELECT split FROM shown ORDER BY person, seq', 'sorted');
SELECT pg_temp.same_splits('SELECT x::split FROM (SELECT array_agg(split ORDER BY person, seq) AS a FROM shown) y, unnest(a) x', 'in an array');
SELECT pg_temp.same_splits('SELECT split::text::split FROM shown ORDER BY person, seq', 'through the text');
SELECT pg_temp.same_splits('SELECT ROW((split).*)::split FROM shown ORDER BY person, seq', 'from its columns');
SELECT pg_temp.same_splits('SELECT (s).split FROM shown s ORDER BY (s).person, (s).seq', 'from a whole row');
SELECT pg_temp.same_splits('SELECT split FROM (SELECT DISTINCT person, seq, split FROM shown) x ORDER BY person, seq', 'distinct');
SELECT results_eq('SELECT lag(split) OVER w, split, (lead(split) OVER w).patient, (first_value(split) OVER w).lines FROM shown
		WINDOW w AS (PARTITION BY person ORDER BY seq) ORDER BY person, seq',
	'SELECT lag(split) OVER w, split, (lead(split) OVER w).patient, (first_value(split) OVER w).lines FROM plain
		WINDOW w AS (PARTITION BY person ORDER BY seq) ORDER BY person, seq', 'beside its neighbours in a window');
SELECT results_eq('SELECT (split).assistance, (split).lines, (split).total, split FROM shown ORDER BY person, seq',
	'SELECT (split).assistance, (split).lines, (split).total, split FROM plain ORDER BY person, seq', 'columns beside the whole');
SELECT results_eq('SELECT s.person, s.seq, l.* FROM shown s, split_lines(split) l ORDER BY 1, 2, 3',
	'SELECT s.person, s.seq, l.* FROM plain s, split_lines(split) l ORDER BY 1, 2, 3', 'line by line');
SELECT results_eq('SELECT person, sum((split).patient), max((split).lines::text), count(split), array_agg((split).basic ORDER BY seq) FROM shown GROUP BY person ORDER BY 1',
	'SELECT person, sum((split).patient), max((split).lines::text), count(split), array_agg((split).basic ORDER BY seq) FROM plain GROUP BY person ORDER BY 1', 'in aggregates');
SELECT results_eq('SELECT row_to_json(split)::text, to_jsonb(split), pg_column_size(split) > 100 FROM shown ORDER BY person, seq',
	'SELECT row_to_json(split)::text, to_jsonb(split), true FROM plain ORDER BY person, seq', 'as JSON');

-- two calls in one query, of which each shows its own split
SELECT results_eq('SELECT settle(terms, bill) OVER w, settle(terms, bill) OVER v FROM live, book
		WINDOW w AS (PARTITION BY person ORDER BY seq), v AS (PARTITION BY person, seq ORDER BY seq) ORDER BY person, seq',
	'SELECT split, (settle_bill((SELECT terms FROM book), NULL, bill)).split FROM plain ORDER BY person, seq', 'two windows');
CREATE TEMP TABLE stored_split AS SELECT person, seq, split, (split).* FROM shown;
SELECT results_eq('SELECT split, total, assistance, patient, lines FROM stored_split ORDER BY person, seq',
	'SELECT split, (split).total, (split).assistance, (split).patient, (split).lines FROM plain ORDER BY person, seq', 'stored, whole and by column');

-- ---- years ----

-- groups by sorting, by hashing bills that come person by person, and by hashing bills that come day by day
CREATE TEMP VIEW year AS
	SELECT person, settle_year((SELECT terms FROM book), bill ORDER BY seq) AS year FROM live GROUP BY person;
CREATE TEMP TABLE expected AS
	SELECT person, count(*) AS bills, sum((split).total) AS total, sum((split).assistance) AS assistance, sum((split).patient) AS patient, account
	  FROM plain JOIN year_end USING (person) GROUP BY person, account;
CREATE FUNCTION pg_temp.same_years(query text, what text) RETURNS text LANGUAGE sql AS $$
	SELECT results_eq('SELECT person, (year).bills, (year).total, (year).assistance, (year).patient, (year).account FROM (' || query ||
		') x ORDER BY person', 'SELECT * FROM expected ORDER BY person', what) $$;
SELECT pg_temp.same_years('SELECT * FROM year', 'years by columns');
SELECT pg_temp.same_years('SELECT * FROM year ORDER BY (year).patient DESC', 'sorted years');
SELECT pg_temp.same_years('SELECT person, year::text::assistance.year AS year FROM year', 'years through the text');
SELECT pg_temp.same_years('SELECT ps[i] AS person, ys[i] AS year FROM (SELECT array_agg(person) AS ps, array_agg(year) AS ys FROM year) a, generate_subscripts(ps, 1) i',
	'years in an array');
-- the order asked for outside is of an expression, so that sorted groups would not serve it
SET LOCAL enable_sort = off;
SELECT pg_temp.same_years('SELECT person || '''' AS person, settle_year((SELECT terms FROM book), bill) AS year FROM (SELECT * FROM live ORDER BY person, seq OFFSET 0) x GROUP BY x.person',
	'years of groups by hashing');
SELECT pg_temp.same_years('SELECT person || '''' AS person, settle_year((SELECT terms FROM book), bill) AS year FROM (SELECT * FROM live ORDER BY seq, person OFFSET 0) x GROUP BY x.person',
	'years of groups that take turns');
RESET enable_sort;
SELECT results_eq('SELECT person, (year).assistance, year FROM (SELECT person, seq, settle_year((SELECT terms FROM book), bill) OVER (PARTITION BY person ORDER BY seq) AS year
		FROM live) x WHERE seq IN (4, 5) ORDER BY person, seq',
	'SELECT p.person, (y.year).assistance, y.year FROM plain p, LATERAL (SELECT settle_year((SELECT terms FROM book), q.bill ORDER BY seq) AS year FROM plain q
		WHERE q.person = p.person AND q.seq <= p.seq) y WHERE p.seq IN (4, 5) ORDER BY p.person, p.seq', 'years so far in a window');
SELECT results_eq('SELECT person, (settle_year((SELECT terms FROM book), account, bill ORDER BY seq)).account FROM live l
		JOIN (SELECT person, (settle_year((SELECT terms FROM book), bill ORDER BY seq)).account FROM live WHERE seq <= 6 GROUP BY person) half USING (person)
		WHERE seq > 6 GROUP BY person ORDER BY person', 'SELECT * FROM year_end ORDER BY person', 'a year resumed from the account of its first half');
CREATE TEMP TABLE stored_year AS SELECT person, year, (year).account FROM year;
SELECT results_eq('SELECT person, (year).account, account FROM stored_year ORDER BY person', 'SELECT person, account, account FROM year_end ORDER BY person',
	'years stored');

SELECT * FROM finish();
ROLLBACK;
