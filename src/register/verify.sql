-- verify: everything that is stored, folded anew and added up anew. Whoever asks for one person reads the rows of that one: conditions on
-- the person stand beside the tables, and a plan that was made for everybody is not used again.

-- What the claims of a person (null: of everybody) come to when the bills that their settlements rest on are folded anew
CREATE FUNCTION assistance.refold(person_id bigint)
	RETURNS TABLE (person bigint, claim_id bigint, split assistance.split, account assistance.account)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan COST 100000 ROWS 100000
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH act AS (
		SELECT min(at) AS first, max(at) AS last FROM assistance.policy_publication
	), basis AS MATERIALIZED (
		SELECT DISTINCT ON (s.person_id, s.claim_id) s.person_id, s.claim_id, c.ordered_at, c.seq, s.region, s.bill::assistance.bill AS bill,
			   CASE WHEN greatest(s.known_at, a.known_at) < act.first THEN act.last ELSE greatest(s.known_at, a.known_at) END AS known_at,
			   date_part('year', least(c.ordered_at, c.admitted_on, c.discharged_on, c.settled_on))::integer AS first_year,
			   date_part('year', greatest(c.ordered_at, c.admitted_on, c.discharged_on, c.settled_on))::integer AS last_year
		  FROM act, assistance_register.live_claim c
		  JOIN assistance_register.settlement s USING (person_id, claim_id)
		  JOIN assistance_register.person_account a USING (person_id)
		 WHERE refold.person_id IS NULL OR c.person_id = refold.person_id
		 ORDER BY s.person_id, s.claim_id, s.revision DESC
	), spanned AS MATERIALIZED (
		SELECT b.*, min(first_year) OVER whole AS first, max(last_year) OVER whole AS last FROM basis b WINDOW whole AS (PARTITION BY b.person_id)
	), book AS MATERIALIZED (
		SELECT k.*, assistance.terms_book(ARRAY[k.region], daterange(make_date(k.first, 1, 1), make_date(k.last + 1, 1, 1)), k.known_at) AS terms
		  FROM (SELECT DISTINCT region, known_at, first, last FROM spanned) k
	), ready AS (
		SELECT b.person_id, b.claim_id, b.ordered_at, b.seq, b.bill, k.terms FROM spanned b JOIN book k USING (region, known_at, first, last)
	)
	SELECT r.person_id, r.claim_id, assistance.settle(r.terms, r.bill) OVER (PARTITION BY r.person_id ORDER BY r.ordered_at, r.seq), NULL::assistance.account
	  FROM ready r
	UNION ALL
	SELECT r.person_id, NULL, NULL, (assistance.settle_year(r.terms, r.bill ORDER BY r.ordered_at, r.seq)).account
	  FROM ready r GROUP BY r.person_id;
END
$$;
COMMENT ON FUNCTION assistance.refold(bigint) IS
'Folds the claims that count of a person (null: of everybody) with the window function, each with the bill and under the policies that its settlement rests on: one split in yuan per claim, and one row per person (claim null) with the account.';

