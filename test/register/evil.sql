-- evil.sql — operators, aggregates, functions, tables and domains that stand before those of the system in a search_path: whoever
-- calls one is caught (ZZ999).
CREATE SCHEMA evil;
CREATE FUNCTION evil.caught() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked' USING ERRCODE = 'ZZ999'; END $$;
DO $$
DECLARE
	o record;
BEGIN
	FOR o IN SELECT oprname, format_type(oprleft, NULL) AS l, format_type(oprright, NULL) AS r, oprresult::regtype AS result FROM pg_operator
			  WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0 AND oprcode <> 0
				AND oprleft::regtype IN ('bigint', 'integer', 'text', 'numeric', 'date', 'timestamptz', 'timestamp', 'boolean', 'json', 'jsonb',
					'daterange', 'tstzrange', 'anyrange', 'anyarray', 'interval', 'bytea', 'name') LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION evil.op_%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS ''BEGIN PERFORM evil.caught(); RETURN NULL; END''',
				md5(o.oprname), o.l, o.r, o.result);
			EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.op_%s, LEFTARG = %s, RIGHTARG = %s)', o.oprname, md5(o.oprname), o.l, o.r);
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
END
$$;
CREATE FUNCTION evil.evil_agg(anyelement, anyelement) RETURNS anyelement LANGUAGE plpgsql AS $$ BEGIN PERFORM evil.caught(); RETURN NULL; END $$;
CREATE AGGREGATE evil.max(anyelement) (SFUNC = evil.evil_agg, STYPE = anyelement);
CREATE AGGREGATE evil.min(anyelement) (SFUNC = evil.evil_agg, STYPE = anyelement);
CREATE AGGREGATE evil.sum(anyelement) (SFUNC = evil.evil_agg, STYPE = anyelement);
CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz WHERE evil.caught()';
CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz WHERE evil.caught()';
CREATE FUNCTION evil.format(text, VARIADIC "any") RETURNS text LANGUAGE internal STABLE AS 'text_format';
CREATE FUNCTION evil.upper_inf(anyrange) RETURNS boolean LANGUAGE sql AS 'SELECT evil.caught()';
CREATE FUNCTION evil.daterange(date, date) RETURNS daterange LANGUAGE sql AS 'SELECT NULL::daterange WHERE evil.caught()';
CREATE FUNCTION evil.to_jsonb(anyelement) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb WHERE evil.caught()';
CREATE FUNCTION evil.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea WHERE evil.caught()';
CREATE FUNCTION evil.session_is() RETURNS text LANGUAGE sql AS 'SELECT ''x''::text';
CREATE TABLE evil.claim (LIKE assistance_register.claim);
CREATE TABLE evil.settlement (LIKE assistance_register.settlement);
CREATE TABLE evil.person_account (LIKE assistance_register.person_account);
CREATE DOMAIN evil.bigint AS text;
CREATE DOMAIN evil.numeric AS text;
CREATE DOMAIN evil.date AS text;
