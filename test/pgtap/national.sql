-- national.sql — settlement records of the national interface: read, checked, made, adjusted, reversed. Amounts in yuan.

BEGIN;
SELECT plan(78);

-- ---- reading: blanks, spellings, fall-backs ----

SELECT is(assistance.read_setlinfo('{"MEDFEE_SUMAMT": "10.50", "PSN_NO": "P0001", "cashPayamt": 3, "oth_pay": "", "hifdm_pay": " "}'),
	'{"medfee_sumamt": 10.50, "psn_no": "P0001", "psn_cash_pay": 3, "oth_pay": null, "hifdm_pay": null}', 'upper case, texts, blanks');
SELECT is(assistance.read_setlinfo(format('{"%s": 1.25}', spelling)::jsonb), format('{"%s": 1.25}', name)::jsonb, spelling)
  FROM (VALUES ('cash_payamt', 'psn_cash_pay'), ('psnCash_pay', 'psn_cash_pay'), ('pdn_cash_pay', 'psn_cash_pay'),
		('prese_ifpay_amt', 'preselfpay_amt'), ('med_fee_sumamt', 'medfee_sumamt'), ('psn_pay', 'psn_part_amt'),
		('ownpay_hosp_part', 'hosp_part_amt'), ('othfund_pay', 'oth_pay'), ('inscp_amt', 'inscp_scp_amt')) v (spelling, name);
-- one sample of 2303 has both: 505.01 is the right one; one of 2305 has only the second
SELECT is(assistance.read_setlinfo('{"ownpay_hosp_part": 0, "hosp_part_amt": 505.01}') -> 'hosp_part_amt', '505.01', 'hosp_part_amt comes first');
SELECT is(assistance.read_setlinfo('{"ownpay_hosp_part": 505.01, "hosp_part_amt": null}') -> 'hosp_part_amt', '505.01', 'then ownpay_hosp_part');
SELECT is(assistance.read_setlinfo('{"pdn_cash_pay": 0, "psn_cash_pay": 3}') -> 'psn_cash_pay', '3', 'and psn_cash_pay before pdn_cash_pay, which is as long');
SELECT is(assistance.read_setlinfo('{"setlinfo": {"acct_pay": ""}, "setldetail": []}'), '{"acct_pay": null, "setldetail": []}', 'the output of 2304 whole');
SELECT throws_ok($$ SELECT assistance.read_setlinfo('{"acct_pay": "1,5"}') $$, 'MA801', NULL, 'no amount');
SELECT throws_ok($$ SELECT assistance.read_setlinfo('[]') $$, 'MA801', NULL, 'no object');
SELECT throws_ok($$ SELECT assistance.read_setlinfo('{"pool_prop_selfpay": 87}') $$, 'MA801', NULL, 'a share above 1');

-- ---- checking ----

-- A settlement of 2207 of Hebei, employee, outpatient (collected interface material, example HE-2207-op): below the deductible, the account pays
CREATE TEMP TABLE hebei AS SELECT '{"insutype": "310", "psn_type": "1101", "med_type": "11", "clr_type": "11", "clr_way": "1", "clr_optins": "131199",
	"cvlserv_flag": "0", "medfee_sumamt": 4.52, "fulamt_ownpay_amt": 0, "overlmt_selfpay": 0, "preselfpay_amt": 0.23, "inscp_scp_amt": 4.29,
	"act_pay_dedc": 4.29, "hifp_pay": 0, "pool_prop_selfpay": 0.0, "cvlserv_pay": 0, "hifes_pay": 0, "hifmi_pay": 0, "hifob_pay": 0, "maf_pay": 0,
	"oth_pay": 0, "fund_pay_sumamt": 0, "psn_part_amt": 4.52, "acct_pay": 4.52, "psn_cash_pay": 0, "hosp_part_amt": 0, "acct_mulaid_pay": 0,
	"setldetail": [{"fund_pay_type": "310200", "fund_payamt": 4.52, "inscp_scp_amt": 4.29}]}'::jsonb AS record;
SELECT results_eq($$ SELECT identity, severity, verdict FROM hebei, assistance.check_setlinfo(record) $$,
	$$ VALUES ('I1', 'error', 'holds'), ('I2', 'error', 'holds'), ('I3', 'error', 'holds'), ('I4', 'error', 'holds'),
		('I5', 'warning', 'holds'), ('I6', 'warning', 'holds') $$, 'the example of Hebei');
