#!/bin/bash
# run.sh — make bench: every figure on one line, name<TAB>value<TAB>unit<TAB>baseline<TAB>ratio (baseline: a limit or what the
# value is compared with). Figures that take long to make go to stderr as they start; at the end stderr has what goals.tsv asks of
# the ratios, beside what they are.
#
#	BENCH_BILLS		rows of the generated table (10000000)
#	BENCH_RUNS		runs of each query after a warm one; the median counts (5)
#	BENCH_LARGE		0: do not simulate three times as many bills (1)
#	BENCH_PARTS		shares door simple window catalogue simulate plpgsql memory register batch (all)
#
# A bill takes about 1 kB of disk and 1600 bytes of shared buffers (half of both with BENCH_LARGE=0), which are at least 1 GB: then
# every table fits in a quarter of them, and none is read from outside them while another is not. A third of the buffers is used.
# Goals are for the default number of bills on a quiet machine.
set -euo pipefail

# shellcheck source=test/bench/figures.sh
. "$(dirname "$0")/figures.sh"

cd "$(dirname "$0")/../.."
export ASSISTANCE_BUILD=${ASSISTANCE_BUILD:-$PWD/build}
export BENCH_BILLS=${BENCH_BILLS:-10000000} BENCH_RUNS=${BENCH_RUNS:-5}

# everything printed is kept, to be held against the goals
figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
exec 3>&1 > >(tee "$figures" >&3)
tee=$!
printf 'name\tvalue\tunit\tbaseline\tratio\n'
room=$([ "${BENCH_LARGE:-1}" = 1 ] && echo 1600 || echo 800)
buffers=$((BENCH_BILLS * room / 1048576 > 1024 ? BENCH_BILLS * room / 1048576 : 1024))

make -s -f test/core.mk -j"$(nproc)" bench
fold=$("$ASSISTANCE_BUILD/fast/fold" src/packs/beijing-residents.json 1000000)
echo "$fold"
BENCH_FOLD=$(sed -nE 's/^fold_in_memory\t([0-9.]+)\t.*/\1/p' <<<"$fold")
export BENCH_FOLD

# the door alone, in a library of its own that no extension knows
config=$(test/pg_config.sh)
"${CC:-gcc}" -O2 -shared -fPIC -Wall -Werror -isystem "$("$config" --includedir-server)" -Isrc \
	test/bench/door.c src/fen.c -o "$ASSISTANCE_BUILD/fast/door.so"

if wanted shares door simple window catalogue simulate plpgsql memory; then
	test/cluster.sh -c shared_buffers=${buffers}MB -c work_mem=64MB -c max_parallel_workers_per_gather=0 -c autovacuum=off \
		-c checkpoint_timeout=1h test/bench/server.sh
fi
if wanted register; then
	test/cluster.sh -c shared_buffers=1GB -c checkpoint_timeout=1h test/bench/register.sh
fi
if wanted batch; then
	test/cluster.sh -c shared_buffers=2GB -c max_parallel_workers_per_gather=0 -c autovacuum=off -c checkpoint_timeout=1h \
		test/bench/batch.sh
fi

exec >&3
wait "$tee"
awk -F '\t' 'FNR == 1 { next }
	NR == FNR { least[$1] = $2; most[$1] = $3; next }
	$1 in least && $5 != "" {
		met = (least[$1] == "" || $5 + 0 >= least[$1] + 0) && (most[$1] == "" || $5 + 0 <= most[$1] + 0)
		limits = (least[$1] == "" ? "" : " at least " least[$1]) (most[$1] == "" ? "" : " at most " most[$1])
		printf "bench: %s %s: %s,%s\n", met ? "met    " : "NOT MET", $1, $5, limits
	}' test/bench/goals.tsv "$figures" >&2
