-- explain.sql — every step of a settlement as a row.

SET search_path = public, assistance;

-- the published example of 渝北区: its steps in words
SELECT make_bill(total => 52000, in_scope => 50000, excluded => 2000, region => '500112', scheme => 'resident', ordered_at => '2023-06-01',
				 care_type => '21', level => '2', category => '{低保边缘}')::text AS bill \gset
\pset format unaligned
\pset fieldsep ' | '
SELECT step, zh FROM explain(test.terms('yubei'), NULL, :'bill');
SELECT step, en FROM explain(test.terms('yubei'), NULL, :'bill');
-- in figures, with citations: deductible 300, 49 700 × 70 % = 34 790; 15 210 × 70 % = 10 647; (4 563 − 3 000) × 60 % = 937.80
SELECT step, layer, rule, item, name, base, low, high, ratio, exact, limit_amount, used, amount, document, article, mark
  FROM explain(test.terms('yubei'), NULL, :'bill') WHERE layer IN ('基本医保', '倾斜救助');

-- the rows are what the split says
SELECT s.layer, s.paid, e.amount, s.paid = e.amount AS same
  FROM settle_bill(test.terms('yubei'), NULL, :'bill') b, split_lines(b.split) s
  JOIN (SELECT layer, amount FROM explain(test.terms('yubei'), NULL, :'bill') WHERE item = 'paid') e USING (layer) ORDER BY s.place;

-- The year by hand, third bill: critical crosses its deductible; recomputed from the rows alone, by year rules
-- due = rounded Σ band − rounded Σ band_before
CREATE TABLE burden (n int, amount numeric(16,2), ordered_at timestamp);
INSERT INTO burden VALUES (1, 1500, '2025-02-01'), (2, 6500, '2025-03-01'), (3, 4000, '2025-04-01'), (4, 9000, '2025-11-30');
SELECT (settle_year(test.terms('year by hand'), test.bill(amount, ordered_at) ORDER BY ordered_at)).account::text AS account FROM burden WHERE n < 3 \gset
SELECT step, layer, item, name, base, low, high, ratio, exact, limit_amount, used, amount
  FROM explain(test.terms('year by hand'), :'account', test.bill(4000, '2025-04-01'));
SELECT layer, round(sum(exact) FILTER (WHERE item = 'band'), 2) - COALESCE(round(sum(exact) FILTER (WHERE item = 'band_before'), 2), 0) AS recomputed,
	   sum(amount) FILTER (WHERE item = 'due') AS due
  FROM explain(test.terms('year by hand'), :'account', test.bill(4000, '2025-04-01')) WHERE layer IS NOT NULL GROUP BY layer ORDER BY layer;
-- marked as an example in every sentence that rests on a value
SELECT count(*) FILTER (WHERE mark = 'example') AS marked, count(*) FILTER (WHERE mark = 'example' AND zh LIKE '%（示例）%' AND en LIKE '%(example)%') AS said,
	   count(*) FILTER (WHERE mark IS NULL AND (zh LIKE '%示例%' OR en LIKE '%example%')) AS said_without
  FROM explain(test.terms('year by hand'), :'account', test.bill(4000, '2025-04-01'));
-- 50 000 at once: critical 24 000; assistance on 26 000: 7 900 × 60 % + 16 000 × 70 % = 15 940.00, of which the cap lets 9 000.00 pass
SELECT step, layer, item, zh, en FROM explain(test.terms('year by hand'), NULL, test.bill(50000, '2025-06-01')) WHERE layer = 'aid' AND item IN ('due', 'cap', 'paid');

-- states without a computation
SELECT layer, item, amount, zh, en
  FROM explain(test.terms('plain'), NULL, make_bill(total => 1000, in_scope => 1000, region => 'T', scheme => 'resident', ordered_at => '2025-01-31',
		level => '2', category => '{}', given => '{"basic": {"amount": 600, "deductible": 100}, "critical": {"state": "not_applicable"}}'))
 WHERE item = 'layer';

