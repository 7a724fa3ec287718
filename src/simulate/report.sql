-- simulation_report: a simulation as one page of HTML with pictures, for people who do not use SQL. It reads the same rows as anybody.
-- Here: the page and its sections but for those on limits and marginal costs (report_limits.sql). zh: in Chinese, else in English.

CREATE FUNCTION assistance.html_text(value text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2
	BEGIN ATOMIC
		SELECT replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;');
	END;
COMMENT ON FUNCTION assistance.html_text(text) IS 'A text as it stands in HTML: & < > and quotes written as entities.';

CREATE FUNCTION assistance.html_number(value numeric, decimals integer DEFAULT 0, signed boolean DEFAULT false) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT CASE WHEN round(value, decimals) < 0 THEN '−' WHEN signed AND round(value, decimals) > 0 THEN '+' ELSE '' END
			   || reverse(regexp_replace(reverse(split_part(abs(round(value, decimals))::text, '.', 1)), '([0-9]{3})(?=[0-9])', '\1' || chr(160), 'g'))
			   || CASE WHEN decimals > 0 THEN '.' || split_part(abs(round(value, decimals))::text, '.', 2) ELSE '' END;
	END;
COMMENT ON FUNCTION assistance.html_number(numeric, integer, boolean) IS 'A number for reading: thousands apart (by a space that does not break), so many decimals, with a plus sign if signed.';

-- a table row of a bar: label, bar from the middle or the left, number. share: of the longest bar, −1 … 1
CREATE FUNCTION assistance.html_bar(label text, share numeric, number text, signed boolean DEFAULT false) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT format('<tr><td>%s</td><td><svg width="%s" height="14"><rect x="%s" y="2" width="%s" height="10" class="%s"/></svg></td><td class="n">%s</td></tr>',
					  assistance.html_text(label), CASE WHEN signed THEN 401 ELSE 400 END,
					  CASE WHEN NOT signed THEN 0 WHEN share < 0 THEN round(200 + 200 * share, 1) ELSE 200 END,
					  round(CASE WHEN signed THEN 200 ELSE 400 END * abs(share), 1), CASE WHEN share < 0 THEN 'w' ELSE 'l' END, number);
	END;
COMMENT ON FUNCTION assistance.html_bar(text, numeric, text, boolean) IS 'One line of a bar chart: label, a bar of this share (−1 … 1) of the width, and the number in words.';

-- The baseline and five drafts stand side by side; further drafts in further tables, each with the baseline again.
CREATE FUNCTION assistance.html_columns(corner text, heads text[], labels text[], cells text[]) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
	BEGIN ATOMIC
		SELECT string_agg(format(E'<table><tr><th>%s</th>%s</tr>\n%s</table>', corner,
				(SELECT string_agg(format('<th class="n">%s</th>', heads[k]), '' ORDER BY k) FROM unnest(part.columns) k),
				(SELECT string_agg(format('<tr><td>%s</td>%s</tr>', labels[i],
						(SELECT string_agg(format('<td class="n">%s</td>', COALESCE(cells[i][k], '–')), '' ORDER BY k) FROM unnest(part.columns) k)), E'\n' ORDER BY i)
				   FROM generate_series(1, cardinality(labels)) i)), E'\n' ORDER BY part.n)
		  FROM (SELECT CASE WHEN cardinality(labels) = 0 THEN cardinality(heads) ELSE LEAST(cardinality(heads), COALESCE(array_length(cells, 2), 0)) END AS n) wide
		 CROSS JOIN LATERAL (SELECT n, 1 || ARRAY(SELECT k FROM generate_series(5 * n + 2, LEAST(5 * n + 6, wide.n)) k) AS columns
				  FROM generate_series(0, GREATEST((wide.n - 2) / 5, 0)) n WHERE wide.n > 0) part;
	END;
COMMENT ON FUNCTION assistance.html_columns(text, text[], text[], text[]) IS 'A table with a column for each scenario, cut after five drafts so that it stays on the page; the baseline begins each part. cells: by row and scenario; null is shown as –. All texts are HTML.';

CREATE FUNCTION assistance.report_language(language text) RETURNS boolean
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 5 SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF language NOT IN ('zh', 'en') THEN
		RAISE EXCEPTION 'the report is written in Chinese or English'
			USING ERRCODE = 'MA351', DETAIL = format('Found language "%s".', language), HINT = 'Expected ''zh'' or ''en''.';
	END IF;
	RETURN language = 'zh';
END
$$;
COMMENT ON FUNCTION assistance.report_language(text) IS 'Is the page to be in Chinese (zh) or not (en)? Error MA351: another language.';

CREATE FUNCTION assistance.report_scenarios(
	simulation assistance.simulation,
	OUT n integer, OUT scenario text, OUT head text, OUT persons bigint, OUT bills bigint, OUT total numeric, OUT burden numeric, OUT burden_difference numeric
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2000 ROWS 3
	BEGIN ATOMIC
		SELECT s.n, s.scenario, CASE WHEN s.among > 4 THEN s.n::text ELSE assistance.html_text(s.scenario) END, s.persons, s.bills, s.total, s.burden, s.burden_difference
		  FROM (SELECT (row_number() OVER (ORDER BY t.ordinality))::integer AS n, count(*) OVER () AS among, t.*
				  FROM assistance.simulated_totals(simulation) WITH ORDINALITY t WHERE t.parameter IS NULL) s;
	END;
COMMENT ON FUNCTION assistance.report_scenarios(assistance.simulation) IS 'The scenarios of a page, numbered from 1, the baseline; without those of shift_scenarios. head: over a column, as HTML: the name, or the number where there are more than four.';

CREATE FUNCTION assistance.report_kind(kind text, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT COALESCE((SELECT assistance.glance_either(zh, w.cn, w.en)
			  FROM (VALUES ('basic', '基本医保', 'basic insurance'), ('critical', '大病保险', 'critical illness insurance'),
						   ('supplementary', '补充保险', 'supplementary insurance'), ('assistance', '医疗救助', 'medical assistance'),
						   ('tilt', '倾斜救助', 'further assistance'), ('emergency', '疾病应急救助', 'emergency relief'), ('government', '政府兜底', 'government'),
						   ('other', '其他', 'other'), ('charity', '慈善援助', 'charity'), ('hospital', '医院负担', 'hospitals bear'),
						   ('patient', '患者负担', 'patients bear')) w (kind, cn, en) WHERE w.kind = report_kind.kind), kind);
	END;
COMMENT ON FUNCTION assistance.report_kind(text, boolean) IS 'A kind of layer, or hospital or patient, in words.';

CREATE FUNCTION assistance.report_layer(layer text, kind text, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT CASE WHEN layer IS NULL THEN assistance.report_kind(kind, zh)
					WHEN layer = assistance.report_kind(kind, zh) THEN assistance.html_text(layer)
					ELSE assistance.html_text(layer) || assistance.glance_aside(assistance.report_kind(kind, zh), zh) END;
	END;
COMMENT ON FUNCTION assistance.report_layer(text, text, boolean) IS 'A payer as HTML: a layer with its kind, or hospital or patient.';

-- place: 0 the fund of medical assistance (kinds assistance and tilt), 1 … the layers, 100 all funds, 101 hospitals, 102 patients
CREATE FUNCTION assistance.report_payers(
	simulation assistance.simulation, zh boolean, OUT place integer, OUT payer text, OUT n integer, OUT amount numeric, OUT difference numeric
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 30
	BEGIN ATOMIC
		WITH scenario AS MATERIALIZED (
			SELECT s.n, s.scenario FROM assistance.report_scenarios(simulation) s
		), cost AS MATERIALIZED (
			SELECT s.n, c.layer, c.kind, sum(c.amount) AS amount, sum(c.difference) AS difference
			  FROM assistance.simulated_costs(simulation) c JOIN scenario s ON s.scenario = c.scenario GROUP BY s.n, c.layer, c.kind
		), kinds AS MATERIALIZED (
			SELECT '{basic,critical,supplementary,assistance,tilt,emergency,government,other,charity}'::text[] AS chain
		), payers AS (
			SELECT (row_number() OVER (ORDER BY array_position(k.chain, c.kind), sum(c.amount) DESC, c.layer))::integer AS place,
				   assistance.report_layer(c.layer, c.kind, zh) AS payer, ARRAY[c.kind] AS kinds, c.layer
			  FROM cost c CROSS JOIN kinds k WHERE c.layer IS NOT NULL GROUP BY c.layer, c.kind, k.chain
			UNION ALL
			SELECT w.place, assistance.glance_either(zh, w.cn, w.en), w.kinds::text[], NULL
			  FROM kinds k
			 CROSS JOIN LATERAL (VALUES (0, '医疗救助基金', 'the assistance fund', '{assistance,tilt}'), (100, '各项基金合计', 'all funds', k.chain::text),
								(101, '医院负担', 'hospitals', '{hospital}'), (102, '患者负担', 'patients', '{patient}')) w (place, cn, en, kinds)
		)
		SELECT p.place, p.payer, s.n, COALESCE(sum(c.amount), 0), COALESCE(sum(c.difference), 0)
		  FROM payers p
		 CROSS JOIN scenario s
		  LEFT JOIN cost c ON c.n = s.n AND c.kind = ANY (p.kinds) AND (p.layer IS NULL OR p.layer = c.layer)
		 WHERE EXISTS (SELECT FROM cost k WHERE k.kind = ANY (p.kinds))
		 GROUP BY p.place, p.payer, s.n;
	END;
COMMENT ON FUNCTION assistance.report_payers(assistance.simulation, boolean) IS 'What each payer bears under each scenario, and the difference to the baseline, yuan: the assistance fund (layers of the kinds assistance and tilt) first, then every layer, all funds, hospitals, patients.';

CREATE FUNCTION assistance.report_cell(n integer, amount numeric, difference numeric) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT CASE WHEN n = 1 THEN assistance.html_number(amount)
					ELSE assistance.html_number(difference, 0, true)
						 || COALESCE(' <small>' || assistance.html_number(100 * NULLIF(difference, 0) / NULLIF(amount - difference, 0), 2, true) || ' %</small>', '') END;
	END;
COMMENT ON FUNCTION assistance.report_cell(integer, numeric, numeric) IS 'A cell as HTML: the amount of the baseline (n = 1), else the signed difference to it, and that in per cent.';

CREATE FUNCTION assistance.report_more(difference numeric, amount numeric, more text, less text, same text, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT CASE WHEN difference = 0 THEN same
					ELSE format(assistance.glance_either(zh, '%s %s 元（%s %%）', '%2$s yuan %1$s (%3$s %%)'), CASE WHEN difference > 0 THEN more ELSE less END,
								assistance.html_number(abs(difference)), COALESCE(assistance.html_number(100 * difference / NULLIF(amount - difference, 0), 2, true), '–')) END;
	END;
COMMENT ON FUNCTION assistance.report_more(numeric, numeric, text, text, text, boolean) IS 'A change in words: how many yuan more or less, and that in per cent of what was.';

CREATE FUNCTION assistance.report_answers(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20000
	BEGIN ATOMIC
		WITH payer AS MATERIALIZED (
			SELECT p.n, p.place, p.payer || CASE WHEN zh THEN '' ELSE ': ' END
				   || assistance.report_more(p.difference, p.amount,
						assistance.glance_either(zh, CASE WHEN p.place > 100 THEN '增加' ELSE '多支出' END, 'more'),
						assistance.glance_either(zh, CASE WHEN p.place > 100 THEN '减少' ELSE '少支出' END, 'less'), assistance.glance_either(zh, '不变', 'unchanged'), zh) AS change, p.difference
			  FROM assistance.report_payers(simulation, zh) p
		), outcome AS (
			SELECT c.scenario, COALESCE(sum(c.persons) FILTER (WHERE c.outcome = 'wins'), 0) AS wins, COALESCE(sum(c.persons) FILTER (WHERE c.outcome = 'loses'), 0) AS loses,
				   COALESCE(sum(c.persons) FILTER (WHERE c.outcome = 'same'), 0) AS same
			  FROM assistance.simulated_changes(simulation) c WHERE c.everyone GROUP BY c.scenario
		)
		SELECT string_agg(format(assistance.glance_either(zh, '<div class="a"><b>%s</b>：%s。%s 人中，%s 人负担减轻，%s 人负担加重，%s 人不变。</div>',
														  '<div class="a"><b>%s</b>: %s. Of %s persons %s bear less, %s bear more, for %s nothing changes.</div>'),
								 assistance.html_text(s.scenario),
								 (SELECT string_agg(CASE WHEN p.place = 0 THEN '<b>' || p.change || '</b>' ELSE p.change END, assistance.glance_either(zh, '；', '; ') ORDER BY p.place)
									FROM payer p WHERE p.n = s.n AND (p.place IN (0, 100, 102) OR p.difference <> 0)),
								 assistance.html_number(s.persons), assistance.html_number(o.wins), assistance.html_number(o.loses), assistance.html_number(o.same)), E'\n' ORDER BY s.n)
		  FROM assistance.report_scenarios(simulation) s JOIN outcome o ON o.scenario = s.scenario
		 WHERE s.n > 1;
	END;
COMMENT ON FUNCTION assistance.report_answers(assistance.simulation, boolean) IS 'The answers in words, a paragraph for each draft: what the assistance fund pays more or less, each other payer that something changes for, all funds, patients, and how many persons win and lose. Null without drafts.';

CREATE FUNCTION assistance.report_costs(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20000
	BEGIN ATOMIC
		WITH payer AS MATERIALIZED (
			SELECT p.* FROM assistance.report_payers(simulation, zh) p
		), line AS (
			SELECT p.place, CASE WHEN p.place IN (0, 100) THEN '<b>' || p.payer || '</b>' ELSE p.payer END AS label, array_agg(assistance.report_cell(p.n, p.amount, p.difference) ORDER BY p.n) AS cells
			  FROM payer p GROUP BY p.place, p.payer
		), bars AS (
			SELECT b.place, format(E'<h3>%s</h3>\n<table>%s</table>', b.payer, b.bars) AS html
			  FROM (SELECT p.place, p.payer, string_agg(assistance.html_bar(s.scenario, p.difference / m.longest, assistance.html_number(p.difference, 0, true), true), E'\n' ORDER BY p.n) AS bars
					  FROM payer p
					  JOIN assistance.report_scenarios(simulation) s ON s.n = p.n
					 CROSS JOIN (SELECT max(abs(k.difference)) AS longest FROM payer k) m
					 WHERE p.n > 1 AND m.longest > 0 AND p.place IN (0, 100, 102) GROUP BY p.place, p.payer HAVING bool_or(p.difference <> 0)) b
		)
		SELECT concat_ws(E'\n', assistance.html_columns(assistance.glance_either(zh, '付费方', 'payer'),
					(SELECT array_agg(s.head ORDER BY s.n) FROM assistance.report_scenarios(simulation) s), array_agg(l.label ORDER BY l.place), array_agg(l.cells ORDER BY l.place)),
			(SELECT string_agg(b.html, E'\n' ORDER BY b.place) FROM bars b))
		  FROM line l;
	END;
COMMENT ON FUNCTION assistance.report_costs(assistance.simulation, boolean) IS 'Section of a page: what each payer bears, by scenario; bars of the differences of the assistance fund, of all funds and of patients.';

CREATE FUNCTION assistance.report_value(dimension integer, value text, zh boolean) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE COST 100
	BEGIN ATOMIC
		-- a code of the dictionaries by its name there; more than one category: each
		SELECT CASE WHEN value IS NULL THEN assistance.glance_either(zh, '未知', 'not known')
					WHEN value = '' THEN assistance.glance_either(zh, '无救助身份', 'none')
					ELSE assistance.html_text((SELECT string_agg(COALESCE(
							(SELECT assistance.glance_either(report_value.zh, f.zh, f.en)
							   FROM assistance.find_code(CASE dimension WHEN 1 THEN 'category' WHEN 4 THEN 'level' WHEN 5 THEN 'care_type' END, c.code, '000000', CURRENT_DATE) f
							  WHERE f.matched = 'exact'),
							(SELECT assistance.glance_either(report_value.zh, r.zh, r.en) FROM assistance.region r WHERE dimension = 2 AND r.code = c.code ORDER BY r.local DESC, lower(r.valid) DESC NULLS LAST LIMIT 1),
							CASE WHEN dimension = 3 THEN CASE c.code WHEN 'resident' THEN assistance.glance_either(zh, '居民', 'resident')
																	 WHEN 'employee' THEN assistance.glance_either(zh, '职工', 'employee') END END,
							c.code), assistance.glance_either(zh, '、', ', ') ORDER BY c.place)
						 FROM (SELECT regexp_replace(m.part[1], '\\(.)', '\1', 'g') AS code, m.place
								 FROM regexp_matches(value, '((?:[^+\\]|\\.)+)', 'g') WITH ORDINALITY m (part, place) WHERE dimension = 1
								UNION ALL
							   SELECT value, 1 WHERE dimension <> 1) c)) END;
	END;
COMMENT ON FUNCTION assistance.report_value(integer, text, boolean) IS 'A value of a dimension of simulated_costs as HTML: by its name in the dictionaries of the nation, else as it stands. dimension: 1 category, 2 region, 3 scheme, 4 level, 5 care_type, 6 month.';

CREATE FUNCTION assistance.report_dimensions(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 50000
	BEGIN ATOMIC
		WITH scenario AS MATERIALIZED (
			SELECT s.n, s.scenario, s.head FROM assistance.report_scenarios(simulation) s
		), fact AS MATERIALIZED (
			SELECT s.n, d.dimension, d.value, p.payer, sum(c.amount) AS amount, sum(c.difference) AS difference
			  FROM assistance.simulated_costs(simulation) c
			  JOIN scenario s ON s.scenario = c.scenario
			 CROSS JOIN LATERAL (VALUES (1, c.category), (2, c.region), (3, c.scheme), (4, c.level), (5, c.care_type), (6, to_char(c.month, 'YYYY-MM'))) d (dimension, value)
			 CROSS JOIN LATERAL (VALUES (1, c.kind IN ('assistance', 'tilt')), (2, c.layer IS NOT NULL), (3, c.kind = 'patient')) p (payer, counts)
			 WHERE p.counts GROUP BY s.n, d.dimension, d.value, p.payer
		), value AS MATERIALIZED (
			-- the 24 that cost most (of months: the last) stand by themselves
			SELECT v.dimension, v.value, v.place <= 24 AS shown
			  FROM (SELECT f.dimension, f.value, count(*) OVER (PARTITION BY f.dimension) AS among,
						   row_number() OVER (PARTITION BY f.dimension ORDER BY CASE WHEN f.dimension = 6 THEN f.value END DESC, sum(f.amount) FILTER (WHERE f.n = 1) DESC NULLS LAST, f.value) AS place
					  FROM fact f GROUP BY f.dimension, f.value) v
			 WHERE v.among > 1
		), shown AS MATERIALIZED (
			SELECT f.n, f.dimension, CASE WHEN v.shown THEN f.value END AS value, v.shown, f.payer, sum(f.amount) AS amount, sum(f.difference) AS difference
			  FROM fact f JOIN value v ON v.dimension = f.dimension AND v.value IS NOT DISTINCT FROM f.value GROUP BY f.n, f.dimension, CASE WHEN v.shown THEN f.value END, v.shown, f.payer
		), line AS (
			SELECT k.dimension, k.value, k.shown, k.payer, row_number() OVER (PARTITION BY k.dimension, k.value, k.shown ORDER BY k.payer) = 1 AS is_first,
				   array_agg(assistance.report_cell(s.n, COALESCE(f.amount, 0), COALESCE(f.difference, 0)) ORDER BY s.n) AS cells
			  FROM (SELECT DISTINCT dimension, value, shown, payer FROM shown) k
			 CROSS JOIN scenario s
			  LEFT JOIN shown f ON f.n = s.n AND f.dimension = k.dimension AND f.shown = k.shown AND f.payer = k.payer AND f.value IS NOT DISTINCT FROM k.value
			 GROUP BY k.dimension, k.value, k.shown, k.payer
		)
		SELECT string_agg(format(E'<h3>%s</h3>\n%s', d.head, d.html), E'\n' ORDER BY d.dimension)
		  FROM (SELECT w.dimension, assistance.glance_either(zh, w.cn, w.en) AS head,
					   assistance.html_columns('', (SELECT array_agg(s.head ORDER BY s.n) FROM scenario s),
						array_agg(CASE WHEN NOT l.is_first THEN '' WHEN l.shown THEN '<b>' || assistance.report_value(l.dimension, l.value, zh) || '</b> '
									   ELSE '<b>' || assistance.glance_either(zh, '其余', 'the others') || '</b> ' END
								  || '<span class="p">' || (ARRAY[assistance.glance_either(zh, '医疗救助基金', 'the assistance fund'), assistance.glance_either(zh, '各项基金合计', 'all funds'),
											assistance.glance_either(zh, '患者负担', 'patients')])[l.payer] || '</span>'
								  ORDER BY l.shown DESC, l.value NULLS LAST, l.payer),
						array_agg(l.cells ORDER BY l.shown DESC, l.value NULLS LAST, l.payer)) AS html
				  FROM line l
				  JOIN (VALUES (1, '按救助身份', 'By category of persons'), (2, '按地区', 'By region'), (3, '按险种', 'By scheme'), (4, '按医院等级', 'By level of the hospital'),
							   (5, '按就医类型', 'By type of care'), (6, '按月份', 'By month')) w (dimension, cn, en) ON w.dimension = l.dimension
				 GROUP BY w.dimension, w.cn, w.en) d;
	END;
COMMENT ON FUNCTION assistance.report_dimensions(assistance.simulation, boolean) IS 'Section of a page: costs of the assistance fund, of all funds and of patients by category, region, scheme, level, type of care and month, with signed differences; a dimension of one value is left out, of more than 24 values the dearest (the last months) stand by themselves. Null where no dimension is left.';

CREATE FUNCTION assistance.report_changes(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
	BEGIN ATOMIC
		WITH change AS MATERIALIZED (
			SELECT s.n, c.*, LEAST(abs(c.low), abs(c.high)) AS near, GREATEST(abs(c.low), abs(c.high)) AS far
			  FROM assistance.simulated_changes(simulation) c JOIN assistance.report_scenarios(simulation) s ON s.scenario = c.scenario
			 WHERE c.everyone AND c.persons > 0 AND c.outcome <> 'same'
		)
		SELECT string_agg(format(E'<h3>%s</h3>\n<table>%s</table>', assistance.html_text(p.scenario), p.bars), E'\n' ORDER BY p.n)
		  FROM (SELECT c.n, c.scenario,
					   string_agg(assistance.html_bar(
							CASE c.outcome WHEN 'wins' THEN assistance.glance_either(zh, '少负担 ', 'bears less by ') ELSE assistance.glance_either(zh, '多负担 ', 'bears more by ') END
							|| CASE WHEN c.low IS NULL OR c.high IS NULL THEN assistance.glance_either(zh, '超过 ', 'more than ') || assistance.html_number(c.near)
									WHEN c.near = 0 THEN assistance.glance_either(zh, '不超过 ', 'up to ') || assistance.html_number(c.far)
									ELSE format(assistance.glance_either(zh, '%s 至 %s', '%s to %s'), assistance.html_number(c.near), assistance.html_number(c.far)) END,
							CASE c.outcome WHEN 'wins' THEN -1 ELSE 1 END * c.persons::numeric / m.most,
							format(assistance.glance_either(zh, '%s 人，%s 元', '%s persons, %s yuan'), assistance.html_number(c.persons), assistance.html_number(c.amount, 0, true)), true),
							E'\n' ORDER BY COALESCE(c.low, CASE c.outcome WHEN 'wins' THEN c.high - 1 END), c.high) AS bars
				  FROM change c
				 CROSS JOIN (SELECT max(k.persons) AS most FROM change k) m
				 GROUP BY c.n, c.scenario) p;
	END;
COMMENT ON FUNCTION assistance.report_changes(assistance.simulation, boolean) IS 'Section of a page: winners and losers by bands, bars. Null where nothing changes.';

-- what tells 24 curves apart: six colours, and for each four kinds of line
CREATE FUNCTION assistance.report_stroke(n integer) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT format('stroke="%s" stroke-dasharray="%s"', ('{#2f7fc0,#c0562f,#3a9a50,#8a56b0,#b09020,#333333}'::text[])[n % 6 + 1],
					  (ARRAY['none', '7 3', '2 3', '10 3 2 3'])[n / 6 % 4 + 1]);
	END;
COMMENT ON FUNCTION assistance.report_stroke(integer) IS 'How the line of curve n (from 0) is drawn in SVG: 24 ways.';

-- the height of a difference: powers of ten stand at even distances, on both sides of 0, so that small and large changes can be seen
CREATE FUNCTION assistance.report_height(difference numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT sign(difference) * log(1 + abs(difference));
	END;
COMMENT ON FUNCTION assistance.report_height(numeric) IS 'Where a difference in yuan stands on an axis by powers of ten that goes through 0: the signed logarithm of 1 + its size.';

CREATE FUNCTION assistance.report_curves(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 10000
	BEGIN ATOMIC
		WITH quantile AS MATERIALIZED (
			SELECT s.n - 2 AS n, b.category, b.persons, b.quantile, b.difference, row_number() OVER (PARTITION BY s.n, b.category ORDER BY b.quantile) AS rank
			  FROM assistance.simulated_burden(simulation) b JOIN assistance.report_scenarios(simulation) s ON s.scenario = b.scenario
			 WHERE NOT b.everyone AND s.n BETWEEN 2 AND 25
		), picture AS MATERIALIZED (
			-- the categories with most persons, of those where something changes; a picture begins a little before the first change
			SELECT q.category, max(q.persons) AS persons, GREATEST(min(q.rank) FILTER (WHERE q.difference <> 0) - 3, 1) AS first_rank, max(q.rank) AS last_rank,
				   ceil(max(abs(assistance.report_height(q.difference)))) AS powers, row_number() OVER (ORDER BY max(q.persons) DESC, q.category) AS place
			  FROM quantile q GROUP BY q.category HAVING bool_or(q.difference <> 0)
		), point AS MATERIALIZED (
			SELECT p.category, q.n, q.rank, q.quantile, 90 + round(700.0 * (q.rank - p.first_rank) / GREATEST(p.last_rank - p.first_rank, 1), 1) AS x,
				   110 - round(100 * assistance.report_height(q.difference) / p.powers, 1) AS y, (q.rank - p.first_rank) % GREATEST((p.last_rank - p.first_rank) / 7, 1) = 0 AS marked
			  FROM quantile q JOIN picture p ON p.category IS NOT DISTINCT FROM q.category WHERE p.place <= 6 AND q.rank >= p.first_rank
		), curve AS (
			SELECT t.category, t.n, string_agg(t.x || ',' || t.y, ' ' ORDER BY t.rank) AS points FROM point t GROUP BY t.category, t.n
		)
		SELECT '<p>' || (SELECT string_agg(format('<span class="k"><svg width="36" height="10"><polyline points="0,5 36,5" %s/></svg> %s</span>', assistance.report_stroke(s.n - 2),
												  assistance.html_text(s.scenario)), E'\n' ORDER BY s.n) FROM assistance.report_scenarios(simulation) s WHERE s.n BETWEEN 2 AND 25) || E'</p>\n'
			   || string_agg(format(assistance.glance_either(zh, '<h3>%s（%s 人）</h3>', '<h3>%s (%s persons)</h3>'), assistance.report_value(1, p.category, zh), assistance.html_number(p.persons))
					|| '<svg width="820" height="236" viewBox="0 0 820 236">'
					|| (SELECT string_agg(format('<line x1="90" x2="790" y1="%s" y2="%s"/><text x="84" y="%s" class="e">%s</text>', t.y, t.y, t.y + 4, assistance.html_number(t.yuan, 0, true)), '' ORDER BY t.y)
						  FROM (SELECT y.yuan, 110 - round(100 * assistance.report_height(y.yuan) / p.powers, 1) AS y
								  FROM (SELECT side * 10::numeric ^ power AS yuan FROM generate_series(CASE WHEN p.powers > 1 THEN 1 ELSE 0 END, p.powers::integer - 1) power, unnest('{-1,1}'::integer[]) side UNION SELECT 0) y) t)
					|| (SELECT string_agg(format('<line x1="%s" x2="%s" y1="10" y2="210"/><text x="%s" y="226" class="m">%s %%</text>', t.x, t.x, t.x, trim_scale(t.quantile * 100)), '' ORDER BY t.x)
						  FROM point t WHERE t.category IS NOT DISTINCT FROM p.category AND t.n = 0 AND t.marked)
					|| (SELECT string_agg(format('<polyline points="%s" %s/>', u.points, assistance.report_stroke(u.n)), E'\n' ORDER BY u.n) FROM curve u
						 WHERE u.category IS NOT DISTINCT FROM p.category)
					|| '</svg>', E'\n' ORDER BY p.place)
		  FROM picture p WHERE p.place <= 6 HAVING count(*) > 0;
	END;
COMMENT ON FUNCTION assistance.report_curves(assistance.simulation, boolean) IS 'Pictures of a page, one for each of the six categories with most persons where something changes: by how much the person of each rank bears more or less than the person of that rank in the baseline, a line for each of the first 24 drafts. Null where no rank bears anything else.';

CREATE FUNCTION assistance.report_burdens(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
	BEGIN ATOMIC
		WITH rank AS (
			SELECT q.quantile, l.label, array_agg(CASE WHEN s.n = 1 THEN assistance.html_number(q.amount) ELSE assistance.html_number(q.difference, 0, true) END ORDER BY s.n) AS cells
			  FROM assistance.simulated_burden(simulation) q
			  JOIN assistance.report_scenarios(simulation) s ON s.scenario = q.scenario
			  JOIN (SELECT w.quantile, assistance.glance_either(zh, w.cn, w.en) AS label
					  FROM (VALUES (0.5, '一半的人不超过', 'half of the persons bear at most'), (0.75, '每 4 人中 3 人', '3 of 4'), (0.9, '每 10 人中 9 人', '9 of 10'),
								   (0.95, '每 100 人中 95 人', '95 of 100'), (0.99, '每 100 人中 99 人', '99 of 100'), (0.999, '每 1000 人中 999 人', '999 of 1 000'),
								   (1, '负担最重的一人', 'the one who bears most')) w (quantile, cn, en)) l ON l.quantile = q.quantile
			 WHERE q.everyone GROUP BY q.quantile, l.label
		)
		SELECT assistance.html_columns(assistance.glance_either(zh, '全年个人负担', 'in all bills together'), (SELECT array_agg(s.head ORDER BY s.n) FROM assistance.report_scenarios(simulation) s),
									   array_agg(r.label ORDER BY r.quantile), array_agg(r.cells ORDER BY r.quantile))
		  FROM rank r;
	END;
COMMENT ON FUNCTION assistance.report_burdens(assistance.simulation, boolean) IS 'Section of a page: quantiles of what persons bear, and the differences to the baseline''s.';

CREATE FUNCTION assistance.report_hardship(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
	BEGIN ATOMIC
		WITH percent AS (
			SELECT h.percent, array_agg(format(assistance.glance_either(zh, '%s 人<br/><small>%s %%</small>', '%s<br/><small>%s %%</small>'), assistance.html_number(h.persons_above),
											   assistance.html_number(h.persons_above * 100.0 / h.persons, 1)) ORDER BY s.n) AS cells
			  FROM assistance.simulated_hardship(simulation) h JOIN assistance.report_scenarios(simulation) s ON s.scenario = h.scenario
			 WHERE h.everyone AND h.percent IN (10, 25, 40, 100) GROUP BY h.percent
		)
		SELECT assistance.html_columns(assistance.glance_either(zh, '负担占收入', 'of the income'), (SELECT array_agg(s.head ORDER BY s.n) FROM assistance.report_scenarios(simulation) s),
									   array_agg(format(assistance.glance_either(zh, '超过 %s %%', 'more than %s %%'), p.percent) ORDER BY p.percent), array_agg(p.cells ORDER BY p.percent))
		  FROM percent p HAVING count(*) > 0;
	END;
COMMENT ON FUNCTION assistance.report_hardship(assistance.simulation, boolean) IS 'Section of a page: persons of known income who bear more than a share of it. Null where no income is known.';

CREATE FUNCTION assistance.report_list(simulation assistance.simulation, zh boolean) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
	BEGIN ATOMIC
		SELECT format(E'<table><tr><th></th><th>%s</th><th class="n">%s</th><th class="n">%s</th><th class="n">%s</th><th class="n">%s</th></tr>\n%s</table>',
					  assistance.glance_either(zh, '方案', 'scenario'), assistance.glance_either(zh, '各项基金支出，元', 'funds pay, yuan'), assistance.glance_either(zh, '与基准之差', 'difference'),
					  assistance.glance_either(zh, '患者负担，元', 'patients bear, yuan'), assistance.glance_either(zh, '与基准之差', 'difference'),
					  string_agg(format('<tr><td class="n">%s</td><td class="s">%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td></tr>', s.n, assistance.html_text(s.scenario),
										assistance.html_number(p.amount, 2), CASE WHEN s.n > 1 THEN assistance.html_number(p.difference, 2, true) END,
										assistance.html_number(s.burden, 2), CASE WHEN s.n > 1 THEN assistance.html_number(s.burden_difference, 2, true) END), E'\n' ORDER BY s.n))
		  FROM assistance.report_scenarios(simulation) s JOIN assistance.report_payers(simulation, zh) p ON p.n = s.n AND p.place = 100;
	END;
COMMENT ON FUNCTION assistance.report_list(assistance.simulation, boolean) IS 'Section of a page: the scenarios with their numbers, what all funds pay and what patients bear.';
