#!/bin/bash
# dist.sh — META.json and build/dist/assistance-VERSION.tar.gz: what git has in this version, with META.json added.
set -euo pipefail

cd "$(dirname "$0")/.."
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" assistance.control)
name=assistance-$version
mkdir -p build/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/$name"
git ls-files -z | tar --null -T - -cf - | tar -C "$work/$name" -xf - --no-same-owner
cat >"$work/$name/META.json" <<JSON
{
   "name": "assistance",
   "abstract": "Settles medical bills through China's layered medical security",
   "description": "What every layer and the patient bear on every bill, carried through the year, exact to the fen and explained.",
   "version": "$version",
   "maintainer": "the authors of assistance",
   "license": "$(head -n 1 LICENSE | grep -q PostgreSQL && echo postgresql || echo unrestricted)",
   "provides": {
      "assistance": { "file": "assistance--$version.sql", "docfile": "README.md", "version": "$version" }
   },
   "prereqs": { "runtime": { "requires": { "PostgreSQL": "14.0.0" } } },
   "release_status": "stable",
   "meta-spec": { "version": "1.0.0", "url": "https://pgxn.org/meta/spec.txt" }
}
JSON
cp "$work/$name/META.json" build/dist/META.json
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -czf "build/dist/$name.tar.gz" "$name"
echo "build/dist/$name.tar.gz"
