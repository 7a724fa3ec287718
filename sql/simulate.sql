-- simulate.sql — the aggregate simulate and its reports, against the window form: the oracle of every report is plain SQL over the
-- rows of settle().

SET search_path = public, assistance;

-- 400 persons with 1 to 9 bills of the year in order of arrival; some have an income, some no category that is known
CREATE TABLE study_bill AS
	SELECT p AS number, 'P' || lpad(p::text, 4, '0') AS person, ordered_at, n::bigint AS seq, level, category, care_type, total, in_scope, income,
		   make_bill(total => total, in_scope => in_scope, excluded => total - in_scope, region => 'T', scheme => 'resident', ordered_at => ordered_at,
					 seq => n, level => level, category => category, care_type => care_type,
					 facts => CASE WHEN income IS NOT NULL THEN json_build_object('income', income) END) AS bill
	  FROM (SELECT p, n, timestamp '2025-01-01 08:00' + interval '1 day' * (hashint8extended(p * 100 + n, 1) & 255) AS ordered_at,
				   CASE WHEN hashint8extended(p * 100 + n, 4) % 3 = 0 THEN '3' ELSE '2' END AS level,
				   CASE p % 4 WHEN 0 THEN '{low}' WHEN 1 THEN '{poor,low}' ELSE '{}' END::text[] AS category,
				   CASE WHEN p % 3 > 0 THEN '21' END AS care_type,
				   ((hashint8extended(p * 1000 + n, 2) & 2097151) + (hashint8extended(p * 1000 + n, 3) & 65535))::numeric / 100 AS total,
				   (hashint8extended(p * 1000 + n, 2) & 2097151)::numeric / 100 AS in_scope,
				   CASE WHEN p % 5 > 0 THEN 4000.00 + p * 37.5 END AS income
			  FROM generate_series(1, 400) p, generate_series(1, 1 + p % 9) n) b
	 ORDER BY ordered_at, person;

