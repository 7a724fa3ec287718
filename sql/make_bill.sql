-- make_bill.sql — bills from columns: defaults, names of the arguments, and the door from numeric to fen and back.

SET search_path = public, assistance;

-- the least that a bill needs
SELECT make_bill(total => 0, region => 'T', scheme => 'resident', ordered_at => '2025-03-01');
SELECT make_bill(kind => 'application', region => 'T', scheme => 'resident', ordered_at => '2025-03-01 10:00', seq => 7);

-- everything, the same as from JSON
SELECT make_bill(total => 100.5, in_scope => 60, excluded => 40.5, region => 'T', scheme => 'resident', ordered_at => '2025-03-01 12:30',
	seq => 2, admitted_on => '2025-02-20', discharged_on => '2025-03-01', settled_on => '2025-03-02', care_type => '21', level => '2',
	referral => 'up', place => 'city', person_type => 'adult', category => '{}', disease => '{D1,D2}', designated => true, age => 70,
	hospital => 'H1', encounter => 'E1', encounter_total => 200, chain => 'C1', parts => '{"excluded.special_drug": 10.25}',
	given => '{"critical": {"amount": 5, "deductible": 1}, "aid": {"state": "waived"}}', facts => '{"income": 1234.56}')::text
	= '{"region":"T","scheme":"resident","ordered_at":"2025-03-01T12:30:00","seq":2,"total":100.5,"in_scope":60,"excluded":40.5,
	"parts":{"excluded.special_drug":10.25},"level":"2","category":[],"designated":true,"age":70,"facts":{"income":1234.56},
	"given":{"critical":{"amount":5,"deductible":1}, "aid":{"state":"waived"}},"hospital":"H1","chain":"C1",
	"encounter":"E1","encounter_total":200,"admitted_on":"2025-02-20","discharged_on":"2025-03-01","settled_on":"2025-03-02",
	"care_type":"21","referral":"up","place":"city","person_type":"adult","disease":["D1","D2"]}'::bill::text AS same;

-- a null is "not known", an empty list "known to be none"; the lower bound of a list does not matter
SELECT make_bill(total => 0, region => 'T', scheme => 'S', ordered_at => '2025-03-01', category => NULL, disease => '{}')::jsonb - 'ordered_at';
SELECT make_bill(total => 0, region => 'T', scheme => 'S', ordered_at => '2025-03-01', category => '[5:6]={a,b}')::jsonb -> 'category' AS category;

-- columns of a table, short and long values, lists that are stored in a row
CREATE TABLE claim (total numeric(16,2), region text, category text[]);
INSERT INTO claim VALUES (12.34, 'T', '{低保,low}'), (12.3, repeat('x', 31), '{}'), (0.07, 'T', ARRAY[repeat('c', 31), '', 'x']::text[]);
SELECT b::jsonb -> 'total' AS total, b::jsonb ->> 'region' AS region, b::jsonb -> 'category' AS category
  FROM claim, LATERAL (SELECT make_bill(total => total, in_scope => total, region => region, scheme => 'S', ordered_at => '2025-03-01',
										category => array_remove(category, '')) AS b) x;

-- neither session settings nor the time zone change a bill
SELECT make_bill(total => 1, in_scope => 1, region => 'T', scheme => 'S', ordered_at => '2025-12-31 23:30')::text AS bill \gset
SET DateStyle = 'German';
SET TimeZone = 'Pacific/Kiritimati';
SET extra_float_digits = 0;
SET bytea_output = 'escape';
SELECT make_bill(total => 1, in_scope => 1, region => 'T', scheme => 'S', ordered_at => '31.12.2025 23:30')::text = :'bill' AS same;
RESET ALL;
SET search_path = public, assistance;

-- ---- row after row ----

