#!/bin/bash
# register.sh — the part of the bench that settles online; runs inside cluster.sh, started by run.sh. Ways to take in one claim,
# with pgbench, 4 clients, prepared: the register; one hand-written statement that writes the same rows with constants; the bare
# claim; a trigger in PL/pgSQL with the rules of Beijing in tables (register_plpgsql.sql). Then the hundredth bill of a person
# beside the first, 10 000 claims in one statement, and sessions that settle two persons in opposite order.
set -euo pipefail

# shellcheck source=test/bench/figures.sh
. "$(dirname "$0")/figures.sh"

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds=${BENCH_SECONDS:-10}

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
query -v policy="$(cat test/register/policy.json)" -v pack="$(cat src/packs/beijing-residents.json)" >/dev/null <<'SQL'
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
SELECT assistance.publish_policy(assistance.import_policy(:'pack'), 'bench');
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
query -v bills=33334 -v persons=10000 -f test/bench/generate.sql -f test/bench/beijing_sample.sql
query -c 'VACUUM ANALYZE'
# after ANALYZE: what it finds empty is planned as if it stayed so, by a session that then fills it
query -f test/bench/plpgsql_rules.sql -f test/bench/register_plpgsql.sql

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

# the rules of Beijing, settled by the register and by the trigger in PL/pgSQL
coded='(person_id, request_key, ordered_at, seq, total, in_scope, excluded, region, scheme, care_type, level, referral, person_type,
	category)'
beijing_values=":person, 'b' || n, timestamp '2025-06-01', n, :amount / 100.0 + 1, :amount / 100.0, 1, '110000', 'resident',
	(ARRAY['11', '13', '14', '21', '21', '24'])[:care], (ARRAY['1', '2', '3'])[:level], '规范', '劳动年龄居民',
	(ARRAY['{}', '{}', '{低保}', '{特困}'])[:category]::text[] FROM nextval('numbers') n"
beijing_dice='\set person random(100001, 109999)
\set amount random(100, 3000000)
\set care random(1, 6)
\set level random(1, 3)
\set category random(1, 4)'
echo "$beijing_dice
INSERT INTO assistance_register.claim $coded SELECT $beijing_values;" >"$work/beijing.sql"
echo "$beijing_dice
INSERT INTO plain.claim $coded SELECT $beijing_values;" >"$work/plpgsql.sql"
# two persons in one statement, in either order
echo "\set person random(1, 20)
\set other random(1, 20)
INSERT INTO assistance_register.claim $columns
	SELECT p, 'pair' || nextval('numbers'), timestamp '2025-06-01', nextval('numbers'), 9, 9, 'R1',
	'resident', '21', '2', true, '{low}' FROM unnest(ARRAY[:person, 21 + :other, :other, 21 + :person]) p;" >"$work/pairs.sql"

# The same bills and applications in both, all that the rules of Beijing tell apart, must come to the same amounts.
query <<'SQL'
INSERT INTO assistance_register.claim (person_id, request_key, kind, ordered_at, seq, total, in_scope, excluded, over_limit,
	first_share, region, scheme, care_type, level, referral, person_type, category, given)
SELECT 170000 + person, 'same ' || person || '/' || seq, kind, ordered_at, seq, total, in_scope, excluded, over_limit, first_share,
	   region, scheme, care_type, level, referral, person_type, category, given
  FROM bench.beijing ORDER BY person, ordered_at, seq;
INSERT INTO plain.claim OVERRIDING SYSTEM VALUE
SELECT * FROM assistance_register.claim WHERE request_key LIKE 'same%' ORDER BY person_id, ordered_at, seq;
DO $$
DECLARE
	other bigint;
	paid bigint;
BEGIN
	SELECT count(*) FILTER (WHERE (r.total, r.basic, r.critical, r.supplementary, r.assistance, r.tilt, r.patient, r.adjustment)
		   IS DISTINCT FROM (p.total, p.basic, p.critical, p.supplementary, p.assistance, p.tilt, p.patient, p.adjustment)),
		   count(*) FILTER (WHERE p.critical > 0 AND p.assistance > 0)
	  INTO other, paid
	  FROM (SELECT s.* FROM assistance_register.settlement s JOIN assistance_register.claim c USING (claim_id)
			 WHERE c.request_key LIKE 'same%') r
	  FULL JOIN plain.settlement p USING (claim_id);
	IF other > 0 OR paid < 1000 THEN
		RAISE EXCEPTION 'the register and the trigger in PL/pgSQL come to other amounts on % bills', other;
	END IF;
	PERFORM setval(pg_get_serial_sequence('plain.claim', 'claim_id'), max(claim_id)) FROM plain.claim;