-- A second policy for the same bills, invented for this test: another page from July on, a fixed price (the hospital bears), a
-- threshold (year adjustments), a cap of the visit, of the base and of the number of payments, a ceiling, a deductible with a counter.
INSERT INTO test.policy
SELECT 'two halves', terms(json_build_object('format', 1, 'engine', 1, 'pages', json_agg(json_build_object(
	'title', 'Half ' || half, 'region', 'T', 'scheme', 'resident',
	'from', CASE half WHEN 1 THEN '2025-01-01' ELSE '2025-07-01' END, 'to', CASE half WHEN 1 THEN '2025-06-30' ELSE '2025-12-31' END,
	'sources', '{"S": {"document": "Test"}}'::json, 'cite', '{"source": "S", "mark": "example"}'::json,
	'codes', '{"level": {"2": "second", "3": "third"}, "category": {"low": "low", "poor": "poor"}}'::json,
	'fixed_prices', '[{"name": "third", "when": {"level": ["3"]}, "price": 15000}]'::json,
	'ceilings', '[{"name": "nine tenths", "layers": ["basic", "aid", "charity"], "share": 0.9, "of": "total", "per": "visit"}]'::json,
	'layers', format('[
		{"name": "basic", "kind": "basic",
		 "rules": [{"name": "all", "deductible": {"amount": %s, "counter": "once a year"}, "ratio": 0.65}]},
		{"name": "critical", "kind": "critical", "base": {"deductible": 1, "over_cap": 1, "copay": 1, "penalty": 0},
		 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 9000, "kind": "threshold"}, "ratio": 0.5}]},
		{"name": "aid", "kind": "assistance", "base": {"deductible": 1, "over_cap": 1, "copay": 1, "excluded": 0.2},
		 "rules": [{"name": "poor", "when": {"category": ["poor"]}, "ratio": 0.9, "caps": [{"limit": 3000, "per": "visit"}, {"limit": 7000}]},
				   {"name": "low", "when": {"category": ["low"]}, "ratio": 0.75, "caps": [{"limit": 6000}]}]},
		{"name": "charity", "kind": "charity", "base": {"copay": 1},
		 "rules": [{"name": "all", "ratio": 0.01, "times": {"limit": 3}, "caps": [{"limit": 4000, "on": "base", "per": "visit"}]}]}]', 200 * half)::json) ORDER BY half)))
  FROM generate_series(1, 2) half;

CREATE TABLE draft (n integer, scenario text, terms terms);
INSERT INTO draft
SELECT 1, 'in force', test.terms('plain')
UNION ALL
SELECT 2, 'aid 6 points more', shift_terms(test.terms('plain'), 'layers.aid.rules."low income".ratio', 0.06)
UNION ALL
SELECT 3, 'two halves', test.terms('two halves')
UNION ALL
SELECT 4, 'the same again', test.terms('plain');

CREATE TABLE simulated AS
	SELECT simulate(person, bill, (SELECT make_study(array_agg(make_scenario(scenario, terms) ORDER BY n), income_fact => 'income') FROM draft)) AS s FROM study_bill;

-- the rows of the window form under each of these terms
CREATE TABLE windowed AS
	SELECT d.n, d.scenario, b.person, b.ordered_at, b.seq, b.level, b.category, b.care_type, b.income, w.split
	  FROM draft d
	 CROSS JOIN LATERAL (SELECT person, ordered_at, seq, settle(d.terms, bill) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS split FROM study_bill OFFSET 0) w
	  JOIN study_bill b USING (person, ordered_at, seq);

-- ---- totals ----
SELECT count(*) AS scenarios, count(*) FILTER (WHERE (t.persons, t.bills, t.total, t.basic, t.critical, t.supplementary, t.assistance, t.tilt, t.emergency,
		t.government, t.other, t.charity, t.hospital, t.patient, t.adjustment, t.recoverable)
		IS DISTINCT FROM (w.persons, w.bills, w.total, w.basic, w.critical, w.supplementary, w.assistance, w.tilt, w.emergency, w.government, w.other, w.charity,
		w.hospital, w.patient, w.adjustment, w.recoverable)) AS different
  FROM simulated, simulated_totals(s) t
  FULL JOIN (SELECT scenario, count(DISTINCT person) AS persons, count(*) AS bills, sum((split).total) AS total, sum((split).basic) AS basic,
					sum((split).critical) AS critical, sum((split).supplementary) AS supplementary, sum((split).assistance) AS assistance,
					sum((split).tilt) AS tilt, sum((split).emergency) AS emergency, sum((split).government) AS government, sum((split).other) AS other,
					sum((split).charity) AS charity, sum((split).hospital) AS hospital, sum((split).patient) AS patient,
					sum((split).adjustment) AS adjustment, sum((split).recoverable) AS recoverable
			   FROM windowed GROUP BY scenario) w USING (scenario);
SELECT scenario, digest = terms_digest(terms) AS digest, burden = patient - adjustment + recoverable AS burden,
	   burden_difference = burden - first_value(burden) OVER (ORDER BY n) AS difference
  FROM simulated, simulated_totals(s) JOIN draft USING (scenario) ORDER BY n;

-- ---- costs by dimensions ----

-- one row by bill, layer and scenario, hospital and patient among them
CREATE TABLE payment AS
	SELECT w.n, w.scenario, l.layer, l.kind, 'T' AS region, 'resident' AS scheme, w.level, w.care_type,
		   (SELECT string_agg(c, '+' ORDER BY c COLLATE "C") FROM unnest(w.category) c) AS category, w.category = '{}' AS none,
		   date_trunc('month', w.ordered_at)::date AS month, l.paid, l.adjustment, l.recoverable
	  FROM windowed w
	 CROSS JOIN LATERAL (SELECT layer, kind, paid, adjustment, recoverable FROM split_lines(w.split)
						 UNION ALL SELECT NULL, 'hospital', (w.split).hospital, 0, 0
						 UNION ALL SELECT NULL, 'patient', (w.split).patient, -(w.split).adjustment, -(w.split).recoverable) l;
UPDATE payment SET category = '' WHERE none;
CREATE TABLE cost AS
	SELECT scenario, layer, kind, region, scheme, level, care_type, category, month, count(*) FILTER (WHERE paid > 0) AS bills, sum(paid) AS paid,
		   sum(adjustment) AS adjustment, sum(recoverable) AS recoverable, sum(paid + adjustment - recoverable) AS amount
	  FROM payment GROUP BY n, scenario, layer, kind, region, scheme, level, care_type, category, month;
SELECT count(*) > 500 AS many, count(*) FILTER (WHERE adjustment <> 0) > 20 AS adjusted, count(*) FILTER (WHERE kind = 'hospital' AND paid > 0) > 20 AS fixed,
	   count(DISTINCT category) AS categories, count(DISTINCT month) AS months
  FROM cost;
SELECT count(*) AS different
  FROM ((SELECT scenario, layer, kind, region, scheme, level, care_type, category, month, bills, paid, adjustment, recoverable, amount
		   FROM simulated, simulated_costs(s) WHERE (paid, adjustment, recoverable) <> (0, 0, 0)
		 EXCEPT ALL TABLE cost)
		UNION ALL
		(SELECT * FROM cost WHERE (paid, adjustment, recoverable) <> (0, 0, 0)
		 EXCEPT ALL SELECT scenario, layer, kind, region, scheme, level, care_type, category, month, bills, paid, adjustment, recoverable, amount
					  FROM simulated, simulated_costs(s))) d;
-- differences: those of the sums, also where only one side has a row; scenarios that are the same differ by 0
WITH by_key AS (
	SELECT d.scenario, k.*, COALESCE(c.amount, 0) - COALESCE(b.amount, 0) AS difference
	  FROM draft d
	 CROSS JOIN (SELECT DISTINCT layer, kind, level, care_type, category, month FROM cost) k
	  LEFT JOIN cost c ON c.scenario = d.scenario AND (c.layer, c.kind, c.level, c.care_type, c.category, c.month)
		IS NOT DISTINCT FROM (k.layer, k.kind, k.level, k.care_type, k.category, k.month)
	  LEFT JOIN cost b ON b.scenario = 'in force' AND (b.layer, b.kind, b.level, b.care_type, b.category, b.month)
		IS NOT DISTINCT FROM (k.layer, k.kind, k.level, k.care_type, k.category, k.month)
)
SELECT count(*) > 100 AS some, count(*) FILTER (WHERE c.difference IS DISTINCT FROM k.difference) AS different
  FROM (SELECT * FROM by_key WHERE difference <> 0) k
  LEFT JOIN (SELECT c.* FROM simulated, simulated_costs(s) c) c USING (scenario, kind, level, month)
 WHERE (c.layer, c.care_type, c.category) IS NOT DISTINCT FROM (k.layer, k.care_type, k.category);
SELECT scenario, sum(difference) AS difference, count(*) FILTER (WHERE difference <> 0) > 0 AS some
  FROM simulated, simulated_costs(s) WHERE kind NOT IN ('patient', 'hospital') GROUP BY scenario
 EXCEPT ALL
SELECT scenario, sum(amount) - (SELECT sum(amount) FROM cost WHERE scenario = 'in force' AND layer IS NOT NULL),
	   scenario NOT IN ('in force', 'the same again')
  FROM cost WHERE layer IS NOT NULL GROUP BY scenario;
-- the bills themselves
SELECT count(*) AS different
  FROM (SELECT level, care_type, category, month, bills, total, in_scope, excluded, over_limit, first_share FROM simulated, simulated_bills(s)
		EXCEPT ALL
		SELECT level, care_type, CASE category WHEN '{}' THEN '' WHEN '{low}' THEN 'low' ELSE 'low+poor' END, date_trunc('month', ordered_at)::date,
			   count(*), sum(total), sum(in_scope), sum(total - in_scope), 0, 0
		  FROM study_bill GROUP BY 1, 2, 3, 4) d;
SELECT sum(bills) = (SELECT count(*) FROM study_bill) AS all_bills FROM simulated, simulated_bills(s);

-- ---- what persons bear ----

CREATE TABLE burden AS
	SELECT scenario, person, (array_agg(CASE category WHEN '{}' THEN '' WHEN '{low}' THEN 'low' ELSE 'low+poor' END ORDER BY ordered_at DESC, seq DESC))[1] AS category,
		   max(income) AS income, sum((split).patient - (split).adjustment + (split).recoverable) AS burden
	  FROM windowed GROUP BY scenario, person;
CREATE TABLE grouped AS
	SELECT scenario, false AS everyone, category, person, income, burden FROM burden UNION ALL SELECT scenario, true, NULL, person, income, burden FROM burden;
-- the nearest rank, counted in whole numbers (percentile_disc multiplies floating numbers: 0.07 of 100 is its 8th)
SELECT count(*) AS quantiles, count(*) FILTER (WHERE q.amount IS DISTINCT FROM o.amount OR q.persons IS DISTINCT FROM o.persons) AS different
  FROM simulated, simulated_burden(s) q
  FULL JOIN (SELECT scenario, everyone, category, count(*) AS persons, f.quantile, (array_agg(burden ORDER BY burden))[GREATEST(ceil(f.quantile * count(*)), 1)] AS amount
			   FROM grouped, (SELECT n / 1000.0 AS quantile FROM generate_series(0, 1000) n WHERE n % 10 = 0 OR n IN (995, 999)) f
			  GROUP BY scenario, everyone, category, f.quantile) o
	ON o.scenario = q.scenario AND o.everyone = q.everyone AND o.category IS NOT DISTINCT FROM q.category AND o.quantile = q.quantile;
SELECT count(*) AS different FROM simulated, simulated_burden(s) q JOIN simulated_burden(s) b USING (everyone, quantile)
 WHERE b.scenario = 'in force' AND q.category IS NOT DISTINCT FROM b.category AND q.difference <> q.amount - b.amount;
-- hardship
SELECT count(*) AS steps, sum(h.persons_above) > 0 AS some, count(*) FILTER (WHERE (h.persons, h.persons_above) IS DISTINCT FROM (o.persons, o.above)) AS different
  FROM simulated, simulated_hardship(s) h
  FULL JOIN (SELECT scenario, everyone, category, percent, count(*) AS persons, count(*) FILTER (WHERE burden * 100 > income * percent) AS above
			   FROM grouped, generate_series(0, 100) percent WHERE income IS NOT NULL GROUP BY scenario, everyone, category, percent) o
	ON o.scenario = h.scenario AND o.everyone = h.everyone AND o.category IS NOT DISTINCT FROM h.category AND o.percent = h.percent;
-- winners and losers
CREATE TABLE change AS
	SELECT g.scenario, g.everyone, g.category, g.burden - b.burden AS change
	  FROM grouped g JOIN burden b ON b.scenario = 'in force' AND b.person = g.person WHERE g.scenario <> 'in force';
SELECT count(*) AS bands, count(*) FILTER (WHERE (c.persons, c.amount) IS DISTINCT FROM (o.persons, o.amount)) AS different
  FROM simulated, simulated_changes(s) c
 CROSS JOIN LATERAL (SELECT count(*) AS persons, COALESCE(sum(change), 0) AS amount FROM change o
					  WHERE o.scenario = c.scenario AND o.everyone = c.everyone AND o.category IS NOT DISTINCT FROM c.category
						AND CASE c.outcome WHEN 'same' THEN change = 0 WHEN 'wins' THEN change < c.high AND (c.low IS NULL OR change >= c.low)
							ELSE change > c.low AND (c.high IS NULL OR change <= c.high) END) o;
SELECT scenario, outcome, sum(persons) AS persons, sum(amount) = (SELECT sum(change) FROM change x WHERE x.scenario = c.scenario AND x.everyone
		AND sign(x.change) = CASE outcome WHEN 'wins' THEN -1 WHEN 'loses' THEN 1 ELSE 0 END) AS amount
  FROM simulated, simulated_changes(s) c WHERE everyone AND persons > 0 GROUP BY scenario, outcome ORDER BY scenario, outcome;
SELECT outcome, low, high FROM simulated, simulated_changes(s) WHERE everyone AND scenario = 'two halves';

-- ---- limits ----

-- what was paid before this bill, and on it before this layer by members of the ceiling; what entered the last layer before its base cap
CREATE TABLE line AS
	SELECT w.scenario, w.person, w.ordered_at, w.seq, l.*, (w.split).total - (w.split).hospital AS cost,
		   COALESCE((SELECT amount FROM split_left(w.split) WHERE bucket = 'copay'), 0) + l.paid AS entering,
		   sum(l.paid) OVER (PARTITION BY w.scenario, w.person, l.layer ORDER BY w.ordered_at, w.seq) - l.paid AS paid_before,
		   count(*) FILTER (WHERE l.paid > 0) OVER (PARTITION BY w.scenario, w.person, l.layer ORDER BY w.ordered_at, w.seq)
				- (l.paid > 0)::int AS times_before,
		   sum(l.paid) FILTER (WHERE l.layer IN ('basic', 'aid', 'charity')) OVER (PARTITION BY w.scenario, w.person, w.ordered_at, w.seq
				ORDER BY l.place) - l.paid AS paid_by_members
	  FROM windowed w, split_lines(w.split) l;
-- every limit of every rule that was applied, from what the policies above say; room: what it leaves
CREATE TABLE met AS
	SELECT l.scenario, l.person, l.ordered_at, l.seq, l.layer, l.rule, k.limit_kind, k.number, k.room, l.room AS least, l.due,
		   CASE k.limit_kind WHEN 'deductible' THEN l.base > l.deductible WHEN 'base_cap' THEN l.entering > 0 AND l.entering >= k.room
			   WHEN 'times' THEN l.due > 0 AND k.room = 0 ELSE l.due > 0 AND l.due >= k.room END AS reached,
		   CASE k.limit_kind WHEN 'base_cap' THEN l.entering - k.room WHEN 'times' THEN l.due ELSE l.due - k.room END AS beyond, l.deductible
	  FROM line l
	 CROSS JOIN LATERAL (
		SELECT 'deductible', NULL::int, NULL::numeric WHERE l.layer IN ('basic', 'critical')
		UNION ALL SELECT 'cap', 1, GREATEST(6000 - l.paid_before, 0) WHERE l.layer = 'aid' AND l.rule IN ('low income', 'low')
		UNION ALL SELECT 'cap', 1, 3000 WHERE l.layer = 'aid' AND l.rule = 'poor'
		UNION ALL SELECT 'cap', 2, GREATEST(7000 - l.paid_before, 0) WHERE l.layer = 'aid' AND l.rule = 'poor'
		UNION ALL SELECT 'base_cap', 1, 4000 WHERE l.layer = 'charity'
		UNION ALL SELECT 'times', NULL, GREATEST(3 - l.times_before, 0) WHERE l.layer = 'charity'
		UNION ALL SELECT 'ceiling', 1, GREATEST(trunc(l.cost * 0.9, 2) - l.paid_by_members, 0)
				   WHERE l.scenario = 'two halves' AND l.layer IN ('basic', 'aid', 'charity')) k (limit_kind, number, room)
	 WHERE l.state = 'applied';
-- the least of these rooms is the one that the line tells
SELECT count(*) AS lines, count(*) FILTER (WHERE least IS DISTINCT FROM room) AS different
  FROM (SELECT min(least) AS least, min(CASE WHEN limit_kind <> 'times' THEN room WHEN room = 0 THEN 0 END) AS room FROM met
		 WHERE limit_kind NOT IN ('deductible', 'base_cap') GROUP BY scenario, person, ordered_at, layer) l;
SELECT scenario, page_from, layer, rule, limit_kind, number, name, persons, persons_reached, bills, bills_reached, amount FROM simulated, simulated_limits(s)
 WHERE scenario IN ('in force', 'two halves');
SELECT count(*) AS limits, count(*) FILTER (WHERE (a.bills, a.bills_reached, a.amount) IS DISTINCT FROM (o.bills, o.bills_reached, o.amount)
			OR (a.pages = 1 AND (a.persons, a.persons_reached) IS DISTINCT FROM (o.persons, o.persons_reached))) AS different
  FROM (SELECT scenario, layer, rule, limit_kind, number, count(*) AS pages, sum(bills) AS bills, sum(bills_reached) AS bills_reached,
			   sum(amount) AS amount, sum(persons) AS persons, sum(persons_reached) AS persons_reached
		  FROM simulated, simulated_limits(s) WHERE rule IS NOT NULL GROUP BY scenario, layer, rule, limit_kind, number) a
  FULL JOIN (SELECT scenario, layer, rule, limit_kind, number, count(*) AS bills, count(*) FILTER (WHERE reached) AS bills_reached,
					COALESCE(CASE limit_kind WHEN 'deductible' THEN sum(deductible) ELSE sum(beyond) FILTER (WHERE reached) END, 0) AS amount,
					count(DISTINCT person) AS persons, count(DISTINCT person) FILTER (WHERE reached) AS persons_reached
			   FROM met GROUP BY scenario, layer, rule, limit_kind, number) o
	ON (o.scenario, o.layer, o.rule, o.limit_kind) = (a.scenario, a.layer, a.rule, a.limit_kind) AND o.number IS NOT DISTINCT FROM a.number;
-- limits that rules share: the ceiling of three layers, the yearly cap of two rules of aid. A bill and a person count once for all of them.
SELECT count(*) AS shared, count(*) FILTER (WHERE (a.bills, a.bills_reached, a.amount, a.persons, a.persons_reached)
			IS DISTINCT FROM (o.bills, o.bills_reached, o.amount, o.persons, o.persons_reached)) AS different, bool_or(o.persons_reached < o.of_rules) AS fewer
  FROM (SELECT l.* FROM simulated, simulated_limits(s) l WHERE l.rule IS NULL) a
  FULL JOIN (SELECT scenario, CASE WHEN ordered_at < '2025-07-01' THEN date '2025-01-01' ELSE '2025-07-01' END AS page_from, limit_kind,
					CASE limit_kind WHEN 'cap' THEN 'aid' END AS layer, CASE limit_kind WHEN 'cap' THEN 'aid' ELSE 'nine tenths' END AS name,
					count(DISTINCT (person, ordered_at, seq)) AS bills, count(DISTINCT (person, ordered_at, seq)) FILTER (WHERE reached) AS bills_reached,
					sum(beyond) FILTER (WHERE reached) AS amount, count(DISTINCT person) AS persons, count(DISTINCT person) FILTER (WHERE reached) AS persons_reached,
					count(DISTINCT (person, layer, rule)) FILTER (WHERE reached) AS of_rules
			   FROM met WHERE limit_kind = 'ceiling' OR (scenario = 'two halves' AND (rule, number) IN (('poor', 2), ('low', 1)) AND limit_kind = 'cap')
			  GROUP BY 1, 2, 3, 4) o
	ON (o.scenario, o.page_from, o.limit_kind, o.name) = (a.scenario, a.page_from, a.limit_kind, a.name) AND o.layer IS NOT DISTINCT FROM a.layer;

-- ---- the same whatever the way ----

-- in memory and through a file of many pieces; whatever the order; persons by number or text; sorted amounts too many to keep
CREATE TABLE ways AS
	SELECT 'file' AS way, simulate(person, bill, (SELECT make_study(array_agg(make_scenario(scenario, terms) ORDER BY n), 'income', 1) FROM draft)) AS s FROM study_bill
	UNION ALL
	SELECT 'order', simulate(person, bill, (SELECT make_study(array_agg(make_scenario(scenario, terms) ORDER BY n), 'income') FROM draft))
	  FROM (SELECT * FROM study_bill ORDER BY hashint8extended(number * seq, 7)) b
	UNION ALL
	SELECT 'number', simulate(number, bill, (SELECT make_study(array_agg(make_scenario(scenario, terms) ORDER BY n), 'income') FROM draft)) FROM study_bill;
SELECT way, simulation_send(w.s) = simulation_send(x.s) AS same FROM ways w, simulated x ORDER BY way;
-- 40 000 persons, so that the smallest budget writes their bills out again and again and has their amounts sorted by the server
CREATE TABLE many AS
	SELECT p::bigint AS person, test.bill((hashint8extended(p, n) & 1048575)::numeric / 100, timestamp '2025-03-01' + n * interval '1 hour', n) AS bill
	  FROM generate_series(1, 40000) p, generate_series(1, 1 + p % 3) n ORDER BY hashint8extended(p * n, 3);
SELECT simulation_send(m.s) = simulation_send(f.s) AS same, (simulated_totals(m.s)).bills
  FROM (SELECT simulate(person, bill, (SELECT make_study(array_agg(make_scenario(scenario, terms) ORDER BY n), budget => 1::bigint << 30) FROM draft)) AS s FROM many) m,
	   (SELECT simulate(person, bill, (SELECT make_study(array_agg(make_scenario(scenario, terms) ORDER BY n), budget => 1) FROM draft)) AS s FROM many) f LIMIT 1;
SELECT t.bills, t.patient = w.patient AS patient, b.amount = w.median AS median
  FROM (SELECT simulate(person, bill, (SELECT make_study(ARRAY[make_scenario('plain', test.terms('plain'))], budget => 1))) AS s FROM many) f,
	   simulated_totals(s) t, simulated_burden(s) b,
	   (SELECT sum(patient) AS patient, (array_agg(patient ORDER BY patient))[20000] AS median
		  FROM (SELECT sum((split).patient) AS patient
				  FROM (SELECT person, settle(test.terms('plain'), bill) OVER (PARTITION BY person ORDER BY (to_jsonb(bill) ->> 'ordered_at')::timestamp) AS split FROM many) x
				 GROUP BY person) y) w
 WHERE b.everyone AND b.quantile = 0.5;

-- by group: as many simulations as groups, side by side in a hash aggregate too
SET enable_sort = off;
CREATE TABLE by_group AS
	SELECT number % 70 AS part, simulate(person, bill, (SELECT terms FROM draft WHERE n = 2)) AS s FROM study_bill GROUP BY 1;
RESET enable_sort;
SELECT count(*) AS groups, count(*) FILTER (WHERE t.patient <> o.patient OR t.bills <> o.bills) AS different
  FROM by_group, simulated_totals(s) t,
	   LATERAL (SELECT sum((split).patient) AS patient, count(*) AS bills FROM windowed w WHERE w.n = 2 AND substr(w.person, 2)::int % 70 = part) o;
-- each group under terms of its own
SELECT n, t.assistance = (SELECT sum((split).assistance) FROM windowed w WHERE w.n = g.n) AS assistance
  FROM (SELECT n, simulate(person, bill, make_study(ARRAY[make_scenario(scenario, terms)])) AS s FROM draft, study_bill GROUP BY n) g, simulated_totals(s) t ORDER BY n;
-- no bills
SELECT simulate(person, bill, test.terms('plain')) IS NULL AS nothing FROM study_bill WHERE false;
SELECT count(*) FROM simulated_totals(NULL);
-- only events: nobody pays, everybody counts
SELECT t.persons, t.bills, t.total, t.burden
  FROM (SELECT simulate(p, make_bill(kind => 'application', region => 'T', scheme => 'resident', ordered_at => '2025-02-01'), test.terms('plain')) AS s
		  FROM generate_series(1, 3) p) x, simulated_totals(s) t;
-- the value as text, as bytes, stored
SELECT (s::text)::simulation::text = s::text AS text FROM simulated;
CREATE TABLE stored AS SELECT s FROM simulated;
SELECT scenario, patient = (SELECT sum((split).patient) FROM windowed w WHERE w.scenario = t.scenario) AS patient FROM stored, simulated_totals(s) t ORDER BY scenario;
-- damaged values are refused: every piece of the value, and every byte changed to 255
SELECT code, count(*) > 0 AS some FROM (SELECT substring(simulation_send(s) FROM 1 FOR n) AS piece FROM by_group, generate_series(0, 4000, 61) n WHERE part = 1 AND n < length(simulation_send(s))) x,
	test.raises(format('SELECT %L::assistance.simulation', piece)) GROUP BY code;
SELECT DISTINCT code IS NULL OR code = 'MA302' AS refused_or_read
  FROM (SELECT set_byte(simulation_send(s), n, 255) AS bytes FROM by_group, generate_series(0, 4000, 17) n WHERE part = 1 AND n < length(simulation_send(s))) x,
	test.raises(format('SELECT count(*) FROM (SELECT %L::assistance.simulation AS s) x, assistance.simulated_costs(s), assistance.simulated_totals(s)', bytes));

-- ---- one person with 10 000 bills; many kinds of bills ----

-- bills of 1.00: critical from 10 000 on pays nothing; aid (10 000 − 2 100) × 60 % = 4 740.00, the patient 5 260.00
SELECT t.persons, t.bills, t.total, t.patient
  FROM (SELECT simulate('P0001', test.bill(1, timestamp '2025-01-01' + n * interval '30 minutes'), test.terms('year by hand')) AS s
		  FROM (SELECT n FROM generate_series(1, 10000) n ORDER BY n % 7, n) x) y, simulated_totals(s) t;
-- more kinds of bills than profiles are kept (16 384), and more categories than groups (8 190 and all others)
CREATE TABLE kinds AS
	SELECT p AS person, make_bill(total => 100, in_scope => 100, region => 'T', scheme => 'resident', ordered_at => '2025-01-02', level => '2',
								  category => ARRAY(SELECT 'c' || k FROM generate_series(0, 15) k WHERE p >> k & 1 = 1)) AS bill
	  FROM generate_series(1, 65535) p WHERE length(replace(p::bit(16)::text, '0', '')) <= 8;
SELECT count(*) FROM kinds;
INSERT INTO test.policy
SELECT 'kinds', replace(replace(terms::text, '"category":["low"]', '"category":["c1"]'), '"poor":"poor"',
		'"poor":"poor",' || (SELECT string_agg(format('"c%s":"c"', k), ',') FROM generate_series(0, 15) k))::terms FROM test.policy WHERE name = 'plain';
CREATE TABLE kinds_simulated AS SELECT simulate(person, bill, test.terms('kinds')) AS s FROM kinds;
SELECT count(*) AS cells, count(DISTINCT category) AS categories, sum(bills) AS bills FROM kinds_simulated, simulated_bills(s);
-- 300 deductible, none paid by basic: 100 the patient's; with c1 aid pays 70
SELECT sum(amount) FROM kinds_simulated, simulated_costs(s) WHERE kind = 'assistance' EXCEPT SELECT 70.00 * count(*) FROM kinds WHERE person >> 1 & 1 = 1;
SELECT count(*) AS groups, sum(persons) FILTER (WHERE NOT everyone) AS persons, max(persons) FILTER (WHERE category = '…') > 1 AS others
  FROM kinds_simulated, simulated_burden(s) WHERE quantile = 1;

-- ---- bills made in the call itself: their kinds are told apart by whatever they bring ----

INSERT INTO test.policy
SELECT 'choosy', jsonb_set(terms::jsonb, '{pages,0}', (terms::jsonb #> '{pages,0}') || '{
	"counters": {"by hospital": {"per": "hospital"}, "by chain": {"every": "chain"}},
	"codes": {"level": {"2": "second", "3": "third"}, "category": {"low": "low", "poor": "poor", "as long as a category": "long", "as long as another one": "long"},
			  "disease": {"a": "a", "b": "b"}, "place": {"here": "here", "a place of its own": "there"}},
	"layers": [
		{"name": "basic", "kind": "basic",
		 "rules": [{"name": "old", "when": {"age": {"at_least": 60}, "level": ["2"]}, "deductible": {"amount": 300, "counter": "by hospital"}, "ratio": 0.75},
				   {"name": "there", "when": {"place": ["a place of its own"]}, "deductible": {"amount": 700, "counter": "by chain"}, "ratio": 0.55},
				   {"name": "all", "deductible": {"amount": 800, "counter": "by hospital"}, "ratio": 0.5}]},
		{"name": "aid", "kind": "assistance", "base": {"deductible": 1, "over_cap": 1, "copay": 1},
		 "rules": [{"name": "designated", "when": {"designated": true, "category": ["low", "as long as a category"]}, "ratio": 0.9},
				   {"name": "ill", "when": {"disease": ["b"], "category": ["poor", "as long as another one"]}, "ratio": 0.8},
				   {"name": "some", "when": {"category": ["low", "poor"]}, "ratio": 0.7}]}]}')::text::terms
  FROM test.policy WHERE name = 'plain';
CREATE TABLE varied AS
	SELECT p AS person, timestamp '2025-01-01 08:00' + interval '1 day' * n AS ordered_at, 100 + (d[1] & 1048575)::numeric / 100 AS total,
		   (ARRAY['2', '3'])[1 + d[2] % 2] AS level, (ARRAY['here', 'a place of its own'])[1 + d[3] % 2] AS place,
		   (ARRAY['{}', '{low}', '{poor}', '{low,poor}', '{as long as a category}', '{as long as another one}'])[1 + d[4] % 6]::text[] AS category,
		   (ARRAY['{}', '{a}', '{b}', '{a,b}'])[1 + d[5] % 4]::text[] AS disease, d[6] % 2 = 0 AS designated, (d[7] % 90)::int AS age,
		   'H' || d[8] % 5 AS hospital, CASE WHEN d[9] % 2 = 0 THEN 'chain ' || d[9] % 8 END AS chain,
		   CASE WHEN d[10] % 3 = 0 THEN 'E' || n END AS encounter, CASE d[11] % 3 WHEN 0 THEN date '2025-01-01' + n - 3 END AS admitted_on,
		   CASE d[12] % 3 WHEN 0 THEN date '2025-01-01' + n END AS discharged_on, CASE d[13] % 3 WHEN 0 THEN date '2025-01-01' + n END AS settled_on,
		   (ARRAY['21', NULL, 'a care type of its own'])[1 + d[14] % 3] AS care_type
	  FROM generate_series(1, 500) p, generate_series(1, 12) n
	 CROSS JOIN LATERAL (SELECT array_agg(hashint8extended(p * 100 + n, k) & 2147483647 ORDER BY k) AS d FROM generate_series(1, 14) k) x;
\set made 'make_bill(total => total, in_scope => total, region => \'T\', scheme => \'resident\', ordered_at => ordered_at, level => level, place => place, category => category, disease => disease, designated => designated, age => age, hospital => hospital, chain => chain, encounter => encounter, encounter_total => CASE WHEN encounter IS NOT NULL THEN total END, admitted_on => admitted_on, discharged_on => discharged_on, settled_on => settled_on, care_type => care_type)'
SELECT count(DISTINCT (level, place, category, disease, designated, chain IS NULL, encounter IS NULL, admitted_on IS NULL, discharged_on IS NULL,
					   settled_on IS NULL, care_type)) > 2048 AS more_kinds_than_are_kept FROM varied;
CREATE TABLE varied_bill AS SELECT *, :made AS bill FROM varied;
-- the same value as from stored bills
SELECT simulate(person, :made, test.terms('choosy'))::text = (SELECT simulate(person, bill, test.terms('choosy'))::text FROM varied_bill) AS same FROM varied;
SELECT t.assistance = (SELECT sum((split).assistance) FROM
	(SELECT settle(test.terms('choosy'), bill) OVER (PARTITION BY person ORDER BY ordered_at) AS split FROM varied_bill) x) AS assistance
  FROM (SELECT simulate(person, :made, test.terms('choosy')) AS s FROM varied) y, simulated_totals(s) t;
-- a bill that does not bring what the one before it has brought
SELECT missing, raised.*
  FROM (VALUES ('age'), ('designated'), ('category'), ('disease'), ('place'), ('level')) m (missing)
 CROSS JOIN LATERAL test.raises(format($$SELECT simulate(person, %s, test.terms('choosy')) FROM (SELECT (jsonb_populate_record(v::varied,
	CASE WHEN person = 2 THEN jsonb_build_object(%L, NULL) ELSE '{}' END)).* FROM (SELECT * FROM varied WHERE person < 3 ORDER BY person) v) x$$,
	:'made', missing)) raised;

-- ---- marginal costs ----

CREATE TABLE margin AS
	SELECT simulate(person, bill, (SELECT make_study(make_scenario('in force', terms) || shift_scenarios(terms, 'layers.aid.rules."low income".ratio', 0.01)
		|| shift_scenarios(terms, 'layers.aid.rules."low income".caps[0].limit', 1000)) FROM draft WHERE n = 1)) AS s FROM study_bill;
SELECT parameter, step, kind, difference FROM margin, simulated_margins(s) WHERE difference <> 0;
-- as the window form has it
SELECT m.parameter, m.step, m.difference = w.assistance - m.baseline AS difference
  FROM margin, simulated_margins(s) m
 CROSS JOIN LATERAL (SELECT sum((split).assistance) AS assistance
					   FROM (SELECT settle(shift_terms(d.terms, m.parameter, m.step), bill) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS split
							   FROM draft d, study_bill WHERE n = 1) x) w
 WHERE m.kind = 'assistance';
-- a side that leaves 0 … 1 is left out
SELECT name, step FROM unnest(shift_scenarios(shift_terms(test.terms('plain'), 'layers.aid.rules."low income".ratio', 0.3), 'layers.aid.rules."low income".ratio', 0.01));
-- … and what the language does not allow: a weight above 1
SELECT name, step FROM unnest(shift_scenarios(test.terms('plain'), 'layers.aid.base.copay', 0.01));
-- all parameters: those of the documents, each study of at most 64 scenarios, the first the baseline
SELECT p.name, count(*) AS studies, sum(k.parameters) = (SELECT count(*) FROM json_values(p.terms::json) v WHERE v.parameter AND json_typeof(v.value) = 'number') AS all_parameters,
	   max(cardinality((k.study).scenarios)) <= 64 AS fits, bool_and(((k.study).scenarios[1]).terms = p.terms) AS baseline,
	   bool_and(NOT EXISTS (SELECT FROM unnest((k.study).scenarios) s WHERE s.parameter IS NOT NULL AND s.terms IS DISTINCT FROM shift_terms(p.terms, s.parameter, s.step))) AS shifted
  FROM test.policy p CROSS JOIN LATERAL shift_studies(p.terms) k WHERE p.name IN ('plain', 'yubei') GROUP BY p.name, p.terms ORDER BY p.name;
SELECT (s).parameter, (s).step FROM shift_studies(test.terms('plain')) k, unnest((k.study).scenarios) s WHERE (s).parameter IS NOT NULL ORDER BY 1, 2;
SELECT count(*) AS rows, count(*) FILTER (WHERE m.difference IS DISTINCT FROM d.difference) AS different
  FROM (SELECT m.* FROM margin, simulated_margins(s) m) d
  LEFT JOIN (SELECT m.* FROM shift_studies(test.terms('plain')) k CROSS JOIN LATERAL (SELECT simulate(person, bill, k.study) AS s FROM study_bill) x, simulated_margins(x.s) m) m
		 ON (m.parameter, m.step, m.kind) = (replace(d.parameter, '"', ''), d.step, d.kind) AND m.layer IS NOT DISTINCT FROM d.layer;
SELECT (simulated_margins(s)).* FROM simulated;
-- two steps of one parameter in one study: both sides of both, for the five payers; each as it is by itself
SELECT count(*) AS rows, count(*) FILTER (WHERE abs(m.step) = 0.01 AND m.difference IS DISTINCT FROM d.difference) AS different
  FROM (SELECT simulate(person, bill, (SELECT make_study(make_scenario('in force', terms) || shift_scenarios(terms, 'layers.aid.rules."low income".ratio', 0.01)
			|| shift_scenarios(terms, 'layers.aid.rules."low income".ratio', 0.02)) FROM draft WHERE n = 1)) AS s FROM study_bill) x
 CROSS JOIN LATERAL simulated_margins(x.s) m
  LEFT JOIN (SELECT d.* FROM margin, simulated_margins(s) d) d ON (d.parameter, d.step, d.kind) = (m.parameter, m.step, m.kind) AND d.layer IS NOT DISTINCT FROM m.layer;
-- the longest names: 31 bytes, every one of them quoted in the path. 1 000 at 50 % and 10 points more: 600, and 590 with a point less
INSERT INTO test.policy
SELECT 'long names', replace('{"format": 1, "engine": 1, "pages": [{"title": "long", "region": "T", "scheme": "resident", "from": "2025-01-01", "to": "2025-12-31",
	"sources": {"S": {"document": "Test"}}, "cite": {"source": "S", "mark": "example"}, "codes": {"category": {"low": "low"}},
	"layers": [{"name": "N", "kind": "basic", "rules": [{"name": "N", "ratio": 0.5,
		"modifiers": [{"name": "N", "when": {"category": ["low"]}, "target": "ratio", "add": 0.1}]}]}]}]}', '"N"', to_json(repeat('"', 31))::text)::terms;
