-- register_chain.sql — the hash chain: what it reads, in which order it seals, what it finds.

BEGIN;
SELECT plan(18);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('SEAL', 'SEAL', 'SEAL', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "sealed", "region": "SEAL", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.2}]}]}]}'), 'test') AS act \gset
-- 60 persons with four bills and one with ten
INSERT INTO assistance_register.person (person_id) SELECT n FROM generate_series(7001, 7061) n;
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
SELECT p, p || '-' || n, date '2025-01-01' + n, 100, 100, 'SEAL', 'resident' FROM generate_series(7001, 7060) p, generate_series(1, 4) n
 UNION ALL SELECT 7061, '7061-' || n, date '2025-01-01' + n, 100, 100, 'SEAL', 'resident' FROM generate_series(1, 10) n;

-- ---- what sealing and verifying read ----

SELECT results_eq('SELECT portion, cardinality(settlements) FROM assistance.unsealed_settlements()',
	'VALUES (0::bigint, 100), (1, 100), (2, 50)', 'in portions of a hundred');
SELECT results_eq('SELECT sum(cardinality(settlements)) FROM assistance.unsealed_settlements(130)', 'VALUES (130::bigint)', 'at most as many as were asked for');
CREATE TEMP VIEW read AS SELECT COALESCE(sum(t.seq_tup_read), 0)::bigint AS rows FROM pg_stat_xact_user_tables t
 WHERE t.schemaname = 'assistance_register' AND t.relname IN ('claim', 'settlement', 'payment', 'seal');
SELECT rows AS before FROM read \gset
CREATE PROCEDURE pg_temp.seal_all() LANGUAGE plpgsql AS $$
DECLARE
	next record;
BEGIN
	FOR next IN SELECT * FROM assistance.unsealed_settlements() LOOP
		CALL assistance.seal_settlements(next.persons, next.claims, next.revisions, next.settlements);
	END LOOP;
END
$$;
CALL pg_temp.seal_all();
-- every settlement and seal once or twice; one by one it would be 250 times 250
SELECT cmp_ok(rows - :before, '<=', 1000::bigint, 'sealing 250 settlements reads each a few times') FROM read;
SELECT is((SELECT count(*) FROM assistance_register.seal), 250::bigint, 'all are sealed');
SELECT rows AS before FROM read \gset
SELECT is_empty('SELECT * FROM assistance.verify_chain()', 'and hold');
SELECT cmp_ok(rows - :before, '<=', 2000::bigint, 'verifying reads each a few times') FROM read;
SET LOCAL enable_seqscan = off;
SELECT rows AS before FROM read \gset
SELECT is_empty('SELECT * FROM assistance.verify_chain(7061)', 'those of one person');
SELECT is(rows - :before, 0::bigint, 'are found without those of others') FROM read;
RESET enable_seqscan;

-- ---- the chain of a person is in the order of posting ----

SELECT results_eq('SELECT n, settlement_id - min(settlement_id) OVER () FROM assistance_register.seal WHERE person_id = 7061 ORDER BY n',
	'SELECT n::bigint, n::bigint - 1 FROM generate_series(1, 10) n', 'ten settlements, one after the other');
SELECT is((SELECT hash FROM assistance_register.seal WHERE person_id = 7061 AND n = 2),
	(SELECT sha256(f.hash || convert_to(assistance.canonical_settlement(s.person_id, s.claim_id, s.revision), 'UTF8'))
	   FROM assistance_register.seal e JOIN assistance_register.settlement s USING (person_id, settlement_id)
	   JOIN assistance_register.seal f ON f.person_id = e.person_id AND f.n = 1 WHERE e.person_id = 7061 AND e.n = 2),
	'SHA-256 over the seal before and the text of the settlement');

-- ---- a hospital, which may not read seals, adds no line to a sealed claim, and learns nothing of claims of others ----

