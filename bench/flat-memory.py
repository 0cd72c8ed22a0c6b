#!/usr/bin/env python3
"""Whether memory stays flat while preset phantom trains, as its own log tells it: live tensors from step 2 to 200, resident memory from step 200 on.

    bench/flat-memory.py RADTEX DATASET [--steps 10000] [--plot docs/results/flat-memory.svg] > docs/results/flat-memory.md

Two runs: 200 steps whose batches are made in turn, so that the count of tensors depends on the step alone; then --steps as `radtex pretrain`
trains, batches made ahead on a thread. Exits 1 where tensors differ between steps 2 and 200 or memory left the 5% around that of step 200.
"""
import argparse, atexit, datetime, json, os, shutil, subprocess, sys, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("dataset")
parser.add_argument("--steps", type=int, default=10_000)
parser.add_argument("--plot", help="an SVG of both over the long run")
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
long_run = {step: line for step, line in train("resident", arguments.steps, 50).items() if step >= 200}
resident = {step: line["rss_mib"] for step, line in long_run.items()}
moved = max(abs(value / resident[200] - 1) for value in resident.values())
flat = tensors[2] == tensors[200] and moved < 0.05


def panel(top, title, values):
    """One curve from 0 up, with its last value written at its end."""
    high, width, height = 1.1 * max(values.values()), 720, 160
    points = " ".join(f"{60 + width * step / arguments.steps:.1f},{top + height * (1 - value / high):.1f}" for step, value in values.items())
    return f"""<text x="60" y="{top - 8}">{title}</text><path d="M60 {top}v{height}h{width}" fill="none" stroke="#888"/>
<text x="52" y="{top + 10}" text-anchor="end">{high:,.0f}</text><text x="52" y="{top + height}" text-anchor="end">0</text>
<text x="60" y="{top + height + 16}">0</text><text x="{60 + width}" y="{top + height + 16}" text-anchor="end">step {arguments.steps:,}</text>
<polyline points="{points}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/><text x="{64 + width}" y="{top + height * (1 - list(values.values())[-1] / high) + 4:.0f}">{list(values.values())[-1]:,.0f}</text>"""


if arguments.plot:
    with open(arguments.plot, "w") as file:
        file.write(f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 460" font-family="sans-serif" font-size="13"><rect width="860" height="460" fill="#fff"/>
{panel(40, "Resident memory, MiB", resident)}
{panel(260, "Live tensors (batches made ahead on a thread included)", {step: line["live_tensors"] for step, line in long_run.items()})}
</svg>
""")
shown = [step for step in resident if step % max(200, arguments.steps // 10) == 0]
print(f"""# Flat memory

`bench/flat-memory.py RADTEX DATASET --steps {arguments.steps}` on {datetime.date.today()}: preset `phantom` on **synthetic** radiographs, one thread.

Live tensors after a step, batches made in turn: {tensors[2]:,.0f} after step 2, {tensors[200]:,.0f} after step 200; over all even steps {min(tensors.values()):,.0f} to {max(tensors.values()):,.0f}.

| step | resident memory, MiB | against step 200 |
| --- | --- | --- |""")
for step in shown:
    print(f"| {step:,} | {resident[step]:,.0f} | {100 * (resident[step] / resident[200] - 1):+.1f}% |")
if arguments.plot:
    print(f"\n![Resident memory and live tensors over {arguments.steps:,} steps]({os.path.basename(arguments.plot)})")
print(f"\nOver all {len(resident)} readings, one in 50 steps, memory stayed within {100 * moved:.1f}% of that at step 200. {'Flat.' if flat else 'NOT FLAT.'}")
sys.exit(0 if flat else 1)