-- every identity is found by name
SELECT is((SELECT string_agg(identity || ' ' || left_amount || ' ' || right_amount, ', ')
			 FROM hebei, assistance.check_setlinfo(record || change::jsonb) WHERE verdict = 'fails'), fails, 'wrong: ' || change)
  FROM (VALUES ('{"psn_part_amt": 4.51}', 'I1 4.52 4.51, I3 4.51 4.52'), ('{"preselfpay_amt": 0.24}', 'I2 4.52 4.53'),
		('{"psn_cash_pay": "1"}', 'I3 4.52 5.52'), ('{"hifob_pay": 2}', 'I4 0 2'),
		('{"setldetail": [{"fund_payamt": 4}]}', 'I5 4 4.52'), ('{"act_pay_dedc": 4.30}', 'I6 4.30 4.29')) v (change, fails);
SELECT is((SELECT string_agg(identity, ' ') FROM hebei, assistance.check_setlinfo(record - 'setldetail' || '{"hosp_part_amt": "", "act_pay_dedc": null}')
			WHERE verdict = 'skipped'), 'I1 I5 I6', 'skipped where a part is null');

-- ---- the bill of a record ----

SELECT ok(assistance.bill_from_setlinfo(record || '{"setl_time": "2025-03-01 10:00:00", "insu_admdvs": "131100", "hosp_lv": "02"}') OPERATOR(assistance.=)
	assistance.make_bill(total => 4.52, in_scope => 4.29, first_share => 0.23, region => '131100', scheme => 'employee', ordered_at => '2025-03-01 10:00',
		settled_on => '2025-03-01', care_type => '11', level => '3', person_type => '1101'), 'codes and amounts') FROM hebei;
SELECT ok(assistance.bill_from_setlinfo('{"MED_FEE_SUMAMT": "100", "fulamt_ownpay_amt": "10", "INSCP_AMT": "", "SETL_TIME": "20250301100000", "INSUTYPE": "390",
		"INSU_ADMDVS": "150900", "PSN_TYPE": "1501", "MED_TYPE": "2101", "DEDC_HOSP_LV": "2", "HOSP_LV": "02", "BEGNDATE": "2025-02-20", "ENDDATE": "2025-03-01",
		"MAT_IDET_CODE": "五保", "DISE_NO": "X1", "FIXMEDINS_CODE": "H1", "AGE": 60.5}') OPERATOR(assistance.=)
	assistance.make_bill(total => 100, in_scope => 90, excluded => 10, region => '150900', scheme => 'resident', ordered_at => '2025-03-01 10:00',
		settled_on => '2025-03-01', admitted_on => '2025-02-20', discharged_on => '2025-03-01', care_type => '2101', level => '2', person_type => '1501',
		category => '{特困}', disease => '{X1}', hospital => 'H1', age => 60), 'a row of SETL_D: in scope by I2, category through its policy class');
SELECT ok(assistance.bill_from_setlinfo('{"medfee_sumamt": 100, "inscp_scp_amt": 100, "setl_time": "2025-03-01", "insutype": "390", "hifp_pay": 60,
		"act_pay_dedc": 10, "maf_pay": null}', region => 'T', category => '{}', given => '{"basic": "hifp_pay", "aid": "maf_pay", "gift": {"state": "waived"}}')
	OPERATOR(assistance.=) assistance.make_bill(total => 100, in_scope => 100, region => 'T', scheme => 'resident', ordered_at => '2025-03-01',
		settled_on => '2025-03-01', category => '{}', given => '{"basic": {"amount": 60, "deductible": 10}, "gift": {"state": "waived"}}'),
	'given layers from columns; a null column gives nothing');
