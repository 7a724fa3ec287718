-- document: how a book becomes versions and versions a book again; values of a draft by path.

CREATE FUNCTION assistance.canonical_json(document json) RETURNS json
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'assistance_canonical_json';
COMMENT ON FUNCTION assistance.canonical_json(json) IS 'The canonical form of a JSON document: keys in byte order, no white space, no superfluous zeros or escapes. Read strictly: errors MA001 to MA003, a duplicate key among them.';

-- ---- reading a book ----

CREATE FUNCTION assistance.refuse_document(code text, path text, seen text, expected text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10
	AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = code,
		MESSAGE = CASE code
			WHEN 'MA004' THEN 'unknown key in the document'
			WHEN 'MA005' THEN 'a required key is missing in the document'
			WHEN 'MA006' THEN 'a value in the document has the wrong type'
			WHEN 'MA007' THEN 'a value in the document is out of range'
			WHEN 'MA009' THEN 'duplicate or overlapping entries in the document'
			WHEN 'MA011' THEN 'parts of the document contradict each other' END,
		DETAIL = format('%s: found %s.', path, seen),
		HINT = format('Expected %s.', expected);
END
$$;
COMMENT ON FUNCTION assistance.refuse_document(text, text, text, text) IS 'Raises a fault of a document with its path, what was found and what was expected.';

-- Keys that an object may have, each with the type that its value must have; a key that ends in ! is required.
CREATE FUNCTION assistance.check_keys(value jsonb, path text, keys jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 200
	AS $$
DECLARE
	member record;
	wanted text;
BEGIN
	IF jsonb_typeof(value) IS DISTINCT FROM 'object' THEN
		PERFORM assistance.refuse_document('MA006', path, COALESCE(jsonb_typeof(value), 'nothing'), 'an object');
	END IF;
	FOR member IN SELECT * FROM jsonb_each(value) LOOP
		wanted := COALESCE(keys ->> member.key, keys ->> (member.key || '!'));
		IF wanted IS NULL THEN
			PERFORM assistance.refuse_document('MA004', path || '.' || member.key, format('the key %s', to_json(member.key)),
				'one of the keys ' || (SELECT string_agg(rtrim(key, '!'), ', ') FROM jsonb_object_keys(keys) key));
		ELSIF wanted = 'date' THEN
			PERFORM assistance.day_of(member.value, path || '.' || member.key);
		ELSIF wanted = 'code' THEN
			IF jsonb_typeof(member.value) <> 'string' OR octet_length(member.value #>> '{}') NOT BETWEEN 1 AND 31 THEN
				PERFORM assistance.refuse_document('MA007', path || '.' || member.key, member.value::text, 'a code of 1 to 31 bytes');
			END IF;
		ELSIF jsonb_typeof(member.value) <> wanted THEN
			PERFORM assistance.refuse_document('MA006', path || '.' || member.key, jsonb_typeof(member.value), wanted);
		END IF;
	END LOOP;
	FOR member IN SELECT rtrim(key, '!') AS key FROM jsonb_object_keys(keys) key WHERE key LIKE '%!' LOOP
		IF NOT value ? member.key THEN
			PERFORM assistance.refuse_document('MA005', path, 'no such key', format('the key %s', to_json(member.key)));
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION assistance.check_keys(jsonb, text, jsonb) IS 'Refuses unknown keys (MA004), missing ones (MA005) and values of another type (MA006, MA007).';

CREATE FUNCTION assistance.day_of(value jsonb, path text) RETURNS date
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 20
	AS $$
BEGIN
	IF jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
		RETURN (value #>> '{}')::date;
	END IF;
	PERFORM assistance.refuse_document('MA006', path, value::text, 'a date "YYYY-MM-DD"');
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
	PERFORM assistance.refuse_document('MA007', path, value::text, 'a date that exists');
END
$$;
COMMENT ON FUNCTION assistance.day_of(jsonb, text) IS 'The day that a document writes as "YYYY-MM-DD" (MA006, MA007).';

-- Is the page such that it can be taken apart? What its rules say is the compiler's affair.
CREATE FUNCTION assistance.check_page_shape(page jsonb, path text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	forbidden text;
	layer jsonb;
	names text[] := '{}';
	entry record;
BEGIN
	PERFORM assistance.check_keys(page, path, '{"title": "string", "region!": "code", "scheme!": "code", "from!": "date", "to": "date",
		"order_by": "string", "period_date": "string", "sources": "object", "codes": "object", "parts": "object", "counters": "object",
		"counts": "object", "fixed_prices": "array", "ceilings": "array", "layers!": "array", "cite": "object", "exceptions": "array",
		"inherits": "code", "chain": "array", "amends": "boolean", "transition": "object"}');
	IF page ->> 'to' < page ->> 'from' THEN
		PERFORM assistance.refuse_document('MA007', path || '.to', page ->> 'to', 'a last day that is not before the first');
	END IF;
	IF page ? 'transition' THEN
		PERFORM assistance.check_keys(page -> 'transition', path || '.transition', '{"admitted_from!": "date", "cite": "object"}');
	END IF;
	IF page -> 'amends' = 'false' THEN
		PERFORM assistance.refuse_document('MA007', path || '.amends', 'false', 'true, or no key "amends"');
	END IF;
	SELECT key INTO forbidden FROM unnest(ARRAY['inherits', 'chain', 'order_by', 'period_date', 'fixed_prices', 'ceilings']) key
	 WHERE page ? 'amends' AND page ? key OR key = 'chain' AND page ? key AND NOT page ? 'inherits' LIMIT 1;
	IF forbidden IS NOT NULL THEN
		PERFORM assistance.refuse_document('MA011', path || '.' || forbidden, format('the key %s', to_json(forbidden)),
			CASE WHEN page ? 'amends' THEN 'a page without it: one that amends changes layers only' ELSE '"inherits" beside it' END);
	END IF;
	FOR entry IN SELECT a.key, a.value FROM jsonb_each(page -> 'codes') a WHERE jsonb_typeof(a.value) <> 'object' LOOP
		PERFORM assistance.refuse_document('MA006', path || '.codes.' || entry.key, jsonb_typeof(entry.value), 'an object');
	END LOOP;
	IF page -> 'chain' = '[]' THEN
		PERFORM assistance.refuse_document('MA005', path || '.chain', 'no layer', 'the names of all layers in order, or no key "chain": then the chain inherited holds');
	END IF;
	FOR entry IN SELECT c.value, c.ordinality - 1 AS i FROM jsonb_array_elements(page -> 'chain') WITH ORDINALITY c LOOP
		IF jsonb_typeof(entry.value) <> 'string' THEN
			PERFORM assistance.refuse_document('MA006', format('%s.chain[%s]', path, entry.i), jsonb_typeof(entry.value), 'the name of a layer');
		ELSIF entry.value #>> '{}' = ANY (names) THEN
			PERFORM assistance.refuse_document('MA009', format('%s.chain[%s]', path, entry.i), entry.value #>> '{}', 'each name once');
		END IF;
		names := names || (entry.value #>> '{}');
	END LOOP;
	names := '{}';
	FOR entry IN SELECT l.value, l.ordinality - 1 AS i FROM jsonb_array_elements(page -> 'layers') WITH ORDINALITY l LOOP
		layer := entry.value;
		IF jsonb_typeof(layer) <> 'object' OR jsonb_typeof(layer -> 'name') IS DISTINCT FROM 'string'
			OR octet_length(layer ->> 'name') NOT BETWEEN 1 AND 31 OR layer ->> 'name' = '*' THEN
			PERFORM assistance.refuse_document('MA006', format('%s.layers[%s]', path, entry.i), left(layer::text, 60),
				'a layer with a name of 1 to 31 bytes, not *');
		ELSIF layer ->> 'name' = ANY (names) THEN
			PERFORM assistance.refuse_document('MA009', format('%s.layers[%s].name', path, entry.i), layer ->> 'name', 'each name once');
		END IF;
		names := names || (layer ->> 'name');
	END LOOP;
	IF names = '{}' AND NOT page ? 'inherits' THEN
		PERFORM assistance.refuse_document('MA005', path || '.layers', 'no layer', 'at least one layer, or "inherits"');
	END IF;
END
$$;
COMMENT ON FUNCTION assistance.check_page_shape(jsonb, text) IS 'Refuses a page that cannot be taken apart into versions (MA004 to MA011). Rules are checked by check_policy.';

-- 文号 of the source that an object cites, else of the first source in byte order.
CREATE FUNCTION assistance.document_no(page jsonb, cite jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 20
	BEGIN ATOMIC
		SELECT s.value ->> 'document'
		  FROM jsonb_each(CASE WHEN jsonb_typeof(page -> 'sources') = 'object' THEN page -> 'sources' END) s
		 ORDER BY s.key = COALESCE(cite ->> 'source', page #>> '{cite,source}') DESC NULLS LAST, s.key COLLATE "C"
		 LIMIT 1;
	END;
COMMENT ON FUNCTION assistance.document_no(jsonb, jsonb) IS '文号 of the source that is cited, of the page''s citation, or of the first source in byte order.';

CREATE FUNCTION assistance.split_document(document json)
	RETURNS TABLE (page integer, place integer, region text, scheme text, layer text, document_no text, title text, valid daterange,
				   inherits text, transition date, version json)
	LANGUAGE plpgsql STABLE STRICT ROWS 20 SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 10000
	AS $$
DECLARE
	book jsonb := assistance.canonical_json(document);
	head jsonb;
	entry record;
	doc jsonb;
	shared jsonb;
BEGIN
	PERFORM assistance.check_keys(book, '$', '{"format!": "number", "engine!": "number", "pages!": "array"}');
	head := book - 'pages';
	IF book -> 'pages' = '[]' THEN
		PERFORM assistance.refuse_document('MA005', '$.pages', 'no page', 'at least one page');
	END IF;
	FOR entry IN SELECT p.value, (p.ordinality - 1)::integer AS i FROM jsonb_array_elements(book -> 'pages') WITH ORDINALITY p LOOP
		doc := entry.value;
		PERFORM assistance.check_page_shape(doc, format('$.pages[%s]', entry.i));
		page := entry.i;
		place := 0;
		region := doc ->> 'region';
		scheme := doc ->> 'scheme';
		layer := '*';
		document_no := assistance.document_no(doc, NULL);
		title := doc ->> 'title';
		valid := daterange((doc ->> 'from')::date, (doc ->> 'to')::date, '[]');
		inherits := doc ->> 'inherits';
		transition := doc #>> '{transition,admitted_from}';
		IF doc ? 'amends' THEN
			shared := head || doc;
		ELSE
			version := assistance.canonical_json((head || doc || jsonb_build_object('layers',
				(SELECT COALESCE(jsonb_agg(l.value -> 'name' ORDER BY l.ordinality), '[]')
				   FROM jsonb_array_elements(doc -> 'layers') WITH ORDINALITY l)))::text::json);
			RETURN NEXT;
			shared := head || (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(doc) e
								WHERE e.key IN ('region', 'scheme', 'from', 'to', 'cite', 'transition'));
		END IF;
		inherits := NULL;
		FOR entry IN SELECT l.value, l.ordinality FROM jsonb_array_elements(doc -> 'layers') WITH ORDINALITY l LOOP
			place := entry.ordinality;
			layer := entry.value ->> 'name';
			document_no := assistance.document_no(doc, entry.value -> 'cite');
			version := assistance.canonical_json((shared || jsonb_build_object('layers', jsonb_build_array(entry.value)))::text::json);
			RETURN NEXT;
		END LOOP;
	END LOOP;
END
$$;
COMMENT ON FUNCTION assistance.split_document(json) IS 'The versions that a book is made of: one of each page (layer *) unless the page amends, one of each layer. Reads strictly: MA001 to MA011.';

-- ---- drafts ----

CREATE FUNCTION assistance.import_policy(document json) RETURNS bigint
	LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp COST 20000
	AS $$
DECLARE
	new_draft bigint := nextval('assistance.policy_draft');
BEGIN
	INSERT INTO assistance.policy (draft, page, place, region, scheme, layer, document_no, title, valid, inherits, transition, document, digest)
	SELECT new_draft, v.page, v.place, v.region, v.scheme, v.layer, v.document_no, v.title, v.valid, v.inherits, v.transition,
		   v.version, sha256(convert_to(v.version::text, 'UTF8'))
	  FROM assistance.split_document(document) v
	 ORDER BY v.page, v.place;
	RETURN new_draft;
END
$$;
COMMENT ON FUNCTION assistance.import_policy(json) IS 'Imports a book as a draft and returns its number. Duplicate and unknown keys of books and pages are refused (MA001 to MA011); what the rules say is checked by check_policy.';

CREATE FUNCTION assistance.export_policy(draft bigint) RETURNS json
	LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp COST 5000
	AS $$
DECLARE
	book jsonb;
BEGIN
	WITH version AS MATERIALIZED (
		SELECT p.page, p.place, p.document::jsonb AS document
		  FROM assistance.policy p WHERE p.draft = export_policy.draft AND p.piece_of IS NULL
	), page AS (
		SELECT v.page, (array_agg(v.document ORDER BY v.place))[1] AS document,
			   COALESCE(jsonb_agg(v.document #> '{layers,0}' ORDER BY v.place) FILTER (WHERE v.place > 0), '[]') AS layers
		  FROM version v GROUP BY v.page
	)
	SELECT jsonb_build_object('format', (array_agg(p.document -> 'format'))[1], 'engine', (array_agg(p.document -> 'engine'))[1],
							  'pages', jsonb_agg(p.document - 'format' - 'engine' || jsonb_build_object('layers', p.layers) ORDER BY p.page))
	  INTO book FROM page p;
	IF book -> 'pages' = 'null' OR book -> 'pages' IS NULL THEN
		PERFORM assistance.refuse_draft(draft);
	END IF;
	RETURN assistance.canonical_json(book::text::json);
END
$$;
COMMENT ON FUNCTION assistance.export_policy(bigint) IS 'The document of a draft, canonical: byte for byte what was imported, with what set_value and record_exception changed. Once published, with the amounts that follow statistics filled in. MA402: no such draft.';

CREATE FUNCTION assistance.refuse_draft(draft bigint) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 10
	AS $$
DECLARE
	act assistance.policy_publication;
BEGIN
	SELECT p.* INTO act FROM assistance.policy_publication p WHERE p.draft = refuse_draft.draft;
	RAISE EXCEPTION USING ERRCODE = 'MA402',
		MESSAGE = format(CASE WHEN act.id IS NULL THEN 'there is no draft %s' ELSE 'draft %s has been published' END, draft),
		DETAIL = CASE WHEN act.id IS NULL THEN 'It was never imported, or was dropped.'
					  ELSE format('Published by %s at %s (publication %s).', act.published_by, act.at, act.id) END,
		HINT = CASE WHEN act.id IS NULL THEN 'Import the document: SELECT assistance.import_policy(…).'
					ELSE format('Import what is to change anew, for instance from assistance.export_policy(%s).', draft) END;
END
$$;
COMMENT ON FUNCTION assistance.refuse_draft(bigint) IS 'Raises MA402: no such draft, or one that has been published.';

-- Versions of a draft, locked: who changes it, drops it or publishes it waits for the other. STABLE functions after it see what it saw.
CREATE FUNCTION assistance.lock_draft(draft bigint) RETURNS bigint[]
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	versions bigint[];
BEGIN
	SELECT array_agg(v.id) INTO versions
	  FROM (SELECT p.id FROM assistance.policy p WHERE p.draft = lock_draft.draft AND p.state = 'draft' ORDER BY p.id FOR UPDATE) v;
	IF versions IS NULL THEN
		PERFORM assistance.refuse_draft(draft);
	END IF;
	RETURN versions;
END
$$;
COMMENT ON FUNCTION assistance.lock_draft(bigint) IS 'Locks the versions of a draft until the transaction ends and returns their numbers. MA402: there is none, or it has been published.';

CREATE FUNCTION assistance.drop_draft(draft bigint) RETURNS void
	LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
BEGIN
	PERFORM assistance.lock_draft(draft);
	DELETE FROM assistance.policy p WHERE p.draft = drop_draft.draft AND p.state = 'draft';
END
$$;
COMMENT ON FUNCTION assistance.drop_draft(bigint) IS 'Forgets a draft. MA402: there is none, or it has been published.';

-- Make the rows of a draft those of a document; versions that stay the same keep their numbers.
CREATE FUNCTION assistance.store_draft(draft bigint, document json) RETURNS void
	LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp COST 20000
	AS $$
BEGIN
	DELETE FROM assistance.policy p
	 WHERE p.draft = store_draft.draft AND p.state = 'draft'
	   AND NOT EXISTS (SELECT FROM assistance.split_document(store_draft.document) v WHERE (v.page, v.layer) = (p.page, p.layer));
	UPDATE assistance.policy p
	   SET place = v.place, region = v.region, scheme = v.scheme, document_no = v.document_no, title = v.title, valid = v.valid,
		   inherits = v.inherits, transition = v.transition, document = v.version,
		   digest = sha256(convert_to(v.version::text, 'UTF8')), drafted_at = clock_timestamp()
	  FROM assistance.split_document(store_draft.document) v
	 WHERE p.draft = store_draft.draft AND p.state = 'draft' AND (v.page, v.layer) = (p.page, p.layer)
	   AND (v.place <> p.place OR v.version::text <> p.document::text);
	INSERT INTO assistance.policy (draft, page, place, region, scheme, layer, document_no, title, valid, inherits, transition, document, digest)
	SELECT store_draft.draft, v.page, v.place, v.region, v.scheme, v.layer, v.document_no, v.title, v.valid, v.inherits, v.transition,
		   v.version, sha256(convert_to(v.version::text, 'UTF8'))
	  FROM assistance.split_document(store_draft.document) v
	 WHERE NOT EXISTS (SELECT FROM assistance.policy p WHERE p.draft = store_draft.draft AND (v.page, v.layer) = (p.page, p.layer))
	 ORDER BY v.page, v.place;
END
$$;
COMMENT ON FUNCTION assistance.store_draft(bigint, json) IS 'Makes the versions of a draft those of a document.';

-- ---- paths ----

-- Steps of a path: names and, in brackets, indexes; a name may stand in double quotes.
CREATE FUNCTION assistance.path_steps(path text) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 100
	AS $$
DECLARE
	rest text := path;
	step text[];
	steps text[] := '{}';
BEGIN
	LOOP
		step := regexp_match(rest, '^(?:("(?:[^"]|"")*")|\[([0-9]{1,6})\]|([^].["]+))(\.(?=.)|(?=\[)|$)(.*)$');
		IF step IS NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'MA408', MESSAGE = 'the path cannot be read',
				DETAIL = format('%s: stopped at %s.', path, rest),
				HINT = 'Write names with dots between them and indexes in brackets: layers.大病保险.rules.分段累计.bands[1].ratio. A name with a dot or a bracket stands in double quotes.';
		END IF;
		steps := steps || COALESCE(replace(substr(step[1], 2, length(step[1]) - 2), '""', '"'), '[' || step[2], step[3]);
		rest := step[5];
		EXIT WHEN rest = '';
	END LOOP;
	RETURN steps;
END
$$;
COMMENT ON FUNCTION assistance.path_steps(text) IS 'The steps of a path; an index comes as [ and its digits. MA408: it cannot be read.';

-- The path as jsonb_set wants it. All but the last step must exist.
CREATE FUNCTION assistance.resolve_path(document jsonb, path text) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 200
	AS $$
DECLARE
	steps text[] := assistance.path_steps(path);
	found text[] := '{}';
	here jsonb := document;
	step text;
	key text;
BEGIN
	IF steps[1] <> 'pages' AND jsonb_array_length(document -> 'pages') = 1 THEN
		found := '{pages,0}';
		here := document #> found;
	END IF;
	FOR i IN 1 .. cardinality(steps) LOOP
		step := steps[i];
		key := NULL;
		IF jsonb_typeof(here) = 'array' AND left(step, 1) = '[' THEN
			key := substr(step, 2)::integer::text;
		ELSIF jsonb_typeof(here) = 'array' THEN
			SELECT (e.ordinality - 1)::text INTO key FROM jsonb_array_elements(here) WITH ORDINALITY e WHERE e.value ->> 'name' = step LIMIT 1;
		ELSIF jsonb_typeof(here) = 'object' THEN
			key := step;
		END IF;
		here := here -> key;
		IF jsonb_typeof(document #> found) = 'array' AND key IS NOT NULL THEN
			here := document #> (found || key);
		END IF;
		IF key IS NULL OR here IS NULL AND i < cardinality(steps) THEN
			RAISE EXCEPTION USING ERRCODE = 'MA408', MESSAGE = 'the path leads nowhere',
				DETAIL = format('%s: there is no %s in it.', path, ltrim(step, '[')),
				HINT = CASE WHEN found = '{}' AND jsonb_array_length(document -> 'pages') > 1
					THEN 'The draft has several pages: begin with pages[0]., pages[1]. …'
					ELSE 'SELECT path, value FROM assistance.json_values(assistance.export_policy(…)) lists the paths.' END;
		END IF;
		found := found || key;
	END LOOP;
	RETURN found;
END
$$;
COMMENT ON FUNCTION assistance.resolve_path(jsonb, text) IS 'Where a path leads in a book, for jsonb_set. MA408: nowhere.';

CREATE FUNCTION assistance.set_value(draft bigint, path text, value json, cite json DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 20000
	AS $$
DECLARE
	book jsonb;
	place text[];
BEGIN
	IF num_nulls(draft, path) > 0 THEN
		PERFORM assistance.refuse_null('draft or path');
	END IF;
	PERFORM assistance.lock_draft(draft);
	book := assistance.export_policy(draft);
	place := assistance.resolve_path(book, path);
	IF value IS NULL THEN
		book := book #- place;
	ELSE
		book := jsonb_set(book, place, assistance.canonical_json(value)::jsonb);
	END IF;
	IF cite IS NOT NULL THEN
		LOOP
			place := trim_array(place, 1);
			EXIT WHEN jsonb_typeof(book #> place) = 'object';
		END LOOP;
		book := jsonb_set(book, place || 'cite'::text, assistance.canonical_json(cite)::jsonb);
	END IF;
	PERFORM assistance.store_draft(draft, book::text::json);
END
$$;
COMMENT ON FUNCTION assistance.set_value(bigint, text, json, json) IS 'Sets one value of a draft, at a path such as layers.医疗救助.rules.低保住院.ratio; a null value removes it. A citation is put into the object that holds the value. MA402, MA408.';

CREATE FUNCTION assistance.record_exception(draft bigint, finding text, layer text, who text, why text, article text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 20000
	AS $$
DECLARE
	book jsonb;
	note jsonb := jsonb_strip_nulls(jsonb_build_object('finding', finding, 'layer', layer, 'who', who, 'why', why, 'article', article));
	page integer;
BEGIN
	IF num_nulls(NULLIF(btrim(finding), ''), NULLIF(btrim(who), ''), NULLIF(btrim(why), ''), NULLIF(btrim(article), '')) > 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'MA301', MESSAGE = 'an exception says what, who, why and under which article',
			HINT = 'SELECT assistance.record_exception(draft, finding, layer, who, why, article); only the layer may be null.';
	END IF;
	PERFORM assistance.lock_draft(draft);
	book := assistance.export_policy(draft);
	FOR page IN 0 .. jsonb_array_length(book -> 'pages') - 1 LOOP
		book := jsonb_set(book, ARRAY['pages', page::text, 'exceptions'],
			COALESCE(book #> ARRAY['pages', page::text, 'exceptions'], '[]') || note);
	END LOOP;
	PERFORM assistance.store_draft(draft, book::text::json);
END
$$;
COMMENT ON FUNCTION assistance.record_exception(bigint, text, text, text, text, text) IS 'Records in every page of a draft that a legal finding (of a layer, or of any) is passed on purpose: who decided it, why, under which article. Arithmetic findings cannot be passed.';
