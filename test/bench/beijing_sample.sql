-- beijing_sample.sql — bench.beijing: the bills of the first persons of bench.claim (psql variable persons), with what the rules of
-- Beijing tell apart beyond its columns: kinds of persons, referrals, the other care types and categories, amounts of
-- commercial insurance and of the districts' tilt assistance, categories recognised in mid-year, bills of the next year, applications.
-- One person in a hundred costs ten times as much, and one in ten of those impoverished by illness a hundred times, so that every cap
-- is reached; otherwise amounts, and with them the shares, are those of bench.claim. Columns commercial and tilt hold what given
-- holds as JSON.

CREATE UNLOGGED TABLE bench.beijing AS
WITH drawn AS (
	SELECT person, ordered_at, seq, region, scheme, category, care_type, level, total * f AS total, in_scope * f AS in_scope,
		   excluded * f AS excluded, over_limit * f AS over_limit, first_share * f AS first_share,
		   bench.draw(person, 6, 10) AS type_draw,
		   bench.draw(person, 7, 20) AS category_draw,
		   bench.draw(person, 8, 10) = 0 AS recognised_late,
		   bench.draw(person, 9, 20) = 0 AS next_year,
		   bench.draw(person, 500 + seq, 100) AS care_draw,
		   bench.draw(person, 600 + seq, 100) AS referral_draw,
		   bench.draw(person, 700 + seq, 20) AS given_draw
	  FROM bench.claim, LATERAL (
			SELECT CASE WHEN category = '{低收入}' AND bench.draw(person, 7, 20) < 6 AND bench.draw(person, 10, 100) < 10 THEN 100
						WHEN bench.draw(person, 10, 100) = 0 THEN 10 ELSE 1 END AS f) f
	 WHERE person <= :persons
), coded AS (
	SELECT person, seq, region, scheme, level, total, in_scope, excluded, over_limit, first_share, given_draw,
		   ordered_at + CASE WHEN next_year THEN interval '150 days' ELSE interval '0' END AS ordered_at,
		   CASE WHEN care_type = '11' THEN
				CASE WHEN care_draw < 78 THEN '11' WHEN care_draw < 84 THEN '12' WHEN care_draw < 95 THEN '13' ELSE '51' END
				ELSE CASE WHEN care_draw < 66 THEN '21' WHEN care_draw < 70 THEN '22' WHEN care_draw < 73 THEN '23'
				WHEN care_draw < 77 THEN '24' WHEN care_draw < 80 THEN '52' WHEN care_draw < 92 THEN '14' WHEN care_draw < 96 THEN '急诊留观'
				ELSE '家庭病床' END END AS care_type,
		   CASE WHEN referral_draw < 82 THEN '规范' WHEN referral_draw < 88 THEN '急诊' WHEN referral_draw < 92 THEN '转院'
				ELSE '未转诊' END AS referral,
		   CASE WHEN type_draw < 2 THEN '学生儿童' WHEN type_draw < 5 THEN '城乡老年人' ELSE '劳动年龄居民' END AS person_type,
		   CASE WHEN recognised_late AND ordered_at < timestamp '2025-06-01' THEN '{}'::text[]
				WHEN category = '{低保}' AND category_draw < 2 THEN '{生活困难补助}'
				WHEN category = '{低保}' AND category_draw < 4 THEN '{低保,精减退职}'
				WHEN category = '{特困}' AND category_draw < 4 THEN '{返城知青}'
				WHEN category = '{低收入}' AND category_draw < 6 THEN '{因病致贫}'
				WHEN category = '{低收入}' AND category_draw < 8 THEN '{精减退职}'
				ELSE category END AS category
	  FROM drawn
), given AS (
	SELECT *,
		   CASE WHEN given_draw < 2 AND excluded > 1 THEN round(excluded / 4, 2) END AS commercial,
		   CASE WHEN given_draw = 2 AND category <> '{}' AND in_scope > 1000 AND category <> '{特困}' AND category <> '{返城知青}'
				THEN round(in_scope / 2000, 2) END AS tilt
	  FROM coded
)
SELECT person, ordered_at, seq, 'bill' AS kind, region, scheme, category, care_type, level, referral, person_type, total, in_scope,
	   excluded, over_limit, first_share, commercial, tilt,
	   CASE WHEN commercial IS NOT NULL OR tilt IS NOT NULL THEN json_strip_nulls(json_build_object(
			'商业保险', CASE WHEN commercial IS NOT NULL THEN json_build_object('amount', commercial) END,
			'倾斜救助', CASE WHEN tilt IS NOT NULL THEN json_build_object('amount', tilt) END)) END AS given
  FROM given
 ORDER BY ordered_at, bench.draw(person, 5, 1000000);

-- A quarter of these persons apply twice.
INSERT INTO bench.beijing
SELECT person, timestamp '2026-07-01 08:00' + n * interval '1 day', 100 + n, 'application', region, scheme, '{因病致贫}', '11', '1', '规范',
	   person_type, 0, 0, 0, 0, 0
  FROM (SELECT person, region, scheme, person_type FROM bench.beijing WHERE category = '{因病致贫}' GROUP BY 1, 2, 3, 4) p,
	   generate_series(1, CASE WHEN person % 4 = 0 THEN 2 ELSE 1 END) n;
VACUUM (ANALYZE) bench.beijing;
