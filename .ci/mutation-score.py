#!/usr/bin/env python3
"""Judges a Stryker report by project, and prints it as the tables of docs/mutation.md.

usage: mutation-score.py REPORT.json [REPORT.json ...] [--markdown]
"""
import collections
import json
import sys

BARS = {"Hpack.Pure": 95.0, "Http2.Pure": 90.0}
KILLED = ("Killed", "Timeout")
ALIVE = ("Survived", "NoCoverage")


def load(paths):
    """(project, file, mutant) of every mutant, the later report winning where two have the same file."""
    files = {}
    for path in paths:
        with open(path, encoding="utf-8") as report:
            for name, content in json.load(report)["files"].items():
                name = name.replace("\\", "/")
                for project in BARS:
                    if f"{project}/" in name and any(m["status"] in KILLED + ALIVE for m in content["mutants"]):
                        files[(project, name.split(f"{project}/", 1)[1])] = content["mutants"]
    return files


def score(counts):
    killed, alive = sum(counts[s] for s in KILLED), sum(counts[s] for s in ALIVE)
    return 100.0 * killed / (killed + alive) if killed + alive else None


def main(arguments):
    markdown = "--markdown" in arguments
    files = load([a for a in arguments if not a.startswith("--")])
    failed = False
    for project, bar in BARS.items():
        counts = collections.Counter()
        rows = []
        for (owner, file), mutants in sorted(files.items()):
            if owner != project:
                continue
            here = collections.Counter(m["status"] for m in mutants)
            counts += here
            rows.append((file, here))
        if not rows:
            continue
        total = score(counts)
        killed = sum(counts[s] for s in KILLED)
        line = (f"{project}: {total:.2f} % ({killed} killed, {counts['Survived']} survived, "
                f"{counts['NoCoverage']} without a test, {counts['Ignored']} set aside; bar {bar:.0f} %)")
        print(("### " if markdown else "") + line)
        if markdown:
            print("\n| File | Score | Killed | Survived | No test |\n|---|---|---|---|---|")
            for file, here in rows:
                percent = score(here)
                print(f"| {file} | {'–' if percent is None else f'{percent:.1f} %'} | {sum(here[s] for s in KILLED)} "
                      f"| {here['Survived']} | {here['NoCoverage']} |")
            print()
        if killed == 0:
            print(f"{project}: no mutant was killed: the tests did not run, or see nothing", file=sys.stderr)
            failed = True
        if total < bar:
            print(f"{project}: below the bar", file=sys.stderr)
            failed = True
    if not files:
        print("no mutants were tested", file=sys.stderr)
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
