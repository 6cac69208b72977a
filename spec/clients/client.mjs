// A client on node's http2, as the cases for clients start it: client.mjs [--upload FILE] URL...
// Writes the bodies out and ends with 0 if and only if all responses came.
import fs from 'node:fs';
import http2 from 'node:http2';

const words = process.argv.slice(2);
const body = words[0] === '--upload' ? fs.readFileSync(words.splice(0, 2)[1]) : null;
const session = http2.connect(new URL(words[0]).origin, { rejectUnauthorized: false });
let open = words.length;

function fail(error) {
  console.error(String(error));
  process.exitCode = 1;
}

session.on('error', fail);
// Nothing may be left to wait for although a response has not come.
process.on('exit', () => {
  if (open > 0)
    process.exitCode = 1;
});
for (const word of words) {
  const url = new URL(word);
  const request = session.request({ ':method': body ? 'POST' : 'GET', ':path': url.pathname + url.search }, { endStream: !body });
  let responded = false;
  let ended = false;
  request.on('error', fail);
  request.on('response', () => { responded = true; });
  request.on('data', chunk => process.stdout.write(chunk));
  request.on('end', () => { ended = true; });
  request.on('close', () => {
    if (!responded || !ended || request.rstCode || request.aborted)
      fail(`the response did not come: ${request.rstCode}`);
    if (--open === 0)
      session.close();
  });
  if (body)
    request.end(body);
}
