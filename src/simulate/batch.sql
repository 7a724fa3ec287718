-- settle_batch: the splits of any number of bills into any table, chunk by chunk.

CREATE PROCEDURE assistance.create_batch_runs(name text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	parts	text[] := parse_ident(name);
BEGIN
	IF cardinality(parts) <> 2 THEN
		RAISE EXCEPTION 'the table needs a schema'
			USING ERRCODE = 'MA352', DETAIL = format('Found %s.', name), HINT = 'Expected a name like public.batch_run.';
	END IF;
	EXECUTE format('CREATE TABLE %I.%I (
		name text PRIMARY KEY,
		digest bytea NOT NULL,
		source text NOT NULL,
		target text NOT NULL,
		columns text[],
		chunks integer NOT NULL,
		chunks_done integer NOT NULL DEFAULT 0 CHECK (chunks_done BETWEEN 0 AND chunks),
		bills_read bigint,
		bills_stored bigint NOT NULL DEFAULT 0,
		started_by text NOT NULL DEFAULT SESSION_USER,
		started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
		updated_at timestamptz,
		finished_at timestamptz)', parts[1], parts[2]);
	EXECUTE format('COMMENT ON TABLE %I.%I IS %L', parts[1], parts[2],
				   'Runs of assistance.settle_batch and how far they are. A chunk is a range of persons; digest: of the terms, empty: those of the catalogue.');
END
$$;
COMMENT ON PROCEDURE assistance.create_batch_runs(text) IS
'Creates a table for the progress of settle_batch, an ordinary one of the caller''s. name: with its schema (MA352). One row by run: chunks and chunks_done, bills_read and bills_stored, started_at, finished_at.';

CREATE FUNCTION assistance.batch_rows() RETURNS SETOF record
	LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100000 ROWS 100000 AS 'MODULE_PATHNAME', 'assistance_batch_rows';
COMMENT ON FUNCTION assistance.batch_rows() IS 'The rows of the chunk that settle_batch is storing, amounts in yuan; refused (MA352) outside of it.';

CREATE PROCEDURE assistance.settle_batch(
	source text, terms assistance.terms, target regclass, runs regclass, name text, chunks integer DEFAULT 64, budget bigint DEFAULT NULL,
	columns text[] DEFAULT NULL
)
	LANGUAGE c AS 'MODULE_PATHNAME', 'assistance_settle_batch';
COMMENT ON PROCEDURE assistance.settle_batch(text, assistance.terms, regclass, regclass, text, integer, bigint, text[]) IS
'Settles all bills of a source and stores the splits. source: a table or one read-only SELECT with columns person (also person_id or psn_no; bigint, integer or text) and bill, rows in any order. target: any table; filled are its columns person, ordered_at, seq, lines, those like an amount of assistance.split (yuan), those like a column of the source, and psn_no, setl_time, medfee_sumamt, hifp_pay, maf_pay, hosp_part_amt, ownpay_hosp_part. columns: ''target column=what'' for others: amounts joined by +, a column of the source, - for none. target assistance_register.claim with terms NULL: the source holds claims, which the register settles. runs: a table made by create_batch_runs. Commits after every chunk of persons; a call with the same name goes on after the last chunk stored. budget: bytes kept in memory, at least 8 MB; null: maintenance_work_mem. Errors MA352, MA353, 2D000 inside a transaction block, and those of settle.';
