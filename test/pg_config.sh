#!/bin/bash
# pg_config.sh — print the path of the pg_config to use: $PG_CONFIG, the newest one under /usr/lib/postgresql that has
# server headers, or the one in PATH. Fails when there is none.
if [ -n "${PG_CONFIG:-}" ]; then
	command -v "$PG_CONFIG"
	exit
fi
for config in $(printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -rV) $(command -v pg_config); do
	if [ -x "$config" ] && [ -f "$("$config" --includedir-server)/postgres.h" ]; then
		echo "$config"
		exit
	fi
done
command -v pg_config
