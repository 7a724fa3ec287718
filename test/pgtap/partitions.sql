-- partitions.sql — the register in partitions by person and by year: what partition_register takes over, refuses and keeps apart; every
-- door into claims; a year that begins, goes away and comes back. Everything in one transaction that is taken back.

SET allow_in_place_tablespaces = on;
CREATE TABLESPACE parts_space LOCATION '';
BEGIN;
SELECT plan(139);
SET LOCAL client_min_messages = error;

SELECT throws_ok('CALL assistance.partition_register(''person'')', 'MA701', NULL, 'there must be a register');
CALL assistance.create_register();
CALL assistance.create_register_roles();
SELECT throws_ok('CALL assistance.partition_register(''month'')', '22023', NULL, 'by person or by year');
SELECT throws_ok('CALL assistance.partition_register(NULL)', '22023', NULL, 'null is neither');
SELECT throws_ok('CALL assistance.partition_register(''person'', 0)', '22023', NULL, 'at least one partition');
SELECT throws_ok('CALL assistance.partition_register(''person'', 1025)', '22023', NULL, 'and not thousands');
SELECT throws_ok('CALL assistance.add_register_year(2030)', '55000', NULL, 'a register that is not partitioned has no years');
SELECT hasnt_table('assistance_register', 'claim_key', 'nor a table of keys');

INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('PARTS', 'PARTS', 'PARTS', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [{"title": "in partitions", "region": "PARTS",
	"scheme": "resident", "from": "2025-01-01", "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	"layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "settles": "year", "ratio": 0.8, "caps": [{"limit": 1000}]}]}]}]}'),
	'test') AS act \gset
INSERT INTO assistance_register.person (person_id, region) SELECT n, 'PARTS' FROM generate_series(1, 20) n;
INSERT INTO assistance_register.institution (institution_id) VALUES ('H');
SELECT count(*) AS settled FROM generate_series(1, 20) n, LATERAL assistance.settle_claim(n, 'first-' || n, '2025-02-01', 1000, 1000,
	region => 'PARTS', scheme => 'resident', institution_id => 'H') s \gset
INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) SELECT claim_id, 1, 1000 FROM assistance_register.claim WHERE person_id < 4;
SELECT count(*) AS reversed FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'first-20'), 'back-20', 'test') \gset

-- what is somebody's own on the tables
CREATE ROLE parts_reporter;
GRANT SELECT ON assistance_register.settlement TO parts_reporter WITH GRANT OPTION;
GRANT SELECT (claim_id, total) ON assistance_register.claim TO parts_reporter;
CREATE POLICY reporters ON assistance_register.settlement FOR SELECT TO parts_reporter USING (person_id < 3);
CREATE INDEX own_index ON assistance_register.claim (claim_no);
CREATE FUNCTION own_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER own_trigger AFTER INSERT ON assistance_register.payment FOR EACH ROW EXECUTE FUNCTION own_trigger();
ALTER TABLE assistance_register.payment DISABLE TRIGGER own_trigger;
ALTER TABLE assistance_register.claim ADD COLUMN own_column text;
CREATE TABLE own_kind (kind text PRIMARY KEY);
INSERT INTO own_kind VALUES ('bill'), ('application'), ('year_close');
ALTER TABLE assistance_register.claim ADD CONSTRAINT own_kind FOREIGN KEY (kind) REFERENCES own_kind;
CREATE RULE own_rule AS ON INSERT TO assistance_register.claim_line DO ALSO NOTIFY lines;
CREATE RULE own_rule_off AS ON INSERT TO assistance_register.claim_line DO INSTEAD NOTHING;
ALTER TABLE assistance_register.claim_line DISABLE RULE own_rule_off;
CREATE STATISTICS own_statistics (ndistinct, dependencies) ON region, scheme FROM assistance_register.claim;
ALTER STATISTICS own_statistics SET STATISTICS 250;
ALTER TABLE assistance_register.settlement SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_enabled = false),
	REPLICA IDENTITY FULL;
