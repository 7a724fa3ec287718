-- simulation_report.sql — the page for people who do not use SQL: complete, escaped, with the figures of the rows.

SET search_path = public, assistance;

CREATE TABLE reported AS
	SELECT simulate(p, make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident', ordered_at => date '2025-01-31' + p % 40, level => '2',
								 category => CASE WHEN p % 2 = 0 THEN '{low}' ELSE '{}' END::text[], facts => json_build_object('income', 5000)),
					(SELECT make_study(ARRAY[make_scenario('in force', terms), make_scenario('<b> & "draft"', shift_terms(terms, 'layers.aid.rules."low income".ratio', 0.1))]
							|| shift_scenarios(terms, 'layers.basic.rules."second level".deductible.amount', 100), income_fact => 'income')
					   FROM test.policy WHERE name = 'plain')) AS s
	  FROM (SELECT p, (p * 977 % 50000)::numeric AS amount FROM generate_series(1, 100) p) b;
CREATE TABLE page AS
	SELECT language, simulation_report(s, 'Caps & <ratios>', language) AS html, s FROM reported, unnest('{zh,en}'::text[]) language;

-- escaped
SELECT language, html LIKE '%<h1>Caps &amp; &lt;ratios&gt;</h1>%' AS title, html LIKE '%&lt;b&gt; &amp; &quot;draft&quot;%' AS scenario, html !~ '<b> &|<ratios>' AS escaped FROM page;
-- Chinese unless asked otherwise, each language whole
SELECT simulation_report(s, 'Caps & <ratios>') = html AS chinese FROM page WHERE language = 'zh';
SELECT language, array_agg(m[1] ORDER BY place) AS sections FROM page, regexp_matches(html, '<h2>([^<]*)', 'g') WITH ORDINALITY x (m, place) GROUP BY language ORDER BY language;
SELECT html !~ '[一-龥]' AS english FROM page WHERE language = 'en';
SELECT r.* FROM test.raises('SELECT assistance.simulation_report(s, ''x'', ''fr'') FROM public.reported') r;
-- every figure of the totals, grouped by thousands; scenarios that only shift a parameter have none
SELECT language, count(*) AS scenarios, bool_and(html LIKE '%' || html_number(burden, 2) || '%') AS burdens, bool_and(html LIKE '%' || html_number(total, 2) || '%') AS totals
  FROM page, simulated_totals(s) WHERE parameter IS NULL GROUP BY language ORDER BY language;
SELECT language, count(*) AS shifts, bool_or(html LIKE '%' || html_number(burden, 2) || '%') AS told FROM page, simulated_totals(s) WHERE parameter IS NOT NULL
 GROUP BY language ORDER BY language;
-- one bar by draft for the assistance fund, all funds and patients, and by band of winners and losers; one line by draft in the legend and by category that
-- something changes for (aid is for the category low only)
SELECT (SELECT count(*) FROM regexp_matches(html, '<rect ', 'g'))
	   = 3 + (SELECT count(*) FROM simulated_changes(s) c JOIN simulated_totals(s) t USING (scenario) WHERE everyone AND parameter IS NULL AND outcome <> 'same' AND c.persons > 0) AS bars,
	   (SELECT count(*) FROM regexp_matches(html, '<polyline ', 'g')) AS lines
  FROM page;
