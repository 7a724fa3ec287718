-- errors.sql — bad input: each case gets its SQLSTATE, message, detail and hint, and nothing else happens.

SET search_path = public, assistance;
\pset format unaligned
\pset fieldsep ' | '
\pset footer off

CREATE TABLE bad (n int GENERATED ALWAYS AS IDENTITY, what text, statement text);

-- every case of a list, in order
CREATE FUNCTION report(OUT what text, OUT code text, OUT message text, OUT detail text, OUT hint text) RETURNS SETOF record LANGUAGE sql
AS $$ SELECT b.what, COALESCE(r.code, 'accepted'), r.message, r.detail, r.hint FROM bad b, LATERAL test.raises(b.statement) r ORDER BY b.n $$;

-- ---- amounts ----

-- a bill of which one argument (or more) is replaced; all of its cost is in scope unless arguments say otherwise
CREATE FUNCTION bill_with(arguments text) RETURNS text LANGUAGE sql
AS $$ SELECT format('SELECT assistance.make_bill(%s region => %L, scheme => %L%s)', arguments || ', ', 'T', 'resident',
	CASE WHEN arguments ~ 'ordered_at' THEN '' ELSE ', ordered_at => ''2025-03-01''' END) $$;
INSERT INTO bad (what, statement)
	SELECT arguments, bill_with(arguments) FROM unnest(ARRAY[
		'total => -0.01, in_scope => -0.01',
		'total => 0, in_scope => 1, excluded => -1',
		'total => 0.005, in_scope => 0.005',
		'total => 1.001, in_scope => 1.001',
		'total => ''NaN'', in_scope => ''NaN''',
		'total => 1, in_scope => ''NaN''',
		'total => ''Infinity'', in_scope => ''Infinity''',
		'total => ''-Infinity'', in_scope => 1',
		'total => 10000000000000, in_scope => 10000000000000',
		'total => 10000000000000.01, in_scope => 10000000000000.01',
		'total => 92233720368547758.07, in_scope => 92233720368547758.07',
		'total => 184467440737095516.16, in_scope => 0',
		'total => 1e400, in_scope => 1e400',
		'total => 1e-400, in_scope => 1e-400',
		'total => -1e400, in_scope => 1',
		'total => 10000000000000, in_scope => 10000000000000, excluded => 10000000000000',
		'total => NULL, in_scope => 1',
		'in_scope => 1',
		'total => 100, in_scope => 99.99',
		'total => 100, in_scope => 100.01',
		'total => 0, in_scope => 5',
		'total => 100, in_scope => 100, excluded => 0.01',
		'total => ''1,000'', in_scope => 1000',
		'total => ''¥100'', in_scope => 100',
		'total => ''１００'', in_scope => 100',
		'total => ''100元'', in_scope => 100',
		'total => ''0,5'', in_scope => 0.5',
		'total => ''1e3'', in_scope => 1000',
		'total => '' 100 '', in_scope => 100',
		'total => -0.00, in_scope => 0',
		'total => 1::float8, in_scope => 1',
		'total => 1::money, in_scope => 1',
		'total => 100, in_scope => 100, encounter => ''E'', encounter_total => -0.01',
		'total => 100, in_scope => 100, encounter => ''E'', encounter_total => 100.001',
		'total => 100, in_scope => 100, encounter => ''E''',
		'total => 100, in_scope => 100, encounter_total => 100']) arguments;
SELECT * FROM report();
TRUNCATE bad;

-- ---- dates, codes, lists ----

