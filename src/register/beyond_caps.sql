-- beyond_caps: payments beside the fold that the caps do not leave room for. The guard of assistance_register.payment asks it.

CREATE FUNCTION assistance.beyond_caps(claims bigint[])
	RETURNS TABLE (claim_id bigint, layer text, paid numeric, room numeric)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp COST 100000 ROWS 1
	AS $$
#variable_conflict use_column
DECLARE
	persons bigint[] := ARRAY(SELECT DISTINCT c.person_id FROM assistance_register.claim c WHERE c.claim_id = ANY (claims));
BEGIN
	-- what the fold or another session uses up of a cap must be there to be seen
	PERFORM FROM assistance_register.person_account a WHERE a.person_id = ANY (persons) ORDER BY a.person_id FOR NO KEY UPDATE;
	-- whoever has a snapshot from before would not see these payments: the changed row refuses it (40001), a lock alone does not
	UPDATE assistance_register.person_account a SET claims = a.claims WHERE a.person_id = ANY (persons);
	RETURN QUERY
	WITH settled AS (
		SELECT DISTINCT ON (s.person_id, s.claim_id) s.person_id, s.claim_id, c.ordered_at::date AS day, s.region, s.scheme, s.lines::jsonb AS lines
		  FROM assistance_register.live_claim c JOIN assistance_register.settlement s USING (person_id, claim_id)
		 WHERE c.person_id = ANY (persons) ORDER BY s.person_id, s.claim_id, s.revision DESC
	), paid AS MATERIALIZED (
		SELECT s.person_id, s.claim_id, s.day, s.region, s.scheme, n.layer, l.value ->> 'rule' AS rule, (l.value ->> 'room')::numeric AS room,
			   n.amount, n.amount - (l.value ->> 'paid')::numeric AS beside
		  FROM settled s CROSS JOIN LATERAL jsonb_array_elements(s.lines -> 'lines') l
		 CROSS JOIN LATERAL (SELECT p.layer, sum(p.amount) AS amount FROM assistance_register.payment p
			 WHERE p.person_id = s.person_id AND p.claim_id = s.claim_id AND p.layer = l.value ->> 'layer' AND p.kind = l.value ->> 'kind'
			   AND p.entry = 'bill' GROUP BY p.layer) n
		 WHERE n.amount <> (l.value ->> 'paid')::numeric
	), raised AS (
		SELECT * FROM paid p WHERE p.claim_id = ANY (claims) AND p.beside > 0 AND p.rule IS NOT NULL
	), page AS MATERIALIZED (
		SELECT r.person_id, r.claim_id, r.day, assistance.to_jsonb(assistance.terms_at(r.region, r.scheme, r.day)) -> 'pages' -> 0 AS page,
			   (SELECT a.account::jsonb FROM assistance_register.person_account a WHERE a.person_id = r.person_id) AS account
		  FROM (SELECT DISTINCT person_id, claim_id, day, region, scheme FROM raised) r
	), cap AS MATERIALIZED (
		SELECT g.person_id, g.claim_id, g.page -> 'counters' -> l.name AS counter, l.layer, l.rule, l.name, l.period, l.room
		  FROM page g CROSS JOIN LATERAL assistance.period_limits(g.page, g.account, g.day, NULL) l
		 WHERE l.item = 'cap' AND l.limit_amount IS NOT NULL AND l.sub IS NULL AND NOT l.modified
	), period_room AS (
		-- what the cap of the bill's rule leaves beside all that was paid beside the fold, by any layer under that cap
		SELECT r.claim_id, r.layer, r.amount, r.amount - b.beside + c.room AS room
		  FROM raised r JOIN cap c USING (person_id, claim_id, layer, rule)
		 CROSS JOIN LATERAL (SELECT sum(p.beside) AS beside FROM paid p
			 WHERE p.person_id = r.person_id AND assistance.period_of(COALESCE(c.counter, '{}'), p.day) = c.period
			   AND EXISTS (SELECT FROM cap o WHERE o.person_id = c.person_id AND o.claim_id = c.claim_id AND o.name = c.name
				   AND o.layer = p.layer AND o.rule = p.rule)) b
	)
	SELECT r.claim_id, r.layer, r.amount, r.room FROM raised r WHERE r.amount > r.room
	UNION ALL
	SELECT r.claim_id, r.layer, r.amount, greatest(r.room, 0) FROM period_room r WHERE r.amount > r.room
	 ORDER BY 1, 2, 4;
END
$$;
COMMENT ON FUNCTION assistance.beyond_caps(bigint[]) IS
'Layers that payments beside the fold have raised beyond their caps on these claims of the register: claim, layer, net paid and the most that its caps leave, in yuan. Room is what the bill''s own line had, and what the accounts of the persons, which it locks and writes anew, have left over the period; caps that depend on facts, modifiers or a code are judged by the line alone. The guard of assistance_register.payment refuses them (MA613).';
