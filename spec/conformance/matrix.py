"""Puts the verdicts of run-peers into Markdown."""
import collections
import datetime
import re
import shutil
import subprocess

from disagreements import REASONS

NAMES = {'ours': 'Http2Spec', 'kestrel': 'Kestrel', 'go': 'Go net/http2'}

GROUPS = {
    'generic': 'what every server takes (h2spec)', 'http2': 'RFC 9113 (h2spec)', 'hpack': 'RFC 7541 (h2spec)', 'fields': 'field names and values',
    'requests': 'pseudo-fields, CONNECT', 'messages': 'bodies, trailers, responses', 'frames': 'lengths, padding, order',
    'streams': 'states, identifiers, limits', 'settings': 'SETTINGS and PING', 'flow': 'flow control', 'compression': 'header compression',
    'priority': 'RFC 9218', 'websocket': 'RFC 8441', 'push': 'server push', 'tls': 'TLS', 'shutdown': 'ending connections',
    'abuse': 'floods, bombs, slowness',
}

INTRODUCTION = """# Conformance

`http2 spec HOST:PORT` judges any HTTP/2 server by {total} cases: the {shared} of h2spec under the same identifiers, and {beyond} for rules
that h2spec never tests. `http2 spec --list` prints them; [conformance-coverage.md](conformance-coverage.md) says which MUST of the RFCs has
which cases. This page is written by `spec/conformance/run-peers`; do not edit it.

A case passes, fails, or is skipped where it does not apply: a server that pushes nothing cannot push wrongly. The tables give *passed/judged*,
skipped cases apart. Peers run as their packages install them, without tuning; another configuration may do better.

The abuse group floods and starves the server. Each of its cases stands between the same gates:

* **memory**: the server's resident memory rises by at most 8 MiB above its top under ordinary requests, and is within 5 MiB of it again
  10 s after the attacker has gone;
* **others**: a client that opens a connection and asks every 20 ms is always answered, its 99th percentile within 50 ms or three times what
  it is on the unloaded server, whichever is more;
* **the end**: where the attack is to be ended, strictly, GOAWAY brings the right code;
* **work**: frames that may be ignored cost at most 0.5 CPU seconds a million;
* **leftovers**: a second after the attacker has gone, streams, handlers, buffers and timers are what they were before. Only a server that
  tells what it holds (`--resource load=PATH`; `http2 serve` has `/load`) can be judged by that.

Limits that the RFCs leave open are judged there: a server that bears a flood cheaply passes as does one that ends it. A measured value must
pass its bar three times in a row to count as a failure.
"""


def write(cases, servers, kept, compared):
    """The page, and the differences to h2spec that have no reason, one line each."""
    found = {(name, tls): kept(f'{name}-{"tls" if tls else "cleartext"}') for name in servers for tls in (False, True)}
    attacks = {name: {**(kept(f'{name}-attacks') or {}), **(kept(f'{name}-silence') or {})} for name in servers}
    shared = sum(case['h2spec'] for case in cases)
    lines = [INTRODUCTION.format(total=len(cases), shared=shared, beyond=len(cases) - shared)]
    lines += [f'{datetime.date.today()}, each with its defaults: {versions(servers)}.', '']
    for tls in (False, True):
        lines += table(cases, servers, {name: verdicts(found, attacks, name, tls) for name in servers}, tls)
    lines += tenfold(kept('ours-tenfold'))
    different, unexplained = [], []
    if compared:
        different, unexplained = agreement(cases, servers, found)
        lines += different
    lines += failures(cases, servers, found, attacks)
    return '\n'.join(lines) + '\n', unexplained


def verdicts(found, attacks, name, tls):
    together = dict(found[name, tls]['verdicts'])
    if not tls:
        together.update(attacks[name])
    return together


def table(cases, servers, by_server, tls):
    lines = [f'## Over {"TLS" if tls else "cleartext"}', '', '| Group | | ' + ' | '.join(NAMES.get(name, name) for name in servers) + ' |',
             '|---|---|' + '--:|' * len(servers)]
    for group, words in GROUPS.items():
        if tls and group == 'abuse':
            continue
        cells = [cell([verdict for identifier, (verdict, _) in by_server[name].items() if identifier.startswith(group + '/')]) for name in servers]
        lines.append(f'| {group} | {words} | ' + ' | '.join(cells) + ' |')
    cells = [cell([verdict for verdict, _ in by_server[name].values()]) for name in servers]
    return lines + ['| **all** | | ' + ' | '.join(f'**{one}**' for one in cells) + ' |', '']


