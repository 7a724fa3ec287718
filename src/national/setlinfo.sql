-- setlinfo: what has been settled here as the record that 2304 returns, its fund lines, the rows outside of the bill, and its reversal.

CREATE FUNCTION assistance.setldetail(
	bill assistance.bill,
	split assistance.split,
	acct_pay numeric DEFAULT 0,
	routes jsonb DEFAULT NULL,
	OUT fund_pay_type text,
	OUT inscp_scp_amt numeric,
	OUT crt_payb_lmt_amt numeric,
	OUT fund_payamt numeric,
	OUT fund_pay_type_name text,
	OUT setl_proc_info text
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 5000 ROWS 4 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH fund AS (
		SELECT min(l.place) AS place, l.fund_pay_type, min(l.room) AS room, sum(l.paid) AS paid,
			   min(l.fund_pay_type_name) AS name,
			   json_agg(json_build_object('layer', l.layer, 'rule', l.rule, 'base', l.base, 'deductible', l.deductible,
					'paid', l.paid) ORDER BY l.place)::text AS info
		  FROM assistance.fund_lines(setldetail.bill, setldetail.split, setldetail.routes) l
		 WHERE l.paid <> 0 AND l.national_column IS NOT NULL
		 GROUP BY l.fund_pay_type
		UNION ALL
		SELECT 1000, CASE WHEN assistance.to_jsonb(setldetail.bill) ->> 'scheme' = 'employee' THEN '310200' ELSE '390500' END, NULL,
			   setldetail.acct_pay,
			   CASE WHEN assistance.to_jsonb(setldetail.bill) ->> 'scheme' = 'employee' THEN '职工基本医疗保险个人账户基金' ELSE '居民家庭账户' END, NULL
		 WHERE setldetail.acct_pay <> 0
		UNION ALL
		SELECT 1001, '999996', NULL, (setldetail.split).hospital, '医院垫付', NULL
		 WHERE (setldetail.split).hospital <> 0
	)
	SELECT f.fund_pay_type, ((assistance.to_jsonb(setldetail.bill) ->> 'in_scope')::numeric)::numeric(16,2), f.room::numeric(16,2),
		   f.paid::numeric(16,2), f.name, f.info
	  FROM fund f ORDER BY f.place, f.fund_pay_type;
END
$$;
COMMENT ON FUNCTION assistance.setldetail(assistance.bill, assistance.split, numeric, jsonb) IS
'setldetail of a settlement: one row for each fund that paid on the bill, then the personal account (310200, of residents 390500) and the share of the hospital (999996), which are no funds. Amounts in yuan; crt_payb_lmt_amt: the least room of the fund''s caps before the bill. setl_proc_info: JSON, the layers of the fund. Layers outside of the national fund total have no row. Errors MA503, MA803.';

CREATE FUNCTION assistance.setlinfo(
	bill assistance.bill,
	split assistance.split,
	details jsonb DEFAULT '{}',
	acct_pay numeric DEFAULT 0,
	routes jsonb DEFAULT NULL,
	own boolean DEFAULT true
) RETURNS json
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	b		jsonb := assistance.to_jsonb(bill);
	d		jsonb := COALESCE(assistance.read_setlinfo(details), '{}');
	day		date := (b ->> 'ordered_at')::date;
	region	text := b ->> 'region';
	account	numeric(16,2) := COALESCE(acct_pay, 0);
	pay		record;
	in_scope	numeric := COALESCE((b ->> 'in_scope')::numeric, 0);
	scheme	text := (SELECT f.maps_to FROM assistance.find_code('scheme', b ->> 'scheme', region, day) f);
	person	text := (SELECT COALESCE(f.maps_to, b ->> 'person_type') FROM assistance.find_code('psn_type', b ->> 'person_type', region, day) f);
BEGIN
	IF bill IS NULL OR split IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'hifp_pay'), 0) AS hifp,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'cvlserv_pay'), 0) AS cvlserv,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'hifes_pay'), 0) AS hifes,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'hifmi_pay'), 0) AS hifmi,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'hifob_pay'), 0) AS hifob,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'hifdm_pay'), 0) AS hifdm,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'maf_pay'), 0) AS maf,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column = 'oth_pay'), 0) AS oth,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column IS NOT NULL), 0) AS funds,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column IS NULL AND l.kind = 'charity'), 0) AS charity,
		   COALESCE(sum(l.paid) FILTER (WHERE l.national_column IS NULL AND l.kind <> 'charity'), 0) AS commercial,
		   COALESCE(sum(l.deductible) FILTER (WHERE l.kind = 'basic'), 0) AS deductible
	  INTO pay FROM assistance.fund_lines(bill, split, routes) l;
	IF account < 0 OR account > split.patient OR account <> acct_pay THEN
		RAISE EXCEPTION 'the personal account cannot pay this amount'
			USING ERRCODE = 'MA805', DETAIL = format('acct_pay is %s yuan; %s are left to the person.', acct_pay, split.patient),
				HINT = 'acct_pay is at least 0, at most what the person bears after every layer, with two decimals.';
	END IF;
	RETURN (SELECT json_object_agg(v.name, v.value ORDER BY v.place) FROM (VALUES
		(1, 'mdtrt_id', d -> 'mdtrt_id'), (2, 'setl_id', d -> 'setl_id'), (3, 'psn_no', d -> 'psn_no'),
		(4, 'psn_name', d -> 'psn_name'), (5, 'psn_cert_type', d -> 'psn_cert_type'), (6, 'certno', d -> 'certno'),
		(7, 'gend', d -> 'gend'), (8, 'naty', d -> 'naty'), (9, 'brdy', d -> 'brdy'),
		(10, 'age', COALESCE(NULLIF(d -> 'age', 'null'), b -> 'age')), (11, 'insutype', COALESCE(NULLIF(d -> 'insutype', 'null'), to_jsonb(scheme))),
		(12, 'psn_type', COALESCE(NULLIF(d -> 'psn_type', 'null'), to_jsonb(person))),
		(13, 'cvlserv_flag', COALESCE(NULLIF(d -> 'cvlserv_flag', 'null'), to_jsonb(CASE WHEN pay.cvlserv > 0 THEN '1' ELSE '0' END))),
		(14, 'setl_time', to_jsonb(to_char(COALESCE(assistance.setlinfo_day(d, 'setl_time'), (b ->> 'ordered_at')::timestamp), 'YYYY-MM-DD HH24:MI:SS'))),
		(15, 'mdtrt_cert_type', d -> 'mdtrt_cert_type'), (16, 'med_type', COALESCE(NULLIF(d -> 'med_type', 'null'), b -> 'care_type')),
		(17, 'medfee_sumamt', to_jsonb(split.total)),
		(18, 'fulamt_ownpay_amt', to_jsonb(COALESCE((b ->> 'excluded')::numeric, 0)::numeric(16,2))),
		(19, 'overlmt_selfpay', to_jsonb(COALESCE((b ->> 'over_limit')::numeric, 0)::numeric(16,2))),
		(20, 'preselfpay_amt', to_jsonb(COALESCE((b ->> 'first_share')::numeric, 0)::numeric(16,2))),
		(21, 'inscp_scp_amt', to_jsonb(in_scope::numeric(16,2))),
		(22, 'act_pay_dedc', to_jsonb(pay.deductible::numeric(16,2))), (23, 'hifp_pay', to_jsonb(pay.hifp::numeric(16,2))),
		(24, 'pool_prop_selfpay', to_jsonb(CASE WHEN in_scope > pay.deductible AND pay.hifp > 0
			THEN least(round(pay.hifp / (in_scope - pay.deductible), 4), 1.0000) ELSE 0.0000 END)),
		(25, 'cvlserv_pay', to_jsonb(pay.cvlserv::numeric(16,2))), (26, 'hifes_pay', to_jsonb(pay.hifes::numeric(16,2))),
		(27, 'hifmi_pay', to_jsonb(pay.hifmi::numeric(16,2))), (28, 'hifob_pay', to_jsonb(pay.hifob::numeric(16,2))),
		(29, 'hifdm_pay', to_jsonb(pay.hifdm::numeric(16,2))), (30, 'maf_pay', to_jsonb(pay.maf::numeric(16,2))),
		(31, 'hosp_part_amt', to_jsonb(split.hospital)), (32, 'oth_pay', to_jsonb(pay.oth::numeric(16,2))),
		(33, 'fund_pay_sumamt', to_jsonb(pay.funds::numeric(16,2))),
		(34, 'psn_part_amt', to_jsonb((split.total - pay.funds - split.hospital)::numeric(16,2))), (35, 'acct_pay', to_jsonb(account)),
		(36, 'psn_cash_pay', to_jsonb((split.total - pay.funds - split.hospital - account)::numeric(16,2))), (37, 'balc', d -> 'balc'),
		(38, 'acct_mulaid_pay', COALESCE(NULLIF(d -> 'acct_mulaid_pay', 'null'), to_jsonb(0::numeric(16,2)))),
		(39, 'medins_setl_id', d -> 'medins_setl_id'), (40, 'clr_optins', d -> 'clr_optins'), (41, 'clr_way', d -> 'clr_way'),
		(42, 'clr_type', d -> 'clr_type'),
		-- of 5203 and SETL_D
		(43, 'insu_admdvs', to_jsonb(COALESCE(d ->> 'insu_admdvs', region))), (44, 'fixmedins_code', COALESCE(NULLIF(d -> 'fixmedins_code', 'null'), b -> 'hospital')),
		(45, 'dedc_hosp_lv', COALESCE(NULLIF(d -> 'dedc_hosp_lv', 'null'), b -> 'level')),
		(46, 'begndate', COALESCE(NULLIF(d -> 'begndate', 'null'), b -> 'admitted_on')),
		(47, 'enddate', COALESCE(NULLIF(d -> 'enddate', 'null'), b -> 'discharged_on')),
		(48, 'dise_codg', COALESCE(NULLIF(d -> 'dise_codg', 'null'), b -> 'disease' -> 0)),
		(49, 'year', to_jsonb(COALESCE(d ->> 'year', to_char(day, 'YYYY')))), (50, 'setl_type', to_jsonb(COALESCE(d ->> 'setl_type', '2'))),
		(51, 'refd_setl_flag', to_jsonb('0'::text)),
		-- ours: what no national column holds
		(52, 'charity_pay', to_jsonb(pay.charity::numeric(16,2))), (53, 'commercial_pay', to_jsonb(pay.commercial::numeric(16,2))),
		(54, 'cash_after_charity', to_jsonb((split.patient - account)::numeric(16,2))),
		(55, 'setldetail', (SELECT COALESCE(jsonb_agg(to_jsonb(l)), '[]') FROM assistance.setldetail(bill, split, account, routes) l)),
		(56, 'assistance', CASE WHEN own THEN jsonb_build_object(
			'bill', b - '{total,excluded,over_limit,first_share,in_scope}'::text[],
			'split', (to_jsonb(split) - 'lines') || jsonb_build_object('lines', (split.lines::text)::jsonb)) END)
		) v (place, name, value) WHERE v.place < 56 OR own);
