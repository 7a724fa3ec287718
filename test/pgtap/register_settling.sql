-- register_settling.sql — what a claim is settled on: one claim or many in a statement, what it leaves out, bills that an account does
-- not hold until a rule reaches back to them, the schemes of a region, and rows of payment that the guard need not judge.

BEGIN;
SELECT plan(34);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('S', 'S', 'S', 'pool', 'example', 'test');
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source) VALUES ('low', 'S', '建档立卡', 'low', 'low', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "residents", "region": "S", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "codes": {"level": {"2": "second"}, "category": {"low": "low"}, "referral": {"R": "referred", "N": "not referred"}},
	 "layers": [
		{"name": "basic", "kind": "basic", "rules": [
			{"name": "referred", "when": {"referral": ["R"], "designated": true}, "ratio": 0.5},
			{"name": "other", "ratio": 0.3}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "low", "when": {"category": ["low"]}, "ratio": 0.2}]},
		{"name": "gift", "kind": "charity", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.1}]}]},
	{"title": "employees", "region": "S", "scheme": "employee", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "layers": [
		{"name": "basic", "kind": "basic", "not_applicable": true},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "none", "ratio": 0}]},
		{"name": "tilt", "kind": "tilt", "base": {"copay": 1}, "rules": [
			{"name": "application", "on": "application", "window": {"over": "year_to_date"}, "deductible": {"amount": 4000}, "ratio": 0.5}]}]}]}'),
	'test') AS act \gset

-- ---- the schemes of a region ----

SELECT is((SELECT array_agg(p ->> 'scheme') FROM jsonb_array_elements(assistance.to_jsonb(
	assistance.terms_book('{S}', '[2025-01-01,2026-01-01)', schemes => '{resident}')) -> 'pages') p), '{resident}', 'a book of one scheme');
SELECT is(jsonb_array_length(assistance.to_jsonb(assistance.terms_book('{S}', '[2025-01-01,2026-01-01)', schemes => '{resident,employee}')) -> 'pages'),
	2, 'of two');
SELECT throws_ok($$ SELECT assistance.terms_book('{S}', '[2025-01-01,2026-01-01)', schemes => '{nobody}') $$, 'MA401', NULL, 'of none');

-- ---- one claim in a statement, and many, that leave everything out ----

INSERT INTO assistance_register.person (person_id) VALUES (9001), (9002), (9003), (9004), (9005), (9006);
INSERT INTO assistance_register.institution (institution_id) VALUES ('S1'), ('S2');
INSERT INTO assistance_register.institution_agreement (institution_id, level, designated, valid) VALUES ('S1', '2', true, '[2025-01-01,2025-07-01)');
INSERT INTO assistance_register.enrolment (person_id, region, scheme, person_type, valid)
	SELECT p, 'S', 'resident', 'child', '[2025-01-01,2026-01-01)' FROM unnest(ARRAY[9001, 9002]) p;
INSERT INTO assistance_register.person_category (person_id, category, valid)
	SELECT p, 'low', '[2025-02-01,2025-04-01)' FROM unnest(ARRAY[9001, 9002]) p;
INSERT INTO assistance_register.determination (person_id, layer, state, valid)
	SELECT p, 'gift', 'waived', '[2025-03-01,2025-04-01)' FROM unnest(ARRAY[9001, 9002]) p;
INSERT INTO assistance_register.referral (person_id, kind, to_institution, code, valid)
	SELECT p, 'referral', v.institution, v.code, daterange(v.first, '2025-08-01')
	  FROM unnest(ARRAY[9001, 9002]) p, (VALUES ('S1', 'R', date '2025-02-01'), (NULL, 'N', '2025-01-01')) v (institution, code, first);
CREATE TEMP TABLE sent (n, ordered_at, admitted_on, institution_id, referral, given) AS VALUES
	(1, timestamp '2025-01-20', NULL::date, 'S1', NULL, NULL::json),
	(2, '2025-02-20', '2025-01-30', 'S1', NULL, NULL),
	(3, '2025-03-20', '2025-03-01', 'S1', NULL, '{"aid": {"amount": 7}}'),
	(4, '2025-03-25', '2025-03-24', 'S2', NULL, NULL),
	(5, '2025-05-20', '2025-05-02', 'S1', 'N', NULL),
	(6, '2025-07-20', '2025-07-02', 'S1', NULL, NULL);
DO $$
DECLARE
	s sent;
BEGIN
	FOR s IN SELECT * FROM sent ORDER BY n LOOP
		INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, admitted_on, total, in_scope, institution_id, referral, given)
		VALUES (9001, 'S-one-' || s.n, s.ordered_at, s.admitted_on, 1000, 1000, s.institution_id, s.referral, s.given);
	END LOOP;
