-- guard_register.sql — insurer_first on the register's own payments, whose rows state their places: everything that the register posts
-- passes, what others write beside it is judged. Amounts: docs/register.md, section 4, and the example of 8 000, 4 000, 5 000.

BEGIN;
SELECT plan(18);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('GUARD', 'GUARD', 'GUARD', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [{"title": "guarded", "region": "GUARD",
	"scheme": "resident", "from": "2025-01-01", "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	"layers": [
		{"name": "basic", "kind": "basic", "not_applicable": true},
		{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0},
		 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "settles": "year", "ratio": 0.7}]}]}]}'),
	'first') AS act \gset
INSERT INTO assistance_register.person DEFAULT VALUES RETURNING person_id \gset

INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, category)
	SELECT :person_id, 'guard-' || n, timestamp '2025-01-15' + n * interval '1 month', amount, amount, 'GUARD', 'resident', '{}'
	  FROM unnest(ARRAY[8000, 4000, 5000]) WITH ORDINALITY a (amount, n);
SELECT results_eq(
	$$ SELECT p.layer, p.amount FROM assistance_register.payment p JOIN assistance_register.claim c USING (claim_id)
	    WHERE c.request_key LIKE 'guard-%' AND p.entry = 'bill' AND p.layer <> 'basic' ORDER BY c.request_key, p.place $$,
	$$ VALUES ('critical' COLLATE "C", 0.00::numeric(16,2)), ('aid', 5600.00), ('critical', 1200.00), ('aid', 1960.00), ('critical', 3000.00), ('aid', 1400.00) $$,
	'three bills are settled under the guard');
-- without the second bill the third has (8 000 + 5 000 - 10 000) x 60 % = 1 800 and (5 000 - 1 800) x 70 % = 2 240
SELECT count(*) AS posted FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'guard-2'), 'guard-2x', 'wrong person') \gset
SELECT results_eq(
	$$ SELECT c.request_key, p.layer, sum(p.amount) FROM assistance_register.payment p JOIN assistance_register.claim c USING (claim_id)
	    WHERE c.request_key IN ('guard-2', 'guard-2x', 'guard-3') AND p.entry = 'bill' AND p.layer <> 'basic' GROUP BY 1, 2, p.place ORDER BY 1, p.place $$,
	$$ VALUES ('guard-2' COLLATE "C", 'critical' COLLATE "C", 1200.00), ('guard-2', 'aid', 1960.00), ('guard-2x', 'critical', -1200.00), ('guard-2x', 'aid', -1960.00),
			  ('guard-3', 'critical', 1800.00), ('guard-3', 'aid', 2240.00) $$,
	'a reversal and the differences that follow pass');
SELECT is_empty($$ SELECT * FROM assistance.verify() $$, 'and the register is whole');

-- critical has paid 1 200 too much: so much is recovered, and not a fen more
SELECT recoverable_id FROM assistance_register.recoverable WHERE person_id = :person_id AND amount = 1200 \gset
INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount) VALUES (:recoverable_id, 1, 'demanded', 1200),
	(:recoverable_id, 2, 'recovered', 1000), (:recoverable_id, 3, 'waived', 200);
SELECT is_empty(format('SELECT * FROM assistance.verify(%s)', :person_id), 'a recoverable that is recovered and waived');
SAVEPOINT fen;
SET LOCAL session_replication_role = replica;
INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount) VALUES (:recoverable_id, 4, 'set_off', 0.01);
SET LOCAL session_replication_role = origin;
SELECT results_eq(format('SELECT finding, detail FROM assistance.verify(%s)', :person_id),
	format($$ VALUES ('recoverable', 'recoverable %s of 1200.00: 4 steps, numbered up to 4, settle 1200.01 of it') $$, :recoverable_id), 'a fen beyond it that came in without the trigger is found');
ROLLBACK TO fen;

