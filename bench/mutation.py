#!/usr/bin/env python3
"""A room's mutation report as Markdown: the score, and every mutant that no test noticed.
   bench/mutation.py ROOM mutation-report.json...    (of different files of the room)
   bench/mutation.py --again mutation-report.json TESTS OUT: writes the report with mutants of static initialisers that survived tried again, each in a
   process of its own; TESTS is the program of tests with the library that Stryker changed beside it."""
import concurrent.futures
import json
import os
import subprocess
import sys

VARIABLE = "RADTEX_MUTANT"  # Stryker's own: its name is what STRYKER_MUTANT_ID_CONTROL_VAR says


def survives(tests, mutant):
    environment = dict(os.environ)
    if mutant:
        environment |= {"STRYKER_MUTANT_ID_CONTROL_VAR": VARIABLE, VARIABLE: mutant["id"]}
    try:
        return subprocess.run([tests, "-noColor"], env=environment, capture_output=True, timeout=300).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def again(report, tests, out):
    with open(report, encoding="utf-8") as file:
        told = json.load(file)
    if not survives(tests, None):
        sys.exit(f"{tests}: fails without any change. Expected the tests to pass before mutants are tried.")
    static = [m for f in told["files"].values() for m in f["mutants"] if m.get("static") and m["status"] == "Survived"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutant, alive in zip(static, pool.map(lambda m: survives(tests, m), static)):
            if not alive:
                mutant |= {"status": "Killed", "statusReason": "in a process of its own"}
    with open(out + ".partial", "w", encoding="utf-8") as file:
        json.dump(told, file)
    os.replace(out + ".partial", out)


def page(room, paths):
    mutants = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            mutants += [(name, m) for name, f in json.load(file)["files"].items() for m in f["mutants"]]
    count = lambda *states: sum(m["status"] in states for _, m in mutants)
    noticed, missed = count("Killed", "Timeout"), count("Survived", "NoCoverage")
    print(f"| {room} | {noticed + missed} | {noticed} | {count('Survived')} | {count('NoCoverage')} | {100 * noticed / max(1, noticed + missed):.2f} |")
    for name, m in sorted(mutants, key=lambda x: (x[0], x[1]["location"]["start"]["line"])):
        if m["status"] in ("Survived", "NoCoverage"):
            code = " ".join(m.get("replacement", "").split())[:100]
            print(f"  {m['status']} {name.split(room + '/')[-1]}:{m['location']['start']['line']} {m['mutatorName']}: {code}")


if sys.argv[1] == "--again":
    again(*sys.argv[2:])
else:
    page(sys.argv[1], sys.argv[2:])