END
$$;
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, admitted_on, total, in_scope, institution_id, referral, given)
	SELECT 9002, 'S-many-' || n, ordered_at, admitted_on, 1000, 1000, institution_id, referral, given FROM sent;
CREATE TEMP VIEW of_sent AS
	SELECT right(c.request_key, 1)::int AS n, c.person_id, s.bill::text AS bill, s.basic, s.assistance, s.charity
	  FROM assistance_register.claim c JOIN assistance_register.settlement s USING (claim_id) WHERE c.request_key LIKE 'S-%';
SELECT results_eq($$ SELECT n, bill FROM of_sent WHERE person_id = 9001 ORDER BY 1 $$, $$ SELECT n, bill FROM of_sent WHERE person_id = 9002 ORDER BY 1 $$,
	'one claim and many are looked up alike');
SELECT results_eq($$ SELECT n, assistance.to_jsonb(assistance_register.bill_of(c))::text FROM assistance_register.claim c, of_sent o
		WHERE c.person_id = 9001 AND o.person_id = 9001 AND o.n = right(c.request_key, 1)::int ORDER BY 1 $$,
	$$ SELECT n, (bill::jsonb)::text FROM of_sent WHERE person_id = 9001 ORDER BY 1 $$, 'and as bill_of says');
SELECT results_eq($$ SELECT n, (bill::json ->> 'referral') COLLATE "C", (bill::json ->> 'level') COLLATE "C", (bill::json ->> 'designated') COLLATE "C", (bill::json ->> 'category') COLLATE "C" FROM of_sent
		WHERE person_id = 9001 ORDER BY 1 $$,
	$$ VALUES (1, 'N' COLLATE "C", '2' COLLATE "C", 'true' COLLATE "C", '[]' COLLATE "C"), (2, 'N', '2', 'true', '["low"]'), (3, 'R', '2', 'true', '["low"]'), (4, 'N', NULL, 'false', '["low"]'),
		(5, 'N', '2', 'true', '[]'), (6, 'R', NULL, 'false', '[]') $$,
	'the referral of the day of admission: to this institution before any; what the claim says itself goes first');
-- 30 % of 1 000, referred to a designated hospital 50 %; aid 20 % of the rest or what was given; a tenth of the rest, waived in March
SELECT results_eq($$ SELECT n, basic, assistance, charity FROM of_sent WHERE person_id = 9001 ORDER BY 1 $$,
	$$ VALUES (1, 300.00, 0.00, 70.00), (2, 300.00, 140.00, 56.00), (3, 500.00, 7.00, 0.00), (4, 300.00, 140.00, 0.00), (5, 300.00, 0.00, 70.00),
		(6, 300.00, 0.00, 70.00) $$, 'amounts by hand');
UPDATE assistance_register.referral SET recorded = tstzrange(lower(recorded), clock_timestamp()) WHERE person_id = 9001 AND code = 'R';
SELECT set_eq($$ SELECT reason FROM assistance_register.resettle_queue WHERE person_id = 9001 $$, $$ VALUES ('referral') $$, 'a referral withdrawn');
-- 30 % instead of 50 % of the bill of March; its aid was given
SELECT results_eq($$ SELECT layer, amount FROM assistance.resettle_person(9001, 'referral') $$, $$ VALUES ('basic', -200.00) $$,
	'takes its ratio back');

-- ---- bills that an account does not hold ----

SELECT is(jsonb_array_length(a.account::jsonb -> 'kept'), NULL, 'an account holds no bills')
  FROM assistance_register.person_account a WHERE person_id = 9002;
DO $$
BEGIN
	FOR n IN 1 .. 3 LOOP
		INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
		VALUES (9003, 'E-' || n, timestamp '2025-01-01' + n * interval '1 month', 3000, 3000, 'S', 'employee');
	END LOOP;
END
$$;
SELECT is(a.account::jsonb -> 'kept', NULL, 'nor where the terms reach back') FROM assistance_register.person_account a WHERE person_id = 9003;
-- 9 000 were borne: (9 000 - 4 000) x 50 %
SELECT results_eq($$ SELECT adjustment FROM assistance.settle_claim(9003, 'E-apply', '2025-05-01', region => 'S', scheme => 'employee', kind => 'application') $$,
	ARRAY[2500.00], 'an application reaches back to them');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
	VALUES (9003, 'E-4', '2025-06-01', 2000, 2000, 'S', 'employee');
