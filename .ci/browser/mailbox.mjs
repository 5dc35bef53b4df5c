// A small SMTP server on loopback that keeps what it takes (RFC 5321), and what a
// reader needs of a letter.
import net from 'node:net';

// openMailbox listens. wait gives the first letter that fits and was not taken yet.
export async function openMailbox() {
  const letters = [], waiting = [];
  const server = net.createServer((socket) => converse(socket, (letter) => {
    letters.push(letter);
    for (const w of [...waiting]) w();
  }));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const take = (fits) => {
    const at = letters.findIndex((l) => !l.taken && fits(l));
    if (at < 0) return undefined;
    letters[at].taken = true;
    return letters[at];
  };
  return {
    port: server.address().port, letters,
    wait(what, fits, seconds = 90) {
      return new Promise((done, fail) => {
        const end = (f, x) => { clearTimeout(limit); waiting.splice(waiting.indexOf(look), 1); f(x); };
        const look = () => { const l = take(fits); if (l) end(done, l); };
        const limit = setTimeout(() => end(fail, new Error(`no mail came in ${seconds} s: ${what}; there are ${letters.map((l) => `${l.to}: ${l.subject}`).join(' | ')}`)), seconds * 1000);
        waiting.push(look);
        look();
      });
    },
    close: () => server.close(),
  };
}

function converse(socket, keep) {
  let rest = Buffer.alloc(0), data = false, to = '';
  const say = (line) => socket.write(`${line}\r\n`);
  const commands = {
    EHLO: () => say('250-mail.test\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES'),
    MAIL: () => say('250 2.1.0 ok'),
    RCPT: (line) => { to = line.match(/<(.*?)>/)[1]; say('250 2.1.5 ok'); },
    DATA: () => { data = true; say('354 go on'); },
    RSET: () => say('250 2.0.0 ok'), NOOP: () => say('250 2.0.0 ok'),
    QUIT: () => { say('221 2.0.0 bye'); socket.end(); },
  };
  socket.on('error', () => {});
  say('220 mail.test ESMTP');
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf(data ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const text = rest.subarray(0, end).toString('utf8');
      rest = rest.subarray(end + (data ? 5 : 2));
      if (data) {
        data = false;
        keep(parse(to, text.replace(/^\.\./gm, '.')));
        say('250 2.6.0 taken');
        continue;
      }
      (commands[text.slice(0, 4).toUpperCase()] ?? (() => say('502 5.5.1 unknown')))(text);
    }
  });
}

// parse takes a message apart: headers in lower case, and its text and HTML part.
function parse(to, raw) {
  const { headers, body } = split(raw);
  const parts = {};
  walk(headers, body, parts);
  return { to, raw, headers, subject: words(headers.subject ?? ''), text: parts['text/plain'] ?? '', html: parts['text/html'] ?? '' };
}

function split(raw) {
  const at = raw.indexOf('\r\n\r\n');
  const headers = {};
  for (const line of raw.slice(0, at).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, name, value] = line.match(/^([^:]+):\s*(.*)$/) ?? [];
    if (name) headers[name.toLowerCase()] = value;
  }
  return { headers, body: raw.slice(at + 4) };
}

function walk(headers, body, parts) {
  const type = headers['content-type'] ?? 'text/plain';
  const boundary = type.match(/boundary="?([^";]+)"?/)?.[1];
  if (boundary) {
    for (const piece of body.split(`--${boundary}`).slice(1, -1)) {
      const inner = split(piece.replace(/^\r\n/, ''));
      walk(inner.headers, inner.body, parts);
    }
    return;
  }
  const kind = type.split(';')[0].trim().toLowerCase();
  parts[kind] ??= decode(headers['content-transfer-encoding'] ?? '', body).replace(/\r\n/g, '\n');
}

function decode(encoding, body) {
  switch (encoding.toLowerCase()) {
    case 'base64': return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable': return Buffer.from(body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16))), /[^\x00-\xff]/.test(body) ? 'utf8' : 'latin1').toString('utf8');
    default: return body;
  }
}

// words decodes encoded words (RFC 2047) well enough to find a subject.
function words(s) {
  return s.replace(/=\?utf-8\?q\?(.*?)\?=\s*/gi, (_, t) => Buffer.from(t.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/gi, (_, h) => String.fromCharCode(parseInt(h, 16))), 'latin1').toString('utf8'))
    .replace(/=\?utf-8\?b\?(.*?)\?=\s*/gi, (_, t) => Buffer.from(t, 'base64').toString('utf8'));
}

// links are the addresses in a letter's text part.
export const links = (letter) => [...letter.text.matchAll(/https:\/\/[^\s<>")]+/g)].map((m) => m[0].replace(/[.,]$/, ''));

// link is the one below a path, or an error that shows what there is.
export function link(letter, part) {
  const found = links(letter).find((l) => l.includes(part));
  if (!found) throw new Error(`no link with ${part} in “${letter.subject}” to ${letter.to}:\n${letter.text.slice(0, 2000)}`);
  return found;
}
