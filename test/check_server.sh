#!/bin/bash
# check_server.sh part… — the parts of check that need a server; runs inside cluster.sh. Each part has a database of its own.
set -uo pipefail

cd "$(dirname "$0")/.." || exit
results=${CHECK_RESULTS:?}
config=$(test/pg_config.sh)
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES

record() {
	echo "$2 $3" >"$results/$1.counts"
}

fresh_database() {
	createdb "$1" &&
		PGDATABASE=$1 psql -XqAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION assistance CASCADE'
}

# installcheck of the staged copy, the PGXS way
part_regress() {
	local passed failed

	rm -f "$ASSISTANCE_BUILD/stage/regression.diffs"
	make -s -C "$ASSISTANCE_BUILD/stage" PG_CONFIG="$config" with_llvm=no installcheck >"$results/regress.out" 2>&1
	passed=$(grep -cE '^(ok [0-9]+ |(test)? +.* \.\.\. ok|test .* \.\.\. ok)' "$results/regress.out")
	failed=$(grep -cE '^not ok |\.\.\. FAILED' "$results/regress.out")
	if [ "$failed" -ne 0 ] || [ "$passed" -eq 0 ]; then
		cat "$results/regress.out"
		head -n 200 "$ASSISTANCE_BUILD/stage/regression.diffs" 2>/dev/null
		[ "$failed" -ne 0 ] || failed=1
	fi
	record regress "$passed" "$failed"
}

