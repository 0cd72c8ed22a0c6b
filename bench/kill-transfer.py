#!/usr/bin/env python3
"""Kills frozen and fine-tuning transfers with SIGKILL at random times, goes on each time, and compares with the unbroken run.

    dotnet build -c Release && bench/kill-transfer.py [--kills 10] [--seed 1] [--work FOLDER] > docs/results/kill-transfer.md

--kills is for each of the two modes. Writes a page to standard output; what happens goes to standard error. Exits 1 where a file
differs. Every other kill waits until a file is being written (a *.partial exists), so that many fall into a write.
"""
import argparse, hashlib, os, random, shutil, signal, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("--kills", type=int, default=10)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--work", default=None)
parser.add_argument("--radtex", default=os.path.join(os.path.dirname(__file__), "../src/RadTex.Cli/bin/Release/net10.0/linux-x64/radtex"))
arguments = parser.parse_args()
radtex = os.path.abspath(arguments.radtex)
work = arguments.work or tempfile.mkdtemp(prefix="kill-transfer-")
random.seed(arguments.seed)
environment = dict(os.environ, OMP_NUM_THREADS="1", TORCH_CPP_LOG_LEVEL="ERROR")
modes = {
    "frozen": ["--labels", "Edema,Cardiomegaly", "--examples", "10,30", "--trials", "3", "--views", "3", "--batch-size", "4"],
    "fine-tune": ["--labels", "Edema", "--examples", "10,30", "--trials", "2", "--epochs", "8", "--train-batch", "10", "--choose", "sgd:0.02,adamw:0.001",
                  "--checkpoint-every", "40"],
}
compared = ["metrics.json", "predictions.parquet", "heads.json", "heads.safetensors"]


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(*command):
    subprocess.run([radtex, *command], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)


def transfer(mode, folder):
    return [radtex, "transfer", "random:resnet18:16", os.path.join(work, "dataset"), "--mode", mode, "--out", os.path.join(work, folder), "--precision", "fp32", *modes[mode]]


def partial(folder):
    """Names of files and folders that are being written."""
    return [name for _, folders, files in os.walk(os.path.join(work, folder)) for name in folders + files if name.endswith(".partial")]


def hashes(folder):
    found = {}
    for name in compared:
        path = os.path.join(work, folder, name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


say(f"in {work}")
run("phantoms", "--count", "160", "--size", "64", "--report-style", "systematic", "--seed", "1", "--out", os.path.join(work, "phantoms"))
run("prepare", "mimic-cxr-jpg", os.path.join(work, "phantoms"), "--short-side", "64", "--labels", "none",
    "--extra-labels", os.path.join(work, "phantoms", "phantom-truth.csv.gz"), "--out", os.path.join(work, "dataset"))
page, same = [], True
for mode in modes:
    whole, broken = f"{mode}-whole", f"{mode}-broken"
    for folder in (whole, broken):
        shutil.rmtree(os.path.join(work, folder), ignore_errors=True)
    start = time.time()
    subprocess.run(transfer(mode, whole), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    seconds = time.time() - start
    say(f"{mode}, unbroken: {seconds:.1f} s")
    kills, in_write, restarts = 0, 0, 0
    while kills < arguments.kills:
        process = subprocess.Popen(transfer(mode, broken), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        deadline = time.time() + random.uniform(0.05, 0.5) * seconds
        while process.poll() is None and time.time() < deadline:
            time.sleep(0.002)
        limit = time.time() + seconds
        while kills % 2 and process.poll() is None and time.time() < limit and not partial(broken):
            pass
        if process.poll() is not None:
            restarts += 1
            if hashes(broken) != hashes(whole):
                sys.exit(f"{mode}: a complete run's files differ")
            shutil.rmtree(os.path.join(work, broken))
            continue
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        left = partial(broken)
        in_write += bool(left)
        say(f"{mode}, kill {kills}{': in the middle of ' + left[0] if left else ''}")
    subprocess.run(transfer(mode, broken), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    equal = hashes(broken) == hashes(whole)
    same &= equal
    page.append(f"""## {mode}
    radtex transfer random:resnet18:16 DATASET --mode {mode} --precision fp32 {' '.join(modes[mode])}

Unbroken {seconds:.0f} s. Killed {kills} times, {in_write} of them while a file was being written{f'; it was complete before a kill {restarts} times and was started over' if restarts else ''}.

| file | unbroken, SHA-256 | killed {kills} times |
| --- | --- | --- |
""" + "\n".join(f"| {name} | {value} | {'the same' if hashes(broken).get(name) == value else hashes(broken).get(name)} |" for name, value in hashes(whole).items())
        + f"\n\nFiles {'equal' if equal else 'DIFFER'}.\n")
print(f"""# kill -9 during transfer

`bench/kill-transfer.py --kills {arguments.kills} --seed {arguments.seed}` on 160 synthetic radiographs of 64 px, one thread: once unbroken, and once killed with
SIGKILL and started again each time with the same command.
""")
print("\n".join(page).rstrip())
sys.exit(0 if same else 1)
