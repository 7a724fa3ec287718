-- glance.sql — terms_at_a_glance: what the packs say, cell by cell where it was read off the documents by hand; every form of the language
-- in words; and, found another way, that no number of a pack is missing.

BEGIN;
SELECT plan(43);

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
CREATE TEMP TABLE glance AS SELECT p.name AS pack, g.* FROM pack p, assistance.terms_at_a_glance(p.document::assistance.terms) g;

-- ---- 重庆市渝北区, 2023: read off the questions and answers of 渝北区医疗保障局, 2023-10-30 ----

SELECT results_eq(
	$$ SELECT layer_zh, rule_zh, who_zh, deductible_zh, pays_zh, caps_zh FROM glance WHERE pack = 'yubei' AND kind <> 'supplementary' ORDER BY place $$,
	$$ VALUES
	('城乡居民基本医疗保险（一档）', '一级住院', '全体参保人', '每次100元', '80%', '无'),
	('城乡居民基本医疗保险（一档）', '二级住院', '全体参保人', '每次300元', '70%', '无'),
	('城乡居民基本医疗保险（一档）', '三级住院', '全体参保人', '每次800元', '50%', '无'),
	('城乡居民大病保险', '困难群众', '特困人员、低保对象、低保中重病重残、返贫致贫人口', '每年8450.50元', '65%', '无'),
	('城乡居民大病保险', '普通居民（含低保边缘）', '全体参保人', '每年16901元', '60%', '无'),
	('普通门诊医疗救助', '特困和重病重残', '特困人员、低保中重病重残', '无', '100%', '无'),
	('普通门诊医疗救助', '低保', '低保对象', '无', '60%', '无'),
	('普通住院医疗救助', '特困和低保', '特困人员、低保对象、低保中重病重残', '无', '80%', '每年6000元'),
	('大额费用医疗救助', '特困和低保，普通住院限额用完后', '特困人员、低保对象、低保中重病重残', '无', '75%', '每年60000元'),
	('大额费用医疗救助', '返贫致贫', '返贫致贫人口', '无', '75%', '每年60000元'),
	('大额费用医疗救助', '易返贫致贫、低保边缘、因病致贫', '易返贫致贫人口、低保边缘家庭成员、因病致贫重病患者', '无', '70%', '每年60000元'),
	('重大疾病医疗救助', '低保边缘住院', '低保边缘家庭成员', '无', '70%', '每年100000元'),
	('重大疾病医疗救助', '低保边缘门诊', '低保边缘家庭成员', '无', '70%', '每年100000元'),
	('倾斜救助', '低保边缘', '低保边缘家庭成员', '每次3000元', '60%', '无') $$,
	'渝北: who gets what');
SELECT results_eq(
	$$ SELECT care_zh, care_en, condition_zh, condition_en, base_zh, base_en, deductible_en, caps_en, source, mark
	     FROM glance WHERE pack = 'yubei' AND layer = '大额费用救助' AND rule = '特困和低保' $$,
	$$ VALUES ('普通住院、外伤住院、转外诊治住院、急诊转住院', 'inpatient / inpatient, injury / inpatient, transferred away / inpatient from emergency',
	           '限额已用完：普通住院救助', 'cap used up: 普通住院救助', '100%计入：按比例自付、基本医保起付线以下、基本医保封顶线以上',
	           '100% of: co-payment, basic deductible, above the basic cap', 'none', '60000 yuan a year',
	           '渝北区医疗保障局政策问答 基数含起付线，由举例金额推得：10647÷70%＝50000－34790; 渝北区医疗保障局政策问答 比例和限额有载；与普通住院救助的先后为推定', 'inferred') $$,
	'渝北: all cells of a row, with its sources');
SELECT results_eq($$ SELECT layer_zh, pays_zh, pays_en, deductible_zh, caps_zh FROM glance WHERE pack = 'yubei' AND kind = 'supplementary' $$,
	$$ VALUES ('渝快保（商业保险，金额由保险公司给出）', '金额由他方给出', 'an amount that is given from elsewhere', NULL, NULL) $$,
	'渝北: a layer that pays what is given');
