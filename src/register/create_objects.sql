-- create_register, second half: what it makes anew every time (functions, views, triggers, comments), and the procedure itself.

CREATE PROCEDURE assistance.create_register_objects()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- the bill of a claim with what it leaves out
	CREATE OR REPLACE FUNCTION assistance_register.bill_with(c assistance_register.claim, e assistance_register.enrolment,
			a assistance_register.institution_agreement, category text[], given json, referral text) RETURNS assistance.bill
		LANGUAGE sql IMMUTABLE PARALLEL SAFE
		RETURN assistance.make_bill(
			total => c.total, in_scope => c.in_scope, excluded => c.excluded, over_limit => c.over_limit, first_share => c.first_share,
			region => COALESCE(c.region, e.region), scheme => COALESCE(c.scheme, e.scheme),
			ordered_at => c.ordered_at, seq => c.seq, kind => c.kind,
			admitted_on => c.admitted_on, discharged_on => c.discharged_on, settled_on => c.settled_on,
			care_type => c.care_type, level => COALESCE(c.level, a.level), referral => COALESCE(c.referral, referral), place => c.place,
			person_type => COALESCE(c.person_type, e.person_type), category => category, disease => c.disease,
			designated => CASE WHEN c.designated IS NOT NULL OR c.institution_id IS NULL THEN c.designated ELSE COALESCE(a.designated, false) END,
			age => c.age, hospital => c.institution_id, encounter => c.encounter, encounter_total => c.encounter_total, chain => c.chain,
			parts => c.parts, given => given, facts => c.facts);
	-- what a claim leaves out, as known now: looked up once for each claim, and only where something is left out
	CREATE OR REPLACE FUNCTION assistance_register.given_of(of_person bigint, on_day date, given json) RETURNS json
		LANGUAGE sql STABLE PARALLEL SAFE
		RETURN (SELECT json_object_agg(g.layer, g.given) FROM (
			SELECT d.layer, json_build_object('state', CASE d.state WHEN 'waived' THEN 'waived' ELSE 'not_applicable' END) AS given
			  FROM assistance_register.determination d
			 WHERE d.person_id = of_person AND upper_inf(d.recorded) AND d.valid @> on_day AND given -> d.layer IS NULL
			UNION ALL
			SELECT o.key, o.value FROM json_each(given) o) g);
	CREATE OR REPLACE FUNCTION assistance_register.referral_of(of_person bigint, on_day date, institution text, place text) RETURNS text
		LANGUAGE sql STABLE PARALLEL SAFE
		RETURN (SELECT r.code FROM assistance_register.referral r
			 WHERE r.person_id = of_person AND upper_inf(r.recorded) AND r.valid @> on_day AND r.code IS NOT NULL
			   AND (r.to_institution IS NULL OR r.to_institution = institution) AND (r.place IS NULL OR r.place = referral_of.place)
			 ORDER BY r.to_institution IS NULL, r.place IS NULL, r.referral_id DESC LIMIT 1);
	CREATE OR REPLACE VIEW assistance_register.claim_bill AS
		SELECT c.claim_id, c.person_id, c.ordered_at, c.seq, c.reverses, c.not_settled, assistance_register.bill_with(c, f.enrolled, f.agreed,
				COALESCE(c.category, ARRAY(SELECT DISTINCT k.category FROM assistance_register.person_category k
					WHERE k.person_id = c.person_id AND upper_inf(k.recorded) AND k.valid && daterange(least(c.admitted_on, c.ordered_at::date),
						greatest(COALESCE(c.discharged_on, c.ordered_at::date), c.admitted_on), '[]') ORDER BY 1)),
				CASE WHEN f.determined THEN assistance_register.given_of(c.person_id, c.ordered_at::date, c.given) ELSE c.given END,
				CASE WHEN f.referred THEN assistance_register.referral_of(c.person_id, COALESCE(c.admitted_on, c.ordered_at::date),
					c.institution_id, c.place) END) AS bill
		  FROM assistance_register.claim c
		 CROSS JOIN LATERAL (SELECT
			CASE WHEN c.region IS NULL OR c.scheme IS NULL OR c.person_type IS NULL THEN (SELECT e FROM assistance_register.enrolment e
				WHERE e.person_id = c.person_id AND upper_inf(e.recorded) AND e.valid @> c.ordered_at::date) END AS enrolled,
			CASE WHEN c.institution_id IS NOT NULL AND (c.level IS NULL OR c.designated IS NULL) THEN (SELECT a
				FROM assistance_register.institution_agreement a
				WHERE a.institution_id = c.institution_id AND upper_inf(a.recorded) AND a.valid @> COALESCE(c.admitted_on, c.ordered_at::date))
				END AS agreed,
			EXISTS (SELECT FROM assistance_register.determination d
				WHERE d.person_id = c.person_id AND upper_inf(d.recorded) AND d.valid @> c.ordered_at::date) AS determined,
			c.referral IS NULL AND EXISTS (SELECT FROM assistance_register.referral r WHERE r.person_id = c.person_id
				AND upper_inf(r.recorded) AND r.valid @> COALESCE(c.admitted_on, c.ordered_at::date)) AS referred
			OFFSET 0) f;
	-- the same for a claim that is not stored
	CREATE OR REPLACE FUNCTION assistance_register.bill_of(c assistance_register.claim) RETURNS assistance.bill
		LANGUAGE sql STABLE PARALLEL SAFE
		RETURN assistance_register.bill_with(c,
			(SELECT e FROM assistance_register.enrolment e
			  WHERE e.person_id = c.person_id AND upper_inf(e.recorded) AND e.valid @> c.ordered_at::date),
			(SELECT a FROM assistance_register.institution_agreement a WHERE a.institution_id = c.institution_id
			  AND upper_inf(a.recorded) AND a.valid @> COALESCE(c.admitted_on, c.ordered_at::date)),
			COALESCE(c.category, ARRAY(SELECT DISTINCT k.category FROM assistance_register.person_category k
				WHERE k.person_id = c.person_id AND upper_inf(k.recorded) AND k.valid && daterange(least(c.admitted_on, c.ordered_at::date),
					greatest(COALESCE(c.discharged_on, c.ordered_at::date), c.admitted_on), '[]') ORDER BY 1)),
			CASE WHEN EXISTS (SELECT FROM assistance_register.determination d
				WHERE d.person_id = c.person_id AND upper_inf(d.recorded) AND d.valid @> c.ordered_at::date)
				THEN assistance_register.given_of(c.person_id, c.ordered_at::date, c.given) ELSE c.given END,
			CASE WHEN c.referral IS NULL THEN assistance_register.referral_of(c.person_id, COALESCE(c.admitted_on, c.ordered_at::date),
				c.institution_id, c.place) END);

	-- of an older register
	IF to_regprocedure('assistance_register.bill_with(assistance_register.claim, assistance_register.enrolment,
			assistance_register.institution_agreement, text[], json)') IS NOT NULL THEN
		DROP FUNCTION assistance_register.bill_with(assistance_register.claim, assistance_register.enrolment,
			assistance_register.institution_agreement, text[], json);
	END IF;

	-- claims that count: no reversal, no reversed claim, none that is not settled
	CREATE OR REPLACE VIEW assistance_register.live_claim AS
		SELECT c.* FROM assistance_register.claim c
		 WHERE c.reverses IS NULL AND c.not_settled IS NULL
		   AND NOT EXISTS (SELECT FROM assistance_register.claim r WHERE r.reverses = c.claim_id AND r.person_id = c.person_id);
	CREATE OR REPLACE VIEW assistance_register.net_settlement AS
		SELECT person_id, claim_id, max(revision) AS revision, sum(total) AS total, sum(basic) AS basic, sum(critical) AS critical,
			   sum(supplementary) AS supplementary, sum(assistance) AS assistance, sum(tilt) AS tilt, sum(emergency) AS emergency,
			   sum(government) AS government, sum(other) AS other, sum(charity) AS charity, sum(hospital) AS hospital, sum(patient) AS patient,
			   sum(adjustment) AS adjustment, sum(recoverable) AS recoverable
		  FROM assistance_register.settlement GROUP BY person_id, claim_id;
	CREATE OR REPLACE VIEW assistance_register.net_payment AS
		SELECT s.person_id, s.claim_id, p.layer, p.kind, p.entry, sum(p.amount) AS amount
		  FROM assistance_register.settlement s JOIN assistance_register.payment p USING (person_id, claim_id, revision)
		 GROUP BY s.person_id, s.claim_id, p.layer, p.kind, p.entry;
	-- steps that were taken back, and what takes them back, do not count; a negative recoverable is owed to the patient and closes upwards
	CREATE OR REPLACE VIEW assistance_register.recoverable_state AS
		SELECT r.*, COALESCE(s.state, 'open') AS state, r.amount - sign(r.amount) * COALESCE(s.settled, 0) AS open_amount
		  FROM assistance_register.recoverable r
		  LEFT JOIN LATERAL (SELECT (array_agg(t.state ORDER BY t.step DESC))[1] AS state, sum(t.amount) FILTER (WHERE t.state <> 'demanded') AS settled
			  FROM assistance_register.recoverable_step t
			 WHERE t.recoverable_id = r.recoverable_id AND t.state <> 'corrected' AND NOT EXISTS (SELECT FROM assistance_register.recoverable_step c
				 WHERE c.recoverable_id = t.recoverable_id AND c.corrects = t.step)) s ON true;
	-- with the reader's own rights and rows, where views can do that
	IF current_setting('server_version_num')::integer >= 150000 THEN
		ALTER VIEW assistance_register.recoverable_state SET (security_invoker = true);
	END IF;
	-- who waits to be settled again: marked accounts, and those with a claim in the days of a policy that they do not know yet
	CREATE OR REPLACE VIEW assistance_register.resettle_queue AS
		WITH RECURSIVE page(region, scheme, origin) AS (
			SELECT v.region, v.scheme, v.region FROM assistance.policy v
			UNION SELECT g.region, g.scheme, v.inherits FROM page g JOIN assistance.policy v ON v.region = g.origin AND v.scheme = g.scheme
			 WHERE v.inherits IS NOT NULL
		), change AS MATERIALIZED (
			SELECT DISTINCT g.region, g.scheme, COALESCE(lower(v.valid), '-infinity') AS first, COALESCE(upper(v.valid), 'infinity') AS beyond, a.at
			  FROM assistance.policy v JOIN assistance.policy_publication a ON a.id IN (v.publication, v.closed_by)
			  JOIN page g ON g.origin = v.region AND g.scheme = v.scheme
			 WHERE NOT isempty(v.valid)
		), waiting AS (
			SELECT a.person_id, a.stale_reason AS reason, a.stale_since AS since, a.stale_since AS newest
			  FROM assistance_register.person_account a WHERE a.stale_since IS NOT NULL
			UNION ALL
			SELECT a.person_id, 'policy', min(n.at), max(n.at)
			  FROM assistance_register.person_account a
			  JOIN assistance_register.live_claim c ON c.person_id = a.person_id
			  JOIN assistance_register.settlement s ON s.person_id = c.person_id AND s.claim_id = c.claim_id
			  JOIN change n ON n.at > a.known_at AND n.region = s.region AND n.scheme = s.scheme
			   AND n.first <= greatest(c.ordered_at::date, c.admitted_on, c.discharged_on, c.settled_on)
			   AND n.beyond > least(c.ordered_at::date, c.admitted_on, c.discharged_on, c.settled_on)
			 WHERE a.known_at < (SELECT max(q.at) FROM assistance.policy_publication q)
			   AND NOT EXISTS (SELECT FROM assistance_register.settlement t
				 WHERE t.person_id = s.person_id AND t.claim_id = s.claim_id AND t.known_at >= n.at)
			 GROUP BY a.person_id
		)
		SELECT w.person_id, w.reason, w.since,
			   (SELECT max(f.failed_at) FROM assistance_register.resettlement_failure f
				 WHERE f.person_id = w.person_id AND f.failed_at > w.newest AND NOT assistance.error_passes(f.sqlstate)
				   AND f.known_publication IS NOT DISTINCT FROM (SELECT max(q.id) FROM assistance.policy_publication q)) AS failed_at
		  FROM waiting w;
