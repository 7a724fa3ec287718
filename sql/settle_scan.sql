-- settle_scan.sql — settle in our own node instead of the server's window node: which plans have it, and that both give the same rows
-- and raise the same errors. The server's node is had by asking for another window function of the same window; our node reads rows in
-- order, or, where the bills themselves can be sorted, in any order, which enable_hashagg forbids and enable_sort makes cheapest.

SET search_path = public, assistance;

CREATE TABLE visit (person bigint, name text, ordered_at timestamp, seq bigint, amount numeric(16,2), low boolean);
-- 200 persons with up to seven bills each, some on the same day; one person is null
INSERT INTO visit
SELECT NULLIF(p, 7), 'P' || lpad(p::text, 4, '0'), timestamp '2025-01-01' + interval '1 day' * (hashint8extended(p * 100 + n, 1) & 63), n,
	   (hashint8extended(p * 1000 + n, 2) & 2097151)::numeric / 100, p % 3 = 0
  FROM generate_series(1, 200) p, generate_series(1, 1 + p % 7) n;
ANALYZE visit;

CREATE VIEW visit_bill AS
	SELECT *, make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident', ordered_at => ordered_at, seq => seq,
						level => CASE WHEN low THEN '3' ELSE '2' END, category => CASE WHEN low THEN '{low}' ELSE '{}' END::text[]) AS bill
	  FROM visit OFFSET 0;

-- ---- plans ----

