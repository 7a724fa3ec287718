-- The guard of payments: insurer_first and append_only. Every refusal and every legal order, reasoned by hand in the comments.
\set VERBOSITY sqlstate

CREATE SCHEMA guarded;
SET search_path = guarded;

-- ---- national names: a settlement is the bill, its fund lines are the payments; a refund has a number of its own ----

CREATE TABLE setlinfo (setl_id varchar(30) PRIMARY KEY, medfee_sumamt numeric(16,2));
CREATE TABLE fund_pay (
	setl_id varchar(30), init_setl_id varchar(30), fund_pay_type varchar(6), fund_payamt numeric(16,2), stas text);
CREATE INDEX ON fund_pay (setl_id);
CREATE INDEX ON fund_pay (init_setl_id);
CREATE TRIGGER insurer_first AFTER INSERT ON fund_pay REFERENCING NEW TABLE AS new_payments FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=setl_id', 'layer=fund_pay_type', 'amount=fund_payamt', 'reverses=init_setl_id',
	'bill=setlinfo(setl_id, medfee_sumamt)', 'order=basic critical assistance charity',
	'map=310100:basic 310101:basic 390100:basic 390200:critical 610100:assistance 910100:charity 310200:- 999996:-', 'state=stas');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_pay FOR EACH STATEMENT
EXECUTE FUNCTION assistance.append_only();
ALTER TABLE fund_pay ENABLE ALWAYS TRIGGER append_only;
INSERT INTO setlinfo SELECT 'B' || n, 1000 FROM generate_series(1, 40) n;

-- the order is that of the layers, one statement each
INSERT INTO fund_pay VALUES ('B1', NULL, '390100', 600.00);
INSERT INTO fund_pay VALUES ('B1', NULL, '390200', 200.00);
INSERT INTO fund_pay VALUES ('B1', NULL, '610100', 150.00);
INSERT INTO fund_pay VALUES ('B1', NULL, '910100', 50.00);
-- 600 + 200 + 150 + 50 = 1000: the whole bill; one fen more is beyond it
INSERT INTO fund_pay VALUES ('B2', NULL, '390100', 1000.01);
-- all at once, in any order of the rows
INSERT INTO fund_pay VALUES ('B2', NULL, '610100', 150), ('B2', NULL, '390200', 0), ('B2', NULL, '390100', 850);

-- each later layer without each earlier one
INSERT INTO fund_pay VALUES ('B3', NULL, '390200', 1);
INSERT INTO fund_pay VALUES ('B3', NULL, '610100', 1);
INSERT INTO fund_pay VALUES ('B3', NULL, '910100', 1);
INSERT INTO fund_pay VALUES ('B3', NULL, '390100', 1), ('B3', NULL, '610100', 1);
INSERT INTO fund_pay VALUES ('B3', NULL, '390200', 1), ('B3', NULL, '610100', 1);
-- an assistance of 0 was computed too, so it needs the insurers as well
INSERT INTO fund_pay VALUES ('B3', NULL, '610100', 0);
-- the bad bill of a statement takes the good ones with it
INSERT INTO fund_pay VALUES ('B4', NULL, '390100', 1), ('B3', NULL, '610100', 1), ('B5', NULL, '390100', 1);
SELECT count(*) FROM fund_pay WHERE setl_id IN ('B3', 'B4', 'B5');

-- determinations: a state instead of an amount settles a layer; it may come before its turn, for it is no payment
INSERT INTO fund_pay VALUES ('B3', NULL, '390200', NULL, 'not_applicable');
INSERT INTO fund_pay VALUES ('B3', NULL, '610100', 1);
INSERT INTO fund_pay VALUES ('B3', NULL, '390100', NULL, 'waived');
INSERT INTO fund_pay VALUES ('B3', NULL, '610100', 1);
INSERT INTO fund_pay VALUES ('B4', NULL, '390100', 0, NULL), ('B4', NULL, '390200', NULL, 'settled'), ('B4', NULL, '610100', 7, 'paid');
-- an unknown state, a waived amount, a payment without an amount
INSERT INTO fund_pay VALUES ('B5', NULL, '390100', 1, 'pending');
INSERT INTO fund_pay VALUES ('B5', NULL, '390100', 1, 'waived');
INSERT INTO fund_pay VALUES ('B5', NULL, '390100', NULL, 'paid');
INSERT INTO fund_pay VALUES ('B5', NULL, '390100', NULL);
-- determined and paid is twice
INSERT INTO fund_pay VALUES ('B3', NULL, '390200', 5);

