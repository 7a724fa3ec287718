#!/bin/bash
# guard_storm.sh — four sessions pay, reverse and pay again on twelve bills at once, at each isolation level for STORM_SECONDS.
# The oracle finds nothing wrong, every serialization failure succeeds when it is retried, and nothing else fails. Prints TAP lines.
set -uo pipefail

cd "$(dirname "$0")" || exit
script=$(mktemp)
trap 'rm -f "$script"' EXIT

createdb guard_storm || exit
export PGDATABASE=guard_storm
PGOPTIONS='-c client_min_messages=warning' \
	psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION assistance CASCADE' -f guard_storm.sql || exit
number=0
for level in 'read committed' 'repeatable read' serializable; do
	number=$((number + 1))
	printf 'BEGIN ISOLATION LEVEL %s;\nSELECT act();\nCOMMIT;\n' "$level" >"$script"
	output=$(pgbench -n -c 4 -T "${STORM_SECONDS:-2}" --max-tries=1000 --failures-detailed -f "$script" 2>&1)
	status=$?
	found=$(psql -XAt -c 'SELECT what FROM wrong' \
		-c "SELECT 'nothing was ' || what FROM (VALUES ('written', true), ('refused', false)) v (what, written)
		WHERE NOT EXISTS (SELECT FROM done WHERE level = '$level' AND (code IS NULL) = written)")
	if [ $status -eq 0 ] && [ -z "$found" ] && grep -q 'number of failed transactions: 0 ' <<<"$output"; then
		echo "ok $number - a storm at $level"
	else
		printf 'not ok %s - a storm at %s\n%s\n%s\n' "$number" "$level" "$found" "$output"
	fi
done
echo "1..$number"