CREATE FUNCTION test.nodes(query text) RETURNS SETOF text LANGUAGE sql AS $$ SELECT n FROM test.plan(query) n WHERE n ~ '->|^ *[A-Z][A-Za-z ]*( \(Settle\))?$' $$;
SELECT test.nodes('SELECT person, settle(test.terms(''plain''), bill) OVER (PARTITION BY person ORDER BY ordered_at, seq) FROM visit_bill');
-- the split goes through the nodes above like the result of any function, and EXPLAIN shows it as one
CREATE FUNCTION test.shown(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
		RETURN QUERY SELECT regexp_replace(line, '\$0|\(InitPlan 1\)\.col1', 'initplan') WHERE line LIKE '%settle(%';
	END LOOP;
END $$;
SELECT test.shown('SELECT name, (s).assistance FROM
	(SELECT name, settle((SELECT terms FROM test.policy WHERE policy.name = ''plain''), bill) OVER (PARTITION BY name ORDER BY seq) AS s
	   FROM visit_bill) x ORDER BY (s).assistance, name LIMIT 1');
SELECT test.shown('SELECT name FROM visit_bill ORDER BY (settle(NULL, bill) OVER (PARTITION BY name ORDER BY seq)).assistance');
-- any other function in the window, another window, or a function whose every call counts: the server's node
SELECT test.nodes('SELECT settle(test.terms(''plain''), bill) OVER w, row_number() OVER w FROM visit_bill WINDOW w AS (PARTITION BY person ORDER BY ordered_at, seq)');
SELECT test.nodes('SELECT settle(test.terms(''plain''), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq),
	settle(test.terms(''plain''), bill) OVER (ORDER BY name, ordered_at, seq) FROM visit_bill');
SELECT test.nodes('SELECT settle(test.terms(''plain''), test.bill(random()::numeric(4,2), ordered_at, seq)) OVER (PARTITION BY name ORDER BY ordered_at, seq) FROM visit');
SELECT test.nodes('SELECT rank() OVER (PARTITION BY name ORDER BY ordered_at, seq) FROM visit');
-- a function with a setting of its own is called through the server, whatever its name
CREATE FUNCTION test.settle(terms, bill) RETURNS split LANGUAGE c WINDOW SET work_mem = '1MB' AS '$libdir/assistance', 'assistance_settle';
SELECT test.nodes('SELECT test.settle(test.terms(''plain''), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) FROM visit_bill');
DROP FUNCTION test.settle(terms, bill);

-- ---- the same rows ----

-- settles the rows of a source over a window in the server's node and in ours, from rows in order and, if it can, in any order; all
-- columns are handed on
CREATE FUNCTION test.ways(settled text, over text, source text DEFAULT 'visit_bill', OUT hashed boolean, OUT rows bigint, OUT different bigint)
LANGUAGE plpgsql AS $$
DECLARE
	ours text := format('SELECT row_of, s FROM (SELECT v::text AS row_of, (%s)::text AS s FROM %s v WINDOW w AS (%s)) x', settled, source, over);
	servers text := format('SELECT row_of, s FROM (SELECT v::text AS row_of, (%s)::text AS s, row_number() OVER w AS k FROM %s v WINDOW w AS (%s)) x
		WHERE k IS NOT NULL', settled, source, over);
	compare text := 'SELECT count(*) FROM ((TABLE %1$s EXCEPT ALL TABLE %2$s) UNION ALL (TABLE %2$s EXCEPT ALL TABLE %1$s)) d';
	others bigint;
BEGIN
	EXECUTE 'CREATE TEMP TABLE by_server AS ' || servers;
	PERFORM set_config('enable_hashagg', 'off', true);
	IF NOT EXISTS (SELECT FROM test.plan(ours) p WHERE p LIKE '%Strategy: Sorted') OR EXISTS (SELECT FROM test.plan(servers) p WHERE p LIKE '%Settle%') THEN
		RAISE EXCEPTION 'these are not two ways';
	END IF;
	EXECUTE 'CREATE TEMP TABLE in_order AS ' || ours;
	PERFORM set_config('enable_hashagg', 'on', true), set_config('enable_sort', 'off', true);
	hashed := EXISTS (SELECT FROM test.plan(ours) p WHERE p LIKE '%Strategy: Hashed');
	EXECUTE 'CREATE TEMP TABLE in_any_order AS ' || ours;
	PERFORM set_config('enable_sort', 'on', true);
	SELECT count(*) INTO rows FROM by_server;
	EXECUTE format(compare, 'by_server', 'in_order') INTO different;
	EXECUTE format(compare, 'by_server', 'in_any_order') INTO others;
	different := different + others;
	DROP TABLE by_server, in_order, in_any_order;
END $$;

SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY person ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY low, name || ''x'', person ORDER BY ordered_at, seq');
-- equal values that look different are one person
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY CASE WHEN seq % 2 = 0 THEN 7.0 ELSE 7.00 END, name ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY CASE WHEN seq % 2 = 0 THEN float8 ''-0'' ELSE 0 END, name ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY ROW(name, low) ORDER BY ordered_at, seq');
-- all rows are one person; none
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'ORDER BY ordered_at, seq', '(SELECT * FROM visit_bill WHERE person = 13)');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', '', '(SELECT * FROM visit_bill WHERE person = 13 ORDER BY ordered_at, seq OFFSET 0)');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', '(SELECT * FROM visit_bill WHERE amount < 0)');
-- the frame makes no difference
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w',
	'PARTITION BY name ORDER BY ordered_at, seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW');
-- bills made where they are settled, kept in a table, from JSON; read by an index instead of a sort
SELECT * FROM test.ways('settle(test.terms(''year by hand''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'visit');
CREATE TABLE kept_visit AS SELECT * FROM visit_bill;
CREATE INDEX ON kept_visit (name, ordered_at, seq);
ANALYZE kept_visit;
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill::text::bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
SET enable_seqscan = off;
SET enable_sort = off;
SELECT test.nodes('SELECT settle(test.terms(''plain''), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) FROM kept_visit');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
RESET enable_seqscan;
RESET enable_sort;
-- several at once, one of them twice; parts of a split; a book that changes from bill to bill; a book from a subquery of the row
SELECT * FROM test.ways('ROW(settle(test.terms(''plain''), bill) OVER w, settle(test.terms(''year by hand''), bill) OVER w,
	(settle(test.terms(''plain''), bill) OVER w).patient + 1)', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle(CASE WHEN ordered_at < ''2025-02-01'' THEN test.terms(''year by hand'') ELSE test.terms(''plain'') END, bill) OVER w',
	'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle((SELECT terms FROM test.policy p WHERE p.name = CASE WHEN low THEN ''plain'' ELSE ''year by hand'' END), bill) OVER w',
	'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
-- bills of groups; rows multiplied by a function that returns a set
SELECT * FROM test.ways('settle(test.terms(''year by hand''), test.bill(total, day)) OVER w', 'PARTITION BY name ORDER BY day',
	'(SELECT name, ordered_at AS day, sum(amount) AS total FROM visit GROUP BY name, ordered_at)');
SELECT count(*), count(DISTINCT i), sum((s).patient) FROM
	(SELECT settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s, generate_series(1, 3) AS i FROM visit_bill) x;
SELECT 3 * count(*) AS count, 3 AS count, 3 * sum((s).patient) AS sum FROM
	(SELECT settle(test.terms('plain'), bill) OVER w AS s, row_number() OVER w AS k FROM visit_bill
	 WINDOW w AS (PARTITION BY name ORDER BY ordered_at, seq)) x WHERE k > 0;
SELECT sum(n), sum(patient) FROM
	(SELECT sum(amount) AS n, (settle(test.terms('year by hand'), test.bill(sum(amount), ordered_at)) OVER (PARTITION BY name ORDER BY ordered_at)).patient
	   FROM visit GROUP BY name, ordered_at HAVING sum(amount) > 100) x;
SELECT sum(n), sum(patient) FROM
	(SELECT sum(amount) AS n, (settle(test.terms('year by hand'), test.bill(sum(amount), ordered_at)) OVER w).patient, row_number() OVER w AS k
	   FROM visit GROUP BY name, ordered_at HAVING sum(amount) > 100 WINDOW w AS (PARTITION BY name ORDER BY ordered_at)) x WHERE k > 0;

-- ---- rows in any order ----

-- where persons and order are what the records of bills hold; the types that they may have
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'visit');
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, day, n)) OVER w', 'PARTITION BY code ORDER BY day, n',
	'(SELECT name::varchar AS code, amount, ordered_at::date AS day, seq::int AS n FROM visit OFFSET 0)');
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, day, n)) OVER w', 'PARTITION BY p ORDER BY day, n',
	'(SELECT person::int AS p, amount, ordered_at::date AS day, seq::int AS n FROM visit OFFSET 0)');