-- twice: the same code, another code of the same layer, in one statement, and an amount of 0
INSERT INTO fund_pay VALUES ('B1', NULL, '390100', 600);
INSERT INTO fund_pay VALUES ('B1', NULL, '310101', 1);
INSERT INTO fund_pay VALUES ('B5', NULL, '390100', 1), ('B5', NULL, '390100', 1);
INSERT INTO fund_pay VALUES ('B1', NULL, '390100', 0);

-- rows that no fund pays (personal account, hospital) do not count, before or beyond
INSERT INTO fund_pay VALUES ('B6', NULL, '310200', 5000), ('B6', NULL, '999996', 5000), (NULL, NULL, '310200', NULL);
INSERT INTO fund_pay VALUES ('B6', NULL, '390100', 1000);

-- what cannot be judged: unknown layer, unknown bill, a bill without a total, nulls, negative, more than fen
INSERT INTO fund_pay VALUES ('B7', NULL, '390900', 1);
INSERT INTO fund_pay VALUES ('B7', NULL, 'Basic', 1);
INSERT INTO fund_pay VALUES ('B7', NULL, '', 1);
INSERT INTO fund_pay VALUES ('b7', NULL, '390100', 1);
INSERT INTO setlinfo VALUES ('B0', NULL);
INSERT INTO fund_pay VALUES ('B0', NULL, '390100', 1);
INSERT INTO fund_pay VALUES (NULL, NULL, '390100', 1);
INSERT INTO fund_pay VALUES ('B7', NULL, NULL, 1);
INSERT INTO fund_pay VALUES ('B7', NULL, '390100', -0.01);
INSERT INTO fund_pay VALUES ('B7', NULL, '390100', 'NaN');
SELECT count(*) FROM fund_pay WHERE setl_id IN ('B0', 'B7', 'b7');

-- ---- reversals: B1 has basic 600, critical 200, assistance 150, charity 50 ----

-- an earlier layer is withdrawn under later ones, alone and with one of the later ones
INSERT INTO fund_pay VALUES ('R1', 'B1', '390100', -600);
INSERT INTO fund_pay VALUES ('R1', 'B1', '390100', -600), ('R1', 'B1', '390200', -200), ('R1', 'B1', '610100', -150);
-- the last layer may go by itself, then the one before it
INSERT INTO fund_pay VALUES ('R1', 'B1', '910100', -50);
INSERT INTO fund_pay VALUES ('R1', 'B1', '610100', -150);
-- twice; of what was never paid; of a part; with a plus; of another bill
INSERT INTO fund_pay VALUES ('R1', 'B1', '610100', -150);
INSERT INTO fund_pay VALUES ('R1', 'B1', '390200', -199.99);
INSERT INTO fund_pay VALUES ('R1', 'B1', '390200', 200);
INSERT INTO fund_pay VALUES ('R1', 'B5', '390100', -600);
INSERT INTO fund_pay VALUES ('R1', 'B99', '390100', -600);
-- the layer can be paid anew now, once
INSERT INTO fund_pay VALUES ('B1', NULL, '610100', 100);
INSERT INTO fund_pay VALUES ('B1', NULL, '610100', 100);
-- 600 + 200 + 100 stand. Basic falls to 500 while assistance keeps its payment: refused, also with critical settled again
INSERT INTO fund_pay VALUES ('R2', 'B1', '390100', -600), ('B1', NULL, '390100', 500);
INSERT INTO fund_pay VALUES ('R2', 'B1', '390100', -600), ('B1', NULL, '390100', 500),
	('R2', 'B1', '390200', -200), ('B1', NULL, '390200', 250);
-- every later layer with it: 500 + 250 + 125
INSERT INTO fund_pay VALUES ('R2', 'B1', '390100', -600), ('B1', NULL, '390100', 500),
	('R2', 'B1', '390200', -200), ('B1', NULL, '390200', 250), ('R2', 'B1', '610100', -100), ('B1', NULL, '610100', 125);
-- basic rises to 620: no later layer is touched, 620 + 250 + 125 = 995; to 626 would be 1001
INSERT INTO fund_pay VALUES ('R3', 'B1', '390100', -500), ('B1', NULL, '390100', 626);
INSERT INTO fund_pay VALUES ('R3', 'B1', '390100', -500), ('B1', NULL, '390100', 620);
-- the whole bill goes: 620, 250, 125
INSERT INTO fund_pay VALUES ('R4', 'B1', '610100', -125), ('R4', 'B1', '390200', -250), ('R4', 'B1', '390100', -620);
INSERT INTO fund_pay VALUES ('B1', NULL, '610100', 1);
SELECT fund_pay_type, sum(fund_payamt) FROM fund_pay WHERE 'B1' IN (setl_id, init_setl_id) GROUP BY 1 ORDER BY 1;
-- a waiver is taken back by 0 and replaced by a payment
INSERT INTO fund_pay VALUES ('R5', 'B3', '390100', 0), ('B3', NULL, '390100', 10);
INSERT INTO fund_pay VALUES ('R5', 'B3', '390100', NULL, 'waived');

