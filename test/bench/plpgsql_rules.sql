-- plpgsql_rules.sql — what a bureau would write by itself: the rules of src/packs/beijing-residents.json as rows of tables, and functions
-- in PL/pgSQL that settle one bill by them. plpgsql_year.sql folds a year with them, plpgsql_trigger.sql settles claims online. All
-- amounts, ratios, limits and conditions stand in the tables, with region, scheme, days and citation; the code knows the chain of layers.
--
-- Written to be fast as far as one bill at a time by rule tables allows: rules are spread out by code in an indexed table, so that a layer
-- finds its rule by one index scan; all statements are static, their plans cached; the account is one array of counters; bands
-- are read only above the deductible, aid only by persons with a category. What it leaves out, for what the bench does not have: stays
-- billed in parts, codes by prefix, checks of bills, states of given layers, buckets that no layer tells apart (over the cap and copay).
-- Layers are not written down line by line, and nothing explains itself. All of that is done by what it is compared with.

CREATE SCHEMA plain;

-- What is counted for a person within a calendar year. The account keeps this year's figures and those of the year before.
CREATE TABLE plain.counter (
	counter smallint PRIMARY KEY,
	region text NOT NULL,
	scheme text NOT NULL,
	name text NOT NULL UNIQUE
);
INSERT INTO plain.counter VALUES
	(1, '110000', 'resident', '门诊起付一级'), (2, '110000', 'resident', '门诊起付二三级'), (3, '110000', 'resident', '特殊病起付'),
	(4, '110000', 'resident', '门诊限额'), (5, '110000', 'resident', '住院限额'), (6, '110000', 'resident', '住院'),
	(7, '110000', 'resident', '大病保险'), (8, '110000', 'resident', '门诊救助限额'), (9, '110000', 'resident', '住院救助限额'),
	(10, '110000', 'resident', '合规自付'), (11, '110000', 'resident', '因病致贫救助'), (12, '110000', 'resident', '因病致贫救助次数');

-- A rule of a layer; of those that fit a bill the first by place counts.
CREATE TABLE plain.rule (
	rule_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	region text NOT NULL,
	scheme text NOT NULL,
	layer text NOT NULL,
	place smallint NOT NULL,
	valid daterange NOT NULL,
	name text NOT NULL,
	care_types text[] NOT NULL,
	levels text[] NOT NULL,
	person_types text[] NOT NULL,
	referrals text[] NOT NULL,
	categories text[],					-- null: everybody
	deductible numeric(16,2) NOT NULL DEFAULT 0,
	later_stays numeric(7,6),			-- share of the deductible from the second stay on
	deductible_counter smallint REFERENCES plain.counter,	-- the deductible is taken once a year
	stay_counter smallint REFERENCES plain.counter,			-- number of the stay
	counts_stay boolean NOT NULL DEFAULT false,				-- the bill is a stay itself
	ratio numeric(7,6),					-- null: by band
	band_set text,
	base_counter smallint REFERENCES plain.counter,			-- cumulative costs that the bands are of
	cap numeric(16,2),
	cap_counter smallint REFERENCES plain.counter,
	times smallint,
	times_counter smallint REFERENCES plain.counter,
	left_counter smallint REFERENCES plain.counter,			-- what is left of the bill counts for an application next year
	document text NOT NULL,
	article text NOT NULL,
	UNIQUE (region, scheme, layer, place, valid)
);

CREATE TABLE plain.band (
	band_set text NOT NULL,
	above numeric(16,2) NOT NULL,
	up_to numeric(16,2),
	ratio numeric(7,6) NOT NULL,
	PRIMARY KEY (band_set, above)
);
INSERT INTO plain.band VALUES
	('大病保险', 0, 50000, 0.60), ('大病保险', 50000, NULL, 0.70),
	('大病保险困难人群', 0, 50000, 0.65), ('大病保险困难人群', 50000, NULL, 0.75),
	('因病致贫', 0, 30000, 0.30), ('因病致贫', 30000, 50000, 0.40), ('因病致贫', 50000, NULL, 0.50);

-- Outpatient care; who went to the second or third level without referral is not paid, but for students and emergencies.
INSERT INTO plain.rule (region, scheme, layer, place, valid, name, care_types, levels, person_types, referrals,
	deductible, deductible_counter, ratio, cap, cap_counter, document, article)
