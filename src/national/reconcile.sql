-- reconcile: statements between an institution and a centre: group totals (3201), rows (3202), clearing (3203). Over any table or view
-- whose columns bear national names (setlinfo or SETL_D), or over records as jsonb.

CREATE FUNCTION assistance.settlement_rows(
	settlements regclass,
	records jsonb DEFAULT NULL,
	OUT setl_id text,
	OUT mdtrt_id text,
	OUT psn_no text,
	OUT insutype text,
	OUT clr_type text,
	OUT clr_way text,
	OUT setl_optins text,
	OUT fixmedins_code text,
	OUT setl_time timestamp without time zone,
	OUT refund boolean,
	OUT medfee_sumamt numeric,
	OUT med_sumfee numeric,
	OUT fund_pay_sumamt numeric,
	OUT acct_pay numeric,
	OUT cash_payamt numeric
) RETURNS SETOF record
	LANGUAGE plpgsql STABLE COST 100000 ROWS 10000 SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	-- name, other spelling, type, needed
	columns	text[] := ARRAY[['setl_id', 'setl_id', 'text', 'y'], ['mdtrt_id', 'mdtrt_id', 'text', ''], ['psn_no', 'psn_no', 'text', ''],
		['insutype', 'insutype', 'text', ''], ['clr_type', 'clr_type', 'text', ''], ['clr_way', 'clr_way', 'text', ''],
		['clr_optins', 'setl_optins', 'text', ''], ['fixmedins_code', 'fixmedins_code', 'text', ''], ['setl_time', 'setl_time', 'timestamp', ''],
		['refd_setl_flag', 'refd_setl_flag', 'text', ''], ['medfee_sumamt', 'med_fee_sumamt', 'numeric', 'y'],
		['med_sumfee', 'hi_agre_sumfee', 'numeric', ''], ['fund_pay_sumamt', 'fund_pay_sumamt', 'numeric', 'y'],
		['acct_pay', 'acct_pay', 'numeric', ''], ['psn_cash_pay', 'cash_payamt', 'numeric', '']];
	list	text;
	written	text;
	valid	text;
BEGIN
	IF settlements IS NULL THEN
		RETURN QUERY
		SELECT r.r ->> 'setl_id', r.r ->> 'mdtrt_id', r.r ->> 'psn_no', r.r ->> 'insutype', r.r ->> 'clr_type', r.r ->> 'clr_way',
			   COALESCE(r.r ->> 'clr_optins', r.r ->> 'setl_optins'), r.r ->> 'fixmedins_code', assistance.setlinfo_day(r.r, 'setl_time'),
			   COALESCE(r.r ->> 'refd_setl_flag' = '1', (r.r ->> 'medfee_sumamt')::numeric < 0, false),
			   COALESCE((r.r ->> 'medfee_sumamt')::numeric, 0), (r.r ->> 'med_sumfee')::numeric, COALESCE((r.r ->> 'fund_pay_sumamt')::numeric, 0),
			   COALESCE((r.r ->> 'acct_pay')::numeric, 0), COALESCE((r.r ->> 'psn_cash_pay')::numeric, 0)
		  FROM jsonb_array_elements(COALESCE(records, '[]')) e, LATERAL (SELECT assistance.read_setlinfo(e.value) AS r OFFSET 0) r
		 WHERE COALESCE(r.r ->> 'vali_flag', '1') = '1';
		RETURN;
	END IF;
	FOR i IN 1 .. array_length(columns, 1) LOOP
		SELECT format(CASE columns[i][3] WHEN 'numeric' THEN CASE columns[i][1] WHEN 'med_sumfee' THEN 's.%I::numeric' ELSE 'COALESCE(s.%I::numeric, 0)' END
				ELSE 's.%I::' || columns[i][3] END, a.attname)
		  INTO written
		  FROM pg_attribute a
		 WHERE a.attrelid = settlements AND a.attnum > 0 AND NOT a.attisdropped AND lower(a.attname) IN (columns[i][1], columns[i][2])
		 ORDER BY lower(a.attname) <> columns[i][1], a.attnum LIMIT 1;
		IF written IS NULL AND columns[i][4] = 'y' THEN
			RAISE EXCEPTION 'the relation has no column "%"', columns[i][1]
				USING ERRCODE = 'MA806', DETAIL = format('Relation %s.', settlements),
					HINT = 'Reconcile tables or views with columns named as in setlinfo or SETL_D; a view can rename them.';
		END IF;
		IF columns[i][1] = 'refd_setl_flag' THEN
			written := format('COALESCE(%s = ''1'', false)', COALESCE(written, 'NULL::text'));
		END IF;
		list := concat_ws(', ', list, COALESCE(written, CASE WHEN columns[i][1] IN ('acct_pay', 'psn_cash_pay') THEN '0::numeric' ELSE 'NULL::' || columns[i][3] END));
	END LOOP;
	SELECT format(' WHERE COALESCE(s.%I::text, ''1'') = ''1''', a.attname) INTO valid
	  FROM pg_attribute a WHERE a.attrelid = settlements AND a.attnum > 0 AND NOT a.attisdropped AND lower(a.attname) = 'vali_flag' LIMIT 1;
	RETURN QUERY EXECUTE format('SELECT %s FROM %s s%s', list, settlements, valid);