SELECT is(assistance.local_person_type('1202', '150900', '2020-05-01'), '退休', 'the word of the region');
SELECT is(assistance.local_person_type('1102', '360100', '2025-05-01'), NULL, 'two words of the region: not known');
SELECT is(assistance.local_person_type('1501', '130000', '2025-05-01'), '1501', 'no word of the region: the code');
SELECT throws_ok(format('SELECT assistance.bill_from_setlinfo(%L)', '{"setl_id": "S1", "medfee_sumamt": 100, "insutype": "390", "insu_admdvs": "130000",
	"setl_time": "2025-03-01", "med_type": "21"}'::jsonb || change::jsonb), state, NULL, what)
  FROM (VALUES ('{"psn_no": 1, "fulamt_ownpay_amt": 1, "overlmt_selfpay": 0, "preselfpay_amt": 0, "inscp_scp_amt": 1}', 'MA802', 'I2 fails: no half import'),
		('{"insutype": "330"}', 'MA803', 'a supplement is no scheme'), ('{"insutype": "999"}', 'MA501', 'unknown insutype'),
		('{"med_type": "88"}', 'MA501', 'unknown med_type'), ('{"setl_time": "01/02/2025"}', 'MA801', 'a date that may mean two'),
		('{"insu_admdvs": ""}', 'MA801', 'no region'), ('{"refd_setl_flag": "1"}', 'MA804', 'a reversal is no bill'),
		('{"medfee_sumamt": 0, "setl_type": "3"}', 'MA804', 'a supplementary settlement is no bill')) v (change, state, what);

-- a row as it is, whatever the types and the case of its columns; dropped and foreign columns do not matter
CREATE TEMP TABLE row_of (gone text, "SETL_ID" text, insutype varchar(6), psn_type text, "MED_TYPE" text, insu_admdvs text, "SETL_TIME" timestamp, begndate date, enddate date, dedc_hosp_lv text,
	medfee_sumamt integer, fulamt_ownpay_amt bigint, overlmt_selfpay smallint, preselfpay_amt numeric, inscp_amt numeric(16,2), age smallint, mat_idet_code text, dise_no text, note json, refd_setl_flag text);
ALTER TABLE row_of DROP COLUMN gone;
INSERT INTO row_of SELECT 'R' || n, CASE WHEN n % 2 = 0 THEN '390' ELSE '310' END, CASE WHEN n % 3 = 0 THEN '1501' END, CASE n % 4 WHEN 0 THEN '' WHEN 1 THEN '2106' ELSE '11' END, '150900',
	timestamp '2025-01-01 10:00' + n * interval '3 hours', date '2024-09-20' + n, date '2024-09-25' + n, CASE WHEN n % 2 = 0 THEN '2' END, 100 + n, n, 0, 0.5, CASE WHEN n % 5 > 0 THEN 99.5 END,
	n, CASE WHEN n % 7 = 0 THEN '五保' END, CASE WHEN n % 3 = 1 THEN 'X1' END, '{}', '0' FROM generate_series(1, 100) n;
SELECT is_empty($$ SELECT r FROM row_of r WHERE assistance.bill_from_setl_d(r) OPERATOR(assistance.<>) assistance.bill_from_setlinfo(to_jsonb(r)) $$, 'a row gives the bill that its JSON gives');
SELECT is((SELECT count(DISTINCT assistance.bill_from_setl_d(r)) FROM row_of r), 100::bigint, 'a bill each');
SELECT is((SELECT assistance.to_jsonb(assistance.bill_from_setl_d(t)) ->> 'care_type' FROM (SELECT r.medfee_sumamt, r.insutype, r.insu_admdvs, r."SETL_TIME", '21'::char(6) AS med_type FROM row_of r LIMIT 1) t), '21', 'char(6) without its blanks');
SELECT throws_ok($$ SELECT assistance.bill_from_setl_d(t) FROM (SELECT r.medfee_sumamt, r.insutype, r.insu_admdvs, r."SETL_TIME" AT TIME ZONE 'Asia/Shanghai' AS setl_time FROM row_of r LIMIT 1) t $$, 'MA801',
	'the settlement record cannot be read', 'a time with a zone: whose?');
SELECT throws_ok($$ SELECT assistance.bill_from_setl_d(t) FROM (SELECT r.medfee_sumamt, r.insutype, r.insu_admdvs, r."SETL_TIME", 'NaN'::numeric AS hifp_pay FROM row_of r LIMIT 1) t $$, 'MA801', NULL, 'NaN');
SELECT ok(assistance.bill_from_setl_d(NULL::row_of) IS NULL, 'null gives null');

-- ---- records of what the engine settles: all packs, random bills ----

\ir national_bills.psql
SELECT cmp_ok((SELECT count(*) FROM settled) / 6, '>=', :years::bigint, 'random years over all packs');
SELECT cmp_ok((SELECT count(*) FROM three), '>=', 1000::bigint, 'bills with three or more payers');
CREATE TEMP TABLE made AS
	SELECT t.*, a.acct, assistance.setlinfo(t.bill, t.split, jsonb_build_object('setl_id', t.pack || '-' || t.n || '-' || t.i, 'balc', 500), a.acct,
		'{"渝快保": "hifes_pay", "商业保险": "oth_pay", "目录内责任": "hifes_pay"}') AS record
	  FROM settled t, LATERAL (SELECT CASE WHEN t.i % 2 = 0 THEN round((t.split).patient / 3, 2) ELSE 0 END AS acct) a;
SELECT cmp_ok((SELECT count(*) FROM made WHERE (SELECT count(*) FROM json_each_text(record)
	WHERE key IN ('hifp_pay', 'cvlserv_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'hifdm_pay', 'maf_pay', 'oth_pay') AND value <> '0.00') >= 3),
	'>=', 1000::bigint, 'records with three or more funds paying at once');
SELECT is_empty($$ SELECT m.record, c.* FROM made m, assistance.check_setlinfo(m.record::jsonb) c WHERE c.verdict <> 'holds' LIMIT 3 $$, 'I1 to I6 hold on all of them');
SELECT is_empty($$ SELECT x, c.* FROM settled t, assistance.adjustment_setlinfo(t.bill, t.split, '{"setl_id": "S"}', '{"渝快保": "hifes_pay"}') x, assistance.check_setlinfo(x::jsonb) c
	WHERE c.verdict <> 'holds' LIMIT 3 $$, 'and on their year adjustments and recoverables');
SELECT is_empty($$ SELECT m.record FROM made m
	 WHERE (m.record ->> 'cash_after_charity')::numeric <> (m.split).patient - m.acct
		OR (m.record ->> 'psn_cash_pay')::numeric - (m.record ->> 'charity_pay')::numeric - (m.record ->> 'commercial_pay')::numeric
			<> (m.record ->> 'cash_after_charity')::numeric
		OR (m.record ->> 'hifob_pay')::numeric <> CASE m.record ->> 'insutype' WHEN '310' THEN (m.split).critical ELSE 0 END
		OR (m.record ->> 'hifmi_pay')::numeric <> CASE m.record ->> 'insutype' WHEN '310' THEN 0 ELSE (m.split).critical END
		OR (m.record ->> 'hifp_pay')::numeric <> (m.split).basic OR (m.record ->> 'maf_pay')::numeric <> (m.split).assistance
		OR (m.record ->> 'charity_pay')::numeric <> (m.split).charity $$, 'every kind in its column, charity outside of them');
SELECT is_empty($$ SELECT m.record FROM made m WHERE NOT assistance.bill_from_setlinfo(m.record::jsonb) OPERATOR(assistance.=) m.bill
	OR assistance.split_from_setlinfo(m.record::jsonb)::text <> m.split::text $$, 'bill and split come back whole');
SELECT results_eq($$ SELECT array_agg(k ORDER BY n) FROM (SELECT k, n FROM json_object_keys((SELECT record FROM made LIMIT 1)) WITH ORDINALITY t (k, n) WHERE n <= 42) t $$,
	$$ VALUES (string_to_array('mdtrt_id setl_id psn_no psn_name psn_cert_type certno gend naty brdy age insutype psn_type cvlserv_flag setl_time mdtrt_cert_type med_type medfee_sumamt fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt act_pay_dedc hifp_pay pool_prop_selfpay cvlserv_pay hifes_pay hifmi_pay hifob_pay hifdm_pay maf_pay hosp_part_amt oth_pay fund_pay_sumamt psn_part_amt acct_pay psn_cash_pay balc acct_mulaid_pay medins_setl_id clr_optins clr_way clr_type', ' ')) $$,
	'the order of 2304');
-- reversals: I8, and the identities with the opposite sign
CREATE TEMP TABLE reversed AS
	SELECT m.record, assistance.reverse_setlinfo(m.record, (m.record ->> 'setl_id') || 'R', '2026-01-05 09:00') AS back FROM made m WHERE m.i % 8 = 0;
SELECT is_empty($$ SELECT r.back, c.* FROM reversed r, assistance.check_setlinfo(r.back::jsonb) c WHERE c.verdict <> 'holds' LIMIT 3 $$, 'I1 to I6 hold on reversals');
SELECT is_empty($$ SELECT f.key, f.value, b.value FROM reversed r, jsonb_each(r.record::jsonb) f, jsonb_each(r.back::jsonb) b
	WHERE f.key = b.key AND f.key ~ '_(pay|amt|sumamt|selfpay|dedc|charity)$' AND f.key <> 'pool_prop_selfpay' AND CASE WHEN jsonb_typeof(f.value) = 'number' THEN f.value::numeric + b.value::numeric END <> 0 $$, 'every amount is negated');
SELECT is_empty($$ SELECT r.back FROM reversed r WHERE (r.back ->> 'init_setl_id', r.back ->> 'year', r.back ->> 'refd_setl_flag', r.back ->> 'setl_time', (r.back ->> 'balc')::numeric)
	IS DISTINCT FROM (r.record ->> 'setl_id', r.record ->> 'year', '1', '2026-01-05 09:00:00', 500 + (r.record ->> 'acct_pay')::numeric)
	OR r.back ->> 'setl_id' <> (r.record ->> 'setl_id') || 'R' $$, 'a new id, that of the original, its year, the balance as before');
SELECT throws_ok(format('SELECT assistance.reverse_setlinfo(%L, %L)', '{"setl_id": "S1", "medfee_sumamt": 1, "refd_setl_flag": "' || flag || '"}', id), 'MA804', NULL, what)
  FROM (VALUES ('0', 'S1', 'the same id'), ('1', 'S2', 'a reversal')) v (flag, id, what);

-- ---- by hand ----

-- Two bills of a year under: basic 50 %; large amounts of employees 60 % of the year's copayment above 10 000; assistance 70 % of the rest of the year, at
-- most 2 000 (year, true_up with a second bill booked against the first).
CREATE TEMP TABLE plain AS SELECT '{"format": 1, "engine": 1, "pages": [{"title": "by hand", "region": "T", "scheme": "employee", "from": "2025-01-01",
	"sources": {"D": {"document": "by hand"}}, "cite": {"source": "D", "mark": "example"}, "layers": [
	{"name": "basic", "kind": "basic", "rules": [{"name": "all", "deductible": {"amount": 1000}, "ratio": 0.5}]},
	{"name": "large", "kind": "critical", "base": {"copay": 1, "penalty": 0}, "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
	{"name": "gift", "kind": "charity", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.1}]}]}]}'::assistance.terms AS terms;
