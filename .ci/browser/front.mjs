// The reverse proxy with a certificate that stands before the daemon. It keeps what
// was asked and answered, so that nothing a page does stays unseen.
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

// openFront listens. Where spoil is set, it changes what is answered: body, raw
// headers, and the answer itself.
export async function openFront(work, port) {
  const seen = []; // {method, url, status, cookie, sent}
  const front = { seen };
  const agent = new http.Agent({ keepAlive: true });
  const server = https.createServer({ key: fs.readFileSync(path.join(work, 'key.pem')), cert: fs.readFileSync(path.join(work, 'cert.pem')) }, (request, answer) => {
    // Compressed bodies could not be spoilt, and the daemon compresses nothing.
    const headers = { ...request.headers, 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' };
    const onward = http.request({ host: '127.0.0.1', port, method: request.method, path: request.url, headers, agent }, (reply) => {
      seen.push({ method: request.method, url: request.url, status: reply.statusCode, cookie: reply.headers['set-cookie'], sent: request.headers.cookie });
      if (!front.spoil) {
        answer.writeHead(reply.statusCode, reply.rawHeaders);
        return reply.pipe(answer);
      }
      const chunks = [];
      reply.on('data', (c) => chunks.push(c)).on('end', () => {
        const raw = reply.rawHeaders.filter((_, i, all) => !/^content-length$/i.test(all[i - i % 2]));
        answer.statusCode = reply.statusCode;
        const body = /html/.test(reply.headers['content-type']) ? front.spoil(Buffer.concat(chunks).toString(), raw, answer) : Buffer.concat(chunks);
        answer.writeHead(answer.statusCode, raw).end(body);
      });
    });
    onward.on('error', () => answer.headersSent ? answer.destroy() : answer.writeHead(502).end('no daemon'));
    request.pipe(onward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(front, { port: server.address().port, close: () => { agent.destroy(); server.close(); server.closeAllConnections(); } });
}