END
$$;
COMMENT ON FUNCTION assistance.settlement_rows(regclass, jsonb) IS
'The columns that reconciliation needs, of a table or view with national names (setlinfo or SETL_D, any case), or where settlements is null of an array of records in any spelling. refund: refd_setl_flag 1 (in records without the flag, a negative cost). Rows whose vali_flag is not 1 (invalid, or suspended by 冲正) are left out. Amounts in yuan, null as 0. Read with the caller''s rights. Errors MA801, MA806.';

CREATE FUNCTION assistance.statement_totals(
	settlements regclass,
	from_day date DEFAULT NULL,
	to_day date DEFAULT NULL,
	include_refunds boolean DEFAULT true,
	records jsonb DEFAULT NULL,
	OUT insutype text,
	OUT clr_type text,
	OUT setl_optins text,
	OUT row_count bigint,
	OUT net_count bigint,
	OUT medfee_sumamt numeric,
	OUT fund_pay_sumamt numeric,
	OUT acct_pay numeric,
	OUT cash_payamt numeric
) RETURNS SETOF record
	LANGUAGE sql STABLE COST 100000 ROWS 20
BEGIN ATOMIC
	SELECT s.insutype, s.clr_type, s.setl_optins, pg_catalog.count(*), pg_catalog.sum(CASE WHEN s.refund THEN -1 ELSE 1 END)::bigint,
		   pg_catalog.sum(s.medfee_sumamt), pg_catalog.sum(s.fund_pay_sumamt), pg_catalog.sum(s.acct_pay), pg_catalog.sum(s.cash_payamt)
	  FROM assistance.settlement_rows(statement_totals.settlements, statement_totals.records) s
	 WHERE (statement_totals.from_day IS NULL OR s.setl_time >= statement_totals.from_day)
	   AND (statement_totals.to_day IS NULL OR s.setl_time < statement_totals.to_day + 1)
	   AND (statement_totals.include_refunds OR NOT s.refund)
	 GROUP BY s.insutype, s.clr_type, s.setl_optins
	 ORDER BY s.insutype, s.clr_type, s.setl_optins;
END;
COMMENT ON FUNCTION assistance.statement_totals(regclass, date, date, boolean, jsonb) IS
'对总账 (3201): sums by insutype, clr_type and office over the settlements of these days (setl_time, both inclusive; null: open). Refunds count with their negative amounts, or not at all (include_refunds false). row_count: rows; net_count: settlements less refunds. Amounts in yuan. settlements null: records, a jsonb array. Errors MA801, MA806.';

CREATE FUNCTION assistance.reconcile(
	ours regclass,
	theirs regclass,
	our_records jsonb DEFAULT NULL,
	their_records jsonb DEFAULT NULL,
	OUT difference text,
	OUT setl_id text,
	OUT differing text[],
	OUT our_medfee_sumamt numeric,
	OUT their_medfee_sumamt numeric,
	OUT our_fund_pay_sumamt numeric,
	OUT their_fund_pay_sumamt numeric,
	OUT our_acct_pay numeric,
	OUT their_acct_pay numeric
) RETURNS SETOF record
	LANGUAGE sql STABLE COST 1000000 ROWS 100