ALTER TABLE assistance_register.claim ALTER COLUMN region SET STATISTICS 500, ALTER COLUMN institution_id SET (n_distinct = -0.125);
ALTER TABLE assistance_register.payment SET TABLESPACE parts_space;

CREATE TEMP TABLE before AS SELECT claim_id, person_id, total, assistance, bill::text, recorded_at FROM assistance_register.settlement;
CREATE TEMP TABLE policies AS SELECT tablename, policyname, roles, cmd, qual FROM pg_policies WHERE schemaname = 'assistance_register';
CREATE FUNCTION pg_temp.plain_rights() RETURNS TABLE (object name, item text) LANGUAGE sql AS $$
	SELECT c.relname, unnest(c.relacl)::text FROM pg_class c
	 WHERE c.relnamespace = 'assistance_register'::regnamespace AND NOT c.relispartition AND c.relkind IN ('r', 'p', 'v') AND c.relname <> 'claim_key'
	UNION ALL SELECT c.relname || '.' || a.attname, unnest(a.attacl)::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
	 WHERE c.relnamespace = 'assistance_register'::regnamespace AND NOT c.relispartition
$$;
CREATE TEMP TABLE rights AS SELECT * FROM pg_temp.plain_rights();

-- what does not come along stops everything
SAVEPOINT own_view;
CREATE VIEW own_view AS SELECT * FROM assistance_register.claim;
SELECT throws_ok('CALL assistance.partition_register(''person'', 4)', '2BP01', NULL, 'a view of one''s own on the tables stops it');
SELECT hasnt_schema('assistance_register_before', 'and nothing is left of the attempt');
ROLLBACK TO own_view;
SAVEPOINT own_key;
ALTER TABLE assistance_register.claim ADD CONSTRAINT own_key UNIQUE (claim_no);
SELECT throws_ok('CALL assistance.partition_register(''person'', 4)', '0A000', NULL, 'so does a key that no partitioned table can have');
ROLLBACK TO own_key;
ALTER TABLE assistance_register.claim REPLICA IDENTITY USING INDEX claim_request_key;
SELECT throws_ok('CALL assistance.partition_register(''person'', 4)', '55000', 'the replica identity of claim is an index', 'and a replica identity by an index');
ROLLBACK TO own_key;
CREATE ROLE parts_other SUPERUSER;
SET ROLE parts_other;
SELECT throws_ok('CALL assistance.partition_register(''person'', 4)', '42501', NULL, 'the new tables belong to the owner of the register');
RESET ROLE;

-- ---- either layout ----

-- partitions that hold rows, or all; and what of theirs is not as it was on the table
CREATE FUNCTION pg_temp.without_settings(of_table text DEFAULT '') RETURNS SETOF text LANGUAGE sql AS $$
	SELECT t.relid::regclass::text FROM pg_partition_tree(('assistance_register.settlement' || of_table)::regclass) t JOIN pg_class c ON c.oid = t.relid
	  LEFT JOIN pg_class o ON o.oid = c.reltoastrelid
	 WHERE c.relreplident <> 'f' OR (t.isleaf AND (c.reloptions, o.reloptions)
		IS DISTINCT FROM (ARRAY['fillfactor=90', 'autovacuum_vacuum_scale_factor=0.02'], ARRAY['autovacuum_enabled=false']))
	UNION ALL
	SELECT t.relid::regclass::text FROM pg_partition_tree(('assistance_register.claim' || of_table)::regclass) t
	  JOIN pg_attribute a ON a.attrelid = t.relid AND a.attname = 'region' JOIN pg_attribute i ON i.attrelid = t.relid AND i.attname = 'institution_id'
	 WHERE a.attstattarget IS DISTINCT FROM 500 OR NOT i.attoptions @> ARRAY['n_distinct=-0.125']
	UNION ALL
	SELECT t.relid::regclass::text FROM pg_partition_tree(('assistance_register.payment' || of_table)::regclass) t JOIN pg_class c ON c.oid = t.relid
	 WHERE c.reltablespace <> (SELECT s.oid FROM pg_tablespace s WHERE s.spcname = 'parts_space') OR c.relreplident <> 'd' OR c.reloptions IS NOT NULL
