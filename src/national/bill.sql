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
	LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_from_setlinfo';
COMMENT ON FUNCTION assistance.bill_from_setlinfo(jsonb, text, text, bigint, text, text, text, text[], text[], text, text, boolean, jsonb, jsonb, jsonb, boolean) IS
'The bill of a settlement record: setlinfo of 2304 and its kin, or a row of SETL_D as to_jsonb(row). Scope columns in yuan (a null inscp_scp_amt by I2), ordered_at = setl_time (else enddate), codes through the dictionaries: insutype to scheme, med_type to care_type, dedc_hosp_lv (else hosp_lv) to level, psn_type to person_type, mat_idet_code or psn_idet_type to the policy class. Arguments come before the record. given: an object layer -> column of setlinfo whose amount is given (hifp_pay brings act_pay_dedc as its deductible), or -> a given layer as bills write it. A record that setlinfo() made gives its bill back whole. Errors: MA801 (cannot be read, or lacks what a bill needs), MA802 (I1 to I4 fail; not with checked => false), MA803 (insutype is no scheme), MA804 (a reversal, or a supplementary settlement without cost), MA501 (unknown code), those of make_bill.';

CREATE FUNCTION assistance.bill_from_setl_d(
	setl_d record,
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
	LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_from_setl_d';
COMMENT ON FUNCTION assistance.bill_from_setl_d(record, text, text, bigint, text, text, text, text[], text[], text, text, boolean, jsonb, jsonb, jsonb, boolean) IS
'The bill of a row of any table or view whose columns bear national names (SETL_D, setlinfo, in any case): as assistance.bill_from_setlinfo(to_jsonb(row)), without the JSON. SELECT assistance.bill_from_setl_d(t) FROM t. Columns with other names are not looked at; times are date or timestamp without time zone, or texts. Amounts in yuan. Errors as bill_from_setlinfo.';
