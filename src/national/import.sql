-- import: many settlement records at once: which of them are faulty, and why; and into a table of SETL_D's form, all or none.

CREATE FUNCTION assistance.settlement_records(
	settlements regclass,
	records jsonb DEFAULT NULL,
	OUT place bigint,
	OUT record jsonb
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE COST 100000 ROWS 10000 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	document name;
BEGIN
	IF settlements IS NULL THEN
		RETURN QUERY SELECT e.ordinality, e.value FROM jsonb_array_elements(COALESCE(records, '[]')) WITH ORDINALITY e;
		RETURN;
	END IF;
	PERFORM FROM pg_class c WHERE c.oid = settlements;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_table', MESSAGE = format('there is no relation %s', settlements),
			HINT = 'Name a table or view, or pass records => … with settlements null.';
	END IF;
	-- a relation of documents has one column of json or jsonb and no medfee_sumamt; any other has columns with national names
	SELECT CASE WHEN count(*) = 1 THEN min(a.attname) END INTO document
	  FROM pg_attribute a
	 WHERE a.attrelid = settlements AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('json'::regtype, 'jsonb'::regtype)
	   AND NOT EXISTS (SELECT FROM pg_attribute m WHERE m.attrelid = settlements AND m.attnum > 0 AND NOT m.attisdropped
						AND lower(m.attname) IN ('medfee_sumamt', 'med_fee_sumamt'));
	RETURN QUERY EXECUTE format('SELECT row_number() OVER (), %s FROM %s s',
		CASE WHEN document IS NULL THEN 'to_jsonb(s)' ELSE format('s.%I::jsonb', document) END, settlements);
END
$$;
COMMENT ON FUNCTION assistance.settlement_records(regclass, jsonb) IS
'The settlement records of a relation, numbered as they are read: rows of a table or view with national names as jsonb, or the documents of its one column of json or jsonb; where settlements is null, the elements of an array. Part of faulty_settlements and import_settlements; read with the caller''s rights.';

CREATE FUNCTION assistance.record_fault(record jsonb, region text, OUT state text, OUT identity text, OUT fault text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	r		jsonb;
BEGIN
	r := assistance.read_setlinfo(record_fault.record);
	IF r IS NULL THEN
		state := 'MA801';
		fault := 'the record is null';
		RETURN;
	END IF;
	SELECT 'MA802', string_agg(c.identity, ' ' ORDER BY c.identity),
		   string_agg(format('%s: %s, but %s and %s', c.identity, c.formula, c.left_amount, c.right_amount), '; ' ORDER BY c.identity)
	  INTO state, identity, fault
	  FROM assistance.check_setlinfo(r) c WHERE c.severity = 'error' AND c.verdict = 'fails'
	HAVING count(*) > 0;
	IF fault IS NULL AND r ->> 'setl_id' IS NULL THEN
		state := 'MA801';
		fault := 'setl_id is missing';
	ELSIF fault IS NULL AND r ->> 'medfee_sumamt' IS NULL THEN
		state := 'MA801';
		fault := 'medfee_sumamt is missing';
	ELSIF fault IS NULL AND (r ->> 'refd_setl_flag' = '1') <> ((r ->> 'medfee_sumamt')::numeric < 0) AND (r ->> 'medfee_sumamt')::numeric <> 0 THEN
		state := 'MA804';
		fault := 'refd_setl_flag and the sign of medfee_sumamt contradict each other';
	ELSIF fault IS NULL AND r ->> 'refd_setl_flag' = '1' AND r ->> 'init_setl_id' IS NULL THEN
		state := 'MA804';
		fault := 'a reversal without init_setl_id';
	ELSIF fault IS NULL AND COALESCE(r ->> 'refd_setl_flag', '0') <> '1' AND (r ->> 'medfee_sumamt')::numeric <> 0 THEN
		PERFORM assistance.bill_from_setlinfo(record_fault.record, region => COALESCE(r ->> 'insu_admdvs', record_fault.region), checked => false);
	END IF;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS fault = PG_EXCEPTION_DETAIL;
	state := SQLSTATE;
	identity := NULL;
	fault := concat_ws(': ', SQLERRM, NULLIF(fault, ''));
END
$$;
COMMENT ON FUNCTION assistance.record_fault(jsonb, text) IS
'What is wrong with a settlement record, as SQLSTATE, failed identities (I1 to I4) and words; all null: nothing. region: the insured place where the record names none. Part of faulty_settlements.';

CREATE FUNCTION assistance.faulty_settlements(
	settlements regclass,
	records jsonb DEFAULT NULL,
	region text DEFAULT NULL,
	OUT place bigint,
	OUT setl_id text,
	OUT state text,
	OUT identity text,
	OUT fault text
) RETURNS SETOF record
	LANGUAGE sql STABLE COST 1000000 ROWS 100
BEGIN ATOMIC
	WITH listed AS MATERIALIZED (
		SELECT s.place, s.record, CASE WHEN pg_catalog.jsonb_typeof(s.record) = 'object' THEN COALESCE(
				NULLIF(COALESCE(s.record ->> 'setl_id', s.record ->> 'SETL_ID', s.record #>> '{setlinfo,setl_id}'), ''), NULL) END AS setl_id
		  FROM assistance.settlement_records(faulty_settlements.settlements, faulty_settlements.records) s
	), twice AS (
		SELECT l.setl_id FROM listed l WHERE l.setl_id IS NOT NULL GROUP BY l.setl_id HAVING pg_catalog.count(*) > 1
	)
	SELECT l.place, l.setl_id, f.state, f.identity, f.fault
	  FROM listed l CROSS JOIN LATERAL assistance.record_fault(l.record, faulty_settlements.region) f
	 WHERE f.fault IS NOT NULL
	UNION ALL
	SELECT l.place, l.setl_id, 'MA808', NULL, 'setl_id stands more than once'
	  FROM listed l JOIN twice t ON t.setl_id = l.setl_id
	 ORDER BY 1, 3;
END;
COMMENT ON FUNCTION assistance.faulty_settlements(regclass, jsonb, text) IS
'Every settlement record of a relation (rows with national names, or documents in one column of json) or of an array that an import would refuse: place (as read, from 1), setl_id, the SQLSTATE of what is wrong, the identities of I1 to I4 that fail, and words with both amounts. Reads every spelling and blank that read_setlinfo knows; a record needs setl_id, medfee_sumamt and what a bill needs (region: the insured place where records name none), codes that the dictionaries know, and a setl_id of its own; reversals a negative cost and init_setl_id. No rows: all can be imported.';

CREATE FUNCTION assistance.import_settlements(
	settlements regclass,
	target regclass,
	records jsonb DEFAULT NULL,
	region text DEFAULT NULL,
	skip_faulty boolean DEFAULT false
) RETURNS bigint
	LANGUAGE plpgsql COST 1000000 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad		bigint;
	first	text;
	written	bigint;
	list	text;
	pick	text;
	renamed	text;
BEGIN
	IF target IS NULL THEN
		RAISE EXCEPTION 'target is null' USING ERRCODE = 'MA301', HINT = 'Name the table that receives the settlements.';
	END IF;
	-- read once: another reading may come in another order. A temporary table is read as it was written, so its places are the same.
	CREATE TEMP TABLE assistance_import_record ON COMMIT DROP AS
		SELECT s.place, s.record FROM assistance.settlement_records(settlements, records) s ORDER BY s.place;
	CREATE TEMP TABLE assistance_import ON COMMIT DROP AS
		SELECT s.place, CASE WHEN f.fault IS NULL THEN assistance.setl_d_row(s.record) END AS made, f.setl_id, f.fault
		  FROM pg_temp.assistance_import_record s
		  LEFT JOIN (SELECT g.place, min(g.setl_id) AS setl_id, string_agg(g.fault, '; ') AS fault
					   FROM assistance.faulty_settlements('pg_temp.assistance_import_record', NULL, region) g GROUP BY g.place) f USING (place);
	SELECT count(*), string_agg(format('%s (%s): %s', COALESCE(b.setl_id, 'no setl_id'), b.place, b.fault), E'\n' ORDER BY b.place) FILTER (WHERE b.nth <= 5)
	  INTO bad, first
	  FROM (SELECT i.*, row_number() OVER (ORDER BY i.place) AS nth FROM pg_temp.assistance_import i WHERE i.fault IS NOT NULL) b;
	IF bad > 0 AND NOT skip_faulty THEN
		RAISE EXCEPTION '% of % settlement records are faulty; nothing was imported', bad, (SELECT count(*) FROM pg_temp.assistance_import)
			USING ERRCODE = 'MA808', DETAIL = first,
				HINT = 'SELECT * FROM assistance.faulty_settlements(…) lists them all; skip_faulty => true imports the others.';
	END IF;
	-- columns of the target that a record of SETL_D may have; others keep their defaults
	SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum), string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum)
	  INTO list, pick
	  FROM pg_attribute a
	 WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
	   AND lower(a.attname) IN (SELECT DISTINCT jsonb_object_keys(i.made) FROM pg_temp.assistance_import i WHERE i.fault IS NULL);
	IF list IS NULL AND EXISTS (SELECT FROM pg_temp.assistance_import i WHERE i.fault IS NULL) THEN
		RAISE EXCEPTION 'the relation has no column "%"', 'setl_id'
			USING ERRCODE = 'MA806', DETAIL = format('Relation %s.', target), HINT = 'The target needs columns with the names of SETL_D.';
	END IF;
	-- jsonb_populate_record knows columns by their very names
	renamed := CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> lower(a.attname))
		THEN format('(SELECT jsonb_object_agg(a.attname, r.value) FROM jsonb_each(i.made) r
				JOIN pg_attribute a ON a.attrelid = %s AND a.attnum > 0 AND lower(a.attname) = r.key)', target::oid)
		ELSE 'i.made' END;
	written := 0;
	IF list IS NOT NULL THEN
		EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM pg_temp.assistance_import i, LATERAL jsonb_populate_record(NULL::%s, %s) t
			WHERE i.fault IS NULL ORDER BY i.place', target, list, pick, target, renamed);
		GET DIAGNOSTICS written = ROW_COUNT;
	END IF;
	DROP TABLE pg_temp.assistance_import, pg_temp.assistance_import_record;
	RETURN written;
END
$$;
COMMENT ON FUNCTION assistance.import_settlements(regclass, regclass, jsonb, text, boolean) IS
'Inserts settlement records (of a relation, or where that is null of an array) into a table whose columns have names of SETL_D, and returns how many: all of them, or, if one is faulty, none (MA808; the detail shows the first five, faulty_settlements all of them). skip_faulty: the others all the same. Columns that no record has keep their defaults. Writes with the caller''s rights.';