-- 11 000 were borne: (11 000 - 4 000) x 50 % less the 2 500 of the first application
SELECT results_eq($$ SELECT adjustment FROM assistance.settle_claim(9003, 'E-again', '2025-07-01', region => 'S', scheme => 'employee', kind => 'application') $$,
	ARRAY[1000.00], 'and to what the first application has paid');
SELECT is(count(*), 6::bigint, 'without a difference of an earlier claim') FROM assistance_register.settlement WHERE person_id = 9003;
SELECT is_empty('SELECT * FROM assistance.verify(9003)', 'verify folds the same');
SELECT is_empty('SELECT * FROM assistance.resettle_person(9003, ''again'')', 'and so does settling again');

-- a person of two schemes: the bills of the one are there when the other reaches back
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, referral, designated, category)
	VALUES (9004, 'M-1', '2025-02-01', 10000, 10000, 'S', 'resident', 'N', true, '{}');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
	VALUES (9004, 'M-2', '2025-03-01', 3000, 3000, 'S', 'employee');
-- of 10 000 the resident bears 7 000 less a tenth: 6 300, and 3 000: (9 300 - 4 000) x 50 %
SELECT results_eq($$ SELECT adjustment FROM assistance.settle_claim(9004, 'M-apply', '2025-05-01', region => 'S', scheme => 'employee', kind => 'application') $$,
	ARRAY[2650.00], 'an application reaches back to the bills of another scheme');
SELECT is_empty('SELECT * FROM assistance.verify(9004)', 'verify folds the same');

-- the same in one statement, which the person begins with: the terms of the resident alone would not keep the first bill
INSERT INTO assistance_register.claim (person_id, request_key, kind, ordered_at, total, in_scope, region, scheme, referral, designated, category) VALUES
	(9006, 'O-1', 'bill', '2025-02-01', 10000, 10000, 'S', 'resident', 'N', true, '{}'),
	(9006, 'O-2', 'bill', '2025-03-01', 3000, 3000, 'S', 'employee', NULL, NULL, NULL),
	(9006, 'O-apply', 'application', '2025-05-01', 0, 0, 'S', 'employee', NULL, NULL, NULL);
SELECT results_eq($$ SELECT c.request_key, s.revision, s.adjustment FROM assistance_register.settlement s JOIN assistance_register.claim c USING (claim_id)
		WHERE s.person_id = 9006 ORDER BY 1 $$,
	$$ VALUES ('O-1' COLLATE "C", 1, 0.00), ('O-2', 1, 0.00), ('O-apply', 1, 2650.00) $$, 'also where all come in one statement');
SELECT is_empty('SELECT * FROM assistance.verify(9006)', 'verify folds the same');

-- an account of an older register, which held its bills
CREATE TEMP TABLE whole AS SELECT (r.account)::text AS account FROM assistance.refold(9003) r WHERE r.claim_id IS NULL;
UPDATE assistance_register.person_account SET account = (SELECT account FROM whole)::json WHERE person_id = 9003;
SELECT ok((SELECT account FROM whole) ~ '"kept"', 'an account that holds its bills');
-- 3 500 of 11 000 are paid, and 1 000 more were borne: (12 000 - 4 000) x 50 % less 3 500
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
	VALUES (9003, 'E-5', '2025-08-01', 1000, 1000, 'S', 'employee');
SELECT results_eq($$ SELECT adjustment FROM assistance.settle_claim(9003, 'E-third', '2025-09-01', region => 'S', scheme => 'employee', kind => 'application') $$,
	ARRAY[500.00], 'goes on like any other');

-- failures of an older register did not say what was known: they are tried again
UPDATE assistance_register.person_account SET stale_since = clock_timestamp(), stale_reason = 'test' WHERE person_id = 9003;
ALTER TABLE assistance_register.resettlement_failure DROP COLUMN known_publication CASCADE;
INSERT INTO assistance_register.resettlement_failure (person_id, sqlstate, message) VALUES (9003, 'MA401', 'test');
CALL assistance.create_register();
SELECT has_column('assistance_register', 'resettlement_failure', 'known_publication', 'an older register is brought to it');
SELECT results_eq('SELECT failed_at FROM assistance_register.resettle_queue WHERE person_id = 9003', ARRAY[NULL::timestamptz],
	'a failure of an older register does not stand');
UPDATE assistance_register.resettlement_failure SET known_publication = (SELECT max(id) FROM assistance.policy_publication);
SELECT results_eq('SELECT failed_at IS NOT NULL FROM assistance_register.resettle_queue WHERE person_id = 9003', ARRAY[true],
	'one that knew the last publication does');
