-- Who may do what in the register. Roles belong to the cluster; whoever logs in is a member of one, and table access says for which
-- regions or institutions. The triggers act as the owner of the register, so nobody needs a right to write money.

CREATE PROCEDURE assistance.drop_policy(policy text, of_table text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- DROP POLICY IF EXISTS would tell the caller of each that is not there
	IF EXISTS (SELECT FROM pg_policy p WHERE p.polname = policy AND p.polrelid = format('assistance_register.%I', of_table)::regclass) THEN
		EXECUTE format('DROP POLICY %I ON assistance_register.%I', policy, of_table);
	END IF;
END
$$;
COMMENT ON PROCEDURE assistance.drop_policy(text, text) IS 'Part of create_register_roles: removes a policy of row security of an earlier call.';

CREATE PROCEDURE assistance.allow_rows(of_table text, of_role text, condition text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CALL assistance.drop_policy(of_role, of_table);
	EXECUTE format('CREATE POLICY %I ON assistance_register.%I TO %I USING (%s)', of_role, of_table, of_role, condition);
END
$$;
COMMENT ON PROCEDURE assistance.allow_rows(text, text, text) IS 'Part of create_register_roles: one policy of row security, named like the role.';

CREATE PROCEDURE assistance.create_register_roles()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name text;
	owner name := (SELECT n.nspowner::regrole FROM pg_namespace n WHERE n.nspname = 'assistance_register');
	facts CONSTANT text[] := ARRAY['person_category', 'enrolment', 'determination', 'referral'];
	money CONSTANT text[] := ARRAY['settlement', 'payment', 'recoverable', 'person_account', 'resettlement', 'resettlement_failure', 'seal'];
BEGIN
	IF owner IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA701', MESSAGE = 'there is no register',
			DETAIL = 'Schema assistance_register does not exist.', HINT = 'CALL assistance.create_register() first.';
	END IF;
	FOREACH name IN ARRAY ARRAY['assistance_hospital', 'assistance_operator', 'assistance_auditor', 'assistance_public'] LOOP
		IF to_regrole(name) IS NULL THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', name);
		END IF;
	END LOOP;
	IF to_regclass('assistance_register.access') IS NULL THEN
		CREATE TABLE assistance_register.access (
			login name NOT NULL,
			region text COLLATE "C",
			institution_id text COLLATE "C" REFERENCES assistance_register.institution,
			CONSTRAINT access_one CHECK (num_nonnulls(region, institution_id) = 1),
			CONSTRAINT access_once UNIQUE (login, region, institution_id)
		);
	END IF;
	COMMENT ON TABLE assistance_register.access IS 'For which regions (operators) and institutions (hospitals) somebody acts.';
	COMMENT ON COLUMN assistance_register.access.login IS 'user name';
	COMMENT ON COLUMN assistance_register.access.region IS 'a region whose persons an operator sees and settles';
	COMMENT ON COLUMN assistance_register.access.institution_id IS 'an institution whose claims a hospital sends and sees';
	CREATE OR REPLACE VIEW assistance_register.disclosure WITH (security_barrier) AS
		SELECT p.region, left(i.name, 1) || repeat('*', greatest(char_length(i.name) - 1, 1)) AS name,
			   date_trunc('month', c.ordered_at)::date AS month, sum(CASE t.entry WHEN 'recoverable' THEN - t.amount ELSE t.amount END) AS assistance
		  FROM assistance_register.payment t JOIN assistance_register.claim c USING (person_id, claim_id)
		  JOIN assistance_register.person p USING (person_id) JOIN assistance_register.person_identity i USING (person_id)
		 WHERE t.kind IN ('assistance', 'tilt')
		 GROUP BY p.region, p.person_id, i.name, date_trunc('month', c.ordered_at)
		HAVING sum(CASE t.entry WHEN 'recoverable' THEN - t.amount ELSE t.amount END) <> 0;
	COMMENT ON VIEW assistance_register.disclosure IS '公示: masked name, region, month and what assistance and tilt paid, on bills, by application and at the end of the year, less what is to be recovered, yuan; no number of a person.';

	GRANT USAGE ON SCHEMA assistance_register TO assistance_hospital, assistance_operator, assistance_auditor, assistance_public;
	GRANT SELECT ON assistance_register.disclosure TO assistance_public;
	GRANT SELECT ON ALL TABLES IN SCHEMA assistance_register TO assistance_auditor;
	REVOKE SELECT ON assistance_register.person_identity FROM assistance_auditor;
	GRANT SELECT ON assistance_register.access TO assistance_hospital, assistance_operator;
	-- hospitals send claims and lines, and see what came of them
	GRANT INSERT (person_id, request_key, claim_no, corrects, kind, region, scheme, ordered_at, seq, admitted_on, discharged_on, settled_on, care_type,
		level, referral, place, person_type, category, disease, designated, age, institution_id, encounter, encounter_total, chain, total, in_scope,
		excluded, over_limit, first_share, parts, given, facts, not_settled) ON assistance_register.claim TO assistance_hospital;
	GRANT INSERT ON assistance_register.claim_line TO assistance_hospital;
	GRANT SELECT ON assistance_register.claim, assistance_register.claim_line, assistance_register.settlement, assistance_register.payment
		TO assistance_hospital;
	-- operators record facts, send and withdraw claims, settle again; in their regions
	GRANT SELECT ON assistance_register.person, assistance_register.person_category, assistance_register.enrolment, assistance_register.determination,
		assistance_register.referral, assistance_register.institution, assistance_register.institution_agreement, assistance_register.claim,
		assistance_register.claim_line, assistance_register.settlement, assistance_register.payment, assistance_register.recoverable,
		assistance_register.recoverable_step, assistance_register.person_account, assistance_register.resettlement,
		assistance_register.resettlement_failure TO assistance_operator;
	-- the register under national names, where a view asks for the reader's own rights and rows
	GRANT SELECT ON assistance_register.institution TO assistance_hospital;
	IF current_setting('server_version_num')::integer >= 150000 THEN
		GRANT SELECT ON assistance_register.national_payment, assistance_register.setl_d, assistance_register.setlinfo, assistance_register.setldetail
			TO assistance_hospital, assistance_operator;
		GRANT SELECT ON assistance_register.recoverable_state TO assistance_operator;
	END IF;
	-- what they say, not who said it and when: that the server writes. An older register had granted all columns.
	REVOKE INSERT ON assistance_register.person, assistance_register.person_identity, assistance_register.person_category, assistance_register.enrolment,
		assistance_register.determination, assistance_register.referral, assistance_register.claim, assistance_register.resettlement,
		assistance_register.recoverable_step FROM assistance_operator;
	GRANT INSERT (person_id, region) ON assistance_register.person TO assistance_operator;
	GRANT INSERT (person_id, name, identity_type, identity_number, identity_token, born_on) ON assistance_register.person_identity TO assistance_operator;
	GRANT INSERT (person_id, category, valid, evidence) ON assistance_register.person_category TO assistance_operator;
	GRANT INSERT (person_id, region, scheme, person_type, valid) ON assistance_register.enrolment TO assistance_operator;
	GRANT INSERT (person_id, layer, state, valid, reason, evidence) ON assistance_register.determination TO assistance_operator;
	GRANT INSERT (person_id, kind, from_institution, to_institution, place, code, reason, valid) ON assistance_register.referral TO assistance_operator;
	GRANT INSERT (person_id, request_key, claim_no, reverses, corrects, kind, region, scheme, ordered_at, seq, admitted_on, discharged_on, settled_on,
		care_type, level, referral, place, person_type, category, disease, designated, age, institution_id, encounter, encounter_total, chain, total,
		in_scope, excluded, over_limit, first_share, parts, given, facts, not_settled, reason) ON assistance_register.claim TO assistance_operator;
	GRANT INSERT ON assistance_register.claim_line TO assistance_operator;
	GRANT INSERT (person_id, reason) ON assistance_register.resettlement TO assistance_operator;
	GRANT INSERT (recoverable_id, step, state, amount, note, corrects) ON assistance_register.recoverable_step TO assistance_operator;
	GRANT UPDATE (recorded) ON assistance_register.person_category, assistance_register.enrolment, assistance_register.determination,
		assistance_register.referral TO assistance_operator;

	IF to_regclass('assistance_register.claim_key') IS NOT NULL THEN
		GRANT SELECT ON assistance_register.claim_key TO assistance_operator;
	END IF;

	FOR name IN SELECT c.relname FROM pg_class c
				 WHERE c.relnamespace = 'assistance_register'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition LOOP
		EXECUTE format('ALTER TABLE assistance_register.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
		CALL assistance.drop_policy('owner', name);
		EXECUTE format('CREATE POLICY owner ON assistance_register.%I TO %s USING (true)', name, owner);
		CALL assistance.allow_rows(name, 'assistance_auditor', 'true');
	END LOOP;
	FOREACH name IN ARRAY ARRAY['access'] LOOP
		CALL assistance.allow_rows(name, 'assistance_hospital', 'login = current_user');
		CALL assistance.allow_rows(name, 'assistance_operator', 'login = current_user');
	END LOOP;
	CALL assistance.allow_rows('person', 'assistance_operator',
		'region IN (SELECT a.region FROM assistance_register.access a WHERE a.login = current_user)');
	FOREACH name IN ARRAY facts || money || ARRAY['claim', 'person_identity']
			|| CASE WHEN to_regclass('assistance_register.claim_key') IS NOT NULL THEN ARRAY['claim_key'] ELSE '{}' END LOOP
		CALL assistance.allow_rows(name, 'assistance_operator',
			format('EXISTS (SELECT FROM assistance_register.person p WHERE p.person_id = %I.person_id)', name));
	END LOOP;
	FOREACH name IN ARRAY ARRAY['institution', 'institution_agreement'] LOOP
		CALL assistance.allow_rows(name, 'assistance_operator', 'true');
	END LOOP;
	CALL assistance.allow_rows('institution', 'assistance_hospital', 'true');
	CALL assistance.allow_rows('recoverable_step', 'assistance_operator',
		'EXISTS (SELECT FROM assistance_register.recoverable r WHERE r.recoverable_id = recoverable_step.recoverable_id)');
	CALL assistance.allow_rows('claim', 'assistance_hospital',
		'institution_id IN (SELECT a.institution_id FROM assistance_register.access a WHERE a.login = current_user)');
	FOREACH name IN ARRAY ARRAY['claim_line', 'settlement', 'payment'] LOOP
		CALL assistance.allow_rows(name, 'assistance_hospital',
			format('EXISTS (SELECT FROM assistance_register.claim c WHERE c.claim_id = %I.claim_id)', name));
	END LOOP;
	CALL assistance.allow_rows('claim_line', 'assistance_operator',
		'EXISTS (SELECT FROM assistance_register.claim c WHERE c.claim_id = claim_line.claim_id)');
END
$$;
COMMENT ON PROCEDURE assistance.create_register_roles() IS
'Creates the roles assistance_hospital, assistance_operator, assistance_auditor and assistance_public where they are missing, grants them what they need in the register of this database, and puts row security by institution and region (table access) on every table of it. Needs CREATEROLE and the owner of the register; may be repeated. Without a register: MA701. docs/register.md, section 7.';
