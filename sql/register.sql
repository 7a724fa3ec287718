-- register.sql — the register: settling at the insert, late claims, reversals, what is recorded late, what is refused.
\set VERBOSITY terse
SET client_min_messages = warning;

CALL assistance.create_register();
CALL assistance.create_register();
SELECT count(*) AS tables FROM pg_tables WHERE schemaname = 'assistance_register';
-- nothing of it belongs to the extension
SELECT count(*) AS members FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND d.classid = 'pg_class'::regclass
 WHERE d.deptype = 'e' AND c.relnamespace = 'assistance_register'::regnamespace;

-- Region H: the year by hand of 民发〔2017〕12号 (六), as in install.sql. Region X: critical 10 000 / 60 %, assistance 70 %.
-- Region K: basic 60 % at level 3, 80 % at level 2, nothing where not designated; assistance 50 % for low, 70 % for poor.
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source)
SELECT code, code, code, 'pool', 'example', 'test' FROM unnest('{H,X,K,G,C}'::text[]) code;
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source)
SELECT code, region, '建档立卡', code, code, 'example', 'test' FROM unnest('{low,poor}'::text[]) code, unnest('{H,X,K,G,C}'::text[]) region;
CREATE FUNCTION test.publish(region text, layers text, first_day date, last_day date, reason text) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
	SELECT assistance.publish_policy(assistance.import_policy(json_build_object('format', 1, 'engine', 1, 'pages', json_build_array(
		jsonb_strip_nulls(jsonb_build_object('title', 'test', 'region', region, 'scheme', 'resident', 'from', first_day, 'to', last_day,
			'sources', '{"D": {"document": "test"}}'::jsonb, 'cite', '{"source": "D", "mark": "example"}'::jsonb,
			'codes', '{"level": {"2": "second", "3": "third"}, "category": {"low": "low income", "poor": "poor"}}'::jsonb,
			-- a scheme says which of the three layers it does not have
			'layers', (SELECT COALESCE(jsonb_agg(jsonb_build_object('name', 'no ' || kind, 'kind', kind, 'not_applicable', true)), '[]')
						 FROM unnest('{basic,critical}'::text[]) kind
						WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(layers::jsonb) l WHERE l ->> 'kind' = kind)) || layers::jsonb))))), reason);
END;
SELECT test.publish('H', '[
	{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0},
	 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
	{"name": "aid", "kind": "assistance", "base": {"copay": 1},
	 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 2100},
				"bands": [{"to": 10000, "ratio": 0.6}, {"ratio": 0.7}], "caps": [{"limit": 9000}]}]}]', '2025-01-01', NULL, 'first') AS act \gset
SELECT test.publish('X', '[
	{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0},
	 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
	{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "settles": "year", "ratio": 0.7}]}]',
	'2025-01-01', NULL, 'first') AS act \gset
\set aid '{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "low", "when": {"category": ["low"]}, "ratio": 0.5}, {"name": "poor", "when": {"category": ["poor"]}, "ratio": 0.7}]}'
\set basic '{"name": "basic", "kind": "basic", "rules": [{"name": "third", "when": {"level": ["3"], "designated": true}, "ratio": 0.6}, {"name": "second", "when": {"level": ["2"], "designated": true}, "ratio": 0.8}]}'
SELECT test.publish('K', format('[%s, %s]', :'basic', :'aid'), '2025-01-01', NULL, 'first') AS act \gset

INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, 40);
CREATE VIEW test.posted AS
	SELECT s.settlement_id, s.person_id, c.request_key AS key, s.revision AS r, s.entry, s.total, s.basic, s.critical, s.assistance, s.patient, s.reason
	  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (claim_id);
CREATE FUNCTION test.claims(region text, person bigint, VARIADIC amounts numeric[]) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
	WITH inserted AS (
		INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, category)
		SELECT person, format('%s-%s', person, n), timestamp '2025-01-15' + n * interval '1 month', amount, amount, region, 'resident', '{}'
		  FROM unnest(amounts) WITH ORDINALITY a (amount, n) WHERE amount > 0
		RETURNING 1)
	SELECT count(*) FROM inserted;
END;

