#!/bin/bash
# cluster.sh [-c name=value]… command [argument…] — run a command against a throwaway PostgreSQL cluster that has this
# extension installed (CREATE EXTENSION is the command's own affair). PGHOST, PGUSER and PGDATABASE point to it.
#
# Nothing outside a temporary directory is touched: the server runs from a private tree (its own copy of the server
# program, links to everything else, and this extension), as an unprivileged owner, on a Unix socket only. The cluster
# is stopped and removed when the command ends or a signal arrives. Any number may run side by side.
set -euo pipefail

usage() {
	sed -n '2s/^# //p' "$0" >&2
	exit 2
}

here=$(cd "$(dirname "$0")/.." && pwd)
config=$("$here/test/pg_config.sh") || { echo "no pg_config: run test/setup.sh" >&2; exit 1; }
bindir=$("$config" --bindir)
settings=()
while [ "${1:-}" = -c ]; do
	settings+=("${2:?}")
	shift 2
done
[ $# -gt 0 ] || usage

postmaster=
command_group=

# Stop the command and the server, remove everything. Runs once, whatever ends this script.
clean_up() {
	local status=$?

	trap '' INT TERM HUP
	trap - EXIT
	if [ -n "$command_group" ]; then
		kill -TERM -- "-$command_group" 2>/dev/null || true
	fi
	if [ -n "$postmaster" ]; then
		kill -INT "$postmaster" 2>/dev/null || true
		wait "$postmaster" 2>/dev/null || true
	fi
	rm -rf "$base"
	exit "$status"
}

choose_owner() {
	if [ "$(id -u)" -ne 0 ]; then
		id -un
	elif id postgres >/dev/null 2>&1; then
		echo postgres
	else
		echo nobody
	fi
}

# Run a program as the owner; it replaces the subshell, so that $! is its own id, and ends when this script is killed.
as_owner() {
	cd /
	if [ "$(id -un)" = "$owner" ]; then
		exec setpriv --pdeathsig INT "$@"
	fi
	exec setpriv --pdeathsig INT --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups --reset-env "$@"
}

# PostgreSQL finds its libraries and its share directory relative to its program, so a tree of the same shape serves.
build_tree() {
	local libdir sharedir program

	libdir=$("$config" --pkglibdir)
	sharedir=$("$config" --sharedir)
	mkdir -p "$tree$bindir" "$tree$libdir" "$tree$sharedir/extension"
	for program in postgres initdb; do
		cp "$bindir/$program" "$tree$bindir/"
	done
	find "$libdir" -mindepth 1 -maxdepth 1 ! -name 'assistance*' ! -name bitcode -exec ln -s -t "$tree$libdir" {} +
	find "$sharedir" -mindepth 1 -maxdepth 1 ! -name extension -exec ln -s -t "$tree$sharedir" {} +
	find "$sharedir/extension" -mindepth 1 -maxdepth 1 ! -name 'assistance*' -exec ln -s -t "$tree$sharedir/extension" {} +
	"$here/test/build.sh" "$tree"
}

make_cluster() {
	(as_owner "$tree$bindir/initdb" -D "$base/data" -U postgres -A trust -E UTF8 --locale=C --no-sync) >"$base/initdb.log" ||
		{ cat "$base/initdb.log" >&2; exit 1; }
	{
		echo "listen_addresses = ''"
		echo "unix_socket_directories = '$base'"
		echo "fsync = off"
		echo "synchronous_commit = off"
		echo "full_page_writes = off"
		echo "max_wal_size = '4GB'"
		echo "timezone = 'UTC'"
		echo "log_timezone = 'UTC'"
		echo "jit = off"
		printf '%s\n' ${settings[@]+"${settings[@]}"} | sed -nE "s/^([^=]+)=(.*)\$/\1 = '\2'/p"
	} >>"$base/data/postgresql.conf"
}

start_server() {
	(as_owner "$tree$bindir/postgres" -D "$base/data") >"$base/log" 2>&1 </dev/null &
	postmaster=$!
	for _ in $(seq 600); do
		if "$bindir/pg_isready" -q; then
			return
		fi
		kill -0 "$postmaster" 2>/dev/null || break
		sleep 0.1
	done
	echo "the server did not start:" >&2
	cat "$base/log" >&2
	exit 1
}

# With a terminal the command stays in the foreground; otherwise in a process group that signals can end.
run_command() {
	if [ -t 0 ]; then
		"$@"
		return
	fi
	set -m
	"$@" <&0 &
	command_group=$!
	set +m
	wait "$command_group"
}

# A crashed backend is a failure even when nobody looked at its answer.
report_crashes() {
	if grep -E 'was terminated by signal|PANIC|TRAP:|Sanitizer' "$base/log" >&2; then
		echo "the server crashed; the end of its log:" >&2
		tail -n 60 "$base/log" >&2
		return 1
	fi
}

owner=$(choose_owner)
base=$(mktemp -d /tmp/assistance.XXXXXX)
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
tree=$base/tree
chmod 755 "$base"
mkdir "$base/data"
chmod 700 "$base/data"
chown "$owner" "$base/data"
# the socket and its lock file stand in the base directory
chgrp "$(id -g "$owner")" "$base"
chmod 775 "$base"

export PGHOST=$base PGPORT=5432 PGUSER=postgres PGDATABASE=postgres PATH="$bindir:$PATH"
export ASSISTANCE_SERVER_LOG=$base/log
unset PGSERVICE PGOPTIONS PGPASSFILE
build_tree
make_cluster
start_server

status=0
run_command "$@" || status=$?
command_group=
report_crashes || status=1
exit "$status"
