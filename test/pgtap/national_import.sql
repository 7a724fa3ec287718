-- national_import.sql — many records at once: every spelling and blank that the interface material names, faulty ones with what fails, all or nothing.

BEGIN;
SELECT plan(21);

-- Rows in the spellings of real messages (collected interface material, 1.1 to 1.5). Each is this settlement, by hand: 100 = own pay 10 + over the limit 5 +
-- first share 5 + in scope 80; the funds pay 60, the person 40, of which the account 15 and cash 25.
CREATE TEMP TABLE spelled (n integer, source text, document jsonb);
INSERT INTO spelled VALUES
	(1, '2304', '{"setlinfo": {"setl_id": "A1", "psn_no": "P0001", "insutype": "390", "med_type": "21", "setl_time": "2025-03-01 10:00:00", "medfee_sumamt": 100, "fulamt_ownpay_amt": 10,
		"overlmt_selfpay": 5, "preselfpay_amt": 5, "inscp_scp_amt": 80, "act_pay_dedc": 0, "hifp_pay": 60, "pool_prop_selfpay": 0.75, "cvlserv_pay": 0, "hifes_pay": 0, "hifmi_pay": 0,
		"hifob_pay": 0, "maf_pay": 0, "hosp_part_amt": 0, "oth_pay": 0, "fund_pay_sumamt": 60, "psn_part_amt": 40, "acct_pay": 15, "psn_cash_pay": 25, "acct_mulaid_pay": 0},
		"setldetail": [{"fund_pay_type": "390100", "fund_payamt": 60}, {"fund_pay_type": "310200", "fund_payamt": 15}]}'),
	(2, '1.1: cashPayamt, prese_ifpay_amt, med_fee_sumamt', '{"setl_id": "A2", "insutype": "390", "med_type": "21", "setl_time": "20250301100000", "med_fee_sumamt": "100.00", "fulamt_ownpay_amt": "10",
		"overlmt_selfpay": "5", "prese_ifpay_amt": "5", "inscp_scp_amt": "80", "hifp_pay": "60", "cvlserv_pay": "", "hifes_pay": "", "hifmi_pay": null, "hifob_pay": "null", "maf_pay": " ", "oth_pay": "",
		"hosp_part_amt": "", "fund_pay_sumamt": "60", "psn_part_amt": "40", "acct_pay": "15", "cashPayamt": "25"}'),
	(3, '1.1: psnCash_pay', '{"setl_id": "A3", "insutype": "390", "setl_time": "2025-03-01", "medfee_sumamt": 100, "psnCash_pay": 25, "acct_pay": 15, "psn_part_amt": 40}'),
	(4, '1.1: pdn_cash_pay', '{"setl_id": "A4", "insutype": "390", "setl_time": "20250301", "medfee_sumamt": 100, "pdn_cash_pay": 25, "acct_pay": 15, "psn_part_amt": 40}'),
	(5, '1.4 and 1.5: psn_pay, cash_payamt, inscp_amt, othfund_pay, ownpay_hosp_part, in upper case', '{"SETL_ID": "A5", "INSUTYPE": "390", "SETL_TIME": "2025-03-01T10:00:00", "MEDFEE_SUMAMT": 100,
		"FULAMT_OWNPAY_AMT": 10, "OVERLMT_SELFPAY": 5, "PRESELFPAY_AMT": 5, "INSCP_AMT": 80, "HIFP_PAY": 50, "CVLSERV_PAY": 0, "HIFES_PAY": 0, "HIFMI_PAY": 0, "HIFOB_PAY": 0, "HIFDM_PAY": 0, "MAF_PAY": 0,
		"OTHFUND_PAY": 10, "FUND_PAY_SUMAMT": 60, "PSN_PAY": 40, "ACCT_PAY": 15, "CASH_PAYAMT": 25, "OWNPAY_HOSP_PART": 0, "DISE_NO": "X1", "HI_AGRE_SUMFEE": 100, "VALI_FLAG": "1", "REFD_SETL_FLAG": "0"}'),
	(6, '1.1: of 2303 with hosp_part_amt beside ownpay_hosp_part', '{"setl_id": "A6", "insutype": "390", "enddate": "2025-03-01", "medfee_sumamt": 605.01, "fund_pay_sumamt": 60, "psn_part_amt": 40,
		"hosp_part_amt": 505.01, "ownpay_hosp_part": 0}'),
	(7, '2305', '{"setl_id": "A7", "init_setl_id": "A1", "refd_setl_flag": "1", "insutype": "390", "setl_time": "2025-04-01 10:00:00", "medfee_sumamt": -100, "fulamt_ownpay_amt": -10,
		"overlmt_selfpay": -5, "preselfpay_amt": -5, "inscp_scp_amt": -80, "hifp_pay": -60, "fund_pay_sumamt": -60, "psn_part_amt": null, "acct_pay": -15, "psn_cash_pay": -25, "hosp_part_amt": null, "ownpay_hosp_part": ""}'),
	(8, '6.1: insuplc_admdvs, opsp_dise_code', '{"setl_id": "A8", "insutype": "390", "insuplc_admdvs": "131100", "opsp_dise_code": "M1", "setl_time": "2025-03-01 10:00", "medfee_sumamt": 100}');
