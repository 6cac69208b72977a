"""A client on python3-h2, as the cases for clients start it: client.py [--upload FILE] URL...

Writes the bodies out and ends with 0 if and only if all responses came. The socket, the windows and the end of an upload are this program's; the
protocol is h2's.
"""
import pathlib
import socket
import ssl
import sys
import urllib.parse

import h2.connection
import h2.config
import h2.events
import h2.settings


def connect(url):
    plain = socket.create_connection((url.hostname, url.port))
    if url.scheme == 'http':
        return plain
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(['h2'])
    secure = context.wrap_socket(plain, server_hostname=url.hostname)
    if secure.selected_alpn_protocol() != 'h2':
        sys.exit('the server did not choose h2')
    return secure


class Client:
    def __init__(self, urls, body):
        self.urls, self.body, self.open, self.sent, self.failure = urls, body, {}, 0, None
        self.socket = connect(urls[0])
        self.http = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))

    def ask(self, url):
        stream = self.http.get_next_available_stream_id()
        target = (url.path or '/') + (f'?{url.query}' if url.query else '')
        fields = [(':method', 'POST' if self.body else 'GET'), (':scheme', url.scheme), (':authority', url.netloc), (':path', target)]
        self.http.send_headers(stream, fields, end_stream=not self.body)
        self.open[stream] = False

    def upload(self):
        for stream in self.open:
            while self.sent < len(self.body):
                size = min(self.http.local_flow_control_window(stream), self.http.max_outbound_frame_size, len(self.body) - self.sent)
                if size <= 0:
                    return
                self.http.send_data(stream, self.body[self.sent:self.sent + size], end_stream=self.sent + size == len(self.body))
                self.sent += size

    def take(self, event):
        if isinstance(event, h2.events.ResponseReceived):
            self.open[event.stream_id] = True
        elif isinstance(event, h2.events.DataReceived):
            sys.stdout.buffer.write(event.data)
            self.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            if not self.open.pop(event.stream_id, False):
                sys.exit('a stream ended without a response')
        elif isinstance(event, h2.events.StreamReset):
            if event.stream_id in self.open:
                del self.open[event.stream_id]
                self.failure = f'the stream was reset: {event.error_code}'
        elif isinstance(event, h2.events.ConnectionTerminated) and event.error_code:
            sys.exit(f'GOAWAY: {event.error_code}')

    def waiting(self):
        """The addresses that may be asked for now."""
        while self.urls and len(self.open) < self.http.remote_settings.max_concurrent_streams:
            yield self.urls.pop(0)

    def run(self):
        self.http.initiate_connection()
        self.http.update_settings({h2.settings.SettingCodes.ENABLE_PUSH: 0})
        while self.urls or self.open:
            for url in self.waiting():
                self.ask(url)
            if self.body:
                self.upload()
            self.socket.sendall(self.http.data_to_send())
            octets = self.socket.recv(65536)
            if not octets:
                sys.exit('the connection ended')
            try:
                events = self.http.receive_data(octets)
            except Exception as failure:
                self.socket.sendall(self.http.data_to_send())
                sys.exit(f'{type(failure).__name__}: {failure}')
            for event in events:
                self.take(event)
        self.http.close_connection()
        self.socket.sendall(self.http.data_to_send())
        self.socket.close()
        if self.failure:
            sys.exit(self.failure)


def main():
    words = sys.argv[1:]
    body = b''
    if words[0] == '--upload':
        body = pathlib.Path(words[1]).read_bytes()
        words = words[2:]
    Client([urllib.parse.urlsplit(word) for word in words], body).run()


if __name__ == '__main__':
    main()
