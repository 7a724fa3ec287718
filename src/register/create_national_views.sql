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
		  JOIN assistance_register.claim c ON c.claim_id = s.claim_id
		  LEFT JOIN assistance_register.settlement o ON o.person_id = s.person_id AND o.claim_id = c.reverses AND o.revision = 1
		  LEFT JOIN LATERAL assistance.national_fund(p.layer, p.kind, COALESCE(s.scheme, o.scheme), COALESCE(s.region, o.region), c.ordered_at::date) f ON true
		 WHERE p.amount <> 0;
	CREATE OR REPLACE VIEW assistance_register.setl_d AS
		WITH fact AS (
			SELECT s.person_id, s.claim_id, s.revision, s.entry AS settled_as, NULL::text AS booked_as, NULL::text AS layer,
				   s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END AS setl_id,
				   CASE s.entry WHEN 'reversal' THEN c.reverses::text WHEN 'difference' THEN s.claim_id::text END AS init_setl_id,
				   CASE s.entry WHEN 'first' THEN 1 WHEN 'reversal' THEN -1 ELSE 0 END AS sign,
				   s.total, s.hospital, s.patient
			  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (claim_id)
			UNION ALL
			SELECT s.person_id, s.claim_id, s.revision, s.entry, p.entry, p.layer,
				   s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END || '-' || p.place
					|| CASE p.entry WHEN 'adjustment' THEN 'A' ELSE 'R' END,
				   s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END, 0, 0, 0, - p.amount
			  FROM assistance_register.national_payment p JOIN assistance_register.settlement s USING (person_id, claim_id, revision)
			 WHERE p.entry <> 'bill'
		)
		SELECT f.setl_id, f.init_setl_id, COALESCE(c.encounter, COALESCE(c.reverses, c.claim_id)::text) COLLATE "default" AS mdtrt_id, f.person_id::text AS psn_no,
			   (SELECT k.maps_to FROM assistance.find_code('scheme', w.scheme, w.region, c.ordered_at::date) k) AS insutype,
			   o.person_type COLLATE "default" AS psn_type, o.care_type COLLATE "default" AS med_type, w.region COLLATE "default" AS insu_admdvs,
			   o.institution_id COLLATE "default" AS fixmedins_code, o.level COLLATE "default" AS dedc_hosp_lv,
			   o.admitted_on AS begndate, o.discharged_on AS enddate,
			   CASE WHEN f.settled_as = 'first' THEN c.ordered_at ELSE s.recorded_at AT TIME ZONE 'Asia/Shanghai' END AS setl_time,
			   to_char(c.ordered_at, 'YYYY') AS year, '1'::text AS vali_flag, CASE WHEN f.settled_as = 'reversal' THEN '1' ELSE '0' END AS refd_setl_flag,
			   CASE WHEN f.settled_as = 'difference' OR f.booked_as IS NOT NULL THEN '3' ELSE '2' END AS setl_type,
			   CASE WHEN f.settled_as = 'difference' OR f.booked_as IS NOT NULL THEN '08' END AS manl_reim_rea,
			   i.region COLLATE "default" AS fix_blng_admdvs, o.disease[1] COLLATE "default" AS dise_no,
			   CASE (SELECT k.maps_to FROM assistance.find_code('med_type', o.care_type, w.region, c.ordered_at::date) k)
				WHEN 'inpatient' THEN '21' WHEN 'outpatient' THEN '11' WHEN 'pharmacy' THEN '41' ELSE '99' END AS clr_type,
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
			   COALESCE(p.outside - p.charity, 0)::numeric(16,2) AS commercial_pay, f.patient::numeric(16,2) AS cash_after_charity
		  FROM fact f
		  JOIN assistance_register.settlement s USING (person_id, claim_id, revision)
		  JOIN assistance_register.claim c ON c.claim_id = f.claim_id
		  JOIN assistance_register.claim o ON o.claim_id = COALESCE(c.reverses, c.claim_id)
		  JOIN assistance_register.settlement w ON w.person_id = f.person_id AND w.claim_id = o.claim_id AND w.revision = 1
		  LEFT JOIN assistance_register.institution i ON i.institution_id = o.institution_id
		  -- what basic took as its deductible: of this settlement, less that of the one it corrects; the last one of what is taken back
		  LEFT JOIN LATERAL (
			SELECT sum(g.sign * (l ->> 'deductible')::numeric) AS deductible
			  FROM (SELECT s.lines, 1 AS sign
					UNION ALL
					SELECT z.lines, -1 FROM assistance_register.settlement z
					 WHERE z.person_id = f.person_id AND z.claim_id = f.claim_id AND z.revision = s.corrects_revision
					UNION ALL
					(SELECT z.lines, -1 FROM assistance_register.settlement z
					 WHERE z.person_id = f.person_id AND z.claim_id = c.reverses ORDER BY z.revision DESC LIMIT 1)) g,
				   json_array_elements(g.lines -> 'lines') l
			 WHERE l ->> 'kind' = 'basic') b ON f.booked_as IS NULL
		  LEFT JOIN LATERAL (
			SELECT sum(n.amount) FILTER (WHERE n.national_column = 'hifp_pay') AS hifp, sum(n.amount) FILTER (WHERE n.national_column = 'cvlserv_pay') AS cvlserv,
				   sum(n.amount) FILTER (WHERE n.national_column = 'hifes_pay') AS hifes, sum(n.amount) FILTER (WHERE n.national_column = 'hifmi_pay') AS hifmi,
				   sum(n.amount) FILTER (WHERE n.national_column = 'hifob_pay') AS hifob, sum(n.amount) FILTER (WHERE n.national_column = 'hifdm_pay') AS hifdm,
				   sum(n.amount) FILTER (WHERE n.national_column = 'maf_pay') AS maf, sum(n.amount) FILTER (WHERE n.national_column = 'oth_pay') AS oth,
				   sum(n.amount) FILTER (WHERE n.national_column IS NOT NULL) AS funds,
				   COALESCE(sum(n.amount) FILTER (WHERE n.national_column IS NULL), 0) AS outside,
				   COALESCE(sum(n.amount) FILTER (WHERE n.national_column IS NULL AND n.kind = 'charity'), 0) AS charity
			  FROM assistance_register.national_payment n
			 WHERE n.person_id = f.person_id AND n.claim_id = f.claim_id AND n.revision = f.revision
			   AND n.entry = COALESCE(f.booked_as, 'bill') AND (f.layer IS NULL OR n.layer = f.layer)) p ON true;
	CREATE OR REPLACE VIEW assistance_register.setlinfo AS
		SELECT d.mdtrt_id, d.setl_id, d.psn_no, d.insutype, d.psn_type, d.setl_time, d.med_type, d.medfee_sumamt, d.fulamt_ownpay_amt, d.overlmt_selfpay,
			   d.preselfpay_amt, d.inscp_amt AS inscp_scp_amt, d.act_pay_dedc, d.hifp_pay, d.cvlserv_pay, d.hifes_pay, d.hifmi_pay, d.hifob_pay, d.hifdm_pay, d.maf_pay,
			   d.ownpay_hosp_part AS hosp_part_amt, d.othfund_pay AS oth_pay, d.fund_pay_sumamt, d.psn_pay AS psn_part_amt, d.acct_pay,
			   d.cash_payamt AS psn_cash_pay, d.clr_optins, d.clr_way, d.clr_type, d.insu_admdvs, d.fixmedins_code, d.dedc_hosp_lv, d.begndate, d.enddate, d.year, d.setl_type, d.manl_reim_rea,
			   d.refd_setl_flag, d.init_setl_id, d.charity_pay, d.commercial_pay, d.cash_after_charity
		  FROM assistance_register.setl_d d;
	CREATE OR REPLACE VIEW assistance_register.setldetail AS
		SELECT p.claim_id || CASE WHEN p.revision > 1 THEN '-' || p.revision ELSE '' END
				|| CASE p.entry WHEN 'bill' THEN '' WHEN 'adjustment' THEN '-' || p.place || 'A' ELSE '-' || p.place || 'R' END AS setl_id,
			   p.fund_pay_type, sum(p.amount)::numeric(16,2) AS fund_payamt, min(p.fund_pay_type_name) AS fund_pay_type_name,
			   string_agg(p.layer, ' ' ORDER BY p.place) AS setl_proc_info
		  FROM assistance_register.national_payment p WHERE p.national_column IS NOT NULL GROUP BY 1, 2
		UNION ALL
		SELECT s.claim_id || CASE WHEN s.revision > 1 THEN '-' || s.revision ELSE '' END, '999996', s.hospital, '医院垫付', NULL
		  FROM assistance_register.settlement s WHERE s.hospital <> 0;
	COMMENT ON VIEW assistance_register.national_payment IS 'Payments with the fund and the column of setlinfo that they go to (assistance.national_fund); recoverables negative. Amounts in yuan.';
	COMMENT ON VIEW assistance_register.setl_d IS 'The register under the names of SETL_D, in yuan: a row for each settlement (setl_id = claim_id, differences claim_id-revision), for each year adjustment (…A) and recoverable (…R). Reversals have refd_setl_flag 1, init_setl_id and year of what they take back.';
	COMMENT ON VIEW assistance_register.setlinfo IS 'The register under the names and in the order of 2304, in yuan; rows as setl_d.';
	COMMENT ON VIEW assistance_register.setldetail IS 'Fund lines of the rows of setlinfo, in yuan, with the share of the hospital (999996).';
END
$$;
COMMENT ON PROCEDURE assistance.create_national_views() IS 'Part of create_register: views setl_d, setlinfo, setldetail and national_payment of assistance_register.';
