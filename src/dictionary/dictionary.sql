-- dictionary: the tables of codes, their local twins and the views that unite them. The rows stand in region.sql, category.sql,
-- code.sql, statistic.sql and pilot_unit.sql; how a code is looked up stands in lookup.sql.
--
-- Shipped rows are made by this script and are not dumped; rows of a database stand in …_local, are dumped, and hide the shipped
-- row of the same key. No foreign keys and no triggers: both are live while a dump is restored.

-- ---- regions ----

CREATE TABLE assistance.region_dictionary (
	code text UNIQUE CONSTRAINT region_code_length CHECK (octet_length(code) BETWEEN 1 AND 31),
	zh text NOT NULL,
	en text NOT NULL,
	parent text,
	tier text NOT NULL CONSTRAINT region_tier CHECK (tier IN ('nation', 'province', 'prefecture', 'county', 'pool')),
	number integer,
	valid daterange NOT NULL DEFAULT '(,)',
	mark text NOT NULL,
	source text NOT NULL
);
COMMENT ON COLUMN assistance.region_dictionary.code IS '医保区划 code, six digits; null where no source at hand gives one';
COMMENT ON COLUMN assistance.region_dictionary.zh IS 'name in Chinese';
COMMENT ON COLUMN assistance.region_dictionary.en IS 'name in English';
COMMENT ON COLUMN assistance.region_dictionary.parent IS 'code of the region above; null: the one that the digits say (assistance.superiors)';
COMMENT ON COLUMN assistance.region_dictionary.tier IS 'nation, province, prefecture, county or pool (本级)';
COMMENT ON COLUMN assistance.region_dictionary.number IS 'place in the list of 民办函〔2012〕169号 (provinces)';
COMMENT ON COLUMN assistance.region_dictionary.valid IS 'days on which the region existed, as far as known';
COMMENT ON COLUMN assistance.region_dictionary.mark IS 'stated, or inferred';
COMMENT ON COLUMN assistance.region_dictionary.source IS 'where name and code are from';
CREATE TABLE assistance.region_local (LIKE assistance.region_dictionary INCLUDING ALL);
ALTER TABLE assistance.region_local ALTER COLUMN code SET NOT NULL;
SELECT pg_catalog.pg_extension_config_dump('assistance.region_local', '');

CREATE VIEW assistance.region AS
	SELECT true AS local, l.* FROM assistance.region_local l
	UNION ALL
	SELECT false, d.* FROM assistance.region_dictionary d
	 WHERE NOT EXISTS (SELECT FROM assistance.region_local l WHERE l.code = d.code OR (d.code IS NULL AND l.zh = d.zh));

COMMENT ON TABLE assistance.region_dictionary IS '医保区划: regions that come with the extension. Code of six digits PPCCDD; 000000 the nation, PP0000 a province, PPCC00 a prefecture, PPCC99 its own pool (市本级), PP9900 the province''s own pool (省本级). Not dumped; a database adds regions in region_local.';
COMMENT ON TABLE assistance.region_local IS '医保区划: regions of this database; a row hides the shipped one of the same code (of the same name, where the shipped one has no code). Dumped. Columns as region_dictionary.';
COMMENT ON VIEW assistance.region IS '医保区划: regions, those of this database first (region_local over region_dictionary).';

-- ---- categories of persons ----

CREATE TABLE assistance.category_dictionary (
	code text NOT NULL CONSTRAINT category_code_length CHECK (octet_length(code) BETWEEN 1 AND 31),
	region text NOT NULL DEFAULT '000000',
	class text NOT NULL,
	class_group text CONSTRAINT category_group CHECK (class_group IN ('key', 'low_income', 'other')),
	zh text NOT NULL,
	en text NOT NULL,
	valid daterange NOT NULL DEFAULT '(,)',
	mark text NOT NULL,
	source text NOT NULL,
	note text,
	UNIQUE (code, region, valid),
	CONSTRAINT category_group_of_class CHECK (class_group IS NULL OR (region = '000000' AND code = class))
);
COMMENT ON COLUMN assistance.category_dictionary.code IS 'the code as bills and policies write it';
COMMENT ON COLUMN assistance.category_dictionary.region IS 'whose code it is; 000000: of the nation';
COMMENT ON COLUMN assistance.category_dictionary.class IS 'the policy class: a code of region 000000';
COMMENT ON COLUMN assistance.category_dictionary.class_group IS '重点救助对象 key, 低收入救助对象 low_income, 其他救助对象 other; null: no text at hand ranks the class. Only with the class itself';
COMMENT ON COLUMN assistance.category_dictionary.zh IS 'name in Chinese';
COMMENT ON COLUMN assistance.category_dictionary.en IS 'name in English';
COMMENT ON COLUMN assistance.category_dictionary.valid IS 'days on which the code has this meaning';
COMMENT ON COLUMN assistance.category_dictionary.mark IS 'stated (in the source), local (one region''s list), inferred (ours from the source)';
COMMENT ON COLUMN assistance.category_dictionary.source IS 'document and article, or section of the collected interface material';
COMMENT ON COLUMN assistance.category_dictionary.note IS 'what the source leaves open';
CREATE TABLE assistance.category_local (LIKE assistance.category_dictionary INCLUDING ALL);
SELECT pg_catalog.pg_extension_config_dump('assistance.category_local', '');