SELECT * FROM test.ways('settle(test.terms(''year by hand''), make_bill_fen(total => fen, region => ''T'', scheme => ''resident'', ordered_at => day, seq => n,
	excluded => fen)) OVER w', 'PARTITION BY name ORDER BY day, n', '(SELECT name, (amount * 100)::bigint AS fen, ordered_at::date AS day, seq::smallint AS n FROM visit OFFSET 0)');
SELECT * FROM test.ways('settle(test.terms(''year by hand''), make_bill(total => amount, excluded => amount, region => ''T'', scheme => ''resident'', ordered_at => ordered_at)) OVER w', 'PARTITION BY name ORDER BY ordered_at', '(SELECT name, ordered_at, sum(amount) AS amount FROM visit GROUP BY name, ordered_at)');
-- bills from a subquery of a subquery
SELECT * FROM test.ways('settle(test.terms(''plain''), b) OVER w', 'PARTITION BY who ORDER BY at, n',
	'(SELECT name AS who, ordered_at AS at, seq AS n, bill AS b FROM visit_bill OFFSET 0)');
-- and not where the order may be another one: other columns, directions and operators, bills of which nothing is known, a book that
-- changes, persons whose equality is not that of bytes
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq',
	'(SELECT name, amount, seq, ordered_at, ordered_at + interval ''1 day'' AS at FROM visit OFFSET 0)');
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq NULLS FIRST', 'visit');
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, timestamp ''2025-12-31'' - (ordered_at - timestamp ''2025-01-01''), -seq)) OVER w',
	'PARTITION BY name ORDER BY ordered_at DESC, seq DESC', 'visit');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', '(SELECT * FROM kept_visit UNION ALL SELECT * FROM kept_visit WHERE false)');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq',
	'(SELECT * FROM visit_bill UNION ALL SELECT * FROM visit_bill WHERE false)');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY person::numeric ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name::bpchar ORDER BY ordered_at, seq');
