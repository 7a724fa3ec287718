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

DROP TABLE claim, amount, wide;
