-- simple.sql — the rule set of simple.json twice more, as baselines: once in PL/pgSQL, bill by bill, once in pure SQL over
-- int8 fen with window functions. Both read bench.sample. The bench compares their sums before it compares their speed.

-- half up, fen x parts per thousand
CREATE FUNCTION bench.share(fen bigint, milli bigint) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	AS 'SELECT (fen * milli + 500) / 1000';

-- exact entitlement of critical insurance on a cumulative base, rounded once: 60 % from 30 404 to 50 000 yuan, 70 % above
CREATE FUNCTION bench.critical(base_fen bigint) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	AS 'SELECT bench.share((LEAST(GREATEST(base_fen, 3040400), 5000000) - 3040400) * 6
						   + (GREATEST(base_fen, 5000000) - 5000000) * 7, 100)';

CREATE VIEW bench.pure_sql AS
WITH basic AS (
	SELECT person, ordered_at, seq, category, (in_scope * 100)::bigint AS in_scope,
		   bench.share(GREATEST((in_scope * 100)::bigint
								- CASE level WHEN '1' THEN 30000 WHEN '2' THEN 80000 ELSE 130000 END, 0),
					   CASE level WHEN '1' THEN 800 WHEN '2' THEN 780 ELSE 750 END) AS basic
	  FROM bench.sample
), burden AS (
	SELECT *, in_scope - basic AS burden,
		   (sum(in_scope - basic) OVER (PARTITION BY person ORDER BY ordered_at, seq ROWS UNBOUNDED PRECEDING))::bigint AS base
	  FROM basic
), critical AS (
	SELECT *, bench.critical(base) - bench.critical(base - burden) AS critical
	  FROM burden
), due AS (
	SELECT *, CASE WHEN cardinality(category) > 0 THEN bench.share(burden - critical, 700) ELSE 0 END AS due
	  FROM critical
), assistance AS (
	SELECT *, (sum(due) OVER (PARTITION BY person ORDER BY ordered_at, seq ROWS UNBOUNDED PRECEDING))::bigint AS due_so_far
	  FROM due
)
SELECT person, ordered_at, seq, basic, critical,
	   LEAST(due_so_far, 2000000) - LEAST(due_so_far - due, 2000000) AS assistance
  FROM assistance;

CREATE FUNCTION bench.plpgsql()
	RETURNS TABLE (person bigint, basic numeric, critical numeric, assistance numeric)
	LANGUAGE plpgsql STABLE
	AS $$
DECLARE
	bill		record;
	base		numeric;
	entitled	numeric;
	accrued		numeric;
	assisted	numeric;
BEGIN
	person := NULL;
	FOR bill IN
		SELECT c.person, c.category, c.level, c.in_scope FROM bench.sample c
		 ORDER BY c.person, c.ordered_at, c.seq
	LOOP
		IF bill.person IS DISTINCT FROM person THEN
			person := bill.person;
			base := 0;
			accrued := 0;
			assisted := 0;
		END IF;
		CASE bill.level
			WHEN '1' THEN basic := round(GREATEST(bill.in_scope - 300, 0) * 0.80, 2);
			WHEN '2' THEN basic := round(GREATEST(bill.in_scope - 800, 0) * 0.78, 2);
			ELSE basic := round(GREATEST(bill.in_scope - 1300, 0) * 0.75, 2);
		END CASE;
		base := base + bill.in_scope - basic;
		entitled := round((LEAST(GREATEST(base, 30404), 50000) - 30404) * 0.60 + (GREATEST(base, 50000) - 50000) * 0.70, 2);
		critical := entitled - accrued;
		accrued := entitled;
		assistance := 0;
		IF cardinality(bill.category) > 0 THEN
			assistance := LEAST(round((bill.in_scope - basic - critical) * 0.70, 2), 20000 - assisted);
			assisted := assisted + assistance;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
