-- register_recoverables.sql — steps of a recoverable: none above what is open, mistakes taken back by a further step, what verify finds of those
-- that came in while the trigger was away, and what operators see.

BEGIN;
SELECT plan(25);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
CALL assistance.create_register_roles();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('BACK', 'BACK', 'BACK', 'pool', 'example', 'test');
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source) VALUES ('low', 'BACK', '建档立卡', 'low', 'low', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "back", "region": "BACK", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"}, "codes": {"category": {"low": "low"}},
	 "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "low", "when": {"category": ["low"]}, "ratio": 0.76}]}]}]}'),
	'test') AS act \gset
INSERT INTO assistance_register.person (person_id, region) VALUES (7101, 'BACK'), (7102, 'ELSEWHERE');
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (7101, 'low', '[2025-01-01,)'), (7102, 'low', '[2025-01-01,)');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
	VALUES (7101, 'b-1', '2025-02-01', 10000, 10000, 'BACK', 'resident'), (7102, 'b-2', '2025-02-01', 10000, 10000, 'BACK', 'resident');
UPDATE assistance_register.person_category SET recorded = tstzrange(lower(recorded), clock_timestamp());
-- 10 000: basic 5 000, aid 76 % of 5 000 = 3 800, which was never due
SELECT results_eq($$ SELECT layer, amount FROM assistance.resettle_person(7101, 'was never low') $$, $$ VALUES ('aid', -3800.00) $$, 'what is to be recovered');
SELECT count(*) AS n FROM assistance.resettle_person(7102, 'was never low') \gset
SELECT recoverable_id AS r FROM assistance_register.recoverable WHERE person_id = 7101 \gset
SELECT recoverable_id AS other FROM assistance_register.recoverable WHERE person_id = 7102 \gset

-- a step: its error, or what is open after it
CREATE FUNCTION pg_temp.take(r bigint, step integer, state text, amount numeric, corrects integer DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	told text;
BEGIN
	INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount, corrects) VALUES (r, step, state, amount, corrects);
	RETURN (SELECT s.state || ' ' || s.open_amount FROM assistance_register.recoverable_state s WHERE s.recoverable_id = r);
EXCEPTION WHEN SQLSTATE 'MA708' THEN
	GET STACKED DIAGNOSTICS told = PG_EXCEPTION_DETAIL;
	RETURN 'MA708 ' || told;
END
$$;
SELECT is(pg_temp.take(:r, 1, 'demanded', 3800), 'demanded 3800.00', 'a demand settles nothing');
SELECT is(pg_temp.take(:r, 2, 'recovered', 999999), 'MA708 Open are 3800.00 of 3800.00.', 'no step above what is open');
SELECT is(pg_temp.take(:r, 2, 'recovered', 3800.01), 'MA708 Open are 3800.00 of 3800.00.', 'by one fen');
SELECT is(pg_temp.take(:r, 2, 'demanded', 3800.01), 'MA708 Open are 3800.00 of 3800.00.', 'nor is more demanded');
SELECT is(pg_temp.take(:r, 2, 'recovered', 1000), 'recovered 2800.00', '3 800 - 1 000');
SELECT is(pg_temp.take(:r, 4, 'waived', 1), 'MA708 The next step has number 3.', 'numbers have no gaps');
SELECT is(pg_temp.take(:r, 3, 'waived', 2800.01), 'MA708 Open are 2800.00 of 3800.00.', 'what is left');
SELECT is(pg_temp.take(:r, 3, 'set_off', 2800), 'set_off 0.00', 'and no more');
SELECT is(pg_temp.take(:r, 4, 'waived', 0.01), 'MA708 Open are 0.00 of 3800.00.', 'nothing is left');
-- the 1 000 were somebody else's
SELECT is(pg_temp.take(:r, 4, 'corrected', 999, 2), 'MA708 Step 2 is recovered 1000.00.', 'a correction has the amount of its step');
SELECT is(pg_temp.take(:r, 4, 'corrected', 1000, 2), 'set_off 1000.00', 'a mistaken step is taken back');
SELECT throws_ok(format('SELECT pg_temp.take(%s, 5, ''corrected'', 1000, 2)', :r), '23505', NULL, 'once');
SELECT is(pg_temp.take(:r, 5, 'corrected', 1000, 4), 'MA708 Step 4 is corrected 1000.00.', 'a correction is not taken back');
SELECT throws_ok(format('SELECT pg_temp.take(%s, 5, ''corrected'', 1000)', :r), '23514', NULL, 'and names its step');
SELECT throws_ok(format('SELECT pg_temp.take(%s, 5, ''corrected'', 1000, 5)', :r), '23514', NULL, 'one before it');
SELECT is(pg_temp.take(:r, 5, 'recovered', 1000), 'recovered 0.00', 'it is open again');
-- several in one statement are judged one after the other
SELECT lives_ok(format($$ INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount) VALUES (%1$s, 2, 'waived', 1800), (%1$s, 1, 'recovered', 2000) $$, :other),
	'several steps in one statement');
SELECT throws_ok(format($$ INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount) VALUES (%1$s, 3, 'waived', 0), (%1$s, 4, 'waived', 1) $$, :other),
	'MA708', NULL, 'not beyond what is open');
SELECT is_empty('SELECT * FROM assistance.verify()', 'all fits');

-- ---- what came in without the trigger ----

SET LOCAL session_replication_role = replica;
INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount) VALUES (:r, 6, 'recovered', 999999);
INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount) VALUES (:other, 9, 'demanded', 0);
RESET session_replication_role;
SELECT set_eq('SELECT person, finding, regexp_replace(detail, ''^recoverable [0-9]+ '', '''') FROM assistance.verify()', $$ VALUES
	(7101::bigint, 'recoverable', 'of 3800.00: 6 steps, numbered up to 6, settle 1003799.00 of it'),
	(7102, 'recoverable', 'of 3800.00: 3 steps, numbered up to 9, settle 3800.00 of it') $$, 'is found by verify');
SELECT is(pg_temp.take(:r, 7, 'corrected', 999999, 6), 'recovered 0.00', 'and is taken back');
SELECT is((SELECT count(*) FROM assistance.verify(7101)), 0::bigint, 'then all fits again');

-- ---- operators see the state of their region's ----

CREATE ROLE register_steps IN ROLE assistance_operator;
INSERT INTO assistance_register.access (login, region) VALUES ('register_steps', 'BACK');
SELECT current_setting('server_version_num')::integer >= 150000 AS invoker \gset
GRANT ALL ON ALL TABLES IN SCHEMA pg_temp TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA pg_temp TO PUBLIC;
SET LOCAL ROLE register_steps;
\if :invoker
SELECT results_eq('SELECT person_id, state, open_amount FROM assistance_register.recoverable_state', $$ VALUES (7101::bigint, 'recovered', 0.00) $$, 'and no other');
\else
SELECT throws_ok('SELECT * FROM assistance_register.recoverable_state', '42501', NULL, 'the view would read with the rights of its owner: not granted');
\endif
SELECT throws_ok(format('INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount) VALUES (%s, 8, ''waived'', 1)', :r), 'MA708', NULL,
	'their steps are judged too');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
