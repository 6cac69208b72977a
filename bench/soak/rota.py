"""A thread that runs clients in random order, one after the other with a pause between them, and counts what came of them."""
import random
import threading
import time


class Rota(threading.Thread):
    def __init__(self, name, clients, server, seed):
        super().__init__(daemon=True)
        self.name, self.counts = name, {}
        self._clients, self._server, self._random = clients, server, random.Random(seed)
        self._stopped = threading.Event()

    def run(self):
        while not self._stopped.is_set():
            for client in self._random.sample(self._clients, len(self._clients)):
                if self._stopped.is_set():
                    return
                self._turn(client)
                self._stopped.wait(self._random.uniform(0.2, 1))

    def stop(self):
        self._stopped.set()
        self.join(180)

    def _turn(self, client):
        """Runs one client, which returns (requests, failed requests, words about the last failure), and counts under its description."""
        count = self.counts.setdefault(client.__doc__, {'runs': 0, 'requests': 0, 'failed': 0, 'last': '', 'seconds': 0.0})
        start = time.monotonic()
        try:
            requests, failed, words = client(self._server, self._random)
        except Exception as error:  # an error of the client itself counts as a failed request, and the soak goes on
            requests, failed, words = 1, 1, repr(error)
        count['runs'] += 1
        count['requests'] += requests
        count['failed'] += failed
        count['seconds'] += round(time.monotonic() - start, 1)
        if failed:
            count['last'] = words
