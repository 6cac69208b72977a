"""Interleaved rounds of h2load, with the server's own CPU time and memory read from /proc."""
import json
import os
import pathlib
import re
import statistics
import subprocess
from dataclasses import dataclass, field

TICKS = os.sysconf('SC_CLK_TCK')


@dataclass
class Row:
    name: str
    rates: list = field(default_factory=list)
    cpu: list = field(default_factory=list)          # microseconds a request
    latencies: list = field(default_factory=list)    # microseconds, of the latency round
    memory: float = 0.0                              # peak, MiB
    allocated: float | None = None                   # octets a request, where the server tells (ours)
    failed: int = 0

    @property
    def rate(self):
        return statistics.median(self.rates) if self.rates else 0.0

    @property
    def cost(self):
        return statistics.median(self.cpu) if self.cpu else 0.0

    def percentile(self, p):
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * p))] if ordered else 0


@dataclass
class Result:
    shape: object
    requests: int
    rounds: int
    rows: list


def family(pid):
    """A process and its descendants."""
    children = {}
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                parent = int(pathlib.Path(f'/proc/{entry}/stat').read_text().rsplit(')', 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry))
            except OSError:
                pass
    found = [pid]
    for process in found:
        found += children.get(process, [])
    return found


def status(pid, key):
    """A line of /proc/PID/status, in KiB."""
    return int(re.search(rf'{key}:\s+(\d+)', pathlib.Path(f'/proc/{pid}/status').read_text()).group(1))


def cpu_seconds(pid):
    total = 0
    for process in family(pid):
        try:
            fields = pathlib.Path(f'/proc/{process}/stat').read_text().rsplit(')', 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / TICKS


def peak_memory(pid):
    total = 0
    for process in family(pid):
        try:
            total += status(process, 'VmHWM')
        except (OSError, AttributeError):
            pass
    return total / 1024


def load(server, shape, requests, folder, log=None):
    """One h2load run. Returns (requests/s, CPU us a request, failures)."""
    requests = max(requests, shape.connections)
    command = ['h2load', '-n', str(requests), '-c', str(shape.connections), '-m', str(shape.streams)]
    if shape.window_bits != 16:
        command += ['-w', str(shape.window_bits), '-W', str(min(30, shape.window_bits + 4))]
    if shape.upload:
        body = folder / 'body.bin'
        if not body.exists():
            body.write_bytes(bytes(shape.upload))
        command += ['-d', str(body)]
    if log:
        command += [f'--log-file={log}']
    before = cpu_seconds(server.process.pid)
    output = subprocess.run(command + [f'{"https" if shape.tls else "http"}://127.0.0.1:{server.port}{shape.path}'],
                            capture_output=True, text=True, timeout=300).stdout
    spent = cpu_seconds(server.process.pid) - before
    rate = re.search(r'finished in .*?, ([\d.]+) req/s', output)
    succeeded = re.search(r'status codes: (\d+) 2xx', output)
    succeeded = int(succeeded.group(1)) if succeeded else 0
    return float(rate.group(1)) if rate else 0.0, spent / max(succeeded, 1) * 1e6, requests - succeeded


def allocated(server, shape):
    """How many octets one of our servers has allocated since it started; None for servers that do not tell."""
    if server.name != 'ours' or shape.needs == 'static':
        return None
    url = f'{"https" if shape.tls else "http"}://127.0.0.1:{server.port}/allocated'
    how = ['--http2', '-k'] if shape.tls else ['--http2-prior-knowledge']
    return json.loads(subprocess.run(['curl', '-s', *how, url], capture_output=True, check=True).stdout)['allocated']


def measure(shape, servers, rounds, scale, folder):
    requests = max(shape.connections, int(shape.requests * scale))
    rows = [Row(server.name) for server in servers]
    try:
        for server in servers:
            server.start(shape)
        for server in servers:
            server.wait()
        for server in servers * (1 if rounds == 1 else 2):
            load(server, shape, requests, folder)
        for _ in range(rounds):
            for server, row in zip(servers, rows):
                rate, cost, failed = load(server, shape, requests, folder)
                row.rates.append(rate)
                row.cpu.append(cost)
                row.failed += failed
        for server, row in zip(servers, rows):
            log = folder / 'latency.log'
            log.unlink(missing_ok=True)
            before = allocated(server, shape)
            load(server, shape, requests, folder)
            if before is not None:
                row.allocated = (allocated(server, shape) - before) / requests
            load(server, shape, requests // 8, folder, log)
            row.latencies = [int(line.split('\t')[2]) for line in log.read_text().splitlines()]
            row.memory = peak_memory(server.process.pid)
    finally:
        for server in servers:
            server.stop()
    return Result(shape, requests, rounds, rows)
