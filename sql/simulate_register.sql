-- simulate_register.sql — the terms in force as known at a moment, simulated over the bills as known then, give what the register had
-- settled by then, to the fen: by bill, by person and in all; with late bills, reversals, other facts and terms published later. The
-- tables and helpers are those of register.sql.
\set VERBOSITY terse
SET client_min_messages = warning;

INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('R', 'R', 'R', 'pool', 'example', 'test');
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source)
SELECT code, 'R', '建档立卡', code, code, 'example', 'test' FROM unnest('{low,poor}'::text[]) code;
\set layers '[{"name": "basic", "kind": "basic", "rules": [{"name": "all", "deductible": {"amount": 800, "counter": "once"}, "ratio": 0.65}]}, {"name": "critical", "kind": "critical", "base": {"deductible": 1, "copay": 1, "penalty": 0}, "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 9000, "kind": "threshold"}, "ratio": 0.6}]}, {"name": "aid", "kind": "assistance", "base": {"deductible": 1, "copay": 1}, "rules": [{"name": "poor", "when": {"category": ["poor"]}, "ratio": 0.9, "caps": [{"limit": 12000}]}, {"name": "low", "when": {"category": ["low"]}, "settles": "year", "accrual": "true_up", "deductible": {"amount": 3000}, "ratio": 0.7, "caps": [{"limit": 8000}]}]}]'
SELECT test.publish('R', :'layers', '2025-01-01', NULL, 'first') > 0 AS published;

-- 90 persons, a third each poor, low, neither; at most one bill a month, so that a person's month is a bill
INSERT INTO assistance_register.person (person_id) SELECT generate_series(9001, 9090);
INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid) SELECT p, 'R', 'resident', '[2025-01-01,)' FROM generate_series(9001, 9090) p;
INSERT INTO assistance_register.person_category (person_id, category, valid)
SELECT p, CASE p % 3 WHEN 0 THEN 'poor' ELSE 'low' END, '[2025-01-01,)' FROM generate_series(9001, 9090) p WHERE p % 3 < 2;
CREATE FUNCTION test.arrive(first int, step int) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
	WITH inserted AS (
		INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, excluded)
		SELECT p, format('%s-%s', p, m), timestamp '2025-01-20 09:00' + m * interval '1 month' - p % 7 * interval '1 day', fen * 1.1, fen, fen * 0.1
		  FROM generate_series(9001, 9090) p, generate_series(first, 9, step) m
		 CROSS JOIN LATERAL (SELECT 10 * (1 + (hashint8extended(p, m) & 131071))::numeric / 100 AS fen) f
		 WHERE (p + m) % 4 > 0
		RETURNING 1)
	SELECT count(*) FROM inserted;
END;
CREATE TABLE test.moment (n int, what text, at timestamptz);
CREATE FUNCTION test.remember(what text) RETURNS bigint LANGUAGE sql AS
	'INSERT INTO test.moment SELECT count(*) + 1, remember.what, clock_timestamp() FROM test.moment; SELECT count(*) FROM test.moment';

SELECT test.arrive(0, 2) > 0 AS arrived;
SELECT test.remember('even months');
SELECT test.arrive(1, 2) > 0 AS came_late;
SELECT test.remember('odd months, late');
SELECT count(*) > 0 AS reversed FROM (SELECT claim_id, request_key FROM assistance_register.claim WHERE person_id > 9000 AND claim_id % 11 = 0) c,
	   assistance.reverse_claim(c.claim_id, c.request_key || 'x', 'test');
SELECT test.remember('some reversed');
UPDATE assistance_register.person_category SET recorded = tstzrange(lower(recorded), clock_timestamp()) WHERE person_id > 9000 AND person_id % 6 = 0;
INSERT INTO assistance_register.person_category (person_id, category, valid)
SELECT p, 'low', '[2025-04-01,)' FROM generate_series(9001, 9090) p WHERE p % 6 = 0;
SELECT count(*) > 0 AS settled_again FROM generate_series(9001, 9090) p, assistance.resettle_person(p, 'categories of April') WHERE p % 6 = 0;
SELECT test.remember('other categories');
SELECT test.publish('R', replace(replace(:'layers', '"ratio": 0.65', '"ratio": 0.55'), '"limit": 8000', '"limit": 9000'), '2025-05-01', NULL, 'from May on') > 0 AS backdated;
CALL assistance.resettle();
SELECT test.remember('backdated terms');

