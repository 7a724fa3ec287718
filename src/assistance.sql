-- assistance: settles medical bills through China's layered medical security.
-- This part: the schema, and what the database must be like.

\echo Use "CREATE EXTENSION assistance CASCADE" to load this file. \quit

DO $$
BEGIN
	IF pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.<>) 'UTF8' THEN
		RAISE EXCEPTION 'extension assistance needs a database with encoding UTF8'
			USING ERRCODE = 'feature_not_supported',
				DETAIL = pg_catalog.format('This database has encoding %s.', pg_catalog.getdatabaseencoding()),
				HINT = 'Create the database with ENCODING ''UTF8'' TEMPLATE template0.';
	END IF;
END
$$;

CREATE SCHEMA assistance;
COMMENT ON SCHEMA assistance IS 'Extension assistance: what each layer of medical security pays on a bill. Amounts are yuan, numeric(16,2); ratios are shares of 1.';
GRANT USAGE ON SCHEMA assistance TO PUBLIC;

CREATE FUNCTION assistance.version() RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
	AS 'MODULE_PATHNAME', 'assistance_version';
COMMENT ON FUNCTION assistance.version() IS 'Version of the library that is loaded. Settling is refused (55000) when the SQL objects are of another version.';
