#!/bin/bash
# round_trip.sh — a filled register (histories.py has run in this database) is dumped and restored, and loses its extension and
# gets it back. Prints TAP lines. Connection and database come from the environment.
set -uo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0

check() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		printf '%s\n' "$2" | head -n 10 | sed 's/^/#   /'
	fi
}

query() {
	psql -XqAt -v ON_ERROR_STOP=1 "$@" 2>&1
}

# What must not change: rows and sums of every table of money, and the heads of the chains
figures() {
	query -c "SELECT count(*), sum(total), sum(assistance), sum(patient), sum(hashtext(bill::text || lines::text))
		FROM assistance_register.settlement" \
		-c "SELECT count(*), sum(amount), sum(hashtext(layer || entry || owed_by)) FROM assistance_register.payment" \
		-c "SELECT count(*), sum(amount) FROM assistance_register.recoverable" \
		-c "SELECT count(*), sum(hashtext(request_key)), sum(total) FROM assistance_register.claim" \
		-c "SELECT count(*), sum(hashtext(account::text)) FROM assistance_register.person_account" \
		-c "SELECT count(*), md5(string_agg(encode(hash, 'hex'), '' ORDER BY person_id, n)) FROM assistance_register.seal"
}

# Everything fits, nothing is posted when a person is settled again, a new claim is settled
works() {
	query -c "SELECT 'verify', * FROM assistance.verify()" -c "SELECT 'chain', * FROM assistance.verify_chain()" \
		-c "SELECT 'posted again', count(*) FROM assistance.resettle_person(1, 'after') HAVING count(*) > 0"
	query -c "BEGIN" -c "SELECT 'not settled' FROM assistance.settle_claim(1, 'new', '2029-03-01', 100, 100, region => 'R1',
		scheme => 'resident', level => '2', designated => true, care_type => '21') s WHERE s.basic IS NULL" -c ROLLBACK
}

# restored NAME COMMAND… — restore into a database of its own and compare
restored() {
	local name=$1 database=${PGDATABASE}_$2
	shift 2
	createdb "$database"
	check "$name" "$("$@" "$database" 2>&1 | grep -v '^$'
		diff <(figures) <(PGDATABASE=$database figures)
		PGDATABASE=$database works)"
}

from_plain() {
	psql -Xq -v ON_ERROR_STOP=1 -d "$1" -f "$scratch/plain.sql" >"$scratch/plain.out" 2>&1 || tail -n 5 "$scratch/plain.out"
}

# Indexes of partitions are attached one after the other, and then foreign keys: docs/operations.md, section 7
from_custom() {
	pg_restore -l "$scratch/custom" >"$scratch/list"
	grep -Ev ' (INDEX ATTACH|FK CONSTRAINT) ' "$scratch/list" >"$scratch/first"
	grep -E ' (INDEX ATTACH|FK CONSTRAINT) ' "$scratch/list" >"$scratch/last"
	pg_restore -j 4 -L "$scratch/first" -d "$1" "$scratch/custom"
	pg_restore -L "$scratch/last" -d "$1" "$scratch/custom"
}

query -c 'CALL assistance.seal_chain()' >/dev/null
check 'before: everything fits' "$(works)"
pg_dump -f "$scratch/plain.sql"
pg_dump -Fc -f "$scratch/custom"
restored 'a plain dump, restored' plain from_plain
restored 'a custom dump, restored by four processes' custom from_custom

query -c 'CREATE TABLE kept_book AS SELECT terms::text AS document FROM book' >/dev/null
before=$(figures)
query -c 'SET client_min_messages = error' -c 'DROP EXTENSION assistance CASCADE' >/dev/null
check 'without the extension every row is there' "$(diff <(echo "$before") <(figures))"
check 'without the extension a claim is stored, not settled' "$(query -c "
	INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, level, designated,
		care_type, category)
	VALUES (1, 'meanwhile', '2029-01-01', 100, 100, 'R1', 'resident', '2', true, '21', '{}')")"
check 'the extension again, and its policies' "$(query -c 'CREATE EXTENSION assistance' -c 'CALL assistance.create_register()' |
	grep -v '^$'
	query -f "$(dirname "$0")/codes.sql"
	query -c "SELECT assistance.publish_policy(assistance.import_policy(document::json), 'again') FROM kept_book" | grep -v '^1$')"
check 'verify() finds the claim that came in meanwhile, and nothing else' "$(
	query -c "SELECT finding FROM assistance.verify()" | diff - <(printf 'unsettled\naccount\n'))"
query -c "SELECT assistance.resettle_person(1, 'came in without the extension')" >/dev/null
check 'everything fits again' "$(query -c "SELECT * FROM assistance.verify()")"
last=$(query -c 'SELECT max(settlement_id) FROM assistance_register.settlement')
query -c 'CALL assistance.resettle()' >/dev/null
check 'and after everybody has been settled again under the new catalogue; nothing was posted' "$(
	query -c 'SELECT * FROM assistance.verify()' -c 'SELECT * FROM assistance_register.resettle_queue' \
		-c "SELECT * FROM assistance_register.settlement WHERE settlement_id > $last")"

# an owner who neither is a superuser nor bypasses row security, which is forced on it: the dump asks for what its policy shows
owner_of_all() {
	createdb owned && createdb owned_again
	PGDATABASE=owned query -c 'SET client_min_messages = error' -c 'CREATE EXTENSION assistance CASCADE' \
		-c 'CREATE ROLE register_owner LOGIN CREATEROLE IN ROLE pg_read_all_data' -c 'GRANT CREATE ON DATABASE owned TO register_owner' \
		-c 'SET ROLE register_owner' -c 'CALL assistance.create_register()' -c 'CALL assistance.create_register_roles()' \
		-c 'INSERT INTO assistance_register.person (person_id) VALUES (7)'
	pg_dump -U register_owner -d owned -f "$scratch/none.sql" 2>/dev/null && echo 'a dump without the option was not refused'
	pg_dump -U register_owner -d owned --enable-row-security -f "$scratch/owned.sql"
	psql -Xq -v ON_ERROR_STOP=1 -1 -d owned_again -f "$scratch/owned.sql" >"$scratch/owned.out" 2>&1 || tail -n 5 "$scratch/owned.out"
	PGDATABASE=owned_again query -c 'SELECT person_id FROM assistance_register.person' \
		-c "SELECT min(relowner::regrole::text) FROM pg_class WHERE relname = 'claim' AND relforcerowsecurity"
	dropdb owned && dropdb owned_again
	# other databases of the cluster may have registers with roles
	query -c 'DROP ROLE IF EXISTS assistance_hospital, assistance_operator, assistance_auditor, assistance_public' >/dev/null
	query -c 'DROP ROLE register_owner'
}
check 'a dump by the owner of a register with roles' "$(owner_of_all 2>&1 | diff - <(printf '7\nregister_owner\n'))"
echo "1..$number"
