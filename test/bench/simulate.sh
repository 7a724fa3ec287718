# simulate.sh — the bench of simulate; sourced by server.sh, whose tables and helpers it uses.
#
#	BENCH_LARGE		0: not three times as many bills as well (1)
#	BENCH_FOLD		ns that the fold alone takes for a bill (run.sh measures it)

big_budget=$((4 * 1024 * 1024 * 1024))
small_budget=$((256 * 1024 * 1024 * bills / 10000000))

# simulation SCENARIOS BUDGET [TABLE [BOOK [MAKE_BILL]]] — a query that simulates all bills under so many scenarios and returns sums
# under the first
simulation() {
	local bill=${bill_of/make_bill/${5:-make_bill}}

	echo "SELECT t.basic, t.critical, t.assistance
		FROM (SELECT assistance.simulate(person, $bill, (SELECT assistance.make_study(
			array_agg(assistance.make_scenario(k::text, terms)), budget => $2)
			FROM bench.book, generate_series(1, $1) k WHERE name = '${4:-beijing}')) AS s FROM ${3:-bench.claim}) q,
			assistance.simulated_totals(s) t WHERE t.scenario = '1'"
}

sorting() {
	echo "SELECT * FROM $1 ORDER BY person, ordered_at, seq OFFSET $((bills * 10))"
}

# measure NAME QUERY — one more run; the first of each name is not counted
measure() {
	time_ms "$2" >>"$work/$1"
}

measured() {
	tail -n +2 "$work/$1" | median
}

# ns MILLISECONDS BILLS
ns() {
	calc "($1) * 1e6 / $2" "${3:-%.0f}"
}

# Rows as the window form makes them, three amounts of each
three_amounts() {
	echo "SELECT sum((s).basic), sum((s).critical), sum((s).assistance) FROM $(settled beijing) q"
}

# The same bills with amounts in int8 fen, and three times as many
simulation_tables() {
	query 'CREATE UNLOGGED TABLE bench.claim_fen AS SELECT person, ordered_at, seq, region, scheme, category, care_type, level,
		(total * 100)::bigint AS total, (in_scope * 100)::bigint AS in_scope, (excluded * 100)::bigint AS excluded,
		(over_limit * 100)::bigint AS over_limit, (first_share * 100)::bigint AS first_share FROM bench.claim'
	query 'VACUUM (ANALYZE) bench.claim_fen'
	if [ "${BENCH_LARGE:-1}" = 1 ]; then
		query "CREATE UNLOGGED TABLE bench.triple AS SELECT person + k * $bills AS person, ordered_at, seq, region, scheme,
			category, care_type, level, total, in_scope, excluded, over_limit, first_share FROM generate_series(0, 2) k, bench.claim"
		query 'VACUUM (ANALYZE) bench.triple'
	fi
}

# The simulation must give what the window form gives, or the comparison means nothing.
same_simulation() {
	local whole

	whole=$(query "$(three_amounts)")
	if [ "$(query "$(simulation 2 1000000)")" != "$whole" ] ||
		[ "$(query "$(simulation 1 $big_budget bench.claim_fen beijing make_bill_fen)")" != "$whole" ]; then
		echo "the simulation gives another result than the window form" >&2
		exit 1
	fi
}

# One run of everything; interleaved, so that a slow minute of the machine hits all alike
simulation_run() {
	measure sort "$(sorting bench.claim)"
	measure bills_ms "SELECT count($bill_of) FROM bench.claim"
	measure one "$(simulation 1 $big_budget)"
	measure three "$(simulation 3 $big_budget)"
	measure spilled "$(simulation 1 $small_budget)"
	measure sort_fen "$(sorting bench.claim_fen)"
	measure one_fen "$(simulation 1 $big_budget bench.claim_fen beijing make_bill_fen)"
	measure rows "$(three_amounts)"
	measure tenth "$(simulation 1 $big_budget bench.tenth)"
	if [ "${BENCH_LARGE:-1}" = 1 ]; then
		measure triple "$(simulation 1 $((3 * big_budget)) bench.triple)"
	fi
}

# bytes of a record: what a budget of 64 kB leaves in memory is too little to matter
record_bytes() {
	PGOPTIONS='-c log_temp_files=0 -c client_min_messages=log' psql -XqAt -c "$(simulation 1 1)" 2>&1 |
		sed -nE 's/^LOG: .*temporary file:.*, size ([0-9]+)$/\1/p' | awk '{ sum += $1 } END { print sum }'
}