-- 31 000 in scope of 32 000: basic (31 000 - 1 000) x 50 % = 15 000; large (15 000 - 10 000) x 60 % = 3 000; gift 12 000 x 10 % = 1 200; the person
-- 32 000 - 15 000 - 3 000 - 1 200 = 12 800, nationally 14 000 (gift is no fund), of which the account pays 2 000: cash 12 000, after charity 10 800
CREATE TEMP TABLE hand AS
	SELECT b.bill, (assistance.settle_bill(p.terms, NULL, b.bill)).split
	  FROM plain p, assistance.make_bill(total => 32000, in_scope => 31000, excluded => 1000, region => 'T', scheme => 'employee', ordered_at => '2025-03-01') AS b (bill);
SELECT is((SELECT jsonb_object_agg(key, value) FROM hand, json_each(assistance.setlinfo(bill, split, '{"setl_id": "S1"}', 2000))
	WHERE key IN ('act_pay_dedc', 'hifp_pay', 'pool_prop_selfpay', 'hifob_pay', 'hifmi_pay', 'fund_pay_sumamt', 'psn_part_amt', 'acct_pay', 'psn_cash_pay', 'charity_pay', 'cash_after_charity')),
	'{"act_pay_dedc": 1000, "hifp_pay": 15000, "pool_prop_selfpay": 0.5, "hifob_pay": 3000, "hifmi_pay": 0, "fund_pay_sumamt": 18000, "psn_part_amt": 14000,
	  "acct_pay": 2000, "psn_cash_pay": 12000, "charity_pay": 1200, "cash_after_charity": 10800}', 'employees: hifob_pay; charity outside');
