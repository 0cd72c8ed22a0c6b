#!/usr/bin/env bash
# Everything of a release, from one tag, into one folder. Pushes nothing.
#
#     packaging/release.sh TAG OUT
#
# The tag is this commit's, v and the version of Directory.Build.props; the changelog's first heading is that version; the tree is clean. Then, stage by
# stage, each into OUT/release: build, test, packages, publish, serve, image, bom, notices, changes. OUT/SHA256SUMS covers what is there at the end.
# A stage that ended leaves the commit in OUT/stages/NAME and is not run again for it; SKIP="test image" leaves stages out, PLATFORMS names fewer.
# Wants what the stages want: packages.sh a filled NuGet folder, image.sh buildah and a Debian mirror.
set -euo pipefail
[ $# = 2 ] || { echo "expected TAG and OUT, such as v0.2.0 release" >&2; exit 2; }
tag=$1
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(mkdir -p "$2" && cd "$2" && pwd)
release=$out/release
platforms=${PLATFORMS:-linux-x64 linux-arm64 win-x64 osx-arm64}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$root"

refuse() { echo "$1" >&2; exit 1; }
version=$(grep -oP '(?<=<VersionPrefix>)[^<]+' Directory.Build.props)
commit=$(git rev-parse HEAD)
[ "$tag" = "v$version" ] || refuse "the tag is $tag, Directory.Build.props says $version: expected v$version"
[ "$(git rev-parse -q --verify "refs/tags/$tag^{commit}")" = "$commit" ] || refuse "$tag is not a tag of this commit, $commit: git tag $tag"
[ "$(grep -m1 '^## ' CHANGELOG.md)" = "## $version" ] || refuse "CHANGELOG.md begins with '$(grep -m1 '^## ' CHANGELOG.md)': expected '## $version'"
[ -z "$(git status --porcelain)" ] || refuse "the tree is not clean: git status"

mkdir -p "$out/stages" "$release"
stage() { # name, function: unless it is left out or was done for this commit
  local begun=$SECONDS
  if [[ " ${SKIP:-} " == *" $1 "* ]]; then echo "$1: left out"
  elif [ "$(cat "$out/stages/$1" 2>/dev/null)" = "$commit" ]; then echo "$1: done before"
  else
    # In a process of its own: what fails in it ends it, and then us.
    (set -e; "$1") > "$out/stages/$1.log" 2>&1 &
    if ! wait $!; then tail -20 "$out/stages/$1.log" >&2; refuse "$1 failed: $out/stages/$1.log"; fi
    echo "$commit" > "$out/stages/$1"
    echo "$1: $((SECONDS - begun)) s"
  fi
}

build() { dotnet build -c Release; }
test() { dotnet test -c Release --max-parallel-test-modules 1; }
packages() {
  rm -rf "$out/packages/feed" # of another commit
  # shellcheck disable=SC2086
  bench/packages.sh "$out/packages" $platforms > "$out/packages.md"
  mkdir -p "$release/packages"
  find "$out/packages/feed" -maxdepth 1 -type f -name "RadTex*$version.*nupkg" -exec cp {} "$release/packages/" \;
}
packed() { # folder, name: a ZIP file for Windows, else a tar file, which keeps what may be run
  case $2 in
    *-win-*) rm -f "$release/$2.zip"; (cd "$1" && zip -qr "$release/$2.zip" .) ;;
    *) tar --owner=0 --group=0 --sort=name --mtime="@$(git log -1 --format=%ct)" -C "$1" -czf "$release/$2.tar.gz" . ;;
  esac
}
published() { # folder in OUT, program, project, how: for every platform
  local platform folder
  for platform in $platforms; do
    folder=$out/$1/$platform
    rm -rf "$folder"
    dotnet publish "src/$3" -c Release -r "$platform" "$4" --artifacts-path "$out/artifacts-$1" -o "$folder"
    packed "$folder" "$2-$version-$platform"
  done
}
publish() { published publish radtex RadTex.Cli --self-contained; }
serve() { published serve radtex-serve RadTex.Service -p:PublishSingleFile=true; }
image() {
  deploy/image.sh "$out/serve/linux-x64" "$out/image"
  gzip -9nc "$out/image/radtex-serve.tar" > "$release/radtex-serve-$version.image.tar.gz"
}
bom() {
  local program
  dotnet tool restore
  mkdir -p "$release/bom"
  for program in Cli Service; do
    dotnet CycloneDX "src/RadTex.$program/RadTex.$program.csproj" -rs -ed -rt linux-x64 -F Json -o "$release/bom" -fn "RadTex.$program.cdx.json" \
      -sv "$version"
  done
  # What of Debian is in the image, as its own records say.
  if [ -d "$out/image/image" ]; then
    for program in "$out"/image/image/var/lib/dpkg/status.d/*; do
      awk -F': ' '$1 == "Package" || $1 == "Version" { printf "%s ", $2 } END { print "" }' "$program"
    done > "$release/bom/image-debian.txt"
  fi
}
notices() {
  local platform
  mkdir -p "$release/notices"
  for platform in $platforms; do
    cp "$out/publish/$platform/THIRD-PARTY-NOTICES.txt" "$release/notices/radtex-$platform.txt"
    cp "$out/serve/$platform/THIRD-PARTY-NOTICES.txt" "$release/notices/radtex-serve-$platform.txt"
  done
  cp LICENSE "$release/"
}
changes() { awk -v heading="## $version" '$0 == heading { inside = 1; next } /^## / { inside = 0 } inside' CHANGELOG.md > "$release/CHANGES.md"; }

for name in build test packages publish serve image bom notices changes; do stage $name; done
[ "$(git rev-parse HEAD)" = "$commit" ] && [ -z "$(git status --porcelain)" ] || refuse "the tree changed meanwhile: git status"
(cd "$release" && find . -type f | sed 's#^\./##' | sort | xargs -d '\n' sha256sum) > "$out/SHA256SUMS"
echo "$tag, $commit: $(wc -l < "$out/SHA256SUMS") files in $release, their hashes in $out/SHA256SUMS"
