#!/usr/bin/env bash
# How many changes of the code do its tests notice? Stryker changes one thing of a room at a time and runs the tests that reach it, in a copy of the
# working tree's last commit. Prints a room's score and the mutants that live. At lowest priority: it takes hours on a few cores.
#   bench/mutation.sh ROOM...          (a folder of src/RadTex: Metrics, Text, Studies, Heads; KEEP=DIR keeps copy and reports)
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
folder=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT
rm -rf "$folder/source"
mkdir -p "$folder/source"
git archive HEAD | tar -x -C "$folder/source"
(cd "$folder/source" && dotnet tool restore >/dev/null)
for room in "${@:-Metrics}"; do
  mkdir -p "$folder/$room"
  (cd "$folder/source/tests/RadTex.Tests" && nice -n 19 dotnet stryker --mutate "**/$room/**/*.cs" --output "$folder/$room" >"$folder/$room/log.txt" 2>&1) ||
    { tail -n 20 "$folder/$room/log.txt" >&2; exit 1; }
  python3 bench/mutation.py "$room" "$folder/$room/reports/mutation-report.json"
done
