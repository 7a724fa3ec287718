-- inventory.sql — what every object of the extension is: volatility, parallel label, strictness, cost, privileges, comment,
-- argument names. The list at the end names every function: a new one fails until somebody has said what it must be.

BEGIN;
SELECT plan(24);

-- members of the extension, by catalog
CREATE TEMP VIEW member AS
	SELECT d.classid, d.objid
	  FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
	 WHERE e.extname = 'assistance' AND d.deptype = 'e';

CREATE TEMP VIEW function AS
	SELECT p.* FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;

CREATE TEMP VIEW type AS
	SELECT t.* FROM pg_type t JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid;

-- ---- the schema and who may do what ----

SELECT is_empty(
	$$ SELECT m.classid::regclass, m.objid FROM member m
	    WHERE (pg_identify_object(m.classid, m.objid, 0)).schema IS DISTINCT FROM 'assistance'
	      AND m.classid NOT IN ('pg_namespace'::regclass, 'pg_cast'::regclass) $$,
	'every member stands in schema assistance');
SELECT is_empty(
	$$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'assistance'::regnamespace
	    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid) $$,
	'every function of schema assistance is a member');
SELECT ok(has_schema_privilege('public', 'assistance', 'USAGE'), 'everyone may use the schema');
SELECT ok(NOT has_schema_privilege('public', 'assistance', 'CREATE'), 'nobody else may create in the schema');
SELECT is_empty(
	$$ SELECT oid::regprocedure FROM function WHERE NOT has_function_privilege('public', oid, 'EXECUTE') $$,
	'everyone may execute: functions of values see nothing but their arguments');
SELECT is_empty(
	$$ SELECT oid::regtype FROM type WHERE NOT has_type_privilege('public', oid, 'USAGE') $$,
	'everyone may use the types');
SELECT is_empty($$ SELECT oid::regprocedure FROM function WHERE prosecdef $$, 'no SECURITY DEFINER');
SELECT is_empty($$ SELECT oid::regprocedure FROM function WHERE proconfig IS NOT NULL $$, 'no SET');
SELECT is_empty($$ SELECT oid::regprocedure FROM function WHERE proleakproof $$, 'none calls itself leakproof');
SELECT is_empty(
	$$ SELECT c.oid::regclass FROM pg_class c JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
	    WHERE c.relkind <> 'c' $$,
	'the extension owns no table');
SELECT is_empty(
	$$ SELECT name FROM pg_settings WHERE name LIKE 'assistance.%' $$,
	'no setting may change an amount: there is none');

-- ---- functions ----

SELECT is_empty(
	$$ SELECT oid::regprocedure FROM function WHERE provolatile <> 'i' $$,
	'every function reads nothing but its arguments: IMMUTABLE');
SELECT is_empty(
	$$ SELECT oid::regprocedure FROM function WHERE proparallel <> 's' $$,
	'every function is PARALLEL SAFE');
SELECT is_empty(
	$$ SELECT f.oid::regprocedure FROM function f
	    WHERE f.pronargs > 0
	      AND (f.proargnames IS NULL OR EXISTS (SELECT FROM unnest(f.proargnames[1:f.pronargs]) n WHERE COALESCE(n, '') = ''))
	      AND NOT EXISTS (SELECT FROM pg_aggregate a WHERE f.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn,
	                                                                a.aggserialfn, a.aggdeserialfn)) $$,
	'every argument has a name');
SELECT is_empty(
	$$ SELECT oid::regprocedure, prorows FROM function WHERE proretset AND prorows IN (0, 1000) $$,
	'every set-returning function says how many rows to expect');
SELECT is_empty(
	$$ SELECT oid::regprocedure, procost FROM function WHERE prokind <> 'a' AND (procost <= 0 OR procost > 100000) $$,
	'every function has a plausible COST');
SELECT is_empty(
	$$ SELECT oid::regprocedure FROM function WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'c')
	    AND probin <> '$libdir/assistance' $$,
	'every C function is in this library');

-- ---- comments ----

