-- bill: the bill of a settlement record, to be settled here. What the record cannot say is an argument.

CREATE FUNCTION assistance.bill_from_setlinfo(
	setlinfo jsonb,
	region text DEFAULT NULL,
	scheme text DEFAULT NULL,
	seq bigint DEFAULT NULL,
	care_type text DEFAULT NULL,
	level text DEFAULT NULL,
	person_type text DEFAULT NULL,
	category text[] DEFAULT NULL,
	disease text[] DEFAULT NULL,
	referral text DEFAULT NULL,
	place text DEFAULT NULL,
	designated boolean DEFAULT NULL,
	given jsonb DEFAULT NULL,
	parts jsonb DEFAULT NULL,
	facts jsonb DEFAULT NULL,
	checked boolean DEFAULT true
) RETURNS assistance.bill
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	r		jsonb := assistance.read_setlinfo(setlinfo);
	own		jsonb := COALESCE(r #> '{assistance,bill}', '{}');
	fails	text;
	settled	timestamp;
	at		timestamp;
	day		date;
	code	text;
BEGIN
	IF r IS NULL THEN
		RETURN NULL;
	END IF;
	IF r ->> 'refd_setl_flag' = '1' OR (r ->> 'medfee_sumamt')::numeric < 0 THEN
		RAISE EXCEPTION 'a reversal is not a bill'
			USING ERRCODE = 'MA804', DETAIL = format('Settlement %s takes back %s.', r ->> 'setl_id', r ->> 'init_setl_id'),
				HINT = 'Leave out reversals and what they take back: WHERE vali_flag = ''1'' AND refd_setl_flag = ''0'', and no row that another names as init_setl_id.';
	END IF;
	IF r ->> 'setl_type' = '3' AND (r ->> 'medfee_sumamt')::numeric = 0 THEN
		RAISE EXCEPTION 'a supplementary settlement is not a bill'
			USING ERRCODE = 'MA804', DETAIL = format('Settlement %s adds to %s and has no cost.', r ->> 'setl_id', r ->> 'init_setl_id'),
				HINT = 'Leave out rows of setl_type 3 without cost: what they paid follows from the bills.';
	END IF;
	IF checked THEN
		SELECT string_agg(format('%s: %s, but %s and %s', c.identity, c.formula, c.left_amount, c.right_amount), '; ' ORDER BY c.identity) INTO fails
		  FROM assistance.check_setlinfo(r) c WHERE c.severity = 'error' AND c.verdict = 'fails';
		IF fails IS NOT NULL THEN
			RAISE EXCEPTION 'the amounts of the settlement record contradict each other'
				USING ERRCODE = 'MA802', DETAIL = format('Settlement %s: %s.', COALESCE(r ->> 'setl_id', '(no setl_id)'), fails),
					HINT = 'SELECT * FROM assistance.check_setlinfo(…) shows every identity; checked => false reads the scope columns all the same.';
		END IF;
	END IF;
	settled := assistance.setlinfo_day(r, 'setl_time');
	at := COALESCE((own ->> 'ordered_at')::timestamp, settled, assistance.setlinfo_day(r, 'enddate'));
	region := COALESCE(region, own ->> 'region', r ->> 'insu_admdvs');
	day := at::date;
	IF at IS NULL OR region IS NULL OR r ->> 'medfee_sumamt' IS NULL OR COALESCE(scheme, own ->> 'scheme', r ->> 'insutype') IS NULL THEN
		RAISE EXCEPTION 'the settlement record lacks what a bill needs'
			USING ERRCODE = 'MA801',
				DETAIL = format('Null or missing: %s.', concat_ws(', ', CASE WHEN at IS NULL THEN 'setl_time' END,
					CASE WHEN region IS NULL THEN 'insu_admdvs' END, CASE WHEN r ->> 'medfee_sumamt' IS NULL THEN 'medfee_sumamt' END,
					CASE WHEN COALESCE(scheme, own ->> 'scheme', r ->> 'insutype') IS NULL THEN 'insutype' END)),
				HINT = 'setlinfo of 2304 does not name the insured place: pass region => ''…''.';
	END IF;
	IF scheme IS NULL AND own ->> 'scheme' IS NULL THEN
		SELECT m.maps_to INTO scheme FROM assistance.code_meaning('insutype', r ->> 'insutype', region, day) m;
		IF scheme IS NULL THEN
			RAISE EXCEPTION 'insutype % is no scheme of its own', r ->> 'insutype'
				USING ERRCODE = 'MA803', DETAIL = 'Supplements are enrolments beside a scheme.',
					HINT = 'Pass scheme => ''…'', or map the code in assistance.code_local (maps_to).';
		END IF;
	END IF;
	IF care_type IS NULL AND NOT own ? 'care_type' AND r ->> 'med_type' IS NOT NULL THEN
		PERFORM assistance.code_meaning('med_type', r ->> 'med_type', region, day);
		care_type := r ->> 'med_type';
	END IF;
	IF level IS NULL AND NOT own ? 'level' THEN
		IF r ->> 'dedc_hosp_lv' IS NOT NULL THEN
			PERFORM assistance.code_meaning('dedc_hosp_lv', r ->> 'dedc_hosp_lv', region, day);
			level := r ->> 'dedc_hosp_lv';
		ELSIF r ->> 'hosp_lv' IS NOT NULL THEN
			SELECT m.maps_to INTO level FROM assistance.code_meaning('hosp_lv', r ->> 'hosp_lv', region, day) m;
		END IF;
	END IF;
	IF person_type IS NULL AND NOT own ? 'person_type' AND r ->> 'psn_type' IS NOT NULL THEN
		person_type := assistance.local_person_type(r ->> 'psn_type', region, day);
	END IF;
	code := COALESCE(r ->> 'mat_idet_code', r ->> 'psn_idet_type');
	IF category IS NULL AND NOT own ? 'category' AND code IS NOT NULL THEN
		SELECT ARRAY[p.class] INTO category FROM assistance.policy_class(region, code, day) p;
	END IF;
	SELECT jsonb_object_agg(g.key, CASE WHEN jsonb_typeof(g.value) <> 'string' THEN g.value
			ELSE jsonb_strip_nulls(jsonb_build_object('amount', r -> (g.value #>> '{}'),
				'deductible', CASE g.value #>> '{}' WHEN 'hifp_pay' THEN r -> 'act_pay_dedc' END)) END)
	  INTO given
	  FROM jsonb_each(given) g
	 WHERE jsonb_typeof(g.value) <> 'string' OR COALESCE(jsonb_typeof(r -> (g.value #>> '{}')), 'null') <> 'null';
	RETURN assistance.bill(
		jsonb_strip_nulls(jsonb_build_object(
			'total', trim_scale((r ->> 'medfee_sumamt')::numeric),
			'excluded', trim_scale((r ->> 'fulamt_ownpay_amt')::numeric),
			'over_limit', trim_scale((r ->> 'overlmt_selfpay')::numeric),
			'first_share', trim_scale((r ->> 'preselfpay_amt')::numeric),
			'in_scope', trim_scale(COALESCE((r ->> 'inscp_scp_amt')::numeric, (r ->> 'medfee_sumamt')::numeric
				- COALESCE((r ->> 'fulamt_ownpay_amt')::numeric, 0) - COALESCE((r ->> 'overlmt_selfpay')::numeric, 0)
				- COALESCE((r ->> 'preselfpay_amt')::numeric, 0)))))
		|| CASE WHEN own <> '{}' THEN '{}'::jsonb ELSE jsonb_strip_nulls(jsonb_build_object(
			'ordered_at', at, 'settled_on', settled::date,
			'admitted_on', assistance.setlinfo_day(r, 'begndate')::date, 'discharged_on', assistance.setlinfo_day(r, 'enddate')::date,
			'age', CASE WHEN r ->> 'age' ~ '^[0-9]{1,3}([.][0-9]+)?$' THEN floor((r ->> 'age')::numeric) END,
			'hospital', r ->> 'fixmedins_code',
			'disease', CASE WHEN r ->> 'dise_codg' IS NOT NULL THEN jsonb_build_array(r ->> 'dise_codg') END)) END
		|| own
		|| jsonb_strip_nulls(jsonb_build_object('region', region, 'scheme', scheme, 'seq', seq, 'care_type', care_type, 'level', level,
			'person_type', person_type, 'category', to_jsonb(category), 'disease', to_jsonb(disease), 'referral', referral, 'place', place,
			'designated', designated, 'given', given, 'parts', parts, 'facts', facts)));
END
$$;
COMMENT ON FUNCTION assistance.bill_from_setlinfo(jsonb, text, text, bigint, text, text, text, text[], text[], text, text, boolean, jsonb, jsonb, jsonb, boolean) IS
'The bill of a settlement record: setlinfo of 2304 and its kin, or a row of SETL_D as to_jsonb(row). Scope columns in yuan (a null inscp_scp_amt by I2), ordered_at = setl_time (else enddate), codes through the dictionaries: insutype to scheme, med_type to care_type, dedc_hosp_lv (else hosp_lv) to level, psn_type to person_type, mat_idet_code or psn_idet_type to the policy class. Arguments come before the record. given: an object layer -> column of setlinfo whose amount is given (hifp_pay brings act_pay_dedc as its deductible), or -> a given layer as bills write it. A record that setlinfo() made gives its bill back whole. Errors: MA801 (cannot be read, or lacks what a bill needs), MA802 (I1 to I4 fail; not with checked => false), MA803 (insutype is no scheme), MA804 (a reversal, or a supplementary settlement without cost), MA501 (unknown code), those of make_bill.';
