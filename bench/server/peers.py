"""The servers that are compared: how each is started, and which shapes it can answer. All their files lie in the run's temporary folder."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

FILE_SIZES = {'bytes/32768': 32768, 'bytes/10485760': 10485760, 'file32k.bin': 32768}
HEADERS = [(f'x-field-{i:02}', f'value of field {i}') for i in range(20)]
DIR = pathlib.Path(__file__).parent


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server:
    """One process under test, with a cleartext and a TLS port where it has them."""
    def __init__(self, name, features, command, tls_command=None, cwd=None):
        self.name, self.features, self.cwd = name, {'file', *features}, cwd
        self.ports = {False: free_port(), True: free_port()}
        self.command, self.tls_command = command, tls_command
        self.process = None

    def serves(self, shape):
        return shape.needs in self.features and (not shape.tls or self.tls_command is not None)

    def start(self, shape, prefix=()):
        make = self.tls_command if shape.tls else self.command
        self.port = self.ports[shape.tls]
        self.process = subprocess.Popen(
            [*prefix, *make(self.port, shape)], cwd=self.cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def wait(self):
        """Waits until the server takes connections; ends the whole run when it does not."""
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(('127.0.0.1', self.port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit(f'{self.name} did not start')

    def stop(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


def available(root, folder):
    www = make_files(folder)
    cert, key = make_certificate(folder)
    found = [ours(root, www, cert, key)]
    for make in (h2o, nghttpd, nginx, kestrel, go):
        server = make(folder, www, cert, key)
        if server:
            found.append(server)
    return found


def make_files(folder):
    www = folder / 'www'
    (www / 'bytes').mkdir(parents=True)
    (www / 'hello').write_text('Hello, World!')
    (www / 'headers20').write_text('Hello, World!')
    (www / 'drain').write_text('Hello, World!')
    for name, size in FILE_SIZES.items():
        (www / name).write_bytes(bytes(size))
    return www


def make_certificate(folder):
    cert, key = folder / 'cert.pem', folder / 'key.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                    '-subj', '/CN=localhost', '-keyout', key, '-out', cert], check=True, capture_output=True)
    return cert, key


def ours(root, www, cert, key):
    subprocess.run(['dotnet', 'build', root / 'src/Http2.Tool', '-c', 'Release', '-v', 'q', '-nologo'], check=True, stdout=subprocess.DEVNULL)
    program = ['dotnet', str(root / 'src/Http2.Tool/bin/Release/net10.0/http2.dll'), 'serve']
    folder = lambda shape: [str(www)] if shape.needs == 'static' else []
    return Server(
        'ours', ['upload', 'headers', 'cpu', 'hop', 'static'],
        lambda port, shape: program + folder(shape) + ['--port', str(port), '--no-tls'],
        lambda port, shape: program + folder(shape) + ['--tls-port', str(port), '--no-cleartext', '--cert', str(cert), '--key', str(key)])


def h2o(folder, www, cert, key):
    if not shutil.which('h2o'):
        return None

    def command(port, shape):
        tls = f', ssl: {{certificate-file: {cert}, key-file: {key}}}' if shape.tls else ''
        lines = ['hosts:', '  default:', f'    listen: {{port: {port}, host: 127.0.0.1{tls}}}', '    paths:', '      "/":',
                 f'        file.dir: {www}']
        if shape.needs == 'headers':
            lines += [f'        header.add: "{name}: {value}"' for name, value in HEADERS]
        config = folder / f'h2o-{port}.conf'
        config.write_text('\n'.join(lines + ['num-threads: 2', f'user: {os.environ.get("USER", "root")}' if os.getuid() == 0 else '']) + '\n')
        return ['h2o', '-c', str(config)]
    return Server('h2o', ['static', 'headers'], command, command)


def nghttpd(folder, www, cert, key):
    if not shutil.which('nghttpd'):
        return None
    base = ['nghttpd', '-n', '2', '-d', str(www), '-a', '127.0.0.1']
    return Server('nghttpd', ['static', 'upload'],
                  lambda port, shape: base + ['--no-tls', str(port)],
                  lambda port, shape: base + [str(port), str(key), str(cert)])


def nginx(folder, www, cert, key):
    program = shutil.which('nginx') or ('/usr/sbin/nginx' if os.path.exists('/usr/sbin/nginx') else None)
    if not program:
        return None

    def command(port, shape):
        ssl = f'ssl_certificate {cert}; ssl_certificate_key {key};' if shape.tls else ''
        headers = ' '.join(f'add_header {name} "{value}";' for name, value in HEADERS) if shape.needs == 'headers' else ''
        config = folder / f'nginx-{port}.conf'
        user = 'user root;' if os.getuid() == 0 else ''
        config.write_text(
            f'{user} worker_processes 2; daemon off; pid {folder}/nginx-{port}.pid; error_log stderr;\n'
            'events { worker_connections 2048; }\n'
            f'http {{ access_log off; client_body_temp_path {folder}/nginx-body; server {{\n'
            f'  listen 127.0.0.1:{port} {"ssl " if shape.tls else ""}http2; {ssl}\n'
            '  http2_max_requests 100000000; keepalive_requests 100000000; http2_max_concurrent_streams 256;\n'
            f'  {headers} location /hello {{ default_type text/plain; return 200 "Hello, World!"; }}\n'
            f'  location / {{ root {www}; }} }} }}\n')
        return [program, '-p', str(folder), '-c', str(config)]
    return Server('nginx', ['static', 'headers'], command, command)


def kestrel(folder, www, cert, key):
    runtimes = subprocess.run(['dotnet', '--list-runtimes'], capture_output=True, text=True).stdout
    if 'Microsoft.AspNetCore.App' not in runtimes:
        return None
    source = folder / 'kestrel'
    shutil.copytree(DIR / 'peers/kestrel', source)
    subprocess.run(['dotnet', 'build', source, '-c', 'Release', '-v', 'q', '-nologo', '-o', source / 'out'], check=True, stdout=subprocess.DEVNULL)
    program = ['dotnet', str(source / 'out/kestrel.dll')]
    return Server('kestrel', ['upload', 'headers', 'cpu', 'hop'],
                  lambda port, shape: program + [str(port)],
                  lambda port, shape: program + [str(port), str(cert), str(key)])


def go(folder, www, cert, key):
    if not shutil.which('go'):
        return None
    environment = {**os.environ, 'GO111MODULE': 'off', 'GOPATH': '/usr/share/gocode', 'GOCACHE': str(folder / 'gocache')}
    built = subprocess.run(['go', 'build', '-o', folder / 'goserver', DIR / 'peers/go/server.go'], env=environment, capture_output=True)
    if built.returncode != 0:
        return None
    return Server('go', ['upload', 'headers', 'cpu', 'hop'], lambda port, shape: [str(folder / 'goserver'), str(port)],
                  lambda port, shape: [str(folder / 'goserver'), str(port), str(cert), str(key)])
