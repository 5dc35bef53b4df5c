// What anybody may read: the archive before and after there is one.
import https from 'node:https';
import { link } from './mailbox.mjs';
import { host } from './program.mjs';

// empty holds the pages of a list that has sent nothing yet.
export async function empty({ judge, tally, address }) {
  const page = await judge.person();
  await page.goto(`${address}/no/such/page`);
  await judge.look(page, 'nothing-here', 404);
  for (const [name, path] of [['home-empty', '/'], ['editions-empty', '/editions']]) {
    await page.goto(address + path);
    await judge.look(page, name);
  }
  await page.context().close();
}

// archive makes two editions. Between them ada wants the short letter in German, and
// bob one camp in full.
export async function archive(world) {
  const { judge, tally, outlets, mailbox, program, address, front } = world;
  outlets.publish(1);
  await program.edition();
  const letters = world.letters = {};
  for (const who of ['first', 'ada', 'bob']) letters[who] = await mailbox.wait(`edition 1 for ${who}`, (l) => l.to === `${who}@readers.test` && l.headers['list-unsubscribe']);
  tally.holds('nobody else has a letter', mailbox.letters.filter((l) => !l.taken && l.headers['list-unsubscribe']).map((l) => l.to));
  await choose(world, letters);
  outlets.publish(1);
  await program.edition();
  for (const who of ['first', 'ada', 'bob']) letters[who] = await mailbox.wait(`edition 2 for ${who}`, (l) => l.to === `${who}@readers.test` && l.headers['list-unsubscribe']);
  const size = (who) => letters[who].text.length;
  tally.holds(`the next letter follows the wishes: ${size('first')} characters in full, ${size('ada')} short, ${size('bob')} with one camp in full`,
    size('ada') < 0.8 * size('first') && size('bob') < size('first') && letters.first.text.match(/https:/g).length > 0);
  tally.holds('ada’s letter speaks German, bob’s English', /DIE WOCHE/.test(letters.ada.text) && /THE WEEK/.test(letters.bob.text));

  const page = await judge.person();
  await page.goto(address);
  await judge.look(page, 'home');
  await page.click('nav >> text=Editions');
  await judge.look(page, 'editions');
  await page.click('main a[href="/editions/1"]');
  await judge.look(page, 'edition');
  await judge.print(page, 'edition');
  tally.holds('the edition says nothing of readers', !/readers\.test|\/leave\/|\/choose\//.test(await page.content()));
  const piece = await page.getAttribute('main a[href^="/pieces/"], a[href^="/pieces/"]', 'href').catch(() => undefined);
  await page.goto(`${address}${piece ?? '/pieces/1'}`);
  await judge.look(page, 'piece');
  await page.goto(`${address}/method`);
  await judge.look(page, 'method');
  for (const [name, path] of [['no-edition', '/editions/99'], ['no-piece', '/pieces/99999']]) {
    await page.goto(address + path);
    await judge.look(page, name, 404);
  }
  await feed(page, tally, address, front);
  await page.context().close();
}

// choose opens the choices from the letters' links for leaving.
async function choose({ judge, tally }, letters) {
  const page = await judge.person();
  await page.goto(link(letters.ada, '/leave/'));
  await judge.look(page, 'leave');
  await page.click('text=Only pause');
  await judge.look(page, 'leave-paused');
  await page.click('text=Go on with letters');
  await page.click('a[href*="/choose/"]');
  await judge.look(page, 'choose');
  tally.holds('the choices show the address masked', !(await page.content()).includes('ada@readers.test'));
  await page.check('input[name=letter][value=short]');
  await page.selectOption('select[name=language]', 'de');
  await page.click('text=Keep these choices');
  await page.waitForSelector('[role=status]');
  await judge.look(page, 'choose-kept');
  await page.goto(link(letters.bob, '/leave/'));
  await page.click('a[href*="/choose/"]');
  await page.check('input[name=stance] >> nth=0');
  await page.click('text=Keep these choices');
  await page.waitForSelector('[role=status]');
  tally.holds('what bob chose is ticked', await page.isChecked('input[name=stance] >> nth=0'));
  await page.context().close();
}

// ask asks the site without a browser.
export function ask(front, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const r = https.request({ host: '127.0.0.1', port: front.port, servername: host, rejectUnauthorized: false, path, method, headers: { Host: host, ...headers } }, (a) => {
      let text = '';
      a.on('data', (d) => { text += d; }).on('end', () => done({ status: a.statusCode, headers: a.headers, text }));
    });
    r.on('error', fail);
    r.end(body);
  });
}

// feed reads what programs read: Atom (RFC 4287), JSON, and validators.
async function feed(page, tally, address, front) {
  const atom = await ask(front, '/editions.atom');
  const faults = await page.evaluate((text) => {
    const doc = new DOMParser().parseFromString(text, 'application/xml'), out = [];
    if (doc.querySelector('parsererror')) return ['not well formed'];
    const root = doc.documentElement;
    if (root.localName !== 'feed' || root.namespaceURI !== 'http://www.w3.org/2005/Atom') out.push(`root ${root.localName}`);
    for (const e of [root, ...root.querySelectorAll('entry')])
      for (const need of ['id', 'title', 'updated']) if (![...e.children].some((c) => c.localName === need && c.textContent.trim())) out.push(`${e.localName} without ${need}`);
    if (!root.querySelector('link[rel=self]')) out.push('no link to itself');
    if (![...root.children].some((c) => c.localName === 'author') && [...root.querySelectorAll('entry')].some((e) => !e.querySelector('author'))) out.push('no author');
    if (root.querySelectorAll('entry').length !== 2) out.push(`${root.querySelectorAll('entry').length} entries`);
    return out;
  }, atom.text);
  if (!/application\/atom\+xml/.test(atom.headers['content-type'])) faults.push(atom.headers['content-type']);
  tally.holds('the Atom feed is valid and has both editions', faults);
  const json = await ask(front, '/editions/1.json');
  tally.holds('the JSON of an edition is whole', JSON.parse(json.text).number === 1 && /application\/json/.test(json.headers['content-type']));
  for (const path of ['/', '/editions', '/editions/1', '/editions/1.json', '/editions.atom', '/method', '/site.css']) {
    const first = await ask(front, path);
    const again = await ask(front, path, { headers: { 'If-None-Match': first.headers.etag ?? '"none"' } });
    tally.holds(`${path} is not sent twice`, again.status === 304 && again.text === '' ? [] : [`${first.headers.etag}: ${again.status}, ${again.text.length} bytes`]);
  }
}