SELECT max(octet_length(u.name)) > 200 AS long, count(DISTINCT m.parameter) AS parameters, min(m.amount) FILTER (WHERE m.kind = 'basic' AND m.step < 0 AND m.parameter ~ '\.add$') AS less
  FROM shift_studies(test.terms('long names')) k
 CROSS JOIN LATERAL unnest((k.study).scenarios) u
 CROSS JOIN LATERAL (SELECT simulate(p, make_bill(total => 1000, in_scope => 1000, region => 'T', scheme => 'resident', ordered_at => '2025-01-02', category => '{low}'), k.study) AS s
					  FROM generate_series(1, 1) p) x
 CROSS JOIN LATERAL simulated_margins(x.s) m;

-- ---- codes with the sign that joins them ----

-- The code a+b is not the codes a and b, nor the code c\+d the codes c\ and d: 100; 200 + 300; 500; 400
INSERT INTO test.policy
SELECT 'plus', jsonb_set(terms::jsonb, '{pages,0,codes,category}', (terms::jsonb #> '{pages,0,codes,category}') || jsonb_object_agg(code, 'test'))::text::terms
  FROM test.policy, unnest(ARRAY['a+b', 'a', 'b', 'c\+d', 'c\', 'd']) code WHERE name = 'plain' GROUP BY terms::jsonb;
CREATE TABLE plus AS
	SELECT simulate(n, make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident', ordered_at => '2025-01-02', level => '2', category => category), test.terms('plus')) AS s
	  FROM (VALUES (1, 100, ARRAY['a+b']), (2, 200, ARRAY['a', 'b']), (3, 300, ARRAY['b', 'a']), (4, 400, ARRAY['d', 'c\']), (5, 500, ARRAY['c\+d'])) b (n, amount, category);
SELECT category, bills, total, report_value(1, category, false) AS told FROM plus, simulated_bills(s) ORDER BY total;
SELECT category, persons FROM plus, simulated_burden(s) WHERE NOT everyone AND quantile = 1 ORDER BY category COLLATE "C";

-- ---- refusals ----

SELECT r.* FROM unnest(ARRAY[
	$$SELECT simulate(NULL::bigint, bill, test.terms('plain')) FROM study_bill$$,
	$$SELECT simulate(person, NULL, test.terms('plain')) FROM study_bill$$,
	$$SELECT simulate(person, bill, NULL::terms) FROM study_bill$$,
	$$SELECT simulate(person, bill, NULL::study) FROM study_bill$$,
	$$SELECT simulate(repeat('P', 256), bill, test.terms('plain')) FROM study_bill$$,
	$$SELECT simulate(person, bill, (SELECT terms FROM draft WHERE n = 1 + (seq > 1)::int)) FROM study_bill$$,
	$$SELECT simulate(person, bill, terms) FROM study_bill, draft$$,
	$$SELECT simulate(person, bill, make_study('{}')) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(NULL)) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(ARRAY[NULL::scenario])) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(ARRAY[make_scenario('a', NULL)])) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(ARRAY[make_scenario('', test.terms('plain'))])) FROM study_bill$$,
	$$SELECT simulate(person, bill, (SELECT make_study(array_agg(make_scenario('a', terms))) FROM draft)) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(shift_scenarios(test.terms('plain'), 'layers.aid.rules."low income".ratio', 0.01))) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(shift_scenarios(test.terms('plain'), 'layers.aid.rules."low income".ratio', 0.01) || make_scenario('in force', test.terms('plain')))) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(make_scenario('in force', t) || ARRAY[ROW('once', t, 'a path', 0.1)::scenario, ROW('again', t, 'a path', 0.10)::scenario])) FROM study_bill, test.terms('plain') t$$,
	$$SELECT simulate(person, bill, make_study(make_scenario('in force', t) || ARRAY[ROW('half', t, 'a path', NULL)::scenario])) FROM study_bill, test.terms('plain') t$$,
	$$SELECT simulate(person, bill, make_study(ARRAY[make_scenario(repeat('n', 1001), test.terms('plain'))])) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(ARRAY[make_scenario('a', test.terms('plain'))], budget => 0)) FROM study_bill$$,
	$$SELECT simulate(person, bill, make_study(ARRAY[make_scenario('a', test.terms('plain'))], repeat('i', 32))) FROM study_bill$$,
	$$SELECT simulate(person, bill, test.terms('yubei')) FROM study_bill WHERE person = 'P0007'$$,
	$$SELECT simulate(number, bill, test.terms('plain')) OVER () FROM study_bill$$,
	$$SELECT simulate(1, test.bill(1, '2025-01-01'), test.terms('plain')) FROM generate_series(1, 2)$$,
	$$SELECT simulate(p, test.bill(9000000000000, '2025-01-01'), test.terms('plain')) FROM generate_series(1, 2) p$$,
	$$SELECT shift_terms(test.terms('plain'), 'layers.aid.rules.nobody.ratio', 0.1)$$,
	$$SELECT shift_terms(test.terms('plain'), 'layers.aid.name', 0.1)$$,
	$$SELECT shift_terms(test.terms('plain'), 'layers.aid.rules."low income".ratio', 0.5)$$,
	$$SELECT shift_scenarios(test.terms('plain'), 'layers.aid.rules."low income".ratio', 0)$$,
	$$SELECT shift_scenarios(test.terms('plain'), 'layers.aid.rules."low income".ratio', 0.8)$$,
	$$SELECT shift_scenarios(test.terms('plain'), 'layers.aid.rules."low income".ratio', 'NaN')$$,
	$$SELECT * FROM shift_studies(test.terms('plain'), share_step => 0)$$,
	$$SELECT * FROM shift_studies(test.terms('plain'), share_step => -0.01)$$,
	$$SELECT * FROM shift_studies(test.terms('plain'), yuan_step => NULL)$$,
	$$SELECT * FROM shift_studies(test.terms('plain'), yuan_step => 'Infinity')$$
]) statement, test.raises(statement) r;
-- who and under which scenario
SELECT simulate(number, bill, (SELECT make_study(ARRAY[make_scenario('plain', test.terms('plain')), make_scenario('elsewhere', test.terms('yubei'))])))
  FROM study_bill WHERE number = 7 AND seq = 1;
