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
			-- scenarios of shift_scenarios only show what a step costs, at the end
			SELECT row_number() OVER () AS n, t.* FROM assistance.simulated_totals(simulation) t WHERE t.parameter IS NULL
		), cost AS MATERIALIZED (
			SELECT t.n, c.scenario, c.layer, c.kind, sum(c.amount) AS amount, sum(c.difference) AS difference
			  FROM assistance.simulated_costs(simulation) c JOIN total t ON t.scenario = c.scenario GROUP BY t.n, c.scenario, c.layer, c.kind
		), fund AS MATERIALIZED (
			SELECT c.scenario, sum(c.amount) AS amount, sum(c.difference) AS difference FROM cost c WHERE c.layer IS NOT NULL GROUP BY c.scenario
		), change AS MATERIALIZED (
			SELECT t.n, c.* FROM assistance.simulated_changes(simulation) c JOIN total t ON t.scenario = c.scenario WHERE c.everyone AND c.persons > 0
		), scenarios AS (
			SELECT string_agg(format('<tr><td>%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td></tr>',
									 assistance.html_text(t.scenario), assistance.html_number(COALESCE(f.amount, 0), 2),
									 CASE WHEN t.n > 1 THEN assistance.html_number(COALESCE(f.difference, 0), 2, true) END, assistance.html_number(t.burden, 2),
									 CASE WHEN t.n > 1 THEN assistance.html_number(t.burden_difference, 2, true) END), E'\n' ORDER BY t.n) AS html
			  FROM total t LEFT JOIN fund f ON f.scenario = t.scenario
		), answers AS (
			-- in words: what it costs, and whom it helps
			SELECT string_agg(format('<p class="a"><b>%s</b>: the funds pay %s yuan %s (%s %%), patients bear %s yuan %s (%s %%). '
									 || 'Of %s persons %s bear less, %s bear more, for %s nothing changes.</p>', assistance.html_text(t.scenario),
									 assistance.html_number(abs(f.difference)), CASE WHEN f.difference < 0 THEN 'less' ELSE 'more' END,
									 assistance.html_number(100 * f.difference / NULLIF(f.amount - f.difference, 0), 2, true),
									 assistance.html_number(abs(t.burden_difference)), CASE WHEN t.burden_difference < 0 THEN 'less' ELSE 'more' END,
									 assistance.html_number(100 * t.burden_difference / NULLIF(t.burden - t.burden_difference, 0), 2, true),
									 assistance.html_number(t.persons), assistance.html_number(w.wins), assistance.html_number(w.loses),
									 assistance.html_number(w.same)), E'\n' ORDER BY t.n) AS html
			  FROM total t
			  JOIN fund f ON f.scenario = t.scenario
			  JOIN (SELECT c.scenario, COALESCE(sum(c.persons) FILTER (WHERE c.outcome = 'wins'), 0) AS wins,
						   COALESCE(sum(c.persons) FILTER (WHERE c.outcome = 'loses'), 0) AS loses,
						   COALESCE(sum(c.persons) FILTER (WHERE c.outcome = 'same'), 0) AS same FROM change c GROUP BY c.scenario) w ON w.scenario = t.scenario
			 WHERE t.n > 1
		), payers AS (
			SELECT string_agg(format(E'<h3>%s</h3>\n<table>%s</table>', assistance.html_text(p.payer), p.bars), E'\n' ORDER BY p.amount DESC, p.payer) AS html
			  FROM (SELECT COALESCE(c.layer || ' (' || c.kind || ')', c.kind) AS payer, max(c.amount) AS amount,
						   string_agg(assistance.html_bar(c.scenario, c.amount / NULLIF(m.longest, 0), assistance.html_number(c.amount)
									  || CASE WHEN c.n > 1 THEN ' (' || assistance.html_number(c.difference, 0, true) || ')' ELSE '' END), E'\n' ORDER BY c.n) AS bars
					  FROM cost c
					 CROSS JOIN (SELECT max(abs(c.amount)) AS longest FROM cost c) m
					 GROUP BY c.layer, c.kind) p
		), changes AS (
			SELECT string_agg(format(E'<h3>%s</h3>\n<table>%s</table>', assistance.html_text(p.scenario), p.bars), E'\n' ORDER BY p.n) AS html
			  FROM (SELECT c.n, c.scenario,
						   string_agg(assistance.html_bar(
								CASE c.outcome WHEN 'wins' THEN 'bears less by ' ELSE 'bears more by ' END
								|| CASE WHEN c.low IS NULL OR c.high IS NULL THEN 'more than ' || assistance.html_number(abs(COALESCE(c.low, c.high)))
										WHEN LEAST(abs(c.low), abs(c.high)) = 0 THEN 'up to ' || assistance.html_number(GREATEST(abs(c.low), abs(c.high)))
										ELSE assistance.html_number(LEAST(abs(c.low), abs(c.high))) || ' to ' || assistance.html_number(GREATEST(abs(c.low), abs(c.high))) END,
								CASE c.outcome WHEN 'wins' THEN -1 ELSE 1 END * c.persons::numeric / m.most,
								assistance.html_number(c.persons) || ' persons, ' || assistance.html_number(c.amount, 0, true) || ' yuan', true),
								E'\n' ORDER BY COALESCE(c.low, CASE c.outcome WHEN 'wins' THEN c.high - 1 END), c.high) AS bars
					  FROM change c
					 CROSS JOIN (SELECT max(c.persons) AS most FROM change c WHERE c.outcome <> 'same') m
					 WHERE c.outcome <> 'same'
					 GROUP BY c.n, c.scenario) p
		), quantile AS MATERIALIZED (
			SELECT t.n, b.scenario, b.quantile, b.amount FROM assistance.simulated_burden(simulation) b JOIN total t ON t.scenario = b.scenario
			 WHERE b.everyone
		), highest AS (
			-- the top of the picture: the next 1, 2 or 5 and zeros
			SELECT min(step * 10::numeric ^ power) AS yuan
			  FROM unnest('{1,2,5}'::numeric[]) step, generate_series(0, 13) power
			 WHERE step * 10::numeric ^ power >= (SELECT max(q.amount) FROM quantile q WHERE q.quantile <= 0.99)
		), curves AS (
			SELECT string_agg(format('<polyline points="%s" class="c%s"/><text x="82" y="%s" class="t%s">%s</text>', p.points, (p.n - 1) % 6, 6 + 16 * p.n,
									 (p.n - 1) % 6, assistance.html_text(p.scenario)), E'\n' ORDER BY p.n) AS html
			  FROM (SELECT q.n, q.scenario,
						   string_agg(70 + round(q.quantile * 600, 1) || ',' || round(200 - 200 * q.amount / h.yuan, 1), ' ' ORDER BY q.quantile) AS points
					  FROM quantile q CROSS JOIN highest h
					 WHERE q.quantile <= 0.99
					 GROUP BY q.n, q.scenario) p
		), axes AS (
			SELECT string_agg(format('<line x1="70" x2="670" y1="%s" y2="%s"/><text x="64" y="%s" class="e">%s</text>'
									 || '<line x1="%s" x2="%s" y1="0" y2="200"/><text x="%s" y="216" class="m">%s %%</text>',
									 200 - 50 * k, 200 - 50 * k, 204 - 50 * k, assistance.html_number(h.yuan * k / 4),
									 70 + 150 * k, 70 + 150 * k, 70 + 150 * k, 25 * k), E'\n' ORDER BY k) AS html
			  FROM generate_series(0, 4) k CROSS JOIN highest h
		), ranks AS (
			SELECT string_agg(format('<tr><td>%s</td>%s</tr>', r.label, r.amounts), E'\n' ORDER BY r.quantile) AS html
			  FROM (SELECT q.quantile, l.label, string_agg(format('<td class="n">%s</td>', assistance.html_number(q.amount)), '' ORDER BY q.n) AS amounts
					  FROM quantile q
					  JOIN (VALUES (0.5, 'half of the persons bear at most'), (0.75, '3 of 4'), (0.9, '9 of 10'), (0.95, '95 of 100'), (0.99, '99 of 100'),
								   (1, 'the one who bears most')) l (quantile, label) ON l.quantile = q.quantile
					 GROUP BY q.quantile, l.label) r
		), heads AS (
			SELECT string_agg(format('<th>%s</th>', assistance.html_text(t.scenario)), '' ORDER BY t.n) AS html FROM total t
		), hardship AS (
			SELECT string_agg(format('<tr><td>more than %s %%</td>%s</tr>', h.percent, h.amounts), E'\n' ORDER BY h.percent) AS html
			  FROM (SELECT h.percent, string_agg(format('<td class="n">%s (%s of 100)</td>', assistance.html_number(h.persons_above),
														assistance.html_number(h.persons_above * 100.0 / h.persons, 1)), '' ORDER BY t.n) AS amounts
					  FROM assistance.simulated_hardship(simulation) h JOIN total t ON t.scenario = h.scenario
					 WHERE h.everyone AND h.percent IN (10, 25, 40, 100) GROUP BY h.percent) h
		), limits AS (
			SELECT string_agg(format('<tr><td>%s</td><td>%s</td><td>%s</td>%s</tr>', assistance.html_text(l.layer), assistance.html_text(l.rule),
									 assistance.html_text(l.what), l.reached), E'\n' ORDER BY l.place) AS html
			  FROM (SELECT min(l.ordinality) AS place, l.layer, l.rule,
						   replace(l.limit_kind, '_', ' ') || COALESCE(' ' || l.name, CASE WHEN l.limit_kind = 'cap' THEN ' of a visit' END, '') AS what,
						   string_agg(format('<td class="n">%s of %s</td>', COALESCE(assistance.html_number(l.persons_reached), '–'),
											 COALESCE(assistance.html_number(l.persons), '–')), '' ORDER BY l.n) AS reached
					  FROM (SELECT t.n, k.page_from, k.region, k.scheme, k.layer, k.rule, k.limit_kind, k.number, k.name, k.ordinality, k.persons, k.persons_reached
							  FROM assistance.simulated_limits(simulation) WITH ORDINALITY k JOIN total t ON t.scenario = k.scenario) l
					 GROUP BY l.region, l.scheme, l.page_from, l.layer, l.rule, l.limit_kind, l.number, l.name
					HAVING sum(l.persons_reached) > 0 AND count(*) = (SELECT count(*) FROM total)) l
		), margins AS (
			SELECT string_agg(format('<tr><td>%s</td><td class="n">%s</td><td>%s</td><td class="n">%s</td></tr>', assistance.html_text(m.parameter),
									 assistance.html_number(m.step, CASE WHEN m.step = trunc(m.step) THEN 0 ELSE 4 END, true), assistance.html_text(COALESCE(m.layer, m.kind)),
									 assistance.html_number(m.difference, 0, true)), E'\n' ORDER BY m.ordinality) AS html
			  FROM assistance.simulated_margins(simulation) WITH ORDINALITY m WHERE m.difference <> 0
		)
		SELECT concat_ws(E'\n', '<!DOCTYPE html>', '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><meta charset="utf-8"/>',
			'<title>' || assistance.html_text(title) || '</title>',
			'<style>body{font-family:sans-serif;margin:2em;max-width:64em;color:#222}table{border-collapse:collapse}td,th{padding:2px 10px;text-align:left}'
			|| 'th{border-bottom:1px solid #888;font-weight:600}.n{text-align:right;white-space:nowrap}.l{fill:#c0562f}.w{fill:#2f7fc0}.a{font-size:1.1em}'
			|| 'h2{border-top:1px solid #ccc;padding-top:.6em;margin-top:1.6em}h3{margin:.9em 0 .2em;font-size:1em}polyline{fill:none;stroke-width:2}line{stroke:#ddd}'
			|| 'text{font-size:13px}.e{text-anchor:end;fill:#555}.m{text-anchor:middle;fill:#555}.c1{stroke-dasharray:7 3}.c2{stroke-dasharray:2 3}'
			|| '.c0{stroke:#333}.c1{stroke:#2f7fc0}.c2{stroke:#c0562f}.c3{stroke:#3a9a50}.c4{stroke:#8a56b0}.c5{stroke:#b09020}'
			|| '.t0{fill:#333}.t1{fill:#2f7fc0}.t2{fill:#c0562f}.t3{fill:#3a9a50}.t4{fill:#8a56b0}.t5{fill:#b09020}</style></head><body>',
			'<h1>' || assistance.html_text(title) || '</h1>',
			(SELECT format('<p>%s persons with %s bills of %s yuan, settled anew under every scenario. The first one, <b>%s</b>, is the baseline; '
						   || 'differences are against it. Funds are all layers of insurance, assistance and charity.</p>',
						   assistance.html_number(t.persons), assistance.html_number(t.bills), assistance.html_number(t.total, 2), assistance.html_text(t.scenario))
			   FROM total t WHERE t.n = 1),
			(SELECT a.html FROM answers a),
			'<h2>Scenarios</h2>', '<table><tr><th>scenario</th><th>funds pay, yuan</th><th>difference</th><th>patients bear, yuan</th><th>difference</th></tr>',
			(SELECT s.html FROM scenarios s), '</table>',
			'<h2>Who pays, yuan</h2>', (SELECT p.html FROM payers p),
			(SELECT E'<h2>Who wins and who loses</h2>\n<p>Persons by how much less (left, blue) or more (right, red) they bear in all their bills together, yuan.</p>\n'
					|| c.html FROM changes c),
			(SELECT E'<h2>What persons bear</h2>\n<p>All persons stand in a row, who bears least on the left. Height: what the person bears in all bills together, '
					|| E'yuan. The last of 100 is left out of the picture.</p>\n<svg width="690" height="236" viewBox="0 -12 690 236">' || x.html || E'\n' || c.html || E'</svg>\n<table><tr><th></th>'
					|| d.html || E'</tr>\n' || r.html || '</table>' FROM curves c, axes x, ranks r, heads d WHERE c.html IS NOT NULL),
			(SELECT E'<h2>Hardship</h2>\n<p>Persons of known income who bear more than a share of it.</p>\n'
					|| E'<table><tr><th>of the income</th>' || d.html || E'</tr>\n' || h.html || '</table>' FROM hardship h, heads d),
			(SELECT E'<h2>Who reaches deductibles and caps</h2>\n<p>Persons who reach it, of those to whom the rule was applied; what nobody reaches is left out.</p>\n'
					|| E'<table><tr><th>layer</th><th>rule</th><th>limit</th>' || d.html || E'</tr>\n' || l.html || '</table>' FROM limits l, heads d),
			(SELECT E'<h2>What a step costs</h2>\n<p>One parameter alone, a little less and a little more; what each payer then bears more or less, yuan.</p>\n'
					|| E'<table><tr><th>parameter</th><th>step</th><th>payer</th><th>yuan</th></tr>\n' || m.html || '</table>' FROM margins m),
			'</body></html>', '');
	END;
COMMENT ON FUNCTION assistance.simulation_report(assistance.simulation, text) IS
'A simulation as one page of HTML with pictures (SVG), complete in itself: in psql \t on, \a, \o report.html, SELECT assistance.simulation_report(…), \o. Amounts in yuan; scenarios of shift_scenarios only stand in the last section. Sections without rows are left out.';
