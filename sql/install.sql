-- install.sql — creating and dropping the extension, and what the other files of this directory use.

-- later versions say more about where in the script an error was
\set SHOW_CONTEXT never

-- a schema that somebody else has made is not adopted
CREATE SCHEMA assistance;
CREATE EXTENSION assistance CASCADE;
DROP SCHEMA assistance;

-- only UTF8 holds what policies and bills say
CREATE DATABASE assistance_sql_ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';
\set here :DBNAME
\connect assistance_sql_ascii
CREATE EXTENSION assistance CASCADE;
\connect :here
DROP DATABASE assistance_sql_ascii;

-- a member of the extension cannot move, and nothing stays behind
CREATE EXTENSION assistance CASCADE;
ALTER EXTENSION assistance SET SCHEMA public;
DROP EXTENSION assistance;
SELECT count(*) FROM pg_namespace WHERE nspname = 'assistance';
CREATE EXTENSION assistance CASCADE;

-- the library is of the version of the SQL objects
SELECT assistance.version() = extversion AS same_version FROM pg_extension WHERE extname = 'assistance';

-- ---- for the other files ----

CREATE SCHEMA test;

-- the nodes of a plan, without what versions of PostgreSQL add to them
CREATE FUNCTION test.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line !~ '^ *Disabled' THEN
			RETURN NEXT line;
		END IF;
	END LOOP;
END
$$;

CREATE TABLE test.policy (name text PRIMARY KEY, terms assistance.terms NOT NULL);

-- The year by hand of 民发〔2017〕12号 (六): critical 10 000 / 60 %; assistance with an annual deductible of 2 100, 60 % to 10 000 and 70 %
-- above, cap 9 000. No layer of kind basic: the cost in scope is the burden after basic insurance.
INSERT INTO test.policy VALUES ('year by hand', '{
	"format": 1, "engine": 1, "pages": [{
		"title": "The year by hand", "region": "T", "scheme": "resident", "from": "2025-01-01", "to": "2025-12-31",
		"sources": {"D": {"document": "民发〔2017〕12号", "grade": "A"}},
		"cite": {"source": "D", "article": "(六)", "mark": "example"},
		"layers": [
			{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0},
			 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
			{"name": "aid", "kind": "assistance", "base": {"copay": 1},
			 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 2100},
						"bands": [{"to": 10000, "ratio": 0.6}, {"ratio": 0.7}], "caps": [{"limit": 9000}]}]}]}]}');

-- Three layers with codes, parts and facts, invented for these tests.
INSERT INTO test.policy VALUES ('plain', '{
	"format": 1, "engine": 1, "pages": [{
		"title": "Plain", "region": "T", "scheme": "resident", "from": "2025-01-01", "to": "2025-12-31",
		"sources": {"S": {"document": "Test"}},
		"cite": {"source": "S", "mark": "example"},
		"codes": {"level": {"2": "second", "3": "third"}, "category": {"low": {"zh": "低保", "en": "low income"}, "poor": "poor"}},
		"parts": {"excluded.special_drug": {"zh": "特殊药品", "en": "special drugs"}},
		"layers": [
			{"name": "basic", "kind": "basic",
			 "rules": [{"name": "second level", "when": {"level": ["2"]}, "deductible": {"amount": 300}, "ratio": 0.7},
					   {"name": "third level", "when": {"level": ["3"]}, "deductible": {"amount": 800}, "ratio": 0.5}]},
			{"name": "critical", "kind": "critical", "base": {"deductible": 1, "over_cap": 1, "copay": 1, "penalty": 0},
			 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
			{"name": "aid", "kind": "assistance", "base": {"deductible": 1, "over_cap": 1, "copay": 1, "excluded.special_drug": 0.5},
			 "rules": [{"name": "low income", "when": {"category": ["low"]}, "ratio": 0.7, "caps": [{"limit": 6000}]}]}]}]}');

-- 重庆市渝北区, from the packs
\set pack `cat src/packs/chongqing-yubei.json`
INSERT INTO test.policy VALUES ('yubei', :'pack');

CREATE FUNCTION test.terms(name text) RETURNS assistance.terms LANGUAGE sql STABLE
	AS $$ SELECT p.terms FROM test.policy p WHERE p.name = terms.name $$;

-- a bill of the policies above, all of it in scope
CREATE FUNCTION test.bill(amount numeric, ordered_at timestamp, seq bigint DEFAULT 1) RETURNS assistance.bill LANGUAGE sql IMMUTABLE
	AS $$ SELECT assistance.make_bill(total => amount, in_scope => amount, region => 'T', scheme => 'resident',
									  ordered_at => ordered_at, seq => seq, level => '2', category => '{}') $$;

-- what a statement raises; nothing when it succeeds
CREATE FUNCTION test.raises(statement text, OUT code text, OUT message text, OUT detail text, OUT hint text) LANGUAGE plpgsql
AS $$
BEGIN
	EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END
$$;
