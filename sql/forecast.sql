-- forecast.sql — the need of assistance: by hand, against the national figures of 2019, and from the register.
SET search_path = public, assistance;
SET client_min_messages = warning;

-- ---- by hand ----

-- Category a: cost 800 000 -> 1 000 000 in two years, so 1 250 000 in two more; persons 1000 -> 1100, so 1210; cost of a treatment
-- 1000 -> 1111.11, so 1234.57; of what insurance leaves (30 %) 70 % is paid: 262 500. In one year: 210 000 x sqrt(1.25) = 234 787.14.
-- Changes ln(17/15) and ln(21/17): deviation 0.0609144; t of one degree 3.078; sqrt(1 + 1/2): within exp(0.229633) = 1.258139.
-- Category b: one year known, 20 treatments of 50 yuan, half of it insured, a fifth of the rest paid.
CREATE TABLE known_years AS
	SELECT v.* FROM (VALUES (2016, 'a', 1000, 800, 800000, 560000, 150000), (2017, 'a', 1000, 820, 900000, 630000, 170000),
							(2018, 'a', 1100, 900, 1000000, 700000, 210000), (2018, 'b', 10, 20, 1000, 500, 100)) v (year, category, persons, treatments, cost, insured, assisted);
CREATE FUNCTION known_years() RETURNS need_year[] LANGUAGE sql STABLE
	RETURN (SELECT array_agg(ROW(year, category, persons, treatments, cost, insured, assisted)::need_year) FROM known_years);
SELECT * FROM forecast_need(known_years(), 2020);
SELECT f.year, category, need = round(210000 * sqrt(1.25), 2) AS by_hand,
	   abs(need_high / need - 1.258139) < 0.000001 AS high, abs(need / need_low - 1.258139) < 0.000001 AS low
  FROM forecast_need(known_years(), 2019) f WHERE category = 'a';
-- totals are the sums of the rows
SELECT t.year, t.need = sum(r.need) AS need, t.persons - sum(r.persons) AS persons
  FROM forecast_need(known_years(), 2025) t JOIN forecast_need(known_years(), 2025) r USING (year) WHERE t.everyone AND NOT r.everyone
 GROUP BY t.year, t.need, t.persons ORDER BY t.year;
-- assumptions: nothing grows but costs by 10 %; one point more of insurance, two points more of the standard a year:
-- 1 000 000 x 1.1 x (1 - 0.71) x 0.72 = 229 680; then 1 210 000 x (1 - 0.72) x 0.74 = 250 712; b: 1100 x 0.5 x 0.2 = 110, 121
SELECT year, category, insured_share, standard, need
  FROM forecast_need(known_years(), 2020, '{"*": {"persons": 0, "incidence": 0, "cost": 0.1}, "a": {"insured": 0.01, "standard": 0.02}}') WHERE NOT everyone;
-- a spread of a tenth: within exp(1.282 x 0.1 x sqrt(2)) = 1.1988 after two years, exp(1.960 x 0.1) = 1.2165 after one with 95 %
SELECT round(need_high / need, 4) AS high, round(need / need_low, 4) AS low FROM forecast_need(known_years(), 2020, spread => 0.1) WHERE year = 2020 AND category = 'a';
SELECT round(need_high / need, 4) AS high FROM forecast_need(known_years(), 2019, confidence => 0.95, spread => 0.1) WHERE category = 'a';
-- a category that has ended; nothing ahead
SELECT count(*) FROM forecast_need(known_years() || ROW(2017, 'c', 5, 5, 5, 1, 1)::need_year, 2019);
SELECT count(*) FROM forecast_need(known_years(), 2018);
SELECT count(*) FROM forecast_need(NULL, 2018);

-- ---- 医保函〔2020〕56号 ----

-- The figures themselves, as of one year: 8 751 万 persons, 7 050 万 treatments, 502.2 亿 yuan at 70 % after 70 %
SELECT persons, round(incidence, 4) AS incidence, cost_per_treatment, round(standard, 4) AS standard, need
  FROM forecast_need(ARRAY[ROW(2018, 'helped', 87510000, 70500000, 50220000000 / 0.21, 50220000000 / 0.3, 50220000000)::need_year], 2019) WHERE everyone;