SELECT * FROM test.ways('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name, low ORDER BY ordered_at, seq');
-- persons: null is one, and none of the others
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, ordered_at, n)) OVER w', 'PARTITION BY p ORDER BY ordered_at, n',
	'(SELECT NULLIF(person % 5 - 1, 1) AS p, person * 10 + seq AS n, amount, ordered_at FROM visit WHERE person IS NOT NULL OFFSET 0)');
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, ordered_at, n)) OVER w', 'PARTITION BY p ORDER BY ordered_at, n',
	$$(SELECT CASE person % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'\001' WHEN 3 THEN repeat('p', 254) WHEN 4 THEN repeat('p', 255)
			WHEN 5 THEN repeat('p', 300) WHEN 6 THEN repeat('p', 299) || 'q' END AS p, person * 10 + seq AS n, amount, ordered_at
	   FROM visit WHERE person IS NOT NULL OFFSET 0)$$);
-- a bill without seq comes after those with one, as ORDER BY has it, though its seq counts as 0
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, ordered_at, n)) OVER w', 'PARTITION BY name ORDER BY ordered_at, n',
	'(SELECT name, amount, ordered_at, CASE WHEN seq < last THEN seq - 100 END AS n
		FROM (SELECT *, max(seq) OVER (PARTITION BY name, ordered_at) AS last FROM visit) x OFFSET 0)');
-- columns of every width, of values that are stored elsewhere, and null ones
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq',
	$$(SELECT *, CASE WHEN seq < 5 THEN repeat(name, (seq ^ 6)::int) END AS wide, ARRAY[seq, person] AS both FROM visit OFFSET 0)$$);
