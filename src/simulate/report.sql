-- simulation_report: a simulation as one page of HTML with pictures, for people who do not use SQL. It reads the same rows as anybody.

CREATE FUNCTION assistance.html_text(value text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2
	BEGIN ATOMIC
		SELECT replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;');
	END;
COMMENT ON FUNCTION assistance.html_text(text) IS 'A text as it stands in HTML: & < > and quotes written as entities.';

CREATE FUNCTION assistance.html_number(value numeric, decimals integer DEFAULT 0, signed boolean DEFAULT false) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT CASE WHEN value < 0 THEN '−' WHEN signed AND value > 0 THEN '+' ELSE '' END
			   || reverse(regexp_replace(reverse(split_part(abs(round(value, decimals))::text, '.', 1)), '([0-9]{3})(?=[0-9])', '\1 ', 'g'))
			   || CASE WHEN decimals > 0 THEN '.' || split_part(abs(round(value, decimals))::text, '.', 2) ELSE '' END;
	END;
COMMENT ON FUNCTION assistance.html_number(numeric, integer, boolean) IS 'A number for reading: thousands apart, so many decimals, with a plus sign if signed.';

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

CREATE FUNCTION assistance.simulation_report(simulation assistance.simulation, title text DEFAULT 'Simulation') RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000
	BEGIN ATOMIC
		WITH total AS MATERIALIZED (
			SELECT row_number() OVER () AS n, t.* FROM assistance.simulated_totals(simulation) t
		), cost AS MATERIALIZED (
			SELECT c.scenario, c.layer, c.kind, sum(c.amount) AS amount, sum(c.difference) AS difference
			  FROM assistance.simulated_costs(simulation) c GROUP BY c.scenario, c.layer, c.kind
		), fund AS (
			SELECT c.scenario, sum(c.amount) AS amount, sum(c.difference) AS difference FROM cost c WHERE c.layer IS NOT NULL GROUP BY c.scenario
		), scenarios AS (
			SELECT string_agg(format('<tr><td>%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td></tr>',
									 assistance.html_text(t.scenario), assistance.html_number(COALESCE(f.amount, 0), 2),
									 assistance.html_number(COALESCE(f.difference, 0), 2, true), assistance.html_number(t.burden, 2),
									 assistance.html_number(t.burden_difference, 2, true)), E'\n' ORDER BY t.n) AS html
			  FROM total t LEFT JOIN fund f ON f.scenario = t.scenario
		), payers AS (
			SELECT string_agg(format(E'<h3>%s</h3>\n<table>%s</table>', assistance.html_text(p.payer), p.bars), E'\n' ORDER BY p.amount DESC, p.payer) AS html
			  FROM (SELECT COALESCE(c.layer || ' (' || c.kind || ')', c.kind) AS payer, max(c.amount) AS amount,
						   string_agg(assistance.html_bar(c.scenario, c.amount / NULLIF(m.longest, 0), assistance.html_number(c.amount, 2)
									  || CASE WHEN t.n > 1 THEN ' (' || assistance.html_number(c.difference, 2, true) || ')' ELSE '' END), E'\n' ORDER BY t.n) AS bars
					  FROM cost c
					  JOIN total t ON t.scenario = c.scenario
					 CROSS JOIN (SELECT max(abs(c.amount)) AS longest FROM cost c) m
					 GROUP BY c.layer, c.kind) p
		), changes AS (
			SELECT string_agg(format(E'<h3>%s</h3>\n<table>%s</table>', assistance.html_text(p.scenario), p.bars), E'\n' ORDER BY p.n) AS html
			  FROM (SELECT t.n, t.scenario,
						   string_agg(assistance.html_bar(
								CASE WHEN c.outcome = 'same' THEN 'no change'
									 ELSE CASE c.outcome WHEN 'wins' THEN 'bears less by ' ELSE 'bears more by ' END
										  || CASE WHEN c.low IS NULL OR c.high IS NULL THEN 'more than ' || assistance.html_number(abs(COALESCE(c.low, c.high)))
												  ELSE assistance.html_number(LEAST(abs(c.low), abs(c.high))) || ' to ' || assistance.html_number(GREATEST(abs(c.low), abs(c.high))) END END,
								CASE c.outcome WHEN 'wins' THEN -1 ELSE 1 END * c.persons::numeric / GREATEST(t.persons, 1),
								assistance.html_number(c.persons) || ' persons, ' || assistance.html_number(c.amount, 2, true) || ' yuan', true),
								E'\n' ORDER BY COALESCE(c.low, CASE c.outcome WHEN 'wins' THEN c.high - 1 END), c.high) AS bars
					  FROM assistance.simulated_changes(simulation) c
					  JOIN total t ON t.scenario = c.scenario
					 WHERE c.everyone
					 GROUP BY t.n, t.scenario) p
		), quantile AS MATERIALIZED (
			SELECT t.n, b.scenario, b.quantile, b.amount FROM assistance.simulated_burden(simulation) b JOIN total t ON t.scenario = b.scenario
			 WHERE b.everyone AND b.quantile <= 0.99
		), curves AS (
			SELECT string_agg(format('<polyline points="%s" class="c%s"/><text x="612" y="%s" class="t%s">%s</text>', p.points, (p.n - 1) % 6, 6 + 16 * p.n,
									 (p.n - 1) % 6, assistance.html_text(p.scenario)), E'\n' ORDER BY p.n) AS html,
				   max(p.highest) AS highest
			  FROM (SELECT q.n, q.scenario, m.highest,
						   string_agg(round(q.quantile * 600, 1) || ',' || round(200 - 190 * q.amount / GREATEST(m.highest, 1), 1), ' ' ORDER BY q.quantile) AS points
					  FROM quantile q CROSS JOIN (SELECT max(q.amount) AS highest FROM quantile q) m
					 GROUP BY q.n, q.scenario, m.highest) p
		), hardship AS (
			SELECT string_agg(format('<tr><td>%s</td><td class="n">%s %%</td><td class="n">%s</td><td class="n">%s</td></tr>', assistance.html_text(h.scenario),
									 h.percent, assistance.html_number(h.persons_above), assistance.html_number(h.persons_above * 100.0 / h.persons, 2)),
							  E'\n' ORDER BY h.percent, t.n) AS html
			  FROM assistance.simulated_hardship(simulation) h JOIN total t ON t.scenario = h.scenario
			 WHERE h.everyone AND h.percent IN (10, 25, 40, 100)
		), limits AS (
			SELECT string_agg(format('<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td></tr>',
									 assistance.html_text(l.scenario), assistance.html_text(l.layer), assistance.html_text(l.rule), l.limit_kind,
									 assistance.html_number(l.persons), assistance.html_number(l.persons_reached), assistance.html_number(l.amount, 2)),
							  E'\n' ORDER BY l.ordinality) AS html
			  FROM assistance.simulated_limits(simulation) WITH ORDINALITY l
		), margins AS (
			SELECT string_agg(format('<tr><td>%s</td><td class="n">%s</td><td>%s</td><td class="n">%s</td></tr>', assistance.html_text(m.parameter),
									 assistance.html_number(m.step, 4, true), assistance.html_text(COALESCE(m.layer, m.kind)), assistance.html_number(m.difference, 2, true)),
							  E'\n' ORDER BY m.ordinality) AS html
			  FROM assistance.simulated_margins(simulation) WITH ORDINALITY m WHERE m.difference <> 0
		)
		SELECT concat_ws(E'\n', '<!DOCTYPE html>', '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><meta charset="utf-8"/>',
			'<title>' || assistance.html_text(title) || '</title>',
			'<style>body{font-family:sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse}td,th{padding:2px 8px;text-align:left}'
			|| 'th{border-bottom:1px solid #888}.n{text-align:right;white-space:nowrap}.l{fill:#c0562f}.w{fill:#2f7fc0}polyline{fill:none;stroke-width:2}'
			|| '.c0{stroke:#333}.c1{stroke:#2f7fc0}.c2{stroke:#c0562f}.c3{stroke:#3a9a50}.c4{stroke:#8a56b0}.c5{stroke:#b09020}'
			|| '.t0{fill:#333}.t1{fill:#2f7fc0}.t2{fill:#c0562f}.t3{fill:#3a9a50}.t4{fill:#8a56b0}.t5{fill:#b09020}</style></head><body>',
			'<h1>' || assistance.html_text(title) || '</h1>',
			(SELECT format('<p>%s persons, %s bills, %s yuan in all. The first scenario is the baseline; differences are against it.</p>',
						   assistance.html_number(t.persons), assistance.html_number(t.bills), assistance.html_number(t.total, 2)) FROM total t WHERE t.n = 1),
			'<h2>Scenarios</h2>', '<table><tr><th>scenario</th><th>funds pay, yuan</th><th>difference</th><th>patients bear, yuan</th><th>difference</th></tr>',
			(SELECT s.html FROM scenarios s), '</table>',
			'<h2>Who pays, yuan</h2>', (SELECT p.html FROM payers p),
			(SELECT E'<h2>Who wins and who loses</h2>\n<p>Persons by how much less or more they bear in all their bills together, yuan.</p>\n' || c.html FROM changes c),
			(SELECT E'<h2>What persons bear</h2>\n<p>From the person who bears least (left) to the one whom 1 of 100 exceeds (right); the highest point is '
					|| assistance.html_number(c.highest, 2) || E' yuan.</p>\n<svg width="800" height="210"><rect x="0" y="0" width="600" height="200" fill="none" stroke="#ccc"/>\n'
					|| c.html || '</svg>' FROM curves c),
			(SELECT E'<h2>Hardship</h2>\n<p>Persons of known income who bear more than a share of it.</p>\n'
					|| E'<table><tr><th>scenario</th><th>of income</th><th>persons</th><th>of 100</th></tr>\n' || h.html || '</table>' FROM hardship h),
			(SELECT E'<h2>Deductibles and caps</h2>\n<table><tr><th>scenario</th><th>layer</th><th>rule</th><th>limit</th><th>persons</th><th>reach it</th>'
					|| E'<th>yuan taken or cut</th></tr>\n' || l.html || '</table>' FROM limits l),
			(SELECT E'<h2>What a step costs</h2>\n<table><tr><th>parameter</th><th>step</th><th>payer</th><th>yuan</th></tr>\n' || m.html || '</table>' FROM margins m),
			'</body></html>', '');
	END;
COMMENT ON FUNCTION assistance.simulation_report(assistance.simulation, text) IS
'A simulation as one page of HTML with pictures (SVG), complete in itself: in psql \t on, \a, \o report.html, SELECT assistance.simulation_report(…), \o. Amounts in yuan. Sections without rows are left out.';
