#!/usr/bin/env bash
# Does a change leave every weight bitwise as it was? Trains preset phantom for a few updates with the program of a commit and with that of the
# working tree, on one synthetic dataset, and compares the SHA-256 of the weights they write. Prints a Markdown table; exits 1 where one differs.
#   bench/same-weights.sh [COMMIT]          (default dc2adbb; UPDATES=60 by default; KEEP=DIR keeps the commit's program and the dataset for the next run)
set -euo pipefail
cd "$(dirname "$0")/.."
commit=$(git rev-parse --short "${1:-dc2adbb}")
updates=${UPDATES:-60}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
folder=${KEEP:-$(mktemp -d)}
mkdir -p "$folder"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT

publish() { # SOURCE FOLDER: builds SOURCE's command and copies its program to FOLDER
  local project=src/RadTex.Cli output
  [ -d "$1/$project" ] || project=src/RadTex # before the command had a project of its own
  (cd "$1" && dotnet build "$project" -c Release -v q >"$folder/build.log" 2>&1) || { tail -n 20 "$folder/build.log" >&2; exit 2; }
  output=$(find "$1/$project/bin/Release" -name radtex -type f | head -n 1)
  [ -n "$output" ] || { echo "no radtex in $1/$project/bin/Release" >&2; exit 2; }
  rm -rf "$2"
  cp -r "$(dirname "$output")" "$2"
}

if [ ! -x "$folder/before-$commit/radtex" ]; then
  rm -rf "$folder/source"
  mkdir -p "$folder/source"
  git archive "$commit" | tar -x -C "$folder/source"
  publish "$folder/source" "$folder/before-$commit"
  rm -rf "$folder/source"
fi
publish . "$folder/after"
if [ ! -d "$folder/dataset" ]; then # made once, with the working tree's program: what is drawn may differ between commits
  "$folder/after/radtex" phantoms --count 400 --seed 1 --size 96 --out "$folder/phantoms" >/dev/null 2>&1
  "$folder/after/radtex" prepare mimic-cxr-jpg "$folder/phantoms" --out "$folder/dataset" \
    --extra-labels truth="$folder/phantoms/phantom-truth.csv.gz" >/dev/null 2>&1
fi

hash() { [ -f "$1" ] && sha256sum "$1" | cut -c1-64 || echo none; }
status=0
cat <<TABLE
# The same weights

\`bench/same-weights.sh $commit\`, on $(date -u +%F), $(nproc) cores ($(lscpu | sed -n 's/^Model name: *//p')): preset \`phantom\`, $updates updates on
synthetic radiographs with the program of $commit and with the working tree's (on $(git rev-parse --short HEAD)). SHA-256 of the files, first 16 digits.

| pretraining | file | $commit | working tree | |
| --- | --- | --- | --- | --- |
TABLE
precisions=fp32
if grep -q -m1 -E 'avx512_bf16|amx_bf16' /proc/cpuinfo; then precisions="fp32 bf16"; fi
for objective in "reports" "reports, forward" "reports, two groups" "labels"; do
  for precision in $precisions; do
    set -- --preset phantom --threads 1 --max-steps "$updates" --set "training.precision=$precision"
    case $objective in
      "reports, forward") set -- "$@" --set training.directions=forward ;;
      "reports, two groups") set -- "$@" --set training.groups=2 --set optimizer.lookahead_steps=5 ;;
      labels) set -- "$@" --labels all ;;
    esac
    for side in "before-$commit" after; do
      rm -rf "$folder/run-$side"
      "$folder/$side/radtex" pretrain "$folder/dataset" --out "$folder/run-$side" "$@" >"$folder/run.log" 2>&1 \
        || { tail -n 5 "$folder/run.log" >&2; exit 2; }
    done
    for file in encoder/encoder.safetensors model/model.safetensors; do
      before=$(hash "$folder/run-before-$commit/$file") after=$(hash "$folder/run-after/$file")
      [ "$before" != none ] || [ "$after" != none ] || continue
      verdict=same
      if [ "$before" != "$after" ]; then verdict=**different**; status=1; fi
      echo "| $objective, $precision | $file | ${before:0:16} | ${after:0:16} | $verdict |"
    done
  done
done
exit $status