SELECT length(wide), sum((s).patient) > 0 AS settled FROM
	(SELECT wide, settle(test.terms('plain'), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s
	   FROM (SELECT *, repeat('w', 32700 + seq::int * 10) AS wide FROM visit OFFSET 0) v) x GROUP BY length(wide) ORDER BY 1;
-- more rows than memory: they go to a file, which goes with the query, whatever ends it
CREATE TABLE many AS
	SELECT (hashint8extended(i, 1) & 8191) AS person, timestamp '2025-01-01' + interval '1 minute' * (hashint8extended(i, 2) & 262143) AS ordered_at, i AS seq,
		   (hashint8extended(i, 3) & 1048575)::numeric / 100 AS amount
	  FROM generate_series(1, 40000) i;
ANALYZE many;
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
CREATE FUNCTION test.properties(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
		RETURN QUERY SELECT regexp_replace(btrim(line), '[0-9]+ kB| \(actual.*', ' …') WHERE line ~ 'Strategy|Memory|Disk|Settle';
	END LOOP;
END $$;
CREATE FUNCTION test.files() RETURNS bigint LANGUAGE sql
	AS $$ SELECT count(*) FROM pg_ls_tmpdir() WHERE name LIKE format('pgsql_tmp%s.%%', pg_backend_pid()) $$;
SELECT test.properties('SELECT settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) FROM many');
SELECT * FROM test.ways('settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY person ORDER BY ordered_at, seq', 'many');
SELECT test.files();
SELECT settle(test.terms('plain'), test.bill(CASE WHEN seq < 40000 THEN amount ELSE -1 END, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) FROM many;
BEGIN;
DECLARE early CURSOR FOR SELECT seq, settle(test.terms('plain'), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many;
SAVEPOINT first;
SELECT count(*) FROM (SELECT 1 FROM many LIMIT 1) x;
MOVE 1000 FROM early;
ROLLBACK TO first;
MOVE 1000 FROM early;
SELECT test.files();
ROLLBACK;
SELECT test.files();
-- kept rows come out again, or are read anew where a parameter has changed
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SELECT count(*), sum((x.s).patient) = 3 * (SELECT sum((s).patient) FROM (SELECT settle(test.terms('plain'), test.bill(amount, ordered_at, seq)) OVER w AS s,
		row_number() OVER w AS k FROM many WINDOW w AS (PARTITION BY person ORDER BY ordered_at, seq)) y WHERE k > 0) AS same
  FROM (VALUES (1), (2), (3)) t (n)
  JOIN (SELECT seq, settle(test.terms('plain'), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many) x ON x.seq > t.n - 4;
SELECT book, count(*), sum((x.s).patient) FROM (VALUES ('plain'), ('year by hand'), ('plain')) t (book),
  LATERAL (SELECT settle(test.terms(book), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many) x GROUP BY book ORDER BY book;
SELECT book, sum((x.s).patient) FROM (VALUES ('plain'), ('year by hand')) t (book),
  LATERAL (SELECT settle(test.terms(book), test.bill(amount, ordered_at, seq)) OVER w AS s, row_number() OVER w AS k FROM many
		   WINDOW w AS (PARTITION BY person ORDER BY ordered_at, seq)) x WHERE k > 0 GROUP BY book ORDER BY book;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
RESET work_mem;
RESET hash_mem_multiplier;
-- above processes that read and make bills (the server runs no window in such a process): the same
CREATE FUNCTION test.sums(OUT nodes text[], OUT bills bigint, OUT patient numeric) LANGUAGE plpgsql AS $$
DECLARE
	query text := format('SELECT count(*), sum((s).patient) FROM (SELECT settle(%L, make_bill(total => amount, in_scope => amount, region => ''T'',
		scheme => ''resident'', ordered_at => ordered_at, seq => seq, level => ''2'', category => ''{}''))
		OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many) x', (SELECT terms FROM test.policy WHERE name = 'plain'));
BEGIN
	SELECT array_agg(btrim(substring(n FROM 'Gather|Settle|Seq Scan on many|Sort$'))) INTO nodes FROM test.nodes(query) n WHERE n ~ 'Gather|Settle|many|Sort$';
	EXECUTE query INTO bills, patient;
END $$;
SELECT * FROM test.sums();
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT * FROM test.sums();
SET enable_hashagg = off;
SELECT * FROM test.sums();
RESET enable_hashagg;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- a split holds until the next row only: whoever keeps it longer keeps a copy
CREATE TEMP TABLE by_server AS
	SELECT person, seq, s FROM (SELECT person, seq, settle(test.terms('plain'), test.bill(amount, ordered_at, seq)) OVER w AS s, row_number() OVER w AS k FROM many
								WINDOW w AS (PARTITION BY person ORDER BY ordered_at, seq)) x WHERE k > 0;
CREATE VIEW settled_many AS
	SELECT person, seq, settle(test.terms('plain'), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many;
SELECT count(*), count(*) FILTER (WHERE x.s::text <> b.s::text) AS different FROM settled_many x JOIN by_server b USING (person, seq);
SELECT count(*), count(*) FILTER (WHERE x.before::text IS DISTINCT FROM b.before::text) AS different
  FROM (SELECT lag(s) OVER (ORDER BY person, seq) AS before, person, seq FROM settled_many) x
  JOIN (SELECT lag(s) OVER (ORDER BY person, seq) AS before, person, seq FROM by_server) b USING (person, seq);
SELECT count(*), count(*) FILTER (WHERE x.kept <> b.kept) AS different
  FROM (SELECT person, array_agg(s ORDER BY seq)::text AS kept FROM settled_many GROUP BY person) x
  JOIN (SELECT person, array_agg(s ORDER BY seq)::text AS kept FROM by_server GROUP BY person) b USING (person);
SELECT count(*) FROM (SELECT s FROM settled_many EXCEPT ALL SELECT s FROM by_server) x;
DROP VIEW settled_many;
DROP TABLE by_server;
-- an order that is wanted above is sorted above, or comes from below
SELECT test.nodes('SELECT * FROM (SELECT person, seq, settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many) x ORDER BY seq');
SELECT test.nodes('SELECT person, settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many LIMIT 1');
CREATE INDEX ON many (person, ordered_at, seq);
SELECT test.nodes('SELECT person, settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM many LIMIT 1');

-- one person with very many bills would not fit in a run
CREATE TABLE one_person AS SELECT bigint '1' AS person, timestamp '2025-01-01' AS ordered_at, i AS seq FROM generate_series(1, 100001) i;
ANALYZE one_person;
SELECT test.nodes('SELECT settle(test.terms(''plain''), test.bill(1, ordered_at, seq)) OVER (PARTITION BY person ORDER BY ordered_at, seq) FROM one_person');
DROP TABLE one_person;

-- ---- the same errors ----

CREATE FUNCTION test.ways_raise(settled text, over text, source text DEFAULT 'visit_bill', OUT hashed boolean, OUT code text, OUT message text, OUT detail text,
	OUT same boolean) LANGUAGE plpgsql AS $$
DECLARE
	ours text := format('SELECT %s FROM %s v WINDOW w AS (%s)', settled, source, over);
	by_server record;
	in_order record;
	in_any_order record;
BEGIN
	SELECT * INTO by_server FROM test.raises(format('SELECT %s, row_number() OVER w FROM %s v WINDOW w AS (%s)', settled, source, over));
	PERFORM set_config('enable_hashagg', 'off', true);
	SELECT * INTO in_order FROM test.raises(ours);
	PERFORM set_config('enable_hashagg', 'on', true), set_config('enable_sort', 'off', true);
	hashed := EXISTS (SELECT FROM test.plan(ours) p WHERE p LIKE '%Strategy: Hashed');
	SELECT * INTO in_any_order FROM test.raises(ours);
	PERFORM set_config('enable_sort', 'on', true);
	code := by_server.code;
	message := by_server.message;
	detail := by_server.detail;
	same := by_server IS NOT DISTINCT FROM in_order AND by_server IS NOT DISTINCT FROM in_any_order;
END $$;
SELECT * FROM test.ways_raise('settle(NULL, bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), NULL) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.ways_raise('settle(test.terms(''none''), NULL) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY low ORDER BY name', '(SELECT * FROM visit_bill WHERE name IN (''P0010'', ''P0020''))');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY seq DESC', '(SELECT * FROM visit_bill WHERE name = ''P0010'')');
SELECT * FROM test.ways_raise('settle(test.terms(''yubei''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', '(SELECT * FROM visit_bill WHERE name = ''P0010'')');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), test.bill(-amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq',
	'(SELECT * FROM visit WHERE name = ''P0014'' AND seq = 1)');
-- a page's error comes before that of a bill that would be made later
SELECT * FROM test.ways_raise('settle(test.terms(''none''), test.bill(-1, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'visit');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), test.bill(1 / (seq - 3), ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY seq', 'visit');

-- rows in any order: two bills at one place in the order, a bill without seq behind another with one, a page that is missing
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), test.bill(amount, day, 1)) OVER w', 'PARTITION BY name ORDER BY day',
	'(SELECT name, amount, date ''2025-01-01'' AS day, seq FROM visit WHERE name = ''P0010'' OFFSET 0)');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), test.bill(amount, ordered_at, n)) OVER w', 'PARTITION BY name ORDER BY ordered_at, n',
	'(SELECT name, amount, timestamp ''2025-01-01'' AS ordered_at, NULLIF(seq, 1) AS n FROM visit WHERE name = ''P0010'' AND seq < 3 OFFSET 0)');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq',
	'(SELECT name, amount, seq, CASE WHEN name = ''P0010'' AND seq = 2 THEN ''2026-01-01'' ELSE ordered_at END AS ordered_at FROM visit OFFSET 0)');