-- Fixed price, away share, base cap, penalty, threshold, whole-amount band, weights, enter share, modifiers, times, ceiling. 30 000 at a price of
-- 20 000: 10 000 are the hospital's, out of excluded (2 000 and 3 000 of drugs) and in scope (5 000). Basic: 20 000 × 90 % = 18 000, of which 15 000 enter;
-- (15 000 − 1 000) × 80 % = 11 200, with the penalty 70 % = 9 800. Critical: 1 000 + 2 800 + 3 000 = 6 800 × 50 % = 3 400. Aid: (2 400 + 500) × 95 %
-- = 2 755 × 70 % × 1.1 = 2 121.35. Patient 20 000 − 9 800 − 3 400 − 2 121.35 = 4 678.65.
\set document '{"format":1,"engine":1,"pages":[{"title":"All steps","region":"T","scheme":"resident","from":"2025-01-01","sources":{"S":{"document":"Test","grade":"D"}},"cite":{"source":"S","mark":"secondary"},"codes":{"level":{"2":"second"},"referral":{"no":"without referral"},"category":{"low":"low income"}},"parts":{"excluded.drug":{"zh":"特药","en":"special drugs"}},"fixed_prices":[{"name":"appendix","price":20000}],"ceilings":[{"name":"all","layers":["basic","aid"],"share":0.8,"of":"total","per":"visit"}],"counts":{"stays":{}},"counters":{"stays":{}},"layers":[{"name":"basic","kind":"basic","rules":[{"name":"r","enter":0.9,"deductible":{"amount":1000,"schedule":{"count":"stays","factors":[1,0.5]}},"ratio":0.8,"caps":[{"limit":15000,"on":"base","group":"entering"},{"limit":12000}],"modifiers":[{"name":"without referral","when":{"referral":["no"]},"target":"ratio","add":-0.1,"penalty":true}]}]},{"name":"critical","kind":"critical","base":{"deductible":1,"copay":1,"over_cap":1,"penalty":0},"rules":[{"name":"r","settles":"year","deductible":{"amount":1000,"kind":"threshold"},"bands":[{"to":5000,"ratio":0.3},{"ratio":0.5}],"banding":"whole_amount"}]},{"name":"aid","kind":"assistance","base":{"copay":1,"deductible":0.5,"excluded.drug":0.5},"set_off":true,"rules":[{"name":"r","when":{"category":["low"]},"enter":0.95,"ratio":0.7,"caps":[{"limit":2000,"per":"visit"},{"limit":3000,"group":"g"}],"times":{"limit":3},"modifiers":[{"target":"payment","multiply":1.1},{"target":"visit_cap","remove":true}]}]}]}]}'
SELECT step, layer, item, name, base, low, high, ratio, exact, limit_amount, used, amount, without_penalty, zh, en
  FROM explain(:'document', NULL, make_bill(total => 30000, in_scope => 25000, excluded => 5000, parts => '{"excluded.drug": 3000}', region => 'T',
		scheme => 'resident', ordered_at => '2025-05-01', level => '2', referral => 'no', category => '{low}'));

-- A stay that began under earlier terms, a layer that does not exist there, a deductible of 5 % of 48 000 = 2 400: (10 000 − 2 400) × 70 % = 5 320
\set document '{"format":1,"engine":1,"pages":[{"title":"Earlier terms","region":"T","scheme":"resident","from":"2025-07-01","to":"2025-12-31","admitted":{"from":"2025-01-01","to":"2025-06-30"},"sources":{"S":{"document":"Test 2","grade":"D"}},"cite":{"source":"S","article":"1"},"layers":[{"name":"critical","kind":"critical","not_applicable":true,"cite":{"source":"S","article":"3"}},{"name":"aid","kind":"assistance","base":{"copay":1},"rules":[{"name":"r","deductible":{"amount":{"amount":2400,"derived":{"statistic":"disposable_income","region":"T","year":2024,"value":48000,"share":0.05,"lag":1},"cite":{"source":"S","article":"5"}}},"ratio":0.7}]}]},{"title":"Terms","region":"T","scheme":"resident","from":"2025-07-01","admitted":{"from":"2025-07-01"},"sources":{},"layers":[]}]}'
SELECT step, layer, item, limit_amount, amount, document, article, zh, en
  FROM explain(:'document', NULL, make_bill(total => 10000, in_scope => 10000, region => 'T', scheme => 'resident', ordered_at => '2025-07-10',
		admitted_on => '2025-06-30')) WHERE item IN ('page', 'layer', 'deductible', 'paid');
SELECT zh, en FROM explain(:'document', NULL, make_bill(total => 10000, in_scope => 10000, region => 'T', scheme => 'resident', ordered_at => '2026-01-10',
		admitted_on => '2025-07-10')) WHERE item = 'page';
SELECT settle_bill(:'document', NULL, make_bill(total => 10000, in_scope => 10000, region => 'T', scheme => 'resident', ordered_at => '2026-01-10',
		admitted_on => '2025-06-30'));
SELECT settle_bill(:'document', NULL, make_bill(total => 10000, in_scope => 10000, region => 'T', scheme => 'resident', ordered_at => '2025-07-10',
		admitted_on => '2025-06-30', given => '{"critical": {"amount": 0}}'));
\pset format aligned

DROP TABLE burden;
