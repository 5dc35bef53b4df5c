// Judges HTML: html-validate, caniemail, and Debian's Chromium with axe-core.
//   node pages.mjs NPM_DIR JOBS_JSON
// JOBS_JSON: {jobs: [{name, file, page}], shots: folder or "", browserOnly}
// Prints a JSON object a finding: {judge, letter, ok, figure, details}.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { clients, features, pageStyles, rules } from './accepted.mjs';

const [npm, input] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(npm), 'package.json'));
const { jobs, shots, browserOnly } = JSON.parse(fs.readFileSync(input, 'utf8'));
const say = (judge, letter, details, figure) => console.log(JSON.stringify({ judge, letter, ok: details.length === 0, figure, details }));
const used = new Set(); // what of the lists in accepted.mjs was needed

// A browser that hangs must not hang the run.
setTimeout(() => { throw new Error('the judges of pages took over 15 minutes'); }, 15 * 60 * 1000).unref();

if (!browserOnly) {
  const { HtmlValidate, StaticConfigLoader } = require('html-validate');
  const validator = new HtmlValidate(new StaticConfigLoader({
    root: true, extends: ['html-validate:recommended'], rules: { 'no-inline-style': ['error', { allowedProperties: pageStyles }] },
  }));
  const { caniemail, rawData } = await import(path.join(path.resolve(npm), 'node_modules/caniemail/dist/index.js'));
  fillGaps(rawData);
  for (const { name, file, page } of jobs) {
    const html = fs.readFileSync(file, 'utf8');
    await validate(validator, 'html', name, html, page);
    if (page) continue;
    await validate(validator, 'html-outlook', name, asOutlook(html), page);
    support(caniemail, name, html);
  }
}
await browse();
if (!browserOnly) {
  const stale = [...Object.keys(features), ...Object.keys(rules)].filter((k) => !used.has(k));
  if (stale.length) console.log(JSON.stringify({ note: `accepted.mjs lets pass what no letter has: ${stale.join(', ')}` }));
}

// fillGaps marks as unknown what caniemail has no data for; it would throw. What
// is unknown counts as support in part.
function fillGaps(data) {
  for (const feature of data.data)
    for (const client of clients) {
      const [family, platform] = client.split('.');
      const known = ((feature.stats ??= {})[family] ??= {});
      if (!known[platform] || !Object.keys(known[platform]).length) known[platform] = { 0: 'u' };
    }
}

// asOutlook is what Outlook's Word engine reads: the conditional comments for it
// are opened, those against it are dropped with what they hold.
function asOutlook(html) {
  return html
    .replace(/<!--\[if !mso[^\]]*\]><!-->[\s\S]*?<!--<!\[endif\]-->/g, '')
    .replace(/<!--\[if [^\]]*\]>([\s\S]*?)<!\[endif\]-->/g, '$1');
}

async function validate(validator, judge, name, html, page) {
  const report = await validator.validateString(html);
  let passed = 0;
  const bad = [];
  for (const m of report.results.flatMap((r) => r.messages)) {
    const rule = rules[m.ruleId];
    if (rule && (!page || rule.page) && (!rule.only || rule.only.test(m.message))) {
      used.add(m.ruleId);
      passed++;
      continue;
    }
    bad.push(`${m.ruleId}: ${m.message} (line ${m.line}: ${html.split('\n')[m.line - 1].slice(Math.max(0, m.column - 1), m.column + 79)})`);
  }
  say(judge, name, bad, `${passed} accepted by name`);
}

function support(caniemail, name, html) {
  const { errors, warnings } = caniemail({ clients, html }).issues;
  const lacking = new Map(); // feature → clients, where
  for (const [client, list] of errors)
    for (const issue of list) {
      const f = features[issue.title];
      if (f && f.lack.includes(client)) {
        used.add(issue.title);
        continue;
      }
      const at = lacking.get(issue.title) ?? { clients: new Set(), line: issue.position?.start.line };
      at.clients.add(client);
      lacking.set(issue.title, at);
    }
  const part = new Set([...warnings.values()].flat().map((i) => i.title));
  say('caniemail', name, [...lacking].map(([title, at]) => `${title}: not in ${[...at.clients].join(', ')} (line ${at.line})`), `${part.size} features in part somewhere`);
}

async function browse() {
  const { chromium } = require('playwright-core');
  const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars'],
  });
  try {
    const waiting = [...jobs]; // two at a time: more only wait for each other
    const work = async () => {
      for (let job; (job = waiting.shift()); ) await look(browser, axe, job);
    };
    await Promise.all([work(), work()]);
  } finally {
    await browser.close();
  }
}

// look opens one page at two widths, light and dark, without a network.
async function look(browser, axe, { name, file, page: web }) {
  const html = fs.readFileSync(file, 'utf8');
  const remote = new Set();
  const wide = [], heights = [], grave = [];
  let minor = 0;
  for (const width of web ? [1280, 375] : [600, 375])
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, serviceWorkers: 'block', reducedMotion: 'reduce' });
      const page = await context.newPage();
      await page.route('**/*', (route) => {
        const url = route.request().url();
        if (url === 'http://letter.invalid/') return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
        if (!url.startsWith('data:')) remote.add(url.slice(0, 120));
        return route.abort();
      });
      await page.goto('http://letter.invalid/', { waitUntil: 'load', timeout: 30000 });
      const seen = await page.evaluate(overflow, width);
      if (seen.over > 0) wide.push(`${width} px ${colorScheme}: ${seen.over} px too wide, by ${seen.by}`);
      if (colorScheme === 'light') heights.push(`${width} px: ${seen.height} high`);
      if (shots) await page.screenshot({ path: path.join(shots, `${name.replace('.', '-')}-${width}-${colorScheme}.png`), fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(seen.height, 2000) } });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      for (const v of violations) {
        if (!['serious', 'critical'].includes(v.impact)) minor++;
        else grave.push(`${v.id} (${v.impact}, ${width} px ${colorScheme}, ${v.nodes.length} x): ${v.nodes[0].html.slice(0, 120)} ${(v.nodes[0].any[0]?.message ?? '').slice(0, 160)}`);
      }
      await context.close();
    }
  say('overflow', name, wide, heights.join(', '));
  say('axe', name, grave, `${minor} of lesser weight`);
  say('remote', name, [...remote], 'no requests');
}

// overflow runs in the page: how far it is wider than the window, and what of.
function overflow(width) {
  const root = document.documentElement;
  let by = 'nothing that was found', most = width;
  for (const e of document.body.querySelectorAll('*')) {
    const right = e.getBoundingClientRect().right;
    if (right > most + 0.5) {
      most = right;
      by = e.outerHTML.slice(0, 100);
    }
  }
  return { over: root.scrollWidth - width, height: root.scrollHeight, by };
}
