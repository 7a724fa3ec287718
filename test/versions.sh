#!/bin/bash
# versions.sh SUITE [part…] — make check on a bare Debian of that suite, and so on its PostgreSQL: bookworm has 15, trixie 17,
# forky 18. versions.sh SUITE upgrade [FROM] — pg_upgrade to it from the version of Debian release FROM (bookworm). Makes a minimal
# system in a directory under /var/tmp, clones this checkout into it, runs the test there, and removes it. Needs root, debootstrap
# and the package registry; not part of make check.
#
#	ORACLE_YEARS, ORACLE_SEED, FUZZ_SECONDS	as for check.sh
set -euo pipefail

suite=${1:?usage: versions.sh SUITE [part…]}
shift
here=$(cd "$(dirname "$0")/.." && pwd)
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
root=$(mktemp -d "/var/tmp/assistance-$suite.XXXXXX")

clean_up() {
	umount "$root/dev/shm" "$root/proc" 2>/dev/null || true
	rm -rf --one-file-system "$root"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# debootstrap knows releases by name; one that is newer than it is made like sid.
script=/usr/share/debootstrap/scripts/$suite
[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
chmod 755 "$root"
debootstrap --variant=minbase "$suite" "$root" "$mirror" "$script"
mkdir -p "$root/dev/shm"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev/shm"
cp /etc/resolv.conf "$root/etc/"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
# the lists of a testing release expire between two of its points
echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99valid"
case $suite in
	sid | forky) ;;
	*) echo "deb ${mirror}-security $suite-security main" >"$root/etc/apt/sources.list.d/security.list" ;;
esac

what='test/setup.sh check && test/check.sh "$@"'
if [ "${1:-}" = upgrade ]; then
	# the older server beside the suite's own; nothing else comes from the older release
	older=${2:-bookworm}
	printf 'deb %s %s main\n' "$mirror" "$older" "${mirror}-security" "$older-security" >"$root/etc/apt/sources.list.d/older.list"
	printf 'Package: *\nPin: release n=%s*\nPin-Priority: 100\n' "$older" >"$root/etc/apt/preferences.d/older"
	what=test/upgrade.sh
fi

git clone -q "$here" "$root/root/assistance"
chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
	ORACLE_YEARS="${ORACLE_YEARS:-1000}" FUZZ_SECONDS="${FUZZ_SECONDS:-5}" ${ORACLE_SEED:+ORACLE_SEED="$ORACLE_SEED"} \
	bash -c "cd /root/assistance && apt-get update -q && $what" versions "$@"
