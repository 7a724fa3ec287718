-- values.sql — json_values: paths, citations, what is a parameter. Expected rows are read off the documents below by hand.

BEGIN;
SELECT plan(23);

CREATE TEMP TABLE sample (kind text, document json);
INSERT INTO sample VALUES ('book', '{"format": 1, "engine": 1, "pages": [{
	"region": "R", "scheme": "S", "cite": {"source": "A", "article": "1"},
	"sources": {"A": {"document": "First"}, "B b": {"document": "Second"}},
	"parts": {"excluded.drug": "drug", "": "empty", "q\"[": "quoted"},
	"layers": [
		{"name": "aid", "kind": "assistance", "base": {"copay": 0.5},
		 "rules": [
			{"name": "in.patient", "when": {"category": ["poor", "p\u006for2"]}, "ratio": 0.70, "cite": {"source": "B b", "quote": "q", "mark": "inferred"},
			 "deductible": {"amount": {"base": 0, "rate": 1, "fact": "f", "cite": {"source": "A", "article": "2"}}},
			 "caps": [{"limit": 100}, {"limit": 200, "cite": {"source": "none"}}]},
			{"name": "out", "on": "bill", "bands": [{"to": 10, "ratio": 1}, {"ratio": 0}],
			 "modifiers": [{"target": "ratio", "add": 0.1}, {"name": "m", "target": "deductible", "remove": true}, {"name": "m", "target": "ratio", "multiply": 2}]}]},
		{"name": "empty", "kind": "other", "rules": []}]}]}');

CREATE TEMP VIEW v AS SELECT j.* FROM sample, assistance.json_values(document) j WHERE kind = 'book';

SELECT results_eq(
	$$ SELECT path, value::text FROM v ORDER BY place $$,
	$$ VALUES ('format', '1'), ('engine', '1'), ('region', '"R"'), ('scheme', '"S"'),
	          ('sources.A.document', '"First"'), ('sources.B b.document', '"Second"'),
	          ('parts."excluded.drug"', '"drug"'), ('parts.""', '"empty"'), ('parts."q""["', '"quoted"'),
	          ('layers.aid.name', '"aid"'), ('layers.aid.kind', '"assistance"'), ('layers.aid.base.copay', '0.5'),
	          ('layers.aid.rules."in.patient".name', '"in.patient"'),
	          ('layers.aid.rules."in.patient".when.category[0]', '"poor"'), ('layers.aid.rules."in.patient".when.category[1]', '"p\u006for2"'),
	          ('layers.aid.rules."in.patient".ratio', '0.70'),
	          ('layers.aid.rules."in.patient".deductible.amount.base', '0'), ('layers.aid.rules."in.patient".deductible.amount.rate', '1'),
	          ('layers.aid.rules."in.patient".deductible.amount.fact', '"f"'),
	          ('layers.aid.rules."in.patient".caps[0].limit', '100'), ('layers.aid.rules."in.patient".caps[1].limit', '200'),
	          ('layers.aid.rules.out.name', '"out"'), ('layers.aid.rules.out.on', '"bill"'),
	          ('layers.aid.rules.out.bands[0].to', '10'), ('layers.aid.rules.out.bands[0].ratio', '1'), ('layers.aid.rules.out.bands[1].ratio', '0'),
	          ('layers.aid.rules.out.modifiers[0].target', '"ratio"'), ('layers.aid.rules.out.modifiers[0].add', '0.1'),
	          ('layers.aid.rules.out.modifiers.m.name', '"m"'), ('layers.aid.rules.out.modifiers.m.target', '"deductible"'),
	          ('layers.aid.rules.out.modifiers.m.remove', 'true'),
	          ('layers.aid.rules.out.modifiers[2].name', '"m"'), ('layers.aid.rules.out.modifiers[2].target', '"ratio"'),
	          ('layers.aid.rules.out.modifiers[2].multiply', '2'),
	          ('layers.empty.name', '"empty"'), ('layers.empty.kind', '"other"'), ('layers.empty.rules', '[]') $$,
	'every value once, in order, with its path; citations are none');
