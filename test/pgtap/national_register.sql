-- national_register.sql — the register under national names, and the printed settlement list. Amounts in yuan.

BEGIN;
SELECT plan(16);

SET LOCAL client_min_messages = warning;
CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('N', 'test', 'test', 'county', 'stated', 'test');
-- basic 60 %, critical 60 % of the year's copayment above 10 000, aid 50 % on the year's whole amount above 6 000 (as a year rule), a gift of 10 %
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [{"title": "test", "region": "N", "scheme": "resident", "from": "2025-01-01",
	"sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"}, "codes": {"level": {"2": "second", "3": "third"}}, "layers": [
	{"name": "basic", "kind": "basic", "rules": [{"name": "third", "when": {"level": ["3"]}, "deductible": {"amount": 500}, "ratio": 0.6},
		{"name": "all", "ratio": 0.6}]},
	{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0}, "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
	{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "settles": "year", "accrual": "true_up", "banding": "whole_amount",
		"bands": [{"to": 6000, "ratio": 0}, {"ratio": 0.8}]}]},
	{"name": "gift", "kind": "charity", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.1}]}]}]}'), 'test') AS act \gset
INSERT INTO assistance_register.person (person_id) VALUES (900001), (900002);
-- 10 000, then 12 000: copayments 4 000 and 4 800. The second: aid 80 % of 8 800 = 7 040 (the copayment of the first less its gift of 400: see below)
SELECT count(*) AS n FROM assistance.settle_claim(900001, 'n-1', '2025-02-01 10:00', 11000, 10000, 1000, region => 'N', scheme => 'resident', care_type => '21', level => '2') \gset
SELECT count(*) AS n FROM assistance.settle_claim(900001, 'n-2', '2025-03-01 10:00', 12000, 12000, region => 'N', scheme => 'resident', care_type => '21', level => '2') \gset
SELECT count(*) AS n FROM assistance.settle_claim(900002, 'n-3', '2025-04-01 10:00', 60000, 60000, region => 'N', scheme => 'resident', care_type => '21', level => '2') \gset

CREATE TEMP VIEW d AS SELECT d.*, c.request_key COLLATE "default" AS request_key FROM assistance_register.setl_d d JOIN assistance_register.claim c ON c.claim_id = split_part(d.setl_id, '-', 1)::bigint
	WHERE d.psn_no LIKE '90000_';
-- 60 000: basic 36 000; critical (24 000 - 10 000) x 60 % = 8 400; aid 80 % of the 15 600 left = 12 480; gift 10 % of 3 120 = 312
SELECT results_eq($$ SELECT insutype, med_type, insu_admdvs, medfee_sumamt, hifp_pay, hifmi_pay, hifob_pay, maf_pay, fund_pay_sumamt, psn_pay, cash_payamt, charity_pay, cash_after_charity,
		vali_flag, refd_setl_flag, year FROM d WHERE request_key = 'n-3' $$,
	$$ VALUES ('390', '21', 'N', 60000.00, 36000.00, 8400.00, 0.00, 12480.00, 56880.00, 3120.00, 3120.00, 312.00, 2808.00, '1', '0', '2025') $$, 'a settlement by hand');
-- n-1: basic 6 000, gift 400. n-2: basic 7 200; aid 80 % of 4 000 + 4 800 = 7 040: 4 800 on the bill, 2 240 booked against the first
SELECT results_eq($$ SELECT request_key, setl_type, medfee_sumamt, hifp_pay, maf_pay, charity_pay, fund_pay_sumamt, psn_pay, cash_after_charity FROM d WHERE psn_no = '900001' ORDER BY setl_id $$,
	$$ VALUES ('n-1', '2', 11000.00, 6000.00, 0.00, 400.00, 6000.00, 5000.00, 4600.00), ('n-2', '2', 12000.00, 7200.00, 4800.00, 0.00, 12000.00, 0.00, 0.00),
		('n-2', '3', 0.00, 0.00, 2240.00, 0.00, 2240.00, -2240.00, -2240.00) $$, 'a year adjustment is a row of its own');
SELECT is((SELECT init_setl_id FROM d WHERE setl_type = '3'), (SELECT setl_id FROM d WHERE request_key = 'n-2' AND setl_type = '2'), 'with a link to its bill');
SELECT count(*) AS n FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'n-3'), 'n-3x', 'wrong patient') \gset
SELECT results_eq($$ SELECT medfee_sumamt, inscp_amt, hifp_pay, hifmi_pay, maf_pay, psn_pay, charity_pay, refd_setl_flag, year FROM d WHERE request_key = 'n-3x' $$,
	$$ VALUES (-60000.00, -60000.00, -36000.00, -8400.00, -12480.00, -3120.00, -312.00, '1', '2025') $$, 'a reversal negates every amount and keeps the year');
