-- remaining: the room that is left in deductibles and caps.

-- An amount of a policy; null where it depends on a fact
CREATE FUNCTION assistance.stated_amount(amount jsonb) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT CASE pg_catalog.jsonb_typeof(amount) WHEN 'number' THEN amount::numeric
			WHEN 'object' THEN CASE WHEN pg_catalog.jsonb_typeof(amount -> 'amount') = 'number' THEN (amount -> 'amount')::numeric END END;
	END;
COMMENT ON FUNCTION assistance.stated_amount(jsonb) IS 'The amount in yuan that a parameter of a policy states; null where it depends on a fact.';

-- The first day of the period of a counter that contains a day; null for a referral chain
CREATE FUNCTION assistance.period_of(counter jsonb, on_date date) RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 20
	BEGIN ATOMIC
		WITH start AS (
			SELECT pg_catalog.make_date(pg_catalog.date_part('year', on_date)::integer,
						COALESCE(pg_catalog.substr(counter ->> 'starts', 1, 2), '01')::integer,
						COALESCE(pg_catalog.substr(counter ->> 'starts', 4, 2), '01')::integer) AS this_year,
				   CASE COALESCE(counter ->> 'every', 'year') WHEN 'year' THEN 12 WHEN 'quarter' THEN 3 WHEN 'month' THEN 1 END AS months
		), year AS (
			SELECT months, CASE WHEN this_year <= on_date THEN this_year ELSE (this_year - interval '1 year')::date END AS first FROM start
		)
		SELECT max((first + n * months * interval '1 month')::date)
		  FROM year, pg_catalog.generate_series(0, 11) n WHERE (first + n * months * interval '1 month')::date <= on_date;
	END;
COMMENT ON FUNCTION assistance.period_of(jsonb, date) IS 'The first day of the period of a policy''s counter that contains a day; null: the counter goes by referral chain.';

