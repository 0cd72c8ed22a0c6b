#!/usr/bin/env python3
"""What the gate before predict and read refuses: at most 1% of frontal radiographs that a model did not see, and what it catches of others.

    bench/gate.py RADTEX DATA [--encoder FOLDER] [--pictures NAME=FOLDER ...] [--work FOLDER] > docs/results/gate.md
    bench/gate.py RADTEX DATA [--encoder FOLDER] --frontal [--work FOLDER] > docs/results/gate-int8.md

DATA holds nih-cxr14/ and dicom/. The NIH radiographs are halved by patient: heads learnt on one half are applied to the files of the other, and
the other way round, so that no radiograph meets statistics it was part of. The same with phantoms of two seeds. What must be refused is made of
the held-out half (negatives, turned) or from nothing (noise, pages), and read from each --pictures. Without --encoder one is pretrained
on 3,600 phantoms (about ten minutes on one core). The same heads are exported in int8 and judge the same frontal radiographs again; with
--frontal nothing else is judged. An interrupted call goes on in --work. Exits 1 where more than 1% of frontal ones are refused.
Needs Python's NumPy and Pillow.
"""
import argparse, collections, csv, datetime, json, math, os, random, subprocess, sys, tempfile

import numpy
from PIL import Image

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("data")
parser.add_argument("--encoder")
parser.add_argument("--pictures", action="append", default=[])
parser.add_argument("--frontal", action="store_true")
parser.add_argument("--work")
arguments = parser.parse_args()
radtex, data = os.path.realpath(arguments.radtex), os.path.realpath(arguments.data)
extra = [(pair.split("=", 1)[0], os.path.realpath(pair.split("=", 1)[1])) for pair in arguments.pictures]
encoder = arguments.encoder and os.path.realpath(arguments.encoder)
work = os.path.realpath(arguments.work or tempfile.mkdtemp(prefix="gate-"))
os.makedirs(work, exist_ok=True)
os.chdir(work)
os.environ["OMP_NUM_THREADS"] = "1"
RULES = ["modality", "view", "body_part", "blank", "inverted", "turned", "lateral", "unlike"]


def run(*command):
    print("$ radtex", *command, file=sys.stderr, flush=True)
    subprocess.run([radtex, *command], check=True, stdout=subprocess.DEVNULL)


def wilson(hits, total, z=1.959964):
    part, scale = hits / total, 1 + z * z / total
    centre = (part + z * z / (2 * total)) / scale
    half = z / scale * math.sqrt(part * (1 - part) / total + z * z / (4 * total * total))
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == total else centre + half)


def phantoms(name, count, seed):
    """Phantoms as a dataset, and their picture files."""
    if not os.path.exists(name):
        run("phantoms", "--count", str(count), "--size", "128", "--difficulty", "0.6", "--report-style", "systematic", "--seed", str(seed), "--out", f"{name}-archive")
        run("prepare", "mimic-cxr-jpg", f"{name}-archive", "--labels", "none", "--extra-labels", f"{name}-archive/phantom-truth.csv.gz", "--split", "hash",
            "--fractions", "0.95,0.05,0", "--short-side", "128", "--out", name)
    return [os.path.join(folder, file) for folder, _, files in os.walk(f"{name}-archive/files") for file in sorted(files) if file.endswith(".jpg")]


def made(folder, pictures):
    """Writes arrays as PNG files once."""
    if not os.path.exists(folder):
        os.makedirs(folder + ".new", exist_ok=True)
        for name, picture in pictures():
            Image.fromarray(numpy.clip(picture, 0, 255).astype(numpy.uint8)).save(os.path.join(folder + ".new", name + ".png"))
        os.rename(folder + ".new", folder)
    return folder


def grey(file):
    return numpy.asarray(Image.open(file).convert("L"))


def noise():
    rng = numpy.random.default_rng(1)
    frequency = numpy.hypot(numpy.fft.fftfreq(128)[:, None], numpy.fft.fftfreq(128)[None]) + 1 / 128
    for i in range(100):
        plane = numpy.real(numpy.fft.ifft2(numpy.fft.fft2(rng.normal(size=(128, 128))) / frequency ** (i % 20 / 10)))
        yield f"{i:03}", (plane - plane.min()) / (plane.max() - plane.min()) * 255


