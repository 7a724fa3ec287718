-- Settling one claim by a call: settle_claim, preview_claim, reverse_claim; the lines of a claim. They write with the caller's rights:
-- INSERT on claim is all that it takes.

-- ---- lines ----

CREATE FUNCTION assistance.refuse_charges(whose text, charge assistance.charge) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 10
	AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'MA103', MESSAGE = 'the amounts of the bill do not add up',
		DETAIL = format('The lines of %s come to total %s, in_scope %s, excluded %s, over_limit %s, first_share %s.', whose, charge.total,
			charge.in_scope, charge.excluded, charge.over_limit, charge.first_share),
		HINT = 'Send all lines of a claim at once; settle_claim makes its columns from them, or assistance.charge_lines does.';
END
$$;
COMMENT ON FUNCTION assistance.refuse_charges(text, assistance.charge) IS 'Raises MA103: lines that come to these amounts in yuan, which are not those of the claim.';

CREATE FUNCTION assistance.sealed_claim(claims bigint[]) RETURNS bigint
	LANGUAGE c STRICT COST 1000 AS 'MODULE_PATHNAME', 'assistance_sealed_claim';
COMMENT ON FUNCTION assistance.sealed_claim(bigint[]) IS 'Part of check_claim_lines: the first of these claims that is sealed now, whether or not the caller may read seals and whatever the snapshot of his transaction; null: none of those that he may read.';

CREATE FUNCTION assistance.check_claim_lines() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 1000
	AS $$
DECLARE
	wrong record;
	sealed bigint;
BEGIN
	-- from here on nobody seals these claims without the lines (seal_settlements)
	PERFORM pg_advisory_xact_lock_shared(1096176961, b.bucket)
	   FROM (SELECT DISTINCT assistance.bucket_of_claim(n.claim_id) AS bucket FROM new_lines n ORDER BY 1) b;
	sealed := assistance.sealed_claim(ARRAY(SELECT DISTINCT n.claim_id FROM new_lines n));
	IF sealed IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA611', MESSAGE = format('claim %s is sealed', sealed),
			DETAIL = 'Its lines belong to what was sealed.',
			HINT = 'Insert the lines of a claim in the transaction that inserts the claim; to correct it, reverse it and send it again.';
	END IF;
	SELECT c.claim_id, (assistance.charge_lines(l.amount, l.limit_amount, l.first_share, l.excluded)) AS charge,
		   c.total, c.in_scope, c.excluded, c.over_limit, c.first_share
	  INTO wrong
	  FROM (SELECT DISTINCT n.claim_id FROM new_lines n) t
	  JOIN assistance_register.claim c USING (claim_id)
	  JOIN assistance_register.claim_line l USING (claim_id)
	 GROUP BY c.claim_id, c.total, c.in_scope, c.excluded, c.over_limit, c.first_share
	HAVING (assistance.charge_lines(l.amount, l.limit_amount, l.first_share, l.excluded)).total <> c.total
		OR (assistance.charge_lines(l.amount, l.limit_amount, l.first_share, l.excluded)).in_scope <> c.in_scope
		OR (assistance.charge_lines(l.amount, l.limit_amount, l.first_share, l.excluded)).excluded <> c.excluded
		OR (assistance.charge_lines(l.amount, l.limit_amount, l.first_share, l.excluded)).over_limit <> c.over_limit
		OR (assistance.charge_lines(l.amount, l.limit_amount, l.first_share, l.excluded)).first_share <> c.first_share
	 ORDER BY c.claim_id LIMIT 1;
	IF FOUND THEN
		PERFORM assistance.refuse_charges(format('claim %s', wrong.claim_id), wrong.charge);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION assistance.check_claim_lines() IS 'Trigger of assistance_register.claim_line: the lines of a claim add up to its columns, to the fen (MA103), and none comes to a sealed claim (MA611).';

CREATE FUNCTION assistance.read_charges(charges json)
	RETURNS TABLE (line_no integer, item text, amount numeric, limit_amount numeric, first_share numeric, excluded boolean)
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 100 ROWS 20
	AS $$
DECLARE
	problem text;
