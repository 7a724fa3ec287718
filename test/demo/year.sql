-- year.sql — a year by hand: critical insurance from 10 000 at 60 %; assistance on the year's remainder with a deductible of
-- 2 100, 60 % to 10 000 and 70 % above, at most 9 000 a year. Settled bill by bill, and as one bill.
\pset footer off
\pset null ''

\set year `cat test/demo/year.json`
INSERT INTO policy VALUES ('year by hand', :'year');

CREATE TABLE burden (way text, n int, burden numeric(16,2));
INSERT INTO burden VALUES ('bill by bill', 1, 1500), ('bill by bill', 2, 6500), ('bill by bill', 3, 4000),
	('bill by bill', 4, 9000), ('as one bill', 1, 21000);

CREATE VIEW year_by_hand AS
SELECT way, n, burden,
	   assistance.settle((SELECT terms FROM policy WHERE pack = 'year by hand'),
						 assistance.make_bill(total => burden, in_scope => burden, region => 'example', scheme => 'example',
											  ordered_at => timestamp '2025-01-15' + n * interval '1 month', seq => n))
		 OVER (PARTITION BY way ORDER BY n) AS split
  FROM burden;

\echo
\echo == A year by hand: burdens after basic of 1 500, 6 500, 4 000 and 9 000, and of 21 000 at once
\echo
SELECT way, n, burden, (split).critical, (split).assistance, (split).patient
  FROM year_by_hand ORDER BY way DESC, n;

SELECT way, sum((split).critical) AS critical, sum((split).assistance) AS assistance, sum((split).patient) AS patient
  FROM year_by_hand GROUP BY way ORDER BY way DESC;
