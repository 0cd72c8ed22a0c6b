#!/usr/bin/env bash
# How many changes of the code do its tests notice? Stryker changes one thing of a room at a time and runs the room's own tests, in a copy of the last
# commit that holds no others. Prints a room's score and the mutants that live. It takes an hour a room on a few cores: nice -n 19 before it on a shared machine.
#   bench/mutation.sh ROOM...          (a folder of src/RadTex: Metrics, Text, Studies, Heads; KEEP=DIR keeps copy and reports)
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
folder=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT
for room in "${@:-Metrics}"; do
  rm -rf "$folder/source"
  mkdir -p "$folder/source" "$folder/$room"
  git archive HEAD | tar -x -C "$folder/source"
  (cd "$folder/source" && dotnet tool restore >/dev/null)
  find "$folder/source/tests/RadTex.Tests" -mindepth 1 -maxdepth 1 \( -type d ! -name "$room" ! -name Golden -o -name "*Tests.cs" \) -exec rm -rf {} +
  (cd "$folder/source/tests/RadTex.Tests" && dotnet stryker --mutate "**/$room/**/*.cs" --output "$folder/$room" >"$folder/$room/log.txt" 2>&1) ||
    { tail -n 20 "$folder/$room/log.txt" >&2; exit 1; }
  python3 bench/mutation.py "$room" "$folder/$room/reports/mutation-report.json"
done
