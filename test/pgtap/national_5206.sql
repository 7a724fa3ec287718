-- national_5206.sql — the cumulative codes of 5206 as an account: settled on them, a bill comes out as in the fold over the whole year. The
-- totals are summed from the splits here, not taken from the account. Amounts in yuan.

BEGIN;
SELECT plan(32);

CREATE FUNCTION pg_temp.page(layers text, more text DEFAULT '', scheme text DEFAULT 'resident') RETURNS assistance.terms LANGUAGE sql AS $$
	SELECT format('{"format": 1, "engine": 1, "pages": [{"title": "test", "region": "131100", "scheme": "%s", "from": "2025-01-01", "sources": {"D": {"document": "test"}},
		"cite": {"source": "D", "mark": "example"}, "codes": {"care_type": {"11": "outpatient", "21": "inpatient", "2": "other stays"}, "level": {"2": "2", "3": "3"}},
		%s "layers": [%s]}]}', scheme, more, layers)::assistance.terms $$;

-- Every counter that totals can carry: a yearly deductible of basic with a cap on its sum and a schedule by stays, a yearly cap of basic, a cumulative
-- base of basic (outpatient rules count into it as well), one of critical illness insurance above 3 000 with a cap, a yearly cap of assistance.
CREATE TEMP TABLE accepted AS
	SELECT 'visits' AS name, pg_temp.page('
		{"name": "basic", "kind": "basic", "rules": [
			{"name": "stay", "when": {"care_type": ["21", "2"]}, "deductible": {"amount": 800, "counter": "ded", "sum_cap": {"limit": 1500, "counter": "dedsum"},
				"schedule": {"count": "stays", "factors": [1, 0.5, 0.25]}}, "ratio": 0.7, "caps": [{"limit": 30000}]},
			{"name": "visit", "deductible": {"amount": 200, "counter": "ded", "sum_cap": {"limit": 1500, "counter": "dedsum"}}, "ratio": 0.5, "caps": [{"limit": 30000}]}]},
		{"name": "critical", "kind": "critical", "base": {"deductible": 1, "copay": 1, "over_cap": 1, "penalty": 0}, "rules": [
			{"name": "year", "settles": "year", "deductible": {"amount": 3000}, "bands": [{"to": 6000, "ratio": 0.6}, {"ratio": 0.75}], "caps": [{"limit": 20000}]}]},
		{"name": "aid", "kind": "assistance", "base": {"deductible": 1, "copay": 1, "over_cap": 1}, "rules": [{"name": "all", "ratio": 0.7, "caps": [{"limit": 4000}]}]}',
		'"counts": {"stays": {"when": {"care_type": ["21", "2"]}}},') AS terms
	UNION ALL
	SELECT 'year', pg_temp.page('
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 1000}, "bands": [{"to": 5000, "ratio": 0.5}, {"to": 20000, "ratio": 0.7}, {"ratio": 0.9}]}]},
		{"name": "large", "kind": "critical", "base": {"copay": 1, "deductible": 1, "penalty": 0}, "rules": [{"name": "all", "ratio": 0.6, "caps": [{"limit": 5000}]}]},
		{"name": "公务员补助", "kind": "supplementary", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.5, "caps": [{"limit": 800}]}]}', '', 'employee')
	UNION ALL
	SELECT 'counter', pg_temp.page('
		{"name": "basic", "kind": "basic", "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 1200, "counter": "ded"}, "bands": [{"to": 5000, "ratio": 0.5}, {"ratio": 0.8}]}]}');

-- and every combination of: a deductible of the year, also with a cap on its sum; a cap of basic; bands of basic on the year; critical illness insurance
-- on the year, by visit or none; assistance with a cap or without
INSERT INTO accepted
	SELECT format('made %s %s %s %s', d.n, b.n, c.n, m.n), pg_temp.page(concat_ws(', ',
		format('{"name": "basic", "kind": "basic", "rules": [{"name": "all", %s %s %s}]}', b.year, d.deductible, b.pays), c.layer,
		format('{"name": "aid", "kind": "assistance", "base": {"deductible": 1, "copay": 1, "over_cap": 1}, "rules": [{"name": "all", "ratio": 0.7 %s}]}', m.caps)))
	  FROM (VALUES (1, ''), (2, '"deductible": {"amount": 900, "counter": "ded"},'), (3, '"deductible": {"amount": 700, "counter": "ded", "sum_cap": {"limit": 600, "counter": "sum"}},')) d (n, deductible),
		   (VALUES (1, '', '"ratio": 0.6'), (2, '', '"bands": [{"to": 3000, "ratio": 0.5}, {"ratio": 0.8}], "caps": [{"limit": 9000}]'),
			(3, '"settles": "year",', '"bands": [{"to": 8000, "ratio": 0.5}, {"to": 20000, "ratio": 0.65}, {"ratio": 0.8}], "caps": [{"limit": 15000}]')) b (n, year, pays),
		   (VALUES (1, NULL), (2, '{"name": "critical", "kind": "critical", "base": {"copay": 1, "deductible": 1, "penalty": 0}, "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 5000}, "ratio": 0.6}]}'),
			(3, '{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0}, "rules": [{"name": "all", "deductible": {"amount": 500}, "ratio": 0.6, "caps": [{"limit": 3000}]}]}')) c (n, layer),
		   (VALUES (1, ''), (2, ', "caps": [{"limit": 2500}]')) m (n, caps);

-- 4 persons under each of these, 40 under the first, 6 bills a year: hashes instead of random numbers
CREATE TEMP TABLE history AS
	SELECT a.name, a.terms, p, n, assistance.make_bill(total => c, in_scope => c, region => '131100', scheme => CASE a.name WHEN 'year' THEN 'employee' ELSE 'resident' END,
			ordered_at => timestamp '2025-01-10' + n * interval '40 days', seq => n, care_type => CASE h % 5 WHEN 0 THEN '11' WHEN 1 THEN '22' ELSE '21' END, level => '2') AS bill,
		   CASE h % 5 WHEN 0 THEN '11' WHEN 1 THEN '22' ELSE '21' END AS med_type, c
	  FROM accepted a, generate_series(1, CASE WHEN a.name LIKE 'made%' THEN 4 ELSE 40 END) p, generate_series(1, 6) n, LATERAL (SELECT hashint8extended(p, n + hashtext(a.name)) & 1048575 AS h) x,
		   LATERAL (SELECT round((h % 2000000) / 100.0 * CASE WHEN h % 3 = 0 THEN 3 ELSE 0.3 END, 2) AS c) y;
CREATE TEMP TABLE folded AS
	SELECT h.*, assistance.settle(terms, bill) OVER (PARTITION BY name, p ORDER BY n) AS split FROM history h;
-- what 5206 would say before each bill: sums over the settlements of the year
CREATE TEMP TABLE line AS
	SELECT f.name, f.p, f.n, l.* FROM folded f, assistance.split_lines(f.split) l;
CREATE INDEX ON folded (name, p, n);
CREATE INDEX ON history (name, p, n);
CREATE INDEX ON line (name, p, n);
ANALYZE folded, history, line;
CREATE TEMP VIEW before AS
	SELECT f.*, COALESCE((SELECT jsonb_agg(jsonb_build_object('insutype', CASE f.name WHEN 'year' THEN '310' ELSE '390' END, 'year', '2025', 'cum_ym', NULL, 'cum_type_code', t.code, 'cum', t.cum::text))
		FROM (SELECT s.code, sum(s.amount) AS cum
				FROM folded e, LATERAL (VALUES ('C0000', 1::numeric), ('C0000_BIZ' || e.med_type, 1), ('F0000', e.c),
						('D390101', CASE f.name WHEN 'year' THEN 0 ELSE (e.split).basic END), ('D310101', CASE f.name WHEN 'year' THEN (e.split).basic ELSE 0 END),
						('D390201', CASE f.name WHEN 'year' THEN 0 ELSE (e.split).critical END), ('D330101', CASE f.name WHEN 'year' THEN (e.split).critical ELSE 0 END),
						('D320101', (e.split).supplementary), ('D610101', (e.split).assistance), ('S0000', e.c)) s (code, amount)
			   WHERE (e.name, e.p) = (f.name, f.p) AND e.n < f.n GROUP BY s.code
			  UNION ALL
			  SELECT 'Q0000', sum(l.deductible) FROM line l WHERE (l.name, l.p) = (f.name, f.p) AND l.n < f.n AND l.kind = 'basic' HAVING count(*) > 0
			  UNION ALL
			  SELECT 'TS390201', sum(l.base) FROM line l WHERE (l.name, l.p) = (f.name, f.p) AND l.n < f.n AND l.kind = 'critical' HAVING count(*) > 0) t), '[]') AS totals
	  FROM folded f;
CREATE TEMP TABLE resumed AS
	SELECT b.name, b.p, b.n, b.split, b.totals, (assistance.settle_bill(b.terms, assistance.account_from_5206(b.totals, b.terms, b.bill), b.bill)).split AS again FROM before b;
SELECT is((SELECT count(*) FROM resumed), 2016::bigint, '57 terms, 336 histories of 6 bills');
SELECT is_empty($$ SELECT name, p, n, totals FROM resumed WHERE again::text <> split::text LIMIT 3 $$, 'settled on the totals, every bill comes out as in the fold over the year');
SELECT is_empty($$ SELECT name FROM accepted a WHERE a.name NOT LIKE 'made%' AND NOT EXISTS (SELECT FROM resumed r, assistance.split_lines(r.split) l
	WHERE r.name = a.name AND (l.room = 0 OR r.name = 'counter' AND l.deductible > 0)) $$,
	'caps are used up, and deductibles, on some of them');
-- without the totals the bills would come out otherwise: the test can fail
SELECT cmp_ok((SELECT count(*) FROM before b WHERE (assistance.settle_bill(b.terms, NULL, b.bill)).split::text <> b.split::text), '>', 700::bigint, 'and totals matter');

-- ---- out of an account ----

CREATE TEMP TABLE account AS
	SELECT b.name, b.p, b.n, b.terms, b.bill, b.totals, b.split, y.account
	  FROM before b, LATERAL (SELECT (assistance.settle_year(h.terms, h.bill ORDER BY h.n)).account AS account FROM history h WHERE (h.name, h.p) = (b.name, b.p) AND h.n < b.n) y
	 WHERE b.n > 1 AND b.name <> 'visits';
SELECT is_empty($$ SELECT a.name, a.p, a.n, o.cum_type_code, o.cum, t.r FROM account a, assistance.account_to_5206(a.account, a.terms, a.bill) o
	LEFT JOIN LATERAL (SELECT (r ->> 'cum')::numeric AS r FROM jsonb_array_elements(a.totals) r WHERE r ->> 'cum_type_code' = o.cum_type_code) t ON true
	WHERE t.r IS DISTINCT FROM o.cum LIMIT 3 $$, 'an account says the sums of its settlements');
SELECT is_empty($$ SELECT a.name, a.p, a.n FROM account a, LATERAL (SELECT jsonb_agg(to_jsonb(o)) AS totals FROM assistance.account_to_5206(a.account, a.terms, a.bill) o) t
	WHERE (assistance.settle_bill(a.terms, assistance.account_from_5206(t.totals, a.terms, a.bill), a.bill)).split::text <> a.split::text LIMIT 3 $$, 'out and in again: the same splits');
SELECT results_eq($$ SELECT o.* FROM account a, assistance.account_to_5206('{"format": 1}', a.terms, a.bill) o WHERE (a.name, a.p, a.n) = ('year', 1, 2) $$,
	$$ VALUES ('310', '2025', NULL, 'S0000', 0.00), ('310', '2025', NULL, 'D330101', 0.00), ('310', '2025', NULL, 'D320101', 0.00) $$, 'an empty account has zeros');

-- ---- by hand: 800 of the deductible of 1 000 is used, 9 900 of the cap of 10 000 is paid: 2 000 - 200 = 1 800 x 50 % = 900, but 100 are left ----

CREATE TEMP TABLE hand AS
	SELECT pg_temp.page('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "deductible": {"amount": 1000, "counter": "ded"}, "ratio": 0.5, "caps": [{"limit": 10000}]}]}') AS terms,
		   assistance.make_bill(total => 2000, in_scope => 2000, region => '131100', scheme => 'resident', ordered_at => '2025-05-01', care_type => '21') AS bill;
CREATE FUNCTION pg_temp.settled(totals jsonb) RETURNS numeric LANGUAGE sql AS $$
	SELECT ((assistance.settle_bill(h.terms, assistance.account_from_5206(settled.totals, h.terms, h.bill), h.bill)).split).basic FROM hand h $$;
SELECT is(pg_temp.settled('[{"insutype": "390", "year": "2025", "cum_ym": "", "cum_type_code": "Q0000", "cum": "800.00"}, {"year": 2025, "cum_type_code": "D390101", "cum": 9900}]'), 100.00, 'the cap');
SELECT is(pg_temp.settled('[{"year": "2025", "cum_type_code": "Q0000", "cum": 800}, {"year": "2025", "cum_type_code": "D390101", "cum": 5000}, {"year": "2025", "cum_type_code": "D390102", "cum": 4800}]'), 200.00,
	'the outpatient pool is part of the pool: 200 are left');
SELECT is(pg_temp.settled('[{"year": "2025", "cum_type_code": "Q0000", "cum": 800}, {"year": "2025", "cum_type_code": "D390101", "cum": 0}]'), 900.00, 'the deductible');
SELECT is(pg_temp.settled('[{"year": "2025", "cum_ym": "202501", "cum_type_code": "Q0000", "cum": 300}, {"year": "2025", "cum_ym": "202503", "cum_type_code": "Q0000", "cum": 500},
	{"year": "2025", "cum_type_code": "D390101", "cum": 0}]'), 900.00, 'months add up');
SELECT is(pg_temp.settled('[{"year": "2025", "cum_ym": "202501", "cum_type_code": "Q0000", "cum": 300}, {"year": "2025", "cum_type_code": "Q0000", "cum": 800}, {"year": "2025", "cum_type_code": "D390101", "cum": 0}]'),
	900.00, 'but a row of the year comes before them');
SELECT is(pg_temp.settled('[{"insutype": "310", "year": "2025", "cum_type_code": "Q0000", "cum": 1000}, {"year": "2024", "cum_type_code": "D390101", "cum": 10000}]'), 500.00,
	'other schemes and years are left alone: a person without bills');
SELECT throws_ok(format('SELECT pg_temp.settled(%L)', totals), state, NULL, what)
  FROM (VALUES ('[{"year": "2025", "cum_type_code": "Q0000", "cum": 800}]', 'MA807', 'a missing total is not taken for 0'),
		('[{"year": "2025", "cum_type_code": "Q0000", "cum": 1}, {"year": "2025", "cum_type_code": "Q0000", "cum": 2}]', 'MA801', 'a code twice'),
		('[{"year": "2025", "cum_type_code": "Q0000"}]', 'MA801', 'no amount'), ('[{"year": "2025", "cum_type_code": "Q0000", "cum": "1.005"}]', 'MA801', 'parts of a fen'),
		('[{"year": "2025", "cum_ym": "20250:", "cum_type_code": "Q0000", "cum": 800}, {"year": "2025", "cum_type_code": "D390101", "cum": 0}]', 'MA801', 'a month that is no number'),
		('{"cum": 1}', 'MA801', 'no array'), ('[{"insutype": "999", "year": "2025", "cum_type_code": "Q0000", "cum": 1}]', 'MA501', 'an unknown insutype')) v (totals, state, what);

-- ---- refused, with the counter ----

CREATE FUNCTION pg_temp.refused(terms assistance.terms, bill assistance.bill) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail	text;
BEGIN
	PERFORM assistance.account_from_5206('[]', terms, bill);
	RETURN 'accepted';
EXCEPTION WHEN SQLSTATE 'MA807' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END $$;
SELECT is(pg_temp.refused(pg_temp.page(layers, more), h.bill), detail, detail) FROM hand h, (VALUES
	('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "deductible": {"amount": 1, "counter": "d"}, "ratio": 0.5}]}', '"counters": {"d": {"per": "level"}},',
	 'Counter "d" of layer "basic": it is kept for each level or hospital, and the totals are one figure for all of them.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "deductible": {"amount": 1, "counter": "d"}, "ratio": 0.5}]}', '"counters": {"d": {"every": "month"}},',
	 'Counter "d" of layer "basic": its period is not the calendar year.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "deductible": {"amount": 1, "counter": "d", "final_once_met": true}, "ratio": 0.5}]}', '',
	 'Counter "d" of layer "basic": no total says whether a deductible that is final once met has been met.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "a", "when": {"care_type": ["21"]}, "ratio": 0.5, "caps": [{"limit": 1, "group": "in"}]}, {"name": "b", "ratio": 0.5, "caps": [{"limit": 1, "group": "out"}]}]}', '',
	 'Counter "in" of layer "basic": the layer''s fund also pays what the cap does not count.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]}, {"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.5, "times": {"limit": 2}}]}', '',
	 'Counter "aid" of layer "aid": no total counts payments.'),
	('{"name": "critical", "kind": "critical", "base": {"in_scope": 0.5, "penalty": 0}, "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 1}, "ratio": 0.6}]}, {"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]}', '',
	 'Counter "critical" of layer "critical": its base is weighted, and the total is one figure.'),
	('{"name": "aid", "kind": "critical", "base": {"copay": 1, "penalty": 0}, "rules": [{"name": "all", "settles": "year", "accrual": "true_up", "ratio": 0.6}]}', '',
	 'Counter "aid" of layer "aid": what has become due so far (true_up, crossing) is in no total.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]}, {"name": "tilt", "kind": "tilt", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": 0.5, "caps": [{"limit": 1}]}]}', '',
	 'Counter "tilt" of layer "tilt": no cumulative code says what the layer has paid.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "a", "when": {"care_type": ["21"]}, "deductible": {"amount": 5}, "ratio": 0.5}, {"name": "b", "deductible": {"amount": 1, "counter": "d"}, "ratio": 0.5}]}', '',
	 'Counter "d" of layer "basic": Q0000 also has deductibles that this counter does not count.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]}', '"counts": {"n": {"when": {"level": ["3"]}}},', 'Counter "n": its stays are counted by more than the care type.'),
	('{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]}', '"ceilings": [{"name": "top", "layers": ["basic"], "share": 0.5, "of": "total", "per": "period"}],',
	 'Counter "top": a ceiling of the year needs costs and payments of its own.')) v (layers, more, detail);
SELECT is(pg_temp.refused(h.terms, assistance.bill(assistance.to_jsonb(h.bill) || '{"encounter": "E1", "encounter_total": 3000}')), 'The bill: a stay in several bills needs what its earlier bills have taken.',
	'a stay in several bills') FROM hand h;

SELECT * FROM finish();
ROLLBACK;
