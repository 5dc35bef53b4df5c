// Serves the demo's invented outlets as full-text RSS feeds, so many pieces of
// each as were published so far.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const escape = (s) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// readPieces reads an outlet's own pieces; reprints have no text and are left out.
function readPieces(folder) {
  return fs.readdirSync(folder).filter((f) => /^\d+-.*\.txt$/.test(f) && !f.includes('.comments.')).sort().flatMap((file) => {
    const [head, ...rest] = fs.readFileSync(path.join(folder, file), 'utf8').split('\n\n');
    const field = (name) => head.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1];
    if (field('Reprint-Of')) return [];
    const paragraphs = rest.map((p) => p.trim().replace(/^(## |> )/, '')).filter(Boolean);
    return [{ slug: file.replace(/^\d+-|\.txt$/g, ''), title: field('Title'), author: field('Author'), html: paragraphs.map((p) => `<p>${escape(p)}</p>`).join('') }];
  });
}

// serveOutlets listens on loopback. publish adds the next pieces of every outlet.
export async function serveOutlets(dir) {
  const outlets = fs.readdirSync(dir).map((slug) => ({
    slug, pieces: readPieces(path.join(dir, slug)),
    name: fs.readFileSync(path.join(dir, slug, 'outlet.txt'), 'utf8').match(/^Name: (.*)$/m)[1],
  })).filter((o) => o.pieces.length);
  const out = []; // {outlet, piece, date}
  const server = http.createServer((request, answer) => {
    const outlet = outlets.find((o) => request.url === `/${o.slug}.xml`);
    if (!outlet) return answer.writeHead(404).end();
    const items = out.filter((x) => x.outlet === outlet).map(({ piece, date }) => `<item><title>${escape(piece.title)}</title>
<link>${base}/${outlet.slug}/${piece.slug}</link><guid>${outlet.slug}/${piece.slug}</guid><pubDate>${date}</pubDate>
<dc:creator>${escape(piece.author ?? '')}</dc:creator><content:encoded>${escape(piece.html)}</content:encoded></item>`);
    answer.writeHead(200, { 'Content-Type': 'application/rss+xml; charset=utf-8' });
    answer.end(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>${escape(outlet.name)}</title><link>${base}/</link><description>Commentary</description>${items.join('')}</channel></rss>`);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${server.address().port}`;
  let next = 0;
  return {
    sources: outlets.map((o) => ({ name: o.name, url: `${base}/${o.slug}.xml` })),
    // publish puts count more pieces of each outlet into its feed, an hour old.
    publish(count) {
      const date = new Date(Date.now() - 3600e3).toUTCString();
      for (const outlet of outlets)
        for (const piece of outlet.pieces.slice(next, next + count)) out.push({ outlet, piece, date });
      next += count;
    },
    close: () => server.close(),
  };
}