-- A call site keeps what it found in the rows before. Two thousand rows, in which every column is null, the same as before or another
-- value, as make_bill makes them one after the other, and each of them from its JSON.
CREATE FUNCTION draw(a bigint, b bigint, n int) RETURNS int LANGUAGE sql IMMUTABLE
	AS 'SELECT ((hashint8extended(a, b) & 2147483647) % n)::int';
CREATE FUNCTION pick(a bigint, b bigint, VARIADIC choice text[]) RETURNS text LANGUAGE sql IMMUTABLE
	AS 'SELECT choice[1 + public.draw(a, b, cardinality(choice))]';
CREATE TABLE varied AS
	SELECT n, CASE WHEN event THEN 0 ELSE a + b + c END AS total, CASE WHEN NOT event THEN a END AS in_scope,
		   CASE WHEN event THEN 0 ELSE b END AS excluded, CASE WHEN event THEN 0 ELSE c END AS first_share,
		   pick(n, 1, 'T', '110000', '北京', repeat('r', 31), '市辖区一二三四五六七') AS region,
		   pick(n, 2, 'resident', 'employee', '居民', '城乡居民') AS scheme,
		   timestamp '2025-01-01' + draw(n, 3, 1000000) * interval '1 minute' AS ordered_at, nullif(draw(n, 4, 5), 0)::bigint AS seq,
		   CASE WHEN event THEN 'application' ELSE pick(n, 5, NULL, 'bill') END AS kind,
		   CASE draw(n, 6, 3) WHEN 0 THEN date '2025-01-01' WHEN 1 THEN date '1990-01-01' END AS admitted_on,
		   CASE draw(n, 7, 3) WHEN 0 THEN date '2025-01-01' WHEN 1 THEN date '2199-12-31' END AS discharged_on,
		   CASE draw(n, 8, 3) WHEN 0 THEN date '2025-02-01' END AS settled_on,
		   pick(n, 9, NULL, '21', '11', 'care of a long name, 31 bytes .') AS care_type, pick(n, 10, NULL, '1', '2', '三级') AS level,
		   pick(n, 11, NULL, 'up', '规范') AS referral, pick(n, 12, NULL, 'home', '异地') AS place,
		   pick(n, 13, NULL, 'adult', '劳动年龄居民') AS person_type,
		   pick(n, 14, NULL, '{}', '{低保}', '{低保,low}', '{特困,低保边缘家庭}', '{a,b,c,d,e,f,g,h}')::text[] AS category,
		   pick(n, 15, NULL, '{}', '{D1}')::text[] AS disease, CASE draw(n, 16, 3) WHEN 0 THEN true WHEN 1 THEN false END AS designated,
		   CASE draw(n, 17, 3) WHEN 0 THEN 0 WHEN 1 THEN 150 END AS age, pick(n, 18, NULL, 'H1', '第一医院') AS hospital,
		   CASE WHEN draw(n, 19, 3) = 0 AND NOT event THEN 'E' || draw(n, 20, 9) END AS encounter,
		   CASE WHEN draw(n, 19, 3) = 0 AND NOT event THEN 10000000 + n END AS encounter_total, pick(n, 21, NULL, 'C1', '链') AS chain,
		   CASE WHEN draw(n, 22, 5) = 0 AND NOT event AND b > 1 THEN '{"excluded.drug": 0.01}' END::json AS parts,
		   CASE WHEN draw(n, 23, 5) = 0 AND NOT event THEN '{"aid": {"amount": 5}}' END::json AS given,
		   CASE WHEN draw(n, 24, 5) = 0 THEN '{"income": 12.5}' END::json AS facts
	  FROM (SELECT n, draw(n, 25, 10) = 0 AS event, (draw(n, 26, 4)::bigint * draw(n, 27, 100000000)) AS a,
				   (draw(n, 28, 2)::bigint * draw(n, 29, 10000)) AS b, (draw(n, 30, 2)::bigint * draw(n, 31, 100000)) * 100 AS c
			  FROM generate_series(1, 2000) n) d;
UPDATE varied SET discharged_on = NULL WHERE discharged_on < admitted_on;