SELECT is_empty($$ SELECT * FROM assistance.faulty_settlements(NULL, (SELECT jsonb_agg(document) FROM spelled), region => '131100') $$, 'every spelling and blank is read');
SELECT is_empty($$ SELECT n, c.* FROM spelled, assistance.check_setlinfo(document) c WHERE c.verdict = 'fails' $$, 'and adds up');
SELECT results_eq($$ SELECT n, (r ->> 'medfee_sumamt')::numeric, (r ->> 'preselfpay_amt')::numeric, (r ->> 'psn_cash_pay')::numeric, (r ->> 'hosp_part_amt')::numeric, r ->> 'dise_codg', (r ->> 'oth_pay')::numeric
		FROM spelled, assistance.read_setlinfo(document) r ORDER BY n $$,
	$$ VALUES (1, 100::numeric, 5::numeric, 25::numeric, 0::numeric, NULL::text, 0::numeric), (2, 100, 5, 25, NULL, NULL, NULL), (3, 100, NULL, 25, NULL, NULL, NULL), (4, 100, NULL, 25, NULL, NULL, NULL),
		(5, 100, 5, 25, 0, 'X1', 10), (6, 605.01, NULL, NULL, 505.01, NULL, NULL), (7, -100, -5, -25, NULL, NULL, NULL), (8, 100, NULL, NULL, NULL, 'M1', NULL) $$, 'as the same fields');

CREATE TEMP TABLE setl_d (serial bigint GENERATED ALWAYS AS IDENTITY, setl_id varchar(30) PRIMARY KEY, init_setl_id varchar(30), psn_no varchar(30), "MEDFEE_SUMAMT" numeric(16,2) NOT NULL,
	inscp_amt numeric(16,2), hifp_pay numeric(16,2), psn_pay numeric(16,2), cash_payamt numeric(16,2), ownpay_hosp_part numeric(16,2), dise_no text, vali_flag varchar(3), refd_setl_flag varchar(3), noted text DEFAULT 'here');
SELECT is(assistance.import_settlements('spelled', 'setl_d', region => '131100'), 8::bigint, 'a table with documents in a column');
SELECT results_eq('SELECT setl_id, "MEDFEE_SUMAMT", inscp_amt, psn_pay, cash_payamt, ownpay_hosp_part, vali_flag, refd_setl_flag, noted FROM setl_d ORDER BY serial',
	$$ VALUES ('A1'::varchar, 100.00, 80.00, 40.00, 25.00, 0.00, '1'::varchar, '0'::varchar, 'here'), ('A2', 100.00, 80.00, 40.00, 25.00, 0.00, '1', '0', 'here'), ('A3', 100.00, 0.00, 40.00, 25.00, 0.00, '1', '0', 'here'),
		('A4', 100.00, 0.00, 40.00, 25.00, 0.00, '1', '0', 'here'), ('A5', 100.00, 80.00, 40.00, 25.00, 0.00, '1', '0', 'here'), ('A6', 605.01, 0.00, 40.00, 0.00, 505.01, '1', '0', 'here'),
		('A7', -100.00, -80.00, 0.00, -25.00, 0.00, '1', '1', 'here'), ('A8', 100.00, 0.00, 0.00, 0.00, 0.00, '1', '0', 'here') $$, 'under the names of SETL_D; amounts that are not stated are 0 there');

-- ---- the example of Hebei, as published (collected interface material, HE-2207-op) ----

SELECT is_empty($$ SELECT * FROM assistance.faulty_settlements(NULL, '[{"setl_id": "HE-2207-op", "setl_time": "2025-01-02", "insutype": "310", "psn_type": "1101", "med_type": "11", "clr_type": "11", "clr_way": "1",
	"clr_optins": "131199", "cvlserv_flag": "0", "medfee_sumamt": 4.52, "fulamt_ownpay_amt": 0, "overlmt_selfpay": 0, "preselfpay_amt": 0.23, "inscp_scp_amt": 4.29, "act_pay_dedc": 4.29, "hifp_pay": 0,
	"pool_prop_selfpay": 0.0, "cvlserv_pay": 0, "hifes_pay": 0, "hifmi_pay": 0, "hifob_pay": 0, "maf_pay": 0, "oth_pay": 0, "fund_pay_sumamt": 0, "psn_part_amt": 4.52, "acct_pay": 4.52, "psn_cash_pay": 0,
	"hosp_part_amt": 0, "acct_mulaid_pay": 0}]', region => '130000') $$, 'the example is accepted');

-- ---- faulty ones: a million rows are not half imported because of one ----

