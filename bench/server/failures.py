"""What once made `http2 serve` end or stop answering. There is a function for each finding: it takes a `Scene` and raises Failed when the
fault is there again. The first line of its description is its row in the table of bench/server/findings."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

from wire import ACK, read_answer, request, start

OUTSIDE = b'this lies outside of the root'


class Failed(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Failed(what)


def connect(port, octets=b'', timeout=10):
    client = socket.create_connection(('127.0.0.1', port), timeout=timeout)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.sendall(start() + ACK + octets)
    return client


def get(port, path, timeout=10):
    """Asks with curl on a connection of its own. Returns the status of the answer and how long it took in seconds, curl's start included."""
    began = time.monotonic()
    done = subprocess.run(
        ['curl', '-sS', '--http2-prior-knowledge', '-m', str(timeout), '-o', '/dev/null', '-w', '%{http_code}', f'http://127.0.0.1:{port}{path}'],
        capture_output=True, text=True)
    return done.stdout, time.monotonic() - began


def asked(port, path, timeout=10):
    """Asks from this process on a connection of its own. Returns how long the answer took in seconds."""
    began = time.monotonic()
    with connect(port, request(1, path), timeout) as client:
        read_answer(client, 1)
    return time.monotonic() - began


def load(port):
    done = subprocess.run(
        ['curl', '-sS', '--http2-prior-knowledge', '-m', '10', f'http://127.0.0.1:{port}/load'], capture_output=True, text=True)
    return json.loads(done.stdout)


def serves(server, seconds=5):
    """Waits until a request is answered with 200."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        require(server.is_running, 'the process has ended')
        if get(server.port, '/hello', 5)[0] == '200':
            return
        time.sleep(0.1)
    raise Failed(f'no answer within {seconds} s')


def ends(server):
    server.__exit__()
    require(server.code == 0, f'exit code {server.code}')


def descriptors(server):
    return len(os.listdir(f'/proc/{server.pid}/fd'))


def many(port, count, octets):
    clients = []
    for _ in range(count):
        with contextlib.suppress(OSError):
            clients.append(connect(port, octets))
    return clients


def close(clients):
    for client in clients:
        client.close()


def more_blocked_than_threads(scene):
    """1,100 handlers block for two seconds: 1,024 threads are the most."""
    with scene.server() as server:
        before = descriptors(server)
        clients = many(server.port, 1100, request(1, b'/block/2000'))
        time.sleep(2.5)
        serves(server, 10)
        close(clients)
        time.sleep(0.5)
        require(descriptors(server) < before + 60, f'{descriptors(server)} descriptors, {before} before')
        ends(server)


def no_descriptor_left(scene):
    """400 connections to a server that may have 256 descriptors."""
    with scene.server(prefix=['prlimit', '--nofile=256']) as server:
        clients = many(server.port, 400, request(1, b'/hello'))
        require(server.is_running, 'the process has ended')
        close(clients)
        serves(server)
        ends(server)


def no_thread_left(scene):
    """The user's processes are limited to what is in use, and 12 handlers block."""
    with scene.server(own_user=True) as server:
        used = len(os.listdir(f'/proc/{server.pid}/task'))
        subprocess.run([*scene.AS_USER, 'prlimit', f'--pid={server.pid}', f'--nproc={used}:{used}'], check=True)
        clients = many(server.port, 12, request(1, b'/block/3000'))
        time.sleep(1.5)
        status, took = get(server.port, '/hello')
        require(status in ('200', '503') and took < 2.5, f'{status} after {took:.1f} s while all threads are held')
        close(clients)
        serves(server, 10)
        ends(server)


def many_files(scene):
    """600 distinct files from a server that may have 256 descriptors."""
    with scene.server(prefix=['prlimit', '--nofile=256'], files=600) as server:
        urls = ''.join(f'url = "http://127.0.0.1:{server.port}/f{i}"\noutput = /dev/null\n' for i in range(600))
        # over TLS, because curl 7.88 opens a new connection for each request when it speaks cleartext with prior knowledge
        urls = urls.replace('http:', 'https:').replace(f':{server.port}/', f':{server.tls_port}/')
        done = subprocess.run(['curl', '-sSk', '--http2', '-w', '%{http_code}\n', '-K', '-'], input=urls, capture_output=True, text=True)
        statuses = done.stdout.split()
        require(statuses == ['200'] * 600, f'{600 - statuses.count("200")} of 600 are not 200')
        ends(server)