CREATE VIEW made AS
	SELECT n, make_bill(total => total / 100.0, in_scope => in_scope / 100.0, excluded => excluded / 100.0, first_share => first_share / 100.0,
				region => region, scheme => scheme, ordered_at => ordered_at, seq => seq, kind => kind, admitted_on => admitted_on,
				discharged_on => discharged_on, settled_on => settled_on, care_type => care_type, level => level, referral => referral,
				place => place, person_type => person_type, category => category, disease => disease, designated => designated, age => age,
				hospital => hospital, encounter => encounter, encounter_total => encounter_total / 100.0, chain => chain, parts => parts,
				given => given, facts => facts) AS yuan,
		   make_bill_fen(total => total, in_scope => in_scope, excluded => excluded, first_share => first_share, region => region,
				scheme => scheme, ordered_at => ordered_at, seq => seq, kind => kind, admitted_on => admitted_on,
				discharged_on => discharged_on, settled_on => settled_on, care_type => care_type, level => level, referral => referral,
				place => place, person_type => person_type, category => category, disease => disease, designated => designated, age => age,
				hospital => hospital, encounter => encounter, encounter_total => encounter_total, chain => chain, parts => parts,
				given => given, facts => facts) AS fen,
		   json_strip_nulls(json_build_object('kind', coalesce(kind, 'bill'), 'total', trunc(total / 100.0, 2),
				'in_scope', trunc(in_scope / 100.0, 2), 'excluded', trunc(excluded / 100.0, 2), 'first_share', trunc(first_share / 100.0, 2),
				'region', region, 'scheme', scheme, 'ordered_at', to_char(ordered_at, 'YYYY-MM-DD"T"HH24:MI:SS'), 'seq', coalesce(seq, 0),
				'admitted_on', admitted_on, 'discharged_on', discharged_on, 'settled_on', settled_on, 'care_type', care_type,
				'level', level, 'referral', referral, 'place', place, 'person_type', person_type, 'category', category,
				'disease', disease, 'designated', designated, 'age', age, 'hospital', hospital, 'encounter', encounter,
				'encounter_total', trunc(encounter_total / 100.0, 2), 'chain', chain, 'parts', parts, 'given', given, 'facts', facts))::bill AS json
	  FROM varied;
SELECT count(*) AS rows, count(DISTINCT json) AS different, count(*) FILTER (WHERE yuan IS DISTINCT FROM json) AS wrong_yuan,
	   count(*) FILTER (WHERE fen IS DISTINCT FROM json) AS wrong_fen
  FROM made;

-- constants of the query stay where they are, also those that few bills bring
SELECT count(*) > 1000 AS enough, count(*) FILTER (WHERE b IS DISTINCT FROM json_strip_nulls(json_build_object('total', trunc(total / 100.0, 2),
		'in_scope', trunc(total / 100.0, 2), 'region', '北京', 'scheme', 'S', 'ordered_at', '2025-03-01T00:00:00', 'seq', n,
		'person_type', '劳动年龄居民', 'category', '["低保", "low"]'::json, 'disease', disease, 'hospital', hospital,
		'admitted_on', '2025-02-01', 'designated', true, 'encounter', 'E', 'encounter_total', 99, 'level', level))::bill) AS wrong
  FROM (SELECT v.*, make_bill(total => total / 100.0, in_scope => total / 100.0, region => '北京', scheme => 'S', ordered_at => '2025-03-01',
					seq => n, person_type => '劳动年龄居民', category => '{低保,low}', disease => disease, hospital => hospital,
					admitted_on => '2025-02-01', designated => true, encounter => 'E', encounter_total => 99, level => level, kind => 'bill') AS b
		  FROM varied v) x;

