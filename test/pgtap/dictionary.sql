-- dictionary.sql — the dictionaries: what is shipped, how a code is looked up, how rows of a database hide shipped ones.

BEGIN;
SELECT plan(49);

-- ---- the pilot units of 2012: the table says what the notice prints ----

\set notice `cat test/pgtap/pilot-units.txt`
SELECT is(
	(SELECT string_agg(line, E'\n' ORDER BY place)
	   FROM (SELECT min(number) * 2 - 1 AS place, section || '.' || province AS line FROM assistance.pilot_unit GROUP BY section, province
			 UNION ALL
			 SELECT min(number) * 2, COALESCE(parent_city || '：', '') || string_agg(name, '、' ORDER BY number)
			   FROM assistance.pilot_unit GROUP BY section, parent_city, CASE WHEN parent_city IS NULL THEN number END) lines),
	:'notice', 'the list of 民办函〔2012〕169号, line by line');
SELECT is((SELECT count(*)::integer FROM assistance.pilot_unit), 273, '共273个');
SELECT is((SELECT array_agg(number ORDER BY number) FROM assistance.pilot_unit), ARRAY(SELECT generate_series(1, 273)), 'numbered 1 to 273');
-- counted in the notice with awk, heading by heading
SELECT set_eq(
	'SELECT province, count(*)::integer FROM assistance.pilot_unit GROUP BY province',
	$$ VALUES ('北京市', 2), ('天津市', 6), ('河北省', 10), ('山西省', 7), ('内蒙古自治区', 10),
		('辽宁省', 8), ('吉林省', 10), ('黑龙江省', 10), ('上海市', 9), ('江苏省', 10),
		('浙江省', 10), ('安徽省', 10), ('福建省', 7), ('江西省', 10), ('山东省', 6),
		('河南省', 10), ('湖北省', 10), ('湖南省', 11), ('广东省', 10), ('广西壮族自治区', 10),
		('海南省', 5), ('重庆市', 10), ('四川省', 10), ('贵州省', 5), ('云南省', 7),
		('西藏自治区', 10), ('陕西省', 10), ('甘肃省', 10), ('青海省', 5), ('宁夏回族自治区', 10),
		('新疆维吾尔自治区', 10), ('新疆生产建设兵团', 5) $$,
	'so many in every province');
SELECT set_eq(
	'SELECT DISTINCT section, province FROM assistance.pilot_unit',
	'SELECT number, zh FROM assistance.region WHERE number IS NOT NULL',
	'the provinces stand as the notice heads them, the corps among them');
SELECT is_empty('SELECT * FROM assistance.pilot_unit WHERE code IS NOT NULL OR mark <> ''pilot''', 'no code is invented, all are marked');
SELECT set_eq(
	'SELECT name FROM assistance.pilot_unit WHERE parent_city IS NULL AND province NOT IN (''北京市'', ''天津市'', ''上海市'', ''重庆市'')',
	$$ VALUES ('鄂州市'), ('仙桃市'), ('东莞市'), ('三亚市'), ('五指山市'), ('儋州市'), ('澄迈县'), ('保亭黎族苗族自治县') $$,
	'outside the municipalities these stand directly under their province');

-- ---- regions ----

SELECT is((SELECT count(*)::integer FROM assistance.region WHERE tier = 'province' AND code LIKE '__0000' AND code <> '000000'), 31,
	'31 provinces with the code of GB/T 2260');
SELECT results_eq('SELECT zh FROM assistance.region WHERE code IS NULL', ARRAY['新疆生产建设兵团'], 'the corps has no code');
SELECT is(assistance.superiors('500112'), ARRAY['500100', '500000', '000000'], 'a county');
SELECT is(assistance.superiors('130399'), ARRAY['130300', '130000', '000000'], '市本级: the pool of a prefecture');
SELECT is(assistance.superiors('139900'), ARRAY['130000', '000000'], '省本级: the pool of a province');
SELECT is(assistance.superiors('130000'), ARRAY['000000'], 'a province');
SELECT is(assistance.superiors('000000'), '{}', 'nothing stands above the nation');
SELECT is(assistance.superiors('T'), ARRAY['000000'], 'a code of another form stands under the nation');
SELECT is(assistance.superiors(NULL), NULL, 'null is null');

-- ---- every row says where it is from ----

SELECT is_empty(
	$$ SELECT 'region', zh FROM assistance.region WHERE source = '' UNION ALL
	   SELECT 'category', code FROM assistance.category WHERE source = '' UNION ALL
	   SELECT dictionary, code FROM assistance.code WHERE source = '' UNION ALL
	   SELECT statistic, region FROM assistance.statistic WHERE source = '' $$,
	'no row without a source');