# Every file plans its tests; a file that stops early fails once more.
part_pgtap() {
	local file name output status passed=0 failed=0 ok bad planned

	if ! fresh_database pgtap || ! psql -Xq -v ON_ERROR_STOP=1 -d pgtap -c 'CREATE EXTENSION pgtap'; then
		record pgtap 0 1
		return
	fi
	for file in test/pgtap/*.sql; do
		name=$(basename "$file" .sql)
		output=$results/pgtap.$name.out
		PGDATABASE=pgtap psql -XAtq -v ON_ERROR_STOP=1 -f "$file" >"$output" 2>&1
		status=$?
		ok=$(grep -c '^ok ' "$output")
		bad=$(grep -c '^not ok ' "$output")
		planned=$(sed -nE 's/^1\.\.([0-9]+)$/\1/p' "$output" | head -n 1)
		if [ $status -ne 0 ] || [ "${planned:-none}" != $((ok + bad)) ]; then
			bad=$((bad + 1))
			echo "pgtap: $name: status $status, planned ${planned:-none}, ran $((ok + bad - 1))"
		fi
		if [ "$bad" -ne 0 ]; then
			grep -v '^ok ' "$output" | head -n 60
		fi
		passed=$((passed + ok))
		failed=$((failed + bad))
	done
	record pgtap "$passed" "$failed"
}

# Sessions at once: every specification under test/isolation, each with what it must print, and every script there, in TAP
part_isolation() {
	local program passed failed specs script output

	program=$("$config" --pkglibdir)/pgxs/src/test/isolation/pg_isolation_regress
	specs=$(find test/isolation/specs -name '*.spec' -printf '%f\n' | sed 's/\.spec$//' | LC_ALL=C sort)
	mkdir -p "$results/isolation"
	# shellcheck disable=SC2086
	"$program" --inputdir=test/isolation --outputdir="$results/isolation" --dbname=isolation \
		--load-extension=btree_gist --load-extension=assistance \
		$specs >"$results/isolation.out" 2>&1
	passed=$(grep -cE '^(ok [0-9]+ |test .* \.\.\. ok)' "$results/isolation.out")
	failed=$(grep -cE '^not ok |\.\.\. FAILED' "$results/isolation.out")
	if [ "$failed" -ne 0 ] || [ "$passed" -ne "$(wc -w <<<"$specs")" ]; then
		cat "$results/isolation.out"
		head -n 200 "$results/isolation/regression.diffs" 2>/dev/null
		[ "$failed" -ne 0 ] || failed=1
	fi
	for script in test/isolation/*.sh; do
		output=$results/isolation.$(basename "$script" .sh).out
		"$script" >"$output" 2>&1
		grep -v '^ok \|^1\.\.' "$output"
		grep -q '^1\.\.' "$output" || failed=$((failed + 1))
		passed=$((passed + $(grep -c '^ok ' "$output")))
		failed=$((failed + $(grep -c '^not ok ' "$output")))
	done
	record isolation "$passed" "$failed"
}

# tap NAME COMMAND… — count the TAP lines of a command
tap() {
	local name=$1 output=$results/$1.tap ok bad
	shift
	"$@" >"$output" 2>&1
	ok=$(grep -c '^ok ' "$output")
	bad=$(grep -c '^not ok ' "$output")
	grep -q "^1\.\.$((ok + bad))$" "$output" || bad=$((bad + 1))
	[ "$bad" -eq 0 ] || grep -v '^ok ' "$output"
	echo "$ok $bad" >"$results/$name.tap.counts"
}

# Random histories in the register; then the same register dumped, restored, and without its extension for a while.
# A tenth of them in registers that go into partitions on the way.
part_register() {
	local passed failed ok bad by all_passed=0 all_failed=0 persons=${HISTORIES:-1000}

	for by in '' person year; do
		fresh_database "register$by" && PARTITIONED=$by PGDATABASE=register$by python3 test/register/histories.py --persons "$persons" \
			--steps 8 --seed "$ORACLE_SEED" --counts "$results/histories$by.counts"
		PGDATABASE=register$by tap "round_trip$by" test/register/round_trip.sh
		read -r passed failed <"$results/histories$by.counts" || failed=1
		read -r ok bad <"$results/round_trip$by.tap.counts"
		all_passed=$((all_passed + ${passed:-0} + ok))
		all_failed=$((all_failed + failed + bad))
		persons=$((${HISTORIES:-1000} / 10))
	done
	record register $all_passed $all_failed
}

part_races() {
	local ok bad

	fresh_database races && PGDATABASE=races tap races test/register/races.sh
	read -r ok bad <"$results/races.tap.counts"
	record races "$ok" "$bad"
}

# What may not come in, through every door: into payment tables under the guard, and into the register
part_doors() {
	local script by passed failed all_passed=0 all_failed=0

	fresh_database doors || return
	# every_function goes on with the register of bad_inputs
	fresh_database doors_bad && fresh_database doors_moments && fresh_database doors_again || return
	for script in guard_matrix:doors register_doors:doors bad_inputs:doors_bad every_function:doors_bad bad_moments:doors_moments \
		settling_again:doors_again; do
		by=${script#*:}
		script=${script%:*}
		PGDATABASE=$by python3 "test/register/$script.py" --counts "$results/$script.counts"
		read -r passed failed <"$results/$script.counts" || failed=1
		all_passed=$((all_passed + ${passed:-0}))
		all_failed=$((all_failed + failed))
	done
	for by in person year; do
		fresh_database "doors_$by" && PARTITIONED=$by PGDATABASE=doors_$by python3 test/register/register_doors.py \
			--counts "$results/doors_$by.counts"
		read -r passed failed <"$results/doors_$by.counts" || failed=1
		all_passed=$((all_passed + ${passed:-0}))
		all_failed=$((all_failed + failed))
	done
	record doors "$all_passed" "$all_failed"
}

# Every role, object and action of test/register/rights.txt
part_rights() {
	fresh_database rights && PGDATABASE=rights python3 test/register/rights.py --counts "$results/rights.counts"
}

part_cases() {
	fresh_database cases && PGDATABASE=cases python3 test/cases/run.py --counts "$results/cases.counts" test/cases/*.json
}

part_surfaces() {
	fresh_database surfaces && PGDATABASE=surfaces python3 test/oracle/surfaces.py --counts "$results/surfaces.counts" \
		--seed "$ORACLE_SEED" --years "${SURFACE_YEARS:-600}"
}

# Versions by day and moment against a naive oracle; what a dump keeps
part_catalogue() {
	local output=$results/catalogue.out ok bad passed failed

	fresh_database catalogue || return
	PGDATABASE=catalogue python3 test/catalogue/grid.py --counts "$results/grid.counts" --seed "$ORACLE_SEED" \
		--histories "${CATALOGUE_HISTORIES:-6}" || return
	read -r passed failed <"$results/grid.counts"
	test/catalogue/dump.sh catalogue >"$output" 2>&1
	ok=$(grep -c '^ok ' "$output")
	bad=$(grep -c '^not ok ' "$output")
	grep -q "^1\.\.$((ok + bad))$" "$output" || bad=$((bad + 1))
	[ "$bad" -eq 0 ] || grep -v '^ok ' "$output"
	record catalogue $((passed + ok)) $((failed + bad))
}

# The examples of the documentation are what psql prints.
part_docs() {
	python3 test/docs.py --counts "$results/docs.counts" README.md README.zh.md \
		docs/tutorial.md docs/policy-examples.md docs/national.md docs/simulation.md
}

for part in "$@"; do
	start=$SECONDS
	echo "-- $part"
	"part_$part" 2>&1
	[ -f "$results/$part.counts" ] || record "$part" 0 1
	echo $((SECONDS - start)) >"$results/$part.seconds"
done