UPDATE assistance_register.person_account SET stale_since = NULL, stale_reason = NULL WHERE person_id = 9003;

-- ---- what is left of a deductible that is final once met: 1300 - 500 of 800, then nothing of 1300 although 800 are taken ----

INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('F', 'F', 'F', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "final", "region": "F", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"}, "codes": {"level": {"2": "second", "3": "third"}},
	 "layers": [
		{"name": "basic", "kind": "basic", "rules": [
			{"name": "second", "when": {"level": ["2"]}, "deductible": {"amount": 800, "counter": "d", "final_once_met": true}, "ratio": 0.5},
			{"name": "third", "when": {"level": ["3"]}, "deductible": {"amount": 1300, "counter": "d", "final_once_met": true}, "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "none", "ratio": 0}]}]}]}'), 'test') AS act \gset
INSERT INTO assistance_register.person (person_id) VALUES (9106);
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, level)
	VALUES (9106, 'F-1', '2025-02-01', 500, 500, 'F', 'resident', '2');
SELECT results_eq($$ SELECT rule, used, room FROM assistance.remaining(9106, '2025-02-02') WHERE item = 'deductible' ORDER BY 1 $$,
	$$ VALUES ('second', 500.00, 300.00), ('third', 500.00, 800.00) $$, 'what is left of a deductible before it is met');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, level)
	VALUES (9106, 'F-2', '2025-02-02', 400, 400, 'F', 'resident', '2');
SELECT results_eq($$ SELECT rule, used, room FROM assistance.remaining(9106, '2025-02-02') WHERE item = 'deductible' ORDER BY 1 $$,
	$$ VALUES ('second', 800.00, 0.00), ('third', 800.00, 0.00) $$, 'nothing is left of one that is final once met');

-- ---- seals hold the lines of charges ----

INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
	VALUES (9005, 'L-1', '2025-02-01', 300, 300, 'S', 'employee') RETURNING claim_id \gset
INSERT INTO assistance_register.claim_line (claim_id, line_no, item, amount) VALUES (:claim_id, 1, 'bed', 100), (:claim_id, 2, 'drug', 200);
-- a seal of an older register, whose text had no lines
SELECT settlement_id, claim_id AS first_claim, revision FROM assistance_register.settlement WHERE person_id = 9004 ORDER BY settlement_id LIMIT 1 \gset
INSERT INTO assistance_register.seal (person_id, n, settlement_id, hash)
	VALUES (9004, 1, :settlement_id, sha256(convert_to(assistance.canonical_settlement(9004, :first_claim, :revision, 1), 'UTF8')));
CALL assistance.seal_chain();
SELECT is_empty('SELECT * FROM assistance.verify_chain()', 'seals of both forms fit');
SELECT set_eq('SELECT DISTINCT form FROM assistance_register.seal WHERE person_id = 9004', '{1,2}'::smallint[], 'of one person too');
SELECT isnt(assistance.canonical_settlement(9004, :first_claim, :revision, 1), assistance.canonical_settlement(9004, :first_claim, :revision), 'the forms differ');
SELECT throws_ok(format('INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) VALUES (%s, 3, 0)', :claim_id), 'MA611', NULL,
	'no line comes to a sealed claim');
ALTER TABLE assistance_register.claim_line DISABLE TRIGGER append_only;
UPDATE assistance_register.claim_line SET item = 'other' WHERE claim_id = :claim_id AND line_no = 2;
SELECT results_eq('SELECT person, finding FROM assistance.verify_chain()',
	$$ VALUES (9005::bigint, 'the settlement, its claim, a line or a payment is not what was sealed') $$, 'a changed line breaks its seal');
UPDATE assistance_register.claim_line SET item = 'drug' WHERE claim_id = :claim_id AND line_no = 2;
SELECT is_empty('SELECT * FROM assistance.verify_chain()', 'as it was, it fits');
ALTER TABLE assistance_register.claim_line ENABLE ALWAYS TRIGGER append_only;

-- ---- what the guard need not judge ----

CREATE FUNCTION pg_temp.raise_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.amount := NEW.amount + 1000;
	RETURN NEW;
END
$$;
CREATE TRIGGER raise_payment BEFORE INSERT ON assistance_register.payment FOR EACH ROW WHEN (NEW.layer = 'basic')
	EXECUTE FUNCTION pg_temp.raise_payment();
SELECT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, referral, designated, category)
	VALUES (9005, 'G-1', '2025-02-02', 1000, 1000, 'S', 'resident', 'N', true, '{}') $$, 'MA605', NULL,
	'a payment that is not what the fold has posted is judged');

SELECT * FROM finish();
ROLLBACK;
