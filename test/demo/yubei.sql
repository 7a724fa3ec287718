-- yubei.sql — the example that the bureau of Yubei published on 2023-10-30: 52 000 yuan, of which 50 000 in scope, in a
-- second-level hospital, low-income margin. The bureau's figures: basic 34 790, assistance 10 647, tilt 937.80.
\pset footer off
\pset null ''

\echo
\echo == 渝北区 2023: one bill of 52 000 yuan (50 000 in scope), 低保边缘, second-level hospital
\echo
CREATE TABLE yubei AS
SELECT assistance.make_bill(total => 52000, in_scope => 50000, excluded => 2000, region => '500112', scheme => 'resident',
		ordered_at => '2023-09-01 10:00', seq => 1, care_type => '21', level => '2', category => '{低保边缘}') AS bill;

SELECT 'this extension' AS says, (split).basic, (split).critical, (split).assistance, (split).tilt,
	   (split).basic + (split).critical + (split).assistance + (split).tilt AS together, (split).patient
  FROM policy, yubei, LATERAL assistance.settle_bill(terms, NULL, bill) settled(account, split)
 WHERE pack = 'chongqing-yubei'
UNION ALL
SELECT 'the bureau', 34790.00, NULL, 10647.00, 937.80, 46374.80, NULL;

\echo
\echo == Why: every step, with its source
\echo
\t on
\pset format unaligned
SELECT format('%s  %s%s', lpad(step::text, 3), zh,
			  CASE WHEN item IN ('deductible', 'band', 'cap', 'modifier') AND document IS NOT NULL
				   THEN E'\n       〔' || concat_ws('，', document, article) || '〕' ELSE '' END)
  FROM policy, yubei, LATERAL assistance.explain(terms, NULL, bill)
 WHERE pack = 'chongqing-yubei'
 ORDER BY step;
\t off
\pset format aligned