END
$$;
COMMENT ON FUNCTION assistance.setlinfo(assistance.bill, assistance.split, jsonb, numeric, jsonb, boolean) IS
'A settled bill as the record that 2304 returns: its columns in its order, then some of 5203 and SETL_D, then our own (charity_pay, commercial_pay, cash_after_charity; setldetail). Amounts in yuan. details: keys that are not computed (mdtrt_id, setl_id, psn_no, clr_type, …), in any spelling; acct_pay: what the personal account pays of the person''s part; routes: as assistance.national_fund. Charity and commercial layers without a route are outside of fund_pay_sumamt and part of psn_part_amt; cash_after_charity is what the person pays in the end. pool_prop_selfpay: the effective share of the fund, for information. own: adds what bill_from_setlinfo and split_from_setlinfo need to give bill and split back whole. Errors MA503, MA801, MA803, MA805.';

CREATE FUNCTION assistance.split_from_setlinfo(setlinfo jsonb) RETURNS assistance.split
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 200 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	own		jsonb := assistance.read_setlinfo(setlinfo) #> '{assistance,split}';
BEGIN
	IF own IS NULL THEN
		RAISE EXCEPTION 'the settlement record has no split'
			USING ERRCODE = 'MA801', DETAIL = 'It was not made by assistance.setlinfo with own => true.',
				HINT = 'Columns of setlinfo do not say which layer paid: settle bill_from_setlinfo(…) instead.';
	END IF;
	RETURN ROW((own ->> 'total')::numeric, (own ->> 'basic')::numeric, (own ->> 'critical')::numeric, (own ->> 'supplementary')::numeric,
		(own ->> 'assistance')::numeric, (own ->> 'tilt')::numeric, (own ->> 'emergency')::numeric, (own ->> 'government')::numeric,
		(own ->> 'other')::numeric, (own ->> 'charity')::numeric, (own ->> 'hospital')::numeric, (own ->> 'patient')::numeric,
		(own ->> 'adjustment')::numeric, (own ->> 'recoverable')::numeric, (own ->> 'lines')::assistance.lines)::assistance.split;