SELECT is_empty(
	$$ SELECT dictionary, code FROM assistance.code
	    WHERE mark NOT IN ('stated', 'verified', 'several', 'single', 'local', 'inferred', 'own') $$,
	'marks of codes');
SELECT is_empty(
	$$ SELECT c.code, c.class FROM assistance.category c
	    WHERE NOT EXISTS (SELECT FROM assistance.category n WHERE n.code = c.class AND n.class = c.class AND n.region = '000000') $$,
	'every category is of a policy class of the nation');
SELECT is_empty(
	$$ SELECT c.dictionary, c.code, c.parent FROM assistance.code c WHERE parent IS NOT NULL
	      AND NOT EXISTS (SELECT FROM assistance.code p WHERE p.dictionary = c.dictionary AND p.code = c.parent
	                         AND p.region IN (c.region, '000000')) $$,
	'every parent is a code of the same dictionary');
SELECT is_empty(
	$$ SELECT region FROM assistance.code UNION SELECT region FROM assistance.category UNION SELECT region FROM assistance.statistic
	   EXCEPT SELECT code FROM assistance.region $$,
	'every region that a row names is in the dictionary of regions');
SELECT is_empty(
	$$ SELECT code, maps_to FROM assistance.code WHERE dictionary = 'fund_pay_type' AND maps_to NOT IN
	          (SELECT code FROM assistance.code WHERE dictionary = 'layer_kind') $$,
	'every fund is of a kind of layer, of the hospital or of the patient');
SELECT is_empty(
	$$ SELECT code, national_column FROM assistance.code WHERE national_column NOT IN
	          ('hifp_pay', 'hifmi_pay', 'hifob_pay', 'cvlserv_pay', 'hifes_pay', 'hifdm_pay', 'maf_pay', 'oth_pay', 'acct_pay',
	           'hosp_part_amt', 'psn_part_amt') $$,
	'national columns are those of setlinfo');
SELECT is((SELECT array_agg(code::text ORDER BY code) FROM assistance.code WHERE dictionary = 'hosp_lv'),
	ARRAY(SELECT to_char(n, 'FM00') FROM generate_series(1, 11) n), 'hosp_lv 01 to 11');
SELECT set_eq($$ SELECT class FROM assistance.category WHERE region = '000000' AND class_group = 'key' $$, ARRAY['特困', '低保'],
	'重点救助对象, 冀政办发〔2015〕26号 二（二）');
SELECT set_eq($$ SELECT class FROM assistance.category WHERE region = '000000' AND class_group = 'other' $$, ARRAY['因病致贫'],
	'其他救助对象, 冀政办发〔2015〕26号 三（一）');

SELECT is_empty(
	$$ SELECT c.oid::regclass FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
	     JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'assistance'
	    WHERE c.relkind IN ('r', 'v') AND NOT has_table_privilege('public', c.oid, 'SELECT') $$,
	'everyone may read every table and view');

-- ---- looking a code up ----

CREATE FUNCTION pg_temp.meaning(dictionary text, code text, region text) RETURNS text LANGUAGE sql AS
	$$ SELECT concat_ws(' ', f.matched, f.matched_region, f.zh) FROM assistance.find_code(dictionary, code, region, '2023-06-01') f $$;

