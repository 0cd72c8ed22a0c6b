#!/usr/bin/env python3
"""Whether memory stays flat while preset phantom trains, as its own log tells it: live tensors from step 2 to 200, resident memory from step 200 on.

    bench/flat-memory.py RADTEX DATASET [--steps 2000] > docs/results/flat-memory.md

Two runs: 200 steps whose batches are made in turn, so that the count of tensors depends on the step alone; then --steps as `radtex pretrain`
trains, batches made ahead on a thread. Exits 1 where tensors differ between steps 2 and 200 or memory left the 5% around that of step 200.
"""
import argparse, atexit, datetime, json, os, shutil, subprocess, sys, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("dataset")
parser.add_argument("--steps", type=int, default=2000)
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="flat-memory-")
atexit.register(shutil.rmtree, work)


def train(name, steps, every, *more):
    run = os.path.join(work, name)
    settings = [f"training.epochs={steps}", f"log.every_steps={every}", *more]
    subprocess.run([arguments.radtex, "pretrain", arguments.dataset, "--preset", "phantom", "--out", run, "--threads", "1", "--max-steps", str(steps),
                    *[word for setting in settings for word in ("--set", setting)]], check=True, stdout=sys.stderr, stderr=subprocess.DEVNULL)
    with open(os.path.join(run, "log.jsonl")) as file:
        lines = [json.loads(line) for line in file]
    return {line["step"]: line for line in lines if line["kind"] == "train"}


tensors = {step: line["live_tensors"] for step, line in train("tensors", 200, 2, "log.prefetch_batches=0").items()}
resident = {step: line["rss_mib"] for step, line in train("resident", arguments.steps, 50).items() if step >= 200}
moved = max(abs(value / resident[200] - 1) for value in resident.values())
flat = tensors[2] == tensors[200] and moved < 0.05
shown = [step for step in resident if step % max(200, arguments.steps // 10) == 0]
print(f"""# Flat memory

`bench/flat-memory.py RADTEX DATASET --steps {arguments.steps}` on {datetime.date.today()}: preset `phantom` on **synthetic** radiographs, one thread.

Live tensors after a step, batches made in turn: {tensors[2]:,.0f} after step 2, {tensors[200]:,.0f} after step 200; over all even steps {min(tensors.values()):,.0f} to {max(tensors.values()):,.0f}.

| step | resident memory, MiB | against step 200 |
| --- | --- | --- |""")
for step in shown:
    print(f"| {step:,} | {resident[step]:,.0f} | {100 * (resident[step] / resident[200] - 1):+.1f}% |")
print(f"\nOver all {len(resident)} readings, one in 50 steps, memory stayed within {100 * moved:.1f}% of that at step 200. {'Flat.' if flat else 'NOT FLAT.'}")
sys.exit(0 if flat else 1)
