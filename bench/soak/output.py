"""Reads a server's standard output, and stops reading when it is told to."""
import re
import threading


class Output(threading.Thread):
    """A thread that reads the output. It keeps the first lines, and counts the entries that the server says it has dropped."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.head, self.dropped = '', 0
        self._pipe, self._may_read = pipe, threading.Event()
        self._may_read.set()
        self.start()

    def run(self):
        for line in self._pipe:
            if len(self.head) < 1000:
                self.head += line.decode('utf-8', 'replace')
            if found := re.match(rb'\((\d+) entries dropped', line):
                self.dropped += int(found.group(1))
            self._may_read.wait()

    def stop_reading(self):
        self._may_read.clear()

    def go_on(self):
        self._may_read.set()