-- ---- the year by hand: 1 500, 6 500, 4 000, 9 000 in one statement, in four, and as one bill of 21 000 ----
SELECT test.claims('H', 1, 1500, 6500, 4000, 9000);
SELECT test.claims('H', 2, 1500), test.claims('H', 2, 0, 6500), test.claims('H', 2, 0, 0, 4000), test.claims('H', 2, 0, 0, 0, 9000);
SELECT test.claims('H', 3, 21000);
SELECT person_id, key, entry, total, critical, assistance, patient FROM test.posted WHERE person_id <= 3 ORDER BY person_id, key;
SELECT person_id, claims, account::jsonb -> 'tallies' AS tallies, last_ordered_at FROM assistance_register.person_account WHERE person_id <= 3 ORDER BY 1;
SELECT layer, entry, place, state, amount, owed_by, owed_to FROM assistance_register.payment WHERE person_id = 3 ORDER BY place;

-- ---- a reversal: 8 000, 4 000, 5 000; critical 0, 1 200, 3 000, assistance 5 600, 1 960, 1 400. Without the second bill the third has
-- (8 000 + 5 000 - 10 000) x 60 % = 1 800 and (5 000 - 1 800) x 70 % = 2 240 ----
SELECT test.claims('X', 4, 8000, 4000, 5000);
SELECT key, critical, assistance FROM test.posted WHERE person_id = 4 ORDER BY key;
SELECT clock_timestamp() AS before_reversal \gset
SELECT claim_id AS second FROM assistance_register.claim WHERE request_key = '4-2' \gset
SELECT layer, kind, entry, amount, owed_by, owed_to, reversal = claim AS of_reversal FROM assistance.reverse_claim(:second, '4-2x', 'not this patient');
SELECT layer, kind, entry, amount, reversal = claim AS of_reversal FROM assistance.reverse_claim(:second, '4-2x', 'not this patient');
SELECT key, r, entry, total, critical, assistance, patient, reason LIKE 'claim % is reversed' AS told FROM test.posted WHERE person_id = 4 ORDER BY settlement_id;
SELECT layer, amount, owed_by, state, open_amount FROM assistance_register.recoverable_state WHERE person_id = 4;
-- what was known and paid before
SELECT total, critical, assistance, patient FROM assistance.settled_as_of(4, :'before_reversal') ORDER BY claim_id;
SELECT total, critical, assistance, patient FROM assistance.settled_as_of(4, clock_timestamp()) ORDER BY claim_id;
SELECT t.* FROM unnest(ARRAY[
	format('SELECT assistance.reverse_claim(%s, ''4-2y'', ''again'')', :second),
	format('SELECT assistance.reverse_claim(%s, ''4-2x'', ''another reason'')', :second),
	format('SELECT assistance.reverse_claim(%s, ''4-2z'', ''no'')', (SELECT claim_id FROM assistance_register.claim WHERE request_key = '4-2x')),
	'SELECT assistance.reverse_claim(0, ''4-0'', ''no'')']) s, test.raises(s) t;
INSERT INTO assistance_register.claim (person_id, request_key, reverses, ordered_at, total, in_scope, reason)
SELECT person_id, 'wrong', claim_id, ordered_at + interval '1 day', total, in_scope, 'no' FROM assistance_register.claim WHERE request_key = '4-3';

-- ---- a late bill: 8 000 and 5 000 (0 / 5 600, 1 800 / 2 240), then 4 000 between them (1 200 / 1 960): the third gets + 1 200 / - 840 ----
SELECT test.claims('X', 5, 8000, 0, 5000);
SELECT critical, assistance, patient FROM assistance.preview_claim(5, '2025-03-15', 4000, 4000, region => 'X', scheme => 'resident');
SELECT repeated, critical, assistance, patient FROM assistance.settle_claim(5, '5-2', '2025-03-15', 4000, 4000, region => 'X', scheme => 'resident');
SELECT key, r, entry, critical, assistance, patient, reason LIKE 'claim % came late' AS told FROM test.posted WHERE person_id = 5 ORDER BY settlement_id;
SELECT c.request_key, p.layer, p.amount, p.owed_by, p.owed_to FROM assistance_register.payment p JOIN assistance_register.claim c USING (claim_id)
 WHERE p.person_id = 5 AND p.revision = 2 ORDER BY p.place;

