#!/bin/bash
# server.sh — the part of the bench that needs a server; runs inside cluster.sh, started by run.sh.
set -euo pipefail

# shellcheck source=test/bench/figures.sh
. "$(dirname "$0")/figures.sh"

here=$(cd "$(dirname "$0")" && pwd)
bills=$BENCH_BILLS
runs=$BENCH_RUNS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

query() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

# milliseconds of one run
time_ms() {
	psql -XqAt -v ON_ERROR_STOP=1 -c '\timing on' -c "$1" | sed -nE 's/^Time: ([0-9.]+) ms.*/\1/p'
}

# Bills of the Beijing pack need a referral and a kind of person, which the table does not vary.
bill_of='assistance.make_bill(total => total, in_scope => in_scope, excluded => excluded, over_limit => over_limit,
	first_share => first_share, ordered_at => ordered_at, seq => seq, region => region, scheme => scheme,
	category => category, care_type => care_type, level => level, referral => $$规范$$, person_type => $$劳动年龄居民$$)'

# bills [TABLE] — bills made below the window: OFFSET 0 keeps the planner from making them in it, above a sort if there is one
bills() {
	echo "(SELECT person, ordered_at, seq, $bill_of AS bill FROM ${1:-bench.claim} OFFSET 0) b"
}

# settled BOOK [TABLE] — a subquery of one split per bill
settled() {
	echo "(SELECT person, assistance.settle((SELECT terms FROM bench.book WHERE name = '$1'), bill)
		OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM $(bills "${2:-}"))"
}

# the same with the bill written where it is settled
settled_in_place() {
	echo "(SELECT person, assistance.settle((SELECT terms FROM bench.book WHERE name = '$1'), $bill_of)
		OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM bench.claim)"
}

prepare() {
	local door=$ASSISTANCE_BUILD/fast/door.so

	note "generating $bills bills"
	psql -Xq -v ON_ERROR_STOP=1 -v bills="$bills" -f "$here/generate.sql"
	query 'CREATE UNLOGGED TABLE bench.sample AS SELECT * FROM bench.claim WHERE person <= 300000'
	query 'ANALYZE bench.sample'
	query "CREATE UNLOGGED TABLE bench.tenth AS SELECT * FROM bench.claim WHERE person <= $bills * 3 / 100"
	query 'ANALYZE bench.tenth'
	psql -Xq -v ON_ERROR_STOP=1 -f "$here/simple.sql"
	psql -Xq -v ON_ERROR_STOP=1 -v directory="$here" <<-'SQL'
		CREATE EXTENSION assistance CASCADE;
		CREATE TABLE bench.book (name text PRIMARY KEY, terms assistance.terms NOT NULL);
		\set pack `cat :directory/../../src/packs/beijing-residents.json`
		\set simple `cat :directory/simple.json`
		INSERT INTO bench.book VALUES ('beijing', :'pack'), ('simple', :'simple');
		-- the same page ten times, each for a tenth of the year, so that a person's bills go from page to page
		INSERT INTO bench.book
		SELECT 'ten pages', (jsonb_set(:'pack', '{pages}', jsonb_agg(:'pack'::jsonb #> '{pages,0}'
			   || jsonb_build_object('from', date '2025-01-01' + k * 37, 'to', date '2025-01-01' + k * 37 + 36))))::text::assistance.terms
		  FROM generate_series(0, 9) k;
	SQL
	cp "$door" "$PGHOST/door.so"
	chmod 755 "$PGHOST/door.so"
	query "CREATE FUNCTION bench.read(numeric[], int) RETURNS float8 LANGUAGE c STRICT AS '$PGHOST/door.so', 'bench_read'"
	query "CREATE FUNCTION bench.write(numeric[], int) RETURNS float8 LANGUAGE c STRICT AS '$PGHOST/door.so', 'bench_write'"
}

# The catalogue: the page of Beijing for five invented regions, two versions each, and once for a region of its own.
publish() {
	note "publishing eleven versions"
	psql -Xq -v ON_ERROR_STOP=1 -v directory="$here" -o /dev/null <<-'SQL'
		\set pack `cat :directory/../../src/packs/beijing-residents.json`
		INSERT INTO assistance.region_local (code, zh, en, tier, mark, source)
		SELECT '11000' || k, 'bench', 'bench', 'pool', 'example', 'bench' FROM generate_series(1, 6) k;
		CREATE FUNCTION bench.publish(pack jsonb, region text, first_day text) RETURNS bigint LANGUAGE sql
			RETURN assistance.publish_policy(assistance.import_policy(jsonb_set(pack, '{pages,0}', pack #> '{pages,0}'
				|| jsonb_build_object('region', region, 'from', first_day))::text::json), 'bench');
		SELECT bench.publish(:'pack', '11000' || k, '2023-01-01') FROM generate_series(1, 6) k;
		SELECT bench.publish(:'pack', '11000' || k, '2025-07-01') FROM generate_series(1, 5) k;
	SQL
}

