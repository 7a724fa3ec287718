-- The queue, settled: chunks of persons, each in a transaction of its own, by any number of sessions side by side.

-- An error that says nothing about the person: a lock, a deadlock, a full disk, a server that stops. Tried again as it is.
CREATE FUNCTION assistance.error_passes(state text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
	RETURN left(state, 2) IN ('40', '53', '55', '57', '58');
COMMENT ON FUNCTION assistance.error_passes(text) IS 'Part of resettle: does an error of this SQLSTATE pass by itself (classes 40, 53, 55, 57, 58)?';

-- One that would hit the next person as well: no room on disk or in memory, a server that stops
CREATE FUNCTION assistance.error_ends(state text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
	RETURN left(state, 2) IN ('53', '57', '58');
COMMENT ON FUNCTION assistance.error_ends(text) IS 'Part of resettle: does an error of this SQLSTATE end the run (classes 53, 57, 58)?';

CREATE FUNCTION assistance.resettle_start(how_many integer, at_once integer) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	run bigint;
BEGIN
	IF how_many < 0 OR at_once IS NULL OR at_once < 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'persons cannot be settled again like that',
			DETAIL = format('how_many is %s, at_once is %s.', COALESCE(how_many::text, 'null'), COALESCE(at_once::text, 'null')),
			HINT = 'CALL assistance.resettle() settles everybody who waits, CALL assistance.resettle(100, at_once => 1000) a hundred persons.';
	END IF;
	INSERT INTO assistance_register.resettle_run DEFAULT VALUES RETURNING run_id INTO run;
	RETURN run;
END
$$;
COMMENT ON FUNCTION assistance.resettle_start(integer, integer) IS
'Part of resettle: begins the row of the run and returns its number. Error 22023: fewer than no persons, or no claim at once.';

CREATE FUNCTION assistance.resettle_chunks(at_once integer)
	RETURNS TABLE (persons bigint[], reasons text[], published timestamptz[], listed bigint)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 100000 ROWS 200
	AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH waiting AS (
		SELECT q.person_id, min(q.reason) AS reason, max(q.since) FILTER (WHERE q.reason = 'policy') AS published
		  FROM assistance_register.resettle_queue q WHERE q.failed_at IS NULL GROUP BY q.person_id
	), counted AS (
		SELECT w.person_id, w.reason, w.published, count(*) OVER () AS listed,
			   sum(greatest(a.claims, 1)) OVER (ORDER BY w.person_id) - greatest(a.claims, 1) AS before
		  FROM waiting w JOIN assistance_register.person_account a USING (person_id)
	)
	SELECT array_agg(c.person_id ORDER BY c.person_id), array_agg(c.reason ORDER BY c.person_id),
		   array_agg(c.published ORDER BY c.person_id), min(c.listed)
	  FROM counted c GROUP BY div(c.before, at_once) ORDER BY min(c.person_id);
END
$$;
COMMENT ON FUNCTION assistance.resettle_chunks(integer) IS
'Part of resettle: the persons of the queue, in chunks of about so many claims. published: when the policy that they wait for came, null where they only wait for what was recorded of them.';

-- One chunk: those who still wait and whom nobody holds, in one statement; where that fails for a reason of its own, one by one
CREATE FUNCTION assistance.resettle_persons(
	persons bigint[], reasons text[], published timestamptz[], waits boolean, at_most bigint,
	OUT settled bigint, OUT failed bigint, OUT passed_over bigint, OUT state text, OUT message text
)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100000
	AS $$
DECLARE
	taken bigint[];
	why text[];
	said text;
	what text;
	-- before any account is held: what is recorded or published from here on is newer than a failure
	began CONSTANT timestamptz := clock_timestamp();
	known CONSTANT bigint := (SELECT max(p.id) FROM assistance.policy_publication p);
BEGIN
	settled := 0;
	failed := 0;
	passed_over := 0;
	BEGIN
		IF waits THEN
			SELECT array_agg(t.person_id), array_agg(t.reason) INTO taken, why
			  FROM (SELECT a.person_id, w.reason FROM unnest(persons, reasons, published) w (person_id, reason, published)
					  JOIN assistance_register.person_account a ON a.person_id = w.person_id
					 WHERE a.stale_since IS NOT NULL OR a.known_at < w.published
					 ORDER BY a.person_id LIMIT at_most FOR NO KEY UPDATE OF a) t;
		ELSE
			SELECT array_agg(t.person_id), array_agg(t.reason) INTO taken, why
			  FROM (SELECT a.person_id, w.reason FROM unnest(persons, reasons, published) w (person_id, reason, published)
					  JOIN assistance_register.person_account a ON a.person_id = w.person_id
					 WHERE a.stale_since IS NOT NULL OR a.known_at < w.published
					 ORDER BY a.person_id LIMIT at_most FOR NO KEY UPDATE OF a SKIP LOCKED) t;
			SELECT count(*) INTO passed_over
			  FROM unnest(persons, published) w (person_id, published) JOIN assistance_register.person_account a ON a.person_id = w.person_id
			 WHERE (a.stale_since IS NOT NULL OR a.known_at < w.published) AND a.person_id <> ALL (COALESCE(taken, '{}'));
		END IF;
		INSERT INTO assistance_register.resettlement (person_id, reason) SELECT t.id, t.reason FROM unnest(taken, why) t (id, reason);
		settled := COALESCE(cardinality(taken), 0);
		RETURN;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS said = RETURNED_SQLSTATE, what = MESSAGE_TEXT;
		IF assistance.error_ends(said) THEN
			RAISE;
		ELSIF assistance.error_passes(said) THEN
			settled := 0;
			state := said;
			message := what;
			passed_over := cardinality(persons);
			RETURN;
		ELSIF taken IS NULL THEN
			-- nobody was taken: it is no failure of a person
			RAISE;
		END IF;
	END;
	FOR n IN 1 .. cardinality(taken) LOOP
		BEGIN
			INSERT INTO assistance_register.resettlement (person_id, reason) VALUES (taken[n], why[n]);
			settled := settled + 1;
			CONTINUE;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS said = RETURNED_SQLSTATE, what = MESSAGE_TEXT;
			IF assistance.error_ends(said) THEN
				RAISE;
			END IF;
		END;
		IF assistance.error_passes(said) THEN
			state := said;
			message := what;
			passed_over := passed_over + 1;
		ELSE
			INSERT INTO assistance_register.resettlement_failure (person_id, failed_at, sqlstate, message, known_publication)
			VALUES (taken[n], began, said, what, known);
			failed := failed + 1;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION assistance.resettle_persons(bigint[], text[], timestamptz[], boolean, bigint) IS
'Part of resettle: settles again those of the persons who still wait, at most so many. waits: for whoever holds an account, else it is passed over. A lock timeout or a deadlock passes persons over, no room or a server that stops is raised, any other error of a person is noted in resettlement_failure, and raised where nobody has been taken.';

-- A chunk, and how far the run is; whether it ends here
CREATE FUNCTION assistance.resettle_step(
	run bigint, chunk_persons bigint[], reasons text[], published timestamptz[], listed bigint, waits boolean, how_many integer,
	INOUT in_a_row integer, OUT ends boolean
)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 100000
	AS $$
#variable_conflict use_column
DECLARE
	done record;
	so_far record;
BEGIN
	SELECT r.settled + r.failed AS persons INTO so_far FROM assistance_register.resettle_run r WHERE r.run_id = run;
	SELECT * INTO done FROM assistance.resettle_persons(chunk_persons, reasons, published, waits, how_many - so_far.persons);
	resettle_step.in_a_row := CASE WHEN done.state IS NULL OR done.settled + done.failed > 0 THEN 0 ELSE resettle_step.in_a_row + 1 END;
	IF resettle_step.in_a_row = 10 THEN
		RAISE EXCEPTION USING ERRCODE = done.state, MESSAGE = done.message,
			DETAIL = 'Ten attempts to settle persons again have ended like this, one after the other.',
			HINT = 'Remove what stands in the way; CALL assistance.resettle() goes on with those who wait.';
	END IF;
	UPDATE assistance_register.resettle_run r
	   SET listed = COALESCE(r.listed, resettle_step.listed), settled = r.settled + done.settled, failed = r.failed + done.failed,
		   passed_over = r.passed_over + done.passed_over, updated_at = clock_timestamp()
	 WHERE r.run_id = run
	RETURNING COALESCE(r.settled + r.failed >= how_many, false) INTO resettle_step.ends;
END
$$;
COMMENT ON FUNCTION assistance.resettle_step(bigint, bigint[], text[], timestamptz[], bigint, boolean, integer, integer) IS
'Part of resettle: one chunk and the row of the run, in one transaction. in_a_row: attempts so far that ended with an error that passes by itself; the tenth ends the run with this error.';

-- What was passed over is tried once more, person by person, and waited for
CREATE FUNCTION assistance.resettle_again(run bigint) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	before bigint;
BEGIN
	SELECT r.passed_over INTO before FROM assistance_register.resettle_run r WHERE r.run_id = run;
	UPDATE assistance_register.resettle_run r SET passed_over = 0 WHERE r.run_id = run;
	RETURN before > 0;
END
$$;
COMMENT ON FUNCTION assistance.resettle_again(bigint) IS 'Part of resettle and close_year: was somebody passed over? Counts them anew.';

CREATE FUNCTION assistance.resettle_end(run bigint, ends_early boolean) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	still bigint;
BEGIN
	UPDATE assistance_register.resettle_run r SET listed = COALESCE(r.listed, 0), finished_at = clock_timestamp() WHERE r.run_id = run
	RETURNING r.passed_over INTO still;
	IF still > 0 AND NOT ends_early THEN
		RAISE WARNING '% persons could not be settled now, and wait', still
			USING HINT = 'Somebody holds their accounts, or the server lacks something. Call it again.';
	END IF;
END
$$;
COMMENT ON FUNCTION assistance.resettle_end(bigint, boolean) IS 'Part of resettle and close_year: the run is over; a WARNING tells how many persons were passed over, unless it ends early since it was asked for so many only.';

CREATE PROCEDURE assistance.resettle(how_many integer DEFAULT NULL, at_once integer DEFAULT 1000)
	LANGUAGE plpgsql
	AS $$
DECLARE
	run bigint;
	chunk record;
	step record;
	waits boolean;
BEGIN
	run := assistance.resettle_start(how_many, at_once);
	COMMIT;
	FOREACH waits IN ARRAY '{f,t}'::pg_catalog.bool[] LOOP
		IF waits AND NOT assistance.resettle_again(run) THEN
			EXIT;
		END IF;
		SELECT 0 AS in_a_row, false AS ends INTO step;
		FOR chunk IN SELECT c.* FROM assistance.resettle_chunks(CASE WHEN waits THEN 1 ELSE at_once END) c LOOP
			SELECT s.* INTO step
			  FROM assistance.resettle_step(run, chunk.persons, chunk.reasons, chunk.published, chunk.listed, waits, how_many, step.in_a_row) s;
			COMMIT;
			EXIT WHEN step.ends;
		END LOOP;
		EXIT WHEN step.ends;
	END LOOP;
	PERFORM assistance.resettle_end(run, step.ends);
	COMMIT;
END
$$;
COMMENT ON PROCEDURE assistance.resettle(integer, integer) IS
'Settles the persons of assistance_register.resettle_queue again, at most so many (null: all); commits after every at_once claims. Any number of sessions may call it side by side: each takes whom nobody holds. How far it is: assistance_register.resettle_run. Stopped, it leaves what is committed; called again it goes on. A person who cannot be settled is left as is and noted in resettlement_failure; whose account is held beyond lock_timeout, or in a deadlock, waits on, and a WARNING says so. No room on disk or in memory ends the call. Errors 22023, 2D000 inside a transaction block.';
