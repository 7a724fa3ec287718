-- register_charges.sql — claims sent with their charge lines: the columns are made from them, stored with the claim, and belong to the
-- request.

BEGIN;
SELECT plan(28);
SET LOCAL client_min_messages = warning;

CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('S', 'S', 'S', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [
	{"title": "residents", "region": "S", "scheme": "resident", "from": "2025-01-01",
	 "sources": {"D": {"document": "test"}}, "cite": {"source": "D", "mark": "example"},
	 "layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
		{"name": "critical", "kind": "critical", "not_applicable": true},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "none", "ratio": 0}]}]}]}'), 'test') AS act \gset
INSERT INTO assistance_register.person (person_id) VALUES (9201), (9202);

-- line 1: 120.50, ceiling 100: over_limit 20.50; first share 100 * 0.1 = 10; in_scope 90. line 2: excluded 30. line 3: 0.05 first share 0.3 =
-- 0.015, half up 0.02; in_scope 0.03. Together: total 150.55, in_scope 90.03, excluded 30, over_limit 20.50, first_share 10.02. Basic: 45.015,
-- half up 45.02; patient 150.55 - 45.02 = 105.53.
\set charges '[{"item": "A01", "amount": 120.50, "limit_amount": 100, "first_share": 0.1}, {"amount": 30, "excluded": true}, {"line_no": 7, "amount": 0.05, "first_share": 0.3}]'
CREATE FUNCTION pg_temp.sent(request_key text, charges json, total numeric DEFAULT 0, in_scope numeric DEFAULT 0, excluded numeric DEFAULT 0,
	over_limit numeric DEFAULT 0, first_share numeric DEFAULT 0) RETURNS TABLE (repeated boolean, basic numeric, patient numeric)
	LANGUAGE sql AS $$
	SELECT repeated, basic, patient FROM assistance.settle_claim(9201, request_key, '2025-03-01', total, in_scope, excluded, over_limit, first_share,
		region => 'S', scheme => 'resident', seq => length(request_key), charges => charges) $$;

SELECT results_eq(format($$ SELECT basic, patient FROM assistance.preview_claim(9201, '2025-03-01', region => 'S', scheme => 'resident', charges => %L) $$,
	:'charges'), $$ VALUES (45.02, 105.53) $$, 'a preview with lines');
SELECT is((SELECT count(*) FROM assistance_register.claim WHERE person_id = 9201), 0::bigint, 'leaves nothing');
SELECT results_eq(format($$ SELECT * FROM pg_temp.sent('a', %L) $$, :'charges'), $$ VALUES (false, 45.02, 105.53) $$, 'a claim with lines');
SELECT results_eq($$ SELECT total, in_scope, excluded, over_limit, first_share FROM assistance_register.claim WHERE person_id = 9201 $$,
	$$ VALUES (150.55, 90.03, 30.00, 20.50, 10.02) $$, 'its columns are those of the lines');
SELECT results_eq($$ SELECT line_no, item, amount, limit_amount, l.first_share, l.excluded FROM assistance_register.claim_line l JOIN assistance_register.claim c
	USING (claim_id) WHERE c.person_id = 9201 ORDER BY line_no $$,
	$$ VALUES (1, 'A01', 120.50, 100.00, 0.1, false), (2, NULL, 30.00, NULL, 0, true), (7, NULL, 0.05, NULL, 0.3, false) $$, 'and they are stored');

-- sent again
SELECT results_eq(format($$ SELECT * FROM pg_temp.sent('a', %L) $$, :'charges'), $$ VALUES (true, 45.02, 105.53) $$, 'the same request again');
SELECT results_eq(format($$ SELECT * FROM pg_temp.sent('a', %L, 150.55, 90.03, 30, 20.5, 10.02) $$, :'charges'), $$ VALUES (true, 45.02, 105.53) $$,
	'with the columns said as well');
SELECT results_eq($$ SELECT * FROM pg_temp.sent('a', NULL, 150.55, 90.03, 30, 20.5, 10.02) $$, $$ VALUES (true, 45.02, 105.53) $$,
	'without the lines, which could have come in a statement of their own');
SELECT throws_ok($$ SELECT pg_temp.sent('a', '[{"amount": 150.55, "first_share": 0.1}]') $$, 'MA702', NULL, 'other amounts under its key');
SELECT throws_ok(format($$ SELECT pg_temp.sent('a', %L) $$, replace(:'charges', 'A01', 'A02')), 'MA702', NULL, 'other lines of the same amounts');
SELECT results_eq($$ SELECT * FROM pg_temp.sent('plain', NULL, 10, 10) $$, $$ VALUES (false, 5.00, 5.00) $$, 'a claim without lines');
SELECT throws_ok($$ SELECT pg_temp.sent('plain', '[{"amount": 10}]') $$, 'MA702', NULL, 'has no lines when it is sent again with some');

-- what is no request
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"amount": 99}]', 100, 100) $$, 'MA103', NULL, 'columns that are not those of the lines');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"amount": 99}]', 99.01, 99.01) $$, 'MA103', NULL, 'by a fen');
SELECT throws_ok($$ SELECT pg_temp.sent('other', NULL, 100, 99.99) $$, 'MA103', NULL, 'columns that do not add up');
SELECT throws_ok($$ SELECT pg_temp.sent('other', NULL, 100.005, 100.005) $$, '22023', 'total has more than two decimals', 'parts of a fen are not rounded');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"amount": 1.005}]') $$, '22023', NULL, 'nor those of a line');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[]') $$, '22023', 'charges are no lines of a bill', 'no lines at all');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '{"amount": 1}') $$, '22023', 'charges are no lines of a bill', 'no array');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[1]') $$, '22023', 'charges are no lines of a bill', 'no object in it');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"amout": 1}]') $$, '22023', 'charges are no lines of a bill', 'a misspelt key');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"amount": null}]') $$, 'MA104', NULL, 'a line without an amount');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"line_no": 1, "amount": 1}, {"line_no": 1, "amount": 1}]') $$, '23505', NULL, 'two lines of one number');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"amount": 10, "amount": 20}]') $$, '22023', 'charges are no lines of a bill', 'a key twice');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"item": {"a": 1}, "amount": 20}]') $$, '22023', 'charges are no lines of a bill', 'an item that is no text');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"line_no": 0, "amount": 20}]') $$, '22023', 'charges are no lines of a bill', 'a line number 0');
SELECT throws_ok($$ SELECT pg_temp.sent('other', '[{"line_no": "-1", "amount": 20}]') $$, '22023', 'charges are no lines of a bill', 'and below');
SELECT is((SELECT count(*) FROM assistance_register.claim WHERE person_id = 9201), 2::bigint, 'nothing of these was kept');

SELECT * FROM finish();
ROLLBACK;
