#!/bin/bash
# build.sh DESTDIR — build the extension in build/stage, a copy of the sources, with warnings as errors, and install it
# under DESTDIR. The working copy itself stays free of objects, whoever runs this. One build at a time.
set -euo pipefail

destination=${1:?usage: build.sh DESTDIR}
here=$(cd "$(dirname "$0")/.." && pwd)
build=${ASSISTANCE_BUILD:-$here/build}
stage=$build/stage
config=$("$here/test/pg_config.sh")

# Copy the sources and keep their times; objects of an earlier build stay.
copy_sources() {
	local files=()

	for file in Makefile assistance.control META.json README.md LICENSE src sql expected test/targets.mk; do
		if [ -e "$here/$file" ]; then
			files+=("$file")
		fi
	done
	mkdir -p "$stage"
	find "$stage" -type f ! -name '*.o' ! -name '*.so' ! -name stamp -delete
	tar -C "$here" --exclude='*.o' --exclude='*.so' --exclude='*.bc' -cf - "${files[@]}" | tar -C "$stage" -xf - --no-same-owner
}

# PGXS does not follow headers: a change of one, of the Makefile or of the server rebuilds everything.
forget_old_objects() {
	local sum

	sum=$(cd "$stage" && { "$config" --version; cat Makefile; find src -name '*.h' | LC_ALL=C sort | xargs -r cat; } | cksum)
	if [ "$(cat "$stage/stamp" 2>/dev/null)" != "$sum" ]; then
		find "$stage" \( -name '*.o' -o -name '*.so' \) -delete
		echo "$sum" >"$stage/stamp"
	fi
}

mkdir -p "$build"
exec 9>"$build/lock"
flock 9
copy_sources
forget_old_objects
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES
make -s -C "$stage" -j"${JOBS:-$(nproc)}" PG_CONFIG="$config" with_llvm=no COPT=-Werror all
make -s -C "$stage" PG_CONFIG="$config" with_llvm=no DESTDIR="$destination" install
