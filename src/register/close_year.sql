-- The events of the end of a year, for everybody who was insured on its last day: chunks of persons, each in a transaction of its own,
-- by any number of sessions side by side.

CREATE FUNCTION assistance.close_year_start(year integer, at_once integer) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	run bigint;
BEGIN
	IF year IS NULL OR year NOT BETWEEN 1990 AND 2199 OR at_once IS NULL OR at_once < 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a year cannot be closed like that',
			DETAIL = format('year is %s, at_once is %s.', COALESCE(year::text, 'null'), COALESCE(at_once::text, 'null')),
			HINT = 'CALL assistance.close_year(2025, at_once => 1000).';
	END IF;
	INSERT INTO assistance_register.resettle_run (task) VALUES (concat('year ', year)) RETURNING run_id INTO run;
	RETURN run;
END
$$;
COMMENT ON FUNCTION assistance.close_year_start(integer, integer) IS
'Part of close_year: begins the row of the run and returns its number. Error 22023: a year outside 1990 to 2199, or nobody at once.';

CREATE FUNCTION assistance.close_year_chunks(year integer, at_once integer)
	RETURNS TABLE (persons bigint[], listed bigint)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 100000 ROWS 200
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH insured AS (
		SELECT e.person_id, count(*) OVER () AS listed, row_number() OVER (ORDER BY e.person_id) - 1 AS before
		  FROM assistance_register.enrolment e
		 WHERE upper_inf(e.recorded) AND e.valid @> make_date(year, 12, 31)
		   AND NOT EXISTS (SELECT FROM assistance_register.claim c
			 WHERE c.person_id = e.person_id AND c.request_key = format('year-%s-%s', year, e.person_id))
	)
	SELECT array_agg(i.person_id ORDER BY i.person_id), min(i.listed) FROM insured i GROUP BY i.before / at_once ORDER BY min(i.person_id);
END
$$;
COMMENT ON FUNCTION assistance.close_year_chunks(integer, integer) IS
'Part of close_year: who was insured on the last day of the year and has no event of it, in chunks of so many persons.';

-- The events of these persons; how many were missing
CREATE FUNCTION assistance.close_year_of(year integer, persons bigint[]) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	day date := make_date(year, 12, 31);
	inserted bigint;
BEGIN
	INSERT INTO assistance_register.claim (person_id, request_key, kind, ordered_at, seq, region, scheme)
	SELECT e.person_id, format('year-%s-%s', year, e.person_id), 'year_close', day + time '23:59:59', 1000000, e.region, e.scheme
	  FROM assistance_register.enrolment e
	 WHERE e.person_id = ANY (persons) AND upper_inf(e.recorded) AND e.valid @> day
	   AND NOT EXISTS (SELECT FROM assistance_register.claim c
		 WHERE c.person_id = e.person_id AND c.request_key = format('year-%s-%s', year, e.person_id));
	GET DIAGNOSTICS inserted = ROW_COUNT;
	RETURN inserted;
END
$$;
COMMENT ON FUNCTION assistance.close_year_of(integer, bigint[]) IS 'Part of close_year: the events of these persons that are missing, in one statement; how many these were.';

-- One chunk and the row of the run: whom no other session closes; where that fails for a reason of its own, one by one. A person is
-- held as a person only: windows go on settling, and wait no longer than for the chunk.
CREATE FUNCTION assistance.close_year_step(run bigint, year integer, chunk_persons bigint[], listed bigint, waits boolean) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100000
	AS $$
DECLARE
	taken bigint[];
	closed bigint := 0;
	broken bigint := 0;
	left_over bigint := 0;
	whole boolean := false;
BEGIN
	IF waits THEN
		SELECT array_agg(t.person_id) INTO taken FROM (SELECT p.person_id FROM assistance_register.person p
			WHERE p.person_id = ANY (chunk_persons) ORDER BY p.person_id FOR NO KEY UPDATE) t;
	ELSE
		SELECT array_agg(t.person_id) INTO taken FROM (SELECT p.person_id FROM assistance_register.person p
			WHERE p.person_id = ANY (chunk_persons) ORDER BY p.person_id FOR NO KEY UPDATE SKIP LOCKED) t;
	END IF;
	taken := COALESCE(taken, '{}');
	left_over := cardinality(chunk_persons) - cardinality(taken);
	BEGIN
		closed := assistance.close_year_of(year, taken);
		whole := true;
	EXCEPTION WHEN OTHERS THEN
		IF assistance.error_ends(SQLSTATE) THEN
			RAISE;
		ELSIF assistance.error_passes(SQLSTATE) AND NOT waits THEN
			left_over := cardinality(chunk_persons);
			whole := true;
		END IF;
	END;
	FOR n IN 1 .. CASE WHEN whole THEN 0 ELSE cardinality(taken) END LOOP
		BEGIN
			closed := closed + assistance.close_year_of(year, ARRAY[taken[n]]);
		EXCEPTION WHEN OTHERS THEN
			IF assistance.error_ends(SQLSTATE) THEN
				RAISE;
			END IF;
			RAISE WARNING 'the year of person % is not closed: %', taken[n], SQLERRM
				USING HINT = 'Remove the cause and CALL assistance.close_year() again.';
			IF assistance.error_passes(SQLSTATE) THEN
				left_over := left_over + 1;
			ELSE
				broken := broken + 1;
			END IF;
		END;
	END LOOP;
	UPDATE assistance_register.resettle_run r
	   SET listed = COALESCE(r.listed, close_year_step.listed), settled = r.settled + closed, failed = r.failed + broken,
		   passed_over = r.passed_over + left_over, updated_at = clock_timestamp()
	 WHERE r.run_id = run;
END
$$;
COMMENT ON FUNCTION assistance.close_year_step(bigint, integer, bigint[], bigint, boolean) IS
'Part of close_year: one chunk of persons and the row of the run, in one transaction. A person whose event is refused is named in a WARNING; the others are closed.';

CREATE PROCEDURE assistance.close_year(year integer, at_once integer DEFAULT 1000)
	LANGUAGE plpgsql
	AS $$
DECLARE
	run bigint;
	chunk record;
	waits boolean;
BEGIN
	run := assistance.close_year_start(year, at_once);
	COMMIT;
	FOREACH waits IN ARRAY '{f,t}'::pg_catalog.bool[] LOOP
		IF waits AND NOT assistance.resettle_again(run) THEN
			EXIT;
		END IF;
		FOR chunk IN SELECT c.* FROM assistance.close_year_chunks(year, CASE WHEN waits THEN 1 ELSE at_once END) c LOOP
			PERFORM assistance.close_year_step(run, year, chunk.persons, chunk.listed, waits);
			COMMIT;
		END LOOP;
	END LOOP;
	PERFORM assistance.resettle_end(run, false);
	COMMIT;
END
$$;
COMMENT ON PROCEDURE assistance.close_year(integer, integer) IS
'年终: posts the event year_close of a year for everybody insured on its last day, as claims with the key year-YYYY-person; commits after every at_once persons. Any number of sessions may call it side by side. How far it is: assistance_register.resettle_run. Called again it posts what is missing. Whose event is refused is named in a WARNING. Errors 22023, 2D000 inside a transaction block. docs/operations.md, section 5.';
