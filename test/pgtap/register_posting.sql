-- register_posting.sql — settlements, payments and accounts written straight into their tables: as statements would write them, and
-- by statements where a table has what only these do. Which way it went, a trigger reads from its own context.

BEGIN;
SELECT plan(52);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('W', 'W', 'W', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "residents", "region": "W", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.2}]},
		{"name": "gift", "kind": "charity", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.1}]}]}]}'), 'test') AS act \gset
INSERT INTO assistance_register.person (person_id) SELECT generate_series(8001, 8999);

CREATE TEMP TABLE fired (n int GENERATED ALWAYS AS IDENTITY, what text, way text, seen bigint);
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	context text;
	seen bigint;
BEGIN
	GET DIAGNOSTICS context = PG_CONTEXT;
	IF TG_NARGS > 0 THEN
		SELECT count(*) INTO seen FROM new_rows;
	END IF;
	INSERT INTO fired (what, way, seen) VALUES (concat_ws(' ', TG_TABLE_NAME, lower(TG_WHEN), lower(TG_LEVEL)),
		CASE WHEN context ~ 'INSERT INTO assistance_register.settlement' THEN 'statements' ELSE 'directly' END, seen);
	RETURN NULL;
END
$$;
CREATE FUNCTION pg_temp.pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

-- settle n claims of different persons; which way
CREATE PROCEDURE pg_temp.settle(key text, n int DEFAULT 1, of_person bigint DEFAULT 8001, amount numeric DEFAULT 100)
	LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, seq, total, in_scope, region, scheme, designated, category)
		SELECT of_person + i, key || i, '2025-02-01', (SELECT count(*) FROM assistance_register.claim), amount, amount, 'W', 'resident', true, '{}'
		  FROM generate_series(0, n - 1) i;
END
$$;
CREATE FUNCTION pg_temp.way() RETURNS text LANGUAGE sql AS $$
	WITH last AS (DELETE FROM fired RETURNING way) SELECT string_agg(DISTINCT way, ' and ') FROM last
$$;
CREATE TRIGGER note_row AFTER INSERT ON assistance_register.settlement FOR EACH ROW EXECUTE FUNCTION pg_temp.note();

-- ---- triggers of others fire, each at its time ----

CALL pg_temp.settle('warm');
SELECT is(pg_temp.way(), 'directly', 'settlements are written directly');
CREATE TRIGGER note_before BEFORE INSERT ON assistance_register.settlement FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.note();
CREATE TRIGGER note_after AFTER INSERT ON assistance_register.settlement REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	EXECUTE FUNCTION pg_temp.note('new_rows');
CREATE TRIGGER note_before BEFORE INSERT ON assistance_register.payment FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.note();
CREATE TRIGGER note_row AFTER INSERT ON assistance_register.payment FOR EACH ROW WHEN (NEW.layer = 'aid') EXECUTE FUNCTION pg_temp.note();
CREATE TRIGGER note_after AFTER INSERT ON assistance_register.payment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	EXECUTE FUNCTION pg_temp.note('new_rows');
CREATE CONSTRAINT TRIGGER note_commit AFTER INSERT ON assistance_register.payment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
	WHEN (NEW.layer = 'gift') EXECUTE FUNCTION pg_temp.note();
CALL pg_temp.settle('triggers', 2);
SELECT results_eq('SELECT what, way, count(*), sum(seen) FROM fired GROUP BY what, way ORDER BY min(n)', $$ VALUES
	('settlement before statement', 'directly', 1::bigint, NULL::numeric), ('payment before statement', 'directly', 1, NULL),
	('settlement after row', 'directly', 2, NULL), ('settlement after statement', 'directly', 1, 2),
	('payment after row', 'directly', 2, NULL), ('payment after statement', 'directly', 1, 8) $$, 'all triggers of a user fire, in order');
