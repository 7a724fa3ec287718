-- The register in partitions: by a hash of the person, or by the year in which claims arrive. Claims, their lines, settlements and
-- payments go together. What a partitioned table of claims cannot keep unique stands in claim_key, which a plain register has not.

CREATE PROCEDURE assistance.create_claim_key()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	leaf record;
	name text;
BEGIN
	IF NOT EXISTS (SELECT FROM pg_partitioned_table t WHERE t.partrelid = 'assistance_register.claim'::regclass) THEN
		RETURN;
	END IF;
	IF to_regclass('assistance_register.claim_key') IS NULL THEN
		CREATE TABLE assistance_register.claim_key (
			claim_id bigint CONSTRAINT claim_key_pkey PRIMARY KEY,
			person_id bigint NOT NULL,
			request_key text COLLATE "C" NOT NULL CONSTRAINT claim_request_key UNIQUE,
			reverses bigint CONSTRAINT claim_reverses UNIQUE,
			ordered_at timestamp,
			seq bigint,
			CONSTRAINT claim_order UNIQUE (person_id, ordered_at, seq)
		);
	END IF;
	-- what came in while there was no trigger, as after DROP EXTENSION
	IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'assistance_register.claim'::regclass AND t.tgname = 'claim_key') THEN
		LOCK TABLE assistance_register.claim IN SHARE ROW EXCLUSIVE MODE;
		INSERT INTO assistance_register.claim_key (claim_id, person_id, request_key, reverses, ordered_at, seq)
		SELECT c.claim_id, c.person_id, c.request_key, c.reverses, CASE WHEN t.counts THEN c.ordered_at END, CASE WHEN t.counts THEN c.seq END
		  FROM assistance_register.claim c CROSS JOIN LATERAL (SELECT c.reverses IS NULL AND c.not_settled IS NULL AS counts) t
		 WHERE NOT EXISTS (SELECT FROM assistance_register.claim_key k WHERE k.claim_id = c.claim_id);
	END IF;
	CREATE OR REPLACE TRIGGER claim_key AFTER INSERT OR UPDATE OR DELETE ON assistance_register.claim
		FOR EACH ROW EXECUTE FUNCTION assistance.keep_claim_key();
	FOR name IN SELECT t.relid::regclass FROM pg_partition_tree('assistance_register.claim') t LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER claim_key', name);
	END LOOP;
	-- before PostgreSQL 17 partitions do not take their numbers from the identity of the table
	IF current_setting('server_version_num')::integer < 170000 THEN
		FOR leaf IN SELECT t.relid::regclass AS partition, a.attname AS id, v.of_table
					  FROM (VALUES ('claim', 'claim_id'), ('settlement', 'settlement_id')) v (of_table, id)
					 CROSS JOIN LATERAL pg_partition_tree(format('assistance_register.%I', v.of_table)::regclass) t
					  JOIN pg_attribute a ON a.attrelid = t.relid AND a.attname = v.id
					 WHERE t.level > 0 AND NOT a.atthasdef AND a.attidentity = '' LOOP
			EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT nextval(%L)', leaf.partition, leaf.id,
				pg_get_serial_sequence(format('assistance_register.%I', leaf.of_table), leaf.id));
		END LOOP;
	END IF;
END
$$;
COMMENT ON PROCEDURE assistance.create_claim_key() IS 'Part of create_register: where claims are partitioned, makes claim_key with what is once only in the whole register, and its trigger on every partition.';

-- A settlement stands in the partition that its claim stands in, a payment in that of its settlement. So the foreign keys go from partition
-- to partition: one to a partitioned table is planned anew for every row, and holds a year back that is to be detached.
CREATE PROCEDURE assistance.create_leaf_keys()
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	leaf record;
	referred text;