$$;
-- the tests that hold for both; layout: 'person' or 'year'
CREATE FUNCTION pg_temp.in_partitions(layout text) RETURNS SETOF text LANGUAGE plpgsql AS $test$
DECLARE
	claim bigint := (SELECT claim_id FROM assistance_register.claim WHERE request_key = 'first-2');
	leaf regclass;
	numbered bigint;
BEGIN
	RETURN NEXT throws_ok(format('CALL assistance.partition_register(%L)', layout), '55000', NULL, layout || ': not partitioned again');
	CALL assistance.create_register();
	CALL assistance.create_register();
	RETURN NEXT set_eq('SELECT claim_id, person_id, total, assistance, bill::text, recorded_at FROM assistance_register.settlement', 'TABLE before',
		layout || ': the settlements are those of before');
	RETURN NEXT is_empty('SELECT * FROM assistance.verify()', layout || ': and everything fits');
	RETURN NEXT set_eq('SELECT * FROM pg_temp.plain_rights()', 'TABLE rights', layout || ': rights are those of before');
	RETURN NEXT set_eq($$ SELECT tablename, policyname, roles, cmd, qual FROM pg_policies WHERE schemaname = 'assistance_register' AND tablename <> 'claim_key' $$,
		'TABLE policies', layout || ': and policies of row security');
	RETURN NEXT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'assistance_register'::regnamespace AND relkind IN ('r', 'p')
		AND NOT relispartition AND NOT (relrowsecurity AND relforcerowsecurity) $$, layout || ': row security is forced on every table');
	RETURN NEXT has_index('assistance_register', 'claim', 'own_index', 'claim_no', layout || ': an index of one''s own');
	RETURN NEXT has_trigger('assistance_register', 'payment', 'own_trigger', layout || ': a trigger of one''s own');
	RETURN NEXT is((SELECT t.tgenabled FROM pg_trigger t WHERE t.tgrelid = 'assistance_register.payment'::regclass AND t.tgname = 'own_trigger'), 'D',
		layout || ': which stays disabled');
	RETURN NEXT fk_ok('assistance_register', 'claim', 'kind', 'public', 'own_kind', 'kind', layout || ': a foreign key of one''s own');
	RETURN NEXT has_column('assistance_register', 'claim', 'own_column', layout || ': a column of one''s own');
	RETURN NEXT results_eq($$ SELECT rulename, definition FROM pg_rules WHERE schemaname = 'assistance_register' ORDER BY 1 $$, $$ VALUES
		('own_rule'::name, E'CREATE RULE own_rule AS\n    ON INSERT TO assistance_register.claim_line DO\n NOTIFY lines;'),
		('own_rule_off', E'CREATE RULE own_rule_off AS\n    ON INSERT TO assistance_register.claim_line DO INSTEAD NOTHING;') $$,
		layout || ': rules of one''s own');
	RETURN NEXT results_eq($$ SELECT ev_enabled FROM pg_rewrite WHERE ev_class = 'assistance_register.claim_line'::regclass ORDER BY rulename $$,
		$$ VALUES ('O'::"char"), ('D') $$, layout || ': a disabled one stays so');
	RETURN NEXT results_eq($$ SELECT stxrelid::regclass, stxkind::text, stxstattarget::integer, pg_get_statisticsobjdef(oid) LIKE '%ON region, scheme FROM %'
		FROM pg_statistic_ext WHERE stxname = 'own_statistics' $$, $$ VALUES ('assistance_register.claim'::regclass, '{d,f}', 250, true) $$,
		layout || ': extended statistics, and their target');
	RETURN NEXT is_empty('SELECT * FROM pg_temp.without_settings()',
		layout || ': storage parameters, replica identity, targets of columns and the tablespace, on every partition');
	RETURN NEXT is_empty($$ SELECT t.relid::regclass, v.trigger FROM (VALUES ('claim', 'settle_claims'), ('claim', 'append_only'), ('claim', 'claim_key'),
			('claim_line', 'check_claim_lines'), ('claim_line', 'append_only'), ('settlement', 'append_only'), ('payment', 'insurer_first'),
			('payment', 'append_only')) v (of, trigger), pg_partition_tree(('assistance_register.' || v.of)::regclass) t
		 WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.relid AND g.tgname = v.trigger
			AND g.tgenabled = CASE WHEN v.trigger IN ('append_only', 'claim_key') THEN 'A' ELSE 'O' END) $$, layout || ': all triggers on every partition');
	RETURN NEXT results_eq($$ SELECT count(*) FROM assistance_register.claim_key $$, 'SELECT count(*) FROM assistance_register.claim', layout || ': every claim has its keys');

	-- what comes once
	RETURN NEXT results_eq($$ SELECT claim_id, repeated, assistance FROM assistance.settle_claim(2, 'first-2', '2025-02-01', 1000, 1000, region => 'PARTS',
		scheme => 'resident', institution_id => 'H') $$, format('VALUES (%s::bigint, true, 400::numeric(16,2))', claim), layout || ': a request sent again returns the first result');
	RETURN NEXT throws_ok($$ SELECT assistance.settle_claim(2, 'first-2', '2025-02-01', 999, 999, region => 'PARTS', scheme => 'resident', institution_id => 'H') $$,
		'MA702', NULL, layout || ': with another body it is refused');
	FOR person IN 3 .. 6 LOOP
		RETURN NEXT throws_ok(format($$ SELECT assistance.settle_claim(%s, 'first-2', '2025-02-02', 1000, 1000, region => 'PARTS', scheme => 'resident') $$, person),
			'MA702', NULL, layout || ': and with the bill of another person ' || person);
	END LOOP;
	RETURN NEXT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, region, scheme) VALUES (5, 'first-2', '2025-04-01', 'PARTS', 'resident') $$,
		'23505', 'duplicate key value violates unique constraint "claim_request_key"', layout || ': a key of another person by INSERT');
	RETURN NEXT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, region, scheme)
		SELECT n, 'twice', '2025-04-01', 'PARTS', 'resident' FROM generate_series(1, 9) n $$, '23505', NULL, layout || ': a key for many in one statement');
	RETURN NEXT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, region, scheme) VALUES (2, 'other', '2025-02-01', 'PARTS', 'resident') $$,
		'23505', 'duplicate key value violates unique constraint "claim_order"', layout || ': an order key twice');
	RETURN NEXT throws_ok(format($$ INSERT INTO assistance_register.claim (claim_id, person_id, request_key, ordered_at, region, scheme)
		OVERRIDING SYSTEM VALUE VALUES (%s, 7, 'number', '2025-04-01', 'PARTS', 'resident') $$, claim), '23505', NULL, layout || ': a number of a claim twice');
	RETURN NEXT throws_ok($$ SELECT assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'first-20'), 'back again', 'test') $$,
		'MA703', NULL, layout || ': a claim is reversed once');
	RETURN NEXT throws_ok(format($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, reverses, total, in_scope, reason)
		VALUES (3, 'not mine', '2025-02-01', %s, 1000, 1000, 'test') $$, claim), 'MA703', NULL, layout || ': by its own person');
	RETURN NEXT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, reverses, reason) VALUES (3, 'nothing', '2025-02-01', 99, 'test') $$,
		'23503', NULL, layout || ': and only what is there');
	RETURN NEXT throws_ok($$ INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) VALUES (99, 1, 1) $$, '23503', NULL, layout || ': lines need their claim');

	RETURN NEXT throws_ok(format('INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) VALUES (%s, 1, 999)', claim + 5), 'MA103', NULL,
		layout || ': and add up to it');
	INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) SELECT claim_id, n, 500 FROM assistance_register.claim, generate_series(1, 2) n
	 WHERE request_key IN ('first-5', 'first-6');

	-- doors
	SELECT tableoid::regclass INTO leaf FROM assistance_register.claim WHERE claim_id = (SELECT max(claim_id) FROM assistance_register.claim WHERE person_id = 4);
	EXECUTE format($$ INSERT INTO %s (person_id, request_key, ordered_at, total, in_scope, region, scheme) VALUES (4, 'direct', '2025-05-01', 500, 500, 'PARTS', 'resident')
		RETURNING claim_id $$, leaf) INTO numbered;
	-- 250 by basic, 80 % of 250 by aid
	RETURN NEXT results_eq(format('SELECT basic, assistance FROM assistance_register.settlement WHERE claim_id = %s', numbered), 'VALUES (250::numeric(16,2), 200::numeric(16,2))',
		layout || ': into a partition: numbered and settled');
	RETURN NEXT throws_ok(format($$ INSERT INTO %s (person_id, request_key, ordered_at, region, scheme) VALUES (4, 'first-2', '2025-06-01', 'PARTS', 'resident') $$, leaf),
		'23505', NULL, layout || ': into a partition: a key twice');
	RETURN NEXT throws_ok(format('DELETE FROM %s', leaf), 'MA611', NULL, layout || ': nothing is taken out of a partition');
	SELECT tableoid::regclass INTO leaf FROM assistance_register.payment WHERE claim_id = numbered LIMIT 1;
	RETURN NEXT throws_ok(format('TRUNCATE %s', leaf), 'MA611', NULL, layout || ': nor all of it');
	RETURN NEXT throws_ok(format($$ INSERT INTO %s VALUES (4, %s, 1, 'gift', 'charity', 'bill', 9, NULL, 1, 'gift', 'patient') $$, leaf, numbered), 'MA602', NULL,
		layout || ': the guard stands on partitions of the payments');

	-- time
	PERFORM assistance.settle_claim(4, 'late', '2025-03-15', 400, 400, region => 'PARTS', scheme => 'resident');
	PERFORM assistance.reverse_claim(numbered, 'direct back', 'test');
	INSERT INTO assistance_register.resettlement (person_id, reason) SELECT n, 'test' FROM generate_series(1, 20) n;
	CALL assistance.seal_chain();
	RETURN NEXT is_empty('SELECT * FROM assistance.verify()', layout || ': late, reversed and settled again, everything fits');
	RETURN NEXT is_empty('SELECT * FROM assistance.verify_chain()', layout || ': and the chains hold');

	-- what came in in replica role is found; the keys hold there too
	SET LOCAL session_replication_role = replica;
	INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, region, scheme) VALUES (5, 'replica', '2025-06-01', 'PARTS', 'resident');
	RETURN NEXT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, region, scheme) VALUES (6, 'replica', '2025-06-01', 'PARTS', 'resident') $$,
		'23505', NULL, layout || ': in replica role a key comes once too');
	SET LOCAL session_replication_role = origin;
	DELETE FROM assistance_register.claim_key WHERE request_key = 'first-9';
	RETURN NEXT set_eq('SELECT person, finding FROM assistance.verify()', $$ VALUES (5::bigint, 'unsettled'), (5, 'account'), (9, 'key') $$,
		layout || ': verify() finds claims without a settlement, and without their keys');
