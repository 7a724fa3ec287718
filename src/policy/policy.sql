-- policy: the tables of the catalogue and the guard of what has been published. How rows come in: document.sql and publish.sql.
--
-- No foreign key: it would be live while a dump is restored; publishing looks after references. The one trigger on INSERT lets the owner,
-- who restores, pass without looking at anything.

CREATE SEQUENCE assistance.policy_id;
CREATE SEQUENCE assistance.policy_draft;

-- "YYYY-MM-DD" of a document; day_of has looked at it
CREATE FUNCTION assistance.written_day(day text) RETURNS date
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT make_date(substr(day, 1, 4)::integer, substr(day, 6, 2)::integer, substr(day, 9, 2)::integer);
	END;
COMMENT ON FUNCTION assistance.written_day(text) IS 'The day that a document writes as YYYY-MM-DD.';

CREATE TABLE assistance.policy (
	id bigint NOT NULL DEFAULT pg_catalog.nextval('assistance.policy_id') CONSTRAINT policy_id_key PRIMARY KEY,
	draft bigint NOT NULL,
	page integer NOT NULL,
	place integer NOT NULL,
	region text NOT NULL,
	scheme text NOT NULL,
	layer text NOT NULL,
	document_no text,
	title text,
	valid daterange NOT NULL
		CONSTRAINT policy_valid CHECK (NOT isempty(valid) AND isfinite(lower(valid)) AND NOT lower_inf(valid) AND upper(valid) IS DISTINCT FROM 'infinity'),
	recorded tstzrange,
	state text NOT NULL DEFAULT 'draft' CONSTRAINT policy_state CHECK (state IN ('draft', 'published')),
	inherits text,
	transition date,
	document json NOT NULL,
	digest bytea NOT NULL CONSTRAINT policy_digest CHECK (digest = sha256(convert_to(document::text, 'UTF8'))),
	piece_of bigint,
	publication bigint,
	closed_by bigint,
	drafted_by text[] NOT NULL DEFAULT ARRAY[session_user::text],
	drafted_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	published_by text,
	published_at timestamptz,
	CONSTRAINT policy_says CHECK ((region, scheme) = (document ->> 'region', document ->> 'scheme')
		AND inherits IS NOT DISTINCT FROM CASE WHEN layer = '*' THEN document ->> 'inherits' END
		AND layer = COALESCE(document #>> '{layers,0,name}', '*')
		AND transition IS NOT DISTINCT FROM assistance.written_day(document #>> '{transition,admitted_from}')),
	CONSTRAINT policy_days CHECK ((CASE WHEN state = 'draft'
		THEN valid = daterange(assistance.written_day(document ->> 'from'), assistance.written_day(document ->> 'to'), '[]')
		ELSE valid <@ daterange(assistance.written_day(document ->> 'from'), assistance.written_day(document ->> 'to'), '[]') END) IS TRUE),
	CONSTRAINT policy_published CHECK (CASE WHEN state = 'draft'
		THEN num_nonnulls(recorded, piece_of, publication, closed_by, published_by, published_at) = 0
		ELSE num_nulls(recorded, publication, published_by, published_at) = 0
			AND lower(recorded) = published_at AND lower_inc(recorded) AND NOT upper_inc(recorded)
			AND upper_inf(recorded) = (closed_by IS NULL) END),
	CONSTRAINT policy_once EXCLUDE USING gist (region WITH =, scheme WITH =, layer WITH =, valid WITH &&, recorded WITH &&)
		WHERE (state = 'published')
);
CREATE INDEX policy_of_draft ON assistance.policy (draft);
CREATE INDEX policy_of_page ON assistance.policy (region, scheme);
ALTER SEQUENCE assistance.policy_id OWNED BY assistance.policy.id;
ALTER SEQUENCE assistance.policy_draft OWNED BY assistance.policy.draft;

CREATE TABLE assistance.policy_publication (
	id bigint NOT NULL CONSTRAINT policy_publication_key PRIMARY KEY CONSTRAINT policy_publication_number CHECK (id >= 1),
	act text NOT NULL CONSTRAINT policy_publication_act CHECK (act IN ('publish', 'repeal')),
	at timestamptz NOT NULL CONSTRAINT policy_publication_at UNIQUE,
	published_by text NOT NULL DEFAULT session_user,
	draft bigint,
	reason text,
	versions bigint[] NOT NULL CONSTRAINT policy_publication_versions CHECK (array_position(versions, NULL) IS NULL),
	CONSTRAINT policy_publication_draft CHECK ((act = 'publish') = (draft IS NOT NULL)),
	CONSTRAINT policy_publication_reason CHECK (act = 'publish' OR reason <> '')
);

SELECT pg_catalog.pg_extension_config_dump('assistance.policy_id', '');
SELECT pg_catalog.pg_extension_config_dump('assistance.policy_draft', '');
SELECT pg_catalog.pg_extension_config_dump('assistance.policy', '');
SELECT pg_catalog.pg_extension_config_dump('assistance.policy_publication', '');

GRANT SELECT ON assistance.policy, assistance.policy_publication TO PUBLIC;

COMMENT ON SEQUENCE assistance.policy_id IS 'Numbers of versions (assistance.policy.id).';
COMMENT ON SEQUENCE assistance.policy_draft IS 'Numbers of drafts (assistance.policy.draft).';
COMMENT ON TABLE assistance.policy IS '政策目录: one row per version of a layer of one region and scheme, or, with layer *, of what its layers share. The document is the truth. A published row never changes but for the end of recorded. docs/policy-catalogue.md.';
COMMENT ON COLUMN assistance.policy.id IS 'number of the version';
COMMENT ON COLUMN assistance.policy.draft IS 'number of the import it came in';
COMMENT ON COLUMN assistance.policy.page IS 'which page of that import, from 0';
COMMENT ON COLUMN assistance.policy.place IS 'which layer of that page, from 1; 0: the page itself (layer *)';
COMMENT ON COLUMN assistance.policy.region IS 'whose it is (医保区划)';
COMMENT ON COLUMN assistance.policy.scheme IS 'insurance scheme (险种)';
COMMENT ON COLUMN assistance.policy.layer IS 'name of the layer; *: what the layers of the page share';
COMMENT ON COLUMN assistance.policy.document_no IS '文号 of the source that the layer, or else the page, cites for all of it; without such a citation of the first source in byte order';
COMMENT ON COLUMN assistance.policy.title IS 'title of the page';
COMMENT ON COLUMN assistance.policy.valid IS 'days on which it holds, by period date';
COMMENT ON COLUMN assistance.policy.recorded IS 'from publication until something replaced it; null: a draft';
COMMENT ON COLUMN assistance.policy.state IS 'draft or published';
COMMENT ON COLUMN assistance.policy.inherits IS 'of layer *: the region from which layers come that this page does not have';
COMMENT ON COLUMN assistance.policy.transition IS 'stays admitted before this day keep the version that was in force before this one began';
COMMENT ON COLUMN assistance.policy.document IS 'canonical JSON: the page with this layer alone; of layer * the page with the names of its layers';
COMMENT ON COLUMN assistance.policy.digest IS 'SHA-256 of the document';
COMMENT ON COLUMN assistance.policy.piece_of IS 'the version that this is a part of: the days that another version did not take';
COMMENT ON COLUMN assistance.policy.publication IS 'the act that published it (assistance.policy_publication.id)';
COMMENT ON COLUMN assistance.policy.closed_by IS 'the act that ended recorded';
COMMENT ON COLUMN assistance.policy.drafted_by IS 'everyone who imported or changed it';
COMMENT ON COLUMN assistance.policy.drafted_at IS 'when it was imported or last changed';
COMMENT ON COLUMN assistance.policy.published_by IS 'who published it';
COMMENT ON COLUMN assistance.policy.published_at IS 'when: the beginning of recorded';
COMMENT ON TABLE assistance.policy_publication IS 'One row per act of publication, numbered without gaps. Rows are only added.';
COMMENT ON COLUMN assistance.policy_publication.id IS 'number of the act: 1, 2, 3 …';
COMMENT ON COLUMN assistance.policy_publication.act IS 'publish or repeal';
COMMENT ON COLUMN assistance.policy_publication.at IS 'the moment from which it is known';
COMMENT ON COLUMN assistance.policy_publication.published_by IS 'session user';
COMMENT ON COLUMN assistance.policy_publication.draft IS 'what was published; null: a repeal';
COMMENT ON COLUMN assistance.policy_publication.versions IS 'the versions that it recorded; no other row counts (assistance.policy_in_force)';
COMMENT ON COLUMN assistance.policy_publication.reason IS 'why: always with a repeal, a correction and a backdated version';

-- ---- what has been published does not change ----

-- The newest act, if it is of this transaction.
CREATE FUNCTION assistance.policy_act() RETURNS assistance.policy_publication
	LANGUAGE sql STABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT p FROM assistance.policy_publication p
		 WHERE p.at >= transaction_timestamp() AND NOT EXISTS (SELECT FROM assistance.policy_publication q WHERE q.id > p.id);
	END;
COMMENT ON FUNCTION assistance.policy_act() IS 'The act of publication that this transaction has made last; null when it made none.';

CREATE FUNCTION assistance.policy_guard() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100
	AS $$
DECLARE
	act assistance.policy_publication := assistance.policy_act();
	allowed assistance.policy := OLD;
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.state = 'draft' AND NEW.state = 'draft' THEN
		IF NOT has_table_privilege('assistance.policy', 'DELETE') THEN
			RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'only drafters change drafts',
				DETAIL = format('%I may not delete from assistance.policy either.', current_user),
				HINT = 'Ask a member of assistance_policy to change the draft.';
		END IF;
		IF session_user <> ALL (OLD.drafted_by) THEN
			NEW.drafted_by := OLD.drafted_by || session_user::text;
		ELSIF NOT NEW.drafted_by @> OLD.drafted_by THEN
			NEW.drafted_by := OLD.drafted_by;
		END IF;
		IF (NEW.id, NEW.draft) = (OLD.id, OLD.draft) THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'DELETE' AND OLD.state = 'draft' THEN
		RETURN OLD;
	ELSIF TG_OP = 'UPDATE' AND OLD.state = 'draft' THEN
		-- publishing; amounts that follow statistics are filled in
		IF assistance.may_publish(OLD.drafted_by) AND act.draft = OLD.draft AND OLD.id = ANY (act.versions) THEN
			allowed.state := 'published';
			allowed.recorded := tstzrange(act.at, NULL);
			allowed.publication := act.id;
			allowed.published_by := act.published_by;
			allowed.published_at := act.at;
			allowed.document := assistance.resolve_statistics(OLD.document, OLD.region, lower(OLD.valid));
			allowed.digest := sha256(convert_to(allowed.document::text, 'UTF8'));
		END IF;
	ELSIF TG_OP = 'UPDATE' AND upper_inf(OLD.recorded) AND act.id IS NOT NULL THEN
		allowed.recorded := tstzrange(lower(OLD.recorded), act.at);
		allowed.closed_by := act.id;
	END IF;
	IF TG_OP = 'UPDATE' AND allowed *= NEW THEN
		RETURN NEW;
	ELSIF TG_OP = 'UPDATE' AND OLD.state = 'draft' AND allowed.state = 'published' AND allowed.document::text <> NEW.document::text THEN
		RAISE EXCEPTION USING ERRCODE = 'MA405', MESSAGE = 'a figure changed while the draft was published',
			DETAIL = format('Version %s would not be the draft with the figures of now.', OLD.id),
			HINT = format('SELECT * FROM assistance.check_policy(%s), then publish again.', OLD.draft);
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'MA403', MESSAGE = 'a published version does not change',
		DETAIL = format('%s of version %s: %s %s, layer %s, days %s.', TG_OP, OLD.id, OLD.region, OLD.scheme, OLD.layer, OLD.valid),
		HINT = 'Import the corrected document and publish it with a reason, or call assistance.repeal_policy.';
END
$$;
COMMENT ON FUNCTION assistance.policy_guard() IS 'Trigger of assistance.policy: drafts change and go, published rows stay as they are (MA403) but for the act that ends recorded.';

-- Who was granted INSERT adds drafts and what an act of publication makes, nothing else. The owner and superusers pass: they restore dumps.
CREATE FUNCTION assistance.policy_insert_guard() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100
	AS $$
DECLARE
	act assistance.policy_publication;
	piece assistance.policy;
	last record;
BEGIN
	IF pg_has_role((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'MEMBER') THEN
		RETURN NEW;
	END IF;
	IF TG_TABLE_NAME = 'policy_publication' THEN
		SELECT COALESCE(max(p.id), 0) + 1 AS id, COALESCE(max(p.at), '-infinity') AS at INTO last FROM assistance.policy_publication p;
		IF NEW.id = last.id AND NEW.at > last.at AND NEW.at BETWEEN transaction_timestamp() AND greatest(clock_timestamp(), last.at + interval '1 microsecond') THEN
			RETURN NEW;
		END IF;
	ELSIF NEW.state = 'draft' THEN
		IF has_table_privilege('assistance.policy', 'DELETE') THEN
			RETURN NEW;
		END IF;
	ELSE
		act := assistance.policy_act();
		SELECT p.* INTO piece FROM assistance.policy p WHERE p.id = NEW.piece_of AND p.closed_by = act.id AND p.valid @> NEW.valid;
		piece.id := NEW.id;
		piece.valid := NEW.valid;
		piece.recorded := tstzrange(act.at, NULL);
		piece.piece_of := NEW.piece_of;
		piece.publication := act.id;
		piece.closed_by := NULL;
		piece.published_by := act.published_by;
		piece.published_at := act.at;
		IF piece *= NEW AND NEW.id = ANY (act.versions) THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'rows of the catalogue are made by its functions',
		DETAIL = format('INSERT into %I.%I by %I.', TG_TABLE_SCHEMA, TG_TABLE_NAME, current_user),
		HINT = 'Use assistance.import_policy, assistance.publish_policy and assistance.repeal_policy.';
END
$$;
COMMENT ON FUNCTION assistance.policy_insert_guard() IS 'Trigger: others than the owner insert drafts, acts of this moment, and pieces of versions that such an act has closed (42501).';

CREATE FUNCTION assistance.policy_append_only() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100
	AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'MA403',
		MESSAGE = CASE WHEN TG_TABLE_NAME = 'policy' THEN 'a published version does not change' ELSE 'acts of publication do not change' END,
		DETAIL = format('%s of %I.%I.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'Drafts are dropped with assistance.drop_draft; what is published is repealed with assistance.repeal_policy.';
END
$$;
COMMENT ON FUNCTION assistance.policy_append_only() IS 'Trigger: refuses the statement (MA403).';

-- Who takes a layer out of a draft has drafted what is left of it: the guard writes down who changes a row.
CREATE FUNCTION assistance.policy_shrunk() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100
	AS $$
BEGIN
	UPDATE assistance.policy p SET drafted_at = clock_timestamp()
	 WHERE p.state = 'draft' AND p.draft IN (SELECT g.draft FROM gone g);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION assistance.policy_shrunk() IS 'Trigger of assistance.policy: who deletes rows of a draft is recorded in those that are left.';

CREATE TRIGGER policy_guard BEFORE UPDATE OR DELETE ON assistance.policy
	FOR EACH ROW EXECUTE FUNCTION assistance.policy_guard();
CREATE TRIGGER policy_shrunk AFTER DELETE ON assistance.policy REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION assistance.policy_shrunk();
CREATE TRIGGER policy_insert_guard BEFORE INSERT ON assistance.policy
	FOR EACH ROW EXECUTE FUNCTION assistance.policy_insert_guard();
CREATE TRIGGER policy_publication_insert_guard BEFORE INSERT ON assistance.policy_publication
	FOR EACH ROW EXECUTE FUNCTION assistance.policy_insert_guard();
CREATE TRIGGER policy_not_truncated BEFORE TRUNCATE ON assistance.policy
	FOR EACH STATEMENT EXECUTE FUNCTION assistance.policy_append_only();
CREATE TRIGGER policy_publication_guard BEFORE UPDATE OR DELETE ON assistance.policy_publication
	FOR EACH ROW EXECUTE FUNCTION assistance.policy_append_only();
CREATE TRIGGER policy_publication_not_truncated BEFORE TRUNCATE ON assistance.policy_publication
	FOR EACH STATEMENT EXECUTE FUNCTION assistance.policy_append_only();
COMMENT ON TRIGGER policy_guard ON assistance.policy IS 'Published versions do not change. Fires in every replication role.';
COMMENT ON TRIGGER policy_shrunk ON assistance.policy IS 'Who takes rows out of a draft is one of its drafters.';
COMMENT ON TRIGGER policy_insert_guard ON assistance.policy IS 'Others than the owner add drafts and pieces only.';
COMMENT ON TRIGGER policy_publication_insert_guard ON assistance.policy_publication IS 'Others than the owner add the next act only.';
COMMENT ON TRIGGER policy_not_truncated ON assistance.policy IS 'Nor does TRUNCATE remove them.';
COMMENT ON TRIGGER policy_publication_guard ON assistance.policy_publication IS 'Acts are only added. Fires in every replication role.';
COMMENT ON TRIGGER policy_publication_not_truncated ON assistance.policy_publication IS 'Nor does TRUNCATE remove them.';
ALTER TABLE assistance.policy ENABLE ALWAYS TRIGGER policy_guard;
ALTER TABLE assistance.policy ENABLE ALWAYS TRIGGER policy_shrunk;
ALTER TABLE assistance.policy ENABLE ALWAYS TRIGGER policy_not_truncated;
ALTER TABLE assistance.policy ENABLE ALWAYS TRIGGER policy_insert_guard;
ALTER TABLE assistance.policy_publication ENABLE ALWAYS TRIGGER policy_publication_insert_guard;
ALTER TABLE assistance.policy_publication ENABLE ALWAYS TRIGGER policy_publication_guard;
ALTER TABLE assistance.policy_publication ENABLE ALWAYS TRIGGER policy_publication_not_truncated;