simulation_lines() {
	local sort one spilled further record peak

	sort=$(measured sort)
	one=$(measured one)
	spilled=$(measured spilled)
	further=$(calc "($(measured three) - $one) / 2")
	record=$(record_bytes)
	line simulate_make_bill "$(calc "$(measured bills_ms)" %.0f)" ms "" ""
	line simulate_one "$(calc "$one" %.0f)" ms "$(calc "$sort" %.0f)" "$(calc "$one / $sort")"
	line simulate_one_fen "$(calc "$(measured one_fen)" %.0f)" ms "$(calc "$(measured sort_fen)" %.0f)" \
		"$(calc "$(measured one_fen) / $(measured sort_fen)")"
	line simulate_without_bills "$(ns "$one - $(measured bills_ms)" "$bills")" ns/bill "" ""
	line simulate_further_scenario "$(ns "$further" "$bills")" ns/bill "${BENCH_FOLD:-}" \
		"$([ -z "${BENCH_FOLD:-}" ] || calc "$(ns "$further" "$bills") / $BENCH_FOLD")"
	line splits_as_rows "$(calc "$(measured rows)" %.0f)" ms "$(calc "$sort" %.0f)" "$(calc "$(measured rows) / $sort")"
	line simulate_spilled "$(calc "$spilled" %.0f)" ms "$(calc "$one" %.0f)" "$(calc "$spilled / $one")"
	line simulate_record "$(calc "$record / $bills" %.1f)" bytes/bill "" ""
	note "memory of the simulation"
	peak=$(peak_kb "$(simulation 1 $big_budget)")
	line simulate_memory "$peak" kB "$(calc "$record / 1024 * 1.25" %.0f)" "$(calc "$peak / ($record / 1024 * 1.25)")"
	peak=$(peak_kb "$(simulation 1 $small_budget)")
	line simulate_spilled_memory "$peak" kB "$((small_budget / 1024))" "$(calc "$peak / ($small_budget / 1024)")"
	simulation_linear "$one"
}

# ns for a bill, with a tenth and three times of the bills: against those of the whole
simulation_linear() {
	local whole tenth triple

	whole=$(ns "$1" "$bills" %.1f)
	tenth=$(ns "$(measured tenth)" "$(query 'SELECT count(*) FROM bench.tenth')" %.1f)
	line simulate_bill "$whole" ns/bill "" ""
	line simulate_bill_of_a_tenth "$tenth" ns/bill "$whole" "$(calc "$tenth / $whole")"
	if [ "${BENCH_LARGE:-1}" = 1 ]; then
		triple=$(ns "$(measured triple)" $((3 * bills)) %.1f)
		line simulate_bill_of_three_times "$triple" ns/bill "$whole" "$(calc "$triple / $whole")"
	fi
}

# The simple rule set against its version in PL/pgSQL, on the same bills; the sums must be the same.
simulation_simple() {
	local sample run

	sample=$(query 'SELECT count(*) FROM bench.sample')
	if [ "$(query "$(simulation 1 $big_budget bench.sample simple)")" != \
		"$(query 'SELECT sum(basic), sum(critical), sum(assistance) FROM bench.plpgsql()')" ]; then
		echo "the simulation of the simple rule set gives another result than PL/pgSQL" >&2
		exit 1
	fi
	for run in $(seq 0 "$runs"); do
		note "simulation of the simple rule set, run $run of $runs"
		measure simple_simulated "$(simulation 1 $big_budget bench.sample simple)"
		measure simple_plpgsql 'SELECT sum(basic), sum(critical), sum(assistance) FROM bench.plpgsql()'
	done
	line simple_simulate "$(ns "$(measured simple_simulated)" "$sample")" ns/bill "" ""
	line simple_simulate_plpgsql "$(ns "$(measured simple_plpgsql)" "$sample")" ns/bill \
		"$(ns "$(measured simple_simulated)" "$sample")" "$(calc "$(measured simple_plpgsql) / $(measured simple_simulated)")"
}

simulate() {
	local run

	note "tables of the simulation"
	simulation_tables
	same_simulation
	rm -f "$work/"{sort,bills_ms,one,three,spilled,sort_fen,one_fen,rows,tenth,triple}
	for run in $(seq 0 "$runs"); do
		note "simulation, run $run of $runs"
		simulation_run
	done
	simulation_lines
	simulation_simple
}