SELECT is((SELECT init_setl_id FROM d WHERE request_key = 'n-3x'), (SELECT setl_id FROM d WHERE request_key = 'n-3'), 'and names what it takes back');
-- the first bill is taken back: the second is settled again (aid 4 800 x 0 = 0: 6 000 is not reached)
SELECT count(*) AS n FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'n-1'), 'n-1x', 'not this patient') \gset
SELECT results_eq($$ SELECT sum(medfee_sumamt), sum(hifp_pay), sum(maf_pay), sum(charity_pay), sum(psn_pay) FROM d WHERE psn_no = '900001' $$,
	'VALUES (12000.00, 7200.00, 0.00, 480.00, 4800.00)', 'the net of all rows is the truth: the second bill alone');
SELECT is_empty($$ SELECT d.setl_id, c.* FROM d, assistance.check_setlinfo(to_jsonb(d),
		(SELECT COALESCE(jsonb_agg(to_jsonb(l)), '[]') FROM assistance_register.setldetail l WHERE l.setl_id = d.setl_id)) c
	WHERE c.verdict = 'fails' OR true AND c.verdict <> 'holds' $$, 'I1 to I6 hold on every row, differences and reversals too');
SELECT cmp_ok((SELECT count(*) FROM d WHERE setl_type = '3'), '>=', 2::bigint, 'and there are rows of differences');
SELECT results_eq($$ SELECT sum(fund_pay_sumamt) + sum(charity_pay) FROM d $$,
	$$ SELECT sum(CASE entry WHEN 'recoverable' THEN - amount ELSE amount END) FROM assistance_register.payment WHERE person_id IN (900001, 900002) $$, 'the base table has the same money');
SELECT results_eq($$ SELECT setl_id, medfee_sumamt, inscp_scp_amt, psn_part_amt, psn_cash_pay, oth_pay, hosp_part_amt FROM assistance_register.setlinfo ORDER BY 1 $$,
	$$ SELECT setl_id, medfee_sumamt, inscp_amt, psn_pay, cash_payamt, othfund_pay, ownpay_hosp_part FROM assistance_register.setl_d ORDER BY 1 $$, 'the names of 2304');
SELECT results_eq($$ SELECT difference FROM assistance.reconcile('assistance_register.setl_d', 'assistance_register.setlinfo') $$, 'SELECT ''x''::text WHERE false', 'a register reconciles with itself');
SELECT is((SELECT count(*) FROM pg_depend p JOIN pg_class c ON c.oid = p.objid AND p.classid = 'pg_class'::regclass
	WHERE p.deptype = 'e' AND c.relnamespace = 'assistance_register'::regnamespace), 0::bigint, 'the views are no members of the extension');

-- a deductible of 500: settled, then taken back
SELECT count(*) AS n FROM assistance.settle_claim(900002, 'n-4', '2025-05-01 10:00', 1500, 1500, region => 'N', scheme => 'resident', care_type => '11', level => '3') \gset
SELECT count(*) AS n FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = 'n-4'), 'n-4x', 'twice') \gset
SELECT results_eq($$ SELECT request_key, act_pay_dedc, hifp_pay, clr_type, dedc_hosp_lv FROM d WHERE request_key LIKE 'n-4%' ORDER BY 1 $$,
	$$ VALUES ('n-4', 500.00, 600.00, '11', '3'), ('n-4x', -500.00, -600.00, '11', '3') $$, 'the deductible that was used, and its reversal');

-- ---- printed ----

SELECT is(assistance.settlement_text('{"setl_id": "S1", "psn_no": "P0001", "insutype": "310", "setl_time": "2025-03-01", "medfee_sumamt": 60000, "inscp_scp_amt": 60000, "hifp_pay": 36000, "maf_pay": 0, "fund_pay_sumamt": 36000,
	"psn_part_amt": 24000, "psn_cash_pay": 24000, "charity_pay": 1000, "cash_after_charity": 23000}'),
E'医疗保障费用结算单\n\n基本信息\n  结算编号　　　　　　　　S1\n  人员编号　　　　　　　　P0001\n  险种类型　　　　　　　　职工基本医疗保险（310）\n  结算时间　　　　　　　　2025-03-01\n\n费用\n  医疗费总额　　　　　　　       60,000.00\n  符合政策范围金额　　　　       60,000.00\n\n基金支付\n  基本医疗保险统筹基金　　       36,000.00\n  基金支付总额　　　　　　       36,000.00\n\n个人和医院负担\n  个人负担总金额　　　　　       24,000.00\n  个人现金支出　　　　　　       24,000.00\n  慈善援助　　　　　　　　        1,000.00\n  援助后个人现金　　　　　       23,000.00\n\n金额单位：元\n',
	'结算单 as text');
SELECT ok(assistance.settlement_page('{"setl_id": "S1", "psn_name": "<b>&", "medfee_sumamt": 1}') LIKE '%<tr><td>姓名</td><td>&lt;b&gt;&amp;</td></tr>%', 'as a page, texts escaped');
SELECT is((SELECT array_agg(setl_id) FROM d WHERE assistance.settlement_text(to_jsonb(d)) IS NULL OR assistance.settlement_page(to_jsonb(d)) NOT LIKE '%</html>%'), NULL, 'every row prints');

SELECT * FROM finish();
ROLLBACK;
