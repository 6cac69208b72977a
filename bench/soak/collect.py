"""
Asks a .NET process over its diagnostic port for a full garbage collection: what is resident afterwards is what the process holds, without
garbage that it has not collected yet.
"""
import glob
import os
import socket
import struct

COLLECT_TRACING = (2, 2)
STOP_TRACING = (2, 1)
GC_HEAP_COLLECT = 0x800001


def collect(pid):
    """Returns whether the collection was asked for. The process begins it when the tracing session opens; the session is closed at once."""
    # a process that was killed leaves its socket behind, and its number may be used again: the newest socket is that of the living process
    ports = sorted(glob.glob(f'/tmp/dotnet-diagnostic-{pid}-*-socket'), key=os.path.getmtime)
    if not ports:
        return False
    name = 'Microsoft-Windows-DotNETRuntime\0'
    provider = struct.pack('<QII', GC_HEAP_COLLECT, 4, len(name)) + name.encode('utf-16-le') + struct.pack('<I', 0)
    with socket.socket(socket.AF_UNIX) as port:
        port.settimeout(10)
        port.connect(ports[-1])
        # a buffer of 1 MiB, the nettrace format, one provider
        port.sendall(message(COLLECT_TRACING, struct.pack('<III', 1, 1, 1) + provider))
        answer = port.recv(28)
        if len(answer) < 28 or answer[16] != 0xff or answer[17] != 0:
            return False
        session = answer[20:28]
        with socket.socket(socket.AF_UNIX) as other:
            other.settimeout(10)
            other.connect(ports[-1])
            other.sendall(message(STOP_TRACING, session))
            # the session does not end before all that it has written is read
            while port.recv(65536):
                pass
    return True


def message(command, payload):
    return b'DOTNET_IPC_V1\0' + struct.pack('<HBBH', 20 + len(payload), *command, 0) + payload
