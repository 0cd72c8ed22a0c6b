#!/usr/bin/env bash
# radtex-serve as one file, as a native program and in its image: made, run, measured.
#
#     bench/single-file.sh OUT > docs/results/single-file.md
#
# Wants root, buildah, podman and curl; RADTEX names a linux-x64 radtex, MODEL a classifier of 'radtex export'. What is in OUT is not published again.
# The native program's end is told, whatever it is; ends with 1 where the single file or the image fails.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
radtex=${RADTEX:-$root/src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex}
model=${MODEL:?a classifier that radtex export wrote}
port=${PORT:-8351}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

publish() { # folder, arguments...: leaves seconds beside the folder
  local folder=$out/$1 begun=$SECONDS
  shift
  [ ! -f "$folder.seconds" ] || return 0
  rm -rf "$folder"
  dotnet publish "$root/src/RadTex.Service" -c Release -r linux-x64 --artifacts-path "$folder.artifacts" -o "$folder" "$@" > "$folder.log" 2>&1 || return 1
  echo $((SECONDS - begun)) > "$folder.seconds"
}
megabytes() { awk -v b="$(du -sb --apparent-size "$1" | cut -f1)" 'BEGIN { printf "%.1f", b / 1e6 }'; }

publish serve -p:PublishSingleFile=true || { tail "$out/serve.log" >&2; exit 1; }
# Native: everything it warns of is counted, and nothing stops it.
native="published"
publish native -p:PublishAot=true -p:CppCompilerAndLinker=gcc -p:JsonSerializerIsReflectionEnabledByDefault=true -p:TreatWarningsAsErrors=false \
  -p:TrimmerSingleWarn=false || native="not published: $(grep -m1 -oE 'error [^\[]*' "$out/native.log")"

# Two studies that a phantom's DICOM file is, and what radtex itself says of the first.
work=$out/work
rm -rf "$work"
mkdir -p "$work"
cd "$work"
"$radtex" phantoms --count 2 --size 512 --dicom --out phantoms > /dev/null 2>&1
mapfile -t files < <(find "$work/phantoms" -name '*.dcm' | sort)
cat > serve.json <<END
{ "listen": { "port": $port }, "limits": { "free_megabytes": 100 },
  "folder": { "path": "inbox", "done": "done", "refused": "refused", "poll_seconds": 0.2 } }
END
mkdir -p inbox done refused
"$radtex" serve add "$model" --name chest-1 --config serve.json > /dev/null
"$radtex" predict "$model" "${files[0]}" --out wanted.csv > /dev/null 2>&1
wanted=$(tail -1 wanted.csv | tr ',' '\n' | grep -m1 -E '^[01]\.[0-9]+$')

holds() { curl -sf "${@:2}" > asked && grep -q "$1" asked; } # what an answer holds, curl's arguments...
trial() { # program: what it does, step by step; its last line is "all of it" or where it ended
  local program=$1 url=http://127.0.0.1:$port begun ready said memory
  rm -rf spool
  begun=$(date +%s%N)
  env -i "$program" serve.json > service.log 2>&1 &
  local process=$!
  for _ in $(seq 300); do
    if curl -sf -o live.json $url/health/ready; then break; fi
    kill -0 $process 2>/dev/null || { echo "it ended before it was ready: $(grep -v '^ *at ' service.log | tail -1 | cut -c1-300)"; return 1; }
    sleep 0.1
  done
  ready=$(awk -v ns=$(($(date +%s%N) - begun)) 'BEGIN { printf "%.1f", ns / 1e9 }')
  curl -s --data-binary "@${files[0]}" -H 'Content-Type: application/dicom' $url/v1/predictions > answer.json
  said=$(grep -oE -m1 "${wanted:0:5}[0-9]*" answer.json | sed -n 1p)
  memory=$(awk '/VmHWM/ { printf "%.0f", $2 / 1e3 }' /proc/$process/status)
  local failed=""
  [ -n "$said" ] || failed="/v1/predictions: $(head -c 300 answer.json)"
  holds '^radtex_' $url/metrics || failed+=" /metrics"
  holds '"/v1/predictions"' $url/openapi/v1.json || failed+=" /openapi/v1.json"
  holds '<html' $url/ || failed+=" /"
  printf '{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":["%s"]}]}' "$(base64 -w 0 "${files[0]}")" > infer.json
  holds '"outputs"' --data-binary @infer.json -H 'Content-Type: application/json' $url/v2/models/chest-1/infer || failed+=" /v2/models"
  curl -sf -H 'Content-Type: multipart/related; type="application/dicom"' -F "file=@${files[1]};type=application/dicom" $url/dicom-web/studies > stow.json ||
    failed+=" /dicom-web/studies"
  "$program" health serve.json || failed+=" health"
  kill $process
  wait $process || failed+=" SIGTERM: ended with $?"
  [ -z "$failed" ] || { echo "failed:$failed"; return 1; }
  echo "ready after $ready s, $memory MB at most, all doors answer, \`predict\`'s number ($said)"
}
single=$(trial "$out/serve/radtex-serve") || { echo "$single" >&2; exit 1; }
if [ "$native" = published ]; then native=$(trial "$out/native/RadTex.Service") || true; fi

