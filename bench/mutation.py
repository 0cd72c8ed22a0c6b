#!/usr/bin/env python3
"""A room's mutation report as Markdown: the score, and every mutant that no test noticed.
   bench/mutation.py ROOM mutation-report.json...    (of different files of the room)"""
import json
import sys

room, *paths = sys.argv[1:]
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
