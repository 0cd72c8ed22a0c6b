#!/usr/bin/env python3
"""Kills a small pretraining with SIGKILL at random times, goes on each time, and compares with the unbroken run.

    dotnet build -c Release && bench/kill-pretrain.py [--kills 20] [--seed 1] [--objective captioning] [--work FOLDER] > docs/results/kill-pretrain.md

Writes a page to standard output; what happens goes to standard error. Exits 1 where the weights or the log differ.
A checkpoint is due after every update, so that many kills fall into the writing of one; the page counts them.
"""
import argparse, json, os, random, shutil, signal, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("--kills", type=int, default=20)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--objective", default="captioning", choices=["captioning", "contrastive", "masked-words", "labels"])
parser.add_argument("--work", default=None)
parser.add_argument("--radtex", default=os.path.join(os.path.dirname(__file__), "../src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex"))
arguments = parser.parse_args()
radtex = os.path.abspath(arguments.radtex)
work = arguments.work or tempfile.mkdtemp(prefix="kill-pretrain-")
random.seed(arguments.seed)
objective = [] if arguments.objective == "captioning" else ["--set", f"objective.name={arguments.objective}"]
shown = ["--preset", "phantom", "--set", "training.batch_size=8", "--set", "log.checkpoint_every_steps=1", "--set", "log.every_steps=1",
         "--max-steps", "60", "--threads", "1", *objective]


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(*command):
    subprocess.run([radtex, *command], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def pretrain(folder):
    return [radtex, "pretrain", os.path.join(work, "dataset"), "--out", os.path.join(work, folder), *shown]


def result(folder):
    with open(os.path.join(work, folder, "result.json")) as file:
        return json.load(file)


def held_out(folder):
    found = result(folder)["validation"]
    return repr(found["loss"]) if "loss" in found else ", ".join(f"{name} {value!r}" for name, value in found.items()) or "none"


def log(folder):
    """The log without what depends on the clock or on memory."""
    lines = []
    with open(os.path.join(work, folder, "log.jsonl")) as file:
        for line in map(json.loads, file):
            for key in ("images_per_second", "tokens_per_second", "rss_mib", "live_tensors", "loader_stall", "exchange", "elapsed_seconds", "time"):
                line.pop(key, None)
            lines.append(line)
    return lines


say(f"in {work}")
run("phantoms", "--count", "120", "--size", "96", "--report-style", "systematic", "--seed", "1", "--out", os.path.join(work, "phantoms"))
run("prepare", "mimic-cxr-jpg", os.path.join(work, "phantoms"), "--short-side", "96", "--out", os.path.join(work, "dataset"))
shutil.rmtree(os.path.join(work, "whole"), ignore_errors=True)
shutil.rmtree(os.path.join(work, "broken"), ignore_errors=True)
start = time.time()
subprocess.run(pretrain("whole"), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
unbroken_seconds = time.time() - start
say(f"unbroken: {unbroken_seconds:.1f} s, {result('whole')['weights_sha256']}")

checkpoints = os.path.join(work, "broken", "checkpoints")
kills, in_checkpoint, completed_early = 0, 0, 0
while kills < arguments.kills:
    process = subprocess.Popen(pretrain("broken"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    # From before the first line of work to somewhat into the training; progress must be possible between two kills.
    deadline = time.time() + random.uniform(0.2, 0.35) * unbroken_seconds if kills % 4 else time.time() + random.uniform(0.05, 2)
    wants_checkpoint = kills % 2 == 1  # every other kill waits for a checkpoint that is being written
    while process.poll() is None and time.time() < deadline:
        time.sleep(0.002)
    while wants_checkpoint and process.poll() is None and time.time() < deadline + 20:
        if os.path.isdir(checkpoints) and any(name.endswith(".partial") for name in os.listdir(checkpoints)):
            break
    if process.poll() is not None:
        completed_early += 1
        say(f"complete before kill {kills + 1}: starting over")
        if result("broken")["weights_sha256"] != result("whole")["weights_sha256"]:
            sys.exit("the weights differ")
        shutil.rmtree(os.path.join(work, "broken"))
        continue
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kills += 1
    left = [name for name in os.listdir(checkpoints) if name.endswith(".partial")] if os.path.isdir(checkpoints) else []
    in_checkpoint += bool(left)
    whole = sorted(name for name in os.listdir(checkpoints) if not name.endswith(".partial")) if os.path.isdir(checkpoints) else []
    say(f"kill {kills}: last whole checkpoint {whole[-1] if whole else 'none'}{', in the middle of ' + left[0] if left else ''}")
subprocess.run(pretrain("broken"), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

same_weights = result("whole")["weights_sha256"] == result("broken")["weights_sha256"]
same_validation = result("whole")["validation"] == result("broken")["validation"]
same_log = log("whole") == log("broken")
print(f"""# kill -9 during pretraining

`bench/kill-pretrain.py --kills {arguments.kills} --seed {arguments.seed}{f' --objective {arguments.objective}' if objective else ''}` ran

    radtex pretrain DATASET {' '.join(shown)}

on 120 synthetic radiographs, once unbroken ({unbroken_seconds:.0f} s), and once killed with SIGKILL {kills} times, {in_checkpoint} of them
while a checkpoint was being written, and started again each time with the same command{f' (it was complete before a kill {completed_early} times and was started over)' if completed_early else ''}.

| | unbroken | killed {kills} times |
| --- | --- | --- |
| weights SHA-256 | {result('whole')['weights_sha256']} | {result('broken')['weights_sha256']} |
| held-out {'loss' if 'loss' in result('whole')['validation'] else 'figures'} | {held_out('whole')} | {held_out('broken')} |
| lines of the log | {len(log('whole'))} | {len(log('broken'))} |

Weights {'equal' if same_weights else 'DIFFER'}; validation {'equal' if same_validation else 'DIFFERS'}; log, figures of the clock and of memory left out, {'equal' if same_log else 'DIFFERS'}.""")
sys.exit(0 if same_weights and same_validation and same_log else 1)