SELECT results_eq($$ SELECT fund_pay_type, inscp_scp_amt, fund_payamt FROM hand, assistance.setldetail(bill, split, 2000) $$,
	$$ VALUES ('310100', 31000.00, 15000.00), ('330100', 31000.00, 3000.00), ('310200', 31000.00, 2000.00) $$, 'setldetail by fund');
SELECT is((SELECT assistance.setlinfo(assistance.bill(assistance.to_jsonb(bill) || '{"region": "440100"}'), split) ->> 'hifmi_pay' FROM hand), '3000.00',
	'Guangdong: 310300 to hifmi_pay');
SELECT is((SELECT assistance.setlinfo(bill, split, routes => '{"gift": "oth_pay"}') ->> 'oth_pay' FROM hand), '1200.00', 'a route');
SELECT throws_ok($$ SELECT assistance.setlinfo(bill, split, routes => '{"gift": "charity"}') FROM hand $$, 'MA803', NULL, 'a route to nowhere');
SELECT throws_ok($$ SELECT assistance.setlinfo(bill, split, acct_pay => 12800.01) FROM hand $$, 'MA805', NULL, 'the account cannot pay more than the person bears');
INSERT INTO assistance.code_local (dictionary, code, region, zh, en, maps_to, national_column, mark, source)
VALUES ('layer_fund', 'gift', 'T', '惠民保', 'commercial', '370100', 'hifes_pay', 'own', 'test');
SELECT is((SELECT assistance.setlinfo(bill, split) ->> 'hifes_pay' FROM hand), '1200.00', 'a row of the region routes a layer by its name');

