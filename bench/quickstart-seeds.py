#!/usr/bin/env python3
"""The quickstart with several pretraining seeds, and whether it holds its bars at 100 labels: frozen pretrained ahead of random initialisation
by 0.10 mean AUC with disjoint 95% intervals, and of a frozen random encoder by 0.05.

    bench/quickstart-seeds.py RADTEX [--seeds 0,1,2] [--work FOLDER] > docs/results/quickstart.md

Seeds run one after the other. A quickstart that is finished in the folder is read, not run again. Exits 1 where a bar is missed.
"""
import argparse, datetime, json, os, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("--seeds", default="0,1,2")
parser.add_argument("--work", default=None)
arguments = parser.parse_args()
work = arguments.work or tempfile.mkdtemp(prefix="quickstart-")
bars = {"random initialisation": (0.10, True), "random weights, frozen": (0.05, False)}  # least difference, whether intervals must be disjoint

page, held = [], True
for seed in arguments.seeds.split(","):
    folder = os.path.join(work, f"seed-{seed}")
    results = os.path.join(folder, "results.json")
    if not os.path.exists(results):
        print(f"seed {seed}", file=sys.stderr, flush=True)
        subprocess.run([arguments.radtex, "quickstart", "--seed", seed, "--out", folder], check=True, stdout=sys.stderr, stderr=subprocess.DEVNULL)
    with open(results) as file:
        result = json.load(file)
    examples = [10, 30, 100, 300, None]

    def cell(initialisation, count):
        for row in initialisation["cells"]:
            if row["task"] == "(mean)" and row["examples"] == count:
                return "{mean:.3f} [{lower:.3f}, {upper:.3f}]".format(**row["auc"])
        return "–"

    validation = result["pretraining"]["validation"]
    seconds = sum(stage["seconds"] for stage in result["stage_seconds"])
    page.append(f"\n## Seed {seed}\n\n| labels | {' | '.join('all' if n is None else str(n) for n in examples)} |\n|{' --- |' * 6}")
    page += [f"| {i['name']} | {' | '.join(cell(i, n) for n in examples)} |" for i in result["initialisations"]]
    page.append(f"\nHeld-out loss {validation['loss']:.3f}; with another study's radiograph {validation['shuffled_loss']:.3f}.\n")
    for comparison in result["comparisons"]:
        bar, disjoint = bars.get(comparison["second"], (None, False))
        met = bar is None or (comparison["difference"] >= bar and (comparison["intervals_disjoint"] or not disjoint))
        held &= met
        verdict = "" if bar is None else f" (bar: {bar:.2f}{', disjoint' if disjoint else ''}; {'met' if met else 'MISSED'})"
        page.append(f"- {comparison['first']} against {comparison['second']} at {comparison['examples']} labels: {comparison['difference']:+.3f}, intervals {'disjoint' if comparison['intervals_disjoint'] else 'overlap'}{verdict}")
    page.append(f"\n{seconds // 60:.0f} min {seconds % 60:.0f} s, at most {result['peak_memory_bytes'] / 2**30:.1f} GiB: "
                + "; ".join(f"{stage['stage']} {stage['seconds']:.0f} s" for stage in result["stage_seconds"]) + ".")

print(f"""# The quickstart

`bench/quickstart-seeds.py RADTEX --seeds {arguments.seeds}` on {datetime.date.today()}, {os.cpu_count()} cores. Synthetic radiographs, four findings, five draws of labels; mean AUC over findings
[95% interval over draws]. Preset, difficulty, heads, epochs, optimisers and findings were fixed before these runs (the preset was tuned on phantoms of another seed).""")
print("\n".join(page))
sys.exit(0 if held else 1)
