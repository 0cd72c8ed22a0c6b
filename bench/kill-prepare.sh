#!/usr/bin/env bash
# Kills 'radtex prepare' with SIGKILL at random moments, resumes it until it is done, and compares the dataset's hash with that of an
# unbroken run. Writes docs/results/kill-prepare.md.
#
#   bench/kill-prepare.sh [TRIALS] [ROOT]      ROOT is a MIMIC-CXR-JPG layout; without it 2,000 phantoms are drawn.
set -euo pipefail
cd "$(dirname "$0")/.."
trials=${1:-20}
radtex=${RADTEX:-src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex} # RADTEX: another build of it
[ -x "$radtex" ] || dotnet build -c Release -v q
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=${2:-$work/phantoms}
[ -n "${2:-}" ] || "$radtex" phantoms --count 2000 --seed 1 --out "$root" >/dev/null 2>&1

hash_of() { sed -n 's/^  "hash": "\(.*\)",$/\1/p' "$1/manifest.json"; }
# By hand, without the program: what docs/data-format.md says the hash is.
recomputed() { (cd "$1" && sha256sum pixels.npy rejects.csv studies.parquet | sha256sum | cut -d' ' -f1); }

started=$(date +%s.%N)
"$radtex" prepare mimic-cxr-jpg "$root" --out "$work/whole" >"$work/summary.txt" 2>/dev/null
unbroken=$(echo "$(date +%s.%N) - $started" | bc)
expected=$(hash_of "$work/whole")
# Verification also compares pictures between splits, where two synthetic radiographs may look alike: what it says of the unbroken dataset counts.
verified() { "$radtex" verify "$1" >/dev/null 2>&1 && echo 0 || echo "$?"; }
sound=$(verified "$work/whole")
[ "$(recomputed "$work/whole")" = "$expected" ] || { echo "the unbroken run's hash is not that of its files"; exit 1; }

kills=0 resumed=0 failures=0 rows=""
for trial in $(seq "$trials"); do
  out=$work/out
  rm -rf "$out" "$out.partial"
  moments=""
  most=$unbroken
  for attempt in 1 2 3 4; do
    moment=$(awk -v seed="$RANDOM$attempt" -v most="$most" 'BEGIN { srand(seed); printf "%.2f", 0.05 + rand() * most }')
    "$radtex" prepare mimic-cxr-jpg "$root" --out "$out" >/dev/null 2>&1 &
    pid=$!
    sleep "$moment"
    if kill -9 "$pid" 2>/dev/null; then
      kills=$((kills + 1)); moments="$moments $moment"
      wait "$pid" 2>/dev/null || true
      # Whatever the moment: nothing under the final name, or all of it.
      if [ -e "$out" ] && [ "$(verified "$out")" != "$sound" ]; then
        echo "trial $trial: a half-written dataset under its final name"
        failures=$((failures + 1))
      fi
    else
      wait "$pid" 2>/dev/null || true
      [ -z "$moments" ] || break
      rm -rf "$out"; most=$(awk -v most="$most" 'BEGIN { print most / 2 }') # it was done before it could be killed
    fi
  done
  "$radtex" prepare mimic-cxr-jpg "$root" --out "$out" >"$work/last.txt" 2>/dev/null || { echo "trial $trial: the last run failed"; failures=$((failures + 1)); continue; }
  if grep -q '^went on after' "$work/last.txt"; then resumed=$((resumed + 1)); fi
  found=$(hash_of "$out")
  verdict=equal
  if [ "$found" != "$expected" ] || [ "$(recomputed "$out")" != "$expected" ] || [ "$(verified "$out")" != "$sound" ]; then
    verdict=DIFFERENT; failures=$((failures + 1))
  fi
  rows="$rows| $trial |${moments:- none} | $verdict |"$'\n'
  echo "trial $trial: killed after$moments s, $verdict"
done

{
  echo "# Killing \`radtex prepare\`"
  echo
  echo "Made by \`bench/kill-prepare.sh $trials\` on $(date -u +%F), $(nproc) cores. The source: $(sed -n 's/^taken *//p' "$work/summary.txt") from a folder in the MIMIC-CXR-JPG layout$( [ -e "$root/phantoms.json" ] && echo ", synthetic phantoms drawn by \`radtex phantoms\`")."
  echo "An unbroken run took $(printf %.1f "$unbroken") s; its dataset hash is \`$expected\`."
  echo
  echo "In each trial the program was killed (SIGKILL) up to four times, each after a random time of up to that of the unbroken run, then run once more to the end."
  echo "Kills: $kills. Final runs that went on where an earlier one had stopped: $resumed of $trials. Hashes that differ, half-written datasets and failures: **$failures**."
  echo
  echo "| trial | killed after (s) | hash and verification |"
  echo "| --- | --- | --- |"
  printf '%s' "$rows"
} > docs/results/kill-prepare.md
echo "$kills kills, $failures failures; written to docs/results/kill-prepare.md"
[ "$failures" -eq 0 ]
