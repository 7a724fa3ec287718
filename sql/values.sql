-- values.sql — terms, bill, account and lines as SQL values: text, JSON and binary forms, equality, storage.

SET search_path = public, assistance;

-- ---- terms ----

-- the text form is canonical: order of keys and white space make no difference, a figure does
CREATE TABLE document (n int, terms terms);
INSERT INTO document
	SELECT 1, '{"format": 1, "engine": 1, "pages": [{"title": "A", "region": "R", "scheme": "S", "from": "2025-01-01",
		"sources": {"x": {"document": "X"}}, "cite": {"source": "x"},
		"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.50}]}]}]}'::terms
	UNION ALL
	SELECT 2, '{"pages":[{"layers":[{"rules":[{"ratio":0.5,"name":"all"}],"kind":"basic","name":"basic"}],"cite":{"source":"x"},
		"sources":{"x":{"document":"X"}},"from":"2025-01-01","scheme":"S","region":"R","title":"\u0041"}],"engine":1,"format":1}'
	UNION ALL
	SELECT 3, '{"format": 1, "engine": 1, "pages": [{"title": "A", "region": "R", "scheme": "S", "from": "2025-01-01",
		"sources": {"x": {"document": "X"}}, "cite": {"source": "x"},
		"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.51}]}]}]}';
SELECT terms FROM document WHERE n = 1;
SELECT a.n, b.n AS other, a.terms = b.terms AS equal, a.terms <> b.terms AS different, terms_digest(a.terms) = terms_digest(b.terms) AS same_digest
  FROM document a, document b WHERE a.n < b.n ORDER BY 1, 2;
SELECT count(*) AS documents, count(DISTINCT terms::text) AS texts FROM document;
SELECT count(*) AS groups FROM (SELECT terms FROM document GROUP BY terms) g;

-- the digest is the SHA-256 of the document
SELECT terms_digest(terms) = sha256(convert_to(terms::text, 'UTF8')) AS digest_of_text FROM document;

-- text, json and jsonb bring the same document back
SELECT name, terms::text::terms = terms AS text, terms::json::terms = terms AS json, (terms::jsonb)::text::terms = terms AS jsonb
  FROM test.policy ORDER BY name;
SELECT terms::jsonb #>> '{pages,0,layers,0,rules,0,ratio}' AS ratio FROM document ORDER BY n;

-- ---- bill ----

SELECT '{"region":"T","scheme":"resident","ordered_at":"2025-03-01T12:30:00","seq":2,"total":100.5,"in_scope":60,"excluded":40.5,
	"parts":{"excluded.special_drug":10.25},"level":"2","category":[],"designated":true,"age":70,"facts":{"income":1234.56},
	"given":{"critical":{"amount":5,"deductible":1}, "aid":{"state":"waived"}},"hospital":"H1","chain":"C1",
	"encounter":"E1","encounter_total":200,"admitted_on":"2025-02-20","discharged_on":"2025-03-01","settled_on":"2025-03-02",
	"care_type":"21","referral":"up","place":"city","person_type":"adult","disease":["D1","D2"]}'::bill AS bill \gset
SELECT :'bill' AS bill;
SELECT :'bill'::bill::text = :'bill' AS text, :'bill'::json::bill::text = :'bill' AS json, :'bill'::bill::jsonb::bill::text = :'bill' AS jsonb;
SELECT '{"kind":"year_close","region":"T","scheme":"resident","ordered_at":"2025-12-31","seq":9}'::bill;

-- ---- account ----

SELECT (settle_bill(test.terms('plain'), NULL, test.bill(20000, '2025-03-01'))).account AS account \gset
SELECT :'account' AS account;
SELECT :'account'::account = :'account'::json::account AS json, :'account'::account = :'account'::account::jsonb::account AS jsonb,
	   :'account'::account <> '{"format":1}'::account AS different;
SELECT '{"format":1}'::account AS empty;

-- ---- lines ----

SELECT (s.split).lines::text::lines::text = (s.split).lines::text AS lines
  FROM (SELECT (settle_bill(test.terms('plain'), NULL, test.bill(20000, '2025-03-01'))).split) s;

-- a table that keeps splits can be dumped and restored as text
CREATE TABLE kept AS SELECT (settle_bill(test.terms('plain'), NULL, test.bill(20000, '2025-03-01'))).split;
INSERT INTO kept SELECT split::text::split FROM kept;
SELECT count(*) AS rows, count(DISTINCT split::text) AS texts, count(DISTINCT (SELECT string_agg(l::text, ' ') FROM split_lines(split) l)) AS lines FROM kept;

-- ---- the binary form ----

CREATE TABLE wire (terms terms, bill bill, account account, lines lines);
INSERT INTO wire SELECT terms, :'bill', :'account', (split).lines FROM test.policy, kept;
COPY (SELECT count(*), min(length(terms_send(terms))) > 100 FROM wire) TO STDOUT;
\copy wire TO 'results/values.wire' (FORMAT binary)
CREATE TABLE received (LIKE wire);
\copy received FROM 'results/values.wire' (FORMAT binary)
SELECT (SELECT string_agg(w::text, ' ' ORDER BY w::text) FROM wire w) = (SELECT string_agg(r::text, ' ' ORDER BY r::text) FROM received r) AS same;

-- ---- stored values ----

-- terms are stored as they are: long ones out of line, none compressed
SELECT attstorage FROM pg_attribute WHERE attrelid = 'test.policy'::regclass AND attname = 'terms';
SELECT pg_column_compression(terms) IS NULL AS plain, pg_column_size(terms) > 6000 AS long FROM test.policy WHERE name = 'yubei';
-- somebody who compresses them nevertheless gets the same result
CREATE TABLE squeezed (terms terms);
ALTER TABLE squeezed ALTER terms SET STORAGE EXTENDED;
INSERT INTO squeezed SELECT (terms::text)::terms FROM test.policy;
SELECT p.name, s.terms = p.terms AS equal FROM squeezed s JOIN test.policy p ON terms_digest(s.terms) = terms_digest(p.terms) ORDER BY 1;
SELECT DISTINCT (x.split).assistance
  FROM squeezed s, settle_bill(s.terms, NULL, test.bill(5000, '2025-05-05')) x
 WHERE s.terms = test.terms('year by hand');

-- domains and arrays of the types
CREATE DOMAIN final_bill AS bill CHECK ((VALUE::jsonb ->> 'total')::numeric < 1000);
SELECT test.bill(999, '2025-01-02')::final_bill::jsonb ->> 'total' AS total;
SELECT test.bill(1000, '2025-01-02')::final_bill;
SELECT cardinality(ARRAY[test.bill(1, '2025-01-02'), NULL]) AS bills;

DROP TABLE document, kept, wire, received, squeezed;
DROP DOMAIN final_bill;
