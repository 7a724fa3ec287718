-- settle_ways.sql — random bills, settled over a window by the server's node and by ours, from rows in order and from rows in any order:
-- the same rows, or the same error. Persons of every type that bills can be sorted by, null ones among them; bills without seq, two
-- of one order key, amounts and dates that are refused.

BEGIN;
SELECT plan(4);
SET LOCAL search_path = assistance, public;

CREATE TEMP TABLE book AS
	SELECT '{"format": 1, "engine": 1, "pages": [{"title": "T", "region": "R", "scheme": "居民医保", "from": "2025-01-01", "to": "2025-12-31",
		"codes": {"level": {"1": "1", "2": "2"}}, "sources": {"x": {"document": "X"}}, "cite": {"source": "x"}, "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "first", "when": {"level": ["1"]}, "ratio": 0.9, "deductible": {"amount": 100}},
													 {"name": "all", "ratio": 0.6, "deductible": {"amount": 300}}]},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1, "deductible": 1},
		 "rules": [{"name": "all", "settles": "year", "ratio": 0.7, "deductible": {"amount": 500}, "caps": [{"limit": 1500}]}]}]}]}'::terms AS terms;

-- the rows of a query, or its error without what tells one bill from another: of several wrong ones any may be the first
CREATE FUNCTION pg_temp.outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	EXECUTE format('SELECT COALESCE(string_agg(r::text, E''\n'' ORDER BY r::text), ''nothing'') FROM (%s) r', query) INTO found;
	RETURN found;
EXCEPTION WHEN OTHERS THEN
	RETURN 'refused: ' || sqlstate || ' ' || sqlerrm;
END $$;

CREATE FUNCTION pg_temp.node(query text, wanted text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	IF plan::text NOT LIKE format('%%"%s"%%', wanted) THEN
		RAISE EXCEPTION 'no % in the plan of %', wanted, query;
	END IF;
END $$;

-- one set of bills, three ways
CREATE FUNCTION pg_temp.round(seed int, OUT outcome text, OUT same boolean) LANGUAGE plpgsql AS $$
DECLARE
	person text;
	moment text;
	seq text;
	fault int;
	columns text;
	bill text := 'make_bill(total => amount, in_scope => amount, region => ''R'', scheme => ''居民医保'', ordered_at => at, seq => n, level => level)';
	source text := '(SELECT who, at, n, amount, level, repeat(level, mod(abs(amount)::int, 50)) AS note FROM row) v';
	inside text := '(SELECT who, at, n, ' || bill || ' AS bill, repeat(level, mod(abs(amount)::int, 50)) AS note FROM row OFFSET 0) v';
	query text;
BEGIN
	PERFORM setseed(seed / 1e9);
	person := (ARRAY['NULLIF(p, 3)::bigint', 'NULLIF(p, 0)::int', 'NULLIF(''P000'' || p, ''P0002'')', '(''P000'' || p)::varchar', 'repeat(''p'', 250 + p)'])[1 + floor(random() * 5)];
	moment := (ARRAY['date ''2025-01-01'' + d', 'timestamp ''2025-01-01'' + d * interval ''1 hour 1 microsecond'''])[1 + floor(random() * 2)];
	fault := floor(random() * 6);
	seq := CASE WHEN fault = 0 THEN 'NULLIF(i, 3)' WHEN fault = 1 THEN 'CASE WHEN random() < 0.5 THEN -i END' WHEN fault = 2 THEN 'i % 7' ELSE 'i - 20' END;
	seq := seq || (ARRAY['', '::bigint', '::smallint'])[1 + floor(random() * 3)];
	EXECUTE format('CREATE TEMP TABLE row ON COMMIT DROP AS
		SELECT %s AS who, %s AS at, %s AS n, CASE WHEN %s THEN -1 ELSE (random() * 3000)::numeric(10,2) END AS amount, (1 + i %% 2)::text AS level
		  FROM (SELECT i, floor(random() * 5)::int AS p, CASE WHEN %s THEN 400 ELSE floor(random() * %s)::int END AS d FROM generate_series(1, %s) i) x',
		person, moment, seq, CASE WHEN fault = 4 THEN 'i = 5' ELSE 'false' END, CASE WHEN fault = 5 THEN 'i = 5' ELSE 'false' END,
		CASE WHEN moment LIKE 'date%' THEN 300 ELSE 8000 END, floor(random() * 50));
	columns := (ARRAY['', 'who, ', 'n, at, who, ', 'v, '])[1 + floor(random() * 4)];
	IF random() < 0.5 THEN
		source := inside;
		bill := 'v.bill';
	END IF;
	query := format('SELECT %sk, s FROM (SELECT v, who, at, n, settle((SELECT terms FROM book), %s) OVER w AS s, %%s AS k FROM %s
		WINDOW w AS (PARTITION BY who ORDER BY at, n)) v WHERE %%s', columns, bill, source);
	outcome := pg_temp.outcome(format(replace(query, 'k, s', 's'), 'row_number() OVER w', 'k > 0'));
	PERFORM pg_temp.node(format(query, 'row_number() OVER w', 'k > 0'), 'WindowAgg');
	query := format(replace(query, 'k, s', 's'), '0', 'true');
	PERFORM set_config('enable_hashagg', 'off', true);
	PERFORM pg_temp.node(query, 'Sorted');
	same := outcome = pg_temp.outcome(query);
	PERFORM set_config('enable_hashagg', 'on', true), set_config('enable_sort', 'off', true);
	PERFORM pg_temp.node(query, 'Hashed');
	same := same AND outcome = pg_temp.outcome(query);
	PERFORM set_config('enable_sort', 'on', true);
	DROP TABLE row;
END $$;

CREATE TEMP TABLE run AS
	SELECT first + i AS seed FROM (SELECT floor(random() * 1e8)::int AS first) x, generate_series(1, 150) i;
SELECT diag('seeds from ' || min(seed)) FROM run;
CREATE TEMP TABLE outcome AS SELECT seed, r.* FROM run, pg_temp.round(seed) r;
SELECT is((SELECT string_agg(format('%s: %s', seed, left(outcome, 200)), '; ') FROM outcome WHERE NOT same), NULL, 'all three ways come to the same');
SELECT cmp_ok((SELECT count(*) FROM outcome WHERE outcome LIKE '(%'), '>', 40::bigint, 'many of them to rows');
SELECT cmp_ok((SELECT count(*) FROM outcome WHERE outcome LIKE 'refused: MA%'), '>', 10::bigint, 'some to an error of ours');
SELECT is((SELECT string_agg(DISTINCT outcome, '; ') FROM outcome WHERE outcome LIKE 'refused: %' AND outcome NOT LIKE 'refused: MA%'), NULL, 'none to another');
SELECT * FROM finish();
ROLLBACK;
