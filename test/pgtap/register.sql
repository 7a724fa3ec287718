-- register.sql — who may do what in the register: the table of role, object and right, and rows of other regions and institutions.

BEGIN;
SELECT plan(35);
SET client_min_messages = warning;
SELECT throws_ok('CALL assistance.create_register_roles()', 'MA701', NULL, 'roles need a register');
CALL assistance.create_register();
CALL assistance.create_register_roles();
SELECT lives_ok('CALL assistance.create_register_roles()', 'roles may be made again');

-- ---- the table of role, table and right, as the catalogs have it ----

CREATE TEMP VIEW granted AS
	SELECT g.grantee::regrole::text AS role, c.relname::text AS object, string_agg(DISTINCT left(g.privilege_type, 1), '' ORDER BY left(g.privilege_type, 1)) AS rights
	  FROM pg_class c CROSS JOIN LATERAL (
		SELECT a.grantee, a.privilege_type FROM aclexplode(c.relacl) a
		UNION SELECT a.grantee, a.privilege_type FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = c.oid) g
	 WHERE c.relnamespace = 'assistance_register'::regnamespace AND c.relkind IN ('r', 'v', 'S') AND g.grantee <> c.relowner
	 GROUP BY 1, 2;
SELECT set_eq($$ SELECT object, rights FROM granted WHERE role = 'assistance_hospital' $$,
	$$ VALUES ('access', 'S'), ('claim', 'IS'), ('claim_line', 'IS'), ('settlement', 'S'), ('payment', 'S'), ('institution', 'S')
		UNION ALL SELECT unnest(ARRAY['national_payment', 'setl_d', 'setlinfo', 'setldetail']), 'S' WHERE current_setting('server_version_num')::integer >= 150000 $$,
	'what hospitals may');
SELECT set_eq($$ SELECT object, rights FROM granted WHERE role = 'assistance_operator' $$,
	$$ VALUES ('access', 'S'), ('claim', 'IS'), ('claim_line', 'IS'), ('settlement', 'S'), ('payment', 'S'), ('recoverable', 'S'), ('recoverable_step', 'IS'),
		('person_account', 'S'), ('resettlement', 'IS'), ('resettlement_failure', 'S'), ('person', 'IS'), ('person_identity', 'I'), ('person_category', 'ISU'),
		('enrolment', 'ISU'), ('determination', 'ISU'), ('referral', 'ISU'), ('institution', 'S'), ('institution_agreement', 'S')
		UNION ALL SELECT unnest(ARRAY['recoverable_state', 'national_payment', 'setl_d', 'setlinfo', 'setldetail']), 'S' WHERE current_setting('server_version_num')::integer >= 150000 $$,
	'what operators may');
SELECT set_eq($$ SELECT DISTINCT rights FROM granted WHERE role = 'assistance_auditor' $$, $$ VALUES ('S') $$, 'auditors write nothing');
SELECT is_empty($$ SELECT object FROM granted WHERE role = 'assistance_auditor' AND object = 'person_identity' $$, 'nor do they see who somebody is');
SELECT set_eq($$ SELECT object, rights FROM granted WHERE role = 'assistance_public' $$, $$ VALUES ('disclosure', 'S') $$, 'the public sees the disclosure');
SELECT is_empty($$ SELECT * FROM granted WHERE role NOT LIKE 'assistance\_%' $$, 'nobody else may anything');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'assistance_register'::regnamespace AND relkind = 'r'
	AND NOT (relrowsecurity AND relforcerowsecurity) $$, 'row security on every table, forced');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'assistance_register'::regnamespace AND p.prosecdef $$,
	'no SECURITY DEFINER');

-- ---- two counties, two hospitals ----

INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('A', 'A', 'A', 'pool', 'example', 'test'), ('B', 'B', 'B', 'pool', 'example', 'test');

