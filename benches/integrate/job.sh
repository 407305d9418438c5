#!/bin/sh
# The whole job as a contender of the benchmark: job.sh DATA OUT. $MLATHO names the program.
# Lands, reads, checks and stores the lines in a new repository, then writes what the target should hold as import
# files. Prints mlatho's counts under the benchmark's names, as one JSON line.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cp -R "$here/project/." "$project"
ln -s "$1" "$project/data"
mlatho() { "${MLATHO:-mlatho}" --quiet --project "$project" --format json "$@"; }

ran=$(mlatho run)
written=$(mlatho publish dhis2 --out "$2")
count() { printf '%s' "$1" | tr -d '\n' | sed -e "s/.*\"$2\": *\"\{0,1\}\([0-9]*\).*/\1/"; }

# Every group of the benchmark gives one figure for each of its seven measures.
printf '{"lines":%d,"kept":%d,"rej_fac":%d,"rej_prod":%d,"rej_num":%d,"groups":%d,"values":%d,"sum":%d}\n' \
    "$(count "$ran" records)" \
    "$(($(count "$ran" current) - $(count "$ran" not_counting)))" \
    "$(count "$ran" unmapped_org_unit)" "$(count "$ran" unmapped_item)" "$(count "$ran" incomplete)" \
    "$(($(count "$written" figures) / 7))" "$(count "$written" values)" "$(count "$written" sum)"
