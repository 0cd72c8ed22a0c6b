#!/usr/bin/env bash
# Every golden case in every precision; prints a Markdown table. Minutes: paper.json in float64 trains a ResNet-50 twice.
#   bench/selfcheck.sh [RADTEX] > docs/results/selfcheck.md
set -uo pipefail
cd "$(dirname "$0")/.."
radtex=${1:-src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex}
[ -x "$radtex" ] || { echo "no $radtex: run 'dotnet build -c Release' first" >&2; exit 2; }
cat <<EOF
# Golden self-check

\`bench/selfcheck.sh > docs/results/selfcheck.md\`, on $(date -u +%F), $(nproc) cores ($(lscpu | sed -n 's/^Model name: *//p')).
Each cell is the command's last line; "share of its bound" is the worst deviation over the bound of tests/RadTex.Learning.Tests/Golden/README.md
(for paper.json in float64 see "The golden self-check" in docs/architecture.md).

| case | precision | exit | result |
| --- | --- | --- | --- |
EOF
status=0
for case in tiny finishing paper; do
  for precision in fp64 fp32 bf16; do
    output=$("$radtex" selfcheck "tests/RadTex.Learning.Tests/Golden/$case.json" --precision $precision)
    code=$?
    line=$(tail -n 1 <<<"$output")
    [ "$code" -eq 0 ] || status=1
    echo "| $case | $precision | $code | ${line#*: } |"
  done
done
exit $status