SELECT assistance.publish_policy(assistance.import_policy(json_build_object('format', 1, 'engine', 1, 'pages', json_agg(json_build_object(
	'title', 'test', 'region', region, 'scheme', 'resident', 'from', '2025-01-01', 'sources', json_build_object('D', json_build_object('document', 'test')),
	'cite', json_build_object('source', 'D', 'mark', 'example'), 'layers', json_build_array(
		json_build_object('name', 'basic', 'kind', 'basic', 'not_applicable', true),
		json_build_object('name', 'critical', 'kind', 'critical', 'not_applicable', true), json_build_object('name', 'aid', 'kind', 'assistance',
		'base', json_build_object('copay', 1), 'rules', json_build_array(json_build_object('name', 'all', 'ratio', 0.7)))))))), 'test') AS act
  FROM unnest(ARRAY['A', 'B']) region \gset
INSERT INTO assistance_register.person (person_id, region) VALUES (1, 'A'), (2, 'B');
INSERT INTO assistance_register.person_identity (person_id, name) VALUES (1, '欧阳某某'), (2, '李某');
INSERT INTO assistance_register.institution (institution_id) VALUES ('HA'), ('HB');
CREATE ROLE register_ha IN ROLE assistance_hospital;
CREATE ROLE register_oa IN ROLE assistance_operator;
CREATE ROLE register_au IN ROLE assistance_auditor;
CREATE ROLE register_pu IN ROLE assistance_public;
INSERT INTO assistance_register.access (login, institution_id, region) VALUES ('register_ha', 'HA', NULL), ('register_oa', NULL, 'A');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, institution_id)
VALUES (1, 'a', '2025-02-01', 1000, 1000, 'A', 'resident', 'HA'), (2, 'b', '2025-02-01', 500, 500, 'B', 'resident', 'HB');
-- the functions of pgTAP keep their notes in temporary tables of the session's owner
GRANT ALL ON ALL TABLES IN SCHEMA pg_temp TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA pg_temp TO PUBLIC;

SET ROLE register_ha;
SELECT set_eq('SELECT request_key FROM assistance_register.claim', $$ VALUES ('a') $$, 'a hospital sees its own claims');
SELECT set_eq('SELECT assistance FROM assistance_register.settlement', ARRAY[700.00], 'and their settlements');
SELECT set_eq($$ SELECT layer, amount FROM assistance_register.payment $$, $$ VALUES ('basic', 0.00), ('critical', 0.00), ('aid', 700.00) $$, 'and payments');
SELECT results_eq($$ SELECT assistance FROM assistance.settle_claim(2, 'ha-2', '2025-03-01', 100, 100, region => 'B', scheme => 'resident', institution_id => 'HA') $$,
	ARRAY[70.00], 'it settles whoever comes');
-- 试算: 70 % of 200; nothing stays behind
SELECT results_eq($$ SELECT assistance, patient, pg_typeof(lines)::text FROM assistance.preview_claim(1, '2025-03-02', 200, 200, region => 'A', scheme => 'resident',
	institution_id => 'HA') $$, $$ VALUES (140.00, 60.00, 'assistance.lines') $$, 'it previews what it may send');
SELECT throws_ok($$ SELECT * FROM assistance.preview_claim(1, '2025-03-02', 200, 200, region => 'A', scheme => 'resident', institution_id => 'HB') $$,
	'42501', NULL, 'and nothing else');
SELECT throws_ok($$ SELECT * FROM assistance.preview_claim(1, '2025-03-02', 200, 200, region => 'X', scheme => 'resident', institution_id => 'HA') $$,
	'MA401', NULL, 'with the errors that it would get');
SELECT is(count(*), 1::bigint, 'a preview leaves no claim') FROM assistance_register.claim WHERE person_id = 1;
SELECT throws_ok($$ SELECT assistance.settle_claim(1, 'ha-3', '2025-03-01', 100, 100, region => 'A', scheme => 'resident', institution_id => 'HB') $$,
	'42501', NULL, 'not in the name of another hospital');
SELECT throws_ok($$ SELECT assistance.settle_claim(1, 'b', '2025-03-01', 100, 100, region => 'A', scheme => 'resident', institution_id => 'HA') $$,
	'MA702', NULL, 'the key of a claim that it may not see says no more than that it is taken');
