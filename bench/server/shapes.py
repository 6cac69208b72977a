"""The loads: what is asked for, by how many connections and streams, how often."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    name: str
    title: str
    path: str
    requests: int
    connections: int
    streams: int
    tls: bool = False
    upload: int = 0              # octets of the request body
    needs: str = 'file'          # file: a file or a fixed answer will do; upload, headers, cpu, hop, static: a feature
    window_bits: int = 16


MIB = 1024 * 1024

SHAPES = [
    Shape('hello-10x100', '/hello, 10 connections, 100 streams', '/hello', 400_000, 10, 100),
    Shape('hello-10x1', '/hello, 10 connections, 1 stream', '/hello', 100_000, 10, 1),
    Shape('hello-1x100', '/hello, 1 connection, 100 streams', '/hello', 200_000, 1, 100),
    Shape('hello-100x10', '/hello, 100 connections, 10 streams', '/hello', 300_000, 100, 10),
    Shape('hello-1000x1', '/hello, 1000 connections, 1 stream', '/hello', 100_000, 1000, 1),
    Shape('headers20', '20 response fields', '/headers20', 200_000, 10, 100, needs='headers'),
    Shape('bytes-32k', '32 KiB responses', '/bytes/32768', 40_000, 10, 10, window_bits=20),
    Shape('bytes-10m', '10 MiB responses, 4 connections, 4 streams', '/bytes/10485760', 100, 4, 4, window_bits=24),
    Shape('upload-1m', '1 MiB uploads', '/drain', 400, 4, 4, upload=MIB, needs='upload'),
    Shape('file-32k', 'a 32 KiB file from disk', '/file32k.bin', 40_000, 10, 10, needs='static', window_bits=20),
    Shape('cpu', 'a handler that computes for 50 us', '/spin/50', 40_000, 10, 10, needs='cpu'),
    Shape('hop', 'a handler that hops to another thread', '/hop', 200_000, 10, 100, needs='hop'),
    Shape('tls-hello', '/hello over TLS', '/hello', 300_000, 10, 100, tls=True),
    Shape('tls-bytes-10m', '10 MiB responses over TLS', '/bytes/10485760', 100, 4, 4, tls=True, window_bits=24),
]
