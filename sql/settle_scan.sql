-- settle_scan.sql — settle in our own node instead of the server's window node: which plans have it, and that both give the same rows
-- and raise the same errors. The server's node is had by asking for another window function of the same window.

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

-- settles the rows of a source over a window in our node and in the server's; columns that the window needs are handed on, too
CREATE FUNCTION test.both(settled text, over text, source text DEFAULT 'visit_bill', OUT rows bigint, OUT different bigint) LANGUAGE plpgsql AS $$
DECLARE
	ours text := format('SELECT row_of, s FROM (SELECT v::text AS row_of, (%s)::text AS s FROM %s v WINDOW w AS (%s)) x', settled, source, over);
	servers text := format('SELECT row_of, s FROM (SELECT v::text AS row_of, (%s)::text AS s, row_number() OVER w AS k FROM %s v WINDOW w AS (%s)) x
		WHERE k IS NOT NULL', settled, source, over);
BEGIN
	IF NOT EXISTS (SELECT FROM test.plan(ours) p WHERE p LIKE '%Custom Scan (Settle)%') OR EXISTS (SELECT FROM test.plan(servers) p WHERE p LIKE '%Settle%') THEN
		RAISE EXCEPTION 'these are not the two ways';
	END IF;
	EXECUTE format('SELECT (SELECT count(*) FROM (%s) a), (SELECT count(*) FROM ((%1$s EXCEPT ALL %s) UNION ALL (%2$s EXCEPT ALL %1$s)) d)', ours, servers)
		INTO rows, different;
END $$;

SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY person ORDER BY ordered_at, seq');
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY low, name || ''x'', person ORDER BY ordered_at, seq');
-- equal values that look different are one person
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY CASE WHEN seq % 2 = 0 THEN 7.0 ELSE 7.00 END, name ORDER BY ordered_at, seq');
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY CASE WHEN seq % 2 = 0 THEN float8 ''-0'' ELSE 0 END, name ORDER BY ordered_at, seq');
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY ROW(name, low) ORDER BY ordered_at, seq');
-- all rows are one person; none
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'ORDER BY ordered_at, seq', '(SELECT * FROM visit_bill WHERE person = 13)');
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', '', '(SELECT * FROM visit_bill WHERE person = 13 ORDER BY ordered_at, seq OFFSET 0)');
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', '(SELECT * FROM visit_bill WHERE amount < 0)');
-- the frame makes no difference
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w',
	'PARTITION BY name ORDER BY ordered_at, seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW');
-- bills made where they are settled, kept in a table, from JSON; read by an index instead of a sort
SELECT * FROM test.both('settle(test.terms(''year by hand''), test.bill(amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'visit');
CREATE TABLE kept_visit AS SELECT * FROM visit_bill;
CREATE INDEX ON kept_visit (name, ordered_at, seq);
ANALYZE kept_visit;
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
SELECT * FROM test.both('settle(test.terms(''plain''), bill::text::bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
SET enable_seqscan = off;
SET enable_sort = off;
SELECT test.nodes('SELECT settle(test.terms(''plain''), bill) OVER (PARTITION BY name ORDER BY ordered_at, seq) FROM kept_visit');
SELECT * FROM test.both('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
RESET enable_seqscan;
RESET enable_sort;
-- several at once, one of them twice; parts of a split; a book that changes from bill to bill; a book from a subquery of the row
SELECT * FROM test.both('ROW(settle(test.terms(''plain''), bill) OVER w, settle(test.terms(''year by hand''), bill) OVER w,
	(settle(test.terms(''plain''), bill) OVER w).patient + 1)', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.both('settle(CASE WHEN ordered_at < ''2025-02-01'' THEN test.terms(''year by hand'') ELSE test.terms(''plain'') END, bill) OVER w',
	'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.both('settle((SELECT terms FROM test.policy p WHERE p.name = CASE WHEN low THEN ''plain'' ELSE ''year by hand'' END), bill) OVER w',
	'PARTITION BY name ORDER BY ordered_at, seq', 'kept_visit');
-- bills of groups; rows multiplied by a function that returns a set
SELECT * FROM test.both('settle(test.terms(''year by hand''), test.bill(total, day)) OVER w', 'PARTITION BY name ORDER BY day',
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

-- ---- the same errors ----

CREATE FUNCTION test.both_raise(settled text, over text, source text DEFAULT 'visit_bill')
RETURNS TABLE (code text, message text, detail text, same boolean) LANGUAGE sql AS $$
	SELECT a.code, a.message, a.detail, ROW(a.*) IS NOT DISTINCT FROM ROW(b.*)
	  FROM test.raises(format('SELECT %s FROM %s v WINDOW w AS (%s)', settled, source, over)) a,
		   test.raises(format('SELECT %s, row_number() OVER w FROM %s v WINDOW w AS (%s)', settled, source, over)) b $$;
SELECT * FROM test.both_raise('settle(NULL, bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.both_raise('settle(test.terms(''plain''), NULL) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.both_raise('settle(test.terms(''none''), NULL) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq');
SELECT * FROM test.both_raise('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY low ORDER BY name', '(SELECT * FROM visit_bill WHERE name IN (''P0010'', ''P0020''))');
SELECT * FROM test.both_raise('settle(test.terms(''plain''), bill) OVER w', 'PARTITION BY name ORDER BY seq DESC', '(SELECT * FROM visit_bill WHERE name = ''P0010'')');
SELECT * FROM test.both_raise('settle(test.terms(''yubei''), bill) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', '(SELECT * FROM visit_bill WHERE name = ''P0010'')');
SELECT * FROM test.both_raise('settle(test.terms(''plain''), test.bill(-amount, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq',
	'(SELECT * FROM visit WHERE name = ''P0014'' AND seq = 1)');
-- a page's error comes before that of a bill that would be made later
SELECT * FROM test.both_raise('settle(test.terms(''none''), test.bill(-1, ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY ordered_at, seq', 'visit');
SELECT * FROM test.both_raise('settle(test.terms(''plain''), test.bill(1 / (seq - 3), ordered_at, seq)) OVER w', 'PARTITION BY name ORDER BY seq', 'visit');

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

DROP VIEW settled_visit, visit_bill;
DROP TABLE visit, kept_visit;
DROP FUNCTION test.both(text, text, text), test.both_raise(text, text, text), test.nodes(text), test.shown(text);
DROP OWNED BY scan_reader;
DROP ROLE scan_reader;