INSERT INTO bad (what, statement)
	SELECT arguments, bill_with('total => 0, ' || arguments) FROM unnest(ARRAY[
		'ordered_at => NULL',
		'ordered_at => ''infinity''',
		'ordered_at => ''-infinity''',
		'ordered_at => ''1989-12-31 23:59:59''',
		'ordered_at => ''2200-01-01''',
		'ordered_at => ''4713-01-01 BC''',
		'ordered_at => ''294276-12-31''',
		'ordered_at => ''2025-02-30''',
		'ordered_at => ''2024-02-29''',
		'admitted_on => ''infinity''',
		'admitted_on => ''-infinity''',
		'discharged_on => ''5874897-12-31''',
		'settled_on => ''1900-01-01''',
		'admitted_on => ''2025-02-02'', discharged_on => ''2025-02-01''',
		'admitted_on => ''2025-02-02'', discharged_on => ''2025-02-02''',
		'admitted_on => ''2025-02-02'', settled_on => ''2025-02-01''',
		'discharged_on => ''2025-02-02'', settled_on => ''2025-02-01''',
		'admitted_on => ''20250230''',
		'ordered_at => ''9999-12-31''',
		'age => -1',
		'age => 151',
		'age => 70000',
		'kind => ''invoice''',
		'kind => ''Bill''',
		'kind => ''''',
		'kind => ''year_close'', in_scope => 1',
		'care_type => ''''',
		'care_type => repeat(''x'', 32)',
		'level => repeat(''级'', 11)',
		'hospital => repeat(''x'', 1000000)',
		'place => E''a\nb''',
		'person_type => U&''\009F''',
		'category => ''{a,NULL}''',
		'category => ''{{a},{b}}''',
		'category => ''{a,b,c,d,e,f,g,h,i}''',
		'category => array_fill(''x''::text, ARRAY[1000000])',
		'disease => ARRAY[repeat(''x'', 32)]',
		'disease => ''{""}''',
		'disease => ''[5:6]={a,b}''']) arguments;
INSERT INTO bad (what, statement) VALUES
	('no region', 'SELECT assistance.make_bill(total => 0, scheme => ''S'', ordered_at => ''2025-03-01'')'),
	('no scheme', 'SELECT assistance.make_bill(total => 0, region => ''R'', ordered_at => ''2025-03-01'')'),
	('nothing', 'SELECT assistance.make_bill()');
SELECT * FROM report();
TRUNCATE bad;

-- ---- parts, given layers, facts ----

INSERT INTO bad (what, statement)
	SELECT arguments, bill_with('total => 100, excluded => 100, ' || arguments) FROM unnest(ARRAY[
		'parts => ''[]''',
		'parts => ''{"excluded.a": 60, "excluded.b": 40.01}''',
		'parts => ''{"excluded.a": -1}''',
		'parts => ''{"excluded.a": 1, "excluded.a": 1}''',
		'parts => ''{"in_scope.a": 0}''',
		'parts => ''{"a": 0}''',
		'parts => ''{"excluded.": 0}''',
		'parts => ''{"excluded.a": "1"}''',
		'parts => ''{"excluded.a": 1e2}''',
		'parts => ''{"excluded.a": 0.001}''',
		'parts => ''{"over_limit.a": 1}''',
		'parts => ''{"excluded.1":0,"excluded.2":0,"excluded.3":0,"excluded.4":0,"excluded.5":0,"excluded.6":0,"excluded.7":0,"excluded.8":0,"excluded.9":0}''',
		'given => ''{"basic": 5}''',
		'given => ''{"basic": {}}''',
		'given => ''{"basic": {"amount": 1, "state": "waived"}}''',
		'given => ''{"basic": {"state": "forgotten"}}''',
		'given => ''{"basic": {"amount": -1}}''',
		'given => ''{"basic": {"amount": 1, "deductibel": 1}}''',
		'facts => ''{"income": 1.234}''',
		'facts => ''{"income": null}''',
		'facts => ''{"income": 1, "income": 2}''']) arguments;
SELECT * FROM report();
TRUNCATE bad;

-- ---- JSON of bills and accounts ----

INSERT INTO bad (what, statement)
	SELECT left(json, 60), format('SELECT %L::assistance.bill', json) FROM unnest(ARRAY[
		'', ' ', 'null', '[]', '{', '{}', '{"region":"T"', '{"region":"T",}', '{"region":"T"} x', '{"region":"T","region":"T"}', '{''region'':1}',
		'{"region":"\u0000"}', '{"region":"\ud800"}', '{"region":5}', '{"total":01}', '{"total":1.}', '{"total":.5}', '{"total":+1}', '{"total":-0}',
		'{"total":0x10}', '{"total":1_000}', '{"total":NaN}', '{"total":1e3}', '{"total":"1"}', '{"totl":1}',
		'{"total":1234567890123456789012345678901}', '{"ordered_at":"2025-03-01T24:00:00"}', '{"ordered_at":"2025-02-29"}', '{"ordered_at":"01.03.2025"}',
		'{"ordered_at":"2025-03-01T10:00:00Z"}', '{"ordered_at":"today"}', '{"ordered_at":"tomorrow"}',
		'{"ordered_at":"02/03/2025"}', '{"ordered_at":"20250230"}', '{"ordered_at":"2025-12-31T23:59:60"}', '{"ordered_at":"infinity"}', '{"seq":1.5}', '{"seq":9223372036854775808}', '{"designated":"yes"}',
		'{"category":"low"}', '{"category":[1]}', '{"kind":"reversal"}',
		repeat('[', 1000), repeat('{"a":', 17) || '1' || repeat('}', 17), '"' || repeat('x', 262144) || '"']) json;
