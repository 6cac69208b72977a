// A server on node's http2 for the tests of our client: server.mjs PORT DIRECTORY. It serves files, and answers a POST with the SHA-256 of its body.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';

const [port, directory] = process.argv.slice(2);
http2.createServer((request, response) => {
  if (request.method === 'POST') {
    const hash = crypto.createHash('sha256');
    request.on('data', chunk => hash.update(chunk));
    request.on('end', () => response.end(hash.digest('hex')));
    return;
  }
  fs.createReadStream(path.join(directory, path.basename(request.url))).pipe(response);
}).listen(Number(port), '127.0.0.1');