DELETE FROM fired;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is((SELECT count(*) FROM fired WHERE what = 'payment after row'), 2::bigint, 'deferred ones when constraints are checked');
SET CONSTRAINTS ALL DEFERRED;
DELETE FROM fired;
CALL pg_temp.settle('many', 600, 8101);
SELECT results_eq('SELECT what, way, count(*), sum(seen) FROM fired GROUP BY what, way ORDER BY min(n)', $$ VALUES
	('settlement before statement', 'directly', 1::bigint, NULL::numeric), ('payment before statement', 'directly', 1, NULL),
	('settlement after row', 'directly', 600, NULL), ('settlement after statement', 'directly', 1, 600),
	('payment after row', 'directly', 600, NULL), ('payment after statement', 'directly', 1, 2400) $$, 'a statement trigger sees all rows of a large batch');
SET CONSTRAINTS ALL IMMEDIATE;
DROP TRIGGER note_commit ON assistance_register.payment;
DROP TRIGGER note_before ON assistance_register.payment;
DROP TRIGGER note_row ON assistance_register.payment;
DROP TRIGGER note_after ON assistance_register.payment;
DROP TRIGGER note_before ON assistance_register.settlement;
DROP TRIGGER note_after ON assistance_register.settlement;
DELETE FROM fired;

-- ---- the rows are those of statements ----

ALTER TABLE assistance_register.settlement ADD COLUMN gone text, ADD COLUMN note text COLLATE "C" DEFAULT 'note ' || 7;
ALTER TABLE assistance_register.settlement DROP COLUMN gone;
ALTER TABLE assistance_register.person_account ADD COLUMN gone text DEFAULT 'gone', ADD COLUMN note text DEFAULT 'kept';
ALTER TABLE assistance_register.person_account DROP COLUMN gone;
CALL pg_temp.settle('one', 1, 8702, 1234.56);
CALL pg_temp.settle('two', 2, 8703, 78.9);
UPDATE assistance_register.person_account SET stale_since = '2025-01-01', stale_reason = 'test' WHERE person_id = 8703;
CALL pg_temp.settle('three', 1, 8703, 1000);
SELECT is(pg_temp.way(), 'directly', 'with columns of a user''s own');
CREATE TRIGGER pass BEFORE INSERT ON assistance_register.settlement FOR EACH ROW EXECUTE FUNCTION pg_temp.pass();
CALL pg_temp.settle('four', 1, 8712, 1234.56);
CALL pg_temp.settle('five', 2, 8713, 78.9);
UPDATE assistance_register.person_account SET stale_since = '2025-01-01', stale_reason = 'test' WHERE person_id = 8713;
CALL pg_temp.settle('six', 1, 8713, 1000);
SELECT is(pg_temp.way(), 'statements', 'a trigger before a row needs statements');
DROP TRIGGER pass ON assistance_register.settlement;
SELECT results_eq(
	$$ SELECT to_jsonb(s) - '{settlement_id,claim_id,recorded_at,person_id,bill}'::text[] FROM assistance_register.settlement s
		WHERE person_id BETWEEN 8702 AND 8704 ORDER BY settlement_id $$,
	$$ SELECT to_jsonb(s) - '{settlement_id,claim_id,recorded_at,person_id,bill}'::text[] FROM assistance_register.settlement s
		WHERE person_id BETWEEN 8712 AND 8714 ORDER BY settlement_id $$, 'settlements are the same');
SELECT results_eq($$ SELECT to_jsonb(p) - '{claim_id,person_id}'::text[] FROM assistance_register.payment p WHERE person_id BETWEEN 8702 AND 8704
		ORDER BY claim_id, place $$, $$ SELECT to_jsonb(p) - '{claim_id,person_id}'::text[] FROM assistance_register.payment p
		WHERE person_id BETWEEN 8712 AND 8714 ORDER BY claim_id, place $$, 'payments are the same');
SELECT results_eq($$ SELECT to_jsonb(a) - '{person_id,last_seq,settled_at,account}'::text[], settled_at > now()
		FROM assistance_register.person_account a WHERE person_id BETWEEN 8702 AND 8704 ORDER BY person_id $$,
	$$ SELECT to_jsonb(a) - '{person_id,last_seq,settled_at,account}'::text[], settled_at > now()
		FROM assistance_register.person_account a WHERE person_id BETWEEN 8712 AND 8714 ORDER BY person_id $$, 'accounts are the same');
