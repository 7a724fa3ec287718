#!/bin/bash
# run.sh [psql] — the demonstration; runs inside cluster.sh. With psql, opens it on the database afterwards.
set -euo pipefail

cd "$(dirname "$0")/../.."
createdb -T template0 -E UTF8 demo
export PGDATABASE=demo PGOPTIONS='-c client_min_messages=warning'
export PSQL_PAGER='' PAGER=''
export PGCLIENTENCODING=UTF8
for part in packs yubei published year population; do
	psql -Xq -v ON_ERROR_STOP=1 -f "test/demo/$part.sql"
done
if [ "${1:-}" = psql ]; then
	echo
	echo 'Database demo: tables policy and claim. \q ends psql, the server and the database.'
	exec psql -X
fi
cat <<'TEXT'

To look around yourself:

	make psql		the same database, with psql on it
	\df+ assistance.*	every function, with its comment
	\dT+ assistance.*	the four values

The server of this demonstration and its data go now; build/ and the installed packages stay.
TEXT
