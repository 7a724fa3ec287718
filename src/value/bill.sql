-- assistance.bill: one medical bill as a value.

CREATE TYPE assistance.bill;

CREATE FUNCTION assistance.bill_in(bill cstring) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_in';
CREATE FUNCTION assistance.bill_out(bill assistance.bill) RETURNS cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_out';
CREATE FUNCTION assistance.bill_recv(message internal) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_recv';
CREATE FUNCTION assistance.bill_send(bill assistance.bill) RETURNS bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_send';
COMMENT ON FUNCTION assistance.bill_in(cstring) IS 'Text input of a bill: the JSON object of docs/policy-model.md, section 3. Amounts in yuan. Errors MA001 to MA009, MA101 to MA108.';
COMMENT ON FUNCTION assistance.bill_out(assistance.bill) IS 'Text output of a bill: a JSON object with amounts in yuan.';
COMMENT ON FUNCTION assistance.bill_recv(internal) IS 'Binary input of a bill: a 16-bit version (1), then the JSON object; checked like text.';
COMMENT ON FUNCTION assistance.bill_send(assistance.bill) IS 'Binary output of a bill: a 16-bit version (1), then the JSON object.';

CREATE TYPE assistance.bill (
	INPUT = assistance.bill_in, OUTPUT = assistance.bill_out,
	RECEIVE = assistance.bill_recv, SEND = assistance.bill_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE assistance.bill IS 'One medical bill: amounts by column and named part (yuan), its order key (ordered_at, seq), given layers, and the codes and facts that rules test. Made by assistance.make_bill, or from JSON. A bill that contradicts itself does not exist.';

CREATE FUNCTION assistance.bill(bill json) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_from_json';
CREATE FUNCTION assistance.bill(bill jsonb) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_from_jsonb';
CREATE FUNCTION assistance.to_json(bill assistance.bill) RETURNS json
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_to_json';
CREATE FUNCTION assistance.to_jsonb(bill assistance.bill) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'assistance_bill_to_jsonb';
COMMENT ON FUNCTION assistance.bill(json) IS 'The bill of a JSON object (docs/policy-model.md, section 3). Amounts in yuan. Errors MA001 to MA009, MA101 to MA108.';
COMMENT ON FUNCTION assistance.bill(jsonb) IS 'The bill of a jsonb object. jsonb has already dropped duplicate keys silently; where the text is at hand, use json.';
COMMENT ON FUNCTION assistance.to_json(assistance.bill) IS 'The JSON object of a bill, amounts in yuan.';
COMMENT ON FUNCTION assistance.to_jsonb(assistance.bill) IS 'The bill as jsonb, to be queried; amounts in yuan.';

CREATE CAST (json AS assistance.bill) WITH FUNCTION assistance.bill(json);
CREATE CAST (jsonb AS assistance.bill) WITH FUNCTION assistance.bill(jsonb);
CREATE CAST (assistance.bill AS json) WITH FUNCTION assistance.to_json(assistance.bill);
CREATE CAST (assistance.bill AS jsonb) WITH FUNCTION assistance.to_jsonb(assistance.bill);

CREATE FUNCTION assistance.make_bill(
	total numeric DEFAULT NULL,
	in_scope numeric DEFAULT NULL,
	excluded numeric DEFAULT NULL,
	over_limit numeric DEFAULT NULL,
	first_share numeric DEFAULT NULL,
	region text DEFAULT NULL,
	scheme text DEFAULT NULL,
	ordered_at timestamp without time zone DEFAULT NULL,
	seq bigint DEFAULT NULL,
	kind text DEFAULT NULL,
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
	hospital text DEFAULT NULL,
	encounter text DEFAULT NULL,
	encounter_total numeric DEFAULT NULL,
	chain text DEFAULT NULL,
	parts json DEFAULT NULL,
	given json DEFAULT NULL,
	facts json DEFAULT NULL
) RETURNS assistance.bill
	LANGUAGE c IMMUTABLE PARALLEL SAFE COST 2 AS 'MODULE_PATHNAME', 'assistance_make_bill';
COMMENT ON FUNCTION assistance.make_bill(numeric, numeric, numeric, numeric, numeric, text, text, timestamp, bigint, text, date, date, date, text, text, text, text, text, text[], text[], boolean, integer, text, text, numeric, text, json, json, json) IS
'A bill from columns of any table; write the arguments by name. Amounts in yuan with at most two decimals, total = excluded + over_limit + first_share + in_scope (a null column is 0). Needs total (but for events), region, scheme and ordered_at; a null attribute is "not known", an empty list "known to be none". parts, given and facts are JSON objects as in docs/policy-model.md, section 3. Errors: MA101 to MA108 for a bill that contradicts itself, 22003 for NaN, Infinity and more than 10000000000000 yuan, 22023 for more than two decimals, MA304 for an array that is no list.';