SELECT set_eq($$ SELECT region, scheme, valid, admitted FROM glance WHERE pack = 'yubei' $$,
	$$ VALUES ('500112', 'resident', '[2023-01-01,2024-01-01)'::daterange, NULL::daterange) $$, '渝北: whose page, and when');

-- ---- 北京市: read off 北京市城乡居民基本医疗保险办法实施细则 第二十条至第二十七条 and 京医保发〔2022〕37号 五、六、七, 〔2023〕9号 ----

SELECT results_eq(
	$$ SELECT rule, who_zh, deductible_zh, pays_zh, caps_zh FROM glance WHERE pack = 'beijing' AND layer IS NOT NULL AND rule IS NOT NULL ORDER BY place $$,
	$$ VALUES
	('一级门诊', '全体参保人', '每年100元；计入“门诊起付一级”', '55%', '每年3000元（“门诊限额”合计）'),
	('二三级门诊', '全体参保人', '每年550元；计入“门诊起付二三级”', '50%', '每年3000元（“门诊限额”合计）'),
	('特殊病一级', '城乡老年人、劳动年龄内居民', '每年300元；计入“特殊病起付”', '80%', '每年200000元（“住院限额”合计）'),
	('特殊病二级', '城乡老年人、劳动年龄内居民', '每年800元；计入“特殊病起付”', '78%', '每年200000元（“住院限额”合计）'),
	('特殊病三级', '城乡老年人、劳动年龄内居民', '每年1300元；计入“特殊病起付”', '75%', '每年200000元（“住院限额”合计）'),
	('特殊病一级学生', '学生儿童', '每年150元；计入“特殊病起付”', '80%', '每年200000元（“住院限额”合计）'),
	('特殊病二级学生', '学生儿童', '每年400元；计入“特殊病起付”', '78%', '每年200000元（“住院限额”合计）'),
	('特殊病三级学生', '学生儿童', '每年650元；计入“特殊病起付”', '75%', '每年200000元（“住院限额”合计）'),
	('一级住院', '城乡老年人、劳动年龄内居民', '每次300元；按“住院”次数，第1次100%、第2次起50%', '80%', '每年200000元（“住院限额”合计）'),
	('二级住院', '城乡老年人、劳动年龄内居民', '每次800元；按“住院”次数，第1次100%、第2次起50%', '78%', '每年200000元（“住院限额”合计）'),
	('三级住院', '城乡老年人、劳动年龄内居民', '每次1300元；按“住院”次数，第1次100%、第2次起50%', '75%', '每年200000元（“住院限额”合计）'),
	('一级住院学生', '学生儿童', '每次150元', '80%', '每年200000元（“住院限额”合计）'),
	('二级住院学生', '学生儿童', '每次400元', '78%', '每年200000元（“住院限额”合计）'),
	('三级住院学生', '学生儿童', '每次650元', '75%', '每年200000元（“住院限额”合计）'),
	('分段累加', '全体参保人', '每年30404元', '分段累加：0–50000元 60%，50000元以上 70%', '无'),
	('特困门诊', '特困供养人员、因公（病）致残返城知青', '无', '100%', '无'),
	('精减退职门诊', '享受原工资40%救济的60年代初精减退职老职工', '无', '80%', '无'),
	('低保低收入门诊', '最低生活保障对象、生活困难补助人员、城乡低收入家庭救助人员', '无', '80%', '每年8000元（“门诊救助限额”合计）'),
	('特困住院', '特困供养人员、因公（病）致残返城知青', '无', '100%', '无'),
	('精减退职住院', '享受原工资40%救济的60年代初精减退职老职工', '无', '85%', '无'),
	('低保低收入住院', '最低生活保障对象、生活困难补助人员、城乡低收入家庭救助人员', '无', '85%', '每年160000元（“住院救助限额”合计）'),
	('上一自然年度', '因病致贫家庭重病患者', '无', '分段累加：0–30000元 30%，30000–50000元 40%，50000元以上 50%', '每年150000元；每年最多1次') $$,
	'北京: who gets what');
