-- synthetic.sql — the generated year: reproducible, as published where something is published, and good for make_bill.

SET search_path = public, assistance;

CREATE TABLE synthetic AS SELECT * FROM synthetic_year(100000);

-- the same rows for the same seed, whatever the number of persons; other rows for another seed. The fingerprint guards against change.
SELECT count(*) AS different FROM (SELECT s::text FROM synthetic s WHERE person <= 1000 EXCEPT ALL SELECT s::text FROM synthetic_year(1000) s) d;
SELECT md5(string_agg(s::text, '|' ORDER BY person, seq)) FROM synthetic_year(1000) s;
SELECT count(*) < 20 AS others FROM (SELECT person, in_scope FROM synthetic_year(1000) INTERSECT SELECT person, in_scope FROM synthetic_year(1000, seed => 2)) s;
SELECT min(ordered_at) >= '2024-01-01' AND max(ordered_at) < '2025-01-01' AND count(DISTINCT ordered_at) = 366 AS leap_year,
	   avg(in_scope) BETWEEN 900 AND 1100 AS mean, min(region) AS region, min(scheme) AS scheme
  FROM synthetic_year(20000, 7, 2024, '110000', 'employee', 1000);

-- 医保函〔2020〕56号: 8 751 of 130 000 helped persons; 7 050 treatments of 8 751 persons; 特困 29.4 of 889.9
SELECT round(count(*) / 100000.0, 2) AS bills_of_person, round(avg(in_scope) / 3392.10, 1) AS of_mean,
	   round(avg((category && '{低保,特困}')::int), 2) AS helped,
	   sum((category = '{特困}')::int)::numeric / sum((category && '{低保,特困}')::int) BETWEEN 0.025 AND 0.041 AS poverty
  FROM synthetic;
-- the other categories, and what a person and a bill bring beside: examples of which a test can only say that they are there
SELECT category, count(*) BETWEEN least AND most AS share, avg(income) < (SELECT avg(income) FROM synthetic WHERE category = '{}') / 2 AS poorer
  FROM synthetic JOIN (VALUES ('{低保边缘}'::text[], 600, 1000), ('{返贫致贫}', 40, 130), ('{因病致贫}', 100, 240)) v (category, least, most) USING (category)
 GROUP BY category, least, most ORDER BY category;
SELECT min(age) AS youngest, max(age) BETWEEN 80 AND 95 AS oldest, bool_or(designated) AND NOT bool_and(designated) AS designated,
	   count(referral) + count(place) + count(person_type) + count(facts) AS of_terms, bool_and(disease = '{}') AS no_disease FROM synthetic;
SELECT min(age) AS youngest FROM synthetic_year(20000, scheme => 'employee');
-- a long tail: a tenth of the bills makes more than half of the cost
SELECT sum(in_scope) FILTER (WHERE dear <= 0.1) > 0.5 * sum(in_scope) AS dear, max(in_scope) > 20 * avg(in_scope) AS tail
  FROM (SELECT in_scope, percent_rank() OVER (ORDER BY in_scope DESC) AS dear FROM synthetic) s;
SELECT count(*) AS inconsistent FROM synthetic WHERE total <> in_scope + excluded + over_limit + first_share OR in_scope <= 0 OR income <= 0;

