-- catalogue.sql — the policy catalogue: documents and drafts, inheritance, transitions, derived amounts, findings, guards, roles.
-- Which version counts on which day as known when: test/catalogue/grid.py. Policies here are invented.

BEGIN;
SELECT * FROM no_plan();

INSERT INTO assistance.region_local (code, zh, en, parent, tier, mark, source)
SELECT code, code, code, parent, 'pool', 'example', 'test'
  FROM (VALUES ('A', NULL), ('N', '000000'), ('P', 'N'), ('C', 'P'), ('D', 'C'), ('Y', 'N'), ('X', 'Y'), ('R', NULL), ('Q', NULL), ('T', NULL), ('U', 'T'),
			   ('W', NULL), ('Z', NULL), ('130100', NULL)) r(code, parent);

-- a layer of one rule
CREATE FUNCTION pg_temp.layer(name text, kind text, ratio numeric) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', name, 'kind', kind, 'rules', jsonb_build_array(jsonb_build_object('name', 'all', 'ratio', ratio)))
		|| CASE WHEN kind = 'basic' THEN '{}'::jsonb ELSE '{"base": {"copay": 1, "penalty": 0}}' END $$;

-- layers, and for a page that stands alone those that a scheme must speak of
CREATE FUNCTION pg_temp.spoken(layers jsonb, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT COALESCE(jsonb_agg(n.layer) FILTER (WHERE n.kind <> 'assistance'), '[]') || layers
		|| COALESCE(jsonb_agg(n.layer) FILTER (WHERE n.kind = 'assistance'), '[]')
	  FROM (SELECT kind, jsonb_build_object('name', 'no ' || kind, 'kind', kind, 'not_applicable', true) AS layer
			  FROM unnest(ARRAY['basic', 'critical', 'assistance']) kind
			 WHERE NOT more ? 'inherits' AND NOT more ? 'amends' AND NOT EXISTS (SELECT FROM jsonb_array_elements(layers) l WHERE l ->> 'kind' = kind)) n $$;

-- a page with a source of its own
CREATE FUNCTION pg_temp.page(region text, first_day text, last_day text, layers jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('title', 'page of ' || region, 'region', region, 'scheme', 'resident', 'from', first_day, 'to', last_day,
		'sources', jsonb_build_object('S' || region, jsonb_build_object('document', 'notice of ' || region)),
		'cite', jsonb_build_object('source', 'S' || region), 'layers', pg_temp.spoken(layers, more))) || more $$;

CREATE FUNCTION pg_temp.import(VARIADIC pages jsonb[]) RETURNS bigint LANGUAGE sql AS $$
	SELECT assistance.import_policy(jsonb_build_object('format', 1, 'engine', 1, 'pages', to_jsonb(pages))::text::json) $$;

CREATE FUNCTION pg_temp.publish(VARIADIC pages jsonb[]) RETURNS bigint LANGUAGE sql AS $$
	SELECT assistance.publish_policy(pg_temp.import(VARIADIC pages), 'test') $$;

-- layer → ratio of its rule, in order of the chain
CREATE FUNCTION pg_temp.ratios(region text, day date, known timestamptz DEFAULT 'infinity') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((l ->> 'name') || ' ' || (l #>> '{rules,0,ratio}'), ', ')
	  FROM jsonb_array_elements(assistance.to_jsonb(assistance.terms_at(region, 'resident', day, known)) #> '{pages,0,layers}') l WHERE l ? 'rules' $$;

CREATE FUNCTION pg_temp.findings(draft bigint) RETURNS TABLE (finding text) LANGUAGE sql AS $$
	SELECT DISTINCT finding FROM assistance.check_policy(draft) WHERE severity <> 'notice' $$;

-- ---- documents in and out ----

CREATE TEMP TABLE book AS SELECT '{ "format": 1, "engine":1, "pages":
	[{"region": "A", "scheme": "resident", "from": "2020-01-01", "title": "\u4e66", "layers": [
		{"name": "second", "kind": "critical", "rules": [{"name": "all", "ratio": 0.60}], "base": {"penalty": 0, "copay": 1.0}},
		{"name": "first.x", "kind": "other", "rules": []}],
	  "sources": {"b": {"document": "文 2"}, "a": {"document": "文 1"}}, "cite": {"source": "b"}},
	 {"region": "A", "scheme": "employee", "from": "2020-01-01", "to": "2020-12-31", "layers": [{"name": "only", "kind": "basic", "rules": []}]}]}'::json AS document;
SELECT assistance.import_policy(document) AS draft FROM book \gset
SELECT is(assistance.export_policy(:draft)::text, assistance.canonical_json(document)::text, 'a draft gives back its document, byte for byte') FROM book;
SELECT is(assistance.canonical_json('{"b":1.50,"a":"\u4e66"}')::text, '{"a":"书","b":1.5}', 'the canonical form');
SELECT results_eq(format('SELECT page, place, layer, document_no, valid::text FROM assistance.policy WHERE draft = %s ORDER BY page, place', :draft),
	$$ VALUES (0, 0, '*', '文 2', '[2020-01-01,)'), (0, 1, 'second', '文 2', '[2020-01-01,)'), (0, 2, 'first.x', '文 2', '[2020-01-01,)'),
			  (1, 0, '*', NULL, '[2020-01-01,2021-01-01)'), (1, 1, 'only', NULL, '[2020-01-01,2021-01-01)') $$,
	'a version for the page and one for each layer');
SELECT is_empty($$ SELECT id FROM assistance.policy WHERE digest <> sha256(convert_to(document::text, 'UTF8')) $$, 'digests');

CREATE FUNCTION pg_temp.refusal(page text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM assistance.import_policy(format('{"format": 1, "engine": 1, "pages": [%s]}', page)::json);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || split_part(detail, ': ', 1);
END
$$;
SELECT is(pg_temp.refusal(page), refusal, refusal || ': ' || page) FROM (VALUES
	('{"region": "A", "region": "A", "scheme": "r", "from": "2020-01-01", "layers": []}', 'MA001 $.pages[0].region (line 1, column 54)'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [], "layer": []}', 'MA004 $.pages[0].layer'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [], "admitted": {}}', 'MA004 $.pages[0].admitted'),
	('{"region": "A", "scheme": "r", "layers": [{"name": "x"}]}', 'MA005 $.pages[0]'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": []}', 'MA005 $.pages[0].layers'),
	('{"region": 1, "scheme": "r", "from": "2020-01-01", "layers": [{"name": "x"}]}', 'MA007 $.pages[0].region'),
	('{"region": "A", "scheme": "r", "from": "1.1.2020", "layers": [{"name": "x"}]}', 'MA006 $.pages[0].from'),
	('{"region": "A", "scheme": "r", "from": "2020-02-30", "layers": [{"name": "x"}]}', 'MA007 $.pages[0].from'),
	('{"region": "A", "scheme": "r", "from": "2020-01-02", "to": "2020-01-01", "layers": [{"name": "x"}]}', 'MA007 $.pages[0].to'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [{"name": "x"}, {"name": "x"}]}', 'MA009 $.pages[0].layers[1].name'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [{"name": "*"}]}', 'MA006 $.pages[0].layers[0]'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": ["x"]}', 'MA006 $.pages[0].layers[0]'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [{"name": "x"}], "amends": true, "inherits": "B"}', 'MA011 $.pages[0].inherits'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [{"name": "x"}], "chain": ["x"]}', 'MA011 $.pages[0].chain'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [], "inherits": "N", "chain": []}', 'MA005 $.pages[0].chain'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [], "inherits": "N", "chain": ["x", "y", "x"]}', 'MA009 $.pages[0].chain[2]'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [], "inherits": "N", "chain": ["x", 1]}', 'MA006 $.pages[0].chain[1]'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [{"name": "x"}], "amends": false}', 'MA007 $.pages[0].amends'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [{"name": "x"}], "codes": {"level": []}}', 'MA006 $.pages[0].codes.level'),
	('{"region": "A", "scheme": "r", "from": "2020-01-01", "layers": [{"name": "x"}], "transition": {"before": "2020-01-01"}}',
	 'MA004 $.pages[0].transition.before')) t(page, refusal);

-- the detail names what was found, not whether something was
CREATE FUNCTION pg_temp.detail(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || detail;
END
$$;
SELECT is(pg_temp.detail('SELECT assistance.import_policy(''{"format": 1, "engine": 1, "pages": [{"region": "A", "scheme": "r", "from": "2020-02-30", "layers": []}]}'')'),
	'MA007 $.pages[0].from: found "2020-02-30".', 'what a fault found');
SELECT is(pg_temp.detail(format('SELECT assistance.import_policy(%L)', document)), detail, document) FROM (VALUES
	('5', 'MA006 $: found number.'), ('null', 'MA006 $: found null.'), ('[]', 'MA006 $: found array.')) t(document, detail);

-- ---- values of a draft ----

CREATE TEMP TABLE before AS SELECT id, layer, digest FROM assistance.policy WHERE draft = :draft;
SELECT assistance.set_value(:draft, 'pages[0].layers.second.rules.all.ratio', '0.65', '{"source": "a", "article": "3"}');
SELECT is(assistance.export_policy(:draft)::jsonb #> '{pages,0,layers,0,rules,0}',
	'{"name": "all", "ratio": 0.65, "cite": {"source": "a", "article": "3"}}', 'a value and its citation, by names');
SELECT set_eq(format('SELECT b.layer FROM before b JOIN assistance.policy p USING (id) WHERE p.digest <> b.digest AND p.draft = %s', :draft),
	$$ VALUES ('second') $$, 'the other versions stay what they are');
SELECT assistance.set_value(:draft, 'pages[0].layers."first.x".label', '{"zh": "一"}');
SELECT is(assistance.export_policy(:draft)::jsonb #>> '{pages,0,layers,1,label,zh}', '一', 'a quoted name, a new key');
SELECT assistance.set_value(:draft, 'pages[0].layers."first.x".label', NULL);
SELECT ok(NOT assistance.export_policy(:draft)::jsonb #> '{pages,0,layers,1}' ? 'label', 'a null takes it away');
SELECT assistance.set_value(:draft, 'pages[1].layers[0].name', '"other"');
SELECT is(assistance.export_policy(:draft)::jsonb #>> '{pages,1,layers,0,name}', 'other', 'a layer gets another name');
SELECT assistance.set_value(:draft, 'pages[0].from', '"2019-01-01"');
SELECT set_eq(format('SELECT DISTINCT valid::text FROM assistance.policy WHERE page = 0 AND draft = %s', :draft), $$ VALUES ('[2019-01-01,)') $$,
	'all versions of the page begin earlier');
SELECT throws_ok(format('SELECT assistance.set_value(%s, %L, %L)', :draft, path, '1'), 'MA408', NULL, 'no such path: ' || path)
  FROM unnest(ARRAY['layers.second.rules.all.ratio', 'pages[0].layers.third.kind', 'pages[0].layers.second.rules[4].ratio', 'pages[0]..x', 'pages[0].layers[',
	'', 'pages[7].title']) path;
SELECT throws_ok('SELECT assistance.set_value(4711, ''title'', ''"x"'')', 'MA402', 'there is no draft 4711', 'no such draft');
SELECT throws_ok(format('SELECT assistance.set_value(%s, NULL, %L, %L)', :draft, '1', '{"source": "a"}'), 'MA301', NULL, 'a path must be said');
SELECT throws_ok('SELECT assistance.set_value(NULL, ''title'', ''"x"'')', 'MA301', NULL, 'and a draft');
SELECT assistance.record_exception(:draft, 'ratio_floor', 'second', 'P0001', 'in force before the notice', '国办发〔2021〕42号');
SELECT is(assistance.export_policy(:draft)::jsonb #> '{pages,1,exceptions}',
	'[{"finding": "ratio_floor", "layer": "second", "who": "P0001", "why": "in force before the notice", "article": "国办发〔2021〕42号"}]', 'an exception');
SELECT throws_ok(format('SELECT assistance.record_exception(%s, ''x'', NULL, NULL, ''y'', ''z'')', :draft), 'MA301', NULL, 'who must be said');
SELECT throws_ok(format('SELECT assistance.record_exception(%s, ''x'', NULL, ''P0001'', '' '', ''z'')', :draft), 'MA301', NULL, 'and why, in words');
SELECT assistance.drop_draft(:draft);
SELECT is_empty(format('SELECT id FROM assistance.policy WHERE draft = %s', :draft), 'a draft is forgotten');
SELECT throws_ok(format('SELECT assistance.export_policy(%s)', :draft), 'MA402', NULL, 'and cannot be exported');

-- ---- inheritance: nation, province, city, county, layer by layer ----

SELECT pg_temp.publish(pg_temp.page('N', '2020-01-01', NULL,
	jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5), pg_temp.layer('critical', 'critical', 0.6), pg_temp.layer('aid', 'assistance', 0.7)),
	'{"counters": {"aid": {"every": "year"}}, "codes": {"level": {"1": "first", "2": "second"}}, "order_by": "settlement"}'));
SELECT pg_temp.publish(pg_temp.page('P', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('critical', 'critical', 0.61)), '{"inherits": "N"}'));
SELECT pg_temp.publish(pg_temp.page('C', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('gift', 'charity', 0.1)),
	'{"inherits": "P", "chain": ["basic", "critical", "aid", "gift"], "codes": {"level": {"2": "二级"}}}'));
SELECT pg_temp.publish(pg_temp.page('D', '2021-01-01', NULL, jsonb_build_array(pg_temp.layer('aid', 'assistance', 0.75)), '{"inherits": "C"}'));

SELECT is(pg_temp.ratios('N', '2021-06-01'), 'basic 0.5, critical 0.6, aid 0.7', 'the nation');
SELECT is(pg_temp.ratios('P', '2021-06-01'), 'basic 0.5, critical 0.61, aid 0.7', 'the province changes one layer');
SELECT is(pg_temp.ratios('C', '2021-06-01'), 'basic 0.5, critical 0.61, aid 0.7, gift 0.1', 'the city adds one to the chain');
SELECT is(pg_temp.ratios('D', '2021-06-01'), 'basic 0.5, critical 0.61, aid 0.75, gift 0.1', 'the county changes another');
SELECT throws_ok($$ SELECT assistance.terms_at('D', 'resident', '2020-06-01') $$, 'MA401', 'no policy is in force', 'nothing is inherited by silence');
SELECT throws_ok($$ SELECT assistance.terms_at('E', 'resident', '2020-06-01') $$, 'MA401', NULL, 'no such region');
SELECT throws_ok($$ SELECT assistance.terms_at('N', 'employee', '2020-06-01') $$, 'MA401', NULL, 'no such scheme');
SELECT throws_ok($$ SELECT assistance.terms_at('N', NULL, '2020-06-01') $$, 'MA301', NULL, 'a null is refused');
CREATE TEMP VIEW county AS SELECT assistance.to_jsonb(assistance.terms_at('D', 'resident', '2021-06-01')) #> '{pages,0}' AS page;
SELECT is(page #> path::text[], wanted, label) FROM county, (VALUES
	('{codes,level}', '{"1": "first", "2": "二级"}'::jsonb, 'labels go by the nearest'),
	('{order_by}', '"settlement"', 'the order comes from above'),
	('{counters}', '{"aid": {"every": "year"}}', 'counters too'),
	('{layers,1,cite,source}', '"SP"', 'a layer from above keeps its citation'),
	('{layers,2,cite}', NULL, 'a layer of the region has that of the page'),
	('{cite,source}', '"SD"', 'which is the region''s'),
	('{region}', '"D"', 'the page has the region asked for')) t(path, wanted, label);
SELECT set_eq($$ SELECT jsonb_object_keys(page -> 'sources') FROM county $$, $$ VALUES ('SC'), ('SD'), ('SN'), ('SP') $$, 'sources of all');
SELECT results_eq(
	$$ SELECT path, of_region, document_no FROM assistance.terms_origin('D', 'resident', '2021-06-01') WHERE path LIKE '%ratio' OR path LIKE 'codes%' ORDER BY 1 $$,
	$$ VALUES ('codes.level.1', 'N', 'notice of N'), ('codes.level.2', 'C', 'notice of C'), ('layers.aid.rules.all.ratio', 'D', 'notice of D'),
			  ('layers.basic.rules.all.ratio', 'N', 'notice of N'), ('layers.critical.rules.all.ratio', 'P', 'notice of P'),
			  ('layers.gift.rules.all.ratio', 'C', 'notice of C') $$, 'every value tells where it comes from');
SELECT set_eq($$ SELECT DISTINCT of_region FROM assistance.timeline('D', 'resident') $$, $$ VALUES ('D'), ('C'), ('P'), ('N') $$, 'the timeline has them all');

-- a change above reaches the county; amends changes one layer and leaves the rest
SELECT pg_temp.publish(pg_temp.page('N', '2022-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.55)),
	'{"amends": true, "sources": {"2022": {"document": "notice of 2022"}}, "cite": {"source": "2022"}}'));
SELECT is(pg_temp.ratios('D', '2021-12-31'), 'basic 0.5, critical 0.61, aid 0.75, gift 0.1', 'the day before');
SELECT is(pg_temp.ratios('D', '2022-01-01'), 'basic 0.55, critical 0.61, aid 0.75, gift 0.1', 'a layer changes above');
SELECT is(assistance.to_jsonb(assistance.terms_at('N', 'resident', '2022-01-01')) #>> '{pages,0,layers,0,cite,source}', '2022', 'with its own citation');
SELECT is((SELECT array_agg((p ->> 'from') || ' ' || COALESCE(p ->> 'to', '') ORDER BY p ->> 'from')
			 FROM jsonb_array_elements(assistance.to_jsonb(assistance.terms_book('{D}', '[2021-01-01,2023-01-01)')) -> 'pages') p),
	'{"2021-01-01 2021-12-31","2022-01-01 "}', 'two pages of the county');
SELECT is((SELECT array_agg(DISTINCT p ->> 'region' ORDER BY p ->> 'region')
			 FROM jsonb_array_elements(assistance.to_jsonb(assistance.terms_book('{N,D}', '[2021-01-01,2021-02-01)')) -> 'pages') p), '{D,N}', 'a book of two');
SELECT is(jsonb_array_length(assistance.to_jsonb(assistance.terms_book(NULL, '[2021-01-01,2021-02-01)')) -> 'pages'), 4, 'a book of all');
SELECT throws_ok($$ SELECT assistance.terms_book('{D}', '[2019-01-01,2020-01-01)') $$, 'MA401', NULL, 'a book of nothing');

-- ---- drafts of one layer, to be simulated: whole pages, as they would be ----

SELECT pg_temp.import(pg_temp.page('D', '2022-07-01', NULL, jsonb_build_array(pg_temp.layer('aid', 'assistance', 0.9)), '{"amends": true}')) AS county,
	   pg_temp.import(pg_temp.page('N', '2022-07-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.6)), '{"amends": true}')) AS nation \gset
SELECT throws_ok(format('SELECT assistance.export_policy(%s)::text::assistance.terms', :county), 'MA004', NULL, 'what amends is no terms by itself');
CREATE TEMP VIEW drafted AS
	SELECT d.name, l ->> 'name' AS layer, l #>> '{rules,0,ratio}' AS ratio
	  FROM (VALUES ('county', :county), ('nation', :nation)) d(name, draft)
	 CROSS JOIN LATERAL jsonb_array_elements(assistance.to_jsonb(assistance.terms_book('{D}', '[2022-07-01,2022-07-02)', draft => d.draft)) #> '{pages,0,layers}') l
	 WHERE l ? 'rules';
SELECT is((SELECT string_agg(layer || ' ' || ratio, ', ') FROM drafted WHERE name = 'county'), 'basic 0.55, critical 0.61, aid 0.9, gift 0.1', 'the layer of the draft, the others in force');
SELECT is((SELECT string_agg(layer || ' ' || ratio, ', ') FROM drafted WHERE name = 'nation'), 'basic 0.6, critical 0.61, aid 0.75, gift 0.1', 'a draft above reaches the county');
SELECT is((SELECT array_agg((p ->> 'from') || ' ' || COALESCE(p ->> 'to', '') ORDER BY p ->> 'from')
			 FROM jsonb_array_elements(assistance.to_jsonb(assistance.terms_book('{D}', '[2021-01-01,2023-01-01)', draft => :county)) -> 'pages') p),
	'{"2021-01-01 2021-12-31","2022-01-01 2022-06-30","2022-07-01 "}', 'pages are cut where the draft begins');
-- 1 000 in scope: basic 550, critical 61 % of 450 = 274.50, aid 75 % of 175.50 = 131.63, of the county's draft 90 % = 157.95; of the nation's
-- basic 600, critical 244, aid 75 % of 156 = 117
SELECT results_eq(format($$
	SELECT c.scenario, sum(c.amount) FILTER (WHERE c.layer = 'basic'), sum(c.amount) FILTER (WHERE c.layer = 'aid'),
		   sum(c.difference) FILTER (WHERE c.layer = 'aid')
	  FROM assistance.simulated_costs((
			SELECT assistance.simulate(1::bigint, assistance.make_bill(total => 1000, in_scope => 1000, region => 'D', scheme => 'resident',
					ordered_at => '2022-08-01', settled_on => '2022-08-01'),
				(SELECT assistance.make_study(ARRAY[assistance.make_scenario('in force', assistance.terms_book('{D}', '[2022-01-01,2023-01-01)')),
					assistance.make_scenario('county', assistance.terms_book('{D}', '[2022-01-01,2023-01-01)', draft => %s)),
					assistance.make_scenario('nation', assistance.terms_book('{D}', '[2022-01-01,2023-01-01)', draft => %s))])))))  c
	 GROUP BY c.scenario ORDER BY c.scenario $$, :county, :nation),
	$$ VALUES ('county', 550.00, 157.95, 26.32), ('in force', 550.00, 131.63, 0.00), ('nation', 600.00, 117.00, -14.63) $$,
	'terms in force against two drafts of the catalogue in one study');
SELECT throws_ok(format('SELECT assistance.terms_book(''{P}'', ''[2022-01-01,2023-01-01)'', draft => %s)', :county), 'MA401', 'the draft is not part of these terms',
	'a draft of another region');
SELECT throws_ok(format('SELECT assistance.terms_book(''{D}'', ''[2022-01-01,2022-07-01)'', draft => %s)', :county), 'MA401', 'the draft is not part of these terms',
	'a draft of later days');
SELECT assistance.drop_draft(:nation);
SELECT throws_ok(format('SELECT assistance.terms_book(''{D}'', ''[2022-01-01,2023-01-01)'', draft => %s)', :nation), 'MA402', NULL, 'a draft that was dropped');
SELECT assistance.publish_policy(:county, 'test');
SELECT throws_ok(format('SELECT assistance.terms_book(''{D}'', ''[2022-01-01,2023-01-01)'', draft => %s)', :county), 'MA402', NULL, 'one that has been published');
SELECT is(pg_temp.ratios('D', '2022-08-01'), 'basic 0.55, critical 0.61, aid 0.9, gift 0.1', 'and holds as it was simulated');
-- who may not read drafts may not simulate them: the function has the rights of its caller
CREATE ROLE tap_outsider;
GRANT USAGE ON SCHEMA assistance TO tap_outsider;
ALTER TABLE assistance.policy ENABLE ROW LEVEL SECURITY;
CREATE POLICY tap_published ON assistance.policy FOR SELECT TO tap_outsider USING (state = 'published');
SELECT pg_temp.import(pg_temp.page('D', '2022-10-01', NULL, jsonb_build_array(pg_temp.layer('aid', 'assistance', 0.8)), '{"amends": true}')) AS hidden \gset
SELECT is(jsonb_array_length(assistance.to_jsonb(assistance.terms_book('{D}', '[2022-01-01,2023-01-01)', draft => :hidden)) -> 'pages'), 3, 'the drafter sees the draft');
SET LOCAL ROLE tap_outsider;
SELECT throws_ok(format('SELECT assistance.terms_book(''{D}'', ''[2022-01-01,2023-01-01)'', draft => %s)', :hidden), 'MA402', NULL, 'who must not see drafts does not');
SELECT lives_ok($$ SELECT assistance.terms_book('{D}', '[2022-01-01,2023-01-01)') $$, 'but what is in force');
RESET ROLE;
DROP POLICY tap_published ON assistance.policy;
ALTER TABLE assistance.policy DISABLE ROW LEVEL SECURITY;
SELECT assistance.drop_draft(:hidden);

-- a new page of the county without its own layer: the old one must not shine through
SELECT pg_temp.publish(pg_temp.page('D', '2023-01-01', NULL, '[]', '{"inherits": "C"}'));
SELECT is(pg_temp.ratios('D', '2023-01-01'), 'basic 0.55, critical 0.61, aid 0.7, gift 0.1', 'a page replaces all layers of the page before');
SELECT is(pg_temp.ratios('D', '2022-12-31'), 'basic 0.55, critical 0.61, aid 0.9, gift 0.1', 'until the day before');

-- ---- findings about versions ----

SELECT set_eq(format('SELECT * FROM pg_temp.findings(%s)', pg_temp.import(page)), string_to_array(findings, ' '), findings) FROM (VALUES
	('unknown_superior', pg_temp.page('X', '2020-01-01', NULL, '[]', '{"inherits": "Y"}')),
	('unknown_superior', pg_temp.page('D', '2019-01-01', NULL, '[]', '{"inherits": "C"}')),
	('unknown_superior not_a_superior', pg_temp.page('X', '2020-01-01', NULL, '[]', '{"inherits": "Q"}')),
	('not_a_superior', pg_temp.page('X', '2020-01-01', NULL, '[]', '{"inherits": "P"}')),
	('gap', pg_temp.page('X', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('aid', 'assistance', 0.7)), '{"amends": true}')),
	('gap', pg_temp.page('N', '2018-01-01', '2019-06-30', jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)))),
	('layer_missing', pg_temp.page('X', '2020-01-01', NULL, '[]', '{"inherits": "N", "chain": ["basic", "nobody"]}')),
	('layer_missing', pg_temp.page('X', '2020-01-01', NULL, '[]', '{"inherits": "N", "chain": ["basic", "critical"]}')),
	('cyclic_inheritance', pg_temp.page('X', '2020-01-01', NULL, '[]', '{"inherits": "X"}')),
	('cyclic_inheritance not_a_superior', pg_temp.page('N', '2024-01-01', NULL, '[]', '{"inherits": "D"}')),
	('conflict', pg_temp.page('X', '2020-01-01', NULL, '[]', '{"inherits": "N", "counters": {"aid": {"every": "month"}}}')),
	('unknown_region', pg_temp.page('nowhere', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)))),
	('unknown_scheme', pg_temp.page('X', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)), '{"scheme": "no scheme"}')),
	('unknown_category', pg_temp.page('X', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)), '{"codes": {"category": {"nobody": "n"}}}')),
	('unknown_care_type', pg_temp.page('X', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)), '{"codes": {"care_type": {"x1": "x"}}}')),
	('unknown_level', pg_temp.page('X', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)), '{"codes": {"level": {"x1": "x"}}}')),
	('transition_without_predecessor', pg_temp.page('X', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)),
		'{"transition": {"admitted_from": "2020-01-01"}}'))) t(findings, page);
