// Looks at a page as it stands in the browser: wide and narrow, light and dark, by
// axe-core and html-validate, and at what it asked of whom on the way.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { host } from './program.mjs';
import { rules } from '../mailcheck/accepted.mjs';

const widths = [1280, 375, 320]; // 320: WCAG 2.2, 1.4.10
const heights = { 1280: 1600, 375: 2000 }; // of a picture, at most

export class Judge {
  // quick leaves the looks out.
  constructor(npm, shots, tally, quick) {
    const require = createRequire(path.join(path.resolve(npm), 'package.json'));
    const { HtmlValidate, StaticConfigLoader } = require('html-validate');
    this.axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    // A page has no style attribute at all: the policy would not let it act.
    this.validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ['html-validate:recommended'], rules: {
      'no-inline-style': 'error',
      'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit'] }], // as boxes of one question have
    } }));
    Object.assign(this, { chromium: require('playwright-core').chromium, shots, tally, quick });
  }

  // open starts Chromium, for which there is one host in the world.
  async open(front) {
    this.browser = await this.chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars',
        `--host-resolver-rules=MAP ${host}:443 127.0.0.1:${front.port}, MAP * ~NOTFOUND`],
    });
  }

  // person is a new browser profile. Scripts are on for axe-core's sake alone.
  async person(options = {}) {
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true, serviceWorkers: 'block', reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.faults = [];
    page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) page.faults.push(`console: ${m.text().slice(0, 300)}`); });
    page.on('pageerror', (e) => page.faults.push(`script: ${e}`));
    page.on('request', (r) => { if (new URL(r.url()).host !== host) page.faults.push(`request to ${r.url().slice(0, 120)}`); });
    page.on('response', async (r) => {
      if (r.request().isNavigationRequest() && r.request().frame() === page.mainFrame()) page.last = r;
    });
    return page;
  }

  // look holds the page that is open to all rules, under a name for its pictures.
  // status is what the page was answered with.
  async look(page, name, status = 200) {
    const answer = page.last, headers = await answer.allHeaders();
    this.tally.holds(`${name}: status ${status}`, answer.status() === status ? [] : [`${answer.status()}`]);
    this.tally.holds(`${name}: headers`, headerFaults(headers));
    if (this.quick) return;
    const { results } = await this.validator.validateString(await answer.text());
    this.tally.holds(`${name}: html-validate`, results.flatMap((r) => r.messages)
      .filter((m) => !(rules[m.ruleId]?.page && rules[m.ruleId].why && m.ruleId !== 'no-inline-style'))
      .map((m) => `${m.ruleId}: ${m.message} (line ${m.line})`));
    const wide = [], grave = [];
    for (const width of widths)
      for (const colorScheme of width === 320 ? ['light'] : ['light', 'dark']) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const seen = await page.evaluate(overflow, width);
        if (seen.over > 0) wide.push(`${width} px ${colorScheme}: ${seen.over} px too wide, by ${seen.by}`);
        if (width === 320) continue;
        await page.screenshot({ path: path.join(this.shots, `${name}-${width}-${colorScheme}.png`), fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(seen.height, heights[width]) } });
        grave.push(...(await this.axeFaults(page)).map((f) => `${width} px ${colorScheme}: ${f}`));
      }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    this.tally.holds(`${name}: no scrolling sideways`, wide);
    this.tally.holds(`${name}: axe-core`, grave);
    // The browser notes each answer of 400 and more, also where it is the right one.
    this.tally.holds(`${name}: no console errors, no other host`, page.faults.filter((f) => status < 400 || !f.includes(`status of ${status}`)));
    page.faults = [];
  }

  async axeFaults(page) {
    await page.evaluate(this.axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], preload: false }));
    return violations.filter((v) => ['serious', 'critical'].includes(v.impact))
      .map((v) => `${v.id} (${v.impact}, ${v.nodes.length} x): ${v.nodes[0].html.slice(0, 120)} ${(v.nodes[0].any[0]?.message ?? '').slice(0, 160)}`);
  }

  // print takes a picture of a page as a printer gets it.
  async print(page, name) {
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: path.join(this.shots, `${name}-print.png`), fullPage: true, clip: { x: 0, y: 0, width: 1280, height: 1600 } });
    await page.emulateMedia({ media: 'screen' });
  }

  close() { return this.browser?.close(); }
}

function headerFaults(h) {
  const out = [], policy = h['content-security-policy'] ?? '';
  if (!policy.includes("default-src 'none'") || /unsafe|\*|https?:|script-src/.test(policy)) out.push(`policy: ${policy || 'none'}`);
  for (const need of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]) if (!policy.includes(need)) out.push(`policy lacks ${need}`);
  if (h['set-cookie']) out.push(`cookie: ${h['set-cookie']}`);
  if (h['x-content-type-options'] !== 'nosniff') out.push('no nosniff');
  if (h['referrer-policy'] !== 'no-referrer') out.push('no referrer policy');
  return out;
}

// overflow runs in the page: how far it is wider than the window, and what of.
function overflow(width) {
  const root = document.documentElement;
  let by = 'nothing that was found', most = width;
  for (const e of document.body.querySelectorAll('*')) {
    const right = e.getBoundingClientRect().right;
    if (right > most + 0.5 && !e.closest('.scroll')) {
      most = right;
      by = e.outerHTML.slice(0, 100);
    }
  }
  return { over: root.scrollWidth - width, height: root.scrollHeight, by };
}

// tabTo presses Tab until an element has the focus, and asks that it shows it.
export async function tabTo(page, selector) {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate((s) => {
      const e = document.activeElement;
      return { there: e.matches(s), outline: getComputedStyle(e).outlineStyle };
    }, selector);
    if (at.there && at.outline === 'none') throw new Error(`${selector} does not show that it has the focus`);
    if (at.there) return;
  }
  throw new Error(`80 presses of Tab do not reach ${selector}`);
}
