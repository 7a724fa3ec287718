# plpgsql.sh — the bench of simulate beside PL/pgSQL with the same real rules: those of Beijing, on bench.beijing. Sourced by
# server.sh after simulate.sh; uses their tables and helpers. Two versions in PL/pgSQL (plpgsql_year.sql): rules read from tables
# bill by bill, as it would be written; and the fastest that was found, a loop of integer arithmetic over bills joined to their
# rules.
#
# Nothing is timed before both have come to the amounts of the window form and of simulate, bill by bill, layer by layer, and
# before the sample has met every rule of the pack and every limit in it (less than 200 000 bills are too few to ask for that).

beijing_bill='assistance.make_bill(total => total, in_scope => in_scope, excluded => excluded, over_limit => over_limit,
	first_share => first_share, ordered_at => ordered_at, seq => seq, region => region, scheme => scheme, kind => kind,
	category => category, care_type => care_type, level => level, referral => referral, person_type => person_type, given => given)'
beijing_terms="(SELECT terms FROM bench.book WHERE name = 'beijing')"
beijing_simulated="SELECT t.basic, t.critical, t.supplementary, t.assistance, t.tilt, t.adjustment, t.patient
	FROM (SELECT assistance.simulate(person, $beijing_bill, (SELECT assistance.make_study(
		ARRAY[assistance.make_scenario('1', terms)], budget => $big_budget) FROM bench.book WHERE name = 'beijing')) AS s
		FROM bench.beijing) q, assistance.simulated_totals(s) t"

# by_plpgsql FUNCTION KEEP
by_plpgsql() {
	echo "SELECT basic, critical, commercial, assistance, tilt, application, patient FROM plain.$1($2)"
}

beijing_tables() {
	local persons=$((bills * 3 / 10 > 60000 ? 60000 : bills * 3 / 10))

	psql -Xq -v ON_ERROR_STOP=1 -v persons="$persons" -f "$here/beijing_sample.sql" -f "$here/plpgsql_rules.sql" \
		-f "$here/plpgsql_year.sql"
	query "CREATE UNLOGGED TABLE bench.beijing_split AS SELECT person, ordered_at, seq, assistance.settle($beijing_terms, bill)
		OVER (PARTITION BY person ORDER BY ordered_at, seq) AS s FROM (SELECT *, $beijing_bill AS bill FROM bench.beijing OFFSET 0) b"
	query 'ANALYZE bench.beijing_split'
}

# Rules that no bill meets, and limits that none reaches, are not compared.
beijing_unused() {
	query "SELECT layer #>> '{name}' || ' ' || (rule #>> '{name}') FROM bench.book,
			json_array_elements(terms::json #> '{pages,0,layers}') layer, json_array_elements(layer -> 'rules') rule WHERE name = 'beijing'
		EXCEPT SELECT l.layer || ' ' || l.rule FROM bench.beijing_split, assistance.split_lines(s) l
		UNION ALL SELECT l.layer || ' ' || l.rule || ' ' || l.limit_kind
		FROM (SELECT assistance.simulate(person, $beijing_bill, $beijing_terms) AS s FROM bench.beijing) q,
			assistance.simulated_limits(s) l
		WHERE l.bills_reached = 0"
}

# beijing_same FUNCTION — every bill, either way
beijing_same() {
	local different

	query 'TRUNCATE plain.year_split'
	if [ "$(query "$(by_plpgsql "$1" true)")" != "$(query "$beijing_simulated")" ]; then
		echo "simulate and plain.$1 come to other sums" >&2
		exit 1
	fi
	different=$(query 'SELECT count(*) FROM bench.beijing_split o FULL JOIN plain.year_split p USING (person, ordered_at, seq)
		WHERE ((s).basic, (s).critical, (s).supplementary, (s).assistance, (s).tilt, (s).adjustment, (s).patient)
			IS DISTINCT FROM (p.basic, p.critical, p.commercial, p.assistance, p.tilt, p.application, p.patient)')
	if [ "$different" != 0 ]; then
		echo "the window form and plain.$1 come to other amounts on $different bills" >&2
		exit 1
	fi
}

# What the sample is like
beijing_shares() {
	local sample category five crossing

	IFS='|' read -r sample category five crossing <<<"$(query "SELECT sum(n), avg(category::int), avg((n >= 5)::int),
		avg(crossing::int) FROM (SELECT count(*) AS n, bool_or(category <> '{}') AS category, bool_or((s).critical > 0) AS crossing
			FROM bench.beijing JOIN bench.beijing_split USING (person, ordered_at, seq) WHERE kind = 'bill' GROUP BY person) p")"
	line beijing_bills "$sample" rows "" ""
	line beijing_share_with_category "$(calc "$category" %.3f)" share 0.300 "$(calc "$category / 0.3")"
	line beijing_share_crossing_critical "$(calc "$crossing" %.3f)" share 0.200 "$(calc "$crossing / 0.2")"
	line beijing_share_five_bills "$(calc "$five" %.3f)" share 0.100 "$(calc "$five / 0.1")"
}

# beijing_line NAME MEASURED [MEASURED AGAINST] — by bill, events too
beijing_line() {
	local sample

	sample=$(query 'SELECT count(*) FROM bench.beijing')
	line "$1" "$(ns "$(measured "$2")" "$sample")" ns/bill "${3:+$(ns "$(measured "$3")" "$sample")}" \
		"${3:+$(calc "$(measured "$2") / $(measured "$3")")}"
}

plpgsql() {
	local unused run

	note "the rules of Beijing in PL/pgSQL: tables and amounts"
	beijing_tables
	unused=$(beijing_unused)
	if [ -n "$unused" ]; then
		printf 'no bill meets: %s\n' "$unused" >&2
		[ "$bills" -lt 200000 ] || exit 1
	fi
	beijing_same settle_year
	beijing_same settle_year_joined
	for run in $(seq 0 "$runs"); do
		note "the rules of Beijing in PL/pgSQL, run $run of $runs"
		measure beijing_ours "$beijing_simulated"
		measure beijing_bills_ms "SELECT count($beijing_bill) FROM bench.beijing"
		measure beijing_joined "$(by_plpgsql settle_year_joined false)"
		measure beijing_plpgsql "$(by_plpgsql settle_year false)"
	done
	beijing_shares
	beijing_line beijing_simulate beijing_ours
	beijing_line beijing_simulate_make_bill beijing_bills_ms
	beijing_line beijing_simulate_plpgsql beijing_plpgsql beijing_ours
	beijing_line beijing_simulate_plpgsql_joined beijing_joined beijing_ours
}