END
$$;
COMMENT ON FUNCTION assistance.split_from_setlinfo(jsonb) IS 'The split in a record that assistance.setlinfo made, whole, amounts in yuan. Error MA801 where the record has none.';

CREATE FUNCTION assistance.adjustment_setlinfo(
	bill assistance.bill,
	split assistance.split,
	details jsonb DEFAULT '{}',
	routes jsonb DEFAULT NULL
) RETURNS SETOF json
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 1 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	whole	jsonb := assistance.setlinfo(bill, split, details, 0, routes, false)::jsonb;
	line	record;
	inside	numeric(16,2);
BEGIN
	FOR line IN
		SELECT l.*, e.entry, e.amount
		  FROM assistance.fund_lines(bill, split, routes) l
		 CROSS JOIN LATERAL (VALUES ('adjustment', l.adjustment), ('recoverable', - l.recoverable)) e (entry, amount)
		 WHERE e.amount <> 0 ORDER BY l.place, e.entry
	LOOP
		inside := CASE WHEN line.national_column IS NULL THEN 0 ELSE line.amount END;
		RETURN NEXT (SELECT json_object_agg(o.key, o.value ORDER BY o.place)
			FROM (SELECT t.ordinality AS place, t.key, CASE
					WHEN t.key = 'setl_id' THEN to_jsonb(whole ->> 'setl_id' || '-' || line.place || CASE line.entry WHEN 'adjustment' THEN 'A' ELSE 'R' END)
					WHEN t.key = line.national_column OR t.key = 'fund_pay_sumamt' THEN to_jsonb(inside)
					WHEN t.key IN ('psn_part_amt', 'psn_cash_pay') THEN to_jsonb(- inside)
					WHEN t.key = 'charity_pay' THEN to_jsonb((CASE WHEN line.national_column IS NULL AND line.kind = 'charity' THEN line.amount ELSE 0 END)::numeric(16,2))
					WHEN t.key = 'commercial_pay' THEN to_jsonb((CASE WHEN line.national_column IS NULL AND line.kind <> 'charity' THEN line.amount ELSE 0 END)::numeric(16,2))
					WHEN t.key = 'cash_after_charity' THEN to_jsonb((- line.amount)::numeric(16,2))
					WHEN t.key = 'setl_type' THEN to_jsonb('3'::text)
					WHEN t.key = 'balc' THEN 'null'::jsonb
					WHEN t.key IN ('medfee_sumamt', 'fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt', 'act_pay_dedc', 'hifp_pay',
						'cvlserv_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'hifdm_pay', 'maf_pay', 'hosp_part_amt', 'oth_pay', 'acct_pay',
						'acct_mulaid_pay') THEN to_jsonb(0::numeric(16,2))
					WHEN t.key = 'pool_prop_selfpay' THEN to_jsonb(0.0000)
					WHEN t.key = 'setldetail' THEN CASE WHEN line.national_column IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
						'fund_pay_type', line.fund_pay_type, 'inscp_scp_amt', 0::numeric(16,2), 'crt_payb_lmt_amt', NULL, 'fund_payamt', inside,
						'fund_pay_type_name', line.fund_pay_type_name, 'setl_proc_info', json_build_object('layer', line.layer, 'rule', line.rule, 'entry', line.entry)::text)) END
					ELSE whole -> t.key END AS value
				  FROM json_object_keys(assistance.setlinfo(bill, split, details, 0, routes, false)) WITH ORDINALITY t (key, ordinality)
				UNION ALL
				SELECT * FROM (VALUES (100, 'init_setl_id', whole -> 'setl_id'), (101, 'manl_reim_rea', to_jsonb('08'::text)),
					(102, 'entry', to_jsonb(line.entry)), (103, 'layer', to_jsonb(line.layer))) a) o);
	END LOOP;
