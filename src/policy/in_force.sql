-- in_force: which versions hold on which days, as known at a moment, and the pages that they make together. Everything that
-- answers with terms, checks or publishes goes through policy_in_force and policy_pages; there is no second way.

CREATE FUNCTION assistance.policy_in_force(known_at timestamptz, draft bigint DEFAULT NULL)
	RETURNS TABLE (version bigint, region text, scheme text, layer text, valid daterange, inherits text, transition date, begins date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 500 COST 1000
	BEGIN ATOMIC
		SELECT p.id, p.region, p.scheme, p.layer, piece.valid, p.inherits, p.transition, (p.document ->> 'from')::date
		  FROM assistance.policy p
		  LEFT JOIN LATERAL (
				SELECT range_agg(d.valid) AS valid FROM assistance.policy d
				 WHERE d.draft = policy_in_force.draft AND d.state = 'draft'
				   AND (d.region, d.scheme) = (p.region, p.scheme) AND d.layer IN (p.layer, '*')) taken ON true
		 CROSS JOIN LATERAL unnest(datemultirange(p.valid) - COALESCE(taken.valid, '{}')) AS piece(valid)
		 WHERE p.state = 'published' AND p.recorded @> policy_in_force.known_at
		   -- a row that no act names, or an act that was slipped in before others, counts for nothing
		   AND EXISTS (SELECT FROM assistance.policy_publication a
						WHERE a.id = p.publication AND p.id = ANY (a.versions) AND a.at = lower(p.recorded)
						  AND NOT EXISTS (SELECT FROM assistance.policy_publication b WHERE b.id < a.id AND b.at >= a.at))
		UNION ALL
		SELECT d.id, d.region, d.scheme, d.layer, d.valid, d.inherits, d.transition, lower(d.valid)
		  FROM assistance.policy d
		 WHERE d.draft = policy_in_force.draft AND d.state = 'draft';
	END;
COMMENT ON FUNCTION assistance.policy_in_force(timestamptz, bigint) IS 'The versions that are in force, each with its days, as known at a moment (infinity: now), and as they would be with a draft published: it takes the days of its versions, a page (layer *) those of all layers of the region''s page. begins: first day of the version as it was written.';

-- ---- one page out of its versions ----

CREATE FUNCTION assistance.with_cite(entries jsonb, cite jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 50
	BEGIN ATOMIC
		SELECT CASE WHEN cite IS NULL OR entries IS NULL THEN entries ELSE (
			SELECT COALESCE(jsonb_agg(jsonb_build_object('cite', cite) || e.value ORDER BY e.ordinality), '[]')
			  FROM jsonb_array_elements(entries) WITH ORDINALITY e) END;
	END;
COMMENT ON FUNCTION assistance.with_cite(jsonb, jsonb) IS 'An array of objects, each with this citation where it has none.';

CREATE FUNCTION assistance.assemble_page(stars bigint[], layers bigint[], valid daterange, admitted daterange) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE COST 50000
	BEGIN ATOMIC
		WITH star AS MATERIALIZED (
			SELECT p.id, p.region, p.draft, p.page, 2 * s.ordinality AS distance, s.ordinality = 1 AS own,
				   assistance.version_document(p) AS document
			  FROM unnest(stars) WITH ORDINALITY s(id, ordinality) JOIN assistance.policy p ON p.id = s.id
		), layer AS MATERIALIZED (
			SELECT p.id, p.layer AS name, l.ordinality AS place, s.distance - 1 AS distance, assistance.version_document(p) AS document,
				   (p.draft, p.page) = (o.draft, o.page) AS own
			  FROM unnest(layers) WITH ORDINALITY l(id, ordinality) JOIN assistance.policy p ON p.id = l.id
			  JOIN star s ON s.region = p.region JOIN star o ON o.own
		), part AS MATERIALIZED (
			SELECT s.id, s.distance, s.own, s.document FROM star s
			UNION ALL
			SELECT l.id, l.distance, l.own, l.document FROM layer l
		), dictionary (name, entries) AS (
			SELECT d.name, COALESCE(jsonb_object_agg(e.key, e.value ORDER BY p.distance DESC, p.id) FILTER (WHERE e.key IS NOT NULL), '{}')
			  FROM part p
			 CROSS JOIN unnest(ARRAY['sources', 'parts', 'counters', 'counts']) d(name)
			  LEFT JOIN LATERAL jsonb_each(p.document -> d.name) e ON true
			 WHERE p.document ? d.name
			 GROUP BY d.name
			UNION ALL
			SELECT 'codes', COALESCE(jsonb_object_agg(a.attribute, a.labels) FILTER (WHERE a.attribute IS NOT NULL), '{}')
			  FROM (SELECT a.key AS attribute,
						   COALESCE(jsonb_object_agg(c.key, c.value ORDER BY p.distance DESC, p.id) FILTER (WHERE c.key IS NOT NULL), '{}') AS labels
					  FROM part p
					  LEFT JOIN LATERAL jsonb_each(p.document -> 'codes') a ON true
					  LEFT JOIN LATERAL jsonb_each(a.value) c ON true
					 WHERE p.document ? 'codes'
					 GROUP BY a.key) a
			HAVING count(*) > 0
			UNION ALL
			SELECT k.name, n.entries
			  FROM unnest(ARRAY['order_by', 'period_date', 'fixed_prices', 'ceilings']) k(name)
			 CROSS JOIN LATERAL (
				SELECT CASE WHEN s.own OR jsonb_typeof(s.document -> k.name) <> 'array' THEN s.document -> k.name
							ELSE assistance.with_cite(s.document -> k.name, s.document -> 'cite') END AS entries
				  FROM star s WHERE s.document ? k.name ORDER BY s.distance LIMIT 1) n
			UNION ALL
			SELECT k.name, s.document -> k.name
			  FROM star s CROSS JOIN unnest(ARRAY['title', 'region', 'scheme', 'cite']) k(name) WHERE s.own
			UNION ALL
			-- an exception excuses the page that records it, and the layers that come from there; nobody else's
			SELECT 'exceptions', jsonb_agg(x.value ORDER BY x.distance, x.id, x.ordinality)
			  FROM (SELECT DISTINCT ON (e.value) e.value, e.distance, e.id, e.ordinality
					  FROM (SELECT e.value, s.distance, s.id, e.ordinality
							  FROM star s CROSS JOIN jsonb_array_elements(s.document -> 'exceptions') WITH ORDINALITY e WHERE s.own
							UNION ALL
							SELECT e.value || jsonb_build_object('layer', l.name), p.distance, p.id, e.ordinality
							  FROM layer l
							  JOIN part p ON NOT p.own AND (p.id = l.id OR p.distance = l.distance + 1)
							 CROSS JOIN jsonb_array_elements(p.document -> 'exceptions') WITH ORDINALITY e
							 WHERE COALESCE(e.value ->> 'layer', l.name) = l.name) e
					 ORDER BY e.value, e.distance, e.id, e.ordinality) x
			UNION ALL
			SELECT 'layers', jsonb_agg(CASE WHEN l.own OR NOT l.document ? 'cite' THEN l.document #> '{layers,0}'
				ELSE jsonb_build_object('cite', l.document -> 'cite') || (l.document #> '{layers,0}') END ORDER BY l.place)
			  FROM layer l
			UNION ALL
			VALUES ('from', to_jsonb(lower(valid))), ('to', to_jsonb(upper(valid) - 1)),
				('admitted', CASE WHEN admitted <> '(,)' THEN jsonb_strip_nulls(
					jsonb_build_object('from', lower(admitted), 'to', upper(admitted) - 1)) END)
		)
		SELECT jsonb_object_agg(d.name, d.entries) FROM dictionary d WHERE d.entries IS NOT NULL;
	END;
COMMENT ON FUNCTION assistance.assemble_page(bigint[], bigint[], daterange, daterange) IS 'The page that versions make: stars are the pages (layer *) from the region asked for upwards, layers those of the chain in order. Dictionaries are united, the nearest definition counts; so it does for fixed prices, ceilings and dates.';

-- ---- all pages ----

CREATE FUNCTION assistance.policy_pages(regions text[], scheme text, known_at timestamptz, draft bigint DEFAULT NULL)
	RETURNS TABLE (region text, scheme text, valid daterange, admitted daterange, stars bigint[], layers bigint[], missing text[])
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 COST 100000
	BEGIN ATOMIC
		WITH RECURSIVE reach (region) AS (
			SELECT r.region FROM unnest(COALESCE(regions, ARRAY(SELECT DISTINCT a.region FROM assistance.policy a))) r(region)
			UNION
			SELECT p.inherits FROM reach r JOIN assistance.policy p ON p.region = r.region AND p.layer = '*' WHERE p.inherits IS NOT NULL
		), force AS MATERIALIZED (
			SELECT f.* FROM assistance.policy_in_force(policy_pages.known_at, policy_pages.draft) f
			 WHERE f.region = ANY (ARRAY(SELECT r.region FROM reach r))
			   AND (policy_pages.scheme IS NULL OR f.scheme = policy_pages.scheme)
		), step (version, region, scheme, layer, valid, admitted, inherits, transition, begins) AS (
			-- a transition: stays admitted before it see the version before
			SELECT f.version, f.region, f.scheme, f.layer, f.valid, '(,)'::daterange, f.inherits, f.transition, f.begins FROM force f
			UNION ALL
			SELECT f.version, s.region, s.scheme, f.layer, f.valid, s.admitted * daterange(NULL, s.transition), f.inherits, f.transition, f.begins
			  FROM step s
			 CROSS JOIN LATERAL (
				SELECT f.version, f.layer, s.valid, f.inherits, f.transition, f.begins
				  FROM force f WHERE (f.region, f.scheme, f.layer) = (s.region, s.scheme, s.layer) AND f.valid @> s.begins - 1
				UNION ALL
				-- of a page: also the layers that it no longer has
				SELECT f.version, f.layer, rest.valid, f.inherits, f.transition, f.begins
				  FROM force f
				 CROSS JOIN LATERAL unnest(datemultirange(s.valid) - COALESCE((SELECT range_agg(g.valid) FROM force g
						WHERE (g.region, g.scheme, g.layer) = (f.region, f.scheme, f.layer)), '{}')) AS rest(valid)
				 WHERE s.layer = '*' AND f.layer <> '*' AND (f.region, f.scheme) = (s.region, s.scheme) AND f.valid @> s.begins - 1) f
			 WHERE s.transition IS NOT NULL AND s.admitted && daterange(NULL, s.transition)
		), effective AS MATERIALIZED (
			SELECT s.version, s.region, s.scheme, s.layer, s.valid, s.admitted * daterange(s.transition, NULL) AS admitted, s.inherits
			  FROM step s WHERE s.transition IS NULL OR s.admitted && daterange(s.transition, NULL)
		), path (region, scheme, valid, admitted, next, regions, stars) AS (
			SELECT e.region, e.scheme, e.valid, e.admitted, e.inherits, ARRAY[e.region], ARRAY[e.version]
			  FROM effective e
			 WHERE e.layer = '*' AND (policy_pages.regions IS NULL OR e.region = ANY (policy_pages.regions))
			UNION ALL
			SELECT p.region, p.scheme, p.valid * e.valid, p.admitted * e.admitted, e.inherits, p.regions || e.region, p.stars || e.version
			  FROM path p
			  JOIN effective e ON e.region = p.next AND e.scheme = p.scheme AND e.layer = '*' AND e.valid && p.valid AND e.admitted && p.admitted
			 WHERE p.next <> ALL (p.regions)
		), named AS MATERIALIZED (
			SELECT row_number() OVER () AS path, p.*, c.chain
			  FROM path p
			 CROSS JOIN LATERAL (
				SELECT COALESCE(v.document -> 'chain', v.document -> 'layers') AS chain
				  FROM unnest(p.stars) WITH ORDINALITY s(id, ordinality) JOIN assistance.policy v ON v.id = s.id
				 WHERE v.inherits IS NULL OR (v.document -> 'chain') IS NOT NULL
				 ORDER BY s.ordinality LIMIT 1) c
			 WHERE p.next IS NULL
		), link AS MATERIALIZED (
			SELECT n.path, n.valid, n.admitted, n.region, n.scheme, n.regions, n.stars, l.ordinality AS place, l.layer
			  FROM named n CROSS JOIN LATERAL json_array_elements_text(n.chain) WITH ORDINALITY l(layer, ordinality)
		), seat AS MATERIALIZED (
			SELECT l.path, l.valid, l.admitted, l.scheme, l.place, l.layer, r.region, r.ordinality AS distance
			  FROM link l CROSS JOIN LATERAL unnest(l.regions) WITH ORDINALITY r(region, ordinality)
		), candidate AS MATERIALIZED (
			SELECT s.path, s.place, s.distance, e.version, e.valid * s.valid AS valid, e.admitted * s.admitted AS admitted
			  FROM seat s
			  JOIN effective e ON (e.region, e.scheme, e.layer) = (s.region, s.scheme, s.layer) AND e.valid && s.valid AND e.admitted && s.admitted
		), day_cut AS (
			SELECT d.path, d.day, lead(d.day) OVER (PARTITION BY d.path ORDER BY d.day) AS next
			  FROM (SELECT n.path, lower(n.valid) AS day FROM named n UNION SELECT n.path, COALESCE(upper(n.valid), 'infinity') FROM named n
					UNION SELECT c.path, lower(c.valid) FROM candidate c UNION SELECT c.path, COALESCE(upper(c.valid), 'infinity') FROM candidate c) d
		), admission_cut AS (
			SELECT d.path, d.day, lead(d.day) OVER (PARTITION BY d.path ORDER BY d.day) AS next
			  FROM (SELECT n.path, COALESCE(lower(n.admitted), '-infinity') AS day FROM named n
					UNION SELECT n.path, COALESCE(upper(n.admitted), 'infinity') FROM named n
					UNION SELECT c.path, COALESCE(lower(c.admitted), '-infinity') FROM candidate c
					UNION SELECT c.path, COALESCE(upper(c.admitted), 'infinity') FROM candidate c) d
		), cell AS MATERIALIZED (
			SELECT d.path, d.day, d.next, a.day AS admitted, a.next AS admitted_next
			  FROM day_cut d JOIN admission_cut a ON a.path = d.path WHERE d.next IS NOT NULL AND a.next IS NOT NULL
		), chosen AS (
			SELECT DISTINCT ON (x.path, x.admitted, x.day, l.place) x.path, l.region, l.scheme, l.stars, x.day, x.next, x.admitted, x.admitted_next,
				   l.place, l.layer, c.version
			  FROM cell x
			  JOIN link l ON l.path = x.path
			  LEFT JOIN candidate c ON c.path = x.path AND c.place = l.place AND c.valid @> x.day
				AND (x.admitted = '-infinity' AND lower_inf(c.admitted) OR c.admitted @> x.admitted)
			 ORDER BY x.path, x.admitted, x.day, l.place, c.distance
		), whole AS (
			SELECT c.path, c.region, c.scheme, c.stars, c.day, c.next, c.admitted, c.admitted_next, array_agg(c.version ORDER BY c.place) AS layers,
				   array_agg(c.layer ORDER BY c.place) FILTER (WHERE c.version IS NULL) AS missing
			  FROM chosen c GROUP BY c.path, c.region, c.scheme, c.stars, c.day, c.next, c.admitted, c.admitted_next
		), island AS (
			SELECT w.*, count(*) FILTER (WHERE w.starts) OVER (PARTITION BY w.path, w.day, w.layers, w.missing ORDER BY w.admitted) AS island
			  FROM (SELECT w.*, w.admitted IS DISTINCT FROM lag(w.admitted_next) OVER
						(PARTITION BY w.path, w.day, w.layers, w.missing ORDER BY w.admitted) AS starts FROM whole w) w
		), merged AS (
			-- first the admissions of a day, so that a transition leaves the days before it alone
			SELECT i.region, i.scheme, i.stars, i.layers, i.missing, i.day, i.next,
				   min(i.admitted) AS admitted, max(i.admitted_next) AS admitted_next
			  FROM island i
			 GROUP BY i.region, i.scheme, i.stars, i.layers, i.missing, i.day, i.next, i.path, i.island
		), run AS (
			SELECT m.*, count(*) FILTER (WHERE m.starts) OVER
					(PARTITION BY m.region, m.scheme, m.stars, m.layers, m.missing, m.admitted, m.admitted_next ORDER BY m.day) AS run
			  FROM (SELECT m.*, m.day IS DISTINCT FROM lag(m.next) OVER
						(PARTITION BY m.region, m.scheme, m.stars, m.layers, m.missing, m.admitted, m.admitted_next ORDER BY m.day) AS starts FROM merged m) m
		)
		SELECT r.region, r.scheme, daterange(min(r.day), NULLIF(max(r.next), 'infinity')),
			   daterange(NULLIF(r.admitted, '-infinity'), NULLIF(r.admitted_next, 'infinity')), r.stars, r.layers, r.missing
		  FROM run r
		 GROUP BY r.region, r.scheme, r.stars, r.layers, r.missing, r.admitted, r.admitted_next, r.run
		 ORDER BY r.region, r.scheme, min(r.day), r.admitted;
	END;
COMMENT ON FUNCTION assistance.policy_pages(text[], text, timestamptz, bigint) IS 'Every page of these regions (null: all) and this scheme (null: all) as known at a moment, with a draft painted over: its days, the admissions it is for, its versions. missing: layers of the chain that no version gives; such a page does not hold. Dates are cut where a version begins or ends, and runs of days with the same versions are one page.';
