-- national_register.sql — the register under national names, and the printed settlement list. Amounts in yuan.

BEGIN;
SELECT plan(40);

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

-- a cap of 1 000 leaves 1 000 before and 500 after a payment of 500; the lines say base, share and what the fund has left
SELECT results_eq($$ SELECT l.fund_pay_type, l.inscp_scp_amt, l.crt_payb_lmt_amt, l.fund_payamt, l.setl_proc_info::json -> 0 ->> 'layer', (l.setl_proc_info::json -> 0 ->> 'base')::numeric,
		(l.setl_proc_info::json -> 0 ->> 'share')::numeric FROM assistance_register.setldetail l JOIN d ON d.setl_id = l.setl_id WHERE d.request_key = 'n-3' ORDER BY 1 $$,
	$$ VALUES ('390100', 60000.00, NULL::numeric, 36000.00, 'basic', 60000.00, 0.6000), ('390200', 60000.00, NULL, 8400.00, 'critical', 24000.00, 0.6000),
		('610100', 60000.00, NULL, 12480.00, 'aid', 15600.00, 0.8000) $$, 'fund lines with the amount in scope, base and share');
SELECT results_eq($$ SELECT d.msgid, d.medins_setl_id, d.rid = d.setl_id, d.pool_prop_selfpay, d.cvlserv_flag, d.mid_setl_flag, d.balc FROM d WHERE d.request_key = 'n-3' $$,
	$$ VALUES ('n-3'::text, 'n-3'::text, true, 0.6000, '0', '0', 0.00) $$, 'message, row and effective share');