END
$$;
COMMENT ON FUNCTION assistance.adjustment_setlinfo(assistance.bill, assistance.split, jsonb, jsonb) IS
'What a settlement books outside of its bill, a record of its own for each layer: year adjustments (entry adjustment: the column of the fund + x, the person''s part − x) and recoverables (entry recoverable: the other way round). medfee_sumamt 0, setl_type 3 补充报销, manl_reim_rea 08 年度二次补报销, init_setl_id the settlement of the bill (with refd_setl_flag 0), setl_id that of the bill with -<place>A or -<place>R. I1 and I4 hold. A layer outside of the fund total moves charity_pay or commercial_pay and cash_after_charity only. Amounts in yuan. Errors as assistance.setlinfo.';

CREATE FUNCTION assistance.reverse_setlinfo(
	setlinfo json,
	setl_id text,
	setl_time timestamp without time zone DEFAULT NULL
) RETURNS json
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	r		jsonb := assistance.read_setlinfo(setlinfo::jsonb);
	wrong	text := CASE WHEN r ->> 'setl_id' IS NULL OR COALESCE(setl_id, '') = '' THEN 'setl_id is missing'
						WHEN r ->> 'setl_id' = setl_id THEN 'a reversal needs a setl_id of its own'
						WHEN r ->> 'refd_setl_flag' = '1' OR (r ->> 'medfee_sumamt')::numeric < 0 THEN 'the record is a reversal itself' END;
