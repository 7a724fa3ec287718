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

-- The limits of a page that count over a period, with what an account has used of them; categories null: whoever the rules are for
CREATE FUNCTION assistance.period_limits(page jsonb, account jsonb, on_date date, categories text[])
	RETURNS TABLE (place bigint, layer text, number bigint, rule text, item text, name text, period date, sub text, limit_amount numeric,
		used numeric, room numeric, condition jsonb, modified boolean)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 ROWS 20
	BEGIN ATOMIC
	WITH layer AS (
		SELECT l.value AS layer, l.ordinality AS place FROM pg_catalog.jsonb_array_elements(page -> 'layers') WITH ORDINALITY l
	), rule AS (
		SELECT l.layer, l.place, r.value AS rule, r.ordinality AS number
		  FROM layer l CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(l.layer -> 'rules') WITH ORDINALITY r
		 WHERE categories IS NULL OR NOT COALESCE(r.value -> 'when' ? 'category', false)
			OR EXISTS (SELECT FROM pg_catalog.jsonb_array_elements_text(r.value -> 'when' -> 'category') c WHERE c = ANY (categories))
	), item AS (
		SELECT r.*, 'cap' AS item, 'cap' AS kind, COALESCE(c.value ->> 'group', r.layer ->> 'alternative', r.layer ->> 'name') AS name,
			   assistance.stated_amount(c.value -> 'limit') AS limit_amount, NULL::jsonb AS base
		  FROM rule r CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(r.rule -> 'caps') c
		 WHERE COALESCE(c.value ->> 'per', 'period') = 'period'
		UNION ALL
		SELECT r.*, 'deductible', 'deductible', r.rule -> 'deductible' ->> 'counter', assistance.stated_amount(r.rule -> 'deductible' -> 'amount'), NULL
		  FROM rule r WHERE r.rule -> 'deductible' ? 'counter'
		UNION ALL
		SELECT r.*, 'deductible', 'base', COALESCE(r.rule ->> 'counter', r.layer ->> 'name'),
			   assistance.stated_amount(r.rule -> 'deductible' -> 'amount'),
			   COALESCE(r.rule -> 'base', r.layer -> 'base', '{"in_scope": 1}'::jsonb)
		  FROM rule r
		 WHERE r.rule ? 'deductible' AND NOT r.rule -> 'deductible' ? 'counter' AND r.rule ->> 'settles' = 'year'
		   AND NOT COALESCE(r.rule -> 'base', r.layer -> 'base', '{}'::jsonb) ? 'of'
	), dated AS (
		SELECT i.*, assistance.period_of(COALESCE(page -> 'counters' -> i.name, '{}'), on_date) AS period FROM item i
	), tally AS (
		SELECT t.value ->> 'kind' AS kind, t.value ->> 'name' AS name, (t.value ->> 'period')::date AS period, t.value ->> 'sub' AS sub,
			   (t.value ->> 'used')::numeric AS used, NULL::jsonb AS buckets, t.value ? 'cost' AS met
		  FROM pg_catalog.jsonb_array_elements(account -> 'tallies') t WHERE t.value ->> 'kind' IN ('cap', 'deductible')
		UNION ALL
		SELECT 'base', b.value ->> 'name', (b.value ->> 'period')::date, b.value ->> 'sub', NULL, b.value -> 'buckets', false
		  FROM pg_catalog.jsonb_array_elements(account -> 'bases') b
	), counted AS (
		SELECT d.*, t.sub, CASE d.kind WHEN 'base' THEN least(d.limit_amount,
				(SELECT COALESCE(pg_catalog.sum(w.value::numeric * (t.buckets ->> w.key)::numeric), 0) FROM pg_catalog.jsonb_each_text(d.base) w))
				ELSE COALESCE(t.used, 0) END AS used,
			   COALESCE(t.met AND (d.rule #>> '{deductible,final_once_met}')::boolean, false) AS final
		  FROM dated d LEFT JOIN tally t ON t.kind = d.kind AND t.name = d.name AND t.period = d.period
	)
	SELECT c.place, c.layer ->> 'name', c.number, c.rule ->> 'name', c.item, c.name, c.period, c.sub, c.limit_amount::numeric(16,2),
		   c.used::numeric(16,2), CASE WHEN c.final THEN 0 ELSE greatest(c.limit_amount - c.used, 0) END::numeric(16,2), c.rule -> 'when',
		   c.layer ? 'modifiers' OR c.rule ? 'modifiers'
	  FROM counted c;
	END;
COMMENT ON FUNCTION assistance.period_limits(jsonb, jsonb, date, text[]) IS
'Caps and deductibles of a page of terms that count over the period of a day, in yuan, with what an account (as JSON) has used of them: one row for each rule that the categories do not exclude (null: for every rule). Columns as of remaining.';

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
	categories text[] := ARRAY(SELECT k.category FROM assistance_register.person_category k
		WHERE k.person_id = remaining.person_id AND upper_inf(k.recorded) AND k.valid @> remaining.on_date);
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
'What room a person has left, in yuan, in the caps and deductibles of a period under the terms of a day: one row for each rule that the person''s categories do not exclude, with the rest of its condition. limit_amount is null where it depends on a fact; modified: modifiers may change it on a bill. No rows: neither an enrolment nor a claim says which terms hold.';
