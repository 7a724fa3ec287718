-- compare.sql — compare_policies: what changed, and no more. Expected rows are the changes that the test itself makes.

BEGIN;
SELECT plan(22);

CREATE TEMP TABLE doc (name text PRIMARY KEY, d jsonb);
INSERT INTO doc VALUES ('old', '{"format": 1, "engine": 1, "pages": [{
	"title": "Old", "region": "R", "scheme": "resident", "from": "2024-01-01", "to": "2024-12-31",
	"sources": {"A": {"document": "First"}, "B": {"document": "Second"}}, "cite": {"source": "A", "article": "1"},
	"codes": {"category": {"x": "X", "y": "Y"}},
	"layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1, "deductible": 1},
		 "rules": [
			{"name": "one", "when": {"category": ["x"]}, "ratio": 0.7, "caps": [{"limit": 1000}], "cite": {"source": "B"}},
			{"name": "two", "when": {"category": ["x", "y"]}, "deductible": {"amount": 100}, "bands": [{"to": 1000, "ratio": 0.5}, {"ratio": 0.6}]},
			{"name": "three", "ratio": 0.1}]}]}]}');

-- the document with a value put at a place
CREATE FUNCTION pg_temp.but(place text, value text) RETURNS json LANGUAGE sql AS $$
	SELECT CASE WHEN value IS NULL THEN d #- place::text[] ELSE jsonb_set(d, place::text[], value::jsonb) END::text::json FROM doc WHERE name = 'old' $$;
CREATE FUNCTION pg_temp.changes(new json) RETURNS TABLE (change text, layer text, path text, before text, after text) LANGUAGE sql AS $$
	SELECT c.change, c.layer, c.path, c.before::text, c.after::text
	  FROM doc, assistance.compare_policies(assistance.terms(d::text::json), assistance.terms(new)) c WHERE name = 'old' $$;
CREATE FUNCTION pg_temp.rules(numbers integer[]) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_agg(d #> ARRAY['pages', '0', 'layers', '1', 'rules', n::text] ORDER BY i)::text FROM doc, unnest(numbers) WITH ORDINALITY u (n, i) $$;

SELECT is_empty($$ SELECT * FROM pg_temp.changes(pg_temp.but('{format}', '1')) $$, 'nothing changed');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,0,ratio}', '0.75')) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules.one.ratio', '0.7', '0.75') $$, 'one value');
SELECT results_eq(
	$$ SELECT region, scheme, cite_before::jsonb, cite_after::jsonb FROM doc, assistance.compare_policies(assistance.terms(d::text::json),
	          assistance.terms(pg_temp.but('{pages,0,layers,1,rules,0,ratio}', '0.75'))) $$,
	$$ VALUES ('R', 'resident', '{"document": "Second", "source": "B"}'::jsonb, '{"document": "Second", "source": "B"}'::jsonb) $$, 'with its citation');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,0,ratio}', '0.70')) $$,
	$$ SELECT '', '', '', '', '' WHERE false $$, '0.7 is 0.70');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,0,caps}', NULL)) $$,
	$$ VALUES ('removed', 'aid', 'layers.aid.rules.one.caps', '[{"limit": 1000}]', NULL) $$, 'a cap goes');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,0,caps,1}', '{"limit": 5, "per": "visit"}')) $$,
	$$ VALUES ('added', 'aid', 'layers.aid.rules.one.caps[1]', NULL, '{"per": "visit", "limit": 5}') $$, 'a cap comes');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,1,when,category}', '["y"]')) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules.two.when.category', '["x", "y"]', '["y"]') $$, 'a list of codes is one value');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,1,bands,0,to}', '2000')) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules.two.bands[0].to', '1000', '2000') $$, 'an edge of a band');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,1,deductible,amount}', '{"base": 100, "rate": 1, "fact": "f"}')) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules.two.deductible.amount', '100', '{"base": 100, "fact": "f", "rate": 1}') $$,
	'a number becomes one that follows a fact');

