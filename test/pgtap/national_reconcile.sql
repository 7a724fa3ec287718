-- national_reconcile.sql — statements: group totals (3201), rows (3202), clearing (3203). Amounts in yuan.

BEGIN;
SELECT plan(19);

-- 100 000 settlements, and a copy with three seeded differences of each kind
CREATE TEMP TABLE ours AS
	SELECT 'S' || n AS setl_id, 'M' || n AS mdtrt_id, 'P' || to_char(n % 5000, 'FM0000') AS psn_no, CASE WHEN n % 3 = 0 THEN '310' ELSE '390' END AS insutype,
		   CASE WHEN n % 2 = 0 THEN '21' ELSE '11' END AS clr_type, '131199'::text AS clr_optins, timestamp '2025-01-01' + n % 90 * interval '1 day' AS setl_time,
		   '0'::text AS refd_setl_flag, (n % 1000)::numeric(16,2) AS medfee_sumamt, (n % 500)::numeric(16,2) AS fund_pay_sumamt, 0.00::numeric(16,2) AS acct_pay
	  FROM generate_series(1, 100000) n;
CREATE TEMP TABLE theirs AS SELECT setl_id AS "SETL_ID", medfee_sumamt AS "MEDFEE_SUMAMT", fund_pay_sumamt AS "FUND_PAY_SUMAMT", acct_pay AS "ACCT_PAY" FROM ours;
SELECT is_empty($$ SELECT * FROM assistance.reconcile('ours', 'theirs') $$, 'equal: no row');
DELETE FROM theirs WHERE "SETL_ID" IN ('S1', 'S50000', 'S100000');
INSERT INTO theirs VALUES ('X1', 1, 1, 0), ('X2', 2, 2, 0), ('S77', 77, 77, 0);
UPDATE theirs SET "FUND_PAY_SUMAMT" = "FUND_PAY_SUMAMT" + 0.01 WHERE "SETL_ID" IN ('S5', 'S6');
UPDATE theirs SET "MEDFEE_SUMAMT" = 0, "ACCT_PAY" = 1 WHERE "SETL_ID" = 'S7';
SELECT results_eq($$ SELECT difference, setl_id, differing FROM assistance.reconcile('ours', 'theirs') ORDER BY difference COLLATE "C", setl_id COLLATE "C" $$,
	$$ VALUES ('differ', 'S5', '{fund_pay_sumamt}'::text[]), ('differ', 'S6', '{fund_pay_sumamt}'), ('differ', 'S7', '{medfee_sumamt,acct_pay}'),
		('only_ours', 'S1', NULL), ('only_ours', 'S100000', NULL), ('only_ours', 'S50000', NULL),
		('only_theirs', 'S77', NULL), ('only_theirs', 'X1', NULL), ('only_theirs', 'X2', NULL) $$,
	'three of each kind among 100 000 rows, and only those; S77 stands there twice');
SELECT results_eq($$ SELECT our_fund_pay_sumamt, their_fund_pay_sumamt FROM assistance.reconcile('ours', 'theirs') WHERE setl_id = 'S5' $$,
	'VALUES (5.00, 5.01)', 'both amounts');
SELECT throws_ok($$ SELECT * FROM assistance.reconcile('ours', 'pg_class') $$, 'MA806', NULL, 'no such column');

-- records beside a table: the file of 3202 in another spelling
CREATE TEMP TABLE few AS SELECT * FROM ours WHERE setl_id IN ('S1', 'S2');
SELECT results_eq($$ SELECT difference, setl_id, differing FROM assistance.reconcile('few', NULL, their_records =>
		'[{"setl_id": "S1", "med_fee_sumamt": "1", "fund_pay_sumamt": "1.00", "acct_pay": "null", "psn_no": "P0001"},
		  {"setl_id": "S2", "medfee_sumamt": 2, "fund_pay_sumamt": 2, "psn_no": "P0009"}]') $$,
	$$ VALUES ('differ', 'S2', '{psn_no}'::text[]) $$, 'a table against records');

-- the file of 3202 and back
SELECT is(assistance.statement_file(NULL, records => '[{"setl_id": "S2", "medfee_sumamt": 2, "fund_pay_sumamt": 1.5, "setl_time": "2025-01-02", "psn_no": "P0001"},
	{"setl_id": "S1", "mdtrt_id": "M1", "medfee_sumamt": -10, "fund_pay_sumamt": -6, "acct_pay": "", "refd_setl_flag": "1", "setl_time": "2025-01-01"}]'),
	E'S1\tM1\tnull\t-10.00\t-6.00\t0.00\t1\nS2\tnull\tP0001\t2.00\t1.50\t0.00\t0\n', 'tabs, the word null, a line each');
SELECT is_empty($$ SELECT * FROM assistance.reconcile('ours', NULL, their_records => assistance.statement_records(assistance.statement_file('ours'))) $$, 'read back: no difference among 100 000');
SELECT is(assistance.statement_records(E'S1\tnull\tP0001\t1\t2\t3\tnull\r\n\n'), '[{"setl_id": "S1", "mdtrt_id": null, "psn_no": "P0001", "medfee_sumamt": "1", "fund_pay_sumamt": "2",
	"acct_pay": "3", "refd_setl_flag": null}]', 'a file of another system');

