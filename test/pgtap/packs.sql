-- packs.sql — what the linter says about the packs: nothing that is wrong; where a real policy breaks an invariant of the law, the
-- exception is recorded with its source; what is not stated by a document is marked so.

BEGIN;
SELECT plan(7);

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

SELECT * FROM finish();
ROLLBACK;
