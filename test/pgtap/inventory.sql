-- inventory.sql — what every object of the extension is: volatility, parallel label, strictness, cost, privileges, comment,
-- argument names. The list at the end names every function: a new one fails until somebody has said what it must be.

BEGIN;
SELECT plan(28);

-- members of the extension, by catalog
CREATE TEMP VIEW member AS
	SELECT d.classid, d.objid
	  FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
	 WHERE e.extname = 'assistance' AND d.deptype = 'e'
	   -- from PostgreSQL 17 on array types and the row types of tables and views are members of their own
	   AND NOT EXISTS (SELECT FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
						WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid
						  AND (t.typcategory = 'A' OR c.relkind IN ('r', 'v')));

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
	'everyone may execute: functions of values see nothing but their arguments, triggers act as the owner of their table');
SELECT is_empty(
	$$ SELECT oid::regtype FROM type WHERE NOT has_type_privilege('public', oid, 'USAGE') $$,
	'everyone may use the types');
SELECT is_empty($$ SELECT oid::regprocedure FROM function WHERE prosecdef $$, 'no SECURITY DEFINER');
SELECT is_empty(
	$$ SELECT oid::regprocedure FROM function
	    WHERE proconfig <> ARRAY['search_path=pg_catalog, pg_temp']
	      AND proconfig <> ARRAY['search_path=pg_catalog, pg_temp', 'DateStyle=ISO, YMD']
	      AND proconfig <> ARRAY['search_path=pg_catalog, pg_temp', 'enable_seqscan=off']
	      AND proconfig <> ARRAY['search_path=pg_catalog, pg_temp', 'enable_nestloop=off']
	      AND proconfig <> ARRAY['search_path=pg_catalog, pg_temp', 'plan_cache_mode=force_custom_plan']
	       OR proconfig IS NULL AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') AND proname NOT IN ('resettle', 'close_year', 'seal_chain')
	       OR prosqlbody IS NULL AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql') $$,
	'no SET but of a search_path that no caller can change, of how dates are written, and of plans; SQL is bound to the objects it names; resettle, close_year and seal_chain commit, and a procedure with SET cannot');
SELECT is_empty($$ SELECT oid::regprocedure FROM function WHERE proleakproof $$, 'none calls itself leakproof');
SELECT set_eq(
	$$ SELECT c.relname::text, c.relkind::text FROM pg_class c JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
	    WHERE c.relkind <> 'c' $$,
	$$ SELECT name || twin AS name, 'r' AS kind FROM unnest(ARRAY['region', 'category', 'code', 'statistic']) name, unnest(ARRAY['_dictionary', '_local']) twin
	   UNION ALL SELECT name, 'v' FROM unnest(ARRAY['region', 'category', 'code', 'statistic']) name
	   UNION ALL SELECT 'policy_' || name, 'v' FROM unnest(ARRAY['layer', 'rule', 'deductible', 'band', 'cap', 'modifier', 'parameter', 'article']) name
	   UNION ALL SELECT 'pilot_unit', 'r'
	   UNION ALL VALUES ('policy', 'r'), ('policy_publication', 'r'), ('policy_id', 'S'), ('policy_draft', 'S') $$,
	'the tables, views and sequences, and no other');