BEGIN
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'the settlement cannot be reversed'
			USING ERRCODE = 'MA804', DETAIL = wrong || '.', HINT = 'Reverse each settlement once, under a new setl_id.';
	END IF;
	RETURN (SELECT json_object_agg(o.name, o.value ORDER BY o.place)
		FROM (SELECT DISTINCT ON (k.name) k.place, k.name, CASE
				WHEN k.name = 'setl_id' THEN to_jsonb(setl_id)
				WHEN k.name = 'setl_time' AND setl_time IS NOT NULL THEN to_jsonb(to_char(setl_time, 'YYYY-MM-DD HH24:MI:SS'))
				WHEN k.name = 'pool_prop_selfpay' THEN to_jsonb(0.0000)
				WHEN k.name = 'balc' THEN to_jsonb((r ->> 'balc')::numeric + COALESCE((r ->> 'acct_pay')::numeric, 0) - COALESCE((r ->> 'acct_mulaid_pay')::numeric, 0))
				WHEN k.name = 'refd_setl_flag' THEN to_jsonb('1'::text)
				WHEN k.name = 'init_setl_id' THEN r -> 'setl_id'
				WHEN k.name = 'year' THEN to_jsonb(COALESCE(r ->> 'year', to_char(assistance.setlinfo_day(r, 'setl_time'), 'YYYY')))
				WHEN k.name IN ('medfee_sumamt', 'fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt', 'act_pay_dedc', 'hifp_pay',
					'cvlserv_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'hifdm_pay', 'maf_pay', 'hosp_part_amt', 'oth_pay', 'fund_pay_sumamt',
					'psn_part_amt', 'acct_pay', 'psn_cash_pay', 'acct_mulaid_pay', 'med_sumfee', 'charity_pay', 'commercial_pay', 'cash_after_charity')
					THEN to_jsonb(- (r ->> k.name)::numeric)
				WHEN k.name = 'setldetail' AND jsonb_typeof(r -> 'setldetail') = 'array'
					THEN (SELECT COALESCE(jsonb_agg(l.value || jsonb_build_object('fund_payamt', - (l.value ->> 'fund_payamt')::numeric,
							'inscp_scp_amt', - (l.value ->> 'inscp_scp_amt')::numeric, 'crt_payb_lmt_amt', NULL) ORDER BY l.ordinality), '[]')
							FROM jsonb_array_elements(r -> 'setldetail') WITH ORDINALITY l)
				ELSE r -> k.name END AS value
			  FROM (SELECT t.ordinality AS place, lower(t.key) AS name
					  FROM json_object_keys(CASE json_typeof(setlinfo -> 'setlinfo') WHEN 'object' THEN setlinfo -> 'setlinfo' ELSE setlinfo END)
						WITH ORDINALITY t (key, ordinality) WHERE r ? lower(t.key)
					UNION ALL SELECT 1000, j.key FROM jsonb_object_keys(r) j (key)
					UNION ALL SELECT * FROM (VALUES (2000, 'refd_setl_flag'), (2001, 'init_setl_id'), (2002, 'year')) a) k
			 WHERE k.name NOT IN ('psn_name', 'psn_cert_type', 'certno', 'gend', 'naty', 'brdy', 'age', 'assistance')
			 ORDER BY k.name, k.place) o);
