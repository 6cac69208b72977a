"""What became of each honest request, by the phase in which it began."""
import threading

ANSWERED, REFUSED_STREAM, RETRY_AFTER, GOAWAY, TURNED_AWAY, LOST = 'answered', 'refused stream', '503', 'goaway', 'turned away', 'lost'
TOLD = (REFUSED_STREAM, RETRY_AFTER, GOAWAY, TURNED_AWAY)


class Ledger:
    """
    Counts requests by what became of them. Thread-safe. A request whose connection was closed at once is noted as turned away; whether the
    server's log tells of it, as it must, is judged by whoever reads the ledger.
    """

    def __init__(self):
        self._lock, self._phases = threading.Lock(), {}
        self.enter('warm-up')

    def enter(self, phase):
        with self._lock:
            self.phase = phase
            self._phases.setdefault(phase, Page())

    def note(self, phase, outcome, seconds, words=''):
        with self._lock:
            page = self._phases[phase]
            page.counts[outcome] = page.counts.get(outcome, 0) + 1
            if outcome == ANSWERED:
                page.seconds.append(seconds)
            elif outcome == LOST:
                page.losses.append(words)
            elif outcome == TURNED_AWAY:
                page.away.append(words)

    def page(self, phase):
        return self._phases[phase]

    def total(self, *outcomes):
        return sum(page.count(*outcomes) for page in self._phases.values())

    def losses(self):
        return [f'{phase}: {words}' for phase, page in self._phases.items() for words in page.losses]


class Page:
    def __init__(self):
        self.counts, self.seconds, self.losses, self.away = {}, [], [], []

    def count(self, *outcomes):
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)

    def slowest(self, part=1.0):
        """The time in milliseconds within which this part of the answers came: 0.99 for the 99th percentile, 1 for the slowest."""
        ordered = sorted(self.seconds)
        return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000) if ordered else 0