CALL assistance.create_register_roles();
INSERT INTO assistance_register.institution (institution_id, name, region) VALUES ('SH', 'one', 'SEAL');
CREATE ROLE seal_test LOGIN IN ROLE assistance_hospital;
INSERT INTO assistance_register.access (login, institution_id) VALUES ('seal_test', 'SH');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, institution_id)
VALUES (7059, 'own', '2025-02-01', 100, 100, 'SEAL', 'resident', 'SH') RETURNING claim_id AS own \gset
SELECT claim_id AS other FROM assistance_register.claim WHERE request_key = '7061-1' \gset
SET LOCAL ROLE seal_test;
CREATE TEMP TABLE before_seal AS SELECT assistance.sealed_claim(ARRAY[:own]) AS own;
RESET ROLE;
CALL pg_temp.seal_all();
SET LOCAL ROLE seal_test;
CREATE TEMP TABLE after_seal AS SELECT assistance.sealed_claim(ARRAY[:own, :other]) AS own, assistance.sealed_claim(ARRAY[:other]) AS other;
DO $$
BEGIN
	INSERT INTO assistance_register.claim_line (claim_id, line_no, amount)
	SELECT c.claim_id, 1, 100 FROM assistance_register.claim c WHERE c.request_key = 'own';
	CREATE TEMP TABLE line AS SELECT 'added' AS came;
EXCEPTION WHEN SQLSTATE 'MA611' THEN
	CREATE TEMP TABLE line AS SELECT 'refused' AS came;
END
$$;
RESET ROLE;
SELECT is(came, 'refused', 'no line of a hospital comes to its sealed claim') FROM line;
SELECT results_eq('SELECT own FROM before_seal', 'SELECT NULL::bigint', 'nothing is sealed before');
SELECT results_eq('SELECT own, other FROM after_seal', format('VALUES (%s::bigint, NULL::bigint)', :own), 'after, its own claim is; it is not told of others');
SELECT is_empty('SELECT * FROM assistance.verify_chain()', 'and no alarm');

-- ---- what verify_chain finds: a row that was slipped in before a sealed one, a settlement that is gone ----

ALTER TABLE assistance_register.seal DISABLE TRIGGER append_only;
SAVEPOINT hashes;
ALTER TABLE assistance_register.seal ALTER COLUMN hash DROP NOT NULL;
UPDATE assistance_register.seal SET hash = NULL WHERE person_id = 7060 AND n = 4;
SELECT results_eq('SELECT person, n FROM assistance.verify_chain()', 'VALUES (7060::bigint, 4::bigint)', 'a last seal without its hash');
ROLLBACK TO hashes;
DELETE FROM assistance_register.seal WHERE person_id = 7061 AND n = 10;
SELECT is_empty('SELECT * FROM assistance.verify_chain()', 'a last seal that is gone is not missed, unless somebody has kept a copy of it');
UPDATE assistance_register.seal SET settlement_id = (SELECT max(settlement_id) FROM assistance_register.settlement WHERE person_id = 7061)
 WHERE person_id = 7061 AND n = 9;
SELECT set_eq('SELECT person, n, finding FROM assistance.verify_chain()',
	$$ VALUES (7061::bigint, 9::bigint, 'the settlement, its claim, a line or a payment is not what was sealed'),
		(7061, NULL, 'the settlement has no seal, a later one has') $$, 'a settlement that was left out');
ALTER TABLE assistance_register.payment DISABLE TRIGGER append_only;
ALTER TABLE assistance_register.settlement DISABLE TRIGGER append_only;
SELECT claim_id FROM assistance_register.claim WHERE request_key = '7060-3' \gset
DELETE FROM assistance_register.payment WHERE claim_id = :claim_id;
DELETE FROM assistance_register.settlement WHERE claim_id = :claim_id;
SELECT set_eq('SELECT person, n, finding FROM assistance.verify_chain(7060)', $$ VALUES (7060::bigint, 3::bigint, 'the settlement is missing') $$,
	'a settlement that is gone');

SELECT * FROM finish();
ROLLBACK;
