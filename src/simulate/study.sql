-- What a simulation is asked: scenarios, and terms with one parameter shifted.

CREATE TYPE assistance.scenario AS (
	name text,
	terms assistance.terms,
	parameter text,
	step numeric
);
COMMENT ON TYPE assistance.scenario IS 'Terms under which a simulation replays all bills: make them with assistance.make_scenario or assistance.shift_scenarios.';
COMMENT ON COLUMN assistance.scenario.name IS 'what the rows of the reports call it; different for each scenario of a study, at most 1000 bytes';
COMMENT ON COLUMN assistance.scenario.terms IS 'the terms';
COMMENT ON COLUMN assistance.scenario.parameter IS 'where one number differs from the baseline, for marginal costs; null: not such a scenario';
COMMENT ON COLUMN assistance.scenario.step IS 'by how much that number differs, in its own unit (share, yuan)';

CREATE TYPE assistance.study AS (
	scenarios assistance.scenario[],
	income_fact text,
	budget bigint
);
COMMENT ON TYPE assistance.study IS 'What a simulation is asked: make it with assistance.make_study.';
COMMENT ON COLUMN assistance.study.scenarios IS 'the scenarios, the baseline first';
COMMENT ON COLUMN assistance.study.income_fact IS 'fact of the bills that holds the income with which burdens are compared, yuan a year; null: none';
COMMENT ON COLUMN assistance.study.budget IS 'bytes of bills kept in memory; null: work_mem';

CREATE FUNCTION assistance.make_scenario(name text, terms assistance.terms) RETURNS assistance.scenario
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT ROW(name, terms, NULL, NULL)::assistance.scenario;
	END;
COMMENT ON FUNCTION assistance.make_scenario(text, assistance.terms) IS 'A scenario of a simulation: these terms under this name.';

CREATE FUNCTION assistance.make_study(scenarios assistance.scenario[], income_fact text DEFAULT NULL, budget bigint DEFAULT NULL)
	RETURNS assistance.study
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10
	BEGIN ATOMIC
		SELECT ROW(scenarios, income_fact, budget)::assistance.study;
	END;
COMMENT ON FUNCTION assistance.make_study(assistance.scenario[], text, bigint) IS
'What a simulation is asked. scenarios: 1 to 64 with different names, the first is the baseline, which shifts no parameter; each step of a parameter once. income_fact: the fact of the bills that holds the income, yuan a year (null: no report on hardship). budget: bytes of bills kept in memory, the rest goes to a temporary file (null: work_mem); it changes no result. Checked when it is simulated (MA351).';

CREATE FUNCTION assistance.shift_terms(terms assistance.terms, path text, step numeric) RETURNS assistance.terms
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	document	jsonb := assistance.to_jsonb(terms);
	place		text[] := assistance.resolve_path(document, path);