-- ---- append only ----

UPDATE fund_pay SET fund_payamt = 1;
DELETE FROM fund_pay WHERE false;
TRUNCATE fund_pay;
INSERT INTO fund_pay VALUES ('B8', NULL, '390100', 1) ON CONFLICT DO NOTHING;
SET session_replication_role = replica;
DELETE FROM fund_pay;
RESET session_replication_role;
SELECT count(*) FROM fund_pay WHERE setl_id = 'B8';

-- whatever the way: a cascade, a conflict that does not happen
CREATE TABLE kept (id int PRIMARY KEY);
CREATE TABLE kept_part (id int REFERENCES kept ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kept_part FOR EACH STATEMENT EXECUTE FUNCTION assistance.append_only();
CREATE TRIGGER append_only BEFORE UPDATE ON kept FOR EACH STATEMENT EXECUTE FUNCTION assistance.append_only();
INSERT INTO kept VALUES (1), (2) ON CONFLICT DO NOTHING;
INSERT INTO kept_part VALUES (1);
INSERT INTO kept VALUES (3) ON CONFLICT (id) DO UPDATE SET id = 3;
DELETE FROM kept WHERE id = 1;
TRUNCATE kept CASCADE;
SELECT count(*) FROM kept_part;

-- ---- the ways in: COPY, INSERT SELECT, WITH, prepared, savepoints ----

COPY fund_pay FROM stdin;
B9	\N	390100	100	\N
B9	\N	610100	100	\N
\.
COPY fund_pay FROM stdin;
B9	\N	610100	100	\N
B9	\N	390200	0	\N
B9	\N	390100	100	\N
\.
INSERT INTO fund_pay SELECT 'B10', NULL, c, 1, NULL FROM unnest(ARRAY['610100', '390200', '390100']) c;
INSERT INTO fund_pay SELECT 'B10', NULL, c, 1, NULL FROM unnest(ARRAY['390100']) c;
-- the parts of one WITH are one statement, of which the trigger sees all rows
WITH basic AS (INSERT INTO fund_pay VALUES ('B11', NULL, '390100', 1), ('B11', NULL, '390200', 1) RETURNING setl_id)
INSERT INTO fund_pay SELECT setl_id, NULL, '610100', 1, NULL FROM basic LIMIT 1;
INSERT INTO fund_pay SELECT 'B12', NULL, '610100', 1, NULL WHERE false;
PREPARE pay(text, text, numeric) AS INSERT INTO fund_pay VALUES ($1, NULL, $2, $3);
EXECUTE pay('B12', '610100', 1);
EXECUTE pay('B12', '390100', 1);
EXECUTE pay('B12', '390200', 1);
EXECUTE pay('B12', '610100', 1);
EXECUTE pay('B12', '610100', 1);
EXECUTE pay('B13', '390100', 1);
EXECUTE pay('B13', '390200', 1);
EXECUTE pay('B13', '610100', 1);
BEGIN;
INSERT INTO fund_pay VALUES ('B14', NULL, '390100', 1), ('B14', NULL, '390200', 1);
SAVEPOINT a;
INSERT INTO fund_pay VALUES ('B14', NULL, '610100', 1);
ROLLBACK TO a;
INSERT INTO fund_pay VALUES ('B14', NULL, '610100', 2);
SAVEPOINT b;
INSERT INTO fund_pay VALUES ('B14', NULL, '610100', 3);
ROLLBACK TO b;
INSERT INTO fund_pay VALUES ('B14', NULL, '910100', 3);
COMMIT;
SELECT fund_pay_type, fund_payamt FROM fund_pay WHERE setl_id = 'B14' ORDER BY 1;

-- the total of the bill is the one of now
UPDATE setlinfo SET medfee_sumamt = 5 WHERE setl_id = 'B15';
INSERT INTO fund_pay VALUES ('B15', NULL, '390100', 5.01);
INSERT INTO fund_pay VALUES ('B15', NULL, '390100', 5.00);

-- ---- at commit: the same arguments in a constraint trigger ----

CREATE TABLE late_pay (LIKE fund_pay INCLUDING INDEXES);
CREATE CONSTRAINT TRIGGER insurer_first AFTER INSERT ON late_pay DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION assistance.insurer_first('claim=setl_id', 'layer=fund_pay_type', 'amount=fund_payamt', 'reverses=init_setl_id',
	'bill=setlinfo(setl_id, medfee_sumamt)', 'order=390100 390200 610100');
-- in any order of statements
BEGIN;
INSERT INTO late_pay VALUES ('B1', NULL, '610100', 100);
INSERT INTO late_pay VALUES ('B1', NULL, '390200', 200);
INSERT INTO late_pay VALUES ('B1', NULL, '390100', 300);
COMMIT;
BEGIN;
INSERT INTO late_pay VALUES ('B2', NULL, '610100', 100);
INSERT INTO late_pay VALUES ('B2', NULL, '390200', 200);
COMMIT;
INSERT INTO late_pay VALUES ('B2', NULL, '610100', 100);
SELECT count(*) FROM late_pay WHERE setl_id = 'B2';
-- basic falls from 300 to 250: assistance must be settled again in the transaction, in a statement of its own
BEGIN;
INSERT INTO late_pay VALUES ('R1', 'B1', '390100', -300);
INSERT INTO late_pay VALUES ('B1', NULL, '390100', 250);
INSERT INTO late_pay VALUES ('R1', 'B1', '390200', -200);
INSERT INTO late_pay VALUES ('B1', NULL, '390200', 220);
COMMIT;
BEGIN;
INSERT INTO late_pay VALUES ('R1', 'B1', '390100', -300);
INSERT INTO late_pay VALUES ('B1', NULL, '390100', 250);
INSERT INTO late_pay VALUES ('R1', 'B1', '390200', -200);
INSERT INTO late_pay VALUES ('B1', NULL, '390200', 220);
SAVEPOINT s;
INSERT INTO late_pay VALUES ('R1', 'B1', '610100', -100);
RELEASE s;
INSERT INTO late_pay VALUES ('B1', NULL, '610100', 105);
COMMIT;
SELECT fund_pay_type, sum(fund_payamt) FROM late_pay GROUP BY 1 ORDER BY 1;
-- a bill that was checked is checked again for later rows
BEGIN;
INSERT INTO late_pay VALUES ('B3', NULL, '390100', 1);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO late_pay VALUES ('B3', NULL, '390100', 1);
COMMIT;
BEGIN;
INSERT INTO late_pay VALUES ('B3', NULL, '390100', 1);
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO late_pay VALUES ('B3', NULL, '610100', 1);
COMMIT;
-- rolling back to a savepoint takes away the rows that made the bill right
BEGIN;
INSERT INTO late_pay VALUES ('B3', NULL, '610100', 1);
SAVEPOINT s;
INSERT INTO late_pay VALUES ('B3', NULL, '390100', 1), ('B3', NULL, '390200', 1);
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK TO s;
COMMIT;
SELECT count(*) FROM late_pay WHERE setl_id = 'B3';

-- ---- revisions: differences instead of reversals; only rows of entry bill count ----

CREATE TABLE claim (claim_id bigint PRIMARY KEY, total numeric(16,2) NOT NULL, chain text);
CREATE TABLE payment (claim_id bigint NOT NULL, revision integer NOT NULL, layer text NOT NULL, entry text NOT NULL, amount numeric(16,2) NOT NULL);
CREATE INDEX ON payment (claim_id);
CREATE TRIGGER insurer_first AFTER INSERT ON payment REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=claim_id', 'layer=layer', 'amount=amount', 'revision=revision', 'only=entry(bill)',
	'bill=claim(claim_id, total, chain)', 'order=basic critical assistance');