SELECT '110000', 'resident', '基本医保', v.place, '[2023-01-01,)', v.name, v.care_types, v.levels, v.person_types, v.referrals,
	   v.deductible, v.counter, v.ratio, 3000, 4, '城乡居民基本医疗保险办法实施细则', v.article
  FROM (VALUES
	(1, '一级门诊', '{11,12,13,51}'::text[], '{1}'::text[], '{城乡老年人,劳动年龄居民,学生儿童}'::text[],
	 '{规范,急诊,转院,未转诊}'::text[], 100, 1, 0.55, '第二十条'),
	(2, '二三级门诊', '{11,12,13,51}', '{2,3}', '{城乡老年人,劳动年龄居民,学生儿童}', '{规范,急诊,转院}', 550, 2, 0.50, '第二十条'),
	(3, '二三级急诊', '{13}', '{2,3}', '{城乡老年人,劳动年龄居民}', '{未转诊}', 550, 2, 0.50, '第十四条'),
	(4, '二三级门诊学生', '{11,12,13,51}', '{2,3}', '{学生儿童}', '{未转诊}', 550, 2, 0.50, '第十四条')
  ) v (place, name, care_types, levels, person_types, referrals, deductible, counter, ratio, article);

-- Inpatient care and special diseases, by level and kind of person. Of students every stay counts as the first.
INSERT INTO plain.rule (region, scheme, layer, place, valid, name, care_types, levels, person_types, referrals,
	deductible, later_stays, deductible_counter, stay_counter, counts_stay, ratio, cap, cap_counter, document, article)
SELECT '110000', 'resident', '基本医保', k.place + l.place, '[2023-01-01,)', k.name || l.name, k.care_types, ARRAY[l.level],
	   l.person_types, k.referrals, l.deductible * k.share, CASE WHEN k.name <> '特殊病' THEN l.later_stays END,
	   CASE WHEN k.name = '特殊病' THEN 3 END, CASE WHEN k.name <> '特殊病' THEN 6 END, k.counts_stay, l.ratio, 200000, 5,
	   '城乡居民基本医疗保险办法实施细则', k.article
  FROM (VALUES
	(10, '特殊病', '{14}'::text[], '{规范,急诊,转院,未转诊}'::text[], 1, false, '第二十六条'),
	(20, '住院', '{21,22,23,24,52}', '{规范,急诊,未转诊}', 1, true, '第二十一条'),
	(30, '转院住院', '{21,22,23,24,52}', '{转院}', 0, true, '第二十五条'),
	(40, '急诊留观', '{急诊留观}', '{规范,急诊,转院,未转诊}', 1, false, '第二十一条'),
	(50, '家庭病床', '{家庭病床}', '{规范,急诊,转院,未转诊}', 0.5, false, '第二十二条')
  ) k (place, name, care_types, referrals, share, counts_stay, article),
  (VALUES
	(1, '一级', '1', '{城乡老年人,劳动年龄居民}'::text[], 300, 0.5, 0.80),
	(2, '二级', '2', '{城乡老年人,劳动年龄居民}', 800, 0.5, 0.78),
	(3, '三级', '3', '{城乡老年人,劳动年龄居民}', 1300, 0.5, 0.75),
	(4, '一级学生', '1', '{学生儿童}', 150, 1, 0.80),
	(5, '二级学生', '2', '{学生儿童}', 400, 1, 0.78),
	(6, '三级学生', '3', '{学生儿童}', 650, 1, 0.75)
  ) l (place, name, level, person_types, deductible, later_stays, ratio);

-- Critical illness insurance: what insured persons bear in the year. Outpatient care without referral does not enter.
INSERT INTO plain.rule (region, scheme, layer, place, valid, name, care_types, levels, person_types, referrals, categories,
	deductible, band_set, base_counter, left_counter, document, article)