SELECT * FROM test.ways_raise('settle(test.terms(''plain''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq',
	'(SELECT name, amount, seq, CASE WHEN name = ''P0010'' AND seq = 2 THEN NULL ELSE ordered_at END AS ordered_at FROM visit OFFSET 0)');
SELECT * FROM test.ways_raise('settle(NULL, test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'visit');

-- who may not call settle, may not call it in our node either
CREATE ROLE scan_reader;
GRANT USAGE ON SCHEMA assistance, test TO scan_reader;
GRANT SELECT ON visit, visit_bill, kept_visit, test.policy TO scan_reader;
REVOKE EXECUTE ON FUNCTION assistance.settle(terms, bill) FROM PUBLIC;
SET ROLE scan_reader;
SELECT settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) FROM kept_visit;
RESET ROLE;
GRANT EXECUTE ON FUNCTION assistance.settle(terms, bill) TO PUBLIC;
-- rows that row security hides are not settled; a view with a barrier shows its own rows only
ALTER TABLE kept_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY low_only ON kept_visit TO scan_reader USING (low);
CREATE VIEW settled_visit WITH (security_barrier) AS
	SELECT name, seq, settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s FROM kept_visit WHERE name > 'P0100';
GRANT SELECT ON settled_visit TO scan_reader;
SET ROLE scan_reader;
SELECT count(*), sum((s).patient) FROM (SELECT settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s FROM kept_visit) x;
SELECT count(*), sum((s).patient) FROM settled_visit WHERE name < 'P0150';
RESET ROLE;
SELECT count(*) FILTER (WHERE low), sum((s).patient) FILTER (WHERE low), count(*) FILTER (WHERE name > 'P0100' AND name < 'P0150'),
	   sum((s).patient) FILTER (WHERE name > 'P0100' AND name < 'P0150')
  FROM (SELECT name, low, settle(test.terms('plain'), bill) OVER w AS s, row_number() OVER w AS k FROM kept_visit
		WINDOW w AS (PARTITION BY name ORDER BY ordered_at, seq)) x WHERE k > 0;