\set VERBOSITY terse
-- a long simulation is cancelled while bills arrive, and while they are folded
SET statement_timeout = '200ms';
SELECT simulate(n, test.bill(1, '2025-01-01'), test.terms('plain')) IS NULL FROM generate_series(1, 100000000) n;
SET statement_timeout = '700ms';
SELECT clock_timestamp() AS start \gset
SELECT simulate(n, test.bill(1000, '2025-01-01'), (SELECT make_study(array_agg(make_scenario('s' || k, t.terms)))
		FROM (SELECT test.terms('plain') AS terms OFFSET 0) t, generate_series(1, 64) k)) IS NULL FROM generate_series(1, 100000) n;
SELECT clock_timestamp() - :'start' < '2 seconds' AS soon;
RESET statement_timeout;
\set VERBOSITY default

-- ---- an ordinary aggregate: what a reader cannot see is not simulated; a parallel plan is possible ----

CREATE ROLE simulate_reader;
GRANT USAGE ON SCHEMA test TO simulate_reader;
GRANT SELECT ON test.policy TO simulate_reader;
SET ROLE simulate_reader;
SELECT simulate(person, bill, test.terms('plain')) IS NULL FROM study_bill;
RESET ROLE;
GRANT SELECT ON study_bill TO simulate_reader;
ALTER TABLE study_bill ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON study_bill TO simulate_reader USING (number <= 10);
SET ROLE simulate_reader;
SELECT t.persons FROM (SELECT simulate(person, bill, (SELECT test.terms('plain'))) AS s FROM study_bill) x, simulated_totals(s) t;
RESET ROLE;
SELECT set_config(name, 'on', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');	-- by version
SELECT t.persons FROM (SELECT simulate(person, bill, (SELECT test.terms('plain'))) AS s FROM study_bill) x, simulated_totals(s) t;
SELECT set_config(name, 'off', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
ALTER TABLE study_bill DISABLE ROW LEVEL SECURITY;
DROP POLICY few ON study_bill;
DROP OWNED BY simulate_reader;
DROP ROLE simulate_reader;

DROP TABLE study_bill, draft, simulated, windowed, line, payment, cost, burden, grouped, change, met, ways, many, by_group, stored, kinds, kinds_simulated, varied, varied_bill, margin, plus;
DELETE FROM test.policy WHERE name IN ('two halves', 'kinds', 'choosy', 'long names', 'plus');
