-- order.sql — equality, order and hash of terms, bill, account and lines: a total order over many values, equal values hash alike,
-- and what SQL builds on them (DISTINCT, joins, unique indexes, rows).

BEGIN;
SELECT plan(33);
SET LOCAL search_path = assistance, public;

-- ---- the catalog ----

SELECT is_empty(
	$$ SELECT c.opcname FROM pg_opclass c JOIN pg_type t ON t.oid = c.opcintype
	    WHERE t.typnamespace = 'assistance'::regnamespace AND NOT amvalidate(c.oid) $$,
	'every operator class is valid');
SELECT set_eq(
	$$ SELECT c.opcname::text, a.amname::text, t.typname::text, c.opcdefault
	     FROM pg_opclass c JOIN pg_am a ON a.oid = c.opcmethod JOIN pg_type t ON t.oid = c.opcintype
	    WHERE t.typnamespace = 'assistance'::regnamespace $$,
	$$ SELECT t || s AS name, m, t, true AS standard FROM unnest(ARRAY['terms', 'bill', 'account', 'lines']) t,
	          (VALUES ('_ops', 'btree'), ('_hash_ops', 'hash')) v(s, m) $$,
	'every type has a default operator class for btree and one for hash');
SELECT is_empty(
	$$ SELECT o.oid::regoperator FROM pg_operator o
	    WHERE o.oprnamespace = 'assistance'::regnamespace
	      AND (o.oprcom = 0 OR o.oprnegate = 0 OR o.oprrest = 0 OR o.oprjoin = 0
	           OR (o.oprname = '=') <> (o.oprcanhash AND o.oprcanmerge)) $$,
	'every operator has commutator, negator and estimators; only equality hashes and merges');

-- ---- values: every one twice, so that there are equal ones ----

CREATE TEMP TABLE a_terms AS
	SELECT format('{"format": 1, "engine": 1, "pages": [{"title": "%s", "region": "R", "scheme": "S", "from": "2025-01-01",
		"parts": {"excluded.special_drug": "drugs", "over_limit.implant": "implants"}, "codes": {"category": {"low": "low", "poor": "poor"}},
		"sources": {"x": {"document": "X"}}, "cite": {"source": "x"}, "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.%s}]},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1, "excluded.special_drug": 0.5},
		 "rules": [{"name": "low", "when": {"category": ["low"]}, "settles": "year", "ratio": 0.7, "caps": [{"limit": 9000}]}]}]}]}',
		repeat('T', i % 40 + 1), 10 + i)::terms AS v
	  FROM generate_series(1, 60) i, generate_series(1, 2);

-- members come in two orders; lists, parts, facts and given layers of all lengths
CREATE TEMP TABLE a_bill AS
	SELECT make_bill(total => 1000 + i % 7, in_scope => 900 + i % 7, excluded => 60, over_limit => 40,
		region => 'R', scheme => 'S', ordered_at => timestamp '2025-03-01' + i * interval '1 day', seq => (CASE WHEN i % 2 = 0 THEN -i ELSE i END),
		category => CASE i % 3 WHEN 0 THEN '{low}'::text[] WHEN 1 THEN '{}' END, hospital => CASE WHEN i % 5 = 0 THEN repeat('h', i % 31 + 1) END,
		parts => CASE WHEN i % 4 = 0 THEN NULL WHEN k = 1 THEN '{"excluded.special_drug": 12.5, "over_limit.implant": 7}'
			ELSE '{"over_limit.implant": 7.00, "excluded.special_drug": 12.50}' END::json,
		facts => CASE WHEN i % 6 = 0 THEN NULL WHEN k = 1 THEN '{"b": 1, "a": 2, "ab": 3}' ELSE '{"ab": 3, "a": 2.0, "b": 1}' END::json) AS v
	  FROM generate_series(1, 120) i, generate_series(1, 2) k;

CREATE TEMP TABLE settled AS
	SELECT r.account, r.split FROM a_bill b, settle_bill((SELECT v FROM a_terms LIMIT 1), NULL, b.v) r WHERE (b.v::jsonb) -> 'facts' IS NULL;
CREATE TEMP TABLE a_account AS SELECT account AS v FROM settled;
-- half of them have gone through their text
CREATE TEMP TABLE a_lines AS
	SELECT (split).lines AS v FROM settled UNION ALL SELECT (split).lines::text::lines FROM settled;

