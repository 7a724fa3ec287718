-- published.sql — every consistent example of test/cases/published.json, settled, beside the figure that its source prints.
-- Layers in the order of a chain; the figure is that of the layers named beside it, or of all that pay.
\pset footer off
\pset null ''

\set published `cat test/cases/published.json`
CREATE TABLE published AS
SELECT c ->> 'id' AS id, regexp_replace(c ->> 'title', '\(.*', '') AS title, n AS bill,
	   CASE WHEN c -> 'book' ? 'pack' THEN (SELECT terms FROM policy WHERE pack = c -> 'book' ->> 'pack')
			ELSE (c ->> 'book')::assistance.terms END AS terms, b::assistance.bill AS value
  FROM jsonb_array_elements(:'published'::jsonb) c, jsonb_array_elements(c -> 'bills') WITH ORDINALITY AS bills(b, n)
 WHERE c ->> 'verdict' = 'consistent' AND NOT c ? 'skip';

-- As printed by the sources that published.json names; kinds: the layers whose payments the figure is.
CREATE TABLE printed (id text, kinds text[], figure numeric(16,2));
INSERT INTO printed VALUES
	('W01', '{basic,assistance,tilt}', 46374.80), ('W27', '{critical}', 93800), ('W28.1', '{critical}', 21000),
	('W28.2', '{critical}', 39000), ('W29', '{basic}', 49170), ('W29 own column', '{basic}', 49170),
	('W31.1', '{critical}', 5000), ('W31.2', '{critical}', 45000), ('W46.1 at 30000', '{basic}', 24680),
	('W46.1 at the cap', '{basic}', 60000), ('W46.2 at 30000', '{basic}', 24776), ('W46.2 at the cap', '{basic}', 60000),
	('W51.1', '{basic}', 11360), ('W51.2', '{basic}', 12110), ('W51.3', '{basic}', 6850), ('W54', '{supplementary}', 104000);

\echo
\echo == Published examples (test/cases/published.json): the last bill of each, and the figure that its source prints
\echo
SELECT id, left(title, 10) AS title, basic, critical, supplementary AS suppl, assistance + tilt AS assist,
	   CASE WHEN cardinality(kinds) > 1 THEN 'all' ELSE replace(kinds[1], 'supplementary', 'suppl') END AS "of", figure AS printed,
	   CASE WHEN figure = (SELECT sum(paid) FROM assistance.split_lines(split) WHERE kind = ANY (kinds)) THEN 'yes'
			WHEN figure IS NULL THEN 'not listed' ELSE 'NO' END AS same
  FROM (SELECT id, title, bill, max(bill) OVER (PARTITION BY id) AS last, (split).*, split
		  FROM (SELECT id, title, bill, assistance.settle(terms, value) OVER (PARTITION BY id ORDER BY bill) AS split
				  FROM published) settled) splits LEFT JOIN printed USING (id)
 WHERE bill = last
 ORDER BY id;
