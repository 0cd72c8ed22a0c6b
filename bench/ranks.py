#!/usr/bin/env python3
"""Pretraining over MPI processes: two ranks of one thread each against one process of one thread, on the same batches; and two processes that know nothing of each
other, each with half the batch: what the machine itself takes from two at a time.

    bench/ranks.py RADTEX [--batch 16] [--steps 12] [--rounds 3] [--launcher mpirun.openmpi] > docs/results/ranks.md

Preset paper's network on synthetic radiographs of 256 px, --batch radiographs a rank (the paper's had 64): one process takes both ranks' as two groups. Speed is the radiographs a second of the log, its first lines left out (kernels are
compiled there). Rounds take turns. Exits 1 where two ranks are under 0.9 of twice one, or end with other losses.
"""
import argparse, atexit, datetime, json, os, shutil, statistics, subprocess, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--steps", type=int, default=12)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--launcher", default="mpirun.openmpi")
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="ranks-")
atexit.register(shutil.rmtree, work)
environment = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMP_NUM_THREADS": "1"}


def run(*commands):
    """All at once, to the end."""
    running = [subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=work, env=environment) for words in commands]
    for process in running:
        said = process.communicate()[1]
        if process.returncode:
            raise SystemExit(said[-2000:])


radtex = os.path.abspath(arguments.radtex)
run([radtex, "phantoms", "--count", "120", "--size", "256", "--seed", "61", "--out", "phantoms"])
run([radtex, "prepare", "mimic-cxr-jpg", "phantoms", "--out", "dataset"])
settings = ["text.vocabulary=any", "log.every_steps=1", "log.validate_every_epochs=0", "log.checkpoint_every_steps=1000000"]
rates, exchange = {1: [], 2: [], "apart": []}, []


def train(out, batch):
    shape = [f"training.batch_size={batch}", f"training.groups={batch // arguments.batch}"]
    return [radtex, "pretrain", "dataset", "--preset", "paper", "--threads", "1", "--max-steps", str(arguments.steps), "--out", out, *(w for s in settings + shape for w in ("--set", s))]


def logged(out):
    with open(os.path.join(work, out, "log.jsonl")) as file:
        lines = [json.loads(line) for line in file]
    return [line.get("values", line) for line in lines if line["kind"] == "train"]


def rate(values):
    return statistics.median(v["images_per_second"] for v in values[2:])


for round in range(arguments.rounds):
    run(train(f"one-{round}", 2 * arguments.batch))
    run([arguments.launcher, "-n", "2", *train(f"two-{round}", 2 * arguments.batch)])
    run(train(f"left-{round}", arguments.batch), train(f"right-{round}", arguments.batch))
    one, two = logged(f"one-{round}"), logged(f"two-{round}")
    rates[1].append(rate(one))
    rates[2].append(rate(two))
    rates["apart"].append(rate(logged(f"left-{round}")) + rate(logged(f"right-{round}")))
    exchange.append(statistics.median(v["exchange"] for v in two[2:]))
    losses = {1: [v["loss"] for v in one], 2: [v["loss"] for v in two]}
one, two = (statistics.median(rates[r]) for r in (1, 2))
apart_share = statistics.median(b / (2 * a) for a, b in zip(rates[1], rates["apart"]))
share = statistics.median(b / (2 * a) for a, b in zip(rates[1], rates[2]))
apart = max(abs(a - b) / a for a, b in zip(losses[1], losses[2]))
print(f"""# Two processes beside one

`bench/ranks.py RADTEX --batch {arguments.batch} --steps {arguments.steps} --rounds {arguments.rounds} --launcher {arguments.launcher}` on {datetime.date.today()}, {os.cpu_count()} cores: preset `paper`'s network, 256 px, a vocabulary of the phantoms' own,
{arguments.batch} radiographs a rank, one process with both ranks' as two groups, one thread a process, **synthetic** radiographs. Radiographs a second, medians over updates, then over rounds.

| | radiographs a second |
| --- | --- |
| one process | {one:.2f} |
| two ranks | {two:.2f} |
| two processes that exchange nothing | {statistics.median(rates["apart"]):.2f} |
| **part of twice one** | **{share:.3f}** (bar 0.9; rounds: {', '.join(f'{b / (2 * a):.2f}' for a, b in zip(rates[1], rates[2]))}) |
| two that exchange nothing, part of twice one | {apart_share:.3f} (rounds: {', '.join(f'{b / (2 * a):.2f}' for a, b in zip(rates[1], rates["apart"]))}) |

Summing gradients, waiting for the slower rank included, took {100 * statistics.median(exchange):.1f}% of rank 0's time: the most that overlapping it with the backward pass could save.

Losses of {arguments.steps} updates differ by at most {apart:.1e} of their value (bfloat16).""")
raise SystemExit(0 if share >= 0.9 and apart < 0.02 else 1)