CREATE VIEW assistance.category AS
	SELECT true AS local, l.* FROM assistance.category_local l
	UNION ALL
	SELECT false, d.* FROM assistance.category_dictionary d
	 WHERE NOT EXISTS (SELECT FROM assistance.category_local l WHERE (l.code, l.region) = (d.code, d.region) AND l.valid && d.valid);

COMMENT ON TABLE assistance.category_dictionary IS '救助对象类别: national policy classes (region 000000, code = class; class_group says how the law ranks them) and local codes mapped onto a class, by region and days. Not dumped; a database adds its codes in category_local.';
COMMENT ON TABLE assistance.category_local IS '救助对象类别: codes of this database; a row hides shipped ones of the same code and region on the days they share. Dumped. Columns as category_dictionary.';
COMMENT ON VIEW assistance.category IS '救助对象类别: categories of persons and the policy class of each, those of this database first (category_local over category_dictionary).';

-- ---- all other codes ----

CREATE TABLE assistance.code_dictionary (
	dictionary text NOT NULL,
	code text NOT NULL CONSTRAINT code_length CHECK (octet_length(code) BETWEEN 1 AND 31),
	region text NOT NULL DEFAULT '000000',
	zh text NOT NULL,
	en text NOT NULL,
	parent text,
	maps_to text,
	national_column text,
	valid daterange NOT NULL DEFAULT '(,)',
	mark text NOT NULL,
	source text NOT NULL,
	note text,
	UNIQUE (dictionary, code, region, valid)
);
COMMENT ON COLUMN assistance.code_dictionary.dictionary IS 'name of the dictionary: national field name (med_type, fund_pay_type, …) or ours (scheme, layer_kind, referral, place, disease)';
COMMENT ON COLUMN assistance.code_dictionary.code IS 'the code';
COMMENT ON COLUMN assistance.code_dictionary.region IS 'whose code it is; 000000: of the nation';
COMMENT ON COLUMN assistance.code_dictionary.zh IS 'meaning in Chinese';
COMMENT ON COLUMN assistance.code_dictionary.en IS 'meaning in English';
COMMENT ON COLUMN assistance.code_dictionary.parent IS 'code of the same dictionary that this one belongs to';
COMMENT ON COLUMN assistance.code_dictionary.maps_to IS 'our name for it: layer kind (fund_pay_type), scheme (insutype), inpatient, outpatient or pharmacy (med_type), national code (local codes)';
COMMENT ON COLUMN assistance.code_dictionary.national_column IS 'the amount column of setlinfo that it belongs to (fund_pay_type, layer_kind); null: none, or open';
COMMENT ON COLUMN assistance.code_dictionary.valid IS 'days on which the code has this meaning; the sources state no periods';
COMMENT ON COLUMN assistance.code_dictionary.mark IS 'stated (field table of the specification), verified (real records), several, single (implementations it was seen in), local (with one region''s name on it), inferred, own (a name of ours)';
COMMENT ON COLUMN assistance.code_dictionary.source IS 'document and article, or section of the collected interface material';
COMMENT ON COLUMN assistance.code_dictionary.note IS 'what the source leaves open';
CREATE TABLE assistance.code_local (LIKE assistance.code_dictionary INCLUDING ALL);
SELECT pg_catalog.pg_extension_config_dump('assistance.code_local', '');

CREATE VIEW assistance.code AS
	SELECT true AS local, l.* FROM assistance.code_local l
	UNION ALL
	SELECT false, d.* FROM assistance.code_dictionary d
	 WHERE NOT EXISTS (SELECT FROM assistance.code_local l
						WHERE (l.dictionary, l.code, l.region) = (d.dictionary, d.code, d.region) AND l.valid && d.valid);

COMMENT ON TABLE assistance.code_dictionary IS '代码: all coded attributes but categories, by dictionary (the name of the national field, or our own: scheme, layer_kind, referral, place, disease), region and days. Not dumped; a database adds its codes in code_local.';
COMMENT ON TABLE assistance.code_local IS '代码: codes of this database; a row hides shipped ones of the same dictionary, code and region on the days they share. Dumped. Columns as code_dictionary.';
COMMENT ON VIEW assistance.code IS '代码: coded attributes, those of this database first (code_local over code_dictionary).';