SELECT results_eq($$ SELECT terms_zh, terms_en FROM glance WHERE pack = 'beijing' AND rule = '上一自然年度' $$,
	$$ VALUES ('依申请；上一年度的费用（转诊：基层首诊、已转诊或无需转诊、急诊、24小时内转院，转出院已发生基金支付）',
	           'on application; bills of the year before (referral: first visit at the base, referred, or no referral needed / emergency / transfer within 24 hours, the sending hospital has been paid)') $$,
	'北京: on application');
SELECT results_eq($$ SELECT terms_en FROM glance WHERE pack = 'beijing' AND rule = '分段累加' $$,
	ARRAY['on the cumulative amount of the year; '
		|| '未转诊门诊不纳入 (outpatient / outpatient registration / outpatient, maternity; hospital: second level / third level; elderly / working age; referral: not referred as required): share that enters set to 0%; '
		|| '困难人群起付减半 (extreme poverty support / minimum living allowance / hardship allowance / low-income family): deductible times 50%; '
		|| '困难人群比例提高 (extreme poverty support / minimum living allowance / hardship allowance / low-income family): ratio plus 5 percentage points'],
	'北京: modifiers of critical illness insurance');
SELECT is_empty($$ SELECT rule FROM glance WHERE pack = 'beijing' AND rule LIKE '%门诊' AND terms_zh LIKE '%家庭病床%' $$,
	'北京: a modifier is left out where no bill of the rule can meet it');
SELECT set_eq($$ SELECT rule FROM glance WHERE pack = 'beijing' AND terms_zh LIKE '%家庭病床%' $$,
	ARRAY['一级住院', '二级住院', '三级住院', '一级住院学生', '二级住院学生', '三级住院学生'], '北京: and stands with the others');

-- ---- rows of the page itself ----

SELECT results_eq($$ SELECT kind, rule, who_zh, care_zh, caps_zh, terms_zh, caps_en, mark FROM glance WHERE pack = 'hebei' AND layer IS NULL AND rule LIKE '肺癌%' $$,
	$$ VALUES ('fixed_price', '肺癌住院定额', '特困供养人员（重点救助对象）、最低生活保障家庭成员（重点救助对象）',
	           '普通住院、外伤住院、转外诊治住院、急诊转住院；定点医疗机构；病种：肺癌', '定额40000元', '超过定额的费用由医院承担', 'fixed price 40000 yuan', 'example') $$,
	'河北: a fixed price, marked as the example that it is');
SELECT results_eq($$ SELECT kind, caps_zh, caps_en, terms_zh FROM glance WHERE pack = 'ulanqab' AND layer IS NULL AND rule = '实际报销比例' $$,
	$$ VALUES ('ceiling', '每次总费用 × 90%', 'total cost × 90% a visit', '合计适用于：基本医保、大病保险、民政救助、政府补助') $$, '乌兰察布: a ceiling over layers');
SELECT results_eq($$ SELECT caps_zh FROM glance WHERE pack = 'nanchang' AND layer = '大病保险' AND rule = '普通居民' $$,
	ARRAY['每年300000元 + 3000元 × 连续参保激励年数（每满1计，最低300000元，最高360000元）'], '南昌: a cap that follows a fact');
SELECT results_eq($$ SELECT base_zh FROM glance WHERE pack = 'mianyang' AND layer IN ('目录内责任', '特药责任') ORDER BY place $$,
	ARRAY['100%计入：按比例自付、基本医保起付线以下、基本医保封顶线以上；50%计入：先行自付', '100%计入：目录外特定药品'], '绵阳: weights of a base');

-- ---- every form of the language ----