SELECT '110000', 'resident', '大病保险', v.place, '[2023-01-01,)', v.name, v.care_types, v.levels, v.person_types, v.referrals, v.categories,
	   v.deductible, v.band_set, 7, v.left_counter, v.document, v.article
  FROM (VALUES
	(1, '未转诊门诊不纳入', '{11,12,51}'::text[], '{2,3}'::text[], '{城乡老年人,劳动年龄居民}'::text[], '{未转诊}'::text[], NULL::text[],
	 0, NULL, NULL::smallint, '城乡居民基本医疗保险办法实施细则', '第十四条'),
	(2, '困难人群', '{11,12,13,14,21,22,23,24,51,52,急诊留观,家庭病床}', '{1,2,3}', '{城乡老年人,劳动年龄居民,学生儿童}', '{规范,急诊,转院}',
	 '{特困,低保,生活困难补助,低收入}', 15202, '大病保险困难人群', 10, '京医保发〔2022〕37号', '五'),
	(3, '困难人群未转诊', '{11,12,13,14,21,22,23,24,51,52,急诊留观,家庭病床}', '{1,2,3}', '{城乡老年人,劳动年龄居民,学生儿童}', '{未转诊}',
	 '{特困,低保,生活困难补助,低收入}', 15202, '大病保险困难人群', NULL, '京医保发〔2022〕37号', '五'),
	(4, '分段累加', '{11,12,13,14,21,22,23,24,51,52,急诊留观,家庭病床}', '{1,2,3}', '{城乡老年人,劳动年龄居民,学生儿童}', '{规范,急诊,转院}', NULL,
	 30404, '大病保险', 10, '京发改〔2013〕2827号', '第五条'),
	(5, '分段累加未转诊', '{11,12,13,14,21,22,23,24,51,52,急诊留观,家庭病床}', '{1,2,3}', '{城乡老年人,劳动年龄居民,学生儿童}', '{未转诊}', NULL,
	 30404, '大病保险', NULL, '京发改〔2013〕2827号', '第五条')
  ) v (place, name, care_types, levels, person_types, referrals, categories, deductible, band_set, left_counter, document, article);

-- Medical assistance
INSERT INTO plain.rule (region, scheme, layer, place, valid, name, care_types, levels, person_types, referrals, categories, ratio, cap,
	cap_counter, document, article)
SELECT '110000', 'resident', '医疗救助', v.place, '[2023-01-01,)', v.name, v.care_types, '{1,2,3}', '{城乡老年人,劳动年龄居民,学生儿童}',
	   '{规范,急诊,转院}', v.categories, v.ratio, v.cap, v.counter, '京医保发〔2022〕37号', v.article
  FROM (VALUES
	(1, '特困门诊', '{11,12,13,51}'::text[], '{特困,返城知青}'::text[], 1, NULL::numeric, NULL::smallint, '六（一）1'),
	(2, '精减退职门诊', '{11,12,13,51}', '{精减退职}', 0.80, NULL, NULL, '六（一）2'),
	(3, '低保低收入门诊', '{11,12,13,51}', '{低保,生活困难补助,低收入}', 0.80, 8000, 8, '六（一）3'),
	(4, '特困住院', '{14,21,22,23,24,52,急诊留观}', '{特困,返城知青}', 1, NULL, NULL, '六（二）1'),
	(5, '精减退职住院', '{14,21,22,23,24,52,急诊留观}', '{精减退职}', 0.85, NULL, NULL, '六（二）2'),
	(6, '低保低收入住院', '{14,21,22,23,24,52,急诊留观}', '{低保,生活困难补助,低收入}', 0.85, 160000, 9, '六（二）3')
  ) v (place, name, care_types, categories, ratio, cap, counter, article);

-- On application: what was left of the costs of the calendar year before, once
INSERT INTO plain.rule (region, scheme, layer, place, valid, name, care_types, levels, person_types, referrals, categories, band_set,
	base_counter, cap, cap_counter, times, times_counter, document, article)
VALUES ('110000', 'resident', '因病致贫救助', 1, '[2023-01-01,)', '上一自然年度',
	'{11,12,13,14,21,22,23,24,51,52,急诊留观,家庭病床}', '{1,2,3}', '{城乡老年人,劳动年龄居民,学生儿童}', '{规范,急诊,转院,未转诊}', '{因病致贫}',
	'因病致贫', 10, 150000, 11, 1, 12, '京医保发〔2023〕9号', '三');

