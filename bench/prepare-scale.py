#!/usr/bin/env python3
"""Whether preparing takes flat memory and linear time: 12,500, 25,000 and 50,000 synthetic radiographs of 256 px, and what that means for MIMIC-CXR's 377,110.

    bench/prepare-scale.py RADTEX [--count 50000] > docs/results/prepare-scale.md

A quarter as many phantoms are drawn, each is then listed under four names (hard links), with its report as the table's text. Memory is read from
/proc four times a second: private memory (heap and the like), and resident memory, which also counts the cached pages of mapped files.
Exits 1 where the largest run's private memory exceeds the smallest's by a tenth and 64 MiB, or its time a radiograph by a quarter.
"""
import argparse, csv, datetime, glob, os, re, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("--count", type=int, default=50_000)
arguments = parser.parse_args()
names = 4
work = tempfile.mkdtemp(prefix="prepare-scale-")
drawn = os.path.join(work, "phantoms")
start = time.time()
subprocess.run([arguments.radtex, "phantoms", "--count", str(arguments.count // names), "--size", "256", "--seed", "5", "--out", drawn], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(f"drawn in {time.time() - start:.0f} s", file=sys.stderr, flush=True)
pictures = os.path.join(work, "images")
os.mkdir(pictures)
rows = []
for i, path in enumerate(sorted(glob.glob(drawn + "/files/**/*.jpg", recursive=True))):
    with open(os.path.dirname(path) + ".txt") as file:
        text = file.read()
    patient = re.search(r"/p(\d{8})/", path).group(1)
    for copy in range(names):
        name = f"{copy}-{i:06}.jpg"
        os.link(path, os.path.join(pictures, name))
        rows.append((copy, name, f"{copy}-{patient}", "PA", text))
rows.sort()
with open(os.path.join(work, "table.csv"), "w", newline="") as file:
    csv.writer(file).writerows([("image", "patient_id", "view", "text"), *[row[1:] for row in rows]])


def memory(pid):
    """(private, resident) in MiB."""
    try:
        with open(f"/proc/{pid}/status") as file:
            status = dict(re.findall(r"^(RssAnon|VmRSS):\s+(\d+) kB", file.read(), re.M))
        return int(status["RssAnon"]) / 1024, int(status["VmRSS"]) / 1024
    except (OSError, KeyError):
        return 0, 0


found = []
for part in (4, 2, 1):
    count = arguments.count // part
    start, most = time.time(), (0, 0)
    process = subprocess.Popen([arguments.radtex, "prepare", "table", os.path.join(work, "table.csv"), "--limit", str(count), "--out", os.path.join(work, f"set-{count}")],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None:
        most = tuple(map(max, most, memory(process.pid)))
        time.sleep(0.25)
    if process.returncode:
        sys.exit(process.stderr.read()[-2000:])
    found.append((count, time.time() - start, *most))
    print(found[-1], file=sys.stderr, flush=True)

(least, least_seconds, least_private, _), (count, seconds, private, _) = found[0], found[-1]
flat = private <= least_private * 1.1 + 64
linear = seconds / count <= 1.25 * least_seconds / least
slope = (private - least_private) / (count - least)
print(f"""# Preparing many radiographs

`bench/prepare-scale.py RADTEX --count {arguments.count}` on {datetime.date.today()}, {os.cpu_count()} cores: `radtex prepare table` on **synthetic** radiographs with reports, short side 256, {arguments.count // names:,} different
ones under {names} names each.

| radiographs | seconds | a second | private memory at most, MiB | resident at most (with mapped files), MiB |
| --- | --- | --- | --- | --- |""")
for n, s, p, r in found:
    print(f"| {n:,} | {s:.0f} | {n / s:,.0f} | {p:,.0f} | {r:,.0f} |")
all_mimic = 377_110
print(f"""
Memory is {'flat' if flat else 'NOT FLAT'}, time is {'linear' if linear else 'NOT LINEAR'}.

At this rate MIMIC-CXR-JPG's {all_mimic:,} would take {all_mimic * seconds / count / 60:.0f} minutes were its files of 256 px; they are of some 2544 x 3056, whose decoding rate is in [decode-speed](decode-speed.md).
Private memory would reach about {private + max(0, slope) * (all_mimic - count):,.0f} MiB (the table of studies is held; {max(0, slope) * 1024:.1f} KiB a radiograph).""")
sys.exit(0 if flat and linear else 1)
