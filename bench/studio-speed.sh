#!/usr/bin/env bash
# How long a reader waits: 3,000 x 3,000 pixels of 16 bits, and a prepared dataset; keys, window, thousands of answers.
#
#     dotnet build -c Release && bench/studio-speed.sh ENCODER.onnx DATASET WORK docs/results/studio.md
#
# DATASET is a prepared one of more than 3,000 training radiographs. WORK takes some 5 GB. Some ten minutes on two quiet cores.
set -euo pipefail
export RADTEX_STUDIO_ENCODER RADTEX_STUDIO_DATASET RADTEX_STUDIO_FULL RADTEX_STUDIO_PAGE RADTEX_STUDIO_PROGRAM RADTEX_STUDIO_KEYS=${KEYS:-100} RADTEX_STUDIO_LABELS=${LABELS:-3000}
RADTEX_STUDIO_ENCODER=$(realpath "$1") RADTEX_STUDIO_DATASET=$(realpath "$2") work=$(realpath -m "$3") RADTEX_STUDIO_PAGE=$(realpath -m "$4")
cd "$(dirname "$0")/.."
RADTEX_STUDIO_PROGRAM=$PWD/src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex
"$RADTEX_STUDIO_PROGRAM" phantoms --dicom --bits 16 --size 3000 --count ${FILES:-300} --out "$work/dicom"
RADTEX_STUDIO_FULL=$work/full
"$RADTEX_STUDIO_PROGRAM" prepare mimic-cxr "$work/dicom" --out "$RADTEX_STUDIO_FULL" --short-side 256
exec tests/RadTex.Studio.Tests/bin/Release/net10.0/linux-x64/RadTex.Studio.Tests -noColor -explicit only -class RadTex.Studio.Tests.Benchmarks.StudioSpeed
