#!/usr/bin/env bash
# Writes down the public members of the libraries anew: src/*/PublicAPI.Unshipped.txt, which the build holds them to (RS0016, RS0017). Run it after a
# public member was added, changed or removed, and commit what it writes: the difference is what a reviewer looks at.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
for shipped in src/*/PublicAPI.Shipped.txt; do # RadTex first: the others reference it
  project=$(dirname "$shipped")
  log=$(mktemp --suffix .sarif)
  trap 'rm -f "$log"' EXIT
  echo "#nullable enable" >"$project/PublicAPI.Unshipped.txt"
  dotnet build "$project" -c Release -v q -p:TreatWarningsAsErrors=false "-p:ErrorLog=$log%2Cversion=2.1" >/dev/null || true
  python3 - "$log" "$project" <<'PY'
import json
import sys

log, project = sys.argv[1:]
with open(log, encoding="utf-8-sig") as file:
    results = json.load(file)["runs"][0]["results"]
names = sorted({r["properties"]["customProperties"]["APIName"] for r in results if r["ruleId"] == "RS0016"})
with open(f"{project}/PublicAPI.Unshipped.txt", "w", encoding="utf-8") as file:
    file.write("\n".join(["#nullable enable", *names]) + "\n")
print(f"{project}: {len(names):,} public members")
PY
done
