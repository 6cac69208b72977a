"""
Phases in which one thing runs short while honest clients go on. Each function takes a Scene and returns (whether the thing did run short,
words); the first line of its description is the name of the phase in the report.
"""
import contextlib
import shutil
import subprocess
import time

from crowd import Crowd
from wire import request, start

BLOCKS = 6000  # ms
SHED = 'memory is (short|spent)'
HELD = b''.join(request(stream, b'/bytes/1000000') for stream in range(1, 200, 2))


def descriptors(scene):
    """descriptors"""
    turned_away = taken = 0
    for _ in range(2):
        limit = scene.gauge.now()['fds'] + 6
        with lowered(scene, 'nofile', limit), Crowd(scene.server) as crowd:
            for _ in range(12):
                crowd.come(20, start() + request(1, b'/hello'))
                scene.wait(1)
            crowd.leave()
        turned_away, taken = turned_away + crowd.turned_away, taken + crowd.answered
        # with the limit raised again, the next client is served
        scene.wait(5)
    return turned_away > 0, f'to {limit}, twice: {turned_away} of a crowd turned away, {taken} served'


def blocking_handlers(scene):
    """threads"""
    bound = int(scene.load()['maxLoopThreads'])
    most = 0
    with Crowd(scene.server) as crowd:
        crowd.come(bound + 76, start() + request(1, f'/block/{BLOCKS}'.encode()))
        for _ in range(2 * BLOCKS // 1000):
            scene.wait(1)
            most = max(most, scene.gauge.now()['threads'])
    return most >= 0.9 * bound, f'{bound + 76} handlers block, {most} threads of {bound} for event loops'


def processes(scene):
    """RLIMIT_NPROC"""
    limit = scene.gauge.now()['threads'] + 2
    most, answered = 0, 0
    with lowered(scene, 'nproc', limit):
        for _ in range(4):
            with Crowd(scene.server) as crowd:
                crowd.come(100, start() + request(1, b'/block/1000'))
                for _ in range(5):
                    scene.wait(1)
                    most = max(most, scene.gauge.now()['threads'])
                crowd.leave()
                answered += crowd.answered
    scene.wait(5)
    return most <= limit, f'to {limit}: {answered} of 400 blocking handlers, {most} threads'


def busy_blocking(scene):
    """the pool"""
    four = start() + b''.join(request(stream, b'/block/100') for stream in range(1, 9, 2))
    rounds = answered = 0
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with Crowd(scene.server) as crowd:
            crowd.come(40, four)
            scene.wait(0.6)
        rounds, answered = rounds + 1, answered + crowd.answered
    return answered > 0, f'40 connections with four /block/100 each, {rounds} times'


def closed_windows(scene):
    """memory"""
    shed, most = scene.server.told(SHED), 0
    for _ in range(2):
        with Crowd(scene.server) as crowd:
            for _ in range(10):
                crowd.come(30, start(window=0) + HELD)
                scene.wait(0.5)
                most = max(most, scene.gauge.now()['rss'])
            scene.wait(5)
            most = max(most, scene.gauge.now()['rss'])
            crowd.leave()
        scene.wait(2)
    shed = scene.server.told(SHED) - shed
    reached = shed > 0 if scene.setting.bounded_heap else most > 1.5 * scene.before['rss']
    return reached, f'300 connections with 100 answers each at a closed window, twice: {most:.0f} MiB, {shed} lines of the log'


def blocked_output(scene):
    """output"""
    scene.server.output.stop_reading()
    try:
        subprocess.run(['h2load', '-n', '30000', '-c', '4', '-m', '10', scene.server.url('/hello')], capture_output=True, timeout=120, check=False)
        scene.wait(10)
    finally:
        scene.server.output.go_on()
    scene.wait(5)
    dropped = scene.server.output.dropped
    return dropped > 0, f'the reader of -v -v stopped: {dropped} entries dropped so far'


def record_removed(scene):
    """the record's folder"""
    folder, before = scene.server.record, scene.server.told('option --record')
    shutil.rmtree(folder, ignore_errors=True)
    scene.wait(20)
    folder.mkdir()
    scene.wait(5)
    again = len(list(folder.iterdir()))
    return scene.server.told('option --record') > before and again > 0, f'removed for 20 s, {again} recordings since it is back'


def record_full(scene):
    """the record's disk"""
    folder, before = scene.server.record, scene.server.told('option --record')
    filler = folder / 'filler'
    with contextlib.suppress(OSError), open(filler, 'wb', buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    scene.wait(20)
    for file in folder.iterdir():
        file.unlink()
    scene.wait(5)
    again = len(list(folder.iterdir()))
    return scene.server.told('option --record') > before and again > 0, f'full for 20 s, {again} recordings since there is room'


@contextlib.contextmanager
def lowered(scene, which, soft):
    """Sets a soft limit of the server's process, and puts it back at the end."""
    # the user of the server may always change its soft limit
    command = [*scene.setting.as_user, 'prlimit', '--pid', str(scene.server.pid)]
    before = subprocess.run([*command, f'--{which}', '--raw', '--noheadings', '--output', 'SOFT'],
                            capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([*command, f'--{which}={soft}:'], check=True)
    try:
        yield
    finally:
        subprocess.run([*command, f'--{which}={before}:'], check=False)
