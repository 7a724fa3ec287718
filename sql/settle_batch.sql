-- settle_batch.sql — splits stored chunk by chunk: the rows are those of the window form, whatever happens in between.

SET search_path = public, assistance;

CREATE TABLE batch_bill AS
	SELECT p AS person, ordered_at, n::bigint AS seq, test.bill((hashint8extended(p * 100 + n, 5) & 1048575)::numeric / 100, ordered_at, n) AS bill
	  FROM generate_series(1, 500) p, generate_series(1, 1 + p % 7) n, LATERAL (SELECT timestamp '2025-01-01' + interval '1 day' * (hashint8extended(p * 100 + n, 6) & 255)) o (ordered_at)
	 ORDER BY ordered_at, person;
CREATE TABLE expected_split AS
	SELECT person, ordered_at, seq, (s).total, (s).critical, (s).assistance, (s).patient, (s).lines
	  FROM (SELECT person, ordered_at, seq, settle(test.terms('year by hand'), bill) OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM batch_bill) b;

CALL create_batch_runs('batch_run');
CALL create_batch_runs('public.batch_run');
-- a partitioned table with a key and columns of its own
CREATE TABLE stored_split (
	id bigint GENERATED ALWAYS AS IDENTITY, patient numeric(16,2), person bigint NOT NULL, ordered_at timestamp NOT NULL, seq bigint NOT NULL,
	total numeric(16,2) CHECK (total >= 0), critical numeric(16,2), assistance numeric(16,2), lines lines, stored_at timestamptz DEFAULT now(),
	rest numeric GENERATED ALWAYS AS (total - patient) STORED, PRIMARY KEY (person, ordered_at, seq)
) PARTITION BY HASH (person);
CREATE TABLE stored_split_0 PARTITION OF stored_split FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE stored_split_1 PARTITION OF stored_split FOR VALUES WITH (MODULUS 2, REMAINDER 1);

CALL settle_batch('batch_bill', test.terms('year by hand'), 'stored_split', 'batch_run', 'all at once');
SELECT count(*) AS different
  FROM ((SELECT person, ordered_at, seq, total, critical, assistance, patient, lines::text FROM stored_split
		 EXCEPT ALL SELECT person, ordered_at, seq, total, critical, assistance, patient, lines::text FROM expected_split)
		UNION ALL
		(SELECT person, ordered_at, seq, total, critical, assistance, patient, lines::text FROM expected_split
		 EXCEPT ALL SELECT person, ordered_at, seq, total, critical, assistance, patient, lines::text FROM stored_split)) d;
SELECT name, digest = terms_digest(test.terms('year by hand')) AS digest, source, target, chunks, chunks_done,
	   bills_read = (SELECT count(*) FROM batch_bill) AS read, bills_stored = bills_read AS stored, finished_at >= started_at AS finished FROM batch_run;
SELECT count(DISTINCT stored_at) > 50 AS committed_by_chunk FROM stored_split;
-- nothing twice
CALL settle_batch('batch_bill', test.terms('year by hand'), 'stored_split', 'batch_run', 'all at once');
SELECT count(*) = (SELECT count(*) FROM batch_bill) AS same FROM stored_split;

-- ---- stopped in the middle, gone on with ----

TRUNCATE stored_split;
-- a statement of the caller's that fails at some row of some chunk
CREATE FUNCTION refuse_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'not this person';
END
$$;
CREATE TRIGGER refuse BEFORE INSERT ON stored_split FOR EACH ROW WHEN (NEW.person = 77) EXECUTE FUNCTION refuse_person();
\set VERBOSITY terse
CALL settle_batch('SELECT person, bill FROM batch_bill', test.terms('year by hand'), 'stored_split', 'batch_run', 'stopped', chunks => 20);
\set VERBOSITY default
SELECT chunks_done BETWEEN 1 AND 19 AS some_done, bills_stored = (SELECT count(*) FROM stored_split) AS stored, finished_at IS NULL AS unfinished
  FROM batch_run WHERE name = 'stopped';
DROP TRIGGER refuse ON stored_split;
CALL settle_batch('SELECT person, bill FROM batch_bill', test.terms('year by hand'), 'stored_split', 'batch_run', 'stopped', chunks => 20, budget => 1);
SELECT chunks_done, bills_stored = bills_read AS all_stored, finished_at IS NOT NULL AS finished FROM batch_run WHERE name = 'stopped';
SELECT count(*) AS different
  FROM (SELECT person, ordered_at, seq, total, critical, assistance, patient, lines::text FROM stored_split
		EXCEPT ALL SELECT person, ordered_at, seq, total, critical, assistance, patient, lines::text FROM expected_split) d;