SELECT results_eq($$ SELECT place FROM v ORDER BY place $$, $$ SELECT generate_series(1, 37) $$, 'places count from 1');
SELECT results_eq(
	$$ SELECT DISTINCT source_document, article, quote, mark FROM v WHERE rule = 'in.patient' AND key = 'ratio' $$,
	$$ VALUES ('Second', NULL, 'q', 'inferred') $$, 'a rule with a citation of its own');
SELECT results_eq(
	$$ SELECT DISTINCT source_document, article, quote, mark FROM v WHERE path LIKE '%amount%' $$,
	$$ VALUES ('First', '2', NULL, 'stated') $$, 'the nearest one counts, and stated is the default');
SELECT results_eq(
	$$ SELECT DISTINCT source_document, article, mark FROM v WHERE rule = 'out' OR layer = 'empty' OR path = 'region' OR key = 'copay' $$,
	$$ VALUES ('First', '1', 'stated') $$, 'what has none takes that of the page');
SELECT results_eq($$ SELECT source_document, cite::text FROM v WHERE path LIKE '%caps[1].limit' $$,
	$$ VALUES (NULL, '{"source": "none"}') $$, 'a source that is not declared has no document');
SELECT is_empty($$ SELECT path FROM v WHERE path IN ('format', 'engine') AND (cite IS NOT NULL OR page IS NOT NULL OR region IS NOT NULL) $$,
	'outside a page nothing covers a value');
SELECT set_eq($$ SELECT path FROM v WHERE NOT parameter AND json_typeof(value) = 'number' $$, ARRAY['format', 'engine'],
	'every other number is a parameter');
SELECT set_eq($$ SELECT DISTINCT region, scheme, page, layer FROM v WHERE layer IS NOT NULL $$,
	$$ VALUES ('R', 'S', 0, 'aid'), ('R', 'S', 0, 'empty') $$, 'page and layer of a value');
SELECT is((SELECT count(*)::integer FROM v WHERE rule IS NULL AND layer = 'aid'), 3, 'values of a layer outside its rules');
SELECT is((SELECT count(*)::integer FROM v WHERE key IS NULL), 2, 'elements of a list have no key');

-- the same page by itself, and the same layer
SELECT results_eq(
	$$ SELECT j.path, j.value::text, j.layer, j.rule, j.source_document, j.parameter
	     FROM sample, assistance.json_values(document->'pages'->0) j ORDER BY j.place $$,
	$$ SELECT path, value::text, layer, rule, source_document, parameter FROM v WHERE page = 0 ORDER BY place $$,
	'a page by itself has the same values');