CREATE TEMP TABLE faulty AS
	SELECT n, (assistance.read_setlinfo(document) || change::jsonb) - CASE WHEN n = 7 THEN 'setl_id' ELSE '' END AS document, state, identity
	  FROM (SELECT document FROM spelled WHERE n = 1) s, (VALUES
		(1, '{"setl_id": "B1"}', NULL, NULL), (2, '{"setl_id": "B2", "psn_part_amt": 41}', 'MA802', 'I1 I3'), (3, '{"setl_id": "B3", "inscp_scp_amt": 79}', 'MA802', 'I2'),
		(4, '{"setl_id": "B4", "hifob_pay": 1}', 'MA802', 'I4'), (5, '{"setl_id": "B5", "acct_pay": "1,5"}', 'MA801', NULL), (6, '{"setl_id": "B6", "insutype": "777"}', 'MA501', NULL),
		(7, '{}', 'MA801', NULL), (8, '{"setl_id": "B8", "refd_setl_flag": "1"}', 'MA804', NULL), (9, '{"setl_id": "B9", "med_type": "88", "init_setl_id": "A1"}', 'MA501', NULL),
		(10, '{"setl_id": "B1"}', NULL, NULL), (11, '{"setl_id": "B11", "setl_time": "31/12/2025"}', 'MA801', NULL), (12, '{"setl_id": "B12"}', NULL, NULL)) f (n, change, state, identity);
CREATE TEMP VIEW document AS SELECT document FROM faulty ORDER BY n;
SELECT results_eq($$ SELECT place, state, identity FROM assistance.faulty_settlements('document', region => '131100') $$,
	$$ SELECT n::bigint, CASE WHEN n IN (1, 10) THEN 'MA808' ELSE state END, identity FROM faulty WHERE state IS NOT NULL OR n IN (1, 10) ORDER BY n $$, 'each faulty record with what fails; the one that stands twice, twice');
SELECT is((SELECT fault FROM assistance.faulty_settlements('document', region => '131100') WHERE setl_id = 'B3'),
	'I2: medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt, but 100 and 99', 'with both amounts');
SELECT throws_ok($$ SELECT assistance.import_settlements('document', 'setl_d', region => '131100') $$, 'MA808', '11 of 12 settlement records are faulty; nothing was imported', 'one fault stops all');
SELECT is((SELECT count(*) FROM setl_d), 8::bigint, 'nothing is half imported');
SELECT is(assistance.import_settlements('document', 'setl_d', region => '131100', skip_faulty => true), 1::bigint, 'unless one asks for the others');
SELECT is((SELECT count(*) FROM setl_d WHERE setl_id LIKE 'B%'), 1::bigint, 'only those');
SELECT throws_ok($$ SELECT assistance.import_settlements('document', 'faulty', region => '131100', skip_faulty => true) $$, 'MA806', NULL, 'a target without such columns');
SELECT throws_ok($$ SELECT assistance.import_settlements('document', NULL) $$, 'MA301', NULL, 'no target');
SELECT throws_ok($$ SELECT assistance.import_settlements(NULL, 'setl_d', '[{"setl_id": "A1", "medfee_sumamt": 1, "insutype": "390", "setl_time": "2025-03-01"}]', region => '131100') $$, '23505', NULL,
	'a setl_id that the table has already: refused by its key');
SELECT is((SELECT count(*) FROM setl_d), 9::bigint, 'and nothing stays');

-- ---- rows of a table ----

CREATE TEMP TABLE "ROWS" ("SETL_ID" text, "MEDFEE_SUMAMT" numeric, "PSN_PAY" numeric, "FUND_PAY_SUMAMT" numeric, "OWNPAY_HOSP_PART" numeric, "INSUTYPE" text, "SETL_TIME" timestamp);
INSERT INTO "ROWS" SELECT 'C' || n, n, n, 0, 0, '390', '2025-03-01' FROM generate_series(1, 2000) n;
SELECT is(assistance.import_settlements('"ROWS"', 'setl_d', region => '131100'), 2000::bigint, 'a table whose columns are in upper case');
UPDATE "ROWS" SET "PSN_PAY" = 0 WHERE "SETL_ID" = 'C1000';
SELECT results_eq($$ SELECT setl_id, identity FROM assistance.faulty_settlements('"ROWS"', region => '131100') $$, $$ VALUES ('C1000', 'I1') $$, 'the one row that is wrong');
SELECT is(assistance.import_settlements(NULL, 'setl_d', '[]'), 0::bigint, 'nothing to import');

-- a table that is read by several processes comes in another order each time: every hundredth is faulty (I3: 40 = 15 + 26), and only those are left out
CREATE TABLE read_in_parallel AS
	SELECT jsonb_build_object('setl_id', 'D' || n, 'insutype', '390', 'setl_time', '2025-03-01', 'medfee_sumamt', 100, 'psn_part_amt', 40, 'acct_pay', 15,
			'psn_cash_pay', CASE WHEN n % 100 = 0 THEN 26 ELSE 25 END, 'pad', repeat('x', 300)) AS document FROM generate_series(1, 4000) n;
ANALYZE read_in_parallel;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT is(assistance.import_settlements('read_in_parallel', 'setl_d', region => '131100', skip_faulty => true), 3960::bigint, 'a table that is read in parallel');
SELECT is((SELECT count(*) FROM setl_d WHERE setl_id ~ '^D.*00$'), 0::bigint, 'its faulty records are those that are left out');

SELECT * FROM finish();
ROLLBACK;