def accepting_is_never_caught(scene):
    """50 connections at once whose handlers block for a second, and a probe that connects after them."""
    with scene.server() as server:
        clients = []
        for _ in range(50):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(('127.0.0.1', server.port))
            clients.append(client)
        for client in clients:
            with contextlib.suppress(OSError):
                client.send(start() + ACK + request(1, b'/block/1000'))
        wait = asked(server.port, b'/hello')
        close(clients)
        require(wait < 0.8, f'the probe waited {wait * 1e3:.0f} ms')
        ends(server)


def nobody_starves(scene):
    """16 connections with four requests each whose handlers block for 100 ms, and probes that each open a connection."""
    with scene.server() as server:
        attack = subprocess.Popen(
            ['h2load', '-D', '4', '-c', '16', '-m', '4', f'http://127.0.0.1:{server.port}/block/100'], stdout=subprocess.DEVNULL)
        try:
            time.sleep(1)
            waits = sorted(asked(server.port, b'/hello') for _ in range(100))
            late = max(asked(server.port, path) - 0.1 for path in (b'/slow/100', b'/slow/100', b'/slow/100'))
            hop = asked(server.port, b'/hop')
        finally:
            attack.wait()
        require(waits[98] < scene.patience, f'a probe waited {waits[98] * 1e3:.0f} ms')
        require(late < scene.patience, f'/slow/100 was {late * 1e3:.0f} ms late')
        require(hop < scene.patience, f'/hop took {hop * 1e3:.0f} ms')
        ends(server)


def key_updates(scene):
    """The harness sends KeyUpdate without end over TLS."""
    with scene.server() as server:
        scene.spec(server, '--tls', 'abuse/45')
        serves(server)
        ends(server)


def a_small_heap(scene):
    """200 connections with 100 answers of 100 MB each behind a closed window, with a heap of 64 MiB."""
    with scene.server(environment=[('DOTNET_GCHeapHardLimit', '4000000')]) as server:
        requests = b''.join(request(i, b'/bytes/100000000') for i in range(1, 200, 2))
        clients = []
        for _ in range(200):
            with contextlib.suppress(OSError):
                client = socket.create_connection(('127.0.0.1', server.port), timeout=2)
                clients.append(client)
                client.sendall(start(window=0) + ACK + requests)
        time.sleep(1)
        require(server.is_running, 'the process has ended')
        close(clients)
        serves(server, 10)
        ends(server)


def memory_comes_back(scene):
    """300 connections with 100 answers of 100 MB each behind a closed window: the memory is back 32 s after they have left."""
    with scene.server() as server:
        before = rss(server)
        requests = b''.join(request(i, b'/bytes/100000000') for i in range(1, 200, 2))
        clients = []
        for _ in range(300):
            client = socket.create_connection(('127.0.0.1', server.port), timeout=5)
            clients.append(client)
            with contextlib.suppress(OSError):
                client.sendall(start(window=0) + ACK + requests)
        time.sleep(2)
        peak = rss(server)
        close(clients)
        time.sleep(32)
        require(rss(server) < 1.5 * before, f'{before} MiB before, {peak} at most, {rss(server)} after 32 s')
        ends(server)


def rss(server):
    return int(next(line for line in open(f'/proc/{server.pid}/status') if line.startswith('VmRSS')).split()[1]) // 1024


def links_are_swapped(scene):
    """A file is swapped for a link out of the root and for a FIFO while it is asked for, ranges too."""
    with scene.server(files=1) as server:
        stop, name, temporary = threading.Event(), server.root / 'f0', server.root / '.next'
        outside = server.root.parent / 'outside'
        outside.write_bytes(OUTSIDE * 20)

        def swap():
            for i in range(10 ** 9):
                if stop.is_set():
                    return
                for make in (lambda: temporary.symlink_to(outside), lambda: temporary.write_bytes(b'inside' * 100), lambda: os.mkfifo(temporary)):
                    make()
                    temporary.rename(name)

        swapping = threading.Thread(target=swap, daemon=True)
        swapping.start()
        try:
            for i in range(60):
                fields = ['-H', 'range: bytes=0-9,20-29'] if i % 2 else []
                done = subprocess.run(
                    ['curl', '-sS', '--http2-prior-knowledge', '-m', '5', *fields, f'http://127.0.0.1:{server.port}/f0'], capture_output=True)
                require(done.returncode == 0, f'curl ended with {done.returncode}')
                require(b'outside' not in done.stdout and b'this lies' not in done.stdout, 'a file outside of the root was served')
        finally:
            stop.set()
            swapping.join()
        ends(server)