SELECT is(pg_temp.meaning('med_type', '9901', '500112'), 'exact 500000 重大疾病门诊', 'a code of the province, for a county');
SELECT is(pg_temp.meaning('med_type', '9901', '430100'), 'exact 430000 门诊两病', 'the same code means something else elsewhere');
SELECT is(pg_temp.meaning('med_type', '9901', '110000'), 'prefix 000000 其他', 'and is known by its prefix where no region has it');
SELECT is(pg_temp.meaning('care_type', '210106', '430000'), 'prefix 430000 普通住院（2101）', 'the longest prefix');
SELECT is(pg_temp.meaning('psn_type', '116032', '000000'), 'prefix 000000 在职（扩展）', 'a local extension of psn_type');
SELECT is(pg_temp.meaning('level', '3', '110000'), 'exact 000000 三级', 'level is dedc_hosp_lv');
SELECT is(pg_temp.meaning('hosp_lv', '021', '110000'), NULL, 'a level has no prefix');
SELECT is(pg_temp.meaning('fund_pay_type', '610109', '130000'), 'prefix 000000 医疗救助基金', 'a fund by its first five digits');
SELECT is(pg_temp.meaning('fund_pay_type', '610999', '130000'), NULL, 'never by four');
SELECT is(pg_temp.meaning('fund_pay_type', '620100', '350582'), 'exact 350500 商业保险责任二', 'a code that collides: of this city');
SELECT is(pg_temp.meaning('fund_pay_type', '620100', '430100'), 'exact 430000 特惠保', 'of that province');
SELECT is(pg_temp.meaning('fund_pay_type', '620100', '130000'), NULL, 'and of nobody else');
SELECT is(pg_temp.meaning('fund_pay_type', '999997', '500100'), 'exact 500000 医院负担（冲正）', 'a region before the nation');
SELECT results_eq(
	$$ SELECT class, class_group, matched_region FROM assistance.policy_class('500112', '7019', '2023-06-01')
	   UNION ALL SELECT class, class_group, matched_region FROM assistance.policy_class('150900', '五保', '2020-06-01')
	   UNION ALL SELECT class, class_group, matched_region FROM assistance.policy_class('130100', '低收入', '2016-06-01')
	   UNION ALL SELECT class, class_group, matched_region FROM assistance.policy_class('500112', '7202', '2023-06-01') $$,
	$$ VALUES ('低保', 'key', '500000'), ('特困', 'key', '150900'), ('低收入', 'low_income', '000000'), ('返贫致贫', NULL, '500000') $$,
	'policy classes and how the law ranks them');
SELECT throws_ok($$ SELECT assistance.policy_class('130100', '7019', '2023-06-01') $$, 'MA501', 'dictionary category has no code "7019"',
	'a local code of another province is unknown');
SELECT throws_ok($$ SELECT assistance.code_meaning('clr_way', '77', '130000', '2023-06-01') $$, 'MA501', 'dictionary clr_way has no code "77"',
	'an unknown code names its dictionary');
SELECT throws_ok($$ SELECT assistance.code_meaning('colour', '1', '130000', '2023-06-01') $$, 'MA502', 'there is no dictionary "colour"',
	'an unknown dictionary');

-- ---- rows of a database ----

INSERT INTO assistance.category_local (code, region, class, zh, en, valid, mark, source) VALUES
	('低保', '500112', '特困', '低保（示例）', 'example', '[2023-01-01,2023-07-01)', 'example', 'test'),
	('7019', '130100', '低保', '低保（示例）', 'example', '[2024-01-01,)', 'example', 'test');
INSERT INTO assistance.code_local (dictionary, code, region, zh, en, parent, valid, mark, source) VALUES
	('clr_way', '77', '130000', '示例', 'example', '99', '(,2023-01-01)', 'example', 'test'),
	('clr_way', '99', '000000', '其他（本地）', 'other, local', NULL, '(,)', 'example', 'test');
SELECT results_eq(
	$$ SELECT class FROM assistance.policy_class('500112', '低保', '2023-06-30')
	   UNION ALL SELECT class FROM assistance.policy_class('500112', '低保', '2023-07-01')
	   UNION ALL SELECT class FROM assistance.policy_class('130100', '7019', '2024-01-01') $$,
	ARRAY['特困', '低保', '低保'], 'a row of the database counts on its days');
SELECT is(pg_temp.meaning('clr_way', '77', '130000'), 'parent 000000 其他（本地）', 'a code that has ended is known by its parent, which the database has renamed');
SELECT is((SELECT count(*)::integer FROM assistance.code WHERE dictionary = 'clr_way' AND code = '99'), 1, 'the shipped row is hidden');
INSERT INTO assistance.region_local (code, zh, en, parent, tier, mark, source) VALUES
	('660000', '新疆生产建设兵团', 'the corps', NULL, 'province', 'example', 'test'),
	('C1', '示例县', 'example', '130100', 'county', 'example', 'test'),
	('C2', '甲', 'a', 'C3', 'county', 'example', 'test'), ('C3', '乙', 'b', 'C2', 'county', 'example', 'test');
SELECT is(ARRAY[assistance.superiors('C1')::text, (SELECT string_agg(code, ' ') FROM assistance.region WHERE zh = '新疆生产建设兵团')],
	ARRAY['{130100,130000,000000}', '660000'], 'a region of the database: its own parent; a code for the corps');
SELECT throws_ok($$ SELECT assistance.superiors('C2') $$, 'MA503', 'the superiors of region "C2" form a circle', 'parents in a circle');

SELECT * FROM finish();
ROLLBACK;