SELECT cmp_ok((SELECT count(DISTINCT v::text) FROM a_terms), '=', 60::bigint, 'there are different terms');
SELECT cmp_ok((SELECT count(DISTINCT v::text) FROM a_bill), '=', 120::bigint, 'there are different bills');
SELECT cmp_ok((SELECT count(DISTINCT v::text) FROM a_account), '>=', 20::bigint, 'there are different accounts');
SELECT cmp_ok((SELECT count(DISTINCT v::text) FROM a_lines), '>=', 14::bigint, 'there are different lines');
SELECT ok(EXISTS (SELECT FROM a_lines WHERE v::text LIKE '%"excluded.special_drug"%"over_limit.implant"%'), 'some with what is left of parts');

-- ---- a total order ----

-- every pair of values: all operators and the comparison agree with the place in the sorted list and with the text form
CREATE FUNCTION pg_temp.pairs(type text) RETURNS SETOF text LANGUAGE plpgsql AS $f$
BEGIN
	RETURN QUERY EXECUTE format($q$
		WITH ranked AS (SELECT v, v::text AS t, dense_rank() OVER (ORDER BY v) AS r FROM a_%1$s)
		SELECT format('%%s / %%s', x.t, y.t) FROM ranked x, ranked y
		 WHERE sign(%1$s_cmp(x.v, y.v)) <> sign(x.r - y.r)
		    OR (x.v < y.v) <> (x.r < y.r) OR (x.v <= y.v) <> (x.r <= y.r) OR (x.v = y.v) <> (x.r = y.r)
		    OR (x.v <> y.v) <> (x.r <> y.r) OR (x.v >= y.v) <> (x.r >= y.r) OR (x.v > y.v) <> (x.r > y.r)
		    OR (x.v = y.v) <> (x.t = y.t)
		    OR (x.v = y.v AND %1$s_hash(x.v) <> %1$s_hash(y.v))
		 LIMIT 3 $q$, type);
END $f$;
SELECT is_empty($$ SELECT pg_temp.pairs('terms') $$, 'terms: a total order, equal documents are equal and hash alike');
SELECT is_empty($$ SELECT pg_temp.pairs('bill') $$, 'bill: a total order, equal bills are equal and hash alike');
SELECT is_empty($$ SELECT pg_temp.pairs('account') $$, 'account: a total order, equal accounts are equal and hash alike');
SELECT is_empty($$ SELECT pg_temp.pairs('lines') $$, 'lines: a total order, equal lines are equal and hash alike');

-- a hash that is the same for all would pass the test above
CREATE FUNCTION pg_temp.hashes(type text) RETURNS float8 LANGUAGE plpgsql AS $f$
DECLARE
	share float8;
BEGIN
	EXECUTE format('SELECT count(DISTINCT %1$s_hash(v))::float8 / count(DISTINCT v::text) FROM a_%1$s', type) INTO share;
	RETURN share;
END $f$;
SELECT cmp_ok(pg_temp.hashes(type), '>', 0.95::float8, type || ': different values have different hashes')
  FROM unnest(ARRAY['terms', 'bill', 'account', 'lines']) type;

-- ---- equality looks at what a value says, not at how it is stored ----

SELECT ok('{"region":"R","scheme":"S","ordered_at":"2025-03-01","total":5,"in_scope":5,"facts":{"x":1,"y":2},"given":{"b":{"amount":1},"a":{"amount":2}}}'::bill
	= '{"given":{"a":{"amount":2.00},"b":{"amount":1}},"facts":{"y":2,"x":1},"in_scope":5,"total":5,"seq":0,"kind":"bill","ordered_at":"2025-03-01","scheme":"S","region":"R"}'::bill,
	'members of a bill in any order are the same bill');
SELECT ok('{"region":"R","scheme":"S","ordered_at":"2025-03-01","total":0,"category":["a","b"]}'::bill
	<> '{"region":"R","scheme":"S","ordered_at":"2025-03-01","total":0,"category":["b","a"]}'::bill, 'codes of a list in another order are another');
SELECT ok('{"region":"R","scheme":"S","ordered_at":"2025-03-01","total":0,"category":[]}'::bill
	<> '{"region":"R","scheme":"S","ordered_at":"2025-03-01","total":0}'::bill, 'an empty list is not an unknown one');
SELECT ok('{"lines":[],"left":{"copay":1,"excluded.b":0,"excluded.c":3,"excluded.a":2}}'::lines
	= '{"left":{"excluded.a":2.00,"excluded.c":3,"copay":1,"deductible":0},"lines":[]}'::lines, 'buckets of lines in any order, those without a rest left out');

