-- lookup: what a code means for a region on a day, which regions stand above a region, which policy class a category is of. find_code and
-- code_meaning (lookup.c) remember the answers of look_up_code and look_up_meaning as long as a snapshot lasts.

CREATE FUNCTION assistance.superiors(region text) RETURNS text[]
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path	text[] := '{}';
	here	text := superiors.region;
	above	text;
BEGIN
	LOOP
		above := COALESCE(
			(SELECT r.parent FROM assistance.region r WHERE r.code = here),
			CASE
				WHEN here = '000000' THEN NULL
				WHEN here !~ '^[0-9]{6}$' OR right(here, 4) = '0000' THEN '000000'
				WHEN right(here, 2) = '00' THEN left(here, 2) || '0000'
				ELSE left(here, 4) || '00'
			END);
		EXIT WHEN above IS NULL;
		IF above = superiors.region OR above = ANY (path) THEN
			RAISE EXCEPTION 'the superiors of region "%" form a circle', superiors.region
				USING ERRCODE = 'MA503',
					DETAIL = format('Above "%s" stands "%s" again.', here, above),
					HINT = 'Correct the parents: SELECT code, parent FROM assistance.region WHERE parent IS NOT NULL.';
		END IF;
		path := path || above;
		here := above;
	END LOOP;
	RETURN path;
END
$$;
COMMENT ON FUNCTION assistance.superiors(text) IS '上级区划: codes of the regions above one, nearest first, the nation (000000) last; without the region itself. By the digits (PPCCDD, PPCC00, PP0000, 000000; PPCC99 under PPCC00, PP9900 under PP0000) unless a row of assistance.region names a parent; a code that is not of six digits stands under the nation. Error MA503: the parents form a circle.';