CREATE TEMP TABLE every AS SELECT g.* FROM assistance.terms_at_a_glance('{"format": 1, "engine": 1, "pages": [{
	"title": "t", "region": "R", "scheme": "S", "from": "2024-01-01", "admitted": {"from": "2024-02-01", "to": "2024-02-29"},
	"period_date": "discharge",
	"sources": {"D": {"document": "Doc"}}, "cite": {"source": "D", "article": "9"},
	"codes": {"category": {"x": {"zh": "甲", "en": "ex"}, "y": "why"}, "care_type": {"21": {"zh": "住院"}}, "level": {"3": {"zh": "三级", "en": "third"}},
	          "referral": {"r": {"zh": "转", "en": "ref"}}, "place": {"p": {"zh": "县", "en": "county"}}, "person_type": {"11": {"zh": "在职", "en": "working"}},
	          "disease": {"d": {"zh": "病", "en": "illness"}}},
	"parts": {"excluded.drug": {"zh": "药", "en": "drug"}},
	"counters": {"q": {"every": "quarter", "starts": "02-01", "per": "hospital"}, "m": {"every": "month"}, "c": {"every": "chain"}, "l": {"per": "level"}, "sum": {}},
	"counts": {"n": {"when": {"care_type": ["21"], "age": {"above": 17}}}},
	"fixed_prices": [{"name": "fp", "when": {"disease": ["d"]}, "price": {"base": 10, "rate": 0.5, "fact": "f", "min": 2}, "takes_from": ["in_scope", "excluded", "over_limit", "first_share"]}],
	"ceilings": [{"name": "m", "layers": ["b", "a"], "share": 0.85, "of": "in_scope", "per": "period"}],
	"layers": [
	{"name": "b", "kind": "basic", "rules": [
		{"name": "b1", "label": "only text", "when": {"care_type": ["21"], "level": ["3"], "referral": ["r"], "place": ["p"], "person_type": ["11"], "category": ["x", "y"], "disease": ["d"],
			"designated": true, "age": {"at_least": 6, "below": 70}, "stay_total": {"above": 30000.5}, "total": {"up_to": 7}, "in_scope": {"at_least": 8},
			"stay_number": {"count": "n", "at_least": 4}, "date": {"from": "2024-05-01", "to": "2024-06-30"}, "facts": {"income": {"below": 9.25}},
			"any": [{"designated": false}, {"level": ["3"]}], "none": [{"category": ["y"]}, {"age": {"up_to": 1}}]},
		 "enter": 0.875, "deductible": {"amount": 1200, "counter": "q", "schedule": {"count": "n", "factors": [1, 0.75, 0.5], "step": 33, "floor": 150},
			"rounding": {"unit": "yuan", "mode": "up"}, "sum_cap": {"limit": 3000, "counter": "sum"}},
		 "bands": [{"to": 500, "ratio": 0.125}, {"from": 500, "to": 600, "ratio": {"base": 0.5, "rate": 0.01, "fact": "age", "step": 5, "max": 0.9}}, {"ratio": 1}],
		 "edges": "above", "band_closed": "upper",
		 "caps": [{"limit": 41, "per": "visit"}, {"limit": 42, "on": "base", "group": "m"}, {"limit": 43, "group": "g"}], "rounding": {"mode": "down"},
		 "modifiers": [{"name": "pen", "when": {"referral": ["r"]}, "target": "ratio", "add": -0.1, "penalty": true},
			{"target": "self_share", "multiply": 1.2}, {"target": "visit_cap", "set": 77}, {"target": "annual_cap", "group": "g", "remove": true}]}]},
	{"name": "k", "kind": "critical", "base": {"copay": 1, "penalty": 0.5, "excluded.drug": 0.25}, "pays_from": ["excluded.drug", "penalty", "copay"], "set_off": true, "rules": [
		{"name": "k1", "when": {"base": {"above": 1}, "self_pay": {"above_deductible_of": "b"}, "paid_by": ["b"], "exhausted": ["b"]}, "settles": "year", "accrual": "true_up",
		 "deductible": {"amount": {"amount": 24000.4, "derived": {"statistic": "disposable_income", "region": "110000", "year": 2023, "value": 48000.8, "share": 0.5, "lag": 1}}},
		 "ratio": 0.6, "modifiers": [{"target": "deductible", "add": -5}, {"target": "payment", "multiply": 0.333}, {"target": "enter", "set": 0.2}]}]},
	{"name": "n", "kind": "supplementary", "label": {"zh": "无此层", "en": "no such layer"}, "not_applicable": true},
	{"name": "a", "kind": "assistance", "base": {"of": "total", "from": ["copay", "excluded"]}, "alternative": "alt", "rules": [
		{"name": "a1", "deductible": {"amount": 99, "kind": "threshold", "closed": "upper"}, "banding": "whole_amount", "bands": [{"to": 1000, "amount": 200}, {"ratio": 0.3}],
		 "times": {"limit": 2, "counter": "m"}}]},
	{"name": "o", "kind": "assistance", "base": {"copay": 1}, "alternative": "alt", "rules": [
		{"name": "o1", "settles": "year", "cumulative_from": {"crossing": "k"}, "drop_paid_bills": true, "counter": "l", "base": {"deductible": 0.3}, "ratio": 0.4},
		{"name": "o2", "on": "application", "window": {"over": "last_12_months", "when": {"care_type": ["21"]}}, "ratio": 0.11, "deductible": {"amount": 1}},
		{"name": "o3", "on": "year_close", "window": {"over": "year_to_date"}, "ratio": 0.12, "deductible": {"amount": 3, "rounding": {}}}]}]}]}') g;