-- compressed, out of line, short header: the same values
CREATE TEMP VIEW made AS
	SELECT (SELECT v FROM a_terms ORDER BY length(v::text) DESC, v LIMIT 1) AS t, (SELECT v FROM a_bill ORDER BY length(v::text) DESC, v LIMIT 1) AS b,
		   (SELECT v FROM a_account ORDER BY length(v::text) DESC, v LIMIT 1) AS a, (SELECT v FROM a_lines ORDER BY length(v::text) DESC, v LIMIT 1) AS l;
CREATE TEMP TABLE stored (t terms, b bill, a account, l lines, long text);
ALTER TABLE stored SET (toast_tuple_target = 128), ALTER long SET STORAGE PLAIN;
INSERT INTO stored SELECT *, repeat('long', 600) FROM made;
SELECT ok(pg_column_compression(a) IS NOT NULL AND pg_column_compression(t) IS NULL, 'stored: some compressed, terms as they are') FROM stored;
SELECT results_eq(
	$$ SELECT s.t = m.t, s.b = m.b, s.a = m.a, s.l = m.l, terms_hash(s.t) = terms_hash(m.t), bill_hash(s.b) = bill_hash(m.b),
	          account_hash(s.a) = account_hash(m.a), lines_hash(s.l) = lines_hash(m.l) FROM stored s, made m $$,
	$$ VALUES (true, true, true, true, true, true, true, true) $$,
	'a stored value equals the one that it was made from');

-- ---- what SQL builds on it ----

-- the same groups by sorting and by hashing, for single values and for whole splits
CREATE FUNCTION pg_temp.counts(query text) RETURNS bigint[] LANGUAGE plpgsql AS $f$
DECLARE
	n bigint;
	counts bigint[];
BEGIN
	FOR i IN 0 .. 1 LOOP
		PERFORM set_config('enable_hashagg', (i = 0)::text, true), set_config('enable_hashjoin', (i = 0)::text, true),
			set_config('enable_sort', (i = 1)::text, true), set_config('enable_mergejoin', (i = 1)::text, true),
			set_config('enable_nestloop', 'off', true);
		EXECUTE query INTO n;
		counts := counts || n;
	END LOOP;
	RETURN counts;
END $f$;
SELECT is(pg_temp.counts(format('SELECT count(*) FROM (SELECT v FROM a_%s GROUP BY v) g', type)),
		array_fill(distinct_texts, ARRAY[2]), type || ': GROUP BY by hashing and by sorting')
  FROM (VALUES ('terms', (SELECT count(DISTINCT v::text) FROM a_terms)), ('bill', (SELECT count(DISTINCT v::text) FROM a_bill)),
			   ('account', (SELECT count(DISTINCT v::text) FROM a_account)), ('lines', (SELECT count(DISTINCT v::text) FROM a_lines))) x(type, distinct_texts);
SELECT is(pg_temp.counts(format('SELECT count(*) FROM a_%1$s x JOIN a_%1$s y ON x.v = y.v', type)),
		array_fill(pairs, ARRAY[2]), type || ': hash join and merge join')
  FROM (VALUES ('terms', (SELECT sum(n * n)::bigint FROM (SELECT count(*) AS n FROM a_terms GROUP BY v::text) g)),
			   ('bill', (SELECT sum(n * n)::bigint FROM (SELECT count(*) AS n FROM a_bill GROUP BY v::text) g))) x(type, pairs);
SELECT is(pg_temp.counts('SELECT count(*) FROM (SELECT DISTINCT split FROM settled) d'),
	array_fill((SELECT count(DISTINCT split::text) FROM settled), ARRAY[2]), 'DISTINCT over whole splits');
SELECT is(pg_temp.counts('SELECT count(*) FROM (SELECT split FROM settled UNION SELECT split FROM settled) d'),
	array_fill((SELECT count(DISTINCT split::text) FROM settled), ARRAY[2]), 'UNION of splits');
SELECT is_empty($$ SELECT split FROM settled EXCEPT SELECT split::text::split FROM settled $$, 'EXCEPT of splits that went through their text');
SELECT is_empty($$ SELECT FROM settled s WHERE s.split IS DISTINCT FROM s.split::text::split $$, 'IS DISTINCT FROM of splits');
CREATE UNIQUE INDEX ON stored (b);
SELECT throws_ok('INSERT INTO stored (b) SELECT b FROM stored', '23505', NULL, 'a unique index refuses the same bill twice');

SELECT * FROM finish();
ROLLBACK;
