-- views.sql — the documents of the catalogue as relations; drafts compared; the page in force at a glance; and the packs, whose codes the
-- dictionaries know.

BEGIN;
SELECT plan(26);

\set yubei `cat src/packs/chongqing-yubei.json`
\set beijing `cat src/packs/beijing-residents.json`
\set hebei `cat src/packs/hebei-2015-26.json`
\set national `cat src/packs/national-2021-42.json`
\set ulanqab `cat src/packs/ulanqab.json`
\set nanchang `cat src/packs/nanchang.json`
\set mianyang `cat src/packs/mianyang-huimianbao.json`
CREATE TEMP TABLE pack (name text PRIMARY KEY, document json, draft bigint);
INSERT INTO pack VALUES ('yubei', :'yubei'), ('beijing', :'beijing'), ('hebei', :'hebei'), ('national', :'national'), ('ulanqab', :'ulanqab'),
	('nanchang', :'nanchang'), ('mianyang', :'mianyang');
UPDATE pack SET draft = assistance.import_policy(document);

-- ---- 乌兰察布: read off 城乡居民医疗保险政策解读 of 乌兰察布市中心医院, 二 to 十 ----

SELECT results_eq(
	$$ SELECT band::integer, low, high, ratio, source_document, article, mark FROM assistance.policy_band v, pack
	    WHERE v.draft = pack.draft AND pack.name = 'ulanqab' AND rule = '市内三级住院' ORDER BY band $$,
	$$ VALUES (1, 0::numeric, 30000::numeric, 0.65, '乌兰察布市中心医院：城乡居民医疗保险政策解读', '三、四', 'secondary'),
	          (2, 30000, 70000, 0.70, '乌兰察布市中心医院：城乡居民医疗保险政策解读', '三、四', 'secondary'),
	          (3, 70000, 200000, 0.75, '乌兰察布市中心医院：城乡居民医疗保险政策解读', '三、四', 'secondary'),
	          (4, 200000, NULL, 0.80, '乌兰察布市中心医院：城乡居民医疗保险政策解读', '三、四', 'secondary') $$, 'bands');
SELECT results_eq(
	$$ SELECT rule, amount, per, article FROM assistance.policy_cap v, pack
	    WHERE v.draft = pack.draft AND pack.name = 'ulanqab' AND scheme = 'resident' AND kind IN ('basic', 'critical') ORDER BY kind, place $$,
	$$ VALUES ('市内三级住院', 160000::numeric, 'period', '二'), ('转外住院', 160000, 'period', '二'), ('年度累计', 500000, 'period', '七') $$,
	'caps, each with its own article');
SELECT results_eq(
	$$ SELECT rule, amount, (schedule ->> 'step')::numeric, article FROM assistance.policy_deductible v, pack
	    WHERE v.draft = pack.draft AND pack.name = 'ulanqab' AND scheme = 'resident' ORDER BY kind, place $$,
	$$ VALUES ('市内三级住院', 1200::numeric, 100::numeric, '三、四'), ('转外住院', 1200, 100, '三、四'), ('年度累计', 14000, NULL, '七') $$, 'deductibles');
SELECT results_eq(
	$$ SELECT rule, v.name, target, operation, amount FROM assistance.policy_modifier v, pack
	    WHERE v.draft = pack.draft AND pack.name = 'ulanqab' AND kind IN ('basic', 'critical') ORDER BY kind, rule, modifier $$,
	$$ VALUES ('市内三级住院', '建档立卡再次住院', 'deductible', 'remove', NULL::numeric), ('转外住院', '转区内市外', 'enter', 'set', 0.85), ('转外住院', '转区外', 'enter', 'set', 0.80),
	          (NULL, '基本医保不予报销', 'enter', 'set', 0), (NULL, '建档立卡起付减半', 'deductible', 'multiply', 0.5), (NULL, '建档立卡比例提高', 'ratio', 'add', 0.05),
	          (NULL, '建档立卡取消封顶', 'annual_cap', 'remove', NULL) $$, 'modifiers of layers and rules');
SELECT results_eq(
	$$ SELECT place::integer, rule, settles, ratio, bands, condition ->> 'category' FROM assistance.policy_rule v, pack
	    WHERE v.draft = pack.draft AND pack.name = 'ulanqab' AND layer = '民政救助' ORDER BY place $$,
	$$ VALUES (1, '五保三无孤残三万以上', 'visit', 1::numeric, 0, '["五保", "三无", "孤残儿童"]'), (2, '五保三无孤残三万以下', 'visit', 1, 0, '["五保", "三无", "孤残儿童"]'),
	          (3, '低保三万以上', 'visit', 0.80, 0, '["低保"]'), (4, '建档立卡三万以上', 'visit', 0.80, 0, '["建档立卡"]'), (5, '低保三万以下', 'visit', 0.70, 0, '["低保"]') $$,
	'rules in the order in which they are tried');