SELECT throws_ok($$ INSERT INTO assistance_register.payment VALUES (1, 1, 1, 'x', 'basic', 'bill', 1, NULL, 1, 'x', 'y') $$, '42501', NULL, 'it writes no money');
SELECT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, reverses, reason, institution_id)
	VALUES (1, 'ha-4', '2025-02-01', 1, 'x', 'HA') $$, '42501', NULL, 'and reverses nothing');
SELECT throws_ok('SELECT * FROM assistance_register.person_identity', '42501', NULL, 'nor does it see who somebody is');
RESET ROLE;

SET ROLE register_oa;
SELECT set_eq('SELECT request_key FROM assistance_register.claim', $$ VALUES ('a') $$, 'an operator sees the claims of the region''s persons');
SELECT set_eq('SELECT person_id FROM assistance_register.person_account', ARRAY[1]::bigint[], 'and their accounts');
SELECT throws_ok($$ INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (2, 'low', '[2025-01-01,)') $$, '42501', NULL,
	'and records nothing about others');
SELECT lives_ok($$ INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (1, 'low', '[2025-01-01,)') $$, 'but about its own');
SELECT is_empty('SELECT * FROM assistance.resettle_person(1, ''category'')', 'it settles its persons again');
SELECT throws_ok('SELECT * FROM assistance.resettle_person(2, ''category'')', '42501', NULL, 'and no others');
SELECT set_eq($$ SELECT amount FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'a'), 'oa-1', 'wrong') $$,
	ARRAY[-700.00], 'and withdraws their claims');
RESET ROLE;

SET ROLE register_au;
SELECT is_empty('SELECT * FROM assistance.verify()', 'an auditor verifies everything');
RESET ROLE;
SET ROLE register_pu;
SELECT set_eq('SELECT region, name, assistance FROM assistance_register.disclosure', $$ VALUES ('B', '李*', 350.00), ('B', '李*', 70.00) $$,
	'the public sees masked names and amounts');
SELECT throws_ok('SELECT * FROM assistance_register.claim', '42501', NULL, 'and no claim');
RESET ROLE;

-- ---- the disclosure has what was paid beside the bills: by application (10 000 - 2 400) x 50 % = 3 800, at the end of the year (20 000 - 9 000) x 40 % = 4 400 ----

INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('C', 'C', 'C', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "events", "region": "C", "scheme": "resident", "from": "2025-01-01", "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "layers": [
		{"name": "basic", "kind": "basic", "not_applicable": true},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "none", "ratio": 0}]},
		{"name": "tilt", "kind": "tilt", "base": {"copay": 1}, "rules": [
			{"name": "application", "on": "application", "window": {"over": "year_to_date"}, "deductible": {"amount": 2400}, "ratio": 0.5},
			{"name": "year end", "on": "year_close", "window": {"over": "year_to_date"}, "deductible": {"amount": 9000}, "ratio": 0.4}]}]}]}'), 'test') AS act \gset
INSERT INTO assistance_register.person (person_id, region) VALUES (3, 'C'), (4, 'C');
INSERT INTO assistance_register.person_identity (person_id, name) VALUES (3, '赵某'), (4, '钱某某');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, kind, total, in_scope, region, scheme) VALUES
	(3, 'c-1', '2025-02-01', 'bill', 10000, 10000, 'C', 'resident'), (3, 'c-2', '2025-06-30', 'application', 0, 0, 'C', 'resident'),
	(4, 'c-3', '2025-02-01', 'bill', 20000, 20000, 'C', 'resident'), (4, 'c-4', '2025-12-31', 'year_close', 0, 0, 'C', 'resident');
SET ROLE register_pu;
SELECT set_eq($$ SELECT name, month, assistance FROM assistance_register.disclosure WHERE region = 'C' $$,
	$$ VALUES ('赵*', date '2025-06-01', 3800.00), ('钱**', '2025-12-01', 4400.00) $$, 'what is paid by application and at the end of the year');
RESET ROLE;
SELECT count(*) AS n FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'c-3'), 'c-3x', 'wrong') \gset
SELECT is_empty($$ SELECT name, month, assistance FROM assistance_register.disclosure WHERE name = '钱**' $$, 'less what was taken back');

SELECT * FROM finish();
ROLLBACK;