BEGIN ATOMIC
	SELECT CASE WHEN t.setl_id IS NULL THEN 'only_ours' WHEN o.setl_id IS NULL THEN 'only_theirs' ELSE 'differ' END,
		   COALESCE(o.setl_id, t.setl_id), CASE WHEN o.setl_id IS NOT NULL AND t.setl_id IS NOT NULL THEN d.names END,
		   o.medfee_sumamt, t.medfee_sumamt, o.fund_pay_sumamt, t.fund_pay_sumamt, o.acct_pay, t.acct_pay
	  FROM (SELECT s.*, pg_catalog.row_number() OVER (PARTITION BY s.setl_id ORDER BY s.medfee_sumamt, s.fund_pay_sumamt, s.acct_pay) AS nth
			  FROM assistance.settlement_rows(reconcile.ours, reconcile.our_records) s WHERE s.setl_id IS NOT NULL) o
	  FULL JOIN (SELECT s.*, pg_catalog.row_number() OVER (PARTITION BY s.setl_id ORDER BY s.medfee_sumamt, s.fund_pay_sumamt, s.acct_pay) AS nth
			  FROM assistance.settlement_rows(reconcile.theirs, reconcile.their_records) s WHERE s.setl_id IS NOT NULL) t
		ON o.setl_id = t.setl_id AND o.nth = t.nth
	 CROSS JOIN LATERAL (SELECT pg_catalog.array_remove(ARRAY[
			CASE WHEN o.medfee_sumamt <> t.medfee_sumamt THEN 'medfee_sumamt' END,
			CASE WHEN o.fund_pay_sumamt <> t.fund_pay_sumamt THEN 'fund_pay_sumamt' END,
			CASE WHEN o.acct_pay <> t.acct_pay THEN 'acct_pay' END,
			CASE WHEN o.refund <> t.refund THEN 'refd_setl_flag' END,
			CASE WHEN o.mdtrt_id <> t.mdtrt_id THEN 'mdtrt_id' END,
			CASE WHEN o.psn_no <> t.psn_no THEN 'psn_no' END], NULL) AS names) d
	 WHERE o.setl_id IS NULL OR t.setl_id IS NULL OR d.names <> '{}'
	 ORDER BY 2, 1;
END;
COMMENT ON FUNCTION assistance.reconcile(regclass, regclass, jsonb, jsonb) IS
'对明细账 (3202): every difference between two sets of settlements, by setl_id: only_ours, only_theirs, or differ with the columns that do (amounts, refd_setl_flag; mdtrt_id and psn_no where both sides name them). A setl_id that stands twice on one side and once on the other is a difference; rows without setl_id are left out. Each side is a table or view, or, where that is null, a jsonb array. Amounts in yuan. Errors MA801, MA806.';

CREATE FUNCTION assistance.statement_file(
	settlements regclass,
	from_day date DEFAULT NULL,
	to_day date DEFAULT NULL,
	include_refunds boolean DEFAULT true,
	records jsonb DEFAULT NULL
) RETURNS text
	LANGUAGE sql STABLE COST 100000
BEGIN ATOMIC
	SELECT pg_catalog.string_agg(pg_catalog.concat_ws(E'\t', s.setl_id, COALESCE(s.mdtrt_id, 'null'), COALESCE(s.psn_no, 'null'), s.medfee_sumamt::numeric(16,2),
			s.fund_pay_sumamt::numeric(16,2), s.acct_pay::numeric(16,2), CASE WHEN s.refund THEN '1' ELSE '0' END), E'\n' ORDER BY s.setl_time, s.setl_id) || E'\n'
	  FROM assistance.settlement_rows(statement_file.settlements, statement_file.records) s
	 WHERE (statement_file.from_day IS NULL OR s.setl_time >= statement_file.from_day)
	   AND (statement_file.to_day IS NULL OR s.setl_time < statement_file.to_day + 1)
	   AND (statement_file.include_refunds OR NOT s.refund) AND s.setl_id IS NOT NULL;