SELECT set_eq(format('SELECT * FROM pg_temp.findings(%s)', pg_temp.import(
	pg_temp.page('X', '2020-01-01', '2020-12-31', jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))),
	pg_temp.page('X', '2020-12-31', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))))), $$ VALUES ('overlap') $$, 'overlap');
SELECT set_eq(format('SELECT * FROM pg_temp.findings(%s)', pg_temp.import(
	pg_temp.page('X', '2020-01-01', '2020-12-31', jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))),
	pg_temp.page('X', '2021-01-02', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))))), $$ VALUES ('gap') $$, 'a gap of one day');
SELECT is_empty(format('SELECT * FROM pg_temp.findings(%s)', pg_temp.import(
	pg_temp.page('X', '2020-01-01', '2020-12-31', jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))),
	pg_temp.page('X', '2021-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))))), 'no gap');
SELECT pg_temp.import(pg_temp.page('N', '2024-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 1.5)), '{"amends": true}')) AS broken \gset
SELECT is((SELECT string_agg(region, ' ' ORDER BY region) FROM assistance.check_policy(:broken) WHERE finding = 'ratio_above_one'),
	'C D N P', 'what a layer breaks, it breaks in every page that inherits it');
SELECT throws_ok(format('SELECT assistance.publish_policy(%s, ''x'')', pg_temp.import(
	pg_temp.page('X', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 1.5))))), 'MA404', NULL, 'findings stop it');

-- ---- reasons ----

-- the day of publication is that of China, whatever the clock of the session
CREATE FUNCTION pg_temp.today() RETURNS date LANGUAGE sql RETURN (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;

SELECT lives_ok(format('SELECT assistance.publish_policy(%s)', pg_temp.import(
	pg_temp.page('R', pg_temp.today()::text, NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))))), 'from today on: no reason needed');
SELECT lives_ok(format('SELECT assistance.publish_policy(%s)', pg_temp.import(
	pg_temp.page('R', (pg_temp.today() + 10)::text, NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.6))))), 'a successor needs none either');