def tenfold(found):
    """How our server did ten times over; nothing where that was not asked."""
    if not found:
        return []
    lines = ['## Ours ten times over', '', 'Every case but the abuse group, strict, `--repeat 10`. Skipped is what does not apply: rules of TLS '
             'over cleartext, rules for servers that announce a small table, and the cases that stop their server, which `--exec` runs.', '',
             '| | one pass | passed | skipped | failed |', '|---|--:|--:|--:|--:|']
    return lines + [f'| {way} | {run["seconds"]:.1f} s | {run["passed"]} | {run["skipped"]} | {run["failed"]} |' for way, run in found.items()] + ['']


def cell(found):
    count = collections.Counter(found)
    judged = count['passed'] + count['failed']
    return f'{count["passed"]}/{judged}' if judged else '–'


def agreement(cases, servers, found):
    lines, unexplained, rows, unstable, same, total = [], [], [], [], 0, 0
    for name in servers:
        for tls in (False, True):
            there = {case: set(verdicts) for case, verdicts in found[name, tls]['h2spec'].items()}
            here = {case: set(verdicts) for case, verdicts in found[name, tls]['shared'].items()}
            where = f'{NAMES.get(name, name)} over {"TLS" if tls else "cleartext"}'
            for case in (one['id'] for one in cases if one['h2spec']):
                total += 1
                if len(there[case]) > 1 or len(here[case]) > 1:
                    unstable.append((case, where, ' or '.join(sorted(there[case])), ' or '.join(sorted(here[case]))))
                    if there[case] & here[case]:
                        same += 1
                        continue
                if there[case] == here[case]:
                    same += 1
                    continue
                rows.append((case, where, ' or '.join(sorted(there[case])), ' or '.join(sorted(here[case]))))
                if case not in REASONS:
                    unexplained.append(f'{case}, {where}: h2spec {there[case]}, ours {here[case]}')
    lines += ['## Agreement with h2spec', '',
              f'The {len([case for case in cases if case["h2spec"]])} shared cases ran three times each by both, against every server over both '
              f'transports: {same} of {total} verdicts are the same.', '']
    if rows:
        lines += ['| Case | Server | h2spec | ours |', '|---|---|---|---|'] + [f'| {" | ".join(row)} |' for row in rows] + ['']
        for case in dict.fromkeys(row[0] for row in rows):
            lines += [f'* **{case}**: {REASONS.get(case, "no reason known: this is an error of ours")}']
        lines.append('')
    if unstable:
        lines += ['Some servers behave now so and now so, whoever asks:', '', '| Case | Server | h2spec | ours |', '|---|---|---|---|']
        lines += [f'| {" | ".join(row)} |' for row in unstable] + ['']
    return lines, unexplained


def failures(cases, servers, found, attacks):
    """What failed, case by case, with what the server did."""
    titles = {case['id']: case for case in cases}
    lines = ['## What failed', '']
    for name in servers:
        failed = {}
        for tls in (False, True):
            for identifier, (verdict, actual) in verdicts(found, attacks, name, tls).items():
                if verdict == 'failed':
                    failed.setdefault(identifier, actual)
        lines += [f'### {NAMES.get(name, name)}', '']
        if not failed:
            lines += ['Nothing.', '']
            continue
        lines += [f'* {identifier} {titles[identifier]["title"]} ({titles[identifier]["reference"]}, {titles[identifier]["level"]}): {clean(actual)}'
                  for identifier, actual in failed.items()] + ['']
    return lines


def clean(text):
    return re.sub(r'[^\x20-\x7e]', '.', text).replace('|', '/').replace('<', '').replace('>', '')[:160]


def versions(servers):
    asked = {'h2o': ['h2o', '--version'], 'nghttpd': ['nghttpd', '--version'], 'nginx': ['/usr/sbin/nginx', '-v'], 'go': ['go', 'version'],
             'kestrel': ['dotnet', '--list-runtimes']}
    words = []
    for name in servers:
        if name not in asked or not shutil.which(asked[name][0]):
            continue
        said = subprocess.run(asked[name], capture_output=True, text=True)
        output = said.stdout + said.stderr
        number = re.search(r'\d+\.\d+(\.\d+)?', output.split('Microsoft.AspNetCore.App')[-1])
        words.append(f'{NAMES.get(name, name)} {number[0] if number else ""}'.strip())
    return ', '.join(words) or 'our server'