SELECT is_empty(
	$$ SELECT i.type, i.identity FROM member m, pg_identify_object(m.classid, m.objid, 0) i
	    WHERE COALESCE(obj_description(m.objid, m.classid::regclass::name), '') = ''
	      AND i.type NOT IN ('cast', 'operator family') AND i.name IS DISTINCT FROM NULL
	   UNION ALL
	   SELECT i.type, i.identity FROM member m, pg_identify_object(m.classid, m.objid, 0) i
	    WHERE m.classid = 'pg_proc'::regclass AND COALESCE(obj_description(m.objid, 'pg_proc'), '') = '' $$,
	'every object has a COMMENT');
SELECT is_empty(
	$$ SELECT a.attrelid::regclass, a.attname FROM pg_attribute a JOIN type t ON t.typrelid = a.attrelid
	    WHERE t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND col_description(a.attrelid, a.attnum) IS NULL $$,
	'every attribute of a composite type has a COMMENT');

-- ---- types, casts, operators ----

SELECT set_eq(
	$$ SELECT t.typname::text, t.typtype::text FROM type t WHERE t.typtype IN ('b', 'c') AND t.typelem = 0 $$,
	$$ VALUES ('terms', 'b'), ('bill', 'b'), ('account', 'b'), ('lines', 'b'), ('charge', 'c'), ('split', 'c'), ('year', 'c') $$,
	'the values and no other type');
SELECT is_empty(
	$$ SELECT t.oid::regtype FROM type t
	    WHERE t.typtype = 'b' AND t.typelem = 0 AND (t.typreceive = 0 OR t.typsend = 0 OR t.typlen <> -1) $$,
	'every base type has a binary form and variable length');
SELECT is_empty(
	$$ SELECT c.castsource::regtype, c.casttarget::regtype FROM pg_cast c JOIN member m ON m.classid = 'pg_cast'::regclass AND m.objid = c.oid
	    WHERE c.castcontext <> 'e' OR c.castmethod <> 'f' $$,
	'every cast is explicit and through a function');
SELECT is_empty(
	$$ SELECT o.oid::regoperator FROM pg_operator o
	     JOIN member m ON m.classid = 'pg_operator'::regclass AND m.objid = o.oid
	     JOIN pg_operator c ON c.oid IN (o.oprcom, o.oprnegate)
	    WHERE o.oprresult <> c.oprresult $$,
	'commutators and negators return the same type');

-- ---- every function by name: kind, strict, returns a set ----

CREATE TEMP TABLE expected (name text, kind text, strict boolean, retset boolean);
INSERT INTO expected
	-- input, output, conversion and comparison: a null is a null
	SELECT name, 'f', true, false
	  FROM unnest(ARRAY['terms_in', 'terms_out', 'terms_recv', 'terms_send', 'bill_in', 'bill_out', 'bill_recv', 'bill_send',
						'account_in', 'account_out', 'account_recv', 'account_send', 'lines_in', 'lines_out', 'lines_recv', 'lines_send',
						'terms', 'bill', 'account', 'to_json', 'to_jsonb', 'terms_digest', 'terms_eq', 'terms_ne', 'terms_hash',
						'account_eq', 'account_ne', 'account_hash', 'settle_support', 'version']) name;
INSERT INTO expected VALUES
	-- null arguments have a meaning here, or are refused by name
	('make_bill', 'f', false, false),
	('charge_line', 'f', false, false),
	('charge_lines', 'a', false, false),
	('charge_lines_transition', 'f', false, false),
	('charge_lines_combine', 'f', true, false),
	('charge_lines_final', 'f', true, false),
	('check_charges', 'f', true, false),
	('settle', 'w', false, false),
	('settle_bill', 'f', false, false),
	('settle_year', 'a', false, false),
	('settle_year_transition', 'f', false, false),
	('settle_year_resume', 'f', false, false),
	('settle_year_final', 'f', false, false),
	('explain', 'f', false, true),
	('terms_findings', 'f', true, true),
	('document_findings', 'f', true, true),
	('finding_kind', 'f', true, true),
	('split_lines', 'f', true, true),
	('split_left', 'f', true, true);

SELECT set_eq(
	$$ SELECT DISTINCT proname::text, prokind::text, proisstrict, proretset FROM function $$,
	$$ SELECT name, kind, strict, retset FROM expected $$,
	'every function is what the list says');

SELECT * FROM finish();
ROLLBACK;
