"""What a process's resident memory consists of: the managed heap as the server tells it, and the kinds of mappings in /proc/PID/smaps."""
import json
import re
import subprocess

ARENA = 64 << 20
MAPPING = re.compile(r'^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$')


def managed(server):
    """
    What the server tells of its managed heap: how many MiB the last collection left in it, how many it keeps from the system, and how many
    methods are compiled; {} when the server does not answer.
    """
    ended = subprocess.run(['curl', '-s', '--max-time', '5', '--http2-prior-knowledge', server.url('/allocated')],
                           capture_output=True, text=True, check=False)
    try:
        told = json.loads(ended.stdout)
        return {'heap': mib(told['heap']), 'gaps': mib(told['fragmented']), 'committed': mib(told['committed']), 'compiled': told['compiled']}
    except (ValueError, KeyError):
        return {}


def mappings(pid):
    """Resident MiB by kind: compiled `code`, `malloc`, mapped `files`, and all other `anonymous` memory, such as the managed heap."""
    kinds = dict.fromkeys(('code', 'malloc', 'files', 'anonymous'), 0)
    kind = 'anonymous'
    with open(f'/proc/{pid}/smaps', encoding='ascii', errors='replace') as file:
        for line in file:
            if found := MAPPING.match(line):
                kind = kind_of(int(found.group(1), 16), found.group(4), kind)
            elif line.startswith('Rss:'):
                kinds[kind] += int(line.split()[1]) * 1024
    return {name: mib(octets) for name, octets in kinds.items()}


def kind_of(start, name, before):
    if name.startswith('/memfd:doublemapper'):
        return 'code'
    if name.startswith('/'):
        return 'files'
    # an arena of malloc begins at a multiple of 64 MiB, and the part of it that is not used yet is a mapping of its own without access
    return 'malloc' if name == '[heap]' or (name == '' and start % ARENA == 0) else 'anonymous'


def mib(octets):
    return round(octets / (1 << 20), 2)