END
$test$;

-- functions of the register in any order of the catalog
CALL assistance.create_register();
SAVEPOINT plain;
CALL assistance.partition_register('person', 4);
SELECT is((SELECT count(*) FROM pg_partition_tree('assistance_register.claim') WHERE isleaf), 4::bigint, 'four partitions');
SELECT lives_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, region, scheme)
	VALUES (2, 'first-2', '2025-09-01', 'PARTS', 'resident') ON CONFLICT (request_key, person_id) DO NOTHING $$, 'by person ON CONFLICT knows the key of a request');
SELECT * FROM pg_temp.in_partitions('person');
-- a statement about one person asks one partition of each table, also one that was planned for any person
CREATE FUNCTION pg_temp.asked(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	SET LOCAL plan_cache_mode = force_generic_plan;
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || statement LOOP
		RETURN QUERY SELECT m[1] FROM regexp_matches(line, ' on ([a-z]+_[0-9_]+)') m WHERE line !~ 'never executed';
	END LOOP;
END
$$;
PREPARE of_person(bigint) AS SELECT count(*) FROM assistance_register.live_claim c JOIN assistance_register.settlement s USING (person_id, claim_id)
	JOIN assistance_register.payment p USING (person_id, claim_id, revision) WHERE c.person_id = $1;
SELECT is((SELECT count(DISTINCT asked) FROM pg_temp.asked('EXECUTE of_person(7)') asked), 3::bigint, 'one partition of each table is asked for one person');

ROLLBACK TO plain;
UPDATE assistance_register.person SET region = region;
ALTER TABLE assistance_register.claim DISABLE TRIGGER append_only;
UPDATE assistance_register.claim SET received_at = '2024-06-01' WHERE claim_id IN (SELECT claim_id FROM assistance_register.claim ORDER BY claim_id LIMIT 2);
UPDATE assistance_register.claim SET received_at = '2025-12-31 16:00+00' WHERE claim_id = (SELECT max(claim_id) FROM assistance_register.claim);
ALTER TABLE assistance_register.claim ENABLE ALWAYS TRIGGER append_only;
SELECT assistance.year_now() AS this_year \gset
CALL assistance.partition_register('year', 2);
SELECT set_eq($$ SELECT relid::regclass::text FROM pg_partition_tree('assistance_register.claim') WHERE level = 1 $$,
	format($$ VALUES ('assistance_register.claim_2024'), ('assistance_register.claim_%s') $$, :this_year), 'partitions for the years in which claims came, and for this one');
SELECT results_eq($$ SELECT tableoid::regclass::text LIKE '%\_2024\_%', count(*) FROM assistance_register.claim GROUP BY 1 ORDER BY 1 $$,
	'VALUES (false, 19::bigint), (true, 2)', 'claims stand in the year in which they came');
SELECT throws_ok($$ INSERT INTO assistance_register.claim (person_id, request_key, ordered_at) VALUES (2, 'first-2', '2025-09-01') ON CONFLICT (request_key) DO NOTHING $$,
	'42P10', NULL, 'by year ON CONFLICT knows no key');
SAVEPOINT by_year;
SELECT * FROM pg_temp.in_partitions('year');
ROLLBACK TO by_year;

-- a year begins
CALL assistance.add_register_year(:this_year + 1);
CALL assistance.add_register_year(:this_year + 1);
SELECT is((SELECT count(*) FROM pg_partition_tree(format('assistance_register.settlement_%s', :this_year + 1)::regclass) WHERE isleaf), 2::bigint,
	'a new year has as many partitions as the one before');
SELECT is_empty(format('SELECT * FROM pg_temp.without_settings(%L)', '_' || :this_year + 1), 'and their settings');
SELECT throws_ok('CALL assistance.add_register_year(2020)', '55000', 'the year 2020 has no numbers of its own', 'a year before the first has no place');
SELECT throws_ok('CALL assistance.add_register_year(2025)', '55000', NULL, 'nor has one between');
SELECT lives_ok(format('CALL assistance.add_register_year(%s)', :this_year), 'this year is there');
SELECT lives_ok(format('CALL assistance.add_register_year(%s)', :this_year + 3), 'a year may be left out');
SELECT lives_ok(format('CALL assistance.add_register_year(%s)', :this_year + 2), 'and come later');
SELECT throws_ok(format('CALL assistance.start_register_year(%s)', :this_year + 2), '22023', format('the year %s does not begin now', :this_year + 2),
	'a year after the next does not begin');
SELECT throws_ok(format('CALL assistance.start_register_year(%s)', :this_year - 1), '22023', NULL, 'nor one that is over');
SELECT throws_ok('CALL assistance.start_register_year(NULL)', '22023', 'null is no year', 'null never begins');
SELECT cmp_ok((SELECT claim_id FROM assistance.settle_claim(1, 'before', '2025-06-01', 100, 100, region => 'PARTS', scheme => 'resident')), '<', 1000::bigint,
	'that it is there changes nothing');
CALL assistance.start_register_year(:this_year + 1);
SELECT is((SELECT claim_id FROM assistance.settle_claim(1, 'began', '2025-07-01', 100, 100, region => 'PARTS', scheme => 'resident')),
	(:this_year + 1) * 1000000000000::bigint, 'numbers begin with the year');
CALL assistance.start_register_year(:this_year + 1);
SELECT is((SELECT claim_id FROM assistance.settle_claim(2, 'went on', '2025-07-01', 100, 100, region => 'PARTS', scheme => 'resident')),
	(:this_year + 1) * 1000000000000::bigint + 1, 'and only once');
-- the next year was begun too early: this year goes on after the last number that was used in it, and the next one where it was
SELECT GREATEST(max(claim_id) + 1, assistance.first_claim_of(:this_year)) AS goes_on FROM assistance_register.claim
 WHERE claim_id < assistance.first_claim_of(:this_year + 1) \gset
CALL assistance.start_register_year(:this_year);
SELECT is((SELECT claim_id FROM assistance.settle_claim(3, 'still', '2025-07-01', 100, 100, region => 'PARTS', scheme => 'resident')),
	:goes_on::bigint, 'this year takes back that the next was begun');
SELECT alike((SELECT tableoid::regclass::text FROM assistance_register.claim WHERE request_key = 'still'), format('%%claim\_%s\_%%', :this_year),
	'claims stand in this year again');
CALL assistance.start_register_year(:this_year);
SELECT is((SELECT claim_id FROM assistance.settle_claim(4, 'still 4', '2025-07-01', 100, 100, region => 'PARTS', scheme => 'resident')),
	:goes_on + 1::bigint, 'called again, this year goes on');
CALL assistance.start_register_year(:this_year + 1);
SELECT is((SELECT claim_id FROM assistance.settle_claim(5, 'again', '2025-07-01', 100, 100, region => 'PARTS', scheme => 'resident')),
	(:this_year + 1) * 1000000000000::bigint + 2, 'the next year goes on where it was left');
SELECT alike((SELECT tableoid::regclass::text FROM assistance_register.payment WHERE claim_id = (:this_year + 1) * 1000000000000::bigint LIMIT 1),
	format('%%payment\_%s\_%%', :this_year + 1), 'payments stand with their claim');
SELECT throws_ok('CALL assistance.add_register_year(NULL)', '22023', NULL, 'null is no year');
SELECT throws_ok($$ SELECT assistance.settle_claim(9, 'first-1', '2025-07-01', 100, 100, region => 'PARTS', scheme => 'resident') $$, 'MA702', NULL,
	'keys of the old year are known in the new one');
SELECT throws_ok($$ SELECT assistance.settle_claim(1, 'same order', '2025-02-01', 100, 100, region => 'PARTS', scheme => 'resident') $$, '23505', NULL,
	'and order keys');
SELECT lives_ok($$ SELECT assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'first-2'), 'back of 2024', 'test') $$,
	'a claim of the old year is reversed in the new one');