-- the answer in words: the assistance fund first, then the layers that change, all funds, patients, persons
WITH payer AS (
	SELECT sum(difference) FILTER (WHERE kind = 'assistance') AS aid, sum(amount) FILTER (WHERE kind = 'assistance') AS aid_amount,
		   sum(difference) FILTER (WHERE layer IS NOT NULL) AS funds, sum(amount) FILTER (WHERE layer IS NOT NULL) AS funds_amount,
		   sum(difference) FILTER (WHERE kind = 'patient') AS patients, sum(amount) FILTER (WHERE kind = 'patient') AS patients_amount
	  FROM reported, simulated_costs(s) WHERE scenario LIKE '<b>%'
), outcome AS (
	SELECT COALESCE(sum(persons) FILTER (WHERE outcome = 'wins'), 0) AS wins, COALESCE(sum(persons) FILTER (WHERE outcome = 'loses'), 0) AS loses,
		   COALESCE(sum(persons) FILTER (WHERE outcome = 'same'), 0) AS same FROM reported, simulated_changes(s) WHERE everyone AND scenario LIKE '<b>%'
)
SELECT language, aid > 0 AS dearer, wins > 0 AS some,
	   strpos(html, format(CASE language WHEN 'zh' THEN '<b>医疗救助基金多支出 %s 元（+%s %%）</b>；aid（医疗救助）多支出 %s 元（+%s %%）；各项基金合计多支出 %s 元（+%s %%）；患者负担减少 %s 元（−%s %%）。100 人中，%s 人负担减轻，%s 人负担加重，%s 人不变。'
				ELSE '<b>the assistance fund: %s yuan more (+%s %%)</b>; aid (medical assistance): %s yuan more (+%s %%); all funds: %s yuan more (+%s %%); patients: %s yuan less (−%s %%). Of 100 persons %s bear less, %s bear more, for %s nothing changes.' END,
			html_number(aid), round(100 * aid / (aid_amount - aid), 2), html_number(aid), round(100 * aid / (aid_amount - aid), 2), html_number(funds), round(100 * funds / (funds_amount - funds), 2),
			html_number(-patients), round(-100 * patients / (patients_amount - patients), 2), wins, loses, same)) > 0 AS told
  FROM page, payer, outcome ORDER BY language;
-- by dimension, where there is more than one value: category and month. Each cell is the sum of the rows.
SELECT language, array_agg(m[1] ORDER BY place) AS dimensions FROM page, regexp_matches(html, '<h3>((?:按|By )[^<]*)</h3>\n<table>', 'g') WITH ORDINALITY x (m, place) GROUP BY language ORDER BY language;
SELECT language, count(*) AS cells, count(*) FILTER (WHERE html LIKE format('%%<b>%s</b> <span class="p">%s</span></td><td class="n">%s</td><td class="n">%s%%', d.value,
		CASE language WHEN 'zh' THEN '医疗救助基金' ELSE 'the assistance fund' END, html_number(d.amount), html_number(d.difference, 0, true))) AS told
  FROM page,
	   LATERAL (SELECT v.value, sum(amount) FILTER (WHERE scenario = 'in force') AS amount, sum(difference) FILTER (WHERE scenario LIKE '<b>%') AS difference
				  FROM simulated_costs(s) CROSS JOIN LATERAL (VALUES (category), (to_char(month, 'YYYY-MM'))) v (value) WHERE kind = 'assistance' GROUP BY v.value) d
 GROUP BY language ORDER BY language;
-- marginal costs: a readable name, both sides and the mean, reckoned for 1 000 yuan
SELECT language, html LIKE CASE language WHEN 'zh' THEN '%<b>basic · second level · 起付线</b> <span class="p">±100 元</span>%' ELSE '%<b>basic · second level · deductible</b> <span class="p">±100 yuan</span>%' END AS parameter,
	   bool_and(html LIKE format('%%<td class="n">%s</td><td class="n">%s</td><td class="n">%s <small>/ %s</small>%%', html_number(m.down, 0, true), html_number(m.up, 0, true),
								 html_number((m.up - m.down) / 200 * 1000, 0, true), CASE language WHEN 'zh' THEN '1' || chr(160) || '000 元' ELSE '1' || chr(160) || '000 yuan' END)) AS told
  FROM page, LATERAL (SELECT sum(difference) FILTER (WHERE step < 0) AS down, sum(difference) FILTER (WHERE step > 0) AS up FROM simulated_margins(s) GROUP BY layer, kind) m
 WHERE m.up <> 0 GROUP BY language, html ORDER BY language;
SELECT path, report_parameter(path, true) AS zh, report_parameter(path, false) AS en
  FROM unnest(ARRAY['layers.aid.rules."low income".ratio', 'pages[1].layers."a.b".rules.x.bands[1].ratio', 'layers.aid.rules.x.caps[0].limit', 'layers.aid.rules.x.caps[1].limit',
					'layers.aid.base.copay', 'layers.x.modifiers.away.add', 'layers.x.rules.y.times.limit', 'fixed_prices.x.price', 'layers.x.rules.y.deductible.amount.rate']) path;