-- ---- requests ----
SELECT repeated, critical, assistance, patient FROM assistance.settle_claim(5, '5-2', '2025-03-15', 4000.00, 4000, region => 'X', scheme => 'resident');
SELECT t.* FROM unnest(ARRAY[
	'SELECT assistance.settle_claim(5, ''5-2'', ''2025-03-15'', 4000, 4000, region => ''X'', scheme => ''resident'', level => ''2'')',
	'SELECT assistance.settle_claim(6, ''5-2'', ''2025-03-15'', 4000, 4000, region => ''X'', scheme => ''resident'')']) s, test.raises(s) t;
-- another bill with the same order key
SELECT assistance.settle_claim(5, '5-2b', '2025-03-15', 100, 100, region => 'X', scheme => 'resident');
-- a statement that fails leaves nothing: the second person's bill is of a year without a policy
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
VALUES (7, '7-1', '2025-03-15', 1, 1, 'X', 'resident'), (8, '8-1', '2024-03-15', 1, 1, 'X', 'resident');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
VALUES (7, '7-1', '2025-03-15', 1, 1, 'X', 'resident'), (8, '8-1', '2025-03-15', 1, 1, 'nowhere', 'resident');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
VALUES (7, '7-1', '2025-03-15', 1, 1, 'X', 'resident'), (8, '8-1', '2025-03-15', 1, 1, NULL, 'resident');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme) VALUES (99, '99', '2025-03-15', 1, 1, 'X', 'resident');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope) VALUES (7, '7-1', '2025-03-15', 'NaN', 'NaN');
SELECT count(*) FROM assistance_register.claim WHERE person_id IN (7, 8, 99);
-- not settled, with a reason: recorded, no settlement, not in the way of anything
SELECT repeated, assistance FROM assistance.settle_claim(5, '5-9', '2025-09-15', 700, 700, region => 'X', scheme => 'resident', not_settled => 'undesignated hospital');
SELECT assistance FROM assistance.settle_claim(5, '5-8', '2025-08-15', 1000, 1000, region => 'X', scheme => 'resident');
-- ON CONFLICT DO NOTHING settles what came in, and nothing else
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
VALUES (5, '5-8', '2025-08-15', 9, 9, 'X', 'resident'), (5, '5-10', '2025-10-15', 1000, 1000, 'X', 'resident') ON CONFLICT DO NOTHING;
SELECT key, critical, assistance FROM test.posted WHERE person_id = 5 AND key IN ('5-8', '5-9', '5-10') ORDER BY key;

-- ---- what is looked up: enrolment, agreement, categories of the days of the stay ----
INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid) VALUES (10, 'K', 'resident', '[2025-01-01,)');
INSERT INTO assistance_register.institution (institution_id, name) VALUES ('H2', 'second'), ('H3', 'third');
INSERT INTO assistance_register.institution_agreement (institution_id, level, designated, valid)
VALUES ('H2', '2', true, '[2025-01-01,)'), ('H3', '3', true, '[2025-01-01,2025-07-01)');
-- low until 10 March, poor from 10 April: a stay over 10 March is under low, one over 10 April under poor (gained in mid-stay), later ones too
INSERT INTO assistance_register.person_category (person_id, category, valid, evidence)
VALUES (10, 'low', '[2025-01-01,2025-03-10)', 'recognised by the county'), (10, 'poor', '[2025-04-10,)', 'recognised by the county');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, admitted_on, discharged_on, institution_id, total, in_scope)
VALUES (10, '10-1', '2025-03-15', '2025-03-05', '2025-03-15', 'H2', 1000, 1000), (10, '10-2', '2025-03-25', '2025-03-20', '2025-03-25', 'H2', 1000, 1000),
	   (10, '10-3', '2025-04-15', '2025-04-05', '2025-04-15', 'H3', 1000, 1000), (10, '10-4', '2025-07-05', '2025-06-25', '2025-07-05', 'H3', 1000, 1000),
	   (10, '10-5', '2025-07-15', '2025-07-05', '2025-07-15', 'H2', 1000, 1000);
