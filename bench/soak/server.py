"""Starts and stops `http2 serve` with the demo on free ports."""
import os
import re
import subprocess
import time

from output import Output


class Server:
    record = None

    def __init__(self, command, folder, arenas=None, prefix=(), arguments=(), environment=(), read=False):
        """
        `arenas` is the largest number of arenas that malloc may have for all threads together. `prefix` is a command that replaces itself by
        the server, such as prlimit. With `read` the server's standard output is a pipe; otherwise it goes to the log with standard error.
        """
        self.http2, self.folder = command, folder
        self._environment = {**os.environ, **({'MALLOC_ARENA_MAX': str(arenas)} if arenas else {}), **dict(environment)}
        self._command = [*prefix, *command, 'serve', '--port', '0', '--tls-port', '0', *arguments]
        self._log, self._read, self._last, self.code = folder / 'serve.log', read, '', None

    def __enter__(self):
        with open(self._log, 'w', encoding='utf-8') as log:
            self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE if self._read else log, stderr=log, env=self._environment)
        self.pid = self._process.pid
        self.output = Output(self._process.stdout) if self._read else None
        for _ in range(300):
            found = dict(re.findall(r'^listening on (https?)://.*:(\d+)$', self._head(), re.MULTILINE))
            if len(found) == 2:
                self.port, self.tls_port = int(found['http']), int(found['https'])
                return self
            if not self.is_running:
                break
            time.sleep(0.1)
        raise SystemExit('http2 serve did not start:\n' + self._head() + self.log())

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self.code = self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._last = self.log()

    @property
    def is_running(self):
        return self._process.poll() is None

    def url(self, path, tls=False):
        return f'https://127.0.0.1:{self.tls_port}{path}' if tls else f'http://127.0.0.1:{self.port}{path}'

    def log(self):
        """The server's log; it is still there when the server has ended."""
        return self._last or self._log.read_text(encoding='utf-8', errors='replace')

    def told(self, pattern):
        """How often the log tells of something: the lines that match, and the number of equal lines that these say were left out."""
        lines = [line for line in self.log().splitlines() if re.search(pattern, line)]
        return len(lines) + sum(int(more) for line in lines for more in re.findall(r'\((\d+) more in the last', line))

    def _head(self):
        return self.output.head if self.output else self.log()
