-- population.sql — a small generated population under the Beijing pack: ordinary rows, one statement, totals.
\pset footer off
\pset null ''

CREATE TABLE claim (
	person		text,
	ordered_at	timestamp,
	seq			bigint,
	category	text,
	care_type	text,
	level		text,
	in_scope	numeric(16,2),
	excluded	numeric(16,2),
	first_share	numeric(16,2)
);

-- hashes instead of random numbers: the same on every machine
INSERT INTO claim
SELECT 'P' || to_char(p, 'FM0000'), timestamp '2025-01-01 08:00' + (h % 365) * interval '1 day', b,
	   (ARRAY['特困', '低保', '低收入', '无', '无', '无', '无'])[1 + p % 7],
	   CASE WHEN h % 3 = 0 THEN '11' ELSE '21' END, (1 + h % 3)::text,
	   cost, round(cost * (h % 9) / 100, 2), round(cost * (h % 7) / 100, 2)
  FROM generate_series(1, 2000) p, generate_series(1, 1 + p % 5) b,
	   LATERAL (SELECT hashint8extended(p, b) & 1048575 AS h) hash,
	   LATERAL (SELECT round((300 + h % 9000 + CASE WHEN p % 4 = 0 THEN h % 90000 ELSE 0 END)::numeric, 2) AS cost) costs;

\echo
\echo == 2 000 generated persons under the Beijing pack, one statement over an ordinary table (yuan)
\echo
SELECT category, count(DISTINCT person) AS persons, count(*) AS bills, sum((split).total) AS total,
	   sum((split).basic) AS basic, sum((split).critical) AS critical, sum((split).assistance) AS assistance,
	   sum((split).patient) AS patient, round(100 * sum((split).patient) / sum((split).total), 1) AS "patient %"
  FROM (SELECT person, category,
			   assistance.settle((SELECT terms FROM policy WHERE pack = 'beijing-residents'),
								 assistance.make_bill(total => in_scope + excluded + first_share, in_scope => in_scope,
									excluded => excluded, first_share => first_share, region => '110000', scheme => 'resident',
									ordered_at => ordered_at, seq => seq, care_type => care_type, level => level,
									category => CASE category WHEN '无' THEN '{}' ELSE ARRAY[category] END,
									referral => '规范', person_type => '劳动年龄居民'))
				 OVER (PARTITION BY person ORDER BY ordered_at, seq) AS split
		  FROM claim) s
 GROUP BY ROLLUP (category)
 ORDER BY category = '无', category;
