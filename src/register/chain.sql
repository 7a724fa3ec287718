-- The hash chain: settlements are sealed outside of settling, person by person, in the order in which they were posted. Who changes a
-- sealed row, with whatever right, must also be able to change every later seal that somebody may have kept a copy of.
-- A settlement is found by its person, claim and revision: its number has no index, which every settlement would pay for.

-- Form 1 leaves out the lines of charges; form 2 has them, for claims that have any.
CREATE FUNCTION assistance.canonical_settlement(person_id bigint, claim_id bigint, revision integer, form integer DEFAULT 2) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off COST 1000
	AS $$
#variable_conflict use_column
DECLARE
	canonical text;
BEGIN
	SELECT (jsonb_build_array(s.settlement_id, s.person_id, s.claim_id, s.revision, s.entry, s.corrects_revision, s.reason, s.region, s.scheme,
			ARRAY[s.total, s.basic, s.critical, s.supplementary, s.assistance, s.tilt, s.emergency, s.government, s.other, s.charity,
				s.hospital, s.patient, s.adjustment, s.recoverable]::text[],
			s.bill, s.lines, encode(s.digest, 'hex'), s.engine, s.known_publication, (extract(epoch FROM s.known_at) * 1000000)::bigint,
			(extract(epoch FROM s.recorded_at) * 1000000)::bigint, s.recorded_by, s.transaction_id::text,
			to_jsonb(c) - 'received_at' || jsonb_build_object('received_at', (extract(epoch FROM c.received_at) * 1000000)::bigint),
			(SELECT jsonb_agg(jsonb_build_array(p.layer, p.kind, p.entry, p.place, p.state, p.amount::text, p.owed_by, p.owed_to)
					ORDER BY p.layer COLLATE "C", p.kind COLLATE "C", p.entry COLLATE "C")
			   FROM assistance_register.payment p
			  WHERE p.person_id = s.person_id AND p.claim_id = s.claim_id AND p.revision = s.revision))
			|| CASE WHEN form > 1 THEN (SELECT jsonb_build_array(jsonb_agg(jsonb_build_array(l.line_no, l.item, l.amount::text,
					l.limit_amount::text, l.first_share::text, l.excluded) ORDER BY l.line_no))
			   FROM assistance_register.claim_line l WHERE l.claim_id = s.claim_id) ELSE '[]' END)::text INTO canonical
	  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (person_id, claim_id)
	 WHERE s.person_id = canonical_settlement.person_id AND s.claim_id = canonical_settlement.claim_id
	   AND s.revision = canonical_settlement.revision;
	RETURN canonical;
END
$$;
COMMENT ON FUNCTION assistance.canonical_settlement(bigint, bigint, integer, integer) IS 'A settlement with its claim, lines of charges (from form 2 on) and payments as one text that no setting of the session changes: what a seal is the hash of. Amounts in yuan.';

-- What has come since the last seal, person by person in the order of posting, in portions of a hundred
CREATE FUNCTION assistance.unsealed_settlements(how_many integer DEFAULT NULL)
	RETURNS TABLE (portion bigint, persons bigint[], claims bigint[], revisions integer[], settlements bigint[])
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 100000 ROWS 100
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT (u.place - 1) / 100, array_agg(u.person_id ORDER BY u.place), array_agg(u.claim_id ORDER BY u.place),
		   array_agg(u.revision ORDER BY u.place), array_agg(u.settlement_id ORDER BY u.place)
	  FROM (SELECT s.person_id, s.claim_id, s.revision, s.settlement_id, row_number() OVER (ORDER BY s.person_id, s.settlement_id) AS place
			  FROM assistance_register.settlement s
			  LEFT JOIN (SELECT k.person_id, max(k.settlement_id) AS last FROM assistance_register.seal k GROUP BY k.person_id) e USING (person_id)
			 WHERE s.settlement_id > COALESCE(e.last, 0)
			 ORDER BY s.person_id, s.settlement_id LIMIT how_many) u
	 GROUP BY 1 ORDER BY 1;
END
$$;
COMMENT ON FUNCTION assistance.unsealed_settlements(integer) IS 'Part of seal_chain: the settlements after the last seal of each person, at most so many (null: all), in portions of a hundred.';

-- Bulk loads of lines take as many locks as there are buckets, not as there are claims.
CREATE FUNCTION assistance.bucket_of_claim(claim_id bigint) RETURNS integer
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT (claim_id & 63)::integer;
	END;
COMMENT ON FUNCTION assistance.bucket_of_claim(bigint) IS 'Part of seal_chain and check_claim_lines: the advisory lock (class 1096176961), one of 64, at which they meet for a claim.';

-- Lines must be in the seal or find it, so whoever adds some (check_claim_lines) and whoever seals meet at an advisory lock of the claim's bucket: a
-- partition's lines have no foreign key that would meet at the claim. A bucket in which somebody is just adding lines is not waited for.
-- The first plans are kept for all portions: those made while there are few seals must not read them all.
CREATE PROCEDURE assistance.seal_settlements(persons bigint[], claims bigint[], revisions integer[], settlements bigint[])
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
	AS $$
DECLARE
	busy integer[];
	canonical text;
	whose bigint;
	last record;
	held_up boolean;
