-- read: a settlement record of the national interface or of SETL_D as one normal form, the checks I1 to I6 on it, and the bill in it.

CREATE FUNCTION assistance.read_setlinfo(setlinfo jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 200 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	doc	jsonb := CASE WHEN jsonb_typeof(setlinfo -> 'setlinfo') = 'object'
						THEN (setlinfo -> 'setlinfo') || jsonb_strip_nulls(jsonb_build_object('setldetail', setlinfo -> 'setldetail'))
						ELSE setlinfo END;
	wrong	record;
BEGIN
	IF jsonb_typeof(doc) <> 'object' THEN
		RAISE EXCEPTION 'the settlement record cannot be read'
			USING ERRCODE = 'MA801', DETAIL = format('Found %s, expected an object.', jsonb_typeof(doc)),
				HINT = 'Hand over setlinfo, or the object that holds setlinfo and setldetail.';
	END IF;
	SELECT jsonb_object_agg(n.name, n.value) INTO doc
	  FROM (SELECT DISTINCT ON (v.name) v.name, v.value
			  FROM (SELECT CASE lower(e.key)
							WHEN 'cashpayamt' THEN 'psn_cash_pay' WHEN 'cash_payamt' THEN 'psn_cash_pay' WHEN 'psncash_pay' THEN 'psn_cash_pay'
							WHEN 'pdn_cash_pay' THEN 'psn_cash_pay' WHEN 'prese_ifpay_amt' THEN 'preselfpay_amt'
							WHEN 'med_fee_sumamt' THEN 'medfee_sumamt' WHEN 'psn_pay' THEN 'psn_part_amt'
							WHEN 'ownpay_hosp_part' THEN 'hosp_part_amt' WHEN 'othfund_pay' THEN 'oth_pay' WHEN 'inscp_amt' THEN 'inscp_scp_amt'
							WHEN 'dise_no' THEN 'dise_codg' WHEN 'hi_agre_sumfee' THEN 'med_sumfee' WHEN 'insuplc_admdvs' THEN 'insu_admdvs'
							ELSE lower(e.key) END AS name,
						   lower(e.key) AS key,
						   CASE WHEN jsonb_typeof(e.value) = 'string' AND btrim(e.value #>> '{}', E' \t\r\n') IN ('', 'null') THEN 'null'::jsonb
								ELSE e.value END AS value
					  FROM jsonb_each(doc) e) v
			 ORDER BY v.name, v.value = 'null'::jsonb, v.key <> v.name, v.key) n;
	SELECT e.key, e.value INTO wrong
	  FROM jsonb_each(doc) e
	 WHERE e.key IN ('medfee_sumamt', 'fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt', 'act_pay_dedc', 'hifp_pay',
			'pool_prop_selfpay', 'cvlserv_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'hifdm_pay', 'maf_pay', 'hosp_part_amt', 'oth_pay',
			'fund_pay_sumamt', 'psn_part_amt', 'acct_pay', 'psn_cash_pay', 'balc', 'acct_mulaid_pay', 'med_sumfee', 'dedc_std', 'crt_dedc')
	   AND NOT (jsonb_typeof(e.value) IN ('number', 'null')
				OR jsonb_typeof(e.value) = 'string' AND btrim(e.value #>> '{}') ~ '^[+-]?[0-9]{1,20}([.][0-9]{1,10})?$')
	 ORDER BY e.key LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'the settlement record cannot be read'
			USING ERRCODE = 'MA801', DETAIL = format('%s is %s.', wrong.key, wrong.value),
				HINT = 'Amounts are numbers or texts of digits, in yuan.';
	END IF;
	RETURN (SELECT COALESCE(jsonb_object_agg(e.key,
				CASE WHEN jsonb_typeof(e.value) = 'string' AND e.key IN ('medfee_sumamt', 'fulamt_ownpay_amt', 'overlmt_selfpay',
						'preselfpay_amt', 'inscp_scp_amt', 'act_pay_dedc', 'hifp_pay', 'pool_prop_selfpay', 'cvlserv_pay', 'hifes_pay',
						'hifmi_pay', 'hifob_pay', 'hifdm_pay', 'maf_pay', 'hosp_part_amt', 'oth_pay', 'fund_pay_sumamt', 'psn_part_amt',
						'acct_pay', 'psn_cash_pay', 'balc', 'acct_mulaid_pay', 'med_sumfee', 'dedc_std', 'crt_dedc')
					THEN to_jsonb((btrim(e.value #>> '{}'))::numeric) ELSE e.value END), '{}')
			  FROM jsonb_each(doc) e);
END
$$;
COMMENT ON FUNCTION assistance.read_setlinfo(jsonb) IS
'A settlement record (setlinfo of 2206, 2207, 2208, 2303, 2304, 2305, 5203, or a row of SETL_D as jsonb) in one form: keys in lower case under the names of 2304, other spellings and the names of SETL_D where that name is absent or null, blank texts as null, amounts (yuan) as numbers. Of several spellings the first that is not null counts, the name of 2304 before all. Error MA801.';

CREATE FUNCTION assistance.check_setlinfo(
	setlinfo jsonb,
	setldetail jsonb DEFAULT NULL,
	OUT identity text,
	OUT severity text,
	OUT verdict text,
	OUT left_amount numeric,
	OUT right_amount numeric,
	OUT formula text
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 500 ROWS 6
BEGIN ATOMIC
	WITH record AS MATERIALIZED (
		SELECT assistance.read_setlinfo(check_setlinfo.setlinfo) AS r
	), amount AS MATERIALIZED (
		SELECT (r ->> 'medfee_sumamt')::numeric AS medfee, (r ->> 'fulamt_ownpay_amt')::numeric AS fulamt,
			   (r ->> 'overlmt_selfpay')::numeric AS overlmt, (r ->> 'preselfpay_amt')::numeric AS preself,
			   (r ->> 'inscp_scp_amt')::numeric AS inscp, (r ->> 'act_pay_dedc')::numeric AS dedc,
			   (r ->> 'fund_pay_sumamt')::numeric AS fund, (r ->> 'psn_part_amt')::numeric AS psn,
			   (r ->> 'hosp_part_amt')::numeric AS hosp, (r ->> 'acct_pay')::numeric AS acct, (r ->> 'psn_cash_pay')::numeric AS cash,
			   (r ->> 'hifp_pay')::numeric + (r ->> 'cvlserv_pay')::numeric + (r ->> 'hifes_pay')::numeric + (r ->> 'hifmi_pay')::numeric
				+ (r ->> 'hifob_pay')::numeric + COALESCE((r ->> 'hifdm_pay')::numeric, 0) + (r ->> 'maf_pay')::numeric
				+ (r ->> 'oth_pay')::numeric AS funds,
			   CASE WHEN pg_catalog.jsonb_typeof(COALESCE(check_setlinfo.setldetail, r -> 'setldetail')) = 'array' THEN (SELECT CASE WHEN COALESCE(pg_catalog.bool_and(pg_catalog.jsonb_typeof(d.value -> 'fund_payamt') IS NOT DISTINCT FROM 'number'
							OR pg_catalog.btrim(d.value ->> 'fund_payamt') ~ '^[+-]?[0-9]{1,20}([.][0-9]{1,10})?$'), true)
						THEN COALESCE(pg_catalog.sum(CASE WHEN pg_catalog.btrim(d.value ->> 'fund_payamt') ~ '^[+-]?[0-9]{1,20}([.][0-9]{1,10})?$'
							THEN (d.value ->> 'fund_payamt')::numeric END), 0) END
				  FROM pg_catalog.jsonb_array_elements(CASE WHEN pg_catalog.jsonb_typeof(COALESCE(check_setlinfo.setldetail, r -> 'setldetail')) = 'array'
						THEN COALESCE(check_setlinfo.setldetail, r -> 'setldetail') END) d) END AS lines
		  FROM record
	)
	SELECT v.identity, v.severity,
		   CASE WHEN v.identity = 'I6' THEN CASE WHEN v.l <= v.r THEN 'holds' WHEN v.l > v.r THEN 'fails' ELSE 'skipped' END
				WHEN v.l = v.r THEN 'holds' WHEN v.l <> v.r THEN 'fails' ELSE 'skipped' END,
		   v.l, v.r, v.formula
	  FROM amount a
	 CROSS JOIN LATERAL (VALUES
		('I1', 'error', a.medfee, a.fund + a.psn + a.hosp, 'medfee_sumamt = fund_pay_sumamt + psn_part_amt + hosp_part_amt'),
		('I2', 'error', a.medfee, a.fulamt + a.overlmt + a.preself + a.inscp,
			'medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt'),
		('I3', 'error', a.psn, a.acct + a.cash, 'psn_part_amt = acct_pay + psn_cash_pay'),
		('I4', 'error', a.fund, a.funds,
			'fund_pay_sumamt = hifp_pay + cvlserv_pay + hifes_pay + hifmi_pay + hifob_pay + hifdm_pay + maf_pay + oth_pay'),
		('I5', 'warning', a.lines, a.fund + a.acct + a.hosp, 'sum of fund_payamt in setldetail = fund_pay_sumamt + acct_pay + hosp_part_amt'),
		('I6', 'warning', pg_catalog.abs(a.dedc), pg_catalog.abs(a.inscp), 'act_pay_dedc is not above inscp_scp_amt')
	 ) v (identity, severity, l, r, formula)
	 ORDER BY v.identity;
END;
COMMENT ON FUNCTION assistance.check_setlinfo(jsonb, jsonb) IS
'The identities I1 to I6 of a settlement record, one row each: severity error (I1 to I4) or warning; verdict holds, fails, or skipped where a part of it is null (hifdm_pay, which 2304 does not return, counts as 0); both sides in yuan. Any spelling that read_setlinfo knows; setldetail also inside the record. Reversals are checked with their negative amounts. Error MA801.';

CREATE FUNCTION assistance.setlinfo_day(setlinfo jsonb, name text) RETURNS timestamp without time zone
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	written text := btrim(setlinfo ->> name);
BEGIN
	IF written ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?$' THEN
		RETURN written::timestamp;
	ELSIF written ~ '^[0-9]{14}$' THEN
		RETURN (left(written, 8) || ' ' || substr(written, 9, 2) || ':' || substr(written, 11, 2) || ':' || substr(written, 13))::timestamp;
	ELSIF written ~ '^[0-9]{8}$' THEN
		RETURN written::timestamp;
	ELSIF written IS NULL THEN
		RETURN NULL;
	END IF;
	RAISE EXCEPTION 'the settlement record cannot be read'
		USING ERRCODE = 'MA801', DETAIL = format('%s is "%s".', name, written),
			HINT = 'Times are civil time: 2025-03-01 10:00:00, 20250301100000, 2025-03-01 or 20250301.';
END
$$;
COMMENT ON FUNCTION assistance.setlinfo_day(jsonb, text) IS 'A date or time of a settlement record as civil time; a date is its midnight. Error MA801; 22008 for a day that does not exist.';

CREATE FUNCTION assistance.local_person_type(psn_type text, region text, on_date date) RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path	text[] := local_person_type.region || assistance.superiors(local_person_type.region);
	names	text[];
BEGIN
	PERFORM assistance.code_meaning('psn_type', local_person_type.psn_type, local_person_type.region, local_person_type.on_date);
	SELECT array_agg(DISTINCT c.code) INTO names
	  FROM (SELECT k.code, rank() OVER (ORDER BY length(k.maps_to) DESC, array_position(path, k.region)) AS nearest
			  FROM assistance.code k
			 WHERE k.dictionary = 'psn_type' AND k.region = ANY (path) AND k.region <> '000000' AND k.valid @> local_person_type.on_date
			   AND starts_with(local_person_type.psn_type, k.maps_to)) c
	 WHERE c.nearest = 1;
	RETURN CASE COALESCE(cardinality(names), 0) WHEN 0 THEN local_person_type.psn_type WHEN 1 THEN names[1] END;
END
$$;
COMMENT ON FUNCTION assistance.local_person_type(text, text, date) IS
'The name that the documents of a region use for a psn_type (the code of dictionary psn_type whose maps_to is the longest prefix of it); the code itself where the region has no name for it, null where it has several. Errors MA501, MA503.';
