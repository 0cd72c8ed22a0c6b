#!/usr/bin/env bash
# What generated reports and the maps of their words are worth on phantoms, after preset phantom. Markdown to standard output.
#   bench/phantom-reading.sh RADTEX [FOLDER] > docs/results/phantom-reading.md
# FOLDER keeps phantoms, dataset and run, and a second call goes on from what is there; without it all is thrown away. One thread.
set -euo pipefail
radtex=$(realpath "$1") folder=${2:-}
export OMP_NUM_THREADS=1
if [ -z "$folder" ]; then folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; fi
mkdir -p "$folder"; cd "$folder"

commands=()
step() { # shown on the page as it was run
  commands+=("radtex $*")
  "$radtex" "$@"
}
step phantoms --count 8000 --seed 11 --size 128 --difficulty 0.6 --report-style systematic --out phantoms >&2
step prepare mimic-cxr-jpg phantoms --labels none --short-side 96 --split hash --fractions 0.8,0.05,0.15 --out dataset >&2
step pretrain dataset --preset phantom --seed 11 --threads 1 --out run >&2
step score run dataset --phantoms phantoms --out scores.html > scores.txt
step score run dataset --phantoms phantoms --split validate > scores-validate.txt

cat <<'PAGE'
# Reading phantoms

All figures are **synthetic**. `bench/phantom-reading.sh` makes this page:
```
PAGE
printf '%s\n' "${commands[@]}"
cat <<'PAGE'
```
## Test split
```
PAGE
cat scores.txt
cat <<'PAGE'
```
## Validation split
What maps are scored by was chosen here, on a run of other phantoms.
```
PAGE
sed -n '/^Pointing/,$p' scores-validate.txt
echo '```'
