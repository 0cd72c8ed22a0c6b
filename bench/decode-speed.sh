#!/bin/bash
# How fast radtex prepare turns 2,000 large JPEGs into a dataset, beside djpeg and Pillow on the same files and processors. Markdown to standard output.
#   bench/decode-speed.sh RADTEX [ROUNDS] > docs/results/decode-speed.md      (needs djpeg, Python with numpy and Pillow, 1 GB of disk)
# The files are noisy radiographs (phantoms) of 2544 x 3056, quality 95: 250 different ones, each under eight names; the page cache is warm.
# The three take turns in each round, so that a busy machine slows all alike; a ratio is the median over rounds of the round's own.
set -eu
radtex=$(realpath "$1") rounds=${2:-3} here=$(dirname "$(realpath "$0")") cores=$(nproc)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
"$radtex" phantoms --count 40 --size 512 --seed 3 --out "$work/phantoms" >/dev/null 2>&1
python=/usr/bin/python3
"$python" - "$work" <<'PYTHON'
import glob, multiprocessing, os, sys
import numpy as np
from PIL import Image
work = sys.argv[1]
sources = sorted(glob.glob(f"{work}/phantoms/**/*.jpg", recursive=True))
os.makedirs(f"{work}/jpg")
def make(i):
    large = np.asarray(Image.open(sources[i % len(sources)]).convert("L").resize((2544, 3056), Image.BICUBIC)).astype(np.float32)
    noisy = np.clip(large + np.random.default_rng(i).normal(0, 4, large.shape), 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(f"{work}/jpg/{i:04d}-0.jpg", quality=95)
    for copy in range(1, 8): os.link(f"{work}/jpg/{i:04d}-0.jpg", f"{work}/jpg/{i:04d}-{copy}.jpg")
with multiprocessing.Pool() as pool: pool.map(make, range(250))
names = sorted(os.listdir(f"{work}/jpg"))
with open(f"{work}/jpg/t.csv", "w") as table: table.write("image,patient_id\n" + "".join(f"{n},{n}\n" for n in names))
PYTHON
cat "$work"/jpg/*-0.jpg >/dev/null
count=$(ls "$work/jpg" | grep -c jpg$)
size=$(du -cb "$work"/jpg/*-0.jpg | tail -1 | cut -f1)
now() { date +%s.%N; }
timed() { local start; start=$(now); "$@" >/dev/null 2>&1; echo "$(now) - $start" | bc; }
rows=$work/rows
for round in $(seq "$rounds"); do
  rm -rf "$work/set" "$work/pgm" "$work/p.npy"
  a=$(timed "$radtex" prepare table "$work/jpg/t.csv" --views all --workers "$cores" --out "$work/set")
  b=$(timed "$here/peers/djpeg.sh" "$work/jpg" "$work/pgm" "$cores")
  c=$(timed "$python" "$here/peers/pillow.py" "$work/jpg" "$work/p.npy" "$cores")
  [ "$(ls "$work/pgm" | wc -l)" = "$count" ] && [ -f "$work/set/manifest.json" ] && [ -s "$work/p.npy" ]
  echo "$round $a $b $c" >>"$rows"
done
"$python" - "$rows" "$count" "$size" "$cores" "$rounds" <<'PYTHON'
import sys, datetime, statistics
rows = [list(map(float, line.split())) for line in open(sys.argv[1])]
count, size, cores, rounds = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
rate = lambda seconds: count / seconds
print(f"""# Preparing large JPEGs

Made by `bench/decode-speed.sh RADTEX {rounds}` on {datetime.date.today()}, {cores} cores. {count:,} JPEGs of 2544 x 3056 (noisy phantoms, **synthetic**, quality 95, {size / 250 / 1e6:.1f} MB each; 250 different ones
under eight names), page cache warm. `radtex prepare` lists, decodes, resizes to a short side of 256, writes pixels, table and hashes; `djpeg -scale 1/8 -grayscale` writes a PGM of 318 x 382 a file;
the Pillow script (draft mode, a process a core) writes one file of the same pixels as RadTex. Images a second, start-up and writing included.

| round | radtex prepare | djpeg | Pillow | radtex / djpeg | radtex / Pillow |
| --- | --- | --- | --- | --- | --- |""")
for r, a, b, c in rows: print(f"| {r:.0f} | {rate(a):.1f} | {rate(b):.1f} | {rate(c):.1f} | {b / a:.2f} | {c / a:.2f} |")
print(f"| **median** | {statistics.median(rate(r[1]) for r in rows):.1f} | {statistics.median(rate(r[2]) for r in rows):.1f} | {statistics.median(rate(r[3]) for r in rows):.1f} "
      f"| **{statistics.median(r[2] / r[1] for r in rows):.2f}** | **{statistics.median(r[3] / r[1] for r in rows):.2f}** |")
PYTHON
