#!/bin/bash
# The peer of bench/decode-speed.sh: libjpeg-turbo's own djpeg over every JPEG of a folder, an eighth of each side, grey, written to a folder.
#   bench/peers/djpeg.sh FOLDER OUT PROCESSES
set -eu
mkdir -p "$2"
find "$1" -name '*.jpg' -print0 | xargs -0 -P "$3" -n 16 bash -c 'for f in "${@:1}"; do djpeg -scale 1/8 -grayscale -outfile "$0/$(basename "$f").pgm" "$f"; done' "$2"