INSERT INTO claim VALUES (1, 1000, NULL), (2, 1000, 'basic assistance supplementary'), (3, 1000, 'basic basic'), (4, 1000, NULL);
INSERT INTO payment VALUES (1, 1, 'basic', 'bill', 600), (1, 1, 'critical', 'bill', 0), (1, 1, 'assistance', 'bill', 200);
INSERT INTO payment VALUES (1, 1, 'charity', 'adjustment', 9999), (1, 1, 'basic', 'recoverable', -5);
-- the same revision twice; below zero; lowered alone; lowered with a row of each later layer that pays
INSERT INTO payment VALUES (1, 1, 'basic', 'bill', 1);
INSERT INTO payment VALUES (1, 2, 'basic', 'bill', -600.01), (1, 2, 'assistance', 'bill', 0);
INSERT INTO payment VALUES (1, 2, 'basic', 'bill', -50);
INSERT INTO payment VALUES (1, 2, 'basic', 'bill', -50), (1, 2, 'assistance', 'bill', 35);
-- 550 + 0 + 235; 216 more would be 1001
INSERT INTO payment VALUES (1, 3, 'assistance', 'bill', 216);
INSERT INTO payment VALUES (1, 3, 'assistance', 'bill', 215);
-- all of it back, then nothing is left to take
INSERT INTO payment VALUES (1, 4, 'basic', 'bill', -550), (1, 4, 'critical', 'bill', 0), (1, 4, 'assistance', 'bill', -450);
INSERT INTO payment VALUES (1, 5, 'assistance', 'bill', -0.01);
-- the first revision of a bill has no difference
INSERT INTO payment VALUES (4, 1, 'basic', 'bill', -1);
-- a bill's own order: assistance before supplementary, no critical; and an order that is none
INSERT INTO payment VALUES (2, 1, 'basic', 'bill', 1), (2, 1, 'supplementary', 'bill', 1);
INSERT INTO payment VALUES (2, 1, 'basic', 'bill', 1), (2, 1, 'assistance', 'bill', 1), (2, 1, 'supplementary', 'bill', 1);
INSERT INTO payment VALUES (2, 2, 'critical', 'bill', 1);
INSERT INTO payment VALUES (3, 1, 'basic', 'bill', 1);