BEGIN
	IF NOT EXISTS (SELECT FROM pg_partitioned_table t WHERE t.partrelid = 'assistance_register.claim'::regclass) THEN
		RETURN;
	END IF;
	FOR leaf IN SELECT c.relname AS name, v.name AS key, v.columns, v.of_table, v.referred
				  FROM (VALUES ('settlement', 'settlement_claim', 'person_id, claim_id', 'claim'),
					('payment', 'payment_settlement', 'person_id, claim_id, revision', 'settlement')) v (of_table, name, columns, referred)
				 CROSS JOIN LATERAL pg_partition_tree(format('assistance_register.%I', v.of_table)::regclass) t
				  JOIN pg_class c ON c.oid = t.relid
				 WHERE t.isleaf AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.relid AND k.conname = v.name)
				 ORDER BY v.of_table DESC, c.relname LOOP
		referred := leaf.referred || substr(leaf.name, length(leaf.of_table) + 1);
		IF to_regclass(format('assistance_register.%I', referred)) IS NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('partition %s stands alone', leaf.name),
				DETAIL = format('Its rows belong to those of %s, which does not exist.', referred),
				HINT = 'Partitions of claim, claim_line, settlement and payment have the same bounds and the same ends of their names.';
		END IF;
		EXECUTE format('ALTER TABLE assistance_register.%1$I ADD CONSTRAINT %2$I FOREIGN KEY (%3$s) REFERENCES assistance_register.%4$I (%3$s)',
			leaf.name, leaf.key, leaf.columns, referred);
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.create_leaf_keys() IS 'Part of create_register: foreign keys from each partition of the payments to that of the settlements, and from there to that of the claims.';

-- ---- making partitions ----