-- The same rules by code: a layer finds its rule by the index. Refreshed when rules change.
CREATE MATERIALIZED VIEW plain.rule_by_code AS
SELECT r.region, r.scheme, r.layer, care_type, level, person_type, referral, r.place, r.valid, r.categories, r.deductible, r.later_stays,
	   r.deductible_counter, r.stay_counter, r.counts_stay, r.ratio, r.band_set, r.base_counter, r.cap, r.cap_counter, r.times,
	   r.times_counter, r.left_counter, r.rule_id
  FROM plain.rule r, unnest(r.care_types) care_type, unnest(r.levels) level, unnest(r.person_types) person_type,
	   unnest(r.referrals) referral
 ORDER BY r.layer, care_type, level, person_type, referral, r.region, r.scheme, r.place;
CREATE INDEX ON plain.rule_by_code (layer, care_type, level, person_type, referral, region, scheme, place);
ANALYZE plain.rule_by_code;
ANALYZE plain.band;

-- A bill or an application; the amounts of the layers 商业保险 and 倾斜救助 are given, null is nothing
CREATE TYPE plain.bill AS (
	kind text,
	day date,
	region text,
	scheme text,
	care_type text,
	level text,
	referral text,
	person_type text,
	category text[],
	in_scope numeric,
	excluded numeric,
	over_limit numeric,
	first_share numeric,
	commercial numeric,
	tilt numeric
);

-- Counters of a person: those of the year, and those of the year before
CREATE TYPE plain.account AS (year integer, used numeric[], before numeric[]);

-- A settled bill: the account after it, and who pays what; on an application only application is paid
CREATE TYPE plain.settled AS (
	year integer,
	used numeric[],
	before numeric[],
	basic numeric,
	critical numeric,
	commercial numeric,
	assistance numeric,
	tilt numeric,
	application numeric,
	patient numeric
);

-- The first rule of a layer that fits a bill; null: none
CREATE FUNCTION plain.rule_of(bill plain.bill, of_layer text) RETURNS plain.rule_by_code
	LANGUAGE plpgsql STABLE
	AS $$
DECLARE
	found plain.rule_by_code;
BEGIN
	SELECT r.* INTO found FROM plain.rule_by_code r
	 WHERE r.layer = of_layer AND r.care_type = bill.care_type AND r.level = bill.level AND r.person_type = bill.person_type
	   AND r.referral = bill.referral AND r.region = bill.region AND r.scheme = bill.scheme AND r.valid @> bill.day
	   AND (r.categories IS NULL OR r.categories && bill.category)
	 ORDER BY r.place LIMIT 1;
	RETURN found;
END
$$;

-- What bands give for an amount of which the deductible is borne by the patient
CREATE FUNCTION plain.entitled(of_set text, deductible numeric, amount numeric) RETURNS numeric
	LANGUAGE plpgsql STABLE
	AS $$
BEGIN
	IF amount <= deductible THEN
		RETURN 0;
	END IF;
	RETURN (SELECT COALESCE(round(sum((least(amount, b.up_to) - greatest(b.above, deductible)) * b.ratio), 2), 0)
			  FROM plain.band b
			 WHERE b.band_set = of_set AND b.above < amount AND (b.up_to IS NULL OR b.up_to > deductible));
END
$$;

-- Counters that stand at 0
CREATE FUNCTION plain.nothing_used() RETURNS numeric[]
	LANGUAGE plpgsql STABLE
	AS $$
BEGIN
	RETURN array_fill(0::numeric, ARRAY[(SELECT max(counter)::integer FROM plain.counter)]);
END
$$;

-- An application for what was left of the costs of the year before
CREATE FUNCTION plain.settle_application(bill plain.bill, used numeric[], before numeric[]) RETURNS plain.settled
	LANGUAGE plpgsql STABLE
	AS $$
DECLARE
	settled plain.settled := ROW(date_part('year', bill.day)::integer, used, before, 0, 0, 0, 0, 0, 0, 0);
	rule plain.rule_by_code := plain.rule_of(bill, '因病致贫救助');
	paid numeric;
BEGIN
	IF rule.rule_id IS NULL OR used[rule.times_counter] >= rule.times THEN
		RETURN settled;
	END IF;
	paid := least(plain.entitled(rule.band_set, rule.deductible, before[rule.base_counter]), rule.cap - used[rule.cap_counter]);
	IF paid > 0 THEN
		used[rule.cap_counter] := used[rule.cap_counter] + paid;
		used[rule.times_counter] := used[rule.times_counter] + 1;
		settled.used := used;
		settled.application := paid;
	END IF;
	RETURN settled;
