"""Many connections at once that all ask for the same and then wait, and what became of them."""
import contextlib
import socket


class Crowd:
    def __init__(self, server):
        self._server, self._sockets = server, []
        self.turned_away = self.answered = 0

    def come(self, count, octets):
        """Opens more connections, which each send the octets. Those that the server does not take are counted when they are closed."""
        for _ in range(count):
            with contextlib.suppress(OSError):
                peer = socket.create_connection(('127.0.0.1', self._server.port), 10)
                self._sockets.append(peer)
                peer.sendall(octets)

    def leave(self):
        for peer in self._sockets:
            self._count(peer)
            peer.close()
        self._sockets = []

    def _count(self, peer):
        """Counts a connection as answered when the server has sent anything on it, else as turned away when it was closed."""
        peer.settimeout(0)
        try:
            came = peer.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            came = b''
        if came:
            self.answered += 1
        else:
            self.turned_away += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.leave()