-- 1 000: level 2 800 + 50 % of 200; 800 + 0; level 3 600 + 70 % of 400; the same (admitted under the agreement); 800 + 70 % of 200
SELECT key, basic, assistance, patient FROM test.posted WHERE person_id = 10 ORDER BY key;
SELECT bill ->> 'level' AS level, bill ->> 'designated' AS designated, bill -> 'category' AS category FROM assistance_register.settlement WHERE person_id = 10 ORDER BY claim_id;
-- in July H3 has no agreement and so is not designated; its level is not known, and the policy needs it
SELECT assistance.settle_claim(10, '10-6', '2025-08-05', 1000, 1000, institution_id => 'H3');
SELECT basic, assistance, patient FROM assistance.settle_claim(10, '10-6', '2025-08-05', 1000, 1000, institution_id => 'H3', level => '3');
SELECT count(*) AS wait FROM assistance_register.resettle_queue;

-- ---- recorded late: poor since 1 March instead of low; the queue knows ----
UPDATE assistance_register.person_category SET recorded = tstzrange(lower(recorded), clock_timestamp()) WHERE person_id = 10;
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (10, 'poor', '[2025-03-01,)');
SELECT person_id, reason, failed_at FROM assistance_register.resettle_queue;
SELECT * FROM assistance.verify(10);
-- 10-1: 70 % instead of 50 % of 200; 10-2: 70 % of 200 instead of 0
SELECT c.request_key, r.entry, r.layer, r.amount, r.owed_by, r.owed_to FROM assistance.resettle_person(10, 'category of March') r
  JOIN assistance_register.claim c ON c.claim_id = r.claim ORDER BY c.request_key, r.layer;
SELECT * FROM assistance.resettle_person(10, 'again');
SELECT count(*) AS wait FROM assistance_register.resettle_queue;
-- an agreement that ended earlier: H3 was of level 2 from April on: 80 % instead of 60 %, and aid on the rest
UPDATE assistance_register.institution_agreement SET recorded = tstzrange(lower(recorded), clock_timestamp()) WHERE institution_id = 'H3';
INSERT INTO assistance_register.institution_agreement (institution_id, level, designated, valid)
VALUES ('H3', '3', true, '[2025-01-01,2025-04-01)'), ('H3', '2', true, '[2025-04-01,2025-07-01)');
SELECT person_id, reason FROM assistance_register.resettle_queue;
CALL assistance.resettle();
SELECT key, r, basic, assistance, patient FROM test.posted WHERE person_id = 10 AND r > 1 ORDER BY key, r;
-- a determination: basic does not apply in July; aid pays 70 % of all
INSERT INTO assistance_register.determination (person_id, layer, state, valid, reason) VALUES (10, 'basic', 'not_insured', '[2025-07-10,2025-08-01)', 'no premium paid');
CALL assistance.resettle();
SELECT key, r, basic, assistance, patient, reason FROM test.posted WHERE key = '10-5' ORDER BY r;
SELECT layer, amount, reason FROM assistance_register.recoverable WHERE person_id = 10 ORDER BY recoverable_id;

-- ---- a policy published with an earlier start: from 1 April on poor get 90 % ----
SELECT test.publish('K', format('[%s, %s]', :'basic', replace(:'aid', '0.7', '0.9')), '2025-04-01', NULL, 'corrected') AS act \gset
SELECT person_id, reason FROM assistance_register.resettle_queue;
SELECT * FROM assistance.verify(10);
CALL assistance.resettle();
-- + 20 % of what aid is paid on: 200, 200, 1 000, and 1 000 at the undesignated H3 (there it had 70 % of 1 000)
SELECT key, r, assistance, patient, reason FROM test.posted p WHERE person_id = 10 AND r = (SELECT max(r) FROM test.posted q WHERE q.key = p.key) AND reason = 'policy' ORDER BY key;
SELECT count(*) AS wait FROM assistance_register.resettle_queue;

