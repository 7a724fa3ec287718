-- simulate_cancel.sql — a simulation ends soon after it is cancelled, while bills come in, while they are settled, and when they go to
-- a file. The time is printed; the limit of the test leaves room for a busy machine.

\set simple `cat test/bench/simple.json`
CREATE TEMP TABLE book AS SELECT :'simple'::assistance.terms AS terms;
CREATE TEMP TABLE cancelled_bill AS
	SELECT p AS person, assistance.make_bill(total => amount, in_scope => amount, region => '110000', scheme => 'resident',
			ordered_at => timestamp '2025-01-01' + n * interval '30 days', seq => n, category => '{}', level => '1') AS bill
	  FROM generate_series(1, 40000) p, generate_series(1, 5) n, LATERAL (SELECT (p * 7919 % 90000 + n)::numeric / 10 AS amount) a;
ANALYZE cancelled_bill;

-- milliseconds between the timeout and the end; null: it had ended before
CREATE FUNCTION pg_temp.ends_after(query text, timeout_ms int) RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
	RETURN NULL;
EXCEPTION WHEN query_canceled THEN
	RETURN round((extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000 - timeout_ms)::numeric, 1);
END $$;
CREATE FUNCTION pg_temp.study(scenarios int, budget bigint) RETURNS assistance.study LANGUAGE sql STABLE AS
	'SELECT assistance.make_study(array_agg(assistance.make_scenario(k::text, terms) ORDER BY k), budget => budget)
	   FROM book, generate_series(1, scenarios) k';
\set simulated 'SELECT assistance.simulated_totals(assistance.simulate(person, bill, (SELECT pg_temp.study(%s, %s)))) FROM cancelled_bill, generate_series(1, %s) k WHERE k = 1 OR person < 0'

SELECT plan(3);
CREATE TEMP TABLE late (n int, what text, ms numeric);
SET statement_timeout = 30;
INSERT INTO late SELECT 1, 'while bills come in', pg_temp.ends_after(format(:'simulated', 1, 1 << 30, 100), 30);
SET statement_timeout = 600;
INSERT INTO late SELECT 2, 'while they are settled', pg_temp.ends_after(format(:'simulated', 60, 1 << 30, 1), 600);
SET statement_timeout = 100;
INSERT INTO late SELECT 3, 'while they go to a file', pg_temp.ends_after(format(:'simulated', 1, 65536, 100), 100);
RESET statement_timeout;
SELECT ok(COALESCE(ms, 9999) < 1000, format('cancelled %s', what)) || E'\n' || diag(format('%s: it ends %s ms after it is cancelled', what, ms))
  FROM late ORDER BY n;
SELECT * FROM finish();
DROP TABLE late, cancelled_bill, book;
