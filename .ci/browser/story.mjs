// The whole way in a real browser, told in chapters that build on each other.
//   node story.mjs --npm DIR --work DIR --outlets DIR --shots DIR [--self-test | --docs | --quick]
import { parseArgs } from 'node:util';
import { Judge } from './judge.mjs';
import { openFront } from './front.mjs';
import { openMailbox } from './mailbox.mjs';
import { serveOutlets } from './outlets.mjs';
import { Program, freePort, host } from './program.mjs';
import { Tally } from './tally.mjs';
import { archive, empty } from './archive.mjs';
import { approval } from './approval.mjs';
import { join } from './join.mjs';
import { leave } from './leave.mjs';
import { selfTest } from './selftest.mjs';

const { values } = parseArgs({ options: { npm: { type: 'string' }, work: { type: 'string' }, outlets: { type: 'string' }, shots: { type: 'string' }, 'self-test': { type: 'boolean' }, docs: { type: 'boolean' }, quick: { type: 'boolean' } } });

// A browser or a daemon that hangs must not hang the run.
setTimeout(() => { console.log('the story took over 15 minutes'); process.exit(1); }, 15 * 60 * 1000).unref();

const tally = new Tally(), judge = new Judge(values.npm, values.shots, tally, values.quick);
const outlets = await serveOutlets(values.outlets), mailbox = await openMailbox();
const port = await freePort(), front = await openFront(values.work, port);
const program = new Program(values.work, port, mailbox.port, outlets.sources);
const world = { judge, tally, outlets, mailbox, front, program, address: `https://${host}`, script: values.docs ? '' : ' <script>alert(7)</script>' };
let good = false;
try {
  program.configure();
  await judge.open(front);
  await program.start();
  if (values['self-test']) {
    good = await selfTest(world);
  } else {
    await tally.chapter('before the first edition', () => empty(world));
    await tally.chapter('joining', () => join(world));
    await tally.chapter('the archive', () => archive(world));
    await tally.chapter('approval', () => approval(world));
    await tally.chapter('leaving', () => leave(world));
    await tally.chapter('the end', async () => {
      tally.holds('no cookie was set or sent', front.seen.filter((s) => s.cookie || s.sent).map((s) => s.url));
      tally.holds('nothing failed at the server', front.seen.filter((s) => s.status >= 500).map((s) => `${s.status} ${s.method} ${s.url}`));
      tally.holds('the daemon ends in order', await program.stop() === 0);
      tally.holds('its log names no reader', [...new Set(program.log.match(/[\w.+-]+@readers\.test/g) ?? [])]);
      tally.holds('its log has no token', [...new Set(program.log.match(/(?:leave|choose|confirm|draft)\/[\w-]{32}/g) ?? [])]);
      tally.holds('its log has no error', program.log.split('\n').filter((l) => l.includes('"level":"ERROR"')));
    });
    good = tally.end();
    if (!good) console.log(program.log.split('\n').slice(-40).join('\n'));
  }
} catch (e) {
  console.log(e);
} finally {
  await judge.close();
  await program.stop();
  for (const x of [outlets, mailbox, front]) x.close();
}
process.exit(good ? 0 : 1);
