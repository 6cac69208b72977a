"""The settings of the soak with shortages: for each a server, and the phases that are played on it."""
import contextlib
import pathlib
import subprocess
import tempfile

from server import Server
from shortages import (blocked_output, blocking_handlers, busy_blocking, closed_windows, descriptors, processes, record_full,
                       record_removed)

# The number of a user who runs nothing else: RLIMIT_NPROC counts all threads of a user, whatever process they belong to.
USER = 61_473
AS_USER = ['setpriv', '--reuid', str(USER), '--regid', str(USER), '--clear-groups']
PROCESSES = 160
HEAP = 128


class Setting:
    """A server and its phases. `share` is its part of the soak's time; in the phases `turns_away` connections may be closed at once."""

    bounded_heap = False

    def __init__(self, name, share, phases, turns_away=(), as_user=(), **options):
        self.as_user = as_user
        self.name, self.share, self.phases, self.turns_away, self._options = name, share, phases, turns_away, options

    @contextlib.contextmanager
    def server(self, command):
        with tempfile.TemporaryDirectory(prefix='http2-soak-') as folder:
            with Server(command, pathlib.Path(folder), **self._options) as server:
                yield server


class HeapSetting(Setting):
    bounded_heap = True


class RecordSetting(Setting):
    """A server that records (--record) into a file system of its own of 4 MiB."""

    @contextlib.contextmanager
    def server(self, command):
        with tempfile.TemporaryDirectory(prefix='http2-soak-') as folder:
            disk = pathlib.Path(folder) / 'disk'
            record = disk / 'recordings'
            disk.mkdir()
            subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], check=True)
            try:
                record.mkdir()
                with Server(command, pathlib.Path(folder), arguments=['-v', '-v', '--record', str(record)], read=True) as server:
                    server.record = record
                    yield server
            finally:
                subprocess.run(['umount', '-l', disk], check=False)


SETTINGS = {
    'as it comes': Setting('as it comes', 0.35, [descriptors, blocking_handlers, busy_blocking, closed_windows], (descriptors,)),
    'heap': HeapSetting(f'a heap of {HEAP} MiB', 0.3, [closed_windows, descriptors, busy_blocking], (closed_windows, descriptors),
                        environment={'DOTNET_GCHeapHardLimit': hex(HEAP << 20)}),
    'user': Setting(f'another user, {PROCESSES} threads', 0.15, [processes, blocking_handlers, descriptors], (descriptors,),
                    as_user=AS_USER, prefix=['prlimit', f'--nproc={PROCESSES}', *AS_USER]),
    'output': RecordSetting('-v -v, --record', 0.2, [blocked_output, record_removed, record_full]),
}
