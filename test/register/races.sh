#!/bin/bash
# races.sh — sessions that settle claims of the same persons at the same time, at every isolation level. The oracle is verify(),
# which folds everything anew, and the caps of the policy. Prints TAP lines. Connection and database come from the environment.
# PARTITIONED=person or year: on a register in partitions.
# RACE_ROUNDS for the last yuan of a cap, for each level and number of sessions: 30; the long form: 1000.
set -uo pipefail

cd "$(dirname "$0")" || exit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0

# test NAME FINDINGS — passes when there are none
check() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		printf '%s\n' "$2" | head -n 10 | sed 's/^/#   /'
	fi
}

query() {
	psql -XqAt -v ON_ERROR_STOP=1 "$@" 2>&1
}

# race LEVEL CLIENTS TRANSACTIONS SCRIPT… — pgbench, failed serializations tried again; prints what went wrong
race() {
	local level=$1 clients=$2 transactions=$3 output
	shift 3
	output=$(PGOPTIONS="-c default_transaction_isolation=${level// /\\ }" pgbench -n -c "$clients" -j 1 -t "$transactions" \
		--max-tries=1000 --random-seed=42 "$@" 2>&1)
	echo "$output" >"$scratch/race.out"
	if ! grep -q "actually processed: $((clients * transactions))/$((clients * transactions))" <<<"$output"; then
		grep -v ' - ' <<<"$output"
	fi
}

findings() {
	query -c "SELECT person, claim_id, finding, detail FROM assistance.verify()" -c "
		SELECT 'over the cap of ' || layer, person_id, year, sum FROM (
			SELECT layer, person_id, date_trunc('year', c.ordered_at) AS year, sum(p.amount),
				   CASE layer WHEN 'basic' THEN 20000 WHEN 'aid' THEN 8000 ELSE 5000 END AS cap
			  FROM assistance_register.payment p JOIN assistance_register.claim c USING (person_id, claim_id)
			 WHERE layer IN ('basic', 'aid', 'tilt') AND p.entry <> 'recoverable' GROUP BY 1, 2, 3) s WHERE sum > cap"
}

policy=$(cat policy.json)
query -f codes.sql
query -v policy="$policy" -v by="${PARTITIONED:-}" <<'SQL' >/dev/null
CALL assistance.create_register();
SELECT format('CALL assistance.partition_register(%L, 3)', :'by') WHERE :'by' <> '' \gexec
SELECT assistance.publish_policy(assistance.import_policy(:'policy'), 'test');
CREATE SEQUENCE numbers;
INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, 2000);
SQL

cat >"$scratch/claim.sql" <<'SQL'
\set person random(1, 3)
\set day random(0, 500)
\set amount random(100, 3000000)
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, seq, total, in_scope, region, scheme, care_type,
	level, designated, category)
SELECT :person, 'r' || n, timestamp '2024-02-01' + :day * interval '1 day', n, :amount / 100.0, :amount / 100.0,
	'R1', 'resident', '21', '2', true, '{low}'
  FROM nextval('numbers') n;
SQL
# in order, as most claims come: the account goes on
cat >"$scratch/next.sql" <<'SQL'
\set person random(1, 3)
\set amount random(100, 100000)
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, seq, total, in_scope, region, scheme, care_type,
	level, designated, category)
SELECT :person, 'r' || n, timestamp '2025-08-01', n, :amount / 100.0, :amount / 100.0,
	'R1', 'resident', '21', '2', true, '{low}'
  FROM nextval('numbers') n;
SQL
cat >"$scratch/reversal.sql" <<'SQL'
\set person random(1, 3)
BEGIN;
SELECT person_id FROM assistance_register.person_account WHERE person_id = :person FOR UPDATE;
SELECT count(*)
  FROM (SELECT claim_id FROM assistance_register.live_claim WHERE person_id = :person ORDER BY random() LIMIT 1) c,
	   LATERAL assistance.reverse_claim(c.claim_id, 'x' || nextval('numbers'), 'test');
COMMIT;
SQL
cat >"$scratch/category.sql" <<'SQL'
\set person random(1, 3)
\set day random(0, 500)
INSERT INTO assistance_register.determination (person_id, layer, state, valid)
SELECT :person, 'critical', 'waived', daterange(d, d + 1) FROM (SELECT date '2024-02-01' + :day AS d) t
 WHERE NOT EXISTS (SELECT FROM assistance_register.determination x WHERE x.person_id = :person AND x.valid @> t.d)
   AND pg_try_advisory_xact_lock(:person);
SQL
cat >"$scratch/pair.sql" <<'SQL'
\set one random(11, 20)
\set other random(11, 20)
\set amount random(100, 100000)
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, seq, total, in_scope, region, scheme, care_type,
	level, designated, category)
SELECT p, 'r' || n || '-' || p, timestamp '2024-06-01', n, :amount / 100.0, :amount / 100.0,
	'R1', 'resident', '21', '2', true, '{low}'
  FROM (VALUES (:one), (CASE :one WHEN :other THEN 21 ELSE :other END)) v (p), nextval('numbers') n;
SQL

for level in 'read committed' 'repeatable read' serializable; do
	for clients in 2 4 8; do
		check "$level, $clients sessions: claims, late claims, reversals, determinations of three persons" "$(
			race "$level" "$clients" 12 -f "$scratch/claim.sql@4" -f "$scratch/next.sql@4" \
				-f "$scratch/reversal.sql@1" -f "$scratch/category.sql@1"
			findings)"
	done
