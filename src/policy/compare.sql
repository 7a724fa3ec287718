-- compare: what differs between two books, value by value.

CREATE FUNCTION assistance.path_below(path text, name text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT concat_ws('.', NULLIF(path, ''), CASE WHEN name ~ '[].["]' OR name = '' THEN '"' || replace(name, '"', '""') || '"' ELSE name END);
	END;
COMMENT ON FUNCTION assistance.path_below(text, text) IS 'A path with one name more, quoted as assistance.json_values quotes it.';

-- The elements of a list with what they are called in paths: their name, if no earlier element has it, else their index.
CREATE FUNCTION assistance.list_elements(list jsonb, OUT place integer, OUT name text, OUT value jsonb) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 50 ROWS 10
	BEGIN ATOMIC
		SELECT (e.ordinality - 1)::integer,
			   CASE WHEN jsonb_typeof(e.value -> 'name') = 'string'
						 AND row_number() OVER (PARTITION BY e.value ->> 'name' ORDER BY e.ordinality) = 1
					THEN e.value ->> 'name' END,
			   e.value
		  FROM jsonb_array_elements(list) WITH ORDINALITY e;
	END;
COMMENT ON FUNCTION assistance.list_elements(jsonb) IS 'The elements of a list, each with its index and the name that it goes by in paths (null: by its index).';

CREATE FUNCTION assistance.compare_lists(
	path text, layer text, a jsonb, b jsonb, cite_a jsonb, cite_b jsonb,
	OUT change text, OUT in_layer text, OUT at text, OUT before jsonb, OUT after jsonb, OUT cite_before jsonb, OUT cite_after jsonb
) RETURNS SETOF record
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 ROWS 5 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	e		record;
	names_a	text[];
	names_b	text[];
	renamed	jsonb := '{}';		-- name in b of what has another name in a
BEGIN
	SELECT array_agg(l.name ORDER BY l.place) INTO names_a FROM assistance.list_elements(a) l WHERE l.name IS NOT NULL;
	SELECT array_agg(l.name ORDER BY l.place) INTO names_b FROM assistance.list_elements(b) l WHERE l.name IS NOT NULL;
	-- the same thing under another name is one change
	FOR e IN
		SELECT x.name AS old, min(y.name) AS new
		  FROM assistance.list_elements(a) x JOIN assistance.list_elements(b) y ON x.value - 'name' = y.value - 'name'
		 WHERE x.name <> ALL (names_b) AND y.name <> ALL (names_a)
		 GROUP BY x.place, x.name HAVING count(*) = 1 ORDER BY x.place
	LOOP
		CONTINUE WHEN renamed ? e.new;
		renamed := renamed || jsonb_build_object(e.new, e.old);
		RETURN QUERY SELECT 'changed', CASE path WHEN 'layers' THEN e.old ELSE layer END,
			assistance.path_below(assistance.path_below(path, e.old), 'name'), to_jsonb(e.old), to_jsonb(e.new), cite_a, cite_b;
	END LOOP;
	SELECT array_agg(COALESCE(renamed ->> n, n) ORDER BY i) INTO names_b FROM unnest(names_b) WITH ORDINALITY u (n, i);
	-- another order is one change
	IF ARRAY(SELECT n FROM unnest(names_a) WITH ORDINALITY u (n, i) WHERE n = ANY (names_b) ORDER BY i)
		<> ARRAY(SELECT n FROM unnest(names_b) WITH ORDINALITY u (n, i) WHERE n = ANY (names_a) ORDER BY i) THEN
		RETURN QUERY SELECT 'changed', layer, path, to_jsonb(names_a), to_jsonb(names_b), cite_a, cite_b;
	END IF;
	FOR e IN
		SELECT COALESCE(x.name, y.name) AS name, x.value AS old, y.value AS new,
			   CASE WHEN COALESCE(x.name, y.name) IS NULL THEN format('%s[%s]', path, COALESCE(x.place, y.place))
					ELSE assistance.path_below(path, COALESCE(x.name, y.name)) END AS at
		  FROM assistance.list_elements(a) x
		  FULL JOIN (SELECT l.place, COALESCE(renamed ->> l.name, l.name) AS name, l.value FROM assistance.list_elements(b) l) y
			ON COALESCE('.' || x.name, x.place::text) = COALESCE('.' || y.name, y.place::text)
		 ORDER BY COALESCE(y.place, x.place), x.place
	LOOP
		CONTINUE WHEN e.name IS NOT NULL AND e.old - 'name' = e.new - 'name';
		RETURN QUERY SELECT * FROM assistance.compare_nodes(e.at, CASE path WHEN 'layers' THEN e.name ELSE layer END, e.old, e.new, cite_a, cite_b);
	END LOOP;
END
$$;
COMMENT ON FUNCTION assistance.compare_lists(text, text, jsonb, jsonb, jsonb, jsonb) IS 'Differences between two lists: elements with a name are matched by it, others by their index; a renamed element and another order are one row each.';

CREATE FUNCTION assistance.compare_nodes(
	path text, layer text, a jsonb, b jsonb, cite_a jsonb, cite_b jsonb,
	OUT change text, OUT in_layer text, OUT at text, OUT before jsonb, OUT after jsonb, OUT cite_before jsonb, OUT cite_after jsonb
) RETURNS SETOF record
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 ROWS 5 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	key	text;
BEGIN
	cite_a := COALESCE(CASE jsonb_typeof(a) WHEN 'object' THEN a -> 'cite' END, cite_a);
	cite_b := COALESCE(CASE jsonb_typeof(b) WHEN 'object' THEN b -> 'cite' END, cite_b);
	IF a = b THEN
		RETURN;
	ELSIF jsonb_typeof(a) = 'object' AND jsonb_typeof(b) = 'object' THEN
		FOR key IN SELECT k FROM jsonb_object_keys(a || b) k LOOP
			IF key = 'cite' AND a -> key IS DISTINCT FROM b -> key THEN
				RETURN QUERY SELECT CASE WHEN a -> key IS NULL THEN 'added' WHEN b -> key IS NULL THEN 'removed' ELSE 'changed' END,
					layer, assistance.path_below(path, key), a -> key, b -> key, cite_a, cite_b;
			ELSIF key <> 'cite' THEN
				RETURN QUERY SELECT * FROM assistance.compare_nodes(assistance.path_below(path, key), layer, a -> key, b -> key, cite_a, cite_b);
			END IF;
		END LOOP;
	ELSIF jsonb_typeof(a) = 'array' AND jsonb_typeof(b) = 'array'
		AND jsonb_path_exists(a || b, '$[*] ? (@.type() == "object" || @.type() == "array")') THEN
		RETURN QUERY SELECT * FROM assistance.compare_lists(path, layer, a, b, cite_a, cite_b);
	ELSE
		RETURN QUERY SELECT CASE WHEN a IS NULL THEN 'added' WHEN b IS NULL THEN 'removed' ELSE 'changed' END,
			layer, path, a, b, CASE WHEN a IS NOT NULL THEN cite_a END, CASE WHEN b IS NOT NULL THEN cite_b END;
	END IF;
END
$$;
COMMENT ON FUNCTION assistance.compare_nodes(text, text, jsonb, jsonb, jsonb, jsonb) IS 'Differences between two parts of a document, with the citations that cover them. A list of codes or factors is one value; what stands on one side only is one row.';

-- Pages of the same region and scheme belong together by their first day, what is left by its order.
CREATE FUNCTION assistance.matching_pages(a jsonb, b jsonb, OUT old jsonb, OUT new jsonb) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 500 ROWS 5
	BEGIN ATOMIC
		WITH page AS (
			SELECT 'a' AS side, p AS page, row_number() OVER () AS place FROM jsonb_array_elements(a -> 'pages') p
			UNION ALL
			SELECT 'b', p, row_number() OVER () FROM jsonb_array_elements(b -> 'pages') p
		), named AS (
			SELECT side, page, place, page ->> 'region' AS region, page ->> 'scheme' AS scheme,
				   concat_ws(' ', page ->> 'from', page ->> 'admitted') AS days
			  FROM page
		), same AS (
			SELECT o.page AS old, n.page AS new, o.region, o.scheme, o.days
			  FROM named o JOIN named n USING (region, scheme, days) WHERE o.side = 'a' AND n.side = 'b'
		), rest AS (
			SELECT r.*, row_number() OVER (PARTITION BY side, region, scheme ORDER BY days, place) AS n
			  FROM named r WHERE NOT EXISTS (SELECT FROM same s WHERE (s.region, s.scheme, s.days) = (r.region, r.scheme, r.days))
		)
		SELECT s.old, s.new FROM same s
		UNION ALL
		SELECT o.page, n.page
		  FROM (SELECT * FROM rest WHERE side = 'a') o
		  FULL JOIN (SELECT * FROM rest WHERE side = 'b') n USING (region, scheme, n);
	END;
COMMENT ON FUNCTION assistance.matching_pages(jsonb, jsonb) IS 'Pages of two books that belong together; null: a page that the other book does not have.';

CREATE FUNCTION assistance.compare_documents(
	a json, b json,
	OUT change text, OUT region text, OUT scheme text, OUT layer text, OUT path text,
	OUT before json, OUT after json, OUT cite_before json, OUT cite_after json
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 50000 ROWS 20
	BEGIN ATOMIC
		SELECT d.change, COALESCE(p.new, p.old) ->> 'region', COALESCE(p.new, p.old) ->> 'scheme', d.in_layer, d.at, d.before::json, d.after::json,
			   (jsonb_strip_nulls(jsonb_build_object('document', p.old -> 'sources' -> (d.cite_before ->> 'source') -> 'document')) || d.cite_before)::json,
			   (jsonb_strip_nulls(jsonb_build_object('document', p.new -> 'sources' -> (d.cite_after ->> 'source') -> 'document')) || d.cite_after)::json
		  FROM assistance.matching_pages(a::jsonb, b::jsonb) p
		 CROSS JOIN assistance.compare_nodes('', NULL, p.old, p.new, NULL, NULL) d;
	END;
COMMENT ON FUNCTION assistance.compare_documents(json, json) IS 'Differences between two books, as assistance.compare_policies.';

CREATE FUNCTION assistance.compare_policies(
	a assistance.terms, b assistance.terms,
	OUT change text, OUT region text, OUT scheme text, OUT layer text, OUT path text,
	OUT before json, OUT after json, OUT cite_before json, OUT cite_after json
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 50000 ROWS 20
	BEGIN ATOMIC
		SELECT d.* FROM assistance.compare_documents(assistance.to_json(a), assistance.to_json(b)) d;
	END;
COMMENT ON FUNCTION assistance.compare_policies(assistance.terms, assistance.terms) IS
'What changes from terms a to terms b: one row per value that was added, removed or changed, with both values (amounts in yuan, ratios as shares) and the citations that cover them (with the document of their source). Pages of a region and scheme are compared by their first day, else in order. What stands on one side only (a rule, a layer, a page: path '''') is one row; so is a list of codes, a new name of something that is otherwise the same, and another order of rules, layers or modifiers (before and after: the names in order). path as in assistance.json_values, without the page.';
