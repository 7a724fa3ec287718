-- read: a settlement record of the national interface or of SETL_D as one normal form, the checks I1 to I6 on it, and words of a region.

CREATE FUNCTION assistance.read_setlinfo(setlinfo jsonb) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'assistance_read_setlinfo';
COMMENT ON FUNCTION assistance.read_setlinfo(jsonb) IS
'A settlement record (setlinfo of 2206, 2207, 2208, 2303, 2304, 2305, 5203, or a row of SETL_D as jsonb) in one form: keys in lower case under the names of 2304, other spellings and the names of SETL_D where that name is absent or null, blank texts as null, amounts (yuan) as numbers; pool_prop_selfpay is a share from 0 to 1. Of several spellings the first that is not null counts, the name of 2304 before all. Error MA801.';

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
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 ROWS 6 AS 'MODULE_PATHNAME', 'assistance_check_setlinfo';
COMMENT ON FUNCTION assistance.check_setlinfo(jsonb, jsonb) IS
'The identities I1 to I6 of a settlement record, one row each: severity error (I1 to I4) or warning; verdict holds, fails, or skipped where a part of it is null (hifdm_pay, which 2304 does not return, counts as 0); both sides in yuan. Any spelling that read_setlinfo knows; setldetail also inside the record. Reversals are checked with their negative amounts. Error MA801.';

CREATE FUNCTION assistance.setlinfo_day(setlinfo jsonb, name text) RETURNS timestamp without time zone
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20 AS 'MODULE_PATHNAME', 'assistance_setlinfo_day';
COMMENT ON FUNCTION assistance.setlinfo_day(jsonb, text) IS 'A date or time of a settlement record as civil time; a date is its midnight. name: a field of setlinfo. Error MA801.';

CREATE FUNCTION assistance.look_up_person_type(psn_type text, region text, on_date date) RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path	text[] := look_up_person_type.region || assistance.superiors(look_up_person_type.region);
	names	text[];
BEGIN
	PERFORM assistance.look_up_meaning('psn_type', look_up_person_type.psn_type, look_up_person_type.region, look_up_person_type.on_date);
	SELECT array_agg(DISTINCT c.code) INTO names
	  FROM (SELECT k.code, rank() OVER (ORDER BY length(k.maps_to) DESC, array_position(path, k.region)) AS nearest
			  FROM assistance.code k
			 WHERE k.dictionary = 'psn_type' AND k.region = ANY (path) AND k.region <> '000000' AND k.valid @> look_up_person_type.on_date
			   AND starts_with(look_up_person_type.psn_type, k.maps_to)) c
	 WHERE c.nearest = 1;
	RETURN CASE COALESCE(cardinality(names), 0) WHEN 0 THEN look_up_person_type.psn_type WHEN 1 THEN names[1] END;
END
$$;
COMMENT ON FUNCTION assistance.look_up_person_type(text, text, date) IS 'assistance.local_person_type without its memory: reads the dictionaries at every call.';

CREATE FUNCTION assistance.local_person_type(psn_type text, region text, on_date date) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_local_person_type';
COMMENT ON FUNCTION assistance.local_person_type(text, text, date) IS
'The name that the documents of a region use for a psn_type (the code of dictionary psn_type whose maps_to is the longest prefix of it); the code itself where the region has no name for it, null where it has several. Errors MA501, MA503.';