SELECT is_empty(
	$$ SELECT c.oid::regclass FROM pg_class c JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
	    WHERE c.relkind IN ('r', 'v') AND has_table_privilege('public', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') $$,
	'nobody may write by default');
SELECT set_eq(
	$$ SELECT unnest(extconfig)::regclass::text FROM pg_extension WHERE extname = 'assistance' $$,
	$$ SELECT 'assistance.' || name || '_local' FROM unnest(ARRAY['region', 'category', 'code', 'statistic']) name
	   UNION ALL SELECT 'assistance.' || name FROM unnest(ARRAY['policy', 'policy_publication', 'policy_id', 'policy_draft']) name $$,
	'dumped with their rows: what belongs to a database, never what the extension ships');
SELECT is_empty(
	$$ SELECT c.conrelid::regclass, c.conname FROM pg_constraint c
	     JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.conrelid WHERE c.contype = 'f'
	   UNION ALL
	   SELECT t.tgrelid::regclass, t.tgname FROM pg_trigger t
	     JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = t.tgrelid
	     JOIN pg_class c ON c.oid = t.tgrelid
	    WHERE c.relname ~ '_(dictionary|local)$' OR c.relname = 'pilot_unit' OR t.tgtype & 4 <> 0 AND t.tgname !~ '_insert_guard$' OR t.tgenabled <> 'A' $$,
	'no foreign key between tables of the extension, no trigger on a dictionary or on INSERT: they are live while a dump is restored');
SELECT is_empty(
	$$ SELECT a.attrelid::regclass, a.attname FROM pg_attribute a
	     JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = a.attrelid
	     JOIN pg_class c ON c.oid = a.attrelid
	    WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND col_description(a.attrelid, a.attnum) IS NULL $$,
	'every column of a table has a COMMENT');
SELECT is_empty(
	$$ SELECT name FROM pg_settings WHERE name LIKE 'assistance.%' $$,
	'no setting may change an amount: there is none');

-- ---- functions ----

-- functions that read the tables of the catalogue, or write them; triggers of payment tables; procedures that store
CREATE TEMP TABLE reader (name text);
INSERT INTO reader SELECT unnest(ARRAY['import_policy', 'export_policy', 'drop_draft', 'store_draft', 'set_value', 'record_exception', 'check_policy',
	'publish_policy', 'repeal_policy', 'days_held', 'policy_touches', 'terms_at', 'terms_book', 'timeline', 'terms_origin', 'create_roles', 'policy_act', 'policy_guard',
	'policy_insert_guard', 'policy_append_only', 'refuse_document', 'check_keys', 'check_page_shape', 'split_document', 'refuse_draft', 'derived_figure',
	'lock_draft', 'policy_shrunk', 'resolve_statistics', 'version_document', 'assemble_page', 'book_of', 'why_no_page', 'refuse_date', 'may_publish', 'record_publication',
	'last_act', 'notify_publication', 'reason_needed', 'publish_versions', 'versions_taken', 'number_pieces', 'close_versions', 'policy_in_force', 'policy_pages',
	'policy_documents', 'policy_at_a_glance', 'compare_policies', 'draft_reach', 'time_findings', 'reach_findings', 'dictionary_findings', 'conflicts', 'draft_pages', 'page_findings', 'insurer_first',
	'append_only', 'settle_batch', 'create_batch_runs', 'batch_rows', 'need_history', 'insured_in_scope', 'layer_reach', 'synthetic_codes', 'synthetic_year']);

-- functions of the register
INSERT INTO reader SELECT unnest(ARRAY['create_register_roles', 'allow_rows', 'drop_policy', 'create_register', 'create_register_tables', 'create_register_ledger', 'change_payment_keys', 'create_register_objects',
	'create_register_triggers', 'create_national_views', 'comment_register', 'comment_columns', 'settle_claims', 'settle_again', 'end_recorded', 'touch_persons',
	'check_claim_lines', 'sealed_claim', 'check_recoverable_steps', 'check_request', 'settle_claim', 'preview_claim', 'known_terms', 'preview_among', 'preview_by_trial', 'reverse_claim',
	'resettle_person', 'resettle', 'resettle_start', 'resettle_chunks', 'resettle_persons', 'resettle_step', 'resettle_again', 'resettle_end', 'close_year_start', 'close_year_chunks',
	'close_year_of', 'close_year_step', 'close_year', 'settled_as_of', 'refold', 'verify_fold', 'verify_rows', 'verify',
	'canonical_settlement', 'seal_chain', 'seal_settlements', 'unsealed_settlements', 'verify_chain', 'remaining', 'beyond_caps', 'keep_claim_key', 'create_claim_key', 'create_leaf_keys', 'create_hash_partitions',
	'create_year_partitions', 'create_years_so_far', 'what_hangs_on', 'check_partition_register', 'move_register', 'create_partitioned_keys',
	'partition_register', 'year_now', 'add_register_year', 'start_register_year', 'statistics_of', 'settings_of', 'copy_settings', 'register_years', 'check_register_year']);
-- the national interface, where dictionaries are read
CREATE TEMP TABLE national (name text, strict boolean, retset boolean, volatile boolean);
INSERT INTO national VALUES
	('national_fund', false, false, true), ('fund_lines', false, true, true), ('read_setlinfo', true, false, false), ('check_setlinfo', false, true, false),
	('setlinfo_day', true, false, false), ('local_person_type', true, false, true), ('bill_from_setlinfo', false, false, true),
	('settlement_records', false, true, true), ('record_fault', false, false, true), ('faulty_settlements', false, true, true), ('import_settlements', false, false, true),
	('statement_file', false, false, true), ('statement_records', true, false, false),
	('account_from_5206', true, false, true), ('account_to_5206', true, true, true),
	('bill_from_setl_d', false, false, true), ('look_up_fund', true, false, true), ('look_up_person_type', true, false, true),
	('look_up_meaning', true, false, true), ('look_up_code', true, true, true),
	('setldetail', false, true, true), ('setlinfo', false, false, true), ('split_from_setlinfo', true, false, false),
	('adjustment_setlinfo', false, true, true), ('reverse_setlinfo', false, false, false),
	('setl_d_row', true, false, false), ('settlement_rows', false, true, true), ('statement_totals', false, true, true), ('reconcile', false, true, true),
	('clearing_totals', false, true, true), ('settlement_items', true, true, true), ('settlement_text', true, false, true),
	('settlement_page', true, false, true),
	('amount_in_words', true, false, false);
INSERT INTO reader SELECT name FROM national WHERE volatile;

SELECT set_eq(
	$$ SELECT proname::text FROM function WHERE provolatile <> 'i' $$,
	$$ SELECT unnest(ARRAY['superiors', 'find_code', 'code_meaning', 'policy_class', 'report_value', 'report_dimensions', 'report_curves', 'simulation_report'])
	   UNION ALL SELECT name FROM reader $$,
	'every function reads nothing but its arguments: IMMUTABLE; but for those that read dictionaries or the catalogue');
SELECT is_empty(
	$$ SELECT oid::regprocedure FROM function WHERE proparallel <> 's' AND proname NOT IN (SELECT name FROM reader) $$,
	'every function of values is PARALLEL SAFE');
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
	$$ SELECT oid::regprocedure, procost FROM function WHERE prokind <> 'a' AND (procost <= 0 OR procost > 1000000) $$,
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
	$$ VALUES ('terms', 'b'), ('bill', 'b'), ('account', 'b'), ('lines', 'b'), ('simulation', 'b'), ('charge', 'c'), ('split', 'c'), ('year', 'c'), ('scenario', 'c'), ('study', 'c'), ('need_year', 'c') $$,
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
						'terms', 'bill', 'account', 'to_json', 'to_jsonb', 'is_terms', 'terms_digest', 'settle_support', 'version',
						'simulation_in', 'simulation_out', 'simulation_recv', 'simulation_send', 'shift_terms', 'shift_sides', 'shift_scenarios', 'simulation_report', 'html_text', 'html_number', 'html_bar',
						'html_columns', 'report_language', 'report_kind', 'report_answers', 'report_costs', 'report_dimensions', 'report_changes', 'report_stroke', 'report_height',
						'report_curves', 'report_burdens', 'report_hardship', 'report_list', 'report_limits', 'report_parameter', 'report_step', 'report_margins']) name;
