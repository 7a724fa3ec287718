-- register_plpgsql.sql — what a bureau would write by itself: a row trigger in PL/pgSQL with rule tables. It settles the rule set of
-- simple.json and writes the rows that the register writes: settlement with bill and lines, a payment for each layer, the account
-- of the person, locked before it is read. The bench compares their amounts before it compares their speed.

CREATE SCHEMA plain;
CREATE TABLE plain.claim (LIKE assistance_register.claim INCLUDING ALL,
	FOREIGN KEY (person_id) REFERENCES assistance_register.person);
CREATE TABLE plain.settlement (LIKE assistance_register.settlement INCLUDING ALL, FOREIGN KEY (claim_id) REFERENCES plain.claim);
CREATE TABLE plain.payment (LIKE assistance_register.payment INCLUDING ALL,
	FOREIGN KEY (person_id, claim_id, revision) REFERENCES plain.settlement);
CREATE TABLE plain.person_account (
	person_id bigint PRIMARY KEY,
	year integer NOT NULL,
	base numeric(16,2) NOT NULL,
	accrued numeric(16,2) NOT NULL,
	assisted numeric(16,2) NOT NULL,
	claims bigint NOT NULL,
	settled_at timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE plain.rule (
	region text NOT NULL,
	scheme text NOT NULL,
	layer text NOT NULL,
	level text NOT NULL,			-- '*': any
	valid daterange NOT NULL,
	categories text[],				-- null: everybody
	deductible numeric(16,2) NOT NULL,
	ratio numeric(7,6),				-- null: by band
	cap numeric(16,2),
	PRIMARY KEY (region, scheme, layer, level, valid)
);
INSERT INTO plain.rule VALUES
	('110000', 'resident', 'basic', '1', '[2025-01-01,2026-01-01)', NULL, 300, 0.80, NULL),
	('110000', 'resident', 'basic', '2', '[2025-01-01,2026-01-01)', NULL, 800, 0.78, NULL),
	('110000', 'resident', 'basic', '3', '[2025-01-01,2026-01-01)', NULL, 1300, 0.75, NULL),
	('110000', 'resident', 'critical', '*', '[2025-01-01,2026-01-01)', NULL, 30404, NULL, NULL),
	('110000', 'resident', 'assistance', '*', '[2025-01-01,2026-01-01)', '{低保,特困,低收入}', 0, 0.70, 20000);
CREATE TABLE plain.band (
	region text NOT NULL,
	scheme text NOT NULL,
	layer text NOT NULL,
	above numeric(16,2) NOT NULL,
	up_to numeric(16,2),
	ratio numeric(7,6) NOT NULL,
	PRIMARY KEY (region, scheme, layer, above)
);
INSERT INTO plain.band VALUES ('110000', 'resident', 'critical', 30404, 50000, 0.60), ('110000', 'resident', 'critical', 50000, NULL, 0.70);

CREATE FUNCTION plain.rule_of(claim plain.claim, of_layer text) RETURNS plain.rule
	LANGUAGE plpgsql STABLE
	AS $$
DECLARE
	found plain.rule;
BEGIN
	SELECT r.* INTO found FROM plain.rule r
	 WHERE r.region = claim.region AND r.scheme = claim.scheme AND r.layer = of_layer AND r.level IN ('*', claim.level)
	   AND r.valid @> claim.ordered_at::date AND (r.categories IS NULL OR r.categories && claim.category)
	 ORDER BY r.level DESC LIMIT 1;
	RETURN found;
END
$$;

CREATE FUNCTION plain.settle() RETURNS trigger
	LANGUAGE plpgsql
	AS $$
DECLARE
	account plain.person_account;
	rule plain.rule;
	this_year integer := date_part('year', NEW.ordered_at);
	basic numeric(16,2);
	critical numeric(16,2);
	assistance numeric(16,2) := 0;
	entitled numeric(16,2);
	lines json;
BEGIN
	INSERT INTO plain.person_account AS a VALUES (NEW.person_id, this_year, 0, 0, 0, 0, clock_timestamp()) ON CONFLICT (person_id) DO NOTHING;
	SELECT a.* INTO account FROM plain.person_account a WHERE a.person_id = NEW.person_id FOR UPDATE;
	IF account.year <> this_year THEN
		account.year := this_year;
		account.base := 0;
		account.accrued := 0;
		account.assisted := 0;
	END IF;
	rule := plain.rule_of(NEW, 'basic');
	basic := round(greatest(NEW.in_scope - rule.deductible, 0) * rule.ratio, 2);
	rule := plain.rule_of(NEW, 'critical');
	account.base := account.base + NEW.in_scope - basic;
	SELECT COALESCE(round(sum((least(account.base, b.up_to) - b.above) * b.ratio), 2), 0) INTO entitled FROM plain.band b
	 WHERE b.region = NEW.region AND b.scheme = NEW.scheme AND b.layer = 'critical' AND b.above < account.base;
	critical := entitled - account.accrued;
	account.accrued := entitled;
	rule := plain.rule_of(NEW, 'assistance');
	IF rule.layer IS NOT NULL THEN
		assistance := least(round((NEW.in_scope - basic - critical) * rule.ratio, 2), rule.cap - account.assisted);
		account.assisted := account.assisted + assistance;
	END IF;
	lines := json_build_array(json_build_object('layer', 'basic', 'paid', basic), json_build_object('layer', 'critical', 'paid', critical),
		json_build_object('layer', 'assistance', 'paid', assistance));
	INSERT INTO plain.settlement (person_id, claim_id, revision, entry, region, scheme, total, basic, critical, supplementary, assistance,
		tilt, emergency, government, other, charity, hospital, patient, adjustment, recoverable, bill, lines, digest, engine, known_publication,
		known_at)
	VALUES (NEW.person_id, NEW.claim_id, 1, 'first', NEW.region, NEW.scheme, NEW.total, basic, critical, 0, assistance, 0, 0, 0, 0, 0, 0,
		NEW.total - basic - critical - assistance, 0, 0, row_to_json(NEW), lines,
		'\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 1, 1, timestamptz '2025-01-01');
	INSERT INTO plain.payment (person_id, claim_id, revision, layer, kind, entry, place, state, amount, owed_by, owed_to)
	SELECT NEW.person_id, NEW.claim_id, 1, v.layer, v.layer, 'bill', v.place, 'applied', v.amount, v.layer, 'hospital'
	  FROM (VALUES ('basic', basic, 1), ('critical', critical, 2), ('assistance', assistance, 3)) v (layer, amount, place);
	UPDATE plain.person_account a
	   SET year = account.year, base = account.base, accrued = account.accrued, assisted = account.assisted, claims = a.claims + 1,
		   settled_at = clock_timestamp()
	 WHERE a.person_id = NEW.person_id;
	RETURN NULL;
END
$$;
CREATE TRIGGER settle AFTER INSERT ON plain.claim FOR EACH ROW EXECUTE FUNCTION plain.settle();
