-- lookup: terms out of the catalogue, and what they are made of.

CREATE FUNCTION assistance.book_of(pages jsonb, engines jsonb[]) RETURNS assistance.terms
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 10000
	AS $$
BEGIN
	IF (SELECT count(DISTINCT e) FROM unnest(engines) e) > 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'MA410', MESSAGE = 'the pages are of different engine levels',
			DETAIL = format('Levels %s. A level decides amounts: a page settles under the level it was published with.',
				(SELECT string_agg(DISTINCT e::text, ', ') FROM unnest(engines) e)),
			HINT = 'Ask for a shorter period or fewer regions, and settle the bills apart.';
	END IF;
	RETURN jsonb_build_object('format', 1, 'engine', engines[1], 'pages', pages)::text::json::assistance.terms;
END
$$;
COMMENT ON FUNCTION assistance.book_of(jsonb, jsonb[]) IS 'The book of these pages. MA410: they were published under different engine levels.';

-- The pages of policy_pages as documents, with the engine levels of their versions.
CREATE FUNCTION assistance.policy_documents(regions text[], scheme text, known_at timestamptz, draft bigint DEFAULT NULL)
	RETURNS TABLE (region text, scheme text, valid daterange, admitted daterange, versions bigint[], engines jsonb[], page jsonb, missing text[])
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 COST 200000
	BEGIN ATOMIC
		SELECT p.region, p.scheme, p.valid, p.admitted, p.stars || p.layers,
			   (SELECT array_agg(DISTINCT (v.document -> 'engine')::text::jsonb) FROM assistance.policy v WHERE v.id = ANY (p.stars || p.layers)),
			   CASE WHEN p.missing IS NULL THEN assistance.assemble_page(p.stars, p.layers, p.valid, p.admitted) END, p.missing
		  FROM assistance.policy_pages(regions, policy_documents.scheme, known_at, draft) p;
	END;
COMMENT ON FUNCTION assistance.policy_documents(text[], text, timestamptz, bigint) IS 'Every page as policy_pages gives it, with its document (null where layers are missing) and its versions.';

-- ---- where there is no page ----