INSERT INTO expected
	SELECT name, 'f', false, false FROM unnest(ARRAY['report_layer', 'report_cell', 'report_more', 'report_value', 'report_limit', 'report_section']) name;
INSERT INTO expected
	SELECT type || '_' || name, 'f', true, false
	  FROM unnest(ARRAY['terms', 'bill', 'account', 'lines']) type, unnest(ARRAY['eq', 'ne', 'lt', 'le', 'ge', 'gt', 'cmp', 'hash']) name;
INSERT INTO expected
	SELECT name, 'f', true, true
	  FROM unnest(ARRAY['simulated_totals', 'simulated_bills', 'simulated_costs', 'simulated_burden', 'simulated_hardship', 'simulated_changes',
						'simulated_limits', 'simulated_margins', 'synthetic_bills', 'report_scenarios', 'report_payers']) name;
INSERT INTO expected VALUES
	-- null arguments have a meaning here, or are refused by name
	('make_bill', 'f', false, false),
	('make_bill_fen', 'f', false, false),
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
	('simulate', 'a', false, false),
	('simulate_number_terms', 'f', false, false),
	('simulate_number_study', 'f', false, false),
	('simulate_text_terms', 'f', false, false),
	('simulate_text_study', 'f', false, false),
	('simulate_final', 'f', false, false),
	('make_scenario', 'f', false, false),
	('make_study', 'f', false, false),
	('check_step', 'f', false, false),
	('shift_studies', 'f', false, true),
	('explain', 'f', false, true),
	('json_values', 'f', true, true),
	('path_below', 'f', true, false),
	('list_elements', 'f', true, true),
	('compare_lists', 'f', false, true),
	('compare_nodes', 'f', false, true),
	('matching_pages', 'f', true, true),
	('compare_documents', 'f', true, true),
	('compare_policies', 'f', true, true),
	('glance_either', 'f', false, false),
	('glance_label', 'f', false, false),
	('glance_aside', 'f', false, false),
	('glance_number', 'f', true, false),
	('glance_rounding', 'f', true, false),
	('glance_derived', 'f', true, false),
	('glance_parameter', 'f', true, false),
	('glance_range', 'f', true, false),
	('glance_names', 'f', false, false),
	('glance_test', 'f', false, false),
	('glance_when', 'f', false, false),
	('glance_bucket', 'f', false, false),
	('glance_base', 'f', false, false),
	('glance_per', 'f', false, false),
	('glance_period', 'f', false, false),
	('glance_schedule', 'f', true, false),
	('glance_deductible', 'f', false, false),
	('glance_bands', 'f', false, false),
	('glance_pays', 'f', false, false),
	('glance_caps', 'f', false, false),
	('glance_modifier', 'f', false, false),
	('glance_settling', 'f', false, false),
	('glance_meet', 'f', false, false),
	('glance_terms', 'f', false, false),
	('glance_cells', 'f', false, false),
	('document_at_a_glance', 'f', true, true),
	('terms_at_a_glance', 'f', true, true),
	('parameter_number', 'f', false, false),
	('citation', 'f', false, false),
	('superiors', 'f', true, false),
	('find_code', 'f', true, true),
	('sealed_claim', 'f', true, false),
	('code_meaning', 'f', true, false),
	('policy_class', 'f', true, false),
	('terms_findings', 'f', true, true),
	('document_findings', 'f', true, true),
	('finding_kind', 'f', true, true),
	('split_lines', 'f', true, true),
	('split_left', 'f', true, true);
