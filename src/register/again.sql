-- What changes the past, and what was known before: reversals, settling again, the queue, the state on an earlier day.

-- The terms that settle a bill as known now: the pages of its region in the years of its dates.
CREATE FUNCTION assistance.known_terms(bill assistance.bill) RETURNS assistance.terms
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	body jsonb := assistance.to_jsonb(bill);
	first_day date;
	last_day date;
	terms assistance.terms;
BEGIN
	SELECT min(d::date), max(d::date) INTO first_day, last_day
	  FROM (VALUES (left(body ->> 'ordered_at', 10)), (body ->> 'admitted_on'), (body ->> 'discharged_on'), (body ->> 'settled_on')) v (d);
	SELECT assistance.terms_book(ARRAY[body ->> 'region'],
			daterange(date_trunc('year', first_day)::date, (date_trunc('year', last_day) + '1 year')::date), p.at) INTO terms
	  FROM assistance.policy_publication p ORDER BY p.id DESC LIMIT 1;
	RETURN terms;
END
$$;
COMMENT ON FUNCTION assistance.known_terms(assistance.bill) IS 'The terms that would settle a bill now: the published pages of its region in the years of its dates. Null: nothing has been published.';

-- A bill at its place among all that count
CREATE FUNCTION assistance.preview_among(person_id bigint, bill assistance.bill, ordered_at timestamp without time zone, seq bigint)
	RETURNS assistance.split
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 10000
	AS $$
#variable_conflict use_column
DECLARE
	split assistance.split;
	away bigint;
BEGIN
	IF to_regclass('assistance_register.claim_key') IS NOT NULL AND has_table_privilege('assistance_register.claim_key', 'SELECT') THEN
		SELECT min(k.claim_id) INTO away FROM assistance_register.claim_key k WHERE k.person_id = preview_among.person_id
		   AND NOT EXISTS (SELECT FROM assistance_register.claim c WHERE c.claim_id = k.claim_id AND c.person_id = k.person_id);
	END IF;
	IF away IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA706', MESSAGE = format('claims of person %s are away', preview_among.person_id),
			DETAIL = format('Claim %s, for one, is in no partition of the register.', away),
			HINT = 'Attach the partition of its year again.';
	END IF;
	WITH bills AS (
		SELECT c.ordered_at, c.seq, assistance_register.bill_of(c) AS bill, false AS previewed
		  FROM assistance_register.claim c
		 WHERE c.person_id = preview_among.person_id AND c.reverses IS NULL AND c.not_settled IS NULL
		   AND NOT EXISTS (SELECT FROM assistance_register.claim r WHERE r.reverses = c.claim_id AND r.person_id = c.person_id)
		UNION ALL SELECT preview_among.ordered_at, preview_among.seq, preview_among.bill, true
	), described AS MATERIALIZED (
		SELECT *, assistance.to_jsonb(bill) ->> 'region' AS region FROM bills
	), span AS (
		SELECT date_trunc('year', min(least(ordered_at, (assistance.to_jsonb(bill) ->> 'admitted_on')::timestamp))) AS first,
			   date_trunc('year', max(greatest(ordered_at, (assistance.to_jsonb(bill) ->> 'settled_on')::timestamp))) + '1 year' AS last
		  FROM described
	), books AS MATERIALIZED (
		SELECT r.region, assistance.terms_book(ARRAY[r.region], daterange(s.first::date, s.last::date),
				(SELECT p.at FROM assistance.policy_publication p ORDER BY p.id DESC LIMIT 1)) AS terms
		  FROM (SELECT DISTINCT region FROM described) r, span s
	), folded AS (
		SELECT previewed, assistance.settle(b.terms, d.bill) OVER (ORDER BY d.ordered_at, d.seq) AS split
		  FROM described d JOIN books b USING (region)
	)
	SELECT (f.split).* INTO split FROM folded f WHERE previewed;
	RETURN split;
END
$$;
COMMENT ON FUNCTION assistance.preview_among(bigint, assistance.bill, timestamp, bigint) IS 'The split in yuan of a bill that is not stored, folded at its place among the claims of a person. MA706: one of them is in a partition that is detached.';

-- ---- reversals ----

