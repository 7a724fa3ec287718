-- register_plpgsql.sql — claims settled online by what a bureau would write by itself: a row trigger over the functions of
-- plpgsql_rules.sql. It writes the rows that the register writes: settlement with bill and lines, a payment for each layer, the account of
-- the person, locked before it is read. The bench compares their amounts before it compares their speed.
--
-- It settles claims in order of arrival and nothing else: no late or reversed claims, no settling again, no repeated requests, no guard
-- on payments, no digest of the terms.

CREATE TABLE plain.claim (LIKE assistance_register.claim INCLUDING ALL,
	FOREIGN KEY (person_id) REFERENCES assistance_register.person);
CREATE TABLE plain.settlement (LIKE assistance_register.settlement INCLUDING ALL, FOREIGN KEY (claim_id) REFERENCES plain.claim);
CREATE TABLE plain.payment (LIKE assistance_register.payment INCLUDING ALL,
	FOREIGN KEY (person_id, claim_id, revision) REFERENCES plain.settlement);
CREATE TABLE plain.person_account (
	person_id bigint PRIMARY KEY,
	year integer NOT NULL,
	used numeric(16,2)[] NOT NULL,
	before numeric(16,2)[] NOT NULL,
	claims bigint NOT NULL DEFAULT 0,
	settled_at timestamptz
) WITH (fillfactor = 70);

-- The account of a person, locked; a new one stands at 0
CREATE FUNCTION plain.lock_account(of_person bigint, this_year integer) RETURNS plain.account
	LANGUAGE plpgsql
	AS $$
DECLARE
	account plain.account;
BEGIN
	SELECT a.year, a.used, a.before INTO account FROM plain.person_account a WHERE a.person_id = of_person FOR UPDATE;
	IF NOT FOUND THEN
		INSERT INTO plain.person_account (person_id, year, used, before)
		VALUES (of_person, this_year, plain.nothing_used(), plain.nothing_used()) ON CONFLICT (person_id) DO NOTHING;
		SELECT a.year, a.used, a.before INTO account FROM plain.person_account a WHERE a.person_id = of_person FOR UPDATE;
	END IF;
	RETURN account;
END
$$;

CREATE FUNCTION plain.settle() RETURNS trigger
	LANGUAGE plpgsql
	AS $$
DECLARE
	bill plain.bill := ROW(NEW.kind, NEW.ordered_at::date, NEW.region, NEW.scheme, NEW.care_type, NEW.level, NEW.referral, NEW.person_type,
		NEW.category, NEW.in_scope, NEW.excluded, NEW.over_limit, NEW.first_share, (NEW.given #>> '{商业保险,amount}')::numeric,
		(NEW.given #>> '{倾斜救助,amount}')::numeric);
	s plain.settled;
	lines json;
BEGIN
	s := plain.settle_bill(bill, plain.lock_account(NEW.person_id, date_part('year', NEW.ordered_at)::integer));
	lines := json_build_array(json_build_object('layer', '基本医保', 'paid', s.basic), json_build_object('layer', '大病保险', 'paid', s.critical),
		json_build_object('layer', '商业保险', 'paid', s.commercial), json_build_object('layer', '医疗救助', 'paid', s.assistance),
		json_build_object('layer', '倾斜救助', 'paid', s.tilt), json_build_object('layer', '因病致贫救助', 'paid', s.application));
	INSERT INTO plain.settlement (person_id, claim_id, revision, entry, region, scheme, total, basic, critical, supplementary, assistance,
		tilt, emergency, government, other, charity, hospital, patient, adjustment, recoverable, bill, lines, digest, engine, known_publication,
		known_at)
	VALUES (NEW.person_id, NEW.claim_id, 1, 'first', NEW.region, NEW.scheme, NEW.total, s.basic, s.critical, s.commercial, s.assistance,
		s.tilt, 0, 0, 0, 0, 0, s.patient, s.application, 0, row_to_json(NEW), lines,
		'\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 1, 1, timestamptz '2025-01-01');
	INSERT INTO plain.payment (person_id, claim_id, revision, layer, kind, entry, place, state, amount, owed_by, owed_to)
	SELECT NEW.person_id, NEW.claim_id, 1, v.layer, v.kind, CASE WHEN v.place = 6 AND v.amount > 0 THEN 'adjustment' ELSE 'bill' END, v.place, 'applied', v.amount, v.layer, 'hospital'
	  FROM (VALUES ('基本医保', 'basic', s.basic, 1), ('大病保险', 'critical', s.critical, 2), ('商业保险', 'supplementary', s.commercial, 3),
			('医疗救助', 'assistance', s.assistance, 4), ('倾斜救助', 'tilt', s.tilt, 5), ('因病致贫救助', 'assistance', s.application, 6))
		   v (layer, kind, amount, place);
	UPDATE plain.person_account a
	   SET year = s.year, used = s.used, before = s.before, claims = a.claims + 1, settled_at = clock_timestamp()
	 WHERE a.person_id = NEW.person_id;
	RETURN NULL;
END
$$;
CREATE TRIGGER settle AFTER INSERT ON plain.claim FOR EACH ROW EXECUTE FUNCTION plain.settle();
