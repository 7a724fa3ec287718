-- publish: acts of publication. One at a time; what they replace is closed, never changed.

-- May this session publish what these people drafted?
CREATE FUNCTION assistance.may_publish(drafted_by text[]) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT session_user <> ALL (drafted_by) OR COALESCE((SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user), false);
	END;
COMMENT ON FUNCTION assistance.may_publish(text[]) IS 'The publisher is not one of the drafters. Superusers are let through: they are recorded as both.';

-- Numbers of acts have no gaps: a session that has not seen the last act, because its snapshot is older, meets its number here.
CREATE FUNCTION assistance.record_publication(act text, draft bigint, reason text, versions bigint[]) RETURNS assistance.policy_publication
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	last assistance.policy_publication;
	made assistance.policy_publication;
BEGIN
	SELECT p.* INTO last FROM assistance.policy_publication p ORDER BY p.id DESC LIMIT 1;
	INSERT INTO assistance.policy_publication (id, act, at, draft, reason, versions)
	VALUES (COALESCE(last.id, 0) + 1, act, greatest(clock_timestamp(), last.at + interval '1 microsecond'), draft, NULLIF(btrim(reason), ''),
		versions)
	RETURNING * INTO made;
	RETURN made;
EXCEPTION WHEN unique_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'another publication came in since this transaction began',
		HINT = 'Roll back, look at assistance.check_policy again and repeat the publication in a new transaction.';
END
$$;
COMMENT ON FUNCTION assistance.record_publication(text, bigint, text, bigint[]) IS 'Writes the row of an act with the versions that it will record. 40001: this transaction has not seen the last act.';

CREATE FUNCTION assistance.last_act(draft bigint) RETURNS bigint
	LANGUAGE sql STABLE PARALLEL SAFE COST 1000
	BEGIN ATOMIC
		SELECT max(greatest(p.publication, p.closed_by)) FROM assistance.policy p
		  JOIN assistance.policy d ON (d.region, d.scheme) = (p.region, p.scheme) AND (d.layer = p.layer OR '*' IN (d.layer, p.layer))
		 WHERE d.draft = last_act.draft;
	END;
COMMENT ON FUNCTION assistance.last_act(bigint) IS 'The last act that concerned a layer of a draft.';