CREATE FUNCTION assistance.look_up_code(
	dictionary text,
	code text,
	region text,
	on_date date,
	OUT matched text,
	OUT matched_code text,
	OUT matched_region text,
	OUT zh text,
	OUT en text,
	OUT maps_to text,
	OUT national_column text,
	OUT class_group text,
	OUT mark text,
	OUT source text
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	-- the language's names of the national dictionaries
	name	text := CASE look_up_code.dictionary WHEN 'care_type' THEN 'med_type' WHEN 'level' THEN 'dedc_hosp_lv'
						WHEN 'person_type' THEN 'psn_type' ELSE look_up_code.dictionary END;
	path	text[] := look_up_code.region || assistance.superiors(look_up_code.region);
BEGIN
	RETURN QUERY
	WITH known AS (
		SELECT c.code, c.region, c.zh, c.en, c.parent, c.maps_to, c.national_column, c.valid, c.mark, c.source
		  FROM assistance.code c WHERE c.dictionary = name AND c.region = ANY (path)
		UNION ALL
		SELECT c.code, c.region, c.zh, c.en, NULL, c.class, NULL, c.valid, c.mark, c.source
		  FROM assistance.category c WHERE name = 'category' AND c.region = ANY (path)),
	found AS (
		SELECT 1 AS step, k.* FROM known k WHERE k.code = look_up_code.code
		UNION ALL
		SELECT 2, k.* FROM known k WHERE k.code IN (SELECT p.parent FROM known p WHERE p.code = look_up_code.code)
		UNION ALL
		SELECT 3, k.* FROM known k
		 WHERE (name IN ('med_type', 'psn_type', 'insutype') AND starts_with(look_up_code.code, k.code))
			OR (name = 'fund_pay_type' AND k.code = left(look_up_code.code, 5) || '0'))
	SELECT CASE f.step WHEN 1 THEN 'exact' WHEN 2 THEN 'parent' ELSE 'prefix' END, f.code, f.region, f.zh, f.en,
		   f.maps_to, f.national_column,
		   (SELECT g.class_group FROM assistance.category g
			 WHERE name = 'category' AND g.code = f.maps_to AND g.region = '000000' AND g.valid @> look_up_code.on_date
			 ORDER BY g.local DESC, lower(g.valid) DESC NULLS LAST LIMIT 1),
		   f.mark, f.source
	  FROM found f WHERE f.valid @> look_up_code.on_date
	 ORDER BY f.step, length(f.code) DESC, array_position(path, f.region), lower(f.valid) DESC NULLS LAST
	 LIMIT 1;
END
$$;
COMMENT ON FUNCTION assistance.look_up_code(text, text, text, date) IS 'assistance.find_code without its memory: reads the dictionaries at every call.';

CREATE FUNCTION assistance.find_code(
	dictionary text,
	code text,
	region text,
	on_date date,
	OUT matched text,
	OUT matched_code text,
	OUT matched_region text,
	OUT zh text,
	OUT en text,
	OUT maps_to text,
	OUT national_column text,
	OUT class_group text,
	OUT mark text,
	OUT source text
) RETURNS SETOF record
	LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10 ROWS 1 AS 'MODULE_PATHNAME', 'assistance_find_code';
COMMENT ON FUNCTION assistance.find_code(text, text, text, date) IS
'What a code means for a region on a day; no row where it is unknown. dictionary: a name of assistance.code, category, or an attribute of a bill (care_type: med_type, level: dedc_hosp_lv, person_type: psn_type). First the code itself: of the region, of its superiors, of the nation; then the parent that a row of the code names; then by prefix: med_type, psn_type and insutype the longest known prefix, fund_pay_type the first five digits. matched: exact, parent or prefix. maps_to: our name for it (of a category: its policy class; class_group: key, low_income, other or null). Error MA503.';

CREATE FUNCTION assistance.look_up_meaning(
	dictionary text,
	code text,
	region text,
	on_date date,
	OUT matched text,
	OUT matched_code text,
	OUT matched_region text,
	OUT zh text,
	OUT en text,
	OUT maps_to text,
	OUT national_column text,
	OUT class_group text,
	OUT mark text,
	OUT source text
)
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	names	text;
BEGIN
	SELECT f.* INTO matched, matched_code, matched_region, zh, en, maps_to, national_column, class_group, mark, source
	  FROM assistance.look_up_code(look_up_meaning.dictionary, look_up_meaning.code, look_up_meaning.region, look_up_meaning.on_date) f;
	IF FOUND THEN
		RETURN;
	END IF;
	SELECT string_agg(d.name, ', ' ORDER BY d.name) INTO names
	  FROM (SELECT DISTINCT c.dictionary AS name FROM assistance.code c
			UNION VALUES ('category'), ('care_type'), ('level'), ('person_type')) d;
	IF NOT look_up_meaning.dictionary = ANY (string_to_array(names, ', ')) THEN
		RAISE EXCEPTION 'there is no dictionary "%"', look_up_meaning.dictionary
			USING ERRCODE = 'MA502', HINT = format('Dictionaries: %s.', names);
	END IF;
	RAISE EXCEPTION 'dictionary % has no code "%"', look_up_meaning.dictionary, look_up_meaning.code
		USING ERRCODE = 'MA501',
			DETAIL = format('Looked for region %s and above (%s) on %s.', look_up_meaning.region,
							array_to_string(assistance.superiors(look_up_meaning.region), ', '), to_char(look_up_meaning.on_date, 'YYYY-MM-DD')),
			HINT = CASE look_up_meaning.dictionary
				WHEN 'category' THEN 'Add it with its policy class to assistance.category_local, or correct the code.'
				ELSE 'Add it to assistance.code_local, or correct the code.' END;
END
$$;
COMMENT ON FUNCTION assistance.look_up_meaning(text, text, text, date) IS 'assistance.code_meaning without its memory: reads the dictionaries at every call.';

CREATE FUNCTION assistance.code_meaning(
	dictionary text,
	code text,
	region text,
	on_date date,
	OUT matched text,
	OUT matched_code text,
	OUT matched_region text,
	OUT zh text,
	OUT en text,
	OUT maps_to text,
	OUT national_column text,
	OUT class_group text,
	OUT mark text,
	OUT source text
)
	LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'assistance_code_meaning';
COMMENT ON FUNCTION assistance.code_meaning(text, text, text, date) IS 'What a code means for a region on a day, as assistance.find_code, but an unknown code is an error. Errors MA501 (no such code), MA502 (no such dictionary), MA503.';

CREATE FUNCTION assistance.policy_class(
	region text,
	code text,
	on_date date,
	OUT class text,
	OUT class_group text,
	OUT zh text,
	OUT en text,
	OUT matched_region text,
	OUT mark text,
	OUT source text
)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 1000
BEGIN ATOMIC
	SELECT m.maps_to, m.class_group, m.zh, m.en, m.matched_region, m.mark, m.source
	  FROM assistance.code_meaning('category', policy_class.code, policy_class.region, policy_class.on_date) m;
END;
COMMENT ON FUNCTION assistance.policy_class(text, text, date) IS '救助对象类别: the policy class of a category code of a region on a day; class_group: key 重点救助对象, low_income 低收入救助对象, other 其他救助对象, null where no text ranks the class. zh, en: the code''s own name. Errors MA501, MA503.';