END
$$;
COMMENT ON FUNCTION assistance.reverse_setlinfo(json, text, timestamp) IS
'The record that takes a settlement back (2208, 2305): every amount negated, setldetail too, pool_prop_selfpay 0, balc as it was before, a new setl_id, init_setl_id the one taken back, its benefit year, refd_setl_flag 1; fields about the person left out. Error MA804 (no or the same setl_id, a reversal already), MA801.';

CREATE FUNCTION assistance.setl_d_row(setlinfo jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 200
BEGIN ATOMIC
	SELECT (s.r - '{inscp_scp_amt,psn_part_amt,psn_cash_pay,hosp_part_amt,oth_pay,dise_codg,med_sumfee,setldetail,assistance}'::text[])
		|| pg_catalog.jsonb_build_object('inscp_amt', s.r -> 'inscp_scp_amt', 'psn_pay', s.r -> 'psn_part_amt', 'cash_payamt', s.r -> 'psn_cash_pay',
			'ownpay_hosp_part', s.r -> 'hosp_part_amt', 'othfund_pay', s.r -> 'oth_pay', 'dise_no', s.r -> 'dise_codg',
			'hi_agre_sumfee', s.r -> 'med_sumfee', 'vali_flag', COALESCE(s.r ->> 'vali_flag', '1'),
			'refd_setl_flag', COALESCE(s.r ->> 'refd_setl_flag', '0'))
	  FROM (SELECT assistance.read_setlinfo(setl_d_row.setlinfo) AS r OFFSET 0) s;
END;
COMMENT ON FUNCTION assistance.setl_d_row(jsonb) IS
'A settlement record under the names of SETL_D (in lower case, as PostgreSQL reads them), with vali_flag and refd_setl_flag, without setldetail: jsonb_populate_record(NULL::your_setl_d, …) makes a row of it. Amounts in yuan. Error MA801.';