SELECT results_eq(
	$$ SELECT j.path, j.value::text, j.rule, j.parameter FROM sample, assistance.json_values(document#>'{pages,0,layers,0}') j ORDER BY j.place $$,
	$$ SELECT substr(path, length('layers.aid.') + 1), value::text, rule, parameter FROM v WHERE layer = 'aid' ORDER BY place $$,
	'a layer by itself too');
SELECT is_empty(
	$$ SELECT path FROM sample, assistance.json_values(document#>'{pages,0,layers,0}') j WHERE layer IS DISTINCT FROM 'aid' $$,
	'and names its layer');

-- a version of the catalogue: one layer of a page with format and engine level
SELECT set_eq(
	$$ SELECT path FROM sample, LATERAL (SELECT ('{"format": 1, "engine": 1, "region": "R", "scheme": "S", "layers": [' || (document#>>'{pages,0,layers,0}') || ']}')::json AS d) x,
	        assistance.json_values(d) j WHERE j.parameter $$,
	$$ SELECT path FROM v WHERE layer = 'aid' AND parameter $$, 'a version has the parameters of its layer');

-- a book of two pages
INSERT INTO sample SELECT 'two', ('{"format": 1, "pages": [' || p || ',' || p || ']}')::json
  FROM (SELECT document#>>'{pages,0}' AS p FROM sample) one;
SELECT results_eq(
	$$ SELECT path, page FROM sample, assistance.json_values(document) WHERE kind = 'two' AND key = 'ratio' AND rule = 'in.patient' $$,
	$$ VALUES ('pages[0].layers.aid.rules."in.patient".ratio', 0), ('pages[1].layers.aid.rules."in.patient".ratio', 1) $$,
	'several pages go by their index');

SELECT results_eq(
	$$ SELECT path, page, region, layer, rule, value::text
	     FROM assistance.json_values('{"pages": [{}, {"region": "R", "layers": [{}, {"name": "l", "rules": [{}, {"name": "r", "ratio": 1}]}], "x": 2}]}') $$,
	$$ VALUES ('pages[0]', 0, NULL, NULL, NULL, '{}'), ('pages[1].region', 1, 'R', NULL, NULL, '"R"'), ('pages[1].layers[0]', 1, 'R', NULL, NULL, '{}'),
	          ('pages[1].layers.l.name', 1, 'R', 'l', NULL, '"l"'), ('pages[1].layers.l.rules[0]', 1, 'R', 'l', NULL, '{}'),
	          ('pages[1].layers.l.rules.r.name', 1, 'R', 'l', 'r', '"r"'), ('pages[1].layers.l.rules.r.ratio', 1, 'R', 'l', 'r', '1'), ('pages[1].x', 1, 'R', NULL, NULL, '2') $$,
	'what is empty does not swallow what follows');

-- what is refused, and what is hardly anything
SELECT throws_ok($$ SELECT * FROM assistance.json_values('{"a": 1, "a": 2}') $$, 'MA001', NULL, 'a key twice');
SELECT throws_ok($$ SELECT * FROM assistance.json_values(('"' || repeat('x', 262144) || '"')::json) $$, 'MA002', NULL, 'more than 256 kB');
SELECT throws_ok($$ SELECT * FROM assistance.json_values((repeat('[', 17) || repeat(']', 17))::json) $$, 'MA003', NULL, 'more than 16 levels');
SELECT results_eq($$ SELECT count(*) FROM unnest(ARRAY['1', '{}', '[]', '"a"']::json[]) d, assistance.json_values(d) $$, ARRAY[0::bigint],
	'a document that is no object of objects has no values');
SELECT results_eq(
	$$ SELECT j.path, j.value::text, j.source_document FROM unnest(ARRAY['[[{"name": "a", "cite": 5, "x": 1}]]', '{"pages": {"cite": [{"source": "x"}], "layers": [1, {"name": 7}]}}',
	          '{"region": 1, "sources": [], "cite": {"source": {"a": 1}}, "x": [[{}], null]}']::json[]) WITH ORDINALITY d (d, n), assistance.json_values(d) j ORDER BY n, place $$,
	$$ VALUES ('[0].a.name', '"a"', NULL), ('[0].a.x', '1', NULL), ('pages.layers[0]', '1', NULL), ('pages.layers[1].name', '7', NULL),
	          ('region', '1', NULL), ('sources', '[]', NULL), ('x[0][0]', '{}', NULL), ('x[1]', 'null', NULL) $$,
	'JSON that is no policy does no harm');

-- numbers of a whole pack, found another way: as the texts between quotes are cut out, every number that is left is a value
\set pack `cat src/packs/beijing-residents.json`
SELECT results_eq(
	$$ SELECT value::text::numeric FROM assistance.json_values(current_setting('test.pack')::json) WHERE json_typeof(value) = 'number' ORDER BY place $$,
	$$ SELECT m[1]::numeric FROM regexp_matches(regexp_replace(current_setting('test.pack'), '"([^"\\]|\\.)*"', '', 'g'), '-?[0-9]+(?:\.[0-9]+)?', 'g')
	     WITH ORDINALITY AS r (m, n) ORDER BY n $$,
	'no number of the Beijing pack is missing')
  FROM set_config('test.pack', :'pack', true);

SELECT * FROM finish();
ROLLBACK;