INSERT INTO bad (what, statement) VALUES ('bytes that are not UTF-8', $$ SELECT convert_from('\xff7b7d', 'UTF8')::assistance.bill $$);
INSERT INTO bad (what, statement) VALUES ('10 MB', $$ SELECT (' ' || repeat('x', 10485760))::assistance.bill $$),
	('an account of 17 MB', $$ SELECT repeat(' ', 17000000)::assistance.account $$);
INSERT INTO bad (what, statement)
	SELECT left(json, 60), format('SELECT %L::assistance.account', json) FROM unnest(ARRAY[
		'', '{}', '{"format":2}', '{"format":1,"x":1}', '{"format":1,"last":{}}', '{"format":1,"bases":[{"name":"a"}]}',
		'{"format":1,"bases":[{"name":"a","period":"2025-01-01","buckets":{"copay":1}},{"name":"a","period":"2025-01-01"}]}',
		'{"format":1,"bases":[{"name":"a","period":"2025-13-01"}]}', '{"format":1,"bases":[{"name":"a","period":"2025-01-01","buckets":{"nowhere":1}}]}',
		'{"format":1,"tallies":[{"kind":"money","name":"a"}]}', '{"format":1,"tallies":[{"kind":"cap","name":"a","period":"2025-01-01","used":1e9}]}',
		'{"format":1,"tallies":[{"kind":"cap","name":"a","period":"2025-01-01","used":10000000000000.01}]}']) json;
INSERT INTO bad (what, statement) VALUES ('account of 600 counters', $$ SELECT ('{"format":1,"tallies":[' ||
	(SELECT string_agg(format('{"kind":"cap","name":"c%s","period":"2025-01-01","used":1}', i), ',') FROM generate_series(1, 600) i) || ']}')::assistance.account $$);
INSERT INTO bad (what, statement)
	SELECT left(json, 60), format('SELECT %L::assistance.lines', json) FROM unnest(ARRAY[
		'', '[]', '{"lines":[]}', '{"lines":[{}],"left":{}}', '{"lines":[{"layer":"a","kind":"a"}],"left":{}}', '{"lines":[{"layer":"a","paid":0.001}],"left":{}}',
		'{"lines":[{"layer":"a","price":1}],"left":{}}', '{"lines":[],"left":{"copay":"1"}}', '{"lines":[],"left":{"copay":99999999999999999999999}}']) json;
SELECT * FROM report();
TRUNCATE bad;

-- ---- documents ----

