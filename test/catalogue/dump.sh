#!/bin/bash
# dump.sh DATABASE — a catalogue survives dump, restore and upgrade: every row, digest, sequence and answer of terms_at, and pg_dump
# prints nothing. Runs inside cluster.sh on a database that has a catalogue (check_server.sh). Prints TAP lines.
set -uo pipefail

source=${1:?usage: dump.sh DATABASE}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'this_version; rm -rf "$work"' EXIT
config=$("$here/../pg_config.sh")
extension=$PGHOST/tree$("$config" --sharedir)/extension
library=$PGHOST/tree$("$config" --pkglibdir)/assistance.so
scripts=()
number=0

# ok NAME COMMAND… — one TAP line
ok() {
	local name=$1

	shift
	number=$((number + 1))
	if "$@" >"$work/out" 2>&1; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		head -n 20 "$work/out" | cut -c1-300 | sed 's/^/#   /'
	fi
}

query() {
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -c "$2"
}

state() {
	psql -Xq -v ON_ERROR_STOP=1 -d "$1" -f "$here/state.sql"
}

# The database says what the source said.
same() {
	state "$1" >"$work/state" && diff "$work/before" "$work/state"
}

# A database into which a dump is restored by a command; it must say what the source said.
restored() {
	local name=$1 database=$2

	shift 2
	createdb -T template0 "$database"
	ok "$name: restores without a word" silent "$@"
	ok "$name: every row, digest, sequence and answer" same "$database"
	dropdb "$database"
}

silent() {
	"$@" >"$work/said" 2>&1 && [ ! -s "$work/said" ] || { cat "$work/said"; return 1; }
}

refused() {
	! query "$1" "$2" 2>"$work/said" && grep -q "$3" "$work/said" || { cat "$work/said"; return 1; }
}

with_extension() {
	query "$1" 'SET client_min_messages = warning; CREATE EXTENSION assistance CASCADE'
	shift
	"$@"
}

# Other parts of the check use the same installation.
this_version() {
	[ ! -d "$work/installed" ] || cp -fp "$work/installed/assistance.control" "$extension/"
	[ ! -d "$work/installed" ] || mv -f "$work/installed/assistance.so" "$library"
	rm -f "${scripts[@]}"
}

# The next version: the same objects, another dictionary row, and the way there. The library tells its version, which is as long.
next_version() {
	local old new

	mkdir "$work/installed"
	cp -p "$extension/assistance.control" "$library" "$work/installed/"
	old=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$extension/assistance.control")
	new=${old%.*}.$((${old##*.} + 1))
	[ ${#old} -eq ${#new} ] || return 1
	scripts=("$extension/assistance--$old--$new.sql" "$extension/assistance--$new.sql")
	echo "INSERT INTO assistance.region_dictionary (code, zh, en, tier, mark, source)
		VALUES ('999998', '新区', 'New', 'county', 'stated', 'next version');" >"$extension/assistance--$old--$new.sql"
	cat "$extension/assistance--$old.sql" "$extension/assistance--$old--$new.sql" >"$extension/assistance--$new.sql"
	sed -i "s/^default_version = .*/default_version = '$new'/" "$extension/assistance.control"
	sed "s/${old//./\\.}/$new/g" "$library" >"$work/assistance.so"
	chmod 755 "$work/assistance.so"
	mv -f "$work/assistance.so" "$library"
	[ "$(query template1 "SELECT default_version FROM pg_available_extensions WHERE name = 'assistance'")" = "$new" ]
}

settle="SELECT assistance.settle_bill(assistance.terms_at('500112', 'resident', '2023-05-01'), NULL, assistance.make_bill(
	region => '500112', scheme => 'resident', ordered_at => '2023-05-01', total => 1000, in_scope => 1000,
	care_type => '21', level => '2', category => '{}'))"

# Rows of its own, a draft among them
query "$source" "INSERT INTO assistance.region_local (code, zh, en, tier, mark, source)
	VALUES ('999999', '本地', 'local', 'county', 'stated', 'test');
	INSERT INTO assistance.statistic_local (statistic, region, year, value, unit, zh, en, mark, source)
	VALUES ('disposable_income', '999999', 2024, 40000, 'yuan', '可支配收入', 'disposable income', 'example', 'test');
	SELECT assistance.import_policy(assistance.export_policy(1))" >"$work/draft"
state "$source" >"$work/before"
ok 'there is something to keep' test "$(grep -c '^version' "$work/before")" -gt 50
ok 'and terms_at answers' test "$(grep -c '^terms.*|[0-9a-f]\{64\}$' "$work/before")" -gt 50

ok 'pg_dump prints nothing' silent pg_dump -f "$work/plain.sql" "$source"
ok 'pg_dump -Fc prints nothing' silent pg_dump -Fc -f "$work/custom" "$source"
ok 'pg_dump -Fd -j4 prints nothing' silent pg_dump -Fd -j4 -f "$work/directory" "$source"
ok 'pg_dump --data-only prints nothing' silent pg_dump --data-only -Fc -f "$work/data" "$source"
restored 'plain' restored_plain psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d restored_plain -f "$work/plain.sql"
restored 'custom' restored_custom pg_restore -d restored_custom "$work/custom"
for round in 1 2 3 4 5 6 7 8 9 10; do
	restored "-j4, round $round" restored_jobs pg_restore -j4 -d restored_jobs "$work/directory"
done
restored '--data-only into a fresh extension' restored_data with_extension restored_data \
	pg_restore --data-only -d restored_data "$work/data"

ok 'a next version' next_version
createdb -T template0 restored_next
ok 'into a newer version: restores without a word' silent pg_restore -d restored_next "$work/custom"
ok 'into a newer version: every row, digest, sequence and answer' same restored_next
ok 'with the rows that it ships' test "$(query restored_next "SELECT zh FROM assistance.region WHERE code = '999998'")" = 新区
ok 'what was published there does not change' refused restored_next \
	"DELETE FROM assistance.policy WHERE state = 'published'" 'does not change'
ok 'nor in a replica' refused restored_next \
	"SET session_replication_role = replica; UPDATE assistance.policy SET title = '' WHERE state = 'published'" 'does not change'
next=$(query restored_next "SELECT 1 + max(id) FROM assistance.policy_publication")
ok 'numbers go on' test "$(query restored_next "SELECT assistance.publish_policy($(cat "$work/draft"), 'again')")" = "$next"
ok 'a newer library asks for the update' refused "$source" "$settle" 'different versions'
ok 'ALTER EXTENSION UPDATE' query "$source" 'ALTER EXTENSION assistance UPDATE'
ok 'ALTER EXTENSION UPDATE: every row, digest, sequence and answer' same "$source"
ok 'and it settles' query "$source" "$settle"
echo "1..$number"