BEGIN
	IF json_typeof(charges) <> 'array' OR charges::jsonb = '[]' THEN
		problem := 'They are no array, or an empty one.';
	ELSIF EXISTS (SELECT FROM json_array_elements(charges) l WHERE json_typeof(l) <> 'object') THEN
		problem := 'A line is no object.';
	ELSE
		SELECT format('There is no "%s" in a line.', k) INTO problem FROM json_array_elements(charges) l CROSS JOIN LATERAL json_object_keys(l) k
		 WHERE k NOT IN ('line_no', 'item', 'amount', 'limit_amount', 'first_share', 'excluded') ORDER BY k LIMIT 1;
		IF problem IS NULL THEN
			SELECT CASE WHEN count(*) > 1 THEN format('"%s" stands twice in line %s.', k.key, l.n)
						WHEN bool_or(json_typeof(k.value) IN ('object', 'array')) THEN format('"%s" of line %s is neither a text nor a number.', k.key, l.n)
						ELSE format('line_no %s is below 1.', min(k.value::text)) END
			  INTO problem FROM json_array_elements(charges) WITH ORDINALITY l (line, n) CROSS JOIN LATERAL json_each(l.line) k
			 GROUP BY l.n, k.key HAVING count(*) > 1 OR bool_or(json_typeof(k.value) IN ('object', 'array'))
				OR (k.key = 'line_no' AND min(k.value::text) ~ '^"?(-|0+"?$)')
			 ORDER BY l.n, k.key LIMIT 1;
		END IF;
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'charges are no lines of a bill', DETAIL = problem,
			HINT = 'charges => ''[{"item": "A01", "amount": 120.50, "limit_amount": 100, "first_share": 0.1}, {"amount": 30, "excluded": true}]''';
	END IF;
	RETURN QUERY
	SELECT COALESCE(c.line_no, l.n::integer), c.item, c.amount, c.limit_amount, COALESCE(c.first_share, 0), COALESCE(c.excluded, false)
	  FROM json_array_elements(charges) WITH ORDINALITY l (line, n)
	 CROSS JOIN LATERAL json_to_record(l.line) c (line_no integer, item text, amount numeric, limit_amount numeric, first_share numeric,
			excluded boolean)
	 ORDER BY l.n;
END
$$;
COMMENT ON FUNCTION assistance.read_charges(json) IS
'The charge lines (费用明细) of a request as rows of claim_line: an array of objects with amount, limit_amount (ceiling price times quantity), first_share, excluded as in charge_line, in yuan, and item, line_no (its place in the array). Error 22023 for anything else.';

CREATE FUNCTION assistance.charge_of_request(total numeric, in_scope numeric, excluded numeric, over_limit numeric, first_share numeric, charges json)
	RETURNS assistance.charge
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp COST 100
	AS $$
DECLARE
	amounts CONSTANT numeric[] := ARRAY[total, in_scope, excluded, over_limit, first_share];
	said CONSTANT assistance.charge := ROW(total, excluded, over_limit, first_share, in_scope);
	charge assistance.charge;
	wrong record;
BEGIN
	IF amounts <> ARRAY[said.total, said.in_scope, said.excluded, said.over_limit, said.first_share] THEN
		SELECT a.amount, a.name INTO wrong FROM unnest(amounts, ARRAY['total', 'in_scope', 'excluded', 'over_limit', 'first_share']) a (amount, name)
		 WHERE a.amount <> round(a.amount, 2) LIMIT 1;
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s has more than two decimals', wrong.name),
			DETAIL = format('%s: %s.', wrong.name, wrong.amount), HINT = 'Amounts are yuan with at most two decimals; round them where the policy says how.';
	END IF;
	IF charges IS NULL THEN
		IF total <> in_scope + excluded + over_limit + first_share THEN
			RAISE EXCEPTION USING ERRCODE = 'MA103', MESSAGE = 'the amounts of the bill do not add up',
				DETAIL = format('total: total %s, but the four columns add up to %s.', said.total,
					said.in_scope + said.excluded + said.over_limit + said.first_share),
				HINT = 'Expected total = excluded + over_limit + first_share + in_scope.';
		END IF;
		RETURN said;
	END IF;
	SELECT (assistance.charge_lines(c.amount, c.limit_amount, c.first_share, c.excluded)).* INTO charge FROM assistance.read_charges(charges) c;
	IF (COALESCE(total, charge.total), COALESCE(in_scope, charge.in_scope), COALESCE(excluded, charge.excluded), COALESCE(over_limit, charge.over_limit),
		COALESCE(first_share, charge.first_share)) <> (charge.total, charge.in_scope, charge.excluded, charge.over_limit, charge.first_share)
		AND amounts <> '{0,0,0,0,0}' THEN
		PERFORM assistance.refuse_charges('the request', charge);
	END IF;
	RETURN charge;