SELECT is((SELECT array_agg(DISTINCT s.note) || array_agg(DISTINCT a.note) FROM assistance_register.settlement s
	JOIN assistance_register.person_account a USING (person_id) WHERE s.person_id BETWEEN 8702 AND 8714), '{note 7,kept}', 'defaults of a user''s columns');
SELECT is((SELECT count(DISTINCT settlement_id) || ' ' || bool_and(recorded_by = session_user AND transaction_id = pg_current_xact_id()
	AND recorded_at BETWEEN now() AND clock_timestamp()) FROM assistance_register.settlement s WHERE person_id BETWEEN 8702 AND 8704),
	'4 true', 'identity and defaults of the table');
SELECT results_eq('SELECT claims, stale_since, stale_reason FROM assistance_register.person_account WHERE person_id = 8703',
	$$ VALUES (2::bigint, '2025-01-01'::timestamptz, 'test') $$, 'an account that goes on keeps its mark');
CALL pg_temp.settle('late', 1, 8703, 1);
SELECT is((SELECT count(*) FROM assistance.resettle_person(8703, 'again')), 0::bigint, 'settling again posts nothing');
SELECT results_eq('SELECT claims, stale_since, stale_reason FROM assistance_register.person_account WHERE person_id = 8703',
	$$ VALUES (3::bigint, NULL::timestamptz, NULL::text) $$, 'and takes the mark away');
DELETE FROM fired;

-- ---- what is refused is refused alike ----

CREATE FUNCTION pg_temp.refused(key text, way text, amount numeric DEFAULT 100) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
	of_schema text;
	of_table text;
	of_column text;
	by_constraint text;
	message text;
	detail text;
BEGIN
	IF way = 'statements' THEN
		CREATE TRIGGER pass BEFORE INSERT ON assistance_register.settlement FOR EACH ROW EXECUTE FUNCTION pg_temp.pass();
	END IF;
	BEGIN
		CALL pg_temp.settle(key, 1, 8020, amount);
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, of_schema = SCHEMA_NAME, of_table = TABLE_NAME, of_column = COLUMN_NAME,
			by_constraint = CONSTRAINT_NAME, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	END;
	IF way = 'statements' THEN
		DROP TRIGGER pass ON assistance_register.settlement;
	END IF;
	-- numbers of rows and moments differ
	RETURN concat_ws('|', state, of_schema, of_table, of_column, by_constraint, message, regexp_replace(detail, '\d+(-\d+)*', '#', 'g'));
END
$$;
-- the views of the register look at most columns
CREATE FUNCTION pg_temp.drop_views() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v text;
BEGIN
	FOR v IN SELECT viewname FROM pg_views WHERE schemaname = 'assistance_register' LOOP
		EXECUTE format('DROP VIEW IF EXISTS assistance_register.%I CASCADE', v);
	END LOOP;
END
$$;
CREATE TABLE pg_temp.refusal (what text, change text, expected text);
CREATE TABLE assistance_register.schemes (scheme text PRIMARY KEY);
INSERT INTO refusal VALUES
	('CHECK of settlement', 'ALTER TABLE assistance_register.settlement ADD CONSTRAINT low CHECK (total < 50) NOT VALID',
		'23514|assistance_register|settlement||low|'),
	('CHECK of payment', 'ALTER TABLE assistance_register.payment ADD CONSTRAINT no_gift CHECK (layer <> ''gift'') NOT VALID',
		'23514|assistance_register|payment||no_gift|'),
	('CHECK of person_account', 'ALTER TABLE assistance_register.person_account ADD CONSTRAINT none CHECK (claims = 0) NOT VALID',
		'23514|assistance_register|person_account||none|'),
	('NOT NULL', 'ALTER TABLE assistance_register.settlement ALTER note DROP DEFAULT, ALTER note SET NOT NULL',
		'23502|assistance_register|settlement|note|'),
	('unique index', 'CREATE UNIQUE INDEX one_gift ON assistance_register.payment (layer) WHERE layer = ''gift'' AND person_id = 8020',
		'23505|assistance_register|payment||one_gift|'),
	('foreign key', 'ALTER TABLE assistance_register.settlement ADD CONSTRAINT known FOREIGN KEY (scheme) REFERENCES assistance_register.schemes NOT VALID',
		'23503|assistance_register|settlement||known|'),
	('precision', 'SELECT pg_temp.drop_views(); ALTER TABLE assistance_register.payment ALTER amount TYPE numeric(5,2)', '22003|'),
	('type', 'SELECT pg_temp.drop_views(); ALTER TABLE assistance_register.payment ALTER owed_to TYPE varchar(3) USING ''x''', '22001|');