-- ---- totals by hand: 100 (fund 60), 200 (120), of the next month the refund of the first ----
CREATE TEMP TABLE small (setl_id text, psn_no text, insutype text, clr_type text, clr_way text, clr_optins text, fixmedins_code text, setl_time timestamp, refd_setl_flag text,
	init_setl_id text, medfee_sumamt numeric(16,2), fund_pay_sumamt numeric(16,2), acct_pay numeric(16,2), cash_payamt numeric(16,2));
INSERT INTO small VALUES
	('A', 'P0001', '310', '21', '1', '131199', 'H1', '2025-01-31 23:59', '0', NULL, 100, 60, 10, 30),
	('B', 'P0002', '310', '21', '1', '131199', 'H1', '2025-02-01 00:00', '0', NULL, 200, 120, 0, 80),
	('C', 'P0001', '310', '21', '1', '131199', 'H1', '2025-02-03 09:00', '1', 'A', -100, -60, -10, -30),
	('D', 'P0003', '390', '11', '1', '131199', 'H2', '2025-02-03 10:00', '0', NULL, 50, 0, 0, 50);
SELECT results_eq($$ SELECT * FROM assistance.statement_totals('small') $$,
	$$ VALUES ('310', '21', '131199', 3::bigint, 1::bigint, 200.00, 120.00, 0.00, 80.00), ('390', '11', '131199', 1, 1, 50.00, 0.00, 0.00, 50.00) $$, 'all days: 3 rows, net 1');
SELECT results_eq($$ SELECT row_count, net_count, medfee_sumamt FROM assistance.statement_totals('small', '2025-02-01', '2025-02-03') WHERE insutype = '310' $$,
	'VALUES (2::bigint, 0::bigint, 100.00)', 'a refund of a later month moves that month');
SELECT results_eq($$ SELECT row_count, net_count, medfee_sumamt FROM assistance.statement_totals('small', '2025-02-01', '2025-02-28', false) WHERE insutype = '310' $$,
	'VALUES (1::bigint, 1::bigint, 200.00)', 'refunds left out');
SELECT results_eq($$ SELECT row_count, medfee_sumamt FROM assistance.statement_totals('small', '2025-01-31', '2025-01-31') $$, 'VALUES (1::bigint, 100.00)', 'the last day counts whole');
SELECT results_eq($$ SELECT insutype, row_count, net_count, medfee_sumamt FROM assistance.statement_totals(NULL, records => (SELECT jsonb_agg(to_jsonb(s)) FROM small s)) $$,
	$$ VALUES ('310', 3::bigint, 1::bigint, 200.00), ('390', 1, 1, 50.00) $$, 'over records');
SELECT results_eq($$ SELECT fixmedins_code, setlym, clr_type, clr_way, psntime, medfee_sumamt, med_sumfee, fund_appy_sum, cash_payamt, acct_pay, begndate, enddate
		FROM assistance.clearing_totals('small') $$,
	$$ VALUES ('H1', '202501', '21', '1', 1::bigint, 100.00, NULL::numeric, 60.00, 30.00, 10.00, date '2025-01-31', date '2025-01-31'),
		('H1', '202502', '21', '1', 0, 100.00, NULL, 60.00, 50.00, -10.00, '2025-02-01', '2025-02-03'),
		('H2', '202502', '11', '1', 1, 50.00, NULL, 0.00, 50.00, 0.00, '2025-02-03', '2025-02-03') $$, 'by institution and month');
-- invalid rows, and such that a 冲正 has suspended, are no settlements
CREATE TEMP TABLE flagged AS SELECT s.*, CASE setl_id WHEN 'A' THEN '0' WHEN 'B' THEN '2' WHEN 'D' THEN NULL ELSE '1' END AS "VALI_FLAG" FROM small s;
SELECT results_eq($$ SELECT insutype, row_count, medfee_sumamt FROM assistance.statement_totals('flagged') $$, $$ VALUES ('310', 1::bigint, -100.00), ('390', 1, 50.00) $$, 'VALI_FLAG 0 and 2 are left out');
SELECT results_eq($$ SELECT insutype, row_count FROM assistance.statement_totals(NULL, records => (SELECT jsonb_agg(to_jsonb(f)) FROM flagged f)) $$, $$ VALUES ('310', 1::bigint), ('390', 1) $$, 'among records too');
SELECT is((SELECT sum(medfee_sumamt) FROM assistance.statement_totals('ours')), (SELECT sum(medfee_sumamt) FROM ours), '3201: the groups sum to the table');
SELECT is((SELECT sum(row_count)::bigint FROM assistance.statement_totals('ours')), 100000::bigint, 'and count it');
SELECT is((SELECT sum(fund_appy_sum) FROM assistance.clearing_totals('ours')), (SELECT sum(fund_pay_sumamt) FROM ours), '3203 too');

SELECT * FROM finish();
ROLLBACK;
