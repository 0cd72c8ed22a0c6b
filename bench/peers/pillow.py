#!/usr/bin/env python3
"""The peer of bench/decode-speed.sh: what a careful Pillow script does for the same result (short side 256, one pixel file), in draft mode, on all processes.

    bench/peers/pillow.py FOLDER OUT.npy PROCESSES      (needs numpy and Pillow)
"""
import multiprocessing, os, sys
import numpy as np
from PIL import Image

SHORT = 256


def read(path):
    with Image.open(path) as image:
        width, height = image.size
        scale = SHORT / min(width, height)
        size = (round(width * scale), round(height * scale))
        image.draft("L", (2 * size[0], 2 * size[1]))  # as radtex does: at least twice what is wanted
        return np.asarray(image.convert("L").resize(size, Image.BILINEAR))


if __name__ == "__main__":
    folder, out, processes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".jpg"))
    with multiprocessing.Pool(processes) as pool, open(out, "wb") as pixels:
        for image in pool.imap(read, paths, chunksize=8):
            pixels.write(image.tobytes())
        pixels.flush()
        os.fsync(pixels.fileno())
