#!/usr/bin/env python3
"""Judges Stryker reports by project, and prints them as the tables of docs/mutation.md.

usage: mutation-score.py [--partial] [--markdown] [--survivors] [--anew] REPORT.json ... [--alone REPORT.json ...]
       mutation-score.py --timeouts [--anew] REPORT.json
       mutation-score.py --write-endless REPORT.json ... --alone REPORT.json ...

--partial        the reports cover some files: together they are held to the break threshold, not to the bar of their project, and those
                 that are below what docs/mutation.md has for them are named
--markdown       a table of the files
--survivors      every mutant that no test killed, with its place
--alone          the reports after this word are of mutants that ran out of time before and were tested once more, one at a time and with a
                 limit of many times what the tests need; their verdicts take the place of the earlier ones
--timeouts       prints what Stryker's --mutate needs to test once more the mutants of a report that ran out of time, one file a line
--anew           does not read tests/mutation/endless.txt
--write-endless  writes tests/mutation/endless.txt: the mutants that ran out of time again when they were tested alone

A mutant that ran out of time is what a slow machine makes of one that no test notices. So it counts as killed only when it ran out of time
again alone (an endless loop: named in tests/mutation/endless.txt, so that a bounded run need not wait for it again), and as a survivor
otherwise.
"""
import collections
import json
import pathlib
import re
import sys

BARS = {'Hpack.Pure': 95.0, 'Http2.Pure': 90.0}
# For some files, which differ from the whole: below this the tests have lost something.
BREAK = 85.0
# 'Endless' is no status of Stryker's: out of time once more, alone and with the long limit.
KILLED = ('Killed', 'Endless')
ALIVE = ('Survived', 'NoCoverage', 'Timeout')
ENDLESS = pathlib.Path(__file__).resolve().parents[1] / 'tests/mutation/endless.txt'
PUBLISHED = pathlib.Path(__file__).resolve().parents[1] / 'docs/mutation.md'
# what a mutant more or less, or a busy machine, makes of a file
TOLERANCE = 3.0


def place(mutant, source):
    """What a mutant changes into what: the same in two runs, and after changes elsewhere in the file."""
    start, end = mutant['location']['start'], mutant['location']['end']
    lines = source[start['line'] - 1:end['line']]
    lines[-1] = lines[-1][:end['column'] - 1]
    lines[0] = lines[0][start['column'] - 1:]
    return ' '.join(' '.join(lines).split()) + ' => ' + ' '.join(mutant.get('replacement', '').split())


def known_endless(anew):
    """{(file of a project, what is changed into what)} of tests/mutation/endless.txt."""
    lines = ENDLESS.read_text(encoding='utf-8').splitlines() if ENDLESS.exists() and not anew else []
    return {tuple(line.split(': ', 1)) for line in lines if line and not line.startswith('#')}


def judge_timeouts(files, alone, known):
    """Puts the verdicts of the mutants that were tested alone in the place of 'Timeout'."""
    again = {(key, where(m)): m['status'] for key, (mutants, _) in alone.items() for m in mutants}
    for key, (mutants, source) in files.items():
        for mutant in mutants:
            if mutant['status'] != 'Timeout':
                continue
            verdict = again.get((key, where(mutant)))
            if verdict == 'Timeout' or verdict is None and ('/'.join(key), place(mutant, source)) in known:
                mutant['status'] = 'Endless'
            elif verdict in ('Killed', 'Survived'):
                mutant['status'] = verdict


def where(mutant):
    start, end = mutant['location']['start'], mutant['location']['end']
    return start['line'], start['column'], end['line'], end['column'], mutant['mutatorName'], mutant.get('replacement', '')