-- What does not follow from other rows: amounts and accounts against the fold
CREATE FUNCTION assistance.verify_fold(person_id bigint)
	RETURNS TABLE (person bigint, claim_id bigint, finding text, detail text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan COST 100000 ROWS 10
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH refolded AS MATERIALIZED (
		SELECT * FROM assistance.refold(verify_fold.person_id)
	), folded AS (
		SELECT r.person, r.claim_id, l.layer, l.kind, e.entry, e.amount
		  FROM refolded r CROSS JOIN LATERAL assistance.split_lines(r.split) l
		 CROSS JOIN LATERAL (VALUES ('bill', l.paid), ('adjustment', l.adjustment), ('recoverable', l.recoverable)) e (entry, amount)
		 WHERE r.claim_id IS NOT NULL AND e.amount <> 0
	), stored AS (
		SELECT c.person_id AS person, c.claim_id, n.layer, n.kind, n.entry, n.amount
		  FROM assistance_register.live_claim c
		 CROSS JOIN LATERAL (SELECT p.layer, p.kind, p.entry, sum(p.amount) AS amount FROM assistance_register.payment p
			 WHERE p.claim_id = c.claim_id AND p.person_id = c.person_id GROUP BY p.layer, p.kind, p.entry) n
		 WHERE n.amount <> 0 AND (verify_fold.person_id IS NULL OR c.person_id = verify_fold.person_id)
	)
	SELECT person, claim_id, 'amount', format('layer %s, %s: stored %s, folded %s', layer, entry, COALESCE(s.amount, 0), COALESCE(f.amount, 0))
	  FROM folded f FULL JOIN stored s USING (person, claim_id, layer, kind, entry)
	 WHERE s.amount IS DISTINCT FROM f.amount
	UNION ALL
	SELECT r.person, r.claim_id, 'amount', format('patient and hospital: stored %s and %s, folded %s and %s', n.patient, n.hospital,
			(r.split).patient, (r.split).hospital)
	  FROM refolded r CROSS JOIN LATERAL (SELECT sum(s.patient) AS patient, sum(s.hospital) AS hospital
		  FROM assistance_register.settlement s WHERE s.person_id = r.person AND s.claim_id = r.claim_id) n
	 WHERE (n.patient, n.hospital) <> ((r.split).patient, (r.split).hospital)
	UNION ALL
	SELECT a.person_id, NULL, 'account', format('the account holds %s, the fold comes to %s', a.account::jsonb - '{kept,unkept}'::text[],
			assistance.to_jsonb(r.account) - '{kept,unkept}'::text[])
	  FROM assistance_register.person_account a LEFT JOIN refolded r ON r.person = a.person_id AND r.claim_id IS NULL
	 WHERE (verify_fold.person_id IS NULL OR a.person_id = verify_fold.person_id)
	   AND a.account::jsonb - '{kept,unkept}'::text[] IS DISTINCT FROM assistance.to_jsonb(r.account) - '{kept,unkept}'::text[];
END
$$;
COMMENT ON FUNCTION assistance.verify_fold(bigint) IS 'The part of verify that folds anew: net payments and accounts, in yuan, that are not what the fold gives.';

-- What contradicts other rows
CREATE FUNCTION assistance.verify_rows(person_id bigint)
	RETURNS TABLE (person bigint, claim_id bigint, finding text, detail text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan COST 100000 ROWS 10
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT c.person_id, c.claim_id, 'unsettled', 'the claim has no settlement: it came in without its trigger'
	  FROM (SELECT b.person_id, b.claim_id FROM assistance_register.claim b
			 WHERE (verify_rows.person_id IS NULL OR b.person_id = verify_rows.person_id) AND b.reverses IS NULL AND b.not_settled IS NULL
			UNION ALL
			SELECT r.person_id, r.claim_id FROM assistance_register.claim r
			 WHERE (verify_rows.person_id IS NULL OR r.person_id = verify_rows.person_id) AND r.reverses IS NOT NULL) c
	 WHERE NOT EXISTS (SELECT FROM assistance_register.settlement s WHERE s.person_id = c.person_id AND s.claim_id = c.claim_id)
	UNION ALL
	SELECT s.person_id, s.claim_id, 'settlement', format('revision %s is not that of a claim of this person that is settled', s.revision)
	  FROM assistance_register.settlement s LEFT JOIN assistance_register.claim c ON c.claim_id = s.claim_id AND c.person_id = s.person_id
	 WHERE (verify_rows.person_id IS NULL OR s.person_id = verify_rows.person_id)
	   AND (c.claim_id IS NULL OR c.not_settled IS NOT NULL OR (c.reverses IS NOT NULL) <> (s.entry = 'reversal'))
	UNION ALL
	SELECT s.person_id, min(s.claim_id), 'settlement', format('number %s stands %s times', s.settlement_id, count(*))
	  FROM assistance_register.settlement s
	 WHERE verify_rows.person_id IS NULL OR s.person_id = verify_rows.person_id
	 GROUP BY s.person_id, s.settlement_id HAVING count(*) > 1
	UNION ALL
	SELECT s.person_id, s.claim_id, 'revision', format('revisions are %s', string_agg(s.revision::text, ', ' ORDER BY s.revision))
	  FROM assistance_register.settlement s
	 WHERE verify_rows.person_id IS NULL OR s.person_id = verify_rows.person_id
	 GROUP BY s.person_id, s.claim_id
	HAVING max(s.revision) <> count(*) OR count(*) FILTER (WHERE s.revision > 1 AND s.corrects_revision <> s.revision - 1) > 0
	UNION ALL
	SELECT s.person_id, s.claim_id, 'payments', format('revision %s: payments do not add up to the settlement', s.revision)
	  FROM assistance_register.settlement s
	  LEFT JOIN LATERAL (
		SELECT COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'adjustment'), 0) AS adjustment,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'recoverable'), 0) AS recoverable,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'basic'), 0) AS basic,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'critical'), 0) AS critical,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'supplementary'), 0) AS supplementary,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'assistance'), 0) AS assistance,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'tilt'), 0) AS tilt,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'emergency'), 0) AS emergency,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'government'), 0) AS government,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'other'), 0) AS other,
			   COALESCE(sum(p.amount) FILTER (WHERE p.entry = 'bill' AND p.kind = 'charity'), 0) AS charity
		  FROM assistance_register.payment p
		 WHERE p.person_id = s.person_id AND p.claim_id = s.claim_id AND p.revision = s.revision) p ON true
	 WHERE (verify_rows.person_id IS NULL OR s.person_id = verify_rows.person_id)
	   AND (s.adjustment, s.recoverable, s.basic, s.critical, s.supplementary, s.assistance, s.tilt, s.emergency, s.government, s.other, s.charity)
		<> (p.adjustment, p.recoverable, p.basic, p.critical, p.supplementary, p.assistance, p.tilt, p.emergency, p.government, p.other, p.charity)
	UNION ALL
	SELECT c.person_id, c.claim_id, 'net', format('layer %s, %s: %s in all', p.layer, p.entry, sum(p.amount))
	  FROM (SELECT DISTINCT s.person_id, s.claim_id FROM assistance_register.settlement s
			 WHERE verify_rows.person_id IS NULL OR s.person_id = verify_rows.person_id) o
	  JOIN assistance_register.claim c USING (person_id, claim_id) JOIN assistance_register.payment p USING (person_id, claim_id)
	 WHERE c.reverses IS NULL
	 GROUP BY c.person_id, c.claim_id, p.layer, p.kind, p.entry HAVING sum(p.amount) < 0
	UNION ALL
	SELECT r.person_id, r.claim_id, 'reversal', format('claim %s and its reversal come to %s in layer %s', r.reverses, sum(n.amount), n.layer)
	  FROM assistance_register.claim r
	 CROSS JOIN LATERAL (VALUES (r.claim_id), (r.reverses)) o (claim_id)
	  JOIN assistance_register.payment n ON n.person_id = r.person_id AND n.claim_id = o.claim_id
	 WHERE r.reverses IS NOT NULL AND (verify_rows.person_id IS NULL OR r.person_id = verify_rows.person_id)
	 GROUP BY r.person_id, r.claim_id, r.reverses, n.layer, n.kind, n.entry HAVING sum(n.amount) <> 0
	UNION ALL
	SELECT a.person_id, NULL, 'account', format('the account counts %s claims, there are %s', a.claims, c.n)
	  FROM assistance_register.person_account a
	 CROSS JOIN LATERAL (SELECT count(*) AS n FROM assistance_register.live_claim c WHERE c.person_id = a.person_id) c
	 WHERE (verify_rows.person_id IS NULL OR a.person_id = verify_rows.person_id) AND a.claims <> c.n;
	RETURN QUERY
	SELECT r.person_id, r.claim_id, 'recoverable', format('recoverable %s of %s: %s steps, numbered up to %s, settle %s of it', r.recoverable_id, r.amount,
			s.n, s.last, s.settled)
	  FROM assistance_register.recoverable r
	 CROSS JOIN LATERAL (SELECT count(*) AS n, max(t.step) AS last, COALESCE(sum(t.amount) FILTER (WHERE t.state NOT IN ('demanded', 'corrected')
				AND c.step IS NULL), 0) AS settled, COALESCE(bool_or(c.amount <> t.amount OR t.state = 'corrected' AND c.step IS NOT NULL), false) AS askew
		  FROM assistance_register.recoverable_step t
		  LEFT JOIN assistance_register.recoverable_step c ON c.recoverable_id = t.recoverable_id AND c.corrects = t.step
		 WHERE t.recoverable_id = r.recoverable_id) s
	 WHERE (verify_rows.person_id IS NULL OR r.person_id = verify_rows.person_id) AND (s.last <> s.n OR s.settled > abs(r.amount) OR s.askew);
	IF to_regclass('assistance_register.claim_key') IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT c.person_id, c.claim_id, 'key', 'claim_key does not hold the keys of the claim'
	  FROM (SELECT b.claim_id, b.person_id, b.request_key, b.reverses, b.not_settled, b.ordered_at, b.seq FROM assistance_register.claim b
			 WHERE (verify_rows.person_id IS NULL OR b.person_id = verify_rows.person_id) AND b.reverses IS NULL AND b.not_settled IS NULL
			UNION ALL
			SELECT r.claim_id, r.person_id, r.request_key, r.reverses, r.not_settled, r.ordered_at, r.seq FROM assistance_register.claim r
			 WHERE (verify_rows.person_id IS NULL OR r.person_id = verify_rows.person_id) AND r.reverses IS NOT NULL
			UNION ALL
			-- claims that are not settled have no index by person: those of one are found by their keys
			SELECT n.claim_id, n.person_id, n.request_key, n.reverses, n.not_settled, n.ordered_at, n.seq FROM assistance_register.claim n
			 WHERE verify_rows.person_id IS NULL AND n.not_settled IS NOT NULL
			UNION ALL
			SELECT n.claim_id, n.person_id, n.request_key, n.reverses, n.not_settled, n.ordered_at, n.seq
			  FROM assistance_register.claim_key h JOIN assistance_register.claim n ON n.claim_id = h.claim_id AND n.person_id = h.person_id
			 WHERE h.person_id = verify_rows.person_id AND n.not_settled IS NOT NULL) c
	  LEFT JOIN assistance_register.claim_key k ON k.claim_id = c.claim_id
	 WHERE ((k.person_id, k.request_key) IS DISTINCT FROM (c.person_id, c.request_key) OR k.reverses IS DISTINCT FROM c.reverses
		OR (c.reverses IS NULL AND c.not_settled IS NULL AND (k.ordered_at, k.seq) IS DISTINCT FROM (c.ordered_at, c.seq)))
	UNION ALL
	SELECT k.person_id, k.claim_id, 'away', 'the claim is in no partition of the register'
	  FROM assistance_register.claim_key k
	 WHERE (verify_rows.person_id IS NULL OR k.person_id = verify_rows.person_id)
	   AND NOT EXISTS (SELECT FROM assistance_register.claim c WHERE c.claim_id = k.claim_id AND c.person_id = k.person_id);
