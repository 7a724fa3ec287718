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
SELECT html LIKE '%<h1>Caps &amp; &lt;ratios&gt;</h1>%' AS title, html LIKE '%&lt;b&gt; &amp; &quot;draft&quot;%' AS scenario, html !~ '<b>|<ratios>' AS escaped FROM page;
-- every figure of the totals, grouped by thousands
SELECT count(*) AS scenarios, bool_and(html LIKE '%' || html_number(burden, 2) || '%') AS burdens, bool_and(html LIKE '%' || html_number(total, 2) || '%') AS totals
  FROM page, reported, simulated_totals(s);
-- one bar by payer and scenario, and by band and further scenario; the frame of the curves
SELECT (SELECT count(*) FROM regexp_matches(html, '<rect ', 'g')) =
	   1 + (SELECT count(DISTINCT (scenario, layer, kind)) FROM simulated_costs(s)) + (SELECT count(*) FROM simulated_changes(s) WHERE everyone) AS bars,
	   (SELECT count(*) FROM regexp_matches(html, '<polyline ', 'g')) AS curves, (SELECT array_agg(m[1]) FROM regexp_matches(html, '<h2>([^<]*)', 'g') m) AS sections
  FROM page, reported;
-- every element is closed: what is opened and what is closed are as many
SELECT tag, (SELECT count(*) FROM regexp_matches(html, '<' || tag || '[ >]', 'g')) = (SELECT count(*) FROM regexp_matches(html, '</' || tag || '>', 'g')) AS closed
  FROM page, unnest('{html,head,body,table,tr,td,th,svg,p,h1,h2,h3,style,title,text}'::text[]) tag WHERE html ~ ('<' || tag || '[ >]');
-- with one scenario and no income: no changes, no hardship, no margins
SELECT array_agg(m[1]) FROM (SELECT simulate(1, test.bill(100, '2025-01-31'), test.terms('plain')) AS s) x, regexp_matches(simulation_report(s), '<h2>([^<]*)', 'g') m;
SELECT html_number(1234567.895, 2) AS rounded, html_number(-999) AS below, html_number(1000, 0, true) AS signed, html_number(0, 0, true) AS zero, html_number(0.5, 2) AS small;

DROP TABLE reported, page;