CREATE TABLE test.known AS SELECT *, assistance.terms_book('{R}', '[2025-01-01,2026-01-01)', at) AS terms FROM test.moment;
-- what the register had settled by each moment, by bill: what is posted for a reversal is that of the bill that it reverses
CREATE TABLE test.stored AS
	SELECT m.n, p AS person, date_trunc('month', COALESCE(o.ordered_at, c.ordered_at))::date AS month, sum(s.total) AS total, sum(s.basic) AS basic,
		   sum(s.critical) AS critical, sum(s.assistance) AS assistance, sum(s.patient) AS patient, sum(s.adjustment) AS adjustment,
		   sum(s.recoverable) AS recoverable, count(*) FILTER (WHERE s.revision > 1) AS changed
	  FROM test.moment m, generate_series(9001, 9090) p, assistance.settled_as_of(p, m.at) s
	  JOIN assistance_register.claim c USING (claim_id)
	  LEFT JOIN assistance_register.claim o ON o.claim_id = c.reverses
	 GROUP BY m.n, p, month;
-- the bills that lived then, as known then, under the terms as known then
CREATE TABLE test.simulated AS
	SELECT m.n, p AS person, assistance.simulate(p::bigint, s.bill::assistance.bill, m.terms) AS s
	  FROM test.known m, generate_series(9001, 9090) p, assistance.settled_as_of(p, m.at) s
	  JOIN assistance_register.claim c USING (claim_id)
	 WHERE c.reverses IS NULL
	   AND NOT EXISTS (SELECT FROM assistance_register.claim r WHERE r.reverses = c.claim_id AND r.received_at <= m.at)
	 GROUP BY m.n, p;
-- by person
SELECT m.n, m.what, count(*) AS persons, sum(s.changed) > 0 AS changed,
	   count(*) FILTER (WHERE (s.total, s.basic, s.critical, s.assistance, s.patient, s.adjustment, s.recoverable)
			IS DISTINCT FROM (t.total, t.basic, t.critical, t.assistance, t.patient, t.adjustment, t.recoverable)) AS different
  FROM (SELECT n, person, sum(total) AS total, sum(basic) AS basic, sum(critical) AS critical, sum(assistance) AS assistance, sum(patient) AS patient,
			   sum(adjustment) AS adjustment, sum(recoverable) AS recoverable, sum(changed) AS changed FROM test.stored GROUP BY n, person) s
  FULL JOIN (SELECT x.n, x.person, t.* FROM test.simulated x, assistance.simulated_totals(x.s) t) t USING (n, person)
  JOIN test.moment m USING (n) GROUP BY m.n, m.what ORDER BY m.n;
-- by bill
SELECT n, count(*) > 250 AS many, count(*) FILTER (WHERE s.adjustment <> 0) > 0 AS adjusted, count(*) FILTER (WHERE s.total = 0) > 0 AS gone,
	   count(*) FILTER (WHERE (s.basic, s.critical, s.assistance, s.patient, s.adjustment, s.recoverable) IS DISTINCT FROM
			(COALESCE(c.basic, 0), COALESCE(c.critical, 0), COALESCE(c.assistance, 0), COALESCE(c.patient, 0), COALESCE(c.adjustment, 0),
			 COALESCE(c.recoverable, 0))) AS different
  FROM test.stored s
  FULL JOIN (SELECT x.n, x.person, c.month, sum(c.paid) FILTER (WHERE c.kind = 'basic') AS basic, sum(c.paid) FILTER (WHERE c.kind = 'critical') AS critical,
					sum(c.paid) FILTER (WHERE c.kind = 'assistance') AS assistance, sum(c.paid) FILTER (WHERE c.kind = 'patient') AS patient,
					sum(c.adjustment) FILTER (WHERE c.layer IS NOT NULL) AS adjustment, sum(c.recoverable) FILTER (WHERE c.layer IS NOT NULL) AS recoverable
			   FROM test.simulated x, assistance.simulated_costs(x.s) c GROUP BY x.n, x.person, c.month) c USING (n, person, month)
 GROUP BY n ORDER BY n;
-- in all: one simulation of everybody
SELECT m.n, t.persons, (SELECT sum(patient) FROM test.stored s WHERE s.n = m.n) = t.patient AS patient,
	   (SELECT sum(assistance) FROM test.stored s WHERE s.n = m.n) = t.assistance AS assistance
  FROM test.moment m
 CROSS JOIN LATERAL (
	SELECT assistance.simulate(p::bigint, s.bill::assistance.bill, (SELECT k.terms FROM test.known k WHERE k.n = m.n)) AS s
	  FROM generate_series(9001, 9090) p, assistance.settled_as_of(p, m.at) s
	  JOIN assistance_register.claim c USING (claim_id)
	 WHERE c.reverses IS NULL
	   AND NOT EXISTS (SELECT FROM assistance_register.claim r WHERE r.reverses = c.claim_id AND r.received_at <= m.at)) x
 CROSS JOIN LATERAL assistance.simulated_totals(x.s) t
 ORDER BY m.n;
