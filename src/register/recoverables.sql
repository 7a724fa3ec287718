-- What becomes of money to be recovered (追回): the trigger of recoverable_step. The recoverables themselves are posted by the fold.

-- Steps are numbered without gaps, so that two sessions at one recoverable meet at the primary key, at every isolation level: none of them adds
-- to steps that it does not see.
CREATE FUNCTION assistance.check_recoverable_steps() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	new record;
	before record;
	taken_back record;
	wrong text;
	hint text;
BEGIN
	FOR new IN SELECT n.*, abs(r.amount) AS owed FROM new_steps n JOIN assistance_register.recoverable r USING (recoverable_id)
				ORDER BY n.recoverable_id, n.step LOOP
		SELECT count(*) AS n, COALESCE(sum(s.amount) FILTER (WHERE s.state NOT IN ('demanded', 'corrected') AND NOT EXISTS (
				SELECT FROM assistance_register.recoverable_step c WHERE c.recoverable_id = s.recoverable_id AND c.corrects = s.step
				   AND c.step < new.step)), 0) AS settled
		  INTO before FROM assistance_register.recoverable_step s WHERE s.recoverable_id = new.recoverable_id AND s.step < new.step;
		wrong := NULL;
		IF new.step <> before.n + 1 THEN
			wrong := format('The next step has number %s.', before.n + 1);
			hint := 'Read the steps again and give the next number.';
		ELSIF new.state = 'corrected' THEN
			SELECT s.state, s.amount INTO taken_back FROM assistance_register.recoverable_step s
			 WHERE s.recoverable_id = new.recoverable_id AND s.step = new.corrects;
			IF taken_back.state = 'corrected' OR taken_back.amount <> new.amount THEN
				wrong := format('Step %s is %s %s.', new.corrects, taken_back.state, taken_back.amount);
				hint := 'A correction names a step and has its amount; a correction is not corrected itself: record the step again.';
			END IF;
		ELSIF new.amount > new.owed - before.settled THEN
			wrong := format('Open are %s of %s.', greatest(new.owed - before.settled, 0), new.owed);
			hint := 'A step settles at most what is open. Take a mistaken step back first: state corrected, with corrects and its amount.';
		END IF;
		IF wrong IS NOT NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'MA708',
				MESSAGE = format('step %s of recoverable %s does not fit: %s %s', new.step, new.recoverable_id, new.state, new.amount),
				DETAIL = wrong, HINT = hint;
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION assistance.check_recoverable_steps() IS
'Trigger of assistance_register.recoverable_step: steps are numbered 1, 2, 3 …, none is above what is open (yuan), a correction has the amount of the step that it takes back (MA708).';