-- ---- reversals that only the bills know: a refund is a settlement of its own, with its own lines (SETL_D, INIT_SETL_ID) ----

CREATE TABLE setl_d (setl_id varchar(30) PRIMARY KEY, init_setl_id varchar(30), medfee_sumamt numeric(16,2) NOT NULL);
CREATE INDEX ON setl_d (init_setl_id);
CREATE TABLE setldetail (setl_id varchar(30), fund_pay_type char(6), fund_payamt numeric(16,2), revision int NOT NULL DEFAULT 1);
CREATE INDEX ON setldetail (setl_id);
CREATE TRIGGER insurer_first AFTER INSERT ON setldetail REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=setl_id', 'layer=fund_pay_type', 'amount=fund_payamt',
	'bill=setl_d(setl_id, medfee_sumamt)', 'bill_reverses=init_setl_id', 'order=390100 390200 610100');
INSERT INTO setl_d VALUES ('S1', NULL, 1000), ('S2', NULL, 1000), ('T1', 'S1', -1000), ('T2', 'S1', -1000), ('T3', 'T1', 1000), ('T4', 'S9', 0);
INSERT INTO setldetail VALUES ('S1', '390100', 700), ('S1', '390200', 0), ('S1', '610100', 200);
-- under a later layer; a part; a plus; without its own bill; of a bill that is not there; the reversal of a reversal
INSERT INTO setldetail VALUES ('T1', '390100', -700);
INSERT INTO setldetail VALUES ('T1', '610100', -100);
INSERT INTO setldetail VALUES ('T1', '610100', 200);
INSERT INTO setldetail VALUES ('T9', '610100', -200);
INSERT INTO setldetail VALUES ('T4', '610100', -200);
INSERT INTO setldetail VALUES ('S2', '390100', -700);
INSERT INTO setldetail VALUES ('T1', '390100', -700), ('T1', '390200', 0), ('T1', '610100', -200);
INSERT INTO setldetail VALUES ('T3', '390100', 700);
-- twice; and then the bill may be paid anew, with one of another bill in the statement
INSERT INTO setldetail VALUES ('T2', '390100', -700), ('T2', '390200', 0), ('T2', '610100', -200);
INSERT INTO setldetail VALUES ('S2', '390100', 1000), ('S1', '390100', 600);
-- reversed and paid anew in one statement, by two bills
INSERT INTO setldetail VALUES ('T2', '390100', -600), ('S1', '390100', 500), ('S1', '390200', 300), ('S1', '610100', 200.01);
INSERT INTO setldetail VALUES ('T2', '390100', -600), ('S1', '390100', 500), ('S1', '390200', 300), ('S1', '610100', 200);
SELECT fund_pay_type, sum(fund_payamt) FROM setldetail WHERE setl_id IN ('S1', 'T1', 'T2') GROUP BY 1 ORDER BY 1;
-- with revisions a reversing bill numbers its own settlements
CREATE TABLE revised (LIKE setldetail INCLUDING ALL);
CREATE CONSTRAINT TRIGGER insurer_first AFTER INSERT ON revised DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION assistance.insurer_first('claim=setl_id', 'layer=fund_pay_type', 'amount=fund_payamt', 'revision=revision',
	'bill=setl_d(setl_id, medfee_sumamt)', 'bill_reverses=init_setl_id', 'order=390100 390200 610100');