END
$$;

CREATE PROCEDURE assistance.create_register_triggers()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	leaf regclass;
	of text;
BEGIN
	FOR leaf IN SELECT t.relid FROM pg_partition_tree('assistance_register.claim') t
				UNION SELECT 'assistance_register.claim'::regclass LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER settle_claims AFTER INSERT ON %s REFERENCING NEW TABLE AS new_claims
			FOR EACH STATEMENT EXECUTE FUNCTION assistance.settle_claims()', leaf);
	END LOOP;
	CREATE OR REPLACE TRIGGER settle_again AFTER INSERT ON assistance_register.resettlement REFERENCING NEW TABLE AS new_rows
		FOR EACH STATEMENT EXECUTE FUNCTION assistance.settle_again();
	FOR leaf IN SELECT t.relid FROM pg_partition_tree('assistance_register.claim_line') t
				UNION SELECT 'assistance_register.claim_line'::regclass LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER check_claim_lines AFTER INSERT ON %s REFERENCING NEW TABLE AS new_lines
			FOR EACH STATEMENT EXECUTE FUNCTION assistance.check_claim_lines()', leaf);
	END LOOP;
	CREATE OR REPLACE TRIGGER check_recoverable_steps AFTER INSERT ON assistance_register.recoverable_step REFERENCING NEW TABLE AS new_steps
		FOR EACH STATEMENT EXECUTE FUNCTION assistance.check_recoverable_steps();
	FOREACH of IN ARRAY ARRAY['person_category', 'enrolment', 'determination', 'referral', 'institution_agreement'] LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER touch_inserted AFTER INSERT ON assistance_register.%I
			REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION assistance.touch_persons()', of);
		EXECUTE format('CREATE OR REPLACE TRIGGER touch_updated AFTER UPDATE ON assistance_register.%I
			REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION assistance.touch_persons()', of);
		EXECUTE format('CREATE OR REPLACE TRIGGER touch_deleted AFTER DELETE ON assistance_register.%I
			REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION assistance.touch_persons()', of);
	END LOOP;
	-- the time in which something was known ends when it ends
	FOREACH of IN ARRAY ARRAY['person_category', 'enrolment', 'determination', 'referral', 'institution_agreement'] LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER only_ended BEFORE UPDATE OF recorded ON assistance_register.%I
			FOR EACH ROW WHEN (old.recorded IS DISTINCT FROM new.recorded) EXECUTE FUNCTION assistance.end_recorded()', of);
	END LOOP;
	-- what others write beside the fold is judged like any payment: 保险在先、救助在后
	FOR leaf IN SELECT t.relid FROM pg_partition_tree('assistance_register.payment') t
				UNION SELECT 'assistance_register.payment'::regclass LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER insurer_first AFTER INSERT ON %s REFERENCING NEW TABLE AS new_payments
			FOR EACH STATEMENT EXECUTE FUNCTION assistance.insurer_first(''claim=claim_id'', ''layer=layer'', ''kind=kind'', ''place=place'',
				''amount=amount'', ''revision=revision'', ''only=entry(bill)'', ''bill=claim(claim_id, total)'', ''bill_reverses=reverses'',
				''caps=assistance.beyond_caps'')', leaf);
	END LOOP;
	-- what has been posted stays as it is, in every replication role; statement triggers stand on each partition
	FOREACH of IN ARRAY ARRAY['claim', 'claim_line', 'settlement', 'payment', 'recoverable', 'recoverable_step', 'resettlement', 'seal'] LOOP
		FOR leaf IN SELECT t.relid FROM pg_partition_tree(format('assistance_register.%I', of)::regclass) t
					UNION SELECT format('assistance_register.%I', of)::regclass LOOP
			EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
				FOR EACH STATEMENT EXECUTE FUNCTION assistance.append_only()', leaf);
			EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', leaf);
		END LOOP;
	END LOOP;
END
$$;

CREATE PROCEDURE assistance.create_register()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	owner oid := (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'assistance_register');
BEGIN
	IF owner IS NULL THEN
		CREATE SCHEMA assistance_register;
	ELSIF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
			MESSAGE = 'schema assistance_register belongs to somebody else',
			DETAIL = format('Its owner is %s.', owner::regrole),
			HINT = 'Call create_register() as the owner, or ask them to drop a schema that is no register.';
	END IF;
	CALL assistance.create_register_tables();
	CALL assistance.create_register_ledger();
	CALL assistance.create_claim_key();
	CALL assistance.create_leaf_keys();
	CALL assistance.create_register_objects();
	CALL assistance.create_register_triggers();
	CALL assistance.create_national_views();
	CALL assistance.comment_register();
END
$$;
COMMENT ON PROCEDURE assistance.create_register_tables() IS 'Part of create_register: tables of persons and institutions.';
COMMENT ON PROCEDURE assistance.create_register_ledger() IS 'Part of create_register: claims, settlements, payments, accounts.';
COMMENT ON PROCEDURE assistance.create_register_objects() IS 'Part of create_register: functions and views.';
COMMENT ON PROCEDURE assistance.create_register_triggers() IS 'Part of create_register: triggers, on every partition too.';
COMMENT ON PROCEDURE assistance.create_register() IS
'登记结算库: creates schema assistance_register with its tables, or brings an existing one up to date and repairs its functions, views and triggers. The tables belong to the caller, not to the extension: DROP EXTENSION … CASCADE takes no row. May be repeated. docs/register.md.';