-- ---- published figures ----

CREATE TABLE assistance.statistic_dictionary (
	statistic text NOT NULL,
	region text NOT NULL,
	year integer NOT NULL CONSTRAINT statistic_year CHECK (year BETWEEN 1949 AND 2199),
	value numeric NOT NULL CONSTRAINT statistic_value CHECK (value >= 0 AND value < 'Infinity'),
	unit text NOT NULL,
	zh text NOT NULL,
	en text NOT NULL,
	mark text NOT NULL,
	source text NOT NULL,
	PRIMARY KEY (statistic, region, year)
);
COMMENT ON COLUMN assistance.statistic_dictionary.statistic IS 'name of the figure';
COMMENT ON COLUMN assistance.statistic_dictionary.region IS 'code of the region';
COMMENT ON COLUMN assistance.statistic_dictionary.year IS 'year that the figure is about';
COMMENT ON COLUMN assistance.statistic_dictionary.value IS 'the figure, in its unit';
COMMENT ON COLUMN assistance.statistic_dictionary.unit IS 'yuan, persons, person-times';
COMMENT ON COLUMN assistance.statistic_dictionary.zh IS 'what it is, in Chinese';
COMMENT ON COLUMN assistance.statistic_dictionary.en IS 'what it is, in English';
COMMENT ON COLUMN assistance.statistic_dictionary.mark IS 'stated, secondary, inferred or example, as in citations';
COMMENT ON COLUMN assistance.statistic_dictionary.source IS 'document and article';
CREATE TABLE assistance.statistic_local (LIKE assistance.statistic_dictionary INCLUDING ALL);
SELECT pg_catalog.pg_extension_config_dump('assistance.statistic_local', '');

CREATE VIEW assistance.statistic AS
	SELECT true AS local, l.* FROM assistance.statistic_local l
	UNION ALL
	SELECT false, d.* FROM assistance.statistic_dictionary d
	 WHERE NOT EXISTS (SELECT FROM assistance.statistic_local l WHERE (l.statistic, l.region, l.year) = (d.statistic, d.region, d.year));

COMMENT ON TABLE assistance.statistic_dictionary IS '统计数据: published figures by region and year that come with the extension. Parameters of a policy may be derived from figures (docs/policy-catalogue.md, section 5). Not dumped; a database adds its figures in statistic_local.';
COMMENT ON TABLE assistance.statistic_local IS '统计数据: figures of this database, such as 居民人均可支配收入 (disposable_income); a row hides the shipped one of the same statistic, region and year. Dumped. Columns as statistic_dictionary.';
COMMENT ON VIEW assistance.statistic IS '统计数据: published figures, those of this database first (statistic_local over statistic_dictionary).';

-- ---- the pilot units of 2012 ----

CREATE TABLE assistance.pilot_unit (
	number integer PRIMARY KEY,
	section integer NOT NULL,
	province text NOT NULL,
	parent_city text,
	name text NOT NULL,
	code text,
	mark text NOT NULL DEFAULT 'pilot',
	source text NOT NULL DEFAULT '民办函〔2012〕169号 附件'
);
COMMENT ON TABLE assistance.pilot_unit IS '全国重特大疾病医疗救助试点单位: the 273 pilot units of 民办函〔2012〕169号, annex (2012-05-25), names as printed there; many have changed since. Not dumped.';
COMMENT ON COLUMN assistance.pilot_unit.number IS '1 to 273, in the order of the notice';
COMMENT ON COLUMN assistance.pilot_unit.section IS 'number of the heading in the notice, 1 to 32';
COMMENT ON COLUMN assistance.pilot_unit.province IS 'province, autonomous region, municipality or corps as headed';
COMMENT ON COLUMN assistance.pilot_unit.parent_city IS '市、地区、盟、州、师 as printed before the colon; null: directly under the heading';
COMMENT ON COLUMN assistance.pilot_unit.name IS 'name as printed';
COMMENT ON COLUMN assistance.pilot_unit.code IS 'code of the region; null where no source at hand gives one for the name as printed';
COMMENT ON COLUMN assistance.pilot_unit.mark IS 'pilot: 试点单位';
COMMENT ON COLUMN assistance.pilot_unit.source IS 'the notice';

GRANT SELECT ON assistance.region_dictionary, assistance.region_local, assistance.region,
	assistance.category_dictionary, assistance.category_local, assistance.category,
	assistance.code_dictionary, assistance.code_local, assistance.code,
	assistance.statistic_dictionary, assistance.statistic_local, assistance.statistic, assistance.pilot_unit TO PUBLIC;