END
$$;
COMMENT ON FUNCTION assistance.charge_of_request(numeric, numeric, numeric, numeric, numeric, json) IS
'The columns of a request in yuan, with at most two decimals (22023): those of its charge lines where it brings some, which must be those that it says, if it says any; they add up to the total (MA103).';

-- ---- what a request says ----

-- The columns of a request as a row of claim; null where the request is silent and the table has a default.
CREATE FUNCTION assistance.request_body(claim jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20
	BEGIN ATOMIC
		SELECT pg_catalog.jsonb_strip_nulls('{"seq": 0, "kind": "bill", "total": 0, "in_scope": 0, "excluded": 0, "over_limit": 0, "first_share": 0}'::jsonb
			|| pg_catalog.jsonb_strip_nulls(claim) - '{claim_id,received_at,received_by}'::text[]);
	END;
COMMENT ON FUNCTION assistance.request_body(jsonb) IS 'What the sender of a claim has said, as jsonb without what the register adds: equal requests have equal bodies. Amounts in yuan.';

-- Two requests with one key must be the same request.
CREATE FUNCTION assistance.check_request(first_body jsonb, second_body jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp COST 100
	AS $$
DECLARE
	differ text;
BEGIN
	SELECT string_agg(key, ', ' ORDER BY key) INTO differ
	  FROM (SELECT key FROM jsonb_object_keys(first_body || second_body) key
			 WHERE first_body -> key IS DISTINCT FROM second_body -> key) d;
	IF first_body IS NULL AND current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'the request has just been settled by another session',
			HINT = 'Run the transaction again.';
	END IF;
	IF first_body IS NULL OR differ IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'MA702', MESSAGE = 'the request key belongs to another request',
			DETAIL = CASE WHEN first_body IS NULL THEN 'It was used by a claim that you may not see.'
				ELSE format('They differ in: %s.', differ) END,
			HINT = 'Send a corrected request under a key of its own, and reverse the first one.';
	END IF;
END
$$;
COMMENT ON FUNCTION assistance.check_request(jsonb, jsonb) IS 'Raises MA702 unless the two bodies sent under one request key are the same.';

CREATE FUNCTION assistance.settle_claim(
	person_id bigint,
	request_key text,
	ordered_at timestamp without time zone,
	total numeric DEFAULT 0,
	in_scope numeric DEFAULT 0,
	excluded numeric DEFAULT 0,
	over_limit numeric DEFAULT 0,
	first_share numeric DEFAULT 0,
	region text DEFAULT NULL,
	scheme text DEFAULT NULL,
	seq bigint DEFAULT 0,
	kind text DEFAULT 'bill',
	claim_no text DEFAULT NULL,
	corrects bigint DEFAULT NULL,
	admitted_on date DEFAULT NULL,
	discharged_on date DEFAULT NULL,
	settled_on date DEFAULT NULL,
	care_type text DEFAULT NULL,
	level text DEFAULT NULL,
	referral text DEFAULT NULL,
	place text DEFAULT NULL,
	person_type text DEFAULT NULL,
	category text[] DEFAULT NULL,
	disease text[] DEFAULT NULL,
	designated boolean DEFAULT NULL,
	age integer DEFAULT NULL,
	institution_id text DEFAULT NULL,
	encounter text DEFAULT NULL,
	encounter_total numeric DEFAULT NULL,
	chain text DEFAULT NULL,
	parts json DEFAULT NULL,
	given json DEFAULT NULL,
	facts json DEFAULT NULL,
	not_settled text DEFAULT NULL,
	charges json DEFAULT NULL
) RETURNS TABLE (
	claim_id bigint, repeated boolean,
	basic numeric, critical numeric, supplementary numeric, assistance numeric, tilt numeric, emergency numeric,
	government numeric, other numeric, charity numeric, hospital numeric, patient numeric, adjustment numeric,
	recoverable numeric
)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10000 ROWS 1
	AS $$
#variable_conflict use_column
DECLARE
	settled bigint;
	again boolean := false;
	violated text;
	stored jsonb;
	charge CONSTANT assistance.charge := assistance.charge_of_request(settle_claim.total, settle_claim.in_scope, settle_claim.excluded,
		settle_claim.over_limit, settle_claim.first_share, settle_claim.charges);
BEGIN
	BEGIN
		INSERT INTO assistance_register.claim AS c (
			person_id, request_key, ordered_at, total, in_scope, excluded, over_limit, first_share, region, scheme, seq,
			kind, claim_no, corrects, admitted_on, discharged_on, settled_on, care_type, level, referral, place, person_type,
			category, disease, designated, age, institution_id, encounter, encounter_total, chain, parts, given, facts,
			not_settled)
		VALUES (
			settle_claim.person_id, settle_claim.request_key, settle_claim.ordered_at, charge.total,
			charge.in_scope, charge.excluded, charge.over_limit, charge.first_share,
			settle_claim.region, settle_claim.scheme, settle_claim.seq, settle_claim.kind, settle_claim.claim_no,
			settle_claim.corrects, settle_claim.admitted_on, settle_claim.discharged_on, settle_claim.settled_on,
			settle_claim.care_type, settle_claim.level, settle_claim.referral, settle_claim.place, settle_claim.person_type,
			settle_claim.category, settle_claim.disease, settle_claim.designated, settle_claim.age,
			settle_claim.institution_id, settle_claim.encounter, settle_claim.encounter_total, settle_claim.chain,
			settle_claim.parts, settle_claim.given, settle_claim.facts, settle_claim.not_settled)
		RETURNING c.claim_id INTO settled;
		IF charges IS NOT NULL THEN
			INSERT INTO assistance_register.claim_line (claim_id, line_no, item, amount, limit_amount, first_share, excluded)
			SELECT settled, r.* FROM assistance.read_charges(charges) r;
		END IF;
	EXCEPTION WHEN unique_violation THEN
		GET STACKED DIAGNOSTICS violated = CONSTRAINT_NAME;
		-- which of several unique keys is told first depends on the order of their indexes; a partition has names of its own
		IF violated !~ 'request' AND NOT EXISTS (SELECT FROM assistance_register.claim c WHERE c.request_key = settle_claim.request_key) THEN
			RAISE;
		END IF;
		again := true;
	END;
	IF again THEN
		SELECT c.claim_id, to_jsonb(c) INTO settled, stored
		  FROM assistance_register.claim c WHERE c.request_key = settle_claim.request_key;
		IF charges IS NOT NULL THEN
			stored := stored || jsonb_build_object('charges', (SELECT jsonb_agg(to_jsonb(l) - 'claim_id' ORDER BY l.line_no)
				FROM assistance_register.claim_line l WHERE l.claim_id = settled));
		END IF;
		PERFORM assistance.check_request(assistance.request_body(stored), assistance.request_body(jsonb_build_object(
			'person_id', settle_claim.person_id, 'request_key', settle_claim.request_key,
			'ordered_at', settle_claim.ordered_at, 'total', charge.total, 'in_scope', charge.in_scope,
			'excluded', charge.excluded, 'over_limit', charge.over_limit,
			'first_share', charge.first_share, 'region', settle_claim.region, 'scheme', settle_claim.scheme,
			'seq', settle_claim.seq, 'kind', settle_claim.kind, 'claim_no', settle_claim.claim_no,
			'corrects', settle_claim.corrects, 'admitted_on', settle_claim.admitted_on,
			'discharged_on', settle_claim.discharged_on, 'settled_on', settle_claim.settled_on)
		|| jsonb_build_object(
			'care_type', settle_claim.care_type, 'level', settle_claim.level, 'referral', settle_claim.referral,
			'place', settle_claim.place, 'person_type', settle_claim.person_type, 'category', settle_claim.category,
			'disease', settle_claim.disease, 'designated', settle_claim.designated, 'age', settle_claim.age,
			'institution_id', settle_claim.institution_id, 'encounter', settle_claim.encounter,
			'encounter_total', settle_claim.encounter_total, 'chain', settle_claim.chain, 'parts', settle_claim.parts,
			'given', settle_claim.given, 'facts', settle_claim.facts, 'not_settled', settle_claim.not_settled,
			'charges', (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.line_no) FROM assistance.read_charges(settle_claim.charges) r))));
	END IF;
	RETURN QUERY
	SELECT settled, again, s.basic, s.critical, s.supplementary, s.assistance, s.tilt, s.emergency, s.government,
		   s.other, s.charity, s.hospital, s.patient, s.adjustment, s.recoverable
	  FROM (VALUES (settled)) v (claim_id)
	  LEFT JOIN assistance_register.settlement s
		ON s.person_id = settle_claim.person_id AND s.claim_id = v.claim_id AND s.revision = 1;
END
$$;
COMMENT ON FUNCTION assistance.settle_claim(bigint, text, timestamp, numeric, numeric, numeric, numeric, numeric, text, text, bigint, text, text, bigint, date, date, date, text, text, text, text, text, text[], text[], boolean, integer, text, text, numeric, text, json, json, json, text, json) IS
'即时结算: inserts one claim (a bill or an event) and returns its first settlement in yuan; null amounts: recorded as not settled. Arguments are the columns of assistance_register.claim; what is left out of region, scheme, person_type, category, level and designated is what the register knows. charges: the charge lines, as read_charges takes them; the columns total, in_scope, excluded, over_limit and first_share are then theirs and need not be said (MA103 where they are others). The same request sent again returns the first result (repeated), another one under the same request_key is refused (MA702), as is a second bill with the same order key (23505). Errors of the fold: MA101 to MA205.';

-- For those who may insert a claim and not read accounts: insert it, read its settlement, take everything back.
CREATE FUNCTION assistance.preview_by_trial(body jsonb) RETURNS TABLE (
	basic numeric, critical numeric, supplementary numeric, assistance numeric, tilt numeric, emergency numeric,
	government numeric, other numeric, charity numeric, hospital numeric, patient numeric, adjustment numeric,
	recoverable numeric,
	lines assistance.lines
)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 20000 ROWS 1
	AS $$
#variable_conflict use_column
DECLARE
	c assistance_register.claim := jsonb_populate_record(NULL::assistance_register.claim, body);
	settled bigint;
	found record;
BEGIN
	BEGIN
		INSERT INTO assistance_register.claim AS t (
			person_id, request_key, ordered_at, total, in_scope, excluded, over_limit, first_share, region, scheme, seq, kind, admitted_on,
			discharged_on, settled_on, care_type, level, referral, place, person_type, category, disease, designated, age, institution_id,
			encounter, encounter_total, chain, parts, given, facts)
		VALUES (c.person_id, 'preview ' || gen_random_uuid(), c.ordered_at, c.total, c.in_scope, c.excluded, c.over_limit, c.first_share, c.region,
			c.scheme, c.seq, c.kind, c.admitted_on, c.discharged_on, c.settled_on, c.care_type, c.level, c.referral, c.place, c.person_type,
			c.category, c.disease, c.designated, c.age, c.institution_id, c.encounter, c.encounter_total, c.chain, c.parts, c.given, c.facts)
		RETURNING t.claim_id INTO settled;
		SELECT s.* INTO STRICT found FROM assistance_register.settlement s
		 WHERE s.person_id = c.person_id AND s.claim_id = settled AND s.revision = 1;
		RAISE EXCEPTION USING ERRCODE = 'MA705', MESSAGE = 'a claim inserted for a preview is taken back';
	EXCEPTION WHEN SQLSTATE 'MA705' THEN
		NULL;
	END;
	RETURN QUERY SELECT found.basic, found.critical, found.supplementary, found.assistance, found.tilt, found.emergency, found.government,
		found.other, found.charity, found.hospital, found.patient, found.adjustment, found.recoverable, found.lines::text::assistance.lines;
END
$$;
COMMENT ON FUNCTION assistance.preview_by_trial(jsonb) IS 'Part of preview_claim: inserts the claim with the rights of the caller, reads its first settlement in yuan and takes everything back (inside, MA705).';

CREATE FUNCTION assistance.preview_claim(
	person_id bigint,
	ordered_at timestamp without time zone,
	total numeric DEFAULT 0,
	in_scope numeric DEFAULT 0,
	excluded numeric DEFAULT 0,
	over_limit numeric DEFAULT 0,
	first_share numeric DEFAULT 0,
	region text DEFAULT NULL,
	scheme text DEFAULT NULL,
	seq bigint DEFAULT 0,
	kind text DEFAULT 'bill',
	admitted_on date DEFAULT NULL,
	discharged_on date DEFAULT NULL,
	settled_on date DEFAULT NULL,
	care_type text DEFAULT NULL,
	level text DEFAULT NULL,
	referral text DEFAULT NULL,
	place text DEFAULT NULL,
	person_type text DEFAULT NULL,
	category text[] DEFAULT NULL,
	disease text[] DEFAULT NULL,
	designated boolean DEFAULT NULL,
	age integer DEFAULT NULL,
	institution_id text DEFAULT NULL,
	encounter text DEFAULT NULL,
	encounter_total numeric DEFAULT NULL,
	chain text DEFAULT NULL,
	parts json DEFAULT NULL,
	given json DEFAULT NULL,
	facts json DEFAULT NULL,
	charges json DEFAULT NULL
) RETURNS TABLE (
	basic numeric, critical numeric, supplementary numeric, assistance numeric, tilt numeric, emergency numeric,
	government numeric, other numeric, charity numeric, hospital numeric, patient numeric, adjustment numeric,
	recoverable numeric,
	lines assistance.lines
)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp COST 10000 ROWS 1
	AS $$
#variable_conflict use_column
DECLARE
	charge CONSTANT assistance.charge := assistance.charge_of_request(preview_claim.total, preview_claim.in_scope, preview_claim.excluded,
		preview_claim.over_limit, preview_claim.first_share, preview_claim.charges);
	body jsonb := jsonb_build_object(
			'person_id', preview_claim.person_id, 'ordered_at', preview_claim.ordered_at, 'total', charge.total,
			'in_scope', charge.in_scope, 'excluded', charge.excluded, 'over_limit', charge.over_limit,
			'first_share', charge.first_share, 'region', preview_claim.region, 'scheme', preview_claim.scheme,
			'seq', preview_claim.seq, 'kind', preview_claim.kind, 'admitted_on', preview_claim.admitted_on,
			'discharged_on', preview_claim.discharged_on, 'settled_on', preview_claim.settled_on,
			'care_type', preview_claim.care_type)
		|| jsonb_build_object(
			'level', preview_claim.level, 'referral', preview_claim.referral, 'place', preview_claim.place,
			'person_type', preview_claim.person_type, 'category', preview_claim.category, 'disease', preview_claim.disease,
			'designated', preview_claim.designated, 'age', preview_claim.age, 'institution_id', preview_claim.institution_id,
			'encounter', preview_claim.encounter, 'encounter_total', preview_claim.encounter_total,
			'chain', preview_claim.chain, 'parts', preview_claim.parts, 'given', preview_claim.given,
			'facts', preview_claim.facts);
	previewed assistance.bill;
	account record;
	known record;
	split assistance.split;
BEGIN
	IF NOT (has_table_privilege('assistance_register.person_account', 'SELECT') AND has_table_privilege('assistance_register.person_category', 'SELECT')) THEN
		RETURN QUERY SELECT t.* FROM assistance.preview_by_trial(body) t;
		RETURN;
	END IF;
	SELECT assistance_register.bill_of(c) INTO previewed
	  FROM jsonb_populate_record(NULL::assistance_register.claim, body) c;
	SELECT a.account, a.last_ordered_at, a.last_seq INTO account
	  FROM assistance_register.person_account a WHERE a.person_id = preview_claim.person_id;
	IF account.account IS NULL OR (preview_claim.ordered_at, preview_claim.seq) > (account.last_ordered_at, account.last_seq) THEN
		BEGIN
			SELECT (b.split).* INTO split
			  FROM assistance.settle_bill(assistance.known_terms(previewed), account.account::assistance.account, previewed) b;
		EXCEPTION WHEN SQLSTATE 'MA202' THEN
			split := assistance.preview_among(preview_claim.person_id, previewed, preview_claim.ordered_at, preview_claim.seq);
		END;
	ELSE
		split := assistance.preview_among(preview_claim.person_id, previewed, preview_claim.ordered_at, preview_claim.seq);
	END IF;
	RETURN QUERY SELECT split.basic, split.critical, split.supplementary, split.assistance, split.tilt, split.emergency,
		split.government, split.other, split.charity, split.hospital, split.patient, split.adjustment, split.recoverable, split.lines;
END
$$;
COMMENT ON FUNCTION assistance.preview_claim(bigint, timestamp, numeric, numeric, numeric, numeric, numeric, text, text, bigint, text, date, date, date, text, text, text, text, text, text[], text[], boolean, integer, text, text, numeric, text, json, json, json, json) IS
'试算: what settle_claim would return for this claim now, in yuan. A claim that would come late is folded at its place. Who may read accounts and categories writes nothing and takes no lock; for others, hospitals, the claim is inserted and taken back, with their rights.';
