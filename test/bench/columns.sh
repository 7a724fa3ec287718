#!/bin/bash
# columns.sh — simulate beside an analytical column engine on the same machine, rules, rows and number of processes (one). Not part
# of make bench or make check. Needs node and the npm package @duckdb/node-api, which it installs below build/ (about 100 MB):
#
#	apt-get install nodejs npm
#	test/bench/columns.sh			prints name, value, unit, baseline, ratio like make bench
#
#	BENCH_BILLS		rows of the generated table (1000000)
#	BENCH_RUNS		runs of each after a warm one; the median counts (5)
set -euo pipefail

cd "$(dirname "$0")/../.."
export ASSISTANCE_BUILD=${ASSISTANCE_BUILD:-$PWD/build}
export BENCH_BILLS=${BENCH_BILLS:-1000000} BENCH_RUNS=${BENCH_RUNS:-5}
packages=$ASSISTANCE_BUILD/node

if [ "${1:-}" != inside ]; then
	command -v npm >/dev/null || { echo "columns.sh needs node and npm: apt-get install nodejs npm" >&2; exit 1; }
	mkdir -p "$packages"
	[ -d "$packages/node_modules/@duckdb" ] || npm install --silent --no-audit --no-fund --prefix "$packages" @duckdb/node-api >&2
	exec test/cluster.sh -c shared_buffers=2GB -c work_mem=64MB -c max_parallel_workers_per_gather=0 -c autovacuum=off \
		-c checkpoint_timeout=1h test/bench/columns.sh inside
fi

query() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

# The basis: totals of a simulation of the simple rule set, amounts in int8 fen as the other engine has them.
psql -Xq -v ON_ERROR_STOP=1 -v bills="$BENCH_BILLS" -f test/bench/generate.sql
psql -Xq -v ON_ERROR_STOP=1 -v directory="$PWD/test/bench" <<-'SQL'
	SET client_min_messages = warning;
	CREATE EXTENSION assistance CASCADE;
	\set simple `cat :directory/simple.json`
	CREATE TABLE bench.book AS SELECT :'simple'::assistance.terms AS terms;
	CREATE UNLOGGED TABLE bench.claim_fen AS
	SELECT person, ordered_at, seq, region, scheme, category, level, (in_scope * 100)::bigint AS in_scope FROM bench.claim;
	VACUUM (ANALYZE) bench.claim_fen;
SQL
simulated="SELECT (t.basic * 100)::bigint, (t.critical * 100)::bigint, (t.assistance * 100)::bigint
	FROM (SELECT assistance.simulate(person, assistance.make_bill_fen(total => in_scope, in_scope => in_scope,
			region => region, scheme => scheme, ordered_at => ordered_at, seq => seq, category => category, level => level),
		(SELECT assistance.make_study(ARRAY[assistance.make_scenario('1', terms)], budget => 4294967296) FROM bench.book)) AS s
	  FROM bench.claim_fen) q, assistance.simulated_totals(s) t"
ours=$(for _ in $(seq 0 "$BENCH_RUNS"); do
	psql -XqAt -v ON_ERROR_STOP=1 -c '\timing on' -c "$simulated" | sed -nE 's/^Time: ([0-9.]+) ms.*/\1/p'
done | tail -n +2 | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')

table=$ASSISTANCE_BUILD/columns.csv
query "COPY (SELECT person, ordered_at, seq, category, level, in_scope FROM bench.claim_fen)
	TO STDOUT (FORMAT csv, HEADER)" >"$table"
theirs=$(cd "$packages" && node "$OLDPWD/test/bench/columns.mjs" "$table" "$BENCH_RUNS")
rm -f "$table"
if [ "$(head -n 1 <<<"$theirs")" != "$(query "$simulated")" ]; then
	echo "columns.sh: $(query "$simulated") here, $(head -n 1 <<<"$theirs") there" >&2
	exit 1
fi
theirs=$(tail -n 1 <<<"$theirs")
printf 'columns_simulate\t%s\tms\t\t\n' "$ours"
printf 'columns_duckdb\t%s\tms\t%s\t%s\n' "$theirs" "$ours" "$(awk "BEGIN { printf \"%.2f\", $theirs / $ours }")"
