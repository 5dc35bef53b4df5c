// Leaving: by the link's button, and by one click in a mail program (RFC 8058).
import { ask } from './archive.mjs';
import { link } from './mailbox.mjs';
import { tabTo } from './judge.mjs';
import { stateOf } from './join.mjs';

export async function leave({ judge, tally, mailbox, outlets, program, front, letters }) {
  const page = await judge.person();
  await page.goto(link(letters.ada, '/leave/'));
  await tabTo(page, 'button[value=leave]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=You have left');
  await judge.look(page, 'left');
  await page.goto(link(letters.ada, '/leave/'));
  await judge.look(page, 'left-before');
  tally.holds('ada has left', await stateOf(program, 'ada@readers.test') === 'left');
  await page.context().close();

  const { headers } = letters.bob;
  tally.holds('the letter offers one click', headers['list-unsubscribe-post'] === 'List-Unsubscribe=One-Click');
  const url = new URL(headers['list-unsubscribe'].match(/<(https:[^>]+)>/)[1]);
  for (const time of ['first', 'second']) {
    const answer = await ask(front, url.pathname, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': 26 }, body: 'List-Unsubscribe=One-Click' });
    tally.holds(`one click, the ${time} time: 200, no redirect, no cookie`, answer.status === 200 && !answer.headers['set-cookie'] && !answer.headers.location);
  }
  tally.holds('bob has left', await stateOf(program, 'bob@readers.test') === 'left');

  program.configure('none');
  outlets.publish(1);
  await program.edition();
  await mailbox.wait('the last edition for first', (l) => l.to === 'first@readers.test' && l.headers['list-unsubscribe']);
  tally.holds('who has left gets nothing', mailbox.letters.filter((l) => !l.taken && /ada|bob/.test(l.to)).map((l) => `${l.to}: ${l.subject}`));
}
