#!/bin/bash
# batch.sh — the part of the bench that stores many bills at once; runs inside cluster.sh, started by run.sh. Splits into a plain
# logged table beside a plain copy of them; claims into the register beside the same rows written by plain INSERT … SELECT; the
# generated year; how long a cancelled batch goes on.
set -euo pipefail

# shellcheck source=test/bench/figures.sh
. "$(dirname "$0")/figures.sh"

cd "$(dirname "$0")/../.."
bills=$BENCH_BILLS
runs=$BENCH_RUNS
persons=${BENCH_PERSONS:-$((bills > 5000000 ? 150000 : bills * 3 / 100))}	# in the register, with the claims of their year
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

query() {
	psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

# milliseconds of all statements on stdin that follow the word TIMED
time_ms() {
	sed 's/^TIMED$/\\timing on/' | query | sed -nE 's/^Time: ([0-9.]+) ms.*/\1/p' | awk '{ sum += $1 } END { print sum }'
}

# figure NAME — the median without the warm run
figure() {
	tail -n +2 "$work/$1" | median
}

prepare() {
	note "generating $bills bills"
	query -v bills="$bills" -f test/bench/generate.sql
	query -v directory="$PWD" <<-'SQL'
		SET client_min_messages = warning;
		CREATE EXTENSION assistance CASCADE;
		\set pack `cat :directory/src/packs/beijing-residents.json`
		CREATE TABLE bench.book AS SELECT :'pack'::assistance.terms AS terms;
		CREATE FUNCTION bench.terms() RETURNS assistance.terms STABLE LANGUAGE sql RETURN (SELECT terms FROM bench.book);
		CREATE UNLOGGED TABLE bench.bill AS
		SELECT person, assistance.make_bill(total => total, in_scope => in_scope, excluded => excluded, over_limit => over_limit,
			first_share => first_share, ordered_at => ordered_at, seq => seq, region => region, scheme => scheme, category => category,
			care_type => care_type, level => level, referral => '规范', person_type => '劳动年龄居民') AS bill FROM bench.claim;
		CREATE UNLOGGED TABLE bench.tenth AS SELECT * FROM bench.bill WHERE person % 10 = 0;
		CREATE TABLE bench.stored (person bigint, ordered_at timestamp, seq bigint, total numeric(16,2), basic numeric(16,2),
			critical numeric(16,2), assistance numeric(16,2), patient numeric(16,2));
		CREATE TABLE bench.copy (LIKE bench.stored);
		-- a foreign key is enough for the way of INSERT … SELECT
		CREATE TABLE bench.everybody (id integer PRIMARY KEY);
		INSERT INTO bench.everybody VALUES (1);
		CREATE TABLE bench.inserted (LIKE bench.stored);
		ALTER TABLE bench.inserted ADD one integer REFERENCES bench.everybody;
		CALL assistance.create_batch_runs('bench.run');
	SQL
	query -c 'VACUUM ANALYZE'
}

# batch SOURCE TARGET — statements that store a source, timed
batch() {
	echo "TRUNCATE bench.$2; DELETE FROM bench.run; CHECKPOINT;"
	echo TIMED
	echo "CALL assistance.settle_batch('bench.$1', bench.terms(), 'bench.$2', 'bench.run', 'run');"
}

# Splits with eight columns; the copy is that of the rows just stored
stored() {
	local run all tenth copy inserted share

	for run in $(seq 0 "$runs"); do
		note "stored splits, run $run of $runs"
		batch bill stored | time_ms >>"$work/stored"
		{ echo 'TRUNCATE bench.copy; CHECKPOINT;'; echo TIMED; echo 'INSERT INTO bench.copy SELECT * FROM bench.stored;'; } |
			time_ms >>"$work/copy"
		query -c 'SET client_min_messages = warning' -c 'DROP TABLE IF EXISTS bench.made'
		{ echo TIMED; echo 'CREATE TABLE bench.made AS SELECT * FROM bench.stored;'; } | time_ms >>"$work/made"
		batch bill inserted | time_ms >>"$work/inserted"
		batch tenth stored | time_ms >>"$work/tenth"
	done
	all=$(figure stored)
	copy=$(figure copy)
	inserted=$(figure inserted)
	tenth=$(figure tenth)
	share=$(query -c 'SELECT (SELECT count(*) FROM bench.tenth)::numeric / (SELECT count(*) FROM bench.bill)')
	line batch_stored "$(calc "$all" %.0f)" ms "$(calc "$copy" %.0f)" "$(calc "$all / $copy")"
	line batch_stored_create_table_as "$(calc "$all" %.0f)" ms "$(calc "$(figure made)" %.0f)" "$(calc "$all / $(figure made)")"
	line batch_stored_by_insert "$(calc "$inserted" %.0f)" ms "$(calc "$copy" %.0f)" "$(calc "$inserted / $copy")"
	line batch_stored_by_bill "$(calc "$all * 1e6 / $bills" %.0f)" ns/bill "$(calc "$tenth * 1e6 / ($bills * $share)" %.0f)" \
		"$(calc "$all * $share / $tenth")"
}

# The register, and tables with the same keys and checks that are written by hand
prepare_register() {
	query -c 'SET client_min_messages = warning' -c 'CALL assistance.create_register()' -f test/register/codes.sql
	query -v pack="$(cat src/packs/beijing-residents.json)" -v persons="$persons" >/dev/null <<-'SQL'
		SELECT assistance.publish_policy(assistance.import_policy(:'pack'), 'bench');
		CREATE SCHEMA hand;
		INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, (:persons * 10)::bigint);
		CREATE TABLE hand.claim (LIKE assistance_register.claim INCLUDING ALL,
			FOREIGN KEY (person_id) REFERENCES assistance_register.person);
		CREATE TABLE hand.settlement (LIKE assistance_register.settlement INCLUDING ALL, FOREIGN KEY (claim_id) REFERENCES hand.claim);
		CREATE TABLE hand.payment (LIKE assistance_register.payment INCLUDING ALL,
			FOREIGN KEY (person_id, claim_id, revision) REFERENCES hand.settlement);
		CREATE TABLE hand.person_account (LIKE assistance_register.person_account INCLUDING ALL) WITH (fillfactor = 70);
		CREATE TABLE bench.arrived AS
		SELECT person AS person_id, person || '/' || seq AS request_key, ordered_at, seq, total, in_scope, excluded, over_limit,
			   first_share, region, scheme, care_type, level, '规范' AS referral, '劳动年龄居民' AS person_type, category
		  FROM bench.claim WHERE person <= :persons;
	SQL
	query -c 'VACUUM ANALYZE'
}