SELECT is_empty('SELECT * FROM assistance.verify()', 'everything fits over the years');

-- a year goes away and comes back: persons 1 and 2 have a claim in it
SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE oid = 'assistance_register.claim_2024'::regclass \gset
ALTER TABLE assistance_register.payment DETACH PARTITION assistance_register.payment_2024;
ALTER TABLE assistance_register.settlement DETACH PARTITION assistance_register.settlement_2024;
ALTER TABLE assistance_register.claim_line DETACH PARTITION assistance_register.claim_line_2024;
ALTER TABLE assistance_register.claim DETACH PARTITION assistance_register.claim_2024;
SELECT set_eq('SELECT DISTINCT person FROM assistance.verify()', 'VALUES (1::bigint), (2)', 'verify() names whose claims are away');
SELECT throws_ok('CALL assistance.add_register_year(2024)', '55000', 'the year 2024 is away', 'a year that is away is not added anew');
SELECT set_eq('SELECT person FROM assistance.verify() WHERE finding = ''away''', 'VALUES (1::bigint), (2)', 'as such');
-- the cap of 1 000: 400 and 40 and 40 are used, so 80 % of 500 fits
SELECT results_eq($$ SELECT assistance FROM assistance.settle_claim(1, 'goes on', '2025-08-01', 1000, 1000, region => 'PARTS', scheme => 'resident') $$,
	'VALUES (400::numeric(16,2))', 'a next claim goes on with the account');
