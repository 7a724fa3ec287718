-- packs.sql — what the linter says about the packs: nothing that is wrong; where a real policy breaks an invariant of the law, the
-- exception is recorded with its source; what is not stated by a document is marked so.

BEGIN;
SELECT plan(9);

\set yubei `cat src/packs/chongqing-yubei.json`
\set beijing `cat src/packs/beijing-residents.json`
\set hebei `cat src/packs/hebei-2015-26.json`
\set national `cat src/packs/national-2021-42.json`
\set ulanqab `cat src/packs/ulanqab.json`
\set nanchang `cat src/packs/nanchang.json`
\set mianyang `cat src/packs/mianyang-huimianbao.json`
CREATE TEMP TABLE pack (name text PRIMARY KEY, document json);
INSERT INTO pack VALUES ('yubei', :'yubei'), ('beijing', :'beijing'), ('hebei', :'hebei'), ('national', :'national'), ('ulanqab', :'ulanqab'),
	('nanchang', :'nanchang'), ('mianyang', :'mianyang');

-- which categories are key groups and which low income is what the dictionary says of the region
CREATE TEMP TABLE ranked AS
SELECT p.name, c.code, k.class_group
  FROM pack p CROSS JOIN LATERAL jsonb_array_elements(p.document::jsonb -> 'pages') page
 CROSS JOIN LATERAL jsonb_object_keys(page #> '{codes,category}') c (code)
 CROSS JOIN LATERAL assistance.policy_class(page ->> 'region', c.code, (page ->> 'from')::date) k;
CREATE TEMP TABLE finding AS
SELECT p.name, f.*
  FROM pack p
 CROSS JOIN LATERAL assistance.terms_findings(p.document::assistance.terms,
	ARRAY(SELECT DISTINCT r.code FROM ranked r WHERE r.name = p.name AND r.class_group = 'key'),
	ARRAY(SELECT DISTINCT r.code FROM ranked r WHERE r.name = p.name AND r.class_group = 'low_income')) f;

SELECT is_empty($$ SELECT name, finding, path, message FROM finding WHERE severity = 'arithmetic' $$, 'nothing is wrong');
SELECT is_empty($$ SELECT name, finding, path, message FROM finding WHERE severity = 'legal' AND excused_by IS NULL $$,
	'no invariant of the law is broken without an exception');
SELECT set_eq(
	$$ SELECT DISTINCT name, finding, layer FROM finding WHERE severity = 'legal' $$,
	$$ VALUES ('beijing', 'key_below_other', '医疗救助'), ('beijing', 'low_income_below_other', '医疗救助'), ('yubei', 'low_income_below_other', '大额费用救助'),
	          ('hebei', 'hardship_critical_not_better', '大病保险'), ('ulanqab', 'key_below_other', '民政救助') $$,
	'these are the exceptions');
SELECT is_empty($$ SELECT name, finding, message FROM finding WHERE finding = 'unused_exception' $$, 'and every exception is needed');
SELECT is_empty(
	$$ SELECT p.name, e FROM pack p, jsonb_path_query(p.document::jsonb, '$.pages[*].exceptions[*]') e
	    WHERE NOT e ?& ARRAY['who', 'why', 'article', 'finding', 'layer'] $$,
	'each says who, why, under which article');
SELECT set_eq(
	$$ SELECT DISTINCT finding FROM finding WHERE severity = 'notice' $$,
	ARRAY['example_value', 'inferred_value', 'secondary_value'],
	'what remains to be confirmed is where values come from');
-- a pack without its exceptions is refused by the same linter
SELECT set_eq(
	$$ SELECT DISTINCT f.finding FROM pack p, assistance.terms_findings(
	     (jsonb_set(p.document::jsonb, '{pages,0}', (p.document::jsonb #> '{pages,0}') - 'exceptions'))::text::json::assistance.terms) f
	    WHERE p.name = 'beijing' AND f.severity = 'legal' AND f.excused_by IS NULL $$,
	ARRAY['key_below_other', 'low_income_below_other'], 'without its exceptions Beijing is found out');

-- ---- a synthetic year made for a pack is settled by it, under every page ----

CREATE TEMP TABLE page AS
SELECT p.name, p.document::text::assistance.terms AS terms, g ->> 'region' AS region, g ->> 'scheme' AS scheme,
	   extract(year FROM COALESCE((g ->> 'to')::date, '2025-12-31'))::integer AS year
  FROM pack p CROSS JOIN LATERAL jsonb_array_elements(p.document::jsonb -> 'pages') g;
CREATE TEMP TABLE made AS
SELECT p.name, p.scheme, b.category, b.total, assistance.settle(p.terms, assistance.make_bill(total => b.total, in_scope => b.in_scope,
		excluded => b.excluded, over_limit => b.over_limit, first_share => b.first_share, region => b.region, scheme => b.scheme,
		ordered_at => b.ordered_at, seq => b.seq, category => b.category, care_type => b.care_type, level => b.level, referral => b.referral,
		place => b.place, person_type => b.person_type, disease => b.disease, designated => b.designated, age => b.age, facts => b.facts))
		OVER (PARTITION BY p.name, p.scheme, b.person ORDER BY b.ordered_at, b.seq) AS split
  FROM page p CROSS JOIN LATERAL assistance.synthetic_year(1000, seed => 5, year => p.year, region => p.region, scheme => p.scheme, terms => p.terms) b;
SELECT results_eq(
	$$ SELECT name, scheme, count(*) > 500 AND sum(total) = sum((split).total) AND sum((split).patient) < sum(total) FROM made GROUP BY 1, 2 ORDER BY 1, 2 $$,
	$$ VALUES ('beijing', 'resident', true), ('hebei', 'resident', true), ('mianyang', 'resident', true), ('nanchang', 'employee', true),
			  ('nanchang', 'resident', true), ('national', 'resident', true), ('ulanqab', 'employee', true), ('ulanqab', 'resident', true), ('yubei', 'resident', true) $$,
	'a thousand synthetic persons are settled under every page of every pack');
-- each category of the generator that a pack knows, by name or as the dictionary maps it
SELECT results_eq(
	$$ SELECT p.name, c.codes[6:10] FROM page p CROSS JOIN LATERAL assistance.synthetic_codes(p.terms, p.region, p.scheme, p.year) c
		WHERE p.scheme = 'resident' ORDER BY 1 $$,
	$$ VALUES ('beijing', '{特困,低保,低收入,NULL,因病致贫}'::text[]), ('hebei', '{特困,低保,低收入,NULL,因病致贫}'), ('mianyang', '{NULL,NULL,NULL,NULL,NULL}'),
			  ('nanchang', '{特困,低保,NULL,返贫致贫,NULL}'), ('national', '{特困,低保,低保边缘,返贫致贫,因病致贫}'),
			  ('ulanqab', '{三无,低保,NULL,建档立卡,NULL}'), ('yubei', '{特困,低保,低保边缘,返贫致贫,因病致贫}') $$,
	'with the categories that the pack knows');

SELECT * FROM finish();
ROLLBACK;