# catalogued REGIONS REGION — settled through terms_book of these regions, with this expression for the region of a bill
catalogued() {
	local here

	here=$(bills)
	echo "(SELECT assistance.settle((SELECT assistance.terms_book('$1', '[2025-01-01,2026-01-01)')), bill)
		OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM ${here/region => region/region => $2})"
}

# A book of ten pages out of the catalogue beside a book of one.
catalogue() {
	local run one ten name
	local one_query="SELECT sum((s).assistance) FROM $(catalogued '{110006}' "'11000' || (6 + 0 * (person % 5))") q"
	local five='{110001,110002,110003,110004,110005}'
	local ten_query="SELECT sum((s).assistance) FROM $(catalogued $five "'11000' || (1 + 1 * (person % 5))") q"

	publish
	if [ "$(query "$one_query")" != "$(query "$ten_query")" ]; then
		echo "ten pages of the catalogue give another result than one" >&2
		exit 1
	fi
	: >"$work/one"; : >"$work/ten"
	for run in $(seq 0 "$runs"); do
		note "books of the catalogue, run $run of $runs"
		time_ms "$one_query" >>"$work/one"
		time_ms "$ten_query" >>"$work/ten"
	done
	for name in one ten; do
		printf -v "$name" '%s' "$(tail -n +2 "$work/$name" | median)"
	done
	line terms_book_one_page "$(calc "$one" %.0f)" ms "" ""
	line terms_book_ten_versions "$(calc "$ten" %.0f)" ms "$(calc "$one" %.0f)" "$(calc "$ten / $one")"
}

