#!/bin/bash
# run.sh — make bench: every figure on one line, name<TAB>value<TAB>unit<TAB>baseline<TAB>ratio (baseline: a limit or what the
# value is compared with). Figures that take long to make go to stderr as they start.
#
#	BENCH_BILLS		rows of the generated table (10000000)
#	BENCH_RUNS		runs of each query after a warm one; the median counts (5)
#	BENCH_LARGE		1: simulate also three times as many bills (0)
set -euo pipefail

cd "$(dirname "$0")/../.."
export ASSISTANCE_BUILD=${ASSISTANCE_BUILD:-$PWD/build}
export BENCH_BILLS=${BENCH_BILLS:-10000000} BENCH_RUNS=${BENCH_RUNS:-5} BENCH_LARGE=${BENCH_LARGE:-0}

printf 'name\tvalue\tunit\tbaseline\tratio\n'
make -s -f test/core.mk -j"$(nproc)" bench
fold=$("$ASSISTANCE_BUILD/fast/fold" src/packs/beijing-residents.json 1000000)
echo "$fold"
BENCH_FOLD=$(sed -nE 's/^fold_in_memory\t([0-9.]+)\t.*/\1/p' <<<"$fold")
export BENCH_FOLD

# the door alone, in a library of its own that no extension knows
config=$(test/pg_config.sh)
"${CC:-gcc}" -O2 -shared -fPIC -Wall -Werror -isystem "$("$config" --includedir-server)" -Isrc \
	test/bench/door.c src/fen.c -o "$ASSISTANCE_BUILD/fast/door.so"

# everything that is compared lies in the server's memory
buffers=$((512 + BENCH_BILLS * (BENCH_LARGE + 1) * 400 / 1000000))MB

test/cluster.sh -c "shared_buffers=$((512 + BENCH_BILLS * (BENCH_LARGE + 1) * 400 / 1000000))MB
	-c checkpoint_timeout=1h test/bench/server.sh
test/cluster.sh -c shared_buffers=$((512 + BENCH_BILLS * (BENCH_LARGE + 1) * 400 / 1000000))MB
test/cluster.sh -c "shared_buffers=$((512 + BENCH_BILLS * (BENCH_LARGE + 1) * 400 / 1000000))MB
	test/bench/batch.sh
