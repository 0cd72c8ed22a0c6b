#!/usr/bin/env bash
# Makes the packages and uses them as a newcomer would: in an empty home, from a folder of packages alone.
#
#     bench/packages.sh OUT [PLATFORM ...] > docs/results/packages.md
#
# OUT/feed gets the libraries, the tool's pointer and the tool for each PLATFORM (default: linux-x64). Packages that they depend on are copied there
# from NuGet's folder, as restoring left them. Then, with HOME in OUT: `radtex` is installed, draws, prepares and trains ten updates; each program of
# examples/ runs on the packages; README snippets are the examples; the tool is removed and what is left behind is named. Ends with 1 where a step fails.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
platforms=${*:-linux-x64}
version=$(grep -oP '(?<=<VersionPrefix>)[^<]+' "$root/Directory.Build.props")
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
feed=$out/feed
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
mkdir -p "$feed"
steps=()

step() { # name, command...: runs it, and keeps its seconds for the table; all it writes goes to a file
  local name=$1 start=$SECONDS log
  log=$out/$(echo "$name" | tr -c 'a-z0-9\n' '-').log
  shift
  if ! "$@" >"$log" 2>&1; then
    echo "failed: $name" >&2
    tail -20 "$log" >&2
    exit 1
  fi
  steps+=("| $name | $((SECONDS - start)) |")
  echo "$name: $((SECONDS - start)) s" >&2
}

for library in RadTex RadTex.Phantoms RadTex.Learning RadTex.Experiments RadTex.Studio RadTex.Service; do
  step "pack $library" dotnet pack "$root/src/$library" -c Release -p:PackLibraries=true --artifacts-path "$out/artifacts" -o "$feed"
done
for platform in $platforms; do
  step "pack radtex for $platform" dotnet pack "$root/src/RadTex.Cli" -c Release -r "$platform" --artifacts-path "$out/tool-$platform" -o "$feed"
done
# The pointer alone: the packages of the platforms are made above, each by a restore of its own.
step "pack the pointer" dotnet pack "$root/src/RadTex.Cli" -c Release -p:RuntimeIdentifier= -p:_InnerToolsPublishAot=true \
  -p:ToolPackageRuntimeIdentifiers="$(echo "$platforms" | tr ' ' ';' | sed 's/;/%3B/g')" --artifacts-path "$out/tool-pointer" -o "$feed"

# What they depend on, as files of the same feed.
find "$cache" -name '*.nupkg' -exec ln -sf {} "$feed/" \;

home=$out/home
rm -rf "$home" "$out/work"
mkdir -p "$home" "$out/work"
cat > "$out/work/nuget.config" <<EOF
<configuration><packageSources><clear /><add key="local" value="$feed" /></packageSources></configuration>
EOF
fresh() { env -u NUGET_PACKAGES HOME="$home" DOTNET_CLI_HOME="$home" PATH="$home/.dotnet/tools:$PATH" "$@"; }
cd "$out/work"
find "$home" | sort > "$out/before.txt"
step "dotnet tool install --global RadTex.Tool" fresh dotnet tool install --global RadTex.Tool --version "$version"
step "radtex --version" fresh radtex --version
step "radtex doctor" fresh radtex doctor
step "radtex phantoms" fresh radtex phantoms --count 400 --size 64 --out phantoms
step "radtex prepare" fresh radtex prepare mimic-cxr-jpg phantoms --short-side 64 --out tool-dataset
step "radtex pretrain, ten updates" fresh radtex pretrain tool-dataset --preset phantom --set image.size=64 --max-steps 10 --out run
step "radtex transfer and export" fresh bash -c "radtex transfer run/encoder tool-dataset --labels Edema --examples all --trials 1 --head logistic --out transfer &&
  radtex export run/encoder --heads transfer --out edema.onnx"

# The examples, each a file; their packages come from the feed.
cp "$root"/examples/*.cs .
sed -i "s/@0\.2\.0$/@$version/" ./*.cs
picture=$(find phantoms/files -name '*.jpg' -print -quit)
printf 'patient,score,label\n' > scores.csv
for i in $(seq 40); do echo "p$i,0.$((i * 7 % 90 + 10)),$((i % 2))" >> scores.csv; done
step "examples/phantoms.cs" fresh dotnet run phantoms.cs example 60
step "examples/train.cs" fresh dotnet run train.cs example/dataset example-run
step "examples/predict.cs" fresh dotnet run predict.cs edema.onnx "$picture"
step "examples/auc.cs" fresh dotnet run auc.cs scores.csv
step "examples/dicom.cs" fresh dotnet run dicom.cs "$picture" picture.pgm
fresh radtex predict edema.onnx "$picture" --out predicted.csv >/dev/null
said=$(grep -oE '[01]\.[0-9]{3}' "$out"/examples-predict-cs.log | tail -1)
wanted=$(tail -1 predicted.csv | tr ',' '\n' | grep -m1 -oE '^[01]\.[0-9]{3}')
[ -n "$said" ] && [ "$said" = "$wanted" ] || { echo "the library says $said, radtex predict $wanted" >&2; exit 1; }

step "dotnet tool uninstall" fresh dotnet tool uninstall --global RadTex.Tool
left=$(find "$home/.dotnet/tools" -mindepth 1 ! -path '*/.store' ! -path '*/.stage*' | sed "s#$home/##" | sort)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }

megabytes() { awk -v b="$(stat -Lc %s "$1")" 'BEGIN { printf "%.1f", b / 1e6 }'; }
echo "# Packages"
echo
echo "\`bench/packages.sh OUT $platforms\` on $(date +%F), version $version, $(nproc) cores with other work beside. All was installed into an empty home from a folder of packages; no other source was named."
echo
echo "| package | MB |"
echo "| --- | --- |"
for file in "$feed"/RadTex*"$version".nupkg "$feed"/RadTex*"$version".snupkg; do echo "| $(basename "$file") | $(megabytes "$file") |"; done
echo
echo "| step | seconds |"
echo "| --- | --- |"
printf '%s\n' "${steps[@]}"
echo
echo "After removal nothing was left in \`.dotnet/tools\`. \`examples/predict.cs\` said $said, \`radtex predict\` $wanted of the same picture."
