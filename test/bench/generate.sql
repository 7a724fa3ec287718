-- generate.sql — bench.claim: psql variable bills rows, three tenths as many persons, one calendar year, in order of arrival.
-- Deterministic: everything comes from a hash of the person and the number of the bill.

CREATE SCHEMA bench;

CREATE UNLOGGED TABLE bench.claim (
	person		bigint NOT NULL,
	ordered_at	timestamp NOT NULL,
	seq			bigint NOT NULL,
	region		text NOT NULL,
	scheme		text NOT NULL,
	category	text[] NOT NULL,
	care_type	text NOT NULL,
	level		text NOT NULL,
	total		numeric(16,2) NOT NULL,
	in_scope	numeric(16,2) NOT NULL,
	excluded	numeric(16,2) NOT NULL,
	over_limit	numeric(16,2) NOT NULL,
	first_share	numeric(16,2) NOT NULL
);

-- whole number 0 .. n - 1 out of two numbers
CREATE FUNCTION bench.draw(a bigint, b bigint, n int) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	AS 'SELECT ((pg_catalog.hashint8extended(a, b) & 2147483647) % n)::int';

-- Of 1000 persons: 150 have one bill, 220 two, 220 three, 220 four, 120 five, 45 eight, 25 twelve. 230 are seriously ill:
-- their year costs 120 000 to 420 000 yuan in scope; that of the others 300 to 21 000.
WITH person AS (
	SELECT p AS person,
		   bench.draw(p, 1, 1000) AS n_draw,
		   bench.draw(p, 2, 1000) < 230 AS serious,
		   bench.draw(p, 3, 1000) AS category_draw,
		   bench.draw(p, 4, 1000000) AS cost_draw
	  FROM generate_series(1, (:bills * 3 / 10)::bigint) p
), numbered AS (
	SELECT person, serious, category_draw,
		   CASE WHEN n_draw < 150 THEN 1 WHEN n_draw < 370 THEN 2 WHEN n_draw < 590 THEN 3 WHEN n_draw < 810 THEN 4
				WHEN n_draw < 930 THEN 5 WHEN n_draw < 975 THEN 8 ELSE 12 END AS n,
		   CASE WHEN serious THEN 12000000 + cost_draw::bigint * 30
				ELSE 30000 + cost_draw::bigint * cost_draw / 483092 END AS year_fen
	  FROM person
), bill AS (
	SELECT person, category_draw, serious, j,
		   year_fen / n * (50 + bench.draw(person, 100 + j, 101)) / 100 AS in_scope_fen,
		   bench.draw(person, 200 + j, 365) AS day,
		   bench.draw(person, 300 + j, 1000) AS place_draw,
		   bench.draw(person, 400 + j, 1000) AS cost_draw
	  FROM numbered, generate_series(1, n) j
), columns AS (
	SELECT *,
		   in_scope_fen * (cost_draw % 80) / 1000 AS excluded_fen,
		   CASE WHEN cost_draw % 4 = 0 THEN in_scope_fen / 90 ELSE 0 END AS over_limit_fen,
		   CASE WHEN cost_draw % 2 = 0 THEN in_scope_fen * (cost_draw % 100) / 1000 ELSE 0 END AS first_share_fen
	  FROM bill
)
INSERT INTO bench.claim
SELECT person, timestamp '2025-01-01 08:00' + day * interval '1 day', j, '110000', 'resident',
	   CASE WHEN category_draw < 180 THEN '{低保}' WHEN category_draw < 250 THEN '{特困}' WHEN category_draw < 340 THEN '{低收入}' ELSE '{}' END::text[],
	   CASE WHEN NOT serious AND place_draw % 2 = 0 THEN '11' ELSE '21' END,
	   CASE WHEN place_draw < 300 THEN '1' WHEN place_draw < 600 THEN '2' ELSE '3' END,
	   (in_scope_fen + excluded_fen + over_limit_fen + first_share_fen)::numeric / 100,
	   in_scope_fen::numeric / 100, excluded_fen::numeric / 100, over_limit_fen::numeric / 100, first_share_fen::numeric / 100
  FROM columns
 ORDER BY day, bench.draw(person, 5, 1000000)
 LIMIT :bills;

VACUUM (ANALYZE) bench.claim;
