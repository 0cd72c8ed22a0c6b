#!/usr/bin/env bash
# How long a reader waits: 3,000 x 3,000 pixels of 16 bits, a prepared dataset, a pool of 10,000; keys, window, thousands of answers.
#
#     dotnet build -c Release && bench/studio-speed.sh ENCODER.onnx WORK docs/results/studio.md
#
# ENCODER reads 96 px, as the datasets have them. WORK takes some 6 GB; what is in it is not made again. KEYS (300), FULL_KEYS (40, of the large files and the large pool), LABELS (3000), FILES (150).
# Some twenty minutes on two quiet cores.
set -euo pipefail
export RADTEX_STUDIO_ENCODER RADTEX_STUDIO_DATASET RADTEX_STUDIO_FULL RADTEX_STUDIO_LARGE RADTEX_STUDIO_PAGE RADTEX_STUDIO_PROGRAM
export RADTEX_STUDIO_KEYS=${KEYS:-300} RADTEX_STUDIO_FULL_KEYS=${FULL_KEYS:-40} RADTEX_STUDIO_LABELS=${LABELS:-3000}
RADTEX_STUDIO_ENCODER=$(realpath "$1") work=$(realpath -m "$2") RADTEX_STUDIO_PAGE=$(realpath -m "$3")
cd "$(dirname "$0")/.."
RADTEX_STUDIO_PROGRAM=$PWD/src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex
make() { # NAME SHORT_SIDE ARCHIVE PHANTOMS...: a dataset of phantoms, once
  local name=$1 side=$2 archive=$3
  shift 3
  [ -f "$work/$name/manifest.json" ] && return
  "$RADTEX_STUDIO_PROGRAM" phantoms "$@" --out "$work/$name-phantoms"
  "$RADTEX_STUDIO_PROGRAM" prepare "$archive" "$work/$name-phantoms" --out "$work/$name" --short-side "$side" --split hash
}
make full 256 mimic-cxr --dicom --bits 16 --size 3000 --count "${FILES:-150}"
make pool 96 mimic-cxr-jpg --count 4500 --size 96
make large 96 mimic-cxr-jpg --count 13500 --size 96
RADTEX_STUDIO_FULL=$work/full RADTEX_STUDIO_DATASET=$work/pool RADTEX_STUDIO_LARGE=$work/large
exec tests/RadTex.Studio.Tests/bin/Release/net10.0/linux-x64/RadTex.Studio.Tests -noColor -explicit only -class RadTex.Studio.Tests.Benchmarks.StudioSpeed