SELECT results_eq($$ SELECT kind, layer, rule FROM every ORDER BY place $$,
	$$ VALUES ('fixed_price', NULL, 'fp'), ('count', NULL, 'n'), ('basic', 'b', 'b1'), ('critical', 'k', 'k1'), ('supplementary', 'n', NULL), ('assistance', 'a', 'a1'),
	          ('assistance', 'o', 'o1'), ('assistance', 'o', 'o2'), ('assistance', 'o', 'o3'), ('ceiling', NULL, 'm') $$, 'a row for everything, in order');
SELECT is((SELECT DISTINCT admitted FROM every), '[2024-02-01,2024-03-01)', 'days of admission');
SELECT is((SELECT caps_zh || '|' || terms_zh || '|' || care_zh FROM every WHERE rule = 'fp'),
	'定额10元 + 0.50元 × f（最低2元）|超过定额的费用由医院承担，依次减少：政策范围内费用、全自费、超限价、先行自付|病种：病', 'fixed price');
SELECT is((SELECT caps_en || '|' || terms_en || '|' || care_en FROM every WHERE rule = 'fp'),
	'fixed price 10 yuan + 0.50 yuan × f (at least 2 yuan)|what is above it is borne by the hospital, taken in this order from: cost in scope, excluded, over the price limit, paid first|disease: illness',
	'fixed price, English');
SELECT is((SELECT who_zh || '|' || care_zh || '|' || terms_zh || '|' || who_en || '|' || care_en || '|' || terms_en FROM every WHERE kind = 'count'),
	'年龄超过17岁|住院|计次：每年|age above 17 years|住院|is counted: a year', 'stay count; a label in one language serves for both');
SELECT is((SELECT concat_ws('|', rule_zh, who_zh, care_zh) FROM every WHERE rule = 'b1'),
	'only text|甲、why；在职；年龄不低于6岁、低于70岁|住院；医院等级：三级；就医地：县；转诊：转；定点医疗机构；病种：病', 'who and where');
SELECT is((SELECT concat_ws('|', rule_en, who_en, care_en) FROM every WHERE rule = 'b1'),
	'only text|ex / why; working; age at least 6 years, below 70 years|住院; hospital: third; place of care: county; referral: ref; designated hospital; disease: illness',
	'who and where, English');
SELECT is((SELECT condition_zh FROM every WHERE rule = 'b1'),
	'非定点医疗机构 或 医院等级：三级；日期2024-05-01起、至2024-06-30；income 低于9.25；政策范围内费用不低于8元；除外：（why）、（年龄不超过1岁）；“n”次数不低于4；单次总费用超过30000.50元；总费用不超过7元',
	'further conditions');
