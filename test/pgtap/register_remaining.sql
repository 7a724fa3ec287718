-- register_remaining.sql — remaining has a row for every limit that counts: caps, times, deductibles with a counter, of a chain and of an encounter, sums of
-- deductibles, stays, ceilings, recoverables. By hand.

BEGIN;
SELECT plan(13);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('ROOM', 'ROOM', 'ROOM', 'pool', 'example', 'test');
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source) VALUES ('low', 'ROOM', '建档立卡', 'low', 'low', 'example', 'test');
CREATE TEMP TABLE book AS SELECT '{"format": 1, "engine": 1, "pages": [
	{"title": "room", "region": "ROOM", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"}, "codes": {"category": {"low": "low"}},
	 "counters": {"stays": {}, "sum": {}, "paid twice": {"every": "quarter"}, "in a chain": {"every": "chain"}},
	 "counts": {"stays": {}},
	 "ceilings": [{"name": "nine tenths", "layers": ["basic", "aid"], "share": 0.9, "of": "total", "per": "period"}],
	 "layers": [
		{"name": "basic", "kind": "basic", "rules": [
			{"name": "all", "deductible": {"amount": 200, "schedule": {"count": "stays", "factors": [1]}, "sum_cap": {"limit": 500, "counter": "sum"}},
			 "ratio": 0.5, "caps": [{"limit": 3000}]}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "set_off": true, "rules": [
			{"name": "low", "when": {"category": ["low"]}, "ratio": 0.6, "caps": [{"limit": 8000}], "times": {"limit": 2, "counter": "paid twice"}}]},
		{"name": "tilt", "kind": "tilt", "base": {"copay": 1}, "rules": [
			{"name": "never", "when": {"date": {"to": "2025-01-01"}}, "ratio": 0, "caps": [{"limit": {"base": 100, "rate": 1, "fact": "income"}}]},
			{"name": "chain", "deductible": {"amount": 300, "counter": "in a chain"}, "ratio": 0.5}]}]}]}'::json AS book;
SELECT assistance.publish_policy(assistance.import_policy((SELECT book FROM book)), 'test') AS act \gset
INSERT INTO assistance_register.person (person_id) VALUES (7201), (7202), (7203);

CREATE FUNCTION pg_temp.room(person bigint, day date DEFAULT '2025-03-31') RETURNS TABLE (layer text, rule text, item text, sub text, has numeric, used numeric, room numeric)
	LANGUAGE sql AS $$ SELECT layer, rule, item, sub, limit_amount, used, room FROM assistance.remaining(person, day) $$;

-- 1 000: deductible 200, basic 50 % of 800 = 400, aid 60 % of the 400 left = 240; tilt 160 eaten by its deductible of 300. The category stands on the bill
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, category) VALUES
	(7201, 'r-1', '2025-02-01', 1000, 1000, 'ROOM', 'resident', '{low}'), (7201, 'r-2', '2025-03-01', 1000, 1000, 'ROOM', 'resident', '{low}');
SELECT results_eq($$ SELECT basic, assistance, tilt FROM assistance_register.settlement WHERE person_id = 7201 $$, $$ VALUES (400.00, 240.00, 0.00), (400.00, 240.00, 0.00) $$, 'two bills');
-- basic 2 x 400 of 3 000; deductibles 2 x 200 of 500; ceiling 90 % of 2 000 = 1 800, paid 4 x … = 2 x (400 + 240) = 1 280; aid paid twice of twice
SELECT set_eq('SELECT * FROM pg_temp.room(7201)', $$ VALUES
	('basic', 'all', 'cap', NULL, 3000.00, 800.00, 2200.00), ('basic', 'all', 'sum_cap', NULL, 500.00, 400.00, 100.00), ('basic', 'all', 'stays', NULL, NULL, 2.00, NULL),
	('basic', NULL, 'ceiling', NULL, 1800.00, 1280.00, 520.00), ('aid', NULL, 'ceiling', NULL, 1800.00, 1280.00, 520.00),
	('aid', 'low', 'cap', NULL, 8000.00, 480.00, 7520.00), ('aid', 'low', 'times', NULL, 2.00, 2.00, 0.00),
	('tilt', 'chain', 'deductible', NULL, 300.00, 0.00, 300.00), ('tilt', 'never', 'cap', NULL, NULL, 0.00, NULL) $$, 'every limit with what is used of it');