# Each run takes other persons; the rows by hand are those that the register has just written
register() {
	local run first last range register hand found claims

	prepare_register
	claims=$(query -c 'SELECT count(*) FROM bench.arrived')
	for run in $(seq 0 "$(((runs + 1) / 2))"); do
		note "claims into the register, run $run"
		first=$((run * persons + 1))
		last=$(((run + 1) * persons))
		range="WHERE person_id BETWEEN $first AND $last"
		time_ms >>"$work/register" <<-SQL
			CHECKPOINT;
			TIMED
			CALL assistance.settle_batch('SELECT person_id + $first - 1 AS person_id, ''$run '' || request_key AS request_key,
				ordered_at, seq, total, in_scope, excluded, over_limit, first_share, region, scheme, care_type, level, referral, person_type,
				category FROM bench.arrived', NULL,
				'assistance_register.claim', 'bench.run', 'register $run');
		SQL
		time_ms >>"$work/hand" <<-SQL
			CHECKPOINT;
			TIMED
			INSERT INTO hand.claim OVERRIDING SYSTEM VALUE SELECT * FROM assistance_register.claim $range;
			INSERT INTO hand.settlement OVERRIDING SYSTEM VALUE SELECT * FROM assistance_register.settlement $range;
			INSERT INTO hand.payment SELECT * FROM assistance_register.payment $range;
			INSERT INTO hand.person_account SELECT * FROM assistance_register.person_account $range;
		SQL
		query -c 'VACUUM ANALYZE'
	done
	found=$(query -c 'SELECT count(*) FROM assistance_register.settlement')
	if [ "$found" != $((claims * ((runs + 1) / 2 + 1))) ]; then
		echo "the register has $found settlements" >&2
		exit 1
	fi
	register=$(figure register)
	hand=$(figure hand)
	line batch_into_register "$(calc "$register" %.0f)" ms "$(calc "$hand" %.0f)" "$(calc "$register / $hand")"
	line batch_into_register_by_claim "$(calc "$register * 1000 / $claims" %.1f)" us/claim "" ""
}

# From the signal to the error, while a batch reads or stores: the longest of nine
cancel() {
	local pid start longest

	for run in 1 2 3 4 5 6 7 8 9; do
		mkfifo "$work/pipe"
		query -c 'SELECT pg_backend_pid()' -c 'TRUNCATE bench.stored' -c 'DELETE FROM bench.run' \
			-c "CALL assistance.settle_batch('SELECT person, bill FROM bench.bill', bench.terms(), 'bench.stored', 'bench.run', 'run', 8)" \
			>"$work/pipe" 2>"$work/error" &
		exec 7<"$work/pipe"
		read -r pid <&7
		sleep "0.$((run * 7 % 9 + 1))"
		start=$(date +%s%N)
		kill -INT "$pid" || true
		wait $! || true
		grep -q 'canceling statement' "$work/error" && echo $((($(date +%s%N) - start) / 1000000)) >>"$work/cancelled"
		exec 7<&-
		rm "$work/pipe"
	done
	if [ -s "$work/cancelled" ]; then
		longest=$(sort -n "$work/cancelled" | tail -n 1)
		line batch_cancelled "$longest" ms 100 "$(calc "$longest / 100")"
	fi
}

synthetic() {
	local run year

	for run in $(seq 0 "$runs"); do
		echo "TIMED
			SELECT count(in_scope) FROM assistance.synthetic_year($((bills / 10)), seed => $run);" | time_ms >>"$work/year"
	done
	year=$(figure year)
	line synthetic_year "$(calc "$bills / 10 * 0.806 / $year * 1000" %.0f)" bills/s "" ""
}

prepare
stored
cancel
register
synthetic