CREATE FUNCTION assistance.notify_publication(act assistance.policy_publication, pages jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100
	AS $$
DECLARE
	message jsonb := jsonb_build_object('publication', act.id, 'act', act.act, 'draft', act.draft);
	whole jsonb := message || jsonb_build_object('pages', pages);
BEGIN
	PERFORM pg_notify('assistance_policy', CASE WHEN octet_length(whole::text) < 7900 THEN whole ELSE message END::text);
END
$$;
COMMENT ON FUNCTION assistance.notify_publication(assistance.policy_publication, jsonb) IS 'Sends the one notification of an act; the list of pages is left out when it is too long.';

-- Why publishing needs a reason; null: it does not.
CREATE FUNCTION assistance.reason_needed(draft bigint, on_day date) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE COST 10000
	BEGIN ATOMIC
		SELECT CASE
				 WHEN p.id IS NOT NULL THEN format('It corrects version %s (%s %s, layer %s, days %s).', p.id, p.region, p.scheme, p.layer, p.valid)
				 ELSE format('It begins on %s, before the day of publication.', lower(d.valid)) END
		  FROM assistance.policy d
		  LEFT JOIN assistance.policy p ON p.state = 'published' AND upper_inf(p.recorded)
			AND (p.region, p.scheme) = (d.region, d.scheme) AND d.layer IN (p.layer, '*') AND p.valid && d.valid
			AND NOT (upper_inf(p.valid) AND upper_inf(d.valid) AND lower(d.valid) > lower(p.valid))
		 WHERE d.draft = reason_needed.draft AND d.state = 'draft' AND (p.id IS NOT NULL OR lower(d.valid) < on_day)
		 ORDER BY p.id NULLS LAST LIMIT 1;
	END;
COMMENT ON FUNCTION assistance.reason_needed(bigint, date) IS 'Says what a draft corrects, or that it is backdated: both need a reason. Null: neither.';

CREATE FUNCTION assistance.publish_policy(draft bigint, reason text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 1000000
	AS $$
DECLARE
	seen bigint := assistance.last_act(draft);
	versions bigint[];
	drafters text[];
	why text;
	documents text;
	found record;
	taken record;
	act assistance.policy_publication;
BEGIN
	PERFORM pg_advisory_xact_lock('assistance.policy'::regclass::oid::integer, 1);
	-- what is checked is what is published: no drafter changes it in between
	versions := assistance.lock_draft(draft);
	SELECT array_agg(DISTINCT d.who) INTO drafters FROM assistance.policy p CROSS JOIN unnest(p.drafted_by) d(who) WHERE p.id = ANY (versions);
	IF assistance.last_act(draft) IS DISTINCT FROM seen THEN
		RAISE EXCEPTION USING ERRCODE = 'MA405', MESSAGE = 'another publication of these layers came in',
			DETAIL = format('Publication %s was made while this one was waiting.', assistance.last_act(draft)),
			HINT = format('SELECT * FROM assistance.check_policy(%s), then publish again.', draft);
	ELSIF NOT assistance.may_publish(drafters) THEN
		RAISE EXCEPTION USING ERRCODE = 'MA406', MESSAGE = 'who drafts does not publish',
			DETAIL = format('Draft %s was drafted by %s.', draft, array_to_string(drafters, ', ')),
			HINT = 'Have another member of assistance_publisher publish it.';
	END IF;
	why := assistance.reason_needed(draft, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date);
	IF why IS NOT NULL AND COALESCE(btrim(reason), '') = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'MA407', MESSAGE = 'this publication needs a reason', DETAIL = why,
			HINT = format('SELECT assistance.publish_policy(%s, ''…''). SELECT * FROM assistance.policy_touches(%s) lists whom it touches.', draft, draft);
	END IF;
	SELECT string_agg(assistance.version_document(p)::text, '' ORDER BY p.id) INTO documents FROM assistance.policy p WHERE p.id = ANY (versions);
	SELECT count(*) AS n, string_agg(format('%s %s %s%s: %s', c.finding, c.region, c.scheme, COALESCE(' ' || c.layer, ''), c.message), '; ')
		FILTER (WHERE c.number <= 5) AS list
	  INTO found
	  FROM (SELECT f.*, row_number() OVER () AS number FROM assistance.check_policy(draft) f
			 WHERE f.severity = 'arithmetic' OR f.severity = 'legal' AND f.excused_by IS NULL) c;
	IF found.n > 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'MA404', MESSAGE = format('%s findings stand against draft %s', found.n, draft), DETAIL = found.list,
			HINT = format('SELECT * FROM assistance.check_policy(%s) lists them. assistance.record_exception passes a legal one on purpose.', draft);
	END IF;
	SELECT t.* INTO taken FROM assistance.versions_taken(draft) t;
	act := assistance.record_publication('publish', draft, reason, versions || assistance.piece_ids(taken.pieces));
	PERFORM assistance.close_versions(taken.closed, taken.pieces, act);
	PERFORM assistance.publish_versions(act);
	IF EXISTS (SELECT FROM assistance.policy p WHERE p.draft = act.draft AND p.state = 'draft') THEN
		RAISE EXCEPTION USING ERRCODE = 'MA405', MESSAGE = 'the draft changed while it was published', DETAIL = format('Versions were added to draft %s.', draft),
			HINT = format('SELECT * FROM assistance.check_policy(%s), then publish again.', draft);
	ELSIF documents <> (SELECT string_agg(p.document::jsonb::text, '' ORDER BY p.id) FROM assistance.policy p WHERE p.id = ANY (versions)) THEN
		RAISE EXCEPTION USING ERRCODE = 'MA405', MESSAGE = 'a figure changed while the draft was published',
			DETAIL = format('Amounts of draft %s that follow assistance.statistic are not those that were checked.', draft),
			HINT = format('SELECT * FROM assistance.check_policy(%s), then publish again.', draft);
	END IF;
	PERFORM assistance.notify_publication(act, (
		SELECT jsonb_agg(DISTINCT jsonb_build_array(r.region, r.scheme)) FROM (
			SELECT p.region, p.scheme FROM assistance.policy p WHERE p.publication = act.id) r));
	RETURN act.id;
EXCEPTION WHEN exclusion_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'MA405', MESSAGE = 'another publication of these layers came in',
		DETAIL = SQLERRM, HINT = 'Roll back, check the draft again and publish it in a new transaction.';
END
$$;
COMMENT ON FUNCTION assistance.publish_policy(bigint, text) IS 'Publishes a draft and returns the number of the act. A correction and a backdated version need a reason (MA407). Errors: MA402 no such draft, MA404 findings, MA405 or 40001 another publication came in (MA405 also: a statistic changed meanwhile), MA406 the publisher is a drafter. Sends one NOTIFY assistance_policy.';

-- pieces: [[version, days, id of the piece], …], with ids of their own
CREATE FUNCTION assistance.number_pieces(pieces jsonb) RETURNS jsonb
	LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 100
	BEGIN ATOMIC
		SELECT COALESCE(jsonb_agg(e.piece || to_jsonb(nextval('assistance.policy_id')) ORDER BY e.ordinality), '[]')
		  FROM jsonb_array_elements(pieces) WITH ORDINALITY e(piece, ordinality);
	END;
COMMENT ON FUNCTION assistance.number_pieces(jsonb) IS 'Gives every piece of a version, [version, days], the id that its row will have.';

CREATE FUNCTION assistance.piece_ids(pieces jsonb) RETURNS bigint[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100
	BEGIN ATOMIC
		SELECT COALESCE(array_agg((e.piece ->> 2)::bigint), '{}') FROM jsonb_array_elements(pieces) e(piece);
	END;
COMMENT ON FUNCTION assistance.piece_ids(jsonb) IS 'The ids of numbered pieces.';

-- What publishing a draft closes, and what is left of that.
CREATE FUNCTION assistance.versions_taken(draft bigint, OUT closed bigint[], OUT pieces jsonb)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10000
	AS $$
BEGIN
	SELECT array_agg(p.id) INTO closed
	  FROM assistance.policy p
	 WHERE p.state = 'published' AND upper_inf(p.recorded)
	   AND EXISTS (SELECT FROM assistance.policy d
					WHERE d.draft = versions_taken.draft AND d.state = 'draft' AND (d.region, d.scheme) = (p.region, p.scheme)
					  AND d.layer IN (p.layer, '*') AND d.valid && p.valid);
	SELECT assistance.number_pieces(COALESCE(jsonb_agg(jsonb_build_array(f.version, f.valid) ORDER BY f.version, f.valid), '[]')) INTO pieces
	  FROM assistance.policy_in_force('infinity', draft) f WHERE f.version = ANY (closed);
END
$$;
COMMENT ON FUNCTION assistance.versions_taken(bigint) IS 'The published versions that a draft takes days of, and the pieces of them that stay in force, numbered.';

CREATE FUNCTION assistance.publish_versions(act assistance.policy_publication) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10000
	AS $$
BEGIN
	UPDATE assistance.policy p
	   SET state = 'published', recorded = tstzrange(act.at, NULL), publication = act.id, published_by = act.published_by, published_at = act.at,
		   document = r.document, digest = sha256(convert_to(r.document::text, 'UTF8'))
	  FROM (SELECT d.id, assistance.resolve_statistics(d.document, d.region, lower(d.valid)) AS document
			  FROM assistance.policy d WHERE d.draft = act.draft AND d.state = 'draft' AND d.id = ANY (act.versions)) r
	 WHERE p.id = r.id;
END
$$;
COMMENT ON FUNCTION assistance.publish_versions(assistance.policy_publication) IS 'Publishes the drafts that an act names.';

CREATE FUNCTION assistance.close_versions(closed bigint[], pieces jsonb, act assistance.policy_publication) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10000
	AS $$
BEGIN
	UPDATE assistance.policy p SET recorded = tstzrange(lower(p.recorded), act.at), closed_by = act.id WHERE p.id = ANY (closed);
	INSERT INTO assistance.policy (id, draft, page, place, region, scheme, layer, document_no, title, valid, recorded, state, inherits, transition,
		document, digest, piece_of, publication, drafted_by, drafted_at, published_by, published_at)
	SELECT (e.piece ->> 2)::bigint, p.draft, p.page, p.place, p.region, p.scheme, p.layer, p.document_no, p.title, (e.piece ->> 1)::daterange, tstzrange(act.at, NULL),
		   p.state, p.inherits, p.transition, p.document, p.digest, p.id, act.id, p.drafted_by, p.drafted_at, act.published_by, act.at
	  FROM jsonb_array_elements(pieces) e(piece) JOIN assistance.policy p ON p.id = (e.piece ->> 0)::bigint;
END
$$;
COMMENT ON FUNCTION assistance.close_versions(bigint[], jsonb, assistance.policy_publication) IS 'Ends what was known of these versions and records the days of them that stay in force as new rows; pieces: [[version, days, id], …].';

-- The days on which regions have a complete page, as {region: days}: compared before and after an act.
CREATE FUNCTION assistance.days_held(scheme text) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000
	BEGIN ATOMIC
		SELECT COALESCE(jsonb_object_agg(h.region, h.days), '{}')
		  FROM (SELECT p.region, range_agg(p.valid) AS days FROM assistance.policy_pages(NULL, days_held.scheme, 'infinity') p
				 WHERE p.missing IS NULL GROUP BY p.region) h;
	END;
COMMENT ON FUNCTION assistance.days_held(text) IS 'Days on which each region has a page of a scheme with all its layers, as text of a datemultirange.';

CREATE FUNCTION assistance.repeal_policy(region text, scheme text, layer text, from_day date, reason text) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' COST 100000
	AS $$
DECLARE
	closed bigint[];
	pieces jsonb;
	act assistance.policy_publication;
	held jsonb;
	bare record;
BEGIN
	IF num_nulls(region, scheme, from_day) > 0 THEN
		PERFORM assistance.refuse_null('region, scheme or from_day');
	ELSIF from_day = 'infinity' THEN
		RAISE EXCEPTION USING ERRCODE = 'MA409', MESSAGE = 'there is nothing to repeal', DETAIL = 'No day is later than infinity.',
			HINT = 'Name the first day on which the layer has no version any more.';
	ELSIF COALESCE(btrim(reason), '') = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'MA407', MESSAGE = 'this publication needs a reason', DETAIL = 'It repeals.',
			HINT = 'SELECT assistance.repeal_policy(region, scheme, layer, from_day, ''the document that repeals it'').';
	END IF;
	PERFORM pg_advisory_xact_lock('assistance.policy'::regclass::oid::integer, 1);
	SELECT array_agg(p.id), jsonb_agg(jsonb_build_array(p.id, p.valid * daterange(NULL, from_day))) FILTER (WHERE lower(p.valid) < from_day)
	  INTO closed, pieces
	  FROM assistance.policy p
	 WHERE p.state = 'published' AND upper_inf(p.recorded) AND (p.region, p.scheme) = (repeal_policy.region, repeal_policy.scheme)
	   AND (repeal_policy.layer IS NULL OR repeal_policy.layer = '*' OR p.layer = repeal_policy.layer)
	   AND p.valid && daterange(from_day, NULL);
	IF closed IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA409', MESSAGE = 'there is nothing to repeal',
			DETAIL = format('%s %s%s has no version from %s on.', region, scheme, COALESCE(', layer ' || layer, ''), from_day),
			HINT = format('SELECT * FROM assistance.timeline(%L, %L).', region, scheme);
	END IF;
	pieces := assistance.number_pieces(COALESCE(pieces, '[]'));
	held := assistance.days_held(scheme);
	act := assistance.record_publication('repeal', NULL, reason, assistance.piece_ids(pieces));
	PERFORM assistance.close_versions(closed, pieces, act);
	-- whom else it leaves without a page, and the region itself where only a layer was to go
	SELECT count(*) AS n, string_agg(format('%s from %s', l.region, lower(l.days)), ', ' ORDER BY l.region COLLATE "C") FILTER (WHERE l.number <= 10) AS list,
		   COALESCE(jsonb_agg(jsonb_build_array(l.region, repeal_policy.scheme)) FILTER (WHERE l.region <> repeal_policy.region), '[]') AS pages
	  INTO bare
	  FROM (SELECT h.key AS region, d.days, row_number() OVER (ORDER BY h.key COLLATE "C") AS number
			  FROM jsonb_each_text(held) h
			 CROSS JOIN assistance.days_held(repeal_policy.scheme) now(held)
			 CROSS JOIN LATERAL (SELECT h.value::datemultirange - COALESCE((now.held ->> h.key)::datemultirange, '{}') AS days) d
			 WHERE NOT isempty(d.days)
			   AND (h.key <> repeal_policy.region OR repeal_policy.layer IS NOT NULL AND repeal_policy.layer <> '*')) l;
	IF bare.n > 0 THEN
		RAISE WARNING USING MESSAGE = format('%s regions are left without a complete page', bare.n), DETAIL = format('Scheme %s: %s.', scheme, bare.list),
			HINT = 'Publish what takes its place in the same transaction, or ROLLBACK.';
	END IF;
	PERFORM assistance.notify_publication(act, jsonb_build_array(jsonb_build_array(region, scheme)) || bare.pages);
	RETURN act.id;
END
$$;
COMMENT ON FUNCTION assistance.repeal_policy(text, text, text, date, text) IS 'Ends the validity of a layer (null: of the whole page) the day before from_day and returns the number of the act. What was known before stays known as of then. A warning names the regions that are left without a complete page, also those that inherit. MA407: no reason. MA409: nothing to repeal.';

CREATE FUNCTION assistance.policy_touches(draft bigint)
	RETURNS TABLE (person_id bigint, claim_id bigint, region text, scheme text, ordered_at timestamp without time zone)
	LANGUAGE plpgsql STABLE ROWS 500 SET search_path = pg_catalog, pg_temp COST 10000
	AS $$
BEGIN
	IF to_regclass('assistance_register.claim') IS NULL THEN
		RETURN;
	END IF;
	-- the page may go by any date of the bill, so a bill is touched when any of them lies in the days
	RETURN QUERY EXECUTE $query$
		SELECT DISTINCT c.person_id, c.claim_id, s.region::text, s.scheme::text, c.ordered_at
		  FROM assistance.draft_reach($1) r
		  JOIN assistance_register.settlement s ON s.region = r.region COLLATE "C" AND s.scheme = r.scheme COLLATE "C"
		  JOIN assistance_register.claim c ON c.claim_id = s.claim_id
		 WHERE c.reverses IS NULL AND NOT EXISTS (SELECT FROM assistance_register.claim v WHERE v.reverses = c.claim_id)
		   AND r.days && daterange(least(c.ordered_at::date, c.admitted_on, c.discharged_on, c.settled_on),
								   greatest(c.ordered_at::date, c.admitted_on, c.discharged_on, c.settled_on), '[]')
		 ORDER BY c.person_id, c.ordered_at, c.claim_id $query$ USING draft;
END
$$;
COMMENT ON FUNCTION assistance.policy_touches(bigint) IS 'Persons and settled bills of the register that a draft touches: a date of the bill lies in the days that the draft changes for its region and scheme, also through inheritance. No rows without a register (schema assistance_register).';
