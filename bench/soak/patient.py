"""
Honest clients that tell three fates of a request apart: it was answered; the client was told that it was not served, and so may try again;
or it was lost.
"""
import contextlib
import re
import socket
import ssl
import struct
import subprocess
import threading
import time

import hpack

from ledger import ANSWERED, GOAWAY as SAID_GOAWAY, LOST, REFUSED_STREAM, RETRY_AFTER, TURNED_AWAY
from wire import ACK, DATA, END_STREAM, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE, frame, request, scheme, start

PATIENCE = 60
REFUSED = 7
ALL = 2 ** 31 - 1
# What is asked for: method, path, body, and how many octets the answer must have; None where any number will do.
ASKED = [(b'GET', b'/hello', b'', 13), (b'GET', b'/bytes/20000', b'', 20_000), (b'GET', b'/headers20', b'', 13), (b'GET', b'/hop', b'', 13),
         (b'GET', b'/slow/50', b'', None), (b'POST', b'/echo', b'x' * 5000, 5000)]
# The exit codes of curl when the connection ended before anything of an answer came: an error of HTTP/2 (16), a part of the answer alone (18),
# the TLS handshake cut (35), nothing received (52), sending failed (55), receiving failed (56).
TURNED_AWAY_BY_CURL = (16, 18, 35, 52, 55, 56)


class Fate(Exception):
    """What became of a request that has no answer: its outcome, as the ledger names it, and words for the report."""

    def __init__(self, outcome, words=''):
        super().__init__(outcome, words)
        self.outcome, self.words = outcome, words


class Client:
    """A connection that sends one request at a time."""

    def __init__(self, server, tls):
        self._scheme = scheme(tls)
        self.stream, self._data, self._heard, self._decoder, self._socket = -1, b'', False, hpack.Decoder(), None
        try:
            self._socket = socket.create_connection(('127.0.0.1', server.tls_port if tls else server.port), PATIENCE)
            if tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                context.set_alpn_protocols(['h2'])
                self._socket = context.wrap_socket(self._socket)
            self._socket.sendall(start(window=ALL) + frame(WINDOW_UPDATE, 0, 0, struct.pack('>I', ALL - 65535)))
        except TimeoutError as error:
            self.close()
            raise Fate(LOST, 'no connection in time') from error
        except ConnectionRefusedError as error:
            raise Fate(LOST, 'nobody listens') from error
        except OSError as error:
            self.close()
            raise Fate(TURNED_AWAY, repr(error)) from error

    def close(self):
        if self._socket:
            self._socket.close()

    def ask(self, method, path, body=b''):
        """Sends a request and returns (status, fields, body) of its answer; raises a Fate when there is none."""
        self.stream += 2
        octets = request(self.stream, path, method, not body, self._scheme) + (frame(DATA, END_STREAM, self.stream, body) if body else b'')
        # sending may fail because the server has closed the connection; a GOAWAY that came before is still there to be read
        with contextlib.suppress(OSError):
            self._socket.sendall(octets)
        status, fields, answer = 0, {}, b''
        while True:
            kind, flags, stream, payload = self._frame()
            if kind == HEADERS and stream == self.stream:
                found = dict(self._decoder.decode(payload))
                status, fields = (int(found[':status']), found) if ':status' in found else (status, fields)
            elif kind == DATA and stream == self.stream:
                answer += payload
            elif kind == RST_STREAM and stream == self.stream:
                code = int.from_bytes(payload, 'big')
                raise Fate(REFUSED_STREAM if code == REFUSED else LOST, f'{path}: RST_STREAM with {code}')
            elif kind == GOAWAY:
                last, code = struct.unpack('>II', payload[:8])
                if last < self.stream or code:
                    raise Fate(SAID_GOAWAY, f'{path}: GOAWAY with {code}')
            elif kind in (SETTINGS, PING) and not flags & 1:
                with contextlib.suppress(OSError):
                    self._socket.sendall(ACK if kind == SETTINGS else frame(PING, 1, 0, payload))
            if kind in (DATA, HEADERS) and flags & END_STREAM and stream == self.stream:
                return status, fields, answer

    def _frame(self):
        while len(self._data) < 9 or len(self._data) < 9 + int.from_bytes(self._data[:3], 'big'):
            try:
                more = self._socket.recv(65536)
            except TimeoutError as error:
                raise Fate(LOST, f'no answer in {PATIENCE} s') from error
            except OSError as error:
                raise Fate(LOST if self._heard else TURNED_AWAY, f'cut: {error!r}') from error
            if not more:
                raise Fate(LOST if self._heard else TURNED_AWAY, 'closed without a word')
            self._heard = True
            self._data += more
        length = int.from_bytes(self._data[:3], 'big')
        head, payload, self._data = self._data[:9], self._data[9:9 + length], self._data[9 + length:]
        return head[3], head[4], int.from_bytes(head[5:9], 'big') & ALL, payload


