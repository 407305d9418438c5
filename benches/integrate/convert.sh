#!/bin/sh
# The file route as a contender of the benchmark: convert.sh DATA URL. $MLATHO names the program.
# Prints mlatho's counts under the benchmark's names, as one JSON line.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cp -R "$here/project/." "$project"
ln -s "$1" "$project/data"
"${MLATHO:-mlatho}" --project "$project" --format json convert "$1/requisitions.csv" --post "$2" |
    sed -e 's/"unmapped_org_unit"/"rej_fac"/' -e 's/"unmapped_item"/"rej_prod"/' \
        -e 's/"incomplete"/"rej_num"/' -e 's/"sum":"\([0-9]*\)[^"]*"/"sum":\1/'