def pages():
    rng = numpy.random.default_rng(2)
    for i in range(100):
        page = numpy.full((256, 192), 245.0)
        for y in range(10, 246, int(rng.integers(6, 12))):
            x = 8
            while x < 180:
                word = min(int(rng.integers(6, 26)), 184 - x)
                page[y:y + 4, x:x + word] = rng.integers(0, 2, (4, word)) * 220
                x += word + 4
        yield f"{i:03}", page


def heads(name, trained, tested):
    if not os.path.exists(f"{name}/metrics.json"):
        run("transfer", encoder, trained, "--labels", label, "--examples", "all", "--trials", "1", "--head", "logistic", "--test-dataset", tested,
            "--train-split", "all", "--test-split", "all", "--out", name)
    return name


def judged_in_int8(name, heads, trained, inputs):
    """As judged, by an int8 export calibrated on the radiographs the heads learnt from."""
    model = f"{heads}-int8.onnx"
    if not os.path.exists(model):
        run("export", encoder, "--heads", heads, "--int8", trained, "--out", model)
    return judged(f"{name}-int8", None, inputs, model)


def judged(name, heads, inputs, model=None):
    """The refusals of a prediction, by file: the rule and the reason; None for a picture that is judged. Without a model: the encoder with these heads."""
    output = f"{name}.csv"
    if not os.path.exists(output):
        classifier = [model] if model else [encoder, "--heads", heads]
        result = subprocess.run([radtex, "predict", classifier[0], *inputs, *classifier[1:], "--out", output], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if result.returncode not in (0, 2):
            sys.exit(result.stderr)
        if not os.path.exists(output):
            sys.exit(result.stderr)
    with open(output, newline="") as file:
        return {row["path"]: (row["gate"], row["gate_reason"]) if row["gate"] else None for row in csv.DictReader(file)}


def line(name, results):
    refused = collections.Counter(rule for rule in (r[0] for r in results if r is not None))
    low, high = wilson(sum(refused.values()), len(results))
    rules = ", ".join(f"{rule} {refused[rule]}" for rule in RULES if refused[rule])
    print(f"| {name} | {len(results)} | {sum(refused.values()) / len(results):.1%} [{low:.1%}, {high:.1%}] | {rules or '–'} |")
    return sum(refused.values()) / len(results)


# Encoder
label = "Pleural Effusion"
if encoder is None:
    phantoms("reading", 3600, 11)
    if not os.path.exists("run/result.json"):
        run("pretrain", "reading", "--preset", "phantom", "--threads", "1", "--out", "run")
    encoder = os.path.join(work, "run", "encoder")

# Phantoms of two seeds, none of them the encoder's
drawn = {name: phantoms(name, 1500, seed) for name, seed in (("phantoms-a", 21), ("phantoms-b", 22))}
results = {"phantoms": []}
int8 = {"NIH radiographs": [], "phantoms": []}  # pairs: the refusal in float32, in int8
told = []
for trained, tested, seed in (("phantoms-a", "phantoms-b", 22), ("phantoms-b", "phantoms-a", 21)):
    frontal = judged(f"{tested}-judged", heads(f"{trained}-heads", trained, tested), [f"{tested}-archive/files"])
    results["phantoms"] += frontal.values()
    again = judged_in_int8(tested, f"{trained}-heads", trained, [f"{tested}-archive/files"])
    int8["phantoms"] += [(refusal, again[path]) for path, refusal in frontal.items()]
    told += [(f"phantom {os.path.basename(path)[:8]} of seed {seed}", *refusal) for path, refusal in frontal.items() if refusal]

# NIH, halved by patient
label = "Pneumonia"
table = [row for row in csv.DictReader(open(f"{data}/nih-cxr14/Data_Entry_2017_v2020.csv", newline="")) if os.path.exists(f"{data}/nih-cxr14/images/{row['Image Index']}")]
patients = sorted({row["Patient ID"] for row in table})
random.Random(0).shuffle(patients)
first = set(patients[: len(patients) // 2])
halves = {"nih-a": [r for r in table if r["Patient ID"] in first], "nih-b": [r for r in table if r["Patient ID"] not in first]}
for name, rows in halves.items():
    if not os.path.exists(name):
        with open(f"{name}.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["image", "patient", "view", "Pneumonia"])
            writer.writerows([r["Image Index"], r["Patient ID"], r["View Position"], int("Pneumonia" in r["Finding Labels"])] for r in rows)
        run("prepare", "table", f"{name}.csv", "--images", f"{data}/nih-cxr14/images", "--label-columns", "Pneumonia", "--fractions", "1,0,0", "--archive", "nih-cxr14", "--out", name)
changes = {
    "negatives of them": lambda p: 255 - p,
    "turned by a quarter": lambda p: numpy.rot90(p),
    "on their heads": lambda p: p[::-1, ::-1],
    "mirrored (not looked for)": lambda p: p[:, ::-1],
}
for trained, tested in (("nih-a", "nih-b"), ("nih-b", "nih-a")):
    learnt = heads(f"{trained}-heads", trained, tested)
    files = [f"{data}/nih-cxr14/images/{r['Image Index']}" for r in halves[tested]]
    frontal = judged(f"{tested}-judged", learnt, files)
    results.setdefault("NIH radiographs", []).extend(frontal.values())
    again = judged_in_int8(tested, learnt, trained, files)
    int8["NIH radiographs"] += [(refusal, again[path]) for path, refusal in frontal.items()]
    told += [(os.path.basename(path), *refusal) for path, refusal in frontal.items() if refusal]
    if arguments.frontal:
        continue
    for i, (name, change) in enumerate(changes.items()):
        folder = made(f"{tested}-changed{i}", lambda: ((os.path.basename(f)[:-4], change(grey(f))) for f in files))
        results.setdefault(name, []).extend(judged(f"{tested}-changed{i}-judged", learnt, [folder]).values())
    for name, folder in [("noise", made("noise", noise)), ("pages of text", made("pages", pages)), *extra]:
        results.setdefault(name, []).extend(judged(f"{tested}-{os.path.basename(folder)}-judged", learnt, [folder]).values())
if not arguments.frontal:
    results["frontal NIH radiographs, heads that learnt from phantoms"] = list(
        judged("nih-by-phantoms-judged", "phantoms-a-heads", [f"{data}/nih-cxr14/images/{r['Image Index']}" for r in halves["nih-b"]]).values())
    results["real DICOM files of chests"] = list(judged("dicom-judged", "nih-a-heads", [f"{data}/dicom"]).values())

with open(os.path.join(encoder, "encoder.json")) as file:
    provenance = json.load(file)["provenance"]
print(f"""# The gate{' in int8' if arguments.frontal else ''}

`bench/gate.py RADTEX DATA{' --frontal' if arguments.frontal else ''}{' --encoder ENCODER' if arguments.encoder else ''}{''.join(f' --pictures "{name}=FOLDER"' for name, _ in extra)}` on {datetime.date.today()}. Encoder: {provenance}.

Intervals are Wilson's, 95%, over pictures. Every picture below is unknown to the heads and to the gate's statistics: they learnt from the other half of the patients (NIH ChestX-ray14) or from phantoms of
another seed. Pictures that are no halves' own were judged by both halves' heads and count twice.

| frontal radiographs: at most 1% may be refused | pictures | refused | by rule |
| --- | --- | --- | --- |""")
worst = max(line(name, results[name]) for name in ("NIH radiographs", "phantoms"))
worst = max(worst, *(line(f"{name}, int8", [again for _, again in pairs]) for name, pairs in int8.items()))
print("""
| judged by the same heads in float32 and in int8 | pictures | refused by float32 alone | by int8 alone | by both |
| --- | --- | --- | --- | --- |""")
for name, pairs in int8.items():
    print(f"| {name} | {len(pairs)} | {sum(bool(a) and not b for a, b in pairs)} | {sum(bool(b) and not a for a, b in pairs)} | {sum(bool(a) and bool(b) for a, b in pairs)} |")
if arguments.frontal:
    sys.exit(worst > 0.01)
print("""
| what should be refused | pictures | refused | by rule |
| --- | --- | --- | --- |""")
others = [n for n in results if n.startswith("frontal") or n == "real DICOM files of chests"]
for name in sorted((n for n in results if n not in ("NIH radiographs", "phantoms", *others)), key=lambda n: sum(r is not None for r in results[n]) / len(results[n])):
    line(name, results[name])
print("""
| other frontal radiographs | pictures | refused | by rule |
| --- | --- | --- | --- |""")
for name in others:
    line(name, results[name])
print("\n## Frontal radiographs that were refused\n")
for name, rule, reason in sorted(told):
    print(f"- {name}: {rule}: {reason}")
sys.exit(worst > 0.01)