SELECT is(pg_temp.refused('fine', 'directly'), '', 'nothing is refused');
CREATE FUNCTION pg_temp.compare() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	r record;
	directly text;
	statements text;
BEGIN
	FOR r IN SELECT * FROM refusal LOOP
		CALL pg_temp.settle('warm ' || r.what);
		BEGIN
			EXECUTE r.change;
			directly := pg_temp.refused('1 ' || r.what, 'directly', 5000);
			statements := pg_temp.refused('2 ' || r.what, 'statements', 5000);
			RAISE SQLSTATE 'ZZ000';
		EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
			NULL;
		END;
		CALL pg_temp.settle('after ' || r.what);
		RETURN NEXT is(directly, statements, r.what);
		RETURN NEXT ok(starts_with(directly, r.expected), r.what || ' is refused');
	END LOOP;
END
$$;
SELECT * FROM pg_temp.compare();
SELECT throws_ok($$ INSERT INTO assistance_register.payment (person_id, claim_id, revision, layer, kind, entry, place, amount, owed_by, owed_to)
	VALUES (8001, -1, 1, 'aid', 'assistance', 'adjustment', 1, 0, 'aid', 'hospital') $$, '23503', NULL, 'a payment of others needs its settlement');


-- ---- a claim that is taken away ----

ALTER TABLE assistance_register.claim DISABLE TRIGGER append_only;
CREATE FUNCTION pg_temp.take_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM assistance_register.claim WHERE claim_id = NEW.claim_id;
	RETURN NULL;
END
$$;
CREATE TRIGGER take_away AFTER INSERT ON assistance_register.claim FOR EACH ROW WHEN (NEW.request_key LIKE 'away%') EXECUTE FUNCTION pg_temp.take_away();
SELECT throws_ok($$ CALL pg_temp.settle('away', 1, 8950) $$, '23503',
	'insert or update on table "settlement" violates foreign key constraint "settlement_claim_id_fkey"', 'before it is settled');
CALL pg_temp.settle('stays', 1, 8950);
SELECT throws_ok($$ DELETE FROM assistance_register.claim WHERE request_key = 'stays0' $$, '23503',
	'update or delete on table "claim" violates foreign key constraint "settlement_claim_id_fkey" on table "settlement"', 'after it');
DROP TRIGGER take_away ON assistance_register.claim;
ALTER TABLE assistance_register.claim ENABLE TRIGGER append_only;

-- ---- the guard on payments ----

-- the row that a trigger adds beside the fold is judged, and a guard that stands there in a form that it refuses is called
CREATE FUNCTION pg_temp.pay_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO assistance_register.payment VALUES (NEW.person_id, NEW.claim_id, NEW.revision, 'more', NEW.kind, 'bill', NEW.place,
		NULL, 1000000, NEW.layer, 'hospital');
	RETURN NULL;
END
$$;
CREATE TRIGGER pay_again AFTER INSERT ON assistance_register.payment FOR EACH ROW WHEN (NEW.layer = 'aid')
	EXECUTE FUNCTION pg_temp.pay_again();