-- The default of mean_in_scope is derived from the national total: settled at 70 % and 70 %, as that reply has them, the helped persons of this
-- year, made 87 510 000, are paid 50 220 000 000 yuan again, within 3 % for so many persons. This says that persons, bills and costs come out
-- as they were put in and are settled so; it does not confirm the mean, for which no figure of its own is published.
INSERT INTO test.policy VALUES ('seventy', '{
	"format": 1, "engine": 1, "pages": [{
		"title": "70 % and 70 %", "region": "000000", "scheme": "resident", "from": "2025-01-01", "to": "2025-12-31",
		"sources": {"D": {"document": "医保函〔2020〕56号"}}, "cite": {"source": "D", "mark": "example"},
		"codes": {"category": {"低保": "低保", "特困": "特困"}},
		"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.7}]},
				   {"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "helped", "when": {"category": ["低保", "特困"]}, "ratio": 0.7}]}]}]}');
CREATE TABLE seventy AS
	SELECT simulate(person, make_bill(total => total, in_scope => in_scope, excluded => excluded, over_limit => over_limit, first_share => first_share,
									  region => region, scheme => scheme, ordered_at => ordered_at, seq => seq, category => category, care_type => care_type,
									  level => level, facts => json_build_object('income', income)),
					(SELECT make_study(ARRAY[make_scenario('70/70', terms)], income_fact => 'income') FROM test.policy WHERE name = 'seventy')) AS s
	  FROM synthetic_year(1000000) WHERE category && '{低保,特困}';
SELECT abs(assistance * 87510000 / (1000000 * 0.067315) / 50220000000 - 1) < 0.03 AS as_derived FROM seventy, simulated_totals(s);
SELECT percent, persons_above > 0 AS some, persons_above < persons AS not_all FROM seventy, simulated_hardship(s) WHERE everyone AND percent IN (10, 40);

-- ---- made for terms ----

-- five points more for 低保边缘, who get 60 % of the 30 % that basic insurance leaves: by hand for each bill
INSERT INTO test.policy VALUES ('margin', '{
	"format": 1, "engine": 1, "pages": [{
		"title": "margin", "region": "500112", "scheme": "resident", "from": "2024-04-01", "to": "2024-12-31",
		"sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
		"codes": {"category": {"7201": "低保边缘户", "特困": "特困"}, "care_type": {"14": "outpatient", "21": "inpatient"}, "level": {"3": "third"},
			"place": {"市内": "near", "市外": "away"}, "referral": {"1": "a", "2": "b", "3": "c"}, "person_type": {"儿童": "c", "老人": "o", "其他": "a"},
			"disease": {"d": "d"}},
		"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.7}]},
				   {"name": "aid", "kind": "assistance", "base": {"copay": 1},
					"rules": [{"name": "margin", "when": {"category": ["7201"], "facts": {"merit": {"at_least": 0}}}, "ratio": 0.6}]}]}]}');
CREATE TABLE for_terms AS
	SELECT s.* FROM synthetic_year(50000, 3, 2024, '500112', terms => (SELECT terms FROM test.policy WHERE name = 'margin')) s;
SELECT c.scenario, c.amount > 0 AS paid, c.amount = by_hand.aid AS aid, c.difference = by_hand.more AS more
  FROM (SELECT simulate(person, make_bill(total => total, in_scope => in_scope, excluded => excluded, over_limit => over_limit, first_share => first_share,
								region => region, scheme => scheme, ordered_at => ordered_at, seq => seq, category => category, care_type => care_type,
								level => level, referral => referral, place => place, person_type => person_type, disease => disease, designated => designated,
								age => age, facts => facts),
				(SELECT make_study(ARRAY[make_scenario('in force', terms), make_scenario('more', shift_terms(terms, 'layers.aid.rules.margin.ratio', 0.05))])
				   FROM test.policy WHERE name = 'margin')) AS s FROM for_terms) simulated
 CROSS JOIN LATERAL (SELECT scenario, sum(amount) AS amount, sum(difference) AS difference FROM simulated_costs(s) WHERE layer = 'aid' GROUP BY scenario) c
  JOIN (SELECT v.scenario, sum(round((in_scope - round(in_scope * 0.7, 2)) * v.ratio, 2)) AS aid,
			   sum(round((in_scope - round(in_scope * 0.7, 2)) * v.ratio, 2) - round((in_scope - round(in_scope * 0.7, 2)) * 0.6, 2)) AS more
		  FROM for_terms, (VALUES ('in force', 0.6), ('more', 0.65)) v (scenario, ratio) WHERE category = '{7201}' GROUP BY v.scenario) by_hand USING (scenario)
 ORDER BY 1;
SELECT min(ordered_at)::date AS first_day, max(ordered_at)::date AS last_day, string_agg(DISTINCT category::text COLLATE "C", ' ') AS category,
	   array_agg(DISTINCT care_type ORDER BY care_type) AS care_type, array_agg(DISTINCT level) AS level, string_agg(DISTINCT disease::text COLLATE "C", ' ') AS disease,
	   min(facts::text) AS facts FROM for_terms;
SELECT place, array_agg(DISTINCT referral ORDER BY referral) AS referral, count(*) > (SELECT count(*) FROM for_terms) / 2 AS most FROM for_terms GROUP BY place ORDER BY place;
SELECT person_type, min(age) AS youngest, max(age) < 60 AS below_60 FROM for_terms GROUP BY person_type ORDER BY min(age);
-- persons and amounts of a seed are those without terms; the days move into those on which the terms hold
SELECT count(*) AS different
  FROM (SELECT person, seq, total, in_scope, income, age FROM for_terms
		EXCEPT ALL SELECT person, seq, total, in_scope, income, age FROM synthetic_year(50000, 3, 2024, '500112')) d;

-- pages with a gap between them, and one for stays admitted from August on: 31 + 28 + 31 days until March, 31 + 30 + 31 + 30 + 31 from August, no other
INSERT INTO test.policy
SELECT 'gaps', terms(json_build_object('format', 1, 'engine', 1, 'pages', json_agg(jsonb_build_object('title', 'p', 'region', '500112', 'scheme', 'resident', 'from', first_day, 'to', last_day,
		'sources', '{"D": {"document": "test"}}'::json, 'cite', '{"source": "D", "mark": "example"}'::json, 'layers', '[{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]}]'::json)
		|| admitted)))
  FROM (VALUES (date '2020-01-01', date '2025-03-31', jsonb '{}'), ('2025-07-01', '2026-12-31', '{"admitted": {"from": "2025-08-01"}}'), ('2027-01-01', '2027-12-31', '{"admitted": {"to": "2026-12-31"}}'))
	   v (first_day, last_day, admitted);
CREATE TABLE with_gaps AS SELECT b.* FROM synthetic_year(20000, 3, 2025, '500112', terms => (SELECT terms FROM test.policy WHERE name = 'gaps')) b;
SELECT count(DISTINCT ordered_at::date) AS days, count(DISTINCT ordered_at::date) FILTER (WHERE ordered_at < '2025-04-01') AS until_march,
	   count(DISTINCT ordered_at::date) FILTER (WHERE ordered_at >= '2025-08-01') AS from_august, min(ordered_at) AS first, max(ordered_at) AS last FROM with_gaps;
SELECT t.bills = (SELECT count(*) FROM synthetic_year(20000, 3, 2025)) AS all_bills
  FROM (SELECT simulate(person, make_bill(total => total, in_scope => in_scope, excluded => excluded, over_limit => over_limit, first_share => first_share,
								region => region, scheme => scheme, ordered_at => ordered_at, seq => seq), (SELECT terms FROM test.policy WHERE name = 'gaps')) AS s FROM with_gaps) x,
	   simulated_totals(s) t;

-- ---- refusals ----

SELECT r.* FROM unnest(ARRAY[
	'SELECT * FROM assistance.synthetic_year(-1)',
	'SELECT * FROM assistance.synthetic_year(1, year => 1989)',
	'SELECT * FROM assistance.synthetic_year(1, 1, 2025, ''500112'', terms => (SELECT terms FROM test.policy WHERE name = ''margin''))',
	'SELECT * FROM assistance.synthetic_year(1, 1, 2024, terms => (SELECT terms FROM test.policy WHERE name = ''margin''))',
	'SELECT * FROM assistance.synthetic_year(1, 1, 2027, ''500112'', terms => (SELECT terms FROM test.policy WHERE name = ''gaps''))',
	'SELECT * FROM assistance.synthetic_bills(1, 1, ''{}'', ''a'', ''b'', 1, (assistance.synthetic_codes(NULL, ''a'', ''b'', 2025)).codes)',
	'SELECT * FROM assistance.synthetic_bills(1, 1, array_fill(date ''2025-01-01'', ARRAY[367]), ''a'', ''b'', 1, (assistance.synthetic_codes(NULL, ''a'', ''b'', 2025)).codes)',
	'SELECT * FROM assistance.synthetic_bills(1, 1, ''{2025-01-01,NULL}'', ''a'', ''b'', 1, (assistance.synthetic_codes(NULL, ''a'', ''b'', 2025)).codes)',
	'SELECT * FROM assistance.synthetic_bills(1, 1, ''{2025-01-01}'', ''a'', ''b'', 1, ''{a,b}'')',
	'SELECT * FROM assistance.synthetic_year(1, mean_in_scope => 0)',
	'SELECT * FROM assistance.synthetic_year(1, mean_in_scope => 0.001)']) statement, test.raises(statement) r;
SELECT count(*) FROM synthetic_year(0);
SELECT count(*) FROM synthetic_year(10, year => NULL);

DROP TABLE synthetic, seventy, for_terms, with_gaps;
DELETE FROM test.policy WHERE name IN ('seventy', 'margin', 'gaps');
