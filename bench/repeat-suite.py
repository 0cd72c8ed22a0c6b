#!/usr/bin/env python3
"""The whole test suite, again and again, with busy loops beside it: what passes by luck fails here.

    bench/repeat-suite.py [--runs 5] [--loops 2] [--state /tmp/repeat-suite.jsonl] > docs/results/repeat-suite.md

Builds first, then runs the tests' programs, one after the other, with as many busy loops as said beside them. Each finished run is a line of the state file: stopped and started anew, it goes on
with the runs that are missing. A run is kept with the commit it was made of, and with the processors that everything else kept busy meanwhile, the loops among
them: all processor time of /proc/stat less that of the tests and of what they started and waited for. Some 35 minutes a run on two cores. Ends with 1 where a run failed.
"""
import argparse, glob, json, os, re, resource, subprocess, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--loops", type=int, default=2)
parser.add_argument("--state", default="/tmp/repeat-suite.jsonl")
arguments = parser.parse_args()
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def done():
    if not os.path.exists(arguments.state):
        return []
    with open(arguments.state) as file:
        return [json.loads(line) for line in file]


def programs():
    folders = sorted(glob.glob(os.path.join(root, "tests/*.Tests")))
    return [path for name in map(os.path.basename, folders) for path in glob.glob(os.path.join(root, f"tests/{name}/bin/Release/net10.0/**/{name}"), recursive=True)]


def busy_seconds():
    """Processor seconds of the whole machine since its start, without idling and waiting."""
    with open("/proc/stat") as file:
        user, nice, system, idle, wait, *interrupts = map(int, file.readline().split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(commit):
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(arguments.loops)]
    start, machine, own = time.time(), busy_seconds(), children_seconds()
    try:
        results = [subprocess.run([program, "-noColor"], capture_output=True, text=True, cwd=root) for program in programs()]
        seconds, others = time.time() - start, busy_seconds() - machine - (children_seconds() - own)
    finally:
        for loop in busy:
            loop.kill()
            loop.wait()
    output = "".join(result.stdout for result in results)
    counts = re.findall(r"Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+)", output)
    total, errors, failed, skipped = (sum(map(int, column)) for column in zip(*counts, strict=True))
    return {"commit": commit, "loops": arguments.loops, "minutes": round(seconds / 60, 1), "others": round(others / seconds, 2), "total": total, "failed": failed + errors, "skipped": skipped,
            "failures": re.findall(r"^\s*(\S.*) \[FAIL\]", output, re.M), "exit": max(result.returncode for result in results)}


subprocess.run(["dotnet", "build", "-c", "Release", "-v", "q"], check=True, cwd=root, stdout=sys.stderr)
commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=root, check=True).stdout.strip()
while len(done()) < arguments.runs:
    line = run(commit)
    with open(arguments.state, "a") as file:
        file.write(json.dumps(line) + "\n")
    print(line, file=sys.stderr, flush=True)

runs = done()[:arguments.runs]
print(f"# The suite {len(runs)} times, with busy loops beside it\n\n`bench/repeat-suite.py --runs {arguments.runs} --loops {arguments.loops}` on {os.cpu_count()} cores. *Others* are the processors that everything but the tests kept busy on average, the loops among it.\n")
print("| run | commit | loops | minutes | others | tests | failed | skipped |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
for number, line in enumerate(runs, 1):
    print(f"| {number} | {line['commit']} | {line['loops']} | {line['minutes']} | {line['others']} | {line['total']} | {line['failed']} | {line['skipped']} |")
failures = [f"run {n}: {name}" for n, line in enumerate(runs, 1) for name in line["failures"]]
print("\nFailures: " + ("none." if not any(line["failed"] or line["exit"] for line in runs) else "; ".join(failures) or "see the exit codes."))
sys.exit(1 if any(line["failed"] or line["exit"] for line in runs) else 0)
