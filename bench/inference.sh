#!/bin/bash
# Inference of a ResNet-50 at 256 px: images/s of torch, ONNX Runtime and PyTorch, int8 through `radtex predict`, and what int8 does to the AUC of heads on an
# NIH ChestX-ray14 subset. Markdown to standard output.
#   bench/inference.sh RADTEX DATA [WORK] > docs/results/inference.md
# DATA holds nih-cxr14/. The encoder is pretrained for minutes on phantoms at one thread, so that batch norms and weights are those of a trained network, if a
# poor one; what it sees matters less here than what rounding takes from it. Needs python3-torch, python3-torchvision, libopenblas0-pthread. With WORK named, an
# interrupted call goes on.
set -eu
# Both sides with the allocator that radtex gives itself: without it PyTorch's batch of 16 spends most of its time in page faults here.
export MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TOP_PAD_=16777216
here=$(dirname "$(realpath "$0")") radtex=$(realpath "$1") data=$(realpath "$2") work=$(realpath -m "${3:-$(mktemp -d)}")
mkdir -p "$work"; cd "$work"
quiet() { "$radtex" "$@" >>log 2>&1 || { tail -5 log >&2; exit 1; }; }
made() { [ -f "$1" ] || { shift; quiet "$@"; }; }
made nih/manifest.json prepare nih-cxr14 "$data/nih-cxr14" --split hash --fractions 0.5,0,0.5 --out nih
[ -d phantoms ] || quiet phantoms --count 210 --size 256 --difficulty 0.6 --report-style systematic --seed 21 --out phantoms
made synthetic/manifest.json prepare mimic-cxr-jpg phantoms --labels none --split hash --fractions 0.96,0.04,0 --out synthetic
quiet pretrain synthetic --preset small --threads 1 --set model.backbone=resnet50 --set image.size=256 --set training.batch_size=8 --set training.epochs=2 --out run
quiet transfer run/encoder nih --labels 'Pneumonia vs No Finding,Effusion,Infiltration,Atelectasis' --examples all --trials 1 --head logistic --precision fp32 --out heads
float=$("$radtex" export run/encoder --heads heads --fold-batch-norm --out float.onnx 2>>log)
int8=$("$radtex" export run/encoder --heads heads --int8 nih --count 128 --out int8.onnx 2>>log)
quiet export run/encoder --out encoder.pth
cd "$here/.."
dotnet build -c Release -v q bench/inference.cs >>"$work/log" 2>&1
cat <<PAGE
# Inference

\`bench/inference.sh RADTEX DATA\` on $(date +%F). All with the allocator that keeps freed memory (docs/architecture.md). Encoder: ResNet-50 pretrained briefly on **synthetic** radiographs; heads: logistic, from half of the NIH subset's radiographs, tested on the other half.

$(dotnet run --no-build -c Release bench/inference.cs -- "$work/run/encoder" "$work/float.onnx" "$work/int8.onnx" "$work/encoder.pth" "$data/nih-cxr14/images" --rounds "${ROUNDS:-5}")

## What \`radtex export\` said
\`\`\`
$float
$int8
\`\`\`
PAGE
