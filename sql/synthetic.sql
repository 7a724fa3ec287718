-- synthetic.sql — the generated year: reproducible, as published where something is published, and good for make_bill.

SET search_path = public, assistance;

CREATE TABLE synthetic AS SELECT * FROM synthetic_year(100000);

-- the same rows for the same seed, whatever the number of persons; other rows for another seed. The fingerprint guards against change.
SELECT count(*) AS different FROM (SELECT * FROM synthetic WHERE person <= 1000 EXCEPT ALL SELECT * FROM synthetic_year(1000)) d;
SELECT md5(string_agg(s::text, '|' ORDER BY person, seq)) FROM synthetic_year(1000) s;
SELECT count(*) < 20 AS others FROM (SELECT person, in_scope FROM synthetic_year(1000) INTERSECT SELECT person, in_scope FROM synthetic_year(1000, seed => 2)) s;
SELECT min(ordered_at) >= '2024-01-01' AND max(ordered_at) < '2025-01-01' AND count(DISTINCT ordered_at) = 366 AS leap_year,
	   avg(in_scope) BETWEEN 900 AND 1100 AS mean, min(region) AS region, min(scheme) AS scheme
  FROM synthetic_year(20000, 7, 2024, '110000', 'employee', 1000);

-- 医保函〔2020〕56号: 8 751 of 130 000 helped persons; 7 050 treatments of 8 751 persons; 特困 29.4 of 889.9
SELECT round(count(*) / 100000.0, 2) AS bills_of_person, round(avg(in_scope) / 3392.10, 1) AS of_mean,
	   round(avg((category <> '{}')::int), 2) AS helped,
	   sum((category = '{特困}')::int)::numeric / sum((category <> '{}')::int) BETWEEN 0.025 AND 0.041 AS poverty
  FROM synthetic;
-- a long tail: a tenth of the bills makes more than half of the cost
SELECT sum(in_scope) FILTER (WHERE dear <= 0.1) > 0.5 * sum(in_scope) AS dear, max(in_scope) > 20 * avg(in_scope) AS tail
  FROM (SELECT in_scope, percent_rank() OVER (ORDER BY in_scope DESC) AS dear FROM synthetic) s;
SELECT count(*) AS inconsistent FROM synthetic WHERE total <> in_scope + excluded + over_limit + first_share OR in_scope <= 0 OR income <= 0;

-- The national total: with 70 % of basic insurance and 70 % of assistance, as that reply has them, the helped persons of this year, made
-- 87 510 000, are paid 50 220 000 000 yuan; within 3 % for so many persons.
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
	  FROM synthetic_year(1000000) WHERE category <> '{}';
SELECT abs(assistance * 87510000 / (1000000 * 0.067315) / 50220000000 - 1) < 0.03 AS national_total FROM seventy, simulated_totals(s);
SELECT percent, persons_above > 0 AS some, persons_above < persons AS not_all FROM seventy, simulated_hardship(s) WHERE everyone AND percent IN (10, 40);

-- ---- refusals ----

SELECT r.* FROM unnest(ARRAY[
	'SELECT * FROM assistance.synthetic_year(-1)',
	'SELECT * FROM assistance.synthetic_year(1, year => 1989)',
	'SELECT * FROM assistance.synthetic_year(1, mean_in_scope => 0)',
	'SELECT * FROM assistance.synthetic_year(1, mean_in_scope => 0.001)']) statement, test.raises(statement) r;
SELECT count(*) FROM synthetic_year(0);

DROP TABLE synthetic, seventy;
DELETE FROM test.policy WHERE name = 'seventy';
