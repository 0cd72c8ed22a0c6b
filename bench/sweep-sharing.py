#!/usr/bin/env python3
"""What it saves that all cells of a frozen sweep share one encoder pass: `radtex sweep` once, against each cell (label, N, trial) in a call of its own.

    bench/sweep-sharing.py RADTEX [--count 3000] > docs/results/sweep-sharing.md

Synthetic radiographs of 96 px. A call of its own draws with a seed of its own, encodes what it needs and trains its two heads; start-up is part of it, and is given
beside the figures. Encoder passes are read from what the command says.
"""
import argparse, atexit, datetime, os, re, shutil, subprocess, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("--count", type=int, default=3000)
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="sweep-sharing-")
atexit.register(shutil.rmtree, work)
labels, sizes, trials = ["Cardiomegaly", "Edema"], ["10", "100", "1000", "all"], 3


def radtex(*words):
    start = time.time()
    result = subprocess.run([arguments.radtex, *words], capture_output=True, text=True, cwd=work)
    if result.returncode:
        raise SystemExit(result.stderr[-2000:])
    passed = sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) radiographs through the encoder", result.stdout))
    return time.time() - start, passed, result.stdout


radtex("phantoms", "--count", str(arguments.count), "--size", "128", "--seed", "51", "--out", "phantoms")
radtex("prepare", "mimic-cxr-jpg", "phantoms", "--short-side", "96", "--split", "hash", "--fractions", "0.55,0.05,0.4", "--out", "dataset")
start_up = min(radtex("--help")[0] for _ in range(3))
# A stored encoder, a ResNet-18 whose weights do not matter here: two updates on other radiographs.
radtex("phantoms", "--count", "200", "--size", "128", "--seed", "52", "--out", "others")
radtex("prepare", "mimic-cxr-jpg", "others", "--short-side", "96", "--out", "reports")
radtex("pretrain", "reports", "--preset", "phantom", "--set", "model.backbone_width=64", "--max-steps", "2", "--out", "run")
common = ["sweep", "dataset", "--patients-differ", "--init", "encoder=run/encoder"]
together, passed, said = radtex(*common, "--labels", ",".join(labels), "--examples", ",".join(sizes), "--trials", str(trials), "--out", "together")
apart, apart_passed, cells = 0, 0, 0
for label in labels:
    for size in sizes:
        for trial in range(trials):
            seconds, count, _ = radtex(*common, "--labels", label, "--examples", size, "--trials", "1", "--seed", str(trial), "--out", f"apart-{cells}")
            apart, apart_passed, cells = apart + seconds, apart_passed + count, cells + 1
bounds = [line for line in said.splitlines() if "bound" in line]
ratios = re.findall(r"ratio ([\d.]+)", said)
print(f"""# A sweep's cells together and one by one

`bench/sweep-sharing.py RADTEX --count {arguments.count}` on {datetime.date.today()}, {os.cpu_count()} cores: a frozen ResNet-18, **synthetic** radiographs of 96 px, {len(labels)} labels,
N = {', '.join(sizes)}, {trials} trials, the paper's head and the logistic one: {cells} cells.

| | seconds | radiographs through the encoder |
| --- | --- | --- |
| one call for all cells | {together:.0f} | {passed:,} |
| a call a cell | {apart:.0f} ({apart - cells * start_up:.0f} without start-up, {start_up:.2f} s a call) | {apart_passed:,} |
| **ratio** | **{apart / together:.1f}** ({(apart - cells * start_up) / (together - start_up):.1f} without start-up) | **{apart_passed / passed:.1f}** |

Radiographs through the encoder over the bound (distinct labelled radiographs of all tasks, times views): {', '.join(sorted(set(ratios)))}. What the command said of it:

```""")
print("\n".join(re.sub(r"/\S*/", "", line) for line in bounds))
print("```")
