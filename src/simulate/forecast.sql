-- forecast_need: what the assistance fund will need, after 冀政办发〔2015〕26号 四(一): 救助对象数量、患病率、救助标准、医药费用增长情况、
-- 保险报销水平. A product of five figures by category, carried on from the years that are known; numeric throughout.

CREATE TYPE assistance.need_year AS (
	year integer,
	category text,
	persons bigint,
	treatments bigint,
	cost numeric,
	insured numeric,
	assisted numeric
);
COMMENT ON TYPE assistance.need_year IS 'A year of one category of persons as assistance.forecast_need takes it; assistance.need_history makes them from the register.';
COMMENT ON COLUMN assistance.need_year.year IS 'the year';
COMMENT ON COLUMN assistance.need_year.category IS 'category of persons; empty: of none';
COMMENT ON COLUMN assistance.need_year.persons IS 'persons of the category (救助对象数量)';
COMMENT ON COLUMN assistance.need_year.treatments IS 'their bills; by person this is the incidence (患病率)';
COMMENT ON COLUMN assistance.need_year.cost IS 'in scope of these bills, yuan';
COMMENT ON COLUMN assistance.need_year.insured IS 'paid of it by basic, critical and supplementary insurance, yuan (保险报销水平); what insurance paid of other cost is not in';
COMMENT ON COLUMN assistance.need_year.assisted IS 'paid by assistance, yuan; of what insurance left this is the standard (救助标准)';

