"""
Clients that keep the rules: whatever fails for them is the server's failure. Each function returns (requests, failed requests, words about
the last failure); the first line of its description is its name in the report.
"""
import json
import re
import subprocess


def run(command, timeout=60, **more):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout, check=False, **more)


def h2load(server, random, tls):
    path = random.choice(['/hello', '/headers20', '/bytes/20000', '/hop', '/big'])
    requests = 20 if path == '/big' else 300
    ended = run(['h2load', '-n', requests, '-c', random.choice([1, 4]), '-m', random.choice([1, 10]), '--rps', 50, server.url(path, tls)])
    found = re.search(r'(\d+) total, .* (\d+) succeeded', ended.stdout)
    if not found or ended.returncode != 0:
        return requests, requests, f'h2load {path}: {ended.returncode} {ended.stdout[-300:]} {ended.stderr[-300:]}'
    return requests, requests - int(found.group(2)), f'h2load {path}: {found.group(0)}'


def h2load_cleartext(server, random):
    """h2load, cleartext"""
    return h2load(server, random, tls=False)


def h2load_tls(server, random):
    """h2load, TLS"""
    return h2load(server, random, tls=True)


def curl(server, random, tls):
    how = ['--http2', '--insecure'] if tls else ['--http2-prior-knowledge']
    kind = random.choice(['get', 'head', 'echo', 'upload', 'trailers', 'status'])
    body = 'x' * random.choice([0, 1, 16384, 300_000])
    path, extra, wanted = {
        'get': ('/bytes/100000', [], lambda ended: len(ended.stdout) == 100_000 + 3),
        'head': ('/hello', ['--head'], lambda ended: ended.stdout.endswith('200')),
        'echo': ('/echo', ['--data-binary', '@-'], lambda ended: ended.stdout == body + '200'),
        'upload': ('/upload', ['--data-binary', '@-'], lambda ended: str(len(body)) in ended.stdout),
        'trailers': ('/trailers', [], lambda ended: ended.stdout.endswith('200')),
        'status': ('/status/404', [], lambda ended: ended.stdout.endswith('404')),
    }[kind]
    ended = run(['curl', '-s', '-S', '--max-time', 30, '-w', '%{http_code}', *how, *extra, server.url(path, tls)], input=body)
    well = ended.returncode == 0 and wanted(ended)
    return 1, 0 if well else 1, f'curl {kind}: {ended.returncode} {ended.stderr[-200:]} {ended.stdout[-60:]!r}'


def curl_cleartext(server, random):
    """curl, cleartext"""
    return curl(server, random, tls=False)


def curl_tls(server, random):
    """curl, TLS"""
    return curl(server, random, tls=True)


def nghttp_with_push(server, random):
    """nghttp with server push"""
    ended = run(['nghttp', '-n', '-s', '-t', '20', server.url('/push', tls=random.random() < 0.5)])
    good = len(re.findall(r'\s200\s', ended.stdout))
    return 4, 0 if ended.returncode == 0 and good >= 4 else 1, f'nghttp: {ended.returncode} {ended.stdout[-300:]} {ended.stderr[-300:]}'


def harness(server, random):
    """the conformance harness"""
    tls = random.random() < 0.5
    where = [f'127.0.0.1:{server.tls_port}', '-t', '-k'] if tls else [f'127.0.0.1:{server.port}']
    groups = random.choice([['generic'], ['http2/6', 'http2/8'], ['hpack', 'compression'], ['fields'], ['frames']])
    report = server.folder / f'spec-{random.random()}.json'
    ended = run(server.http2 + ['spec', *where, *groups, '--profile', 'demo', '--timeout', '5', '--json', report], timeout=170)
    if ended.returncode > 1 or not report.exists():
        return 1, 1, f'spec {groups}: {ended.returncode} {ended.stdout[-300:]} {ended.stderr[-300:]}'
    cases = json.loads(report.read_text(encoding='utf-8'))['results']
    report.unlink()
    failed = [case['id'] for case in cases if case['verdict'] not in ('passed', 'skipped')]
    return len(cases), len(failed), f'spec {groups}: {failed}'


HONEST = [h2load_cleartext, h2load_tls, curl_cleartext, curl_tls, curl_cleartext, curl_tls, nghttp_with_push, harness]
