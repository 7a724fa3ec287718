#!/bin/bash
# consistency.sh [LIBRARY] — what a reader may rely on and no compiler checks: SQL and C name the same functions, the docs list
# every error and function, the core keeps to itself. Prints TAP lines.
set -uo pipefail

cd "$(dirname "$0")/.." || exit
library=${1:-build/stage/assistance.so}
number=0

# test NAME FINDINGS — passes when there are none
check() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		printf '%s\n' "$2" | head -n 20 | sed 's/^/#   /'
	fi
}

sql_parts=$(find src -name '*.sql' ! -path 'src/update/*' | sort)
core_sources=$(find src/core -name '*.[ch]' | sort)
sources=$(find src test \( -name '*.[ch]' -o -name '*.sql' -o -name '*.py' -o -name '*.sh' -o -name '*.mk' \) | sort)

in_library=$(nm -D --defined-only "$library" | sed -nE 's/.* pg_finfo_(.*)/\1/p' | sort -u)
# shellcheck disable=SC2086
in_sql=$(sed -nE "s/.*'MODULE_PATHNAME', *'([a-z0-9_]+)'.*/\1/p" $sql_parts | sort -u)
check 'every exported function has its SQL and the other way round' "$(diff <(echo "$in_library") <(echo "$in_sql") | grep '^[<>]')"

of_header=$({ sed -nE 's/.*X\(ST_[A-Z_]+, "([0-9]{3})".*/MA\1/p' src/errors.h
	sed -nE "s/.*MAKE_SQLSTATE\('(.)', '(.)', '(.)', '(.)', '(.)'\).*/\1\2\3\4\5/p" src/errors.h; } | sort -u)
of_docs=$(grep -oE '^\| `MA[0-9]{3}`' docs/errors.md | grep -oE 'MA[0-9]{3}' | sort -u)
check 'errors.h and docs/errors.md list the same SQLSTATEs' "$(diff <(echo "$of_header") <(echo "$of_docs") | grep '^[<>]')"

# shellcheck disable=SC2086
check 'every function of the SQL parts stands in docs/reference.md' "$(
	sed -nE 's/^CREATE (FUNCTION|AGGREGATE) assistance\.([a-z_]+).*/\2/p' $sql_parts | sort -u |
		while read -r name; do
			stem=$(echo "$name" | sed -E 's/^(terms|bill|account|lines|simulation)_(in|out|recv|send)$/\1_/')
			grep -q "$stem" docs/reference.md || echo "$name"
		done)"

# shellcheck disable=SC2086
check 'the core includes no header of PostgreSQL' "$(
	grep -nE '#include *[<"](postgres|fmgr|utils/|access/|lib/|nodes/|catalog/)' $core_sources)"
# shellcheck disable=SC2086
check 'the core does not allocate' "$(grep -nE '\b(malloc|calloc|realloc|free|alloca|palloc|pfree)\(' $core_sources)"
# shellcheck disable=SC2086
check 'the core knows no floating point' "$(
	for file in $core_sources; do sed -E 's/"[^"]*"//g; s,//.*|/\*.*,,' "$file" | grep -nEw 'float|double' | sed "s,^,$file:,"; done)"
# shellcheck disable=SC2086
check 'no line is longer than 132 characters' "$(
	perl -CSD -ne 'chomp; print "$ARGV:$.: ", length, "\n" if length > 132; close ARGV if eof' \
		$(grep -v '\.sql$' <<<"$sources"))"
# shellcheck disable=SC2086
check 'no source file in C is longer than 750 lines' "$(
	wc -l $(grep '^src' <<<"$sources") | awk '$2 ~ /\.[ch]$/ && $1 > 750 { print $2 ": " $1 }')"
# shellcheck disable=SC2086
check 'nothing is left to do later' "$(grep -nEw 'TO''DO|FIX''ME|XX''X' $sources)"
# shellcheck disable=SC2086
check 'the install script creates plainly' "$(grep -nEi 'CREATE OR REPLACE|IF NOT EXISTS|SECURITY DEFINER' \
	$(grep -v '^src/register/create_' <<<"$sql_parts"))"
check 'the demonstration shows every consistent published example' "$(
	python3 -c "import json; print('\n'.join(c['id'] for c in json.load(open('test/cases/published.json', encoding='utf-8'))
		if c.get('verdict') == 'consistent' and not c.get('skip')))" |
		while read -r id; do grep -qF "('$id', " test/demo/published.sql || echo "$id"; done)"
# shellcheck disable=SC2086
check 'docs/policy-model.md, section 14, has the limits of an account' "$(
	for name in MAX_BASES MAX_TALLIES MAX_NAMES MAX_KEPT MAX_EVENT_PAID; do
		value=$(sed -nE "s/^#define $name ([0-9]+)\b.*/\1/p" src/core/limits.h | sed -E 's/^([0-9]+)([0-9]{3})$/\1 \2/')
		grep '^| an account |' docs/policy-model.md | grep -qF " $value " || echo "$name is $value"
	done)"
echo "1..$number"