-- the third: deductible 100 of the 500, basic 50 % of 900 = 450, aid no third time; tilt (450 - 300) x 50 % = 75
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, category) VALUES
	(7201, 'r-3', '2025-03-02', 1000, 1000, 'ROOM', 'resident', '{low}');
SELECT results_eq($$ SELECT basic, assistance, tilt FROM assistance_register.settlement JOIN assistance_register.claim USING (person_id, claim_id) WHERE request_key = 'r-3' $$,
	$$ VALUES (450.00, 0.00, 75.00) $$, 'a third bill meets the limits that were told');
SELECT set_eq($$ SELECT layer, item, used, room FROM pg_temp.room(7201) WHERE item IN ('sum_cap', 'times', 'ceiling') $$,
	$$ VALUES ('basic', 'sum_cap', 500.00, 0.00), ('aid', 'times', 2.00, 0.00), ('basic', 'ceiling', 1730.00, 970.00), ('aid', 'ceiling', 1730.00, 970.00) $$,
	'500 of 500; 2 700 - 1 280 - 450');
SELECT set_eq($$ SELECT item, used, room FROM pg_temp.room(7201, '2025-04-01') WHERE layer = 'aid' AND item IN ('times', 'cap') $$, $$ VALUES ('times', 0.00, 2.00), ('cap', 480.00, 7520.00) $$,
	'a new quarter, the same year');

-- ---- categories: those of the register, and those that the last bill stated itself ----

INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, category) VALUES
	(7202, 'r-4', '2025-02-01', 1000, 1000, 'ROOM', 'resident', '{}');
SELECT is_empty($$ SELECT * FROM pg_temp.room(7202) WHERE rule = 'low' $$, 'without a category no rule of a category');
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (7202, 'low', '[2025-01-01,2025-07-01)');
SELECT results_eq($$ SELECT item, room FROM pg_temp.room(7202) WHERE rule = 'low' ORDER BY 1 $$, $$ VALUES ('cap', 8000.00), ('times', 2.00) $$, 'one of the register');
SELECT is_empty($$ SELECT * FROM pg_temp.room(7202, '2025-07-01') WHERE rule = 'low' $$, 'in its days');
SELECT isnt_empty($$ SELECT * FROM pg_temp.room(7201, '2025-07-01') WHERE rule = 'low' $$, 'that of the last bill until another bill says else');
SELECT is_empty($$ SELECT * FROM pg_temp.room(7201, '2025-01-31') WHERE rule = 'low' $$, 'not before there was a bill');

-- ---- a stay that is billed in parts, in a chain of referrals: 1 000 of 3 000 billed, its deductible taken; tilt 160 of 300 ----

INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, category, encounter, encounter_total, chain) VALUES
	(7203, 'r-5', '2025-02-01', 1000, 1000, 'ROOM', 'resident', '{low}', 'E1', 3000, 'C1');
SELECT set_eq($$ SELECT * FROM pg_temp.room(7203) WHERE sub IS NOT NULL $$, $$ VALUES
	(NULL, NULL, 'encounter', 'E1', 3000.00, 1000.00, 2000.00), ('basic', 'all', 'deductible', 'E1', 200.00, 200.00, 0.00), ('basic', 'all', 'stays', 'E1', NULL, 1.00, NULL),
	('tilt', 'chain', 'deductible', 'C1', 300.00, 160.00, 140.00), ('tilt', 'chain', 'deductible', 'E1', 300.00, 160.00, 140.00) $$, 'an encounter and a chain');

-- ---- an account written by hand ----

SELECT results_eq($$ SELECT layer, item, name, limit_amount, used, room FROM assistance.period_limits((SELECT book::jsonb #> '{pages,0}' FROM book),
	'{"tallies": [{"kind": "recoverable", "name": "aid", "used": 123.45}]}', '2025-03-31', NULL) WHERE item = 'recoverable' $$,
	$$ VALUES ('aid', 'recoverable', 'aid', NULL::numeric, 123.45, NULL::numeric) $$, 'what is still to be set off');
SELECT results_eq($$ SELECT used, room FROM assistance.period_limits((SELECT book::jsonb #> '{pages,0}' FROM book),
	'{"tallies": [{"kind": "cap", "name": "basic", "period": "2025-01-01", "used": 3500}]}', '2025-03-31', NULL) WHERE item = 'cap' AND layer = 'basic' $$,
	$$ VALUES (3500.00, 0.00) $$, 'no room is below zero');

SELECT * FROM finish();
ROLLBACK;