END;
COMMENT ON FUNCTION assistance.statement_file(regclass, date, date, boolean, jsonb) IS
'对明细账 (3202): the file of settlements of these days (setl_time, both inclusive; null: open): setl_id, mdtrt_id, psn_no, medfee_sumamt, fund_pay_sumamt, acct_pay, refd_setl_flag, separated by tabs, blanks as the word null, a line each. Amounts in yuan. settlements null: records. Null where there is none. Errors MA801, MA806.';

CREATE FUNCTION assistance.statement_records(file text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
BEGIN ATOMIC
	SELECT COALESCE(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('setl_id', l.f[1], 'mdtrt_id', NULLIF(l.f[2], 'null'), 'psn_no', NULLIF(l.f[3], 'null'),
			'medfee_sumamt', l.f[4], 'fund_pay_sumamt', l.f[5], 'acct_pay', l.f[6], 'refd_setl_flag', NULLIF(l.f[7], 'null')) ORDER BY l.n), '[]')
	  FROM (SELECT pg_catalog.string_to_array(pg_catalog.rtrim(t.line, E'\r'), E'\t') AS f, t.n
			  FROM pg_catalog.string_to_table(statement_records.file, E'\n') WITH ORDINALITY t (line, n) WHERE pg_catalog.btrim(t.line, E' \r') <> '') l;
END;
COMMENT ON FUNCTION assistance.statement_records(text) IS 'A file of 3202, or of its result in the same columns, as records for assistance.reconcile. The word null stands for a blank.';

CREATE FUNCTION assistance.clearing_totals(
	settlements regclass,
	from_day date DEFAULT NULL,
	to_day date DEFAULT NULL,
	records jsonb DEFAULT NULL,
	OUT fixmedins_code text,
	OUT setlym text,
	OUT clr_type text,
	OUT clr_way text,
	OUT psntime bigint,
	OUT medfee_sumamt numeric,
	OUT med_sumfee numeric,
	OUT fund_appy_sum numeric,
	OUT cash_payamt numeric,
	OUT acct_pay numeric,
	OUT begndate date,
	OUT enddate date
) RETURNS SETOF record
	LANGUAGE sql STABLE COST 100000 ROWS 50
BEGIN ATOMIC
	SELECT s.fixmedins_code, pg_catalog.to_char(s.setl_time, 'YYYYMM'), s.clr_type, s.clr_way, pg_catalog.sum(CASE WHEN s.refund THEN -1 ELSE 1 END)::bigint,
		   pg_catalog.sum(s.medfee_sumamt), pg_catalog.sum(s.med_sumfee), pg_catalog.sum(s.fund_pay_sumamt), pg_catalog.sum(s.cash_payamt),
		   pg_catalog.sum(s.acct_pay), pg_catalog.min(s.setl_time)::date, pg_catalog.max(s.setl_time)::date
	  FROM assistance.settlement_rows(clearing_totals.settlements, clearing_totals.records) s
	 WHERE (clearing_totals.from_day IS NULL OR s.setl_time >= clearing_totals.from_day)
	   AND (clearing_totals.to_day IS NULL OR s.setl_time < clearing_totals.to_day + 1)
	 GROUP BY s.fixmedins_code, pg_catalog.to_char(s.setl_time, 'YYYYMM'), s.clr_type, s.clr_way
	 ORDER BY s.fixmedins_code, pg_catalog.to_char(s.setl_time, 'YYYYMM'), s.clr_type, s.clr_way;
END;
COMMENT ON FUNCTION assistance.clearing_totals(regclass, date, date, jsonb) IS
'清算申请 (3203): totals by institution, month of setl_time, clr_type and clr_way; psntime: settlements less refunds; fund_appy_sum: sum of fund_pay_sumamt; med_sumfee null where the relation does not say what the insurance recognises; begndate, enddate: first and last day with a settlement. Amounts in yuan. Errors MA801, MA806.';