SELECT results_eq($$ SELECT assistance FROM assistance.settle_claim(1, 'is full', '2025-09-01', 1000, 1000, region => 'PARTS', scheme => 'resident') $$,
	'VALUES (120::numeric(16,2))', 'and its caps hold');
SELECT throws_ok($$ SELECT assistance.settle_claim(1, 'too late', '2025-03-01', 1000, 1000, region => 'PARTS', scheme => 'resident') $$, 'MA706', NULL,
	'a late one is refused: it would be folded without the year');
SELECT throws_ok($$ SELECT assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'began'), 'x', 'test') $$, 'MA706', NULL,
	'as is a reversal');
SELECT throws_ok($$ SELECT assistance.resettle_person(1, 'test') $$, 'MA706', NULL, 'and settling again');
SELECT throws_ok($$ SELECT assistance.preview_claim(1, '2025-03-01', 100, 100, region => 'PARTS', scheme => 'resident') $$, 'MA706', NULL, 'and the preview of a late one');
SELECT lives_ok($$ SELECT assistance.preview_claim(1, '2025-10-01', 100, 100, region => 'PARTS', scheme => 'resident') $$, 'not of a next one');
SELECT lives_ok($$ SELECT assistance.resettle_person(3, 'test') $$, 'not that of others');
SELECT throws_ok($$ SELECT assistance.settle_claim(1, 'first-1', '2025-02-01', 1000, 1000, region => 'PARTS', scheme => 'resident', institution_id => 'H') $$, 'MA702', NULL,
	'a key that is away is not settled once more');
SELECT throws_ok('DELETE FROM assistance_register.claim_2024', 'MA611', NULL, 'nothing is changed in what is away');
ALTER TABLE assistance_register.claim ATTACH PARTITION assistance_register.claim_2024 :bound;
ALTER TABLE assistance_register.claim_line ATTACH PARTITION assistance_register.claim_line_2024 :bound;
ALTER TABLE assistance_register.settlement ATTACH PARTITION assistance_register.settlement_2024 :bound;
ALTER TABLE assistance_register.payment ATTACH PARTITION assistance_register.payment_2024 :bound;
CALL assistance.create_register();
SELECT is_empty('SELECT * FROM assistance.verify()', 'back again, everything fits');
SELECT lives_ok($$ SELECT assistance.settle_claim(1, 'too late', '2025-03-01', 1000, 1000, region => 'PARTS', scheme => 'resident') $$, 'and the late one is settled');
SELECT is_empty('SELECT * FROM assistance.verify()', 'at its place');
SELECT * FROM finish();
ROLLBACK;
DROP TABLESPACE parts_space;