def stopping_loses_nobody(scene):
    """Clients with a connection for each request while SIGTERM comes."""
    lost, served, done = [], [], threading.Event()
    with scene.server() as server:
        def ask():
            while not done.is_set():
                try:
                    with socket.create_connection(('127.0.0.1', server.port), timeout=10) as client:
                        client.sendall(start() + ACK + request(1, b'/hello'))
                        read_told(client)
                        served.append(1)
                except ConnectionRefusedError:
                    return
                except OSError as failure:
                    lost.append(repr(failure))

        clients = [threading.Thread(target=ask) for _ in range(8)]
        for client in clients:
            client.start()
        time.sleep(0.5)
        ends(server)
        done.set()
        for client in clients:
            client.join()
    require(served and not lost, f'{len(lost)} lost of {len(served) + len(lost)}: {lost[:1]}')


def read_told(client):
    """Reads an answer, or GOAWAY that leaves the request out."""
    data = b''
    while True:
        more = client.recv(4096)
        if not more:
            raise ConnectionError('closed without an answer or GOAWAY')
        data += more
        while len(data) >= 9 and len(data) >= 9 + int.from_bytes(data[:3], 'big'):
            kind, flags, stream = data[3], data[4], int.from_bytes(data[5:9], 'big')
            if stream == 1 and flags & 1 or kind == 7 and int.from_bytes(data[9:13], 'big') == 0:
                return
            data = data[9 + int.from_bytes(data[:3], 'big'):]


def a_folder_that_vanishes(scene):
    """--record DIR, and DIR is gone."""
    folder = scene.folder / 'recordings'
    folder.mkdir(exist_ok=True)
    with scene.server(arguments=['--record', str(folder)]) as server:
        scene.empty(folder)
        folder.rmdir()
        for _ in range(20):
            require(get(server.port, '/hello')[0] == '200', 'a request failed')
        time.sleep(0.3)
        require(load(server.port)['connections'] <= 1, f'connections are left: {load(server.port)}')
        ends(server)


def output_that_nobody_reads(scene):
    """-v -v into a pipe without a reader, then two signals."""
    with scene.server(arguments=['-v', '-v'], read=True) as server:
        subprocess.run(
            ['h2load', '-n', '20000', '-c', '4', '-m', '20', f'http://127.0.0.1:{server.port}/hello'], stdout=subprocess.DEVNULL, timeout=60)
        clients = many(server.port, 1, request(1, b'/block/20000'))
        time.sleep(0.3)
        for _ in range(2):
            # two equal signals count as one when the first has not been delivered yet, so they must not come too close together
            time.sleep(1)
            os.kill(server.pid, signal.SIGTERM)
        until = time.monotonic() + 2
        while server.is_running and time.monotonic() < until:
            time.sleep(0.02)
        require(not server.is_running, 'it runs 2 s after the second signal')
        close(clients)


def one_line_for_many(scene):
    """300 refused connections are logged in one line or two."""
    with scene.server(prefix=['prlimit', '--nofile=200']) as server:
        clients = many(server.port, 300, b'')
        until, lines = time.monotonic() + 5, []
        while not lines and time.monotonic() < until:
            time.sleep(0.3)
            lines = [line for line in server.log().splitlines() if 'are open already' in line or 'no descriptor' in line]
        require(1 <= len(lines) <= 2, f'{len(lines)} lines')
        close(clients)
        serves(server)
        ends(server)


FINDINGS = [
    ('1', more_blocked_than_threads), ('2', no_descriptor_left), ('2', no_thread_left), ('3', many_files), ('4', accepting_is_never_caught),
    ('5', nobody_starves), ('6', key_updates), ('7', a_small_heap), ('8', memory_comes_back), ('9', links_are_swapped),
    ('10', stopping_loses_nobody), ('11', a_folder_that_vanishes), ('12', output_that_nobody_reads), ('13', one_line_for_many),
]