# What the generated population is like.
shares() {
	local persons category five crossing

	note "shares of the population"
	IFS='|' read -r persons category five <<<"$(query "SELECT count(*), avg((cardinality(category) > 0)::int), avg((n >= 5)::int) FROM
		(SELECT max(category) AS category, count(*) AS n FROM bench.claim GROUP BY person) p")"
	crossing=$(query "SELECT avg(crossed::int) FROM
		(SELECT bool_or((s).critical > 0) AS crossed FROM $(settled beijing) q GROUP BY person) p")
	line bills "$bills" rows "" ""
	line persons "$persons" persons "" ""
	line share_with_category "$(calc "$category" %.3f)" share 0.300 "$(calc "$category / 0.3")"
	line share_crossing_critical "$(calc "$crossing" %.3f)" share 0.200 "$(calc "$crossing / 0.2")"
	line share_five_bills "$(calc "$five" %.3f)" share 0.100 "$(calc "$five / 0.1")"
}

door() {
	local sample='SELECT array_agg(total) FROM (SELECT total FROM bench.claim LIMIT 10000) x' direction value

	for direction in read write; do
		value=$(for _ in 1 2 3 4 5; do query "SELECT bench.$direction(($sample), 1000)"; done | median)
		line "numeric_door_$direction" "$(calc "$value")" ns/value 15 "$(calc "$value / 15")"
	done
}

# The same sums from all three, or the comparison means nothing.
same_result() {
	local ours sql plpgsql

	ours=$(query "SELECT sum((s).basic), sum((s).critical), sum((s).assistance) FROM $(settled simple bench.sample) q")
	sql=$(query 'SELECT round(sum(basic) / 100, 2), round(sum(critical) / 100, 2), round(sum(assistance) / 100, 2)
		FROM bench.pure_sql')
	plpgsql=$(query 'SELECT sum(basic), sum(critical), sum(assistance) FROM bench.plpgsql()')
	if [ "$ours" != "$sql" ] || [ "$ours" != "$plpgsql" ]; then
		echo "the simple rule set gives $ours here, $sql in SQL, $plpgsql in PL/pgSQL" >&2
		exit 1
	fi
}

# A smaller rule set in three languages, per bill of a sample of persons.
simple() {
	local sample run name

	sample=$(query 'SELECT count(*) FROM bench.sample')
	note "simple rule set, $sample bills"
	same_result
	: >"$work/ours"; : >"$work/sql"; : >"$work/plpgsql"
	for run in $(seq 0 "$runs"); do
		time_ms "SELECT sum((s).basic), sum((s).critical), sum((s).assistance) FROM $(settled simple bench.sample) q" >>"$work/ours"
		time_ms 'SELECT sum(basic), sum(critical), sum(assistance) FROM bench.pure_sql' >>"$work/sql"
		time_ms 'SELECT sum(basic), sum(critical), sum(assistance) FROM bench.plpgsql()' >>"$work/plpgsql"
	done
	for name in ours sql plpgsql; do
		printf -v "ns_$name" '%s' "$(calc "$(tail -n +2 "$work/$name" | median) * 1e6 / $sample" %.0f)"
	done
	line simple_window "$ns_ours" ns/bill "" ""
	line simple_plpgsql "$ns_plpgsql" ns/bill "$ns_ours" "$(calc "$ns_plpgsql / $ns_ours")"
	line simple_pure_sql_int8 "$ns_sql" ns/bill "$ns_ours" "$(calc "$ns_sql / $ns_ours")"
}

# Interleaved, so that a slow minute of the machine hits all alike.
window() {
	local run sort one in_order whole ten in_place
	local sort_query="SELECT * FROM bench.claim ORDER BY person, ordered_at, seq OFFSET $bills"
	local one_query="SELECT sum((s).assistance) FROM $(settled beijing) q"
	local ten_query="SELECT sum((s).assistance) FROM $(settled 'ten pages') q"
	local in_place_query="SELECT sum((s).assistance) FROM $(settled_in_place beijing) q"
	local whole_query="SELECT (s).* FROM $(settled beijing) q OFFSET $bills"

	if [ "$(query "$one_query")" != "$(query "$ten_query")" ]; then
		echo "ten pages give another result than one" >&2
		exit 1
	fi
	if [ "$(query "$one_query")" != "$(query "$in_place_query")" ]; then
		echo "bills made below the sort give another result" >&2
		exit 1
	fi
	: >"$work/sort"; : >"$work/one"; : >"$work/whole"; : >"$work/ten"; : >"$work/in_place"; : >"$work/in_order"
	for run in $(seq 0 "$runs"); do
		note "window form, run $run of $runs"
		time_ms "$sort_query" >>"$work/sort"
		time_ms "$one_query" >>"$work/one"
		PGOPTIONS='-c enable_hashagg=off' time_ms "$one_query" >>"$work/in_order"
		time_ms "$ten_query" >>"$work/ten"
		time_ms "$whole_query" >>"$work/whole"
		time_ms "$in_place_query" >>"$work/in_place"
	done
	for name in sort one in_order whole ten in_place; do
		printf -v "$name" '%s' "$(tail -n +2 "$work/$name" | median)"
	done
	line sort_and_scan "$(calc "$sort" %.0f)" ms "" ""
	line window_one_amount "$(calc "$one" %.0f)" ms "$(calc "$sort" %.0f)" "$(calc "$one / $sort")"
	line window_in_order "$(calc "$in_order" %.0f)" ms "$(calc "$sort" %.0f)" "$(calc "$in_order / $sort")"
	line window_whole_split "$(calc "$whole" %.0f)" ms "$(calc "$sort" %.0f)" "$(calc "$whole / $sort")"
	line window_bills_in_place "$(calc "$in_place" %.0f)" ms "$(calc "$sort" %.0f)" "$(calc "$in_place / $sort")"
	line book_of_ten_pages "$(calc "$ten" %.0f)" ms "$(calc "$one" %.0f)" "$(calc "$ten / $one")"
}

# peak_kb QUERY — most private memory of the backend while it runs the query
peak_kb() {
	local pid now peak=0

	mkfifo "$work/pipe"
	psql -XqAt -v ON_ERROR_STOP=1 -c 'SELECT pg_backend_pid()' -c "$1" \
		>"$work/pipe" &
	exec 7<"$work/pipe"
	read -r pid <&7
	while now=$(sed -nE 's/^RssAnon:[^0-9]*([0-9]+) kB/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		[ "$now" -le "$peak" ] || peak=$now
		sleep 0.05
	done
	exec 7<&-
	wait $!
	rm "$work/pipe"
	echo "$peak"
}

# Half and all of the bills: both are more than work_mem holds, so that it is full in both.
memory() {
	local half all

	note "memory of the window form"
	query "CREATE UNLOGGED TABLE bench.half AS SELECT * FROM bench.claim WHERE person <= $bills * 3 / 20"
	query 'ANALYZE bench.half'
	half=$(peak_kb "SELECT sum((s).assistance) FROM $(settled beijing bench.half) q")
	all=$(peak_kb "SELECT sum((s).assistance) FROM $(settled beijing) q")
	line memory_half_of_bills "$half" kB "" ""
	line memory_all_bills "$all" kB "$half" "$(calc "$all / $half")"
}

# shellcheck source=test/bench/simulate.sh
. "$here/simulate.sh"
# shellcheck source=test/bench/plpgsql.sh
. "$here/plpgsql.sh"

prepare
for part in shares door simple window catalogue simulate plpgsql memory; do
	if wanted "$part"; then
		"$part"
	fi
done
