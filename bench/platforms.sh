#!/usr/bin/env bash
# Publishes radtex for each platform with warnings as errors, and runs the one for linux-arm64 under qemu-user beside the one for linux-x64.
#
#     bench/platforms.sh OUT [PLATFORM ...] > docs/results/platforms.md
#
# Wants root, qemu-user-static, Debian's mirror (for the arm64 C libraries) and the ordinary build; RADTEX names another linux-x64 radtex, MODEL a
# classifier of 'radtex export'. A platform already in OUT/publish is not made again. Ends with 1 where a hash or a probability differs.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
platforms=${*:-linux-x64 linux-arm64 win-x64 osx-arm64}
radtex=${RADTEX:-$root/src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex}
model=${MODEL:?a classifier that radtex export wrote}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

verdict=0
rows=()
for platform in $platforms; do
  folder=$out/publish/$platform
  seconds="made before"
  if [ ! -d "$folder" ]; then
    begun=$SECONDS
    dotnet publish "$root/src/RadTex.Cli" -c Release -r "$platform" --self-contained -warnaserror -v q \
      --artifacts-path "$out/artifacts" -o "$folder" >&2
    seconds=$((SECONDS - begun))
  fi
  rows+=("| $platform | $(du -sm "$folder" | cut -f1) | $seconds | $([[ $platform == linux-* ]] && echo "run" || echo "built, not run") |")
done

# Debian's C libraries for arm64, in a folder of their own: this machine's packages stay as they are.
system=$out/arm64
if [ ! -d "$system/root" ]; then
  mkdir -p "$system"/state/lists/partial "$system"/cache/archives/partial "$system/packages"
  touch "$system/status"
  cat > "$system/apt.conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
Dir::State "$system/state";
Dir::State::status "$system/status";
Dir::Cache "$system/cache";
END
  (cd "$system/packages" && export APT_CONFIG=$system/apt.conf && apt-get update -qq &&
    apt-get download -qq libc6 libstdc++6 libgcc-s1 libssl3 zlib1g) >&2
  for package in "$system"/packages/*.deb; do dpkg -x "$package" "$system/root"; done
fi
# ONNX Runtime reads the processor's features here.
cat > "$system/cpuinfo" <<'END'
processor	: 0
BogoMIPS	: 50.00
Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer	: 0x41
CPU architecture: 8
CPU variant	: 0x3
CPU part	: 0xd0c
CPU revision	: 1

END
# Without the variable 'prepare' failed here with an InvalidCastException; probably since .NET then writes code through a second mapping, which
# qemu does not see, and which it would go on running as it was translated before.
arm64() {
  DOTNET_EnableWriteXorExecute=0 CPUINFO=$system/cpuinfo unshare -m bash -c 'mount --bind "$CPUINFO" /proc/cpuinfo && exec "$@"' _ \
    qemu-aarch64-static -L "$system/root" "$out/publish/linux-arm64/radtex" "$@"
}

work=$out/work
rm -rf "$work"
mkdir -p "$work/x64" "$work/arm64"
both() { # the same command of both programs, each in its folder
  local begun=$SECONDS
  (cd "$work/x64" && "$radtex" "$@" >> log 2>&1) || { tail -3 "$work/x64/log" >&2; exit 1; }
  local first=$((SECONDS - begun))
  begun=$SECONDS
  (cd "$work/arm64" && arm64 "$@" >> log 2>&1) || { tail -3 "$work/arm64/log" >&2; exit 1; }
  rows2+=("| \`radtex $1 ${2##*/}\` | $first | $((SECONDS - begun)) |")
}
rows2=()
both phantoms --count 20 --size 256 --out phantoms
# A dataset notes when its inputs were written.
find "$work" -path '*/phantoms/*' -exec touch -d 2026-01-01 {} +
both prepare mimic-cxr-jpg phantoms --short-side 64 --out dataset
both verify dataset
(cd "$work/x64" && find phantoms/files -name '*.jpg' | sort | head -8) > "$work/pictures"
# shellcheck disable=SC2046
both predict "$model" $(cat "$work/pictures") --out predicted.csv

hashes() { (cd "$work/$1/$2" && find . -type f "${@:3}" -exec sha256sum {} + | sort -k 2); }
differ=$(diff <(hashes x64 phantoms -name '*.jpg') <(hashes arm64 phantoms -name '*.jpg') | grep -c '^[<>]' || true)
data=$(diff <(hashes x64 dataset) <(hashes arm64 dataset) | awk '/^[<>]/ { print $3 }' | sort -u | tr '\n' ' ' || true)
largest=$(paste -d, "$work/x64/predicted.csv" "$work/arm64/predicted.csv" | awk -F, 'NR > 1 { n = NF / 2
  for (i = 1; i <= n; i++) if ($i ~ /^[01]\.[0-9]+$/) { d = $i - $(i + n); if (d < 0) d = -d; if (d > m) m = d } } END { printf "%.1e", m }')

# The manifest names the folder that was prepared.
[ "$differ" = 0 ] && [ -z "${data//.\/manifest.json /}" ] && awk -v d="$largest" 'BEGIN { exit !(d <= 1e-5) }' || verdict=1

echo "# Platforms"
echo
echo "\`bench/platforms.sh OUT $platforms\` on $(date +%F), $(nproc) cores with other work beside." \
  "Self-contained, all warnings errors (CA1416 among them)."
echo
echo "| platform | MB | seconds to publish | |"
echo "| --- | --- | --- | --- |"
printf '%s\n' "${rows[@]}"
echo
echo "linux-arm64 under qemu-user beside linux-x64, on 20 synthetic radiographs (seconds; emulation is no measure of an arm64 machine):"
echo
echo "| command | linux-x64 | linux-arm64, emulated |"
echo "| --- | --- | --- |"
printf '%s\n' "${rows2[@]}"
echo
echo "- drawn JPEG files that differ: $differ"
echo "- files of the prepared dataset that differ: ${data:-none} of $(find "$work/x64/dataset" -type f | wc -l)"
echo "- largest difference of $(($(wc -l < "$work/x64/predicted.csv") - 1)) pictures' probabilities: $largest"
echo "- \`radtex pretrain\`: $(arm64 pretrain "$work/arm64/dataset" --preset phantom --max-steps 1 --out "$work/run" 2>&1 | tail -1)"
exit $verdict