# The image: no network but its own loopback, nothing may be written but the volume, no rights. A file goes in by the folder.
"$root/deploy/image.sh" "$out/serve" "$out/image"
export STORAGE_DRIVER=${STORAGE_DRIVER:-vfs}
version=$(grep -oP '(?<=<VersionPrefix>)[^<]+' "$root/Directory.Build.props")
volume=$out/volume
rm -rf "$volume" && mkdir -p "$volume"/{inbox,done,refused}
cp -r models "$volume/"
sed 's#"limits"#"spool": "/var/lib/radtex/spool", "models": "/var/lib/radtex/models", "limits"#; s#"path": "#&/var/lib/radtex/#; s#"done": "#&/var/lib/radtex/#; s#"refused": "#&/var/lib/radtex/#' \
  serve.json > "$volume/serve.json"
chown -R 10001:10001 "$volume"
podman rm -f radtex-trial > /dev/null 2>&1 || true
podman run -d --name radtex-trial --runtime runc --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --network none --read-only --cap-drop all \
  --security-opt no-new-privileges -v "$volume:/var/lib/radtex" -v "$volume/serve.json:/etc/radtex/serve.json:ro" "radtex-serve:$version" > /dev/null
trap 'podman rm -f radtex-trial > /dev/null 2>&1 || true' EXIT
ended() { podman logs radtex-trial 2>&1 | tail -5 >&2; exit 1; }
for _ in $(seq 300); do podman exec radtex-trial /opt/radtex/radtex-serve health /etc/radtex/serve.json 2>/dev/null && break; sleep 0.2; done
podman healthcheck run radtex-trial || ended
cp "${files[0]}" "$volume/inbox/one.dcm.part" && chown 10001:10001 "$volume/inbox/one.dcm.part" && mv "$volume/inbox/one.dcm.part" "$volume/inbox/one.dcm"
for _ in $(seq 300); do [ -f "$volume/done/one.dcm.json" ] && break; sleep 0.2; done
grep -q "${wanted:0:5}" "$volume/done/one.dcm.json" || ended
user=$(podman top radtex-trial huser 2>/dev/null | tail -1)
podman stop -t 20 radtex-trial > /dev/null
[ "$(podman inspect -f '{{.State.ExitCode}}' radtex-trial)" = 0 ] || ended

echo "# The service as one file"
echo
echo "\`bench/single-file.sh OUT\` on $(date +%F), linux-x64, $(nproc) cores with other work beside."
echo
echo "## Self-contained and trimmed"
echo "\`dotnet publish src/RadTex.Service -c Release -r linux-x64 -p:PublishSingleFile=true\`, $(cat "$out/serve.seconds") s, $(megabytes "$out/serve") MB in all. Started in an empty environment: $single."
echo
echo "| file | MB |"
echo "| --- | --- |"
for file in "$out"/serve/*; do echo "| $(basename "$file") | $(megabytes "$file") |"; done
echo
echo "What says of itself that it can be trimmed is: .NET, ASP.NET, some packages. RadTex and the other packages stay whole, because settings, answers and tables are read by reflection. The native libraries lie beside the program and can be replaced, libvips (LGPL) among them."
echo
echo "## Native AOT, tried"
echo "\`dotnet publish src/RadTex.Service -c Release -r linux-x64 -p:PublishAot=true -p:CppCompilerAndLinker=gcc -p:JsonSerializerIsReflectionEnabledByDefault=true -p:TreatWarningsAsErrors=false -p:TrimmerSingleWarn=false\`$([ -f "$out/native.seconds" ] && echo ", $(cat "$out/native.seconds") s, the program $(megabytes "$out/native/RadTex.Service") MB"): $(grep -oE 'warning IL[0-9]+' "$out/native.log" | wc -l) warnings of the trimmer and the native compiler ($(grep -oE 'warning IL[0-9]+' "$out/native.log" | sort | uniq -c | sort -nr | sed -n 1,3p | awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $3, $1 }')). Started: $native"
echo "The trimmed file is the program, then: a native one would want settings, answers and models described by source generation."
echo
echo "## The image"
echo "\`deploy/image.sh\`: from nothing, with Debian's C library, C++ library, OpenSSL, certificates and time zones; $(awk '{ printf "%.1f", $1 / 1e6 }' "$out/image/image-bytes") MB of files (at most 250), $(megabytes "$out/image/radtex-serve.tar") MB as \`radtex-serve.tar\`. Under podman without a network, read-only, all capabilities dropped, no new privileges, as user $user: its own health check passes, a DICOM file put into the watched folder has \`predict\`'s number in its answer, SIGTERM ends it with 0."
