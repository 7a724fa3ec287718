#!/bin/bash
# register.sh — the part of the bench that settles online; runs inside cluster.sh, started by run.sh. Three ways to take in one
# claim, with pgbench, 4 clients, prepared: the register; one hand-written statement that writes the same rows with constants; the
# bare claim.
set -euo pipefail

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds=${BENCH_SECONDS:-10}

line() {
	printf '%s\t%s\t%s\t%s\t%s\n' "$@"
}

query() {
	psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

ratio() {
	awk "BEGIN { printf \"%.2f\", $1 / $2 }" </dev/null
}

createdb register
export PGDATABASE=register
query -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION assistance CASCADE' -c 'CALL assistance.create_register()' \
	-f test/register/codes.sql
query -v policy="$(cat test/register/policy.json)" >/dev/null <<'SQL'
SELECT assistance.publish_policy(assistance.import_policy(:'policy'), 'bench');
-- a region whose terms keep no earlier bills in the account
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('R2', 'R2', 'R2', 'pool', 'example', 'bench');
SELECT assistance.publish_policy(assistance.import_policy('{"format": 1, "engine": 1, "pages": [{"title": "bench", "region": "R2",
	"scheme": "resident", "from": "2024-01-01", "sources": {"T": {"document": "bench"}}, "cite": {"source": "T", "mark": "example"},
	"layers": [{"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.6}]},
		{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0},
		 "rules": [{"name": "all", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
		{"name": "aid", "kind": "assistance", "base": {"copay": 1},
		 "rules": [{"name": "all", "settles": "year", "ratio": 0.7, "caps": [{"limit": 50000}]}]}]}]}'), 'bench');
CREATE SEQUENCE numbers;
INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, 200000);
-- everybody has an account, so that every claim goes on with one
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, seq, total, in_scope, region, scheme, care_type, level,
	designated, category)
SELECT p, 'first ' || p, '2025-01-01', 0, 1234.56, 1234.56, 'R1', 'resident', '21', '2', true, '{low}'
  FROM generate_series(1, 100000) p;
CREATE SCHEMA hand;
CREATE TABLE hand.claim (LIKE assistance_register.claim INCLUDING ALL,
	FOREIGN KEY (person_id) REFERENCES assistance_register.person);
CREATE TABLE hand.settlement (LIKE assistance_register.settlement INCLUDING ALL, FOREIGN KEY (claim_id) REFERENCES hand.claim);
CREATE TABLE hand.payment (LIKE assistance_register.payment INCLUDING ALL,
	FOREIGN KEY (person_id, claim_id, revision) REFERENCES hand.settlement);
CREATE TABLE hand.person_account (LIKE assistance_register.person_account INCLUDING ALL) WITH (fillfactor = 70);
INSERT INTO hand.person_account SELECT * FROM assistance_register.person_account;
CREATE TABLE hand.bare (LIKE assistance_register.claim INCLUDING ALL,
	FOREIGN KEY (person_id) REFERENCES assistance_register.person);
DO $$
DECLARE
	r record;
BEGIN
	SELECT s.bill, s.lines, a.account INTO r
	  FROM assistance_register.settlement s JOIN assistance_register.person_account a USING (person_id) LIMIT 1;
	EXECUTE format('CREATE FUNCTION hand.bill() RETURNS json LANGUAGE sql IMMUTABLE RETURN %L::json', r.bill);
	EXECUTE format('CREATE FUNCTION hand.lines() RETURNS json LANGUAGE sql IMMUTABLE RETURN %L::json', r.lines);
	EXECUTE format('CREATE FUNCTION hand.account() RETURNS json LANGUAGE sql IMMUTABLE RETURN %L::json', r.account);
END
$$;
SQL
query -c 'VACUUM ANALYZE'

columns='(person_id, request_key, ordered_at, seq, total, in_scope, region, scheme, care_type, level, designated, category)'
values=":person, 'r' || n, timestamp '2025-06-01', n, :amount / 100.0, :amount / 100.0, 'R1', 'resident', '21', '2', true, '{low}'
	FROM nextval('numbers') n"
dice='\set person random(1, 100000)
\set amount random(100, 300000)'
echo "$dice
INSERT INTO assistance_register.claim $columns SELECT $values;" >"$work/register.sql"
echo "$dice
INSERT INTO hand.bare $columns SELECT $values;" >"$work/bare.sql"
cat >"$work/hand.sql" <<SQL
$dice
WITH c AS (INSERT INTO hand.claim $columns SELECT $values RETURNING *),
s AS (INSERT INTO hand.settlement (person_id, claim_id, revision, entry, region, scheme, total, basic, critical, supplementary,
		assistance, tilt, emergency, government, other, charity, hospital, patient, adjustment, recoverable, bill, lines, digest, engine,
		known_publication, known_at)
	SELECT person_id, claim_id, 1, 'first', region, scheme, total, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, total, 0, 0, hand.bill(),
		hand.lines(), '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 1, 1, timestamptz '2025-01-01' FROM c),
p AS (INSERT INTO hand.payment (person_id, claim_id, revision, layer, kind, entry, place, state, amount, owed_by, owed_to)
	SELECT person_id, claim_id, 1, v.layer, v.kind, 'bill', v.place, 'applied', 0, v.layer, 'hospital'
	  FROM c, (VALUES ('basic', 'basic', 1), ('critical', 'critical', 2), ('aid', 'assistance', 3), ('tilt', 'tilt', 4),
		('charity', 'charity', 5)) v (layer, kind, place))
UPDATE hand.person_account a SET account = hand.account(), last_ordered_at = c.ordered_at, last_seq = c.seq, claims = claims + 1,
	settled_at = clock_timestamp() FROM c WHERE a.person_id = c.person_id;
SQL

# rate NAME — transactions per second; the latencies stay in $work/NAME.log
rate() {
	(cd "$work" && rm -f "$1".log* && pgbench -n -M prepared -c 4 -j 2 -T "$seconds" -l --log-prefix="$1.log" \
		-f "$1.sql") |
		sed -nE 's/^tps = ([0-9]+).*/\1/p'
}

p99() {
	cat "$work/$1".log* | awk '{ print $3 }' | sort -n | awk '{ a[NR] = $1 } END { printf "%.2f", a[int(NR * 0.99)] / 1000 }'
}

for commit in off on; do
	export PGOPTIONS="-c synchronous_commit=$commit"
	for way in register hand bare; do
		rate $way >"$work/warm"
	done
	register=$(rate register)
	line "settled online, synchronous_commit $commit: 99th percentile" "$(p99 register)" ms '' ''
	hand=$(rate hand)
	bare=$(rate bare)
	line "settled online, synchronous_commit $commit, against the same rows by hand" "$register" claims/s "$hand" \
		"$(ratio "$register" "$hand")"
	line "settled online, synchronous_commit $commit, against the bare claim" "$register" claims/s "$bare" \
		"$(ratio "$register" "$bare")"
done

# milliseconds of one statement of 10 000 claims
statement() {
	query -c '\timing on' -c "INSERT INTO assistance_register.claim $columns
		SELECT $1, '$2 ' || n, timestamp '2025-07-01', n, n, n, 'R2', 'resident', '21', '2', true, '{low}'
		  FROM generate_series(1, 10000) n" |
		sed -nE 's/^Time: ([0-9.]+) ms.*/\1/p'
}

statement '100000 + n' warm >"$work/warm"
many=$(statement '110000 + n' many)
one=$(statement 120001 one)
line '10 000 claims of one person in one statement, against 10 000 persons' "$one" ms "$many" "$(ratio "$one" "$many")"
query -c 'SELECT person, finding, detail FROM assistance.verify() LIMIT 5' >&2