SELECT throws_ok(format('SELECT assistance.publish_policy(%s)', pg_temp.import(
	pg_temp.page('R', (pg_temp.today() + 10)::text, NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.7))))), 'MA407', NULL, 'one for the same days does');
SELECT throws_ok(format('SELECT assistance.publish_policy(%s, %L)', pg_temp.import(
	pg_temp.page('R', (pg_temp.today() + 20)::text, (pg_temp.today() + 30)::text, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.7)))), ' '),
	'MA407', NULL, 'one for some of its days too');
SELECT throws_ok(format('SELECT assistance.publish_policy(%s)', pg_temp.import(
	pg_temp.page('Q', (pg_temp.today() - 1)::text, NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))))), 'MA407', NULL, 'and a backdated one');
SELECT throws_ok($$ SELECT assistance.repeal_policy('R', 'resident', NULL, '2020-01-01', '') $$, 'MA407', NULL, 'and a repeal');
SELECT throws_ok($$ SELECT assistance.repeal_policy('R', 'resident', 'aid', '2020-01-01', 'x') $$, 'MA409', NULL, 'nothing to repeal');
SELECT throws_ok($$ SELECT assistance.repeal_policy('R', 'resident', NULL, 'infinity', 'x') $$, 'MA409', NULL, 'no day is the last');
SELECT throws_ok($$ SELECT assistance.publish_policy(4711) $$, 'MA402', NULL, 'no such draft');

