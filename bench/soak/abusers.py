"""
Clients that break the rules, or keep them in bad faith. Whatever the server does to them is right; it must only go on serving the others. The
first line of each function's description is its name in the report.
"""
import subprocess
import struct
import time

from wire import CONTINUATION, DATA, END_HEADERS, HEADERS, PING, PREFACE, PRIORITY, SETTINGS, WINDOW_UPDATE
from wire import connection, frame, request, reset, scheme, start


def random_resets(server, random):
    """random resets"""
    requests = 0
    tls = random.random() < 0.3
    with connection(server, tls) as peer:
        peer.sendall(start())
        for stream in range(1, 2 * random.randint(50, 500), 2):
            path = random.choice([b'/slow/2000', b'/big', b'/hello', b'/upload', b'/push'])
            peer.sendall(request(stream, path, b'POST' if path == b'/upload' else b'GET', path != b'/upload', scheme(tls)))
            if path == b'/upload' and random.random() < 0.5:
                peer.sendall(frame(DATA, 0, stream, bytes(random.randint(0, 4000))))
            if random.random() < 0.7:
                peer.sendall(reset(stream, random.choice([0, 5, 7, 8, 11])))
            requests += 1
            time.sleep(0.002)
    return requests, 0, ''


def slow_reader(server, random):
    """slow readers"""
    until = time.monotonic() + random.uniform(5, 15)
    tls = random.random() < 0.3
    with connection(server, tls) as peer:
        peer.sendall(start(window=random.choice([0, 1, 1000, 65535, 2 ** 31 - 1])))
        for stream in range(1, 2 * random.randint(1, 50), 2):
            peer.sendall(request(stream, b'/big', scheme=scheme(tls)))
        while time.monotonic() < until:
            peer.recv(random.choice([1, 100, 1000]))
            if random.random() < 0.3:
                peer.sendall(frame(WINDOW_UPDATE, 0, random.choice([0, 1, 3]), struct.pack('>I', random.randint(1, 2000))))
            time.sleep(0.1)
    return 1, 0, ''


def random_octets(server, random):
    """random octets"""
    for _ in range(20):
        with connection(server) as peer:
            peer.sendall(random.choice([b'', PREFACE, start()]) + random.randbytes(random.randint(1, 3000)))
            peer.settimeout(0.5)
            peer.recv(4096)
    return 20, 0, ''


def random_frames(server, random):
    """random frames"""
    for _ in range(20):
        with connection(server) as peer:
            peer.sendall(start())
            for _ in range(random.randint(1, 100)):
                kind = random.choice([DATA, HEADERS, PRIORITY, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION, random.randint(0, 255)])
                payload = random.randbytes(random.choice([0, 4, 5, 6, 8, random.randint(0, 500)]))
                flags = random.choice([0, 1, END_HEADERS, 5, random.randint(0, 255)])
                peer.sendall(frame(kind, flags, random.choice([0, 1, 2, 3, 5]), payload))
            peer.settimeout(0.5)
            peer.recv(4096)
    return 20, 0, ''


def cut_connections(server, random):
    """connections cut anywhere"""
    for _ in range(30):
        tls = random.random() < 0.3
        with connection(server, tls) as peer:
            octets = start() + b''.join(request(stream, b'/bytes/50000', scheme=scheme(tls)) for stream in range(1, 20, 2))
            peer.sendall(octets[:random.randint(1, len(octets))])
            if random.random() < 0.5:
                peer.recv(random.randint(1, 30_000))
            if random.random() < 0.5:
                # so that closing sends a reset (RST) instead of a regular end (FIN)
                peer.setsockopt(1, 13, struct.pack('ii', 1, 0))
    return 30, 0, ''


def half_open(server, random):
    """blocks and requests that never end"""
    with connection(server) as peer:
        peer.sendall(start() + frame(HEADERS, 0, 1, b'\x82'))
        for _ in range(random.randint(1, 50)):
            peer.sendall(frame(CONTINUATION, 0, 1, b''))
            time.sleep(0.05)
    with connection(server) as peer:
        peer.sendall(start())
        for stream in range(1, 2 * random.randint(1, 100), 2):
            peer.sendall(request(stream, b'/upload', b'POST', end=False))
        time.sleep(random.uniform(1, 5))
    return 2, 0, ''


def attacks(server, random):
    """the harness's attacks"""
    sections = random.sample(range(1, 34), 2)
    cases = [f'abuse/{section}' for section in sections]
    ended = subprocess.run(server.http2 + ['spec', f'127.0.0.1:{server.port}', *cases, '--profile', 'demo', '--no-latency'],
                           capture_output=True, text=True, timeout=170, check=False)
    return len(sections), 0, ended.stdout[-200:]


ABUSERS = [random_resets, slow_reader, random_octets, random_frames, cut_connections, half_open, attacks, random_resets, slow_reader]
