#!/usr/bin/env python3
"""Pretraining over MPI processes: two ranks of one thread each against one process of one thread, on the same batches.

    bench/ranks.py RADTEX [--steps 12] [--rounds 3] [--launcher mpirun.openmpi] > docs/results/ranks.md

Preset paper's network on synthetic radiographs of 256 px, batch 16 in two groups of 8. Speed is the radiographs a second of the log, its first lines left out (kernels are
compiled there). Rounds take turns. Exits 1 where two ranks are under 0.9 of twice one, or end with other losses.
"""
import argparse, atexit, datetime, json, os, shutil, statistics, subprocess, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("--steps", type=int, default=12)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--launcher", default="mpirun.openmpi")
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="ranks-")
atexit.register(shutil.rmtree, work)
environment = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMP_NUM_THREADS": "1"}


def run(*words):
    result = subprocess.run(words, capture_output=True, text=True, cwd=work, env=environment)
    if result.returncode:
        raise SystemExit(result.stderr[-2000:])


radtex = os.path.abspath(arguments.radtex)
run(radtex, "phantoms", "--count", "120", "--size", "256", "--seed", "61", "--out", "phantoms")
run(radtex, "prepare", "mimic-cxr-jpg", "phantoms", "--out", "dataset")
settings = ["text.vocabulary=any", "training.batch_size=16", "training.groups=2", "log.every_steps=1", "log.validate_every_epochs=0", "log.checkpoint_every_steps=1000000"]
rates, losses, exchange = {1: [], 2: []}, {}, []
for round in range(arguments.rounds):
    for ranks in (1, 2):
        out = f"run-{ranks}-{round}"
        launch = [arguments.launcher, "-n", "2"] if ranks == 2 else []
        run(*launch, radtex, "pretrain", "dataset", "--preset", "paper", "--threads", "1", "--max-steps", str(arguments.steps), "--out", out, *(w for s in settings for w in ("--set", s)))
        lines = [json.loads(line) for line in open(os.path.join(work, out, "log.jsonl"))]
        lines = [line for line in lines if line["kind"] == "train"]
        values = [line.get("values", line) for line in lines]
        rates[ranks].append(statistics.median(v["images_per_second"] for v in values[3:]))
        losses[ranks] = [v["loss"] for v in values]
        if ranks == 2:
            exchange.append(statistics.median(v["exchange"] for v in values[3:]))
one, two = (statistics.median(rates[r]) for r in (1, 2))
share = statistics.median(b / (2 * a) for a, b in zip(rates[1], rates[2]))
apart = max(abs(a - b) / a for a, b in zip(losses[1], losses[2]))
print(f"""# Two processes beside one

`bench/ranks.py RADTEX --steps {arguments.steps} --rounds {arguments.rounds} --launcher {arguments.launcher}` on {datetime.date.today()}, {os.cpu_count()} cores: preset `paper`'s network, 256 px, a vocabulary of the phantoms' own,
batch 16 in two groups, one thread a process, **synthetic** radiographs. Radiographs a second, medians over updates, then over rounds.

| | radiographs a second |
| --- | --- |
| one process | {one:.2f} |
| two ranks | {two:.2f} |
| **part of twice one** | **{share:.3f}** (bar 0.9; rounds: {', '.join(f'{b / (2 * a):.2f}' for a, b in zip(rates[1], rates[2]))}) |

Summing gradients, waiting for the slower rank included, took {100 * statistics.median(exchange):.1f}% of rank 0's time: the most that overlapping it with the backward pass could save.

Losses of {arguments.steps} updates differ by at most {apart:.1e} of their value (bfloat16).""")
raise SystemExit(0 if share >= 0.9 and apart < 0.02 else 1)