-- Three generated years before 2019 in which costs grow by 8 %, settled at 70 % and 70 %, made as many persons as were helped: the
-- forecast of 2019 comes within 5 % of 50 220 000 000 yuan, and the band holds it
INSERT INTO test.policy VALUES ('seventy', '{
	"format": 1, "engine": 1, "pages": [{
		"title": "70 % and 70 %", "region": "000000", "scheme": "resident", "from": "2010-01-01",
		"sources": {"D": {"document": "医保函〔2020〕56号"}}, "cite": {"source": "D", "mark": "example"},
		"codes": {"category": {"低保": "低保", "特困": "特困"}},
		"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.7}]},
				   {"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "helped", "when": {"category": ["低保", "特困"]}, "ratio": 0.7}]}]}]}');
CREATE TABLE seventy AS
	SELECT y AS year, (SELECT simulate(person, make_bill(total => total, in_scope => in_scope, excluded => excluded, over_limit => over_limit, first_share => first_share,
									region => region, scheme => scheme, ordered_at => ordered_at, seq => seq, category => category),
									(SELECT terms FROM test.policy WHERE name = 'seventy'))
						 FROM synthetic_year(400000, seed => y, year => y, mean_in_scope => round(3392.10 / power(1.08, 2019 - y)::numeric, 2))
						WHERE category <> '{}') AS s
	  FROM generate_series(2016, 2018) y;
CREATE FUNCTION seventy() RETURNS need_year[] LANGUAGE sql STABLE
	RETURN (SELECT array_agg(ROW(year, 'helped', 87510000, round(bills * scale), in_scope * scale, insured * scale, assisted * scale)::need_year)
			  FROM (SELECT year, 87510000 / (400000 * 0.067315) AS scale, (SELECT sum(bills) FROM simulated_bills(s)) AS bills,
						   (SELECT sum(in_scope) FROM simulated_bills(s)) AS in_scope,
						   (SELECT sum(amount) FROM simulated_costs(s) WHERE kind = 'basic') AS insured,
						   (SELECT sum(amount) FROM simulated_costs(s) WHERE kind = 'assistance') AS assisted FROM seventy) y);
SELECT abs(need / 50220000000 - 1) < 0.05 AS national_total, 50220000000 BETWEEN need_low AND need_high AS within, changes_known,
	   round(incidence, 1) AS incidence, abs(cost_per_treatment / 3392.10 - 1) < 0.05 AS cost, insured_share BETWEEN 0.69999 AND 0.70001 AS insured,
	   standard BETWEEN 0.69999 AND 0.70001 AS standard
  FROM forecast_need(seventy(), 2019) WHERE everyone;

-- ---- from the register ----

-- Region X: critical 10 000 / 60 %, assistance 70 %; DOMAIN 5 by hand: burdens 8 000, 4 000, 5 000 pay critical 0, 1 200, 3 000, assistance
-- 5 600, 1 960, 1 400; reversing the second leaves 8 000 and 5 000, critical 1 800, assistance 5 600 and 2 240. Recognised are 903 in 2030
-- as low and poor, without a bill, and in 2031 as low, with 904, who has no bill.
INSERT INTO assistance_register.person (person_id, region) SELECT p, 'X' FROM generate_series(901, 904) p;
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (903, 'low', '[2030-05-01,)'), (903, 'poor', '[2030-06-01,2031-01-01)'), (904, 'low', '[2031-01-01,)');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, excluded, region, scheme, category)
VALUES (901, 'need 1', '2030-01-15', 8000, 8000, 0, 'X', 'resident', '{}'), (901, 'need 2', '2030-02-15', 4000, 4000, 0, 'X', 'resident', '{}'),
	   (901, 'need 3', '2030-03-15', 5000, 5000, 0, 'X', 'resident', '{}'), (902, 'need 4', '2030-03-15', 1100, 1000, 100, 'X', 'resident', '{low}'),
	   (903, 'need 5', '2031-03-15', 2000, 2000, 0, 'X', 'resident', NULL);
SELECT * FROM need_history('X') WHERE year >= 2030;
SELECT count(*) AS posted FROM reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'need 2'), 'need 2 back', 'withdrawn');
SELECT * FROM need_history('X') WHERE year >= 2030;
SELECT sum(treatments) AS treatments FROM need_history() WHERE year >= 2030;
SELECT category, need FROM forecast_need((SELECT array_agg(h) FROM need_history('X') h WHERE year = 2031), 2032, '{"*": {"cost": 0.1}}');

-- ---- refusals ----

SELECT r.* FROM unnest(ARRAY[
	'SELECT * FROM assistance.forecast_need(ARRAY[ROW(2018, NULL, 1, 1, 1, 1, 1)]::assistance.need_year[], 2019)',
	'SELECT * FROM assistance.forecast_need(ARRAY[ROW(2018, ''a'', 1, 1, 1, 2, 1)]::assistance.need_year[], 2019)',
	'SELECT * FROM assistance.forecast_need(ARRAY[ROW(2018, ''a'', 1, 1, ''NaN'', 2, 1)]::assistance.need_year[], 2019)',
	'SELECT * FROM assistance.forecast_need(ARRAY[ROW(2018, ''a'', 1, 1, 2, 1, 1), ROW(2018, ''a'', 1, 1, 2, 1, 1)]::assistance.need_year[], 2019)',
	'SELECT * FROM assistance.forecast_need(public.known_years(), 2019, ''{"*": {"costs": 0.1}}'')',
	'SELECT * FROM assistance.forecast_need(public.known_years(), 2019, ''{"*": {"cost": "0.1"}}'')',
	'SELECT * FROM assistance.forecast_need(public.known_years(), 2019, ''{"c": {"cost": 0.1}}'')',
	'SELECT * FROM assistance.forecast_need(public.known_years(), 2019, ''{"*": 0.1}'')',
	'SELECT * FROM assistance.forecast_need(public.known_years(), 2019, confidence => 0.99)',
	'SELECT * FROM assistance.forecast_need(public.known_years(), 2019, spread => -1)',
	'SELECT * FROM assistance.forecast_need(public.known_years(), 202500)']) statement, test.raises(statement) r;

DROP TABLE seventy;
DROP FUNCTION seventy(), known_years();
DROP TABLE known_years;
DELETE FROM test.policy WHERE name = 'seventy';
