-- roles: who drafts and who publishes. Roles belong to the cluster, so a procedure makes them, once.

CREATE PROCEDURE assistance.create_roles()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['assistance_policy', 'assistance_publisher'] LOOP
		IF to_regrole(name) IS NULL THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', name);
		END IF;
	END LOOP;
	-- drafts: rows that are not published, and their removal; the guard keeps what is published
	GRANT INSERT (draft, page, place, region, scheme, layer, document_no, title, valid, inherits, transition, document, digest),
		UPDATE (place, region, scheme, document_no, title, valid, inherits, transition, document, digest, drafted_at),
		DELETE ON assistance.policy TO assistance_policy;
	GRANT USAGE ON SEQUENCE assistance.policy_id, assistance.policy_draft TO assistance_policy;
	-- publishing: state and times of a version; the guard lets a document through only as it was drafted
	GRANT INSERT, UPDATE (state, recorded, publication, closed_by, published_by, published_at, document, digest)
		ON assistance.policy TO assistance_publisher;
	GRANT INSERT (id, act, at, draft, reason, versions) ON assistance.policy_publication TO assistance_publisher;
	GRANT USAGE ON SEQUENCE assistance.policy_id TO assistance_publisher;
END
$$;
COMMENT ON PROCEDURE assistance.create_roles() IS 'Creates the roles assistance_policy (drafts) and assistance_publisher (publishes and repeals) where they are missing, and grants them what they need in this database. Needs CREATEROLE and the owner of the extension; may be repeated.';