INSERT INTO revised VALUES ('S1', '390100', 700), ('S1', '390200', 0), ('S1', '610100', 200);
INSERT INTO revised VALUES ('S1', '390100', -100, 2), ('S1', '610100', 70, 2);
INSERT INTO revised VALUES ('T1', '390100', -600), ('T1', '610100', -270.01);
INSERT INTO revised VALUES ('T1', '390100', -600);
INSERT INTO revised VALUES ('T1', '390100', -600), ('T1', '610100', -270), ('T1', '610100', 0);
INSERT INTO revised VALUES ('T1', '390100', -600), ('T1', '610100', -270);
INSERT INTO revised VALUES ('T2', '390100', -0.01);

-- ---- payments that state their places: whole settlements of pages that differ from region to region, as the register posts them ----

CREATE TABLE case_of (claim_id bigint PRIMARY KEY, reverses bigint UNIQUE, total numeric(16,2) NOT NULL);
CREATE TABLE posted (claim_id bigint, revision int, layer text, kind text, entry text, place smallint, amount numeric(16,2));
CREATE INDEX ON posted (claim_id);
CREATE TRIGGER insurer_first AFTER INSERT ON posted REFERENCING NEW TABLE AS n FOR EACH STATEMENT
EXECUTE FUNCTION assistance.insurer_first('claim=claim_id', 'layer=layer', 'kind=kind', 'place=place', 'amount=amount', 'revision=revision',
	'only=entry(bill)', 'bill=case_of(claim_id, total)', 'bill_reverses=reverses');
INSERT INTO case_of VALUES (1, NULL, 1000), (2, NULL, 1000), (3, 1, 0), (4, NULL, 1000);
-- one page has insurance after assistance, another two critical layers; names are the page's own
INSERT INTO posted VALUES (1, 1, '基本', 'basic', 'bill', 1, 600), (1, 1, '救助', 'assistance', 'bill', 2, 200), (1, 1, '惠民保', 'supplementary', 'bill', 3, 50),
	(1, 1, '救助', 'assistance', 'adjustment', 2, 5000);
INSERT INTO posted VALUES (2, 1, '基本', 'basic', 'bill', 1, 0), (2, 1, '大病', 'critical', 'bill', 2, 0), (2, 1, '大病', 'other', 'bill', 3, 100);
-- without an earlier place; the first place missing; no place; a place beyond the chain; the same layer twice; later alone
INSERT INTO posted VALUES (4, 1, '基本', 'basic', 'bill', 1, 0), (4, 1, '救助', 'assistance', 'bill', 3, 0);
INSERT INTO posted VALUES (4, 1, '救助', 'assistance', 'bill', 2, 10);
INSERT INTO posted VALUES (4, 1, '基本', 'basic', 'bill', NULL, 0);
INSERT INTO posted VALUES (4, 1, '基本', 'basic', 'bill', 0, 0);
INSERT INTO posted VALUES (4, 1, '基本', 'basic', 'bill', 33, 0);
INSERT INTO posted VALUES (4, 1, '基本', 'basic', 'bill', 1, 0), (4, 1, '基本', 'basic', 'bill', 2, 0);
INSERT INTO posted VALUES (4, 1, '基本', NULL, 'bill', 1, 0);
-- a difference holds only what differs, under a page with another layer in between; 600 - 100 + 300 + 200 + 50 = 1050 is too much
INSERT INTO posted VALUES (1, 2, '基本', 'basic', 'bill', 1, -100), (1, 2, '大病', 'critical', 'bill', 2, 300);
INSERT INTO posted VALUES (1, 2, '基本', 'basic', 'bill', 1, -100), (1, 2, '大病', 'critical', 'bill', 2, 250);
INSERT INTO posted VALUES (1, 3, '救助', 'assistance', 'bill', 3, -200.01);
-- the reversal of 500, 250, 200 and 50, a claim of its own; then nothing is left to take back
INSERT INTO posted VALUES (3, 1, '基本', 'basic', 'bill', 1, -500), (3, 1, '大病', 'critical', 'bill', 2, -250), (3, 1, '救助', 'assistance', 'bill', 2, -200.01);
INSERT INTO posted VALUES (3, 1, '基本', 'basic', 'bill', 1, -500), (3, 1, '大病', 'critical', 'bill', 2, -250), (3, 1, '救助', 'assistance', 'bill', 2, -200),
	(3, 1, '惠民保', 'supplementary', 'bill', 3, -50);