INSERT INTO expected
	-- the catalogue: what people call, then what it is made of
	SELECT name, 'f', true, false FROM unnest(ARRAY['import_policy', 'export_policy', 'drop_draft', 'canonical_json', 'store_draft',
		'path_steps', 'resolve_path', 'written_day']) name
	UNION ALL
	SELECT name, 'f', false, false FROM unnest(ARRAY['set_value', 'record_exception', 'publish_policy', 'repeal_policy', 'terms_at', 'terms_book',
		'policy_act', 'policy_guard', 'policy_insert_guard', 'policy_append_only', 'policy_shrunk', 'lock_draft', 'refuse_document', 'check_keys', 'day_of', 'check_page_shape', 'document_no',
		'refuse_draft', 'derived_figure', 'derived_amount', 'resolve_statistics', 'version_document', 'with_cite', 'assemble_page', 'book_of',
		'why_no_page', 'refuse_date', 'refuse_null', 'may_publish', 'record_publication', 'last_act', 'notify_publication', 'reason_needed',
		'publish_versions', 'versions_taken', 'number_pieces', 'piece_ids', 'close_versions', 'days_held']) name
	UNION ALL
	SELECT name, 'f', false, true FROM unnest(ARRAY['policy_at_a_glance', 'check_policy', 'policy_touches', 'timeline', 'terms_origin', 'policy_in_force', 'policy_pages',
		'policy_documents', 'derived_places', 'draft_reach', 'time_findings', 'reach_findings', 'dictionary_findings', 'conflicts', 'draft_pages', 'page_findings']) name
	UNION ALL
	-- the register
	SELECT name, 'f', false, false FROM unnest(ARRAY['settle_claims', 'keep_claim_key', 'year_now', 'settle_again', 'end_recorded', 'touch_persons', 'check_claim_lines', 'check_recoverable_steps', 'refuse_charges', 'charge_of_request', 'check_request',
		'known_terms', 'preview_among', 'canonical_settlement', 'stated_amount', 'period_of',
		'resettle_start', 'resettle_persons', 'resettle_step', 'resettle_again', 'resettle_end', 'close_year_start', 'close_year_of', 'close_year_step']) name
	UNION ALL
	SELECT name, 'f', false, true FROM unnest(ARRAY['settle_claim', 'preview_claim', 'preview_by_trial', 'reverse_claim', 'resettle_person', 'resettle_chunks', 'close_year_chunks', 'settled_as_of', 'refold',
		'verify_fold', 'verify_rows', 'verify', 'verify_chain', 'unsealed_settlements', 'remaining', 'beyond_caps', 'period_limits', 'what_hangs_on', 'register_years']) name
	UNION ALL
	SELECT name, 'f', true, true FROM unnest(ARRAY['statistics_of', 'settings_of', 'read_charges']) name
	UNION ALL
	SELECT name, 'p', false, false FROM unnest(ARRAY['create_register', 'create_register_tables', 'create_register_ledger', 'change_payment_keys',
		'create_register_roles', 'allow_rows', 'drop_policy', 'create_register_objects', 'create_register_triggers', 'create_national_views', 'comment_register', 'comment_columns', 'resettle', 'close_year', 'seal_chain', 'seal_settlements',
		'create_claim_key', 'create_leaf_keys', 'create_hash_partitions', 'create_year_partitions', 'create_years_so_far', 'check_partition_register', 'move_register',
		'create_partitioned_keys', 'partition_register', 'copy_settings', 'check_register_year', 'add_register_year', 'start_register_year']) name
	UNION ALL
	VALUES ('request_body', 'f', true, false), ('error_passes', 'f', true, false), ('error_ends', 'f', true, false), ('hash_of_partitions', 'f', true, false), ('bucket_of_claim', 'f', true, false), ('first_claim_of', 'f', true, false)
	UNION ALL
	VALUES ('split_document', 'f', true, true), ('create_roles', 'p', false, false);
INSERT INTO expected VALUES
	-- triggers for anyone's tables
	('insurer_first', 'f', false, false),
	('append_only', 'f', false, false),
	-- storing splits
	('settle_batch', 'p', false, false),
	('create_batch_runs', 'p', false, false),
	('batch_rows', 'f', false, true),
	-- the forecast of need
	('need_history', 'f', false, true),
	('insured_in_scope', 'f', false, true),
	('layer_reach', 'f', false, true),
	-- synthetic years
	('synthetic_year', 'f', false, true),
	('synthetic_codes', 'f', false, false),
	('declared_codes', 'f', false, false),
	('four_of', 'f', false, false),
	('band_factor', 'f', false, false),
	('check_forecast', 'f', false, false),
	('forecast_need', 'f', false, true);

INSERT INTO expected SELECT name, 'f', strict, retset FROM national;

SELECT set_eq(
	$$ SELECT DISTINCT proname::text, prokind::text, proisstrict, proretset FROM function $$,
	$$ SELECT name, kind, strict, retset FROM expected $$,
	'every function is what the list says');

SELECT * FROM finish();
ROLLBACK;