CREATE PROCEDURE assistance.create_hash_partitions(of_table text, partitions integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	FOR n IN 0 .. partitions - 1 LOOP
		EXECUTE format('CREATE TABLE assistance_register.%I PARTITION OF assistance_register.%I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
			of_table || '_' || n, of_table, partitions, n);
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.create_hash_partitions(text, integer) IS 'Part of partition_register: so many hash partitions of a table of the register, named by their remainders.';

-- What is of one person hashes by the person; a line of charges knows its claim only.
CREATE FUNCTION assistance.hash_of_partitions(of_table text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT CASE of_table WHEN 'claim_line' THEN 'HASH (claim_id)' ELSE 'HASH (person_id)' END;
	END;
COMMENT ON FUNCTION assistance.hash_of_partitions(text) IS 'Part of partition_register: by which hash a table of the register is partitioned.';

CREATE PROCEDURE assistance.create_year_partitions(year integer, first_id text, end_id bigint, partitions integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	of_table text;
BEGIN
	FOREACH of_table IN ARRAY ARRAY['claim', 'claim_line', 'settlement', 'payment'] LOOP
		EXECUTE format('CREATE TABLE assistance_register.%I PARTITION OF assistance_register.%I FOR VALUES FROM (%s) TO (%s)',
				of_table || '_' || year, of_table, first_id, end_id)
			|| CASE WHEN partitions > 1 THEN ' PARTITION BY ' || assistance.hash_of_partitions(of_table) ELSE '' END;
		IF partitions > 1 THEN
			CALL assistance.create_hash_partitions(of_table || '_' || year, partitions);
		END IF;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.create_year_partitions(integer, text, bigint, integer) IS 'Part of partition_register: the partitions of one year, of claims numbered from first_id to before end_id.';

-- The number that claims of a year begin with: the year and twelve digits. Exact in JSON too (below 2^53).
CREATE FUNCTION assistance.first_claim_of(year integer) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT year * 1000000000000::bigint;
	END;
COMMENT ON FUNCTION assistance.first_claim_of(integer) IS 'The number that the claims of a year begin with where the register is partitioned by year: the year and twelve digits.';

CREATE FUNCTION assistance.year_now() RETURNS integer
	LANGUAGE sql VOLATILE PARALLEL SAFE COST 5
	BEGIN ATOMIC
		SELECT pg_catalog.date_part('year', pg_catalog.clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::integer;
	END;
COMMENT ON FUNCTION assistance.year_now() IS 'Part of partition_register: the year in China now.';

-- From the year of the first claim to this one, each from the first number that came in it. Empty years have no partition.
CREATE PROCEDURE assistance.create_years_so_far(source regclass, partitions integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	this_year CONSTANT integer := assistance.year_now();
	first_year integer;
	highest bigint;
	begins bigint;
	next_begins bigint;
	bound text := 'MINVALUE';
BEGIN
	EXECUTE format('SELECT date_part(''year'', min(received_at) AT TIME ZONE ''Asia/Shanghai''), max(claim_id) FROM %s', source)
		INTO first_year, highest;
	IF highest >= assistance.first_claim_of(this_year + 1) THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the numbers of claims leave no room for years',
			DETAIL = format('Claim %s has a number of the year %s or later.', highest, this_year + 1),
			HINT = 'Partition the register by person: CALL assistance.partition_register(''person'').';
	END IF;
	FOR y IN COALESCE(first_year, this_year) .. this_year LOOP
		next_begins := assistance.first_claim_of(this_year + 1);
		IF y < this_year THEN
			EXECUTE format('SELECT min(claim_id) FROM %s WHERE received_at >= make_timestamptz($1, 1, 1, 0, 0, 0, ''Asia/Shanghai'')', source)
				INTO begins USING y + 1;
			next_begins := COALESCE(begins, (SELECT highest + 1));
		END IF;
		CONTINUE WHEN bound = next_begins::text;
		CALL assistance.create_year_partitions(y, bound, next_begins, partitions);
		bound := next_begins::text;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.create_years_so_far(regclass, integer) IS 'Part of partition_register: partitions for the years of the claims that are there, and for this year.';

-- ---- from a plain register to a partitioned one ----

-- What somebody has put on a table of the register and no CREATE TABLE … LIKE takes over
CREATE FUNCTION assistance.what_hangs_on(of_table text) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 1000 ROWS 20
	AS $$
DECLARE
	source CONSTANT regclass := format('assistance_register.%I', of_table)::regclass;
	name CONSTANT text := format('assistance_register.%I', of_table);
BEGIN
	RETURN QUERY
	SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, name, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
			CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
	  FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.oid = source AND a.grantee <> c.relowner
	UNION ALL
	SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, name,
			CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
	  FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a WHERE t.attrelid = source AND NOT t.attisdropped
	UNION ALL
	SELECT format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', p.policyname, name, p.permissive, p.cmd,
			(SELECT string_agg(CASE r WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(r) END, ', ') FROM unnest(p.roles) r))
			|| COALESCE(' USING (' || p.qual || ')', '') || COALESCE(' WITH CHECK (' || p.with_check || ')', '')
	  FROM pg_policies p WHERE p.schemaname = 'assistance_register' AND p.tablename = of_table
	UNION ALL
	SELECT format('ALTER TABLE %s %s', name, s.what)
	  FROM pg_class c CROSS JOIN LATERAL (VALUES (c.relrowsecurity, 'ENABLE ROW LEVEL SECURITY'),
			(c.relforcerowsecurity, 'FORCE ROW LEVEL SECURITY')) s (is_so, what)
	 WHERE c.oid = source AND s.is_so
	UNION ALL
	SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
	  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
	 WHERE i.indrelid = source AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
	   AND c.relname NOT IN ('claim_order', 'claim_reversal_of_person', 'claim_of_institution')
	UNION ALL
	SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', name, k.conname, pg_get_constraintdef(k.oid))
	  FROM pg_constraint k
	 WHERE k.conrelid = source AND k.contype IN ('f', 'u', 'x') AND k.conname NOT IN ('claim_person_id_fkey', 'claim_institution_id_fkey',
		'claim_reverses_fkey', 'claim_corrects_fkey', 'claim_request_key', 'claim_reverses', 'claim_line_claim_id_fkey', 'settlement_claim_id_fkey',
		'payment_person_id_claim_id_revision_fkey')
	UNION ALL
	SELECT d.statement
	  FROM pg_trigger t CROSS JOIN LATERAL (VALUES (true, pg_get_triggerdef(t.oid)),
			(t.tgenabled <> 'O', format('ALTER TABLE %s %s TRIGGER %I', name,
				CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, t.tgname))) d (is_so, statement)
	 WHERE d.is_so AND t.tgrelid = source AND NOT t.tgisinternal
	   AND t.tgname NOT IN ('settle_claims', 'check_claim_lines', 'insurer_first', 'append_only')
	UNION ALL
	SELECT d.statement
	  FROM pg_rewrite r CROSS JOIN LATERAL (VALUES (true, pg_get_ruledef(r.oid)),
			(r.ev_enabled <> 'O', format('ALTER TABLE %s %s RULE %I', name,
				CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, r.rulename))) d (is_so, statement)
	 WHERE d.is_so AND r.ev_class = source;
END
$$;
COMMENT ON FUNCTION assistance.what_hangs_on(text) IS 'Part of partition_register: grants, policies, row security, and indexes, keys, triggers and rules of the owner''s own on a table of the register, as statements.';

-- Their names are taken until the old table is gone
CREATE FUNCTION assistance.statistics_of(of_table text) RETURNS SETOF text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 100 ROWS 2
	BEGIN ATOMIC
		SELECT d.statement
		  FROM pg_catalog.pg_statistic_ext s CROSS JOIN LATERAL (VALUES (true, pg_catalog.pg_get_statisticsobjdef(s.oid)),
				(s.stxstattarget >= 0, pg_catalog.format('ALTER STATISTICS %s.%I SET STATISTICS %s', s.stxnamespace::pg_catalog.regnamespace::text,
					s.stxname, s.stxstattarget))) d (is_so, statement)
		 WHERE d.is_so AND s.stxrelid = pg_catalog.format('assistance_register.%I', of_table)::pg_catalog.regclass;
	END;
COMMENT ON FUNCTION assistance.statistics_of(text) IS 'Part of partition_register: extended statistics of the owner''s own on a table of the register, as statements.';

-- What neither CREATE TABLE … LIKE nor PARTITION OF takes over. Storage parameters are for partitions that hold rows.
CREATE FUNCTION assistance.settings_of(source regclass, target regclass) RETURNS SETOF text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 100 ROWS 2
	BEGIN ATOMIC
		SELECT pg_catalog.format('ALTER TABLE %s SET (%s)', target, pg_catalog.string_agg(pg_catalog.format('%s%I = %L', o.of,
				pg_catalog.split_part(o.option, '=', 1), pg_catalog.substr(o.option, pg_catalog.strpos(o.option, '=') + 1)), ', '))
		  FROM pg_catalog.pg_class t, (SELECT '' AS of, pg_catalog.unnest(c.reloptions) AS option FROM pg_catalog.pg_class c WHERE c.oid = source
			UNION ALL SELECT 'toast.', pg_catalog.unnest(x.reloptions) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_class x
				ON x.oid = c.reltoastrelid WHERE c.oid = source) o
		 WHERE t.oid = target AND t.relkind = 'r'
		HAVING pg_catalog.count(*) > 0
		UNION ALL
		SELECT pg_catalog.format('ALTER TABLE %s REPLICA IDENTITY %s', target, CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)
		  FROM pg_catalog.pg_class c WHERE c.oid = source AND c.relreplident IN ('f', 'n')
		UNION ALL
		SELECT pg_catalog.format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS %s', target, a.attname, a.attstattarget)
		  FROM pg_catalog.pg_attribute a WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0
		UNION ALL
		SELECT pg_catalog.format('ALTER TABLE ONLY %s ALTER COLUMN %I SET (%s)', target, a.attname, o.option)
		  FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL pg_catalog.unnest(a.attoptions) o (option)
		 WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped AND o.option ~ '^n_distinct(_inherited)?=';
	END;
COMMENT ON FUNCTION assistance.settings_of(regclass, regclass) IS 'Part of partition_register: storage parameters, replica identity and targets of statistics of a table, as statements for another one.';

CREATE PROCEDURE assistance.copy_settings(source regclass, of_table text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	statement text;
BEGIN
	FOR statement IN SELECT s.statement FROM pg_partition_tree(format('assistance_register.%I', of_table)::regclass) t
					  CROSS JOIN LATERAL assistance.settings_of(source, t.relid) s (statement) LOOP
		EXECUTE statement;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.copy_settings(regclass, text) IS 'Part of partition_register: gives a partitioned table of the register and its partitions the settings of another table.';

CREATE PROCEDURE assistance.check_partition_register(by text, partitions integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	owner name := (SELECT n.nspowner::regrole FROM pg_namespace n WHERE n.nspname = 'assistance_register');
	found text;
BEGIN
	IF to_regclass('assistance_register.claim') IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA701', MESSAGE = 'there is no register',
			DETAIL = 'Schema assistance_register has no table of claims.', HINT = 'CALL assistance.create_register() first.';
	END IF;
	IF by IS NULL OR by NOT IN ('person', 'year') OR partitions < 1 OR partitions > 1024 THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a register cannot be partitioned like that',
			DETAIL = format('by is %s, partitions is %s.', COALESCE(quote_literal(by), 'null'), COALESCE(partitions::text, 'null')),
			HINT = 'CALL assistance.partition_register(''person'', 16), or (''year''); at most 1024 partitions.';
	END IF;
	SELECT pg_get_partkeydef(t.partrelid) INTO found FROM pg_partitioned_table t WHERE t.partrelid = 'assistance_register.claim'::regclass;
	IF found IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the register is partitioned already',
			DETAIL = format('Its claims are partitioned by %s.', found),
			HINT = 'Add a year with assistance.add_register_year(); to change the layout, restore a data-only dump into a register that was partitioned while empty.';
	END IF;
	IF owner <> current_user THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'schema assistance_register belongs to somebody else',
			DETAIL = format('Its owner is %s; the new tables would belong to %s.', owner, current_user),
			HINT = format('SET ROLE %I first.', owner);
	END IF;
	SELECT c.relname INTO found FROM pg_class c
	 WHERE c.relnamespace = 'assistance_register'::regnamespace AND c.relname IN ('claim', 'claim_line', 'settlement', 'payment') AND c.relreplident = 'i';
	IF found IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('the replica identity of %s is an index', found),
			DETAIL = 'No index of the whole table says which row it is once there are partitions.',
			HINT = format('ALTER TABLE assistance_register.%I REPLICA IDENTITY DEFAULT (the primary key) or FULL first.', found);
	END IF;
	FOR found IN SELECT p.pubname FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
				  WHERE r.prrelid = ANY (ARRAY['assistance_register.claim', 'assistance_register.claim_line',
					'assistance_register.settlement', 'assistance_register.payment']::regclass[]) GROUP BY 1 ORDER BY 1 LOOP
		RAISE WARNING 'publication % loses the tables that are partitioned', found
			USING HINT = 'ALTER PUBLICATION … SET (publish_via_partition_root = true) and ADD TABLE in the same transaction: docs/operations.md, section 7.';
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.check_partition_register(text, integer) IS 'Part of partition_register: refuses what cannot be done (MA701, 22023, 55000, 42501) and names publications that lose tables.';

-- The tables as they are, out of the way, and new ones with the same columns, checks and rows
CREATE PROCEDURE assistance.move_register(by text, partitions integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	of_table text;
	old record;
	sequence regclass;
BEGIN
	CREATE SCHEMA assistance_register_before;
	FOREACH of_table IN ARRAY ARRAY['claim', 'claim_line', 'settlement', 'payment'] LOOP
		FOR old IN SELECT r.oid::regclass AS name
					 FROM (SELECT format('assistance_register.%I', of_table)::regclass AS oid
						   UNION SELECT t.relid FROM pg_partition_tree(format('assistance_register.%I', of_table)::regclass) t) r LOOP
			EXECUTE format('ALTER TABLE %s SET SCHEMA assistance_register_before', old.name);
		END LOOP;
		EXECUTE format('CREATE TABLE assistance_register.%1$I (LIKE assistance_register_before.%1$I
			INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS) PARTITION BY %2$s', of_table,
			CASE by WHEN 'year' THEN 'RANGE (claim_id)' ELSE assistance.hash_of_partitions(of_table) END)
			|| COALESCE((SELECT format(' TABLESPACE %I', s.spcname) FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace
				WHERE c.oid = format('assistance_register_before.%I', of_table)::regclass), '');
		IF by = 'person' THEN
			CALL assistance.create_hash_partitions(of_table, partitions);
		END IF;
	END LOOP;
	IF by = 'year' THEN
		CALL assistance.create_years_so_far('assistance_register_before.claim', partitions);
	END IF;
	INSERT INTO assistance_register.claim OVERRIDING SYSTEM VALUE SELECT * FROM assistance_register_before.claim ORDER BY person_id, claim_id;
	INSERT INTO assistance_register.claim_line SELECT * FROM assistance_register_before.claim_line ORDER BY claim_id, line_no;
	INSERT INTO assistance_register.settlement OVERRIDING SYSTEM VALUE
	SELECT * FROM assistance_register_before.settlement ORDER BY person_id, claim_id, revision;
	INSERT INTO assistance_register.payment SELECT * FROM assistance_register_before.payment ORDER BY claim_id, revision, place;
	FOR old IN VALUES ('claim', 'claim_id'), ('settlement', 'settlement_id') LOOP
		sequence := pg_get_serial_sequence('assistance_register.' || old.column1, old.column2);
		EXECUTE format('SELECT setval(%L, last_value, is_called) FROM %s', sequence,
			pg_get_serial_sequence('assistance_register_before.' || old.column1, old.column2));
	END LOOP;
END
$$;
COMMENT ON PROCEDURE assistance.move_register(text, integer) IS 'Part of partition_register: the tables go to schema assistance_register_before, and partitioned ones with the same rows take their place.';

-- Keys that lead with what the partitions go by, and indexes; after the rows
CREATE PROCEDURE assistance.create_partitioned_keys(by text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	ALTER TABLE assistance_register.claim ADD CONSTRAINT claim_pkey PRIMARY KEY (claim_id, person_id),
		ADD CONSTRAINT claim_person_id_fkey FOREIGN KEY (person_id) REFERENCES assistance_register.person,
		ADD CONSTRAINT claim_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES assistance_register.institution;
	-- serves ON CONFLICT (request_key, person_id), where the partition is known by the person
	IF by = 'person' THEN
		ALTER TABLE assistance_register.claim ADD CONSTRAINT claim_request UNIQUE (request_key, person_id);
	ELSE
		CREATE INDEX claim_request ON assistance_register.claim (request_key);
	END IF;
	CREATE INDEX claim_of_person ON assistance_register.claim (person_id, ordered_at, seq);
	CREATE INDEX claim_reversal_of_claim ON assistance_register.claim (reverses) WHERE reverses IS NOT NULL;
	CREATE INDEX claim_reversal_of_person ON assistance_register.claim (person_id) WHERE reverses IS NOT NULL;
	CREATE INDEX claim_of_institution ON assistance_register.claim (institution_id) WHERE institution_id IS NOT NULL;
	CALL assistance.create_claim_key();
	ALTER TABLE assistance_register.claim
		ADD CONSTRAINT claim_reverses_fkey FOREIGN KEY (reverses) REFERENCES assistance_register.claim_key,
		ADD CONSTRAINT claim_corrects_fkey FOREIGN KEY (corrects) REFERENCES assistance_register.claim_key;
	ALTER TABLE assistance_register.claim_line ADD CONSTRAINT claim_line_pkey PRIMARY KEY (claim_id, line_no),
		ADD CONSTRAINT claim_line_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES assistance_register.claim_key;
	ALTER TABLE assistance_register.settlement ADD CONSTRAINT settlement_pkey PRIMARY KEY (person_id, claim_id, revision);
	ALTER TABLE assistance_register.payment ADD CONSTRAINT payment_pkey PRIMARY KEY (claim_id, person_id, revision, layer, kind, entry);
	CALL assistance.create_leaf_keys();
	-- recoverables outlast the year of their claim
	IF by = 'person' THEN
		ALTER TABLE assistance_register.recoverable
			ADD CONSTRAINT recoverable_settlement FOREIGN KEY (person_id, claim_id, revision) REFERENCES assistance_register.settlement;
	ELSE
		ALTER TABLE assistance_register.recoverable
			ADD CONSTRAINT recoverable_claim FOREIGN KEY (claim_id) REFERENCES assistance_register.claim_key;
	END IF;
END
$$;
COMMENT ON PROCEDURE assistance.create_partitioned_keys(text) IS 'Part of partition_register: keys, foreign keys and indexes of the partitioned tables.';

CREATE PROCEDURE assistance.partition_register(by text, partitions integer DEFAULT NULL)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	tables CONSTANT text[] := ARRAY['claim', 'claim_line', 'settlement', 'payment'];
	hanging text[];
	statistics text[];
	statement text;
	of_table text;
BEGIN
	CALL assistance.check_partition_register(by, partitions);
	LOCK TABLE assistance_register.claim, assistance_register.claim_line, assistance_register.settlement, assistance_register.payment,
		assistance_register.recoverable IN ACCESS EXCLUSIVE MODE;
	SELECT array_agg(h.statement) INTO hanging FROM unnest(tables) t (name) CROSS JOIN LATERAL assistance.what_hangs_on(t.name) h (statement);
	SELECT array_agg(h.statement) INTO statistics FROM unnest(tables) t (name) CROSS JOIN LATERAL assistance.statistics_of(t.name) h (statement);
	CALL assistance.move_register(by, COALESCE(partitions, CASE by WHEN 'person' THEN 16 ELSE 1 END));
	FOREACH of_table IN ARRAY tables LOOP
		CALL assistance.copy_settings(format('assistance_register_before.%I', of_table)::regclass, of_table);
	END LOOP;
	-- what refers to the old tables goes over to the new ones, or goes
	CALL assistance.create_register_objects();
	CALL assistance.create_national_views();
	FOREACH statement IN ARRAY COALESCE(hanging, '{}') LOOP
		EXECUTE statement;
	END LOOP;
	IF to_regclass('assistance_register.access') IS NOT NULL THEN
		CALL assistance.create_register_roles();
	END IF;
	FOR statement IN
		-- together: one calls another
		SELECT 'DROP FUNCTION ' || string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
		 WHERE p.pronamespace = 'assistance_register'::regnamespace
		   AND (SELECT c.reltype FROM pg_class c WHERE c.oid = 'assistance_register_before.claim'::regclass) = ANY (p.proargtypes)
		UNION ALL
		SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) FROM pg_constraint k
		 WHERE k.conrelid = 'assistance_register.recoverable'::regclass AND k.contype = 'f' AND k.conparentid = 0
		   AND k.confrelid = 'assistance_register_before.settlement'::regclass LOOP
		EXECUTE statement;
	END LOOP;
	DROP TABLE assistance_register_before.payment, assistance_register_before.settlement, assistance_register_before.claim_line,
		assistance_register_before.claim;
	DROP SCHEMA assistance_register_before;
	FOREACH statement IN ARRAY COALESCE(statistics, '{}') LOOP
		EXECUTE statement;
	END LOOP;
	CALL assistance.create_partitioned_keys(by);
	CALL assistance.create_register();
	IF to_regclass('assistance_register.access') IS NOT NULL THEN
		CALL assistance.create_register_roles();
	END IF;
END
$$;
COMMENT ON PROCEDURE assistance.partition_register(text, integer) IS
'分区: puts claims, their lines, settlements and payments of a register into partitions, in one transaction that nobody can read or write beside. by ''person'': so many partitions (16) by a hash of the person. by ''year'': a partition for each year of arrival, of claims numbered in it; partitions above 1: each by a hash of the person too. Keys and rights stay. Errors MA701, 22023, 42501, 55000 where claims are partitioned already, 2BP01 where other objects depend on the tables. docs/operations.md, section 7.';

-- ---- the next year ----

-- A bound that is MINVALUE or MAXVALUE, and both of a default partition, are null.
CREATE FUNCTION assistance.register_years() RETURNS TABLE (partition regclass, suffix text, first_id bigint, end_id bigint)
	LANGUAGE sql STABLE PARALLEL SAFE COST 100 ROWS 10
	BEGIN ATOMIC
		SELECT t.relid, pg_catalog.substr(c.relname, pg_catalog.length('claim') + 1), substring(b.bound FROM 'FROM \(''?(\d+)')::bigint,
			   substring(b.bound FROM 'TO \(''?(\d+)')::bigint
		  FROM pg_catalog.pg_partition_tree('assistance_register.claim'::text::pg_catalog.regclass) t JOIN pg_catalog.pg_class c ON c.oid = t.relid
		 CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound) b
		 WHERE t.level = 1 AND b.bound <> 'DEFAULT';
	END;
COMMENT ON FUNCTION assistance.register_years() IS 'Part of add_register_year: the partitions of claims by year, the ends of their names, and from which number to before which one claims stand in them.';

CREATE PROCEDURE assistance.check_register_year(year integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name CONSTANT text := format('claim_%s', year);
	addable integer;
	there record;
BEGIN
	IF to_regclass('assistance_register.claim') IS NULL OR NOT EXISTS (SELECT FROM pg_partitioned_table t
			WHERE t.partrelid = 'assistance_register.claim'::regclass AND t.partstrat = 'r') THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the register is not partitioned by year',
			HINT = 'CALL assistance.partition_register(''year'') makes partitions for the years so far.';
	END IF;
	IF year IS NULL OR year NOT BETWEEN 2000 AND 9000 THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s is no year', COALESCE(year::text, 'null')),
			HINT = 'CALL assistance.add_register_year(2027).';
	END IF;
	IF EXISTS (SELECT FROM assistance.register_years() y WHERE y.suffix = format('_%s', year)) THEN
		RETURN;
	END IF;
	IF to_regclass(format('assistance_register.%I', name)) IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('the year %s is away', year),
			DETAIL = format('Table %s is no partition of claim.', name),
			HINT = 'ALTER TABLE … ATTACH PARTITION brings it back with its old bounds: docs/operations.md, section 7.';
	END IF;
	SELECT y.partition, COALESCE(y.first_id::text, 'the first') AS first_id, COALESCE((y.end_id - 1)::text, 'the last') AS last_id
	  INTO there FROM assistance.register_years() y
	 WHERE COALESCE(y.first_id < assistance.first_claim_of(year + 1), true) AND COALESCE(y.end_id > assistance.first_claim_of(year), true)
	 ORDER BY y.end_id LIMIT 1;
	IF FOUND THEN
		SELECT CASE WHEN bool_and(y.end_id IS NOT NULL) THEN max(y.end_id) / assistance.first_claim_of(1) END INTO addable FROM assistance.register_years() y;
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('the year %s has no numbers of its own', year),
			DETAIL = format('%s holds claims %s to %s; those of %s would be %s to %s.', there.partition, there.first_id, there.last_id, year,
				assistance.first_claim_of(year), assistance.first_claim_of(year + 1) - 1),
			HINT = CASE WHEN addable IS NULL THEN 'No year can be added beside a partition up to MAXVALUE: detach it first.'
				ELSE format('Years from %s on can be added: CALL assistance.add_register_year(%1$s).', addable) END;
	END IF;
END
$$;
COMMENT ON PROCEDURE assistance.check_register_year(integer) IS 'Part of add_register_year: refuses a year that cannot be added (22023, 55000).';

CREATE PROCEDURE assistance.add_register_year(year integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	newest text;
	of_table text;
	leaf regclass;
	partitions integer;
BEGIN
	CALL assistance.check_register_year(year);
	IF to_regclass(format('assistance_register.claim_%s', year)) IS NULL THEN
		-- as many hash partitions as the newest has, and its settings
		SELECT y.suffix INTO newest FROM assistance.register_years() y ORDER BY y.end_id DESC NULLS LAST LIMIT 1;
		partitions := (SELECT count(*) FROM pg_partition_tree(to_regclass(format('assistance_register.%I', 'claim' || newest))) t WHERE t.isleaf);
		CALL assistance.create_year_partitions(year, assistance.first_claim_of(year)::text, assistance.first_claim_of(year + 1), partitions);
		FOREACH of_table IN ARRAY ARRAY['claim', 'claim_line', 'settlement', 'payment'] LOOP
			SELECT t.relid INTO leaf FROM pg_partition_tree(to_regclass(format('assistance_register.%I', of_table || newest))) t WHERE t.isleaf LIMIT 1;
			CALL assistance.copy_settings(leaf, format('%s_%s', of_table, year));
		END LOOP;
	END IF;
	CALL assistance.create_claim_key();
	CALL assistance.create_leaf_keys();
	CALL assistance.create_register_triggers();
END
$$;
COMMENT ON PROCEDURE assistance.add_register_year(integer) IS
'Adds the partitions of a coming year to a register partitioned by year, with all triggers and the settings of the newest year; nothing happens where they are. Errors 22023; 55000 where its numbers stand in another partition, or the year is away. docs/operations.md, section 7.';

-- A year is begun ahead by a job whose clock is fast, or by mistake: this year takes it back.
CREATE PROCEDURE assistance.start_register_year(year integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	this_year CONSTANT integer := assistance.year_now();
	begins bigint := assistance.first_claim_of(year);
	ends CONSTANT bigint := assistance.first_claim_of(year + 1);
	sequence text;
	reached bigint;
BEGIN
	IF year NOT IN (this_year, this_year + 1) THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('the year %s does not begin now', year),
			DETAIL = format('It is %s in China.', this_year),
			HINT = format('CALL assistance.start_register_year(%s), or (%s) when that year begins.', this_year, this_year + 1);
	END IF;
	CALL assistance.add_register_year(year);
	-- one at a time
	LOCK TABLE assistance_register.claim IN SHARE UPDATE EXCLUSIVE MODE;
	sequence := pg_get_serial_sequence('assistance_register.claim', 'claim_id');
	EXECUTE format('SELECT last_value FROM %s', sequence) INTO reached;
	IF reached >= begins AND reached < ends THEN
		RETURN;
	END IF;
	IF reached < begins AND year > this_year THEN
		RAISE NOTICE 'the year has not begun yet: its numbers begin now'
			USING HINT = 'start_register_year() with this year goes back to the numbers of this year.';
	END IF;
	begins := (SELECT greatest(begins, max(k.claim_id) + 1) FROM assistance_register.claim_key k WHERE k.claim_id >= begins AND k.claim_id < ends);
	-- taken back with the transaction, which setval is not; it waits for whoever has taken a number and is not done
	EXECUTE format('ALTER SEQUENCE %s RESTART WITH %s', sequence, begins);
END
$$;
COMMENT ON PROCEDURE assistance.start_register_year(integer) IS
'Numbers claims from now on in the partitions of this year or the next (which it adds where they are missing): to be called when the year begins. Called again, it changes nothing; called with this year after the next was begun too early, it goes back. Errors 22023 for any other year, 55000. docs/operations.md, section 7.';
