#!/usr/bin/env bash
# Makes the packages, looks into them, and uses them as a newcomer would: in an empty home, from a folder of packages alone.
#
#     bench/packages.sh OUT [PLATFORM ...] > docs/results/packages.md
#
# OUT/feed gets the libraries, the tool's pointer and the tool for each PLATFORM (default: linux-x64); what is there already is not made again: another
# OUT after a change. Packages that they depend on are linked there from NuGet's folder, as restoring left them. Each package is opened
# (look-into-packages.cs). Then, with HOME in OUT: `radtex` is installed, plays its quickstart at smoke size, draws, prepares and trains ten updates; a
# console project with RadTex predicts, one with RadTex.Learning trains, each of the lines that its package's page shows; each program of examples/
# runs; all is removed, and what is left behind is named. Ends with 1 where a step fails.
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
  log=$out/$(echo "$name" | tr -c 'A-Za-z0-9\n' '-').log
  shift
  if ! "$@" >"$log" 2>&1; then
    echo "failed: $name" >&2
    tail -20 "$log" >&2
    exit 1
  fi
  steps+=("| $name | $((SECONDS - start)) |")
  echo $((SECONDS - start)) > "${log%.log}.seconds"
  echo "$name: $((SECONDS - start)) s" >&2
}

pack() { # package, arguments...: what is there already is not made again
  local package=$1
  shift
  if [ -f "$feed/$package.$version.nupkg" ]; then steps+=("| pack $package | $(cat "$out/pack-${package//./-}.seconds") |"); else step "pack $package" dotnet pack -c Release -o "$feed" "$@"; fi
}

for library in RadTex RadTex.Phantoms RadTex.Learning RadTex.Experiments RadTex.Studio RadTex.Service; do
  pack "$library" "$root/src/$library" -p:PackLibraries=true --artifacts-path "$out/artifacts"
done
for platform in $platforms; do
  pack "RadTex.Tool.$platform" "$root/src/RadTex.Cli" -r "$platform" --artifacts-path "$out/tool-$platform"
done
# The pointer alone: the packages of the platforms are made above, each by a restore of its own.
pack RadTex.Tool "$root/src/RadTex.Cli" -p:RuntimeIdentifier= -p:_InnerToolsPublishAot=true \
  -p:ToolPackageRuntimeIdentifiers="$(echo "$platforms" | tr ' ' ';' | sed 's/;/%3B/g')" --artifacts-path "$out/tool-pointer"
step "look into the packages" bash -c 'dotnet run -c Release "$0" -- "$1" "$2" > "$3"' "$root/bench/look-into-packages.cs" "$feed" "$version" "$out/looked.md"

# What they depend on, as files of the same feed.
find "$cache" -name '*.nupkg' ! -iname 'radtex*' -exec ln -sf {} "$feed/" \;

home=$out/home
rm -rf "$home" "$out/work" "$out/temporary"
mkdir -p "$home" "$out/work" "$out/temporary"
cat > "$out/work/nuget.config" <<EOF
<configuration><packageSources><clear /><add key="local" value="$feed" /></packageSources></configuration>
EOF
fresh() { env -u NUGET_PACKAGES HOME="$home" DOTNET_CLI_HOME="$home" TMPDIR="$out/temporary" PATH="$home/.dotnet/tools:$PATH" "$@"; }
cd "$out/work"
step "dotnet tool install --global RadTex.Tool" fresh dotnet tool install --global RadTex.Tool --version "$version"
step "radtex --version" fresh radtex --version
step "radtex doctor" fresh radtex doctor
step "radtex quickstart, at smoke size" fresh radtex quickstart --pretraining-count 40 --labelled-count 800 --pretraining-steps 2 \
  --random-epochs 1 --out quickstart
step "radtex phantoms" fresh radtex phantoms --count 400 --size 96 --out phantoms
step "radtex prepare" fresh radtex prepare mimic-cxr-jpg phantoms --short-side 96 --out tool-dataset
step "radtex pretrain, ten updates" fresh radtex pretrain tool-dataset --preset phantom --max-steps 10 --out run
step "radtex transfer and export" fresh bash -c "radtex transfer run/encoder tool-dataset --labels Edema --examples all --trials 1 --head logistic --out transfer &&
  radtex export run/encoder --heads transfer --out edema.onnx"

# Projects of the console template, with the first program of their package's page.
picture=$(find phantoms/files -name '*.jpg' -print -quit)
project() { # name, package, further packages...: the page's lines without those that name packages
  local name=$1 package=$2
  dotnet new console -o "$name" > /dev/null
  awk '/^```csharp/ { inside = 1; next } /^```/ { exit } inside && !/^#:/' "$root/src/$package/README.md" > "$name/Program.cs"
  [ -s "$name/Program.cs" ]
  [ "$(grep -c . "$name/Program.cs")" -le 10 ]
  dotnet add "$name" package "$package" --version "$version"
  for package in "${@:3}"; do dotnet add "$name" package "${package%@*}" --version "${package#*@}"; done
  dotnet build -c Release -v q "$name"
}
export -f project
export root version
step "a console project with RadTex" fresh bash -ec 'project console-radtex RadTex'
step "it predicts a picture" fresh dotnet run -c Release --no-build --project console-radtex -- edema.onnx "$picture"
step "a console project with RadTex.Learning" fresh bash -ec 'project console-learning RadTex.Learning libtorch-cpu-linux-x64@2.10.0'
step "it trains ten updates" fresh dotnet run -c Release --no-build --project console-learning -- tool-dataset console-run

# The examples, each a file; their packages come from the feed.
cp "$root"/examples/*.cs .
sed -i "s/@0\.2\.0$/@$version/" ./*.cs
printf 'patient,score,label\n' > scores.csv
for i in $(seq 40); do echo "p$i,0.$((i * 7 % 90 + 10)),$((i % 2))" >> scores.csv; done
step "examples/phantoms.cs" fresh dotnet run phantoms.cs example 60
step "examples/train.cs" fresh dotnet run train.cs example/dataset example-run
step "examples/predict.cs" fresh dotnet run predict.cs edema.onnx "$picture"
step "examples/auc.cs" fresh dotnet run auc.cs scores.csv
step "examples/dicom.cs" fresh dotnet run dicom.cs "$picture" picture.pgm
fresh radtex predict edema.onnx "$picture" --out predicted.csv >/dev/null
predicted() { grep -oE '[01]\.[0-9]{3}' "$out/$1.log" | tail -1; }
said=$(predicted examples-predict-cs)
project_said=$(predicted it-predicts-a-picture)
wanted=$(tail -1 predicted.csv | tr ',' '\n' | awk '/^[01]\.[0-9]+$/ && !n++ { printf "%.3f", $0 }')
[ -n "$said" ] && [ "$said" = "$wanted" ] && [ "$project_said" = "$wanted" ] || { echo "the library says $said, radtex predict $wanted" >&2; exit 1; }

step "dotnet tool uninstall" fresh dotnet tool uninstall --global RadTex.Tool
left=$(find "$home" -iname '*radtex*' ! -path '*/.nuget/packages/*' ! -path '*/runfile/*' | sed "s#$home/##" | sort)
[ -z "$left" ] || { echo "left behind by the tool: $left" >&2; exit 1; }
step "the SDK's caches emptied" fresh bash -ec 'dotnet clean file-based-apps --days 0 && dotnet nuget locals all --clear'
left=$(find "$home" "$out/temporary" -iname '*radtex*' | sort)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
rest=$(cd "$home" && find . -maxdepth 3 -type d | sed 's#^\./##' | grep -vx '.' | sort | tr '\n' ' ')

megabytes() { awk -v b="$(stat -Lc %s "$1")" 'BEGIN { printf "%.1f", b / 1e6 }'; }
echo "# Packages"
echo
echo "\`bench/packages.sh OUT $platforms\` on $(date +%F), version $version, $(nproc) cores with other work beside. All was installed into an empty home from a folder of packages; no other source was named."
echo
cat "$out/looked.md"
echo
echo "\`bench/look-into-packages.cs\` opened each: readme, icon and SPDX licence are inside; every compiled file's source is in the symbols, which belong to the packed assembly; native code is of the package's own platform (by the files' heads, not their names); no library's package holds another's assembly."
echo
echo "| step | seconds |"
echo "| --- | --- |"
printf '%s\n' "${steps[@]}"
echo
echo "Each program of the pages and examples said $said of the same picture, \`radtex predict\` $wanted. After \`dotnet tool uninstall\` no file of RadTex was left beside NuGet's cache and that of file-based programs; after \`dotnet clean file-based-apps\` and \`dotnet nuget locals all --clear\` none at all. What the SDK keeps for itself: $rest."
