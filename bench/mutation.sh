#!/usr/bin/env bash
# How many changes of the code do its tests notice? Stryker changes one thing of a room at a time and runs the room's own tests, in a copy of the last
# commit that holds no others. Prints a room's score and the mutants that live.
#
#     bench/mutation.sh ROOM...
#
# ROOM is a folder of src/RadTex: Metrics, Text, Studies, Heads. Takes FILES (8) files at a time, each time with a build and a
# run of all tests: with KEEP=DIR, a later call goes on with the files that are missing, as long as the commit is the same.
# What runs once a process (tables, static fields) has run before Stryker switches a mutant on in the process it keeps: those that live are tried
# again, each in a process of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
folder=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT
FILES=${FILES:-8} commit=$(git rev-parse --short HEAD)
for room in "${@:-Metrics}"; do
  mapfile -t files < <(git ls-files "src/RadTex/$room/*.cs" | sort)
  reports=()
  for ((first = 0; first < ${#files[@]}; first += FILES)); do
    part="$folder/$commit/$room-$first"
    report="$part/mutation-report.json"
    reports+=("$report")
    [ -f "$report" ] && continue
    source=$folder/source-$room-$commit # made once a room, so that a part builds only what it changes
    if [ ! -f "$source.made" ]; then
      rm -rf "$source" && mkdir -p "$source"
      git archive HEAD | tar -x -C "$source"
      (cd "$source" && dotnet tool restore >/dev/null)
      find "$source/tests/RadTex.Tests" -mindepth 1 -maxdepth 1 \( -type d ! -name "$room" ! -name Golden -o -name "*Tests.cs" \) -exec rm -rf {} +
      touch "$source.made"
    fi
    rm -rf "$part" && mkdir -p "$part"
    mutate=()
    for file in "${files[@]:first:FILES}"; do mutate+=(--mutate "**/${file#src/RadTex/}"); done
    tests=$source/tests/RadTex.Tests/bin/Release/net10.0/linux-x64
    # Stryker puts the library back when it is done: what it changed is kept while it tests.
    (until grep -q "mutants will be tested" "$part/log.txt" 2>/dev/null; do sleep 1; done
     cp -r "$tests" "$part/changed.partial" && mv "$part/changed.partial" "$part/changed") &
    keeping=$!
    (cd "$source/tests/RadTex.Tests" && dotnet stryker "${mutate[@]}" --output "$part/stryker" >"$part/log.txt" 2>&1) ||
      { kill $keeping; tail -n 20 "$part/log.txt" >&2; exit 1; }
    if ! grep -q "mutants will be tested" "$part/log.txt"; then # files without anything to change
      kill $keeping
      cp "$part/stryker/reports/mutation-report.json" "$report"
      continue
    fi
    wait $keeping
    python3 bench/mutation.py --again "$part/stryker/reports/mutation-report.json" "$part/changed/RadTex.Tests" "$report"
    rm -r "$part/changed"
    python3 bench/mutation.py "$room" "$report" | sed -n 1p >&2
  done
  python3 bench/mutation.py "$room" "${reports[@]}"
done
