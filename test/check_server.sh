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

# Two and three sessions at once: every specification under test/isolation, each with what it must print
part_isolation() {
	local program passed failed specs

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
	record isolation "$passed" "$failed"
}

part_cases() {
	fresh_database cases && PGDATABASE=cases python3 test/cases/run.py --counts "$results/cases.counts" test/cases/*.json
}

part_surfaces() {
	fresh_database surfaces && PGDATABASE=surfaces python3 test/oracle/surfaces.py --counts "$results/surfaces.counts" \
		--seed "$ORACLE_SEED" --years "${SURFACE_YEARS:-600}"
}

# The examples of the documentation are what psql prints.
part_docs() {
	python3 test/docs.py --counts "$results/docs.counts" README.md README.zh.md docs/tutorial.md docs/policy-examples.md
}

for part in "$@"; do
	start=$SECONDS
	echo "-- $part"
	"part_$part" 2>&1
	[ -f "$results/$part.counts" ] || record "$part" 0 1
	echo $((SECONDS - start)) >"$results/$part.seconds"
done