SELECT is((SELECT condition_en FROM every WHERE rule = 'b1'),
	'hospital that is not designated or hospital: third; date from 2024-05-01, to 2024-06-30; income below 9.25; cost in scope at least 8 yuan; except: (why), (age up to 1 years); '
	|| 'number of the stay (n) at least 4; total cost of the stay above 30000.50 yuan; total cost up to 7 yuan', 'further conditions, English');
SELECT is((SELECT deductible_zh FROM every WHERE rule = 'b1'),
	'每季度（02-01起）每家医院1200元；计入“q”；按“n”次数，第1次100%、第2次75%、第3次起50%，每多一次减33元，最低150元；进位到元；合计不超过3000元（“sum”）', 'deductible');
SELECT is(ARRAY[assistance.glance_deductible(d, 'visit', c, true), assistance.glance_deductible(d, 'visit', c, false)],
	ARRAY['每年800元；计入“c”；付满后不再补差', '800 yuan a year; counted in c; final once met'], 'a deductible that is final once met')
	FROM (VALUES ('{"amount": 800, "counter": "c", "final_once_met": true}'::jsonb, '{}'::jsonb)) v (d, c);
SELECT is((SELECT string_agg(e.zh || '|' || e.en, ' ') FROM assistance.explain('{"format": 1, "engine": 1, "pages": [{"title": "t", "region": "R", "scheme": "resident",
	"from": "2020-01-01", "sources": {"D": {"document": "test"}}, "cite": {"source": "D"}, "counters": {"c": {"every": "chain"}}, "layers": [{"name": "a", "kind": "basic",
	"rules": [{"name": "r", "deductible": {"amount": 1300, "counter": "c", "final_once_met": true}, "ratio": 0.5}]}]}]}', account::assistance.account,
	'{"region": "R", "scheme": "resident", "ordered_at": "2025-02-01", "seq": 1, "total": 2000, "in_scope": 2000, "chain": "C"}') e WHERE e.item = 'deductible'), said, said)
	FROM (VALUES ('{"format": 1, "tallies": [{"kind": "deductible", "name": "c", "sub": "C", "used": 800, "cost": 0.01}]}',
		'起付线 1300.00 元，此前已付满，本次扣除 0.00 元。|Deductible of 1300.00 yuan, met before, 0.00 yuan taken now.'),
		('{"format": 1, "tallies": [{"kind": "deductible", "name": "c", "sub": "C", "used": 800}]}',
		'起付线 1300.00 元，此前已扣 800.00 元，本次扣除 500.00 元。|Deductible of 1300.00 yuan, 800.00 yuan taken before, 500.00 yuan taken now.')) v (account, said);
SELECT is((SELECT deductible_en FROM every WHERE rule = 'b1'),
	'1200 yuan a quarter (from 02-01) at each hospital; counted in q; by number of the stay (n), stay 1 100%, stay 2 75%, stay 3 and later 50%, 33 yuan less for each further stay, '
	|| 'at least 150 yuan; rounded up to the yuan; together at most 3000 yuan (sum)', 'deductible, English');
SELECT is((SELECT pays_zh FROM every WHERE rule = 'b1'),
	'分段累加（从起付线以上计）（边界归较高一段）：0–500元 12.5%，500–600元 50% + 1% × 年龄（每满5计，最高90%），600元以上 100%；其中87.5%的基数进入；舍去尾数到分', 'bands');
SELECT is((SELECT pays_en FROM every WHERE rule = 'b1'),
	'each band by its share (counted above the deductible) (an edge belongs to the upper band): 0–500 yuan 12.5%, 500–600 yuan 50% + 1% × age (in whole steps of 5, at most 90%), '
	|| '600 yuan and above 100%; of 87.5% of the base; rounded down to the fen', 'bands, English');
SELECT is((SELECT caps_zh || '|' || caps_en FROM every WHERE rule = 'b1'),
	'每次41元；每月42元的基数（“m”合计）；每年43元（“g”合计）|41 yuan a visit; 42 yuan of the base a month (together with all of m); 43 yuan a year (together with all of g)', 'caps');