-- ---- transitions ----

-- basic 0.5; from July 0.6, but stays admitted before 1 July keep 0.5; from October 0.7, stays admitted before 1 October keep what was
SELECT pg_temp.publish(pg_temp.page('T', '2024-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5), pg_temp.layer('critical', 'critical', 0.6), pg_temp.layer('aid', 'assistance', 0.7))));
SELECT pg_temp.publish(pg_temp.page('T', '2024-07-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.6)),
	'{"amends": true, "sources": {"J": {"document": "July"}}, "cite": {"source": "J"}, "transition": {"admitted_from": "2024-07-01"}}'));
SELECT pg_temp.publish(pg_temp.page('T', '2024-10-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.7)),
	'{"amends": true, "sources": {"O": {"document": "October"}}, "cite": {"source": "O"}, "transition": {"admitted_from": "2024-10-01"}}'));
SELECT results_eq($$ SELECT p -> 'admitted', p #>> '{layers,0,rules,0,ratio}', p ->> 'from', p ->> 'to'
		FROM jsonb_array_elements(assistance.to_jsonb(assistance.terms_book('{T}', '[2024-01-01,2025-01-01)')) -> 'pages') WITH ORDINALITY p(p, n) ORDER BY n $$,
	$$ VALUES (NULL::jsonb, '0.5', '2024-01-01', '2024-06-30'),
			  ('{"to": "2024-06-30"}', '0.5', '2024-07-01', NULL), ('{"from": "2024-07-01"}', '0.6', '2024-07-01', '2024-09-30'),
			  ('{"from": "2024-07-01", "to": "2024-09-30"}', '0.6', '2024-10-01', NULL),
			  ('{"from": "2024-10-01"}', '0.7', '2024-10-01', NULL) $$, 'a page for each range of admissions');
-- 1 000 in scope, basic only: 50, 60 or 70 % by day of admission
CREATE FUNCTION pg_temp.paid(admitted date, discharged date) RETURNS numeric LANGUAGE sql AS $$
	SELECT (s.split).basic FROM assistance.settle_bill(assistance.terms_at('T', 'resident', discharged), NULL, assistance.make_bill(total => 1000, in_scope => 1000,
		region => 'T', scheme => 'resident', ordered_at => discharged, admitted_on => admitted)) s $$;
SELECT is(pg_temp.paid(admitted, discharged), paid, format('admitted %s, discharged %s: %s', admitted, discharged, paid)) FROM (VALUES
	(date '2024-06-30', date '2024-06-30', 500.00), ('2024-06-30', '2024-07-01', 500), ('2024-07-01', '2024-07-01', 600), ('2024-06-30', '2024-10-02', 500),
	('2024-09-30', '2024-10-02', 600), ('2024-10-01', '2024-10-02', 700), (NULL, '2024-09-30', 600), (NULL, '2024-10-01', 700)) t(admitted, discharged, paid);
-- the whole page, and a scheme that inherits it
SELECT pg_temp.publish(pg_temp.page('U', '2024-01-01', NULL, '[]', '{"inherits": "T"}'));
SELECT is(jsonb_array_length(assistance.to_jsonb(assistance.terms_at('U', 'resident', '2024-10-01')) -> 'pages'), 3, 'transitions are inherited');
SELECT pg_temp.publish(pg_temp.page('T', '2025-01-01', NULL, jsonb_build_array(pg_temp.layer('aid', 'assistance', 0.8)),
	'{"transition": {"admitted_from": "2025-01-01"}}'));
SELECT results_eq($$ SELECT p #>> '{admitted,to}', (SELECT string_agg((l ->> 'name') || ' ' || (l #>> '{rules,0,ratio}'), ', ') FROM jsonb_array_elements(p -> 'layers') l)
		FROM jsonb_array_elements(assistance.to_jsonb(assistance.terms_at('T', 'resident', '2025-01-01')) -> 'pages') WITH ORDINALITY p(p, n) ORDER BY n $$,
	$$ VALUES ('2024-06-30', 'basic 0.5, critical 0.6, aid 0.7'), ('2024-09-30', 'basic 0.6, critical 0.6, aid 0.7'),
			  ('2024-12-31', 'basic 0.7, critical 0.6, aid 0.7'), (NULL, 'aid 0.8') $$,
	'a new page: the stays of before see the old chain');

-- superiors in a circle: a finding, not an error, and nothing else is looked up
INSERT INTO assistance.region_local (code, zh, en, parent, tier, mark, source)
SELECT code, code, code, parent, 'pool', 'example', 'test' FROM (VALUES ('K1', 'K2'), ('K2', 'K1')) r(code, parent);
SELECT results_eq(format('SELECT severity, finding, region, path, message FROM assistance.check_policy(%s)',
	pg_temp.import(pg_temp.page('K1', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5))))),
	$$ VALUES ('arithmetic', 'cyclic_inheritance', 'K1', 'region', 'the superiors of region "K1" form a circle') $$, 'a circle of superiors');