SELECT results_eq(
	$$ SELECT layer, kind, rules, not_applicable, source_document, article FROM assistance.policy_layer v, pack
	    WHERE v.draft = pack.draft AND pack.name = 'ulanqab' AND scheme = 'employee' ORDER BY version $$,
	$$ VALUES ('基本医保', 'basic', 2, false, '乌兰察布市中心医院：城镇职工医疗保险政策解读', '一3、三'), ('大额医疗', 'critical', 0, false, '乌兰察布市中心医院：城镇职工医疗保险政策解读', '一3'),
	          ('医疗救助', 'assistance', 0, false, '乌兰察布市中心医院：城镇职工医疗保险政策解读', '施行年份未载明，2020年为示例') $$, 'layers; one without a citation takes that of the page');
SELECT results_eq(
	$$ SELECT paths FROM assistance.policy_article v, pack WHERE v.draft = pack.draft AND pack.name = 'ulanqab' AND article = '九' AND layer = '*' $$,
	$$ VALUES (ARRAY['ceilings.实际报销比例.share']) $$, 'what an article fixes for the whole page');

-- amounts that follow facts and statistics
SELECT results_eq(
	$$ SELECT amount, parameter ->> 'fact' FROM assistance.policy_cap v, pack WHERE v.draft = pack.draft AND pack.name = 'nanchang' AND v.layer = '大病保险' $$,
	$$ VALUES (NULL::numeric, '连续参保激励年数') $$, 'a cap that follows a fact has no amount');
SELECT is(assistance.parameter_number('{"amount": 2400, "derived": {}}'), 2400::numeric, 'one that follows a statistic has');

-- ---- all packs ----

SELECT set_eq(
	$$ SELECT p.name, v.region, v.scheme, COALESCE(v.layer, '*'), v.path, v.value FROM pack p, assistance.policy_parameter v WHERE v.draft = p.draft $$,
	$$ SELECT p.name, j.region, j.scheme, COALESCE(j.layer, '*'), regexp_replace(j.path, '^pages\[[0-9]+\]\.', ''), j.value::text::numeric
	     FROM pack p, assistance.json_values(p.document) j WHERE j.parameter $$,
	'policy_parameter has every number of every pack, and no other');
SELECT is_empty($$ SELECT draft, path FROM assistance.policy_parameter WHERE source_document IS NULL OR mark IS NULL $$, 'each with its document');
SELECT is((SELECT sum(parameters)::bigint FROM assistance.policy_article), (SELECT count(*) FROM assistance.policy_parameter), 'policy_article counts each once');
SELECT results_eq(
	$$ SELECT (SELECT count(*) FROM assistance.policy_rule), (SELECT count(*) FROM assistance.policy_cap),
	          (SELECT count(*) FROM assistance.policy_deductible), (SELECT count(*) FROM assistance.policy_modifier) $$,
	$$ SELECT count(*), sum(jsonb_array_length(COALESCE(r -> 'caps', '[]'))), count(r -> 'deductible'),
	          (SELECT count(*) FROM pack, jsonb_path_query(document::jsonb, '$.pages[*].layers[*].modifiers[*]')) +
	          (SELECT count(*) FROM pack, jsonb_path_query(document::jsonb, '$.pages[*].layers[*].rules[*].modifiers[*]'))
	     FROM pack, jsonb_path_query(document::jsonb, '$.pages[*].layers[*].rules[*]') r $$,
	'as many rules, caps, deductibles and modifiers as the documents have');
SELECT is_empty(
	$$ SELECT p.name, a.key, c.key FROM pack p, jsonb_array_elements(p.document::jsonb -> 'pages') page, jsonb_each(page -> 'codes') a, jsonb_object_keys(a.value) c (key)
	    WHERE NOT EXISTS (SELECT FROM assistance.find_code(a.key, c.key, page ->> 'region', (page ->> 'from')::date)) $$,
	'the dictionaries know every code of every pack');