SELECT is((SELECT terms_zh FROM every WHERE rule = 'b1'),
	'pen（转诊：转）：支付比例减少10个百分点（少付部分单列）；自付比例乘以120%；每次限额定为77元；年度限额（“g”）取消', 'modifiers');
SELECT is((SELECT terms_en FROM every WHERE rule = 'b1'),
	'pen (referral: ref): ratio minus 10 percentage points (a penalty); own share times 120%; cap of the visit set to 77 yuan; cap of the period (g) removed', 'modifiers, English');
SELECT is((SELECT concat_ws('|', condition_zh, base_zh, deductible_zh) FROM every WHERE rule = 'k1'),
	'本层基数超过1元；限额已用完：b；已有支付：b；个人负担超过“b”的起付线|100%计入：按比例自付；50%计入：因未按规定就医少付的部分；25%计入：药|'
	|| '每年24000.40元（110000 2023年居民人均可支配收入（前1年）48000.80元 × 50%）', 'base and derived amount');
SELECT is((SELECT concat_ws('|', condition_en, base_en, deductible_en) FROM every WHERE rule = 'k1'),
	'base of this layer above 1 yuan; cap used up: b; paid by: b; borne by the patient above the deductible of b|100% of: co-payment; 50% of: lost by penalty; 25% of: drug|'
	|| '24000.40 yuan (110000 disposable income per head of 2023 (1 years before) 48000.80 yuan × 50%) a year', 'base and derived amount, English');
SELECT is((SELECT terms_zh || '|' || terms_en FROM every WHERE rule = 'k1'),
	'按年累计计算；每次重算并扣减已支付；追回额从以后的支付中抵扣；依次从以下各项支付：药、因未按规定就医少付的部分、按比例自付；起付线减少5元；支付额乘以33.3%；进入比例定为20%|'
	|| 'on the cumulative amount of the year; computed anew each time, less what was paid; recoverables are set off against later payments; '
	|| 'paid in this order out of: drug, lost by penalty, co-payment; deductible minus 5 yuan; payment times 33.3%; share that enters set to 20%', 'how it settles');
SELECT is((SELECT concat_ws('|', layer_zh, pays_zh, layer_en, pays_en, base_zh, caps_zh) FROM every WHERE layer = 'n'), '无此层|不适用|no such layer|not applicable', 'not applicable');
SELECT is((SELECT concat_ws('|', base_zh, deductible_zh, pays_zh, caps_zh, terms_zh, base_en, deductible_en, pays_en, caps_en, terms_en) FROM every WHERE rule = 'a1'),
	'总费用（从中支付：按比例自付、全自费）|每次99元；门槛：超过后按全额计算；含本数|全额按所在段：0–1000元 支付200元，1000元以上 30%|每月最多2次（“m”）|与“alt”中先支付者择一|'
	|| 'total cost (paid out of: co-payment, excluded)|99 yuan a visit; a threshold: above it the whole amount counts; reached is enough|'
	|| 'the whole amount by its band: 0–1000 yuan pays 200 yuan, 1000 yuan and above 30%|at most 2 payments a month (m)|the first of alt that pays is alone', 'thresholds, fixed amounts, times');
SELECT results_eq($$ SELECT concat_ws('|', base_zh, terms_zh), terms_en FROM every WHERE layer = 'o' ORDER BY place $$,
	$$ VALUES ('30%计入：基本医保起付线以下|按年累计计算；“k”起付前按次；已支付的不再累计；累计于“l”；与“alt”中先支付者择一',
	           'on the cumulative amount of the year; visit by visit until k is crossed; a bill that is paid does not cumulate again; cumulated in l; the first of alt that pays is alone'),
	          ('100%计入：按比例自付|依申请；最近12个月的费用（住院）；与“alt”中先支付者择一', 'on application; bills of the last 12 months (住院); the first of alt that pays is alone'),
	          ('100%计入：按比例自付|年终结算；本年至今的费用；与“alt”中先支付者择一', 'at the end of the year; bills of the year so far; the first of alt that pays is alone') $$,
	'crossing, events, alternatives');
