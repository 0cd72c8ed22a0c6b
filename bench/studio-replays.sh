#!/usr/bin/env bash
# Labelling sessions replayed from known labels with 5% errors: 20 in headless Chromium by the keyboard, 200 through the library.
#
#     dotnet build -c Release && bench/studio-replays.sh DATASET ENCODER.onnx FINDING docs/results/studio-replays.md STATE
#
# STATE keeps each replay that is done: stop it whenever, the same command goes on where it stopped, and the page tells of what there is. Another
# dataset, encoder, finding or number of labels needs another STATE. RADTEX_STUDIO_BROWSER, _REPLAYS, _LABELS and _RESERVE_LABELS change the numbers.
set -euo pipefail
export RADTEX_STUDIO_DATASET RADTEX_STUDIO_ENCODER RADTEX_STUDIO_FINDING RADTEX_STUDIO_PAGE RADTEX_STUDIO_STATE
RADTEX_STUDIO_DATASET=$(realpath "$1") RADTEX_STUDIO_ENCODER=$(realpath "$2") RADTEX_STUDIO_FINDING=$3
RADTEX_STUDIO_PAGE=$(realpath -m "$4") RADTEX_STUDIO_STATE=$(realpath -m "$5")
cd "$(dirname "$0")/.."
exec tests/RadTex.Studio.Tests/bin/Release/net10.0/linux-x64/RadTex.Studio.Tests -noColor -explicit only -diagnostics -class RadTex.Studio.Tests.Benchmarks.StudioReplays
