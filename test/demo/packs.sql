-- packs.sql — the extension and the real policies of src/packs.
\pset footer off
\pset null ''

CREATE EXTENSION assistance CASCADE;
CREATE TABLE policy (pack text PRIMARY KEY, terms assistance.terms NOT NULL);

\set beijing `cat src/packs/beijing-residents.json`
\set yubei `cat src/packs/chongqing-yubei.json`
\set ulanqab `cat src/packs/ulanqab.json`
\set nanchang `cat src/packs/nanchang.json`
\set hebei `cat src/packs/hebei-2015-26.json`
\set national `cat src/packs/national-2021-42.json`
\set huimianbao `cat src/packs/mianyang-huimianbao.json`
INSERT INTO policy VALUES
	('beijing-residents', :'beijing'), ('chongqing-yubei', :'yubei'), ('ulanqab', :'ulanqab'), ('nanchang', :'nanchang'),
	('hebei-2015-26', :'hebei'), ('national-2021-42', :'national'), ('mianyang-huimianbao', :'huimianbao');

\echo
\echo == Policies loaded
\echo
SELECT pack, regexp_replace(page ->> 'title', '[（：].*', '') AS title, page ->> 'from' AS "from", page ->> 'to' AS "to",
	   jsonb_array_length(page -> 'layers') AS layers
  FROM policy, jsonb_array_elements(terms::jsonb -> 'pages') page
 ORDER BY pack, page ->> 'title';
