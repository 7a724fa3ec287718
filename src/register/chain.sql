-- The hash chain: settlements are sealed outside of settling, person by person, in the order in which they were posted. Who changes a
-- sealed row, with whatever right, must also be able to change every later seal that somebody may have kept a copy of.

-- Form 1 leaves out the lines of charges; form 2 has them, for claims that have any.
CREATE FUNCTION assistance.canonical_settlement(settlement_id bigint, form integer DEFAULT 2) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 1000
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
	  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (claim_id)
	 WHERE s.settlement_id = canonical_settlement.settlement_id AND s.person_id = c.person_id;
	RETURN canonical;
END
$$;
COMMENT ON FUNCTION assistance.canonical_settlement(bigint, integer) IS 'A settlement with its claim, lines of charges (from form 2 on) and payments as one text that no setting of the session changes: what a seal is the hash of. Amounts in yuan.';

CREATE PROCEDURE assistance.seal_chain(how_many integer DEFAULT NULL)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	posted record;
	last record;
BEGIN
	LOCK TABLE assistance_register.seal IN SHARE ROW EXCLUSIVE MODE;
	FOR posted IN
		SELECT s.person_id, s.settlement_id FROM assistance_register.settlement s
		 WHERE NOT EXISTS (SELECT FROM assistance_register.seal e WHERE e.settlement_id = s.settlement_id)
		 ORDER BY s.person_id, s.settlement_id LIMIT how_many
	LOOP
		-- whoever is just adding lines to the claim has added them, or finds the seal
		PERFORM FROM assistance_register.claim c JOIN assistance_register.settlement s USING (person_id, claim_id)
		  WHERE s.settlement_id = posted.settlement_id FOR UPDATE OF c;
		SELECT e.n, e.hash INTO last FROM assistance_register.seal e WHERE e.person_id = posted.person_id ORDER BY e.n DESC LIMIT 1;
		INSERT INTO assistance_register.seal (person_id, n, settlement_id, form, hash)
		VALUES (posted.person_id, COALESCE(last.n, 0) + 1, posted.settlement_id, 2,
			sha256(COALESCE(last.hash, ''::bytea) || convert_to(assistance.canonical_settlement(posted.settlement_id), 'UTF8')));
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.seal_chain(integer) IS 'Seals the settlements that are not sealed yet, at most so many (null: all): SHA-256 over the seal before, of the same person, and the canonical text. One session at a time.';

CREATE FUNCTION assistance.verify_chain(person_id bigint DEFAULT NULL)
	RETURNS TABLE (person bigint, n bigint, settlement_id bigint, finding text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 100000 ROWS 10
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT e.person_id, e.n, e.settlement_id,
		   CASE WHEN e.n <> e.place THEN 'a seal before is missing'
				WHEN e.settlement_id <= e.settlement_before THEN 'the seals are out of order'
				WHEN e.canonical IS NULL THEN 'the settlement is missing'
				ELSE 'the settlement, its claim, a line or a payment is not what was sealed' END
	  FROM (SELECT s.*, row_number() OVER w AS place, lag(s.hash) OVER w AS hash_before, lag(s.settlement_id) OVER w AS settlement_before,
				   assistance.canonical_settlement(s.settlement_id, s.form) AS canonical
			  FROM assistance_register.seal s
			 WHERE verify_chain.person_id IS NULL OR s.person_id = verify_chain.person_id
			WINDOW w AS (PARTITION BY s.person_id ORDER BY s.n)) e
	 WHERE e.n <> e.place OR e.settlement_id <= e.settlement_before OR e.canonical IS NULL
		OR e.hash <> sha256(COALESCE(e.hash_before, ''::bytea) || convert_to(e.canonical, 'UTF8'));
END
$$;
COMMENT ON FUNCTION assistance.verify_chain(bigint) IS 'Recomputes the seals of a person (null: of everybody) and returns those that do not fit. No rows: nothing that was sealed has changed. What is not sealed yet is not looked at.';