-- by scheme and region (collected interface material, 6.2), from dictionary to dictionary: one bill of 32 000 and its split of kinds basic 15 000, critical 3 000, charity 1 200
CREATE FUNCTION pg_temp.columns(scheme text, region text, routes jsonb DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(key || ' ' || value, ', ' ORDER BY key) FROM hand, json_each_text(assistance.setlinfo(assistance.bill(assistance.to_jsonb(bill)
		|| jsonb_build_object('scheme', columns.scheme, 'region', columns.region)), split, routes => columns.routes))
	 WHERE key IN ('hifp_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'oth_pay', 'charity_pay', 'cash_after_charity', 'fund_pay_sumamt', 'psn_part_amt') AND value <> '0.00' $$;
SELECT is(pg_temp.columns('employee', '131100'), 'cash_after_charity 12800.00, charity_pay 1200.00, fund_pay_sumamt 18000.00, hifob_pay 3000.00, hifp_pay 15000.00, psn_part_amt 14000.00', 'employees: hifob_pay');
SELECT is(pg_temp.columns('resident', '131100'), 'cash_after_charity 12800.00, charity_pay 1200.00, fund_pay_sumamt 18000.00, hifmi_pay 3000.00, hifp_pay 15000.00, psn_part_amt 14000.00', 'residents: hifmi_pay');
SELECT is(pg_temp.columns('employee', '440300'), 'cash_after_charity 12800.00, charity_pay 1200.00, fund_pay_sumamt 18000.00, hifmi_pay 3000.00, hifp_pay 15000.00, psn_part_amt 14000.00', 'Shenzhen under Guangdong');
SELECT is(pg_temp.columns('employee', 'T'), 'cash_after_charity 12800.00, fund_pay_sumamt 19200.00, hifes_pay 1200.00, hifob_pay 3000.00, hifp_pay 15000.00, psn_part_amt 12800.00',
	'the switch of region T sends the layer into the fund total');
SELECT is(pg_temp.columns('employee', 'T', '{"gift": "outside"}'), 'cash_after_charity 12800.00, charity_pay 1200.00, fund_pay_sumamt 18000.00, hifob_pay 3000.00, hifp_pay 15000.00, psn_part_amt 14000.00',
	'a route comes before the switch');
-- what a dictionary has said is forgotten when a savepoint takes the row away, and with the next row
SAVEPOINT switched;
UPDATE assistance.code_local SET national_column = 'oth_pay' WHERE dictionary = 'layer_fund' AND code = 'gift';
SELECT alike(pg_temp.columns('employee', 'T'), '%oth_pay 1200.00%', 'a changed row counts at once');
ROLLBACK TO switched;
SELECT alike(pg_temp.columns('employee', 'T'), '%hifes_pay 1200.00%', 'and no longer when it is rolled back');

-- ---- outside of the bill ----

-- Aid on the year's whole amount: nothing up to 10 000, above 50 %. 8 000: 0. Then 4 000: 12 000 x 50 % = 6 000, of which the bill can carry 4 000 and
-- 2 000 are booked against the first. Turned round (50 % up to 10 000, above 10 %): 4 000, then 12 000 x 10 % - 4 000 = - 2 800 to be recovered.
-- The same for a gift, which is no fund.
CREATE TEMP TABLE outside AS
	SELECT v.n, v.kind, two.bill, (assistance.settle_bill(v.terms, one.account, two.bill)).split
	  FROM (SELECT n, kind, format('{"format": 1, "engine": 1, "pages": [{"title": "by hand", "region": "T", "scheme": "resident", "from": "2025-01-01",
			"sources": {"D": {"document": "by hand"}}, "cite": {"source": "D", "mark": "example"}, "layers": [
			{"name": "aid", "kind": "%s", "base": {"copay": 1}, "rules": [{"name": "all", "settles": "year", "accrual": "true_up", "banding": "whole_amount",
			 "bands": [{"to": 10000, "ratio": %s}, {"ratio": %s}]}]}]}]}', kind, low, high)::assistance.terms AS terms
			  FROM (VALUES (1, 'assistance', 0, 0.5), (2, 'assistance', 0.5, 0.1), (3, 'charity', 0, 0.5)) w (n, kind, low, high)) v,
		   LATERAL assistance.settle_bill(v.terms, NULL, assistance.make_bill(total => 8000, in_scope => 8000, region => 'T', scheme => 'resident', ordered_at => '2025-02-01')) one,
		   LATERAL assistance.make_bill(total => 4000, in_scope => 4000, region => 'T', scheme => 'resident', ordered_at => '2025-03-01') AS two (bill);