INSERT INTO posted VALUES (3, 2, '惠民保', 'supplementary', 'bill', 3, -0.01);

-- ---- UPDATE and DELETE where they are not refused ----

CREATE TABLE open_pay (bill bigint, layer text, amount numeric, note text);
CREATE FUNCTION guard_open(event text, tables text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER on_%s AFTER %1$s ON guarded.open_pay REFERENCING %s FOR EACH STATEMENT '
		'EXECUTE FUNCTION assistance.insurer_first(''claim=bill'', ''layer=layer'', ''amount=amount'', '
		'''bill=claim(claim_id, total)'', ''order=basic critical assistance'')', event, tables);
END
$$;
SELECT guard_open('INSERT', 'NEW TABLE AS n'), guard_open('UPDATE', 'OLD TABLE AS o NEW TABLE AS n'), guard_open('DELETE', 'OLD TABLE AS o');
INSERT INTO open_pay VALUES (1, 'basic', 600), (1, 'critical', 100), (1, 'assistance', 200);
UPDATE open_pay SET note = 'seen';
UPDATE open_pay SET amount = 500 WHERE layer = 'basic';
UPDATE open_pay SET amount = 500 WHERE layer = 'assistance';
UPDATE open_pay SET bill = 2 WHERE layer = 'basic';
UPDATE open_pay SET layer = 'basic' WHERE layer = 'critical';
UPDATE open_pay SET amount = amount - 1;
UPDATE open_pay SET bill = 2;
DELETE FROM open_pay WHERE layer = 'critical';
DELETE FROM open_pay WHERE layer = 'assistance';
DELETE FROM open_pay;
SELECT * FROM open_pay;
ALTER TABLE open_pay ADD UNIQUE (bill, layer);
INSERT INTO open_pay VALUES (1, 'basic', 600) ON CONFLICT (bill, layer) DO UPDATE SET amount = excluded.amount;
INSERT INTO open_pay VALUES (1, 'basic', 1001) ON CONFLICT (bill, layer) DO UPDATE SET amount = excluded.amount;
INSERT INTO open_pay VALUES (1, 'basic', 900), (1, 'assistance', 1) ON CONFLICT (bill, layer) DO UPDATE SET amount = excluded.amount;
INSERT INTO open_pay VALUES (1, 'basic', 900), (1, 'critical', 1) ON CONFLICT (bill, layer) DO UPDATE SET amount = excluded.amount;
SELECT * FROM open_pay ORDER BY layer;

-- ---- what the refusals say ----

\set VERBOSITY default
INSERT INTO fund_pay VALUES ('B20', NULL, '390100', 500), ('B20', NULL, '610100', 300);
INSERT INTO fund_pay VALUES ('B4', NULL, '610100', 12);
INSERT INTO fund_pay VALUES ('R6', 'B4', '390200', 0);
INSERT INTO fund_pay VALUES ('B20', NULL, '390100', 1000.5);
INSERT INTO fund_pay VALUES ('B20', NULL, '390900', 1);
INSERT INTO fund_pay VALUES ('B404', NULL, '390100', 1);
INSERT INTO fund_pay VALUES ('B20', NULL, '390100', -1);
INSERT INTO fund_pay VALUES ('R6', 'B4', '610100', -8);
INSERT INTO fund_pay VALUES ('B20', NULL, '390100', NULL);
INSERT INTO fund_pay VALUES ('B20', NULL, '390100', 1, 'pending');
UPDATE fund_pay SET fund_payamt = 1;
UPDATE open_pay SET amount = 800 WHERE layer = 'basic';
INSERT INTO payment VALUES (4, 1, 'basic', 'bill', -1);

-- ---- arguments that cannot work, found when the trigger first fires ----

CREATE TABLE wrong (bill bigint, layer text, amount numeric, cents bigint, paid_on date, other text);
CREATE TABLE loose (id bigint, total numeric, half bigint);
CREATE UNIQUE INDEX ON loose (id, half);
CREATE UNIQUE INDEX ON loose (id) WHERE half > 0;
CREATE UNIQUE INDEX ON loose ((id + 1));
CREATE VIEW bills AS SELECT * FROM claim;
CREATE FUNCTION try(VARIADIC arguments text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE format('CREATE OR REPLACE TRIGGER insurer_first AFTER INSERT ON guarded.wrong REFERENCING NEW TABLE AS n FOR EACH STATEMENT '
		'EXECUTE FUNCTION assistance.insurer_first(%s)', (SELECT string_agg(quote_literal(a), ', ') FROM unnest(arguments) a));
	INSERT INTO guarded.wrong VALUES (1, 'basic', 1);
	RETURN 'accepted';
EXCEPTION WHEN SQLSTATE 'MA601' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN detail || ' ' || hint;
END
$$;
\x on
SELECT
	try(VARIADIC '{}') AS nothing,
	try('claim') AS no_pair,
	try('claims=bill') AS unknown_key,
	try('claim=bill', 'claim=bill') AS twice,
	try('claim=bill', 'layer=layer') AS no_amount,
	try('claim=bill', 'layer=layer', 'amount=amount') AS no_bill,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim') AS bill_alone,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id)') AS bill_key_only,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)') AS no_order,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=') AS empty_order,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic basic') AS order_twice,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'map=1:charity') AS map_beyond,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'map=1') AS map_half,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'map=1:basic 1:-') AS map_twice,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'reverses=bill', 'bill_reverses=claim_id') AS both,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'place=cents') AS place_and_order,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'place=cents') AS place_alone,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'state=other(1:done)') AS state_word,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'only=other') AS only_what,
	try('claim=no_bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic') AS no_column,
	try('claim=bill', 'layer=layer', 'amount=cents', 'bill=claim(claim_id, total)', 'order=basic') AS cents,
	try('claim=bill', 'layer=paid_on', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic') AS layer_date,
	try('claim=other', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic') AS other_type,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'reverses=other') AS reverses_type,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'bill_reverses=chain') AS bill_reverses_type,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'revision=amount') AS revision_type,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=missing(claim_id, total)', 'order=basic') AS no_table,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=nowhere.claim(claim_id, total)', 'order=basic') AS no_schema,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=bills(claim_id, total)', 'order=basic') AS a_view,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_no, total)', 'order=basic') AS no_key,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=loose(id, half)', 'order=basic') AS not_unique,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, chain)', 'order=basic') AS total_text,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total, total)', 'order=basic') AS chain_number,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'caps=nobody_knows') AS no_caps,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'caps=pg_catalog.unnest') AS caps_columns,
	try('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic', 'caps=a.b.c') AS caps_name,
	try(' claim = BILL ', 'layer="layer"', 'amount=amount', 'bill = guarded.claim ( claim_id , total )', 'order= basic ') AS spaces;
\x off

-- ways to fire that cannot work
\set VERBOSITY sqlstate
CREATE TABLE form (bill bigint, layer text, amount numeric);
CREATE TRIGGER t BEFORE INSERT ON form FOR EACH ROW EXECUTE FUNCTION assistance.insurer_first();
INSERT INTO form VALUES (1, 'basic', 1);
DROP TRIGGER t ON form;
CREATE TRIGGER t AFTER INSERT ON form FOR EACH ROW EXECUTE FUNCTION assistance.insurer_first();
INSERT INTO form VALUES (1, 'basic', 1);
DROP TRIGGER t ON form;
CREATE TRIGGER t AFTER INSERT ON form FOR EACH STATEMENT EXECUTE FUNCTION assistance.insurer_first();
INSERT INTO form VALUES (1, 'basic', 1);
DROP TRIGGER t ON form;
CREATE TRIGGER t AFTER UPDATE ON form REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION assistance.insurer_first();
UPDATE form SET bill = 1;
DROP TRIGGER t ON form;
CREATE CONSTRAINT TRIGGER t AFTER INSERT OR UPDATE ON form FOR EACH ROW
EXECUTE FUNCTION assistance.insurer_first('claim=bill', 'layer=layer', 'amount=amount', 'bill=claim(claim_id, total)', 'order=basic');
INSERT INTO form VALUES (4, 'basic', 1);
UPDATE form SET amount = 2;
DROP TRIGGER t ON form;
CREATE TRIGGER t AFTER TRUNCATE ON form FOR EACH STATEMENT EXECUTE FUNCTION assistance.insurer_first();
TRUNCATE form;
DROP TRIGGER t ON form;
CREATE TRIGGER t BEFORE INSERT ON form FOR EACH STATEMENT EXECUTE FUNCTION assistance.append_only();
INSERT INTO form VALUES (1, 'basic', 1);
SELECT assistance.insurer_first();

SET client_min_messages = warning;
DROP SCHEMA guarded CASCADE;
