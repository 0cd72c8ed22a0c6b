#!/usr/bin/env bash
# Which radiograph to label next: all policies replayed on phantoms (four findings, three datasets) and on the NIH subset, as one page.
#
#     dotnet build -c Release && bench/policies.sh ENCODER IMAGENET DATA WORK > docs/results/policies.md
#
# ENCODER: of pretraining on reports of other phantoms (configs/reproduce/phantom.json's first). IMAGENET: `radtex import mlnet`'s folder. DATA holds
# nih-cxr14. In WORK an interrupted call goes on, and more REPLAYS (10) are added.
set -euo pipefail
encoder=$(realpath "$1") imagenet=$(realpath "$2") data=$(realpath "$3") work=$(realpath -m "$4")
cd "$(dirname "$0")/.."
radtex=$PWD/src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex
mkdir -p "$work"
quiet() { "$radtex" "$@" >>"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; exit 1; }; }
made() { [ -f "$work/$1/manifest.json" ] || { shift; quiet "$@"; }; }
groups=()
for seed in 91 92 93; do
  [ -f "$work/phantoms-$seed/phantoms.json" ] || quiet phantoms --count 2500 --seed $seed --out "$work/phantoms-$seed"
  made "set-$seed" prepare mimic-cxr-jpg "$work/phantoms-$seed" --labels none --extra-labels "$work/phantoms-$seed/phantom-truth.csv.gz" \
    --short-side 96 --split hash --fractions 0.5,0,0.5 --out "$work/set-$seed"
  quiet simulate "$work/set-$seed" --encoder "$encoder" --labels "Edema,Pleural Effusion,Cardiomegaly,Pneumothorax" --patients-differ \
    --replays "${REPLAYS:-10}" --out "$work/simulation-$seed"
  groups+=("synthetic: seed $seed=$work/simulation-$seed")
done
made nih prepare nih-cxr14 "$data/nih-cxr14" --split hash --fractions 0.5,0,0.5 --out "$work/nih"
quiet simulate "$work/nih" --encoder "$imagenet" --labels "Effusion,Atelectasis,Infiltration,Pneumonia" \
  --replays "${REPLAYS:-10}" --out "$work/simulation-nih"
groups+=("NIH ChestX-ray14: subset=$work/simulation-nih")
cat <<PAGE
# Which radiograph to label next

\`bench/policies.sh ENCODER IMAGENET DATA WORK\`: \`radtex simulate\` on three datasets of **synthetic** radiographs (four findings each, an encoder that learnt from reports of other synthetic radiographs) and on a subset of NIH ChestX-ray14 (ImageNet's ResNet-18). One pick in five is the reserve's, a random sample of patients, under every policy.

PAGE
exec dotnet run -c Release bench/policies.cs -- "${groups[@]}"
