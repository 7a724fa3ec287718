-- glance_words: parts of a policy document in words, Chinese (zh true) or English: numbers, parameters, conditions, deductibles, bands,
-- caps, modifiers. Every number of the part stands in its words. How they make a table: glance.sql.

CREATE FUNCTION assistance.glance_either(zh boolean, chinese text, english text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
	BEGIN ATOMIC
		SELECT CASE WHEN zh THEN chinese ELSE english END;
	END;
COMMENT ON FUNCTION assistance.glance_either(boolean, text, text) IS 'The Chinese or the English text.';

CREATE FUNCTION assistance.glance_label(label jsonb, name text, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 5 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN COALESCE(CASE jsonb_typeof(label)
			WHEN 'string' THEN label #>> '{}'
			WHEN 'object' THEN COALESCE(label ->> assistance.glance_either(zh, 'zh', 'en'), label ->> assistance.glance_either(zh, 'en', 'zh'))
		END, name);
END
$$;
COMMENT ON FUNCTION assistance.glance_label(jsonb, text, boolean) IS 'A label in one language, else in the other; the name where there is none.';

-- In brackets; null for nothing.
CREATE FUNCTION assistance.glance_aside(words text, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
	BEGIN ATOMIC
		SELECT CASE WHEN zh THEN '（' || words || '）' ELSE ' (' || words || ')' END;
	END;
COMMENT ON FUNCTION assistance.glance_aside(text, boolean) IS 'Words in the brackets of the language; null for null.';

-- ---- numbers and parameters ----

CREATE FUNCTION assistance.glance_number(value jsonb, unit text, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 5 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (SELECT CASE unit
		WHEN 'yuan' THEN CASE WHEN n = trunc(n) THEN trunc(n) ELSE round(n, greatest(2, scale(trim_scale(n)))) END::text
			|| assistance.glance_either(zh, '元', ' yuan')
		WHEN 'share' THEN trim_scale(n * 100)::text || '%'
		WHEN 'points' THEN trim_scale(n * 100)::text || assistance.glance_either(zh, '个百分点', ' percentage points')
		WHEN 'age' THEN trim_scale(n)::text || assistance.glance_either(zh, '岁', ' years')
		ELSE trim_scale(n)::text END
	  FROM (SELECT (value #>> '{}')::numeric AS n) v);
END
$$;
COMMENT ON FUNCTION assistance.glance_number(jsonb, text, boolean) IS 'A number with its unit: yuan, share (of 1, as per cent), points, age, or plain.';

CREATE FUNCTION assistance.glance_rounding(rounding jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 5 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE COALESCE(rounding ->> 'mode', 'half_up')
			WHEN 'down' THEN assistance.glance_either(zh, '舍去尾数到', 'rounded down to the ')
			WHEN 'up' THEN assistance.glance_either(zh, '进位到', 'rounded up to the ')
			ELSE assistance.glance_either(zh, '四舍五入到', 'rounded half up to the ') END
		|| CASE rounding ->> 'unit' WHEN 'yuan' THEN assistance.glance_either(zh, '元', 'yuan') ELSE assistance.glance_either(zh, '分', 'fen') END;
END
$$;
COMMENT ON FUNCTION assistance.glance_rounding(jsonb, boolean) IS 'How an amount is rounded.';

CREATE FUNCTION assistance.glance_derived(derived jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN concat_ws(assistance.glance_either(zh, '', ' '), (derived ->> 'region') || assistance.glance_either(zh, ' ', ''),
		assistance.glance_either(zh, (derived ->> 'year') || '年', NULL),
		CASE derived ->> 'statistic' WHEN 'disposable_income' THEN assistance.glance_either(zh, '居民人均可支配收入', 'disposable income per head')
			ELSE derived ->> 'statistic' END,
		assistance.glance_either(zh, NULL, 'of ' || (derived ->> 'year')),
		assistance.glance_either(zh, '（前' || (derived ->> 'lag') || '年）', '(' || (derived ->> 'lag') || ' years before)'),
		CASE WHEN derived -> 'latest' = 'true' THEN assistance.glance_either(zh, '（最近公布）', '(latest)') END,
		assistance.glance_number(derived -> 'value', 'yuan', zh), assistance.glance_either(zh, ' × ', '×'), assistance.glance_number(derived -> 'share', 'share', zh),
		assistance.glance_rounding(derived -> 'rounding', zh));
END
$$;
COMMENT ON FUNCTION assistance.glance_derived(jsonb, boolean) IS 'The published figure that an amount follows, and its share.';

CREATE FUNCTION assistance.glance_parameter(value jsonb, unit text, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE
		WHEN jsonb_typeof(value) <> 'object' THEN assistance.glance_number(value, unit, zh)
		WHEN value ? 'derived' THEN concat_ws('', assistance.glance_number(value -> 'amount', unit, zh),
			assistance.glance_aside(assistance.glance_derived(value -> 'derived', zh), zh))
		ELSE assistance.glance_number(value -> 'base', unit, zh) || ' + '
			|| assistance.glance_number(value -> 'rate', CASE WHEN value ? 'cost' AND unit = 'yuan' THEN 'share' ELSE unit END, zh) || ' × '
			|| CASE WHEN value ? 'cost' THEN assistance.glance_either(zh, '所涉账单的' || assistance.glance_bucket(value ->> 'cost', NULL, zh),
					assistance.glance_bucket(value ->> 'cost', NULL, zh) || ' of these bills')
				WHEN value ->> 'fact' = 'age' THEN assistance.glance_either(zh, '年龄', 'age') ELSE value ->> 'fact' END
			|| COALESCE(assistance.glance_aside(NULLIF(concat_ws(assistance.glance_either(zh, '，', ', '),
				assistance.glance_either(zh, '每满' || (value ->> 'step') || '计', 'in whole steps of ' || (value ->> 'step')),
				assistance.glance_either(zh, '最低', 'at least ') || assistance.glance_number(value -> 'min', unit, zh),
				assistance.glance_either(zh, '最高', 'at most ') || assistance.glance_number(value -> 'max', unit, zh)), ''), zh), '') END;
END
$$;
COMMENT ON FUNCTION assistance.glance_parameter(jsonb, text, boolean) IS 'A parameter: a number, a number that follows a fact of the person or what the bills of an event cost, or one that follows a published figure.';

CREATE FUNCTION assistance.glance_range(range jsonb, unit text, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN concat_ws(assistance.glance_either(zh, '、', ', '),
		assistance.glance_either(zh, '超过', 'above ') || assistance.glance_number(range -> 'above', unit, zh),
		assistance.glance_either(zh, '不低于', 'at least ') || assistance.glance_number(range -> 'at_least', unit, zh),
		assistance.glance_either(zh, '低于', 'below ') || assistance.glance_number(range -> 'below', unit, zh),
		assistance.glance_either(zh, '不超过', 'up to ') || assistance.glance_number(range -> 'up_to', unit, zh),
		assistance.glance_either(zh, '超过“' || (range ->> 'above_deductible_of') || '”的起付线',
								 'above the deductible of ' || (range ->> 'above_deductible_of')),
		assistance.glance_either(zh, (range ->> 'from') || '起', 'from ' || (range ->> 'from')),
		assistance.glance_either(zh, '至' || (range ->> 'to'), 'to ' || (range ->> 'to')));
END
$$;
COMMENT ON FUNCTION assistance.glance_range(jsonb, text, boolean) IS 'A range of a condition; also one of dates.';

CREATE FUNCTION assistance.glance_names(names jsonb, labels jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 20 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (SELECT string_agg(assistance.glance_label(labels -> n.name, n.name, zh), assistance.glance_either(zh, '、', ' / ') ORDER BY n.place)
	  FROM jsonb_array_elements_text(names) WITH ORDINALITY n (name, place));
END
$$;
COMMENT ON FUNCTION assistance.glance_names(jsonb, jsonb, boolean) IS 'Codes or names in a row, by their labels.';

-- ---- conditions ----

-- One test. codes: the labels that the page declares.
CREATE FUNCTION assistance.glance_test(test text, value jsonb, codes jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE test
		WHEN 'category' THEN assistance.glance_names(value, codes -> test, zh)
		WHEN 'person_type' THEN assistance.glance_names(value, codes -> test, zh)
		WHEN 'care_type' THEN assistance.glance_names(value, codes -> test, zh)
		WHEN 'level' THEN assistance.glance_either(zh, '医院等级：', 'hospital: ') || assistance.glance_names(value, codes -> test, zh)
		WHEN 'place' THEN assistance.glance_either(zh, '就医地：', 'place of care: ') || assistance.glance_names(value, codes -> test, zh)
		WHEN 'referral' THEN assistance.glance_either(zh, '转诊：', 'referral: ') || assistance.glance_names(value, codes -> test, zh)
		WHEN 'disease' THEN assistance.glance_either(zh, '病种：', 'disease: ') || assistance.glance_names(value, codes -> test, zh)
		WHEN 'designated' THEN CASE WHEN value = 'true' THEN assistance.glance_either(zh, '定点医疗机构', 'designated hospital')
									ELSE assistance.glance_either(zh, '非定点医疗机构', 'hospital that is not designated') END
		WHEN 'age' THEN assistance.glance_either(zh, '年龄', 'age ') || assistance.glance_range(value, 'age', zh)
		WHEN 'stay_total' THEN assistance.glance_either(zh, '单次总费用', 'total cost of the stay ') || assistance.glance_range(value, 'yuan', zh)
		WHEN 'total' THEN assistance.glance_either(zh, '总费用', 'total cost ') || assistance.glance_range(value, 'yuan', zh)
		WHEN 'in_scope' THEN assistance.glance_either(zh, '政策范围内费用', 'cost in scope ') || assistance.glance_range(value, 'yuan', zh)
		WHEN 'stay_number' THEN assistance.glance_either(zh, '“' || (value ->> 'count') || '”次数', 'number of the stay (' || (value ->> 'count') || ') ')
			|| assistance.glance_range(value, 'plain', zh)
		WHEN 'base' THEN assistance.glance_either(zh, '本层基数', 'base of this layer ') || assistance.glance_range(value, 'yuan', zh)
		WHEN 'self_pay' THEN assistance.glance_either(zh, '个人负担', 'borne by the patient ') || assistance.glance_range(value, 'yuan', zh)
		WHEN 'paid_by' THEN assistance.glance_either(zh, '已有支付：', 'paid by: ') || assistance.glance_names(value, NULL, zh)
		WHEN 'exhausted' THEN assistance.glance_either(zh, '限额已用完：', 'cap used up: ') || assistance.glance_names(value, NULL, zh)
		WHEN 'date' THEN assistance.glance_either(zh, '日期', 'date ') || assistance.glance_range(value, 'plain', zh)
		WHEN 'facts' THEN (SELECT string_agg(f.key || ' ' || assistance.glance_range(f.value, 'plain', zh), assistance.glance_either(zh, '；', '; '))
							 FROM jsonb_each(value) f)
		WHEN 'any' THEN (SELECT string_agg(assistance.glance_when(a.value, NULL, codes, zh), assistance.glance_either(zh, ' 或 ', ' or ') ORDER BY a.place)
						   FROM jsonb_array_elements(value) WITH ORDINALITY a (value, place))
		WHEN 'none' THEN assistance.glance_either(zh, '除外：', 'except: ')
			|| (SELECT string_agg(ltrim(assistance.glance_aside(assistance.glance_when(a.value, NULL, codes, zh), zh)), assistance.glance_either(zh, '、', ', ') ORDER BY a.place)
				  FROM jsonb_array_elements(value) WITH ORDINALITY a (value, place))
		ELSE test || ' ' || value::text END;
END
$$;
COMMENT ON FUNCTION assistance.glance_test(text, jsonb, jsonb, boolean) IS 'One test of a condition.';

CREATE FUNCTION assistance.glance_when(condition jsonb, tests text[], codes jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 200 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (SELECT string_agg(assistance.glance_test(c.key, c.value, codes, zh), assistance.glance_either(zh, '；', '; ')
							  ORDER BY array_position(tests, c.key), c.key COLLATE "C")
			  FROM jsonb_each(condition) c WHERE tests IS NULL OR c.key = ANY (tests));
END
$$;
COMMENT ON FUNCTION assistance.glance_when(jsonb, text[], jsonb, boolean) IS 'A condition, or those of its tests that are named; null when there are none. codes: the labels that the page declares.';

-- ---- what enters ----

CREATE FUNCTION assistance.glance_bucket(bucket text, parts jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE bucket
		WHEN 'total' THEN assistance.glance_either(zh, '总费用', 'total cost')
		WHEN 'in_scope' THEN assistance.glance_either(zh, '政策范围内费用', 'cost in scope')
		WHEN 'deductible' THEN assistance.glance_either(zh, '基本医保起付线以下', 'basic deductible')
		WHEN 'over_cap' THEN assistance.glance_either(zh, '基本医保封顶线以上', 'above the basic cap')
		WHEN 'copay' THEN assistance.glance_either(zh, '按比例自付', 'co-payment')
		WHEN 'penalty' THEN assistance.glance_either(zh, '因未按规定就医少付的部分', 'lost by penalty')
		WHEN 'away_share' THEN assistance.glance_either(zh, '异地先行自付', 'share paid first for care elsewhere')
		WHEN 'first_share' THEN assistance.glance_either(zh, '先行自付', 'paid first')
		WHEN 'over_limit' THEN assistance.glance_either(zh, '超限价', 'over the price limit')
		WHEN 'excluded' THEN assistance.glance_either(zh, '全自费', 'excluded')
		ELSE assistance.glance_label(parts -> bucket, bucket, zh) END;
END
$$;
COMMENT ON FUNCTION assistance.glance_bucket(text, jsonb, boolean) IS 'A bucket or column by name; a named part by its label.';

CREATE FUNCTION assistance.glance_base(base jsonb, parts jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE WHEN base ? 'of' THEN assistance.glance_bucket(base ->> 'of', parts, zh)
		|| COALESCE(assistance.glance_aside(assistance.glance_either(zh, '从中支付：', 'paid out of: ')
			|| (SELECT string_agg(assistance.glance_bucket(f.name, parts, zh), assistance.glance_either(zh, '、', ', ') ORDER BY f.place)
				  FROM jsonb_array_elements_text(base -> 'from') WITH ORDINALITY f (name, place)), zh), '')
	ELSE (SELECT string_agg(w.share || assistance.glance_either(zh, '计入：', ' of: ') || w.buckets, assistance.glance_either(zh, '；', '; ') ORDER BY w.weight DESC)
			FROM (SELECT b.value::numeric AS weight, assistance.glance_number(b.value, 'share', zh) AS share,
						 string_agg(assistance.glance_bucket(b.key, parts, zh), assistance.glance_either(zh, '、', ', ') ORDER BY b.key COLLATE "C") AS buckets
					FROM jsonb_each(base) b WHERE jsonb_typeof(b.value) = 'number'
				   GROUP BY b.value::numeric, assistance.glance_number(b.value, 'share', zh)) w) END;
END
$$;
COMMENT ON FUNCTION assistance.glance_base(jsonb, jsonb, boolean) IS 'What a layer works on: buckets by their weight, or a gross column.';

-- ---- deductible ----

-- An amount and the time that it is for: 每年6000元, 6000 yuan a year.
CREATE FUNCTION assistance.glance_per(amount text, period text, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 5 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN assistance.glance_either(zh, period || amount, amount || ' ' || period);
END
$$;
COMMENT ON FUNCTION assistance.glance_per(text, text, boolean) IS 'An amount and the time that it is for.';

-- The period of a counter, as the page declares it.
CREATE FUNCTION assistance.glance_period(counter jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE counter ->> 'every'
			WHEN 'quarter' THEN assistance.glance_either(zh, '每季度', 'a quarter')
			WHEN 'month' THEN assistance.glance_either(zh, '每月', 'a month')
			WHEN 'chain' THEN assistance.glance_either(zh, '每个转诊链', 'a referral chain')
			ELSE assistance.glance_either(zh, '每年', 'a year') END
		|| COALESCE(assistance.glance_aside(assistance.glance_either(zh, (counter ->> 'starts') || '起', 'from ' || (counter ->> 'starts')), zh), '')
		|| CASE counter ->> 'per' WHEN 'level' THEN assistance.glance_either(zh, '每级医院', ' at each hospital level')
			WHEN 'hospital' THEN assistance.glance_either(zh, '每家医院', ' at each hospital') ELSE '' END;
END
$$;
COMMENT ON FUNCTION assistance.glance_period(jsonb, boolean) IS 'The period of a counter: a year where nothing is said.';

CREATE FUNCTION assistance.glance_schedule(schedule jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 50 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN concat_ws(assistance.glance_either(zh, '，', ', '),
		assistance.glance_either(zh, '按“' || (schedule ->> 'count') || '”次数', 'by number of the stay (' || (schedule ->> 'count') || ')'),
		(SELECT string_agg(assistance.glance_either(zh, '第' || f.place || '次' || CASE WHEN f.place = f.last THEN '起' ELSE '' END,
													'stay ' || f.place || CASE WHEN f.place = f.last THEN ' and later' ELSE '' END)
						   || assistance.glance_either(zh, '', ' ') || assistance.glance_number(f.value, 'share', zh), assistance.glance_either(zh, '、', ', ') ORDER BY f.place)
		   FROM (SELECT e.value, e.place, count(*) OVER () AS last
				   FROM jsonb_array_elements(schedule -> 'factors') WITH ORDINALITY e (value, place)) f),
		assistance.glance_either(zh, '每多一次减' || assistance.glance_number(schedule -> 'step', 'yuan', zh),
								 assistance.glance_number(schedule -> 'step', 'yuan', zh) || ' less for each further stay'),
		assistance.glance_either(zh, '最低', 'at least ') || assistance.glance_number(schedule -> 'floor', 'yuan', zh));
END
$$;
COMMENT ON FUNCTION assistance.glance_schedule(jsonb, boolean) IS 'How a deductible changes with the number of the stay.';

CREATE FUNCTION assistance.glance_deductible(deductible jsonb, settles text, counters jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE WHEN deductible IS NULL THEN assistance.glance_either(zh, '无', 'none')
	ELSE concat_ws(assistance.glance_either(zh, '；', '; '),
		assistance.glance_per(assistance.glance_parameter(deductible -> 'amount', 'yuan', zh),
			CASE WHEN deductible ? 'counter' THEN assistance.glance_period(counters -> (deductible ->> 'counter'), zh)
				 WHEN settles = 'year' THEN assistance.glance_period(NULL, zh)
				 ELSE assistance.glance_either(zh, '每次', 'a visit') END, zh),
		CASE WHEN deductible ->> 'kind' = 'threshold' THEN assistance.glance_either(zh, '门槛：超过后按全额计算', 'a threshold: above it the whole amount counts') END,
		CASE WHEN deductible ->> 'kind' = 'threshold' AND deductible ->> 'closed' = 'upper'
			 THEN assistance.glance_either(zh, '含本数', 'reached is enough') END,
		assistance.glance_either(zh, '计入“' || (deductible ->> 'counter') || '”', 'counted in ' || (deductible ->> 'counter')),
		CASE WHEN (deductible ->> 'final_once_met')::boolean THEN assistance.glance_either(zh, '付满后不再补差', 'final once met') END,
		assistance.glance_schedule(deductible -> 'schedule', zh),
		assistance.glance_rounding(deductible -> 'rounding', zh),
		assistance.glance_either(zh, '合计不超过', 'together at most ') || assistance.glance_parameter(deductible #> '{sum_cap,limit}', 'yuan', zh)
			|| assistance.glance_aside(assistance.glance_either(zh, '“' || (deductible #>> '{sum_cap,counter}') || '”', deductible #>> '{sum_cap,counter}'), zh)) END;
END
$$;
COMMENT ON FUNCTION assistance.glance_deductible(jsonb, text, jsonb, boolean) IS 'A deductible with its period, schedule, rounding and cap on the sum.';

-- ---- ratio and bands ----

CREATE FUNCTION assistance.glance_bands(rule jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN concat_ws(assistance.glance_either(zh, '：', ': '),
		CASE rule ->> 'banding' WHEN 'whole_amount' THEN assistance.glance_either(zh, '全额按所在段', 'the whole amount by its band')
			ELSE assistance.glance_either(zh, '分段累加', 'each band by its share') END
		|| CASE rule ->> 'edges' WHEN 'above' THEN assistance.glance_aside(assistance.glance_either(zh, '从起付线以上计', 'counted above the deductible'), zh) ELSE '' END
		|| CASE rule ->> 'band_closed' WHEN 'upper' THEN assistance.glance_aside(assistance.glance_either(zh, '边界归较高一段', 'an edge belongs to the upper band'), zh) ELSE '' END,
		(SELECT string_agg(
				CASE WHEN b.band -> 'to' IS NULL
					 THEN assistance.glance_number(b.low, 'yuan', zh) || assistance.glance_either(zh, '以上', ' and above')
					 ELSE assistance.glance_number(b.low, 'plain', zh) || '–' || assistance.glance_number(b.band -> 'to', 'yuan', zh) END
				|| ' ' || COALESCE(assistance.glance_parameter(b.band -> 'ratio', 'share', zh),
								   assistance.glance_either(zh, '支付', 'pays ') || assistance.glance_parameter(b.band -> 'amount', 'yuan', zh)),
				assistance.glance_either(zh, '，', ', ') ORDER BY b.place)
		   FROM (SELECT e.band, e.place, COALESCE(e.band -> 'from', lag(e.band -> 'to') OVER (ORDER BY e.place), '0') AS low
				   FROM jsonb_array_elements(rule -> 'bands') WITH ORDINALITY e (band, place)) b));
END
$$;
COMMENT ON FUNCTION assistance.glance_bands(jsonb, boolean) IS 'The bands of a rule.';

CREATE FUNCTION assistance.glance_pays(rule jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN concat_ws(assistance.glance_either(zh, '；', '; '),
		CASE WHEN rule ? 'bands' THEN assistance.glance_bands(rule, zh) ELSE assistance.glance_parameter(rule -> 'ratio', 'share', zh) END,
		assistance.glance_either(zh, '其中', 'of ') || assistance.glance_parameter(rule -> 'enter', 'share', zh)
			|| assistance.glance_either(zh, '的基数进入', ' of the base'),
		assistance.glance_rounding(rule -> 'rounding', zh));
END
$$;
COMMENT ON FUNCTION assistance.glance_pays(jsonb, boolean) IS 'What a rule pays: ratio or bands, the share of the base that enters, rounding.';

-- ---- caps ----

CREATE FUNCTION assistance.glance_caps(rule jsonb, counters jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN COALESCE(NULLIF(concat_ws(assistance.glance_either(zh, '；', '; '),
		(SELECT string_agg(
				assistance.glance_per(assistance.glance_parameter(c.cap -> 'limit', 'yuan', zh)
						|| CASE WHEN c.cap ->> 'on' = 'base' THEN assistance.glance_either(zh, '的基数', ' of the base') ELSE '' END,
					CASE WHEN c.cap ->> 'per' = 'visit' THEN assistance.glance_either(zh, '每次', 'a visit')
						 ELSE assistance.glance_period(counters -> (c.cap ->> 'group'), zh) END, zh)
				|| COALESCE(assistance.glance_aside(assistance.glance_either(zh, '“' || (c.cap ->> 'group') || '”合计', 'together with all of ' || (c.cap ->> 'group')), zh), ''),
				assistance.glance_either(zh, '；', '; ') ORDER BY c.place)
		   FROM jsonb_array_elements(rule -> 'caps') WITH ORDINALITY c (cap, place)),
		assistance.glance_per(assistance.glance_either(zh, '最多' || (rule #>> '{times,limit}') || '次', 'at most ' || (rule #>> '{times,limit}') || ' payments'),
				assistance.glance_period(counters -> (rule #>> '{times,counter}'), zh), zh)
			|| COALESCE(assistance.glance_aside(assistance.glance_either(zh, '“' || (rule #>> '{times,counter}') || '”', rule #>> '{times,counter}'), zh), '')), ''),
		assistance.glance_either(zh, '无', 'none'));
END
$$;
COMMENT ON FUNCTION assistance.glance_caps(jsonb, jsonb, boolean) IS 'Caps and the limit of payments of a rule.';

-- ---- modifiers and special terms ----

CREATE FUNCTION assistance.glance_modifier(modifier jsonb, codes jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (SELECT concat_ws(assistance.glance_either(zh, '：', ': '),
		NULLIF(concat_ws('', modifier ->> 'name', assistance.glance_aside(assistance.glance_when(modifier -> 'when', NULL, codes, zh), zh)), ''),
		concat_ws(assistance.glance_either(zh, '', ' '),
			CASE modifier ->> 'target'
				WHEN 'enter' THEN assistance.glance_either(zh, '进入比例', 'share that enters')
				WHEN 'deductible' THEN assistance.glance_either(zh, '起付线', 'deductible')
				WHEN 'ratio' THEN assistance.glance_either(zh, '支付比例', 'ratio')
				WHEN 'self_share' THEN assistance.glance_either(zh, '自付比例', 'own share')
				WHEN 'visit_cap' THEN assistance.glance_either(zh, '每次限额', 'cap of the visit')
				WHEN 'annual_cap' THEN assistance.glance_either(zh, '年度限额', 'cap of the period')
				ELSE assistance.glance_either(zh, '支付额', 'payment') END,
			assistance.glance_either(zh, '（“' || (modifier ->> 'group') || '”）', '(' || (modifier ->> 'group') || ')'),
			CASE WHEN modifier ? 'remove' THEN assistance.glance_either(zh, '取消', 'removed') END,
			assistance.glance_either(zh, '乘以', 'times ') || assistance.glance_number(modifier -> 'multiply', 'share', zh),
			assistance.glance_either(zh, '定为', 'set to ') || assistance.glance_number(modifier -> 'set', u.unit, zh),
			CASE WHEN u.added < 0 THEN assistance.glance_either(zh, '减少', 'minus ') ELSE assistance.glance_either(zh, '增加', 'plus ') END
				|| assistance.glance_number(to_jsonb(abs(u.added)), CASE u.unit WHEN 'share' THEN 'points' ELSE u.unit END, zh),
			CASE WHEN modifier -> 'penalty' = 'true' THEN assistance.glance_either(zh, '（少付部分单列）', '(a penalty)') END))
	  FROM (SELECT (modifier ->> 'add')::numeric AS added,
				   CASE WHEN modifier ->> 'target' IN ('enter', 'ratio', 'self_share') THEN 'share' ELSE 'yuan' END AS unit) u);
END
$$;
COMMENT ON FUNCTION assistance.glance_modifier(jsonb, jsonb, boolean) IS 'A modifier: when, and what it does to what.';

CREATE FUNCTION assistance.glance_settling(layer jsonb, rule jsonb, codes jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 50 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN concat_ws(assistance.glance_either(zh, '；', '; '),
		CASE rule ->> 'on' WHEN 'application' THEN assistance.glance_either(zh, '依申请', 'on application')
			WHEN 'year_close' THEN assistance.glance_either(zh, '年终结算', 'at the end of the year') END,
		CASE rule #>> '{window,over}' WHEN 'year_to_date' THEN assistance.glance_either(zh, '本年至今的费用', 'bills of the year so far')
			WHEN 'previous_year' THEN assistance.glance_either(zh, '上一年度的费用', 'bills of the year before')
			WHEN 'last_12_months' THEN assistance.glance_either(zh, '最近12个月的费用', 'bills of the last 12 months') END
			|| COALESCE(assistance.glance_aside(assistance.glance_when(rule #> '{window,when}', NULL, codes, zh), zh), ''),
		CASE WHEN rule ->> 'settles' = 'year' THEN assistance.glance_either(zh, '按年累计计算', 'on the cumulative amount of the year') END,
		CASE WHEN rule ->> 'accrual' = 'true_up' THEN assistance.glance_either(zh, '每次重算并扣减已支付', 'computed anew each time, less what was paid') END,
		assistance.glance_either(zh, '“' || (rule #>> '{cumulative_from,crossing}') || '”起付前按次',
								 'visit by visit until ' || (rule #>> '{cumulative_from,crossing}') || ' is crossed'),
		CASE WHEN rule -> 'drop_paid_bills' = 'true' THEN assistance.glance_either(zh, '已支付的不再累计', 'a bill that is paid does not cumulate again') END,
		assistance.glance_either(zh, '累计于“' || (rule ->> 'counter') || '”', 'cumulated in ' || (rule ->> 'counter')),
		assistance.glance_either(zh, '与“' || (layer ->> 'alternative') || '”中先支付者择一', 'the first of ' || (layer ->> 'alternative') || ' that pays is alone'),
		CASE WHEN layer -> 'set_off' = 'true' THEN assistance.glance_either(zh, '追回额从以后的支付中抵扣', 'recoverables are set off against later payments') END);
END
$$;
COMMENT ON FUNCTION assistance.glance_settling(jsonb, jsonb, jsonb, boolean) IS 'How a rule settles: on what event, over what time, with which alternatives.';

-- Can one bill fit both conditions, as far as codes of which it has one each say? care_type by prefix.
CREATE FUNCTION assistance.glance_meet(a jsonb, b jsonb) RETURNS boolean
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 50 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN NOT EXISTS (
		SELECT FROM unnest('{care_type,level,place,referral,person_type}'::text[]) test
		 WHERE a ? test AND b ? test
		   AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(a -> test) x CROSS JOIN jsonb_array_elements_text(b -> test) y
							WHERE x = y OR (test = 'care_type' AND (starts_with(x, y) OR starts_with(y, x)))));
END
$$;
COMMENT ON FUNCTION assistance.glance_meet(jsonb, jsonb) IS 'Can a bill fit both conditions, by its care type, level, place, referral and person type?';

CREATE FUNCTION assistance.glance_terms(layer jsonb, rule jsonb, page jsonb, zh boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 200 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN NULLIF(concat_ws(assistance.glance_either(zh, '；', '; '),
		NULLIF(assistance.glance_settling(layer, rule, page -> 'codes', zh), ''),
		assistance.glance_either(zh, '依次从以下各项支付：', 'paid in this order out of: ')
			|| (SELECT string_agg(assistance.glance_bucket(b.name, page -> 'parts', zh), assistance.glance_either(zh, '、', ', ') ORDER BY b.place)
				  FROM jsonb_array_elements_text(layer -> 'pays_from') WITH ORDINALITY b (name, place)),
		(SELECT string_agg(assistance.glance_modifier(m.modifier, page -> 'codes', zh), assistance.glance_either(zh, '；', '; ') ORDER BY m.inner_one, m.place)
		   FROM (SELECT 0 AS inner_one, e.* FROM jsonb_array_elements(layer -> 'modifiers') WITH ORDINALITY e (modifier, place)
				 UNION ALL
				 SELECT 1, e.* FROM jsonb_array_elements(rule -> 'modifiers') WITH ORDINALITY e (modifier, place)) m
		  WHERE assistance.glance_meet(m.modifier -> 'when', rule -> 'when'))), '');
END
$$;
COMMENT ON FUNCTION assistance.glance_terms(jsonb, jsonb, jsonb, boolean) IS 'Special terms of a rule: how it settles, the order of taking, modifiers of its layer (those that a bill of the rule can meet) and its own.';