-- ---- ways to run a plan ----

-- again and again, under other parameters: the last bill of each of three persons, and twice the first bills of one
SELECT p.name, x.seq, x.patient FROM (VALUES ('P0013'), ('P0020'), ('P9999'), ('P0027')) p (name)
  LEFT JOIN LATERAL (SELECT seq, ordered_at, (settle(test.terms('plain'), bill) OVER (PARTITION BY v.name ORDER BY ordered_at, seq)).patient
		FROM visit_bill v WHERE v.name = p.name) x ON true
 ORDER BY p.name, x.ordered_at DESC, x.seq DESC LIMIT 3;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SELECT count(*), sum((x.s).patient) FROM (VALUES (1), (2), (3)) t (n)
  JOIN (SELECT seq, settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s FROM visit_bill) x ON x.seq <= t.n;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
SELECT sum((4 - seq)) AS count, sum((s).patient * (4 - seq)) AS sum FROM
	(SELECT seq, settle(test.terms('plain'), bill) OVER w AS s, row_number() OVER w AS k FROM visit_bill
	 WINDOW w AS (PARTITION BY name ORDER BY ordered_at, seq)) x WHERE k > 0 AND seq <= 3;
-- a part of the rows
SELECT name, seq, (s).patient FROM (SELECT name, seq, settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s FROM visit_bill) x
 LIMIT 3 OFFSET 4;
-- a cursor, forwards and backwards
BEGIN;
DECLARE settled SCROLL CURSOR FOR
	SELECT seq, (settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq)).patient FROM visit_bill WHERE name = 'P0013' ORDER BY ordered_at, seq;
FETCH 3 FROM settled;
FETCH BACKWARD 2 FROM settled;
FETCH ABSOLUTE 7 FROM settled;
FETCH RELATIVE -6 FROM settled;
COMMIT;
-- prepared, from custom to generic plan
PREPARE settled (text, text) AS
	SELECT sum((s).patient) FROM (SELECT settle(test.terms($1), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s FROM visit_bill WHERE name < $2) x;
SET plan_cache_mode = force_generic_plan;
EXECUTE settled('plain', 'P0050');
EXECUTE settled('year by hand', 'P0050');
EXECUTE settled('plain', 'P0050');
RESET plan_cache_mode;
EXECUTE settled('plain', 'P0050');
-- in statements that write; rows that others see change meanwhile are no matter of one session
ALTER TABLE visit ADD patient numeric(16,2);
UPDATE visit v SET patient = (s).patient FROM
	(SELECT name, seq, settle(test.terms('plain'), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) AS s FROM kept_visit) x
 WHERE x.name = v.name AND x.seq = v.seq;
SELECT count(*), count(*) FILTER (WHERE patient IS DISTINCT FROM (s).patient) AS different FROM
	(SELECT visit.patient, settle(test.terms('plain'), bill) OVER w AS s, row_number() OVER w AS k FROM visit JOIN kept_visit b USING (name, seq)
	 WINDOW w AS (PARTITION BY name ORDER BY b.ordered_at, seq)) x WHERE k > 0;

-- the first query of a session has our node, too
\c -
SET search_path = public, assistance;
SELECT test.nodes('SELECT settle(NULL, bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) FROM kept_visit');

DROP VIEW settled_visit, visit_bill;
DROP TABLE visit, kept_visit, many;
DROP FUNCTION test.ways(text, text, text), test.ways_raise(text, text, text), test.nodes(text), test.shown(text),
	test.properties(text), test.files(), test.sums();
DROP OWNED BY scan_reader;
DROP ROLE scan_reader;