SELECT throws_ok($$ CALL pg_temp.settle('twice', 1, 8951) $$, 'MA605', NULL, 'a payment that a trigger adds');
DROP TRIGGER pay_again ON assistance_register.payment;
CREATE TRIGGER ill_formed AFTER INSERT ON assistance_register.payment FOR EACH STATEMENT EXECUTE FUNCTION assistance.insurer_first('claim=claim_id');
SELECT throws_ok($$ CALL pg_temp.settle('ill', 1, 8952) $$, 'MA601', NULL, 'a guard without a table of new rows');
DROP TRIGGER ill_formed ON assistance_register.payment;
CALL pg_temp.settle('well', 1, 8953);
DELETE FROM fired;
CALL pg_temp.settle('again', 1, 8953);
SELECT is(pg_temp.way(), 'directly', 'others go on');

-- ---- what only statements do ----

CREATE FUNCTION pg_temp.is_low(amount numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT amount < 5000';
CREATE DOMAIN pg_temp.word AS text;
CREATE TABLE pg_temp.special (what text, change text, back text);
INSERT INTO special VALUES
	('a rule', 'CREATE RULE other AS ON INSERT TO assistance_register.payment DO ALSO NOTHING', 'DROP RULE other ON assistance_register.payment'),
	('a generated column', 'ALTER TABLE assistance_register.payment ADD twice numeric GENERATED ALWAYS AS (amount * 2) STORED',
		'ALTER TABLE assistance_register.payment DROP twice'),
	('a domain', 'ALTER TABLE assistance_register.payment ADD word pg_temp.word', 'ALTER TABLE assistance_register.payment DROP word'),
	('a function of others', 'ALTER TABLE assistance_register.settlement ADD CONSTRAINT low CHECK (pg_temp.is_low(total)) NOT VALID',
		'ALTER TABLE assistance_register.settlement DROP CONSTRAINT low'),
	('a CHECK of the whole row', 'ALTER TABLE assistance_register.payment ADD CONSTRAINT whole CHECK (NOT payment IS NULL)',
		'ALTER TABLE assistance_register.payment DROP CONSTRAINT whole'),
	('a trigger on an account', 'CREATE TRIGGER pass AFTER UPDATE ON assistance_register.person_account FOR EACH ROW EXECUTE FUNCTION pg_temp.pass()',
		'DROP TRIGGER pass ON assistance_register.person_account');
CREATE FUNCTION pg_temp.specials() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT * FROM special LOOP
		DELETE FROM pg_temp.fired;
		EXECUTE r.change;
		CALL pg_temp.settle('with ' || r.what);
		RETURN NEXT is(pg_temp.way(), 'statements', r.what || ' needs statements');
		EXECUTE r.back;
		CALL pg_temp.settle('without ' || r.what);
		RETURN NEXT is(pg_temp.way(), 'directly', 'and without it they are not needed');
	END LOOP;
END
$$;
SELECT * FROM pg_temp.specials();

-- ---- one within the other ----

CREATE FUNCTION pg_temp.next_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.person_id BETWEEN 8900 AND 8903 THEN
		CALL pg_temp.settle('chain ' || NEW.person_id, 1, NEW.person_id + 1);
		ALTER TABLE assistance_register.schemes ADD COLUMN IF NOT EXISTS note text;
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER next_person AFTER INSERT ON assistance_register.settlement FOR EACH ROW EXECUTE FUNCTION pg_temp.next_person();
CALL pg_temp.settle('chain', 1, 8900);
SELECT is((SELECT count(*) FROM assistance_register.settlement WHERE person_id BETWEEN 8900 AND 8910), 5::bigint, 'a trigger that inserts claims');
-- a form that is needed no longer serves the statement that is under way
CREATE FUNCTION pg_temp.make_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_rules WHERE rulename = 'under_way') THEN
		CREATE RULE under_way AS ON INSERT TO assistance_register.payment DO ALSO NOTHING;
		CALL pg_temp.settle('beside', 1, 8921);
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER make_rule BEFORE INSERT ON assistance_register.settlement FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.make_rule();
CALL pg_temp.settle('under way', 1, 8920);
SELECT is((SELECT count(*) FROM assistance_register.payment WHERE person_id IN (8920, 8921)), 8::bigint, 'a trigger that changes how payments are written');
SELECT is_empty('SELECT * FROM assistance.verify()', 'nothing is found');

SELECT * FROM finish();
ROLLBACK;
