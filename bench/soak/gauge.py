"""Reads a process's memory, threads and descriptors from /proc, and fits a line through the memory."""
import os
import re
import time


class Gauge:
    def __init__(self, pid):
        self._pid = pid
        self._start = time.monotonic()
        self.samples = []
        self.first = self._read()
        self.last = self.first

    def sample(self, collected=False, **more):
        try:
            self.samples.append({**self._read(), 'collected': collected, **more})
        except OSError:
            pass  # the process has ended; the caller finds that out by itself

    def now(self):
        return self._read()

    def settle(self, seconds=45):
        """Waits until the server's deadlines have closed the connections that the last clients left open."""
        for _ in range(seconds):
            try:
                self.last = self._read()
            except OSError:
                return
            if self.last['fds'] <= self.first['fds'] and not self.left_open():
                return
            time.sleep(1)

    def left_open(self):
        # only sockets count: the runtime opens other descriptors when its thread pool grows, and keeps them
        return max(0, self.last['sockets'] - self.first['sockets'])

    def slope(self, warm_up, key='rss'):
        """
        (slope in MiB an hour, its standard error) of the least-squares line through the samples that were taken after a collection and after
        the warm-up.
        """
        end = self.samples[-1]['time'] if self.samples else 0
        points = [(s['time'] / 3600, s[key]) for s in self.samples if s['collected'] and s['time'] >= end * warm_up and key in s]
        n = len(points)
        if n < 3:
            return 0.0, float('inf')
        x0, y0 = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
        spread = sum((x - x0) ** 2 for x, _ in points)
        slope = sum((x - x0) * (y - y0) for x, y in points) / spread
        rest = sum((y - y0 - slope * (x - x0)) ** 2 for x, y in points)
        return slope, (rest / (n - 2) / spread) ** 0.5

    def collected_text(self, key='rss', unit=' MiB'):
        found = [s[key] for s in self.samples if s['collected'] and key in s]
        return f'{min(found):g} to {max(found):g}{unit}, {found[-1]:g} at the end' if found else 'nothing was told'

    def text(self, key, unit=''):
        most = max([s[key] for s in self.samples] + [self.first[key]])
        return f'{self.first[key]:g} at the start, {most:g} at most, {self.last[key]:g} at the end {unit}'.rstrip()

    def _read(self):
        with open(f'/proc/{self._pid}/status', encoding='ascii', errors='replace') as file:
            status = file.read()
        if 'VmRSS' not in status:
            raise ProcessLookupError(f'process {self._pid} has ended')
        number = lambda name: int(re.search(rf'^{name}:\s+(\d+)', status, re.MULTILINE).group(1))
        links = []
        for fd in os.listdir(f'/proc/{self._pid}/fd'):
            try:
                links.append(os.readlink(f'/proc/{self._pid}/fd/{fd}'))
            except OSError:
                pass  # closed meanwhile
        return {'time': round(time.monotonic() - self._start, 1), 'rss': round(number('VmRSS') / 1024, 1), 'threads': number('Threads'),
                'fds': len(links), 'sockets': sum(link.startswith('socket:') for link in links)}