SELECT is_empty(
	$$ SELECT p.name, c.key, f.matched, f.class_group FROM pack p, jsonb_array_elements(p.document::jsonb -> 'pages') page, jsonb_object_keys(page #> '{codes,category}') c (key),
	          assistance.find_code('category', c.key, page ->> 'region', (page ->> 'from')::date) f
	    WHERE f.matched <> 'exact' OR (c.key IN ('特困', '低保', '五保', '三无', '低保重病重残')) <> COALESCE(f.class_group = 'key', false)
	       OR (c.key IN ('低收入', '低保边缘')) <> COALESCE(f.class_group = 'low_income', false) OR (c.key = '因病致贫') <> COALESCE(f.class_group = 'other', false) $$,
	'and which of the categories are key groups, low income and others');
SELECT is_empty(
	$$ SELECT p.name, page ->> 'region', page ->> 'scheme' FROM pack p, jsonb_array_elements(p.document::jsonb -> 'pages') page
	    WHERE NOT EXISTS (SELECT FROM assistance.region WHERE code = page ->> 'region')
	       OR NOT EXISTS (SELECT FROM assistance.code WHERE dictionary = 'scheme' AND code = page ->> 'scheme') $$,
	'and every region and scheme');
SELECT is_empty(
	$$ SELECT p.name, page ->> 'scheme', k FROM pack p, jsonb_array_elements(p.document::jsonb -> 'pages') page, unnest(ARRAY['basic', 'critical', 'assistance']) k
	    WHERE NOT page -> 'layers' @> jsonb_build_array(jsonb_build_object('kind', k)) $$,
	'every page has a basic, a critical and an assistance layer, be it one whose amount is given');

-- ---- one number changed: the path of json_values leads set_value there, and comparison finds it, and nothing else ----

CREATE TEMP TABLE changed AS
SELECT p.name, regexp_replace(v.path, '^pages\[[0-9]+\]\.', '') AS path, v.value::text AS before, c.*
  FROM pack p
 CROSS JOIN LATERAL (SELECT * FROM assistance.json_values(p.document) WHERE parameter) v
 CROSS JOIN LATERAL (SELECT jsonb_set(p.document::jsonb, assistance.resolve_path(p.document::jsonb, v.path), '0.123')::text::json AS document) n
  LEFT JOIN LATERAL (SELECT count(*) AS rows, min(d.path) AS found, min(d.before::text) AS was, min(d.after::text) AS is_now, min(d.change) AS change
					   FROM assistance.compare_documents(p.document, n.document) d) c ON true
 WHERE p.name IN ('yubei', 'ulanqab', 'mianyang', 'nanchang');
SELECT is_empty($$ SELECT * FROM changed WHERE (rows, found, change, is_now) IS DISTINCT FROM (1, path, 'changed', '0.123') OR was::numeric <> before::numeric $$,
	'every number by itself');
SELECT cmp_ok((SELECT count(*) FROM changed), '>', 200::bigint, 'and there are many');

-- ---- drafts compared ----

SELECT assistance.import_policy(document) AS other, draft FROM pack WHERE name = 'yubei' \gset
SELECT is_empty(format('SELECT * FROM assistance.compare_policies(%s, %s)', :draft, :other), 'the same document twice');
SELECT assistance.set_value(:other, 'layers.倾斜救助.rules.低保边缘.deductible.amount', '3500', '{"source": "问答", "article": "2024"}');
SELECT results_eq(
	format('SELECT change, region, scheme, layer, path, before::text, after::text, cite_after ->> ''document'' FROM assistance.compare_policies(%s, %s) ORDER BY path', :draft, :other),
	$$ VALUES ('changed', '500112', 'resident', '倾斜救助', 'layers.倾斜救助.rules.低保边缘.deductible.amount', '3000', '3500', '渝北区医疗保障局政策问答'),
	          ('added', '500112', 'resident', '倾斜救助', 'layers.倾斜救助.rules.低保边缘.deductible.cite', NULL, '{"source": "问答", "article": "2024"}', '渝北区医疗保障局政策问答') $$,
	'what set_value changed, at the path that it was given');
SELECT throws_ok('SELECT * FROM assistance.compare_policies(-1, -2)', 'MA402', NULL, 'drafts that do not exist');

-- ---- the page in force at a glance ----

CREATE TEMP TABLE published AS SELECT assistance.publish_policy(:other, 'test');
SELECT results_eq(
	$$ SELECT layer, rule, deductible_zh FROM assistance.policy_at_a_glance('500112', 'resident', '2023-06-01') WHERE kind = 'tilt' $$,
	$$ VALUES ('倾斜救助', '低保边缘', '每次3500元') $$, 'what has been published');
SELECT results_eq(
	$$ SELECT place, layer_zh, who_en, pays_zh, caps_en, source FROM assistance.policy_at_a_glance('500112', 'resident', '2023-06-01') $$,
	$$ SELECT place, layer_zh, who_en, pays_zh, caps_en, source FROM assistance.terms_at_a_glance(assistance.terms_at('500112', 'resident', '2023-06-01')) $$,
	'is the glance of the terms in force');
SELECT throws_ok($$ SELECT * FROM assistance.policy_at_a_glance('500112', 'resident', '2024-01-01') $$, 'MA401', NULL, 'no page on that day');
SELECT set_eq(format('SELECT state FROM assistance.policy_rule WHERE draft = %s', :other), ARRAY['published'], 'views show published versions as such');

SELECT * FROM finish();
ROLLBACK;
