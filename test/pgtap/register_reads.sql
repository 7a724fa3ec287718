-- register_reads.sql — what is asked about one person or claim reads the rows of that one: with sequential scans laid aside no row of others is read
-- one after the other; before, views that add up or build a text first read the whole register. The same for a register in partitions.

BEGIN;
SELECT plan(41);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
CALL assistance.create_register_roles();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('READ', 'READ', 'READ', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "read", "region": "READ", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "settles": "year", "ratio": 0.2, "caps": [{"limit": 1000}]}]}]}]}'),
	'test') AS act \gset
INSERT INTO assistance_register.person (person_id) SELECT n FROM generate_series(8001, 8040) n;
INSERT INTO assistance_register.person_account (person_id) VALUES (8039);
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme)
SELECT p, p || '-' || n, date '2025-01-01' + n, 1000, 1000, 'READ', 'resident' FROM generate_series(8001, 8038) p, generate_series(1, 3) n;
SELECT count(*) AS n FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = '8001-1'), '8001-1x', 'test') \gset
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, not_settled) VALUES (8001, '8001-n', '2025-02-01', 'outside the rules');
SELECT claim_id AS claim FROM assistance_register.claim WHERE request_key = '8001-2' \gset
INSERT INTO assistance_register.settlement (person_id, claim_id, revision, entry, corrects_revision, reason, region, scheme, total, basic, critical, supplementary,
	assistance, tilt, emergency, government, other, charity, hospital, patient, adjustment, recoverable, bill, lines, digest, engine, known_publication, known_at)
SELECT person_id, claim_id, 2, 'difference', 1, 'a row by hand', region, scheme, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, bill, lines, digest, engine,
	known_publication, known_at FROM assistance_register.settlement WHERE claim_id = :claim;

CREATE TEMP VIEW read AS SELECT COALESCE(sum(t.seq_tup_read), 0)::bigint AS rows FROM pg_stat_xact_user_tables t
 WHERE t.schemaname = 'assistance_register' AND (t.relname ~ '^(claim|settlement|payment)(_[0-9]+)*$' OR t.relname IN ('person_account', 'claim_key', 'seal', 'recoverable'));
-- what a query reads one after the other of the big tables
CREATE FUNCTION pg_temp.reads(query text) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
	before bigint := (SELECT rows FROM read);
BEGIN
	EXECUTE query;
	RETURN (SELECT rows FROM read) - before;
END
$$;
CREATE FUNCTION pg_temp.one_by_one(layout text, claim bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	query text;
BEGIN
	FOREACH query IN ARRAY ARRAY['assistance.verify_rows(8001)', 'assistance.verify_fold(8001)', 'assistance.verify(8001)', 'assistance.refold(8001)',
			'assistance.verify_chain(8001)', 'assistance.remaining(8001, ''2025-06-01'')', 'assistance.settled_as_of(8001, now())',
			'assistance_register.setl_d WHERE claim_id = %1$s', 'assistance_register.setlinfo WHERE claim_id = %1$s',
			'assistance_register.setldetail WHERE claim_id = %1$s', 'assistance_register.national_payment WHERE claim_id = %1$s',
			'assistance_register.setl_d WHERE person_id = 8001', 'assistance_register.setlinfo WHERE person_id = 8001 AND setl_id = ''%1$s''',
			'assistance_register.setldetail WHERE person_id = 8001', 'assistance_register.net_payment WHERE person_id = 8001',
			'assistance_register.net_settlement WHERE person_id = 8001', 'assistance_register.live_claim WHERE person_id = 8001'] LOOP
		query := format(query, claim);
		RETURN NEXT is(pg_temp.reads('SELECT count(*) FROM ' || query), 0::bigint, layout || ': ' || regexp_replace(query, '[0-9]{9,}|= [0-9]+', '…', 'g'));
	END LOOP;
END
$$;
SELECT cmp_ok(pg_temp.reads('SELECT count(*) FROM assistance_register.settlement WHERE settlement_id = 1'), '>', 100::bigint, 'what is read is counted');
SELECT pg_temp.one_by_one('plain', :claim);

-- ---- the rows are those that the texts name ----

SELECT results_eq(format('SELECT setl_id, revision FROM assistance_register.setl_d WHERE claim_id = %s ORDER BY 1', :claim),
	format('VALUES (''%1$s''::text, 1), (''%1$s-2'', 2)', :claim), 'settlements of a claim');
SELECT is_empty($$ SELECT setl_id FROM assistance_register.setl_d WHERE setl_id NOT LIKE claim_id || '%' OR psn_no <> person_id::text $$, 'claim and person of setl_d');
SELECT is_empty($$ SELECT setl_id FROM assistance_register.setlinfo WHERE setl_id NOT LIKE claim_id || '%' OR psn_no <> person_id::text $$, 'of setlinfo');
SELECT is_empty($$ SELECT setl_id FROM assistance_register.setldetail x WHERE NOT EXISTS (SELECT FROM assistance_register.setl_d d
	WHERE (d.setl_id, d.person_id, d.claim_id, d.revision) = (x.setl_id, x.person_id, x.claim_id, x.revision)) $$, 'of setldetail');

-- ---- in partitions ----

CALL assistance.partition_register('person', 3);
SELECT pg_temp.one_by_one('by person', :claim);

-- ---- what verify finds of one person is what it finds of all ----

DO $$ DECLARE leaf regclass; BEGIN
	FOR leaf IN SELECT relid FROM pg_partition_tree('assistance_register.payment') LOOP
		EXECUTE format('ALTER TABLE %s DISABLE TRIGGER append_only', leaf);
	END LOOP;
END $$;
SET LOCAL session_replication_role = replica;
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme) VALUES (8001, '8001-u', '2025-03-01', 10, 10, 'READ', 'resident');
UPDATE assistance_register.payment SET amount = amount - 600 WHERE claim_id = :claim AND layer = 'basic';
UPDATE assistance_register.person_account SET claims = 7 WHERE person_id = 8001;
RESET session_replication_role;
SELECT set_eq('SELECT * FROM assistance.verify(8001)', 'SELECT * FROM assistance.verify()', 'the findings of one person');
SELECT set_eq('SELECT finding FROM assistance.verify(8001)', $$ VALUES ('unsettled'), ('payments'), ('net'), ('amount'), ('account') $$, 'are found');

SELECT * FROM finish();
ROLLBACK;
