#!/usr/bin/env python3
"""Whether preparing takes flat memory and linear time: 12,500, 25,000 and 50,000 synthetic radiographs of 256 px, and what that means for MIMIC-CXR's 377,110.

    bench/prepare-scale.py RADTEX [--count 50000] > docs/results/prepare-scale.md

A quarter as many phantoms are drawn, and each patient is then listed as four (hard links), in the layout of MIMIC-CXR-JPG with reports. Memory is read from
/proc four times a second: private memory (heap and the like), and resident memory, which also counts the cached pages of mapped files.
Exits 1 where the largest run's private memory exceeds the smallest's by a tenth and 64 MiB, or its time a radiograph by a quarter.
"""
import argparse, atexit, csv, datetime, gzip, os, re, shutil, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("--count", type=int, default=50_000)
parser.add_argument("--phantoms", help="a quarter as many, drawn before with --size 256, on the same disk as the temporary folder")
arguments = parser.parse_args()
names = 4
work = tempfile.mkdtemp(prefix="prepare-scale-")
atexit.register(shutil.rmtree, work)
drawn = arguments.phantoms or os.path.join(work, "phantoms")
if not arguments.phantoms:
    start = time.time()
    subprocess.run([arguments.radtex, "phantoms", "--count", str(arguments.count // names), "--size", "256", "--seed", "5", "--out", drawn], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"drawn in {time.time() - start:.0f} s", file=sys.stderr, flush=True)

# Every patient, study and radiograph again under new ids, files as hard links; then for each part the tables' rows of its studies.
archive, tables = os.path.join(work, "archive"), ("metadata", "split", "chexpert")
rows, patients, studies = {table: [] for table in tables}, {}, {}
for copy in range(names):
    for table in tables:
        with gzip.open(f"{drawn}/mimic-cxr-2.0.0-{table}.csv.gz", "rt", newline="") as file:
            for row in csv.DictReader(file):
                old_patient, old_study = row["subject_id"], row["study_id"]
                row["subject_id"] = str(patients.setdefault((copy, old_patient), 10_000_000 + len(patients)))
                row["study_id"] = str(studies.setdefault((copy, old_study), 50_000_000 + len(studies)))
                folder = lambda patient: f"files/p{patient[:2]}/p{patient}"
                if table == "metadata":
                    old, new = f"{drawn}/{folder(old_patient)}/s{old_study}", f"{archive}/{folder(row['subject_id'])}/s{row['study_id']}"
                    os.makedirs(new, exist_ok=True)
                    os.link(f"{old}/{row['dicom_id']}.jpg", f"{new}/{copy}{row['dicom_id'][1:]}.jpg")
                    if not os.path.exists(new + ".txt"):
                        os.link(old + ".txt", new + ".txt")
                if "dicom_id" in row:
                    row["dicom_id"] = f"{copy}{row['dicom_id'][1:]}"
                rows[table].append(row)
for name in ("README-SYNTHETIC.txt", "phantoms.json"):
    os.link(os.path.join(drawn, name), os.path.join(archive, name))


def write_tables(count):
    folder = os.path.join(work, f"tables-{count}")
    os.makedirs(folder)
    listed = {row["study_id"] for row in rows["metadata"][:count]}
    for table in tables:
        part = rows[table][:count] if table != "chexpert" else [row for row in rows[table] if row["study_id"] in listed]
        with gzip.open(f"{folder}/mimic-cxr-2.0.0-{table}.csv.gz", "wt", newline="") as file:
            writer = csv.DictWriter(file, part[0].keys())
            writer.writeheader()
            writer.writerows(part)
    return folder


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
    process = subprocess.Popen([arguments.radtex, "prepare", "mimic-cxr-jpg", archive, "--tables", write_tables(count), "--out", os.path.join(work, f"set-{count}")],
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

`bench/prepare-scale.py RADTEX --count {arguments.count}` on {datetime.date.today()}, {os.cpu_count()} cores: `radtex prepare mimic-cxr-jpg` on **synthetic** radiographs with reports, short side 256, {arguments.count // names:,}
different ones, each patient under {names} names.

| radiographs | seconds | a second | private memory at most, MiB | resident at most (with mapped files), MiB |
| --- | --- | --- | --- | --- |""")
for n, s, p, r in found:
    print(f"| {n:,} | {s:.0f} | {n / s:,.0f} | {p:,.0f} | {r:,.0f} |")
all_mimic = 377_110
print(f"""
Memory is {'flat' if flat else 'NOT FLAT'}, time is {'linear' if linear else 'NOT LINEAR'}.

At this rate MIMIC-CXR-JPG's {all_mimic:,} would take {all_mimic * seconds / count / 60:.0f} minutes were its files of 256 px; they are of some 2544 x 3056, whose decoding rate is in [decode-speed](decode-speed.md).
Private memory would reach about {private + max(0, slope) * (all_mimic - count):,.0f} MiB (what is held of a radiograph: its row of the tables, {max(0, slope) * 1024:.1f} KiB; no picture, no report).""")
sys.exit(0 if flat and linear else 1)