-- Which layers take cost in scope, and which cost outside it, in any version that was published; regions that inherit have those from above.
CREATE FUNCTION assistance.layer_reach() RETURNS TABLE (region text, layer text, inside boolean, outside boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 500 COST 100000
BEGIN ATOMIC
	WITH RECURSIVE above (region, superior) AS (
		SELECT p.region, p.region FROM assistance.policy p
		UNION
		SELECT a.region, p.inherits FROM above a JOIN assistance.policy p ON p.region = a.superior AND p.layer = '*' WHERE p.inherits IS NOT NULL
	), layer AS (
		SELECT p.region, p.layer, p.document::jsonb #> '{layers,0}' AS body FROM assistance.policy p WHERE p.layer <> '*' AND p.state = 'published'
	), base AS (
		SELECT l.region, l.layer, CASE WHEN l.body ->> 'kind' = 'basic' THEN '{"in_scope": 1}' ELSE l.body -> 'base' END AS base FROM layer l
		UNION ALL
		SELECT l.region, l.layer, r.value -> 'base' FROM layer l CROSS JOIN LATERAL jsonb_array_elements(l.body -> 'rules') r WHERE r.value ? 'base'
	), bucket AS (
		SELECT b.region, b.layer, w.key AS bucket FROM base b CROSS JOIN LATERAL jsonb_each_text(b.base) w
		 WHERE NOT b.base ? 'of' AND w.value::numeric > 0
		UNION ALL
		SELECT b.region, b.layer, f.value FROM base b
		 CROSS JOIN LATERAL jsonb_array_elements_text(COALESCE(b.base -> 'from', '["copay", "excluded"]')) f WHERE b.base ? 'of'
	)
	SELECT a.region, t.layer, bool_or(i.inside), bool_or(NOT i.inside)
	  FROM above a
	  JOIN bucket t ON t.region = a.superior
	 CROSS JOIN LATERAL (SELECT t.bucket IN ('in_scope', 'deductible', 'over_cap', 'copay', 'penalty', 'away_share')) i(inside)
	 GROUP BY a.region, t.layer;
END;
COMMENT ON FUNCTION assistance.layer_reach() IS
'Layers of each region of the catalogue, those that it inherits included: does a published version take cost in scope (inside), does one take excluded cost, cost over limits or first shares (outside)?';

-- What insurance paid of the cost in scope, by claim. A layer that takes both kinds of cost paid in scope what the others did not.
-- Every claim of the register is joined here and in need_history, by tables whose sizes the planner can only guess: by hash, never row by row.
CREATE FUNCTION assistance.insured_in_scope() RETURNS TABLE (claim_id bigint, insured numeric, assisted numeric)
	LANGUAGE plpgsql STABLE COST 1000000 ROWS 100000 SET search_path = pg_catalog, pg_temp SET enable_nestloop = off
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH reach AS MATERIALIZED (
		SELECT r.region, r.layer, r.inside, r.outside FROM assistance.layer_reach() r WHERE r.outside
	), last AS (
		SELECT DISTINCT ON (s.person_id, s.claim_id) s.claim_id, s.region, CASE WHEN s.region IN (SELECT r.region FROM reach r) THEN s.lines END AS lines
		  FROM assistance_register.settlement s WHERE s.lines IS NOT NULL ORDER BY s.person_id, s.claim_id, s.revision DESC
	), paid AS (
		SELECT p.claim_id, l.region, l.lines, p.kind IN ('basic', 'critical', 'supplementary') AS insurer, p.kind IN ('assistance', 'tilt') AS assistance,
			   p.entry = 'bill' AS on_bill, p.amount * CASE p.entry WHEN 'recoverable' THEN -1 ELSE 1 END AS amount,
			   COALESCE(r.inside, true) AS inside, r.outside IS NOT NULL AS outside
		  FROM assistance_register.payment p
		  JOIN last l ON l.claim_id = p.claim_id
		  LEFT JOIN reach r ON (r.region, r.layer) = (l.region, p.layer)
	), summed AS (
		SELECT p.claim_id, sum(p.amount) FILTER (WHERE p.assistance) AS assisted,
			   sum(p.amount) FILTER (WHERE p.insurer AND p.inside AND NOT (p.outside AND p.on_bill)) AS insured,
			   sum(p.amount) FILTER (WHERE p.on_bill AND NOT p.outside) AS inside,
			   sum(p.amount) FILTER (WHERE p.on_bill AND p.insurer AND p.inside AND p.outside) AS mixed,
			   CASE WHEN bool_or(p.insurer AND p.inside AND p.outside) THEN min(p.lines::text)::json END AS lines
		  FROM paid p GROUP BY p.claim_id
	)
	SELECT s.claim_id, COALESCE(s.insured, 0) + CASE WHEN s.mixed IS NULL THEN 0 ELSE
			LEAST(s.mixed, GREATEST(0, c.in_scope - h.in_scope - b.in_scope - COALESCE(s.inside, 0))) END, COALESCE(s.assisted, 0)
	  FROM summed s
	  JOIN assistance_register.claim c ON c.claim_id = s.claim_id
	 CROSS JOIN LATERAL (SELECT COALESCE(sum(e.value::numeric), 0) AS in_scope FROM json_each_text(s.lines -> 'left') e
						  WHERE e.key IN ('in_scope', 'deductible', 'over_cap', 'copay', 'penalty', 'away_share')) b
	 CROSS JOIN LATERAL (SELECT GREATEST(0, sum(n.hospital) - c.excluded - c.over_limit - c.first_share) AS in_scope
						   FROM assistance_register.settlement n WHERE s.mixed IS NOT NULL AND (n.person_id, n.claim_id) = (c.person_id, c.claim_id)) h;
END
$$;
COMMENT ON FUNCTION assistance.insured_in_scope() IS
'Part of need_history: what basic, critical and supplementary insurance paid of each claim''s cost in scope, and what assistance and tilt paid, differences, adjustments and recoverables included, in yuan. A layer that takes cost in scope and outside it paid in scope what is gone there and no other layer took; an insurer''s counts before another payer''s. Adjustments of such a layer count as in scope.';

CREATE FUNCTION assistance.need_history(region text DEFAULT NULL, until date DEFAULT NULL) RETURNS SETOF assistance.need_year
	LANGUAGE plpgsql STABLE COST 1000000 ROWS 50 SET search_path = pg_catalog, pg_temp SET enable_nestloop = off
	AS $$
DECLARE
	-- years of which no day is left; a year that goes on would count as a whole one
	ended date := date_trunc('year', COALESCE(need_history.until, (now() AT TIME ZONE 'Asia/Shanghai')::date)::timestamp)::date;
BEGIN
	IF to_regclass('assistance_register.settlement') IS NULL THEN
		RAISE EXCEPTION 'there is no register in this database'
			USING ERRCODE = 'MA701', HINT = 'CALL assistance.create_register(); years of other tables are passed to forecast_need as they are.';
	END IF;
	RETURN QUERY
	WITH settled AS (
		-- the last settlement says which categories the claim was settled under
		SELECT DISTINCT ON (s.person_id, s.claim_id) s.person_id, s.claim_id, c.kind, c.ordered_at, c.seq, EXTRACT(year FROM c.ordered_at)::integer AS year,
			   c.in_scope,
			   COALESCE((SELECT string_agg(replace(replace(k, E'\\', E'\\\\'), '+', E'\\+'), '+' ORDER BY k COLLATE "C")
						   FROM (SELECT DISTINCT json_array_elements_text(s.bill -> 'category') AS k) d), '') AS category
		  FROM assistance_register.settlement s
		  JOIN assistance_register.claim c ON c.claim_id = s.claim_id
		 WHERE c.ordered_at < ended AND c.reverses IS NULL AND (need_history.region IS NULL OR s.region = need_history.region)
		   AND NOT EXISTS (SELECT FROM assistance_register.claim r WHERE r.reverses = c.claim_id)
		 ORDER BY s.person_id, s.claim_id, s.revision DESC
	), last_bill AS (
		SELECT DISTINCT ON (s.person_id, s.year) s.person_id, s.year, s.category
		  FROM settled s WHERE s.kind = 'bill' ORDER BY s.person_id, s.year, s.ordered_at DESC, s.seq DESC
	), told AS (
		-- an event counts with bills of its person: under its own category if one of them is of it, else under that of the last
		SELECT s.person_id, s.claim_id, s.kind, s.year, s.in_scope, CASE WHEN o.category IS NULL THEN COALESCE(b.category, s.category) ELSE s.category END AS category
		  FROM settled s
		  LEFT JOIN (SELECT DISTINCT d.person_id, d.year, d.category FROM settled d WHERE d.kind = 'bill') o
			ON (o.person_id, o.year, o.category) = (s.person_id, s.year, s.category)
		  LEFT JOIN last_bill b ON s.kind <> 'bill' AND (b.person_id, b.year) = (s.person_id, s.year)
	), treated AS (
		SELECT t.year, t.category, count(*) FILTER (WHERE t.kind = 'bill') AS treatments, sum(t.in_scope) AS cost, COALESCE(sum(p.insured), 0) AS insured,
			   COALESCE(sum(p.assisted), 0) AS assisted
		  FROM told t LEFT JOIN assistance.insured_in_scope() p USING (claim_id) GROUP BY t.year, t.category
	), recognised AS (
		SELECT d.year, d.person_id, string_agg(replace(replace(d.category, E'\\', E'\\\\'), '+', E'\\+'), '+' ORDER BY d.category COLLATE "C") AS category
		  FROM (SELECT DISTINCT y.year, k.person_id, k.category
				  FROM (SELECT DISTINCT t.year FROM told t) y
				  JOIN assistance_register.person_category k ON k.valid && daterange(make_date(y.year, 1, 1), make_date(y.year + 1, 1, 1))
				   AND upper_inf(k.recorded)
				 WHERE need_history.region IS NULL
					OR EXISTS (SELECT FROM assistance_register.person q WHERE q.person_id = k.person_id AND q.region = need_history.region)) d
		 GROUP BY d.year, d.person_id
	), person AS (
		SELECT a.year, a.category, count(*) AS persons
		  FROM (SELECT t.year, t.category, t.person_id FROM told t UNION SELECT r.year, r.category, r.person_id FROM recognised r) a
		 GROUP BY a.year, a.category
	)
	SELECT p.year, p.category, p.persons, COALESCE(t.treatments, 0), COALESCE(t.cost, 0), GREATEST(0.00, LEAST(t.insured, t.cost)), GREATEST(0.00, t.assisted)
	  FROM person p LEFT JOIN treated t ON t.year = p.year AND t.category = p.category
	 ORDER BY p.year, p.category COLLATE "C";
END
$$;
COMMENT ON FUNCTION assistance.need_history(text, date) IS
'The years of the register by category as assistance.forecast_need takes them, in yuan. Bills are those that count, reversed ones are left out; differences, year adjustments and what applications and year-end assistance paid are in, events in their own year. Categories of a claim are those that it was settled under last, joined by + (a + or \ of a code itself is written \+ or \\); an event counts under its own if the person has a bill of them in its year, else under those of the last bill of that year, so that its money stands beside the cost that it reaches back to. insured: of the cost in scope only (assistance.insured_in_scope), from 0 to the cost. persons: those recognised on any day of the year, and those with a claim. region: null for all. until: only years that ended before this day (null: today in China), for a year that goes on is none yet. Error MA701.';

CREATE FUNCTION assistance.band_factor(confidence numeric, degrees integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT CASE band_factor.confidence WHEN 0.5 THEN q[1] WHEN 0.8 THEN q[2] WHEN 0.9 THEN q[3] WHEN 0.95 THEN q[4] END
	  FROM (VALUES (0, '{0.674,1.282,1.645,1.960}'::numeric[]), (1, '{1.000,3.078,6.314,12.706}'), (2, '{0.816,1.886,2.920,4.303}'),
				   (3, '{0.765,1.638,2.353,3.182}'), (4, '{0.741,1.533,2.132,2.776}'), (5, '{0.727,1.476,2.015,2.571}'),
				   (6, '{0.718,1.440,1.943,2.447}'), (7, '{0.711,1.415,1.895,2.365}'), (8, '{0.706,1.397,1.860,2.306}'),
				   (9, '{0.703,1.383,1.833,2.262}'), (10, '{0.700,1.372,1.812,2.228}')) v (degrees, q)
	 WHERE v.degrees = LEAST(band_factor.degrees, 10);
END;
COMMENT ON FUNCTION assistance.band_factor(numeric, integer) IS
'Two-sided quantile of Student''s t for a confidence of 0.5, 0.8, 0.9 or 0.95 and degrees of freedom, those above 10 taken as 10; 0: of the normal distribution. Null for another confidence.';

CREATE FUNCTION assistance.check_forecast(history assistance.need_year[], assumptions jsonb, confidence numeric, spread numeric) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	wrong	text;
BEGIN
	SELECT format('%s of %s', h.category, h.year) INTO wrong
	  FROM unnest(check_forecast.history) h
	 WHERE num_nulls(h.year, h.category, h.persons, h.treatments, h.cost, h.insured, h.assisted) > 0
		OR NOT (h.persons >= 0 AND h.treatments >= 0 AND h.cost >= 0 AND h.insured BETWEEN 0 AND h.cost AND h.assisted >= 0
				AND h.cost < 'Infinity' AND h.assisted < 'Infinity' AND h.year BETWEEN 1990 AND 2199)
	 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'a year of the history cannot be used'
			USING ERRCODE = 'MA354', DETAIL = format('Found %s.', wrong),
				HINT = 'All figures are known and at least 0, and insurance paid at most the cost in scope.';
	END IF;
	SELECT format('%s of %s', h.category, h.year) INTO wrong
	  FROM unnest(check_forecast.history) h GROUP BY h.category, h.year HAVING count(*) > 1 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'a category stands twice in a year'
			USING ERRCODE = 'MA354', DETAIL = format('Found %s.', wrong), HINT = 'Add up what belongs together.';
	END IF;
	IF jsonb_typeof(check_forecast.assumptions) <> 'object' THEN
		wrong := 'assumptions of type ' || jsonb_typeof(check_forecast.assumptions);
	ELSE
		SELECT format('%s %s', a.key, m.key) INTO wrong
		  FROM jsonb_each(check_forecast.assumptions) a, jsonb_each(CASE jsonb_typeof(a.value) WHEN 'object' THEN a.value ELSE '{"an object": 0}' END) m
		 WHERE (m.key NOT IN ('persons', 'incidence', 'cost', 'insured', 'standard') OR jsonb_typeof(m.value) <> 'number'
				OR NOT (m.value #>> '{}')::numeric BETWEEN -0.9 AND 9)
			OR (a.key <> '*' AND a.key NOT IN (SELECT h.category FROM unnest(check_forecast.history) h))
		 LIMIT 1;
	END IF;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'an assumption cannot be used'
			USING ERRCODE = 'MA354', DETAIL = format('Found %s.', wrong),
				HINT = 'Write {"*": {"cost": 0.06}, "低保": {"persons": -0.01, "insured": 0.005, "standard": 0.01}}: a year''s change, 0.01 is a hundredth or a point, '
					'of a category of the history or * for all.';
	END IF;
	IF assistance.band_factor(check_forecast.confidence, 0) IS NULL OR NOT COALESCE(check_forecast.spread BETWEEN 0 AND 2, true) THEN
		RAISE EXCEPTION 'there is no band of this width'
			USING ERRCODE = 'MA354', DETAIL = format('Found confidence %s, spread %s.', check_forecast.confidence, check_forecast.spread),
				HINT = 'Confidence is 0.5, 0.8, 0.9 or 0.95; spread is 0 to 2, 0.1 for a tenth a year, or null.';
	END IF;
END
$$;
COMMENT ON FUNCTION assistance.check_forecast(assistance.need_year[], jsonb, numeric, numeric) IS 'Part of forecast_need: refuses (MA354) what no forecast can be made from.';

CREATE FUNCTION assistance.forecast_need(
	history assistance.need_year[],
	last_year integer,
	assumptions jsonb DEFAULT NULL,
	confidence numeric DEFAULT 0.8,
	spread numeric DEFAULT NULL,
	OUT year integer,
	OUT category text,
	OUT everyone boolean,
	OUT persons numeric,
	OUT incidence numeric,
	OUT cost_per_treatment numeric,
	OUT insured_share numeric,
	OUT standard numeric,
	OUT need numeric,
	OUT need_low numeric,
	OUT need_high numeric,
	OUT changes_known integer
) RETURNS SETOF record
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100000 ROWS 20 SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_column
BEGIN
	PERFORM assistance.check_forecast(forecast_need.history, forecast_need.assumptions, forecast_need.confidence, forecast_need.spread);
	IF forecast_need.last_year > 2199 THEN
		RAISE EXCEPTION 'the last year is too far ahead'
			USING ERRCODE = 'MA354', DETAIL = format('Found %s.', forecast_need.last_year), HINT = 'Years are at most 2199.';
	END IF;
	RETURN QUERY
	WITH known AS (
		SELECT h.* FROM unnest(forecast_need.history) h
	), level AS (
		-- the last year of each category, and the first from which growth can be told
		SELECT l.category, l.year, l.persons::numeric AS persons, l.treatments::numeric AS treatments, l.cost, l.insured, l.assisted,
			   COALESCE(1.0 / NULLIF(l.year - f.year, 0), 0) AS root, f.persons::numeric AS f_persons, f.treatments::numeric AS f_treatments, f.cost AS f_cost,
			   COALESCE(forecast_need.assumptions -> '*', '{}') || COALESCE(forecast_need.assumptions -> l.category, '{}') AS given
		  FROM known l
		 CROSS JOIN LATERAL (SELECT * FROM known k WHERE k.category = l.category AND k.persons > 0 AND k.treatments > 0 AND k.cost > 0 ORDER BY k.year LIMIT 1) f
		 WHERE l.year = (SELECT max(k.year) FROM known k) AND l.persons > 0 AND l.treatments > 0 AND l.cost > 0
	), driver AS (
		SELECT v.category, v.year, v.persons, v.treatments / v.persons AS incidence, v.cost / v.treatments AS cost, v.insured / v.cost AS insured,
			   COALESCE(v.assisted / NULLIF(v.cost - v.insured, 0), 0) AS standard,
			   COALESCE(1 + (v.given ->> 'persons')::numeric, power(v.persons / v.f_persons, v.root)) AS persons_factor,
			   COALESCE(1 + (v.given ->> 'incidence')::numeric, power((v.treatments * v.f_persons) / (v.persons * v.f_treatments), v.root)) AS incidence_factor,
			   COALESCE(1 + (v.given ->> 'cost')::numeric, power((v.cost * v.f_treatments) / (v.treatments * v.f_cost), v.root)) AS cost_factor,
			   COALESCE((v.given ->> 'insured')::numeric, 0) AS insured_step, COALESCE((v.given ->> 'standard')::numeric, 0) AS standard_step
		  FROM level v
	), ahead AS (
		SELECT d.category, d.year + n AS year, n::numeric AS n, d.persons * power(d.persons_factor, n::numeric) AS persons,
			   d.incidence * power(d.incidence_factor, n::numeric) AS incidence, d.cost * power(d.cost_factor, n::numeric) AS cost,
			   LEAST(1, GREATEST(0, d.insured + n * d.insured_step)) AS insured, GREATEST(0, d.standard + n * d.standard_step) AS standard
		  FROM driver d, generate_series(1, forecast_need.last_year - d.year) n
	), needed AS (
		SELECT a.*, round(a.persons * a.incidence * a.cost * (1 - a.insured) * a.standard, 2) AS need FROM ahead a
	), grouped AS (
		SELECT g.category, g.year, g.n, false AS everyone, g.persons, g.incidence, g.cost, g.insured, g.standard, g.need FROM needed g
		UNION ALL
		SELECT NULL, g.year, g.n, true, sum(g.persons), sum(g.persons * g.incidence) / sum(g.persons),
			   sum(g.persons * g.incidence * g.cost) / sum(g.persons * g.incidence),
			   sum(g.persons * g.incidence * g.cost * g.insured) / sum(g.persons * g.incidence * g.cost),
			   COALESCE(sum(g.need) / NULLIF(sum(g.persons * g.incidence * g.cost * (1 - g.insured)), 0), 0), sum(g.need)
		  FROM needed g GROUP BY g.year, g.n
	), assisted AS (
		SELECT k.category, k.year, false AS everyone, k.assisted FROM known k
		UNION ALL
		SELECT NULL, k.year, true, sum(k.assisted) FROM known k GROUP BY k.year
	), changed AS (
		-- how the need changed from year to year, as logarithms
		SELECT b.category, b.everyone, count(*)::integer AS changes, stddev_samp(ln(b.assisted / a.assisted)) AS deviation
		  FROM assisted a JOIN assisted b ON b.everyone = a.everyone AND b.category IS NOT DISTINCT FROM a.category AND b.year = a.year + 1
		 WHERE a.assisted > 0 AND b.assisted > 0
		 GROUP BY b.category, b.everyone
	), banded AS (
		SELECT g.*, COALESCE(c.changes, 0) AS changes,
			   CASE WHEN forecast_need.spread IS NOT NULL
				THEN assistance.band_factor(forecast_need.confidence, 0) * forecast_need.spread * sqrt(g.n)
				WHEN c.changes > 1
				THEN assistance.band_factor(forecast_need.confidence, c.changes - 1) * c.deviation * sqrt(g.n + g.n * g.n / c.changes) END AS half
		  FROM grouped g LEFT JOIN changed c ON c.everyone = g.everyone AND c.category IS NOT DISTINCT FROM g.category
	)
	SELECT b.year, b.category, b.everyone, round(b.persons, 0), round(b.incidence, 6), round(b.cost, 2), round(b.insured, 6), round(b.standard, 6), b.need,
		   round(b.need * exp(- b.half), 2), round(b.need * exp(b.half), 2), b.changes
	  FROM banded b
	 ORDER BY b.year, b.everyone, b.category COLLATE "C";
END
$$;
COMMENT ON FUNCTION assistance.forecast_need(assistance.need_year[], integer, jsonb, numeric, numeric) IS
'What assistance will need until last_year, by category and for everyone, in yuan (冀政办发〔2015〕26号 四(一)): need = persons x incidence x cost_per_treatment x (1 - insured_share) x standard. The first three grow from the last year of the history as they did on average since its first, the two shares stay, unless assumptions say otherwise: {"*": {"cost": 0.06}, "category": {"persons": -0.01, "incidence": 0, "insured": 0.005, "standard": 0.01}}, a year''s change as a fraction or in points. need_low and need_high: a band that holds the need with this confidence (0.5, 0.8, 0.9, 0.95) if it varies as it did (changes_known changes from year to year), or by spread, a standard deviation of a year as a fraction; null when fewer than two changes are known. Error MA354. docs/simulation.md.';