END
$$;

-- One bill down the chain of layers
CREATE FUNCTION plain.settle_bill(bill plain.bill, account plain.account) RETURNS plain.settled
	LANGUAGE plpgsql STABLE
	AS $$
DECLARE
	this_year integer := date_part('year', bill.day);
	used numeric[] := account.used;
	before numeric[] := account.before;
	rule plain.rule_by_code;
	deductible numeric := 0;		-- left of the deductible, of the rest of in_scope, of the first share
	copay numeric;
	first_share numeric := bill.first_share;
	base numeric;
	part numeric;
	basic numeric := 0;
	critical numeric := 0;
	commercial numeric := COALESCE(bill.commercial, 0);
	assistance numeric := 0;
	tilt numeric := COALESCE(bill.tilt, 0);
	left_counter smallint;
BEGIN
	IF account.year IS DISTINCT FROM this_year THEN
		before := CASE WHEN account.year = this_year - 1 THEN used ELSE plain.nothing_used() END;
		used := plain.nothing_used();
	END IF;
	IF bill.kind = 'application' THEN
		RETURN plain.settle_application(bill, used, before);
	END IF;

	-- 基本医保
	rule := plain.rule_of(bill, '基本医保');
	IF rule.rule_id IS NOT NULL THEN
		deductible := rule.deductible;
		IF rule.counts_stay THEN
			used[rule.stay_counter] := used[rule.stay_counter] + 1;
		END IF;
		IF rule.stay_counter IS NOT NULL AND used[rule.stay_counter] > 1 THEN
			deductible := round(deductible * rule.later_stays, 2);
		END IF;
		IF rule.deductible_counter IS NULL THEN
			deductible := least(deductible, bill.in_scope);
		ELSE
			deductible := least(greatest(deductible - used[rule.deductible_counter], 0), bill.in_scope);
			used[rule.deductible_counter] := used[rule.deductible_counter] + deductible;
		END IF;
		basic := least(round((bill.in_scope - deductible) * rule.ratio, 2), rule.cap - used[rule.cap_counter]);
		used[rule.cap_counter] := used[rule.cap_counter] + basic;
	END IF;
	copay := bill.in_scope - deductible - basic;

	-- 大病保险: of all that is borne in the year, less what is due without this bill
	rule := plain.rule_of(bill, '大病保险');
	left_counter := rule.left_counter;
	IF rule.band_set IS NOT NULL THEN
		part := used[rule.base_counter];
		base := part + deductible + copay;
		used[rule.base_counter] := base;
		IF base > rule.deductible THEN
			critical := plain.entitled(rule.band_set, rule.deductible, base) - plain.entitled(rule.band_set, rule.deductible, part);
			part := least(critical, copay);
			copay := copay - part;
			deductible := deductible - (critical - part);
		END IF;
	END IF;

	-- 商业保险 takes of copay, first share, what is over the limit or excluded, and the deductible, in this order
	IF commercial > 0 THEN
		part := commercial;
		base := least(part, copay);
		copay := copay - base;
		part := part - base;
		base := least(part, first_share);
		first_share := first_share - base;
		part := greatest(part - base - bill.over_limit - bill.excluded, 0);
		deductible := deductible - part;
	END IF;

	-- 医疗救助
	IF cardinality(bill.category) > 0 THEN
		rule := plain.rule_of(bill, '医疗救助');
		IF rule.rule_id IS NOT NULL THEN
			assistance := round((deductible + copay) * rule.ratio, 2);
			IF rule.cap IS NOT NULL THEN
				assistance := least(assistance, rule.cap - used[rule.cap_counter]);
				used[rule.cap_counter] := used[rule.cap_counter] + assistance;
			END IF;
		END IF;
	END IF;

	-- 倾斜救助 is given; what is left now may count for an application
	IF left_counter IS NOT NULL THEN
		used[left_counter] := used[left_counter] + deductible + copay + first_share - assistance - tilt;
	END IF;
	RETURN ROW(this_year, used, before, basic, critical, commercial, assistance, tilt, 0::numeric,
		bill.in_scope + bill.excluded + bill.over_limit + bill.first_share - basic - critical - commercial - assistance - tilt);
END
$$;