-- a bad row behind a good one is refused as it is alone
CREATE FUNCTION row_with(argument text, value text) RETURNS text LANGUAGE sql AS $$
	SELECT 'SELECT ' || string_agg(CASE WHEN c.name = argument THEN row_with.value ELSE c.value END || '::' || c.type || ' AS ' || c.name, ', ')
	  FROM (VALUES ('total', '1', 'numeric'), ('in_scope', '1', 'numeric'), ('excluded', '0', 'numeric'), ('region', '''T''', 'text'),
			('scheme', '''S''', 'text'), ('ordered_at', '''2025-03-01''', 'timestamp'), ('kind', 'NULL', 'text'),
			('admitted_on', '''2025-01-01''', 'date'), ('discharged_on', '''2025-02-01''', 'date'), ('settled_on', 'NULL', 'date'),
			('level', '''2''', 'text'), ('category', '''{low}''', 'text[]'), ('age', 'NULL', 'int'), ('hospital', 'NULL', 'text'),
			('encounter', 'NULL', 'text'), ('encounter_total', 'NULL', 'numeric'), ('chain', 'NULL', 'text'), ('parts', 'NULL', 'json'),
			('given', 'NULL', 'json'), ('facts', 'NULL', 'json')) c (name, value, type) $$;
CREATE FUNCTION bills_of(rows text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT assistance.make_bill(total => total, in_scope => in_scope, excluded => excluded, region => region, scheme => scheme,
			ordered_at => ordered_at, kind => kind, admitted_on => admitted_on, discharged_on => discharged_on, settled_on => settled_on,
			level => level, category => category, age => age, hospital => hospital, encounter => encounter,
			encounter_total => encounter_total, chain => chain, parts => parts, given => given, facts => facts) FROM (%s OFFSET 0) rows', rows) $$;
SELECT count(*) AS bad, count(DISTINCT alone.code) AS codes, count(*) FILTER (WHERE alone.code IS NULL OR alone.code LIKE '42%') AS not_refused,
	   count(*) FILTER (WHERE alone IS DISTINCT FROM behind) AS refused_otherwise
  FROM (VALUES ('total', '-1'), ('total', '2'), ('total', 'NULL'), ('total', '0.001'), ('total', '''NaN'''), ('total', '1e30'),
			('in_scope', '-0.01'), ('excluded', '10000000000000.01'), ('region', 'NULL'), ('region', ''''''), ('region', 'E''a\nb'''),
			('scheme', 'NULL'), ('scheme', 'repeat(''s'', 32)'), ('ordered_at', 'NULL'), ('ordered_at', '''infinity'''),
			('ordered_at', '''1989-12-31 23:59:59'''), ('ordered_at', '''2200-01-01'''), ('kind', '''visit'''), ('kind', '''application'''),
			('admitted_on', '''1989-12-31'''), ('admitted_on', '''-infinity'''), ('discharged_on', '''2024-12-31'''),
			('settled_on', '''2200-01-01'''), ('settled_on', '''2024-12-31'''), ('level', ''''''), ('level', 'repeat(''北'', 11)'), ('category', '''{a,NULL}'''),
			('category', '''{{a},{b}}'''), ('category', '''{1,2,3,4,5,6,7,8,9}'''), ('category', 'ARRAY['''']'), ('category', 'ARRAY[E''\t'']'),
			('age', '-1'), ('age', '151'), ('hospital', ''''''), ('encounter', '''E'''), ('encounter_total', '1'), ('encounter_total', '-1'),
			('chain', 'repeat(''c'', 40)'), ('parts', '''{"excluded.a": 1}'''), ('given', '''[]'''), ('facts', '''{"a": "b"}''')) b (argument, value),
	   test.raises(bills_of(row_with(b.argument, b.value))) alone,
	   test.raises(bills_of(row_with('', '') || ' UNION ALL ' || row_with(b.argument, b.value))) behind;

-- and the rows behind a bad one are as good as before
DO $$
DECLARE
	n int;
	found assistance.bill;
BEGIN
	FOR n IN 1 .. 6 LOOP
		BEGIN
			found := make_bill(total => n, in_scope => n - n % 2, region => repeat('市', n), scheme => 'S', ordered_at => '2025-03-01');
			ASSERT n % 2 = 0, 'a bill that does not add up';
			ASSERT found = format('{"total": %s, "in_scope": %s, "region": "%s", "scheme": "S", "ordered_at": "2025-03-01T00:00:00"}', n, n,
				repeat('市', n))::assistance.bill, 'another bill';
		EXCEPTION WHEN SQLSTATE 'MA103' THEN
			ASSERT n % 2 = 1, 'refused a good bill';
		END;
	END LOOP;
END
$$;

-- whole fen: the same refusals, but for what bigint cannot say
SELECT (test.raises(format('SELECT assistance.make_bill_fen(%s, region => %L, scheme => %L, ordered_at => %L)', a, 'T', 'S', '2025-03-01'))).*
  FROM unnest(ARRAY['total => 1000000000000001, in_scope => 1', 'total => -9223372036854775808', 'total => -1, in_scope => -1',
		'total => 100, in_scope => 99', 'in_scope => 1', 'total => 0, encounter => ''E'', encounter_total => 9223372036854775807']) a;
SELECT make_bill_fen(total => 1000000000000000, excluded => 1000000000000000, region => 'T', scheme => 'S', ordered_at => '2025-03-01');

-- ---- the door ----

-- every form of one value
SELECT x, make_bill(total => x, in_scope => x, region => 'T', scheme => 'S', ordered_at => '2025-03-01')::jsonb -> 'total' AS total
  FROM unnest(ARRAY[0, -0.00, 0.01, 0.1, 0.10, 1, 1e3, 9999, 10000, 9999.99, 10000.01, 100000000, 100000000.50, 123456789012.34,
					9999999999999.99, 10000000000000, 1.500000, 7.00000000000000000000]) x;

-- 100 000 random amounts of all sizes go in and come out as numeric itself has them, to the byte
CREATE TABLE amount AS
	SELECT x::numeric(16,2) AS x
	  FROM (SELECT trunc((hashint8extended(i, 1) & 9007199254740991)::numeric / 100 / 10::numeric ^ (i % 15), 2) AS x FROM generate_series(1, 100000) i) r
	 WHERE x <= 10000000000000;
SELECT count(*) > 90000 AS enough, count(DISTINCT length(x::text)) AS lengths FROM amount;
SELECT count(*) AS wrong
  FROM (SELECT x, settle(test.terms('year by hand'), make_bill(total => x, excluded => x, region => 'T', scheme => 'resident', ordered_at => '2025-03-01'))
			OVER (PARTITION BY x, n) AS s
		  FROM (SELECT x, row_number() OVER () AS n FROM amount) numbered) settled
 WHERE (s).total IS DISTINCT FROM x OR (s).patient <> x OR numeric_send((s).total) <> numeric_send(x) OR (s).total::text <> x::text
	OR hash_numeric((s).patient) <> hash_numeric(x) OR pg_column_size((s).total + 0) <> pg_column_size(x + 0);

-- arrays of numeric, and numeric that is stored compressed or out of line, are read too
CREATE TABLE wide (n int, x numeric);
ALTER TABLE wide ALTER x SET STORAGE EXTERNAL;
INSERT INTO wide VALUES (1, ('12.34' || repeat('0', 15000))::numeric), (2, ('1' || repeat('0', 12000))::numeric),
	(3, ('0.' || repeat('0', 12000) || '1')::numeric);
SELECT i, (test.raises(format('SELECT assistance.make_bill(total => x, in_scope => x, region => %L, scheme => %L, ordered_at => %L) FROM wide
	WHERE n = %s', 'T', 'S', '2025-03-01', i))).* FROM generate_series(1, 3) i;

DROP FUNCTION row_with, bills_of;
DROP VIEW made;
DROP TABLE claim, varied, amount, wide;
DROP FUNCTION draw, pick;
