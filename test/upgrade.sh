#!/bin/bash
# upgrade.sh — pg_upgrade from the oldest version of PostgreSQL that Debian's lists know to the newest, with values of all our types
# in a user's table, a catalogue, and a register with settlements. Installs servers, and the extension for both, into the system, so
# it is for a system that is thrown away: test/versions.sh trixie upgrade makes one. Prints TAP.
set -euo pipefail

versions=$(apt-cache search --names-only '^postgresql-[0-9]+$' | sed -E 's/^postgresql-([0-9]+) .*/\1/' | sort -n)
old=$(head -n 1 <<<"$versions")
new=$(tail -n 1 <<<"$versions")
apt-get install -qq --no-install-recommends make gcc libc6-dev "postgresql-$old" "postgresql-server-dev-$old" "postgresql-$new" \
	"postgresql-server-dev-$new" >/dev/null
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d /tmp/upgrade.XXXXXX)
running=
trap 'if [ -n "$running" ]; then stop "$running"; fi; rm -rf "$work"' EXIT
export PGHOST=$work PGUSER=postgres PGDATABASE=postgres
export PGPORT=54329
count=0
failed=0

# as the owner of the clusters, with the programs of a version: as OLD|NEW COMMAND…
as() {
	local version=$1

	shift
	(cd "$work" && PATH=/usr/lib/postgresql/$version/bin:$PATH setpriv --reuid postgres --regid postgres --init-groups "$@")
}

# tell NAME EXPECTED GOT
tell() {
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		diff <(echo "$2") <(echo "$3") | sed 's/^/# /' || true
		failed=1
	fi
}

query() {
	psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

start() {
	running=$1
	as "$1" pg_ctl -D "$work/$1" -l "$work/$1.log" -w -o "-c unix_socket_directories=$work -c listen_addresses= -p $PGPORT" start \
		>/dev/null
}

stop() {
	as "$1" pg_ctl -D "$work/$1" -m fast -w stop >/dev/null
	running=
}

install_for() {
	make -C "$here" -s clean PG_CONFIG="/usr/lib/postgresql/$1/bin/pg_config" >/dev/null
	make -C "$here" -s -j"$(nproc)" install PG_CONFIG="/usr/lib/postgresql/$1/bin/pg_config" >/dev/null
}

# Everything that a user would look at: stored values of each type, the catalogue, what was settled
figures() {
	query <<-'SQL'
		SELECT terms::text, bill::text, account::text, split::text, assistance.terms_digest(terms) FROM kept;
		SELECT s.* FROM kept, assistance.settle_bill(terms, account, next) s;
		SELECT id, region, state, digest FROM assistance.policy ORDER BY id;
		SELECT claim_id, revision, total, basic, critical, assistance, patient FROM assistance_register.net_settlement ORDER BY 1;
		SELECT count(*), sum(amount) FROM assistance_register.payment;
		SELECT person_id, account::text FROM assistance_register.person_account ORDER BY 1;
		SELECT count(*) FROM assistance.verify();
		SELECT count(*) FROM assistance.verify_chain();
	SQL
}

fill() {
	query -f "$here/test/register/codes.sql"
	query -v policy="$(cat "$here/test/register/policy.json")" >/dev/null <<-'SQL'
		SELECT assistance.publish_policy(assistance.import_policy(:'policy'), 'test');
		INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, 200);
		INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, care_type, level,
			designated, category)
		SELECT 1 + n % 200, 'before ' || n, timestamp '2024-01-01' + n * interval '1 hour', 100 + n, 100 + n, 'R1', 'resident', '21',
			(1 + n % 3)::text, true, '{low}' FROM generate_series(1, 2000) n;
		CALL assistance.seal_chain();
		CREATE TABLE kept AS
		WITH value AS (
			SELECT :'policy'::assistance.terms AS terms, assistance.make_bill(total => 5000.01, in_scope => 5000.01,
				ordered_at => '2024-02-01', region => 'R1', scheme => 'resident', care_type => '21', level => '2', designated => true,
				category => '{low}') AS bill)
		SELECT terms, bill, assistance.settle(terms, bill) OVER () AS split,
			   (SELECT (assistance.settle_year(v.terms, v.bill)).account FROM value v) AS account,
			   assistance.make_bill(total => 70, in_scope => 70, ordered_at => '2024-03-01', region => 'R1', scheme => 'resident',
				care_type => '21', level => '2', designated => true, category => '{low}') AS next
		  FROM value;
	SQL
}

install_for "$old"
install_for "$new"
chown postgres "$work"
as "$old" initdb -D "$work/$old" -U postgres -A trust -E UTF8 --locale=C >/dev/null
as "$new" initdb -D "$work/$new" -U postgres -A trust -E UTF8 --locale=C --no-data-checksums >/dev/null 2>&1 ||
	as "$new" initdb -D "$work/$new" -U postgres -A trust -E UTF8 --locale=C >/dev/null
start "$old"
query -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION assistance CASCADE' -c 'CALL assistance.create_register()'
fill
before=$(figures)
tell "values of all types, 2 000 claims on PostgreSQL $old" "0 0" "$(tail -n 2 <<<"$before" | paste -sd ' ')"
stop "$old"
tell "pg_upgrade from $old to $new" "Upgrade Complete" "$(as "$new" pg_upgrade -b "/usr/lib/postgresql/$old/bin" \
	-B "/usr/lib/postgresql/$new/bin" -d "$work/$old" -D "$work/$new" -U postgres -s "$work" 2>&1 | grep -x 'Upgrade Complete')"
start "$new"
tell "the same values, policies, settlements and seals on PostgreSQL $new" "$before" "$(figures)"
query -c "SELECT patient FROM assistance.settle_claim(1, 'after', '2024-12-01', 100, 100, region => 'R1', scheme => 'resident',
	care_type => '21', level => '2', designated => true, category => '{low}')" >/dev/null
tell "a new claim is settled, and everything fits" 0 "$(query -c 'SELECT count(*) FROM assistance.verify()')"
stop "$new"
echo "1..$count"
exit "$failed"
