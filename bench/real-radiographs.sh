#!/bin/bash
# The quickstart's path on real radiographs: pretrain on the notes of 183 (covid-chestxray-dataset, SciBERT's vocabulary) and on phantoms, then transfer both
# encoders and a random initialisation of the same network to an NIH ChestX-ray14 subset. Markdown to standard output.
#   bench/real-radiographs.sh RADTEX DATA [WORK] > docs/results/real-radiographs.md
# DATA holds covid-notes/, nih-cxr14/ and scibert/vocab.txt. With WORK named, an interrupted call goes on.
set -eu -o pipefail
radtex=$(realpath "$1") data=$(realpath "$2") work=$(realpath -m "${3:-$(mktemp -d)}")
mkdir -p "$work"; cd "$work"
export OMP_NUM_THREADS=1
run() { # prints a command as a reader would type it and what it says; a step that an earlier call finished is printed from its notes
  local notes start=$SECONDS
  notes=step-$(echo "$*" | sha256sum | cut -c1-12)
  [ -f "$notes" ] || {
    { echo; echo '```'; echo "$ radtex ${*//$data/DATA}"; } >"$notes.new"
    "$radtex" "$@" 2>errors | sed -e "s#$data#DATA#g" -e "s#$work/##g" >>"$notes.new" || { cat errors >&2; exit 1; }
    { echo "# $((SECONDS - start)) s"; echo '```'; } >>"$notes.new"
    mv "$notes.new" "$notes"
  }
  cat "$notes"
}
say() { printf '\n%s\n' "$1"; }
network=(--preset phantom --threads 1)
findings=(--labels 'Pneumonia vs No Finding,Effusion')
cat <<PAGE
# Real radiographs

\`bench/real-radiographs.sh RADTEX DATA\` on $(date +%F), $(nproc --all) cores, one thread. One network throughout: that of preset \`phantom\` (ResNet-18 of a quarter width, 96 px). Settings were fixed before
the first run. 183 notes are far too few to learn from: the page shows that the path runs on real data, and what comes out.
PAGE
say '## Datasets'
run prepare table "$data/covid-notes/metadata.csv" --archive covid-chestxray-dataset --text-column clinical_notes --fractions 0.9,0.1,0 --out covid
run prepare nih-cxr14 "$data/nih-cxr14" --split hash --fractions 0.6,0.05,0.35 --out nih
run phantoms --count 3600 --size 128 --difficulty 0.6 --report-style systematic --seed 11 --out phantoms
run prepare mimic-cxr-jpg phantoms --labels none --fractions 0.95,0.05,0 --split hash --short-side 128 --out synthetic
say '## Pretraining'
run pretrain covid "${network[@]}" --vocabulary "$data/scibert/vocab.txt" --set training.epochs=20 --out covid-run
run pretrain synthetic "${network[@]}" --out synthetic-run
say '## Frozen encoders'
for encoder in covid-run/encoder synthetic-run/encoder "random:resnet18:16 --image-size 96"; do # a trained one states its own side
  name=${encoder%% *}
  # shellcheck disable=SC2086
  run transfer $encoder nih "${findings[@]}" --examples 10,30,100,all --out "frozen-${name//[:\/]/-}"
done
say '## Random initialisation trained whole'
run transfer random:resnet18:16 nih "${findings[@]}" --image-size 96 --examples 30,100 --mode fine-tune --out whole-random
