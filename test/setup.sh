#!/bin/bash
# setup.sh [demo|check|bench] — make sure that what a target needs is there. Looks for the things themselves, so a
# machine that has them needs no network and no package manager. What is missing comes from Debian, and only as root.
set -euo pipefail

purpose=${1:-check}
here=$(cd "$(dirname "$0")" && pwd)
packages=()
keep_quiet=/etc/postgresql-common/createcluster.d/assistance-setup.conf

need() { packages+=("$@"); }

has() { command -v "$1" >/dev/null 2>&1; }

# Name of the first package that the distribution knows.
known_package() {
	local package

	for package in "$@"; do
		if apt-cache show "$package" >/dev/null 2>&1; then
			echo "$package"
			return
		fi
	done
	echo "$1"
}

# Major version of PostgreSQL: of PG_CONFIG, of an installed server, or of the distribution.
server_version() {
	local config version

	if config=$("$here/pg_config.sh" 2>/dev/null); then
		"$config" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'
		return
	fi
	version=$(apt-cache show postgresql 2>/dev/null | sed -nE 's/^Depends:.*postgresql-([0-9]+).*/\1/p' | head -n 1)
	echo "${version:-15}"
}

need_compiler() {
	has make || need make
	{ has gcc && echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1; } || need gcc libc6-dev
	has flock || need util-linux
}

need_server() {
	local config version bindir

	version=$(server_version)
	config=$("$here/pg_config.sh" 2>/dev/null) || config=
	if [ -z "$config" ] || [ ! -x "$("$config" --bindir)/initdb" ]; then
		need "postgresql-$version"
	fi
	if [ -z "$config" ] || [ ! -f "$("$config" --includedir-server)/postgres.h" ] || [ ! -f "$("$config" --pgxs)" ]; then
		need "postgresql-server-dev-$version"
	fi
	bindir=/usr/lib/postgresql/$version/bin
	if [ -n "$config" ]; then
		bindir=$("$config" --bindir)
	fi
	[ -x "$bindir/psql" ] || need "postgresql-client-$version"
}

need_checks() {
	local config version clang_major

	version=$(server_version)
	has python3 || need python3
	python3 -c 'from jsonschema import Draft202012Validator' 2>/dev/null || need python3-jsonschema
	config=$("$here/pg_config.sh" 2>/dev/null) || config=
	if [ -z "$config" ] || [ ! -f "$("$config" --sharedir)/extension/pgtap.control" ]; then
		need "postgresql-$version-pgtap"
	fi
	# one block of docs/operations.md; skipped where the distribution has no such package
	if { [ -z "$config" ] || [ ! -f "$("$config" --pkglibdir)/pgaudit.so" ]; } &&
		apt-cache show "postgresql-$version-pgaudit" >/dev/null 2>&1; then
		need "postgresql-$version-pgaudit"
	fi
	has clang || need clang
	if ! has clang || [ ! -e "$(clang -print-file-name="libclang_rt.fuzzer-$(uname -m).a")" ]; then
		clang_major=$(apt-cache depends clang 2>/dev/null | sed -nE 's/.*Depends: clang-([0-9]+).*/\1/p' | head -n 1)
		need "$(known_package libclang-rt-dev "libclang-rt-${clang_major:-14}-dev" "libclang-common-${clang_major:-14}-dev")"
	fi
}

# Debian starts a cluster of its own with the server package; this one is only wanted for its programs.
install_packages() {
	export DEBIAN_FRONTEND=noninteractive
	mkdir -p "$(dirname "$keep_quiet")"
	echo 'create_main_cluster = false' >"$keep_quiet"
	trap 'rm -f "$keep_quiet"' EXIT
	apt-get install -y --no-install-recommends "$@"
}

collect() {
	packages=()
	need_compiler
	need_server
	if [ "$purpose" = check ]; then
		need_checks
	fi
}

collect
if [ ${#packages[@]} -eq 0 ]; then
	exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
	echo "missing: ${packages[*]}" >&2
	echo "install them, or run this as root on Debian" >&2
	exit 1
fi
apt-get update
collect
install_packages "${packages[@]}"
collect
if [ ${#packages[@]} -ne 0 ]; then
	echo "still missing after the installation: ${packages[*]}" >&2
	exit 1
fi
