#!/usr/bin/env bash
# Carries a bundle into a network without interfaces: made here, verified, unpacked and used there.
#
#     bench/bundle.sh OUT > docs/results/bundle.md
#
# Wants root (a network namespace of its own) and unzip; RADTEX names a radtex that was published self-contained (platforms.sh leaves one in
# OUT/publish/linux-x64), MODEL a classifier of 'radtex export'. Ends with 1 where a step does not do what is expected of it.
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
radtex=${RADTEX:?a radtex that was published self-contained}
model=${MODEL:?a classifier that radtex export wrote}
work=$out/bundle
rm -rf "$work"
mkdir -p "$work/there"
cd "$work"

rows=()
step() { # what is expected of its end (0 or not), what it is, command...
  local expected=$1 name=$2 begun=$SECONDS ended=0
  shift 2
  "$@" > log 2>&1 || ended=$?
  if [ "$expected" = 0 ] && [ $ended != 0 ] || [ "$expected" != 0 ] && [ $ended = 0 ]; then
    echo "$name ended with $ended" >&2
    cat log >&2
    exit 1
  fi
  rows+=("| $name | $((SECONDS - begun)) | $(tail -1 log | sed -E 's#(/[^ ]*/)([^/ ]+)#\2#g') |")
}
# No interface but a loopback that is down, an empty environment, an empty home.
without() { env -i PATH=/usr/bin:/bin HOME="$work/there" unshare -n "$@"; }

"$radtex" phantoms --count 4 --size 256 --out phantoms > log 2>&1
mapfile -t pictures < <(find "$work/phantoms/files" -name '*.jpg' | sort)
step 0 "here: \`radtex bundle\`" "$radtex" bundle "$model" --out bundle.zip
"$radtex" predict "$model" "${pictures[@]}" --out here.csv > log 2>&1
step 0 "there: interfaces" without bash -c 'tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "; ! (exec 3<>/dev/tcp/127.0.0.1/22) 2>/dev/null && [ "$(tail -n +3 /proc/net/dev | wc -l)" = 1 ]'
step 0 "there: unpacked" without unzip -q bundle.zip -d there/unpacked
chmod +x there/unpacked/program/radtex there/unpacked/program/RadTex.Cli
step 0 "there: \`radtex bundle verify\`" without "$work/there/unpacked/program/radtex" bundle verify bundle.zip
step 0 "there: \`radtex predict\`" without "$work/there/unpacked/program/radtex" predict "$work/there/unpacked/models/$(basename "$model")" \
  "${pictures[@]}" --out there.csv
cp bundle.zip changed.zip
printf '\xff' | dd of=changed.zip bs=1 seek=$(($(stat -c %s changed.zip) / 2)) conv=notrunc status=none
cmp -s bundle.zip changed.zip && printf '\x00' | dd of=changed.zip bs=1 seek=$(($(stat -c %s changed.zip) / 2)) conv=notrunc status=none
step 1 "there: one byte changed" without "$work/there/unpacked/program/radtex" bundle verify changed.zip
values() { tail -n +2 "$1" | tr ',' '\n' | grep -E '^[01]\.[0-9]+$'; }
[ "$(values here.csv | wc -l)" -ge 4 ] && [ "$(values here.csv)" = "$(values there.csv)" ] || { echo "the probabilities differ" >&2; exit 1; }

echo "# A bundle in a network without interfaces"
echo
echo "\`bench/bundle.sh OUT\` on $(date +%F), $(nproc) cores with other work beside. linux-x64, published self-contained; \"there\" is a network namespace whose only interface, the loopback, is down, with an empty home and an empty environment."
echo
echo "| step | seconds | what it said last |"
echo "| --- | --- | --- |"
printf '%s\n' "${rows[@]}"
echo
echo "The bundle has $(awk -v b="$(stat -c %s bundle.zip)" 'BEGIN { printf "%.0f", b / 1e6 }') MB. $(values there.csv | wc -l) probabilities of ${#pictures[@]} synthetic radiographs are the same here and there, digit by digit."