def spans(files, known):
    """One line for each file: a pattern that takes the mutants that ran out of time and are not known to be endless."""
    for (project, file), (mutants, source) in sorted(files.items()):
        begins = [0]
        for line in source:
            begins.append(begins[-1] + len(line) + 1)
        found = {(begins[m['location']['start']['line'] - 1] + m['location']['start']['column'] - 1,
                  begins[m['location']['end']['line'] - 1] + m['location']['end']['column'] - 1)
                 for m in mutants if m['status'] == 'Timeout' and (f'{project}/{file}', place(m, source)) not in known}
        if found:
            yield f'**/{project}/{file}' + ''.join(f'{{{a}..{b}}}' for a, b in sorted(found))


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
                    judged = found & set(KILLED + ALIVE if 'Pending' not in found else ('Killed', 'Timeout', 'Survived'))
                    if f'{project}/' in name and judged:
                        files[(project, name.split(f'{project}/', 1)[1])] = (content['mutants'], content['source'].split('\n'))
    return files


def score(counts, killed=KILLED, alive=ALIVE):
    killed, alive = sum(counts[s] for s in killed), sum(counts[s] for s in alive)
    return 100.0 * killed / (killed + alive) if killed + alive else None


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
    print('\n| File | Score | Killed | Endless | Out of time once | Survived | No test | Not judged |\n|---|---|---|---|---|---|---|---|')
    for file, counts in rows:
        cells = (counts[status] for status in ('Killed', 'Endless', 'Timeout', 'Survived', 'NoCoverage', 'Pending'))
        print(f"| {file} | {score(counts):.1f} % | {' | '.join(map(str, cells))} |")
    print()


def survivors(file, mutants, source):
    for mutant in mutants:
        if mutant['status'] in ALIVE:
            start, end = mutant['location']['start'], mutant['location']['end']
            line = source[start['line'] - 1]
            before = line[start['column'] - 1:end['column'] - 1 if end['line'] == start['line'] else None]
            after = ' '.join(mutant.get('replacement', '').split())[:100]
            no_test = ' (no test)' if mutant['status'] == 'NoCoverage' else ''
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


def write_endless(files):
    lines = sorted({f"{project}/{file}: {place(m, source)}"
                    for (project, file), (mutants, source) in files.items() for m in mutants if m['status'] == 'Endless'})
    ENDLESS.write_text('# Mutants that never end: each ran out of time again when it was tested alone with the long limit. Written by\n'
                       '# `ENDLESS=write .ci/mutation all`; a line whose code has changed matches nothing, and its mutant is tested alone again.\n'
                       + ''.join(line + '\n' for line in lines), encoding='utf-8')


def main(arguments):
    split = arguments.index('--alone') if '--alone' in arguments else len(arguments)
    files = load([a for a in arguments[:split] if not a.startswith('--')])
    known = known_endless('--anew' in arguments or '--write-endless' in arguments)
    if '--timeouts' in arguments:
        print(*spans(files, known), sep='\n', end='\n' if files else '')
        return 0
    judge_timeouts(files, load(a for a in arguments[split:] if not a.startswith('--')), known)
    if '--write-endless' in arguments:
        write_endless(files)
        return 0
    wrong = [] if files else ['no mutants were tested']
    for project, bar in BARS.items():
        mine = [(file, mutants, source) for (owner, file), (mutants, source) in sorted(files.items()) if owner == project]
        rows = [(file, collections.Counter(m['status'] for m in mutants)) for file, mutants, _ in mine]
        if not rows:
            continue
        counts = sum((c for _, c in rows), collections.Counter())
        rest = f", {counts['Pending']} not judged" if counts['Pending'] else ''
        as_stryker = score(counts, (*KILLED, 'Timeout'), ('Survived', 'NoCoverage'))
        by_tests = score(counts, ('Killed',), (*ALIVE, 'Endless'))
        print(f"### {project}: {score(counts):.2f} % ({counts['Killed']} killed, {counts['Endless']} endless, {counts['Timeout']} out of time "
              f"once, {counts['Survived']} survived, {counts['NoCoverage']} without a test{rest}; bar {bar:.0f} %; "
              f"{by_tests:.2f} % by failing tests alone, {as_stryker:.2f} % if each time-out counted)")
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