def judge(path, size, status, fields, answer):
    if status == 503:
        return (RETRY_AFTER, '') if 'retry-after' in fields else (LOST, f'{path}: 503 without retry-after')
    well = status == 200 and (size is None or len(answer) == size)
    return (ANSWERED, '') if well else (LOST, f'{path}: {status} with {len(answer)} octets')


class Patient(threading.Thread):
    """A thread that sends one request after the other until it is stopped. After `stay` requests it opens a new connection."""

    def __init__(self, server, ledger, random, tls, stay):
        super().__init__(daemon=True)
        self._server, self._ledger, self._random, self._tls, self._stay = server, ledger, random, tls, stay
        self._stopped = threading.Event()

    def run(self):
        client, left = None, 0
        while not self._stopped.wait(self._random.uniform(0.1, 0.4)):
            phase, begun = self._ledger.phase, time.monotonic()
            method, path, body, size = self._random.choice(ASKED)
            try:
                if left == 0:
                    if client:
                        client.close()
                    client, left = Client(self._server, self._tls), self._stay
                left -= 1
                outcome, words = judge(path, size, *client.ask(method, path, body))
            except Fate as fate:
                outcome, words, left = fate.outcome, fate.words, 0
            except Exception as error:  # an error of the client itself counts as a lost request, and the soak goes on
                outcome, words, left = LOST, repr(error), 0
            kind = ('TLS' if self._tls else 'cleartext') + (', a connection each' if self._stay == 1 else ', request {}'.format(self._stay - left))
            self._ledger.note(phase, outcome, time.monotonic() - begun, f'{words} ({kind}, after {time.monotonic() - begun:.1f} s)')
        if client:
            client.close()

    def stop(self):
        self._stopped.set()
        self.join(2 * PATIENCE)


class Curl(Patient):
    """A thread that runs curl for each request, with a connection of its own, over cleartext or TLS by chance."""

    def run(self):
        while not self._stopped.wait(self._random.uniform(0.5, 1.5)):
            phase, begun = self._ledger.phase, time.monotonic()
            tls = self._random.random() < 0.5
            how = ['--http2', '--insecure'] if tls else ['--http2-prior-knowledge']
            ended = subprocess.run(['curl', '-s', '-S', '--max-time', str(PATIENCE), '-w', '\n%{http_code} %header{retry-after}', *how,
                                    self._server.url('/bytes/20000', tls)], capture_output=True, text=True, check=False)
            self._ledger.note(phase, *self._fate(ended, time.monotonic() - begun))

    @staticmethod
    def _fate(ended, seconds):
        body, _, told = ended.stdout.rpartition('\n')
        words = f'curl: exit code {ended.returncode}, {told!r}, {len(body)} octets, {ended.stderr.strip()} (after {seconds:.1f} s)'
        if ended.returncode == 0 and told.startswith('503'):
            return (RETRY_AFTER if re.fullmatch(r'503 .+', told) else LOST), seconds, words
        if ended.returncode == 0:
            return (ANSWERED if told.startswith('200') and len(body) == 20_000 else LOST), seconds, words
        if 'REFUSED_STREAM' in ended.stderr:
            return REFUSED_STREAM, seconds, words
        return (TURNED_AWAY if ended.returncode in TURNED_AWAY_BY_CURL and told.startswith('000') and not body else LOST), seconds, words