-- order and names
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules}', pg_temp.rules('{2,0,1}'))) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules', '["one", "two", "three"]', '["three", "one", "two"]') $$, 'another order of rules is one row');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,0,name}', '"first"')) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules.one.name', '"one"', '"first"') $$, 'a new name is one row');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(replace(pg_temp.but('{pages,0,layers,1,rules}', pg_temp.rules('{2,1,0}'))::text, '"one"', '"first"')::json) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules.one.name', '"one"', '"first"'),
	          ('changed', 'aid', 'layers.aid.rules', '["one", "two", "three"]', '["three", "two", "one"]') $$, 'both at once are two');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules}', pg_temp.rules('{0,2}'))) $$,
	$$ SELECT 'removed', 'aid', 'layers.aid.rules.two', d #>> '{pages,0,layers,1,rules,1}', NULL FROM doc $$, 'a rule goes: one row');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,3}', '{"name": "last.one", "ratio": 0}')) $$,
	$$ VALUES ('added', 'aid', 'layers.aid.rules."last.one"', NULL, '{"name": "last.one", "ratio": 0}') $$, 'a rule comes: one row');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1}', NULL)) $$,
	$$ SELECT 'removed', 'aid', 'layers.aid', d #>> '{pages,0,layers,1}', NULL FROM doc $$, 'a layer goes: one row');

-- citations
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,rules,0,cite,article}', '"9"')) $$,
	$$ VALUES ('changed', 'aid', 'layers.aid.rules.one.cite', '{"source": "B"}', '{"source": "B", "article": "9"}') $$, 'another article, once');
SELECT results_eq($$ SELECT * FROM pg_temp.changes(pg_temp.but('{pages,0,layers,1,cite}', '{"source": "B"}')) $$,
	$$ VALUES ('added', 'aid', 'layers.aid.cite', NULL, '{"source": "B"}') $$, 'a citation comes: once, not for every value that it covers');

-- pages
SELECT results_eq($$ SELECT * FROM pg_temp.changes(replace(pg_temp.but('{pages,0,title}', '"New"')::text, '2024-', '2025-')::json) $$,
	$$ VALUES ('changed', NULL, 'to', '"2024-12-31"', '"2025-12-31"'), ('changed', NULL, 'from', '"2024-01-01"', '"2025-01-01"'), ('changed', NULL, 'title', '"Old"', '"New"') $$,
	'the page of the next year is compared with that of this year');
SELECT results_eq(
	$$ SELECT change, scheme, path, before::jsonb, after::jsonb ->> 'scheme' FROM doc, LATERAL (SELECT d #> '{pages,0}' AS p) x,
	     assistance.compare_policies(d::text::json::assistance.terms, jsonb_set(d, '{pages,1}', p || '{"scheme": "employee"}')::text::json::assistance.terms) $$,
	$$ VALUES ('added', 'employee', '', NULL::jsonb, 'employee') $$, 'a page comes: one row');
SELECT results_eq(
	$$ SELECT change, path, before::text, after::text FROM doc, LATERAL (SELECT d #> '{pages,0}' AS p) x,
	     assistance.compare_policies(
	       jsonb_set(d, '{pages,1}', p || '{"from": "2025-01-01", "to": "2025-12-31", "title": "Next"}')::text::json::assistance.terms,
	       jsonb_set(d, '{pages,0}', p || '{"from": "2025-01-01", "to": "2025-12-31", "title": "Changed"}')::text::json::assistance.terms) $$,
	$$ VALUES ('changed', 'title', '"Next"', '"Changed"'), ('removed', '', (SELECT d #>> '{pages,0}' FROM doc), NULL) $$,
	'pages are matched by their first day before their order');

-- two real packs against themselves, and paths that json_values knows
\set pack `cat src/packs/ulanqab.json`
SELECT is_empty($$ SELECT * FROM assistance.compare_documents(current_setting('test.pack')::json, current_setting('test.pack')::json) $$, 'a pack is itself')
  FROM set_config('test.pack', :'pack', true);
SELECT is_empty(
	$$ SELECT path FROM assistance.compare_documents(regexp_replace(current_setting('test.pack'), '0\.[0-9]+', '0.01', 'g')::json, current_setting('test.pack')::json)
	    WHERE change = 'changed'
	   EXCEPT
	   SELECT regexp_replace(path, '^pages\[[01]\]\.', '') FROM assistance.json_values(current_setting('test.pack')::json) $$,
	'every changed value has the path that json_values gives it');

SELECT * FROM finish();
ROLLBACK;