-- columns of setlinfo and SETL_D (collected interface material, 1.1, 1.4 and 1.5)
SELECT is_empty($$ SELECT n FROM unnest(string_to_array('init_setl_id psn_insu_rlts_id cvlserv_lv sp_psn_type sp_psn_type_lv clct_grde insu_admdvs fix_blng_admdvs poolarea_no hosp_lv
	lmtpric_hosp_lv dedc_hosp_lv begndate enddate setl_type psn_setlway dedc_std crt_dedc refd_setl_flag cal_ipt_cnt setl_cashpay_way year manl_reim_rea vali_flag rid mid_setl_flag
	acct_used_flag msgid inf_refmsgid undo_sender_msg_id undo_recer_msg_id revs_sender_msg_id revs_recer_msg_id crov_old_balc crov_new_balc ipt_otp_no plaf_stmt_flag plaf_stmt_time
	cent_stmt_flag cent_stmt_time prov_plaf_stmt_stas out_flag subs_pay inscp_amt psn_pay cash_payamt ownpay_hosp_part othfund_pay dise_no hi_agre_sumfee', E' ')) u (m),
	regexp_split_to_table(m, E'\\s+') n WHERE n <> '' AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'assistance_register.setl_d'::regclass AND a.attname = n) $$,
	'every column of SETL_D');
SELECT results_eq($$ SELECT string_agg(attname::text COLLATE "default", ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'assistance_register.setlinfo'::regclass AND attnum BETWEEN 1 AND 42 $$,
	$$ SELECT string_agg(k, ' ' ORDER BY n) FROM (SELECT k, n FROM json_object_keys(assistance.setlinfo(
		assistance.make_bill(total => 1, in_scope => 1, region => 'N', scheme => 'resident', ordered_at => '2025-03-01'),
		(assistance.settle_bill((SELECT assistance.terms_at('N', 'resident', '2025-03-01')), NULL, assistance.make_bill(total => 1, in_scope => 1, region => 'N', scheme => 'resident',
			ordered_at => '2025-03-01', level => '2'))).split)) WITH ORDINALITY t (k, n) WHERE n <= 42) t $$, 'setlinfo has the columns of 2304 in their order');
SELECT is_empty($$ SELECT a.attname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = 'assistance_register.setl_d'::regclass AND a.attnum > 0 AND t.typname = 'numeric'
	AND a.attname <> 'age' AND (SELECT count(*) FROM d WHERE to_jsonb(d) -> a.attname::text = 'null') > 0 $$, 'no amount is null');

-- who may see which rows: a hospital sees its own settlements through the views
CALL assistance.create_register_roles();
INSERT INTO assistance_register.institution (institution_id, name, region) VALUES ('NH1', 'one', 'N'), ('NH2', 'two', 'N');
SELECT count(*) AS n FROM assistance.settle_claim(900002, 'n-5', '2025-06-01 10:00', 100, 100, region => 'N', scheme => 'resident', care_type => '11', level => '2', institution_id => 'NH1') \gset
SELECT count(*) AS n FROM assistance.settle_claim(900002, 'n-6', '2025-07-01 10:00', 100, 100, region => 'N', scheme => 'resident', care_type => '11', level => '2', institution_id => 'NH2') \gset
CREATE ROLE national_test LOGIN IN ROLE assistance_hospital;
INSERT INTO assistance_register.access (login, institution_id) VALUES ('national_test', 'NH1');
SELECT current_setting('server_version_num')::integer >= 150000 AS invoker \gset
\if :invoker
GRANT SELECT ON ALL TABLES IN SCHEMA assistance_register TO assistance_auditor;
SET LOCAL ROLE national_test;
CREATE TEMP TABLE seen AS SELECT d.fixmedins_code, d.fixmedins_name, d.medfee_sumamt, (SELECT count(*) FROM assistance_register.setldetail l WHERE l.setl_id = d.setl_id) AS lines FROM assistance_register.setl_d d;
RESET ROLE;
SELECT results_eq('SELECT fixmedins_code, fixmedins_name, medfee_sumamt, lines > 0 FROM seen', $$ VALUES ('NH1'::text, 'one'::text, 100.00, true) $$, 'a hospital sees its own rows');
\else
SELECT throws_ok('SET LOCAL ROLE national_test; SELECT * FROM assistance_register.setl_d', '42501', NULL, 'views would read with the rights of their owner: not granted');
\endif
SELECT is((SELECT count(*) FROM assistance_register.setl_d WHERE msgid IN ('n-5', 'n-6')), 2::bigint, 'its owner sees all');

-- ---- printed ----

SELECT is(assistance.settlement_text('{"setl_id": "S1", "psn_no": "P0001", "insutype": "310", "setl_time": "2025-03-01", "medfee_sumamt": 60000, "inscp_scp_amt": 60000, "hifp_pay": 36000, "maf_pay": 0, "fund_pay_sumamt": 36000,
	"psn_part_amt": 24000, "psn_cash_pay": 24000, "charity_pay": 1000, "cash_after_charity": 23000}'),
E'医疗保障费用结算单\n\n基本信息\n  结算编号　　　　　　　　S1\n  人员编号　　　　　　　　P0001\n  险种类型　　　　　　　　职工基本医疗保险（310）\n  结算时间　　　　　　　　2025-03-01\n\n费用\n  医疗费总额　　　　　　　       60,000.00\n  符合政策范围金额　　　　       60,000.00\n\n基金支付\n  基本医疗保险统筹基金　　       36,000.00\n  基金支付总额　　　　　　       36,000.00\n\n个人和医院负担\n  个人负担总金额　　　　　       24,000.00\n  个人现金支出　　　　　　       24,000.00\n  慈善援助　　　　　　　　        1,000.00\n  援助后个人现金　　　　　       23,000.00\n  个人现金支出（大写）　　贰万肆仟元整\n\n金额单位：元\n',
	'结算单 as text');
SELECT ok(assistance.settlement_page('{"setl_id": "S1", "psn_name": "<b>&", "medfee_sumamt": 1}') LIKE '%<td class="label">姓名</td><td>&lt;b&gt;&amp;</td>%', 'as a page, texts escaped');
SELECT ok(assistance.settlement_page('{"setl_id": "S1", "refd_setl_flag": "1", "medfee_sumamt": -1}') LIKE '%<small>退费</small>%', 'a reversal says so');
-- 中国人民银行《支付结算办法》附件一 正确填写票据和结算凭证的基本规定, third to fifth rule, and cases beside them
SELECT is(assistance.amount_in_words(amount), words, words) FROM (VALUES (1409.50, '壹仟肆佰零玖元伍角整'), (6007.14, '陆仟零柒元壹角肆分'), (107000.53, '壹拾万零柒仟元伍角叁分'),
	(16409.02, '壹万陆仟肆佰零玖元零贰分'), (325.04, '叁佰贰拾伍元零肆分'), (0, '零元整'), (0.05, '伍分'), (10, '壹拾元整'), (1680.32, '壹仟陆佰捌拾元叁角贰分'), (100000000, '壹亿元整'),
	(1000000000000, '壹万亿元整'), (-24444.74, '负贰万肆仟肆佰肆拾肆元柒角肆分')) w (amount, words);
SELECT throws_ok($$ SELECT assistance.amount_in_words(0.001) $$, '22003', NULL, 'no parts of a fen');
SELECT is((SELECT array_agg(setl_id) FROM d WHERE assistance.settlement_text(to_jsonb(d)) IS NULL OR assistance.settlement_page(to_jsonb(d)) NOT LIKE '%</html>%'), NULL, 'every row prints');

-- ---- a policy that changes the kind of a layer: its booking outside of the bill is one row, of two payments and two funds ----

-- basic 55 % of 1 000: 450 are left; on application (450 - 10) x 50 % = 220. What was tilt is taken back and paid as government
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('NK', 'NK', 'NK', 'pool', 'example', 'test');
CREATE FUNCTION pg_temp.publish_kind(kind text) RETURNS bigint LANGUAGE sql AS $$
	SELECT assistance.publish_policy(assistance.import_policy(replace('{"format": 1, "engine": 1, "pages": [{"title": "kinds", "region": "NK", "scheme": "resident",
		"from": "2025-01-01", "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"}, "layers": [
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.55}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "none", "ratio": 0}]},
		{"name": "extra", "kind": "KIND", "base": {"copay": 1}, "rules": [
			{"name": "application", "on": "application", "window": {"over": "year_to_date"}, "deductible": {"amount": 10}, "ratio": 0.5}]}]}]}', 'KIND', kind)::json), 'test')