-- ---- a given amount that no longer fits: basic 60 % of 1 000, charity gives 300, the patient bears 100. Recognised as poor since
-- January, the person gets 70 % of 400 from aid; of the 300 of charity 120 find room, 180 are recoverable ----
SELECT test.publish('G', format('[%s, %s, {"name": "fund", "kind": "charity", "base": {"copay": 1}, "rules": []}]', :'basic', :'aid'), '2025-01-01', NULL, 'first') AS act \gset
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, level, designated, given)
VALUES (16, '16-1', '2025-03-15', 1000, 1000, 'G', 'resident', '3', true, '{"fund": {"amount": 300}}'),
	   (16, '16-2', '2025-04-15', 1000, 1000, 'G', 'resident', '3', true, '{"fund": {"amount": 100}}');
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (16, 'poor', '[2025-01-01,)');
SELECT c.request_key, r.layer, r.amount, r.owed_by, r.owed_to FROM assistance.resettle_person(16, 'category') r JOIN assistance_register.claim c ON c.claim_id = r.claim
 ORDER BY c.request_key, r.layer;
SELECT layer, amount, owed_by, reason FROM assistance_register.recoverable WHERE person_id = 16;
SELECT * FROM assistance.resettle_person(16, 'again');
SELECT * FROM assistance.verify(16);
-- at the first settlement it is refused
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, level, designated, given)
VALUES (16, '16-3', '2025-05-15', 1000, 1000, 'G', 'resident', '3', true, '{"fund": {"amount": 121}}');

-- ---- charge lines ----
SELECT claim_id AS lined FROM assistance.settle_claim(11, '11-1', '2025-03-15', 300, 190, excluded => 100, first_share => 10, region => 'X', scheme => 'resident') \gset
INSERT INTO assistance_register.claim_line (claim_id, line_no, amount, first_share, excluded) VALUES (:lined, 1, 200, 0, false), (:lined, 2, 100, 0, true);
INSERT INTO assistance_register.claim_line (claim_id, line_no, amount, first_share, excluded) VALUES (:lined, 1, 100, 0, false), (:lined, 2, 100, 0.1, false), (:lined, 3, 100, 0, true);

-- ---- rows of money are only added; who may insert claims needs no other right; a trigger stands where it belongs ----
UPDATE assistance_register.settlement SET patient = 0;
DELETE FROM assistance_register.claim;
TRUNCATE assistance_register.recoverable CASCADE;
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at) VALUES (5, '5-8', '2025-08-15') ON CONFLICT (request_key) DO UPDATE SET total = 0;
CREATE ROLE regress_hospital;
GRANT USAGE ON SCHEMA assistance_register TO regress_hospital;
GRANT INSERT ON assistance_register.claim TO regress_hospital;
SET ROLE regress_hospital;
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme) VALUES (12, '12-1', '2025-03-15', 1000, 1000, 'X', 'resident');
UPDATE assistance_register.person_account SET claims = 0;
SELECT * FROM assistance_register.settlement;
INSERT INTO assistance_register.resettlement (person_id, reason) VALUES (12, 'no right');
CREATE TEMP TABLE claim (person_id bigint, claim_id bigint, ordered_at timestamp, seq bigint, reverses bigint, not_settled text);
CREATE TRIGGER settle AFTER INSERT ON claim REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION assistance.settle_claims();
INSERT INTO claim VALUES (12, 1, '2025-03-15', 1, NULL, NULL);
RESET ROLE;
SELECT key, critical, assistance FROM test.posted WHERE person_id = 12;
DROP OWNED BY regress_hospital;
DROP ROLE regress_hospital;

-- ---- room, seals ----
SELECT layer, rule, item, name, period, limit_amount, used, room FROM assistance.remaining(3, '2025-06-01');
SELECT layer, rule, item, name, period, limit_amount, used, room, condition FROM assistance.remaining(13, '2025-06-01');
CALL assistance.seal_chain();
SELECT count(*) FROM assistance.verify_chain();
SELECT (SELECT count(*) FROM assistance_register.seal) = (SELECT count(*) FROM assistance_register.settlement) AS all_sealed;
SET TimeZone = 'Asia/Shanghai'; SET DateStyle = 'German'; SET extra_float_digits = 0;
SELECT count(*) FROM assistance.verify_chain();
RESET TimeZone; RESET DateStyle; RESET extra_float_digits;