BEGIN
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'seals are made at READ COMMITTED only',
			DETAIL = 'A transaction with a snapshot of its own would not seal the lines that others have added since.',
			HINT = 'SET default_transaction_isolation = ''read committed''; and call seal_chain() outside of a transaction.';
	END IF;
	-- one session at a time
	LOCK TABLE assistance_register.seal IN SHARE ROW EXCLUSIVE MODE;
	busy := ARRAY(SELECT b.bucket FROM (SELECT DISTINCT assistance.bucket_of_claim(u.claim_id) AS bucket FROM unnest(claims) u (claim_id)) b
		WHERE NOT pg_try_advisory_xact_lock(1096176961, b.bucket));
	FOR i IN 1 .. cardinality(settlements) LOOP
		IF whose IS DISTINCT FROM persons[i] THEN
			whose := persons[i];
			SELECT e.n, e.hash, e.settlement_id INTO last FROM assistance_register.seal e WHERE e.person_id = whose ORDER BY e.n DESC LIMIT 1;
			held_up := EXISTS (SELECT FROM assistance_register.settlement s
				WHERE s.person_id = whose AND s.settlement_id > COALESCE(last.settlement_id, 0) AND s.settlement_id < settlements[i]);
		END IF;
		CONTINUE WHEN settlements[i] <= last.settlement_id;
		held_up := held_up OR assistance.bucket_of_claim(claims[i]) = ANY (busy);
		CONTINUE WHEN held_up;
		canonical := assistance.canonical_settlement(whose, claims[i], revisions[i]);
		held_up := canonical IS NULL;
		CONTINUE WHEN held_up;
		INSERT INTO assistance_register.seal AS e (person_id, n, settlement_id, form, hash)
		VALUES (whose, COALESCE(last.n, 0) + 1, settlements[i], 2, sha256(COALESCE(last.hash, ''::bytea) || convert_to(canonical, 'UTF8')))
		RETURNING e.n, e.hash, e.settlement_id INTO last;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.seal_settlements(bigint[], bigint[], integer[], bigint[]) IS 'Part of seal_chain: seals a portion of settlements, those of a person up to a claim to which somebody may just be adding lines, or that is gone. Error 25001: not at READ COMMITTED.';

CREATE PROCEDURE assistance.seal_chain(how_many integer DEFAULT NULL)
	LANGUAGE plpgsql
	AS $$
DECLARE
	next record;
	under_way boolean := false;
BEGIN
	-- refuses who may not, even where nothing is left to seal
	LOCK TABLE assistance_register.seal IN SHARE ROW EXCLUSIVE MODE;
	FOR next IN SELECT u.persons, u.claims, u.revisions, u.settlements FROM assistance.unsealed_settlements(how_many) u ORDER BY u.portion LOOP
		IF under_way THEN
			COMMIT;
		END IF;
		CALL assistance.seal_settlements(next.persons, next.claims, next.revisions, next.settlements);
		under_way := true;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.seal_chain(integer) IS 'Seals the settlements that are not sealed yet, at most so many (null: all): SHA-256 over the seal before, of the same person, and the canonical text. One transaction for each hundred, so outside of a transaction block where there are more; a claim to which somebody is just adding lines is left for the next call. Error 25001: not at READ COMMITTED.';

CREATE FUNCTION assistance.verify_chain(person_id bigint DEFAULT NULL)
	RETURNS TABLE (person bigint, n bigint, settlement_id bigint, finding text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan COST 100000 ROWS 10
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT e.person_id, e.n, e.settlement_id,
		   CASE WHEN e.n <> e.place THEN 'a seal before is missing'
				WHEN e.settlement_id <= e.settlement_before THEN 'the seals are out of order'
				WHEN e.canonical IS NULL THEN 'the settlement is missing'
				ELSE 'the settlement, its claim, a line or a payment is not what was sealed' END
	  FROM (SELECT l.*, assistance.canonical_settlement(s.person_id, s.claim_id, s.revision, l.form) AS canonical
			  FROM (SELECT k.*, row_number() OVER w AS place, lag(k.hash) OVER w AS hash_before, lag(k.settlement_id) OVER w AS settlement_before
					  FROM assistance_register.seal k
					 WHERE verify_chain.person_id IS NULL OR k.person_id = verify_chain.person_id
					WINDOW w AS (PARTITION BY k.person_id ORDER BY k.n)) l
			  LEFT JOIN assistance_register.settlement s ON s.person_id = l.person_id AND s.settlement_id = l.settlement_id
			OFFSET 0) e
	 WHERE e.n <> e.place OR e.settlement_id <= e.settlement_before OR e.canonical IS NULL
		OR e.hash IS DISTINCT FROM sha256(COALESCE(e.hash_before, ''::bytea) || convert_to(e.canonical, 'UTF8'))
	UNION ALL
	SELECT s.person_id, NULL, s.settlement_id, 'the settlement has no seal, a later one has'
	  FROM (SELECT k.person_id, max(k.settlement_id) AS settlement_id FROM assistance_register.seal k
			 WHERE verify_chain.person_id IS NULL OR k.person_id = verify_chain.person_id GROUP BY k.person_id) l
	  JOIN assistance_register.settlement s ON s.person_id = l.person_id AND s.settlement_id < l.settlement_id
	 WHERE NOT EXISTS (SELECT FROM assistance_register.seal k WHERE k.person_id = s.person_id AND k.settlement_id = s.settlement_id);
END
$$;
COMMENT ON FUNCTION assistance.verify_chain(bigint) IS 'Recomputes the seals of a person (null: of everybody) and returns those that do not fit, and settlements that came in before a sealed one. No rows: nothing that was sealed has changed. What is not sealed yet is not looked at.';
