#!/usr/bin/env python3
"""Every benchmark in one go, a JSON line a case: what was run, what it gave, beside whom.

    bench/suite.py RADTEX [--cases start-up,loading,...] [--rounds 3] > docs/results/suite.jsonl

Cases: start-up, preparing, loading, captioning (with the encoder's step), captioning-mimic, decoding, ratios (to torch's kernels), sweep, ranks. A figure is {"case", "figure", "value", "unit", "beside"?,
"command"}; the first line tells the machine and the commit. Takes about half an hour; each case is the benchmark of its own name, whose head says what it measures and needs.
Inference and JPEG decoding need files that are not ours: bench/inference.sh, bench/decode-speed.sh.
"""
import argparse, json, os, re, statistics, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("radtex")
parser.add_argument("--cases", default="start-up,preparing,loading,captioning,captioning-mimic,decoding,ratios,sweep,ranks")
parser.add_argument("--rounds", type=int, default=3)
arguments = parser.parse_args()
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
radtex = os.path.abspath(arguments.radtex)
# The allocator that radtex gives itself; benchmarks that use the library, and their peers, need it set.
environment = os.environ | {"MALLOC_TRIM_THRESHOLD_": "17179869184", "MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_MAX_": "0", "MALLOC_TOP_PAD_": "16777216"}


def run(*words, env=None):
    result = subprocess.run(words, capture_output=True, text=True, cwd=root, env=env)
    if result.returncode not in (0, 1):  # 1: a bar was missed, which the figures tell
        sys.exit(f"{' '.join(words)}: {result.stderr[-2000:]}")
    return result.stdout


def program(name, *words):
    run("dotnet", "build", "-c", "Release", "-v", "q", f"bench/{name}.cs")
    return run("dotnet", "run", "--no-build", "-c", "Release", f"bench/{name}.cs", "--", *words, env=environment)


def tell(case, figure, value, unit, command, beside=None):
    print(json.dumps({"case": case, "figure": figure, "value": value, "unit": unit, **({"beside": beside} if beside else {}), "command": command}), flush=True)


def number(text):
    return float(text.replace(",", "").strip("* "))


def rows(text):
    return [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in text.splitlines() if line.startswith("|") and "---" not in line]


def synthetic(folder, count):
    subprocess.run([radtex, "phantoms", "--count", str(count), "--size", "256", "--seed", "5", "--out", f"{folder}/phantoms"], check=True, capture_output=True)
    start = time.time()
    subprocess.run([radtex, "prepare", "mimic-cxr-jpg", f"{folder}/phantoms", "--out", f"{folder}/dataset"], check=True, capture_output=True)
    return count / (time.time() - start)


def start_up():
    def once():
        start = time.time()
        subprocess.run([radtex, "--help"], check=True, capture_output=True)
        return time.time() - start
    tell("start-up", "median of ten", round(statistics.median(once() for _ in range(10)), 3), "s", "radtex --help")


def preparing(folder):
    tell("preparing", "2,000 synthetic JPEGs of 256 px with reports", round(synthetic(folder, 2000)), "images/s", "radtex prepare mimic-cxr-jpg")


def loading(folder):
    if not os.path.exists(f"{folder}/dataset"):
        synthetic(folder, 2000)
    for interpolation, threads, rate in rows(program("loading", f"{folder}/dataset", "--rounds", str(arguments.rounds)))[1:]:
        tell("loading", f"{interpolation}, threads: {threads}", number(rate), "images/s", "bench/loading.cs DATASET")


def captioning(case, lengths):
    command = f"bench/captioning.cs --lengths {lengths} --rounds {arguments.rounds}"
    text = program("captioning", "--lengths", lengths, "--rounds", str(arguments.rounds))
    for step, _, rate, times, *_ in rows(text)[1:]:
        tell(case, step, number(rate), "images/s", command)
        if times:
            tell(case, "radtex bf16", number(times), "times", command, beside=step)
    tell(case, "most memory", number(re.search(r"process: ([\d.]+) GiB", text)[1]), "GiB", command)
    peak = re.search(r"Encoder alone.*?: ([\d.]+) images/s.*matmul of 4096: (\d+) GFLOP/s; part of that peak \*\*([\d.]+)\*\*", text)
    tell("encoder step", "forward and backward", number(peak[1]), "images/s", command)
    tell("encoder step", "radtex bf16", number(peak[3]), "of the peak", command, beside=f"bfloat16 product of 4096 at {peak[2]} GFLOP/s")


def explicit(name):
    tests = os.path.join(root, "tests/RadTex.Learning.Tests/bin/Release/net10.0/linux-x64/RadTex.Learning.Tests")
    return run(tests, "-class", f"RadTex.Learning.Tests.{name}", "-explicit", "only", "-showLiveOutput")


def ratios():
    for what, times in re.findall(r"(\w[^:\n]*): [\d.]+ ms / [\d.]+ ms = ([\d.]+)", explicit("Kernels.SpeedRatioTests")):
        tell("ratios", what, number(times), "times", "RadTex.Learning.Tests -class RadTex.Learning.Tests.Kernels.SpeedRatioTests -explicit only", beside="torch's kernels, one thread")


def decoding():
    text = explicit("Models.DecodingSpeedTests")
    for batch, times in re.findall(r"batch (\d+), .* s, ([\d.]+) times", text):
        tell("decoding", f"batch {batch}, 170 tokens, 5 beams", number(times), "times", "RadTex.Learning.Tests -class RadTex.Learning.Tests.Models.DecodingSpeedTests -explicit only", beside="uncached search")


def sweep():
    text = run(sys.executable, "bench/sweep-sharing.py", radtex)
    tell("frozen sweep", "one call for all cells", number(re.search(r"ratio\*\* \| \*\*([\d.]+)", text)[1]), "times", "bench/sweep-sharing.py RADTEX", beside="a call a cell")


def ranks():
    text = run(sys.executable, "bench/ranks.py", radtex, "--steps", "8", "--rounds", str(arguments.rounds))
    for name, value in rows(text)[1:]:
        tell("two ranks", name.strip("* "), number(value.split("(")[0]), "" if "part" in name else "radiographs/s", "bench/ranks.py RADTEX --steps 8")


with open("/proc/cpuinfo") as file:
    cpu = re.search(r"cpu family\s*: (\d+)\nmodel\s*: (\d+)\nmodel name\s*: (.*)", file.read())
commit = run("git", "rev-parse", "--short", "HEAD").strip()
print(json.dumps({"machine": f"{cpu[3]} (family {cpu[1]}, model {cpu[2]}), {os.cpu_count()} cores", "commit": commit, "date": time.strftime("%Y-%m-%d")}), flush=True)
with tempfile.TemporaryDirectory(prefix="suite-") as folder:
    for case in arguments.cases.split(","):
        print(case, file=sys.stderr, flush=True)
        {"start-up": start_up, "preparing": lambda: preparing(folder), "loading": lambda: loading(folder), "captioning": lambda: captioning(case, "open-i"),
         "captioning-mimic": lambda: captioning(case, "mimic"), "decoding": decoding, "ratios": ratios, "sweep": sweep, "ranks": ranks}[case]()
