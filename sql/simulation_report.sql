-- simulation_report.sql — the page for people who do not use SQL: complete, escaped, with the figures of the rows.

SET search_path = public, assistance;

CREATE TABLE reported AS
	SELECT simulate(p, make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident', ordered_at => '2025-01-31', level => '2',
								 category => CASE WHEN p % 2 = 0 THEN '{low}' ELSE '{}' END::text[], facts => json_build_object('income', 5000)),
					(SELECT make_study(ARRAY[make_scenario('in force', terms), make_scenario('<b> & "draft"', shift_terms(terms, 'layers.aid.rules."low income".ratio', 0.1))]
							|| shift_scenarios(terms, 'layers.basic.rules."second level".deductible.amount', 100), income_fact => 'income')
					   FROM test.policy WHERE name = 'plain')) AS s
	  FROM (SELECT p, (p * 977 % 50000)::numeric AS amount FROM generate_series(1, 100) p) b;
CREATE TABLE page AS SELECT simulation_report(s, 'Caps & <ratios>') AS html FROM reported;

-- escaped
SELECT html LIKE '%<h1>Caps &amp; &lt;ratios&gt;</h1>%' AS title, html LIKE '%&lt;b&gt; &amp; &quot;draft&quot;%' AS scenario, html !~ '<b> &|<ratios>' AS escaped FROM page;
-- every figure of the totals, grouped by thousands; scenarios that only shift a parameter have none
SELECT count(*) AS scenarios, bool_and(html LIKE '%' || html_number(burden, 2) || '%') AS burdens, bool_and(html LIKE '%' || html_number(total, 2) || '%') AS totals
  FROM page, reported, simulated_totals(s) WHERE parameter IS NULL;
SELECT count(*) AS shifts, bool_or(html LIKE '%' || html_number(burden, 2) || '%') AS told, bool_and(html LIKE '%' || html_text(parameter) || '%') AS parameters
  FROM page, reported, simulated_totals(s) WHERE parameter IS NOT NULL;
-- one bar by payer and scenario, and by band of winners and losers; one curve by scenario
SELECT (SELECT count(*) FROM regexp_matches(html, '<rect ', 'g')) =
	   (SELECT count(DISTINCT (scenario, layer, kind)) FROM simulated_costs(s) JOIN simulated_totals(s) t USING (scenario) WHERE parameter IS NULL)
	   + (SELECT count(*) FROM simulated_changes(s) JOIN simulated_totals(s) t USING (scenario)
		   WHERE everyone AND parameter IS NULL AND outcome <> 'same' AND simulated_changes.persons > 0) AS bars,
	   (SELECT count(*) FROM regexp_matches(html, '<polyline ', 'g')) AS curves, (SELECT array_agg(m[1]) FROM regexp_matches(html, '<h2>([^<]*)', 'g') m) AS sections
  FROM page, reported;
-- the answer in words: what the funds pay more, and how many persons bear less
SELECT html LIKE format('%%the funds pay %s yuan %s (%%patients bear %s yuan %s (%%', html_number(abs(c.difference)), CASE WHEN c.difference < 0 THEN 'less' ELSE 'more' END,
						html_number(abs(t.burden_difference)), CASE WHEN t.burden_difference < 0 THEN 'less' ELSE 'more' END) AS amounts,
	   html LIKE format('%%Of %s persons %s bear less, %s bear more, for %s nothing changes.%%', html_number(t.persons), w.wins, w.loses, w.same) AS persons,
	   w.wins > 0 AS some
  FROM page, reported, simulated_totals(s) t,
	   (SELECT sum(difference) AS difference FROM reported, simulated_costs(s) WHERE layer IS NOT NULL AND scenario LIKE '<b>%') c,
	   (SELECT COALESCE(sum(persons) FILTER (WHERE outcome = 'wins'), 0) AS wins, COALESCE(sum(persons) FILTER (WHERE outcome = 'loses'), 0) AS loses,
			   COALESCE(sum(persons) FILTER (WHERE outcome = 'same'), 0) AS same FROM reported, simulated_changes(s) WHERE everyone AND scenario LIKE '<b>%') w
 WHERE t.scenario LIKE '<b>%';
-- every element is closed: what is opened and what is closed are as many
SELECT tag, (SELECT count(*) FROM regexp_matches(html, '<' || tag || '[ >]', 'g')) = (SELECT count(*) FROM regexp_matches(html, '</' || tag || '>', 'g')) AS closed
  FROM page, unnest('{html,head,body,table,tr,td,th,svg,p,b,h1,h2,h3,style,title,text}'::text[]) tag WHERE html ~ ('<' || tag || '[ >]');
-- with one scenario and no income: no changes, no hardship, no margins
SELECT array_agg(m[1]) FROM (SELECT simulate(1, test.bill(100, '2025-01-31'), test.terms('plain')) AS s) x, regexp_matches(simulation_report(s), '<h2>([^<]*)', 'g') m;
SELECT html_number(1234567.895, 2) AS rounded, html_number(-999) AS below, html_number(1000, 0, true) AS signed, html_number(0, 0, true) AS zero, html_number(0.5, 2) AS small;

DROP TABLE reported, page;
