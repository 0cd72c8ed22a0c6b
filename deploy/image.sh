#!/usr/bin/env bash
# Makes the service's container image from scratch: radtex-serve, the native libraries beside it, and of Debian the C libraries that they load.
#
#     deploy/image.sh PUBLISHED OUT
#
# PUBLISHED is what 'dotnet publish src/RadTex.Service -c Release -r linux-x64 -p:PublishSingleFile=true -o PUBLISHED' made. OUT/radtex-serve.tar can
# be loaded by podman and docker, OUT/image-bytes says how large its files are. Wants buildah, dpkg and a Debian mirror in apt; ends with 1 above
# 250 MB. The image has no shell, runs as user 10001 and writes to /var/lib/radtex alone.
set -euo pipefail
most=250000000
published=$(cd "$1" && pwd)
out=$(mkdir -p "$2" && cd "$2" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
version=$(grep -oP '(?<=<VersionPrefix>)[^<]+' "$root/Directory.Build.props")
# The same commit gives the same times.
made=$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=${STORAGE_DRIVER:-vfs}

system=$out/image
rm -rf "$system"
mkdir -p "$out/debian" "$system"/{etc/ssl/certs,etc/radtex,opt/radtex,tmp,var/lib/radtex,var/lib/dpkg/status.d}
packages="libc6 libgcc-s1 libstdc++6 libssl3 ca-certificates tzdata"
# shellcheck disable=SC2086
(cd "$out/debian" && rm -f ./*.deb && apt-get download -qq $packages >&2)
for package in "$out"/debian/*.deb; do
  dpkg -x "$package" "$system"
  dpkg-deb -f "$package" > "$system/var/lib/dpkg/status.d/$(dpkg-deb -f "$package" Package)" # what scanners look for
done
# What Debian's installation would do, and what nobody reads here. Licences stay.
cat "$system"/usr/share/ca-certificates/mozilla/*.crt > "$system/etc/ssl/certs/ca-certificates.crt"
find "$system/usr/share/doc" -type f ! -name copyright -delete
rm -rf "$system"/usr/share/{man,lintian,bug} "$system"/usr/lib/x86_64-linux-gnu/{gconv,audit} "$system"/{usr/bin,usr/sbin,sbin}
echo 'radtex:x:10001:10001::/var/lib/radtex:/nonexistent' > "$system/etc/passwd"
echo 'radtex:x:10001:' > "$system/etc/group"
cp -a "$published/." "$system/opt/radtex/"
chown -R 0:0 "$system"
chown 10001:10001 "$system/var/lib/radtex"
chmod 1777 "$system/tmp"
du -sb --apparent-size "$system" | cut -f1 > "$out/image-bytes"
[ "$(cat "$out/image-bytes")" -le $most ] || { echo "the image holds $(cat "$out/image-bytes") bytes, more than $most" >&2; exit 1; }

container=$(buildah from --format docker scratch)
trap 'buildah rm "$container" > /dev/null' EXIT
buildah add -q "$container" "$system" / > /dev/null
buildah config --user 10001:10001 --workingdir /var/lib/radtex --volume /var/lib/radtex \
  --entrypoint '["/opt/radtex/radtex-serve"]' --cmd /etc/radtex/serve.json --env DOTNET_EnableDiagnostics=0 \
  --healthcheck 'CMD /opt/radtex/radtex-serve health /etc/radtex/serve.json' \
  --healthcheck-interval 60s --healthcheck-timeout 10s --healthcheck-start-period 30s \
  --label org.opencontainers.image.title=radtex-serve --label "org.opencontainers.image.version=$version" \
  --label org.opencontainers.image.licenses=Apache-2.0 "$container"
# Docker's form of an image: OCI's has no place for a health check.
buildah commit -q --format docker --timestamp "$made" "$container" "radtex-serve:$version" > "$out/image-id"
rm -f "$out/radtex-serve.tar"
buildah push -q "radtex-serve:$version" "docker-archive:$out/radtex-serve.tar:radtex-serve:$version"
