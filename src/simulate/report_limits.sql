-- Sections of the page of simulation_report: who reaches deductibles and caps, and what a step of a parameter costs.

CREATE FUNCTION assistance.report_limit(limit_kind text, number integer, names text, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT (SELECT assistance.glance_either(zh, w.cn, w.en)
				  FROM (VALUES ('deductible', '起付线', 'deductible'), ('cap', '封顶线', 'cap'), ('base_cap', '计入费用限额', 'cap on what enters'),
							   ('times', '支付次数', 'number of payments'), ('ceiling', '总额上限', 'ceiling')) w (kind, cn, en) WHERE w.kind = limit_kind)
			   || CASE WHEN number > 1 AND limit_kind <> 'ceiling' THEN ' ' || number ELSE '' END
			   || CASE WHEN names IS NOT NULL THEN assistance.glance_aside(assistance.html_text(names), zh)
					   WHEN limit_kind IN ('cap', 'base_cap') THEN assistance.glance_aside(assistance.glance_either(zh, '单次', 'of a visit'), zh) ELSE '' END;
	END;
COMMENT ON FUNCTION assistance.report_limit(text, integer, text, boolean) IS 'A limit of simulated_limits in words, as HTML. names: of its counters.';

CREATE FUNCTION assistance.report_limits(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20000
	BEGIN ATOMIC
		WITH scenario AS MATERIALIZED (
			SELECT s.n, s.scenario, s.head FROM assistance.report_scenarios(simulation) s
		), reach AS MATERIALIZED (
			SELECT s.n, l.* FROM assistance.simulated_limits(simulation) WITH ORDINALITY l JOIN scenario s ON s.scenario = l.scenario
		), page AS (
			-- what tells pages apart: drafts may begin on another day
			SELECT count(DISTINCT (r.region, r.scheme)) > 1 AS by_region,
				   (SELECT max(p.pages) FROM (SELECT count(DISTINCT k.page_from) AS pages FROM reach k GROUP BY k.n, k.region, k.scheme) p) > 1 AS by_day
			  FROM reach r
		), place AS MATERIALIZED (
			-- rows of one line say the same of region, scheme, day, layer, rule, kind and number; their texts may be alike on other lines
			SELECT dense_rank() OVER (ORDER BY r.region, r.scheme, CASE WHEN p.by_day THEN r.page_from END, r.layer, r.rule, r.limit_kind, r.number,
											   CASE WHEN r.rule IS NULL THEN r.name END) AS line,
				   concat_ws(' · ', CASE WHEN p.by_region THEN r.region || ' ' || r.scheme END, CASE WHEN p.by_day THEN to_char(r.page_from, 'YYYY-MM-DD') END, r.layer,
							 COALESCE(r.rule, assistance.glance_either(zh, '各条合计', 'all rules together'))) AS rule,
				   r.limit_kind, r.number, r.name, r.n, r.ordinality, r.persons, r.persons_reached
			  FROM reach r CROSS JOIN page p
		), line AS (
			SELECT k.line, min(k.ordinality) AS place, min(k.rule) AS rule, min(k.limit_kind) AS limit_kind, min(k.number) AS number,
				   string_agg(DISTINCT k.name, ' / ') AS names, max(k.persons_reached) AS reached
			  FROM place k GROUP BY k.line
		), told AS (
			SELECT l.place, assistance.html_text(l.rule) || ' · ' || assistance.report_limit(l.limit_kind, l.number, l.names, zh) AS label,
				   -- pages of one day for stays admitted at different times: each in its turn
				   (SELECT array_agg(k.cell ORDER BY k.n)
					  FROM (SELECT s.n, (SELECT string_agg(assistance.html_number(p.persons_reached) || ' / ' || assistance.html_number(p.persons), ' + ' ORDER BY p.ordinality)
										   FROM place p WHERE p.n = s.n AND p.line = l.line) AS cell FROM scenario s) k) AS cells
			  FROM line l WHERE l.reached > 0
		)
		SELECT assistance.html_columns(assistance.glance_either(zh, '层 · 规则 · 限额', 'layer · rule · limit'), (SELECT array_agg(s.head ORDER BY s.n) FROM scenario s),
									   array_agg(t.label ORDER BY t.place), array_agg(t.cells ORDER BY t.place))
		  FROM told t HAVING count(*) > 0;
	END;
COMMENT ON FUNCTION assistance.report_limits(assistance.simulation, boolean) IS 'Section of a page: persons who reach a deductible, cap or ceiling, of those to whom its rule was applied, by layer, rule, kind and number; – where a scenario has no such limit; of pages that begin on the same day for stays admitted at different times one after the other, joined by +. Limits that nobody reaches under any scenario are left out. Null where none is left.';

-- The words of a path of json_values: layers, rules and the language's keys; names stay.
CREATE FUNCTION assistance.report_parameter(path text, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
	BEGIN ATOMIC
		SELECT string_agg(w.word, ' · ' ORDER BY w.place)
		  FROM (SELECT t.place,
					   CASE WHEN t.before IN ('layers', 'rules', 'modifiers', 'fixed_prices', 'counts') AND t.index IS NULL THEN t.token
							WHEN t.index IS NOT NULL AND t.before = 'bands' THEN format(assistance.glance_either(zh, '第 %s 段', 'band %s'), t.index + 1)
							WHEN t.index IS NOT NULL AND t.before = 'caps' THEN assistance.glance_either(zh, '封顶线', 'cap') || CASE WHEN t.index > 0 THEN ' ' || (t.index + 1) ELSE '' END
							WHEN t.index IS NOT NULL AND t.before = 'pages' THEN format(assistance.glance_either(zh, '第 %s 页', 'page %s'), t.index + 1)
							WHEN t.index IS NOT NULL THEN (t.index + 1)::text
							WHEN t.token IN ('layers', 'rules', 'pages', 'bands', 'caps', 'limit') OR (t.token = 'amount' AND t.before = 'deductible') THEN NULL
							WHEN t.before = 'base' AND t.after IS NULL THEN assistance.glance_bucket(t.token, NULL, zh)
							ELSE COALESCE((SELECT assistance.glance_either(zh, k.cn, k.en)
								  FROM (VALUES ('ratio', '支付比例', 'ratio'), ('deductible', '起付线', 'deductible'), ('enter', '计入比例', 'share that enters'), ('base', '计入', 'what enters'),
											   ('to', '段上限', 'end of the band'), ('times', '支付次数', 'number of payments'), ('modifiers', '调整', 'modifier'), ('add', '增加', 'add'),
											   ('multiply', '乘以', 'multiply'), ('set', '改为', 'set'), ('fixed_prices', '定额', 'fixed price'), ('price', '金额', 'price'),
											   ('rate', '系数', 'rate'), ('min', '下限', 'least'), ('max', '上限', 'most'), ('amount', '金额', 'amount'),
											   ('ceilings', '总额上限', 'ceiling'), ('share', '份额', 'share')) k (token, cn, en) WHERE k.token = t.token), t.token) END AS word
				  FROM (SELECT m.place, m.part[3]::integer AS index, COALESCE(('"' || m.part[1] || '"')::jsonb #>> '{}', m.part[2]) AS token,
							   lag(COALESCE(m.part[2], m.part[1])) OVER (ORDER BY m.place) AS before, lead(m.place) OVER (ORDER BY m.place) AS after
						  FROM regexp_matches(path, '"((?:[^"\\]|\\.)*)"|([^].["]+)|\[([0-9]+)\]', 'g') WITH ORDINALITY m (part, place)) t) w
		 WHERE w.word IS NOT NULL;
	END;
COMMENT ON FUNCTION assistance.report_parameter(text, boolean) IS 'A path of assistance.json_values in words: layer · rule · what stands there.';

CREATE FUNCTION assistance.report_step(parameter text, step numeric, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT CASE WHEN parameter ~ '\mtimes\.limit$' THEN format(assistance.glance_either(zh, '%s 次', '%s payments'), trim_scale(step))
					WHEN abs(step) < 1 THEN format(assistance.glance_either(zh, '%s 个百分点', '%s points'), trim_scale(step * 100))
					ELSE format(assistance.glance_either(zh, '%s 元', '%s yuan'), assistance.html_number(step, CASE WHEN step = trunc(step) THEN 0 ELSE 2 END)) END;
	END;
COMMENT ON FUNCTION assistance.report_step(text, numeric, boolean) IS 'A step of a parameter with its unit: below 1 points, else yuan; of a number of payments plain.';

CREATE FUNCTION assistance.report_margins(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
	BEGIN ATOMIC
		WITH side AS (
			-- what the difference is reckoned for: one payment, one point, 1 000 yuan
			SELECT m.*, CASE WHEN m.parameter ~ '\mtimes\.limit$' THEN 1 WHEN abs(m.step) < 1 THEN 0.01 ELSE 1000 END AS unit
			  FROM assistance.simulated_margins(simulation) WITH ORDINALITY m
		), line AS (
			SELECT min(s.ordinality) AS place, min(min(s.ordinality)) OVER (PARTITION BY s.parameter, abs(s.step)) AS first_place, s.parameter, abs(s.step) AS step, s.unit,
				   assistance.report_layer(s.layer, s.kind, zh) AS payer, min(s.difference) FILTER (WHERE s.step < 0) AS down, min(s.difference) FILTER (WHERE s.step > 0) AS up,
				   (COALESCE(min(s.difference) FILTER (WHERE s.step > 0), 0) - COALESCE(min(s.difference) FILTER (WHERE s.step < 0), 0))
				   / (count(*) * abs(s.step)) * s.unit AS each
			  FROM side s GROUP BY s.parameter, abs(s.step), s.unit, s.layer, s.kind HAVING bool_or(s.difference <> 0)
		)
		SELECT format(E'<table><tr><th>%s</th><th>%s</th><th class="n">%s</th><th class="n">%s</th><th class="n">%s</th></tr>\n%s</table>',
					  assistance.glance_either(zh, '参数', 'parameter'), assistance.glance_either(zh, '付费方', 'payer'), assistance.glance_either(zh, '减一步', 'a step down'),
					  assistance.glance_either(zh, '增一步', 'a step up'), assistance.glance_either(zh, '平均每单位', 'on average'),
					  string_agg(format('<tr><td>%s</td><td>%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s <small>/ %s</small></td></tr>',
							CASE WHEN l.place = l.first_place THEN format('<b>%s</b> <span class="p">±%s</span>', assistance.html_text(assistance.report_parameter(l.parameter, zh)),
																		  assistance.report_step(l.parameter, l.step, zh)) END,
							l.payer, COALESCE(assistance.html_number(l.down, 0, true), '–'), COALESCE(assistance.html_number(l.up, 0, true), '–'),
							assistance.html_number(l.each, 0, true), assistance.report_step(l.parameter, l.unit, zh)), E'\n' ORDER BY l.first_place, l.place))
		  FROM line l HAVING count(*) > 0;
	END;
COMMENT ON FUNCTION assistance.report_margins(assistance.simulation, boolean) IS 'Section of a page: what each payer bears more or less when one parameter is a step lower and a step higher, and on average for a point, 1 000 yuan or one payment; – for a side that the language does not allow. Null without scenarios of shift_scenarios.';
