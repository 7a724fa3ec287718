-- create_national_views: the register under national names. Views setl_d, setlinfo and setldetail of schema assistance_register, made anew by
-- create_register. One row for each settlement (first, difference, reversal), and for each year adjustment and recoverable.

CREATE PROCEDURE assistance.create_national_views()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE OR REPLACE VIEW assistance_register.national_payment AS
		SELECT s.person_id, s.claim_id, s.revision, p.place, p.layer, p.kind, p.entry,
			   CASE p.entry WHEN 'recoverable' THEN - p.amount ELSE p.amount END AS amount,
			   f.fund_pay_type, f.fund_pay_type_name, f.national_column
		  FROM assistance_register.payment p
		  JOIN assistance_register.settlement s USING (person_id, claim_id, revision)
		  JOIN assistance_register.claim c ON c.person_id = s.person_id AND c.claim_id = s.claim_id
		  LEFT JOIN assistance_register.settlement o ON o.person_id = s.person_id AND o.claim_id = c.reverses AND o.revision = 1
		  LEFT JOIN LATERAL assistance.national_fund(p.layer, p.kind, COALESCE(s.scheme, o.scheme), COALESCE(s.region, o.region), c.ordered_at::date) f ON true
		 WHERE p.amount <> 0;
	-- one row for each settlement, and for each layer's booking outside of its bill (booked_as, layer): of two kinds where a policy has changed the
	-- kind of the layer
	CREATE OR REPLACE VIEW assistance_register.setl_d AS
		WITH fact AS (
			SELECT s.person_id, s.claim_id, s.revision, s.entry AS settled_as, NULL::text AS booked_as, NULL::text AS layer,
				   s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END AS setl_id,
				   CASE s.entry WHEN 'reversal' THEN c.reverses::text WHEN 'difference' THEN s.claim_id::text END AS init_setl_id,
				   CASE s.entry WHEN 'first' THEN 1 WHEN 'reversal' THEN -1 ELSE 0 END AS sign,
				   s.total, s.hospital, s.patient
			  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (person_id, claim_id)
			UNION ALL
			SELECT s.person_id, s.claim_id, s.revision, s.entry, p.entry, p.layer,
				   s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END || '-' || min(p.place)
					|| CASE p.entry WHEN 'adjustment' THEN 'A' ELSE 'R' END,
				   s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END, 0, 0, 0,
				   sum(CASE p.entry WHEN 'recoverable' THEN p.amount ELSE - p.amount END)
			  FROM assistance_register.payment p JOIN assistance_register.settlement s USING (person_id, claim_id, revision)
			 WHERE p.entry <> 'bill' AND p.amount <> 0
			 GROUP BY s.person_id, s.claim_id, s.revision, s.entry, p.entry, p.layer
		)
		SELECT f.setl_id, f.init_setl_id, COALESCE(c.encounter, COALESCE(c.reverses, c.claim_id)::text) COLLATE "default" AS mdtrt_id, f.person_id::text AS psn_no,
			   k.insutype, k.psn_type, o.care_type COLLATE "default" AS med_type, w.region COLLATE "default" AS insu_admdvs,
			   o.institution_id COLLATE "default" AS fixmedins_code, o.level COLLATE "default" AS dedc_hosp_lv,
			   o.admitted_on AS begndate, o.discharged_on AS enddate,
			   CASE WHEN f.settled_as = 'first' THEN c.ordered_at ELSE s.recorded_at AT TIME ZONE 'Asia/Shanghai' END AS setl_time,
			   to_char(c.ordered_at, 'YYYY') AS year, '1'::text AS vali_flag, CASE WHEN f.settled_as = 'reversal' THEN '1' ELSE '0' END AS refd_setl_flag,
			   CASE WHEN f.settled_as = 'difference' OR f.booked_as IS NOT NULL THEN '3' ELSE '2' END AS setl_type,
			   CASE WHEN f.settled_as = 'difference' OR f.booked_as IS NOT NULL THEN '08' END AS manl_reim_rea,
			   i.region COLLATE "default" AS fix_blng_admdvs, o.disease[1] COLLATE "default" AS dise_no,
			   CASE k.care WHEN 'inpatient' THEN '21' WHEN 'outpatient' THEN '11' WHEN 'pharmacy' THEN '41' ELSE '99' END AS clr_type,
			   NULL::text AS clr_way, NULL::text AS clr_optins, COALESCE(b.deductible, 0)::numeric(16,2) AS act_pay_dedc,
			   f.total::numeric(16,2) AS medfee_sumamt, (f.sign * c.excluded)::numeric(16,2) AS fulamt_ownpay_amt,
			   (f.sign * c.over_limit)::numeric(16,2) AS overlmt_selfpay, (f.sign * c.first_share)::numeric(16,2) AS preselfpay_amt,
			   (f.sign * c.in_scope)::numeric(16,2) AS inscp_amt,
			   COALESCE(p.hifp, 0)::numeric(16,2) AS hifp_pay, COALESCE(p.cvlserv, 0)::numeric(16,2) AS cvlserv_pay,
			   COALESCE(p.hifes, 0)::numeric(16,2) AS hifes_pay, COALESCE(p.hifmi, 0)::numeric(16,2) AS hifmi_pay,
			   COALESCE(p.hifob, 0)::numeric(16,2) AS hifob_pay, COALESCE(p.hifdm, 0)::numeric(16,2) AS hifdm_pay,
			   COALESCE(p.maf, 0)::numeric(16,2) AS maf_pay, COALESCE(p.oth, 0)::numeric(16,2) AS othfund_pay,
			   COALESCE(p.funds, 0)::numeric(16,2) AS fund_pay_sumamt, (f.patient + COALESCE(p.outside, 0))::numeric(16,2) AS psn_pay,
			   0::numeric(16,2) AS acct_pay, (f.patient + COALESCE(p.outside, 0))::numeric(16,2) AS cash_payamt,
			   f.hospital::numeric(16,2) AS ownpay_hosp_part, COALESCE(p.charity, 0)::numeric(16,2) AS charity_pay,
			   COALESCE(p.outside - p.charity, 0)::numeric(16,2) AS commercial_pay, f.patient::numeric(16,2) AS cash_after_charity,
			   -- what else the warehouse names: known to a register …
			   CASE WHEN f.sign > 0 AND p.hifp > 0 AND c.in_scope > COALESCE(b.deductible, 0)
				THEN least(round(p.hifp / (c.in_scope - COALESCE(b.deductible, 0)), 4), 1) ELSE 0 END::numeric(5,4) AS pool_prop_selfpay,
			   CASE WHEN k.psn_type ~ '^1[12]02' OR p.cvlserv <> 0 THEN '1' ELSE '0' END AS cvlserv_flag, o.age::numeric(4,1) AS age,
			   o.category[1] COLLATE "default" AS mat_idet_code, CASE WHEN o.category = '{}' THEN '0' WHEN o.category IS NOT NULL THEN '1' END AS maf_psn_flag,
			   i.name AS fixmedins_name, i.region COLLATE "default" AS fixmedins_poolarea, f.setl_id AS rid, c.request_key COLLATE "default" AS msgid,
			   c.request_key COLLATE "default" AS medins_setl_id, c.received_by AS opter_id, c.received_at AT TIME ZONE 'Asia/Shanghai' AS opt_time,
			   CASE WHEN left(i.region, 4) = left(w.region, 4) THEN '0' WHEN i.region IS NOT NULL THEN '1' END AS out_flag,
			   CASE WHEN o.total < o.encounter_total THEN '1' ELSE '0' END AS mid_setl_flag, '0'::text AS acct_used_flag,
			   -- … amounts that it has none of …
			   0::numeric(16,2) AS balc, 0::numeric(16,2) AS acct_mulaid_pay, 0::numeric(16,2) AS hi_agre_sumfee, 0::numeric(16,2) AS dedc_std,
			   0::numeric(16,2) AS crt_dedc, 0::numeric(16,2) AS crov_old_balc, 0::numeric(16,2) AS crov_new_balc, 0::numeric(16,2) AS subs_pay,
			   -- … and what only a platform or a hospital knows
			   NULL::text AS psn_name, NULL::text AS psn_cert_type, NULL::text AS certno, NULL::text AS gend, NULL::text AS naty, NULL::date AS brdy,
			   NULL::text AS mdtrt_cert_type, NULL::text AS psn_insu_rlts_id, NULL::text AS insu_optins, NULL::text AS emp_name, NULL::text AS flxempe_flag,
			   NULL::text AS nwb_flag, NULL::text AS pay_loc, NULL::text AS hosp_lv, NULL::text AS lmtpric_hosp_lv, NULL::text AS psn_setlway,
			   NULL::text AS dise_name, NULL::text AS invono, NULL::text AS opter_name, NULL::text AS cvlserv_lv, NULL::text AS sp_psn_type,
			   NULL::text AS sp_psn_type_lv, NULL::text AS clct_grde, NULL::text AS poolarea_no, NULL::integer AS cal_ipt_cnt, NULL::text AS setl_cashpay_way,
			   NULL::text AS inf_refmsgid, NULL::text AS undo_sender_msg_id, NULL::text AS undo_recer_msg_id, NULL::text AS revs_sender_msg_id,
			   NULL::text AS revs_recer_msg_id, NULL::text AS ipt_otp_no, NULL::text AS plaf_stmt_flag, NULL::timestamp AS plaf_stmt_time,
			   NULL::text AS cent_stmt_flag, NULL::timestamp AS cent_stmt_time, NULL::text AS prov_plaf_stmt_stas,
			   -- … and where the row stands: these are found by index, the texts above are not
			   f.person_id, f.claim_id, f.revision
		  FROM fact f
		  JOIN assistance_register.settlement s USING (person_id, claim_id, revision)
		  JOIN assistance_register.claim c ON c.person_id = f.person_id AND c.claim_id = f.claim_id
		  JOIN assistance_register.claim o ON o.person_id = c.person_id AND o.claim_id = COALESCE(c.reverses, c.claim_id)
		  JOIN assistance_register.settlement w ON w.person_id = f.person_id AND w.claim_id = o.claim_id AND w.revision = 1
		  LEFT JOIN assistance_register.institution i ON i.institution_id = o.institution_id
		 CROSS JOIN LATERAL (
			SELECT (SELECT x.maps_to FROM assistance.find_code('scheme', w.scheme, w.region, c.ordered_at::date) x) AS insutype,
				   COALESCE((SELECT x.maps_to FROM assistance.find_code('psn_type', o.person_type, w.region, c.ordered_at::date) x),
					o.person_type COLLATE "default") AS psn_type,
				   (SELECT x.maps_to FROM assistance.find_code('med_type', o.care_type, w.region, c.ordered_at::date) x) AS care OFFSET 0) k
		  -- what basic took as its deductible: of this settlement, less that of the one it corrects; the last one of what is taken back
		  LEFT JOIN LATERAL (
			SELECT sum(g.sign * l.deductible) AS deductible
			  FROM (SELECT s.lines, 1 AS sign
					UNION ALL
					SELECT z.lines, -1 FROM assistance_register.settlement z
					 WHERE z.person_id = f.person_id AND z.claim_id = f.claim_id AND z.revision = s.corrects_revision
					UNION ALL
					(SELECT z.lines, -1 FROM assistance_register.settlement z
					 WHERE z.person_id = f.person_id AND z.claim_id = c.reverses ORDER BY z.revision DESC LIMIT 1)) g,
				   json_to_recordset(g.lines -> 'lines') l (kind text, deductible numeric)
			 WHERE l.kind = 'basic') b ON f.booked_as IS NULL
		  LEFT JOIN LATERAL (
			SELECT sum(n.amount) FILTER (WHERE n.national_column = 'hifp_pay') AS hifp, sum(n.amount) FILTER (WHERE n.national_column = 'cvlserv_pay') AS cvlserv,
				   sum(n.amount) FILTER (WHERE n.national_column = 'hifes_pay') AS hifes, sum(n.amount) FILTER (WHERE n.national_column = 'hifmi_pay') AS hifmi,
				   sum(n.amount) FILTER (WHERE n.national_column = 'hifob_pay') AS hifob, sum(n.amount) FILTER (WHERE n.national_column = 'hifdm_pay') AS hifdm,
				   sum(n.amount) FILTER (WHERE n.national_column = 'maf_pay') AS maf, sum(n.amount) FILTER (WHERE n.national_column = 'oth_pay') AS oth,
				   sum(n.amount) FILTER (WHERE n.national_column IS NOT NULL) AS funds,
				   COALESCE(sum(n.amount) FILTER (WHERE n.national_column IS NULL), 0) AS outside,
				   COALESCE(sum(n.amount) FILTER (WHERE n.national_column IS NULL AND n.kind = 'charity'), 0) AS charity
			  FROM (SELECT q.kind, CASE q.entry WHEN 'recoverable' THEN - q.amount ELSE q.amount END AS amount, r.national_column
					  FROM assistance_register.payment q
					  LEFT JOIN LATERAL assistance.national_fund(q.layer, q.kind, COALESCE(s.scheme, w.scheme), COALESCE(s.region, w.region),
						c.ordered_at::date) r ON true
					 WHERE q.person_id = f.person_id AND q.claim_id = f.claim_id AND q.revision = f.revision
					   AND q.entry = COALESCE(f.booked_as, 'bill') AND (f.layer IS NULL OR q.layer = f.layer) AND q.amount <> 0) n) p ON true;
	CREATE OR REPLACE VIEW assistance_register.setlinfo AS
		SELECT d.mdtrt_id, d.setl_id, d.psn_no, d.psn_name, d.psn_cert_type, d.certno, d.gend, d.naty, d.brdy, d.age, d.insutype, d.psn_type, d.cvlserv_flag,
			   d.setl_time, d.mdtrt_cert_type, d.med_type, d.medfee_sumamt, d.fulamt_ownpay_amt, d.overlmt_selfpay, d.preselfpay_amt,
			   d.inscp_amt AS inscp_scp_amt, d.act_pay_dedc, d.hifp_pay, d.pool_prop_selfpay, d.cvlserv_pay, d.hifes_pay, d.hifmi_pay, d.hifob_pay,
			   d.hifdm_pay, d.maf_pay, d.ownpay_hosp_part AS hosp_part_amt, d.othfund_pay AS oth_pay, d.fund_pay_sumamt, d.psn_pay AS psn_part_amt,
			   d.acct_pay, d.cash_payamt AS psn_cash_pay, d.balc, d.acct_mulaid_pay, d.medins_setl_id, d.clr_optins, d.clr_way, d.clr_type,
			   -- of 5203
			   d.insu_optins, d.emp_name, d.flxempe_flag, d.nwb_flag, d.pay_loc, d.fixmedins_code, d.fixmedins_name, d.hosp_lv, d.fixmedins_poolarea,
			   d.lmtpric_hosp_lv, d.dedc_hosp_lv, d.begndate, d.enddate, d.psn_setlway, d.hi_agre_sumfee AS med_sumfee, d.refd_setl_flag, d.year,
			   d.dise_no AS dise_codg, d.dise_name, d.invono, d.opter_id, d.opter_name, d.opt_time, d.maf_psn_flag,
			   -- of SETL_D, then ours
			   d.insu_admdvs, d.setl_type, d.manl_reim_rea, d.init_setl_id, d.charity_pay, d.commercial_pay, d.cash_after_charity,
			   d.person_id, d.claim_id, d.revision
		  FROM assistance_register.setl_d d;
	CREATE OR REPLACE VIEW assistance_register.setldetail AS
		WITH fact AS (
			SELECT s.person_id, s.claim_id, s.revision, s.entry AS settled_as, NULL::text AS booked_as, NULL::text AS layer, s.scheme, s.region, s.lines,
				   c.reverses, c.ordered_at, c.in_scope, s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END AS setl_id
			  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (person_id, claim_id)
			UNION ALL
			SELECT s.person_id, s.claim_id, s.revision, s.entry, p.entry, p.layer, s.scheme, s.region, (array_agg(s.lines))[1],
				   c.reverses, c.ordered_at, c.in_scope, s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END || '-' || min(p.place)
					|| CASE p.entry WHEN 'adjustment' THEN 'A' ELSE 'R' END
			  FROM assistance_register.payment p JOIN assistance_register.settlement s USING (person_id, claim_id, revision)
			  JOIN assistance_register.claim c ON c.person_id = s.person_id AND c.claim_id = s.claim_id
			 WHERE p.entry <> 'bill' AND p.amount <> 0
			 GROUP BY s.person_id, s.claim_id, s.revision, s.entry, p.entry, p.layer, s.scheme, s.region, c.reverses, c.ordered_at, c.in_scope
		)
		SELECT d.setl_id, f.fund_pay_type,
			   (CASE WHEN d.booked_as IS NOT NULL OR d.settled_as = 'difference' THEN 0 WHEN d.settled_as = 'reversal' THEN - d.in_scope ELSE d.in_scope END)
				::numeric(16,2) AS inscp_scp_amt,
			   CASE WHEN d.booked_as IS NULL AND d.settled_as = 'first' THEN f.room END::numeric(16,2) AS crt_payb_lmt_amt,
			   f.amount::numeric(16,2) AS fund_payamt, f.fund_pay_type_name, f.info AS setl_proc_info, d.person_id, d.claim_id, d.revision
		  FROM fact d
		  JOIN assistance_register.settlement w ON w.person_id = d.person_id AND w.claim_id = COALESCE(d.reverses, d.claim_id) AND w.revision = 1
		 CROSS JOIN LATERAL (
			SELECT q.fund_pay_type, min(q.fund_pay_type_name) AS fund_pay_type_name, sum(q.amount) AS amount, min(l.room) AS room,
				   '[' || string_agg('{' || concat_ws(', ', '"layer": ' || to_json(q.layer), '"rule": ' || to_json(l.rule), '"base": ' || l.base,
					'"deductible": ' || l.deductible,
					'"share": ' || CASE WHEN d.settled_as = 'first' AND d.booked_as IS NULL AND l.base > l.deductible
						THEN round(q.amount / (l.base - l.deductible), 4) END,
					'"paid": ' || q.amount, '"entry": ' || to_json(d.booked_as)) || '}', ', ' ORDER BY q.place) || ']' AS info
			  FROM (SELECT p.layer, p.place, r.fund_pay_type, r.fund_pay_type_name,
						   CASE p.entry WHEN 'recoverable' THEN - p.amount ELSE p.amount END AS amount
					  FROM assistance_register.payment p
					 CROSS JOIN LATERAL assistance.national_fund(p.layer, p.kind, COALESCE(d.scheme, w.scheme), COALESCE(d.region, w.region),
						d.ordered_at::date) r
					 WHERE p.person_id = d.person_id AND p.claim_id = d.claim_id AND p.revision = d.revision AND p.amount <> 0
					   AND p.entry = COALESCE(d.booked_as, 'bill') AND (d.layer IS NULL OR p.layer = d.layer) AND r.national_column IS NOT NULL) q
			  LEFT JOIN json_to_recordset(d.lines -> 'lines') l (layer text, rule text, base numeric, deductible numeric, room numeric)
				ON l.layer = q.layer
			 GROUP BY q.fund_pay_type) f
		UNION ALL
		SELECT s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END, '999996',
			   (CASE s.entry WHEN 'reversal' THEN - c.in_scope WHEN 'first' THEN c.in_scope ELSE 0 END)::numeric(16,2), NULL, s.hospital, '医院垫付', NULL,
			   s.person_id, s.claim_id, s.revision
		  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (person_id, claim_id) WHERE s.hospital <> 0;
	-- the reader's own rights and row security, where views can do that; before, they read with the rights of their owner
	IF current_setting('server_version_num')::integer >= 150000 THEN
		ALTER VIEW assistance_register.national_payment SET (security_invoker = true);
		ALTER VIEW assistance_register.setl_d SET (security_invoker = true);
		ALTER VIEW assistance_register.setlinfo SET (security_invoker = true);
		ALTER VIEW assistance_register.setldetail SET (security_invoker = true);
	END IF;
	COMMENT ON VIEW assistance_register.national_payment IS 'Payments with the fund and the column of setlinfo that they go to (assistance.national_fund); recoverables negative. Amounts in yuan.';
	COMMENT ON VIEW assistance_register.setl_d IS 'The register under the names of SETL_D, in yuan: a row for each settlement (setl_id = claim_id, differences claim_id-revision), for each year adjustment (…A) and recoverable (…R). Reversals have refd_setl_flag 1, init_setl_id and year of what they take back.';
	COMMENT ON VIEW assistance_register.setlinfo IS 'The register under the names and in the order of 2304, in yuan; rows as setl_d.';
	COMMENT ON VIEW assistance_register.setldetail IS 'Fund lines of the rows of setlinfo, in yuan, with the share of the hospital (999996).';
END
$$;
COMMENT ON PROCEDURE assistance.create_national_views() IS 'Part of create_register: views setl_d, setlinfo, setldetail and national_payment of assistance_register.';
