"""Starts and stops `http2 serve` with the demo on free ports."""
import os
import re
import subprocess
import time


class Server:
    def __init__(self, command, folder, arenas=None):
        """`arenas` bounds how many arenas malloc spreads over the threads."""
        self.http2, self.folder = command, folder
        self._environment = {**os.environ, **({'MALLOC_ARENA_MAX': str(arenas)} if arenas else {})}
        self._log = folder / 'serve.log'

    def __enter__(self):
        with open(self._log, 'w', encoding='utf-8') as log:
            self._process = subprocess.Popen(self.http2 + ['serve', '--port', '0', '--tls-port', '0'], stdout=log, stderr=log,
                                             env=self._environment)
        self.pid = self._process.pid
        for _ in range(300):
            found = dict(re.findall(r'^listening on (https?)://.*:(\d+)$', self._log.read_text(encoding='utf-8'), re.MULTILINE))
            if len(found) == 2:
                self.port, self.tls_port = int(found['http']), int(found['https'])
                return self
            if not self.is_running:
                break
            time.sleep(0.1)
        raise SystemExit('http2 serve did not start:\n' + self._log.read_text(encoding='utf-8'))

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def is_running(self):
        return self._process.poll() is None

    def url(self, path, tls=False):
        return f'https://127.0.0.1:{self.tls_port}{path}' if tls else f'http://127.0.0.1:{self.port}{path}'
