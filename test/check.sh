#!/bin/bash
# check.sh [part…] — everything that can fail, in two lanes (one per core): the core without PostgreSQL, and the extension
# on a throwaway cluster. Prints the counts of every part and ends with "N passed, N failed".
#
#	ORACLE_YEARS	person-years to compare with the oracle (10000)
#	ORACLE_SEED		seed of that run (random)
#	FUZZ_SECONDS	for each fuzzer (30)
#	KILL_ROUNDS		in which something breaks while sessions settle (10; the long form: 200)
#	RACE_ROUNDS		for the last yuan of a cap, for each level and 2, 4, 8 sessions (30; the long form: 1000)
#	PARTITIONED		person or year: races, rights and batch on a register in partitions (doors and register always on such ones too)
#	BATCH_PERSONS	whose stored splits are compared with what settles online, row by row (600; the long form: 100000)
#	STORM_SECONDS	for each isolation level of a storm (2)
#	MANY_PERSONS	of one statement that holds no more locks than one of few (2000; the long form: 100000)
#	MEMORY_STEPS	at which the memory of a backend runs out (12; the long form: 400)
set -uo pipefail

cd "$(dirname "$0")/.." || exit
export ASSISTANCE_BUILD=${ASSISTANCE_BUILD:-$PWD/build}
export ORACLE_SEED=${ORACLE_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
export ORACLE_YEARS=${ORACLE_YEARS:-10000}
export FUZZ_SECONDS=${FUZZ_SECONDS:-30}
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_stack_use_after_return=1
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES
jobs=$(nproc)
results=$ASSISTANCE_BUILD/check
export CHECK_RESULTS=$results

core_lane=(schema clang unit coverage frozen oracle fuzz)
server_lane=(build server kills operations batch)
order=(build schema clang unit coverage regress pgtap isolation catalogue register races doors rights cases surfaces docs kills
	operations batch frozen oracle fuzz)

# record PART PASSED FAILED — the counts of a part
record() {
	echo "$2 $3" >"$results/$1.counts"
}

core_make() {
	make -s -f test/core.mk -j"$jobs" "$@"
}

# The extension under gcc, and what no compiler checks.
part_build() {
	local output=$results/consistency.out

	if ! test/build.sh "$results/installed"; then
		record build 0 1
		return
	fi
	test/consistency.sh "$ASSISTANCE_BUILD/stage/assistance.so" >"$output" 2>&1
	grep -v '^ok \|^1\.\.' "$output"
	record build "$(grep -c '^ok ' "$output")" "$(grep -c '^not ok ' "$output")"
}

# Every source under clang, warnings as errors; less of -Wextra where PostgreSQL's macros stand.
part_clang() {
	local file flags passed=0 failed=0 headers

	headers=$("$(test/pg_config.sh)" --includedir-server)
	for file in $(find src -name '*.c' | sort); do
		case $file in
			src/core/*) flags=(-std=c11) ;;
			*) flags=(-std=gnu11 -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare -isystem "$headers" -Isrc
				'-DASSISTANCE_VERSION=""') ;;
		esac
		if "${CLANG:-clang}" -Wall -Wextra -Werror "${flags[@]}" -fsyntax-only "$file"; then
			passed=$((passed + 1))
		else
			echo "not ok - clang: $file"
			failed=$((failed + 1))
		fi
	done
	record clang "$passed" "$failed"
}

# A unit test prints TAP lines or one line "N passed, N failed"; one that prints neither counts once.
part_unit() {
	local program name output status passed=0 failed=0 ok bad

	if ! core_make unit; then
		record unit 0 1
		return
	fi
	for program in test/unit/test_*.c; do
		name=$(basename "$program" .c)
		output=$results/unit.$name.out
		"$ASSISTANCE_BUILD/asan/$name" >"$output" 2>&1
		status=$?
		ok=$(grep -c '^ok ' "$output")
		bad=$(grep -c '^not ok ' "$output")
		if [ $((ok + bad)) -eq 0 ]; then
			ok=$(sed -nE 's/.*\b([0-9]+) passed.*/\1/p' "$output" | tail -n 1)
			bad=$(sed -nE 's/.*\b([0-9]+) failed.*/\1/p' "$output" | tail -n 1)
			ok=${ok:-$((status == 0))}
			bad=${bad:-0}
		fi
		if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
			bad=1
		fi
		if [ "$bad" -ne 0 ]; then
			echo "not ok - unit: $name (status $status)"
			grep -vE '^ok ' "$output" | head -n 60
		fi
		passed=$((passed + ok))
		failed=$((failed + bad))
	done
	record unit "$passed" "$failed"
}

# Every line and branch of the core is taken by a unit test or listed as unreachable.
part_coverage() {
	if ! core_make coverage COUNTS="$results/coverage.counts"; then
		[ -f "$results/coverage.counts" ] || record coverage 0 1
	fi
}

# The JSON Schema accepts every book of ours and refuses books with a mistake.
part_schema() {
	if ! python3 test/schema.py --counts "$results/schema.counts"; then
		[ -f "$results/schema.counts" ] || record schema 0 1
	fi
}

part_oracle() {
	if ! core_make compare; then
		record oracle 0 1
		return
	fi
	python3 test/oracle/check.py --driver "$ASSISTANCE_BUILD/asan/compare" --counts "$results/oracle.counts" \
		--seed "$ORACLE_SEED" --years "$ORACLE_YEARS"
}

# The person-years of every engine level come to what they came to when the level was frozen.
part_frozen() {
	if ! core_make compare; then
		record frozen 0 1
		return
	fi
	python3 test/oracle/frozen.py replay --driver "$ASSISTANCE_BUILD/asan/compare" --counts "$results/frozen.counts" ||
		[ -f "$results/frozen.counts" ] || record frozen 0 1
}

part_fuzz() {
	local source name corpus passed=0 failed=0

	if [ -z "$(find test/fuzz -name 'fuzz_*.c')" ] || ! core_make fuzz; then
		echo 'not ok - fuzz: no fuzzers, or they do not build'
		record fuzz 0 1
		return
	fi
	for source in test/fuzz/fuzz_*.c; do
		name=$(basename "$source" .c)
		corpus=test/fuzz/corpus/${name#fuzz_}
		mkdir -p "$ASSISTANCE_BUILD/fuzz/corpus/$name"
		[ -d "$corpus" ] || corpus=$ASSISTANCE_BUILD/fuzz/corpus/$name
		if "$ASSISTANCE_BUILD/fuzz/$name" -max_total_time="$FUZZ_SECONDS" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
			-artifact_prefix="$results/$name." "$ASSISTANCE_BUILD/fuzz/corpus/$name" "$corpus" >"$results/$name.out" 2>&1; then
			echo "$name: $(sed -nE 's/^Done ([0-9]+) runs in ([0-9]+) second.*/\1 runs in \2 s/p' "$results/$name.out")," \
				"$(find "$corpus" -type f | wc -l) committed inputs"
			passed=$((passed + 1))
		else
			echo "not ok - fuzz: $name (input in $results/$name.*)"
			grep -vE '^#[0-9]+' "$results/$name.out" | tail -n 60
			failed=$((failed + 1))
		fi
	done
	record fuzz "$passed" "$failed"
}

# own_servers PART COMMAND… — a part that makes its own servers, with the programs of cluster.sh
own_servers() {
	local part=$1
	shift
	if [ ! -x "$ASSISTANCE_BUILD/stage/assistance.so" ] || [ "$(cat "$results/build.counts")" = "0 1" ]; then
		echo "skipped: the extension does not build"
	else
		test/cluster.sh "$@" --counts "$results/$part.counts"
	fi
	[ -f "$results/$part.counts" ] || record "$part" 0 1
}

# What breaks while sessions settle: servers that are killed, filled up and started again
part_kills() {
	own_servers kills python3 test/register/kills.py --rounds "${KILL_ROUNDS:-10}" --seed "$ORACLE_SEED"
}

# The commands of docs/operations.md
part_operations() {
	own_servers operations python3 test/operations.py
}

# settle_batch killed, cancelled, started twice, robbed of its target or its file; its rows against those settled online
part_batch() {
	own_servers batch python3 test/batch/disturbed.py --persons "${BATCH_PERSONS:-600}" --seed "$ORACLE_SEED"
}

# The parts that need a server, each on a database of its own of one throwaway cluster.
part_server() {
	local part

	if [ ! -x "$ASSISTANCE_BUILD/stage/assistance.so" ] || [ "$(cat "$results/build.counts")" = "0 1" ]; then
		echo "skipped: the extension does not build"
	else
		test/cluster.sh -c max_parallel_workers_per_gather=2 test/check_server.sh "${server_parts[@]}" ||
			echo "not ok - the cluster ended with a failure"
	fi
	for part in "${server_parts[@]}"; do
		[ -f "$results/$part.counts" ] || record "$part" 0 1
	done
}

lane() {
	local part start

	for part in "$@"; do
		start=$SECONDS
		"part_$part" >"$results/$part.log" 2>&1
		echo $((SECONDS - start)) >"$results/$part.seconds"
	done
}

# Print what each part said and its counts; the last line is the sum.
summary() {
	local part passed failed all_passed=0 all_failed=0

	for part in build schema clang unit coverage oracle fuzz server kills operations batch; do
		if [ -s "$results/$part.log" ]; then
			echo "== $part"
			cat "$results/$part.log"
		fi
	done
	echo
	printf '%-10s %10s %10s %8s\n' part passed failed seconds
	for part in "${order[@]}"; do
		[ -f "$results/$part.counts" ] || continue
		read -r passed failed <"$results/$part.counts"
		printf '%-10s %10s %10s %8s\n' "$part" "$passed" "$failed" "$(cat "$results/$part.seconds" 2>/dev/null)"
		all_passed=$((all_passed + passed))
		all_failed=$((all_failed + failed))
	done
	echo "oracle seed $ORACLE_SEED, total $SECONDS s"
	echo "$all_passed passed, $all_failed failed"
	[ "$all_failed" -eq 0 ] && [ "$all_passed" -gt 0 ]
}

server_parts=(regress pgtap isolation catalogue register races doors rights cases surfaces docs)
if [ $# -gt 0 ]; then
	core_lane=()
	server_parts=()
	own=()
	for part in "$@"; do
		case $part in
			schema | clang | unit | coverage | frozen | oracle | fuzz) core_lane+=("$part") ;;
			regress | pgtap | isolation | catalogue | register | races | doors | rights | cases | surfaces | docs) server_parts+=("$part") ;;
			kills | operations | batch) own+=("$part") ;;
			build) ;;
			*)
				echo "check.sh: unknown part $part" >&2
				exit 2
				;;
		esac
	done
	server_lane=()
	[ "$*" = build ] && server_lane=(build)
	[ ${#server_parts[@]} -gt 0 ] && server_lane=(build server)
	if [ ${#own[@]} -gt 0 ]; then
		[ ${#server_lane[@]} -gt 0 ] || server_lane=(build)
		server_lane+=("${own[@]}")
	fi
fi

mkdir -p "$ASSISTANCE_BUILD"
exec 8>"$ASSISTANCE_BUILD/check.lock"
if ! flock -n 8; then
	echo "waiting for another check in $ASSISTANCE_BUILD" >&2
	flock 8
fi
rm -rf "$results"
mkdir -p "$results"
trap 'kill $(jobs -p) 2>/dev/null; exit 130' INT TERM
lane ${core_lane[@]+"${core_lane[@]}"} &
lane ${server_lane[@]+"${server_lane[@]}"} &
wait
summary