SELECT count(*) = (SELECT count(*) FROM batch_bill) AS same FROM stored_split;

-- ---- other sources ----

-- persons by text, from a view of the caller's, into a temporary table
CREATE VIEW batch_view AS SELECT 'P' || person AS person, bill, ordered_at FROM batch_bill WHERE person <= 50;
CREATE TEMP TABLE by_text (person text, seq bigint, patient numeric(16,2));
CALL settle_batch('batch_view', test.terms('year by hand'), 'by_text', 'batch_run', 'by text', 1);
SELECT count(*), sum(patient) = (SELECT sum(patient) FROM expected_split WHERE person <= 50) AS patient FROM by_text;
-- no bills at all
CALL settle_batch('SELECT 1 AS person, NULL::bill AS bill WHERE false', test.terms('plain'), 'by_text', 'batch_run', 'nothing');
SELECT bills_read, bills_stored, chunks_done FROM batch_run WHERE name = 'nothing';

-- ---- refusals ----

CALL settle_batch('batch_bill', test.terms('plain'), 'stored_split', 'batch_run', 'stopped', chunks => 20);
CALL settle_batch('batch_bill', test.terms('plain'), 'stored_split', 'batch_run', 'a', chunks => 0);
CALL settle_batch('batch_bill', test.terms('plain'), 'stored_split', 'batch_run', 'a', budget => 0);
CALL settle_batch('batch_bill', NULL, 'stored_split', 'batch_run', 'a');
CALL settle_batch('no_such_table', test.terms('plain'), 'stored_split', 'batch_run', 'a');
CALL settle_batch('SELECT true AS person, bill FROM batch_bill', test.terms('plain'), 'stored_split', 'batch_run', 'b');
CALL settle_batch('SELECT person, 1 AS bill FROM batch_bill', test.terms('plain'), 'stored_split', 'batch_run', 'c');
CALL settle_batch('WITH gone AS (DELETE FROM batch_bill RETURNING *) SELECT person, bill FROM gone', test.terms('plain'), 'stored_split', 'batch_run', 'd');
CALL settle_batch('SELECT person, bill FROM batch_bill; DROP TABLE batch_bill', test.terms('plain'), 'stored_split', 'batch_run', 'e');
CALL settle_batch('SELECT 1 AS person, bill FROM batch_bill', test.terms('year by hand'), 'draft_table', 'batch_run', 'f');
CREATE TABLE no_person (total numeric);
CALL settle_batch('batch_bill', test.terms('year by hand'), 'no_person', 'batch_run', 'g');
BEGIN;
CALL settle_batch('batch_bill', test.terms('year by hand'), 'stored_split', 'batch_run', 'h');
ROLLBACK;
SELECT * FROM batch_rows();
-- two bills of one key
\set VERBOSITY terse
CALL settle_batch('SELECT 1 AS person, test.bill(1, ''2025-01-01'') AS bill FROM generate_series(1, 2)', test.terms('year by hand'), 'by_text', 'batch_run', 'i', 1);
-- somebody else takes the next chunk
CREATE FUNCTION take_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE public.batch_run SET chunks_done = chunks_done + 1 WHERE name = 'shared';
	RETURN NULL;
END
$$;
CREATE TRIGGER take AFTER INSERT ON stored_split EXECUTE FUNCTION take_chunk();
TRUNCATE stored_split;
CALL settle_batch('batch_bill', test.terms('year by hand'), 'stored_split', 'batch_run', 'shared');
DROP TRIGGER take ON stored_split;
DROP FUNCTION take_chunk();
-- without the privilege
CREATE ROLE batch_reader;
GRANT SELECT ON batch_bill TO batch_reader;
GRANT SELECT, INSERT, UPDATE ON batch_run TO batch_reader;
GRANT SELECT ON stored_split TO batch_reader;
SELECT terms AS plain FROM test.policy WHERE name = 'plain' \gset
SET ROLE batch_reader;
CALL settle_batch('batch_bill', :'plain', 'stored_split', 'batch_run', 'j', 1);
RESET ROLE;
SELECT name, chunks_done, finished_at IS NOT NULL AS finished FROM batch_run ORDER BY name;

DROP OWNED BY batch_reader;
DROP ROLE batch_reader;
DROP VIEW batch_view;
DROP TABLE batch_bill, expected_split, batch_run, stored_split, by_text, no_person;
DROP FUNCTION refuse_person();