-- policy "plain" with one value set, or one key removed
CREATE FUNCTION with_value(path text, value text) RETURNS text LANGUAGE sql
AS $$ SELECT format('SELECT %L::assistance.terms', jsonb_set(terms::jsonb, path::text[], value::jsonb)) FROM test.policy WHERE name = 'plain' $$;
CREATE FUNCTION without(path text) RETURNS text LANGUAGE sql
AS $$ SELECT format('SELECT %L::assistance.terms', terms::jsonb #- path::text[]) FROM test.policy WHERE name = 'plain' $$;
INSERT INTO bad (what, statement)
	SELECT 'without ' || path, without(path) FROM unnest(ARRAY['{format}', '{engine}', '{pages}', '{pages,0,region}', '{pages,0,layers}', '{pages,0,cite}',
		'{pages,0,sources}', '{pages,0,codes,level}', '{pages,0,parts}', '{pages,0,layers,0,name}', '{pages,0,layers,0,rules}', '{pages,0,layers,1,base,penalty}',
		'{pages,0,layers,0,rules,0,ratio}', '{pages,0,layers,0,rules,0,deductible,amount}']) path;
INSERT INTO bad (what, statement)
	SELECT concat_ws(' = ', path, left(value, 60)), with_value(path, value) FROM (VALUES
		('{format}', '2'), ('{engine}', '99'), ('{pages}', '[]'), ('{pages,0,from}', '"2025-02-30"'), ('{pages,0,from}', '"infinity"'), ('{pages,0,to}', '"2024-12-31"'),
		('{pages,0,period_date}', '"birth"'), ('{pages,0,comment}', '"x"'), ('{pages,0,region}', '""'), ('{pages,0,cite,source}', '"nobody"'), ('{pages,0,cite,mark}', '"sure"'),
		('{pages,0,layers,0,kind}', '"fund"'), ('{pages,0,layers,1,name}', '"basic"'), ('{pages,0,layers,1,kind}', '"basic"'), ('{pages,0,layers,0,kind}', '"assistance"'),
		('{pages,0,layers,1,base}', '{"pocket": 1, "penalty": 0}'), ('{pages,0,layers,1,base,copay}', '1.5'), ('{pages,0,layers,1,base,copay}', '-1'),
		('{pages,0,layers,1,base,copay}', '0.1234'),
		('{pages,0,layers,0,rules,0,ratio}', '1.000001'), ('{pages,0,layers,0,rules,0,ratio}', '-0.1'), ('{pages,0,layers,0,rules,0,ratio}', '"60%"'),
		('{pages,0,layers,0,rules,0,ratio}', '0.1234567'), ('{pages,0,layers,0,rules,0,ratio}', 'null'), ('{pages,0,layers,0,rules,0,ratio}', '70'),
		('{pages,0,layers,0,rules,0,ratio}', '1'), ('{pages,0,layers,0,rules,0,ratio}', '0'), ('{pages,0,layers,0,rules,0,ratoi}', '0.5'),
		('{pages,0,layers,0,rules,0,bands}', '[{"ratio": 0.5}]'),
		('{pages,0,layers,0,rules,1,name}', '"second level"'), ('{pages,0,layers,0,rules,0,when}', '{"level": ["9"]}'), ('{pages,0,layers,0,rules,0,when}', '{"level": []}'),
		('{pages,0,layers,0,rules,0,when}', '{"level": ["2", "2"]}'), ('{pages,0,layers,0,rules,0,when}', '{"colour": ["2"]}'),
		('{pages,0,layers,0,rules,0,when}', '{"age": {"above": 10, "below": 5}}'), ('{pages,0,layers,0,rules,0,when}', '{"paid_by": ["aid"]}'),
		('{pages,0,layers,0,rules,0,when}', '{"stay_number": {"count": "stays", "at_least": 2}}'), ('{pages,0,layers,0,rules,0,settles}', '"month"'),
		('{pages,0,layers,0,rules,0,deductible}', '{"amount": -1}'), ('{pages,0,layers,0,rules,0,deductible}', '{"amount": 10000000000000.01}'),
		('{pages,0,layers,0,rules,0,deductible}', '{"amount": 0.001}'), ('{pages,0,layers,0,rules,0,deductible}', '{"amount": 1, "kind": "threshold", "counter": "x"}'),
		('{pages,0,layers,2,rules,0,caps}', '[{"limit": -1}]'), ('{pages,0,layers,2,rules,0,caps}', '[{"limit": null}]'), ('{pages,0,layers,2,rules,0,caps}', '[{}]'),
		('{pages,0,layers,2,rules,0,caps}', '[{"limit": 0}]'), ('{pages,0,layers,2,rules,0,caps}', '[{"limit": 1, "per": "life"}]'),
		('{pages,0,layers,2,rules,0,accrual}', '"true_up"'), ('{pages,0,layers,2,rules,0,rounding}', '{"unit": "jiao"}'),
		('{pages,0,layers,2,rules,0,modifiers}', '[{"target": "ratio", "multiply": 11}]'), ('{pages,0,layers,2,rules,0,modifiers}', '[{"target": "ratio"}]'),
		('{pages,0,layers,2,rules,0,modifiers}', '[{"target": "ratio", "add": 0.1, "penalty": true}]'), ('{pages,0,layers,2,rules,0,modifiers}', '[{"target": "ratio", "remove": true}]'),
		('{pages,0,layers,0,rules,0,cite}', '{"source": "S", "page": 3}'),
		('{pages,0,layers,0,rules,0,name}', to_json(repeat('x', 64))::text), ('{pages,0,layers,0,rules,0,name}', '"\ud83d\ude00"'), ('{pages,0,layers,0,rules,0,name}', '""'),
		('{pages,0,layers,0,rules,0,ratio}', '{"base": 0.5, "rate": 0.1}'), ('{pages,0,layers,0,rules,0,ratio}', '{"base": 0.5, "rate": 0.1, "fact": "age / 0"}'),
		('{pages,0,layers,0,rules,0,ratio}', '{"base": 0.5, "rate": 0.1, "cost": "total"}'), ('{pages,0,layers,2,rules,0,counter}', '"basic"'),
		('{pages,0,layers,0,rules,0,name}', '"''; DROP SCHEMA assistance CASCADE; --"')) v (path, value);
-- bands in place of the ratio of the first rule
INSERT INTO bad (what, statement)
	SELECT 'bands ' || left(bands, 70), format('SELECT %L::assistance.terms', jsonb_set(terms::jsonb #- '{pages,0,layers,0,rules,0,ratio}', '{pages,0,layers,0,rules,0,bands}', bands::jsonb))
	  FROM test.policy, unnest(ARRAY['[]', '[{"from": 100, "ratio": 0.5}]', '[{"to": 100, "ratio": 0.5}, {"from": 200, "ratio": 0.6}]',
		'[{"to": 200, "ratio": 0.5}, {"from": 100, "ratio": 0.6}]', '[{"to": 200, "ratio": 0.5}, {"to": 100, "ratio": 0.6}]', '[{"to": 100, "ratio": 0.5}, {"to": 100, "ratio": 0.6}]',
		'[{"ratio": 0.5}, {"ratio": 0.6}]', '[{"to": 0, "ratio": 0.5}]', '[{"to": 10000000000000.01, "ratio": 0.5}]', '[{"ratio": 0.5, "amount": 5}]', '[{"amount": 5}]', '[{}]', '[{"to": 100, "ratio": 0.5}]']) bands
	 WHERE name = 'plain';
INSERT INTO bad (what, statement)
	SELECT n || ' bands', format('SELECT %L::assistance.terms', jsonb_set(terms::jsonb #- '{pages,0,layers,0,rules,0,ratio}', '{pages,0,layers,0,rules,0,bands}', bands))
	  FROM test.policy, unnest(ARRAY[32, 33]) n, LATERAL (SELECT jsonb_agg(jsonb_build_object('to', i * 100, 'ratio', 0.5)) AS bands FROM generate_series(1, n) i) b
	 WHERE name = 'plain';
INSERT INTO bad (what, statement)
	SELECT 'two pages that overlap', with_value('{pages}', jsonb_build_array(terms::jsonb #> '{pages,0}', terms::jsonb #> '{pages,0}')::text) FROM test.policy WHERE name = 'plain';
INSERT INTO bad (what, statement)
	SELECT left(json, 60), format('SELECT %L::assistance.terms', json) FROM unnest(ARRAY['', '   ', 'null', '{"format":1,"format":1}', repeat('[', 1000), '-- a comment', E'{"a":"\t"}']) json;
INSERT INTO bad (what, statement) VALUES
	('a document of 10 MB', $$ SELECT ('{"format":1,"title":"' || repeat('x', 10485760) || '"}')::assistance.terms $$),
	('10 MB from json', $$ SELECT ('{"format":1,"title":"' || repeat('x', 10485760) || '"}')::json::assistance.terms $$),
	('one million bands', $$ SELECT ('{"bands":[' || repeat('{"ratio":0.5},', 1000000) || '{}]}')::assistance.terms $$),
	('jsonb is not offered', $$ SELECT '{}'::jsonb::assistance.terms $$),
	('bytes are not terms', $$ SELECT '\x00'::bytea::assistance.terms $$),
	('a type modifier', $$ SELECT '{}'::assistance.terms(3) $$);
SELECT * FROM report();
TRUNCATE bad;

-- ---- settling ----

CREATE FUNCTION settle_with(arguments text) RETURNS text LANGUAGE sql
AS $$ SELECT format('SELECT assistance.settle_bill(test.terms(%L), NULL, assistance.make_bill(%s))', 'plain', arguments ||
	CASE WHEN arguments ~ 'region' THEN '' ELSE ', region => ''T'', scheme => ''resident''' END ||
	CASE WHEN arguments ~ 'ordered_at' THEN '' ELSE ', ordered_at => ''2025-03-01''' END) $$;
INSERT INTO bad (what, statement)
	SELECT arguments, settle_with(arguments) FROM unnest(ARRAY[
		'total => 100, in_scope => 100',
		'total => 100, in_scope => 100, level => ''2''',
		'total => 100, in_scope => 100, category => ''{low}''',
		'total => 100, in_scope => 100, level => ''9'', category => ''{low}''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{rich}''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', ordered_at => ''2024-12-31 23:59:59''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', ordered_at => ''2026-01-01''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', region => ''X'', scheme => ''resident''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', region => ''T'', scheme => ''employee''',
		'total => 100, excluded => 100, level => ''2'', category => ''{low}'', parts => ''{"excluded.gold": 1}''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', given => ''{"nobody": {"amount": 1}}''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', given => ''{"basic": {"amount": 100.01}}''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', given => ''{"basic": {"amount": 50, "deductible": 50.01}}''',
		'total => 100, in_scope => 100, level => ''2'', category => ''{low}'', given => ''{"basic": {"amount": 50}, "aid": {"amount": 50.01}}''',
		'total => 0, level => ''2'', category => ''{low}''']) arguments;
INSERT INTO bad (what, statement) VALUES
	('null terms', 'SELECT assistance.settle_bill(NULL, NULL, test.bill(1, ''2025-01-01''))'),
	('null bill', 'SELECT assistance.settle_bill(test.terms(''plain''), NULL, NULL)'),
	('explain: null terms', 'SELECT assistance.explain(NULL, NULL, test.bill(1, ''2025-01-01''))'),
	('explain: null bill', 'SELECT assistance.explain(test.terms(''plain''), NULL, NULL)'),
	('window: null terms', 'SELECT assistance.settle(NULL, test.bill(1, ''2025-01-01'')) OVER ()'),
	('window: null bill', 'SELECT assistance.settle(test.terms(''plain''), NULL) OVER ()'),
	('window: null on the second row', 'SELECT assistance.settle(test.terms(''plain''), CASE WHEN n = 1 THEN test.bill(1, ''2025-01-01'') END) OVER (ORDER BY n) FROM generate_series(1, 2) n'),
	('aggregate: null terms', 'SELECT assistance.settle_year(NULL, test.bill(1, ''2025-01-01''))'),
	('aggregate: null bill', 'SELECT assistance.settle_year(test.terms(''plain''), NULL)'),
	('no window', 'SELECT assistance.settle(test.terms(''plain''), test.bill(1, ''2025-01-01''))'),
	('transition called by hand', 'SELECT assistance.settle_year_transition(NULL, test.terms(''plain''), test.bill(1, ''2025-01-01''))'),
	('the same key twice', 'SELECT assistance.settle(test.terms(''plain''), test.bill(1, ''2025-01-01'')) OVER () FROM generate_series(1, 2)'),
	('descending', 'SELECT assistance.settle(test.terms(''plain''), test.bill(1, ''2025-01-01'', -n)) OVER (ORDER BY n) FROM generate_series(1, 2) n'),
	('descending in the aggregate', 'SELECT assistance.settle_year(test.terms(''plain''), test.bill(1, ''2025-01-01'', n) ORDER BY n DESC) FROM generate_series(1, 2) n'),
	('before the account', 'SELECT assistance.settle_bill(test.terms(''plain''), s.account, test.bill(1, ''2025-01-01'')) FROM assistance.settle_bill(test.terms(''plain''), NULL, test.bill(1, ''2025-01-02'')) s'),
	('a year above 10^13', 'SELECT assistance.settle_year(test.terms(''plain''), test.bill(9000000000000, ''2025-01-01'', n) ORDER BY n) FROM generate_series(1, 2) n'),
	('a record of another shape', 'SELECT assistance.split_lines(ROW(1, 2))');
SELECT * FROM report();
TRUNCATE bad;

-- ---- binary values, truncated and forged ----

-- one field of a binary COPY: PGCOPY header, one row of one field of these bytes (octal for printf)
CREATE TABLE received_terms (v terms);
CREATE TABLE received_bill (v bill);
CREATE TABLE received_account (v account);
CREATE TABLE received_lines (v lines);
CREATE FUNCTION binary_copy(type text, length int, bytes text) RETURNS text LANGUAGE sql
AS $f$ SELECT format($$ COPY received_%s FROM PROGRAM 'printf ''PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\%s%s\377\377''' (FORMAT binary) $$,
	type, lpad(to_char(length / 64 * 100 + length / 8 % 8 * 10 + length % 8, 'FM000'), 3, '0'), bytes) $f$;
INSERT INTO bad (what, statement)
	SELECT type || ' ' || length || ' ' || bytes, binary_copy(type, length, bytes)
	  FROM unnest(ARRAY['terms', 'bill', 'account', 'lines']) type,
		   (VALUES (0, ''), (1, '\000'), (2, '\000\001'), (2, '\000\000'), (4, '\000\002{}'), (4, '\377\377{}'), (3, '\000\001{'), (4, '\000\001\377\376'), (4, '\000\001{\000')) v (length, bytes);
SELECT * FROM report();
TRUNCATE bad;

-- nothing of it left a trace
SELECT (SELECT count(*) FROM received_terms) + (SELECT count(*) FROM received_bill) + (SELECT count(*) FROM received_account)
	   + (SELECT count(*) FROM received_lines) AS received, (SELECT count(*) FROM test.policy) AS policies;

-- a repeal says whom it leaves without a page
BEGIN;
INSERT INTO assistance.region_local (code, zh, en, parent, tier, mark, source)
SELECT code, code, code, parent, 'pool', 'example', 'test' FROM (VALUES ('M1', NULL), ('M2', 'M1'), ('M3', 'M2')) r(code, parent);
SELECT assistance.publish_policy(assistance.import_policy(json_build_object('format', 1, 'engine', 1, 'pages', json_build_array(
	'{"title": "t", "region": "M1", "scheme": "resident", "from": "2020-01-01", "sources": {"s": {"document": "made for this test"}}, "cite": {"source": "s"},
	  "layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]}, {"name": "critical", "kind": "critical", "not_applicable": true},
				 {"name": "aid", "kind": "assistance", "not_applicable": true}]}'::json,
	'{"title": "t", "region": "M2", "scheme": "resident", "from": "2020-01-01", "sources": {}, "layers": [], "inherits": "M1"}'::json,
	'{"title": "t", "region": "M3", "scheme": "resident", "from": "2021-01-01", "sources": {}, "layers": [], "inherits": "M2"}'::json))), 'test') > 0 AS published;
SAVEPOINT published;
SELECT assistance.repeal_policy('M3', 'resident', NULL, '2022-01-01', 'test') > 0 AS repealed;
SELECT assistance.repeal_policy('M1', 'resident', 'basic', '2022-07-01', 'test') > 0 AS repealed;
ROLLBACK TO published;
SELECT assistance.repeal_policy('M1', 'resident', NULL, '2020-05-01', 'test') > 0 AS repealed;
ROLLBACK;

-- a type that somebody has altered is refused, not misread
BEGIN;
ALTER TYPE assistance.split ADD ATTRIBUTE remark text;
SELECT (test.raises('SELECT assistance.settle_bill(test.terms(''plain''), NULL, test.bill(1, ''2025-01-01''))')).*;
ROLLBACK;

-- SQL objects of another version than the library, in a session that has not settled yet
UPDATE pg_extension SET extversion = '0.0.9' WHERE extname = 'assistance';
\connect
SELECT (test.raises('SELECT assistance.settle_bill(test.terms(''plain''), NULL, test.bill(1, ''2025-01-01''))')).*;
UPDATE pg_extension SET extversion = assistance.version() WHERE extname = 'assistance';

DROP TABLE bad, received_terms, received_bill, received_account, received_lines;
DROP FUNCTION report, bill_with, with_value, without, settle_with, binary_copy;
