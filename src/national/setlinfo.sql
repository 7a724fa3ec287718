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
	LANGUAGE c STABLE PARALLEL SAFE COST 100 ROWS 4 AS 'MODULE_PATHNAME', 'assistance_setldetail';
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
	LANGUAGE c STABLE PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'assistance_setlinfo';
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
	made	json;
	whole	jsonb;
	line	record;
	inside	numeric(16,2);
BEGIN
	IF split.adjustment = 0 AND split.recoverable = 0 THEN
		RETURN;
	END IF;
	made := assistance.setlinfo(bill, split, details, 0, routes, false);
	whole := made::jsonb;
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
				  FROM json_object_keys(made) WITH ORDINALITY t (key, ordinality)
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
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
	-- every amount of SETL_D is NOT NULL DEFAULT 0
	SELECT '{"medfee_sumamt": 0, "fulamt_ownpay_amt": 0, "overlmt_selfpay": 0, "preselfpay_amt": 0, "inscp_amt": 0, "act_pay_dedc": 0, "hifp_pay": 0,
			"pool_prop_selfpay": 0, "cvlserv_pay": 0, "hifes_pay": 0, "hifmi_pay": 0, "hifob_pay": 0, "hifdm_pay": 0, "maf_pay": 0, "othfund_pay": 0,
			"fund_pay_sumamt": 0, "psn_pay": 0, "acct_pay": 0, "cash_payamt": 0, "ownpay_hosp_part": 0, "balc": 0, "acct_mulaid_pay": 0,
			"hi_agre_sumfee": 0, "dedc_std": 0, "crt_dedc": 0, "crov_old_balc": 0, "crov_new_balc": 0, "subs_pay": 0, "vali_flag": "1",
			"refd_setl_flag": "0"}'::jsonb
		|| pg_catalog.jsonb_strip_nulls(s.r - '{inscp_scp_amt,psn_part_amt,psn_cash_pay,hosp_part_amt,oth_pay,dise_codg,med_sumfee,setldetail,assistance}'::text[])
		|| pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object('inscp_amt', s.r -> 'inscp_scp_amt', 'psn_pay', s.r -> 'psn_part_amt',
			'cash_payamt', s.r -> 'psn_cash_pay', 'ownpay_hosp_part', s.r -> 'hosp_part_amt', 'othfund_pay', s.r -> 'oth_pay',
			'dise_no', s.r -> 'dise_codg', 'hi_agre_sumfee', s.r -> 'med_sumfee'))
	  FROM (SELECT assistance.read_setlinfo(setl_d_row.setlinfo) AS r OFFSET 0) s;
END;
COMMENT ON FUNCTION assistance.setl_d_row(jsonb) IS
'A settlement record under the names of SETL_D (in lower case, as PostgreSQL reads them), with vali_flag and refd_setl_flag, without setldetail: jsonb_populate_record(NULL::your_setl_d, …) makes a row of it. Amounts that the record does not state are 0, as SETL_D has it; other fields that are null are left out. Amounts in yuan. Error MA801.';