-- The limits of a page that count over a period or an encounter, with what an account has used of them; categories null: whoever the rules are for.
-- Policy model, sections 7 and 9. A tally without a period is of a referral chain or an encounter, which its sub names.
CREATE FUNCTION assistance.period_limits(page jsonb, account jsonb, on_date date, categories text[])
	RETURNS TABLE (place bigint, layer text, number bigint, rule text, item text, name text, period date, sub text, limit_amount numeric,
		used numeric, room numeric, condition jsonb, modified boolean)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 ROWS 20
	BEGIN ATOMIC
	WITH layer AS (
		SELECT l.value AS layer, l.ordinality AS place FROM pg_catalog.jsonb_array_elements(page -> 'layers') WITH ORDINALITY l
	), rule AS (
		SELECT l.layer, l.place, r.value AS rule, r.ordinality AS number, r.value -> 'deductible' AS deductible
		  FROM layer l CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(l.layer -> 'rules') WITH ORDINALITY r
		 WHERE categories IS NULL OR NOT COALESCE(r.value -> 'when' ? 'category', false)
			OR EXISTS (SELECT FROM pg_catalog.jsonb_array_elements_text(r.value -> 'when' -> 'category') c WHERE c = ANY (categories))
	), item AS (
		SELECT r.*, 'cap' AS item, 'cap' AS kind, COALESCE(c.value ->> 'group', r.layer ->> 'alternative', r.layer ->> 'name') AS name,
			   assistance.stated_amount(c.value -> 'limit') AS limit_amount, NULL::jsonb AS base, r.rule -> 'when' AS condition
		  FROM rule r CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(r.rule -> 'caps') c
		 WHERE COALESCE(c.value ->> 'per', 'period') = 'period'
		UNION ALL
		SELECT r.*, 'times', 'times', COALESCE(r.rule #>> '{times,counter}', r.layer ->> 'name'), (r.rule #> '{times,limit}')::numeric, NULL, r.rule -> 'when'
		  FROM rule r WHERE r.rule ? 'times'
		UNION ALL
		SELECT r.*, 'deductible', 'deductible', r.deductible ->> 'counter', assistance.stated_amount(r.deductible -> 'amount'), NULL, r.rule -> 'when'
		  FROM rule r WHERE r.deductible ? 'counter'
		UNION ALL
		SELECT r.*, 'deductible', 'encounter_deductible', r.layer ->> 'name', assistance.stated_amount(r.deductible -> 'amount'), NULL, r.rule -> 'when'
		  FROM rule r WHERE r.rule ? 'deductible'
		UNION ALL
		SELECT r.*, 'sum_cap', 'deductible_sum', r.deductible #>> '{sum_cap,counter}', assistance.stated_amount(r.deductible #> '{sum_cap,limit}'), NULL,
			   r.rule -> 'when'
		  FROM rule r WHERE r.deductible ? 'sum_cap'
		UNION ALL
		SELECT r.*, 'stays', k.kind, r.deductible #>> '{schedule,count}', NULL, NULL, r.rule -> 'when'
		  FROM rule r CROSS JOIN (VALUES ('stays'), ('encounter_stays')) k (kind) WHERE r.deductible -> 'schedule' ? 'count'
		UNION ALL
		SELECT r.*, 'deductible', 'base', COALESCE(r.rule ->> 'counter', r.layer ->> 'name'), assistance.stated_amount(r.deductible -> 'amount'),
			   COALESCE(r.rule -> 'base', r.layer -> 'base', '{"in_scope": 1}'::jsonb), r.rule -> 'when'
		  FROM rule r
		 WHERE r.rule ? 'deductible' AND NOT r.deductible ? 'counter' AND r.rule ->> 'settles' = 'year'
		   AND NOT COALESCE(r.rule -> 'base', r.layer -> 'base', '{}'::jsonb) ? 'of'
		UNION ALL
		SELECT l.layer, l.place, NULL, NULL, NULL, 'ceiling', 'ceiling', c.value ->> 'name', assistance.stated_amount(c.value -> 'share'), NULL,
			   c.value -> 'when'
		  FROM pg_catalog.jsonb_array_elements(page -> 'ceilings') c JOIN layer l ON c.value -> 'layers' ? (l.layer ->> 'name')
		 WHERE c.value ->> 'per' = 'period'
		UNION ALL
		SELECT l.layer, l.place, NULL, NULL, NULL, 'recoverable', 'recoverable', l.layer ->> 'name', NULL, NULL, NULL
		  FROM layer l WHERE (l.layer -> 'set_off')::boolean
		UNION ALL
		SELECT NULL, NULL, NULL, NULL, NULL, 'encounter', 'encounter', '', NULL, NULL, NULL
	), dated AS (
		SELECT i.*, i.kind IN ('encounter', 'encounter_deductible', 'encounter_stays', 'recoverable') AS of_tally,
			   assistance.period_of(COALESCE(page -> 'counters' -> i.name, '{}'), on_date) AS period FROM item i
	), tally AS (
		SELECT t.value ->> 'kind' AS kind, COALESCE(t.value ->> 'name', '') AS name, (t.value ->> 'period')::date AS period, t.value ->> 'sub' AS sub,
			   COALESCE((t.value ->> 'used')::numeric, (t.value ->> 'n')::numeric, 0) AS used, (t.value ->> 'cost')::numeric AS cost, NULL::jsonb AS buckets
		  FROM pg_catalog.jsonb_array_elements(account -> 'tallies') t
		UNION ALL
		SELECT 'base', b.value ->> 'name', (b.value ->> 'period')::date, b.value ->> 'sub', NULL, NULL, b.value -> 'buckets'
		  FROM pg_catalog.jsonb_array_elements(account -> 'bases') b
	), counted AS (
		SELECT d.place, d.layer, d.number, d.rule, d.item, d.name, CASE WHEN d.of_tally THEN t.period ELSE d.period END AS period, t.sub, d.condition,
			   CASE d.kind WHEN 'ceiling' THEN pg_catalog.floor(d.limit_amount * COALESCE(t.cost, 0) * 100) / 100 WHEN 'encounter' THEN t.cost
				ELSE d.limit_amount END AS limit_amount,
			   CASE d.kind WHEN 'base' THEN least(d.limit_amount,
				(SELECT COALESCE(pg_catalog.sum(w.value::numeric * (t.buckets ->> w.key)::numeric), 0) FROM pg_catalog.jsonb_each_text(d.base) w))
				ELSE COALESCE(t.used, 0) END AS used,
			   COALESCE(d.kind = 'deductible' AND t.cost IS NOT NULL AND (d.deductible -> 'final_once_met')::boolean, false) AS final
		  FROM dated d LEFT JOIN tally t ON t.kind = d.kind AND t.name = d.name AND (d.of_tally OR t.period IS NOT DISTINCT FROM d.period)
		 WHERE NOT d.of_tally OR t.kind IS NOT NULL
	)
	SELECT c.place, c.layer ->> 'name', c.number, c.rule ->> 'name', c.item, NULLIF(c.name, ''), c.period, c.sub, c.limit_amount::numeric(16,2),
		   c.used::numeric(16,2), CASE WHEN c.final THEN 0 WHEN c.limit_amount IS NOT NULL THEN greatest(c.limit_amount - c.used, 0) END::numeric(16,2), c.condition,
		   COALESCE(c.item NOT IN ('ceiling', 'recoverable', 'encounter') AND (c.layer ? 'modifiers' OR c.rule ? 'modifiers'), false)
	  FROM counted c;
	END;
COMMENT ON FUNCTION assistance.period_limits(jsonb, jsonb, date, text[]) IS
'Caps, deductibles and counts of a page of terms that go over the period of a day or an open encounter, in yuan (times and stays: a number), with what an account (as JSON) has used of them: one row for each rule that the categories do not exclude (null: for every rule), and for each layer of a ceiling. Columns as of remaining.';

CREATE FUNCTION assistance.remaining(person_id bigint, on_date date)
	RETURNS TABLE (layer text, rule text, item text, name text, period date, sub text, limit_amount numeric, used numeric, room numeric,
		condition jsonb, modified boolean)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 100000 ROWS 20
	AS $$
#variable_conflict use_column
DECLARE
	of_region text;
	of_scheme text;
	page jsonb;
	held jsonb := (SELECT a.account::jsonb FROM assistance_register.person_account a WHERE a.person_id = remaining.person_id);
	-- those of the register, and those that the last bill stated itself
	categories text[] := ARRAY(SELECT k.category FROM assistance_register.person_category k
		 WHERE k.person_id = remaining.person_id AND upper_inf(k.recorded) AND k.valid @> remaining.on_date)
		|| COALESCE((SELECT c.category FROM assistance_register.claim c
			 WHERE c.person_id = remaining.person_id AND c.reverses IS NULL AND c.not_settled IS NULL AND c.ordered_at < remaining.on_date + 1
			   AND NOT EXISTS (SELECT FROM assistance_register.claim r WHERE r.reverses = c.claim_id AND r.person_id = c.person_id)
			 ORDER BY c.ordered_at DESC, c.seq DESC LIMIT 1), '{}');
BEGIN
	SELECT e.region, e.scheme INTO of_region, of_scheme FROM assistance_register.enrolment e
	 WHERE e.person_id = remaining.person_id AND upper_inf(e.recorded) AND e.valid @> remaining.on_date;
	IF NOT FOUND THEN
		SELECT s.region, s.scheme INTO of_region, of_scheme FROM assistance_register.settlement s
		 WHERE s.person_id = remaining.person_id AND s.region IS NOT NULL ORDER BY s.settlement_id DESC LIMIT 1;
	END IF;
	IF of_region IS NULL THEN
		RETURN;
	END IF;
	page := assistance.to_jsonb(assistance.terms_at(of_region, of_scheme, remaining.on_date)) -> 'pages' -> 0;
	RETURN QUERY
	SELECT l.layer, l.rule, l.item, l.name, l.period, l.sub, l.limit_amount, l.used, l.room, l.condition, l.modified
	  FROM assistance.period_limits(page, held, remaining.on_date, categories) l
	 ORDER BY l.place, l.number, l.item, l.name, l.sub;
END
$$;
COMMENT ON FUNCTION assistance.remaining(bigint, date) IS
'What room a person has left, in yuan (items times and stays: a number), in the caps, deductibles, ceilings and counts of a period under the terms of a day: one row for each rule that the person''s categories, those of the register and of the last bill, do not exclude, with the rest of its condition. Items: cap, times, deductible, sum_cap, stays, ceiling, recoverable (not yet set off), encounter (billed of its whole cost). limit_amount is null where it depends on a fact or there is none; modified: modifiers may change it on a bill. No rows: neither an enrolment nor a claim says which terms hold.';