CREATE TEMP TABLE extra AS SELECT o.n, x AS record FROM outside o, assistance.adjustment_setlinfo(o.bill, o.split, '{"setl_id": "S2", "psn_no": "P0001"}') x;
SELECT results_eq($$ SELECT n, record ->> 'entry', record ->> 'maf_pay', record ->> 'fund_pay_sumamt', record ->> 'psn_part_amt', record ->> 'psn_cash_pay',
		record ->> 'charity_pay', record ->> 'cash_after_charity' FROM extra ORDER BY n $$,
	$$ VALUES (1, 'adjustment', '2000.00', '2000.00', '-2000.00', '-2000.00', '0.00', '-2000.00'),
		(2, 'recoverable', '-2800.00', '-2800.00', '2800.00', '2800.00', '0.00', '2800.00'),
		(3, 'adjustment', '0.00', '0.00', '0.00', '0.00', '2000.00', '-2000.00') $$, 'year adjustments and recoverables by hand');
SELECT is_empty($$ SELECT e.record, c.* FROM extra e, assistance.check_setlinfo(e.record::jsonb) c WHERE c.verdict <> 'holds' $$, 'I1 to I6 hold on them');
SELECT is_empty($$ SELECT record FROM extra WHERE (record ->> 'medfee_sumamt', record ->> 'inscp_scp_amt', record ->> 'setl_type', record ->> 'manl_reim_rea',
	record ->> 'init_setl_id', record ->> 'refd_setl_flag', record ->> 'psn_no') IS DISTINCT FROM ('0.00', '0.00', '3', '08', 'S2', '0', 'P0001') $$,
	'no cost, the code of supplementary settlement, a link to the bill');
SELECT results_eq('SELECT record ->> ''setl_id'' FROM extra ORDER BY n', $$ VALUES ('S2-1A'), ('S2-1R'), ('S2-1A') $$, 'ids of their own');
SELECT is_empty($$ SELECT assistance.adjustment_setlinfo(bill, split) FROM hand $$, 'none where nothing is booked outside');
SELECT is((SELECT assistance.reverse_setlinfo(record, 'S2-1AR') ->> 'maf_pay' FROM extra WHERE n = 1), '-2000.00', 'such a row is reversed like any');

SELECT * FROM finish();
ROLLBACK;
