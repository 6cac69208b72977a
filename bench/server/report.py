"""Tables for the terminal, Markdown and SVG bars for docs/."""

NOTE = ('`/hello` and `/bytes/N` are answered from memory by ours, Kestrel and Go, and by nginx for `/hello`; h2o and nghttpd read a file for '
        'each request (one `pread` or so). The row *a file from disk* spares nobody that. *B/req* are the octets that our server allocates for '
        'each request, as its `/allocated` tells. Over TLS, ours and Kestrel ride on `SslStream`, which bounds *10 MiB responses over TLS*: OpenSSL '
        'encrypts to memory, so octets are copied three times more than in cleartext (to its buffer, to its memory, and out of it), and ours once '
        'again to send all records of an output with one call. Its code is also compiled while it runs, which short runs pay for.')
COLOURS = {'ours': '#2563eb'}


def lines(result):
    first = next((row for row in result.rows if row.name == 'ours'), result.rows[0])
    yield ['server', 'req/s', 'CPU us/req', 'CPU, ours = 1', 'p50 ms', 'p99 ms', 'peak MiB', 'B/req', 'failed']
    for row in result.rows:
        ratio = row.cost / first.cost if first.cost else 0
        yield [row.name, f'{row.rate:,.0f}', f'{row.cost:.2f}', f'{ratio:.2f}', f'{row.percentile(.5) / 1000:.2f}',
               f'{row.percentile(.99) / 1000:.2f}', f'{row.memory:.0f}',
               '' if row.allocated is None else f'{row.allocated:.0f}', str(row.failed)]


def print_table(result):
    shape = result.shape
    print(f'\n{shape.name}: {shape.title} (h2load -n {result.requests} -c {shape.connections} -m {shape.streams}, {result.rounds} rounds)')
    for cells in lines(result):
        print('  ' + cells[0].ljust(9) + ''.join(cell.rjust(15) for cell in cells[1:]), flush=True)


def write_report(docs, results, shapes):
    """Writes the sections of the shapes that were measured; the sections of other shapes stay on the page as they are."""
    page = docs / 'server-bench.md'
    sections = dict(part.split('\n', 1) for part in (page.read_text() if page.exists() else '').removesuffix(NOTE + '\n').split('\n## ')[1:])
    for result in results:
        (docs / f'server-bench-{result.shape.name}.svg').write_text(bars(result))
        sections[result.shape.title] = section(result)
    out = ['# Server bench', '', 'Made by `bench/server/run --write`: interleaved rounds, medians; CPU is user and system time of the server '
           'process over the requests it served. Absolute figures are of one small virtual machine; compare the ratios.', '']
    out += [f'## {shape.title}\n{sections[shape.title].rstrip()}\n' for shape in shapes if shape.title in sections]
    page.write_text('\n'.join(out + [NOTE, '']))


def section(result):
    shape, table = result.shape, list(lines(result))
    return '\n'.join([
        '', f'`h2load -n {result.requests} -c {shape.connections} -m {shape.streams}{" over TLS" if shape.tls else ""}`, {result.rounds} rounds', '',
        '| ' + ' | '.join(table[0]) + ' |', '|---' + '|--:' * (len(table[0]) - 1) + '|',
        *['| ' + ' | '.join(cells) + ' |' for cells in table[1:]], '',
        f'![CPU for each request: {shape.title}](server-bench-{shape.name}.svg)'])


def bars(result):
    """CPU for each request as horizontal bars."""
    top = max((row.cost for row in result.rows), default=1) or 1
    height = 34 * len(result.rows) + 44
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{height}" font-family="system-ui,sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="#fff"/>',
             f'<text x="12" y="22" font-weight="600">CPU us/request - {result.shape.title}</text>']
    for index, row in enumerate(result.rows):
        y, width = 40 + 34 * index, max(2, 430 * row.cost / top)
        parts += [f'<text x="90" y="{y + 16}" text-anchor="end">{row.name}</text>',
                  f'<rect x="100" y="{y}" width="{width:.0f}" height="22" rx="3" fill="{COLOURS.get(row.name, "#94a3b8")}"/>',
                  f'<text x="{108 + width:.0f}" y="{y + 16}">{row.cost:.2f}</text>']
    return '\n'.join(parts + ['</svg>', ''])
