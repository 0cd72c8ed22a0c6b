#!/bin/bash
# Reads many damaged files of every kind (tests/RadTex.Tests/Fuzz) and writes a Markdown page to standard output.
#   bench/fuzz.sh [DICOMS] [FILES OF EVERY OTHER KIND] > docs/results/fuzz.md      (after dotnet build -c Release)
# The managed heap is held to 512 MiB: a file that makes a reader ask for more ends the run.
set -u
dicoms=${1:-200000} others=${2:-12500}
tests=$(dirname "$0")/../tests/RadTex.Tests/bin/Release/net10.0/linux-x64/RadTex.Tests
rows=$(mktemp); log=$(mktemp)
RADTEX_FUZZ_DICOM=$dicoms RADTEX_FUZZ_OTHER=$others RADTEX_FUZZ_REPORT=$rows DOTNET_GCHeapHardLimit=0x20000000 \
  /usr/bin/time -f "%M" -o "$log" timeout 3600 "$tests" -namespace RadTex.Tests.Fuzz -parallel none >"$log.out" 2>&1
code=$?
cat <<PAGE
# Damaged files

Made by \`bench/fuzz.sh $dicoms $others\` on $(date +%F), $(nproc) cores. Seeded mutations (flipped bits, extreme numbers, lost, doubled and foreign stretches, cuts; one to four a file) of small good
files: DICOM in every syntax read without another program, PNG, JPEG, tables, reports. A file must end as a clean result or as a reason to leave it out; anything else thrown, more than 5 s, or more
than 32 MiB of managed memory is a failure. The managed heap is held to 512 MiB. Exit code of the run: $code; its peak memory, native included: $(($(tail -1 "$log") / 1024)) MiB.

| kind | files | clean results | refused with a reason | failures | slowest (ms) | most allocated (MiB) | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- |
$(cat "$rows")
PAGE
grep -A12 FAIL "$log.out" >&2
rm -f "$rows" "$log" "$log.out"
exit $code
