-- What a simulation is asked: scenarios, and terms with one parameter shifted.

CREATE TYPE assistance.scenario AS (
	name text,
	terms assistance.terms,
	parameter text,
	step numeric
);
COMMENT ON TYPE assistance.scenario IS 'Terms under which a simulation replays all bills: make them with assistance.make_scenario or assistance.shift_scenarios.';
COMMENT ON COLUMN assistance.scenario.name IS 'what the rows of the reports call it; different for each scenario of a study';
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
'What a simulation is asked. scenarios: 1 to 64 with different names, the first is the baseline. income_fact: the fact of the bills that holds the income, yuan a year (null: no report on hardship). budget: bytes of bills kept in memory, the rest goes to a temporary file (null: work_mem); it changes no result. Checked when it is simulated (MA351).';

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

CREATE FUNCTION assistance.shift_scenarios(terms assistance.terms, path text, step numeric) RETURNS assistance.scenario[]
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20000 SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	document	jsonb := assistance.to_jsonb(terms);
	value		numeric := assistance.to_jsonb(assistance.shift_terms(terms, path, 0)) #>> assistance.resolve_path(document, path);
	is_share	boolean := path ~ '\m(ratio|enter|share)(\.(base|min|max))?$';
	shift		numeric;
	scenarios	assistance.scenario[] := '{}';
BEGIN
	IF step <= 0 THEN
		RAISE EXCEPTION 'the step of a parameter must be above 0'
			USING ERRCODE = 'MA351', DETAIL = format('Found %s.', step), HINT = 'Expected 0.01 for a point of a ratio, 1000 for 1 000 yuan.';
	END IF;
	FOREACH shift IN ARRAY ARRAY[-step, step] LOOP
		CONTINUE WHEN value + shift < 0 OR (is_share AND value + shift > 1);
		scenarios := scenarios || ROW(format('%s %s%s', path, CASE WHEN shift > 0 THEN '+' ELSE '−' END, trim_scale(step)),
									  assistance.shift_terms(terms, path, shift), path, shift)::assistance.scenario;
	END LOOP;
	RETURN scenarios;
END
$$;
COMMENT ON FUNCTION assistance.shift_scenarios(assistance.terms, text, numeric) IS
'Two scenarios for the marginal cost of a parameter: one step down and one step up from the baseline, to be appended to the scenarios of a study whose baseline is these terms. 0.01 is a point of a ratio; amounts are yuan. A side that would leave 0 … 1 (shares) or go below 0 is left out. Errors like assistance.shift_terms.';
