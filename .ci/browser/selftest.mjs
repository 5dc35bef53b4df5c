// Breaks one thing at a time, on the way from the daemon to the browser: the judge
// must find each, and nothing when nothing is broken.
import { Tally } from './tally.mjs';

const into = (html) => (body) => body.replace('</main>', `${html}</main>`);
const breaks = {
  'axe-core': into('<input type="text">'),
  'html-validate': into('<p><b>a</p></b>'),
  'no scrolling sideways': into('<table><tr><td><img src="/site.css" alt="" width="2000" height="5"></td></tr></table>'),
  'no console errors, no other host': into('<img src="https://tracker.test/pixel.gif" alt="">'),
  'no console errors, no other host ': into('<script>document.title = "x"</script>'),
  headers: (body, headers) => { headers.push('Set-Cookie', 'id=1'); return body; },
  'headers ': (body, headers) => { headers[headers.findIndex((h) => h === 'Content-Security-Policy') + 1] = "default-src *"; return body; },
  'status 200': (body, headers, answer) => { answer.statusCode = 500; return body; },
};

export async function selfTest({ judge, front, address }) {
  let good = true;
  for (const [want, spoil] of [['', undefined], ...Object.entries(breaks)]) {
    const tally = new Tally(true);
    judge.tally = tally;
    front.spoil = spoil;
    const page = await judge.person();
    await page.goto(`${address}/method`);
    await judge.look(page, 'page');
    await page.context().close();
    const found = tally.broken.map((b) => b.replace('page: ', ''));
    const right = want ? found.includes(want.trim()) : found.length === 0;
    console.log(`${right ? 'ok  ' : 'NOT '} ${want.trim() || 'nothing broken'}: found ${found.join('; ') || 'nothing'}`);
    if (!right) console.log(tally.faults);
    good &&= right;
  }
  return good;
}