-- ---- beyond a cap, beside the fold: aid 40 %, at most 45 a bill, and 100 a year together with tilt, which pays nothing ----
SELECT test.publish('C', '[
	{"name": "aid", "kind": "assistance", "base": {"copay": 1},
	 "rules": [{"name": "all", "ratio": 0.4, "caps": [{"limit": 45, "per": "visit"}, {"limit": 100, "group": "both"}]}]},
	{"name": "tilt", "kind": "tilt", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0, "caps": [{"limit": 100, "group": "both"}]}]}]',
	'2025-01-01', NULL, 'first') AS act \gset
SELECT test.claims('C', 38, 100, 100);
SELECT layer, item, name, used, room FROM assistance.remaining(38, '2025-06-01');
BEGIN;
INSERT INTO assistance_register.settlement (person_id, claim_id, revision, entry, corrects_revision, reason, region, scheme, total, basic, critical,
	supplementary, assistance, tilt, emergency, government, other, charity, hospital, patient, adjustment, recoverable, bill, lines, digest,
	engine, known_publication, known_at)
SELECT person_id, claim_id, 2, 'difference', 1, 'beside the fold', region, scheme, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, bill, lines, digest,
	engine, known_publication, known_at FROM assistance_register.settlement WHERE person_id = 38;
CREATE FUNCTION test.beside(n integer, layer text, kind text, place integer, amount numeric) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	claim bigint := (SELECT claim_id FROM assistance_register.claim WHERE request_key = '38-' || n);
	told text;
BEGIN
	INSERT INTO assistance_register.payment VALUES (38, claim, 2, layer, kind, 'bill', place, NULL, amount, layer, 'patient');
	RETURN 'paid';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS told = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || replace(told, 'Bill ' || claim, 'Bill');
END
$$;
-- 40 of the first bill's 45; then 40 + 40 + 5 of the year's 100, so 15 are left, of which tilt of the second bill takes 10
SELECT test.beside(1, 'aid', 'assistance', 3, 5.01);
SELECT test.beside(1, 'aid', 'assistance', 3, 5.00);
SELECT test.beside(2, 'tilt', 'tilt', 4, 15.01);
SELECT test.beside(2, 'tilt', 'tilt', 4, 10.00);
-- 5 are left, for both layers together
SELECT test.beside(1, 'tilt', 'tilt', 4, 5.01);
SELECT test.beside(1, 'tilt', 'tilt', 4, 5.00);
SELECT test.beside(2, 'aid', 'assistance', 3, 0.01);
-- a layer of no policy has no cap
SELECT test.beside(2, 'gift', 'charity', 5, 7);
ROLLBACK;

-- ---- everything fits ----
SELECT * FROM assistance.verify();

-- ---- what verify and the seals find: a claim that came in without its trigger, a payment and an account that somebody changed ----
SET session_replication_role = replica;
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme) VALUES (14, '14-1', '2025-03-15', 1000, 1000, 'X', 'resident');
RESET session_replication_role;
SELECT person, finding, detail FROM assistance.verify();
SELECT layer, amount FROM assistance.resettle_person(14, 'came in without its trigger');
SELECT * FROM assistance.verify();
SET session_replication_role = replica;
UPDATE assistance_register.payment SET amount = 0;
RESET session_replication_role;
BEGIN;
ALTER TABLE assistance_register.payment DISABLE TRIGGER append_only;
UPDATE assistance_register.payment SET amount = amount + 1 WHERE person_id = 3 AND layer = 'aid';
UPDATE assistance_register.person_account SET account = (account::jsonb - 'tallies')::json WHERE person_id = 2;
SELECT person, finding, left(detail, 70) AS detail FROM assistance.verify();
SELECT person, n, finding FROM assistance.verify_chain();
ROLLBACK;

-- ---- a register that was damaged is repaired; one of somebody else is not taken ----
DROP TRIGGER settle_claims ON assistance_register.claim;
DROP FUNCTION assistance_register.bill_of;
CALL assistance.create_register();
SELECT assistance FROM assistance.settle_claim(15, '15-1', '2025-03-15', 1000, 1000, region => 'X', scheme => 'resident');
CREATE ROLE regress_other;
SET ROLE regress_other;
CALL assistance.create_register();
RESET ROLE;
DROP ROLE regress_other;
SELECT count(*) FROM assistance.verify();