$$;
SELECT pg_temp.publish_kind('tilt') AS act \gset
INSERT INTO assistance_register.person (person_id) VALUES (900003);
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, kind, total, in_scope, region, scheme) VALUES
	(900003, 'n-k1', '2025-02-01', 'bill', 1000, 1000, 'NK', 'resident'), (900003, 'n-k2', '2025-06-30', 'application', 0, 0, 'NK', 'resident');
SELECT pg_temp.publish_kind('government') AS act \gset
INSERT INTO assistance_register.resettlement (person_id, reason) VALUES (900003, 'test');
SELECT results_eq($$ SELECT l.revision, l.fund_pay_type, l.fund_payamt FROM assistance_register.setldetail l
	WHERE l.person_id = 900003 AND l.claim_id = (SELECT claim_id FROM assistance_register.claim WHERE request_key = 'n-k2') ORDER BY 1, 2 $$,
	$$ VALUES (1, '999997'::text, 220.00), (2, '640100', 220.00), (2, '999997', -220.00) $$, 'each fund line once');
SELECT results_eq($$ SELECT d.revision, d.setl_type, d.fund_pay_sumamt, d.psn_pay, d.cash_after_charity FROM assistance_register.setl_d d
	WHERE d.person_id = 900003 AND d.claim_id = (SELECT claim_id FROM assistance_register.claim WHERE request_key = 'n-k2') ORDER BY d.revision, d.setl_id $$,
	$$ VALUES (1, '2', 0.00, 0.00, 0.00), (1, '3', 220.00, -220.00, -220.00), (2, '3', 0.00, 0.00, 0.00), (2, '3', 0.00, 0.00, 0.00) $$,
	'paid at first, then a difference of nothing, and from one fund to the other');
SELECT is_empty($$ SELECT setl_id FROM assistance_register.setl_d WHERE person_id BETWEEN 900001 AND 900003 GROUP BY setl_id HAVING count(*) > 1 $$, 'a setl_id comes once');

SELECT * FROM finish();
ROLLBACK;
