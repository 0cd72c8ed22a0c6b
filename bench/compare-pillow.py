#!/usr/bin/env python3
"""Compares what `radtex prepare` makes of pictures with Pillow's antialiased BILINEAR resize, and reads pixels.npy with NumPy on the way.

    bench/compare-pillow.py RADTEX PICTURE...      (needs numpy and Pillow; writes a Markdown table to standard output)

Each picture is tried as it is (PNG) and enlarged to 2544 x 3056 as a JPEG of quality 95, which is shrunk while it is decoded.
"""
import os, subprocess, sys, tempfile
import numpy as np
from PIL import Image

radtex, pictures = sys.argv[1], sys.argv[2:]
with tempfile.TemporaryDirectory() as work:
    names = []
    for i, path in enumerate(pictures):
        image = Image.open(path).convert("L")
        image.save(f"{work}/{i}.png")
        image.resize((2544, 3056), Image.LANCZOS).save(f"{work}/{i}.jpg", quality=95)
        names += [f"{i}.png", f"{i}.jpg"]
    with open(f"{work}/t.csv", "w") as table:
        table.write("image,patient_id\n" + "".join(f"{n},{n}\n" for n in names))
    subprocess.run([radtex, "prepare", "table", f"{work}/t.csv", "--views", "all", "--out", f"{work}/set"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pixels, offset = np.load(f"{work}/set/pixels.npy", mmap_mode="r"), 0
    found = {"png": [], "jpg": []}
    for name in names:
        image = Image.open(f"{work}/{name}")
        scale = 256 / min(image.size)
        width, height = (round(side * scale) for side in image.size)
        expected = np.asarray(image.resize((width, height), Image.BILINEAR)).astype(int)
        mine = pixels[offset : offset + width * height].reshape(height, width).astype(int)
        offset += width * height
        difference = np.abs(mine - expected)
        found[name[-3:]].append((difference[1:-1, 1:-1].max(), difference[1:-1, 1:-1].mean(), difference.max()))
    assert offset == len(pixels)
print("| format | pictures | largest difference inside | mean difference inside | largest on the border row or column |\n| --- | --- | --- | --- | --- |")
for kind, rows in found.items():
    rows = np.array(rows)
    print(f"| {kind} | {len(rows)} | {rows[:, 0].max():.0f} | {rows[:, 1].mean():.2f} | {rows[:, 2].max():.0f} |")
