"""What became of each honest request, by the phase in which it began."""
import threading

ANSWERED, REFUSED_STREAM, RETRY_AFTER, GOAWAY, TURNED_AWAY, LOST = 'answered', 'refused stream', '503', 'goaway', 'turned away', 'lost'
TOLD = (REFUSED_STREAM, RETRY_AFTER, GOAWAY, TURNED_AWAY)


class Ledger:
    """Thread-safe. A request that is turned away with its connection is told only if the server's log says so, which the reader judges."""

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
        """Milliseconds within which so large a part of the answers came."""
        ordered = sorted(self.seconds)
        return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000) if ordered else 0
