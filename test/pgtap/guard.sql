-- guard.sql — the guard of payments where rights, partitions, caches and large statements matter; and random payments against an
-- oracle in SQL that is written from the rules of docs/register.md, section 5, and shares nothing with the C.

BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

CREATE SCHEMA office;
SET LOCAL search_path = office, public;

-- what a statement is refused with; null: accepted
CREATE FUNCTION refused(statement text, OUT code text, OUT detail text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
	code := SQLSTATE;
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
END
$$;
GRANT USAGE ON SCHEMA office TO PUBLIC;

CREATE FUNCTION guard(payments text, arguments text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER insurer_first AFTER INSERT ON %s REFERENCING NEW TABLE AS new_payments FOR EACH STATEMENT '
		'EXECUTE FUNCTION assistance.insurer_first(''claim=bill'', ''layer=layer'', ''amount=amount'', ''reverses=reverses'', '
		'''bill=office.bill(id, total)'', ''order=basic critical assistance''%s)', payments, arguments);
END
$$;

CREATE TABLE bill (id bigint PRIMARY KEY, total numeric(16,2) NOT NULL);
CREATE TABLE pay (bill bigint, reverses bigint, layer text, amount numeric(16,2));
CREATE INDEX pay_bill ON pay (bill);
CREATE INDEX pay_reverses ON pay (reverses);
SELECT guard('pay');
INSERT INTO bill SELECT n, 100 FROM generate_series(1, 30000) n;

-- ---- rights ----

CREATE ROLE guard_owner;
CREATE ROLE guard_hospital;
CREATE ROLE guard_auditor;
CREATE ROLE guard_mallory;
CREATE ROLE guard_friend;
CREATE TABLE secured (LIKE pay INCLUDING INDEXES);
SELECT guard('secured');
GRANT USAGE, CREATE ON SCHEMA office TO guard_owner, guard_mallory, guard_friend;
ALTER TABLE bill OWNER TO guard_owner;
ALTER TABLE secured OWNER TO guard_owner;
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
ALTER TABLE secured FORCE ROW LEVEL SECURITY;
ALTER TABLE bill ENABLE ROW LEVEL SECURITY;
ALTER TABLE bill FORCE ROW LEVEL SECURITY;
CREATE POLICY enter ON secured FOR INSERT WITH CHECK (true);
GRANT INSERT ON secured TO guard_hospital, guard_auditor;
GRANT SELECT ON secured, bill TO guard_auditor;
SET LOCAL ROLE guard_hospital;
SELECT is(code, NULL, 'INSERT on the payments is all that a writer needs, row security or not')
  FROM refused($$ INSERT INTO secured VALUES (1, NULL, 'basic', 50), (1, NULL, 'critical', 20) $$);
SELECT is(code, '42501', 'the writer cannot read what it wrote') FROM refused('SELECT FROM secured');
SELECT is(code, '42501', 'nor the bills') FROM refused('SELECT FROM bill');
SELECT is(refused, ROW('MA603', 'Bill 1: layer basic has a second payment.')::text, 'nor through a refusal of a second payment')
  FROM (SELECT refused($$ INSERT INTO secured VALUES (1, NULL, 'basic', 1) $$)::text AS refused) r;
SELECT is(refused, ROW('MA605', 'Bill 1.')::text, 'nor through one beyond the bill')
  FROM (SELECT refused($$ INSERT INTO secured VALUES (1, NULL, 'assistance', 31) $$)::text AS refused) r;
SELECT is(refused, ROW('MA604', 'Bill 1: layer basic is no longer settled, but layer critical after it has a payment.')::text, 'nor through a reversal')
  FROM (SELECT refused($$ INSERT INTO secured VALUES (2, 1, 'basic', -50) $$)::text AS refused) r;
RESET ROLE;
SELECT is(current_user, session_user, 'a refusal leaves the user as it was');
SET LOCAL ROLE guard_auditor;
SELECT is(detail, 'Bill 1.', 'who may select, but with row security, is not told amounts either') FROM refused($$ INSERT INTO secured VALUES (1, NULL, 'assistance', 31) $$);
RESET ROLE;
ALTER TABLE secured DISABLE ROW LEVEL SECURITY;
ALTER TABLE bill DISABLE ROW LEVEL SECURITY;
SET LOCAL ROLE guard_auditor;
SELECT is(detail, 'Bill 1: the layers pay 101.00 yuan of 100.00 yuan.', 'who may read is told the amounts')
  FROM refused($$ INSERT INTO secured VALUES (1, NULL, 'assistance', 31) $$);
RESET ROLE;

-- an attacker attaches the trigger to a table of its own
SET LOCAL ROLE guard_mallory;
CREATE TABLE trap (bill bigint, reverses bigint, layer text, amount numeric);
CREATE TRIGGER insurer_first AFTER INSERT ON trap REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=bill(id, total)', 'order=basic');
GRANT INSERT ON trap TO PUBLIC;
SELECT is(code, '42501', 'on a table of its own it has no more rights than before') FROM refused($$ INSERT INTO trap VALUES (1, NULL, 'basic', 1) $$);
RESET ROLE;
SELECT is(code, '42501', 'a superuser who writes there lends it nothing') FROM refused($$ INSERT INTO trap VALUES (1, NULL, 'basic', 1) $$);
-- code of the attacker's friend runs while the trigger reads: as the attacker, not as the superuser who wrote
SET LOCAL ROLE guard_friend;
CREATE TABLE bait (id bigint PRIMARY KEY, total numeric);
INSERT INTO bait VALUES (1, 100);
CREATE FUNCTION spy() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('spy.user', current_user, true);
	PERFORM set_config('spy.super', (SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user), true);
	RETURN true;
END
$$;
ALTER TABLE bait ENABLE ROW LEVEL SECURITY;
CREATE POLICY spy ON bait USING (spy());
GRANT SELECT, UPDATE ON bait TO guard_mallory;
RESET ROLE;
SET LOCAL ROLE guard_mallory;
CREATE TABLE lure (bill bigint, reverses bigint, layer text, amount numeric);
CREATE TRIGGER insurer_first AFTER INSERT ON lure REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=bait(id, total)', 'order=basic');
RESET ROLE;
INSERT INTO lure VALUES (1, NULL, 'basic', 1);
SELECT is(current_setting('spy.user') || ' ' || current_setting('spy.super'), 'guard_mallory false', 'what runs below the trigger runs as the owner of the table');
SELECT is(current_user, session_user, 'and afterwards the writer is who it was');
CREATE TABLE poor (LIKE secured);
SELECT guard('poor');
ALTER TABLE poor OWNER TO guard_friend;
SELECT is(code, '42501', 'the owner of the payments needs SELECT on the bills') FROM refused($$ INSERT INTO poor VALUES (1, NULL, 'basic', 1) $$);
GRANT SELECT ON bill TO guard_friend;
SELECT is(code, '42501', 'and UPDATE, to lock them') FROM refused($$ INSERT INTO poor VALUES (1, NULL, 'basic', 1) $$);
GRANT UPDATE (total) ON bill TO guard_friend;
SELECT is(code, NULL, 'both together serve') FROM refused($$ INSERT INTO poor VALUES (1, NULL, 'basic', 1) $$);

-- ---- the search path of the caller ----

CREATE SCHEMA evil;
CREATE FUNCTION evil.yes(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.yes);
CREATE TEMP TABLE bill (id bigint PRIMARY KEY, total numeric);
INSERT INTO bill VALUES (3, 1000000), (1000000, 1000000);
CREATE TABLE plain (LIKE pay);
CREATE TRIGGER insurer_first AFTER INSERT ON plain REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=bill(id, total)', 'order=basic');
SET LOCAL search_path = evil, pg_temp, pg_catalog, office, public;
SELECT is(code, 'MA605', 'a temporary table of the same name is not the table of the bills') FROM office.refused($$ INSERT INTO office.plain VALUES (3, NULL, 'basic', 101) $$);
SELECT is(code, 'MA607', 'nor are its rows') FROM office.refused($$ INSERT INTO office.plain VALUES (1000000, NULL, 'basic', 1) $$);
SELECT is(code, NULL, 'an operator of the same name compares nothing') FROM office.refused($$ INSERT INTO office.plain VALUES (3, NULL, 'basic', 100) $$);
SET LOCAL search_path = office, public;
DROP TABLE pg_temp.bill;

-- ---- partitions ----

-- by layer, so that the payments of one bill are apart; the second partition has its columns in another order and a dropped one
CREATE TABLE split_pay (bill bigint, reverses bigint, layer text, amount numeric(16,2)) PARTITION BY LIST (layer);
CREATE TABLE pay_basic PARTITION OF split_pay FOR VALUES IN ('basic');
CREATE TABLE pay_other (gone int, amount numeric(16,2), layer text, reverses bigint, bill bigint);
ALTER TABLE pay_other DROP COLUMN gone;
ALTER TABLE split_pay ATTACH PARTITION pay_other DEFAULT;
CREATE INDEX ON split_pay (bill);
SELECT guard('split_pay'), guard('pay_basic'), guard('pay_other');
SELECT is(code, 'MA602', 'through the partitioned table: refused') FROM refused($$ INSERT INTO split_pay VALUES (1, NULL, 'critical', 1) $$);
SELECT is(code, 'MA602', 'into a partition: refused') FROM refused($$ INSERT INTO pay_other (bill, layer, amount) VALUES (1, 'critical', 1) $$);
SELECT is(code, NULL, 'into a partition: accepted') FROM refused($$ INSERT INTO pay_basic VALUES (1, NULL, 'basic', 60) $$);
SELECT is(code, NULL, 'with the sum of all partitions') FROM refused($$ INSERT INTO pay_other (bill, layer, amount) VALUES (1, 'critical', 40) $$);
SELECT is(code, 'MA605', 'beyond the bill, over partitions') FROM refused($$ INSERT INTO pay_other (bill, layer, amount) VALUES (1, 'assistance', 0.01) $$);
SELECT is(code, 'MA604', 'withdrawn under another partition') FROM refused($$ INSERT INTO pay_basic VALUES (9, 1, 'basic', -60) $$);
SELECT is(code, NULL, 'rows of several partitions in one statement') FROM refused($$ INSERT INTO split_pay VALUES (2, NULL, 'critical', 1), (2, NULL, 'basic', 1) $$);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON split_pay FOR EACH ROW EXECUTE FUNCTION assistance.append_only();
SELECT is(code, 'MA611', 'append only in a partition') FROM refused('DELETE FROM pay_other');
SELECT is(code, 'MA611', 'and through the table') FROM refused('UPDATE split_pay SET amount = 1');

-- the constraint form comes to the partitions by itself
CREATE TABLE late_pay (bill bigint, reverses bigint, layer text, amount numeric(16,2)) PARTITION BY LIST (layer);
CREATE TABLE late_basic PARTITION OF late_pay FOR VALUES IN ('basic');
CREATE TABLE late_other PARTITION OF late_pay DEFAULT;
CREATE INDEX ON late_pay (bill);
CREATE INDEX ON late_pay (reverses);
CREATE CONSTRAINT TRIGGER insurer_first AFTER INSERT ON late_pay DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'reverses=reverses', 'bill=bill(id, total)',
	'order=basic critical assistance');
SELECT is(code, NULL, 'later layers first, into partitions, judged together')
  FROM refused($$ INSERT INTO late_other VALUES (1, NULL, 'critical', 1); INSERT INTO late_basic VALUES (1, NULL, 'basic', 1); SET CONSTRAINTS ALL IMMEDIATE $$);
SET CONSTRAINTS ALL DEFERRED;
SELECT is(code, 'MA602', 'a partition without its earlier layer')
  FROM refused($$ INSERT INTO late_other VALUES (2, NULL, 'critical', 1); SET CONSTRAINTS ALL IMMEDIATE $$);

CREATE TABLE parent (LIKE pay);
CREATE TABLE child () INHERITS (parent);
SELECT guard('child');
SELECT is(code, 'MA601', 'a table that inherits without being a partition is refused') FROM refused($$ INSERT INTO child VALUES (1, NULL, 'basic', 1) $$);

-- bills in partitions: no index on the number alone; a number that stands in two of them is refused when it is paid
CREATE TABLE part_bill (id bigint NOT NULL, county text NOT NULL, total numeric(16,2) NOT NULL) PARTITION BY LIST (county);
CREATE TABLE part_bill_a PARTITION OF part_bill FOR VALUES IN ('A');
CREATE TABLE part_bill_b PARTITION OF part_bill FOR VALUES IN ('B');
INSERT INTO part_bill VALUES (1, 'A', 100), (2, 'A', 100), (2, 'B', 50), (3, 'B', 70);
CREATE TABLE part_pay (LIKE pay);
CREATE TRIGGER insurer_first AFTER INSERT ON part_pay REFERENCING NEW TABLE AS new_payments FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'reverses=reverses', 'bill=office.part_bill(id, total)',
	'order=basic critical assistance');
SELECT is(code, 'MA601', 'bills in partitions without a unique index are refused') FROM refused($$ INSERT INTO part_pay VALUES (1, NULL, 'basic', 1) $$);
CREATE UNIQUE INDEX part_bill_key ON part_bill (county, id);
SELECT is(code, 'MA601', 'and with one that the number does not lead') FROM refused($$ INSERT INTO part_pay VALUES (1, NULL, 'basic', 1) $$);
CREATE UNIQUE INDEX part_bill_id ON part_bill (id, county);
SELECT is(code, NULL, 'with the number first and what the partitions go by after it, a bill is paid') FROM refused($$ INSERT INTO part_pay VALUES (1, NULL, 'basic', 60) $$);
SELECT is(code, 'MA605', 'up to its total') FROM refused($$ INSERT INTO part_pay VALUES (3, NULL, 'basic', 70.01) $$);
SELECT is(code, 'MA607', 'a number that stands in two partitions is refused') FROM refused($$ INSERT INTO part_pay VALUES (2, NULL, 'basic', 1) $$);
SELECT is(code, 'MA607', 'also among others') FROM refused($$ INSERT INTO part_pay VALUES (3, NULL, 'basic', 1), (2, NULL, 'basic', 1) $$);
CREATE TABLE two_bill (id bigint NOT NULL, county text NOT NULL, total numeric(16,2) NOT NULL, UNIQUE (id, county));
CREATE TABLE two_pay (LIKE pay);
CREATE TRIGGER insurer_first AFTER INSERT ON two_pay REFERENCING NEW TABLE AS new_payments FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'reverses=reverses', 'bill=office.two_bill(id, total)',
	'order=basic critical assistance');
SELECT is(code, 'MA601', 'a plain table of bills has an index on the number alone') FROM refused($$ INSERT INTO two_pay VALUES (1, NULL, 'basic', 1) $$);

-- ---- MERGE, from PostgreSQL 15 ----

CREATE TABLE merged (LIKE pay);
SELECT guard('merged');
SELECT CASE WHEN current_setting('server_version_num')::int < 150000 THEN skip('no MERGE', 2) ELSE collect_tap(
	is((refused($$ MERGE INTO merged m USING (VALUES (1, 'assistance', 1)) v (bill, layer, amount) ON m.bill = v.bill
		WHEN NOT MATCHED THEN INSERT (bill, layer, amount) VALUES (v.bill, v.layer, v.amount) $$)).code, 'MA602', 'MERGE: refused'),
	is((refused($$ MERGE INTO merged m USING (VALUES (1, 'critical', 1), (1, 'basic', 1)) v (bill, layer, amount) ON m.bill = v.bill
		WHEN NOT MATCHED THEN INSERT (bill, layer, amount) VALUES (v.bill, v.layer, v.amount) $$)).code, NULL, 'MERGE: accepted')) END;

-- ---- what is cached follows the catalogs ----

CREATE TABLE moving_bill (id text PRIMARY KEY, total numeric, chain text);
CREATE TABLE moving (bill varchar(10), reverses varchar(10), layer text, amount numeric);
CREATE TRIGGER insurer_first AFTER INSERT ON moving REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=moving_bill(id, total)', 'order=basic critical');
INSERT INTO moving_bill SELECT n, 100 FROM generate_series(1, 9) n;
SELECT is(code, NULL, 'varchar payments of text bills') FROM refused($$ INSERT INTO moving VALUES ('1', NULL, 'basic', 1) $$);
ALTER TABLE moving_bill RENAME total TO sum;
SELECT is(code, 'MA601', 'a renamed column is missed') FROM refused($$ INSERT INTO moving VALUES ('2', NULL, 'basic', 1) $$);
ALTER TABLE moving_bill RENAME sum TO total;
SELECT is(code, NULL, 'and found again') FROM refused($$ INSERT INTO moving VALUES ('2', NULL, 'basic', 1) $$);
ALTER TABLE moving_bill RENAME TO moved_bill;
SELECT is(code, 'MA601', 'so is a renamed table') FROM refused($$ INSERT INTO moving VALUES ('3', NULL, 'basic', 1) $$);
ALTER TABLE moved_bill RENAME TO moving_bill;
ALTER TABLE moving_bill DROP CONSTRAINT moving_bill_pkey;
SELECT is(code, 'MA601', 'and a dropped key') FROM refused($$ INSERT INTO moving VALUES ('3', NULL, 'basic', 1) $$);
ALTER TABLE moving_bill ADD UNIQUE (id) DEFERRABLE;
SELECT is(code, 'MA601', 'a deferrable key does not keep bills apart') FROM refused($$ INSERT INTO moving VALUES ('3', NULL, 'basic', 1) $$);
ALTER TABLE moving_bill ADD UNIQUE (id);
SELECT is(code, NULL, 'a unique one does') FROM refused($$ INSERT INTO moving VALUES ('3', NULL, 'basic', 1) $$);
ALTER TABLE moving ADD note text, DROP reverses;
SELECT is(code, NULL, 'columns come and go') FROM refused($$ INSERT INTO moving VALUES ('3', 'critical', 1, 'x') $$);
SELECT is(code, 'MA602', 'and the order holds') FROM refused($$ INSERT INTO moving VALUES ('4', 'critical', 1, 'x') $$);
CREATE OR REPLACE TRIGGER insurer_first AFTER INSERT ON moving REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=moving_bill(id, total)', 'order=critical basic');
SELECT is(code, NULL, 'until the trigger says another one') FROM refused($$ INSERT INTO moving VALUES ('4', 'critical', 1, 'x') $$);
ALTER SCHEMA office RENAME TO bureau;
SET LOCAL search_path = bureau, public;
SELECT is(code, NULL, 'a renamed schema is followed') FROM refused($$ INSERT INTO moving VALUES ('5', 'critical', 1, 'x') $$);
ALTER SCHEMA bureau RENAME TO office;
SET LOCAL search_path = office, public;
ALTER TABLE moving ALTER bill TYPE bigint USING bill::bigint;
SELECT is(code, 'MA601', 'a changed type no longer fits') FROM refused($$ INSERT INTO moving VALUES (6, 'critical', 1, 'x') $$);

-- ---- names and types of others ----

CREATE TYPE "Kind" AS ENUM ('Basic Fund', 'aid');
CREATE DOMAIN money_of AS numeric(16,2);
CREATE TABLE "Bill of 2025" ("Id" uuid PRIMARY KEY, "Sum; DROP" money_of) PARTITION BY HASH ("Id");
CREATE TABLE "Bill of 2025, 0" PARTITION OF "Bill of 2025" FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE "Pay" ("Bill" uuid, "Kind" "Kind", code char(8), n smallint, "Yuan" money_of);
CREATE TRIGGER "First!" AFTER INSERT ON "Pay" REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim="Bill"', 'layer="Kind"', 'amount="Yuan"', 'bill="Bill of 2025"("Id", "Sum; DROP")',
	'order=basic aid', 'map=Basic:-', 'only=code(a 1)');
INSERT INTO "Bill of 2025" VALUES ('00000000-0000-0000-0000-000000000001', 10);
SELECT is(code, 'MA606', 'a code with a space needs another name: it cannot be mapped') FROM refused(
	$$ INSERT INTO "Pay" VALUES ('00000000-0000-0000-0000-000000000001', 'Basic Fund', 'a', 1, 10) $$);
CREATE OR REPLACE TRIGGER "First!" AFTER INSERT ON "Pay" REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim="Bill"', 'layer=n', 'amount="Yuan"', 'bill="Bill of 2025"("Id", "Sum; DROP")',
	'order=basic aid', 'map=1:basic 2:aid', 'only=code(a 1)');
SELECT is(code, 'MA602', 'numbers as codes, uuid, domains, quoted names, partitioned bills') FROM refused(
	$$ INSERT INTO "Pay" VALUES ('00000000-0000-0000-0000-000000000001', 'aid', 'a', 2, 10) $$);
SELECT is(code, NULL, 'blanks that pad char(n) do not count; rows of other words do not either') FROM refused(
	$$ INSERT INTO "Pay" VALUES ('00000000-0000-0000-0000-000000000001', 'aid', '1', 1, 10), (NULL, NULL, 'b', 7, 99) $$);

-- ---- size ----

CREATE TEMP TABLE locks AS SELECT count(*) AS n FROM pg_locks WHERE pid = pg_backend_pid();
SELECT is(code, NULL, '20 000 bills in one statement') FROM refused($$
	INSERT INTO pay SELECT n, NULL, layer, 10 FROM generate_series(10001, 30000) n, unnest(ARRAY['assistance', 'basic', 'critical']) layer $$);
SELECT cmp_ok(count(*), '<', (SELECT n + 50 FROM locks), 'and no lock in shared memory for each of them') FROM pg_locks WHERE pid = pg_backend_pid();
SELECT is(code || ' ' || detail, 'MA605 Bill 20000: the layers pay 100.01 yuan of 100.00 yuan.', 'one fen on one of them is found') FROM refused($$
	INSERT INTO pay SELECT n, n, 'basic', -10 FROM generate_series(10001, 30000) n
	UNION ALL SELECT n, NULL, 'basic', CASE n WHEN 20000 THEN 80.01 ELSE 80 END FROM generate_series(10001, 30000) n $$);
SELECT is(code, NULL, '10 001 payments of one bill in one statement, 5 000 of them reversals') FROM refused($$
	INSERT INTO pay SELECT 1, CASE n % 2 WHEN 1 THEN 1 END, 'basic', CASE n % 2 WHEN 1 THEN -(n / 2) ELSE n / 2 END % 100 FROM generate_series(0, 10000) n $$);
SELECT is(code, 'MA603', 'and one more') FROM refused($$ INSERT INTO pay VALUES (1, NULL, 'basic', 0) $$);
CREATE TEMP TABLE scans AS SELECT pg_stat_get_xact_numscans('bill_pkey'::regclass) AS n;
INSERT INTO late_pay SELECT 3, CASE n % 2 WHEN 1 THEN 3 END, 'basic', CASE n % 2 WHEN 1 THEN -7 ELSE 7 END FROM generate_series(0, 10000) n;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is(pg_stat_get_xact_numscans('bill_pkey'::regclass) - n, 1::bigint, '10 001 rows of one bill at commit: it is locked and checked once') FROM scans;
SET CONSTRAINTS ALL DEFERRED;

-- plans that were made while the tables were small do not read all of them later
CREATE TABLE grown_bill (id bigint PRIMARY KEY, total numeric NOT NULL);
CREATE TABLE grown (bill bigint, layer text, amount numeric);
CREATE INDEX ON grown (bill);
CREATE TRIGGER insurer_first AFTER INSERT ON grown REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=grown_bill(id, total)', 'order=basic');
INSERT INTO grown_bill VALUES (1, 1), (2, 1);
INSERT INTO grown VALUES (1, 'basic', 1);
ANALYZE grown_bill, grown;
INSERT INTO grown_bill SELECT n, 1 FROM generate_series(3, 100) n;
CREATE TEMP TABLE reads AS SELECT pg_stat_get_xact_numscans('grown_bill'::regclass) + pg_stat_get_xact_numscans('grown'::regclass) AS n;
DO 'BEGIN FOR n IN 2 .. 100 LOOP INSERT INTO office.grown VALUES (n, ''basic'', 1); END LOOP; END';
SELECT is(pg_stat_get_xact_numscans('grown_bill'::regclass) + pg_stat_get_xact_numscans('grown'::regclass) - n, 0::bigint,
	'single payments do not read whole tables') FROM reads;
SELECT is(current_setting('enable_seqscan'), 'on', 'and leave the settings of the session alone');

-- ---- replica role, and an extension that goes and comes back ----

SET LOCAL session_replication_role = replica;
SELECT is(code, NULL, 'an ordinary trigger: what is replicated was judged where it came from') FROM refused($$ INSERT INTO pay VALUES (4, NULL, 'critical', 1) $$);
SET LOCAL session_replication_role = origin;
SELECT is(code, 'MA603', 'what entered that way is judged with the next payment')
  FROM refused($$ INSERT INTO pay VALUES (4, NULL, 'basic', 1), (4, NULL, 'critical', 1) $$);

-- ---- random payments against the oracle ----

CREATE TABLE free (own boolean, bill bigint, reverses bigint, layer text, amount numeric);
CREATE TABLE stage (n int, layer text);
INSERT INTO stage VALUES (1, 'basic'), (2, 'critical'), (3, 'assistance');

-- the same payments, where only the bills know what they take back: bill 900 + n takes back bill n
CREATE TABLE known_bill (id bigint PRIMARY KEY, total numeric NOT NULL, takes_back bigint);
CREATE INDEX ON known_bill (takes_back);
INSERT INTO known_bill SELECT n, 100, NULL::bigint FROM generate_series(1, 4) n UNION ALL SELECT 900 + n, -100, n FROM generate_series(1, 4) n;
CREATE TABLE known_pay (bill bigint, layer text, amount numeric);
CREATE INDEX ON known_pay (bill);
CREATE TRIGGER insurer_first AFTER INSERT ON known_pay REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=known_bill(id, total)', 'bill_reverses=takes_back',
	'order=basic critical assistance');
CREATE FUNCTION known(statement_rows free) RETURNS known_pay LANGUAGE sql AS
	$$ SELECT ROW(COALESCE(900 + statement_rows.reverses, statement_rows.bill), statement_rows.layer, statement_rows.amount)::known_pay $$;

-- is there anything against the rows of free, of which the own ones are new?
CREATE VIEW against AS
	WITH part AS (
		SELECT COALESCE(reverses, f.bill) AS bill, layer, abs(amount) AS size, own,
			   CASE WHEN reverses IS NULL THEN 1 ELSE -1 END AS sign FROM free f),
	size AS (SELECT bill, layer, size, sum(sign) AS live FROM part GROUP BY 1, 2, 3),
	net AS (SELECT bill, layer, sum(live) AS live, sum(live * size) AS amount FROM size GROUP BY 1, 2),
	change AS (SELECT bill, layer, sum(sign * size) FILTER (WHERE own) AS change FROM part GROUP BY 1, 2)
	SELECT 'too many reversals' AS what FROM size WHERE live < 0
	UNION ALL SELECT 'twice' FROM net WHERE live > 1
	UNION ALL SELECT 'beyond' FROM net GROUP BY bill HAVING sum(amount) > 100
	UNION ALL SELECT 'early' FROM net JOIN stage USING (layer), stage before
	    WHERE before.n < stage.n AND live > 0
	      AND NOT EXISTS (SELECT FROM net earlier WHERE earlier.bill = net.bill AND earlier.layer = before.layer AND earlier.live > 0)
	UNION ALL SELECT 'lowered' FROM change JOIN stage USING (layer), net JOIN stage later ON later.layer = net.layer
	    WHERE change < 0 AND net.bill = change.bill AND later.n > stage.n AND net.amount > 0
	      AND NOT EXISTS (SELECT FROM part WHERE part.own AND part.bill = net.bill AND part.layer = net.layer);

-- rows of one random statement: a payment, perhaps a reversal of one that stands, perhaps more of either
CREATE FUNCTION random_rows(tries int) RETURNS SETOF pay LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN back THEN 900 ELSE on_bill END, CASE WHEN back THEN on_bill END, layer,
		   CASE WHEN back THEN -size ELSE size END
	  FROM (SELECT random() < 0.35 AS back, 1 + floor(random() * 4)::bigint AS on_bill,
				   (ARRAY['basic', 'critical', 'assistance'])[1 + floor(random() * 3)::int] AS layer,
				   (ARRAY[0, 10, 20, 40, 60])[1 + floor(random() * 5)::int] AS size
			  FROM generate_series(1, tries)) r
$$;

CREATE FUNCTION compare(rounds int, OUT accepted int, OUT refused int, OUT wrong int) LANGUAGE plpgsql AS $$
DECLARE
	legal boolean;
	code text;
	known_code text;
BEGIN
	accepted := 0; refused := 0; wrong := 0;
	DELETE FROM pay WHERE bill < 10000;
	FOR i IN 1 .. rounds LOOP
		INSERT INTO free SELECT true, * FROM random_rows(1 + (i % 6));
		-- from time to time all of a bill goes, so that it starts anew
		IF i % 25 = 0 THEN
			DELETE FROM free WHERE own;
			INSERT INTO free SELECT true, 900, 1 + i % 4, layer, -abs(amount) FROM free WHERE COALESCE(reverses, bill) = 1 + i % 4
				GROUP BY layer, abs(amount) HAVING sum(CASE WHEN reverses IS NULL THEN 1 ELSE -1 END) > 0;
		END IF;
		legal := NOT EXISTS (SELECT FROM against);
		BEGIN
			INSERT INTO pay SELECT bill, reverses, layer, amount FROM free WHERE own;
			code := NULL;
		EXCEPTION WHEN OTHERS THEN
			code := SQLSTATE;
		END;
		BEGIN
			INSERT INTO known_pay SELECT (known(f)).* FROM free f WHERE own;
			known_code := NULL;
		EXCEPTION WHEN OTHERS THEN
			known_code := SQLSTATE;
		END;
		IF legal <> (code IS NULL) OR code NOT LIKE 'MA6%' OR code IS DISTINCT FROM known_code THEN
			wrong := wrong + 1;
			RAISE WARNING 'round %: % but % and %: %', i, CASE WHEN legal THEN 'legal' ELSE (SELECT string_agg(what, ' ') FROM against) END,
				COALESCE(code, 'accepted'), COALESCE(known_code, 'accepted'), (SELECT string_agg(f::text, ' ') FROM free f);
		END IF;
		IF code IS NULL THEN
			accepted := accepted + 1;
			UPDATE free SET own = false WHERE own;
		ELSE
			refused := refused + 1;
			DELETE FROM free WHERE own;
		END IF;
	END LOOP;
END
$$;
SELECT setseed(0.20251122);
CREATE TEMP TABLE compared AS SELECT * FROM compare(3000);
SELECT is(wrong, 0, '3 000 random statements are judged as the oracle judges them, in both forms of reversals') FROM compared;
SELECT cmp_ok(accepted, '>', 150, 'many of them legal') FROM compared;
SELECT cmp_ok(refused, '>', 1000, 'many not') FROM compared;

SELECT * FROM finish();
ROLLBACK;
