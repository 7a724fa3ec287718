-- statistic: amounts that follow published figures are looked up once, when a version is published.

-- The figure that a derived parameter asks for: of the region it names, else of the version's region and those above it, nearest first.
CREATE FUNCTION assistance.derived_figure(derived jsonb, region text, first_day date, OUT region_found text, OUT year integer, OUT value numeric)
	RETURNS record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	regions text[] := ARRAY[derived ->> 'region'];
	wanted integer := extract(year FROM first_day)::integer - substring(derived ->> 'lag' FROM '^[0-9]{1,4}$')::integer;
BEGIN
	IF NOT derived ? 'region' THEN
		regions := region || assistance.superiors(region);
	END IF;
	SELECT s.region, s.year, s.value INTO region_found, year, value
	  FROM assistance.statistic s
	 WHERE s.statistic = derived ->> 'statistic' AND s.region = ANY (regions)
	   AND (s.year = wanted OR derived -> 'latest' = 'true' AND s.year <= extract(year FROM first_day))
	 ORDER BY array_position(regions, s.region), s.year DESC
	 LIMIT 1;
END
$$;
COMMENT ON FUNCTION assistance.derived_figure(jsonb, text, date) IS 'The figure of assistance.statistic that a derived parameter of a version asks for: of the year lag before the first day, or the latest; null: there is none.';

-- value x share, rounded as the parameter says (default: half up to the fen)
CREATE FUNCTION assistance.derived_amount(value numeric, derived jsonb) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 20
	BEGIN ATOMIC
		SELECT CASE derived #>> '{rounding,mode}'
				 WHEN 'down' THEN trunc(value * (derived ->> 'share')::numeric * u.per_yuan) / u.per_yuan
				 WHEN 'up' THEN ceil(value * (derived ->> 'share')::numeric * u.per_yuan) / u.per_yuan
				 ELSE round(value * (derived ->> 'share')::numeric * u.per_yuan) / u.per_yuan END
		  FROM (SELECT CASE WHEN derived #>> '{rounding,unit}' = 'yuan' THEN 1 ELSE 100 END::numeric AS per_yuan) u;
	END;
COMMENT ON FUNCTION assistance.derived_amount(numeric, jsonb) IS 'Value of a figure times the share, in yuan, rounded once. The compiler checks the same product when it reads the document.';

-- Places of all objects with a key "derived" that have no amount yet.
CREATE FUNCTION assistance.derived_places(document jsonb) RETURNS TABLE (place text[], derived jsonb)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 5 COST 1000
	BEGIN ATOMIC
		WITH RECURSIVE node (place, value) AS (
			SELECT '{}'::text[], document
			UNION ALL
			SELECT n.place || c.key, c.value
			  FROM node n
			 CROSS JOIN LATERAL (
				SELECT e.key, e.value FROM jsonb_each(CASE WHEN jsonb_typeof(n.value) = 'object' THEN n.value ELSE '{}' END) e
				UNION ALL
				SELECT (a.ordinality - 1)::text, a.value
				  FROM jsonb_array_elements(CASE WHEN jsonb_typeof(n.value) = 'array' THEN n.value ELSE '[]' END) WITH ORDINALITY a) c
			 WHERE jsonb_typeof(c.value) IN ('object', 'array')
		)
		SELECT n.place, n.value -> 'derived' FROM node n
		 WHERE jsonb_typeof(n.value -> 'derived') = 'object' AND NOT n.value ? 'amount';
	END;
COMMENT ON FUNCTION assistance.derived_places(jsonb) IS 'Where a document has parameters that follow a statistic and have no amount yet.';

CREATE FUNCTION assistance.resolve_statistics(document json, region text, first_day date) RETURNS json
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	resolved jsonb;
	found record;
	figure record;
BEGIN
	IF strpos(document::text, '"derived"') = 0 THEN
		RETURN document;
	END IF;
	resolved := document;
	FOR found IN SELECT p.place, p.derived FROM assistance.derived_places(resolved) p LOOP
		SELECT f.* INTO figure FROM assistance.derived_figure(found.derived, region, first_day) f;
		IF figure.value IS NOT NULL AND jsonb_typeof(found.derived -> 'share') = 'number' THEN
			resolved := jsonb_set(resolved, found.place, (resolved #> found.place) || jsonb_build_object(
				'amount', assistance.derived_amount(figure.value, found.derived),
				'derived', found.derived || jsonb_build_object('region', figure.region_found, 'year', figure.year, 'value', figure.value)));
		END IF;
	END LOOP;
	RETURN assistance.canonical_json(resolved::text::json);
END
$$;
COMMENT ON FUNCTION assistance.resolve_statistics(json, text, date) IS 'A version''s document with the amounts that follow statistics filled in, as far as there are figures: amount, and region, year and value of the figure.';

CREATE FUNCTION assistance.version_document(version assistance.policy) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE COST 100
	BEGIN ATOMIC
		SELECT CASE WHEN (version).state = 'draft'
			THEN assistance.resolve_statistics((version).document, (version).region, lower((version).valid)) ELSE (version).document END::jsonb;
	END;
COMMENT ON FUNCTION assistance.version_document(assistance.policy) IS 'Document of a version; of a draft as it would be published now.';