BEGIN
	IF jsonb_typeof(document #> place) IS DISTINCT FROM 'number' THEN
		RAISE EXCEPTION 'what stands there is no number'
			USING ERRCODE = 'MA351', DETAIL = format('%s: found %s.', path, COALESCE(jsonb_typeof(document #> place), 'nothing')),
				HINT = 'Expected a path that SELECT path FROM assistance.json_values(terms::json) WHERE parameter shows.';
	END IF;
	RETURN assistance.terms(jsonb_set(document, place, to_jsonb((document #>> place)::numeric + step))::text::json);
END
$$;
COMMENT ON FUNCTION assistance.shift_terms(assistance.terms, text, numeric) IS
'The terms with step added to one number, exactly. path: as assistance.json_values shows it. A path that leads nowhere: MA408; no number there: MA351; a number that the language does not allow there: MA007 and others.';

CREATE FUNCTION assistance.check_step(step numeric) RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10 SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF step > 0 AND step < 'Infinity' THEN
		RETURN step;
	END IF;
	RAISE EXCEPTION 'the step of a parameter must be above 0'
		USING ERRCODE = 'MA351', DETAIL = format('Found %s.', COALESCE(step::text, 'null')), HINT = 'Expected 0.01 for a point of a ratio, 1000 for 1 000 yuan.';
END
$$;
COMMENT ON FUNCTION assistance.check_step(numeric) IS 'The step itself, if it is one by which parameters can be shifted: above 0, of some size. Error MA351.';

CREATE FUNCTION assistance.shift_sides(terms assistance.terms, path text, step numeric) RETURNS assistance.scenario[]
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 30000 SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	document	jsonb := assistance.to_jsonb(terms);
	place		text[] := assistance.resolve_path(document, path);
	value		numeric := assistance.to_jsonb(assistance.shift_terms(terms, path, 0)) #>> place;
	shift		numeric;
	shifted		json;
	scenarios	assistance.scenario[] := '{}';
BEGIN
	FOREACH shift IN ARRAY ARRAY[-step, step] LOOP
		CONTINUE WHEN value >= 0 AND value + shift < 0;
		shifted := jsonb_set(document, place, to_jsonb(value + shift))::text;
		CONTINUE WHEN NOT assistance.is_terms(shifted);
		scenarios := scenarios || ROW(format('%s %s%s', path, CASE WHEN shift > 0 THEN '+' ELSE '−' END, trim_scale(step)),
									  assistance.terms(shifted), path, shift)::assistance.scenario;
	END LOOP;
	RETURN scenarios;
END
$$;
COMMENT ON FUNCTION assistance.shift_sides(assistance.terms, text, numeric) IS 'The scenarios of shift_scenarios that the language allows: two, one or none.';

CREATE FUNCTION assistance.shift_scenarios(terms assistance.terms, path text, step numeric) RETURNS assistance.scenario[]
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 30000 SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	scenarios	assistance.scenario[];
BEGIN
	scenarios := assistance.shift_sides(terms, path, assistance.check_step(step));
	IF cardinality(scenarios) = 0 THEN
		-- neither side: the error says why
		PERFORM assistance.shift_terms(terms, path, step);
	END IF;
	RETURN scenarios;
END
$$;
COMMENT ON FUNCTION assistance.shift_scenarios(assistance.terms, text, numeric) IS
'Two scenarios for the marginal cost of a parameter: one step down and one step up from the baseline, to be appended to the scenarios of a study whose baseline is these terms: make_study(make_scenario(''in force'', terms) || shift_scenarios(terms, path, step)). 0.01 is a point of a ratio; amounts are yuan. A side that the language does not allow (a ratio above 1, a limit below 0) is left out; errors like assistance.shift_terms where neither is allowed. A step that is not above 0: MA351.';

-- The unit of a parameter is told by its path, of what a modifier adds or sets by its size. 31 parameters are 62 scenarios at most.
CREATE FUNCTION assistance.shift_studies(
	terms assistance.terms, share_step numeric DEFAULT 0.01, yuan_step numeric DEFAULT 1000, income_fact text DEFAULT NULL,
	OUT part integer, OUT parameters integer, OUT study assistance.study
) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 3
	BEGIN ATOMIC
		WITH step AS MATERIALIZED (
			SELECT assistance.check_step(share_step) AS share, assistance.check_step(yuan_step) AS yuan
		), parameter AS MATERIALIZED (
			SELECT v.place, assistance.shift_sides(shift_studies.terms, v.path, CASE
						WHEN v.path ~ '\mtimes\.limit$' THEN 1
						WHEN v.path ~ '(\m(ratio|enter|share|rate|multiply)(\.(base|min|max))?|\.base\.("[^"]*"|[^.]+))$' OR (v.key IN ('add', 'set') AND abs(v.value::text::numeric) < 1) THEN step.share
						ELSE step.yuan END) AS sides
			  FROM step CROSS JOIN assistance.json_values(assistance.to_json(shift_studies.terms)) v
			 WHERE v.parameter AND json_typeof(v.value) = 'number'
		), numbered AS (
			SELECT (row_number() OVER (ORDER BY p.place) - 1) / 31 + 1 AS part, p.place, p.sides FROM parameter p WHERE cardinality(p.sides) > 0
		)
		SELECT n.part::integer, count(DISTINCT n.place)::integer,
			   assistance.make_study(assistance.make_scenario('baseline', shift_studies.terms) || array_agg(ROW(u.name, u.shifted, u.parameter, u.step)::assistance.scenario ORDER BY n.place, u.step),
									 income_fact)
		  FROM numbered n CROSS JOIN LATERAL unnest(n.sides) u (name, shifted, parameter, step)
		 GROUP BY n.part ORDER BY n.part;
	END;
COMMENT ON FUNCTION assistance.shift_studies(assistance.terms, numeric, numeric, text) IS
'Studies for the marginal costs of all parameters (assistance.json_values) of the terms: each of at most 31, which are shifted by share_step (shares), yuan_step (amounts) or 1 (numbers of payments), down and up as far as the language allows; a parameter that it allows neither side of is left out. One row by study; simulate each, and read simulated_margins. A step that is not above 0: MA351.';
