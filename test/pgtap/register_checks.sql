-- register_checks.sql — CHECKs and keys. The CHECKs of claim stay compiled in a session: they refuse what they refused before the first claim, under the
-- same names, and a CHECK that is added, dropped or replaced counts from the next statement on.

BEGIN;
SELECT plan(55);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('W', 'W', 'W', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "residents", "region": "W", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true}, {"name": "aid", "kind": "assistance", "not_applicable": true}]}]}'), 'test') AS act \gset
INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, 99);

-- a claim with some columns replaced; how it was refused
CREATE TABLE pg_temp.default_claim AS SELECT 1::bigint AS person_id, 'key' AS request_key, timestamp '2025-02-01' AS ordered_at, 0::bigint AS seq,
	100::numeric AS total, 100::numeric AS in_scope, 0::numeric AS excluded, NULL::numeric AS encounter_total, 'bill' AS kind, NULL::integer AS age,
	NULL::date AS admitted_on, NULL::text AS not_settled, NULL::bigint AS reverses, NULL::text AS reason;
CREATE FUNCTION pg_temp.refused(way text, change json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d pg_temp.default_claim;
	state text;
	by_constraint text;
	message text;
	columns text := 'person_id, request_key, ordered_at, seq, total, in_scope, excluded, encounter_total, kind, age, admitted_on, not_settled, '
		'reverses, reason, region, scheme, designated, category';
	row_of text := 'SELECT ($1).*, ''W'', ''resident'', true, ''{}''::text[]';
BEGIN
	SELECT * INTO d FROM json_populate_record((SELECT c FROM pg_temp.default_claim c), change);
	BEGIN
		EXECUTE CASE way
			WHEN 'upsert' THEN format('INSERT INTO assistance_register.claim (%s) %s ON CONFLICT DO NOTHING', columns, row_of)
			WHEN 'with' THEN format('WITH i AS (INSERT INTO assistance_register.claim (%s) %s RETURNING claim_id) SELECT count(*) FROM i', columns, row_of)
			WHEN 'many' THEN format('INSERT INTO assistance_register.claim (%s) SELECT s.* FROM (SELECT 70 + n, ($1).request_key || n, ($1).ordered_at,
				n, 1::numeric, 1::numeric, 0::numeric, NULL::numeric, ''bill'', 1, NULL::date, NULL, NULL::bigint, NULL, ''W'', ''resident'', true,
				''{}''::text[] FROM generate_series(1, 5) n) s UNION ALL %s', columns, row_of)
			ELSE format('INSERT INTO assistance_register.claim (%s) %s', columns, row_of)
		END USING d;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, by_constraint = CONSTRAINT_NAME, message = MESSAGE_TEXT;
		RETURN concat_ws(' ', state, by_constraint, message);
	END;
	RETURN 'none';
END
$$;

CREATE TABLE pg_temp.bad (change json, by_constraint text);
INSERT INTO bad VALUES
	('{"age": 151}', 'claim_age_check'), ('{"age": -1}', 'claim_age_check'),
	('{"total": 100.01}', 'claim_columns'), ('{"excluded": "NaN"}', 'claim_columns'),
	('{"admitted_on": "1989-12-31"}', 'claim_dates'), ('{"ordered_at": "2200-01-01"}', 'claim_dates'),
	('{"ordered_at": "infinity"}', 'claim_dates'),
	('{"kind": "refund"}', 'claim_kind_check'),
	('{"not_settled": ""}', 'claim_not_settled_check'),
	('{"encounter_total": -0.01}', 'claim_range'), ('{"encounter_total": "NaN"}', 'claim_range'),
	('{"in_scope": -1, "excluded": 101}', 'claim_range'),
	('{"request_key": ""}', 'claim_request_key_check'),
	('{"reverses": 1, "reason": ""}', 'claim_reversal');
CREATE FUNCTION pg_temp.checked(how text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT is(pg_temp.refused(how, change), '23514 ' || by_constraint || ' new row for relation "claim" violates check constraint "'
		|| by_constraint || '"', how || ': ' || by_constraint || ' refuses ' || change)
	  FROM bad
$$;
-- of the session, not of a transaction: the parent is the context of all, which since 18 only the path tells
CREATE FUNCTION pg_temp.kept() RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM pg_backend_memory_contexts m CROSS JOIN LATERAL (SELECT to_jsonb(m) AS c) j
	 WHERE name = 'assistance kept checks' AND (c ->> 'parent' = 'TopMemoryContext' OR jsonb_array_length(c -> 'path') = 2)
$$;

SELECT is(pg_temp.kept(), 0::bigint, 'nothing is kept before the first claim');
SELECT pg_temp.checked('before');
SELECT is(pg_temp.refused('plain', '{"request_key": "first"}'), 'none', 'the first claim');
SELECT is(pg_temp.kept(), 1::bigint, 'the CHECKs are kept');
SELECT pg_temp.checked('after');
SELECT is(pg_temp.refused(way, '{"age": 151, "seq": 9, "request_key": "way"}'), '23514 claim_age_check new row for relation "claim" violates check constraint '
	'"claim_age_check"', way) FROM unnest(ARRAY['upsert', 'with', 'many']) way;

-- ---- what changes counts from the next statement on ----

ALTER TABLE assistance_register.claim ADD CONSTRAINT low CHECK (total < 1000);
SELECT matches(pg_temp.refused('plain', '{"request_key": "low", "seq": 1, "total": 1000, "in_scope": 1000}'), '^23514 low ', 'a CHECK that is added');
SELECT is(pg_temp.refused('plain', '{"request_key": "2", "seq": 2}'), 'none', 'others go on');
SELECT matches(pg_temp.refused('plain', '{"request_key": "low", "seq": 3, "total": 1000, "in_scope": 1000}'), '^23514 low ', 'kept with the others');
SAVEPOINT dropped;
ALTER TABLE assistance_register.claim DROP CONSTRAINT low;
SELECT is(pg_temp.refused('plain', '{"request_key": "low", "seq": 3, "total": 1000, "in_scope": 1000}'), 'none', 'one that is dropped');
ROLLBACK TO dropped;
SELECT matches(pg_temp.refused('plain', '{"request_key": "low", "seq": 3, "total": 1000, "in_scope": 1000}'), '^23514 low ', 'and not, after all');

-- a function that may be replaced is asked as it is now
CREATE FUNCTION pg_temp.is_low(amount numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT amount < 500';
ALTER TABLE assistance_register.claim ADD CONSTRAINT of_function CHECK (pg_temp.is_low(total));
SELECT is(pg_temp.refused('plain', '{"request_key": "4", "seq": 4}'), 'none', 'a function in a CHECK');
CREATE OR REPLACE FUNCTION pg_temp.is_low(amount numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT amount < 50';
SELECT matches(pg_temp.refused('plain', '{"request_key": "5", "seq": 5}'), '^23514 of_function ', 'that is replaced');
ALTER TABLE assistance_register.claim DROP CONSTRAINT of_function;

-- a column that is no more than an expression, which the table may have since 18; 'low' would refuse before it
SELECT current_setting('server_version_num')::int >= 180000 AS has_virtual \gset
\if :has_virtual
ALTER TABLE assistance_register.claim DROP CONSTRAINT low, ADD twice numeric GENERATED ALWAYS AS (total * 2) VIRTUAL,
	ADD CONSTRAINT low_twice CHECK (twice < 1000) NOT VALID;
SELECT is(pg_temp.refused('plain', '{"request_key": "6", "seq": 6}'), 'none', 'a CHECK of a generated column');
SELECT matches(pg_temp.refused('plain', '{"request_key": "7", "seq": 7, "total": 1000, "in_scope": 1000}'), '^23514 low_twice ', 'refuses');
SELECT matches(pg_temp.refused('plain', '{"request_key": "8", "seq": 8, "total": 1000, "in_scope": 1000}'), '^23514 low_twice ', 'and goes on refusing');
ALTER TABLE assistance_register.claim DROP COLUMN twice CASCADE;
\else
SELECT skip('virtual generated columns came with PostgreSQL 18', 3);
\endif

-- ---- payments are found by their claim ----

CREATE FUNCTION pg_temp.keys_of_payment() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = 'assistance_register.payment'::regclass ORDER BY 1 $$;
CREATE TEMP TABLE key_now AS SELECT * FROM pg_temp.keys_of_payment() k(def);
SELECT results_eq('SELECT def FROM key_now', $$ VALUES
	('CREATE UNIQUE INDEX payment_pkey ON assistance_register.payment USING btree (claim_id, person_id, revision, layer, kind, entry)') $$,
	'by one index');
ALTER TABLE assistance_register.payment DROP CONSTRAINT payment_pkey, ADD PRIMARY KEY (person_id, claim_id, revision, layer, kind, entry);
CREATE INDEX payment_of_claim ON assistance_register.payment (claim_id);
CALL assistance.create_register();
SELECT results_eq('SELECT * FROM pg_temp.keys_of_payment()', 'SELECT def FROM key_now', 'an older register is brought to it');
-- an index of the key that replication goes by, and a foreign key of somebody else
ALTER TABLE assistance_register.payment DROP CONSTRAINT payment_pkey, ADD PRIMARY KEY (person_id, claim_id, revision, layer, kind, entry);
ALTER TABLE assistance_register.payment REPLICA IDENTITY USING INDEX payment_pkey;
CREATE INDEX payment_of_claim ON assistance_register.payment (claim_id);
CREATE TEMP TABLE old_keys AS SELECT * FROM pg_temp.keys_of_payment() k(def);
CREATE TABLE public.of_payment (p bigint, c bigint, r integer, layer text COLLATE "C", kind text, entry text, FOREIGN KEY (p, c, r, layer, kind, entry)
	REFERENCES assistance_register.payment (person_id, claim_id, revision, layer, kind, entry));
SELECT lives_ok('CALL assistance.create_register()', 'what depends on the old key does not stop create_register()');
SELECT results_eq('SELECT * FROM pg_temp.keys_of_payment()', 'SELECT def FROM old_keys', 'the old key stays, with the index by claim');
DROP TABLE public.of_payment;
CALL assistance.create_register();
SELECT results_eq('SELECT * FROM pg_temp.keys_of_payment()', 'SELECT def FROM key_now', 'until nothing depends on it');
SELECT results_eq($$ SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = 'assistance_register.payment'::regclass AND i.indisreplident $$,
	$$ VALUES ('assistance_register.payment_pkey') $$, 'the new key is that of replication');
SELECT is(relreplident, 'i'::"char", 'as before') FROM pg_class WHERE oid = 'assistance_register.payment'::regclass;
ALTER TABLE assistance_register.payment REPLICA IDENTITY DEFAULT;
-- a year that was taken away before, and comes back
SAVEPOINT whole;
CALL assistance.partition_register('year');
SELECT assistance.year_now() AS this_year \gset
SELECT 'payment_' || :this_year AS of_year, pg_get_expr(relpartbound, oid) AS bound FROM pg_class
 WHERE oid = ('assistance_register.payment_' || :this_year)::regclass \gset
CREATE FUNCTION pg_temp.key_of(of_year text) RETURNS name LANGUAGE sql AS $$
	SELECT conname FROM pg_constraint WHERE conrelid = ('assistance_register.' || of_year)::regclass AND contype = 'p' $$;
ALTER TABLE assistance_register.payment DROP CONSTRAINT payment_pkey, ADD PRIMARY KEY (person_id, claim_id, revision, layer, kind, entry);
SELECT pg_temp.key_of(:'of_year') AS of_key \gset
ALTER TABLE assistance_register.:of_year REPLICA IDENTITY USING INDEX :of_key;
CALL assistance.create_register();
SELECT results_eq(format('SELECT indisprimary, pg_get_indexdef(indexrelid, 1, true) FROM pg_index WHERE indrelid = %L::regclass AND indisreplident', 'assistance_register.' || :'of_year'),
	$$ VALUES (true, 'claim_id') $$, 'the key of replication of a partition too');
ALTER TABLE assistance_register.payment DETACH PARTITION assistance_register.:of_year;
SELECT pg_temp.key_of(:'of_year') AS of_key \gset
ALTER TABLE assistance_register.:of_year DROP CONSTRAINT :of_key, ADD PRIMARY KEY (person_id, claim_id, revision, layer, kind, entry);
SELECT throws_ok(format('ALTER TABLE assistance_register.payment ATTACH PARTITION assistance_register.%s %s', :'of_year', :'bound'), '42P16', NULL,
	'a year with the old key does not come back');
CALL assistance.create_register();
SELECT lives_ok(format('ALTER TABLE assistance_register.payment ATTACH PARTITION assistance_register.%s %s', :'of_year', :'bound'), 'create_register() gives it the new one');
ROLLBACK TO whole;
-- those of a person by settlements
CREATE FUNCTION pg_temp.index_conditions(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON, COSTS OFF) ' || query INTO plan;
	RETURN QUERY SELECT m[1] FROM regexp_matches(plan::text, '"Index Cond": "([^"]*)"', 'g') WITH ORDINALITY r(m, n) ORDER BY n;
END
$$;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SELECT results_eq($$ SELECT pg_temp.index_conditions('SELECT * FROM assistance_register.net_payment WHERE person_id = 1') $$, $$ VALUES
	('(person_id = 1)'), ('((claim_id = s.claim_id) AND (person_id = 1) AND (revision = s.revision))') $$, 'the nets of a person');

SELECT * FROM finish();
ROLLBACK;