END
$$;
VACUUM ANALYZE;
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
	# in turns, so that a slow minute of the machine hits both alike
	rm -f "$work"/{beijing,plpgsql}.rates
	for run in 0 1 2 3; do
		for way in beijing plpgsql; do
			rate $way >"$work/rate"
			[ "$run" = 0 ] || cat "$work/rate" >>"$work/$way.rates"
		done
	done
	beijing=$(median <"$work/beijing.rates")
	plpgsql=$(median <"$work/plpgsql.rates")
	line "settled online, synchronous_commit $commit, against a trigger in PL/pgSQL with the rules of Beijing in tables" "$beijing" \
		claims/s "$plpgsql" "$(ratio "$beijing" "$plpgsql")"
done

# milliseconds of one statement of 10 000 claims. The terms of region R2 reach back to no earlier bill, so its account keeps none;
# under terms that do an account holds 2 048 bills and the claim beyond is refused (MA201), so that nobody has 10 000 there.
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

# The policy of R2 with another ratio from its beginning: milliseconds until its 20 001 persons, one of them with 10 000 claims,
# are settled again by so many sessions
again() {
	local before after

	query -v ratio="$2" >/dev/null <<'SQL' || return
SELECT assistance.publish_policy(assistance.import_policy(replace(p.document, '"ratio": 0.7', '"ratio": ' || :'ratio')::json),
	   'backdated')
  FROM (SELECT assistance.export_policy(draft)::text AS document FROM assistance.policy_publication ORDER BY id) p
 WHERE p.document LIKE '%"R2"%' LIMIT 1;
SQL
	before=$(date +%s%N)
	for _ in $(seq "$1"); do
		query -c 'CALL assistance.resettle()' &
	done
	wait
	after=$(date +%s%N)
	query -c "SELECT 1 / (sum(settled) = 20001)::integer FROM assistance_register.resettle_run
		WHERE run_id > (SELECT max(run_id) - $1 FROM assistance_register.resettle_run)" >/dev/null ||
		return
	echo $(((after - before) / 1000000))
}

one=$(again 1 0.65)
two=$(again 2 0.66)
line 'persons settled again after a backdated policy, one session' "$(calc '20001 * 1000 / '"$one" %.0f)" persons/s '' ''
line 'persons settled again after a backdated policy, two sessions against one' "$(calc '20001 * 1000 / '"$two" %.0f)" persons/s \
	"$(calc '20001 * 1000 / '"$one" %.0f)" "$(ratio "$one" "$two")"

# microseconds of a bill of 200 persons one after the other, a hundred bills each under terms that reach back; median of five rounds
query <<SQL >"$work/bills"
CREATE TABLE round (n int, us numeric);
CREATE PROCEDURE hundred_bills() LANGUAGE plpgsql AS \$\$
DECLARE
	start timestamptz;
BEGIN
	FOR n IN 1 .. 100 LOOP
		start := clock_timestamp();
		FOR p IN 160001 .. 160200 LOOP
			INSERT INTO assistance_register.claim $columns
			VALUES (p, 'bill ' || n || ' of ' || p, timestamp '2025-01-01' + n * interval '3 days', n, 100, 100, 'R1', 'resident', '21', '2',
				true, '{low}');
			COMMIT;
		END LOOP;
		INSERT INTO round VALUES (n, extract(epoch FROM clock_timestamp() - start) * 1000000 / 200);
	END LOOP;
END
\$\$;
CALL hundred_bills();
SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY us) FILTER (WHERE n BETWEEN 2 AND 6)) FROM round;
SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY us) FILTER (WHERE n > 95)) FROM round;
SQL
{ read -r first && read -r hundredth; } <"$work/bills"
line 'the hundredth bill of a person, against the first ones' "$hundredth" us "$first" "$(ratio "$hundredth" "$first")"

(cd "$work" && pgbench -n -M prepared -c 8 -j 2 -T "$seconds" --max-tries 1 -f pairs.sql) >"$work/pairs.out" 2>&1 || true
line 'persons in opposite order by 8 sessions: deadlocks' \
	"$(query -c "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")" deadlocks 0 ''
line 'persons in opposite order by 8 sessions: statements that failed' \
	"$(sed -nE 's/^number of failed transactions: ([0-9]+).*/\1/p' "$work/pairs.out")" statements 0 ''
query -c 'SELECT person, finding, detail FROM assistance.verify() LIMIT 5' >&2
