#!/usr/bin/env python3
"""Judges Stryker reports by project, and prints them as the tables of docs/mutation.md.

usage: mutation-score.py [--partial] [--markdown] [--survivors] REPORT.json ...

--partial    the reports cover some files: together they are held to the break threshold, not to the bar of their project, and those that
             are below what docs/mutation.md has for them are named
--markdown   a table of the files
--survivors  every mutant that no test killed, with its place
"""
import collections
import json
import pathlib
import re
import sys

BARS = {'Hpack.Pure': 95.0, 'Http2.Pure': 90.0}
# For some files, which differ from the whole: below this the tests have lost something.
BREAK = 85.0
KILLED = ('Killed',)
# tests/mutation/EndlessMutants.cs makes a failed test of what never ends; a time-out is only what Stryker's clock makes of a slow machine
ALIVE = ('Survived', 'NoCoverage', 'Timeout')
PUBLISHED = pathlib.Path(__file__).resolve().parents[1] / 'docs/mutation.md'
# what a mutant more or less, or a busy machine, makes of a file
TOLERANCE = 3.0


def load(paths):
    """{(project, file): (mutants, source)}, the later report winning where two have the same file."""
    files = {}
    for path in paths:
        with open(path, encoding='utf-8') as report:
            for name, content in json.load(report)['files'].items():
                name = name.replace('\\', '/')
                for project in BARS:
                    found = {m['status'] for m in content['mutants']}
                    # a file of which nothing was judged before the run ended says nothing, not even by the mutants without a test
                    judged = found & set(KILLED + ALIVE if 'Pending' not in found else (*KILLED, 'Survived', 'Timeout'))
                    if f'{project}/' in name and judged:
                        files[(project, name.split(f'{project}/', 1)[1])] = (content['mutants'], content['source'].split('\n'))
    return files


def score(counts, killed=KILLED):
    judged = sum(counts[s] for s in KILLED + ALIVE)
    return 100.0 * sum(counts[s] for s in killed) / judged if judged else None


def published():
    """{(project, file): score} of the tables in docs/mutation.md."""
    found, project = {}, None
    for line in PUBLISHED.read_text(encoding='utf-8').splitlines() if PUBLISHED.exists() else []:
        heading = re.match(r'### ([A-Za-z0-9.]+):', line)
        row = re.match(r'\| ([\w/.]+\.cs) \| ([\d.]+) % \|', line)
        if heading:
            project = heading.group(1)
        elif row:
            found[(project, row.group(1))] = float(row.group(2))
    return found


def table(rows):
    print('\n| File | Score | Killed | Time-outs | Survived | No test | Not judged |\n|---|---|---|---|---|---|---|')
    for file, counts in rows:
        cells = (counts[status] for status in ('Killed', 'Timeout', 'Survived', 'NoCoverage', 'Pending'))
        print(f"| {file} | {score(counts):.1f} % | {' | '.join(map(str, cells))} |")
    print()


def survivors(file, mutants, source):
    for mutant in mutants:
        if mutant['status'] in ALIVE:
            start, end = mutant['location']['start'], mutant['location']['end']
            line = source[start['line'] - 1]
            before = line[start['column'] - 1:end['column'] - 1 if end['line'] == start['line'] else None]
            after = ' '.join(mutant.get('replacement', '').split())[:100]
            no_test = {'NoCoverage': ' (no test)', 'Timeout': ' (timed out)'}.get(mutant['status'], '')
            print(f"* {file}:{start['line']} {mutant['mutatorName']}: `{before}` as `{after}`{no_test}")


def judge(project, rows, partial):
    """What is wrong with the scores, in words."""
    counts = sum((c for _, c in rows), collections.Counter())
    if not any(counts[s] for s in KILLED):
        yield f'{project}: no mutant was killed: the tests did not run, or see nothing'
    if not partial and counts['Pending']:
        yield f"{project}: {counts['Pending']} mutants were not judged"
    if not partial and score(counts) < BARS[project]:
        yield f'{project}: below the bar of {BARS[project]:.0f} %'
    if partial and score(counts) < BREAK:
        yield f'{project}: below the break threshold of {BREAK:.0f} %'


def fallen(project, rows):
    """The files that are below their published score, in words."""
    known = published()
    for file, here in rows:
        wanted = known.get((project, file))
        if wanted is not None and score(here) is not None and score(here) < wanted - TOLERANCE:
            yield f'{project}/{file}: {score(here):.1f} %, and docs/mutation.md says {wanted:.1f} %'


def main(arguments):
    files = load([a for a in arguments if not a.startswith('--')])
    wrong = [] if files else ['no mutants were tested']
    for project, bar in BARS.items():
        mine = [(file, mutants, source) for (owner, file), (mutants, source) in sorted(files.items()) if owner == project]
        rows = [(file, collections.Counter(m['status'] for m in mutants)) for file, mutants, _ in mine]
        if not rows:
            continue
        counts = sum((c for _, c in rows), collections.Counter())
        rest = f", {counts['Pending']} not judged" if counts['Pending'] else ''
        print(f"### {project}: {score(counts):.2f} % ({counts['Killed']} killed, {counts['Timeout']} timed out, "
              f"{counts['Survived']} survived, {counts['NoCoverage']} without a test{rest}; bar {bar:.0f} %; "
              f"{score(counts, (*KILLED, 'Timeout')):.2f} % with the time-outs)")
        if '--markdown' in arguments:
            table(rows)
        if '--survivors' in arguments:
            for file, mutants, source in mine:
                survivors(file, mutants, source)
            print()
        wrong += judge(project, rows, '--partial' in arguments)
        for line in fallen(project, rows):
            print(f'note: {line}')
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
