"""As much HTTP/2 as an abuser needs: frames, requests that use no dynamic table, and a connection on which errors are ignored."""
import contextlib
import socket
import ssl
import struct

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS = 1, 4
PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'


def frame(kind, flags, stream, payload=b''):
    return struct.pack('>I', len(payload))[1:] + struct.pack('>BBI', kind, flags, stream) + payload


ACK = frame(SETTINGS, 1, 0)


def literal(name, value):
    return b'\x00' + bytes([len(name)]) + name + bytes([len(value)]) + value


def request(stream, path, method=b'GET', end=True, scheme=b'http'):
    block = literal(b':method', method) + literal(b':scheme', scheme) + literal(b':path', path) + literal(b':authority', b'localhost')
    return frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, block)


def scheme(tls):
    return b'https' if tls else b'http'


def reset(stream, code=8):
    return frame(RST_STREAM, 0, stream, struct.pack('>I', code))


def read_answer(client, stream):
    """Reads frames until one of them ends the stream, and drops whatever came behind it; ConnectionError when the server closes before that."""
    data = b''
    while True:
        while len(data) >= 9 and len(data) >= 9 + int.from_bytes(data[:3], 'big'):
            if data[3] in (DATA, HEADERS) and data[4] & END_STREAM and int.from_bytes(data[5:9], 'big') == stream:
                return
            data = data[9 + int.from_bytes(data[:3], 'big'):]
        more = client.recv(4096)
        if not more:
            raise ConnectionError('the server closed the connection')
        data += more


def start(window=65535):
    return PREFACE + frame(SETTINGS, 0, 0, struct.pack('>HI', 4, window))


@contextlib.contextmanager
def connection(server, tls=False, timeout=10):
    """A socket whose errors are ignored: the server is right to throw abusers out."""
    raw = socket.create_connection(('127.0.0.1', server.tls_port if tls else server.port), timeout)
    try:
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_alpn_protocols(['h2'])
            raw = context.wrap_socket(raw)
        with contextlib.suppress(OSError):
            yield raw
    finally:
        raw.close()