-- every element is closed: what is opened and what is closed are as many
SELECT tag, bool_and((SELECT count(*) FROM regexp_matches(html, '<' || tag || '[ >]', 'g')) = (SELECT count(*) FROM regexp_matches(html, '</' || tag || '>', 'g'))) AS closed
  FROM page, unnest('{html,head,body,table,tr,td,th,svg,p,b,h1,h2,h3,style,title,text,span,div,small}'::text[]) tag WHERE html ~ ('<' || tag || '[ >]') GROUP BY tag ORDER BY tag;
-- with one scenario and no income: no changes, no hardship, no margins
SELECT array_agg(m[1]) FROM (SELECT simulate(1, test.bill(100, '2025-01-31'), test.terms('plain')) AS s) x, regexp_matches(simulation_report(s, language => 'en'), '<h2>([^<]*)', 'g') m;
SELECT replace(html_number(1234567.895, 2), chr(160), ' ') AS rounded, html_number(-999) AS below, replace(html_number(1000, 0, true), chr(160), ' ') AS signed,
	   html_number(0, 0, true) AS zero, html_number(-0.4, 0, true) AS small, html_number(0.5, 2) AS half;
-- at most five drafts beside the baseline in one table; numbers in place of names beyond four scenarios; no two lines of 24 alike
WITH wide AS (
	SELECT simulation_report(simulate(1, test.bill(1000, '2025-01-31'), (SELECT make_study(array_agg(make_scenario('draft ' || k, test.terms('plain')) ORDER BY k)) FROM generate_series(1, 12) k))) AS html
)
SELECT max(array_length(string_to_array(line, '<th class="n">'), 1)) - 1 AS widest, count(*) FILTER (WHERE line LIKE '%<th class="n">12</th>%') > 0 AS the_last
  FROM wide, regexp_split_to_table(html, '</tr>') line WHERE line NOT LIKE '%方案%';
SELECT count(DISTINCT report_stroke(n)) AS strokes FROM generate_series(0, 23) n;

-- ---- deductibles and caps of drafts that name them differently ----