END
$$;
COMMENT ON FUNCTION assistance.verify_rows(bigint) IS 'The part of verify that adds up stored rows: claims without settlement, payments that are not their settlement, nets below zero, recoverables of which more is settled than there is, in yuan.';

CREATE FUNCTION assistance.verify(person_id bigint DEFAULT NULL)
	RETURNS TABLE (person bigint, claim_id bigint, finding text, detail text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 100000 ROWS 10
	AS $$
#variable_conflict use_column
DECLARE
	whose bigint;
BEGIN
	RETURN QUERY SELECT * FROM assistance.verify_rows(verify.person_id);
	BEGIN
		RETURN QUERY SELECT * FROM assistance.verify_fold(verify.person_id);
		RETURN;
	EXCEPTION WHEN OTHERS THEN
		IF verify.person_id IS NOT NULL THEN
			RETURN QUERY SELECT verify.person_id, NULL::bigint, 'fold'::text, format('cannot be folded: %s (%s)', sqlerrm, sqlstate);
			RETURN;
		END IF;
	END;
	-- somebody's claims cannot be folded: one person after the other
	FOR whose IN SELECT a.person_id FROM assistance_register.person_account a ORDER BY a.person_id LOOP
		BEGIN
			RETURN QUERY SELECT * FROM assistance.verify_fold(whose);
		EXCEPTION WHEN OTHERS THEN
			RETURN QUERY SELECT whose, NULL::bigint, 'fold'::text, format('cannot be folded: %s (%s)', sqlerrm, sqlstate);
		END;
	END LOOP;
END
$$;
COMMENT ON FUNCTION assistance.verify(bigint) IS
'对账: adds up and folds anew everything that is stored of a person (null: of everybody), each claim with the bill and under the policies that its settlement rests on, and returns what does not fit; amounts in yuan. No rows: all is well. What has changed since is no finding: it stands in resettle_queue.';