CREATE FUNCTION assistance.reverse_claim(claim_id bigint, request_key text, reason text)
	RETURNS TABLE (reversal bigint, claim bigint, entry text, layer text, kind text, amount numeric, owed_by text, owed_to text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10000 ROWS 20
	AS $$
#variable_conflict use_column
DECLARE
	original record;
	first record;
	id bigint;
	violated text;
	before bigint;
BEGIN
	SELECT c.* INTO original FROM assistance_register.claim c WHERE c.claim_id = reverse_claim.claim_id;
	IF NOT FOUND OR original.reverses IS NOT NULL OR original.not_settled IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA703', MESSAGE = format('claim %s cannot be reversed', reverse_claim.claim_id),
			DETAIL = CASE WHEN original.claim_id IS NULL THEN 'There is no such claim.'
				WHEN original.reverses IS NOT NULL THEN format('It is itself the reversal of claim %s.', original.reverses)
				ELSE 'It was never settled.' END,
			HINT = 'Reverse a bill that has been settled. To undo a reversal, send the bill again under a new order key.';
	END IF;
	SELECT max(s.settlement_id) INTO before FROM assistance_register.settlement s WHERE s.person_id = original.person_id;
	BEGIN
		INSERT INTO assistance_register.claim AS c (person_id, request_key, claim_no, reverses, kind, region, scheme, ordered_at, seq,
			admitted_on, discharged_on, settled_on, institution_id, total, in_scope, excluded, over_limit, first_share, reason)
		VALUES (original.person_id, reverse_claim.request_key, original.claim_no, original.claim_id, original.kind, original.region,
			original.scheme, original.ordered_at, original.seq, original.admitted_on, original.discharged_on, original.settled_on,
			original.institution_id, original.total, original.in_scope, original.excluded, original.over_limit, original.first_share,
			reverse_claim.reason)
		RETURNING c.claim_id INTO id;
	EXCEPTION WHEN unique_violation THEN
		GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
		SELECT c.claim_id, c.reverses, c.reason INTO first FROM assistance_register.claim c WHERE c.request_key = reverse_claim.request_key;
		IF NOT FOUND AND violated = 'claim_reverses' THEN
			RAISE EXCEPTION USING ERRCODE = 'MA703', MESSAGE = format('claim %s cannot be reversed', reverse_claim.claim_id),
				DETAIL = 'It has been reversed already.', HINT = 'A claim is reversed once.';
		END IF;
		PERFORM assistance.check_request(
			CASE WHEN first.claim_id IS NOT NULL THEN jsonb_build_object('reverses', first.reverses, 'reason', first.reason) END,
			jsonb_build_object('reverses', reverse_claim.claim_id, 'reason', reverse_claim.reason));
		id := first.claim_id;
		before := (SELECT min(s.settlement_id) - 1 FROM assistance_register.settlement s
			WHERE s.person_id = original.person_id AND s.claim_id = id);
	END;
	RETURN QUERY
	SELECT id, p.claim_id, p.entry, p.layer, p.kind, p.amount, p.owed_by, p.owed_to
	  FROM assistance_register.settlement s JOIN assistance_register.payment p USING (person_id, claim_id, revision)
	 WHERE s.person_id = original.person_id AND s.settlement_id > before
	   AND s.transaction_id = (SELECT t.transaction_id FROM assistance_register.settlement t
		 WHERE t.person_id = original.person_id AND t.claim_id = id)
	 ORDER BY s.settlement_id, p.place, p.entry;
END
$$;
COMMENT ON FUNCTION assistance.reverse_claim(bigint, text, text) IS
'冲正、退费: withdraws a settled claim. Posts its negated net under a claim of its own (reversal), settles the later claims of the person again, and returns every payment posted in yuan, with who owes whom. The same request sent again returns the same rows; another one under this key is refused (MA702), as is a claim that is reversed already, is a reversal or was not settled (MA703).';

-- ---- settling again ----

CREATE FUNCTION assistance.resettle_person(person_id bigint, reason text)
	RETURNS TABLE (claim bigint, entry text, layer text, kind text, amount numeric, owed_by text, owed_to text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10000 ROWS 20
	AS $$
#variable_conflict use_column
DECLARE
	before bigint;
BEGIN
	SELECT COALESCE(max(s.settlement_id), 0) INTO before FROM assistance_register.settlement s WHERE s.person_id = resettle_person.person_id;
	INSERT INTO assistance_register.resettlement (person_id, reason) VALUES (resettle_person.person_id, resettle_person.reason);
	RETURN QUERY
	SELECT p.claim_id, p.entry, p.layer, p.kind, p.amount, p.owed_by, p.owed_to
	  FROM assistance_register.settlement s JOIN assistance_register.payment p USING (person_id, claim_id, revision)
	 WHERE s.person_id = resettle_person.person_id AND s.settlement_id > before AND s.transaction_id = pg_current_xact_id()
	 ORDER BY s.settlement_id, p.place, p.entry;
END
$$;
COMMENT ON FUNCTION assistance.resettle_person(bigint, text) IS
'Settles a person again from nothing with everything known now, posts what differs and returns it in yuan: 补差 (a fund owes) and 追回 (the patient owes). Nothing differs: no rows.';

-- ---- an earlier day ----

CREATE FUNCTION assistance.settled_as_of(person_id bigint, known_at timestamptz)
	RETURNS TABLE (claim_id bigint, revision integer, total numeric, basic numeric, critical numeric, supplementary numeric,
		assistance numeric, tilt numeric, emergency numeric, government numeric, other numeric, charity numeric, hospital numeric,
		patient numeric, adjustment numeric, recoverable numeric, bill json, known_publication bigint)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 1000 ROWS 20
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT s.claim_id, max(s.revision), sum(s.total), sum(s.basic), sum(s.critical), sum(s.supplementary), sum(s.assistance), sum(s.tilt),
		   sum(s.emergency), sum(s.government), sum(s.other), sum(s.charity), sum(s.hospital), sum(s.patient), sum(s.adjustment),
		   sum(s.recoverable), (array_agg(s.bill ORDER BY s.revision DESC))[1], max(s.known_publication)
	  FROM assistance_register.settlement s
	 WHERE s.person_id = settled_as_of.person_id AND s.recorded_at <= settled_as_of.known_at
	 GROUP BY s.claim_id ORDER BY s.claim_id;
END
$$;
COMMENT ON FUNCTION assistance.settled_as_of(bigint, timestamptz) IS
'What had been settled for a person by a moment: the net of each claim in yuan, the bill as it was known then, and the publication up to which policies were known.';