-- Insurance pays half, assistance half of the rest: a quarter of every bill is due. In force: at most 900 a year for outpatients and 800 for inpatients, each
-- with a counter of its own; merged: one of 1 600 for both; without: none for outpatients. A cap is reached by a bill on which at least as much is due as it
-- leaves, that is when what was due up to that bill comes to the limit.
INSERT INTO test.policy
SELECT name, terms(format('{"format": 1, "engine": 1, "pages": [{"title": "%s", "region": "T", "scheme": "resident", "from": "2025-01-01", "to": "2025-12-31",
	"sources": {"S": {"document": "Test"}}, "cite": {"source": "S", "mark": "example"}, "codes": {"care_type": {"1": "outpatient", "2": "inpatient"}},
	"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
			   {"name": "outpatient aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "when": {"care_type": ["1"]}, "ratio": 0.5 %s}]},
			   {"name": "inpatient aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "when": {"care_type": ["2"]}, "ratio": 0.5 %s}]}]}]}', name, outpatient, inpatient)::json)
  FROM (VALUES ('two caps', ', "caps": [{"limit": 900}]', ', "caps": [{"limit": 800}]'),
			   ('merged', ', "caps": [{"limit": 1600, "group": "both"}]', ', "caps": [{"limit": 1600, "group": "both"}]'),
			   ('without', '', ', "caps": [{"limit": 800}]')) p (name, outpatient, inpatient);
CREATE TABLE capped AS
	SELECT p AS person, n AS seq, (1 + (p + n) % 2)::text AS care_type, (400 * ((p * 7 + n * 3) % 11))::numeric AS amount FROM generate_series(1, 60) p, generate_series(1, 4) n;
CREATE TABLE capped_report AS
	SELECT s, simulation_report(s, language => 'en') AS html
	  FROM (SELECT simulate(person, make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident', ordered_at => timestamp '2025-01-01 08:00', seq => seq,
											  category => '{}', care_type => care_type),
							(SELECT make_study(array_agg(make_scenario(name, terms) ORDER BY place))
							   FROM unnest('{two caps,merged,without}'::text[]) WITH ORDINALITY w (name, place) JOIN test.policy USING (name))) AS s FROM capped) x;
CREATE TABLE due AS
	SELECT person, care_type, sum(amount / 4) OVER (PARTITION BY person, care_type ORDER BY seq) AS of_kind, sum(amount / 4) OVER (PARTITION BY person ORDER BY seq) AS of_both FROM capped;
CREATE TABLE reaching AS
	SELECT care_type, count(DISTINCT person) AS persons, count(DISTINCT person) FILTER (WHERE of_kind >= CASE care_type WHEN '1' THEN 900 ELSE 800 END) AS apart,
		   count(DISTINCT person) FILTER (WHERE of_both >= 1600) AS merged
	  FROM due GROUP BY care_type;
SELECT care_type, apart BETWEEN 1 AND persons - 1 AS some_apart, merged BETWEEN 1 AND persons - 1 AS some_merged, apart <> merged AS differ,
	   html LIKE format(CASE care_type WHEN '1' THEN '%%<td>outpatient aid · all · cap (both / outpatient aid)</td><td class="n">%s / %s</td><td class="n">%s / %s</td><td class="n">–</td>%%'
						ELSE '%%<td>inpatient aid · all · cap (both / inpatient aid)</td><td class="n">%s / %s</td><td class="n">%s / %s</td><td class="n">%1$s / %2$s</td>%%' END,
						apart, persons, merged, persons) AS told
  FROM reaching, capped_report ORDER BY care_type;
-- the merged cap by itself: persons who reach it by whatever rule, each once
SELECT persons < (SELECT sum(r.merged) FROM reaching r) AS once,
	   html LIKE format('%%<td>all rules together · cap (both)</td><td class="n">–</td><td class="n">%s / 60</td><td class="n">–</td>%%', persons) AS told
  FROM capped_report, (SELECT count(DISTINCT person) AS persons FROM due WHERE of_both >= 1600) d;

-- ---- limits that are called alike, and pages that begin on one day ----

-- Insurance pays half, aid half of the rest, at most 100 of a visit: reached from 400 on. Two layers whose texts are alike with those of their rules; stays admitted
-- until and after the end of 2024 have pages of their own from the same day, which a draft makes one.
INSERT INTO test.policy
SELECT name, terms(json_build_object('format', 1, 'engine', 1, 'pages', (SELECT json_agg((format('{"title": "p", "region": "T", "scheme": "resident", "from": "2025-01-01", "to": "2025-12-31" %s,
	"sources": {"S": {"document": "Test"}}, "cite": {"source": "S", "mark": "example"}, "codes": {"care_type": {"1": "outpatient", "2": "inpatient"}},
	"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
			   {"name": "a · b", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "c", "when": {"care_type": ["1"]}, "ratio": 0.5, "caps": [{"limit": 100, "per": "visit"}]}]},
			   {"name": "a", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "b · c", "when": {"care_type": ["2"]}, "ratio": 0.5, "caps": [{"limit": 100, "per": "visit"}]}]}]}',
	admitted))::json) FROM unnest(pages) admitted)))
  FROM (VALUES ('by admission', ARRAY[', "admitted": {"to": "2024-12-31"}', ', "admitted": {"from": "2025-01-01"}']), ('one page', ARRAY[''])) p (name, pages);
-- how many of how many reach it: of care type 1 and 2, admitted before 1 of 2 and 2 of 3, after 3 of 4 and 1 of 5; on one page 4 of 6 and 3 of 8
WITH visit AS (
	SELECT row_number() OVER () AS person, care_type, admitted_on, CASE WHEN k <= reaching THEN 400 ELSE 399 END AS amount
	  FROM (VALUES ('1', date '2024-12-30', 1, 2), ('2', '2024-12-30', 2, 3), ('1', '2025-01-05', 3, 4), ('2', '2025-01-05', 1, 5)) v (care_type, admitted_on, reaching, persons),
		   generate_series(1, persons) k
), told AS (
	SELECT simulation_report(simulate(person, make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident', ordered_at => '2025-01-10', admitted_on => admitted_on,
														category => '{}', care_type => care_type),
									  (SELECT make_study(array_agg(make_scenario(name, terms) ORDER BY name)) FROM test.policy WHERE name IN ('by admission', 'one page'))), language => 'en') AS html
	  FROM visit
)
SELECT m[1] AS line, m[2] AS "by admission", m[3] AS "one page"
  FROM told, regexp_matches(html, '<tr><td>(a · b · c · [^<]*)</td><td class="n">([^<]*)</td><td class="n">([^<]*)</td></tr>', 'g') m;

DROP TABLE reported, page, capped, capped_report, due, reaching;
DELETE FROM test.policy WHERE name IN ('two caps', 'merged', 'without', 'by admission', 'one page');