CREATE FUNCTION assistance.why_no_page(region text, scheme text, on_date date, known_at timestamptz, draft bigint DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 10000
	AS $$
DECLARE
	here text := region;
	walked text[] := '{}';
	above text;
	lacking record;
BEGIN
	LOOP
		SELECT f.inherits INTO above FROM assistance.policy_in_force(known_at, draft) f
		 WHERE f.region = here AND f.scheme = why_no_page.scheme AND f.layer = '*' AND f.valid @> on_date;
		IF NOT FOUND AND here = region THEN
			RETURN format('%s %s has no page on %s', region, scheme, on_date);
		ELSIF NOT FOUND THEN
			RETURN format('the page inherits from %s, which has no page of %s on %s', here, scheme, on_date);
		END IF;
		walked := walked || here;
		EXIT WHEN above IS NULL;
		IF above = ANY (walked) THEN
			RETURN format('the page inherits from itself: %s', array_to_string(walked || above, ' → '));
		END IF;
		here := above;
	END LOOP;
	SELECT p.missing, p.valid INTO lacking FROM assistance.policy_pages(ARRAY[region], scheme, known_at, draft) p
	 WHERE p.valid @> on_date AND p.missing IS NOT NULL LIMIT 1;
	RETURN format('no version of layer %s from %s to %s', array_to_string(lacking.missing, ', '), lower(lacking.valid),
		COALESCE((upper(lacking.valid) - 1)::text, 'an open end'));
END
$$;
COMMENT ON FUNCTION assistance.why_no_page(text, text, date, timestamptz, bigint) IS 'In words: why a region and scheme have no page on a day: no version of its own, none above, a circle, or a layer of the chain that is missing.';

CREATE FUNCTION assistance.refuse_date(region text, scheme text, on_date date, known_at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 10000
	AS $$
DECLARE
	covered datemultirange;
	before date;
	after date;
BEGIN
	SELECT range_agg(p.valid) INTO covered
	  FROM assistance.policy_pages(ARRAY[region], scheme, known_at) p WHERE p.missing IS NULL;
	SELECT max(upper(r) - 1) FILTER (WHERE upper(r) <= on_date), min(lower(r)) FILTER (WHERE lower(r) > on_date)
	  INTO before, after FROM unnest(covered) r;
	RAISE EXCEPTION USING ERRCODE = 'MA401', MESSAGE = 'no policy is in force',
		DETAIL = format('%s; last day covered before: %s, first day after: %s.', assistance.why_no_page(region, scheme, on_date, known_at),
			COALESCE(before::text, 'none'), COALESCE(after::text, 'none')),
		HINT = format('SELECT * FROM assistance.timeline(%L, %L) shows the versions and when they were known.', region, scheme);
END
$$;
COMMENT ON FUNCTION assistance.refuse_date(text, text, date, timestamptz) IS 'Raises MA401: no policy is in force on this day; names the gap.';

CREATE FUNCTION assistance.refuse_null(argument text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 10
	AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'MA301', MESSAGE = format('%s must not be null', argument);
END
$$;
COMMENT ON FUNCTION assistance.refuse_null(text) IS 'Raises MA301: an argument that must not be null is.';

-- ---- terms ----

CREATE FUNCTION assistance.terms_at(region text, scheme text, on_date date, known_at timestamptz DEFAULT 'infinity') RETURNS assistance.terms
	LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 200000
	AS $$
DECLARE
	pages jsonb;
	engines jsonb[];
BEGIN
	IF num_nulls(region, scheme, on_date, known_at) > 0 THEN
		PERFORM assistance.refuse_null('region, scheme, on_date or known_at');
	END IF;
	SELECT jsonb_agg(p.page ORDER BY lower(p.valid), lower(p.admitted) NULLS FIRST), array_agg(e.engine)
	  INTO pages, engines
	  FROM assistance.policy_documents(ARRAY[region], scheme, known_at) p CROSS JOIN LATERAL unnest(p.engines) e(engine)
	 WHERE p.valid @> on_date AND p.missing IS NULL;
	IF pages IS NULL THEN
		PERFORM assistance.refuse_date(region, scheme, on_date, known_at);
	END IF;
	RETURN assistance.book_of(pages, engines);
END
$$;
COMMENT ON FUNCTION assistance.terms_at(text, text, date, timestamptz) IS 'The terms in force on a day, as known at a moment (default: all that this query can see): one page with the longest run of days with the same versions; where a transitional rule holds, one page for each range of admissions. MA401: none; the detail names the gap.';

CREATE FUNCTION assistance.terms_book(regions text[], period daterange, known_at timestamptz DEFAULT 'infinity', schemes text[] DEFAULT NULL,
	draft bigint DEFAULT NULL) RETURNS assistance.terms
	LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 1000000
	AS $$
DECLARE
	pages jsonb;
	engines jsonb[];
	versions bigint[];
	drafted bigint[] := ARRAY(SELECT p.id FROM assistance.policy p WHERE p.draft = terms_book.draft AND p.state = 'draft');
BEGIN
	IF num_nulls(period, known_at) > 0 THEN
		PERFORM assistance.refuse_null('period or known_at');
	END IF;
	IF terms_book.draft IS NOT NULL AND drafted = '{}' THEN
		PERFORM assistance.refuse_draft(terms_book.draft);
	END IF;
	SELECT jsonb_agg(p.page ORDER BY p.region COLLATE "C", p.scheme COLLATE "C", lower(p.valid), lower(p.admitted) NULLS FIRST),
		   array_agg(e.engine), array_agg(v.version) FILTER (WHERE v.version = ANY (drafted))
	  INTO pages, engines, versions
	  FROM assistance.policy_documents(regions, CASE WHEN cardinality(schemes) = 1 THEN schemes[1] END, known_at, terms_book.draft) p
	 CROSS JOIN LATERAL unnest(p.engines) e(engine)
	 CROSS JOIN LATERAL (SELECT max(d.version) AS version FROM unnest(p.versions) d(version) WHERE d.version = ANY (drafted)) v
	 WHERE p.valid && period AND p.missing IS NULL AND (schemes IS NULL OR p.scheme = ANY (schemes));
	IF pages IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA401', MESSAGE = 'no policy is in force',
			DETAIL = format('Regions %s, schemes %s have no page in %s.', COALESCE(array_to_string(regions, ', '), '(all)'),
				COALESCE(array_to_string(schemes, ', '), '(all)'), period),
			HINT = 'SELECT region, scheme, valid FROM assistance.policy shows what there is.';
	END IF;
	IF terms_book.draft IS NOT NULL AND versions IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA401', MESSAGE = 'the draft is not part of these terms',
			DETAIL = format('No version of draft %s holds in a page of regions %s, schemes %s in %s.', terms_book.draft,
				COALESCE(array_to_string(regions, ', '), '(all)'), COALESCE(array_to_string(schemes, ', '), '(all)'), period),
			HINT = format('SELECT * FROM assistance.check_policy(%s) says why a page would not hold; else ask for the regions, schemes and days of the draft.',
				terms_book.draft);
	END IF;
	RETURN assistance.book_of(pages, engines);
END
$$;
COMMENT ON FUNCTION assistance.terms_book(text[], daterange, timestamptz, text[], bigint) IS 'One book of every page of these regions and schemes (null: all) that holds on a day of the period, as known at a moment (default: all that this query can see). Days without a page are left out: the fold refuses their bills (MA110). A book holds at most 256 pages and 256 kB (MA013, MA002). draft: as they would be with this draft published, for simulate: one that amends a layer stands in whole pages, regions that inherit follow. MA401: no page at all, or the draft is in none; MA402: no such draft.';

-- ---- where it comes from ----

CREATE FUNCTION assistance.timeline(region text, scheme text)
	RETURNS TABLE (version bigint, of_region text, layer text, document_no text, title text, valid daterange, recorded tstzrange, state text,
				   publication bigint, reason text, closed_by bigint, piece_of bigint, draft bigint, published_by text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 50 COST 1000
	BEGIN ATOMIC
		WITH RECURSIVE reach (region, distance) AS (
			SELECT timeline.region, 0
			UNION
			SELECT p.inherits, r.distance + 1 FROM reach r
			  JOIN assistance.policy p ON p.region = r.region AND p.scheme = timeline.scheme AND p.layer = '*'
			 WHERE p.inherits IS NOT NULL AND r.distance < 16
		)
		SELECT p.id, p.region, p.layer, p.document_no, p.title, p.valid, p.recorded, p.state, p.publication, a.reason, p.closed_by, p.piece_of,
			   p.draft, p.published_by
		  FROM (SELECT r.region, min(r.distance) AS distance FROM reach r GROUP BY r.region) r
		  JOIN assistance.policy p ON p.region = r.region AND p.scheme = timeline.scheme
		  LEFT JOIN assistance.policy_publication a ON a.id = p.publication
		 ORDER BY r.distance, p.layer <> '*', p.layer, lower(p.recorded) NULLS LAST, lower(p.valid), p.id;
	END;
COMMENT ON FUNCTION assistance.timeline(text, text) IS 'Every version of a region''s page and of the pages it has inherited from: days on which it holds, moments at which it was known, the act that published it and the one that ended it. Drafts have no recorded.';

CREATE FUNCTION assistance.terms_origin(region text, scheme text, on_date date, known_at timestamptz DEFAULT 'infinity')
	RETURNS TABLE (admitted daterange, layer text, path text, value json, of_region text, version bigint, document_no text, article text, quote text, mark text)
	LANGUAGE plpgsql STABLE ROWS 500 SET search_path = pg_catalog, pg_temp COST 500000
	AS $$
#variable_conflict use_column
BEGIN
	IF num_nulls(terms_origin.region, terms_origin.scheme, terms_origin.on_date, terms_origin.known_at) > 0 THEN
		PERFORM assistance.refuse_null('region, scheme, on_date or known_at');
	END IF;
	RETURN QUERY
	WITH page AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY lower(p.admitted) NULLS FIRST) AS number, p.admitted, p.versions, p.page
		  FROM assistance.policy_documents(ARRAY[terms_origin.region], terms_origin.scheme, terms_origin.known_at) p
		 WHERE p.valid @> terms_origin.on_date AND p.missing IS NULL
	), part AS (
		SELECT DISTINCT ON (g.number, v.path) g.number, v.path, p.id, p.region, v.source_document, v.article, v.quote, v.mark
		  FROM page g
		 CROSS JOIN LATERAL unnest(g.versions) WITH ORDINALITY s(id, place)
		  JOIN assistance.policy p ON p.id = s.id
		  JOIN LATERAL (SELECT min(o.place) AS distance FROM unnest(g.versions) WITH ORDINALITY o(id, place)
						  JOIN assistance.policy q ON q.id = o.id WHERE q.region = p.region) d ON true
		 CROSS JOIN LATERAL assistance.json_values(p.document) v
		 WHERE v.path NOT IN ('region', 'scheme', 'from', 'to')
		 ORDER BY g.number, v.path, d.distance, p.layer = '*', s.place
	)
	-- a layer that comes from above has its citation in the page; other values have that of the page they come from
	SELECT g.admitted, v.layer, v.path, v.value, t.region, t.id,
		   CASE WHEN v.layer IS NULL THEN t.source_document ELSE v.source_document END, CASE WHEN v.layer IS NULL THEN t.article ELSE v.article END,
		   CASE WHEN v.layer IS NULL THEN t.quote ELSE v.quote END, CASE WHEN v.layer IS NULL THEN t.mark ELSE v.mark END
	  FROM page g
	 CROSS JOIN LATERAL assistance.json_values(assistance.canonical_json(g.page::text::json)) v
	  LEFT JOIN part t ON (t.number, t.path) = (g.number, v.path)
	 ORDER BY g.number, v.place;
	IF NOT FOUND THEN
		PERFORM assistance.refuse_date(region, scheme, on_date, known_at);
	END IF;
END
$$;
COMMENT ON FUNCTION assistance.terms_origin(text, text, date, timestamptz) IS 'Every value of the page in force on a day, with its citation, the region that it comes from and the version that says it. With a transitional rule once for each range of admissions. MA401: no page.';
