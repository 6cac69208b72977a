"""
One setting with one server: honest clients send requests all the time, one phase after the other makes something run short, and after each the
server's memory, threads and descriptors must come back to what they were.
"""
import json
import random
import subprocess
import time

from collect import collect
from gauge import Gauge
from ledger import ANSWERED, LOST, TOLD, TURNED_AWAY, Ledger
from memory import managed
from patient import Client, Curl, Fate, Patient
from shortages import closed_windows

WARM_UP = 0.2
BACK = 30
# About how long a phase takes, in seconds: no phase begins when less time than that is left.
PHASE = 40
MEMORY = 1.5
# How many more descriptors and threads than before count as come back: the runtime opens a few descriptors when it has more threads, and its
# pool keeps some threads.
DESCRIPTORS, THREADS = 16, 8
REFUSALS = 'no descriptor is left|was closed: |a new one was closed at once'


class Scene:
    def __init__(self, setting, server, seed):
        self.setting, self.server, self.ledger, self.gauge = setting, server, Ledger(), Gauge(server.pid)
        chance = lambda number: random.Random(seed * 100 + number)
        self._honest = [Patient(server, self.ledger, chance(0), False, 500), Patient(server, self.ledger, chance(1), True, 500),
                        Patient(server, self.ledger, chance(2), False, 1), Patient(server, self.ledger, chance(3), True, 1),
                        Patient(server, self.ledger, chance(4), False, 20), Curl(server, self.ledger, chance(5), False, 1)]
        self.rows, self.failures = [], []

    def play(self, seconds):
        """Plays the phases one after the other, again and again until the time is over, and each at least once."""
        until = time.monotonic() + seconds
        for client in self._honest:
            client.start()
        try:
            self.before = self._warm_up(WARM_UP * seconds)
            turn = 0
            while self.server.is_running and (turn < len(self.setting.phases) or time.monotonic() + PHASE < until):
                self._phase(self.setting.phases[turn % len(self.setting.phases)], turn // len(self.setting.phases) + 1)
                turn += 1
        finally:
            for client in self._honest:
                client.stop()
        if self.server.is_running:
            self._judge_end()
        else:
            self.failures.append('the server ended by itself')

    def judge(self):
        """What failed, in words. To be called when the server has ended and its log is complete."""
        self.failures += [f'lost: {words}' for words in self.ledger.losses()[:20]]
        allowed, said = {phase.__doc__ for phase in self.setting.turns_away}, self.server.told(REFUSALS)
        for name, *_ in self.rows:
            away = self.ledger.page(name).count(TURNED_AWAY)
            if away and name.rsplit(',', 1)[0] not in allowed:
                self.failures.append(f'{name}: {away} connections were turned away, though there was room: '
                                     + '; '.join(self.ledger.page(name).away[:5]))
        if self.ledger.total(TURNED_AWAY) > said:
            self.failures.append(f'{self.ledger.total(TURNED_AWAY)} connections were turned away, and the log tells of {said}')
        if self.server.code != 0:
            self.failures.append(f'the server ended with exit code {self.server.code}; its log ends: {self.server.log()[-3000:]}')
        return [f'{self.setting.name}: {failure}' for failure in self.failures]

    def wait(self, seconds):
        time.sleep(seconds)
        self.gauge.sample()

    def load(self):
        """What the server answers to /load, asked for over a connection of its own."""
        client = Client(self.server, False)
        try:
            return json.loads(client.ask(b'GET', b'/load')[2])
        finally:
            client.close()

    def _warm_up(self, seconds):
        until = time.monotonic() + seconds
        for tls in (False, True):
            # so that the code is compiled and the managed heap has the size that it has under load
            subprocess.run(['h2load', '-n', '20000', '-c', '10', '-m', '10', self.server.url('/hello', tls)], capture_output=True, check=False)
        while time.monotonic() < until:
            self.wait(1)
        self.wait(1)
        self.ledger.enter('(none)')
        recent = self.gauge.samples[len(self.gauge.samples) // 2:]
        return {key: max(sample[key] for sample in recent) for key in ('rss', 'threads', 'fds')}

    def _phase(self, phase, time_of):
        name, first, begun = f'{phase.__doc__}, {time_of}', len(self.gauge.samples), time.monotonic()
        self.ledger.enter(name)
        try:
            ran_short, words = phase(self)
        except (OSError, Fate) as error:
            ran_short, words = False, f'the phase broke: {error!r}'
        if not ran_short:
            self.failures.append(f'{name}: nothing ran short: {words}')
        seconds = time.monotonic() - begun
        most = {key: max([sample[key] for sample in self.gauge.samples[first:]] or [0]) for key in ('rss', 'threads', 'fds')}
        back = self._come_back(phase, name)
        self.rows.append((name, seconds, words, most, back, self.gauge.samples[-1]))

    def _come_back(self, phase, name):
        """
        Waits until memory, threads and descriptors are what they were before the phase, while honest clients go on. Returns the seconds that it
        took, which are more than BACK when a full collection had to be asked for; None when they did not come back.
        """
        begun = time.monotonic()
        while self.server.is_running and time.monotonic() - begun < BACK:
            self.wait(1)
            if not self._above(self.gauge.samples[-1]):
                break
        above = self._above(self.gauge.samples[-1])
        if above.startswith('rss') and phase is not closed_windows:
            # in a phase that did not make memory short the collector may have had no reason to look for garbage
            collect(self.server.pid)
            self.wait(2)
            above = self._above(self.gauge.samples[-1])
        if above:
            self.failures.append(f'{name}: {BACK} s later still {above}; {managed(self.server)}')
        back = None if above else time.monotonic() - begun
        # so that the last requests of this phase have been answered when the next begins
        time.sleep(3)
        return back

    def _above(self, now):
        bounds = {'rss': MEMORY * self.before['rss'], 'threads': self.before['threads'] + THREADS, 'fds': self.before['fds'] + DESCRIPTORS}
        return ', '.join(f'{key} {now[key]:g} above {bound:g}' for key, bound in bounds.items() if now[key] > bound)

    def _judge_end(self):
        self.gauge.settle(BACK)
        self.gauge.sample()
        if self.gauge.left_open():
            self.failures.append(f'{self.gauge.left_open()} sockets stayed open')
        try:
            held = self._held()
            for _ in range(BACK):
                if any(held.values()):
                    time.sleep(1)
                    held = self._held()
        except Fate as fate:
            self.failures.append(f'/load at the end: {fate}')
            return
        self.end = {**held, **{key: self.gauge.samples[-1][key] for key in ('rss', 'threads', 'fds')}}
        if any(held.values()):
            self.failures.append(f'/load at the end: {held}')

    def _held(self):
        load = self.load()
        # the request for /load is itself a stream on a connection
        return {key: load[key] - own for key, own in (('connections', 1), ('streams', 1), ('handlers', 0), ('timers', 0), ('unread', 0))}

    def table(self):
        lines = [f'{self.setting.name}: before {numbers(self.before)}' + (f'; at the end {numbers(self.end)}' if hasattr(self, 'end') else '')]
        for name, seconds, words, most, back, last in self.rows:
            page = self.ledger.page(name)
            told = ', '.join(f'{page.count(fate)} {fate}' for fate in TOLD if page.count(fate)) or '0'
            how = f'back after {back:.0f} s{" and a collection" if back > BACK + 1 else ""}' if back else 'not back'
            lines.append(f'  {name:22} {seconds:4.0f} s | answered {page.count(ANSWERED):5}, p99 {page.slowest(0.99):5} ms | told {told} | '
                         f'lost {page.count(LOST)} | most {numbers(most)} | {how}: {numbers(last)} | {words}')
        return lines


def numbers(sample):
    return f'{sample["rss"]:.0f} MiB, {sample["threads"]} threads, {sample["fds"]} descriptors'
