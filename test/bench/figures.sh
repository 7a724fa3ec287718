#!/bin/bash
# figures.sh — what the parts of the bench share: how a figure is printed, reckoned and chosen. Sourced by them.

note() {
	echo "bench: $*" >&2
}

# line NAME VALUE UNIT BASELINE RATIO
line() {
	printf '%s\t%s\t%s\t%s\t%s\n' "$@"
}

# calc EXPRESSION [FORMAT] — arithmetic with decimals
calc() {
	awk "BEGIN { printf \"${2:-%.2f}\", $1 }" </dev/null
}

median() {
	sort -n | awk '{ a[NR] = $1 } END { print (NR % 2) ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'
}

# wanted PART… — is one of these among BENCH_PARTS? Without that all are.
wanted() {
	local part

	for part; do
		case " ${BENCH_PARTS:-$part} " in
			*" $part "*) return 0 ;;
		esac
	done
	return 1
}