DELETE FROM assistance.region_local WHERE code IN ('K1', 'K2');

-- what a repeal uncovers: the city's and the county's page go with the layer that they inherit (the warning itself: sql/errors.sql)
SELECT assistance.days_held('resident') AS held \gset
SAVEPOINT before_repeal;
SET LOCAL client_min_messages = error;
SELECT assistance.repeal_policy('N', 'resident', 'basic', '2035-01-01', 'test');
SELECT bag_eq($$ SELECT h.key, (h.value::datemultirange - COALESCE((assistance.days_held('resident') ->> h.key)::datemultirange, '{}'))::text
				   FROM jsonb_each_text(current_setting('tap.held')::jsonb) h
				  WHERE h.value::datemultirange <> (assistance.days_held('resident') ->> h.key)::datemultirange $$,
	$$ SELECT f.region, '{[2035-01-01,)}' FROM assistance.policy_in_force('infinity') f
		WHERE f.layer = '*' AND f.scheme = 'resident' AND (f.region = 'N' OR f.inherits IS NOT NULL) AND f.valid @> '2035-01-01'::date
		  AND (f.region = 'N' OR 'N' = ANY (assistance.superiors(f.region))) $$, 'days that a repeal leaves bare')
  FROM set_config('tap.held', :'held', true);
ROLLBACK TO before_repeal;

-- ---- amounts that follow statistics ----

INSERT INTO assistance.statistic_local (statistic, region, year, value, unit, zh, en, mark, source) VALUES
	('disposable_income', '130000', 2022, 43210.30, 'yuan', '可支配收入', 'disposable income', 'example', 'test'),
	('disposable_income', '130000', 2023, 45678.90, 'yuan', '可支配收入', 'disposable income', 'example', 'test');