-- a payment of another layer beside those of the first revision
CREATE FUNCTION pg_temp.beside(key text, at smallint, yuan numeric) RETURNS text LANGUAGE sql AS $$
	SELECT format('INSERT INTO assistance_register.payment (person_id, claim_id, revision, layer, kind, entry, place, amount, owed_by, owed_to)
		VALUES (%s, %s, 1, ''gift'', ''charity'', ''bill'', %s, %s, ''gift'', ''patient'')', person_id, claim_id, at, yuan)
	  FROM assistance_register.claim WHERE request_key = key
$$;
SELECT throws_ok(pg_temp.beside('guard-1', 5::smallint, 1), 'MA602', NULL, 'a payment beside, without the place before it');
-- of 8 000 critical and aid pay 5 600: 2 400 are left
SELECT throws_ok(pg_temp.beside('guard-1', 4::smallint, 2400.01), 'MA605', NULL, 'a payment beside, beyond the bill');
SELECT throws_ok(pg_temp.beside('guard-1', 4::smallint, -0.01), 'MA608', NULL, 'a negative one');
-- of the reversed bill all 4 000 are left again
SELECT throws_ok(pg_temp.beside('guard-2', 4::smallint, 4000.01), 'MA605', NULL, 'beyond a bill that was reversed');
SELECT throws_ok(pg_temp.beside('guard-2x', 4::smallint, 1), 'MA609', NULL, 'a plus on a reversal');

-- beyond a cap: aid pays 40 %, at most 100 a year. Somebody pays 20 more beside the fold, which the account leaves room for; the next bill
-- of 100 still has 100 - 80 = 20 left by the account, so 120 of 100 are paid, and verify() says by what
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('CAPPED', 'CAPPED', 'CAPPED', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [{"title": "capped", "region": "CAPPED",
	"scheme": "resident", "from": "2025-01-01", "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	"layers": [
		{"name": "basic", "kind": "basic", "not_applicable": true},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "settles": "year", "ratio": 0.4, "caps": [{"limit": 100}]}]}]}]}'),
	'first') AS act \gset
INSERT INTO assistance_register.person DEFAULT VALUES RETURNING person_id AS capped \gset
CREATE FUNCTION pg_temp.aid_of(key text, person bigint, yuan numeric) RETURNS numeric LANGUAGE sql AS $$
	SELECT assistance FROM assistance.settle_claim(person, key, timestamp '2025-03-01' + right(key, 1)::integer * interval '1 month', yuan, yuan,
		region => 'CAPPED', scheme => 'resident', category => '{}')
$$;
-- a settlement of the owner's own on a claim, as a difference, and its payment
CREATE FUNCTION pg_temp.pay_beside(key text, at integer, yuan numeric) RETURNS void LANGUAGE sql AS $$
	INSERT INTO assistance_register.settlement (person_id, claim_id, revision, entry, corrects_revision, reason, region, scheme, total, basic, critical,
		supplementary, assistance, tilt, emergency, government, other, charity, hospital, patient, adjustment, recoverable, bill, lines, digest,
		engine, known_publication, known_at)
	SELECT s.person_id, s.claim_id, at, 'difference', at - 1, 'beside the fold', s.region, s.scheme, 0, 0, 0, 0, yuan, 0, 0, 0, 0, 0, 0, -yuan, 0, 0, s.bill,
		s.lines, s.digest, s.engine, s.known_publication, s.known_at
	  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (claim_id) WHERE c.request_key = key AND s.revision = 1;
	INSERT INTO assistance_register.payment SELECT p.person_id, p.claim_id, at, p.layer, p.kind, p.entry, p.place, NULL, yuan, p.layer, 'patient'
	  FROM assistance_register.payment p JOIN assistance_register.claim c USING (claim_id) WHERE c.request_key = key AND p.layer = 'aid' AND p.revision = 1
$$;
SELECT is(pg_temp.aid_of('cap-1', :capped, 200), 80.00, 'aid pays 80 of its 100');
SELECT throws_ok('SELECT pg_temp.pay_beside(''cap-1'', 2, 20.01)', 'MA613', NULL, 'a payment beside beyond the cap');
SELECT lives_ok('SELECT pg_temp.pay_beside(''cap-1'', 2, 20)', 'one up to the cap');
SELECT is(pg_temp.aid_of('cap-2', :capped, 100), 20.00, 'the fold does not see it: the next bill has the room of the account');
SELECT is((SELECT sum(amount) FROM assistance_register.payment WHERE person_id = :capped), 120.00, 'beyond the cap together');
SELECT results_eq(format('SELECT c.request_key, v.finding, v.detail FROM assistance.verify(%s) v JOIN assistance_register.claim c USING (claim_id) ORDER BY v.detail', :capped),
	$$ VALUES ('cap-1' COLLATE "C", 'amount', 'layer aid, bill: stored 100.00, folded 80.00'),
		('cap-1', 'amount', 'patient and hospital: stored 100.00 and 0.00, folded 120.00 and 0.00') $$, 'verify() names it');
SELECT lives_ok('SELECT pg_temp.pay_beside(''cap-1'', 3, -20)', 'it is taken back');
SELECT is_empty(format('SELECT * FROM assistance.verify(%s)', :capped), 'and no longer named');

SELECT * FROM finish();
ROLLBACK;