done
query -c 'CALL assistance.resettle()' >/dev/null
check 'the queue has been worked off and everything is the fold of what is known' "$(
	query -c 'SELECT * FROM assistance_register.resettle_queue'; findings)"

for level in 'read committed' 'repeatable read' serializable; do
	check "$level, 8 sessions: statements with two persons in any order" "$(race "$level" 8 20 -f "$scratch/pair.sql"; findings)"
done
check 'no deadlock' "$(query -c "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database() AND deadlocks > 0")"

# 100 yuan of the cap of 8 000 are left to each person (80 % of 9 875 is 7 900); sessions want 80 of everybody at one moment:
# in every round they wait for each other with their transactions open, and their snapshots taken.
query <<'SQL' >/dev/null
SELECT setval('numbers', 1000000);
DO $$ BEGIN
	FOR n IN 0..7 LOOP
		EXECUTE format('CREATE SEQUENCE gate_%s MINVALUE 0 START 0', n);
		-- a transaction that is tried again is in the same round
		EXECUTE format('CREATE TABLE progress_%s AS SELECT 3000::bigint AS person', n);
	END LOOP;
END $$;
CREATE FUNCTION meet(me integer, of integer, round bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	behind boolean := true;
BEGIN
	PERFORM setval(format('gate_%s', me), round);
	WHILE behind LOOP
		SELECT bool_or(COALESCE(pg_sequence_last_value(format('gate_%s', n)::regclass), 0) < round) INTO behind
		  FROM generate_series(0, of - 1) n;
		IF behind THEN
			PERFORM pg_sleep(0.0002);
		END IF;
	END LOOP;
END
$$;
SQL
cat >"$scratch/cap.sql" <<'SQL'
BEGIN;
UPDATE progress_:client_id SET person = person + 1 RETURNING person \gset
SELECT meet(:client_id, :sessions, :person);
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, seq, total, in_scope, region, scheme, care_type,
	level, designated, category, given)
SELECT :person, 'r' || n, timestamp '2024-06-01', n, 100, 100, 'R1', 'resident', '21', '2', true, '{low}',
	   '{"basic": {"state": "waived"}, "critical": {"state": "waived"}, "tilt": {"state": "waived"}}'
  FROM nextval('numbers') n;
SELECT pg_sleep(0.001);
COMMIT;
SQL

# last_hundred LEVEL SESSIONS ROUNDS — the rounds, on persons of their own; prints what went wrong
first_person=3000
last_hundred() {
	local level=$1 sessions=$2 rounds=$3 last=$((first_person + $3))
	query -v first=$first_person -v last=$last <<'SQL' >/dev/null
INSERT INTO assistance_register.person (person_id) SELECT generate_series(:first + 1, :last);
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, care_type,
	level, designated, category, given)
SELECT p, 'c' || p, '2024-03-01', 9875, 9875, 'R1', 'resident', '21', '2', true, '{low}',
	   '{"basic": {"state": "waived"}, "critical": {"state": "waived"}, "tilt": {"state": "waived"}}'
  FROM generate_series(:first + 1, :last) p;
ANALYZE assistance_register.claim, assistance_register.settlement, assistance_register.payment;
SQL
	query -c "SELECT 'before', person_id, sum(amount) FROM assistance_register.payment
		WHERE person_id > $first_person AND person_id <= $last AND layer = 'aid' GROUP BY 2 HAVING sum(amount) <> 7900"
	for n in 0 1 2 3 4 5 6 7; do
		query -c "UPDATE progress_$n SET person = $first_person"
	done
	race "$level" "$sessions" "$rounds" -D sessions="$sessions" -f "$scratch/cap.sql"
	query -c "SELECT person_id, sum(amount), count(DISTINCT claim_id) FROM assistance_register.payment
		WHERE person_id > $first_person AND person_id <= $last AND layer = 'aid'
		GROUP BY 1 HAVING sum(amount) <> 8000 OR count(DISTINCT claim_id) <> $sessions + 1"
	# the sessions did meet: where snapshots fail they were tried again, else the second came before the first was committed
	if [ "$level" = 'read committed' ]; then
		query -c "SELECT 'rarely met', count(*) FROM (
			SELECT c.person_id FROM assistance_register.claim c JOIN assistance_register.settlement s USING (person_id, claim_id)
			 WHERE c.person_id > $first_person AND c.person_id <= $last AND c.ordered_at = '2024-06-01'
			 GROUP BY 1 HAVING (array_agg(c.received_at ORDER BY c.received_at))[2] < min(s.recorded_at) + interval '1 ms') met
			HAVING count(*) < 0.1 * $rounds"
	else
		sed -nE 's/^number of transactions retried: ([0-9]+) .*/\1/p' "$scratch/race.out" |
			awk -v least=$((rounds / 10)) '$1 < least { print "rarely tried again: " $1 }'
	fi
}

for level in 'read committed' 'repeatable read' serializable; do
	for sessions in 2 4 8; do
		start=$SECONDS
		rounds=${RACE_ROUNDS:-30}
		check "$level, $sessions sessions: $rounds rounds for the last 100 yuan of a cap" \
			"$(last_hundred "$level" "$sessions" "$rounds")"
		echo "# $((SECONDS - start)) s, $(grep -E '^(tps|number of transactions retried)' "$scratch/race.out" | tr '\n' ' ')"
		first_person=$((first_person + rounds))
	done
done
check 'everything is still the fold of what is known' "$(findings)"
echo "1..$number"