CREATE FUNCTION pg_temp.derived(first_day text, derived jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.page('130100', first_day, NULL, jsonb_build_array(jsonb_build_object('name', 'aid', 'kind', 'other', 'base', '{"copay": 1}'::jsonb, 'rules',
		jsonb_build_array(jsonb_build_object('name', 'all', 'ratio', 0.7, 'deductible', jsonb_build_object('amount', jsonb_build_object('derived', derived))))))) $$;
-- by hand: 45 678.90 × 0.05 = 2 283.945; half up to the fen 2 283.95, to the yuan 2 284, down 2 283; 43 210.30 × 0.5 = 21 605.15; × 1.5 = 68 518.35
SELECT is(assistance.resolve_statistics(jsonb_build_object('x', jsonb_build_object('derived', d))::text::json, '130100', '2024-01-01')::jsonb #> '{x,amount}', amount, d::text)
  FROM (VALUES
	('{"statistic": "disposable_income", "lag": 1, "share": 0.05}'::jsonb, '2283.95'::jsonb),
	('{"statistic": "disposable_income", "lag": 1, "share": 0.05, "rounding": {"unit": "yuan"}}', '2284'),
	('{"statistic": "disposable_income", "lag": 1, "share": 0.05, "rounding": {"unit": "yuan", "mode": "down"}}', '2283'),
	('{"statistic": "disposable_income", "lag": 1, "share": 0.05, "rounding": {"mode": "down"}}', '2283.94'),
	('{"statistic": "disposable_income", "lag": 2, "share": 0.5}', '21605.15'),
	('{"statistic": "disposable_income", "latest": true, "share": 1.5}', '68518.35'),
	('{"statistic": "disposable_income", "lag": 3, "share": 0.5}', NULL),
	('{"statistic": "disposable_income", "lag": 1, "share": 0.5, "region": "000000"}', NULL)) t(d, amount);
SELECT pg_temp.import(pg_temp.derived('2024-01-01', '{"statistic": "disposable_income", "lag": 1, "share": 0.05}')) AS derived \gset
SELECT is_empty(format('SELECT * FROM assistance.check_policy(%s) WHERE severity = ''arithmetic''', :derived), 'it compiles as it will be published');
SELECT ok(strpos(assistance.export_policy(:derived)::text, '45678.9') = 0, 'the draft keeps the form it was written in');
SELECT assistance.publish_policy(:derived, 'test');
SELECT is(jsonb_path_query_first(assistance.to_jsonb(assistance.terms_at('130100', 'resident', '2024-01-01')),
		'$.pages[0].layers[*] ? (@.name == "aid").rules[0].deductible.amount'),
	'{"amount": 2283.95, "derived": {"statistic": "disposable_income", "lag": 1, "share": 0.05, "region": "130000", "year": 2023, "value": 45678.9}}',
	'published with the figure and what it came from');
-- a figure that changes after the check, or within the publication: the amounts would not be those that were checked
SELECT pg_temp.import(pg_temp.derived('2024-01-01', '{"statistic": "disposable_income", "lag": 1, "share": 0.04}')) AS moving \gset
CREATE FUNCTION pg_temp.move_figure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE assistance.statistic_local SET value = value + 1; RETURN NEW; END $$;
CREATE TRIGGER a_figure_moves BEFORE INSERT ON assistance.policy_publication FOR EACH ROW EXECUTE FUNCTION pg_temp.move_figure();
SELECT throws_ok(format('SELECT assistance.publish_policy(%s, ''test'')', :moving), 'MA405', 'a figure changed while the draft was published', 'a figure that moves after the check');
DROP TRIGGER a_figure_moves ON assistance.policy_publication;
CREATE TRIGGER a_figure_moves BEFORE UPDATE ON assistance.policy FOR EACH ROW WHEN (OLD.state = 'draft') EXECUTE FUNCTION pg_temp.move_figure();
SELECT throws_ok(format('SELECT assistance.publish_policy(%s, ''test'')', :moving), 'MA405', 'a figure changed while the draft was published', 'or while its rows are written');
DROP TRIGGER a_figure_moves ON assistance.policy;
SELECT assistance.terms_digest(assistance.terms_at('130100', 'resident', '2024-01-01')) AS digest \gset
UPDATE assistance.statistic_local SET value = value * 2;
INSERT INTO assistance.statistic_local (statistic, region, year, value, unit, zh, en, mark, source) VALUES
	('disposable_income', '130100', 2023, 1, 'yuan', '可支配收入', 'disposable income', 'example', 'test');
UPDATE assistance.region_local SET parent = '000000' WHERE code = '130100';
SELECT is(assistance.terms_digest(assistance.terms_at('130100', 'resident', '2024-01-01')), :'digest'::bytea, 'figures that come later change nothing');
SELECT set_eq(format('SELECT finding FROM assistance.check_policy(%s) WHERE finding LIKE ''missing%%''',
	pg_temp.import(pg_temp.derived('2030-01-01', '{"statistic": "disposable_income", "lag": 1, "share": 0.05}'))), $$ VALUES ('missing_statistic') $$, 'no figure');
SELECT set_has(format('SELECT finding FROM assistance.check_policy(%s)', pg_temp.import(pg_temp.derived('2024-01-01',
		jsonb_build_object('statistic', 'disposable_income', 'share', 0.05, 'lag', lag)))), $$ VALUES ('missing_statistic') $$, 'lag ' || lag::text)
  FROM unnest(ARRAY['"one"', '1.5', '-1', '99999999999', '[]']::jsonb[]) lag;

-- half of 91 357.80, the doubled figure of 2023, is 45 678.90: a deductible of critical insurance may reach it, not exceed it
-- an exception of the nation excuses the nation's layer where it comes down, and not the layer that a city writes itself
INSERT INTO assistance.region_local (code, zh, en, parent, tier, mark, source)
SELECT code, code, code, parent, 'pool', 'example', 'test' FROM (VALUES ('E', NULL), ('F', 'E'), ('G', 'E')) r(code, parent);
CREATE FUNCTION pg_temp.poor(ratio numeric) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(pg_temp.layer('aid', 'assistance', ratio)
		|| jsonb_build_object('rules', jsonb_build_array(jsonb_build_object('name', 'all', 'when', '{"category": ["低保"]}'::jsonb, 'ratio', ratio)))) $$;
SELECT pg_temp.publish(pg_temp.page('E', '2020-01-01', NULL, pg_temp.poor(0.2), '{"codes": {"category": {"低保": "低保"}},
	"exceptions": [{"finding": "key_group_ratio_below_70", "who": "P0001", "why": "example", "article": "example"}]}'));
SELECT is_empty(format('SELECT * FROM assistance.check_policy(%s) WHERE severity = ''legal'' AND excused_by IS NULL',
	pg_temp.import(pg_temp.page('F', '2020-01-01', NULL, '[]', '{"inherits": "E"}'))), 'the exception comes down with the layer');
SELECT results_eq(format('SELECT finding, excused_by FROM assistance.check_policy(%s) WHERE severity = ''legal''',
	pg_temp.import(pg_temp.page('G', '2020-01-01', NULL, pg_temp.poor(0.1), '{"inherits": "E"}'))),
	$$ VALUES ('key_group_ratio_below_70', NULL::text) $$, 'and excuses no other');

CREATE FUNCTION pg_temp.above_income(amount numeric, exceptions jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	draft bigint := pg_temp.import(pg_temp.page('130100', '2024-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5),
		jsonb_set(pg_temp.layer('critical', 'critical', 0.6), '{rules,0,deductible}', jsonb_build_object('amount', amount))),
		jsonb_build_object('exceptions', exceptions)));
BEGIN
	RETURN (SELECT string_agg(severity || COALESCE(' ' || excused_by, ''), ',') FROM assistance.check_policy(draft) c
			 WHERE finding = 'critical_deductible_above_half_income');
END
$$;
DELETE FROM assistance.statistic_local WHERE region = '130100';
UPDATE assistance.region_local SET parent = NULL WHERE code = '130100';
SELECT is(pg_temp.above_income(45678.9, '[]'), NULL, 'half the income');
SELECT is(pg_temp.above_income(45678.91, '[]'), 'legal', 'a fen more');
SELECT is(pg_temp.above_income(45678.91, '[{"finding": "critical_deductible_above_half_income", "who": "P0001", "why": "old", "article": "A"}]'),
	'legal P0001: old (A)', 'passed on purpose');

-- ---- what has been published does not change ----

-- how many rows a statement made, or the constraint that refused it
CREATE FUNCTION pg_temp.as_rows(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE statement;
	GET DIAGNOSTICS answer = ROW_COUNT;
	RETURN answer;
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS answer = CONSTRAINT_NAME;
	RETURN answer;
END
$$;
SELECT id AS version FROM assistance.policy WHERE region = 'N' AND layer = 'aid' \gset
SELECT throws_ok(statement, 'MA403', NULL, role || ': ' || left(statement, 70))
  FROM unnest(ARRAY['origin', 'local', 'replica']) role, set_config('session_replication_role', role, true),
	   unnest(ARRAY[
	'UPDATE assistance.policy SET title = title WHERE id = ' || :version,
	'UPDATE assistance.policy SET document = document WHERE id = ' || :version || ' AND false OR id = ' || :version,
	'UPDATE assistance.policy SET state = ''draft'', recorded = NULL, publication = NULL, published_by = NULL, published_at = NULL WHERE id = ' || :version,
	'UPDATE assistance.policy SET valid = daterange(lower(valid), ''2050-01-01'') WHERE id = ' || :version,
	'UPDATE assistance.policy SET recorded = tstzrange(lower(recorded), lower(recorded) + interval ''1 day''), closed_by = 1 WHERE id = ' || :version,
	'DELETE FROM assistance.policy WHERE id = ' || :version,
	'TRUNCATE assistance.policy', 'TRUNCATE assistance.policy CASCADE',
	'INSERT INTO assistance.policy SELECT * FROM assistance.policy WHERE id = ' || :version || ' ON CONFLICT (id) DO UPDATE SET title = ''x''',
	'UPDATE assistance.policy_publication SET reason = ''x''', 'DELETE FROM assistance.policy_publication', 'TRUNCATE assistance.policy_publication']) statement;
SET LOCAL session_replication_role = origin;
SELECT throws_ok('MERGE INTO assistance.policy p USING (VALUES (' || :version || ')) v(id) ON p.id = v.id WHEN MATCHED THEN DELETE', 'MA403', NULL, 'MERGE')
 WHERE current_setting('server_version_num')::integer >= 150000;
SELECT throws_ok('INSERT INTO assistance.policy SELECT (jsonb_populate_record(p, ''{"id": 4711}'')).* FROM assistance.policy p WHERE id = ' || :version,
	'23P01', NULL, 'nor can a second version stand beside it');
SELECT throws_ok('INSERT INTO assistance.policy SELECT (jsonb_populate_record(p, ''{"id": 4711, "recorded": "(,)"}'')).* FROM assistance.policy p WHERE id = ' || :version,
	'23514', NULL, 'nor one that was always known');
-- a row that no act names counts for nothing: C inherits aid of 0.7, and a forged version of its own pays 0.9
SELECT assistance.terms_digest(assistance.terms_at('C', 'resident', '2021-06-01'))::text AS before \gset
INSERT INTO assistance.policy
SELECT (jsonb_populate_record(p, jsonb_build_object('id', 4712, 'region', 'C', 'document', d.document, 'digest', sha256(convert_to(d.document::text, 'UTF8'))))).*
  FROM assistance.policy p
 CROSS JOIN LATERAL (SELECT jsonb_set(jsonb_set(p.document::jsonb, '{region}', '"C"'), '{layers,0,rules,0,ratio}', '0.9') AS document) d
 WHERE p.region IN ('N', 'P') AND p.layer = 'aid' AND p.state = 'published' AND upper_inf(p.recorded) AND p.valid @> date '2021-06-01';
SELECT is((SELECT count(*) FROM assistance.policy WHERE id = 4712), 1::bigint, 'the owner can add a row');
SELECT is(assistance.terms_digest(assistance.terms_at('C', 'resident', '2021-06-01'))::text, :'before', 'and nothing changes');
-- nor does it help to add an act that names it, at a moment that has passed
INSERT INTO assistance.policy_publication (id, act, at, draft, versions)
SELECT max(id) + 1, 'publish', min(at) + interval '1 microsecond', 1, '{4712}' FROM assistance.policy_publication;
SELECT is(assistance.terms_digest(assistance.terms_at('C', 'resident', '2021-06-01'))::text, :'before', 'with an act of the past neither');
SELECT throws_ok('INSERT INTO assistance.policy_publication (id, act, at, draft, versions) VALUES (0, ''publish'', ''2001-01-01'', 1, ''{4712}'')', '23514', NULL,
	'no act before the first');
SELECT throws_ok('UPDATE assistance.policy SET state = ''published'', recorded = tstzrange(now(), NULL), publication = 1, published_by = session_user, published_at = now()
	WHERE draft = ' || pg_temp.import(pg_temp.page('Z', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5)))), 'MA403', NULL,
	'a draft becomes a version through an act of publication only');
SELECT throws_ok('INSERT INTO assistance.policy (draft, page, place, region, scheme, layer, valid, document, digest) VALUES (1, 0, 0, ''X'', ''r'', ''*'', ''[2020-01-01,)'',
	''{"region":"X","scheme":"r"}'', ''\x00'')', '23514', NULL, 'the digest is that of the document');
SELECT throws_ok($$ INSERT INTO assistance.policy (draft, page, place, region, scheme, layer, valid, document, digest)
	SELECT 1, 0, 0, 'Y', 'r', '*', '[2020-01-01,)', d, sha256(convert_to(d::text, 'UTF8')) FROM (SELECT json '{"region":"X","scheme":"r"}') t(d) $$, '23514', NULL,
	'the region is that of the document');
-- what lookups go by is what the document says
CREATE FUNCTION pg_temp.row_of(document text, layer text, valid text, transition text) RETURNS text LANGUAGE sql AS $$
	SELECT format('INSERT INTO assistance.policy (draft, page, place, region, scheme, layer, valid, transition, document, digest)
		SELECT 1, 0, 1, ''X'', ''resident'', %L, %L, %L, d, sha256(convert_to(d::text, ''UTF8'')) FROM (SELECT %L::json) t(d)', layer, valid, transition, document) $$;
SELECT is(pg_temp.as_rows(pg_temp.row_of('{"region": "X", "scheme": "resident", "from": "2020-01-01", "to": "2020-12-31",
	"transition": {"admitted_from": "2020-01-01"}, "layers": [{"name": "aid"}]}', layer, valid, transition)), answer, answer || ': ' || layer || valid)
  FROM (VALUES ('aid', '[2020-01-01,2020-12-31]', '2020-01-01', '1'), ('basic', '[2020-01-01,2020-12-31]', '2020-01-01', 'policy_says'),
	('*', '[2020-01-01,2020-12-31]', '2020-01-01', 'policy_says'), ('aid', '[2020-01-01,2020-12-31]', NULL, 'policy_says'),
	('aid', '[2020-01-01,2020-12-31]', '2020-06-01', 'policy_says'), ('aid', '[2019-12-31,2020-12-31]', '2020-01-01', 'policy_days'),
	('aid', '[2020-01-01,)', '2020-01-01', 'policy_days'), ('aid', '[2020-02-01,2020-12-31]', '2020-01-01', 'policy_days')) t(layer, valid, transition, answer);
SELECT throws_ok(pg_temp.row_of('{"region": "X", "scheme": "resident", "layers": [{"name": "aid"}]}', 'aid', '[2020-01-01,)', NULL), '23514', NULL,
	'and it says days');

-- ---- who may do what ----

CALL assistance.create_roles();
CALL assistance.create_roles();
CREATE ROLE tap_drafter IN ROLE assistance_policy;
CREATE ROLE tap_publisher IN ROLE assistance_publisher;
CREATE ROLE tap_both IN ROLE assistance_policy, assistance_publisher;
CREATE ROLE tap_reader;
CREATE FUNCTION pg_temp.as_user(name text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text := 'done';
BEGIN
	EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', name);
	EXECUTE statement INTO answer;
	SET LOCAL SESSION AUTHORIZATION DEFAULT;
	RETURN COALESCE(answer, 'done');
EXCEPTION WHEN OTHERS THEN
	SET LOCAL SESSION AUTHORIZATION DEFAULT;
	RETURN SQLSTATE;
END
$$;
CREATE TEMP TABLE doc AS SELECT jsonb_build_object('format', 1, 'engine', 1, 'pages', jsonb_build_array(
	pg_temp.page('W', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5), pg_temp.layer('aid', 'assistance', 0.5))))) AS document;
SELECT quote_literal(document) AS document FROM doc \gset
SELECT pg_temp.as_user('tap_drafter', 'SELECT assistance.import_policy(' || :'document' || ')') AS roles \gset
SELECT is(pg_temp.as_user(name, statement), wanted, name || ': ' || left(regexp_replace(statement, '\s+', ' ', 'g'), 90)) FROM (VALUES
	('tap_reader', 'SELECT assistance.import_policy(' || :'document' || ')', '42501'),
	('tap_reader', 'SELECT count(*) FROM assistance.check_policy(:draft) WHERE severity <> ''notice''', '0'),
	('tap_reader', 'SELECT assistance.publish_policy(:draft, ''x'')', '42501'),
	('tap_reader', 'SELECT assistance.drop_draft(:draft)', '42501'),
	('tap_drafter', 'SELECT assistance.set_value(:draft, ''layers.basic.rules.all.ratio'', ''0.55'')', ''),
	('tap_drafter', 'SELECT assistance.publish_policy(:draft, ''x'')', 'MA406'),
	('tap_drafter', 'UPDATE assistance.policy SET state = ''published'' WHERE draft = :draft', '42501'),
	('tap_drafter', 'INSERT INTO assistance.policy_publication (id, act, at, draft) VALUES (9999, ''publish'', clock_timestamp(), :draft)', '42501'),
	('tap_publisher', 'SELECT assistance.set_value(:draft, ''layers.basic.rules.all.ratio'', ''0.6'')', '42501'),
	('tap_publisher', 'UPDATE assistance.policy SET document = ''{"region": "W", "scheme": "resident"}'',
		digest = sha256(''{"region": "W", "scheme": "resident"}'') WHERE draft = :draft', '42501'),
	('tap_publisher', 'SELECT assistance.import_policy(' || :'document' || ')', '42501'),
	('tap_publisher', 'SELECT assistance.drop_draft(:draft)', '42501'),
	('tap_publisher', 'INSERT INTO assistance.policy (draft, page, place, region, scheme, layer, valid, document, digest) SELECT draft, page, place, region, scheme,
		layer, valid, document, digest FROM assistance.policy WHERE draft = :draft', '42501'),
	('tap_publisher', 'INSERT INTO assistance.policy SELECT (jsonb_populate_record(p, ''{"id": 4711, "region": "V", "document": {"region": "V", "scheme": "resident"}}'')).*
		FROM assistance.policy p WHERE id = ' || :version, '42501'),
	('tap_publisher', 'INSERT INTO assistance.policy_publication (id, act, at, reason) VALUES (9999, ''repeal'', ''2020-01-01'', ''x'')', '42501'),
	('tap_both', 'SELECT assistance.set_value(:draft, ''layers.aid.rules.all.ratio'', ''0.6'')', ''),
	('tap_both', 'SELECT assistance.publish_policy(:draft, ''x'')', 'MA406')) t(name, text, wanted),
	LATERAL (SELECT replace(text, ':draft', :'roles') AS statement) s;
SELECT set_eq(format('SELECT DISTINCT unnest(drafted_by) FROM assistance.policy WHERE draft = %s', :roles), $$ VALUES ('tap_drafter'), ('tap_both') $$,
	'everyone who changed the draft has drafted it');
SELECT matches(pg_temp.as_user('tap_publisher', format('SELECT assistance.publish_policy(%s, ''x'')', :roles)), '^[0-9]+$', 'another one publishes it');
SELECT is(pg_temp.ratios('W', '2020-01-01'), 'basic 0.55, aid 0.6', 'as it was drafted');
SELECT results_eq(format('SELECT DISTINCT published_by FROM assistance.policy WHERE draft = %s', :roles), $$ VALUES ('tap_publisher') $$, 'by name');
SELECT pg_temp.as_user('tap_drafter', 'SELECT assistance.import_policy(' || quote_literal(jsonb_set(document, '{pages,0,to}', '"2020-06-30"')) || ')') AS roles FROM doc \gset
SELECT matches(pg_temp.as_user('tap_publisher', format('SELECT assistance.publish_policy(%s, ''x'')', :roles)), '^[0-9]+$', 'a correction leaves a piece');
SELECT matches(pg_temp.as_user('tap_publisher', 'SELECT assistance.repeal_policy(''W'', ''resident'', NULL, ''2021-01-01'', ''x'')'), '^[0-9]+$', 'a repeal too');
SELECT is(pg_temp.as_user('tap_drafter', 'SELECT assistance.repeal_policy(''W'', ''resident'', NULL, ''2020-02-01'', ''x'')'), '42501', 'a drafter does not repeal');
SELECT is((SELECT array_agg(valid::text || CASE WHEN upper_inf(recorded) THEN '' ELSE ' closed' END ORDER BY id) FROM assistance.policy WHERE region = 'W' AND layer = 'aid'),
	'{"[2020-01-01,) closed","[2020-01-01,2020-07-01)","[2020-07-01,) closed","[2020-07-01,2021-01-01)"}', 'the versions that were and are known');

-- who changes the days of a draft, or takes a layer out of it, has drafted it
SELECT pg_temp.publish(pg_temp.page('Z', '2020-01-01', NULL, jsonb_build_array(pg_temp.layer('basic', 'basic', 0.5), pg_temp.layer('aid', 'assistance', 0.5))));
SELECT quote_literal(jsonb_build_object('format', 1, 'engine', 1, 'pages', jsonb_build_array(pg_temp.page('Z', '2021-01-01', NULL,
	jsonb_build_array(pg_temp.layer('basic', 'basic', 0.6), pg_temp.layer('aid', 'assistance', 0.6)), '{"amends": true}')))) AS document \gset
CREATE FUNCTION pg_temp.as_both(document text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	draft text := pg_temp.as_user('tap_drafter', format('SELECT assistance.import_policy(%s)', document));
	answer text := pg_temp.as_user('tap_both', replace(statement, ':draft', draft));
BEGIN
	RETURN answer || ' ' || pg_temp.as_user('tap_both', format('SELECT assistance.publish_policy(%s, ''x'')', draft));
END
$$;
SELECT is(pg_temp.as_both(:'document', statement), wanted, statement) FROM (VALUES
	('SELECT assistance.set_value(:draft, ''layers.aid'', NULL)', ' MA406'),
	('WITH d AS (DELETE FROM assistance.policy WHERE draft = :draft AND layer = ''aid'' RETURNING 1) SELECT count(*) FROM d', '1 MA406'),
	('WITH u AS (UPDATE assistance.policy SET title = ''x'' WHERE draft = :draft RETURNING 1) SELECT count(*) FROM u', '2 MA406')) t(statement, wanted);

-- the next act is of this moment
SELECT is(pg_temp.as_user('tap_publisher', format('INSERT INTO assistance.policy_publication (id, act, at, reason)
		SELECT max(id) + %s, ''repeal'', %s, ''x'' FROM assistance.policy_publication', step, at)), '42501', step || ' ' || at)
  FROM (VALUES (1, '''infinity'''), (1, 'clock_timestamp() + interval ''1 hour'''), (2, 'clock_timestamp()'), (0, 'clock_timestamp()'),
	(1, 'clock_timestamp() - interval ''1 day''')) t(step, at);

SELECT * FROM finish();
ROLLBACK;