SELECT is((SELECT concat_ws('|', caps_zh, terms_zh, caps_en, source, mark) FROM every WHERE kind = 'ceiling'),
	'每月政策范围内费用 × 85%|合计适用于：b、a|cost in scope × 85% a month|Doc 9|stated', 'a ceiling of a period');

-- ---- no number is missing: json_values finds them, the glance must say each, as it is or as per cent ----

INSERT INTO pack SELECT 'derived amounts', '{"format": 1, "engine": 1, "pages": [{"region": "R", "scheme": "S", "from": "2024-01-01", "sources": {"D": {"document": "Doc"}},
	"cite": {"source": "D"}, "layers": [{"name": "a", "kind": "assistance", "base": {"copay": 1}, "rules": [
	{"name": "r", "ratio": 1, "deductible": {"amount": {"amount": 2400.04, "derived": {"statistic": "wage", "region": "R", "year": 2022, "value": 48000.8, "share": 0.05, "lag": 2}}}}]}]}]}';

-- and the books of the cases, which use every form of the language
\set by_hand `cat test/cases/by-hand.json`
\set peers `cat test/cases/peers.json`
\set published `cat test/cases/published.json`
\set sets `cat test/cases/policy-sets.json`
CREATE TEMP TABLE book AS
SELECT c ->> 'id' AS id, row_number() OVER () AS number, c -> 'book' AS document
  FROM (VALUES (:'by_hand'::json), (:'peers'), (:'published'), (:'sets')) f (cases), json_array_elements(f.cases) c WHERE c -> 'book' -> 'pages' IS NOT NULL;
INSERT INTO pack SELECT format('case %s (%s)', id, number), document FROM book;

SELECT is(g.deductible_zh || '|' || g.deductible_en, '每次0元 + 10% × 所涉账单的政策范围内费用|0 yuan + 10% × cost in scope of these bills a visit',
	'a deductible that follows what the bills of an event cost')
  FROM pack p, assistance.document_at_a_glance(p.document) g WHERE p.name LIKE 'case P21 %' AND g.rule = '超过10%全额';

CREATE FUNCTION pg_temp.missing(language text) RETURNS TABLE (pack text, path text, value text) LANGUAGE sql AS $$
	WITH said AS (
		SELECT p.name AS pack, g.region, g.scheme, g.layer, g.rule,
			   ARRAY(SELECT m[1]::numeric FROM regexp_matches(CASE language
					WHEN 'zh' THEN concat_ws(' ', who_zh, care_zh, condition_zh, base_zh, deductible_zh, pays_zh, caps_zh, terms_zh)
					ELSE concat_ws(' ', who_en, care_en, condition_en, base_en, deductible_en, pays_en, caps_en, terms_en) END, '[0-9]+(?:\.[0-9]+)?', 'g') m) AS numbers
		  FROM pack p, assistance.document_at_a_glance(p.document) g
	)
	SELECT p.name, v.path, v.value::text
	  FROM pack p, assistance.json_values(p.document) v
	 WHERE v.parameter
	   AND NOT EXISTS (SELECT FROM said s
						WHERE (s.pack, s.region, s.scheme) = (p.name, v.region, v.scheme) AND s.layer IS NOT DISTINCT FROM v.layer
						  AND (v.rule IS NULL OR s.rule = v.rule)
						  AND (abs(v.value::text::numeric) = ANY (s.numbers) OR abs(v.value::text::numeric) * 100 = ANY (s.numbers))) $$;
SELECT is_empty($$ SELECT * FROM pg_temp.missing('zh') $$, 'every number of every pack and every case is said in Chinese');
SELECT is_empty($$ SELECT * FROM pg_temp.missing('en') $$, 'and in English');
SELECT cmp_ok((SELECT count(*) FROM pack p, assistance.json_values(p.document) v WHERE v.parameter), '>', 1500::bigint, 'and there are many');

SELECT * FROM finish();
ROLLBACK;
