-- synthetic_year: bills for trying things out. Which codes they bring is decided here, once; the rows are made in synthetic.c.

-- Codes of an attribute of the pages of a region, scheme and year, those that all of these pages declare; null: none declares the attribute
CREATE FUNCTION assistance.declared_codes(pages jsonb, attribute text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
BEGIN ATOMIC
	SELECT array_agg(c.code ORDER BY c.code COLLATE "C")
	  FROM (SELECT k.code FROM jsonb_array_elements(declared_codes.pages) p CROSS JOIN LATERAL jsonb_object_keys(p.value #> ARRAY['codes', attribute]) k(code)
			 GROUP BY k.code HAVING count(*) = jsonb_array_length(declared_codes.pages)) c;
END;
COMMENT ON FUNCTION assistance.declared_codes(jsonb, text) IS 'Part of synthetic_year: the codes of an attribute that all of these pages declare, in byte order; null: none.';

-- Four codes out of a list, which stand for draws of equal chance; the list again and again where it is shorter
CREATE FUNCTION assistance.four_of(codes text[]) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100
BEGIN ATOMIC
	SELECT ARRAY(SELECT codes[n % NULLIF(cardinality(codes), 0) + 1] FROM generate_series(0, 3) n);
END;
COMMENT ON FUNCTION assistance.four_of(text[]) IS 'Part of synthetic_year: four codes of a list, from the first again where there are fewer; nulls of an empty list.';

CREATE FUNCTION assistance.synthetic_codes(terms assistance.terms, region text, scheme text, year integer,
	OUT codes text[], OUT days date[], OUT facts json)
	LANGUAGE plpgsql STABLE COST 100000 SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	classes		CONSTANT text[] := '{特困,低保,低保边缘,返贫致贫,因病致贫}';
	-- the older name of a class, where terms know no other
	older		CONSTANT text[] := ARRAY[NULL, NULL, '低收入', '建档立卡', NULL];
	first_day	date;
	last_day	date;
	pages		jsonb;
	care		text[];
	levels		text[];
	category	text[];
	place		text[];
	referral	text[];
	person_type	text[];
	types		text[] := '{}';
BEGIN
	IF NOT COALESCE(synthetic_codes.year BETWEEN 1990 AND 2199, true) THEN
		RAISE EXCEPTION 'year is out of range' USING ERRCODE = 'MA351', HINT = 'Expected 1990 to 2199.';
	END IF;
	first_day := make_date(synthetic_codes.year, 1, 1);
	last_day := make_date(synthetic_codes.year, 12, 31);
	IF synthetic_codes.terms IS NULL THEN
		codes := ARRAY['11', '21', '1', '2', '3'] || classes || array_fill(NULL::text, ARRAY[26]);
		days := (SELECT array_agg(d::date ORDER BY d) FROM generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') d);
		RETURN;
	END IF;
	-- bills tell no day of admission: who comes on a day was admitted on it
	WITH page AS MATERIALIZED (
		SELECT p.value, daterange((p.value ->> 'from')::date, (p.value ->> 'to')::date, '[]')
			   * daterange((p.value #>> '{admitted,from}')::date, (p.value #>> '{admitted,to}')::date, '[]') * daterange(first_day, last_day, '[]') AS held
		  FROM jsonb_array_elements(assistance.to_jsonb(synthetic_codes.terms) -> 'pages') p
		 WHERE (p.value ->> 'region', p.value ->> 'scheme') = (synthetic_codes.region, synthetic_codes.scheme) AND synthetic_codes.year IS NOT NULL
	)
	SELECT (SELECT jsonb_agg(p.value) FROM page p WHERE NOT isempty(p.held)),
		   (SELECT array_agg(d::date ORDER BY d)
			  FROM page p CROSS JOIN LATERAL generate_series(lower(p.held)::timestamp, (upper(p.held) - 1)::timestamp, interval '1 day') d)
	  INTO pages, days;
	IF pages IS NULL THEN
		RAISE EXCEPTION 'the terms do not hold for a synthetic year'
			USING ERRCODE = 'MA351', DETAIL = format('No page of region %s, scheme %s in %s.', synthetic_codes.region, synthetic_codes.scheme, synthetic_codes.year),
				HINT = 'Name a region, scheme and year of the terms: SELECT p ->> ''region'', p ->> ''scheme'', p ->> ''from'', p ->> ''to'' FROM jsonb_array_elements(assistance.to_jsonb(terms) -> ''pages'') p.';
	END IF;
	facts := (SELECT json_object_agg(f.name, 0 ORDER BY f.name COLLATE "C")
				FROM (SELECT q.value #>> '{}' AS name FROM jsonb_path_query(pages, 'strict $.**.fact ? (@.type() == "string" && @ != "age")', silent => true) q(value)
					  UNION
					  SELECT k.name FROM jsonb_path_query(pages, 'strict $.**.facts ? (@.type() == "object")', silent => true) q(value)
					   CROSS JOIN LATERAL jsonb_object_keys(q.value) k(name)) f);
	care := assistance.declared_codes(pages, 'care_type');
	levels := assistance.declared_codes(pages, 'level');
	-- of several codes of a class the one that is called like it
	category := ARRAY(
		SELECT (SELECT c.code FROM unnest(assistance.declared_codes(pages, 'category')) c(code)
				  LEFT JOIN LATERAL assistance.find_code('category', c.code, synthetic_codes.region, days[1]) f ON true
				 WHERE n.class IN (c.code, f.maps_to) OR n.older IN (c.code, f.maps_to)
				 ORDER BY c.code = n.class DESC, COALESCE(f.maps_to = n.class, false) DESC, c.code = n.older DESC, c.code COLLATE "C" LIMIT 1)
		  FROM unnest(classes, older) WITH ORDINALITY n(class, older, place) ORDER BY n.place);
	-- usual is what is near and in order, by what the code is called; else the first
	SELECT array_agg(c.code ORDER BY u.usual DESC, c.code COLLATE "C") FILTER (WHERE a.attribute = 'place'),
		   array_agg(c.code ORDER BY u.usual DESC, c.code COLLATE "C") FILTER (WHERE a.attribute = 'referral')
	  INTO place, referral
	  FROM unnest('{place,referral}'::text[]) a(attribute)
	 CROSS JOIN LATERAL unnest(assistance.declared_codes(pages, a.attribute)) c(code)
	 CROSS JOIN LATERAL (SELECT concat(c.code, ' ', pages #>> ARRAY['0', 'codes', a.attribute, c.code])) l(label)
	 CROSS JOIN LATERAL (SELECT l.label ~ '无需|规范|本地|市内|省内|县域内' AND c.code !~ '外|未') u(usual);
	person_type := assistance.declared_codes(pages, 'person_type');
	FOR age IN 1 .. 3 LOOP
		types := types || assistance.four_of(COALESCE(
			(SELECT array_agg(t.code ORDER BY t.place) FROM unnest(person_type) WITH ORDINALITY t(code, place)
			  WHERE CASE WHEN t.code ~ '儿|童|学生|未成年' THEN 1 WHEN t.code ~ '老|退休' THEN 3 ELSE 2 END = age), person_type));
	END LOOP;
	codes := ARRAY[COALESCE((SELECT c FROM unnest('{11,14,12,13}'::text[]) WITH ORDINALITY w(c, n) WHERE c = ANY (care) ORDER BY n LIMIT 1), care[1]),
			CASE WHEN '21' = ANY (care) THEN '21' ELSE care[cardinality(care)] END]
		|| CASE WHEN levels @> '{1,2,3}' THEN '{1,2,3}' ELSE (assistance.four_of(levels))[1:3] END
		|| category
		|| place[1] || assistance.four_of(COALESCE(NULLIF(place[2:], '{}'), place))
		|| referral[1] || assistance.four_of(COALESCE(NULLIF(referral[2:], '{}'), referral))
		|| types || assistance.four_of(assistance.declared_codes(pages, 'disease'));
END
$$;
COMMENT ON FUNCTION assistance.synthetic_codes(assistance.terms, text, text, integer) IS
'Part of synthetic_year. codes: what its bills bring, by what the terms declare for this region, scheme and year: 2 care types (outpatient, inpatient), 3 levels, 5 categories (特困, 低保, 低保边缘 or 低收入, 返贫致贫 or 建档立卡, 因病致贫: of the code of this name, else of one of this policy class), place and referral (the usual one and 4 others each), person types (4 each of children, adults, the old), 4 diseases; null where the terms declare none. days: those of the year that some of these pages covers. facts: 0 for each that the terms ask for. Without terms the national names. Error MA351.';

CREATE FUNCTION assistance.synthetic_bills(
	persons bigint, seed bigint, days date[], region text, scheme text, mean_in_scope numeric, codes text[],
	OUT person bigint, OUT ordered_at timestamp without time zone, OUT seq bigint, OUT region text, OUT scheme text,
	OUT category text[], OUT care_type text, OUT level text,
	OUT total numeric, OUT in_scope numeric, OUT excluded numeric, OUT over_limit numeric, OUT first_share numeric,
	OUT income numeric, OUT person_type text, OUT age integer, OUT disease text[], OUT referral text, OUT place text, OUT designated boolean
) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 80000 AS 'MODULE_PATHNAME', 'assistance_synthetic_bills';
COMMENT ON FUNCTION assistance.synthetic_bills(bigint, bigint, date[], text, text, numeric, text[]) IS
'Part of synthetic_year: the rows, on these days (1 to 366) and with the codes of synthetic_codes. Error MA351.';

CREATE FUNCTION assistance.synthetic_year(
	persons bigint,
	seed bigint DEFAULT 1,
	year integer DEFAULT 2025,
	region text DEFAULT '000000',
	scheme text DEFAULT 'resident',
	mean_in_scope numeric DEFAULT 3392.10,
	terms assistance.terms DEFAULT NULL,
	OUT person bigint, OUT ordered_at timestamp without time zone, OUT seq bigint, OUT region text, OUT scheme text,
	OUT category text[], OUT care_type text, OUT level text,
	OUT total numeric, OUT in_scope numeric, OUT excluded numeric, OUT over_limit numeric, OUT first_share numeric,
	OUT income numeric, OUT person_type text, OUT age integer, OUT disease text[], OUT referral text, OUT place text, OUT designated boolean,
	OUT facts json
) RETURNS SETOF record
	LANGUAGE sql STABLE COST 1000 ROWS 80000
BEGIN ATOMIC
	SELECT b.*, c.facts
	  FROM assistance.synthetic_codes(synthetic_year.terms, synthetic_year.region, synthetic_year.scheme, synthetic_year.year) c
	 CROSS JOIN LATERAL assistance.synthetic_bills(synthetic_year.persons, synthetic_year.seed, c.days, synthetic_year.region,
			synthetic_year.scheme, synthetic_year.mean_in_scope, c.codes) b;
END;
COMMENT ON FUNCTION assistance.synthetic_year(bigint, bigint, integer, text, text, numeric, assistance.terms) IS
'A year of bills that nobody has had, reproducible by seed on every machine: columns as make_bill takes them, amounts in yuan, and the income of the person (yuan a year). Persons without bills have no row. terms: bring only codes that these declare for region, scheme and year, so that they can settle the bills, on the days of the year that one of their pages covers; facts that they ask for are 0. Without, the national names, and no place, referral, person_type, disease or facts. From 医保函〔2020〕56号 (2019): 8 751 of 130 000 persons are helped to join the insurance (低保, 特困), 特困 to 低保 as 29.4 to 860.5, 7 050 treatments of 8 751 persons; mean_in_scope such that 70 % of basic insurance and 70 % of assistance make 502.2 亿 yuan of 7 050 万 treatments. All else is an example: docs/simulation.md. Error MA351.';
